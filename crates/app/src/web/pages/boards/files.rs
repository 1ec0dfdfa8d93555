//! How does a board leave the program as a file?

use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::ground::Ground;
use super::lists::Rows;
use super::view::chart;
use super::{Wanted, scope, title};
use crate::usecases::boards::{
    board, board_table, decision_table, duty_table, risk_table, row_table, visit_table,
};
use crate::web::actor::Actor;
use crate::web::download::{self, FileForm};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::words;

/// `GET /boards/files/{file}`: `board.csv`, `rows.xlsx`, `trend.svg` and so on.
pub async fn file(
    State(state): State<AppState>,
    actor: Actor,
    Path(file): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let (name, form) = FileForm::of_name(&file)?;
    let scope = scope(&actor, &wanted)?;
    let ground = Ground::of(&state, &actor, &scope).await?;
    let (leaves, registry) = (&ground.leaves, &actor.registry);
    let place = title(&scope, &actor);
    let source = format!("Источник: планы и записи о выполнении в «Опоре» на {}", words::date(actor.today));
    match name {
        "board" => {
            let board = board(&scope, leaves, registry, actor.today);
            download::table(form, &format!("Сводка {place}"), &source, board_table(&board)).await
        }
        "rows" => {
            let rows = Rows::of(&wanted, leaves, &state.results.catalog().rulebook, actor.today)?;
            let title = format!("{} {place}", rows.title(&wanted));
            let table = match &rows {
                Rows::Times(_, rows) => row_table(rows, registry),
                Rows::Decisions(rows) => decision_table(rows, registry),
                Rows::Risks(rows) => risk_table(rows, registry),
                Rows::Duties(_, rows) => duty_table(rows, registry),
                Rows::Visits(_, rows) => visit_table(rows, registry),
            };
            download::table(form, &title, &source, table).await
        }
        "trend" => download::chart(form, Some(&chart(&wanted, leaves, actor.today)), &source).await,
        _ => Err(WebError::not_found("Такого файла у сводки нет")),
    }
}
