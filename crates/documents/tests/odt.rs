//! Is an OpenDocument text read as a person sees it?
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
use common::{check, load, zip};

const STYLES: &str = "<office:automatic-styles>\
    <style:style style:name=\"B\" style:family=\"text\"><style:text-properties fo:font-weight=\"bold\"/></style:style>\
    <style:style style:name=\"C\" style:family=\"paragraph\" style:parent-style-name=\"P\">\
        <style:paragraph-properties fo:text-align=\"center\"/></style:style>\
    <style:style style:name=\"P\" style:family=\"paragraph\"><style:text-properties fo:font-weight=\"bold\"/></style:style>\
    <text:list-style style:name=\"L\">\
        <text:list-level-style-number text:level=\"1\" style:num-format=\"1\" style:num-suffix=\".\"/>\
        <text:list-level-style-number text:level=\"2\" style:num-format=\"1\" style:num-suffix=\".\" text:display-levels=\"2\"/>\
    </text:list-style></office:automatic-styles>";

fn odt(body: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:style=\"s\" \
         xmlns:fo=\"f\" xmlns:draw=\"d\">{STYLES}<office:body><office:text>{body}</office:text></office:body>\
         </office:document-content>"
    );
    zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())])
}

#[test]
fn paragraphs_headings_and_spans_are_read() {
    check(
        "a.odt",
        &odt("<text:tracked-changes><text:p>удалено</text:p></text:tracked-changes>\
              <text:h text:outline-level=\"2\">Цели</text:h><text:p text:style-name=\"C\">ПРИКАЗ</text:p>\
              <text:p>до <text:span text:style-name=\"B\">1 мая</text:span><text:s text:c=\"2\"/>2022<text:line-break/>года\
              <office:annotation><text:p>заметка</text:p></office:annotation></text:p>"),
        "
        ¶ h2 Цели
        ¶ bold centred ПРИКАЗ
        ¶ до 1 мая  2022⏎года",
    );
}

#[test]
fn counted_numbers_become_text() {
    check(
        "a.odt",
        &odt("<text:list text:style-name=\"L\"><text:list-item><text:p>Утвердить:</text:p>\
              <text:list><text:list-item><text:p>план;</text:p><text:p>и ещё</text:p></text:list-item>\
              <text:list-item><text:p>состав.</text:p></text:list-item></text:list></text:list-item></text:list>\
              <text:p>Далее</text:p><text:list text:style-name=\"L\" text:continue-numbering=\"true\">\
              <text:list-item><text:p>Контроль.</text:p></text:list-item></text:list>"),
        "
        ¶ li 1. Утвердить:
        ¶ li 1.1. план;
        ¶ и ещё
        ¶ li 1.2. состав.
        ¶ Далее
        ¶ li 2. Контроль.",
    );
}

#[test]
fn tables_keep_spans_repetitions_and_headers() {
    check(
        "a.odt",
        &odt("<table:table><table:table-header-rows><table:table-row>\
              <table:table-cell table:number-rows-spanned=\"2\"><text:p>№</text:p></table:table-cell>\
              <table:table-cell table:number-columns-spanned=\"2\"><text:p>Срок</text:p></table:table-cell>\
              <table:covered-table-cell/></table:table-row></table:table-header-rows>\
              <table:table-row><table:covered-table-cell/><table:table-cell table:number-columns-repeated=\"2\">\
              <text:p>дата</text:p></table:table-cell></table:table-row></table:table>"),
        "
        ▦ 3
          ⟨1×2⟩№ │ ⟨2×1⟩Срок
          дата │ дата",
    );
}

#[test]
fn boxes_notes_and_pages_are_read() {
    let document = load(
        "a.odt",
        &odt("<text:p>Первый<text:note><text:note-citation>1</text:note-citation><text:note-body>\
              <text:p>по согласованию</text:p></text:note-body></text:note></text:p>\
              <text:p><text:soft-page-break/>Второй<draw:frame><draw:text-box><text:p>УТВЕРЖДЕН</text:p>\
              </draw:text-box></draw:frame></text:p>"),
    );
    let read: Vec<_> = document.paragraphs().map(|p| (p.text.as_str(), p.place.page)).collect();
    let expected = [
        ("Первый", Some(1)),
        ("Сноска 1. по согласованию", Some(1)),
        ("Второй", Some(2)),
        ("УТВЕРЖДЕН", Some(2)),
    ];
    assert_eq!(read, expected);
}
