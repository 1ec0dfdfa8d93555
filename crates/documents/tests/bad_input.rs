//! Is every bad file refused with what, why and what next, and never with a crash?
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
use common::{codes, docx, load, p, zip};
use opora_documents::{Limits, Options, detect, read};
use opora_neutral::{Format, Level};

/// The file gives nothing, and its first error has this code and three Russian sentences.
fn check(name: &str, bytes: &[u8], expected: &str) {
    let document = load(name, bytes);
    assert!(document.is_unreadable(), "{name}: {:?}", document.blocks);
    let error = document.findings.iter().find(|finding| finding.level == Level::Error).unwrap();
    assert_eq!(error.code, expected, "{name}: {}", error.message());
    for sentence in [&error.what, &error.why, &error.mend] {
        assert!(sentence.ends_with('.') && sentence.chars().any(|c| matches!(c, 'а'..='я')), "{sentence}");
    }
}

#[test]
fn nothing_is_said_to_be_nothing() {
    check("a.docx", b"", "FILE_EMPTY");
    check("a.txt", b" \n\t\n", "FILE_NO_TEXT");
    check("a.docx", &docx("<w:p/>"), "FILE_NO_TEXT");
}

#[test]
fn what_is_cut_off_is_said_to_be_damaged() {
    let whole = docx(&p("Приказ"));
    check("a.docx", &whole[..whole.len() / 2], "FILE_TRUNCATED");
    check("a.docx", &whole[..whole.len() - 30], "FILE_TRUNCATED");
    check("a.docx", &docx("<w:p><w:r><w:t>Приказ"), "FILE_TRUNCATED");
    check(
        "a.docx",
        &zip(&[("[Content_Types].xml", b"<Types/>"), ("word/styles.xml", b"<s/>")]),
        "FILE_TRUNCATED",
    );
    check(
        "a.xlsx",
        &zip(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<w")]),
        "FILE_TRUNCATED",
    );
    check("a.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more", "FILE_TRUNCATED");
}

fn ole(stream: &str) -> Vec<u8> {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(1024, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

#[test]
fn passwords_are_recognised() {
    check("a.docx", &ole("EncryptedPackage"), "FILE_ENCRYPTED");
    let manifest = b"<manifest><file-entry><encryption-data/></file-entry></manifest>";
    let odt = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"\x00\x01"),
        ("META-INF/manifest.xml", manifest),
    ]);
    check("a.odt", &odt, "FILE_ENCRYPTED");
    let mut doc = ole("WordDocument");
    doc[512] = 0xEC;
    doc[513] = 0xA5;
    doc[523] = 1;
    check("a.doc", &doc, "FILE_ENCRYPTED");
}

#[test]
fn other_files_are_refused_kindly() {
    check("a.zip", &zip(&[("приказ.docx", b"x"), ("план.docx", b"y")]), "FILE_ARCHIVE");
    check("a.rar", b"Rar!\x1A\x07\x00rest", "FILE_ARCHIVE");
    check("a.exe", b"MZ\x90\x00\x03\x00\x00\x00", "FILE_UNKNOWN");
    check("a.pptx", &zip(&[("[Content_Types].xml", b"<Types/>"), ("ppt/a.xml", b"<a/>")]), "FILE_UNKNOWN");
    check(
        "a.mht",
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n",
        "FILE_UNKNOWN",
    );
    check("a.xml", b"<?xml version=\"1.0\"?><w:wordDocument/>", "FILE_UNKNOWN");
    check("a.docx", &[7, 0, 1, 2, 3, 0, 0, 200], "FILE_UNKNOWN");
}

#[test]
fn an_archive_names_what_is_in_it() {
    let finding = load("a.zip", &zip(&[("папка/приказ.docx", b"x")])).findings.remove(0);
    assert!(finding.why.contains("«приказ.docx»"), "{}", finding.why);
}

#[test]
fn a_wrong_extension_is_a_note_and_no_more() {
    let document = load("план.pdf", &docx(&p("Приказ")));
    assert_eq!((codes(&document), document.blocks.len()), (vec!["FILE_EXTENSION"], 1));
    let document = load("план.docx", "Приказ".as_bytes());
    assert_eq!((codes(&document), document.blocks.len()), (vec!["FILE_EXTENSION"], 1));
    assert_eq!(codes(&load("ПЛАН.DOCX", &docx(&p("Приказ")))), Vec::<&str>::new());
}

fn limited(limits: Limits, bytes: &[u8]) -> Vec<&'static str> {
    codes(&read("a.docx", bytes, &Options { limits }))
}

#[test]
fn bombs_are_stopped_at_the_limit() {
    let bomb = docx(&p(&"а".repeat(3_000_000)));
    assert!(bomb.len() < 50_000, "the sample has to be a bomb");
    let limits = Limits { max_unpacked_bytes: 1 << 20, ..Limits::default() };
    assert_eq!(limited(limits, &bomb), ["FILE_TOO_LARGE"]);
    let limits = Limits { max_file_bytes: 1_000, ..Limits::default() };
    assert_eq!(limited(limits, &bomb), ["FILE_TOO_LARGE"]);
    let limits = Limits { max_entries: 1, ..Limits::default() };
    assert_eq!(limited(limits, &docx(&p("а"))), ["FILE_HOSTILE"]);
}

#[test]
fn entities_and_bottomless_nesting_are_refused() {
    let entity = b"<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><d><body>&x;</body></d>";
    check(
        "a.docx",
        &zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", entity)]),
        "FILE_HOSTILE",
    );
    let nested = "<w:sdt><w:sdtContent>".repeat(5_000) + &"</w:sdtContent></w:sdt>".repeat(5_000);
    check("a.docx", &docx(&nested), "FILE_HOSTILE");
}

#[test]
fn a_document_without_end_is_read_to_the_limit() {
    let limits = Limits { max_blocks: 10, ..Limits::default() };
    let document = read("a.docx", &docx(&p("Строка").repeat(50)), &Options { limits });
    assert_eq!((document.blocks.len(), codes(&document)), (10, vec!["CONTENT_LIMIT"]));
}

#[test]
fn content_is_believed_before_the_name() {
    let odt: Vec<u8> =
        zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]);
    for (bytes, name, expected) in [
        (docx(""), "a.txt", Format::Docx),
        (odt, "a.zip", Format::Odt),
        (b"%PDF-1.7\n".to_vec(), "a.docx", Format::Pdf),
        (b"{\\rtf1\\ansi}".to_vec(), "a.doc", Format::Rtf),
        (b"\x89PNG\r\n\x1A\n".to_vec(), "a.pdf", Format::Picture),
        (b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec(), "a", Format::Picture),
        (b"II*\0".to_vec(), "a.tif", Format::Picture),
        (ole("WordDocument"), "a", Format::Doc),
        (ole("Workbook"), "a", Format::Spreadsheet),
        (b"<!doctype html><p>x".to_vec(), "a.txt", Format::Html),
        (b"# x".to_vec(), "a.md", Format::Markdown),
        ("Приказ".as_bytes().to_vec(), "a", Format::Text),
        (b"PK are my initials".to_vec(), "a.txt", Format::Text),
        (Vec::new(), "a.docx", Format::Unknown),
    ] {
        assert_eq!(detect(&bytes, name), expected, "{name}");
    }
}
