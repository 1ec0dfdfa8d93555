//! What changed in the municipal plan, and does the school take it over?

mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cycle::vocabulary::ActivityKey;
use opora_roadmap::School;
use opora_store::{PlanId, PlanSummary};
use serde::Deserialize;

use crate::clock;
use crate::usecases::edit::Refusal;
use crate::usecases::roadmap::school;
use crate::usecases::upstream::{self, Choices, Decider, Decision, NotDecided, Upstream};
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::words;
use view::{Asked, content};

/// Changes as a person counts them.
pub const CHANGES: [&str; 3] = ["изменение", "изменения", "изменений"];

/// How many changes of the municipal plan wait for the school of a roadmap, and since when.
pub async fn waiting(
    state: &AppState,
    plan: &PlanSummary,
) -> Result<Option<(usize, jiff::Timestamp)>, WebError> {
    let look = state.look(clock::today()).await?;
    let standing = look.plan(plan.id).filter(|standing| matches!(standing.summary.owner, Place::School(_)));
    // Nothing is asked of a school whose work is over.
    let Some(standing) = standing.filter(|standing| !standing.is_closed() && !standing.summary.archived)
    else {
        return Ok(None);
    };
    let school = school(&place_name(plan.owner, &*state.registry().await?));
    let event_of = |plan: PlanId| look.plan(plan).map(|standing| standing.event);
    if let Some(known) = state.upstream.get(&plan.id.0)
        && known.school == school
        && known.event == standing.event
        && known.above_event == known.waiting.and_then(|waiting| event_of(waiting.above))
    {
        return Ok(known.waiting.and_then(|waiting| waiting.changes));
    }
    let loaded = state.plan_of(&standing.summary).await?;
    let waiting = match loaded.plan() {
        Some(own) => upstream::waiting(&state.store, plan.id, own, &school).await?,
        None => None,
    };
    let above_event = waiting.and_then(|waiting| event_of(waiting.above));
    state
        .upstream
        .insert(plan.id.0, Arc::new(Followed { school, event: standing.event, above_event, waiting }));
    Ok(waiting.and_then(|waiting| waiting.changes))
}

/// What waits above a roadmap, as it was read last, and what it was read from.
#[derive(Clone, Debug)]
pub struct Followed {
    school: School,
    event: i64,
    above_event: Option<i64>,
    waiting: Option<upstream::Waiting>,
}

/// That changes wait, with the way to them.
pub fn told(plan: i64, count: usize) -> Markup {
    html! {
        p.notice.warning {
            (icon("triangle-alert"))
            span {
                "В муниципальном плане " (words::count(count, CHANGES)) " для школы. "
                a href={ "/plans/" (plan) "/upstream" } { "Посмотреть и решить" }
            }
        }
    }
}

/// The same for a page of a plan: nothing where nothing waits.
pub async fn notice(state: &AppState, plan: &LoadedPlan) -> Result<Markup, WebError> {
    let look = state.look(clock::today()).await?;
    let Some(standing) = look.plan(PlanId(plan.id)) else { return Ok(html! {}) };
    Ok(match waiting(state, &standing.summary).await? {
        Some((count, _)) => told(plan.id, count),
        None => html! {},
    })
}

/// A roadmap with the municipal plan that it follows.
pub struct Case {
    plan: Arc<LoadedPlan>,
    /// Whose it is.
    pub owner: Place,
    /// The school, as plans mean it.
    pub school: School,
    /// The municipal plan.
    pub upstream: Upstream,
}

impl Case {
    /// Reads it; nothing for a plan that follows none.
    pub async fn read(state: &AppState, actor: &Actor, id: i64) -> Result<Option<Self>, WebError> {
        let plan = state.plan(id).await?;
        let owner = state.store.summary(PlanId(id)).await?.owner;
        let school = school(&place_name(owner, &actor.registry));
        let (Place::School(_), Some(own)) = (owner, plan.plan()) else { return Ok(None) };
        let upstream = upstream::read(&state.store, PlanId(id), own, &school).await?;
        Ok(upstream.map(|upstream| Self { plan, owner, school, upstream }))
    }
}

/// What was just decided.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    done: Option<String>,
}

/// `GET /plans/{id}/upstream`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let Some(case) = Case::read(&state, &actor, id).await? else {
        let plan = state.plan(id).await?;
        let said = html! {
            h2 { "Изменения муниципального плана" }
            p { "Этот план не связан с муниципальным. Связь появляется, когда дорожную карту школы составляют по муниципальному плану на странице школы." }
        };
        return Ok(plan_page(&ui, &plan, PlanTab::Plan, &said));
    };
    let asked = Asked { done: wanted.done.as_deref(), ..Asked::default() };
    Ok(draw(&ui, &actor, &case, &asked))
}

fn draw(ui: &Ui, actor: &Actor, case: &Case, asked: &Asked<'_>) -> Markup {
    let decides = actor.may(Right::WriteRoadmap, case.owner);
    plan_page(ui, &case.plan, PlanTab::Plan, &content(case, decides, asked))
}

/// `POST /plans/{id}/upstream`: adopts or declines a change.
pub async fn decide(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id).await?.ok_or_else(nothing)?;
    actor.require(Right::WriteRoadmap, case.owner)?;
    let text = |name: &str| form.get(name).map(|text| text.trim()).unwrap_or_default();
    let unclear =
        || WebError::bad_request("Непонятно, что решено", "Откройте страницу ещё раз и нажмите кнопку.");
    let key = ActivityKey(text("key").parse().map_err(|_| unclear())?);
    let version: i32 = text("version").parse().map_err(|_| unclear())?;
    let decision = match text("action") {
        "adopt" => Decision::Adopt(choices(&form)),
        "decline" => Decision::Decline(text("reason").to_owned()),
        _ => return Err(unclear()),
    };
    let by =
        Decider { who: actor.name(), account: actor.account(), number: actor.number(0), at: clock::now() };
    let done = upstream::decide(&state.store, PlanId(id), &case.school, (key, version), &decision, &by).await;
    let again =
        |status: StatusCode, asked: &Asked<'_>| Ok((status, draw(&ui, &actor, &case, asked)).into_response());
    let wrong = |status, message| {
        again(status, &Asked { wrong: Some(message), form: Some(&form), ..Asked::default() })
    };
    match done {
        Ok(_) => {
            let said = if matches!(decision, Decision::Adopt(_)) { "adopted" } else { "declined" };
            Ok(Redirect::to(&format!("/plans/{id}/upstream?done={said}")).into_response())
        }
        Err(NotDecided::Collides(conflicts)) => {
            let asked = Asked { conflicts: Some((key, &conflicts)), form: Some(&form), ..Asked::default() };
            again(StatusCode::CONFLICT, &asked)
        }
        Err(error) => {
            let (status, message) = refusal(error)?;
            wrong(status, &message)
        }
    }
}

/// What is told where the roadmap follows no municipal plan.
pub fn nothing() -> WebError {
    WebError::not_found("У этого плана нет изменений, о которых надо решить")
}

/// The status and the words for a decision that was not recorded.
pub fn refusal(error: NotDecided) -> Result<(StatusCode, String), WebError> {
    let (status, words) = match error {
        NotDecided::Nothing => return Err(nothing()),
        NotDecided::Store(error) => return Err(error.into()),
        NotDecided::Gone => (
            StatusCode::CONFLICT,
            "Об этом уже решили, или муниципальный план снова изменился. Посмотрите, что осталось.",
        ),
        NotDecided::ReasonMissing => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "Назовите причину отказа: по ней поймут, почему школа идёт своим путём.",
        ),
        NotDecided::Collides(conflicts) => {
            let told: Vec<String> =
                conflicts.iter().map(|own| format!("{}: {}", own.path, own.sentence)).collect();
            let words = format!("Школа меняла те же тексты сама. Выберите каждый: {}", told.join(" "));
            return Ok((StatusCode::CONFLICT, words));
        }
        NotDecided::Refused(Refusal::Fields(fields)) => {
            let message = fields.into_iter().next().map(|(_, message)| message).unwrap_or_default();
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, message));
        }
        NotDecided::Refused(_) => (StatusCode::CONFLICT, "Мероприятие уже удалили из карты."),
    };
    Ok((status, words.to_owned()))
}

/// The texts that were chosen: `path-0` names a text, `choice-0` whose it is, `mine-0`, `theirs-0`, `typed-0` are the texts.
fn choices(form: &BTreeMap<String, String>) -> Choices {
    let text = |name: String| form.get(&name).cloned();
    (0..)
        .map_while(|index| Some((index, text(format!("path-{index}"))?)))
        .filter_map(|(index, path)| {
            let side = match text(format!("choice-{index}"))?.as_str() {
                "mine" => "mine",
                "theirs" => "theirs",
                _ => "typed",
            };
            Some((path, text(format!("{side}-{index}"))?))
        })
        .collect()
}
