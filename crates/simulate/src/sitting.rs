//! What do the pupils of a school write in a year, and what comes out?

use std::collections::BTreeMap;

use opora_cells::{Judgement, Outcome, Row, ScoreCount, SourceIndex, TaskSum};

use crate::chance::{Chance, Purpose};
use crate::cohort::{Cohort, Pupil};
use crate::model;
use crate::paper::{Chosen, Paper};
use crate::papers::Papers;
use crate::school::{School, day};
use crate::truth::{CellTruth, InflationKind};

/// What comes out of a school.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) rows: Vec<Row>,
    pub(crate) scores: Vec<ScoreCount>,
    pub(crate) tasks: Vec<TaskSum>,
    pub(crate) truth: Vec<CellTruth>,
    /// Points by task of the rows of one school, found by `file_row` until rows are numbered.
    pub(crate) sheets: Vec<Vec<u8>>,
    /// Score counts, task sums and truth are wanted.
    pub(crate) details: bool,
    /// Points by task of each row are wanted.
    pub(crate) wants_sheets: bool,
    /// Reused from sheet to sheet.
    points: Vec<u8>,
}

impl Results {
    /// Nothing yet.
    pub(crate) fn new(details: bool) -> Self {
        Self { details, ..Self::default() }
    }
}

/// A pupil of a grade and the papers they write, one bit for each place in the list of papers.
struct Candidate {
    pupil: Pupil,
    papers: u64,
}

/// A year of a school.
pub(crate) struct Year<'a> {
    pub(crate) school: &'a School,
    pub(crate) papers: &'a Papers,
    pub(crate) cohorts: &'a BTreeMap<u16, Cohort>,
    pub(crate) year: u16,
    pub(crate) first_year: u16,
    pub(crate) seed: u64,
}

impl Year<'_> {
    /// Everything the school writes in the year.
    pub(crate) fn write(&self, results: &mut Results) {
        let mut chance = Chance::of(self.seed, Purpose::Year, self.school.id.0, self.year);
        let year_missing = chance.happens(model::YEAR_MISSING);
        for grade in [4, 5, 6, 7, 8, 9, 11] {
            let Some(cohort) =
                self.year.checked_sub(u16::from(grade)).and_then(|began| self.cohorts.get(&began))
            else {
                continue;
            };
            if !self.school.teaches(grade) {
                continue;
            }
            let candidates = self.candidates(grade, cohort, &mut chance);
            for (place, paper) in self.papers.of_grade(grade) {
                let file_missing =
                    chance.happens(model::FILE_MISSING) || (year_missing && paper.wanted.monitoring);
                let sitting = day(u32::from(self.year), if self.autumn(paper) { 10 } else { 4 }, 15);
                if !file_missing && sitting.is_some_and(|day| self.school.works_on(day)) {
                    let mine: Vec<Pupil> = candidates
                        .iter()
                        .filter(|candidate| candidate.papers >> place & 1 == 1)
                        .map(|candidate| candidate.pupil)
                        .collect();
                    Sitting::new(self, paper, cohort, &mut chance).write(&mine, &mut chance, results);
                }
            }
        }
    }

    fn autumn(&self, paper: &Paper) -> bool {
        self.papers.in_autumn(paper, self.year)
    }

    /// Who writes what.
    fn candidates(&self, grade: u8, cohort: &Cohort, chance: &mut Chance) -> Vec<Candidate> {
        let mut by_class: BTreeMap<u8, u64> = BTreeMap::new();
        let mut candidates = Vec::with_capacity(cohort.pupils.len());
        for pupil in cohort.of_grade(grade) {
            let class = by_class.entry(pupil.class).or_insert_with(|| {
                self.choose(grade, 0.0, chance, |chosen| match chosen {
                    Chosen::Never => Some((u8::MAX, u8::MAX)),
                    Chosen::PerClass { group, count } => Some((group, count)),
                    Chosen::PerPupil { .. } => None,
                })
            });
            let papers = *class
                | self.choose(grade, pupil.ability, chance, |chosen| match chosen {
                    Chosen::PerPupil { group, count } => Some((group, count)),
                    _ => None,
                });
            candidates.push(Candidate { pupil: *pupil, papers });
        }
        candidates
    }

    /// The papers of a grade that are written, of those `group` gives a group and a count for. A count of 255 means
    /// all.
    fn choose(
        &self,
        grade: u8,
        ability: f32,
        chance: &mut Chance,
        group: impl Fn(Chosen) -> Option<(u8, u8)>,
    ) -> u64 {
        let mut chosen = 0_u64;
        let mut groups: BTreeMap<u8, (u8, Vec<(usize, f32)>)> = BTreeMap::new();
        for (place, paper) in self.papers.of_grade(grade) {
            match group(paper.wanted.chosen) {
                Some((_, u8::MAX)) => chosen |= 1 << place,
                Some((group, count)) => {
                    let weight = paper.wanted.weight * (paper.wanted.lean * ability).exp();
                    groups.entry(group).or_insert((count, Vec::new())).1.push((place, weight));
                }
                None => {}
            }
        }
        for (count, mut papers) in groups.into_values() {
            for _ in 0..count {
                let weights: Vec<f32> = papers.iter().map(|(_, weight)| *weight).collect();
                let at = chance.weighted(&weights);
                if at < papers.len() {
                    chosen |= 1 << papers.swap_remove(at).0;
                }
            }
        }
        chosen
    }
}

/// One paper, written by the pupils of a grade.
struct Sitting<'a> {
    school: &'a School,
    paper: &'a Paper,
    year: u16,
    cohort: &'a Cohort,
    /// Mean of the school in this paper and year, without cohort and class.
    mean: f32,
    inflation: Option<InflationKind>,
}

impl<'a> Sitting<'a> {
    fn new(year: &Year<'a>, paper: &'a Paper, cohort: &'a Cohort, chance: &mut Chance) -> Self {
        let school = year.school;
        let autumn = if year.autumn(paper) { model::AUTUMN_LOSS } else { 0.0 };
        let mean = school.ability(year.year, year.first_year)
            + school.subject(paper.wanted.procedure.subject.0)
            - autumn
            + chance.spread(model::SITTING);
        let within = |(from, to): (u16, u16)| (from..=to).contains(&year.year);
        let planted = school.truth.inflation.filter(|inflation| within(inflation.years));
        let inflated = chance.happens(model::INFLATED_PAPER) && paper.wanted.monitoring;
        let inflation = planted.filter(|_| inflated).map(|inflation| inflation.kind);
        Self { school, paper, year: year.year, cohort, mean, inflation }
    }

    fn write(&self, enrolled: &[Pupil], chance: &mut Chance, results: &mut Results) {
        let away = if self.paper.wanted.monitoring { model::AWAY } else { model::AWAY_EXAMINATION };
        let mut present: Vec<Pupil> = enrolled.iter().filter(|_| !chance.happens(away)).copied().collect();
        if self.inflation == Some(InflationKind::RemovedWeak) {
            keep_weak_away(&mut present);
        }
        if present.is_empty() {
            return;
        }
        let mut spread = Spread::new(self.paper);
        let mut copied: Option<(u8, Vec<u8>, u16)> = None;
        for pupil in &present {
            let ability = self.mean + pupil.ability + chance.spread(model::DAY);
            let mut total = self.paper.answer(ability, chance, &mut results.points);
            match self.inflation {
                Some(InflationKind::RaisedMarks) => total = self.raise(total, chance, &mut results.points),
                Some(InflationKind::TeacherHelp) => total = self.help(chance, &mut results.points),
                Some(InflationKind::CopiedClass) => {
                    if copied.as_ref().is_none_or(|(class, ..)| *class != pupil.class) {
                        let mut sheet = Vec::new();
                        let total = self.paper.answer(model::COPIED_ABILITY, chance, &mut sheet);
                        copied = Some((pupil.class, sheet, total));
                    }
                    if let Some((_, sheet, sum)) = copied.as_ref().filter(|_| chance.happens(model::COPYING))
                    {
                        results.points.clone_from(sheet);
                        total = *sum;
                    }
                }
                Some(InflationKind::RemovedWeak) | None => {}
            }
            if results.details {
                spread.add(total, &results.points);
            }
            let journal = self.journal(pupil, chance);
            let mut row = self.row(pupil, total, journal);
            if results.wants_sheets {
                row.file_row = results.sheets.len() as u32;
                results.sheets.push(results.points.clone());
            }
            results.rows.push(row);
        }
        if results.details {
            self.put_spread(&spread, present.len(), results);
            results.truth.push(self.truth(enrolled, present.len()));
        }
    }

    fn row(&self, pupil: &Pupil, total: u16, journal: Option<u8>) -> Row {
        let reached = self.paper.bounds().iter().filter(|bound| total >= **bound).count();
        let outcome = match (&self.paper.wanted.judgement, reached) {
            (Judgement::Minimum(_), 0) => Outcome::BelowMinimum,
            (Judgement::Minimum(_), _) => Outcome::AtMinimum,
            (Judgement::Marks(_), reached) => Outcome::of_mark(2 + reached as u8).unwrap_or_default(),
        };
        Row {
            organisation: self.school.id,
            procedure: self.paper.wanted.procedure,
            year: self.year,
            class: pupil.class,
            outcome,
            journal,
            score: Some(self.paper.score(total)),
            file_row: 0,
        }
    }

    /// The mark of the journal: what is taught is known better by the teacher than by one paper.
    fn journal(&self, pupil: &Pupil, chance: &mut Chance) -> Option<u8> {
        if !self.school.journal || !self.paper.wanted.monitoring {
            return None;
        }
        let seen = self.mean + pupil.ability + self.school.leniency + chance.spread(0.45);
        Some(2 + [-2.4, -0.35, 0.95].iter().map(|bound| u8::from(seen >= *bound)).sum::<u8>())
    }

    /// A score that lacks a point or two of a better mark gets them.
    fn raise(&self, total: u16, chance: &mut Chance, points: &mut [u8]) -> u16 {
        let near = self.paper.bounds().iter().find(|bound| {
            let lack = bound.saturating_sub(total);
            (1..=model::RAISED_POINTS).contains(&lack)
        });
        let Some(bound) = near.filter(|_| chance.happens(model::RAISED_SURE)) else { return total };
        let mut lack = bound - total;
        for (won, most) in points.iter_mut().zip(&self.paper.wanted.points) {
            let more = u16::from(most.saturating_sub(*won)).min(lack);
            *won += more as u8;
            lack -= more;
        }
        bound - lack
    }

    /// Hard tasks are solved whoever solves them.
    fn help(&self, chance: &mut Chance, points: &mut [u8]) -> u16 {
        for ((won, most), hard) in points.iter_mut().zip(&self.paper.wanted.points).zip(&self.paper.hard) {
            if *hard && chance.happens(model::HELPED) {
                *won = *most;
            }
        }
        points.iter().map(|won| u16::from(*won)).sum()
    }

    fn put_spread(&self, spread: &Spread, pupils: usize, results: &mut Results) {
        let (organisation, procedure, year) = (self.school.id, self.paper.wanted.procedure, self.year);
        let source = SourceIndex::default();
        // The scores of a paper with a minimum are test scores: they have no distribution of primary points.
        if let Judgement::Marks(_) = self.paper.wanted.judgement {
            let counts = spread.scores.iter().zip(0..).filter(|(pupils, _)| **pupils > 0);
            results.scores.extend(counts.map(|(pupils, score)| ScoreCount {
                organisation,
                procedure,
                year,
                score,
                pupils: *pupils,
                source,
            }));
        }
        let tasks = spread.tasks.iter().zip(&self.paper.wanted.points).zip(0..);
        results.tasks.extend(tasks.map(|((points, points_max), task)| TaskSum {
            organisation,
            procedure,
            year,
            task,
            pupils: pupils as u32,
            points: *points,
            points_max: *points_max,
            source,
        }));
    }

    fn truth(&self, enrolled: &[Pupil], participants: usize) -> CellTruth {
        let wanted = &self.paper.wanted;
        let chosen = matches!(wanted.chosen, Chosen::PerPupil { .. }) || wanted.procedure.grade > 9;
        let count = enrolled.len().max(1) as f32;
        let failing = if chosen {
            let each = enrolled.iter().map(|pupil| self.paper.failing(self.mean + pupil.ability, model::DAY));
            each.sum::<f32>() / count
        } else {
            let deviation = model::PUPIL.hypot(model::DAY);
            let class = |pupil: &Pupil| {
                let at = usize::from(pupil.class.saturating_sub(1));
                self.cohort.classes.get(at).copied().unwrap_or_default()
            };
            let mean = self.mean + self.cohort.effect;
            let each = enrolled.chunk_by(|a, b| a.class == b.class).filter_map(|pupils| {
                let first = pupils.first()?;
                Some(self.paper.failing(mean + class(first), deviation) * pupils.len() as f32)
            });
            each.sum::<f32>() / count
        };
        CellTruth {
            organisation: self.school.id,
            procedure: wanted.procedure,
            year: self.year,
            failing,
            enrolled: enrolled.len() as u32,
            participants: participants as u32,
            inflation: self.inflation,
        }
    }
}

/// The weakest are not there. One stays at least.
fn keep_weak_away(present: &mut Vec<Pupil>) {
    let away =
        ((present.len() as f32 * model::KEPT_AWAY).ceil() as usize).min(present.len().saturating_sub(1));
    let mut abilities: Vec<f32> = present.iter().map(|pupil| pupil.ability).collect();
    abilities.sort_by(f32::total_cmp);
    if let Some(lowest) = abilities.get(away) {
        present.retain(|pupil| pupil.ability >= *lowest);
    }
}

/// Counts of one sitting.
struct Spread {
    scores: Vec<u32>,
    tasks: Vec<u32>,
}

impl Spread {
    fn new(paper: &Paper) -> Self {
        Self { scores: vec![0; usize::from(paper.score_max) + 1], tasks: vec![0; paper.wanted.points.len()] }
    }

    fn add(&mut self, total: u16, points: &[u8]) {
        if let Some(count) = self.scores.get_mut(usize::from(total)) {
            *count += 1;
        }
        for (sum, points) in self.tasks.iter_mut().zip(points) {
            *sum += u32::from(*points);
        }
    }
}
