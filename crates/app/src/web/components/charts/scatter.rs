//! How does the result go with the context, school by school?

use maud::{Markup, html};

use super::{Chart, ChartTable, at};

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
pub fn scatter(scatter: &Scatter<'_>) -> Chart {
    let heads = ["Школа", scatter.x_name, scatter.y_name, "Относительно ожидаемого"].map(str::to_owned);
    let row = |point: &ScatterPoint| {
        vec![point.name.clone(), number(point.place.0, 2), number(point.place.1, 2), point.words.to_owned()]
    };
    let rows = scatter.points.iter().map(row).collect();
    let mut seen: Vec<(String, String)> = Vec::new();
    for point in scatter.points {
        let sample = (format!("point {}", point.class), point.words.to_owned());
        if !seen.contains(&sample) {
            seen.push(sample);
        }
    }
    seen.sort();
    Chart {
        id: scatter.id.to_owned(),
        caption: scatter.caption.to_owned(),
        size: (WIDTH, HEIGHT),
        picture: drawing(scatter, true),
        unlinked: Some(drawing(scatter, false)),
        legend: seen,
        notes: Vec::new(),
        table: ChartTable { heads: heads.to_vec(), rows },
    }
}

fn drawing(scatter: &Scatter<'_>, linked: bool) -> Markup {
    let places = || scatter.points.iter().map(|point| point.place).chain(scatter.line.iter().copied());
    let across = Axis::of(places().map(|(x, _)| x));
    let up = Axis::of(places().map(|(_, y)| y));
    let x = |value: f64| MARGIN + across.share(value) * (WIDTH - MARGIN - 16.0);
    let y = |value: f64| HEIGHT - MARGIN + 8.0 - up.share(value) * (HEIGHT - MARGIN - 32.0);
    let line: Vec<String> =
        scatter.line.iter().map(|(a, b)| format!("{},{}", at(x(*a)), at(y(*b)))).collect();
    let circle = |point: &ScatterPoint| {
        html! {
            circle class={ "point " (point.class) } cx=(at(x(point.place.0))) cy=(at(y(point.place.1))) r="5" {
                title { (point.name) " — " (point.words) }
            }
        }
    };
    html! {
        svg.scatter viewBox={ "0 0 " (at(WIDTH)) " " (at(HEIGHT)) } width=(at(WIDTH)) height=(at(HEIGHT)) role="group" aria-label=(scatter.caption) {
            @for tick in up.ticks() {
                line.grid x1=(at(MARGIN)) x2=(at(WIDTH - 16.0)) y1=(at(y(tick))) y2=(at(y(tick))) {}
                text.axis x=(at(MARGIN - 6.0)) y=(at(y(tick) + 4.0)) text-anchor="end" { (up.words(tick)) }
            }
            @for tick in across.ticks() {
                line.grid x1=(at(x(tick))) x2=(at(x(tick))) y1=(at(y(up.high))) y2=(at(y(up.low))) {}
                text.axis x=(at(x(tick))) y=(at(HEIGHT - 26.0)) text-anchor="middle" { (across.words(tick)) }
            }
            text.axis-name x=(at(WIDTH / 2.0)) y=(at(HEIGHT - 6.0)) text-anchor="middle" { (scatter.x_name) }
            text.axis-name x="4" y="12" { (scatter.y_name) }
            @if !line.is_empty() { polyline.expected points=(line.join(" ")) {} }
            @for point in scatter.points {
                @if linked {
                    a href=(point.address) aria-label={ (point.name) ", " (point.words) } { (circle(point)) }
                } @else { (circle(point)) }
            }
        }
    }
}

/// An axis from one round number to another.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    low: f64,
    high: f64,
    step: f64,
}

impl Axis {
    /// Round numbers around finite values: steps of 1, 2 or 5 in some power of ten, at most six of them.
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
        // One value alone gets a little room on both sides.
        let room = if high - low < low.abs() * 1e-6 + 1e-9 { (low.abs() * 0.1).max(0.05) } else { 0.0 };
        let (low, high) = (low - room, high + room);
        let rough = (high - low) / 5.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .map(|times| times * power)
            .into_iter()
            .find(|step| *step >= rough * 0.999)
            .unwrap_or(10.0 * power);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    fn share(self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    fn ticks(self) -> impl Iterator<Item = f64> {
        let count = ((self.high - self.low) / self.step).round() as u32;
        (0..=count).map(move |number| self.low + self.step * f64::from(number))
    }

    /// As many decimals as the step has.
    fn words(self, value: f64) -> String {
        let decimals = (-self.step.log10().floor()).clamp(0.0, 6.0) as usize;
        number(value, decimals)
    }
}

fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}").replace('.', ",").replace('-', "−");
    match text.strip_prefix('−') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == ',') => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::ChartFiles;
    use super::*;

    #[track_caller]
    fn check(values: &[f64], expected: &str) {
        let axis = Axis::of(values.iter().copied());
        let words: Vec<String> = axis.ticks().map(|tick| axis.words(tick)).collect();
        assert_eq!(words.join(" "), expected, "{values:?}");
    }

    #[test]
    fn axes_begin_and_end_with_round_numbers() {
        check(&[61.37, 98.2], "60 70 80 90 100");
        check(&[0.213, 0.487], "0,2 0,3 0,4 0,5");
        check(&[-0.9, 3.1], "−1 0 1 2 3 4");
        check(&[1234.0, 5678.0], "1000 2000 3000 4000 5000 6000");
        check(&[0.5], "0,44 0,46 0,48 0,50 0,52 0,54 0,56");
        check(&[], "0,0 0,2 0,4 0,6 0,8 1,0");
    }

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
        let chart = scatter(&Scatter { id, caption, x_name, y_name, points: &points, line: &[] });
        assert!(!chart.alone("").contains("href"), "a file of its own leads nowhere");
        chart.figure(&ChartFiles { path: String::new(), query: Vec::new() }).into_string()
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
