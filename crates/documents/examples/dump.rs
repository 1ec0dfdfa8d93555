//! What does a file look like once read? Prints the neutral document as text.
//!
//! `cargo run -p opora-documents --example dump -- FILE...`; each cell is shown with its spans.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this developer tool is for")]

use opora_documents::{Options, read};
use opora_neutral::{Block, Cell, Document, Paragraph, Role, Table};

fn main() {
    for path in std::env::args().skip(1) {
        match std::fs::read(&path) {
            Ok(bytes) => show(&read(&path, &bytes, &Options::default())),
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
}

fn show(document: &Document) {
    println!("# {} · {:?} · pages {:?}", document.source.name, document.source.format, document.page_count);
    for finding in &document.findings {
        println!("! {} {:?} [{}] {}", finding.code, finding.level, finding.place, finding.message());
    }
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => show_paragraph(paragraph),
            Block::Table(table) => show_table(table),
        }
    }
}

fn show_paragraph(paragraph: &Paragraph) {
    let role = match paragraph.role {
        Role::Body => String::new(),
        Role::Heading(level) => format!("h{level} "),
        Role::ListItem => "li ".to_owned(),
    };
    let bold = if paragraph.bold { "bold " } else { "" };
    let centred = if paragraph.centred { "centred " } else { "" };
    println!("¶ {role}{bold}{centred}[{}] {}", paragraph.place, paragraph.text.replace('\n', " ⏎ "));
}

fn show_table(table: &Table) {
    println!("▦ [{}] {} columns, {} rows", table.place, table.width, table.rows.len());
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(show_cell).collect();
        println!("  [{}] {}", row.place, cells.join(" │ "));
    }
}

fn show_cell(cell: &Cell) -> String {
    let span = if cell.column_span * cell.row_span > 1 {
        format!("⟨{}×{}⟩", cell.column_span, cell.row_span)
    } else {
        String::new()
    };
    format!("{span}{}", cell.text.replace('\n', " ⏎ "))
}
