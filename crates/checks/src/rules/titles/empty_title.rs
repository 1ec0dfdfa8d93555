//! Does a title not say what is to be done?

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::quote;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "T102",
    name: "empty-title",
    title: "Название мероприятия пустое или слишком короткое",
    level: Level::Warning,
    family: Family::Titles,
    manual: include_str!("empty_title.md"),
    silences: &[],
    run: Run::Order(find),
};

/// A single word shorter than this says what, but not what about: «ВПР», «Семинар».
const SHORTEST_WORD: usize = 10;

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for row in &view.rows {
        if row.title.words.len() > 1 && !row.title.stems.is_empty() {
            continue;
        }
        let title = row.activity.title.as_str();
        let letters = title.chars().filter(|c| c.is_alphabetic()).count();
        let what = match letters {
            0 => match row.activity.number.as_deref() {
                Some(number) => format!("У мероприятия {number} нет названия."),
                None => "У мероприятия нет ни номера, ни названия.".to_owned(),
            },
            _ if letters < SHORTEST_WORD => {
                format!("Название мероприятия слишком короткое: {}.", quote(title))
            }
            _ => continue,
        };
        let why = "Из названия не видно, что именно нужно сделать.";
        let mend = "Напишите действие и предмет: «Проведение семинара по подготовке к экзаменам».";
        drafts.push(Draft::new(row.field(Column::Title), what, why, mend));
    }
    drafts
}
