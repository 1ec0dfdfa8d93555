//! How far is the loading of files, and what came of it?

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use opora_forms::FormKind;
use opora_neutral::{Finding, Level};

use crate::usecases::results::intake::Added;
use crate::usecases::results::progress::Stage;
use crate::web::components::finding::reading;
use crate::web::errors::WebError;
use crate::web::loading::{Job, JobFile, Outcome};
use crate::web::state::AppState;
use crate::web::words;

/// Problems of a file shown on the page; the rest are told as a number.
const SHOWN: usize = 100;
/// Earlier loads listed.
const LISTED: usize = 10;

/// `GET /data/loading/{id}`: the section of a job, for a page that looks again and again.
pub async fn part(State(state): State<AppState>, Path(id): Path<u64>) -> Result<Response, WebError> {
    let job = state.results.loading().job(id);
    let job = job.ok_or_else(|| WebError::not_found("О такой загрузке ничего не известно"))?;
    let markup = section(&job);
    if job.is_over() {
        // The whole page has changed: the list of files, what is missing.
        return Ok(([("HX-Refresh", "true")], markup).into_response());
    }
    Ok(markup.into_response())
}

/// What is known of a job. While it goes on, a page with JavaScript asks again by itself.
pub fn section(job: &Job) -> Markup {
    let poll = (!job.is_over()).then(|| format!("/data/loading/{}", job.id));
    html! {
        section.job #job aria-labelledby="job-head" aria-live="polite" hx-get=[poll.as_ref()] hx-trigger=[poll.as_ref().map(|_| "every 1s")] hx-swap=[poll.as_ref().map(|_| "outerHTML")] {
            h2 #job-head { @if job.is_over() { "Итоги загрузки" } @else { "Файлы загружаются" } }
            @for file in &job.files { (one(job, file)) }
            @if poll.is_some() {
                p { "Страницу можно закрыть: загрузка продолжится, а её итог останется здесь. " a href={ "/data?loading=" (job.id) } { "Обновить" } }
            }
        }
    }
}

fn one(job: &Job, file: &JobFile) -> Markup {
    match file.outcome() {
        None if job.is_over() => told(
            &file.name,
            false,
            "Чтение прервалось. Ничего не изменено. Загрузите файл ещё раз.",
            &[],
            None,
        ),
        None => going(file),
        Some(Outcome::Failed(text)) => told(&file.name, false, &text, &[], None),
        Some(Outcome::Read(added)) => outcome(&added, None),
        Some(Outcome::Unknown { added, token }) => outcome(&added, Some(&token)),
    }
}

fn going(file: &JobFile) -> Markup {
    let (stage, percent) = (file.progress.stage(), file.progress.percent());
    let text = match (stage, percent) {
        (Stage::Waiting, _) => "ждёт очереди".to_owned(),
        (Stage::Reading, Some(percent)) => format!("читается, {percent} %"),
        (Stage::Reading, None) => "читается".to_owned(),
        (Stage::Storing | Stage::Done, _) => "считается и сохраняется".to_owned(),
    };
    let value = percent.filter(|_| stage == Stage::Reading);
    html! {
        div.notice {
            p.notice-title { (file.name) }
            p { (words::size(usize::try_from(file.size).unwrap_or(usize::MAX))) " · " (text) }
            progress max="100" value=[value] aria-label={ "Загрузка файла " (file.name) } {}
        }
    }
}

fn outcome(added: &Added, token: Option<&str>) -> Markup {
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
    let mut findings = summary.findings.clone();
    findings.sort_by_key(|finding| match finding.level {
        Level::Error => 0,
        Level::Warning => 1,
        Level::Note => 2,
    });
    told(&added.name, summary.errors == 0, &text, &findings, token)
}

/// What came of one file. With a token its columns can be described.
pub fn told(name: &str, good: bool, text: &str, findings: &[Finding], token: Option<&str>) -> Markup {
    html! {
        section class=(if good { "notice good" } else { "notice error" }) role=(if good { "status" } else { "alert" }) {
            p.notice-title { (name) }
            p { (text) }
            @if let Some(token) = token {
                p { a.button.primary href={ "/data/describe/" (token) } { "Описать столбцы файла" } }
            }
            @if !findings.is_empty() {
                details open[findings.iter().any(|finding| finding.level != Level::Note)] {
                    summary { "Замечания к файлу: " (findings.len()) }
                    ul { @for finding in findings.iter().take(SHOWN) { li { (reading(finding)) } } }
                    @if findings.len() > SHOWN { p { "И ещё " (findings.len() - SHOWN) "." } }
                }
            }
        }
    }
}

/// Other loads since the program was started, the latest first.
pub fn others(jobs: &[Arc<Job>], shown: Option<u64>) -> Markup {
    let others: Vec<&Arc<Job>> = jobs.iter().filter(|job| Some(job.id) != shown).take(LISTED).collect();
    let words = |job: &Job| match (job.is_over(), job.is_good()) {
        (false, _) => "идёт",
        (true, true) => "закончена",
        (true, false) => "ничего не загружено",
    };
    html! {
        @if !others.is_empty() {
            section aria-labelledby="jobs" {
                h2 #jobs { "Последние загрузки" }
                ul {
                    @for job in others {
                        li {
                            a href={ "/data?loading=" (job.id) } { (job.files.iter().map(|file| file.name.as_str()).take(3).collect::<Vec<_>>().join(", ")) @if job.files.len() > 3 { " и ещё " (job.files.len() - 3) } }
                            " — " (words(job)) span.small.muted { ", " (words::moment(job.at)) ", " (job.who) }
                        }
                    }
                }
            }
        }
    }
}
