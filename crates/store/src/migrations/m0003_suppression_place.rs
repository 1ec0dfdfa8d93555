//! Where does a switched off finding belong that is not about an activity?

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text_null;

pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_suppression_place"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alteration = Table::alter().table("suppression").add_column(text_null("place")).take();
        manager.alter_table(alteration).await
    }
}
