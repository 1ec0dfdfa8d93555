//! Does intake stay calm whatever stands in the cells?

use opora_cycle::intake;
use opora_cycle::vocabulary::Order;
use opora_neutral::{Block, Cell, Document, Format, Paragraph, Place, Row, Source, Table};
use proptest::prelude::*;

fn words() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "№ п/п",
        "Мероприятие",
        "Срок",
        "Ответственные",
        "1.1.",
        "2",
        "до 01.04.2021",
        "ежегодно",
        "МОУ №№ 2, 7",
        "Иванова О.В.",
        "ПРИКАЗ",
        "ПРИКАЗЫВАЮ:",
        "2021 год",
        "план",
        "«",
        "»",
        "(",
        "от 01.02.2020 № 5",
        "Приложение",
        "Цели:",
        "- пункт",
        "\n",
        "№",
        "Критерии",
        "Показатели",
        "контроль за исполнением",
        "приказом",
        "директор",
        "2024",
        "2025 год",
        "+",
        "-//-",
        "УТВЕРЖДАЮ",
        "План мероприятий",
        "Срок:",
        "отв.",
        "Показатель",
        "руково-\nдители",
        "Директор школы И.И. Лесная",
        "",
    ]);
    prop::collection::vec(prop_oneof![known.prop_map(str::to_owned), "\\PC{0,12}"], 0..5)
        .prop_map(|parts| parts.join(" "))
}

fn side_by_side(texts: Vec<(String, u32, u32)>) -> Vec<Cell> {
    let mut column = 0;
    let mut cells = Vec::new();
    for (text, column_span, row_span) in texts {
        cells.push(Cell { column_span, row_span, ..Cell::new(text, column, Place::WHOLE) });
        column += column_span;
    }
    cells
}

fn table() -> impl Strategy<Value = Block> {
    let row = prop::collection::vec((words(), 1_u32..3, 1_u32..3), 0..4);
    (1_u32..7, prop::collection::vec(row, 0..8)).prop_map(|(width, rows)| {
        let rows = rows.into_iter().map(|cells| Row { place: Place::WHOLE, cells: side_by_side(cells) });
        Block::Table(Table { place: Place::WHOLE, width, rows: rows.collect() })
    })
}

fn document() -> impl Strategy<Value = Document> {
    let paragraph = words().prop_map(|text| Block::Paragraph(Paragraph::new(text, Place::WHOLE)));
    prop::collection::vec(prop_oneof![3 => paragraph, 1 => table()], 0..30).prop_map(|blocks| {
        let source = Source { name: "x".into(), sha256: String::new(), format: Format::Text };
        Document { blocks, ..Document::new(source) }
    })
}

/// Everything the order kept, as one text.
fn kept(order: &Order) -> String {
    format!("{order:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_document_is_read(document in document()) {
        let order = intake::read(&document);
        let mut keys: Vec<_> = order.plans.iter().flat_map(|plan| plan.activities()).map(|activity| activity.key).collect();
        let all = keys.len();
        keys.dedup();
        prop_assert_eq!(keys.len(), all, "keys are given once");
    }

    /// A word that stands in a paragraph is found again, in the structure or among the unplaced text.
    #[test]
    fn no_paragraph_is_lost(mut document in document(), at in 0_usize..30) {
        let at = at.min(document.blocks.len());
        document.blocks.insert(at, Block::Paragraph(Paragraph::new("Особенное слово жирафик стоит здесь", Place::WHOLE)));
        prop_assert!(kept(&intake::read(&document)).contains("жирафик"));
    }

    /// So is a word in the cell of a table.
    #[test]
    fn no_cell_is_lost(mut document in document(), at in 0_usize..30, row in 0_usize..8) {
        let mut cell = Some(Cell::new("Проведение мероприятия жирафик в школах", 0, Place::WHOLE));
        let tables = document.blocks.iter_mut().filter_map(|block| match block { Block::Table(table) => Some(table), Block::Paragraph(_) => None });
        if let Some(table) = { tables }.nth(at % 3)
            && let Some(cell) = cell.take()
        {
            let rows = table.rows.len();
            let place = Place::WHOLE;
            table.width = table.width.max(3);
            let full = Row { place: place.clone(), cells: vec![
                Cell { column: 0, ..Cell::new("9.9", 0, place.clone()) },
                Cell { column: 1, ..cell },
                Cell::new("до 01.02.2024", 2, place),
            ] };
            table.rows.insert(row.min(rows), full);
            prop_assert!(kept(&intake::read(&document)).contains("жирафик"));
        }
    }
}
