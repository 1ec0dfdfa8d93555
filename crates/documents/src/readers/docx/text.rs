//! What is the text of a paragraph of a Word document, deletions and hidden text left out?

use super::styles::{Styles, is_on};
use super::transparent;
use crate::xml::{Element, Node};

/// The runs of one paragraph being read.
pub(super) struct Runs<'s, 'e> {
    styles: &'s Styles,
    style_bold: bool,
    page: Option<u32>,
    page_of_text: Option<u32>,
    text: String,
    all_bold: bool,
    any_text: bool,
    boxes: Vec<&'e Element>,
    notes: Vec<(&'static str, String)>,
}

impl<'s, 'e> Runs<'s, 'e> {
    pub(super) fn new(styles: &'s Styles, style_bold: bool, page: Option<u32>) -> Self {
        Self {
            styles,
            style_bold,
            page,
            page_of_text: page,
            text: String::new(),
            all_bold: true,
            any_text: false,
            boxes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The page after this paragraph.
    pub(super) fn page(&self) -> Option<u32> {
        self.page
    }

    /// The page on which its text begins.
    pub(super) fn page_of_text(&self) -> Option<u32> {
        self.page_of_text
    }

    /// Text, whether all of it is bold, text boxes, and the notes it refers to.
    pub(super) fn finish(self) -> (String, bool, Vec<&'e Element>, Vec<(&'static str, String)>) {
        (self.text, self.any_text && self.all_bold, self.boxes, self.notes)
    }

    /// Reads what stands in a paragraph or in a wrapper of runs.
    pub(super) fn read(&mut self, parent: &'e Element) {
        for child in parent.children() {
            match child.name.as_str() {
                "r" => self.run(child),
                // A formula: its letters and signs in order.
                "oMath" | "oMathPara" => self.formula(child),
                _ => {
                    if let Some(inner) = transparent(child) {
                        self.read(inner);
                    }
                }
            }
        }
    }

    fn run(&mut self, run: &'e Element) {
        let properties = run.child("rPr");
        let on = |name: &str| {
            let property = properties.and_then(|properties| properties.child(name));
            property.is_some_and(|property| property.attribute("val").is_none_or(is_on))
        };
        if on("vanish") {
            return;
        }
        let bold = properties.and_then(|p| self.styles.run_bold(p)).unwrap_or(self.style_bold);
        for child in run.children() {
            self.run_part(child, bold);
        }
    }

    fn run_part(&mut self, part: &'e Element, bold: bool) {
        match part.name.as_str() {
            "t" => part.nodes.iter().for_each(|node| {
                if let Node::Text(text) = node {
                    self.add(text, bold);
                }
            }),
            "tab" | "ptab" => self.text.push('\t'),
            "br" | "cr" => self.text.push('\n'),
            "noBreakHyphen" => self.add("-", bold),
            "sym" => self.add(symbol(part.attribute("char").unwrap_or_default()), bold),
            "lastRenderedPageBreak" => self.page = self.page.map(|page| page.saturating_add(1)),
            "footnoteReference" => self.note("footnote", part),
            "endnoteReference" => self.note("endnote", part),
            "AlternateContent" => {
                if let Some(inner) = transparent(part) {
                    self.find_boxes(inner);
                }
            }
            "drawing" | "pict" | "object" => self.find_boxes(part),
            "ruby" => {
                if let Some(base) = part.child("rubyBase") {
                    self.read(base);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, kind: &'static str, reference: &Element) {
        if let Some(id) = reference.attribute("id") {
            self.notes.push((kind, id.to_owned()));
        }
    }

    fn formula(&mut self, parent: &Element) {
        for child in parent.children() {
            match child.nodes.as_slice() {
                [Node::Text(text)] if child.is("t") => self.add(text, self.style_bold),
                _ => self.formula(child),
            }
        }
    }

    /// Text boxes, each once: the same box may be written for new and for old programs.
    fn find_boxes(&mut self, parent: &'e Element) {
        for child in parent.children() {
            match child.name.as_str() {
                "txbxContent" => self.boxes.push(child),
                "AlternateContent" => {
                    if let Some(inner) = transparent(child) {
                        self.find_boxes(inner);
                    }
                }
                _ => self.find_boxes(child),
            }
        }
    }

    fn add(&mut self, text: &str, bold: bool) {
        if !text.trim().is_empty() {
            if !self.any_text {
                self.page_of_text = self.page;
            }
            self.any_text = true;
            self.all_bold &= bold;
        }
        // Symbol fonts keep their signs in the private area.
        self.text.extend(text.chars().map(|c| match c {
            '\u{F0A7}' | '\u{F0B7}' => '•',
            '\u{F0FC}' => '✓',
            '\u{F02D}' => '-',
            c => c,
        }));
    }
}

/// The sign behind a code of a symbol font.
fn symbol(code: &str) -> &'static str {
    match code.to_ascii_uppercase().as_str() {
        "F0FC" | "F050" | "2713" | "2714" => "✓",
        "F0FE" | "F052" | "2611" => "☑",
        "F0A8" | "F06F" | "2610" => "☐",
        "F0B3" => "≥",
        "F0A3" => "≤",
        "F0B1" => "±",
        "F0B0" => "°",
        "F02D" | "F0BE" => "-",
        _ => "•",
    }
}

/// The paragraphs inside a text box or a note, those of its tables and controls included.
pub(super) fn paragraphs(content: &Element) -> Vec<&Element> {
    let mut found = Vec::new();
    for child in content.children() {
        match child.name.as_str() {
            "p" => found.push(child),
            "tbl" | "tr" | "tc" => found.extend(paragraphs(child)),
            _ => found.extend(transparent(child).map(paragraphs).unwrap_or_default()),
        }
    }
    found
}
