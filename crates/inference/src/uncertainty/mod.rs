//! How likely is the true share above the line, when a few pupils decide?
//!
//! The rule of a methodology looks at the pupils who happened to take part. The *true share* is the chance with which
//! a pupil of this school does not pass this procedure. What is known of it before looking at the school is how the
//! shares of the schools around it differ ([`Priors`]: beta prior by moments, empirical Bayes); what the school's own
//! counts add makes the posterior ([`Posterior`]), and [`Posterior::at_least`] is the answer. A verdict that is made of
//! several procedures gets its chance by [`rule_chance`].
//!
//! Assumptions, so that nobody has to guess them: pupils fail independently of each other given the share; schools of
//! a group differ by a beta law; procedures are independent given their shares, so the chances of a rule multiply. The
//! last one is the weakest: one school's procedures and years are alike. On simulated schools «≥ 2 procedures» is told
//! too often by it, and «the same procedure in two years» too rarely; `docs/evidence/calibration.md` shows by how much.

mod bounds;
mod posterior;
mod prior;
mod rule;

pub use bounds::{Bounds, Word};
pub use posterior::{Estimate, Posterior};
pub use prior::{Basis, Moments, Prior, Priors};
pub use rule::{ProcedureChance, RuleChance, at_least, at_least_bounds, rule_chance};
