//! How are marks shared out, bar by bar?

use maud::{Markup, html};

use super::{Chart, ChartTable, at, percent};

/// Marks of one procedure of one year.
#[derive(Clone, Debug)]
pub struct StackedBar {
    /// Name at the left of the bar.
    pub name: String,
    /// How many got «2», «3», «4», «5»; or below and at the minimum in the first and third place.
    pub marks: [u32; 4],
    /// The line that the share of the first part is compared with, in per cent.
    pub line_percent: Option<f64>,
}

const HEIGHT: f64 = 30.0;
const NAMES: f64 = 250.0;
const WIDTH: f64 = 470.0;

/// Bars of a hundred per cent each, as long as each other; the number of pupils stands behind.
pub fn stacked_bars(id: &str, caption: &str, bars: &[StackedBar], words: [&str; 4]) -> Chart {
    let height = HEIGHT * bars.len() as f64 + 8.0;
    let used = |part: usize| bars.iter().any(|bar| bar.marks[part] > 0);
    let picture = html! {
        svg.bars viewBox={ "0 0 " (at(NAMES + WIDTH + 80.0)) " " (at(height)) } width=(at(NAMES + WIDTH + 80.0)) height=(at(height)) role="img" aria-label=(caption) {
            @for (bar, number) in bars.iter().zip(0_u32..) {
                (one(bar, f64::from(number) * HEIGHT + 4.0, words))
            }
        }
    };
    let legend =
        (0..4).filter(|part| used(*part)).map(|part| (format!("mark-{}", part + 2), words[part].to_owned()));
    let heads = ["Процедура", "Участников"].into_iter().chain(words).map(str::to_owned).collect();
    let row = |bar: &StackedBar| {
        let total: u32 = bar.marks.iter().sum();
        let share = |count: u32| format!("{count} ({})", share_words(count, total));
        let counts = bar.marks.iter().map(|count| share(*count));
        [bar.name.clone(), total.to_string()].into_iter().chain(counts).collect()
    };
    Chart {
        id: id.to_owned(),
        caption: caption.to_owned(),
        size: (NAMES + WIDTH + 80.0, height),
        picture,
        unlinked: None,
        legend: legend.collect(),
        notes: Vec::new(),
        table: ChartTable { heads, rows: bars.iter().map(row).collect() },
    }
}

fn one(bar: &StackedBar, top: f64, words: [&str; 4]) -> Markup {
    let total: u32 = bar.marks.iter().sum();
    let scale = if total == 0 { 0.0 } else { WIDTH / f64::from(total) };
    let parts = bar.marks.iter().enumerate().scan(NAMES, |left, (part, count)| {
        let (from, width) = (*left, f64::from(*count) * scale);
        *left += width;
        Some((part, *count, from, width))
    });
    html! {
        text.bar-name x=(at(NAMES - 8.0)) y=(at(top + 16.0)) text-anchor="end" { (bar.name) }
        @for (part, count, left, width) in parts.filter(|(_, count, ..)| *count > 0) {
            rect class={ "mark-" (part + 2) } x=(at(left)) y=(at(top)) width=(at(width)) height="22" {
                title { (bar.name) ": " (words[part]) " — " (count) " (" (share_words(count, total)) ")" }
            }
            @if width > 34.0 {
                text class={ "bar-share on-mark-" (part + 2) } x=(at(left + width / 2.0)) y=(at(top + 15.5)) text-anchor="middle" {
                    (format!("{:.0}", f64::from(count) * 100.0 / f64::from(total)))
                }
            }
        }
        @if let Some(line) = bar.line_percent {
            @let x = NAMES + WIDTH * line / 100.0;
            line.threshold x1=(at(x)) x2=(at(x)) y1=(at(top - 3.0)) y2=(at(top + 25.0)) { title { "Порог " (percent(line)) } }
        }
        text.bar-count x=(at(NAMES + WIDTH + 8.0)) y=(at(top + 16.0)) { (total) " чел." }
    }
}

fn share_words(count: u32, total: u32) -> String {
    if total == 0 {
        "нет данных".to_owned()
    } else {
        percent(f64::from(count) * 100.0 / f64::from(total))
    }
}

#[cfg(test)]
mod tests {
    use super::super::ChartFiles;
    use super::*;

    const WORDS: [&str; 4] = ["«2»", "«3»", "«4»", "«5»"];

    fn shown(chart: &Chart) -> String {
        chart.figure(&ChartFiles { path: String::new(), query: Vec::new() }).into_string()
    }

    #[test]
    fn the_table_says_what_the_bars_show() {
        let bar = StackedBar { name: "ВПР".to_owned(), marks: [3, 4, 2, 1], line_percent: Some(30.0) };
        let markup = shown(&stacked_bars("m", "Отметки", &[bar], WORDS));
        assert!(markup.contains("3 (30\u{a0}%)"), "{markup}");
        assert!(markup.contains("Порог 30\u{a0}%"));
        assert_eq!(markup.matches("<rect").count(), 4);
    }

    #[test]
    fn nobody_is_no_division() {
        let bar = StackedBar { name: "ВПР".to_owned(), marks: [0; 4], line_percent: None };
        let markup = shown(&stacked_bars("m", "Отметки", &[bar], WORDS));
        assert!(markup.contains("нет данных") && !markup.contains("NaN"), "{markup}");
    }
}
