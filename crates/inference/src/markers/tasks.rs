//! Are easy tasks solved worse, and hard ones better, than in the region?

use std::collections::BTreeMap;

use opora_cells::{OrganisationId, Procedure, TaskSum};

use super::select::{Look, Looks, Schools};
use super::{Facts, MarkerPack, Picture, Untested};

/// Looks at how a school's advantage over the region changes with the difficulty of tasks: the slope of a weighted
/// line, in log-odds by log-odds. A strong school is better in all tasks alike and has no slope.
pub(crate) fn looks(pack: &MarkerPack, facts: &Facts<'_>, schools: &Schools) -> Looks {
    let pupils_min = pack.look_pupils_min;
    let mut sheets: BTreeMap<Procedure, BTreeMap<OrganisationId, Vec<&TaskSum>>> = BTreeMap::new();
    for task in facts.tasks {
        let asked = task.year == facts.year && pack.looks_at(task.procedure) && most(task) > 0.0;
        if asked && f64::from(task.points) <= most(task) && schools.contains(task.organisation) {
            sheets.entry(task.procedure).or_default().entry(task.organisation).or_default().push(task);
        }
    }
    // Sums of fractions depend on their order: it must not be that of the files.
    sheets.values_mut().flat_map(BTreeMap::values_mut).for_each(|tasks| tasks.sort_by_key(|task| task.task));
    let mut found = Looks::default();
    for (procedure, sheets) in sheets {
        let region = region_shares(sheets.values().flatten().copied());
        for (organisation, tasks) in sheets {
            let pupils = tasks.iter().map(|task| task.pupils).min().unwrap_or_default();
            if pupils < pupils_min {
                found.skip(organisation, Untested::FewPupils { pupils, needed: pupils_min });
                continue;
            }
            match slope(&tasks, &region).filter(|_| tasks.len() >= pack.tasks_min as usize) {
                Some((value, error)) => {
                    let picture = Picture::Tasks { bars: bars(&tasks, &region), slope: value };
                    found.looks.push(Look {
                        organisation,
                        procedure,
                        class: 0,
                        pupils,
                        value,
                        error,
                        picture,
                    });
                }
                None => found.skip(organisation, Untested::NoData),
            }
        }
    }
    found
}

fn most(task: &TaskSum) -> f64 {
    f64::from(task.pupils) * f64::from(task.points_max)
}

/// Share of points of each task over the region.
fn region_shares<'a>(tasks: impl Iterator<Item = &'a TaskSum>) -> BTreeMap<u8, f64> {
    let mut sums: BTreeMap<u8, (f64, f64)> = BTreeMap::new();
    for task in tasks {
        let sum = sums.entry(task.task).or_default();
        sum.0 += f64::from(task.points);
        sum.1 += most(task);
    }
    sums.into_iter().map(|(task, (points, most))| (task, (points + 0.5) / (most + 1.0))).collect()
}

fn log_odds(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

/// The slope and its variance; nothing when all tasks are equally hard.
fn slope(tasks: &[&TaskSum], region: &BTreeMap<u8, f64>) -> Option<(f64, f64)> {
    let mut points = Vec::new();
    for task in tasks {
        let share = *region.get(&task.task)?;
        let own = (f64::from(task.points) + 0.5) / (most(task) + 1.0);
        // Difficulty, advantage, weight: about the inverse variance of the log-odds.
        let weight = f64::from(task.pupils) * share * (1.0 - share);
        points.push((-log_odds(share), log_odds(own) - log_odds(share), weight));
    }
    let whole: f64 = points.iter().map(|(_, _, weight)| weight).sum();
    let mean = |value: fn(&(f64, f64, f64)) -> f64| -> f64 {
        points.iter().map(|point| value(point) * point.2).sum::<f64>() / whole
    };
    let (hard, better) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = points.iter().map(|point| point.2 * (point.0 - hard).powi(2)).sum();
    let joint: f64 = points.iter().map(|point| point.2 * (point.0 - hard) * (point.1 - better)).sum();
    (spread > 1e-9 && spread.is_finite()).then(|| (joint / spread, 1.0 / spread))
}

fn bars(tasks: &[&TaskSum], region: &BTreeMap<u8, f64>) -> Vec<(u8, f64, f64)> {
    let share = |task: &TaskSum| region.get(&task.task).copied().unwrap_or_default();
    let mut bars: Vec<(u8, f64, f64)> =
        tasks.iter().map(|task| (task.task, share(task), f64::from(task.points) / most(task))).collect();
    bars.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    bars
}
