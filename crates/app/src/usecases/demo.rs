//! Fill an empty Opora with an invented municipality, to try it out.

use jiff::Timestamp;
use opora_store::{Store, StoreError};
use rust_embed::RustEmbed;

use super::import::{read_order, save};

/// Who acts, as the journal has it.
const WHO: &str = "Пример";

/// Invented orders of the genre, in several formats; one of them has the usual defects.
#[derive(RustEmbed)]
#[folder = "demo"]
struct Orders;

/// Takes the invented orders in, those that are not there yet.
pub async fn fill(store: &Store, at: Timestamp) -> Result<(), StoreError> {
    for name in Orders::iter() {
        let Some(file) = Orders::get(&name) else { continue };
        let order = read_order(&name, &file.data);
        save(store, &order, &file.data, WHO, at).await?;
    }
    Ok(())
}
