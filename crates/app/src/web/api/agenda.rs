//! What waits for a person, and what is due in all plans?

use axum::Json;
use axum::extract::State;
use jiff::ToSpan;
use jiff::civil::Date;
use opora_execution::work::WorkItem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, Page, bad_cursor, limit, unfit};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::work::Waiting;
use crate::web::state::AppState;

/// Days that an agenda shows where nothing else is asked for.
const DAYS: i32 = 30;
/// Most days of an agenda.
const DAYS_MAX: i32 = 366;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(work)).routes(routes!(agenda))
}

/// Something that waits.
#[derive(Serialize, ToSchema)]
pub(super) struct Waits {
    /// Where it is: `plans/5/occurrence/12/2026-05-30`.
    path: String,
    what: String,
    /// Stable word: `activity`, `confirmation`, `approval` and so on.
    kind: &'static str,
    /// The same in words.
    words: &'static str,
    school: Option<i64>,
    due: Option<Date>,
    /// Since when it waits.
    #[schema(value_type = String)]
    since: jiff::civil::DateTime,
}

impl From<&WorkItem> for Waits {
    fn from(item: &WorkItem) -> Self {
        Self {
            path: item.path.clone(),
            what: item.what.clone(),
            kind: item.kind.slug(),
            words: item.kind.russian(),
            school: item.school,
            due: item.due,
            since: item.since,
        }
    }
}

/// The work of a person today.
#[derive(Serialize, ToSchema)]
pub(super) struct Work {
    /// Waits for the person.
    now: Vec<Waits>,
    /// Due within a month.
    soon: Vec<Waits>,
    /// The person waits for others.
    others: Vec<Waits>,
    /// How many things are due later or without a day.
    later: usize,
    /// How many of `now` are late.
    late: usize,
}

#[utoipa::path(get, path = "/api/v1/work", tag = "Выполнение", summary = "Моя работа: что ждёт владельца токена",
    responses((status = 200, description = "Сегодня", body = Work)))]
pub(super) async fn work(State(state): State<AppState>, actor: Actor) -> Result<Json<Work>, WebError> {
    let waiting = Waiting::of(&state, &actor).await?;
    let work = waiting.work();
    let list = |items: &[&WorkItem]| items.iter().map(|item| Waits::from(*item)).collect();
    Ok(Json(Work {
        now: list(&work.now),
        soon: list(&work.soon),
        others: list(&work.others),
        later: work.later,
        late: work.late,
    }))
}

/// A last day of an activity.
#[derive(Serialize, ToSchema)]
pub(super) struct DueDay {
    day: Date,
    plan: i64,
    /// Key of the activity.
    activity: u32,
    number: Option<String>,
    title: String,
}

/// Which days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DaysAsked {
    /// First day; today without.
    #[serde(default)]
    from: Option<Date>,
    /// Last day; thirty days on without, a year at most.
    #[serde(default)]
    to: Option<Date>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[utoipa::path(get, path = "/api/v1/agenda", tag = "Выполнение", summary = "Сроки всех планов по дням", params(DaysAsked),
    responses((status = 200, description = "Страница списка", body = Page<DueDay>)))]
pub(super) async fn agenda(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<DaysAsked>,
) -> Result<Json<Page<DueDay>>, WebError> {
    let limit = limit(asked.limit)?;
    let skip: usize = match asked.cursor.as_deref() {
        Some(text) => text.parse().map_err(|_| bad_cursor())?,
        None => 0,
    };
    let from = asked.from.unwrap_or(actor.today);
    let to = asked.to.unwrap_or_else(|| from.saturating_add(DAYS.days()));
    if to < from || to > from.saturating_add(DAYS_MAX.days()) {
        return Err(unfit("Дни не подходят", "Последний день не раньше первого и не дальше года от него."));
    }
    let mut days = Vec::new();
    for plan in actor.standings(&state).await?.iter().filter(|plan| !plan.summary.archived) {
        let digest = state.digest(plan, actor.today).await?;
        let due = digest.due.iter().filter(|due| (from..=to).contains(&due.day));
        days.extend(due.map(|due| DueDay {
            day: due.day,
            plan: plan.summary.id.0,
            activity: due.key.0,
            number: due.number.clone(),
            title: due.title.clone(),
        }));
    }
    days.sort_by_key(|due| (due.day, due.plan, due.activity));
    let shown: Vec<DueDay> = days.into_iter().skip(skip).take(limit + 1).collect();
    Ok(Json(Page::of(shown, limit, |_| skip.saturating_add(limit).to_string())))
}
