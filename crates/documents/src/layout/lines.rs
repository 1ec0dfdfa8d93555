//! Which words stand in one line, and what does the line say?

use super::geometry::median;
use super::{Area, Word};

/// A line of words from left to right.
#[derive(Clone, Debug)]
pub struct Line {
    /// The words; never empty.
    pub words: Vec<Word>,
    /// The smallest rectangle around them.
    pub area: Area,
    /// Font size of most words, points.
    pub size: f64,
}

/// Groups words into lines from top to bottom.
pub fn lines_of(mut words: Vec<Word>) -> Vec<Line> {
    words.sort_by(|a, b| a.area.middle_y().total_cmp(&b.area.middle_y()));
    // The first word decides where its line is: a growing line would swallow its neighbours one by one.
    let mut groups: Vec<(Area, Vec<Word>)> = Vec::new();
    for word in words {
        let home = groups.iter_mut().rev().take(8).find(|(first, _)| same_line(first, &word.area));
        match home {
            Some((_, members)) => members.push(word),
            None => groups.push((word.area, vec![word])),
        }
    }
    let mut lines: Vec<Line> = groups.into_iter().map(|(_, members)| Line::new(members)).collect();
    lines.sort_by(|a, b| a.area.top.total_cmp(&b.area.top));
    lines
}

fn same_line(first: &Area, other: &Area) -> bool {
    let least = first.height().min(other.height());
    let shared = first.shared_height(other);
    shared > least * 0.5 || (least <= 0.0 && shared >= 0.0)
}

impl Line {
    /// A line of words, at least one.
    pub fn new(mut words: Vec<Word>) -> Self {
        words.sort_by(|a, b| a.area.left.total_cmp(&b.area.left));
        let area = words.iter().map(|word| word.area).reduce(|a, b| a.around(&b)).unwrap_or_default();
        let size = median(words.iter().map(|word| word.size).collect(), 10.0).max(1.0);
        Self { words, area, size }
    }

    /// All its words are bold.
    pub fn is_bold(&self) -> bool {
        self.words.iter().all(|word| word.bold)
    }

    /// Its text. A wide gap, as between a post and a name in a signature, stays a wide gap.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut end: Option<f64> = None;
        for word in &self.words {
            if let Some(end) = end {
                let gap = word.area.left - end;
                // Parts of one word in different sizes touch each other.
                if gap > self.size * 0.05 || word.confidence.is_some() {
                    text.push(' ');
                }
                if gap > self.size * WIDE_GAP {
                    let spaces = (gap / self.size).clamp(2.0, 8.0);
                    text.extend(std::iter::repeat_n(' ', spaces as usize - 1));
                }
            }
            text.push_str(&word.text);
            end = Some(end.map_or(word.area.right, |end| end.max(word.area.right)));
        }
        text
    }

    /// The line is set apart in itself: a date and a number, a post and a name.
    pub fn has_wide_gap(&self) -> bool {
        self.fragments(self.size * WIDE_GAP).len() > 1
    }

    /// The line cut at gaps wider than `gap` points, from left to right.
    pub fn fragments(&self, gap: f64) -> Vec<Line> {
        let mut parts: Vec<Vec<Word>> = Vec::new();
        let mut end = f64::NEG_INFINITY;
        for word in &self.words {
            match parts.last_mut() {
                Some(part) if word.area.left - end <= gap => part.push(word.clone()),
                _ => parts.push(vec![word.clone()]),
            }
            end = end.max(word.area.right);
        }
        parts.into_iter().map(Line::new).collect()
    }
}

/// A gap of so many font sizes inside a line is kept visible in the text.
const WIDE_GAP: f64 = 2.5;

/// Confidence of recognised words together, weighted by their length; `None` when none was recognised.
pub fn confidence<'a>(words: impl Iterator<Item = &'a Word>) -> Option<u8> {
    let (mut sum, mut letters) = (0usize, 0usize);
    for word in words {
        let length = word.text.chars().count();
        sum += usize::from(word.confidence?) * length;
        letters += length;
    }
    (letters > 0).then(|| u8::try_from(sum / letters).unwrap_or(100))
}

/// How a line starts when it starts an item of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A dash or a bullet.
    Bullet,
    /// «1.», «2.3.», «4)», «а)».
    Number,
}

/// The list marker a text starts with, if any.
pub fn marker(text: &str) -> Option<Marker> {
    let mut words = text.split_whitespace();
    let first = words.next()?;
    let alone = words.next().is_some();
    if matches!(first, "-" | "–" | "—" | "•" | "·" | "▪" | "●" | "○" | "§" | "o" | "→" | "✓" | "➢")
    {
        return alone.then_some(Marker::Bullet);
    }
    if first.starts_with(['•', '▪', '●']) || (first.starts_with(['–', '-', '—']) && !starts_number(first))
    {
        return Some(Marker::Bullet);
    }
    (alone && is_item_number(first)).then_some(Marker::Number)
}

fn starts_number(word: &str) -> bool {
    word.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
}

/// «1.», «1.2.», «1.2», «3)», «а)»: the number of an item. A bare «12» or a date is none.
pub fn is_item_number(word: &str) -> bool {
    let Some(last) = word.chars().last() else { return false };
    let body = word.trim_end_matches(['.', ')']);
    let parts: Vec<&str> = body.split('.').collect();
    let numeric =
        parts.iter().all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    if numeric && parts.len() <= 4 {
        return last == '.'
            || last == ')'
            || (parts.len() == 2 && parts.last().is_some_and(|p| p.len() == 1));
    }
    last == ')' && body.chars().count() == 1 && body.chars().all(char::is_alphabetic)
}
