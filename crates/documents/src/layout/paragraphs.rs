//! Which lines make one paragraph?
//!
//! The strongest sign is a line that ends early: if the first word of the next line would have fitted, the
//! break was wanted. Spacing, list markers, indents, weight and centring tell the rest.

use super::geometry::{Area, median};
use super::hyphens::Hyphens;
use super::lines::{Line, Marker, confidence, marker};
use opora_neutral::{Paragraph, Place, Role};

/// A paragraph with what is needed to join it to its rest on the next page.
#[derive(Debug)]
pub struct Flow {
    /// The paragraph.
    pub paragraph: Paragraph,
    /// White after its last line, up to the right margin, points.
    pub room: f64,
    /// Width of its first word with the space before it, points.
    pub first_word: f64,
}

/// Paragraphs of lines outside tables. `margins` are the left and right edge of text on such pages.
pub fn flows(lines: &[Line], page: u32, margins: (f64, f64), hyphens: &Hyphens) -> Vec<Flow> {
    let pitch = pitch_of(lines);
    let mut found = Vec::new();
    for block in blocks(lines, pitch) {
        // A title set in a narrow column wraps at its own width, not at the page's.
        let right = block.iter().map(|line| line.area.right).fold(f64::NEG_INFINITY, f64::max);
        let mut start = 0;
        for end in 1..=block.len() {
            let breaks = match (block.get(end - 1), block.get(end)) {
                (Some(line), Some(next)) => ends_paragraph(line, next, right, margins),
                _ => true,
            };
            if breaks {
                let lines = block.get(start..end).unwrap_or_default();
                found.push(flow(lines, page, margins, right, hyphens));
                start = end;
            }
        }
    }
    found
}

/// The text of a cell: its lines joined into paragraphs, which are separated by `\n`.
pub fn cell_text(lines: &[Line], area: Area, hyphens: &Hyphens) -> String {
    let left = lines.iter().map(|line| line.area.left).fold(f64::INFINITY, f64::min);
    let padding = (left - area.left).max(0.0);
    // Text of a narrow centred column would make its own padding too wide to judge by.
    let right = area.right - padding.min(area.width() * 0.1);
    let pitch = pitch_of(lines);
    let mut text = String::new();
    let mut paragraph = String::new();
    for (index, line) in lines.iter().enumerate() {
        if let Some(before) = index.checked_sub(1).and_then(|before| lines.get(before)) {
            let room = right - (left.min(area.left + padding));
            if is_spaced(before, line, pitch) || starts_item(before, line) || is_cut_short(before, line, room)
            {
                push_paragraph(&mut text, &mut paragraph);
            }
        }
        hyphens.append(&mut paragraph, &line.text());
    }
    push_paragraph(&mut text, &mut paragraph);
    text
}

fn push_paragraph(text: &mut String, paragraph: &mut String) {
    if !text.is_empty() && !paragraph.is_empty() {
        text.push('\n');
    }
    text.push_str(paragraph);
    paragraph.clear();
}

/// Usual distance between the tops of neighbouring lines, points.
fn pitch_of(lines: &[Line]) -> f64 {
    let size = median(lines.iter().map(|line| line.size).collect(), 10.0);
    let steps = lines.windows(2).filter_map(|pair| match pair {
        [a, b] => Some(b.area.top - a.area.top).filter(|step| *step > 0.0 && *step < size * 2.0),
        _ => None,
    });
    let mut steps: Vec<f64> = steps.collect();
    steps.sort_by(f64::total_cmp);
    // The lower third: most steps are between paragraphs in a text of short paragraphs.
    steps.get(steps.len() / 3).copied().unwrap_or(size * 1.3)
}

fn is_spaced(line: &Line, next: &Line, pitch: f64) -> bool {
    let size = line.size.max(next.size);
    next.area.top - line.area.top > pitch + size * 0.4
}

/// Lines cut where the space between them grows.
fn blocks(lines: &[Line], pitch: f64) -> Vec<&[Line]> {
    let mut found = Vec::new();
    let mut start = 0;
    for end in 1..=lines.len() {
        let breaks = match (lines.get(end - 1), lines.get(end)) {
            (Some(line), Some(next)) => is_spaced(line, next, pitch) || is_resized(line, next),
            _ => true,
        };
        if breaks {
            found.extend(lines.get(start..end));
            start = end;
        }
    }
    found
}

fn is_resized(line: &Line, next: &Line) -> bool {
    let recognised = line.words.iter().any(|word| word.confidence.is_some());
    !recognised && (line.size - next.size).abs() > line.size.max(next.size) * 0.15
}

fn ends_paragraph(line: &Line, next: &Line, right: f64, margins: (f64, f64)) -> bool {
    let left = line.area.left.min(next.area.left);
    let indent = next.area.left - line.area.left;
    let is_centred = is_centred(line, margins) || is_centred(next, margins);
    let room = if is_centred { right.max(line.area.right) - left } else { right - line.area.left };
    starts_item(line, next)
        || is_cut_short(line, next, room)
        || line.has_wide_gap()
        || next.has_wide_gap()
        || line.is_bold() != next.is_bold()
        || (!is_centred && indent > line.size && !marker_hangs(line))
}

/// The wrapped lines of «– text» stand under its text: that is no indent of a new paragraph.
fn marker_hangs(line: &Line) -> bool {
    marker(&line.text()).is_some()
}

/// The next line starts an item of a list, and not just with a dash in the middle of a sentence.
fn starts_item(line: &Line, next: &Line) -> bool {
    match marker(&next.text()) {
        Some(Marker::Number) => true,
        Some(Marker::Bullet) => {
            let text = line.text();
            text.ends_with([';', ':', '.', ',']) || marker(&text) == Some(Marker::Bullet)
        }
        None => false,
    }
}

/// The first word of the next line would have fitted into the room of this one.
fn is_cut_short(line: &Line, next: &Line, room: f64) -> bool {
    let Some(first) = next.words.first() else { return false };
    let goes_on =
        first.text.starts_with(char::is_lowercase) && line.text().ends_with(['-', '\u{ad}', '\u{2010}']);
    !goes_on && line.area.width() + first.area.width() + line.size * 0.6 < room
}

fn is_centred(line: &Line, (left, right): (f64, f64)) -> bool {
    let (before, after) = (line.area.left - left, right - line.area.right);
    let width = right - left;
    before > width * 0.06 && (before - after).abs() < width * 0.04
}

fn flow(lines: &[Line], page: u32, margins: (f64, f64), right: f64, hyphens: &Hyphens) -> Flow {
    let mut text = String::new();
    for line in lines {
        hyphens.append(&mut text, &line.text());
    }
    let mut paragraph = Paragraph::new(text, Place::page(page));
    paragraph.bold = lines.iter().all(Line::is_bold);
    paragraph.centred = lines.iter().all(|line| is_centred(line, margins));
    paragraph.confidence = confidence(lines.iter().flat_map(|line| &line.words));
    if marker(&paragraph.text).is_some() {
        paragraph.role = Role::ListItem;
    }
    let reach = right.max(margins.1);
    let room = lines.last().map_or(0.0, |line| reach - line.area.right);
    let first = lines.first().and_then(|line| Some((line.words.first()?.area.width(), line.size)));
    Flow { paragraph, room, first_word: first.map_or(0.0, |(width, size)| width + size * 0.6) }
}
