//! Which paragraphs and tables stand in a plain text?
//!
//! Tables in plain texts come as rows with tabs, as drawn frames (pipes, box drawing) or as columns aligned by
//! blanks. Everything else is paragraphs, one a line, unless a line was plainly broken by width.

mod aligned;
pub(crate) mod decode;
mod drawn;
mod markup;
mod tabs;

use crate::draft::{Draft, RoughCell, RoughRow, RoughTable};
use opora_neutral::{Paragraph, Place, Role};

/// A line of the file.
#[derive(Clone, Debug)]
struct Line<'a> {
    text: &'a str,
    place: Place,
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// A lone number, as page numbers are left by conversions: «9», «- 11 -», «стр. 3».
    fn is_page_number(&self) -> bool {
        let text = self.text.trim();
        let text = text.strip_prefix("стр.").or_else(|| text.strip_prefix("Страница")).unwrap_or(text);
        let number = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—'));
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Nothing but signs that draw a line: «------ --- ---», «+----+», «├──┼──┤».
    fn is_ruler(&self) -> bool {
        let mut strokes = 0;
        for c in self.text.chars() {
            match c {
                '-' | '=' | '_' | '─' | '━' | '═' | '—' => strokes += 1,
                ' ' | '\t' | '|' | '+' | ':' | '\u{2500}'..='\u{257F}' => {}
                _ => return false,
            }
        }
        strokes >= 3
    }
}

/// Reads the text of a plain text file.
pub(crate) fn read(text: &str, draft: &mut Draft<'_>) {
    let lines = split_lines(text);
    if let Some(pages) = lines.last().and_then(|line| line.place.page) {
        draft.page_count(Some(pages));
    }
    let mut rest = lines.as_slice();
    while let Some(line) = rest.first() {
        if draft.is_full() {
            return;
        }
        let used = if line.is_blank() {
            1
        } else if let Some((table, used)) = table_at(rest) {
            draft.table(table);
            used
        } else {
            let (paragraph, used) = paragraph_at(rest);
            draft.paragraph(paragraph);
            used
        };
        rest = rest.get(used.max(1)..).unwrap_or_default();
    }
}

/// A piece of text with leftovers of markup taken out.
pub(crate) fn plain(text: &str) -> String {
    markup::strip(text).text
}

fn split_lines(text: &str) -> Vec<Line<'_>> {
    let text = text.trim_end_matches(['\u{1A}', '\u{C}']);
    let paged = text.contains('\u{C}');
    let mut lines = Vec::new();
    let mut number = 0;
    for (page, sheet) in (1_u32..).zip(text.split('\u{C}')) {
        for line in sheet.split('\n') {
            number += 1;
            let place = Place { page: paged.then_some(page), ..Place::line(number) };
            lines.push(Line { text: line.trim_end_matches('\r'), place });
        }
        // A form feed ends a page within a line: both halves have the number of that line.
        number -= 1;
    }
    lines
}

fn table_at(lines: &[Line<'_>]) -> Option<(RoughTable, usize)> {
    tabs::table_at(lines).or_else(|| drawn::table_at(lines)).or_else(|| aligned::table_at(lines))
}

/// A row of cells with leftovers of markup taken out.
fn rough_row<'a>(place: &Place, cells: impl IntoIterator<Item = &'a str>) -> RoughRow {
    let cell = |text: &str| {
        let plain = markup::strip(text);
        RoughCell { bold: plain.bold, ..RoughCell::new(plain.text) }
    };
    RoughRow { place: place.clone(), cells: cells.into_iter().map(cell).collect() }
}

/// A row of one cell over the whole width, such as the title of a section.
fn section_row(place: &Place, text: &str, width: usize) -> RoughRow {
    let mut row = rough_row(place, [text]);
    for cell in &mut row.cells {
        cell.column_span = u32::try_from(width).unwrap_or(u32::MAX);
    }
    row
}

/// A line that goes on from the one before: it starts with a small letter.
fn goes_on(text: &str) -> bool {
    text.trim_start().chars().next().is_some_and(char::is_lowercase)
}

const BULLETS: [&str; 9] = ["- ", "– ", "— ", "• ", "* ", "✓ ", "▪ ", "● ", "· "];

fn is_bullet(text: &str) -> bool {
    BULLETS.iter().any(|bullet| text.starts_with(bullet))
}

/// Shorter lines are not broken by width.
const WRAPPED_CHARS_MIN: usize = 45;

fn was_wrapped(line: &str, next: &str) -> bool {
    let line = line.trim();
    goes_on(next) && line.chars().count() >= WRAPPED_CHARS_MIN && !line.ends_with([';', '.', ':', '!', '?'])
}

fn paragraph_at(lines: &[Line<'_>]) -> (Paragraph, usize) {
    let Some(first) = lines.first() else {
        return (Paragraph::new("", Place::WHOLE), 1);
    };
    let mut text = first.text.trim().to_owned();
    let mut used = 1;
    // Bold text may run over lines, and long lines may have been broken by width.
    while let (Some(last), Some(next)) = (lines.get(used - 1), lines.get(used)) {
        let open_bold = text.matches("**").count() % 2 == 1;
        if next.is_blank() || next.text.contains('\t') || !(open_bold || was_wrapped(last.text, next.text)) {
            break;
        }
        text.push(if goes_on(next.text) { ' ' } else { '\n' });
        text.push_str(next.text.trim());
        used += 1;
    }
    let (role, text) = role_of(&text);
    let plain = markup::strip(&text);
    let indent = first.text.len() - first.text.trim_start().len();
    let mut paragraph = Paragraph::new(plain.text, first.place.clone());
    paragraph.role = role;
    paragraph.bold = plain.bold;
    // Deep indents centre a line in typewriter texts.
    paragraph.centred = role == Role::Body && indent >= 12 && !first.text.contains('\t');
    (paragraph, used)
}

fn role_of(text: &str) -> (Role, String) {
    if let Some(item) = text.strip_prefix("* ") {
        return (Role::ListItem, format!("- {item}"));
    }
    if is_bullet(text) {
        return (Role::ListItem, text.to_owned());
    }
    let level = text.bytes().take_while(|&byte| byte == b'#').count();
    match text.get(level..).and_then(|rest| rest.strip_prefix(' ')) {
        Some(title) if (1..=6).contains(&level) => {
            (Role::Heading(u8::try_from(level).unwrap_or(6)), title.to_owned())
        }
        _ => (Role::Body, text.to_owned()),
    }
}
