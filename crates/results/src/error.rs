//! Why could results not be written, read or counted, and what can be done?

use std::error::Error;
use std::fmt;

/// Why a file or an object of results was refused. `Display` is Russian: what, why, what next.
#[derive(Debug)]
pub enum ResultsError {
    /// The bytes are no Parquet file, or the file is cut or damaged.
    Damaged {
        /// Group of rows counted from one, where it is known.
        row_group: Option<usize>,
        /// What the reader of the format says.
        detail: String,
    },
    /// A column is not in the file.
    ColumnMissing {
        /// Its name.
        column: String,
        /// Columns that are there.
        present: Vec<String>,
    },
    /// A column holds another kind of values.
    ColumnType {
        /// Its name.
        column: String,
        /// What it holds.
        found: String,
        /// What it should hold.
        needed: &'static str,
    },
    /// A value is out of its bounds or does not fit its column.
    Value {
        /// Name of the column.
        column: String,
        /// Group of rows counted from one, where the file was read by groups.
        row_group: Option<usize>,
        /// Row of the file counted from one.
        row: u64,
        /// The value as it stands.
        value: String,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// One organisation has more results in one procedure than can be real.
    TooMany {
        /// Number of the organisation.
        organisation: u32,
    },
    /// A file can't be opened, read or written.
    File {
        /// What was being done, a path or the name of an object.
        what: String,
        /// What the system says.
        detail: String,
    },
    /// An object that should be in the store is not there.
    ObjectMissing {
        /// Its name.
        name: String,
    },
    /// The text is no key of stored results.
    Key {
        /// The text.
        text: String,
    },
}

impl ResultsError {
    pub(crate) fn damaged(row_group: Option<usize>, error: &impl fmt::Display) -> Self {
        Self::Damaged { row_group, detail: error.to_string() }
    }

    pub(crate) fn file(what: impl fmt::Display, error: &impl fmt::Display) -> Self {
        Self::File { what: what.to_string(), detail: error.to_string() }
    }
}

impl fmt::Display for ResultsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { row_group, detail } => {
                f.write_str("Файл Parquet не читается: он обрезан, повреждён или записан в другом формате")?;
                if let Some(group) = row_group {
                    write!(f, " (группа строк {group})")?;
                }
                write!(
                    f,
                    ". Ничего не загружено. Скачайте или выгрузите файл ещё раз (подробность: {detail})."
                )
            }
            Self::ColumnMissing { column, present } => write!(
                f,
                "В файле нет столбца «{column}». Есть столбцы: {}. Укажите в описании таблицы, какой из них нужен, \
                 или выгрузите файл с этим столбцом.",
                if present.is_empty() { "–".to_owned() } else { present.join(", ") }
            ),
            Self::ColumnType { column, found, needed } => write!(
                f,
                "Столбец «{column}» содержит {found}, а нужно: {needed}. Выгрузите файл с подходящими значениями или \
                 укажите другой столбец."
            ),
            Self::Value { column, row_group, row, value, allowed } => {
                write!(f, "Столбец «{column}», строка {row}")?;
                if let Some(group) = row_group {
                    write!(f, " (группа строк {group})")?;
                }
                write!(
                    f,
                    ": значение «{value}» не подходит. Допустимо: {allowed}. Исправьте его в исходном файле."
                )
            }
            Self::TooMany { organisation } => write!(
                f,
                "У организации № {organisation} слишком много результатов по одной процедуре, сумма баллов не \
                 помещается в счётчик. Проверьте, верно ли указан столбец с кодом организации."
            ),
            Self::File { what, detail } => write!(
                f,
                "Не удалось прочитать или записать «{what}». Проверьте, что место доступно и не заполнено, и повторите \
                 (подробность: {detail})."
            ),
            Self::ObjectMissing { name } => write!(
                f,
                "В хранилище результатов нет объекта «{name}». Его могли удалить вручную. Загрузите исходный файл \
                 ещё раз."
            ),
            Self::Key { text } => write!(
                f,
                "«{text}» – не ключ хранилища результатов. Ключ состоит из 64 шестнадцатеричных цифр, строчных."
            ),
        }
    }
}

impl Error for ResultsError {}
