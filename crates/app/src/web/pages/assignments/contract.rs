//! Under which contract does a school help another?

use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_store::{Authorship, NewSource};

use super::desk::Desk;
use super::mentors::unknown;
use super::{Outcome, span, told};
use crate::clock;
use crate::usecases::assignments::{Contract, ContractFile, Mentoring, Support, add_contract};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::deeds::checked_file;
use crate::web::errors::WebError;
use crate::web::pages::files::send;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Longest text of a contract, signs; the contract itself is a file.
const TEXT_MAX: usize = 4_000;

async fn known(state: &AppState, actor: &Actor, id: i64) -> Result<(Desk, Mentoring), WebError> {
    let desk = Desk::read(state, actor).await?;
    let own = desk.support.mentoring(id).cloned().ok_or_else(unknown)?;
    actor.require(Right::Assign, Place::School(own.school))?;
    Ok((desk, own))
}

/// `GET /assignments/mentors/{id}`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
) -> Result<Markup, WebError> {
    let (desk, own) = known(&state, &actor, id).await?;
    Ok(whole(&ui, &desk, &own, &Outcome::default()))
}

fn whole(ui: &Ui, desk: &Desk, own: &Mentoring, outcome: &Outcome) -> Markup {
    let content = html! { div.stack {
        nav.breadcrumbs aria-label="Путь" { a href="/assignments/mentors" { "Школы-наставники" } }
        div.page-head { div {
            h1 { (desk.school(own.mentor)) " – наставник: " (desk.school(own.school)) }
            p { (span(own.from, own.until)) " · назначил " (own.who) @for reason in own.reasons.iter().filter(|reason| !reason.is_empty()) { " · " (reason) } }
        } }
        (told(outcome))
        section aria-labelledby="contracts" {
            h2 #contracts { "Договоры" }
            @if own.contracts.is_empty() { p.muted { "Договора пока нет." } }
            @for contract in own.contracts.iter().rev() { (line(own.school, contract)) }
        }
        section.card aria-labelledby="new" {
            div.card-head { h2 #new { "Добавить договор" } }
            div.card-body {
                p.hint { "Прежние договоры остаются в списке: новый их не стирает." }
                form.stack action={ "/assignments/mentors/" (own.id.0) } method="post" enctype="multipart/form-data" {
                    div.field-row {
                        div.field { label for="number" { "Номер" } input #number name="number" required autocomplete="off"; }
                        div.field { label for="signed" { "Дата подписания" } input #signed name="signed" type="date" required; }
                    }
                    div.field { label for="text" { "О чём договор" } textarea #text name="text" rows="4" maxlength=(TEXT_MAX) {} }
                    div.field { label for="file" { "Файл договора" } input #file name="file" type="file"; p.hint { "Не обязательно. До 20 МБ." } }
                    div.actions { button.primary type="submit" { "Добавить" } }
                }
            }
        }
    } };
    page(ui, "Договор о наставничестве", Section::People, &content)
}

/// A contract as it is shown.
pub(super) fn line(school: OrganisationId, contract: &Contract) -> Markup {
    html! {
        p {
            "№ " (contract.number) " от " (words::date_short(contract.signed))
            @if !contract.text.is_empty() { ". " (contract.text) }
            @if let Some(file) = &contract.file { " " a href={ "/schools/" (school.0) "/mentors/" (file.sha256) } { (file.name) } }
        }
    }
}

/// What came with the form.
#[derive(Default)]
pub struct Typed {
    number: String,
    signed: String,
    text: String,
    file: Option<(String, Vec<u8>)>,
}

/// Reads a form: `number`, `signed`, `text` and, where there is one, `file`.
pub async fn typed(mut parts: Multipart) -> Result<Typed, WebError> {
    let mut typed = Typed::default();
    while let Some(part) = parts.next_field().await? {
        match part.name().unwrap_or_default() {
            "number" => part.text().await?.trim().clone_into(&mut typed.number),
            "signed" => part.text().await?.trim().clone_into(&mut typed.signed),
            "text" => part.text().await?.trim().clone_into(&mut typed.text),
            "file" => {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await?;
                if !name.is_empty() {
                    typed.file = Some((name, bytes.to_vec()));
                }
            }
            _ => {}
        }
    }
    Ok(typed)
}

/// `POST /assignments/mentors/{id}`.
pub async fn add(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    parts: Multipart,
) -> Result<Response, WebError> {
    let (desk, own) = known(&state, &actor, id).await?;
    let typed = typed(parts).await?;
    if let Err(wrong) = keep(&state, &actor, &own, typed).await? {
        let outcome = Outcome { wrong: vec![wrong.to_owned()], ..Outcome::default() };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, whole(&ui, &desk, &own, &outcome)).into_response());
    }
    Ok(Redirect::to(&format!("/assignments/mentors/{id}")).into_response())
}

/// Adds a contract to the help of a mentor school, or tells what is missing.
pub async fn keep(
    state: &AppState,
    actor: &Actor,
    own: &Mentoring,
    typed: Typed,
) -> Result<Result<(), &'static str>, WebError> {
    let now = clock::now();
    let signed = match typed.signed.parse() {
        Ok(day) if !typed.number.is_empty() && typed.text.chars().count() <= TEXT_MAX => day,
        _ => {
            let wrong =
                "Договор не добавлен: нужны номер и дата подписания, а текст – не длиннее 4 000 знаков.";
            return Ok(Err(wrong));
        }
    };
    let by =
        Authorship { who: actor.name(), reason: "договор о наставничестве", at: now };
    let file = match &typed.file {
        Some((name, bytes)) => {
            checked_file(name, bytes)?;
            let format = opora_documents::detect(bytes, name);
            let sha256 = state.store.add_file(&NewSource { name, format, bytes }, &by).await?;
            Some(ContractFile { sha256, name: name.clone() })
        }
        None => None,
    };
    let contract = Contract { number: typed.number, signed, text: typed.text, file, at: now };
    add_contract(&state.store, own, &contract, actor.account(), &by).await?;
    Ok(Ok(()))
}

/// `GET /schools/{id}/mentors/{sha256}`: the file of a contract of this school.
pub async fn file(
    State(state): State<AppState>,
    Path((id, sha256)): Path<(u32, String)>,
) -> Result<Response, WebError> {
    let support = Support::read(&state.store).await?;
    let mut contracts = support
        .mentorings
        .iter()
        .filter(|own| own.school == OrganisationId(id) || own.mentor == OrganisationId(id))
        .flat_map(|own| &own.contracts);
    if contracts.any(|contract| contract.file.as_ref().is_some_and(|file| file.sha256 == sha256)) {
        send(&state, &sha256).await
    } else {
        Err(WebError::not_found("Такого договора у этой школы нет"))
    }
}
