//! How is what is known of support written in a fact of the store?

use opora_cells::OrganisationId;
use opora_store::Fact;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Profile;

pub const CURATORS: &str = "curators";
pub const CURATOR: &str = "curator.note";
pub const MENTOR_SCHOOLS: &str = "mentor-schools";
pub const MENTOR_SCHOOL: &str = "mentor-school.note";
pub const DISTANCES: &str = "distances";
pub const DISTANCE: &str = "distance.note";
pub const MENTORINGS: &str = "mentorings";
pub const ASSIGNED: &str = "mentor.assign";
pub const ENDED: &str = "mentor.end";
pub const CONTRACT: &str = "mentor.contract";

/// A profile as it is recorded.
#[derive(Serialize, Deserialize)]
pub struct Noted {
    works_at: Option<u32>,
    strengths: Vec<String>,
    capacity: u32,
}

/// What was noted of a curator.
#[derive(Serialize, Deserialize)]
pub struct CuratorNoted {
    pub account: i64,
    pub profile: Noted,
}

/// What was noted of a school.
#[derive(Serialize, Deserialize)]
pub struct SchoolNoted {
    pub school: u32,
    pub profile: Noted,
}

/// A way between two schools.
#[derive(Serialize, Deserialize)]
pub struct Distance {
    pub from: u32,
    pub to: u32,
    pub kilometres: Option<u32>,
}

/// A mentor was assigned.
#[derive(Serialize, Deserialize)]
pub struct Assigned {
    pub school: u32,
    pub mentor: u32,
    pub from: String,
    pub until: Option<String>,
    pub reason: String,
}

/// It ended.
#[derive(Serialize, Deserialize)]
pub struct Ended {
    pub mentoring: i64,
    pub last_day: String,
    pub reason: String,
}

/// A contract was added.
#[derive(Serialize, Deserialize)]
pub struct Contracted {
    pub mentoring: i64,
    pub number: String,
    pub signed: String,
    pub text: String,
    /// SHA-256 and name.
    pub file: Option<(String, String)>,
}

impl From<Noted> for Profile {
    fn from(noted: Noted) -> Self {
        Self {
            works_at: noted.works_at.map(OrganisationId),
            strengths: noted.strengths.into_iter().collect(),
            capacity: noted.capacity,
        }
    }
}

impl From<&Profile> for Noted {
    fn from(profile: &Profile) -> Self {
        Self {
            works_at: profile.works_at.map(|school| school.0),
            strengths: profile.strengths.iter().cloned().collect(),
            capacity: profile.capacity,
        }
    }
}

/// A value of ours as JSON. These hold text and numbers only, which always can be written.
pub fn written<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// The content of a fact, where it is what its kind says.
pub fn read<'de, T: Deserialize<'de>>(fact: &'de Fact) -> Option<T> {
    T::deserialize(&fact.content).ok()
}
