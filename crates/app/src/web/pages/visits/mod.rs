//! How are schools visited: planned, held, written up, followed up?
//!
//! Here: what all these pages share. Beside it: the curator's month ([`route`], drawn in [`month`]), the visits to a
//! school ([`school`]), one visit with its protocol ([`visit`], [`protocol`]), its tasks ([`tasks`]), and the protocol on
//! paper ([`print`]).

mod month;
mod people;
mod print;
mod protocol;
mod route;
mod school;
mod tasks;
mod visit;

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::Date;
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_execution::{Problem, Refusal, RefusalKind};
use opora_registry::{NodeId, NodeLevel};

pub use month::{plan_many, show as month};
pub use people::{
    Asked, NameOf, draft_state, names, read_assignee, who_fields, who_words, written_by_others,
};
pub use print::{Line, docx, heading, paper, show as print};
pub use protocol::fits as notes_fit;
pub use route::{Month, PLANNED_AT_ONCE, Wanted as MonthWanted, plan_all};
pub use school::{list, notice, plan};
pub use tasks::{
    TaskPage, act as act_on_task, draw as tasks, of_visit as act_on_visit_task, proof, proof_of,
    sides as task_sides,
};
pub use visit::{Case as VisitCase, act, keep, show};

use crate::clock;
use crate::usecases::support::{Doer, Ground, NotDone, Records, Supported};
use crate::web::actor::Actor;
use crate::web::deeds::status_of;
use crate::web::errors::WebError;
use crate::web::state::AppState;

/// What an actor sees of the schools that are looked after.
pub struct View {
    /// Everything recorded.
    pub records: Arc<Records>,
    /// The schools whose support the actor may see.
    pub grounds: Vec<Ground>,
    /// The municipalities whose common plans the actor may read.
    pub nodes: Vec<NodeId>,
}

impl View {
    /// Reads it.
    pub async fn of(state: &AppState, actor: &Actor) -> Result<Self, WebError> {
        let look = state.supported(actor.today).await?;
        let may = |school| actor.may(Right::SeeDiagnosis, Place::School(school));
        let grounds = look.grounds.iter().filter(|ground| may(ground.school)).cloned().collect();
        let towns = actor.registry.nodes().filter(|node| node.level == NodeLevel::Municipality);
        let nodes = towns.map(|node| node.id).filter(|id| actor.may(Right::SeePlans, Place::Node(*id)));
        let nodes = nodes.collect();
        Ok(Self { records: Arc::clone(&look.records), grounds, nodes })
    }

    /// The school that is looked after.
    pub fn ground(&self, school: OrganisationId) -> Option<&Ground> {
        self.grounds.iter().find(|ground| ground.school == school)
    }

    /// The first day on which a school of a municipality is looked after.
    pub fn start_of(&self, node: NodeId) -> Option<Date> {
        self.grounds.iter().filter(|ground| ground.node == node).map(|ground| ground.start).min()
    }
}

/// How the schools and municipalities an actor sees are looked after: with what waits for people in visits, tasks and
/// obligations.
pub async fn supported(state: &AppState, actor: &Actor) -> Result<Vec<Arc<Supported>>, WebError> {
    let look = state.supported(actor.today).await?;
    let seen = |place: Place| match place {
        Place::School(_) => actor.may(Right::SeeDiagnosis, place),
        _ => actor.may(Right::SeePlans, place),
    };
    let own = look.places.iter().filter(|(place, _)| seen(**place));
    Ok(own.map(|(_, supported)| Arc::clone(supported)).collect())
}

/// Name of a school as shown.
pub fn school_name(actor: &Actor, school: OrganisationId) -> Result<String, WebError> {
    let known = actor.registry.get(school);
    known.map(|known| known.name.clone()).ok_or_else(|| WebError::not_found("Такой школы нет в реестре"))
}

/// The actor as the one who records something on a side.
pub fn doer<'a>(state: &'a AppState, actor: &'a Actor, side: i64) -> Doer<'a> {
    Doer {
        store: &state.store,
        shelf: &state.support,
        name: actor.name(),
        account: actor.account(),
        number: actor.number(side),
        now: clock::now(),
        today: actor.today,
    }
}

/// What is told on the page when nothing was recorded.
pub struct Told {
    /// Status of the answer.
    pub status: StatusCode,
    /// What, why, what next; several where several things have to be mended.
    pub messages: Vec<String>,
}

/// The same message about many places is told once, with how many there are.
fn each_once(problems: Vec<Problem>) -> Vec<String> {
    let mut told: Vec<(String, usize)> = Vec::new();
    for Problem { message, .. } in problems {
        match told.iter_mut().find(|(own, _)| *own == message) {
            Some((_, count)) => *count += 1,
            None => told.push((message, 1)),
        }
    }
    let line = |(message, count)| {
        if count > 1 { format!("{message} Таких мест: {count}.") } else { message }
    };
    told.into_iter().map(line).collect()
}

/// What to tell when nothing was recorded; an error where there is no page to tell it on.
pub fn told(error: NotDone) -> Result<Told, WebError> {
    match error {
        NotDone::Refused(refusal) => {
            Ok(Told { status: status_of(&refusal), messages: vec![refusal.message] })
        }
        NotDone::Problems(problems) => {
            Ok(Told { status: StatusCode::UNPROCESSABLE_ENTITY, messages: each_once(problems) })
        }
        NotDone::Unknown => Err(WebError::not_found("Такой записи нет")),
        NotDone::Store(error) => Err(error.into()),
    }
}

/// A refusal of a form that can't be read.
pub fn incomplete(message: &str) -> NotDone {
    NotDone::Refused(Refusal { kind: RefusalKind::Incomplete, message: message.to_owned() })
}

/// A day of a form.
pub fn day(text: &str, what: &str) -> Result<Date, NotDone> {
    text.trim().parse().map_err(|_| incomplete(&format!("{what} Укажите день.")))
}
