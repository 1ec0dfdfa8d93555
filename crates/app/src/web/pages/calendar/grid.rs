//! How is a month drawn? A table of weeks for wide screens, a list of days for narrow ones, and what has no day below.

use jiff::civil::Date;
use maud::{Markup, html};
use opora_schedule::Period;
use opora_store::PlanSummary;

use crate::web::assets::icon;
use crate::web::components::chips::part_words;
use crate::web::components::pager::pager;
use crate::web::views::address::{Parameter, address};
use crate::web::views::month::{DayCell, Edge, Entry, MonthGrid, Owned, Reach, Running, WEEKDAYS};
use crate::web::views::words::{shortened, weekday};
use crate::web::words;

/// Things shown on one day of the grid; the rest is in the list of days.
const ENTRIES_MAX: usize = 4;
/// Activities of a group shown before the reader asks for the rest.
const GROUP_OPEN_MAX: usize = 8;

/// Things shown on one day, or in one group, of a bounded month; the rest is in a list of its own.
const BOUND: usize = 25;
/// Things on a page of such a list.
const LIST_PAGE: usize = 100;

/// What a list of its own shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// What falls on a day: `2026-05-30`.
    Day(Date),
    /// What goes on in the month: `month`, `longer`, `recurring`, `ongoing`.
    Running(Reach),
    /// What has no day: `undated`.
    Undated,
}

impl List {
    /// Reads the word of an address.
    pub fn parse(word: &str) -> Option<Self> {
        let reach = Reach::ALL.into_iter().find(|reach| reach.slug() == word).map(Self::Running);
        reach
            .or_else(|| (word == "undated").then_some(Self::Undated))
            .or_else(|| word.parse().ok().map(Self::Day))
    }

    fn word(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Running(reach) => reach.slug().to_owned(),
            Self::Undated => "undated".to_owned(),
        }
    }
}

/// A plan of the calendar.
#[derive(Clone, Debug)]
pub struct PlanName {
    /// Its address: `/plans/7`.
    pub base: String,
    /// Its title, where the calendar is of several plans.
    pub title: Option<String>,
    /// The parameter of the version that its links keep.
    pub version: Vec<Parameter>,
}

impl PlanName {
    /// The name of a plan among others.
    pub fn of(summary: &PlanSummary) -> Self {
        Self {
            base: format!("/plans/{}", summary.id.0),
            title: Some(summary.title.clone()),
            version: Vec::new(),
        }
    }
}

/// A month of some plans.
pub struct CalendarView<'a> {
    /// The plans by their numbers in the grid.
    pub plans: &'a [&'a PlanName],
    /// The month.
    pub grid: &'a MonthGrid<'a>,
    /// The address of the calendar, where long groups are lists of their own.
    pub bounded: Option<&'static str>,
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
                        ul { @for entry in cell.entries.iter().take(self.bound()) { li { (self.line(entry.owned, entry.edge.russian())) } } }
                        (self.rest(List::Day(cell.date), cell.entries.len()))
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
                ul { @for one in running.iter().take(self.bound()) { li { (self.line(one.owned, &note(one))) } } }
                (self.rest(List::Running(reach), running.len()))
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
                        @for owned in undated.iter().take(self.bound()) { li { (self.line(*owned, stated(*owned))) } }
                    }
                    (self.rest(List::Undated, undated.len()))
                }
            }
        }
    }

    fn bound(&self) -> usize {
        if self.bounded.is_some() { BOUND } else { usize::MAX }
    }

    /// The way to the whole of a list that is too long for the month.
    fn rest(&self, list: List, count: usize) -> Markup {
        let Some(path) = self.bounded.filter(|_| count > BOUND) else { return Markup::default() };
        let link = self.list_address(path, list, 1);
        html! { p.list-rest { a href=(link) { "Показать все: " (count) } } }
    }

    fn list_address(&self, path: &str, list: List, page: usize) -> String {
        let mut pairs = vec![("month", self.grid.month.to_string()), ("list", list.word())];
        if page > 1 {
            pairs.push(("page", page.to_string()));
        }
        address(path, &pairs)
    }

    /// A list in full, by pages that count from one.
    pub fn list(&self, list: List, page: usize) -> Markup {
        let (title, lines): (String, Vec<(Owned<'_>, String)>) = match list {
            List::Day(day) => {
                let cell = self.grid.weeks.iter().flatten().find(|cell| cell.date == day && cell.in_month);
                let entries = cell.map(|cell| cell.entries.as_slice()).unwrap_or_default();
                let lines = entries.iter().map(|entry| (entry.owned, entry.edge.russian().to_owned()));
                (words::date(day), lines.collect())
            }
            List::Running(reach) => {
                let running = self.grid.running.iter().filter(|running| running.reach == reach);
                (reach.russian().to_owned(), running.map(|one| (one.owned, note(one))).collect())
            }
            List::Undated => {
                let undated = self.grid.undated.iter();
                ("Без даты".to_owned(), undated.map(|owned| (*owned, stated(*owned).to_owned())).collect())
            }
        };
        let path = self.bounded.unwrap_or_default();
        let pages = lines.len().div_ceil(LIST_PAGE).max(1);
        let page = page.clamp(1, pages);
        let month = address(path, &[("month", self.grid.month.to_string())]);
        html! {
            section.agenda.long-list aria-labelledby="list-head" {
                div.list-head {
                    h3 #list-head { (title) " " span.count { (lines.len()) } }
                    a.button.small.no-print href=(month) { (icon("arrow-left")) "Весь месяц" }
                }
                @if lines.is_empty() { p.muted { "Здесь ничего нет." } }
                ul {
                    @for (owned, note) in lines.iter().skip((page - 1) * LIST_PAGE).take(LIST_PAGE) {
                        li { (self.line(*owned, note)) }
                    }
                }
                (pager("Страницы списка", ["Предыдущие", "Следующие"], page, pages, |page| self.list_address(path, list, page)))
            }
        }
    }

    fn address(&self, owned: Owned<'_>) -> String {
        let Some(plan) = self.plans.get(owned.plan) else { return String::new() };
        address(&format!("{}/activities/{}", plan.base, owned.item.activity.key.0), &plan.version)
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

/// The deadline of a thing without a day, in the words of the order.
fn stated(owned: Owned<'_>) -> &str {
    let text = owned.item.activity.schedule.text.trim();
    if text.is_empty() { "срок не указан" } else { text }
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
