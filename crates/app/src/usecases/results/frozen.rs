//! What does a frozen run say, whatever was loaded or changed since?

use std::collections::{BTreeMap, BTreeSet};

use opora_cells::OrganisationId;
use opora_registry::Registry;
use opora_store::Run;
use serde_json::{Map, Value, json};

use super::alphabet;
use super::catalog::Catalog;

/// A run as it was frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Id of the methodology.
    pub pack: String,
    /// The year judged.
    pub year: u16,
    /// SHA-256 of the verdicts.
    pub sha256: String,
    /// Verdicts by school.
    pub schools: BTreeMap<OrganisationId, FrozenVerdict>,
}

/// A verdict as it was frozen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrozenVerdict {
    /// Stable word of the category.
    pub category: String,
    /// Stable word of the tier.
    pub tier: Option<String>,
    /// It was on the list.
    pub listed: bool,
    /// Stable words of criteria and combinations with their answers.
    pub answers: BTreeMap<String, String>,
}

/// A school whose verdicts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which school.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Category in the first run, as shown; nothing where the school is not in it.
    pub before: Option<String>,
    /// Category in the second run.
    pub after: Option<String>,
    /// Criteria that answer otherwise, in words.
    pub reasons: Vec<String>,
}

impl Frozen {
    /// Reads the canonical form. A line of another kind is passed over: a newer program may say more.
    pub fn read(run: &Run) -> Self {
        let content = String::from_utf8_lossy(&run.content);
        let schools = content.lines().filter_map(|line| verdict(line.strip_prefix("school\t")?)).collect();
        Self {
            pack: run.summary.pack.clone(),
            year: run.summary.year,
            sha256: run.summary.content_sha256.clone(),
            schools,
        }
    }

    /// What identifies the run, as JSON.
    pub fn head(&self) -> Value {
        json!({ "pack": self.pack, "year": self.year, "sha256": self.sha256, "schools": self.schools.len() })
    }

    /// How many schools have the same category and tier in both.
    pub fn same(&self, other: &Self) -> usize {
        let same = |(id, verdict): &(&OrganisationId, &FrozenVerdict)| {
            other
                .schools
                .get(id)
                .is_some_and(|its| its.category == verdict.category && its.tier == verdict.tier)
        };
        self.schools.iter().filter(same).count()
    }

    /// Schools by category, by stable word.
    pub fn counts(&self) -> Map<String, Value> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for verdict in self.schools.values() {
            *counts.entry(&verdict.category).or_default() += 1;
        }
        counts.into_iter().map(|(id, count)| (id.to_owned(), json!(count))).collect()
    }
}

/// School, category, tier, standing before and now, answers.
fn verdict(line: &str) -> Option<(OrganisationId, FrozenVerdict)> {
    let mut fields = line.split('\t');
    let organisation = OrganisationId(fields.next()?.parse().ok()?);
    let category = fields.next()?.to_owned();
    let tier = fields.next().filter(|tier| *tier != "-").map(str::to_owned);
    let listed = fields.nth(1)? == "In";
    let answers = fields.filter_map(|field| {
        let (id, answer) = field.split_once('=')?;
        Some((id.to_owned(), answer.split(':').next().unwrap_or_default().to_owned()))
    });
    Some((organisation, FrozenVerdict { category, tier, listed, answers: answers.collect() }))
}

/// The schools whose category or tier differs, by the alphabet.
pub fn changes(before: &Frozen, after: &Frozen, registry: &Registry, catalog: &Catalog) -> Vec<Change> {
    let ids: BTreeSet<OrganisationId> = before.schools.keys().chain(after.schools.keys()).copied().collect();
    let mut changes: Vec<Change> = ids
        .into_iter()
        .filter_map(|id| {
            let (from, to) = (before.schools.get(&id), after.schools.get(&id));
            let key = |verdict: Option<&FrozenVerdict>| verdict.map(|v| (v.category.clone(), v.tier.clone()));
            (key(from) != key(to)).then(|| Change {
                organisation: id,
                name: registry
                    .get(id)
                    .map_or_else(|| format!("Школа с номером {}", id.0), |school| school.name.clone()),
                before: from.map(|verdict| shown(catalog, &before.pack, verdict)),
                after: to.map(|verdict| shown(catalog, &after.pack, verdict)),
                reasons: reasons(catalog, &after.pack, from, to),
            })
        })
        .collect();
    changes.sort_by_cached_key(|change| (alphabet::key(&change.name), change.organisation));
    changes
}

/// Category and tier as shown, by the pack as it is known today; by their stable words where it is not.
pub fn shown(catalog: &Catalog, pack: &str, verdict: &FrozenVerdict) -> String {
    let pack = catalog.packs.get(pack).map(|known| &known.pack);
    let category = pack.and_then(|pack| pack.categories().iter().find(|c| c.id == verdict.category));
    let category = category.map_or_else(|| verdict.category.clone(), |category| category.name.clone());
    let Some(tier) = &verdict.tier else { return category };
    let known = pack.and_then(|pack| pack.tiers().iter().find(|known| known.id == *tier));
    format!("{category}, {}", known.map_or(tier, |known| &known.name))
}

fn reasons(
    catalog: &Catalog,
    pack: &str,
    before: Option<&FrozenVerdict>,
    after: Option<&FrozenVerdict>,
) -> Vec<String> {
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    let names = |id: &str| {
        let pack = &catalog.packs.get(pack)?.pack;
        let criterion = pack.criteria().iter().find(|criterion| criterion.id == id).map(|c| c.name.clone());
        criterion.or_else(|| pack.conditions().iter().find(|c| c.id == id).map(|c| c.name.clone()))
    };
    let words = |answer: Option<&String>| match answer.map(String::as_str) {
        Some("yes") => "да",
        Some("no") => "нет",
        Some("unknown") => "недостаточно данных",
        _ => "не спрашивалось",
    };
    let ids: BTreeSet<&String> = before.answers.keys().chain(after.answers.keys()).collect();
    ids.into_iter()
        .filter(|id| before.answers.get(*id) != after.answers.get(*id))
        .map(|id| {
            let name = names(id).unwrap_or_else(|| id.clone());
            format!("{name}: {} → {}", words(before.answers.get(id)), words(after.answers.get(id)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_school_is_read() {
        let (id, verdict) =
            verdict("7\tlow\tfirst\tOut\tIn\tA=yes:2:1:0\tB=no:0:3:0\tAB=yes").expect("a verdict");
        assert_eq!(
            (id, verdict.category.as_str(), verdict.tier.as_deref()),
            (OrganisationId(7), "low", Some("first"))
        );
        assert!(verdict.listed);
        assert_eq!(verdict.answers.get("B").map(String::as_str), Some("no"));
        assert_eq!(super::verdict("not a number\tlow"), None);
    }
}
