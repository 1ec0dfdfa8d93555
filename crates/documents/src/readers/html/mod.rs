//! Which paragraphs and tables does a web page hold?

mod safety;
mod table;

use crate::draft::Draft;
use crate::readers::text::decode::decode;
use crate::refuse;
use encoding_rs::Encoding;
use opora_neutral::{Paragraph, Place, Role};
use scraper::node::Element as Tag;
use scraper::{ElementRef, Html, Node};

/// Reads the bytes of a web page, Word's «save as web page» included.
pub(crate) fn read(bytes: &[u8], draft: &mut Draft<'_>) {
    let (text, finding) = decode(bytes, declared(bytes));
    // A page that says how it is written is no guess.
    let guessed = declared(bytes).is_none() || finding.as_ref().is_some_and(|f| f.code != "FILE_ENCODING");
    finding.into_iter().filter(|_| guessed).for_each(|finding| draft.finding(finding));
    if safety::is_bottomless(&text) {
        return draft.finding(refuse::hostile(
            "Вложенность внутри него бездонная: так устроены файлы, сделанные во вред.",
        ));
    }
    let page = Html::parse_document(&text);
    let mut walker =
        Walker { depth_max: draft.limits().max_xml_depth, draft, out: Out::default(), paragraphs: 0 };
    walker.children(page.root_element(), Context::default());
    walker.flush();
}

/// The encoding a page declares in its head.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String = bytes.get(..4096).unwrap_or(bytes).iter().map(|&byte| char::from(byte)).collect();
    let head = head.to_ascii_lowercase();
    let value = head.split("charset=").nth(1)?;
    let value = value.trim_start_matches(['"', '\'', ' ']);
    let label: String =
        value.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    Encoding::for_label(label.as_bytes())
}

/// What is around a piece of text.
#[derive(Clone, Copy, Debug, Default)]
struct Context {
    bold: bool,
    centred: bool,
    preformatted: bool,
    heading: Option<u8>,
    depth: usize,
}

/// The paragraph being gathered.
#[derive(Default)]
struct Out {
    text: String,
    marker: Option<String>,
    any_text: bool,
    all_bold: bool,
    context: Context,
}

struct Walker<'d, 'l> {
    draft: &'d mut Draft<'l>,
    depth_max: usize,
    out: Out,
    paragraphs: u32,
}

/// What an element does to the text around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Skipped,
    Break,
    Table,
    List,
    Block,
    Inline,
}

fn kind(tag: &Tag) -> Kind {
    match tag.name() {
        "script" | "style" | "head" | "template" | "noscript" | "iframe" | "object" | "svg" | "math"
        | "del" | "select" | "textarea" | "button" | "canvas" | "audio" | "video" => Kind::Skipped,
        _ if is_hidden(tag) => Kind::Skipped,
        "br" => Kind::Break,
        "table" => Kind::Table,
        "ul" | "ol" | "menu" => Kind::List,
        "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "body" | "section" | "article"
        | "header" | "footer" | "main" | "aside" | "nav" | "center" | "blockquote" | "pre" | "hr" | "dl"
        | "dt" | "dd" | "form" | "fieldset" | "figure" | "figcaption" | "address" | "caption" | "tr"
        | "td" | "th" | "details" | "summary" => Kind::Block,
        _ => Kind::Inline,
    }
}

fn is_hidden(tag: &Tag) -> bool {
    tag.attr("hidden").is_some() || style(tag).contains("display:none") || style(tag).contains("mso-hide:all")
}

fn style(tag: &Tag) -> String {
    let style = tag.attr("style").unwrap_or_default();
    style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

impl Context {
    /// The context inside an element.
    fn inside(mut self, tag: &Tag) -> Self {
        let style = style(tag);
        self.depth += 1;
        self.bold |= matches!(tag.name(), "b" | "strong" | "th")
            || ["font-weight:bold", "font-weight:7", "font-weight:8"].iter().any(|bold| style.contains(bold));
        if style.contains("font-weight:normal") || style.contains("font-weight:4") {
            self.bold = false;
        }
        let align = tag.attr("align").unwrap_or_default();
        if tag.name() == "center"
            || align.eq_ignore_ascii_case("center")
            || style.contains("text-align:center")
        {
            self.centred = true;
        } else if !align.is_empty() || style.contains("text-align:") {
            self.centred = false;
        }
        self.preformatted |= tag.name() == "pre" || style.contains("white-space:pre");
        let level = tag.name().strip_prefix('h').and_then(|level| level.parse().ok());
        self.heading = level.filter(|level| (1..=6).contains(level)).or(self.heading);
        self
    }
}

impl Walker<'_, '_> {
    fn children(&mut self, parent: ElementRef<'_>, context: Context) {
        for child in parent.children() {
            if self.draft.is_full() {
                return;
            }
            match child.value() {
                Node::Text(text) => self.text(text, context),
                Node::Element(_) => {
                    if let Some(element) = ElementRef::wrap(child) {
                        self.element(element, context);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, context: Context) {
        let inside = context.inside(element.value());
        if inside.depth > self.depth_max {
            // Deeper than any real page: the words are kept, the order of blocks is not looked at.
            element.text().for_each(|text| self.text(text, context));
            return;
        }
        match kind(element.value()) {
            Kind::Skipped => {}
            Kind::Break => self.out.text.push('\n'),
            Kind::Inline => self.children(element, inside),
            Kind::Block => {
                self.flush();
                self.children(element, inside);
                self.flush();
            }
            Kind::List => self.list(element, inside),
            Kind::Table => {
                self.flush();
                let tables = table::read(element, self.depth_max);
                tables.into_iter().for_each(|table| self.draft.table(table));
            }
        }
    }

    fn list(&mut self, list: ElementRef<'_>, context: Context) {
        self.flush();
        let mut markers = Markers::new(list.value());
        for child in list.child_elements() {
            if child.value().name() == "li" && !is_hidden(child.value()) {
                self.out.marker = Some(markers.next(child.value()));
                self.children(child, context.inside(child.value()));
                self.flush();
                self.out.marker = None;
            } else {
                self.element(child, context);
            }
        }
    }

    fn text(&mut self, text: &str, context: Context) {
        if !text.trim().is_empty() {
            if !self.out.any_text {
                (self.out.any_text, self.out.all_bold, self.out.context) = (true, true, context);
            }
            self.out.all_bold &= context.bold;
        }
        add_text(&mut self.out.text, text, context.preformatted);
    }

    /// Ends the paragraph being gathered.
    fn flush(&mut self) {
        if !self.out.any_text {
            self.out.text.clear();
            return;
        }
        let out = std::mem::take(&mut self.out);
        self.paragraphs += 1;
        let text = match &out.marker {
            Some(marker) => format!("{marker} {}", out.text.trim_start()),
            None => out.text,
        };
        let mut paragraph = Paragraph::new(text, Place::line(self.paragraphs));
        paragraph.bold = out.all_bold;
        paragraph.centred = out.context.centred;
        paragraph.role = match (out.context.heading, out.marker) {
            (Some(level), _) => Role::Heading(level),
            (None, Some(_)) => Role::ListItem,
            (None, None) => Role::Body,
        };
        self.draft.paragraph(paragraph);
    }
}

/// Blanks in a row are one, and line breaks of the source are blanks.
fn add_text(out: &mut String, text: &str, preformatted: bool) {
    if preformatted {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        if !matches!(c, ' ' | '\n' | '\r' | '\t' | '\u{C}') {
            out.push(c);
        } else if !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}

/// The numbers or bullets of a list.
struct Markers {
    numbered: bool,
    format: &'static str,
    next: u32,
}

impl Markers {
    fn new(list: &Tag) -> Self {
        let format = match list.attr("type").unwrap_or_default() {
            "a" => "lowerLetter",
            "A" => "upperLetter",
            "i" => "lowerRoman",
            "I" => "upperRoman",
            _ => "decimal",
        };
        let next = list.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1);
        Self { numbered: list.name() == "ol", format, next }
    }

    fn next(&mut self, item: &Tag) -> String {
        if !self.numbered {
            return "-".to_owned();
        }
        self.next = item.attr("value").and_then(|value| value.parse().ok()).unwrap_or(self.next);
        let marker = format!("{}.", super::docx::written(self.next, self.format));
        self.next = self.next.saturating_add(1);
        marker
    }
}
