//! In which order do things stand when two have moved and added some?

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// Everything that mine and theirs hold, in order. Whoever moved things has the say, mine where both did; what only
/// the other has stands behind the thing it stood behind there. What is only in `base` is left out.
pub(super) fn merged_order<T: Copy + Eq + Hash>(base: &[T], mine: &[T], theirs: &[T]) -> Vec<T> {
    let is_moved = common(base, mine) != common(mine, base);
    let (first, second) = if is_moved { (mine, theirs) } else { (theirs, mine) };
    let known: HashSet<T> = first.iter().copied().collect();
    let mut behind: HashMap<Option<T>, Vec<T>> = HashMap::new();
    let mut anchor = None;
    for item in second {
        if known.contains(item) {
            anchor = Some(*item);
        } else {
            behind.entry(anchor).or_default().push(*item);
        }
    }
    let mut order = behind.remove(&None).unwrap_or_default();
    for item in first {
        order.push(*item);
        order.extend(behind.remove(&Some(*item)).unwrap_or_default());
    }
    order
}

/// The items of one row that another has too.
fn common<T: Copy + Eq + Hash>(of: &[T], with: &[T]) -> Vec<T> {
    let with: HashSet<T> = with.iter().copied().collect();
    of.iter().copied().filter(|item| with.contains(item)).collect()
}
