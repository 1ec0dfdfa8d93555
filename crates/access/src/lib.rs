//! Who may do what, and where?
//!
//! A person holds grants: a role, a place in the tree of organisations and the days on which it holds. A role gives
//! rights, a place bounds them. Whatever no grant allows is refused. Secrets (passwords, one-time codes, tokens) are
//! made and checked here and never leave as text that could be read again.
//!
//! No I/O and no clock; randomness comes from the operating system.

mod grants;
mod password;
mod places;
mod proposals;
mod roles;
mod scopes;
mod sealing;
mod second_factor;
mod throttle;
mod tokens;

pub use grants::{Grant, GrantRefused, Person, check_grant};
pub use password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, PasswordHash, PasswordWeakness, judge_password};
pub use places::{Place, contains};
pub use proposals::{
    CuratorOffer, MentorOffer, MentorProposal, Proposal, SchoolNeed, propose, propose_mentors,
};
pub use roles::{Right, Role};
pub use scopes::Scope;
pub use sealing::{NotOpened, Seal};
pub use second_factor::{RECOVERY_CODES, SecondFactor, recovery_codes};
pub use throttle::{Throttle, wait_seconds};
pub use tokens::{Token, token_sha256};
