//! Who agreed to which content, and whose move is it?
//!
//! What is agreed is known by the hash of its content, never by its number: whoever edits after a submission or an
//! approval asks again. Everything follows from appended [`Fact`]s and from the content as it is now; nothing is
//! stored but the facts. [`step`] is the only table of this life cycle, [`admit`] says whether one more fact may be
//! recorded, [`standing`] tells where a thing stands. A version that was agreed stays in force while a newer one is
//! being corrected.
//!
//! Facts stand in the order in which they were recorded. Their times are shown and counted in days, but never order
//! anything: a clock set back changes no state.

mod fact;
mod ledger;
mod manual;
mod refusal;
mod standing;
mod table;
mod terms;

pub use fact::{Content, Fact, NewRemark, TEXT_CHARS};
pub use ledger::{admit, permitted};
pub use manual::markdown;
pub use refusal::{Refusal, Why};
pub use standing::{Answer, Bound, Reason, Remark, Standing, standing};
pub use table::{Step, step};
pub use terms::{Action, Kind, Party, State};
