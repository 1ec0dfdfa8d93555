//! What is carried out of a plan: the version in force, laid on the calendar, with everything recorded about it?

use std::sync::Arc;

use jiff::civil::Date;
use opora_access::Place;
use opora_cycle::vocabulary::Order;
use opora_store::{Names, PlanId, StoreError, VersionNumber};

use super::actor::LOCAL_USER;
use super::errors::WebError;
use super::state::{AppState, LoadedPlan};
use crate::usecases::execution::Execution;
use crate::usecases::in_force::Followed;

/// A plan with its execution.
pub struct CarriedOut {
    /// The newest version.
    pub plan: Arc<LoadedPlan>,
    /// Whose it is.
    pub owner: Place,
    /// Which version is carried out.
    pub followed: Followed,
    /// That version, where it is not the newest one.
    older: Option<Arc<LoadedPlan>>,
    /// What was recorded.
    pub execution: Arc<Execution>,
    names: Names,
}

impl CarriedOut {
    /// A plan as it stands on a day.
    pub async fn read(state: &AppState, id: i64, today: Date) -> Result<Self, WebError> {
        let look = state.look(today).await?;
        let standing = look.plan(PlanId(id)).ok_or(StoreError::PlanUnknown(PlanId(id)))?;
        let plan = state.plan_of(&standing.summary).await?;
        let followed = standing.followed.clone();
        let older = match followed.is_behind(VersionNumber(plan.version)) {
            true => Some(state.plan_at(&standing.summary, followed.version).await?),
            false => None,
        };
        let execution = match &standing.execution {
            Some(execution) => Arc::clone(execution),
            // Of plans that are over or in the archive it is not kept at hand.
            None => {
                let order = &older.as_ref().unwrap_or(&plan).order;
                Arc::new(Execution::read(&state.store, id, order, today).await?)
            }
        };
        let names = state.store.account_names().await?;
        Ok(Self { plan, owner: standing.summary.owner, followed, older, execution, names })
    }

    /// What is carried out.
    pub fn order(&self) -> &Order {
        &self.older.as_ref().unwrap_or(&self.plan).order
    }

    /// The name of a person that facts know by a number.
    pub fn name(&self, by: i64) -> &str {
        self.names.get(&by).map_or(LOCAL_USER, String::as_str)
    }
}
