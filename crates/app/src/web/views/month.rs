//! What falls on which day of a month?

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use opora_schedule::{Occurrence, OccurrenceKind, calendar};

use super::agenda::Item;
use super::filter::Month;

/// Days of one activity in a month up to which a thing that comes again is shown on its days.
const REPEATS_ON_DAYS: usize = 5;

/// A month of a wall calendar, weeks from Monday.
#[derive(Clone, Debug)]
pub struct MonthGrid<'a> {
    /// The month.
    pub month: Month,
    /// Its weeks with the days before and after that fill them.
    pub weeks: Vec<Vec<DayCell<'a>>>,
    /// What goes on in the month and belongs to no single day.
    pub running: Vec<Running<'a>>,
    /// What has no days at all, in this month or another.
    pub undated: Vec<Owned<'a>>,
}

/// An activity and the plan it is of.
#[derive(Clone, Copy, Debug)]
pub struct Owned<'a> {
    /// Number of the plan among those given.
    pub plan: usize,
    /// The activity.
    pub item: &'a Item<'a>,
}

/// A day of the grid.
#[derive(Clone, Debug)]
pub struct DayCell<'a> {
    /// The day.
    pub date: Date,
    /// It is of the month, not of its neighbours.
    pub in_month: bool,
    /// It is today.
    pub today: bool,
    /// It is a working day by the production calendar.
    pub working: bool,
    /// What falls on the day; empty outside the month.
    pub entries: Vec<Entry<'a>>,
    /// Things that have begun earlier and end later, those of the whole month aside.
    pub running: usize,
}

/// A thing on a day.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The activity.
    pub owned: Owned<'a>,
    /// Its days.
    pub occurrence: Occurrence,
    /// What happens on the day.
    pub edge: Edge,
}

/// What happens on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// The last day for it.
    Deadline,
    /// The day of it.
    Day,
    /// The last of its days.
    Ends,
    /// The first of its days.
    Begins,
}

impl Edge {
    /// In Russian.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Deadline => "срок",
            Self::Day => "в этот день",
            Self::Ends => "окончание",
            Self::Begins => "начало",
        }
    }
}

/// A thing that goes on in a month.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a> {
    /// The activity.
    pub owned: Owned<'a>,
    /// Its days.
    pub occurrence: Occurrence,
    /// How far they reach.
    pub reach: Reach,
}

/// How far a thing that goes on in a month reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// It is a thing of this month: its last day is the last of the month.
    UntilMonthEnd,
    /// It goes on after the month.
    Longer,
    /// It comes again and again.
    Recurring,
    /// All the time.
    Ongoing,
}

impl Reach {
    /// Every reach in the order of the page.
    pub const ALL: [Self; 4] = [Self::UntilMonthEnd, Self::Longer, Self::Recurring, Self::Ongoing];

    /// Word for addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::UntilMonthEnd => "month",
            Self::Longer => "longer",
            Self::Recurring => "recurring",
            Self::Ongoing => "ongoing",
        }
    }

    /// Heading of the group in Russian.
    pub fn russian(self) -> &'static str {
        match self {
            Self::UntilMonthEnd => "Закончить до конца месяца",
            Self::Longer => "Продолжается и дальше",
            Self::Recurring => "Повторяется",
            Self::Ongoing => "Весь период",
        }
    }
}

/// Lays activities out on a month.
pub fn month_grid<'a>(month: Month, items: &[Owned<'a>], today: Date) -> MonthGrid<'a> {
    let first = Date::new(month.year, month.month, 1).unwrap_or(today.first_of_month());
    let last = first.last_of_month();
    let mut running = Vec::new();
    let mut entries: Vec<(Date, Entry<'a>)> = Vec::new();
    let mut between: Vec<(Date, Date)> = Vec::new();
    for owned in items {
        let met: Vec<Occurrence> =
            owned.item.spans.iter().filter(|s| s.end >= first && s.start <= last).copied().collect();
        place(*owned, &met, first, last, &mut running, &mut entries);
        let partial = met.iter().filter(|s| s.kind == OccurrenceKind::Interval && !covers(s, first, last));
        between.extend(partial.map(|s| (s.start, s.end)));
    }
    running.sort_by_key(|r: &Running<'_>| (r.reach, r.occurrence.end, r.owned.plan));
    entries.sort_by_key(|(date, entry)| (*date, entry.edge, entry.owned.plan));
    let monday = first.saturating_sub(i64::from(first.weekday().to_monday_zero_offset()).days());
    let sunday = last.saturating_add(i64::from(6 - last.weekday().to_monday_zero_offset()).days());
    let cells: Vec<DayCell<'a>> = monday
        .series(1.day())
        .take_while(|date| *date <= sunday)
        .map(|date| DayCell {
            date,
            in_month: (first..=last).contains(&date),
            today: date == today,
            working: calendar::is_working_day(date),
            entries: entries.iter().filter(|(day, _)| *day == date).map(|(_, entry)| *entry).collect(),
            running: between.iter().filter(|(start, end)| *start < date && date < *end).count(),
        })
        .collect();
    let undated = items.iter().filter(|owned| owned.item.spans.is_empty()).copied().collect();
    MonthGrid { month, weeks: cells.chunks(7).map(<[_]>::to_vec).collect(), running, undated }
}

fn covers(span: &Occurrence, first: Date, last: Date) -> bool {
    span.start <= first && span.end >= last
}

/// Puts the occurrences of one activity on days of the month or among what goes on in it.
fn place<'a>(
    owned: Owned<'a>,
    met: &[Occurrence],
    first: Date,
    last: Date,
    running: &mut Vec<Running<'a>>,
    entries: &mut Vec<(Date, Entry<'a>)>,
) {
    let mut put = |date: Date, occurrence: Occurrence, edge: Edge| {
        if (first..=last).contains(&date) {
            entries.push((date, Entry { owned, occurrence, edge }));
        }
    };
    let repeats: Vec<&Occurrence> = met.iter().filter(|s| s.kind == OccurrenceKind::Recurrence).collect();
    let on_days = repeats.len() <= REPEATS_ON_DAYS && repeats.iter().all(|s| s.start == s.end);
    if let Some(repeat) = repeats.first().filter(|_| !on_days) {
        running.push(Running { owned, occurrence: **repeat, reach: Reach::Recurring });
    }
    for occurrence in met {
        match occurrence.kind {
            OccurrenceKind::Day => put(occurrence.end, *occurrence, Edge::Day),
            OccurrenceKind::Deadline => put(occurrence.end, *occurrence, Edge::Deadline),
            OccurrenceKind::Recurrence if on_days => put(occurrence.end, *occurrence, Edge::Day),
            OccurrenceKind::Recurrence => {}
            OccurrenceKind::Ongoing => {
                running.push(Running { owned, occurrence: *occurrence, reach: Reach::Ongoing });
            }
            OccurrenceKind::Interval if covers(occurrence, first, last) => {
                let reach = if occurrence.end == last { Reach::UntilMonthEnd } else { Reach::Longer };
                running.push(Running { owned, occurrence: *occurrence, reach });
            }
            OccurrenceKind::Interval => {
                put(occurrence.start, *occurrence, Edge::Begins);
                put(occurrence.end, *occurrence, Edge::Ends);
            }
        }
    }
}

/// How many activities have a last day in each month of a year, January first. What only comes again or goes on
/// all the time is not counted: it would be the same number everywhere.
pub fn due_by_month(items: &[Owned<'_>], year: i16) -> [usize; 12] {
    let mut counts = [0; 12];
    for owned in items {
        let mut months = [false; 12];
        let repeats =
            |s: &&Occurrence| matches!(s.kind, OccurrenceKind::Recurrence | OccurrenceKind::Ongoing);
        for span in owned.item.spans.iter().filter(|s| s.end.year() == year && !repeats(s)) {
            let index = usize::try_from(span.end.month() - 1).unwrap_or_default();
            months.iter_mut().skip(index).take(1).for_each(|month| *month = true);
        }
        counts.iter_mut().zip(months).for_each(|(count, due)| *count += usize::from(due));
    }
    counts
}

/// The month a calendar opens on: this one where the activities have days in it, or else the nearest that has.
pub fn opening_month(items: &[Owned<'_>], today: Date) -> Month {
    let spans = || items.iter().flat_map(|owned| owned.item.spans.iter());
    let this = today.first_of_month()..=today.last_of_month();
    if spans().any(|s| s.end >= *this.start() && s.start <= *this.end()) {
        return Month::of(today);
    }
    let ahead = spans().map(|s| s.start).filter(|day| *day > *this.end()).min();
    let behind = spans().map(|s| s.end).filter(|day| *day < *this.start()).max();
    Month::of(ahead.or(behind).unwrap_or(today))
}

/// Heads of the grid's columns.
pub const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
