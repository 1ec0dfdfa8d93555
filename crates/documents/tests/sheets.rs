//! Are the sheets of workbooks read as a person sees them?
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
use common::{check, codes, load, zip};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

#[test]
fn titles_stand_above_and_notes_below_the_table() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        sheet.set_name("План").unwrap();
        sheet.merge_range(0, 0, 0, 2, "Дорожная карта", &Format::new()).unwrap();
        for (column, head) in (0..).zip(["№", "Дело", "Срок"]) {
            sheet.write(2, column, head).unwrap();
        }
        sheet.merge_range(3, 0, 3, 2, "1. Управление", &Format::new()).unwrap();
        sheet.write(4, 0, 1.1).unwrap();
        sheet.write(4, 1, "Семинар").unwrap();
        sheet.merge_range(4, 2, 5, 2, "май", &Format::new()).unwrap();
        sheet.write(5, 1, "Отчёт").unwrap();
        sheet.write(8, 0, "Исполнитель П.П. Примеров").unwrap();
    });
    check(
        "a.xlsx",
        &bytes,
        "
        ¶ Дорожная карта
        ▦ 3
          № │ Дело │ Срок
          ⟨3×1⟩1. Управление
          1.1 │ Семинар │ ⟨1×2⟩май
           │ Отчёт
        ¶ Исполнитель П.П. Примеров",
    );
    let document = load("a.xlsx", &bytes);
    let cell = &document.tables().next().unwrap().rows[2].cells[1];
    assert_eq!(cell.place.to_string(), "лист «План», B5");
}

#[test]
fn values_look_as_in_the_sheet() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        let date = ExcelDateTime::from_ymd(2021, 9, 1).unwrap();
        sheet.write_with_format(0, 0, &date, &Format::new().set_num_format("dd.mm.yyyy")).unwrap();
        sheet.write_with_format(0, 1, &date, &Format::new().set_num_format("mmmm yyyy")).unwrap();
        sheet.write_with_format(0, 2, 1.1, &Format::new().set_num_format("0.00")).unwrap();
        sheet.write(1, 0, 0.1 + 0.2).unwrap();
        sheet.write(1, 1, Formula::new("=1+1").set_result("2")).unwrap();
        sheet.write_with_format(1, 2, 0.3, &Format::new().set_num_format("0%")).unwrap();
    });
    check(
        "a.xlsx",
        &bytes,
        "
        ▦ 3
          01.09.2021 │ сентябрь 2021 │ 1.10
          0.3 │ 2 │ 30%",
    );
}

#[test]
fn a_hidden_sheet_is_read_and_said() {
    let bytes = book(|book| {
        book.add_worksheet().write(0, 0, "Явно").unwrap();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "Скрыто").unwrap();
        sheet.set_hidden(true);
    });
    assert_eq!(codes(&load("a.xlsx", &bytes)), ["SHEET_HIDDEN"]);
    check("a.xlsx", &bytes, "¶ Явно\n¶ Скрыто");
}

#[test]
fn far_corners_cost_nothing() {
    let bytes = book(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "угол").unwrap();
        sheet.write(0, 1, "рядом").unwrap();
        sheet.write(1_048_575, 1, "дно").unwrap();
        sheet.write(1_048_575, 200, "край").unwrap();
    });
    check(
        "a.xlsx",
        &bytes,
        "
        ▦ 3
          угол │ рядом │
           │ дно │ край",
    );
}

#[test]
fn an_old_workbook_is_read() {
    // Made with Python's `xlwt`: nothing in Rust writes this format.
    check(
        "plan.xls",
        include_bytes!("samples/plan.xls"),
        "
        ¶ Дорожная карта поддержки школ города Заречного
        ▦ 3
          № │ Мероприятие │ Срок
          ⟨3×1⟩1. Управление
          1.1 │ Семинар │ 04.05.2022
          1.2 │ Отчёт │ ежегодно (август)",
    );
}

fn ods(sheets: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body>\
         <office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

#[test]
fn an_open_spreadsheet_is_read() {
    let cell = |more: &str, text: &str| {
        format!("<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>")
    };
    let sheet = [
        "<table:table table:name=\"План\"><table:table-row>",
        &cell("", "№"),
        &cell("", "Срок"),
        "<table:table-cell table:number-columns-repeated=\"16382\"/></table:table-row><table:table-row>",
        &cell("table:number-columns-spanned=\"2\"", "Раздел"),
        "<table:covered-table-cell/></table:table-row><table:table-row>",
        &cell("", "1.10"),
        &cell("office:date-value=\"2022-05-04\"", "05/04/22"),
        "</table:table-row><table:table-row table:number-rows-repeated=\"1048573\">",
        "<table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>",
    ];
    check(
        "a.ods",
        &ods(&sheet.concat()),
        "
        ▦ 2
          № │ Срок
          ⟨2×1⟩Раздел
          1.10 │ 04.05.2022",
    );
}

#[test]
fn repetitions_built_to_harm_are_cut() {
    let bytes = ods("<table:table><table:table-row table:number-rows-repeated=\"1048576\">\
         <table:table-cell table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell>\
         </table:table-row></table:table>");
    let document = load("a.ods", &bytes);
    assert_eq!(
        document.tables().map(|table| (table.width, table.rows.len())).collect::<Vec<_>>(),
        [(256, 256)]
    );
}
