//! Which work do plans, tasks, obligations and visits make?

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use opora_cycle::vocabulary::ActivityKey;
use opora_schedule::calendar::add_working_days;

use super::{Mover, SOON_DAYS, WorkItem, WorkKind};
use crate::account::Account;
use crate::fact::{Deed, Fact};
use crate::obligations::{Keeping, Kept};
use crate::occurrence::Occurrence;
use crate::permit::Phase;
use crate::places::{obligation_path, occurrence_path};
use crate::state::{State, due, state_of};
use crate::task::{Assignee, Task};
use crate::visits::{Call, VisitState};
use crate::words;

/// Who carries a plan out and who confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Whose move it is while something is to be done; a delegate takes precedence.
    pub performer: Mover,
    /// Whose move it is when something is done.
    pub reviewer: Mover,
    /// The school of the plan.
    pub school: Option<i64>,
}

/// The work in the occurrences of one plan. `base` stands before the paths (`plan/5`), `title` gives the words of an
/// activity. What is further away than [`SOON_DAYS`], undated or settled waits for nobody.
pub fn plan_work<'a>(
    base: &str,
    sides: &Sides,
    accounts: impl IntoIterator<Item = (&'a Occurrence, Account<'a>)>,
    title: impl Fn(ActivityKey) -> String,
    today: Date,
) -> Vec<WorkItem> {
    let mut items = Vec::new();
    for (occurrence, account) in accounts {
        let what = || title(occurrence.key.activity);
        items.extend(occurrence_work(base, sides, occurrence, &account, &what, today));
    }
    items
}

/// The work in one occurrence: at most what is to be done and what is to be decided.
pub fn occurrence_work(
    base: &str,
    sides: &Sides,
    occurrence: &Occurrence,
    account: &Account<'_>,
    what: &dyn Fn() -> String,
    today: Date,
) -> Vec<WorkItem> {
    let state = state_of(occurrence, account, today);
    let due = due(occurrence, account);
    let performer = account.performer.map_or(sides.performer, Mover::Account);
    let item = |kind, mover, waiting| WorkItem {
        path: format!("{base}/{}", occurrence_path(&occurrence.key)),
        what: what(),
        kind,
        school: sides.school,
        due,
        mover,
        waiting,
        since: since(occurrence, account, today),
    };
    // Its deadline is no deadline of the decision, and tells it from others of the same activity.
    let which = || {
        due.map_or_else(&what, |due| format!("{}, срок {}", what().trim_end_matches('.'), words::day(due)))
    };
    let decision =
        |kind| WorkItem { what: which(), due: None, ..item(kind, sides.reviewer, Some(performer)) };
    let mut items = Vec::new();
    match state {
        State::Late { .. } => items.push(item(WorkKind::Activity, performer, Some(sides.reviewer))),
        State::Due { .. } => items.push(item(WorkKind::Activity, performer, None)),
        State::Ahead if due.is_some_and(|due| words::days_between(today, due) <= SOON_DAYS) => {
            items.push(item(WorkKind::Activity, performer, None));
        }
        State::Returned => items.push(item(WorkKind::Rework, performer, Some(sides.reviewer))),
        State::Done => items.push(decision(WorkKind::Confirmation)),
        State::Ahead | State::Confirmed | State::Cancelled | State::Undated => {}
    }
    if account.phase.is_asked() {
        let asked = decision(WorkKind::Postponement);
        items.push(WorkItem { path: format!("{}/postponement", asked.path), ..asked });
    }
    items
}

/// Since when it is somebody's move: the last change, or the day the window opened.
fn since(occurrence: &Occurrence, account: &Account<'_>, today: Date) -> jiff::civil::DateTime {
    let opened = || occurrence.window.map_or(today, |window| window.from).to_datetime(Time::midnight());
    match account.phase {
        Phase::Open => opened(),
        _ => account.since.unwrap_or_else(opened),
    }
}

/// Comments that call on people who have not answered since: one item a person and occurrence. Whatever the person
/// records there afterwards is an answer. `path` is that of the occurrence, `what` its words.
#[must_use]
pub fn mention_work(
    path: &str,
    what: &dyn Fn() -> String,
    school: Option<i64>,
    facts: &[&Fact],
) -> Vec<WorkItem> {
    let mut open: BTreeMap<i64, (&Fact, usize)> = BTreeMap::new();
    let mut comments = 0;
    for fact in facts {
        open.remove(&fact.by);
        let Deed::Comment { mentions, .. } = &fact.deed else { continue };
        comments += 1;
        for person in mentions.iter().filter(|person| **person != fact.by) {
            open.entry(*person).or_insert((fact, comments));
        }
    }
    let item = |(person, (fact, number)): (i64, (&Fact, usize))| WorkItem {
        path: format!("{path}/comment/{number}"),
        what: what(),
        kind: WorkKind::Mention,
        school,
        due: None,
        mover: Mover::Account(person),
        waiting: Some(Mover::Account(fact.by)),
        since: fact.at,
    };
    open.into_iter().map(item).collect()
}

/// The work in a task. The number is that of its record in the list of tasks, `reviewer` sees that it was done. A task of
/// a person without an account is the reviewer's to remind of.
#[must_use]
pub fn task_work(
    task: &Task,
    number: u32,
    account: &Account<'_>,
    reviewer: Mover,
    today: Date,
) -> Vec<WorkItem> {
    let performer = match task.who {
        Assignee::Account(account) => Mover::Account(account),
        Assignee::Named(_) => reviewer,
    };
    let sides = Sides { performer, reviewer, school: task.school };
    let occurrence = task.occurrence(number);
    let mut items = occurrence_work("", &sides, &occurrence, account, &|| task.text.clone(), today);
    // Unlike an activity, which its plan shows, a task is told when it is given, however far its day.
    if items.is_empty() && state_of(&occurrence, account, today) == State::Ahead {
        items.push(WorkItem {
            path: String::new(),
            what: task.text.clone(),
            kind: WorkKind::Activity,
            school: task.school,
            due: due(&occurrence, account),
            mover: account.performer.map_or(performer, Mover::Account),
            waiting: None,
            since: since(&occurrence, account, today),
        });
    }
    for item in &mut items {
        let rest = if item.kind == WorkKind::Postponement { "/postponement" } else { "" };
        item.path = format!("{}{rest}", task.path);
        if item.kind == WorkKind::Activity {
            item.kind = WorkKind::Task;
        }
    }
    items
}

/// The work in the windows of obligations: those that are open, and the last of each rule that was missed and nobody
/// made up for. `mover` says who keeps a rule for a school. `base` stands before the paths (`school/7`).
pub fn obligation_work(
    base: &str,
    windows: &[Kept<'_>],
    mover: impl Fn(&Kept<'_>) -> Mover,
) -> Vec<WorkItem> {
    let mut items: Vec<WorkItem> = Vec::new();
    for (at, kept) in windows.iter().enumerate() {
        let next =
            windows.get(at + 1).filter(|next| (&next.rule.id, next.school) == (&kept.rule.id, kept.school));
        let is_open = match kept.keeping {
            Keeping::Open { .. } => true,
            // A missed week is not owed once the next one goes on.
            Keeping::Missed { made_up: None, .. } => next.is_none_or(|next| next.keeping == Keeping::Ahead),
            _ => false,
        };
        if is_open {
            let window = kept.duty.window;
            items.push(WorkItem {
                path: format!("{base}/{}", obligation_path(&kept.rule.id, window.due)),
                what: format!("{} ({})", kept.rule.what, kept.rule.clause),
                kind: WorkKind::Obligation,
                school: kept.school,
                due: Some(window.due),
                mover: mover(kept),
                waiting: None,
                since: window.from.to_datetime(Time::midnight()),
            });
        }
    }
    items
}

/// The visits that the windows of obligations call for, for the route of a curator: one for each time that is missing in
/// a window that is open or ahead.
#[must_use]
pub fn calls(windows: &[Kept<'_>]) -> Vec<Call> {
    let mut calls = Vec::new();
    for kept in windows {
        let have = match kept.keeping {
            Keeping::Open { have, .. } => have,
            Keeping::Ahead => 0,
            _ => continue,
        };
        if let Some(school) = kept.school {
            let call = Call { school, window: kept.duty.window, rule: kept.rule.id.clone() };
            calls.extend((have..kept.duty.need).map(|_| call.clone()));
        }
    }
    calls
}

/// Working days after a visit by which its protocol is closed.
const PROTOCOL_WORKING_DAYS: i32 = 3;

/// The work in a visit: to hold it, to record that it took place, to close its protocol.
#[must_use]
pub fn visit_work(number: i64, school: i64, curator: Mover, state: VisitState) -> Option<WorkItem> {
    let on = match state {
        VisitState::Planned(on) | VisitState::Overdue { on, .. } | VisitState::Held(on) => on,
        VisitState::New | VisitState::Closed(_) | VisitState::Cancelled => return None,
    };
    let due = match state {
        VisitState::Held(on) => add_working_days(on, PROTOCOL_WORKING_DAYS).unwrap_or(on),
        _ => on,
    };
    let what = match state {
        VisitState::Held(_) => "Закрыть протокол посещения",
        VisitState::Overdue { .. } => "Отметить посещение школы или перенести его",
        _ => "Посещение школы",
    };
    Some(WorkItem {
        path: format!("visit/{number}"),
        what: what.to_owned(),
        kind: WorkKind::Visit,
        school: Some(school),
        due: Some(due),
        mover: curator,
        waiting: None,
        since: on.to_datetime(Time::midnight()),
    })
}
