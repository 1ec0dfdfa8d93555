//! Which things do the stages of the cycle speak of?

mod act;
mod order;
mod party;
mod plan;
mod programme;

pub use act::{Act, ActKind, CitedAct, Control, Point};
pub use order::{Mention, MentionRole, Order, Participants, Unplaced};
pub use party::{Party, PartyKind, Person, SchoolKind, SchoolRef};
pub use plan::{Activity, ActivityKey, Column, OtherCell, Plan, Section, SourceCell};
pub use programme::{Criterion, IndicatorGroup, Item, Measure, MeasuredValue, Programme, ProgrammeRow};
