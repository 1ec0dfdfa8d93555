//! Is nobody's text lost when people fill in one questionnaire at the same time?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use opora_diagnosis::{Answer, Edit, Saved, merge};
use proptest::prelude::*;

fn edit(question: &str, text: &str, base: u64) -> Edit {
    let answer = (!text.is_empty()).then(|| Answer::Text(text.to_owned()));
    Edit { question: question.to_owned(), answer, base }
}

fn text_of(saved: &Saved, question: &str) -> String {
    match saved.fields.get(question).and_then(|field| field.answer.clone()) {
        Some(Answer::Text(text)) => text,
        _ => String::new(),
    }
}

#[test]
fn two_people_fill_in_different_questions() {
    let first = merge(&Saved::default(), &[edit("a", "Анна", 0)], 1);
    let second = merge(&first.saved, &[edit("b", "Борис", 0)], 2);
    assert_eq!(second.conflicts, []);
    assert_eq!((text_of(&second.saved, "a"), text_of(&second.saved, "b")), ("Анна".into(), "Борис".into()));
    assert_eq!(second.saved.revision, 2);
}

#[test]
fn one_question_of_two_people_comes_back_with_both_texts() {
    let first = merge(&Saved::default(), &[edit("a", "Анна", 0)], 1).saved;
    let second = merge(&first, &[edit("a", "Борис", 0)], 2);
    let [conflict] = second.conflicts.as_slice() else { panic!("one conflict") };
    assert_eq!(conflict.mine, Some(Answer::Text("Борис".into())));
    assert_eq!(conflict.kept, Some(Answer::Text("Анна".into())));
    assert_eq!((conflict.kept_by, conflict.revision), (1, 1));
    assert_eq!(second.saved, first, "nothing was written over");
    // The choice names the revision it was made at.
    let chosen = merge(&second.saved, &[edit("a", "Анна и Борис", conflict.revision)], 2);
    assert_eq!((chosen.conflicts.len(), text_of(&chosen.saved, "a")), (0, "Анна и Борис".into()));
}

#[test]
fn the_same_sent_twice_changes_nothing() {
    let edits = [edit("a", "Анна", 0), edit("b", "", 0)];
    let once = merge(&Saved::default(), &edits, 1);
    let twice = merge(&once.saved, &edits, 1);
    assert_eq!((twice.saved, twice.conflicts), (once.saved, vec![]));
}

#[test]
fn clearing_is_an_edit_too() {
    let first = merge(&Saved::default(), &[edit("a", "Анна", 0)], 1).saved;
    let cleared = merge(&first, &[edit("a", "", 1)], 2).saved;
    assert_eq!((text_of(&cleared, "a"), cleared.answers().len()), (String::new(), 0));
    let late = merge(&cleared, &[edit("a", "Вера", 1)], 3);
    assert_eq!(late.conflicts.len(), 1, "the field was cleared by somebody meanwhile");
}

proptest! {
    /// Every text of an edit is kept, or told back in a conflict, or was written over by one who had seen it.
    #[test]
    fn no_text_is_lost(steps in proptest::collection::vec((0..3_usize, 0..4_u64, 0..6_u64, 1..4_i64), 1..30)) {
        let names = ["a", "b", "c"];
        let mut saved = Saved::default();
        for (number, (question, _, behind, by)) in steps.iter().enumerate() {
            let base = saved.revision.saturating_sub(*behind);
            let wanted = edit(names[*question], &format!("текст {number}"), base);
            let before = saved.fields.get(&wanted.question).cloned();
            let found = merge(&saved, std::slice::from_ref(&wanted), *by);
            let kept = found.saved.fields.get(&wanted.question).and_then(|field| field.answer.clone());
            match found.conflicts.as_slice() {
                [] => {
                    prop_assert_eq!(&kept, &wanted.answer);
                    prop_assert!(before.is_none_or(|field| field.revision <= base), "written over what was seen");
                }
                [conflict] => {
                    prop_assert_eq!(&conflict.mine, &wanted.answer);
                    prop_assert_eq!(&found.saved, &saved);
                }
                _ => prop_assert!(false, "one edit has one conflict at most"),
            }
            for (id, field) in &saved.fields {
                if *id != wanted.question {
                    prop_assert_eq!(found.saved.fields.get(id), Some(field), "other questions are not touched");
                }
            }
            saved = found.saved;
        }
    }

    /// People who fill in different questions may save in any order.
    #[test]
    fn different_questions_never_meet(order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle()) {
        let names = ["a", "b", "c", "d"];
        let mut saved = Saved::default();
        for at in order {
            let found = merge(&saved, &[edit(names[at], names[at], 0)], at as i64);
            prop_assert!(found.conflicts.is_empty());
            saved = found.saved;
        }
        for name in names {
            prop_assert_eq!(text_of(&saved, name), name);
        }
    }
}
