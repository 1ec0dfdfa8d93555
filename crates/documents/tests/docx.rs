//! Is a Word document read as a person sees it?
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
use common::{check, codes, docx, docx_with, load, p, tbl, tc};

#[test]
fn paragraphs_know_bold_centred_and_breaks() {
    check(
        "a.docx",
        &docx(
            "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>ПРИКАЗ</w:t></w:r></w:p>\
             <w:p><w:r><w:t>г. Заречный</w:t><w:tab/><w:t>№ 5</w:t><w:br/><w:t>вторая строка</w:t></w:r></w:p>\
             <w:p><w:r><w:rPr><w:b w:val=\"0\"/></w:rPr><w:t>не</w:t></w:r>\
             <w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\"> весь</w:t></w:r></w:p><w:p/>",
        ),
        "
        ¶ bold centred ПРИКАЗ
        ¶ г. Заречный № 5⏎вторая строка
        ¶ не весь",
    );
}

#[test]
fn headings_are_known_by_style_name_and_outline() {
    let styles = "<w:styles NS>\
        <w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/><w:rPr><w:b/></w:rPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"2\"><w:name w:val=\"Заголовок 2\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"own\"><w:name w:val=\"Раздел\"/><w:basedOn w:val=\"1\"/>\
            <w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"loop\"><w:name w:val=\"Круг\"/><w:basedOn w:val=\"loop\"/></w:style>\
        </w:styles>";
    let styled = |style: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let body = [styled("1", "Паспорт"), styled("2", "Цели"), styled("own", "Сроки"), styled("loop", "Текст")];
    check(
        "a.docx",
        &docx_with(&body.concat(), &[("styles.xml", styles)]),
        "
        ¶ h1 bold Паспорт
        ¶ h2 Цели
        ¶ h3 bold Сроки
        ¶ Текст",
    );
}

const NUMBERING: &str = "<w:numbering NS><w:abstractNum w:abstractNumId=\"0\">\
    <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.\"/></w:lvl>\
    <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1.%2.\"/></w:lvl>\
    </w:abstractNum><w:num w:numId=\"7\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>";

fn item(level: u8, text: &str) -> String {
    let list = format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"7\"/></w:numPr>");
    format!("<w:p><w:pPr>{list}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn counted_numbers_become_text() {
    let body =
        [item(0, "Утвердить:"), item(1, "программу;"), item(1, "план."), item(0, "Контроль."), item(0, "")];
    check(
        "a.docx",
        &docx_with(&body.concat(), &[("numbering.xml", NUMBERING)]),
        "
        ¶ li 1. Утвердить:
        ¶ li 1.1. программу;
        ¶ li 1.2. план.
        ¶ li 2. Контроль.",
    );
}

#[test]
fn a_cell_with_nothing_but_a_counted_number_shows_it() {
    let row = |text: &str| format!("<w:tc>{}</w:tc>{}", item(0, ""), tc("", text));
    let (one, two) = (row("Семинар"), row("Отчёт"));
    let bytes = docx_with(&tbl(&[&one, &two]), &[("numbering.xml", NUMBERING)]);
    check(
        "a.docx",
        &bytes,
        "
        ▦ 2
          1. │ Семинар
          2. │ Отчёт",
    );
}

#[test]
fn merged_cells_keep_their_spans() {
    let head =
        tc("<w:gridSpan w:val=\"2\"/>", "Срок") + &tc("<w:vMerge w:val=\"restart\"/>", "Ответственный");
    let body = tc("", "начало") + &tc("", "конец") + &tc("<w:vMerge/>", "");
    let last = tc("", "май") + &tc("", "июнь") + &tc("", "директор");
    check(
        "a.docx",
        &docx(&tbl(&[&head, &body, &last])),
        "
        ▦ 3
          ⟨2×1⟩Срок │ ⟨1×2⟩Ответственный
          начало │ конец
          май │ июнь │ директор",
    );
}

#[test]
fn grid_lines_of_crooked_rows_are_followed() {
    let rows = [
        tc("", "1") + &tc("<w:gridSpan w:val=\"2\"/>", "Семинар"),
        format!("<w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{}{}", tc("", "а"), tc("", "б")),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let document = load("a.docx", &docx(&tbl(&rows)));
    let table = document.tables().next().unwrap();
    assert_eq!((table.text_at(1, 0), table.text_at(1, 1), table.text_at(1, 2)), ("", "а", "б"));
}

#[test]
fn a_span_that_claims_a_million_columns_is_cut() {
    let rows = [tc("<w:gridSpan w:val=\"1000000\"/>", "Раздел 1"), tc("", "1") + &tc("", "Семинар")];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let bytes = docx(&tbl(&rows));
    check(
        "a.docx",
        &bytes,
        "
        ▦ 2
          ⟨2×1⟩Раздел 1
          1 │ Семинар",
    );
    assert_eq!(codes(&load("a.docx", &bytes)), ["SPAN_CLAMPED"]);
}

#[test]
fn changes_are_taken_as_accepted() {
    let body = "<w:p><w:r><w:t xml:space=\"preserve\">до </w:t></w:r>\
        <w:del><w:r><w:delText>1 мая</w:delText></w:r></w:del><w:ins><w:r><w:t>1 июня</w:t></w:r></w:ins>\
        <w:moveFrom><w:r><w:t>прочь</w:t></w:r></w:moveFrom></w:p>";
    check("a.docx", &docx(body), "¶ до 1 июня");
}

#[test]
fn controls_links_and_fields_are_seen_through() {
    let body = format!(
        "<w:sdt><w:sdtContent>{}<w:tbl><w:sdt><w:sdtContent><w:tr>{}<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>\
         </w:tr></w:sdtContent></w:sdt></w:tbl></w:sdtContent></w:sdt>\
         <w:p><w:hyperlink><w:r><w:t>сайт</w:t></w:r></w:hyperlink>\
         <w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText> PAGE </w:instrText></w:r>\
         <w:fldSimple><w:r><w:t xml:space=\"preserve\"> управления</w:t></w:r></w:fldSimple></w:p>",
        p("Внутри"),
        tc("", "1"),
        tc("", "два")
    );
    check(
        "a.docx",
        &docx(&body),
        "
        ¶ Внутри
        ▦ 2
          1 │ два
        ¶ сайт управления",
    );
}

#[test]
fn a_text_box_is_read_once() {
    let inner = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(text));
    let body = format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice><wps:txbx>{}</wps:txbx></mc:Choice>\
         <mc:Fallback><w:pict><v:textbox>{}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>\
         <w:r><w:t>Рядом</w:t></w:r></w:p>",
        inner("УТВЕРЖДЕН"),
        inner("УТВЕРЖДЕН")
    );
    check(
        "a.docx",
        &docx(&body),
        "
        ¶ Рядом
        ¶ УТВЕРЖДЕН",
    );
}

#[test]
fn footnotes_follow_their_paragraph() {
    let notes = "<w:footnotes NS><w:footnote w:id=\"2\"><w:p><w:r><w:t>По согласованию.</w:t></w:r></w:p></w:footnote>\
                 </w:footnotes>";
    let body = "<w:p><w:r><w:t>Срок до мая</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>";
    check(
        "a.docx",
        &docx_with(&(body.to_owned() + &p("Дальше")), &[("footnotes.xml", notes)]),
        "
        ¶ Срок до мая
        ¶ Сноска 2. По согласованию.
        ¶ Дальше",
    );
}

#[test]
fn a_plan_inside_a_layout_cell_is_a_table_of_its_own() {
    let plan = tbl(&[&(tc("", "№") + &tc("", "Срок")), &(tc("", "1") + &tc("", "май"))]);
    let small = tbl(&[&(tc("", "каб.") + &tc("", "12"))]);
    let outer = format!("<w:tbl><w:tr><w:tc>{}{plan}{small}<w:p/></w:tc></w:tr></w:tbl>", p("План"));
    check(
        "a.docx",
        &docx(&outer),
        "
        ▦ 1
          План⏎каб. 12
        ▦ 2
          № │ Срок
          1 │ май",
    );
}

#[test]
fn tables_that_touch_stay_two() {
    let one = tbl(&[&(tc("", "1") + &tc("", "а"))]);
    let two = tbl(&[&(tc("", "2") + &tc("", "б"))]);
    check(
        "a.docx",
        &docx(&(one + &two)),
        "
        ▦ 2
          1 │ а
        ▦ 2
          2 │ б",
    );
}

#[test]
fn drawn_page_breaks_give_pages() {
    let body = format!(
        "{}<w:p><w:r><w:lastRenderedPageBreak/><w:t>вторая</w:t></w:r></w:p>\
         <w:tbl><w:tr>{}</w:tr><w:tr><w:tc><w:p><w:r><w:lastRenderedPageBreak/><w:t>а</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        p("первая"),
        tc("", "б")
    );
    let document = load("a.docx", &docx(&body));
    let pages: Vec<_> = document.paragraphs().map(|paragraph| paragraph.place.page).collect();
    assert_eq!((pages, document.page_count), (vec![Some(1), Some(2)], Some(3)));
    let table = document.tables().next().unwrap();
    let rows: Vec<_> = table.rows.iter().map(|row| (row.place.page, row.place.row)).collect();
    assert_eq!(rows, [(Some(2), Some(1)), (Some(3), Some(2))]);
    assert_eq!(table.rows[1].cells[0].place.to_string(), "стр. 3, табл. 1, строка 2, столбец 1");
}

#[test]
fn odd_signs_become_plain_ones() {
    let body = "<w:p><w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/><w:t xml:space=\"preserve\"> под\u{AD}держка</w:t>\
                <w:noBreakHyphen/><w:t>план&#160;школы</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>тайно</w:t></w:r></w:p>";
    check("a.docx", &docx(body), "¶ ✓ поддержка-план школы");
}

#[test]
fn macros_are_noted_and_left_alone() {
    let document = load("a.docm", &docx_with(&p("Приказ"), &[("vbaProject.bin", "x")]));
    assert_eq!((common::draw(&document), codes(&document)), ("¶ Приказ".to_owned(), vec!["FILE_MACROS"]));
}

#[test]
fn a_broken_part_beside_does_not_spoil_the_text() {
    let document = load("a.docx", &docx_with(&p("Приказ"), &[("styles.xml", "<w:styles><")]));
    assert_eq!(
        (common::draw(&document), codes(&document)),
        ("¶ Приказ".to_owned(), vec!["FILE_DAMAGED_PART"])
    );
}
