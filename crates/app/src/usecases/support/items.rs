//! What waits for people in visits, tasks and obligations?

use std::collections::BTreeMap;

use jiff::civil::Date;
use opora_access::Place;
use opora_cells::OrganisationId;
use opora_execution::Party;
use opora_execution::obligations::Kept;
use opora_execution::work::{Mover, WorkItem, mention_work, obligation_work, task_work, visit_work};
use opora_registry::NodeId;

use super::duties::{Ground, municipal_windows, school_windows};
use super::rulebook::Rulebook;
use super::shelf::Records;
use super::tasks::{Given, Source, given_in};

/// Everything that waits in the schools that are looked after and their municipalities, whoever it waits for, with the
/// place whose it is.
pub fn work_items(
    rules: &Rulebook,
    records: &Records,
    grounds: &[Ground],
    today: Date,
) -> Vec<(Place, WorkItem)> {
    let mut items = Vec::new();
    let mut starts: BTreeMap<NodeId, Date> = BTreeMap::new();
    for ground in grounds {
        let place = Place::School(ground.school);
        items.extend(visits(records, ground, today).map(|item| (place, item)));
        let windows = school_windows(rules, records, ground, today);
        let kept: Vec<Kept<'_>> = windows.iter().filter_map(|window| window.kept(rules)).collect();
        let base = format!("school/{}", ground.school.0);
        let waiting = obligation_work(&base, &kept, |kept| Mover::Role(kept.rule.party, kept.school));
        items.extend(waiting.into_iter().map(|item| (place, item)));
        let start = starts.entry(ground.node).or_insert(ground.start);
        *start = (*start).min(ground.start);
    }
    for (node, start) in &starts {
        let windows = municipal_windows(rules, records, *node, *start, today);
        let kept: Vec<Kept<'_>> = windows.iter().filter_map(|window| window.kept(rules)).collect();
        let base = format!("municipality/{}", node.0);
        let waiting = obligation_work(&base, &kept, |kept| Mover::Role(kept.rule.party, None));
        items.extend(waiting.into_iter().map(|item| (Place::Node(*node), item)));
    }
    let schools: Vec<OrganisationId> = grounds.iter().map(|ground| ground.school).collect();
    for given in given_in(records, &schools, &records.met()) {
        tasks(&given, today, &mut items);
    }
    items
}

fn visits(records: &Records, ground: &Ground, today: Date) -> impl Iterator<Item = WorkItem> {
    let school = i64::from(ground.school.0);
    records.visits_of(ground.school).iter().filter_map(move |visit| {
        // Whoever planned it holds it; when that person looks after the school no more, its curators do.
        let curator = match ground.curators.contains(&visit.curator) {
            true => Mover::Account(visit.curator),
            false if ground.curators.is_empty() => Mover::Role(Party::Coordinator, Some(school)),
            false => Mover::Role(Party::Curator, Some(school)),
        };
        visit_work(visit.number, school, curator, visit.state(today))
    })
}

fn tasks(given: &Given, today: Date, items: &mut Vec<(Place, WorkItem)>) {
    let (place, reviewer) = match given.source {
        Source::Visit(school, _) => {
            (Place::School(school), Mover::Role(Party::Curator, Some(i64::from(school.0))))
        }
        Source::Meeting(node, _) => (Place::Node(node), Mover::Role(Party::Coordinator, None)),
    };
    let ledger = given.execution.ledger();
    for (at, (occurrence, account)) in ledger.accounts().enumerate() {
        let Some(task) = given.task(occurrence) else { continue };
        let waiting = task_work(task, occurrence.key.activity.0, &account, reviewer, today);
        items.extend(waiting.into_iter().map(|item| (place, item)));
        let what = || task.text.clone();
        let called = mention_work(&task.path, &what, task.school, ledger.facts(at));
        items.extend(called.into_iter().map(|item| (place, item)));
    }
}

/// The page of an item of this room; `None` for those of plans.
pub fn place_of(item: &WorkItem) -> Option<String> {
    let pieces: Vec<&str> = item.path.split('/').collect();
    let school = item.school.unwrap_or_default();
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
