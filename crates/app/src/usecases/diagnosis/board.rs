//! How far has each school come with its diagnosis, without reading everything anew for every look?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use opora_approval::Standing;
use opora_diagnosis::Progress;
use opora_store::{Fact, FactId, Store, StoreError};
use tokio::sync::Mutex;

use super::work::book_of;
use super::{Case, Papers};

/// The diagnoses of all schools as they stood when somebody looked last; a look reads what is new since.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    last: Option<FactId>,
    facts: BTreeMap<Case, Vec<Fact>>,
    /// Have facts that are not shelved yet.
    stale: BTreeSet<Case>,
    shelved: BTreeMap<Case, Arc<Shelved>>,
}

/// A diagnosis as the board shows it.
#[derive(Clone, Debug)]
pub struct Shelved {
    /// How much is answered.
    pub progress: Progress,
    /// Where it stands.
    pub standing: Standing,
}

impl Shelf {
    /// All diagnoses of a year, by school.
    pub async fn of_year(
        &self,
        store: &Store,
        papers: &Papers,
        year: i16,
    ) -> Result<BTreeMap<Case, Arc<Shelved>>, StoreError> {
        let mut kept = self.kept.lock().await;
        let new = store.facts_after(kept.last.unwrap_or(FactId(0))).await?;
        for fact in new {
            kept.last = Some(fact.id);
            if let Some(case) = Case::of_subject(&fact.subject) {
                kept.stale.insert(case);
                kept.facts.entry(case).or_default().push(fact);
            }
        }
        while let Some(case) = kept.stale.first().copied() {
            let facts = kept.facts.get(&case).map_or(&[][..], Vec::as_slice);
            let book = book_of(store, papers, case, facts).await?;
            let shelved = Shelved { progress: book.progress(), standing: book.standing() };
            kept.shelved.insert(case, Arc::new(shelved));
            kept.stale.remove(&case);
        }
        let of_year = kept.shelved.iter().filter(|(case, _)| case.year == year);
        Ok(of_year.map(|(case, shelved)| (*case, Arc::clone(shelved))).collect())
    }
}
