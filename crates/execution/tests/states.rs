//! How does an occurrence stand, and what may be recorded about it?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use common::{day, due_on, fact, facts, of};
use opora_execution::{
    Deed, Evidence, EvidenceKind, Fact, Occurrence, Party, Phase, Refusal, RefusalKind, StateKind, record,
    state,
};

/// The state on a day of an occurrence due on 30 May after a script of facts.
#[track_caller]
fn check(script: &[&str], today: &str, expected: &str) {
    let occurrence = due_on("2026-05-30");
    let facts = facts(occurrence.key, script);
    assert_eq!(state(&occurrence, &facts, day(today)).russian(), expected, "{script:?}");
}

#[test]
fn without_facts_the_calendar_decides() {
    check(&[], "2026-05-15", "впереди");
    check(&[], "2026-05-16", "до срока 14 дней");
    check(&[], "2026-05-29", "до срока 1 день");
    check(&[], "2026-05-30", "срок сегодня");
    check(&[], "2026-05-31", "просрочено на 1 день");
    check(&[], "2026-07-30", "просрочено на 61 день");
}

#[test]
fn the_usual_story() {
    let story =
        ["2026-05-20 performer file", "2026-05-20 performer done", "2026-05-22 curator return нет подписи"];
    check(&story[..2], "2026-06-30", "ждёт подтверждения");
    check(&story, "2026-06-30", "возвращено на доработку");
    let rest = [&story[..], &["2026-05-25 performer done", "2026-05-26 curator confirm"]].concat();
    check(&rest, "2026-06-30", "подтверждено");
    let mistaken = [&rest[..], &["2026-05-27 coordinator return не та школа"]].concat();
    check(&mistaken, "2026-06-30", "возвращено на доработку");
}

#[test]
fn a_postponement_counts_once_it_is_granted() {
    let ask = ["2026-05-20 performer ask 2026-06-20"];
    check(&ask, "2026-06-01", "просрочено на 2 дня");
    check(&[ask[0], "2026-05-21 curator refuse"], "2026-06-01", "просрочено на 2 дня");
    check(&[ask[0], "2026-05-21 curator grant"], "2026-06-01", "впереди");
    check(&[ask[0], "2026-05-21 curator grant"], "2026-06-21", "просрочено на 1 день");
    check(&[ask[0], "2026-05-21 performer grant"], "2026-06-01", "просрочено на 2 дня");
}

#[test]
fn cancelled_is_not_late_and_can_be_taken_back() {
    check(&["2026-05-01 coordinator cancel"], "2026-06-30", "отменено");
    check(
        &["2026-05-01 coordinator cancel", "2026-05-02 coordinator return"],
        "2026-06-30",
        "возвращено на доработку",
    );
    check(&["2026-05-01 performer cancel"], "2026-06-30", "просрочено на 31 день");
}

#[test]
fn undated_has_no_day_until_one_is_granted() {
    let occurrence = of("по мере необходимости").remove(0);
    assert_eq!(state(&occurrence, &[], day("2030-01-01")).kind(), StateKind::Undated);
    let granted = facts(occurrence.key, &["2026-05-01 performer ask 2026-06-01", "2026-05-02 curator grant"]);
    assert_eq!(state(&occurrence, &granted, day("2026-06-03")).russian(), "просрочено на 2 дня");
}

struct Case {
    occurrence: Occurrence,
    facts: Vec<Fact>,
    required: Vec<EvidenceKind>,
}

fn after(script: &[&str]) -> Case {
    let occurrence = due_on("2026-05-30");
    let facts = facts(occurrence.key, script);
    Case { occurrence, facts, required: Vec::new() }
}

impl Case {
    fn try_with(&self, known: usize, new: &Fact) -> Result<Phase, Refusal> {
        let facts: Vec<&Fact> = self.facts.iter().collect();
        record(&self.occurrence, &self.required, &facts, known, new)
    }

    fn fact(&self, line: &str) -> Fact {
        fact(self.occurrence.key, line)
    }

    #[track_caller]
    fn takes(&self, line: &str, expected: Phase) {
        assert_eq!(self.try_with(self.facts.len(), &self.fact(line)), Ok(expected), "{line}");
    }

    #[track_caller]
    fn refuses(&self, line: &str, kind: RefusalKind, part: &str) {
        self.refuses_fact(self.facts.len(), &self.fact(line), kind, part);
    }

    #[track_caller]
    fn refuses_fact(&self, known: usize, new: &Fact, kind: RefusalKind, part: &str) {
        let refusal = self.try_with(known, new).expect_err("it is refused");
        assert_eq!(refusal.kind, kind, "{}", refusal.message);
        assert!(refusal.message.contains(part), "{}", refusal.message);
    }
}

#[test]
fn a_double_click_is_refused_kindly() {
    let case = after(&["2026-05-20 performer done"]);
    // The second click saw no facts, as the first did not.
    case.refuses_fact(0, &case.fact("2026-05-20 performer done"), RefusalKind::Already, "нажали дважды");
    // A click on a fresh page, by anybody.
    case.refuses("2026-05-21 performer done ещё раз", RefusalKind::Already, "Второй раз");
    let confirmed = after(&["2026-05-20 performer done", "2026-05-21 curator confirm"]);
    confirmed.refuses("2026-05-21 coordinator confirm", RefusalKind::Already, "подтверждено");
    let commented = after(&["2026-05-20 performer comment ждём"]);
    commented.refuses_fact(
        0,
        &case.fact("2026-05-20 performer comment ждём"),
        RefusalKind::Already,
        "дважды",
    );
    commented.takes("2026-05-22 performer comment ждём", Phase::Open);
}

#[test]
fn a_stale_page_changes_nothing() {
    let case = after(&["2026-05-20 performer done", "2026-05-21 curator return"]);
    case.refuses_fact(1, &case.fact("2026-05-21 coordinator confirm"), RefusalKind::Stale, "1 новая запись");
    case.refuses_fact(9, &case.fact("2026-05-21 performer done"), RefusalKind::Stale, "Обновите");
    assert_eq!(case.try_with(1, &case.fact("2026-05-22 coordinator comment вижу")), Ok(Phase::Returned));
}

#[test]
fn the_plan_can_ask_for_proofs() {
    let mut case = after(&["2026-05-20 performer file"]);
    case.required = vec![EvidenceKind::Minutes, EvidenceKind::File, EvidenceKind::Number];
    case.refuses("2026-05-20 performer done", RefusalKind::EvidenceMissing, "приложить число и протокол.");
    case.required = vec![EvidenceKind::File];
    case.takes("2026-05-20 performer done", Phase::Done);
    let mut withdrawn = after(&["2026-05-20 performer file", "2026-05-20 performer withdraw 1"]);
    withdrawn.required = vec![EvidenceKind::File];
    withdrawn.refuses("2026-05-20 performer done", RefusalKind::EvidenceMissing, "приложить файл.");
    withdrawn.refuses("2026-05-20 performer withdraw 1", RefusalKind::Already, "уже отозвано");
    withdrawn.refuses("2026-05-20 performer withdraw 7", RefusalKind::Incomplete, "№ 7 нет");
    withdrawn.takes("2026-05-21 performer file", Phase::Open);
    case.refuses("2026-05-21 performer file", RefusalKind::Already, "уже приложено");
}

#[test]
fn nobody_confirms_their_own_work() {
    let mut case = after(&["2026-05-20 performer done"]);
    case.takes("2026-05-21 coordinator confirm", Phase::Confirmed);
    case.facts[0].by = common::COORDINATOR;
    case.refuses("2026-05-21 coordinator confirm", RefusalKind::NotPermitted, "другой человек");
}

#[test]
fn others_move_is_refused_with_whose_it_is() {
    let case = after(&["2026-05-20 performer done"]);
    case.refuses("2026-05-21 performer confirm", RefusalKind::NotPermitted, "куратор или координатор");
    case.refuses("2026-05-21 performer withdraw 1", RefusalKind::NotNow, "ждёт подтверждения");
    after(&[]).refuses("2026-05-21 curator confirm", RefusalKind::NotNow, "ещё не отмечено");
    after(&[]).refuses("2026-05-21 curator grant", RefusalKind::NotNow, "никто не просит");
}

#[test]
fn a_postponement_needs_another_day_that_is_not_over() {
    let case = after(&[]);
    case.refuses("2026-05-20 performer ask 2026-05-19", RefusalKind::Incomplete, "уже прошёл");
    case.refuses("2026-05-20 performer ask 2026-05-30", RefusalKind::Incomplete, "совпадает");
    case.takes("2026-05-20 performer ask 2026-05-20", Phase::OpenAsked);
    after(&["2026-05-01 performer ask 2026-06-09"]).refuses(
        "2026-05-02 performer ask 2026-06-10",
        RefusalKind::Already,
        "попросили",
    );
}

#[test]
fn delegating_twice_is_refused() {
    let case = after(&["2026-05-20 performer delegate 7"]);
    case.refuses("2026-05-21 coordinator delegate 7", RefusalKind::Already, "уже передано");
    case.takes("2026-05-21 coordinator delegate 8", Phase::Open);
}

#[test]
fn incomplete_facts_say_what_is_missing() {
    let case = after(&["2026-05-20 performer done"]);
    let with =
        |party: Party, deed: Deed| Fact { deed, party, by: 9, ..case.fact("2026-05-21 curator confirm") };
    let returned = with(Party::Curator, Deed::ReturnedForRework { reason: " ".to_owned() });
    case.refuses_fact(1, &returned, RefusalKind::Incomplete, "чего не хватает");
    let long = with(Party::Curator, Deed::Comment { text: "а".repeat(4_001), mentions: vec![] });
    case.refuses_fact(1, &long, RefusalKind::Incomplete, "длиннее 4000");
    let crowd = with(Party::Curator, Deed::Comment { text: "все".to_owned(), mentions: (0..51).collect() });
    case.refuses_fact(1, &crowd, RefusalKind::Incomplete, "больше 50");
    for (evidence, part) in [
        (Evidence::Link("javascript:alert(1)".to_owned()), "https://"),
        (Evidence::Link("https:// пробел".to_owned()), "https://"),
        (Evidence::Number { value: "много".to_owned(), unit: "%".to_owned() }, "числом"),
        (Evidence::Number { value: "12".to_owned(), unit: String::new() }, "единицу"),
        (Evidence::Minutes("\n".to_owned()), "пустой"),
        (Evidence::File { sha256: "a".repeat(64), name: "а.pdf".to_owned(), bytes: 0 }, "пустой"),
        (Evidence::File { sha256: "A".repeat(64), name: "а.pdf".to_owned(), bytes: 9 }, "Отпечаток"),
        (Evidence::File { sha256: "a".repeat(64), name: "../а.pdf".to_owned(), bytes: 9 }, "Имя файла"),
    ] {
        case.refuses_fact(
            1,
            &with(Party::Performer, Deed::EvidenceAdded(evidence)),
            RefusalKind::Incomplete,
            part,
        );
    }
}
