//! How is an edit recorded without losing what somebody else has written meanwhile?

use jiff::Timestamp;
use opora_cycle::vocabulary::{ActivityKey, Order};
use opora_store::{Authorship, PlanId, PlanRecord, Store, StoreError, VersionNumber};

use super::edit::{Edit, Refusal, Text, activity, apply};
use super::joining::{Collision, Joined, join};

/// How often an edit is tried again on a newer version before it is given up.
const ATTEMPTS: usize = 4;

/// An edit that was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The version that now holds.
    pub version: VersionNumber,
    /// The version of others that the edit was joined with.
    pub joined_with: Option<VersionNumber>,
    /// The activity that was added.
    pub added: Option<ActivityKey>,
}

/// Why an edit was not saved.
#[derive(Debug)]
pub enum NotSaved {
    /// The texts do not do, or the thing is gone.
    Refused(Refusal),
    /// Others changed the same thing to something else since: the newest version, and where both disagree.
    Conflict(Box<(PlanRecord, Collision)>),
    /// Others write so often that the edit never came to its turn.
    Busy,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for NotSaved {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Saves an edit that was made looking at version `seen`.
///
/// If others have written since, both are joined: what does not collide stands side by side in one new version. What
/// collides is a conflict for a person to decide, and nothing is written.
pub async fn save(
    store: &Store,
    plan: PlanId,
    seen: VersionNumber,
    edit: &Edit,
    who: &str,
    at: Timestamp,
) -> Result<Saved, NotSaved> {
    for _ in 0..ATTEMPTS {
        let current = store.plan(plan).await?;
        let newest = current.summary.version;
        let highest = match edit {
            Edit::Add { .. } => store.highest_key(plan).await?,
            _ => ActivityKey(0),
        };
        let (joined, reason) = if newest == seen {
            let order = apply(&current.order, edit, highest).map_err(NotSaved::Refused)?;
            (Joined::Order(Box::new(order)), describe(&current.order, edit))
        } else {
            let base = store.plan_version(plan, seen).await?.order;
            let joined = join(&base, &current.order, edit, highest).map_err(NotSaved::Refused)?;
            (joined, describe(&base, edit))
        };
        let order = match joined {
            Joined::Order(order) => order,
            Joined::Collision(collision) => {
                return Err(NotSaved::Conflict(Box::new((current, *collision))));
            }
        };
        let joined_with = (newest != seen).then_some(newest);
        let added = matches!(edit, Edit::Add { .. }).then(|| ActivityKey(highest.0.saturating_add(1)));
        if *order == current.order {
            return Ok(Saved { version: newest, joined_with, added: None });
        }
        match store.append_version(plan, newest, &order, &Authorship { who, reason: &reason, at }).await {
            Err(StoreError::Conflict { .. }) => {}
            other => return Ok(Saved { version: other?, joined_with, added }),
        }
    }
    Err(NotSaved::Busy)
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
