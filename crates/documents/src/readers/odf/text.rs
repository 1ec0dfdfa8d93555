//! What is the text of a paragraph of an OpenDocument text, comments left out?

use super::styles::Styles;
use crate::xml::{Element, Node};

/// Spans are not followed deeper than this.
const DEPTH_MAX: usize = 64;

/// The spans of one paragraph being read.
pub(super) struct Spans<'s, 'e> {
    styles: &'s Styles,
    style_bold: bool,
    pub(super) text: String,
    pub(super) all_bold: bool,
    pub(super) any_text: bool,
    pub(super) break_before_text: bool,
    pub(super) breaks_after_text: usize,
    /// Text boxes and notes, with what is to stand before their text.
    pub(super) aside: Vec<(String, &'e Element)>,
}

impl<'s, 'e> Spans<'s, 'e> {
    pub(super) fn new(styles: &'s Styles, style_bold: bool) -> Self {
        Self {
            styles,
            style_bold,
            text: String::new(),
            all_bold: true,
            any_text: false,
            break_before_text: false,
            breaks_after_text: 0,
            aside: Vec::new(),
        }
    }

    /// Reads what stands in a paragraph or a span; `bold` is what a span around says.
    pub(super) fn read(&mut self, parent: &'e Element, bold: Option<bool>, depth: usize) {
        for node in &parent.nodes {
            match node {
                Node::Text(text) => self.add(text, bold),
                Node::Element(child) if depth < DEPTH_MAX => self.element(child, bold, depth),
                Node::Element(_) => {}
            }
        }
    }

    fn element(&mut self, child: &'e Element, bold: Option<bool>, depth: usize) {
        match child.name.as_str() {
            "s" => {
                let count = child.number("c").unwrap_or(1).min(200);
                (0..count).for_each(|_| self.text.push(' '));
            }
            "tab" => self.text.push('\t'),
            "line-break" => self.text.push('\n'),
            "soft-page-break" if self.any_text => self.breaks_after_text += 1,
            "soft-page-break" => self.break_before_text = true,
            "note" => {
                let citation = child.child("note-citation").map(all_text).unwrap_or_default();
                if let Some(body) = child.child("note-body") {
                    self.aside.push((format!("Сноска {}.", citation.trim()), body));
                }
            }
            "frame" | "custom-shape" | "rect" | "text-box" => self.aside.push((String::new(), child)),
            "annotation" | "annotation-end" | "ruby-text" | "change" | "change-start" | "change-end" => {}
            "span" => {
                let own = self.styles.paragraph(child.attribute("style-name")).bold;
                self.read(child, own.or(bold), depth + 1);
            }
            _ => self.read(child, bold, depth + 1),
        }
    }

    fn add(&mut self, text: &str, bold: Option<bool>) {
        if !text.trim().is_empty() {
            self.any_text = true;
            self.all_bold &= bold.unwrap_or(self.style_bold);
        }
        // Line breaks of the XML are blanks, and blanks in a row are one; more are written as elements.
        for c in text.chars() {
            let blank = matches!(c, ' ' | '\n' | '\r' | '\t');
            if !blank {
                self.text.push(c);
            } else if !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
    }
}

/// The text of an element and all in it, in order.
pub(super) fn all_text(element: &Element) -> String {
    let piece = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Element(child) => all_text(child),
    };
    element.nodes.iter().map(piece).collect()
}

/// The paragraphs inside a text box or a note, those of lists and tables included.
pub(super) fn paragraphs(container: &Element) -> Vec<&Element> {
    let mut found = Vec::new();
    for child in container.children() {
        match child.name.as_str() {
            "p" | "h" => found.push(child),
            "title" | "desc" => {}
            _ => found.extend(paragraphs(child)),
        }
    }
    found
}
