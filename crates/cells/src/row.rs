//! What did one pupil get, without saying who?

use crate::{OrganisationId, Procedure};

/// How a result was judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Not judged: no mark in the file and no scale, or no score.
    #[default]
    None,
    /// Below the minimum of a procedure without marks.
    BelowMinimum,
    /// «2».
    Two,
    /// «3».
    Three,
    /// «4».
    Four,
    /// «5».
    Five,
    /// The minimum of a procedure without marks is reached.
    AtMinimum,
}

impl Outcome {
    /// The small number it is stored as: marks are themselves.
    pub fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::BelowMinimum => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
            Self::Five => 5,
            Self::AtMinimum => 6,
        }
    }

    /// The outcome of a stored number.
    pub fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::None,
            1 => Self::BelowMinimum,
            2 => Self::Two,
            3 => Self::Three,
            4 => Self::Four,
            5 => Self::Five,
            6 => Self::AtMinimum,
            _ => return None,
        })
    }

    /// The outcome of a mark 2–5.
    pub fn of_mark(mark: u8) -> Option<Self> {
        if (2..=5).contains(&mark) { Self::from_code(mark) } else { None }
    }
}

/// One individual result in codes. The participant's code of the form is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose pupil.
    pub organisation: OrganisationId,
    /// In what.
    pub procedure: Procedure,
    /// Calendar year.
    pub year: u16,
    /// Number of the class within the parallel (А = 1, Б = 2, …), 0 where unknown.
    pub class: u8,
    /// How it was judged.
    pub outcome: Outcome,
    /// Mark in the journal, 2–5.
    pub journal: Option<u8>,
    /// Primary or test score.
    pub score: Option<u16>,
    /// Row in the source file, counted from one.
    pub file_row: u32,
}
