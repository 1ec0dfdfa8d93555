//! How much of a file are we ready to read?
//!
//! Files come from strangers: a limit that is reached is a finding, never a crash and never an hour of work.

use std::time::Duration;

/// What reading is asked to keep to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Limits on size, depth and time.
    pub limits: Limits,
}

/// Limits on size, depth and time. The defaults are far above any real order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file, bytes.
    pub max_file_bytes: u64,
    /// What a packed file may unpack to, all parts together, bytes.
    pub max_unpacked_bytes: u64,
    /// Parts of a packed file.
    pub max_entries: usize,
    /// Pages read of a paged file; the rest is left out with a finding.
    pub max_pages: u32,
    /// Paragraphs and tables of a document.
    pub max_blocks: usize,
    /// Cells of all tables of a document.
    pub max_cells: usize,
    /// Columns of a table's grid.
    pub max_columns: u32,
    /// Depth of nested XML or HTML elements.
    pub max_xml_depth: usize,
    /// Time for the text layer of a whole paged file.
    pub paged_time: Duration,
    /// Time for one page of character recognition.
    pub ocr_page_time: Duration,
    /// Time for character recognition of a whole file.
    pub ocr_total_time: Duration,
    /// Time for a conversion by LibreOffice.
    pub conversion_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 100 << 20,
            max_unpacked_bytes: 400 << 20,
            max_entries: 1_000,
            max_pages: 500,
            max_blocks: 100_000,
            max_cells: 1_000_000,
            max_columns: 256,
            max_xml_depth: 256,
            paged_time: Duration::from_secs(60),
            ocr_page_time: Duration::from_secs(120),
            ocr_total_time: Duration::from_secs(900),
            conversion_time: Duration::from_secs(90),
        }
    }
}
