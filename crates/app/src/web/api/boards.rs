//! How does a place stand in numbers, and what was a person told?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use opora_execution::StateKind;
use opora_store::{Notice, NoticeId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, Body};
use crate::clock;
use crate::usecases::boards::{Sum, Waiting, board, school_year, trend};
use crate::usecases::work::address;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::boards::{Ground, Wanted, scope, title};
use crate::web::pages::notices::own;
use crate::web::state::AppState;

/// Notices on a page.
const NOTICES: u64 = 50;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(board_of_place))
        .routes(routes!(notices))
        .routes(routes!(read_notices))
}

/// Which place.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BoardAsked {
    /// `all`, `node/11`, `school/5`; the own places without.
    #[serde(default)]
    #[param(pattern = "^(all|(node|school)/[0-9]+)$")]
    place: Option<String>,
    /// The year in which the school year of the months begins; this one without.
    #[serde(default)]
    #[param(minimum = 2000, maximum = 2100)]
    year: Option<i16>,
}

/// The numbers of a place.
#[derive(Serialize, ToSchema)]
pub(super) struct BoardShown {
    title: String,
    /// All of it.
    total: SumShown,
    /// What belongs to the place itself and to none of its parts.
    own: SumShown,
    /// Its parts by the alphabet.
    parts: Vec<PartShown>,
    /// The twelve months from September.
    months: Vec<MonthShown>,
}

/// A part of a place.
#[derive(Serialize, ToSchema)]
pub(super) struct PartShown {
    place: String,
    name: String,
    sum: SumShown,
}

/// Numbers.
#[derive(Serialize, ToSchema)]
pub(super) struct SumShown {
    /// Plans that are being carried out.
    plans: usize,
    /// Schools of the programme and schools with plans.
    schools: usize,
    /// Of them, without a plan of their own.
    schools_without_plan: usize,
    /// Times of all plans.
    times: usize,
    late: usize,
    returned: usize,
    due: usize,
    done: usize,
    ahead: usize,
    undated: usize,
    confirmed: usize,
    cancelled: usize,
    /// Done and not confirmed yet.
    unconfirmed: WaitingShown,
    /// Decisions that wait for the school.
    decisions_of_school: WaitingShown,
    /// Decisions that wait for the curator.
    decisions_of_curator: WaitingShown,
    /// Decisions that wait for the coordinator.
    decisions_of_coordinator: WaitingShown,
    /// Risks of high significance.
    high_risks: usize,
    /// Of them, answered by measures with all that is asked for.
    high_risks_answered: usize,
    /// Windows of obligations of this school year that were kept.
    duties_kept: usize,
    duties_missed: usize,
    /// They need not be kept.
    duties_excused: usize,
    /// They go on.
    duties_open: usize,
    /// Visits of this school year that took place.
    visits_held: usize,
    visits_planned: usize,
    /// Their day is over and nobody said that they took place.
    visits_unmarked: usize,
}

/// How many things wait, and how long the one that waits longest.
#[derive(Serialize, ToSchema)]
pub(super) struct WaitingShown {
    count: usize,
    longest_days: i32,
}

impl From<Waiting> for WaitingShown {
    fn from(waiting: Waiting) -> Self {
        Self { count: waiting.count, longest_days: waiting.longest_days }
    }
}

impl From<&Sum> for SumShown {
    fn from(sum: &Sum) -> Self {
        let count = |kind| sum.progress.count(kind);
        let [school, curator, coordinator] = sum.decisions;
        Self {
            plans: sum.plans,
            schools: sum.schools,
            schools_without_plan: sum.without_plan,
            times: sum.progress.total(),
            late: count(StateKind::Late),
            returned: count(StateKind::Returned),
            due: count(StateKind::Due),
            done: count(StateKind::Done),
            ahead: count(StateKind::Ahead),
            undated: count(StateKind::Undated),
            confirmed: count(StateKind::Confirmed),
            cancelled: count(StateKind::Cancelled),
            unconfirmed: sum.unconfirmed.into(),
            decisions_of_school: school.into(),
            decisions_of_curator: curator.into(),
            decisions_of_coordinator: coordinator.into(),
            high_risks: sum.risks.high,
            high_risks_answered: sum.risks.answered,
            duties_kept: sum.duties.kept,
            duties_missed: sum.duties.missed,
            duties_excused: sum.duties.excused,
            duties_open: sum.duties.open,
            visits_held: sum.visits.held,
            visits_planned: sum.visits.planned,
            visits_unmarked: sum.visits.unmarked,
        }
    }
}

/// A month in numbers.
#[derive(Serialize, ToSchema)]
pub(super) struct MonthShown {
    /// `2026-09`.
    month: String,
    /// Times planned for it.
    planned: usize,
    /// Times carried out in it.
    carried_out: usize,
}

#[utoipa::path(get, path = "/api/v1/boards", tag = "Сводки", summary = "Сводка региона, муниципалитета или школы числами; части по алфавиту, без рейтинга",
    params(BoardAsked), responses((status = 200, description = "Сводка", body = BoardShown)))]
pub(super) async fn board_of_place(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<BoardAsked>,
) -> Result<Json<BoardShown>, WebError> {
    if asked.place.as_deref() == Some("") {
        return Err(WebError::bad_request("Место не понято", "Нужно all, node/НОМЕР или school/НОМЕР."));
    }
    let wanted = Wanted { place: asked.place.unwrap_or_default(), ..Wanted::default() };
    let scope = scope(&actor, &wanted)?;
    let ground = Ground::of(&state, &actor, &scope).await?;
    let board = board(&scope, &ground.leaves, &actor.registry, actor.today);
    let year = asked.year.unwrap_or_else(|| school_year(actor.today));
    if !(2000..=2100).contains(&year) {
        return Err(WebError::bad_request("Год не подходит", "Нужен год от 2000 до 2100."));
    }
    let months = trend(&ground.leaves, year).into_iter().map(|own| MonthShown {
        month: own.month.to_string(),
        planned: own.planned,
        carried_out: own.carried_out,
    });
    let part = |own: &crate::usecases::boards::Part| PartShown {
        place: own.place.code(),
        name: own.name.clone(),
        sum: SumShown::from(&own.sum),
    };
    Ok(Json(BoardShown {
        title: title(&scope, &actor),
        total: SumShown::from(&board.total),
        own: SumShown::from(&board.own),
        parts: board.parts.iter().map(part).collect(),
        months: months.collect(),
    }))
}

/// Which notices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NoticesAsked {
    /// Read ones, too.
    #[serde(default)]
    all: Option<bool>,
    /// Number of the page, from one.
    #[serde(default)]
    #[param(minimum = 1, maximum = 100_000)]
    page: Option<u32>,
}

/// A page of notices.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticesShown {
    /// The newest first, fifty a page.
    items: Vec<NoticeShown>,
    /// How many there are on all pages.
    total: u64,
}

/// A notice.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeShown {
    id: i64,
    /// What it is about.
    topic: String,
    /// What kind of news it is.
    news: String,
    text: String,
    /// The page to look at.
    page: String,
    at: Timestamp,
    read: bool,
}

impl From<&Notice> for NoticeShown {
    fn from(notice: &Notice) -> Self {
        Self {
            id: notice.id.0,
            topic: notice.topic.clone(),
            news: notice.news.clone(),
            text: notice.body.clone(),
            page: format!("/{}", address(&notice.path)),
            at: notice.at,
            read: notice.read,
        }
    }
}

#[utoipa::path(get, path = "/api/v1/notices", tag = "Уведомления", summary = "Свои уведомления, новые первыми",
    params(NoticesAsked), responses((status = 200, description = "Страница уведомлений", body = NoticesShown)))]
pub(super) async fn notices(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<NoticesAsked>,
) -> Result<Json<NoticesShown>, WebError> {
    let page = asked.page.unwrap_or(1);
    if !(1..=100_000).contains(&page) {
        return Err(WebError::bad_request("Страницы с таким номером нет", "Страницы считают с единицы."));
    }
    let unread = !asked.all.unwrap_or(false);
    let (notices, total) = state.store.notices(own(&actor)?, unread, page.into(), NOTICES).await?;
    Ok(Json(NoticesShown { items: notices.iter().map(NoticeShown::from).collect(), total }))
}

/// Which notices were read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadNotices {
    /// Number of a notice; all without.
    #[serde(default)]
    id: Option<i64>,
}

#[utoipa::path(post, path = "/api/v1/notices/read", tag = "Уведомления", summary = "Отметить свои уведомления прочитанными",
    request_body = ReadNotices, responses((status = 204, description = "Отмечено")))]
pub(super) async fn read_notices(
    State(state): State<AppState>,
    actor: Actor,
    Body(read): Body<ReadNotices>,
) -> Result<StatusCode, WebError> {
    state.store.read_notices(own(&actor)?, read.id.map(NoticeId), clock::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
