//! Which files of results have been loaded?

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "result_file")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub sha256: String,
    pub name: String,
    pub kind: String,
    /// What the reader told of the file: JSON.
    pub summary: String,
    pub registry_version: i32,
    pub created_at: String,
    pub created_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
