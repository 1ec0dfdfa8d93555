//! Are pictures of pages read however they were taken: several to a file, in bad light, with a stamp over them?
//!
//! The sample is `plan-scan.png` of an invented plan; see `paged.rs`. Recognition needs Tesseract with its Russian
//! model: without it these tests fail, they do not pass silently.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use image::{GrayImage, Luma};
use opora_documents::{Options, read};
use opora_neutral::{Document, Format};

const SCAN: &[u8] = include_bytes!("samples/plan-scan.png");

fn open(name: &str, bytes: &[u8]) -> Document {
    read(name, bytes, &Options::default())
}

fn scan() -> GrayImage {
    image::load_from_memory(SCAN).unwrap().into_luma8()
}

/// The deadlines of the plan with the numbers before them, letters and digits only.
fn deadlines(document: &Document) -> Vec<String> {
    let rows = document.tables().flat_map(|table| &table.rows).filter(|row| row.cells.len() == 5);
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    rows.skip(1)
        .map(|row| format!("{} {}", letters(&row.cells[0].text), letters(&row.cells[3].text)))
        .collect()
}

const DEADLINES: [&str; 4] = ["11 до01102023", "12 сентябрь2023г", "21 ежемесячно", "22"];

fn check(document: &Document) {
    let found = deadlines(document);
    for expected in DEADLINES {
        assert!(found.iter().any(|row| row.starts_with(expected)), "{expected} is not in {found:?}");
    }
}

/// A TIFF of several uncompressed grey pages.
fn tiff(pages: &[GrayImage]) -> Vec<u8> {
    let mut file = b"II*\0\0\0\0\0".to_vec();
    let mut link = 4;
    for page in pages {
        let data = file.len() as u32;
        file.extend(page.as_raw());
        file.resize(file.len().next_multiple_of(2), 0);
        let directory = file.len() as u32;
        file[link..link + 4].copy_from_slice(&directory.to_le_bytes());
        let (width, height) = page.dimensions();
        let entries = [
            (256, width),
            (257, height),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, data),
            (277, 1),
            (278, height),
            (279, width * height),
        ];
        file.extend((entries.len() as u16).to_le_bytes());
        for (tag, value) in entries {
            file.extend((tag as u16).to_le_bytes());
            file.extend(4_u16.to_le_bytes());
            file.extend(1_u32.to_le_bytes());
            file.extend(u32::to_le_bytes(value));
        }
        link = file.len();
        file.extend([0; 4]);
    }
    file
}

#[test]
fn every_page_of_a_tiff_is_read() {
    let note = GrayImage::from_pixel(1_600, 900, Luma([255]));
    let document = open("скан.tif", &tiff(&[note, scan()]));
    assert_eq!((document.source.format, document.page_count), (Format::Picture, Some(2)));
    check(&document);
    assert!(document.tables().all(|table| table.place.page == Some(2)));
}

#[test]
fn a_photo_in_bad_light_is_read() {
    let mut photo = scan();
    let (width, height) = photo.dimensions();
    for (x, y, dot) in photo.enumerate_pixels_mut() {
        // The light falls off to a corner, and a hand throws a shadow over the middle.
        let (x, y) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        let shadow = 1.0 - 0.55 / (1.0 + (-(x - 0.55) * 22.0).exp());
        let light = (1.0 - 0.5 * (x * 0.5 + y * 0.5)) * shadow;
        dot.0[0] = (f64::from(dot.0[0]) * light) as u8;
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    photo.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    check(&open("фото.jpg", &bytes.into_inner()));
}

#[test]
fn a_scan_with_the_stamp_of_an_electronic_signature_is_read() {
    let page = scan();
    let (width, height) = page.dimensions();
    let stamp = "q 842 0 0 596 0 0 cm /P Do Q BT /F 7 Tf 20 12 Td (Signed electronically. Certificate 00A1B2C3D4E5F6. Owner: Lesnaya Irina. Valid until 01.10.2024) Tj ET";
    let objects = [
        ("<</Type/Catalog/Pages 2 0 R>>".to_owned(), None),
        ("<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(), None),
        ("<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 596]/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>/Font<</F 6 0 R>>>>>>".to_owned(), None),
        (format!("<</Length {}>>", stamp.len()), Some(stamp.as_bytes().to_vec())),
        (format!("<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8/Length {}>>", width * height), Some(page.into_raw())),
        ("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(), None),
    ];
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut table = String::from("xref\n0 7\n0000000000 65535 f \n");
    for (number, (head, stream)) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", pdf.len());
        pdf.extend(format!("{number} 0 obj\n{head}").into_bytes());
        if let Some(stream) = stream {
            pdf.extend(b"\nstream\n".iter().chain(&stream).chain(b"\nendstream"));
        }
        pdf.extend(b"\nendobj\n");
    }
    let start = pdf.len();
    pdf.extend(format!("{table}trailer<</Size 7/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    let document = open("скан.pdf", &pdf);
    assert_eq!(document.source.format, Format::ScannedPdf);
    check(&document);
}
