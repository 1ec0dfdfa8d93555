//! Which results are of too few pupils to be shown, and which others would give them away?
//!
//! A *group* is the pupils of one school in one procedure of one year. A group of fewer pupils than a minimum is
//! withheld. Sums over municipalities, regions and the country are shown beside the groups, so that a withheld group
//! could be found as the difference. Therefore what is withheld within a sum that is shown (its *rest*) is always
//! several groups, together not small; where it is not, the smallest of the neighbours is withheld too, and where there
//! is no neighbour, the sum. Each withheld group is in the rest of one shown sum at most: whatever is added up and
//! subtracted of what is shown, no withheld group stands alone.

/// What is known of a group, or of a sum of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many took part.
    pub participants: u64,
    /// How many have an outcome.
    pub judged: u64,
    /// How many did not pass.
    pub failed: u64,
}

impl Counts {
    /// Two groups together.
    pub fn and(self, other: Self) -> Self {
        Self {
            participants: self.participants + other.participants,
            judged: self.judged + other.judged,
            failed: self.failed + other.failed,
        }
    }

    /// How many pupils the shares are taken of; without outcomes, how many took part.
    fn pupils(self) -> u64 {
        if self.judged > 0 { self.judged } else { self.participants }
    }

    /// A group that is shown nowhere.
    pub fn is_small(self, pupils_min: u32) -> bool {
        self.participants > 0 && self.pupils() < u64::from(pupils_min)
    }
}

/// A group, or the sum of what is inside of it: a municipality, a region, the country.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its counts; those of a sum are added up by [`settle`].
    pub counts: Counts,
    /// Its parts; none for a group.
    pub parts: Vec<Place>,
    /// It may be shown; told by [`settle`].
    pub shown: bool,
    /// Withheld groups inside that no sum inside is the sum of: their number and what they add up to.
    rest: Rest,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Rest {
    groups: u64,
    counts: Counts,
}

impl Rest {
    fn and(self, other: Self) -> Self {
        Self { groups: self.groups + other.groups, counts: self.counts.and(other.counts) }
    }

    /// May be known as a sum: several groups, together not small, and neither a pupil each nor all of them failed, which
    /// would tell each group.
    fn is_safe(&self, pupils_min: u32) -> bool {
        let Counts { judged, failed, .. } = self.counts;
        self.groups == 0
            || self.groups >= 2
                && !self.counts.is_small(pupils_min)
                && self.counts.pupils() > self.groups
                && (judged == 0 || failed < judged)
    }
}

impl Place {
    /// A group.
    pub fn group(counts: Counts) -> Self {
        Self { counts, ..Self::default() }
    }

    /// A sum of places.
    pub fn sum(parts: Vec<Self>) -> Self {
        Self { parts, ..Self::default() }
    }

    fn is_group(&self) -> bool {
        self.parts.is_empty()
    }

    /// Withholds the place, and says what is unknown of it now.
    fn close(&mut self) -> Rest {
        self.shown = false;
        if self.is_group() {
            self.rest = Rest { groups: 1, counts: self.counts };
        } else if self.rest.groups == 0 {
            // Its parts would add up to it: one of them goes with it.
            self.rest = close_one(&mut self.parts).unwrap_or_default();
        }
        self.rest
    }
}

/// Withholds the smallest part that is shown.
fn close_one(parts: &mut [Place]) -> Option<Rest> {
    let shown = parts.iter_mut().filter(|part| part.shown && part.counts.participants > 0);
    let smallest = shown.min_by_key(|part| (part.rest.groups == 0, part.counts.pupils()))?;
    Some(smallest.close())
}

/// Decides for a place and everything inside what may be shown.
pub fn settle(place: &mut Place, pupils_min: u32) {
    if place.is_group() {
        place.shown = !place.counts.is_small(pupils_min);
        if !place.shown {
            place.close();
        }
        return;
    }
    place.parts.iter_mut().for_each(|part| settle(part, pupils_min));
    place.counts = place.parts.iter().fold(Counts::default(), |sum, part| sum.and(part.counts));
    let closed = place.parts.iter().filter(|part| !part.shown);
    place.rest = closed.fold(Rest::default(), |rest, part| rest.and(part.rest));
    place.shown = true;
    while !place.rest.is_safe(pupils_min) {
        match close_one(&mut place.parts) {
            Some(more) => place.rest = place.rest.and(more),
            None => {
                place.shown = false;
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MIN: u32 = 5;

    fn group(pupils: u64, failed: u64) -> Place {
        Place::group(Counts { participants: pupils, judged: pupils, failed: failed.min(pupils) })
    }

    /// Sizes of groups, and what becomes of them: «·» where a group is withheld; then whether the sum is shown.
    #[track_caller]
    fn check(sizes: &[u64], expected: &str) {
        let mut place = Place::sum(sizes.iter().map(|size| group(*size, 1)).collect());
        settle(&mut place, MIN);
        let word =
            |part: &Place| if part.shown { part.counts.participants.to_string() } else { "·".to_owned() };
        let words: Vec<String> = place.parts.iter().map(word).collect();
        let sum = if place.shown { "сумма" } else { "без суммы" };
        assert_eq!(format!("{} {sum}", words.join(" ")), expected, "{sizes:?}");
    }

    #[test]
    fn a_small_group_takes_its_smallest_neighbour_with_it() {
        check(&[20, 30], "20 30 сумма");
        check(&[3, 20, 12], "· 20 · сумма");
        check(&[3, 4, 20], "· · 20 сумма");
        check(&[1, 1, 20, 9], "· · 20 · сумма");
        check(&[3], "· без суммы");
        check(&[3, 0, 20], "· 0 · сумма");
        check(&[0, 0], "0 0 сумма");
        check(&[1, 1, 1, 1, 1], "· · · · · без суммы");
    }

    #[test]
    fn where_all_have_failed_the_sum_would_tell() {
        let mut place = Place::sum(vec![group(3, 3), group(4, 4), group(20, 2), group(9, 1)]);
        settle(&mut place, MIN);
        assert_eq!(
            place.parts.iter().map(|part| part.shown).collect::<Vec<_>>(),
            [false, false, true, false]
        );
    }

    #[test]
    fn a_municipality_of_one_small_school_takes_a_neighbour_with_it() {
        let mut region = Place::sum(vec![
            Place::sum(vec![group(3, 1)]),
            Place::sum(vec![group(30, 1), group(8, 1)]),
            Place::sum(vec![group(40, 1), group(50, 1)]),
        ]);
        settle(&mut region, MIN);
        assert!(region.shown);
        let shown: Vec<bool> = region.parts.iter().map(|municipality| municipality.shown).collect();
        assert_eq!(shown, [false, false, true]);
        let groups: Vec<bool> = region.parts[1].parts.iter().map(|group| group.shown).collect();
        assert_eq!(groups, [true, false], "or the sum of its schools would be the sum of the municipality");
    }

    /// Every shown sum as a row over the groups, the shown groups being known.
    fn equations(
        place: &Place,
        at: &mut usize,
        rows: &mut Vec<Vec<usize>>,
        withheld: &mut Vec<usize>,
    ) -> Vec<usize> {
        if place.is_group() {
            let own = *at;
            *at += 1;
            if place.shown {
                return Vec::new();
            }
            withheld.push(own);
            return vec![own];
        }
        let parts = place.parts.iter();
        let unknown: Vec<usize> = parts.flat_map(|part| equations(part, at, rows, withheld)).collect();
        if place.shown {
            rows.push(unknown.clone());
        }
        unknown
    }

    /// The unknown that a system of equations tells alone, by elimination in whole numbers modulo a large prime.
    fn told_alone(rows: &[Vec<usize>], unknowns: &[usize]) -> Option<usize> {
        const PRIME: i64 = 1_000_003;
        let power = |mut base: i64, mut times: i64| {
            let mut product = 1;
            while times > 0 {
                if times % 2 == 1 {
                    product = product * base % PRIME;
                }
                base = base * base % PRIME;
                times /= 2;
            }
            product
        };
        let mut matrix: Vec<Vec<i64>> = rows
            .iter()
            .map(|row| unknowns.iter().map(|unknown| i64::from(row.contains(unknown))).collect())
            .collect();
        let mut rank = 0;
        for column in 0..unknowns.len() {
            let Some(pivot) = (rank..matrix.len()).find(|row| matrix[*row][column] != 0) else { continue };
            matrix.swap(rank, pivot);
            let inverse = power(matrix[rank][column], PRIME - 2);
            matrix[rank].iter_mut().for_each(|value| *value = *value * inverse % PRIME);
            let pivot = matrix[rank].clone();
            for (number, row) in matrix.iter_mut().enumerate().filter(|(number, _)| *number != rank) {
                let factor = row[column];
                for (value, own) in row.iter_mut().zip(&pivot) {
                    *value = ((*value - factor * own) % PRIME + PRIME) % PRIME;
                }
                assert!(number != rank);
            }
            rank += 1;
        }
        let alone = matrix.iter().find(|row| row.iter().filter(|value| **value != 0).count() == 1)?;
        alone.iter().position(|value| *value != 0).map(|at| unknowns[at])
    }

    fn all<'a>(place: &'a Place, found: &mut Vec<&'a Place>) {
        found.push(place);
        place.parts.iter().for_each(|part| all(part, found));
    }

    fn country() -> impl Strategy<Value = Place> {
        let size = prop_oneof![4 => 0_u64..6, 2 => 0_u64..30];
        let school = (size, 0_u64..30).prop_map(|(size, failed)| group(size, failed));
        let municipality = prop::collection::vec(school, 1..6).prop_map(Place::sum);
        let region = prop::collection::vec(municipality, 1..5).prop_map(Place::sum);
        prop::collection::vec(region, 1..4).prop_map(Place::sum)
    }

    proptest! {
        #[test]
        fn nothing_withheld_can_be_computed_from_what_is_shown(mut place in country(), pupils_min in 2_u32..12) {
            settle(&mut place, pupils_min);
            let (mut rows, mut withheld) = (Vec::new(), Vec::new());
            equations(&place, &mut 0, &mut rows, &mut withheld);
            prop_assert_eq!(told_alone(&rows, &withheld), None, "{:?}", rows);
        }

        #[test]
        fn nothing_small_is_shown_and_sums_are_the_sums(mut place in country(), pupils_min in 2_u32..12) {
            settle(&mut place, pupils_min);
            let mut places = Vec::new();
            all(&place, &mut places);
            for one in places {
                prop_assert!(!(one.shown && one.counts.is_small(pupils_min)), "{:?}", one.counts);
                if !one.is_group() {
                    let sum = one.parts.iter().fold(Counts::default(), |sum, part| sum.and(part.counts));
                    prop_assert_eq!(one.counts, sum);
                }
            }
        }

        #[test]
        fn what_a_shown_sum_leaves_unknown_is_several_groups_and_not_a_few_pupils(
            mut place in country(), pupils_min in 2_u32..12,
        ) {
            settle(&mut place, pupils_min);
            let mut places = Vec::new();
            all(&place, &mut places);
            for one in places.into_iter().filter(|one| one.shown && !one.is_group()) {
                let parts = one.parts.iter().filter(|part| !part.shown);
                let rest = parts.fold(Rest::default(), |rest, part| rest.and(part.rest));
                prop_assert_eq!(rest, one.rest);
                prop_assert!(rest.is_safe(pupils_min), "{:?}", rest);
            }
        }

        #[test]
        fn without_small_groups_nothing_is_withheld(sizes in prop::collection::vec(5_u64..90, 1..9)) {
            let mut place = Place::sum(sizes.iter().map(|size| group(*size, 2)).collect());
            settle(&mut place, MIN);
            prop_assert!(place.shown && place.parts.iter().all(|part| part.shown));
        }
    }
}
