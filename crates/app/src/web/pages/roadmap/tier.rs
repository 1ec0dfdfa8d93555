//! How much support does a school get, and by which list?

use opora_access::{Place, contains};
use opora_cells::OrganisationId;
use opora_cycle::identification::FINALISED;
use opora_store::{RunId, RunSummary};
use serde_json::Value;

use crate::usecases::results::frozen::{Frozen, shown};
use crate::web::access::place_of_scope;
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::state::AppState;

/// What is known of the tier of a school.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tier {
    /// Stable word; none where no tier is given.
    pub id: Option<String>,
    /// By what it is known, or why it is not: a Russian sentence.
    pub reason: String,
}

/// The tier of a school by the newest frozen list that names it, a final one before others of its year; else by the
/// verdict on the results of today.
pub async fn of_school(state: &AppState, actor: &Actor, id: u32) -> Result<Tier, WebError> {
    let school = Place::School(OrganisationId(id));
    let mut runs = state.store.runs().await?;
    runs.retain(|run| !is_what_if(run) && contains(place_of_scope(&run.scope), school, &actor.registry));
    runs.sort_by_key(|run| (std::cmp::Reverse(run.year), std::cmp::Reverse(run.id)));
    let mut found: Option<(u16, Tier)> = None;
    for run in &runs {
        if found.as_ref().is_some_and(|(year, _)| *year > run.year) {
            break;
        }
        let is_final = state.store.steps(run.id).await?.iter().any(|step| step.step == FINALISED);
        if found.is_some() && !is_final {
            continue;
        }
        let Some(tier) = of_run(state, run.id, id, is_final).await? else { continue };
        if is_final {
            return Ok(tier);
        }
        found = Some((run.year, tier));
    }
    match found {
        Some((_, tier)) => Ok(tier),
        None => of_today(state, id).await,
    }
}

fn is_what_if(run: &RunSummary) -> bool {
    run.summary.get("changes").and_then(Value::as_array).is_some_and(|changes| !changes.is_empty())
}

async fn of_run(state: &AppState, run: RunId, id: u32, is_final: bool) -> Result<Option<Tier>, WebError> {
    let frozen = Frozen::read(&state.store.run(run).await?);
    let Some(verdict) = frozen.schools.get(&OrganisationId(id)) else { return Ok(None) };
    let catalog = state.results.catalog();
    let kind = if is_final { "итоговому" } else { "предварительному" };
    let said = shown(catalog, &frozen.pack, verdict);
    let title = catalog.packs.get(&frozen.pack).map_or(frozen.pack.as_str(), |known| &known.pack.title);
    let none = if verdict.tier.is_none() { "; уровень в нём не назначен" } else { "" };
    let reason = format!("По {kind} списку № {} за {} год («{title}»): {said}{none}.", run.0, frozen.year);
    Ok(Some(Tier { id: verdict.tier.clone(), reason }))
}

/// The verdict of today by the newest methodology that gives tiers.
async fn of_today(state: &AppState, id: u32) -> Result<Tier, WebError> {
    let unknown = || {
        Tier {
        id: None,
        reason: "Школы нет ни в одном закреплённом списке, уровень поддержки не назначен. Предложены меры для всех уровней.".to_owned(),
    }
    };
    let dataset = state.results.dataset().await?;
    let packs = state.results.catalog().packs.values();
    let newest =
        packs.filter(|known| !known.pack.tiers().is_empty()).max_by_key(|known| known.pack.force.from);
    let Some(pack) = newest.filter(|_| !dataset.years().is_empty()).map(|known| known.pack.id.clone()) else {
        return Ok(unknown());
    };
    let chosen = state.results.choose(&dataset, Some(&pack), None)?;
    let judged = state.results.run(&dataset, &chosen, None).await?;
    let tiers = judged.run().pack().tiers();
    let given = judged.run().of(OrganisationId(id)).and_then(opora_methodology::Verdict::tier);
    let Some(tier) = given.and_then(|at| tiers.get(at)) else { return Ok(unknown()) };
    let reason = format!(
        "По расчёту на сегодня за {} год («{}», {}): {}. Список ещё не закреплён.",
        chosen.year,
        judged.run().pack().title,
        tier.clause,
        tier.name
    );
    Ok(Tier { id: Some(tier.id.clone()), reason })
}
