//! Which events of the journal are about things of the reader's own place?
//!
//! What an event is about is told by its object. An object whose place this page does not know is not shown: the one
//! who reads the whole journal sees it.

use std::collections::HashMap;

use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_store::AuditEvent;

use crate::web::access::place_of_scope;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::state::AppState;

/// Events looked at for one page: what lies further back is reached by the link at its end.
const LOOKED_AT_MAX: u64 = 10_000;
/// Events read at a time.
const BATCH: u64 = 2_000;

/// A part of the journal.
pub struct Part {
    /// The newest first.
    pub events: Vec<AuditEvent>,
    /// Where to go on; nothing when all was looked at.
    pub before: Option<i64>,
}

/// The places of things that events name.
struct Places {
    plans: HashMap<i64, Place>,
    runs: HashMap<i64, Place>,
    accounts: HashMap<i64, Vec<Place>>,
    surveys: HashMap<String, Option<Place>>,
}

/// Up to `size` events before one that are about the reader's own place.
pub async fn part(
    state: &AppState,
    actor: &Actor,
    before: Option<i64>,
    size: usize,
) -> Result<Part, WebError> {
    let mut places = Places::read(state, actor).await?;
    // Most of what is looked at is about other places: of it no more is read than that.
    let (mut own, mut before, mut looked_at) = (Vec::new(), before, 0);
    'all: while looked_at < LOOKED_AT_MAX && own.len() < size {
        let batch = state.store.objects_before(before, BATCH).await?;
        if batch.is_empty() {
            before = None;
            break;
        }
        for (number, object) in batch {
            looked_at += 1;
            before = Some(number);
            let about = places.of(state, &object).await?;
            if about.into_iter().any(|place| actor.may(Right::SeeJournal, place)) {
                own.push(number);
            }
            if own.len() == size {
                break 'all;
            }
        }
    }
    Ok(Part { events: state.store.events_of(&own).await?, before })
}

impl Places {
    async fn read(state: &AppState, actor: &Actor) -> Result<Self, WebError> {
        let look = state.look(actor.today).await?;
        let plans = look.plans.iter().map(|plan| (plan.summary.id.0, plan.summary.owner)).collect();
        let runs = state.store.runs().await?.into_iter().map(|run| (run.id.0, place_of_scope(&run.scope)));
        let mut accounts: HashMap<i64, Vec<Place>> = HashMap::new();
        for held in state.store.grants(None).await? {
            accounts.entry(held.account.0).or_default().push(held.grant.place);
        }
        Ok(Self { plans, runs: runs.collect(), accounts, surveys: HashMap::new() })
    }

    /// The places an object belongs to; none where that is not known.
    async fn of(&mut self, state: &AppState, object: &str) -> Result<Vec<Place>, WebError> {
        let parts: Vec<&str> = object.split('/').collect();
        let number = |text: &str| text.parse::<i64>().ok();
        let school = |text: &str| text.parse().ok().map(|id| Place::School(OrganisationId(id)));
        Ok(match parts.as_slice() {
            ["plan" | "roadmap" | "work" | "links", id, ..] => {
                number(id).and_then(|id| self.plans.get(&id).copied()).into_iter().collect()
            }
            ["diagnosis" | "surveys" | "risks", id, _] => school(id).into_iter().collect(),
            ["run", id, ..] => number(id).and_then(|id| self.runs.get(&id).copied()).into_iter().collect(),
            ["account", id] => number(id).and_then(|id| self.accounts.get(&id).cloned()).unwrap_or_default(),
            // Who answered when is not for anybody who could know the people: opening and closing are.
            ["survey", token] => self.of_survey(state, object, token).await?.into_iter().collect(),
            _ => Vec::new(),
        })
    }

    async fn of_survey(
        &mut self,
        state: &AppState,
        subject: &str,
        token: &str,
    ) -> Result<Option<Place>, WebError> {
        if let Some(known) = self.surveys.get(token) {
            return Ok(*known);
        }
        let facts = state.store.facts(subject).await?;
        let id =
            facts.first().and_then(|fact| fact.content.get("school")).and_then(serde_json::Value::as_u64);
        let place = id.and_then(|id| u32::try_from(id).ok()).map(|id| Place::School(OrganisationId(id)));
        self.surveys.insert(token.to_owned(), place);
        Ok(place)
    }
}
