//! Which descriptions of columns are kept, and how do they come and go?

use axum::Form;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_forms::Mapping;
use opora_store::{Authorship, KeptMapping, MappingId};

use super::Removal;
use crate::clock;
use crate::usecases::results::tables::Plain;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::errors::WebError;
use crate::web::pages::files::disposition;
use crate::web::state::AppState;
use crate::web::words;

/// A kept description by its number.
pub async fn by_id(state: &AppState, id: i64) -> Result<Mapping, WebError> {
    let kept = state.store.mappings().await?.into_iter().find(|kept| kept.id == MappingId(id));
    let kept = kept.ok_or_else(|| WebError::not_found("Такого описания столбцов нет"))?;
    read(state, &kept.content)
}

fn read(state: &AppState, text: &str) -> Result<Mapping, WebError> {
    Mapping::read(text, &state.results.catalog().dictionary).map_err(|errors| {
        let lines: Vec<String> =
            errors.iter().map(|error| format!("{}: {}", error.place, error.message)).collect();
        WebError::bad_request(
            &format!("Описание столбцов не подходит. {}", lines.join(" ")),
            "Исправьте описание и повторите.",
        )
    })
}

/// The section of the data page with the kept descriptions.
pub fn section(mappings: &[KeptMapping]) -> Markup {
    html! {
        section {
            h2 #mappings { "Описания столбцов" }
            @if !mappings.is_empty() {
                p.chart-files {
                    "Скачать список: "
                    a href="/data/files/mappings.csv" { "CSV" } " " a href="/data/files/mappings.xlsx" { "Excel" } " " a href="/data/files/mappings.json" { "JSON" }
                }
                div.table-scroll tabindex="0" role="region" aria-labelledby="mappings" {
                    table {
                        thead { tr { th scope="col" { "Название" } th scope="col" { "Сохранено" } th scope="col" { "Файл" } th scope="col" { "Убрать" } } }
                        tbody {
                            @for known in mappings {
                                tr {
                                    th scope="row" { (known.name) }
                                    td { (words::moment(known.at)) ", " (known.by) }
                                    td { a href={ "/data/mappings/" (known.id.0) ".toml" } { "TOML" } }
                                    td {
                                        details { summary { "Убрать" }
                                            form method="post" action={ "/data/mappings/" (known.id.0) "/withdraw" } {
                                                label for={ "mapping-reason-" (known.id.0) } { "Причина" }
                                                input id={ "mapping-reason-" (known.id.0) } name="reason" required autocomplete="off";
                                                button.small.danger type="submit" { "Убрать описание" }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            details {
                summary { "Загрузить описание из файла TOML" }
                form.inline-form method="post" action="/data/mappings" enctype="multipart/form-data" {
                    label for="mapping-file" { "Файл" }
                    input #mapping-file type="file" name="file" accept=".toml" required;
                    label for="mapping-name" { "Название" }
                    input #mapping-name name="name" placeholder="как имя файла" autocomplete="off";
                    button type="submit" { (icon("upload")) "Загрузить описание" }
                }
            }
        }
    }
}

/// The kept descriptions as a table for other programs; the descriptions themselves are TOML.
pub fn plain(mappings: &[KeptMapping]) -> Plain {
    let heads = ["Название", "Когда сохранено", "Кем", "Описание (TOML)"];
    let row = |known: &KeptMapping| {
        vec![known.name.clone(), words::moment(known.at), known.by.clone(), known.content.clone()]
    };
    (heads.map(str::to_owned).to_vec(), mappings.iter().map(row).collect())
}

/// `POST /data/mappings`: keeps a description that comes as a file.
pub async fn keep(
    State(state): State<AppState>,
    actor: Actor,
    mut parts: Multipart,
) -> Result<Redirect, WebError> {
    let (mut name, mut content) = (String::new(), None);
    while let Some(part) = parts.next_field().await? {
        match part.name() {
            Some("name") => {
                let typed = part.text().await?;
                if !typed.trim().is_empty() {
                    name = typed;
                }
            }
            Some("file") => {
                let own = part.file_name().unwrap_or_default().to_owned();
                if name.trim().is_empty() {
                    own.trim_end_matches(".toml").clone_into(&mut name);
                }
                let bytes = part.bytes().await?;
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
                    WebError::bad_request(
                        "Это не описание столбцов: файл не в UTF-8",
                        "Выберите файл TOML, скачанный отсюда.",
                    )
                })?;
                content = Some(text);
            }
            _ => {}
        }
    }
    let content = content.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
        WebError::bad_request("Файл не выбран", "Выберите файл с описанием столбцов и повторите.")
    })?;
    let mapping = read(&state, &content)?;
    let toml = mapping.to_toml(&state.results.catalog().dictionary);
    let by = Authorship { who: actor.name(), reason: "из файла", at: clock::now() };
    state.store.keep_mapping(&name, &toml, &by).await?;
    Ok(Redirect::to("/data#mappings"))
}

/// `GET /data/mappings/{file}`: a kept description as a file, `7.toml`.
pub async fn download(State(state): State<AppState>, Path(file): Path<String>) -> Result<Response, WebError> {
    let id = file.strip_suffix(".toml").and_then(|id| id.parse().ok());
    let kept = state.store.mappings().await?.into_iter().find(|kept| Some(kept.id.0) == id);
    let kept = kept.ok_or_else(|| WebError::not_found("Такого описания столбцов нет"))?;
    let name = format!("{}.toml", kept.name);
    let headers = [
        ("content-type", "application/toml; charset=utf-8".to_owned()),
        ("content-disposition", disposition(&name)),
    ];
    Ok((headers, kept.content).into_response())
}

/// `POST /data/mappings/{id}/withdraw`.
pub async fn withdraw(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(form): Form<Removal>,
) -> Result<Redirect, WebError> {
    let by = Authorship { who: actor.name(), reason: &form.reason, at: clock::now() };
    state.store.withdraw_mapping(MappingId(id), &by).await?;
    Ok(Redirect::to("/data#mappings"))
}
