//! What does a file of this room hold, and what is wrong with it?

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a file: where and how to mend it, in Russian.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileError {
    /// Line, counted from one.
    pub line: usize,
    /// The table: «обязательство 2».
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "строка {}, {}: {}", self.line, self.place, self.message)
    }
}

/// Whether somebody has compared a number with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Read in the source.
    Verified,
    /// Common knowledge of the field, or our own choice.
    Unverified,
}

impl Status {
    /// As shown.
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::Verified => "сверено с источником",
            Self::Unverified => "не сверено",
        }
    }
}

/// Larger files are refused unread.
const FILE_BYTES_MAX: usize = 1_000_000;

/// Everything that is wrong with a file.
pub(crate) struct Errors<'t> {
    text: &'t str,
    pub list: Vec<FileError>,
}

impl<'t> Errors<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, list: Vec::new() }
    }

    pub fn at(&mut self, span: Range<usize>, place: &str, message: impl Into<String>) {
        let before = self.text.as_bytes().get(..span.start.min(self.text.len())).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        self.list.push(FileError { line, place: place.to_owned(), message: message.into() });
    }

    /// The value, or all errors in the order of the file.
    pub fn or<T>(mut self, value: T) -> Result<T, Vec<FileError>> {
        self.list.sort();
        self.list.dedup();
        if self.list.is_empty() { Ok(value) } else { Err(self.list) }
    }
}

/// Parses a file; nothing comes back when its syntax is wrong.
pub(crate) fn parse<'t>(text: &'t str, errors: &mut Errors<'_>) -> Option<Spanned<DeTable<'t>>> {
    if text.len() > FILE_BYTES_MAX {
        errors.at(0..0, "файл", "Файл больше мегабайта, такими они не бывают. Проверьте, тот ли это файл.");
        return None;
    }
    let (document, wrong) = DeTable::parse_recoverable(text);
    for error in &wrong {
        let message = format!(
            "Запись TOML не читается: {}. Проверьте кавычки, скобки и знак «=» в этой строке и в строке перед ней.",
            error.message()
        );
        errors.at(error.span().unwrap_or_default(), "файл", message);
    }
    wrong.is_empty().then_some(document)
}

/// A table with its place in the file.
pub(crate) struct Fields<'t> {
    table: &'t DeTable<'t>,
    span: Range<usize>,
    pub place: String,
}

impl<'t> Fields<'t> {
    pub fn root(document: &'t Spanned<DeTable<'t>>) -> Self {
        Self { table: document.get_ref(), span: 0..0, place: "файл".to_owned() }
    }

    fn value(&self, name: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    }

    pub fn wrong(&self, name: &str, message: impl Into<String>, errors: &mut Errors<'_>) {
        let span = self.value(name).map_or_else(|| self.span.clone(), Spanned::span);
        errors.at(span, &self.place, message);
    }

    /// Tells of every field that is not known.
    pub fn known(&self, known: &[&str], errors: &mut Errors<'_>) {
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let message = format!(
                "Поле «{}» неизвестно. Допустимы: {}. Проверьте написание.",
                key.get_ref(),
                known.join(", ")
            );
            errors.at(key.span(), &self.place, message);
        }
    }

    /// A text that is not empty and has to be there.
    pub fn text(&self, name: &str, errors: &mut Errors<'_>) -> String {
        if self.value(name).is_none() {
            self.wrong(name, format!("Нет поля «{name}». Напишите его текстом в кавычках."), errors);
        }
        self.maybe_text(name, errors).unwrap_or_default()
    }

    /// A text that is not empty and may be missing.
    pub fn maybe_text(&self, name: &str, errors: &mut Errors<'_>) -> Option<String> {
        let text = self.value(name)?.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(name, format!("В поле «{name}» нужен непустой текст в кавычках."), errors);
        }
        text.map(str::to_owned)
    }

    /// A stable word: Latin letters, digits and hyphens.
    pub fn id(&self, name: &str, errors: &mut Errors<'_>) -> String {
        let id = self.text(name, errors);
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !id.is_empty() && !id.bytes().all(fits) {
            let message =
                format!("В поле «{name}» нужны строчные латинские буквы, цифры и дефис: visits-drafting.");
            self.wrong(name, message, errors);
        }
        id
    }

    /// One of a few words that has to be there.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)], errors: &mut Errors<'_>) -> Option<T> {
        let value = self.value(name).and_then(|value| value.get_ref().as_str());
        let found = words.iter().find(|(word, _)| value == Some(word)).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(name, format!("В поле «{name}» допустимы: {}.", known.join(", ")), errors);
        }
        found
    }

    pub fn status(&self, errors: &mut Errors<'_>) -> Status {
        let words = [("verified", Status::Verified), ("unverified", Status::Unverified)];
        self.word("status", &words, errors).unwrap_or(Status::Unverified)
    }

    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    pub fn flag(&self, name: &str, errors: &mut Errors<'_>) -> bool {
        let Some(value) = self.value(name) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(name, format!("В поле «{name}» напишите true или false без кавычек."), errors);
            false
        })
    }

    pub fn date(&self, name: &str, errors: &mut Errors<'_>) -> Option<Date> {
        let date = self.value(name).and_then(|value| value.get_ref().as_datetime()).and_then(|moment| {
            let date = moment.date.filter(|_| moment.time.is_none())?;
            let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
            Date::new(i16::try_from(date.year).ok()?, month, day).ok()
        });
        if date.is_none() {
            self.wrong(name, format!("В поле «{name}» нужна дата без кавычек: 2026-11-22."), errors);
        }
        date
    }

    /// The tables of a list that may be missing, each called by its number: «обязательство 2».
    pub fn tables(&self, name: &str, called: &str, errors: &mut Errors<'_>) -> Vec<Fields<'t>> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(name, format!("Запишите «{name}» списком: [[{name}]]."), errors);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (value, number) in list.iter().zip(1..) {
            let place = format!("{called} {number}");
            match value.get_ref().as_table() {
                Some(table) => tables.push(Fields { table, span: value.span(), place }),
                None => errors.at(value.span(), &place, format!("Опишите это таблицей: [[{name}]].")),
            }
        }
        tables
    }
}

/// Tells of a word that names two things.
pub(crate) fn unique(seen: &mut Vec<String>, id: &str, fields: &Fields<'_>, errors: &mut Errors<'_>) {
    if seen.iter().any(|known| known == id) {
        fields.wrong("id", format!("Имя «{id}» уже занято выше. Назовите иначе."), errors);
    }
    seen.push(id.to_owned());
}
