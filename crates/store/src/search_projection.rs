//! Which words of a plan can be searched for?
//!
//! The entries are a projection of the newest version, no facts: this is the one table whose rows are removed and
//! written anew. Everything in it can be computed from `plan_version` again.

use opora_cycle::text::{fold, words};
use opora_cycle::vocabulary::{Activity, Item, Order, Plan};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::entity::search_entry;
use crate::search::SearchField;
use crate::time::storable;
use crate::{PlanId, StoreError, VersionNumber};

/// Rows written by one statement; SQLite allows 32,766 values in it, a row has six.
const ROWS_AT_ONCE: usize = 1_000;

/// Writes the words of a plan's newest version in place of those of the version before.
pub(crate) async fn project<C: ConnectionTrait>(
    connection: &C,
    plan: PlanId,
    version: VersionNumber,
    order: &Order,
) -> Result<(), StoreError> {
    search_entry::Entity::delete_many()
        .filter(search_entry::Column::PlanId.eq(plan.0))
        .exec(connection)
        .await?;
    let mut entries = entries(order).into_iter().map(|entry| search_entry::ActiveModel {
        plan_id: Set(plan.0),
        version: Set(version.0),
        activity: Set(entry.activity.map(i64::from)),
        field: Set(entry.field.word().to_owned()),
        stems: Set(stems_column(&entry.text)),
        text: Set(storable(&entry.text)),
        ..Default::default()
    });
    loop {
        let rows: Vec<_> = entries.by_ref().take(ROWS_AT_ONCE).collect();
        if rows.is_empty() {
            return Ok(());
        }
        search_entry::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
}

/// The words of a text as they are kept: each stem between two spaces, numbers whole and in their pieces.
fn stems_column(text: &str) -> String {
    let folded = fold(text);
    let pieces = words(&folded)
        .filter(|word| word.contains(['.', '/', '-']))
        .flat_map(|word| word.split(['.', '/', '-']))
        .filter(|piece| !piece.is_empty());
    let stems = opora_cycle::text::stems(text);
    let mut column = String::from(" ");
    for word in stems.iter().map(String::as_str).chain(pieces) {
        column.push_str(&storable(word));
        column.push(' ');
    }
    column
}

/// A text with its field; of the plan as a whole where there is no activity.
struct Entry {
    activity: Option<u32>,
    field: SearchField,
    text: String,
}

/// Everything a person may look for, empty texts left out.
fn entries(order: &Order) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |activity: Option<u32>, field: SearchField, text: &str| {
        if !text.trim().is_empty() {
            entries.push(Entry { activity, field, text: text.to_owned() });
        }
    };
    act_texts(order, &mut |text| add(None, SearchField::Act, text));
    programme_texts(order, &mut |text| add(None, SearchField::Programme, text));
    for group in &order.indicators {
        add(None, SearchField::Indicator, &group.group);
        group.indicators.iter().for_each(|item| add(None, SearchField::Indicator, &item.text));
    }
    for criterion in &order.criteria {
        add(None, SearchField::Criterion, &criterion.title);
        criterion.indicators.iter().for_each(|item| add(None, SearchField::Criterion, &item.text));
    }
    order
        .participants
        .mentions
        .iter()
        .for_each(|mention| add(None, SearchField::Participants, &mention.text));
    order.unplaced.iter().for_each(|unplaced| add(None, SearchField::Unplaced, &unplaced.text));
    for plan in &order.plans {
        add(None, SearchField::PlanTitle, &plan.title);
        plan_texts(plan, &mut add);
    }
    entries
}

fn act_texts(order: &Order, add: &mut dyn FnMut(&str)) {
    let act = &order.act;
    let kind = act.kind.map(|kind| kind.russian()).unwrap_or_default();
    let date = act.date.map(|date| date.strftime("%d.%m.%Y").to_string()).unwrap_or_default();
    let number = act.number.as_deref().unwrap_or_default();
    add(format!("{kind} {date} {number}").trim());
    for text in [&act.authority, &act.locality, &act.title, &act.preamble].into_iter().flatten() {
        add(text);
    }
    act.points.iter().for_each(|point| add(&point.text));
    act.cited.iter().for_each(|cited| add(&cited.text));
    if let Some(signatory) = &act.signatory {
        add(format!("{} {}", signatory.name, signatory.post.as_deref().unwrap_or_default()).trim());
    }
}

fn programme_texts(order: &Order, add: &mut dyn FnMut(&str)) {
    let Some(programme) = &order.programme else { return };
    add(programme.name.as_deref().unwrap_or_default());
    let lists: [&Vec<Item>; 3] = [&programme.goals, &programme.tasks, &programme.expected_results];
    lists.into_iter().flatten().for_each(|item| add(&item.text));
    programme.other.iter().for_each(|row| add(&format!("{}: {}", row.head, row.text)));
}

fn plan_texts(plan: &Plan, add: &mut dyn FnMut(Option<u32>, SearchField, &str)) {
    for section in &plan.sections {
        add(None, SearchField::Section, &section.title);
        section.activities.iter().for_each(|activity| activity_texts(activity, add));
    }
}

fn activity_texts(activity: &Activity, add: &mut dyn FnMut(Option<u32>, SearchField, &str)) {
    let key = Some(activity.key.0);
    add(key, SearchField::Number, activity.number.as_deref().unwrap_or_default());
    add(key, SearchField::Title, &activity.title);
    add(key, SearchField::Responsible, &activity.responsible_text());
    add(key, SearchField::Schedule, &activity.schedule.text);
    add(key, SearchField::Outcome, activity.outcome.as_deref().unwrap_or_default());
    add(key, SearchField::TargetGroup, activity.target_group.as_deref().unwrap_or_default());
    activity.other.iter().for_each(|cell| add(key, SearchField::Other, &cell.text));
}
