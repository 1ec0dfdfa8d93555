//! Which plans are there, and which need attention?

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use opora_access::Right;
use opora_store::{Authorship, PlanId, PlanSummary};
use serde::Deserialize;

use crate::clock;
use crate::usecases::standings::PlanStanding;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::components::pager::pager;
use crate::web::components::{badge, empty::empty};
use crate::web::errors::WebError;
use crate::web::pages::home::sample_button;
use crate::web::state::{AppState, Headline, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::address::address;
use crate::web::words;

/// Plans on a page.
const PAGE: usize = 40;

/// What to list.
#[derive(Deserialize, Default)]
pub struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    archive: Option<u8>,
    #[serde(default)]
    page: Option<usize>,
}

/// `GET /plans`.
pub async fn list(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let all = actor.standings(&state).await?;
    let archived = wanted.archive.is_some();
    let in_archive = all.iter().filter(|plan| plan.summary.archived).count();
    let asked =
        |plan: &&Arc<PlanStanding>| plan.summary.archived == archived && matches(&plan.summary, &wanted.q);
    let shown: Vec<&Arc<PlanStanding>> = all.iter().filter(asked).collect();
    let number = wanted.page.unwrap_or(1).max(1);
    let mut rows = Vec::new();
    for plan in shown.iter().skip((number - 1).saturating_mul(PAGE)).take(PAGE) {
        rows.push(row(plan, &*state.headline(plan).await?, &ui));
    }
    let content = html! {
        div.page-head {
            div {
                h1 { @if archived { "Архив планов" } @else { "Планы" } }
                p { (words::count(shown.len(), words::PLANS)) @if !wanted.q.is_empty() { " по запросу «" (wanted.q) "»" } }
            }
        }
        form.filter-bar action="/plans" method="get" role="search" aria-label="Отбор планов" {
            div.grow {
                label.visually-hidden for="filter" { "Название, номер приказа, орган или файл" }
                input #filter type="search" name="q" value=(wanted.q) placeholder="Название, номер приказа, орган или файл";
            }
            @if archived { input type="hidden" name="archive" value="1"; }
            button type="submit" { (icon("list-filter")) "Отобрать" }
            @if archived {
                a.button.quiet href="/plans" { (icon("arrow-left")) "Действующие планы" }
            } @else if in_archive > 0 {
                a.button.quiet href="/plans?archive=1" { (icon("archive")) "Архив: " (in_archive) }
            }
        }
        @if rows.is_empty() {
            (nothing(&ui, &wanted, archived))
        } @else {
            div.table-scroll {
                table.folds.plans-table {
                    caption.visually-hidden { "Планы, новые сверху" }
                    thead { tr {
                        th scope="col" { "План" } th scope="col" { "Мероприятия" } th scope="col" { "Замечания" }
                        th scope="col" { "Ближайший срок" } th scope="col" { span.visually-hidden { "Действия" } }
                    } }
                    tbody { @for row in &rows { (row) } }
                }
            }
            (pages_of(&wanted, number, shown.len().div_ceil(PAGE)))
        }
    };
    Ok(page(&ui, "Планы", Section::Plans, &content))
}

/// Whether every word of a query stands in title, number, authority, place or file of a plan.
pub fn matches(plan: &PlanSummary, query: &str) -> bool {
    let fields = [
        Some(plan.title.as_str()),
        plan.act_number.as_deref(),
        plan.authority.as_deref(),
        plan.locality.as_deref(),
        Some(plan.source_name.as_str()),
    ];
    let text = fields.into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase();
    query.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn row(plan: &PlanStanding, headline: &Headline, ui: &Ui) -> Markup {
    let (summary, id, title) = (&plan.summary, plan.summary.id.0, headline.title.as_str());
    let next = plan.open().map(|(day, _)| day).filter(|day| *day >= ui.today).min();
    html! {
        tr {
            th scope="row" {
                a.plan-link href={ "/plans/" (id) } { (title) }
                span.muted.small {
                    @if let Some(line) = &headline.act_line { (line) " · " }
                    @if let Some(period) = summary.period { (words::period(&period)) " · " }
                    (summary.source_name)
                }
            }
            td.numeric data-label="Мероприятия" { (summary.activity_count) }
            td data-label="Замечания" { a.bare href={ "/plans/" (id) "/findings" } { (badge::counts(headline.counts)) } }
            td data-label="Ближайший срок" {
                @match next {
                    Some(day) => {
                        span.nowrap { (words::date_near(day, ui.today)) } br;
                        span.muted.small { (words::from_today(day, ui.today)) }
                    }
                    None => span.muted { "сроков впереди нет" },
                }
            }
            td.row-actions { @if ui.may(Right::EditPlans, summary.owner) {
                a.icon-button.button.small href={ "/plans/" (id) "/archive" }
                    aria-label={ (if summary.archived { "Вернуть из архива: " } else { "В архив: " }) (title) }
                    title=(if summary.archived { "Вернуть из архива" } else { "В архив" }) {
                    (icon(if summary.archived { "archive-restore" } else { "archive" }))
                    span.narrow-word { (if summary.archived { "Вернуть из архива" } else { "В архив" }) }
                }
            } }
        }
    }
}

fn nothing(ui: &Ui, wanted: &Wanted, archived: bool) -> Markup {
    if !wanted.q.is_empty() {
        let all = html! { a.button href="/plans" { "Показать все" } };
        return empty("search", "Ничего не нашлось", "Попробуйте меньше слов или другую их форму.", &all);
    }
    if archived {
        return empty(
            "archive",
            "В архиве пусто",
            "Сюда попадают планы, которые больше не нужны под рукой.",
            &html! {},
        );
    }
    let (loads, alone) = ui
        .actor
        .as_ref()
        .map_or((false, false), |actor| (actor.may_somewhere(Right::EditPlans), actor.account().is_none()));
    let actions = html! {
        @if loads { a.button.primary href="/upload" { (icon("upload")) "Загрузить приказ" } }
        @if alone { (sample_button()) }
    };
    empty(
        "folder-open",
        "Планов пока нет",
        "Загрузите приказ с дорожной картой — план появится здесь.",
        &actions,
    )
}

fn pages_of(wanted: &Wanted, number: usize, pages: usize) -> Markup {
    let link = |page: usize| {
        let mut pairs = vec![("page", page.to_string())];
        if !wanted.q.is_empty() {
            pairs.push(("q", wanted.q.clone()));
        }
        if wanted.archive.is_some() {
            pairs.push(("archive", "1".to_owned()));
        }
        address("/plans", &pairs)
    };
    pager("Страницы списка", ["Назад", "Дальше"], number, pages, link)
}

/// `GET /plans/{id}/archive`: asks whether it is meant, and why.
pub async fn confirm(ui: Ui, State(state): State<AppState>, Path(id): Path<i64>) -> Result<Markup, WebError> {
    let plan = state.plan(id).await?;
    Ok(confirmation(&ui, &plan, "", false))
}

/// Why the plan is put away or taken back.
#[derive(Deserialize)]
pub struct Decision {
    #[serde(default)]
    reason: String,
    /// What the person saw on the button: `archive` or `restore`.
    action: String,
}

/// `POST /plans/{id}/archive`.
pub async fn archive(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(decision): Form<Decision>,
) -> Result<Response, WebError> {
    let plan = state.plan(id).await?;
    let putting_away = decision.action != "restore";
    if putting_away && decision.reason.trim().is_empty() {
        let page = confirmation(&ui, &plan, &decision.reason, true);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let reason =
        if decision.reason.trim().is_empty() { "Снова нужен" } else { decision.reason.trim() };
    let by = Authorship { who: actor.name(), reason, at: clock::now() };
    if putting_away {
        state.store.archive(PlanId(id), &by).await?;
    } else {
        state.store.restore(PlanId(id), &by).await?;
    }
    Ok(Redirect::to(if putting_away { "/plans" } else { "/plans?archive=1" }).into_response())
}

fn confirmation(ui: &Ui, plan: &LoadedPlan, reason: &str, missing: bool) -> Markup {
    let (title, action, button) = if plan.archived {
        ("Вернуть план из архива?", "restore", "Вернуть из архива")
    } else {
        ("Убрать план в архив?", "archive", "Убрать в архив")
    };
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/plans" { "Планы" } }
        div.confirm {
            h1 { (title) }
            p.confirm-subject { (plan.title()) }
            p.muted {
                @if plan.archived { "План снова появится в списке и в сроках на главной." }
                @else { "План исчезнет из списка и из сроков на главной. Ничего не удаляется: его можно вернуть в любой день." }
            }
            form method="post" action={ "/plans/" (plan.id) "/archive" } {
                div class={ "field" @if missing { " wrong" } } {
                    label for="reason" { "Причина" }
                    input #reason name="reason" type="text" value=(reason) aria-describedby="reason-note"
                        aria-invalid=[missing.then_some("true")];
                    div #reason-note {
                        @if missing { p.why.error { (icon("circle-alert")) "Напишите причину: по ней другие поймут, почему плана нет в списке." } }
                    }
                }
                div.actions {
                    button.primary type="submit" name="action" value=(action) { (button) }
                    a.button.quiet href={ "/plans/" (plan.id) } { "Отмена" }
                }
            }
        }
    };
    page(ui, title, Section::Plans, &content)
}
