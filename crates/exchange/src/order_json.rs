//! Which fields does an order have on the wire?
//!
//! `source` always says where a thing was read from: the file at the top level, a place in it further down.
//! Named fields that hold nothing are `null`, so that a reader meets the same fields in every order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::PlaceJson;
use crate::schedule_json::{PeriodJson, ScheduleJson};
use crate::words;

/// An order document read into its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderJson {
    /// Version of this form: `opora.order/1`.
    #[schemars(regex(pattern = r"^opora\.order/1$"))]
    pub schema: String,
    /// The file.
    pub source: SourceJson,
    /// The act.
    pub act: ActJson,
    /// The programme, where the document has one.
    #[serde(default)]
    pub programme: Option<ProgrammeJson>,
    /// The plans.
    pub plans: Vec<PlanJson>,
    /// Indicators of effectiveness, each with its group.
    #[serde(default)]
    pub indicators: Vec<IndicatorJson>,
    /// The groups of `indicators` in order; without them neighbours of one name make a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicator_groups: Vec<IndicatorGroupJson>,
    /// Criteria of identification.
    #[serde(default)]
    pub criteria: Vec<CriterionJson>,
    /// Schools that take part.
    #[serde(default)]
    pub participants: ParticipantsJson,
    /// Text that found no place in this structure.
    #[serde(default)]
    pub unplaced: Vec<UnplacedJson>,
    /// What could not be read or had to be guessed.
    #[serde(default)]
    pub findings: Vec<FindingJson>,
}

/// The file an order was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceJson {
    /// File name without its folder.
    pub name: String,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Format detected from the content.
    #[schemars(extend("enum" = words::all(words::FORMATS)))]
    pub format: String,
}

/// The act that put the plan in force. What could not be found is `null` or empty, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActJson {
    /// Kind of the act, a Russian noun: «приказ», «постановление» …
    #[serde(default)]
    #[schemars(extend("enum" = words::act_kinds_or_null()))]
    pub kind: Option<String>,
    /// Authority that issued it, verbatim.
    #[serde(default)]
    pub authority: Option<String>,
    /// Number without the sign «№».
    #[serde(default)]
    pub number: Option<String>,
    /// Date of signing.
    #[serde(default)]
    #[schemars(extend("format" = "date"))]
    pub date: Option<String>,
    /// Settlement.
    #[serde(default)]
    pub place: Option<String>,
    /// Title.
    #[serde(default)]
    pub title: Option<String>,
    /// Preamble with the operative word.
    #[serde(default)]
    pub preamble: Option<String>,
    /// Acts it refers to.
    #[serde(default)]
    pub cited: Vec<CitedActJson>,
    /// Numbered points of the operative part.
    #[serde(default)]
    pub points: Vec<PointJson>,
    /// Who controls its execution.
    #[serde(default)]
    pub control: Option<ControlJson>,
    /// Who signed it.
    #[serde(default)]
    pub signatory: Option<PersonJson>,
    /// Where its header stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// An act that the document refers to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CitedActJson {
    /// Kind of the act, a Russian noun as in `act.kind`.
    #[schemars(extend("enum" = words::act_kinds()))]
    pub kind: String,
    /// Authority, verbatim, as far as the text names it.
    #[serde(default)]
    pub authority: Option<String>,
    /// Date of signing.
    #[serde(default)]
    #[schemars(extend("format" = "date"))]
    pub date: Option<String>,
    /// Number without the sign «№».
    #[serde(default)]
    pub number: Option<String>,
    /// Title.
    #[serde(default)]
    pub title: Option<String>,
    /// The reference, verbatim.
    pub text: String,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// A numbered point of the operative part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PointJson {
    /// Number: «1», «1.2».
    pub number: String,
    /// Verbatim text without the number.
    pub text: String,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// Who controls the execution of the act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ControlJson {
    /// The point, verbatim.
    pub text: String,
    /// The signatory keeps the control.
    pub own: bool,
    /// The person named.
    #[serde(default)]
    pub person: Option<PersonJson>,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// A named person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonJson {
    /// Name as written.
    pub name: String,
    /// Post as written.
    #[serde(default)]
    pub post: Option<String>,
}

/// The programme behind a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProgrammeJson {
    /// Name.
    #[serde(default)]
    pub name: Option<String>,
    /// Goals.
    #[serde(default)]
    pub goals: Vec<ItemJson>,
    /// Tasks.
    #[serde(default)]
    pub tasks: Vec<ItemJson>,
    /// Expected results.
    #[serde(default)]
    pub expected_results: Vec<ItemJson>,
    /// Period.
    #[serde(default)]
    pub period: Option<PeriodJson>,
    /// Period as written.
    #[serde(default)]
    pub period_text: Option<String>,
    /// Rows of the passport with other heads.
    #[serde(default)]
    pub other: Vec<ProgrammeRowJson>,
    /// Where the passport or the first chapter stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ItemJson {
    /// Text without its number or bullet.
    pub text: String,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// A row of the passport with a head that has no field of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProgrammeRowJson {
    /// Head.
    pub head: String,
    /// Verbatim text.
    pub text: String,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// A plan: sections with activities.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanJson {
    /// Title.
    pub title: String,
    /// Period the plan is for.
    #[serde(default)]
    pub period: Option<PeriodJson>,
    /// Columns of the table from left to right.
    #[serde(default)]
    #[schemars(extend("items" = {"type": "string", "enum": words::all(words::COLUMNS)}))]
    pub columns: Vec<String>,
    /// Sections in order.
    pub sections: Vec<SectionJson>,
    /// Where the table starts.
    #[serde(default)]
    pub source: PlaceJson,
}

/// A section of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SectionJson {
    /// Number, where the section row has one.
    #[serde(default)]
    pub number: Option<String>,
    /// Title without the number; empty for activities under no section row.
    pub title: String,
    /// Year, for a section row such as «2021 год».
    #[serde(default)]
    pub year: Option<i16>,
    /// Activities in order.
    pub activities: Vec<ActivityJson>,
    /// Where the section row stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// One activity (мероприятие).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ActivityJson {
    /// Key within the order: stable through every edit.
    pub key: u32,
    /// Number as written.
    #[serde(default)]
    pub number: Option<String>,
    /// What is done.
    pub title: String,
    /// Who does it.
    #[serde(default)]
    pub responsible: Vec<PartyJson>,
    /// When.
    pub schedule: ScheduleJson,
    /// Expected result.
    #[serde(default)]
    pub outcome: Option<String>,
    /// For whom.
    #[serde(default)]
    pub target_group: Option<String>,
    /// Cells of columns of no known kind.
    #[serde(default)]
    pub other: Vec<OtherCellJson>,
    /// Where it was read from.
    #[serde(default)]
    pub source: ActivitySourceJson,
}

/// One party of a responsible text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartyJson {
    /// The piece of text it was read from, verbatim.
    pub text: String,
    /// What it is: a person, an organisation, a post without a name, or a set of schools.
    #[schemars(extend("enum" = words::all(words::PARTY_KINDS)))]
    pub kind: String,
    /// Name of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Post of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// Numbers of the schools meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub schools: Vec<u32>,
    /// The schools meant, where one of them has more or less than a number; it then stands for `schools`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub school_refs: Vec<SchoolJson>,
}

/// A school as a text refers to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SchoolJson {
    /// Number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Kind of the school; absent where the text does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = words::all_or_null(words::SCHOOL_KINDS)))]
    pub kind: Option<String>,
    /// Name, where the text gives more than a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A cell of a column of no known kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OtherCellJson {
    /// Head of the column.
    pub head: String,
    /// Verbatim text.
    pub text: String,
}

/// Where an activity was read from: its first place, and the cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivitySourceJson {
    /// The first place: that of the first cell. A reader takes it from the cells.
    #[serde(flatten)]
    pub place: PlaceJson,
    /// The cells the fields were read from; none for an activity that a person entered.
    #[serde(default)]
    pub cells: Vec<CellJson>,
}

/// A cell of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CellJson {
    /// The field it gave, as in `plans[].columns`.
    #[schemars(extend("enum" = words::all(words::COLUMNS)))]
    pub field: String,
    /// Verbatim text.
    pub text: String,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
    /// Confidence of character recognition, 0–100 per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
}

/// An indicator of effectiveness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorJson {
    /// Name of its group; empty where the list has none.
    pub group: String,
    /// The indicator as written.
    pub title: String,
    /// Unit of measurement as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Values in the order of the columns of the table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<IndicatorValueJson>,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// A value of an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorValueJson {
    /// Head of its column: «Базовое значение», «2025 год».
    pub label: String,
    /// Verbatim text.
    pub text: String,
}

/// A group of indicators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorGroupJson {
    /// Name; empty where the list has none.
    pub group: String,
    /// How many of `indicators` it has.
    pub size: usize,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// A criterion of identification with its indicators.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionJson {
    /// Criterion as written.
    pub title: String,
    /// Its indicators as written.
    #[serde(default)]
    pub indicators: Vec<ItemJson>,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// Schools of the document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ParticipantsJson {
    /// Schools that receive support.
    #[serde(default)]
    pub schools: Vec<SchoolJson>,
    /// Schools whose employees are curators or mentors.
    #[serde(default)]
    pub curator_schools: Vec<SchoolJson>,
    /// Every place of the document that lists schools.
    #[serde(default)]
    pub mentions: Vec<MentionJson>,
}

/// A place of the document that lists schools.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MentionJson {
    /// In which role the schools are listed.
    #[schemars(extend("enum" = words::all(words::MENTION_ROLES)))]
    pub role: String,
    /// The schools listed.
    #[serde(default)]
    pub schools: Vec<SchoolJson>,
    /// Verbatim text of the list.
    pub text: String,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// Text that found no place in the structure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnplacedJson {
    /// Verbatim text.
    pub text: String,
    /// Where it stands.
    #[serde(default)]
    pub source: PlaceJson,
}

/// What could not be read or had to be guessed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingJson {
    /// Stable code.
    #[schemars(regex(pattern = r"^[A-Z][A-Z0-9_]{0,39}$"))]
    pub code: String,
    /// How much it matters.
    #[schemars(extend("enum" = words::all(words::LEVELS)))]
    pub level: String,
    /// What is wrong.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What to do next.
    pub mend: String,
    /// Where in the file.
    #[serde(default)]
    pub source: PlaceJson,
}
