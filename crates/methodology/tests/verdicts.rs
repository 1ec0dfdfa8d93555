//! Who gets a verdict, what is noted beside it, and what do two runs tell together?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod committed;

use std::sync::Arc;

use jiff::civil::date;
use opora_cells::{Aggregate, Cell, Cells, OrganisationId, Procedure, SourceIndex};
use opora_methodology::{
    Atom, Facts, Movement, Note, Pack, PastDecision, Run, Scope, Standing, Truth, compare, history, identify,
    what_if,
};
use opora_registry::{Event, EventKind, Node, NodeId, NodeLevel, Organisation, Registry};

fn procedure(subject: &str) -> Procedure {
    let dictionary = committed::dictionary();
    Procedure {
        kind: dictionary.kind("vpr").expect("a kind"),
        subject: dictionary.subject(subject).expect("a subject"),
        grade: 5,
        level: Default::default(),
    }
}

/// A school with so many «2» of ten in Russian and in mathematics.
fn results(school: u32, year: u16, twos: [u32; 2]) -> impl Iterator<Item = Cell> {
    ["ru", "math"].into_iter().zip(twos).map(move |(subject, twos)| {
        let mut cell = Cell::empty(OrganisationId(school), procedure(subject), year);
        (cell.participants, cell.marks) = (10, [twos, 10 - twos, 0, 0]);
        cell
    })
}

fn registry(events: Vec<Event>) -> Registry {
    let node = |id, level, parent| Node { id: NodeId(id), level, parent, name: String::new(), code: None };
    let nodes = vec![
        node(1, NodeLevel::Region, None),
        node(2, NodeLevel::Region, None),
        node(11, NodeLevel::Municipality, Some(NodeId(1))),
        node(12, NodeLevel::Municipality, Some(NodeId(1))),
        node(21, NodeLevel::Municipality, Some(NodeId(2))),
    ];
    let school = |(id, municipality)| Organisation {
        id: OrganisationId(id),
        name: format!("Школа № {id}"),
        kind: "СОШ".to_owned(),
        municipality: NodeId(municipality),
        rural: None,
        identifiers: Vec::new(),
    };
    Registry::new(nodes, [(1, 11), (2, 12), (3, 21)].map(school).to_vec(), events).0
}

fn run(pack: &Arc<Pack>, cells: impl IntoIterator<Item = Cell>, events: Vec<Event>, scope: Scope) -> Run {
    let (cells, _) = Cells::new(cells.into_iter().collect::<Vec<_>>());
    let (registry, scales) = (registry(events), committed::scales());
    identify(pack, &Facts::new(&cells, &registry, &scales), 2024, scope)
}

fn omsk() -> Arc<Pack> {
    Arc::new(committed::pack("omsk-2025"))
}

fn judged(run: &Run) -> Vec<u32> {
    run.verdicts().iter().map(|verdict| verdict.organisation().0).collect()
}

fn event(school: u32, year: i16, kind: EventKind) -> Event {
    Event { organisation: OrganisationId(school), date: date(year, 9, 1), kind }
}

#[test]
fn a_scope_chooses_who_gets_a_verdict() {
    let cells = || results(1, 2024, [3, 3]).chain(results(9, 2024, [3, 3]));
    let check = |scope, expected: &[u32]| {
        assert_eq!(judged(&run(&omsk(), cells(), Vec::new(), scope)), expected, "{scope:?}");
    };
    check(Scope::All, &[1, 2, 3, 9]);
    check(Scope::Node(NodeId(1)), &[1, 2]);
    check(Scope::Node(NodeId(21)), &[3]);
    check(Scope::Node(NodeId(99)), &[]);
    check(Scope::Organisation(OrganisationId(9)), &[9]);
}

#[test]
fn a_school_without_results_lacks_data_and_a_closed_one_gets_no_verdict() {
    let events = vec![event(2, 2022, EventKind::Closed), event(3, 2025, EventKind::Opened)];
    let run = run(&omsk(), [], events, Scope::All);
    assert_eq!(judged(&run), [1]);
    assert_eq!(run.verdicts()[0].standing(), Standing::Unknown);
    assert_eq!(run.pack()[run.verdicts()[0].category()].id, "no_data");
    assert!(run.verdicts()[0].trace().evidence().is_empty());
}

#[test]
fn openings_and_mergers_are_noted_and_results_are_not_added() {
    let into = EventKind::MergedInto(OrganisationId(1));
    let events = vec![event(1, 2023, EventKind::Opened), event(2, 2024, into)];
    let low = results(2, 2023, [9, 9]).chain(results(2, 2024, [9, 9]));
    let run = run(&omsk(), low.chain(results(1, 2024, [0, 0])), events, Scope::All);
    let notes = |school| run.of(OrganisationId(school)).expect("a verdict").trace().notes().to_vec();
    let day = |year| date(year, 9, 1);
    assert_eq!(notes(1), [Note::Opened(day(2023)), Note::Absorbed(day(2024), OrganisationId(2))]);
    assert_eq!(notes(2), [Note::MergedInto(day(2024), OrganisationId(1))]);
    assert_eq!(run.of(OrganisationId(1)).expect("a verdict").standing(), Standing::Out);
    assert_eq!(run.of(OrganisationId(2)).expect("a verdict").standing(), Standing::In);
}

#[test]
fn entering_and_leaving_follow_the_year_before_or_its_list() {
    let low_then_good =
        (2022..=2023).flat_map(|year| results(1, year, [4, 4])).chain(results(1, 2024, [1, 1]));
    let good_then_low =
        results(2, 2022, [0, 4]).chain(results(2, 2023, [4, 0])).chain(results(2, 2024, [4, 4]));
    let cells: Vec<Cell> = low_then_good.chain(good_then_low).collect();
    let run = run(&omsk(), cells.clone(), Vec::new(), Scope::All);
    let movement = |run: &Run, school| run.of(OrganisationId(school)).expect("a verdict").movement();
    assert_eq!(movement(&run, 1), Movement::Left);
    assert_eq!(movement(&run, 2), Movement::Entered);
    assert_eq!(movement(&run, 3), Movement::Unknown);

    let (cells, _) = Cells::new(cells);
    let (registry, scales) = (registry(Vec::new()), committed::scales());
    let listed = [
        PastDecision { organisation: OrganisationId(1), year: 2023, identified: false },
        PastDecision { organisation: OrganisationId(2), year: 2023, identified: true },
    ];
    let facts = Facts { past: &listed, ..Facts::new(&cells, &registry, &scales) };
    let run = identify(&omsk(), &facts, 2024, Scope::All);
    assert_eq!(movement(&run, 1), Movement::Outside);
    assert_eq!(movement(&run, 2), Movement::Remains);
}

#[test]
fn another_threshold_tells_who_enters_and_why() {
    let cells = || (2023..=2024).flat_map(|year| results(1, year, [2, 2]).chain(results(2, year, [3, 3])));
    let pack = omsk();
    let easier = Arc::new(what_if(&pack, "low_share", "20 %").expect("a share"));
    let (before, after) =
        (run(&pack, cells(), Vec::new(), Scope::All), run(&easier, cells(), Vec::new(), Scope::All));
    let compared = compare(&before, &after);
    assert_eq!(compared.entered.len(), 1);
    assert_eq!((compared.left.len(), compared.changed.len(), compared.same), (0, 0, 2));
    let entered = &compared.entered[0];
    assert_eq!(entered.organisation, OrganisationId(1));
    assert_eq!(
        (entered.before.as_deref(), entered.after.as_deref()),
        (Some("Не отнесена к ШНОР"), Some("ШНОР"))
    );
    let reasons: Vec<_> = entered
        .reasons
        .iter()
        .map(|reason| (reason.criterion.as_str(), reason.before, reason.after))
        .collect();
    assert_eq!(reasons, [("A", Some(Truth::No), Some(Truth::Yes)), ("B", Some(Truth::No), Some(Truth::Yes))]);
    assert_ne!(pack.canonical_text(), easier.canonical_text(), "a moved number is another pack");
    let twice = what_if(&easier, "low_share", "26 %").expect("a share");
    let moved =
        |pack: &Pack| pack.changes().iter().map(|c| (c.from.clone(), c.to.clone())).collect::<Vec<_>>();
    assert_eq!(moved(&twice), [("30 %".to_owned(), "26 %".to_owned())], "moved from what the pack says");
    let back = what_if(&easier, "low_share", "3/10").expect("a share");
    assert_eq!(moved(&back), [], "the number of the pack is no change");
    assert_eq!(compare(&before, &run(&Arc::new(back), cells(), Vec::new(), Scope::All)).same, 3);
}

#[test]
fn the_link_of_the_two_signs_is_a_parameter() {
    let cells = || results(1, 2023, [0, 0]).chain(results(1, 2024, [3, 3]));
    let standing = |pack: &Arc<Pack>| run(pack, cells(), Vec::new(), Scope::All).verdicts()[0].standing();
    let pack = omsk();
    assert_eq!(standing(&pack), Standing::Out);
    let either = Arc::new(what_if(&pack, "link", "1").expect("a count"));
    assert_eq!(standing(&either), Standing::In);
    for (number, value, word) in [
        ("shares", "1", "low_share"),
        ("link", "половина", "не читается"),
        ("low_share", "2", "100 %"),
        ("running", "11", "лет"),
    ] {
        let refused = what_if(&pack, number, value).expect_err("refused");
        assert!(refused.contains(word), "{refused}");
    }
}

#[test]
fn the_latest_source_of_a_declared_number_counts() {
    let pack = Arc::new(committed::pack("adverse-conditions"));
    let indicator = committed::dictionary().indicator("distance_km").expect("an indicator");
    let declared = |part, source| Aggregate {
        organisation: OrganisationId(1),
        year: 2024,
        indicator,
        part,
        whole: None,
        source: SourceIndex(source),
        row: 1,
    };
    let (cells, registry, scales) = (Cells::default(), registry(Vec::new()), committed::scales());
    let criterion = pack.criterion("distance").expect("a criterion");
    for (aggregates, expected) in
        [([declared(10, 1), declared(90, 2)], Truth::Yes), ([declared(10, 2), declared(90, 1)], Truth::No)]
    {
        let facts = Facts { aggregates: &aggregates, ..Facts::new(&cells, &registry, &scales) };
        let run = identify(&pack, &facts, 2024, Scope::All);
        assert_eq!(run.verdicts()[0].answer(Atom::Criterion(criterion)), expected);
    }
}

#[test]
fn years_follow_each_other_and_stand_by_number() {
    let (cells, _) = Cells::new((2022..=2024).flat_map(|year| results(3, year, [3, 3])).collect::<Vec<_>>());
    let (registry, scales) = (registry(Vec::new()), committed::scales());
    let runs = history(&omsk(), &Facts::new(&cells, &registry, &scales), (2022, 2024), Scope::All);
    let standings: Vec<_> =
        runs.iter().map(|run| run.of(OrganisationId(3)).expect("a verdict").standing()).collect();
    assert_eq!(standings, [Standing::Unknown, Standing::In, Standing::In]);
    assert!(runs.iter().all(|run| judged(run) == [1, 2, 3]), "never by result");
    assert_eq!(runs[2].counts(), [1, 0, 2]);
    assert!(!runs[2].in_force(), "the rule is in force since December 2025");
}

#[test]
fn hostile_numbers_neither_panic_nor_overflow() {
    let mut cells: Vec<Cell> = Vec::new();
    let dictionary = committed::dictionary();
    for kind in dictionary.kinds.keys() {
        for subject in dictionary.subjects.keys() {
            for year in [0, 1, 2023, 2024, u16::MAX] {
                for grade in [4, 5, 9, 11] {
                    let procedure =
                        Procedure { kind: *kind, subject: *subject, grade, level: Default::default() };
                    let mut cell = Cell::empty(OrganisationId(u32::MAX), procedure, year);
                    (cell.participants, cell.marks) = (u32::MAX, [u32::MAX; 4]);
                    (cell.below_minimum, cell.scored, cell.score_sum) = (u32::MAX, 1, u32::MAX);
                    cells.push(cell);
                }
            }
        }
    }
    let (cells, _) = Cells::new(cells);
    let (registry, scales) = (registry(Vec::new()), committed::scales());
    let facts = Facts::new(&cells, &registry, &scales);
    for id in committed::IDS {
        for year in [0, 1, 2024, u16::MAX] {
            let run = identify(&Arc::new(committed::pack(id)), &facts, year, Scope::All);
            assert!(run.of(OrganisationId(u32::MAX)).is_some());
        }
    }
}
