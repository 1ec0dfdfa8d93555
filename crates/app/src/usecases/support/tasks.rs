//! Which tasks did visits and meetings give, and what became of them?

use opora_cells::OrganisationId;
use opora_execution::meetings::meeting_tasks;
use opora_execution::visits::visit_tasks;
use opora_execution::{Account, Assignee, Occurrence, Task};
use opora_registry::NodeId;

use super::meetings::Meeting;
use super::shelf::Records;
use super::visits::Visit;
use crate::usecases::execution::Execution;

/// Where tasks come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A visit to a school.
    Visit(OrganisationId, i64),
    /// A meeting of a municipality.
    Meeting(NodeId, i64),
}

/// The tasks of one visit or meeting with what was recorded about them.
#[derive(Clone, Debug)]
pub struct Given {
    /// Where they come from.
    pub source: Source,
    /// In order; the number of a task is its place, from one.
    pub tasks: Vec<Task>,
    /// Tasks that the reader may not read, by place; empty when all may be read.
    pub hidden: Vec<bool>,
    /// They are carried out like activities.
    pub execution: Execution,
}

impl Given {
    fn of(source: Source, tasks: Vec<Task>, records: &Records) -> Self {
        let subject = match source {
            Source::Visit(_, number) => format!("tasks/visit/{number}"),
            Source::Meeting(_, number) => format!("tasks/meeting/{number}"),
        };
        let occurrences: Vec<Occurrence> =
            tasks.iter().zip(1..).map(|(task, at)| task.occurrence(at)).collect();
        let execution = Execution::over(subject.clone(), occurrences, records.tasks_under(&subject));
        Self { source, tasks, hidden: Vec::new(), execution }
    }

    /// The task of an occurrence, where it may be read.
    pub fn task(&self, occurrence: &Occurrence) -> Option<&Task> {
        let number = usize::try_from(occurrence.key.activity.0).ok()?;
        let at = number.checked_sub(1)?;
        let hidden = self.hidden.get(at).copied().unwrap_or_default();
        self.tasks.get(at).filter(|_| !hidden)
    }

    /// Whether the person of this account carries a task out: the one asked, or to whom it was passed on.
    pub fn is_performer(task: &Task, account: &Account<'_>, person: i64) -> bool {
        match (account.performer, &task.who) {
            (Some(delegate), _) => delegate == person,
            (None, Assignee::Account(asked)) => *asked == person,
            (None, Assignee::Named(_)) => false,
        }
    }
}

/// The tasks of a visit; there are none before its protocol is closed.
pub fn tasks_of_visit(records: &Records, visit: &Visit) -> Option<Given> {
    let record = visit.record().filter(|_| visit.is_closed())?;
    let source = Source::Visit(visit.school, visit.number);
    Some(Given::of(source, visit_tasks(&record), records)).filter(|given| !given.tasks.is_empty())
}

/// The tasks of a meeting; there are none before its minutes are published.
pub fn tasks_of_meeting(records: &Records, meeting: &Meeting) -> Option<Given> {
    let minutes = meeting.minutes().filter(|_| meeting.is_published())?;
    let source = Source::Meeting(meeting.node, meeting.number);
    Some(Given::of(source, meeting_tasks(&minutes), records)).filter(|given| !given.tasks.is_empty())
}
