//! Is a web page read as a person sees it?
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
use common::{check, codes, draw, load};

#[test]
fn blocks_lists_and_headings_are_read() {
    check(
        "a.html",
        "<!DOCTYPE html><html><head><title>нет</title><style>p{}</style></head><body>\
         <h1>План</h1><p align=center><b>ПРИКАЗ</b></p><div>Текст\n   в две строки<br>и третья</div>\
         <ol start=2><li>второе<li>третье<ul><li>внутри</ul></ol><script>alert(1)</script>\
         <p style=\"display:none\">тайно</p></body></html>"
            .as_bytes(),
        "
        ¶ h1 План
        ¶ bold centred ПРИКАЗ
        ¶ Текст в две строки⏎и третья
        ¶ li 2. второе
        ¶ li 3. третье
        ¶ li - внутри",
    );
}

#[test]
fn tables_keep_their_spans() {
    check(
        "a.htm",
        "<html><table><tr><th rowspan=2>№<th colspan=2>Срок</tr><tr><td>начало<td>конец</tr>\
         <tr><td colspan=100>Раздел</td></tr><tr><td>1<td>май<td><p>июнь</p><p>2022</p></tr></table>"
            .as_bytes(),
        "
        ▦ 3
          ⟨1×2⟩№ │ ⟨2×1⟩Срок
          начало │ конец
          ⟨3×1⟩Раздел
          1 │ май │ июнь⏎2022",
    );
}

#[test]
fn a_plan_in_a_layout_table_is_a_table_of_its_own() {
    check(
        "a.html",
        "<html><table><tr><td><table><tr><td>№<td>Срок<tr><td>1<td>май</table></td></tr></table>".as_bytes(),
        "
        ▦ 2
          № │ Срок
          1 │ май",
    );
}

#[test]
fn a_page_saved_by_word_in_windows_1251_is_read() {
    let page = "<html xmlns:o=\"urn:o\"><head><meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\">\
                </head><body><p class=MsoNormal>Приказ<o:p></o:p></p><!--[if gte mso 9]><xml>x</xml><![endif]-->";
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(page);
    let document = load("a.doc.htm", &bytes);
    assert_eq!((draw(&document), codes(&document)), ("¶ Приказ".to_owned(), vec![]));
}

#[test]
fn a_bottomless_page_is_refused() {
    let page = format!("<html>{}", "<div>".repeat(200_000));
    assert_eq!(codes(&load("a.html", page.as_bytes())), ["FILE_HOSTILE"]);
}
