//! How does a board look? Numbers that lead to their rows, a picture by months, and the parts by the alphabet.

use std::sync::Arc;

use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_execution::{Part as Share, Progress, StateKind};

use super::ground::{People, Placed};
use super::{Wanted, title};
use crate::usecases::boards::{
    Board, Leaf, Month, Part, RowsAsked, Scope, Sum, Waiting, Which, decisions, found, place_name,
    school_year, trend,
};
use crate::usecases::standings::PlanStanding;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::charts::{Chart, ChartFiles, MonthPair, months};
use crate::web::components::empty::empty;
use crate::web::words;

/// Parts on a page.
const PAGE: usize = 100;
/// Plans of the place itself on a page.
const PLANS: usize = 50;
/// Decisions on a board; the rest are on their list.
const DECISIONS: usize = 10;

const MONTHS: [&str; 12] =
    ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];

/// The content of a board.
pub fn content(
    actor: &Actor,
    wanted: &Wanted,
    scope: &Scope,
    leaves: &[Leaf],
    people: &People,
    board: &Board,
) -> Markup {
    let is_empty = !board.total.is_anything() && board.total.schools == 0;
    html! { div.stack {
        (breadcrumbs(actor, scope))
        div.page-head {
            div {
                h1 { (title(scope, actor)) }
                p { "Как идёт работа на " (words::date(actor.today)) ". " (scale(&board.total)) }
            }
            (files(wanted, "board", &html! { a.button.small href=(wanted.address("/boards/week", &[])) { (icon("printer")) "Лист недели" } }))
        }
        @if is_empty {
            (empty("layers", "Здесь пока нечего показать", "Сводка появится, когда в этом месте будет хотя бы один план.", &html! { a.button href="/plans" { "К планам" } }))
        } @else {
            (numbers(wanted, &board.total))
            (picture(wanted, leaves, actor.today))
            (parts(wanted, scope, board))
            (waiting(actor, wanted, leaves, people))
            (own_plans(wanted, scope, leaves))
            (people_here(scope, people))
        }
    } }
}

/// Files of what is shown, and whatever else may be done with it.
pub fn files(wanted: &Wanted, name: &str, more: &Markup) -> Markup {
    let query = if name == "board" { Vec::new() } else { wanted.row_pairs() };
    let address = |ending: &str| wanted.address(&format!("/boards/files/{name}.{ending}"), &query);
    html! {
        div.actions {
            (more)
            a.button.small href=(address("xlsx")) { (icon("download")) "Excel" }
            a.button.small href=(address("csv")) { (icon("download")) "CSV" }
            a.button.small href=(address("json")) { (icon("download")) "JSON" }
        }
    }
}

fn scale(sum: &Sum) -> Markup {
    html! {
        (words::count(sum.plans, words::PLANS))
        @if sum.schools > 1 { ", " (words::count(sum.schools, ["школа", "школы", "школ"])) }
        "."
    }
}

/// The way up from a place, as far as the reader may go.
fn breadcrumbs(actor: &Actor, scope: &Scope) -> Markup {
    let Scope::One(place) = scope else { return html! {} };
    let mut way = Vec::new();
    let mut here = *place;
    while let Some(above) = here.around(&actor.registry).filter(|_| way.len() < 4) {
        if actor.reaches(Right::SeePlans, above) {
            way.push(above);
        }
        here = above;
    }
    way.reverse();
    html! {
        @if !way.is_empty() {
            nav.breadcrumbs aria-label="Путь" {
                @for place in way { a href=(board_of(place)) { (title(&Scope::One(place), actor)) } }
            }
        }
    }
}

/// Address of the board of a place.
pub fn board_of(place: Place) -> String {
    crate::web::views::address::address("/boards", &[("place", place.code())])
}

/// A number that leads to its rows; nothing to follow where there are none.
fn number(count: usize, address: &str) -> Markup {
    html! { @if count > 0 { a href=(address) { (count) } } @else { (count) } }
}

/// A part of a whole, both leading to their rows.
fn share(wanted: &Wanted, part: Share, which: Which) -> Markup {
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let rows = |which: Which| wanted.rows(&[("state", which.slug().to_owned())]);
    html! {
        @if part.whole == 0 { "–" }
        @else { (number(size(part.part), &rows(which))) " из " (number(size(part.whole), &rows(Which::Measured))) }
    }
}

fn longest(waiting: Waiting) -> String {
    let days = usize::try_from(waiting.longest_days).unwrap_or_default();
    if days > 0 {
        format!("дольше всего – {}", words::count(days, words::DAYS))
    } else {
        String::new()
    }
}

/// For whom how much waits, and for how long.
fn sides(waiting: [(Waiting, &str); 3], longest: String) -> String {
    let counted = waiting.into_iter().filter(|(waiting, _)| waiting.count > 0);
    let mut told: Vec<String> = counted.map(|(waiting, who)| format!("{who} {}", waiting.count)).collect();
    told.extend(Some(longest).filter(|longest| !longest.is_empty()));
    told.join("; ")
}

/// The numbers of the whole scope.
fn numbers(wanted: &Wanted, sum: &Sum) -> Markup {
    let progress = &sum.progress;
    let state = |kind: StateKind| wanted.rows(&[("state", kind.slug().to_owned())]);
    let decisions = sum.all_decisions();
    let [school, curator, coordinator] = sum.decisions;
    html! {
        section aria-labelledby="numbers" {
            h2 #numbers { "Главное" }
            dl.board-numbers {
                div { dt { "Выполнено" } dd { strong { (share(wanted, progress.carried_out(), Which::CarriedOut)) } }
                    dd.small { "подтверждено " (number(progress.count(StateKind::Confirmed), &state(StateKind::Confirmed))) } }
                div.late[progress.count(StateKind::Late) > 0] { dt { "Просрочено" } dd { strong { (number(progress.count(StateKind::Late), &state(StateKind::Late))) } }
                    dd.small { "возвращено на доработку " (number(progress.count(StateKind::Returned), &state(StateKind::Returned))) } }
                div { dt { "Скоро срок" } dd { strong { (number(progress.count(StateKind::Due), &state(StateKind::Due))) } } dd.small { "в ближайшие две недели" } }
                div { dt { "Ждёт подтверждения" } dd { strong { (number(sum.unconfirmed.count, &state(StateKind::Done))) } } dd.small { (longest(sum.unconfirmed)) } }
                div { dt { "Ждёт решения" } dd { strong { (number(decisions.count, &wanted.rows(&[("what", "decisions".to_owned())]))) } }
                    dd.small {
                        (sides([(school, "школы"), (curator, "куратора"), (coordinator, "координатора")], longest(decisions)))
                    } }
                @if sum.risks.high > 0 {
                    div { dt { "Высокие риски с мерами" } dd { strong { (sum.risks.answered) " из " (number(sum.risks.high, &wanted.rows(&[("what", "risks".to_owned())]))) } }
                        dd.small { "мера со сроком, ответственным, результатом и подтверждением" } }
                }
                (support(wanted, sum))
                @if sum.without_plan > 0 {
                    div { dt { "Школы без своего плана" } dd { strong { (sum.without_plan) " из " (sum.schools) } } dd.small { "из школ программы и школ с планами" } }
                }
            }
            p.muted { (progress.forecast()) }
        }
    }
}

/// How schools are looked after: windows of obligations and visits of this school year.
fn support(wanted: &Wanted, sum: &Sum) -> Markup {
    let rows =
        |what: &str, state: &str| wanted.rows(&[("what", what.to_owned()), ("state", state.to_owned())]);
    let (duties, visits) = (sum.duties, sum.visits);
    html! {
        @if duties.all() > 0 {
            div.late[duties.missed > 0] { dt { "Обязательства соблюдены" } dd { strong { (number(duties.kept, &rows("duties", "kept"))) " из " (number(duties.owed(), &rows("duties", "owed"))) } }
                dd.small {
                    "пропущено " (number(duties.missed, &rows("duties", "missed")))
                    ", не требуется " (number(duties.excused, &rows("duties", "excused")))
                    ", идёт сейчас " (number(duties.open, &rows("duties", "open")))
                } }
        }
        @if visits.all() > 0 {
            div { dt { "Посещений состоялось" } dd { strong { (number(visits.held, &rows("visits", "held"))) } }
                dd.small {
                    "с начала учебного года; запланировано " (number(visits.planned, &rows("visits", "planned")))
                    @if visits.unmarked > 0 { ", без отметки " (number(visits.unmarked, &rows("visits", "unmarked"))) }
                } }
        }
    }
}

/// The picture of a school year.
pub fn chart(wanted: &Wanted, leaves: &[Leaf], today: Date) -> Chart {
    let year = wanted.year.unwrap_or_else(|| school_year(today)).clamp(1990, 2200);
    let pair = |sum: &crate::usecases::boards::MonthSum| {
        let Month { year, month } = sum.month;
        let at = usize::try_from(month).unwrap_or(1).saturating_sub(1);
        let rows = |name: &'static str| wanted.rows(&[(name, sum.month.to_string())]);
        MonthPair {
            short: MONTHS.get(at).copied().unwrap_or_default().to_owned(),
            name: format!("{} {year}", words::month(month)),
            first: (sum.planned, rows("planned")),
            second: (sum.carried_out, rows("done")),
        }
    };
    let pairs: Vec<MonthPair> = trend(leaves, year).iter().map(pair).collect();
    let caption = format!("Сроки по месяцам, {year}/{} учебный год", year + 1);
    months("trend", &caption, ["запланировано", "выполнено"], &pairs)
}

fn picture(wanted: &Wanted, leaves: &[Leaf], today: Date) -> Markup {
    let year = wanted.year.unwrap_or_else(|| school_year(today)).clamp(1990, 2200);
    let other = |year: i16| wanted.address("/boards", &[("year", year.to_string())]);
    let place = (!wanted.place.is_empty()).then(|| ("place", wanted.place.clone()));
    let files = ChartFiles {
        path: "/boards/files".to_owned(),
        query: place.into_iter().chain([("year", year.to_string())]).collect(),
    };
    html! {
        section aria-labelledby="months" {
            h2 #months { "План и выполнение по месяцам" }
            (chart(wanted, leaves, today).figure(&files))
            nav.choices aria-label="Учебный год" {
                a.choice href=(other(year - 1)) { (year - 1) "/" (year) }
                a.choice href=(other(year + 1)) { (year + 1) "/" (year + 2) }
            }
        }
    }
}

/// The parts of the scope, by the alphabet.
fn parts(wanted: &Wanted, scope: &Scope, board: &Board) -> Markup {
    let page = wanted.page.unwrap_or(1).max(1);
    let shown = board.parts.iter().skip((page - 1).saturating_mul(PAGE)).take(PAGE);
    let last = board.parts.len().div_ceil(PAGE).max(1);
    let shown_too = Columns {
        risks: board.total.risks.high > 0,
        support: board.total.duties.all() > 0 || board.total.visits.all() > 0,
    };
    let of_own = match scope {
        Scope::One(place) => Wanted { place: place.code(), ..Wanted::default() },
        Scope::Own(_) => Wanted::default(),
    };
    html! {
        @if !board.parts.is_empty() {
            section aria-labelledby="parts" {
                h2 #parts { "По алфавиту" }
                div.table-scroll tabindex="0" role="region" aria-label="Таблица: планы по местам" {
                    table.folds.board-parts {
                        thead { tr {
                            th scope="col" { "Чьи планы" } th scope="col" { "Планов" } th scope="col" { "Выполнено" } th scope="col" { "Просрочено" }
                            th scope="col" { "Скоро срок" } th scope="col" { "Ждёт подтверждения" } th scope="col" { "Ждёт решения" }
                            @if shown_too.risks { th scope="col" { "Риски с мерами" } }
                            @if shown_too.support { th scope="col" { "Обязательства соблюдены" } th scope="col" { "Посещений состоялось" } }
                        } }
                        tbody {
                            @if board.own.is_anything() {
                                tr { th scope="row" data-label="Чьи планы" { a href="#plans" { "Общие планы" } } (cells(&of_own, &board.own, shown_too, true)) }
                            }
                            @for part in shown { (row(part, shown_too)) }
                        }
                    }
                }
                @if last > 1 {
                    nav.pages aria-label="Страницы списка" {
                        @for number in 1..=last {
                            a href={ (wanted.address("/boards", &[("page", number.to_string())])) "#parts" } aria-current=[(number == page).then_some("page")] { (number) }
                        }
                    }
                }
            }
        }
    }
}

/// Columns that are shown where there is something to tell.
#[derive(Clone, Copy)]
struct Columns {
    risks: bool,
    support: bool,
}

fn row(part: &Part, columns: Columns) -> Markup {
    let wanted = Wanted { place: part.place.code(), ..Wanted::default() };
    html! { tr {
        th scope="row" data-label="Чьи планы" { a href=(board_of(part.place)) { (part.name) } }
        (cells(&wanted, &part.sum, columns, false))
    } }
}

/// The numbers of a row. Those of the plans of the scope itself lead nowhere: its rows hold those of its parts, too.
fn cells(wanted: &Wanted, sum: &Sum, columns: Columns, is_own: bool) -> Markup {
    let progress = &sum.progress;
    let linked = |count: usize, name: &'static str, word: &str| {
        html! { @if is_own { (count) } @else { (number(count, &wanted.rows(&[(name, word.to_owned())]))) } }
    };
    let done = progress.carried_out();
    let behind = |count: usize, what: &str, state: &str| {
        let to = wanted.rows(&[("what", what.to_owned()), ("state", state.to_owned())]);
        html! { @if is_own { (count) } @else { (number(count, &to)) } }
    };
    html! {
        td data-label="Планов" { @if sum.plans == 0 { "плана нет" } @else { (sum.plans) } }
        td data-label="Выполнено" { @if is_own && done.whole > 0 { (done.part) " из " (done.whole) } @else { (share(wanted, done, Which::CarriedOut)) } }
        td data-label="Просрочено" { (linked(progress.count(StateKind::Late), "state", "late")) }
        td data-label="Скоро срок" { (linked(progress.count(StateKind::Due), "state", "due")) }
        td data-label="Ждёт подтверждения" { (linked(sum.unconfirmed.count, "state", "done")) }
        td data-label="Ждёт решения" { (linked(sum.all_decisions().count, "what", "decisions")) }
        @if columns.risks {
            td data-label="Риски с мерами" { @if sum.risks.high == 0 { "–" } @else { (sum.risks.answered) " из " (linked(sum.risks.high, "what", "risks")) } }
        }
        @if columns.support {
            td data-label="Обязательства соблюдены" { @if sum.duties.owed() == 0 { "–" } @else { (behind(sum.duties.kept, "duties", "kept")) " из " (behind(sum.duties.owed(), "duties", "owed")) } }
            td data-label="Посещений состоялось" { @if matches!(sum.schools, 0) { "–" } @else { (behind(sum.visits.held, "visits", "held")) } }
        }
    }
}

/// Decisions that are waited for.
fn waiting(actor: &Actor, wanted: &Wanted, leaves: &[Leaf], people: &People) -> Markup {
    let all: Vec<_> = leaves.iter().flat_map(|leaf| decisions(leaf, actor.today)).collect();
    let whole = all.len();
    html! {
        @if whole > 0 {
            section.card aria-labelledby="decisions" {
                div.card-head { h2 #decisions { "Ждёт решения" } a.small href=(wanted.rows(&[("what", "decisions".to_owned())])) { "Все: " (whole) } }
                ul.work-items {
                    @for decision in all.iter().take(DECISIONS) {
                        li {
                            a href=(decision.address) { (decision.title) }
                            span.small.muted {
                                (decision.about.russian()) " · " (place_name(decision.place, &actor.registry))
                                " · ждёт: " (decision.waits_for_words()) (curators(decision.waits_for, decision.place, people))
                                ", с " (words::date_short(decision.since))
                                @if let Ok(days @ 1..) = usize::try_from(decision.days) { ", " (words::count(days, words::DAYS)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Names of the curators who are waited for.
fn curators(party: opora_approval::Party, place: Place, people: &People) -> Markup {
    let here = people.at.get(&place).map_or(&[][..], Vec::as_slice);
    let names: Vec<&str> = here
        .iter()
        .filter(|person| party == opora_approval::Party::Reviewer && person.role == Role::Curator)
        .map(|person| person.name.as_str())
        .collect();
    html! { @if !names.is_empty() { " (" (names.join(", ")) ")" } }
}

/// The plans of the place itself, with their sections.
fn own_plans(wanted: &Wanted, scope: &Scope, leaves: &[Leaf]) -> Markup {
    let Scope::One(place) = scope else { return html! {} };
    let Some(leaf) = leaves.iter().find(|leaf| leaf.place == *place) else { return html! {} };
    html! {
        section aria-labelledby="plans" {
            h2 #plans { @if matches!(place, Place::School(_)) { "Планы школы" } @else { "Общие планы" } }
            @if leaf.plans.is_empty() {
                p { "Своего плана пока нет." }
                @if let Place::School(school) = place { p { a href={ "/schools/" (school.0) "/roadmap" } { "Составить дорожную карту" } } }
            }
            @for plan in leaf.plans.iter().take(PLANS) { (plan_card(wanted, leaf, plan)) }
            @if leaf.plans.len() > PLANS { p.muted { "И ещё " (leaf.plans.len() - PLANS) ": " a href="/plans" { "все планы" } "." } }
        }
    }
}

fn plan_card(wanted: &Wanted, leaf: &Leaf, plan: &Arc<PlanStanding>) -> Markup {
    let id = plan.summary.id.0;
    html! {
        section.card aria-labelledby={ "plan-" (id) } {
            div.card-head {
                h3 id={ "plan-" (id) } { a href={ "/plans/" (id) "/work" } { (plan.summary.title) } }
                @if let Some(standing) = &plan.agreement { a.small href={ "/plans/" (id) "/approval" } { (standing.state.russian()) } }
            }
            div.table-scroll tabindex="0" role="region" aria-label={ "Разделы плана: " (plan.summary.title) } {
                table.folds.board-parts {
                    thead { tr { th scope="col" { "Раздел" } th scope="col" { "Сроков" } th scope="col" { "Выполнено" } th scope="col" { "Просрочено" } th scope="col" { "Скоро срок" } th scope="col" { "Ждёт подтверждения" } } }
                    tbody {
                        @for (section, title) in plan.sections.iter().enumerate() {
                            (section_row(wanted, leaf, id, Some(section), if title.is_empty() { "Без названия" } else { title }))
                        }
                        @if plan.sections.len() != 1 { (section_row(wanted, leaf, id, None, "Весь план")) }
                    }
                }
            }
        }
    }
}

fn section_row(wanted: &Wanted, leaf: &Leaf, plan: i64, section: Option<usize>, title: &str) -> Markup {
    let count = |which: Which| {
        let asked = RowsAsked { which, plan: Some(plan), section, ..RowsAsked::default() };
        found(std::slice::from_ref(leaf), &asked).len()
    };
    let rows = |which: Which| {
        let section = section.map(|section| ("section", section.to_string()));
        let pairs = [("state", which.slug().to_owned()), ("plan", plan.to_string())];
        wanted.rows(&pairs.into_iter().chain(section).collect::<Vec<_>>())
    };
    let cell = |which: Which| number(count(which), &rows(which));
    html! { tr {
        th scope="row" data-label="Раздел" { (title) }
        td data-label="Сроков" { (cell(Which::All)) }
        td data-label="Выполнено" {
            @if count(Which::Measured) == 0 { "–" } @else { (cell(Which::CarriedOut)) " из " (cell(Which::Measured)) }
        }
        td data-label="Просрочено" { (cell(Which::In(StateKind::Late))) }
        td data-label="Скоро срок" { (cell(Which::In(StateKind::Due))) }
        td data-label="Ждёт подтверждения" { (cell(Which::In(StateKind::Done))) }
    } }
}

/// Who works at the place.
fn people_here(scope: &Scope, people: &People) -> Markup {
    let Scope::One(place) = scope else { return html! {} };
    let here: &[Placed] = people.at.get(place).map_or(&[], Vec::as_slice);
    html! {
        @if !here.is_empty() {
            section.card aria-labelledby="people" {
                div.card-head { h2 #people { "Кто работает" } }
                ul.work-items { @for person in here.iter().take(PLANS) { li { (person.name) span.small.muted { (person.role.russian()) } } } }
            }
        }
    }
}

/// What the start page tells of a board, in a few numbers.
pub fn home_card(progress: &Progress) -> Markup {
    let (done, rows) = (progress.carried_out(), |word: &str| format!("/boards/rows?state={word}"));
    html! {
        section.card aria-labelledby="board" {
            div.card-head { h2 #board { "Как идёт работа" } a.small href="/boards" { "Сводка" } }
            div.card-body {
                dl.board-numbers {
                    div { dt { "Выполнено" } dd { strong { (done.part) " из " (done.whole) } } }
                    div.late[progress.count(StateKind::Late) > 0] { dt { "Просрочено" } dd { strong { (number(progress.count(StateKind::Late), &rows("late"))) } } }
                    div { dt { "Ждёт подтверждения" } dd { strong { (number(progress.count(StateKind::Done), &rows("done"))) } } }
                }
            }
        }
    }
}
