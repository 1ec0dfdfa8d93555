//! How far is the loading of a file?

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// What is being done with a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// It waits for its turn.
    #[default]
    Waiting,
    /// It is read.
    Reading,
    /// What was read is counted and stored.
    Storing,
    /// It is done, whatever came of it.
    Done,
}

/// Written by the one who loads, read by the one who looks.
#[derive(Debug, Default)]
pub struct Progress {
    stage: AtomicU8,
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    /// What is being done.
    pub fn stage(&self) -> Stage {
        match self.stage.load(Ordering::Relaxed) {
            0 => Stage::Waiting,
            1 => Stage::Reading,
            2 => Stage::Storing,
            _ => Stage::Done,
        }
    }

    /// Goes on to a stage.
    pub fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Relaxed);
    }

    /// How much of the file was read, in per cent; nothing where that is not known.
    pub fn percent(&self) -> Option<u64> {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        (total > 0).then(|| (done.saturating_mul(100) / total).min(100))
    }

    /// A reader of so many bytes that tells how far it is.
    pub fn watching<R: Read>(self: &Arc<Self>, inner: R, bytes: u64) -> Watched<R> {
        self.total.store(bytes, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        Watched { inner, progress: Arc::clone(self) }
    }
}

/// A reader that tells how far it is.
#[derive(Debug)]
pub struct Watched<R> {
    inner: R,
    progress: Arc<Progress>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.progress.done.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_moves_it_forward() {
        let progress = Arc::new(Progress::default());
        assert_eq!((progress.percent(), progress.stage()), (None, Stage::Waiting));
        let mut reader = progress.watching(&b"0123456789"[..], 10);
        let mut half = [0; 5];
        reader.read_exact(&mut half).expect("bytes");
        assert_eq!(progress.percent(), Some(50));
        reader.read_to_end(&mut Vec::new()).expect("bytes");
        assert_eq!(progress.percent(), Some(100));
        progress.enter(Stage::Storing);
        assert_eq!(progress.stage(), Stage::Storing);
    }
}
