//! How is a document written to a file that reads back without loss?

mod columns;
mod docx;
mod list;
mod xlsx;

pub use docx::docx;
pub use list::list_xlsx;
pub use xlsx::xlsx;

use std::fmt;

/// Why a document could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// A text is longer than the format can hold in one cell.
    TextTooLong {
        /// The most the format holds, characters.
        chars_max: usize,
    },
    /// A table has more rows or columns than the format can hold.
    TableTooLarge,
    /// The library that packs the file gave up; its words.
    Library(String),
}

impl fmt::Display for WriteError {
    /// In Russian: what, why, what next.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TextTooLong { chars_max } => write!(
                f,
                "Файл не записан. Текст одной ячейки длиннее {chars_max} знаков, в таблице он не поместится. \
                 Сократите текст или сохраните план как DOCX."
            ),
            Self::TableTooLarge => f.write_str(
                "Файл не записан. В таблице больше строк или столбцов, чем помещается на лист. \
                 Разделите план или сохраните его как DOCX.",
            ),
            Self::Library(words) => {
                write!(
                    f,
                    "Файл не записан. Сбой при упаковке: {words}. Попробуйте ещё раз или в другом виде."
                )
            }
        }
    }
}

impl std::error::Error for WriteError {}

/// Characters that files made of XML can hold.
fn clean(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n') || (*c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    text.chars().filter(allowed).collect()
}
