//! Where in a file does a piece of text stand?

use std::fmt;

/// Address of a piece of text. All numbers count from one; what a format does not have is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Page, for formats that have pages.
    pub page: Option<u32>,
    /// Sheet name, for spreadsheets.
    pub sheet: Option<String>,
    /// Line of the file, for text formats; number of the paragraph in the body for `.docx` and `.odt`.
    pub line: Option<u32>,
    /// Number of the table in the document.
    pub table: Option<u32>,
    /// Row of the table or of the sheet.
    pub row: Option<u32>,
    /// Column of the table's grid or of the sheet.
    pub column: Option<u32>,
}

impl Place {
    /// The whole document.
    pub const WHOLE: Self =
        Self { page: None, sheet: None, line: None, table: None, row: None, column: None };

    /// A line of a text file.
    pub fn line(line: u32) -> Self {
        Self { line: Some(line), ..Self::WHOLE }
    }

    /// A page.
    pub fn page(page: u32) -> Self {
        Self { page: Some(page), ..Self::WHOLE }
    }

    /// Nothing is known: the finding is about the whole document.
    pub fn is_whole(&self) -> bool {
        *self == Self::WHOLE
    }
}

/// Name of a spreadsheet column counted from one: 1 is `A`, 28 is `AB`.
fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

impl fmt::Display for Place {
    /// In Russian, from the coarse to the fine: «стр. 2, табл. 1, строка 3, столбец 2», «лист «План», D14».
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(page) = self.page {
            parts.push(format!("стр. {page}"));
        }
        if let Some(sheet) = &self.sheet {
            parts.push(format!("лист «{sheet}»"));
            match (self.row, self.column) {
                (Some(row), Some(column)) => parts.push(format!("{}{row}", column_letters(column))),
                (Some(row), None) => parts.push(format!("строка {row}")),
                _ => {}
            }
            return f.write_str(&parts.join(", "));
        }
        if let Some(line) = self.line {
            parts.push(format!("строка файла {line}"));
        }
        if let Some(table) = self.table {
            parts.push(format!("табл. {table}"));
        }
        if let Some(row) = self.row {
            parts.push(format!("строка {row}"));
        }
        if let Some(column) = self.column {
            parts.push(format!("столбец {column}"));
        }
        if parts.is_empty() {
            return f.write_str("документ в целом");
        }
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(place: &Place, expected: &str) {
        assert_eq!(place.to_string(), expected);
    }

    #[test]
    fn a_place_reads_as_russian() {
        check(&Place::WHOLE, "документ в целом");
        check(&Place::line(7), "строка файла 7");
        let cell = Place { table: Some(1), row: Some(3), column: Some(2), ..Place::page(2) };
        check(&cell, "стр. 2, табл. 1, строка 3, столбец 2");
    }

    #[test]
    fn a_sheet_cell_reads_as_in_a_spreadsheet() {
        let cell = |column| Place {
            sheet: Some("План".into()),
            row: Some(14),
            column: Some(column),
            ..Place::WHOLE
        };
        check(&cell(4), "лист «План», D14");
        check(&cell(26), "лист «План», Z14");
        check(&cell(28), "лист «План», AB14");
    }
}
