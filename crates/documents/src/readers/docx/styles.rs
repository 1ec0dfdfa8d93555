//! What do the named styles of a Word document say of a paragraph: heading, list, bold, centred?

use crate::xml::Element;
use std::collections::HashMap;

/// Styles stand on each other; longer chains than this are circles.
const CHAIN_MAX: usize = 20;

/// What is said of a paragraph, by itself or by its style. `None` is not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Level of a heading, 1 the highest; 0 says that it is none.
    pub(super) heading: Option<u8>,
    pub(super) bold: Option<bool>,
    pub(super) centred: Option<bool>,
    /// List and level in it.
    pub(super) list: Option<ListLevel>,
}

/// A level of a numbered or bulleted list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ListLevel {
    /// `numId`; zero takes a paragraph out of its style's list.
    pub(super) list: u32,
    /// Level counted from zero.
    pub(super) level: usize,
}

impl Look {
    /// What is said here, and where nothing is said, what is said below.
    fn over(self, below: Self) -> Self {
        Self {
            heading: self.heading.or(below.heading),
            bold: self.bold.or(below.bold),
            centred: self.centred.or(below.centred),
            list: self.list.or(below.list),
        }
    }
}

struct Style {
    look: Look,
    based_on: Option<String>,
}

/// The styles of a document.
#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    default: Option<String>,
}

impl Styles {
    pub(super) fn new(root: &Element) -> Self {
        let mut styles = HashMap::new();
        let mut default = None;
        for style in root.named("style") {
            let Some(id) = style.attribute("styleId") else { continue };
            let paragraph = style.attribute("type").is_none_or(|kind| kind == "paragraph");
            if paragraph && style.attribute("default").is_some_and(is_on) {
                default = Some(id.to_owned());
            }
            let mut look = Look::default();
            if let Some(properties) = style.child("pPr") {
                look = paragraph_look(properties);
            }
            look.bold = style.child("rPr").and_then(run_bold);
            let name = style.child("name").and_then(|name| name.attribute("val")).unwrap_or(id);
            look.heading = look.heading.or_else(|| heading_by_name(name));
            let based_on = style.child("basedOn").and_then(|base| base.attribute("val")).map(str::to_owned);
            styles.insert(id.to_owned(), Style { look, based_on });
        }
        Self { styles, default }
    }

    /// What a paragraph's own properties and its style say together.
    pub(super) fn paragraph(&self, properties: Option<&Element>) -> Look {
        let own = properties.map(paragraph_look).unwrap_or_default();
        let id = properties.and_then(|p| p.child("pStyle")).and_then(|style| style.attribute("val"));
        own.over(self.style(id.or(self.default.as_deref())))
    }

    /// Whether a run is bold by its own properties or its character style.
    pub(super) fn run_bold(&self, properties: &Element) -> Option<bool> {
        let style = properties.child("rStyle").and_then(|style| style.attribute("val"));
        run_bold(properties).or_else(|| style.and_then(|id| self.style(Some(id)).bold))
    }

    fn style(&self, id: Option<&str>) -> Look {
        let mut look = Look::default();
        let mut next = id;
        for _ in 0..CHAIN_MAX {
            let Some(style) = next.and_then(|id| self.styles.get(id)) else { break };
            look = look.over(style.look);
            next = style.based_on.as_deref();
        }
        look
    }
}

fn paragraph_look(properties: &Element) -> Look {
    let value = |name: &str| properties.child(name).and_then(|element| element.attribute("val"));
    let list = properties.child("numPr").map(|list| {
        let number = |name: &str| list.child(name).and_then(|element| element.number("val"));
        // A level alone stays in the list of the style; lists are counted from one.
        ListLevel { list: number("numId").unwrap_or(0), level: number("ilvl").unwrap_or(0) as usize }
    });
    Look {
        heading: value("outlineLvl").and_then(|level| level.parse::<u8>().ok()).map(|level| match level {
            0..=8 => level + 1,
            _ => 0,
        }),
        bold: None,
        centred: value("jc").map(|jc| jc == "center"),
        list,
    }
}

fn run_bold(properties: &Element) -> Option<bool> {
    properties.child("b").map(|bold| bold.attribute("val").is_none_or(is_on))
}

/// An on-off value as Word writes it.
pub(super) fn is_on(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off" | "none")
}

fn heading_by_name(name: &str) -> Option<u8> {
    let name = name.trim().to_lowercase();
    match name.as_str() {
        "title" | "название" | "заголовок" => return Some(1),
        "subtitle" | "подзаголовок" => return Some(2),
        _ => {}
    }
    let level = name.strip_prefix("heading").or_else(|| name.strip_prefix("заголовок"))?;
    level.trim().parse().ok().filter(|level| (1..=9).contains(level))
}
