//! How do lists of verdicts leave as files?

use axum::extract::{Path, Query, State};
use axum::response::Response;
use opora_cycle::identification::{FINALISED, Step};
use opora_store::{RunId, RunSummary};

use super::{
    Line, Pair, compared, heading, is_what_if, lines, moved_words, pack_title, sees_some, standing_words,
    step_words,
};
use crate::usecases::results::frozen::Frozen;
use crate::web::actor::{Actor, refused};
use crate::web::download::{self, FileForm};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::words;

/// `GET /runs/files/{file}`: the runs as a list.
pub async fn index_file(
    State(state): State<AppState>,
    actor: Actor,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    let form = form_of(&file, "runs")?;
    let heads = ["Список", "Методика", "Год", "Охват", "Что если", "Кто закрепил", "Когда"];
    let row = |run: &RunSummary| {
        vec![
            run.id.0.to_string(),
            pack_title(&state, &run.pack),
            run.year.to_string(),
            run.scope.clone(),
            moved_words(&state, run).join("; "),
            run.created_by.clone(),
            words::moment(run.created_at),
        ]
    };
    let runs = state.store.runs().await?;
    let rows = runs.iter().filter(|run| sees_some(&actor, &run.scope)).map(row).collect();
    let plain = (heads.map(str::to_owned).to_vec(), rows);
    download::table(form, "Закреплённые списки", "Источник: «Опора»", plain).await
}

/// `GET /runs/{id}/files/{file}`: the schools of a list with what was said and decided.
pub async fn list_file(
    State(state): State<AppState>,
    actor: Actor,
    Path((id, file)): Path<(i64, String)>,
) -> Result<Response, WebError> {
    let form = form_of(&file, "list")?;
    let run = state.store.run(RunId(id)).await?;
    if !sees_some(&actor, &run.summary.scope) {
        return Err(refused());
    }
    let steps = state.store.steps(RunId(id)).await?;
    let frozen = Frozen::read(&run);
    let dataset = state.results.dataset().await?;
    let is_final = steps.iter().any(|step| step.step == FINALISED);
    let what_if = is_what_if(&run.summary);
    let row = |line: &Line<'_>| {
        let said: Vec<String> = line
            .steps
            .iter()
            .map(|step| format!("{}: {}", Step::of_word(&step.step).map_or("", step_words), step.text))
            .collect();
        let standing = if what_if { "" } else { standing_words(line.standing) };
        vec![line.name.clone(), line.category.clone(), standing.to_owned(), said.join("; ")]
    };
    let rows = lines(&state, &dataset, &frozen, &steps, &actor).iter().map(row).collect();
    let heads = ["Школа", "Категория", "Состояние", "Ответы и решения"].map(str::to_owned).to_vec();
    let title = format!("{}{id}", heading(what_if, is_final));
    let moved = moved_words(&state, &run.summary);
    let moved =
        if moved.is_empty() { String::new() } else { format!(". Что если: {}", moved.join("; ")) };
    let sha256 = frozen.sha256.get(..16).unwrap_or_default();
    let title_of_pack = pack_title(&state, &frozen.pack);
    let source = format!("{title_of_pack}, {} год, контрольная сумма {sha256}{moved}", frozen.year);
    download::table(form, &title, &source, (heads, rows)).await
}

/// `GET /runs/compare/files/{file}`: what differs between two lists.
pub async fn compare_file(
    State(state): State<AppState>,
    actor: Actor,
    Path(file): Path<String>,
    Query(pair): Query<Pair>,
) -> Result<Response, WebError> {
    let form = form_of(&file, "compare")?;
    let (_, changes) = compared(&state, &actor, (pair.before, pair.after)).await?;
    let none = || "не рассматривалась".to_owned();
    let rows = changes
        .into_iter()
        .map(|change| {
            let (before, after) = (change.before.unwrap_or_else(none), change.after.unwrap_or_else(none));
            vec![change.name, before, after, change.reasons.join("; ")]
        })
        .collect();
    let heads = ["Школа", "Было", "Стало", "Почему"].map(str::to_owned).to_vec();
    let title = format!("Сравнение списков № {} и № {}", pair.before, pair.after);
    download::table(form, &title, "Источник: «Опора»", (heads, rows)).await
}

/// The form of a file that must have this name.
fn form_of(file: &str, name: &str) -> Result<FileForm, WebError> {
    match FileForm::of_name(file)? {
        (own, form) if own == name => Ok(form),
        _ => Err(WebError::not_found("Такого файла нет")),
    }
}
