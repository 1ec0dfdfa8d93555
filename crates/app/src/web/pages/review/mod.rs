//! Is the structure what the source says? Both side by side, and every text can be mended.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_neutral::{Document, Format};
use opora_schedule::Context;
use opora_store::{PlanId, StoreError, VersionNumber};
use serde::Deserialize;

use crate::clock;
use crate::usecases::edit::{self, Direction, Edit, Lists, Refusal};
use crate::usecases::edit_save::{self, NotSaved, Saved};
use crate::web::actor::Actor;
use crate::web::components::chips::schedule_chips;
use crate::web::errors::WebError;
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::words;

mod conflict;
mod document;
mod doubts;
mod forms;
mod remarks;
mod source;
mod structure;
mod target;
mod view;

use target::Target;
use view::{Typed, View};

/// What part of the plan to show, and what is being edited.
#[derive(Clone, Debug, Deserialize, Default)]
pub struct Wanted {
    /// Page of activities, from one.
    #[serde(default)]
    page: Option<usize>,
    /// Show the page with this activity.
    #[serde(default)]
    at: Option<u32>,
    /// Show the page with this section, counted from zero.
    #[serde(default)]
    section: Option<usize>,
    /// What is being edited; see [`Target`].
    #[serde(default)]
    edit: Option<String>,
    /// `doubtful`: only activities with something to look at.
    #[serde(default)]
    only: Option<String>,
    /// An edit was saved as this version.
    #[serde(default)]
    saved: Option<i32>,
    /// The edit was made looking at this version, and joined with that one.
    #[serde(default)]
    seen: Option<i32>,
    #[serde(default)]
    joined: Option<i32>,
    /// An activity is to be made of this unplaced text, by its index.
    #[serde(default)]
    unplaced: Option<usize>,
    /// Read the source now although it takes long.
    #[serde(default)]
    source: Option<String>,
}

/// `GET /plans/{id}/review`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let plan = state.plan(id).await?;
    let source = source_document(&state, &plan, wanted.source.is_some()).await;
    let target = wanted.edit.as_deref().and_then(Target::parse);
    let typed = target.and_then(|target| Typed::fresh(target, &plan, wanted.unplaced));
    let remarks = remarks::of(&state, &plan).await?;
    let (document, typed) = (source.as_deref(), typed.as_ref());
    Ok(View { ui: &ui, plan: &plan, document, wanted: &wanted, typed, remarks: &remarks }.page())
}

/// The source, if it is in memory or quickly read. A scan takes a minute: it is read when asked for.
async fn source_document(state: &AppState, plan: &LoadedPlan, wait: bool) -> Option<Arc<Document>> {
    let source = &plan.order.source;
    let slow = matches!(source.format, Format::ScannedPdf | Format::Picture | Format::Doc | Format::Rtf);
    if slow && !wait {
        return state.document_at_hand(&source.sha256);
    }
    match state.document(&source.sha256).await {
        Ok(document) => Some(document),
        Err(error) => {
            tracing::warn!(what = error.what, "the source of a plan can't be shown");
            None
        }
    }
}

/// `POST /plans/{id}/review`: saves an edit, or shows again what was typed and what is in its way.
pub async fn save(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response, WebError> {
    let (target, seen) = addressed(&form)?;
    let plan = state.plan(id).await?;
    let undecided = conflict::undecided(&form);
    let form = conflict::decided(form);
    let typed = Typed::from_form(target, seen.0, &form);
    if form.contains_key("preview") || form.contains_key("more") {
        return again(&ui, &state, &plan, &typed, StatusCode::OK).await;
    }
    if undecided {
        let page = conflict::again(&ui, &plan, &typed, &form);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    match edit_save::save(&state.store, PlanId(id), seen, &typed.edit, actor.name(), clock::now()).await {
        Ok(saved) => Ok(Redirect::to(&after(id, &typed.edit, seen, &saved)).into_response()),
        Err(NotSaved::Refused(Refusal::Fields(wrong))) => {
            let typed = Typed { wrong, ..typed };
            again(&ui, &state, &plan, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(NotSaved::Refused(Refusal::NotEmpty(activities))) => Err(not_empty(activities)),
        Err(NotSaved::Refused(Refusal::Gone)) => gone(&ui, &state, id, seen, &typed).await,
        Err(NotSaved::Conflict(found)) => {
            let (current, collision) = *found;
            let newest = state.plan(id).await?;
            let history = state.store.history(PlanId(id)).await?;
            let others = conflict::Others::of(&history, seen, current.version.number);
            let page = conflict::page(&ui, &newest, &others, &collision, &typed);
            Ok((StatusCode::CONFLICT, page).into_response())
        }
        Err(NotSaved::Busy) => Err(StoreError::Conflict { current: seen }.into()),
        Err(NotSaved::Store(error)) => Err(error.into()),
    }
}

fn not_empty(activities: usize) -> WebError {
    let count = words::count(activities, words::ACTIVITIES);
    WebError::new(
        StatusCode::CONFLICT,
        "Раздел не пуст",
        &format!("В нём {count}. Раздел удаляют пустым, чтобы вместе с ним ничего не пропало."),
        "Вернитесь к проверке источника, переместите мероприятия в другой раздел или удалите их.",
    )
}

/// What was to be changed has been deleted meanwhile. Texts typed for it can be added as a new one.
async fn gone(
    ui: &Ui,
    state: &AppState,
    id: i64,
    seen: VersionNumber,
    typed: &Typed,
) -> Result<Response, WebError> {
    let base = state.store.plan_version(PlanId(id), seen).await?;
    let newest = state.plan(id).await?;
    let count = newest.plan().map_or(0, |plan| plan.sections.len());
    let last = count.saturating_sub(1);
    let target = match typed.target {
        Target::Activity(key) => {
            Target::Add(edit::locate(&base.order, key).map_or(last, |(section, _)| section.min(last)))
        }
        Target::Add(section) => Target::Add(section.min(last)),
        Target::Section(_) => Target::AddSection(count),
        _ => {
            return Err(WebError::new(
                StatusCode::GONE,
                "Этого уже нет в плане",
                "Пока страница была открыта, мероприятие или раздел удалили.",
                "Посмотрите историю плана: удалённое хранится в прежних версиях.",
            ));
        }
    };
    Ok((StatusCode::CONFLICT, conflict::deleted(ui, &newest, target, typed)).into_response())
}

fn addressed(form: &HashMap<String, String>) -> Result<(Target, VersionNumber), WebError> {
    let target = form.get("target").and_then(|text| Target::parse(text));
    let seen = form.get("version").and_then(|text| text.parse().ok()).map(VersionNumber);
    target.zip(seen).ok_or_else(|| {
        WebError::bad_request(
            "Не сказано, что изменить",
            "Вернитесь к проверке источника и повторите правку.",
        )
    })
}

async fn again(
    ui: &Ui,
    state: &AppState,
    plan: &LoadedPlan,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, WebError> {
    let source = source_document(state, plan, false).await;
    let wanted = Wanted { at: typed.target.key().map(|key| key.0), ..Wanted::default() };
    let remarks = remarks::of(state, plan).await?;
    let (document, typed) = (source.as_deref(), Some(typed));
    let view = View { ui, plan, document, wanted: &wanted, typed, remarks: &remarks };
    Ok((status, view.page()).into_response())
}

/// Where to go when an edit is saved: to the thing that was edited.
fn after(id: i64, edit: &Edit, seen: VersionNumber, saved: &Saved) -> String {
    let joined = saved.joined_with.map(|with| format!("&seen={}&joined={}", seen.0, with.0));
    let base = format!("/plans/{id}/review?saved={}{}", saved.version.0, joined.unwrap_or_default());
    let at_section = |index: usize| format!("{base}&section={index}#section-{}", index + 1);
    match edit {
        Edit::Act(_) => format!("{base}#act"),
        Edit::Plan(_) => format!("{base}#plan"),
        Edit::Programme(_) => format!("{base}#programme"),
        Edit::Lists(Lists::Indicators, _) => format!("{base}#indicators"),
        Edit::Lists(Lists::Criteria, _) => format!("{base}#criteria"),
        Edit::Participants(_) => format!("{base}#participants"),
        Edit::Section { section, .. } => at_section(*section),
        Edit::AddSection { at, .. } => at_section(*at),
        Edit::MoveSection(section, Direction::Up) => at_section(section.saturating_sub(1)),
        Edit::MoveSection(section, Direction::Down) => at_section(section + 1),
        Edit::Activity { key, .. } | Edit::Move(key, _) => format!("{base}&at={0}#activity-{0}", key.0),
        Edit::Add { .. } => {
            saved.added.map_or(base.clone(), |key| format!("{base}&at={0}#activity-{0}", key.0))
        }
        Edit::Delete(_) | Edit::DeleteSection(_) => base,
    }
}

/// A deadline text and where it stands.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default, alias = "schedule")]
    text: String,
    #[serde(default)]
    year: Option<i16>,
    #[serde(default)]
    plan: Option<i64>,
    #[serde(default)]
    section: Option<usize>,
}

/// `GET /schedule/preview`: how a deadline text is understood.
pub async fn preview(State(state): State<AppState>, Query(asked): Query<Asked>) -> Result<Markup, WebError> {
    let mut context = Context { year: asked.year, ..Context::default() };
    if let Some(id) = asked.plan {
        let plan = state.plan(id).await?;
        let section = plan.plan().zip(asked.section).and_then(|(plan, index)| plan.sections.get(index));
        context = edit::context(&plan.order, section);
    }
    let text: String = asked.text.chars().take(edit::MAX_FIELD_CHARS).collect();
    Ok(html! { (schedule_chips(&opora_schedule::parse(text.trim(), &context))) })
}
