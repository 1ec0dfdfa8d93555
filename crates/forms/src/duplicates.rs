//! Does a file tell the same thing twice?

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use opora_cells::OrganisationId;

use crate::sites::Site;

/// School, packed procedure or indicator, year.
pub(crate) type Key = (OrganisationId, u32, u16);

/// What was met so far.
#[derive(Default)]
pub(crate) struct Duplicates {
    block: u32,
    /// The block a school, procedure and class were met in first, under a login where the school has several.
    blocks: HashMap<(Key, u8, Site), u32>,
    /// The block they were met in first under any login.
    blocks_of_logins: HashMap<(Key, u8), u32>,
    last: Option<(Key, u8, Site)>,
    /// The row an aggregated fact was met in first, by what sort of fact it is.
    facts: HashMap<(Key, u8, Site), u32>,
    /// The row it was met in first under any login.
    facts_of_logins: HashMap<(Key, u8), u32>,
    /// Participants by a hash, with a hash of their result.
    participants: HashMap<u64, u64>,
    /// There were more participants than are kept.
    pub(crate) full: bool,
}

/// Participants that are kept, about 40 MB.
const PARTICIPANTS_MAX: usize = 1_000_000;

/// How a participant was met before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Never,
    SameResult,
    OtherResult,
}

impl Duplicates {
    /// Another sheet, head or school row: what stands there is a list of its own.
    pub(crate) fn next_block(&mut self) {
        self.block += 1;
        self.last = None;
    }

    /// Results of the class stand in a list before this one as well. A stream is one list and is not looked at.
    pub(crate) fn in_another_block(&mut self, key: Key, class: u8, site: Site) -> bool {
        let block = self.block;
        if block == 0 || self.last == Some((key, class, site)) {
            return false;
        }
        self.last = Some((key, class, site));
        let beside = match site {
            Site::Untold => self.blocks_of_logins.get(&(key, class)).copied(),
            Site::Login(_) => {
                self.blocks_of_logins.entry((key, class)).or_insert(block);
                self.blocks.get(&(key, class, Site::Untold)).copied()
            }
        };
        let first = *self.blocks.entry((key, class, site)).or_insert(block);
        first != block || beside.is_some_and(|beside| beside != block)
    }

    /// The row in which the same fact was told before.
    pub(crate) fn told_before(&mut self, key: Key, sort: u8, site: Site, row: u32) -> Option<u32> {
        let beside = match site {
            Site::Untold => self.facts_of_logins.get(&(key, sort)).copied(),
            Site::Login(_) => {
                self.facts_of_logins.entry((key, sort)).or_insert(row);
                self.facts.get(&(key, sort, Site::Untold)).copied()
            }
        };
        let mut before = None;
        self.facts.entry((key, sort, site)).and_modify(|row| before = Some(*row)).or_insert(row);
        before.or(beside)
    }

    /// Whether a participant was met before. The code itself is not kept.
    pub(crate) fn participant(
        &mut self,
        (key, site): (Key, Site),
        class: u8,
        code: &str,
        result: impl Hash,
    ) -> Seen {
        let hash = |what: &dyn Fn(&mut DefaultHasher)| {
            let mut hasher = DefaultHasher::new();
            what(&mut hasher);
            hasher.finish()
        };
        if self.participants.len() >= PARTICIPANTS_MAX {
            self.full = true;
            return Seen::Never;
        }
        let who = hash(&|hasher| (key, site, class, code).hash(hasher));
        let what = hash(&|hasher| result.hash(hasher));
        match self.participants.insert(who, what) {
            None => Seen::Never,
            Some(before) if before == what => Seen::SameResult,
            Some(_) => Seen::OtherResult,
        }
    }
}
