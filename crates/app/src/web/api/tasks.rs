//! What do visits and meetings share for programs: who is asked to do what, and what became of it?

use axum::http::StatusCode;
use jiff::civil::Date;
use opora_execution::{Account, Assignee, Deed, Occurrence, OccurrenceKey, Party, Task};
use opora_store::Authorship;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dues::{About, Due, NewDeed, SideWord, recorded, side_of};
use super::wire::{told, unfit};
use crate::clock;
use crate::usecases::support::{Given, Known, NotDone};
use crate::web::actor::{Actor, LOCAL_USER, refused};
use crate::web::deeds::{chosen, fact};
use crate::web::errors::WebError;
use crate::web::pages::visits::{NameOf, task_sides, told as told_of, who_words};
use crate::web::state::AppState;

/// Somebody who is asked to do something.
#[derive(Serialize, ToSchema)]
pub(super) struct Who {
    /// Number of the account; nothing for somebody without one.
    account: Option<i64>,
    name: String,
}

impl Who {
    pub(super) fn of(who: &Assignee, names: &NameOf) -> Self {
        let account = match who {
            Assignee::Account(account) => Some(*account),
            Assignee::Named(_) => None,
        };
        Self { account, name: who_words(who, names) }
    }
}

/// Somebody to ask: one of the people, or somebody without an account by name.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    /// Number of the account.
    #[serde(default)]
    account: Option<i64>,
    /// Name of somebody without an account.
    #[serde(default)]
    #[schema(max_length = 200)]
    name: String,
}

impl Chosen {
    /// Nobody where neither is given.
    pub(super) fn assignee(&self, people: &[Known]) -> Result<Option<Assignee>, WebError> {
        if let Some(account) = self.account {
            return chosen(&account.to_string(), people).map(|account| Some(Assignee::Account(account)));
        }
        let name = self.name.trim();
        Ok((!name.is_empty()).then(|| Assignee::Named(name.to_owned())))
    }
}

/// A task of a visit or a meeting, and how it stands.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskShown {
    #[serde(flatten)]
    due: Due,
    who: Who,
    /// The school it is about.
    school: Option<i64>,
}

/// The tasks that the reader may read.
pub(super) fn tasks(
    given: Option<&Given>,
    actor: &Actor,
    names: &NameOf,
    people: &[Known],
) -> Vec<TaskShown> {
    let Some(given) = given else { return Vec::new() };
    let name = |by: i64| names.get(&by).map_or(LOCAL_USER, String::as_str).to_owned();
    let ledger = given.execution.ledger();
    let shown = |(occurrence, account): (&Occurrence, Account<'_>)| {
        let task = given.task(occurrence)?;
        let about = About {
            number: None,
            title: task.text.clone(),
            sides: task_sides(actor, given.source, task, &account),
            with_people: !people.is_empty(),
            name: &name,
            today: actor.today,
        };
        let due = Due::of(occurrence, &account, about);
        Some(TaskShown { due, who: Who::of(&task.who, names), school: task.school })
    };
    ledger.accounts().filter_map(shown).collect()
}

/// What is told where there is no such task.
pub(super) const NO_TASK: &str = "Такого поручения нет";

/// The task, and on which sides the actor stands towards it; refused where on none.
fn found<T>(
    actor: &Actor,
    given: Option<&Given>,
    key: OccurrenceKey,
    read: impl FnOnce(&Account<'_>, &[Party]) -> Result<T, WebError>,
) -> Result<T, WebError> {
    let gone = || WebError::not_found(NO_TASK);
    let given = given.ok_or_else(gone)?;
    let ledger = given.execution.ledger();
    let (occurrence, account) = ledger.accounts().find(|(own, _)| own.key == key).ok_or_else(gone)?;
    let task: &Task = given.task(occurrence).ok_or_else(gone)?;
    let sides = task_sides(actor, given.source, task, &account);
    if sides.is_empty() {
        return Err(refused());
    }
    read(&account, &sides)
}

/// Refuses whoever has nothing to record about a task.
pub(super) fn may_record(actor: &Actor, given: Option<&Given>, key: OccurrenceKey) -> Result<(), WebError> {
    found(actor, given, key, |_, _| Ok(()))
}

/// Records a deed about a task: of which time, how many facts were known, on which side.
pub(super) async fn record(
    state: &AppState,
    actor: &Actor,
    given: Option<&Given>,
    (key, known, side): (OccurrenceKey, usize, Option<SideWord>),
    deed: Deed,
) -> Result<StatusCode, WebError> {
    let party = found(actor, given, key, |account, sides| side_of(account, sides, deed.kind(), side))?;
    let given = given.ok_or_else(|| WebError::not_found(NO_TASK))?;
    let now = clock::now();
    let by = Authorship { who: actor.name(), reason: "", at: now };
    let fact = fact(key, deed, party, actor, now);
    let done = given.execution.act(&state.store, known, &[], &fact, actor.account(), &by).await;
    recorded(done, NO_TASK)
}

/// Records a deed that is told about a task.
pub(super) async fn act_on_task(
    state: &AppState,
    actor: &Actor,
    given: Option<&Given>,
    people: &[Known],
    new: NewDeed,
) -> Result<StatusCode, WebError> {
    let key = OccurrenceKey::parse(&new.occurrence).ok_or_else(|| WebError::not_found(NO_TASK))?;
    may_record(actor, given, key)?;
    let wanted = (key, new.known, new.side);
    record(state, actor, given, wanted, new.deed(people, people)?).await
}

/// The status of the answer to what was recorded, or why it was not. What was said twice is recorded already.
pub(super) fn done<T>(done: Result<T, NotDone>) -> Result<(StatusCode, Option<T>), WebError> {
    let error = match done {
        Ok(made) => return Ok((StatusCode::CREATED, Some(made))),
        Err(error) => error,
    };
    let refused = told_of(error)?;
    if refused.status == StatusCode::OK {
        return Ok((StatusCode::OK, None));
    }
    Err(told(refused.status, &refused.messages.join(" ")))
}

/// A day that has to be given.
pub(super) fn needed(day: Option<Date>, what: &str) -> Result<Date, WebError> {
    day.ok_or_else(|| unfit(what, "Передайте день в виде ГГГГ-ММ-ДД."))
}
