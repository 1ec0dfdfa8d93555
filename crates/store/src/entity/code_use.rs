//! Which one-time codes were used? The key lets each be used once.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "code_use")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub credential_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
