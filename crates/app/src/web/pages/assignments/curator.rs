//! What is kept of one curator: where she works, in what she is strong, how many schools she can take?

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_cells::OrganisationId;
use opora_store::{AccountId, Authorship, StoreError};

use super::desk::{Desk, asked};
use super::{Outcome, Sent, profile, told};
use crate::clock;
use crate::usecases::assignments::note_curator;
use crate::web::actor::{Actor, refused};
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::people::{SEVERAL_SCHOOLS, schools_called};
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// What is told who would have a curator work in a school she looks after.
const LOOKED_AFTER: &str = "Этот человек – куратор школы, которую вы назвали местом работы. Куратор не может проверять \
                            школу, в которой сам работает. Сначала завершите это назначение или укажите другую школу.";

async fn known(state: &AppState, actor: &Actor, id: i64) -> Result<Desk, WebError> {
    state.store.account(AccountId(id)).await?;
    let desk = Desk::read(state, actor).await?;
    if desk.knows(AccountId(id)) { Ok(desk) } else { Err(refused()) }
}

/// `GET /assignments/curators/{id}`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
) -> Result<Markup, WebError> {
    let desk = known(&state, &actor, id).await?;
    Ok(form(&ui, &actor, &desk, AccountId(id), &Outcome::default()))
}

fn form(ui: &Ui, actor: &Actor, desk: &Desk, id: AccountId, outcome: &Outcome) -> Markup {
    let profile = desk.support.curators.get(&id).cloned().unwrap_or_default();
    let home = desk.home(id, actor.today);
    let schools = desk.by_name(desk.programme.iter().copied());
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/assignments" { "Кураторы школ" } }
        div.page-head { h1 { (desk.person(id)) } }
        (told(outcome))
        form.stack action={ "/assignments/curators/" (id.0) } method="post" {
            div.field {
                label for="home" { "Где работает" }
                input #home name="home" list="schools" autocomplete="off" value=(home.map(|home| desk.label(home)).unwrap_or_default()) aria-describedby="home-hint";
                datalist #schools { @for (_, name) in desk.schools(actor) { option value=(name) {} } }
                p.hint #home-hint { "Название школы, как в реестре. Куратором своей школы быть нельзя. Пусто – не работает в школе." }
            }
            (profile::fields(desk, &profile, home, &schools))
            div.actions { button.primary type="submit" { "Сохранить" } a.button.quiet href="/assignments" { "Назад" } }
        }
    };
    page(ui, &desk.person(id), Section::People, &content)
}

/// `POST /assignments/curators/{id}`.
pub async fn save(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(sent): Sent,
) -> Result<Response, WebError> {
    let desk = known(&state, &actor, id).await?;
    let schools = desk.by_name(desk.programme.iter().copied());
    let typed =
        home(&actor, asked(&sent, "home")).and_then(|home| profile::typed(&desk, &sent, home, &schools));
    let wrong = match typed {
        Ok((profile, ways)) => {
            let by = Authorship { who: actor.name(), reason: "", at: clock::now() };
            match note_curator(&state.store, AccountId(id), &profile, &ways, actor.account(), &by).await {
                Ok(()) => return Ok(Redirect::to("/assignments?done=1").into_response()),
                Err(StoreError::GrantRefused(_)) => LOOKED_AFTER.to_owned(),
                Err(error) => return Err(error.into()),
            }
        }
        Err(wrong) => wrong,
    };
    let outcome = Outcome { wrong: vec![wrong], ..Outcome::default() };
    let again = form(&ui, &actor, &desk, AccountId(id), &outcome);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// A school by its name, of whatever place: a curator may work elsewhere.
fn home(actor: &Actor, typed: &str) -> Result<Option<OrganisationId>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    let wanted = typed.to_lowercase();
    let mut named = schools_called(&wanted, &actor.registry);
    match (named.next(), named.next()) {
        (Some(one), None) => Ok(Some(one)),
        (Some(_), Some(_)) => Err(SEVERAL_SCHOOLS.to_owned()),
        _ => Err("Такой школы нет в реестре. Проверьте название.".to_owned()),
    }
}
