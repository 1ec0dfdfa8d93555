//! Which files have been taken in, and which plans came of them?

use jiff::Timestamp;
use opora_access::Place;
use opora_cycle::vocabulary::Order;
use opora_exchange::{format_of_word, format_word, sha256_hex};
use opora_neutral::Format;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

use crate::entity::{plan, source_file};
use crate::owners::insert_owner;
use crate::time::{moment, moment_text, storable};
use crate::versions::insert_version;
use crate::writing::Writing;
use crate::{Authorship, PlanId, Store, StoreError, VersionNumber};

/// A file to take in.
#[derive(Clone, Copy, Debug)]
pub struct NewSource<'a> {
    /// File name without its folder.
    pub name: &'a str,
    /// Format detected from the content.
    pub format: Format,
    /// The whole content.
    pub bytes: &'a [u8],
}

/// A file as it was taken in.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFile {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Name under which it came first.
    pub name: String,
    /// Format detected from the content.
    pub format: Format,
    /// The whole content.
    pub bytes: Vec<u8>,
    /// When it came first.
    pub added_at: Timestamp,
    /// Who brought it first.
    pub added_by: String,
}

/// What an import has recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// SHA-256 of the file.
    pub sha256: String,
    /// The file was not in the database before.
    pub file_is_new: bool,
    /// The new plans, one for each plan of the order.
    pub plans: Vec<PlanId>,
}

impl Store {
    /// Takes in a file and every plan of the order read from it, in one transaction: all of it or nothing.
    ///
    /// The same content again is no new file; its plans are new plans all the same, so ask
    /// [`Store::plans_of_source`] first whether that is meant.
    pub async fn record_import(
        &self,
        source: &NewSource<'_>,
        order: &Order,
        owner: Place,
        by: &Authorship<'_>,
    ) -> Result<Imported, StoreError> {
        let sha256 = sha256_hex(source.bytes);
        let writing = Writing::begin(&self.connection).await?;
        let file_is_new = insert_source(&writing, source, &sha256, by).await?;
        let mut plans = Vec::with_capacity(order.plans.len());
        for index in 0..order.plans.len() {
            let plan = insert_plan(&writing, &sha256, &with_one_plan(order, index), owner, by).await?;
            plans.push(plan);
        }
        writing.commit().await?;
        Ok(Imported { sha256, file_is_new, plans })
    }

    /// Keeps a file by its content: a proof, a document. One that is there already is not kept twice.
    pub async fn add_file(&self, source: &NewSource<'_>, by: &Authorship<'_>) -> Result<String, StoreError> {
        let sha256 = sha256_hex(source.bytes);
        let writing = Writing::begin(&self.connection).await?;
        insert_source(&writing, source, &sha256, by).await?;
        writing.commit().await?;
        Ok(sha256)
    }

    /// A file with its content.
    pub async fn source_file(&self, sha256: &str) -> Result<Option<SourceFile>, StoreError> {
        let row = source_file::Entity::find_by_id(storable(sha256)).one(&self.connection).await?;
        Ok(row.map(|row| SourceFile {
            sha256: row.sha256,
            name: row.name,
            format: format_of_word(&row.format),
            bytes: row.bytes,
            added_at: moment(&row.added_at),
            added_by: row.added_by,
        }))
    }
}

/// The order with one of its plans only: what a plan's version holds.
fn with_one_plan(order: &Order, index: usize) -> Order {
    Order { plans: order.plans.get(index).cloned().into_iter().collect(), ..order.clone() }
}

pub(crate) async fn insert_source(
    writing: &Writing,
    source: &NewSource<'_>,
    sha256: &str,
    by: &Authorship<'_>,
) -> Result<bool, StoreError> {
    let known: Option<String> = source_file::Entity::find()
        .select_only()
        .column(source_file::Column::Sha256)
        .filter(source_file::Column::Sha256.eq(sha256))
        .into_tuple()
        .one(writing.transaction())
        .await?;
    if known.is_some() {
        return Ok(false);
    }
    let size = i64::try_from(source.bytes.len()).unwrap_or(i64::MAX);
    let row = source_file::ActiveModel {
        sha256: Set(sha256.to_owned()),
        name: Set(storable(source.name)),
        format: Set(format_word(source.format).to_owned()),
        bytes: Set(source.bytes.to_vec()),
        size: Set(size),
        added_at: Set(moment_text(by.at)),
        added_by: Set(storable(by.who)),
    };
    // Not `insert`: that would read the whole content back.
    source_file::Entity::insert(row).exec_without_returning(writing.transaction()).await?;
    let details = json!({ "name": source.name, "format": format_word(source.format), "size": size });
    writing.audit("source.add", format!("source/{sha256}"), &details, by).await?;
    Ok(true)
}

async fn insert_plan(
    writing: &Writing,
    sha256: &str,
    order: &Order,
    owner: Place,
    by: &Authorship<'_>,
) -> Result<PlanId, StoreError> {
    let row = plan::ActiveModel {
        source_sha256: Set(sha256.to_owned()),
        created_at: Set(moment_text(by.at)),
        created_by: Set(storable(by.who)),
        ..Default::default()
    };
    let plan = PlanId(row.insert(writing.transaction()).await?.id);
    let content_sha256 = insert_version(writing, plan, VersionNumber::FIRST, order, by).await?;
    insert_owner(writing, plan, owner, by).await?;
    let details =
        json!({ "source": sha256, "content": content_sha256, "place": owner.code(), "reason": by.reason });
    writing.audit("plan.create", format!("plan/{}", plan.0), &details, by).await?;
    Ok(plan)
}
