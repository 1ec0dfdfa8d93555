//! Which day does a cell of a registry name?

use jiff::civil::Date;

/// Reads «01.09.2024», «1.9.2024 г.» and «2024-09-01». A year alone is no day.
pub(super) fn day(text: &str) -> Option<Date> {
    if text.len() > 40 {
        return None;
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    let groups: Vec<&str> = first.split(['.', '-', '/']).collect();
    let [a, b, c] = groups[..] else { return None };
    let (day, month, year) = if a.len() == 4 { (c, b, a) } else { (a, b, c) };
    let year = year.get(..4).filter(|_| year.len() == 4)?.parse().ok()?;
    let day = Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()?;
    (1900..=2100).contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::day;

    #[test]
    fn a_day_is_never_guessed() {
        for (text, expected) in [
            ("01.09.2024", Some(date(2024, 9, 1))),
            ("1.9.2024 г.", Some(date(2024, 9, 1))),
            ("2024-09-01", Some(date(2024, 9, 1))),
            ("01.09.2024 00:00", Some(date(2024, 9, 1))),
            ("2024", None),
            ("01.09.24", None),
            ("31.02.2024", None),
            ("скоро", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
    }
}
