//! What is a board counted from? Plans, schools and risks in memory, kept until the journal tells of a change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use opora_access::{Place, Right, Role};
use opora_cells::OrganisationId;
use opora_store::StoreError;
use tokio::sync::Mutex;

use crate::usecases::boards::{Leaf, Scope, by_alphabet};
use crate::usecases::diagnosis::{Case, HighRisk, Outside, Shelved};
use crate::usecases::standings::Look;
use crate::usecases::support::SupportLook;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::evidence_of;
use crate::web::state::AppState;

/// Somebody with a role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed {
    /// The role.
    pub role: Role,
    /// Name of the person.
    pub name: String,
}

/// Who works where.
#[derive(Debug, Default)]
pub struct People {
    /// Schools of the programme: on a final list, or with a head or a curator. A curator is of the team of her own,
    /// strong school: that alone makes no school one of the programme.
    pub programme: BTreeSet<OrganisationId>,
    /// Who works at a place today, by role and name.
    pub at: BTreeMap<Place, Vec<Placed>>,
}

/// What schools said of themselves.
#[derive(Debug, Default)]
struct Diagnoses {
    of_year: BTreeMap<Case, Arc<Shelved>>,
    high: BTreeMap<OrganisationId, Arc<[HighRisk]>>,
}

/// What stands behind the plans.
#[derive(Clone, Debug)]
struct Backdrop {
    event: i64,
    today: jiff::civil::Date,
    people: Arc<People>,
    diagnoses: Arc<Diagnoses>,
}

/// The backdrop that was made last. A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct Backdrops(Arc<Mutex<Option<Backdrop>>>);

impl Backdrops {
    /// Reads what boards stand on, before anybody asks for one.
    pub async fn warm_up(&self, state: &AppState, look: &Look) -> Result<(), WebError> {
        self.at(state, look).await.map(drop)
    }

    /// As it is at the time of a look at all plans; only what the journal tells to have changed is read again.
    async fn at(&self, state: &AppState, look: &Look) -> Result<Backdrop, WebError> {
        let mut kept = self.0.lock().await;
        let known = kept.clone().filter(|known| known.today == look.today);
        let made = match known {
            Some(known) if known.event >= look.event => return Ok(known),
            Some(known) => {
                let touched = state.store.touched(known.event, look.event).await?;
                let any = |beginnings: &[&str]| {
                    touched.iter().any(|object| beginnings.iter().any(|own| object.starts_with(own)))
                };
                // Lists are steps of runs, roles are of accounts.
                let people =
                    if any(&["run/", "account/"]) { people(state, look).await? } else { known.people };
                let changed = any(&["diagnosis/", "risks/", "survey", "results/", "registry/"]);
                let diagnoses = if changed { diagnoses(state, look).await? } else { known.diagnoses };
                Backdrop { event: look.event, today: look.today, people, diagnoses }
            }
            None => Backdrop {
                event: look.event,
                today: look.today,
                people: people(state, look).await?,
                diagnoses: diagnoses(state, look).await?,
            },
        };
        *kept = Some(made.clone());
        Ok(made)
    }
}

async fn people(state: &AppState, look: &Look) -> Result<Arc<People>, StoreError> {
    let accounts = state.store.accounts().await?;
    let open = accounts.into_iter().filter(|account| account.open);
    let names: BTreeMap<i64, String> = open.map(|account| (account.id.0, account.name)).collect();
    let mut people = People {
        programme: state.diagnoses.listed(&state.store, look.today.year()).await?,
        at: BTreeMap::new(),
    };
    for held in state.store.grants(None).await? {
        let grant = held.grant;
        if !grant.holds(look.today) {
            continue;
        }
        if let (Place::School(school), true) =
            (grant.place, matches!(grant.role, Role::SchoolHead | Role::Curator))
        {
            people.programme.insert(school);
        }
        if let Some(name) = names.get(&held.account.0) {
            people.at.entry(grant.place).or_default().push(Placed { role: grant.role, name: name.clone() });
        }
    }
    for here in people.at.values_mut() {
        here.sort();
        here.dedup();
    }
    Ok(Arc::new(people))
}

async fn diagnoses(state: &AppState, look: &Look) -> Result<Arc<Diagnoses>, WebError> {
    let (year, catalog) = (look.today.year(), state.results.catalog());
    let of_year = state.diagnoses.of_year(&state.store, &catalog.papers, year).await?;
    let dataset = state.results.dataset().await?;
    let prepared = state.results.prepared(&dataset).await?;
    let of = |case: Case| evidence_of(&dataset, &prepared, &catalog.dictionary, case.school, case.year);
    let outside = Outside { mark: &dataset.sha256, of: &of };
    let high = state.diagnoses.high_risks(&state.store, &catalog.papers, &outside, year, look.today).await?;
    Ok(Arc::new(Diagnoses { of_year, high }))
}

/// What a board of a scope is counted from.
#[derive(Debug)]
pub struct Ground {
    /// The places inside the scope that the reader may see, by the alphabet.
    pub leaves: Vec<Leaf>,
    /// Who works where.
    pub people: Arc<People>,
}

impl Ground {
    /// Of a scope, as far as a person may see it.
    pub async fn of(state: &AppState, actor: &Actor, scope: &Scope) -> Result<Self, WebError> {
        let look = state.look(actor.today).await?;
        let Backdrop { people, diagnoses, .. } = state.boards.at(state, &look).await?;
        let support = state.supported(actor.today).await?;
        let mut leaves = leaves(actor, scope, (&look, &support), &people, &diagnoses);
        for leaf in &mut leaves {
            if actor.may(Right::SeeDiagnosis, leaf.place) {
                leaf.support = support.places.get(&leaf.place).cloned();
            }
        }
        Ok(Self { leaves, people })
    }
}

fn leaves(
    actor: &Actor,
    scope: &Scope,
    (look, support): (&Look, &SupportLook),
    people: &People,
    diagnoses: &Diagnoses,
) -> Vec<Leaf> {
    let year = actor.today.year();
    let mut known: BTreeMap<Place, Option<Leaf>> = BTreeMap::new();
    let new = |place: Place| {
        if !scope.holds(place, &actor.registry) || !actor.may(Right::SeePlans, place) {
            return None;
        }
        let mut leaf = Leaf::new(place, year);
        leaf.shows_risks = actor.may(Right::SeeDiagnosis, place);
        if let (Place::School(school), true) = (place, leaf.shows_risks) {
            leaf.diagnosis = diagnoses.of_year.get(&Case { school, year }).cloned();
            leaf.high = diagnoses.high.get(&school).cloned();
        }
        Some(leaf)
    };
    // The newest comes first there, the oldest here.
    for plan in look.plans.iter().rev().filter(|plan| !plan.summary.archived) {
        let place = plan.summary.owner;
        if let Some(leaf) = known.entry(place).or_insert_with(|| new(place)) {
            leaf.plans.push(Arc::clone(plan));
        }
    }
    let begun = diagnoses.of_year.keys().map(|case| case.school);
    for school in people.programme.iter().copied().chain(begun) {
        if actor.registry.get(school).is_some() {
            let place = Place::School(school);
            known.entry(place).or_insert_with(|| new(place));
        }
    }
    // The group of a municipality has obligations of its own.
    let owes = support.places.iter().filter(|(_, supported)| !supported.windows.is_empty());
    for (place, _) in owes.filter(|(place, _)| actor.may(Right::SeeDiagnosis, **place)) {
        known.entry(*place).or_insert_with(|| new(*place));
    }
    let mut leaves: Vec<Leaf> = known.into_values().flatten().collect();
    by_alphabet(&mut leaves, &actor.registry);
    leaves
}
