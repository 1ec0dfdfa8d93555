//! How are answers saved and acts of approval recorded, so that of two people at once nobody loses a word?

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use opora_approval::{Action, Fact as Approval, Kind, NewRemark, Party, Refusal, State, admit};
use opora_diagnosis::{
    Answer, Audience, Conflict, Edit, Migration, Problem, Questionnaire, check, merge, migrate, read_answer,
    read_questionnaire, write_answer,
};
use opora_store::{AccountId, Authorship, Fact, NewFact, Store, StoreError};

use super::{Book, Case, Paper, Papers, wire};

/// How often a write is tried again when somebody else was first. Each try reads what the other one wrote.
const TRIES: usize = 12;

/// Who writes.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// Name as recorded.
    pub name: &'a str,
    /// Account; none for the one who works alone.
    pub account: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

impl<'a> Person<'a> {
    /// The number under which rooms know the person; zero is the one who works alone.
    pub fn number(&self) -> i64 {
        self.account.map_or(0, |account| account.0)
    }

    pub(super) fn by(&self, reason: &'a str) -> Authorship<'a> {
        Authorship { who: self.name, reason, at: self.at }
    }
}

/// One field as its author wants it, still as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// The question.
    pub question: String,
    /// What was typed, in the form of `read_answer`.
    pub text: String,
    /// The revision its author saw.
    pub base: u64,
}

/// What came of a save.
#[derive(Clone, Debug)]
pub struct Save {
    /// The diagnosis after it.
    pub book: Book,
    /// Questions that somebody else changed meanwhile: with both texts.
    pub conflicts: Vec<Conflict>,
    /// Texts that are no answers: not saved, to be mended.
    pub unread: Vec<Problem>,
    /// How many answers were saved.
    pub saved: usize,
}

/// Why nothing was saved.
#[derive(Debug)]
pub enum NotSaved {
    /// It can't be edited now, and why.
    Closed(&'static str),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for NotSaved {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Why the answers can't be edited in a state; nothing when they can.
pub fn closed_for_writing(state: State) -> Option<&'static str> {
    match state {
        State::Draft | State::Returned | State::Correction => None,
        State::Submitted => {
            Some("Анкета на проверке у куратора. Чтобы исправить ответы, сначала отзовите её.")
        }
        State::Approved | State::InForce => {
            Some("Анкета одобрена. Чтобы исправить ответы, начните исправление и назовите причину.")
        }
        State::Closed => Some("Работа завершена, анкета хранится как есть."),
    }
}

/// The diagnosis of a school in a year.
pub async fn book(store: &Store, papers: &Papers, case: Case) -> Result<Book, StoreError> {
    let facts = store.facts(&case.diagnosis()).await?;
    book_of(store, papers, case, &facts).await
}

pub(super) async fn book_of(
    store: &Store,
    papers: &Papers,
    case: Case,
    facts: &[Fact],
) -> Result<Book, StoreError> {
    let mut known: BTreeMap<String, Paper> = BTreeMap::new();
    let mut first = None;
    for save in facts.iter().filter_map(wire::read::<wire::Saved>) {
        if !known.contains_key(&save.questionnaire) {
            known.insert(save.questionnaire.clone(), paper_of(store, papers, &save.questionnaire).await?);
        }
        first = first.or_else(|| known.get(&save.questionnaire).cloned());
    }
    let first = first.or_else(|| papers.paper(Audience::Head).cloned());
    Ok(Book::of(case, &first.unwrap_or_else(|| nothing("")), &known, facts))
}

/// The questionnaire of a hash: one of today, or one that was kept.
pub async fn paper_of(store: &Store, papers: &Papers, sha256: &str) -> Result<Paper, StoreError> {
    if let Some(paper) = papers.of_hash(sha256) {
        return Ok(paper.clone());
    }
    let facts = store.facts(&kept_subject(sha256)).await?;
    let text = facts.iter().find_map(wire::read_questionnaire).unwrap_or_default();
    let read = read_questionnaire(sha256, text);
    Ok(read.map_or_else(|_| nothing(sha256), |questionnaire| Paper::of_hash(questionnaire, text, sha256)))
}

/// What is shown where a kept questionnaire was spoiled from outside: nothing is asked, nothing fails.
fn nothing(sha256: &str) -> Paper {
    let questionnaire = Questionnaire {
        id: "unknown".to_owned(),
        version: 1,
        title: "Анкета не читается".to_owned(),
        audience: Audience::Head,
        about: None,
        sections: Vec::new(),
    };
    Paper::of_hash(questionnaire, "", sha256)
}

fn kept_subject(sha256: &str) -> String {
    format!("questionnaire/{sha256}")
}

/// Keeps a questionnaire of today for as long as there are answers to it.
pub(super) async fn keep(
    store: &Store,
    papers: &Papers,
    sha256: &str,
    person: &Person<'_>,
) -> Result<(), StoreError> {
    let Some(paper) = papers.of_hash(sha256) else { return Ok(()) };
    keep_text(store, paper, person).await
}

/// Keeps a questionnaire under its hash, once.
pub(super) async fn keep_text(store: &Store, paper: &Paper, person: &Person<'_>) -> Result<(), StoreError> {
    let subject = kept_subject(&paper.sha256);
    if !store.facts(&subject).await?.is_empty() {
        return Ok(());
    }
    let content = wire::questionnaire(&paper.text);
    let fact = NewFact { subject: &subject, kind: wire::QUESTIONNAIRE, content: &content };
    match store.append_facts(&[(&subject, None)], &[fact], person.account, &person.by("")).await {
        // Somebody else keeps it at this moment.
        Ok(_) | Err(StoreError::FactFirst) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Where something is saved.
#[derive(Clone, Copy, Debug)]
pub struct Saving<'a> {
    /// The store.
    pub store: &'a Store,
    /// Questionnaires of today.
    pub papers: &'a Papers,
    /// Whose diagnosis.
    pub case: Case,
}

/// Saves what one person typed. What somebody else changed meanwhile stays and comes back as a conflict; what can't be
/// read comes back as a problem; the rest is saved.
pub async fn save(to: &Saving<'_>, edits: &[TextEdit], person: &Person<'_>) -> Result<Save, NotSaved> {
    let subject = to.case.diagnosis();
    for _ in 0..TRIES {
        let found = book(to.store, to.papers, to.case).await?;
        if let Some(why) = closed_for_writing(found.standing().state) {
            return Err(NotSaved::Closed(why));
        }
        let (typed, unread) = read(&found.questionnaire, edits);
        let merged = merge(&found.saved, &typed, person.number());
        let old = &found.saved.fields;
        let changed: Vec<(String, String)> = merged
            .saved
            .fields
            .iter()
            .filter(|(id, field)| old.get(*id) != Some(*field))
            .map(|(id, field)| (id.clone(), field.answer.as_ref().map(write_answer).unwrap_or_default()))
            .collect();
        if changed.is_empty() {
            return Ok(Save { book: found, conflicts: merged.conflicts, unread, saved: 0 });
        }
        keep(to.store, to.papers, &found.questionnaire_sha256, person).await?;
        let saved = changed.len();
        let questionnaire = found.questionnaire_sha256.to_string();
        let content = wire::written(&wire::Saved { questionnaire, answers: changed });
        let fact = NewFact { subject: &subject, kind: wire::SAVE, content: &content };
        let known = [(subject.as_str(), found.last)];
        match to.store.append_facts(&known, &[fact], person.account, &person.by("")).await {
            Ok(_) => {
                let book = book(to.store, to.papers, to.case).await?;
                return Ok(Save { book, conflicts: merged.conflicts, unread, saved });
            }
            Err(StoreError::FactFirst) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::FactFirst.into())
}

/// Texts as answers; those that are none, with what is wrong.
fn read(questionnaire: &Questionnaire, edits: &[TextEdit]) -> (Vec<Edit>, Vec<Problem>) {
    let mut last: BTreeMap<&str, &TextEdit> = BTreeMap::new();
    last.extend(edits.iter().map(|edit| (edit.question.as_str(), edit)));
    let (mut typed, mut unread) = (Vec::new(), Vec::new());
    for edit in last.into_values() {
        let Some(question) = questionnaire.question(&edit.question) else { continue };
        match read_answer(question, &edit.text) {
            Ok(answer) => typed.push(Edit { question: edit.question.clone(), answer, base: edit.base }),
            Err(problem) => unread.push(problem),
        }
    }
    (typed, unread)
}

/// What would become of the answers in the questionnaire of today; nothing where they are answers to it already.
pub fn newer(papers: &Papers, book: &Book, today: Date) -> Option<Migration> {
    let paper = papers.paper(Audience::Head)?;
    let same_kind = paper.questionnaire.id == book.questionnaire.id;
    let is_newer = same_kind && paper.questionnaire.version > book.questionnaire.version;
    let open = !book.is_blank() && closed_for_writing(book.standing().state).is_none();
    (is_newer && open).then(|| migrate(&book.questionnaire, &paper.questionnaire, &book.answers(), today))
}

/// Carries the answers over to the questionnaire of today. What was answered before stays in the facts.
pub async fn carry_over(to: &Saving<'_>, person: &Person<'_>, today: Date) -> Result<Book, StoreError> {
    let subject = to.case.diagnosis();
    for _ in 0..TRIES {
        let found = book(to.store, to.papers, to.case).await?;
        let (Some(migration), Some(paper)) =
            (newer(to.papers, &found, today), to.papers.paper(Audience::Head))
        else {
            return Ok(found);
        };
        keep(to.store, to.papers, &paper.sha256, person).await?;
        let answers = migration.answers.iter().map(|(id, answer)| (id.clone(), write_answer(answer)));
        let save = wire::Saved { questionnaire: paper.sha256.to_string(), answers: answers.collect() };
        let content = wire::written(&save);
        let fact = NewFact { subject: &subject, kind: wire::SAVE, content: &content };
        let known = [(subject.as_str(), found.last)];
        let reason = "ответы перенесены в новую версию анкеты";
        match to.store.append_facts(&known, &[fact], person.account, &person.by(reason)).await {
            Ok(_) => return book(to.store, to.papers, to.case).await,
            Err(StoreError::FactFirst) => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::FactFirst)
}

/// An act that somebody wants recorded.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What.
    pub action: Action,
    /// On which side.
    pub party: Party,
    /// The hash of the answers that were looked at.
    pub sha256: String,
    /// Reason or answer.
    pub text: String,
    /// New remarks.
    pub remarks: Vec<NewRemark>,
    /// Which remark is answered or opened again.
    pub remark: Option<u32>,
}

/// What came of an act.
#[derive(Debug)]
pub enum Acted {
    /// It is recorded, and this is where it led.
    Done(State),
    /// It is refused.
    Refused(Refusal),
    /// The answers can't be sent yet: these are wrong or missing.
    Unfinished(Vec<Problem>),
}

/// Records an act of approval, if it may be. Whoever comes second is judged by what the first one recorded.
pub async fn act(
    to: &Saving<'_>,
    wanted: &Wanted,
    person: &Person<'_>,
    today: Date,
) -> Result<Acted, StoreError> {
    let subject = to.case.diagnosis();
    for _ in 0..TRIES {
        let found = book(to.store, to.papers, to.case).await?;
        let fact = Approval {
            action: wanted.action,
            by: person.number(),
            party: wanted.party,
            at: person.at,
            version: found.content().version,
            content_sha256: wanted.sha256.clone(),
            text: wanted.text.trim().to_owned(),
            remarks: wanted.remarks.clone(),
            remark: wanted.remark,
        };
        let state = match admit(Kind::Diagnosis, &found.acts, &found.content(), &fact) {
            Ok(state) => state,
            Err(refusal) => return Ok(Acted::Refused(refusal)),
        };
        if matches!(wanted.action, Action::Submit | Action::Resubmit) {
            let problems = check(&found.questionnaire, &found.answers(), today);
            if !problems.is_empty() {
                return Ok(Acted::Unfinished(problems));
            }
        }
        let content = wire::act(&fact);
        let new = NewFact { subject: &subject, kind: wire::ACT, content: &content };
        let known = [(subject.as_str(), found.last)];
        match to.store.append_facts(&known, &[new], person.account, &person.by(&fact.text)).await {
            Ok(_) => return Ok(Acted::Done(state)),
            Err(StoreError::FactFirst) => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::FactFirst)
}

/// Answers in the storing form, by question.
pub(super) fn answers_of(
    questionnaire: &Questionnaire,
    texts: &[(String, String)],
) -> BTreeMap<String, Answer> {
    let read = |(id, text): &(String, String)| {
        let answer = read_answer(questionnaire.question(id)?, text).ok()??;
        Some((id.clone(), answer))
    };
    texts.iter().filter_map(read).collect()
}
