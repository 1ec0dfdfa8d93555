//! How is a data file taken apart, with the place of everything that is wrong?
//!
//! A room reads its file so: [`Errors::new`], [`parse`], [`Fields::root`], then field by field. A field that is wrong is
//! told and reading goes on; [`Errors::or`] gives the value, or all that is wrong in the order of the file.
#![cfg_attr(test, allow(clippy::expect_used, clippy::unwrap_used, reason = "tests may fail"))]

mod errors;
mod fields;
mod status;

pub use errors::{Errors, FileError};
pub use fields::{Fields, day_of, whole_of};
pub use status::Status;
/// The values of a data file, as its reader gives them.
pub use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Larger files are refused unread.
pub const FILE_BYTES_MAX: usize = 1_000_000;

/// Parses a file. Every error of the syntax is told, and nothing comes back when there is one.
pub fn parse<'t>(text: &'t str, errors: &mut Errors) -> Option<Spanned<DeTable<'t>>> {
    if text.len() > FILE_BYTES_MAX {
        let what = "Файл больше мегабайта, такими файлы данных не бывают.";
        errors.at(0..0, "файл", what, "Проверьте, тот ли это файл.");
        return None;
    }
    let (document, wrong) = DeTable::parse_recoverable(text);
    for error in &wrong {
        let what = format!("Запись TOML не читается (подробность: {}).", error.message());
        let mend = "Проверьте кавычки, скобки и знак «=» в этой строке и в строке перед ней.";
        errors.at(error.span().unwrap_or_default(), "файл", &what, mend);
    }
    wrong.is_empty().then_some(document)
}
