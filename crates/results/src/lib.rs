//! What did pupils get, row by row, and what does it count up to?
//!
//! [`rows`] writes individual results as a Parquet file of small whole numbers, sorted by organisation. [`count`] turns
//! such a file into cells in one pass. [`store`] keeps both, and what else was read of a file, as objects that never
//! change, in a folder or in an S3-compatible store. [`tidy`] reads somebody else's Parquet table record by record.
//! Codes only: what they mean stands in the dictionary of `opora-cells`.

pub mod count;
mod error;
mod numbers;
mod order;
pub mod rows;
pub mod store;
pub mod tidy;

pub use count::{CountOptions, count};
pub use error::ResultsError;
pub use numbers::RowsFile;
pub use rows::{RowWriter, Written};
pub use store::{Facts, Inventory, Key, ResultStore};
