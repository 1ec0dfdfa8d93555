//! How is a document written as a Word file?
//!
//! A4 across, 12 points, as office rules ask. The font is a free one with the metrics of the usual office
//! serif; a program without it takes its own.

use super::columns::widths;
use super::{WriteError, clean};
use docx_rs::{
    AlignmentType, BreakType, Docx, LineSpacing, PageMargin, PageOrientationType, Paragraph as Para, Run,
    RunFonts, Style, StyleType, Table as Grid, TableCell, TableLayoutType, TableRow, VMergeType, WidthType,
};
use opora_neutral::{Block, Cell, Document, Paragraph, Role, Table};
use std::io::Cursor;

const FONT: &str = "Liberation Serif";
/// Half points.
const TEXT_SIZE: usize = 24;
/// Twentieths of a point: A4 across, margins 20 and 10 mm.
const PAGE_WIDTH: u32 = 16_838;
const PAGE_HEIGHT: u32 = 11_906;
const MARGIN: i32 = 1_134;
const MARGIN_RIGHT: i32 = 567;
const TEXT_WIDTH: usize = 15_137;
const HEADING_LEVELS: u8 = 9;

/// A Word file of a document: headings, paragraphs and tables with their spans.
///
/// Reads back to the same texts and spans. Notes and pages are not written.
pub fn docx(document: &Document) -> Result<Vec<u8>, WriteError> {
    let fonts = RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT).east_asia(FONT);
    let mut file = Docx::new()
        .page_size(PAGE_WIDTH, PAGE_HEIGHT)
        .page_orient(PageOrientationType::Landscape)
        .page_margin(PageMargin {
            top: MARGIN,
            left: MARGIN,
            bottom: MARGIN,
            right: MARGIN_RIGHT,
            header: 709,
            footer: 709,
            gutter: 0,
        })
        .default_fonts(fonts)
        .default_size(TEXT_SIZE);
    for level in 1..=HEADING_LEVELS {
        file = file.add_style(heading_style(level));
    }
    let mut after_table = false;
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => file = file.add_paragraph(write_paragraph(paragraph)),
            Block::Table(table) => {
                // Word joins tables that touch; an empty line keeps them apart.
                if after_table {
                    file = file.add_paragraph(Para::new());
                }
                file = file.add_table(write_table(table));
            }
        }
        after_table = matches!(block, Block::Table(_));
    }
    if after_table {
        // The format asks for a paragraph after the last table.
        file = file.add_paragraph(Para::new());
    }
    pack(file)
}

fn pack(file: Docx) -> Result<Vec<u8>, WriteError> {
    let mut parts = file.build();
    // The library has no way to say that the head repeats on every page; only heads are marked unsplittable.
    let text = String::from_utf8(std::mem::take(&mut parts.document))
        .map_err(|error| WriteError::Library(error.to_string()))?;
    parts.document = text.replace("<w:cantSplit />", "<w:cantSplit /><w:tblHeader />").into_bytes();
    let mut bytes = Cursor::new(Vec::new());
    parts.pack(&mut bytes).map_err(|error| WriteError::Library(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn heading_style(level: u8) -> Style {
    Style::new(format!("Heading{level}"), StyleType::Paragraph)
        .name(format!("heading {level}"))
        .bold()
        .outline_lvl(usize::from(level.saturating_sub(1)))
}

fn write_paragraph(paragraph: &Paragraph) -> Para {
    let mut para = Para::new().line_spacing(LineSpacing::new().after(80));
    // A heading is bold by its style; one that is not says so itself.
    let heading = match paragraph.role {
        Role::Heading(level @ 1..=HEADING_LEVELS) => Some(level),
        _ => None,
    };
    if let Some(level) = heading {
        para = para.style(&format!("Heading{level}"));
    }
    if paragraph.role == Role::ListItem {
        para = para.indent(Some(567), None, None, None);
    }
    if paragraph.centred {
        para = para.align(AlignmentType::Center);
    }
    let mut run = Run::new();
    for (first, line) in std::iter::once(true).chain(std::iter::repeat(false)).zip(paragraph.text.split('\n'))
    {
        if !first {
            run = run.add_break(BreakType::TextWrapping);
        }
        run = run.add_text(clean(line));
    }
    para.add_run(match (paragraph.bold, heading) {
        (true, _) => run.bold(),
        (false, Some(_)) => run.disable_bold(),
        (false, None) => run,
    })
}

fn write_table(table: &Table) -> Grid {
    let widths = widths(table);
    let total: usize = widths.iter().sum::<usize>().max(1);
    let grid: Vec<usize> = widths.iter().map(|width| width * TEXT_WIDTH / total).collect();
    let rows = (0..table.rows.len()).map(|row| write_row(table, row, &grid)).collect();
    Grid::new(rows).set_grid(grid).width(TEXT_WIDTH, WidthType::Dxa).layout(TableLayoutType::Fixed)
}

fn write_row(table: &Table, row: usize, grid: &[usize]) -> TableRow {
    let mut cells = Vec::new();
    let mut column = 0;
    while column < table.width {
        let covering = table.cell_at(row, column);
        let starts = table.rows.get(row).is_some_and(|row| row.cell(column).is_some());
        let span = covering.map_or(1, |cell| cell.column_span.max(1)).min(table.width - column);
        let width = grid.iter().skip(column as usize).take(span as usize).sum();
        let cell = TableCell::new().width(width, WidthType::Dxa).grid_span(span as usize);
        cells.push(match covering {
            Some(_) if !starts => cell.vertical_merge(VMergeType::Continue).add_paragraph(Para::new()),
            Some(covering) => fill(cell, covering, row == 0),
            None => cell.add_paragraph(Para::new()),
        });
        column += span;
    }
    let written = TableRow::new(cells);
    if row == 0 { written.cant_split() } else { written }
}

fn fill(mut written: TableCell, cell: &Cell, head: bool) -> TableCell {
    if cell.row_span > 1 {
        written = written.vertical_merge(VMergeType::Restart);
    }
    for line in cell.text.split('\n') {
        let run = Run::new().add_text(clean(line));
        let run = if cell.bold { run.bold() } else { run };
        let para = Para::new().add_run(run);
        written = written.add_paragraph(if head { para.align(AlignmentType::Center) } else { para });
    }
    written
}
