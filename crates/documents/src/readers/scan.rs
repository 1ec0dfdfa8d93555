//! Which words and rulings does the picture of a page show?
//!
//! Rulings are found on the picture itself, and painted over before recognition: Tesseract reads them as
//! letters otherwise. Where they draw a grid, each cell is recognised by itself, so that words of
//! neighbouring columns never run together; what is outside of grids is recognised as a page.

mod bitmap;
mod light;
mod rulings;
mod tesseract;

use crate::codes;
use crate::external::{Failure, Program};
use crate::layout::{Area, Page, Rule, Word, grids};
use crate::limits::Limits;
use crate::refuse;
use bitmap::{Box, Ink};
use image::GrayImage;
use opora_neutral::{Finding, Level, Place};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tesseract::{Cut, Seen};

/// Pages are drawn with so many dots an inch: what Tesseract was trained for.
const DOTS_PER_INCH: f64 = 300.0;
/// No side of a drawn page is longer than this, dots.
const MOST_DOTS: u32 = 6_000;
/// Pages recognised at a time.
const WORKERS: usize = 2;
/// Below this mean confidence a page may stand on its head, per cent.
const POOR: f64 = 55.0;
/// Below this mean confidence what was recognised is no text at all, per cent.
const HOPELESS: f64 = 38.0;
/// Below this mean confidence a person should look, per cent.
const DOUBTFUL: f64 = 75.0;
/// Fewer letters than this are dirt, not a document.
const FEWEST_LETTERS: usize = 12;
/// Where a missing program comes from.
pub(crate) const INSTALL: &str = "sudo apt install tesseract-ocr tesseract-ocr-rus poppler-utils";
const INSTEAD: &str = "или приложите документ с текстом: DOCX либо PDF, сохранённый из редактора.";

/// Recognises pages of a PDF, given by their numbers from one.
pub(crate) fn read_pdf_pages(bytes: &[u8], numbers: &[u32], limits: &Limits) -> (Vec<Page>, Vec<Finding>) {
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return (Vec::new(), vec![failed(&Failure::System(error.to_string()))]),
    };
    let path = folder.path().join("scan.pdf");
    if let Err(error) = std::fs::write(&path, bytes) {
        return (Vec::new(), vec![failed(&Failure::System(error.to_string()))]);
    }
    let draw = |number: u32, time: Duration| {
        let number = number.to_string();
        let output = Program::new("pdftoppm", time)
            .args(["-gray", "-r", "300", "-f", &number, "-l", &number, "-singlefile"])
            .args(if is_huge(&path, &number, time) { vec!["-scale-to", "6000"] } else { Vec::new() })
            .arg(&path)
            .run()?;
        image::load_from_memory_with_format(&output, image::ImageFormat::Pnm)
            .map(|picture| Sheet::of_page(picture.into_luma8()))
            .map_err(|error| Failure::Refused(error.to_string()))
    };
    recognise_all(numbers, limits, draw)
}

/// A page of many metres would fill the memory with its picture.
fn is_huge(path: &std::path::Path, number: &str, time: Duration) -> bool {
    let info = Program::new("pdfinfo", time).args(["-f", number, "-l", number]).arg(path).run();
    let text = info.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let size = text.lines().find(|line| line.starts_with("Page") && line.contains("size:"));
    let sides = size.into_iter().flat_map(str::split_whitespace).filter_map(|word| word.parse::<f64>().ok());
    sides.fold(0.0, f64::max) > f64::from(MOST_DOTS) / DOTS_PER_INCH * 72.0
}

/// Recognises pictures of pages, numbered from one; each is asked for when its turn comes.
pub(crate) fn read_pictures(
    count: u32,
    limits: &Limits,
    page: impl Fn(u32) -> Result<GrayImage, String> + Sync,
) -> (Vec<Page>, Vec<Finding>) {
    let numbers: Vec<u32> = (1..=count).collect();
    recognise_all(&numbers, limits, |number, _| page(number).map(Sheet::of_picture).map_err(Failure::Refused))
}

/// A picture of a page with its scale.
struct Sheet {
    picture: GrayImage,
    dots_per_inch: f64,
}

impl Sheet {
    fn of_page(picture: GrayImage) -> Self {
        Self { picture, dots_per_inch: DOTS_PER_INCH }
    }

    /// A picture does not tell its scale reliably: its longer side is taken as that of a sheet of A4.
    fn of_picture(picture: GrayImage) -> Self {
        let longest = picture.width().max(picture.height()).max(1);
        Self { picture, dots_per_inch: f64::from(longest) / 11.69 }
    }
}

fn recognise_all(
    numbers: &[u32],
    limits: &Limits,
    draw: impl Fn(u32, Duration) -> Result<Sheet, Failure> + Sync,
) -> (Vec<Page>, Vec<Finding>) {
    let started = Instant::now();
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(u32, Result<Page, Failure>)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS.min(numbers.len()) {
            scope.spawn(|| {
                while let Some(&number) = numbers.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let left =
                        limits.ocr_total_time.saturating_sub(started.elapsed()).min(limits.ocr_page_time);
                    let result = if left.is_zero() {
                        Err(Failure::TimedOut)
                    } else {
                        draw(number, left).and_then(|sheet| recognise(&sheet, number, left))
                    };
                    if let Ok(mut results) = results.lock() {
                        results.push((number, result));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(number, _)| *number);
    sum_up(results)
}

fn sum_up(results: Vec<(u32, Result<Page, Failure>)>) -> (Vec<Page>, Vec<Finding>) {
    let (mut pages, mut findings) = (Vec::new(), Vec::new());
    let mut late = Vec::new();
    let mut failure = None;
    for (number, result) in results {
        match result {
            Ok(page) => pages.push(page),
            Err(Failure::TimedOut) => late.push(number.to_string()),
            Err(other) => failure = Some(other),
        }
    }
    findings.extend(failure.as_ref().map(failed));
    if !late.is_empty() {
        let finding = codes::OCR_TIME.finding(
            format!("Не распознаны страницы: {}.", late.join(", ")),
            "Распознавание не закончилось за отведённое время.",
            "Приложите эти страницы отдельным файлом или документ с текстом.",
        );
        // Without any page read it is no longer a gap in the document: there is no document.
        let level = if pages.is_empty() { Level::Error } else { finding.level };
        findings.push(Finding { level, ..finding });
    }
    let letters = |page: &Page| page.words.iter().map(|word| word.text.chars().count()).sum::<usize>();
    if pages.iter().map(letters).sum::<usize>() < FEWEST_LETTERS {
        if failure.is_none() && late.is_empty() {
            findings.push(no_text());
        }
        return (Vec::new(), findings);
    }
    findings.push(codes::OCR_USED.finding(
        "Текст распознан с изображения.",
        "При распознавании бывают ошибки, особенно в датах и номерах.",
        "Сверьте сроки и номера с исходным документом.",
    ));
    findings.extend(pages.iter().filter(|page| mean_confidence(&page.words) < DOUBTFUL).map(|page| {
        codes::OCR_DOUBTFUL.at(
            Place::page(page.number),
            "Страница распознана неуверенно.",
            "Изображение нечёткое, тёмное или снято под углом.",
            "Отсканируйте её с разрешением 300 точек на дюйм или проверьте каждую строку.",
        )
    }));
    (pages, findings)
}

pub(crate) fn no_text() -> Finding {
    codes::OCR_NO_TEXT.finding(
        "На изображении не найден текст.",
        "Распознавание не увидело на нём ни строк, ни таблиц.",
        "Проверьте, тот ли файл приложен, и отсканируйте документ ровно и с разрешением 300 точек на дюйм.",
    )
}

fn failed(failure: &Failure) -> Finding {
    if let Failure::Refused(complaint) = failure
        && complaint.contains("rus")
        && (complaint.contains("loading language") || complaint.contains("traineddata"))
    {
        return refuse::tool(&Failure::Missing, "русская модель Tesseract", INSTALL, INSTEAD);
    }
    refuse::tool(failure, "распознавания текста (tesseract, pdftoppm)", INSTALL, INSTEAD)
}

fn mean_confidence(words: &[Word]) -> f64 {
    let mut sums = (0.0, 0.0);
    for word in words {
        let letters = word.text.chars().filter(|c| c.is_alphanumeric()).count() as f64;
        sums = (sums.0 + letters * f64::from(word.confidence.unwrap_or(0)), sums.1 + letters);
    }
    if sums.1 > 0.0 { sums.0 / sums.1 } else { 0.0 }
}

/// Recognises a page; one that reads poorly is tried again as Tesseract would turn it.
fn recognise(sheet: &Sheet, number: u32, time: Duration) -> Result<Page, Failure> {
    let started = Instant::now();
    let lit = light::evened(&sheet.picture);
    let lit = lit.map(|picture| Sheet { picture, dots_per_inch: sheet.dots_per_inch });
    let sheet = lit.as_ref().unwrap_or(sheet);
    let mut best = recognise_upright(sheet, number, time)?;
    if mean_confidence(&best.words) < POOR {
        let left = time.saturating_sub(started.elapsed());
        let turned = match tesseract::quarter_turns(&sheet.picture, left) {
            Some(1) => Some(image::imageops::rotate90(&sheet.picture)),
            Some(2) => Some(image::imageops::rotate180(&sheet.picture)),
            Some(3) => Some(image::imageops::rotate270(&sheet.picture)),
            _ => None,
        };
        if let Some(picture) = turned {
            let left = time.saturating_sub(started.elapsed());
            let again =
                recognise_upright(&Sheet { picture, dots_per_inch: sheet.dots_per_inch }, number, left)?;
            if mean_confidence(&again.words) > mean_confidence(&best.words) {
                best = again;
            }
        }
    }
    if mean_confidence(&best.words) < HOPELESS {
        best.words.clear();
    }
    Ok(best)
}

fn recognise_upright(sheet: &Sheet, number: u32, time: Duration) -> Result<Page, Failure> {
    let started = Instant::now();
    let scale = 72.0 / sheet.dots_per_inch;
    let mut ink = Ink::of(&sheet.picture);
    let tilt = ink.tilt();
    let mut picture = sheet.picture.clone();
    if tilt != 0.0 {
        picture = bitmap::turned_back(&picture, tilt);
        ink = Ink::of(&picture);
    }
    let found = rulings::rulings(&ink, sheet.dots_per_inch);
    rulings::blank(&mut picture, &ink, &found, sheet.dots_per_inch);
    let ink = Ink::of(&picture);
    bitmap::clean(&mut picture, &ink);
    let rules: Vec<Rule> = found.iter().map(|ruling| ruling.rule(scale)).collect();
    let cells: Vec<Area> = grids(&rules)
        .iter()
        .flat_map(|grid| grid.cells.iter().map(|cell| grid.area_of(cell)).collect::<Vec<_>>())
        .collect();
    let left = || time.saturating_sub(started.elapsed()).max(Duration::from_millis(1));
    let mut words = recognise_cells(&mut picture, &ink, &cells, scale, left)?;
    let cut = if cells.is_empty() { Cut::Page } else { Cut::Column };
    let outside = tesseract::recognise(std::slice::from_ref(&picture), cut, sheet.dots_per_inch, left())?;
    let outside = without_specks(&outside.concat());
    words.extend(outside.into_iter().filter_map(|seen| word(seen, (0.0, 0.0), scale)));
    let (width, height) = picture.dimensions();
    Ok(Page { number, width: f64::from(width) * scale, height: f64::from(height) * scale, words, rules })
}

/// A cell cut out of the picture.
struct Crop {
    picture: GrayImage,
    /// Where its top left dot stands on the page.
    corner: (f64, f64),
    /// Text of one line only.
    is_line: bool,
    /// Hardly wider than an item number.
    is_narrow: bool,
}

/// Recognises each cell by itself and paints it over, so that the rest can be read as a page.
fn recognise_cells(
    picture: &mut GrayImage,
    ink: &Ink,
    cells: &[Area],
    scale: f64,
    left: impl Fn() -> Duration,
) -> Result<Vec<Word>, Failure> {
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    let dots = |points: f64| (points / scale).round().max(0.0) as u32;
    let dots_per_inch = 72.0 / scale;
    let crops = cells.iter().filter_map(|cell| {
        let inset = 3;
        let area = Box {
            left: (dots(cell.left) + inset) as usize,
            top: (dots(cell.top) + inset) as usize,
            right: dots(cell.right).saturating_sub(inset) as usize,
            bottom: dots(cell.bottom).saturating_sub(inset) as usize,
        };
        crop(picture, ink, area, dots_per_inch)
    });
    let (lines, blocks): (Vec<Crop>, Vec<Crop>) = crops.partition(|crop| crop.is_line);
    for cell in cells {
        paint_white(picture, dots(cell.left), dots(cell.top), dots(cell.right), dots(cell.bottom));
    }
    let pictures = |crops: &[Crop]| crops.iter().map(|crop| crop.picture.clone()).collect::<Vec<_>>();
    let in_blocks = tesseract::recognise(&pictures(&blocks), Cut::Block, dots_per_inch, left())?;
    let mut in_lines = tesseract::recognise(&pictures(&lines), Cut::Line, dots_per_inch, left())?;
    // A second look betters single numbers: without time for it the page is still read.
    let _ = look_again(&lines, &mut in_lines, dots_per_inch, left() / 2);
    let words = blocks.iter().zip(in_blocks).chain(lines.iter().zip(in_lines)).flat_map(|(crop, seen)| {
        seen.into_iter().filter_map(|seen| word(seen, crop.corner, scale)).collect::<Vec<_>>()
    });
    Ok(words.collect())
}

/// The ink of a cell with white around it; `None` when it is empty.
fn crop(picture: &GrayImage, ink: &Ink, area: Box, dots_per_inch: f64) -> Option<Crop> {
    if area.right <= area.left || area.bottom <= area.top {
        return None;
    }
    let (rows, columns) = ink.stretches_in(area);
    let (top, bottom) = (rows.first()?.0, rows.last()?.1);
    let (left, right) = (columns.first()?.0, columns.last()?.1);
    let tall = rows.iter().filter(|(from, to)| (to - from) as f64 > dots_per_inch * 0.05).count();
    if tall == 0 && (right - left) < 8 {
        return None;
    }
    let margin = 4;
    let (left, top) = (left.saturating_sub(margin).max(area.left), top.saturating_sub(margin).max(area.top));
    let (right, bottom) = ((right + margin + 1).min(area.right), (bottom + margin + 1).min(area.bottom));
    let at = |value: usize| u32::try_from(value).unwrap_or_default();
    let (width, height) = (at(right - left), at(bottom - top));
    let part = image::imageops::crop_imm(picture, at(left), at(top), width, height).to_image();
    let mut framed = GrayImage::from_pixel(width + 2 * FRAME, height + 2 * FRAME, WHITE);
    image::imageops::replace(&mut framed, &part, i64::from(FRAME), i64::from(FRAME));
    Some(Crop {
        picture: framed,
        corner: (left as f64 - f64::from(FRAME), top as f64 - f64::from(FRAME)),
        is_line: tall <= 1 && f64::from(height) < dots_per_inch * 0.3,
        is_narrow: f64::from(width) < dots_per_inch * 0.7,
    })
}

/// Reads poorly read lines again with their grain smoothed, and narrow ones as digits: item numbers are too
/// short for a language model, which makes words of them.
fn look_again(
    crops: &[Crop],
    seen: &mut [Vec<Seen>],
    dots_per_inch: f64,
    time: Duration,
) -> Result<(), Failure> {
    for cut in [Cut::Line, Cut::Digits] {
        let poor: Vec<(usize, GrayImage)> = crops
            .iter()
            .zip(seen.iter())
            .enumerate()
            .filter(|(_, (crop, seen))| lowest(seen) < SURE && (cut == Cut::Line || crop.is_narrow))
            .map(|(index, (crop, _))| (index, image::imageops::blur(&crop.picture, SMOOTH)))
            .collect();
        let (indices, pictures): (Vec<usize>, Vec<GrayImage>) = poor.into_iter().unzip();
        let again = tesseract::recognise(&pictures, cut, dots_per_inch, time)?;
        for (index, better) in indices.into_iter().zip(again) {
            let Some(slot) = seen.get_mut(index) else { continue };
            let is_wordless = !slot.iter().any(|w| w.text.chars().filter(|c| c.is_alphabetic()).count() > 1);
            let fits = cut == Cut::Line || is_wordless || lowest(slot) < HOPELESS as u8;
            if fits && lowest(&better) > lowest(slot) {
                *slot = better;
            }
        }
    }
    Ok(())
}

/// Confidence of the least certain word; none at all is no certainty.
fn lowest(seen: &[Seen]) -> u8 {
    seen.iter().map(|word| word.confidence).min().unwrap_or(0)
}

/// Width of the smoothing of a second look, dots.
const SMOOTH: f32 = 1.2;
/// What is read with this confidence is not read again, per cent.
const SURE: u8 = 90;
/// White around a cell: Tesseract wants letters to stand clear of the edge.
const FRAME: u32 = 16;
const WHITE: image::Luma<u8> = image::Luma([255]);

fn paint_white(picture: &mut GrayImage, left: u32, top: u32, right: u32, bottom: u32) {
    for y in top..bottom.min(picture.height()) {
        for x in left..right.min(picture.width()) {
            picture.put_pixel(x, y, WHITE);
        }
    }
}

/// What is left of stamps and of painted cells reads as lines of a letter or two, with little confidence.
fn without_specks(seen: &[Seen]) -> Vec<Seen> {
    let lines = seen.chunk_by(|a, b| a.top == b.top && a.bottom == b.bottom);
    let is_text = |line: &&[Seen]| {
        let letters: usize = line.iter().map(|word| word.text.chars().count()).sum();
        let best = line.iter().map(|word| word.confidence).max().unwrap_or(0);
        best >= 50 || (letters > 12 && best >= 30)
    };
    lines.filter(is_text).flatten().cloned().collect()
}

/// A recognised word in points; specks read as strokes are dropped.
fn word(seen: Seen, corner: (f64, f64), scale: f64) -> Option<Word> {
    let has_letters = seen.text.chars().any(char::is_alphanumeric);
    let is_mark =
        matches!(seen.text.as_str(), "-" | "–" | "—" | "№" | "•" | "+" | "%" | "«" | "»" | "/" | "(" | ")");
    let is_sure_mark = is_mark && seen.confidence >= 50;
    if !(has_letters || is_sure_mark) {
        return None;
    }
    let area = Area {
        left: (seen.left + corner.0) * scale,
        top: (seen.top + corner.1) * scale,
        right: (seen.right + corner.0) * scale,
        bottom: (seen.bottom + corner.1) * scale,
    };
    let size = area.height() * 0.9;
    Some(Word { text: seen.text, area, size, bold: false, confidence: Some(seen.confidence) })
}
