//! What is to be done, by whom and when?

use opora_neutral::Place;
use opora_schedule::{Period, Schedule};

use super::Party;

/// A plan (дорожная карта): sections with activities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Title as written above the table, or that of the act.
    pub title: String,
    /// Period the plan is for, both days included.
    pub period: Option<Period>,
    /// Columns of the table as they stood in the source, from left to right.
    pub columns: Vec<Column>,
    /// Sections in order; a plan without section rows has one section with an empty title.
    pub sections: Vec<Section>,
    /// Where the table starts.
    pub place: Place,
}

impl Plan {
    /// All activities in order.
    pub fn activities(&self) -> impl Iterator<Item = &Activity> {
        self.sections.iter().flat_map(|section| &section.activities)
    }

    /// The table had a column of this kind.
    pub fn has_column(&self, column: Column) -> bool {
        self.columns.contains(&column)
    }
}

/// What a column of a plan holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// № п/п.
    Number,
    /// Мероприятие.
    Title,
    /// Ответственные.
    Responsible,
    /// Срок.
    Schedule,
    /// Ожидаемый результат.
    Outcome,
    /// Целевая группа.
    TargetGroup,
    /// Anything else; the text is kept with its head.
    Other,
}

/// A section of a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// «1», where the section row has a number.
    pub number: Option<String>,
    /// Title without the number; empty for activities that stand under no section row.
    pub title: String,
    /// Year, for a section row such as «2021 год».
    pub year: Option<i16>,
    /// Activities in order.
    pub activities: Vec<Activity>,
    /// Where the section row stands.
    pub place: Place,
}

/// Number of an activity within its order document: given at import, kept through every later edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActivityKey(pub u32);

/// One activity (мероприятие).
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Stable key.
    pub key: ActivityKey,
    /// Number as written, without a closing full stop: «1.10».
    pub number: Option<String>,
    /// What is done.
    pub title: String,
    /// Who does it.
    pub responsible: Vec<Party>,
    /// When.
    pub schedule: Schedule,
    /// Expected result.
    pub outcome: Option<String>,
    /// For whom.
    pub target_group: Option<String>,
    /// Cells of columns of no known kind.
    pub other: Vec<OtherCell>,
    /// The cells the fields were read from, one for each column and table row; a row split by a page break has two.
    pub source: Vec<SourceCell>,
}

impl Activity {
    /// The responsible text as written: the parties joined by commas.
    pub fn responsible_text(&self) -> String {
        self.responsible.iter().map(|party| party.text.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Where the activity starts in the source; the whole document for one that a person entered.
    pub fn place(&self) -> Place {
        self.source.first().map_or(Place::WHOLE, |cell| cell.place.clone())
    }

    /// Where a field of the activity stands in the source, or else the activity itself.
    pub fn place_of(&self, column: Column) -> Place {
        self.source
            .iter()
            .find(|cell| cell.column == column)
            .map_or_else(|| self.place(), |cell| cell.place.clone())
    }
}

/// A cell of a column of no known kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherCell {
    /// Head of the column.
    pub head: String,
    /// Verbatim text.
    pub text: String,
}

/// A cell of the source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceCell {
    /// The field it gave.
    pub column: Column,
    /// Where it stands.
    pub place: Place,
    /// Verbatim text.
    pub text: String,
    /// Confidence of character recognition, 0–100 per cent.
    pub confidence: Option<u8>,
}
