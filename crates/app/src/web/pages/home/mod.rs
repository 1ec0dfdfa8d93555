//! What is to be done first?

use axum::extract::State;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_store::PlanSummary;

use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::digest::Due;
use crate::web::errors::WebError;
use crate::web::pages::boards;
use crate::web::pages::upload::drop_zone;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::agenda::SOON_DAYS;
use crate::web::words;

/// Days for which a deadline that has passed is listed by name.
const LATE_DAYS: i32 = 30;
/// Most lines of a list; the rest is told as a number.
const LINES: usize = 8;

/// A deadline with the plan it belongs to.
struct Line {
    plan: i64,
    plan_title: String,
    due: Due,
}

/// What the plans say about the days around today.
#[derive(Default)]
struct Overview {
    soon: Vec<Line>,
    late: Vec<Line>,
    long_past: usize,
}

/// `GET /`.
pub async fn show(ui: Ui, State(state): State<AppState>, actor: Actor) -> Result<Markup, WebError> {
    let mut plans = actor.plans(&state).await?;
    plans.retain(|plan| !plan.archived);
    if plans.is_empty() {
        return Ok(page(&ui, "Главная", Section::Home, &first_visit()));
    }
    let overview = overview(&state, &plans, ui.today).await?;
    let progress = boards::own_progress(&state, &actor).await?;
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
                section.card aria-labelledby="add" {
                    div.card-head { h2 #add { "Загрузить приказы" } }
                    div.card-body { (drop_zone("home-files")) }
                }
                (recent(&plans))
            }
        }
    };
    Ok(page(&ui, "Главная", Section::Home, &content))
}

async fn overview(state: &AppState, plans: &[PlanSummary], today: Date) -> Result<Overview, WebError> {
    let horizon = today.saturating_add(SOON_DAYS.days());
    let recent = today.saturating_sub(LATE_DAYS.days());
    let mut overview = Overview::default();
    for plan in plans {
        let digest = state.digest(plan, today).await?;
        for due in digest.due.iter().take_while(|due| due.day <= horizon) {
            if due.day < recent {
                overview.long_past += 1;
                continue;
            }
            let line = Line { plan: plan.id.0, plan_title: plan.title.clone(), due: due.clone() };
            if due.day < today { overview.late.push(line) } else { overview.soon.push(line) }
        }
    }
    overview.soon.sort_by_key(|line| line.due.day);
    overview.late.sort_by_key(|line| std::cmp::Reverse(line.due.day));
    Ok(overview)
}

fn first_visit() -> Markup {
    html! {
        div.welcome {
            h1 { "Из приказа — в работающий план" }
            p.lead {
                "Загрузите приказ с дорожной картой. Программа прочитает мероприятия, сроки и ответственных, \
                 проверит план и покажет его календарём и лентой времени."
            }
            (drop_zone("home-files"))
            div.welcome-sample {
                p { "Нет файла под рукой?" }
                (sample_button())
            }
            ol.steps {
                li { (icon("upload")) div { strong { "Загрузите" } p { "DOCX, PDF, скан, таблица или текст — можно несколько сразу." } } }
                li { (icon("clipboard-check")) div { strong { "Проверьте" } p { "Сомнительное отмечено, источник показан рядом." } } }
                li { (icon("calendar-clock")) div { strong { "Работайте" } p { "Сроки, ответственные, замечания и выгрузка в Word и Excel." } } }
            }
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

fn soon(overview: &Overview, today: Date) -> Markup {
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

fn late(overview: &Overview, today: Date) -> Markup {
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

fn lines(lines: &[Line], today: Date) -> Markup {
    html! {
        @if !lines.is_empty() {
            ul.due-list {
                @for line in lines.iter().take(LINES) { (due_line(line, today)) }
            }
        }
        @if lines.len() > LINES {
            details.disclosure.more-lines {
                summary { "Показать ещё " (lines.len() - LINES) }
                ul.due-list { @for line in lines.iter().skip(LINES) { (due_line(line, today)) } }
            }
        }
    }
}

fn due_line(line: &Line, today: Date) -> Markup {
    let due = &line.due;
    html! {
        li {
            div.due-day {
                time datetime=(due.day) { (words::date_near(due.day, today)) }
                span.muted { (words::from_today(due.day, today)) }
            }
            div.due-what {
                a href={ "/plans/" (line.plan) "/activities/" (due.key.0) } {
                    @if let Some(number) = &due.number { span.numeric { (number) } " " }
                    (due.title)
                }
                span.muted.small { (line.plan_title) }
            }
        }
    }
}

fn recent(plans: &[PlanSummary]) -> Markup {
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
