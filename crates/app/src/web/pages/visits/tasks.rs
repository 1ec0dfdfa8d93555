//! What became of the tasks of a visit or meeting, and what can be recorded about them?

use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_cells::OrganisationId;
use opora_execution::{Account, Assignee, Deed, Evidence, Party, Task, due, state_of};
use opora_store::Authorship;

use super::people::{NameOf, who_words};
use super::visit::{Case, whole};
use super::{Told, told};
use crate::clock;
use crate::usecases::execution::NotRecorded;
use crate::usecases::support::{Given, Known, NotDone, Source, tasks_of_visit};
use crate::web::actor::{Actor, LOCAL_USER, refused};
use crate::web::components::deed;
use crate::web::deeds::{self, Told as Form, fact};
use crate::web::errors::WebError;
use crate::web::pages::files;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// The tasks of a page.
pub struct TaskPage<'a> {
    /// The tasks.
    pub given: &'a Given,
    /// The address of the page.
    pub base: &'a str,
    /// Names of accounts.
    pub names: &'a NameOf,
    /// Who can be called on and carry on.
    pub people: &'a [Known],
}

/// On which sides a person stands towards a task.
pub fn sides(actor: &Actor, source: Source, task: &Task, account: &Account<'_>) -> Vec<Party> {
    if actor.account().is_none() {
        return Party::ALL.to_vec();
    }
    let place = match (source, task.school.and_then(|id| u32::try_from(id).ok())) {
        (Source::Visit(school, _), _) => Place::School(school),
        (Source::Meeting(..), Some(school)) => Place::School(OrganisationId(school)),
        (Source::Meeting(node, _), None) => Place::Node(node),
    };
    let roles = actor.roles_at(place);
    let reviews = |role: Role| roles.contains(&role);
    let mut sides = Vec::new();
    let named = matches!(task.who, Assignee::Named(_)) && account.performer.is_none();
    // Whoever has no account tells the curator or the coordinator, who records it; another one confirms.
    let for_others = named && roles.iter().any(|role| role.gives(Right::Confirm));
    if Given::is_performer(task, account, actor.number(0)) || for_others {
        sides.push(Party::Performer);
    }
    if reviews(Role::Curator) {
        sides.push(Party::Curator);
    }
    if reviews(Role::Coordinator) {
        sides.push(Party::Coordinator);
    }
    sides
}

/// The tasks with their forms.
pub fn draw(page: &TaskPage<'_>, actor: &Actor) -> Markup {
    let name = |by: i64| page.names.get(&by).map_or(LOCAL_USER, String::as_str).to_owned();
    let ledger = page.given.execution.ledger();
    let lines: Vec<_> = ledger.accounts().enumerate().collect();
    html! {
        section.card aria-labelledby="tasks" {
            div.card-head { h2 #tasks { "Поручения" } }
            (deed::people_list(page.people))
            ol.work-list {
                @for (at, (occurrence, account)) in &lines {
                    @if let Some(task) = page.given.task(occurrence) {
                        @let state = state_of(occurrence, account, actor.today);
                        @let sides = sides(actor, page.given.source, task, account);
                        @let possible = deed::possible(account, &sides, !page.people.is_empty());
                        li class={ "work-line " (state.kind().slug()) } id=(anchor(task)) {
                            div.work-head {
                                span.work-title { (task.text) }
                                span class={ "badge " (state.kind().slug()) } { (state.russian()) }
                            }
                            p.small.muted {
                                (who_words(&task.who, page.names))
                                @if let Some(due) = due(occurrence, account) { " · срок " (words::date(due)) @if account.postponed.is_some() { ", был " (words::date_short(task.due)) } }
                            }
                            (deed::notes(account, &name))
                            (deed::proofs(&format!("{}/proofs", page.base), account, &name))
                            (deed::comments(ledger.facts(*at), &name))
                            (deed::form(&format!("{}/tasks", page.base), &occurrence.key.to_string(), account, &possible, !page.people.is_empty(), None))
                        }
                    }
                }
            }
        }
    }
}

/// The place of a task on its page: `task-2`, `task-4-1`.
fn anchor(task: &Task) -> String {
    let numbers: Vec<&str> =
        task.path.split('/').skip(2).filter(|piece| piece.parse::<u32>().is_ok()).collect();
    format!("task-{}", numbers.join("-"))
}

/// Records what a form says about a task. Gives the address to go on to, or what to tell.
pub async fn act(
    state: &AppState,
    actor: &Actor,
    page: &TaskPage<'_>,
    parts: Multipart,
) -> Result<Result<String, Told>, WebError> {
    let form = Form::read(parts).await?;
    let gone = || WebError::not_found("Такого поручения нет");
    let key = form.key().ok_or_else(gone)?;
    let (told_deeds, party) = form.deeds(page.people, page.people)?;
    let ledger = page.given.execution.ledger();
    let found = ledger.accounts().find(|(occurrence, _)| occurrence.key == key).ok_or_else(gone)?;
    let task = page.given.task(found.0).ok_or_else(gone)?;
    if !sides(actor, page.given.source, task, &found.1).contains(&party) {
        return Err(refused());
    }
    form.check_file(state).await?;
    let now = clock::now();
    let by = Authorship { who: actor.name(), reason: "", at: now };
    form.keep_file(state, &by).await?;
    let facts: Vec<_> = told_deeds.into_iter().map(|deed| fact(key, deed, party, actor, now)).collect();
    let execution = &page.given.execution;
    let done = execution.act_in_a_row(&state.store, form.known, &[], &facts, actor.account(), &by).await;
    match done {
        Ok(()) => Ok(Ok(format!("{}#{}", page.base, anchor(task)))),
        Err(NotRecorded::Refused(refusal)) => {
            Ok(Err(Told { status: deeds::status_of(&refusal), messages: vec![refusal.message] }))
        }
        Err(NotRecorded::Unknown) => Err(gone()),
        Err(NotRecorded::Store(error)) => told(NotDone::Store(error)).map(Err),
    }
}

/// `POST /schools/{id}/visits/{visit}/tasks`.
pub async fn of_visit(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path((id, number)): Path<(u32, i64)>,
    parts: Multipart,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id, number).await?;
    let given = tasks_of_visit(&case.records, &case.visit);
    let given = given.ok_or_else(|| WebError::not_found("У этого посещения нет поручений"))?;
    let base = case.address();
    let page = TaskPage { given: &given, base: &base, names: &case.names, people: &case.people };
    match act(&state, &actor, &page, parts).await? {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        Err(told) => Ok((told.status, whole(&ui, &state, &actor, &case, None, Some(&told))).into_response()),
    }
}

/// Sends a file that proves one of these tasks.
pub async fn proof_of(state: &AppState, given: Option<&Given>, sha256: &str) -> Result<Response, WebError> {
    let is_proof = |deed: &Deed| matches!(deed, Deed::EvidenceAdded(Evidence::File { sha256: own, .. }) if *own == sha256);
    let proves = |given: &Given| {
        let ledger = given.execution.ledger();
        let mut accounts = ledger.accounts().enumerate();
        accounts.any(|(at, (occurrence, _))| {
            given.task(occurrence).is_some() && ledger.facts(at).iter().any(|fact| is_proof(&fact.deed))
        })
    };
    if !given.is_some_and(proves) {
        return Err(WebError::not_found("Такого подтверждения здесь нет"));
    }
    files::send(state, sha256).await
}

/// `GET /schools/{id}/visits/{visit}/proofs/{sha256}`.
pub async fn proof(
    State(state): State<AppState>,
    actor: Actor,
    Path((id, number, sha256)): Path<(u32, i64, String)>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id, number).await?;
    proof_of(&state, tasks_of_visit(&case.records, &case.visit).as_ref(), &sha256).await
}
