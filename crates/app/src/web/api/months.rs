//! Which schools does a curator visit on which days of a month, and what is to be seen there?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use opora_cells::OrganisationId;
use opora_execution::visits::Stop;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agenda::Waits;
use super::wire::{Asked, Body, unfit};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::visits::{Month, MonthWanted, PLANNED_AT_ONCE, plan_all};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(visit_route)).routes(routes!(plan_visits))
}

/// Which route.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RouteWanted {
    /// `2026-12`; the month of today without.
    #[serde(default)]
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    month: Option<String>,
    /// Number of the account of a curator; without it the own schools of a curator, and everybody's of a coordinator.
    #[serde(default)]
    curator: Option<i64>,
    /// Visits a day at most; two without.
    #[serde(default)]
    #[param(minimum = 1, maximum = 6)]
    per_day: Option<usize>,
}

/// The month of a curator.
#[derive(Serialize, ToSchema)]
pub(super) struct RouteShown {
    /// First day of the month.
    from: Date,
    /// Last day of the month.
    until: Date,
    /// Number of the account; nothing where the schools of all curators are shown.
    curator: Option<i64>,
    /// Days with visits that are proposed; what is planned already is not proposed again.
    days: Vec<RouteDayShown>,
    /// Visits that found no day though their window closes within the month.
    unplaced: Vec<UnplacedShown>,
    /// Visits that found no day in this month; their window goes on after it.
    later: Vec<StopShown>,
    /// How the route was made, sentence by sentence.
    how: Vec<String>,
    /// The schools by the alphabet, with what is late there or waits to be looked at.
    schools: Vec<SchoolToSee>,
    /// All curators of schools that the caller sees, by the alphabet.
    curators: Vec<CuratorMonth>,
}

/// A day of a route.
#[derive(Serialize, ToSchema)]
pub(super) struct RouteDayShown {
    day: Date,
    /// In the order of the way.
    stops: Vec<StopShown>,
}

/// A visit that is proposed.
#[derive(Serialize, ToSchema)]
pub(super) struct StopShown {
    school: i64,
    school_name: String,
    /// First day on which it may be.
    from: Date,
    /// Last day on which it may be.
    due: Date,
    /// Stable words of the obligations that it serves.
    rules: Vec<String>,
}

/// A visit without a day.
#[derive(Serialize, ToSchema)]
pub(super) struct UnplacedShown {
    visit: StopShown,
    /// Why, and what to do.
    why: String,
}

/// A school of a route.
#[derive(Serialize, ToSchema)]
pub(super) struct SchoolToSee {
    school: u32,
    name: String,
    see: Vec<Waits>,
}

/// The visits of a curator in a month.
#[derive(Serialize, ToSchema)]
pub(super) struct CuratorMonth {
    /// Number of the account.
    account: i64,
    name: String,
    schools: usize,
    held: usize,
    planned: usize,
}

fn shown(month: &Month, today: Date) -> RouteShown {
    let stop = |own: &Stop| StopShown {
        school: own.school,
        school_name: month.name(own.school).to_owned(),
        from: own.window.from,
        due: own.window.due,
        rules: own.rules.clone(),
    };
    let route = &month.route;
    let days = route
        .days
        .iter()
        .map(|day| RouteDayShown { day: day.day, stops: day.stops.iter().map(stop).collect() });
    let unplaced =
        route.unplaced.iter().map(|left| UnplacedShown { visit: stop(&left.stop), why: left.why.clone() });
    let schools = month.schools.iter().map(|school| SchoolToSee {
        school: school.id().0,
        name: school.name.clone(),
        see: school.see.iter().map(Waits::from).collect(),
    });
    let curators = month.curators(today).into_iter().map(|line| CuratorMonth {
        account: line.account,
        name: line.name.to_owned(),
        schools: line.schools,
        held: line.held,
        planned: line.planned,
    });
    RouteShown {
        from: month.days.start,
        until: month.days.end,
        curator: month.curator,
        days: days.collect(),
        unplaced: unplaced.collect(),
        later: route.later.iter().map(stop).collect(),
        how: route.how.clone(),
        schools: schools.collect(),
        curators: curators.collect(),
    }
}

#[utoipa::path(get, path = "/api/v1/visits/route", tag = "Сопровождение", summary = "Маршрут посещений куратора на месяц: дни, школы, что посмотреть; предложение, ничего не записано",
    params(RouteWanted), responses((status = 200, description = "Маршрут", body = RouteShown)))]
pub(super) async fn visit_route(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<RouteWanted>,
) -> Result<Json<RouteShown>, WebError> {
    let curator = asked.curator;
    let month = asked.month.unwrap_or_default();
    let wanted = MonthWanted { month, curator, per_day: asked.per_day, page: None };
    let month = Month::of(&state, &actor, &wanted).await?;
    if curator.is_some() && month.curator != curator {
        return Err(WebError::not_found("У этого человека нет школ, посещения которых вам видны"));
    }
    Ok(Json(shown(&month, actor.today)))
}

/// Visits to plan, as a rule those of a route.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewVisits {
    /// What to look at, whom to meet.
    #[schema(min_length = 1, max_length = 4000)]
    aim: String,
    #[schema(min_items = 1, max_items = 100)]
    visits: Vec<VisitToPlan>,
}

/// A visit to plan.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VisitToPlan {
    school: u32,
    on: Date,
}

/// What became of a visit to plan.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitOfMany {
    school: u32,
    on: Date,
    /// It is planned, now or before.
    planned: bool,
    /// Number of the visit that was planned now.
    id: Option<i64>,
    /// Why it is not planned, or that it was planned before.
    why: Option<String>,
}

#[utoipa::path(post, path = "/api/v1/visits", tag = "Сопровождение", summary = "Запланировать сразу несколько посещений; каждое проверяется отдельно",
    request_body = NewVisits, responses((status = 200, description = "О каждом посещении: запланировано или почему нет", body = Vec<VisitOfMany>)))]
pub(super) async fn plan_visits(
    State(state): State<AppState>,
    actor: Actor,
    Body(new): Body<NewVisits>,
) -> Result<Json<Vec<VisitOfMany>>, WebError> {
    if new.visits.is_empty() || new.visits.len() > PLANNED_AT_ONCE {
        return Err(unfit("Посещений слишком мало или слишком много", "За один раз планируют от 1 до 100."));
    }
    let visits: Vec<_> = new.visits.iter().map(|own| (OrganisationId(own.school), own.on)).collect();
    let lines = plan_all(&state, &actor, &visits, &new.aim).await?;
    let told = visits.into_iter().zip(lines).map(|((school, on), line)| {
        let (id, refused) = match line {
            Ok(number) => (Some(number), None),
            Err(refused) => (None, Some(refused)),
        };
        let planned = refused.as_ref().is_none_or(|refused| refused.status == StatusCode::OK);
        let why = refused.map(|refused| refused.messages.join(" "));
        VisitOfMany { school: school.0, on, planned, id, why }
    });
    Ok(Json(told.collect()))
}
