//! A table for other programs: CSV and Excel.

use opora_documents::writers::list_xlsx;

/// Heads and rows.
pub type Plain = (Vec<String>, Vec<Vec<String>>);

/// CSV as Excel in Russia opens it: a byte order mark, «;» between columns, lines ending with CR LF.
pub fn csv((heads, rows): &Plain) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    for row in std::iter::once(heads).chain(rows) {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(";"));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// A cell of CSV. One that a spreadsheet would take for a formula gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let safe =
        if cell.starts_with(['=', '+', '@', '-', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains([';', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// A workbook with a title and one table; the message of a failure is Russian.
pub fn xlsx(title: &str, (heads, rows): &Plain) -> Result<Vec<u8>, String> {
    list_xlsx(title, heads, rows).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_what_excel_opens() {
        let plain = (
            vec!["Школа".to_owned(), "Вывод".to_owned()],
            vec![vec!["Лицей; «А»".to_owned(), "=1+1".to_owned()]],
        );
        let text = String::from_utf8(csv(&plain)).expect("text");
        assert_eq!(text, "\u{feff}Школа;Вывод\r\n\"Лицей; «А»\";'=1+1\r\n");
    }
}
