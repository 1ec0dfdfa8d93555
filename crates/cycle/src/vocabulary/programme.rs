//! What does the programme want to reach, and how will it be seen?

use opora_neutral::Place;
use opora_schedule::Period;

/// The programme behind a plan, from its passport or from the chapters «Цели», «Задачи», «Ожидаемые результаты».
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Programme {
    /// Name.
    pub name: Option<String>,
    /// Goals.
    pub goals: Vec<Item>,
    /// Tasks.
    pub tasks: Vec<Item>,
    /// Expected results.
    pub expected_results: Vec<Item>,
    /// Period as written.
    pub period_text: Option<String>,
    /// Period, both days included.
    pub period: Option<Period>,
    /// Rows of the passport with other heads.
    pub other: Vec<ProgrammeRow>,
    /// Where the passport or the first chapter stands.
    pub place: Place,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Text without its number or bullet.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A row of the passport with a head that has no field of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgrammeRow {
    /// Head.
    pub head: String,
    /// Verbatim text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A criterion of identification with its indicators.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Criterion as written.
    pub title: String,
    /// Its indicators as written, with their numbers.
    pub indicators: Vec<Item>,
    /// Where it stands.
    pub place: Place,
}

/// Indicators of effectiveness under one head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IndicatorGroup {
    /// Name of the group without quotation marks; empty where the list has none.
    pub group: String,
    /// Indicators in order.
    pub indicators: Vec<Item>,
    /// Units and values of those indicators that a table gives any for, in the order of the indicators.
    pub measures: Vec<Measure>,
    /// Where the group stands.
    pub place: Place,
}

/// What a table says of an indicator beside its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Index into the indicators of the group.
    pub indicator: usize,
    /// Unit of measurement as written: «%», «чел.».
    pub unit: Option<String>,
    /// Values in the order of the columns.
    pub values: Vec<MeasuredValue>,
}

/// A value of an indicator: what was, what is to be reached, by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredValue {
    /// Head of its column: «Базовое значение», «2025 год».
    pub label: String,
    /// Verbatim text.
    pub text: String,
}
