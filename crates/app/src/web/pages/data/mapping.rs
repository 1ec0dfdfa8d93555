//! How are the columns of a table described that nobody knows?
//!
//! A plain form: it works without JavaScript. «Показать» reads the first rows and loads nothing; «Сохранить» keeps the
//! description under its name and loads the file.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_cells::{Dictionary, Entry};
use opora_forms::{Field, Glance, Mapping, unknown_words};
use opora_store::Authorship;

use super::finished;
use crate::clock;
use crate::usecases::results::describe::{Filled, Trial, look, suggest, try_out};
use crate::usecases::results::intake::Known;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::finding::reading;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::loading::{Received, Waiting, start};
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// Problems of a trial that are shown.
const SHOWN: usize = 30;
/// Values of a column that are shown.
const VALUES: usize = 4;
/// Words of the file that can be given a meaning at a time.
const WORDS: usize = 30;

/// What columns can tell, in the order of the choice.
const FIELDS: [(&str, &[(&str, &str)]); 5] = [
    (
        "Школа",
        &[
            ("login", "логин ВПР (edu…)"),
            ("code", "код школы в регионе"),
            ("inn", "ИНН"),
            ("school", "название школы"),
            ("number", "номер школы в Опоре"),
            ("region", "регион"),
            ("municipality", "муниципалитет"),
            ("municipality_code", "код муниципалитета"),
        ],
    ),
    (
        "Процедура",
        &[
            ("year", "год"),
            ("date", "дата"),
            ("kind", "вид процедуры"),
            ("subject", "предмет"),
            ("level", "уровень"),
            ("grade", "класс (параллель)"),
            ("class", "класс с буквой"),
        ],
    ),
    (
        "Результат ученика",
        &[
            ("mark", "отметка"),
            ("score", "первичный балл"),
            ("test_score", "тестовый балл"),
            ("journal", "отметка в журнале"),
            ("minimum", "минимальный балл или «сдал»"),
            ("participant", "код участника (для поиска повторов, не хранится)"),
        ],
    ),
    (
        "Результат школы",
        &[
            ("participants", "число участников"),
            ("twos", "«2»"),
            ("threes", "«3»"),
            ("fours", "«4»"),
            ("fives", "«5»"),
            ("below_minimum", "не набрали минимум"),
            ("at_minimum", "набрали минимум"),
            ("mean_score", "средний балл"),
            ("schools_count", "сколько школ в строке (итог)"),
            ("lower", "отметка ниже журнала"),
            ("equal", "отметка как в журнале"),
            ("higher", "отметка выше журнала"),
        ],
    ),
    (
        "Другое",
        &[
            ("indicator", "название показателя"),
            ("value", "значение показателя"),
            ("personal", "личные данные – отбросить"),
        ],
    ),
];

fn gone() -> WebError {
    WebError::not_found("Файл больше не ждёт описания: прошёл час, или он уже загружен")
}

async fn waiting(state: &AppState, token: &str) -> Result<(std::sync::Arc<Waiting>, Glance), WebError> {
    let waiting = state.results.loading().waiting(token).ok_or_else(gone)?;
    let file = std::sync::Arc::clone(&waiting);
    let looked = tokio::task::spawn_blocking(move || look(file.path(), &file.received.name)).await;
    let glance = looked.map_err(|_| WebError::internal("Чтение файла прервалось."))??;
    let glance = glance.ok_or_else(|| {
        WebError::bad_request(
            "В файле не видно таблицы",
            "Описать можно таблицу, у которой есть строка с названиями столбцов. Добавьте её и загрузите файл снова.",
        )
    })?;
    Ok((waiting, glance))
}

/// `GET /data/describe/{token}`.
pub async fn describe(
    ui: Ui,
    State(state): State<AppState>,
    Path(token): Path<String>,
) -> Result<Markup, WebError> {
    let (waiting, glance) = waiting(&state, &token).await?;
    let catalog = state.results.catalog();
    let kept: Vec<(String, Mapping)> = state
        .store
        .mappings()
        .await?
        .into_iter()
        .filter_map(|kept| Some((kept.name, Mapping::read(&kept.content, &catalog.dictionary).ok()?)))
        .collect();
    let (name, suggestion) = suggest(catalog, &glance, &kept);
    let description = Description {
        token: &token,
        waiting: &waiting,
        glance: &glance,
        dictionary: &catalog.dictionary,
        filled: Filled::of(&suggestion.mapping, &glance, &catalog.dictionary),
        by_values: &suggestion.by_values,
        name: name.clone().unwrap_or_default(),
        kept: name,
    };
    Ok(page(&ui, "Описание столбцов", Section::Data, &description.page(&[], None)))
}

/// `POST /data/describe/{token}`: shows what would be read, or keeps the description and loads the file.
pub async fn save(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(token): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let value = |name: &str| {
        pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    if value("action") == "cancel" {
        state.results.loading().drop_waiting(&token);
        return Ok(Redirect::to("/data").into_response());
    }
    let (waiting, glance) = waiting(&state, &token).await?;
    let catalog = state.results.catalog();
    let description = Description {
        token: &token,
        waiting: &waiting,
        glance: &glance,
        dictionary: &catalog.dictionary,
        filled: filled(&pairs, glance.heads.len()),
        by_values: &[],
        name: value("name"),
        kept: None,
    };
    let refused = |wrong: &[String]| {
        let page = page(&ui, "Описание столбцов", Section::Data, &description.page(wrong, None));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let mapping = match description.filled.mapping(&glance, &catalog.dictionary) {
        Ok(mapping) => mapping,
        Err(wrong) => return refused(&wrong),
    };
    let toml = mapping.to_toml(&catalog.dictionary);
    let (now, known) = (clock::now(), Known { mapping: Some(mapping), ..waiting.known.clone() });
    if value("action") != "save" {
        let (dataset, catalog, file) = (
            state.results.dataset().await?,
            state.results.bench().catalog.clone(),
            std::sync::Arc::clone(&waiting),
        );
        let trial = move || try_out(file.path(), &file.received.name, (&dataset, &catalog), &known, now);
        let trial = tokio::task::spawn_blocking(trial).await;
        let trial = trial.map_err(|_| WebError::internal("Чтение файла прервалось."))??;
        let page = page(&ui, "Описание столбцов", Section::Data, &description.page(&[], Some(&trial)));
        return Ok(page.into_response());
    }
    if description.name.trim().is_empty() {
        return refused(&["Назовите описание: по названию его находят в следующий раз.".to_owned()]);
    }
    let by = Authorship { who: actor.name(), reason: "", at: now };
    state.store.keep_mapping(&description.name, &toml, &by).await?;
    let received = again(&waiting)?;
    let (job, work) = start(&state, vec![received], known, actor.name());
    state.results.loading().drop_waiting(&token);
    finished(&ui, &state, job, work).await
}

/// The same file for another job: the waiting one may be looked at by somebody at this moment.
fn again(waiting: &Waiting) -> Result<Received, WebError> {
    let failed = |error: std::io::Error| {
        tracing::error!(%error, "a waiting file can't be copied");
        WebError::internal("Файл не скопирован на диске сервера: проверьте, есть ли там место.")
    };
    let file = tempfile::Builder::new().rand_bytes(24).tempfile().map_err(failed)?;
    std::fs::copy(waiting.path(), file.path()).map_err(failed)?;
    Ok(Received { name: waiting.received.name.clone(), size: waiting.received.size, file })
}

/// The fields of the form as they were filled in.
fn filled(pairs: &[(String, String)], columns: usize) -> Filled {
    let value = |name: &str| {
        pairs
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.trim().to_owned())
            .unwrap_or_default()
    };
    let words = pairs.iter().filter_map(|(name, target)| {
        let (section, word) = name.strip_prefix("word.")?.split_once('.')?;
        Some((section.to_owned(), word.to_owned(), target.clone()))
    });
    Filled {
        fields: (0..columns).map(|at| value(&format!("column.{at}"))).collect(),
        kind: value("kind"),
        subject: value("subject"),
        level: value("level"),
        grade: value("grade"),
        year: value("year"),
        numbers: value("numbers"),
        words: words.collect(),
    }
}

struct Description<'a> {
    token: &'a str,
    waiting: &'a Waiting,
    glance: &'a Glance,
    dictionary: &'a Dictionary,
    filled: Filled,
    by_values: &'a [String],
    name: String,
    kept: Option<String>,
}

impl Description<'_> {
    fn page(&self, wrong: &[String], trial: Option<&Trial>) -> Markup {
        html! {
            nav.breadcrumbs aria-label="Путь" { a href="/data" { "Данные" } }
            div.page-head { div {
                h1 { "Описание столбцов" }
                p {
                    "Файл «" (self.waiting.received.name) "»" @if let Some(sheet) = &self.glance.sheet { ", лист «" (sheet) "»" }
                    @if self.glance.row > 0 { ", названия столбцов в строке " (self.glance.row) }
                    ". Скажите, что значит каждый столбец, и посмотрите, как прочтутся первые строки."
                }
            } }
            @if !wrong.is_empty() {
                section.notice.error role="alert" {
                    p.notice-title { "Описание пока не подходит" }
                    ul { @for line in wrong { li { (line) } } }
                }
            }
            @if let Some(name) = &self.kept { p.notice.good { "Подошло сохранённое описание «" (name) "»: проверьте его и загрузите файл." } }
            @if let Some(trial) = trial { (tried(trial)) }
            form.describe method="post" action={ "/data/describe/" (self.token) } {
                (self.columns())
                (self.constants())
                (self.unknown_words())
                section aria-labelledby="keep" {
                    h2 #keep { "Сохранить" }
                    div.field-inline {
                        label for="name" { "Название описания" }
                        input #name name="name" value=(self.name) placeholder="Сводка по району" autocomplete="off";
                    }
                    div.actions {
                        button type="submit" name="action" value="preview" { "Показать, как прочтётся" }
                        button.primary type="submit" name="action" value="save" { (icon("check")) "Сохранить описание и загрузить файл" }
                        button type="submit" name="action" value="cancel" { "Отменить" }
                    }
                }
            }
        }
    }

    fn columns(&self) -> Markup {
        html! {
            section {
                h2 #columns { "Столбцы" }
                div.table-scroll tabindex="0" role="region" aria-labelledby="columns" {
                    table {
                        thead { tr { th scope="col" { "Столбец файла" } th scope="col" { "Первые значения" } th scope="col" { "Что это" } } }
                        tbody {
                            @for (head, at) in self.glance.heads.iter().zip(0_usize..).filter(|(head, _)| !head.is_empty()) {
                                tr {
                                    th scope="row" { label for={ "column-" (at) } { (head) } }
                                    td.small { (self.values(at)) }
                                    td {
                                        (self.field(at))
                                        @if self.by_values.contains(head) { div.small.muted { "угадано по значениям – проверьте" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn values(&self, at: usize) -> String {
        let values = self.glance.values.get(at).map(Vec::as_slice).unwrap_or_default();
        let shown: Vec<&str> = values.iter().take(VALUES).map(String::as_str).collect();
        if shown.is_empty() { "пусто".to_owned() } else { shown.join(" · ") }
    }

    fn field(&self, at: usize) -> Markup {
        let chosen = self.filled.fields.get(at).map(String::as_str).unwrap_or_default();
        let listed = FIELDS.iter().any(|(_, fields)| fields.iter().any(|(word, _)| *word == chosen));
        let indicator = |entry: &Entry| format!("indicator {}", entry.id);
        let indicators: Vec<&Entry> = self.dictionary.indicators.values().map(|known| &known.entry).collect();
        let known = listed
            || indicators.iter().any(|entry| indicator(entry) == chosen)
            || chosen.is_empty()
            || chosen == "ignore";
        html! {
            select id={ "column-" (at) } name={ "column." (at) } {
                option value="" selected[chosen.is_empty() || chosen == "ignore"] { "не нужен" }
                @if !known { option value=(chosen) selected { (other(chosen)) } }
                @for (group, fields) in FIELDS {
                    optgroup label=(group) {
                        @for (word, shown) in fields { option value=(word) selected[*word == chosen] { (shown) } }
                    }
                }
                optgroup label="Показатели школы" {
                    @for entry in &indicators { option value=(indicator(entry)) selected[indicator(entry) == chosen] { (entry.name) } }
                }
            }
        }
    }

    fn constants(&self) -> Markup {
        let filled = &self.filled;
        html! {
            section aria-labelledby="constants" {
                h2 #constants { "Одинаково во всех строках" }
                p.small.muted { "Заполните то, чего нет в столбцах." }
                div.filter-bar {
                    (choice("kind", "Вид процедуры", &filled.kind, self.dictionary.kinds.values()))
                    (choice("subject", "Предмет", &filled.subject, self.dictionary.subjects.values()))
                    (choice("level", "Уровень", &filled.level, self.dictionary.levels.values()))
                    (text("grade", "Класс", &filled.grade)) (text("year", "Год", &filled.year))
                    div.field-inline {
                        label for="numbers" { "Числа отметок" }
                        select #numbers name="numbers" {
                            @for (value, shown) in [("", "определить по сумме"), ("counts", "количество"), ("percents", "проценты")] {
                                option value=(value) selected[value == filled.numbers] { (shown) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Words of columns of kinds, subjects and levels that mean nothing yet; those with a meaning given before stay.
    fn unknown_words(&self) -> Markup {
        let mut rows: Vec<(&str, String)> = Vec::new();
        for (word, values) in self.filled.fields.iter().zip(&self.glance.values) {
            let section = match word.as_str() {
                "kind" => "kind",
                "subject" => "subject",
                "level" => "level",
                _ => continue,
            };
            if let Some(field) = Field::from_word(word, Some(self.dictionary)) {
                rows.extend(
                    unknown_words(&field, values, self.dictionary).into_iter().map(|value| (section, value)),
                );
            }
        }
        for (section, word, _) in &self.filled.words {
            let section = ["kind", "subject", "level"].into_iter().find(|known| known == section);
            let known = rows.iter().any(|(_, value)| value.to_lowercase() == word.to_lowercase());
            rows.extend(section.filter(|_| !known).map(|section| (section, word.clone())));
        }
        rows.truncate(WORDS);
        html! {
            @if !rows.is_empty() {
                section aria-labelledby="words" {
                    h2 #words { "Слова файла" }
                    p.small.muted { "Эти слова программе не известны. Скажите, что они значат." }
                    div.filter-bar { @for (section, word) in &rows { (self.meaning(section, word)) } }
                }
            }
        }
    }

    fn meaning(&self, section: &str, word: &str) -> Markup {
        let name = format!("word.{section}.{word}");
        let given = self
            .filled
            .words
            .iter()
            .find(|(own, known, _)| own == section && known.to_lowercase() == word.to_lowercase());
        let given = given.map(|(.., target)| target.as_str()).unwrap_or_default();
        let dictionary = self.dictionary;
        let options: Vec<(String, String)> = match section {
            "kind" => dictionary.kinds.values().map(|entry| (entry.id.clone(), entry.name.clone())).collect(),
            "level" => {
                dictionary.levels.values().map(|entry| (entry.id.clone(), entry.name.clone())).collect()
            }
            _ => subjects(dictionary),
        };
        html! {
            div.field-inline {
                label for=(name) { "«" (word) "»" }
                select id=(name) name=(name) {
                    option value="" { "не известно" }
                    @for (value, shown) in &options { option value=(value) selected[*value == given] { (shown) } }
                }
            }
        }
    }
}

/// Subjects, and those with a level after them.
fn subjects(dictionary: &Dictionary) -> Vec<(String, String)> {
    let one = |subject: &Entry| {
        let alone = (subject.id.clone(), subject.name.clone());
        let with = dictionary.levels.values().map(|level| {
            (format!("{} {}", subject.id, level.id), format!("{}, {}", subject.name, level.name))
        });
        [alone].into_iter().chain(with).collect::<Vec<_>>()
    };
    dictionary.subjects.values().flat_map(one).collect()
}

/// A column that no list has: a task or a part of the work.
fn other(word: &str) -> String {
    match word.split_once(' ') {
        Some(("task", points)) => format!("задание, до {points} баллов"),
        Some(("part", part)) => format!("часть работы «{part}»"),
        Some(("bucket", score)) => format!("участники с баллом {score}"),
        _ => word.to_owned(),
    }
}

fn choice<'a>(name: &str, label: &str, chosen: &str, entries: impl Iterator<Item = &'a Entry>) -> Markup {
    html! {
        div.field-inline {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                option value="" { "есть в столбцах" }
                @for entry in entries { option value=(entry.id) selected[entry.id == chosen] { (entry.name) } }
            }
        }
    }
}

fn text(name: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field-inline { label for=(name) { (label) } input id=(name) name=(name) value=(value) inputmode="numeric" size="6" autocomplete="off"; }
    }
}

fn tried(trial: &Trial) -> Markup {
    let summary = &trial.reading.summary;
    html! {
        section {
            h2 #trial { "Так прочтутся первые строки" }
            @if trial.lines.is_empty() { p.notice.warning { "Ни одного результата не прочитано." } } @else {
                div.table-scroll tabindex="0" role="region" aria-labelledby="trial" {
                    table {
                        thead { tr { th scope="col" { "Строка" } th scope="col" { "Школа" } th scope="col" { "Что" } th scope="col" { "Год" } th scope="col" { "Прочитано" } } }
                        tbody {
                            @for line in &trial.lines {
                                tr { th scope="row" { (line.row) } td { (line.school) } td { (line.about) } td { (line.year) } td { (line.told) } }
                            }
                        }
                    }
                }
            }
            @if summary.findings.is_empty() { p.notice.good { "Замечаний нет: описание можно сохранить." } } @else {
                p { "Замечаний: " (summary.findings.len()) ", из них ошибок: " (summary.errors) "." }
                ul.findings-read { @for finding in summary.findings.iter().take(SHOWN) { li { (reading(finding)) } } }
                @if summary.findings.len() > SHOWN { p { "И ещё " (summary.findings.len() - SHOWN) "." } }
            }
        }
    }
}
