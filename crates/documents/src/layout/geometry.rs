//! Where on a page is a word, and where is a ruling?

/// A rectangle on a page, points, `y` down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

impl Area {
    /// The same rectangle with its edges in order and without infinities, so that all arithmetic is safe.
    pub fn tidied(self) -> Self {
        let sane = |value: f64| if value.is_finite() { value.clamp(-1e6, 1e6) } else { 0.0 };
        let (left, right) = (sane(self.left), sane(self.right));
        let (top, bottom) = (sane(self.top), sane(self.bottom));
        Self { left: left.min(right), right: left.max(right), top: top.min(bottom), bottom: top.max(bottom) }
    }

    /// Width, points.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Height, points.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Middle between left and right.
    pub fn middle_x(&self) -> f64 {
        f64::midpoint(self.left, self.right)
    }

    /// Middle between top and bottom.
    pub fn middle_y(&self) -> f64 {
        f64::midpoint(self.top, self.bottom)
    }

    /// The smallest rectangle around both.
    pub fn around(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Length of the vertical stretch that both cover; negative when they are apart.
    pub fn shared_height(&self, other: &Self) -> f64 {
        self.bottom.min(other.bottom) - self.top.max(other.top)
    }
}

/// Which way a ruling runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    Horizontal,
    /// From top to bottom.
    Vertical,
}

/// A straight ruling along an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Which way it runs.
    pub direction: Direction,
    /// Its `y` when horizontal, its `x` when vertical.
    pub at: f64,
    /// Where it starts along its direction.
    pub from: f64,
    /// Where it ends along its direction, not before `from`.
    pub to: f64,
}

impl Rule {
    /// A horizontal ruling.
    pub fn horizontal(y: f64, from: f64, to: f64) -> Self {
        Self { direction: Direction::Horizontal, at: y, from: from.min(to), to: from.max(to) }
    }

    /// A vertical ruling.
    pub fn vertical(x: f64, from: f64, to: f64) -> Self {
        Self { direction: Direction::Vertical, at: x, from: from.min(to), to: from.max(to) }
    }

    /// Its length, points.
    pub fn length(&self) -> f64 {
        self.to - self.from
    }
}

/// The middle value, or `otherwise` of nothing.
pub fn median(mut values: Vec<f64>, otherwise: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(otherwise)
}

/// Positions that lie within `tolerance` of their neighbours' mean count as one: sorted means.
pub fn clusters(mut positions: Vec<f64>, tolerance: f64) -> Vec<f64> {
    positions.sort_by(f64::total_cmp);
    let mut found: Vec<(f64, f64)> = Vec::new();
    for position in positions {
        match found.last_mut() {
            Some((sum, count)) if position - *sum / *count <= tolerance => {
                *sum += position;
                *count += 1.0;
            }
            _ => found.push((position, 1.0)),
        }
    }
    found.into_iter().map(|(sum, count)| sum / count).collect()
}
