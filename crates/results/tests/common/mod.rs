//! What do the tests of this room share?

#![allow(
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "the helpers of a test may fail as the test may; each test uses some"
)]

pub mod stored;

use std::collections::BTreeMap;

use opora_cells::{Cell, KindCode, LevelCode, OrganisationId, Outcome, Procedure, Row, SubjectCode};
use opora_results::{RowWriter, RowsFile};
use proptest::prelude::*;

/// A row of a few organisations, procedures and years: cells meet more than one row.
pub fn some_row() -> impl Strategy<Value = Row> {
    let what = (1_u32..9, 1_u8..3, 1_u8..4, 4_u8..6, 2021_u16..2025);
    let got = (0_u8..7, prop::option::of(2_u8..=5), prop::option::of(0_u16..40), 1_u32..1000, 0_u8..4);
    (what, got).prop_map(
        |((organisation, kind, subject, grade, year), (outcome, journal, score, file_row, class))| Row {
            organisation: OrganisationId(organisation),
            procedure: Procedure {
                kind: KindCode(kind),
                subject: SubjectCode(subject),
                grade,
                level: LevelCode(0),
            },
            year,
            class,
            outcome: Outcome::from_code(outcome).unwrap_or_default(),
            journal,
            score,
            file_row,
        },
    )
}

pub fn file_of(rows: &[Row], group_rows: usize) -> RowsFile {
    let mut writer = RowWriter::with_group_rows(Vec::new(), group_rows).expect("a writer");
    writer.write(rows).expect("written");
    RowsFile::Bytes(writer.finish().expect("finished").0.into())
}

/// Counts one row after the other, the plain way.
pub fn naive(rows: &[Row], autumn: &[(KindCode, u16)]) -> Vec<Cell> {
    let mut cells: BTreeMap<(OrganisationId, Procedure, u16), Cell> = BTreeMap::new();
    for row in rows {
        let cell = cells.entry((row.organisation, row.procedure, row.year)).or_insert_with(|| Cell {
            rows: (u32::MAX, 0),
            ..Cell::empty(row.organisation, row.procedure, row.year)
        });
        cell.autumn = autumn.contains(&(row.procedure.kind, row.year));
        cell.participants += 1;
        match row.outcome {
            Outcome::None => cell.unmarked += 1,
            Outcome::BelowMinimum => cell.below_minimum += 1,
            Outcome::AtMinimum => cell.at_minimum += 1,
            Outcome::Two => cell.marks[0] += 1,
            Outcome::Three => cell.marks[1] += 1,
            Outcome::Four => cell.marks[2] += 1,
            Outcome::Five => cell.marks[3] += 1,
        }
        if let Some(score) = row.score {
            cell.scored += 1;
            cell.score_sum += u32::from(score);
        }
        let mark = row.outcome.code();
        if let (2..=5, Some(journal)) = (mark, row.journal) {
            cell.against_journal[match mark.cmp(&journal) {
                std::cmp::Ordering::Less => 0,
                std::cmp::Ordering::Equal => 1,
                std::cmp::Ordering::Greater => 2,
            }] += 1;
        }
        cell.rows = (cell.rows.0.min(row.file_row), cell.rows.1.max(row.file_row));
    }
    cells.into_values().collect()
}
