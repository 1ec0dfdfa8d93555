//! How fast are the states and the work of a region: 1,000 schools, 60,000 occurrences, 200,000 facts?

use divan::Bencher;
use jiff::civil::{Date, date};
use opora_cycle::vocabulary::ActivityKey;
use opora_execution::work::{Mover, Person, Sides, WorkItem, my_work, plan_work};
use opora_execution::{
    Deed, Evidence, Fact, Ledger, Nature, Occurrence, OccurrenceKey, Party, StateKind, Window, state_of,
};

const TODAY: Date = date(2026, 6, 1);
const SCHOOLS: i64 = 1_000;

fn main() {
    divan::main();
}

struct SchoolPlan {
    school: i64,
    occurrences: Vec<Occurrence>,
    facts: Vec<Fact>,
}

/// Sixty occurrences over a year; 200 facts in the order of recording.
fn school_plan(school: i64) -> SchoolPlan {
    let due = |number: u32| {
        let (month, day) = (number % 12 + 1, number * 7 % 28 + 1);
        Date::new(2026, i8::try_from(month).unwrap_or(1), i8::try_from(day).unwrap_or(1)).unwrap_or(TODAY)
    };
    let occurrences: Vec<Occurrence> = (1..=60)
        .map(|number| {
            let window = Window { from: date(2026, 1, 1), due: due(number) };
            let days = Window { from: window.due, due: window.due };
            let key = OccurrenceKey { activity: ActivityKey(number), window: Some(days), nth: 1 };
            Occurrence { key, section: 0, nature: Nature::Dated, window: Some(window), inferred: false }
        })
        .collect();
    let deeds = [
        (Party::Performer, Deed::EvidenceAdded(Evidence::Link("https://school.example/otchet".to_owned()))),
        (Party::Performer, Deed::Done { text: "выполнено".to_owned() }),
        (Party::Curator, Deed::ReturnedForRework { reason: "нет подписи".to_owned() }),
        (Party::Performer, Deed::Done { text: "подписано".to_owned() }),
        (Party::Curator, Deed::Confirmed),
    ];
    let mut facts = Vec::new();
    for (step, (party, deed)) in deeds.iter().enumerate() {
        for (number, occurrence) in occurrences.iter().enumerate().filter(|(number, _)| number % 3 != 0) {
            if facts.len() < 200 && (number + step) % 11 != 0 {
                facts.push(Fact {
                    occurrence: occurrence.key,
                    by: school,
                    party: *party,
                    at: date(2026, 5, 1).at(9, 0, 0, 0),
                    deed: deed.clone(),
                });
            }
        }
    }
    // The rest are comments on whatever stands first.
    while let Some(occurrence) = occurrences.get(facts.len() % 60).filter(|_| facts.len() < 200) {
        let deed = Deed::Comment {
            text: "Посмотрите, пожалуйста".to_owned(), mentions: Vec::new()
        };
        let at = date(2026, 5, 2).at(9, 0, 0, 0);
        facts.push(Fact { occurrence: occurrence.key, by: school, party: Party::Curator, at, deed });
    }
    SchoolPlan { school, occurrences, facts }
}

fn region() -> Vec<SchoolPlan> {
    (0..SCHOOLS).map(school_plan).collect()
}

fn work_of_region(region: &[SchoolPlan]) -> Vec<WorkItem> {
    let mut items = Vec::new();
    for plan in region {
        let ledger = Ledger::of(&plan.occurrences, &plan.facts, &[]);
        let sides = Sides {
            performer: Mover::Role(Party::Performer, Some(plan.school)),
            reviewer: Mover::Role(Party::Curator, Some(plan.school)),
            school: Some(plan.school),
        };
        items.append(&mut plan_work(
            "plan/1",
            &sides,
            ledger.accounts(),
            |_| "Мероприятие".to_owned(),
            TODAY,
        ));
    }
    items
}

#[divan::bench]
fn states_of_60_000_occurrences_with_200_000_facts(bencher: Bencher) {
    let region = region();
    assert_eq!(region.iter().map(|plan| plan.facts.len()).sum::<usize>(), 200_000);
    bencher.bench(|| {
        let mut late = 0;
        for plan in &region {
            let ledger = Ledger::of(&plan.occurrences, &plan.facts, &[]);
            late +=
                ledger.accounts().filter(|(o, a)| state_of(o, a, TODAY).kind() == StateKind::Late).count();
        }
        late
    });
}

#[divan::bench]
fn work_items_of_a_region(bencher: Bencher) {
    let region = region();
    bencher.bench(|| work_of_region(&region));
}

#[divan::bench]
fn my_work_among_those_of_a_region(bencher: Bencher) {
    let items = work_of_region(&region());
    let roles = (0..20).map(|school| (Party::Curator, Some(school))).collect();
    let person = Person { account: 5, roles, ..Person::default() };
    bencher.bench(|| my_work(&person, &items, TODAY).now.len());
}

#[divan::bench]
fn work_of_a_coordinator_of_everything(bencher: Bencher) {
    let items = work_of_region(&region());
    let roles = (0..SCHOOLS).flat_map(|s| [(Party::Curator, Some(s)), (Party::Performer, Some(s))]).collect();
    let person = Person { account: 5, roles, ..Person::default() };
    bencher.bench(|| my_work(&person, &items, TODAY).now.len());
}
