//! How does the table of a plan look?

use jiff::civil::Date;
use maud::{Markup, html};
use opora_cycle::vocabulary::{Party, Section};
use opora_schedule::{Occurrence, OccurrenceKind};

use super::filter_bar::state_badge;
use crate::web::components::chips::schedule_chips;
use crate::web::views::address::{Parameter, address};
use crate::web::views::agenda::State;
use crate::web::views::plan::{Columns, PlanView, RowView, ShownSection};
use crate::web::words;

/// How many findings an activity has.
pub type FindingCount<'a> = &'a dyn Fn(opora_cycle::vocabulary::ActivityKey) -> usize;

/// The rows of a page, with what is around them.
pub struct PlanTable<'a> {
    /// Address of the plan: `/plans/7`.
    pub base: &'a str,
    /// The parameter that makes a link lead to the version that is shown, where there is another one.
    pub version: &'a [Parameter],
    /// What to show.
    pub view: &'a PlanView<'a>,
    /// Findings of each activity.
    pub findings: FindingCount<'a>,
    /// Address of the next page of rows, where there is one.
    pub next: Option<String>,
    /// Today.
    pub today: Date,
}

impl PlanTable<'_> {
    /// The table.
    pub fn draw(&self) -> Markup {
        let columns = self.view.columns;
        html! {
            table.plan-table.folds {
                caption.visually-hidden { "Мероприятия плана по разделам" }
                thead {
                    tr {
                        @if columns.number { th.col-number scope="col" { "№" } }
                        th.col-title scope="col" { "Мероприятие" }
                        th.col-schedule scope="col" { "Срок" }
                        @if columns.responsible { th.col-responsible scope="col" { "Ответственные" } }
                        @if columns.target_group { th.col-target scope="col" { "Целевая группа" } }
                        @if columns.outcome { th.col-outcome scope="col" { "Результат" } }
                        th.col-state scope="col" { "Состояние" }
                    }
                }
                (self.bodies())
            }
        }
    }

    /// The sections of this page and the way to the next: what htmx adds to the table for «Показать ещё».
    pub fn bodies(&self) -> Markup {
        html! {
            @for section in &self.view.shown { (self.section(section)) }
            @if let Some(next) = &self.next { (self.more(next)) }
        }
    }

    fn section(&self, shown: &ShownSection<'_>) -> Markup {
        let title = section_title(shown.section);
        html! {
            tbody {
                @if !title.is_empty() {
                    tr.section-row {
                        th scope="rowgroup" colspan=(width(self.view.columns))
                            id=[(!shown.continued).then(|| format!("section-{}", shown.index + 1))] {
                            span.section-title { (title) }
                            @if shown.continued { span.section-note { " (продолжение)" } }
                            " " span.section-note { (words::count(shown.matched, words::ACTIVITIES)) }
                        }
                    }
                }
                @for row in &shown.rows { (self.row(row)) }
            }
        }
    }

    fn row(&self, row: &RowView<'_>) -> Markup {
        let (columns, activity) = (self.view.columns, row.activity);
        let findings = (self.findings)(activity.key);
        let link = address(&format!("{}/activities/{}", self.base, activity.key.0), self.version);
        html! {
            tr id={ "activity-" (activity.key.0) } {
                @if columns.number { td.col-number { (activity.number.as_deref().unwrap_or("")) } }
                th.col-title scope="row" {
                    a.plain href=(link) { (activity.title) }
                    @if findings > 0 {
                        " " a.row-findings href={ (link) "#findings" } {
                            (words::count(findings, words::FINDINGS))
                        }
                    }
                }
                td.col-schedule data-label="Срок" { (schedule_chips(&activity.schedule)) }
                @if columns.responsible {
                    td.col-responsible data-label="Ответственные" { (parties(&activity.responsible)) }
                }
                @if columns.target_group {
                    td.col-target data-label="Целевая группа" { (activity.target_group.as_deref().unwrap_or("—")) }
                }
                @if columns.outcome {
                    td.col-outcome data-label="Результат" { (activity.outcome.as_deref().unwrap_or("—")) }
                }
                td.col-state data-label="Состояние" {
                    (state_badge(row.state))
                    @if let Some(words) = row.nearest.and_then(|o| nearest_words(row.state, o, self.today)) {
                        span.state-note { (words) }
                    }
                }
            }
        }
    }

    fn more(&self, next: &str) -> Markup {
        let (view, shown) = (self.view, self.view.skipped + self.view.rows());
        html! {
            tbody #more {
                tr {
                    td.more colspan=(width(view.columns)) {
                        span { "Показано " (shown) " из " (view.matched) }
                        span.print-only { ". Весь план печатается со страницы «Печать» этого плана." }
                        a.button.no-print href=(next) hx-get=(next) hx-target="#more" hx-swap="outerHTML" {
                            "Показать ещё"
                        }
                    }
                }
            }
        }
    }
}

fn width(columns: Columns) -> usize {
    let optional = [columns.number, columns.responsible, columns.target_group, columns.outcome];
    3 + optional.into_iter().filter(|shown| *shown).count()
}

/// «1. Подготовка»; empty for activities under no section row.
pub fn section_title(section: &Section) -> String {
    match &section.number {
        Some(number) if section.title.is_empty() => format!("Раздел {number}"),
        Some(number) => format!("{number}. {}", section.title),
        None => section.title.clone(),
    }
}

/// The responsible parties, one a line.
pub fn parties(parties: &[Party]) -> Markup {
    html! {
        @match parties {
            [] => span.absent { "не указаны" },
            [only] => (only.text),
            several => ul.parties { @for party in several { li { (party.text) } } },
        }
    }
}

/// The date behind a state in a few words.
pub fn nearest_words(state: State, occurrence: Occurrence, today: Date) -> Option<String> {
    let repeats = matches!(occurrence.kind, OccurrenceKind::Recurrence | OccurrenceKind::Ongoing);
    match state {
        State::DueSoon => Some(words::from_today(occurrence.end, today)),
        State::Ahead => Some(words::from_today(occurrence.start, today)),
        State::GoingOn if repeats => None,
        State::GoingOn => Some(format!("до {}", words::date_near(occurrence.end, today))),
        State::Past => Some(words::date_near(occurrence.end, today)),
        State::Reversed | State::Undated => None,
    }
}
