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
/// More dots only cost time.
const LARGE: u32 = 4_600;

/// Fills a document from the bytes of a PNG, JPEG or TIFF.
pub(crate) fn read(bytes: &[u8], limits: &Limits, document: &mut Document) {
    let picture = match decode(bytes) {
        Ok(picture) => picture,
        Err(finding) => {
            document.findings.push(*finding);
            return;
        }
    };
    document.page_count = Some(1);
    if has_more_pages(bytes) {
        document.findings.push(codes::PAGES_LIMIT.finding(
            "В файле TIFF несколько страниц, прочитана только первая.",
            "Мероприятия с остальных страниц не попали в план.",
            "Сохраните скан как PDF: он читается целиком.",
        ));
    }
    let (pages, findings) = scan::read_picture(&picture, limits);
    document.findings.extend(findings);
    pdf::fill(pages, limits, document);
}

/// A TIFF whose first directory is followed by another one.
fn has_more_pages(bytes: &[u8]) -> bool {
    let little = match bytes.get(..4) {
        Some(b"II*\0") => true,
        Some(b"MM\0*") => false,
        _ => return false,
    };
    let number = |at: usize, length: usize| {
        let digits = bytes.get(at..at.checked_add(length)?)?;
        let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        Some(if little { digits.iter().rev().fold(0, add) } else { digits.iter().fold(0, add) })
    };
    // A directory is the count of its entries, twelve bytes for each, and the place of the next one.
    let next = number(4, 4).and_then(|first| {
        let entries = number(first, 2)?;
        number(first.checked_add(2 + entries * 12)?, 4)
    });
    next.is_some_and(|next| next != 0)
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
    fn a_tiff_tells_of_more_pages() {
        let one = b"II*\0\x08\0\0\0\x01\0ENTRYENTRYEN\0\0\0\0";
        let two = b"II*\0\x08\0\0\0\x01\0ENTRYENTRYEN\x40\0\0\0";
        assert!(!has_more_pages(one));
        assert!(has_more_pages(two));
        assert!(!has_more_pages(b"MM\0*\xff\xff\xff\xff"), "a place outside the file");
        assert!(!has_more_pages(b"\x89PNG"));
    }
}
