//! Do the lives of a self-diagnosis and of a roadmap go as people expect?

#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use jiff::{Timestamp, ToSpan as _};
use opora_approval::{
    Action, Content, Fact, Kind, NewRemark, Party, Standing, State, Why, admit, markdown, permitted,
    standing, step,
};

const WRITTEN: &str = "2026-03-01T09:00:00Z";

/// One act a line: `party content action`, then after `|` a text, or `path: text` for each remark after `+`, or `#2` for
/// the remark that is meant. The content is a letter: its hash, and its version by the alphabet. Each act is an hour
/// after the one before it. A line that ends in `!` and a word must be refused for that reason.
fn play(kind: Kind, script: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    for line in lines {
        let (line, refused) = match line.rsplit_once('!') {
            Some((line, why)) => (line.trim(), Some(why.trim())),
            None => (line, None),
        };
        let fact = fact(line, facts.len());
        let content = content(&fact.content_sha256);
        let admitted = admit(kind, &facts, &content, &fact);
        match (refused, admitted) {
            (None, Ok(_)) => facts.push(fact),
            (Some(why), Err(refusal)) => assert_eq!(format!("{:?}", refusal.why), why, "{line}: {refusal}"),
            (None, Err(refusal)) => panic!("{line}: refused: {refusal}"),
            (Some(_), Ok(state)) => panic!("{line}: not refused, but {state:?}"),
        }
    }
    facts
}

fn fact(line: &str, hours: usize) -> Fact {
    let (head, said) = line.split_once('|').unwrap_or((line, ""));
    let [party, content, action] = head.split_whitespace().collect::<Vec<_>>()[..] else {
        panic!("three words: {line}")
    };
    let (said, remarks) = said.split_once('+').unwrap_or((said, ""));
    let (said, remark) = said.split_once('#').unwrap_or((said, ""));
    let party = Party::of_word(party).expect("a party");
    let remarks = remarks.split('+').filter_map(|remark| remark.split_once(':'));
    Fact {
        action: Action::of_word(action).expect("an action"),
        by: party as i64,
        party,
        at: at(hours),
        version: version(content),
        content_sha256: content.to_owned(),
        text: said.trim().to_owned(),
        remarks: remarks
            .map(|(path, text)| NewRemark { path: path.trim().into(), text: text.trim().into() })
            .collect(),
        remark: remark.trim().parse().ok(),
    }
}

fn at(hours: usize) -> Timestamp {
    let first: Timestamp = WRITTEN.parse().expect("a moment");
    first + i64::try_from(hours).expect("few").hours()
}

fn version(letter: &str) -> i32 {
    letter.bytes().next().map_or(0, |byte| i32::from(byte) - i32::from(b'a') + 1)
}

fn content(letter: &str) -> Content<'_> {
    Content { version: version(letter), sha256: letter, written_at: at(100) }
}

/// State, the version in force, who is to move, open remarks.
fn told(standing: &Standing) -> String {
    let in_force = standing.in_force_version().map_or_else(|| "–".to_owned(), |version| version.to_string());
    let whose = standing.whose_move.map_or("никто", Party::russian);
    let edited = if standing.edited { ", изменено" } else { "" };
    let open = standing.open_remarks().count();
    format!("{}{edited}; действует {in_force}; ход: {whose}; замечаний {open}", standing.state.russian())
}

#[track_caller]
fn check(kind: Kind, script: &str, now: &str, expected: &str) {
    let facts = play(kind, script);
    assert_eq!(told(&standing(kind, &facts, &content(now))), expected, "{script}");
}

#[track_caller]
fn roadmap(script: &str, now: &str, expected: &str) {
    check(Kind::Roadmap, script, now, expected);
}

#[test]
fn a_roadmap_is_written_returned_mended_and_approved() {
    roadmap("", "a", "Черновик; действует –; ход: школа; замечаний 0");
    roadmap("author a submit", "a", "На проверке; действует –; ход: куратор; замечаний 0");
    let returned = "author a submit
        reviewer a return | + activity/3/schedule: Нет года + activity/4/outcome: Чем проверить?";
    roadmap(returned, "a", "Возвращено; действует –; ход: школа; замечаний 2");
    roadmap(
        &format!(
            "{returned}
            author b resubmit ! RemarksOpen
            author b resolve-remark | Поставлен 2026 год #1
            author b resolve-remark | Добавлена справка #2
            author b resubmit"
        ),
        "b",
        "На проверке; действует –; ход: куратор; замечаний 0",
    );
    roadmap(
        "author a submit
        reviewer a approve
        coordinator a put-in-force",
        "a",
        "Действует; действует 1; ход: никто; замечаний 0",
    );
}

#[test]
fn an_approved_roadmap_waits_to_be_put_in_force_but_a_diagnosis_does_not() {
    let approved = "author a submit
        reviewer a approve";
    roadmap(approved, "a", "ОДОБРЕНО; действует –; ход: школа; замечаний 0");
    check(Kind::Diagnosis, approved, "a", "ОДОБРЕНО; действует 1; ход: никто; замечаний 0");
    check(
        Kind::Diagnosis,
        &format!(
            "{approved}
            author a put-in-force ! NotNow"
        ),
        "a",
        "ОДОБРЕНО; действует 1; ход: никто; замечаний 0",
    );
}

#[test]
fn any_edit_asks_again() {
    roadmap("author a submit", "b", "Черновик, изменено; действует –; ход: школа; замечаний 0");
    let approved = "author a submit
        reviewer a approve";
    roadmap(approved, "b", "Черновик, изменено; действует –; ход: школа; замечаний 0");
    let in_force = "author a submit
        reviewer a approve
        author a put-in-force";
    roadmap(in_force, "b", "Исправляется, изменено; действует 1; ход: школа; замечаний 0");
    check(Kind::Diagnosis, approved, "b", "Исправляется, изменено; действует 1; ход: школа; замечаний 0");
    // Approval belongs to the content: the old words are approved still.
    roadmap(
        &format!(
            "{in_force}
        author b put-in-force ! NotNow"
        ),
        "a",
        "Действует; действует 1; ход: никто; замечаний 0",
    );
}

#[test]
fn a_correction_leaves_the_agreed_version_in_force_until_the_new_one_is_agreed() {
    let mut script = "author a submit
        reviewer a approve
        author a put-in-force
        author b submit ! TextMissing
        author b begin-correction ! TextMissing
        author b begin-correction | Сменился куратор
        author b begin-correction | Сменился куратор ! Done
        author a submit ! NothingChanged
        author b submit"
        .to_owned();
    roadmap(&script, "b", "На проверке; действует 1; ход: куратор; замечаний 0");
    roadmap(
        &format!(
            "{script}
        author b withdraw"
        ),
        "b",
        "Исправляется; действует 1; ход: школа; замечаний 0",
    );
    script.push_str("\n reviewer b approve");
    roadmap(&script, "b", "ОДОБРЕНО; действует 1; ход: школа; замечаний 0");
    script.push_str("\n author b put-in-force");
    roadmap(&script, "b", "Действует; действует 2; ход: никто; замечаний 0");
    // The next correction needs a reason of its own.
    roadmap(
        &format!(
            "{script}
        author c submit ! TextMissing"
        ),
        "b",
        "Действует; действует 2; ход: никто; замечаний 0",
    );
}

#[test]
fn a_correction_can_be_given_up_once_the_words_in_force_are_back() {
    let begun = "author a submit
        reviewer a approve
        author a put-in-force
        author a begin-correction | Новые сроки
        author b withdraw ! Edited";
    roadmap(begun, "b", "Исправляется; действует 1; ход: школа; замечаний 0");
    roadmap(
        &format!(
            "{begun}
        author a withdraw"
        ),
        "a",
        "Действует; действует 1; ход: никто; замечаний 0",
    );
    roadmap(
        &format!(
            "{begun}
            author b submit
            reviewer b return | + : Причина не ясна
            author a resolve-remark | Исправление отменено #1
            author a resubmit ! NothingChanged
            author a withdraw"
        ),
        "a",
        "Действует; действует 1; ход: никто; замечаний 0",
    );
}

#[test]
fn a_second_click_does_nothing_and_says_so_kindly() {
    let script = "author a submit
        author a submit ! Done
        reviewer a approve
        reviewer a approve ! Done
        author a put-in-force
        author a put-in-force ! Done
        reviewer a approve ! Done
        reviewer a add-remark | + activity/1/title: Уточните
        reviewer a add-remark | + activity/1/title: Уточните ! Done
        author a resolve-remark | Уточнено #1
        author a resolve-remark | Уточнено #1 ! Done
        reviewer a reopen-remark | Не вижу #1
        reviewer a reopen-remark | Не вижу #1 ! Done
        coordinator a close | Школа вышла из проекта
        coordinator a close | Школа вышла из проекта ! Done";
    roadmap(script, "a", "Завершено; действует –; ход: никто; замечаний 1");
}

#[test]
fn texts_are_asked_for_where_they_are_needed() {
    roadmap(
        "author a submit
        reviewer a return ! TextMissing
        reviewer a return | + activity/1/title:  ! TextMissing
        reviewer a add-remark ! TextMissing
        reviewer a add-remark | + activity/1/title: Кто именно?
        reviewer a approve ! RemarksOpen
        author a resolve-remark | #1 ! TextMissing
        author a resolve-remark | Ответ #7 ! RemarkUnknown
        reviewer a return
        coordinator a close ! TextMissing",
        "a",
        "Возвращено; действует –; ход: школа; замечаний 1",
    );
}

#[test]
fn a_remark_is_written_once_and_only_by_who_checks() {
    roadmap(
        "author a submit | + plan/title: Сама себе
        reviewer a add-remark | + plan/title: Уточните
        reviewer a return | + plan/title: Уточните + plan/period: Продлите",
        "a",
        "Возвращено; действует –; ход: школа; замечаний 2",
    );
}

#[test]
fn remarks_to_what_is_in_force_make_it_the_schools_move() {
    let script = "author a submit
        reviewer a approve
        author a put-in-force
        reviewer a add-remark | + activity/2/responsible: Назовите человека";
    roadmap(script, "a", "Действует; действует 1; ход: школа; замечаний 1");
    let facts = play(Kind::Roadmap, script);
    let standing = standing(Kind::Roadmap, &facts, &content("a"));
    assert_eq!((standing.since, standing.remarks.first().map(|remark| remark.version)), (at(3), Some(1)));
}

#[test]
fn a_remark_is_answered_by_the_school_and_settled_by_who_checks() {
    let said = |script: &str| {
        let facts = play(Kind::Roadmap, script);
        let standing = standing(Kind::Roadmap, &facts, &content("a"));
        let word = |remark: &opora_approval::Remark| match (remark.is_open, remark.is_accepted) {
            (true, _) => "открыто",
            (false, false) => "есть ответ",
            (false, true) => "снято",
        };
        standing.remarks.iter().map(word).collect::<Vec<_>>().join(", ")
    };
    let mut script = "author a submit
        reviewer a return | + activity/3/schedule: Нет года + plan/period: Продлите + : Мало мер"
        .to_owned();
    assert_eq!(said(&script), "открыто, открыто, открыто");
    script.push_str(
        "
        author a resolve-remark | Поставлен год #1
        author a resolve-remark | Продлено #2
        reviewer a resolve-remark | #3 ! TextMissing
        reviewer a resolve-remark | Договорились устно #3
        author a resolve-remark | Уже ответили #3 ! Done",
    );
    assert_eq!(said(&script), "есть ответ, есть ответ, снято");
    script.push_str(
        "
        reviewer a resolve-remark | #1
        reviewer a resolve-remark | #1 ! Done
        reviewer a reopen-remark | Период прежний #2
        author a resubmit ! RemarksOpen
        author a resolve-remark | Теперь продлено #2
        author a resubmit",
    );
    assert_eq!(said(&script), "снято, есть ответ, снято");
    // Agreeing to the words agrees to the answers.
    script.push_str("\n reviewer a approve");
    assert_eq!(said(&script), "снято, снято, снято");
    roadmap(&script, "a", "ОДОБРЕНО; действует –; ход: школа; замечаний 0");
}

#[test]
fn a_decision_about_words_that_were_edited_meanwhile_is_refused() {
    let facts = play(Kind::Roadmap, "author a submit");
    let approval = fact("reviewer a approve", 2);
    let refusal = admit(Kind::Roadmap, &facts, &content("b"), &approval).expect_err("edited");
    assert_eq!(refusal.why, Why::Edited);
    // An answer to a remark says nothing of the words around it.
    let facts = play(
        Kind::Roadmap,
        "author a submit
        reviewer a return | + activity/1/title: Уточните",
    );
    let answer = fact("author a resolve-remark | Уточнено #1", 3);
    assert_eq!(admit(Kind::Roadmap, &facts, &content("b"), &answer), Ok(State::Returned));
}

#[test]
fn an_answer_to_a_remark_moves_nothing() {
    let script = "author a submit
        reviewer a add-remark | + activity/1/title: Уточните
        author b resolve-remark | Уточнено #1";
    roadmap(script, "a", "На проверке; действует –; ход: куратор; замечаний 0");
    let facts = play(Kind::Roadmap, script);
    assert_eq!(standing(Kind::Roadmap, &facts, &content("a")).since, at(0), "waits since it was submitted");
}

#[test]
fn a_standing_is_said_in_one_sentence() {
    let zone = jiff::tz::TimeZone::UTC;
    let said = |script: &str, now: &str, day: &str| {
        let facts = play(Kind::Roadmap, script);
        standing(Kind::Roadmap, &facts, &content(now)).sentence(day.parse().expect("a day"), &zone)
    };
    let submitted = "author a submit";
    assert_eq!(said(submitted, "a", "2026-03-01"), "На проверке: ход за куратором с 01.03.2026.");
    assert_eq!(said(submitted, "a", "2026-03-03"), "На проверке: ход за куратором с 01.03.2026, 2 дня.");
    assert_eq!(
        said(submitted, "b", "2026-03-26"),
        "Черновик: ход за школой с 05.03.2026, 21 день. Текст изменён, его надо согласовать снова."
    );
    let in_force = "author a submit
        reviewer a approve
        author a put-in-force";
    assert_eq!(said(in_force, "a", "2026-03-26"), "Действует.");
}

#[test]
fn nobody_approves_what_she_submitted_herself() {
    let facts = play(Kind::Roadmap, "author a submit");
    let own = Fact { by: Party::Author as i64, ..fact("reviewer a approve", 2) };
    let refusal = admit(Kind::Roadmap, &facts, &content("a"), &own).expect_err("her own");
    assert_eq!(refusal.why, Why::SamePerson);
}

#[test]
fn waiting_is_counted_in_days_of_the_calendar_and_never_below_zero() {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(5));
    let facts = play(Kind::Roadmap, "author a submit");
    let submitted = standing(Kind::Roadmap, &facts, &content("a"));
    let days = |day: &str| submitted.days_waiting(day.parse().expect("a day"), &zone);
    assert_eq!(
        [days("2026-03-01"), days("2026-03-11"), days("2026-02-20"), days("2027-03-01")],
        [Some(0), Some(10), Some(0), Some(365)]
    );
    let edited = standing(Kind::Roadmap, &facts, &content("b"));
    assert_eq!(edited.since, at(100), "since the edit");
}

#[test]
fn buttons_are_what_the_table_allows() {
    let facts = play(
        Kind::Roadmap,
        "author a submit
        reviewer a approve
        author a put-in-force",
    );
    let of = |now: &str, party| permitted(Kind::Roadmap, &facts, &content(now), party);
    assert_eq!(of("a", Party::Author), [Action::BeginCorrection]);
    assert_eq!(of("b", Party::Author), [Action::BeginCorrection]);
    assert_eq!(of("a", Party::Reviewer), [Action::AddRemark]);
    assert_eq!(of("a", Party::Coordinator), [Action::BeginCorrection, Action::Close, Action::AddRemark]);
}

#[test]
fn whoever_is_not_named_in_the_table_is_refused() {
    let mut seen = 0;
    for (kind, state) in Kind::ALL.into_iter().flat_map(|kind| State::ALL.map(|state| (kind, state))) {
        for (action, in_force) in Action::ALL.into_iter().flat_map(|action| [(action, false), (action, true)])
        {
            seen += 1;
            match step(kind, state, action, in_force) {
                Ok(step) => assert!(!step.by.is_empty() && state != State::Closed, "{state:?} {action:?}"),
                Err(reason) => assert!(reason.ends_with('.') && reason.chars().count() > 20, "{reason}"),
            }
        }
    }
    assert_eq!(seen, 2 * 7 * 11 * 2);
    roadmap(
        "author a submit
        author a approve ! NotYours
        author a close | Устали ! NotNow
        reviewer a withdraw ! NotYours
        reviewer a approve
        reviewer a put-in-force ! NotYours
        author a close | Устали ! NotYours",
        "a",
        "ОДОБРЕНО; действует –; ход: школа; замечаний 0",
    );
}

#[test]
fn the_table_reads_as_documentation() {
    insta::assert_snapshot!("roadmap", markdown(Kind::Roadmap));
    insta::assert_snapshot!("diagnosis", markdown(Kind::Diagnosis));
}

#[test]
fn words_are_stable_and_read_back() {
    for action in Action::ALL {
        assert_eq!(Action::of_word(action.word()), Some(action));
    }
    for (kind, party) in Kind::ALL.into_iter().zip(Party::ALL) {
        assert_eq!((Kind::of_word(kind.word()), Party::of_word(party.word())), (Some(kind), Some(party)));
    }
    assert_eq!((Action::of_word(""), Party::of_word("Author")), (None, None));
}
