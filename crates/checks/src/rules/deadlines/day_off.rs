//! Is a deadline on a day nobody works?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;
use opora_schedule::calendar::is_working_day;
use opora_schedule::{Kind, Part, When};

use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::{day, name};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D112",
    name: "day-off",
    title: "Срок приходится на выходной или праздник",
    level: Level::Note,
    family: Family::Deadlines,
    manual: include_str!("day_off.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        let schedule = &row.activity.schedule;
        let off = schedule.parts.iter().filter_map(|part| written_day(part, &schedule.text));
        if let Some(date) = off.into_iter().find(|date| !is_working_day(*date)) {
            let what = format!(
                "Срок мероприятия {} — {} — приходится на выходной или праздничный день.",
                name(row.activity),
                day(date)
            );
            let why = "Сдать отчёт или провести встречу в такой день будет некому.";
            let mend = "Перенесите срок на ближайший рабочий день.";
            drafts.push(Draft::new(row.field(Column::Schedule), what, why, mend));
        }
    }
    drafts
}

/// The day of a part, where the text names the day itself and not the end of a month or a year.
fn written_day(part: &Part, text: &str) -> Option<jiff::civil::Date> {
    let (Kind::Day(When::Date(date)) | Kind::Deadline { end: When::Date(date), annual: false }) = part.kind
    else {
        return None;
    };
    let mut numbers =
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse::<i8>().ok());
    numbers.any(|number| number == date.day()).then_some(date)
}
