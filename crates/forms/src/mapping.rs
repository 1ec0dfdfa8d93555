//! How does a specialist describe a table nobody knows?
//!
//! A mapping is a short TOML text: which column tells what, what is the same in all rows, and which words stand for
//! known ones. It can be written by hand, kept beside the files, and suggested from the heads.
//!
//! ```toml
//! [columns]
//! "Школа" = "login"
//! "Предм" = "subject"
//! "Балл" = "score"
//!
//! [constants]
//! kind = "ege"
//! grade = 11
//! year = 2024
//!
//! [words.subject]
//! "РУ" = "ru"
//!
//! [options]
//! numbers = "percents"
//! ```

use std::collections::BTreeMap;

use opora_cells::{Dictionary, DictionaryError, KindCode, LevelCode, SubjectCode, toml_words};
use toml::{Table, Value};

use crate::field::Field;
use crate::findings::shown;
use crate::title::YEARS;
use crate::words::plain;

/// What stands in which column, and what the columns do not tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// Head of a column and what it tells, in the order of the heads.
    pub columns: BTreeMap<String, Field>,
    /// What is the same in all rows.
    pub constants: Constants,
    /// Words of the file for kinds, by plain spelling.
    pub kinds: BTreeMap<String, KindCode>,
    /// Words of the file for subjects, with a level where the word tells one.
    pub subjects: BTreeMap<String, (SubjectCode, Option<LevelCode>)>,
    /// Words of the file for levels.
    pub levels: BTreeMap<String, LevelCode>,
    /// Counts of marks are per cents, numbers, or whatever they add up to.
    pub numbers: Numbers,
    /// A school year written as two counts as the first of them, not the second.
    pub school_year_starts: bool,
    /// The grade of an autumn procedure is written as the grade of the programme.
    pub grade_is_programme: bool,
    plain: BTreeMap<String, Field>,
}

/// What is the same in all rows of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constants {
    /// Kind of procedure.
    pub kind: Option<KindCode>,
    /// Subject.
    pub subject: Option<SubjectCode>,
    /// Level.
    pub level: Option<LevelCode>,
    /// Grade.
    pub grade: Option<u8>,
    /// Calendar year.
    pub year: Option<u16>,
}

/// How counts of marks are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// Told by what they add up to.
    #[default]
    Either,
    /// Per cents.
    Percents,
    /// Counts.
    Counts,
}

impl Mapping {
    /// A mapping of columns and constants.
    pub fn new(columns: BTreeMap<String, Field>, constants: Constants) -> Self {
        let mut mapping = Self { columns, constants, ..Self::default() };
        mapping.index();
        mapping
    }

    fn index(&mut self) {
        self.plain = self.columns.iter().map(|(head, field)| (plain(head), field.clone())).collect();
    }

    /// What a column with this head tells.
    pub fn column(&self, head: &str) -> Option<&Field> {
        self.columns.get(head).or_else(|| self.plain.get(&plain(head)))
    }

    /// Reads a mapping. All errors are returned together.
    pub fn read(text: &str, dictionary: &Dictionary) -> Result<Self, Vec<DictionaryError>> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            vec![DictionaryError { place: "файл".to_owned(), message: toml_words(text, &error) }]
        })?;
        let mut draft = Draft { mapping: Self::default(), errors: Vec::new(), dictionary };
        for (section, value) in &table {
            match (section.as_str(), value.as_table()) {
                ("columns", Some(columns)) => draft.columns(columns),
                ("constants", Some(constants)) => draft.constants(constants),
                ("words", Some(words)) => draft.words(words),
                ("options", Some(options)) => draft.options(options),
                _ => draft.error(
                    section,
                    "Такого раздела нет. Допустимы: columns, constants, words, options.".to_owned(),
                ),
            }
        }
        if draft.mapping.columns.is_empty() {
            draft.error("columns", "Укажите хотя бы один столбец: \"Логин\" = \"login\".".to_owned());
        }
        draft.mapping.index();
        if draft.errors.is_empty() { Ok(draft.mapping) } else { Err(draft.errors) }
    }

    /// The mapping as a text that reads back the same.
    pub fn to_toml(&self, dictionary: &Dictionary) -> String {
        let mut table = Table::new();
        let text = |word: &str| Value::String(word.to_owned());
        let columns = self.columns.iter();
        let columns: Table =
            columns.map(|(head, field)| (head.clone(), Value::String(field.word(dictionary)))).collect();
        table.insert("columns".to_owned(), Value::Table(columns));
        let kind = |code| dictionary.kinds.get(&code).map(|entry| text(&entry.id));
        let subject = |code| dictionary.subjects.get(&code).map(|entry| text(&entry.id));
        let level = |code| dictionary.levels.get(&code).map(|entry| text(&entry.id));
        let same = &self.constants;
        let constants = [
            ("kind", same.kind.and_then(kind)),
            ("subject", same.subject.and_then(subject)),
            ("level", same.level.and_then(level)),
            ("grade", same.grade.map(|grade| Value::Integer(grade.into()))),
            ("year", same.year.map(|year| Value::Integer(year.into()))),
        ];
        insert(&mut table, "constants", constants.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?))));
        let full = |(code, its): (SubjectCode, Option<LevelCode>)| {
            let words = [dictionary.subjects.get(&code), its.and_then(|its| dictionary.levels.get(&its))];
            let ids: Vec<&str> = words.into_iter().flatten().map(|entry| entry.id.as_str()).collect();
            text(&ids.join(" "))
        };
        let mut words = Table::new();
        insert(&mut words, "kind", self.kinds.iter().filter_map(|(w, c)| Some((w.clone(), kind(*c)?))));
        insert(&mut words, "subject", self.subjects.iter().map(|(w, c)| (w.clone(), full(*c))));
        insert(&mut words, "level", self.levels.iter().filter_map(|(w, c)| Some((w.clone(), level(*c)?))));
        insert(&mut table, "words", words.into_iter());
        let numbers = match self.numbers {
            Numbers::Either => None,
            Numbers::Percents => Some(text("percents")),
            Numbers::Counts => Some(text("counts")),
        };
        let options = [
            ("numbers", numbers),
            ("school_year", self.school_year_starts.then(|| text("start"))),
            ("grade", self.grade_is_programme.then(|| text("programme"))),
        ];
        insert(&mut table, "options", options.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?))));
        table.to_string()
    }
}

fn insert(table: &mut Table, name: &str, entries: impl Iterator<Item = (String, Value)>) {
    let entries: Table = entries.collect();
    if !entries.is_empty() {
        table.insert(name.to_owned(), Value::Table(entries));
    }
}

struct Draft<'a> {
    mapping: Mapping,
    errors: Vec<DictionaryError>,
    dictionary: &'a Dictionary,
}

impl Draft<'_> {
    fn error(&mut self, place: &str, message: String) {
        self.errors.push(DictionaryError { place: place.to_owned(), message });
    }

    fn columns(&mut self, columns: &Table) {
        for (head, value) in columns {
            let place = format!("columns «{head}»");
            match value.as_str().and_then(|word| Field::from_word(word.trim(), Some(self.dictionary))) {
                Some(field) => {
                    let many =
                        matches!(field, Field::Task(_) | Field::Part(_) | Field::Personal | Field::Ignore);
                    if !many && self.mapping.columns.values().any(|other| *other == field) {
                        self.error(
                            &place,
                            "Другой столбец уже значит то же самое. Оставьте один.".to_owned(),
                        );
                    }
                    self.mapping.columns.insert(head.clone(), field);
                }
                None => {
                    let known: Vec<&str> = Field::words().collect();
                    self.error(
                        &place,
                        format!(
                            "Значение столбца «{}» неизвестно. Допустимы: {}, а также «task 3», «part гк», \
                             «indicator pupils».",
                            value.as_str().map_or_else(|| value.to_string(), shown),
                            known.join(", ")
                        ),
                    );
                }
            }
        }
    }

    fn constants(&mut self, constants: &Table) {
        for (name, value) in constants {
            let word = value.as_str().unwrap_or_default();
            let number = value.as_integer();
            let same = &mut self.mapping.constants;
            let known = match name.as_str() {
                "kind" => {
                    same.kind = self.dictionary.kind(word);
                    same.kind.is_some()
                }
                "subject" => {
                    same.subject = self.dictionary.subject(word);
                    same.subject.is_some()
                }
                "level" => {
                    same.level = self.dictionary.level(word);
                    same.level.is_some()
                }
                "grade" => {
                    same.grade = number.and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=11).contains(n));
                    same.grade.is_some()
                }
                "year" => {
                    same.year = number.and_then(|n| u16::try_from(n).ok()).filter(|n| YEARS.contains(n));
                    same.year.is_some()
                }
                _ => false,
            };
            if !known {
                let message = "Значение не подходит. Допустимы kind, subject и level – слова справочника, grade – \
                               класс 1–11, year – год числом.";
                self.error(&format!("constants {name}"), message.to_owned());
            }
        }
    }

    fn words(&mut self, words: &Table) {
        for (section, pairs) in words {
            for (word, value) in pairs.as_table().into_iter().flatten() {
                let target = value.as_str().unwrap_or_default();
                let key = plain(word);
                let known = match section.as_str() {
                    "kind" => self
                        .dictionary
                        .kind(target)
                        .map(|code| self.mapping.kinds.insert(key, code))
                        .is_some(),
                    "level" => self
                        .dictionary
                        .level(target)
                        .map(|code| self.mapping.levels.insert(key, code))
                        .is_some(),
                    "subject" => {
                        let (subject, level) = target.split_once(' ').unwrap_or((target, ""));
                        let level_code = self.dictionary.level(level);
                        let subject = self
                            .dictionary
                            .subject(target)
                            .map(|code| (code, None))
                            .or_else(|| Some((self.dictionary.subject(subject)?, Some(level_code?))));
                        subject.map(|code| self.mapping.subjects.insert(key, code)).is_some()
                    }
                    _ => false,
                };
                if !known {
                    let message = "Слово не найдено в справочнике. Пишите так: [words.subject] \"МАП\" = \"math profile\".";
                    self.error(&format!("words {section} «{word}»"), message.to_owned());
                }
            }
        }
    }

    fn options(&mut self, options: &Table) {
        for (name, value) in options {
            match (name.as_str(), value.as_str().unwrap_or_default()) {
                ("numbers", "percents") => self.mapping.numbers = Numbers::Percents,
                ("numbers", "counts") => self.mapping.numbers = Numbers::Counts,
                ("school_year", "start") => self.mapping.school_year_starts = true,
                ("school_year", "end") => self.mapping.school_year_starts = false,
                ("grade", "programme") => self.mapping.grade_is_programme = true,
                ("grade", "written") => self.mapping.grade_is_programme = false,
                _ => {
                    let message = "Допустимы numbers = \"percents\" или \"counts\", school_year = \"start\" или \
                                   \"end\", grade = \"programme\" или \"written\".";
                    self.error(&format!("options {name}"), message.to_owned());
                }
            }
        }
    }
}
