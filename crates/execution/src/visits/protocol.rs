//! What is asked at a visit?

use std::collections::{BTreeMap, BTreeSet};

use opora_fields::{Errors, Fields, FileError, Status, parse};

use crate::decimal::thousandths;
use crate::obligations::unique;
use crate::record::TEXT_CHARS_MAX;
use crate::task::Problem;
use crate::visits::VisitFinding;

/// A protocol of a visit as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Stable word.
    pub id: String,
    /// Version; answers keep the version they were given to.
    pub version: String,
    /// Title.
    pub title: String,
    /// Where its questions come from.
    pub source: String,
    /// Whether they were compared with it.
    pub status: Status,
    /// Sections in order.
    pub sections: Vec<ProtocolSection>,
}

/// A section of a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtocolSection {
    /// Title.
    pub title: String,
    /// Questions in order.
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Stable word, unique in the protocol.
    pub id: String,
    /// The question.
    pub text: String,
    /// What helps to answer it.
    pub hint: Option<String>,
    /// What an answer is.
    pub kind: AnswerKind,
    /// The protocol is not complete without it.
    pub required: bool,
    /// The answer that suggests a finding, and its words.
    pub finding: Option<(bool, String)>,
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerKind {
    /// Yes or no.
    YesNo,
    /// Words.
    Text,
    /// A decimal number that is not negative.
    Number,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To a question of yes or no.
    YesNo(bool),
    /// In words, or a number as typed.
    Text(String),
}

/// Answers by question.
pub type Answers = BTreeMap<String, Answer>;

const KINDS: [(&str, AnswerKind); 3] =
    [("yes-no", AnswerKind::YesNo), ("text", AnswerKind::Text), ("number", AnswerKind::Number)];

impl Protocol {
    /// Reads a file of `packs/obligations/protocols/`. `file` names it in messages. All that is wrong is told together.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<FileError>> {
        let mut errors = Errors::new(file, text);
        let Some(document) = parse(text, &mut errors) else { return errors.or(None) };
        let root = Fields::root(&document, "файл");
        root.known(&["id", "version", "title", "source", "status", "section"], &mut errors);
        let mut seen = BTreeSet::new();
        let tables = root.tables("section", "раздел", &mut errors);
        let mut sections = Vec::new();
        for fields in &tables {
            fields.known(&["title", "question"], &mut errors);
            let title = fields.text("title", &mut errors).unwrap_or_default();
            let called = format!("{}, вопрос", fields.place);
            let mut questions = Vec::new();
            for inner in fields.tables("question", &called, &mut errors) {
                let id = unique(&mut seen, &inner, &mut errors);
                questions.push(question(id, &inner, &mut errors));
            }
            sections.push(ProtocolSection { title, questions });
        }
        if sections.iter().all(|section: &ProtocolSection| section.questions.is_empty()) {
            let mend = "Добавьте [[section]] с [[section.question]].";
            root.tell("section", "Нет ни одного вопроса.", mend, &mut errors);
        }
        let protocol = Self {
            id: root.id("id", &mut errors).unwrap_or_default(),
            version: root.text("version", &mut errors).unwrap_or_default(),
            title: root.text("title", &mut errors).unwrap_or_default(),
            source: root.text("source", &mut errors).unwrap_or_default(),
            status: root.status(&mut errors),
            sections,
        };
        errors.or(Some(protocol))
    }

    /// All questions in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    /// What is wrong with answers; `base` is the path of the visit.
    #[must_use]
    pub fn check(&self, answers: &Answers, base: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut tell = |id: &str, message: String| {
            problems.push(Problem { path: format!("{base}/question/{id}"), message });
        };
        for question in self.questions() {
            let answer = answers.get(&question.id);
            if let Some(message) = question.wrong(answer) {
                tell(&question.id, message);
            }
        }
        for id in answers.keys().filter(|id| self.questions().all(|question| question.id != **id)) {
            tell(id, "Такого вопроса в протоколе нет. Ответ сохранён, но в протокол не войдёт.".to_owned());
        }
        problems
    }

    /// Findings that the answers suggest, for a person to keep, reword or drop.
    #[must_use]
    pub fn suggested_findings(&self, answers: &Answers) -> Vec<VisitFinding> {
        let suggested = |question: &Question| {
            let (when, text) = question.finding.as_ref()?;
            (answers.get(&question.id) == Some(&Answer::YesNo(*when)))
                .then(|| VisitFinding { text: text.clone(), question: Some(question.id.clone()) })
        };
        self.questions().filter_map(suggested).collect()
    }
}

impl Question {
    fn wrong(&self, answer: Option<&Answer>) -> Option<String> {
        let name = &self.text;
        match (self.kind, answer) {
            (_, None) if self.required => {
                Some(format!("Нет ответа на вопрос «{name}». Без него протокол не закрыть."))
            }
            (_, None) | (AnswerKind::YesNo, Some(Answer::YesNo(_))) => None,
            (AnswerKind::YesNo, Some(Answer::Text(_))) => {
                Some(format!("На вопрос «{name}» ответьте «да» или «нет»."))
            }
            (_, Some(Answer::YesNo(_))) => {
                Some(format!("На вопрос «{name}» нельзя ответить «да» или «нет»."))
            }
            (AnswerKind::Text | AnswerKind::Number, Some(Answer::Text(text))) if text.trim().is_empty() => {
                self.required
                    .then(|| format!("Ответ на вопрос «{name}» пустой. Без него протокол не закрыть."))
            }
            (AnswerKind::Text, Some(Answer::Text(text))) => (text.chars().count() > TEXT_CHARS_MAX)
                .then(|| format!("Ответ на вопрос «{name}» длиннее {TEXT_CHARS_MAX} знаков. Сократите его.")),
            (AnswerKind::Number, Some(Answer::Text(text))) => thousandths(text)
                .filter(|number| *number >= 0)
                .is_none()
                .then(|| format!("На вопрос «{name}» ответьте числом не меньше нуля, например 12 или 12,5.")),
        }
    }
}

fn question(id: String, fields: &Fields<'_>, errors: &mut Errors) -> Question {
    fields.known(&["id", "text", "hint", "kind", "required", "finding_when", "finding"], errors);
    let kind = fields.need_word("kind", &KINDS, errors).unwrap_or(AnswerKind::Text);
    let finding = fields.maybe_text("finding", errors);
    let when = fields
        .has("finding_when")
        .then(|| fields.word("finding_when", &[("yes", true), ("no", false)], errors));
    if finding.is_some() != when.is_some() {
        let what = "Поля «finding» и «finding_when» нужны вместе.";
        fields.tell("finding", what, "Напишите, какой ответ и какой вывод.", errors);
    }
    if when.is_some() && kind != AnswerKind::YesNo {
        let what = "Вывод подсказывает только вопрос вида yes-no.";
        fields.tell("finding_when", what, "Уберите «finding_when» или смените вид вопроса.", errors);
    }
    Question {
        id,
        text: fields.text("text", errors).unwrap_or_default(),
        hint: fields.maybe_text("hint", errors),
        kind,
        required: fields.flag("required", errors),
        finding: when.flatten().zip(finding),
    }
}
