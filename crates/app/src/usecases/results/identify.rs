//! Judge schools by a methodology, and freeze what came out.

use std::sync::Arc;

use jiff::Timestamp;
use opora_cells::OrganisationId;
use opora_exchange::sha256_hex;
use opora_methodology::{Facts, MarkerCount, Pack, Run, Scope, canonical, identify};
use opora_registry::{EventKind, NodeLevel, Registry};
use opora_store::{Authorship, NewRun, RunId, Store, StoreError};
use serde_json::{Value, json};

use super::catalog::{Catalog, KnownPack};
use super::dataset::Dataset;
use super::insight::markers;

/// Verdicts of a year with everything they were made of.
#[derive(Clone, Debug)]
pub struct Identified {
    /// The verdicts.
    pub run: Run,
    /// SHA-256 of the methodology's files.
    pub pack_sha256: String,
    /// SHA-256 over the registry and the files of results.
    pub data_sha256: String,
    /// Who was judged, a stable word: `all`, `node:3`, `school:17`.
    pub scope: String,
}

/// The methodology with this id, or a Russian refusal that names the known ones.
pub fn pack<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a KnownPack, String> {
    if let Some(refused) = catalog.refused.iter().find(|refused| refused.id == id) {
        let errors: Vec<String> = refused.errors.iter().map(ToString::to_string).collect();
        return Err(format!("Методика «{id}» не подключена:\n{}", errors.join("\n")));
    }
    catalog.packs.get(id).ok_or_else(|| {
        let known: Vec<&str> = catalog.packs.keys().map(String::as_str).collect();
        format!("Методики «{id}» нет. Есть: {}.", known.join(", "))
    })
}

/// Judges the schools of a scope.
pub fn judge(catalog: &Catalog, dataset: &Dataset, known: &KnownPack, year: u16, scope: Scope) -> Identified {
    judge_by(catalog, dataset, &known.pack, &known.sha256, year, scope)
}

/// Judges by a pack that may have a number moved.
pub fn judge_by(
    catalog: &Catalog,
    dataset: &Dataset,
    pack: &Arc<Pack>,
    pack_sha256: &str,
    year: u16,
    scope: Scope,
) -> Identified {
    let markers = markers::counts(catalog, dataset, pack, year, scope);
    let run = identify(pack, &facts(catalog, dataset, &markers), year, scope);
    Identified {
        run,
        pack_sha256: pack_sha256.to_owned(),
        data_sha256: dataset.sha256.clone(),
        scope: scope_word(scope),
    }
}

/// Why a school of the registry was not judged: it was there no more, or nothing of it is loaded.
pub fn why_not_judged(registry: &Registry, id: OrganisationId, year: u16) -> String {
    let ended = registry.events_of(id).iter().find_map(|event| {
        let into = match event.kind {
            EventKind::Closed => None,
            EventKind::MergedInto(into) => Some(into),
            EventKind::Opened | EventKind::Renamed { .. } => return None,
        };
        (i32::from(event.date.year()) < i32::from(year)).then_some((event.date, into))
    });
    let Some((date, into)) = ended else {
        return "О школе ничего не известно: её результаты не загружены.".to_owned();
    };
    let date = date.strftime("%d.%m.%Y");
    match into.and_then(|into| registry.get(into)) {
        Some(other) => format!(
            "Школа присоединена {date} к школе «{}»: за {year} год вывода о ней нет. Посмотрите ту школу или выберите \
             прежний год.",
            other.name
        ),
        None => format!("Школа закрыта {date}: за {year} год вывода о ней нет. Выберите прежний год."),
    }
}

/// What a methodology may look at.
fn facts<'a>(catalog: &'a Catalog, dataset: &'a Dataset, markers: &'a [MarkerCount]) -> Facts<'a> {
    Facts {
        aggregates: &dataset.aggregates,
        markers,
        ..Facts::new(&dataset.cells, &dataset.registry.registry, &catalog.scales)
    }
}

fn scope_word(scope: Scope) -> String {
    match scope {
        Scope::All => "all".to_owned(),
        Scope::Node(node) => format!("node:{}", node.0),
        Scope::Organisation(OrganisationId(id)) => format!("school:{id}"),
    }
}

/// The scope that a person means: nothing or «all» for everyone, «region», «municipality» or «school», alone where
/// there is one only, otherwise with a name or code after «:». Refuses in Russian.
pub fn scope(registry: &Registry, text: &str) -> Result<Scope, String> {
    let (word, name) = text.split_once([':', '=']).map_or((text, ""), |(word, name)| (word, name.trim()));
    let level = match word.trim().to_lowercase().as_str() {
        "" | "all" | "country" | "страна" | "все" => return Ok(Scope::All),
        "region" | "регион" => NodeLevel::Region,
        "municipality" | "муниципалитет" => NodeLevel::Municipality,
        "school" | "школа" if name.is_empty() => {
            return Err("Укажите школу: --scope school:edu000017 (логин, код или название).".to_owned());
        }
        "school" | "школа" => return school(registry, name).map(Scope::Organisation),
        _ => {
            return Err(format!(
                "Охват «{text}» не понят. Пишите: all, region:Название, municipality:Название или school:логин."
            ));
        }
    };
    let folded = super::alphabet::key(name);
    let nodes: Vec<_> = registry
        .nodes()
        .filter(|node| node.level == level)
        .filter(|node| {
            name.is_empty()
                || node.code.as_deref() == Some(name)
                || super::alphabet::key(&node.name) == folded
                || node.id.0.to_string() == name
        })
        .collect();
    match nodes.as_slice() {
        [only] => Ok(Scope::Node(only.id)),
        [] => Err(format!("В реестре нет: «{name}». Проверьте название или загрузите реестр организаций.")),
        several => {
            let names: Vec<String> =
                several.iter().take(8).map(|node| format!("{} ({})", node.name, node.id.0)).collect();
            Err(format!("Подходит несколько: {}. Уточните: --scope {word}:номер.", names.join(", ")))
        }
    }
}

/// The school that a login, code, number or name means. Refuses in Russian.
pub fn school(registry: &Registry, text: &str) -> Result<OrganisationId, String> {
    let text = text.trim();
    let by_code = |school: &&opora_registry::Organisation| {
        school.identifiers.iter().any(|code| code.value.eq_ignore_ascii_case(text))
    };
    let mut found: Vec<_> = registry.organisations().iter().filter(by_code).collect();
    if found.is_empty() {
        let folded = super::alphabet::key(text);
        found = registry
            .organisations()
            .iter()
            .filter(|school| super::alphabet::key(&school.name) == folded)
            .collect();
    }
    if found.is_empty()
        && let Some(school) = text.parse().ok().and_then(|id| registry.get(OrganisationId(id)))
    {
        found.push(school);
    }
    match found.as_slice() {
        [only] => Ok(only.id),
        [] => Err(format!("Школы «{text}» нет в реестре. Укажите логин, код или полное название.")),
        several => {
            let names: Vec<String> =
                several.iter().take(8).map(|school| format!("{} (№ {})", school.name, school.id.0)).collect();
            Err(format!("Подходит несколько школ: {}. Укажите номер или логин.", names.join(", ")))
        }
    }
}

impl Identified {
    /// The run as bytes: the same inputs give the same bytes.
    pub fn content(&self) -> Vec<u8> {
        let head = format!(
            "program\t{}\npack\t{}\ndata\t{}\nscope\t{}\n",
            env!("CARGO_PKG_VERSION"),
            self.pack_sha256,
            self.data_sha256,
            self.scope
        );
        let mut content = head.into_bytes();
        content.extend(canonical(&self.run).into_bytes());
        content
    }

    /// Schools by category, in the order of the pack.
    pub fn counts(&self) -> Vec<(String, usize)> {
        let categories = self.run.pack().categories().iter().map(|category| category.name.clone());
        categories.zip(self.run.counts()).collect()
    }

    fn summary(&self) -> Value {
        let categories = self.run.pack().categories().iter().map(|category| category.id.clone());
        let counts: serde_json::Map<String, Value> =
            categories.zip(self.run.counts()).map(|(id, count)| (id, json!(count))).collect();
        let changes: Vec<Value> = self
            .run
            .pack()
            .changes()
            .iter()
            .map(|change| json!({ "number": change.number, "from": change.from, "to": change.to }))
            .collect();
        json!({ "categories": counts, "changes": changes })
    }

    /// SHA-256 of the run.
    pub fn sha256(&self) -> String {
        sha256_hex(&self.content())
    }

    /// Freezes the run: it can be compared, replied to and decided on from now on.
    pub async fn freeze(&self, store: &Store, who: &str, at: Timestamp) -> Result<RunId, StoreError> {
        let new = NewRun {
            pack: &self.run.pack().id,
            year: self.run.year(),
            scope: &self.scope,
            pack_sha256: &self.pack_sha256,
            data_sha256: &self.data_sha256,
            program: env!("CARGO_PKG_VERSION"),
            content: &self.content(),
            summary: &self.summary(),
        };
        store.record_run(&new, &Authorship { who, reason: "", at }).await
    }
}
