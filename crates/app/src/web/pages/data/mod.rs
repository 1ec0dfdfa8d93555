//! What is loaded, and what is missing?

use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_cells::Procedure;
use opora_forms::FormKind;
use opora_neutral::{Finding, Level};
use opora_registry::{NodeId, NodeLevel};
use opora_store::{Authorship, ResultFile, ResultFileId};
use serde::Deserialize;
use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use crate::clock;
use crate::usecases::results::alphabet;
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::intake::{Added, Known, add};
use crate::usecases::results::registry;
use crate::web::actor::LOCAL_USER;
use crate::web::assets::icon;
use crate::web::components::charts::{HeatCell, HeatMap, heat_map};
use crate::web::components::finding::reading;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Problems of a file shown on the page; the rest are told as a number.
const SHOWN: usize = 100;

/// What the map shows.
#[derive(Deserialize, Default)]
pub struct Wanted {
    #[serde(default)]
    node: Option<u32>,
    #[serde(default)]
    year: Option<u16>,
}

/// `GET /data`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let dataset = state.results.dataset().await?;
    Ok(page(&ui, "Данные", Section::Data, &content(&state, &dataset, &wanted, &[])))
}

fn content(state: &AppState, dataset: &Dataset, wanted: &Wanted, outcomes: &[Outcome]) -> Markup {
    let schools = dataset.registry.registry.organisations().len();
    html! {
        div.page-head { div {
            h1 { "Данные" }
            p { "Школ в реестре: " (schools) ". Файлов с результатами: " (dataset.files.len()) "." }
        } }
        @for outcome in outcomes { (told(outcome)) }
        div.data-forms {
            (form("registry", "Реестр организаций", "CSV или XLSX: регион, муниципалитет, наименование, логин ВПР или код."))
            (form("results", "Результаты и социальные паспорта", "ВПР, ОГЭ, ЕГЭ, сводные таблицы: XLSX, CSV, Parquet. Личные данные отбрасываются при чтении."))
        }
        (files(&dataset.files))
        (coverage(state, dataset, wanted))
    }
}

fn form(what: &str, title: &str, text: &str) -> Markup {
    html! {
        section.card aria-labelledby={ "add-" (what) } {
            div.card-head { h2 id={ "add-" (what) } { (title) } }
            div.card-body {
                p { (text) }
                form method="post" action={ "/data/" (what) } enctype="multipart/form-data" data-progress="1" {
                    label for={ "files-" (what) } { "Файлы" }
                    input id={ "files-" (what) } type="file" name="files" multiple required;
                    @if what == "results" {
                        label.check { input type="checkbox" name="replace" value="1"; " заменить файлы с теми же результатами" }
                        label.check { input type="checkbox" name="skip" value="1"; " пропустить школы, которых нет в реестре" }
                    }
                    button.primary type="submit" { (icon("upload")) "Загрузить" }
                }
            }
        }
    }
}

fn files(files: &[ResultFile]) -> Markup {
    let number = |file: &ResultFile, name: &str| file.summary.get(name).and_then(Value::as_u64).unwrap_or(0);
    let years = |file: &ResultFile| {
        let years = file.summary.get("years").and_then(Value::as_array).cloned().unwrap_or_default();
        years.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    html! {
        section {
            h2 #files { "Загруженные файлы" }
            @if files.is_empty() { p { "Файлов пока нет." } } @else {
                div.table-scroll tabindex="0" role="region" aria-labelledby="files" {
                    table {
                        thead { tr {
                            th scope="col" { "Файл" } th scope="col" { "Вид" } th scope="col" { "Школ" } th scope="col" { "Результатов" }
                            th scope="col" { "Годы" } th scope="col" { "Загружен" } th scope="col" { "Исключить" }
                        } }
                        tbody {
                            @for file in files {
                                tr {
                                    th scope="row" { (file.name) }
                                    td { (FormKind::from_name(&file.kind).map_or("таблица", FormKind::title)) }
                                    td { (number(file, "schools")) } td { (number(file, "rows")) } td { (years(file)) }
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
                    }
                }
            }
        }
    }
}

/// Schools of a municipality by procedures of a year: what is there and what is not.
fn coverage(state: &AppState, dataset: &Dataset, wanted: &Wanted) -> Markup {
    let registry = &dataset.registry.registry;
    let mut municipalities: Vec<_> =
        registry.nodes().filter(|node| node.level == NodeLevel::Municipality).collect();
    municipalities.sort_by_cached_key(|node| alphabet::key(&node.name));
    let node = wanted.node.map(NodeId).or_else(|| municipalities.first().map(|node| node.id));
    let years = dataset.years();
    let (Some(node), Some(last)) = (node, years.last()) else { return html! {} };
    let year = wanted.year.unwrap_or(*last);
    let mut schools: Vec<_> =
        registry.organisations().iter().filter(|school| school.municipality == node).collect();
    schools.sort_by_cached_key(|school| alphabet::key(&school.name));
    let cells = |id| dataset.cells.of(id).iter().filter(|cell| cell.year == year);
    let mut procedures: Vec<Procedure> =
        schools.iter().flat_map(|school| cells(school.id).map(|cell| cell.procedure)).collect();
    procedures.sort();
    procedures.dedup();
    let day = jiff::civil::Date::new(i16::try_from(year).unwrap_or(2000), 4, 15).unwrap_or_default();
    let row = |school: &&opora_registry::Organisation| {
        let one = |procedure: &Procedure| match cells(school.id).find(|cell| cell.procedure == *procedure) {
            Some(cell) => HeatCell::Pupils(cell.participants),
            None if registry.works_on(school.id, day) => HeatCell::Missing,
            None => HeatCell::NotExpected,
        };
        let address = format!("/schools/{}?year={year}", school.id.0);
        (school.name.clone(), address, procedures.iter().map(one).collect())
    };
    let dictionary = &state.results.catalog().dictionary;
    let map = HeatMap {
        caption: format!("Участников по школам и процедурам, {year} год"),
        columns: procedures.iter().map(|procedure| dictionary.procedure_name(*procedure)).collect(),
        rows: schools.iter().map(row).collect(),
    };
    html! {
        section aria-labelledby="coverage" {
            h2 #coverage { "Чего не хватает" }
            form.filter-bar action="/data" method="get" aria-label="Муниципалитет и год" {
                div.field-inline {
                    label for="node" { "Муниципалитет" }
                    select #node name="node" { @for known in &municipalities { option value=(known.id.0) selected[known.id == node] { (known.name) } } }
                }
                div.field-inline {
                    label for="year" { "Год" }
                    select #year name="year" { @for known in years.iter().rev() { option value=(known) selected[*known == year] { (known) } } }
                }
                button type="submit" { "Показать" }
            }
            @if procedures.is_empty() { p { "Результатов этого года здесь нет." } } @else { (heat_map(&map)) }
        }
    }
}

/// What came of one file.
struct Outcome {
    name: String,
    good: bool,
    text: String,
    findings: Vec<Finding>,
}

fn told(outcome: &Outcome) -> Markup {
    html! {
        section class=(if outcome.good { "notice good" } else { "notice error" }) role=(if outcome.good { "status" } else { "alert" }) {
            p.notice-title { (outcome.name) }
            p { (outcome.text) }
            @if !outcome.findings.is_empty() {
                details open[!outcome.good] {
                    summary { "Замечания к файлу: " (outcome.findings.len()) }
                    ul { @for finding in outcome.findings.iter().take(SHOWN) { li { (reading(finding)) } } }
                    @if outcome.findings.len() > SHOWN { p { "И ещё " (outcome.findings.len() - SHOWN) "." } }
                }
            }
        }
    }
}

/// A file of the request on the disk of the server, for as long as it is read.
struct Received {
    name: String,
    file: NamedTempFile,
}

/// Files and ticked boxes of a request.
async fn received(mut parts: Multipart) -> Result<(Vec<Received>, Vec<String>), WebError> {
    let broken = |_| {
        WebError::bad_request("Файлы не получены целиком", "Загрузите их ещё раз, если нужно — по одному.")
    };
    let failed =
        |error: std::io::Error| WebError::internal(&format!("Файл не записан на диск сервера: {error}."));
    let (mut files, mut ticked) = (Vec::new(), Vec::new());
    while let Some(mut part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned).unwrap_or_default();
        if name.is_empty() {
            ticked.push(field);
            continue;
        }
        let file = NamedTempFile::new().map_err(failed)?;
        let mut target = tokio::fs::File::from_std(file.reopen().map_err(failed)?);
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            target.write_all(&chunk).await.map_err(failed)?;
        }
        target.flush().await.map_err(failed)?;
        files.push(Received { name, file });
    }
    if files.is_empty() {
        return Err(WebError::bad_request(
            "Файл не выбран",
            "Выберите один или несколько файлов и нажмите «Загрузить».",
        ));
    }
    Ok((files, ticked))
}

/// `POST /data/results`.
pub async fn add_results(
    ui: Ui,
    State(state): State<AppState>,
    parts: Multipart,
) -> Result<Response, WebError> {
    let (files, ticked) = received(parts).await?;
    let has = |name: &str| ticked.iter().any(|ticked| ticked == name);
    let mut outcomes = Vec::new();
    for received in &files {
        let known = Known { replace: has("replace"), skip_unknown: has("skip"), ..Known::default() };
        let _turn = state.reading_turn().await;
        let bench = state.results.bench();
        let added = add(bench, received.file.path(), &received.name, known, LOCAL_USER, clock::now()).await;
        outcomes.push(match added {
            Ok(added) => outcome(added),
            Err(error) => Outcome {
                name: received.name.clone(),
                good: false,
                text: error.to_string(),
                findings: Vec::new(),
            },
        });
    }
    answer(&ui, &state, &outcomes).await
}

fn outcome(added: Added) -> Outcome {
    let summary = &added.summary;
    let text = match (added.id, added.known) {
        (_, Some(_)) => "Уже загружен, ничего не изменено.".to_owned(),
        (Some(_), _) => format!(
            "Загружен: {}. Школ: {}, строк: {}.{}",
            summary.kind.map_or("таблица", FormKind::title),
            summary.schools,
            summary.rows_seen,
            if added.replaced.is_empty() {
                String::new()
            } else {
                format!(" Исключён прежний файл: {}.", added.replaced.join(", "))
            }
        ),
        (None, None) => format!("Не загружен, ошибок: {}. Ничего не изменено.", summary.errors),
    };
    let mut findings = added.summary.findings;
    findings.sort_by_key(|finding| match finding.level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Note => 2,
    });
    Outcome { name: added.name, good: added.summary.errors == 0, text, findings }
}

/// `POST /data/registry`.
pub async fn add_registry(
    ui: Ui,
    State(state): State<AppState>,
    parts: Multipart,
) -> Result<Response, WebError> {
    let (files, _) = received(parts).await?;
    let mut outcomes = Vec::new();
    for received in files {
        let known = state.store.registry().await?;
        let bytes = tokio::fs::read(received.file.path()).await;
        let bytes = bytes.map_err(|error| WebError::internal(&format!("Файл не читается: {error}.")))?;
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
            registry::save(&state.store, reading, version, &received.name, LOCAL_USER, clock::now()).await?;
        }
        outcomes.push(Outcome { name: received.name, good, text, findings });
    }
    answer(&ui, &state, &outcomes).await
}

async fn answer(ui: &Ui, state: &AppState, outcomes: &[Outcome]) -> Result<Response, WebError> {
    let dataset = state.results.dataset().await?;
    let page = page(ui, "Данные", Section::Data, &content(state, &dataset, &Wanted::default(), outcomes));
    let good = outcomes.iter().any(|outcome| outcome.good);
    let status = if good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page).into_response())
}

/// Why a file is taken out.
#[derive(Deserialize)]
pub struct Removal {
    reason: String,
}

/// `POST /data/results/{id}/remove`.
pub async fn remove(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Form(form): Form<Removal>,
) -> Result<Redirect, WebError> {
    let by = Authorship { who: LOCAL_USER, reason: &form.reason, at: clock::now() };
    state.store.remove_results(ResultFileId(id), &by).await?;
    Ok(Redirect::to("/data#files"))
}
