//! Which tables do accounts, roles, sessions and owners of plans need?

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, boolean, text, text_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            account(),
            account_state(),
            credential(),
            credential_end(),
            code_use(),
            role_grant(),
            role_grant_end(),
            account_link(),
            account_link_use(),
            session(),
            login_failure(),
            plan_owner(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            ("account_state_by_account_id", "account_state", "account_id"),
            ("credential_by_account_id", "credential", "account_id"),
            ("role_grant_by_account_id", "role_grant", "account_id"),
            ("session_by_account_id", "session", "account_id"),
            ("login_failure_by_account_key", "login_failure", "account_key"),
            ("login_failure_by_address_key", "login_failure", "address_key"),
            ("plan_owner_by_plan_id", "plan_owner", "plan_id"),
        ];
        for (name, table, column) in indexes {
            manager.create_index(Index::create().name(name).table(table).col(column).take()).await?;
        }
        Ok(())
    }
}

fn account() -> TableCreateStatement {
    Table::create()
        .table("account")
        .col(big_pk_auto("id"))
        .col(text("login").unique_key())
        .col(text("mail"))
        .col(text("name"))
        .col(text("created_at"))
        .col(text("created_by"))
        .take()
}

fn account_state() -> TableCreateStatement {
    Table::create()
        .table("account_state")
        .col(big_pk_auto("id"))
        .col(big_integer("account_id"))
        .col(boolean("open"))
        .col(text("reason"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("account_state", "account_id").to("account", "id"))
        .take()
}

fn credential() -> TableCreateStatement {
    Table::create()
        .table("credential")
        .col(big_pk_auto("id"))
        .col(big_integer("account_id"))
        .col(text("kind"))
        .col(text("value"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("credential", "account_id").to("account", "id"))
        .take()
}

fn credential_end() -> TableCreateStatement {
    Table::create()
        .table("credential_end")
        .col(big_integer("credential_id").primary_key())
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("credential_end", "credential_id").to("credential", "id"))
        .take()
}

fn code_use() -> TableCreateStatement {
    Table::create()
        .table("code_use")
        .col(big_integer("credential_id"))
        .col(big_integer("step"))
        .primary_key(Index::create().col("credential_id").col("step"))
        .foreign_key(ForeignKey::create().from("code_use", "credential_id").to("credential", "id"))
        .take()
}

fn role_grant() -> TableCreateStatement {
    Table::create()
        .table("role_grant")
        .col(big_pk_auto("id"))
        .col(big_integer("account_id"))
        .col(text("role"))
        .col(text("place"))
        .col(text("from_day"))
        .col(text_null("until_day"))
        .col(text("reason"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("role_grant", "account_id").to("account", "id"))
        .take()
}

fn role_grant_end() -> TableCreateStatement {
    Table::create()
        .table("role_grant_end")
        .col(big_integer("grant_id").primary_key())
        .col(text("last_day"))
        .col(text("reason"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("role_grant_end", "grant_id").to("role_grant", "id"))
        .take()
}

fn account_link() -> TableCreateStatement {
    Table::create()
        .table("account_link")
        .col(text("token_sha256").primary_key())
        .col(big_integer("account_id"))
        .col(text("kind"))
        .col(text("expires_at"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("account_link", "account_id").to("account", "id"))
        .take()
}

fn account_link_use() -> TableCreateStatement {
    Table::create()
        .table("account_link_use")
        .col(text("token_sha256").primary_key())
        .col(text("created_at"))
        .foreign_key(
            ForeignKey::create().from("account_link_use", "token_sha256").to("account_link", "token_sha256"),
        )
        .take()
}

fn session() -> TableCreateStatement {
    Table::create()
        .table("session")
        .col(text("token_sha256").primary_key())
        .col(text("id"))
        .col(big_integer("account_id"))
        .col(text("agent"))
        .col(text("created_at"))
        .col(text("seen_at"))
        .col(text("expires_at"))
        .col(boolean("verified"))
        .foreign_key(ForeignKey::create().from("session", "account_id").to("account", "id"))
        .take()
}

fn login_failure() -> TableCreateStatement {
    Table::create()
        .table("login_failure")
        .col(big_pk_auto("id"))
        .col(text("account_key"))
        .col(text("address_key"))
        .col(text("created_at"))
        .take()
}

fn plan_owner() -> TableCreateStatement {
    Table::create()
        .table("plan_owner")
        .col(big_pk_auto("id"))
        .col(big_integer("plan_id"))
        .col(text("place"))
        .col(text("reason"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("plan_owner", "plan_id").to("plan", "id"))
        .take()
}
