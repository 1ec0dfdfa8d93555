//! What do all tests of forms stand on: an invented registry, workbooks made by code, facts as words?

#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use jiff::civil::date;
use opora_cells::{Dictionary, OrganisationId, Scales};
use opora_forms::{Batch, Summary};
use opora_neutral::{Document, Level};
use opora_registry::{Event, EventKind, Identifier, Node, NodeId, NodeLevel, Organisation, Registry, Scheme};

pub mod samples;

const DICTIONARY: &str = include_str!("../../../../packs/dictionary/dictionary.toml");
const SCALES: &str = include_str!("../../../../packs/scales/gia-2026.toml");

pub struct World {
    pub dictionary: Dictionary,
    pub scales: Scales,
    pub registry: Registry,
}

impl World {
    pub fn new() -> Self {
        let dictionary = Dictionary::read(DICTIONARY).expect("the dictionary reads");
        let scales = Scales::read(SCALES, &dictionary).expect("the scales read");
        Self { dictionary, scales, registry: registry() }
    }

    pub fn context(&self) -> opora_forms::Context<'_> {
        opora_forms::Context::new(&self.registry, &self.dictionary, &self.scales)
    }
}

/// Five schools of an invented region: one was merged, two share a code of other regions.
fn registry() -> Registry {
    let node = |id, level, parent: Option<u32>, name: &str, code: &str| Node {
        id: NodeId(id),
        level,
        parent: parent.map(NodeId),
        name: name.to_owned(),
        code: Some(code.to_owned()),
    };
    let nodes = vec![
        node(1, NodeLevel::Region, None, "Приозёрный край", "91"),
        node(2, NodeLevel::Municipality, Some(1), "Светлинский район", "91501000"),
        node(3, NodeLevel::Municipality, Some(1), "город Ясноград", "91502000"),
        node(4, NodeLevel::Region, None, "Заречная область", "92"),
        node(5, NodeLevel::Municipality, Some(4), "Лесной район", "92501000"),
    ];
    let school = |id, name: &str, municipality, login: &str, code: &str| Organisation {
        id: OrganisationId(id),
        name: name.to_owned(),
        kind: "СОШ".to_owned(),
        municipality: NodeId(municipality),
        rural: None,
        identifiers: vec![
            Identifier { scheme: Scheme::Login, value: login.to_owned() },
            Identifier { scheme: Scheme::RegionalCode, value: code.to_owned() },
        ],
    };
    let mut two_buildings = school(5, "Лесная школа", 5, "edu920001", "010101");
    two_buildings.identifiers.push(Identifier { scheme: Scheme::Login, value: "edu920011".to_owned() });
    let organisations = vec![
        school(1, "МБОУ «Светлинская СОШ № 1»", 2, "edu910001", "010101"),
        school(2, "МБОУ «Светлинская СОШ № 2»", 2, "edu910002", "010102"),
        school(3, "Лицей № 3 города Яснограда", 3, "edu910003", "020103"),
        school(4, "Основная школа села Дальнее", 2, "edu910004", "010104"),
        two_buildings,
    ];
    let kind = EventKind::MergedInto(OrganisationId(1));
    let merger = Event { organisation: OrganisationId(4), date: date(2023, 9, 1), kind };
    let (registry, errors) = Registry::new(nodes, organisations, vec![merger]);
    assert_eq!(errors, []);
    registry
}

/// A workbook of sheets, each a text as samples write it, read as the program reads it.
pub fn workbook(name: &str, sheets: &[(String, String)]) -> Document {
    let bytes = samples::workbook_of(sheets);
    opora_documents::read(name, &bytes, &opora_documents::Options::default())
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "ERROR",
    }
}

/// Facts and findings as words, a line each.
pub fn told(world: &World, facts: &Batch, summary: &Summary) -> String {
    let dictionary = &world.dictionary;
    let school = |id: OrganisationId| format!("school {}", id.0);
    let mut lines = vec![format!("kind: {}", summary.kind.map_or("none", opora_forms::FormKind::name))];
    for row in &facts.rows {
        let mut words = vec![
            school(row.organisation),
            dictionary.procedure_id(row.procedure),
            row.year.to_string(),
            format!("{:?}", row.outcome),
        ];
        words.extend(row.score.map(|score| format!("score {score}")));
        words.extend(row.journal.map(|mark| format!("journal {mark}")));
        words.extend((row.class > 0).then(|| format!("class {}", row.class)));
        words.push(format!("row {}", row.file_row));
        lines.push(words.join(", "));
    }
    for cell in &facts.cells {
        let mut words = vec![
            format!("cell: {}", school(cell.organisation)),
            dictionary.procedure_id(cell.procedure),
            format!("{}{}", cell.year, if cell.autumn { " autumn" } else { "" }),
            format!("n {}", cell.participants),
        ];
        words.extend((cell.marks != [0; 4]).then(|| format!("marks {:?}", cell.marks)));
        let minimum = (cell.below_minimum, cell.at_minimum);
        words.extend((minimum != (0, 0)).then(|| format!("below {} at {}", minimum.0, minimum.1)));
        words.extend((cell.unmarked > 0).then(|| format!("unmarked {}", cell.unmarked)));
        words.extend((cell.scored > 0).then(|| format!("scores {} of {}", cell.score_sum, cell.scored)));
        words.extend((cell.against_journal != [0; 3]).then(|| format!("journal {:?}", cell.against_journal)));
        words.push(format!("{:?}", cell.precision));
        words.push(format!("rows {}–{}", cell.rows.0, cell.rows.1));
        lines.push(words.join(", "));
    }
    if facts.rows.is_empty() {
        lines.extend(facts.scores.iter().map(|count| {
            let procedure = dictionary.procedure_id(count.procedure);
            let school = school(count.organisation);
            format!("scores: {school}, {procedure}, {}, score {}: {}", count.year, count.score, count.pupils)
        }));
    }
    lines.extend(facts.tasks.iter().map(|sum| {
        let (school, procedure) = (school(sum.organisation), dictionary.procedure_id(sum.procedure));
        let of = u32::from(sum.points_max) * sum.pupils;
        format!("task {}: {school}, {procedure}, {}, points {} of {of}", sum.task, sum.year, sum.points)
    }));
    for aggregate in &facts.aggregates {
        let id = dictionary.indicators.get(&aggregate.indicator).map_or("?", |i| i.entry.id.as_str());
        let whole = aggregate.whole.map_or(String::new(), |whole| format!(" of {whole}"));
        let school = school(aggregate.organisation);
        lines.push(format!(
            "{school}, {}, {id} {}{whole}, row {}",
            aggregate.year, aggregate.part, aggregate.row
        ));
    }
    for finding in &summary.findings {
        lines.push(format!(
            "{} {} [{}] {}",
            level(finding.level),
            finding.code,
            finding.place,
            finding.message()
        ));
    }
    lines.join("\n")
}
