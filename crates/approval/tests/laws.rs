//! Can any row of acts put something in force that nobody agreed to?

#![allow(clippy::expect_used, reason = "a test may fail")]

use jiff::Timestamp;
use opora_approval::{Action, Content, Fact, Kind, NewRemark, Party, State, Why, admit, permitted, standing};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

/// All actions; the end of the work is rare, so that lives are long.
const ACTIONS: [Action; 10] = [
    Action::Submit,
    Action::Withdraw,
    Action::Approve,
    Action::Return,
    Action::PutInForce,
    Action::BeginCorrection,
    Action::Resubmit,
    Action::AddRemark,
    Action::ResolveRemark,
    Action::ReopenRemark,
];

/// An act with the content at that moment; now and then it speaks of another content.
fn acts() -> impl Strategy<Value = Vec<(Fact, &'static str)>> {
    let letter = || prop::sample::select(vec!["a", "b", "c"]);
    let act = (
        prop::option::weighted(0.99, prop::sample::select(ACTIONS.to_vec())),
        prop::sample::select(Party::ALL.to_vec()),
        0_i64..4,
        prop::option::weighted(0.1, letter()),
        prop::option::weighted(0.1, letter()),
        prop::bool::weighted(0.8),
        0_u32..4,
    );
    let act = act.prop_map(|(action, party, by, edited, other, speaks, number)| {
        let action = action.unwrap_or(Action::Close);
        let text = if speaks { format!("слова {number}") } else { String::new() };
        let noted = matches!(action, Action::Return | Action::AddRemark) && speaks;
        let remarks = noted
            .then(|| NewRemark { path: "plan/title".to_owned(), text: text.clone() })
            .into_iter()
            .collect();
        let content_sha256 = other.unwrap_or_default().to_owned();
        let at = Timestamp::UNIX_EPOCH;
        (
            Fact { action, by, party, at, version: 1, content_sha256, text, remarks, remark: Some(number) },
            edited,
        )
    });
    prop::collection::vec(act, 0..60).prop_map(|acts| {
        let mut now = "a";
        let with_content = acts.into_iter().map(|(mut fact, edited)| {
            now = edited.unwrap_or(now);
            if fact.content_sha256.is_empty() {
                fact.content_sha256 = now.to_owned();
            }
            (fact, now)
        });
        with_content.collect()
    })
}

fn content(sha256: &str) -> Content<'_> {
    Content { version: 1, sha256, written_at: Timestamp::UNIX_EPOCH }
}

/// The acts that were admitted, in order. An act that is refused is replaced by one that has a button, so that long
/// lives are seen, not only refusals.
fn admitted(kind: Kind, acts: &[(Fact, &str)]) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for (fact, now) in acts {
        let content = content(now);
        let choices: Vec<Action> = permitted(kind, &facts, &content, fact.party);
        let choices: Vec<Action> = choices.into_iter().filter(|action| *action != Action::Close).collect();
        let at = usize::try_from(fact.by).unwrap_or(0) % choices.len().max(1);
        let offered = choices.get(at).map(|action| Fact { action: *action, ..fact.clone() });
        let admitted = [Some(fact.clone()), offered].into_iter().flatten();
        let mut admitted = admitted.filter(|fact| admit(kind, &facts, &content, fact).is_ok());
        let next = admitted.next();
        facts.extend(next);
    }
    facts
}

#[test]
fn long_lives_are_among_the_tried() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let acts = acts().new_tree(&mut runner).expect("acts").current();
        let facts = admitted(Kind::Roadmap, &acts);
        let corrected = facts.iter().filter(|fact| fact.action == Action::PutInForce).count();
        reached.insert(corrected.min(2));
    }
    assert!(reached.contains(&2), "two versions one after another in force: {reached:?}");
}

fn did(facts: &[Fact], action: &[Action], sha256: &str) -> bool {
    facts.iter().any(|fact| action.contains(&fact.action) && fact.content_sha256 == sha256)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn only_what_was_submitted_and_approved_is_ever_in_force(acts in acts(), roadmap: bool) {
        let kind = if roadmap { Kind::Roadmap } else { Kind::Diagnosis };
        let all = admitted(kind, &acts);
        for count in 0..=all.len() {
            let facts = all.get(..count).unwrap_or_default();
            for letter in ["a", "b", "c"] {
                let standing = standing(kind, facts, &content(letter));
                let asked = |sha256: &str| did(facts, &[Action::Submit, Action::Resubmit], sha256);
                let agreed = |sha256: &str| did(facts, &[Action::Approve], sha256) && asked(sha256);
                if let Some(bound) = &standing.in_force {
                    prop_assert!(agreed(&bound.sha256));
                    prop_assert!(!roadmap || did(facts, &[Action::PutInForce], &bound.sha256));
                }
                if matches!(standing.state, State::Approved | State::InForce) {
                    prop_assert!(agreed(letter));
                }
                if standing.state == State::InForce {
                    prop_assert_eq!(standing.in_force.map(|bound| bound.sha256), Some(letter.to_owned()));
                }
            }
        }
    }

    #[test]
    fn a_refused_act_changes_nothing_and_a_repeated_one_is_refused(acts in acts(), roadmap: bool) {
        let kind = if roadmap { Kind::Roadmap } else { Kind::Diagnosis };
        let mut facts: Vec<Fact> = Vec::new();
        for (fact, now) in &acts {
            let before = standing(kind, &facts, &content(now));
            let result = admit(kind, &facts, &content(now), fact);
            if let Ok(state) = &result {
                facts.push(fact.clone());
                let after = standing(kind, &facts, &content(now));
                if fact.content_sha256 == *now {
                    prop_assert_eq!(after.state, *state);
                }
                let again = admit(kind, &facts, &content(now), fact);
                prop_assert!(again.is_err(), "twice: {:?}", fact);
            } else {
                let refusal = result.expect_err("refused");
                prop_assert!(!refusal.message.is_empty());
                if refusal.why != Why::Edited {
                    let mut with_it = facts.clone();
                    with_it.push(fact.clone());
                    prop_assert_eq!(standing(kind, &with_it, &content(now)), before);
                }
            }
        }
    }

    #[test]
    fn somebody_can_always_do_something_until_the_end(acts in acts(), roadmap: bool) {
        let kind = if roadmap { Kind::Roadmap } else { Kind::Diagnosis };
        let facts = admitted(kind, &acts);
        for letter in ["a", "b", "c", "d"] {
            let state = standing(kind, &facts, &content(letter)).state;
            let any = Party::ALL.into_iter().any(|party| !permitted(kind, &facts, &content(letter), party).is_empty());
            prop_assert_eq!(any, state != State::Closed);
        }
    }
}
