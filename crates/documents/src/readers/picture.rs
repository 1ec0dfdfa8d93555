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
    let (pages, findings) = scan::read_picture(&picture, limits);
    document.findings.extend(findings);
    pdf::fill(pages, limits, document);
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
