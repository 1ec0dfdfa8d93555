//! What stands on one page, from top to bottom?

use super::aligned::{self, Stripe};
use super::geometry::Area;
use super::grid::{Grid, grids};
use super::hyphens::Hyphens;
use super::lines::{Line, confidence, lines_of};
use super::paragraphs::{self, Flow, cell_text};
use super::{Page, Word};
use opora_neutral::Cell;

/// A page whose words are sorted into the cells of its tables and the lines outside of them.
#[derive(Debug)]
pub struct Sheet {
    /// Number of the page, from one.
    pub number: u32,
    /// Width, points.
    pub width: f64,
    /// Height, points.
    pub height: f64,
    /// Lines outside tables, from the top.
    pub lines: Vec<Line>,
    tables: Vec<(Grid, Vec<Vec<Word>>)>,
}

/// A piece of a page in reading order.
#[derive(Debug)]
pub enum Piece {
    /// A paragraph.
    Paragraph(Flow),
    /// A table, or the part of it that stands on this page.
    Table(TablePart),
}

/// A table, or the part of it that stands on one page.
#[derive(Debug)]
pub struct TablePart {
    /// Column edges, points.
    pub xs: Vec<f64>,
    /// Rulings draw it; otherwise its text is aligned.
    pub is_ruled: bool,
    /// Rows from the top.
    pub rows: Vec<PartRow>,
}

/// A row of a table on a page; cells have no place yet.
#[derive(Debug)]
pub struct PartRow {
    /// Number of the page.
    pub page: u32,
    /// Cells that start in it, from the left.
    pub cells: Vec<Cell>,
}

/// How far text reaches on pages of one width, left and right.
#[derive(Debug)]
pub struct Margins(Vec<(f64, f64, f64)>);

impl Margins {
    /// Measures all pages: a page of its own may hold a title only.
    pub fn of(sheets: &[Sheet]) -> Self {
        let mut found: Vec<(f64, f64, f64)> = Vec::new();
        for sheet in sheets {
            let lines = sheet.lines.iter().map(|line| (line.area.left, line.area.right));
            let grids = sheet.tables.iter().map(|(grid, _)| (grid.area().left, grid.area().right));
            for (left, right) in lines.chain(grids) {
                match found.iter_mut().find(|(width, ..)| (*width - sheet.width).abs() < 2.0) {
                    Some((_, least, most)) => {
                        *least = least.min(left);
                        *most = most.max(right);
                    }
                    None => found.push((sheet.width, left, right)),
                }
            }
        }
        Self(found)
    }

    /// Left and right margin of the text on a page of a width.
    pub fn for_width(&self, width: f64) -> (f64, f64) {
        let own = self.0.iter().find(|(known, ..)| (*known - width).abs() < 2.0);
        own.map_or((0.0, width), |&(_, left, right)| (left, right))
    }
}

impl Sheet {
    /// Finds the grids of a page and the words that stand in their cells.
    pub fn new(page: Page) -> Self {
        let mut tables: Vec<(Grid, Vec<Vec<Word>>)> = grids(&page.rules)
            .into_iter()
            .map(|grid| {
                let cells = vec![Vec::new(); grid.cells.len()];
                (grid, cells)
            })
            .collect();
        let mut outside = Vec::new();
        for mut word in page.words {
            word.area = word.area.tidied();
            let (x, y) = (word.area.middle_x(), word.area.middle_y());
            let home = tables.iter_mut().find_map(|(grid, cells)| cells.get_mut(grid.cell_at(x, y)?));
            match home {
                Some(cell) => cell.push(word),
                None => outside.push(word),
            }
        }
        // Drawn lines around nothing, or frames around a single text, are decoration. A single filled cell among
        // columns may be the end of a row that the page break has cut.
        tables.retain_mut(|(grid, cells)| {
            let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
            let is_table = filled > 1 || (filled == 1 && grid.xs.len() > 2);
            if !is_table {
                outside.extend(cells.iter_mut().flat_map(std::mem::take));
            }
            is_table
        });
        let sane = |size: f64| if size.is_finite() { size } else { 0.0 };
        Self {
            number: page.number,
            width: sane(page.width),
            height: sane(page.height),
            lines: lines_of(outside),
            tables,
        }
    }

    /// Where the tables drawn by rulings stand.
    pub fn table_areas(&self) -> impl Iterator<Item = Area> {
        self.tables.iter().map(|(grid, _)| grid.area())
    }

    /// Paragraphs and tables of the page in reading order. `open` are the gutters of a table without rulings
    /// that the page before ended with; it becomes what this page ends with.
    pub fn read(self, margins: &Margins, hyphens: &Hyphens, open: &mut Option<Vec<Stripe>>) -> Vec<Piece> {
        let margins = margins.for_width(self.width);
        let mut pieces = Vec::new();
        let mut lines = self.lines.into_iter().peekable();
        for (grid, cells) in self.tables {
            let top = grid.area().top;
            let mut above = Vec::new();
            while let Some(line) = lines.next_if(|line| line.area.middle_y() < top) {
                above.push(line);
            }
            read_flow(above, self.number, margins, hyphens, open, &mut pieces);
            pieces.push(Piece::Table(read_grid(&grid, cells, self.number, hyphens)));
            *open = None;
        }
        read_flow(lines.collect(), self.number, margins, hyphens, open, &mut pieces);
        pieces
    }
}

fn read_flow(
    lines: Vec<Line>,
    page: u32,
    margins: (f64, f64),
    hyphens: &Hyphens,
    open: &mut Option<Vec<Stripe>>,
    pieces: &mut Vec<Piece>,
) {
    if lines.is_empty() {
        return;
    }
    for stretch in aligned::stretches(lines, open.take().as_deref()) {
        match stretch {
            aligned::Stretch::Lines(lines) => {
                let flows = paragraphs::flows(&lines, page, margins, hyphens);
                pieces.extend(flows.into_iter().map(Piece::Paragraph));
                *open = None;
            }
            aligned::Stretch::Table(table) => {
                *open = Some(table.gutters.clone());
                pieces.push(Piece::Table(table.read(page, hyphens)));
            }
        }
    }
}

fn read_grid(grid: &Grid, cells: Vec<Vec<Word>>, page: u32, hyphens: &Hyphens) -> TablePart {
    let rows = grid.ys.len().saturating_sub(1);
    let mut part: Vec<PartRow> = (0..rows).map(|_| PartRow { page, cells: Vec::new() }).collect();
    for (cell, words) in grid.cells.iter().zip(cells) {
        let read = read_cell(words, grid.area_of(cell), hyphens);
        if let Some(row) = part.get_mut(cell.row) {
            row.cells.push(Cell {
                column: number(cell.column),
                column_span: number(cell.column_span),
                row_span: number(cell.row_span),
                ..read
            });
        }
    }
    TablePart { xs: grid.xs.clone(), is_ruled: true, rows: part }
}

/// Text, weight and confidence of a cell that holds words in an area.
pub fn read_cell(words: Vec<Word>, area: Area, hyphens: &Hyphens) -> Cell {
    let mut cell = Cell::new("", 0, opora_neutral::Place::WHOLE);
    cell.bold = !words.is_empty() && words.iter().all(|word| word.bold);
    cell.confidence = confidence(words.iter());
    let lines = lines_of(words);
    cell.text = cell_text(&lines, area, hyphens);
    cell
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
