//! Does any text make the readers fall or hang, and is every questionnaire written so that it reads the same?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod shared;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use opora_diagnosis::{
    Answer, Audience, Choice, Condition, Kind, Literal, Question, Questionnaire, Section, Test, canonical,
    check, migrate, progress, read_answer, read_factors, read_questionnaire, render, section_scores, visible,
    write_answer,
};
use proptest::prelude::*;
use shared::{FACTORS, PACKS, TODAY, pack, read};

/// Lines of a file cut out, doubled and swapped.
fn mangled(text: &str, moves: &[(usize, usize, u8)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (from, to, how) in moves {
        let (from, to) = (from % lines.len().max(1), to % lines.len().max(1));
        match how % 4 {
            0 if lines.len() > 1 => drop(lines.remove(from)),
            1 => lines.insert(to, lines[from].clone()),
            2 => lines.swap(from, to),
            _ => {
                let keep = lines[from].chars().count() / 2;
                lines[from] = lines[from].chars().take(keep).collect();
            }
        }
    }
    lines.join("\n")
}

fn name() -> impl Strategy<Value = String> {
    "[a-zа-я][a-zа-я0-9_-]{0,6}"
}

fn words() -> impl Strategy<Value = String> {
    "[А-Яа-яA-Za-z\"«»'\\\\#=\\[\\]{}0-9?.]([А-Яа-я \n\t\"'\\\\#]{0,20}[А-Яа-я?.\"'])?"
}

fn choices(least: usize) -> impl Strategy<Value = Vec<Choice>> {
    let score = proptest::option::of((-300..300_i64).prop_map(rust_score));
    proptest::collection::btree_map(name(), (words(), score), least..5)
        .prop_map(|map| map.into_iter().map(|(id, (text, score))| Choice { id, text, score }).collect())
}

fn rust_score(units: i64) -> rust_decimal::Decimal {
    rust_decimal::Decimal::new(units, 1).normalize()
}

fn kinds() -> impl Strategy<Value = Kind> {
    let plain =
        |choices: Vec<Choice>| choices.into_iter().map(|choice| Choice { score: None, ..choice }).collect();
    prop_oneof![
        choices(2).prop_map(Kind::Single),
        (choices(2), proptest::option::of(1..5_u32)).prop_map(|(choices, at_most)| Kind::Multiple {
            choices,
            at_least: 1,
            at_most
        }),
        (-5..5_i32, 1..20_i32, proptest::option::of(words())).prop_map(|(from, more, low)| Kind::Scale {
            from,
            to: from + more,
            low,
            high: None
        }),
        (proptest::option::of(-9..9_i64), proptest::option::of(words()), any::<bool>())
            .prop_map(|(min, unit, whole)| Kind::Number { min: min.map(rust_score), max: None, whole, unit }),
        (words(), words(), any::<bool>()).prop_map(|(part, whole, once)| Kind::Share {
            part,
            whole,
            whole_from: once.then(|| "0".to_owned())
        }),
        (0..5_u32, 5..4000_u32).prop_map(|(min_length, max_length)| Kind::Text { min_length, max_length }),
        any::<bool>().prop_map(|not_future| Kind::Date {
            from: Some(date(2020, 1, 1)),
            to: None,
            not_future
        }),
        Just(Kind::YesNo { yes: Some(rust_score(15)), no: None }),
        (choices(1), choices(2)).prop_map(move |(rows, columns)| Kind::Matrix { rows: plain(rows), columns }),
        Just(Kind::Note),
    ]
}

/// A condition on one of the earlier questions, of a form that suits it.
fn condition(earlier: &[Question], pick: usize, deep: bool) -> Option<Condition> {
    let asked: Vec<&Question> = earlier.iter().filter(|question| question.kind != Kind::Note).collect();
    let question = asked.get(pick.checked_rem(asked.len())?)?;
    let is = |test| Condition::Is { question: question.id.clone(), test };
    let found = match &question.kind {
        Kind::Single(choices) => is(Test::OneOf(vec![Literal::Word(choices.first()?.id.clone())])),
        Kind::Multiple { choices, .. } => is(Test::Includes(choices.last()?.id.clone())),
        Kind::Scale { from, .. } => is(Test::Greater(Literal::Number((*from).into()))),
        Kind::Number { .. } | Kind::Share { .. } => is(Test::AtMost(Literal::Number(rust_score(25)))),
        Kind::Date { .. } => is(Test::Less(Literal::Day(date(2026, 1, 1)))),
        Kind::YesNo { .. } => is(Test::Equals(Literal::Flag(pick.is_multiple_of(2)))),
        _ => Condition::Answered(question.id.clone()),
    };
    Some(if deep { Condition::Any(vec![found.clone(), Condition::Not(Box::new(found))]) } else { found })
}

/// A number that is asked of all: what other questions may take for their whole.
fn count_of_all() -> Question {
    let kind = Kind::Number { min: Some(rust_score(10)), max: None, whole: true, unit: None };
    Question {
        id: "0".into(),
        was: Vec::new(),
        text: "Всего?".into(),
        help: None,
        required: true,
        when: None,
        kind,
    }
}

fn questionnaires() -> impl Strategy<Value = Questionnaire> {
    let question = (words(), proptest::option::of(words()), any::<bool>(), kinds(), 0..20_usize, 0..4_u8);
    let questions = proptest::collection::btree_map(name(), question, 1..12);
    (questions, words(), 1..3_usize).prop_map(|(questions, title, count)| {
        let mut all: Vec<Question> = vec![count_of_all()];
        for (id, (text, help, required, kind, pick, how)) in questions {
            let when = if how == 0 { None } else { condition(&all, pick, how == 3) };
            all.push(Question { id, was: Vec::new(), text, help, required, when, kind });
        }
        let size = all.len().div_ceil(count);
        let sections = all.chunks(size).zip(1..).map(|(questions, number)| Section {
            id: format!("s{number}"),
            title: title.clone(),
            about: None,
            when: None,
            questions: questions.to_vec(),
        });
        let sections = sections.collect();
        Questionnaire { id: "q".into(), version: 1, title, audience: Audience::Head, about: None, sections }
    })
}

fn strange_answers() -> impl Strategy<Value = BTreeMap<String, Answer>> {
    let answer = prop_oneof![
        words().prop_map(Answer::Choice),
        proptest::collection::btree_set(name(), 1..3).prop_map(Answer::Choices),
        any::<i32>().prop_map(Answer::Scale),
        any::<i64>().prop_map(|units| Answer::Number(rust_decimal::Decimal::new(units, 3))),
        (any::<u64>(), any::<u64>()).prop_map(|(part, whole)| Answer::Share { part, whole }),
        any::<u64>().prop_map(Answer::Part),
        words().prop_map(Answer::Text),
        any::<bool>().prop_map(Answer::YesNo),
        proptest::collection::btree_map(name(), name(), 1..3).prop_map(Answer::Matrix),
    ];
    let ids: BTreeSet<String> =
        pack("school-head").questions().map(|(_, question)| question.id.clone()).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    proptest::collection::btree_map(proptest::sample::select(ids), answer, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_text_makes_the_readers_fall(text in ".{0,300}") {
        let _ = read_questionnaire("q.toml", &text);
        let _ = read_factors("f.toml", &text);
    }

    #[test]
    fn no_mangled_file_makes_the_readers_fall(
        moves in proptest::collection::vec((0..2000_usize, 0..2000_usize, any::<u8>()), 1..12), which in 0..4_usize
    ) {
        match read_questionnaire("q.toml", &mangled(PACKS[which].1, &moves)) {
            Ok(found) => prop_assert_eq!(&read(&render(&found)), &found),
            Err(errors) => prop_assert!(errors.iter().all(|e| !e.what.is_empty() && !e.mend.is_empty())),
        }
        if let Err(errors) = read_factors("f.toml", &mangled(FACTORS, &moves)) {
            prop_assert!(!errors.is_empty());
        }
    }

    #[test]
    fn what_is_written_reads_the_same(questionnaire in questionnaires()) {
        let written = render(&questionnaire);
        match read_questionnaire("q.toml", &written) {
            Ok(found) => prop_assert_eq!(found, questionnaire),
            Err(errors) => prop_assert!(false, "{}\n{written}", errors[0]),
        }
    }

    #[test]
    fn no_answers_make_it_fall(given in strange_answers(), typed in ".{0,40}") {
        let head = pack("school-head");
        let seen = visible(&head, &given);
        for problem in check(&head, &given, TODAY) {
            prop_assert!(seen.contains(problem.question.as_str()));
            prop_assert!(!problem.what.is_empty() && !problem.why.is_empty() && !problem.mend.is_empty());
        }
        let found = progress(&head, &given);
        prop_assert!(found.answered <= found.asked && found.required_answered <= found.required);
        let _ = (section_scores(&head, &given), canonical(&head, &given));
        for (_, question) in head.questions() {
            if let Ok(Some(answer)) = read_answer(question, &typed) {
                let written = write_answer(&answer);
                prop_assert_eq!(read_answer(question, &written), Ok(Some(answer)), "{}", written);
            }
        }
    }

    /// Every answer is either carried over or told of.
    #[test]
    fn no_answer_is_lost_between_versions(given in strange_answers()) {
        let head = pack("school-head");
        let mut newer = head.clone();
        for section in &mut newer.sections {
            section.questions.retain(|question| question.id.len() % 3 != 0);
        }
        let found = migrate(&head, &newer, &given, TODAY);
        for id in given.keys() {
            let told = found.dropped.iter().any(|dropped| dropped.question == *id);
            prop_assert!(told || found.answers.contains_key(id), "{id}");
        }
    }
}

#[test]
fn deep_and_large_files_are_refused_and_not_hung_on() {
    let deep = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(read_questionnaire("q.toml", &deep).is_err());
    let many = "x = 1\n".repeat(150_000);
    assert!(read_questionnaire("q.toml", &many).is_err());
    let long = "[[section]]\n".repeat(50_000);
    let errors = read_questionnaire("q.toml", &long).expect_err("refused");
    assert!(errors.len() <= 200);
    assert!(read_questionnaire("q.toml", &"#".repeat(1_000_001)).is_err());
}
