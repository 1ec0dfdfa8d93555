//! Which windows do obligations have, and which were kept?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use common::{YEAR, day};
use opora_execution::obligations::{
    ConflictNature, Event, Excuse, Keeping, Obligations, Rule, Settlement, Stretch, conflicts, keeping,
    set_aside, windows,
};
use opora_execution::{Party, Status};
use opora_schedule::{Context, Period, parse};
use proptest::prelude::*;

const PACK: &str = include_str!("../../../packs/obligations/electronic-roadmaps.toml");

fn rule(when: &str) -> Rule {
    Rule {
        id: "visits".to_owned(),
        subject: "visits".to_owned(),
        event: "visit".to_owned(),
        what: "Посещение школы".to_owned(),
        who: "куратор".to_owned(),
        party: Party::Curator,
        for_each_school: true,
        when: parse(when, &Context::default()),
        phase: None,
        clause: "п. 1".to_owned(),
        status: Status::Verified,
        note: None,
    }
}

fn period(from: &str, to: &str) -> Period {
    Period { start: day(from), end: day(to) }
}

/// The windows of a rule, `from..due`, with what is special about them.
#[track_caller]
fn check(when: &str, within: Period, expected: &[&str]) {
    let said: Vec<String> = windows(&rule(when), within, &[])
        .iter()
        .map(|duty| {
            let need = if duty.need > 1 { format!(" x{}", duty.need) } else { String::new() };
            let wanted = duty.wanted.map(|day| format!(" wanted {day}")).unwrap_or_default();
            let act =
                if duty.act_by == duty.window.due { String::new() } else { format!(" act {}", duty.act_by) };
            let excused = duty.excused.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{}..{}{need}{wanted}{act}{excused}", duty.window.from, duty.window.due)
        })
        .collect();
    assert_eq!(said, expected, "{when}");
}

#[test]
fn weeks_begin_on_monday_and_stumps_are_excused() {
    check(
        "не реже 1 раза в неделю",
        period("2026-03-06", "2026-03-25"),
        &[
            "2026-03-06..2026-03-08 act 2026-03-06 (от окна осталось меньше половины: его начало или конец вне периода)",
            "2026-03-09..2026-03-15 act 2026-03-13",
            "2026-03-16..2026-03-22 act 2026-03-20",
            "2026-03-23..2026-03-25 (от окна осталось меньше половины: его начало или конец вне периода)",
        ],
    );
}

#[test]
fn a_week_of_holidays_is_excused() {
    let duties = windows(&rule("не реже 1 раза в неделю"), period("2025-12-29", "2026-01-18"), &[]);
    let excused: Vec<Option<&str>> = duties.iter().map(|duty| duty.excused.as_deref()).collect();
    // The days off of 3 and 4 January 2026 are moved to 9 January and 31 December.
    assert_eq!(excused, [None, Some("в окне нет рабочих дней"), None]);
}

#[test]
fn a_range_wants_the_shorter_and_asks_for_the_longer() {
    check(
        "не реже 1 раза в 3-4 недели",
        period("2026-03-02", "2026-04-26"),
        &[
            "2026-03-02..2026-03-29 wanted 2026-03-22 act 2026-03-27",
            "2026-03-30..2026-04-26 wanted 2026-04-19 act 2026-04-24",
        ],
    );
}

#[test]
fn days_without_a_year_come_every_year() {
    check(
        "до 30 мая, до 15 декабря",
        period("2026-01-12", "2027-12-31"),
        &[
            "2026-01-12..2026-05-30 act 2026-05-29",
            "2026-05-31..2026-12-15",
            "2026-12-16..2027-05-30 act 2027-05-28",
            "2027-05-31..2027-12-15",
        ],
    );
    check(
        "март, октябрь",
        period("2026-03-20", "2026-12-31"),
        &[
            "2026-03-20..2026-03-31 (от окна осталось меньше половины: его начало или конец вне периода)",
            "2026-10-01..2026-10-31 act 2026-10-30",
        ],
    );
    check("2 раза в год", YEAR, &["2026-01-01..2026-12-31 x2 act 2026-12-30"]);
}

#[test]
fn a_phase_limits_its_rules() {
    let phased =
        Rule { phase: Some("drafting".to_owned()), ..rule("не реже 1 раза в неделю") };
    assert!(windows(&phased, YEAR, &[]).is_empty());
    let stretch = Stretch { phase: "drafting".to_owned(), days: period("2026-03-02", "2026-03-15") };
    assert_eq!(windows(&phased, YEAR, &[stretch]).len(), 2);
}

/// How the windows of a weekly rule stand on 25 March after visits on these days.
#[track_caller]
fn kept(visits: &[&str], excuses: &[Excuse], expected: &[&str]) {
    let rule = rule("не реже 1 раза в неделю");
    let duties = windows(&rule, period("2026-03-02", "2026-04-05"), &[]);
    let events: Vec<Event> = visits
        .iter()
        .zip(1..)
        .map(|(on, number)| Event {
            kind: "visit".to_owned(),
            school: Some(7),
            on: day(on),
            meant_for: None,
            path: format!("visit/{number}"),
        })
        .collect();
    let standing = keeping(&rule, &duties, Some(7), &events, excuses, day("2026-03-25"));
    let said: Vec<String> = standing.iter().map(|kept| kept.russian()).collect();
    assert_eq!(said, expected, "{visits:?}");
}

#[test]
fn windows_are_kept_missed_open_and_ahead() {
    kept(
        &["2026-03-03", "2026-03-17"],
        &[],
        &["соблюдено", "пропущено", "соблюдено", "осталось 4 дня, рабочих 3", "начнётся 30 марта 2026"],
    );
    kept(
        &[],
        &[],
        &["пропущено", "пропущено", "пропущено", "осталось 4 дня, рабочих 3", "начнётся 30 марта 2026"],
    );
}

#[test]
fn an_excuse_needs_no_visit_and_a_visit_needs_no_excuse() {
    let excuse = |due: &str| Excuse {
        rule: "visits".to_owned(),
        school: Some(7),
        due: day(due),
        reason: "школа на карантине".to_owned(),
    };
    kept(
        &["2026-03-03"],
        &[excuse("2026-03-08"), excuse("2026-03-15")],
        &[
            "соблюдено",
            "не требуется: школа на карантине",
            "пропущено",
            "осталось 4 дня, рабочих 3",
            "начнётся 30 марта 2026",
        ],
    );
}

#[test]
fn a_late_report_is_missed_made_up_and_not_the_next_one() {
    let rule = Rule { event: "report".to_owned(), ..rule("до 30 мая, до 15 декабря") };
    let duties = windows(&rule, YEAR, &[]);
    let report = |on: &str, meant_for: Option<&str>| Event {
        kind: "report".to_owned(),
        school: Some(7),
        on: day(on),
        meant_for: meant_for.map(day),
        path: "report/1".to_owned(),
    };
    let check = |event: Event, expected: [&str; 2]| {
        let standing = keeping(&rule, &duties, Some(7), &[event], &[], day("2026-12-31"));
        let said: Vec<String> = standing.iter().map(|kept| kept.russian()).collect();
        assert_eq!(said, expected);
    };
    check(report("2026-06-02", Some("2026-05-30")), ["пропущено, наверстали через 3 дня", "пропущено"]);
    check(report("2026-06-02", None), ["пропущено", "соблюдено"]);
    check(report("2026-05-29", Some("2026-12-15")), ["пропущено", "соблюдено"]);
}

#[test]
fn a_visit_to_another_school_does_not_count() {
    let rule = rule("не реже 1 раза в неделю");
    let duties = windows(&rule, period("2026-03-02", "2026-03-08"), &[]);
    let event = Event {
        kind: "visit".to_owned(),
        school: Some(8),
        on: day("2026-03-03"),
        meant_for: None,
        path: "visit/1".to_owned(),
    };
    let other = Event { kind: "meeting".to_owned(), school: Some(7), ..event.clone() };
    let standing = keeping(&rule, &duties, Some(7), &[event, other], &[], day("2026-03-25"));
    assert_eq!(standing[0].keeping, Keeping::Missed { have: 0, made_up: None });
    assert_eq!(standing[0].title(), "Посещение школы (п. 1), с 2 марта 2026 по 8 марта 2026");
}

#[test]
fn the_pack_is_read_and_tells_of_its_conflicts() {
    let pack = Obligations::read("a.toml", PACK).unwrap_or_else(|errors| panic!("{errors:#?}"));
    assert_eq!(pack.rules.len(), 8);
    let rules: Vec<&Rule> = pack.rules.iter().collect();
    let found: Vec<String> = conflicts(&rules, &[]).iter().map(|conflict| conflict.russian()).collect();
    assert_eq!(
        found,
        [
            "Об одном и том же сказано по-разному. Посещение школы, встреча с руководителем: не реже 1 раза в неделю (п. 1.23). Мониторинговый визит в школу: 1 раз в две недели (п. 2.9). Буквально выполнить оба нельзя. Решите, чего держаться, и запишите решение; до тех пор показаны окна обоих.",
            "Об одном и том же сказано по-разному. Посещение школы, встреча с руководителем: не реже 1 раза в 3-4 недели (п. 1.23). Мониторинговый визит в школу: 1 раз в две недели (п. 2.9). Строже второе: кто выполняет п. 2.9, выполняет и п. 1.23. Решите, чего держаться, и запишите решение; до тех пор показаны окна обоих.",
        ]
    );
}

#[test]
fn a_person_settles_a_conflict_and_can_change_their_mind() {
    let pack = Obligations::read("a.toml", PACK).unwrap_or_else(|errors| panic!("{errors:#?}"));
    let rules: Vec<&Rule> = pack.rules.iter().collect();
    let decide = |follow: &str, set_aside: &str| Settlement {
        follow: follow.to_owned(),
        set_aside: set_aside.to_owned(),
        reason: "так решила группа".to_owned(),
    };
    let one = [decide("visits-drafting", "visits-monitoring")];
    let found = conflicts(&rules, &one);
    assert_eq!(
        found[0].russian(),
        "Об одном и том же сказано по-разному (п. 1.23 и п. 2.9). Решено держаться п. 1.23: так решила группа."
    );
    assert_eq!(found[1].settled, None, "the other pair waits for a decision of its own");
    let monitoring = rules[2];
    assert_eq!(
        set_aside(monitoring, &one).as_deref(),
        Some("решили держаться правила «visits-drafting»: так решила группа")
    );
    assert_eq!(set_aside(rules[0], &one), None);
    let both =
        [decide("visits-drafting", "visits-monitoring"), decide("visits-monitoring", "visits-drafting")];
    assert_eq!(set_aside(monitoring, &both), None);
    assert!(set_aside(rules[0], &both).is_some());
}

/// How two rules about the same differ.
#[track_caller]
fn differ(first: &str, second: &str, expected: Option<ConflictNature>) {
    let (first, second) = (rule(first), rule(second));
    let found = conflicts(&[&first, &second], &[]);
    assert_eq!(found.first().map(|conflict| conflict.nature), expected);
}

#[test]
fn rules_are_compared_by_what_they_ask_for() {
    differ("не реже 1 раза в неделю", "не реже 1 раза в неделю", None);
    differ("не реже 1 раза в неделю", "не реже 1 раза в 3-4 недели", Some(ConflictNature::FirstIsStricter));
    differ("не реже 1 раза в 3-4 недели", "не реже 1 раза в неделю", Some(ConflictNature::SecondIsStricter));
    differ("1 раз в месяц", "не реже 1 раза в неделю", Some(ConflictNature::NeverBoth));
    differ("1 раз в три месяца", "1 раз в квартал", None);
    differ("не реже 1 раза в год", "не реже 2 раз в год", Some(ConflictNature::SecondIsStricter));
    differ("до 30 мая", "до 15 июня", Some(ConflictNature::OtherDays));
    differ("до 30 мая, до 15 декабря", "до 15 декабря, до 30 мая", None);
    differ("до 30 мая", "ежемесячно", Some(ConflictNature::OtherDays));
}

/// What is said of a file with one obligation whose fields are replaced.
#[track_caller]
fn wrong(from: &str, to: &str, expected: &[&str]) {
    let text = "id = \"a\"\ntitle = \"А\"\nsource = \"Б\"\nchecked = 2026-11-22\n[[obligation]]\nid = \"visits\"\nsubject = \"visits\"\nevent = \"visit\"\nwhat = \"Посещение\"\nwho = \"куратор\"\nparty = \"curator\"\nfor_each = \"school\"\nwhen = \"ежемесячно\"\nclause = \"п. 1\"\nstatus = \"verified\"\n";
    assert!(Obligations::read("a.toml", text).is_ok());
    assert!(text.contains(from), "{from}");
    let errors = Obligations::read("a.toml", &text.replacen(from, to, 1)).expect_err("it is wrong");
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(said, expected);
}

#[test]
fn errors_name_the_place_and_the_mend() {
    wrong(
        "ежемесячно",
        "по мере необходимости",
        &[
            "a.toml, строка 13, обязательство visits: Из этих слов не получаются окна. Напишите частоту («не реже 1 раза в 3-4 недели», «ежемесячно») или дни («до 30 мая, до 15 декабря», «март, октябрь»).",
        ],
    );
    wrong(
        "clause = \"п. 1\"\n",
        "",
        &["a.toml, строка 5, обязательство visits: Нет поля «clause». Напишите его текстом в кавычках."],
    );
    wrong(
        "party = \"curator\"",
        "party = \"teacher\"",
        &[
            "a.toml, строка 11, обязательство visits: Значение поля «party» не подходит. Допустимы: performer, curator, coordinator.",
        ],
    );
    wrong(
        "who = ",
        "whom = ",
        &[
            "a.toml, строка 5, обязательство visits: Нет поля «who». Напишите его текстом в кавычках.",
            "a.toml, строка 10, обязательство visits: Поле «whom» неизвестно. Допустимы: id, subject, event, what, who, party, for_each, when, phase, clause, status, note. Проверьте написание.",
        ],
    );
    wrong(
        "status = ",
        "phase = \"drafting\"\nstatus = ",
        &[
            "a.toml, строка 15, обязательство visits: Этап «drafting» не описан. Добавьте [[phase]] с таким id.",
        ],
    );
    wrong(
        "2026-11-22",
        "\"вчера\"",
        &[
            "a.toml, строка 4, файл: Значение поля «checked» не подходит. Напишите дату без кавычек: 2025-12-01.",
        ],
    );
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,200}", at in 0..PACK.len()) {
        let _ = Obligations::read("a.toml", &text);
        let broken: String = PACK.chars().take(at).collect();
        let _ = Obligations::read("a.toml", &broken);
    }

    #[test]
    fn windows_are_in_order_within_the_period_and_do_not_overlap(
        when in prop::sample::select(vec!["не реже 1 раза в неделю", "не реже 1 раза в 3-4 недели", "ежемесячно", "1 раз в квартал", "до 30 мая, до 15 декабря", "март, октябрь, декабрь", "не реже 2 раз в год"]),
        from in 0..800_i64,
        length in 0..900_i64,
    ) {
        let start = day("2025-01-01").saturating_add(jiff::Span::new().days(from));
        let within = Period { start, end: start.saturating_add(jiff::Span::new().days(length)) };
        let duties = windows(&rule(when), within, &[]);
        for duty in &duties {
            prop_assert!(within.start <= duty.window.from && duty.window.from <= duty.window.due && duty.window.due <= within.end);
            prop_assert!(duty.window.holds(duty.act_by));
            prop_assert!(duty.wanted.is_none_or(|day| duty.window.holds(day)));
        }
        for pair in duties.windows(2) {
            prop_assert!(pair[0].window.due < pair[1].window.from, "{:?}", pair);
        }
        // Each day of a recurrence is asked for.
        if when.contains("неделю") || when == "ежемесячно" {
            prop_assert_eq!(duties.first().map(|d| d.window.from), Some(within.start));
            prop_assert_eq!(duties.last().map(|d| d.window.due), Some(within.end));
        }
    }
}
