//! Which decisions are waited for, whose are they, and for how long?

use jiff::civil::Date;
use jiff::tz::TimeZone;
use opora_access::Place;
use opora_approval::{Party, Standing, State};
use opora_execution::work::{Mover, WorkKind};

use super::Leaf;
use super::sum::days_between;
use crate::usecases::standings::PlanStanding;

/// What a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// A roadmap or another plan.
    Plan,
    /// A self-diagnosis.
    Diagnosis,
    /// Another last day.
    Postponement,
}

impl Waited {
    /// In Russian.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Plan => "согласование плана",
            Self::Diagnosis => "проверка самодиагностики",
            Self::Postponement => "перенос срока",
        }
    }
}

/// A decision that somebody waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whose it is.
    pub place: Place,
    /// About what.
    pub about: Waited,
    /// Title of the plan or the activity.
    pub title: String,
    /// Where it stands, in Russian.
    pub state: String,
    /// Who is to move.
    pub waits_for: Party,
    /// Since when.
    pub since: Date,
    /// For how many days.
    pub days: i32,
    /// Address of the page.
    pub address: String,
}

impl Decision {
    /// Who is waited for, in Russian.
    pub fn waits_for_words(&self) -> &'static str {
        match (self.waits_for, self.place) {
            (Party::Author, Place::School(_)) => "школа",
            (Party::Author, _) => "автор плана",
            (Party::Reviewer, _) => "куратор",
            (Party::Coordinator, _) => "координатор",
        }
    }
}

/// The decisions that wait in a place. A self-diagnosis that was never submitted waits for nobody's decision.
pub fn decisions(leaf: &Leaf, today: Date) -> Vec<Decision> {
    let zone = TimeZone::system();
    let agreed = |standing: &Standing, about, title: &str, address: String| {
        let since = zone.to_datetime(standing.since).date();
        Some(Decision {
            place: leaf.place,
            about,
            title: title.to_owned(),
            state: standing.state.russian().to_owned(),
            waits_for: standing.whose_move?,
            since,
            days: days_between(since, today),
            address,
        })
    };
    let mut all = Vec::new();
    if let (Some(shelved), Place::School(school)) = (&leaf.diagnosis, leaf.place) {
        let standing = Some(&shelved.standing).filter(|standing| standing.state != State::Draft);
        let address = format!("/schools/{}/diagnosis?year={}", school.0, leaf.year);
        let title = format!("Самодиагностика за {} год", leaf.year);
        all.extend(standing.and_then(|standing| agreed(standing, Waited::Diagnosis, &title, address)));
    }
    for plan in &leaf.plans {
        let id = plan.summary.id.0;
        let address = format!("/plans/{id}/approval");
        let standing = plan.agreement.as_ref();
        all.extend(standing.and_then(|own| agreed(own, Waited::Plan, &plan.summary.title, address)));
        all.extend(postponements(leaf.place, plan, today));
    }
    all
}

fn postponements(place: Place, plan: &PlanStanding, today: Date) -> impl Iterator<Item = Decision> {
    let asked = plan.items.iter().filter(|item| item.kind == WorkKind::Postponement);
    asked.map(move |item| {
        let since = item.since.date();
        let is_coordinator = matches!(item.mover, Mover::Role(opora_execution::Party::Coordinator, _));
        Decision {
            place,
            about: Waited::Postponement,
            title: item.what.clone(),
            state: "просят перенести срок".to_owned(),
            waits_for: if is_coordinator { Party::Coordinator } else { Party::Reviewer },
            since,
            days: days_between(since, today),
            address: address_of_item(&item.path),
        }
    })
}

/// The page of an item of work: its path is that of the room.
fn address_of_item(path: &str) -> String {
    match path.split_once("/occurrence/") {
        Some((plan, key)) => {
            let key = key.trim_end_matches("/postponement").replace(['/', '.'], "-");
            format!("/{plan}/work#o-{key}")
        }
        None => format!("/{path}"),
    }
}
