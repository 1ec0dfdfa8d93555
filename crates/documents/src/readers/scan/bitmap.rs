//! Where on a picture is ink, and how far is the page tilted?

use image::{GrayImage, Luma};

/// Ink is darker than this share of its neighbourhood, per cent: uneven light of a photo does not matter.
const DARKER: u64 = 84;
/// Pages are tilted by no more than this, degrees.
const MOST_TILT: f64 = 4.0;
/// A smaller tilt is left alone, degrees.
const LEAST_TILT: f64 = 0.04;

/// Which dots of a picture are ink.
#[derive(Clone, Debug)]
pub struct Ink {
    /// Dots in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    dots: Vec<bool>,
}

impl Ink {
    /// Ink by comparing each dot with the mean of its neighbourhood.
    pub fn of(picture: &GrayImage) -> Self {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let sums = prefix_sums(picture, width, height);
        let sum = |x: usize, y: usize| sums.get(y * (width + 1) + x).copied().unwrap_or_default();
        // About a line of text in each direction.
        let reach = (width.max(height) / 60).clamp(8, 60);
        let mut dots = vec![false; width * height];
        for (y, row) in dots.chunks_mut(width.max(1)).enumerate() {
            let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
            for (x, dot) in row.iter_mut().enumerate() {
                let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
                let count = ((bottom - top) * (right - left)) as u64;
                let total = sum(right, bottom) + sum(left, top) - sum(left, bottom) - sum(right, top);
                let value = u64::from(level(picture, x, y));
                // Darker than its neighbourhood, and by more than the grain of a grey page.
                *dot = value * count * 100 < total * DARKER && value * count + 16 * count < total;
            }
        }
        Self { width, height, dots }
    }

    /// The dot is ink; outside the picture nothing is.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dots.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// The dot has hardly any ink around it.
    fn is_speck(&self, x: usize, y: usize) -> bool {
        let around =
            (y.saturating_sub(1)..=y + 1).flat_map(|y| (x.saturating_sub(1)..=x + 1).map(move |x| (x, y)));
        around.filter(|&(x, y)| self.is_dark(x, y)).count() < 4
    }

    /// The same with rows and columns exchanged.
    pub fn transposed(&self) -> Self {
        let mut dots = vec![false; self.dots.len()];
        for (y, row) in self.dots.chunks(self.width.max(1)).enumerate() {
            for (x, dark) in row.iter().enumerate().filter(|(_, dark)| **dark) {
                if let Some(slot) = dots.get_mut(x * self.height + y) {
                    *slot = *dark;
                }
            }
        }
        Self { width: self.height, height: self.width, dots }
    }

    /// The stretches of rows, and then of columns, of a rectangle that hold more than a speck of ink.
    pub fn stretches_in(&self, area: Box) -> (Vec<Stretch>, Vec<Stretch>) {
        let (right, bottom) = (area.right.min(self.width), area.bottom.min(self.height));
        let row = |y: usize| (area.left..right).filter(|&x| self.is_dark(x, y)).count();
        let column = |x: usize| (area.top..bottom).filter(|&y| self.is_dark(x, y)).count();
        (
            stretches((area.top..bottom).map(|y| (y, row(y)))),
            stretches((area.left..right).map(|x| (x, column(x)))),
        )
    }

    /// How far the lines of the page are turned clockwise, degrees: the angle under which the rows of ink
    /// stand out best from the white between them.
    pub fn tilt(&self) -> f64 {
        let step = (self.width.max(self.height) / 800).max(1);
        let mut points = Vec::new();
        for y in (0..self.height).step_by(step) {
            for x in (0..self.width).step_by(step) {
                if self.is_dark(x, y) {
                    points.push((x as f64, y as f64));
                }
            }
        }
        let best = |around: f64, reach: f64, stride: f64| {
            let count = (reach / stride) as i32;
            (-count..=count)
                .map(|i| around + f64::from(i) * stride)
                .map(|angle| (sharpness(&points, angle, step as f64), angle))
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.abs().total_cmp(&a.1.abs())))
                .map_or(around, |(_, angle)| angle)
        };
        let coarse = best(0.0, MOST_TILT, 0.25);
        let fine = best(coarse, 0.25, 0.05);
        if points.len() < 100 || fine.abs() < LEAST_TILT { 0.0 } else { fine }
    }
}

/// A rectangle of dots.
#[derive(Clone, Copy, Debug)]
pub struct Box {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// The column after the last.
    pub right: usize,
    /// The row after the last.
    pub bottom: usize,
}

/// From a row or column to another one, the last included.
pub type Stretch = (usize, usize);

fn stretches(counts: impl Iterator<Item = (usize, usize)>) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for (at, _) in counts.filter(|(_, count)| *count >= 2) {
        match found.last_mut() {
            Some((_, end)) if at - *end <= 2 => *end = at,
            _ => found.push((at, at)),
        }
    }
    found.retain(|(from, to)| to - from >= 2);
    found
}

/// Sum of squares of the ink in each row after turning back by an angle.
fn sharpness(points: &[(f64, f64)], degrees: f64, step: f64) -> f64 {
    let slope = degrees.to_radians().tan();
    let rows = points.iter().map(|(x, y)| ((y - x * slope) / step).floor() as i64);
    let least = rows.clone().min().unwrap_or_default();
    let mut counts: Vec<f64> = Vec::new();
    for row in rows {
        let index = usize::try_from(row - least).unwrap_or_default();
        if index >= counts.len() {
            counts.resize(index + 1, 0.0);
        }
        if let Some(count) = counts.get_mut(index) {
            *count += 1.0;
        }
    }
    counts.iter().map(|count| count * count).sum()
}

fn prefix_sums(picture: &GrayImage, width: usize, height: usize) -> Vec<u64> {
    let mut sums = vec![0u64; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0u64;
        for x in 0..width {
            row += u64::from(level(picture, x, y));
            let above = sums.get(y * (width + 1) + x + 1).copied().unwrap_or_default();
            if let Some(slot) = sums.get_mut((y + 1) * (width + 1) + x + 1) {
                *slot = above + row;
            }
        }
    }
    sums
}

/// Brightness of a dot; outside of the picture it is white.
pub fn level(picture: &GrayImage, x: usize, y: usize) -> u8 {
    let at = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    picture.get_pixel_checked(at(x), at(y)).map_or(255, |Luma([value])| *value)
}

/// Paints white whatever is not ink or next to it. Grain of the paper is what Tesseract spends its time on,
/// and where a page is nearly empty it takes the grain for letters. True when some ink is left.
pub fn clean(picture: &mut GrayImage, ink: &Ink) -> bool {
    let reach = 2;
    let mut kept = vec![false; ink.width * ink.height];
    let mut is_inked = false;
    for y in 0..ink.height {
        for x in (0..ink.width).filter(|&x| ink.is_dark(x, y) && !ink.is_speck(x, y)) {
            is_inked = true;
            for near in y.saturating_sub(reach)..(y + reach + 1).min(ink.height) {
                let row = near * ink.width;
                let columns = row + x.saturating_sub(reach)..row + (x + reach + 1).min(ink.width);
                kept.get_mut(columns).unwrap_or_default().fill(true);
            }
        }
    }
    for (dot, _) in picture.pixels_mut().zip(kept).filter(|(_, kept)| !kept) {
        *dot = Luma([255]);
    }
    is_inked
}

/// The picture turned counter-clockwise about its middle, with white corners; the size stays.
pub fn turned_back(picture: &GrayImage, degrees: f64) -> GrayImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = picture.dimensions();
    let (middle_x, middle_y) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
    GrayImage::from_fn(width, height, |x, y| {
        let (dx, dy) = (f64::from(x) - middle_x, f64::from(y) - middle_y);
        let (from_x, from_y) = (middle_x + dx * cos - dy * sin, middle_y + dx * sin + dy * cos);
        Luma([blended(picture, from_x, from_y)])
    })
}

fn blended(picture: &GrayImage, x: f64, y: f64) -> u8 {
    if x < 0.0 || y < 0.0 {
        return 255;
    }
    let (left, top) = (x.floor(), y.floor());
    let (part_x, part_y) = (x - left, y - top);
    let (left, top) = (left as usize, top as usize);
    let at = |dx: usize, dy: usize| f64::from(level(picture, left + dx, top + dy));
    let upper = at(0, 0) * (1.0 - part_x) + at(1, 0) * part_x;
    let lower = at(0, 1) * (1.0 - part_x) + at(1, 1) * part_x;
    (upper * (1.0 - part_y) + lower * part_y).round() as u8
}
