//! Which of its logins does a school use here?
//!
//! A school of two buildings may have a login for each. What stands under different logins are different pupils: their
//! counts add up. What stands under one login twice, or once under a login and once under a name, is told twice.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use opora_cells::{Cell, OrganisationId, ScoreCount};
use opora_registry::{Registry, Scheme};

use crate::Batch;
use crate::duplicates::Key;
use crate::words::login;

/// The login that results of a school stand under. Told only of schools that have several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Site {
    /// The school has one login, or a file calls it by something else.
    #[default]
    Untold,
    /// One of several logins, as a hash.
    Login(u64),
}

/// Schools with several logins, and what their logins have told so far.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    several: BTreeSet<OrganisationId>,
    cells: BTreeMap<(Key, u8), Cell>,
    scores: BTreeMap<(Key, u16), ScoreCount>,
}

impl Sites {
    pub(crate) fn new(registry: &Registry) -> Self {
        let logins = |school: &&opora_registry::Organisation| {
            school.identifiers.iter().filter(|code| code.scheme == Scheme::Login).count()
        };
        let several = registry.organisations().iter().filter(|school| logins(school) > 1);
        Self { several: several.map(|school| school.id).collect(), ..Self::default() }
    }

    /// The login in a cell, if the school has several.
    pub(crate) fn of(&self, school: OrganisationId, cell: &str) -> Site {
        if !self.several.contains(&school) {
            return Site::Untold;
        }
        login(cell).map_or(Site::Untold, |login| {
            let mut hasher = DefaultHasher::new();
            login.hash(&mut hasher);
            Site::Login(hasher.finish())
        })
    }

    /// Adds counts under a login to those under the others.
    pub(crate) fn add_cell(&mut self, key: Key, sort: u8, cell: Cell) {
        self.cells.entry((key, sort)).and_modify(|sum| *sum = together(sum, &cell)).or_insert(cell);
    }

    /// Adds pupils with a score under a login to those under the others.
    pub(crate) fn add_score(&mut self, key: Key, score: ScoreCount) {
        let sum = self.scores.entry((key, score.score));
        sum.and_modify(|sum| sum.pupils = sum.pupils.saturating_add(score.pupils)).or_insert(score);
    }

    /// Hands over what the logins told together.
    pub(crate) fn finish(&mut self, batch: &mut Batch) {
        batch.cells.extend(std::mem::take(&mut self.cells).into_values());
        batch.scores.extend(std::mem::take(&mut self.scores).into_values());
    }
}

/// Counts of other pupils in the same procedure. The sum is as precise as the less precise of both.
fn together(one: &Cell, other: &Cell) -> Cell {
    let sums = |one: [u32; 3], other: [u32; 3]| {
        let ([a, b, c], [x, y, z]) = (one, other);
        [a.saturating_add(x), b.saturating_add(y), c.saturating_add(z)]
    };
    let ([two, three, four, five], [x, y, z, w]) = (one.marks, other.marks);
    let [three, four, five] = sums([three, four, five], [y, z, w]);
    Cell {
        precision: one.precision.min(other.precision),
        participants: one.participants.saturating_add(other.participants),
        marks: [two.saturating_add(x), three, four, five],
        below_minimum: one.below_minimum.saturating_add(other.below_minimum),
        at_minimum: one.at_minimum.saturating_add(other.at_minimum),
        unmarked: one.unmarked.saturating_add(other.unmarked),
        scored: one.scored.saturating_add(other.scored),
        score_sum: one.score_sum.saturating_add(other.score_sum),
        against_journal: sums(one.against_journal, other.against_journal),
        rows: (one.rows.0.min(other.rows.0), one.rows.1.max(other.rows.1)),
        ..*one
    }
}
