//! How does a whole plan look on paper, on A4 laid across?

use axum::extract::{Path, RawQuery, State};
use maud::{Markup, html};

use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::plan::section_title;
use crate::web::shown::{Shown, Wish};
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::filter::Filter;
use crate::web::views::plan::{Columns, RowView, plan_view};
use crate::web::words::{self, kept_together};

/// `GET /plans/{id}/print`: every activity, whatever their number.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Markup, WebError> {
    let shown = Shown::read(&state, id, query.as_deref(), |owner| Wish::of(&actor, owner)).await?;
    let content = html! { (shown.notice(&ui)) (content(&shown.plan, &ui)) };
    Ok(page(&ui, shown.plan.title(), Section::Plans, &content))
}

fn content(plan: &LoadedPlan, ui: &Ui) -> Markup {
    let view = plan_view(&plan.order, &Filter::default(), None, ui.today);
    let columns = view.columns;
    html! {
        article.print-plan {
            p.notice.no-print {
                "Весь план для печати. Нажмите Ctrl + P; лист A4 альбомный. "
                a href={ "/plans/" (plan.id) } { "Вернуться к плану" }
            }
            header {
                @if let Some(authority) = &plan.order.act.authority { p.print-authority { (authority) } }
                @if let Some(line) = plan.act_line() { p.print-act { (line) } }
                h1 { (kept_together(plan.title())) }
            }
            table.print-table {
                thead {
                    tr {
                        @if columns.number { th.col-number scope="col" { "№" } }
                        th scope="col" { "Мероприятие" }
                        th.col-schedule scope="col" { "Срок" }
                        @if columns.responsible { th scope="col" { "Ответственные" } }
                        @if columns.target_group { th scope="col" { "Целевая группа" } }
                        @if columns.outcome { th scope="col" { "Результат" } }
                    }
                }
                @for section in &view.shown {
                    @let title = section_title(section.section);
                    tbody {
                        @if !title.is_empty() {
                            tr.section-row { th scope="rowgroup" colspan=(width(columns)) { (title) } }
                        }
                        @for row in &section.rows { (table_row(columns, row)) }
                    }
                }
            }
            footer.print-foot {
                "Версия " (plan.version) " · " (words::count(view.total, words::ACTIVITIES)) " · напечатано "
                (words::date(ui.today))
            }
        }
    }
}

fn table_row(columns: Columns, row: &RowView<'_>) -> Markup {
    let activity = row.activity;
    html! {
        tr {
            @if columns.number { td.col-number { (activity.number.as_deref().unwrap_or("")) } }
            td { (kept_together(&activity.title)) }
            td { (activity.schedule.text) }
            @if columns.responsible { td { (kept_together(&activity.responsible_text())) } }
            @if columns.target_group { td { (kept_together(activity.target_group.as_deref().unwrap_or(""))) } }
            @if columns.outcome { td { (kept_together(activity.outcome.as_deref().unwrap_or(""))) } }
        }
    }
}

fn width(columns: Columns) -> usize {
    let optional = [columns.number, columns.responsible, columns.target_group, columns.outcome];
    2 + optional.into_iter().filter(|shown| *shown).count()
}
