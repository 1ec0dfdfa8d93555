//! Which organisations are there, without reading the registry anew for every question?

use std::sync::{Arc, PoisonError, RwLock};

use opora_registry::Registry;
use opora_store::{RegistryVersion, Store, StoreError};

/// The registry of a version.
type Read = (RegistryVersion, Arc<Registry>);

/// The registry as it was read last. A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct KnownRegistry {
    known: Arc<RwLock<Option<Read>>>,
}

impl KnownRegistry {
    /// The newest registry, read again when it has changed.
    pub async fn newest(&self, store: &Store) -> Result<Arc<Registry>, StoreError> {
        let version = store.registry_version().await?;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, registry)) = known.filter(|(known, _)| *known == version) {
            return Ok(registry);
        }
        let record = store.registry().await?;
        let registry = Arc::new(record.registry);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) =
            Some((record.version, Arc::clone(&registry)));
        Ok(registry)
    }
}
