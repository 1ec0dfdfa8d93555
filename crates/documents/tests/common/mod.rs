//! What do the tests of the readers share? Samples made by code, and a drawing of what was read.
#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use opora_documents::{Options, read};
use opora_neutral::{Block, Cell, Document, Role, Table};
use std::io::{Cursor, Write};

/// Reads bytes as a file of a name with the usual limits.
pub fn load(name: &str, bytes: &[u8]) -> Document {
    read(name, bytes, &Options::default())
}

/// A document as lines: `¶` a paragraph with its role, `▦` a table with its rows below, cells between bars.
pub fn draw(document: &Document) -> String {
    let mut lines = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => {
                let role = match paragraph.role {
                    Role::Body => String::new(),
                    Role::Heading(level) => format!("h{level} "),
                    Role::ListItem => "li ".to_owned(),
                };
                let bold = if paragraph.bold { "bold " } else { "" };
                let centred = if paragraph.centred { "centred " } else { "" };
                lines.push(format!("¶ {role}{bold}{centred}{}", paragraph.text.replace('\n', "⏎")));
            }
            Block::Table(table) => lines.extend(draw_table(table)),
        }
    }
    lines.join("\n")
}

fn draw_table(table: &Table) -> Vec<String> {
    let rows = table.rows.iter().map(|row| {
        let cells: Vec<String> = row.cells.iter().map(draw_cell).collect();
        format!("  {}", cells.join(" │ ")).trim_end().to_owned()
    });
    std::iter::once(format!("▦ {}", table.width)).chain(rows).collect()
}

fn draw_cell(cell: &Cell) -> String {
    let span = match (cell.column_span, cell.row_span) {
        (1, 1) => String::new(),
        (columns, rows) => format!("⟨{columns}×{rows}⟩"),
    };
    format!("{span}{}", cell.text.replace('\n', "⏎"))
}

/// The codes of the findings, in order.
pub fn codes(document: &Document) -> Vec<&'static str> {
    document.findings.iter().map(|finding| finding.code).collect()
}

/// Checks what a file reads as; the expected lines may be indented.
pub fn check(name: &str, bytes: &[u8], expected: &str) {
    let document = load(name, bytes);
    assert_eq!(draw(&document), unindent(expected), "findings: {:#?}", document.findings);
}

/// Lines without the indent of the first one.
pub fn unindent(text: &str) -> String {
    let text = text.trim_start_matches('\n').trim_end();
    let indent = text.len() - text.trim_start().len();
    text.lines().map(|line| line.get(indent..).unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// A zip of parts.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let stored = *name == "mimetype";
        let method = if stored { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const CONTENT_TYPES: &[u8] =
    b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                 xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
                 xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:wps=\"wps\"";

/// A Word file with a body, and other parts beside it; in them `NS` stands for the namespaces.
pub fn docx_with(body: &str, beside: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document {W}><w:body>{body}<w:sectPr/></w:body></w:document>");
    let beside: Vec<(String, String)> =
        beside.iter().map(|(name, xml)| (format!("word/{name}"), xml.replace("NS", W))).collect();
    let mut parts: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", CONTENT_TYPES), ("word/document.xml", document.as_bytes())];
    parts.extend(beside.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())));
    zip(&parts)
}

/// A Word file with a body alone.
pub fn docx(body: &str) -> Vec<u8> {
    docx_with(body, &[])
}

/// A paragraph of one run.
pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A cell with properties.
pub fn tc(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

/// A table of rows, each a string of cells.
pub fn tbl(rows: &[&str]) -> String {
    let rows: String = rows.iter().map(|cells| format!("<w:tr>{cells}</w:tr>")).collect();
    format!("<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>")
}
