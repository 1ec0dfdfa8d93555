//! Do the worked examples of a pack come out as its author says?

use std::num::NonZeroUsize;
use std::sync::Arc;

use opora_cells::{Aggregate, Cell, Cells, OrganisationId, Scales};
use opora_fields::FileError;
use opora_registry::{Event, Node, NodeId, NodeLevel, Organisation, Registry};

use crate::{
    Atom, CriterionIndex, DeclaredReference, Facts, MarkerCount, Pack, PastDecision, Scope, Truth, Verdict,
    identify_on,
};

/// A tiny world and what a pack says of it: a test and a piece of the manual.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What it shows, in a few words.
    pub name: String,
    /// Why it comes out so.
    pub explains: String,
    /// The year that is judged.
    pub year: u16,
    /// Its schools; organisation numbers are places in this list, counted from one.
    pub schools: Vec<ExampleSchool>,
    /// Regions and municipalities; node numbers are places in this list, counted from one.
    pub nodes: Vec<Node>,
    /// Results.
    pub cells: Vec<Cell>,
    /// Declared numbers.
    pub aggregates: Vec<Aggregate>,
    /// Possible markers.
    pub markers: Vec<MarkerCount>,
    /// Final lists of past years.
    pub past: Vec<PastDecision>,
    /// Published results of regions and municipalities.
    pub references: Vec<DeclaredReference>,
    /// What happened to the schools.
    pub events: Vec<Event>,
    /// What is expected.
    pub expects: Vec<Expectation>,
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// A school of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleSchool {
    /// Its invented name.
    pub name: String,
    /// Its municipality.
    pub municipality: NodeId,
}

/// What is expected of a school of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The school.
    pub school: OrganisationId,
    /// Name of the category.
    pub category: String,
    /// Name of the tier, where one is expected.
    pub tier: Option<String>,
    /// Answers of criteria and conditions by name.
    pub answers: Vec<(String, Truth)>,
}

impl Example {
    /// The registry of this tiny world.
    pub fn registry(&self) -> Registry {
        let schools = self.schools.iter().zip(1..).map(|(school, number)| Organisation {
            id: OrganisationId(number),
            name: school.name.clone(),
            kind: "СОШ".to_owned(),
            municipality: school.municipality,
            rural: None,
            identifiers: Vec::new(),
        });
        Registry::new(self.nodes.clone(), schools.collect(), self.events.clone()).0
    }

    /// The school of an organisation number.
    pub fn school(&self, id: OrganisationId) -> &str {
        let at = usize::try_from(id.0).ok().and_then(|number| number.checked_sub(1));
        at.and_then(|at| self.schools.get(at)).map_or("", |school| &school.name)
    }
}

/// The region and municipality that schools of an example belong to when it names none.
pub(crate) fn usual_nodes() -> Vec<Node> {
    let node = |id, level, parent, name: &str| Node {
        id: NodeId(id),
        level,
        parent,
        name: name.to_owned(),
        code: None,
    };
    vec![
        node(1, NodeLevel::Region, None, "регион"),
        node(2, NodeLevel::Municipality, Some(NodeId(1)), "муниципалитет"),
    ]
}

/// Runs all examples; what came out otherwise is told.
pub(crate) fn failures(pack: &Pack, scales: &Scales) -> Vec<FileError> {
    let shared = Arc::new(pack.clone());
    if pack.examples.is_empty() {
        return vec![FileError {
            file: "examples.toml".to_owned(),
            line: None,
            place: "example".to_owned(),
            what: "В пакете нет ни одного разобранного примера.".to_owned(),
            mend: "Добавьте раздел [[example]]: маленькая таблица и ожидаемая категория.".to_owned(),
        }];
    }
    pack.examples.iter().flat_map(|example| failures_of(&shared, example, scales)).collect()
}

fn failures_of(pack: &Arc<Pack>, example: &Example, scales: &Scales) -> Vec<FileError> {
    let registry = example.registry();
    let (cells, _) = Cells::new(example.cells.clone());
    let facts = Facts {
        aggregates: &example.aggregates,
        markers: &example.markers,
        past: &example.past,
        references: &example.references,
        ..Facts::new(&cells, &registry, scales)
    };
    let run = identify_on(NonZeroUsize::MIN, pack, &facts, example.year, Scope::All);
    let mut failures = Vec::new();
    for expected in &example.expects {
        let name = example.school(expected.school);
        let mut differs = |what: String| {
            failures.push(FileError {
                file: example.file.clone(),
                line: Some(example.line),
                place: format!("example «{}», {name}", example.name),
                what,
                mend: "Исправьте ожидание или критерии: пример и правила должны сходиться.".to_owned(),
            });
        };
        let Some(verdict) = run.of(expected.school) else {
            differs("Вердикта нет: в этом году такой школы нет.".to_owned());
            continue;
        };
        let category = &pack[verdict.category()].id;
        if *category != expected.category {
            differs(format!("Ожидалась категория «{}», вышла «{category}».", expected.category));
        }
        let tier = verdict.tier().and_then(|at| pack.tiers.get(at)).map(|tier| tier.id.as_str());
        if expected.tier.is_some() && expected.tier.as_deref() != tier {
            let (wanted, got) = (expected.tier.as_deref().unwrap_or("нет"), tier.unwrap_or("нет"));
            differs(format!("Ожидался уровень «{wanted}», вышел «{got}»."));
        }
        for (id, truth) in &expected.answers {
            let got = answer(pack, verdict, id);
            if got != Some(*truth) {
                let got = got.map_or("ничего", Truth::id);
                differs(format!("По «{id}» ожидалось «{}», вышло «{got}».", truth.id()));
            }
        }
    }
    failures
}

/// The answer of a criterion or condition by name; nothing for a portrait.
fn answer(pack: &Pack, verdict: &Verdict, id: &str) -> Option<Truth> {
    if let Some(at) = pack.criteria.iter().position(|criterion| criterion.id == id) {
        let index = CriterionIndex(u8::try_from(at).ok()?);
        return (!pack[index].question.is_portrait()).then(|| verdict.answer(Atom::Criterion(index)));
    }
    let at = pack.conditions.iter().position(|condition| condition.id == id)?;
    Some(verdict.answer(Atom::Condition(at)))
}
