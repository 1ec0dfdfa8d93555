//! Fill an empty Opora with an invented municipality, to try it out.

mod people;

use std::path::Path;

use jiff::Timestamp;
use opora_access::Place;
use opora_simulate::{Options, Preset};
use opora_store::{Store, StoreError};
use rust_embed::RustEmbed;

pub use people::{Login, fill_people};

use super::import::{read_order, save};
use super::results::dataset::{DataError, Workbench};
use super::results::intake::{Known, add};
use super::results::registry;
use super::results::system::system_words;

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
        // A plan that was given to somebody meanwhile is not taken in a second time.
        if !store.plans_of_source(&order.source.sha256).await?.is_empty() {
            continue;
        }
        save(store, &order, &file.data, Place::Installation, WHO, at).await?;
    }
    Ok(())
}

/// Loads the registry and four years of results of an invented region of forty schools, once. The invented scales go into
/// the folder of methodologies: without scales there are no bounds of marks.
pub async fn fill_results(bench: &Workbench, packs: &Path, at: Timestamp) -> Result<(), DataError> {
    let every = |_: &str| true;
    fill_simulated(bench, packs, Options::preset(Preset::Demo), &every, at).await
}

/// Loads an invented country, unless there are schools already; of its files those whose path is wanted.
pub(crate) async fn fill_simulated(
    bench: &Workbench,
    packs: &Path,
    options: Options,
    wanted: &(dyn Fn(&str) -> bool + Sync),
    at: Timestamp,
) -> Result<(), DataError> {
    let known = bench.store.registry().await?;
    if !known.registry.organisations().is_empty() {
        return Ok(());
    }
    let failed = |error: std::io::Error| {
        DataError::File(format!("Пример результатов не создан: {}.", system_words(&error)))
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    let country = folder.path().join("country");
    let target = country.clone();
    let write = move || opora_simulate::write(&target, &options, &mut |_| {});
    let written = tokio::task::spawn_blocking(write).await;
    let summary = written.map_err(|error| DataError::File(error.to_string()))?.map_err(failed)?;
    let scales = packs.join("scales");
    std::fs::create_dir_all(&scales).map_err(failed)?;
    std::fs::copy(country.join("scales.toml"), scales.join("simulated.toml")).map_err(failed)?;
    let name = "registry.csv";
    let reading = registry::read(&known, name, &std::fs::read(country.join(name)).map_err(failed)?);
    registry::save(&bench.store, reading, known.version, name, WHO, at).await?;
    for file in &summary.files {
        let shown = file.to_string_lossy();
        if (shown.starts_with("rows") || shown.starts_with("social-passport")) && wanted(&shown) {
            let name = file.file_name().map_or(shown.clone(), |name| name.to_string_lossy());
            add(bench, &country.join(file), &name, Known::default(), WHO, at).await?;
        }
    }
    Ok(())
}
