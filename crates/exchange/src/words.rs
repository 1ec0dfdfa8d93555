//! Which word stands for which value on the wire?
//!
//! One table for each closed set, read in both directions and printed into the schema.

use opora_cycle::vocabulary::{ActKind, Column, MentionRole, PartyKind, SchoolKind};
use opora_neutral::{Format, Level};

use crate::ExchangeError;

/// Writes the table of a closed set, and the way from a value to its word as a `match`: a new value without a word
/// does not compile.
macro_rules! words {
    ($type:ident, $table:ident, $word:ident: $($value:ident => $text:literal,)*) => {
        pub(crate) const $table: &[($type, &str)] = &[$(($type::$value, $text)),*];

        pub(crate) fn $word(value: $type) -> &'static str {
            match value {
                $($type::$value => $text,)*
            }
        }
    };
}

words! { Format, FORMATS, word_of_format:
    Docx => "docx",
    Pdf => "pdf",
    ScannedPdf => "scanned_pdf",
    Picture => "picture",
    Spreadsheet => "spreadsheet",
    Odt => "odt",
    Doc => "doc",
    Rtf => "rtf",
    Text => "text",
    Markdown => "markdown",
    Html => "html",
    Unknown => "unknown",
}

words! { Level, LEVELS, word_of_level:
    Error => "error",
    Warning => "warning",
    Note => "note",
}

words! { Column, COLUMNS, word_of_column:
    Number => "number",
    Title => "title",
    Responsible => "responsible",
    Schedule => "schedule",
    Outcome => "outcome",
    TargetGroup => "target_group",
    Other => "other",
}

words! { PartyKind, PARTY_KINDS, word_of_party_kind:
    Person => "person",
    Body => "body",
    Role => "role",
    Schools => "schools",
}

words! { SchoolKind, SCHOOL_KINDS, word_of_school_kind:
    Primary => "primary",
    Basic => "basic",
    Secondary => "secondary",
    Gymnasium => "gymnasium",
    Lyceum => "lyceum",
    Unspecified => "unspecified",
}

words! { MentionRole, MENTION_ROLES, word_of_mention_role:
    Supported => "supported",
    Curator => "curator",
    Unclear => "unclear",
}

/// The value of a word.
pub(crate) fn value<T: Copy>(
    table: &[(T, &'static str)],
    field: &str,
    text: &str,
) -> Result<T, ExchangeError> {
    table.iter().find(|(_, word)| *word == text).map(|(value, _)| *value).ok_or_else(|| {
        ExchangeError::value(field, text, "одно из слов, перечисленных в схеме для этого поля")
    })
}

/// The word of a file format, as in `source.format`.
pub fn format_word(format: Format) -> &'static str {
    word_of_format(format)
}

/// The file format of a word; a word this program does not know is an unknown format.
pub fn format_of_word(text: &str) -> Format {
    value(FORMATS, "source.format", text).unwrap_or(Format::Unknown)
}

/// The kind of an act by its Russian noun.
pub(crate) fn act_kind(field: &str, text: &str) -> Result<ActKind, ExchangeError> {
    ActKind::ALL.into_iter().find(|kind| kind.russian() == text).ok_or_else(|| {
        ExchangeError::value(field, text, "вид акта: приказ, постановление, распоряжение и подобные")
    })
}

/// The words of a table, for the schema.
pub(crate) fn all<T>(table: &[(T, &'static str)]) -> Vec<&'static str> {
    table.iter().map(|(_, word)| *word).collect()
}

/// The words of a table and `null`, for the schema.
pub(crate) fn all_or_null<T>(table: &[(T, &'static str)]) -> Vec<Option<&'static str>> {
    table.iter().map(|(_, word)| Some(*word)).chain([None]).collect()
}

/// Nouns of the kinds of act, for the schema.
pub(crate) fn act_kinds() -> Vec<&'static str> {
    ActKind::ALL.into_iter().map(ActKind::russian).collect()
}

/// Nouns of the kinds of act and `null`, for the schema.
pub(crate) fn act_kinds_or_null() -> Vec<Option<&'static str>> {
    ActKind::ALL.into_iter().map(|kind| Some(kind.russian())).chain([None]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_stands_twice() {
        fn check<T>(table: &[(T, &'static str)]) {
            let mut words = all(table);
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), table.len());
        }
        check(FORMATS);
        check(LEVELS);
        check(COLUMNS);
        check(PARTY_KINDS);
        check(SCHOOL_KINDS);
        check(MENTION_ROLES);
    }
}
