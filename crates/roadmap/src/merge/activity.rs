//! How do two edits of one activity become one?

use opora_cycle::vocabulary::{Activity, ActivityKey, OtherCell};
use opora_schedule::{Context, parse};

use super::choose;
use crate::Field;
use crate::fields::{fields_of_all, other};

/// A text that both changed to different ones: before, mine, theirs.
pub(crate) struct Disagreement {
    pub field: Field,
    pub texts: [String; 3],
}

/// An activity with the edits of both; where they disagree, with mine.
pub(crate) fn merged_activity(
    base: &Activity,
    mine: &Activity,
    theirs: &Activity,
) -> (Activity, Vec<Disagreement>) {
    let mut disagreements = Vec::new();
    // A field is theirs where I left its text as it was and they did not, and where only what was understood of an
    // equal text was mended by them.
    let mut is_theirs = |field: &Field| {
        let texts = [base, mine, theirs].map(|activity| field.text(activity));
        let [before, my, their] = &texts;
        if choose(before, my, their).1 {
            disagreements.push(Disagreement { field: field.clone(), texts });
            return false;
        }
        my == before
    };
    let mut activity = mine.clone();
    for field in fields_of_all(&[mine, theirs, base]) {
        if !is_theirs(&field) {
            continue;
        }
        match &field {
            Field::Number => activity.number.clone_from(&theirs.number),
            Field::Title => activity.title.clone_from(&theirs.title),
            Field::Responsible => {
                let parties = choose(&base.responsible, &mine.responsible, &theirs.responsible).0;
                activity.responsible.clone_from(parties);
                if mine.responsible_text() != theirs.responsible_text() {
                    activity.responsible.clone_from(&theirs.responsible);
                }
            }
            Field::Schedule => {
                let schedule = choose(&base.schedule, &mine.schedule, &theirs.schedule).0;
                activity.schedule.clone_from(schedule);
                if mine.schedule.text != theirs.schedule.text {
                    activity.schedule.clone_from(&theirs.schedule);
                }
            }
            Field::Outcome => activity.outcome.clone_from(&theirs.outcome),
            Field::TargetGroup => activity.target_group.clone_from(&theirs.target_group),
            Field::Other(head, nth) => set_other(&mut activity, head, *nth, other(theirs, head, *nth)),
        }
    }
    activity.source = choose(&base.source, &mine.source, &theirs.source).0.clone();
    (activity, disagreements)
}

/// Puts a cell of another column in, or empties it: a cell taken out would give the others new numbers.
pub(crate) fn set_other(activity: &mut Activity, head: &str, nth: usize, cell: Option<&OtherCell>) {
    let text = cell.map(|cell| cell.text.clone()).unwrap_or_default();
    let at = nth.checked_sub(1);
    let standing = at.and_then(|at| activity.other.iter_mut().filter(|cell| cell.head == head).nth(at));
    match standing {
        Some(standing) => standing.text = text,
        None if cell.is_some() => activity.other.push(OtherCell { head: head.to_owned(), text }),
        None => {}
    }
}

/// Two activities say the same.
pub(crate) fn same_texts(a: &Activity, b: &Activity) -> bool {
    fields_of_all(&[a, b]).iter().all(|field| field.text(a) == field.text(b))
}

/// An activity without a text: what two versions that both added one began with.
pub(crate) fn blank(key: ActivityKey) -> Activity {
    Activity {
        key,
        number: None,
        title: String::new(),
        responsible: Vec::new(),
        schedule: parse("", &Context::default()),
        outcome: None,
        target_group: None,
        other: Vec::new(),
        source: Vec::new(),
    }
}
