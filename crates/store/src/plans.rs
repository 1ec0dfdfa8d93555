//! Which plans are there, and what does each say now or said before?

use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::Place;
use opora_cycle::vocabulary::Order;
use opora_exchange::read_order;
use opora_schedule::Period;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::archive::archived_plans;
use crate::entity::{plan, plan_version, source_file};
use crate::owners::newest_owner;
use crate::time::{moment, storable};
use crate::{PlanId, Store, StoreError, VersionNumber};

/// A plan in a list: its newest version without the content.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanSummary {
    /// Number of the plan.
    pub id: PlanId,
    /// Newest version.
    pub version: VersionNumber,
    /// Hash of its content: what an approval is bound to.
    pub content_sha256: String,
    /// Title of the plan.
    pub title: String,
    /// Kind of the act, a Russian noun: «приказ».
    pub act_kind: Option<String>,
    /// Number of the act without the sign «№».
    pub act_number: Option<String>,
    /// Date of the act.
    pub act_date: Option<Date>,
    /// Authority that issued the act.
    pub authority: Option<String>,
    /// Settlement.
    pub locality: Option<String>,
    /// Period of the plan.
    pub period: Option<Period>,
    /// Number of sections.
    pub section_count: u32,
    /// Number of activities.
    pub activity_count: u32,
    /// SHA-256 of the file it was read from.
    pub source_sha256: String,
    /// Name of that file.
    pub source_name: String,
    /// When and by whom it was taken in.
    pub created_at: Timestamp,
    /// Who took it in.
    pub created_by: String,
    /// When the newest version was written.
    pub changed_at: Timestamp,
    /// Who wrote the newest version.
    pub changed_by: String,
    /// The plan lies in the archive.
    pub archived: bool,
    /// Whose it is.
    pub owner: Place,
}

/// A plan with the content of one of its versions.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRecord {
    /// The plan and its newest version.
    pub summary: PlanSummary,
    /// The version that `order` is.
    pub version: VersionSummary,
    /// The content: an order with exactly one plan.
    pub order: Order,
}

/// A version in the history of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionSummary {
    /// Number, from one.
    pub number: VersionNumber,
    /// Hash of the content: what an approval is bound to.
    pub content_sha256: String,
    /// Who wrote it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: Timestamp,
    /// Number of activities.
    pub activity_count: u32,
}

impl Store {
    /// All plans, the newest first, those in the archive included.
    pub async fn plans(&self) -> Result<Vec<PlanSummary>, StoreError> {
        self.summaries(summaries()).await
    }

    /// The plans that came of a file, the newest first: whether this file has been taken in before.
    pub async fn plans_of_source(&self, sha256: &str) -> Result<Vec<PlanSummary>, StoreError> {
        self.summaries(summaries().filter(plan::Column::SourceSha256.eq(storable(sha256)))).await
    }

    /// The newest version of a plan.
    pub async fn plan(&self, id: PlanId) -> Result<PlanRecord, StoreError> {
        let summary = self.summary(id).await?;
        let version = summary.version;
        self.record(summary, version).await
    }

    /// A version of a plan.
    pub async fn plan_version(&self, id: PlanId, number: VersionNumber) -> Result<PlanRecord, StoreError> {
        let summary = self.summary(id).await?;
        self.record(summary, number).await
    }

    /// The versions of a plan, the newest first.
    pub async fn history(&self, id: PlanId) -> Result<Vec<VersionSummary>, StoreError> {
        let rows: Vec<VersionRow> = plan_version::Entity::find()
            .select_only()
            .columns(VERSION_COLUMNS)
            .filter(plan_version::Column::PlanId.eq(id.0))
            .order_by_desc(plan_version::Column::Number)
            .into_model()
            .all(&self.connection)
            .await?;
        if rows.is_empty() {
            return Err(StoreError::PlanUnknown(id));
        }
        Ok(rows.into_iter().map(VersionSummary::from).collect())
    }

    async fn record(&self, summary: PlanSummary, number: VersionNumber) -> Result<PlanRecord, StoreError> {
        let id = summary.id;
        let row = plan_version::Entity::find_by_id((id.0, number.0))
            .one(&self.connection)
            .await?
            .ok_or(StoreError::VersionUnknown(id, number))?;
        let order = read_order(&row.content)?;
        let version = VersionSummary {
            number,
            content_sha256: row.content_sha256,
            author: row.author,
            reason: row.reason,
            created_at: moment(&row.created_at),
            activity_count: unsigned(row.activity_count),
        };
        Ok(PlanRecord { summary, version, order })
    }

    /// A plan and its newest version, without the content.
    pub async fn summary(&self, id: PlanId) -> Result<PlanSummary, StoreError> {
        let found = self.summaries(summaries().filter(plan::Column::Id.eq(id.0))).await?;
        found.into_iter().next().ok_or(StoreError::PlanUnknown(id))
    }

    async fn summaries(&self, select: Select<plan::Entity>) -> Result<Vec<PlanSummary>, StoreError> {
        let rows: Vec<SummaryRow> =
            select.order_by_desc(plan::Column::Id).into_model().all(&self.connection).await?;
        Ok(rows.into_iter().map(PlanSummary::from).collect())
    }
}

const VERSION_COLUMNS: [plan_version::Column; 6] = [
    plan_version::Column::Number,
    plan_version::Column::ContentSha256,
    plan_version::Column::Author,
    plan_version::Column::Reason,
    plan_version::Column::CreatedAt,
    plan_version::Column::ActivityCount,
];

/// Every plan with its newest version, never with the content.
fn summaries() -> Select<plan::Entity> {
    use plan_version::Column as V;
    plan::Entity::find()
        .select_only()
        .columns([
            plan::Column::Id,
            plan::Column::SourceSha256,
            plan::Column::CreatedAt,
            plan::Column::CreatedBy,
        ])
        .columns([
            V::Number,
            V::ContentSha256,
            V::Title,
            V::ActKind,
            V::ActNumber,
            V::ActDate,
            V::Authority,
            V::Locality,
        ])
        .columns([V::PeriodStart, V::PeriodEnd, V::SectionCount, V::ActivityCount])
        .column_as(V::Author, "changed_by")
        .column_as(V::CreatedAt, "changed_at")
        .column_as(source_file::Column::Name, "source_name")
        .column_as(plan::Column::Id.in_subquery(archived_plans()), "archived")
        .column_as(Expr::SubQuery(None, Box::new(newest_owner().into())), "owner")
        .join(JoinType::InnerJoin, to_versions())
        .join(JoinType::InnerJoin, to_source())
        .filter(V::Number.in_subquery(newest_number()))
}

fn to_versions() -> sea_orm::RelationDef {
    plan::Entity::belongs_to(plan_version::Entity)
        .from(plan::Column::Id)
        .to(plan_version::Column::PlanId)
        .into()
}

fn to_source() -> sea_orm::RelationDef {
    plan::Entity::belongs_to(source_file::Entity)
        .from(plan::Column::SourceSha256)
        .to(source_file::Column::Sha256)
        .into()
}

/// The number of the newest version of the plan in the row outside.
fn newest_number() -> SelectStatement {
    let inner = "newest";
    Query::select()
        .expr(Expr::col((inner, plan_version::Column::Number)).max())
        .from_as(plan_version::Entity, inner)
        .and_where(Expr::col((inner, plan_version::Column::PlanId)).equals((plan::Entity, plan::Column::Id)))
        .take()
}

#[derive(FromQueryResult)]
struct SummaryRow {
    id: i64,
    source_sha256: String,
    created_at: String,
    created_by: String,
    number: i32,
    content_sha256: String,
    title: String,
    act_kind: Option<String>,
    act_number: Option<String>,
    act_date: Option<String>,
    authority: Option<String>,
    locality: Option<String>,
    period_start: Option<String>,
    period_end: Option<String>,
    section_count: i32,
    activity_count: i32,
    changed_by: String,
    changed_at: String,
    source_name: String,
    archived: bool,
    owner: Option<String>,
}

impl From<SummaryRow> for PlanSummary {
    fn from(row: SummaryRow) -> Self {
        let day = |text: Option<String>| text.and_then(|text| text.parse::<Date>().ok());
        let period = day(row.period_start).zip(day(row.period_end)).map(|(start, end)| Period { start, end });
        Self {
            id: PlanId(row.id),
            version: VersionNumber(row.number),
            content_sha256: row.content_sha256,
            title: row.title,
            act_kind: row.act_kind,
            act_number: row.act_number,
            act_date: day(row.act_date),
            authority: row.authority,
            locality: row.locality,
            period,
            section_count: unsigned(row.section_count),
            activity_count: unsigned(row.activity_count),
            source_sha256: row.source_sha256,
            source_name: row.source_name,
            created_at: moment(&row.created_at),
            created_by: row.created_by,
            changed_at: moment(&row.changed_at),
            changed_by: row.changed_by,
            archived: row.archived,
            owner: row.owner.as_deref().and_then(Place::of_code).unwrap_or(Place::Installation),
        }
    }
}

#[derive(FromQueryResult)]
struct VersionRow {
    number: i32,
    content_sha256: String,
    author: String,
    reason: String,
    created_at: String,
    activity_count: i32,
}

impl From<VersionRow> for VersionSummary {
    fn from(row: VersionRow) -> Self {
        Self {
            number: VersionNumber(row.number),
            content_sha256: row.content_sha256,
            author: row.author,
            reason: row.reason,
            created_at: moment(&row.created_at),
            activity_count: unsigned(row.activity_count),
        }
    }
}

fn unsigned(count: i32) -> u32 {
    u32::try_from(count).unwrap_or(0)
}
