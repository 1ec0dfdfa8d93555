//! What may be told of anonymous answers?

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::disclosure::{ANSWERS_MIN, each, joined, pooled};
use crate::{Answer, Answers, Audience, Kind, Question, Questionnaire, Section, counted, order, words};

/// Are answers still coming in?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// They are: nothing is shown but how many there are. Two looks with one answer between them would show that one.
    Open,
    /// No more come; what is shown will not change.
    Closed,
}

/// How many people answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Respondents {
    /// Fewer than five, or nobody: more is not told.
    Few,
    /// Not fewer than this; a multiple of five. While answers come in.
    AtLeast(u64),
    /// This many.
    Exactly(u64),
}

/// What may be told of the answers to one anonymous questionnaire in one school. Made by [`aggregate`] only.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Aggregate {
    /// The questionnaire.
    pub questionnaire: String,
    /// Its version.
    pub version: u32,
    /// Who answered.
    pub audience: Audience,
    /// How many answered.
    pub respondents: Respondents,
    /// All questions of the questionnaire, notes left out.
    pub questions: Vec<Asked>,
}

/// What may be told of one question, or of one row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The question.
    pub question: String,
    /// The row, for a table.
    pub row: Option<String>,
    /// What was asked, in words.
    pub text: String,
    /// What may be told.
    pub told: Told,
}

/// What may be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Nothing, and why.
    Hidden(Hidden),
    /// Only how many answered.
    Count(u64),
    /// A division of those who answered.
    Groups {
        /// How many answered.
        answered: u64,
        /// Options with the number of people who chose any of them; each person stands in one group.
        groups: Vec<Group>,
        /// Mean of a scale, computed from the groups.
        mean: Option<Mean>,
    },
    /// Options of a multiple choice, each for itself.
    Each {
        /// How many answered.
        answered: u64,
        /// Options with the number of people, where it may be told.
        options: Vec<(Named, Option<u64>)>,
    },
}

/// Why nothing is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// Answers are still coming in.
    Open,
    /// Fewer than five answers.
    Few,
    /// Nobody answered.
    Nobody,
    /// It was asked because of another answer, and that one is not told in full.
    Dependent,
}

impl Hidden {
    /// In Russian, for the place where the numbers would stand.
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "Результаты появятся, когда опрос будет закрыт.",
            Self::Few => "Меньше пяти ответов: не показываются, чтобы никого нельзя было узнать.",
            Self::Nobody => "Никто не ответил.",
            Self::Dependent => "Скрыто: по числу ответов можно было бы узнать ответы на другой вопрос.",
        }
    }
}

/// An option with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The option; a step of a scale is its number, yes and no are `yes` and `no`.
    pub id: String,
    /// What people read.
    pub text: String,
}

/// People who chose any of the options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The options, more than one where numbers are small.
    pub options: Vec<Named>,
    /// How many people: nobody, or five and more.
    pub count: u64,
}

/// A mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Mean {
    /// To one digit after the point.
    pub value: Decimal,
    /// Each step was shown for itself; otherwise every group stands in its middle, and the mean is about so.
    pub exact: bool,
}

/// What may be told of the answers: one [`Answers`] a person.
pub fn aggregate(questionnaire: &Questionnaire, people: &[Answers], collection: Collection) -> Aggregate {
    let mut tally = Tally::new(questionnaire);
    people.iter().for_each(|answers| tally.add(answers));
    tally.told(collection)
}

/// What may be told of a survey that is open: how many have answered, to a multiple of five, and nothing else.
pub fn while_open(questionnaire: &Questionnaire, people: u64) -> Aggregate {
    Tally { people, ..Tally::new(questionnaire) }.told(Collection::Open)
}

/// Anonymous answers added up one after the other: it holds sums, whatever the number of people.
#[derive(Clone, Debug)]
pub struct Tally<'q> {
    questionnaire: &'q Questionnaire,
    people: u64,
    /// By question and row of a table.
    sums: BTreeMap<(&'q str, Option<&'q str>), Sum>,
}

/// The answers to one question, or to one row of a table.
#[derive(Clone, Debug)]
struct Sum {
    options: Vec<Named>,
    /// How many answered. People whose answer has no known option did not.
    answered: u64,
    /// How many chose each option.
    counts: Vec<u64>,
}

impl<'q> Tally<'q> {
    /// Nobody has answered yet.
    pub fn new(questionnaire: &'q Questionnaire) -> Self {
        let asked = questionnaire.questions().filter(|(_, question)| question.kind != Kind::Note);
        let sums = asked.flat_map(|(_, question)| {
            let sum = move |row| {
                let options = options(question);
                let counts = vec![0; options.len()];
                ((question.id.as_str(), row), Sum { options, answered: 0, counts })
            };
            rows(question).into_iter().map(sum)
        });
        Self { questionnaire, people: 0, sums: sums.collect() }
    }

    /// Adds the answers of one person.
    pub fn add(&mut self, answers: &Answers) {
        self.people += 1;
        let counted = counted(self.questionnaire, answers);
        for (_, question) in self.questionnaire.questions() {
            let Some(answer) = counted.get(&question.id) else { continue };
            for row in rows(question) {
                if let Some(sum) = self.sums.get_mut(&(question.id.as_str(), row)) {
                    sum.add(answer, row);
                }
            }
        }
    }

    /// How many numbers it holds: of the questions and their options, never of the people.
    pub fn numbers_held(&self) -> usize {
        self.sums.values().map(|sum| 1 + sum.counts.len()).sum()
    }

    /// What may be told of them.
    pub fn told(&self, collection: Collection) -> Aggregate {
        let (questionnaire, count) = (self.questionnaire, self.people);
        let respondents = match collection {
            _ if count < ANSWERS_MIN => Respondents::Few,
            Collection::Open => Respondents::AtLeast(count - count % ANSWERS_MIN),
            Collection::Closed => Respondents::Exactly(count),
        };
        let hidden = match collection {
            Collection::Open => Some(Hidden::Open),
            Collection::Closed => (count < ANSWERS_MIN).then_some(Hidden::Few),
        };
        let of_question = |(section, question): (&Section, &Question)| match hidden {
            Some(hidden) => each_row(question, &|_| Told::Hidden(hidden)),
            None => self.of_question(section, question),
        };
        let asked = questionnaire.questions().filter(|(_, question)| question.kind != Kind::Note);
        Aggregate {
            questionnaire: questionnaire.id.clone(),
            version: questionnaire.version,
            audience: questionnaire.audience,
            respondents,
            questions: asked.flat_map(of_question).collect(),
        }
    }

    fn of_question(&self, section: &Section, question: &Question) -> Vec<Asked> {
        if !self.may_be_asked_about(section, question) {
            return each_row(question, &|_| Told::Hidden(Hidden::Dependent));
        }
        each_row(question, &|row| self.numbers(question, row))
    }

    /// How many answered a question that is asked because of another one tells of the answers to that one. So it is shown
    /// only when it depends on one question that is asked of all and is itself told to the last option.
    fn may_be_asked_about(&self, section: &Section, question: &Question) -> bool {
        let because: Vec<&str> = order::looked_at(section, question).into_iter().collect();
        let [only] = because.as_slice() else { return because.is_empty() };
        let found = self.questionnaire.questions().find(|(_, question)| question.id == *only);
        found.is_some_and(|(section, question)| {
            order::looked_at(section, question).is_empty() && is_told_in_full(&self.numbers(question, None))
        })
    }

    fn numbers(&self, question: &Question, row: Option<&str>) -> Told {
        match self.sums.get(&(question.id.as_str(), row)) {
            Some(sum) => numbers(question, sum),
            None => Told::Hidden(Hidden::Nobody),
        }
    }
}

impl Sum {
    fn add(&mut self, answer: &Answer, row: Option<&str>) {
        let chosen = positions(&self.options, answer, row);
        if chosen.is_empty() && !self.options.is_empty() {
            return;
        }
        self.answered += 1;
        for at in chosen {
            if let Some(count) = self.counts.get_mut(at) {
                *count += 1;
            }
        }
    }
}

/// The rows of a table; of any other question the one it is.
fn rows(question: &Question) -> Vec<Option<&str>> {
    match &question.kind {
        Kind::Matrix { rows, .. } => rows.iter().map(|row| Some(row.id.as_str())).collect(),
        _ => vec![None],
    }
}

fn each_row(question: &Question, tell: &dyn Fn(Option<&str>) -> Told) -> Vec<Asked> {
    let asked = |row: Option<&crate::Choice>| Asked {
        question: question.id.clone(),
        row: row.map(|row| row.id.clone()),
        text: row.map_or_else(|| question.text.clone(), |row| format!("{} {}", question.text, row.text)),
        told: tell(row.map(|row| row.id.as_str())),
    };
    match &question.kind {
        Kind::Matrix { rows, .. } => rows.iter().map(|row| asked(Some(row))).collect(),
        _ => vec![asked(None)],
    }
}

fn is_told_in_full(told: &Told) -> bool {
    match told {
        Told::Groups { groups, .. } => groups.iter().all(|group| group.options.len() == 1),
        Told::Each { options, .. } => options.iter().all(|(_, count)| count.is_some()),
        Told::Hidden(_) | Told::Count(_) => false,
    }
}

fn numbers(question: &Question, sum: &Sum) -> Told {
    let Sum { options, answered, counts } = sum;
    let answered = *answered;
    match answered {
        0 => return Told::Hidden(Hidden::Nobody),
        1..ANSWERS_MIN => return Told::Hidden(Hidden::Few),
        _ => {}
    }
    let groups = match &question.kind {
        Kind::Multiple { at_least, at_most, .. } => {
            let limited = *at_least > 1 || at_most.is_some();
            return each_option(options.clone(), counts, answered, limited);
        }
        Kind::Scale { .. } => joined(counts),
        Kind::Single(_) | Kind::YesNo { .. } | Kind::Matrix { .. } => pooled(counts),
        // Words and exact numbers of one person can be recognised: only how many there are is told.
        Kind::Number { .. } | Kind::Share { .. } | Kind::Text { .. } | Kind::Date { .. } | Kind::Note => None,
    };
    let Some(groups) = groups else { return Told::Count(answered) };
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|group| Group {
            count: group.iter().filter_map(|at| counts.get(*at)).sum(),
            options: group.iter().filter_map(|at| options.get(*at).cloned()).collect(),
        })
        .collect();
    let mean = matches!(question.kind, Kind::Scale { .. }).then(|| mean(&groups, answered)).flatten();
    Told::Groups { answered, groups, mean }
}

fn each_option(options: Vec<Named>, counts: &[u64], answered: u64, limited: bool) -> Told {
    let Some(shown) = each(counts, answered, limited) else { return Told::Count(answered) };
    let counts = counts.iter().zip(shown).map(|(count, shown)| shown.then_some(*count));
    Told::Each { answered, options: options.into_iter().zip(counts).collect() }
}

/// Options of a question in order; none for words and numbers.
fn options(question: &Question) -> Vec<Named> {
    let named = |id: &str, text: &str| Named { id: id.to_owned(), text: text.to_owned() };
    match &question.kind {
        Kind::Single(choices) | Kind::Multiple { choices, .. } | Kind::Matrix { columns: choices, .. } => {
            choices.iter().map(|choice| named(&choice.id, &choice.text)).collect()
        }
        Kind::Scale { from, to, .. } => {
            (*from..=*to).map(|step| named(&step.to_string(), &step.to_string())).collect()
        }
        Kind::YesNo { .. } => vec![named("yes", "да"), named("no", "нет")],
        Kind::Number { .. } | Kind::Share { .. } | Kind::Text { .. } | Kind::Date { .. } | Kind::Note => {
            Vec::new()
        }
    }
}

fn positions(options: &[Named], answer: &Answer, row: Option<&str>) -> Vec<usize> {
    let at = |id: &str| options.iter().position(|option| option.id == id);
    match answer {
        Answer::Choice(id) => at(id).into_iter().collect(),
        Answer::Choices(ids) => ids.iter().filter_map(|id| at(id)).collect(),
        Answer::Scale(step) => at(&step.to_string()).into_iter().collect(),
        Answer::YesNo(given) => at(if *given { "yes" } else { "no" }).into_iter().collect(),
        Answer::Matrix(rows) => {
            row.and_then(|row| rows.get(row)).and_then(|column| at(column)).into_iter().collect()
        }
        Answer::Number(_) | Answer::Share { .. } | Answer::Part(_) | Answer::Text(_) | Answer::Date(_) => {
            Vec::new()
        }
    }
}

/// Every group stands in the middle of its steps.
fn mean(groups: &[Group], answered: u64) -> Option<Mean> {
    let mut sum = Decimal::ZERO;
    for group in groups {
        let step = |named: Option<&Named>| named?.id.parse::<i64>().ok();
        let (first, last) = (step(group.options.first())?, step(group.options.last())?);
        // Twice the middle is whole.
        sum = sum.checked_add(Decimal::from(group.count).checked_mul(Decimal::from(first + last))?)?;
    }
    let value = sum.checked_div(Decimal::from(answered.checked_mul(2)?))?;
    let exact = groups.iter().all(|group| group.options.len() == 1 || group.count == 0);
    Some(Mean { value: words::rounded(value), exact })
}

impl Aggregate {
    /// How many of those who answered chose any of the options, as part and whole: only from what is shown. Nothing
    /// when it can't be told. A row of a table is named `question/row`.
    pub fn share_of(&self, question: &str, options: &[String]) -> Option<(u64, u64)> {
        let (question, row) =
            question.split_once('/').map_or((question, None), |(question, row)| (question, Some(row)));
        let asked =
            self.questions.iter().find(|asked| asked.question == question && asked.row.as_deref() == row)?;
        let wanted = |named: &Named| options.contains(&named.id);
        match &asked.told {
            Told::Groups { answered, groups, .. } => {
                let mut part = 0;
                for group in groups {
                    if group.options.iter().all(wanted) {
                        part += group.count;
                    } else if group.options.iter().any(wanted) {
                        return None;
                    }
                }
                Some((part, *answered))
            }
            // People may have chosen several: shares of a multiple choice don't add up.
            Told::Each { answered, options: shown } => {
                let [only] = options else { return None };
                shown.iter().find(|(named, _)| named.id == *only)?.1.map(|count| (count, *answered))
            }
            Told::Hidden(_) | Told::Count(_) => None,
        }
    }
}
