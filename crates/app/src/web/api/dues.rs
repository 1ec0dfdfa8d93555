//! How does something to be carried out look to a program, an activity or a task, and what can be told about it?

use axum::http::StatusCode;
use jiff::civil::{Date, DateTime};
use opora_execution::{
    Account, Deed, DeedKind, Evidence, Fact, Nature, Occurrence, Party, due, permitted, state_of,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::wire::{told, unfit};
use crate::usecases::execution::NotRecorded;
use crate::usecases::support::Known;
use crate::web::actor::refused;
use crate::web::components::deed::possible;
use crate::web::deeds::{called_on, chosen, status_of, word};
use crate::web::errors::WebError;

/// Most people called on by one comment.
const MENTIONS_MAX: usize = 50;

/// A time of an activity or a task, and how it stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Due {
    /// Its stable name: `12/2026-05-30`.
    key: String,
    /// Key of the activity, or number of the task.
    activity: u32,
    number: Option<String>,
    title: String,
    /// First day on which it may be done.
    from: Option<Date>,
    /// Last day by the schedule.
    scheduled: Option<Date>,
    /// Last day, a granted postponement considered.
    due: Option<Date>,
    /// Why there is no day, in words.
    undated: Option<String>,
    /// `late`, `returned`, `due`, `done`, `ahead`, `undated`, `confirmed`, `cancelled`.
    state: &'static str,
    /// Whose move it is: `performer`, `curator`, `coordinator`; nobody's where all is done.
    whose_move: Option<&'static str>,
    /// How many facts there are: the value of `known` for the next one.
    known: usize,
    #[schema(value_type = Option<String>)]
    done_at: Option<DateTime>,
    done_by: Option<String>,
    #[schema(value_type = Option<String>)]
    confirmed_at: Option<DateTime>,
    /// Why it was returned, cancelled or not postponed.
    reason: Option<String>,
    /// Another last day that is asked for.
    asked: Option<Date>,
    /// Number of the account to which it was passed on.
    passed_to: Option<i64>,
    evidence: Vec<Shown>,
    /// What the caller may record now.
    possible: Vec<&'static str>,
}

/// A proof.
#[derive(Serialize, ToSchema)]
pub(super) struct Shown {
    number: u32,
    /// `file`, `link`, `number` or `minutes`.
    kind: &'static str,
    /// The link, the number with its unit, the minutes, or the name of the file.
    text: String,
    /// SHA-256 of a file: it is at `/proofs/{sha256}` of the plan.
    sha256: Option<String>,
    by: String,
    #[schema(value_type = String)]
    at: DateTime,
    /// Why it does not count any more.
    withdrawn: Option<String>,
}

/// What is told of a time beside its facts.
pub(super) struct About<'a> {
    pub(super) number: Option<String>,
    pub(super) title: String,
    /// On which sides the caller stands towards it.
    pub(super) sides: Vec<Party>,
    /// There is somebody to whom it can be passed on.
    pub(super) with_people: bool,
    /// Names of accounts.
    pub(super) name: &'a dyn Fn(i64) -> String,
    pub(super) today: Date,
}

impl Due {
    pub(super) fn of(occurrence: &Occurrence, account: &Account<'_>, about: About<'_>) -> Self {
        let state = state_of(occurrence, account, about.today);
        let evidence = account.evidence.iter().map(|proof| {
            let (text, sha256) = evidence_words(proof.evidence);
            Shown {
                number: proof.number,
                kind: proof.evidence.kind().slug(),
                text,
                sha256,
                by: (about.name)(proof.by),
                at: proof.at,
                withdrawn: proof.withdrawn.map(str::to_owned),
            }
        });
        let may = possible(account, &about.sides, about.with_people);
        Self {
            key: occurrence.key.to_string(),
            activity: occurrence.key.activity.0,
            number: about.number,
            title: about.title,
            from: occurrence.window.map(|window| window.from),
            scheduled: occurrence.window.map(|window| window.due),
            due: due(occurrence, account),
            undated: match &occurrence.nature {
                Nature::Undated(why) => Some(why.russian()),
                _ => None,
            },
            state: state.kind().slug(),
            whose_move: state.whose_move().map(Party::slug),
            known: account.facts,
            done_at: account.done.map(|(at, _)| at),
            done_by: account.done.map(|(_, by)| (about.name)(by)),
            confirmed_at: account.confirmed,
            reason: account.reason.map(str::to_owned),
            asked: account.asked.map(|(to, _)| to),
            passed_to: account.performer,
            evidence: evidence.collect(),
            possible: may.into_iter().map(|(deed, _)| word(deed)).collect(),
        }
    }
}

fn evidence_words(evidence: &Evidence) -> (String, Option<String>) {
    match evidence {
        Evidence::File { sha256, name, .. } => (name.clone(), Some(sha256.clone())),
        Evidence::Link(link) => (link.clone(), None),
        Evidence::Number { value, unit } => (format!("{value} {unit}").trim().to_owned(), None),
        Evidence::Minutes(text) => (text.clone(), None),
    }
}

/// Something that was recorded about a time.
#[derive(Serialize, ToSchema)]
pub(super) struct Told {
    /// Key of the time as it was then.
    occurrence: String,
    /// `done`, `evidence`, `confirm`, `return`, `cancel`, `ask`, `grant`, `refuse`, `comment`, `delegate`, `withdraw`.
    deed: &'static str,
    by: String,
    /// On which side: `performer`, `curator`, `coordinator`.
    side: &'static str,
    #[schema(value_type = String)]
    at: DateTime,
    /// What was told, the reason, or the proof in words.
    text: String,
    /// The day that is asked for.
    to: Option<Date>,
    /// Numbers of the accounts called on, or of the one to whom it was passed on.
    people: Vec<i64>,
}

impl Told {
    pub(super) fn of(fact: &Fact, name: &dyn Fn(i64) -> String) -> Self {
        let people = match &fact.deed {
            Deed::Comment { mentions, .. } => mentions.clone(),
            Deed::Delegated { to } => vec![*to],
            _ => Vec::new(),
        };
        let (text, to) = deed_words(&fact.deed);
        Self {
            occurrence: fact.occurrence.to_string(),
            deed: word(fact.deed.kind()),
            by: name(fact.by),
            side: fact.party.slug(),
            at: fact.at,
            text,
            to,
            people,
        }
    }
}

fn deed_words(deed: &Deed) -> (String, Option<Date>) {
    match deed {
        Deed::Done { text } | Deed::Comment { text, .. } => (text.clone(), None),
        Deed::EvidenceAdded(evidence) => (evidence_words(evidence).0, None),
        Deed::EvidenceWithdrawn { reason, .. }
        | Deed::ReturnedForRework { reason }
        | Deed::Cancelled { reason }
        | Deed::PostponementRefused { reason } => (reason.clone(), None),
        Deed::PostponementAsked { to, reason } => (reason.clone(), Some(*to)),
        Deed::Confirmed | Deed::PostponementGranted | Deed::Delegated { .. } => (String::new(), None),
    }
}

/// A deed to record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDeed {
    /// Key of the time.
    pub(super) occurrence: String,
    /// `known` of the time as it was read: when more was recorded since, the answer is 409.
    pub(super) known: usize,
    deed: DeedWord,
    /// On which side; without it, on the one that may.
    #[serde(default)]
    pub(super) side: Option<SideWord>,
    /// What was done, or the reason.
    #[serde(default)]
    #[schema(max_length = 4000)]
    text: String,
    /// The day to postpone to, for `ask`.
    #[serde(default)]
    to: Option<Date>,
    /// The proof, for `evidence`.
    #[serde(default)]
    evidence: Option<NewEvidence>,
    /// Number of the proof, for `withdraw`.
    #[serde(default)]
    number: Option<u32>,
    /// Number of the account to which it is passed on, for `delegate`.
    #[serde(default)]
    person: Option<i64>,
    /// Numbers of the accounts called on, for `comment`. Names in the text behind an «@» are called on, too.
    #[serde(default)]
    #[schema(max_items = 50)]
    mentions: Vec<i64>,
}

/// What can be recorded.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum DeedWord {
    Done,
    Evidence,
    Withdraw,
    Confirm,
    Return,
    Cancel,
    Ask,
    Grant,
    Refuse,
    Delegate,
    Comment,
}

/// On which side somebody acts.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum SideWord {
    Performer,
    Curator,
    Coordinator,
}

impl From<SideWord> for Party {
    fn from(word: SideWord) -> Self {
        match word {
            SideWord::Performer => Self::Performer,
            SideWord::Curator => Self::Curator,
            SideWord::Coordinator => Self::Coordinator,
        }
    }
}

/// A proof that is no file; a file is sent to `/proofs`.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum NewEvidence {
    Link { link: String },
    Number { value: String, unit: String },
    Minutes { text: String },
}

impl NewDeed {
    /// The deed. `people` can be called on, `performers` can carry on.
    pub(super) fn deed(self, people: &[Known], performers: &[Known]) -> Result<Deed, WebError> {
        let (text, reason) = (self.text.clone(), self.text);
        Ok(match self.deed {
            DeedWord::Done => Deed::Done { text },
            DeedWord::Evidence => Deed::EvidenceAdded(match self.evidence {
                Some(NewEvidence::Link { link }) => Evidence::Link(link),
                Some(NewEvidence::Number { value, unit }) => Evidence::Number { value, unit },
                Some(NewEvidence::Minutes { text }) => Evidence::Minutes(text),
                None => return Err(unfit("Подтверждение не приложено", "Передайте поле evidence.")),
            }),
            DeedWord::Withdraw => {
                let missing = || unfit("Не указано, какое подтверждение отозвать", "Передайте поле number.");
                Deed::EvidenceWithdrawn { number: self.number.ok_or_else(missing)?, reason }
            }
            DeedWord::Confirm => Deed::Confirmed,
            DeedWord::Return => Deed::ReturnedForRework { reason },
            DeedWord::Cancel => Deed::Cancelled { reason },
            DeedWord::Ask => {
                let missing =
                    || unfit("Новый срок не указан", "Передайте поле to: день, на который перенести.");
                Deed::PostponementAsked { to: self.to.ok_or_else(missing)?, reason }
            }
            DeedWord::Grant => Deed::PostponementGranted,
            DeedWord::Refuse => Deed::PostponementRefused { reason },
            DeedWord::Delegate => Deed::Delegated { to: passed_to(self.person, performers)? },
            DeedWord::Comment => {
                if self.mentions.len() > MENTIONS_MAX {
                    return Err(unfit("Позвано слишком много людей", "За один раз можно позвать 50."));
                }
                let mut mentions = Vec::new();
                for account in self.mentions {
                    let account = chosen(&account.to_string(), people)?;
                    if !mentions.contains(&account) {
                        mentions.push(account);
                    }
                }
                Deed::Comment { mentions: called_on(&text, mentions, people), text }
            }
        })
    }
}

/// To whom something is passed on.
pub(super) fn passed_to(person: Option<i64>, performers: &[Known]) -> Result<i64, WebError> {
    let missing = || unfit("Не указано, кому передать", "Передайте поле person: номер учётной записи.");
    chosen(&person.ok_or_else(missing)?.to_string(), performers)
}

/// The side on which a deed is done: the one asked for, or the first that may now.
pub(super) fn side_of(
    account: &Account<'_>,
    sides: &[Party],
    deed: DeedKind,
    asked: Option<SideWord>,
) -> Result<Party, WebError> {
    if let Some(asked) = asked.map(Party::from) {
        return if sides.contains(&asked) { Ok(asked) } else { Err(refused()) };
    }
    let may = sides.iter().find(|side| permitted(account.phase, **side).contains(&deed));
    may.or(sides.first()).copied().ok_or_else(refused)
}

/// The status of the answer to a deed. What was said twice is recorded already.
pub(super) fn recorded(done: Result<(), NotRecorded>, gone: &str) -> Result<StatusCode, WebError> {
    match done {
        Ok(()) => Ok(StatusCode::CREATED),
        Err(NotRecorded::Refused(refusal)) => match status_of(&refusal) {
            StatusCode::OK => Ok(StatusCode::OK),
            status => Err(told(status, &refusal.message)),
        },
        Err(NotRecorded::Unknown) => Err(WebError::not_found(gone)),
        Err(NotRecorded::Store(error)) => Err(error.into()),
    }
}
