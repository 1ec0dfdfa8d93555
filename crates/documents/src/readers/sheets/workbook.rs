//! Which cells do the sheets of an Excel workbook hold, `.xlsx` and `.xls`?
//!
//! `calamine` reads both; formulas give the value that was saved with them.

use super::value::shown;
use super::{Sheet, SheetCell, add};
use crate::codes;
use crate::draft::Draft;
use crate::guard::guarded;
use crate::packed::Packed;
use crate::refuse::{self, Refused};
use calamine::{Reader, SheetType, SheetVisible, Style, Xls, XlsError, Xlsx, XlsxError};
use std::io::Cursor;

type Bytes<'b> = Cursor<&'b [u8]>;

/// Reads an `.xlsx` or `.xlsm`.
pub(crate) fn read_xlsx(bytes: &[u8], draft: &mut Draft<'_>) {
    let macros = match checked(bytes, draft) {
        Ok(macros) => macros,
        Err(finding) => return draft.finding(finding),
    };
    if macros {
        note_macros(draft);
    }
    let cells_max = draft.limits().max_cells;
    match guarded(|| xlsx_sheets(bytes, cells_max)) {
        Ok(sheets) => add_all(&sheets, cells_max, draft),
        Err(finding) => draft.finding(finding),
    }
}

/// Reads an `.xls`.
pub(crate) fn read_xls(bytes: &[u8], draft: &mut Draft<'_>) {
    let cells_max = draft.limits().max_cells;
    match guarded(|| xls_sheets(bytes, cells_max)) {
        Ok(sheets) => add_all(&sheets, cells_max, draft),
        Err(finding) => draft.finding(finding),
    }
}

fn add_all(sheets: &[Sheet], cells_max: usize, draft: &mut Draft<'_>) {
    if sheets.iter().map(|sheet| sheet.cells.len()).sum::<usize>() >= cells_max {
        draft.finding(refuse::content_limit("в нём слишком много ячеек"));
    }
    sheets.iter().for_each(|sheet| add(sheet, draft));
}

fn note_macros(draft: &mut Draft<'_>) {
    draft.finding(codes::FILE_MACROS.finding(
        "В книге есть макросы.",
        "Они не читались и не выполнялись: нужны только значения ячеек.",
        "Ничего делать не нужно.",
    ));
}

/// The library unpacks by itself and counts nothing, so all is unpacked once to nowhere before.
fn checked(bytes: &[u8], draft: &Draft<'_>) -> Result<bool, Refused> {
    let mut packed = Packed::open(bytes, draft.limits())?;
    packed.check_size()?;
    Ok(packed.has(|name| name.ends_with("vbaProject.bin")))
}

fn xlsx_sheets(bytes: &[u8], cells_max: usize) -> Result<Vec<Sheet>, Refused> {
    let mut book: Xlsx<Bytes<'_>> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => refuse::encrypted(),
        _ => refuse::truncated("книга не разбирается"),
    })?;
    let mut left = cells_max;
    let mut sheets = Vec::new();
    for meta in book.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet || left == 0 {
            continue;
        }
        let merged = book.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
        let mut sheet = Sheet {
            hidden: meta.visible != SheetVisible::Visible,
            merged: merged.iter().map(|area| (area.start, area.end)).collect(),
            name: meta.name,
            ..Sheet::default()
        };
        xlsx_cells(&mut book, &mut sheet, &mut left)?;
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn xlsx_cells(book: &mut Xlsx<Bytes<'_>>, sheet: &mut Sheet, left: &mut usize) -> Result<(), Refused> {
    let broken = |_| refuse::truncated(&format!("лист «{}» не разбирается", sheet.name));
    let mut reader = book.worksheet_cells_reader(&sheet.name).map_err(broken)?;
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(broken)? {
        if *left == 0 {
            break;
        }
        let style = reader.styles().get(style);
        let format =
            style.and_then(|style| style.number_format.as_ref()).map(|format| format.format_code.as_str());
        let text = shown(cell.get_value(), format.unwrap_or_default());
        if !text.trim().is_empty() {
            *left -= 1;
            let bold = style.is_some_and(is_bold);
            sheet.cells.insert(cell.get_position(), SheetCell { text, bold });
        }
    }
    Ok(())
}

fn is_bold(style: &Style) -> bool {
    style.font.as_ref().is_some_and(calamine::Font::is_bold)
}

fn xls_sheets(bytes: &[u8], cells_max: usize) -> Result<Vec<Sheet>, Refused> {
    let mut book: Xls<Bytes<'_>> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => refuse::encrypted(),
        _ => refuse::truncated("книга не разбирается"),
    })?;
    let mut left = cells_max;
    let mut sheets = Vec::new();
    for meta in book.sheets_metadata().to_vec() {
        let Ok(range) = book.worksheet_range(&meta.name) else { continue };
        let merged = book.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
        let mut sheet = Sheet {
            hidden: meta.visible != SheetVisible::Visible,
            merged: merged.iter().map(|area| (area.start, area.end)).collect(),
            name: meta.name,
            ..Sheet::default()
        };
        let (top, left_column) = range.start().unwrap_or((0, 0));
        for (row, column, value) in range.used_cells() {
            let text = shown(value, "");
            if left > 0 && !text.trim().is_empty() {
                left -= 1;
                let at = |start: u32, offset: usize| {
                    start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX))
                };
                sheet.cells.insert((at(top, row), at(left_column, column)), SheetCell { text, bold: false });
            }
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}
