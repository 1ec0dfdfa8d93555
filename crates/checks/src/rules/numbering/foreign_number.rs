//! Does a number belong to another section?

use std::collections::HashMap;

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use super::number_of;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::{Row, View};
use crate::wording::{name, section_name};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "N103",
    name: "foreign-number",
    title: "Номер не от этого раздела",
    level: Level::Warning,
    family: Family::Numbering,
    manual: include_str!("foreign_number.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for rows in view.sections() {
        let Some(usual) = usual_head(rows) else { continue };
        for row in rows {
            let Some((head, _)) = head_of(row).filter(|(head, _)| *head != usual) else { continue };
            let section = view.section(row).map(section_name).unwrap_or_default();
            let what = format!(
                "Номер мероприятия {} начинается с {head}, а его {section} нумеруется с {usual}.",
                name(row.activity)
            );
            let why = "Либо мероприятие попало не в свой раздел, либо номер набран с ошибкой.";
            let mend = "Исправьте номер или перенесите мероприятие.";
            drafts.push(Draft::new(row.field(Column::Number), what, why, mend));
        }
    }
    drafts
}

/// The first number of most activities of a section. The number of the section row is not asked: the sections of
/// some plans are numbered otherwise than their activities throughout.
fn usual_head(rows: &[Row<'_>]) -> Option<u32> {
    let mut heads: HashMap<u32, usize> = HashMap::new();
    for (head, _) in rows.iter().filter_map(head_of) {
        *heads.entry(head).or_default() += 1;
    }
    let all: usize = heads.values().sum();
    heads.into_iter().find(|(_, times)| times * 2 > all).map(|(head, _)| head)
}

/// First number and the rest, for a number of two or more.
fn head_of(row: &Row<'_>) -> Option<(u32, Vec<u32>)> {
    let number = number_of(row)?;
    let (head, rest) = number.split_first()?;
    (!rest.is_empty()).then(|| (*head, rest.to_vec()))
}
