//! Which number or bullet stands before an item of a list in a Word document?
//!
//! The numbers are not in the text: they are counted, by rules of `numbering.xml`. Orders refer to their
//! points by these numbers, so they must become part of the text.

use super::styles::ListLevel;
use crate::xml::Element;
use std::collections::{HashMap, HashSet};

const LEVELS: usize = 9;

#[derive(Clone, Debug)]
struct Level {
    start: u32,
    format: String,
    /// «%1.%2.», a bullet, or nothing.
    text: String,
    /// All numbers in Arabic digits, whatever the levels above say.
    legal: bool,
}

#[derive(Default)]
struct List {
    scheme: u32,
    /// Levels that begin anew in this list.
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// The lists of a document and how far each has been counted.
#[derive(Default)]
pub(super) struct Numbering {
    schemes: HashMap<u32, HashMap<usize, Level>>,
    lists: HashMap<u32, List>,
    counters: HashMap<u32, [Option<u32>; LEVELS]>,
    started: HashSet<(u32, usize)>,
}

impl Numbering {
    pub(super) fn new(root: &Element) -> Self {
        let mut schemes: HashMap<u32, HashMap<usize, Level>> = HashMap::new();
        let (mut by_style, mut links) = (HashMap::new(), Vec::new());
        for scheme in root.named("abstractNum") {
            let Some(id) = scheme.number("abstractNumId") else { continue };
            schemes.insert(id, levels(scheme));
            let style = |name: &str| scheme.child(name).and_then(|link| link.attribute("val"));
            if let Some(style) = style("styleLink") {
                by_style.insert(style.to_owned(), id);
            }
            if let Some(style) = style("numStyleLink") {
                links.push((id, style.to_owned()));
            }
        }
        for (id, style) in links {
            if let Some(levels) = by_style.get(&style).and_then(|target| schemes.get(target)).cloned() {
                schemes.insert(id, levels);
            }
        }
        let lists = root
            .named("num")
            .filter_map(|list| {
                let scheme = list.child("abstractNumId")?.number("val")?;
                Some((list.number("numId")?, overrides(list, scheme)))
            })
            .collect();
        Self { schemes, lists, counters: HashMap::new(), started: HashSet::new() }
    }

    /// Counts the next item of a list and gives its marker, such as «1.2.» or «-»; `None` where it has none.
    pub(super) fn next(&mut self, item: ListLevel) -> Option<String> {
        let list = self.lists.get(&item.list)?;
        let at = item.level.min(LEVELS - 1);
        let levels = self.schemes.get(&list.scheme);
        let level = |index: usize| list.levels.get(&index).or_else(|| levels?.get(&index));
        let counters = self.counters.entry(list.scheme).or_default();
        // A list that begins anew does so at its first item; later items go on.
        if let Some(&start) = list.starts.get(&at).filter(|_| self.started.insert((item.list, at))) {
            set(counters, at, start.checked_sub(1));
            if start == 0 {
                set(counters, at, None);
            }
        }
        let start = level(at).map_or(1, |level| level.start);
        let value = counters.get(at).copied().flatten().map_or(start, |last| last.saturating_add(1));
        set(counters, at, Some(value));
        counters.iter_mut().skip(at + 1).for_each(|counter| *counter = None);
        let level_here = level(at)?;
        let number = |index: usize| {
            let level = level(index);
            let value = counters.get(index).copied().flatten();
            let value = value.unwrap_or_else(|| level.map_or(1, |level| level.start));
            let format = level.map_or("decimal", |level| level.format.as_str());
            written(value, if level_here.legal { "decimal" } else { format })
        };
        Some(marker(level_here, number)).filter(|marker| !marker.is_empty())
    }
}

fn set(counters: &mut [Option<u32>; LEVELS], at: usize, value: Option<u32>) {
    if let Some(counter) = counters.get_mut(at) {
        *counter = value;
    }
}

fn levels(parent: &Element) -> HashMap<usize, Level> {
    parent
        .named("lvl")
        .filter_map(|level| Some((level.number("ilvl")? as usize, read_level(level))))
        .collect()
}

fn read_level(level: &Element) -> Level {
    let value = |name: &str| level.child(name).and_then(|element| element.attribute("val"));
    Level {
        start: level.child("start").and_then(|start| start.number("val")).unwrap_or(1),
        format: value("numFmt").unwrap_or("decimal").to_owned(),
        text: value("lvlText").unwrap_or_default().to_owned(),
        legal: level.child("isLgl").is_some(),
    }
}

fn overrides(list: &Element, scheme: u32) -> List {
    let mut read = List { scheme, ..List::default() };
    for change in list.named("lvlOverride") {
        let Some(level) = change.number("ilvl").map(|level| level as usize) else { continue };
        if let Some(start) = change.child("startOverride").and_then(|start| start.number("val")) {
            read.starts.insert(level, start);
        }
        if let Some(own) = change.child("lvl") {
            read.levels.insert(level, read_level(own));
        }
    }
    read
}

fn marker(level: &Level, number: impl Fn(usize) -> String) -> String {
    match level.format.as_str() {
        "none" => return String::new(),
        "bullet" => return bullet(&level.text).to_owned(),
        _ => {}
    }
    let mut out = String::new();
    let mut chars = level.text.chars().peekable();
    while let Some(c) = chars.next() {
        let index = (c == '%').then(|| chars.peek().and_then(|digit| digit.to_digit(10))).flatten();
        match index {
            Some(index @ 1..=9) => {
                chars.next();
                out.push_str(&number(index as usize - 1));
            }
            _ => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// Bullets are drawn with symbol fonts: what reads as a dash or a tick stays, the rest becomes a dash.
fn bullet(text: &str) -> &str {
    match text.trim() {
        known @ ("–" | "—" | "•" | "✓" | "▪" | "*") => known,
        "\u{F0FC}" => "✓",
        _ => "-",
    }
}

/// A number in the digits a list asks for, named as Word names them.
pub(crate) fn written(value: u32, format: &str) -> String {
    const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";
    // Word's Russian letters leave out «ё», «й», «ъ», «ы», «ь».
    const RUSSIAN: &str = "абвгдежзиклмнопрстуфхцчшщэюя";
    match format {
        "decimalZero" => format!("{value:02}"),
        "upperRoman" => roman(value).to_uppercase(),
        "lowerRoman" => roman(value),
        "lowerLetter" => letter(value, LATIN),
        "upperLetter" => letter(value, LATIN).to_uppercase(),
        "russianLower" => letter(value, RUSSIAN),
        "russianUpper" => letter(value, RUSSIAN).to_uppercase(),
        _ => value.to_string(),
    }
}

/// a, b, … z, aa, bb: the letter is repeated, as Word does.
fn letter(value: u32, alphabet: &str) -> String {
    let size = alphabet.chars().count();
    let Some(index) = (value as usize).checked_sub(1) else { return "0".to_owned() };
    let repeats = (index / size + 1).min(8);
    alphabet.chars().nth(index % size).map(|c| c.to_string().repeat(repeats)).unwrap_or_default()
}

fn roman(value: u32) -> String {
    const DIGITS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if value > 4_000 {
        return value.to_string();
    }
    let mut rest = value;
    let mut out = String::new();
    for (worth, digit) in DIGITS {
        while rest >= worth {
            out.push_str(digit);
            rest -= worth;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    const LISTS: &str = r#"<w:numbering xmlns:w="w">
      <w:abstractNum w:abstractNumId="0">
        <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>
        <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="russianLower"/><w:lvlText w:val="%3)"/></w:lvl>
      </w:abstractNum>
      <w:abstractNum w:abstractNumId="1">
        <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%2"/></w:lvl>
      </w:abstractNum>
      <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
      <w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
      <w:num w:numId="3"><w:abstractNumId w:val="0"/>
        <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
    </w:numbering>"#;

    /// Items are `(list, level)`.
    fn check(items: &[(u32, usize)], expected: &[&str]) {
        let root = crate::xml::parse(LISTS.as_bytes(), &Limits::default()).unwrap();
        let mut numbering = Numbering::new(&root);
        let markers: Vec<String> = items
            .iter()
            .map(|&(list, level)| numbering.next(ListLevel { list, level }).unwrap_or_default())
            .collect();
        assert_eq!(markers, expected);
    }

    #[test]
    fn levels_are_counted_within_each_other() {
        check(
            &[(1, 0), (1, 1), (1, 1), (1, 2), (1, 2), (1, 0), (1, 1)],
            &["1.", "1.1.", "1.2.", "а)", "б)", "2.", "2.1."],
        );
    }

    #[test]
    fn a_level_without_its_parent_takes_the_start() {
        check(&[(1, 1), (1, 1)], &["1.1.", "1.2."]);
    }

    #[test]
    fn lists_of_one_scheme_go_on_unless_told_to_begin_anew() {
        check(&[(1, 0), (1, 0), (3, 0), (3, 0)], &["1.", "2.", "1.", "2."]);
    }

    #[test]
    fn bullets_and_other_digits_are_written() {
        check(&[(2, 0), (2, 1), (2, 1)], &["-", "IV", "V"]);
    }

    #[test]
    fn unknown_lists_and_levels_have_no_marker() {
        check(&[(0, 0), (9, 0), (1, 8)], &["", "", ""]);
    }
}
