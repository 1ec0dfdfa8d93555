//! What waits for whom, what comes before the group, and what is told?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{FRAME, at, day, facts, plan};
use jiff::civil::DateTime;
use opora_execution::meetings::{
    Concern, Decision, MatterKind, MinuteItem, Minutes, agenda, check_minutes, meeting_tasks,
};
use opora_execution::obligations::{Event, Obligations, Stretch, keeping, windows};
use opora_execution::places::human_name;
use opora_execution::visits::{RouteLimits, VisitState, route};
use opora_execution::work::{
    Mover, Person, Sides, WorkItem, WorkKind, calls, my_work, obligation_work, plan_work, task_work,
    visit_work,
};
use opora_execution::{Account, Assignee, Fact, Ledger, Party, Task, occurrences, state_of};
use opora_schedule::Period;

const SIDES: Sides = Sides {
    performer: Mover::Role(Party::Performer, Some(7)),
    reviewer: Mover::Role(Party::Curator, Some(7)),
    school: Some(7),
};

/// The work of a plan on a day; activity `n` has the n-th deadline and script.
fn work(activities: &[(&str, &[&str])], today: &str) -> Vec<WorkItem> {
    let schedules: Vec<&str> = activities.iter().map(|(schedule, _)| *schedule).collect();
    let occurrences = occurrences(&plan(&schedules), &FRAME);
    let scripted: Vec<Fact> = activities
        .iter()
        .zip(&occurrences)
        .flat_map(|((_, script), occurrence)| facts(occurrence.key, script))
        .collect();
    let ledger = Ledger::of(&occurrences, &scripted, &[]);
    plan_work("plan/5", &SIDES, ledger.accounts(), |key| format!("Мероприятие {}", key.0), day(today))
}

const DONE: &[&str] = &["2026-05-20 performer done"];

fn story() -> Vec<WorkItem> {
    work(
        &[
            ("до 30 мая", &[]),
            ("до 5 июня", &[]),
            ("до 25 июня", &[]),
            ("до 1 декабря", &[]),
            ("до 1 июня", DONE),
            ("до 2 июня", &["2026-05-20 performer done", "2026-05-21 curator return"]),
            ("до 3 июня", &["2026-05-22 performer ask 2026-07-01"]),
            ("до 4 июня", &["2026-05-20 performer delegate 9"]),
            ("до 4 июня", &["2026-05-20 coordinator cancel"]),
            ("по мере необходимости", &[]),
        ],
        "2026-06-01",
    )
}

fn head() -> Person {
    Person { account: common::HEAD, roles: vec![(Party::Performer, Some(7))], ..Person::default() }
}

#[test]
fn a_decision_of_a_school_without_a_curator_comes_to_who_stands_in() {
    let of = |number: i64, kind| WorkItem {
        path: format!("schools/{number}/diagnosis"),
        what: "Самодиагностика".to_owned(),
        kind,
        school: Some(number),
        due: None,
        mover: Mover::Role(Party::Curator, Some(number)),
        waiting: None,
        since: at("2026-11-23"),
    };
    let items = [of(7, WorkKind::Approval), of(7, WorkKind::Obligation), of(8, WorkKind::Approval)];
    let coordinator = Person { account: 1, stands_in: vec![7], ..Person::default() };
    let work = my_work(&coordinator, &items, day("2026-11-23"));
    let paths: Vec<&str> = work.now.iter().map(|item| item.path.as_str()).collect();
    assert_eq!((paths, work.soon.len(), work.later), (vec!["schools/7/diagnosis"], 0, 0));
}

fn curator() -> Person {
    Person {
        account: common::CURATOR,
        roles: vec![(Party::Curator, Some(7)), (Party::Performer, Some(8))],
        ..Person::default()
    }
}

/// The lists of a person's work: activity and kind.
#[track_caller]
fn check(person: &Person, now: &[&str], soon: &[&str], others: &[&str]) {
    let items = story();
    let mine = my_work(person, &items, day("2026-06-01"));
    let said = |list: &[&WorkItem]| -> Vec<String> {
        list.iter()
            .map(|item| format!("{} {}", item.what.replace("Мероприятие ", ""), item.kind.slug()))
            .collect()
    };
    assert_eq!(said(&mine.now), now);
    assert_eq!(said(&mine.soon), soon);
    assert_eq!(said(&mine.others), others);
}

#[test]
fn each_sees_whose_move_it_is() {
    check(
        &head(),
        &["1 activity", "6 rework", "7 activity", "2 activity"],
        &["3 activity"],
        &["5, срок 1 июня 2026 confirmation", "7, срок 3 июня 2026 postponement"],
    );
    check(
        &curator(),
        &["5, срок 1 июня 2026 confirmation", "7, срок 3 июня 2026 postponement"],
        &[],
        &["1 activity", "6 rework"],
    );
    check(&Person { account: 9, roles: vec![], ..Person::default() }, &["8 activity"], &[], &[]);
    check(&Person { account: 4, roles: vec![(Party::Curator, Some(8))], ..Person::default() }, &[], &[], &[]);
}

#[test]
fn late_work_is_counted_and_paths_are_named() {
    let items = story();
    let mine = my_work(&head(), &items, day("2026-06-01"));
    assert_eq!((mine.late, mine.later), (1, 0));
    assert_eq!(mine.now[0].path, "plan/5/occurrence/1/2026-05-30");
    let paths: BTreeSet<&str> = items.iter().map(|item| item.path.as_str()).collect();
    assert_eq!(paths.len(), items.len(), "every item has a path of its own");
}

#[test]
fn paths_are_said_to_people() {
    for (path, expected) in [
        ("occurrence/12/2026-05-30", Some("мероприятие 12, срок 30 мая 2026")),
        (
            "occurrence/12/2026-05-01..2026-05-31.2/evidence/3",
            Some("мероприятие 12, с 1 мая 2026 по 31 мая 2026, 2-й раз, подтверждение № 3"),
        ),
        ("occurrence/12/undated/required/file", Some("мероприятие 12, без срока, нужно приложить файл")),
        ("obligation/visits/2026-03-08", Some("обязательство «visits», срок 8 марта 2026")),
        ("visit/7/question/team", Some("посещение № 7, вопрос «team»")),
        ("meeting/3/item/4/decision/1", Some("заседание № 3, вопрос № 4, решение № 1")),
        ("visit/07", None),
        ("occurrence/12", None),
        ("plan/title", None),
        ("", None),
    ] {
        assert_eq!(human_name(path).as_deref(), expected, "{path}");
    }
}

fn task(number: u32, school: i64, due: &str) -> WorkItem {
    WorkItem {
        path: format!("meeting/1/item/1/decision/{number}"),
        what: "Подготовить справку".to_owned(),
        kind: WorkKind::Task,
        school: Some(school),
        due: Some(day(due)),
        mover: Mover::Account(5),
        waiting: None,
        since: at("2026-05-01"),
    }
}

#[test]
fn an_agenda_is_made_of_what_is_late_risky_waiting_and_in_conflict() {
    let mut items = work(
        &[
            ("до 30 апреля", &[]),
            ("до 15 мая", &[]),
            ("до 1 июня", DONE),
            ("до 1 июля", &["2026-05-31 performer done"]),
        ],
        "2026-06-01",
    );
    items.push(task(1, 8, "2026-05-25"));
    items.push(task(2, 8, "2026-06-25"));
    let concern = |kind, school, text: &str| Concern {
        kind,
        school,
        text: text.to_owned(),
        path: "obligation/visits".to_owned(),
    };
    let concerns = [
        concern(MatterKind::Conflict, None, "посещения названы с разной частотой"),
        concern(MatterKind::Risk, Some(8), "высокий риск без мер"),
    ];
    let names = BTreeMap::from([(7, "Школа № 7".to_owned())]);
    let said: Vec<String> = agenda(&items, &concerns, &names, day("2026-06-01"))
        .into_iter()
        .map(|matter| {
            format!("{}. {}: {} [{}]", matter.number, matter.kind.russian(), matter.title, matter.paths.len())
        })
        .collect();
    assert_eq!(
        said,
        [
            "1. Просроченное: Школа № 7: просрочено 2 дела, дольше всего (32 дня) – Мероприятие 1 [2]",
            "2. Риски: Школа 8: высокий риск без мер [1]",
            "3. Ждёт решения: Школа № 7: ждёт решения 12 дней – Мероприятие 3, срок 1 июня 2026 [1]",
            "4. Противоречия: Посещения названы с разной частотой [1]",
            "5. Невыполненные поручения: Школа 8: поручение не выполнено, прошло 7 дней после срока – Подготовить справку [1]",
        ]
    );
}

#[test]
fn decisions_become_tasks_with_a_person_and_a_day() {
    let decision = |text: &str, task| Decision { text: text.to_owned(), task };
    let named = |name: &str| Some((Assignee::Named(name.to_owned()), day("2026-06-10")));
    let minutes = Minutes {
        meeting: 3,
        held: day("2026-06-01"),
        items: vec![
            MinuteItem {
                title: "Отставание школы № 7".to_owned(),
                school: Some(7),
                heard: "Сообщение куратора".to_owned(),
                decided: vec![
                    decision("Принять к сведению", None),
                    decision("Перенести сроки", Some((Assignee::Account(2), day("2026-06-10")))),
                    decision("Помочь", named("")),
                ],
            },
            MinuteItem { title: String::new(), school: None, heard: String::new(), decided: vec![] },
        ],
    };
    let tasks = meeting_tasks(&minutes);
    assert_eq!(tasks.len(), 2);
    assert_eq!(tasks[0].path, "meeting/3/item/1/decision/2");
    assert_eq!(tasks[0].who, Assignee::Account(2));
    let problems: Vec<String> = check_minutes(&minutes).into_iter().map(|p| p.path).collect();
    assert_eq!(problems, ["meeting/3/item/1/decision/3", "meeting/3/item/2", "meeting/3/item/2"]);
    let empty = Minutes { items: vec![], ..minutes };
    assert_eq!(
        check_minutes(&empty)[0].message,
        "В протоколе нет ни одного вопроса. Добавьте то, что обсуждали."
    );
}

#[test]
fn it_is_somebodys_move_since_the_last_change() {
    let items = work(&[("до 1 июня", DONE), ("до 3 июня", &[])], "2026-06-01");
    let since: Vec<DateTime> = items.iter().map(|item| item.since).collect();
    assert_eq!(since, [at("2026-05-20"), at("2026-01-01T00:00:00")]);
}

/// The windows of the curator's visits while a roadmap is drafted, as they stand on 18 March after visits.
fn with_windows<T>(visits: &[&str], then: impl FnOnce(&[opora_execution::obligations::Kept<'_>]) -> T) -> T {
    let pack =
        Obligations::read("a.toml", include_str!("../../../packs/obligations/electronic-roadmaps.toml"))
            .expect("a pack");
    let days = Period { start: day("2026-03-02"), end: day("2026-04-12") };
    let stretches = [Stretch { phase: "drafting".to_owned(), days }];
    let events: Vec<Event> = visits
        .iter()
        .map(|on| Event {
            kind: "visit".to_owned(),
            school: Some(7),
            on: day(on),
            meant_for: None,
            path: "visit/1".to_owned(),
        })
        .collect();
    let rules: Vec<_> = pack.rules.iter().filter(|rule| rule.subject == "visits").collect();
    let duties: Vec<_> = rules.iter().map(|rule| windows(rule, days, &stretches)).collect();
    let kept: Vec<_> = rules
        .iter()
        .zip(&duties)
        .flat_map(|(rule, duties)| keeping(rule, duties, Some(7), &events, &[], day("2026-03-18")))
        .collect();
    then(&kept)
}

#[test]
fn an_open_window_is_the_curators_work_and_a_past_week_is_not() {
    let items = with_windows(&["2026-03-03"], |kept| obligation_work("school/7", kept, |_| SIDES.reviewer));
    let said: Vec<String> = items
        .iter()
        .map(|item| format!("{} {} {}", item.path, item.what, item.due.expect("a day")))
        .collect();
    assert_eq!(
        said,
        [
            "school/7/obligation/visits-drafting/2026-03-22 Посещение школы, встреча с руководителем (п. 1.23) 2026-03-22",
            "school/7/obligation/visits-monitoring/2026-03-29 Мониторинговый визит в школу (п. 2.9) 2026-03-29",
        ]
    );
}

#[test]
fn obligations_make_the_route_of_a_month() {
    let calls = with_windows(&["2026-03-03", "2026-03-17"], calls);
    assert_eq!(
        calls.len(),
        4,
        "three weeks and two fortnights ahead, of which one visit was already: {calls:?}"
    );
    let limits = RouteLimits {
        days: Period { start: day("2026-03-18"), end: day("2026-04-12") },
        per_day: 2,
        busy: BTreeSet::new(),
    };
    let route = route(&calls, &limits, None);
    assert!(route.unplaced.is_empty());
    assert_eq!(route.days.len(), 3, "{route:?}");
}

#[test]
fn a_task_is_carried_out_like_an_occurrence() {
    let task = Task {
        path: "meeting/3/item/1/decision/2".to_owned(),
        text: "Подготовить справку".to_owned(),
        who: Assignee::Account(9),
        given: day("2026-05-01"),
        due: day("2026-05-30"),
        school: Some(7),
    };
    let occurrence = task.occurrence(41);
    let check = |script: &[&str], state: &str, expected: &[(WorkKind, Mover)]| {
        let facts = facts(occurrence.key, script);
        let account = Account::of(&facts);
        assert_eq!(state_of(&occurrence, &account, day("2026-06-01")).russian(), state);
        let items = task_work(&task, 41, &account, SIDES.reviewer, day("2026-06-01"));
        let said: Vec<(WorkKind, Mover)> = items.iter().map(|item| (item.kind, item.mover)).collect();
        assert_eq!(said, expected);
        assert!(items.iter().all(|item| item.path.starts_with(&task.path)));
    };
    check(&[], "просрочено на 2 дня", &[(WorkKind::Task, Mover::Account(9))]);
    check(&DONE[..1], "ждёт подтверждения", &[(WorkKind::Confirmation, SIDES.reviewer)]);
    check(&["2026-05-02 performer done", "2026-05-03 curator confirm"], "подтверждено", &[]);
}

#[test]
fn a_visit_is_work_until_its_protocol_is_closed() {
    let work = |state| visit_work(7, 12, Mover::Account(2), state).map(|item| item.what);
    let on = day("2026-03-18");
    assert_eq!(work(VisitState::Planned(on)).as_deref(), Some("Посещение школы"));
    assert_eq!(
        work(VisitState::Overdue { on, days: 3 }).as_deref(),
        Some("Отметить посещение школы или перенести его")
    );
    assert_eq!(work(VisitState::Held(on)).as_deref(), Some("Закрыть протокол посещения"));
    assert_eq!(work(VisitState::Closed(on)), None);
    let protocol = visit_work(7, 12, Mover::Account(2), VisitState::Held(on)).expect("a protocol to close");
    assert_eq!(protocol.due, Some(day("2026-03-23")), "three working days after a Wednesday");
}
