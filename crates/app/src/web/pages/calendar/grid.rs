//! How is a month drawn? A table of weeks for wide screens, a list of days for narrow ones, and what has no day below.

use maud::{Markup, html};
use opora_schedule::Period;

use crate::web::assets::icon;
use crate::web::components::chips::part_words;
use crate::web::views::month::{DayCell, Edge, Entry, MonthGrid, Owned, Reach, Running, WEEKDAYS};
use crate::web::views::words::{shortened, weekday};
use crate::web::words;

/// Things shown on one day of the grid; the rest is in the list of days.
const ENTRIES_MAX: usize = 4;
/// Activities of a group shown before the reader asks for the rest.
const GROUP_OPEN_MAX: usize = 8;

/// A plan of the calendar.
pub struct PlanName {
    /// Its address: `/plans/7`.
    pub base: String,
    /// Its title, where the calendar is of several plans.
    pub title: Option<String>,
}

/// A month of some plans.
pub struct CalendarView<'a> {
    /// The plans by their numbers in the grid.
    pub plans: &'a [PlanName],
    /// The month.
    pub grid: &'a MonthGrid<'a>,
}

impl CalendarView<'_> {
    /// The whole month.
    pub fn draw(&self) -> Markup {
        html! {
            (self.table())
            (self.agenda())
            (self.running())
            (self.undated())
        }
    }

    fn table(&self) -> Markup {
        html! {
            table.month {
                caption.visually-hidden { "Сроки по дням, " (self.grid.month.russian()) }
                thead {
                    tr { @for day in WEEKDAYS { th scope="col" { abbr title=(weekday(day)) { (short(weekday(day))) } } } }
                }
                tbody {
                    @for week in &self.grid.weeks { tr { @for cell in week { (self.cell(cell)) } } }
                }
            }
        }
    }

    fn cell(&self, cell: &DayCell<'_>) -> Markup {
        let rest = cell.entries.len().saturating_sub(ENTRIES_MAX);
        html! {
            td.day .outside[!cell.in_month] .rest[!cell.working] .today[cell.today] {
                div.day-head {
                    time datetime=(cell.date) { (cell.date.day()) }
                    @if cell.today { span.visually-hidden { ", сегодня" } }
                    @if cell.in_month && !cell.working { span.visually-hidden { ", нерабочий день" } }
                    @if cell.in_month && cell.running > 0 {
                        span.day-running title="Идут в этот день" { span.visually-hidden { ", идут: " } "+" (cell.running) }
                    }
                }
                @if cell.in_month && !cell.entries.is_empty() {
                    ul.entries {
                        @for entry in cell.entries.iter().take(ENTRIES_MAX) { li { (self.entry(entry)) } }
                        @if rest > 0 { li { a.entries-more href={ "#day-" (cell.date) } { "ещё " (rest) } } }
                    }
                }
            }
        }
    }

    fn entry(&self, entry: &Entry<'_>) -> Markup {
        let activity = entry.owned.item.activity;
        html! {
            a class={ "entry " (edge_class(entry.edge)) " " (entry.owned.item.state.slug()) } href=(self.address(entry.owned)) {
                (icon(edge_icon(entry.edge)))
                span {
                    span.visually-hidden { (entry.edge.russian()) ": " }
                    @if let Some(number) = &activity.number { b { (number) } " " }
                    (shortened(&activity.title, 48))
                }
            }
        }
    }

    /// The days that hold anything, in full words.
    fn agenda(&self) -> Markup {
        let days: Vec<&DayCell<'_>> = self
            .grid
            .weeks
            .iter()
            .flatten()
            .filter(|cell| cell.in_month && !cell.entries.is_empty())
            .collect();
        html! {
            section.agenda aria-label="По дням" {
                @if days.is_empty() { p.muted.agenda-none { "В этом месяце нет сроков, назначенных на день." } }
                @for cell in days {
                    div.agenda-day .crowded[cell.entries.len() > ENTRIES_MAX] id={ "day-" (cell.date) } {
                        h3 .today[cell.today] {
                            (cell.date.day()) " " (words::month_of(cell.date.month()))
                            span.muted {
                                ", " (weekday(cell.date.weekday()))
                                @if !cell.working { " · нерабочий день" }
                                @if cell.today { " · сегодня" }
                            }
                        }
                        ul { @for entry in &cell.entries { li { (self.line(entry.owned, entry.edge.russian())) } } }
                    }
                }
            }
        }
    }

    fn line(&self, owned: Owned<'_>, note: &str) -> Markup {
        let activity = owned.item.activity;
        html! {
            a.plain href=(self.address(owned)) {
                @if let Some(number) = &activity.number { b { (number) } " " }
                (activity.title)
            }
            span.line-note {
                (note)
                @if let Some(title) = self.plans.get(owned.plan).and_then(|plan| plan.title.as_deref()) {
                    " · " (shortened(title, 80))
                }
            }
        }
    }

    fn running(&self) -> Markup {
        let of = |reach| self.grid.running.iter().filter(move |running| running.reach == reach);
        html! {
            @if !self.grid.running.is_empty() {
                section.month-running aria-labelledby="running" {
                    h3 #running { "Идёт в этом месяце" }
                    div.groups {
                        @for reach in Reach::ALL {
                            @if of(reach).next().is_some() { (self.group(reach, &of(reach).collect::<Vec<_>>())) }
                        }
                    }
                }
            }
        }
    }

    fn group(&self, reach: Reach, running: &[&Running<'_>]) -> Markup {
        html! {
            details.group open[running.len() <= GROUP_OPEN_MAX || reach == Reach::UntilMonthEnd] {
                summary { (reach.russian()) " " span.count { (running.len()) } }
                ul { @for one in running { li { (self.line(one.owned, &note(one))) } } }
            }
        }
    }

    /// What has no day: shown with every month, so that nothing is hidden.
    fn undated(&self) -> Markup {
        let undated = &self.grid.undated;
        html! {
            @if !undated.is_empty() {
                details.group.undated open[undated.len() <= GROUP_OPEN_MAX] {
                    summary { "Без даты " span.count { (undated.len()) } }
                    ul {
                        @for owned in undated {
                            @let text = &owned.item.activity.schedule.text;
                            li { (self.line(*owned, if text.trim().is_empty() { "срок не указан" } else { text })) }
                        }
                    }
                }
            }
        }
    }

    fn address(&self, owned: Owned<'_>) -> String {
        let base = self.plans.get(owned.plan).map_or("", |plan| plan.base.as_str());
        format!("{base}/activities/{}", owned.item.activity.key.0)
    }
}

fn short(name: &str) -> &'static str {
    match name {
        "понедельник" => "Пн",
        "вторник" => "Вт",
        "среда" => "Ср",
        "четверг" => "Чт",
        "пятница" => "Пт",
        "суббота" => "Сб",
        _ => "Вс",
    }
}

fn edge_class(edge: Edge) -> &'static str {
    match edge {
        Edge::Deadline => "deadline",
        Edge::Day => "on-day",
        Edge::Ends => "ends",
        Edge::Begins => "begins",
    }
}

fn edge_icon(edge: Edge) -> &'static str {
    match edge {
        Edge::Deadline => "calendar-clock",
        Edge::Day => "calendar",
        Edge::Ends => "check",
        Edge::Begins => "arrow-right",
    }
}

/// What is to be known of a thing that goes on: until when, or how often.
fn note(running: &Running<'_>) -> String {
    let occurrence = running.occurrence;
    match running.reach {
        Reach::UntilMonthEnd | Reach::Longer => {
            words::period(&Period { start: occurrence.start, end: occurrence.end })
        }
        Reach::Recurring | Reach::Ongoing => {
            let part = running.owned.item.activity.schedule.parts.get(occurrence.part);
            part.map(|part| part_words(&part.kind)).unwrap_or_default()
        }
    }
}
