//! Which table do the facts of the programme of support need?

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, big_pk_auto, text};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_programme"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("fact")
            .col(big_pk_auto("id"))
            .col(text("subject"))
            .col(text("kind"))
            .col(text("content"))
            .col(text("created_at"))
            .col(text("created_by"))
            .col(big_integer_null("account_id"))
            .foreign_key(ForeignKey::create().from("fact", "account_id").to("account", "id"))
            .take();
        manager.create_table(table).await?;
        let index = Index::create().name("fact_by_subject").table("fact").col("subject").take();
        manager.create_index(index).await
    }
}
