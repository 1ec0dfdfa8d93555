//! How does the command line speak to people and to other programs?

use std::fmt::Display;
use std::io::{self, BufWriter, ErrorKind, StdoutLock, Write};
use std::path::Path;

use opora_neutral::Level;
use opora_store::StoreError;

use crate::usecases::results::dataset::DataError;
pub(super) use crate::usecases::results::system::system_words;

/// Why a verb did not come to its end.
#[derive(Debug)]
pub(super) enum Failure {
    /// The reader of the output has gone, as `head` does; nothing is wrong.
    PipeClosed,
    /// A message in Russian: what, why, what next.
    Refused(String),
}

impl Failure {
    /// A refusal with a message.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::Refused(message.into())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::PipeClosed,
            _ => Self::Refused(format!("Не удалось вывести результат: {}.", system_words(&error))),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        match error.io_error_kind() {
            Some(ErrorKind::BrokenPipe) => Self::PipeClosed,
            _ => Self::Refused(format!("Не удалось составить JSON (подробность: {error}).")),
        }
    }
}

impl From<StoreError> for Failure {
    /// The store tells its errors in Russian already.
    fn from(error: StoreError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<DataError> for Failure {
    /// What failed tells itself in Russian.
    fn from(error: DataError) -> Self {
        Self::Refused(error.to_string())
    }
}

/// Buffered standard output.
pub(super) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 << 10, io::stdout().lock())
}

/// Writes a message to standard error.
pub(super) fn complain(message: &dyn Display) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// Reads a file, or refuses with its name and what to do.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let shown = path.display();
    if path.is_dir() {
        return Err(format!("{shown}: это папка, а не файл. Укажите файлы, например {shown}/*.docx."));
    }
    std::fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!("{shown}: файл не найден. Проверьте имя и папку."),
        ErrorKind::PermissionDenied => format!("{shown}: нет прав на чтение файла. Откройте доступ к нему."),
        _ => format!("{shown}: файл не удалось прочитать: {}.", system_words(&error)),
    })
}

/// The Russian word for a level, in the width of the longest.
pub(super) fn level_word(level: Level) -> &'static str {
    match level {
        Level::Error => "ошибка",
        Level::Warning => "предупреждение",
        Level::Note => "заметка",
    }
}

/// The beginning of a text of at most `width` characters; what is cut off is told by «…».
pub(super) fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let cut: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}
