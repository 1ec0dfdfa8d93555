//! What does a school say of itself, and which risks follow?
//!
//! A [`Questionnaire`] is data: [`read_questionnaire`] reads one from TOML, [`import_xlsform`] from XLSForm,
//! [`render`] writes it. [`visible`], [`check`] and [`progress`] look at [`Answers`]; [`merge`] keeps what several
//! people write at once; [`migrate`] carries answers to a newer version. Anonymous answers leave the room as an
//! [`Aggregate`] only. A [`Profile`] tells how significant each risk factor of a [`FactorDictionary`] is, from answers
//! and outside evidence, with the reason for each.

mod aggregates;
mod answers;
mod autosave;
mod disclosure;
mod migration;
mod order;
mod paths;
mod progress;
mod questionnaire;
mod reading;
mod rendering;
mod risks;
mod scores;
mod wholes;
mod words;
mod written;
mod xlsform;

pub use aggregates::{
    Aggregate, Asked, Collection, Group, Hidden, Mean, Named, Respondents, Tally, Told, aggregate, while_open,
};
pub use answers::{Answer, Answers, Problem, check, counted, visible, wrong};
pub use autosave::{Conflict, Edit, Field, Merge, Saved, merge};
pub use disclosure::ANSWERS_MIN;
pub use migration::{Dropped, Migration, migrate};
pub use opora_fields::{FileError, Status};
pub use paths::{factor_path, human_name, question_path, section_path};
pub use progress::{Progress, SectionProgress, progress};
pub use questionnaire::{
    Audience, Choice, Condition, Kind, Literal, Question, Questionnaire, Section, TEXT_LENGTH_MAX, Test,
};
pub use reading::read_questionnaire;
pub use rendering::render;
pub use risks::{
    Bar, Change, Decision, Evidence, EvidenceKind, EvidenceLine, EvidenceValue, Factor, FactorDictionary,
    FactorState, Inputs, Limit, Missing, Profile, Reason, Rule, Significance, Threshold, WorseWhen, assess,
    chart, compare_profiles, decide, read_factors,
};
pub use scores::{SectionScore, score, score_most, section_scores};
pub use wholes::{joined, whole_of};
pub use written::{answer_words, canonical, read_answer, write_answer};
pub use xlsform::{SheetRows, XlsformImport, import_xlsform, sheets_of};
