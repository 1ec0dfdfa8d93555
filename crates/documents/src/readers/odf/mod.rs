//! Which paragraphs, tables and sheets does an OpenDocument file hold?

mod lists;
mod styles;
mod table;
mod text;

use super::sheets;
use crate::draft::Draft;
use crate::packed::Packed;
use crate::refuse::{self, Refused};
use crate::xml::{Element, parse};
use lists::{Lists, Position};
use opora_neutral::{Paragraph, Place, Role};
use styles::Styles;

/// Reads an `.odt`.
pub(crate) fn read_text(bytes: &[u8], draft: &mut Draft<'_>) {
    if let Err(finding) = read_body(bytes, draft) {
        draft.finding(finding);
    }
}

/// Reads an `.ods`.
pub(crate) fn read_sheets(bytes: &[u8], draft: &mut Draft<'_>) {
    match open(bytes, draft) {
        Ok((content, styles)) => {
            let book = content.at(&["body", "spreadsheet"]);
            let cells_max = draft.limits().max_cells;
            let sheets = book.map(|book| table::sheets(book, &styles, cells_max)).unwrap_or_default();
            sheets.iter().for_each(|sheet| sheets::add(sheet, draft));
        }
        Err(finding) => draft.finding(finding),
    }
}

fn open(bytes: &[u8], draft: &mut Draft<'_>) -> Result<(Element, Styles), Refused> {
    let mut packed = Packed::open(bytes, draft.limits())?;
    let manifest = packed.part("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.windows(15).any(|window| window == b"encryption-data") {
        return Err(refuse::encrypted().into());
    }
    let content = parse(&packed.needed("content.xml")?, draft.limits())?;
    let mut styles = Styles::default();
    if let Some(bytes) = packed.part("styles.xml")? {
        match parse(&bytes, draft.limits()) {
            Ok(root) => styles.add(&root),
            Err(_) => draft.finding(refuse::damaged_part("styles.xml")),
        }
    }
    styles.add(&content);
    Ok((content, styles))
}

fn read_body(bytes: &[u8], draft: &mut Draft<'_>) -> Result<(), Refused> {
    let (content, styles) = open(bytes, draft)?;
    let body = content.at(&["body", "text"]).ok_or_else(|| refuse::truncated("в документе нет текста"))?;
    let page = content.holds("soft-page-break").then_some(1);
    let mut reader = Reader { styles: &styles, lists: Lists::default(), page, paragraphs: 0, draft };
    reader.blocks(body, None);
    let page = reader.page;
    draft.page_count(page);
    Ok(())
}

struct Reader<'s, 'd, 'l> {
    styles: &'s Styles,
    lists: Lists,
    page: Option<u32>,
    /// Paragraphs of the body so far.
    paragraphs: u32,
    draft: &'d mut Draft<'l>,
}

/// A paragraph with what hangs on it: text boxes and notes.
struct Piece {
    paragraph: Paragraph,
    aside: Vec<Paragraph>,
}

impl Reader<'_, '_, '_> {
    fn blocks(&mut self, container: &Element, list: Option<&Position>) {
        for child in container.children() {
            if self.draft.is_full() {
                return;
            }
            match child.name.as_str() {
                "p" | "h" => {
                    self.paragraphs += 1;
                    let mut place = Place::line(self.paragraphs);
                    place.page = self.page;
                    let piece = self.piece(child, place, list);
                    self.draft.paragraph(piece.paragraph);
                    piece.aside.into_iter().for_each(|aside| self.draft.paragraph(aside));
                }
                "table" => self.table(child),
                "list" => self.list(child, list, |reader, item, at| reader.blocks(item, at)),
                "soft-page-break" => self.turn_page(),
                "section" | "index-body" | "table-of-content" | "numbered-paragraph" | "index-title"
                | "alphabetical-index" | "user-index" | "frame" | "text-box" => self.blocks(child, list),
                // Among the rest is `tracked-changes`: deleted text is no text of the document.
                _ => {}
            }
        }
    }

    fn turn_page(&mut self) {
        self.page = self.page.map(|page| page.saturating_add(1));
    }

    /// Goes through the items of a list; the marker goes to the first paragraph of an item.
    fn list(
        &mut self,
        list: &Element,
        outer: Option<&Position>,
        mut read: impl FnMut(&mut Self, &Element, Option<&Position>),
    ) {
        let position = self.lists.enter(list, outer);
        for item in list.children() {
            match item.name.as_str() {
                "list-item" => {
                    self.lists.begin_item(item.number("start-value"));
                    read(self, item, Some(&position));
                }
                "list-header" => read(self, item, None),
                _ => {}
            }
        }
    }

    fn piece(&mut self, element: &Element, mut place: Place, list: Option<&Position>) -> Piece {
        let look = self.styles.paragraph(element.attribute("style-name"));
        let mut spans = text::Spans::new(self.styles, look.bold.unwrap_or(false));
        spans.read(element, None, 0);
        if spans.break_before_text {
            self.turn_page();
            place.page = self.page;
        }
        (0..spans.breaks_after_text).for_each(|_| self.turn_page());
        let marker = list.and_then(|position| self.lists.marker(position, self.styles));
        let text = spans.text.trim();
        let text = match &marker {
            Some(marker) if !text.is_empty() || place.table.is_some() => format!("{marker} {text}"),
            _ => text.to_owned(),
        };
        let mut paragraph = Paragraph::new(text, place.clone());
        paragraph.bold = spans.any_text && spans.all_bold;
        paragraph.centred = look.centred.unwrap_or(false);
        let level = element.number("outline-level").filter(|_| element.is("h"));
        let level = level.or(look.heading).and_then(|level| u8::try_from(level).ok());
        paragraph.role = match level {
            Some(level @ 1..) => Role::Heading(level),
            _ if marker.is_some() => Role::ListItem,
            _ => Role::Body,
        };
        let mut aside = Vec::new();
        for (title, container) in spans.aside {
            self.aside(&title, container, &place, &mut aside);
        }
        Piece { paragraph, aside }
    }

    /// The paragraphs of a text box or of a note, with the note's number before the first.
    fn aside(&mut self, title: &str, container: &Element, place: &Place, out: &mut Vec<Paragraph>) {
        let mut title = title;
        for element in text::paragraphs(container) {
            let mut piece = self.piece(element, place.clone(), None);
            if !title.is_empty() {
                piece.paragraph.text = format!("{title} {}", piece.paragraph.text);
                title = "";
            }
            out.push(piece.paragraph);
            out.append(&mut piece.aside);
        }
    }

    fn table(&mut self, element: &Element) {
        let mut found = table::Found::default();
        let rough = table::read(self, element, &mut found, 0);
        self.draft.table(rough);
        found.nested.into_iter().for_each(|nested| self.draft.table(nested));
        found.aside.into_iter().for_each(|aside| self.draft.paragraph(aside));
    }
}
