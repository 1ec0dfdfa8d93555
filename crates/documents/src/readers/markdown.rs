//! Which paragraphs and tables does a Markdown text hold?

use super::text;
use crate::draft::{Draft, RoughCell, RoughRow, RoughTable};
use opora_neutral::{Paragraph, Place, Role};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Reads the text of a Markdown file.
pub(crate) fn read(source: &str, draft: &mut Draft<'_>) {
    // Rows with tabs are no Markdown, but they are met in such files; the reader of plain texts knows them.
    if source.lines().filter(|line| line.contains('\t') && !line.starts_with(['\t', ' '])).count() >= 2 {
        return text::read(source, draft);
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader {
        draft,
        lines: Lines::new(source),
        at: 0,
        out: Out::default(),
        lists: Vec::new(),
        table: None,
    };
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        if reader.draft.is_full() {
            return;
        }
        reader.at = range.start;
        reader.event(event);
    }
    reader.flush();
}

/// Turns an offset into the number of its line.
struct Lines(Vec<usize>);

impl Lines {
    fn new(source: &str) -> Self {
        Self(source.match_indices('\n').map(|(at, _)| at).collect())
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.0.partition_point(|&end| end < offset) + 1;
        Place::line(u32::try_from(line).unwrap_or(u32::MAX))
    }
}

#[derive(Default)]
struct Out {
    text: String,
    start: Option<usize>,
    /// Depth of `**` around.
    strong: usize,
    any_text: bool,
    not_bold: bool,
    heading: Option<u8>,
    marker: Option<String>,
}

struct Reader<'d, 'l> {
    draft: &'d mut Draft<'l>,
    lines: Lines,
    /// Offset of the event being read.
    at: usize,
    out: Out,
    /// For each open list, the next number; `None` for bullets.
    lists: Vec<Option<u64>>,
    table: Option<RoughTable>,
}

impl Reader<'_, '_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::SoftBreak | Event::HardBreak => self.out.text.push('\n'),
            Event::Rule => self.flush(),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::FootnoteReference(name) => self.text(&name),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.out.heading = Some(heading(*level));
            }
            Tag::Paragraph | Tag::CodeBlock(_) | Tag::BlockQuote(_) => {
                // The first paragraph of an item takes the item's marker.
                let marker = self.out.marker.take();
                self.flush();
                self.out.marker = marker;
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.flush();
                self.out.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}.", number.saturating_sub(1))
                    }
                    _ => "-".to_owned(),
                });
            }
            Tag::Strong => self.out.strong += 1,
            Tag::Table(_) => {
                self.flush();
                self.table = Some(RoughTable { place: self.lines.place(self.at), rows: Vec::new() });
            }
            Tag::TableHead | Tag::TableRow => {
                let place = self.lines.place(self.at);
                if let Some(table) = &mut self.table {
                    table.rows.push(RoughRow { place, cells: Vec::new() });
                }
            }
            Tag::TableCell => self.out = Out::default(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.out.strong = self.out.strong.saturating_sub(1),
            TagEnd::TableCell => {
                let out = std::mem::take(&mut self.out);
                let row = self.table.as_mut().and_then(|table| table.rows.last_mut());
                if let Some(row) = row {
                    let bold = out.any_text && !out.not_bold;
                    row.cells.push(RoughCell { bold, ..RoughCell::new(out.text) });
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.draft.table(table);
                }
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Heading(_)
            | TagEnd::Paragraph
            | TagEnd::CodeBlock
            | TagEnd::Item
            | TagEnd::BlockQuote(_) => {
                self.flush();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.out.start.get_or_insert(self.at);
            self.out.any_text = true;
            self.out.not_bold |= self.out.strong == 0;
        }
        self.out.text.push_str(text);
    }

    fn html(&mut self, html: &str) {
        let lowered = html.to_ascii_lowercase();
        if lowered.starts_with("<br") || lowered.starts_with("<li") || lowered.starts_with("</p") {
            self.out.text.push('\n');
        } else if !lowered.starts_with("<!--") {
            let plain = text::plain(html);
            self.text(&plain);
        }
    }

    /// Ends the paragraph being gathered.
    fn flush(&mut self) {
        if self.table.is_some() {
            return;
        }
        let strong = self.out.strong;
        let out = std::mem::take(&mut self.out);
        self.out.strong = strong;
        if !out.any_text {
            return;
        }
        let text = match &out.marker {
            Some(marker) => format!("{marker} {}", out.text.trim_start()),
            None => out.text,
        };
        let mut paragraph = Paragraph::new(text, self.lines.place(out.start.unwrap_or(0)));
        paragraph.bold = !out.not_bold;
        paragraph.role = match (out.heading, out.marker) {
            (Some(level), _) => Role::Heading(level),
            (None, Some(_)) => Role::ListItem,
            (None, None) => Role::Body,
        };
        self.draft.paragraph(paragraph);
    }
}

fn heading(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
