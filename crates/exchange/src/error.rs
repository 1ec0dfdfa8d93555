//! Why can't a JSON text be taken as an order?

use std::error::Error;
use std::fmt;

/// Why a JSON form was refused. `Display` is Russian: what, why, what next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExchangeError {
    /// The form is of a version this program does not know.
    Version {
        /// The version found; empty where there is none.
        found: String,
    },
    /// The text is no JSON, or its shape is another one.
    NotJson {
        /// What the JSON reader says, with line and column.
        detail: String,
    },
    /// A value has the right shape and no meaning.
    Value {
        /// Path of the field: `plans[0].sections[1].activities[3].schedule`.
        field: String,
        /// The value, shortened.
        value: String,
        /// What is expected, in Russian.
        expected: &'static str,
    },
}

/// Longest piece of a foreign value that is repeated in a message, in characters.
const SHOWN_CHARACTERS: usize = 60;

impl ExchangeError {
    /// A value that has no meaning in its field.
    pub(crate) fn value(field: &str, value: &str, expected: &'static str) -> Self {
        Self::Value {
            field: field.to_owned(),
            value: value.chars().take(SHOWN_CHARACTERS).collect(),
            expected,
        }
    }

    /// What the JSON reader or writer says.
    pub(crate) fn not_json(error: &serde_json::Error) -> Self {
        Self::NotJson { detail: error.to_string() }
    }

    /// The same error seen from the object that holds the field.
    pub(crate) fn within(self, outer: &str) -> Self {
        match self {
            Self::Value { field, value, expected } => {
                let joint = if field.is_empty() || field.starts_with('[') { "" } else { "." };
                Self::Value { field: format!("{outer}{joint}{field}"), value, expected }
            }
            other => other,
        }
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { found } if found.is_empty() => write!(
                f,
                "В файле нет поля «schema» с версией формата. Без неё нельзя понять, как читать данные. \
                 Выгрузите план из «Опоры» заново в формате JSON."
            ),
            Self::Version { found } => write!(
                f,
                "Версия формата «{found}» этой программе неизвестна, она читает «{}». Данные могли быть записаны \
                 более новой «Опорой». Обновите программу или выгрузите план заново.",
                super::ORDER_SCHEMA
            ),
            Self::NotJson { detail } => write!(
                f,
                "Текст не читается как план в формате JSON ({detail}). Часть данных отсутствует или записана иначе. \
                 Проверьте файл по схеме order.schema.json или выгрузите план заново."
            ),
            Self::Value { field, value, expected } => write!(
                f,
                "В поле «{field}» стоит «{value}», а нужно: {expected}. Такое значение нельзя понять однозначно. \
                 Исправьте его и повторите загрузку."
            ),
        }
    }
}

impl Error for ExchangeError {}
