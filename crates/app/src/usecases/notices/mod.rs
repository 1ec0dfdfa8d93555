//! What is told to whom, on the page and by mail, and how does it get there?
//!
//! [`Teller`] looks at what is recorded, tells each person what is news ([`opora_execution::notices`] says what) and
//! writes letters, all in one transaction of the store. [`send_due`] carries letters out of the queue. [`keep`] does both
//! again and again while the server runs. Any number of nodes may do so at once.

mod seen;
mod sending;
mod support_tidings;
mod telling;
mod tidings;
mod wishes;
mod worker;

pub use sending::{Round, send_due};
pub use telling::{Remembered, Teller, Told};
pub use wishes::{Wishes, save_wishes, wishes_of};
pub use worker::{Told as RoundTold, keep, round};

/// The stable word of what happened and waits for nobody, as notices are recorded under it.
const HAPPENED: &str = "happened";
/// The stable word of the letter of a day.
const DIGEST: &str = "digest";
/// The stable word of a letter that does not wait for the digest.
const URGENT: &str = "urgent";
