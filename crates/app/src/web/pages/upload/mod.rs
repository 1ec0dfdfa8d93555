//! How do files get in, and what became of each?

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{Multipart, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::home::sample_button;
use crate::web::state::AppState;
use crate::web::ui::Ui;

mod outcome;
pub mod take_in;

pub use outcome::Outcome;
use outcome::TakenIn;

/// Most bytes of one file.
pub const MAX_FILE_BYTES: usize = 50 * 1024 * 1024;
/// Most files in one request.
const MAX_FILES: usize = 100;
/// Formats offered by the file dialog; what a file is, its content decides.
const ACCEPTED: &str =
    ".docx,.doc,.odt,.rtf,.pdf,.png,.jpg,.jpeg,.tif,.tiff,.xlsx,.xls,.ods,.txt,.md,.html,.htm,.csv,.tsv";

/// An invented order.
const SAMPLE: &str = include_str!("sample.txt");
const SAMPLE_NAME: &str = "Пример приказа.txt";

/// Whether a script asks for the outcome alone.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    part: Option<u8>,
}

/// `GET /upload`.
pub async fn form(ui: Ui) -> Markup {
    page(&ui, "Загрузка приказов", Section::Upload, &upload_page(&ui, &[]))
}

/// `POST /upload`: each file is taken in for itself; what happened to it is told for each.
pub async fn receive(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
    mut parts: Multipart,
) -> Result<Response, WebError> {
    let mut taken = Vec::new();
    loop {
        let part = match parts.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            // Files read so far are kept: only the rest of the request is lost.
            Err(error) if taken.is_empty() => return Err(error.into()),
            Err(error) => {
                taken.push(take_in::interrupted(&error));
                break;
            }
        };
        let name = part.file_name().map(str::to_owned).unwrap_or_default();
        if part.name() != Some("files") || name.is_empty() {
            continue;
        }
        if taken.len() >= MAX_FILES {
            taken.push(take_in::too_many(&name, MAX_FILES));
            break;
        }
        let result = match read_part(part).await {
            Ok(Some(bytes)) => take_in::take_in(&state, &actor, &name, bytes).await,
            Ok(None) => take_in::too_large(&name, MAX_FILE_BYTES),
            Err(error) => {
                taken.push(take_in::cut_off(&name, &error));
                break;
            }
        };
        taken.push(result);
    }
    if wanted.part.is_some() {
        let lines = html! { @for one in &taken { (outcome::line(one)) } };
        return Ok(lines.into_response());
    }
    if taken.is_empty() {
        let nothing = html! {
            div.notice.warning role="alert" {
                (icon("triangle-alert"))
                div { p.notice-title { "Файл не выбран" } p { "Выберите один или несколько файлов и нажмите «Загрузить»." } }
            }
            (upload_page(&ui, &[]))
        };
        let page = page(&ui, "Загрузка приказов", Section::Upload, &nothing);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    Ok(page(&ui, "Итоги загрузки", Section::Upload, &upload_page(&ui, &taken)).into_response())
}

/// `POST /upload/sample`: takes in an invented order and shows it.
pub async fn sample(State(state): State<AppState>, actor: Actor) -> Result<Redirect, WebError> {
    let taken = take_in::take_in(&state, &actor, SAMPLE_NAME, SAMPLE.as_bytes().to_vec()).await;
    match taken.outcome {
        Outcome::Read { plans, .. } | Outcome::Known { plans } => {
            let plan = plans.first().ok_or_else(|| WebError::internal("В примере не нашлось плана."))?;
            Ok(Redirect::to(&format!("/plans/{}/review", plan.id)))
        }
        Outcome::Refused { what, .. } => Err(WebError::internal(&what)),
    }
}

/// The bytes of a file; `None` if there are too many, an error if the request broke off or was too large.
async fn read_part(mut part: Field<'_>) -> Result<Option<Vec<u8>>, MultipartError> {
    let mut bytes = Vec::new();
    let mut fits = true;
    // A file that is too large is read to its end and dropped, so that the files after it are reached.
    while let Some(chunk) = part.chunk().await? {
        fits = fits && bytes.len() + chunk.len() <= MAX_FILE_BYTES;
        if fits {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes = Vec::new();
        }
    }
    Ok(fits.then_some(bytes))
}

fn upload_page(ui: &Ui, taken: &[TakenIn]) -> Markup {
    // An invented order among real ones would only be archived, never deleted.
    let alone = ui.actor.as_ref().is_some_and(|actor| actor.account().is_none());
    html! {
        div.page-head {
            div {
                h1 { @if taken.is_empty() { "Загрузка приказов" } @else { "Итоги загрузки" } }
                p { "Приказ с дорожной картой в любом из видов: DOCX, ODT, PDF, скан или фото, XLSX, текст." }
            }
        }
        section.upload-results #upload-results aria-label="Итоги по файлам" hidden[taken.is_empty()] {
            ul.outcomes #outcomes { @for one in taken { (outcome::line(one)) } }
        }
        (drop_zone("files"))
        div.upload-notes {
            div {
                h2 { "Что произойдёт" }
                ul {
                    li { "Файл читается там, где работает Опора, и больше никуда не отправляется." }
                    li { "Мероприятия, сроки и ответственные станут планом; исходный файл сохранится рядом." }
                    li { "Один нечитаемый файл не помешает остальным." }
                    li { "Тот же файл второй раз не создаст второго плана." }
                }
            }
            div {
                h2 { "Пределы" }
                ul {
                    li { "один файл — до 50 МБ, за один раз — до " (MAX_FILES) " файлов и 200 МБ;" }
                    li { "скан читается медленнее: до минуты на страницу;" }
                    li { "файл с паролем откройте и сохраните без пароля." }
                }
                @if alone { (sample_button()) }
            }
        }
    }
}

/// The place to drop files: a form that also works without JavaScript.
pub fn drop_zone(id: &str) -> Markup {
    html! {
        form.drop-zone action="/upload" method="post" enctype="multipart/form-data" data-max=(MAX_FILE_BYTES) {
            (icon("upload"))
            label for=(id) {
                span.drop-title { span.drop-hint { "Перетащите сюда или " } "выберите файлы" }
                span.muted.small { "DOCX, ODT, PDF, скан, XLSX, текст — до 50 МБ каждый" }
            }
            input type="file" id=(id) name="files" multiple accept=(ACCEPTED);
            button.primary type="submit" { "Загрузить" }
        }
    }
}
