//! What did a plan say at each of its versions?

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_version")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    #[sea_orm(column_type = "Text")]
    pub content: String,
    pub content_sha256: String,
    pub title: String,
    pub act_kind: Option<String>,
    pub act_number: Option<String>,
    pub act_date: Option<String>,
    pub authority: Option<String>,
    pub locality: Option<String>,
    pub period_start: Option<String>,
    pub period_end: Option<String>,
    pub section_count: i32,
    pub activity_count: i32,
    pub author: String,
    pub reason: String,
    pub created_at: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
