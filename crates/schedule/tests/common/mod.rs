//! A line for a schedule, and a context from a line.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "a case that is written wrong must fail its test")]

use opora_schedule::{Context, Every, Kind, Period, Schedule, Unit, When};

/// `year=2021 period=2020-01-01/2024-12-31 act=2020-09-17`
pub fn context(known: &str) -> Context {
    let mut context = Context::default();
    for field in known.split_whitespace() {
        let (name, value) = field.split_once('=').expect("name=value");
        match name {
            "year" => context.year = Some(value.parse().expect("a year")),
            "act" => context.act_date = Some(value.parse().expect("a date")),
            "period" => context.period = Some(period(value)),
            other => panic!("unknown field {other}"),
        }
    }
    context
}

/// `2020-01-01/2024-12-31`
pub fn period(value: &str) -> Period {
    let (start, end) = value.split_once('/').expect("start/end");
    Period { start: start.parse().expect("a date"), end: end.parse().expect("a date") }
}

fn when(when: &When) -> String {
    match when {
        When::Date(date) => date.to_string(),
        When::MonthDay(on) => format!("--{:02}-{:02}", on.month, on.day),
    }
}

fn length(every: &Every) -> String {
    let unit = match every.unit {
        Unit::Day => "D",
        Unit::WorkingDay => "WD",
        Unit::Week => "W",
        Unit::Month => "M",
        Unit::Year => "Y",
        Unit::SchoolYear => "SY",
    };
    format!("{}{unit}", every.count)
}

fn shown_kind(kind: &Kind) -> String {
    let yearly = |annual: &bool| if *annual { " annual" } else { "" };
    match kind {
        Kind::Day(on) => format!("day {}", when(on)),
        Kind::Deadline { end, annual } => format!("until {}{}", when(end), yearly(annual)),
        Kind::Interval { start, end, annual } => format!("{}..{}{}", when(start), when(end), yearly(annual)),
        Kind::Recurrence { every, every_max, times, within } => {
            let mut line = format!("every {}", length(every));
            if let Some(most) = every_max {
                line += &format!("-{}", length(most));
            }
            if let Some(times) = times {
                let bound = |n: Option<u16>| n.map_or(String::new(), |n| n.to_string());
                line += &format!(" x{}..{}", bound(times.min), bound(times.max));
            }
            if let Some(within) = within {
                line += &format!(" within {}..{}", when(&within.start), when(&within.end));
            }
            line
        }
        Kind::Ongoing(span) => format!("ongoing {span:?}"),
        Kind::Condition(text) => format!("if «{text}»"),
        Kind::ExternalPlan(name) => format!("plan «{name}»"),
        Kind::Relative { after, duration } => format!("{} after «{after}»", length(duration)),
        Kind::Missing => "missing".to_owned(),
        Kind::Unrecognised(text) => format!("?? «{text}»"),
    }
}

/// All parts in a line; `[scope]`, `~year`, `~month`, `~day` for what was inferred.
pub fn shown(schedule: &Schedule) -> String {
    let parts = schedule.parts.iter().map(|part| {
        let scope = part.scope.as_ref().map_or(String::new(), |scope| format!(" [{scope}]"));
        let inferred = &part.inferred;
        let marks = [(inferred.year, " ~year"), (inferred.month, " ~month"), (inferred.day, " ~day")];
        let marks: String = marks.iter().filter(|(set, _)| *set).map(|(_, mark)| *mark).collect();
        format!("{}{scope}{marks}", shown_kind(&part.kind)).replace('\n', "<br>")
    });
    parts.collect::<Vec<_>>().join(" | ")
}
