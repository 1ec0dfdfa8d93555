//! What waits for whom, out of everything that is recorded? What pages of work, notices and others tell is gathered here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use opora_access::{Place, Role, contains};
use opora_approval::{Party as AgreementParty, State};
use opora_cells::OrganisationId;
use opora_diagnosis::ANSWERS_MIN;
use opora_execution::Party;
use opora_execution::work::{Mover, Person, WorkItem, WorkKind};
use opora_registry::Registry;
use opora_store::{HeldGrant, Store, StoreError};

use super::diagnosis::{Case, OpenSurvey, Paper, Papers, Shelf, Shelved, paper_of, term_of, terms};

/// Days after which a survey that too few have answered is told of.
const SURVEY_DAYS: i64 = 7;

/// The roles of a person today, for each school of the own places.
pub fn roles(person: &opora_access::Person, registry: &Registry, today: Date) -> Vec<(Party, Option<i64>)> {
    let mut roles: Vec<(Party, Option<i64>)> = Vec::new();
    for grant in person.grants.iter().filter(|grant| grant.holds(today)) {
        let places: Vec<Option<i64>> = match grant.place {
            Place::School(school) => vec![Some(i64::from(school.0))],
            // Who helps a whole municipality may tell what its schools did; it waits for the schools.
            _ if grant.role == Role::Methodologist => vec![None],
            place => registry
                .organisations()
                .iter()
                .filter(|school| contains(place, Place::School(school.id), registry))
                .map(|school| Some(i64::from(school.id.0)))
                .chain([None])
                .collect(),
        };
        let party = match grant.role {
            Role::SchoolHead | Role::SchoolTeam | Role::Methodologist => Party::Performer,
            Role::Curator => Party::Curator,
            Role::Coordinator => Party::Coordinator,
            // The plan of a municipality is checked by those above it.
            Role::RegionalOperator => {
                roles.push((Party::Curator, None));
                continue;
            }
            Role::Observer => continue,
        };
        roles.extend(places.iter().map(|place| (party, *place)));
        // The plan of a municipality is carried out by its office.
        if grant.role == Role::Coordinator {
            roles.push((Party::Performer, None));
        }
    }
    roles
}

/// A person as the room of work knows one; `number` is the number facts know the person by, `curated` are the schools
/// that have a curator today. What a curator would decide of the others comes to the coordinator.
pub fn person(
    person: &opora_access::Person,
    number: i64,
    registry: &Registry,
    curated: &BTreeSet<OrganisationId>,
    today: Date,
) -> Person {
    let roles = roles(person, registry, today);
    let has_curator = |school: &i64| curated.iter().any(|own| i64::from(own.0) == *school);
    let coordinated =
        roles.iter().filter(|(party, _)| *party == Party::Coordinator).filter_map(|(_, school)| *school);
    let stands_in = coordinated.filter(|school| !has_curator(school)).collect();
    Person { account: number, roles, stands_in, writes: writes(person, today) }
}

/// The schools whose documents a person writes today; none for the municipality.
fn writes(person: &opora_access::Person, today: Date) -> Vec<Option<i64>> {
    let holds = person.grants.iter().filter(|grant| grant.holds(today));
    holds
        .filter_map(|grant| match (grant.role, grant.place) {
            (Role::SchoolHead | Role::SchoolTeam, Place::School(school)) => Some(Some(i64::from(school.0))),
            (Role::Coordinator, _) => Some(None),
            _ => None,
        })
        .collect()
}

/// The schools that have a curator on a day.
pub fn curated(grants: &[HeldGrant], today: Date) -> BTreeSet<OrganisationId> {
    let held = grants.iter().filter(|held| held.grant.role == Role::Curator && held.grant.holds(today));
    held.filter_map(|held| match held.grant.place {
        Place::School(school) => Some(school),
        Place::Installation | Place::Node(_) => None,
    })
    .collect()
}

/// The page that a path of work leads to, without a leading slash.
pub fn address(path: &str) -> String {
    match path.split_once("/occurrence/") {
        Some((plan, key)) => {
            let key = key.trim_end_matches("/postponement");
            let key = key.split_once("/comment/").map_or(key, |(key, _)| key).replace(['/', '.'], "-");
            format!("{plan}/work#o-{key}")
        }
        None => path.to_owned(),
    }
}

/// What waits in the self-diagnoses and surveys of schools, as it stood when somebody looked last. A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct SchoolWork {
    seen: Arc<RwLock<Option<Seen>>>,
}

#[derive(Clone, Debug)]
struct Seen {
    event: i64,
    today: Date,
    items: Arc<[(OrganisationId, WorkItem)]>,
}

impl SchoolWork {
    /// What waits, with its school. As with plans, the events of the journal tell whether it still holds: of others than
    /// those about diagnoses, surveys, lists, people and the registry nothing here follows.
    pub async fn look(
        &self,
        store: &Store,
        shelf: &Shelf,
        papers: &Papers,
        registry: &Registry,
        today: Date,
    ) -> Result<Arc<[(OrganisationId, WorkItem)]>, StoreError> {
        let event = store.last_event().await?;
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner).clone();
        let seen = seen.filter(|seen| seen.today == today);
        let items = match seen {
            Some(seen) if seen.event >= event => return Ok(seen.items),
            Some(seen) if !store.touched(seen.event, event).await?.iter().any(|object| concerns(object)) => {
                seen.items
            }
            _ => gather(store, shelf, papers, registry, today).await?.into(),
        };
        let seen = Seen { event, today, items: Arc::clone(&items) };
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        Ok(items)
    }
}

/// Whether something may wait for a school after an event.
fn concerns(object: &str) -> bool {
    let beginnings = ["diagnosis", "survey", "questionnaire", "run/", "account/", "registry/"];
    beginnings.iter().any(|beginning| object.starts_with(beginning))
}

async fn gather(
    store: &Store,
    shelf: &Shelf,
    papers: &Papers,
    registry: &Registry,
    today: Date,
) -> Result<Vec<(OrganisationId, WorkItem)>, StoreError> {
    let year = today.year();
    let shelved = shelf.of_year(store, papers, year).await?;
    let terms = terms(store, year).await?;
    let mut schools: BTreeSet<OrganisationId> = shelf.listed(store, year).await?;
    schools.extend(shelved.keys().map(|case| case.school));
    let grants = store.grants(None).await?;
    schools.extend(curated(&grants, today));
    let joined = joined(&grants);
    let mut items = Vec::new();
    for school in schools {
        let term = term_of(&terms, school, registry);
        let known = shelved.get(&Case { school, year }).map(Arc::as_ref);
        let asked = joined.get(&school).copied().filter(|day| *day <= today);
        let asked = asked.unwrap_or(Date::MIN).max(today.first_of_year());
        items.extend(diagnosis_item(school, year, known, term, asked).map(|item| (school, item)));
    }
    for survey in shelf.open_surveys().await.into_iter().filter(|survey| is_slow(survey, today)) {
        // A survey goes on by the questionnaire it was opened with: one of the packs, one that a place took in force, or
        // one that was asked by before.
        let paper = paper_of(store, papers, &survey.questionnaire).await?;
        items.push((survey.case.school, survey_item(&survey, &paper)));
    }
    Ok(items)
}

fn local(at: Timestamp) -> DateTime {
    at.to_zoned(TimeZone::system()).datetime()
}

/// The day on which a school got its first person: nobody could be asked before.
fn joined(grants: &[HeldGrant]) -> BTreeMap<OrganisationId, Date> {
    let mut first: BTreeMap<OrganisationId, Date> = BTreeMap::new();
    for held in grants {
        if let Place::School(school) = held.grant.place {
            let day = first.entry(school).or_insert(held.grant.from);
            *day = held.grant.from.min(*day);
        }
    }
    first
}

/// The move that the self-diagnosis of a school waits for; one that nobody has begun, since the day it was asked for.
fn diagnosis_item(
    school: OrganisationId,
    year: i16,
    shelved: Option<&Shelved>,
    term: Option<Date>,
    asked: Date,
) -> Option<WorkItem> {
    let number = Some(i64::from(school.0));
    let (party, kind) = match shelved.map(|shelved| (shelved.standing.state, shelved.standing.whose_move)) {
        None | Some((State::Draft | State::Correction, Some(AgreementParty::Author))) => {
            (Party::Performer, WorkKind::Diagnosis)
        }
        Some((_, None)) => return None,
        Some((_, Some(AgreementParty::Author))) => (Party::Performer, WorkKind::DocumentReturned),
        Some((_, Some(AgreementParty::Reviewer))) => (Party::Curator, WorkKind::Approval),
        Some((_, Some(AgreementParty::Coordinator))) => (Party::Coordinator, WorkKind::Approval),
    };
    let since = match shelved {
        Some(shelved) => local(shelved.standing.since),
        None => asked.to_datetime(Time::midnight()),
    };
    Some(WorkItem {
        path: format!("schools/{}/diagnosis?year={year}", school.0),
        what: format!("Самодиагностика школы, {year} год"),
        kind,
        school: number,
        due: term.filter(|_| kind == WorkKind::Diagnosis),
        mover: Mover::Role(party, number),
        waiting: (party != Party::Performer).then_some(Mover::Role(Party::Performer, number)),
        since,
    })
}

/// From when a survey is told of that too few have answered.
fn told_from(survey: &OpenSurvey) -> DateTime {
    local(survey.opened_at + SignedDuration::from_hours(24 * SURVEY_DAYS))
}

/// It is open for a while, and too few have answered to tell anything of it.
fn is_slow(survey: &OpenSurvey, today: Date) -> bool {
    survey.answers < ANSWERS_MIN && told_from(survey).date() <= today
}

/// The reminder of a slow survey.
fn survey_item(survey: &OpenSurvey, paper: &Paper) -> WorkItem {
    let whom = paper.questionnaire.audience.name();
    let number = Some(i64::from(survey.case.school.0));
    WorkItem {
        path: format!(
            "schools/{}/surveys?year={}#{}",
            survey.case.school.0,
            survey.case.year,
            survey.sha256.get(..12).unwrap_or_default()
        ),
        what: format!(
            "Опрос {whom}: ответов пока {}, для сводки нужно не меньше {ANSWERS_MIN}",
            survey.answers
        ),
        kind: WorkKind::Survey,
        school: number,
        due: None,
        mover: Mover::Role(Party::Performer, number),
        waiting: None,
        since: told_from(survey),
    }
}

/// Who holds which role, by account: whom a thing that waits for a role waits for.
#[derive(Clone, Debug, Default)]
pub struct Movers(BTreeMap<Mover, Vec<i64>>);

impl Movers {
    /// The people of today. The numbers are those of accounts.
    pub fn of<'a>(
        people: impl IntoIterator<Item = (i64, &'a opora_access::Person)>,
        registry: &Registry,
        today: Date,
    ) -> Self {
        let mut movers: BTreeMap<Mover, Vec<i64>> = BTreeMap::new();
        for (number, person) in people {
            let own: BTreeSet<Mover> = roles(person, registry, today)
                .into_iter()
                .map(|(party, school)| Mover::Role(party, school))
                .chain([Mover::Account(number)])
                .collect();
            for mover in own {
                movers.entry(mover).or_default().push(number);
            }
        }
        Self(movers)
    }

    /// Whose move an item really is: where there is no curator, the coordinator decides.
    pub fn mover_of(&self, item: &WorkItem) -> Mover {
        match item.mover {
            Mover::Role(Party::Curator, school)
                if item.kind.is_decision() && self.accounts(item.mover).is_empty() =>
            {
                Mover::Role(Party::Coordinator, school)
            }
            mover => mover,
        }
    }

    /// The accounts behind a mover.
    pub fn accounts(&self, mover: Mover) -> &[i64] {
        self.0.get(&mover).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use opora_access::Grant;
    use opora_store::{AccountId, GrantId};

    use super::*;

    #[test]
    fn a_school_is_asked_once_somebody_works_there() {
        let held = |school: u32, from: Date| HeldGrant {
            id: GrantId(1),
            account: AccountId(1),
            grant: Grant {
                role: Role::SchoolHead,
                place: Place::School(OrganisationId(school)),
                from,
                until: None,
            },
            reason: String::new(),
            created_by: String::new(),
        };
        let early = date(2024, 9, 1);
        let late = date(2026, 10, 5);
        let joined = joined(&[held(5, late), held(5, early), held(6, late)]);
        assert_eq!(
            joined.into_iter().collect::<Vec<_>>(),
            [(OrganisationId(5), early), (OrganisationId(6), late)]
        );
    }

    #[test]
    fn a_path_leads_to_a_page() {
        let check = |path: &str, expected: &str| assert_eq!(address(path), expected);
        check("plans/5/occurrence/12/2026-05-30", "plans/5/work#o-12-2026-05-30");
        check(
            "plans/5/occurrence/12/2026-05-01..2026-05-30/postponement",
            "plans/5/work#o-12-2026-05-01--2026-05-30",
        );
        check("schools/5/diagnosis?year=2026", "schools/5/diagnosis?year=2026");
    }
}
