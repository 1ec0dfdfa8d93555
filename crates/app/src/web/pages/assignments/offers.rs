//! Which mentor school would suit each school that has none, and why?

use std::collections::BTreeMap;

use opora_access::{MentorOffer, MentorProposal, Place, Right};
use opora_cells::OrganisationId;

use super::desk::Desk;
use super::mentors::lacking;
use super::proposal::{matched_words, way_words};
use crate::usecases::assignments::{Needs, mentor_offers, propose_mentors_for};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::state::AppState;

/// A proposal with what it was made of.
pub struct MentorsProposed {
    /// Schools of the programme without a mentor school, by the alphabet.
    pub schools: Vec<OrganisationId>,
    /// Schools that may help.
    pub offers: Vec<MentorOffer>,
    needs: Needs,
    found: BTreeMap<OrganisationId, MentorProposal>,
}

impl MentorsProposed {
    /// Makes it; nothing is recorded.
    pub async fn of(state: &AppState, actor: &Actor, desk: &Desk) -> Result<Self, WebError> {
        let schools = lacking(desk, actor);
        let needs = desk.needs(state, actor, &schools).await?;
        let mine = |offer: &MentorOffer| actor.may(Right::Assign, Place::School(offer.school));
        let mut offers = mentor_offers(&desk.support, |school| desk.programme.contains(&school), actor.today);
        offers.retain(mine);
        let found = propose_mentors_for(&needs, &offers, &desk.support).into_iter();
        let found = found.map(|proposal| (proposal.school, proposal)).collect();
        Ok(Self { schools, offers, needs, found })
    }

    /// In what a school is weak.
    pub fn weak(&self, school: OrganisationId) -> &[String] {
        self.needs.get(&school).map_or(&[], Vec::as_slice)
    }

    /// The mentor school that is proposed for a school.
    pub fn of_school(&self, school: OrganisationId) -> Option<(OrganisationId, &MentorProposal)> {
        let found = self.found.get(&school)?;
        Some((found.mentor?, found))
    }

    /// Why this school, or why none, sentence by sentence.
    pub fn reasons(&self, desk: &Desk, school: OrganisationId) -> Vec<String> {
        let Some((_, found)) = self.of_school(school) else {
            let none = "Свободных школ-наставников не осталось. Отметьте ещё или увеличьте число школ.";
            return vec![none.to_owned()];
        };
        vec![matched_words(desk, &found.matched, self.weak(school)), way_words(found.kilometres)]
    }
}
