//! How are people asked without names, and what may be told of it?
//!
//! A form is kept without anything that tells who filled it in: no account, no address, and of the time only the day.
//! Answers leave this file as an aggregate.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opora_access::{Token, token_sha256};
use opora_cells::OrganisationId;
use opora_diagnosis::{
    Aggregate, Answers, Audience, Collection, Problem, Questionnaire, Tally, check, while_open, write_answer,
};
use opora_store::{Authorship, FactId, NewFact, Store, StoreError};

use super::work::{Person, answers_of, keep, paper_of};
use super::{Case, Papers, SURVEY, SURVEY_ANSWERS, wire};

/// Who is written as the author of an anonymous form.
const NOBODY: &str = "Участник опроса";
/// Most answers of one survey: no school has more parents. Who has the link could go on answering for ever.
const ANSWERS_MAX: u64 = 10_000;
/// Answers held in memory at once.
const ANSWERS_AT_ONCE: u64 = 500;

/// An anonymous survey.
#[derive(Clone, Debug)]
pub struct Survey {
    /// SHA-256 of its token: its name inside the installation.
    pub sha256: String,
    /// Whose and when.
    pub case: Case,
    /// What is asked.
    pub questionnaire: Arc<Questionnaire>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    last: Option<FactId>,
}

/// An anonymous survey with what may be told of its answers.
#[derive(Clone, Debug)]
pub struct Surveyed {
    /// The survey.
    pub survey: Survey,
    /// What may be told.
    pub told: Aggregate,
}

impl Survey {
    /// Who is asked.
    pub fn audience(&self) -> Audience {
        self.questionnaire.audience
    }
}

/// Why a form was not taken.
#[derive(Debug)]
pub enum NotTaken {
    /// It is closed.
    Closed,
    /// It holds as many answers as it can.
    Full,
    /// Something is missing or wrong.
    Wrong(Vec<Problem>),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn subject(sha256: &str) -> String {
    format!("{SURVEY}{sha256}")
}

fn answers_subject(sha256: &str) -> String {
    format!("{SURVEY_ANSWERS}{sha256}")
}

/// Opens a survey for an audience; the token of its link is told once. None without randomness or questionnaire.
pub async fn open_survey(
    store: &Store,
    papers: &Papers,
    case: Case,
    audience: Audience,
    person: &Person<'_>,
) -> Result<Option<Token>, StoreError> {
    let paper = papers.paper(audience).filter(|_| audience.is_anonymous());
    let (Some(paper), Some(token)) = (paper, Token::new()) else { return Ok(None) };
    keep(store, papers, &paper.sha256, person).await?;
    let sha256 = token.sha256();
    let (own, list) = (subject(&sha256), case.surveys());
    let opened = wire::written(&wire::Opened {
        school: case.school.0,
        year: case.year,
        questionnaire: paper.sha256.to_string(),
    });
    let named = serde_json::Value::String(sha256);
    let facts = [
        NewFact { subject: &own, kind: wire::SURVEY_OPEN, content: &opened },
        NewFact { subject: &list, kind: wire::SURVEY, content: &named },
    ];
    store.append_facts(&[(&own, None)], &facts, person.account, &person.by("")).await?;
    Ok(Some(token))
}

/// The surveys of a school in a year, the newest first.
pub async fn surveys(store: &Store, papers: &Papers, case: Case) -> Result<Vec<Surveyed>, StoreError> {
    let mut found = Vec::new();
    for fact in store.facts(&case.surveys()).await?.iter().rev() {
        let Some(sha256) = fact.content.as_str() else { continue };
        let Some(survey) = survey(store, papers, sha256).await? else { continue };
        let told = told(store, &survey).await?;
        found.push(Surveyed { survey, told });
    }
    Ok(found)
}

/// The survey that a link names.
pub async fn survey_of_token(
    store: &Store,
    papers: &Papers,
    token: &str,
) -> Result<Option<Survey>, StoreError> {
    survey(store, papers, &token_sha256(token)).await
}

async fn survey(store: &Store, papers: &Papers, sha256: &str) -> Result<Option<Survey>, StoreError> {
    let facts = store.facts(&subject(sha256)).await?;
    let opened = facts.iter().find(|fact| fact.kind == wire::SURVEY_OPEN);
    let Some((fact, opened)) = opened.and_then(|fact| Some((fact, wire::read::<wire::Opened>(fact)?))) else {
        return Ok(None);
    };
    let questionnaire = paper_of(store, papers, &opened.questionnaire).await?.questionnaire;
    let closed_at = facts.iter().find(|fact| fact.kind == wire::SURVEY_CLOSE).map(|fact| fact.at);
    Ok(Some(Survey {
        sha256: sha256.to_owned(),
        case: Case { school: OrganisationId(opened.school), year: opened.year },
        opened_at: fact.at,
        closed_at,
        last: facts.last().map(|fact| fact.id),
        questionnaire,
    }))
}

/// Of an open survey answers are only counted; those of a closed one are added up, some at a time.
async fn told(store: &Store, survey: &Survey) -> Result<Aggregate, StoreError> {
    let (questionnaire, given) = (&survey.questionnaire, answers_subject(&survey.sha256));
    if survey.closed_at.is_none() {
        return Ok(while_open(questionnaire, store.count_facts(&given).await?));
    }
    let mut tally = Tally::new(questionnaire);
    let mut after = FactId(0);
    loop {
        let facts = store.facts_of_after(&given, after, ANSWERS_AT_ONCE).await?;
        let Some(last) = facts.last() else { break };
        after = last.id;
        for given in facts.iter().filter_map(wire::read::<wire::Given>) {
            tally.add(&answers_of(questionnaire, &given.answers));
        }
    }
    Ok(tally.told(Collection::Closed))
}

/// Closes a survey; a second time changes nothing.
pub async fn close_survey(store: &Store, survey: &Survey, person: &Person<'_>) -> Result<(), StoreError> {
    if survey.closed_at.is_some() {
        return Ok(());
    }
    let own = subject(&survey.sha256);
    let content = serde_json::Value::Null;
    let fact = NewFact { subject: &own, kind: wire::SURVEY_CLOSE, content: &content };
    let known = [(own.as_str(), survey.last)];
    match store.append_facts(&known, &[fact], person.account, &person.by("")).await {
        // Only closing is ever added: somebody else has closed it.
        Ok(_) | Err(StoreError::FactFirst) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Takes one anonymous form. `form` is a random word of the page: the same page sent twice counts once.
pub async fn answer_survey(
    store: &Store,
    survey: &Survey,
    answers: &Answers,
    form: &str,
    today: Date,
) -> Result<(), NotTaken> {
    if survey.closed_at.is_some() {
        return Err(NotTaken::Closed);
    }
    let problems = check(&survey.questionnaire, answers, today);
    if !problems.is_empty() {
        return Err(NotTaken::Wrong(problems));
    }
    let (own, given) = (subject(&survey.sha256), answers_subject(&survey.sha256));
    if store.count_facts(&given).await? >= ANSWERS_MAX {
        return Err(NotTaken::Full);
    }
    let once = format!("survey-form/{}", token_sha256(form));
    let texts = answers.iter().map(|(id, answer)| (id.clone(), write_answer(answer))).collect();
    let content = wire::written(&wire::Given { answers: texts });
    let nothing = serde_json::Value::Null;
    let facts = [
        NewFact { subject: &given, kind: wire::SURVEY_ANSWER, content: &content },
        NewFact { subject: &once, kind: wire::SURVEY_FORM, content: &nothing },
    ];
    // Of the time only the day: two things of a minute would tell who was where.
    let at = today.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp());
    let by = Authorship { who: NOBODY, reason: "", at };
    let known = [(own.as_str(), survey.last), (once.as_str(), None)];
    match store.append_facts(&known, &facts, None, &by).await {
        Ok(_) => Ok(()),
        Err(StoreError::FactFirst) if store.facts(&once).await?.is_empty() => Err(NotTaken::Closed),
        // The second click on the same page.
        Err(StoreError::FactFirst) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
