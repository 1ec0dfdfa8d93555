//! By when are self-diagnoses to be submitted?
//!
//! A day is set for a place and a year. The newest of the narrowest place that a school lies in counts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use opora_access::{Place, contains};
use opora_cells::OrganisationId;
use opora_registry::Registry;
use opora_store::{NewFact, Store, StoreError};
use serde_json::json;

use super::work::Person;

/// The kind of a fact that sets a day.
const TERM: &str = "diagnosis.term";

fn subject(year: i16) -> String {
    format!("diagnosis-terms/{year}")
}

/// The days that were set for a year, by place; none where a day was taken back.
pub async fn terms(store: &Store, year: i16) -> Result<BTreeMap<Place, Option<Date>>, StoreError> {
    let mut terms = BTreeMap::new();
    for fact in store.facts(&subject(year)).await? {
        let text = |name: &str| fact.content.get(name).and_then(serde_json::Value::as_str);
        let Some(place) = text("place").and_then(Place::of_code) else { continue };
        terms.insert(place, text("until").and_then(|day| day.parse().ok()));
    }
    Ok(terms)
}

/// The day that counts for a school.
pub fn term_of(
    terms: &BTreeMap<Place, Option<Date>>,
    school: OrganisationId,
    registry: &Registry,
) -> Option<Date> {
    let set = terms.iter().filter_map(|(place, until)| Some((*place, (*until)?)));
    let own = set.filter(|(place, _)| contains(*place, Place::School(school), registry));
    own.reduce(|best, next| if contains(best.0, next.0, registry) { next } else { best })
        .map(|(_, until)| until)
}

/// Sets the day of a place, or takes it back.
pub async fn set_term(
    store: &Store,
    year: i16,
    place: Place,
    until: Option<Date>,
    person: &Person<'_>,
) -> Result<(), StoreError> {
    let content = json!({ "place": place.code(), "until": until.map(|day| day.to_string()) });
    let subject = subject(year);
    let fact = NewFact { subject: &subject, kind: TERM, content: &content };
    store.append_facts(&[], &[fact], person.account, &person.by("")).await?;
    Ok(())
}
