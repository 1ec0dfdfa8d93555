//! What is loaded, and what is missing?

mod coverage;
mod jobs;
mod kept;
mod mapping;
#[cfg(test)]
mod tests;

pub use jobs::part as job_part;
pub use kept::{download as mapping_file, keep as keep_mapping, withdraw};
pub use mapping::{describe, save as described};

use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_forms::FormKind;
use opora_store::{Authorship, KeptMapping, ResultFile, ResultFileId};
use serde::Deserialize;
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use crate::clock;
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::intake::{Known, amount};
use crate::usecases::results::registry;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::download::{self, FileForm};
use crate::web::errors::WebError;
use crate::web::loading::{self, Job, Received};
use crate::web::results::Prepared;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// A job that takes longer is looked at on a page of its own.
const AT_ONCE: Duration = Duration::from_secs(2);

/// What the map shows.
#[derive(Deserialize, Default)]
pub struct Wanted {
    #[serde(default)]
    node: Option<u32>,
    #[serde(default)]
    year: Option<u16>,
    /// Number of a job whose outcome is wanted.
    #[serde(default)]
    loading: Option<u64>,
}

/// `GET /data`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let job = wanted.loading.and_then(|id| state.results.loading().job(id));
    let told = html! {
        @if wanted.loading.is_some() && job.is_none() {
            p.notice.warning { "О загрузке ничего не известно: программа с тех пор запускалась заново. Посмотрите, есть ли файл в списке, и загрузите его ещё раз, если нет." }
        }
    };
    Content::page(&ui, &state, &wanted, told, job).await
}

/// Everything the page shows.
struct Content<'a> {
    state: &'a AppState,
    dataset: &'a Dataset,
    prepared: &'a Prepared,
    wanted: &'a Wanted,
    mappings: Vec<KeptMapping>,
    /// What came of a registry that was given just now.
    told: Markup,
    job: Option<Arc<Job>>,
}

impl<'a> Content<'a> {
    async fn page(
        ui: &Ui,
        state: &AppState,
        wanted: &Wanted,
        told: Markup,
        job: Option<Arc<Job>>,
    ) -> Result<Markup, WebError> {
        let dataset = state.results.dataset().await?;
        let prepared = state.results.prepared(&dataset).await?;
        let mappings = state.store.mappings().await?;
        let (dataset, prepared) = (&*dataset, &*prepared);
        let content = Content { state, dataset, prepared, wanted, mappings, told, job }.markup();
        Ok(page(ui, "Данные", Section::Data, &content))
    }

    fn markup(&self) -> Markup {
        let schools = self.dataset.registry.registry.organisations().len();
        html! {
            div.page-head { div {
                h1 { "Данные" }
                p { "Школ в реестре: " (schools) ". Файлов с результатами: " (self.dataset.files.len()) "." }
            } }
            (self.told)
            @if let Some(job) = &self.job { (jobs::section(job)) }
            div.data-forms { (self.registry_form()) (self.results_form()) }
            (jobs::others(&self.state.results.loading().jobs(), self.job.as_ref().map(|job| job.id)))
            (self.waiting())
            (files(&self.dataset.files))
            (kept::section(&self.mappings))
            (coverage::section(self.state, self.dataset, self.prepared, self.wanted))
        }
    }

    fn registry_form(&self) -> Markup {
        html! {
            section.card aria-labelledby="add-registry" {
                div.card-head { h2 #add-registry { "Реестр организаций" } }
                div.card-body {
                    p { "CSV или XLSX: регион, муниципалитет, наименование, логин ВПР или код." }
                    form method="post" action="/data/registry" enctype="multipart/form-data" {
                        label for="files-registry" { "Файлы" }
                        input #files-registry type="file" name="files" multiple required;
                        button.primary type="submit" { (icon("upload")) "Загрузить" }
                    }
                }
            }
        }
    }

    fn results_form(&self) -> Markup {
        html! {
            section.card aria-labelledby="add-results" {
                div.card-head { h2 #add-results { "Результаты и социальные паспорта" } }
                div.card-body {
                    p { "ВПР, ОГЭ, ЕГЭ, сводные таблицы: XLSX, CSV, Parquet. Личные данные отбрасываются при чтении. Если столбцы не узнаны, программа предложит их описать." }
                    form method="post" action="/data/results" enctype="multipart/form-data" data-sending="Файлы отправляются" {
                        label for="files-results" { "Файлы" }
                        input #files-results type="file" name="files" multiple required;
                        @if !self.mappings.is_empty() {
                            label for="mapping-results" { "Описание столбцов" }
                            select #mapping-results name="mapping" {
                                option value="" { "узнать по названиям столбцов" }
                                @for known in &self.mappings { option value=(known.id.0) { (known.name) } }
                            }
                        }
                        label.check { input type="checkbox" name="replace" value="1"; " заменить файлы с теми же результатами" }
                        label.check { input type="checkbox" name="skip" value="1"; " пропустить школы, которых нет в реестре" }
                        button.primary type="submit" { (icon("upload")) "Загрузить" }
                    }
                }
            }
        }
    }

    fn waiting(&self) -> Markup {
        let waiting = self.state.results.loading().all_waiting();
        html! {
            @if !waiting.is_empty() {
                section aria-labelledby="waiting" {
                    h2 #waiting { "Ждут описания столбцов" }
                    ul { @for (token, name) in &waiting { li { a href={ "/data/describe/" (token) } { (name) } } } }
                    p.small.muted { "Файл лежит на сервере не дольше часа, потом удаляется." }
                }
            }
        }
    }
}

fn number(file: &ResultFile, name: &str) -> u64 {
    file.summary.get(name).and_then(Value::as_u64).unwrap_or(0)
}

/// How much a file tells; what is no result of a pupil is named.
fn told(file: &ResultFile) -> String {
    match amount(&file.summary) {
        ("результатов", number) => number.to_string(),
        (what, number) => format!("{what}: {number}"),
    }
}

fn years(file: &ResultFile) -> String {
    let years = file.summary.get("years").and_then(Value::as_array).cloned().unwrap_or_default();
    years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn kind_words(file: &ResultFile) -> &'static str {
    FormKind::from_name(&file.kind).map_or("таблица", FormKind::title)
}

/// In the order in which they came.
fn in_order(files: &[ResultFile]) -> Vec<&ResultFile> {
    let mut files: Vec<&ResultFile> = files.iter().collect();
    files.sort_by_key(|file| file.id);
    files
}

fn files(files: &[ResultFile]) -> Markup {
    html! {
        section {
            h2 #files { "Загруженные файлы" }
            @if files.is_empty() { p { "Файлов пока нет." } } @else {
                p.chart-files {
                    "Скачать список: "
                    a href="/data/files/results.csv" { "CSV" } " " a href="/data/files/results.xlsx" { "Excel" } " " a href="/data/files/results.json" { "JSON" }
                }
                div.table-scroll tabindex="0" role="region" aria-labelledby="files" {
                    table {
                        thead { tr {
                            th scope="col" { "Файл" } th scope="col" { "Вид" } th scope="col" { "Школ" } th scope="col" { "Результатов" }
                            th scope="col" { "Годы" } th scope="col" { "Загружен" } th scope="col" { "Исключить" }
                        } }
                        tbody { @for file in in_order(files) { (file_row(file)) } }
                    }
                }
            }
        }
    }
}

fn file_row(file: &ResultFile) -> Markup {
    html! {
        tr {
            th scope="row" { (file.name) }
            td { (kind_words(file)) }
            td { (number(file, "schools")) } td { (told(file)) } td { (years(file)) }
            td { (words::moment(file.added_at)) ", " (file.added_by) }
            td {
                details { summary { "Исключить" }
                    form method="post" action={ "/data/results/" (file.id.0) "/remove" } {
                        label for={ "reason-" (file.id.0) } { "Причина" }
                        input id={ "reason-" (file.id.0) } name="reason" required autocomplete="off";
                        button.small.danger type="submit" { "Исключить из расчётов" }
                    }
                }
            }
        }
    }
}

/// `GET /data/files/{file}`: the list of files, of descriptions of columns, or the map of what is missing.
pub async fn file(
    State(state): State<AppState>,
    Path(file): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let (name, form) = FileForm::of_name(&file)?;
    let dataset = state.results.dataset().await?;
    let sha256 = dataset.sha256.get(..12).unwrap_or_default();
    let source = format!("Источник: данные, загруженные в «Опору», контрольная сумма {sha256}");
    match name {
        "results" => {
            let heads = ["Файл", "Вид", "Школ", "Результатов", "Годы", "Когда загружен", "Кем"];
            let row = |file: &&ResultFile| {
                let (schools, rows) = (number(file, "schools").to_string(), told(file));
                let (at, by) = (words::moment(file.added_at), file.added_by.clone());
                vec![file.name.clone(), kind_words(file).to_owned(), schools, rows, years(file), at, by]
            };
            let rows = in_order(&dataset.files).iter().map(row).collect();
            download::table(form, "Загруженные файлы", &source, (heads.map(str::to_owned).to_vec(), rows))
                .await
        }
        "mappings" => {
            let mappings = kept::plain(&state.store.mappings().await?);
            let source = "Источник: описания столбцов, сохранённые в «Опоре»";
            download::table(form, "Описания столбцов", source, mappings).await
        }
        coverage::ID => {
            let prepared = state.results.prepared(&dataset).await?;
            let source = format!("{source}. Числа меньше {} не показаны", prepared.shown.pupils_min);
            let map = coverage::map(&state, &dataset, &prepared, &wanted);
            let chart = map.filter(|map| !map.columns.is_empty()).map(|map| map.chart(coverage::ID));
            download::chart(form, chart.as_ref(), &source).await
        }
        _ => Err(WebError::not_found("Такого списка на странице данных нет")),
    }
}

/// Files and fields of a request.
async fn received(mut parts: Multipart) -> Result<(Vec<Received>, Vec<(String, String)>), WebError> {
    let failed = |error: std::io::Error| {
        tracing::error!(%error, "an upload can't be kept");
        WebError::internal("Файл не записан на диск сервера: проверьте, есть ли там место.")
    };
    let (mut files, mut fields) = (Vec::new(), Vec::new());
    while let Some(mut part) = parts.next_field().await? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let Some(name) = name else {
            fields.push((field, part.text().await?));
            continue;
        };
        if name.is_empty() {
            continue;
        }
        let file = tempfile::Builder::new().rand_bytes(24).tempfile().map_err(failed)?;
        let mut target = tokio::fs::File::from_std(file.reopen().map_err(failed)?);
        let mut size = 0_u64;
        while let Some(chunk) = part.chunk().await? {
            target.write_all(&chunk).await.map_err(failed)?;
            size += chunk.len() as u64;
        }
        target.flush().await.map_err(failed)?;
        files.push(Received { name, size, file });
    }
    if files.is_empty() {
        return Err(WebError::bad_request(
            "Файл не выбран",
            "Выберите один или несколько файлов и нажмите «Загрузить».",
        ));
    }
    Ok((files, fields))
}

/// Whether a script asks where to look, rather than for a page.
#[derive(Deserialize, Default)]
pub struct Manner {
    #[serde(default)]
    part: Option<u8>,
}

/// `POST /data/results`: starts to load. Small files are done at once; for others the page says how far it is.
pub async fn add_results(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(manner): Query<Manner>,
    parts: Multipart,
) -> Result<Response, WebError> {
    let (files, fields) = received(parts).await?;
    let field = |name: &str| fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let has = |name: &str| field(name).is_some();
    let mapping = match field("mapping").filter(|id| !id.is_empty()) {
        Some(id) => Some(kept::by_id(&state, id.parse().unwrap_or_default()).await?),
        None => None,
    };
    let known = Known { replace: has("replace"), skip_unknown: has("skip"), mapping, ..Known::default() };
    let (job, work) = loading::start(&state, files, known, actor.name());
    if manner.part.is_some() {
        return Ok(format!("/data?loading={}", job.id).into_response());
    }
    finished(&ui, &state, job, work).await
}

/// The page with what came of a job, or the way to the page that tells how far it is.
async fn finished(
    ui: &Ui,
    state: &AppState,
    job: Arc<Job>,
    work: tokio::task::JoinHandle<()>,
) -> Result<Response, WebError> {
    if tokio::time::timeout(AT_ONCE, work).await.is_err() {
        return Ok(Redirect::to(&format!("/data?loading={}", job.id)).into_response());
    }
    let status = if job.is_good() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Content::page(ui, state, &Wanted::default(), html! {}, Some(job)).await?;
    Ok((status, page).into_response())
}

/// `POST /data/registry`.
pub async fn add_registry(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    parts: Multipart,
) -> Result<Response, WebError> {
    let (files, _) = received(parts).await?;
    let (mut told, mut any_good) = (Vec::new(), false);
    for received in files {
        let known = state.store.registry().await?;
        let bytes = tokio::fs::read(received.file.path()).await;
        let bytes = bytes.map_err(|error| {
            tracing::error!(%error, "an upload can't be read");
            WebError::internal("Файл не читается с диска сервера. Загрузите его ещё раз.")
        })?;
        let (name, version) = (received.name.clone(), known.version);
        let read = tokio::task::spawn_blocking(move || registry::read(&known, &name, &bytes)).await;
        let reading = read.map_err(|_| WebError::internal("Чтение файла прервалось."))?;
        let (good, findings) = (!reading.is_refused(), reading.findings.clone());
        let text = if good {
            format!("Новых школ: {}, известных: {}.", reading.added, reading.known)
        } else {
            "Не загружен. Ничего не изменено.".to_owned()
        };
        if good {
            registry::save(&state.store, reading, version, &received.name, actor.name(), clock::now())
                .await?;
        }
        any_good |= good;
        told.push(jobs::told(&received.name, good, &text, &findings, None));
    }
    let page =
        Content::page(&ui, &state, &Wanted::default(), html! { @for one in &told { (one) } }, None).await?;
    let status = if any_good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page).into_response())
}

/// Why something is taken out.
#[derive(Deserialize)]
pub struct Removal {
    reason: String,
}

/// `POST /data/results/{id}/remove`.
pub async fn remove(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(form): Form<Removal>,
) -> Result<Redirect, WebError> {
    let by = Authorship { who: actor.name(), reason: &form.reason, at: clock::now() };
    state.store.remove_results(ResultFileId(id), &by).await?;
    Ok(Redirect::to("/data#files"))
}
