//! Which questionnaires and factors do the tests look at?

#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use opora_diagnosis::{
    Answer, Answers, FactorDictionary, Questionnaire, read_answer, read_factors, read_questionnaire,
};

/// The day of all tests.
pub const TODAY: Date = date(2026, 10, 5);

pub const PACKS: [(&str, &str); 4] = [
    ("school-head.toml", include_str!("../../../../packs/questionnaires/school-head.toml")),
    ("parents.toml", include_str!("../../../../packs/questionnaires/parents.toml")),
    ("pupils.toml", include_str!("../../../../packs/questionnaires/pupils.toml")),
    ("staff.toml", include_str!("../../../../packs/questionnaires/staff.toml")),
];

pub const FACTORS: &str = include_str!("../../../../packs/risks/factors.toml");

#[track_caller]
pub fn read(text: &str) -> Questionnaire {
    read_questionnaire("анкета.toml", text).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

static QUESTIONNAIRES: LazyLock<BTreeMap<&str, Questionnaire>> =
    LazyLock::new(|| PACKS.iter().map(|(file, text)| (file.trim_end_matches(".toml"), read(text))).collect());

static DICTIONARY: LazyLock<FactorDictionary> = LazyLock::new(|| {
    read_factors("factors.toml", FACTORS).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
});

/// One of the questionnaires of the pack.
pub fn pack(name: &str) -> Questionnaire {
    QUESTIONNAIRES.get(name).expect("a questionnaire").clone()
}

pub fn factors() -> FactorDictionary {
    DICTIONARY.clone()
}

/// Answers from what people type: `[("q", "12 из 40")]`.
#[track_caller]
pub fn answers(questionnaire: &Questionnaire, typed: &[(&str, &str)]) -> Answers {
    let read = |(id, text): &(&str, &str)| -> Option<(String, Answer)> {
        let question = questionnaire.question(id).unwrap_or_else(|| panic!("no question {id}"));
        Some(((*id).to_owned(), read_answer(question, text).expect("an answer")?))
    };
    typed.iter().filter_map(read).collect()
}
