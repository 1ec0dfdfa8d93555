//! How are the fields of a TOML table taken, with the place of each?

use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::DataError;

/// Larger files are refused unread.
const FILE_BYTES_MAX: usize = 1_000_000;

/// More errors than this are not told: nobody mends by such a list.
const ERRORS_MAX: usize = 200;

/// Parses a file; every error of the syntax is told, and nothing comes back when there is one.
pub(crate) fn parse<'t>(text: &'t str, errors: &mut Errors) -> Option<Spanned<DeTable<'t>>> {
    if text.len() > FILE_BYTES_MAX {
        let what = "Файл больше мегабайта, такие файлы данных не бывают.";
        errors.at(0..0, "файл", what, "Проверьте, тот ли это файл.");
        return None;
    }
    let (document, wrong) = DeTable::parse_recoverable(text);
    for error in &wrong {
        let what = format!("Запись TOML не читается: {}.", error.message());
        let mend = "Проверьте кавычки, скобки и знак «=» в этой строке и в строке перед ней.";
        errors.at(error.span().unwrap_or_default(), "файл", &what, mend);
    }
    wrong.is_empty().then_some(document)
}

/// Everything that is wrong with a file.
pub(crate) struct Errors {
    file: String,
    /// Where lines end, to find the line of a place without reading the file anew.
    line_ends: Vec<usize>,
    pub(crate) list: Vec<DataError>,
}

impl Errors {
    pub(crate) fn new(file: &str, text: &str) -> Self {
        let line_ends =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Self { file: file.to_owned(), line_ends, list: Vec::new() }
    }

    pub(crate) fn at(&mut self, span: Range<usize>, place: &str, what: &str, mend: &str) {
        if self.list.len() >= ERRORS_MAX {
            return;
        }
        self.list.push(DataError {
            file: self.file.clone(),
            line: self.line_ends.partition_point(|end| *end < span.start) + 1,
            place: place.to_owned(),
            what: what.to_owned(),
            mend: mend.to_owned(),
        });
    }

    pub(crate) fn missing(&mut self, fields: &Fields<'_>, field: &str, mend: &str) {
        self.at(fields.span.clone(), &fields.place, &format!("Нет поля «{field}»."), mend);
    }

    /// The whole list in the order of the file, or the value when the list is empty.
    pub(crate) fn or<T>(mut self, value: Option<T>) -> Result<T, Vec<DataError>> {
        self.list.sort();
        self.list.dedup();
        match value.filter(|_| self.list.is_empty()) {
            Some(value) => Ok(value),
            None => Err(self.list),
        }
    }
}

/// A table with its place.
pub(crate) struct Fields<'t> {
    table: &'t DeTable<'t>,
    pub(crate) span: Range<usize>,
    pub(crate) place: String,
}

impl<'t> Fields<'t> {
    pub(crate) fn root(table: &'t DeTable<'t>, place: &str) -> Self {
        Self { table, span: 0..0, place: place.to_owned() }
    }

    pub(crate) fn of(value: &'t Spanned<DeValue<'t>>, place: &str, errors: &mut Errors) -> Option<Self> {
        if let Some(table) = value.get_ref().as_table() {
            return Some(Self { table, span: value.span(), place: place.to_owned() });
        }
        errors.at(
            value.span(),
            place,
            "Здесь нужна таблица.",
            "Опишите это таблицей: { имя = значение, … }.",
        );
        None
    }

    pub(crate) fn value(&self, name: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    }

    /// Values by name, in the order of the file.
    pub(crate) fn entries(&self) -> Vec<(&'t str, &'t Spanned<DeValue<'t>>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries.into_iter().map(|(key, value)| (key.get_ref().as_ref(), value)).collect()
    }

    pub(crate) fn span_of(&self, name: &str) -> Range<usize> {
        self.value(name).map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// Tells of every field that is not known.
    pub(crate) fn known(&self, known: &[&str], errors: &mut Errors) {
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let what = format!("Поле «{}» неизвестно.", key.get_ref());
            let mend = format!("Допустимы: {}. Проверьте написание.", known.join(", "));
            errors.at(key.span(), &self.place, &what, &mend);
        }
    }

    pub(crate) fn wrong(&self, name: &str, mend: &str, errors: &mut Errors) {
        let what = format!("Значение поля «{name}» не подходит.");
        errors.at(self.span_of(name), &self.place, &what, mend);
    }

    /// A text that is not empty.
    pub(crate) fn text(&self, name: &str, errors: &mut Errors) -> Option<String> {
        if self.value(name).is_none() {
            errors.missing(self, name, "Напишите текст в кавычках.");
        }
        self.maybe_text(name, errors)
    }

    pub(crate) fn maybe_text(&self, name: &str, errors: &mut Errors) -> Option<String> {
        let value = self.value(name)?;
        let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(name, "Напишите текст в кавычках, не пустой.", errors);
        }
        text.map(str::to_owned)
    }

    /// A name for the program: letters, digits, «_», «-», «.»; at most 64 characters.
    pub(crate) fn id(&self, errors: &mut Errors) -> String {
        let id = self.text("id", errors).unwrap_or_default();
        if !id.is_empty() && !super::is_id(&id) {
            let mend = "Имя – буквы, цифры и знаки «_», «-», «.», без пробелов, не длиннее 64 знаков.";
            self.wrong("id", mend, errors);
        }
        id
    }

    /// One of a few words; nothing when the field is absent.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)], errors: &mut Errors) -> Option<T> {
        let value = self.value(name)?;
        let found = words.iter().find(|(word, _)| value.get_ref().as_str() == Some(word));
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(name, &format!("Допустимы: {}.", known.join(", ")), errors);
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// One of a few words that must be there.
    pub(crate) fn need_word<T: Copy>(
        &self,
        name: &str,
        words: &[(&str, T)],
        errors: &mut Errors,
    ) -> Option<T> {
        if self.value(name).is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            errors.missing(self, name, &format!("Допустимы: {}.", known.join(", ")));
        }
        self.word(name, words, errors)
    }

    pub(crate) fn flag(&self, name: &str, errors: &mut Errors) -> Option<bool> {
        let value = self.value(name)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(name, "Напишите true или false без кавычек.", errors);
        }
        flag
    }

    pub(crate) fn maybe_date(&self, name: &str, errors: &mut Errors) -> Option<Date> {
        let value = self.value(name)?;
        let date = day_of(value.get_ref());
        if date.is_none() {
            self.wrong(name, "Напишите дату без кавычек: 2025-12-01.", errors);
        }
        date
    }

    /// A whole number that fits.
    pub(crate) fn whole<T: TryFrom<i64>>(&self, name: &str, errors: &mut Errors) -> Option<T> {
        let value = self.value(name)?;
        let number = whole_of(value.get_ref()).and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            self.wrong(name, "Напишите целое число без кавычек, не слишком большое.", errors);
        }
        number
    }

    /// A number, whole or with a fraction.
    pub(crate) fn decimal(&self, name: &str, errors: &mut Errors) -> Option<Decimal> {
        let value = self.value(name)?;
        let number = decimal_of(value.get_ref());
        if number.is_none() {
            let mend = "Напишите число без кавычек: 5 или 0.5, не больше триллиона и шести цифр после точки.";
            self.wrong(name, mend, errors);
        }
        number
    }

    pub(crate) fn list(&self, name: &str, errors: &mut Errors) -> &'t [Spanned<DeValue<'t>>] {
        let Some(value) = self.value(name) else { return &[] };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(name, "Напишите список в квадратных скобках.", errors);
            return &[];
        };
        array
    }

    /// A list of texts that are not empty.
    pub(crate) fn texts(&self, name: &str, errors: &mut Errors) -> Vec<String> {
        let list = self.list(name, errors);
        let texts: Vec<String> = list
            .iter()
            .filter_map(|value| value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty()))
            .map(str::to_owned)
            .collect();
        if texts.len() != list.len() {
            self.wrong(name, "Напишите в списке тексты в кавычках, не пустые.", errors);
        }
        texts
    }

    /// Tables in a row: `[[question]]`, named by their `id`, with what they are called in messages.
    pub(crate) fn tables(&self, name: &str, shown: &str, errors: &mut Errors) -> Vec<Self> {
        let mut tables = Vec::new();
        for (value, number) in self.list(name, errors).iter().zip(1..) {
            let id = value.get_ref().as_table().and_then(|table| {
                let id = table.iter().find(|(key, _)| key.get_ref() == "id")?.1;
                id.get_ref().as_str().map(str::to_owned)
            });
            let called = id.map_or_else(|| format!("{shown} № {number}"), |id| format!("{shown} «{id}»"));
            tables.extend(Self::of(value, &called, errors));
        }
        tables
    }
}

pub(crate) fn day_of(value: &DeValue<'_>) -> Option<Date> {
    let moment = value.as_datetime()?;
    let date = moment.date.filter(|_| moment.time.is_none())?;
    let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
    Date::new(i16::try_from(date.year).ok()?, month, day).ok()
}

fn whole_of(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

pub(crate) fn decimal_of(value: &DeValue<'_>) -> Option<Decimal> {
    if let Some(whole) = whole_of(value) {
        return super::fitting(Decimal::from(whole));
    }
    super::decimal_text(value.as_float()?.as_str())
}
