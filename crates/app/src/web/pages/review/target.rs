//! What is being edited? One word in an address or a form.

use std::fmt;

use opora_cycle::vocabulary::ActivityKey;

use crate::usecases::edit::Direction;

/// What is being edited. Sections are counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The act: `act`.
    Act,
    /// The title of a section: `section-2`.
    Section(usize),
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
        if text == "act" {
            return Some(Self::Act);
        }
        let (kind, number) = text.split_once('-')?;
        let key = || number.parse().ok().map(ActivityKey);
        match kind {
            "section" => number.parse().ok().map(Self::Section),
            "add" => number.parse().ok().map(Self::Add),
            "activity" => key().map(Self::Activity),
            "delete" => key().map(Self::Delete),
            "up" => key().map(|key| Self::Move(key, Direction::Up)),
            "down" => key().map(|key| Self::Move(key, Direction::Down)),
            _ => None,
        }
    }

    /// The activity it is about.
    pub fn key(self) -> Option<ActivityKey> {
        match self {
            Self::Activity(key) | Self::Delete(key) | Self::Move(key, _) => Some(key),
            Self::Act | Self::Section(_) | Self::Add(_) => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Act => f.write_str("act"),
            Self::Section(index) => write!(f, "section-{index}"),
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
        check("section-2", Some(Target::Section(2)));
        check("activity-15", Some(Target::Activity(ActivityKey(15))));
        check("down-3", Some(Target::Move(ActivityKey(3), Direction::Down)));
        check("delete--1", None);
        check("activity-", None);
        check("drop-1", None);
    }
}
