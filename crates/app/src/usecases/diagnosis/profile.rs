//! Which risks does a school have now, which had it before, and what did people decide?

use jiff::Timestamp;
use jiff::civil::Date;
use opora_diagnosis::{
    Aggregate, Answers, Change, Decision, Evidence, FactorDictionary, Inputs, Profile, Questionnaire, assess,
    compare_profiles,
};
use opora_store::{FactId, NewFact, Store, StoreError};

use super::work::Person;
use super::{Agreed, Book, Case, Surveyed, wire};

/// What is known of risks beside answers and surveys.
#[derive(Clone, Debug, Default)]
pub struct KnownOfRisks {
    /// Decisions of people with their moments, in order.
    pub decisions: Vec<(Timestamp, String, Decision)>,
    /// The last fact about them.
    pub last: Option<FactId>,
}

/// The risk profile with its history.
#[derive(Clone, Debug)]
pub struct Story {
    /// The profile of today.
    pub profile: Profile,
    /// The answers it rests on are approved; otherwise they are a draft.
    pub is_approved: bool,
    /// What changed, the newest first.
    pub moments: Vec<Moment>,
}

/// A change of the profile.
#[derive(Clone, Debug)]
pub struct Moment {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub what: String,
    /// What it changed; nothing for the first profile, before which there was none.
    pub changes: Option<Vec<Change>>,
}

/// The decisions about the risks of a school in a year.
pub async fn known_of_risks(store: &Store, case: Case) -> Result<KnownOfRisks, StoreError> {
    let facts = store.facts(&case.risks()).await?;
    let decided =
        facts.iter().filter_map(|fact| Some((fact.at, fact.who.clone(), wire::read_decision(fact)?)));
    Ok(KnownOfRisks { decisions: decided.collect(), last: facts.last().map(|fact| fact.id) })
}

/// Records a decision on top of those its author has seen.
pub async fn record_decision(
    store: &Store,
    case: Case,
    decision: &Decision,
    seen: Option<FactId>,
    person: &Person<'_>,
) -> Result<(), StoreError> {
    let subject = case.risks();
    let content = wire::decision(decision);
    let fact = NewFact { subject: &subject, kind: wire::DECISION, content: &content };
    let known = [(subject.as_str(), seen)];
    store.append_facts(&known, &[fact], person.account, &person.by(&decision.reason)).await.map(|_| ())
}

/// What a profile is made of, over time.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The factors.
    pub dictionary: &'a FactorDictionary,
    /// The questionnaire of the head.
    pub book: &'a Book,
    /// The surveys, the newest first.
    pub surveys: &'a [Surveyed],
    /// Data from outside.
    pub evidence: &'a [Evidence],
    /// Decisions of people.
    pub known: &'a KnownOfRisks,
}

impl Sources<'_> {
    /// The profile as it would have been computed after everything up to a moment.
    fn at(&self, at: Option<Timestamp>, head: Option<(&Questionnaire, &Answers)>, on: Date) -> Profile {
        let until = |moment: Timestamp| at.is_none_or(|at| moment <= at);
        let closed = |held: &&Surveyed| held.survey.closed_at.is_some_and(until);
        let surveys: Vec<Aggregate> =
            self.surveys.iter().filter(closed).map(|held| held.told.clone()).collect();
        let decisions: Vec<Decision> = self
            .known
            .decisions
            .iter()
            .filter(|(moment, ..)| until(*moment))
            .map(|(.., decision)| decision.clone())
            .collect();
        let inputs = Inputs { head, surveys: &surveys, evidence: self.evidence };
        assess(self.dictionary, &inputs, &decisions, on)
    }
}

fn said(agreed: &Agreed) -> (&Questionnaire, &Answers) {
    (&agreed.questionnaire, &agreed.answers)
}

/// The profile of today and how it came about. An approved questionnaire counts; without one the draft does.
pub fn profile_story(sources: &Sources<'_>, today: Date) -> Story {
    let Sources { book, surveys, known, .. } = *sources;
    let draft = book.answers();
    let approved = book.agreed.last().map(said);
    let profile = sources.at(None, approved.or(Some((&book.questionnaire, &draft))), today);
    let mut events: Vec<(Timestamp, String)> = Vec::new();
    events.extend(book.agreed.iter().map(|agreed| (agreed.at, "Самодиагностика одобрена".to_owned())));
    events.extend(surveys.iter().filter_map(|Surveyed { survey, .. }| {
        Some((survey.closed_at?, format!("Закрыт опрос {}", survey.audience().name())))
    }));
    events.extend(known.decisions.iter().map(|(at, who, _)| (*at, format!("Решение: {who}"))));
    events.sort();
    let mut moments = Vec::new();
    let mut before: Option<Profile> = None;
    for (at, what) in events {
        let answers = book.agreed.iter().rfind(|agreed| agreed.at <= at).map(said);
        let after = sources.at(Some(at), answers, today);
        let changes = before.as_ref().map(|before| compare_profiles(before, &after));
        moments.push(Moment { at, what, changes });
        before = Some(after);
    }
    moments.reverse();
    Story { profile, is_approved: approved.is_some(), moments }
}
