//! How is a list written as an Excel file that people sort and filter?

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use super::{WriteError, clean};

/// Widest column, in characters.
const WIDTH_MAX: usize = 60;

/// An Excel file with a title, heads and rows. All values are texts. The same list gives the same bytes.
pub fn list_xlsx(title: &str, heads: &[String], rows: &[Vec<String>]) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    let never = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(clean(title)).set_creation_datetime(&never));
    let sheet = book.add_worksheet();
    sheet.set_name("Список")?;
    let (bold, wrapped) = (Format::new().set_bold().set_text_wrap(), Format::new().set_text_wrap());
    sheet.write_string_with_format(0, 0, clean(title), &Format::new().set_bold())?;
    for (head, column) in heads.iter().zip(0_u16..) {
        sheet.write_string_with_format(2, column, clean(head), &bold)?;
        let cells = rows.iter().filter_map(|row| row.get(usize::from(column)));
        let longest = cells.chain([head]).map(|text| text.chars().count()).max().unwrap_or(0);
        sheet.set_column_width(column, u32::try_from(longest.clamp(8, WIDTH_MAX)).unwrap_or(8))?;
    }
    for (line, row) in rows.iter().zip(3_u32..) {
        for (text, column) in line.iter().zip(0_u16..) {
            sheet.write_string_with_format(row, column, clean(text), &wrapped)?;
        }
    }
    sheet.set_freeze_panes(3, 0)?;
    let last = u16::try_from(heads.len().saturating_sub(1)).map_err(|_| WriteError::TableTooLarge)?;
    let bottom = u32::try_from(rows.len() + 2).map_err(|_| WriteError::TableTooLarge)?;
    sheet.autofilter(2, 0, bottom, last)?;
    Ok(book.save_to_buffer()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_the_same_bytes_and_can_be_empty() {
        let heads = ["Школа".to_owned()];
        let rows = [vec!["Лицей № 3".to_owned()]];
        let once = list_xlsx("Список", &heads, &rows).expect("a file");
        assert_eq!(once, list_xlsx("Список", &heads, &rows).expect("a file"));
        assert!(once.starts_with(b"PK"));
        assert!(list_xlsx("", &[], &[]).is_ok());
    }
}
