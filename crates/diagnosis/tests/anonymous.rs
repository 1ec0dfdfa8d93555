//! What is told of anonymous answers, and can an answer of fewer than five be worked out of it?

#![allow(clippy::expect_used, reason = "the helpers of a test may fail as the test may")]

mod shared;

use opora_diagnosis::{
    ANSWERS_MIN, Aggregate, Answers, Collection, Hidden, Questionnaire, Respondents, Tally, Told, aggregate,
    while_open,
};
use proptest::prelude::*;
use shared::{PACKS, answers, pack, read};

const POLL: &str = r#"
id = "poll"
version = 1
title = "Опрос"
audience = "pupils"

[[section]]
id = "s"
title = "Раздел"

[[section.question]]
id = "like"
type = "scale"
text = "Нравится?"
from = 1
to = 5

[[section.question]]
id = "club"
type = "single"
text = "Кружок?"
choices = [{ id = "a", text = "А" }, { id = "b", text = "Б" }, { id = "c", text = "В" }, { id = "d", text = "Г" }]

[[section.question]]
id = "why"
type = "yes_no"
text = "Интересно?"
when = { question = "club", equals = "a" }

[[section.question]]
id = "sure"
type = "yes_no"
text = "Точно?"
when = { question = "why", equals = true }

[[section.question]]
id = "after"
type = "multiple"
text = "После уроков?"
choices = [{ id = "x", text = "Дом" }, { id = "y", text = "Двор" }, { id = "z", text = "Спорт" }]

[[section.question]]
id = "say"
type = "text"
text = "Скажи."
"#;

static READ: std::sync::LazyLock<Questionnaire> = std::sync::LazyLock::new(|| read(POLL));

fn poll() -> Questionnaire {
    READ.clone()
}

/// People who answer so, each kind a number of times.
fn people(poll: &Questionnaire, kinds: &[(usize, &[(&str, &str)])]) -> Vec<Answers> {
    kinds.iter().flat_map(|(count, typed)| vec![answers(poll, typed); *count]).collect()
}

fn told(aggregate: &Aggregate, question: &str) -> String {
    let asked = aggregate.questions.iter().find(|asked| asked.question == question).expect("a question");
    match &asked.told {
        Told::Hidden(hidden) => format!("{hidden:?}"),
        Told::Count(count) => format!("всего {count}"),
        Told::Groups { answered, groups, mean } => {
            let groups = groups.iter().map(|group| {
                let ids: Vec<&str> = group.options.iter().map(|option| option.id.as_str()).collect();
                format!("{}={}", ids.join("+"), group.count)
            });
            let mean = mean
                .as_ref()
                .map(|mean| format!("; {} {}", if mean.exact { "среднее" } else { "около" }, mean.value));
            format!("{answered}: {}{}", groups.collect::<Vec<_>>().join(" "), mean.unwrap_or_default())
        }
        Told::Each { answered, options } => {
            let options = options.iter().map(|(named, count)| {
                format!("{}={}", named.id, count.map_or("?".to_owned(), |count| count.to_string()))
            });
            format!("{answered}: {}", options.collect::<Vec<_>>().join(" "))
        }
    }
}

#[track_caller]
fn check(kinds: &[(usize, &[(&str, &str)])], question: &str, expected: &str) {
    let poll = poll();
    let found = aggregate(&poll, &people(&poll, kinds), Collection::Closed);
    assert_eq!(told(&found, question), expected);
}

#[test]
fn fewer_than_five_are_not_shown() {
    check(&[(4, &[("like", "5")])], "like", "Few");
    check(&[(5, &[("like", "5")])], "like", "5: 1=0 2=0 3=0 4=0 5=5; среднее 5");
    check(&[(4, &[("like", "5")]), (9, &[("club", "a")])], "like", "Few");
    check(&[(9, &[("club", "a")])], "like", "Nobody");
    let poll = poll();
    let four = aggregate(&poll, &people(&poll, &[(4, &[])]), Collection::Closed);
    assert_eq!(four.respondents, Respondents::Few);
    let five = aggregate(&poll, &people(&poll, &[(5, &[])]), Collection::Closed);
    assert_eq!(five.respondents, Respondents::Exactly(5));
}

#[test]
fn a_group_whose_rest_is_small_is_not_shown() {
    check(&[(20, &[("club", "a")]), (3, &[("club", "b")])], "club", "всего 23");
    check(
        &[(20, &[("club", "a")]), (9, &[("club", "c")]), (3, &[("club", "b")])],
        "club",
        "32: a=20 b+c=12 d=0",
    );
    check(&[(20, &[("after", "x")]), (3, &[("after", "x y")])], "after", "23: x=23 y=? z=0");
    check(&[(20, &[("after", "x")]), (6, &[("after", "y")])], "after", "26: x=20 y=6 z=0");
}

#[test]
fn a_mean_tells_no_more_than_its_groups() {
    check(
        &[(1, &[("like", "1")]), (5, &[("like", "2")]), (6, &[("like", "4")]), (8, &[("like", "5")])],
        "like",
        "20: 1+2=6 3=0 4+5=14; около 3.6",
    );
    check(&[(7, &[("like", "2")]), (8, &[("like", "5")])], "like", "15: 1=0 2=7 3=0 4=0 5=8; среднее 3.6");
    check(&[(1, &[("like", "1")]), (8, &[("like", "5")])], "like", "всего 9");
}

#[test]
fn words_are_never_shown() {
    check(&[(6, &[("say", "я из пятого")])], "say", "всего 6");
}

#[test]
fn a_question_asked_because_of_a_hidden_answer_is_hidden() {
    // Three chose «b»: how many were asked «why» would tell it.
    check(
        &[(6, &[("club", "a"), ("why", "да")]), (3, &[("club", "b")]), (9, &[("club", "c")])],
        "why",
        "Dependent",
    );
    check(&[(6, &[("club", "a"), ("why", "да")]), (9, &[("club", "c")])], "why", "6: yes=6 no=0");
    // «sure» depends on «why», which is not asked of all.
    check(
        &[(6, &[("club", "a"), ("why", "да"), ("sure", "да")]), (9, &[("club", "c")])],
        "sure",
        "Dependent",
    );
}

#[test]
fn nothing_is_shown_while_answers_come_in() {
    let poll = poll();
    let found = aggregate(&poll, &people(&poll, &[(13, &[("like", "4")])]), Collection::Open);
    assert_eq!(found.respondents, Respondents::AtLeast(10));
    assert!(found.questions.iter().all(|asked| asked.told == Told::Hidden(Hidden::Open)));
    let few = aggregate(&poll, &people(&poll, &[(4, &[])]), Collection::Open);
    assert_eq!(few.respondents, Respondents::Few);
}

#[test]
fn a_share_is_taken_from_what_is_shown() {
    let poll = poll();
    let kinds: [(usize, &[(&str, &str)]); 4] = [
        (1, &[("like", "1"), ("club", "a"), ("after", "x")]),
        (5, &[("like", "2"), ("club", "b"), ("after", "x")]),
        (6, &[("like", "4"), ("club", "c"), ("after", "y")]),
        (8, &[("like", "5"), ("club", "d"), ("after", "x")]),
    ];
    let found = aggregate(&poll, &people(&poll, &kinds), Collection::Closed);
    let share = |question: &str, options: &[&str]| {
        found.share_of(question, &options.iter().map(|option| (*option).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(share("like", &["1", "2"]), Some((6, 20)));
    assert_eq!(share("like", &["1"]), None, "stands in a group with another");
    assert_eq!(share("club", &["a", "b", "c"]), Some((12, 20)));
    assert_eq!(share("club", &["a"]), None);
    assert_eq!(share("after", &["x"]), Some((14, 20)));
    assert_eq!(share("after", &["x", "y"]), None, "people may have chosen both");
    assert_eq!(share("nothing", &["x"]), None);
}

/// All numbers that are told of a question.
fn numbers(told: &Told) -> Vec<u64> {
    match told {
        Told::Hidden(_) => Vec::new(),
        Told::Count(count) => vec![*count],
        Told::Groups { answered, groups, .. } => {
            let rest = groups.iter().map(|group| answered - group.count);
            groups.iter().map(|group| group.count).chain(rest).chain([*answered]).collect()
        }
        Told::Each { answered, options } => {
            let shown = options.iter().filter_map(|(_, count)| *count);
            shown.flat_map(|count| [count, answered - count]).chain([*answered]).collect()
        }
    }
}

fn random_answers() -> impl Strategy<Value = Vec<Answers>> {
    let person = (0..6_u8, 0..5_u8, 0..3_u8, 0..3_u8, 0..8_u8).prop_map(|(like, club, why, sure, after)| {
        let poll = poll();
        let flag = |value: u8| ["", "да", "нет"][usize::from(value)];
        let chosen: Vec<&str> = ["x", "y", "z"]
            .into_iter()
            .enumerate()
            .filter(|(at, _)| after >> at & 1 == 1)
            .map(|(_, o)| o)
            .collect();
        let like = if like == 0 { String::new() } else { like.to_string() };
        answers(
            &poll,
            &[
                ("like", &like),
                ("club", ["", "a", "b", "c", "d"][usize::from(club)]),
                ("why", flag(why)),
                ("sure", flag(sure)),
                ("after", &chosen.join(" ")),
            ],
        )
    });
    proptest::collection::vec(person, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What is shown, and what is left of the whole beside it, is nobody or five and more.
    #[test]
    fn nothing_under_five_is_shown_and_nothing_under_five_is_left(people in random_answers()) {
        let poll = poll();
        let found = aggregate(&poll, &people, Collection::Closed);
        for asked in &found.questions {
            for number in numbers(&asked.told) {
                prop_assert!(number == 0 || number >= ANSWERS_MIN, "{}: {:?}", asked.question, asked.told);
            }
        }
        // Who was asked «why» chose «a»: their number is told only when everything of «club» is.
        let club = told(&found, "club");
        let why = told(&found, "why");
        if club.contains('+') || club.starts_with("всего") || club.chars().all(char::is_alphabetic) {
            prop_assert!(matches!(why.as_str(), "Dependent" | "Few"), "{why}");
        }
    }

    /// Whatever people's order, the same is told.
    #[test]
    fn the_order_of_people_does_not_matter(people in random_answers()) {
        let poll = poll();
        let mut turned = people.clone();
        turned.reverse();
        prop_assert_eq!(
            aggregate(&poll, &people, Collection::Closed),
            aggregate(&poll, &turned, Collection::Closed)
        );
    }
}

/// All ways to share `total` people among the kinds.
fn worlds(total: usize, kinds: usize) -> Vec<Vec<usize>> {
    if kinds == 1 {
        return vec![vec![total]];
    }
    let rest =
        |first| worlds(total - first, kinds - 1).into_iter().map(move |rest| [vec![first], rest].concat());
    (0..=total).flat_map(rest).collect()
}

/// One who knows the questionnaire, the rules and all that is shown looks for a number under five: every set of people
/// that looks the same is compared, two questions and their totals together.
#[test]
fn nothing_under_five_follows_from_two_questions_together() {
    let poll = poll();
    let kinds: [&[(&str, &str)]; 6] = [
        &[("club", "a"), ("why", "да")],
        &[("club", "a"), ("why", "нет")],
        &[("club", "a")],
        &[("club", "b")],
        &[("club", "c")],
        &[],
    ];
    let typed: Vec<Answers> = kinds.iter().map(|typed| answers(&poll, typed)).collect();
    for total in [10, 11, 12] {
        let mut alike: std::collections::BTreeMap<String, Vec<Vec<usize>>> =
            std::collections::BTreeMap::new();
        for world in worlds(total, kinds.len()) {
            let people: Vec<Answers> =
                world.iter().zip(&typed).flat_map(|(count, answers)| vec![answers.clone(); *count]).collect();
            let found = aggregate(&poll, &people, Collection::Closed);
            let seen = format!("{:?} {} | {}", found.respondents, told(&found, "club"), told(&found, "why"));
            alike.entry(seen).or_default().push(world);
        }
        // The answers: chose a, b, c; said yes, said no. Who did not answer gave no answer.
        let given = |w: &[usize]| [w[0] + w[1] + w[2], w[3], w[4], w[0], w[1]];
        for (seen, worlds) in alike {
            for at in 0..5 {
                let number = given(&worlds[0])[at];
                let same = worlds.iter().all(|world| given(world)[at] == number);
                assert!(!same || number == 0 || number >= 5, "{seen}: number {at} is {number}");
            }
        }
    }
}

#[test]
fn questions_of_the_pack_can_all_be_told() {
    for (file, _) in PACKS.iter().filter(|(file, _)| *file != "school-head.toml") {
        let poll = pack(file.trim_end_matches(".toml"));
        for (section, question) in poll.questions() {
            assert!(
                section.when.is_none() && question.when.is_none(),
                "{file}: {} is asked of all",
                question.id
            );
        }
    }
}

#[test]
fn ten_thousand_people_take_no_more_room_than_one_and_each_counts() {
    let poll = poll();
    let one = people(&poll, &[(1, &[("like", "5"), ("club", "a"), ("why", "yes"), ("say", "Слова")])]);
    let other = people(&poll, &[(1, &[("like", "1"), ("club", "b")])]);
    let mut tally = Tally::new(&poll);
    let room = tally.numbers_held();
    for at in 0..10_000 {
        tally.add(if at % 4 == 0 { &one[0] } else { &other[0] });
        assert_eq!(tally.numbers_held(), room);
    }
    let told = tally.told(Collection::Closed);
    assert_eq!(told.respondents, Respondents::Exactly(10_000));
    assert_eq!(told.share_of("club", &["a".to_owned()]), Some((2_500, 10_000)));
    assert_eq!(told.share_of("why", &["yes".to_owned()]), Some((2_500, 2_500)));
    assert_eq!(
        tally.told(Collection::Open),
        while_open(&poll, 10_000),
        "an open one needs no answer to be read"
    );
}
