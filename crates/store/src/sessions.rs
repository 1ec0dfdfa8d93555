//! Who is logged in, who is on the way in, and who failed to? These rows are no facts: what is over is removed.

use jiff::{SignedDuration, Timestamp};
use opora_access::token_sha256;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set};

use crate::entity::{login_failure, outside_attempt, session};
use crate::time::{moment, moment_text, storable};
use crate::writing::Writing;
use crate::{AccountId, Store, StoreError};

/// Failures older than this count no more.
const FAILURES_KEPT: SignedDuration = SignedDuration::from_hours(1);
/// How exactly it is known when a session was used last: a write with every request would be too much.
const SEEN_EXACT_TO: SignedDuration = SignedDuration::from_mins(5);

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Short public name of it, for a list with a button to end it.
    pub id: String,
    /// Whose.
    pub account: AccountId,
    /// What the browser says of itself.
    pub agent: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Used last, to five minutes.
    pub seen_at: Timestamp,
    /// The second proof was given, or none is asked for.
    pub verified: bool,
}

/// How long a session lives.
#[derive(Clone, Copy, Debug)]
pub struct SessionLife {
    /// Without being used.
    pub idle: SignedDuration,
    /// In all.
    pub whole: SignedDuration,
}

/// Failures to log in of the last hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last was.
    pub last: Option<Timestamp>,
}

/// A way in over an outside login that was begun in a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideAttempt {
    /// What the answer has to repeat.
    pub nonce: String,
    /// By which the code is redeemed (PKCE).
    pub verifier: String,
    /// Where to go after it.
    pub back: String,
    /// The account that is to be linked; none for a login.
    pub account: Option<AccountId>,
}

impl Store {
    /// Notes that a way in over an outside login was begun. The state is kept by the browser; here is its hash.
    pub async fn begin_outside(
        &self,
        state: &str,
        attempt: &OutsideAttempt,
        life: SignedDuration,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let past = outside_attempt::Column::ExpiresAt.lt(moment_text(now));
        outside_attempt::Entity::delete_many().filter(past).exec(&self.connection).await?;
        let row = outside_attempt::ActiveModel {
            state_sha256: Set(token_sha256(state)),
            nonce: Set(storable(&attempt.nonce)),
            verifier: Set(storable(&attempt.verifier)),
            back: Set(storable(&attempt.back)),
            account_id: Set(attempt.account.map(|account| account.0)),
            expires_at: Set(moment_text(now + life)),
        };
        outside_attempt::Entity::insert(row).exec_without_returning(&self.connection).await?;
        Ok(())
    }

    /// Takes an attempt away to go on with it. Of two at once one gets it, on whatever node; a second answer with the
    /// same state finds nothing.
    pub async fn take_outside(
        &self,
        state: &str,
        now: Timestamp,
    ) -> Result<Option<OutsideAttempt>, StoreError> {
        let sha256 = token_sha256(state);
        let Some(row) = outside_attempt::Entity::find_by_id(&sha256).one(&self.connection).await? else {
            return Ok(None);
        };
        let own = outside_attempt::Column::StateSha256.eq(&sha256);
        let taken = outside_attempt::Entity::delete_many().filter(own).exec(&self.connection).await?;
        if taken.rows_affected == 0 || moment(&row.expires_at) <= now {
            return Ok(None);
        }
        Ok(Some(OutsideAttempt {
            nonce: row.nonce,
            verifier: row.verifier,
            back: row.back,
            account: row.account_id.map(AccountId),
        }))
    }

    /// Opens a session. The token is kept by the browser only; here is its hash.
    pub async fn open_session(
        &self,
        id: AccountId,
        token: &str,
        agent: &str,
        verified: bool,
        life: SessionLife,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sha256 = token_sha256(token);
        let past = session::Column::ExpiresAt.lt(moment_text(now));
        session::Entity::delete_many().filter(past).exec(&self.connection).await?;
        let row = session::ActiveModel {
            id: Set(sha256.get(..16).unwrap_or_default().to_owned()),
            token_sha256: Set(sha256),
            account_id: Set(id.0),
            agent: Set(storable(agent).chars().take(200).collect()),
            created_at: Set(moment_text(now)),
            seen_at: Set(moment_text(now)),
            expires_at: Set(moment_text(now + life.whole)),
            verified: Set(verified),
        };
        session::Entity::insert(row).exec_without_returning(&self.connection).await?;
        Ok(())
    }

    /// The session of a token, if it is not over; notes that it was used. A clock put back lengthens nothing beyond
    /// the session's own end.
    pub async fn session(
        &self,
        token: &str,
        life: SessionLife,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let sha256 = token_sha256(token);
        let Some(row) = session::Entity::find_by_id(&sha256).one(&self.connection).await? else {
            return Ok(None);
        };
        let seen = moment(&row.seen_at);
        if moment(&row.expires_at) <= now || now.duration_since(seen) > life.idle {
            return Ok(None);
        }
        if now.duration_since(seen) > SEEN_EXACT_TO {
            session::Entity::update_many()
                .col_expr(session::Column::SeenAt, Expr::value(moment_text(now)))
                .filter(session::Column::TokenSha256.eq(&sha256))
                .exec(&self.connection)
                .await?;
        }
        Ok(Some(shown(row)))
    }

    /// The open sessions of an account, the one used last first.
    pub async fn sessions(&self, id: AccountId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let rows = session::Entity::find()
            .filter(session::Column::AccountId.eq(id.0))
            .filter(session::Column::ExpiresAt.gt(moment_text(now)))
            .order_by_desc(session::Column::SeenAt)
            .all(&self.connection)
            .await?;
        Ok(rows.into_iter().map(shown).collect())
    }

    /// Ends one session of an account, by its short name.
    pub async fn end_session(&self, account: AccountId, id: &str) -> Result<(), StoreError> {
        session::Entity::delete_many()
            .filter(session::Column::AccountId.eq(account.0))
            .filter(session::Column::Id.eq(storable(id)))
            .exec(&self.connection)
            .await?;
        Ok(())
    }

    /// Ends all sessions of an account.
    pub async fn end_sessions(&self, account: AccountId) -> Result<(), StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        end_all(&writing, account).await?;
        writing.commit().await
    }

    /// Notes a failure to log in, under the account and under the address it came from.
    pub async fn record_failure(
        &self,
        account: &str,
        address: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let past = login_failure::Column::CreatedAt.lt(moment_text(now - FAILURES_KEPT));
        login_failure::Entity::delete_many().filter(past).exec(&self.connection).await?;
        let row = login_failure::ActiveModel {
            account_key: Set(token_sha256(&account.trim().to_lowercase())),
            address_key: Set(token_sha256(address)),
            created_at: Set(moment_text(now)),
            ..Default::default()
        };
        row.insert(&self.connection).await?;
        Ok(())
    }

    /// Failures of an account in the last hour.
    pub async fn failures_of_account(&self, account: &str, now: Timestamp) -> Result<Failures, StoreError> {
        let key = token_sha256(&account.trim().to_lowercase());
        self.failures(login_failure::Column::AccountKey, key, now).await
    }

    /// Failures from an address in the last hour.
    pub async fn failures_of_address(&self, address: &str, now: Timestamp) -> Result<Failures, StoreError> {
        self.failures(login_failure::Column::AddressKey, token_sha256(address), now).await
    }

    /// Forgets the failures of an account: it has logged in.
    pub async fn forget_failures(&self, account: &str) -> Result<(), StoreError> {
        let key = token_sha256(&account.trim().to_lowercase());
        let own = login_failure::Column::AccountKey.eq(key);
        login_failure::Entity::delete_many().filter(own).exec(&self.connection).await?;
        Ok(())
    }

    async fn failures(
        &self,
        column: login_failure::Column,
        key: String,
        now: Timestamp,
    ) -> Result<Failures, StoreError> {
        let find = login_failure::Entity::find()
            .filter(column.eq(key))
            .filter(login_failure::Column::CreatedAt.gt(moment_text(now - FAILURES_KEPT)));
        let count = find.clone().count(&self.connection).await?;
        let last = find.order_by_desc(login_failure::Column::CreatedAt).one(&self.connection).await?;
        let last = last.map(|row| moment(&row.created_at));
        Ok(Failures { count: u32::try_from(count).unwrap_or(u32::MAX), last })
    }
}

pub(crate) async fn end_all(writing: &Writing, account: AccountId) -> Result<(), StoreError> {
    let own = session::Column::AccountId.eq(account.0);
    session::Entity::delete_many().filter(own).exec(writing.transaction()).await?;
    Ok(())
}

fn shown(row: session::Model) -> Session {
    Session {
        id: row.id,
        account: AccountId(row.account_id),
        agent: row.agent,
        created_at: moment(&row.created_at),
        seen_at: moment(&row.seen_at),
        verified: row.verified,
    }
}
