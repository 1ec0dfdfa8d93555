//! Which lines stand in a document, and what do they say?

use opora_neutral::{Block, Document, Finding, Level, Place, Table};

use crate::codes;
use crate::findings::{Findings, text};
use crate::intake::Intake;
use crate::spread::score_counts;
use crate::{Batch, Context, Reading, Summary};

/// Reads a workbook, or the tables of a text document. With an error anywhere there are no facts, only findings.
pub fn read(document: &Document, context: &Context<'_>) -> Reading {
    let (mut facts, summary) = read_all(document, context);
    if summary.is_refused() {
        return Reading { facts: Batch::default(), summary };
    }
    facts.scores.extend(score_counts(&facts.rows, context.source));
    Reading { facts, summary }
}

/// Everything that could be read, errors or not.
pub(crate) fn read_all(document: &Document, context: &Context<'_>) -> (Batch, Summary) {
    let mut intake = Intake::new(context, &document.source.name, false);
    document.findings.iter().cloned().map(of_results).for_each(|finding| intake.findings.take_in(finding));
    incomplete(document, &mut intake.findings);
    intake.tally.broken = is_broken(document);
    let mut sheet: Option<&str> = None;
    let mut below = false;
    intake.begin(None, None);
    for block in &document.blocks {
        let place = match block {
            Block::Paragraph(paragraph) => &paragraph.place,
            Block::Table(table) => &table.place,
        };
        if place.sheet.as_deref() != sheet {
            sheet = place.sheet.as_deref();
            intake.begin(sheet, None);
            below = false;
        }
        match block {
            // A sheet is one table: what follows it are notes and signatures.
            Block::Paragraph(paragraph) if !(below && sheet.is_some()) => {
                intake.title(&paragraph.text, place.row.or(place.line).unwrap_or(1));
            }
            Block::Paragraph(_) => {}
            Block::Table(table) => {
                read_table(table, sheet, &mut intake);
                below = true;
            }
        }
    }
    intake.finish()
}

fn read_table(table: &Table, sheet: Option<&str>, intake: &mut Intake<'_>) {
    if sheet.is_none() {
        intake.end_table();
        intake.place.table = table.place.table;
    }
    let tables = intake.tally.tables;
    each_line(table, |row, line| intake.line(row, line));
    intake.end_table();
    if intake.tally.tables == tables {
        intake.skipped.push(table.place.clone());
    }
}

/// Hands over the rows of a table as lines by source column; a cell that spans rows stands in each of them.
pub(crate) fn each_line(table: &Table, mut take: impl FnMut(u32, &[&str])) {
    let mut spans: Vec<(usize, u32, &str)> = Vec::new();
    for (row, number) in table.rows.iter().zip(1_u32..) {
        let mut line: Vec<&str> = Vec::new();
        let mut put = |at: usize, text| {
            if line.len() <= at {
                line.resize(at + 1, "");
            }
            if let Some(slot) = line.get_mut(at) {
                *slot = text;
            }
        };
        for (at, left, text) in &mut spans {
            put(*at, *text);
            *left -= 1;
        }
        spans.retain(|(_, left, _)| *left > 0);
        for cell in &row.cells {
            let at = cell.place.column.map_or(cell.column, |column| column.saturating_sub(1)) as usize;
            put(at, cell.text.as_str());
            if cell.row_span > 1 {
                spans.push((at, cell.row_span - 1, cell.text.as_str()));
            }
        }
        take(row.place.row.or(row.place.line).unwrap_or(number), &line);
    }
}

/// A file of no known format: which ones results come in is told here, those of orders are others.
fn of_results(mut finding: Finding) -> Finding {
    if finding.code == "FILE_UNKNOWN" {
        "Результаты читаются из CSV, XLSX, XLS, ODS и Parquet.".clone_into(&mut finding.why);
        "Сохраните таблицу как XLSX или CSV и загрузите ещё раз.".clone_into(&mut finding.mend);
    }
    finding
}

/// What readers of documents say of a file that they did not read whole, or guessed from a picture.
const INCOMPLETE: [&str; 5] =
    ["CONTENT_LIMIT", "FILE_DAMAGED_PART", "PAGES_LIMIT", "OCR_DOUBTFUL", "OCR_TIME"];

/// A part of a file is no file: nothing of it is to be loaded.
pub(crate) fn incomplete(document: &Document, findings: &mut Findings) {
    if document.findings.iter().any(|finding| INCOMPLETE.contains(&finding.code)) {
        findings.add(
            &codes::FILE_INCOMPLETE,
            || Place::WHOLE,
            || {
                text(
                    "Файл прочитан не целиком или с картинки.",
                    "По части результатов нельзя судить о школе.",
                    "Разделите файл на части или сохраните таблицу как CSV.",
                )
            },
        );
    }
}

/// A document without a table that could be read says so by its own findings.
pub(crate) fn is_broken(document: &Document) -> bool {
    document.findings.iter().any(|finding| finding.level == Level::Error)
}
