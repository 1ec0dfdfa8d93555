//! Do the markers see what was done to results, and do they stay quiet and say why otherwise?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod school;

use opora_cells::{Cells, OrganisationId, Scales};
use opora_inference::markers::{
    Assessment, Facts, Marker, Picture, Strength, Untested, above_interval, assess, four_markers, probability,
};
use proptest::prelude::*;
use school::{Change, ODD, Place, YEAR, pack};

fn odd(assessments: &[Assessment]) -> &Assessment {
    assessments.iter().find(|a| a.organisation == ODD).expect("the odd school")
}

fn strength(assessment: &Assessment, marker: Marker) -> Result<f64, Untested> {
    assessment.strengths.iter().find(|s| s.marker == marker).expect("every marker").value
}

#[track_caller]
fn check(change: Change, expected: &[Marker]) {
    let place = Place::new(40, 60, change);
    let assessments = assess(&pack(), &place.facts());
    let odd = odd(&assessments);
    for marker in expected {
        let found = strength(odd, *marker).expect("looked for");
        assert!(
            found >= pack().limits(*marker).raised_from,
            "{change:?}: {marker:?} is {found:.2}\n{odd:#?}"
        );
        assert!(
            odd.evidence.iter().any(|look| look.marker == *marker && look.raised),
            "{change:?}: {marker:?}"
        );
    }
    assert!(
        odd.probability.expect("a probability") >= 0.5,
        "{change:?}: {:?} {:?}",
        odd.probability,
        odd.strengths
    );
}

#[test]
fn marks_raised_over_the_bound_make_peaks() {
    check(Change::RaisedMarks, &[Marker::Peaks]);
}

#[test]
fn a_copied_class_has_too_many_equal_scores() {
    check(Change::CopiedClass, &[Marker::Copied, Marker::Disagreement]);
}

#[test]
fn help_with_hard_tasks_makes_them_easy() {
    check(Change::TeacherHelp, &[Marker::Tasks, Marker::Disagreement]);
}

#[test]
fn weak_pupils_who_are_kept_away_are_missed() {
    check(Change::RemovedWeak, &[Marker::Participation]);
}

#[test]
fn honest_schools_are_left_in_peace() {
    let place = Place::new(60, 60, Change::Nothing);
    let assessments = assess(&pack(), &place.facts());
    assert_eq!(assessments.len(), 60);
    let suspected = assessments.iter().filter(|a| a.probability.is_some_and(|p| p >= 0.3)).count();
    assert!(suspected <= 2, "{suspected} of 60");
    assert!(
        assessments.windows(2).all(|pair| pair[0].organisation < pair[1].organisation),
        "never by result"
    );
}

#[test]
fn the_plain_rule_takes_good_schools_for_suspicious() {
    let place = Place::new(60, 60, Change::Nothing);
    let above = above_interval(&pack(), &place.facts());
    let suspected = above.values().filter(|(above, _)| *above > 0).count();
    assert!(suspected > 10, "{suspected} of 60");
}

#[track_caller]
fn untested(facts: &Facts<'_>, marker: Marker, expected: Untested) {
    let assessments = assess(&pack(), facts);
    assert!(!assessments.is_empty());
    for assessment in &assessments {
        assert_eq!(strength(assessment, marker), Err(expected), "{marker:?}");
    }
}

#[test]
fn what_can_not_be_looked_for_says_why() {
    let place = Place::new(30, 25, Change::Nothing);
    let facts = place.facts();
    let none = Scales::default();
    untested(&Facts { scales: &none, ..facts }, Marker::Peaks, Untested::NoScale);
    untested(&Facts { tasks: &[], ..facts }, Marker::Tasks, Untested::NoData);
    untested(&Facts { scores: &[], ..facts }, Marker::LowTail, Untested::NoData);
    let of_year = place.cells.all().iter().filter(|cell| cell.year == YEAR);
    let (one_year, _) = Cells::new(of_year.collect::<Vec<_>>());
    untested(&Facts { cells: &one_year, ..facts }, Marker::Jump, Untested::NoData);
    let few = Place::new(5, 25, Change::Nothing);
    untested(&few.facts(), Marker::Journal, Untested::FewSchools);
    let small = Place::new(30, 4, Change::Nothing);
    untested(&small.facts(), Marker::Peaks, Untested::FewPupils { pupils: 16, needed: 20 });
    let tiny = Place::new(30, 3, Change::Nothing);
    untested(&tiny.facts(), Marker::Peaks, Untested::FewPupils { pupils: 3, needed: 4 });
    let probabilities: Vec<Option<f64>> =
        assess(&pack(), &few.facts()).iter().map(|assessment| assessment.probability).collect();
    assert_eq!(probabilities, [None; 5], "nobody to compare with");
}

#[test]
fn autumn_is_not_compared_with_spring() {
    let place = Place::new(30, 25, Change::Nothing);
    let autumn = place.cells.all().iter().map(|cell| opora_cells::Cell { autumn: cell.year == YEAR, ..cell });
    let (cells, _) = Cells::new(autumn.collect::<Vec<_>>());
    untested(&Facts { cells: &cells, ..place.facts() }, Marker::Disagreement, Untested::NoData);
}

#[test]
fn another_region_is_passed_over() {
    let place = Place::new(30, 25, Change::Nothing);
    let elsewhere = Facts { region: Some(opora_registry::NodeId(9)), ..place.facts() };
    assert_eq!(assess(&pack(), &elsewhere), []);
    let anywhere = Facts { region: None, ..place.facts() };
    assert_eq!(assess(&pack(), &anywhere), assess(&pack(), &place.facts()));
}

#[test]
fn four_markers_tell_the_year_and_the_year_before() {
    let place = Place::new(40, 60, Change::CopiedClass);
    let assessments = assess(&pack(), &place.facts());
    let four = &odd(&assessments).four;
    assert_eq!(four.count(YEAR), Some(4), "{four:#?}");
    assert!(four.count(YEAR - 1).is_some_and(|count| count <= 1), "{four:#?}");
    assert_eq!(four.count(YEAR - 2), None, "no results of that year");
}

#[test]
fn the_four_alone_are_those_of_the_whole_assessment() {
    for change in [Change::CopiedClass, Change::RaisedMarks, Change::Nothing] {
        let place = Place::new(40, 60, change);
        let alone = four_markers(&pack(), &place.facts());
        let whole = assess(&pack(), &place.facts());
        let of_year = |school: &Assessment| {
            let year = school.four.years.iter().find(|markers| markers.year == YEAR).cloned()?;
            let mut looked = year.papers;
            looked.retain(|(_, found)| found.is_some());
            looked.sort_unstable();
            (!looked.is_empty()).then_some((school.organisation, looked))
        };
        let whole: Vec<_> = whole.iter().filter_map(of_year).collect();
        assert!(!whole.is_empty());
        assert_eq!(alone.into_iter().map(|(id, markers)| (id, markers.papers)).collect::<Vec<_>>(), whole);
    }
}

#[test]
fn a_picture_shows_all_pupils() {
    let place = Place::new(30, 60, Change::RaisedMarks);
    let assessments = assess(&pack(), &place.facts());
    let looks = odd(&assessments).evidence.iter().filter(|look| look.marker == Marker::Peaks);
    let mut seen = 0;
    for look in looks {
        let Picture::Histogram { bars, bounds, observed, expected } = &look.picture else {
            panic!("{look:?}")
        };
        assert_eq!(bars.iter().map(|(_, pupils, _)| pupils).sum::<u32>(), look.pupils);
        let expected_pupils: f64 = bars.iter().map(|(_, _, expected)| expected).sum();
        assert!((expected_pupils - f64::from(look.pupils)).abs() < 1e-6);
        assert!(bounds.len() == 3 && observed > expected);
        seen += 1;
    }
    assert_eq!(seen, 4);
}

#[test]
fn the_same_facts_give_the_same_answer_in_any_order() {
    let mut place = Place::new(25, 25, Change::TeacherHelp);
    let before = assess(&pack(), &place.facts());
    place.scores.reverse();
    place.tasks.reverse();
    place.classes.reverse();
    assert_eq!(assess(&pack(), &place.facts()), before);
}

fn strengths() -> impl Strategy<Value = [Strength; 8]> {
    let value =
        prop_oneof![(-30.0..30.0_f64).prop_map(Ok), Just(Err(Untested::NoData)), Just(Ok(f64::INFINITY)),];
    proptest::collection::vec(value, 8).prop_map(|values| {
        let mut values = values.into_iter();
        Marker::ALL.map(|marker| Strength { marker, value: values.next().unwrap_or(Err(Untested::NoData)) })
    })
}

proptest! {
    #[test]
    fn a_stronger_marker_never_lowers_the_probability(strengths in strengths(), at in 0_usize..8, more in 0.0..10.0_f64) {
        let mut stronger = strengths;
        stronger[at].value = stronger[at].value.map(|value| value + more);
        let (before, after) = (probability(&pack(), &strengths), probability(&pack(), &stronger));
        prop_assert_eq!(before.is_some(), after.is_some());
        if let (Some(before), Some(after)) = (before, after) {
            prop_assert!((0.0..=1.0).contains(&before) && before <= after);
        }
    }
}

#[test]
fn hostile_counts_do_no_harm() {
    let place = Place::new(20, 25, Change::Nothing);
    let mut scores = place.scores.clone();
    let mut tasks = place.tasks.clone();
    for count in &mut scores {
        (count.score, count.pupils) = (u16::MAX - count.score, u32::MAX);
    }
    for task in &mut tasks {
        (task.points, task.points_max) = (u32::MAX, task.task % 2);
    }
    let cells = place.cells.all().iter().map(|cell| opora_cells::Cell {
        marks: [u32::MAX; 4],
        against_journal: [u32::MAX; 3],
        participants: u32::MAX - cell.organisation.0,
        ..cell
    });
    let (cells, _) = Cells::new(cells.collect::<Vec<_>>());
    let facts = Facts { cells: &cells, scores: &scores, tasks: &tasks, classes: &[], ..place.facts() };
    let found = assess(&pack(), &facts);
    let organisations: Vec<u32> = found.iter().map(|a| a.organisation.0).collect();
    assert_eq!(organisations, (1..=20).collect::<Vec<_>>());
    assert_eq!(found.first().map(|a| a.organisation), Some(OrganisationId(1)));
}
