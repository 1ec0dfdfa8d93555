//! What changed between two versions of a plan, in words?

use std::collections::HashMap;

use opora_cycle::vocabulary::{Activity, ActivityKey, Order, Plan};

use super::edit::{
    ActFields, ActivityFields, ListFields, Lists, ParticipantsFields, PlanFields, ProgrammeFields,
    SectionFields, Text,
};
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

/// Changes of the document, of the sections and of the activities, in the order of the newer version; what is gone
/// last.
pub fn changes(before: &Order, after: &Order) -> Vec<Change> {
    let mut changes = Vec::new();
    document(before, after, &mut changes);
    let moved_to = sections(before, after, &mut changes);
    let old = by_key(before);
    let new = by_key(after);
    for (section, activity) in activities(after) {
        match old.get(&activity.key) {
            None => changes.push(whole("добавлено", None, Some(activity))),
            Some((old_section, old_activity)) => {
                fields(old_activity, activity, &mut changes);
                if moved_to.get(old_section) != Some(&section) {
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

/// What stands around the activities.
fn document(before: &Order, after: &Order, changes: &mut Vec<Change>) {
    let mut compare = |name: &str, old: Vec<Text>, new: Vec<Text>| {
        for (old, new) in old.into_iter().zip(new) {
            push(changes, format!("{name}, {}", new.label), old.value, new.value);
        }
    };
    compare("Акт", ActFields::of(before).texts(), ActFields::of(after).texts());
    let plan = |order: &Order| order.plans.first().map(PlanFields::of).unwrap_or_default();
    compare("План", plan(before).texts(), plan(after).texts());
    compare("Программа", ProgrammeFields::of(before).texts(), ProgrammeFields::of(after).texts());
    compare("Участники", ParticipantsFields::of(before).texts(), ParticipantsFields::of(after).texts());
    for kind in [Lists::Indicators, Lists::Criteria] {
        lists(kind, &kind.of(before), &kind.of(after), changes);
    }
}

fn lists(kind: Lists, before: &[ListFields], after: &[ListFields], changes: &mut Vec<Change>) {
    let lines = |lists: &[ListFields], title: &str| {
        lists.iter().find(|list| list.title == title).map(|list| list.lines.clone()).unwrap_or_default()
    };
    let what = |title: &str| match title {
        "" => kind.russian().to_owned(),
        title => format!("{} «{}»", kind.russian(), shortened(title)),
    };
    for list in after {
        push(changes, what(&list.title), lines(before, &list.title), list.lines.clone());
    }
    for list in before.iter().filter(|old| !after.iter().any(|new| new.title == old.title)) {
        push(changes, what(&list.title), list.lines.clone(), String::new());
    }
}

/// Changes of the sections. Sections have no keys: one is known by its title, one that is left without a match was
/// renamed where as many are missing as are new. Gives where each section of the older version went.
fn sections(before: &Order, after: &Order, changes: &mut Vec<Change>) -> HashMap<usize, usize> {
    let of = |order: &Order| -> Vec<SectionFields> {
        order.plans.iter().flat_map(|plan| &plan.sections).map(SectionFields::of).collect()
    };
    let (old, new) = (of(before), of(after));
    let mut went: HashMap<usize, usize> = HashMap::new();
    let mut free: Vec<usize> = (0..new.len()).collect();
    let same: [fn(&SectionFields, &SectionFields) -> bool; 2] = [|a, b| a == b, |a, b| a.title == b.title];
    for same in same {
        for (index, section) in old.iter().enumerate() {
            if went.contains_key(&index) {
                continue;
            }
            let fits = |at: &usize| new.get(*at).is_some_and(|new| same(new, section));
            // Among equal ones that at the same place comes first.
            let at =
                free.iter().position(|at| *at == index && fits(at)).or_else(|| free.iter().position(fits));
            if let Some(at) = at {
                went.insert(index, free.remove(at));
            }
        }
    }
    let lost: Vec<usize> = (0..old.len()).filter(|index| !went.contains_key(index)).collect();
    let in_order = (0..old.len()).filter_map(|index| went.get(&index)).is_sorted();
    if lost.len() == free.len() {
        went.extend(lost.iter().copied().zip(free.iter().copied()));
    } else {
        for title in lost.iter().filter_map(|index| old.get(*index)).map(section_name) {
            changes.push(Change {
                what: format!("Раздел {title} удалён"), before: None, after: None
            });
        }
        for title in free.iter().filter_map(|index| new.get(*index)).map(section_name) {
            changes.push(Change {
                what: format!("Раздел {title} добавлен"), before: None, after: None
            });
        }
    }
    if !in_order {
        changes.push(Change {
            what: "Изменён порядок разделов".to_owned(), before: None, after: None
        });
    }
    let came: HashMap<usize, usize> = went.iter().map(|(from, to)| (*to, *from)).collect();
    for (at, section) in new.iter().enumerate() {
        let from = came.get(&at).and_then(|from| old.get(*from));
        for (old, new) in from.map(SectionFields::texts).unwrap_or_default().into_iter().zip(section.texts())
        {
            push(changes, format!("Раздел {}, {}", at + 1, new.label), old.value, new.value);
        }
    }
    went
}

fn section_name(section: &SectionFields) -> String {
    format!("{} «{}»", section.number, shortened(&section.title)).trim().to_owned()
}

fn fields(before: &Activity, after: &Activity, changes: &mut Vec<Change>) {
    let name = name(after);
    let (old, new) = (ActivityFields::of(before).texts(), ActivityFields::of(after).texts());
    for (old, new) in old.into_iter().zip(new) {
        push(changes, format!("{name}, {}", new.label), old.value, new.value);
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
