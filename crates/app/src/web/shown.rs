//! Which version of a plan does a page show: the one that is carried out, or the one that is being written?

use std::sync::Arc;

use maud::{Markup, html};
use opora_access::{Place, Right};
use opora_approval::State as Agreed;
use opora_store::{PlanId, StoreError, VersionNumber};

use super::actor::Actor;
use super::assets::icon;
use super::errors::WebError;
use super::state::{AppState, LoadedPlan};
use super::ui::Ui;
use super::views::address::{Parameter, address, pairs, value};
use crate::clock;
use crate::usecases::in_force::{Followed, Why};

/// The parameter of an address that asks for a version.
const PARAMETER: &str = "version";

/// A version by what it is, whatever its number: an address that is kept stays true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The newest one, agreed or not.
    Newest,
    /// The one that is carried out.
    InForce,
}

impl Wish {
    /// As an address says it.
    fn word(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::InForce => "in-force",
        }
    }

    /// What the page of a plan opens with: those who write it go on writing, all others see what is carried out.
    pub fn of(actor: &Actor, owner: Place) -> Self {
        if actor.may(Right::EditPlans, owner) { Self::Newest } else { Self::InForce }
    }

    /// What an address asks for.
    pub fn asked(query: Option<&str>) -> Result<Option<Self>, WebError> {
        match value(&pairs(query), PARAMETER) {
            None | Some("") => Ok(None),
            Some("newest") => Ok(Some(Self::Newest)),
            Some("in-force") => Ok(Some(Self::InForce)),
            Some(_) => Err(WebError::bad_request(
                "Такой версии страница не показывает",
                "Откройте план из списка планов. Любые две версии сравнивает страница «История».",
            )),
        }
    }
}

/// What a link of a page keeps of the version that its address asked for.
pub fn kept(query: Option<&str>) -> Option<Parameter> {
    Wish::asked(query).ok().flatten().map(|wish| (PARAMETER, wish.word().to_owned()))
}

/// A plan in the version that a page shows.
pub struct Shown {
    /// The plan in that version.
    pub plan: Arc<LoadedPlan>,
    /// Whose it is.
    pub owner: Place,
    newest: VersionNumber,
    followed: Followed,
    /// Where the newest version stands.
    state: Agreed,
}

impl Shown {
    /// The plan in the version that the address asks for, or else in this one.
    pub async fn read(
        state: &AppState,
        id: i64,
        query: Option<&str>,
        otherwise: impl FnOnce(Place) -> Wish,
    ) -> Result<Self, WebError> {
        let asked = Wish::asked(query)?;
        let look = state.look(clock::today()).await?;
        let standing = look.plan(PlanId(id)).ok_or(StoreError::PlanUnknown(PlanId(id)))?;
        let summary = &standing.summary;
        let wish = asked.unwrap_or_else(|| otherwise(summary.owner));
        let number = if wish == Wish::Newest { summary.version } else { standing.followed.version };
        Ok(Self {
            plan: state.plan_at(summary, number).await?,
            owner: summary.owner,
            newest: summary.version,
            state: standing.agreement.as_ref().map_or(Agreed::Draft, |agreement| agreement.state),
            followed: standing.followed.clone(),
        })
    }

    /// The plan in the other one of the two versions, where there are two.
    pub async fn other(&self, state: &AppState) -> Result<Option<Arc<LoadedPlan>>, WebError> {
        if !self.is_behind() {
            return Ok(None);
        }
        let summary = state.store.summary(PlanId(self.plan.id)).await?;
        let number = if self.shows_newest() { self.followed.version } else { self.newest };
        Ok(Some(state.plan_at(&summary, number).await?))
    }

    /// That the activity of the page is in the shown version only: the other one can't be looked at.
    pub fn notice_of_one_side(&self) -> Markup {
        let (old, new) = (self.followed.version.0, self.newest.0);
        let becomes = what_becomes(self.state);
        html! {
            p.notice.which-version.no-print role="status" {
                (icon("layers"))
                span {
                    @if self.shows_newest() {
                        "Это мероприятие есть только в версии " (new) ": она " (becomes) ". " (self.held())
                        " версия " (old) ", и в ней его нет. "
                    } @else {
                        (self.held()) " версия " (old) ", она и показана. Версия " (new) " " (becomes)
                        ", и этого мероприятия в ней нет. "
                    }
                    a href={ "/plans/" (self.plan.id) "/compare?from=" (old) "&to=" (new) } { "Что меняется" }
                }
            }
        }
    }

    /// A newer version than the one that is carried out is being written.
    pub fn is_behind(&self) -> bool {
        self.followed.is_behind(self.newest)
    }

    fn shows_newest(&self) -> bool {
        self.plan.version == self.newest.0
    }

    /// The parameter that makes an address show this version, where there is another one.
    pub fn parameter(&self) -> Option<Parameter> {
        let wish = if self.shows_newest() { Wish::Newest } else { Wish::InForce };
        self.is_behind().then(|| (PARAMETER, wish.word().to_owned()))
    }

    /// Which version is shown, and the way to the other one; nothing where there is only one to show. What the page
    /// was asked for, the other version is asked for as well.
    pub fn notice(&self, ui: &Ui) -> Markup {
        if !self.is_behind() {
            return html! {};
        }
        let (old, new) = (self.followed.version.0, self.newest.0);
        let held = self.held();
        let becomes = what_becomes(self.state);
        let wish = if self.shows_newest() { Wish::InForce } else { Wish::Newest };
        let (path, query) = ui.path.split_once('?').unwrap_or((&ui.path, ""));
        let read = pairs(Some(query));
        let mut others: Vec<(&str, String)> = read
            .iter()
            .filter(|(name, _)| name != PARAMETER && name != "page")
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        others.push((PARAMETER, wish.word().to_owned()));
        let link = address(path, &others);
        html! {
            p.notice.which-version.no-print role="status" {
                (icon("layers"))
                span {
                    @if self.shows_newest() {
                        "Показана версия " (new) ": она " (becomes) ". " (held) " версия " (old) ": "
                        a href=(link) { "посмотреть" }
                    } @else {
                        (held) " версия " (old) ", она и показана. Версия " (new) " " (becomes) ": "
                        a href=(link) { "посмотреть" }
                    }
                    ". "
                    a href={ "/plans/" (self.plan.id) "/compare?from=" (old) "&to=" (new) } { "Что меняется" }
                }
            }
        }
    }

    /// How the version is called that is carried out: «Сейчас действует».
    fn held(&self) -> &'static str {
        match self.followed.why {
            Why::Approved => "Одобрена, но ещё не введена в действие",
            Why::Closed => "Работа завершена; по плану действовала",
            Why::InForce | Why::NeverAsked | Why::NothingAgreed => "Сейчас действует",
        }
    }
}

/// What goes on with the version that is not carried out yet.
fn what_becomes(state: Agreed) -> &'static str {
    match state {
        Agreed::Submitted => "ждёт согласования",
        Agreed::Returned => "возвращена с замечаниями",
        Agreed::Approved => "одобрена, но ещё не введена в действие",
        Agreed::Closed => "в действие не вводилась",
        Agreed::Draft | Agreed::Correction | Agreed::InForce => "пишется",
    }
}
