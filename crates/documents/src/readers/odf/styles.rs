//! What do the styles of an OpenDocument file say of paragraphs, spans, lists and sheets?

use crate::xml::Element;
use std::collections::{HashMap, HashSet};

/// Styles stand on each other; longer chains than this are circles.
const CHAIN_MAX: usize = 20;

/// What a style says; `None` is not said.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    pub(super) bold: Option<bool>,
    pub(super) centred: Option<bool>,
    pub(super) heading: Option<u32>,
}

struct Style {
    look: Look,
    parent: Option<String>,
}

/// A level of a list style.
#[derive(Clone, Debug, Default)]
pub(super) struct ListLevel {
    /// A bullet, or `None` for a number.
    pub(super) bullet: Option<String>,
    pub(super) prefix: String,
    pub(super) suffix: String,
    /// «1», «a», «I», «а»; empty for no number.
    pub(super) format: String,
    pub(super) start: u32,
    /// How many levels the number shows.
    pub(super) shown: usize,
}

/// All styles of a file.
#[derive(Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    lists: HashMap<String, HashMap<usize, ListLevel>>,
    hidden_tables: HashSet<String>,
}

impl Styles {
    /// Adds the styles of `styles.xml` or of `content.xml`.
    pub(super) fn add(&mut self, root: &Element) {
        let groups = root.children().filter(|group| group.is("styles") || group.is("automatic-styles"));
        for style in groups.flat_map(Element::children) {
            let Some(name) = style.attribute("name") else { continue };
            match style.name.as_str() {
                "style" => self.add_style(name, style),
                "list-style" => {
                    let level = |level: &Element| Some((level.number("level")? as usize, list_level(level)));
                    self.lists.insert(name.to_owned(), style.children().filter_map(level).collect());
                }
                _ => {}
            }
        }
    }

    fn add_style(&mut self, name: &str, style: &Element) {
        let text = style.child("text-properties").and_then(|p| p.attribute("font-weight"));
        let paragraph = style.child("paragraph-properties").and_then(|p| p.attribute("text-align"));
        let table = style.child("table-properties").and_then(|p| p.attribute("display"));
        if table == Some("false") {
            self.hidden_tables.insert(name.to_owned());
        }
        let bold =
            text.map(|weight| weight == "bold" || weight.parse().is_ok_and(|weight: u32| weight >= 600));
        let look = Look {
            bold,
            centred: paragraph.map(|align| align == "center"),
            heading: style.number("default-outline-level"),
        };
        let parent = style.attribute("parent-style-name").map(str::to_owned);
        self.styles.insert(name.to_owned(), Style { look, parent });
    }

    /// What a paragraph or text style says, its parents included.
    pub(super) fn paragraph(&self, name: Option<&str>) -> Look {
        let mut look = Look::default();
        let mut next = name;
        for _ in 0..CHAIN_MAX {
            let Some(style) = next.and_then(|name| self.styles.get(name)) else { break };
            look.bold = look.bold.or(style.look.bold);
            look.centred = look.centred.or(style.look.centred);
            look.heading = look.heading.or(style.look.heading);
            next = style.parent.as_deref();
        }
        look
    }

    /// A level of a list style, counted from one.
    pub(super) fn list_level(&self, style: &str, level: usize) -> Option<&ListLevel> {
        self.lists.get(style)?.get(&level)
    }

    pub(super) fn is_hidden_table(&self, style: Option<&str>) -> bool {
        style.is_some_and(|style| self.hidden_tables.contains(style))
    }
}

fn list_level(level: &Element) -> ListLevel {
    let value = |name: &str| level.attribute(name).unwrap_or_default().to_owned();
    ListLevel {
        bullet: level.is("list-level-style-bullet").then(|| value("bullet-char")),
        prefix: value("num-prefix"),
        suffix: value("num-suffix"),
        format: value("num-format"),
        start: level.number("start-value").unwrap_or(1),
        shown: level.number("display-levels").unwrap_or(1) as usize,
    }
}
