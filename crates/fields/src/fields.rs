//! How are the fields of a table taken, with the place of each?

use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::{Errors, Status};

type Value<'t> = Spanned<DeValue<'t>>;

/// A table with its place.
#[derive(Clone, Debug)]
pub struct Fields<'t> {
    table: &'t DeTable<'t>,
    /// Where it stands in the text.
    pub span: Range<usize>,
    /// How messages call it: «вопрос staff_total».
    pub place: String,
}

impl<'t> Fields<'t> {
    /// The whole file, called so in messages.
    #[must_use]
    pub fn root(document: &'t Spanned<DeTable<'t>>, place: &str) -> Self {
        Self { table: document.get_ref(), span: 0..0, place: place.to_owned() }
    }

    /// A value that has to be a table.
    pub fn of(value: &'t Value<'t>, place: &str, errors: &mut Errors) -> Option<Self> {
        if let Some(table) = value.get_ref().as_table() {
            return Some(Self { table, span: value.span(), place: place.to_owned() });
        }
        let mend = "Опишите это таблицей: { имя = значение, … }.";
        errors.at(value.span(), place, "Здесь нужна таблица.", mend);
        None
    }

    /// The value of a field.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'t Value<'t>> {
        self.table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    }

    /// The field is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// All fields in the order of the file, which is the order its author tells them in.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'t str, &'t Value<'t>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries.into_iter().map(|(key, value)| (key.get_ref().as_ref(), value)).collect()
    }

    /// Where the value of a field stands; the table itself when there is none.
    #[must_use]
    pub fn span_of(&self, name: &str) -> Range<usize> {
        self.value(name).map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// Tells of every field that is not known.
    pub fn known(&self, known: &[&str], errors: &mut Errors) {
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let what = format!("Поле «{}» неизвестно.", key.get_ref());
            let mend = format!("Допустимы: {}. Проверьте написание.", known.join(", "));
            errors.at(key.span(), &self.place, &what, &mend);
        }
    }

    /// Tells what is wrong with a field.
    pub fn tell(&self, name: &str, what: &str, mend: &str, errors: &mut Errors) {
        errors.at(self.span_of(name), &self.place, what, mend);
    }

    /// Tells that the value of a field does not fit.
    pub fn wrong(&self, name: &str, mend: &str, errors: &mut Errors) {
        self.tell(name, &format!("Значение поля «{name}» не подходит."), mend, errors);
    }

    /// The value of a field that has to be there.
    fn needed(&self, name: &str, mend: &str, errors: &mut Errors) -> Option<&'t Value<'t>> {
        let value = self.value(name);
        if value.is_none() {
            errors.missing(self, name, mend);
        }
        value
    }

    /// A value made into something else, unless it does not fit.
    fn read<T>(
        &self,
        name: &str,
        mend: &str,
        errors: &mut Errors,
        read: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        let found = read(self.value(name)?.get_ref());
        if found.is_none() {
            self.wrong(name, mend, errors);
        }
        found
    }

    /// A text that has to be there and is not empty.
    pub fn text(&self, name: &str, errors: &mut Errors) -> Option<String> {
        self.needed(name, "Напишите его текстом в кавычках.", errors)?;
        self.maybe_text(name, errors)
    }

    /// A text that is not empty and may be missing.
    pub fn maybe_text(&self, name: &str, errors: &mut Errors) -> Option<String> {
        self.read(name, "Напишите текст в кавычках, не пустой.", errors, text_of).map(str::to_owned)
    }

    /// A stable name that has to be there: small Latin letters, digits, «-» and «_».
    pub fn id(&self, name: &str, errors: &mut Errors) -> Option<String> {
        let id = self.text(name, errors)?;
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if !id.bytes().all(fits) {
            let mend = "Годятся строчные латинские буквы, цифры, дефис и «_»: visits-drafting.";
            self.wrong(name, mend, errors);
        }
        Some(id)
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)], errors: &mut Errors) -> Option<T> {
        self.read(name, &permitted(words), errors, |value| {
            let found = words.iter().find(|(word, _)| value.as_str() == Some(word));
            found.map(|(_, meaning)| *meaning)
        })
    }

    /// One of a few words that has to be there.
    pub fn need_word<T: Copy>(&self, name: &str, words: &[(&str, T)], errors: &mut Errors) -> Option<T> {
        self.needed(name, &permitted(words), errors)?;
        self.word(name, words, errors)
    }

    /// How far the table was compared with its source; it has to be said.
    pub fn status(&self, errors: &mut Errors) -> Status {
        self.need_word("status", &Status::WORDS, errors).unwrap_or(Status::Unverified)
    }

    /// Yes or no; no when nothing is said.
    pub fn flag(&self, name: &str, errors: &mut Errors) -> bool {
        self.maybe_flag(name, errors).unwrap_or(false)
    }

    /// Yes or no, where something is said.
    pub fn maybe_flag(&self, name: &str, errors: &mut Errors) -> Option<bool> {
        self.read(name, "Напишите true или false без кавычек.", errors, DeValue::as_bool)
    }

    /// A day that has to be there.
    pub fn date(&self, name: &str, errors: &mut Errors) -> Option<Date> {
        self.needed(name, DATE, errors)?;
        self.maybe_date(name, errors)
    }

    /// A day that may be missing.
    pub fn maybe_date(&self, name: &str, errors: &mut Errors) -> Option<Date> {
        self.read(name, DATE, errors, day_of)
    }

    /// A whole number that fits its type.
    pub fn whole<T: TryFrom<i64>>(&self, name: &str, errors: &mut Errors) -> Option<T> {
        let mend = if T::try_from(-1).is_ok() {
            "Напишите целое число без кавычек, не слишком большое."
        } else {
            "Напишите целое число без кавычек, не меньше нуля и не слишком большое."
        };
        self.read(name, mend, errors, whole_of)
    }

    /// A list; empty when there is none.
    pub fn list(&self, name: &str, errors: &mut Errors) -> &'t [Value<'t>] {
        let list = self.read(name, "Напишите список в квадратных скобках.", errors, DeValue::as_array);
        list.map_or(&[], |list| list)
    }

    /// A list of texts that are not empty.
    pub fn texts(&self, name: &str, errors: &mut Errors) -> Vec<String> {
        let list = self.list(name, errors);
        let texts: Vec<String> =
            list.iter().filter_map(|value| text_of(value.get_ref())).map(str::to_owned).collect();
        if texts.len() != list.len() {
            self.wrong(name, "Напишите в списке тексты в кавычках, не пустые.", errors);
        }
        texts
    }

    /// A table that has to be there, called by its name.
    pub fn table(&self, name: &str, errors: &mut Errors) -> Option<Self> {
        Self::of(self.needed(name, "Добавьте этот раздел.", errors)?, name, errors)
    }

    /// Tables under names, in the order of the file: `[numbers.low]` is called «numbers low».
    pub fn named_tables(&self, name: &str, errors: &mut Errors) -> Vec<(String, Self)> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let Some(tables) = Self::of(value, name, errors) else { return Vec::new() };
        let each = tables.entries().into_iter().filter_map(|(id, value)| {
            Some((id.to_owned(), Self::of(value, &format!("{name} {id}"), errors)?))
        });
        each.collect()
    }

    /// Tables in a row: `[[question]]`, each called by its `id`, or by its number where it has none: «вопрос staff_total»,
    /// «вопрос № 2».
    pub fn tables(&self, name: &str, called: &str, errors: &mut Errors) -> Vec<Self> {
        let mut tables = Vec::new();
        for (value, number) in self.list(name, errors).iter().zip(1..) {
            let Some(mut fields) = Self::of(value, &format!("{called} № {number}"), errors) else {
                continue;
            };
            if let Some(id) = fields.value("id").and_then(|id| text_of(id.get_ref())) {
                fields.place = format!("{called} {id}");
            }
            tables.push(fields);
        }
        tables
    }
}

const DATE: &str = "Напишите дату без кавычек: 2025-12-01.";

fn permitted<T>(words: &[(&str, T)]) -> String {
    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    format!("Допустимы: {}.", words.join(", "))
}

/// A text that is not empty, without spaces around it.
fn text_of<'t>(value: &'t DeValue<'t>) -> Option<&'t str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// A day without a time.
#[must_use]
pub fn day_of(value: &DeValue<'_>) -> Option<Date> {
    let moment = value.as_datetime()?;
    let date = moment.date.filter(|_| moment.time.is_none())?;
    let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
    Date::new(i16::try_from(date.year).ok()?, month, day).ok()
}

/// A whole number that fits its type.
pub fn whole_of<T: TryFrom<i64>>(value: &DeValue<'_>) -> Option<T> {
    let number = value.as_integer()?;
    T::try_from(i64::from_str_radix(number.as_str(), number.radix()).ok()?).ok()
}
