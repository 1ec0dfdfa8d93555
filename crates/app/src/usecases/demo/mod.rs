//! Fill an empty Opora with an invented municipality, to try it out.

mod cast;
mod deeds;
mod office;
mod questionnaire;
mod rounds;
mod story;
mod strengths;

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::Place;
use opora_cells::OrganisationId;
use opora_cycle::identification::FINALISED;
use opora_methodology::Scope;
use opora_simulate::{Options, Preset};
use opora_store::{Authorship, NewStep, Store, StoreError};
use rust_embed::RustEmbed;

use cast::{Cast, largest};
use story::{Pace, Story, moment, school_year};

pub use cast::Login;

use super::import::{read_order, save};
use super::results::dataset::{DataError, Dataset, Workbench};
use super::results::frozen::Frozen;
use super::results::identify;
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

/// How large the example is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Schools of the region; the usual example where nothing is said.
    pub schools: Option<u32>,
    /// School years before the current one that are told.
    pub years: i16,
}

/// Loads the registry and four years of results of an invented region of fifty schools, or one year of a larger one,
/// once. The invented scales go into the folder of methodologies: without scales there are no bounds of marks.
pub async fn fill_results(
    bench: &Workbench,
    packs: &Path,
    size: Size,
    at: Timestamp,
) -> Result<(), DataError> {
    let options = match size.schools {
        None => Options::preset(Preset::Demo),
        Some(schools) => Options { details: false, ..Options::of_schools(schools) }.with_years(1),
    };
    fill_simulated(bench, packs, options, &|_: &str| true, at).await
}

/// The methodology and the place of the list that the programme of the example begins with.
const PACK: &str = "omsk-2025";

/// Accounts in all roles with passwords made anew, and, once, what they did: a final list, self-diagnoses, roadmaps that
/// were agreed, carried out and confirmed. In the usual example seven schools of the largest municipality are in the
/// programme; in a larger one all schools of the region are.
pub async fn fill_programme(bench: &Workbench, size: Size, today: Date) -> Result<Vec<Login>, DataError> {
    let store = &bench.store;
    let first = school_year(today) - size.years;
    let from = Date::new(first, 9, 1).unwrap_or(today);
    let at = moment(from.at(9, 0, 0, 0));
    let registry = store.registry().await?.registry;
    let whole_region = size.schools.is_some();
    let is_new = !store.has_accounts().await?;
    let listed = if is_new && !whole_region { final_list(bench, at).await? } else { Vec::new() };
    let Some(cast) = Cast::gather(store, &registry, &listed, whole_region, from, at).await? else {
        return Ok(Vec::new());
    };
    if is_new {
        let by = Authorship { who: WHO, reason: "придуманный пример", at };
        let plans = store.plans().await?;
        for plan in &plans {
            store.set_plan_owner(plan.id, cast.place, &by).await?;
        }
        // The oldest plan of the municipality is inherited from.
        let municipal = match plans.last() {
            Some(plan) if !whole_region => Some((plan.id.0, store.plan(plan.id).await?.order)),
            _ => None,
        };
        strengths::note(bench, &registry, &cast, at).await?;
        let pace = if whole_region { Pace::WIDE } else { Pace::USUAL };
        Story::new(bench, &cast, pace, municipal).tell(first, today).await?;
    }
    Ok(cast.logins)
}

/// Judges the largest municipality by the results of the last year, freezes the list and makes it final.
async fn final_list(bench: &Workbench, at: Timestamp) -> Result<Vec<OrganisationId>, DataError> {
    let dataset = Dataset::load(bench).await?;
    let (Some(town), Some(year)) = (largest(&dataset.registry.registry), dataset.years().last().copied())
    else {
        return Ok(Vec::new());
    };
    let Ok(pack) = identify::pack(&bench.catalog, PACK) else { return Ok(Vec::new()) };
    let judged = identify::judge(&bench.catalog, &dataset, pack, year, Scope::Node(town));
    let run = judged.freeze(&bench.store, WHO, at).await?;
    let text = "Ответов школ не поступило, список утверждён.";
    let step = NewStep { organisation: OrganisationId(0), step: FINALISED, text, file: None };
    let by = Authorship { who: WHO, reason: "", at };
    bench.store.record_step(run, 0, &step, &by).await?;
    let frozen = Frozen::read(&bench.store.run(run).await?);
    Ok(frozen.schools.iter().filter(|(_, verdict)| verdict.listed).map(|(id, _)| *id).collect())
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
