//! Which step does a plan wait for in its agreement, and what is nobody's although somebody should do it?

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use opora_access::Place;
use opora_approval::{Party as AgreementParty, Standing, State};
use opora_cells::OrganisationId;
use opora_execution::Party;
use opora_execution::work::{Mover, WorkItem, WorkKind};

use super::standings::{PlanStanding, school_of};

/// The move that a plan waits for: of its writers, of those who agree to it, or of the coordinator once its time is over.
pub fn step_of(plan: &PlanStanding, today: Date) -> Option<WorkItem> {
    if plan.summary.archived || plan.is_closed() {
        return None;
    }
    let school = school_of(plan.summary.owner);
    let (kind, party, since) = match &plan.agreement {
        // What a school has written and never shown to anybody. A municipality need not have its plans agreed.
        None => {
            let written = plan.summary.changed_at.to_zoned(TimeZone::system()).datetime();
            (school.is_some().then_some(WorkKind::Draft)?, Party::Performer, written)
        }
        Some(standing) => {
            let moved = standing.since.to_zoned(TimeZone::system()).datetime();
            let over = ended(plan, today).filter(|_| standing.state == State::InForce && school.is_some());
            match (over, standing.whose_move) {
                (Some(last), _) => {
                    let over = last.saturating_add(1.day()).to_datetime(Time::midnight());
                    (WorkKind::Closing, Party::Coordinator, over)
                }
                (None, Some(AgreementParty::Author)) => (writer_step(standing), Party::Performer, moved),
                (None, Some(AgreementParty::Reviewer)) => (WorkKind::Approval, Party::Curator, moved),
                (None, Some(AgreementParty::Coordinator)) => (WorkKind::Approval, Party::Coordinator, moved),
                (None, None) => return None,
            }
        }
    };
    let writer = Mover::Role(Party::Performer, school);
    Some(WorkItem {
        path: format!("plans/{}/approval", plan.summary.id.0),
        what: plan.summary.title.clone(),
        kind,
        school,
        due: None,
        mover: Mover::Role(party, school),
        // Whoever asked for the agreement waits for it.
        waiting: (kind == WorkKind::Approval).then_some(writer),
        since,
    })
}

/// What the writers are to do once it is their move.
fn writer_step(standing: &Standing) -> WorkKind {
    let has_remarks = standing.open_remarks().next().is_some();
    match standing.state {
        State::Draft | State::Correction if !has_remarks => WorkKind::Draft,
        State::Approved if !has_remarks => WorkKind::Enforcement,
        _ => WorkKind::DocumentReturned,
    }
}

/// The last day of a plan whose time is over.
fn ended(plan: &PlanStanding, today: Date) -> Option<Date> {
    plan.summary.period.map(|period| period.end).filter(|end| *end < today)
}

/// The roadmaps that schools with an approved self-diagnosis of this year have still to write. A roadmap that goes on
/// today, or whose period nobody named, answers it.
pub fn to_write<'a>(
    approved: impl IntoIterator<Item = (OrganisationId, &'a Standing)>,
    plans: impl IntoIterator<Item = &'a PlanStanding>,
    today: Date,
) -> Vec<WorkItem> {
    let goes_on =
        |plan: &&PlanStanding| !plan.summary.archived && !plan.is_closed() && ended(plan, today).is_none();
    let answered: BTreeSet<OrganisationId> = plans
        .into_iter()
        .filter(goes_on)
        .filter_map(|plan| match plan.summary.owner {
            Place::School(school) => Some(school),
            Place::Node(_) | Place::Installation => None,
        })
        .collect();
    let item = |(school, standing): (OrganisationId, &Standing)| {
        let number = Some(i64::from(school.0));
        WorkItem {
            path: format!("schools/{}/roadmap", school.0),
            what: "Самодиагностика одобрена, дорожной карты на этот год нет".to_owned(),
            kind: WorkKind::Roadmap,
            school: number,
            due: None,
            mover: Mover::Role(Party::Performer, number),
            waiting: None,
            since: standing.since.to_zoned(TimeZone::system()).datetime(),
        }
    };
    let approved = approved
        .into_iter()
        .filter(|(school, standing)| standing.state == State::Approved && !answered.contains(school));
    approved.map(item).collect()
}

/// Gives what waits for people who have left to the coordinator: nobody else sees it, and the coordinator may hand it to
/// another. `here` are the accounts of those who have a role today.
pub fn handed_back(item: &WorkItem, here: &BTreeSet<i64>) -> Option<WorkItem> {
    let Mover::Account(account) = item.mover else { return None };
    // Whoever works alone has no account. A comment is answered by whom it calls, or by nobody.
    if account == 0 || here.contains(&account) || item.kind == WorkKind::Mention {
        return None;
    }
    Some(WorkItem {
        what: format!(
            "{}. Исполнитель больше не работает в программе: передайте другому",
            item.what.trim_end_matches('.')
        ),
        mover: Mover::Role(Party::Coordinator, item.school),
        ..item.clone()
    })
}
