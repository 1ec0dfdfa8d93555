//! Take an order in: from the bytes of a file to saved plans.

use jiff::Timestamp;
use opora_access::Place;
use opora_cycle::intake;
use opora_cycle::vocabulary::Order;
use opora_documents::Options;
use opora_store::{Authorship, NewSource, PlanId, Store, StoreError};

/// Reads a file into an order. Bound to the processor, and slow for scans: call it off the async threads.
///
/// Never fails: what could not be read is among the findings of the order.
pub fn read_order(name: &str, bytes: &[u8]) -> Order {
    intake::read(&opora_documents::read(name, bytes, &Options::default()))
}

/// Saves the plans of an order together with the file they came from, and tells their numbers.
///
/// The same bytes are saved once for an owner: a file taken in before adds nothing, and its plans are told.
pub async fn save(
    store: &Store,
    order: &Order,
    bytes: &[u8],
    owner: Place,
    who: &str,
    at: Timestamp,
) -> Result<Vec<PlanId>, StoreError> {
    let mut known = store.plans_of_source(&order.source.sha256).await?;
    known.retain(|plan| plan.owner == owner);
    if !known.is_empty() {
        return Ok(known.into_iter().map(|plan| plan.id).collect());
    }
    if order.plans.is_empty() {
        return Ok(Vec::new());
    }
    let source = NewSource { name: &order.source.name, format: order.source.format, bytes };
    let by = Authorship { who, reason: "прочитан из файла", at };
    Ok(store.record_import(&source, order, owner, &by).await?.plans)
}
