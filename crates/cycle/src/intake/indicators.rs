//! Which indicators does a table hold, in which unit, and with which values?

use opora_neutral::{Cell, Row, Table};

use super::columns;
use super::lists::item;
use super::numbering::row_number;
use crate::text::{begins_with, fold, one_line, words};
use crate::vocabulary::{IndicatorGroup, Item, Measure, MeasuredValue};

/// What the columns of the table hold.
struct Columns {
    indicator: u32,
    number: Option<u32>,
    unit: Option<u32>,
    /// Columns of values, each with its head.
    values: Vec<(u32, String)>,
    /// Number of the first row below the head.
    body_start: usize,
}

/// Reads the groups of a table of indicators, and whether every text of it found its place.
pub(super) fn read(table: &Table) -> (Vec<IndicatorGroup>, bool) {
    let Some(columns) = Columns::of(table) else { return (Vec::new(), false) };
    let mut groups: Vec<IndicatorGroup> = Vec::new();
    let mut whole = true;
    let body = table.rows.iter().enumerate().skip(columns.body_start);
    for (at, row) in body.filter(|(_, row)| !row.is_blank()) {
        if is_column_count(row) {
            continue;
        }
        if let Some(name) = group_name(row, table.width, &columns) {
            groups.push(IndicatorGroup { group: name, place: row.place.clone(), ..Default::default() });
            continue;
        }
        if groups.is_empty() {
            groups.push(IndicatorGroup { place: table.place.clone(), ..Default::default() });
        }
        whole &= groups.last_mut().is_some_and(|group| read_row(table, at, &columns, group));
    }
    (groups, whole)
}

/// Reads a row into its group; `false` where a text of it found no place.
fn read_row(table: &Table, at: usize, columns: &Columns, group: &mut IndicatorGroup) -> bool {
    let Some(row) = table.rows.get(at) else { return true };
    match row.cell(columns.indicator).and_then(|cell| item(&cell.text)) {
        Some(text) => group.indicators.push(Item { text, place: row.place.clone() }),
        // Values without a name of their own belong to the indicator above.
        None if group.indicators.is_empty() => return false,
        None => {}
    }
    let text =
        |column: u32| row.cell(column).map(|cell| one_line(&cell.text)).filter(|text| !text.is_empty());
    // A unit that spans rows counts for each of them.
    let unit = columns.unit.map(|column| one_line(table.text_at(at, column))).filter(|unit| !unit.is_empty());
    let values: Vec<MeasuredValue> = columns
        .values
        .iter()
        .filter_map(|(column, label)| Some(MeasuredValue { label: label.clone(), text: text(*column)? }))
        .collect();
    let indicator = group.indicators.len() - 1;
    match group.measures.last_mut().filter(|last| last.indicator == indicator) {
        Some(last) => last.values.extend(values),
        None if unit.is_some() || !values.is_empty() => {
            group.measures.push(Measure { indicator, unit, values });
        }
        None => {}
    }
    true
}

impl Columns {
    fn of(table: &Table) -> Option<Self> {
        let head = table.rows.iter().position(|row| !row.is_blank())?;
        let body_start = head + columns::head_height(table, head);
        let heads: Vec<(u32, String)> = (0..table.width)
            .map(|column| (column, columns::head_text(table, head, body_start, column as usize)))
            .collect();
        let says = |head: &str, stems: &[&str]| {
            let folded = fold(head);
            words(&folded).any(|word| stems.iter().any(|stem| begins_with(word, stem)))
        };
        let is_value = |head: &str| says(head, &["значен", "базов", "целев", "планов", "факт", "достигнут"]);
        let named = heads
            .iter()
            .find(|(_, head)| says(head, &["показател", "индикатор"]) && !is_value(head))
            .map(|(column, _)| *column);
        let length = |column: u32| {
            (body_start..table.rows.len())
                .map(|row| table.text_at(row, column).chars().count())
                .sum::<usize>()
        };
        let indicator = named.or_else(|| (0..table.width).max_by_key(|&column| length(column)))?;
        let is_unit = |head: &str| {
            let folded = fold(head);
            says(head, &["единиц", "измерен"]) || words(&folded).next() == Some("ед")
        };
        let unit = heads.iter().find(|(column, head)| *column != indicator && is_unit(head)).map(|(c, _)| *c);
        let is_number = |column: u32, head: &str| {
            let headed = head.contains('№') || (head.is_empty() && column == 0);
            headed && column != indicator && all_numbers(table, body_start, column)
        };
        let number = heads.iter().find(|(column, head)| is_number(*column, head)).map(|(column, _)| *column);
        let is_value = |column: u32| column != indicator && Some(column) != unit && Some(column) != number;
        let values = heads.into_iter().filter(|(column, _)| is_value(*column)).collect();
        Some(Self { indicator, number, unit, values, body_start })
    }
}

/// The cells of a column are row numbers, those of merged rows aside.
fn all_numbers(table: &Table, from: usize, column: u32) -> bool {
    let own = table.rows.iter().skip(from).filter_map(|row| row.cell(column));
    own.filter(|cell| cell.column_span == 1).all(|cell| {
        let text = cell.text.trim();
        text.is_empty() || row_number(text).is_some()
    })
}

/// A row with one text and more columns than two names a group; with a number of its own only where it is merged.
fn group_name(row: &Row, width: u32, columns: &Columns) -> Option<String> {
    let filled: Vec<_> = row.cells.iter().filter(|cell| !cell.text.trim().is_empty()).collect();
    let is_number = |cell: &Cell| Some(cell.column) == columns.number && row_number(&cell.text).is_some();
    let name = match filled[..] {
        [only] => only,
        [number, name] if is_number(number) && name.column_span > 1 => name,
        _ => return None,
    };
    (width > 2).then(|| item(&name.text).unwrap_or_default())
}

/// «1 | 2 | 3»: the row that numbers the columns.
fn is_column_count(row: &Row) -> bool {
    row.cells.len() >= 2
        && row.cells.iter().zip(1_usize..).all(|(cell, at)| cell.text.trim().parse() == Ok(at))
}
