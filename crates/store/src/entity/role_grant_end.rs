//! Which roles were taken back before their last day?

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant_end")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub grant_id: i64,
    pub last_day: String,
    pub reason: String,
    pub created_at: String,
    pub created_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
