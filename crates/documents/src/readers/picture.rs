//! What does a picture of a page say?

use super::{pdf, scan};
use crate::codes;
use crate::limits::Limits;
use crate::refuse;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageReader};
use opora_neutral::{Document, Finding};
use std::io::Cursor;

/// No side of a picture may be longer than this, dots.
const MOST_SIDE: u32 = 30_000;
/// Memory for the dots of a picture, bytes.
const MOST_BYTES: u64 = 1 << 30;
/// Letters of a smaller picture have too few dots: it is enlarged to this, longer side.
const SMALL: u32 = 2_200;
/// More pages of a TIFF are not looked for.
const MOST_PAGES: usize = 10_000;
/// More dots only cost time.
const LARGE: u32 = 4_600;

/// Fills a document from the bytes of a PNG, JPEG or TIFF.
pub(crate) fn read(bytes: &[u8], limits: &Limits, document: &mut Document) {
    let first = match decode(bytes) {
        Ok(picture) => picture,
        Err(finding) => {
            document.findings.push(*finding);
            return;
        }
    };
    let places = tiff_pages(bytes);
    let count = u32::try_from(places.len().max(1)).unwrap_or(u32::MAX);
    document.page_count = Some(count);
    let read = count.min(limits.max_pages);
    if read < count {
        document.findings.push(codes::PAGES_LIMIT.finding(
            format!("Прочитаны первые {read} из {count} страниц."),
            "Очень длинные файлы читаются не целиком, чтобы не занимать компьютер надолго.",
            "Разделите файл и приложите нужную часть отдельно.",
        ));
    }
    let page = |number: u32| match number {
        1 => Ok(first.clone()),
        _ => page_of_tiff(bytes, &places, number),
    };
    let (pages, findings) = scan::read_pictures(read, limits, page);
    let only = pages.is_empty();
    document.findings.extend(findings.into_iter().map(|finding| pdf::soften(finding, only)));
    pdf::fill(pages, limits, document);
}

/// A further page of a TIFF: the file with its header pointing at the directory of that page.
fn page_of_tiff(bytes: &[u8], places: &[[u8; 4]], number: u32) -> Result<GrayImage, String> {
    let unread = || format!("страница {number} не раскрывается");
    let place = usize::try_from(number).ok().and_then(|number| places.get(number.checked_sub(1)?));
    let mut copy = bytes.to_vec();
    copy.get_mut(4..8).zip(place).ok_or_else(unread)?.0.copy_from_slice(place.ok_or_else(unread)?);
    decode(&copy).map_err(|_| unread())
}

/// Where the directories of the pages of a TIFF stand, as the file writes it; empty for any other file.
fn tiff_pages(bytes: &[u8]) -> Vec<[u8; 4]> {
    let little = match bytes.get(..4) {
        Some(b"II*\0") => true,
        Some(b"MM\0*") => false,
        _ => return Vec::new(),
    };
    let digits = |at: usize, length: usize| bytes.get(at..at.checked_add(length)?);
    let number = |at: usize, length: usize| {
        let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        let digits = digits(at, length)?;
        Some(if little { digits.iter().rev().fold(0, add) } else { digits.iter().fold(0, add) })
    };
    let mut places: Vec<[u8; 4]> = Vec::new();
    let mut at = 4;
    while let Some(place) = digits(at, 4).and_then(|place| <[u8; 4]>::try_from(place).ok())
        && place != [0; 4]
        && !places.contains(&place)
        && places.len() < MOST_PAGES
    {
        // A directory is the count of its entries, twelve bytes for each, and the place of the next one.
        let next = number(at, 4).and_then(|directory| {
            let entries = number(directory, 2)?;
            directory.checked_add(2 + entries * 12)
        });
        let Some(next) = next else { break };
        places.push(place);
        at = next;
    }
    places
}

fn decode(bytes: &[u8]) -> Result<GrayImage, Box<Finding>> {
    let damaged = |_| Box::new(refuse::truncated("рисунок не раскрывается"));
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| Box::new(refuse::truncated("")))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    // A telephone stores the picture as its sensor lies and notes how it was held.
    picture.apply_orientation(orientation);
    let longest = picture.width().max(picture.height());
    if picture.width().min(picture.height()) < 16 {
        return Err(Box::new(codes::OCR_NO_TEXT.finding(
            "На изображении не найден текст.",
            "Изображение слишком маленькое.",
            "Отсканируйте документ с разрешением 300 точек на дюйм.",
        )));
    }
    let gray = on_white(&picture);
    let wanted = longest.clamp(SMALL, LARGE);
    if wanted == longest {
        return Ok(gray);
    }
    let scaled = |side: u32| (u64::from(side) * u64::from(wanted) / u64::from(longest)).max(1) as u32;
    let (width, height) = (scaled(gray.width()), scaled(gray.height()));
    Ok(image::imageops::resize(&gray, width, height, image::imageops::FilterType::CatmullRom))
}

/// Grey levels; what is transparent is paper.
fn on_white(picture: &DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.to_luma8();
    }
    let dots = picture.to_luma_alpha8();
    GrayImage::from_fn(dots.width(), dots.height(), |x, y| {
        let image::LumaA([level, alpha]) = *dots.get_pixel(x, y);
        let (level, alpha) = (u32::from(level), u32::from(alpha));
        image::Luma([u8::try_from((level * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tiff_tells_of_its_pages() {
        let check = |bytes: &[u8], expected: usize| assert_eq!(tiff_pages(bytes).len(), expected);
        check(b"II*\0\x08\0\0\0\x01\0ENTRYENTRYEN\0\0\0\0", 1);
        check(b"II*\0\x08\0\0\0\0\0\x0e\0\0\0\0\0\0\0\0\0", 2);
        // The second directory points back at the first.
        check(b"II*\0\x08\0\0\0\0\0\x0e\0\0\0\0\0\x08\0\0\0", 2);
        check(b"MM\0*\xff\xff\xff\xff", 0);
        check(b"\x89PNG", 0);
    }
}
