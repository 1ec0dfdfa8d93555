//! How much was planned for each month, and how much was carried out?

use maud::{Markup, html};

use super::{Chart, ChartTable, at};

/// A month: two numbers and where the rows behind them are.
#[derive(Clone, Debug)]
pub struct MonthPair {
    /// «сен».
    pub short: String,
    /// «сентябрь 2026».
    pub name: String,
    /// The first number, with the address of its rows.
    pub first: (usize, String),
    /// The second.
    pub second: (usize, String),
}

const STEP: f64 = 52.0;
const BAR: f64 = 20.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 8.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 24.0;

/// Two bars a month. A bar leads to its rows; its number stands above it.
pub fn months(id: &str, caption: &str, words: [&str; 2], pairs: &[MonthPair]) -> Chart {
    let most = pairs.iter().flat_map(|pair| [pair.first.0, pair.second.0]).max().unwrap_or(0).max(1);
    let width = LEFT * 2.0 + STEP * pairs.len() as f64;
    let base = HEIGHT - BOTTOM;
    let bar = |pair: &MonthPair, place: usize, number: usize, linked: bool| {
        let (count, address) = if place == 0 { &pair.first } else { &pair.second };
        let tall = *count as f64 / most as f64 * (base - TOP);
        let x = LEFT + STEP * number as f64 + 4.0 + place as f64 * (BAR + 2.0);
        let drawn = html! {
            rect class={ "month-bar-" (place) } x=(at(x)) y=(at(base - tall)) width=(at(BAR)) height=(at(tall)) {
                title { (pair.name) ", " (words.get(place).copied().unwrap_or_default()) ": " (count) }
            }
            text.bar-count x=(at(x + BAR / 2.0)) y=(at(base - tall - 4.0)) text-anchor="middle" { (count) }
        };
        html! {
            @if *count > 0 {
                @if linked {
                    a href=(address) aria-label={ (pair.name) ", " (words.get(place).copied().unwrap_or_default()) ": " (count) } { (drawn) }
                } @else { (drawn) }
            }
        }
    };
    let picture = |linked: bool| -> Markup {
        // A picture of links is no single picture to who can't see it.
        let role = if linked { "group" } else { "img" };
        html! {
            svg.months viewBox={ "0 0 " (at(width)) " " (at(HEIGHT)) } width=(at(width)) height=(at(HEIGHT)) role=(role) aria-label=(caption) {
                line.grid x1=(at(LEFT)) x2=(at(width - LEFT)) y1=(at(base)) y2=(at(base)) {}
                @for (pair, number) in pairs.iter().zip(0_usize..) {
                    (bar(pair, 0, number, linked))
                    (bar(pair, 1, number, linked))
                    text.axis x=(at(LEFT + STEP * number as f64 + STEP / 2.0 - 1.0)) y=(at(HEIGHT - 7.0)) text-anchor="middle" { (pair.short) }
                }
            }
        }
    };
    let legend = [("month-bar-0", words[0]), ("month-bar-1", words[1])];
    let heads = ["Месяц", words[0], words[1]].map(str::to_owned).to_vec();
    let row = |pair: &MonthPair| vec![pair.name.clone(), pair.first.0.to_string(), pair.second.0.to_string()];
    Chart {
        id: id.to_owned(),
        caption: caption.to_owned(),
        size: (width, HEIGHT),
        picture: picture(true),
        unlinked: Some(picture(false)),
        legend: legend.map(|(class, words)| (class.to_owned(), words.to_owned())).to_vec(),
        notes: Vec::new(),
        table: ChartTable { heads, rows: pairs.iter().map(row).collect() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_leads_to_its_rows_and_a_file_has_no_links() {
        let pair = MonthPair {
            short: "окт".to_owned(),
            name: "октябрь 2026".to_owned(),
            first: (4, "/boards/rows?planned=2026-10".to_owned()),
            second: (0, "/boards/rows?done=2026-10".to_owned()),
        };
        let chart = months("t", "По месяцам", ["запланировано", "выполнено"], &[pair]);
        let page = chart.picture.into_string();
        assert!(page.contains("href=\"/boards/rows?planned=2026-10\"") && !page.contains("done="));
        assert!(!chart.unlinked.expect("a picture for a file").into_string().contains("href"));
        assert_eq!(chart.table.rows, [["октябрь 2026", "4", "0"].map(str::to_owned).to_vec()]);
    }
}
