//! How is it drawn what became of the days of a plan? The rows of the time line, coloured by state.

use maud::{Markup, html};
use opora_cycle::vocabulary::ActivityKey;

use super::chart::{ROW, axis, draw_shape, is_too_wide, px};
use crate::web::views::gantt::{Gantt, Shape};

/// The row of an activity.
pub struct ExecutionRow {
    /// The activity.
    pub activity: ActivityKey,
    /// Its name.
    pub title: String,
    /// How it stands, in words.
    pub words: String,
    /// Shapes, each with the word of its colour.
    pub shapes: Vec<(&'static str, Shape)>,
}

/// The chart; each row is a link to the activity.
pub fn execution_chart(plan: i64, chart: &Gantt<'_>, rows: &[ExecutionRow]) -> Markup {
    html! {
        div.gantt.wide[is_too_wide(chart)] tabindex="0" role="region" aria-label="Лента выполнения" data-today=[chart.today.map(px)] {
            div.gantt-axis { span.lane-label aria-hidden="true" { "Мероприятие" } (axis(chart)) }
            ol.lanes {
                @for row in rows {
                    li {
                        a.lane href={ "/plans/" (plan) "/activities/" (row.activity.0) } {
                            span.lane-label {
                                span.lane-title { (row.title) }
                                span.visually-hidden { ". " (row.words) }
                            }
                            svg width=(px(chart.width)) height=(ROW) aria-hidden="true" focusable="false" {
                                use href="#grid" {}
                                @for (colour, shape) in &row.shapes { g class={ "is-" (colour) } { (draw_shape(*shape)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a colour looks like, for a legend.
pub fn swatch(colour: &str) -> Markup {
    html! {
        svg.lane width="32" height=(ROW) aria-hidden="true" {
            g class={ "is-" (colour) } { (draw_shape(Shape::Bar { x: 2.0, width: 28.0 })) }
        }
    }
}
