//! Where are descriptions of columns kept that a specialist wrote for tables nobody knows?

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, text, text_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_column_mapping"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The newest row of a name counts; one without content says that there is none any more.
        let table = Table::create()
            .table("column_mapping")
            .col(big_pk_auto("id"))
            .col(text("name"))
            .col(text_null("content"))
            .col(text("reason"))
            .col(text("created_at"))
            .col(text("created_by"))
            .take();
        manager.create_table(table).await
    }
}
