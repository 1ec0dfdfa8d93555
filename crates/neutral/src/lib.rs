//! What does a document say, and where exactly, whatever its format?
//!
//! A neutral document is what every reader of `documents` produces and what `cycle` understands: a list of
//! paragraphs and tables in reading order. Each piece of text has a [`Place`], so that whatever is later said
//! about it can be checked against the source by eye. Nothing here does I/O and nothing here knows of schools.

mod code;
mod finding;
mod place;
mod table;

pub use code::Code;
pub use finding::{Finding, Level};
pub use place::Place;
pub use table::{Cell, Row, Table};

/// A document as read: where it came from, its blocks in reading order, and what went wrong on the way.
///
/// Reading never fails as a whole. An unreadable file is a document without blocks and with an error among
/// its findings; see [`Document::is_unreadable`].
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The file the document was read from.
    pub source: Source,
    /// Paragraphs and tables in reading order.
    pub blocks: Vec<Block>,
    /// Number of pages, where the format has pages.
    pub page_count: Option<u32>,
    /// What the reader could not read or had to guess.
    pub findings: Vec<Finding>,
}

impl Document {
    /// An empty document of the given source.
    pub fn new(source: Source) -> Self {
        Self { source, blocks: Vec::new(), page_count: None, findings: Vec::new() }
    }

    /// Nothing could be read: no blocks, and an error says why.
    pub fn is_unreadable(&self) -> bool {
        self.blocks.is_empty() && self.findings.iter().any(|f| f.level == Level::Error)
    }

    /// The tables of the document in reading order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Paragraph(_) => None,
        })
    }

    /// The paragraphs of the document in reading order, those inside tables excepted.
    pub fn paragraphs(&self) -> impl Iterator<Item = &Paragraph> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(paragraph) => Some(paragraph),
            Block::Table(_) => None,
        })
    }
}

/// The file a document was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// File name as given, without its folder.
    pub name: String,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Format as detected from the content.
    pub format: Format,
}

/// Format of a file, detected from its content and never from its name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Office Open XML text, `.docx`.
    Docx,
    /// PDF with a text layer.
    Pdf,
    /// PDF that holds pictures of pages and no text: read by character recognition.
    ScannedPdf,
    /// A picture of a page: PNG, JPEG or TIFF.
    Picture,
    /// Spreadsheet: `.xlsx`, `.xlsm`, `.xls` or `.ods`.
    Spreadsheet,
    /// OpenDocument text, `.odt`.
    Odt,
    /// Legacy Word, `.doc`.
    Doc,
    /// Rich Text Format, `.rtf`.
    Rtf,
    /// Plain text, tab-separated tables included.
    Text,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// None of these.
    Unknown,
}

/// One block of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph outside tables.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
}

/// A paragraph outside tables. Line breaks inside it are `\n`.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    /// Verbatim text, trimmed.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// What the format says it is.
    pub role: Role,
    /// The whole paragraph is bold.
    pub bold: bool,
    /// The paragraph is centred.
    pub centred: bool,
    /// Confidence of character recognition, 0–100 per cent; `None` where nothing was recognised.
    pub confidence: Option<u8>,
}

impl Paragraph {
    /// A plain body paragraph.
    pub fn new(text: impl Into<String>, place: Place) -> Self {
        Self { text: text.into(), place, role: Role::Body, bold: false, centred: false, confidence: None }
    }
}

/// What the format says a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Running text.
    Body,
    /// Heading of a level, 1 the highest.
    Heading(u8),
    /// An item of a list; the marker, if it could be known, is part of the text.
    ListItem,
}
