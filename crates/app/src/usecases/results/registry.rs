//! Take in a registry of organisations.

use jiff::Timestamp;
use opora_documents::Options;
use opora_forms::{Heads, RegistryReading};
use opora_registry::Registry;
use opora_store::{Authorship, RegistryRecord, RegistryVersion, Store, StoreError};

use super::intake::looks_like_text;

/// Reads a file with a registry over the one that is known: schools that are found again keep their numbers.
pub fn read(known: &RegistryRecord, name: &str, bytes: &[u8]) -> RegistryReading {
    let heads = Heads::committed();
    if looks_like_text(bytes.get(..4096).unwrap_or(bytes)) {
        opora_forms::read_registry_csv(bytes, Some(&known.registry), heads)
    } else {
        let document = opora_documents::read(name, bytes, &Options::default());
        opora_forms::read_registry(&document, Some(&known.registry), heads)
    }
}

/// Saves a registry that was read without errors.
pub async fn save(
    store: &Store,
    reading: RegistryReading,
    known: RegistryVersion,
    name: &str,
    who: &str,
    at: Timestamp,
) -> Result<RegistryVersion, StoreError> {
    let (registry, _) = Registry::new(reading.nodes, reading.organisations, reading.events);
    let reason = format!("из файла {name}");
    store.save_registry(&registry, known, &Authorship { who, reason: &reason, at }).await
}
