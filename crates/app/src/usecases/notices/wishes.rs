//! How does each person want to be told?

use std::collections::{BTreeMap, BTreeSet};

use opora_execution::notices::{Quiet, Settings, Topic};
use opora_store::{AccountId, Authorship, NewFact, Store, StoreError};
use serde_json::{Value, json};

/// The subject of all choices: whoever tells reads them together.
const SUBJECT: &str = "notices";
/// The kind of a fact that holds a choice.
const KIND: &str = "notices.settings";

/// What a person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// When and about what.
    pub settings: Settings,
    /// Letters are wanted; otherwise the page is enough.
    pub mail: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { settings: Settings::default(), mail: true }
    }
}

/// What everybody chose who chose something.
pub(super) async fn all_wishes(store: &Store) -> Result<BTreeMap<AccountId, Wishes>, StoreError> {
    let facts = store.facts(SUBJECT).await?;
    Ok(facts.iter().filter(|fact| fact.kind == KIND).filter_map(|fact| read(&fact.content)).collect())
}

/// What a person chose, or what holds for everybody who chose nothing.
pub async fn wishes_of(store: &Store, account: AccountId) -> Result<Wishes, StoreError> {
    Ok(all_wishes(store).await?.remove(&account).unwrap_or_default())
}

/// Records what a person chose.
pub async fn save_wishes(
    store: &Store,
    account: AccountId,
    wishes: &Wishes,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    let content = write(account, wishes);
    let fact = NewFact { subject: SUBJECT, kind: KIND, content: &content };
    store.append_facts(&[], &[fact], Some(account), by).await?;
    Ok(())
}

fn write(account: AccountId, wishes: &Wishes) -> Value {
    let settings = &wishes.settings;
    let off: Vec<&str> = settings.off.iter().map(|topic| topic.slug()).collect();
    json!({
        "account": account.0, "mail": wishes.mail, "digest": settings.digest_hour, "urgent": settings.urgent_at_once,
        "quiet": settings.quiet.map(|quiet| [quiet.from_hour, quiet.to_hour]), "off": off,
    })
}

fn read(content: &Value) -> Option<(AccountId, Wishes)> {
    let hour = |value: &Value| {
        value.as_i64().and_then(|hour| i8::try_from(hour).ok()).filter(|hour| (0..24).contains(hour))
    };
    let quiet = content.get("quiet").and_then(Value::as_array).map(Vec::as_slice);
    let quiet = match quiet {
        Some([from, to]) => Some(Quiet { from_hour: hour(from)?, to_hour: hour(to)? }),
        _ => None,
    };
    let off: BTreeSet<Topic> = content
        .get("off")?
        .as_array()?
        .iter()
        .filter_map(|word| Topic::of_slug(word.as_str().unwrap_or_default()))
        .collect();
    let settings = Settings {
        digest_hour: content.get("digest").and_then(hour),
        urgent_at_once: content.get("urgent")?.as_bool()?,
        quiet,
        off,
    };
    let account = AccountId(content.get("account")?.as_i64()?);
    Some((account, Wishes { settings, mail: content.get("mail")?.as_bool()? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_back() {
        let every = Settings {
            digest_hour: None,
            urgent_at_once: false,
            quiet: None,
            off: Topic::ALL.into_iter().collect(),
        };
        for settings in [Settings::default(), every] {
            for mail in [true, false] {
                let wishes = Wishes { settings: settings.clone(), mail };
                assert_eq!(read(&write(AccountId(7), &wishes)), Some((AccountId(7), wishes)));
            }
        }
        assert_eq!(read(&json!({})), None);
        assert_eq!(
            read(&json!({ "account": 1, "mail": true, "urgent": true, "off": [], "quiet": [9, 99] })),
            None
        );
    }
}
