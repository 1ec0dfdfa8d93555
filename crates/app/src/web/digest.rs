//! What of a plan is kept at hand to show it among hundreds of others: its days and the names of what falls on them?

use std::borrow::Cow;

use jiff::civil::Date;
use opora_cycle::vocabulary::{Activity, ActivityKey, Order};
use opora_schedule::{Occurrence, OccurrenceKind};

use super::views::agenda::{Item, agenda, is_afloat, state_of};

/// The days of a plan's version. Some twenty kilobytes for sixty activities.
#[derive(Clone, Debug)]
pub struct Digest {
    version: i32,
    /// The only day it holds for, where the plan says nothing of when it is.
    only_on: Option<Date>,
    /// Every last day, in order.
    pub due: Vec<Due>,
    entries: Vec<Entry>,
}

/// A day by which something is to be done.
#[derive(Clone, Debug)]
pub struct Due {
    /// The day.
    pub day: Date,
    /// What.
    pub key: ActivityKey,
    /// Its number.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
}

/// An activity without what a calendar does not show.
#[derive(Clone, Debug)]
struct Entry {
    section: usize,
    activity: Activity,
    spans: Vec<Occurrence>,
}

impl Digest {
    /// The digest of an order's plan.
    pub fn of(order: &Order, version: i32, today: Date) -> Self {
        let items = agenda(order, today).items;
        let mut due = Vec::new();
        for item in &items {
            // A recurrence or a thing that goes on all the time has no one day to be late for.
            let once = |kind| !matches!(kind, OccurrenceKind::Recurrence | OccurrenceKind::Ongoing);
            let dated = item.spans.iter().filter(|span| once(span.kind));
            due.extend(dated.map(|span| Due {
                day: span.end,
                key: item.activity.key,
                number: item.activity.number.clone(),
                title: item.activity.title.clone(),
            }));
        }
        due.sort_by_key(|due| due.day);
        let only_on = is_afloat(order).then_some(today);
        Self { version, only_on, due, entries: items.into_iter().map(Entry::of).collect() }
    }

    /// It is of this version and holds on this day.
    pub fn holds(&self, version: i32, today: Date) -> bool {
        self.version == version && self.only_on.is_none_or(|day| day == today)
    }

    /// The activities with their days, as they stand on a day. Of the activities there are key, number, title and
    /// schedule.
    pub fn items(&self, today: Date) -> impl Iterator<Item = Item<'_>> {
        self.entries.iter().map(move |entry| Item {
            section: entry.section,
            activity: &entry.activity,
            spans: Cow::Borrowed(&entry.spans),
            state: state_of(&entry.activity.schedule, &entry.spans, today),
        })
    }
}

impl Entry {
    fn of(item: Item<'_>) -> Self {
        let whole = item.activity;
        let activity = Activity {
            key: whole.key,
            number: whole.number.clone(),
            title: whole.title.clone(),
            responsible: Vec::new(),
            schedule: whole.schedule.clone(),
            outcome: None,
            target_group: None,
            other: Vec::new(),
            source: Vec::new(),
        };
        Self { section: item.section, activity, spans: item.spans.into_owned() }
    }
}
