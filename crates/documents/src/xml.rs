//! What elements does an XML part hold, and is it safe to look?
//!
//! A small tree of elements with local names. Document type declarations are refused, because that is where
//! entities that blow up or read other files are declared; office formats never have them. Depth is limited.

use crate::limits::Limits;
use crate::readers::text::decode::decode;
use crate::refuse::{self, Refused};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// More elements than this are not held in memory.
const ELEMENTS_MAX: usize = 4_000_000;

/// An element: its name and attributes without prefixes, and what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) nodes: Vec<Node>,
}

/// What stands inside an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// The value of an attribute by its local name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The elements directly inside.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements of a name directly inside.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.children().filter(move |child| child.name == name)
    }

    /// The first element of a name directly inside.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children().find(|child| child.name == name)
    }

    /// The element at the end of a path of names.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// Is there an element of this name anywhere inside?
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.children().any(|child| child.name == name || child.holds(name))
    }
}

/// The root element of an XML part.
pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Element, Refused> {
    let (text, _) = decode(bytes, None);
    let mut reader = Reader::from_str(&text);
    let mut open = vec![Element::default()];
    let mut elements = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                elements += 1;
                open.push(element(&start));
            }
            Ok(Event::Empty(start)) => {
                elements += 1;
                add(&mut open, Node::Element(element(&start)));
            }
            Ok(Event::End(_)) => {
                if let Some(closed) = open.pop() {
                    add(&mut open, Node::Element(closed));
                }
            }
            Ok(Event::Text(text)) => add_text(&mut open, &text.xml10_content()),
            Ok(Event::CData(text)) => add_text(&mut open, &text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => add_text(&mut open, &resolve(&reference)),
            Ok(Event::DocType(_)) => {
                return Err(refuse::hostile(
                    "Внутри объявлены сущности XML: так устроены файлы, сделанные во вред.",
                )
                .into());
            }
            Ok(Event::Eof) => break,
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
            Err(_) => return Err(refuse::truncated("разметка внутри него нарушена").into()),
        }
        if open.len() > limits.max_xml_depth {
            return Err(refuse::hostile(
                "Вложенность внутри него бездонная: так устроены файлы, сделанные во вред.",
            )
            .into());
        }
        if elements > ELEMENTS_MAX {
            return Err(refuse::unpacks_too_large(limits.max_unpacked_bytes).into());
        }
    }
    let complete = open.len() == 1;
    let nodes = open.pop().map(|document| document.nodes).unwrap_or_default();
    let root = nodes.into_iter().find_map(|node| match node {
        Node::Element(root) => Some(root),
        Node::Text(_) => None,
    });
    root.filter(|_| complete).ok_or_else(|| refuse::truncated("разметка внутри него обрывается").into())
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn element(start: &BytesStart<'_>) -> Element {
    let attributes = start
        .attributes()
        .with_checks(false)
        .flatten()
        .map(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_or_else(|_| attribute.value.to_string(), std::borrow::Cow::into_owned);
            (local(attribute.key.0).to_owned(), value)
        })
        .collect();
    Element { name: local(start.name().0).to_owned(), attributes, nodes: Vec::new() }
}

fn add(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.nodes.push(node);
    }
}

fn add_text(open: &mut [Element], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    if let Some(Node::Text(last)) = parent.nodes.last_mut() {
        last.push_str(text);
    } else if !text.is_empty() {
        parent.nodes.push(Node::Text(text.to_owned()));
    }
}

fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name = reference.xml10_content();
    // What no document type declares stays as it is written.
    quick_xml::escape::resolve_predefined_entity(&name).map_or_else(|| format!("&{name};"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str, expected: Result<&str, &str>) {
        let root = parse(xml.as_bytes(), &Limits::default());
        let text = root.map(|root| match root.nodes.as_slice() {
            [Node::Text(text)] => text.clone(),
            nodes => format!("{nodes:?}"),
        });
        assert_eq!(text.as_deref().map_err(|finding| finding.code), expected);
    }

    #[test]
    fn text_and_references_are_read() {
        check("<w:t>a &lt; b &amp; &#1078;</w:t>", Ok("a < b & ж"));
        check("<t><![CDATA[a < b]]></t>", Ok("a < b"));
        check("<t>&unknown;</t>", Ok("&unknown;"));
    }

    #[test]
    fn unsafe_and_broken_xml_is_refused() {
        check("<!DOCTYPE t [<!ENTITY a \"b\">]><t>&a;</t>", Err("FILE_HOSTILE"));
        check(&"<t>".repeat(100_000), Err("FILE_HOSTILE"));
        check("<t><b>text</b>", Err("FILE_TRUNCATED"));
        check("", Err("FILE_TRUNCATED"));
    }
}
