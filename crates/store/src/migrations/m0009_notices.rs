//! Which tables do notices and the letters that carry them need?

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, integer, text, text_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_notices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(letter()).await?;
        manager.create_table(notice()).await?;
        let mark = Table::create()
            .table("notice_mark")
            .col(text("name").primary_key())
            .col(big_integer("value"))
            .take();
        manager.create_table(mark).await?;
        // The key comes first: the one who tells asks for many keys at once, whosever they are.
        let mut once = Index::create().name("notice_once").table("notice").take();
        manager.create_index(once.col("key").col("account_id").unique().take()).await?;
        let indexes = [
            ("notice_by_account_id", "notice", &["account_id", "read_at"][..]),
            ("notice_by_created_at", "notice", &["created_at"][..]),
            ("letter_by_state", "letter", &["state", "next_at"][..]),
            ("letter_by_day", "letter", &["day"][..]),
        ];
        for (name, table, columns) in indexes {
            let mut index = Index::create().name(name).table(table).take();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn letter() -> TableCreateStatement {
    Table::create()
        .table("letter")
        .col(big_pk_auto("id"))
        .col(big_integer("account_id"))
        .col(text("message_id").unique_key())
        .col(text("kind"))
        .col(text("day"))
        .col(text("subject"))
        .col(text("body"))
        .col(text("created_at"))
        .col(text("state"))
        .col(integer("attempts"))
        .col(text("next_at"))
        .col(text_null("lease_until"))
        .col(text("error"))
        .col(text_null("settled_at"))
        .foreign_key(ForeignKey::create().from("letter", "account_id").to("account", "id"))
        .take()
}

fn notice() -> TableCreateStatement {
    Table::create()
        .table("notice")
        .col(big_pk_auto("id"))
        .col(big_integer("account_id"))
        .col(text("key"))
        .col(text("topic"))
        .col(text("news"))
        .col(text("body"))
        .col(text("path"))
        .col(text("created_at"))
        .col(text_null("read_at"))
        .col(big_integer_null("letter_id"))
        .foreign_key(ForeignKey::create().from("notice", "account_id").to("account", "id"))
        .foreign_key(ForeignKey::create().from("notice", "letter_id").to("letter", "id"))
        .take()
}
