//! What is to be done first?

use std::sync::Arc;

use axum::extract::State;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_cycle::vocabulary::ActivityKey;
use opora_execution::work::WorkItem;
use opora_store::PlanSummary;

use crate::usecases::standings::PlanStanding;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::boards;
use crate::web::pages::upload::drop_zone;
use crate::web::pages::work::{page_of, roadmaps_to_write};
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::agenda::SOON_DAYS;
use crate::web::words;

/// Days for which a deadline that has passed is listed by name.
const LATE_DAYS: i32 = 30;
/// Lines of a list that are seen at once.
const LINES: usize = 8;
/// Most lines of a list; the rest is told as a number.
const LINES_MAX: usize = 100;

/// A deadline with the plan it belongs to.
struct Line<'a> {
    plan: &'a PlanStanding,
    day: Date,
    key: ActivityKey,
}

/// What the plans say about the days around today.
#[derive(Default)]
struct Overview<'a> {
    soon: Vec<Line<'a>>,
    late: Vec<Line<'a>>,
    long_past: usize,
}

/// `GET /`.
pub async fn show(ui: Ui, State(state): State<AppState>, actor: Actor) -> Result<Markup, WebError> {
    let mut standings = actor.standings(&state).await?;
    standings.retain(|plan| !plan.summary.archived);
    if standings.is_empty() {
        let next = roadmaps_to_write(&state, &actor, &standings).await?;
        let schools = state.store.accounts().await?.len() > 1;
        return Ok(page(&ui, "Главная", Section::Home, &first_visit(&actor, next.first(), schools)));
    }
    let overview = overview(&standings, ui.today);
    let progress = boards::own_progress(&state, &actor).await?;
    let mut plans: Vec<&PlanSummary> = standings.iter().map(|plan| &plan.summary).collect();
    plans.sort_by_key(|plan| std::cmp::Reverse(plan.changed_at));
    let content = html! {
        div.page-head {
            div {
                h1 { "Главная" }
                p { "Сегодня " (words::date(ui.today)) }
            }
        }
        div.home-grid {
            div.stack {
                (soon(&overview, ui.today))
                (late(&overview, ui.today))
            }
            div.stack {
                (boards::home_card(&progress))
                @if actor.may_somewhere(Right::EditPlans) { section.card aria-labelledby="add" {
                    div.card-head { h2 #add { "Загрузить приказы" } }
                    div.card-body { (drop_zone("home-files")) }
                } }
                (recent(&plans))
            }
        }
    };
    Ok(page(&ui, "Главная", Section::Home, &content))
}

fn overview(plans: &[Arc<PlanStanding>], today: Date) -> Overview<'_> {
    let horizon = today.saturating_add(SOON_DAYS.days());
    let recent = today.saturating_sub(LATE_DAYS.days());
    let mut overview = Overview::default();
    for plan in plans {
        for (day, line) in plan.open().filter(|(day, _)| *day <= horizon) {
            let key = line.key.activity;
            match day {
                day if day < recent => overview.long_past += 1,
                day if day < today => overview.late.push(Line { plan, day, key }),
                day => overview.soon.push(Line { plan, day, key }),
            }
        }
    }
    overview.soon.sort_by_key(|line| line.day);
    overview.late.sort_by_key(|line| std::cmp::Reverse(line.day));
    overview
}

fn first_visit(actor: &Actor, next: Option<&WorkItem>, has_people: bool) -> Markup {
    let loads = actor.may_somewhere(Right::EditPlans);
    html! {
        div.welcome {
            @if actor.account().is_some() { (beginning(actor, next, has_people)) }
            @if loads { (from_an_order(actor)) }
        }
    }
}

/// What there is to begin with, for a person who came in before there was any plan. `next` is the roadmap that is to be
/// written, once the self-diagnosis is approved.
fn beginning(actor: &Actor, next: Option<&WorkItem>, has_people: bool) -> Markup {
    let may = |right| actor.may_somewhere(right);
    let keeps = actor.may(Right::LoadResults, Place::Installation);
    html! {
        h1 { "Планов пока нет" }
        @if let Some(next) = next {
            p.lead { "Самодиагностика одобрена. Теперь составьте дорожную карту: на каждый риск программа предложит меры, лишнее уберёте." }
            p.actions { a.button.primary href=(page_of(next)) { "Составить дорожную карту" } }
        } @else if may(Right::Diagnose) {
            p.lead { "Начните с самодиагностики: школа отвечает на вопросы о себе, из ответов получается профиль рисков, а из рисков – черновик дорожной карты." }
            p.actions { a.button.primary href="/diagnosis" { "К самодиагностике" } }
        } @else if may(Right::ManagePeople) && has_people {
            p.lead { "Люди приглашены. Дальше назначьте кураторов и день, к которому школы заполнят самодиагностику. Муниципальный план можно загрузить когда угодно." }
            p.actions {
                @if may(Right::Assign) { a.button.primary href="/assignments" { "Кураторы школ" } " " }
                @if may(Right::Review) { a.button href="/diagnosis" { "Срок самодиагностики" } " " }
                @if keeps { a.button href="/data" { "Реестр организаций" } " " }
                a.button href="/people" { "Люди" }
            }
        } @else if may(Right::ManagePeople) {
            p.lead { "Чтобы школы начали работать, пригласите людей" @if keeps { ", но сначала загрузите реестр организаций: из него берутся места для ролей" } "." }
            p.actions {
                @if keeps { a.button.primary href="/data" { "Реестр организаций" } " " }
                a.button href="/people" { "Люди" }
            }
        } @else {
            p.lead { "Когда муниципалитет или школа загрузят дорожную карту, здесь появятся её сроки. О новом расскажет колокольчик вверху." }
        }
    }
}

fn from_an_order(actor: &Actor) -> Markup {
    let alone = actor.account().is_none();
    html! {
        @if alone { h1 { "Из приказа — в работающий план" } } @else { h2 { "Из приказа — в работающий план" } }
        p.lead {
            "Загрузите приказ с дорожной картой. Программа прочитает мероприятия, сроки и ответственных, \
             проверит план и покажет его календарём и лентой времени."
        }
        (drop_zone("home-files"))
        @if alone { div.welcome-sample {
            p { "Нет файла под рукой?" }
            (sample_button())
        } }
        ol.steps {
            li { (icon("upload")) div { strong { "Загрузите" } p { "DOCX, PDF, скан, таблица или текст — можно несколько сразу." } } }
            li { (icon("clipboard-check")) div { strong { "Проверьте" } p { "Сомнительное отмечено, источник показан рядом." } } }
            li { (icon("calendar-clock")) div { strong { "Работайте" } p { "Сроки, ответственные, замечания и выгрузка в Word и Excel." } } }
        }
    }
}

/// Button that takes in an invented order.
pub fn sample_button() -> Markup {
    html! {
        form action="/upload/sample" method="post" {
            button type="submit" { (icon("file-text")) "Попробовать на примере" }
        }
    }
}

fn soon(overview: &Overview<'_>, today: Date) -> Markup {
    html! {
        section.card aria-labelledby="soon" {
            div.card-head {
                h2 #soon { "Ближайшие две недели" }
                @if !overview.soon.is_empty() { span.count { (overview.soon.len()) } }
            }
            @if overview.soon.is_empty() {
                div.card-body { p.quiet-line { (icon("circle-check")) "В ближайшие 14 дней сроков нет." } }
            }
            (lines(&overview.soon, today))
        }
    }
}

fn late(overview: &Overview<'_>, today: Date) -> Markup {
    html! {
        section.card aria-labelledby="late" {
            div.card-head {
                h2 #late { "Срок прошёл за последний месяц" }
                @if !overview.late.is_empty() { span.count.error { (overview.late.len()) } }
            }
            @if overview.late.is_empty() {
                div.card-body { p.quiet-line { (icon("circle-check")) "За последние 30 дней таких нет." } }
            }
            (lines(&overview.late, today))
            @if overview.long_past > 0 {
                div.card-body {
                    p.muted.small {
                        "Раньше прошло ещё " (words::count(overview.long_past, ["срок", "срока", "сроков"]))
                        ". Они видны в планах с отбором «срок прошёл»."
                    }
                }
            }
        }
    }
}

fn lines(lines: &[Line<'_>], today: Date) -> Markup {
    html! {
        @if !lines.is_empty() {
            ul.due-list {
                @for line in lines.iter().take(LINES) { (due_line(line, today)) }
            }
        }
        @if lines.len() > LINES {
            details.disclosure.more-lines {
                summary { "Показать ещё " (lines.len().min(LINES_MAX) - LINES) }
                ul.due-list { @for line in lines.iter().take(LINES_MAX).skip(LINES) { (due_line(line, today)) } }
                @if lines.len() > LINES_MAX {
                    p.muted.small { "И ещё " (lines.len() - LINES_MAX) ": все они на странице " a href="/boards" { "«Сводка»" } "." }
                }
            }
        }
    }
}

fn due_line(line: &Line<'_>, today: Date) -> Markup {
    let summary = &line.plan.summary;
    let activity = line.plan.activity(line.key);
    html! {
        li {
            div.due-day {
                time datetime=(line.day) { (words::date_near(line.day, today)) }
                span.muted { (words::from_today(line.day, today)) }
            }
            div.due-what {
                a href={ "/plans/" (summary.id.0) "/activities/" (line.key.0) } {
                    @if let Some(activity) = activity {
                        @if let Some(number) = &activity.number { span.numeric { (number) } " " }
                        (activity.title)
                    }
                }
                span.muted.small { (summary.title) }
            }
        }
    }
}

fn recent(plans: &[&PlanSummary]) -> Markup {
    html! {
        section.card aria-labelledby="recent" {
            div.card-head {
                h2 #recent { "Недавние планы" }
                a.small href="/plans" { "Все планы: " (plans.len()) }
            }
            ul.plan-lines {
                @for plan in plans.iter().take(6) {
                    li {
                        a href={ "/plans/" (plan.id.0) } { (plan.title) }
                        span.muted.small {
                            @if let Some(date) = plan.act_date { "от " (words::date_short(date)) " · " }
                            (words::count(plan.activity_count as usize, words::ACTIVITIES))
                        }
                    }
                }
            }
        }
    }
}
