//! How is an edit recorded without losing what somebody else has written meanwhile?

use jiff::Timestamp;
use opora_cycle::vocabulary::{ActivityKey, Order};
use opora_store::{Authorship, PlanId, PlanRecord, Store, StoreError, VersionNumber};

use super::edit::{Edit, Refusal, SectionFields, Text, activity, apply, locate};

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
        let mut edit = edit.clone();
        if newest != seen {
            let base = store.plan_version(plan, seen).await?;
            if !is_untouched(&base.order, &current.order, &edit)
                && !follow(&base.order, &current.order, &mut edit)
            {
                return Err(NotSaved::Conflict(Box::new(current)));
            }
        }
        let edit = &edit;
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
    let section = |order: &Order, index: usize| {
        let section = order.plans.first().and_then(|plan| plan.sections.get(index));
        section.map(SectionFields::of)
    };
    let sections = |order: &Order| -> Vec<SectionFields> {
        order.plans.iter().flat_map(|plan| &plan.sections).map(SectionFields::of).collect()
    };
    match edit {
        Edit::Add { section: at, .. } => section(base, *at) == section(current, *at),
        // Where a section goes in, out or elsewhere depends on those around it.
        Edit::AddSection { .. } | Edit::DeleteSection(_) | Edit::MoveSection(..) => {
            sections(base) == sections(current)
        }
        Edit::Move(key, _) => locate(base, *key) == locate(current, *key),
        Edit::Delete(key) => {
            let texts = |order: &Order| activity(order, *key).map(super::edit::ActivityFields::of);
            texts(base) == texts(current)
        }
        _ => edit.standing(base) == edit.standing(current),
    }
}

/// Points an edit of a section to where that section, unchanged, stands now; tells whether it does.
fn follow(base: &Order, current: &Order, edit: &mut Edit) -> bool {
    let (Edit::Section { section: index, .. } | Edit::Add { section: index, .. }) = edit else {
        return false;
    };
    let sections = |order: &Order| -> Vec<SectionFields> {
        order.plans.iter().flat_map(|plan| &plan.sections).map(SectionFields::of).collect()
    };
    let (old, new) = (sections(base), sections(current));
    let Some(wanted) = old.get(*index) else { return false };
    let is_only = |list: &[SectionFields]| list.iter().filter(|one| *one == wanted).count() == 1;
    let found = new.iter().position(|section| section == wanted);
    match found.filter(|_| is_only(&old) && is_only(&new)) {
        Some(at) => {
            *index = at;
            true
        }
        None => false,
    }
}

/// The edit in one Russian sentence, for the history.
pub fn describe(order: &Order, edit: &Edit) -> String {
    let name = |key: ActivityKey| {
        activity(order, key)
            .map_or_else(String::new, |activity| label(activity.number.as_deref(), &activity.title))
    };
    let section = |index: usize| {
        let section = order.plans.first().and_then(|plan| plan.sections.get(index));
        section.map(|section| label(section.number.as_deref(), &section.title)).unwrap_or_default()
    };
    let changed = || changed(order, edit);
    match edit {
        Edit::Act(_) => format!("Изменены реквизиты акта{}", changed()),
        Edit::Plan(_) => format!("Изменён план{}", changed()),
        Edit::Programme(_) => format!("Изменена программа{}", changed()),
        Edit::Lists(lists, _) => format!("Изменены {}", lists.russian().to_lowercase()),
        Edit::Participants(_) => format!("Изменены участники{}", changed()),
        Edit::Section { section: at, .. } => format!("Изменён раздел {}{}", section(*at), changed()),
        Edit::AddSection { fields, .. } => {
            format!("Добавлен раздел {}", label(Some(fields.number.as_str()), &fields.title))
        }
        Edit::DeleteSection(at) => format!("Удалён раздел {}", section(*at)),
        Edit::MoveSection(at, _) => format!("Перемещён раздел {}", section(*at)),
        Edit::Activity { key, .. } => format!("Изменено мероприятие {}{}", name(*key), changed()),
        Edit::Add { fields, .. } => {
            format!("Добавлено мероприятие {}", label(Some(fields.number.as_str()), &fields.title))
        }
        Edit::Delete(key) => format!("Удалено мероприятие {}", name(*key)),
        Edit::Move(key, _) => format!("Перемещено мероприятие {}", name(*key)),
    }
}

/// «: номер, срок»: the names of the texts that differ from those of the order.
fn changed(order: &Order, edit: &Edit) -> String {
    let before: Vec<Text> = edit.standing(order).map(|edit| edit.texts()).unwrap_or_default();
    let mut names: Vec<&str> = Vec::new();
    for (index, text) in edit.texts().iter().enumerate() {
        let old = before.get(index).map(|text| text.value.as_str()).unwrap_or_default();
        // A browser sends line ends of its own.
        if old.trim().lines().ne(text.value.trim().lines()) {
            names.push(text.label);
        }
    }
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
