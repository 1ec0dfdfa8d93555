//! What lies on the desk of whoever assigns curators: people, schools, and who holds what?

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use opora_access::{Place, Right, Role, contains};
use opora_cells::OrganisationId;
use opora_store::{Account, AccountId, HeldGrant};

use crate::usecases::assignments::{Needs, Support, load, own_school};
use crate::usecases::results::alphabet::key;
use crate::usecases::results::catalog::Catalog;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::{profile, weak_subjects};
use crate::web::pages::people::{place_name, schools_called};
use crate::web::state::AppState;

/// Everything an assignment is decided by.
pub struct Desk {
    /// What was noted about curators and mentor schools.
    pub support: Support,
    /// Accounts that the reader may know of.
    pub people: Vec<Account>,
    /// All roles.
    pub grants: Vec<HeldGrant>,
    /// Schools of the programme inside the own places.
    pub programme: BTreeSet<OrganisationId>,
    registry: std::sync::Arc<opora_registry::Registry>,
    catalog: std::sync::Arc<Catalog>,
}

impl Desk {
    /// Reads it for whoever assigns.
    pub async fn read(state: &AppState, actor: &Actor) -> Result<Self, WebError> {
        let support = Support::read(&state.store).await?;
        let grants = state.store.grants(None).await?;
        let everything = actor.may(Right::Assign, Place::Installation);
        let mine = |place: Place| actor.may(Right::Assign, place);
        let known = |account: &Account| {
            let home = support.curators.get(&account.id).and_then(|profile| profile.works_at);
            let mut own = grants.iter().filter(|held| held.account == account.id);
            everything
                || home.is_some_and(|home| mine(Place::School(home)))
                || own.any(|held| mine(held.grant.place))
        };
        let people = state.store.accounts().await?.into_iter().filter(known).collect();
        let year = actor.today.year();
        let papers = &state.results.catalog().papers;
        let mut programme = state.diagnoses.listed(&state.store, year).await?;
        let begun = state.diagnoses.of_year(&state.store, papers, year).await?;
        programme.extend(begun.keys().map(|case| case.school));
        for held in
            grants.iter().filter(|held| held.grant.role == Role::Curator && held.grant.holds(actor.today))
        {
            if let Place::School(school) = held.grant.place {
                programme.insert(school);
            }
        }
        programme.retain(|school| actor.registry.get(*school).is_some() && mine(Place::School(*school)));
        let catalog = std::sync::Arc::clone(state.results.shared_catalog());
        Ok(Self { support, people, grants, programme, registry: actor.registry.clone(), catalog })
    }

    /// Name of a school.
    pub fn school(&self, id: OrganisationId) -> String {
        place_name(Place::School(id), &self.registry)
    }

    /// Name of a school by which a form finds it again: with its municipality where there are several of the name.
    pub fn label(&self, id: OrganisationId) -> String {
        let name = self.school(id);
        let lower = name.to_lowercase();
        let town = self.registry.get(id).and_then(|school| self.registry.node(school.municipality));
        match town.filter(|_| schools_called(&lower, &self.registry).nth(1).is_some()) {
            Some(town) => format!("{name}, {}", town.name),
            None => name,
        }
    }

    /// Name of a person; those of other places are not told.
    pub fn person(&self, id: AccountId) -> String {
        let known = self.people.iter().find(|account| account.id == id);
        known.map_or_else(|| "куратор из другого места".to_owned(), |account| account.name.clone())
    }

    /// The reader may know of this account.
    pub fn knows(&self, id: AccountId) -> bool {
        self.people.iter().any(|account| account.id == id)
    }

    /// Where somebody works.
    pub fn home(&self, id: AccountId, day: Date) -> Option<OrganisationId> {
        own_school(&self.support, id, &self.grants, day)
    }

    /// The way from somebody's school to another.
    pub fn way(&self, home: Option<OrganisationId>, place: Place) -> Option<u32> {
        match place {
            Place::School(school) => self.support.kilometres(home?, school),
            _ => None,
        }
    }

    /// Roles of curators at schools inside the own places.
    pub fn curating<'a>(&'a self, actor: &'a Actor) -> impl Iterator<Item = &'a HeldGrant> {
        let mut held: Vec<&HeldGrant> = self
            .grants
            .iter()
            .filter(|held| held.grant.role == Role::Curator && actor.may(Right::Assign, held.grant.place))
            .collect();
        held.sort_by_cached_key(|held| (key(&place_name(held.grant.place, &self.registry)), held.id));
        held.into_iter()
    }

    /// Schools of the programme without a curator, today or later.
    pub fn without_curator(&self, actor: &Actor) -> Vec<OrganisationId> {
        let has = |school: &OrganisationId| {
            self.grants.iter().any(|held| {
                held.grant.role == Role::Curator
                    && held.grant.place == Place::School(*school)
                    && held.grant.until.is_none_or(|until| until >= actor.today)
            })
        };
        self.by_name(self.programme.iter().copied().filter(|school| !has(school)))
    }

    /// Schools by the alphabet: this is no ranking.
    pub fn by_name(&self, schools: impl Iterator<Item = OrganisationId>) -> Vec<OrganisationId> {
        let mut schools: Vec<OrganisationId> = schools.collect();
        schools.sort_by_cached_key(|school| (key(&self.school(*school)), *school));
        schools
    }

    /// Those who were noted as possible curators, by name.
    pub fn candidates(&self) -> Vec<AccountId> {
        let noted = self
            .people
            .iter()
            .filter(|account| account.open && self.support.curators.contains_key(&account.id));
        noted.map(|account| account.id).collect()
    }

    /// Possible curators for a list to choose from, with the room they have left.
    pub fn choices(&self, day: Date) -> Vec<(i64, String)> {
        let words = |account: AccountId| {
            let most = self.support.curators.get(&account).map_or(0, |profile| profile.capacity);
            (
                account.0,
                format!("{} – школ {} из {most}", self.person(account), load(account, &self.grants, day)),
            )
        };
        self.candidates().into_iter().map(words).collect()
    }

    /// The schools inside the own places, by the alphabet.
    pub fn schools(&self, actor: &Actor) -> Vec<(OrganisationId, String)> {
        let places = actor.places(Right::Assign);
        let inside =
            |id: OrganisationId| places.iter().any(|own| contains(*own, Place::School(id), &self.registry));
        let own = self.registry.organisations().iter().filter(|school| inside(school.id));
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for school in self.registry.organisations() {
            *count.entry(&school.name).or_default() += 1;
        }
        let named = own.map(|school| {
            let town = self.registry.node(school.municipality);
            let town = town.filter(|_| count.get(school.name.as_str()).is_some_and(|same| *same > 1));
            let name =
                town.map_or_else(|| school.name.clone(), |town| format!("{}, {}", school.name, town.name));
            (school.id, name)
        });
        let mut named: Vec<_> = named.take(1_500).collect();
        named.sort_by_cached_key(|(id, name)| (key(name), *id));
        named
    }

    /// All fields somebody can be strong in: subjects, then risk factors.
    pub fn all_fields(&self) -> Vec<(String, String)> {
        let subjects = self.catalog.dictionary.subjects.values();
        let factors = self.catalog.papers.dictionary.factors.iter();
        subjects
            .map(|subject| (format!("subject/{}", subject.id), subject.name.clone()))
            .chain(factors.map(|factor| (format!("risk/{}", factor.id), factor.name.clone())))
            .collect()
    }

    /// Fields in words.
    pub fn fields<'a>(&self, fields: impl Iterator<Item = &'a String>) -> String {
        let all = self.all_fields();
        let name = |field: &'a String| {
            all.iter()
                .find(|(word, _)| word == field)
                .map_or(field.as_str(), |(_, name)| name.as_str())
                .to_owned()
        };
        let names: Vec<String> = fields.map(name).collect();
        if names.is_empty() { "не указано".to_owned() } else { names.join(", ") }
    }

    /// In what schools are weak: high risks of their profiles, and subjects with low results.
    pub async fn needs(
        &self,
        state: &AppState,
        actor: &Actor,
        schools: &[OrganisationId],
    ) -> Result<Needs, WebError> {
        let year = actor.today.year();
        let mut needs = Needs::new();
        for school in schools {
            let risks = profile(state, actor, school.0, year).await?;
            let mut weak: Vec<String> =
                risks.high().map(|factor| format!("risk/{}", factor.factor)).collect();
            for subject in weak_subjects(state, *school, year, actor.today).await? {
                let entry = self.catalog.dictionary.subjects.get(&subject);
                weak.extend(entry.map(|entry| format!("subject/{}", entry.id)));
            }
            needs.insert(*school, weak);
        }
        Ok(needs)
    }
}

/// The first value of a field of a form; empty where it is missing.
pub fn asked<'a>(sent: &'a [(String, String)], name: &str) -> &'a str {
    sent.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim())
}

/// A day of a form; nothing where the field is empty.
pub fn day(sent: &[(String, String)], name: &str) -> Result<Option<Date>, String> {
    match asked(sent, name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| "Дата не понята. Она нужна в виде ГГГГ-ММ-ДД.".to_owned()),
    }
}
