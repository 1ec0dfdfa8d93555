//! How does an order travel between programs?
//!
//! The core types do not derive `Serialize`: this edge owns the JSON form of an [`Order`] and of a
//! [`Schedule`](opora_schedule::Schedule), its JSON Schema, its canonical hash, and the form in which a plan
//! becomes a document again. The way there and back loses nothing.

mod error;
mod hash;
mod keys;
mod order_json;
mod place_json;
mod plan_document;
mod read;
mod schedule_json;
mod schema;
mod words;
mod write;

pub use error::ExchangeError;
pub use hash::{content_hash, sha256_hex};
pub use keys::highest_key;
pub use order_json::{
    ActJson, ActivityJson, ActivitySourceJson, CellJson, CitedActJson, ControlJson, CriterionJson,
    FindingJson, IndicatorGroupJson, IndicatorJson, IndicatorValueJson, ItemJson, MentionJson, OrderJson,
    OtherCellJson, ParticipantsJson, PartyJson, PersonJson, PlanJson, PointJson, ProgrammeJson,
    ProgrammeRowJson, SchoolJson, SectionJson, SourceJson, UnplacedJson,
};
pub use place_json::PlaceJson;
pub use plan_document::plan_document;
pub use read::from_json;
pub use schedule_json::{
    InferredJson, KindJson, PartJson, PeriodJson, ScheduleJson, SpanJson, TimesJson, WithinJson, YearsJson,
    schedule_from_json, schedule_to_json,
};
pub use schema::{order_schema, schedule_schema};
pub use words::{format_of_word, format_word};
pub use write::to_json;

use opora_cycle::vocabulary::Order;

/// Version of the order form, the value of the field `schema`. A change that an old reader can't follow raises it.
pub const ORDER_SCHEMA: &str = "opora.order/1";

/// An order as JSON text on one line.
pub fn write_order(order: &Order) -> Result<String, ExchangeError> {
    serde_json::to_string(&to_json(order)).map_err(|error| ExchangeError::not_json(&error))
}

/// An order from JSON text. A newer form is refused as such, although its shape is another one too.
pub fn read_order(text: &str) -> Result<Order, ExchangeError> {
    #[derive(serde::Deserialize)]
    struct Version {
        schema: Option<String>,
    }
    serde_json::from_str(text).map_or_else(
        |error| {
            let version: Version = serde_json::from_str(text).map_err(|_| ExchangeError::not_json(&error))?;
            read::check_version(version.schema.as_deref().unwrap_or_default())?;
            Err(ExchangeError::not_json(&error))
        },
        from_json,
    )
}
