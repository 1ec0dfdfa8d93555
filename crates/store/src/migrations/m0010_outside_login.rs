//! Which table does the way in over an outside login need?

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, text};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_outside_login"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("outside_attempt")
            .col(text("state_sha256").primary_key())
            .col(text("nonce"))
            .col(text("verifier"))
            .col(text("back"))
            .col(big_integer_null("account_id"))
            .col(text("expires_at"))
            .foreign_key(ForeignKey::create().from("outside_attempt", "account_id").to("account", "id"))
            .take();
        manager.create_table(table).await
    }
}
