//! How does a region, a municipality, the schools of a curator, a school stand, and what is behind each number?

mod files;
mod ground;
mod lists;
mod paper;
mod view;
mod week;

use axum::extract::{Query, State};
use maud::Markup;
use opora_access::{Place, Right, contains};
use opora_execution::Progress;
use serde::Deserialize;

pub use files::file;
pub use ground::{Backdrops, Ground, People};
pub use lists::rows;
pub use paper::week_docx;
pub use view::{content, home_card};
pub use week::{day, summary, week};

use crate::usecases::boards::{Month, RowsAsked, Scope, Which, board, place_name};
use crate::web::actor::{Actor, refused};
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::views::address::address;

/// Name of the board of the whole installation.
const EVERYTHING: &str = "Все планы";

/// What to show.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wanted {
    /// The place; the reader's own without.
    #[serde(default)]
    pub place: String,
    /// Which list of rows: times without, `decisions` or `risks`.
    #[serde(default)]
    pub what: String,
    /// Only times in this state.
    #[serde(default)]
    pub state: String,
    /// Only times planned for this month.
    #[serde(default)]
    pub planned: String,
    /// Only times carried out in this month.
    #[serde(default)]
    pub done: String,
    /// Only of this plan.
    #[serde(default)]
    pub plan: Option<i64>,
    /// Only of this section.
    #[serde(default)]
    pub section: Option<usize>,
    /// The year in which the school year of the picture begins.
    #[serde(default)]
    pub year: Option<i16>,
    /// A day of the week wanted.
    #[serde(default)]
    pub from: String,
    /// Page of the list.
    #[serde(default)]
    pub page: Option<usize>,
}

impl Wanted {
    /// An address with the same place and these parameters.
    pub fn address(&self, path: &str, more: &[(&'static str, String)]) -> String {
        let place = (!self.place.is_empty()).then(|| ("place", self.place.clone()));
        let pairs: Vec<(&str, String)> = place.into_iter().chain(more.iter().cloned()).collect();
        address(path, &pairs)
    }

    /// Rows with these parameters.
    pub fn rows(&self, more: &[(&'static str, String)]) -> String {
        self.address("/boards/rows", more)
    }

    /// The parameters that choose rows, without the page.
    fn row_pairs(&self) -> Vec<(&'static str, String)> {
        let texts =
            [("what", &self.what), ("state", &self.state), ("planned", &self.planned), ("done", &self.done)];
        let filled = texts.into_iter().filter(|(_, text)| !text.is_empty());
        let plan = self.plan.map(|plan| ("plan", plan.to_string()));
        let section = self.section.map(|section| ("section", section.to_string()));
        filled.map(|(name, text)| (name, text.clone())).chain(plan).chain(section).collect()
    }

    /// The rows that are asked for.
    fn asked(&self) -> Result<RowsAsked, WebError> {
        let month = |text: &str| {
            if text.is_empty() {
                return Ok(None);
            }
            let mend = "Откройте список со сводки: там месяцы уже подставлены.";
            let wrong = || WebError::bad_request("Месяц записывают так: 2026-10", mend);
            Month::read(text).map(Some).ok_or_else(wrong)
        };
        let wrong = || {
            let mend = "Откройте список со сводки: там состояния уже подставлены.";
            WebError::bad_request("Такого состояния нет", mend)
        };
        Ok(RowsAsked {
            which: Which::of_slug(&self.state).ok_or_else(wrong)?,
            planned: month(&self.planned)?,
            done: month(&self.done)?,
            plan: self.plan,
            section: self.section,
        })
    }
}

/// What a person's board is about: the place asked for, or the own places.
pub fn scope(actor: &Actor, wanted: &Wanted) -> Result<Scope, WebError> {
    let unknown = || WebError::not_found("Такого региона, муниципалитета или школы нет в реестре");
    if !wanted.place.is_empty() {
        let place = Place::of_code(&wanted.place).ok_or_else(unknown)?;
        if !actor.reaches(Right::SeePlans, place) {
            return Err(refused());
        }
        return if actor.knows(place) { Ok(Scope::One(place)) } else { Err(unknown()) };
    }
    let mut places = actor.places(Right::SeePlans);
    places.sort_unstable();
    places.dedup();
    let all = places.clone();
    places.retain(|own| !all.iter().any(|other| other != own && contains(*other, *own, &actor.registry)));
    match places.as_slice() {
        [] => Err(refused()),
        [one] => Ok(Scope::One(*one)),
        _ => Ok(Scope::Own(places)),
    }
}

/// Name of what a board is about.
pub fn title(scope: &Scope, actor: &Actor) -> String {
    match scope {
        Scope::One(Place::Installation) => EVERYTHING.to_owned(),
        Scope::One(place) => place_name(*place, &actor.registry),
        Scope::Own(places) if places.iter().all(|place| matches!(place, Place::School(_))) => {
            "Мои школы".to_owned()
        }
        Scope::Own(_) => "Мои территории и школы".to_owned(),
    }
}

/// How the plans of a person's own places stand, for the start page.
pub async fn own_progress(state: &AppState, actor: &Actor) -> Result<Progress, WebError> {
    let scope = scope(actor, &Wanted::default())?;
    let plans = actor.standings(state).await?;
    let going_on = plans.iter().filter(|plan| !plan.is_closed());
    let own = going_on.filter(|plan| scope.holds(plan.summary.owner, &actor.registry));
    Ok(own.fold(Progress::default(), |sum, plan| sum.join(&plan.progress)))
}

/// `GET /boards`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let scope = scope(&actor, &wanted)?;
    let ground = Ground::of(&state, &actor, &scope).await?;
    let board = board(&scope, &ground.leaves, &actor.registry, actor.today);
    let content = content(&actor, &wanted, &scope, &ground.leaves, &ground.people, &board);
    Ok(page(&ui, &format!("Сводка: {}", title(&scope, &actor)), Section::Boards, &content))
}
