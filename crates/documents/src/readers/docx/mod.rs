//! Which paragraphs and tables does a Word document hold?
//!
//! A thin reader of our own: libraries lose what matters here — merged cells, counted numbers of lists, pages.

mod numbering;
mod styles;
mod table;
mod text;

pub(crate) use numbering::written;

use crate::codes;
use crate::draft::{Draft, RoughTable};
use crate::packed::Packed;
use crate::refuse::{self, Refused};
use crate::xml::{Element, parse};
use numbering::Numbering;
use opora_neutral::{Paragraph, Place, Role};
use std::collections::HashMap;
use styles::Styles;

/// Reads a `.docx` or `.docm`.
pub(crate) fn read(bytes: &[u8], draft: &mut Draft<'_>) {
    if let Err(finding) = read_parts(bytes, draft) {
        draft.finding(finding);
    }
}

fn read_parts(bytes: &[u8], draft: &mut Draft<'_>) -> Result<(), Refused> {
    let mut packed = Packed::open(bytes, draft.limits())?;
    if packed.has(|name| name.ends_with("vbaProject.bin")) {
        draft.finding(codes::FILE_MACROS.finding(
            "В документе есть макросы.",
            "Они не читались и не выполнялись: нужен только текст.",
            "Ничего делать не нужно.",
        ));
    }
    let main = main_part(&mut packed, draft)?;
    let root = parse(&packed.needed(&main)?, draft.limits())?;
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let mut beside = |part: &str| optional(&mut packed, &format!("{folder}/{part}"), draft);
    let (styles, numbers) = (beside("styles.xml")?, beside("numbering.xml")?);
    let mut notes = HashMap::new();
    for (part, kind) in [("footnotes.xml", "footnote"), ("endnotes.xml", "endnote")] {
        if let Some(root) = beside(part)? {
            notes.extend(
                root.named(kind)
                    .filter_map(|note| Some(((kind, note.attribute("id")?.to_owned()), note.clone()))),
            );
        }
    }
    let mut reader = Reader {
        styles: styles.as_ref().map(Styles::new).unwrap_or_default(),
        numbering: numbers.as_ref().map(Numbering::new).unwrap_or_default(),
        notes,
        // Breaks drawn by the program that saved the file are the only trace of pages in it.
        page: root.holds("lastRenderedPageBreak").then_some(1),
        paragraphs: 0,
        draft,
    };
    let body = root.child("body").ok_or_else(|| refuse::truncated("в документе нет тела"))?;
    reader.blocks(body);
    let pages = reader.page;
    draft.page_count(pages);
    Ok(())
}

/// The name of the part that holds the text.
fn main_part(packed: &mut Packed<'_>, draft: &Draft<'_>) -> Result<String, Refused> {
    const USUAL: &str = "word/document.xml";
    if packed.has(|name| name == USUAL) {
        return Ok(USUAL.to_owned());
    }
    let relations = parse(&packed.needed("_rels/.rels")?, draft.limits())?;
    let target = relations
        .named("Relationship")
        .find(|relation| relation.attribute("Type").is_some_and(|kind| kind.ends_with("/officeDocument")))
        .and_then(|relation| relation.attribute("Target"));
    Ok(target.unwrap_or(USUAL).trim_start_matches('/').to_owned())
}

/// A part without which the text can still be read.
fn optional(packed: &mut Packed<'_>, name: &str, draft: &mut Draft<'_>) -> Result<Option<Element>, Refused> {
    let Some(bytes) = packed.part(name)? else { return Ok(None) };
    match parse(&bytes, draft.limits()) {
        Ok(root) => Ok(Some(root)),
        Err(finding) if finding.code == codes::FILE_TRUNCATED.code => {
            draft.finding(refuse::damaged_part(name));
            Ok(None)
        }
        Err(finding) => Err(finding),
    }
}

struct Reader<'d, 'l> {
    styles: Styles,
    numbering: Numbering,
    /// Footnotes and endnotes by kind and identifier.
    notes: HashMap<(&'static str, String), Element>,
    page: Option<u32>,
    /// Paragraphs of the body so far.
    paragraphs: u32,
    draft: &'d mut Draft<'l>,
}

/// A paragraph with what hangs on it: text boxes and notes that stand elsewhere on the page.
struct Piece {
    paragraph: Paragraph,
    aside: Vec<Paragraph>,
}

impl Reader<'_, '_> {
    /// Reads the blocks of a body or of a container in it.
    fn blocks(&mut self, container: &Element) {
        for child in container.children() {
            if self.draft.is_full() {
                return;
            }
            match child.name.as_str() {
                "p" => self.body_paragraph(child),
                "tbl" => self.table(child),
                _ => self.through(child, Self::blocks),
            }
        }
    }

    /// Goes through a wrapper that itself says nothing: content controls, insertions, alternatives.
    fn through(&mut self, wrapper: &Element, read: impl Fn(&mut Self, &Element)) {
        if let Some(inner) = transparent(wrapper) {
            read(self, inner);
        }
    }

    fn body_paragraph(&mut self, element: &Element) {
        self.paragraphs += 1;
        let place = Place::line(self.paragraphs);
        let piece = self.piece(element, place);
        self.add(piece);
    }

    fn add(&mut self, piece: Piece) {
        self.draft.paragraph(piece.paragraph);
        for aside in piece.aside {
            self.draft.paragraph(aside);
        }
    }

    /// Reads one paragraph; a list marker becomes part of its text.
    fn piece(&mut self, element: &Element, mut place: Place) -> Piece {
        let properties = element.child("pPr");
        let look = self.styles.paragraph(properties);
        let mut runs = text::Runs::new(&self.styles, look.bold.unwrap_or(false), self.page);
        runs.read(element);
        place.page = runs.page_of_text();
        self.page = runs.page();
        let (text, bold, asides, notes) = runs.finish();
        let marker = look.list.filter(|item| item.list > 0).and_then(|item| self.numbering.next(item));
        let mut paragraph = Paragraph::new(join_marker(marker.as_deref(), &text), place.clone());
        paragraph.bold = bold;
        paragraph.centred = look.centred.unwrap_or(false);
        paragraph.role = match look.heading {
            Some(level @ 1..) => Role::Heading(level),
            _ if marker.is_some() => Role::ListItem,
            _ => Role::Body,
        };
        if text.trim().is_empty() && place.table.is_none() {
            // A number without text is a line left blank, except in a cell: «№ п/п» is often counted so.
            paragraph.text.clear();
        }
        let aside = self.asides(&asides, &notes, &place);
        Piece { paragraph, aside }
    }

    /// Text boxes and notes as paragraphs that follow the one they hang on.
    fn asides(
        &mut self,
        boxes: &[&Element],
        notes: &[(&'static str, String)],
        place: &Place,
    ) -> Vec<Paragraph> {
        let mut asides = Vec::new();
        for content in boxes {
            for paragraph in text::paragraphs(content) {
                let piece = self.piece(paragraph, place.clone());
                asides.push(piece.paragraph);
                asides.extend(piece.aside);
            }
        }
        for key in notes {
            // A note is taken out when told, so that one that refers to itself ends.
            let Some(note) = self.notes.remove(key) else { continue };
            for (first, paragraph) in
                std::iter::once(true).chain(std::iter::repeat(false)).zip(text::paragraphs(&note))
            {
                let mut piece = self.piece(paragraph, place.clone());
                if first {
                    piece.paragraph.text = format!("Сноска {}. {}", key.1, piece.paragraph.text.trim());
                }
                asides.push(piece.paragraph);
                asides.extend(piece.aside);
            }
        }
        asides
    }

    fn table(&mut self, element: &Element) {
        let mut found = table::Found::default();
        let rough = self.rough_table(element, &mut found, 0);
        self.draft.table(rough);
        for nested in found.nested {
            self.draft.table(nested);
        }
        for aside in found.aside {
            self.draft.paragraph(aside);
        }
    }

    fn rough_table(&mut self, element: &Element, found: &mut table::Found, depth: usize) -> RoughTable {
        table::read(self, element, found, depth)
    }
}

fn join_marker(marker: Option<&str>, text: &str) -> String {
    match marker {
        Some(marker) => format!("{marker} {}", text.trim_start()),
        None => text.to_owned(),
    }
}

/// What is to be read instead of a wrapper; `None` for what is to be skipped.
fn transparent(wrapper: &Element) -> Option<&Element> {
    match wrapper.name.as_str() {
        "sdt" => wrapper.child("sdtContent"),
        "AlternateContent" => wrapper
            .named("Choice")
            .find(|choice| choice.holds("t"))
            .or_else(|| wrapper.child("Fallback"))
            .or_else(|| wrapper.child("Choice")),
        "ins" | "moveTo" | "customXml" | "smartTag" | "hyperlink" | "fldSimple" | "dir" | "bdo" | "ruby"
        | "rubyBase" => Some(wrapper),
        _ => None,
    }
}
