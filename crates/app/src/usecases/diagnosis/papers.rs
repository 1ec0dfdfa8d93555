//! Which questionnaires and which dictionary of risk factors does this installation use?

use std::collections::BTreeMap;
use std::sync::Arc;

use opora_diagnosis::{
    Audience, FactorDictionary, FileError, Questionnaire, read_factors, read_questionnaire, render,
};
use opora_exchange::sha256_hex;

/// A questionnaire as it is asked by now.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The questionnaire.
    pub questionnaire: Arc<Questionnaire>,
    /// The same as text, to be kept with what is answered.
    pub text: Arc<str>,
    /// SHA-256 of the text.
    pub sha256: Arc<str>,
}

/// The questionnaires that are asked by now, one an audience, and the risk factors.
#[derive(Clone, Debug)]
pub struct Papers {
    papers: BTreeMap<Audience, Paper>,
    /// The risk factors.
    pub dictionary: Arc<FactorDictionary>,
}

/// Why a data file can't be used, in Russian, with places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PapersError(pub String);

const FACTORS: &str = "risks/factors.toml";

impl Papers {
    /// Reads `questionnaires/*.toml` and `risks/factors.toml`. Of several questionnaires for one audience the newest
    /// version counts.
    pub fn read(files: &BTreeMap<String, String>) -> Result<Self, PapersError> {
        let mut papers: BTreeMap<Audience, Paper> = BTreeMap::new();
        for (path, text) in files.iter().filter(|(path, _)| path.starts_with("questionnaires/")) {
            let paper = Paper::of(read_questionnaire(path, text).map_err(|errors| told(&errors))?);
            let audience = paper.questionnaire.audience;
            let newer = papers
                .get(&audience)
                .is_none_or(|kept| kept.questionnaire.version < paper.questionnaire.version);
            if newer {
                papers.insert(audience, paper);
            }
        }
        let text = files.get(FACTORS).map_or("", String::as_str);
        let dictionary = read_factors(FACTORS, text).map_err(|errors| told(&errors))?;
        if !papers.contains_key(&Audience::Head) {
            return Err(PapersError(
                "packs/questionnaires: нет анкеты для руководителя (audience = \"head\"). Верните файл school-head.toml."
                    .to_owned(),
            ));
        }
        Ok(Self { papers, dictionary: Arc::new(dictionary) })
    }

    /// The questionnaire of an audience.
    pub fn paper(&self, audience: Audience) -> Option<&Paper> {
        self.papers.get(&audience)
    }

    /// Asks by this one from now on.
    pub(super) fn put(&mut self, paper: Paper) {
        self.papers.insert(paper.questionnaire.audience, paper);
    }

    /// The questionnaire that a hash names, when it is still the one asked by.
    pub fn of_hash(&self, sha256: &str) -> Option<&Paper> {
        self.papers.values().find(|paper| *paper.sha256 == *sha256)
    }

    /// The audiences that answer without names, in the order in which they are shown.
    pub fn anonymous(&self) -> impl Iterator<Item = &Paper> {
        self.papers.values().filter(|paper| paper.questionnaire.audience.is_anonymous())
    }
}

impl Paper {
    pub(super) fn of(questionnaire: Questionnaire) -> Self {
        let text = render(&questionnaire);
        let sha256 = sha256_hex(text.as_bytes());
        Self { questionnaire: Arc::new(questionnaire), text: text.into(), sha256: sha256.into() }
    }

    /// A questionnaire that was kept under a hash.
    pub(super) fn of_hash(questionnaire: Questionnaire, text: &str, sha256: &str) -> Self {
        Self { questionnaire: Arc::new(questionnaire), text: text.into(), sha256: sha256.into() }
    }
}

fn told(errors: &[FileError]) -> PapersError {
    let lines: Vec<String> = errors.iter().map(|error| format!("packs/{error}")).collect();
    PapersError(lines.join("\n"))
}
