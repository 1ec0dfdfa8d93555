//! How does a school get a roadmap, and what of the changes of the municipal plan does it take over?

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::Right;
use opora_cycle::vocabulary::ActivityKey;
use opora_roadmap::{UpstreamChange, UpstreamKind};
use opora_schedule::Period;
use opora_store::PlanId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{At, Body, told, unfit};
use crate::clock;
use crate::usecases::upstream::{Decided, Decider, Decision, decide};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::roadmap::{Offer, Wish, draft_for, suggested_word};
use crate::web::pages::upstream::{Case, nothing, refusal};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(draft_roadmap)).routes(routes!(upstream, decide_upstream))
}

/// A roadmap to draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRoadmap {
    /// Its title; «Дорожная карта повышения качества образования» with the name of the school without.
    #[serde(default)]
    #[schema(max_length = 500)]
    title: String,
    from: Date,
    until: Date,
    /// Number of the municipal plan to inherit from.
    #[serde(default)]
    municipal: Option<i64>,
    /// How significant the risks are, by factor; those of the risk profile without.
    #[serde(default)]
    risks: Option<BTreeMap<String, LevelWord>>,
}

/// How significant a risk is.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum LevelWord {
    Low,
    Medium,
    High,
}

impl LevelWord {
    fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A roadmap that was drafted.
#[derive(Serialize, ToSchema)]
pub(super) struct Drafted {
    /// Number of the plan.
    plan: i64,
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/roadmap", tag = "Дорожные карты", summary = "Составить черновик дорожной карты школы по рискам и муниципальному плану",
    params(("id" = u32, Path, description = "Номер школы")), request_body = NewRoadmap,
    responses((status = 201, description = "Составлен", body = Drafted, headers(("Location" = String, description = "Адрес плана")))))]
pub(super) async fn draft_roadmap(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Body(new): Body<NewRoadmap>,
) -> Result<Response, WebError> {
    let offer = Offer::of(&state, &actor, id).await?;
    let title = new.title.trim();
    let title = match title {
        "" => format!("Дорожная карта повышения качества образования: {}", offer.name),
        title => title.to_owned(),
    };
    if new.until < new.from {
        return Err(unfit("Последний день раньше первого", "Проверьте даты."));
    }
    let known = |plan: i64| offer.municipal.iter().any(|own| own.id.0 == plan);
    if new.municipal.is_some_and(|plan| !known(plan)) {
        return Err(unfit(
            "Такого муниципального плана у школы нет",
            "Выберите план муниципалитета или региона школы.",
        ));
    }
    let factors = &state.results.catalog().papers.dictionary.factors;
    let strange = |code: &String| !factors.iter().any(|factor| factor.id == *code);
    if let Some(code) = new.risks.iter().flat_map(BTreeMap::keys).find(|code| strange(code)) {
        let what = format!("Фактора риска «{}» нет в словаре", code.chars().take(60).collect::<String>());
        return Err(unfit(&what, "Возьмите id из профиля рисков школы."));
    }
    let word = |factor: &str| match &new.risks {
        Some(risks) => risks.get(factor).map_or("", |level| level.word()),
        None => suggested_word(&offer, factor),
    };
    let wish = Wish {
        title,
        period: Period { start: new.from, end: new.until },
        municipal: new.municipal,
        risks: factors.iter().map(|factor| word(&factor.id).to_owned()).collect(),
    };
    match draft_for(&state, &actor, &offer, &wish).await? {
        Ok(PlanId(plan)) => {
            let place = format!("/api/v1/plans/{plan}");
            Ok((StatusCode::CREATED, [(LOCATION, place)], Json(Drafted { plan })).into_response())
        }
        Err(wrong) => Err(told(StatusCode::UNPROCESSABLE_ENTITY, wrong)),
    }
}

/// The municipal plan that a roadmap follows.
#[derive(Serialize, ToSchema)]
pub(super) struct UpstreamShown {
    /// Number of the municipal plan.
    plan: i64,
    title: String,
    /// The version the roadmap was drafted from.
    drafted_from: i32,
    /// The version that counts there now.
    version: i32,
    /// What waits for a decision.
    changes: Vec<ChangeShown>,
    /// What was decided, the newest last.
    decided: Vec<DecidedShown>,
}

/// A change of the municipal plan.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangeShown {
    /// Key of the activity there.
    key: u32,
    /// Key of the activity of the school; nothing for what is new.
    activity: Option<u32>,
    /// `added`, `removed`, `not-addressed`, `changed`.
    kind: &'static str,
    /// In words.
    text: String,
    /// Texts that changed.
    fields: Vec<FieldShown>,
}

/// A text that changed.
#[derive(Serialize, ToSchema)]
pub(super) struct FieldShown {
    field: String,
    before: String,
    after: String,
}

/// What was decided.
#[derive(Serialize, ToSchema)]
pub(super) struct DecidedShown {
    key: u32,
    /// The version of the municipal plan that was decided about.
    version: i32,
    adopted: bool,
    text: String,
    reason: String,
    by: String,
    at: Timestamp,
}

fn change(own: &UpstreamChange) -> ChangeShown {
    let (kind, fields) = match &own.kind {
        UpstreamKind::Added(_) => ("added", &[][..]),
        UpstreamKind::Removed => ("removed", &[][..]),
        UpstreamKind::NoLongerAddressed => ("not-addressed", &[][..]),
        UpstreamKind::Changed(fields) => ("changed", fields.as_slice()),
    };
    let field = |own: &opora_roadmap::FieldChange| FieldShown {
        field: own.field.russian().to_string(),
        before: own.before.clone(),
        after: own.after.clone(),
    };
    ChangeShown {
        key: own.upstream.0,
        activity: own.activity.map(|key| key.0),
        kind,
        text: own.sentence.clone(),
        fields: fields.iter().map(field).collect(),
    }
}

async fn shown(state: &AppState, actor: &Actor, id: i64) -> Result<UpstreamShown, WebError> {
    let upstream = Case::read(state, actor, id).await?.ok_or_else(nothing)?.upstream;
    let decided = |own: &Decided| DecidedShown {
        key: own.key.0,
        version: own.version,
        adopted: own.adopted,
        text: own.sentence.clone(),
        reason: own.reason.clone(),
        by: own.who.clone(),
        at: own.at,
    };
    Ok(UpstreamShown {
        plan: upstream.plan,
        drafted_from: upstream.drafted_from,
        version: upstream.version,
        changes: upstream.changes.iter().map(change).collect(),
        decided: upstream.decided.iter().map(decided).collect(),
        title: upstream.title,
    })
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/upstream", tag = "Дорожные карты", summary = "Изменения муниципального плана, которые ждут решения школы, и решённые",
    description = "404, если план не связан с муниципальным.",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Изменения", body = UpstreamShown)))]
pub(super) async fn upstream(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
) -> Result<Json<UpstreamShown>, WebError> {
    Ok(Json(shown(&state, &actor, id).await?))
}

/// A decision about a change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeDecision {
    /// Key of the activity of the municipal plan.
    key: u32,
    /// `version` of the municipal plan as it was read: when it has changed since, the answer is 409.
    version: i32,
    decision: DecisionWord,
    /// Why it is declined.
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: String,
    /// Texts chosen where the school had changed the same ones for itself, by path: the answer 409 names them.
    #[serde(default)]
    choices: BTreeMap<String, String>,
}

/// What is decided about a change.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum DecisionWord {
    Adopt,
    Decline,
}

#[utoipa::path(post, path = "/api/v1/plans/{id}/upstream", tag = "Дорожные карты", summary = "Принять изменение муниципального плана или отказаться от него",
    description = "Принятое становится новой версией карты, её согласуют снова.",
    params(("id" = i64, Path, description = "Номер плана")), request_body = ChangeDecision,
    responses((status = 201, description = "Записано; что осталось", body = UpstreamShown)))]
pub(super) async fn decide_upstream(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<ChangeDecision>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id).await?.ok_or_else(nothing)?;
    actor.require(Right::WriteRoadmap, case.owner)?;
    let decision = match new.decision {
        DecisionWord::Adopt => Decision::Adopt(new.choices),
        DecisionWord::Decline => Decision::Decline(new.reason),
    };
    let by =
        Decider { who: actor.name(), account: actor.account(), number: actor.number(0), at: clock::now() };
    let wanted = (ActivityKey(new.key), new.version);
    if let Err(error) = decide(&state.store, PlanId(id), &case.school, wanted, &decision, &by).await {
        let (status, words) = refusal(error)?;
        return Err(told(status, &words));
    }
    Ok((StatusCode::CREATED, Json(shown(&state, &actor, id).await?)).into_response())
}
