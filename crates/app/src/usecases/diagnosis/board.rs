//! How far has each school come with its diagnosis, without reading everything anew for every look?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use opora_approval::Standing;
use opora_cells::OrganisationId;
use opora_cycle::identification::{FINALISED, Standing as Listing, Step};
use opora_diagnosis::{Evidence, Progress, Significance};
use opora_store::{Fact, FactId, RunId, Store, StoreError};
use tokio::sync::Mutex;

use super::work::book_of;
use super::{Case, Papers, SURVEY, SURVEY_ANSWERS, Sources, known_of_risks, profile_story, surveys, wire};
use crate::usecases::results::frozen::Frozen;

/// Facts that are read here.
const READ: [&str; 3] = ["risks/", "surveys/", SURVEY];
/// Facts of which only their number counts here: they are many.
const COUNTED: [&str; 2] = ["diagnosis/", SURVEY_ANSWERS];

/// The diagnoses of all schools as they stood when somebody looked last; a look reads what is new since.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The newest fact that was looked at.
    last: FactId,
    /// Have facts that are not shelved yet.
    stale: BTreeSet<Case>,
    shelved: BTreeMap<Case, Arc<Shelved>>,
    /// Surveys that are open, by their hash.
    surveys: BTreeMap<String, OpenSurvey>,
    /// The case of each survey, by the hash of its token.
    survey_cases: BTreeMap<String, Case>,
    /// Something a profile is made of has changed.
    changed: BTreeSet<Case>,
    /// Risks of high significance of the approved diagnoses; nothing for one that is not approved.
    high: BTreeMap<Case, Option<Arc<[HighRisk]>>>,
    /// The data from outside that they were made with.
    outside: String,
    /// Schools of a final list, with the number of steps when it was read.
    lists: BTreeMap<RunId, (usize, BTreeSet<OrganisationId>)>,
}

/// A survey that is open, without its answers.
#[derive(Clone, Debug)]
pub struct OpenSurvey {
    /// SHA-256 of its token.
    pub sha256: String,
    /// Whose and when.
    pub case: Case,
    /// Hash of what is asked.
    pub questionnaire: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// How many have answered.
    pub answers: u64,
}

/// A diagnosis as the board shows it.
#[derive(Clone, Debug)]
pub struct Shelved {
    /// How much is answered.
    pub progress: Progress,
    /// Where it stands.
    pub standing: Standing,
}

/// A risk of high significance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HighRisk {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// What is known of schools from elsewhere: their results.
pub struct Outside<'a> {
    /// Another mark, other data.
    pub mark: &'a str,
    /// What it tells of a school in a year.
    pub of: &'a (dyn Fn(Case) -> Vec<Evidence> + Send + Sync),
}

impl Shelf {
    /// All diagnoses of a year, by school.
    pub async fn of_year(
        &self,
        store: &Store,
        papers: &Papers,
        year: i16,
    ) -> Result<BTreeMap<Case, Arc<Shelved>>, StoreError> {
        let mut kept = self.kept.lock().await;
        kept.catch_up(store).await?;
        let stale: Vec<Case> = kept.stale.iter().filter(|case| case.year == year).copied().collect();
        for case in stale {
            let book = book_of(store, papers, case, &store.facts(&case.diagnosis()).await?).await?;
            let shelved = Shelved { progress: book.progress(), standing: book.standing() };
            kept.shelved.insert(case, Arc::new(shelved));
            kept.stale.remove(&case);
        }
        let of_year = kept.shelved.iter().filter(|(case, _)| case.year == year);
        Ok(of_year.map(|(case, shelved)| (*case, Arc::clone(shelved))).collect())
    }

    /// The surveys that were open when diagnoses were looked at last.
    pub async fn open_surveys(&self) -> Vec<OpenSurvey> {
        self.kept.lock().await.surveys.values().cloned().collect()
    }

    /// The risks of high significance of each school by its newest approved self-diagnosis up to a year. Schools
    /// without one are left out.
    pub async fn high_risks(
        &self,
        store: &Store,
        papers: &Papers,
        outside: &Outside<'_>,
        year: i16,
        today: Date,
    ) -> Result<BTreeMap<OrganisationId, Arc<[HighRisk]>>, StoreError> {
        let mut kept = self.kept.lock().await;
        kept.catch_up(store).await?;
        if kept.outside != outside.mark {
            let approved = kept.high.iter().filter(|(_, high)| high.is_some());
            let again: Vec<Case> = approved.map(|(case, _)| *case).collect();
            kept.changed.extend(again);
            outside.mark.clone_into(&mut kept.outside);
        }
        let mut cases: BTreeSet<Case> = kept.high.keys().chain(&kept.changed).copied().collect();
        cases.retain(|case| case.year <= year);
        let mut found: BTreeMap<OrganisationId, Arc<[HighRisk]>> = BTreeMap::new();
        // They stand by school and year: from the newest on, what is older than an approved one is not looked at.
        for case in cases.into_iter().rev() {
            if found.contains_key(&case.school) {
                continue;
            }
            if kept.changed.contains(&case) {
                let high = high_of(store, papers, outside, case, today).await?;
                kept.high.insert(case, high);
                kept.changed.remove(&case);
            }
            if let Some(Some(high)) = kept.high.get(&case) {
                found.insert(case.school, Arc::clone(high));
            }
        }
        Ok(found)
    }

    /// The schools on the final lists of a year and of the year before: support goes on through both.
    pub async fn listed(&self, store: &Store, year: i16) -> Result<BTreeSet<OrganisationId>, StoreError> {
        let mut kept = self.kept.lock().await;
        let years = year.saturating_sub(1)..=year;
        let mut found = BTreeSet::new();
        for run in store.runs().await? {
            if !i16::try_from(run.year).is_ok_and(|of| years.contains(&of)) {
                continue;
            }
            let steps = store.steps(run.id).await?;
            if !steps.iter().any(|step| step.step == FINALISED) {
                continue;
            }
            if kept.lists.get(&run.id).is_none_or(|(read, _)| *read != steps.len()) {
                let frozen = Frozen::read(&store.run(run.id).await?);
                let stays = |school: &OrganisationId| {
                    let own = steps.iter().filter(|step| step.organisation == *school);
                    Listing::of(own.filter_map(|step| Step::of_word(&step.step))).is_listed()
                };
                let listed =
                    frozen.schools.iter().filter(|(school, verdict)| verdict.listed && stays(school));
                let schools = listed.map(|(school, _)| *school).collect();
                kept.lists.insert(run.id, (steps.len(), schools));
            }
            found.extend(kept.lists.get(&run.id).iter().flat_map(|(_, schools)| schools));
        }
        Ok(found)
    }
}

/// The risks of high significance of one diagnosis; nothing where it is not approved.
async fn high_of(
    store: &Store,
    papers: &Papers,
    outside: &Outside<'_>,
    case: Case,
    today: Date,
) -> Result<Option<Arc<[HighRisk]>>, StoreError> {
    let book = book_of(store, papers, case, &store.facts(&case.diagnosis()).await?).await?;
    if book.agreed.is_empty() {
        return Ok(None);
    }
    let surveys = surveys(store, papers, case).await?;
    let known = known_of_risks(store, case).await?;
    let evidence = (outside.of)(case);
    let dictionary = &papers.dictionary;
    let sources = Sources { dictionary, book: &book, surveys: &surveys, evidence: &evidence, known: &known };
    let factors = profile_story(&sources, today).profile.factors;
    let high = factors.into_iter().filter(|factor| factor.significance() == Significance::High);
    Ok(Some(high.map(|factor| HighRisk { code: factor.factor, name: factor.name }).collect()))
}

impl Kept {
    fn take_survey(&mut self, fact: &Fact) {
        let Some(sha256) = fact.subject.strip_prefix(SURVEY) else { return };
        if fact.kind == wire::SURVEY_CLOSE {
            self.surveys.remove(sha256);
        } else if let Some(opened) =
            wire::read::<wire::Opened>(fact).filter(|_| fact.kind == wire::SURVEY_OPEN)
        {
            let survey = OpenSurvey {
                sha256: sha256.to_owned(),
                case: Case { school: OrganisationId(opened.school), year: opened.year },
                questionnaire: opened.questionnaire,
                opened_at: fact.at,
                answers: 0,
            };
            self.surveys.insert(survey.sha256.clone(), survey);
        }
    }

    /// Reads what was recorded since.
    async fn catch_up(&mut self, store: &Store) -> Result<(), StoreError> {
        let newest = store.newest_fact().await?;
        let between = (self.last, newest);
        let (news, counts) = (store.news(&READ, between).await?, store.count_news(&COUNTED, between).await?);
        self.last = newest;
        for fact in news {
            self.take_survey(&fact);
            let part = |beginning: &str| fact.subject.strip_prefix(beginning);
            match fact.kind.as_str() {
                wire::DECISION => self.changed.extend(part("risks/").and_then(Case::of_ending)),
                wire::SURVEY => {
                    let named = fact.content.as_str().map(str::to_owned);
                    self.survey_cases.extend(named.zip(part("surveys/").and_then(Case::of_ending)));
                }
                wire::SURVEY_CLOSE => {
                    let closed = part("survey/").and_then(|sha256| self.survey_cases.get(sha256)).copied();
                    self.changed.extend(closed);
                }
                _ => {}
            }
        }
        for (subject, count) in counts {
            if let Some(case) = Case::of_subject(&subject) {
                self.stale.insert(case);
                self.changed.insert(case);
            } else if let Some(survey) =
                subject.strip_prefix(SURVEY_ANSWERS).and_then(|sha256| self.surveys.get_mut(sha256))
            {
                survey.answers += u64::try_from(count).unwrap_or_default();
            }
        }
        Ok(())
    }
}
