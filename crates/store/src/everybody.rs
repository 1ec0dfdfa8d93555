//! Who is there and what does each hold, without reading everybody anew for every question?
//!
//! Nothing about people is written without an event of the journal, whichever node writes it: each question asks for the
//! newest event first, and what is in memory answers only if none of those since was about people.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::entity::audit_event;
use crate::people::{Account, HeldGrant, all_accounts, all_grants};
use crate::{Store, StoreError};

/// Everybody as read last; clones share it.
pub(crate) type Kept = Arc<RwLock<Option<Arc<Everybody>>>>;

/// All accounts by name, and all grants in the order in which they were given.
#[derive(Debug)]
pub(crate) struct Everybody {
    /// The newest event that is considered.
    event: i64,
    pub(crate) accounts: Arc<[Account]>,
    pub(crate) grants: Arc<[HeldGrant]>,
    pub(crate) names: Names,
}

/// Names of accounts by number, closed ones included.
pub type Names = Arc<BTreeMap<i64, String>>;

impl Store {
    /// Everybody as of now.
    pub(crate) async fn everybody(&self) -> Result<Arc<Everybody>, StoreError> {
        let event = self.last_event().await?;
        let seen = self.everybody.read().unwrap_or_else(PoisonError::into_inner).clone();
        // After a database was put in the place of another, numbers may be lower.
        if let Some(seen) = seen.filter(|seen| seen.event <= event) {
            if seen.event == event {
                return Ok(seen);
            }
            if !self.tells_of_people(seen.event).await? {
                return Ok(self.keep(Everybody {
                    event,
                    accounts: Arc::clone(&seen.accounts),
                    grants: Arc::clone(&seen.grants),
                    names: Arc::clone(&seen.names),
                }));
            }
        }
        let accounts: Arc<[Account]> = all_accounts(&self.connection).await?.into();
        let grants = all_grants(&self.connection).await?.into();
        let names = accounts.iter().map(|account| (account.id.0, account.name.clone())).collect();
        Ok(self.keep(Everybody { event, accounts, grants, names: Arc::new(names) }))
    }

    /// The names of all who have or had an account: what was recorded knows people by number.
    pub async fn account_names(&self) -> Result<Names, StoreError> {
        Ok(Arc::clone(&self.everybody().await?.names))
    }

    fn keep(&self, everybody: Everybody) -> Arc<Everybody> {
        let everybody = Arc::new(everybody);
        *self.everybody.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&everybody));
        everybody
    }

    /// Whether an event after this one was about an account or a role.
    async fn tells_of_people(&self, after: i64) -> Result<bool, StoreError> {
        let action = || audit_event::Column::Action;
        let about = Condition::any().add(action().starts_with("account.")).add(action().starts_with("role."));
        let find = audit_event::Entity::find().filter(audit_event::Column::Seq.gt(after)).filter(about);
        Ok(find.one(&self.connection).await?.is_some())
    }
}
