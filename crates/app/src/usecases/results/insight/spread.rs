//! How are scores and tasks of a region spread in a year?
//!
//! There are many of them, so they are read when somebody looks, and only from the files that tell of the year. Files of
//! individual results may hold scores that were never counted: these are counted here.

use std::collections::{BTreeMap, BTreeSet};

use opora_cells::{OrganisationId, Outcome, Procedure, Row, ScoreCount, SourceIndex, TaskSum};
use opora_inference::markers::{ClassScore, class_scores};
use opora_registry::NodeId;
use opora_results::rows::NO_SCORE;
use opora_results::{Key, ResultsError, tidy};
use serde_json::Value;

use super::schools_of;
use crate::usecases::results::dataset::{DataError, Dataset, Workbench, sources, threads};

/// More facts than this are not gathered for one look: the files then tell of a whole country.
const FACTS_MAX: u64 = 12_000_000;

/// Scores and tasks of a region in a year.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// Distribution of scores.
    pub scores: Vec<ScoreCount>,
    /// Sums of tasks.
    pub tasks: Vec<TaskSum>,
    /// Scores by class.
    pub classes: Vec<ClassScore>,
    /// The files hold too much to be read for one look: nothing was read.
    pub too_much: bool,
}

impl Spread {
    /// Reads what there is of a region and a year.
    pub async fn of(
        bench: &Workbench,
        dataset: &Dataset,
        region: NodeId,
        year: u16,
    ) -> Result<Self, DataError> {
        let of = |kind| sources(&dataset.files, kind, Some(year));
        let (scores, tasks, rows) = (of("scores"), of("tasks"), of("rows"));
        let facts = size(dataset, &scores, "scores") + size(dataset, &tasks, "tasks") + lines(dataset, &rows);
        if facts > FACTS_MAX {
            return Ok(Self { too_much: true, ..Self::default() });
        }
        let schools: BTreeSet<OrganisationId> = schools_of(dataset, region).into_iter().collect();
        let mut found = Self {
            scores: bench.results.scores(&scores, threads()).await?,
            tasks: bench.results.tasks(&tasks, threads()).await?,
            ..Self::default()
        };
        found.scores.retain(|count| count.year == year && schools.contains(&count.organisation));
        found.tasks.retain(|task| task.year == year && schools.contains(&task.organisation));
        for (source, key) in rows {
            let file = bench.results.rows(&key).await?;
            let schools = schools.clone();
            let read = tokio::task::spawn_blocking(move || individual(&file, &schools, year)).await;
            let rows = read.map_err(|error| DataError::File(error.to_string()))??;
            found.classes.extend(class_scores(&rows));
            if !scores.iter().any(|(counted, _)| *counted == source) {
                found.scores.extend(opora_forms::score_counts(&rows, source));
            }
        }
        found.keep_one_source();
        Ok(found)
    }

    /// Of several files that tell the same, the one that tells of most pupils counts; of equal ones the later.
    fn keep_one_source(&mut self) {
        let mut pupils: BTreeMap<(OrganisationId, Procedure, SourceIndex), u64> = BTreeMap::new();
        for count in &self.scores {
            *pupils.entry((count.organisation, count.procedure, count.source)).or_default() +=
                u64::from(count.pupils);
        }
        let best = best(pupils);
        self.scores.retain(|count| best.get(&(count.organisation, count.procedure)) == Some(&count.source));
        let mut pupils: BTreeMap<(OrganisationId, Procedure, SourceIndex), u64> = BTreeMap::new();
        for task in &self.tasks {
            let most = pupils.entry((task.organisation, task.procedure, task.source)).or_default();
            *most = (*most).max(u64::from(task.pupils));
        }
        let best = self::best(pupils);
        self.tasks.retain(|task| best.get(&(task.organisation, task.procedure)) == Some(&task.source));
    }
}

fn best(
    pupils: BTreeMap<(OrganisationId, Procedure, SourceIndex), u64>,
) -> BTreeMap<(OrganisationId, Procedure), SourceIndex> {
    let mut best: BTreeMap<(OrganisationId, Procedure), (u64, SourceIndex)> = BTreeMap::new();
    for ((organisation, procedure, source), count) in pupils {
        let known = best.entry((organisation, procedure)).or_insert((count, source));
        *known = (*known).max((count, source));
    }
    best.into_iter().map(|(key, (_, source))| (key, source)).collect()
}

/// How many facts of a kind the files hold.
fn size(dataset: &Dataset, sources: &[(SourceIndex, Key)], kind: &str) -> u64 {
    told(dataset, sources, |summary| summary.get("inventory")?.get(kind)?.as_u64())
}

/// How many individual results the files hold.
fn lines(dataset: &Dataset, sources: &[(SourceIndex, Key)]) -> u64 {
    told(dataset, sources, |summary| summary.get("rows")?.as_u64())
}

fn told(dataset: &Dataset, sources: &[(SourceIndex, Key)], number: impl Fn(&Value) -> Option<u64>) -> u64 {
    let files = sources.iter().filter_map(|(index, _)| dataset.files.get(usize::try_from(index.0).ok()?));
    files.filter_map(|file| number(&file.summary)).fold(0, u64::saturating_add)
}

const COLUMNS: [&str; 5] = ["organisation", "procedure", "year", "class", "score"];

/// The scores of a year in a stored file; outcomes are not needed.
fn individual(
    file: &opora_results::RowsFile,
    schools: &BTreeSet<OrganisationId>,
    year: u16,
) -> Result<Vec<Row>, ResultsError> {
    let mut rows = Vec::new();
    let mut at = 0_u32;
    tidy::read(file, &COLUMNS, &mut |_, fields| {
        at = at.saturating_add(1);
        let [organisation, procedure, of_year, class, score] = fields else { return false };
        let row = || -> Option<Row> {
            let organisation = OrganisationId(whole(organisation)?);
            let score: u16 = whole(score)?;
            let wanted = whole::<u16>(of_year)? == year && score != NO_SCORE;
            (wanted && schools.contains(&organisation)).then_some(Row {
                organisation,
                procedure: Procedure::from_packed(whole(procedure)?),
                year,
                class: whole(class)?,
                outcome: Outcome::None,
                journal: None,
                score: Some(score),
                file_row: at,
            })
        };
        rows.extend(row());
        true
    })?;
    Ok(rows)
}

fn whole<N: TryFrom<i64>>(field: &tidy::Field<'_>) -> Option<N> {
    match field {
        tidy::Field::Whole(number) => N::try_from(*number).ok(),
        _ => None,
    }
}
