//! Which laws hold for comparing and joining, whatever the roadmaps are?

mod support;

use std::collections::BTreeSet;

use opora_cycle::vocabulary::Plan;
use opora_roadmap::{
    Change, ChangeKind, Field, Library, Merged, Path, School, Side, addressed, compare, evidence_in,
    evidence_text, merge, same_content, segments,
};
use proptest::prelude::*;
use support::{act, any_plan, edited, show};

/// A roadmap and two edits of it.
fn edits() -> impl Strategy<Value = (Plan, Plan, Plan)> {
    let acts = || prop::collection::vec(act(), 0..6);
    (any_plan(), acts(), acts()).prop_map(|(base, mine, theirs)| {
        let (mine, theirs) = (edited(&base, &mine), edited(&base, &theirs));
        (base, mine, theirs)
    })
}

/// Every text of a roadmap.
fn texts(plan: &Plan) -> BTreeSet<String> {
    let mut texts = BTreeSet::from([plan.title.clone()]);
    texts.extend(plan.sections.iter().map(|section| section.title.clone()));
    for activity in plan.activities() {
        let fields = [
            Field::Number,
            Field::Title,
            Field::Responsible,
            Field::Schedule,
            Field::Outcome,
            Field::TargetGroup,
        ];
        texts.extend(fields.iter().map(|field| field.text(activity)));
        texts.extend(activity.other.iter().map(|cell| cell.text.clone()));
    }
    texts
}

/// What an edit wrote anew is in the joined version or in a conflict: the texts of one activity are looked for in that
/// activity.
fn nothing_is_lost(base: &Plan, edit: &Plan, merged: &Merged, mine: bool) -> Result<(), TestCaseError> {
    // Where a thing stands is no text.
    let written = |change: &&Change| change.after.is_some() && change.kind != ChangeKind::Moved;
    for change in compare(base, edit).iter().filter(written) {
        let text = change.after.clone().unwrap_or_default();
        let side = |conflict: &opora_roadmap::Conflict| {
            if mine { conflict.mine.clone() } else { conflict.theirs.clone() }
        };
        let in_conflict = merged.conflicts.iter().any(|conflict| side(conflict).as_ref() == Some(&text));
        let key = |path: &Path| match path {
            Path::Activity(key) => Some((*key, Field::Title)),
            Path::ActivityField(key, field) => Some((*key, field.clone())),
            _ => None,
        };
        let stands = match key(&change.path) {
            Some((key, field)) => {
                let renumbered = merged.renumbered.iter().find(|(old, _)| !mine && *old == key);
                let key = renumbered.map_or(key, |(_, new)| *new);
                let activity = merged.plan.activities().find(|activity| activity.key == key);
                activity.is_some_and(|activity| field.text(activity) == text)
            }
            None => matches!(change.path, Path::PlanPeriod) || texts(&merged.plan).contains(&text),
        };
        prop_assert!(
            stands || in_conflict,
            "lost: {}\n{}\n{:?}",
            change.sentence,
            show(&merged.plan),
            merged.conflicts
        );
    }
    Ok(())
}

/// Activities with all their texts and the title of their section, without what is in conflict.
fn bag(merged: &Merged) -> Vec<String> {
    let in_conflict = |text: &str| merged.conflicts.iter().any(|conflict| conflict.path.to_string() == text);
    let mut bag = Vec::new();
    for activity in merged.plan.activities() {
        for field in [
            Field::Number,
            Field::Title,
            Field::Responsible,
            Field::Schedule,
            Field::Outcome,
            Field::TargetGroup,
        ] {
            let path = Path::ActivityField(activity.key, field.clone()).to_string();
            if !in_conflict(&path) {
                bag.push(format!("{path} {}", field.text(activity)));
            }
        }
    }
    bag.sort();
    bag
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nothing_changed_exactly_if_both_read_the_same((base, mine, theirs) in edits()) {
        for (a, b) in [(&base, &base), (&base, &mine), (&mine, &theirs)] {
            let changes = compare(a, b);
            prop_assert_eq!(changes.is_empty(), same_content(a, b), "{:?}", changes);
            prop_assert_eq!(compare(b, a).is_empty(), changes.is_empty());
        }
    }

    #[test]
    fn joining_with_what_did_not_change_gives_the_edit((base, mine, _) in edits()) {
        for merged in [merge(&base, &mine, &base), merge(&base, &base, &mine), merge(&base, &mine, &mine)] {
            prop_assert_eq!(show(&merged.plan), show(&mine));
            prop_assert_eq!(&merged.plan.period, &mine.period);
            prop_assert!(merged.conflicts.is_empty(), "{:?}", merged.conflicts);
            prop_assert!(merged.renumbered.is_empty());
        }
        prop_assert_eq!(merge(&mine, &mine, &mine).plan, mine);
    }

    #[test]
    fn nobodys_text_is_lost((base, mine, theirs) in edits()) {
        let merged = merge(&base, &mine, &theirs);
        nothing_is_lost(&base, &mine, &merged, true)?;
        nothing_is_lost(&base, &theirs, &merged, false)?;
        let keys: Vec<u32> = merged.plan.activities().map(|activity| activity.key.0).collect();
        let distinct: BTreeSet<u32> = keys.iter().copied().collect();
        prop_assert_eq!(keys.len(), distinct.len());
    }

    #[test]
    fn joining_is_symmetric_up_to_conflicts_and_new_keys((base, mine, theirs) in edits()) {
        let (one, other) = (merge(&base, &mine, &theirs), merge(&base, &theirs, &mine));
        prop_assert_eq!(one.renumbered.len(), other.renumbered.len());
        if one.renumbered.is_empty() {
            prop_assert_eq!(bag(&one), bag(&other));
            // Sections may stand in another order: their paths are left aside.
            let mirrored = |merged: &Merged, turned: bool| {
                let mut texts: Vec<_> = merged.conflicts.iter().map(|conflict| {
                    let (a, b) = (conflict.mine.clone(), conflict.theirs.clone());
                    let path = conflict.path.to_string();
                    let path = if path.starts_with("section") { String::new() } else { path };
                    if turned { (path, b, a) } else { (path, a, b) }
                }).collect();
                texts.sort();
                texts
            };
            prop_assert_eq!(mirrored(&one, false), mirrored(&other, true));
        }
    }

    #[test]
    fn the_pieces_of_two_texts_give_both_back(old in "[а-я .,0-9\n]{0,40}", new in "[а-я .,0-9\n]{0,40}") {
        let pieces = segments(&old, &new);
        let of = |side| pieces.iter().filter(|piece| piece.side == Side::Both || piece.side == side).map(|piece| piece.text.as_str()).collect::<String>();
        prop_assert_eq!((of(Side::Old), of(Side::New)), (old, new));
    }

    #[test]
    fn no_text_is_too_much(text in r#"\PC{0,60}|(кроме|школы|№|İ|«|»|7|, | |СОШ|Ⱥ|-|ОО|исключением|за ){0,12}"#) {
        let mut plan = support::plan("1 | | Опрос");
        let activity = &mut plan.sections[0].activities[0];
        activity.responsible = opora_cycle::intake::parties(&text);
        activity.target_group = Some(text.clone());
        let school = School {
            number: Some(7),
            kind: opora_cycle::vocabulary::SchoolKind::Unspecified,
            name: text.clone(),
            is_supported: true,
            is_curator: true,
        };
        for addressed in addressed(&plan, &school) {
            prop_assert!(!addressed.reasons.is_empty());
        }
        let written = evidence_text(&evidence_in(&text));
        prop_assert_eq!(evidence_text(&evidence_in(&written)), written);
    }

    #[test]
    fn no_file_of_measures_is_too_much(text in r#"([\[\]={}",\n .]|measure|source|id|title|evidence|factors|indicator|kind|[a-z0-9]){0,60}"#) {
        let (library, errors) = Library::read(&[("a.toml", &text)], None);
        prop_assert!(!library.measures.is_empty() || !errors.is_empty(), "neither a measure nor a word why");
    }

    #[test]
    fn any_text_is_a_path_or_none(text in "(plan|section|activity)?/?[0-9]{0,3}/?[a-zа-я_/0-9]{0,12}") {
        if let Ok(path) = text.parse::<Path>() {
            prop_assert_eq!(path.to_string(), text);
            prop_assert!(!path.human(&Plan::default()).is_empty());
        }
    }
}
