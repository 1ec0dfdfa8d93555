//! Which windows were kept, and by what?

use jiff::civil::Date;
use opora_schedule::calendar::working_days_between;

use super::{DutyWindow, Rule};
use crate::words;

/// Something that happened and may keep an obligation: a visit held, a report handed in, a meeting held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Stable word of its kind, as in [`Rule::event`].
    pub kind: String,
    /// The school it was about.
    pub school: Option<i64>,
    /// The day.
    pub on: Date,
    /// The last day of the window it was meant for, where its record says so: a report handed in on 2 June «за 30 мая».
    /// Then it counts for that window only. Otherwise it counts for the window it lies in.
    pub meant_for: Option<Date>,
    /// Path of its record: `visit/7`.
    pub path: String,
}

/// A person's decision that a window need not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// The rule.
    pub rule: String,
    /// The school, for a rule that holds for each.
    pub school: Option<i64>,
    /// Last day of the window.
    pub due: Date,
    /// Why: «школа на карантине».
    pub reason: String,
}

/// How a window stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// Done as often as asked; paths of the events, by day.
    Kept(Vec<String>),
    /// Over and not done as often as asked.
    Missed {
        /// How many times it was done.
        have: u16,
        /// The later event that was meant for this window, and how many days after its last day it came. It was missed
        /// all the same.
        made_up: Option<(String, i32)>,
    },
    /// It need not be kept; why.
    Excused(String),
    /// Goes on.
    Open {
        /// How many times it was done.
        have: u16,
        /// Days left, zero on the last day.
        days_left: i32,
        /// Working days left, today included.
        working_days_left: i32,
    },
    /// Yet to begin.
    Ahead,
}

/// A window of a rule with how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// The school, for a rule that holds for each.
    pub school: Option<i64>,
    /// The window.
    pub duty: &'a DutyWindow,
    /// How it stands.
    pub keeping: Keeping,
}

/// How each window of a rule stands on a day, for one school or for the municipality.
///
/// Two events on one day count once. An event of another school does not count for this one; for a rule of the
/// municipality every event counts.
#[must_use]
pub fn keeping<'a>(
    rule: &'a Rule,
    duties: &'a [DutyWindow],
    school: Option<i64>,
    events: &[Event],
    excuses: &[Excuse],
    today: Date,
) -> Vec<Kept<'a>> {
    let school = school.filter(|_| rule.for_each_school);
    let is_ours = |event: &&Event| {
        event.kind == rule.event && event.on <= today && (!rule.for_each_school || event.school == school)
    };
    let mut own: Vec<&Event> = events.iter().filter(is_ours).collect();
    own.sort_by_key(|event| (event.meant_for, event.on));
    own.dedup_by_key(|event| (event.meant_for, event.on));
    let (free, meant) = own.split_at(own.partition_point(|event| event.meant_for.is_none()));
    let mut all = Vec::with_capacity(duties.len());
    for duty in duties {
        let excuse = excuses
            .iter()
            .find(|e| e.rule == rule.id && e.school == school && e.due == duty.window.due)
            .map(|excuse| excuse.reason.clone())
            .or_else(|| duty.excused.clone());
        let first = free.partition_point(|event| event.on < duty.window.from);
        let behind = free.partition_point(|event| event.on <= duty.window.due);
        let meant: Vec<&Event> = meant_for(meant, duty.window.due);
        let mut within: Vec<&Event> = free.get(first..behind).unwrap_or_default().to_vec();
        let (in_time, late) = meant.split_at(meant.partition_point(|event| event.on <= duty.window.due));
        within.extend(in_time);
        within.sort_by_key(|event| event.on);
        within.dedup_by_key(|event| event.on);
        all.push(Kept { rule, school, duty, keeping: stands(duty, &within, late, excuse, today) });
    }
    all
}

/// The events meant for a window, by day.
fn meant_for<'a>(meant: &[&'a Event], due: Date) -> Vec<&'a Event> {
    let first = meant.partition_point(|event| event.meant_for < Some(due));
    let behind = meant.partition_point(|event| event.meant_for <= Some(due));
    meant.get(first..behind).unwrap_or_default().to_vec()
}

fn stands(
    duty: &DutyWindow,
    within: &[&Event],
    late: &[&Event],
    excuse: Option<String>,
    today: Date,
) -> Keeping {
    let window = duty.window;
    let have = u16::try_from(within.len()).unwrap_or(u16::MAX);
    if have >= duty.need {
        return Keeping::Kept(within.iter().map(|event| event.path.clone()).collect());
    }
    if let Some(reason) = excuse {
        return Keeping::Excused(reason);
    }
    if today < window.from {
        return Keeping::Ahead;
    }
    if today <= window.due {
        let before = today.yesterday().unwrap_or(today);
        return Keeping::Open {
            have,
            days_left: words::days_between(today, window.due),
            working_days_left: working_days_between(before, window.due).unwrap_or_default(),
        };
    }
    let last_needed = late.get(usize::from(duty.need - have).saturating_sub(1));
    let made_up = last_needed.map(|event| (event.path.clone(), words::days_between(window.due, event.on)));
    Keeping::Missed { have, made_up }
}

impl Kept<'_> {
    /// The state in Russian: «пропущено, наверстали через 3 дня».
    #[must_use]
    pub fn russian(&self) -> String {
        let of = |have: u16| {
            if self.duty.need > 1 { format!(" ({have} из {})", self.duty.need) } else { String::new() }
        };
        match &self.keeping {
            Keeping::Kept(_) => "соблюдено".to_owned(),
            Keeping::Missed { have, made_up: None } => format!("пропущено{}", of(*have)),
            Keeping::Missed { made_up: Some((_, days)), .. } => {
                format!("пропущено, наверстали через {}", words::days(*days))
            }
            Keeping::Excused(reason) => format!("не требуется: {reason}"),
            Keeping::Open { have, days_left: 0, .. } => format!("последний день сегодня{}", of(*have)),
            Keeping::Open { have, days_left, working_days_left } => {
                format!("осталось {}, рабочих {working_days_left}{}", words::days(*days_left), of(*have))
            }
            Keeping::Ahead => format!("начнётся {}", words::day(self.duty.window.from)),
        }
    }

    /// What the window is, with its clause: «Посещение школы (п. 1.23), с 2 марта 2026 по 8 марта 2026».
    #[must_use]
    pub fn title(&self) -> String {
        let window = self.duty.window;
        format!(
            "{} ({}), с {} по {}",
            self.rule.what,
            self.rule.clause,
            words::day(window.from),
            words::day(window.due)
        )
    }
}
