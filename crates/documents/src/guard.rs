//! What if a library panics on a file built to harm it?
//!
//! The readers of other people's formats in other people's libraries were not all written for hostile files.
//! A panic in one of them must not take the program down: it becomes a finding about the file.

use crate::refuse::{self, Refused};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a reader of a library; a panic inside is told as a damaged file.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T, Refused>) -> Result<T, Refused> {
    // What the reader was filling is dropped on a panic, so nothing half-made is ever seen.
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(refuse::truncated("он не разбирается").into()))
}
