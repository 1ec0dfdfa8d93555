//! What becomes of a share whose whole another question asks for?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod shared;

use std::collections::BTreeMap;

use opora_diagnosis::{
    Answer, Answers, Inputs, Kind, Questionnaire, answer_words, assess, canonical, check, joined, migrate,
    progress, read_answer, read_questionnaire, render, visible, whole_of, write_answer,
};
use proptest::prelude::*;
use shared::{TODAY, answers, factors, pack, read};

const NUMBER: &str = "[[section.question]]\nid = \"n\"\ntype = \"number\"\ntext = \"Сколько учеников?\"\nrequired = true\nmin = 0\nwhole = true\n";

/// A share of what the question `from` tells.
fn share(id: &str, from: &str, more: &str) -> String {
    format!(
        "[[section.question]]\nid = \"{id}\"\ntype = \"share\"\ntext = \"Сколько из них?\"\n{more}part = \"часть\"\nwhole = \"всего\"\nwhole_from = \"{from}\"\n"
    )
}

fn form(version: u32, questions: &[&str]) -> String {
    let head = format!("id = \"q\"\nversion = {version}\ntitle = \"Анкета\"\naudience = \"head\"\n");
    format!("{head}[[section]]\nid = \"s\"\ntitle = \"Раздел\"\n{}", questions.concat())
}

const YES: &str = "[[section.question]]\nid = \"y\"\ntype = \"yes_no\"\ntext = \"Есть?\"\n";
const WHEN: &str = "when = { question = \"y\", equals = true }\n";

#[test]
fn a_question_that_can_not_be_the_whole_is_told_with_its_place() {
    #[track_caller]
    fn check(questions: &[&str], expected: &str) {
        let errors = read_questionnaire("анкета.toml", &form(1, questions)).expect_err("refused");
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(told, [expected]);
    }
    check(
        &[NUMBER, &share("p", "pupils", "")],
        "анкета.toml, строка 15, вопрос p: Целое берётся из вопроса «pupils», которого нет (whole_from). Проверьте имя вопроса или уберите whole_from: тогда вопрос сам спросит, сколько всего.",
    );
    check(
        &[&share("p", "n", ""), NUMBER],
        "анкета.toml, строка 8, вопрос p: Целое берётся из вопроса «n», который стоит не раньше (whole_from). Поставьте тот вопрос выше: сначала спрашивают, сколько всего.",
    );
    check(
        &[&share("p", "p", "")],
        "анкета.toml, строка 8, вопрос p: Целое берётся из вопроса «p», который стоит не раньше (whole_from). Поставьте тот вопрос выше: сначала спрашивают, сколько всего.",
    );
    let counting = "анкета.toml, строка 15, вопрос p: Вопрос «n» не может быть целым (whole_from): он не спрашивает целое число от нуля. Нужен вопрос с type = \"number\", whole = true и min = 0 или больше, или с type = \"share\".";
    check(&[&NUMBER.replace("min = 0", "min = -1"), &share("p", "n", "")], counting);
    check(&[&NUMBER.replace("whole = true", "whole = false"), &share("p", "n", "")], counting);
    check(&[&NUMBER.replace("min = 0", "unit = \"человек\""), &share("p", "n", "")], counting);
    let other = "анкета.toml, строка 12, вопрос p: Вопрос «y» не может быть целым (whole_from): он не спрашивает целое число от нуля. Нужен вопрос с type = \"number\", whole = true и min = 0 или больше, или с type = \"share\".";
    check(&[YES, &share("p", "y", "")], other);
}

#[test]
fn the_whole_is_asked_whenever_the_share_is() {
    let hidden = "который задают не всем, кому задан этот (whole_from). Уберите условие у того вопроса или поставьте такое же этому.";
    let refused = |questions: &[&str]| {
        let errors = read_questionnaire("анкета.toml", &form(1, questions)).expect_err("refused");
        assert!(errors.iter().any(|error| error.to_string().ends_with(hidden)), "{errors:?}");
    };
    let number_when = format!("{NUMBER}{WHEN}");
    refused(&[YES, &number_when, &share("p", "n", "")]);
    refused(&[YES, &number_when, &share("p", "n", "when = { question = \"y\", equals = false }\n")]);
    let any = "when = { any = [{ question = \"y\", equals = true }, { question = \"n\", greater = 5 }] }\n";
    refused(&[YES, &number_when, &share("p", "n", any)]);
    // The same condition, or more than it; and a whole that is always asked.
    let all = "when = { all = [{ question = \"n\", greater = 5 }, { question = \"y\", equals = true }] }\n";
    for questions in [
        [YES, &number_when, &share("p", "n", WHEN)],
        [YES, &number_when, &share("p", "n", all)],
        [YES, NUMBER, &share("p", "n", WHEN)],
    ] {
        read(&form(1, &questions));
    }
    // A section that is not always asked hides all it holds.
    let text = form(1, &[YES]) + "[[section]]\nid = \"t\"\ntitle = \"Ещё\"\n" + WHEN + NUMBER;
    let inside = text.clone() + &share("p", "n", "");
    read(&inside);
    let after = text + "[[section]]\nid = \"u\"\ntitle = \"Потом\"\n" + &share("p", "n", "");
    let errors = read_questionnaire("анкета.toml", &after).expect_err("refused");
    assert!(errors.iter().any(|error| error.to_string().ends_with(hidden)), "{errors:?}");
}

#[test]
fn it_is_written_back() {
    let questionnaire = read(&form(1, &[NUMBER, &share("p", "n", "")]));
    let written = render(&questionnaire);
    assert!(written.contains("whole = \"всего\"\nwhole_from = \"n\"\n"), "{written}");
    assert_eq!(read(&written), questionnaire);
}

#[test]
fn a_part_is_typed_and_kept_alone() {
    let questionnaire = read(&form(1, &[NUMBER, &share("p", "n", "")]));
    let question = questionnaire.question("p").expect("a share");
    let given = |typed: &str| read_answer(question, typed);
    assert_eq!(given(" 12 "), Ok(Some(Answer::Part(12))));
    assert_eq!(given(""), Ok(None));
    assert_eq!(write_answer(&Answer::Part(12)), "12");
    for typed in ["12/40", "12 из 40", "-1", "1,5", "много", "99999999999"] {
        let problem = given(typed).expect_err("no answer");
        assert_eq!(
            problem.mend, "Напишите одно целое число, например 12: сколько всего, взято из другого вопроса.",
            "{typed}"
        );
    }
    let all = answers(&questionnaire, &[("n", "312"), ("p", "12")]);
    assert_eq!(whole_of(question, &all), Some(312));
    let share = joined(question, &all).expect("an answer");
    assert_eq!(*share, Answer::Share { part: 12, whole: 312 });
    assert_eq!(answer_words(question, &share), "12 из 312 (3,8 %)");
    assert_eq!(answer_words(question, &Answer::Part(12)), "12, сколько всего – ещё не сказано");
    assert_eq!(canonical(&questionnaire, &all), "questionnaire\tq\t1\nn\t312\np\t12\n");
}

#[test]
fn part_and_number_come_in_any_order() {
    let why = "[[section.question]]\nid = \"why\"\ntype = \"text\"\ntext = \"Почему?\"\nwhen = { question = \"p\", at_least = 50 }\n";
    let any = "[[section.question]]\nid = \"any\"\ntype = \"text\"\ntext = \"Кто?\"\nwhen = { question = \"p\", greater = 0 }\n";
    let questionnaire = read(&form(1, &[NUMBER, &share("p", "n", "required = true\n"), why, any]));
    let check = |typed: &[(&str, &str)], asked: &[&str], done: usize, told: &[&str]| {
        let given = answers(&questionnaire, typed);
        assert_eq!(visible(&questionnaire, &given).into_iter().collect::<Vec<_>>(), asked, "{typed:?}");
        assert_eq!(progress(&questionnaire, &given).required_answered, done, "{typed:?}");
        let problems: Vec<String> = check(&questionnaire, &given, TODAY)
            .into_iter()
            .map(|problem| format!("{}: {} {}", problem.question, problem.what, problem.mend))
            .collect();
        assert_eq!(problems, told, "{typed:?}");
    };
    let number = "n: Нет ответа на вопрос 1.1 «Сколько учеников?». Ответьте на вопрос.";
    let part = "p: Нет ответа на вопрос 1.2 «Сколько из них?». Ответьте на вопрос.";
    check(&[], &["n", "p"], 0, &[number, part]);
    check(&[("n", "40")], &["n", "p"], 1, &[part]);
    // The part first: it waits for its whole, but whether there is any is known at once.
    check(&[("p", "20")], &["any", "n", "p"], 0, &[number]);
    check(&[("p", "0")], &["n", "p"], 0, &[number]);
    check(&[("n", "40"), ("p", "20")], &["any", "n", "p", "why"], 2, &[]);
    // The number is mended: every share follows.
    check(&[("n", "41"), ("p", "20")], &["any", "n", "p"], 2, &[]);
    let too_much =
        "p: «часть» – 20, это больше, чем «всего» – 19. Проверьте оба числа: часть не бывает больше целого.";
    check(&[("n", "19"), ("p", "20")], &["any", "n", "p", "why"], 2, &[too_much]);
    let zero = "p: «всего» – ноль, доли от нуля не бывает. Это число взято из другого вопроса анкеты: исправьте его там.";
    check(&[("n", "0"), ("p", "0")], &["n", "p"], 2, &[zero]);
    let negative = "n: Число -3 не подходит. Нужно не меньше 0.";
    check(&[("n", "-3"), ("p", "0")], &["n", "p"], 1, &[negative]);
    check(&[("n", "1,5"), ("p", "0")], &["n", "p"], 1, &["n: Число 1,5 не подходит. Нужно целое число."]);
}

#[test]
fn a_number_nobody_has_to_tell_is_asked_for_at_the_share() {
    let questionnaire = read(&form(1, &[&NUMBER.replace("required = true\n", ""), &share("p", "n", "")]));
    let given = answers(&questionnaire, &[("p", "3")]);
    let told: Vec<String> =
        check(&questionnaire, &given, TODAY).into_iter().map(|p| p.what + " " + &p.mend).collect();
    assert_eq!(
        told,
        ["Не сказано, сколько всего: нет ответа на вопрос 1.1 «Сколько учеников?». Ответьте на вопрос 1.1."]
    );
}

#[test]
fn the_part_of_a_share_is_a_whole_as_well() {
    let when = |id: &str| format!("required = true\nwhen = {{ question = \"{id}\", greater = 0 }}\n");
    let own = share("p", "n", "").replace("whole_from = \"n\"\n", "");
    for (first, typed) in [(share("p", "n", ""), "20"), (own, "20/40")] {
        let [r, t] = [share("r", "p", &when("p")), share("t", "r", &when("p"))];
        let questionnaire = read(&form(1, &[NUMBER, &first, &r, &t]));
        assert_eq!(read(&render(&questionnaire)), questionnaire);
        let given = answers(&questionnaire, &[("n", "40"), ("p", typed), ("r", "5"), ("t", "2")]);
        let said = |id: &str| {
            let question = questionnaire.question(id).expect("a question");
            answer_words(question, &joined(question, &given).expect("an answer"))
        };
        assert_eq!([said("p"), said("r"), said("t")], ["20 из 40 (50 %)", "5 из 20 (25 %)", "2 из 5 (40 %)"]);
        assert_eq!(check(&questionnaire, &given, TODAY), []);
        // Of nobody nothing is asked; of fewer than the part it is told at the part.
        let none = typed.replace("20", "0");
        let given = answers(&questionnaire, &[("n", "40"), ("p", &none)]);
        assert_eq!(visible(&questionnaire, &given).into_iter().collect::<Vec<_>>(), ["n", "p"]);
        let given = answers(&questionnaire, &[("n", "40"), ("p", typed), ("r", "21"), ("t", "1")]);
        let told: Vec<String> = check(&questionnaire, &given, TODAY).into_iter().map(|p| p.what).collect();
        assert_eq!(told, ["«часть» – 21, это больше, чем «всего» – 20."]);
        // They go over from a version that had them the other way round.
        let mut old = asking_twice(&questionnaire);
        old.sections[0].questions.reverse();
        let given = answers(&old, &[("n", "40"), ("p", "20/40"), ("r", "5/20"), ("t", "2/5")]);
        let found = migrate(&old, &questionnaire, &given, TODAY);
        assert_eq!((found.kept.len(), found.dropped, found.reworded), (4, vec![], vec![]));
    }
}

/// The same questionnaire in which every share asks for both numbers.
fn asking_twice(questionnaire: &Questionnaire) -> Questionnaire {
    let mut twin = questionnaire.clone();
    for question in twin.sections.iter_mut().flat_map(|section| &mut section.questions) {
        if let Kind::Share { whole_from, .. } = &mut question.kind {
            *whole_from = None;
        }
    }
    twin
}

/// The answers as that questionnaire takes them.
fn said_twice(questionnaire: &Questionnaire, given: &Answers) -> Answers {
    let joined = |(_, question): (_, &opora_diagnosis::Question)| {
        Some((question.id.clone(), joined(question, given)?.into_owned()))
    };
    questionnaire.questions().filter_map(joined).collect()
}

#[test]
fn answers_go_over_to_a_version_that_asks_once_and_back() {
    let new = read(&form(2, &[NUMBER, &share("p", "n", ""), &share("r", "n", ""), &share("t", "n", "")]));
    let mut old = asking_twice(&new);
    old.version = 1;
    let given = answers(&old, &[("n", "40"), ("p", "12/40"), ("r", "3/38"), ("t", "45/50")]);
    let found = migrate(&old, &new, &given, TODAY);
    assert_eq!(found.kept, ["n", "p", "r"]);
    assert_eq!(found.answers["p"], Answer::Part(12));
    assert_eq!(found.reworded, ["r"], "only where the number is another one there is something to look at");
    let dropped = |found: &opora_diagnosis::Migration| -> Vec<String> {
        found.dropped.iter().map(|d| format!("{}: {} – {}", d.question, d.answer, d.why)).collect()
    };
    assert_eq!(
        dropped(&found),
        [
            "r: 3 из 38 (7,9 %) – Сколько всего, теперь берётся из другого вопроса: там 40. Часть перенесена – проверьте её.",
            "t: 45 из 50 (90 %) – «часть» – 45, это больше, чем «всего» – 40. Проверьте оба числа: часть не бывает больше целого.",
        ]
    );
    // A draft that has not told the number yet.
    let early = migrate(&old, &new, &answers(&old, &[("p", "12/40")]), TODAY);
    assert_eq!(early.kept, ["p"]);
    assert_eq!(
        dropped(&early),
        [
            "p: 12 из 40 (30 %) – Сколько всего, теперь берётся из другого вопроса: ответа на него нет. Часть перенесена – проверьте её."
        ]
    );
    // And back: the whole goes with each part; a part without one can't.
    let back = migrate(&new, &old, &answers(&new, &[("n", "40"), ("p", "12")]), TODAY);
    assert_eq!(back.answers["p"], Answer::Share { part: 12, whole: 40 });
    assert_eq!((back.dropped, back.reworded), (vec![], vec![]));
    let lone = migrate(&new, &old, &answers(&new, &[("p", "12")]), TODAY);
    assert_eq!(
        dropped(&lone),
        [
            "p: 12, сколько всего – ещё не сказано – Новая версия спрашивает и часть, и целое, а сколько всего, сказано не было."
        ]
    );
}

#[test]
fn a_waiting_part_asks_for_its_whole_and_no_part_for_itself() {
    let head = pack("school-head");
    let lacks = |typed: &[(&str, &str)]| {
        let given = answers(&head, typed);
        let inputs = Inputs { head: Some((&head, &given)), surveys: &[], evidence: &[] };
        let found = assess(&factors(), &inputs, &[], TODAY);
        let state = found.factor("teacher_competence").expect("a factor");
        state
            .missing
            .iter()
            .find(|missing| missing.rule == "no_category")
            .and_then(|missing| missing.question.clone())
    };
    assert_eq!(lacks(&[]).as_deref(), Some("no_category"));
    assert_eq!(lacks(&[("no_category", "3")]).as_deref(), Some("teachers_total"));
    assert_eq!(lacks(&[("no_category", "3"), ("teachers_total", "20")]), None);
}

#[test]
fn the_head_is_asked_each_number_once() {
    let head = pack("school-head");
    let wholes = |from: &str| head.questions().filter(|(_, q)| q.kind.whole_from() == Some(from)).count();
    assert_eq!((wholes("pupils_total"), wholes("teachers_total")), (8, 5));
    for (_, question) in head.questions() {
        if let Kind::Share { whole, whole_from, .. } = &question.kind {
            let known = ["всего учеников", "всего учителей", "учеников с ОВЗ и инвалидностью"];
            let known = known.contains(&whole.as_str());
            assert_eq!(known, whole_from.is_some(), "{}", question.id);
        }
    }
}

/// Parts of the head's questionnaire, numbers it takes them of, and other shares, in any mixture.
fn head_answers() -> impl Strategy<Value = Answers> {
    let head = pack("school-head");
    let ids =
        head.questions().filter(|(_, q)| matches!(q.kind, Kind::Share { .. })).map(|(_, q)| q.id.clone());
    let parts =
        proptest::collection::btree_map(proptest::sample::select(ids.collect::<Vec<_>>()), 0..60_u64, 0..20);
    let number = || proptest::option::of(1..80_u64);
    (parts, number(), number()).prop_map(move |(parts, pupils, teachers)| {
        let mut given: Answers = BTreeMap::new();
        for (id, number) in [("pupils_total", pupils), ("teachers_total", teachers)] {
            given.extend(number.map(|number| (id.to_owned(), Answer::Number(number.into()))));
        }
        for (id, part) in parts {
            let own = head.question(&id).is_some_and(|question| question.kind.whole_from().is_none());
            given.insert(id, if own { Answer::Share { part, whole: 60 } } else { Answer::Part(part) });
        }
        given
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// A share whose whole stands elsewhere counts as one that carries the same number.
    #[test]
    fn one_number_in_one_place_says_the_same_as_the_same_number_everywhere(given in head_answers()) {
        let once = pack("school-head");
        let twice = asking_twice(&once);
        // Who carries no whole and finds none has not answered: neither has the twin. Nor has a share of such a part.
        let told = |given: Answers| -> Answers {
            let same = said_twice(&once, &given);
            given.into_iter().filter(|(id, _)| !matches!(same.get(id), None | Some(Answer::Part(_)))).collect()
        };
        let known = told(told(given.clone()));
        let same = said_twice(&once, &known);
        let profile = |questionnaire: &Questionnaire, answers: &Answers| {
            assess(&factors(), &Inputs { head: Some((questionnaire, answers)), surveys: &[], evidence: &[] }, &[], TODAY)
        };
        prop_assert_eq!(visible(&once, &known), visible(&twice, &same));
        prop_assert_eq!(profile(&once, &known), profile(&twice, &same));
        prop_assert_eq!(progress(&once, &known), progress(&twice, &same));
        prop_assert_eq!(check(&once, &known, TODAY), check(&twice, &same, TODAY));
        // A part that waits for its whole decides no rule.
        let whole = said_twice(&once, &given);
        let waits = |id: &str| matches!(whole.get(id), Some(Answer::Part(_)));
        let waiting: Answers = given.into_iter().filter(|(id, _)| waits(id)).collect();
        prop_assert!(profile(&once, &waiting).factors.iter().all(|state| state.reasons.is_empty()));
    }

    /// There and back between a version that asks twice and one that asks once, nothing changes.
    #[test]
    fn migrating_there_and_back_keeps_every_share(given in head_answers()) {
        let once = pack("school-head");
        let twice = asking_twice(&once);
        let there = migrate(&once, &twice, &given, TODAY);
        let back = migrate(&twice, &once, &there.answers, TODAY);
        prop_assert_eq!(&back.answers, &there.answers.keys().filter_map(|id| Some((id.clone(), given.get(id)?.clone()))).collect::<Answers>());
        // A share of another one is told to be looked at where that one, without its own whole, could not go along.
        let whole = |id: &str| once.question(id).and_then(|question| question.kind.whole_from());
        let lost = |id: &str| whole(id).is_some_and(|whole| !there.answers.contains_key(whole));
        prop_assert!(back.dropped.iter().all(|dropped| lost(&dropped.question)), "{:?}", back.dropped);
        for id in given.keys() {
            prop_assert!(there.answers.contains_key(id) || there.dropped.iter().any(|dropped| dropped.question == *id));
        }
    }
}
