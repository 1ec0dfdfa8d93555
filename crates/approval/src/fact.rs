//! What is recorded when somebody acts?

use jiff::Timestamp;

use crate::{Action, Party};

/// Most characters of a reason, an answer or a remark.
pub const TEXT_CHARS: usize = 4_000;

/// One recorded act. Facts are appended and never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What was done.
    pub action: Action,
    /// Account number of who did it.
    pub by: i64,
    /// On which side.
    pub party: Party,
    /// When.
    pub at: Timestamp,
    /// Number of the version that was looked at.
    pub version: i32,
    /// Hash of the content of that version.
    pub content_sha256: String,
    /// Reason, answer or a word along the way; may be empty where none is asked for.
    pub text: String,
    /// New remarks, of a return or of an added remark. They are numbered from one in the order of all facts.
    pub remarks: Vec<NewRemark>,
    /// Number of the remark that is answered or opened again.
    pub remark: Option<u32>,
}

/// A remark as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRemark {
    /// Path of the field, such as `activity/12/schedule`; empty for the whole.
    pub path: String,
    /// What is to be mended.
    pub text: String,
}

/// The content as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content<'a> {
    /// Number of the newest version.
    pub version: i32,
    /// Hash of its content.
    pub sha256: &'a str,
    /// When it was written.
    pub written_at: Timestamp,
}
