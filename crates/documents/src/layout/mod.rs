//! Which paragraphs and tables do words and lines drawn on pages make?
//!
//! One engine for two sources: the text layer of a PDF and the words recognised on a scan. It is pure: pages
//! of positioned words and rulings in, neutral blocks out. Nothing here knows where the words came from.
//!
//! Coordinates are points (1/72 inch), `x` to the right and `y` **down** from the top left corner of the page
//! as a person sees it.

mod across_pages;
mod aligned;
mod furniture;
mod geometry;
mod grid;
mod hyphens;
mod lines;
mod page;
mod paragraphs;

pub use geometry::{Area, Direction, Rule};
pub use grid::grids;

use hyphens::Hyphens;
use opora_neutral::{Block, Paragraph};

/// A page as drawn: its size, its words in any order, and its rulings.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Number of the page, from one.
    pub number: u32,
    /// Width as seen, points.
    pub width: f64,
    /// Height as seen, points.
    pub height: f64,
    /// Words with their places, in any order.
    pub words: Vec<Word>,
    /// Rulings: drawn line segments and thin filled rectangles.
    pub rules: Vec<Rule>,
}

/// A word with its place on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Text without white space around it.
    pub text: String,
    /// Where it stands. Words of one line share their top and bottom, roughly.
    pub area: Area,
    /// Font size, points.
    pub size: f64,
    /// Drawn bold.
    pub bold: bool,
    /// Confidence of character recognition, 0–100 per cent; `None` for a text layer.
    pub confidence: Option<u8>,
}

/// What the pages say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Paragraphs and tables in reading order, with page numbers and table, row and column numbers.
    pub blocks: Vec<Block>,
    /// Page numbers and running heads that were set aside: they are not part of the text.
    pub furniture: Vec<Paragraph>,
}

/// Lays words and rulings of pages out as paragraphs and tables.
///
/// Pages must come in reading order. Every word ends up in the blocks or in the furniture.
pub fn lay_out(pages: Vec<Page>) -> Layout {
    let hyphens = Hyphens::learn(&pages);
    let mut sheets: Vec<_> = pages.into_iter().map(page::Sheet::new).collect();
    let furniture = furniture::set_aside(&mut sheets);
    let margins = page::Margins::of(&sheets);
    let mut open = None;
    let contents = sheets.into_iter().map(|sheet| sheet.read(&margins, &hyphens, &mut open)).collect();
    Layout { blocks: across_pages::join(contents, &hyphens), furniture }
}

#[cfg(test)]
mod tests;
