//! What changed between two versions of a plan, in words?

use std::collections::HashMap;

use opora_cycle::vocabulary::{Activity, ActivityKey, Order, Plan};

use super::edit::{ActFields, ActivityFields};
use super::edit_save::shortened;

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What: «Мероприятие 1.10, срок».
    pub what: String,
    /// The text before; none where there was none or it did not change.
    pub before: Option<String>,
    /// The text after.
    pub after: Option<String>,
}

/// Changes of the act, of the sections and of the activities, in the order of the newer version; what is gone last.
pub fn changes(before: &Order, after: &Order) -> Vec<Change> {
    let mut changes = Vec::new();
    act(before, after, &mut changes);
    sections(before, after, &mut changes);
    let old = by_key(before);
    let new = by_key(after);
    for (section, activity) in activities(after) {
        match old.get(&activity.key) {
            None => changes.push(whole("добавлено", None, Some(activity))),
            Some((old_section, old_activity)) => {
                fields(old_activity, activity, &mut changes);
                if *old_section != section {
                    changes.push(moved(activity, "перенесено в другой раздел"));
                }
            }
        }
    }
    let gone = activities(before).filter(|(_, activity)| !new.contains_key(&activity.key));
    changes.extend(gone.map(|(_, activity)| whole("удалено", Some(activity), None)));
    if changes.is_empty() && order_of(before) != order_of(after) {
        changes.push(Change {
            what: "Изменён порядок мероприятий".to_owned(), before: None, after: None
        });
    }
    changes
}

fn act(before: &Order, after: &Order, changes: &mut Vec<Change>) {
    let (old, new) = (ActFields::of(before), ActFields::of(after));
    for (name, old, new) in [
        ("вид", old.kind, new.kind),
        ("номер", old.number, new.number),
        ("дата", old.date, new.date),
        ("орган", old.authority, new.authority),
        ("название", old.title, new.title),
    ] {
        push(changes, format!("Акт, {name}"), old, new);
    }
}

fn sections(before: &Order, after: &Order, changes: &mut Vec<Change>) {
    let titles = |order: &Order| -> Vec<String> {
        let sections = order.plans.iter().flat_map(|plan| &plan.sections);
        let title = |number: Option<&str>, title: &str| {
            [number.unwrap_or_default(), title].join(" ").trim().to_owned()
        };
        sections.map(|section| title(section.number.as_deref(), &section.title)).collect()
    };
    for (index, (old, new)) in titles(before).into_iter().zip(titles(after)).enumerate() {
        push(changes, format!("Раздел {}, название", index + 1), old, new);
    }
}

fn fields(before: &Activity, after: &Activity, changes: &mut Vec<Change>) {
    let (old, new) = (ActivityFields::of(before), ActivityFields::of(after));
    let name = name(after);
    for (field, old, new) in [
        ("номер", old.number, new.number),
        ("название", old.title, new.title),
        ("ответственные", old.responsible, new.responsible),
        ("срок", old.schedule, new.schedule),
        ("результат", old.outcome, new.outcome),
        ("целевая группа", old.target_group, new.target_group),
    ] {
        push(changes, format!("{name}, {field}"), old, new);
    }
}

fn push(changes: &mut Vec<Change>, what: String, before: String, after: String) {
    if before != after {
        let text = |text: String| Some(text).filter(|text| !text.is_empty());
        changes.push(Change { what, before: text(before), after: text(after) });
    }
}

fn whole(verb: &str, before: Option<&Activity>, after: Option<&Activity>) -> Change {
    let name = before.or(after).map(name).unwrap_or_default();
    let title = |activity: &Activity| activity.title.clone();
    Change { what: format!("{name} {verb}"), before: before.map(title), after: after.map(title) }
}

fn moved(activity: &Activity, verb: &str) -> Change {
    Change { what: format!("{} {verb}", name(activity)), before: None, after: None }
}

fn name(activity: &Activity) -> String {
    match &activity.number {
        Some(number) => format!("Мероприятие {number}"),
        None => format!("Мероприятие «{}»", shortened(&activity.title)),
    }
}

fn activities(order: &Order) -> impl Iterator<Item = (usize, &Activity)> {
    let sections = order.plans.iter().flat_map(|plan| plan.sections.iter().enumerate());
    sections.flat_map(|(index, section)| section.activities.iter().map(move |activity| (index, activity)))
}

fn by_key(order: &Order) -> HashMap<ActivityKey, (usize, &Activity)> {
    activities(order).map(|(section, activity)| (activity.key, (section, activity))).collect()
}

fn order_of(order: &Order) -> Vec<ActivityKey> {
    order.plans.iter().flat_map(Plan::activities).map(|activity| activity.key).collect()
}
