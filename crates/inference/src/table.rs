//! What does a table of a pack hold?

use opora_fields::{DeValue, Errors, Fields};

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
    const WORDS: [(&'static str, Self); 3] =
        [("verified", Self::Verified), ("unverified", Self::Unverified), ("simulated", Self::Simulated)];

    /// The status as shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => opora_fields::Status::Verified.russian(),
            Self::Unverified => opora_fields::Status::Unverified.russian(),
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

/// A table whose fields all have to be there. It remembers what it was asked for: anything else is unknown.
pub(crate) struct Table<'t> {
    fields: Fields<'t>,
    asked: Vec<&'static str>,
}

impl<'t> Table<'t> {
    pub(crate) fn new(fields: Fields<'t>) -> Self {
        Self { fields, asked: Vec::new() }
    }

    /// A table within this one.
    pub(crate) fn table(&mut self, name: &'static str, errors: &mut Errors) -> Option<Self> {
        self.asked.push(name);
        let mut fields = self.fields.table(name, errors)?;
        if self.fields.place != ROOT {
            fields.place = format!("{} {name}", self.fields.place);
        }
        Some(Self::new(fields))
    }

    /// The tables of a list that is not empty.
    pub(crate) fn tables(&mut self, name: &'static str, errors: &mut Errors) -> Vec<Self> {
        self.asked.push(name);
        let tables = self.fields.tables(name, name, errors);
        if tables.is_empty() {
            self.refuse(name, &format!("Добавьте хотя бы один раздел [[{name}]]."), errors);
        }
        tables.into_iter().map(Self::new).collect()
    }

    /// A number between two bounds; the lower one where it was told to be wrong.
    pub(crate) fn number(&mut self, name: &'static str, bounds: (f64, f64), errors: &mut Errors) -> f64 {
        self.asked.push(name);
        let number = self.fields.value(name).and_then(|value| number_of(value.get_ref()));
        let fits = number.filter(|number| (bounds.0..=bounds.1).contains(number));
        if fits.is_none() {
            let mend = format!("Напишите число от {} до {} без кавычек.", bounds.0, bounds.1);
            self.refuse(name, &mend, errors);
        }
        fits.unwrap_or(bounds.0)
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&mut self, name: &'static str, errors: &mut Errors) -> u32 {
        self.asked.push(name);
        if !self.fields.has(name) {
            errors.missing(&self.fields, name, "Напишите целое число без кавычек, не меньше нуля.");
        }
        self.fields.whole(name, errors).unwrap_or_default()
    }

    /// A text that is not empty.
    pub(crate) fn text(&mut self, name: &'static str, errors: &mut Errors) -> String {
        self.asked.push(name);
        self.fields.text(name, errors).unwrap_or_default()
    }

    /// Texts of a list that is not empty.
    pub(crate) fn texts(&mut self, name: &'static str, errors: &mut Errors) -> Vec<String> {
        self.asked.push(name);
        let told = errors.told();
        let texts = self.fields.texts(name, errors);
        if texts.is_empty() && errors.told() == told {
            self.refuse(name, "Напишите слова списком: [\"…\", \"…\"].", errors);
        }
        texts
    }

    /// Two grades in a row.
    pub(crate) fn grades(&mut self, name: &'static str, errors: &mut Errors) -> [u8; 2] {
        self.asked.push(name);
        let list = self.fields.list(name, errors);
        let grades: Vec<Option<u8>> =
            list.iter().map(|value| opora_fields::whole_of(value.get_ref())).collect();
        match grades[..] {
            [Some(first @ 1..=10), Some(second)] if second == first + 1 => [first, second],
            _ => {
                self.refuse(name, "Напишите два класса подряд, от 1 до 11: [4, 5].", errors);
                [1, 2]
            }
        }
    }

    /// Source, status and date of a table: no number without them.
    pub(crate) fn provenance(&mut self, errors: &mut Errors) -> Provenance {
        let source = self.text("source", errors);
        self.asked.push("status");
        let status = self.fields.need_word("status", &Status::WORDS, errors).unwrap_or(Status::Unverified);
        let checked = self.text("checked", errors);
        if !checked.is_empty() && !is_day(&checked) {
            self.refuse("checked", "Напишите дату в кавычках: \"2026-11-22\".", errors);
        }
        Provenance { source, status, checked }
    }

    /// Tells of the fields that nobody asked for.
    pub(crate) fn finish(self, errors: &mut Errors) {
        self.fields.known(&self.asked, errors);
    }

    /// Tells that a field is missing or does not fit.
    pub(crate) fn refuse(&self, name: &str, mend: &str, errors: &mut Errors) {
        if self.fields.has(name) {
            self.fields.wrong(name, mend, errors);
        } else {
            errors.missing(&self.fields, name, mend);
        }
    }
}

/// How messages call a whole file.
pub(crate) const ROOT: &str = "файл";

fn number_of(value: &DeValue<'_>) -> Option<f64> {
    let whole = || opora_fields::whole_of::<i32>(value).map(f64::from);
    value.as_float().and_then(|number| number.as_str().parse().ok()).or_else(whole)
}

fn is_day(text: &str) -> bool {
    let digits = |part: Option<&str>| part.is_some_and(|part| part.bytes().all(|b| b.is_ascii_digit()));
    text.len() == 10 && digits(text.get(0..4)) && digits(text.get(5..7)) && digits(text.get(8..10))
}
