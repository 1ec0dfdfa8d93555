//! What is due, what was done, and whose move is it?
//!
//! - [`occurrences`] lays a plan on the calendar. What has no day stays without one.
//! - [`Fact`]s are appended. [`record`] says whether one may be, by the one table [`step`]; [`Ledger`] finds the occurrence
//!   of each after the schedule was edited; [`Account`] reads them; [`state`] says how an occurrence stands on a day.
//! - [`Progress`] and [`Baseline`] compare with what was planned.
//! - [`obligations`] make windows of frequencies and say which were kept; [`visits`] and [`meetings`] are where they are
//!   kept, and what they ask for becomes a [`Task`], which is carried out like an occurrence.
//! - [`work`] gathers all of it for a person, [`notices`] says what to tell and never tells it twice.
//!
//! Nothing here is stored but facts and decisions, nobody is known but by account number, and a day is an argument.

mod account;
mod decimal;
mod fact;
mod ledger;
pub mod meetings;
pub mod notices;
pub mod obligations;
mod occurrence;
mod permit;
pub mod places;
mod progress;
mod record;
mod state;
mod task;
pub mod visits;
mod words;
pub mod work;

pub use account::{Account, Proof};
pub use decimal::thousandths;
pub use fact::{Deed, DeedKind, Evidence, EvidenceKind, Fact, Party};
pub use ledger::{Ledger, Moved, NEAR_DAYS, Orphan, Reattached};
pub use occurrence::{Frame, Nature, Occurrence, OccurrenceKey, Undated, Window, occurrences, of_activity};
pub use opora_fields::{FileError, Status};
pub use permit::{Denial, Phase, permitted, step};
pub use progress::{Baseline, Part, Progress, by_section};
pub use record::{MENTIONS_MAX, MINUTES_CHARS_MAX, PROOFS_MAX, Refusal, RefusalKind, TEXT_CHARS_MAX, record};
pub use state::{DUE_DAYS, Outline, State, StateKind, due, state, state_of};
pub use task::{Assignee, Problem, Task};
