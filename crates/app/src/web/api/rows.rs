//! Which rows stand behind the numbers of a board?

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use opora_access::Place;
use opora_approval::Party;
use opora_registry::Registry;
use opora_roadmap::Lack;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, Page, bad_cursor, limit, misread};
use crate::usecases::boards::{
    Decision, DutyRow, DutyWhich, Found, Month, RiskRow, RowsAsked, VisitRow, VisitWhich, Waited, Which,
    all_decisions, all_risks, duty_rows, found, place_name, visit_rows,
};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::boards::{Ground, Wanted, scope};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(board_times))
        .routes(routes!(board_decisions))
        .routes(routes!(board_risks))
        .routes(routes!(board_duties))
        .routes(routes!(board_visits))
}

/// What a board of a place is counted from.
async fn ground(state: &AppState, actor: &Actor, place: Option<&String>) -> Result<Ground, WebError> {
    let wanted = Wanted { place: place.cloned().unwrap_or_default(), ..Wanted::default() };
    Ground::of(state, actor, &scope(actor, &wanted)?).await
}

/// A part of a list, counted from its beginning.
struct Part {
    skip: usize,
    limit: usize,
}

impl Part {
    fn read(cursor: Option<&String>, asked: Option<usize>) -> Result<Self, WebError> {
        let skip = match cursor {
            Some(text) => text.parse().map_err(|_| bad_cursor())?,
            None => 0,
        };
        Ok(Self { skip, limit: limit(asked)? })
    }

    fn of<R, T>(&self, rows: &[R], make: impl Fn(&R) -> T) -> Json<Page<T>> {
        let shown = rows.iter().skip(self.skip).take(self.limit + 1).map(make).collect();
        Json(Page::of(shown, self.limit, |_| self.skip.saturating_add(self.limit).to_string()))
    }
}

/// What is told of a state there is none of.
fn no_such_state() -> WebError {
    misread("Параметр state не подходит", "Такого состояния нет.")
}

/// Which times.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TimesAsked {
    /// `all`, `node/11`, `school/5`; the own places without.
    #[serde(default)]
    #[param(pattern = "^(all|(node|school)/[0-9]+)$")]
    place: Option<String>,
    /// In which state; `measured` are those by which progress is counted.
    #[serde(default)]
    #[param(
        pattern = "^(all|measured|carried-out|late|returned|due|done|ahead|undated|confirmed|cancelled)$"
    )]
    state: Option<String>,
    /// Only those planned for this month: `2026-10`.
    #[serde(default)]
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    planned: Option<String>,
    /// Only those carried out in this month: `2026-10`.
    #[serde(default)]
    #[param(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    done: Option<String>,
    /// Only those of this plan.
    #[serde(default)]
    plan: Option<i64>,
    /// Only those of this section of plans, counted from zero.
    #[serde(default)]
    section: Option<usize>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// A time of a plan, as a row of a board.
#[derive(Serialize, ToSchema)]
pub(super) struct TimeRow {
    /// Whose plan it is: `node/11`, `school/5`.
    place: String,
    place_name: String,
    plan: i64,
    plan_title: String,
    /// Key of the time.
    occurrence: String,
    /// Number of the activity as in the plan.
    number: Option<String>,
    title: String,
    /// The last day that counts.
    due: Option<Date>,
    /// The day by the plan.
    planned: Option<Date>,
    /// The day it was carried out.
    done: Option<Date>,
    /// `late`, `returned`, `due`, `done`, `ahead`, `undated`, `confirmed`, `cancelled`.
    state: &'static str,
    /// The same in words.
    words: String,
}

impl TimeRow {
    pub(super) fn of(row: &Found<'_>, registry: &Registry) -> Self {
        let named = row.named();
        Self {
            place: row.leaf.place.code(),
            place_name: place_name(row.leaf.place, registry),
            plan: row.plan.summary.id.0,
            plan_title: row.plan.summary.title.clone(),
            occurrence: row.line.key.to_string(),
            number: named.and_then(|named| named.number.clone()),
            title: named.map(|named| named.title.clone()).unwrap_or_default(),
            due: row.line.due(),
            planned: row.line.outline.baseline.planned,
            done: row.line.outline.baseline.actual,
            state: row.line.state.kind().slug(),
            words: row.line.state.russian(),
        }
    }
}

fn month(name: &str, text: Option<&String>) -> Result<Option<Month>, WebError> {
    let wrong = || misread(&format!("Параметр {name} не подходит"), "Месяц записывают так: 2026-10.");
    text.map(|text| Month::read(text).ok_or_else(wrong)).transpose()
}

#[utoipa::path(get, path = "/api/v1/boards/times", tag = "Сводки", summary = "Сроки за числами сводки; места по алфавиту, в плане по дням",
    params(TimesAsked), responses((status = 200, description = "Страница списка", body = Page<TimeRow>)))]
pub(super) async fn board_times(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<TimesAsked>,
) -> Result<Json<Page<TimeRow>>, WebError> {
    let part = Part::read(asked.cursor.as_ref(), asked.limit)?;
    let wanted = RowsAsked {
        which: Which::of_slug(asked.state.as_deref().unwrap_or_default()).ok_or_else(no_such_state)?,
        planned: month("planned", asked.planned.as_ref())?,
        done: month("done", asked.done.as_ref())?,
        plan: asked.plan,
        section: asked.section,
    };
    let ground = ground(&state, &actor, asked.place.as_ref()).await?;
    Ok(part.of(&found(&ground.leaves, &wanted), |row| TimeRow::of(row, &actor.registry)))
}

/// Which place.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlaceAsked {
    /// `all`, `node/11`, `school/5`; the own places without.
    #[serde(default)]
    #[param(pattern = "^(all|(node|school)/[0-9]+)$")]
    place: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// A decision that is waited for.
#[derive(Serialize, ToSchema)]
pub(super) struct DecisionRow {
    /// Whose document it is: `node/11`, `school/5`.
    place: String,
    place_name: String,
    /// `plan`, `diagnosis`, `postponement`.
    about: &'static str,
    title: String,
    /// Where it stands, in words.
    words: String,
    /// Who is to decide: `author`, `curator`, `coordinator`.
    waits_for: &'static str,
    since: Date,
    /// For how many days.
    days: i32,
    /// The page to look at.
    page: String,
}

impl DecisionRow {
    pub(super) fn of(row: &Decision, registry: &Registry) -> Self {
        Self {
            place: row.place.code(),
            place_name: place_name(row.place, registry),
            about: match row.about {
                Waited::Plan => "plan",
                Waited::Diagnosis => "diagnosis",
                Waited::Postponement => "postponement",
            },
            title: row.title.clone(),
            words: row.state.clone(),
            waits_for: match row.waits_for {
                Party::Author => "author",
                Party::Reviewer => "curator",
                Party::Coordinator => "coordinator",
            },
            since: row.since,
            days: row.days,
            page: row.address.clone(),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/boards/decisions", tag = "Сводки", summary = "Решения за числами сводки: чьего решения ждут и сколько дней",
    params(PlaceAsked), responses((status = 200, description = "Страница списка", body = Page<DecisionRow>)))]
pub(super) async fn board_decisions(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<PlaceAsked>,
) -> Result<Json<Page<DecisionRow>>, WebError> {
    let part = Part::read(asked.cursor.as_ref(), asked.limit)?;
    let ground = ground(&state, &actor, asked.place.as_ref()).await?;
    let rows = all_decisions(&ground.leaves, actor.today);
    Ok(part.of(&rows, |row| DecisionRow::of(row, &actor.registry)))
}

/// A risk of high significance.
#[derive(Serialize, ToSchema)]
pub(super) struct HighRiskRow {
    /// `school/5`.
    place: String,
    place_name: String,
    name: String,
    /// A measure answers it with all that is asked for.
    answered: bool,
    /// What the measure still lacks: `measure`, `deadline`, `person`, `indicator`, `evidence`; nothing where there is none.
    lacks: Option<Vec<&'static str>>,
    /// The same in words.
    words: String,
    /// Number of the plan that answers it best.
    plan: Option<i64>,
}

fn risk_row(row: &RiskRow, registry: &Registry) -> HighRiskRow {
    let word = |lack: &Lack| match lack {
        Lack::Measure => "measure",
        Lack::Deadline => "deadline",
        Lack::Person => "person",
        Lack::Indicator => "indicator",
        Lack::Evidence => "evidence",
    };
    HighRiskRow {
        place: row.place.code(),
        place_name: place_name(row.place, registry),
        name: row.name.clone(),
        answered: row.is_answered(),
        lacks: row.lacks.as_ref().map(|lacks| lacks.iter().map(word).collect()),
        words: row.russian(),
        plan: row.plan,
    }
}

#[utoipa::path(get, path = "/api/v1/boards/risks", tag = "Сводки", summary = "Риски высокой значимости за числами сводки и что отвечает на них в планах",
    params(PlaceAsked), responses((status = 200, description = "Страница списка", body = Page<HighRiskRow>)))]
pub(super) async fn board_risks(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<PlaceAsked>,
) -> Result<Json<Page<HighRiskRow>>, WebError> {
    let part = Part::read(asked.cursor.as_ref(), asked.limit)?;
    let ground = ground(&state, &actor, asked.place.as_ref()).await?;
    Ok(part.of(&all_risks(&ground.leaves), |row| risk_row(row, &actor.registry)))
}

/// Which windows of obligations.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DutiesAsked {
    /// `all`, `node/11`, `school/5`; the own places without.
    #[serde(default)]
    #[param(pattern = "^(all|(node|school)/[0-9]+)$")]
    place: Option<String>,
    /// How they stand; every one that has begun without. `owed` are those kept or missed.
    #[serde(default)]
    #[param(pattern = "^(all|kept|missed|excused|open|owed)$")]
    state: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// A window of an obligation, as a row of a board.
#[derive(Serialize, ToSchema)]
pub(super) struct DutyRowShown {
    /// `node/11`, `school/5`.
    place: String,
    place_name: String,
    /// Stable word of the rule.
    rule: String,
    what: String,
    clause: String,
    who: String,
    from: Date,
    /// Last day: with the rule it names the window.
    due: Date,
    /// `kept`, `missed`, `excused`, `open`.
    state: &'static str,
    /// The same in words.
    words: String,
}

impl DutyRowShown {
    pub(super) fn of(row: &DutyRow<'_>, registry: &Registry) -> Self {
        let (rule, days) = (row.kept.rule, row.days());
        Self {
            place: row.leaf.place.code(),
            place_name: place_name(row.leaf.place, registry),
            rule: rule.id.clone(),
            what: rule.what.clone(),
            clause: rule.clause.clone(),
            who: rule.who.clone(),
            from: days.start,
            due: days.end,
            state: row.which.slug(),
            words: row.kept.russian(),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/boards/duties", tag = "Сводки", summary = "Окна обязательств за числами сводки, начавшиеся в этом учебном году",
    params(DutiesAsked), responses((status = 200, description = "Страница списка", body = Page<DutyRowShown>)))]
pub(super) async fn board_duties(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<DutiesAsked>,
) -> Result<Json<Page<DutyRowShown>>, WebError> {
    let part = Part::read(asked.cursor.as_ref(), asked.limit)?;
    let which = DutyWhich::of_slug(asked.state.as_deref().unwrap_or_default()).ok_or_else(no_such_state)?;
    let ground = ground(&state, &actor, asked.place.as_ref()).await?;
    let rows = duty_rows(&ground.leaves, &state.results.catalog().rulebook, which);
    Ok(part.of(&rows, |row| DutyRowShown::of(row, &actor.registry)))
}

/// Which visits of this school year.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VisitRowsAsked {
    /// `all`, `node/11`, `school/5`; the own places without.
    #[serde(default)]
    #[param(pattern = "^(all|(node|school)/[0-9]+)$")]
    place: Option<String>,
    /// How they stand; `unmarked` are those whose day is over without a word.
    #[serde(default)]
    #[param(pattern = "^(all|held|planned|unmarked)$")]
    state: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// A visit, as a row of a board.
#[derive(Serialize, ToSchema)]
pub(super) struct VisitRowShown {
    id: i64,
    school: u32,
    school_name: String,
    day: Date,
    aim: String,
    /// Name of who planned it.
    planned_by: String,
    /// `held`, `planned`, `unmarked`.
    state: &'static str,
    /// The same in words.
    words: String,
}

impl VisitRowShown {
    pub(super) fn of(row: &VisitRow<'_>, registry: &Registry) -> Self {
        Self {
            id: row.visit.number,
            school: row.visit.school.0,
            school_name: place_name(Place::School(row.visit.school), registry),
            day: row.on,
            aim: row.visit.aim.clone(),
            planned_by: row.visit.curator_name.clone(),
            state: row.which.slug(),
            words: row.state.russian(),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/boards/visits", tag = "Сводки", summary = "Посещения за числами сводки, этого учебного года",
    params(VisitRowsAsked), responses((status = 200, description = "Страница списка", body = Page<VisitRowShown>)))]
pub(super) async fn board_visits(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<VisitRowsAsked>,
) -> Result<Json<Page<VisitRowShown>>, WebError> {
    let part = Part::read(asked.cursor.as_ref(), asked.limit)?;
    let which = VisitWhich::of_slug(asked.state.as_deref().unwrap_or_default()).ok_or_else(no_such_state)?;
    let ground = ground(&state, &actor, asked.place.as_ref()).await?;
    let rows = visit_rows(&ground.leaves, which, actor.today);
    Ok(part.of(&rows, |row| VisitRowShown::of(row, &actor.registry)))
}
