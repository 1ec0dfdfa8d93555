//! What is being edited? One word in an address or a form.

use std::collections::HashMap;
use std::fmt;

use opora_cycle::vocabulary::ActivityKey;

use crate::usecases::edit::{
    ActFields, ActivityFields, Direction, Edit, ListFields, Lists, ParticipantsFields, PlanFields,
    ProgrammeFields, SectionFields,
};

/// What is being edited. Sections are counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The act: `act`.
    Act,
    /// Title and period of the plan: `plan`.
    Plan,
    /// The programme: `programme`.
    Programme,
    /// Indicators or criteria: `indicators`, `criteria`.
    Lists(Lists),
    /// The schools that take part: `participants`.
    Participants,
    /// The texts of a section: `section-2`.
    Section(usize),
    /// A new section before the one at this index: `addsection-2`.
    AddSection(usize),
    /// A section to be taken out: `deletesection-2`.
    DeleteSection(usize),
    /// A section to be moved: `upsection-2`, `downsection-2`.
    MoveSection(usize, Direction),
    /// An activity: `activity-15`.
    Activity(ActivityKey),
    /// A new activity in a section: `add-2`.
    Add(usize),
    /// An activity to be deleted: `delete-15`.
    Delete(ActivityKey),
    /// An activity to be moved: `up-15`, `down-15`.
    Move(ActivityKey, Direction),
}

impl Target {
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, number) = text.split_once('-').unwrap_or((text, ""));
        let index = || number.parse::<usize>().ok();
        let key = || number.parse().ok().map(ActivityKey);
        match (kind, number) {
            ("act", "") => Some(Self::Act),
            ("plan", "") => Some(Self::Plan),
            ("programme", "") => Some(Self::Programme),
            ("indicators", "") => Some(Self::Lists(Lists::Indicators)),
            ("criteria", "") => Some(Self::Lists(Lists::Criteria)),
            ("participants", "") => Some(Self::Participants),
            ("section", _) => index().map(Self::Section),
            ("addsection", _) => index().map(Self::AddSection),
            ("deletesection", _) => index().map(Self::DeleteSection),
            ("upsection", _) => index().map(|index| Self::MoveSection(index, Direction::Up)),
            ("downsection", _) => index().map(|index| Self::MoveSection(index, Direction::Down)),
            ("add", _) => index().map(Self::Add),
            ("activity", _) => key().map(Self::Activity),
            ("delete", _) => key().map(Self::Delete),
            ("up", _) => key().map(|key| Self::Move(key, Direction::Up)),
            ("down", _) => key().map(|key| Self::Move(key, Direction::Down)),
            _ => None,
        }
    }

    /// The activity it is about.
    pub fn key(self) -> Option<ActivityKey> {
        match self {
            Self::Activity(key) | Self::Delete(key) | Self::Move(key, _) => Some(key),
            _ => None,
        }
    }

    /// The section it is about, or after which something is put.
    pub fn section(self) -> Option<usize> {
        match self {
            Self::Section(index) | Self::DeleteSection(index) | Self::MoveSection(index, _) => Some(index),
            Self::AddSection(index) => Some(index.saturating_sub(1)),
            Self::Add(index) => Some(index),
            _ => None,
        }
    }

    /// The `id` of the element it is edited in.
    pub fn element(self) -> String {
        match self {
            Self::Section(index) | Self::DeleteSection(index) | Self::MoveSection(index, _) => {
                format!("section-{}", index + 1)
            }
            Self::Delete(key) | Self::Move(key, _) => Self::Activity(key).to_string(),
            other => other.to_string(),
        }
    }

    /// The edit that the texts of a form ask for.
    pub fn edit(self, form: &HashMap<String, String>) -> Edit {
        let text = |name: &str| form.get(name).cloned().unwrap_or_default();
        match self {
            Self::Act => Edit::Act(ActFields::read(text)),
            Self::Plan => Edit::Plan(PlanFields::read(text)),
            Self::Programme => Edit::Programme(ProgrammeFields::read(text)),
            Self::Lists(lists) => Edit::Lists(lists, ListFields::read(|name| form.get(name).cloned())),
            Self::Participants => Edit::Participants(ParticipantsFields::read(text)),
            Self::Section(section) => Edit::Section { section, fields: SectionFields::read(text) },
            Self::AddSection(at) => Edit::AddSection { at, fields: SectionFields::read(text) },
            Self::DeleteSection(section) => Edit::DeleteSection(section),
            Self::MoveSection(section, direction) => Edit::MoveSection(section, direction),
            Self::Activity(key) => Edit::Activity { key, fields: ActivityFields::read(text) },
            Self::Add(section) => {
                let unplaced = form.get("unplaced").cloned();
                Edit::Add { section, fields: ActivityFields::read(text), unplaced }
            }
            Self::Delete(key) => Edit::Delete(key),
            Self::Move(key, direction) => Edit::Move(key, direction),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Act => f.write_str("act"),
            Self::Plan => f.write_str("plan"),
            Self::Programme => f.write_str("programme"),
            Self::Lists(Lists::Indicators) => f.write_str("indicators"),
            Self::Lists(Lists::Criteria) => f.write_str("criteria"),
            Self::Participants => f.write_str("participants"),
            Self::Section(index) => write!(f, "section-{index}"),
            Self::AddSection(index) => write!(f, "addsection-{index}"),
            Self::DeleteSection(index) => write!(f, "deletesection-{index}"),
            Self::MoveSection(index, Direction::Up) => write!(f, "upsection-{index}"),
            Self::MoveSection(index, Direction::Down) => write!(f, "downsection-{index}"),
            Self::Add(index) => write!(f, "add-{index}"),
            Self::Activity(key) => write!(f, "activity-{}", key.0),
            Self::Delete(key) => write!(f, "delete-{}", key.0),
            Self::Move(key, Direction::Up) => write!(f, "up-{}", key.0),
            Self::Move(key, Direction::Down) => write!(f, "down-{}", key.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Target>) {
        let target = Target::parse(text);
        assert_eq!(target, expected, "{text}");
        if let Some(target) = target {
            assert_eq!(target.to_string(), text);
        }
    }

    #[test]
    fn targets_are_one_word() {
        check("act", Some(Target::Act));
        check("plan", Some(Target::Plan));
        check("programme", Some(Target::Programme));
        check("indicators", Some(Target::Lists(Lists::Indicators)));
        check("criteria", Some(Target::Lists(Lists::Criteria)));
        check("participants", Some(Target::Participants));
        check("section-2", Some(Target::Section(2)));
        check("addsection-0", Some(Target::AddSection(0)));
        check("deletesection-3", Some(Target::DeleteSection(3)));
        check("upsection-1", Some(Target::MoveSection(1, Direction::Up)));
        check("activity-15", Some(Target::Activity(ActivityKey(15))));
        check("down-3", Some(Target::Move(ActivityKey(3), Direction::Down)));
        check("delete--1", None);
        check("activity-", None);
        check("act-1", None);
        check("drop-1", None);
    }
}
