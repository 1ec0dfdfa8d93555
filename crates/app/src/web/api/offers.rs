//! Which curator and which mentor school would suit a school, and how far is it from school to school?

use axum::Json;
use axum::extract::State;
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::assignments::known_school;
use super::wire::{Asked, Body, Page, bad_cursor, limit, unfit};
use crate::usecases::assignments::{KILOMETRES_MAX, Support, Way};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::assignments::{Desk, MentorsProposed, Proposed, WAYS_MAX, keep_ways};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(propose_curators))
        .routes(routes!(propose_mentor_schools))
        .routes(routes!(ways, note_school_ways))
}

/// A school and who is proposed for it.
#[derive(Serialize, ToSchema)]
pub(super) struct ProposalShown {
    school: u32,
    school_name: String,
    /// In what it is weak: `subject/…`, `risk/…`.
    weak: Vec<String>,
    /// Number of the account of the curator, or of the mentor school; nothing where nobody is left.
    proposed: Option<i64>,
    /// Name of the curator or of the mentor school.
    name: Option<String>,
    /// What of the weak places is met by strengths.
    matched: Vec<String>,
    /// How far it is, where that is known.
    kilometres: Option<u32>,
    /// Why, sentence by sentence.
    reasons: Vec<String>,
}

#[utoipa::path(get, path = "/api/v1/assignments/proposal", tag = "Кураторы и наставники", summary = "Предложение кураторов школам без куратора, с причинами; ничего не записано, пока куратора не назначат",
    responses((status = 200, description = "Школы по алфавиту", body = Vec<ProposalShown>)))]
pub(super) async fn propose_curators(
    State(state): State<AppState>,
    actor: Actor,
) -> Result<Json<Vec<ProposalShown>>, WebError> {
    let desk = Desk::read(&state, &actor).await?;
    let made = Proposed::of(&state, &actor, &desk).await?;
    let line = |school: &OrganisationId| {
        let found = made.of_school(*school);
        ProposalShown {
            school: school.0,
            school_name: desk.school(*school),
            weak: made.weak(*school).to_vec(),
            proposed: found.map(|(curator, _)| curator.0),
            name: found.map(|(curator, _)| desk.person(curator)),
            matched: found.map(|(_, own)| own.matched.clone()).unwrap_or_default(),
            kilometres: found.and_then(|(_, own)| own.kilometres),
            reasons: made.reasons(&desk, &actor, *school),
        }
    };
    Ok(Json(made.schools.iter().map(line).collect()))
}

#[utoipa::path(get, path = "/api/v1/assignments/mentors/proposal", tag = "Кураторы и наставники", summary = "Предложение школ-наставников школам без наставника, с причинами; ничего не записано, пока наставника не назначат",
    responses((status = 200, description = "Школы по алфавиту", body = Vec<ProposalShown>)))]
pub(super) async fn propose_mentor_schools(
    State(state): State<AppState>,
    actor: Actor,
) -> Result<Json<Vec<ProposalShown>>, WebError> {
    let desk = Desk::read(&state, &actor).await?;
    let made = MentorsProposed::of(&state, &actor, &desk).await?;
    let line = |school: &OrganisationId| {
        let found = made.of_school(*school);
        ProposalShown {
            school: school.0,
            school_name: desk.school(*school),
            weak: made.weak(*school).to_vec(),
            proposed: found.map(|(mentor, _)| i64::from(mentor.0)),
            name: found.map(|(mentor, _)| desk.school(mentor)),
            matched: found.map(|(_, own)| own.matched.clone()).unwrap_or_default(),
            kilometres: found.and_then(|(_, own)| own.kilometres),
            reasons: made.reasons(&desk, *school),
        }
    };
    Ok(Json(made.schools.iter().map(line).collect()))
}

/// Which ways.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WaysAsked {
    /// Only those from this school.
    #[serde(default)]
    school: Option<u32>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// The way between two schools. It is as long there as back.
#[derive(Serialize, ToSchema)]
pub(super) struct WayShown {
    /// The school of the lower number.
    from: u32,
    to: u32,
    kilometres: u32,
}

#[utoipa::path(get, path = "/api/v1/assignments/ways", tag = "Кураторы и наставники", summary = "Записанные расстояния до школ своего места",
    params(WaysAsked), responses((status = 200, description = "Страница списка", body = Page<WayShown>)))]
pub(super) async fn ways(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<WaysAsked>,
) -> Result<Json<Page<WayShown>>, WebError> {
    let limit = limit(asked.limit)?;
    let after = match asked.cursor.as_deref() {
        Some(text) => Some(read_pair(text).ok_or_else(bad_cursor)?),
        None => None,
    };
    let support = Support::read(&state.store).await?;
    let mine = |school: OrganisationId| actor.may(Right::Assign, Place::School(school));
    let wanted = |school: OrganisationId| asked.school.is_none_or(|asked| asked == school.0);
    let found = support
        .all_ways()
        .filter(|(from, to, _)| after.is_none_or(|after| (from.0, to.0) > after))
        .filter(|(from, to, _)| (wanted(*from) || wanted(*to)) && (mine(*from) || mine(*to)))
        .map(|(from, to, kilometres)| WayShown { from: from.0, to: to.0, kilometres });
    let page = Page::of(found.take(limit + 1).collect(), limit, |way| format!("{}-{}", way.from, way.to));
    Ok(Json(page))
}

fn read_pair(text: &str) -> Option<(u32, u32)> {
    let (from, to) = text.split_once('-')?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// Ways to record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWays {
    /// Those that are not named stay as they are; of two between the same schools the last counts.
    #[schema(min_items = 1, max_items = 5000)]
    ways: Vec<NewWay>,
}

/// A way to record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWay {
    from: u32,
    to: u32,
    /// `null` takes the way back that was recorded.
    #[schema(required = true, minimum = 0, maximum = 5000)]
    kilometres: Option<u32>,
}

/// How many ways were recorded.
#[derive(Serialize, ToSchema)]
pub(super) struct WaysKept {
    kept: usize,
}

#[utoipa::path(patch, path = "/api/v1/assignments/ways", tag = "Кураторы и наставники", summary = "Записать расстояния до школ своего места или убрать записанные",
    request_body = NewWays, responses((status = 200, description = "Записано", body = WaysKept)))]
pub(super) async fn note_school_ways(
    State(state): State<AppState>,
    actor: Actor,
    Body(new): Body<NewWays>,
) -> Result<Json<WaysKept>, WebError> {
    if new.ways.is_empty() || new.ways.len() > WAYS_MAX {
        return Err(unfit(
            "Расстояний слишком мало или слишком много",
            "За один раз записывают от 1 до 5000.",
        ));
    }
    let mut read: Vec<Way> = Vec::new();
    for way in new.ways {
        let [from, to] = [way.from, way.to].map(OrganisationId);
        // The other end may be the school of a curator from elsewhere.
        let own = if actor.may(Right::Assign, Place::School(from)) { way.from } else { way.to };
        known_school(&actor, own)?;
        if [from, to].iter().any(|school| actor.registry.get(*school).is_none()) {
            return Err(unfit("Такой школы нет в реестре", "Возьмите номер из списка организаций."));
        }
        if from == to {
            return Err(unfit("Школа названа дважды", "Путь записывают между двумя разными школами."));
        }
        if way.kilometres.is_some_and(|kilometres| kilometres > KILOMETRES_MAX) {
            return Err(unfit("Таких расстояний не бывает", "Нужно число километров, не больше 5000."));
        }
        read.push((from, to, way.kilometres));
    }
    Ok(Json(WaysKept { kept: keep_ways(&state, &actor, read).await? }))
}
