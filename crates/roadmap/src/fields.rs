//! Which texts does a roadmap consist of, and how is each of them called?

use std::fmt;
use std::str::FromStr;

use opora_cycle::vocabulary::{Activity, ActivityKey, OtherCell, Plan, Section};

use crate::sections::matched;

/// A text of an activity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Number as written.
    Number,
    /// What is done.
    Title,
    /// Who does it.
    Responsible,
    /// When.
    Schedule,
    /// Expected result.
    Outcome,
    /// For whom.
    TargetGroup,
    /// A cell of another column: its head, and which of the cells with this head, from one.
    Other(String, usize),
}

/// A text of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionField {
    /// Number as written.
    Number,
    /// Title.
    Title,
    /// Year its deadlines belong to.
    Year,
}

/// The place of a text in a roadmap, written `activity/12/schedule`, `section/2/title`, `plan/title`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Path {
    /// Title of the plan.
    PlanTitle,
    /// Period of the plan.
    PlanPeriod,
    /// A whole section, counted from one.
    Section(usize),
    /// A text of a section, counted from one.
    SectionField(usize, SectionField),
    /// A whole activity.
    Activity(ActivityKey),
    /// A text of an activity.
    ActivityField(ActivityKey, Field),
}

/// The path is not that of a text of a roadmap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchPath;

/// Head of the cell that tells by what an activity is proved.
pub const EVIDENCE: &str = "Подтверждение";
/// Head of the cell that tells by which value the success of an activity is seen.
pub const INDICATOR: &str = "Показатель";

impl Field {
    /// In Russian, lower case; the head of its column for a cell of another column.
    pub fn russian(&self) -> &str {
        match self {
            Self::Number => "номер",
            Self::Title => "название",
            Self::Responsible => "ответственные",
            Self::Schedule => "срок",
            Self::Outcome => "результат",
            Self::TargetGroup => "целевая группа",
            Self::Other(head, _) => head,
        }
    }

    /// The text of an activity; empty where there is none.
    pub fn text(&self, activity: &Activity) -> String {
        let option = |text: &Option<String>| text.clone().unwrap_or_default();
        match self {
            Self::Number => option(&activity.number),
            Self::Title => activity.title.clone(),
            Self::Responsible => activity.responsible_text(),
            Self::Schedule => activity.schedule.text.clone(),
            Self::Outcome => option(&activity.outcome),
            Self::TargetGroup => option(&activity.target_group),
            Self::Other(head, nth) => {
                other(activity, head, *nth).map(|cell| cell.text.clone()).unwrap_or_default()
            }
        }
    }
}

/// The cell of another column by its head and number among those with this head.
pub(crate) fn other<'a>(activity: &'a Activity, head: &str, nth: usize) -> Option<&'a OtherCell> {
    activity.other.iter().filter(|cell| cell.head == head).nth(nth.checked_sub(1)?)
}

/// The fields every activity has, in the order of a row.
pub(crate) const FIELDS: [Field; 6] =
    [Field::Number, Field::Title, Field::Responsible, Field::Schedule, Field::Outcome, Field::TargetGroup];

/// The fields of an activity with its other cells.
pub(crate) fn fields_of(activity: &Activity) -> Vec<Field> {
    let mut fields = FIELDS.to_vec();
    let mut seen: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for cell in &activity.other {
        let nth = seen.entry(&cell.head).or_default();
        *nth += 1;
        fields.push(Field::Other(cell.head.clone(), *nth));
    }
    fields
}

/// The fields of several activities together, each once.
pub(crate) fn fields_of_all(activities: &[&Activity]) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut known = std::collections::HashSet::new();
    for field in activities.iter().flat_map(|activity| fields_of(activity)) {
        if known.insert(field.clone()) {
            fields.push(field);
        }
    }
    fields
}

impl SectionField {
    pub(crate) const ALL: [Self; 3] = [Self::Number, Self::Title, Self::Year];

    /// In Russian, lower case.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Number => "номер",
            Self::Title => "название",
            Self::Year => "год",
        }
    }

    /// The text of a section; empty where there is none.
    pub fn text(self, section: &Section) -> String {
        match self {
            Self::Number => section.number.clone().unwrap_or_default(),
            Self::Title => section.title.clone(),
            Self::Year => section.year.map(|year| year.to_string()).unwrap_or_default(),
        }
    }
}

/// The period of a plan as a text: «01.09.2026 – 31.05.2027», empty where there is none.
pub(crate) fn period_text(plan: &Plan) -> String {
    let Some(period) = plan.period else { return String::new() };
    let day = |date: jiff::civil::Date| date.strftime("%d.%m.%Y").to_string();
    format!("{} – {}", day(period.start), day(period.end))
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PlanTitle => f.write_str("plan/title"),
            Self::PlanPeriod => f.write_str("plan/period"),
            Self::Section(number) => write!(f, "section/{number}"),
            Self::SectionField(number, field) => {
                let field = match field {
                    SectionField::Number => "number",
                    SectionField::Title => "title",
                    SectionField::Year => "year",
                };
                write!(f, "section/{number}/{field}")
            }
            Self::Activity(key) => write!(f, "activity/{}", key.0),
            Self::ActivityField(key, field) => {
                write!(f, "activity/{}/", key.0)?;
                match field {
                    Field::Number => f.write_str("number"),
                    Field::Title => f.write_str("title"),
                    Field::Responsible => f.write_str("responsible"),
                    Field::Schedule => f.write_str("schedule"),
                    Field::Outcome => f.write_str("outcome"),
                    Field::TargetGroup => f.write_str("target_group"),
                    Field::Other(head, nth) => write!(f, "other/{nth}/{head}"),
                }
            }
        }
    }
}

impl FromStr for Path {
    type Err = NoSuchPath;

    fn from_str(text: &str) -> Result<Self, NoSuchPath> {
        let mut pieces = text.splitn(3, '/');
        let (Some(what), Some(which)) = (pieces.next(), pieces.next()) else { return Err(NoSuchPath) };
        let field = pieces.next();
        let number = || which.parse().map_err(|_| NoSuchPath);
        let path = match (what, field) {
            ("plan", None) if which == "title" => Self::PlanTitle,
            ("plan", None) if which == "period" => Self::PlanPeriod,
            ("section", None) => Self::Section(number()?),
            ("section", Some(field)) => {
                let field = match field {
                    "number" => SectionField::Number,
                    "title" => SectionField::Title,
                    "year" => SectionField::Year,
                    _ => return Err(NoSuchPath),
                };
                Self::SectionField(number()?, field)
            }
            ("activity", field) => {
                let key = ActivityKey(which.parse().map_err(|_| NoSuchPath)?);
                match field {
                    None => Self::Activity(key),
                    Some(field) => Self::ActivityField(key, activity_field(field)?),
                }
            }
            _ => return Err(NoSuchPath),
        };
        // One text has one path: «section/01» is none.
        if path.to_string() == text { Ok(path) } else { Err(NoSuchPath) }
    }
}

fn activity_field(text: &str) -> Result<Field, NoSuchPath> {
    Ok(match text {
        "number" => Field::Number,
        "title" => Field::Title,
        "responsible" => Field::Responsible,
        "schedule" => Field::Schedule,
        "outcome" => Field::Outcome,
        "target_group" => Field::TargetGroup,
        _ => {
            let (nth, head) =
                text.strip_prefix("other/").and_then(|rest| rest.split_once('/')).ok_or(NoSuchPath)?;
            Field::Other(head.to_owned(), nth.parse().map_err(|_| NoSuchPath)?)
        }
    })
}

impl Path {
    /// How a person calls the text: «Мероприятие 1.2 «Провести педсовет», срок». A thing that the plan does not have
    /// any more is named as such.
    pub fn human(&self, plan: &Plan) -> String {
        let section = |number: usize| number.checked_sub(1).and_then(|at| plan.sections.get(at));
        let activity = |key: ActivityKey| plan.activities().find(|activity| activity.key == key);
        match self {
            Self::PlanTitle => "Название дорожной карты".to_owned(),
            Self::PlanPeriod => "Период дорожной карты".to_owned(),
            Self::Section(number) => section_name(*number, section(*number)),
            Self::SectionField(number, field) => {
                format!("{}, {}", section_name(*number, section(*number)), field.russian())
            }
            Self::Activity(key) => activity_or_gone(*key, activity(*key)),
            Self::ActivityField(key, field) => {
                format!("{}, {}", activity_or_gone(*key, activity(*key)), field.russian())
            }
        }
    }

    /// The same place in a newer version: a section may stand elsewhere there. None where it is gone.
    pub fn follow(&self, old: &Plan, new: &Plan) -> Option<Self> {
        let section = |number: &usize| {
            let went = matched(old, new);
            number.checked_sub(1).and_then(|at| went.get(at).copied().flatten()).map(|at| at + 1)
        };
        match self {
            Self::PlanTitle | Self::PlanPeriod => Some(self.clone()),
            Self::Section(number) => section(number).map(Self::Section),
            Self::SectionField(number, field) => section(number).map(|at| Self::SectionField(at, *field)),
            Self::Activity(_) | Self::ActivityField(..) => self.text(new).map(|_| self.clone()),
        }
    }

    /// The text at this path; none where the plan has no such thing. A whole activity or section gives its title.
    pub fn text(&self, plan: &Plan) -> Option<String> {
        let section = |number: &usize| number.checked_sub(1).and_then(|at| plan.sections.get(at));
        let activity = |key: &ActivityKey| plan.activities().find(|activity| activity.key == *key);
        match self {
            Self::PlanTitle => Some(plan.title.clone()),
            Self::PlanPeriod => Some(period_text(plan)),
            Self::Section(number) => section(number).map(|section| section.title.clone()),
            Self::SectionField(number, field) => section(number).map(|section| field.text(section)),
            Self::Activity(key) => activity(key).map(|activity| activity.title.clone()),
            Self::ActivityField(key, field) => activity(key).map(|activity| field.text(activity)),
        }
    }
}

/// «Раздел 2 «Мотивация»».
pub(crate) fn section_name(number: usize, section: Option<&Section>) -> String {
    match section {
        Some(section) if section.title.is_empty() => format!("Раздел {number}"),
        Some(section) => format!("Раздел {number} «{}»", shortened(&section.title)),
        None => format!("Раздел {number}, которого больше нет"),
    }
}

/// «Мероприятие 1.2 «Провести педсовет»».
pub(crate) fn activity_name(activity: &Activity) -> String {
    let title = shortened(&activity.title);
    match &activity.number {
        Some(number) => format!("Мероприятие {number} «{title}»"),
        None => format!("Мероприятие «{title}»"),
    }
}

fn activity_or_gone(key: ActivityKey, activity: Option<&Activity>) -> String {
    activity.map_or_else(|| format!("Мероприятие, которого больше нет (ключ {})", key.0), activity_name)
}

/// At most sixty characters of a text, on one line.
pub(crate) fn shortened(text: &str) -> String {
    let line = opora_cycle::text::one_line(text);
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default().trim_end()),
        None => line,
    }
}
