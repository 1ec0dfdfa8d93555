//! Is the same action asked for with different frequencies in two rows?

use std::collections::BTreeSet;

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::frequency::{Frequency, same_scope};
use crate::lexicon::{Text, common};
use crate::rule::{Draft, Family, Rule, Run};
use crate::similar::Alike;
use crate::view::{Row, View};
use crate::wording::{name, quote};
use crate::words::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D114",
    name: "conflicting-frequencies",
    title: "Одно и то же действие с разной частотой",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("conflicting_frequencies.md"),
    silences: &[],
    run: Run::Order(find),
};

/// From which likeness on two titles are taken for the same action.
const SAME_ACTION: f64 = 0.75;

/// In how many first words of a title the visit, and then the school, must be named.
const HEAD: usize = 4;

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for plan in 0..view.order.plans.len() {
        let rows: Vec<&Row<'_>> = view.rows_of(plan).iter().filter(|row| recurs(row)).collect();
        let mut reported: BTreeSet<usize> = BTreeSet::new();
        for (earlier, later) in pairs(view, &rows) {
            let (Some(a), Some(b)) = (rows.get(earlier), rows.get(later)) else { continue };
            if !reported.contains(&later) && share_parties(a, b) && conflict(a, b) {
                reported.insert(later);
                drafts.push(draft(a, b));
            }
        }
    }
    drafts
}

fn draft(earlier: &Row<'_>, later: &Row<'_>) -> Draft {
    let what = format!(
        "Для одного и того же действия указана разная частота: {} — {}, а {} — {}.",
        name(later.activity),
        quote(&later.activity.schedule.text),
        name(earlier.activity),
        quote(&earlier.activity.schedule.text)
    );
    let why = "Выполнить оба требования нельзя, и каждый выберет удобное.";
    let mend = "Оставьте одну частоту или напишите, чем действия отличаются.";
    Draft::new(later.field(Column::Schedule), what, why, mend)
}

fn recurs(row: &Row<'_>) -> bool {
    row.activity.schedule.parts.iter().any(|part| Frequency::of(part).is_some())
}

/// Pairs of rows, earlier first, that speak of the same action: visits to schools in any words, or titles alike.
fn pairs(view: &View<'_>, rows: &[&Row<'_>]) -> BTreeSet<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    let visits: Vec<usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| visits_schools(view, row))
        .map(|(index, _)| index)
        .collect();
    // Comparing neighbours and the first is enough: of rows that disagree, one disagrees with a neighbour.
    pairs.extend(visits.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))));
    if let Some((first, others)) = visits.split_first() {
        pairs.extend(others.iter().map(|other| (*first, *other)));
    }
    let alike = Alike::new(rows.iter().map(|row| &row.title).collect(), SAME_ACTION);
    for later in 0..rows.len() {
        pairs.extend(
            alike.to(later).into_iter().filter(|earlier| *earlier < later).map(|earlier| (earlier, later)),
        );
    }
    pairs
}

fn visits_schools(view: &View<'_>, row: &Row<'_>) -> bool {
    let lists = words();
    let mut spelled = view.lexicon.spell(&row.title);
    let visit = spelled.by_ref().take(HEAD).any(|word| lists.visit_actions.begins(word));
    visit && spelled.take(HEAD).any(|word| lists.school_words.begins(word))
}

/// The same people act, or one of the rows does not say who does.
fn share_parties(a: &Row<'_>, b: &Row<'_>) -> bool {
    let silent = |text: &Text| text.stems.is_empty();
    silent(&a.responsible) || silent(&b.responsible) || common(&a.responsible.stems, &b.responsible.stems) > 0
}

fn conflict(a: &Row<'_>, b: &Row<'_>) -> bool {
    a.activity.schedule.parts.iter().any(|x| {
        b.activity.schedule.parts.iter().any(|y| match (Frequency::of(x), Frequency::of(y)) {
            (Some(f), Some(g)) => same_scope(x, y) && f.contradicts(g),
            _ => false,
        })
    })
}
