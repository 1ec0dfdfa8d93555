//! Is a photo of a page lit unevenly, and how would it look in even light?

use image::{GrayImage, Luma};

/// Side of a tile whose paper is measured, dots: larger than letters, smaller than shadows.
const TILE: u32 = 64;
/// Of the dots of a tile this share is darker than its paper, per cent.
const INK_SHARE: usize = 85;
/// Paper whose darkest tiles are lighter than this share of its lightest ones is evenly lit, per cent.
const EVEN: u32 = 72;
/// A darker tile is no paper in a shadow: a table, a desk, a dark photo.
const DARKEST: u8 = 24;

/// The picture in even light; `None` where its light is even already, as that of scans is.
pub(super) fn evened(picture: &GrayImage) -> Option<GrayImage> {
    let paper = Paper::of(picture);
    if paper.is_even() {
        return None;
    }
    let mut lit = picture.clone();
    for (x, y, dot) in lit.enumerate_pixels_mut() {
        let Luma([level]) = *dot;
        let light = paper.at(x, y).max(u32::from(DARKEST));
        *dot = Luma([u8::try_from((u32::from(level) * 245 / light).min(255)).unwrap_or(255)]);
    }
    Some(lit)
}

/// The level of the paper, tile by tile.
struct Paper {
    columns: u32,
    rows: u32,
    levels: Vec<u8>,
}

impl Paper {
    fn of(picture: &GrayImage) -> Self {
        let (columns, rows) = (picture.width().div_ceil(TILE), picture.height().div_ceil(TILE));
        let tiles = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
        let levels = tiles.map(|(column, row)| level(picture, column, row)).collect();
        Self { columns, rows, levels }.spread()
    }

    fn tile(&self, column: u32, row: u32) -> u8 {
        let (column, row) =
            (column.min(self.columns.saturating_sub(1)), row.min(self.rows.saturating_sub(1)));
        self.levels.get((row * self.columns + column) as usize).copied().unwrap_or(255)
    }

    /// A tile full of ink has the paper of its neighbours.
    fn spread(self) -> Self {
        let around = |column: u32, row: u32| {
            let rows = row.saturating_sub(1)..=row + 1;
            let tiles = rows.flat_map(|row| (column.saturating_sub(1)..=column + 1).map(move |at| (at, row)));
            let mut near: Vec<u8> = tiles.map(|(column, row)| self.tile(column, row)).collect();
            near.sort_unstable();
            near.get(near.len() / 2).copied().unwrap_or(255)
        };
        let tiles = (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| (column, row)));
        let levels = tiles.map(|(column, row)| around(column, row)).collect();
        Self { levels, ..self }
    }

    fn is_even(&self) -> bool {
        let mut levels: Vec<u8> = self.levels.iter().copied().filter(|&level| level > DARKEST).collect();
        levels.sort_unstable();
        let at = |percent: usize| levels.get(levels.len() * percent / 100).copied().unwrap_or(255);
        u32::from(at(4)) * 100 >= u32::from(at(96)) * EVEN
    }

    /// The level of the paper at a dot, between the middles of the tiles around it.
    fn at(&self, x: u32, y: u32) -> u32 {
        let middle = TILE / 2;
        let (left, top) = (x.saturating_sub(middle) / TILE, y.saturating_sub(middle) / TILE);
        let (right_share, low_share) = (x.saturating_sub(middle) % TILE, y.saturating_sub(middle) % TILE);
        let level = |column, row| u32::from(self.tile(column, row));
        let upper = level(left, top) * (TILE - right_share) + level(left + 1, top) * right_share;
        let lower = level(left, top + 1) * (TILE - right_share) + level(left + 1, top + 1) * right_share;
        (upper * (TILE - low_share) + lower * low_share) / (TILE * TILE)
    }
}

/// The level that most dots of a tile are darker than or as dark as: that of its paper.
fn level(picture: &GrayImage, column: u32, row: u32) -> u8 {
    let (left, top) = (column * TILE, row * TILE);
    let (right, bottom) = ((left + TILE).min(picture.width()), (top + TILE).min(picture.height()));
    let mut counts = [0_usize; 256];
    for y in top..bottom {
        for x in left..right {
            let Luma([level]) = *picture.get_pixel(x, y);
            if let Some(count) = counts.get_mut(usize::from(level)) {
                *count += 1;
            }
        }
    }
    let wanted = counts.iter().sum::<usize>() * INK_SHARE / 100;
    let mut seen = 0;
    let found = counts.iter().position(|count| {
        seen += count;
        seen > wanted
    });
    found.and_then(|level| u8::try_from(level).ok()).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stripes of ink on paper in a light that falls off to the right.
    fn page(falls_to: f64) -> GrayImage {
        GrayImage::from_fn(1_600, 640, |x, y| {
            let light = 1.0 - (1.0 - falls_to) * f64::from(x) / 1_600.0;
            let ink = if y % 40 < 6 { 0.2 } else { 1.0 };
            Luma([(250.0 * light * ink) as u8])
        })
    }

    #[test]
    fn even_light_is_left_alone() {
        assert!(evened(&page(1.0)).is_none());
        assert!(evened(&page(0.85)).is_none());
    }

    #[test]
    fn a_shadow_is_taken_away() {
        let lit = evened(&page(0.25)).expect("the light is uneven");
        for x in [20, 800, 1_580] {
            assert!(lit.get_pixel(x, 20).0[0] > 215, "paper at {x}: {}", lit.get_pixel(x, 20).0[0]);
            assert!(lit.get_pixel(x, 42).0[0] < 90, "ink at {x}: {}", lit.get_pixel(x, 42).0[0]);
        }
    }
}
