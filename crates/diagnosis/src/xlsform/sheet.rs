//! Which columns does a sheet of an XLSForm have?

use opora_neutral::{Level, Place};

use super::{Findings, SheetRows};

/// A sheet with its heads.
pub(super) struct Sheet<'s> {
    name: &'s str,
    heads: Vec<String>,
    rows: &'s [Vec<String>],
}

impl<'s> Sheet<'s> {
    /// The sheet of a name in any letters; nothing when there is none or it is empty.
    pub(super) fn find(sheets: &'s [SheetRows], name: &str) -> Option<Self> {
        let (name, rows) = sheets.iter().find(|(found, _)| found.trim().eq_ignore_ascii_case(name))?;
        let heads = rows.first()?.iter().map(|head| head.trim().to_lowercase()).collect();
        Some(Self { name, heads, rows: rows.get(1..).unwrap_or_default() })
    }

    /// Column with one of the names.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        self.heads.iter().position(|head| names.contains(&head.as_str()))
    }

    /// Column of a text that people read: the Russian one, or the one without a language, or the first.
    pub(super) fn spoken(&self, name: &str) -> Option<usize> {
        let language = |head: &str| {
            let rest = head.strip_prefix(name)?;
            Some(rest.trim_start_matches(':').trim().to_owned())
                .filter(|_| rest.is_empty() || rest.starts_with(':'))
        };
        let is_russian = |language: &str| {
            language.contains("(ru)")
                || language == "ru"
                || language.starts_with("rus")
                || language.contains("рус")
        };
        let languages: Vec<(usize, String)> =
            self.heads.iter().enumerate().filter_map(|(at, head)| Some((at, language(head)?))).collect();
        let russian = languages.iter().find(|(_, language)| is_russian(language));
        let plain = languages.iter().find(|(_, language)| language.is_empty());
        russian.or(plain).or(languages.first()).map(|(at, _)| *at)
    }

    /// Rows with their numbers in the file, counted from one.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, &'s [String])> {
        (2..).zip(self.rows.iter().map(Vec::as_slice))
    }

    pub(super) fn place(&self, row: u32, column: Option<usize>) -> Place {
        let column = column.and_then(|column| u32::try_from(column + 1).ok());
        Place { sheet: Some(self.name.to_owned()), row: Some(row), column, ..Place::WHOLE }
    }

    /// Tells of columns with text that are not carried over.
    pub(super) fn skipped(&self, taken: &[Option<usize>], findings: &mut Findings) {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0).max(self.heads.len());
        for column in (0..width).filter(|column| !taken.contains(&Some(*column))) {
            let filled = self.rows().find(|(_, cells)| !cell(cells, Some(column)).is_empty());
            let Some((row, _)) = filled else { continue };
            let head = self.heads.get(column).map_or("без названия", String::as_str);
            findings.tell(
                "XLSFORM_COLUMN_SKIPPED",
                Level::Note,
                self.place(row, Some(column)),
                format!("Столбец «{head}» не перенесён."),
                "У наших анкет такого свойства нет.",
                "Если оно важно, напишите о нём в подсказке к вопросу.",
            );
        }
    }
}

/// A cell, trimmed; empty where there is none.
pub(super) fn cell(cells: &[String], column: Option<usize>) -> &str {
    column.and_then(|column| cells.get(column)).map_or("", |text| text.trim())
}
