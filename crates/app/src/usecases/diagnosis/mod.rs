//! How does a school diagnose itself, who agreed to it, and which risks follow? The joint of three rooms and the store.
//!
//! Everything is facts of the store. Subjects: `diagnosis/{school}/{year}` holds the saves and the approval of the
//! head's questionnaire, so that a decision always knows the last save; `surveys/{school}/{year}` lists the anonymous
//! surveys, `survey/{sha256 of the token}` holds the state of one, `survey-answers/…` its answers;
//! `risks/{school}/{year}` holds the decisions of people, `diagnosis-terms/{year}` by when diagnoses are to be
//! submitted; `questionnaire/{sha256}` keeps each questionnaire that was ever asked by; `questionnaires` says which
//! uploaded one is in force where.

mod adopted;
mod board;
mod book;
mod papers;
mod profile;
mod surveys;
mod terms;
mod wire;
mod work;

pub use adopted::{
    Adoption, Uploaded, add_questionnaire, adopt, end_adoption, papers_of, questionnaire_of, uploaded,
};
pub use board::{HighRisk, OpenSurvey, Outside, Shelf, Shelved};
pub use book::{Agreed, Book};
pub use papers::{Paper, Papers, PapersError};
pub use profile::{KnownOfRisks, Moment, Sources, Story, known_of_risks, profile_story, record_decision};
pub use surveys::{
    NotTaken, Survey, Surveyed, answer_survey, close_survey, open_survey, survey_of_token, surveys,
};
pub use terms::{set_term, term_of, terms};
pub use wire::act_of;
pub use work::{
    Acted, NotSaved, Person, Save, Saving, TextEdit, Wanted, act, book, carry_over, closed_for_writing,
    newer, paper_of, save,
};

use opora_cells::OrganisationId;

/// What stands before school and year in the subject of a head's questionnaire.
pub const SUBJECT: &str = "diagnosis";
/// What stands before the hash of a survey in the subject of its state.
const SURVEY: &str = "survey/";
/// What stands before the hash of a survey in the subject of its answers.
const SURVEY_ANSWERS: &str = "survey-answers/";

/// Whose diagnosis, of which year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Case {
    /// The school.
    pub school: OrganisationId,
    /// The year.
    pub year: i16,
}

impl Case {
    /// The subject of the head's questionnaire.
    pub fn diagnosis(self) -> String {
        format!("{SUBJECT}/{}/{}", self.school.0, self.year)
    }

    /// The subject of the list of surveys.
    pub fn surveys(self) -> String {
        format!("surveys/{}/{}", self.school.0, self.year)
    }

    /// The subject of decisions about risks.
    pub fn risks(self) -> String {
        format!("risks/{}/{}", self.school.0, self.year)
    }

    /// The case of a subject of a head's questionnaire.
    pub fn of_subject(subject: &str) -> Option<Self> {
        Self::of_ending(subject.strip_prefix(SUBJECT)?.strip_prefix('/')?)
    }

    /// The case of what follows the first word of a subject: `7/2026`.
    fn of_ending(ending: &str) -> Option<Self> {
        let (school, year) = ending.split_once('/')?;
        Some(Self { school: OrganisationId(school.parse().ok()?), year: year.parse().ok()? })
    }
}
