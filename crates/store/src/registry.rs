//! Which organisations are known now, and which were known before?

use opora_exchange::sha256_hex;
use opora_registry::Registry;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect, Set};
use serde_json::json;

use crate::entity::registry_version;
use crate::time::{moment_text, storable};
use crate::writing::Writing;
use crate::{Authorship, Store, StoreError, registry_json};

/// Number of a version of the registry; zero before the first one is saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegistryVersion(pub i32);

/// A registry as it was saved.
#[derive(Clone, Debug, Default)]
pub struct RegistryRecord {
    /// Its version.
    pub version: RegistryVersion,
    /// SHA-256 of its text; empty before the first version.
    pub sha256: String,
    /// The organisations.
    pub registry: Registry,
}

impl Store {
    /// The newest registry; an empty one before any was saved.
    pub async fn registry(&self) -> Result<RegistryRecord, StoreError> {
        let newest = registry_version::Entity::find()
            .order_by_desc(registry_version::Column::Number)
            .limit(1)
            .one(&self.connection)
            .await?;
        newest.map_or_else(|| Ok(RegistryRecord::default()), |row| record(&row))
    }

    /// The version of the newest registry, without reading it.
    pub async fn registry_version(&self) -> Result<RegistryVersion, StoreError> {
        newest_number(&self.connection).await
    }

    /// Saves a registry made from the given version; one that says the same adds nothing.
    pub async fn save_registry(
        &self,
        registry: &Registry,
        made_from: RegistryVersion,
        by: &Authorship<'_>,
    ) -> Result<RegistryVersion, StoreError> {
        let content = registry_json::write(registry).map_err(StoreError::Registry)?;
        let content = storable(&content);
        let sha256 = sha256_hex(content.as_bytes());
        let writing = Writing::begin(&self.connection).await?;
        let newest = newest_number(writing.transaction()).await?;
        if newest != made_from {
            return Err(StoreError::RegistryChanged);
        }
        let before = registry_version::Entity::find_by_id(newest.0).one(writing.transaction()).await?;
        if before.is_some_and(|row| row.content_sha256 == sha256) {
            return Ok(newest);
        }
        let version = RegistryVersion(newest.0.saturating_add(1));
        let row = registry_version::ActiveModel {
            number: Set(version.0),
            content: Set(content),
            content_sha256: Set(sha256.clone()),
            created_at: Set(moment_text(by.at)),
            created_by: Set(storable(by.who)),
            reason: Set(storable(by.reason)),
        };
        registry_version::Entity::insert(row).exec_without_returning(writing.transaction()).await?;
        let details = json!({
            "organisations": registry.organisations().len(), "content": sha256, "reason": by.reason,
        });
        writing.audit("registry.save", format!("registry/{}", version.0), &details, by).await?;
        writing.commit().await?;
        Ok(version)
    }
}

async fn newest_number<C: ConnectionTrait>(connection: &C) -> Result<RegistryVersion, StoreError> {
    let number: Option<i32> = registry_version::Entity::find()
        .select_only()
        .column(registry_version::Column::Number)
        .order_by_desc(registry_version::Column::Number)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(RegistryVersion(number.unwrap_or(0)))
}

fn record(row: &registry_version::Model) -> Result<RegistryRecord, StoreError> {
    Ok(RegistryRecord {
        version: RegistryVersion(row.number),
        sha256: row.content_sha256.clone(),
        registry: registry_json::read(&row.content).map_err(StoreError::Registry)?,
    })
}
