//! What does a plan hold, narrowed as the reader likes?

mod filter_bar;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_checks::Subject;
use opora_cycle::vocabulary::ActivityKey;

pub use filter_bar::{FilterBar, state_badge, state_icon};
pub use table::{PlanTable, nearest_words, parties, section_title};

use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::errors::WebError;
use crate::web::pages::upstream;
use crate::web::shown::{Shown, Wish};
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::address::{Parameter, address, pairs, value};
use crate::web::views::filter::Filter;
use crate::web::views::plan::{PlanView, plan_view};

/// `GET /plans/{id}`: the page; for htmx the element `#view`, or the next rows of the table.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Markup, WebError> {
    let shown = Shown::read(&state, id, query.as_deref(), |owner| Wish::of(&actor, owner)).await?;
    let plan = &shown.plan;
    let target = headers.get("hx-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let answer = if !ui.partial {
        Answer::Page
    } else if target.ends_with("more") {
        Answer::Rows
    } else {
        Answer::View
    };
    let above = match answer {
        Answer::Page => html! {
            (shown.notice(&ui))
            (upstream::notice(&state, plan).await?)
        },
        Answer::View | Answer::Rows => html! {},
    };
    Ok(answer.draw(&ui, plan, query.as_deref(), shown.parameter(), &above))
}

/// How much of the page is asked for.
enum Answer {
    Page,
    View,
    Rows,
}

impl Answer {
    /// The answer; links keep `version`, `above` stands above the plan.
    fn draw(
        &self,
        ui: &Ui,
        plan: &LoadedPlan,
        query: Option<&str>,
        version: Option<Parameter>,
        above: &Markup,
    ) -> Markup {
        let pairs = pairs(query);
        let filter = Filter::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let page = value(&pairs, "page").and_then(|text| text.parse().ok()).unwrap_or(1);
        let view = plan_view(&plan.order, &filter, Some(page), ui.today);
        let content = PlanContent { plan, filter: &filter, view: &view, version, today: ui.today };
        match self {
            Self::Page => plan_page(ui, plan, PlanTab::Plan, &html! { (above) (content.view()) }),
            Self::View => content.view(),
            Self::Rows => content.rows(),
        }
    }
}

/// The whole page for a query string: what the benchmark measures.
pub fn draw(ui: &Ui, plan: &LoadedPlan, query: Option<&str>) -> Markup {
    Answer::Page.draw(ui, plan, query, None, &html! {})
}

struct PlanContent<'a> {
    plan: &'a LoadedPlan,
    filter: &'a Filter,
    view: &'a PlanView<'a>,
    version: Option<Parameter>,
    today: Date,
}

impl PlanContent<'_> {
    fn base(&self) -> String {
        format!("/plans/{}", self.plan.id)
    }

    /// Address of a page of rows under the same filter.
    fn page(&self, page: usize) -> String {
        let mut pairs: Vec<Parameter> = self.version.iter().cloned().collect();
        pairs.extend(self.filter.pairs());
        if page > 1 {
            pairs.push(("page", page.to_string()));
        }
        address(&self.base(), &pairs)
    }

    fn view(&self) -> Markup {
        let base = self.base();
        let (facets, marks) = (&self.view.facets, &self.view.marks);
        let (matched, total) = (self.view.matched, self.view.total);
        let kept = self.version.as_slice();
        let bar = FilterBar { path: &base, kept, filter: self.filter, facets, marks, matched, total };
        html! {
            div #view {
                (bar.draw())
                div.view-head {
                    h2.view-status { (bar.status()) }
                    div.view-tools.no-print {
                        (self.sections())
                        (exports(&base, self.version.as_slice()))
                    }
                }
                @if self.view.page > 1 {
                    nav.pager.no-print aria-label="Страницы" {
                        a.button rel="prev" href=(self.page(self.view.page - 1)) {
                            (icon("chevron-left")) "Предыдущие"
                        }
                        span.muted { "Страница " (self.view.page) " из " (self.view.pages) }
                    }
                }
                @if self.view.matched == 0 { (self.nothing()) } @else { (self.table(|table| table.draw())) }
            }
        }
    }

    fn rows(&self) -> Markup {
        self.table(|table| table.bodies())
    }

    fn table(&self, draw: fn(&PlanTable<'_>) -> Markup) -> Markup {
        let mut counts: HashMap<ActivityKey, usize> = HashMap::new();
        for finding in &self.plan.report.findings {
            if let Subject::Activity(key, _) = finding.subject {
                *counts.entry(key).or_default() += 1;
            }
        }
        let findings = |key| counts.get(&key).copied().unwrap_or(0);
        let next = (self.view.page < self.view.pages).then(|| self.page(self.view.page + 1));
        let base = self.base();
        let version = self.version.as_slice();
        draw(&PlanTable {
            base: &base,
            version,
            view: self.view,
            findings: &findings,
            next,
            today: self.today,
        })
    }

    /// The way to each section, on whatever page it begins.
    fn sections(&self) -> Markup {
        let sections = || self.view.sections.iter().filter(|s| !section_title(s.section).is_empty());
        if sections().count() < 2 {
            return Markup::default();
        }
        html! {
            details.menu.right name="tools" {
                summary { (icon("layers")) "Разделы" (icon("chevron-down")) }
                nav.menu-body aria-label="Разделы плана по порядку" {
                    ol {
                        @for summary in sections() {
                            li {
                                @if summary.matched > 0 {
                                    a href={ (self.page(summary.page)) "#section-" (summary.index + 1) } {
                                        span { (section_title(summary.section)) }
                                        span.menu-count { (summary.matched) }
                                    }
                                } @else {
                                    span.muted { span { (section_title(summary.section)) } span.menu-count { "0" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn nothing(&self) -> Markup {
        let (title, text) = if self.view.total == 0 {
            ("В плане нет мероприятий", "Возможно, таблица плана не распознана. Сверьте план с источником.")
        } else {
            (
                "Ничего не найдено",
                "Уберите часть условий отбора или проверьте слова: ищутся все сразу, в любой форме.",
            )
        };
        let base = self.base();
        let all = address(&base, self.version.as_slice());
        crate::web::components::empty::empty(
            "list-filter",
            title,
            text,
            &html! {
                @if self.view.total == 0 {
                    a.button href={ (base) "/review" } { "Открыть проверку источника" }
                } @else {
                    a.button href=(all) { "Показать все мероприятия" }
                }
            },
        )
    }
}

/// What can be taken away from a plan, in the version that is shown.
fn exports(base: &str, version: &[Parameter]) -> Markup {
    let link = |path: &str| address(&format!("{base}/{path}"), version);
    let files = [
        ("docx", "file-text", "Документ Word (.docx)"),
        ("xlsx", "file-spreadsheet", "Таблица Excel (.xlsx)"),
        ("json", "scroll-text", "Данные (.json)"),
    ];
    html! {
        details.menu.right name="tools" {
            summary { (icon("download")) "Скачать" (icon("chevron-down")) }
            div.menu-body {
                ul {
                    @for (extension, picture, words) in files {
                        li { a href=(link(&format!("export.{extension}"))) download { (icon(picture)) (words) } }
                    }
                    li { a href=(link("calendar.ics")) download { (icon("calendar")) "Календарь (.ics)" } }
                    li { a href=(link("print")) { (icon("printer")) "Печать" } }
                }
            }
        }
    }
}
