//! How was a deadline understood? One chip a part: an icon, the words, and what was supplied from around.

use maud::{Markup, html};
use opora_schedule::{
    Every, Inferred, Kind, MonthDay, Part, Period, Schedule, Span, Times, Unit, When, Within,
};

use crate::web::assets::icon;
use crate::web::views::agenda::is_reversed;
use crate::web::words;

/// The parts of a deadline as chips.
pub fn schedule_chips(schedule: &Schedule) -> Markup {
    html! {
        ul.chips {
            @for part in &schedule.parts { li { (chip(part)) } }
        }
    }
}

fn chip(part: &Part) -> Markup {
    let reversed = is_reversed(&part.kind);
    let class = match part.kind {
        _ if reversed => "chip doubtful",
        Kind::Unrecognised(_) => "chip doubtful",
        Kind::Missing => "chip missing",
        _ => "chip",
    };
    html! {
        span class=(class) {
            (icon(if reversed { "triangle-alert" } else { part_icon(&part.kind) }))
            span {
                (part_words(&part.kind))
                @if reversed { span.chip-note { " · конец раньше начала" } }
                @if let Some(scope) = &part.scope { span.chip-note { " · " (scope) } }
                @for note in inferred_notes(part.inferred) { span.chip-note { " · " (note) } }
            }
        }
    }
}

/// What of a deadline its text did not say.
fn inferred_notes(inferred: Inferred) -> impl Iterator<Item = &'static str> {
    let notes = [
        (inferred.year, "год по контексту"),
        (inferred.month, "месяц по контексту"),
        (inferred.day, "день можно понять иначе"),
    ];
    notes.into_iter().filter_map(|(holds, note)| holds.then_some(note))
}

/// Icon of a kind of deadline.
pub fn part_icon(kind: &Kind) -> &'static str {
    match kind {
        Kind::Day(_) => "calendar",
        Kind::Deadline { .. } => "calendar-clock",
        Kind::Interval { .. } => "gantt-chart",
        Kind::Recurrence { .. } => "repeat",
        Kind::Ongoing(_) => "refresh-cw",
        Kind::Condition(_) => "circle-help",
        Kind::ExternalPlan(_) => "link",
        Kind::Relative { .. } => "clock",
        Kind::Missing => "circle-dashed",
        Kind::Unrecognised(_) => "triangle-alert",
    }
}

/// What a part of a deadline says, in plain Russian.
pub fn part_words(kind: &Kind) -> String {
    match kind {
        Kind::Day(day) => when(*day),
        Kind::Deadline { end, annual } => format!("до {}{}", when(*end), yearly(*annual)),
        Kind::Interval { start, end, annual } => format!("{}{}", interval(*start, *end), yearly(*annual)),
        Kind::Recurrence { every, every_max, times, within } => {
            recurrence(*every, *every_max, *times, *within)
        }
        Kind::Ongoing(span) => span_words(*span).to_owned(),
        Kind::Condition(text) => format!("по условию: {text}"),
        Kind::ExternalPlan(name) => format!("по другому документу: {name}"),
        Kind::Relative { after, duration } => format!("{} — {after}", length(*duration)),
        Kind::Missing => "срок не указан".to_owned(),
        Kind::Unrecognised(text) => format!("не понято: {text}"),
    }
}

fn yearly(annual: bool) -> &'static str {
    if annual { ", каждый год" } else { "" }
}

fn when(when: When) -> String {
    match when {
        When::Date(date) => words::date(date),
        When::MonthDay(MonthDay { month, day }) => format!("{day} {}", words::month_of(month)),
    }
}

fn interval(start: When, end: When) -> String {
    match (start, end) {
        (When::Date(start), When::Date(end)) => words::period(&Period { start, end }),
        (When::MonthDay(first), When::MonthDay(last)) => month_days(first, last),
        (start, end) => format!("{} – {}", when(start), when(end)),
    }
}

/// Days of no particular year, by months where they are whole.
fn month_days(first: MonthDay, last: MonthDay) -> String {
    // A leap year, so that 29 February counts as the end of its month; 28 February does too.
    let month_end = |month_day: MonthDay| {
        let length =
            jiff::civil::Date::new(2024, month_day.month, 1).map_or(31, jiff::civil::Date::days_in_month);
        month_day.day >= length || (month_day.month == 2 && month_day.day == 28)
    };
    let whole = first.day == 1 && month_end(last);
    match (whole, first.month == last.month) {
        (true, true) => words::month(first.month).to_owned(),
        (true, false) => format!("{} – {}", words::month(first.month), words::month(last.month)),
        (false, true) => format!("{}–{} {}", first.day, last.day, words::month_of(last.month)),
        (false, false) => format!(
            "{} {} – {} {}",
            first.day,
            words::month_of(first.month),
            last.day,
            words::month_of(last.month)
        ),
    }
}

fn recurrence(
    every: Every,
    every_max: Option<Every>,
    times: Option<Times>,
    within: Option<Within>,
) -> String {
    let times = times.and_then(|times| match (times.min, times.max) {
        (Some(min), Some(max)) if min == max => Some(times_words(min)),
        (Some(min), Some(max)) => Some(format!("{min}–{}", times_words(max))),
        (Some(min), None) => Some(format!("не реже {}", at_least(min))),
        (None, Some(max)) => Some(format!("не чаще {}", at_least(max))),
        (None, None) => None,
    });
    let period = match (times, every_max) {
        (Some(times), _) => format!("{times} в {}", stretch(every, every_max)),
        (None, None) => each(every),
        (None, Some(_)) => format!("каждые {}", stretch(every, every_max)),
    };
    let within = within.map(|within| format!(", {}", interval(within.start, within.end))).unwrap_or_default();
    format!("{period}{within}")
}

/// In what stretch of time something is done so many times: «месяц», «неделю», «3–4 недели».
fn stretch(every: Every, every_max: Option<Every>) -> String {
    match (every_max, every.count, every.unit) {
        (Some(most), ..) if most.unit == every.unit => format!("{}–{}", every.count, length(most)),
        (Some(most), ..) => format!("{} – {}", length(every), length(most)),
        (None, 1, Unit::Day) => "день".to_owned(),
        (None, 1, Unit::WorkingDay) => "рабочий день".to_owned(),
        (None, 1, Unit::Week) => "неделю".to_owned(),
        (None, 1, Unit::Month) => "месяц".to_owned(),
        (None, 3, Unit::Month) => "квартал".to_owned(),
        (None, 6, Unit::Month) => "полугодие".to_owned(),
        (None, 1, Unit::Year) => "год".to_owned(),
        (None, 1, Unit::SchoolYear) => "учебный год".to_owned(),
        _ => length(every),
    }
}

fn times_words(count: u16) -> String {
    words::count(usize::from(count), ["раз", "раза", "раз"])
}

/// «не реже 1 раза», «не реже 2 раз».
fn at_least(count: u16) -> String {
    words::count(usize::from(count), ["раза", "раз", "раз"])
}

fn each(every: Every) -> String {
    match (every.count, every.unit) {
        (1, Unit::Day) => "каждый день".to_owned(),
        (1, Unit::WorkingDay) => "каждый рабочий день".to_owned(),
        (1, Unit::Week) => "каждую неделю".to_owned(),
        (1, Unit::Month) => "каждый месяц".to_owned(),
        (3, Unit::Month) => "каждый квартал".to_owned(),
        (6, Unit::Month) => "каждое полугодие".to_owned(),
        (1, Unit::Year) => "каждый год".to_owned(),
        (1, Unit::SchoolYear) => "каждый учебный год".to_owned(),
        _ => format!("каждые {}", length(every)),
    }
}

fn length(every: Every) -> String {
    let forms = match every.unit {
        Unit::Day => ["день", "дня", "дней"],
        Unit::WorkingDay => ["рабочий день", "рабочих дня", "рабочих дней"],
        Unit::Week => ["неделя", "недели", "недель"],
        Unit::Month => ["месяц", "месяца", "месяцев"],
        Unit::Year => ["год", "года", "лет"],
        Unit::SchoolYear => ["учебный год", "учебных года", "учебных лет"],
    };
    words::count(usize::from(every.count), forms)
}

fn span_words(span: Span) -> &'static str {
    match span {
        Span::Year => "в течение года",
        Span::SchoolYear => "в течение учебного года",
        Span::Project => "весь период реализации",
        Span::Permanent => "постоянно",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let schedule = opora_schedule::parse(text, &opora_schedule::Context::default());
        let words: Vec<String> = schedule.parts.iter().map(|part| part_words(&part.kind)).collect();
        assert_eq!(words, expected, "{text}");
    }

    #[test]
    fn chips_say_the_deadline_in_plain_words() {
        check("01.04.2021", &["1 апреля 2021"]);
        check("до 30 мая 2021, до 15 декабря 2021 года", &["до 30 мая 2021", "до 15 декабря 2021"]);
        check("март 2021", &["март 2021"]);
        check("ежемесячно", &["каждый месяц"]);
        check("август ежегодно", &["август, каждый год"]);
        check("до 1 сентября ежегодно", &["до 1 сентября, каждый год"]);
        check("не реже 1 раза в 3-4 недели", &["не реже 1\u{a0}раза в 3–4\u{a0}недели"]);
        check("не менее 2 раз в год", &["не реже 2\u{a0}раз в год"]);
        check("не реже 1 раза в месяц", &["не реже 1\u{a0}раза в месяц"]);
        check("2 раза в неделю", &["2\u{a0}раза в неделю"]);
        check("не реже 1 раза в квартал", &["не реже 1\u{a0}раза в квартал"]);
        check("в течение учебного года", &["в течение учебного года"]);
        check("постоянно", &["постоянно"]);
        check("", &["срок не указан"]);
    }
}
