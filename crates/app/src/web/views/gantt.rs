//! Where does each thing of a plan lie on a time line?

use jiff::{ToSpan, Unit, civil::Date};
use opora_schedule::{Occurrence, OccurrenceKind, Period};

use super::agenda::{Agenda, Item};
use super::words::month_short;

/// Width that the whole period takes at the smallest zoom, in pixels.
const OVERVIEW_WIDTH: f64 = 880.0;
/// Ticks closer than this, in pixels, are drawn as a pattern: they would run together.
const TICK_SPACE: f64 = 6.0;
/// The widest chart, in pixels; a longer one is pressed together.
const WIDTH_MAX: f64 = 12_000.0;
/// A bar is never narrower, in pixels, or a day in five years would not be seen.
const BAR_MIN: f64 = 3.0;

/// How much time a screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zoom {
    /// The whole period.
    #[default]
    Overview,
    /// Some quarters.
    Quarters,
    /// Some months.
    Months,
}

impl Zoom {
    /// Every zoom, the smallest first.
    pub const ALL: [Self; 3] = [Self::Overview, Self::Quarters, Self::Months];

    /// Word for addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Quarters => "quarters",
            Self::Months => "months",
        }
    }

    /// In Russian.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Overview => "Весь период",
            Self::Quarters => "По кварталам",
            Self::Months => "По месяцам",
        }
    }

    /// Pixels for a day of a period of so many days.
    fn pixels_per_day(self, days: f64) -> f64 {
        let overview = OVERVIEW_WIDTH / days;
        let wanted = match self {
            Self::Overview => overview,
            Self::Quarters => 1.4,
            Self::Months => 4.0,
        };
        wanted.max(overview).min((WIDTH_MAX / days).max(overview.min(1.0)))
    }
}

/// A plan on a time line.
#[derive(Clone, Debug)]
pub struct Gantt<'a> {
    /// Width of the chart in pixels.
    pub width: f64,
    /// Whole months that the line covers.
    pub period: Period,
    /// Years.
    pub years: Vec<Band>,
    /// Months or quarters; empty where they would be too narrow.
    pub steps: Vec<Band>,
    /// Middle of today, where the line covers it.
    pub today: Option<f64>,
    /// One for each activity, in order.
    pub lanes: Vec<Lane<'a>>,
    /// Zooms that differ from each other for this period.
    pub zooms: Vec<Zoom>,
}

/// A labelled stretch of the scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Left end in pixels.
    pub x: f64,
    /// Width in pixels.
    pub width: f64,
    /// «2021», «III», «апр».
    pub label: String,
}

/// The line of one activity.
#[derive(Clone, Debug)]
pub struct Lane<'a> {
    /// The activity.
    pub item: &'a Item<'a>,
    /// Its shapes, those of the past first; empty where it has no days on the line.
    pub shapes: Vec<Shape>,
    /// How many of the shapes lie wholly in the past.
    pub over: usize,
    /// Some of its days lie outside of the line.
    pub beyond: bool,
}

/// A shape on the line of an activity, in pixels from the left end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// From a day to a day.
    Bar {
        /// Left end.
        x: f64,
        /// Width.
        width: f64,
    },
    /// A day or a deadline.
    Diamond {
        /// Middle.
        x: f64,
    },
    /// One stretch of a thing that comes again: a tick at its end.
    Tick {
        /// The tick.
        x: f64,
    },
    /// Many stretches too narrow for ticks.
    Comb {
        /// Left end.
        x: f64,
        /// Width.
        width: f64,
    },
    /// All the time.
    Hatched {
        /// Left end.
        x: f64,
        /// Width.
        width: f64,
    },
}

/// Lays the kept items of an agenda out on a line of whole months.
pub fn gantt<'a>(agenda: &'a Agenda<'a>, kept: &[usize], zoom: Zoom, today: Date) -> Gantt<'a> {
    let period = Period {
        start: agenda.horizon.start.first_of_month(),
        end: agenda.horizon.end.max(agenda.horizon.start).last_of_month(),
    };
    let days = f64::from(days_between(period.start, period.end)) + 1.0;
    let scale = Scale { period, pixels_per_day: zoom.pixels_per_day(days) };
    let lanes =
        kept.iter().filter_map(|&at| agenda.items.get(at)).map(|item| lane(item, &scale, today)).collect();
    let mut zooms: Vec<Zoom> = Vec::new();
    for candidate in Zoom::ALL {
        let new =
            zooms.last().is_none_or(|last| candidate.pixels_per_day(days) > last.pixels_per_day(days) * 1.3);
        if new || candidate == zoom {
            zooms.push(candidate);
        }
    }
    Gantt {
        width: scale.pixels_per_day * days,
        period,
        years: years(&scale),
        steps: steps(&scale),
        today: (period.start..=period.end).contains(&today).then(|| scale.middle(today)),
        lanes,
        zooms,
    }
}

/// A line of whole months without lanes, for a caller that draws its own.
pub fn blank<'a>(period: Period, zoom: Zoom, today: Date) -> Gantt<'a> {
    let agenda = Agenda { horizon: period, items: Vec::new() };
    let empty = gantt(&agenda, &[], zoom, today);
    Gantt { lanes: Vec::new(), ..empty }
}

impl Gantt<'_> {
    fn scale(&self) -> Scale {
        let days = f64::from(days_between(self.period.start, self.period.end)) + 1.0;
        Scale { period: self.period, pixels_per_day: self.width / days }
    }

    /// The shape of a day.
    pub fn day(&self, day: Date) -> Shape {
        Shape::Diamond { x: self.scale().middle(day) }
    }

    /// The shape of a stretch of days.
    pub fn stretch(&self, start: Date, end: Date) -> Shape {
        let (x, width) = self.scale().stretch(start, end);
        Shape::Bar { x, width }
    }
}

fn days_between(start: Date, end: Date) -> i32 {
    end.since((Unit::Day, start)).map_or(0, |span| span.get_days())
}

struct Scale {
    period: Period,
    pixels_per_day: f64,
}

impl Scale {
    /// Left end of a day.
    fn left(&self, date: Date) -> f64 {
        f64::from(days_between(self.period.start, date)) * self.pixels_per_day
    }

    fn right(&self, date: Date) -> f64 {
        self.left(date) + self.pixels_per_day
    }

    fn middle(&self, date: Date) -> f64 {
        self.left(date) + self.pixels_per_day / 2.0
    }

    /// The part of an occurrence that the line covers.
    fn clip(&self, occurrence: Occurrence) -> Option<(Date, Date)> {
        let start = occurrence.start.max(self.period.start);
        let end = occurrence.end.min(self.period.end);
        (start <= end).then_some((start, end))
    }

    fn stretch(&self, start: Date, end: Date) -> (f64, f64) {
        let x = self.left(start);
        (x, (self.right(end) - x).max(BAR_MIN))
    }
}

fn lane<'a>(item: &'a Item<'a>, scale: &Scale, today: Date) -> Lane<'a> {
    let beyond = item.spans.iter().any(|s| s.end < scale.period.start || s.start > scale.period.end);
    let mut shapes = repeats(item, scale);
    for occurrence in item.spans.iter() {
        let Some((start, end)) = scale.clip(*occurrence) else { continue };
        let (x, width) = scale.stretch(start, end);
        let shape = match occurrence.kind {
            OccurrenceKind::Day | OccurrenceKind::Deadline => Shape::Diamond { x: scale.middle(end) },
            OccurrenceKind::Interval => Shape::Bar { x, width },
            OccurrenceKind::Ongoing => Shape::Hatched { x, width },
            OccurrenceKind::Recurrence => continue,
        };
        shapes.push((end, shape));
    }
    shapes.sort_by_key(|(end, _)| *end);
    let over = shapes.iter().take_while(|(end, _)| *end < today).count();
    Lane { item, shapes: shapes.into_iter().map(|(_, shape)| shape).collect(), over, beyond }
}

/// Shapes of the stretches that come again, each with its last day: ticks where there is room, else one comb for each
/// unbroken run.
fn repeats(item: &Item<'_>, scale: &Scale) -> Vec<(Date, Shape)> {
    let stretches: Vec<(Date, Date)> = item
        .spans
        .iter()
        .filter(|s| s.kind == OccurrenceKind::Recurrence)
        .filter_map(|occurrence| scale.clip(*occurrence))
        .collect();
    let space =
        |(start, end): &(Date, Date)| f64::from(days_between(*start, *end) + 1) * scale.pixels_per_day;
    // The first and the last may be cut by the ends of the line.
    let narrowest = stretches.iter().map(space).fold(0.0_f64, f64::max);
    if narrowest >= TICK_SPACE || stretches.iter().all(|(start, end)| start == end) && stretches.len() < 60 {
        return stretches.iter().map(|(_, end)| (*end, Shape::Tick { x: scale.middle(*end) })).collect();
    }
    let mut runs: Vec<(Date, Date)> = Vec::new();
    for (start, end) in stretches {
        match runs.last_mut() {
            Some((_, last)) if last.saturating_add(8.days()) >= start => *last = end.max(*last),
            _ => runs.push((start, end)),
        }
    }
    runs.into_iter()
        .map(|(start, end)| {
            let (x, width) = scale.stretch(start, end);
            (end, Shape::Comb { x, width })
        })
        .collect()
}

fn years(scale: &Scale) -> Vec<Band> {
    bands(scale, 12, |date| format!("{}", date.year()))
}

fn steps(scale: &Scale) -> Vec<Band> {
    if scale.pixels_per_day * 30.0 >= 26.0 {
        bands(scale, 1, |date| month_short(date.month()).to_owned())
    } else if scale.pixels_per_day * 90.0 >= 20.0 {
        let name = |date: Date| ["I", "II", "III", "IV"].get(quarter(date)).copied().unwrap_or("");
        bands(scale, 3, |date| name(date).to_owned())
    } else {
        Vec::new()
    }
}

fn quarter(date: Date) -> usize {
    usize::try_from((date.month() - 1) / 3).unwrap_or(0)
}

/// Stretches of so many months, counted from January, that the line covers.
fn bands(scale: &Scale, months: i8, label: impl Fn(Date) -> String) -> Vec<Band> {
    let mut bands = Vec::new();
    let mut start = scale.period.start;
    while start <= scale.period.end {
        let rest = months - (start.month() - 1) % months;
        let next = start.first_of_month().saturating_add(i64::from(rest).months());
        let end = next.saturating_sub(1.day()).min(scale.period.end);
        let x = scale.left(start);
        bands.push(Band { x, width: scale.right(end) - x, label: label(start) });
        if next <= start {
            break;
        }
        start = next;
    }
    bands
}
