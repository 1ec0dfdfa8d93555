//! What changed between two versions of a plan, in words? The document here, the plan by the room of roadmaps.

use opora_cycle::vocabulary::Order;
use opora_roadmap::{ChangeKind, Path, compare, told_edit};

use super::edit::{ActFields, ListFields, Lists, ParticipantsFields, ProgrammeFields, Text};
use super::edit_save::shortened;

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where in the plan; none for what stands around it.
    pub path: Option<Path>,
    /// How.
    pub kind: ChangeKind,
    /// What: «Мероприятие 1.10 «Совещание», срок».
    pub what: String,
    /// The text before; none where there was none.
    pub before: Option<String>,
    /// The text after.
    pub after: Option<String>,
    /// A Russian sentence that tells it.
    pub sentence: String,
}

/// Changes of the document, of the plan, of its sections and activities, in the order of the newer version; what is gone
/// last. Each order holds one plan.
pub fn changes(before: &Order, after: &Order) -> Vec<Change> {
    let mut changes = Vec::new();
    document(before, after, &mut changes);
    let of = |order: &Order| order.plans.first().cloned().unwrap_or_default();
    let (old, new) = (of(before), of(after));
    let of_plan = compare(&old, &new).into_iter().map(|change| {
        let gone = change.kind == ChangeKind::Removed;
        let what = change.path.human(if gone { &old } else { &new });
        Change {
            path: Some(change.path),
            kind: change.kind,
            what,
            before: change.before,
            after: change.after,
            sentence: change.sentence,
        }
    });
    changes.extend(of_plan);
    changes
}

/// What stands around the plan.
fn document(before: &Order, after: &Order, changes: &mut Vec<Change>) {
    let mut compare = |name: &str, old: Vec<Text>, new: Vec<Text>| {
        for (old, new) in old.into_iter().zip(new) {
            push(changes, format!("{name}, {}", new.label), &old.value, &new.value);
        }
    };
    compare("Акт", ActFields::of(before).texts(), ActFields::of(after).texts());
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
        push(changes, what(&list.title), &lines(before, &list.title), &list.lines);
    }
    for list in before.iter().filter(|old| !after.iter().any(|new| new.title == old.title)) {
        push(changes, what(&list.title), &list.lines, "");
    }
}

fn push(changes: &mut Vec<Change>, what: String, before: &str, after: &str) {
    if before != after {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        changes.push(Change {
            path: None,
            kind: ChangeKind::Edited,
            sentence: told_edit(&what, before, after),
            what,
            before: text(before),
            after: text(after),
        });
    }
}
