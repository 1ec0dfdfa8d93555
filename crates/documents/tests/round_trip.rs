//! Does what is written read back as it was?
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
use common::{draw, load};
use opora_documents::writers;
use opora_neutral::{Block, Cell, Document, Format, Paragraph, Place, Role, Row, Source, Table};
use proptest::prelude::*;

fn document(blocks: Vec<Block>) -> Document {
    let source = Source { name: "план".into(), sha256: String::new(), format: Format::Docx };
    Document { blocks, ..Document::new(source) }
}

fn words() -> impl Strategy<Value = String> {
    // Signs that XML and spreadsheets are touchy about are among them; the first word is never blank.
    proptest::collection::vec("[а-яА-Я0-9№«».,<>&\"'=+-]{1,8}", 1..6).prop_map(|words| words.join(" "))
}

fn paragraph() -> impl Strategy<Value = Block> {
    let role = prop_oneof![Just(Role::Body), (1..=6_u8).prop_map(Role::Heading)];
    (words(), role, any::<bool>(), any::<bool>()).prop_map(|(text, role, bold, centred)| {
        Block::Paragraph(Paragraph { role, bold, centred, ..Paragraph::new(text, Place::WHOLE) })
    })
}

/// A full table whose cells are merged in pairs now and then.
fn table() -> impl Strategy<Value = Block> {
    (2..5_u32, 1..6_usize).prop_flat_map(|(width, height)| {
        let cells =
            proptest::collection::vec((words(), any::<bool>(), any::<bool>()), width as usize * height);
        (Just(width), proptest::collection::vec(0..4_u8, height), cells)
            .prop_map(|(width, merges, cells)| Block::Table(build(width, &merges, &cells)))
    })
}

/// A row whose merge is 1 joins its first two cells; 2 joins its last cell with the one below.
fn build(width: u32, merges: &[u8], cells: &[(String, bool, bool)]) -> Table {
    let mut covered_below = false;
    let mut rows = Vec::new();
    for (at, (merge, texts)) in merges.iter().zip(cells.chunks(width as usize)).enumerate() {
        let joins_below = *merge == 2 && at + 1 < merges.len() && !covered_below;
        let cells = (0..width).zip(texts).filter_map(|(column, (text, bold, lines))| {
            let joins = *merge == 1 && !(covered_below && width == 2);
            let hidden = (joins && column == 1) || (covered_below && column == width - 1);
            let text = if *lines { format!("{text}\nи ещё") } else { text.clone() };
            // The first row needs two cells with text, or it would be a title for a spreadsheet.
            let wide = joins && column == 0;
            (!hidden).then(|| Cell {
                column_span: if wide { 2 } else { 1 },
                row_span: if joins_below && column == width - 1 { 2 } else { 1 },
                bold: *bold,
                ..Cell::new(text, column, Place::WHOLE)
            })
        });
        let cells: Vec<Cell> = cells.collect();
        // Two columns joined into one cell would leave a row of one cell.
        let cells = if cells.len() > 1 || at > 0 { cells } else { split(&cells) };
        rows.push(Row { place: Place::WHOLE, cells });
        covered_below = joins_below;
    }
    Table { place: Place::WHOLE, width, rows }
}

fn split(cells: &[Cell]) -> Vec<Cell> {
    let cell = |column| Cell { column, column_span: 1, row_span: 1, ..cells[0].clone() };
    vec![cell(0), cell(1)]
}

/// Columns in which no cell starts do not survive, and need not: they can't be seen.
fn has_no_idle_column(document: &Document) -> bool {
    document
        .tables()
        .all(|table| (0..table.width).all(|column| table.rows.iter().any(|row| row.cell(column).is_some())))
}

fn tables(document: &Document) -> Vec<&Table> {
    document.tables().collect()
}

fn without_places(document: &Document) -> Document {
    let mut document = document.clone();
    for block in &mut document.blocks {
        match block {
            Block::Paragraph(paragraph) => paragraph.place = Place::WHOLE,
            Block::Table(table) => {
                table.place = Place::WHOLE;
                for row in &mut table.rows {
                    row.place = Place::WHOLE;
                    row.cells.iter_mut().for_each(|cell| cell.place = Place::WHOLE);
                }
            }
        }
    }
    document
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_word_file_reads_back_the_same(blocks in proptest::collection::vec(prop_oneof![paragraph(), table()], 1..6)) {
        let written = document(blocks);
        prop_assume!(has_no_idle_column(&written));
        let read = load("a.docx", &writers::docx(&written).unwrap());
        prop_assert_eq!(without_places(&read).blocks, written.blocks);
        prop_assert_eq!(read.findings, vec![]);
    }

    #[test]
    fn a_spreadsheet_reads_back_the_same_texts(above in paragraph(), grid in table(), below in paragraph()) {
        let written = document(vec![above, grid, below]);
        prop_assume!(has_no_idle_column(&written));
        let read = without_places(&load("a.xlsx", &writers::xlsx(&written).unwrap()));
        prop_assert_eq!(tables(&read), tables(&written));
        let texts = |document: &Document| document.paragraphs().map(|p| p.text.clone()).collect::<Vec<_>>();
        prop_assert_eq!(texts(&read), texts(&written));
    }
}

fn sample() -> Document {
    let cells = |texts: [&str; 2]| {
        (0..).zip(texts).map(|(column, text)| Cell::new(text, column, Place::WHOLE)).collect()
    };
    let row = |texts| Row { place: Place::WHOLE, cells: cells(texts) };
    let rows = vec![row(["№", "Срок"]), row(["1.10", "=СЕГОДНЯ()"])];
    let table = Block::Table(Table { place: Place::WHOLE, width: 2, rows });
    document(vec![Block::Paragraph(Paragraph::new("План", Place::WHOLE)), table.clone(), table])
}

#[test]
fn texts_that_look_like_numbers_and_formulas_stay_texts() {
    let table = "▦ 2\n  № │ Срок\n  1.10 │ =СЕГОДНЯ()";
    let expected = format!("¶ План\n{table}\n{table}");
    assert_eq!(draw(&load("a.xlsx", &writers::xlsx(&sample()).unwrap())), expected);
    assert_eq!(draw(&load("a.docx", &writers::docx(&sample()).unwrap())), expected);
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(writers::xlsx(&sample()), writers::xlsx(&sample()));
    assert_eq!(writers::docx(&sample()), writers::docx(&sample()));
}

#[test]
fn the_head_of_a_table_repeats_on_every_page() {
    let bytes = writers::docx(&sample()).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let part = archive.by_name("word/document.xml").unwrap();
    let text = std::io::read_to_string(part).unwrap();
    assert_eq!(text.matches("<w:tblHeader").count(), 2);
    assert!(text.contains("w:orient=\"landscape\""));
}

#[test]
fn a_text_too_long_for_a_sheet_is_refused() {
    let text = "а".repeat(40_000);
    let written = writers::xlsx(&document(vec![Block::Paragraph(Paragraph::new(text, Place::WHOLE))]));
    assert_eq!(written, Err(writers::WriteError::TextTooLong { chars_max: 32_767 }));
}
