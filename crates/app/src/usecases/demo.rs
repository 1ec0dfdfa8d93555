//! Fill an empty Opora with an invented municipality, to try it out.

use jiff::Timestamp;
use opora_simulate::{Options, Preset};
use opora_store::{Store, StoreError};
use rust_embed::RustEmbed;

use super::import::{read_order, save};
use super::results::dataset::{DataError, Workbench};
use super::results::intake::{Known, add};
use super::results::registry;

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

/// Loads the registry and four years of results of an invented region of forty schools, once.
pub async fn fill_results(bench: &Workbench, at: Timestamp) -> Result<(), DataError> {
    let known = bench.store.registry().await?;
    if !known.registry.organisations().is_empty() {
        return Ok(());
    }
    let failed = |error: std::io::Error| DataError::File(format!("Пример результатов не создан: {error}."));
    let folder = tempfile::tempdir().map_err(failed)?;
    let country = folder.path().join("country");
    let (target, options) = (country.clone(), Options::preset(Preset::Demo));
    let write = move || opora_simulate::write(&target, &options, &mut |_| {});
    let written = tokio::task::spawn_blocking(write).await;
    let summary = written.map_err(|error| DataError::File(error.to_string()))?.map_err(failed)?;
    let name = "registry.csv";
    let reading = registry::read(&known, name, &std::fs::read(country.join(name)).map_err(failed)?);
    registry::save(&bench.store, reading, known.version, name, WHO, at).await?;
    for file in &summary.files {
        let shown = file.to_string_lossy();
        if shown.starts_with("rows") || shown.starts_with("social-passport") {
            let name = file.file_name().map_or(shown.clone(), |name| name.to_string_lossy());
            add(bench, &country.join(file), &name, Known::default(), WHO, at).await?;
        }
    }
    Ok(())
}
