//! What do exam files, registries and social passports say?
//!
//! A workbook comes as a neutral document ([`read`]), a large table as a stream ([`read_csv`]), foreign columnar data
//! record by record ([`Intake`]). All three go through the same reader of lines. It answers with facts and with *all*
//! problems of the file in one list; when one of them is an error, nothing of the file is to be loaded. Columns that
//! tell who a person is are dropped at the door: their values reach nobody.
//!
//! Spellings of heads and small words are data, `packs/dictionary/heads.toml`.

pub mod codes;
mod counts;
mod csv_file;
mod declared;
mod decode;
mod document;
mod duplicates;
mod field;
mod findings;
mod glance;
mod header;
mod heads;
mod individual;
mod intake;
mod journal;
mod layout;
mod lexicon;
mod line;
mod mapping;
mod number;
mod percent;
mod procedures;
mod quotes;
pub mod registry;
mod school_rows;
mod schools;
mod sheets;
mod sites;
mod spread;
mod suggest;
mod title;
mod words;

pub use csv_file::read_csv;
pub use document::read;
pub use field::Field;
pub use glance::{Glance, LINES, SAMPLES, glance, glance_csv, try_csv, try_document, unknown_words};
pub use heads::Heads;
pub use intake::Intake;
pub use line::Fields;
pub use mapping::{Constants, Mapping, Numbers};
pub use registry::{RegistryReading, read_registry, read_registry_csv};
pub use sheets::{SheetFacts, Told};
pub use spread::score_counts;
pub use suggest::{Suggestion, suggest_mapping};

use opora_cells::{Aggregate, Cell, Dictionary, Row, Scales, ScoreCount, SourceIndex, TaskSum};
use opora_neutral::{Finding, Level};
use opora_registry::{NodeId, Registry};

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormKind {
    /// ВПР, form 1: a pupil a row.
    VprIndividual,
    /// Statistics of marks: a school a row, per cents or counts.
    MarkStatistics,
    /// Comparison with the journal.
    JournalComparison,
    /// Distribution of primary scores.
    ScoreDistribution,
    /// Protocol of ОГЭ, ЕГЭ or another examination: a pupil a row.
    Protocol,
    /// Aggregated table of ОГЭ, ЕГЭ or another examination: a school a row.
    ExamTable,
    /// A table described by a mapping.
    Tidy,
    /// Social passport and other declared numbers.
    Indicators,
    /// Registry of organisations: read by [`read_registry`].
    Registry,
}

impl FormKind {
    /// All kinds with their stable names, as the command line takes them.
    pub const ALL: [(&'static str, Self); 9] = [
        ("vpr-individual", Self::VprIndividual),
        ("mark-statistics", Self::MarkStatistics),
        ("journal-comparison", Self::JournalComparison),
        ("score-distribution", Self::ScoreDistribution),
        ("protocol", Self::Protocol),
        ("exam-table", Self::ExamTable),
        ("tidy", Self::Tidy),
        ("indicators", Self::Indicators),
        ("registry", Self::Registry),
    ];

    /// The kind with a stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Its stable name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Its name as shown.
    pub fn title(self) -> &'static str {
        match self {
            Self::VprIndividual => "ВПР, индивидуальные результаты",
            Self::MarkStatistics => "статистика по отметкам",
            Self::JournalComparison => "сравнение с отметками по журналу",
            Self::ScoreDistribution => "распределение первичных баллов",
            Self::Protocol => "протокол экзамена",
            Self::ExamTable => "сводная таблица экзамена",
            Self::Tidy => "таблица по описанию столбцов",
            Self::Indicators => "социальный паспорт и другие показатели",
            Self::Registry => "реестр организаций",
        }
    }
}

/// What to do with results of schools that are not in the registry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownSchools {
    /// Refuse the file.
    #[default]
    Refuse,
    /// Leave them out and tell.
    Skip,
}

/// What a file is read against.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The schools.
    pub registry: &'a Registry,
    /// Meaning of words.
    pub dictionary: &'a Dictionary,
    /// Scales for results without marks.
    pub scales: &'a Scales,
    /// Spellings of heads.
    pub heads: &'a Heads,
    /// The kind of file, if the caller knows.
    pub kind: Option<FormKind>,
    /// Description of the columns of a table nobody knows.
    pub mapping: Option<&'a Mapping>,
    /// The year, where the file does not tell it.
    pub year: Option<u16>,
    /// The latest year results can be of, if the caller knows. A school year has the number of its second year, so it
    /// is the year after the present one.
    pub year_max: Option<u16>,
    /// The region whose codes the file uses.
    pub region: Option<NodeId>,
    /// Index that facts will carry.
    pub source: SourceIndex,
    /// What to do with schools that are not in the registry.
    pub unknown_schools: UnknownSchools,
}

impl<'a> Context<'a> {
    /// A context with the committed heads and nothing known of the file.
    pub fn new(registry: &'a Registry, dictionary: &'a Dictionary, scales: &'a Scales) -> Self {
        Self {
            registry,
            dictionary,
            scales,
            heads: Heads::committed(),
            kind: None,
            mapping: None,
            year: None,
            year_max: None,
            region: None,
            source: SourceIndex::default(),
            unknown_schools: UnknownSchools::Refuse,
        }
    }
}

/// Facts of a file or of a stretch of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Individual results.
    pub rows: Vec<Row>,
    /// Counts of aggregated forms.
    pub cells: Vec<Cell>,
    /// Distribution of scores from aggregated forms. Those of individual rows: [`score_counts`].
    pub scores: Vec<ScoreCount>,
    /// Sums of tasks; in the last batch of a stream.
    pub tasks: Vec<TaskSum>,
    /// Declared numbers.
    pub aggregates: Vec<Aggregate>,
}

impl Batch {
    /// No fact at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.rows.len() + self.cells.len() + self.scores.len() + self.tasks.len() + self.aggregates.len()
    }
}

/// What was read of a file, in numbers, and all its problems.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// What kind of file it is; the first, when its sheets differ.
    pub kind: Option<FormKind>,
    /// Rows of data that were looked at.
    pub rows_seen: u64,
    /// Individual results among the facts.
    pub rows: u64,
    /// Counts of schools among the facts.
    pub cells: u64,
    /// Declared numbers among the facts.
    pub aggregates: u64,
    /// Schools that have a fact.
    pub schools: u64,
    /// Calendar years of the facts, in order.
    pub years: Vec<u16>,
    /// Pupils who did not take part, those without a word of why not included.
    pub absent: u64,
    /// Heads of columns dropped because they tell of a person.
    pub dropped: Vec<String>,
    /// Which sheet of a workbook tells what; empty for files without sheets.
    pub sheets: Vec<SheetFacts>,
    /// Errors, the unlisted counted. Not zero: nothing of the file is to be loaded.
    pub errors: u64,
    /// All problems in the order of the file.
    pub findings: Vec<Finding>,
}

impl Summary {
    /// Nothing of the file is to be loaded.
    pub fn is_refused(&self) -> bool {
        self.errors > 0
    }

    /// The findings of a level.
    pub fn of_level(&self, level: Level) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.level == level)
    }
}

/// What a file says: facts and a summary. With an error in the summary there are no facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The facts, the score counts of individual rows included.
    pub facts: Batch,
    /// Numbers and problems.
    pub summary: Summary,
}
