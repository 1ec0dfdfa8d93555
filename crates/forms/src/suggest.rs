//! Which mapping would describe a table, judging by its heads and some of its rows?

use std::collections::BTreeMap;

use opora_cells::Dictionary;

use crate::field::Field;
use crate::heads::Heads;
use crate::layout::Names;
use crate::lexicon::Lexicon;
use crate::mapping::{Constants, Mapping};
use crate::title::{grade_of_class, year_of_cell};
use crate::words::{login, plain};

/// A mapping to begin with, and what is left for a person to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The mapping.
    pub mapping: Mapping,
    /// Columns nothing is known about.
    pub unknown: Vec<String>,
    /// Columns that were told by their values, not by their heads: worth a look.
    pub by_values: Vec<String>,
}

/// Suggests a mapping from the heads of a table and some of its rows.
pub fn suggest_mapping(
    heads: &[String],
    samples: &[Vec<String>],
    words: &Heads,
    dictionary: &Dictionary,
) -> Suggestion {
    let names = Names::new(words, dictionary, &opora_cells::Scales::default(), None);
    let lexicon = Lexicon::new(dictionary);
    let mut columns: BTreeMap<String, Field> = BTreeMap::new();
    let (mut unknown, mut by_values) = (Vec::new(), Vec::new());
    for (at, head) in heads.iter().enumerate().filter(|(_, head)| !head.trim().is_empty()) {
        let values: Vec<&str> = samples
            .iter()
            .filter_map(|row| row.get(at))
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
            .collect();
        let all = |is: &dyn Fn(&str) -> bool| !values.is_empty() && values.iter().all(|value| is(value));
        let by_head = names.field(head).map(|field| match field {
            // «Класс» may hold grades, «Школа» may hold logins: the values tell.
            Field::Class if all(&|value| value.parse::<u8>().is_ok()) => Field::Grade,
            Field::School | Field::Code
                if all(&|value| login(value).is_some_and(|l| l.len() == value.len())) =>
            {
                Field::Login
            }
            field => field,
        });
        let field = by_head.clone().or_else(|| by_value(&all, &lexicon));
        match field {
            Some(field) => {
                let many = matches!(field, Field::Personal | Field::Ignore | Field::Task(_) | Field::Part(_));
                if !many && columns.values().any(|other| *other == field) {
                    unknown.push(head.clone());
                    continue;
                }
                if by_head.is_none() {
                    by_values.push(head.clone());
                }
                columns.insert(head.clone(), field);
            }
            None => unknown.push(head.clone()),
        }
    }
    Suggestion { mapping: Mapping::new(columns, Constants::default()), unknown, by_values }
}

/// Whether all values of a column answer a question with yes.
type All<'a> = dyn Fn(&dyn Fn(&str) -> bool) -> bool + 'a;

/// What all values of a column look like.
fn by_value(all: &All<'_>, lexicon: &Lexicon) -> Option<Field> {
    let number = |value: &str| value.parse::<u64>().ok();
    if all(&|value| login(value).is_some()) {
        Some(Field::Login)
    } else if all(&|value| year_of_cell(value, true).is_some()) {
        let dated = all(&|value| value.matches(['.', '-']).count() == 2);
        Some(if dated { Field::Date } else { Field::Year })
    } else if all(&|value| value.len() == 10 && number(value).is_some()) {
        Some(Field::Inn)
    } else if all(&|value| lexicon.kind_in(&plain(value)).is_some()) {
        Some(Field::Kind)
    } else if all(&|value| lexicon.subject_in(&plain(value)).is_some()) {
        Some(Field::Subject)
    } else if all(&|value| {
        number(value).is_none() && grade_of_class(value).0.is_some() && value.chars().count() <= 6
    }) {
        Some(Field::Class)
    } else if all(&|value| number(value).is_some_and(|mark| (2..=5).contains(&mark))) {
        Some(Field::Mark)
    } else {
        None
    }
}
