//! By what does an account prove who it is?

use jiff::Timestamp;
use opora_access::token_sha256;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set, SqlErr,
};
use serde_json::json;

use crate::entity::{account_link, account_link_use, code_use, credential, credential_end};
use crate::people::{known, object};
use crate::time::{moment, moment_text, storable};
use crate::writing::Writing;
use crate::{AccountId, Authorship, Store, StoreError};

/// A kind of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialKind {
    /// Hash of a password.
    Password,
    /// Secret of one-time codes.
    SecondFactor,
    /// Hash of a recovery code; used once.
    Recovery,
    /// Issuer and subject of an outside login (OpenID Connect).
    Outside,
    /// Hash of the token of a calendar feed.
    Feed,
}

impl CredentialKind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::SecondFactor => "second-factor",
            Self::Recovery => "recovery",
            Self::Outside => "outside",
            Self::Feed => "feed",
        }
    }
}

/// A proof in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub account: AccountId,
    /// Hash or secret, by kind.
    pub value: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// The first password of a new account.
    Invitation,
    /// A new password for one that was forgotten.
    Reset,
}

impl LinkKind {
    fn word(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

impl Store {
    /// Puts new proofs of a kind into force; those of the same kind that held before end.
    pub async fn set_credentials(
        &self,
        id: AccountId,
        kind: CredentialKind,
        values: &[String],
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        set(&writing, id, kind, values, by).await?;
        writing.commit().await
    }

    /// The proofs of a kind in force.
    pub async fn credentials(
        &self,
        id: AccountId,
        kind: CredentialKind,
    ) -> Result<Vec<Credential>, StoreError> {
        let find = credential::Entity::find().filter(credential::Column::AccountId.eq(id.0));
        in_force(&self.connection, find, kind).await
    }

    /// The account that a proof belongs to: by the value of a token or an outside subject.
    pub async fn account_of_credential(
        &self,
        kind: CredentialKind,
        value: &str,
    ) -> Result<Option<AccountId>, StoreError> {
        let find = credential::Entity::find().filter(credential::Column::Value.eq(storable(value)));
        Ok(in_force(&self.connection, find, kind).await?.first().map(|found| found.account))
    }

    /// Links the subject of an outside login to an account, beside others it may have. Refused when the subject is
    /// linked to anybody, and, with `first`, when the account ever had such a link.
    pub async fn link_outside(
        &self,
        id: AccountId,
        value: &str,
        first: bool,
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        let kind = CredentialKind::Outside;
        let writing = Writing::begin(&self.connection).await?;
        known(writing.transaction(), id).await?;
        let same = credential::Entity::find().filter(credential::Column::Value.eq(storable(value)));
        if !in_force(writing.transaction(), same, kind).await?.is_empty() {
            return Err(StoreError::OutsideKnown);
        }
        let earlier = credential::Entity::find()
            .filter(credential::Column::AccountId.eq(id.0))
            .filter(credential::Column::Kind.eq(kind.word()));
        if first && earlier.one(writing.transaction()).await?.is_some() {
            return Err(StoreError::OutsideKnown);
        }
        insert(&writing, id, kind, value, by).await?;
        let details = json!({ "kind": kind.word(), "reason": by.reason });
        writing.audit("credential.set", object(id), &details, by).await?;
        writing.commit().await
    }

    /// Ends one proof: a recovery code that was used. False when somebody used it just before.
    pub async fn spend_credential(
        &self,
        credential: &Credential,
        by: &Authorship<'_>,
    ) -> Result<bool, StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        if credential_end::Entity::find_by_id(credential.id).one(writing.transaction()).await?.is_some() {
            return Ok(false);
        }
        end(&writing, credential.id, by).await?;
        writing
            .audit(
                "credential.spend",
                object(credential.account),
                &json!({ "credential": credential.id }),
                by,
            )
            .await?;
        writing.commit().await?;
        Ok(true)
    }

    /// Marks a one-time code as used. False when it was used before, on whatever node.
    pub async fn use_code(&self, credential: &Credential, step: u64) -> Result<bool, StoreError> {
        let row = code_use::ActiveModel {
            credential_id: Set(credential.id),
            step: Set(i64::try_from(step).unwrap_or(i64::MAX)),
        };
        match code_use::Entity::insert(row).exec_without_returning(&self.connection).await {
            Ok(_) => Ok(true),
            Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Records a link by which the account can choose a password until a moment. Only the hash of its token is kept.
    pub async fn create_link(
        &self,
        id: AccountId,
        kind: LinkKind,
        token_sha256: &str,
        expires_at: Timestamp,
        by: &Authorship<'_>,
    ) -> Result<(), StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        known(writing.transaction(), id).await?;
        let row = account_link::ActiveModel {
            token_sha256: Set(token_sha256.to_owned()),
            account_id: Set(id.0),
            kind: Set(kind.word().to_owned()),
            expires_at: Set(moment_text(expires_at)),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
        };
        account_link::Entity::insert(row).exec_without_returning(writing.transaction()).await?;
        let details = json!({ "kind": kind.word(), "expires": moment_text(expires_at) });
        writing.audit("account.link", object(id), &details, by).await?;
        writing.commit().await
    }

    /// The account of a link that is neither used nor over.
    pub async fn link(&self, token: &str, now: Timestamp) -> Result<AccountId, StoreError> {
        valid_link(&self.connection, &token_sha256(token), now).await
    }

    /// Uses a link: the account gets this password, the link is worth nothing any more, all sessions end.
    pub async fn redeem_link(
        &self,
        token: &str,
        password_hash: &str,
        by: &Authorship<'_>,
    ) -> Result<AccountId, StoreError> {
        let sha256 = token_sha256(token);
        let writing = Writing::begin(&self.connection).await?;
        let id = valid_link(writing.transaction(), &sha256, by.at).await?;
        let used =
            account_link_use::ActiveModel { token_sha256: Set(sha256), created_at: Set(moment_text(by.at)) };
        account_link_use::Entity::insert(used).exec_without_returning(writing.transaction()).await?;
        set(&writing, id, CredentialKind::Password, &[password_hash.to_owned()], by).await?;
        crate::sessions::end_all(&writing, id).await?;
        writing.commit().await?;
        Ok(id)
    }
}

async fn valid_link<C: ConnectionTrait>(
    connection: &C,
    sha256: &str,
    now: Timestamp,
) -> Result<AccountId, StoreError> {
    let link = account_link::Entity::find_by_id(sha256).one(connection).await?;
    let link = link.filter(|link| moment(&link.expires_at) > now).ok_or(StoreError::LinkUnknown)?;
    if account_link_use::Entity::find_by_id(sha256).one(connection).await?.is_some() {
        return Err(StoreError::LinkUnknown);
    }
    Ok(AccountId(link.account_id))
}

async fn set(
    writing: &Writing,
    id: AccountId,
    kind: CredentialKind,
    values: &[String],
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    known(writing.transaction(), id).await?;
    let find = credential::Entity::find().filter(credential::Column::AccountId.eq(id.0));
    for held in in_force(writing.transaction(), find, kind).await? {
        end(writing, held.id, by).await?;
    }
    for value in values {
        insert(writing, id, kind, value, by).await?;
    }
    // What the proofs are stays out of the journal.
    let details = json!({ "kind": kind.word(), "count": values.len() });
    writing.audit("credential.set", object(id), &details, by).await
}

async fn insert(
    writing: &Writing,
    id: AccountId,
    kind: CredentialKind,
    value: &str,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    let row = credential::ActiveModel {
        account_id: Set(id.0),
        kind: Set(kind.word().to_owned()),
        value: Set(storable(value)),
        created_at: Set(moment_text(by.at)),
        created_by: Set(storable(by.who)),
        ..Default::default()
    };
    row.insert(writing.transaction()).await?;
    Ok(())
}

async fn end(writing: &Writing, credential: i64, by: &Authorship<'_>) -> Result<(), StoreError> {
    let row = credential_end::ActiveModel {
        credential_id: Set(credential),
        created_at: Set(moment_text(by.at)),
        created_by: Set(storable(by.who)),
    };
    credential_end::Entity::insert(row).exec_without_returning(writing.transaction()).await?;
    Ok(())
}

async fn in_force<C: ConnectionTrait>(
    connection: &C,
    find: sea_orm::Select<credential::Entity>,
    kind: CredentialKind,
) -> Result<Vec<Credential>, StoreError> {
    let rows = find
        .filter(credential::Column::Kind.eq(kind.word()))
        .order_by_asc(credential::Column::Id)
        .all(connection)
        .await?;
    let ids = rows.iter().map(|row| row.id);
    let ended = credential_end::Entity::find().filter(credential_end::Column::CredentialId.is_in(ids));
    let ended: Vec<i64> = ended.all(connection).await?.into_iter().map(|end| end.credential_id).collect();
    let held = rows.into_iter().filter(|row| !ended.contains(&row.id));
    Ok(held
        .map(|row| Credential {
            id: row.id,
            account: AccountId(row.account_id),
            value: row.value,
            created_at: moment(&row.created_at),
        })
        .collect())
}
