//! What do stored rows count up to?
//!
//! One pass over the groups of rows of a Parquet file: each thread takes the next group, turns runs of equal
//! organisation, procedure and year into cells, and hands the cells of the group over in the order of the file. Rows
//! that [`crate::rows`] wrote need no table and no sorting; rows in any other order are counted too, slower.
//!
//! Every value is looked at: an unknown outcome, an impossible year or mark, another type, a cut file are typed errors
//! with their group and row, and nothing is counted.

mod assembly;
mod chunk;
mod hybrid;
mod tally;

use std::sync::{Mutex, PoisonError};

use opora_cells::{CellList, KindCode, SourceIndex};

use crate::ResultsError;
use crate::numbers::{Opened, RowsFile};
use crate::order::in_order;
use assembly::Assembly;
use tally::{NEEDED, group};

/// How to count.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountOptions<'a> {
    /// Number of threads; zero counts as one.
    pub threads: usize,
    /// The file the rows come from, written into every cell.
    pub source: SourceIndex,
    /// Kinds and years held in autumn, from the dictionary.
    pub autumn: &'a [(KindCode, u16)],
}

/// Counts stored rows into cells in the order of organisation, procedure, year, one cell of each.
pub fn count(file: &RowsFile, options: &CountOptions<'_>) -> Result<CellList, ResultsError> {
    let layout = Opened::new(file)?.layout(NEEDED)?;
    let mut assembly = Assembly::default();
    // Lists go round: asking the system for new memory for each group costs more than filling it.
    let spare: Mutex<Vec<CellList>> = Mutex::new(Vec::new());
    let spare = || spare.lock().unwrap_or_else(PoisonError::into_inner);
    in_order(
        options.threads,
        layout.groups(),
        || Opened::new(file),
        |opened, number| {
            let list = spare().pop().unwrap_or_default();
            group(opened, &layout, number, options, list)
        },
        |mut cells| {
            assembly.append(&cells)?;
            cells.clear();
            spare().push(cells);
            Ok(())
        },
    )?;
    assembly.finish()
}
