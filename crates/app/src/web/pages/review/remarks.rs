//! Which remarks of a curator wait for whoever edits, each beside the text it is about?

use maud::{Markup, html};
use opora_approval::{Kind, standing};
use opora_cycle::vocabulary::{ActivityKey, Column};
use opora_store::{PlanId, VersionNumber};

use super::view::View;
use crate::usecases::agreement::{Agreement, content_of, of_roadmap};
use crate::usecases::remarks::{Placed, placed};
use crate::web::assets::icon;
use crate::web::errors::WebError;
use crate::web::state::{AppState, LoadedPlan};

/// The remarks to a plan that are not settled, with their places.
pub async fn of(state: &AppState, plan: &LoadedPlan) -> Result<Vec<Placed>, WebError> {
    let agreement = Agreement::read(&state.store, Kind::Roadmap, &of_roadmap(plan.id)).await?;
    if agreement.facts.is_empty() {
        return Ok(Vec::new());
    }
    let history = state.store.history(PlanId(plan.id)).await?;
    let (Some(newest), Some(own)) = (history.first(), plan.plan()) else { return Ok(Vec::new()) };
    let mut remarks = standing(Kind::Roadmap, &agreement.facts, &content_of(newest)).remarks;
    remarks.retain(|remark| !remark.is_accepted);
    Ok(placed(&state.store, PlanId(plan.id), own, VersionNumber(plan.version), &remarks).await?)
}

/// Remarks to exactly this text.
pub fn at(view: &View<'_>, path: &str) -> Markup {
    let here = |placed: &&Placed| placed.path.as_ref().is_some_and(|own| own.to_string() == path);
    html! { @for placed in view.remarks.iter().filter(here) { (line(view, placed)) } }
}

/// Remarks to this text as one more description in a list.
pub fn described(view: &View<'_>, path: &str) -> Markup {
    let notes = at(view, path);
    html! { @if !notes.0.is_empty() { dd { (notes) } } }
}

/// Remarks to a column of an activity.
pub fn at_column(view: &View<'_>, key: ActivityKey, column: Column) -> Markup {
    match field_of(column) {
        Some(field) => at(view, &format!("activity/{}/{field}", key.0)),
        None => html! {},
    }
}

/// The word of a column in the path of a text.
fn field_of(column: Column) -> Option<&'static str> {
    Some(match column {
        Column::Number => "number",
        Column::Title => "title",
        Column::Responsible => "responsible",
        Column::Schedule => "schedule",
        Column::Outcome => "outcome",
        Column::TargetGroup => "target_group",
        Column::Other => return None,
    })
}

/// How many remarks wait, and those that belong to no text of the page.
pub fn head(view: &View<'_>) -> Markup {
    let open = view.remarks.iter().filter(|placed| placed.remark.is_open).count();
    html! {
        @if !view.remarks.is_empty() {
            div.notice.warning role="status" {
                (icon("info"))
                div {
                    p {
                        strong { "Замечания проверяющего: " (view.remarks.len()) @if open > 0 { ", ждут ответа: " (open) } ". " }
                        "Они стоят у тех мест, к которым относятся. "
                        a href={ "/plans/" (view.plan.id) "/approval#remarks" } { "Все замечания" }
                    }
                    @for placed in view.remarks.iter().filter(|placed| placed.path.is_none()) {
                        p { strong { (placed.name) ": " } (placed.remark.text) " " (answer(view, placed)) }
                    }
                }
            }
        }
    }
}

fn line(view: &View<'_>, placed: &Placed) -> Markup {
    html! {
        p.why.remark-note {
            (icon("info"))
            span { span.visually-hidden { "Замечание проверяющего: " } (placed.remark.text) " " (answer(view, placed)) }
        }
    }
}

fn answer(view: &View<'_>, placed: &Placed) -> Markup {
    html! {
        a href={ "/plans/" (view.plan.id) "/approval#remark-" (placed.remark.number) } {
            @if placed.remark.is_open { "Ответить" } @else { "Ответ дан" }
            span.visually-hidden { " на замечание " (placed.remark.number) }
        }
    }
}
