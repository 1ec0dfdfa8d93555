//! How do secrets that were recorded in clear get under a seal?
//!
//! The one place where a fact changes its form: what it says stays, but a copy of the database tells it to nobody. A
//! row that only ended would go on telling the secret.

use opora_access::Seal;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::credentials::CredentialKind;
use crate::entity::credential;
use crate::people::object;
use crate::writing::Writing;
use crate::{AccountId, Authorship, Store, StoreError};

/// What became of the secrets of second factors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Sealed just now; ended ones too.
    pub now: usize,
    /// In force, and sealed under another key: their owners can't use them here.
    pub foreign: usize,
}

impl Store {
    /// Seals the secrets of second factors that are still in clear, and counts those of another key.
    pub async fn seal_second_factors(&self, seal: &Seal, by: &Authorship<'_>) -> Result<Sealed, StoreError> {
        let mut told = Sealed::default();
        let kind = credential::Column::Kind.eq(CredentialKind::SecondFactor.word());
        let writing = Writing::begin(&self.connection).await?;
        let rows = credential::Entity::find().filter(kind).all(writing.transaction()).await?;
        for row in rows.iter().filter(|row| !Seal::is_sealed(&row.value)) {
            let owner = object(AccountId(row.account_id));
            // Without randomness the secret stays as it is until the next start.
            let Some(sealed) = seal.seal(&row.value, &owner) else { continue };
            credential::Entity::update_many()
                .col_expr(credential::Column::Value, Expr::value(sealed))
                .filter(credential::Column::Id.eq(row.id))
                .filter(credential::Column::Value.eq(row.value.as_str()))
                .exec(writing.transaction())
                .await?;
            let details = json!({ "kind": CredentialKind::SecondFactor.word(), "credential": row.id });
            writing.audit("credential.seal", owner, &details, by).await?;
            told.now += 1;
        }
        writing.commit().await?;
        let foreign = rows.iter().filter(|row| Seal::is_sealed(&row.value) && !seal.is_own(&row.value));
        for row in foreign {
            let held = self.credentials(AccountId(row.account_id), CredentialKind::SecondFactor).await?;
            told.foreign += usize::from(held.iter().any(|held| held.id == row.id));
        }
        Ok(told)
    }
}
