//! What did a person record about a window?

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use opora_access::{Place, Role};
use opora_execution::Party;

use super::{address_of, may_excuse, may_record, whole, windows_of};
use crate::usecases::support::{DutyAct, NotDone, act_on_duty};
use crate::web::actor::{Actor, refused};
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::Fields;
use crate::web::pages::visits::{View, day, doer, incomplete, told};
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::local;

/// `POST /obligations`.
pub async fn act(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let fields = Fields(sent);
    let unknown =
        || WebError::bad_request("Непонятно, о каком месте речь", "Откройте страницу обязательств ещё раз.");
    let place = Place::of_code(&fields.one("place")).ok_or_else(unknown)?;
    let view = View::of(&state, &actor).await?;
    let windows = windows_of(&state, &actor, &view, place).ok_or_else(refused)?;
    let rules = &state.results.catalog().rulebook;
    let done = match read(&fields) {
        Ok(act) => {
            let side = side_for(&state, &actor, place, &fields.one("rule"), &act)?;
            act_on_duty(&doer(&state, &actor, side), rules, place, &windows, &act).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let back = fields.one("back");
            let back = if back.is_empty() { address_of(place) } else { local(&back).to_owned() };
            Ok(Redirect::to(&back).into_response())
        }
        Err(error) => {
            let told = told(error)?;
            let view = View::of(&state, &actor).await?;
            Ok((told.status, whole(&ui, &state, &actor, &view, Some(place), Some(&told))).into_response())
        }
    }
}

fn read(fields: &Fields) -> Result<DutyAct, NotDone> {
    let (rule, reason) = (fields.one("rule"), fields.one("reason"));
    let due = || day(&fields.one("due"), "Окно не понято.");
    Ok(match fields.one("act").as_str() {
        "kept" => {
            let on = day(&fields.one("on"), "Не указано, когда это сделано.")?;
            DutyAct::Kept { rule, due: due()?, on, text: fields.one("text") }
        }
        "excused" => DutyAct::Excused { rule, due: due()?, reason },
        "due-again" => DutyAct::DueAgain { rule, due: due()?, reason },
        "not-kept" => {
            let record = fields.one("record").parse().map_err(|_| NotDone::Unknown)?;
            DutyAct::NotKept { rule, record, reason }
        }
        "settled" => {
            let pair = fields.one("pair");
            let (follow, set_aside) = pair.split_once(' ').ok_or(NotDone::Unknown)?;
            DutyAct::Settled { follow: follow.to_owned(), set_aside: set_aside.to_owned(), reason }
        }
        _ => return Err(incomplete("Непонятно, что записать. Нажмите нужную кнопку ещё раз.")),
    })
}

/// Refuses what the person may not record; otherwise the side it is recorded on.
pub fn side_for(
    state: &AppState,
    actor: &Actor,
    place: Place,
    rule: &str,
    act: &DutyAct,
) -> Result<i64, WebError> {
    let gone = || WebError::not_found("Такого обязательства нет");
    let rulebook = &state.results.catalog().rulebook;
    let rule = || rulebook.rule(rule).ok_or_else(gone);
    let (may, side) = match act {
        DutyAct::Kept { .. } | DutyAct::NotKept { .. } => {
            let rule = rule()?;
            let side = match rule.party {
                Party::Performer => 0,
                Party::Curator => 1,
                Party::Coordinator => 2,
            };
            (may_record(actor, place, rule), side)
        }
        DutyAct::Excused { .. } | DutyAct::DueAgain { .. } => (may_excuse(actor, place, rule()?), 2),
        DutyAct::Settled { .. } => {
            let decides =
                matches!(place, Place::Node(_)) && actor.roles_at(place).contains(&Role::Coordinator);
            (decides, 2)
        }
    };
    if may { Ok(side) } else { Err(refused()) }
}
