//! What did a visit or a meeting ask somebody to do?

use jiff::civil::Date;
use opora_cycle::vocabulary::ActivityKey;

use crate::occurrence::{Nature, Occurrence, OccurrenceKey, Window};

/// Who is asked: an account, or a name where the person has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assignee {
    /// Account number.
    Account(i64),
    /// A name or a post given by the caller.
    Named(String),
}

/// A task made of a follow-up of a visit or of a decision of a meeting. It is carried out like an occurrence, by the
/// same facts and the same table: see [`Task::occurrence`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Where it comes from: `visit/7/follow-up/2`, `meeting/3/item/4/decision/1`. Never changes.
    pub path: String,
    /// What is to be done.
    pub text: String,
    /// By whom.
    pub who: Assignee,
    /// The day it was given.
    pub given: Date,
    /// By when.
    pub due: Date,
    /// The school it is about.
    pub school: Option<i64>,
}

impl Task {
    /// The task as an occurrence of a list of tasks, under the number its record has there: with it, facts, states,
    /// permissions, progress and notices work for tasks as they do for activities.
    #[must_use]
    pub fn occurrence(&self, number: u32) -> Occurrence {
        let due = self.due.max(self.given);
        Occurrence {
            key: OccurrenceKey {
                activity: ActivityKey(number),
                window: Some(Window { from: due, due }),
                nth: 1,
            },
            section: 0,
            nature: Nature::Dated,
            window: Some(Window { from: self.given, due }),
            inferred: false,
        }
    }
}

/// Something a person has to mend in a visit or in minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path of the field: `visit/7/question/team`.
    pub path: String,
    /// What is wrong, why it matters, what to do, in Russian.
    pub message: String,
}

/// What is wrong with a task before it is given to somebody.
pub(crate) fn check_task(path: &str, text: &str, who: &Assignee, due: Date, from: Date) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut tell =
        |message: &str| problems.push(Problem { path: path.to_owned(), message: message.to_owned() });
    if text.trim().is_empty() {
        tell("Поручение пустое. Напишите, что нужно сделать.");
    }
    if matches!(who, Assignee::Named(name) if name.trim().is_empty()) {
        tell("Не указано, кто выполняет поручение. Без этого его никто не выполнит: выберите человека.");
    }
    if due < from {
        tell("Срок поручения раньше дня, когда его дали. Укажите более поздний день.");
    }
    problems
}
