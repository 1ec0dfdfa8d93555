//! Are legacy files read through LibreOffice? These tests need it installed (`libreoffice-writer-nogui`).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
use common::{codes, draw, load};

#[test]
fn a_rich_text_file_is_read() {
    let rtf = b"{\\rtf1\\ansi\\ansicpg1251 {\\b \\'cf\\'d0\\'c8\\'ca\\'c0\\'c7}\\par\
        \\trowd\\cellx2000\\cellx6000\\intbl 1\\cell \\'f1\\'e5\\'ec\\'e8\\'ed\\'e0\\'f0\\cell\\row\\pard\\par}";
    let document = load("a.rtf", rtf);
    assert_eq!(codes(&document), Vec::<&str>::new(), "{:?}", document.findings);
    assert_eq!(draw(&document), "¶ bold ПРИКАЗ\n▦ 2\n  1 │ семинар");
}

#[test]
fn a_broken_legacy_file_is_refused() {
    let mut doc = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    doc.resize(1024, 0);
    doc.extend("WordDocument".encode_utf16().flat_map(u16::to_le_bytes));
    doc.extend([0, 0]);
    doc.resize(4096, 0xAA);
    let document = load("a.doc", &doc);
    assert_eq!(codes(&document), ["TOOL_FAILED"], "{}", draw(&document));
}
