//! Which programs may act for a person, with what, and until when?

use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::{Scope, token_sha256};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, SqlErr,
};
use serde_json::json;

use crate::entity::{api_token, api_token_end, api_token_use};
use crate::people::{known, object};
use crate::time::{moment, moment_text, storable};
use crate::writing::Writing;
use crate::{AccountId, Authorship, Store, StoreError};

/// Number of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiTokenId(pub i64);

/// A token to record.
#[derive(Clone, Copy, Debug)]
pub struct NewApiToken<'a> {
    /// What its owner calls it.
    pub name: &'a str,
    /// Hash of the secret: the secret itself is kept nowhere.
    pub token_sha256: &'a str,
    /// What it may do.
    pub scopes: &'a [Scope],
    /// The last day on which it holds.
    pub last_day: Date,
}

/// A token that was not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Its number.
    pub id: ApiTokenId,
    /// For whom it acts.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The last day on which it holds.
    pub last_day: Date,
    /// Since when.
    pub created_at: Timestamp,
    /// The last day on which it was used.
    pub used: Option<Date>,
}

impl Store {
    /// Records a token of an account.
    pub async fn create_api_token(
        &self,
        id: AccountId,
        new: &NewApiToken<'_>,
        by: &Authorship<'_>,
    ) -> Result<ApiTokenId, StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        known(writing.transaction(), id).await?;
        let scopes = new.scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ");
        let row = api_token::ActiveModel {
            account_id: Set(id.0),
            name: Set(storable(new.name.trim())),
            token_sha256: Set(new.token_sha256.to_owned()),
            scopes: Set(scopes.clone()),
            last_day: Set(new.last_day.to_string()),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        let token = ApiTokenId(row.insert(writing.transaction()).await?.id);
        let details = json!({
            "token": token.0, "name": new.name.trim(), "scopes": scopes, "last_day": new.last_day.to_string(),
        });
        writing.audit("token.create", object(id), &details, by).await?;
        writing.commit().await?;
        Ok(token)
    }

    /// The tokens of an account that were not ended, the newest first; those whose day is over included.
    pub async fn api_tokens(&self, id: AccountId) -> Result<Vec<ApiToken>, StoreError> {
        let find = api_token::Entity::find().filter(api_token::Column::AccountId.eq(id.0));
        let rows = find.order_by_desc(api_token::Column::Id).all(&self.connection).await?;
        let mut tokens = Vec::with_capacity(rows.len());
        for row in rows {
            tokens.extend(self.shown(row).await?);
        }
        Ok(tokens)
    }

    /// The token of a secret, if it was not ended and its day is not over.
    pub async fn api_token(&self, secret: &str, today: Date) -> Result<Option<ApiToken>, StoreError> {
        let find = api_token::Entity::find().filter(api_token::Column::TokenSha256.eq(token_sha256(secret)));
        let Some(row) = find.one(&self.connection).await? else { return Ok(None) };
        Ok(self.shown(row).await?.filter(|token| token.last_day >= today))
    }

    /// Notes the day on which a token is used: one row a day.
    pub async fn note_api_token_use(&self, token: &ApiToken, today: Date) -> Result<(), StoreError> {
        if token.used.is_some_and(|used| used >= today) {
            return Ok(());
        }
        let row = api_token_use::ActiveModel { api_token_id: Set(token.id.0), day: Set(today.to_string()) };
        match api_token_use::Entity::insert(row).exec_without_returning(&self.connection).await {
            Ok(_) => Ok(()),
            // Another request of the same day was first.
            Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends a token of an account. False when there is none, or it was ended already.
    pub async fn end_api_token(
        &self,
        account: AccountId,
        id: ApiTokenId,
        by: &Authorship<'_>,
    ) -> Result<bool, StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        let find = api_token::Entity::find_by_id(id.0).filter(api_token::Column::AccountId.eq(account.0));
        let known = find.one(writing.transaction()).await?.is_some();
        if !known || api_token_end::Entity::find_by_id(id.0).one(writing.transaction()).await?.is_some() {
            return Ok(false);
        }
        let row = api_token_end::ActiveModel {
            api_token_id: Set(id.0),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
        };
        api_token_end::Entity::insert(row).exec_without_returning(writing.transaction()).await?;
        writing.audit("token.end", object(account), &json!({ "token": id.0 }), by).await?;
        writing.commit().await?;
        Ok(true)
    }

    async fn shown(&self, row: api_token::Model) -> Result<Option<ApiToken>, StoreError> {
        if api_token_end::Entity::find_by_id(row.id).one(&self.connection).await?.is_some() {
            return Ok(None);
        }
        let used: Option<String> = api_token_use::Entity::find()
            .select_only()
            .column(api_token_use::Column::Day)
            .filter(api_token_use::Column::ApiTokenId.eq(row.id))
            .order_by_desc(api_token_use::Column::Day)
            .limit(1)
            .into_tuple()
            .one(&self.connection)
            .await?;
        // A spoiled day is over.
        let last_day = row.last_day.parse().unwrap_or(Date::MIN);
        Ok(Some(ApiToken {
            id: ApiTokenId(row.id),
            account: AccountId(row.account_id),
            name: row.name,
            scopes: row.scopes.split(' ').filter_map(Scope::of_code).collect(),
            last_day,
            created_at: moment(&row.created_at),
            used: used.and_then(|day| day.parse().ok()),
        }))
    }
}
