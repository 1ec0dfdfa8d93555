//! What does one week look like on a sheet of paper, to be spoken about and signed?

use axum::extract::{Query, State};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_registry::Registry;

use super::ground::Ground;
use super::{Wanted, scope, title};
use crate::usecases::boards::{
    Decision, DutyRow, Found, Leaf, Scope, Sum, VisitRow, Week, WeekPart, monday, place_name,
};
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Most lines of one list of the sheet: it has to stay within two pages.
const LINES: usize = 7;
/// The same where the parts of the place are shown, too.
const LINES_BESIDE_PARTS: usize = 3;
/// Most parts that are shown in numbers.
const PARTS: usize = 25;

/// The parts of the place in numbers, as far as there is room for them, and how many lines that leaves to each list.
pub fn parts_and_lines(week: &Week<'_>, scope: &Scope, registry: &Registry) -> (Vec<WeekPart>, usize) {
    let parts = week.by_part(scope, registry);
    if (2..=PARTS).contains(&parts.len()) { (parts, LINES_BESIDE_PARTS) } else { (Vec::new(), LINES) }
}

/// A part of the sheet.
pub struct SheetPart<'a> {
    /// Its heading.
    pub title: &'static str,
    /// What to say when it is empty.
    pub nothing: &'static str,
    /// All its lines.
    pub lines: &'a [Found<'a>],
}

/// The parts in their order.
pub fn sheet_parts<'a>(week: &'a Week<'a>) -> [SheetPart<'a>; 5] {
    let part = |title, nothing, lines| SheetPart { title, nothing, lines };
    [
        part("Срок на этой неделе", "На этой неделе сроков нет.", &week.due),
        part("Выполнено за неделю", "За неделю ничего не отмечено.", &week.done),
        part("Просрочено раньше", "Просроченного с прошлых недель нет.", &week.late),
        part("Ждёт подтверждения", "Ничего не ждёт подтверждения.", &week.unconfirmed),
        part("Срок на следующей неделе", "На следующей неделе сроков нет.", &week.next),
    ]
}

/// The day that is asked for.
pub fn day(wanted: &Wanted, today: Date) -> Result<Date, WebError> {
    if wanted.from.is_empty() {
        return Ok(today);
    }
    let day: Option<Date> = wanted.from.parse().ok();
    // Some room to both sides for the weeks around.
    day.filter(|day| (1900..=2200).contains(&day.year())).ok_or_else(|| {
        WebError::bad_request(
            "Такого дня нет",
            "Запишите день так: 2026-11-23, или выберите его в календаре.",
        )
    })
}

/// `GET /boards/week`.
pub async fn week(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let day = day(&wanted, actor.today)?;
    let scope = scope(&actor, &wanted)?;
    let ground = Ground::of(&state, &actor, &scope).await?;
    let week = Week::of(&ground.leaves, &state.results.catalog().rulebook, day, actor.today);
    let place = title(&scope, &actor);
    let content = sheet(&actor, &wanted, &scope, &ground.leaves, &week);
    Ok(page(&ui, &format!("Лист недели: {place}"), Section::Boards, &content))
}

/// «23–29 ноября 2026».
pub fn week_words(week: &Week<'_>) -> String {
    words::period(&opora_schedule::Period { start: week.from, end: week.to })
}

fn sheet(actor: &Actor, wanted: &Wanted, scope: &Scope, leaves: &[Leaf], week: &Week<'_>) -> Markup {
    let place = title(scope, actor);
    let (parts, lines) = parts_and_lines(week, scope, &actor.registry);
    let other = |days: i32| {
        let day = week.from.checked_add(days.days()).unwrap_or(week.from);
        wanted.address("/boards/week", &[("from", day.to_string())])
    };
    let from = [("from", week.from.to_string())];
    html! {
        nav.breadcrumbs aria-label="Путь" { a href=(wanted.address("/boards", &[])) { "Сводка: " (place) } }
        div.no-print.sheet-tools {
            div.actions {
                a.button.small href=(other(-7)) { "Неделя раньше" }
                @if week.from != monday(actor.today) { a.button.small href=(wanted.address("/boards/week", &[])) { "Эта неделя" } }
                a.button.small href=(other(7)) { "Неделя позже" }
                a.button.small href=(wanted.address("/boards/week.docx", &from)) { (icon("download")) "Word" }
            }
            form.filter-bar action="/boards/week" method="get" {
                @if !wanted.place.is_empty() { input type="hidden" name="place" value=(wanted.place); }
                div.field-inline { label for="from" { "Неделя, в которой день" } input #from type="date" name="from" value=(week.from); }
                button type="submit" { "Показать" }
            }
            p.muted { "Для печати нажмите Ctrl + P: лист A4, одна-две страницы." }
        }
        article.week-sheet {
            header { h1 { "Лист недели: " (week_words(week)) } p { (place) ". Состояние на " (words::date(actor.today)) "." } p { (summary(leaves, actor.today)) } }
            (in_numbers(&parts))
            @for part in sheet_parts(week) { (part_of(&part, lines, &actor.registry)) }
            (decisions(&week.decisions, lines, &actor.registry))
            (visits(&week.visits, lines, &actor.registry))
            (duties(&week.duties, lines, &actor.registry))
            p.sheet-more.no-print { "Показано не больше " (lines) " строк в каждой части; целиком – в " a href=(wanted.rows(&[])) { "списке сроков" } "." }
            footer.sheet-signs {
                p { "Обсудили, решили: " span.sign-line {} }
                p { "Составил(а): " span.sign-line {} }
                p { "Дата: " span.sign-line.short {} }
            }
        }
    }
}

/// The numbers of the place in one sentence.
pub fn summary(leaves: &[Leaf], today: Date) -> String {
    let mut sum = Sum::default();
    for leaf in leaves {
        sum.join(&Sum::of(leaf, today));
    }
    let (done, decisions) = (sum.progress.carried_out(), sum.all_decisions().count);
    let late = sum.progress.count(opora_execution::StateKind::Late);
    let mut text = format!(
        "Всего сроков: {}. Выполнено {} из {}, просрочено {late}, ждёт подтверждения {}, ждёт решения {decisions}.",
        sum.progress.total(),
        done.part,
        done.whole,
        sum.unconfirmed.count
    );
    let (duties, visits) = (sum.duties, sum.visits);
    if duties.all() > 0 || visits.all() > 0 {
        text.push_str(&format!(
            " С начала учебного года: посещений состоялось {}, обязательств соблюдено {} из {}.",
            visits.held,
            duties.kept,
            duties.owed()
        ));
    }
    text
}

/// Heads of the numbers by part.
pub const PART_HEADS: [&str; 8] = [
    "Чьи планы",
    "Срок на неделе",
    "Сделано за неделю",
    "Поздно с прошлых",
    "Ждёт проверки",
    "Ждёт решения",
    "Было посещений",
    "Окон пропущено",
];

/// A part as its cells.
pub fn part_cells(part: &WeekPart) -> [String; 8] {
    let of_plans = [part.due, part.done, part.late, part.unconfirmed, part.decisions].map(|n| n.to_string());
    let [due, done, late, unconfirmed, decisions] = of_plans;
    let [visits, missed] = [part.visits, part.missed].map(|n| n.to_string());
    [part.name.clone(), due, done, late, unconfirmed, decisions, visits, missed]
}

fn in_numbers(parts: &[WeekPart]) -> Markup {
    html! {
        @if !parts.is_empty() {
            section {
                h2 { "В числах, по алфавиту" }
                div.table-scroll tabindex="0" role="region" aria-label="В числах, по алфавиту" { table.print-table.by-part {
                    thead { tr { @for head in PART_HEADS { th scope="col" { (head) } } } }
                    tbody { @for part in parts { tr {
                        @for (cell, at) in part_cells(part).into_iter().zip(0..) { @if at == 0 { th scope="row" { (cell) } } @else { td { (cell) } } }
                    } } }
                } }
            }
        }
    }
}

fn part_of(part: &SheetPart<'_>, lines: usize, registry: &Registry) -> Markup {
    html! {
        section {
            h2 { (part.title) @if !part.lines.is_empty() { ": " (part.lines.len()) } }
            @if part.lines.is_empty() { p.muted { (part.nothing) } }
            @else {
                div.table-scroll tabindex="0" role="region" aria-label=(part.title) { table.print-table {
                    thead { tr { th scope="col" { "Мероприятие" } th scope="col" { "Чей план" } th.sheet-day scope="col" { "Срок" } th.sheet-state scope="col" { "Состояние" } } }
                    tbody { @for found in part.lines.iter().take(lines) { tr {
                        td { a href=(found.address(crate::web::pages::work::PAGE)) { (found.title()) } }
                        td { (place_name(found.leaf.place, registry)) }
                        td { @match found.line.due() { Some(due) => (words::date_short(due)), None => "без срока" } }
                        td { (found.line.state.russian()) }
                    } } }
                } }
                (more(part.lines.len(), lines))
            }
        }
    }
}

fn more(all: usize, lines: usize) -> Markup {
    html! { @if all > lines { p.sheet-more { "И ещё " (all - lines) "." } } }
}

fn decisions(decisions: &[Decision], lines: usize, registry: &Registry) -> Markup {
    html! {
        section {
            h2 { "Ждёт решения" @if !decisions.is_empty() { ": " (decisions.len()) } }
            @if decisions.is_empty() { p.muted { "Решений никто не ждёт." } }
            @else {
                div.table-scroll tabindex="0" role="region" aria-label="Ждёт решения" { table.print-table {
                    thead { tr { th scope="col" { "Что" } th scope="col" { "Чьё" } th.sheet-day scope="col" { "Чьё решение" } th.sheet-state scope="col" { "Ждёт с" } } }
                    tbody { @for decision in decisions.iter().take(lines) { tr {
                        td { a href=(decision.address) { (decision.title) } ", " (decision.about.russian()) }
                        td { (place_name(decision.place, registry)) }
                        td { (decision.waits_for_words()) }
                        td { (words::date_short(decision.since)) }
                    } } }
                } }
                (more(decisions.len(), lines))
            }
        }
    }
}

fn visits(visits: &[VisitRow<'_>], lines: usize, registry: &Registry) -> Markup {
    html! {
        section {
            h2 { "Посещения на этой неделе" @if !visits.is_empty() { ": " (visits.len()) } }
            @if visits.is_empty() { p.muted { "На этой неделе посещений нет." } }
            @else {
                div.table-scroll tabindex="0" role="region" aria-label="Посещения на этой неделе" { table.print-table {
                    thead { tr { th scope="col" { "Школа" } th scope="col" { "Цель" } th.sheet-day scope="col" { "Куратор" } th.sheet-state scope="col" { "Состояние" } } }
                    tbody { @for row in visits.iter().take(lines) { tr {
                        td { a href=(row.address()) { (place_name(row.leaf.place, registry)) } }
                        td { (row.visit.aim) }
                        td { (row.visit.curator_name) }
                        td { (words::date_short(row.on)) " " (row.short()) }
                    } } }
                } }
                (more(visits.len(), lines))
            }
        }
    }
}

fn duties(duties: &[DutyRow<'_>], lines: usize, registry: &Registry) -> Markup {
    html! {
        section {
            h2 { "Окна обязательств, последний день на этой неделе" @if !duties.is_empty() { ": " (duties.len()) } }
            @if duties.is_empty() { p.muted { "На этой неделе окна не закрываются." } }
            @else {
                div.table-scroll tabindex="0" role="region" aria-label="Окна обязательств" { table.print-table {
                    thead { tr { th scope="col" { "Обязательство" } th scope="col" { "Чьё" } th.sheet-day scope="col" { "Последний день" } th.sheet-state scope="col" { "Состояние" } } }
                    tbody { @for row in duties.iter().take(lines) { tr {
                        td { a href=(row.address()) { (row.title()) } }
                        td { (place_name(row.leaf.place, registry)) }
                        td { (words::date_short(row.days().end)) }
                        td { (row.short()) }
                    } } }
                } }
                (more(duties.len(), lines))
            }
        }
    }
}
