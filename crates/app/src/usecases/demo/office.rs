//! What did the office of the invented municipality do about its own plans?
//!
//! Whoever works as methodologist carries them out, and the coordinator looks at what was done: nobody confirms the own
//! work.

use jiff::civil::{Date, DateTime};
use opora_access::Place;
use opora_cycle::vocabulary::Order;
use opora_execution::{Deed, Occurrence, Party, Phase};
use opora_store::{Authorship, PlanId, StoreError};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::cast::{Cast, Who};
use super::deeds::{Proving, Teller, wish};
use super::story::moment;
use crate::usecases::execution::Execution;
use crate::usecases::results::dataset::Workbench;

/// Working days between two reports of the office, and the day of the first; the coordinator looks three days later.
const REPORT_EVERY: usize = 10;
const FIRST_REPORT: usize = 7;
/// One time of so many is left undone, so that something stays late.
const FORGOTTEN_EVERY: u32 = 23;

/// The plans of the office while the story is told.
#[derive(Default)]
pub(super) struct Office {
    plans: Vec<(PlanId, Order, Execution)>,
}

impl Office {
    /// The plans that belong to the municipality itself; those of a whole region have nobody who performs them.
    pub(super) async fn open(bench: &Workbench, cast: &Cast, today: Date) -> Result<Self, StoreError> {
        let mut plans = Vec::new();
        if matches!(cast.place, Place::Installation) {
            return Ok(Self { plans });
        }
        for summary in bench.store.plans().await? {
            if summary.owner == cast.place && !summary.archived {
                let order = bench.store.plan(summary.id).await?.order;
                let execution = Execution::read(&bench.store, summary.id.0, &order, today).await?;
                plans.push((summary.id, order, execution));
            }
        }
        Ok(Self { plans })
    }

    /// What the office does on the working day of a school year.
    pub(super) async fn live(
        &mut self,
        (bench, cast): (&Workbench, &Cast),
        working: usize,
        day: Date,
        chance: &mut ChaCha8Rng,
    ) -> Result<(), StoreError> {
        match working % REPORT_EVERY {
            FIRST_REPORT => self.report(bench, &cast.methodist, day.at(16, 10, 0, 0), chance).await,
            0 => self.look(bench, &cast.coordinator, day.at(17, 20, 0, 0), chance).await,
            _ => Ok(()),
        }
    }

    async fn report(
        &mut self,
        bench: &Workbench,
        who: &Who,
        local: DateTime,
        chance: &mut ChaCha8Rng,
    ) -> Result<(), StoreError> {
        // Which ones are forgotten does not change from report to report.
        let remembered = |occurrence: &Occurrence| occurrence.key.activity.0 % FORGOTTEN_EVERY != 3;
        for (plan, order, execution) in &mut self.plans {
            let proving = Proving {
                site: format!("office-{}.example", plan.0),
                name: "Управление образования".to_owned(),
                number: order.plans.len(),
            };
            let teller = Teller { store: &bench.store, who, local, proving };
            teller.report(order, execution, &remembered, chance).await?;
        }
        Ok(())
    }

    async fn look(
        &mut self,
        bench: &Workbench,
        who: &Who,
        local: DateTime,
        chance: &mut ChaCha8Rng,
    ) -> Result<(), StoreError> {
        let by = Authorship { who: &who.name, reason: "", at: moment(local) };
        for (_, _, execution) in &mut self.plans {
            let mut wishes = Vec::new();
            for (occurrence, account) in execution.ledger().accounts() {
                let deed = match account.phase {
                    // One in eight waits until the next time.
                    _ if chance.random_bool(0.125) => continue,
                    Phase::Done => Deed::Confirmed,
                    phase if phase.is_asked() => Deed::PostponementGranted,
                    _ => continue,
                };
                wishes.push(wish(occurrence, &account, (who, Party::Coordinator), local, deed, &[]));
            }
            execution.act_on_many(&bench.store, &wishes, Some(who.account), &by).await?;
        }
        Ok(())
    }
}
