//! Is a value that was once observed written as if it were a threshold?

use opora_cycle::text;
use opora_neutral::Level;

use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::quote;
use crate::words::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "I101",
    name: "observed-as-threshold",
    title: "Вместо порога записано наблюдение",
    level: Level::Warning,
    family: Family::Indicators,
    manual: include_str!("observed_as_threshold.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (index, criterion) in view.order.criteria.iter().enumerate() {
        for (item, indicator) in criterion.indicators.iter().enumerate() {
            if !is_observation(&indicator.text) {
                continue;
            }
            let what = format!(
                "Показатель {} описывает, как было, а не границу, по которой отбирают школы.",
                quote(&indicator.text)
            );
            let why = "По нему нельзя решить, относится школа к группе или нет: сравнивать не с чем.";
            let mend = "Запишите порог: «ниже среднего по краю», «менее 3,4», «не более 10 баллов».";
            drafts.push(Draft::new(Subject::Criterion(index, item), what, why, mend));
        }
    }
    drafts
}

/// Nothing in the text makes a comparison, and it either tells of the past or gives a number of the past.
fn is_observation(raw: &str) -> bool {
    let folded = text::fold(raw);
    let all: Vec<&str> = text::words(&folded).collect();
    let lists = words();
    // The number of the indicator is not its value.
    let is_number = |word: &&&str| word.starts_with(|c: char| c.is_ascii_digit());
    let told = all.get(usize::from(all.first().as_ref().is_some_and(is_number))..).unwrap_or_default();
    if lists.comparisons.find(told).is_some() {
        return false;
    }
    let has_value = told.iter().any(|word| is_value(word));
    lists.observed_values.find(told).is_some() || (has_value && lists.past_marks.find(told).is_some())
}

/// A number that is neither a year nor a class.
fn is_value(word: &str) -> bool {
    word.len() != 4 && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/'))
}
