//! Which runs of a methodology have been frozen?

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "run")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub pack: String,
    pub year: i32,
    pub scope: String,
    pub pack_sha256: String,
    pub data_sha256: String,
    pub program: String,
    pub content: Vec<u8>,
    #[sea_orm(unique)]
    pub content_sha256: String,
    /// Counts by category: JSON.
    pub summary: String,
    pub created_at: String,
    pub created_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
