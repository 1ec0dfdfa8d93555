//! When is a thing due, according to the words of a Russian order?
//!
//! [`parse`] reads the text of a deadline into a [`Schedule`]; its `Display` says it in plain Russian that reads back
//! to the same parts. [`Schedule::occurrences`] and [`Schedule::rrules`] lay it on a calendar, [`ics`] writes it for
//! calendar programs, [`calendar`] knows working days. [`dates_in`], [`year_of_section`] and [`period_in_title`] read
//! the text around a plan.
//!
//! # How the words are read
//! - «до X», «к X», «не позднее X» include X, be it a day, a month or a year: «до 2024 года» ends on 31 December 2024,
//!   as the titles of state programmes mean it. «до» and «к» before anything longer than a day may mean its beginning:
//!   the day is marked as inferred. «до лета» and «до 2024/2025 учебного года» are conditions.
//! - A school year runs from 1 September to 31 August, its first half to 31 December. School quarters and holidays
//!   differ by region: they stay conditions. «1 раз в четверть» counts as once in three months.
//! - «начало», «середина», «конец» of a month are its thirds, as decades are; the n-th week is days 7n−6 to 7n, the
//!   last week the last seven days; the days of both are marked as inferred. What is due «к началу октября» is due on
//!   the 1st, «к середине» on the 15th. The end of a school year is inferred too. Winter is December to February. «в конце года» is a condition: it has no days.
//! - «1 раз в …» says exactly once (`min` and `max`), «ежемесячно» says no number of times.
//! - «с 1 сентября 2021» has no end: the plan's period supplies one (marked as inferred), otherwise it is a condition.
//!   «не ранее 1 октября» is always a condition.
//! - A year at the end of a list governs the members before it; a year said before carries on to later months of the
//!   same list as an inference. A full stop parts lists.
//!   «май 2022, 2023» is May of each of these years. «Следующего года» follows the year said before, or that of the
//!   section; without one it is a condition. «март 22» is not understood: 22 may be a day.
//! - «ежегодно» makes the days beside it annual; a year they say is the first of those meant and becomes their
//!   `scope`, as «начиная с 2022 года», «2022–2024 гг.» and «до 2025 года» beside them do: occurrences and rules keep
//!   within these years ([`Part::annual_years`]). Days that say several years themselves stand for themselves.
//! - «с 20 по 10 марта» stays reversed in its year; without a year it is not understood.
//! - «до 25 числа» and «по средам» limit a recurrence and stay verbatim in its `scope`, where occurrences and rules
//!   read them. Beside one month, or in a context of one month, «до 25 числа» is a day of it; alone it is not
//!   understood, because no month is said.
//! - A date that no calendar has is not understood; [`names_impossible_date`] tells that this is why.

mod annual;
pub mod calendar;
mod dates;
mod display;
mod draft;
mod gather;
mod hours;
pub mod ics;
mod limit;
mod model;
mod names;
mod occurrences;
mod parse;
mod phrases;
mod piece;
mod reader;
mod recurrence;
mod resolve;
mod rules;
mod spans;
mod thirds;
mod tokens;
mod words;
mod years;

pub use annual::AnnualYears;
pub use dates::{TitlePeriod, dates_in, parse_date, period_in_title, year_of_section};
pub use display::{month_name, month_of};
pub use model::{
    Context, Every, Inferred, Kind, MonthDay, Part, Period, Schedule, Span, Times, Unit, When, Within,
};
pub use occurrences::{OCCURRENCES, Occurrence, OccurrenceKind};
pub use parse::{PARTS, looks_like_deadline, names_impossible_date, parse};
pub use rules::Rule;
