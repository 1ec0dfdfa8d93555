//! How is a visit held, and which way does a curator go?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{at, day};
use jiff::ToSpan;
use opora_execution::visits::{
    Answer, Call, Distances, FollowUp, Protocol, Route, RouteLimits, VisitDeed, VisitFact, VisitFinding,
    VisitRecord, check_record, record_visit, route, visit_state, visit_tasks,
};
use opora_execution::{Assignee, Window};
use opora_schedule::Period;
use opora_schedule::calendar::is_working_day;
use proptest::prelude::*;

const PROTOCOL: &str = include_str!("../../../packs/obligations/protocols/visit.toml");

fn protocol() -> Protocol {
    Protocol::read("visit.toml", PROTOCOL).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn visit_fact(line: &str) -> VisitFact {
    let mut words = line.split(' ');
    let mut next = || words.next().unwrap_or_default();
    let (moment, deed, rest) = (next(), next(), next());
    let deed = match deed {
        "plan" => VisitDeed::Planned(day(rest)),
        "move" => VisitDeed::Moved { to: day(rest), reason: "болезнь".to_owned() },
        "held" => VisitDeed::Held(day(rest)),
        "close" => VisitDeed::Closed,
        _ => VisitDeed::Cancelled { reason: rest.to_owned() },
    };
    VisitFact { by: 2, at: at(moment), deed }
}

/// The state on 20 March after facts, each recorded on a fresh page; the last may be refused.
#[track_caller]
fn check(script: &[&str], expected: &str) {
    let mut facts = Vec::new();
    for line in script {
        let fact = visit_fact(line);
        match record_visit(&facts, facts.len(), &fact) {
            Ok(_) => facts.push(fact),
            Err(message) => {
                assert_eq!(message, expected, "{script:?}");
                return;
            }
        }
    }
    assert_eq!(visit_state(&facts, day("2026-03-20")).russian(), expected, "{script:?}");
}

#[test]
fn a_visit_is_planned_held_and_closed() {
    check(&[], "не запланировано");
    check(&["2026-03-01 plan 2026-03-24"], "запланировано на 24 марта 2026");
    check(
        &["2026-03-01 plan 2026-03-17"],
        "день прошёл 3 дня назад (17 марта 2026), отметки о посещении нет",
    );
    check(&["2026-03-01 plan 2026-03-17", "2026-03-16 move 2026-03-23"], "запланировано на 23 марта 2026");
    check(
        &["2026-03-01 plan 2026-03-17", "2026-03-18 held 2026-03-18"],
        "состоялось 18 марта 2026, протокол не закрыт",
    );
    check(&["2026-03-18 held 2026-03-18", "2026-03-19 close"], "состоялось 18 марта 2026, протокол закрыт");
    check(&["2026-03-01 plan 2026-03-17", "2026-03-16 cancel карантин"], "отменено");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let planned = "2026-03-01 plan 2026-03-17";
    check(
        &[planned, "2026-03-02 plan 2026-03-18"],
        "Посещение уже запланировано. Чтобы изменить день, перенесите его и назовите причину.",
    );
    check(
        &[planned, "2026-03-02 close"],
        "Протокол закрывают после посещения. Сначала отметьте, что оно состоялось.",
    );
    check(
        &[planned, "2026-03-02 held 2026-03-17"],
        "День посещения ещё не наступил. Отметьте его, когда оно состоится.",
    );
    check(&[planned, "2026-03-16 cancel"], "Напишите причину: она останется в записи о посещении.");
    check(
        &[planned, "2026-03-16 move 2026-03-15"],
        "Новый день уже прошёл. Назовите сегодняшний или более поздний.",
    );
    check(
        &["2026-03-16 cancel карантин", "2026-03-17 held 2026-03-17"],
        "Посещение отменено. Запланируйте новое.",
    );
    check(
        &["2026-03-17 held 2026-03-17", "2026-03-17 cancel ошибка"],
        "Посещение уже состоялось, его нельзя перенести или отменить. Запланируйте новое.",
    );
    let facts = [visit_fact(planned)];
    let twice = record_visit(&facts, 0, &visit_fact(planned)).expect_err("a double click");
    assert!(twice.contains("дважды"), "{twice}");
    let stale = record_visit(&facts, 0, &visit_fact("2026-03-17 held 2026-03-17")).expect_err("stale");
    assert!(stale.contains("Обновите"), "{stale}");
}

fn answers(given: &[(&str, Answer)]) -> BTreeMap<String, Answer> {
    given.iter().map(|(id, answer)| ((*id).to_owned(), answer.clone())).collect()
}

#[test]
fn a_protocol_is_checked_and_suggests_findings() {
    let text = |text: &str| Answer::Text(text.to_owned());
    let mut record = VisitRecord {
        visit: 7,
        school: 12,
        held: day("2026-03-18"),
        answers: answers(&[
            ("with-whom", text("руководитель")),
            ("team", Answer::YesNo(false)),
            ("on-schedule", Answer::YesNo(true)),
            ("late-count", text("много")),
            ("evidence-seen", text("да")),
            ("correction-needed", Answer::YesNo(true)),
            ("lessons-visited", text("2")),
            ("struggling-pupils", Answer::YesNo(true)),
            ("colour", text("синий")),
        ]),
        findings: vec![VisitFinding { text: String::new(), question: None }],
        follow_ups: vec![
            FollowUp {
                text: "Распределить задачи".to_owned(),
                due: day("2026-04-01"),
                who: Assignee::Account(1),
            },
            FollowUp { text: " ".to_owned(), due: day("2026-03-01"), who: Assignee::Named(String::new()) },
        ],
    };
    let protocol = protocol();
    let said: Vec<String> =
        check_record(&protocol, &record).into_iter().map(|p| format!("{}: {}", p.path, p.message)).collect();
    assert_eq!(
        said,
        [
            "visit/7/question/late-count: На вопрос «Сколько мероприятий отстаёт?» ответьте числом не меньше нуля, например 12 или 12,5.",
            "visit/7/question/evidence-seen: На вопрос «Подтверждения выполнения посмотрели на месте?» ответьте «да» или «нет».",
            "visit/7/question/help-needed: Нет ответа на вопрос «Какая помощь нужна школе от куратора и муниципалитета?». Без него протокол не закрыть.",
            "visit/7/question/colour: Такого вопроса в протоколе нет. Ответ сохранён, но в протокол не войдёт.",
            "visit/7/finding/1: Вывод пустой. Напишите его или удалите строку.",
            "visit/7/follow-up/2: Поручение пустое. Напишите, что нужно сделать.",
            "visit/7/follow-up/2: Не указано, кто выполняет поручение. Без этого его никто не выполнит: выберите человека.",
            "visit/7/follow-up/2: Срок поручения раньше дня, когда его дали. Укажите более поздний день.",
        ]
    );
    let findings: Vec<String> =
        protocol.suggested_findings(&record.answers).into_iter().map(|f| f.text).collect();
    assert_eq!(
        findings,
        [
            "Школьная команда не работает как команда: задачи не распределены",
            "Дорожную карту нужно скорректировать"
        ]
    );
    record.follow_ups.truncate(1);
    let tasks = visit_tasks(&record);
    assert_eq!(tasks[0].path, "visit/7/follow-up/1");
    assert_eq!((tasks[0].due, tasks[0].school), (day("2026-04-01"), Some(12)));
}

#[test]
fn errors_of_a_protocol_name_the_place() {
    let broken = PROTOCOL.replacen("kind = \"text\"", "kind = \"essay\"", 1).replacen(
        "id = \"team\"",
        "id = \"with-whom\"",
        1,
    );
    let said: Vec<String> =
        Protocol::read("visit.toml", &broken).expect_err("broken").iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "visit.toml, строка 16, раздел № 1, вопрос with-whom: Значение поля «kind» не подходит. Допустимы: yes-no, text, number.",
            "visit.toml, строка 20, раздел № 1, вопрос with-whom: Имя «with-whom» уже занято выше. Назовите иначе.",
        ]
    );
}

fn call(school: i64, from: &str, due: &str, rule: &str) -> Call {
    Call { school, window: Window { from: day(from), due: day(due) }, rule: rule.to_owned() }
}

fn march(per_day: usize) -> RouteLimits {
    RouteLimits {
        days: Period { start: day("2026-03-02"), end: day("2026-03-31") },
        per_day,
        busy: BTreeSet::new(),
    }
}

fn said(route: &Route) -> Vec<String> {
    let stops = |day: &opora_execution::visits::RouteDay| {
        day.stops
            .iter()
            .map(|stop| format!("{} {}", stop.school, stop.rules.join("+")))
            .collect::<Vec<_>>()
            .join(", ")
    };
    route.days.iter().map(|day| format!("{}: {}", day.day, stops(day))).collect()
}

#[test]
fn windows_that_close_first_come_first() {
    let calls = [
        call(1, "2026-03-02", "2026-03-31", "a"),
        call(2, "2026-03-02", "2026-03-03", "a"),
        call(3, "2026-03-02", "2026-03-02", "a"),
    ];
    let route = route(&calls, &march(1), None);
    assert_eq!(said(&route), ["2026-03-02: 3 a", "2026-03-03: 2 a", "2026-03-04: 1 a"]);
}

#[test]
fn one_visit_serves_two_rules_whose_windows_meet() {
    let calls = [
        call(1, "2026-03-02", "2026-03-15", "weeks"),
        call(1, "2026-03-09", "2026-03-15", "week"),
        call(1, "2026-03-16", "2026-03-22", "week"),
    ];
    let route = route(&calls, &march(2), None);
    assert_eq!(said(&route), ["2026-03-10: 1 weeks+week", "2026-03-16: 1 week"]);
    assert_eq!(route.how[0], "Посещений: 2. Они закрывают 3 окна.");
}

#[test]
fn what_does_not_fit_together_is_tried_apart() {
    // Together they fit on the 10th only, which belongs to another school.
    let calls = [
        call(1, "2026-03-05", "2026-03-10", "a"),
        call(1, "2026-03-10", "2026-03-13", "b"),
        call(2, "2026-03-10", "2026-03-10", "a"),
    ];
    let route = route(&calls, &march(1), None);
    assert_eq!(said(&route), ["2026-03-05: 1 a", "2026-03-10: 2 a", "2026-03-11: 1 b"]);
}

#[test]
fn a_huge_month_is_answered_in_time() {
    let calls: Vec<Call> = (0..600).map(|school| call(school, "2026-03-02", "2026-03-31", "a")).collect();
    let schools: Vec<i64> = (0..600).collect();
    let ways = (0..601_u32 * 601).map(|at| at % 97).collect();
    let route = route(&calls, &march(1_000), Distances::new(&schools, ways).as_ref());
    let stops: usize = route.days.iter().map(|day| day.stops.len()).sum();
    assert_eq!((stops, route.unplaced.len()), (420, 180));
}

#[test]
fn nothing_is_dropped_without_a_reason() {
    let calls = [
        call(1, "2026-03-07", "2026-03-09", "a"),
        call(2, "2026-03-10", "2026-03-10", "a"),
        call(3, "2026-03-10", "2026-03-10", "a"),
    ];
    let route = route(&calls, &march(1), None);
    let why: Vec<&str> = route.unplaced.iter().map(|unplaced| unplaced.why.as_str()).collect();
    assert_eq!(
        why,
        [
            // 9 March 2026 is a day off: 8 March is a Sunday.
            "В окне с 7 марта 2026 по 9 марта 2026 нет ни одного свободного рабочего дня. Освободите день или отметьте уважительную причину.",
            "Во все подходящие дни (с 10 марта 2026 по 10 марта 2026) уже по 1. Увеличьте число посещений в день или передайте посещение другому куратору.",
        ]
    );
}

#[test]
fn a_window_that_goes_on_after_the_month_leaves_its_visit_for_later() {
    let calls = [
        call(1, "2026-03-31", "2026-03-31", "a"),
        call(2, "2026-03-31", "2026-04-26", "a"),
        call(3, "2026-03-31", "2026-04-26", "b"),
        call(4, "2026-03-31", "2026-03-31", "a"),
    ];
    let route = route(&calls, &march(1), None);
    assert_eq!(said(&route), ["2026-03-31: 1 a"]);
    assert_eq!(route.unplaced.iter().map(|left| left.stop.school).collect::<Vec<_>>(), [4]);
    assert_eq!(route.later.iter().map(|stop| stop.school).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(route.how[0], "Посещений: 2. Они закрывают 2 окна.");
}

#[test]
fn near_schools_are_visited_on_one_day() {
    // 1 and 3 stand together, 2 and 4 stand together on the other side.
    let places = [0_i64, -10, 10, -11, 11];
    let ways = places
        .iter()
        .flat_map(|a| places.iter().map(move |b| u32::try_from((a - b).abs()).expect("a way")))
        .collect();
    let distances = Distances::new(&[1, 2, 3, 4], ways).expect("a table");
    let calls: Vec<Call> = (1..=4).map(|school| call(school, "2026-03-02", "2026-03-06", "a")).collect();
    let route = route(&calls, &march(2), Some(&distances));
    assert_eq!(route.days.len(), 2);
    for day in &route.days {
        let schools: BTreeSet<i64> = day.stops.iter().map(|stop| stop.school % 2).collect();
        assert_eq!(schools.len(), 1, "{:?}", said(&route));
    }
    assert_eq!(
        route.how[2],
        "Затем посещения менялись днями в пределах своих окон, чтобы сократить путь: было 84, стало 44."
    );
    assert!(Distances::new(&[1, 2], vec![0; 8]).is_none());
}

/// The most visits to different schools that fit, by trying augmenting paths over places of days.
fn most(calls: &[Call], limits: &RouteLimits) -> usize {
    let days = limits.days.start.series(1.day()).take_while(|day| *day <= limits.days.end);
    let slots: Vec<_> =
        days.filter(|d| is_working_day(*d)).flat_map(|d| std::iter::repeat_n(d, limits.per_day)).collect();
    let mut taken: Vec<Option<usize>> = vec![None; slots.len()];
    fn place(
        call: usize,
        calls: &[Call],
        slots: &[jiff::civil::Date],
        taken: &mut [Option<usize>],
        tried: &mut [bool],
    ) -> bool {
        for at in 0..slots.len() {
            if calls[call].window.holds(slots[at]) && !tried[at] {
                tried[at] = true;
                if taken[at].is_none_or(|other| place(other, calls, slots, taken, tried)) {
                    taken[at] = Some(call);
                    return true;
                }
            }
        }
        false
    }
    (0..calls.len())
        .filter(|call| place(*call, calls, &slots, &mut taken, &mut vec![false; slots.len()]))
        .count()
}

proptest! {
    #[test]
    fn no_other_way_places_all_where_this_one_does_not(
        windows in prop::collection::vec((0..26_i64, 0..12_i64), 1..14),
        per_day in 1..3_usize,
        with_ways in any::<bool>(),
    ) {
        let limits = march(per_day);
        let calls: Vec<Call> = windows
            .iter()
            .zip(1..)
            .map(|((from, length), school)| {
                let from = limits.days.start.saturating_add(from.days());
                let due = from.saturating_add(length.days());
                Call { school, window: Window { from, due }, rule: "a".to_owned() }
            })
            .collect();
        let schools: Vec<i64> = calls.iter().map(|call| call.school).collect();
        let side = schools.len() + 1;
        let ways = (0..side * side).map(|at| u32::try_from((at * 7919) % 50).expect("a way")).collect();
        let distances = Distances::new(&schools, ways).filter(|_| with_ways);
        let route = route(&calls, &limits, distances.as_ref());
        let unplaced = route.unplaced.iter().map(|unplaced| &unplaced.stop);
        prop_assert!(unplaced.clone().all(|stop| stop.window.due <= limits.days.end));
        prop_assert!(route.later.iter().all(|stop| stop.window.due > limits.days.end));
        let mut seen: Vec<i64> = unplaced.chain(&route.later).map(|stop| stop.school).collect();
        for planned in &route.days {
            prop_assert!(planned.stops.len() <= per_day && is_working_day(planned.day));
            for stop in &planned.stops {
                prop_assert!(stop.window.holds(planned.day));
                seen.push(stop.school);
            }
        }
        seen.sort_unstable();
        prop_assert_eq!(seen, schools, "every visit has a day, a reason or time");
        let have_all_days = route.unplaced.is_empty() && route.later.is_empty();
        prop_assert_eq!(have_all_days, most(&calls, &limits) == calls.len());
    }
}
