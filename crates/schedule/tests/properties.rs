//! What holds for every text: no panic, a bounded answer, no date that nobody said, a wording that reads back?

#![allow(clippy::unwrap_used, reason = "a generator that is written wrong must fail its test")]

mod common;

use jiff::civil::Date;
use opora_schedule::{
    Context, Every, Inferred, Kind, MonthDay, PARTS, Part, Period, Schedule, Span, Times, Unit, When, Within,
    dates_in, looks_like_deadline, parse, period_in_title, year_of_section,
};
use proptest::prelude::*;

/// Texts of the phrase cases, as seeds of mutations.
fn seeds() -> Vec<String> {
    include_str!("phrases.txt")
        .lines()
        .filter(|line| !line.starts_with("# ") && !line.contains('{'))
        .filter_map(|line| line.split_once(" => ").map(|(text, _)| text.replace("<br>", "\n")))
        .collect()
}

fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..5_u8, any::<prop::sample::Index>());
    let seed = || prop::sample::select(seeds());
    (seed(), seed(), prop::collection::vec(change, 0..4)).prop_map(|(text, other, changes)| {
        let mut chars: Vec<char> = text.chars().collect();
        let donor: Vec<char> = other.chars().collect();
        for (place, what, from) in changes {
            let at = place.index(chars.len() + 1);
            let c = if donor.is_empty() { ' ' } else { donor[from.index(donor.len())] };
            match what {
                0 if at < chars.len() => {
                    chars.remove(at);
                }
                1 => chars.insert(at, c),
                2 if at < chars.len() => chars[at] = c,
                3 => chars.splice(at..at, donor.iter().copied()).for_each(drop),
                _ => chars.truncate(at),
            }
        }
        chars.into_iter().collect()
    })
}

/// Digits of a text with the letters that scans read in their place.
fn numbers(text: &str) -> Vec<i32> {
    let plain: String = text
        .chars()
        .map(|c| match c {
            'О' | 'о' | 'O' | 'o' => '0',
            'l' | 'I' | '|' | 'І' | 'Ӏ' => '1',
            c => c,
        })
        .collect();
    // A look-alike may also be a letter beside a number.
    let runs = [plain.as_str(), text].map(|text| text.split(|c: char| !c.is_ascii_digit()));
    let figures = runs.into_iter().flatten().filter_map(|run| run.parse().ok());
    figures.chain(romans(text)).collect()
}

/// Roman figures of months, the longest first; each also says the shorter ones within it.
fn romans(text: &str) -> impl Iterator<Item = i32> + use<> {
    const FIGURES: [(&str, i32); 12] = [
        ("I", 1),
        ("II", 2),
        ("III", 3),
        ("IV", 4),
        ("V", 5),
        ("VI", 6),
        ("VII", 7),
        ("VIII", 8),
        ("IX", 9),
        ("X", 10),
        ("XI", 11),
        ("XII", 12),
    ];
    let latin: String = text
        .chars()
        .flat_map(|c| match c {
            'l' | '1' | 'І' | 'Ӏ' | 'ӏ' | '|' => vec!['I'],
            'У' => vec!['V'],
            'Х' => vec!['X'],
            'Ⅰ'..='Ⅻ' => {
                let at = usize::try_from(u32::from(c) - u32::from('Ⅰ')).unwrap();
                FIGURES[at].0.chars().collect()
            }
            c => vec![c],
        })
        .collect();
    FIGURES.into_iter().filter(move |(figure, _)| latin.contains(figure)).map(|(_, number)| number)
}

/// Lower-case Cyrillic with look-alikes replaced and broken words joined.
fn folded(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '-' | '\n' | '\u{200b}'))
        .map(|c| match c {
            'a' => 'а',
            'b' => 'в',
            'c' => 'с',
            'e' | 'ё' => 'е',
            'h' => 'н',
            'i' | 'і' => 'и',
            'k' => 'к',
            'm' => 'м',
            'o' => 'о',
            'p' => 'р',
            't' => 'т',
            'x' => 'х',
            'y' => 'у',
            c => c,
        })
        .collect()
}

const MONTHS: [&str; 12] =
    ["янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];

/// Is every part of a date said by the text?
struct Said {
    numbers: Vec<i32>,
    text: String,
}

impl Said {
    fn of(text: &str) -> Self {
        Self { numbers: numbers(text), text: folded(text) }
    }

    fn year(&self, year: i16) -> bool {
        let said: Vec<i32> =
            self.numbers.iter().map(|n| if (0..100).contains(n) { n + 2000 } else { *n }).collect();
        let year = i32::from(year);
        // A year is said, or lies beside one that is said (a range over New Year), or between two of a span.
        said.iter().any(|n| (n - year).abs() <= 1)
            || (said.iter().any(|n| *n < year) && said.iter().any(|n| year < *n && *n <= 2100))
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }

    fn month(&self, month: i8) -> bool {
        let name = MONTHS[usize::try_from(month - 1).unwrap()];
        self.text.contains(name)
            || self.numbers.contains(&i32::from(month))
            || self.has(&["кв", "пол", "год", "г", "лет", "весн", "осен", "зим"])
            || (self.numbers.iter().any(|n| *n >= 1900) && matches!(month, 1 | 12 | 9 | 8))
    }

    fn day(&self, day: i8) -> bool {
        self.numbers.contains(&i32::from(day))
    }

    fn check(&self, when: When, strict_day: bool) {
        let (month, day, year) = match when {
            When::Date(date) => (date.month(), date.day(), Some(date.year())),
            When::MonthDay(on) => (on.month, on.day, None),
        };
        assert!(year.is_none_or(|year| self.year(year)), "year of {when:?}");
        assert!(self.month(month), "month of {when:?}");
        let computed = [1, 7, 8, 10, 11, 14, 15, 16, 20, 21, 22, 24, 25];
        assert!(self.day(day) || (!strict_day && (computed.contains(&day) || day >= 28)), "day of {when:?}");
    }
}

fn check_says_only_what_the_text_says(text: &str) {
    let said = Said::of(text);
    for part in parse(text, &Context::default()).parts {
        match part.kind {
            Kind::Day(on) => said.check(on, true),
            Kind::Deadline { end, .. } => said.check(end, false),
            Kind::Interval { start, end, .. } => {
                said.check(start, false);
                said.check(end, false);
            }
            Kind::Recurrence { within: Some(within), .. } => {
                said.check(within.start, false);
                said.check(within.end, false);
            }
            _ => {}
        }
    }
}

fn check_bounded(text: &str) {
    let context = common::context("year=2021 period=2020-01-01/2024-12-31 act=2020-09-17");
    for context in [context, Context::default()] {
        let schedule = parse(text, &context);
        assert_eq!(schedule.text, text);
        assert!((1..=PARTS + PARTS / 2).contains(&schedule.parts.len()));
        for part in &schedule.parts {
            if let Kind::Unrecognised(words) | Kind::Condition(words) = &part.kind {
                assert!(text.contains(words.as_str()), "«{words}» is not verbatim");
            }
            if let Some(scope) = &part.scope {
                assert!(text.contains(scope.as_str()), "«{scope}» is not verbatim");
            }
        }
        let window = common::period("2019-01-01/2026-12-31");
        for occurrence in schedule.occurrences(window, &context) {
            assert!(occurrence.start <= occurrence.end);
            assert!(occurrence.start <= window.end && window.start <= occurrence.end);
        }
        assert!(schedule.rrules(window, &context).len() <= schedule.parts.len());
        let _ = schedule.to_string();
    }
    for (bytes, _) in dates_in(text) {
        assert!(text.get(bytes).is_some_and(|date| date.chars().any(|c| c.is_ascii_digit())));
    }
    assert!(year_of_section(text).is_none_or(|year| (1900..=2100).contains(&year)));
    assert!(period_in_title(text).is_none_or(|period| period.start.is_some() || period.end.is_some()));
    let share = looks_like_deadline(text);
    assert!((0.0..=1.0).contains(&share));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check_bounded(&text);
    }

    #[test]
    fn any_text_of_the_alphabet_is_read(text in "[а-яА-Яa-zIVX0-9 .,;:()«»/\\-–—№+%\n\u{ad}]{0,80}") {
        check_bounded(&text);
        check_says_only_what_the_text_says(&text);
    }

    #[test]
    fn no_mutation_makes_a_date_up(text in mutated()) {
        check_bounded(&text);
        check_says_only_what_the_text_says(&text);
    }

    #[test]
    fn what_is_said_reads_back(parts in prop::collection::vec(part(), 1..5)) {
        let schedule = Schedule { text: String::new(), parts: without_twin_words(parts) };
        let said = schedule.to_string();
        let read = parse(&said, &Context::default());
        prop_assert_eq!(&read.parts, &schedule.parts, "said «{}»", said);
    }
}

/// Two texts side by side that are not understood are one.
fn without_twin_words(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        let words = |part: &Part| matches!(part.kind, Kind::Unrecognised(_));
        if !(words(&part) && out.last().is_some_and(words)) {
            out.push(part);
        }
    }
    out
}

fn day() -> impl Strategy<Value = Date> {
    (1990..2090_i16, 1..=12_i8, 1..=31_i8)
        .prop_map(|(year, month, day)| {
            Date::constant(year, month, 1).with().day(day.min(28)).build().unwrap()
        })
        .prop_flat_map(|date| {
            prop_oneof![Just(date), Just(date.first_of_month()), Just(date.last_of_month())]
        })
}

fn dated() -> impl Strategy<Value = When> {
    day().prop_map(When::Date)
}

fn yearless() -> impl Strategy<Value = When> {
    // A leap year has every day a year can have.
    day().prop_map(|date| {
        let date = date.with().year(2024).build().unwrap_or(Date::constant(2024, 2, 29));
        let last = date.day() == 28 && date.month() == 2;
        When::MonthDay(MonthDay { month: date.month(), day: if last { 29 } else { date.day() } })
    })
}

/// Reversed within one month they are not understood: «с 20 по 10 марта».
fn yearless_ends() -> impl Strategy<Value = (When, When)> {
    (yearless(), yearless()).prop_map(|(start, end)| match (start, end) {
        (When::MonthDay(first), When::MonthDay(last)) if first.month == last.month && last < first => {
            (end, start)
        }
        ends => ends,
    })
}

fn ends() -> impl Strategy<Value = (When, When)> {
    prop_oneof![(dated(), dated()), yearless_ends()]
}

fn length() -> impl Strategy<Value = Every> {
    let unit = prop::sample::select(vec![
        Unit::Day,
        Unit::WorkingDay,
        Unit::Week,
        Unit::Month,
        Unit::Year,
        Unit::SchoolYear,
    ]);
    (1..=30_u16, unit).prop_map(|(count, unit)| Every { count, unit })
}

fn times() -> impl Strategy<Value = Option<Times>> {
    prop_oneof![
        Just(None),
        (1..9_u16, 0..3_u16).prop_map(|(min, more)| Some(Times { min: Some(min), max: Some(min + more) })),
        (1..9_u16).prop_map(|min| Some(Times { min: Some(min), max: None })),
        (1..9_u16).prop_map(|max| Some(Times { min: None, max: Some(max) })),
    ]
}

fn recurrence() -> impl Strategy<Value = Part> {
    let within = prop::option::of(ends().prop_map(|(start, end)| Within { start, end }));
    let scope =
        prop::option::of(prop::sample::select(vec!["до 25 числа", "на стадии подготовки", "общие собрания"]));
    (length(), 0..3_u16, times(), within, scope).prop_map(|(every, more, times, within, scope)| {
        // «ежегодно с 1 по 5 мая» is an annual interval, not a recurrence.
        let yearly = every.unit == Unit::Year && every.count == 1;
        let within = within.filter(|within| !yearly || matches!(within.start, When::Date(_)));
        let every_max = (more > 0).then_some(Every { count: every.count + more, unit: every.unit });
        let kind = Kind::Recurrence { every, every_max, times, within };
        Part { kind, scope: scope.map(str::to_owned), inferred: Inferred::default() }
    })
}

fn words(of: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    prop::sample::select(of.to_vec()).prop_map(str::to_owned)
}

fn plain_kind() -> impl Strategy<Value = Kind> {
    let events = ["утверждения программы", "получения результатов", "окончания приёма заявок"];
    let plans =
        ["план работы округа", "план–график семинаров", "отдельный график", "дорожная карта", "расписание"];
    let spans = vec![Span::Year, Span::SchoolYear, Span::Project, Span::Permanent];
    prop_oneof![
        prop_oneof![dated(), yearless()].prop_map(Kind::Day),
        dated().prop_map(|end| Kind::Deadline { end, annual: false }),
        (yearless(), any::<bool>()).prop_map(|(end, annual)| Kind::Deadline { end, annual }),
        ends().prop_map(|(start, end)| Kind::Interval { start, end, annual: false }),
        yearless_ends().prop_map(|(start, end)| Kind::Interval { start, end, annual: true }),
        prop::sample::select(spans).prop_map(Kind::Ongoing),
        words(&["по мере необходимости", "при необходимости", "по итогам работы", "на каникулах"])
            .prop_map(Kind::Condition),
        words(&plans).prop_map(Kind::ExternalPlan),
        (words(&events), length()).prop_map(|(after, duration)| Kind::Relative { after, duration }),
        words(&["своевременно", "500+", "31.02.2021", "классные собрания"]).prop_map(Kind::Unrecognised),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    let plain = plain_kind().prop_map(|kind| Part { kind, scope: None, inferred: Inferred::default() });
    prop_oneof![plain, recurrence()]
}

#[test]
fn a_megabyte_of_anything_is_read_once() {
    for unit in
        ["и, ", "1", "1 ", "(", "март ", "1 раз в ", "с 1 по ", "1, 2, ", "01.04.2021, ", "I", "а-\n", "«"]
    {
        let text = unit.repeat(1_000_000 / unit.len());
        check_bounded(&text);
    }
}

#[test]
fn nothing_at_all_is_one_missing_part() {
    let window = Period { start: Date::constant(2021, 1, 1), end: Date::constant(2021, 12, 31) };
    let schedule = parse("", &Context::default());
    assert_eq!(schedule.parts.len(), 1);
    assert!(schedule.occurrences(window, &Context::default()).is_empty());
}
