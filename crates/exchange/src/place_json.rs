//! How is a place in the source written down?

use opora_neutral::Place;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a piece of text stands in the file. All numbers count from one; only what the format has is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceJson {
    /// Page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Sheet of a spreadsheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Line of a text file, or number of the paragraph.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<u32>,
    /// Row of the table or the sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Column of the table or the sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl From<&Place> for PlaceJson {
    fn from(place: &Place) -> Self {
        let Place { page, sheet, line, table, row, column } = place;
        Self { page: *page, sheet: sheet.clone(), line: *line, table: *table, row: *row, column: *column }
    }
}

impl From<PlaceJson> for Place {
    fn from(json: PlaceJson) -> Self {
        let PlaceJson { page, sheet, line, table, row, column } = json;
        Self { page, sheet, line, table, row, column }
    }
}
