//! Which index does the search need, to read of a plan only the activities it has found?

use sea_orm_migration::prelude::*;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_search_by_activity"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::create()
            .name("search_entry_by_activity")
            .table("search_entry")
            .col("plan_id")
            .col("activity")
            .take();
        manager.create_index(index).await?;
        let former = Index::drop().name("search_entry_by_plan").table("search_entry").to_owned();
        manager.drop_index(former).await
    }
}
