//! What has been recorded, by whom and when?
//!
//! One code on SQLite (a file) and PostgreSQL. Facts are appended, never changed: a plan has versions, an archived
//! plan has a fact that says so, and what holds now is computed from the facts. Each write adds an event to the
//! audit chain in the same transaction. The clock is an argument of every write.

mod archive;
mod audit;
mod copying;
mod credentials;
mod entity;
mod error;
mod everybody;
mod facts;
mod imports;
mod letters;
mod mappings;
mod migrations;
mod notices;
mod open;
mod owners;
mod people;
mod plans;
mod registry;
mod registry_json;
mod results;
mod runs;
mod sealing;
mod search;
mod search_projection;
mod sessions;
mod suppressions;
mod time;
mod tokens;
mod url;
mod versions;
mod writing;

pub use audit::{AuditEvent, AuditPage, AuditVerdict};
pub use credentials::{Credential, CredentialKind, LinkKind};
pub use error::StoreError;
pub use everybody::Names;
pub use facts::{Fact, FactId, NewFact};
pub use imports::{Imported, NewSource, SourceFile};
pub use letters::{Attempt, LetterId, Queue, QueuedLetter};
pub use mappings::{KeptMapping, MappingId};
pub use notices::{NewLetter, NewNotice, Notice, NoticeId, NoticeMarks, UNREAD_MAX};
pub use people::{Account, AccountId, GrantId, HeldGrant, NewAccount};
pub use plans::{PlanRecord, PlanSummary, VersionSummary};
pub use registry::{RegistryRecord, RegistryVersion};
pub use results::{CatalogueVersion, NewResultFile, ResultFile, ResultFileId};
pub use runs::{NewRun, NewStep, Run, RunId, RunSummary, Step};
pub use sealing::Sealed;
pub use search::{Hit, SearchField};
pub use sessions::{Failures, OutsideAttempt, Session, SessionLife};
pub use suppressions::{NewSuppression, Suppression, SuppressionId};
pub use tokens::{ApiToken, ApiTokenId, NewApiToken};
pub use url::DatabaseUrl;
pub use versions::NewFacts;

use jiff::Timestamp;
use sea_orm::DatabaseConnection;

/// The open database. Cheap to clone: clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    connection: DatabaseConnection,
    everybody: everybody::Kept,
}

/// Number of a plan, given by the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanId(pub i64);

/// Number of a version of a plan, counted from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionNumber(pub i32);

impl VersionNumber {
    /// The version every plan starts with.
    pub const FIRST: Self = Self(1);
}

/// Who writes, why and when.
#[derive(Clone, Copy, Debug)]
pub struct Authorship<'a> {
    /// Name or account of the person, or of the program that acts for one.
    pub who: &'a str,
    /// Why: shown in the history. Empty where the act speaks for itself.
    pub reason: &'a str,
    /// When. The store has no clock of its own.
    pub at: Timestamp,
}
