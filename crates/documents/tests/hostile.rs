//! Does reading end quickly and quietly, whatever the bytes?
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
use common::{docx, load, p, tbl, tc, zip};
use opora_documents::writers;
use opora_neutral::Document;
use proptest::prelude::*;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Reads, and checks what holds for every document.
fn check(name: &str, bytes: &[u8]) {
    let started = Instant::now();
    let document = load(name, bytes);
    // Far more than it takes: machines that test are slow and busy. What is quadratic takes hours.
    assert!(started.elapsed() < Duration::from_secs(60), "{name}: {:?}", started.elapsed());
    assert!(!document.blocks.is_empty() || !document.findings.is_empty(), "{name}: silence");
    tables_are_sound(&document);
}

/// Cells keep to the grid and do not cover each other.
fn tables_are_sound(document: &Document) {
    for table in document.tables() {
        let mut taken = std::collections::HashSet::new();
        for (at, row) in table.rows.iter().enumerate() {
            for cell in &row.cells {
                assert!(cell.column_span >= 1 && cell.row_span >= 1);
                assert!(cell.column + cell.column_span <= table.width, "{cell:?} of {}", table.width);
                assert!(at + cell.row_span as usize <= table.rows.len(), "{cell:?}");
                for down in 0..cell.row_span {
                    for right in 0..cell.column_span {
                        assert!(
                            taken.insert((at as u32 + down, cell.column + right)),
                            "{cell:?} covers another"
                        );
                    }
                }
            }
        }
    }
}

static SAMPLES: LazyLock<Vec<(&'static str, Vec<u8>)>> = LazyLock::new(samples);

fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let merged = tc("<w:gridSpan w:val=\"2\"/>", "Срок") + &tc("<w:vMerge w:val=\"restart\"/>", "Кто");
    let plain = tc("", "май") + &tc("", "июнь") + &tc("<w:vMerge/>", "");
    let word = docx(&(p("Приказ") + &tbl(&[&merged, &plain, &plain])));
    let document = load("a.docx", &word);
    let odt = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        (
            "content.xml",
            "<d><body><text><p>Приказ</p><table><table-row><table-cell number-columns-repeated=\"3\">\
            <p>а</p></table-cell></table-row></table></text></body></d>"
                .as_bytes(),
        ),
    ]);
    vec![
        ("a.xlsx", writers::xlsx(&document).unwrap()),
        ("b.docx", writers::docx(&document).unwrap()),
        ("a.docx", word),
        ("a.odt", odt),
        ("a.txt", "№\tДело\n1\tСеминар\n\n| а | б |\n| в | г |\n".as_bytes().to_vec()),
        (
            "a.html",
            "<html><table><tr><td colspan=3>а<td rowspan=9>б<tr><td>в</table><ol><li>г".as_bytes().to_vec(),
        ),
        ("a.md", "# а\n\n| б | в |\n|---|---|\n| г | д |\n\n1. е\n".as_bytes().to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..600), name in "[a-z]{1,3}\\.(txt|md|html|docx|xlsx)") {
        check(&name, &bytes);
    }

    #[test]
    fn random_texts_are_survived(text in "[а-я0-9 \t\n|*_<>/&;#\u{C}─│+-]{0,400}", name in "a\\.(txt|md|html)") {
        check(&name, text.as_bytes());
    }

    #[test]
    fn random_pages_are_survived(tags in proptest::collection::vec("<(/?(table|tr|td|th|p|ul|ol|li|b|br)|td colspan=[0-9]{1,11}|td rowspan=[0-9]{1,11})>", 0..60)) {
        check("a.html", format!("<html>{}", tags.join("а")).as_bytes());
    }

    #[test]
    fn random_tables_are_survived(cells in proptest::collection::vec((0..4_u8, 0..90_u32, any::<bool>()), 0..40)) {
        let cell = |&(kind, span, last): &(u8, u32, bool)| {
            let merge = ["", "<w:vMerge/>", "<w:vMerge w:val=\"restart\"/>", "<w:hMerge/>"][usize::from(kind)];
            tc(&format!("<w:gridSpan w:val=\"{span}\"/>{merge}"), "а") + if last { "</w:tr><w:tr>" } else { "" }
        };
        let rows: String = cells.iter().map(cell).collect();
        check("a.docx", &docx(&(p("Приказ") + &tbl(&[&rows]))));
    }

    #[test]
    fn damaged_files_are_survived(which in 0..7_usize, damage in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..12), cut in any::<u16>()) {
        let (name, mut bytes) = SAMPLES[which].clone();
        for (at, value) in damage {
            let at = usize::from(at) % bytes.len();
            bytes[at] = value;
        }
        bytes.truncate(bytes.len() - usize::from(cut) % bytes.len() / 4);
        check(name, &bytes);
    }
}

#[test]
fn long_monotonous_files_are_read_in_linear_time() {
    for line in [
        "||",
        "|",
        "а  б",
        "а\t",
        "\tа",
        "*",
        "* а *",
        "<b",
        "- ",
        "а\n\n\n\n",
        "##",
        "__",
        "&",
        "а  б\nв\nг\nд  е",
    ] {
        check("a.txt", format!("{line}\n").repeat(20_000).as_bytes());
        check("a.txt", line.repeat(50_000).as_bytes());
    }
    for piece in ["<p>а", "<table>", "<td>а", "<li>а", "а<br>", "<b></b>", "<table><tr><td>а"] {
        check("a.html", format!("<html>{}", piece.repeat(20_000)).as_bytes());
    }
    for piece in ["[", "*а", "> ", "- ", "|а", "<a", "`"] {
        check("a.md", piece.repeat(20_000).as_bytes());
    }
}

#[test]
fn nesting_just_within_the_limit_is_read() {
    let controls =
        "<w:sdt><w:sdtContent>".repeat(120) + &p("Приказ") + &"</w:sdtContent></w:sdt>".repeat(120);
    assert_eq!(common::draw(&load("a.docx", &docx(&controls))), "¶ Приказ");
    let tables = "<w:tbl><w:tr><w:tc>".repeat(80) + &p("Приказ") + &"</w:tc></w:tr></w:tbl>".repeat(80);
    assert_eq!(common::draw(&load("a.docx", &docx(&tables))), "▦ 1\n  Приказ");
    let page = format!("<html>{}Приказ", "<div><span>".repeat(900));
    assert_eq!(common::draw(&load("a.html", page.as_bytes())), "¶ Приказ");
    let page = format!("<html>{}Приказ", "<table><tr><td>".repeat(400));
    assert_eq!(common::draw(&load("a.html", page.as_bytes())), "▦ 1\n  Приказ");
}
