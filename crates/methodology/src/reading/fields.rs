//! How are the fields of a TOML table taken, with the place of each?

use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::PackError;
use crate::{Exact, NumberUse};

/// Parses a file; every error of the syntax is told, and nothing comes back when there is one.
pub(super) fn parse<'t>(
    text: &'t str,
    bytes_max: usize,
    errors: &mut Errors<'_>,
) -> Option<Spanned<DeTable<'t>>> {
    if text.len() > bytes_max {
        let what = "Файл больше мегабайта, пакеты такими не бывают.";
        errors.at(0..0, "файл", what, "Проверьте, тот ли это файл.");
        return None;
    }
    let (document, wrong) = DeTable::parse_recoverable(text);
    for error in &wrong {
        let what = format!("Запись TOML не читается (подробность: {}).", error.message());
        let mend = "Проверьте кавычки, скобки и знак «=» в этой строке и в строке перед ней.";
        errors.at(error.span().unwrap_or_default(), "файл", &what, mend);
    }
    wrong.is_empty().then_some(document)
}

/// A number may have this value in this use; otherwise how to mend it, in Russian.
pub(crate) fn value_fits(value: Exact, usage: NumberUse) -> Result<(), &'static str> {
    let (zero, one) = (Exact::from_integer(0), Exact::from_integer(1));
    let (fits, mend) = match usage {
        NumberUse::Share => (zero <= value && value <= one, "Доля бывает от 0 до 100 %."),
        NumberUse::Count => (value.is_integer() && value >= one, "Нужно целое число не меньше 1."),
        NumberUse::Years => {
            let few = value.is_integer() && one <= value && value <= Exact::from_integer(10);
            (few, "Нужно целое число лет от 1 до 10.")
        }
        NumberUse::Value => (value >= zero, "Нужно число не меньше нуля."),
        NumberUse::Weight => (value > zero, "Вес должен быть больше нуля."),
    };
    if fits { Ok(()) } else { Err(mend) }
}

/// Everything that is wrong with a file.
pub(super) struct Errors<'t> {
    file: String,
    text: &'t str,
    pub list: Vec<PackError>,
}

impl<'t> Errors<'t> {
    pub fn new(file: &str, text: &'t str) -> Self {
        Self { file: file.to_owned(), text, list: Vec::new() }
    }

    pub fn file(&self) -> &str {
        &self.file
    }

    pub fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.as_bytes().get(..span.start.min(self.text.len())).unwrap_or_default();
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    pub fn at(&mut self, span: Range<usize>, place: &str, what: &str, mend: &str) {
        self.list.push(PackError {
            file: self.file.clone(),
            line: Some(self.line(&span)),
            place: place.to_owned(),
            what: what.to_owned(),
            mend: mend.to_owned(),
        });
    }

    pub fn missing(&mut self, fields: &Fields<'_>, field: &str, mend: &str) {
        let what = format!("Нет поля «{field}».");
        self.at(fields.span.clone(), &fields.place, &what, mend);
    }

    /// Tells of something by its place in the pack: `criterion A`, `numbers low`.
    pub fn tell(&mut self, root: &Fields<'_>, place: &str, what: &str, mend: &str) {
        let span = root.find(place).unwrap_or_default();
        self.at(span, place, what, mend);
    }
}

/// A table with its place.
pub(super) struct Fields<'t> {
    table: &'t DeTable<'t>,
    pub span: Range<usize>,
    pub place: String,
}

impl<'t> Fields<'t> {
    pub fn root(table: &'t DeTable<'t>, span: Range<usize>) -> Self {
        Self { table, span: span.start..span.start, place: "пакет".to_owned() }
    }

    pub fn of(value: &'t Spanned<DeValue<'t>>, place: &str, errors: &mut Errors<'_>) -> Option<Self> {
        if let Some(table) = value.get_ref().as_table() {
            return Some(Self { table, span: value.span(), place: place.to_owned() });
        }
        let mend = "Опишите это таблицей: { имя = значение, … }.";
        errors.at(value.span(), place, "Здесь нужна таблица.", mend);
        None
    }

    pub fn value(&self, name: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    }

    pub fn keys(&self) -> impl Iterator<Item = &'t str> {
        self.table.keys().map(|key| key.get_ref().as_ref())
    }

    pub fn span_of(&self, name: &str) -> Range<usize> {
        self.value(name).map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// Tells of every field that is not known.
    pub fn known(&self, known: &[&str], errors: &mut Errors<'_>) {
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let what = format!("Поле «{}» неизвестно.", key.get_ref());
            let mend = format!("Допустимы: {}. Проверьте написание.", known.join(", "));
            errors.at(key.span(), &self.place, &what, &mend);
        }
    }

    fn wrong(&self, name: &str, mend: &str, errors: &mut Errors<'_>) {
        let what = format!("Значение поля «{name}» не подходит.");
        errors.at(self.span_of(name), &self.place, &what, mend);
    }

    /// A text that is not empty.
    pub fn text(&self, name: &str, errors: &mut Errors<'_>) -> Option<String> {
        if self.value(name).is_none() {
            errors.missing(self, name, "Напишите его текстом в кавычках.");
        }
        self.maybe_text(name, errors)
    }

    pub fn maybe_text(&self, name: &str, errors: &mut Errors<'_>) -> Option<String> {
        let value = self.value(name)?;
        let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(name, "Напишите текст в кавычках, не пустой.", errors);
        }
        text.map(str::to_owned)
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)], errors: &mut Errors<'_>) -> Option<T> {
        let value = self.value(name)?;
        let found = words.iter().find(|(word, _)| value.get_ref().as_str() == Some(word));
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(name, &format!("Допустимы: {}.", known.join(", ")), errors);
        }
        found.map(|(_, meaning)| *meaning)
    }

    pub fn flag(&self, name: &str, errors: &mut Errors<'_>) -> bool {
        let Some(value) = self.value(name) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(name, "Напишите true или false без кавычек.", errors);
            false
        })
    }

    pub fn date(&self, name: &str, errors: &mut Errors<'_>) -> Option<Date> {
        if self.value(name).is_none() {
            errors.missing(self, name, "Напишите дату без кавычек: 2025-12-01.");
        }
        self.maybe_date(name, errors)
    }

    pub fn maybe_date(&self, name: &str, errors: &mut Errors<'_>) -> Option<Date> {
        let value = self.value(name)?;
        let date = value.get_ref().as_datetime().and_then(|moment| {
            let date = moment.date.filter(|_| moment.time.is_none())?;
            let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
            Date::new(i16::try_from(date.year).ok()?, month, day).ok()
        });
        if date.is_none() {
            self.wrong(name, "Напишите дату без кавычек: 2025-12-01.", errors);
        }
        date
    }

    /// A whole number that is not negative.
    pub fn whole<T: TryFrom<u64>>(&self, name: &str, errors: &mut Errors<'_>) -> Option<T> {
        let value = self.value(name)?;
        let number = whole_of(value.get_ref());
        if number.is_none() {
            self.wrong(
                name,
                "Напишите целое число без кавычек, не меньше нуля и не слишком большое.",
                errors,
            );
        }
        number
    }

    pub fn list(&self, name: &str, errors: &mut Errors<'_>) -> &'t [Spanned<DeValue<'t>>] {
        let Some(value) = self.value(name) else { return &[] };
        match value.get_ref().as_array() {
            Some(array) => array,
            None => {
                self.wrong(name, "Напишите список в квадратных скобках.", errors);
                &[]
            }
        }
    }

    pub fn table(&self, name: &str, errors: &mut Errors<'_>) -> Option<Self> {
        let Some(value) = self.value(name) else {
            errors.missing(self, name, "Добавьте этот раздел.");
            return None;
        };
        Self::of(value, name, errors)
    }

    /// Tables under names: `[numbers.low]`.
    pub fn named_tables(&self, name: &str, errors: &mut Errors<'_>) -> Vec<(String, Self)> {
        let Some(value) = self.value(name) else { return Vec::new() };
        let Some(tables) = Self::of(value, name, errors) else { return Vec::new() };
        // In the order of the file, which is the order its author tells them in.
        let mut entries: Vec<_> = tables.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let each = entries.into_iter().filter_map(|(key, value)| {
            let id = key.get_ref().to_string();
            let fields = Self::of(value, &format!("{name} {id}"), errors)?;
            Some((id, fields))
        });
        each.collect()
    }

    /// Tables in a row: `[[criterion]]`, named by their `id`.
    pub fn tables(&self, name: &str, errors: &mut Errors<'_>) -> Vec<Self> {
        let mut tables = Vec::new();
        for (value, number) in self.list(name, errors).iter().zip(1..) {
            let id = value.get_ref().as_table().and_then(|table| {
                let id = table.iter().find(|(key, _)| key.get_ref() == "id")?.1;
                id.get_ref().as_str().map(str::to_owned)
            });
            let place = format!("{name} {}", id.unwrap_or_else(|| format!("№ {number}")));
            tables.extend(Self::of(value, &place, errors));
        }
        tables
    }

    /// Where a thing called `criterion A` or `numbers low` stands.
    fn find(&self, place: &str) -> Option<Range<usize>> {
        let (section, id) = place.split_once(' ').unwrap_or((place, ""));
        let section = self.value(section)?;
        if let Some(table) = section.get_ref().as_table() {
            let found = table.iter().find(|(key, _)| key.get_ref() == id);
            return Some(found.map_or_else(|| section.span(), |(key, _)| key.span()));
        }
        let mut tables = section.get_ref().as_array()?.iter();
        let named = |value: &&Spanned<DeValue<'_>>| {
            let table = value.get_ref().as_table();
            table.is_some_and(|table| {
                table.iter().any(|(key, value)| key.get_ref() == "id" && value.get_ref().as_str() == Some(id))
            })
        };
        tables.find(named).map(Spanned::span)
    }
}

/// A whole number that is not negative and fits.
pub(super) fn whole_of<T: TryFrom<u64>>(value: &DeValue<'_>) -> Option<T> {
    let number = value.as_integer()?;
    T::try_from(u64::from_str_radix(number.as_str(), number.radix()).ok()?).ok()
}
