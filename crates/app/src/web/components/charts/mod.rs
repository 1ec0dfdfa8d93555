//! How do numbers look? Pictures drawn on the server, each with its table.
//!
//! A picture is an SVG without style of its own: classes and the style sheet colour it, in both themes. Whoever can't
//! see it reads the table below; whoever has a mouse or a keyboard gets the words of a point as its name.

mod alone;
mod bars;
mod heat_map;
mod histogram;
mod months;
mod scatter;
mod trend;

pub use bars::{StackedBar, stacked_bars};
pub use heat_map::{HeatCell, HeatMap};
pub use histogram::{Histogram, histogram};
pub use months::{MonthPair, months};
pub use scatter::{Scatter, ScatterPoint, scatter};
pub use trend::{Series, trend};

use maud::{Markup, html};

use crate::web::views::address::address;

/// A table that says the same as a picture.
#[derive(Clone, Debug, Default)]
pub struct ChartTable {
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Rows of cells; the first cell heads its row.
    pub rows: Vec<Vec<String>>,
}

/// A picture, ready for a page or for a file of its own.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Unique on the page, and the name of its files.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// Width and height of the picture.
    pub size: (f64, f64),
    /// The `svg` element.
    pub picture: Markup,
    /// The same without links, for a file of its own; nothing where there are none.
    pub unlinked: Option<Markup>,
    /// Class and words of each sample of the legend.
    pub legend: Vec<(String, String)>,
    /// What must be known to read it.
    pub notes: Vec<String>,
    /// The same as a table.
    pub table: ChartTable,
}

/// Where the pictures of a page can be had as files: `{path}/{id}.svg?{query}`.
#[derive(Clone, Debug)]
pub struct ChartFiles {
    /// Path without a slash at the end.
    pub path: String,
    /// What the page was asked for.
    pub query: Vec<(&'static str, String)>,
}

/// Files a picture can be had as, with their names.
const FILES: [(&str, &str); 4] = [("svg", "SVG"), ("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON")];

impl ChartFiles {
    /// Links to the files of a picture.
    pub fn links(&self, id: &str, caption: &str) -> Markup {
        html! {
            p.chart-files {
                "Скачать: "
                @for (ending, name) in FILES {
                    a href=(address(&format!("{}/{id}.{ending}", self.path), &self.query)) download="" {
                        span.visually-hidden { (caption) ", " } (name)
                    }
                    " "
                }
            }
        }
    }
}

impl Chart {
    /// The picture with its words, its table and its files.
    pub fn figure(&self, files: &ChartFiles) -> Markup {
        let Self { id, caption, .. } = self;
        html! {
            figure.chart #(id) aria-labelledby=(format!("{id}-caption")) {
                figcaption id=(format!("{id}-caption")) { (caption) }
                div.chart-scroll tabindex="0" role="region" aria-label={ "Рисунок: " (caption) } { (self.picture) }
                @if !self.legend.is_empty() {
                    p.chart-legend { @for (class, words) in &self.legend { span { i class=(class) {} (words) } } }
                }
                @for note in &self.notes { p.muted.small { (note) } }
                details.chart-table {
                    summary { "Таблицей и файлом" }
                    (files.links(id, caption))
                    div.table-scroll tabindex="0" role="region" aria-label={ "Таблица: " (caption) } {
                        table {
                            thead { tr { @for head in &self.table.heads { th scope="col" { (head) } } } }
                            tbody {
                                @for row in &self.table.rows {
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

    /// The picture as a file of its own, with what it shows above and where it comes from below.
    pub fn alone(&self, source: &str) -> String {
        alone::alone(self, source)
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
