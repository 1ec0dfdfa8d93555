//! Which organisations are there, where do they belong, and what became of them?
//!
//! A tree of three levels (region → municipality → school) and the dated events of a school's life. A school is never
//! deleted: it is closed, or merged into another, and its results stay its own. Nothing here does I/O.

mod events;
mod organisations;

pub use events::{Event, EventKind};
pub use organisations::{Identifier, Node, NodeId, NodeLevel, Organisation, Registry, RegistryError, Scheme};
