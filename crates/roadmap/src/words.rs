//! Which words of a text were changed?

use similar::{Algorithm, ChangeTag, capture_diff_slices};

/// Longest text, in words and signs, whose words are compared one by one; a longer one is shown as replaced.
const WORDS: usize = 4_000;

/// A piece of two texts laid side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// In which of the texts it stands.
    pub side: Side,
    /// Its words, verbatim.
    pub text: String,
}

/// In which text a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In both.
    Both,
    /// In the older one only.
    Old,
    /// In the newer one only.
    New,
}

/// The pieces of two texts in order. Those of both and of the older one together are the older text, and likewise
/// the newer one.
pub fn segments(old: &str, new: &str) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut push = |side: Side, text: &str| match segments.last_mut() {
        Some(last) if last.side == side => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => segments.push(Segment { side, text: text.to_owned() }),
    };
    let (before, after) = (tokens(old), tokens(new));
    if before.len().max(after.len()) > WORDS && old != new {
        push(Side::Old, old);
        push(Side::New, new);
        return segments;
    }
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        for change in op.iter_changes(&before, &after) {
            let side = match change.tag() {
                ChangeTag::Equal => Side::Both,
                ChangeTag::Delete => Side::Old,
                ChangeTag::Insert => Side::New,
            };
            push(side, change.value());
        }
    }
    segments
}

/// Words, runs of white space, and each other sign by itself.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |c: char| if c.is_alphanumeric() { 1 } else { u8::from(c.is_whitespace()) * 2 };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last: Option<u8> = None;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        if last.is_some_and(|last| last != this || this == 0) {
            tokens.extend(text.get(start..at));
            start = at;
        }
        last = Some(this);
    }
    tokens.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    tokens
}
