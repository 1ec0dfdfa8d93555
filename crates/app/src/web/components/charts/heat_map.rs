//! What is there and what is missing, cell by cell?

use maud::{Markup, html};

/// What is known of one school in one procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeatCell {
    /// Nothing was loaded.
    Missing,
    /// Loaded, so many pupils.
    Pupils(u32),
    /// The school did not work then.
    NotExpected,
}

/// A table whose cells are coloured; being a table, it needs no other.
#[derive(Clone, Debug)]
pub struct HeatMap {
    /// What it shows.
    pub caption: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// Rows: name, address, cells.
    pub rows: Vec<(String, String, Vec<HeatCell>)>,
}

/// Draws it.
pub fn heat_map(map: &HeatMap) -> Markup {
    html! {
        div.table-scroll.heat tabindex="0" role="region" aria-label=(map.caption) {
            table.heat-map {
                caption { (map.caption) }
                thead { tr { th scope="col" { "Школа" } @for column in &map.columns { th scope="col" { (column) } } } }
                tbody {
                    @for (name, address, cells) in &map.rows {
                        tr {
                            th scope="row" { a href=(address) { (name) } }
                            @for cell in cells { (one(*cell)) }
                        }
                    }
                }
            }
        }
    }
}

fn one(cell: HeatCell) -> Markup {
    match cell {
        HeatCell::Missing => html! { td.heat-missing { "нет" } },
        HeatCell::NotExpected => html! { td.heat-none { span.visually-hidden { "не ожидается" } "·" } },
        HeatCell::Pupils(pupils) => html! { td class={ "heat-" (depth(pupils)) } { (pupils) } },
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
    fn what_is_missing_is_said_in_words() {
        let row =
            ("Школа".to_owned(), "/schools/1".to_owned(), vec![HeatCell::Missing, HeatCell::Pupils(12)]);
        let map = HeatMap {
            caption: "Данные".to_owned(), columns: vec!["ВПР".to_owned()], rows: vec![row]
        };
        let text = heat_map(&map).into_string();
        assert!(text.contains(">нет<") && text.contains("heat-2"), "{text}");
    }
}
