//! How is an edit recorded without losing what somebody else has written meanwhile?

use jiff::Timestamp;
use opora_cycle::vocabulary::{ActivityKey, Order};
use opora_store::{Authorship, PlanId, PlanRecord, Store, StoreError, VersionNumber};

use super::edit::{ActFields, ActivityFields, Edit, Refusal, activity, apply, locate};

/// How often an edit is tried again on a newer version before it is called a conflict.
const ATTEMPTS: usize = 4;

/// Why an edit was not saved.
#[derive(Debug)]
pub enum NotSaved {
    /// The texts do not do, or the thing is gone.
    Refused(Refusal),
    /// The same thing was changed by somebody else since: the newest version, so that both texts can be shown.
    Conflict(Box<PlanRecord>),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for NotSaved {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Saves an edit that was made looking at version `seen`, and tells the number of the version that now holds.
///
/// If others have written since, the edit is made on their version, provided that they left the thing that is
/// edited as it was; otherwise it is a conflict.
pub async fn save(
    store: &Store,
    plan: PlanId,
    seen: VersionNumber,
    edit: &Edit,
    who: &str,
    at: Timestamp,
) -> Result<VersionNumber, NotSaved> {
    for _ in 0..ATTEMPTS {
        let current = store.plan(plan).await?;
        let newest = current.summary.version;
        if newest != seen {
            let base = store.plan_version(plan, seen).await?;
            if !is_untouched(&base.order, &current.order, edit) {
                return Err(NotSaved::Conflict(Box::new(current)));
            }
        }
        let order = apply(&current.order, edit).map_err(NotSaved::Refused)?;
        if order == current.order {
            return Ok(newest);
        }
        let reason = describe(&current.order, edit);
        match store.append_version(plan, newest, &order, &Authorship { who, reason: &reason, at }).await {
            Err(StoreError::Conflict { .. }) => {}
            other => return Ok(other?),
        }
    }
    Err(NotSaved::Conflict(Box::new(store.plan(plan).await?)))
}

/// What the edit is about reads the same in both versions.
fn is_untouched(base: &Order, current: &Order, edit: &Edit) -> bool {
    let title_of = |order: &Order, index: usize| {
        let section = order.plans.first().and_then(|plan| plan.sections.get(index));
        section.map(|section| (section.number.clone(), section.title.clone()))
    };
    let fields_of = |order: &Order, key: ActivityKey| activity(order, key).map(ActivityFields::of);
    match edit {
        Edit::Act(_) => ActFields::of(base) == ActFields::of(current),
        Edit::Section { section, .. } | Edit::Add { section, .. } => {
            title_of(base, *section) == title_of(current, *section)
        }
        Edit::Activity { key, .. } | Edit::Delete(key) => fields_of(base, *key) == fields_of(current, *key),
        Edit::Move(key, _) => locate(base, *key) == locate(current, *key),
    }
}

/// The edit in one Russian sentence, for the history.
pub fn describe(order: &Order, edit: &Edit) -> String {
    let name = |key: ActivityKey| {
        activity(order, key)
            .map_or_else(String::new, |activity| label(activity.number.as_deref(), &activity.title))
    };
    match edit {
        Edit::Act(fields) => format!("Изменены реквизиты акта{}", changed_act(&ActFields::of(order), fields)),
        Edit::Section { title, .. } => format!("Переименован раздел «{}»", shortened(title)),
        Edit::Activity { key, fields } => {
            let before = activity(order, *key).map(ActivityFields::of).unwrap_or_default();
            format!("Изменено мероприятие {}{}", name(*key), changed(&before, fields))
        }
        Edit::Add { fields, .. } => {
            format!("Добавлено мероприятие {}", label(Some(fields.number.as_str()), &fields.title))
        }
        Edit::Delete(key) => format!("Удалено мероприятие {}", name(*key)),
        Edit::Move(key, _) => format!("Перемещено мероприятие {}", name(*key)),
    }
}

fn changed(before: &ActivityFields, after: &ActivityFields) -> String {
    list(&[
        ("номер", before.number.trim() != after.number.trim()),
        ("название", before.title.trim() != after.title.trim()),
        ("ответственные", before.responsible.trim() != after.responsible.trim()),
        ("срок", before.schedule.trim() != after.schedule.trim()),
        ("результат", before.outcome.trim() != after.outcome.trim()),
        ("целевая группа", before.target_group.trim() != after.target_group.trim()),
    ])
}

fn changed_act(before: &ActFields, after: &ActFields) -> String {
    list(&[
        ("вид", before.kind != after.kind),
        ("номер", before.number.trim() != after.number.trim()),
        ("дата", before.date.trim() != after.date.trim()),
        ("орган", before.authority.trim() != after.authority.trim()),
        ("название", before.title.trim() != after.title.trim()),
    ])
}

fn list(fields: &[(&str, bool)]) -> String {
    let names: Vec<&str> = fields.iter().filter(|(_, changed)| *changed).map(|(name, _)| *name).collect();
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}

fn label(number: Option<&str>, title: &str) -> String {
    match number.filter(|number| !number.trim().is_empty()) {
        Some(number) => format!("{number} «{}»", shortened(title)),
        None => format!("«{}»", shortened(title)),
    }
}

/// The first words of a text.
pub fn shortened(text: &str) -> String {
    const CHARS: usize = 60;
    if text.chars().count() <= CHARS {
        return text.to_owned();
    }
    let cut: String = text.chars().take(CHARS).collect();
    let whole = cut.rsplit_once(char::is_whitespace).map_or(cut.as_str(), |(words, _)| words);
    format!("{whole}…")
}
