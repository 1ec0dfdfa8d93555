//! Which activities of a plan does a reader ask for, and how is that written in an address?

use jiff::civil::Date;
use opora_cycle::text::{begins_with, fold, stems, words};
use opora_cycle::vocabulary::{Activity, Party, PartyKind, SchoolRef};
use opora_schedule::Kind;

use super::agenda::{Item, State};
use crate::web::words::month;

/// What a reader asks for. Values of one facet are alternatives; facets narrow each other. Unknown words of an
/// address are left out: an old link shows more than it did, never an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words that must all occur in an activity, in any form.
    pub text: String,
    /// States by date.
    pub states: Vec<State>,
    /// Parties, folded as in [`party_key`].
    pub parties: Vec<String>,
    /// Schools, as in [`school_key`].
    pub schools: Vec<String>,
    /// Months in which an activity has a day.
    pub months: Vec<Month>,
    /// Kinds of deadline.
    pub kinds: Vec<DeadlineKind>,
}

/// A thing that activities are narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FacetName {
    /// [`State`].
    State,
    /// Who carries it out.
    Party,
    /// School.
    School,
    /// Month.
    Month,
    /// [`DeadlineKind`].
    Kind,
}

impl FacetName {
    /// Every facet in the order of the page.
    pub const ALL: [Self; 5] = [Self::State, Self::Party, Self::School, Self::Month, Self::Kind];

    /// Name of the parameter of an address.
    pub fn parameter(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Party => "party",
            Self::School => "school",
            Self::Month => "month",
            Self::Kind => "kind",
        }
    }

    /// In Russian.
    pub fn russian(self) -> &'static str {
        match self {
            Self::State => "Состояние",
            Self::Party => "Ответственный",
            Self::School => "Школа",
            Self::Month => "Месяц",
            Self::Kind => "Вид срока",
        }
    }
}

/// A month of a year, written `2021-04`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    /// Year.
    pub year: i16,
    /// Month, 1–12.
    pub month: i8,
}

impl Month {
    /// The month a day is in.
    pub fn of(date: Date) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// Reads `2021-04`; nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return None;
        }
        let found = Self { year: year.parse().ok()?, month: month.parse().ok()? };
        ((1..=12).contains(&found.month) && (1900..=2999).contains(&found.year)).then_some(found)
    }

    /// «апрель 2021».
    pub fn russian(self) -> String {
        format!("{} {}", month(self.month), self.year)
    }

    /// The month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { month: self.month + 1, ..self }
        }
    }

    /// The month before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year - 1, month: 12 }
        } else {
            Self { month: self.month - 1, ..self }
        }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Kinds of deadline as a reader tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeadlineKind {
    /// A day or a last day.
    Date,
    /// From a day to a day, whole months included.
    Interval,
    /// Again and again.
    Recurring,
    /// All the time.
    Ongoing,
    /// When something holds or after something has happened.
    Condition,
    /// As another plan says.
    ExternalPlan,
    /// Nothing is said.
    Missing,
    /// What is said is not understood.
    Unrecognised,
}

impl DeadlineKind {
    /// Every kind in the order of the page.
    pub const ALL: [Self; 8] = [
        Self::Date,
        Self::Interval,
        Self::Recurring,
        Self::Ongoing,
        Self::Condition,
        Self::ExternalPlan,
        Self::Missing,
        Self::Unrecognised,
    ];

    /// The kind of a part of a schedule.
    pub fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Day(_) | Kind::Deadline { .. } => Self::Date,
            Kind::Interval { .. } => Self::Interval,
            Kind::Recurrence { .. } => Self::Recurring,
            Kind::Ongoing(_) => Self::Ongoing,
            Kind::Condition(_) | Kind::Relative { .. } => Self::Condition,
            Kind::ExternalPlan(_) => Self::ExternalPlan,
            Kind::Missing => Self::Missing,
            Kind::Unrecognised(_) => Self::Unrecognised,
        }
    }

    /// Word for addresses and class names.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Interval => "interval",
            Self::Recurring => "recurring",
            Self::Ongoing => "ongoing",
            Self::Condition => "condition",
            Self::ExternalPlan => "external-plan",
            Self::Missing => "missing",
            Self::Unrecognised => "unrecognised",
        }
    }

    /// In Russian.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Date => "день или крайний срок",
            Self::Interval => "месяц или промежуток",
            Self::Recurring => "повторяется",
            Self::Ongoing => "весь период",
            Self::Condition => "по условию",
            Self::ExternalPlan => "по другому плану",
            Self::Missing => "не указан",
            Self::Unrecognised => "не распознан",
        }
    }
}

/// What makes two mentions of a party the same: the name of a person, or else the folded text.
pub fn party_key(party: &Party) -> String {
    let text = party.person.as_ref().map_or(&party.text, |person| &person.name);
    fold(text).trim_matches(|c: char| !c.is_alphanumeric() && c != '"' && c != ')').to_owned()
}

/// What makes two mentions of a school the same: its number, or else the folded name.
pub fn school_key(school: &SchoolRef) -> Option<String> {
    school.number.map(|number| number.to_string()).or_else(|| school.name.as_deref().map(fold))
}

/// Key of «all schools», for a set of schools that names none.
pub const ALL_SCHOOLS: &str = "all";

/// Keys of the schools an activity names, [`ALL_SCHOOLS`] for «школы» without numbers.
pub fn school_keys(activity: &Activity) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for party in &activity.responsible {
        if party.schools.is_empty() && party.kind == PartyKind::Schools {
            keys.push(ALL_SCHOOLS.into());
        }
        keys.extend(party.schools.iter().filter_map(school_key));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl Filter {
    /// Reads the parameters of an address; of other names it knows nothing.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut filter = Self::default();
        for (name, value) in pairs {
            let value = value.trim();
            match name {
                "q" => filter.text = value.chars().take(200).collect(),
                "state" => push(&mut filter.states, State::ALL.into_iter().find(|s| s.slug() == value)),
                "kind" => push(&mut filter.kinds, DeadlineKind::ALL.into_iter().find(|k| k.slug() == value)),
                "month" => push(&mut filter.months, Month::parse(value)),
                "party" => push(&mut filter.parties, (!value.is_empty()).then(|| value.to_owned())),
                "school" => push(&mut filter.schools, (!value.is_empty()).then(|| value.to_owned())),
                _ => {}
            }
        }
        filter
    }

    /// The parameters of an address that reads back as this filter.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.text.is_empty() {
            pairs.push(("q", self.text.clone()));
        }
        for name in FacetName::ALL {
            pairs.extend(self.chosen(name).into_iter().map(|value| (name.parameter(), value)));
        }
        pairs
    }

    /// Values chosen in a facet.
    pub fn chosen(&self, name: FacetName) -> Vec<String> {
        match name {
            FacetName::State => self.states.iter().map(|s| s.slug().to_owned()).collect(),
            FacetName::Party => self.parties.clone(),
            FacetName::School => self.schools.clone(),
            FacetName::Month => self.months.iter().map(Month::to_string).collect(),
            FacetName::Kind => self.kinds.iter().map(|k| k.slug().to_owned()).collect(),
        }
    }

    /// The same filter without one value of a facet.
    #[must_use]
    pub fn without(&self, name: FacetName, value: &str) -> Self {
        let mut rest = self.clone();
        match name {
            FacetName::State => rest.states.retain(|s| s.slug() != value),
            FacetName::Party => rest.parties.retain(|p| p != value),
            FacetName::School => rest.schools.retain(|s| s != value),
            FacetName::Month => rest.months.retain(|m| m.to_string() != value),
            FacetName::Kind => rest.kinds.retain(|k| k.slug() != value),
        }
        rest
    }

    /// The same filter without its words.
    #[must_use]
    pub fn without_text(&self) -> Self {
        Self { text: String::new(), ..self.clone() }
    }

    /// Nothing is asked for: everything is shown.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn push<T: PartialEq>(values: &mut Vec<T>, value: Option<T>) {
    if let Some(value) = value.filter(|value| !values.contains(value)) {
        values.push(value);
    }
}

/// What the facets of one activity are, computed once a page.
pub(crate) struct Traits {
    state: State,
    pub(crate) parties: Vec<String>,
    pub(crate) schools: Vec<String>,
    pub(crate) months: Vec<Month>,
    pub(crate) kinds: Vec<DeadlineKind>,
}

/// Months counted for one activity at most; a plan of ten years is the longest one that makes sense.
const MONTHS_MAX: usize = 120;

impl Traits {
    pub(crate) fn of(item: &Item<'_>) -> Self {
        let mut parties: Vec<String> = item.activity.responsible.iter().map(party_key).collect();
        parties.sort_unstable();
        parties.dedup();
        let mut kinds = Vec::new();
        for part in &item.activity.schedule.parts {
            push(&mut kinds, Some(DeadlineKind::of(&part.kind)));
        }
        Self { state: item.state, parties, schools: school_keys(item.activity), months: months(item), kinds }
    }

    /// The months it has a day in.
    pub(crate) fn months(&self) -> &[Month] {
        &self.months
    }

    /// The values of the activity in a facet.
    pub(crate) fn values(&self, name: FacetName) -> Vec<String> {
        match name {
            FacetName::State => vec![self.state.slug().to_owned()],
            FacetName::Party => self.parties.clone(),
            FacetName::School => self.schools.clone(),
            FacetName::Month => self.months.iter().map(Month::to_string).collect(),
            FacetName::Kind => self.kinds.iter().map(|kind| kind.slug().to_owned()).collect(),
        }
    }

    /// The activity passes one facet of a filter.
    pub(crate) fn passes(&self, filter: &Filter, name: FacetName) -> bool {
        match name {
            FacetName::State => filter.states.is_empty() || filter.states.contains(&self.state),
            FacetName::Party => meets(&filter.parties, &self.parties),
            FacetName::School => meets(&filter.schools, &self.schools),
            FacetName::Month => meets(&filter.months, &self.months),
            FacetName::Kind => meets(&filter.kinds, &self.kinds),
        }
    }
}

fn meets<T: PartialEq>(asked: &[T], present: &[T]) -> bool {
    asked.is_empty() || asked.iter().any(|value| present.contains(value))
}

/// The months an activity has a day in, in order.
fn months(item: &Item<'_>) -> Vec<Month> {
    let mut months = Vec::new();
    for span in item.spans.iter() {
        let (mut month, last) = (Month::of(span.start), Month::of(span.end));
        while month <= last && months.len() < MONTHS_MAX {
            months.push(month);
            month = month.next();
        }
    }
    months.sort_unstable();
    months.dedup();
    months
}

/// Words of a reader's text, ready to be looked for in many activities.
pub(crate) struct Needle(Vec<String>);

impl Needle {
    pub(crate) fn new(text: &str) -> Self {
        Self(stems(text))
    }

    /// Every word occurs in the activity in some form, in whatever field.
    pub(crate) fn is_in(&self, activity: &Activity) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let mut text = String::new();
        let fields = [
            activity.number.as_deref(),
            Some(activity.title.as_str()),
            Some(activity.schedule.text.as_str()),
            activity.outcome.as_deref(),
            activity.target_group.as_deref(),
        ];
        for field in fields.into_iter().flatten() {
            text.push_str(field);
            text.push('\n');
        }
        for party in &activity.responsible {
            text.push_str(&party.text);
            text.push('\n');
        }
        let folded = fold(&text);
        self.0
            .iter()
            .all(|stem| folded.contains(stem.as_str()) || words(&folded).any(|w| begins_with(w, stem)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opora_cycle::vocabulary::{Person, SchoolKind};

    fn check(query: &[(&str, &str)], expected: &[(&str, &str)]) {
        let pairs = Filter::from_pairs(query.iter().copied()).pairs();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(pairs, expected);
    }

    #[test]
    fn an_address_reads_back_as_it_was_written() {
        check(
            &[("q", " отчёт "), ("month", "2021-04"), ("state", "past"), ("school", "14"), ("kind", "date")],
            &[("q", "отчёт"), ("state", "past"), ("school", "14"), ("month", "2021-04"), ("kind", "date")],
        );
        check(
            &[("state", "past"), ("state", "past"), ("state", "now")],
            &[("state", "past"), ("state", "now")],
        );
    }

    #[test]
    fn unknown_words_of_an_address_are_left_out() {
        check(
            &[("state", "done"), ("month", "2021-13"), ("month", "21-4"), ("party", " "), ("page", "2")],
            &[],
        );
        check(&[("month", "2021-4x"), ("month", "+021-04"), ("kind", "")], &[]);
    }

    #[test]
    fn a_person_is_the_same_with_and_without_the_post() {
        let person = |text: &str, post: Option<&str>| Party {
            text: text.into(),
            kind: PartyKind::Person,
            person: Some(Person { name: "Ёлкина М.Д.".into(), post: post.map(Into::into) }),
            schools: Vec::new(),
        };
        let with_post = party_key(&person("Ёлкина М.Д., директор школы № 5", Some("директор школы № 5")));
        assert_eq!(with_post, party_key(&person("Ёлкина М.Д.", None)));
        assert_eq!(with_post, "елкина м.д");
    }

    #[test]
    fn a_school_is_known_by_its_number_or_else_by_its_name() {
        let school = |number, name: Option<&str>| SchoolRef {
            number,
            kind: SchoolKind::Unspecified,
            name: name.map(Into::into),
        };
        assert_eq!(school_key(&school(Some(14), Some("Основная школа"))).as_deref(), Some("14"));
        assert_eq!(school_key(&school(None, Some("Лесная школа"))).as_deref(), Some("лесная школа"));
        assert_eq!(school_key(&school(None, None)), None);
    }

    #[test]
    fn months_follow_each_other_over_the_year() {
        let december = Month { year: 2021, month: 12 };
        assert_eq!(december.next().to_string(), "2022-01");
        assert_eq!(december.next().previous(), december);
    }
}
