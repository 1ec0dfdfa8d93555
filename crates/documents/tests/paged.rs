//! Paged files end to end: PDF with a text layer, sideways pages, scans, pictures, and bad ones.
//!
//! The samples hold an invented plan: `plan-ruled.pdf` and `plan-aligned.pdf` were set with Typst (a table with
//! and without rulings), `plan-rotated.pdf` and `plan-locked.pdf` are the first one with `/Rotate 90` and with a
//! password, `plan-scan.png` is the first one drawn small, tilted by one degree and speckled.
//! Recognition needs Tesseract with its Russian model: without it these tests fail, they do not pass silently.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use opora_documents::{Limits, Options, read};
use opora_neutral::{Block, Document, Format, Level, Table};
use std::time::Duration;

const RULED: &[u8] = include_bytes!("samples/plan-ruled.pdf");
const ALIGNED: &[u8] = include_bytes!("samples/plan-aligned.pdf");
const ROTATED: &[u8] = include_bytes!("samples/plan-rotated.pdf");
const LOCKED: &[u8] = include_bytes!("samples/plan-locked.pdf");
const SCAN: &[u8] = include_bytes!("samples/plan-scan.png");

fn open(name: &str, bytes: &[u8]) -> Document {
    read(name, bytes, &Options::default())
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    let plain = |text: &str| text.replace('\n', " ");
    table.rows.iter().map(|row| row.cells.iter().map(|cell| plain(&cell.text)).collect()).collect()
}

fn codes(document: &Document) -> Vec<&str> {
    document.findings.iter().map(|finding| finding.code).collect()
}

/// The rows of the invented plan, its head left out.
const PLAN: [&[&str]; 7] = [
    &["1. Нормативно-правовое обеспечение"],
    &[
        "1.1.",
        "Создание рабочей группы по сопровождению школ",
        "Управление образования",
        "до 01.10.2023",
        "Приказ",
    ],
    &[
        "1.2.",
        "Разработка положения о мониторинге качества подготовки обучающихся",
        "Методический центр, кураторы школ",
        "сентябрь 2023 г.",
        "Положение утверждено",
    ],
    &["2. Методическое сопровождение"],
    &[
        "2.1.",
        "Семинары для учителей-предметников «Приёмы формирующего оценивания»",
        "Методический центр",
        "ежемесячно",
        "Программы семинаров",
    ],
    &[
        "2.2.",
        "Посещение уроков куратором с заполнением карты наблюдения",
        "Кураторы школ",
        "октябрь – декабрь 2023",
        "Справка",
    ],
    &[
        "2.3.",
        "Подготовка адресных рекомендаций",
        "Управление образования",
        "по мере необходимости",
        "Рекомендации на сайте",
    ],
];

fn check_text(bytes: &[u8]) {
    let document = open("план.pdf", bytes);
    assert_eq!((document.source.format, document.page_count), (Format::Pdf, Some(2)));
    assert_eq!(codes(&document), Vec::<&str>::new());
    let tables: Vec<&Table> = document.tables().collect();
    assert_eq!(tables.len(), 1, "one table over two pages");
    let found = rows(tables[0]);
    assert_eq!(
        found[found.len() - PLAN.len()..],
        PLAN.map(|row| row.iter().map(|&c| c.to_owned()).collect::<Vec<_>>())
    );
}

#[test]
fn a_ruled_table_over_two_pages_is_read() {
    check_text(RULED);
    let document = open("план.pdf", RULED);
    let table = document.tables().next().unwrap();
    assert_eq!((table.width, table.rows.len()), (5, 8), "the repeated head is dropped");
    assert_eq!((table.rows[0].place.page, table.rows[7].place.page), (Some(1), Some(2)));
    assert_eq!(table.rows[1].cells[0].column_span, 5);
    let texts: Vec<&str> = document.paragraphs().map(|paragraph| paragraph.text.as_str()).collect();
    assert!(texts.contains(&"ПРИКАЗ"), "{texts:?}");
    assert!(texts.contains(&"Начальник управления        А. Б. Примеров"), "{texts:?}");
}

#[test]
fn a_sideways_page_reads_the_same() {
    check_text(ROTATED);
}

#[test]
fn a_table_without_rulings_is_read() {
    let document = open("план.pdf", ALIGNED);
    let table = document.tables().next().unwrap();
    assert_eq!(table.width, 5);
    let found = rows(table);
    for row in PLAN.iter().filter(|row| row.len() == 5) {
        assert!(found.iter().any(|other| other == row), "{row:?} is not in {found:#?}");
    }
}

/// Letters and digits only: dashes and quotation marks are where recognition wavers.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[test]
fn a_tilted_speckled_scan_is_recognised_cell_by_cell() {
    let document = open("план.png", SCAN);
    assert!(!codes(&document).contains(&"TOOL_MISSING"), "install tesseract-ocr and tesseract-ocr-rus");
    assert_eq!(document.source.format, Format::Picture);
    assert!(codes(&document).contains(&"OCR_USED"));
    let tables: Vec<&Table> = document.tables().collect();
    assert_eq!(tables.len(), 1);
    assert_eq!((tables[0].width, tables[0].rows.len()), (5, 8));
    let found = rows(tables[0]);
    let wanted: Vec<_> = PLAN.iter().filter(|row| row.len() == 5).collect();
    let read: Vec<_> = found.iter().skip(1).filter(|row| row.len() == 5).collect();
    for (wanted, read) in wanted.iter().zip(&read) {
        assert_eq!(letters(&read[0]), letters(wanted[0]), "item number");
        assert_eq!(letters(&read[3]), letters(wanted[3]), "deadline");
    }
    let cells = tables[0].rows.iter().flat_map(|row| &row.cells);
    assert!(cells.filter(|cell| !cell.text.is_empty()).all(|cell| cell.confidence.is_some()));
}

#[test]
fn a_scan_inside_a_pdf_is_recognised() {
    let document = open("скан.pdf", &pdf_of_picture(SCAN));
    assert_eq!((document.source.format, document.page_count), (Format::ScannedPdf, Some(1)));
    assert_eq!(document.tables().map(|table| (table.width, table.rows.len())).collect::<Vec<_>>(), [(5, 8)]);
}

/// A PDF of one page that shows a picture and nothing else.
fn pdf_of_picture(png: &[u8]) -> Vec<u8> {
    let picture = image::load_from_memory(png).unwrap().into_luma8();
    let (width, height) = picture.dimensions();
    let objects = [
        (b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), None),
        (b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(), None),
        (b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 596]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>>>".to_vec(), None),
        (b"<</Length 28>>".to_vec(), Some(b"q 842 0 0 596 0 0 cm /P Do Q".to_vec())),
        (
            format!("<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8/Length {}>>", width * height).into_bytes(),
            Some(picture.into_raw()),
        ),
    ];
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (number, (head, stream)) in (1..).zip(objects) {
        offsets.push(pdf.len());
        pdf.extend(format!("{number} 0 obj\n").into_bytes());
        pdf.extend(head);
        if let Some(stream) = stream {
            pdf.extend(b"\nstream\n");
            pdf.extend(stream);
            pdf.extend(b"\nendstream");
        }
        pdf.extend(b"\nendobj\n");
    }
    let table = pdf.len();
    pdf.extend(b"xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        pdf.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    pdf.extend(format!("trailer<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").into_bytes());
    pdf
}

fn check_refused(name: &str, bytes: &[u8], code: &str) {
    let document = open(name, bytes);
    assert!(document.blocks.is_empty(), "{:?}", document.blocks);
    let errors: Vec<_> =
        document.findings.iter().filter(|f| f.level == Level::Error).map(|f| f.code).collect();
    assert_eq!(errors, [code], "{:?}", document.findings);
}

#[test]
fn bad_files_are_refused_with_a_reason() {
    check_refused("план.pdf", LOCKED, "FILE_ENCRYPTED");
    check_refused("план.pdf", &RULED[..2_000], "FILE_TRUNCATED");
    check_refused("план.pdf", b"%PDF-1.7\nno objects at all", "FILE_TRUNCATED");
    check_refused("скан.png", &SCAN[..5_000], "FILE_TRUNCATED");
}

fn png(picture: &image::GrayImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn a_picture_without_text_is_said_to_have_none() {
    check_refused(
        "лист.png",
        &png(&image::GrayImage::from_pixel(800, 600, image::Luma([250]))),
        "OCR_NO_TEXT",
    );
    // Soft round shadows, as on a photo of anything but a document.
    let photo = image::GrayImage::from_fn(900, 700, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        let level = 128.0 + 60.0 * (x / 37.0).sin() * (y / 29.0).cos() + 50.0 * ((x * y) / 9_000.0).sin();
        image::Luma([level.clamp(0.0, 255.0) as u8])
    });
    check_refused("кот.jpg", &png(&photo), "OCR_NO_TEXT");
}

#[test]
fn limits_are_kept() {
    let one_page = Limits { max_pages: 1, ..Limits::default() };
    let document = read("план.pdf", RULED, &Options { limits: one_page });
    assert_eq!((codes(&document), document.page_count), (vec!["PAGES_LIMIT"], Some(2)));
    let pages = document.blocks.iter().map(|block| match block {
        Block::Paragraph(paragraph) => paragraph.place.page,
        Block::Table(table) => table.place.page,
    });
    assert_eq!(pages.max(), Some(Some(1)));
    let no_time = Limits { ocr_total_time: Duration::ZERO, ..Limits::default() };
    let document = read("план.png", SCAN, &Options { limits: no_time });
    assert_eq!(codes(&document), ["OCR_TIME"]);
}
