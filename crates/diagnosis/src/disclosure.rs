//! Which counts of anonymous answers may be shown, so that no answer of fewer than five can be worked out?
//!
//! The one place where small numbers are suppressed. What is shown of a question is a division of those who answered
//! into groups of nobody or of five and more; a mean is computed from the groups that are shown and from nothing else,
//! so it tells nothing more. A reader who knows these rules still can't tell the count of a small option:
//!
//! - options without an order: small ones are put together with the smallest of the large ones (and with all equal to
//!   it), so each of them could as well be the large one;
//! - steps of a scale: neighbours are put together in divisions that don't depend on the answers, so what is inside a
//!   group can be moved about without a change of what is shown;
//! - options of a multiple choice: each has its own complement, which must be nobody or five and more; when the number
//!   of choices is limited the counts bound one another, so all are shown or none.
//!
//! That somebody skipped a question is no answer, so the number of those who answered may be told whatever is left of
//! the whole. When all answered alike, that is shown: it is an answer of five and more.

/// Fewest answers that may be shown together. Stated by the design of the project: nothing under five is shown.
pub const ANSWERS_MIN: u64 = 5;

/// Nobody, or enough to be shown.
pub(crate) fn may_be_shown(count: u64) -> bool {
    count == 0 || count >= ANSWERS_MIN
}

/// Options without an order: groups of positions that may be shown with their sums; nothing when only the number of
/// answers may be shown. Groups stand in the order of their first option.
pub(crate) fn pooled(counts: &[u64]) -> Option<Vec<Vec<usize>>> {
    let total: u64 = counts.iter().sum();
    if total < ANSWERS_MIN {
        return None;
    }
    if counts.iter().all(|count| may_be_shown(*count)) {
        return Some((0..counts.len()).map(|at| vec![at]).collect());
    }
    let smallest_large = counts.iter().copied().filter(|count| *count >= ANSWERS_MIN).min()?;
    let in_pool = |count: u64| !may_be_shown(count) || count == smallest_large;
    let pool: Vec<usize> =
        (0..counts.len()).filter(|at| counts.get(*at).copied().is_some_and(in_pool)).collect();
    let alone = (0..counts.len()).filter(|at| !pool.contains(at)).map(|at| vec![at]);
    let mut groups: Vec<Vec<usize>> = alone.collect();
    // When nobody is outside the pool, nothing but the number of answers is known, and that is said plainly.
    if groups.iter().flatten().all(|at| counts.get(*at) == Some(&0)) {
        return None;
    }
    groups.push(pool);
    groups.sort();
    Some(groups)
}

/// Steps of a scale: the finest division into neighbours that may be shown; nothing when none may.
pub(crate) fn joined(counts: &[u64]) -> Option<Vec<Vec<usize>>> {
    if counts.iter().sum::<u64>() < ANSWERS_MIN {
        return None;
    }
    let sum = |group: &Vec<usize>| group.iter().filter_map(|at| counts.get(*at)).sum::<u64>();
    let shown = |groups: &Vec<Vec<usize>>| groups.iter().all(|group| may_be_shown(sum(group)));
    divisions(counts.len()).into_iter().find(shown)
}

/// Divisions of a scale from the finest to the coarsest: each step, three parts, two parts.
fn divisions(steps: usize) -> Vec<Vec<Vec<usize>>> {
    let mut found = vec![(0..steps).map(|at| vec![at]).collect::<Vec<_>>()];
    if steps > 3 {
        // The ends are of one size; the middle takes what is left: 2 + 1 + 2, 3 + 4 + 3.
        let end = if steps % 3 == 2 { steps / 3 + 1 } else { steps / 3 };
        found.push(vec![(0..end).collect(), (end..steps - end).collect(), (steps - end..steps).collect()]);
    }
    if steps > 2 {
        let half = steps.div_ceil(2);
        found.push(vec![(0..half).collect(), (half..steps).collect()]);
    }
    found
}

/// Options of a multiple choice among those who answered: which counts may be shown.
pub(crate) fn each(counts: &[u64], answered: u64, limited: bool) -> Option<Vec<bool>> {
    if answered < ANSWERS_MIN {
        return None;
    }
    let fits = |count: &u64| may_be_shown(*count) && may_be_shown(answered.saturating_sub(*count));
    let shown: Vec<bool> = counts.iter().map(fits).collect();
    let hidden = shown.iter().any(|shown| !shown);
    if hidden && (limited || !shown.contains(&true)) { None } else { Some(shown) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{ANSWERS_MIN, each, joined, pooled};

    /// Every way to share `total` answers among `options`.
    fn compositions(total: u64, options: usize) -> Vec<Vec<u64>> {
        if options == 1 {
            return vec![vec![total]];
        }
        let rest =
            |first| compositions(total - first, options - 1).into_iter().map(move |rest| (first, rest));
        (0..=total).flat_map(rest).map(|(first, rest)| [vec![first], rest].concat()).collect()
    }

    /// What a reader sees of each set of counts, and all the sets that look the same: no small count is the same in
    /// all of them.
    fn nobody_can_tell<S: Ord + std::fmt::Debug>(all: Vec<Vec<u64>>, total: u64, see: impl Fn(&[u64]) -> S) {
        let mut alike: BTreeMap<S, Vec<Vec<u64>>> = BTreeMap::new();
        for counts in all {
            alike.entry(see(&counts)).or_default().push(counts);
        }
        for (seen, sets) in alike {
            for counts in &sets {
                for (at, count) in counts.iter().enumerate() {
                    let small = |count: u64| count > 0 && count < ANSWERS_MIN;
                    if small(*count) || small(total - count) {
                        let other = sets.iter().any(|set| set[at] != *count);
                        assert!(other, "{counts:?} can be told from {seen:?}");
                    }
                }
            }
        }
    }

    fn sums(groups: Option<Vec<Vec<usize>>>, counts: &[u64]) -> Option<Vec<(Vec<usize>, u64)>> {
        Some(
            groups?
                .into_iter()
                .map(|group| {
                    let sum = group.iter().map(|at| counts[*at]).sum();
                    (group, sum)
                })
                .collect(),
        )
    }

    #[test]
    fn options_can_not_be_worked_out_even_by_one_who_knows_the_rules() {
        for options in 2..=5 {
            for total in ANSWERS_MIN..=(if options == 5 { 19 } else { 26 }) {
                nobody_can_tell(compositions(total, options), total, |counts| sums(pooled(counts), counts));
            }
        }
    }

    #[test]
    fn steps_can_not_be_worked_out_even_by_one_who_knows_the_rules() {
        for steps in 2..=6 {
            for total in ANSWERS_MIN..=(if steps > 4 { 15 } else { 22 }) {
                nobody_can_tell(compositions(total, steps), total, |counts| sums(joined(counts), counts));
            }
        }
    }

    #[test]
    fn choices_can_not_be_worked_out_whatever_number_of_them_is_allowed() {
        for options in 2..=4_u32 {
            for answered in ANSWERS_MIN..=13 {
                for least in 1..=options {
                    for most in least..=options {
                        let limited = least > 1 || most < options;
                        // Counts of options that some set of choices has: each person makes `least` to `most` of them.
                        let fits = |counts: &Vec<u64>| {
                            let sum: u64 = counts.iter().sum();
                            (u64::from(least) * answered..=u64::from(most) * answered).contains(&sum)
                        };
                        let mut all = vec![vec![]];
                        for _ in 0..options {
                            let longer = |set: &Vec<u64>| {
                                (0..=answered)
                                    .map(|count| [set.clone(), vec![count]].concat())
                                    .collect::<Vec<_>>()
                            };
                            all = all.iter().flat_map(longer).collect();
                        }
                        all.retain(fits);
                        nobody_can_tell(all, answered, |counts| {
                            let shown = each(counts, answered, limited)?;
                            Some(
                                shown
                                    .iter()
                                    .zip(counts)
                                    .map(|(shown, count)| shown.then_some(*count))
                                    .collect::<Vec<_>>(),
                            )
                        });
                    }
                }
            }
        }
    }

    #[test]
    fn groups_are_nobody_or_five_and_more() {
        let check = |counts: &[u64], expected: Option<&[&[usize]]>| {
            let expected =
                expected.map(|groups| groups.iter().map(|group| group.to_vec()).collect::<Vec<_>>());
            assert_eq!(pooled(counts), expected, "{counts:?}");
        };
        check(&[5, 0, 7], Some(&[&[0], &[1], &[2]]));
        check(&[12, 3, 6, 9], Some(&[&[0], &[1, 2], &[3]]));
        check(&[12, 3, 6, 6], Some(&[&[0], &[1, 2, 3]]));
        check(&[12, 3], None);
        check(&[4, 4, 0], None);
        check(&[1, 1, 1], None);
    }

    #[test]
    fn steps_are_joined_with_their_neighbours() {
        let check = |counts: &[u64], expected: &[&[usize]]| {
            let expected: Vec<Vec<usize>> = expected.iter().map(|group| group.to_vec()).collect();
            assert_eq!(joined(counts), Some(expected), "{counts:?}");
        };
        check(&[0, 5, 6, 7, 8], &[&[0], &[1], &[2], &[3], &[4]]);
        check(&[1, 5, 6, 7, 8], &[&[0, 1], &[2], &[3, 4]]);
        check(&[1, 3, 2, 7, 8], &[&[0, 1, 2], &[3, 4]]);
        assert_eq!(joined(&[1, 1, 1, 7, 8]), None);
    }
}
