//! Cases of edits on a small invented plan.

use opora_cycle::vocabulary::{
    Act, IndicatorGroup, Item, Measure, Participants, SchoolKind, SchoolRef, Unplaced,
};
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
    apply(&order(), edit, ActivityKey(0)).expect("the edit can be made")
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
    let fields =
        SectionFields { title: "2023 год".to_owned(), year: "2021".to_owned(), ..Default::default() };
    let order = done(&Edit::Section { section: 0, fields });
    let first = &order.plans[0].sections[0].activities[0].schedule;
    assert_eq!(*first, parse("март", &Context { year: Some(2023), ..Context::default() }));
    let second = &order.plans[0].sections[0].activities[1].schedule;
    assert_eq!(second.text, "до 01.06.2021");
}

#[test]
fn sections_are_added_moved_and_taken_out() {
    fn check(edit: &Edit, expected: &[&str]) {
        let order = done(edit);
        let titles: Vec<&str> =
            order.plans[0].sections.iter().map(|section| section.title.as_str()).collect();
        assert_eq!(titles, expected, "{edit:?}");
    }
    let fields = SectionFields { title: "Итоги 2023 года".to_owned(), ..Default::default() };
    let add = |at| Edit::AddSection { at, fields: fields.clone() };
    check(&add(0), &["Итоги 2023 года", "2021 год", "2022 год"]);
    check(&add(9), &["2021 год", "2022 год", "Итоги 2023 года"]);
    assert_eq!(done(&add(1)).plans[0].sections[1].year, Some(2023), "the title says the year");
    check(&Edit::MoveSection(1, Direction::Up), &["2022 год", "2021 год"]);
    check(&Edit::MoveSection(1, Direction::Down), &["2021 год", "2022 год"]);
    let with_empty = done(&add(1));
    let without = apply(&with_empty, &Edit::DeleteSection(1), ActivityKey(0)).expect("an empty section goes");
    assert_eq!(without, order());
    assert_eq!(apply(&order(), &Edit::DeleteSection(0), ActivityKey(0)), Err(Refusal::NotEmpty(2)));
    assert_eq!(apply(&order(), &Edit::DeleteSection(7), ActivityKey(0)), Err(Refusal::Gone));
    assert_eq!(apply(&order(), &Edit::MoveSection(7, Direction::Up), ActivityKey(0)), Err(Refusal::Gone));
}

#[test]
fn the_period_of_the_plan_is_read_into_deadlines_without_a_year() {
    let mut start = order();
    start.plans[0].sections[0].year = None;
    start.plans[0].sections[0].activities[0].schedule = parse("март", &Context::default());
    let fields = PlanFields {
        title: "Новая карта".to_owned(),
        start: "01.09.2024".to_owned(),
        end: "31.05.2025".to_owned(),
    };
    let order = apply(&start, &Edit::Plan(fields), ActivityKey(0)).expect("the plan changes");
    let plan = &order.plans[0];
    assert_eq!(plan.title, "Новая карта");
    assert_eq!(plan.period.map(|period| period.end.to_string()).as_deref(), Some("2025-05-31"));
    let context = Context { period: plan.period, ..Context::default() };
    assert_eq!(plan.sections[0].activities[0].schedule, parse("март", &context));
    assert!(plan.sections[0].activities[0].schedule.parts[0].inferred.year);
}

#[test]
fn schools_are_read_line_by_line_and_stay_what_they_were() {
    let school = |number: Option<u32>, kind, name: Option<&str>| SchoolRef {
        number,
        kind,
        name: name.map(str::to_owned),
    };
    let mut start = order();
    start.participants.schools = vec![
        school(Some(3), SchoolKind::Basic, None),
        school(Some(8), SchoolKind::Unspecified, Some("МБОУ «Школа № 8»")),
        school(None, SchoolKind::Unspecified, Some("Лесная школа")),
    ];
    let same = Edit::Participants(ParticipantsFields::of(&start));
    assert_eq!(apply(&start, &same, ActivityKey(0)).as_ref(), Ok(&start));
    let schools = "основная школа № 3\r\n\r\nМОУ №№ 5, 6\nЛицей № 1\nРечная школа\nРечная школа".to_owned();
    let curator_schools = "гимназия № 2".to_owned();
    let order =
        apply(&start, &Edit::Participants(ParticipantsFields { schools, curator_schools }), ActivityKey(0));
    let participants = order.expect("the schools change").participants;
    assert_eq!(
        participants.schools,
        [
            school(Some(3), SchoolKind::Basic, None),
            school(Some(5), SchoolKind::Unspecified, None),
            school(Some(6), SchoolKind::Unspecified, None),
            school(Some(1), SchoolKind::Lyceum, None),
            school(None, SchoolKind::Unspecified, Some("Речная школа")),
        ]
    );
    assert_eq!(participants.curator_schools, [school(Some(2), SchoolKind::Gymnasium, None)]);
}

#[test]
fn items_keep_their_place_and_their_values_when_reworded() {
    let item = |text: &str, line| Item { text: text.to_owned(), place: Place::line(line) };
    let measure = |indicator| Measure { indicator, unit: Some("%".to_owned()), values: Vec::new() };
    let mut start = order();
    start.indicators = vec![IndicatorGroup {
        group: "Успеваемость".to_owned(),
        indicators: vec![item("Доля первая", 1), item("Доля вторая", 2), item("Доля третья", 3)],
        measures: vec![measure(1), measure(2)],
        place: Place::line(1),
    }];
    let edit = |lines: &str| {
        let list = ListFields { title: "Успеваемость".to_owned(), lines: lines.to_owned() };
        let order = apply(&start, &Edit::Lists(Lists::Indicators, vec![list]), ActivityKey(0))
            .expect("the list changes");
        order.indicators[0].clone()
    };
    let same = edit("Доля первая\nДоля вторая\nДоля третья");
    assert_eq!(same, start.indicators[0]);
    let reworded = edit("Доля первая\nДоля 2\nДоля третья");
    assert_eq!(reworded.indicators[1], item("Доля 2", 2));
    assert_eq!(reworded.measures, [measure(1), measure(2)]);
    let shorter = edit("Доля третья\nДоля первая");
    assert_eq!(shorter.indicators, [item("Доля третья", 3), item("Доля первая", 1)]);
    assert_eq!(shorter.measures, [measure(0)]);
}

#[test]
fn a_programme_is_made_changed_and_taken_back() {
    let fields = ProgrammeFields {
        name: "Новые горизонты".to_owned(),
        period: "на 2026–2028 годы".to_owned(),
        goals: "Первая цель\r\n\r\n  Вторая   цель ".to_owned(),
        ..Default::default()
    };
    let order = done(&Edit::Programme(fields));
    let programme = order.programme.clone().expect("a programme");
    assert_eq!(
        programme.goals.iter().map(|goal| goal.text.as_str()).collect::<Vec<_>>(),
        ["Первая цель", "Вторая цель"]
    );
    assert_eq!(programme.period.map(|period| period.start.to_string()).as_deref(), Some("2026-01-01"));
    let without =
        apply(&order, &Edit::Programme(ProgrammeFields::default()), ActivityKey(0)).expect("no programme");
    assert_eq!(without.programme, None);
}

#[test]
fn refusals_name_the_field() {
    fn check(edit: &Edit, expected: &[&str]) {
        let Err(Refusal::Fields(wrong)) = apply(&order(), edit, ActivityKey(0)) else {
            panic!("{edit:?} is not refused")
        };
        assert_eq!(wrong.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), expected);
    }
    let fields = ActivityFields {
        title: " ".to_owned(),
        outcome: "я".repeat(MAX_FIELD_CHARS + 1),
        ..Default::default()
    };
    check(&Edit::Activity { key: ActivityKey(1), fields }, &["title", "outcome"]);
    check(&Edit::Act(ActFields { date: "31.02.2021".to_owned(), ..Default::default() }), &["date"]);
    check(&Edit::Act(ActFields { kind: "ария".to_owned(), ..Default::default() }), &["kind"]);
    check(
        &Edit::Act(ActFields { signatory_post: "Начальник".to_owned(), ..Default::default() }),
        &["signatory"],
    );
    let period = |start: &str, end: &str| {
        Edit::Plan(PlanFields { title: String::new(), start: start.to_owned(), end: end.to_owned() })
    };
    check(&period("01.09.2026", "31.05.2026"), &["end"]);
    check(&period("01.09.1900", "31.05.2999"), &["end"]);
    check(&period("01.09.2026", ""), &["end"]);
    check(&period("сентябрь", "31.05.2026"), &["start"]);
    let section = |title: &str, year: &str| Edit::AddSection {
        at: 0,
        fields: SectionFields { title: title.to_owned(), year: year.to_owned(), ..Default::default() },
    };
    check(&section(" ", "26"), &["title", "year"]);
    let list = ListFields { title: " ".to_owned(), lines: "Доля".to_owned() };
    check(&Edit::Lists(Lists::Criteria, vec![list]), &["title-0"]);
    assert_eq!(apply(&order(), &Edit::Delete(ActivityKey(99)), ActivityKey(0)), Err(Refusal::Gone));
}

#[test]
fn an_edit_that_changes_nothing_changes_nothing() {
    let order = order();
    let check =
        |edit: &Edit| assert_eq!(apply(&order, edit, ActivityKey(0)).as_ref(), Ok(&order), "{edit:?}");
    for found in order.plans[0].activities() {
        check(&Edit::Activity { key: found.key, fields: ActivityFields::of(found) });
    }
    check(&Edit::Act(ActFields::of(&order)));
    check(&Edit::Plan(PlanFields::of(&order.plans[0])));
    check(&Edit::Section { section: 1, fields: SectionFields::of(&order.plans[0].sections[1]) });
    check(&Edit::Programme(ProgrammeFields::of(&order)));
    check(&Edit::Participants(ParticipantsFields::of(&order)));
    check(&Edit::Lists(Lists::Indicators, Lists::Indicators.of(&order)));
}

#[test]
fn changes_are_told_in_words() {
    fn check(edit: &Edit, expected: &[&str]) {
        let told = changes(&order(), &done(edit));
        assert_eq!(told.iter().map(|change| change.sentence.as_str()).collect::<Vec<_>>(), expected);
    }
    let mut fields = ActivityFields::of(activity(&order(), ActivityKey(2)).expect("activity 2"));
    fields.schedule = "июль 2021".to_owned();
    let told = "Мероприятие 2 «Отчёт», срок: было «до 01.06.2021», стало «июль 2021».";
    check(&Edit::Activity { key: ActivityKey(2), fields }, &[told]);
    check(&Edit::Delete(ActivityKey(1)), &["Мероприятие 1 «Совещание» удалено."]);
    let told = "Мероприятие 2 «Отчёт» переставлено внутри раздела.";
    check(&Edit::Move(ActivityKey(1), Direction::Down), &[told]);
    let told = "Мероприятие 2 «Отчёт» перенесено: раздел 1 «2021 год» → раздел 2 «2022 год».";
    check(&Edit::Move(ActivityKey(2), Direction::Down), &[told]);
    let act = ActFields { number: "7".to_owned(), ..Default::default() };
    check(&Edit::Act(act), &["Акт, номер: не было, стало «7»."]);
    let fields = SectionFields { title: "2023 год".to_owned(), ..Default::default() };
    check(&Edit::AddSection { at: 0, fields: fields.clone() }, &["Раздел 1 «2023 год» добавлен."]);
    let told = [
        "Раздел 2 «2023 год», название: было «2022 год», стало «2023 год».",
        "Раздел 2 «2023 год», год: было «2022», теперь пусто.",
    ];
    check(&Edit::Section { section: 1, fields }, &told);
    let told = "Раздел 1 «2022 год» переставлен: раньше он был 2-м.";
    check(&Edit::MoveSection(0, Direction::Down), &[told]);
    let schools = ParticipantsFields { schools: "МОУ № 3".to_owned(), ..Default::default() };
    check(&Edit::Participants(schools), &["Участники, школы-участницы: не было, стало «школа № 3»."]);
}
