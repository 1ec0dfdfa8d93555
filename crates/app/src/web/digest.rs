//! What of a plan is kept at hand to show it among hundreds of others: its days and the names of what falls on them?

use std::borrow::Cow;

use jiff::civil::Date;
use opora_cycle::vocabulary::{Activity, ActivityKey, Order};
use opora_schedule::{Occurrence, OccurrenceKind};

use super::views::agenda::{Item, State, agenda};

/// The days of a plan's version as they stand on one day. Some twenty kilobytes for sixty activities.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Number of the version.
    pub version: i32,
    /// The day.
    pub today: Date,
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
    state: State,
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
        Self { version, today, due, entries: items.into_iter().map(Entry::of).collect() }
    }

    /// The activities with their days. Of the activities there are key, number, title and schedule.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.entries.iter().map(|entry| Item {
            section: entry.section,
            activity: &entry.activity,
            spans: Cow::Borrowed(&entry.spans),
            state: entry.state,
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
        Self { section: item.section, activity, spans: item.spans.into_owned(), state: item.state }
    }
}
