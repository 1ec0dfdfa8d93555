//! From which cells of which file was an activity read?

use maud::{Markup, html};
use opora_cycle::vocabulary::{Activity, Column};
use opora_neutral::Place;

use crate::web::assets::icon;
use crate::web::state::LoadedPlan;

/// Confidence of character recognition under which a cell should be looked at, in per cent.
const DOUBTFUL_BELOW: u8 = 80;

/// The provenance of an activity.
pub fn draw(plan: &LoadedPlan, activity: &Activity, edits: bool) -> Markup {
    let source = &plan.order.source;
    html! {
        section.card.provenance aria-labelledby="source-head" {
            div.card-head {
                h2 #source-head { "Источник" }
                @if edits { a href={ "/plans/" (plan.id) "/review?at=" (activity.key.0) "#activity-" (activity.key.0) } { (icon("file-search")) " Сверить" } }
            }
            div.card-body {
                p {
                    "Файл " a href={ "/files/" (source.sha256) } { (source.name) }
                    @if !activity.source.is_empty() { ", " (row_place(activity)) "." }
                }
                @if activity.source.is_empty() {
                    p.muted { "Мероприятие добавлено вручную: в файле его нет." }
                } @else {
                    (cells(activity))
                }
            }
        }
    }
}

/// Where the row starts: its place without the column.
fn row_place(activity: &Activity) -> Place {
    Place { column: None, ..activity.place() }
}

/// The cells verbatim. Those of the row where the activity starts need no place of their own: it stands above.
fn cells(activity: &Activity) -> Markup {
    let row = |place: &Place| (place.page, place.line, place.table, place.row);
    let first = row(&activity.place());
    html! {
        dl.cells {
            @for cell in &activity.source {
                dt { (column_word(cell.column)) }
                dd {
                    blockquote { @if cell.text.trim().is_empty() { "—" } @else { (cell.text) } }
                    @if row(&cell.place) != first { span.cell-place { (cell.place) } }
                    @if let Some(confidence) = cell.confidence.filter(|confidence| *confidence < DOUBTFUL_BELOW) {
                        span.doubt { (icon("scan-text")) "распознано неуверенно, " (confidence) " %" }
                    }
                }
            }
        }
    }
}

fn column_word(column: Column) -> &'static str {
    match column {
        Column::Number => "№",
        Column::Title => "Мероприятие",
        Column::Responsible => "Ответственные",
        Column::Schedule => "Срок",
        Column::Outcome => "Результат",
        Column::TargetGroup => "Целевая группа",
        Column::Other => "Другой столбец",
    }
}
