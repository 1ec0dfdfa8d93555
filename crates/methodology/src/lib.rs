//! Which schools does a methodology point at, and by which clause?
//!
//! A *pack* is a methodology as data: an act, numbers with their clauses, criteria of a closed set of kinds, how they
//! combine, categories, tiers, an exit rule, worked examples. [`Pack::read`] reads and checks one, [`identify`] judges
//! every school by it, [`explain`] tells why in Russian words, [`what_if`] moves a number, [`compare`] tells what a
//! move or another year changes. A verdict can't be built without its trace: the category is computed from it.
//!
//! Shares and means are compared in whole numbers. What is not known stays unknown: «Недостаточно данных» is a
//! category of its own. No school is ever placed before another: verdicts stand by the number of the organisation.

mod canonical;
mod compare;
mod describe;
mod evaluate;
mod examples;
mod explain;
mod facts;
mod number;
mod pack;
mod question;
mod reach;
mod reading;
mod truth;
mod verdict;
mod what_if;

pub use canonical::canonical;
pub use compare::{Changed, Comparison, Reason, compare};
pub use describe::{DescribedCriterion, DescribedExample, DescribedNumber, Description, describe};
pub use evaluate::{history, identify, identify_on};
pub use examples::Example;
pub use explain::{About, Explanation, Origin, Part, SourcePlace, explain};
pub use facts::{DeclaredReference, Facts, MarkerCount, PastDecision, Scope};
pub use number::{Exact, read_exact};
pub use opora_fields::{FileError, Status};
pub use pack::{
    Act, Atom, Category, CategoryIndex, CategoryRole, Condition, CriterionIndex, Exit, Force, Number,
    NumberIndex, NumberUse, Pack, ProcedureSet, Rule, Selector, SetIndex, SocialIndex, Tier, Weighted,
};
pub use question::{Against, AtLeast, Compare, Criterion, Measure, Question, Span};
pub use reading::PackFiles;
pub use truth::Truth;
pub use verdict::{Answer, CellSeen, Evidence, Fact, Found, Movement, Note, Run, Standing, Trace, Verdict};
pub use what_if::{Change, what_if};
