//! How does a value of a cell look to the person who opens the workbook?
//!
//! A date is never a serial number, a number never has noise of binary fractions, and a month that is shown
//! without a day must not get one: that would invent a date.

use calamine::{DataType, ExcelDateTime};

const MONTHS: [&str; 12] = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
];
const OF_MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

/// The text of a value shown by a number format; the format is empty where it is not known.
pub(super) fn shown(value: &impl DataType, format: &str) -> String {
    if let Some(text) = value.get_string() {
        return text.to_owned();
    }
    if let Some(moment) = value.get_datetime() {
        return shown_date(moment, format);
    }
    if let Some(moment) = value.get_datetime_iso().or_else(|| value.get_duration_iso()) {
        return iso_date(moment);
    }
    if let Some(number) = value.get_int() {
        return shown_number(number as f64, format);
    }
    if let Some(number) = value.get_float() {
        return shown_number(number, format);
    }
    match (value.get_bool(), value.get_error()) {
        (Some(true), _) => "ИСТИНА".to_owned(),
        (Some(false), _) => "ЛОЖЬ".to_owned(),
        (_, Some(error)) => error.to_string(),
        _ => String::new(),
    }
}

/// «2021-09-01T00:00:00» as «01.09.2021»; anything else as it is.
pub(crate) fn iso_date(text: &str) -> String {
    let day = text.split('T').next().unwrap_or(text);
    let parts: Vec<&str> = day.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
            format!("{day}.{month}.{year}")
        }
        _ => text.to_owned(),
    }
}

fn shown_date(moment: ExcelDateTime, format: &str) -> String {
    let (year, month, day, hour, minute, _, _) = moment.to_ymd_hms_milli();
    if moment.is_duration() || moment.as_f64() < 1.0 {
        return format!("{hour:02}:{minute:02}");
    }
    let parts = DateParts::of(format);
    let name = |names: &[&'static str; 12]| {
        names.get(usize::from(month).saturating_sub(1)).copied().unwrap_or_default()
    };
    match (parts.day, parts.month, parts.year) {
        (false, true, true) => format!("{} {year}", name(&MONTHS)),
        (false, true, false) => name(&MONTHS).to_owned(),
        (false, false, true) => year.to_string(),
        (true, true, false) => format!("{day} {}", name(&OF_MONTHS)),
        _ if parts.hour && (hour, minute) != (0, 0) => {
            format!("{day:02}.{month:02}.{year} {hour:02}:{minute:02}")
        }
        _ => format!("{day:02}.{month:02}.{year}"),
    }
}

/// Which parts of a date a format shows.
#[derive(Default)]
struct DateParts {
    day: bool,
    month: bool,
    year: bool,
    hour: bool,
}

impl DateParts {
    fn of(format: &str) -> Self {
        let mut parts = Self::default();
        for c in codes_of(format) {
            match c {
                'd' | 'д' => parts.day = true,
                'y' | 'e' | 'г' => parts.year = true,
                'h' | 'ч' => parts.hour = true,
                // Behind hours «m» means minutes.
                'm' | 'м' if !parts.hour => parts.month = true,
                _ => {}
            }
        }
        parts
    }
}

/// The letters of a format that are codes: literals, colours and locales left out; the first section only.
fn codes_of(format: &str) -> Vec<char> {
    let mut codes = Vec::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            ';' => break,
            c => codes.extend(c.to_lowercase()),
        }
    }
    codes
}

fn shown_number(number: f64, format: &str) -> String {
    let codes: String = codes_of(format).into_iter().collect();
    let places = codes.split_once('.').map(|(_, after)| after.chars().take_while(|c| matches!(c, '0' | '#')));
    let fixed = places.clone().map_or(0, |places| places.filter(|&c| c == '0').count());
    let optional = places.map_or(0, |places| places.filter(|&c| c == '#').count());
    let patterned = codes.contains('0') && !codes.contains(['e', '/', '?']);
    if !patterned || number.abs() >= 1e15 {
        return plain(number);
    }
    let percent = codes.contains('%');
    let number = if percent { number * 100.0 } else { number };
    let mut text = format!("{number:.*}", (fixed + optional).min(15));
    for _ in 0..optional {
        if text.ends_with('0') && text.contains('.') {
            text.pop();
        }
    }
    let mut text = text.trim_end_matches('.').to_owned();
    if percent {
        text.push('%');
    }
    text
}

/// Fifteen significant digits, as spreadsheets show them: 0.1 + 0.2 is 0.3.
fn plain(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, ExcelDateTimeType};

    fn check(value: &Data, format: &str, expected: &str) {
        assert_eq!(shown(value, format), expected, "{value:?} {format}");
    }

    #[test]
    fn numbers_look_as_in_the_sheet() {
        check(&Data::Float(1.1), "General", "1.1");
        check(&Data::Float(1.1), "0.00", "1.10");
        check(&Data::Float(0.1 + 0.2), "", "0.3");
        check(&Data::Float(74.0), "", "74");
        check(&Data::Float(0.305), "0.0%", "30.5%");
        check(&Data::Float(1234.5), "#,##0.0#", "1234.5");
        check(&Data::Int(3), "@", "3");
    }

    #[test]
    fn a_date_shows_the_parts_its_format_shows() {
        // 44440 is 1 September 2021.
        let date = Data::DateTime(ExcelDateTime::new(44_440.0, ExcelDateTimeType::DateTime, false));
        check(&date, "", "01.09.2021");
        check(&date, "dd/mm/yy", "01.09.2021");
        check(&date, "[$-419]mmmm\\ yyyy;@", "сентябрь 2021");
        check(&date, "d mmmm", "1 сентября");
        check(&date, "yyyy\" г.\"", "2021");
        let noon = Data::DateTime(ExcelDateTime::new(44_440.5, ExcelDateTimeType::DateTime, false));
        check(&noon, "dd.mm.yyyy hh:mm", "01.09.2021 12:00");
        check(&Data::DateTimeIso("2021-09-01T00:00:00".into()), "", "01.09.2021");
    }
}
