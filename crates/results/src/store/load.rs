//! How do the facts of many files become one sorted list, quickly?

use std::sync::{Mutex, PoisonError};

use opora_cells::SourceIndex;

use super::records::{Record, decode};
use crate::ResultsError;
use crate::numbers::RowsFile;
use crate::order::in_order;

/// Facts sorted at a time: they fit into the nearer caches.
const SORT_AT_ONCE: usize = 1 << 15;

/// Reads files on some threads and puts all records in the order of `key`; records of equal keys stay in the order of
/// the files. `organisation` is the first part of the key.
pub(super) fn load<const N: usize, T: Record<N> + Sync, K: Ord>(
    files: &[(SourceIndex, RowsFile)],
    threads: usize,
    organisation: impl Fn(&T) -> u32 + Sync,
    key: impl Fn(&T) -> K + Sync,
) -> Result<Vec<T>, ResultsError> {
    let mut parts: Vec<Vec<T>> = Vec::new();
    let read = |(): &mut (), task: usize| {
        let mut part = Vec::new();
        if let Some((source, file)) = files.get(task) {
            decode(file, *source, &mut part)?;
            if !part.is_sorted_by_key(&key) {
                part.sort_by_key(&key);
            }
        }
        Ok(part)
    };
    let take = |part| {
        parts.push(part);
        Ok(())
    };
    in_order(threads, files.len(), || Ok(()), read, take)?;
    parts.retain(|part| !part.is_empty());
    let ascending = parts.is_sorted_by(|a, b| a.last().map(&organisation) < b.first().map(&organisation));
    if ascending {
        let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        parts.into_iter().for_each(|part| all.extend(part));
        return Ok(all);
    }
    merge(&parts, threads, organisation, key)
}

/// Joins sorted parts: organisations are divided into ranges, and each range is gathered and sorted on its own.
fn merge<T: Copy + Send + Sync, K: Ord>(
    parts: &[Vec<T>],
    threads: usize,
    organisation: impl Fn(&T) -> u32 + Sync,
    key: impl Fn(&T) -> K + Sync,
) -> Result<Vec<T>, ResultsError> {
    let total: usize = parts.iter().map(Vec::len).sum();
    // Every so many records one is asked for its organisation: the ranges between them are about equally full.
    let every = (total / (total / SORT_AT_ONCE + 1) / 16).max(1);
    let mut asked: Vec<u32> =
        parts.iter().flat_map(|part| part.iter().step_by(every).map(&organisation)).collect();
    asked.sort_unstable();
    let mut bounds: Vec<u32> = asked.iter().step_by(16).skip(1).copied().collect();
    bounds.dedup();
    // Range n holds organisations from bound n-1 to bound n, the latter excluded.
    let place = |part: &[T], bound: Option<&u32>, otherwise: usize| {
        bound.map_or(otherwise, |bound| part.partition_point(|record| organisation(record) < *bound))
    };
    // Lists go round: asking the system for new memory for each range costs more than filling it.
    let spare: Mutex<Vec<Vec<T>>> = Mutex::new(Vec::new());
    let spare = || spare.lock().unwrap_or_else(PoisonError::into_inner);
    let gather = |(): &mut (), task: usize| {
        let mut range = spare().pop().unwrap_or_default();
        for part in parts {
            let start = task.checked_sub(1).map_or(0, |before| place(part, bounds.get(before), part.len()));
            let end = place(part, bounds.get(task), part.len());
            range.extend_from_slice(part.get(start..end).unwrap_or_default());
        }
        range.sort_by_key(&key);
        Ok(range)
    };
    let mut all = Vec::with_capacity(total);
    let take = |mut range: Vec<T>| {
        all.append(&mut range);
        spare().push(range);
        Ok(())
    };
    in_order(threads, bounds.len() + 1, || Ok(()), gather, take)?;
    Ok(all)
}
