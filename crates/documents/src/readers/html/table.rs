//! Which cells does a table of a web page have?

use super::{Context, Kind, Markers, add_text, kind};
use crate::draft::{RoughCell, RoughRow, RoughTable};
use scraper::{ElementRef, Node};

/// Tables are not followed deeper than this; their text is.
const NESTED_MAX: usize = 8;

/// A table, and after it the tables that stand in its cells.
pub(super) fn read(table: ElementRef<'_>, depth_max: usize) -> Vec<RoughTable> {
    let mut reader = Reader { nested: Vec::new(), depth_max };
    let rough = reader.table(table, 0);
    let mut tables = vec![rough];
    tables.append(&mut reader.nested);
    tables
}

struct Reader {
    nested: Vec<RoughTable>,
    depth_max: usize,
}

/// The text of a cell being gathered.
#[derive(Default)]
struct Content {
    text: String,
    any_text: bool,
    not_bold: bool,
}

impl Content {
    fn add(&mut self, text: &str, context: Context) {
        if !text.trim().is_empty() {
            self.any_text = true;
            self.not_bold |= !context.bold;
        }
        add_text(&mut self.text, text, context.preformatted);
    }

    fn new_line(&mut self) {
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

impl Reader {
    fn table(&mut self, table: ElementRef<'_>, depth: usize) -> RoughTable {
        let mut rough = RoughTable::default();
        for part in table.child_elements() {
            match part.value().name() {
                "tr" => rough.rows.push(self.row(part, depth)),
                "thead" | "tbody" | "tfoot" => {
                    let rows = part.child_elements().filter(|row| row.value().name() == "tr");
                    rough.rows.extend(rows.map(|row| self.row(row, depth)).collect::<Vec<_>>());
                }
                "caption" => rough.rows.push(RoughRow {
                    cells: vec![RoughCell { column_span: u32::MAX, ..self.cell(part, depth) }],
                    ..RoughRow::default()
                }),
                _ => {}
            }
        }
        rough
    }

    fn row(&mut self, row: ElementRef<'_>, depth: usize) -> RoughRow {
        let cells = row.child_elements().filter(|cell| matches!(cell.value().name(), "td" | "th"));
        let cells = cells.map(|cell| self.cell(cell, depth)).collect();
        RoughRow { cells, ..RoughRow::default() }
    }

    fn cell(&mut self, cell: ElementRef<'_>, depth: usize) -> RoughCell {
        let mut content = Content::default();
        let span = |name: &str| {
            let value = cell.value().attr(name).unwrap_or("1").trim();
            // Zero rows mean «to the end»; a number too long for us is no smaller.
            value.parse::<u32>().unwrap_or_else(|error| if is_overflow(&error) { u32::MAX } else { 1 })
        };
        let (column_span, row_span) = (span("colspan"), span("rowspan"));
        self.inside(cell, Context::default().inside(cell.value()), depth, &mut content);
        RoughCell {
            column_span,
            row_span,
            bold: content.any_text && !content.not_bold,
            ..RoughCell::new(content.text)
        }
    }

    fn inside(&mut self, parent: ElementRef<'_>, context: Context, depth: usize, content: &mut Content) {
        for child in parent.children() {
            match child.value() {
                Node::Text(text) => content.add(text, context),
                Node::Element(_) => {
                    if let Some(element) = ElementRef::wrap(child) {
                        self.element(element, context, depth, content);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, context: Context, depth: usize, content: &mut Content) {
        let inside = context.inside(element.value());
        if inside.depth > self.depth_max {
            element.text().for_each(|text| content.add(text, context));
            return;
        }
        match kind(element.value()) {
            Kind::Skipped => {}
            Kind::Break => content.text.push('\n'),
            Kind::Inline => self.inside(element, inside, depth, content),
            Kind::Block => {
                content.new_line();
                self.inside(element, inside, depth, content);
                content.new_line();
            }
            Kind::List => {
                let mut markers = Markers::new(element.value());
                for item in element.child_elements() {
                    content.new_line();
                    if item.value().name() == "li" {
                        content.text.push_str(&markers.next(item.value()));
                        content.text.push(' ');
                        self.inside(item, inside, depth, content);
                    } else {
                        self.element(item, inside, depth, content);
                    }
                }
                content.new_line();
            }
            Kind::Table if depth < NESTED_MAX => self.nested(element, depth, content),
            Kind::Table => element.text().for_each(|text| content.add(text, inside)),
        }
    }

    /// A real table inside a cell follows the outer one; a small one is text of the cell.
    fn nested(&mut self, table: ElementRef<'_>, depth: usize, content: &mut Content) {
        let rough = self.table(table, depth + 1);
        let widest = rough.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
        if widest >= 2 && rough.rows.len() >= 2 {
            self.nested.push(rough);
            return;
        }
        for row in rough.rows {
            content.new_line();
            for cell in row.cells {
                content.add(&cell.text, Context { bold: cell.bold, ..Context::default() });
                content.text.push(' ');
            }
        }
    }
}

fn is_overflow(error: &std::num::ParseIntError) -> bool {
    matches!(error.kind(), std::num::IntErrorKind::PosOverflow)
}
