//! What does a small invented region look like, with one school whose results are not its own?

use std::collections::BTreeMap;

use opora_cells::{
    Cell, Cells, Dictionary, Judgement, KindCode, LevelCode, OrganisationId, Outcome, Procedure, Row, Scale,
    Scales, ScoreCount, SourceIndex, SubjectCode, TaskSum,
};
use opora_inference::markers::{ClassScore, Facts, MarkerPack, class_scores};
use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The school whose results are changed.
pub const ODD: OrganisationId = OrganisationId(7);
/// The year it happens in; there are results of the year before too.
pub const YEAR: u16 = 2025;
const BOUNDS: [u16; 3] = [5, 9, 12];
const TASKS: u8 = 14;

/// What is done to the results of the odd school in the papers of grades 4 and 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Nothing,
    RaisedMarks,
    CopiedClass,
    TeacherHelp,
    RemovedWeak,
}

/// A region with everything the markers look at.
pub struct Place {
    pub registry: Registry,
    pub cells: Cells,
    pub scores: Vec<ScoreCount>,
    pub tasks: Vec<TaskSum>,
    pub classes: Vec<ClassScore>,
    pub scales: Scales,
}

/// The committed pack of markers.
pub fn pack() -> MarkerPack {
    let dictionary = Dictionary::read(include_str!("../../../../packs/dictionary/dictionary.toml"));
    let dictionary = dictionary.expect("the dictionary reads");
    MarkerPack::read("markers.toml", include_str!("../../../../packs/markers/markers.toml"), &dictionary)
        .expect("the pack reads")
}

/// ВПР in Russian and mathematics of grades 4 and 5, ОГЭ in the same subjects.
pub fn procedures() -> Vec<Procedure> {
    let paper = |kind, subject, grade| Procedure {
        kind: KindCode(kind),
        subject: SubjectCode(subject),
        grade,
        level: LevelCode(0),
    };
    vec![paper(1, 1, 4), paper(1, 2, 4), paper(1, 1, 5), paper(1, 2, 5), paper(2, 1, 9), paper(2, 2, 9)]
}

impl Place {
    /// So many schools with so many pupils in a grade. The same arguments give the same region.
    pub fn new(schools: u32, pupils: u32, change: Change) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(20_251_122);
        let (mut rows, mut tasks) = (Vec::new(), Vec::new());
        for school in 1..=schools {
            let own = 0.3 * normal(&mut chance);
            for procedure in procedures() {
                let sitting = own + 0.1 * normal(&mut chance);
                for year in [YEAR - 1, YEAR] {
                    let planted = school == ODD.0 && year == YEAR && procedure.kind == KindCode(1);
                    let change = if planted { change } else { Change::Nothing };
                    let paper = Paper { organisation: OrganisationId(school), procedure, year, change };
                    paper.write(sitting, pupils, &mut chance, &mut rows, &mut tasks);
                }
            }
        }
        let scale = |procedure| Scale {
            procedure,
            years: (YEAR - 1, YEAR),
            score_max: u16::from(TASKS),
            judgement: Judgement::Marks(BOUNDS),
            conditions: Vec::new(),
            source: "придумана".to_owned(),
        };
        Self {
            registry: registry(schools),
            cells: cells(&rows),
            scores: scores(&rows),
            classes: class_scores(&rows),
            tasks,
            scales: Scales::new(procedures().into_iter().map(scale).collect()),
        }
    }

    /// The facts of the year.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            cells: &self.cells,
            registry: &self.registry,
            scores: &self.scores,
            tasks: &self.tasks,
            classes: &self.classes,
            scales: &self.scales,
            region: Some(NodeId(1)),
            year: YEAR,
        }
    }
}

struct Paper {
    organisation: OrganisationId,
    procedure: Procedure,
    year: u16,
    change: Change,
}

impl Paper {
    fn write(
        &self,
        school: f64,
        pupils: u32,
        chance: &mut ChaCha8Rng,
        rows: &mut Vec<Row>,
        tasks: &mut Vec<TaskSum>,
    ) {
        let abilities: Vec<f64> = (0..pupils).map(|_| school + 0.9 * normal(chance)).collect();
        let mut sheets: Vec<(Vec<u8>, u8)> = Vec::new();
        for ability in abilities {
            let mut sheet: Vec<u8> = (0..TASKS)
                .map(|task| {
                    let difficulty = -1.8 + 3.2 * f64::from(task) / f64::from(TASKS);
                    u8::from(chance.random::<f64>() < 1.0 / (1.0 + (-1.4 * (ability - difficulty)).exp()))
                })
                .collect();
            match self.change {
                Change::RaisedMarks => raise(&mut sheet),
                Change::TeacherHelp => sheet.iter_mut().skip(9).for_each(|point| *point = 1),
                Change::CopiedClass if chance.random::<f64>() < 0.7 => {
                    sheet = (0..TASKS).map(|task| u8::from(task < 13)).collect();
                }
                Change::RemovedWeak if ability < school - 0.5 => continue,
                _ => {}
            }
            // The journal knows the pupil better than one paper, whatever is done to the paper.
            let seen = ability + 0.4 * normal(chance);
            let journal = 2 + [-1.5, -0.2, 0.9].iter().map(|bound| u8::from(seen >= *bound)).sum::<u8>();
            sheets.push((sheet, journal));
        }
        for ((sheet, journal), number) in sheets.iter().zip(0..) {
            let score: u16 = sheet.iter().map(|point| u16::from(*point)).sum();
            let mark = 2 + BOUNDS.iter().map(|bound| u8::from(score >= *bound)).sum::<u8>();
            rows.push(Row {
                organisation: self.organisation,
                procedure: self.procedure,
                year: self.year,
                class: (number / 25 + 1) as u8,
                outcome: Outcome::of_mark(mark).expect("a mark"),
                journal: Some(*journal),
                score: Some(score),
                file_row: 1,
            });
        }
        for task in 0..TASKS {
            let points = sheets
                .iter()
                .filter_map(|(sheet, _)| sheet.get(usize::from(task)))
                .map(|p| u32::from(*p))
                .sum();
            let (organisation, procedure, year) = (self.organisation, self.procedure, self.year);
            let (pupils, source) = (sheets.len() as u32, SourceIndex(0));
            tasks.push(TaskSum {
                organisation,
                procedure,
                year,
                task,
                pupils,
                points,
                points_max: 1,
                source,
            });
        }
    }
}

/// A score one or two points below a bound gets them.
fn raise(sheet: &mut [u8]) {
    let score: u16 = sheet.iter().map(|point| u16::from(*point)).sum();
    let lack = BOUNDS.iter().map(|bound| bound.saturating_sub(score)).find(|lack| *lack == 1 || *lack == 2);
    let unsolved = sheet.iter_mut().filter(|point| **point == 0);
    unsolved.take(usize::from(lack.unwrap_or(0))).for_each(|point| *point = 1);
}

/// Nearly a normal law: twelve even numbers.
fn normal(chance: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| chance.random::<f64>()).sum::<f64>() - 6.0
}

fn registry(schools: u32) -> Registry {
    let node = |id: u32, parent: Option<u32>| Node {
        id: NodeId(id),
        level: if parent.is_some() { NodeLevel::Municipality } else { NodeLevel::Region },
        parent: parent.map(NodeId),
        name: format!("узел {id}"),
        code: None,
    };
    let school = |id: u32| Organisation {
        id: OrganisationId(id),
        name: format!("Школа № {id}"),
        kind: "СОШ".to_owned(),
        municipality: NodeId(2),
        rural: None,
        identifiers: Vec::new(),
    };
    let nodes = vec![node(1, None), node(2, Some(1))];
    let (registry, errors) = Registry::new(nodes, (1..=schools).map(school).collect(), Vec::new());
    assert_eq!(errors, []);
    registry
}

fn cells(rows: &[Row]) -> Cells {
    let mut cells: BTreeMap<(OrganisationId, Procedure, u16), Cell> = BTreeMap::new();
    for row in rows {
        let key = (row.organisation, row.procedure, row.year);
        let cell = cells.entry(key).or_insert_with(|| Cell::empty(row.organisation, row.procedure, row.year));
        cell.participants += 1;
        cell.marks[usize::from(row.outcome.code()) - 2] += 1;
        let journal = row.journal.expect("a mark of the journal");
        cell.against_journal[(row.outcome.code().cmp(&journal) as i8 + 1) as usize] += 1;
    }
    Cells::new(cells.into_values().collect::<Vec<_>>()).0
}

fn scores(rows: &[Row]) -> Vec<ScoreCount> {
    let mut counts: BTreeMap<(OrganisationId, Procedure, u16, u16), u32> = BTreeMap::new();
    for row in rows {
        *counts
            .entry((row.organisation, row.procedure, row.year, row.score.expect("a score")))
            .or_default() += 1;
    }
    let count = |((organisation, procedure, year, score), pupils)| ScoreCount {
        organisation,
        procedure,
        year,
        score,
        pupils,
        source: SourceIndex(0),
    };
    counts.into_iter().map(count).collect()
}
