//! What is there in one region, all years together?

use std::collections::BTreeMap;

use opora_cells::{Aggregate, Row, ScoreCount, TaskSum};
use opora_registry::{Event, EventKind, Identifier, Node, NodeId, NodeLevel, Organisation, Scheme};

use crate::Options;
use crate::cohort::Cohort;
use crate::context;
use crate::papers::Papers;
use crate::places::Places;
use crate::school::School;
use crate::sitting::{Results, Year};
use crate::truth::Truth;

/// A region with everything that happened in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Its number in the country, from zero.
    pub number: u32,
    /// The region first, then its municipalities.
    pub nodes: Vec<Node>,
    /// Schools in ascending order of their numbers, which go on from region to region, from one.
    pub organisations: Vec<Organisation>,
    /// What became of schools.
    pub events: Vec<Event>,
    /// Declared numbers, by school and year. Their `row` counts the schools of the region that declared in that year,
    /// from two: one is the head.
    pub aggregates: Vec<Aggregate>,
    /// Individual results by school, procedure, year and class. Their `file_row` counts within region and year, from one.
    pub rows: Vec<Row>,
    /// Points by task of the first rows, row by row, for as many schools as are to get forms.
    pub sheets: Vec<Vec<u8>>,
    /// Distribution of primary scores; empty without details.
    pub score_counts: Vec<ScoreCount>,
    /// Sums of tasks; empty without details.
    pub task_sums: Vec<TaskSum>,
    /// What is known to be true.
    pub truth: Truth,
}

/// Where a region stands in the country.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(crate) number: u32,
    pub(crate) name: String,
    pub(crate) schools: u32,
    pub(crate) first_school: u32,
    pub(crate) node: NodeId,
    pub(crate) first_municipality: NodeId,
}

impl Region {
    pub(crate) fn new(seat: &Seat, options: &Options, papers: &Papers) -> Self {
        let places = Places::new(seat.number + 1, seat.first_school, seat.schools, options);
        let mut region = Self {
            number: seat.number,
            nodes: nodes(seat, &places),
            organisations: Vec::with_capacity(places.schools.len()),
            events: Vec::new(),
            aggregates: Vec::new(),
            rows: Vec::new(),
            sheets: Vec::new(),
            score_counts: Vec::new(),
            task_sums: Vec::new(),
            truth: Truth::default(),
        };
        let mut results = Results::new(options.details);
        for (school, number) in places.schools.iter().zip(0..) {
            results.wants_sheets = number < options.schools_with_forms;
            region.organisations.push(organisation(school, seat));
            region.events.extend(events(school));
            region.truth.schools.push(school.truth);
            region.attend(school, options, papers, &mut results);
        }
        region.rows = results.rows;
        region.score_counts = results.scores;
        region.task_sums = results.tasks;
        region.truth.cells = results.truth;
        region.number_rows();
        region
    }

    /// All years of a school.
    fn attend(&mut self, school: &School, options: &Options, papers: &Papers, results: &mut Results) {
        let began = options.first_year.saturating_sub(11)..=options.last_year.saturating_sub(4);
        let cohorts: BTreeMap<u16, Cohort> =
            began.map(|began| (began, Cohort::new(school, began, options.seed))).collect();
        let starts = (results.rows.len(), results.scores.len(), results.tasks.len(), results.truth.len());
        for year in options.years() {
            let (first_year, seed) = (options.first_year, options.seed);
            Year { school, papers, cohorts: &cohorts, year, first_year, seed }.write(results);
            self.aggregates.extend(context::passport(school, &cohorts, year, seed, &papers.dictionary));
        }
        if let Some(rows) = results.rows.get_mut(starts.0..) {
            rows.sort_by_key(|row| (row.procedure.packed(), row.year, row.class));
            if results.wants_sheets {
                let sheet = |row: &Row| results.sheets.get_mut(row.file_row as usize).map(std::mem::take);
                self.sheets.extend(rows.iter().filter_map(sheet));
                results.sheets.clear();
            }
        }
        if let Some(scores) = results.scores.get_mut(starts.1..) {
            scores.sort_by_key(|count| (count.procedure, count.year, count.score));
        }
        if let Some(tasks) = results.tasks.get_mut(starts.2..) {
            tasks.sort_by_key(|sum| (sum.procedure, sum.year, sum.task));
        }
        if let Some(truth) = results.truth.get_mut(starts.3..) {
            truth.sort_by_key(|cell| (cell.procedure, cell.year));
        }
    }

    fn number_rows(&mut self) {
        let mut next: BTreeMap<u16, u32> = BTreeMap::new();
        for rows in self.rows.chunk_by_mut(|a, b| a.year == b.year) {
            let Some(year) = rows.first().map(|row| row.year) else { continue };
            let next = next.entry(year).or_insert(1);
            for row in rows {
                row.file_row = *next;
                *next += 1;
            }
        }
        let mut lines: BTreeMap<u16, u32> = BTreeMap::new();
        for declared in
            self.aggregates.chunk_by_mut(|a, b| (a.organisation, a.year) == (b.organisation, b.year))
        {
            let Some(year) = declared.first().map(|aggregate| aggregate.year) else { continue };
            let line = lines.entry(year).or_insert(1);
            *line += 1;
            declared.iter_mut().for_each(|aggregate| aggregate.row = *line);
        }
    }
}

fn nodes(seat: &Seat, places: &Places) -> Vec<Node> {
    let region = Node {
        id: seat.node,
        level: NodeLevel::Region,
        parent: None,
        name: seat.name.clone(),
        code: Some(format!("{:02}000000", seat.number + 1)),
    };
    let municipalities = places.municipalities.iter().zip(seat.first_municipality.0..);
    let municipalities = municipalities.map(|(municipality, id)| Node {
        id: NodeId(id),
        level: NodeLevel::Municipality,
        parent: Some(seat.node),
        name: municipality.name.clone(),
        code: Some(municipality.code.clone()),
    });
    std::iter::once(region).chain(municipalities).collect()
}

fn organisation(school: &School, seat: &Seat) -> Organisation {
    let code = |scheme: Scheme, value: &String| Identifier { scheme, value: value.clone() };
    let mut identifiers: Vec<Identifier> =
        school.logins.iter().map(|login| code(Scheme::Login, login)).collect();
    identifiers.push(code(Scheme::RegionalCode, &school.code));
    Organisation {
        id: school.id,
        name: school.name(),
        kind: school.kind.to_owned(),
        municipality: NodeId(seat.first_municipality.0 + school.municipality as u32),
        rural: Some(school.rural),
        identifiers,
    }
}

fn events(school: &School) -> Vec<Event> {
    let gone = school.merged_into.map_or(EventKind::Closed, EventKind::MergedInto);
    let all = [
        (school.opened, EventKind::Opened),
        (school.renamed, EventKind::Renamed { former: school.former_name() }),
        (school.closed, gone),
    ];
    let dated = all.into_iter().filter_map(|(date, kind)| Some((date?, kind)));
    dated.map(|(date, kind)| Event { organisation: school.id, date, kind }).collect()
}
