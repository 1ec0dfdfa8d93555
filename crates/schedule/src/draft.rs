//! What is known of a part before its neighbours and its context have been looked at?

use crate::model::{Every, Span, Times};
use crate::piece::Piece;

/// Tokens from the first to behind the last.
pub(crate) type Tokens = (usize, usize);

/// What stands before a part, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// Nothing that parts.
    Nothing,
    /// «и».
    And,
    /// A closing bracket.
    Close,
    /// A comma.
    Comma,
    /// An opening bracket.
    Open,
    /// A semicolon.
    Semicolon,
    /// The end of a sentence.
    Stop,
}

/// How a phrase relates to its piece of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// «в марте».
    At,
    /// «до марта».
    Until,
    /// «с марта по май».
    Range,
    /// «с марта».
    Since,
}

/// A phrase by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A phrase of days; `start` is the same as `end` unless it is a range.
    Dates { mode: Mode, start: Piece, end: Piece },
    /// A date that no calendar has.
    Impossible,
    /// A recurrence.
    Again { every: Every, every_max: Option<Every>, times: Option<Times>, within: Option<(Piece, Piece)> },
    /// «до 25 числа»: limits a recurrence.
    DayOfMonth,
    /// «по средам»: limits a weekly recurrence or stands for one.
    Weekdays,
    /// A span.
    Ongoing(Span),
    /// A condition, verbatim.
    Condition,
    /// Another plan; `name` is where its name begins.
    External { name: usize },
    /// A time after an event.
    Relative { event: Tokens, duration: Every },
    /// Words that are not understood.
    Words,
}

/// A part in the making.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draft {
    pub form: Form,
    pub tokens: Tokens,
    pub gap: Gap,
    /// What limits it, verbatim.
    pub scope: Option<Tokens>,
    /// Every year anew.
    pub annual: bool,
    /// The year was taken from the part before or from the context.
    pub inferred: bool,
    /// «следующего года»: the year after the one that is meant.
    pub next_year: bool,
    /// The month was taken from the context.
    pub month_inferred: bool,
    /// Has no preposition that ties it to a mode: may be a year that governs the months before it.
    pub plain: bool,
}

impl Draft {
    pub(crate) fn new(form: Form, from: usize, to: usize) -> Self {
        Self {
            form,
            tokens: (from, to),
            gap: Gap::Nothing,
            scope: None,
            annual: false,
            inferred: false,
            next_year: false,
            month_inferred: false,
            plain: false,
        }
    }

    /// A phrase of days that names one piece.
    pub(crate) fn dates(mode: Mode, piece: Piece, from: usize, to: usize) -> Self {
        Self::new(Form::Dates { mode, start: piece, end: piece }, from, to)
    }
}
