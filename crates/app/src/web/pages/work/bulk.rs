//! The same deed about many times of activities at once: what is recorded, and what is not and why?

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use opora_execution::{Deed, DeedKind, OccurrenceKey, Party};
use opora_store::{Authorship, StoreError};

use super::{Case, Wanted, address, due_words, work_page_with};
use crate::clock;
use crate::usecases::execution::{Execution, NotRecorded, Wish, required};
use crate::web::actor::Actor;
use crate::web::components::deed::person_label;
use crate::web::deeds::{chosen, fact, word};
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::Fields;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Times of activities in one go at most.
pub const AT_ONCE: usize = 200;
/// What can be done to many at once.
pub const DEEDS: [DeedKind; 3] = [DeedKind::Confirm, DeedKind::Return, DeedKind::Delegate];

/// The form that boxes of the list belong to; the same part of the list is shown after it.
pub fn form(case: &Case, wanted: &Wanted, offered: &[DeedKind]) -> Markup {
    let pairs = [("state", wanted.state.clone()), ("page", wanted.page.unwrap_or(1).to_string())];
    let action = address(&format!("/plans/{}/bulk", case.of.plan.id), &pairs);
    html! {
        @if !offered.is_empty() {
            details.card.bulk {
                summary { "Сразу с несколькими" }
                form #bulk.stack.card-body action=(action) method="post" {
                    p.small.muted { "Отметьте строки списка флажками, выберите действие и нажмите «Записать всё отмеченное». Каждая строка проверяется отдельно: программа скажет, что записано, а что нет и почему." }
                    div.field-row {
                        div.field {
                            label for="bulk-deed" { "Что" }
                            select #bulk-deed name="deed" { @for deed in offered { option value=(word(*deed)) { (deed.russian()) } } }
                        }
                        div.field.grow { label for="bulk-text" { "Причина, если возвращаете" } input #bulk-text name="text" autocomplete="off"; }
                        @if offered.contains(&DeedKind::Delegate) {
                            div.field {
                                label for="bulk-person" { "Кому, если передаёте" }
                                select #bulk-person name="person" {
                                    option value="" { "–" }
                                    @for person in &case.performers { option value=(person.account) { (person_label(person, &case.performers)) ", " (person.role.russian()) } }
                                }
                            }
                        }
                    }
                    div.actions { button.primary type="submit" { "Записать всё отмеченное" } }
                }
            }
        }
    }
}

/// The box of a line.
pub fn pick(key: &str, known: usize, title: &str) -> Markup {
    html! { input.pick type="checkbox" form="bulk" name="pick" value={ (known) "|" (key) } aria-label={ "Отметить: " (title) }; }
}

/// `POST /plans/{id}/bulk`.
pub async fn act(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let fields = Fields(sent);
    let picked: Vec<(usize, OccurrenceKey)> = fields.all("pick").filter_map(read_pick).collect();
    let case = Case::read(&state, &actor, id).await?;
    if picked.is_empty() || picked.len() > AT_ONCE {
        let what = if picked.is_empty() {
            "Ни одна строка не отмечена. Отметьте флажками нужные и повторите.".to_owned()
        } else {
            format!("За один раз можно записать не больше {AT_ONCE} строк. Отметьте меньше.")
        };
        let page = work_page_with(&ui, &actor, &case, &wanted, Some(&what), None);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let deed = deed_of(&fields, &case)?;
    let lines = record_many(&state, &actor, case, &picked, &deed).await?;
    let done = lines.iter().filter(|(_, why)| why.is_none()).count();
    let case = Case::read(&state, &actor, id).await?;
    let report = report(&case, done, &lines);
    let page = work_page_with(&ui, &actor, &case, &wanted, None, Some(&report));
    Ok((if done > 0 { StatusCode::OK } else { StatusCode::CONFLICT }, page).into_response())
}

fn read_pick(text: &str) -> Option<(usize, OccurrenceKey)> {
    let (known, key) = text.split_once('|')?;
    Some((known.parse().ok()?, OccurrenceKey::parse(key)?))
}

fn deed_of(fields: &Fields, case: &Case) -> Result<Deed, WebError> {
    let reason = fields.one("text");
    let deed = DEEDS.into_iter().find(|deed| word(*deed) == fields.one("deed"));
    Ok(match deed {
        Some(DeedKind::Confirm) => Deed::Confirmed,
        Some(DeedKind::Return) if reason.is_empty() => {
            let mend = "Напишите, чего не хватает: одна причина пойдёт ко всем отмеченным строкам.";
            return Err(WebError::bad_request("Нет причины возврата", mend));
        }
        Some(DeedKind::Return) => Deed::ReturnedForRework { reason },
        Some(DeedKind::Delegate) => Deed::Delegated { to: chosen(&fields.one("person"), &case.performers)? },
        _ => return Err(WebError::bad_request("Непонятно, что записать", "Выберите действие из списка.")),
    })
}

/// A line of the report: the occurrence, and why it was not recorded.
pub type Line = (OccurrenceKey, Option<String>);

/// Records the same deed about many times, each checked for itself, with how many facts of each the person saw.
pub async fn record_many(
    state: &AppState,
    actor: &Actor,
    case: Case,
    picked: &[(usize, OccurrenceKey)],
    deed: &Deed,
) -> Result<Vec<Line>, WebError> {
    match record_all(state, actor, &case, picked, deed).await {
        // Somebody has written at the same moment: everything is checked once more on the new ground.
        Err(StoreError::FactFirst) => {
            let case = Case::read(state, actor, case.of.plan.id).await?;
            Ok(record_all(state, actor, &case, picked, deed).await?)
        }
        other => Ok(other?),
    }
}

async fn record_all(
    state: &AppState,
    actor: &Actor,
    case: &Case,
    picked: &[(usize, OccurrenceKey)],
    deed: &Deed,
) -> Result<Vec<Line>, StoreError> {
    let now = clock::now();
    let reason = if let Deed::ReturnedForRework { reason } = deed { reason.as_str() } else { "" };
    let by = Authorship { who: actor.name(), reason, at: now };
    let mut wishes: Vec<Wish> = Vec::new();
    for (known, key) in picked {
        // A line marked twice is one wish.
        if wishes.iter().any(|wish| wish.fact.occurrence == *key) {
            continue;
        }
        let party = case.side_for(actor, *key, deed.kind());
        let fact = fact(*key, deed.clone(), party.unwrap_or(Party::Performer), actor, now);
        if party.is_some() {
            wishes.push(Wish { known: *known, required: required(case.of.order(), *key), fact });
        }
    }
    let mut execution = Execution::clone(&case.of.execution);
    let told = execution.act_on_many(&state.store, &wishes, actor.account(), &by).await?;
    let mut lines: Vec<Line> = Vec::new();
    for (wish, told) in wishes.iter().zip(told) {
        let why = match told {
            Ok(()) => None,
            Err(NotRecorded::Refused(refusal)) => Some(refusal.message),
            Err(NotRecorded::Unknown) => Some("Такого срока в плане больше нет.".to_owned()),
            Err(NotRecorded::Store(error)) => return Err(error),
        };
        lines.push((wish.fact.occurrence, why));
    }
    let others = picked.iter().filter(|(_, key)| !wishes.iter().any(|wish| wish.fact.occurrence == *key));
    let why = "По этой строке вы не можете этого сделать: это делает другая сторона.";
    lines.extend(others.map(|(_, key)| (*key, Some(why.to_owned()))));
    Ok(lines)
}

fn report(case: &Case, done: usize, lines: &[Line]) -> Markup {
    let left: Vec<&Line> = lines.iter().filter(|(_, why)| why.is_some()).collect();
    html! {
        div class={ "notice " (if left.is_empty() { "good" } else { "warning" }) } role="status" {
            p { strong { "Записано: " (words::count(done, ["строка", "строки", "строк"])) "." } @if !left.is_empty() { " Не записано: " (left.len()) "." } }
            @if !left.is_empty() {
                ul { @for (key, why) in left { li { (case.title(key.activity)) ", " (due_words(*key)) ": " (why.as_deref().unwrap_or_default()) } } }
            }
        }
    }
}
