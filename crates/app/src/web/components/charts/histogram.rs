//! How are scores spread, and where are the bounds of marks?

use maud::html;

use super::{Chart, ChartTable, at};

/// A distribution of scores.
#[derive(Clone, Debug)]
pub struct Histogram<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub caption: &'a str,
    /// Pupils by score, from zero to the highest score.
    pub counts: &'a [u32],
    /// Lowest scores of marks; a line stands before each.
    pub bounds: &'a [u16],
    /// What would be expected, by score, where it is known.
    pub expected: &'a [f64],
}

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 170.0;
const BOTTOM: f64 = 24.0;

/// Draws it.
pub fn histogram(histogram: &Histogram<'_>) -> Chart {
    let most = histogram.counts.iter().copied().map(f64::from).chain(histogram.expected.iter().copied());
    let most = most.filter(|value| value.is_finite()).fold(1.0_f64, f64::max);
    let step = WIDTH / histogram.counts.len().max(1) as f64;
    let height = |value: f64| value / most * (HEIGHT - BOTTOM - 10.0);
    let base = HEIGHT - BOTTOM;
    let expected: Vec<String> = histogram
        .expected
        .iter()
        .enumerate()
        .map(|(score, value)| format!("{},{}", at((score as f64 + 0.5) * step), at(base - height(*value))))
        .collect();
    let every = (histogram.counts.len() / 12).max(1);
    let picture = html! {
        svg.histogram viewBox={ "0 0 " (at(WIDTH)) " " (at(HEIGHT)) } width=(at(WIDTH)) height=(at(HEIGHT)) role="img" aria-label=(histogram.caption) {
            @for (score, count) in histogram.counts.iter().enumerate() {
                @let tall = height(f64::from(*count));
                rect.column x=(at(score as f64 * step + 0.5)) y=(at(base - tall)) width=(at((step - 1.0).max(0.5))) height=(at(tall)) {
                    title { "Баллов " (score) ": " (count) " чел." }
                }
                @if score % every == 0 {
                    text.axis x=(at((score as f64 + 0.5) * step)) y=(at(HEIGHT - 8.0)) text-anchor="middle" { (score) }
                }
            }
            @for bound in histogram.bounds {
                @let x = f64::from(*bound) * step;
                line.threshold x1=(at(x)) x2=(at(x)) y1="4" y2=(at(base)) { title { "Граница отметки: " (bound) " баллов" } }
            }
            @if !expected.is_empty() { polyline.expected points=(expected.join(" ")) {} }
        }
    };
    let rows = histogram.counts.iter().enumerate().map(|(score, count)| {
        let is_bound = u16::try_from(score).is_ok_and(|score| histogram.bounds.contains(&score));
        vec![
            score.to_string(),
            count.to_string(),
            if is_bound { "граница".to_owned() } else { String::new() },
        ]
    });
    let heads = ["Баллы", "Человек", "Граница отметки"].map(str::to_owned).to_vec();
    Chart {
        id: histogram.id.to_owned(),
        caption: histogram.caption.to_owned(),
        size: (WIDTH, HEIGHT),
        picture,
        unlinked: None,
        legend: Vec::new(),
        notes: Vec::new(),
        table: ChartTable { heads, rows: rows.collect() },
    }
}

#[cfg(test)]
mod tests {
    use super::super::ChartFiles;
    use super::*;

    fn shown(picture: &Histogram<'_>) -> String {
        histogram(picture).figure(&ChartFiles { path: String::new(), query: Vec::new() }).into_string()
    }

    #[test]
    fn bounds_are_drawn_and_told() {
        let picture = Histogram {
            id: "h",
            caption: "Баллы",
            counts: &[0, 3, 5],
            bounds: &[1],
            expected: &[0.5, 2.5, 5.0],
        };
        let text = shown(&picture);
        assert_eq!(text.matches("<rect").count(), 3);
        assert!(text.contains("граница") && text.contains("Граница отметки: 1"), "{text}");
    }

    #[test]
    fn no_score_at_all_is_no_division() {
        let picture = Histogram { id: "h", caption: "Баллы", counts: &[], bounds: &[], expected: &[] };
        assert!(!shown(&picture).contains("NaN"));
    }
}
