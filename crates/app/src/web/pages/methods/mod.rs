//! What does each methodology say, with its clauses and worked examples?

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use opora_methodology::{Description, Pack, describe};

use crate::usecases::results::catalog::{Catalog, KnownPack};
use crate::web::components::layout::{Section, page};
use crate::web::download::{self, FileForm};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// `GET /methods`.
pub async fn index(ui: Ui, State(state): State<AppState>) -> Markup {
    let catalog = state.results.catalog();
    let content = html! {
        div.page-head {
            div {
                h1 { "Методики" }
                p {
                    "По какому правилу школа попадает в список и выходит из него. У каждого числа указан пункт \
                     документа; разобранные примеры проверяются при каждом запуске тестов программы."
                }
            }
        }
        @if !catalog.packs.is_empty() {
            p.chart-files {
                "Скачать список: "
                a href="/methods/files/methods.csv" { "CSV" } " " a href="/methods/files/methods.xlsx" { "Excel" } " " a href="/methods/files/methods.json" { "JSON" }
            }
        }
        ul.method-list {
            @for known in catalog.packs.values() { li.card { (summary(&known.pack)) } }
        }
        (refused(catalog))
    };
    page(&ui, "Методики", Section::Schools, &content)
}

/// `GET /methods/files/{file}`: the list of methodologies as a table.
pub async fn list_file(
    State(state): State<AppState>,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    let (name, form) = FileForm::of_name(&file)?;
    if name != "methods" {
        return Err(WebError::not_found("Такого списка на странице методик нет"));
    }
    let heads = [
        "Методика",
        "Обозначение",
        "Документ",
        "Кто принял",
        "Действует с",
        "Действует по",
        "О чём",
        "Версия",
    ];
    let day = |day: jiff::civil::Date| day.strftime("%d.%m.%Y").to_string();
    let row = |known: &KnownPack| {
        let pack = &known.pack;
        vec![
            pack.title.clone(),
            pack.id.clone(),
            pack.act.kind.clone(),
            pack.act.authority.clone(),
            day(pack.force.from),
            pack.force.to.map(day).unwrap_or_default(),
            pack.about.clone(),
            pack.version.to_string(),
        ]
    };
    let rows = state.results.catalog().packs.values().map(row).collect();
    let source = "Источник: методики, подключённые к «Опоре»";
    download::table(form, "Методики", source, (heads.map(str::to_owned).to_vec(), rows)).await
}

fn summary(pack: &Pack) -> Markup {
    let until = pack.force.to.map(|to| format!(" по {}", to.strftime("%d.%m.%Y"))).unwrap_or_default();
    html! {
        div.card-head { h2 { a href={ "/methods/" (pack.id) } { (pack.title) } } }
        div.card-body {
            p { (pack.about) }
            p.muted.small {
                (pack.act.kind) ", " (pack.act.authority) ". Действует с " (pack.force.from.strftime("%d.%m.%Y")) (until) "."
            }
        }
    }
}

/// Methodologies that can't be used: all their errors, each with its place.
fn refused(catalog: &Catalog) -> Markup {
    html! {
        @for refused in &catalog.refused {
            section.notice.error aria-label={ "Методика " (refused.id) " не подключена" } {
                h2 { "Методика «" (refused.id) "» не подключена" }
                ul {
                    @for error in &refused.errors { li { (error.to_string()) } }
                }
            }
        }
    }
}

/// `GET /methods/{id}`.
pub async fn show(ui: Ui, State(state): State<AppState>, Path(id): Path<String>) -> Result<Markup, WebError> {
    let catalog = state.results.catalog();
    let known = catalog.packs.get(&id).ok_or_else(|| WebError::not_found("Такой методики нет"))?;
    let description = describe(&known.pack, &catalog.dictionary);
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/methods" { "Методики" } }
        article.manual.method {
            header.manual-head {
                h1 { (description.title) }
                p { (description.about) }
                @for line in &description.act { p.muted.small { (line) } }
            }
            (rules(&description))
            (numbers(&description))
            (examples(&description))
            p.muted.small { "Версия описания: " (known.pack.version) ". Контрольная сумма: " code { (known.sha256.get(..16).unwrap_or_default()) } }
        }
    };
    Ok(page(&ui, &description.title, Section::Schools, &content))
}

fn rules(description: &Description) -> Markup {
    html! {
        h2 { "Какие работы и экзамены учитываются" }
        @for (name, clause, procedures) in &description.procedures {
            h3 { (name) } p.muted.small { (clause) }
            ul { @for procedure in procedures { li { (procedure) } } }
        }
        (lines("Индексы", &description.indices))
        h2 { "Признаки" }
        ol.method-criteria {
            @for criterion in &description.criteria {
                li {
                    h3 { (criterion.name) }
                    p { (criterion.asks) }
                    p.muted.small { (criterion.clause) }
                    @if let Some(note) = &criterion.note { p.small { (note) } }
                }
            }
        }
        (lines("Сочетания признаков", &description.conditions))
        (lines("Категории, в порядке проверки", &description.categories))
        (lines("Уровни поддержки", &description.tiers))
        @if let Some(exit) = &description.exit { h2 { "Выход из списка" } p { (exit) } }
    }
}

fn lines(title: &str, lines: &[String]) -> Markup {
    html! {
        @if !lines.is_empty() {
            h2 { (title) }
            ul { @for line in lines { li { (line) } } }
        }
    }
}

fn numbers(description: &Description) -> Markup {
    html! {
        h2 #numbers { "Числа и их основания" }
        div.table-scroll tabindex="0" role="region" aria-labelledby="numbers" {
            table {
                thead { tr { th scope="col" { "Что" } th scope="col" { "Значение" } th scope="col" { "Пункт" } th scope="col" { "Проверено" } } }
                tbody {
                    @for number in &description.numbers {
                        tr {
                            th scope="row" { (number.name) @if let Some(note) = &number.note { span.small.muted { " — " (note) } } }
                            td { (number.value) } td { (number.clause) } td { (number.status) }
                        }
                    }
                }
            }
        }
    }
}

fn examples(description: &Description) -> Markup {
    html! {
        h2 { "Разобранные примеры" }
        @for example in &description.examples {
            section.method-example {
                h3 { (example.name) }
                @if !example.explains.is_empty() { p { (example.explains) } }
                div.method-example-columns {
                    div { h4 { "Что известно" } ul { @for line in &example.known { li { (line) } } } }
                    div { h4 { "Что следует" } ul { @for line in &example.outcome { li { (line) } } } }
                }
            }
        }
    }
}
