//! Which tables do tokens of programs need?

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, text};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_api_tokens"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let token = Table::create()
            .table("api_token")
            .col(big_pk_auto("id"))
            .col(big_integer("account_id"))
            .col(text("name"))
            .col(text("token_sha256").unique_key())
            .col(text("scopes"))
            .col(text("last_day"))
            .col(text("created_at"))
            .col(text("created_by"))
            .foreign_key(ForeignKey::create().from("api_token", "account_id").to("account", "id"))
            .take();
        manager.create_table(token).await?;
        let end = Table::create()
            .table("api_token_end")
            .col(big_integer("api_token_id").primary_key())
            .col(text("created_at"))
            .col(text("created_by"))
            .foreign_key(ForeignKey::create().from("api_token_end", "api_token_id").to("api_token", "id"))
            .take();
        manager.create_table(end).await?;
        let used = Table::create()
            .table("api_token_use")
            .col(big_integer("api_token_id"))
            .col(text("day"))
            .primary_key(Index::create().col("api_token_id").col("day"))
            .foreign_key(ForeignKey::create().from("api_token_use", "api_token_id").to("api_token", "id"))
            .take();
        manager.create_table(used).await?;
        let index =
            Index::create().name("api_token_by_account_id").table("api_token").col("account_id").take();
        manager.create_index(index).await
    }
}
