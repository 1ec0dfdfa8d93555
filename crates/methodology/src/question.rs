//! What may a criterion ask?

use std::cmp::Ordering;

use opora_cells::{Cell, IndicatorCode};

use crate::{Atom, NumberIndex, SetIndex};

/// What is taken of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Share of those who did not pass.
    FailedShare,
    /// Share of marks «4» and «5».
    GoodShare,
    /// Mean mark.
    MeanMark,
    /// Mean score.
    MeanScore,
}

/// How a value is compared with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Not less.
    AtLeast,
    /// Greater.
    More,
    /// Not more.
    AtMost,
    /// Less.
    Less,
}

/// With whom a school is compared: all of them weighted by the number of pupils, the school itself included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Against {
    /// Schools of its municipality.
    Municipality,
    /// Schools of its region.
    Region,
    /// All schools that results are known of.
    Everyone,
}

/// How many procedures must answer yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtLeast {
    /// So many.
    Number(NumberIndex),
    /// Every one that could be judged.
    All,
}

/// In so many of the last years. Without `in_years` in each of them; without `years` in the year itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// How many years are looked at, the year of the verdict being the last.
    pub years: Option<NumberIndex>,
    /// In how many of them.
    pub in_years: Option<NumberIndex>,
}

/// A criterion: a question with a name and a clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Name within the pack: `A`.
    pub id: String,
    /// In words.
    pub name: String,
    /// Clause of the act.
    pub clause: String,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// What is asked.
    pub question: Question,
}

/// What a criterion asks: a closed set.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Are there enough procedures of a year whose measure is on the wrong side of a threshold?
    Procedures {
        /// Which procedures.
        set: SetIndex,
        /// What is measured.
        measure: Measure,
        /// How it is compared.
        compare: Compare,
        /// With what.
        threshold: NumberIndex,
        /// How many procedures.
        at_least: AtLeast,
        /// Procedures with fewer pupils are passed over.
        participants_min: Option<NumberIndex>,
        /// Fewer judged procedures are not enough for a no. Without it: as many as a yes needs.
        enough: Option<NumberIndex>,
        /// In which years.
        span: Span,
    },
    /// Is the same procedure on the wrong side several years running?
    SameProcedure {
        /// Which procedures.
        set: SetIndex,
        /// What is measured.
        measure: Measure,
        /// How it is compared.
        compare: Compare,
        /// With what.
        threshold: NumberIndex,
        /// How many years running, the year of the verdict being the last.
        years: NumberIndex,
        /// How many such procedures; one without it.
        at_least: Option<NumberIndex>,
        /// A year with fewer pupils breaks the row.
        participants_min: Option<NumberIndex>,
        /// Fewer decided procedures are not enough for a no; one without it.
        enough: Option<NumberIndex>,
    },
    /// Is the school's own result worse than that of the schools around it?
    BelowReference {
        /// Which procedures.
        set: SetIndex,
        /// What is measured.
        measure: Measure,
        /// Around it: where.
        against: Against,
        /// Worse by how much.
        by: NumberIndex,
        /// Exactly that much is not enough.
        strictly: bool,
        /// The measures of all procedures of the set are added up first.
        sum: bool,
        /// In how many procedures, where they are not added up; one without it.
        at_least: Option<NumberIndex>,
        /// Procedures with fewer pupils are passed over.
        participants_min: Option<NumberIndex>,
        /// In which years.
        span: Span,
    },
    /// Is a declared share or value on the wrong side of a threshold?
    Indicator {
        /// What was declared.
        indicator: IndicatorCode,
        /// How it is compared.
        compare: Compare,
        /// With what.
        threshold: NumberIndex,
        /// Parts and wholes of so many years are added up; one without it.
        years: Option<NumberIndex>,
        /// The indicator is a share of a whole.
        share: bool,
    },
    /// Is a social index on the wrong side of a threshold?
    Index {
        /// Which index, by its place in the pack.
        index: usize,
        /// How it is compared.
        compare: Compare,
        /// With what.
        threshold: NumberIndex,
    },
    /// Does the school belong to the weakest part of a pool, over several years taken together?
    LowestOfPool {
        /// Which procedures.
        set: SetIndex,
        /// What is measured.
        measure: Measure,
        /// Years taken together.
        years: NumberIndex,
        /// The part of the pool.
        share: NumberIndex,
        /// Schools with fewer results are not in the pool.
        participants_min: NumberIndex,
        /// Who is in the pool.
        pool: Against,
    },
    /// Are there enough possible markers of non-objective results?
    Markers {
        /// How many.
        at_least: NumberIndex,
        /// Of how many that can be looked for in a year.
        of: NumberIndex,
        /// In which years.
        span: Span,
    },
    /// Was something so in enough of the last years?
    History {
        /// A criterion or condition of this pack that asks for no history itself.
        of: Atom,
        /// How many years are looked at, the year of the verdict being the last.
        years: NumberIndex,
        /// In how many of them.
        at_least: NumberIndex,
    },
    /// A description that raises nothing: the measure is shown, no answer is given.
    Portrait {
        /// Which procedures.
        set: SetIndex,
        /// What is measured.
        measure: Measure,
        /// Shown beside the measure of the schools around.
        against: Option<Against>,
        /// Years that are shown.
        years: NumberIndex,
    },
}

impl Measure {
    /// Part and whole of a cell, or sum and number of pupils; nothing when nobody has what is measured.
    pub fn of(self, cell: &Cell) -> Option<(u64, u64)> {
        let marks = cell.marks.map(u64::from);
        let marked: u64 = marks.iter().sum();
        let (part, whole) = match self {
            Self::FailedShare => {
                (u64::from(cell.failed()).min(u64::from(cell.judged())), u64::from(cell.judged()))
            }
            Self::GoodShare => (marks[2] + marks[3], marked),
            Self::MeanMark => (marks.iter().zip(2..).map(|(pupils, mark)| pupils * mark).sum(), marked),
            Self::MeanScore => (u64::from(cell.score_sum), u64::from(cell.scored)),
        };
        (whole > 0).then_some((part, whole))
    }

    /// A higher value is worse.
    pub fn high_is_bad(self) -> bool {
        self == Self::FailedShare
    }

    /// It is a share, shown in per cent; otherwise a mean.
    pub fn is_share(self) -> bool {
        matches!(self, Self::FailedShare | Self::GoodShare)
    }
}

impl Compare {
    /// A value that stands so to the number is on the side that is asked for.
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::AtLeast => ordering.is_ge(),
            Self::More => ordering.is_gt(),
            Self::AtMost => ordering.is_le(),
            Self::Less => ordering.is_lt(),
        }
    }
}

impl Question {
    /// It is only shown, never asked.
    pub fn is_portrait(&self) -> bool {
        matches!(self, Self::Portrait { .. })
    }
}
