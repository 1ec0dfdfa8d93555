//! How do the lists of curators and mentor schools leave as files?

use axum::extract::{Path, State};
use axum::response::Response;
use opora_access::Place;

use super::desk::Desk;
use super::mentors::own;
use crate::usecases::results::tables::Plain;
use crate::web::actor::Actor;
use crate::web::download::{FileForm, table};
use crate::web::errors::WebError;
use crate::web::state::AppState;

const SOURCE: &str = "Источник: «Опора»";

/// `GET /assignments/files/{file}`: `curators` or `mentors`, ended ones included.
pub async fn file(
    State(state): State<AppState>,
    actor: Actor,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    let (name, form) = FileForm::of_name(&file)?;
    let desk = Desk::read(&state, &actor).await?;
    match name {
        "curators" => table(form, "Кураторы школ", SOURCE, curators(&desk, &actor)).await,
        "mentors" => table(form, "Школы-наставники", SOURCE, mentors(&desk, &actor)).await,
        _ => Err(WebError::not_found("Такого списка нет")),
    }
}

fn way(kilometres: Option<u32>) -> String {
    kilometres.map(|way| way.to_string()).unwrap_or_default()
}

fn curators(desk: &Desk, actor: &Actor) -> Plain {
    let heads =
        ["Школа", "Куратор", "Где работает", "Расстояние, км", "С какого дня", "По какой день", "Основание"];
    let rows = desk.curating(actor).map(|held| {
        let home = desk.home(held.account, actor.today);
        let school = match held.grant.place {
            Place::School(school) => desk.school(school),
            _ => String::new(),
        };
        vec![
            school,
            desk.person(held.account),
            home.map(|home| desk.school(home)).unwrap_or_default(),
            way(desk.way(home, held.grant.place)),
            held.grant.from.to_string(),
            held.grant.until.map(|day| day.to_string()).unwrap_or_default(),
            held.reason.clone(),
        ]
    });
    (heads.map(str::to_owned).to_vec(), rows.collect())
}

fn mentors(desk: &Desk, actor: &Actor) -> Plain {
    let heads = [
        "Школа",
        "Наставник",
        "Расстояние, км",
        "С какого дня",
        "По какой день",
        "Договор",
        "Дата договора",
        "О чём договор",
        "Основание",
    ];
    let rows = own(desk, actor).into_iter().map(|own| {
        let last = own.contracts.last();
        vec![
            desk.school(own.school),
            desk.school(own.mentor),
            way(desk.support.kilometres(own.school, own.mentor)),
            own.from.to_string(),
            own.until.map(|day| day.to_string()).unwrap_or_default(),
            last.map(|contract| contract.number.clone()).unwrap_or_default(),
            last.map(|contract| contract.signed.to_string()).unwrap_or_default(),
            last.map(|contract| contract.text.clone()).unwrap_or_default(),
            own.reasons.join("; "),
        ]
    });
    (heads.map(str::to_owned).to_vec(), rows.collect())
}
