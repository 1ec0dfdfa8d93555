//! In which years do annual days come?

use jiff::ToSpan;
use jiff::civil::Date;

use crate::model::{Context, Kind, Part, When};
use crate::parse::parse;
use crate::reader::YEARS;

/// The first and the last year of annual days, both included, as far as the text says them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnnualYears {
    /// First year: 2022 in «ежегодно до 1 сентября, начиная с 2022 года» and in «ежегодно до 1 сентября 2022».
    pub from: Option<i16>,
    /// Last year: 2024 in «до 1 сентября ежегодно (2022–2024)».
    pub until: Option<i16>,
}

impl Part {
    /// The years in which the annual days of the part come; nothing is said of a part that is not annual.
    #[must_use]
    pub fn annual_years(&self) -> AnnualYears {
        let (first, last) = self.annual_bounds();
        AnnualYears { from: first.map(Date::year), until: last.map(Date::year) }
    }

    /// First and last day of the years in which the annual days come.
    pub(crate) fn annual_bounds(&self) -> (Option<Date>, Option<Date>) {
        let annual =
            matches!(self.kind, Kind::Deadline { annual: true, .. } | Kind::Interval { annual: true, .. });
        self.scope.as_deref().filter(|_| annual).map_or((None, None), bounds)
    }
}

fn bounds(scope: &str) -> (Option<Date>, Option<Date>) {
    let read = parse(scope, &Context::default());
    let [part] = read.parts.as_slice() else { return (None, None) };
    match &part.kind {
        Kind::Interval { start: When::Date(start), end: When::Date(end), .. } => {
            // One year beside «ежегодно» is the first of them.
            let several = start.checked_add(1.year()).is_ok_and(|next| next <= *end);
            (Some(*start), several.then_some(*end))
        }
        Kind::Deadline { end: When::Date(end), .. } => (None, Some(*end)),
        Kind::Condition(_) => (first_day(scope), None),
        _ => (None, None),
    }
}

/// «с 2022 года», «начиная с 2022/2023 учебного года».
fn first_day(scope: &str) -> Option<Date> {
    let mut numbers = scope.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
    let year = numbers.find_map(|digits| digits.parse::<u32>().ok().filter(|year| YEARS.contains(year)))?;
    let month = if scope.to_lowercase().contains("уч") { 9 } else { 1 };
    Date::new(i16::try_from(year).ok()?, month, 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Period;

    #[track_caller]
    fn check(text: &str, years: (Option<i16>, Option<i16>), expected: &[i16], rule: Option<&str>) {
        let schedule = parse(text, &Context::default());
        let said = schedule.parts[0].annual_years();
        assert_eq!((said.from, said.until), years, "in «{text}»");
        let day = |year| Date::constant(year, 1, 1);
        let window = Period { start: day(2020), end: day(2028) };
        let found: Vec<i16> = schedule
            .occurrences(window, &Context::default())
            .iter()
            .map(|occurrence| occurrence.end.year())
            .collect();
        assert_eq!(found, expected, "in «{text}»");
        let until = schedule.rrules(window, &Context::default()).first().map(|rule| rule.rule.clone());
        let until = until.and_then(|rule| Some(rule.split_once(";UNTIL=")?.1.to_owned()));
        assert_eq!(until.as_deref(), rule, "in «{text}»");
    }

    #[test]
    fn annual_days_come_in_the_years_the_text_says() {
        let all = (2020..2028).collect::<Vec<i16>>();
        check("до 1 сентября ежегодно", (None, None), &all, None);
        check("ежегодно до 1 сентября 2022", (Some(2022), None), &all[2..], None);
        check("май, ежегодно, начиная с 2022 года", (Some(2022), None), &all[2..], None);
        check("до 1 сентября ежегодно (2022–2024)", (Some(2022), Some(2024)), &all[2..5], Some("20241231"));
        check("май, ежегодно до 2025 года", (None, Some(2025)), &all[..6], Some("20251231"));
    }
}
