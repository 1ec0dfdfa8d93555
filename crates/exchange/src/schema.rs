//! What shape must the JSON of an order and of a schedule have?

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::{OrderJson, ScheduleJson};

/// JSON Schema (draft 2020-12) of an order, committed as `docs/schema/order.schema.json`.
pub fn order_schema() -> Value {
    schema_of::<OrderJson>("Приказ: акт, программа, планы (Опора)")
}

/// JSON Schema (draft 2020-12) of a schedule, committed as `docs/schema/schedule.schema.json`.
pub fn schedule_schema() -> Value {
    schema_of::<ScheduleJson>("Срок исполнения (Опора)")
}

fn schema_of<T: schemars::JsonSchema>(title: &str) -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}
