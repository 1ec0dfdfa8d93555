//! What does a table of a pack hold, and what is wrong with it?

use std::fmt;

use opora_cells::toml_words;
use toml::{Table, Value};

/// What is wrong with a pack: where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackError {
    /// The table and the field: `marker.peaks: pupils_min`.
    pub place: String,
    /// What is wrong and what to do, in Russian.
    pub message: String,
}

impl fmt::Display for PackError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)
    }
}

/// Whether somebody has compared a number with its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Read in the source.
    Verified,
    /// Taken from common knowledge of the field, or chosen by us.
    Unverified,
    /// Found by trying it on simulated schools whose truth is known.
    Simulated,
}

impl Status {
    /// The status as shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "сверено с источником",
            Self::Unverified => "не сверено",
            Self::Simulated => "подобрано на смоделированных данных",
        }
    }
}

/// Where numbers of a pack come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Act, letter, page or reasoning.
    pub source: String,
    /// Whether it was verified.
    pub status: Status,
    /// The day the table was last looked through: `2026-11-22`.
    pub checked: String,
}

/// Reads one table field by field; what is wrong goes into one list with everything else that is wrong.
pub(crate) struct Fields<'a> {
    table: &'a Table,
    place: String,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The whole file as a table.
    pub(crate) fn parse(text: &str, errors: &mut Vec<PackError>) -> Option<Table> {
        text.parse()
            .map_err(|error: toml::de::Error| {
                let (place, message) = ("файл".to_owned(), toml_words(text, &error));
                errors.push(PackError { place, message });
            })
            .ok()
    }

    pub(crate) fn new(table: &'a Table, place: impl Into<String>) -> Self {
        Self { table, place: place.into(), asked: Vec::new() }
    }

    /// A table within this one.
    pub(crate) fn table(&mut self, name: &'static str, errors: &mut Vec<PackError>) -> Option<Fields<'a>> {
        let found = self.value(name).and_then(Value::as_table);
        if found.is_none() {
            self.wrong(name, "нужен раздел с полями", errors);
        }
        Some(Fields::new(found?, self.inner(name)))
    }

    /// The tables of a list, each with its number.
    pub(crate) fn tables(&mut self, name: &'static str, errors: &mut Vec<PackError>) -> Vec<Fields<'a>> {
        let list = self.value(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if list.is_empty() {
            self.wrong(name, "нужен хотя бы один раздел", errors);
        }
        let mut tables = Vec::new();
        for (value, number) in list.iter().zip(1..) {
            let place = format!("{} {number}", self.inner(name));
            match value.as_table() {
                Some(table) => tables.push(Fields::new(table, place)),
                None => errors.push(PackError {
                    place, message: "Опишите запись таблицей.".to_owned()
                }),
            }
        }
        tables
    }

    /// A number between two bounds.
    pub(crate) fn number(
        &mut self,
        name: &'static str,
        bounds: (f64, f64),
        errors: &mut Vec<PackError>,
    ) -> f64 {
        let value = self.value(name);
        let number =
            value.and_then(|value| value.as_float().or(value.as_integer().map(|whole| whole as f64)));
        match number.filter(|number| (bounds.0..=bounds.1).contains(number)) {
            Some(number) => number,
            None => {
                self.wrong(name, &format!("нужно число от {} до {}", bounds.0, bounds.1), errors);
                bounds.0
            }
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&mut self, name: &'static str, errors: &mut Vec<PackError>) -> u32 {
        let number = self.value(name).and_then(Value::as_integer).and_then(|n| u32::try_from(n).ok());
        if number.is_none() {
            self.wrong(name, "нужно целое неотрицательное число", errors);
        }
        number.unwrap_or_default()
    }

    /// A text that is not empty.
    pub(crate) fn text(&mut self, name: &'static str, errors: &mut Vec<PackError>) -> String {
        let text = self.value(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(name, "нужен непустой текст", errors);
        }
        text.unwrap_or_default().to_owned()
    }

    /// Texts of a list that is not empty.
    pub(crate) fn texts(&mut self, name: &'static str, errors: &mut Vec<PackError>) -> Vec<&'a str> {
        let list = self.value(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        if texts.is_empty() || texts.len() != list.len() {
            self.wrong(name, "нужен непустой список слов", errors);
        }
        texts
    }

    /// Small whole numbers of a list that is not empty.
    pub(crate) fn grades(&mut self, name: &'static str, errors: &mut Vec<PackError>) -> Vec<u8> {
        let list = self.value(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let grade = |value: &Value| {
            value.as_integer().and_then(|n| u8::try_from(n).ok()).filter(|g| (1..=11).contains(g))
        };
        let grades: Vec<u8> = list.iter().filter_map(grade).collect();
        if grades.is_empty() || grades.len() != list.len() {
            self.wrong(name, "нужен список классов от 1 до 11", errors);
        }
        grades
    }

    /// Source, status and date of a table: no number without them.
    pub(crate) fn provenance(&mut self, errors: &mut Vec<PackError>) -> Provenance {
        let source = self.text("source", errors);
        let status = match self.text("status", errors).as_str() {
            "verified" => Status::Verified,
            "unverified" | "" => Status::Unverified,
            "simulated" => Status::Simulated,
            _ => {
                self.wrong("status", "допустимы verified, unverified, simulated", errors);
                Status::Unverified
            }
        };
        let checked = self.text("checked", errors);
        let digits = |range: std::ops::Range<usize>| {
            checked.get(range).is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()))
        };
        if checked.len() != 10 || !(digits(0..4) && digits(5..7) && digits(8..10)) {
            self.wrong("checked", "нужна дата вида 2026-11-22", errors);
        }
        Provenance { source, status, checked }
    }

    /// Tells of the fields that nobody asked for.
    pub(crate) fn finish(self, errors: &mut Vec<PackError>) {
        for field in self.table.keys().filter(|field| !self.asked.contains(&field.as_str())) {
            let place = self.inner(field);
            let message = format!("Поле неизвестно. Допустимы: {}.", self.asked.join(", "));
            errors.push(PackError { place, message });
        }
    }

    /// Tells what is wrong with a field.
    pub(crate) fn wrong(&self, name: &str, what: &str, errors: &mut Vec<PackError>) {
        let message = format!("Значение не подходит: {what}.");
        errors.push(PackError { place: self.inner(name), message });
    }

    fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.push(name);
        self.table.get(name)
    }

    fn inner(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}: {name}", self.place) }
    }
}
