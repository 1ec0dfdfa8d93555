//! How far is it from school to school? A table that is pasted, for routes and proposals.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_store::Authorship;

use super::desk::{Desk, asked};
use super::{Outcome, Sent, whole};
use crate::clock;
use crate::usecases::assignments::{KILOMETRES_MAX, Way, note_ways};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::people::school_named;
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// Lines that are read at a time.
pub const LINES_MAX: usize = 5_000;
/// Lines that can't be read and are told one by one.
const WRONG_MAX: usize = 20;

/// The form, with what was typed and could not be kept.
pub(super) fn card(desk: &Desk, typed: &str) -> Markup {
    html! {
        section.card aria-labelledby="ways" {
            div.card-head { h2 #ways { "Расстояния между школами" } }
            form.card-body.stack action="/assignments/ways" method="post" {
                p { "По ним составляется маршрут посещений и подбираются кураторы. Записано путей: " (desk.support.ways()) "." }
                div.field {
                    label for="ways-text" { "Таблица путей" }
                    p.hint { "По строке на путь: школа, школа, километры. Скопируйте три столбца из таблицы или разделите точкой с запятой: «Школа № 1; Школа № 2; 12». Туда и обратно путь один; пустое число убирает записанное." }
                    textarea #ways-text name="ways" rows="5" required { (typed) }
                }
                div.actions { button type="submit" { "Записать пути" } }
            }
        }
    }
}

/// `POST /assignments/ways`. What can be read is recorded; the rest stays in the form with what is wrong.
pub async fn save(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Form(sent): Sent,
) -> Result<Response, WebError> {
    let mut outcome = Outcome::default();
    let (mut ways, mut left, mut wrong) = (Vec::new(), Vec::new(), 0);
    let lines = asked(&sent, "ways").lines().filter(|line| !line.trim().is_empty());
    for (number, line) in lines.clone().take(LINES_MAX).enumerate() {
        match way(line, &actor) {
            Ok(way) => ways.push(way),
            Err(why) => {
                wrong += 1;
                if wrong <= WRONG_MAX {
                    outcome.wrong.push(format!("Строка {}: {why}", number + 1));
                }
                left.push(line);
            }
        }
    }
    if wrong > WRONG_MAX {
        outcome.wrong.push(format!("И ещё строк: {}.", wrong - WRONG_MAX));
    }
    if lines.clone().count() > LINES_MAX {
        outcome
            .wrong
            .push(format!("Строк больше {LINES_MAX}: прочитаны первые. Остальные вставьте отдельно."));
        left.extend(lines.skip(LINES_MAX));
    }
    let kept = keep(&state, &actor, ways).await?;
    if kept > 0 {
        outcome.done.push(format!("Записано путей: {kept}."));
    }
    if outcome.wrong.is_empty() && kept > 0 {
        return Ok(Redirect::to("/assignments?done=1").into_response());
    }
    if outcome.wrong.is_empty() {
        outcome
            .wrong
            .push("Таблица пустая. Вставьте хотя бы одну строку: школа, школа, километры.".to_owned());
    }
    let desk = Desk::read(&state, &actor).await?;
    let shown = whole(&ui, &actor, &desk, &outcome, &left.join("\n"));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// Records ways; of two between the same schools the last counts. Gives how many were recorded.
pub async fn keep(state: &AppState, actor: &Actor, ways: Vec<Way>) -> Result<usize, WebError> {
    let ways: BTreeMap<_, _> =
        ways.into_iter().map(|(from, to, way)| ((from.min(to), from.max(to)), way)).collect();
    let ways: Vec<Way> = ways.into_iter().map(|((from, to), way)| (from, to, way)).collect();
    if !ways.is_empty() {
        let by = Authorship {
            who: actor.name(), reason: "расстояния между школами", at: clock::now()
        };
        note_ways(&state.store, &ways, actor.account(), &by).await?;
    }
    Ok(ways.len())
}

/// A line of the table, or what is wrong with it.
fn way(line: &str, actor: &Actor) -> Result<Way, String> {
    let mark = if line.contains('\t') { '\t' } else { ';' };
    let cells: Vec<&str> = line.split(mark).map(str::trim).collect();
    let [from, to, kilometres] = cells.as_slice() else {
        return Err("нужны три столбца: школа, школа, километры.".to_owned());
    };
    let school = |name: &str| -> Result<OrganisationId, String> {
        match school_named(name, Right::Assign, actor) {
            Ok(Place::School(school)) => Ok(school),
            Ok(_) => Err(format!("«{name}» – не школа.")),
            Err((_, why)) => Err(format!("«{name}». {why}")),
        }
    };
    let (from, to) = (school(from)?, school(to)?);
    if from == to {
        return Err("школа названа дважды, а путь – между двумя разными.".to_owned());
    }
    if kilometres.is_empty() {
        return Ok((from, to, None));
    }
    // «12,4» of a table: whole kilometres are enough for a route.
    let number: Option<f64> = kilometres.replace(',', ".").parse().ok();
    let number = number.filter(|number| (0.0..=f64::from(KILOMETRES_MAX)).contains(number));
    let whole = number.and_then(|number| format!("{number:.0}").parse::<u32>().ok());
    whole.map(|whole| (from, to, Some(whole))).ok_or_else(|| {
        format!("«{kilometres}» – не расстояние. Нужно число километров, не больше {KILOMETRES_MAX}.")
    })
}
