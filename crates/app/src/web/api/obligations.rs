//! Which obligations hold in a place, how do they stand, and what keeps or excuses them?

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use opora_access::Place;
use opora_execution::obligations::Keeping;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::tasks::done;
use super::wire::{Asked, Body};
use crate::usecases::support::{DutyAct, Window, act_on_duty};
use crate::web::actor::{Actor, refused};
use crate::web::errors::WebError;
use crate::web::pages::obligations::{counted, may_excuse, may_record, side_for, windows_of};
use crate::web::pages::visits::{View, doer};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(obligations)).routes(routes!(windows, record_duty))
}

/// How the obligations of a place are kept in this school year.
#[derive(Serialize, ToSchema)]
pub(super) struct KeptIn {
    /// `node/11`, `school/5`.
    place: String,
    name: String,
    kept: usize,
    missed: usize,
    /// Windows that go on.
    open: usize,
    excused: usize,
}

#[utoipa::path(get, path = "/api/v1/obligations", tag = "Сопровождение", summary = "Как соблюдаются обязательства муниципалитетов и школ, которые видит человек; по алфавиту",
    responses((status = 200, description = "Места", body = Vec<KeptIn>)))]
pub(super) async fn obligations(
    State(state): State<AppState>,
    actor: Actor,
) -> Result<Json<Vec<KeptIn>>, WebError> {
    let view = View::of(&state, &actor).await?;
    let rows = counted(&state, &actor, &view).into_iter().map(|(name, place, count)| KeptIn {
        place: place.code(),
        name,
        kept: count.kept,
        missed: count.missed,
        open: count.open,
        excused: count.excused,
    });
    Ok(Json(rows.collect()))
}

/// Whose windows.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WindowsAsked {
    /// `node/11`, `school/5`.
    #[param(pattern = "^(node|school)/[0-9]+$")]
    place: String,
}

/// A window of an obligation.
#[derive(Serialize, ToSchema)]
pub(super) struct WindowShown {
    /// Stable word of the rule.
    rule: String,
    /// What is to be done.
    what: String,
    /// Who does it.
    who: String,
    /// Where it is said.
    clause: String,
    from: Date,
    /// Last day: with the rule it names the window.
    due: Date,
    /// How many times within it.
    need: u16,
    /// `kept`, `missed`, `open`, `excused`, `ahead`.
    state: &'static str,
    /// The same in words.
    words: String,
    /// What keeps it: `visit/7`, `meeting/9`, `duty/31`.
    kept_by: Vec<String>,
    /// What people recorded about it.
    records: Vec<DutyRecord>,
    /// What the caller may record now: `kept`, `excused`, `due-again`.
    possible: Vec<&'static str>,
}

/// What somebody recorded about a window.
#[derive(Serialize, ToSchema)]
pub(super) struct DutyRecord {
    /// Number: the value of `record` for `not-kept`.
    record: i64,
    on: Date,
    text: String,
    by: String,
}

fn shown(state: &AppState, actor: &Actor, view: &View, window: &Window) -> Option<WindowShown> {
    let kept = window.kept(&state.results.catalog().rulebook)?;
    let (rule, days) = (kept.rule, window.duty.window);
    let book = view.records.duties_of(window.place);
    let events = book.into_iter().flat_map(|book| &book.events);
    let own = events.filter(|(_, event, _)| event.kind == rule.event && event.meant_for == Some(days.due));
    let records = own.map(|(number, event, said)| DutyRecord {
        record: *number,
        on: event.on,
        text: said.text.clone(),
        by: said.by.clone(),
    });
    let mut excuses = book.into_iter().flat_map(|book| &book.excuses);
    let excused = excuses.any(|(excuse, _)| excuse.rule == rule.id && excuse.due == days.due);
    let over = matches!(window.keeping, Keeping::Kept(_) | Keeping::Ahead) || window.set_aside.is_some();
    let owed = matches!(window.keeping, Keeping::Missed { .. } | Keeping::Open { .. });
    let mut possible = Vec::new();
    if !over && !excused && may_record(actor, window.place, rule) {
        possible.push("kept");
    }
    if (owed || excused) && !over && may_excuse(actor, window.place, rule) {
        possible.push(if excused { "due-again" } else { "excused" });
    }
    let (word, kept_by) = match &window.keeping {
        Keeping::Kept(paths) => ("kept", paths.clone()),
        Keeping::Missed { .. } => ("missed", Vec::new()),
        Keeping::Open { .. } => ("open", Vec::new()),
        Keeping::Excused(_) => ("excused", Vec::new()),
        Keeping::Ahead => ("ahead", Vec::new()),
    };
    Some(WindowShown {
        rule: rule.id.clone(),
        what: rule.what.clone(),
        who: rule.who.clone(),
        clause: rule.clause.clone(),
        from: days.from,
        due: days.due,
        need: window.duty.need,
        state: word,
        words: kept.russian(),
        kept_by,
        records: records.collect(),
        possible,
    })
}

fn place_of(code: &str) -> Result<Place, WebError> {
    let unknown = || WebError::bad_request("Место не понято", "Нужно node/НОМЕР или school/НОМЕР.");
    Place::of_code(code).filter(|place| *place != Place::Installation).ok_or_else(unknown)
}

async fn shown_all(state: &AppState, actor: &Actor, place: Place) -> Result<Vec<WindowShown>, WebError> {
    let view = View::of(state, actor).await?;
    let windows = windows_of(state, actor, &view, place);
    let gone = || WebError::not_found("Этого места нет среди тех, чьи обязательства вам видны");
    let windows = windows.ok_or_else(gone)?;
    Ok(windows.iter().filter_map(|window| shown(state, actor, &view, window)).collect())
}

#[utoipa::path(get, path = "/api/v1/obligations/windows", tag = "Сопровождение", summary = "Окна обязательств школы или муниципалитета в этом учебном году",
    params(WindowsAsked), responses((status = 200, description = "Окна", body = Vec<WindowShown>)))]
pub(super) async fn windows(
    State(state): State<AppState>,
    actor: Actor,
    Asked(asked): Asked<WindowsAsked>,
) -> Result<Json<Vec<WindowShown>>, WebError> {
    Ok(Json(shown_all(&state, &actor, place_of(&asked.place)?).await?))
}

/// What to record about a window.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDuty {
    /// `node/11`, `school/5`.
    #[schema(pattern = "^(node|school)/[0-9]+$")]
    place: String,
    act: DutyWord,
}

/// What can be recorded about windows.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum DutyWord {
    /// It was done on a day.
    Kept {
        rule: String,
        due: Date,
        on: Date,
        /// Where to see it: a link, a number of a document.
        #[serde(default)]
        #[schema(max_length = 1000)]
        text: String,
    },
    /// The window need not be kept.
    Excused { rule: String, due: Date, reason: String },
    /// An excused window has to be kept after all.
    DueAgain { rule: String, due: Date, reason: String },
    /// A record was wrong.
    NotKept { rule: String, record: i64, reason: String },
    /// Of two rules that say different things one is followed in a municipality.
    Settled { follow: String, set_aside: String, reason: String },
}

impl From<DutyWord> for DutyAct {
    fn from(word: DutyWord) -> Self {
        match word {
            DutyWord::Kept { rule, due, on, text } => Self::Kept { rule, due, on, text },
            DutyWord::Excused { rule, due, reason } => Self::Excused { rule, due, reason },
            DutyWord::DueAgain { rule, due, reason } => Self::DueAgain { rule, due, reason },
            DutyWord::NotKept { rule, record, reason } => Self::NotKept { rule, record, reason },
            DutyWord::Settled { follow, set_aside, reason } => Self::Settled { follow, set_aside, reason },
        }
    }
}

fn rule_of(act: &DutyAct) -> &str {
    match act {
        DutyAct::Kept { rule, .. }
        | DutyAct::Excused { rule, .. }
        | DutyAct::DueAgain { rule, .. }
        | DutyAct::NotKept { rule, .. } => rule,
        DutyAct::Settled { .. } => "",
    }
}

#[utoipa::path(post, path = "/api/v1/obligations/windows", tag = "Сопровождение", summary = "Записать об окне: соблюдено, не требуется, снова требуется, отметка ошибочна; решить спор правил",
    request_body = NewDuty, responses((status = 201, description = "Записано; окна места, как они стоят теперь", body = Vec<WindowShown>), (status = 200, description = "Это уже записано", body = Vec<WindowShown>)))]
pub(super) async fn record_duty(
    State(state): State<AppState>,
    actor: Actor,
    Body(new): Body<NewDuty>,
) -> Result<Response, WebError> {
    let place = place_of(&new.place)?;
    let act = DutyAct::from(new.act);
    let view = View::of(&state, &actor).await?;
    let windows = windows_of(&state, &actor, &view, place).ok_or_else(refused)?;
    let side = side_for(&state, &actor, place, rule_of(&act), &act)?;
    let rules = &state.results.catalog().rulebook;
    let (status, _) = done(act_on_duty(&doer(&state, &actor, side), rules, place, &windows, &act).await)?;
    Ok((status, Json(shown_all(&state, &actor, place).await?)).into_response())
}
