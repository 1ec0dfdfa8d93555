//! How do numbers look? Pictures drawn on the server, each with its table.
//!
//! A picture is an SVG without style of its own: classes and the style sheet colour it, in both themes. Whoever can't
//! see it reads the table below; whoever has a mouse or a keyboard gets the words of a point as its name.

mod bars;
mod heat_map;
mod histogram;
mod scatter;
mod trend;

pub use bars::{StackedBar, stacked_bars};
pub use heat_map::{HeatCell, HeatMap, heat_map};
pub use histogram::{Histogram, histogram};
pub use scatter::{Scatter, ScatterPoint, scatter};
pub use trend::{Series, trend};

use maud::{Markup, html};

/// A table that says the same as a picture.
#[derive(Clone, Debug, Default)]
pub struct ChartTable {
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Rows of cells; the first cell heads its row.
    pub rows: Vec<Vec<String>>,
}

/// A picture with its words and its table. `id` is unique on the page.
pub fn figure(id: &str, caption: &str, picture: &Markup, table: &ChartTable) -> Markup {
    html! {
        figure.chart aria-labelledby=(format!("{id}-caption")) {
            figcaption id=(format!("{id}-caption")) { (caption) }
            div.chart-scroll tabindex="0" role="region" aria-label={ "Рисунок: " (caption) } { (picture) }
            details.chart-table {
                summary { "Таблицей" }
                div.table-scroll tabindex="0" role="region" aria-label={ "Таблица: " (caption) } {
                    table {
                        thead { tr { @for head in &table.heads { th scope="col" { (head) } } } }
                        tbody {
                            @for row in &table.rows {
                                tr {
                                    @for (cell, at) in row.iter().zip(0..) {
                                        @if at == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A per cent for eyes: «12,5 %»; whole ones without a comma.
pub fn percent(value: f64) -> String {
    let text = format!("{value:.1}").replace('.', ",");
    format!("{}\u{a0}%", text.strip_suffix(",0").unwrap_or(&text))
}

/// A coordinate: one decimal is finer than a screen.
fn at(value: f64) -> String {
    if value.is_finite() { format!("{value:.1}") } else { "0".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_cents_are_written_as_in_russian() {
        assert_eq!(percent(12.5), "12,5\u{a0}%");
        assert_eq!(percent(30.0), "30\u{a0}%");
        assert_eq!(percent(0.04), "0\u{a0}%");
    }

    #[test]
    fn a_coordinate_is_always_a_number() {
        assert_eq!((at(f64::NAN), at(f64::INFINITY), at(1.25)), ("0".into(), "0".into(), "1.2".into()));
    }
}
