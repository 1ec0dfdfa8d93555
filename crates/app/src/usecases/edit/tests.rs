//! Cases of edits on a small invented plan.

use opora_cycle::vocabulary::{Act, Participants, Unplaced};
use opora_neutral::{Format, Source};

use super::*;
use crate::usecases::edit_changes::changes;

fn made(key: u32, number: &str, title: &str, schedule: &str, year: Option<i16>) -> Activity {
    Activity {
        key: ActivityKey(key),
        number: text(number),
        title: title.to_owned(),
        responsible: Vec::new(),
        schedule: parse(schedule, &Context { year, ..Context::default() }),
        outcome: None,
        target_group: None,
        other: Vec::new(),
        source: Vec::new(),
    }
}

fn order() -> Order {
    let section = |title: &str, year: Option<i16>, activities: Vec<Activity>| Section {
        number: None,
        title: title.to_owned(),
        year,
        activities,
        place: Place::WHOLE,
    };
    let plan = Plan {
        title: "Дорожная карта".to_owned(),
        sections: vec![
            section(
                "2021 год",
                Some(2021),
                vec![
                    made(1, "1", "Совещание", "март", Some(2021)),
                    made(2, "2", "Отчёт", "до 01.06.2021", Some(2021)),
                ],
            ),
            section("2022 год", Some(2022), vec![made(3, "3", "Анализ", "май", Some(2022))]),
        ],
        ..Plan::default()
    };
    Order {
        source: Source { name: "приказ.txt".to_owned(), sha256: "00".to_owned(), format: Format::Text },
        act: Act::default(),
        programme: None,
        plans: vec![plan],
        indicators: Vec::new(),
        criteria: Vec::new(),
        participants: Participants::default(),
        unplaced: vec![Unplaced {
            text: "Провести семинар".to_owned(), place: Place::line(9)
        }],
        findings: Vec::new(),
    }
}

fn keys(order: &Order) -> Vec<Vec<u32>> {
    let sections = order.plans.iter().flat_map(|plan| &plan.sections);
    sections.map(|section| section.activities.iter().map(|activity| activity.key.0).collect()).collect()
}

fn done(edit: &Edit) -> Order {
    apply(&order(), edit).expect("the edit can be made")
}

#[test]
fn moving_goes_over_the_borders_of_sections_and_stops_at_the_ends() {
    fn check(key: u32, direction: Direction, expected: &[&[u32]]) {
        assert_eq!(keys(&done(&Edit::Move(ActivityKey(key), direction))), expected, "{key} {direction:?}");
    }
    check(2, Direction::Up, &[&[2, 1], &[3]]);
    check(2, Direction::Down, &[&[1], &[2, 3]]);
    check(3, Direction::Up, &[&[1, 2, 3], &[]]);
    check(1, Direction::Up, &[&[1, 2], &[3]]);
    check(3, Direction::Down, &[&[1, 2], &[3]]);
}

#[test]
fn a_new_activity_gets_a_new_key_and_takes_its_text_from_the_unplaced() {
    let fields = ActivityFields {
        title: "Провести семинар".to_owned(),
        schedule: "июнь".to_owned(),
        ..Default::default()
    };
    let order =
        done(&Edit::Add { section: 0, fields, unplaced: Some("Провести семинар".to_owned()) });
    assert_eq!(keys(&order), [vec![1, 2, 4], vec![3]]);
    assert!(order.unplaced.is_empty());
    let added = activity(&order, ActivityKey(4)).expect("the new activity");
    assert_eq!(added.place(), Place::line(9));
    assert!(added.schedule.parts[0].inferred.year, "the year is that of the section");
}

#[test]
fn a_new_year_of_the_section_is_read_into_deadlines_without_a_year() {
    let order = done(&Edit::Section { section: 0, number: String::new(), title: "2023 год".to_owned() });
    let first = &order.plans[0].sections[0].activities[0].schedule;
    assert_eq!(*first, parse("март", &Context { year: Some(2023), ..Context::default() }));
    let second = &order.plans[0].sections[0].activities[1].schedule;
    assert_eq!(second.text, "до 01.06.2021");
}

#[test]
fn refusals_name_the_field() {
    fn check(edit: &Edit, expected: &[&str]) {
        let Err(Refusal::Fields(wrong)) = apply(&order(), edit) else { panic!("{edit:?} is not refused") };
        assert_eq!(wrong.iter().map(|(field, _)| *field).collect::<Vec<_>>(), expected);
    }
    let fields = ActivityFields {
        title: " ".to_owned(),
        outcome: "я".repeat(MAX_FIELD_CHARS + 1),
        ..Default::default()
    };
    check(&Edit::Activity { key: ActivityKey(1), fields }, &["title", "outcome"]);
    check(&Edit::Act(ActFields { date: "31.02.2021".to_owned(), ..Default::default() }), &["date"]);
    check(&Edit::Act(ActFields { kind: "ария".to_owned(), ..Default::default() }), &["kind"]);
    assert_eq!(apply(&order(), &Edit::Delete(ActivityKey(99))), Err(Refusal::Gone));
}

#[test]
fn an_edit_that_changes_nothing_changes_nothing() {
    let order = order();
    for found in order.plans[0].activities() {
        let edit = Edit::Activity { key: found.key, fields: ActivityFields::of(found) };
        assert_eq!(apply(&order, &edit).as_ref(), Ok(&order));
    }
}

#[test]
fn changes_are_told_in_words() {
    fn check(edit: &Edit, expected: &[&str]) {
        let told = changes(&order(), &done(edit));
        assert_eq!(told.iter().map(|change| change.what.as_str()).collect::<Vec<_>>(), expected);
    }
    let mut fields = ActivityFields::of(activity(&order(), ActivityKey(2)).expect("activity 2"));
    fields.schedule = "июль 2021".to_owned();
    check(&Edit::Activity { key: ActivityKey(2), fields }, &["Мероприятие 2, срок"]);
    check(&Edit::Delete(ActivityKey(1)), &["Мероприятие 1 удалено"]);
    check(&Edit::Move(ActivityKey(1), Direction::Down), &["Изменён порядок мероприятий"]);
    check(&Edit::Move(ActivityKey(2), Direction::Down), &["Мероприятие 2 перенесено в другой раздел"]);
    check(&Edit::Act(ActFields { number: "7".to_owned(), ..Default::default() }), &["Акт, номер"]);
}
