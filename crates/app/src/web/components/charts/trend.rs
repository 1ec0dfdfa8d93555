//! How did a share go, year by year?

use maud::html;

use super::{Chart, ChartTable, at, percent};
use crate::usecases::results::shown::WITHHELD;

/// A line of a picture. Years without a value are gaps, never joined over.
#[derive(Clone, Debug)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Per cent by year, in the order of the years of the picture.
    pub values: Vec<Option<f64>>,
    /// The line that matters; others are drawn thinner.
    pub main: bool,
    /// Years whose value is known and not shown.
    pub withheld: Vec<u16>,
}

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 150.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 24.0;

/// Shares over years, at most a few lines. `breaks` are years after which the row is broken, such as a move to autumn.
pub fn trend(
    id: &str,
    caption: &str,
    years: &[u16],
    series: &[Series],
    line_percent: Option<f64>,
    breaks: &[u16],
) -> Chart {
    let values = series.iter().flat_map(|series| series.values.iter().flatten());
    let top = values.copied().chain(line_percent).fold(10.0_f64, f64::max);
    let top = ((top / 10.0).ceil() * 10.0).clamp(10.0, 100.0);
    let step = (WIDTH - LEFT - RIGHT) / (years.len().saturating_sub(1).max(1)) as f64;
    let x = |at: usize| LEFT + step * at as f64;
    let y = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value / top);
    let picture = html! {
        svg.trend viewBox={ "0 0 " (at(WIDTH)) " " (at(HEIGHT)) } width=(at(WIDTH)) height=(at(HEIGHT)) role="img" aria-label=(caption) {
            @for share in [0.0, top / 2.0, top] {
                line.grid x1=(at(LEFT)) x2=(at(WIDTH - RIGHT)) y1=(at(y(share))) y2=(at(y(share))) {}
                text.axis x=(at(LEFT - 6.0)) y=(at(y(share) + 4.0)) text-anchor="end" { (percent(share)) }
            }
            @for (year, number) in years.iter().zip(0_usize..) {
                text.axis x=(at(x(number))) y=(at(HEIGHT - 6.0)) text-anchor="middle" { (year) @if breaks.contains(year) { "*" } }
            }
            @if let Some(line) = line_percent {
                line.threshold x1=(at(LEFT)) x2=(at(WIDTH - RIGHT)) y1=(at(y(line))) y2=(at(y(line))) { title { "Порог " (percent(line)) } }
            }
            @for (series, place) in series.iter().zip(0_usize..) {
                @let class = if series.main { "line main".to_owned() } else { format!("line other-{}", place % 3) };
                @for run in runs(&series.values, years, breaks) {
                    polyline class=(class) points=(run.iter().map(|(number, value)| format!("{},{}", at(x(*number)), at(y(*value)))).collect::<Vec<_>>().join(" ")) {}
                }
                @for (number, value) in series.values.iter().enumerate().filter_map(|(number, value)| Some((number, (*value)?))) {
                    circle class=(class) cx=(at(x(number))) cy=(at(y(value))) r=(if series.main { "4" } else { "2.5" }) {
                        title { (series.name) ", " (years.get(number).copied().unwrap_or_default()) ": " (percent(value)) }
                    }
                }
            }
        }
    };
    let class = |(series, place): (&Series, usize)| {
        let class = if series.main { "line main".to_owned() } else { format!("line other-{}", place % 3) };
        (class, series.name.clone())
    };
    let legend = if series.len() > 1 { series.iter().zip(0..).map(class).collect() } else { Vec::new() };
    let autumn = years.iter().any(|year| breaks.contains(year));
    let autumn = autumn.then_some("* Работы перенесены на осень: с другими годами не сравниваются.");
    let hidden = series.iter().any(|series| years.iter().any(|year| series.withheld.contains(year)));
    let hidden = hidden.then_some("Скрыты годы, в которые участников было слишком мало.");
    let notes = autumn.into_iter().chain(hidden).map(str::to_owned);
    let heads =
        ["Год".to_owned()].into_iter().chain(series.iter().map(|series| series.name.clone())).collect();
    let row = |(year, number): (&u16, usize)| {
        let value = |series: &Series| match series.values.get(number).copied().flatten() {
            Some(value) => percent(value),
            None if series.withheld.contains(year) => WITHHELD.to_owned(),
            None => "нет данных".to_owned(),
        };
        [year.to_string()].into_iter().chain(series.iter().map(value)).collect()
    };
    Chart {
        id: id.to_owned(),
        caption: caption.to_owned(),
        size: (WIDTH, HEIGHT),
        picture,
        unlinked: None,
        legend,
        notes: notes.collect(),
        table: ChartTable { heads, rows: years.iter().zip(0..).map(row).collect() },
    }
}

/// Stretches of years that may be joined by a line.
fn runs(values: &[Option<f64>], years: &[u16], breaks: &[u16]) -> Vec<Vec<(usize, f64)>> {
    let mut runs: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
    for (number, value) in values.iter().enumerate() {
        let broken = years.get(number).is_some_and(|year| breaks.contains(year));
        match value {
            Some(value) if !broken => {
                if let Some(run) = runs.last_mut() {
                    run.push((number, *value));
                }
            }
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_not_drawn_over_a_gap_or_an_autumn() {
        let values = [Some(1.0), Some(2.0), None, Some(3.0), Some(4.0), Some(5.0), Some(6.0)];
        let years = [2017, 2018, 2019, 2020, 2021, 2022, 2023];
        let found: Vec<Vec<usize>> = runs(&values, &years, &[2022])
            .into_iter()
            .map(|run| run.into_iter().map(|(number, _)| number).collect())
            .collect();
        assert_eq!(found, [vec![0, 1], vec![3, 4]]);
    }

    #[test]
    fn the_table_tells_missing_years() {
        let name = "Школа".to_owned();
        let values = vec![Some(12.5), None, None];
        let series = Series { name, values, main: true, withheld: vec![2026] };
        let chart = trend("t", "Доля", &[2024, 2025, 2026], &[series], Some(30.0), &[]);
        let told: Vec<&str> =
            chart.table.rows.iter().filter_map(|row| row.get(1)).map(String::as_str).collect();
        assert_eq!(told, ["12,5\u{a0}%", "нет данных", "скрыто"]);
    }
}
