//! Which drawn letters make one word, and which way up is the page?

use super::drawn::{Drawing, Letter};
use crate::layout::{Area, Direction, Page, Rule, Word};

/// A gap of so many font sizes between letters parts words.
const WORD_GAP: f64 = 0.18;
/// A gap of so many font sizes parts pieces of turned text.
const PIECE_GAP: f64 = 1.5;
/// Letters reach so many font sizes over and under their base line.
const ASCENT: f64 = 0.75;
const DESCENT: f64 = 0.22;

/// The page a drawing shows, with its words and rulings.
pub fn page(mut drawing: Drawing, number: u32) -> Page {
    mend_code_page(&mut drawing.letters);
    turn_upright(&mut drawing);
    let mut words = Vec::new();
    for turn in 0..4 {
        let letters: Vec<&Letter> = drawing.letters.iter().filter(|letter| quarter(letter) == turn).collect();
        words.extend(words_of(&letters, turn));
    }
    Page { number, width: drawing.width, height: drawing.height, words, rules: drawing.rules }
}

/// Quarter turns clockwise from upright in which a letter is drawn.
fn quarter(letter: &Letter) -> u8 {
    let (dx, dy) = (letter.to.0 - letter.from.0, letter.to.1 - letter.from.1);
    match (dx.abs() >= dy.abs(), dx >= 0.0, dy >= 0.0) {
        (true, true, _) => 0,
        (false, _, true) => 1,
        (true, false, _) => 2,
        (false, _, false) => 3,
    }
}

/// The point as seen after turning the page so that letters of a quarter turn stand upright.
fn turned((x, y): (f64, f64), turn: u8) -> (f64, f64) {
    match turn {
        1 => (y, -x),
        2 => (-x, -y),
        3 => (-y, x),
        _ => (x, y),
    }
}

/// A page whose text was drawn sideways is turned, as a person would turn the sheet.
fn turn_upright(drawing: &mut Drawing) {
    let mut counts = [0usize; 4];
    for letter in &drawing.letters {
        if let Some(count) = counts.get_mut(usize::from(quarter(letter))) {
            *count += 1;
        }
    }
    let most = (0u8..).zip(counts).max_by_key(|(turn, count)| (*count, 4 - turn));
    let Some((turn @ 1..=3, count)) = most else { return };
    if count * 5 < drawing.letters.len() * 3 {
        return;
    }
    let (width, height) = (drawing.width, drawing.height);
    // Where the turn puts the corner that becomes the top left one.
    let shift = match turn {
        1 => (0.0, width),
        2 => (width, height),
        _ => (height, 0.0),
    };
    let place = |point| {
        let (x, y) = turned(point, turn);
        (x + shift.0, y + shift.1)
    };
    for letter in &mut drawing.letters {
        letter.from = place(letter.from);
        letter.to = place(letter.to);
    }
    for rule in &mut drawing.rules {
        let (from, to) = match rule.direction {
            Direction::Horizontal => (place((rule.from, rule.at)), place((rule.to, rule.at))),
            Direction::Vertical => (place((rule.at, rule.from)), place((rule.at, rule.to))),
        };
        let is_level = (from.1 - to.1).abs() < (from.0 - to.0).abs();
        *rule = if is_level {
            Rule::horizontal(from.1, from.0, to.0)
        } else {
            Rule::vertical(from.0, from.1, to.1)
        };
    }
    if turn != 2 {
        (drawing.width, drawing.height) = (height, width);
    }
}

/// A letter in the direction of its reading: `u` along the line, `v` across it, downwards.
#[derive(Clone, Copy)]
struct Step<'a> {
    letter: &'a Letter,
    from: f64,
    to: f64,
    base: f64,
}

fn words_of(letters: &[&Letter], turn: u8) -> Vec<Word> {
    let steps = letters.iter().map(|letter| {
        let (from, base) = turned(letter.from, turn);
        let (to, _) = turned(letter.to, turn);
        Step { letter, from, to, base }
    });
    let mut words = Vec::new();
    for line in base_lines(steps.collect()) {
        split_line(&line, turn, &mut words);
    }
    words
}

/// Letters on common base lines, each line from its start.
fn base_lines(mut steps: Vec<Step<'_>>) -> Vec<Vec<Step<'_>>> {
    steps.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut lines: Vec<Vec<Step<'_>>> = Vec::new();
    for step in steps {
        match lines.last_mut() {
            Some(line)
                if line.last().is_some_and(|last| step.base - last.base <= last.letter.size * 0.15) =>
            {
                line.push(step);
            }
            _ => lines.push(vec![step]),
        }
    }
    for line in &mut lines {
        // An accent is drawn about where the next letter starts, and belongs to the one before.
        let order = |step: &Step<'_>| {
            let is_accent = step.letter.text.starts_with(is_combining);
            if is_accent { step.from - step.letter.size * 0.15 } else { step.from }
        };
        line.sort_by(|a, b| order(a).total_cmp(&order(b)));
    }
    lines
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn split_line(line: &[Step<'_>], turn: u8, words: &mut Vec<Word>) {
    let mut open: Option<Growing> = None;
    for step in line {
        let is_blank = step.letter.text.chars().all(char::is_whitespace);
        let gap = open.as_ref().map_or(0.0, |word| step.from - word.to);
        let size = step.letter.size;
        let is_twin = open.as_ref().is_some_and(|word| word.is_twin(step));
        if is_twin {
            // Drawn twice a hair apart: that is how some producers make bold.
            if let Some(word) = &mut open {
                word.bold = true;
            }
            continue;
        }
        let parts = if turn == 0 { is_blank || gap > size * WORD_GAP } else { gap > size * PIECE_GAP };
        if parts {
            words.extend(open.take().and_then(|word| word.finish(turn)));
        }
        match &mut open {
            Some(word) => word.add(step, gap > size * WORD_GAP),
            None if is_blank => {}
            None => open = Some(Growing::start(step)),
        }
    }
    words.extend(open.and_then(|word| word.finish(turn)));
}

/// A word while its letters come in.
struct Growing {
    text: String,
    last: String,
    last_from: f64,
    from: f64,
    to: f64,
    base: f64,
    size: f64,
    bold: bool,
}

impl Growing {
    fn start(step: &Step<'_>) -> Self {
        Self {
            text: plain(&step.letter.text),
            last: step.letter.text.clone(),
            last_from: step.from,
            from: step.from,
            to: step.to.max(step.from),
            base: step.base,
            size: step.letter.size,
            bold: step.letter.bold,
        }
    }

    fn is_twin(&self, step: &Step<'_>) -> bool {
        self.last == step.letter.text && (step.from - self.last_from).abs() < self.size * 0.1
    }

    fn add(&mut self, step: &Step<'_>, apart: bool) {
        if apart && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
        self.text.push_str(&plain(&step.letter.text));
        self.last.clone_from(&step.letter.text);
        self.last_from = step.from;
        self.to = self.to.max(step.to);
        self.size = self.size.max(step.letter.size);
        self.bold &= step.letter.bold || step.letter.text.trim().is_empty();
    }

    fn finish(self, turn: u8) -> Option<Word> {
        let text = hard_hyphens(self.text.trim());
        let back = |point| turned(point, (4 - turn) % 4);
        let (left, top) = back((self.from, self.base - self.size * ASCENT));
        let (right, bottom) = back((self.to, self.base + self.size * DESCENT));
        let area = Area { left, top, right, bottom }.tidied();
        (!text.is_empty()).then_some(Word { text, area, size: self.size, bold: self.bold, confidence: None })
    }
}

/// A soft hyphen is drawn at the end of a line only; inside of a word it is a hyphen under a wrong name.
fn hard_hyphens(text: &str) -> String {
    let body = text.trim_end_matches('\u{ad}');
    let end = text.get(body.len()..).unwrap_or_default();
    body.replace('\u{ad}', "-") + end
}

/// Blanks plain, bullets of symbol fonts as bullets.
fn plain(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\u{f0b7}' | '\u{f0a7}' | '\u{f076}' | '\u{f0d8}' => Some('•'),
            '\u{f02d}' => Some('–'),
            c if c.is_whitespace() => Some(' '),
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// Some old producers name the letters of code page 1251 as those of Latin-1: «Ïðèêàç» for «Приказ».
fn mend_code_page(letters: &mut [Letter]) {
    let chars = || letters.iter().flat_map(|letter| letter.text.chars());
    let cyrillic = chars().filter(|c| ('\u{400}'..='\u{4ff}').contains(c)).count();
    let latin_one = chars().filter(|c| ('\u{c0}'..='\u{ff}').contains(c)).count();
    if latin_one < 20
        || cyrillic * 4 > latin_one
        || latin_one * 2 < chars().filter(|c| c.is_alphabetic()).count()
    {
        return;
    }
    for letter in letters {
        let bytes: Option<Vec<u8>> = letter.text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        if let Some(bytes) = bytes {
            letter.text = encoding_rs::WINDOWS_1251.decode_without_bom_handling(&bytes).0.into_owned();
        }
    }
}
