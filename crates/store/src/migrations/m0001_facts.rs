//! Which tables of facts does the first version have?

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, big_pk_auto, blob, boolean, integer, text, text_null,
};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_facts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables =
            [source_file(), plan(), plan_version(), suppression(), archival(), audit_event(), search_entry()];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            ("plan_by_source", "plan", "source_sha256"),
            ("suppression_by_plan", "suppression", "plan_id"),
            ("archival_by_plan", "archival", "plan_id"),
            ("search_entry_by_plan", "search_entry", "plan_id"),
        ];
        for (name, table, column) in indexes {
            manager.create_index(Index::create().name(name).table(table).col(column).take()).await?;
        }
        Ok(())
    }
}

fn source_file() -> TableCreateStatement {
    Table::create()
        .table("source_file")
        .col(text("sha256").primary_key())
        .col(text("name"))
        .col(text("format"))
        .col(blob("bytes"))
        .col(big_integer("size"))
        .col(text("added_at"))
        .col(text("added_by"))
        .take()
}

fn plan() -> TableCreateStatement {
    Table::create()
        .table("plan")
        .col(big_pk_auto("id"))
        .col(text("source_sha256"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("plan", "source_sha256").to("source_file", "sha256"))
        .take()
}

/// The primary key (plan, number) decides which of two writers was first.
fn plan_version() -> TableCreateStatement {
    Table::create()
        .table("plan_version")
        .col(big_integer("plan_id"))
        .col(integer("number"))
        .col(text("content"))
        .col(text("content_sha256"))
        .col(text("title"))
        .col(text_null("act_kind"))
        .col(text_null("act_number"))
        .col(text_null("act_date"))
        .col(text_null("authority"))
        .col(text_null("locality"))
        .col(text_null("period_start"))
        .col(text_null("period_end"))
        .col(integer("section_count"))
        .col(integer("activity_count"))
        .col(text("author"))
        .col(text("reason"))
        .col(text("created_at"))
        .primary_key(Index::create().col("plan_id").col("number"))
        .foreign_key(&mut to_plan("plan_version"))
        .take()
}

/// A decision can be taken back once: `withdraws` is unique.
fn suppression() -> TableCreateStatement {
    Table::create()
        .table("suppression")
        .col(big_pk_auto("id"))
        .col(big_integer("plan_id"))
        .col(text("code"))
        .col(big_integer_null("activity"))
        .col(big_integer_null("withdraws").unique_key())
        .col(text("reason"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(&mut to_plan("suppression"))
        .foreign_key(ForeignKey::create().from("suppression", "withdraws").to("suppression", "id"))
        .take()
}

fn archival() -> TableCreateStatement {
    Table::create()
        .table("archival")
        .col(big_pk_auto("id"))
        .col(big_integer("plan_id"))
        .col(boolean("archived"))
        .col(text("reason"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(&mut to_plan("archival"))
        .take()
}

/// The chain has no fork: a hash can be followed by one event only.
fn audit_event() -> TableCreateStatement {
    Table::create()
        .table("audit_event")
        .col(big_integer("seq").primary_key())
        .col(text("at"))
        .col(text("who"))
        .col(text("action"))
        .col(text("object"))
        .col(text("details"))
        .col(text("previous_hash").unique_key())
        .col(text("hash").unique_key())
        .take()
}

fn search_entry() -> TableCreateStatement {
    Table::create()
        .table("search_entry")
        .col(big_pk_auto("id"))
        .col(big_integer("plan_id"))
        .col(integer("version"))
        .col(big_integer_null("activity"))
        .col(text("field"))
        .col(text("text"))
        .col(text("stems"))
        .foreign_key(&mut to_plan("search_entry"))
        .take()
}

fn to_plan(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, "plan_id").to("plan", "id").take()
}
