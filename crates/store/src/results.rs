//! Which files of results are loaded now, and which were taken out again?
//!
//! The results themselves lie in the object store of the room `results`, under the hash of the file; here is the
//! list that decides which of them count. The file itself is not kept: it names pupils.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryOrder, QuerySelect, Set};
use serde_json::{Value, json};

use crate::entity::{result_file, result_removal};
use crate::time::{moment, moment_text, storable};
use crate::writing::Writing;
use crate::{Authorship, RegistryVersion, Store, StoreError};

/// Number of a loaded file of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResultFileId(pub i64);

/// A file of results to record.
#[derive(Clone, Debug)]
pub struct NewResultFile<'a> {
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub sha256: &'a str,
    /// Name without its folder.
    pub name: &'a str,
    /// What kind of form it is, a stable word.
    pub kind: &'a str,
    /// What the reader told of it.
    pub summary: &'a Value,
    /// The registry its organisations were found in.
    pub registry: RegistryVersion,
}

/// A file of results that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultFile {
    /// Its number.
    pub id: ResultFileId,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Name under which it came.
    pub name: String,
    /// What kind of form it is.
    pub kind: String,
    /// What the reader told of it.
    pub summary: Value,
    /// The registry its organisations were found in.
    pub registry: RegistryVersion,
    /// When it was loaded.
    pub added_at: Timestamp,
    /// Who loaded it.
    pub added_by: String,
}

/// State of the list of files: two of them are the same when nothing was added and nothing taken out in between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CatalogueVersion {
    files: u64,
    last: i64,
    removals: u64,
}

impl Store {
    /// Records that a file of results counts from now on. The same file can't count twice.
    pub async fn record_results(
        &self,
        file: &NewResultFile<'_>,
        by: &Authorship<'_>,
    ) -> Result<ResultFileId, StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        if counting(writing.transaction()).await?.iter().any(|known| known.sha256 == file.sha256) {
            return Err(StoreError::ResultFileKnown);
        }
        let row = result_file::ActiveModel {
            sha256: Set(file.sha256.to_owned()),
            name: Set(storable(file.name)),
            kind: Set(file.kind.to_owned()),
            summary: Set(storable(&file.summary.to_string())),
            registry_version: Set(file.registry.0),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            ..Default::default()
        };
        let id = ResultFileId(row.insert(writing.transaction()).await?.id);
        let details = json!({
            "name": file.name, "kind": file.kind, "sha256": file.sha256, "summary": file.summary,
        });
        writing.audit("results.add", format!("results/{}", id.0), &details, by).await?;
        writing.commit().await?;
        Ok(id)
    }

    /// Takes a file of results out of the count, for a reason. What it said stays recorded.
    pub async fn remove_results(&self, id: ResultFileId, by: &Authorship<'_>) -> Result<(), StoreError> {
        if by.reason.trim().is_empty() {
            return Err(StoreError::ReasonMissing);
        }
        let writing = Writing::begin(&self.connection).await?;
        let known = counting(writing.transaction()).await?.into_iter().find(|file| file.id == id);
        let known = known.ok_or(StoreError::ResultFileUnknown)?;
        let row = result_removal::ActiveModel {
            file_id: Set(id.0),
            reason: Set(storable(by.reason)),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
        };
        result_removal::Entity::insert(row).exec_without_returning(writing.transaction()).await?;
        let details = json!({ "name": known.name, "sha256": known.sha256, "reason": by.reason });
        writing.audit("results.remove", format!("results/{}", id.0), &details, by).await?;
        writing.commit().await
    }

    /// What the catalogue of files is like now, without reading it: whoever loads a file or takes one out, here or on
    /// another machine, leaves it different.
    pub async fn catalogue_version(&self) -> Result<CatalogueVersion, StoreError> {
        let last: Option<i64> = result_file::Entity::find()
            .select_only()
            .column(result_file::Column::Id)
            .order_by_desc(result_file::Column::Id)
            .limit(1)
            .into_tuple()
            .one(&self.connection)
            .await?;
        // Counted, too: of two who load at the same time the one with the lower number may be done later.
        Ok(CatalogueVersion {
            files: result_file::Entity::find().count(&self.connection).await?,
            last: last.unwrap_or_default(),
            removals: result_removal::Entity::find().count(&self.connection).await?,
        })
    }

    /// The files of results that count now, in the order in which they came.
    pub async fn result_files(&self) -> Result<Vec<ResultFile>, StoreError> {
        counting(&self.connection).await
    }
}

/// Files that nothing has taken out.
async fn counting<C: ConnectionTrait>(connection: &C) -> Result<Vec<ResultFile>, StoreError> {
    let removed: BTreeSet<i64> = result_removal::Entity::find()
        .all(connection)
        .await?
        .into_iter()
        .map(|removal| removal.file_id)
        .collect();
    let files = result_file::Entity::find().order_by_asc(result_file::Column::Id).all(connection).await?;
    let file = |row: result_file::Model| ResultFile {
        id: ResultFileId(row.id),
        sha256: row.sha256,
        name: row.name,
        kind: row.kind,
        summary: serde_json::from_str(&row.summary).unwrap_or_default(),
        registry: RegistryVersion(row.registry_version),
        added_at: moment(&row.created_at),
        added_by: row.created_by,
    };
    Ok(files.into_iter().filter(|row| !removed.contains(&row.id)).map(file).collect())
}
