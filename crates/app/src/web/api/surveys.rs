//! Which risks does a school have, and what did anonymous surveys say of it?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use opora_diagnosis::{Asked as AskedOf, Audience, FactorState, Group, Named, Respondents, Told};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::diagnosis::YearAsked;
use super::wire::{Asked, At, Body, told};
use crate::usecases::diagnosis::{Surveyed, close_survey, open_survey, surveys as held};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::pages::diagnosis::{Profiled, RiskTyped, View, decide_on, person};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(risks, decide_risk))
        .routes(routes!(surveys, begin_survey))
        .routes(routes!(end_survey))
}

/// The risk profile of a school.
#[derive(Serialize, ToSchema)]
pub(super) struct Risks {
    school: u32,
    on: Date,
    /// Dictionary of factors with its version.
    dictionary: String,
    version: u32,
    /// The self-diagnosis it rests on is approved.
    approved: bool,
    /// Number of the last decision: the value of `seen` for the next one; zero for none.
    seen: i64,
    factors: Vec<Factor>,
}

/// A risk factor.
#[derive(Serialize, ToSchema)]
pub(super) struct Factor {
    id: String,
    name: String,
    /// What follows from the data: `high`, `medium`, `low`, `none`, `unknown`.
    computed: &'static str,
    /// What a person decided.
    decided: Option<&'static str>,
    /// Why, from the most significant.
    reasons: Vec<String>,
}

async fn profile_shown(state: &AppState, actor: &Actor, id: u32, year: i16) -> Result<Risks, WebError> {
    let found = Profiled::of(state, actor, id, year).await?;
    let factor = |own: &FactorState| Factor {
        id: own.factor.clone(),
        name: own.name.clone(),
        computed: own.computed.word(),
        decided: own.decided.as_ref().and_then(|decision| decision.significance).map(|own| own.word()),
        reasons: own.reasons.iter().map(|reason| reason.text.clone()).collect(),
    };
    let (profile, seen) = (&found.story.profile, found.seen());
    Ok(Risks {
        school: id,
        on: profile.on,
        version: profile.version,
        approved: found.story.is_approved,
        seen,
        factors: profile.factors.iter().map(factor).collect(),
        dictionary: profile.dictionary.clone(),
    })
}

#[utoipa::path(get, path = "/api/v1/schools/{id}/risks", tag = "Самодиагностика", summary = "Профиль рисков школы с основаниями",
    params(("id" = u32, Path, description = "Номер школы"), YearAsked),
    responses((status = 200, description = "Профиль", body = Risks)))]
pub(super) async fn risks(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Asked(asked): Asked<YearAsked>,
) -> Result<Json<Risks>, WebError> {
    Ok(Json(profile_shown(&state, &actor, id, asked.year(actor.today)?).await?))
}

/// A decision about a risk.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRiskDecision {
    factor: String,
    /// How significant it is; without it, as computed.
    #[serde(default)]
    significance: Option<SignificanceWord>,
    #[schema(min_length = 1, max_length = 4000)]
    reason: String,
    /// `seen` of the profile as it was read: when somebody decided since, the answer is 409.
    seen: i64,
}

/// How significant a risk is.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum SignificanceWord {
    High,
    Medium,
    Low,
    None,
}

impl SignificanceWord {
    fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::None => "none",
        }
    }
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/risks", tag = "Самодиагностика", summary = "Решить о значимости риска иначе, чем рассчитано",
    params(("id" = u32, Path, description = "Номер школы"), YearAsked), request_body = NewRiskDecision,
    responses((status = 201, description = "Записано", body = Risks)))]
pub(super) async fn decide_risk(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Asked(asked): Asked<YearAsked>,
    Body(new): Body<NewRiskDecision>,
) -> Result<Response, WebError> {
    let year = asked.year(actor.today)?;
    let found = Profiled::of(&state, &actor, id, year).await?;
    let significance = new.significance.map_or("", SignificanceWord::word).to_owned();
    let typed = RiskTyped { factor: new.factor, significance, reason: new.reason, seen: new.seen };
    if let Err((status, text)) = decide_on(&state, &actor, &found, &typed).await? {
        return Err(told(status, &text));
    }
    Ok((StatusCode::CREATED, Json(profile_shown(&state, &actor, id, year).await?)).into_response())
}

/// An anonymous survey. Nothing of fewer than five answers is told.
#[derive(Serialize, ToSchema)]
pub(super) struct SurveyShown {
    /// Its name: to close it.
    id: String,
    /// `parents`, `pupils`, `staff`.
    audience: &'static str,
    opened_at: Timestamp,
    closed_at: Option<Timestamp>,
    /// How many answered at least; nothing where they are fewer than five.
    respondents_min: Option<u64>,
    /// What was answered; before it is closed nothing is told.
    questions: Vec<Summed>,
}

/// What may be told of the answers to a question.
#[derive(Serialize, ToSchema)]
pub(super) struct Summed {
    id: String,
    /// Row of a table.
    row: Option<String>,
    text: String,
    /// Why nothing is told.
    hidden: Option<&'static str>,
    answered: Option<u64>,
    groups: Vec<SumOf>,
    /// Mean of a scale.
    mean: Option<String>,
}

/// How many people chose one of these options.
#[derive(Serialize, ToSchema)]
pub(super) struct SumOf {
    /// More than one where numbers are small.
    options: Vec<String>,
    /// Nothing where it may not be told.
    count: Option<u64>,
}

fn summed(own: &AskedOf) -> Summed {
    let mut sum = Summed {
        id: own.question.clone(),
        row: own.row.clone(),
        text: own.text.clone(),
        hidden: None,
        answered: None,
        groups: Vec::new(),
        mean: None,
    };
    match &own.told {
        Told::Hidden(why) => sum.hidden = Some(why.words()),
        Told::Count(count) => sum.answered = Some(*count),
        Told::Groups { answered, groups, mean } => {
            let names = |group: &Group| group.options.iter().map(|own| own.text.clone()).collect();
            let one = |group: &Group| SumOf { options: names(group), count: Some(group.count) };
            sum.answered = Some(*answered);
            sum.groups = groups.iter().map(one).collect();
            sum.mean = mean.as_ref().map(|mean| mean.value.to_string());
        }
        Told::Each { answered, options } => {
            let one = |(named, count): &(Named, Option<u64>)| SumOf {
                options: vec![named.text.clone()],
                count: *count,
            };
            sum.answered = Some(*answered);
            sum.groups = options.iter().map(one).collect();
        }
    }
    sum
}

fn survey_shown(Surveyed { survey, told }: &Surveyed) -> SurveyShown {
    let closed = survey.closed_at.is_some();
    SurveyShown {
        id: survey.sha256.clone(),
        audience: survey.audience().word(),
        opened_at: survey.opened_at,
        closed_at: survey.closed_at,
        respondents_min: match told.respondents {
            Respondents::Few => None,
            Respondents::AtLeast(count) | Respondents::Exactly(count) => Some(count),
        },
        questions: told.questions.iter().filter(|_| closed).map(summed).collect(),
    }
}

#[utoipa::path(get, path = "/api/v1/schools/{id}/surveys", tag = "Самодиагностика", summary = "Анонимные опросы школы и сводки закрытых",
    description = "Меньше пяти ответов не показывается нигде.",
    params(("id" = u32, Path, description = "Номер школы"), YearAsked),
    responses((status = 200, description = "Опросы, новые первыми", body = Vec<SurveyShown>)))]
pub(super) async fn surveys(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<u32>,
    Asked(asked): Asked<YearAsked>,
) -> Result<Json<Vec<SurveyShown>>, WebError> {
    let view = View::of(&state, &actor, id, asked.year(actor.today)?).await?;
    let all = held(&state.store, &view.papers, view.case).await?;
    Ok(Json(all.iter().map(survey_shown).collect()))
}

/// A survey to open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSurvey {
    audience: AudienceWord,
}

/// Who is asked without a name.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum AudienceWord {
    Parents,
    Pupils,
    Staff,
}

impl From<AudienceWord> for Audience {
    fn from(word: AudienceWord) -> Self {
        match word {
            AudienceWord::Parents => Self::Parents,
            AudienceWord::Pupils => Self::Pupils,
            AudienceWord::Staff => Self::Staff,
        }
    }
}

/// A survey that was opened.
#[derive(Serialize, ToSchema)]
pub(super) struct SurveyLink {
    /// The link for all who are asked: told once.
    link: String,
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/surveys", tag = "Самодиагностика", summary = "Открыть анонимный опрос и получить ссылку для всех, кого опрашивают",
    params(("id" = u32, Path, description = "Номер школы"), YearAsked), request_body = NewSurvey,
    responses((status = 201, description = "Открыт; ссылка показана один раз", body = SurveyLink)))]
pub(super) async fn begin_survey(
    State(state): State<AppState>,
    Origin(origin): Origin,
    actor: Actor,
    At(id): At<u32>,
    Asked(asked): Asked<YearAsked>,
    Body(new): Body<NewSurvey>,
) -> Result<Response, WebError> {
    let view = View::of(&state, &actor, id, asked.year(actor.today)?).await?;
    let token =
        open_survey(&state.store, &view.papers, view.case, new.audience.into(), &person(&actor)).await?;
    let token = token.ok_or_else(|| WebError::internal("Ссылку опроса сделать не удалось."))?;
    let link = format!("{}/survey/{}", origin.unwrap_or_default(), token.as_str());
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(SurveyLink { link })).into_response())
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/surveys/{survey}/close", tag = "Самодиагностика", summary = "Закрыть анонимный опрос и узнать сводку",
    params(("id" = u32, Path, description = "Номер школы"), ("survey" = String, Path, description = "Поле id опроса"), YearAsked),
    responses((status = 200, description = "Опрос закрыт", body = SurveyShown)))]
pub(super) async fn end_survey(
    State(state): State<AppState>,
    actor: Actor,
    At((id, survey)): At<(u32, String)>,
    Asked(asked): Asked<YearAsked>,
) -> Result<Json<SurveyShown>, WebError> {
    let view = View::of(&state, &actor, id, asked.year(actor.today)?).await?;
    let gone = || WebError::not_found("Такого опроса у школы нет");
    let all = held(&state.store, &view.papers, view.case).await?;
    let one = all.iter().find(|own| own.survey.sha256 == survey).ok_or_else(gone)?;
    close_survey(&state.store, &one.survey, &person(&actor)).await?;
    let all = held(&state.store, &view.papers, view.case).await?;
    Ok(Json(all.iter().find(|own| own.survey.sha256 == survey).map(survey_shown).ok_or_else(gone)?))
}
