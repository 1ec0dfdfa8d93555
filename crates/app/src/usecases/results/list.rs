//! A list of verdicts to look at, print and hand on: by the alphabet, never by results.

use opora_cells::OrganisationId;
use opora_methodology::{CategoryRole, Movement, Run, Standing, Truth, Verdict};
use opora_registry::{NodeId, Registry};
use serde_json::{Value, json};

use super::alphabet;
use super::identify::Identified;

/// A school in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub organisation: OrganisationId,
    /// Its name, or its number where the registry does not know it.
    pub name: String,
    /// Name of the municipality.
    pub municipality: String,
    /// Name of the region.
    pub region: String,
    /// Stable word of the category.
    pub category_id: String,
    /// Category as shown.
    pub category: String,
    /// Whether it is on the list; nothing when that is not known.
    pub identified: Option<bool>,
    /// Tier of support, as shown.
    pub tier: Option<String>,
    /// What changed since the year before, in words.
    pub movement: &'static str,
    /// Criteria and combinations with their answers, in the order of the pack.
    pub answers: Vec<(String, Truth)>,
}

/// The verdicts by region, municipality and name.
pub fn list(run: &Run, registry: &Registry) -> Vec<Listed> {
    let mut schools: Vec<Listed> =
        run.verdicts().iter().map(|verdict| listed(run, registry, verdict)).collect();
    schools.sort_by_cached_key(|school| {
        (
            alphabet::key(&school.region),
            alphabet::key(&school.municipality),
            alphabet::key(&school.name),
            school.organisation,
        )
    });
    schools
}

/// A verdict of a run as it stands in a list.
pub fn listed(run: &Run, registry: &Registry, verdict: &Verdict) -> Listed {
    let pack = run.pack();
    let id = verdict.organisation();
    let school = registry.get(id);
    let node = |id: Option<NodeId>| {
        id.and_then(|id| registry.node(id)).map(|node| node.name.clone()).unwrap_or_default()
    };
    let category = &pack[verdict.category()];
    let answers = pack.criteria().iter().zip(verdict.trace().answers());
    let answers = answers.filter_map(|(criterion, answer)| Some((criterion.id.clone(), answer.truth?)));
    let combined = pack.conditions().iter().zip(verdict.trace().conditions());
    Listed {
        organisation: id,
        name: school.map_or_else(|| format!("Школа с номером {}", id.0), |school| school.name.clone()),
        municipality: node(school.map(|school| school.municipality)),
        region: node(registry.region_of(id)),
        category_id: category.id.clone(),
        category: category.name.clone(),
        identified: (category.role != CategoryRole::Insufficient).then_some(category.identified),
        tier: verdict.tier().and_then(|at| pack.tiers().get(at)).map(|tier| tier.name.clone()),
        movement: movement_words(verdict),
        answers: answers.chain(combined.map(|(c, truth)| (c.id.clone(), *truth))).collect(),
    }
}

/// What changed since the year before, in words.
pub fn movement_words(verdict: &Verdict) -> &'static str {
    match verdict.movement() {
        Movement::Entered => "вошла",
        Movement::Remains => "остаётся",
        Movement::Left => "вышла",
        Movement::Outside => "",
        Movement::InAtFirstSight => "впервые рассмотрена",
        Movement::Unknown if verdict.standing() == Standing::Unknown => "",
        Movement::Unknown => "сравнить не с чем",
    }
}

/// An answer in words.
pub fn truth_words(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "да",
        Truth::No => "нет",
        Truth::Unknown => "недостаточно данных",
    }
}

/// A list as JSON: what was judged, by what, from what, and every school.
pub fn to_json(identified: &Identified, schools: &[Listed]) -> Value {
    let pack = identified.run.pack();
    let school = |school: &Listed| {
        let answers: serde_json::Map<String, Value> =
            school.answers.iter().map(|(id, truth)| (id.clone(), json!(truth.id()))).collect();
        json!({
            "organisation": school.organisation.0,
            "name": school.name,
            "municipality": school.municipality,
            "region": school.region,
            "category": school.category_id,
            "category_name": school.category,
            "identified": school.identified,
            "tier": school.tier,
            "movement": school.movement,
            "criteria": answers,
        })
    };
    json!({
        "pack": pack.id,
        "pack_version": pack.version,
        "pack_sha256": identified.pack_sha256,
        "data_sha256": identified.data_sha256,
        "program": env!("CARGO_PKG_VERSION"),
        "year": identified.run.year(),
        "scope": identified.scope,
        "in_force": identified.run.in_force(),
        "sha256": identified.sha256(),
        "counts": identified.counts().into_iter().map(|(name, count)| json!({ "category": name, "schools": count })).collect::<Vec<_>>(),
        "schools": schools.iter().map(school).collect::<Vec<_>>(),
    })
}

/// Heads and rows of a list as a table, the same for CSV, XLSX and the screen.
pub fn to_table(identified: &Identified, schools: &[Listed]) -> (Vec<String>, Vec<Vec<String>>) {
    let pack = identified.run.pack();
    let shown = |id: &str| {
        let criterion = pack.criteria().iter().find(|criterion| criterion.id == id).map(|c| c.name.clone());
        let condition =
            || pack.conditions().iter().find(|condition| condition.id == id).map(|c| c.name.clone());
        criterion.or_else(condition).unwrap_or_else(|| id.to_owned())
    };
    let answers = schools.first().map(|school| school.answers.as_slice()).unwrap_or_default();
    let heads = [
        "Регион",
        "Муниципалитет",
        "Школа",
        "Категория",
        "Уровень поддержки",
        "По сравнению с прошлым годом",
    ];
    let heads = heads.map(str::to_owned).into_iter().chain(answers.iter().map(|(id, _)| shown(id)));
    let row = |school: &Listed| {
        let fixed = [
            school.region.clone(),
            school.municipality.clone(),
            school.name.clone(),
            school.category.clone(),
            school.tier.clone().unwrap_or_default(),
            school.movement.to_owned(),
        ];
        fixed
            .into_iter()
            .chain(school.answers.iter().map(|(_, truth)| truth_words(*truth).to_owned()))
            .collect()
    };
    (heads.collect(), schools.iter().map(row).collect())
}
