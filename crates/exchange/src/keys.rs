//! Which keys has an order given, without reading the rest of it?

use opora_cycle::vocabulary::ActivityKey;
use serde::Deserialize;

use crate::ExchangeError;

#[derive(Deserialize)]
struct Order {
    plans: Vec<Plan>,
}

#[derive(Deserialize)]
struct Plan {
    #[serde(default)]
    sections: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    #[serde(default)]
    activities: Vec<Activity>,
}

#[derive(Deserialize)]
struct Activity {
    key: u32,
}

/// The highest key among the activities of an order in its wire form; none without activities. The rest of the text
/// is passed over, so that a long history is gone through quickly.
pub fn highest_key(text: &str) -> Result<Option<ActivityKey>, ExchangeError> {
    let order: Order = serde_json::from_str(text).map_err(|error| ExchangeError::not_json(&error))?;
    let sections = order.plans.iter().flat_map(|plan| &plan.sections);
    let keys = sections.flat_map(|section| &section.activities).map(|activity| ActivityKey(activity.key));
    Ok(keys.max())
}
