//! Which findings have been switched off, and which of these decisions were taken back?

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "suppression")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub plan_id: i64,
    pub code: String,
    pub activity: Option<i64>,
    /// Where the finding belongs if it is about no activity, in the words of the program.
    pub place: Option<String>,
    /// The fact that this one takes back; none for a fact that switches a finding off.
    pub withdraws: Option<i64>,
    pub reason: String,
    pub created_at: String,
    pub created_by: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
