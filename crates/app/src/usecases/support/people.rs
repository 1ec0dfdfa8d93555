//! Who works at a place, so that a task can be given and a person called on?

use opora_access::{Place, Role, contains};
use opora_registry::Registry;
use opora_store::{Store, StoreError};

use jiff::civil::Date;

/// A person to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Number of the account.
    pub account: i64,
    /// Name.
    pub name: String,
    /// Role by which the person belongs here.
    pub role: Role,
}

/// The people with a role today at a place, around it or, with `below`, inside it; by the alphabet. Those who only watch
/// and those of the whole installation are left out, and so are closed accounts.
pub async fn people_at(
    store: &Store,
    registry: &Registry,
    place: Place,
    below: bool,
    today: Date,
) -> Result<Vec<Known>, StoreError> {
    let accounts = store.accounts().await?;
    let mut people: Vec<Known> = Vec::new();
    for held in store.grants(None).await? {
        let grant = &held.grant;
        let here = contains(grant.place, place, registry) || below && contains(place, grant.place, registry);
        let works = !matches!(grant.role, Role::Observer | Role::RegionalOperator);
        if !(here && works && grant.holds(today)) {
            continue;
        }
        let account = accounts.iter().find(|account| account.id == held.account && account.open);
        if let Some(account) = account {
            people.push(Known { account: account.id.0, name: account.name.clone(), role: grant.role });
        }
    }
    people.sort_by(|a, b| (&a.name, a.account, a.role).cmp(&(&b.name, b.account, b.role)));
    people.dedup_by_key(|person| person.account);
    Ok(people)
}
