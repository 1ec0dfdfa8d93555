//! Is the plan for another year than most of its deadlines?

use std::collections::BTreeMap;

use jiff::civil::Date;
use opora_neutral::Level;
use opora_schedule::Period;

use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::span::{Span, span_of, year_was_inferred};
use crate::view::{Row, View};
use crate::wording::{count, period};

/// A majority among fewer dated activities proves nothing.
const LEAST_DATED: usize = 3;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D106",
    name: "plan-year-mismatch",
    title: "Год плана не совпадает с годом мероприятий",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("plan_year_mismatch.md"),
    silences: &["D102", "D103", "D105"],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (index, plan) in view.order.plans.iter().enumerate() {
        let Some(of_plan) = plan.period else { continue };
        let dated: Vec<Vec<Span>> =
            view.rows_of(index).iter().map(written_spans).filter(|spans| !spans.is_empty()).collect();
        let outside: Vec<&Vec<Span>> =
            dated.iter().filter(|spans| !spans.iter().any(|span| span.meets(of_plan))).collect();
        if dated.len() < LEAST_DATED || outside.len() * 2 <= dated.len() {
            continue;
        }
        let what = format!(
            "План составлен на период «{}», а сроки {} из {} относятся к другому времени, чаще всего к {} году.",
            period(of_plan),
            outside.len(),
            count(dated.len(), "мероприятия с датой", "мероприятий с датой", "мероприятий с датой"),
            usual_year(&outside)
        );
        let why = "Либо название осталось от прошлого плана, либо в таблице стоят прошлогодние сроки.";
        let mend = mend(of_plan);
        drafts.push(Draft::new(Subject::Plan(index), what, why, mend));
    }
    drafts
}

fn mend(of_plan: Period) -> String {
    format!("Сверьте название плана («{}») с таблицей и исправьте то, что устарело.", period(of_plan))
}

/// Spans whose year stands in the text: a supplied one would follow the plan by itself.
fn written_spans(row: &Row<'_>) -> Vec<Span> {
    let parts = row.activity.schedule.parts.iter();
    parts.filter(|part| !year_was_inferred(part)).filter_map(span_of).collect()
}

fn usual_year(outside: &[&Vec<Span>]) -> i16 {
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    for span in outside.iter().flat_map(|spans| spans.iter()) {
        *years.entry(Date::year(span.start)).or_default() += 1;
    }
    years.into_iter().max_by_key(|(_, times)| *times).map_or(0, |(year, _)| year)
}
