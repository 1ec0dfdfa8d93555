//! Which answers live on when the questionnaire gets a newer version?

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    Answer, Answers, Choice, Kind, Question, Questionnaire, answer_words, check, joined, visible, whole_of,
    wrong,
};

/// Answers carried over to a newer version, with all that did not go over.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// Answers for the newer version.
    pub answers: Answers,
    /// Questions whose answer was kept, by their new names, in the order of the newer version.
    pub kept: Vec<String>,
    /// Kept, but the wording or the options changed: worth a second look.
    pub reworded: Vec<String>,
    /// What did not go over, in the order of the older version. Nothing else is lost.
    pub dropped: Vec<Dropped>,
    /// Questions of the newer version that still need an answer.
    pub unanswered: Vec<String>,
}

/// An answer, or a part of one, that did not go over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The question by its old name.
    pub question: String,
    /// What was asked.
    pub text: String,
    /// What was answered, in words.
    pub answer: String,
    /// Why it did not go over, in Russian.
    pub why: String,
}

/// Carries answers over: by the name of the question or one of its earlier names, where the type is the same and the
/// answer still fits.
pub fn migrate(old: &Questionnaire, new: &Questionnaire, answers: &Answers, today: Date) -> Migration {
    let mut names: BTreeMap<&str, &Question> = BTreeMap::new();
    for (_, question) in new.questions() {
        names.extend(question.was.iter().map(|was| (was.as_str(), question)));
    }
    // A question of the same name goes before one that only remembers the name.
    names.extend(new.questions().map(|(_, question)| (question.id.as_str(), question)));
    let mut found = Migration {
        answers: Answers::new(),
        kept: Vec::new(),
        reworded: Vec::new(),
        dropped: Vec::new(),
        unanswered: Vec::new(),
    };
    let target = |question: &Question| names.get(question.id.as_str()).copied();
    let new_places: BTreeMap<&str, usize> =
        new.questions().enumerate().map(|(place, (_, question))| (question.id.as_str(), place)).collect();
    // A part is looked at beside its whole, which must have gone over before: it stands above in the new version.
    let place = |question: &Question| {
        let new = target(question).filter(|new| new.kind.whole_from().is_some())?;
        new_places.get(new.id.as_str()).copied()
    };
    let mut questions: Vec<&Question> = old.questions().map(|(_, question)| question).collect();
    questions.sort_by_key(|question| place(question));
    for question in questions {
        if let Some(answer) = joined(question, answers) {
            carry(question, target(question), &answer, today, &mut found);
        }
    }
    found
        .dropped
        .sort_by_cached_key(|dropped| old.questions().position(|(_, own)| own.id == dropped.question));
    for (id, answer) in answers.iter().filter(|(id, _)| old.question(id).is_none()) {
        found.dropped.push(Dropped {
            question: id.clone(),
            text: id.clone(),
            answer: crate::write_answer(answer),
            why: "Такого вопроса не было и в прежней версии.".to_owned(),
        });
    }
    let kept = |question: &&Question| found.answers.contains_key(&question.id);
    found.kept = new.questions().map(|(_, question)| question).filter(kept).map(|q| q.id.clone()).collect();
    let seen = visible(new, &found.answers);
    let missing = check(new, &found.answers, today).into_iter().map(|problem| problem.question);
    found.unanswered = missing.filter(|id| seen.contains(id.as_str())).collect();
    found
}

fn carry(old: &Question, new: Option<&Question>, answer: &Answer, today: Date, found: &mut Migration) {
    let mut drop = |why: String, answer: String| {
        let (question, text) = (old.id.clone(), old.text.clone());
        found.dropped.push(Dropped { question, text, answer, why });
    };
    let Some(new) = new else {
        return drop("В новой версии этого вопроса нет.".to_owned(), answer_words(old, answer));
    };
    if old.kind.word() != new.kind.word() {
        let why = format!("Вопрос стал другого типа: «{}».", new.kind.name());
        return drop(why, answer_words(old, answer));
    }
    let whole = whole_of(new, &found.answers);
    let (kept, lost) = known_part(&new.kind, answer);
    if let Some(lost) = lost {
        let why = match new.kind {
            Kind::Share { .. } => {
                "Новая версия спрашивает и часть, и целое, а сколько всего, сказано не было."
            }
            _ => "Этих вариантов в новой версии нет.",
        };
        drop(why.to_owned(), answer_words(old, &lost));
    }
    let Some(kept) = kept else { return };
    // A part that stays behind is told with the whole it had.
    let words = || answer_words(old, if matches!(kept, Answer::Part(_)) { answer } else { &kept });
    // A table with a new row is kept as far as it goes.
    let grew = matches!(kept, Answer::Matrix(_));
    if let Some(problem) = wrong(new, &kept.of(whole), today).filter(|_| !grew) {
        return drop(format!("{} {}", problem.what, problem.mend), words());
    }
    if found.answers.contains_key(&new.id) {
        let why = "Два прежних вопроса объединены; сохранён ответ на первый.".to_owned();
        return drop(why, words());
    }
    let other_whole = matches!(answer, Answer::Share { whole: was, .. } if whole != Some(*was));
    let other_whole = other_whole && new.kind.whole_from().is_some();
    if other_whole {
        let now = whole.map_or_else(|| "ответа на него нет".to_owned(), |whole| format!("там {whole}"));
        let why = format!(
            "Сколько всего, теперь берётся из другого вопроса: {now}. Часть перенесена – проверьте её."
        );
        drop(why, answer_words(old, answer));
    }
    if old.text != new.text || other_whole || !asks_the_same(&old.kind, &new.kind) {
        found.reworded.push(new.id.clone());
    }
    found.answers.insert(new.id.clone(), kept);
}

/// For whoever reads the question. Where the whole of a share comes from is told where it matters: with another number.
fn asks_the_same(old: &Kind, new: &Kind) -> bool {
    match (old, new) {
        (Kind::Share { part, whole, .. }, Kind::Share { part: new_part, whole: new_whole, .. }) => {
            (part, whole) == (new_part, new_whole)
        }
        _ => old == new,
    }
}

/// The part of an answer whose options still exist, and the part whose options don't.
fn known_part(kind: &Kind, answer: &Answer) -> (Option<Answer>, Option<Answer>) {
    let has = |choices: &[Choice], id: &str| choices.iter().any(|choice| choice.id == id);
    match (kind, answer) {
        (Kind::Single(choices), Answer::Choice(id)) if !has(choices, id) => (None, Some(answer.clone())),
        (Kind::Multiple { choices, .. }, Answer::Choices(ids)) => {
            let (kept, lost) = ids.iter().cloned().partition(|id| has(choices, id));
            let some =
                |ids: std::collections::BTreeSet<String>| (!ids.is_empty()).then_some(Answer::Choices(ids));
            (some(kept), some(lost))
        }
        (Kind::Matrix { rows, columns }, Answer::Matrix(given)) => {
            let fits = |(row, column): &(String, String)| has(rows, row) && has(columns, column);
            let (kept, lost) = given.clone().into_iter().partition(fits);
            let some = |rows: BTreeMap<String, String>| (!rows.is_empty()).then_some(Answer::Matrix(rows));
            (some(kept), some(lost))
        }
        (Kind::Share { whole_from: Some(_), .. }, Answer::Share { part, .. }) => {
            (Some(Answer::Part(*part)), None)
        }
        (Kind::Share { whole_from: None, .. }, Answer::Part(_)) => (None, Some(answer.clone())),
        _ => (Some(answer.clone()), None),
    }
}
