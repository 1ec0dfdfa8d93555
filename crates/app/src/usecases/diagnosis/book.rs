//! What does a school's diagnosis of a year amount to, after all its facts?

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use opora_approval::{Action, Content, Fact as Approval, Kind, Party, Standing, permitted, standing};
use opora_diagnosis::{
    Answers, Edit, Progress, Questionnaire, Saved, canonical, merge, progress, read_answer,
};
use opora_exchange::sha256_hex;
use opora_store::{Fact, FactId};

use super::{Case, Paper, wire};

/// The diagnosis of a school in a year.
#[derive(Clone, Debug)]
pub struct Book {
    /// Whose and when.
    pub case: Case,
    /// The questionnaire it is answered by: the one of the last save, or of today before the first.
    pub questionnaire: Arc<Questionnaire>,
    /// Hash of the questionnaire.
    pub questionnaire_sha256: Arc<str>,
    /// Answers with their revisions.
    pub saved: Saved,
    /// Acts of approval in order.
    pub acts: Vec<Approval>,
    /// What was approved, in order.
    pub agreed: Vec<Agreed>,
    /// Names of those who wrote or acted, by account.
    pub names: BTreeMap<i64, String>,
    /// When the answers were written last.
    pub written_at: Option<Timestamp>,
    /// The last fact: what a decision is made on.
    pub last: Option<FactId>,
    sha256: String,
}

/// Answers as they were approved.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// What was asked.
    pub questionnaire: Arc<Questionnaire>,
    /// The answers.
    pub answers: Answers,
    /// When.
    pub at: Timestamp,
}

impl Book {
    /// Reads the facts of a subject, in order. `papers` are the questionnaires that the facts name by their hashes;
    /// with no fact yet the given one is asked.
    pub fn of(case: Case, first: &Paper, papers: &BTreeMap<String, Paper>, facts: &[Fact]) -> Self {
        let mut book = Self {
            case,
            questionnaire: Arc::clone(&first.questionnaire),
            questionnaire_sha256: Arc::clone(&first.sha256),
            saved: Saved::default(),
            acts: Vec::new(),
            agreed: Vec::new(),
            names: BTreeMap::new(),
            written_at: None,
            last: None,
            sha256: String::new(),
        };
        // The hash is needed where an approval is read: it is made of the answers as they were then.
        for fact in facts {
            book.take(fact, papers);
        }
        book.sha256 = book.hash();
        book
    }

    fn take(&mut self, fact: &Fact, papers: &BTreeMap<String, Paper>) {
        self.last = Some(fact.id);
        self.names.insert(wire::account(fact), fact.who.clone());
        match fact.kind.as_str() {
            wire::SAVE => self.take_save(fact, papers),
            wire::ACT => self.take_act(fact),
            _ => {}
        }
    }

    fn take_save(&mut self, fact: &Fact, papers: &BTreeMap<String, Paper>) {
        let Some(save) = wire::read::<wire::Saved>(fact) else { return };
        if *save.questionnaire != *self.questionnaire_sha256 {
            // Answers were carried over to another version: what stands in this fact is all there is.
            let Some(paper) = papers.get(&save.questionnaire) else { return };
            self.questionnaire = Arc::clone(&paper.questionnaire);
            self.questionnaire_sha256 = Arc::clone(&paper.sha256);
            self.saved.fields.clear();
        }
        let edits: Vec<Edit> = save
            .answers
            .iter()
            .filter_map(|(id, text)| {
                let answer = read_answer(self.questionnaire.question(id)?, text).ok()?;
                // What is recorded was accepted: it is newer than whatever stands.
                Some(Edit { question: id.clone(), answer, base: u64::MAX })
            })
            .collect();
        self.saved = merge(&self.saved, &edits, wire::account(fact)).saved;
        self.written_at = Some(fact.at);
    }

    fn take_act(&mut self, fact: &Fact) {
        let Some(act) = wire::read_act(fact) else { return };
        if act.action == Action::Approve && act.content_sha256 == self.hash() {
            let questionnaire = Arc::clone(&self.questionnaire);
            self.agreed.push(Agreed { questionnaire, answers: self.saved.answers(), at: fact.at });
        }
        self.acts.push(act);
    }

    fn hash(&self) -> String {
        sha256_hex(canonical(&self.questionnaire, &self.saved.answers()).as_bytes())
    }

    /// Nobody has written anything yet.
    pub fn is_blank(&self) -> bool {
        self.last.is_none()
    }

    /// The answers as they are now.
    pub fn answers(&self) -> Answers {
        self.saved.answers()
    }

    /// The hash of the answers as they are now: what an approval is bound to.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The answers as the room of approval knows them.
    pub fn content(&self) -> Content<'_> {
        Content {
            version: i32::try_from(self.saved.revision).unwrap_or(i32::MAX),
            sha256: &self.sha256,
            written_at: self.written_at.unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        standing(Kind::Diagnosis, &self.acts, &self.content())
    }

    /// What a party may do now.
    pub fn permitted(&self, party: Party) -> Vec<Action> {
        permitted(Kind::Diagnosis, &self.acts, &self.content(), party)
    }

    /// How much is answered.
    pub fn progress(&self) -> Progress {
        progress(&self.questionnaire, &self.answers())
    }

    /// The name of an account that wrote here.
    pub fn name(&self, account: i64) -> &str {
        self.names.get(&account).map_or("неизвестно кто", String::as_str)
    }
}
