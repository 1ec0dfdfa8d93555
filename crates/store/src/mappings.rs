//! Which descriptions of columns are kept, so that the next file of the same shape is read without a word?

use std::collections::BTreeMap;

use jiff::Timestamp;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, QueryOrder, Set};
use serde_json::json;

use crate::entity::column_mapping;
use crate::time::{moment, moment_text, storable};
use crate::writing::Writing;
use crate::{Authorship, Store, StoreError};

/// Number of a kept description, given by the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MappingId(pub i64);

/// A description of columns under the name people know it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMapping {
    /// Its number; a description that was changed has another.
    pub id: MappingId,
    /// Its name.
    pub name: String,
    /// The description, TOML.
    pub content: String,
    /// When it was kept.
    pub at: Timestamp,
    /// Who kept it.
    pub by: String,
}

impl Store {
    /// Keeps a description under a name; what was kept under this name before no longer counts. The same content again
    /// changes nothing. A name must not be blank: it is refused like a missing reason.
    pub async fn keep_mapping(
        &self,
        name: &str,
        content: &str,
        by: &Authorship<'_>,
    ) -> Result<MappingId, StoreError> {
        let (name, content) = (storable(name.trim()), storable(content));
        if name.is_empty() {
            return Err(StoreError::MappingUnnamed);
        }
        let writing = Writing::begin(&self.connection).await?;
        let known = kept(writing.transaction()).await?.remove(&name);
        if let Some(known) = known.filter(|known| known.content == content) {
            return Ok(known.id);
        }
        let id = insert(&writing, &name, Some(content.clone()), by).await?;
        let details = json!({ "name": name, "content": content });
        writing.audit("mapping.keep", format!("mapping/{}", id.0), &details, by).await?;
        writing.commit().await?;
        Ok(id)
    }

    /// Takes a description out of use, for a reason. What was read with it stays as it is.
    pub async fn withdraw_mapping(&self, id: MappingId, by: &Authorship<'_>) -> Result<(), StoreError> {
        if by.reason.trim().is_empty() {
            return Err(StoreError::ReasonMissing);
        }
        let writing = Writing::begin(&self.connection).await?;
        let known = kept(writing.transaction()).await?.into_values().find(|known| known.id == id);
        let known = known.ok_or(StoreError::MappingUnknown)?;
        insert(&writing, &known.name, None, by).await?;
        let details = json!({ "name": known.name, "reason": by.reason });
        writing.audit("mapping.withdraw", format!("mapping/{}", id.0), &details, by).await?;
        writing.commit().await
    }

    /// The descriptions in use, by name.
    pub async fn mappings(&self) -> Result<Vec<KeptMapping>, StoreError> {
        Ok(kept(&self.connection).await?.into_values().collect())
    }
}

async fn insert(
    writing: &Writing,
    name: &str,
    content: Option<String>,
    by: &Authorship<'_>,
) -> Result<MappingId, StoreError> {
    let row = column_mapping::ActiveModel {
        name: Set(name.to_owned()),
        content: Set(content),
        reason: Set(storable(by.reason)),
        created_at: Set(moment_text(by.at)),
        created_by: Set(storable(by.who)),
        ..Default::default()
    };
    Ok(MappingId(row.insert(writing.transaction()).await?.id))
}

/// The newest row of each name, where it has content.
async fn kept<C: ConnectionTrait>(connection: &C) -> Result<BTreeMap<String, KeptMapping>, StoreError> {
    let rows =
        column_mapping::Entity::find().order_by_asc(column_mapping::Column::Id).all(connection).await?;
    let mut kept = BTreeMap::new();
    for row in rows {
        match row.content {
            Some(content) => {
                let (id, at) = (MappingId(row.id), moment(&row.created_at));
                let mapping = KeptMapping { id, name: row.name.clone(), content, at, by: row.created_by };
                kept.insert(row.name, mapping);
            }
            None => {
                kept.remove(&row.name);
            }
        }
    }
    Ok(kept)
}
