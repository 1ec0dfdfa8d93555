//! Why can't an act be recorded?

use std::fmt;

/// Why an act is refused, with a Russian sentence of what, why and what next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The kind of reason, for the edge to choose a page or a status by.
    pub why: Why,
    /// The sentence.
    pub message: String,
}

/// Kinds of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It is done already, about exactly this content: a second click. Nothing needs to be done.
    Done,
    /// Not in this state.
    NotNow,
    /// Somebody else may do it.
    NotYours,
    /// The content was edited since it was looked at.
    Edited,
    /// A reason, an answer or a remark is missing.
    TextMissing,
    /// A text is too long.
    TextTooLong,
    /// Remarks are still open.
    RemarksOpen,
    /// There is no such remark, or it is not open, or not settled.
    RemarkUnknown,
    /// Nobody approves what she submitted herself.
    SamePerson,
    /// The content is the one in force: there is nothing to agree anew.
    NothingChanged,
}

impl Refusal {
    pub(crate) fn new(why: Why, message: impl Into<String>) -> Self {
        Self { why, message: message.into() }
    }

    /// A second click.
    pub(crate) fn done(what: &str) -> Self {
        Self::new(Why::Done, format!("{what}. Второй раз делать это не нужно: ничего не потеряно."))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
