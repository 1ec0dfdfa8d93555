//! What waits for people in visits, tasks and obligations?

use jiff::civil::Date;
use opora_execution::Party;
use opora_execution::obligations::Kept;
use opora_execution::work::{Mover, WorkItem, mention_work, obligation_work, task_work, visit_work};
use opora_registry::NodeId;

use super::duties::{Ground, Window};
use super::rulebook::Rulebook;
use super::shelf::Records;
use super::tasks::{Given, Source, tasks_of_meeting, tasks_of_visit};

/// Everything that waits in the visits, windows and tasks of a school, whoever it waits for.
pub fn school_items(
    rules: &Rulebook,
    records: &Records,
    ground: &Ground,
    windows: &[Window],
    today: Date,
) -> Vec<WorkItem> {
    let mut items = Vec::new();
    visits(records, ground, today, &mut items);
    let kept: Vec<Kept<'_>> = windows.iter().filter_map(|window| window.kept(rules)).collect();
    let base = format!("school/{}", ground.school.0);
    items.extend(obligation_work(&base, &kept, |kept| Mover::Role(kept.rule.party, kept.school)));
    for visit in records.visits_of(ground.school) {
        tasks(tasks_of_visit(records, visit), today, &mut items);
    }
    items
}

/// Everything that waits in the common windows of a municipality and in the tasks of its meetings.
pub fn municipal_items(
    rules: &Rulebook,
    records: &Records,
    node: NodeId,
    windows: &[Window],
    today: Date,
) -> Vec<WorkItem> {
    let kept: Vec<Kept<'_>> = windows.iter().filter_map(|window| window.kept(rules)).collect();
    let base = format!("municipality/{}", node.0);
    let mut items = obligation_work(&base, &kept, |kept| Mover::Role(kept.rule.party, None));
    for meeting in records.meetings_of(node) {
        tasks(tasks_of_meeting(records, meeting), today, &mut items);
    }
    items
}

fn visits(records: &Records, ground: &Ground, today: Date, items: &mut Vec<WorkItem>) {
    let school = i64::from(ground.school.0);
    for visit in records.visits_of(ground.school) {
        // Whoever planned it holds it; when that person looks after the school no more, its curators do.
        let curator = match ground.curators.contains(&visit.curator) {
            true => Mover::Account(visit.curator),
            false if ground.curators.is_empty() => Mover::Role(Party::Coordinator, Some(school)),
            false => Mover::Role(Party::Curator, Some(school)),
        };
        items.extend(visit_work(visit.number, school, curator, visit.state(today)));
    }
}

fn tasks(given: Option<Given>, today: Date, items: &mut Vec<WorkItem>) {
    let Some(given) = given else { return };
    let reviewer = match given.source {
        Source::Visit(school, _) => Mover::Role(Party::Curator, Some(i64::from(school.0))),
        Source::Meeting(..) => Mover::Role(Party::Coordinator, None),
    };
    let ledger = given.execution.ledger();
    for (at, (occurrence, account)) in ledger.accounts().enumerate() {
        let Some(task) = given.task(occurrence) else { continue };
        items.extend(task_work(task, occurrence.key.activity.0, &account, reviewer, today));
        let what = || task.text.clone();
        items.extend(mention_work(&task.path, &what, task.school, ledger.facts(at)));
    }
}

/// The page of an item of this room; `None` for those of plans.
pub fn place_of(item: &WorkItem) -> Option<String> {
    page_of(&item.path, item.school)
}

/// The page of a path of this room, which may be about a school.
pub fn page_of(path: &str, school: Option<i64>) -> Option<String> {
    let pieces: Vec<&str> = path.split('/').collect();
    let school = school.unwrap_or_default();
    Some(match pieces.as_slice() {
        ["visit", visit] => format!("/schools/{school}/visits/{visit}"),
        ["visit", visit, "follow-up", number, ..] => {
            format!("/schools/{school}/visits/{visit}#task-{number}")
        }
        ["meeting", meeting, "item", item, "decision", decision, ..] => {
            format!("/meetings/{meeting}#task-{item}-{decision}")
        }
        ["school", school, "obligation", rule, due] => {
            format!("/obligations?school={school}#w-{rule}-{due}")
        }
        ["municipality", node, "obligation", rule, due] => {
            format!("/obligations?node={node}#w-{rule}-{due}")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use opora_execution::work::WorkKind;

    use super::*;

    #[test]
    fn every_item_leads_to_its_page() {
        let check = |path: &str, expected: Option<&str>| {
            let item = WorkItem {
                path: path.to_owned(),
                what: String::new(),
                kind: WorkKind::Task,
                school: Some(5),
                due: None,
                mover: Mover::Account(1),
                waiting: None,
                since: date(2026, 11, 22).at(0, 0, 0, 0),
            };
            assert_eq!(place_of(&item).as_deref(), expected);
        };
        check("visit/7", Some("/schools/5/visits/7"));
        check("visit/7/follow-up/2/postponement", Some("/schools/5/visits/7#task-2"));
        check("meeting/3/item/4/decision/1", Some("/meetings/3#task-4-1"));
        let window = "school/5/obligation/visits-drafting/2026-12-06";
        check(window, Some("/obligations?school=5#w-visits-drafting-2026-12-06"));
        check("plans/1/occurrence/1/undated", None);
    }
}
