//! Does the invented country look like a country, and is what was planted to be seen?

#![allow(clippy::expect_used, reason = "what the tests share may fail as a test may")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::civil::date;
use opora_cells::{Dictionary, OrganisationId, Outcome, Procedure, Row};
use opora_registry::{EventKind, Registry};
use opora_simulate::{CellTruth, InflationKind, Options, Preset, Region, country};

const DICTIONARY: &str = include_str!("../../../packs/dictionary/dictionary.toml");

/// One region for all tests: making it is the slow part.
fn region() -> &'static Region {
    static REGION: OnceLock<Region> = OnceLock::new();
    let options = Options { schools: SCHOOLS as u32, details: true, ..Options::preset(Preset::Region) };
    REGION.get_or_init(|| country(&options).next().expect("a region"))
}

const SCHOOLS: usize = 200;

fn failed(row: &Row) -> bool {
    matches!(row.outcome, Outcome::Two | Outcome::BelowMinimum)
}

type Key = (OrganisationId, Procedure, u16);

/// Failed and all, by cell.
fn counts(region: &Region) -> BTreeMap<Key, (u32, u32)> {
    let mut counts: BTreeMap<Key, (u32, u32)> = BTreeMap::new();
    for row in &region.rows {
        let cell = counts.entry((row.organisation, row.procedure, row.year)).or_default();
        cell.0 += u32::from(failed(row));
        cell.1 += 1;
    }
    counts
}

#[test]
fn proportions_are_those_of_a_country() {
    let region = region();
    let dictionary = Dictionary::read(DICTIONARY).expect("the dictionary reads");
    let percent = |wanted: &dyn Fn(&Row) -> bool, of: &dyn Fn(&Row) -> bool| {
        let whole = region.rows.iter().filter(|row| of(row)).count();
        100 * region.rows.iter().filter(|row| of(row) && wanted(row)).count() / whole.max(1)
    };
    let kind = |id: &str| {
        let code = dictionary.kind(id).expect("a kind");
        move |row: &Row| row.procedure.kind == code
    };
    let check = |id: &str, expected: std::ops::RangeInclusive<usize>| {
        let share = percent(&failed, &kind(id));
        assert!(expected.contains(&share), "{share} % fail {id}");
    };
    check("vpr", 7..=13);
    check("oge", 3..=8);
    check("ege", 3..=8);
    let marked = percent(&|row| row.journal.is_some(), &kind("vpr"));
    assert!((80..=97).contains(&marked), "{marked} % with a mark of the journal");
    let rural = region.organisations.iter().filter(|school| school.rural == Some(true)).count();
    assert!((SCHOOLS * 6 / 10..=SCHOOLS * 8 / 10).contains(&rural), "{rural} are rural");
    let rows_of_a_school = region.rows.len() / SCHOOLS / 4;
    assert!((250..=450).contains(&rows_of_a_school), "{rows_of_a_school} rows of a school in a year");
}

#[test]
fn the_registry_contradicts_nothing_and_nothing_stands_twice() {
    let region = region();
    let (registry, errors) =
        Registry::new(region.nodes.clone(), region.organisations.clone(), region.events.clone());
    assert_eq!(errors, []);
    let names: BTreeSet<_> =
        region.organisations.iter().map(|school| (school.municipality, &school.name)).collect();
    assert_eq!(names.len(), SCHOOLS, "a name is given twice in a municipality");
    let numbers: BTreeSet<_> = region.rows.iter().map(|row| (row.year, row.file_row)).collect();
    assert_eq!(numbers.len(), region.rows.len());
    let order = |row: &Row| (row.organisation, row.procedure, row.year, row.class);
    assert!(region.rows.is_sorted_by_key(order));
    let declared: BTreeSet<_> = region
        .aggregates
        .iter()
        .map(|declared| (declared.organisation, declared.year, declared.indicator))
        .collect();
    assert_eq!(declared.len(), region.aggregates.len());
    assert!(
        region.aggregates.iter().all(|declared| declared.whole.is_none_or(|whole| declared.part <= whole))
    );
    let mut seen = BTreeSet::new();
    for event in registry.events() {
        seen.insert(match &event.kind {
            EventKind::Opened => "opened",
            EventKind::Renamed { .. } => "renamed",
            EventKind::MergedInto(host) => {
                assert!(registry.works_on(*host, date(2026, 12, 31)), "the host of a merger is gone itself");
                "merged"
            }
            EventKind::Closed => "closed",
        });
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
    for row in &region.rows {
        let day = date(i16::try_from(row.year).expect("a year"), 4, 15);
        assert!(registry.works_on(row.organisation, day), "{row:?}");
    }
}

#[test]
fn planted_low_schools_are_low_and_improved_ones_are_not() {
    let region = region();
    let counts = counts(region);
    let low = |school: OrganisationId, year: u16| {
        let mine = counts.iter().filter(|((of, _, in_year), _)| *of == school && *in_year == year);
        mine.filter(|(_, (failed, all))| 10 * failed >= 3 * all).count()
    };
    let (mut planted, mut seen, mut improved, mut good) = (0, 0, 0, 0);
    for school in &region.truth.schools {
        for year in school.low_years.into_iter().flat_map(|(from, to)| from..=to) {
            planted += 1;
            seen += usize::from(low(school.organisation, year) >= 2);
        }
        if let Some(from) = school.improved_from {
            improved += 1;
            good += usize::from(low(school.organisation, from) <= 4);
        }
    }
    assert!(planted >= 15 && seen * 100 >= planted * 95, "{seen} of {planted} planted low years are seen");
    assert!(improved >= 2 && good == improved, "{good} of {improved} improvements are seen");
}

#[test]
fn the_true_probability_is_what_is_seen_on_average() {
    let region = region();
    let counts = counts(region);
    let mut bins = [(0.0_f32, 0.0_f32, 0.0_f32); 5];
    for truth in region.truth.cells.iter().filter(|truth| truth.inflation.is_none()) {
        let (failed, all) = counts[&(truth.organisation, truth.procedure, truth.year)];
        assert_eq!(all, truth.participants);
        assert!(truth.participants <= truth.enrolled);
        let bin = &mut bins[((truth.failing * 10.0) as usize).min(4)];
        bin.0 += truth.failing * all as f32;
        bin.1 += failed as f32;
        bin.2 += all as f32;
    }
    // The same pupils write all papers of a school, so that a few schools decide the highest bin.
    for (expected, seen, all) in bins {
        assert!((expected - seen).abs() / all < 0.04, "expected {}, seen {}", expected / all, seen / all);
    }
}

/// Rows of the cells with a planted kind of inflation, cell by cell.
fn inflated(region: &Region, kind: InflationKind) -> Vec<(&CellTruth, Vec<&Row>)> {
    let planted = region.truth.cells.iter().filter(|truth| truth.inflation == Some(kind));
    let rows = |truth: &CellTruth| {
        let key = (truth.organisation, truth.procedure, truth.year);
        region.rows.iter().filter(|row| (row.organisation, row.procedure, row.year) == key).collect()
    };
    planted.map(|truth| (truth, rows(truth))).collect()
}

#[test]
fn raised_marks_and_copies_show_in_the_scores() {
    let region = region();
    let options = Options::preset(Preset::Region);
    let scales = opora_simulate::Country::new(&options).scales();
    let (mut under, mut at) = (0, 0);
    for (truth, rows) in inflated(region, InflationKind::RaisedMarks) {
        let scale = scales.iter().find(|scale| scale.procedure == truth.procedure).expect("a scale");
        let opora_cells::Judgement::Marks(bounds) = &scale.judgement else { continue };
        let scores = rows.iter().filter_map(|row| row.score);
        for score in scores {
            under += usize::from(bounds.contains(&(score + 1)));
            at += usize::from(bounds.contains(&score));
        }
    }
    assert!(at > 4 * under && at > 50, "{at} at a bound, {under} just under it");
    let copied = inflated(region, InflationKind::CopiedClass);
    assert!(!copied.is_empty());
    for (truth, rows) in copied.iter().filter(|(_, rows)| rows.len() >= 20) {
        for class in rows.chunk_by(|a, b| a.class == b.class).filter(|class| class.len() >= 12) {
            let mut counts: BTreeMap<Option<u16>, usize> = BTreeMap::new();
            class.iter().for_each(|row| *counts.entry(row.score).or_default() += 1);
            let most = counts.values().max().copied().unwrap_or_default();
            assert!(2 * most >= class.len(), "{truth:?}: {most} of {} copied", class.len());
        }
    }
}

#[test]
fn help_and_weak_pupils_kept_away_show_beside_the_scores() {
    let region = region();
    let (mut easy, mut hard) = ((0, 0), (0, 0));
    for (truth, _) in inflated(region, InflationKind::TeacherHelp) {
        let mine = |sum: &&opora_cells::TaskSum| {
            (sum.organisation, sum.procedure, sum.year) == (truth.organisation, truth.procedure, truth.year)
        };
        let tasks: Vec<_> = region.task_sums.iter().filter(mine).collect();
        for sum in &tasks {
            let side = if usize::from(sum.task) * 3 < tasks.len() { &mut easy } else { &mut hard };
            if !(tasks.len() / 3..tasks.len() * 2 / 3).contains(&usize::from(sum.task)) {
                side.0 += sum.points;
                side.1 += sum.pupils * u32::from(sum.points_max);
            }
        }
    }
    assert!(hard.0 * 100 / hard.1 > 70, "hard tasks are solved by most: {hard:?}, easy {easy:?}");
    let away = inflated(region, InflationKind::RemovedWeak);
    let (enrolled, present) =
        away.iter().fold((0, 0), |sum, (truth, _)| (sum.0 + truth.enrolled, sum.1 + truth.participants));
    assert!(present * 100 < enrolled * 75 && present > 50, "{present} of {enrolled} took part");
}

#[test]
fn an_autumn_year_is_worse() {
    let options =
        Options { first_year: 2020, last_year: 2023, details: false, ..Options::preset(Preset::Region) };
    let region = country(&Options { schools: 60, ..options }).next().expect("a region");
    let vpr = Dictionary::read(DICTIONARY).expect("reads").kind("vpr");
    let share = |year: u16| {
        let rows = region.rows.iter().filter(|row| row.year == year && Some(row.procedure.kind) == vpr);
        let (failed, all) = rows.fold((0, 0), |sum, row| (sum.0 + u32::from(failed(row)), sum.1 + 1));
        f64::from(failed) / f64::from(all)
    };
    let (autumn, spring) = (share(2020) + share(2022), share(2021) + share(2023));
    assert!(autumn - spring > 0.03, "{autumn} in two autumns, {spring} in two springs");
    assert!(region.score_counts.is_empty() && region.truth.cells.is_empty(), "no details were wanted");
}

#[test]
fn the_demo_has_something_of_everything() {
    let region = country(&Options::preset(Preset::Demo)).next().expect("a region");
    assert_eq!((region.nodes.len(), region.organisations.len()), (3, 50));
    let truth = &region.truth.schools;
    assert!(truth.iter().any(|school| school.low_years == Some((2023, 2026))));
    assert!(truth.iter().any(|school| school.improved_from.is_some()));
    let kinds: BTreeSet<_> = truth.iter().filter_map(|school| Some(school.inflation?.kind)).collect();
    assert_eq!(kinds.len(), 4);
}
