//! How does a plan leave the program: as a document, a table, data or paper?

mod print;

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

pub use print::show as print;

use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::files::disposition;
use crate::web::shown::{Shown, Wish};
use crate::web::state::{AppState, LoadedPlan};
use crate::web::views::words::shortened;

/// Forms of a file.
#[derive(Clone, Copy)]
pub enum Form {
    /// A document.
    Docx,
    /// A table.
    Xlsx,
    /// The wire form.
    Json,
}

impl Form {
    fn extension(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    fn write(self, plan: &LoadedPlan) -> Result<Vec<u8>, WebError> {
        let failed = |error: &dyn std::fmt::Display| WebError::internal(&error.to_string());
        match self {
            Self::Json => {
                opora_exchange::write_order(&plan.order).map(String::into_bytes).map_err(|e| failed(&e))
            }
            Self::Docx => opora_documents::writers::docx(&opora_exchange::plan_document(&plan.order, 0))
                .map_err(|e| failed(&e)),
            Self::Xlsx => opora_documents::writers::xlsx(&opora_exchange::plan_document(&plan.order, 0))
                .map_err(|e| failed(&e)),
        }
    }
}

/// `GET /plans/{id}/export.docx`.
pub async fn docx(
    state: State<AppState>,
    actor: Actor,
    id: Path<i64>,
    query: RawQuery,
) -> Result<Response, WebError> {
    export(state, &actor, id, query, Form::Docx).await
}

/// `GET /plans/{id}/export.xlsx`.
pub async fn xlsx(
    state: State<AppState>,
    actor: Actor,
    id: Path<i64>,
    query: RawQuery,
) -> Result<Response, WebError> {
    export(state, &actor, id, query, Form::Xlsx).await
}

/// `GET /plans/{id}/export.json`.
pub async fn json(
    state: State<AppState>,
    actor: Actor,
    id: Path<i64>,
    query: RawQuery,
) -> Result<Response, WebError> {
    export(state, &actor, id, query, Form::Json).await
}

/// The newest version as a file, for programs.
pub async fn newest(state: &AppState, id: i64, form: Form) -> Result<Response, WebError> {
    send(state.plan(id).await?, form).await
}

async fn export(
    State(state): State<AppState>,
    actor: &Actor,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
    form: Form,
) -> Result<Response, WebError> {
    let plan = Shown::read(&state, id, query.as_deref(), |owner| Wish::of(actor, owner)).await?.plan;
    send(plan, form).await
}

async fn send(plan: Arc<LoadedPlan>, form: Form) -> Result<Response, WebError> {
    let name = file_name(&plan, form.extension());
    let bytes = tokio::task::spawn_blocking(move || form.write(&plan))
        .await
        .map_err(|_| WebError::internal("Запись файла прервалась."))??;
    let headers = [(CONTENT_TYPE, form.content_type().to_owned()), (CONTENT_DISPOSITION, disposition(&name))];
    Ok((headers, bytes).into_response())
}

/// «Дорожная карта, приказ от 29.03.2021 № 104.docx».
pub(crate) fn file_name(plan: &LoadedPlan, extension: &str) -> String {
    let act = plan.act_line().map(|line| format!(", {line}")).unwrap_or_default();
    format!("{}.{extension}", safe_name(&format!("{}{act}", shortened(plan.title(), 60))))
}

/// The name without what a file system does not take.
fn safe_name(name: &str) -> String {
    let safe: String = name.chars().map(|c| if forbidden(c) { '-' } else { c }).collect();
    let trimmed = safe.trim_matches(['.', ' ', '-']);
    if trimmed.is_empty() { "план".to_owned() } else { trimmed.to_owned() }
}

/// Characters that a file system does not take.
fn forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    fn check(name: &str, expected: &str) {
        assert_eq!(safe_name(name), expected);
    }

    #[test]
    fn a_file_name_suits_every_file_system() {
        check("План, приказ от 17.09.2020 № 212/1", "План, приказ от 17.09.2020 № 212-1");
        check("..\\a:\u{0}b*?\"<>|", "a--b");
        check("...", "план");
    }
}
