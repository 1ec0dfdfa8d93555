//! How does the result go with the context, school by school?

use maud::{Markup, html};

use super::{ChartTable, at, figure};

/// A school in the picture.
#[derive(Clone, Debug)]
pub struct ScatterPoint {
    /// Its name.
    pub name: String,
    /// Address of its page.
    pub address: String,
    /// Where it stands: context, result.
    pub place: (f64, f64),
    /// Class of the point, from a closed set: `as-expected`, `above`, `below`.
    pub class: &'static str,
    /// In words: «лучше ожидаемого».
    pub words: &'static str,
}

/// The whole picture.
#[derive(Clone, Debug)]
pub struct Scatter<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub caption: &'a str,
    /// Name of the horizontal axis.
    pub x_name: &'a str,
    /// Name of the vertical axis.
    pub y_name: &'a str,
    /// The schools; shown in the order given.
    pub points: &'a [ScatterPoint],
    /// The expected result over the context, as points of a line.
    pub line: &'a [(f64, f64)],
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 380.0;
const MARGIN: f64 = 52.0;

/// Draws it. Each point is a link to its school, reached by the keyboard too.
pub fn scatter(scatter: &Scatter<'_>) -> Markup {
    let places = || scatter.points.iter().map(|point| point.place).chain(scatter.line.iter().copied());
    let (left, right) = bounds(places().map(|(x, _)| x));
    let (low, high) = bounds(places().map(|(_, y)| y));
    let x = |value: f64| MARGIN + (value - left) / (right - left) * (WIDTH - MARGIN - 16.0);
    let y = |value: f64| HEIGHT - MARGIN + 8.0 - (value - low) / (high - low) * (HEIGHT - MARGIN - 16.0);
    let line: Vec<String> =
        scatter.line.iter().map(|(a, b)| format!("{},{}", at(x(*a)), at(y(*b)))).collect();
    let picture = html! {
        svg.scatter viewBox={ "0 0 " (at(WIDTH)) " " (at(HEIGHT)) } width=(at(WIDTH)) height=(at(HEIGHT)) role="group" aria-label=(scatter.caption) {
            @for step in 0..=4 {
                @let share = f64::from(step) / 4.0;
                @let (across, up) = (left + (right - left) * share, low + (high - low) * share);
                line.grid x1=(at(x(left))) x2=(at(x(right))) y1=(at(y(up))) y2=(at(y(up))) {}
                text.axis x=(at(MARGIN - 6.0)) y=(at(y(up) + 4.0)) text-anchor="end" { (number(up)) }
                text.axis x=(at(x(across))) y=(at(HEIGHT - 26.0)) text-anchor="middle" { (number(across)) }
            }
            text.axis-name x=(at(WIDTH / 2.0)) y=(at(HEIGHT - 6.0)) text-anchor="middle" { (scatter.x_name) }
            text.axis-name x="4" y="12" { (scatter.y_name) }
            @if !line.is_empty() { polyline.expected points=(line.join(" ")) {} }
            @for point in scatter.points {
                a href=(point.address) aria-label={ (point.name) ", " (point.words) } {
                    circle class={ "point " (point.class) } cx=(at(x(point.place.0))) cy=(at(y(point.place.1))) r="5" {
                        title { (point.name) " — " (point.words) }
                    }
                }
            }
        }
    };
    let heads = ["Школа", scatter.x_name, scatter.y_name, "Относительно ожидаемого"].map(str::to_owned);
    let row = |point: &ScatterPoint| {
        vec![point.name.clone(), number(point.place.0), number(point.place.1), point.words.to_owned()]
    };
    let rows = scatter.points.iter().map(row).collect();
    figure(scatter.id, scatter.caption, &picture, &ChartTable { heads: heads.to_vec(), rows })
}

/// The least and the greatest of finite values with a little room; never equal.
fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.05).max(0.5e-3);
    (low - room, high + room)
}

fn number(value: f64) -> String {
    format!("{value:.2}").replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markup(places: &[(f64, f64)]) -> String {
        let point = |place: &(f64, f64)| ScatterPoint {
            name: "Школа № 1".to_owned(),
            address: "/schools/1".to_owned(),
            place: *place,
            class: "above",
            words: "лучше ожидаемого",
        };
        let points: Vec<ScatterPoint> = places.iter().map(point).collect();
        let (id, caption, x_name, y_name) = ("s", "Результат и условия", "Индекс", "Доля");
        scatter(&Scatter { id, caption, x_name, y_name, points: &points, line: &[] }).into_string()
    }

    #[test]
    fn every_point_is_a_link_and_a_row() {
        let text = markup(&[(0.1, 0.2), (0.5, 0.9)]);
        assert_eq!(text.matches("href=\"/schools/1\"").count(), 2);
        assert_eq!(text.matches("<th scope=\"row\">").count(), 2);
    }

    #[test]
    fn one_school_or_none_is_still_a_picture() {
        for places in [&[(0.5, 0.5)][..], &[], &[(f64::NAN, 1.0)]] {
            assert!(!markup(places).contains("NaN\""), "{}", markup(places));
        }
    }
}
