//! Which rows stand behind a number of a board?

use axum::extract::{Query, State};
use maud::{Markup, html};
use opora_access::Place;
use opora_execution::StateKind;
use opora_registry::Registry;

use super::ground::Ground;
use super::view::{board_of, files};
use super::{Wanted, scope, title};
use crate::usecases::boards::{
    Decision, DutyRow, DutyWhich, Found, Leaf, RiskRow, RowsAsked, Scope, VisitRow, VisitWhich,
    all_decisions, all_risks, duty_rows, found, place_name, visit_rows,
};
use crate::usecases::support::Rulebook;
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::components::pager::pager;
use crate::web::errors::WebError;
use crate::web::pages::work;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// Rows on a page.
const PAGE: usize = 100;

fn no_such_state() -> WebError {
    WebError::bad_request("Такого состояния нет", "Откройте список со сводки: там состояния уже подставлены.")
}

/// Rows of one kind.
pub enum Rows<'a> {
    /// Times of plans.
    Times(RowsAsked, Vec<Found<'a>>),
    /// Decisions that are waited for.
    Decisions(Vec<Decision>),
    /// Risks of high significance.
    Risks(Vec<RiskRow>),
    /// Windows of obligations.
    Duties(DutyWhich, Vec<DutyRow<'a>>),
    /// Visits.
    Visits(VisitWhich, Vec<VisitRow<'a>>),
}

impl<'a> Rows<'a> {
    /// The rows that are wanted.
    pub fn of(
        wanted: &Wanted,
        leaves: &'a [Leaf],
        rules: &'a Rulebook,
        today: jiff::civil::Date,
    ) -> Result<Self, WebError> {
        match wanted.what.as_str() {
            "" | "times" => {
                let asked = wanted.asked()?;
                Ok(Self::Times(asked, found(leaves, &asked)))
            }
            "decisions" => Ok(Self::Decisions(all_decisions(leaves, today))),
            "risks" => Ok(Self::Risks(all_risks(leaves))),
            "duties" => {
                let which = DutyWhich::of_slug(&wanted.state).ok_or_else(no_such_state)?;
                Ok(Self::Duties(which, duty_rows(leaves, rules, which)))
            }
            "visits" => {
                let which = VisitWhich::of_slug(&wanted.state).ok_or_else(no_such_state)?;
                Ok(Self::Visits(which, visit_rows(leaves, which, today)))
            }
            _ => Err(WebError::not_found("Такого списка нет")),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Times(_, rows) => rows.len(),
            Self::Decisions(rows) => rows.len(),
            Self::Risks(rows) => rows.len(),
            Self::Duties(_, rows) => rows.len(),
            Self::Visits(_, rows) => rows.len(),
        }
    }

    /// What they are, in words.
    pub fn title(&self, wanted: &Wanted) -> String {
        let asked = match self {
            Self::Times(asked, _) => asked,
            Self::Decisions(_) => return "Ждёт решения".to_owned(),
            Self::Risks(_) => return "Риски высокой значимости".to_owned(),
            Self::Duties(which, _) => return format!("Окна обязательств: {}", which.russian()),
            Self::Visits(which, _) => return format!("Посещения учебного года: {}", which.russian()),
        };
        let mut words = vec![asked.which.russian().to_owned()];
        if asked.planned.is_some() {
            words.push(format!("запланировано на {}", wanted.planned));
        }
        if asked.done.is_some() {
            words.push(format!("выполнено в {}", wanted.done));
        }
        if let Some(plan) = asked.plan {
            words.push(format!("план {plan}"));
        }
        if let Some(section) = asked.section {
            words.push(format!("раздел {}", section + 1));
        }
        let text = words.join(", ");
        let mut letters = text.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

/// `GET /boards/rows`.
pub async fn rows(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let scope = scope(&actor, &wanted)?;
    let ground = Ground::of(&state, &actor, &scope).await?;
    let rows = Rows::of(&wanted, &ground.leaves, &state.results.catalog().rulebook, actor.today)?;
    let heading = rows.title(&wanted);
    let content = content(&actor, &wanted, &scope, &rows);
    Ok(page(&ui, &heading, Section::Boards, &content))
}

/// The content of the page of rows.
pub fn content(actor: &Actor, wanted: &Wanted, scope: &Scope, rows: &Rows<'_>) -> Markup {
    let number = wanted.page.unwrap_or(1).max(1);
    let skipped = (number - 1).saturating_mul(PAGE);
    let registry = &actor.registry;
    html! { div.stack {
        nav.breadcrumbs aria-label="Путь" { a href=(wanted.address("/boards", &[])) { "Сводка: " (title(scope, actor)) } }
        div.page-head {
            div { h1 { (rows.title(wanted)) } p { (words::count(rows.len(), ["строка", "строки", "строк"])) " · " (title(scope, actor)) " · школы по алфавиту" } }
            (files(wanted, "rows", &html! {}))
        }
        @match rows {
            Rows::Times(..) => (states(wanted)),
            Rows::Duties(asked, _) => (choices(wanted, DutyWhich::ALL.map(|which| (which.slug(), which.russian(), which == *asked)))),
            Rows::Visits(asked, _) => (choices(wanted, VisitWhich::ALL.map(|which| (which.slug(), which.russian(), which == *asked)))),
            Rows::Decisions(_) | Rows::Risks(_) => {},
        }
        @if rows.len() == 0 { p.muted { "Таких строк нет." } }
        @else {
            div.table-scroll tabindex="0" role="region" aria-label=(rows.title(wanted)) {
                @match rows {
                    Rows::Times(_, all) => (times(all.iter().skip(skipped).take(PAGE), registry)),
                    Rows::Decisions(all) => (decisions(all.iter().skip(skipped).take(PAGE), registry)),
                    Rows::Risks(all) => (risks(all.iter().skip(skipped).take(PAGE), registry)),
                    Rows::Duties(_, all) => (duties(all.iter().skip(skipped).take(PAGE), registry)),
                    Rows::Visits(_, all) => (visits(all.iter().skip(skipped).take(PAGE), registry)),
                }
            }
            (pages(wanted, number, rows.len()))
        }
    } }
}

/// The same places in other states.
fn states(wanted: &Wanted) -> Markup {
    let kept = |state: &str| {
        let pairs = wanted.row_pairs().into_iter().filter(|(name, _)| *name != "state");
        wanted.rows(&pairs.chain([("state", state.to_owned())]).collect::<Vec<_>>())
    };
    html! {
        nav.work-states aria-label="Отбор по состоянию" {
            a href=(kept("all")) aria-current=[matches!(wanted.state.as_str(), "" | "all").then_some("true")] { "все" }
            @for kind in StateKind::ALL {
                a class={ "state " (kind.slug()) } href=(kept(kind.slug())) aria-current=[(wanted.state == kind.slug()).then_some("true")] { (kind.russian()) }
            }
        }
    }
}

/// The same list in other states.
fn choices<const N: usize>(wanted: &Wanted, all: [(&str, &str, bool); N]) -> Markup {
    let to = |state: &str| wanted.rows(&[("what", wanted.what.clone()), ("state", state.to_owned())]);
    html! {
        nav.choices aria-label="Отбор по состоянию" {
            @for (slug, name, chosen) in all { a.choice href=(to(slug)) aria-current=[chosen.then_some("true")] { (name) } }
        }
    }
}

fn pages(wanted: &Wanted, number: usize, all: usize) -> Markup {
    let to = |page: usize| {
        let page = [("page", page.to_string())];
        wanted.rows(&wanted.row_pairs().into_iter().chain(page).collect::<Vec<_>>())
    };
    pager("Страницы", ["Назад", "Дальше"], number, all.div_ceil(PAGE), to)
}

fn whose(place: Place, registry: &Registry) -> Markup {
    let town = match place {
        Place::School(school) => registry.get(school).and_then(|school| registry.node(school.municipality)),
        _ => None,
    };
    html! {
        a href=(board_of(place)) { (place_name(place, registry)) }
        @if let Some(town) = town { br; span.small.muted { (town.name) } }
    }
}

fn times<'a>(rows: impl Iterator<Item = &'a Found<'a>>, registry: &Registry) -> Markup {
    html! {
        table.folds.board-rows {
            thead { tr { th scope="col" { "Мероприятие" } th scope="col" { "Чей план" } th scope="col" { "Срок" } th scope="col" { "Состояние" } } }
            tbody { @for found in rows {
                tr {
                    th scope="row" data-label="Мероприятие" {
                        a href=(found.address(work::PAGE)) { (found.title()) }
                        br; span.small.muted { (found.plan.summary.title) }
                    }
                    td data-label="Чей план" { (whose(found.leaf.place, registry)) }
                    td data-label="Срок" {
                        @match found.line.due() { Some(due) => (words::date_short(due)), None => "без срока" }
                        @if let Some(planned) = found.line.outline.baseline.planned.filter(|planned| found.line.due() != Some(*planned)) { br; span.small.muted { "был " (words::date_short(planned)) } }
                    }
                    td data-label="Состояние" {
                        span class={ "badge " (found.line.state.kind().slug()) } { (found.line.state.russian()) }
                        @if let Some(day) = found.line.outline.baseline.actual { br; span.small.muted { "выполнено " (words::date_short(day)) } }
                    }
                }
            } }
        }
    }
}

fn decisions<'a>(rows: impl Iterator<Item = &'a Decision>, registry: &Registry) -> Markup {
    html! {
        table.folds.board-rows {
            thead { tr { th scope="col" { "Что ждёт решения" } th scope="col" { "Чей документ" } th scope="col" { "Состояние" } th scope="col" { "Чьё решение" } th scope="col" { "С какого дня" } } }
            tbody { @for decision in rows {
                tr {
                    th scope="row" data-label="Что ждёт решения" { a href=(decision.address) { (decision.title) } br; span.small.muted { (decision.about.russian()) } }
                    td data-label="Чей документ" { (whose(decision.place, registry)) }
                    td data-label="Состояние" { (decision.state) }
                    td data-label="Чьё решение" { (decision.waits_for_words()) }
                    td data-label="С какого дня" {
                        (words::date_short(decision.since))
                        @if let Ok(days @ 1..) = usize::try_from(decision.days) { ", " (words::count(days, words::DAYS)) }
                    }
                }
            } }
        }
    }
}

fn risks<'a>(rows: impl Iterator<Item = &'a RiskRow>, registry: &Registry) -> Markup {
    html! {
        table.folds.board-rows {
            thead { tr { th scope="col" { "Риск" } th scope="col" { "Школа" } th scope="col" { "Меры" } } }
            tbody { @for risk in rows {
                tr {
                    th scope="row" data-label="Риск" { (risk.name) }
                    td data-label="Школа" { (whose(risk.place, registry)) }
                    td data-label="Меры" {
                        span class={ "badge " (if risk.is_answered() { "confirmed" } else { "due" }) } { (risk.russian()) }
                        @if let Some(plan) = risk.plan { br; a.small href={ "/plans/" (plan) "/approval" } { "Дорожная карта" } }
                        @else if let Place::School(school) = risk.place { br; a.small href={ "/schools/" (school.0) "/risks" } { "Профиль рисков" } }
                    }
                }
            } }
        }
    }
}

fn duties<'a>(rows: impl Iterator<Item = &'a DutyRow<'a>>, registry: &Registry) -> Markup {
    html! {
        table.folds.board-rows {
            thead { tr { th scope="col" { "Обязательство" } th scope="col" { "Чьё" } th scope="col" { "Окно" } th scope="col" { "Состояние" } } }
            tbody { @for row in rows {
                tr {
                    th scope="row" data-label="Обязательство" { a href=(row.address()) { (row.title()) } br; span.small.muted { (row.kept.rule.who) } }
                    td data-label="Чьё" { (whose(row.leaf.place, registry)) }
                    td data-label="Окно" { (words::period(&row.days())) }
                    td data-label="Состояние" {
                        span class={ "badge " (duty_badge(row.which)) } { (row.short()) }
                        @if row.which != DutyWhich::Kept { br; span.small.muted { (row.kept.russian()) } }
                    }
                }
            } }
        }
    }
}

/// How a window stands as a class of a badge.
fn duty_badge(which: DutyWhich) -> &'static str {
    match which {
        DutyWhich::Kept => "good",
        DutyWhich::Missed => "late",
        DutyWhich::Open => "due",
        DutyWhich::Excused | DutyWhich::All | DutyWhich::Owed => "note",
    }
}

fn visits<'a>(rows: impl Iterator<Item = &'a VisitRow<'a>>, registry: &Registry) -> Markup {
    html! {
        table.folds.board-rows {
            thead { tr { th scope="col" { "Посещение" } th scope="col" { "Школа" } th scope="col" { "Куратор" } th scope="col" { "Состояние" } } }
            tbody { @for row in rows {
                tr {
                    th scope="row" data-label="Посещение" { a href=(row.address()) { (words::date(row.on)) } br; span.small.muted { (row.visit.aim) } }
                    td data-label="Школа" { (whose(row.leaf.place, registry)) }
                    td data-label="Куратор" { (row.visit.curator_name) }
                    td data-label="Состояние" {
                        span class={ "badge " (visit_badge(row.which)) } { (row.short()) }
                        @if row.is_open() { br; span.small.muted { "протокол не закрыт" } }
                    }
                }
            } }
        }
    }
}

/// How a visit stands as a class of a badge.
fn visit_badge(which: VisitWhich) -> &'static str {
    match which {
        VisitWhich::Held => "good",
        VisitWhich::Unmarked => "late",
        VisitWhich::Planned => "due",
        VisitWhich::All => "note",
    }
}
