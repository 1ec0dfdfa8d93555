//! How do threads share numbered work and hand it over in order?

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::ResultsError;

/// Does tasks `0..tasks` on some threads and gives the results to `take` in the order of the tasks, whatever thread was
/// ready first. `open` prepares what one thread needs.
///
/// Tasks are taken in order and a taken task is finished, so the error of the first wrong task is the one returned. A
/// thread that panics, which readers of formats must not do, refuses the file all the same.
pub(crate) fn in_order<S, T: Send>(
    threads: usize,
    tasks: usize,
    open: impl Fn() -> Result<S, ResultsError> + Sync,
    work: impl Fn(&mut S, usize) -> Result<T, ResultsError> + Sync,
    take: impl FnMut(T) -> Result<(), ResultsError> + Send,
) -> Result<(), ResultsError> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let hand = Mutex::new(Hand { take, next: 0, waiting: BTreeMap::new() });
    let first_error: Mutex<Option<(usize, ResultsError)>> = Mutex::new(None);
    let refuse = |task: usize, error: ResultsError| {
        stop.store(true, Ordering::Relaxed);
        let mut first = first_error.lock().unwrap_or_else(PoisonError::into_inner);
        if first.as_ref().is_none_or(|(earlier, _)| task < *earlier) {
            *first = Some((task, error));
        }
    };
    let run = || {
        let mut state = match open() {
            Ok(state) => state,
            Err(error) => return refuse(0, error),
        };
        while !stop.load(Ordering::Relaxed) {
            let task = next.fetch_add(1, Ordering::Relaxed);
            if task >= tasks {
                return;
            }
            let given = work(&mut state, task)
                .and_then(|result| hand.lock().unwrap_or_else(PoisonError::into_inner).over(task, result));
            if let Err(error) = given {
                refuse(task, error);
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.clamp(1, tasks.max(1))).map(|_| scope.spawn(run)).collect();
        for thread in threads {
            if thread.join().is_err() {
                refuse(
                    tasks,
                    ResultsError::Damaged {
                        row_group: None, detail: "сбой при чтении".to_owned()
                    },
                );
            }
        }
    });
    let error = first_error.into_inner().unwrap_or_else(PoisonError::into_inner);
    error.map_or(Ok(()), |(_, error)| Err(error))
}

/// What is ready and waits for its turn.
struct Hand<T, F> {
    take: F,
    next: usize,
    waiting: BTreeMap<usize, T>,
}

impl<T, F: FnMut(T) -> Result<(), ResultsError>> Hand<T, F> {
    fn over(&mut self, task: usize, result: T) -> Result<(), ResultsError> {
        self.waiting.insert(task, result);
        while let Some(result) = self.waiting.remove(&self.next) {
            self.next += 1;
            (self.take)(result)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::in_order;
    use crate::ResultsError;

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        let mut seen = Vec::new();
        let work = |(): &mut (), task: usize| {
            std::thread::sleep(Duration::from_micros(if task.is_multiple_of(3) { 500 } else { 10 }));
            Ok(task)
        };
        let take = |task| {
            seen.push(task);
            Ok(())
        };
        in_order(4, 100, || Ok(()), work, take).expect("no errors");
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_error_is_told_and_a_panic_is_an_error() {
        let wrong = |(): &mut (), task: usize| match task {
            0..10 => Ok(()),
            _ => Err(ResultsError::TooMany { organisation: u32::try_from(task).unwrap_or_default() }),
        };
        let error = in_order(4, 100, || Ok(()), wrong, |()| Ok(())).expect_err("refused");
        assert!(matches!(error, ResultsError::TooMany { organisation: 10 }), "{error:?}");
        let panics = |(): &mut (), _: usize| -> Result<(), ResultsError> { panic!("a reader that panics") };
        let error = in_order(2, 2, || Ok(()), panics, |()| Ok(())).expect_err("refused");
        assert!(matches!(error, ResultsError::Damaged { .. }), "{error:?}");
    }
}
