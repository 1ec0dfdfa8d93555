//! Does a questionnaire hold together: names, limits, conditions, circles?

use std::collections::BTreeSet;
use std::ops::Range;

use crate::order::circle;
use crate::wholes::Wholes;
use crate::{Choice, Condition, Kind, Literal, Question, Questionnaire, TEXT_LENGTH_MAX, Test};

/// More questions than this are no questionnaire.
const QUESTIONS_MAX: usize = 500;

/// More comparisons than this in one condition can't be read by anybody.
const COMPARISONS_MAX: usize = 100;

/// Where a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// The questionnaire.
    Whole,
    /// A section by its position from zero.
    Section(usize),
    /// A question by its position among all questions.
    Question(usize),
}

/// What does not hold together.
pub(crate) struct Fault {
    pub(crate) at: At,
    pub(crate) what: String,
    pub(crate) mend: String,
}

/// Where sections and questions stand in the file.
#[derive(Default)]
pub(crate) struct Places {
    sections: Vec<(Range<usize>, String)>,
    questions: Vec<(Range<usize>, String)>,
}

impl Places {
    pub(super) fn section(&mut self, span: Range<usize>, place: String) {
        self.sections.push((span, place));
    }

    pub(super) fn question(&mut self, span: Range<usize>, place: String) {
        self.questions.push((span, place));
    }

    pub(super) fn find(&self, at: &At) -> (Range<usize>, String) {
        let found = match at {
            At::Whole => None,
            At::Section(at) => self.sections.get(*at),
            At::Question(at) => self.questions.get(*at),
        };
        found.cloned().unwrap_or_else(|| (0..0, "анкета".to_owned()))
    }
}

/// Everything that does not hold together, whatever the questionnaire was read from.
pub(crate) fn faults(questionnaire: &Questionnaire) -> Vec<Fault> {
    let mut found = Found { questionnaire, list: Vec::new() };
    if questionnaire.questions().next().is_none() {
        found.tell(At::Whole, "В анкете нет ни одного вопроса.", "Добавьте раздел с вопросами.");
    }
    if questionnaire.questions().count() > QUESTIONS_MAX {
        let what = format!("В анкете больше {QUESTIONS_MAX} вопросов.");
        found.tell(At::Whole, &what, "Разделите её на несколько анкет.");
        return found.list;
    }
    found.names();
    for (at, section) in questionnaire.sections.iter().enumerate() {
        if let Some(when) = &section.when {
            found.condition(At::Section(at), when);
        }
    }
    for (at, (_, question)) in questionnaire.questions().enumerate() {
        found.limits(At::Question(at), question);
        if let Some(when) = &question.when {
            found.condition(At::Question(at), when);
        }
    }
    found.wholes();
    found.circles();
    found.list
}

struct Found<'q> {
    questionnaire: &'q Questionnaire,
    list: Vec<Fault>,
}

impl Found<'_> {
    fn tell(&mut self, at: At, what: &str, mend: &str) {
        self.list.push(Fault { at, what: what.to_owned(), mend: mend.to_owned() });
    }

    fn names(&mut self) {
        let mut sections = BTreeSet::new();
        for (at, section) in self.questionnaire.sections.iter().enumerate() {
            if !sections.insert(&section.id) {
                let what = format!("Раздел «{}» уже есть.", section.id);
                self.tell(At::Section(at), &what, "Дайте разделу другой id.");
            }
        }
        let mut questions: BTreeSet<&str> = BTreeSet::new();
        let mut twice = Vec::new();
        for (at, (_, question)) in self.questionnaire.questions().enumerate() {
            for id in std::iter::once(&question.id).chain(&question.was) {
                if !questions.insert(id) {
                    twice.push((at, id));
                }
            }
        }
        for (at, id) in twice {
            let what = format!("Имя вопроса «{id}» уже занято.");
            let mend = "Дайте вопросу другой id; прежние имена (was) тоже не повторяются.";
            self.tell(At::Question(at), &what, mend);
        }
    }

    fn limits(&mut self, at: At, question: &Question) {
        let mut order = |low: bool, names: &str| {
            if low {
                let what = format!("Нижняя граница больше верхней ({names}).");
                self.tell(at, &what, "Поменяйте их местами.");
            }
        };
        match &question.kind {
            Kind::Single(choices) => self.options(at, choices, 2),
            Kind::Multiple { choices, at_least, at_most } => {
                order(at_most.is_some_and(|most| most < *at_least), "at_least, at_most");
                if *at_least == 0 || *at_least as usize > choices.len() {
                    let mend = "Напишите число от 1 до числа вариантов.";
                    self.tell(at, "Столько вариантов отметить нельзя (at_least).", mend);
                }
                self.options(at, choices, 2);
            }
            Kind::Scale { from, to, .. } => {
                if from >= to || i64::from(*to) - i64::from(*from) > 20 {
                    let mend = "Напишите from меньше to и не больше 20 делений.";
                    self.tell(at, "Такой шкалы не бывает.", mend);
                }
            }
            Kind::Number { min, max, .. } => {
                order(min.zip(*max).is_some_and(|(min, max)| min > max), "min, max");
            }
            Kind::Text { min_length, max_length } => {
                order(min_length > max_length, "min_length, max_length");
                if *max_length > TEXT_LENGTH_MAX {
                    let mend = format!("Напишите max_length не больше {TEXT_LENGTH_MAX}.");
                    self.tell(at, "Такой длинный ответ никто не прочтёт.", &mend);
                }
            }
            Kind::Date { from, to, .. } => {
                order(from.zip(*to).is_some_and(|(from, to)| from > to), "from, to");
            }
            Kind::Matrix { rows, columns } => {
                self.options(at, rows, 1);
                self.options(at, columns, 2);
            }
            Kind::Share { .. } | Kind::YesNo { .. } | Kind::Note => {}
        }
    }

    /// Questions that tell the whole of a share must suit.
    fn wholes(&mut self) {
        let questionnaire = self.questionnaire;
        let wholes = Wholes::of(questionnaire);
        for (at, (_, question)) in questionnaire.questions().enumerate() {
            let Some(from) = question.kind.whole_from() else { continue };
            if let Some(unfit) = wholes.unfit(question, from) {
                let (what, mend) = unfit.words(from);
                self.tell(At::Question(at), &what, mend);
            }
        }
    }

    fn options(&mut self, at: At, choices: &[Choice], fewest: usize) {
        if choices.len() < fewest || choices.len() > 200 {
            let mend = format!("Нужно от {fewest} до 200 вариантов.");
            self.tell(at, "Вариантов слишком мало или слишком много.", &mend);
        }
        let mut seen = BTreeSet::new();
        for choice in choices {
            if !seen.insert(&choice.id) {
                let what = format!("Вариант «{}» назван дважды.", choice.id);
                self.tell(at, &what, "Дайте варианту другой id.");
            }
        }
    }

    fn condition(&mut self, at: At, condition: &Condition) {
        let mut open = vec![condition];
        let mut comparisons = 0_usize;
        while let Some(condition) = open.pop() {
            comparisons += 1;
            if comparisons > COMPARISONS_MAX {
                self.tell(at, "Условие слишком длинное.", "Разбейте его на несколько вопросов.");
                return;
            }
            match condition {
                Condition::Answered(question) => {
                    self.asked(at, question);
                }
                Condition::Is { question, test } => {
                    if let Some(kind) = self.asked(at, question)
                        && let Err(mend) = suits(kind, test)
                    {
                        let what =
                            format!("Ответ на вопрос «{question}» ({}) так сравнить нельзя.", kind.name());
                        self.tell(at, &what, &mend);
                    }
                }
                Condition::All(parts) | Condition::Any(parts) => open.extend(parts.iter().rev()),
                Condition::Not(part) => open.push(part),
            }
        }
    }

    fn asked(&mut self, at: At, id: &str) -> Option<&'_ Kind> {
        let question = self.questionnaire.question(id).filter(|question| question.kind != Kind::Note);
        if question.is_none() {
            let what = format!("Условие смотрит на вопрос «{id}», которого нет.");
            self.tell(at, &what, "Проверьте имя вопроса; пояснения ответа не имеют.");
        }
        question.map(|question| &question.kind)
    }

    fn circles(&mut self) {
        let circle: Vec<&str> = circle(self.questionnaire);
        let Some(first) = circle.first() else { return };
        let at = self.questionnaire.questions().position(|(_, question)| question.id == *first);
        let named: Vec<&str> = circle.iter().take(6).copied().collect();
        let what = format!("Условия вопросов ходят по кругу: {}.", named.join(", "));
        let mend = "Вопрос не может ждать того, что само ждёт его. Уберите одно из условий.";
        self.tell(at.map_or(At::Whole, At::Question), &what, mend);
    }
}

/// A test suits the type of a question; otherwise how to mend it.
fn suits(kind: &Kind, test: &Test) -> Result<(), String> {
    let literals: Vec<&Literal> = match test {
        Test::Includes(option) => {
            return match kind {
                Kind::Multiple { choices, .. } if has(choices, option) => Ok(()),
                Kind::Multiple { choices, .. } => Err(named(choices)),
                _ => Err("includes – для выбора нескольких вариантов; здесь подойдёт equals.".to_owned()),
            };
        }
        Test::OneOf(literals) => literals.iter().collect(),
        Test::Equals(literal) => vec![literal],
        Test::Greater(literal) | Test::AtLeast(literal) | Test::Less(literal) | Test::AtMost(literal) => {
            if matches!(literal, Literal::Word(_) | Literal::Flag(_)) {
                return Err("Больше и меньше бывают числа и даты; здесь подойдёт equals.".to_owned());
            }
            vec![literal]
        }
    };
    literals.into_iter().try_for_each(|literal| match (kind, literal) {
        (Kind::Single(choices), Literal::Word(word)) if !has(choices, word) => Err(named(choices)),
        (Kind::Single(_) | Kind::Text { .. }, Literal::Word(_))
        | (Kind::Scale { .. } | Kind::Number { .. } | Kind::Share { .. }, Literal::Number(_))
        | (Kind::YesNo { .. }, Literal::Flag(_))
        | (Kind::Date { .. }, Literal::Day(_)) => Ok(()),
        (Kind::Single(choices), _) => Err(named(choices)),
        (Kind::Multiple { .. }, _) => Err("Напишите includes = \"вариант\".".to_owned()),
        (Kind::YesNo { .. }, _) => Err("Напишите equals = true или equals = false.".to_owned()),
        (Kind::Date { .. }, _) => Err("Напишите дату без кавычек: 2026-09-01.".to_owned()),
        (Kind::Text { .. }, _) => Err("Напишите текст в кавычках или answered = true.".to_owned()),
        (Kind::Scale { .. } | Kind::Number { .. } | Kind::Share { .. }, _) => {
            Err("Напишите число без кавычек; доля сравнивается в процентах.".to_owned())
        }
        (Kind::Matrix { .. } | Kind::Note, _) => Err("Здесь возможно только answered = true.".to_owned()),
    })
}

fn has(choices: &[Choice], id: &str) -> bool {
    choices.iter().any(|choice| choice.id == id)
}

fn named(choices: &[Choice]) -> String {
    let ids: Vec<&str> = choices.iter().take(12).map(|choice| choice.id.as_str()).collect();
    format!("Варианты этого вопроса: {}.", ids.join(", "))
}
