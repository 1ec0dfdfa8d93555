//! What was counted in which procedure, for which organisation?
//!
//! A *procedure* is a kind of examination with its subject, grade and level: «ВПР, русский язык, 5 класс». A *cell*
//! is what one organisation got in one procedure of one year, in whole numbers: how many took part, how many got each
//! mark. Shares are never stored: they are computed from a part and a whole. Beside cells stand the distribution of
//! scores, the sums of tasks and declared aggregates such as a social passport. Codes are small integers; what they
//! mean is data, see [`Dictionary`]. Nothing here knows a person.

mod aggregate;
mod cell;
mod dictionary;
mod list;
mod procedure;
mod row;
mod scale;
mod share;
mod spread;

pub use aggregate::{Aggregate, IndicatorCode};
pub use cell::{Cell, Cells, Precision};
pub use dictionary::{Dictionary, DictionaryError, Entry, Indicator, toml_words};
pub use list::{CellIter, CellList, CellView, Words};
pub use procedure::{KindCode, LevelCode, Procedure, SubjectCode};
pub use row::{Outcome, Row};
pub use scale::{Condition, Judgement, Scale, Scales};
pub use share::Share;
pub use spread::{ScoreCount, TaskSum};

/// Number of an organisation within the registry of this installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationId(pub u32);

/// Index of a source file in the list of files that facts were read from; the list travels beside the facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceIndex(pub u32);
