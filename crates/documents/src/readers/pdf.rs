//! What does a PDF say, page by page?
//!
//! Text and rulings come from `hayro-interpret`, which interprets the content of a page for a renderer and
//! hands over each glyph with its text and its place. It was compared with `pdfsink-rs` on real and made files
//! of five producers: the same letters, four to eight times faster (22 pages in 7 ms against 58), a password is
//! told from damage, `/Rotate` is undone by the library, and it has a renderer's experience with broken files.
//! (`pdfsink-rs` answers a protected file with no pages and no error, and its newest version needs a newer
//! compiler than ours.) Words, lines and tables are made by our own `layout`, which serves scans, too.
//!
//! Each page is read by its own kind: a page without text goes through character recognition.

mod drawn;
mod words;

use super::scan;
use crate::codes;
use crate::layout::{self, Page};
use crate::limits::Limits;
use crate::refuse;
use drawn::Drawing;
use hayro_interpret::InterpreterCache;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use opora_neutral::{Document, Finding, Format, Level};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

/// Deeply nested forms need more than the usual two megabytes.
const STACK_BYTES: usize = 32 << 20;
/// A page with fewer letters than this may be a scan with a stamp of some system on it.
const FEW_LETTERS: usize = 20;
/// A picture over the whole page with fewer letters than this is a scan with a stamp of an electronic signature.
const STAMP_LETTERS: usize = 320;

/// Fills a document from the bytes of a PDF.
pub(crate) fn read(bytes: &[u8], limits: &Limits, document: &mut Document) {
    let opened = match open(bytes, limits) {
        Ok(opened) => opened,
        Err(finding) => {
            document.findings.push(*finding);
            return;
        }
    };
    document.page_count = Some(opened.page_count);
    if opened.page_count > limits.max_pages {
        document.findings.push(codes::PAGES_LIMIT.finding(
            format!("Прочитаны первые {} из {} страниц.", limits.max_pages, opened.page_count),
            "Очень длинные файлы читаются не целиком, чтобы не занимать компьютер надолго.",
            "Разделите файл и приложите нужную часть отдельно.",
        ));
    }
    let (mut pages, mut scanned) = (Vec::new(), Vec::new());
    for (number, drawing) in (1u32..).zip(opened.drawings) {
        match kind(&drawing) {
            PageKind::Text => pages.push(words::page(drawing, number)),
            PageKind::Scan => scanned.push(number),
            PageKind::Blank => {}
        }
    }
    if pages.is_empty() && !scanned.is_empty() {
        document.source.format = Format::ScannedPdf;
    }
    if !scanned.is_empty() {
        let only = pages.is_empty();
        let (recognised, findings) = scan::read_pdf_pages(bytes, &scanned, limits);
        // With text on other pages a missing tool costs these pages, not the document.
        document.findings.extend(findings.into_iter().map(|finding| soften(finding, only)));
        pages.extend(recognised);
        pages.sort_by_key(|page| page.number);
    }
    fill(pages, limits, document);
}

/// Lays the pages out into the document, within the limits.
pub(crate) fn fill(pages: Vec<Page>, limits: &Limits, document: &mut Document) {
    let mut blocks = layout::lay_out(pages).blocks;
    let mut cells = 0usize;
    let fitting = blocks.iter().take(limits.max_blocks).take_while(|block| {
        if let opora_neutral::Block::Table(table) = block {
            cells += table.rows.iter().map(|row| row.cells.len()).sum::<usize>();
        }
        cells <= limits.max_cells
    });
    let fitting = fitting.count();
    if fitting < blocks.len() {
        blocks.truncate(fitting);
        document.findings.push(refuse::content_limit("в нём слишком много абзацев или ячеек"));
    }
    document.blocks = blocks;
}

/// An error about some pages costs these pages, not the document.
pub(super) fn soften(finding: Finding, only: bool) -> Finding {
    match finding.level {
        Level::Error if !only => Finding { level: Level::Warning, ..finding },
        _ => finding,
    }
}

enum PageKind {
    Text,
    Scan,
    Blank,
}

fn kind(drawing: &Drawing) -> PageKind {
    let letters = drawing.letters.iter().filter(|letter| !letter.text.trim().is_empty()).count();
    // Letters without a text, or outlines instead of letters, can only be read as a picture.
    let is_unreadable = drawing.unmapped * 3 > letters && letters > 0;
    let is_picture = (drawing.picture_share > 0.25 && letters < FEW_LETTERS)
        || (drawing.picture_share > 0.8 && letters < STAMP_LETTERS);
    let is_outlined = letters == 0 && drawing.paths > 100;
    if is_unreadable || is_picture || is_outlined {
        PageKind::Scan
    } else if letters == 0 {
        PageKind::Blank
    } else {
        PageKind::Text
    }
}

struct Opened {
    page_count: u32,
    drawings: Vec<Drawing>,
}

/// Interprets the file on a thread of its own: a hostile file may make the library panic, recurse deeply or
/// run for long, and none of that may take the program down. A thread can't be killed, so it is also told to
/// stop at the next page.
fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, Box<Finding>> {
    let (bytes, max_pages) = (bytes.to_vec(), limits.max_pages as usize);
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let (sender, receiver) = mpsc::channel();
    let interpreter = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        // Nobody listens any more when the time was up.
        let _ = sender.send(interpret(bytes, max_pages, &stopped));
    });
    let Ok(interpreter) = interpreter else {
        return Err(Box::new(refuse::truncated("не хватило памяти")));
    };
    match receiver.recv_timeout(limits.paged_time) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => {
            stop.store(true, Ordering::Relaxed);
            Err(Box::new(refuse::hostile("Разбор страниц не закончился за отведённое время.")))
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            // The sender is gone without a word: the library has panicked.
            let _ = interpreter.join();
            Err(Box::new(refuse::truncated("содержание страниц не разбирается")))
        }
    }
}

fn interpret(bytes: Vec<u8>, max_pages: usize, stop: &AtomicBool) -> Result<Opened, Box<Finding>> {
    let pdf = Pdf::new(bytes).map_err(|error| Box::new(unopened(error)))?;
    let cache = InterpreterCache::new();
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(Box::new(refuse::truncated("в PDF нет ни одной страницы")));
    }
    let going = pages.iter().take(max_pages).take_while(|_| !stop.load(Ordering::Relaxed));
    let drawings = going.map(|page| drawn::draw(&pdf, page, &cache)).collect();
    Ok(Opened { page_count: u32::try_from(pages.len()).unwrap_or(u32::MAX), drawings })
}

fn unopened(error: LoadPdfError) -> Finding {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => refuse::encrypted(),
        LoadPdfError::Decryption(_) => codes::FILE_ENCRYPTED.finding(
            "Файл защищён неизвестным способом.",
            "Такую защиту снять нельзя, и содержание остаётся закрытым.",
            "Откройте файл, распечатайте его в новый PDF и приложите новый.",
        ),
        LoadPdfError::Invalid => refuse::truncated("страницы PDF не находятся"),
    }
}
