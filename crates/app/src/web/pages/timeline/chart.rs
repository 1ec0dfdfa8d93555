//! How is a time line drawn? A row for each activity: its name beside a picture of its days, both one link.
//!
//! The pictures are SVG with attributes only, as the content policy allows no inline styles. The grid of months and
//! the line of today are defined once and used by every row.

use maud::{Markup, Render, html};
use opora_cycle::vocabulary::{Activity, Section};

use super::{PlanLink, activity_link};
use crate::web::pages::plan::section_title;
use crate::web::views::gantt::{Gantt, Lane, Shape};
use crate::web::views::words::shortened;

/// Height of a row, in pixels.
pub(super) const ROW: u32 = 32;
/// Height of the scale, in pixels.
const AXIS: u32 = 44;

/// A number of pixels with one decimal at most. A chart holds thousands: they are written in place, by whole tenths.
pub(super) struct Px(f64);

impl Render for Px {
    fn render_to(&self, out: &mut String) {
        // A chart is at most some thousands of pixels wide: the cast can't overflow, and saturates if it did.
        #[expect(clippy::cast_possible_truncation, reason = "rounded, and far within i64")]
        let tenths = (self.0 * 10.0).round() as i64;
        if tenths < 0 {
            out.push('-');
        }
        let tenths = tenths.unsigned_abs();
        (tenths / 10).render_to(out);
        if !tenths.is_multiple_of(10) {
            out.push('.');
            (tenths % 10).render_to(out);
        }
    }
}

pub(super) fn px(pixels: f64) -> Px {
    Px(pixels)
}

/// Width of a picture that a sheet of A4 laid across has room for beside the names, in pixels.
const SHEET: f64 = 1_000.0;

/// On paper the chart would be cut off: its data are printed instead.
pub fn is_too_wide(chart: &Gantt<'_>) -> bool {
    chart.width > SHEET
}

/// The chart of a plan.
pub fn draw(plan: PlanLink<'_>, sections: &[Section], chart: &Gantt<'_>) -> Markup {
    let mut shown = None;
    html! {
        div.gantt.wide[is_too_wide(chart)] tabindex="0" role="region" aria-label="Лента времени" data-today=[chart.today.map(px)] {
            div.gantt-axis {
                span.lane-label aria-hidden="true" { "Мероприятие" }
                (axis(chart))
            }
            ol.lanes {
                @for lane in &chart.lanes {
                    @let section = lane.item.section;
                    @if shown.replace(section) != Some(section) {
                        @if let Some(title) = sections.get(section).map(section_title).filter(|t| !t.is_empty()) {
                            li.lane-section { span.lane-label { (title) } }
                        }
                    }
                    li { (row(plan, lane, chart)) }
                }
            }
        }
    }
}

pub(super) fn axis(chart: &Gantt<'_>) -> Markup {
    html! {
        svg.axis width=(px(chart.width)) height=(AXIS) aria-hidden="true" focusable="false" {
            (definitions(chart))
            @for year in &chart.years {
                line.year-line x1=(px(year.x)) x2=(px(year.x)) y1="0" y2=(AXIS) {}
                text.year x=(px(year.x + 6.0)) y="16" { (year.label) }
            }
            @for step in &chart.steps {
                line.step-line x1=(px(step.x)) x2=(px(step.x)) y1="24" y2=(AXIS) {}
                @if step.width >= 16.0 {
                    text.step x=(px(step.x + step.width / 2.0)) y="37" text-anchor="middle" { (step.label) }
                }
            }
            @if let Some(x) = chart.today {
                @let flip = x > chart.width - 70.0;
                line.today x1=(px(x)) x2=(px(x)) y1="0" y2=(AXIS) {}
                text.today-word x=(px(if flip { x - 5.0 } else { x + 5.0 })) y="16"
                    text-anchor=(if flip { "end" } else { "start" }) { "сегодня" }
            }
        }
    }
}

fn definitions(chart: &Gantt<'_>) -> Markup {
    html! {
        defs {
            pattern #hatch width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                rect.hatch-ground width="6" height="6" {}
                rect.hatch-line width="2" height="6" {}
            }
            pattern #comb width="5" height="10" patternUnits="userSpaceOnUse" {
                rect.comb-line width="2" height="10" {}
            }
            g #grid {
                line.row-line x1="0" x2=(px(chart.width)) y1=(f64::from(ROW) - 0.5) y2=(f64::from(ROW) - 0.5) {}
                @for step in chart.steps.iter().skip(1) {
                    line.step-line x1=(px(step.x)) x2=(px(step.x)) y1="0" y2=(ROW) {}
                }
                @for year in chart.years.iter().skip(1) {
                    line.year-line x1=(px(year.x)) x2=(px(year.x)) y1="0" y2=(ROW) {}
                }
                @if let Some(x) = chart.today { line.today x1=(px(x)) x2=(px(x)) y1="0" y2=(ROW) {} }
            }
        }
    }
}

fn row(plan: PlanLink<'_>, lane: &Lane<'_>, chart: &Gantt<'_>) -> Markup {
    let activity = lane.item.activity;
    let number = activity.number.as_deref().unwrap_or("");
    html! {
        a class={ "lane " (lane.item.state.slug()) } href=(activity_link(plan, activity.key)) {
            span.lane-label {
                span.lane-number { (number) }
                span.lane-title { (shortened(&activity.title, 90)) }
                span.visually-hidden { ". Срок: " (stated(activity)) ". Состояние: " (lane.item.state.russian()) }
            }
            @if lane.shapes.is_empty() {
                span.lane-words aria-hidden="true" { "срок: " (shortened(stated(activity), 70)) }
            }
            svg width=(px(chart.width)) height=(ROW) aria-hidden="true" focusable="false" {
                use href="#grid" {}
                @let (over, ahead) = lane.shapes.split_at(lane.over.min(lane.shapes.len()));
                @if !over.is_empty() { g.over { (draw_shapes(over)) } }
                (draw_shapes(ahead))
            }
        }
    }
}

/// The deadline in the words of the order.
fn stated(activity: &Activity) -> &str {
    let text = activity.schedule.text.trim();
    if text.is_empty() { "не указан" } else { text }
}

/// The shapes of a row. Its ticks are one path: a chart of a thousand activities has many thousands of them.
fn draw_shapes(shapes: &[Shape]) -> Markup {
    let ticks =
        || shapes.iter().filter_map(|shape| if let Shape::Tick { x } = shape { Some(*x) } else { None });
    html! {
        @for shape in shapes.iter().filter(|shape| !matches!(shape, Shape::Tick { .. })) { (draw_shape(*shape)) }
        @if ticks().next().is_some() {
            path.tick d={ @for x in ticks() { "M" (px(x - 1.5)) " 10h3v12h-3z" } } {}
        }
    }
}

pub(super) fn draw_shape(shape: Shape) -> Markup {
    html! {
        @match shape {
            Shape::Bar { x, width } => rect.bar x=(px(x)) y="9" width=(px(width)) height="14" rx="3" {},
            Shape::Hatched { x, width } => {
                rect.span x=(px(x)) y="11" width=(px(width)) height="10" rx="2" fill="url(#hatch)" {}
            },
            Shape::Comb { x, width } => {
                rect.comb x=(px(x)) y="11" width=(px(width)) height="10" fill="url(#comb)" {}
            },
            Shape::Tick { x } => rect.tick x=(px(x - 1.5)) y="10" width="3" height="12" rx="1" {},
            Shape::Diamond { x } => {
                path.diamond d={ "M" (px(x)) " 9l7 7-7 7-7-7z" } {}
            },
        }
    }
}

/// What the shapes mean.
pub fn legend() -> Markup {
    let middle = 16.0;
    let samples = [
        (Shape::Diamond { x: middle }, "день или крайний срок"),
        (Shape::Bar { x: 2.0, width: 28.0 }, "от дня до дня"),
        (Shape::Comb { x: 1.0, width: 30.0 }, "повторяется"),
        (Shape::Hatched { x: 2.0, width: 28.0 }, "весь период"),
    ];
    let colours = [("lane now", "идёт"), ("lane soon", "скоро срок"), ("lane ahead", "впереди")];
    let bar = || draw_shape(Shape::Bar { x: 2.0, width: 28.0 });
    html! {
        ul.legend aria-label="Обозначения" {
            @for (shape, words) in samples {
                li { svg.lane.now width="32" height=(ROW) aria-hidden="true" { (draw_shape(shape)) } (words) }
            }
            @for (class, words) in colours {
                li { svg class=(class) width="32" height=(ROW) aria-hidden="true" { (bar()) } (words) }
            }
            li { svg.lane width="32" height=(ROW) aria-hidden="true" { g.over { (bar()) } } "прошло" }
            li { svg width="32" height=(ROW) aria-hidden="true" { line.today x1="16" x2="16" y1="4" y2="28" {} } "сегодня" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_have_one_decimal_at_most() {
        fn check(pixels: f64, expected: &str) {
            assert_eq!(px(pixels).render().0, expected);
        }
        check(0.0, "0");
        check(12.04, "12");
        check(12.06, "12.1");
        check(-0.51, "-0.5");
        check(-0.01, "0");
        check(11_999.96, "12000");
    }
}
