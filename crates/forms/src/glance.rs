//! What stands at the top of a table that nobody knows, and how would it be read with a description?
//!
//! For the specialist who describes the columns: the heads, some values, and a trial over the first lines. Nothing
//! here loads anything.

use std::collections::BTreeSet;
use std::io::Read;

use opora_cells::Dictionary;
use opora_neutral::{Block, Document};

use crate::csv_file::each_record;
use crate::document::{each_line, read_all};
use crate::field::Field;
use crate::findings::Findings;
use crate::intake::Intake;
use crate::lexicon::Lexicon;
use crate::line::Fields;
use crate::words::plain;
use crate::{Context, Reading};

/// Rows of values shown under the heads.
pub const SAMPLES: usize = 5;
/// Lines a glance goes over, and a trial of a long file.
pub const LINES: u32 = 2_000;
/// The heads stand within so many lines.
const HEAD_LINES: usize = 60;
/// Different values remembered of a column.
const VALUES: usize = 40;
/// Columns that are looked at.
const COLUMNS: usize = 200;
/// Letters of a value that are kept.
const LETTERS: usize = 80;

/// The top of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glance {
    /// Sheet of the workbook.
    pub sheet: Option<String>,
    /// Row or line of the heads, counted from one; zero where the heads are no row, as in a columnar file.
    pub row: u32,
    /// Heads, empty where a column has none.
    pub heads: Vec<String>,
    /// First rows below, as wide as the heads.
    pub samples: Vec<Vec<String>>,
    /// Different values of each column over the lines looked at, at most forty, in their order.
    pub values: Vec<Vec<String>>,
}

impl Glance {
    /// A glance over lines with their numbers; nothing where no line could be the heads.
    pub fn of_lines(sheet: Option<&str>, lines: &[(u32, Vec<String>)]) -> Option<Self> {
        let at = heads_at(lines)?;
        let (row, heads) = lines.get(at)?;
        let glance =
            Self { sheet: sheet.map(str::to_owned), row: *row, heads: heads.clone(), ..Self::default() };
        Some(glance.over(lines.get(at + 1..).unwrap_or_default().iter().map(|(_, line)| line.as_slice())))
    }

    /// A glance over the rows of a table whose heads are known.
    pub fn of_columns(heads: Vec<String>, rows: &[Vec<String>]) -> Self {
        Self { heads, ..Self::default() }.over(rows.iter().map(Vec::as_slice))
    }

    fn over<'a>(mut self, rows: impl Iterator<Item = &'a [String]>) -> Self {
        let width = self.heads.len();
        let mut seen: Vec<BTreeSet<String>> = vec![BTreeSet::new(); width];
        self.values = vec![Vec::new(); width];
        for row in rows.filter(|row| row.iter().any(|cell| !cell.is_empty())) {
            let cell = |at: usize| row.get(at).cloned().unwrap_or_default();
            for ((values, seen), at) in self.values.iter_mut().zip(&mut seen).zip(0..) {
                let value = cell(at);
                if !value.is_empty() && values.len() < VALUES && seen.insert(value.clone()) {
                    values.push(value);
                }
            }
            if self.samples.len() < SAMPLES {
                self.samples.push((0..width).map(cell).collect());
            }
        }
        self
    }
}

/// The first line that is nearly as full as the fullest and mostly words.
fn heads_at(lines: &[(u32, Vec<String>)]) -> Option<usize> {
    let filled = |line: &[String]| line.iter().filter(|cell| !cell.is_empty()).count();
    let words = |line: &[String]| line.iter().filter(|cell| cell.chars().any(char::is_alphabetic)).count();
    let top = lines.iter().take(HEAD_LINES);
    let fullest = top.clone().map(|(_, line)| filled(line)).max().filter(|most| *most >= 2)?;
    top.clone().position(|(_, line)| {
        let all = filled(line);
        all >= 2 && all * 5 >= fullest * 3 && words(line) * 10 >= all * 7
    })
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LETTERS).collect()
}

fn line_of<L: Fields + ?Sized>(line: &L) -> Vec<String> {
    (0..line.width().min(COLUMNS)).map(|at| short(line.text(at))).collect()
}

/// The largest table of a document, or the table of the named sheet.
pub fn glance(document: &Document) -> Option<Glance> {
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Paragraph(_) => None,
    });
    let largest = tables.max_by_key(|table| table.rows.len())?;
    let mut lines = Vec::new();
    each_line(largest, |row, line| {
        if lines.len() < LINES as usize {
            lines.push((row, line_of(line)));
        }
    });
    Glance::of_lines(largest.place.sheet.as_deref(), &lines)
}

/// The top of a text table.
pub fn glance_csv(input: impl Read) -> Option<Glance> {
    let mut lines = Vec::new();
    each_record(input, &mut Findings::default(), |row, record| {
        lines.push((row, line_of(record)));
        row < LINES
    });
    Glance::of_lines(None, &lines)
}

/// Reads a document on trial: facts stay beside the errors.
pub fn try_document(document: &Document, context: &Context<'_>) -> Reading {
    let (facts, summary) = read_all(document, context);
    Reading { facts, summary }
}

/// Reads the first lines of a text table on trial: facts stay beside the errors.
pub fn try_csv(input: impl Read, file_name: &str, context: &Context<'_>) -> Reading {
    let mut intake = Intake::new(context, file_name, true);
    let mut findings = Findings::default();
    each_record(input, &mut findings, |row, record| {
        intake.line(row, record);
        row < LINES
    });
    findings.finish().into_iter().for_each(|finding| intake.findings.take_in(finding));
    let (facts, summary) = intake.finish();
    Reading { facts, summary }
}

/// Those of the values that stand in a column of kinds, subjects or levels and mean nothing to the dictionary.
pub fn unknown_words(field: &Field, values: &[String], dictionary: &Dictionary) -> Vec<String> {
    let lexicon = Lexicon::new(dictionary);
    let known = |value: &str| {
        let value = plain(value);
        match field {
            Field::Kind => lexicon.kind_in(&value).is_some(),
            Field::Subject => lexicon.subject_in(&value).is_some(),
            Field::Level => lexicon.level_in(&value).is_some(),
            _ => true,
        }
    };
    values.iter().filter(|value| !known(value)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(u32, &[&str])>) {
        let found = glance_csv(text.as_bytes());
        let heads = found.as_ref().map(|glance| (glance.row, glance.heads.clone()));
        let expected =
            expected.map(|(row, heads)| (row, heads.iter().map(|head| (*head).to_owned()).collect()));
        assert_eq!(heads, expected, "{text}");
    }

    #[test]
    fn heads_stand_below_titles_and_above_numbers() {
        check("Уч;Дисц;Очки\n17;РУ;12\n", Some((1, &["Уч", "Дисц", "Очки"])));
        check("Сводка района;;\n;;\nУч;Дисц;Очки\n17;РУ;12\n", Some((3, &["Уч", "Дисц", "Очки"])));
        check("1;2;3\n4;5;6\n", None);
        check("одно слово\nещё\n", None);
        check("", None);
    }

    #[test]
    fn values_of_a_column_are_told_once_and_rows_as_they_stand() {
        let glance = glance_csv("Уч;Дисц\n17;РУ\n18;РУ\n\n19;МАП\n".as_bytes()).expect("a table");
        assert_eq!(glance.values, [vec!["17", "18", "19"], vec!["РУ", "МАП"]]);
        assert_eq!(glance.samples, [["17", "РУ"], ["18", "РУ"], ["19", "МАП"]]);
    }

    #[test]
    fn words_nobody_knows_are_found() {
        let text = include_str!("../../../packs/dictionary/dictionary.toml");
        let dictionary = Dictionary::read(text).expect("a dictionary");
        let values = ["русский", "МАП-1", "история"].map(str::to_owned);
        assert_eq!(unknown_words(&Field::Subject, &values, &dictionary), ["МАП-1"]);
        assert!(unknown_words(&Field::Score, &values, &dictionary).is_empty());
    }
}
