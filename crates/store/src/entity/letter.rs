//! Which letters are to be sent, and what became of them? A queue, no fact: rows change and pass.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "letter")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: i64,
    pub message_id: String,
    pub kind: String,
    pub day: String,
    pub subject: String,
    pub body: String,
    pub created_at: String,
    pub state: String,
    pub attempts: i32,
    pub next_at: String,
    pub lease_until: Option<String>,
    pub error: String,
    pub settled_at: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
