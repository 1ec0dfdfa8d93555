//! Which files of results are being loaded, and what came of those that were?
//!
//! Loading goes on when the page is closed; its outcome waits here until the program ends. A file whose columns nobody
//! knows waits for a description: on the disk of the server, an hour at most, as it may name pupils.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use opora_neutral::Finding;
use tempfile::NamedTempFile;

use super::state::AppState;
use crate::clock;
use crate::usecases::results::intake::{Added, Known, add_watched};
use crate::usecases::results::progress::Progress;

/// Loads whose outcome is kept.
const JOBS_KEPT: usize = 30;
/// Files that wait for a description.
const WAITING_KEPT: usize = 20;
/// How long they wait.
const WAITING_FOR: SignedDuration = SignedDuration::from_hours(1);

/// A file of a request on the disk of the server.
#[derive(Debug)]
pub struct Received {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The file, removed when nobody needs it.
    pub file: NamedTempFile,
}

/// What came of one file.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Read, loaded or not, with all problems.
    Read(Box<Added>),
    /// Its columns are not known: it waits for a description under this name.
    Unknown {
        /// What was read, with the problems.
        added: Box<Added>,
        /// Name of the waiting file.
        token: String,
    },
    /// It could not be read, in Russian.
    Failed(String),
}

/// A file of a job.
#[derive(Debug)]
pub struct JobFile {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// How far it is.
    pub progress: Arc<Progress>,
    outcome: Mutex<Option<Outcome>>,
}

impl JobFile {
    /// What came of it, once that is known.
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Files that were given together.
#[derive(Debug)]
pub struct Job {
    /// Its number, from one.
    pub id: u64,
    /// Who gave them.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// The files in their order.
    pub files: Vec<JobFile>,
    over: AtomicBool,
}

impl Job {
    /// Nothing is going to change any more.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// A file of it was loaded or was known before.
    pub fn is_good(&self) -> bool {
        let good = |file: &JobFile| matches!(file.outcome(), Some(Outcome::Read(added)) if !added.summary.is_refused());
        self.files.iter().any(good)
    }
}

/// Says that a job is over, also when its work has panicked.
struct Ending(Arc<Job>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::Release);
    }
}

/// A file that waits for a description of its columns.
#[derive(Debug)]
pub struct Waiting {
    /// The file.
    pub received: Received,
    /// How it was wanted to be loaded.
    pub known: Known,
    since: Timestamp,
}

impl Waiting {
    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.received.file.path()
    }
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    jobs: VecDeque<Arc<Job>>,
    waiting: VecDeque<(String, Arc<Waiting>)>,
}

/// Shared by all requests.
#[derive(Clone, Debug, Default)]
pub struct Loading(Arc<Mutex<Inner>>);

impl Loading {
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A job by its number.
    pub fn job(&self, id: u64) -> Option<Arc<Job>> {
        self.inner().jobs.iter().find(|job| job.id == id).cloned()
    }

    /// All that are known, the latest first.
    pub fn jobs(&self) -> Vec<Arc<Job>> {
        self.inner().jobs.iter().rev().cloned().collect()
    }

    /// A file that waits for a description.
    pub fn waiting(&self, token: &str) -> Option<Arc<Waiting>> {
        let mut inner = self.inner();
        inner.forget(clock::now());
        inner.waiting.iter().find(|(own, _)| own == token).map(|(_, waiting)| Arc::clone(waiting))
    }

    /// Names of the files that wait, with what they are called.
    pub fn all_waiting(&self) -> Vec<(String, String)> {
        let mut inner = self.inner();
        inner.forget(clock::now());
        inner.waiting.iter().map(|(token, waiting)| (token.clone(), waiting.received.name.clone())).collect()
    }

    /// Removes a file that waits.
    pub fn drop_waiting(&self, token: &str) {
        self.inner().waiting.retain(|(own, _)| own != token);
    }

    /// Lets a file wait, and names it.
    fn keep_waiting(&self, received: Received, known: Known) -> String {
        // The name of a temporary file can't be guessed.
        let token = received.file.path().file_name().map(|name| name.to_string_lossy().into_owned());
        let token = token.unwrap_or_default();
        let since = clock::now();
        let mut inner = self.inner();
        inner.waiting.push_back((token.clone(), Arc::new(Waiting { received, known, since })));
        inner.forget(since);
        // Also when nobody asks for it any more.
        let later = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(WAITING_FOR.unsigned_abs()).await;
            later.inner().forget(clock::now());
        });
        token
    }

    fn open(&self, files: &[Received], who: &str) -> Arc<Job> {
        let mut inner = self.inner();
        inner.last += 1;
        let file = |received: &Received| JobFile {
            name: received.name.clone(),
            size: received.size,
            progress: Arc::default(),
            outcome: Mutex::default(),
        };
        let job = Arc::new(Job {
            id: inner.last,
            who: who.to_owned(),
            at: clock::now(),
            files: files.iter().map(file).collect(),
            over: AtomicBool::new(false),
        });
        inner.jobs.push_back(Arc::clone(&job));
        while inner.jobs.len() > JOBS_KEPT {
            inner.jobs.pop_front();
        }
        job
    }
}

impl Inner {
    fn forget(&mut self, now: Timestamp) {
        self.waiting.retain(|(_, waiting)| now.duration_since(waiting.since) < WAITING_FOR);
        while self.waiting.len() > WAITING_KEPT {
            self.waiting.pop_front();
        }
    }
}

/// Starts to load files, one after the other. The work goes on whatever becomes of the request.
pub fn start(
    state: &AppState,
    files: Vec<Received>,
    known: Known,
    who: &str,
) -> (Arc<Job>, tokio::task::JoinHandle<()>) {
    let loading = state.results.loading().clone();
    let job = loading.open(&files, who);
    let (state, told) = (state.clone(), Arc::clone(&job));
    let work = async move {
        let ending = Ending(told);
        for (file, received) in ending.0.files.iter().zip(files) {
            let outcome = one(&state, file, received, known.clone(), &ending.0.who).await;
            *file.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        }
    };
    (job, tokio::spawn(work))
}

async fn one(state: &AppState, file: &JobFile, received: Received, known: Known, who: &str) -> Outcome {
    let _turn = state.reading_turn().await;
    let (path, bench) = (received.file.path(), state.results.bench());
    let added =
        add_watched(bench, (path, &received.name), known.clone(), (who, clock::now()), &file.progress).await;
    match added {
        Ok(added) if needs_description(&added.summary.findings) => Outcome::Unknown {
            added: Box::new(added),
            token: state.results.loading().keep_waiting(received, known),
        },
        Ok(added) => Outcome::Read(Box::new(added)),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// Problems that a description of the columns may mend.
const DESCRIBABLE: [&str; 7] = [
    "FORM_UNKNOWN",
    "MAPPING_COLUMN_MISSING",
    "YEAR_MISSING",
    "KIND_UNKNOWN",
    "SUBJECT_UNKNOWN",
    "LEVEL_UNKNOWN",
    "SCHOOL_MISSING",
];

/// A description of the columns would help.
fn needs_description(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| DESCRIBABLE.contains(&finding.code))
}
