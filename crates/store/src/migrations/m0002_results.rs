//! Which tables do the registry, the files of results and the runs need?

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, blob, integer, text, text_null};

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_results"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [registry_version(), result_file(), result_removal(), run(), run_step()] {
            manager.create_table(table).await?;
        }
        let index = Index::create().name("run_step_by_run").table("run_step").col("run_id").take();
        manager.create_index(index).await
    }
}

/// The primary key decides which of two writers was first.
fn registry_version() -> TableCreateStatement {
    Table::create()
        .table("registry_version")
        .col(integer("number").primary_key())
        .col(text("content"))
        .col(text("content_sha256"))
        .col(text("created_at"))
        .col(text("created_by"))
        .col(text("reason"))
        .take()
}

fn result_file() -> TableCreateStatement {
    Table::create()
        .table("result_file")
        .col(big_pk_auto("id"))
        .col(text("sha256"))
        .col(text("name"))
        .col(text("kind"))
        .col(text("summary"))
        .col(integer("registry_version"))
        .col(text("created_at"))
        .col(text("created_by"))
        .take()
}

/// A file is taken out once; loaded again, it is another row of `result_file`.
fn result_removal() -> TableCreateStatement {
    Table::create()
        .table("result_removal")
        .col(big_integer("file_id").primary_key())
        .col(text("reason"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("result_removal", "file_id").to("result_file", "id"))
        .take()
}

/// The same inputs give the same content, and the same content is one run.
fn run() -> TableCreateStatement {
    Table::create()
        .table("run")
        .col(big_pk_auto("id"))
        .col(text("pack"))
        .col(integer("year"))
        .col(text("scope"))
        .col(text("pack_sha256"))
        .col(text("data_sha256"))
        .col(text("program"))
        .col(blob("content"))
        .col(text("content_sha256").unique_key())
        .col(text("summary"))
        .col(text("created_at"))
        .col(text("created_by"))
        .take()
}

fn run_step() -> TableCreateStatement {
    Table::create()
        .table("run_step")
        .col(big_pk_auto("id"))
        .col(big_integer("run_id"))
        .col(big_integer("organisation"))
        .col(text("step"))
        .col(text("text"))
        .col(text_null("file_sha256"))
        .col(text("created_at"))
        .col(text("created_by"))
        .foreign_key(ForeignKey::create().from("run_step", "run_id").to("run", "id"))
        .foreign_key(ForeignKey::create().from("run_step", "file_sha256").to("source_file", "sha256"))
        .take()
}
