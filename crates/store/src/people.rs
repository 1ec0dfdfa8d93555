//! Who has an account, and which roles does each hold?

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::{Grant, Place, Role};
use sea_orm::sea_query::Condition;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;

use crate::entity::{account, account_state, role_grant, role_grant_end};
use crate::time::{moment, moment_text, storable};
use crate::writing::Writing;
use crate::{Authorship, Store, StoreError};

/// Number of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub i64);

/// Number of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantId(pub i64);

/// An account to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewAccount<'a> {
    /// Name to log in with; case does not count.
    pub login: &'a str,
    /// Address for mail; empty for none.
    pub mail: &'a str,
    /// Name of the person as shown.
    pub name: &'a str,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: AccountId,
    /// Name to log in with, in lower case.
    pub login: String,
    /// Address for mail; empty for none.
    pub mail: String,
    /// Name of the person.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// The account may be used.
    pub open: bool,
}

/// A grant as recorded: its last day is the earlier one when it was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldGrant {
    /// Its number.
    pub id: GrantId,
    /// Whose.
    pub account: AccountId,
    /// What, where and when.
    pub grant: Grant,
    /// Why it was given.
    pub reason: String,
    /// Who gave it.
    pub created_by: String,
}

impl Store {
    /// Makes an account without any way to log in: a link or the command line gives it a password.
    pub async fn create_account(
        &self,
        new: &NewAccount<'_>,
        by: &Authorship<'_>,
    ) -> Result<AccountId, StoreError> {
        let login = storable(new.login.trim()).to_lowercase();
        let mail = storable(new.mail.trim()).to_lowercase();
        let writing = Writing::begin(&self.connection).await?;
        let mut same =
            Condition::any().add(account::Column::Login.eq(&login)).add(account::Column::Mail.eq(&login));
        if !mail.is_empty() {
            same = same.add(account::Column::Mail.eq(&mail)).add(account::Column::Login.eq(&mail));
        }
        if account::Entity::find().filter(same).one(writing.transaction()).await?.is_some() {
            return Err(StoreError::AccountKnown);
        }
        let row = account::ActiveModel {
            login: Set(login.clone()),
            mail: Set(mail),
            name: Set(storable(new.name.trim())),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        let id = AccountId(row.insert(writing.transaction()).await?.id);
        writing
            .audit("account.create", object(id), &json!({ "login": login, "reason": by.reason }), by)
            .await?;
        writing.commit().await?;
        Ok(id)
    }

    /// All accounts by name, closed ones included.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        Ok(self.everybody().await?.accounts.to_vec())
    }

    /// Whether anybody has an account.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(account::Entity::find().one(&self.connection).await?.is_some())
    }

    /// An account by its number.
    pub async fn account(&self, id: AccountId) -> Result<Account, StoreError> {
        let everybody = self.everybody().await?;
        everybody.accounts.iter().find(|account| account.id == id).cloned().ok_or(StoreError::AccountUnknown)
    }

    /// The account of a login or an address for mail.
    pub async fn account_of(&self, login: &str) -> Result<Option<Account>, StoreError> {
        let login = storable(login.trim()).to_lowercase();
        if login.is_empty() {
            return Ok(None);
        }
        let same =
            Condition::any().add(account::Column::Login.eq(&login)).add(account::Column::Mail.eq(&login));
        let row = account::Entity::find().filter(same).one(&self.connection).await?;
        let closed = closed(&self.connection).await?;
        Ok(row.map(|row| shown(row, &closed)))
    }

    /// Closes an account or opens it again, for a reason. One that is so already stays so.
    pub async fn set_account_open(
        &self,
        id: AccountId,
        open: bool,
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        if by.reason.trim().is_empty() {
            return Err(StoreError::ReasonMissing);
        }
        let writing = Writing::begin(&self.connection).await?;
        known(writing.transaction(), id).await?;
        if closed(writing.transaction()).await?.contains(&id.0) != open {
            return Ok(());
        }
        let row = account_state::ActiveModel {
            account_id: Set(id.0),
            open: Set(open),
            reason: Set(storable(by.reason)),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        row.insert(writing.transaction()).await?;
        let action = if open { "account.open" } else { "account.close" };
        writing.audit(action, object(id), &json!({ "reason": by.reason }), by).await?;
        writing.commit().await
    }

    /// Gives a role. `check` sees the grants the person has at that moment and may refuse.
    pub async fn give_role(
        &self,
        id: AccountId,
        grant: &Grant,
        check: impl FnOnce(&[Grant]) -> Result<(), StoreError>,
        by: &Authorship<'_>,
    ) -> Result<GrantId, StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        known(writing.transaction(), id).await?;
        let held: Vec<Grant> =
            grants(writing.transaction(), Some(id)).await?.into_iter().map(|held| held.grant).collect();
        check(&held)?;
        let row = role_grant::ActiveModel {
            account_id: Set(id.0),
            role: Set(grant.role.code().to_owned()),
            place: Set(grant.place.code()),
            from_day: Set(grant.from.to_string()),
            until_day: Set(grant.until.map(|day| day.to_string())),
            reason: Set(storable(by.reason)),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        let given = GrantId(row.insert(writing.transaction()).await?.id);
        let details = json!({
            "grant": given.0, "role": grant.role.code(), "place": grant.place.code(),
            "from": grant.from.to_string(), "until": grant.until.map(|day| day.to_string()), "reason": by.reason,
        });
        writing.audit("role.give", object(id), &details, by).await?;
        writing.commit().await?;
        Ok(given)
    }

    /// Takes a role back: `last_day` is the last one it holds.
    pub async fn end_role(&self, id: GrantId, last_day: Date, by: &Authorship<'_>) -> Result<(), StoreError> {
        if by.reason.trim().is_empty() {
            return Err(StoreError::ReasonMissing);
        }
        let writing = Writing::begin(&self.connection).await?;
        let row = role_grant::Entity::find_by_id(id.0).one(writing.transaction()).await?;
        let row = row.ok_or(StoreError::GrantUnknown)?;
        if role_grant_end::Entity::find_by_id(id.0).one(writing.transaction()).await?.is_some() {
            return Err(StoreError::GrantUnknown);
        }
        let end = role_grant_end::ActiveModel {
            grant_id: Set(id.0),
            last_day: Set(last_day.to_string()),
            reason: Set(storable(by.reason)),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
        };
        end.insert(writing.transaction()).await?;
        let details = json!({
            "grant": id.0, "role": row.role, "place": row.place, "last_day": last_day.to_string(),
            "reason": by.reason,
        });
        writing.audit("role.end", object(AccountId(row.account_id)), &details, by).await?;
        writing.commit().await
    }

    /// The grants of an account, or of all, in the order in which they were given.
    pub async fn grants(&self, of: Option<AccountId>) -> Result<Vec<HeldGrant>, StoreError> {
        let everybody = self.everybody().await?;
        let asked = |held: &&HeldGrant| of.is_none_or(|account| held.account == account);
        Ok(everybody.grants.iter().filter(asked).cloned().collect())
    }
}

/// All accounts by name.
pub(crate) async fn all_accounts<C: ConnectionTrait>(connection: &C) -> Result<Vec<Account>, StoreError> {
    let rows = account::Entity::find().order_by_asc(account::Column::Id).all(connection).await?;
    let closed = closed(connection).await?;
    let mut accounts: Vec<Account> = rows.into_iter().map(|row| shown(row, &closed)).collect();
    accounts.sort_by_cached_key(|account| (account.name.to_lowercase(), account.id));
    Ok(accounts)
}

/// All grants in the order in which they were given.
pub(crate) async fn all_grants<C: ConnectionTrait>(connection: &C) -> Result<Vec<HeldGrant>, StoreError> {
    grants(connection, None).await
}

pub(crate) fn object(id: AccountId) -> String {
    format!("account/{}", id.0)
}

/// Refuses an account that is not there.
pub(crate) async fn known<C: ConnectionTrait>(connection: &C, id: AccountId) -> Result<(), StoreError> {
    let row = account::Entity::find_by_id(id.0).one(connection).await?;
    row.map(|_| ()).ok_or(StoreError::AccountUnknown)
}

fn shown(row: account::Model, closed: &BTreeSet<i64>) -> Account {
    Account {
        open: !closed.contains(&row.id),
        id: AccountId(row.id),
        login: row.login,
        mail: row.mail,
        name: row.name,
        created_at: moment(&row.created_at),
        created_by: row.created_by,
    }
}

/// The accounts whose last fact closes them.
pub(crate) async fn closed<C: ConnectionTrait>(connection: &C) -> Result<BTreeSet<i64>, StoreError> {
    let rows = account_state::Entity::find().order_by_asc(account_state::Column::Id).all(connection).await?;
    let last: BTreeMap<i64, bool> = rows.into_iter().map(|row| (row.account_id, row.open)).collect();
    Ok(last.into_iter().filter(|(_, open)| !open).map(|(id, _)| id).collect())
}

async fn grants<C: ConnectionTrait>(
    connection: &C,
    of: Option<AccountId>,
) -> Result<Vec<HeldGrant>, StoreError> {
    let mut find = role_grant::Entity::find();
    if let Some(id) = of {
        find = find.filter(role_grant::Column::AccountId.eq(id.0));
    }
    let rows = find.order_by_asc(role_grant::Column::Id).all(connection).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut ends = role_grant_end::Entity::find();
    if of.is_some() {
        ends = ends.filter(role_grant_end::Column::GrantId.is_in(ids));
    }
    let mut ends: BTreeMap<i64, role_grant_end::Model> =
        ends.all(connection).await?.into_iter().map(|end| (end.grant_id, end)).collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let end = ends.remove(&row.id);
            held(row, end)
        })
        .collect())
}

/// A row with a word that this program does not know gives no right.
fn held(row: role_grant::Model, end: Option<role_grant_end::Model>) -> Option<HeldGrant> {
    let until: Option<Date> = row.until_day.and_then(|day| day.parse().ok());
    let ended: Option<Date> = end.and_then(|end| end.last_day.parse().ok());
    let grant = Grant {
        role: Role::of_code(&row.role)?,
        place: Place::of_code(&row.place)?,
        from: row.from_day.parse().ok()?,
        until: until.into_iter().chain(ended).min(),
    };
    Some(HeldGrant {
        id: GrantId(row.id),
        account: AccountId(row.account_id),
        grant,
        reason: row.reason,
        created_by: row.created_by,
    })
}
