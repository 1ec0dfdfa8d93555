//! Does a second, plain implementation say the same of random schools?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

#[path = "../committed/mod.rs"]
mod committed;
mod rules;
mod worlds;

use std::num::NonZeroUsize;
use std::sync::Arc;

use opora_methodology::{
    Atom, CriterionIndex, Facts, Pack, PackFiles, Run, Scope, Standing, canonical, identify_on,
};
use proptest::prelude::*;

use rules::{Naive, Said};
use worlds::{Facts as Known, known};

fn said(pack: &Pack, run: &Run, school: u32) -> Said {
    let verdict = run.of(opora_cells::OrganisationId(school)).expect("a verdict");
    let criteria = pack.criteria().iter().zip(verdict.trace().answers());
    let conditions = pack.conditions().iter().zip(verdict.trace().conditions());
    Said {
        category: pack[verdict.category()].id.clone(),
        tier: verdict.tier().map(|at| pack.tiers()[at].id.clone()),
        answers: criteria
            .map(|(criterion, answer)| (criterion.id.clone(), answer.truth))
            .chain(conditions.map(|(condition, truth)| (condition.id.clone(), Some(*truth))))
            .collect(),
        was_on_the_list: match verdict.previous() {
            Standing::In => Some(true),
            Standing::Out => Some(false),
            Standing::Unknown => None,
        },
    }
}

fn run(pack: &Arc<Pack>, known: &Known, year: u16, threads: usize) -> Run {
    let scales = committed::scales();
    let facts = Facts {
        aggregates: &known.aggregates,
        markers: &known.markers,
        past: &known.past,
        references: &known.references,
        ..Facts::new(&known.cells, &known.registry, &scales)
    };
    identify_on(NonZeroUsize::new(threads).expect("threads"), pack, &facts, year, Scope::All)
}

fn agree(pack: &Arc<Pack>, known: &Known, year: u16) {
    let run = run(pack, known, year, 1);
    let naive = Naive { pack, world: &known.world };
    assert_eq!(run.verdicts().len(), known.world.schools.len(), "everyone gets a verdict");
    for school in &known.world.schools {
        let (fast, slow) = (said(pack, &run, *school), naive.say(*school, year));
        assert_eq!(fast, slow, "{}, school {school}, {year}", pack.id);
    }
}

/// A pack that uses what the committed ones leave out.
const EVERYTHING: &str = include_str!("everything.toml");
const EVERYTHING_EXAMPLES: &str = include_str!("everything-examples.toml");

fn everything() -> Pack {
    let examples = [("examples.toml", EVERYTHING_EXAMPLES)];
    let files = PackFiles { folder: "everything", pack: EVERYTHING, examples: &examples };
    Pack::read(&files, committed::dictionary(), &committed::scales()).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

thread_local! {
    static PACKS: Vec<Arc<Pack>> = committed::IDS
        .iter()
        .map(|id| committed::pack(id))
        .chain([everything()])
        .map(Arc::new)
        .collect();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn both_implementations_say_the_same(known in known(), year in 2021_u16..=2024) {
        PACKS.with(|packs| {
            for pack in packs {
                agree(pack, &known, year);
            }
        });
    }

    #[test]
    fn the_number_of_threads_changes_nothing(known in known(), threads in 2_usize..6) {
        PACKS.with(|packs| {
            for pack in packs {
                let (one, many) = (run(pack, &known, 2024, 1), run(pack, &known, 2024, threads));
                prop_assert_eq!(canonical(&one), canonical(&many));
            }
            Ok(())
        })?;
    }
}

#[test]
fn random_schools_get_every_answer() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut met = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let known = known().new_tree(&mut runner).expect("a world").current();
        PACKS.with(|packs| {
            for pack in packs {
                let run = run(pack, &known, 2024, 1);
                for verdict in run.verdicts() {
                    met.insert(format!("{} {}", pack.id, pack[verdict.category()].id));
                    for (criterion, at) in pack.criteria().iter().zip(0..) {
                        let index: Option<CriterionIndex> = pack.criterion(&criterion.id);
                        let answer = verdict.trace().answers()[at].truth;
                        let truth = answer.map(|_| verdict.answer(Atom::Criterion(index.expect("there"))));
                        met.insert(format!("{} {} {truth:?}", pack.id, criterion.id));
                    }
                }
            }
        });
    }
    let mut missing = Vec::new();
    PACKS.with(|packs| {
        for pack in packs {
            let categories = pack.categories().iter().map(|category| format!("{} {}", pack.id, category.id));
            missing.extend(categories.filter(|category| !met.contains(category)));
            for criterion in pack.criteria().iter().filter(|criterion| !criterion.question.is_portrait()) {
                for truth in ["Yes", "No", "Unknown"] {
                    let wanted = format!("{} {} Some({truth})", pack.id, criterion.id);
                    missing.extend((!met.contains(&wanted)).then_some(wanted));
                }
            }
        }
    });
    assert_eq!(missing, Vec::<String>::new(), "the random worlds are too poor to test these");
}
