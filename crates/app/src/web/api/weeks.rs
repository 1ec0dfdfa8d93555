//! What was due in a week, what is done, what is late, what comes next? And the papers that are printed and signed.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::civil::Date;
use opora_access::Scope;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::rows::{DecisionRow, DutyRowShown, TimeRow, VisitRowShown};
use super::wire::{Asked, At, limit};
use crate::usecases::boards::{Found, Week, WeekPart};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::boards::{Ground, Wanted, day, scope, summary, title, week_docx};
use crate::web::pages::{meetings, visits};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(week))
        .routes(routes!(week_paper))
        .routes(routes!(visit_paper))
        .routes(routes!(meeting_paper))
}

/// Which week.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WeekAsked {
    /// `all`, `node/11`, `school/5`; the own places without.
    #[serde(default)]
    #[param(pattern = "^(all|(node|school)/[0-9]+)$")]
    place: Option<String>,
    /// A day of the week; today without.
    #[serde(default)]
    day: Option<Date>,
    /// Most rows of each list.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

impl WeekAsked {
    fn wanted(&self) -> Wanted {
        let from = self.day.map(|day| day.to_string()).unwrap_or_default();
        Wanted { place: self.place.clone().unwrap_or_default(), from, ..Wanted::default() }
    }
}

/// The beginning of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct Beginning<T> {
    /// How many there are.
    total: usize,
    items: Vec<T>,
}

impl<T> Beginning<T> {
    fn of<R>(rows: &[R], limit: usize, make: impl Fn(&R) -> T) -> Self {
        Self { total: rows.len(), items: rows.iter().take(limit).map(make).collect() }
    }
}

/// A week of a place, as things stand today.
#[derive(Serialize, ToSchema)]
pub(super) struct WeekShown {
    title: String,
    /// Its Monday.
    from: Date,
    /// Its Sunday.
    until: Date,
    /// The numbers of the place in one sentence.
    summary: String,
    /// The week in numbers by the parts of the place.
    parts: Vec<WeekPartShown>,
    /// What is due in it, however it stands.
    due: Beginning<TimeRow>,
    /// What was carried out in it.
    done: Beginning<TimeRow>,
    /// What was due before it and is late still.
    late: Beginning<TimeRow>,
    /// What is carried out and waits for confirmation.
    unconfirmed: Beginning<TimeRow>,
    /// What is due in the week after.
    next: Beginning<TimeRow>,
    /// Decisions that are waited for.
    decisions: Beginning<DecisionRow>,
    /// Visits in it; nothing where the token lacks `support:read`.
    visits: Option<Beginning<VisitRowShown>>,
    /// Windows of obligations whose last day is in it; nothing where the token lacks `support:read`.
    duties: Option<Beginning<DutyRowShown>>,
}

/// A part of a place in a week.
#[derive(Serialize, ToSchema)]
pub(super) struct WeekPartShown {
    name: String,
    due: usize,
    done: usize,
    late: usize,
    unconfirmed: usize,
    decisions: usize,
    /// Visits that took place.
    visits: usize,
    /// Windows that were missed.
    missed: usize,
}

impl From<WeekPart> for WeekPartShown {
    fn from(part: WeekPart) -> Self {
        let WeekPart { name, due, done, late, unconfirmed, decisions, visits, missed } = part;
        Self { name, due, done, late, unconfirmed, decisions, visits, missed }
    }
}

#[utoipa::path(get, path = "/api/v1/boards/week", tag = "Сводки", summary = "Лист недели: срок, сделано, просрочено, ждёт решения, посещения, окна обязательств",
    params(WeekAsked), responses((status = 200, description = "Неделя", body = WeekShown)))]
pub(super) async fn week(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<WeekAsked>,
) -> Result<Json<WeekShown>, WebError> {
    let (limit, wanted) = (limit(asked.limit)?, asked.wanted());
    let day = day(&wanted, actor.today)?;
    let scope = scope(&actor, &wanted)?;
    let ground = Ground::of(&state, &actor, &scope).await?;
    let (leaves, registry) = (&ground.leaves, &actor.registry);
    let week = Week::of(leaves, &state.results.catalog().rulebook, day, actor.today);
    let times = |rows: &[Found<'_>]| Beginning::of(rows, limit, |row| TimeRow::of(row, registry));
    let scopes = actor.token.as_deref().map_or(&Scope::ALL[..], |token| &token.scopes);
    let of_support = scopes.contains(&Scope::ReadSupport);
    Ok(Json(WeekShown {
        title: title(&scope, &actor),
        from: week.from,
        until: week.to,
        summary: summary(leaves, actor.today),
        parts: week.by_part(&scope, registry).into_iter().map(WeekPartShown::from).collect(),
        due: times(&week.due),
        done: times(&week.done),
        late: times(&week.late),
        unconfirmed: times(&week.unconfirmed),
        next: times(&week.next),
        decisions: Beginning::of(&week.decisions, limit, |row| DecisionRow::of(row, registry)),
        visits: of_support
            .then(|| Beginning::of(&week.visits, limit, |row| VisitRowShown::of(row, registry))),
        duties: of_support.then(|| Beginning::of(&week.duties, limit, |row| DutyRowShown::of(row, registry))),
    }))
}

/// Which sheet.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SheetAsked {
    /// `all`, `node/11`, `school/5`; the own places without.
    #[serde(default)]
    #[param(pattern = "^(all|(node|school)/[0-9]+)$")]
    place: Option<String>,
    /// A day of the week; today without.
    #[serde(default)]
    day: Option<Date>,
}

#[utoipa::path(get, path = "/api/v1/boards/week/docx", tag = "Сводки", summary = "Лист недели для печати, DOCX",
    params(SheetAsked), responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
pub(super) async fn week_paper(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<SheetAsked>,
) -> Result<Response, WebError> {
    let wanted = WeekAsked { place: asked.place, day: asked.day, limit: None }.wanted();
    week_docx(State(state), actor, Query(wanted)).await
}

#[utoipa::path(get, path = "/api/v1/schools/{id}/visits/{visit}/protocol/docx", tag = "Сопровождение", summary = "Законченный протокол посещения для печати, DOCX",
    params(("id" = u32, Path, description = "Номер школы"), ("visit" = i64, Path, description = "Номер посещения")),
    responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
pub(super) async fn visit_paper(
    State(state): State<AppState>,
    actor: Actor,
    At(at): At<(u32, i64)>,
) -> Result<Response, WebError> {
    visits::docx(State(state), actor, Path(at)).await
}

#[utoipa::path(get, path = "/api/v1/meetings/{meeting}/minutes/docx", tag = "Сопровождение", summary = "Протокол заседания для печати, DOCX",
    params(("meeting" = i64, Path, description = "Номер заседания")),
    responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
pub(super) async fn meeting_paper(
    State(state): State<AppState>,
    actor: Actor,
    At(number): At<i64>,
) -> Result<Response, WebError> {
    meetings::docx(State(state), actor, Path(number)).await
}
