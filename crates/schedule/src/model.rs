//! What kinds of deadline are there?

use jiff::civil::Date;

/// A deadline text and what was understood of it, part by part, in the order of the text.
///
/// There is always at least one part: an empty text is one [`Kind::Missing`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Verbatim text.
    pub text: String,
    /// The parts in the order of the text.
    pub parts: Vec<Part>,
}

/// One part of a deadline text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it says.
    pub kind: Kind,
    /// What it is limited to, verbatim: «на стадии реализации дорожных карт».
    pub scope: Option<String>,
    /// What the text did not say and the context supplied.
    pub inferred: Inferred,
}

/// What a part of a deadline says. What is not a date stays typed as what it is: no date is ever invented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On a day: «01.04.2021».
    Day(When),
    /// Not later than the end of a day: «до 01.04.2021», «в срок до 1 сентября ежегодно».
    Deadline {
        /// The last day.
        end: When,
        /// Every year anew.
        annual: bool,
    },
    /// From a first day to a last day, both included: «март 2021», «с 1 по 15 сентября», «август ежегодно».
    Interval {
        /// First day.
        start: When,
        /// Last day; may lie before the first where the text says so, which a checker reports.
        end: When,
        /// Every year anew.
        annual: bool,
    },
    /// Again and again: «ежемесячно», «не реже 1 раза в 3-4 недели».
    Recurrence {
        /// Length of the period in which the thing happens.
        every: Every,
        /// Upper bound of a period given as a range: P4W in «1 раза в 3-4 недели».
        every_max: Option<Every>,
        /// How many times in a period, where the text says it.
        times: Option<Times>,
        /// Only within these days: «ежемесячно с сентября по май».
        within: Option<Within>,
    },
    /// All the time of a span: «в течение учебного года», «постоянно».
    Ongoing(Span),
    /// When something holds: «по мере необходимости».
    Condition(String),
    /// As another plan says: «по плану работы ЦДО». The name is verbatim with its head noun in the nominative: «план работы ЦДО».
    ExternalPlan(String),
    /// A time counted from an event: «в течение 10 рабочих дней после утверждения».
    Relative {
        /// The event, verbatim.
        after: String,
        /// How long after it.
        duration: Every,
    },
    /// There is no text, or only a dash.
    Missing,
    /// Text that is not understood, verbatim.
    Unrecognised(String),
}

/// A day with its year, or a day of a year that is not known or is every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// A full date.
    Date(Date),
    /// A month and a day without a year, written `--08-31`.
    MonthDay(MonthDay),
}

/// A month and a day of no particular year. 29 February is allowed and means the last day of February.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    /// Month, 1–12.
    pub month: i8,
    /// Day of the month, 1–31 and no more than the month can have.
    pub day: i8,
}

/// First and last day of a limit, both included. Either both have a year or neither has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// First day.
    pub start: When,
    /// Last day.
    pub end: When,
}

/// A length of time: a number of units, as `P3W`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Every {
    /// How many units, at least one.
    pub count: u16,
    /// The unit.
    pub unit: Unit,
}

/// A unit of time. Quarters are three months, half-years six.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Calendar day.
    Day,
    /// Working day by the production calendar.
    WorkingDay,
    /// Week.
    Week,
    /// Calendar month.
    Month,
    /// Year.
    Year,
    /// School year, 1 September to 31 August.
    SchoolYear,
}

/// How many times in a period: «не менее 2 раз» has a minimum only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// At least.
    pub min: Option<u16>,
    /// At most.
    pub max: Option<u16>,
}

/// A span of time without dates of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    /// «в течение года».
    Year,
    /// «в течение учебного года».
    SchoolYear,
    /// «в ходе реализации проекта», «в период действия программы», «весь период».
    Project,
    /// «постоянно».
    Permanent,
}

/// What the text did not say: the context supplied it, or a rule of reading did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inferred {
    /// The year: «март» in a section «2021 год».
    pub year: bool,
    /// The month: «до 20 числа» in a plan or section of one month.
    pub month: bool,
    /// A day that may be meant otherwise: «до декабря» is read up to 31 December, «начало мая» up to the 10th.
    pub day: bool,
}

/// What is known around a deadline text and may supply a missing year.
///
/// The section's year counts most, then the plan's period (only where exactly one occurrence lies in it), then
/// the date of the act (the first occurrence that does not end before it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Year of the section, as in the section row «2021 год».
    pub year: Option<i16>,
    /// Period of the plan.
    pub period: Option<Period>,
    /// Date of the act.
    pub act_date: Option<Date>,
}

/// First and last day of a plan or window, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
}
