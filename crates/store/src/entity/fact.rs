//! What was said and done about a thing of the programme?

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "fact")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub subject: String,
    pub kind: String,
    pub content: String,
    pub created_at: String,
    pub created_by: String,
    pub account_id: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
