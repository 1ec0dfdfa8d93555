//! What is there and what is missing, cell by cell?

use maud::{Markup, html};

use super::{Chart, ChartFiles, ChartTable, at};
use crate::usecases::results::shown::WITHHELD;

/// What is known of one school in one procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeatCell {
    /// Nothing was loaded.
    Missing,
    /// Loaded, so many pupils.
    Pupils(u32),
    /// Loaded, and the number is not shown.
    Withheld,
    /// The school did not work then.
    NotExpected,
}

/// A table whose cells are coloured; being a table, it needs no other on its page.
#[derive(Clone, Debug)]
pub struct HeatMap {
    /// What it shows.
    pub caption: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// Rows: name, address, cells.
    pub rows: Vec<(String, String, Vec<HeatCell>)>,
}

const NAMES: f64 = 230.0;
const HEADS: f64 = 150.0;
const WIDTH: f64 = 52.0;
const HEIGHT: f64 = 20.0;

impl HeatMap {
    /// Draws it for a page.
    pub fn figure(&self, id: &str, files: &ChartFiles) -> Markup {
        html! {
            figure.chart #(id) aria-label=(self.caption) {
                div.table-scroll.heat tabindex="0" role="region" aria-label=(self.caption) {
                    table.heat-map {
                        caption { (self.caption) }
                        thead { tr { th scope="col" { "Школа" } @for column in &self.columns { th scope="col" { (column) } } } }
                        tbody {
                            @for (name, address, cells) in &self.rows {
                                tr {
                                    th scope="row" { a href=(address) { (name) } }
                                    @for cell in cells { td class=(class(*cell)) { (shown(*cell)) } }
                                }
                            }
                        }
                    }
                }
                (files.links(id, &self.caption))
            }
        }
    }

    /// The same as a drawing and a plain table.
    pub fn chart(&self, id: &str) -> Chart {
        let size = (NAMES + WIDTH * self.columns.len() as f64, HEADS + HEIGHT * self.rows.len() as f64);
        let heads = ["Школа".to_owned()].into_iter().chain(self.columns.iter().cloned()).collect();
        let row = |(name, _, cells): &(String, String, Vec<HeatCell>)| {
            [name.clone()].into_iter().chain(cells.iter().map(|cell| words(*cell))).collect()
        };
        Chart {
            id: id.to_owned(),
            caption: self.caption.clone(),
            size,
            picture: self.drawing(size),
            unlinked: None,
            legend: Vec::new(),
            notes: Vec::new(),
            table: ChartTable { heads, rows: self.rows.iter().map(row).collect() },
        }
    }

    fn drawing(&self, (width, height): (f64, f64)) -> Markup {
        html! {
            svg.heat-map viewBox={ "0 0 " (at(width)) " " (at(height)) } width=(at(width)) height=(at(height)) {
                @for (column, number) in self.columns.iter().zip(0_u32..) {
                    @let x = NAMES + WIDTH * (f64::from(number) + 0.6);
                    text transform={ "translate(" (at(x)) " " (at(HEADS - 6.0)) ") rotate(-60)" } { (column) }
                }
                @for ((name, _, cells), number) in self.rows.iter().zip(0_u32..) {
                    @let y = HEADS + HEIGHT * f64::from(number);
                    text.bar-name x=(at(NAMES - 8.0)) y=(at(y + 14.0)) text-anchor="end" { (name) }
                    @for (cell, place) in cells.iter().zip(0_u32..) {
                        @let x = NAMES + WIDTH * f64::from(place);
                        rect class=(class(*cell)) x=(at(x + 1.0)) y=(at(y + 1.0)) width=(at(WIDTH - 2.0)) height=(at(HEIGHT - 2.0)) {}
                        text x=(at(x + WIDTH / 2.0)) y=(at(y + 14.0)) text-anchor="middle" { (words(*cell)) }
                    }
                }
            }
        }
    }
}

fn class(cell: HeatCell) -> String {
    match cell {
        HeatCell::Missing => "heat-missing".to_owned(),
        HeatCell::NotExpected => "heat-none".to_owned(),
        HeatCell::Withheld => "heat-hidden".to_owned(),
        HeatCell::Pupils(pupils) => format!("heat-{}", depth(pupils)),
    }
}

fn shown(cell: HeatCell) -> Markup {
    match cell {
        HeatCell::NotExpected => html! { span.visually-hidden { "не ожидается" } "·" },
        other => html! { (words(other)) },
    }
}

fn words(cell: HeatCell) -> String {
    match cell {
        HeatCell::Missing => "нет".to_owned(),
        HeatCell::NotExpected => "·".to_owned(),
        HeatCell::Withheld => WITHHELD.to_owned(),
        HeatCell::Pupils(pupils) => pupils.to_string(),
    }
}

/// Depth of the colour: few pupils are pale.
fn depth(pupils: u32) -> u8 {
    match pupils {
        0..=9 => 1,
        10..=29 => 2,
        30..=79 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_or_hidden_is_said_in_words() {
        let cells = vec![HeatCell::Missing, HeatCell::Pupils(12), HeatCell::Withheld];
        let row = ("Школа".to_owned(), "/schools/1".to_owned(), cells);
        let columns = ["ВПР", "ОГЭ", "ЕГЭ"].map(str::to_owned).to_vec();
        let map = HeatMap { caption: "Данные".to_owned(), columns, rows: vec![row] };
        let files = ChartFiles { path: "/data/charts".to_owned(), query: Vec::new() };
        let text = map.figure("coverage", &files).into_string();
        assert!(text.contains(">нет<") && text.contains("heat-2") && text.contains("скрыто"), "{text}");
        let alone = map.chart("coverage").alone("Источник");
        assert!(alone.contains("heat-hidden") && alone.contains(">12</text>"), "{alone}");
    }
}
