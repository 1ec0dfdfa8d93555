//! Who supports this school, as its page tells?

use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_cells::OrganisationId;

use super::contract::line;
use super::span;
use crate::usecases::assignments::Support;
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// The curators and mentor schools of a school, and the schools it helps itself. Nothing where there are none.
pub async fn card(state: &AppState, ui: &Ui, id: OrganisationId) -> Result<Markup, WebError> {
    let Some(actor) = &ui.actor else { return Ok(html! {}) };
    let support = Support::read(&state.store).await?;
    let today = ui.today;
    let mut curators = Vec::new();
    for held in state.store.grants(None).await? {
        let own = held.grant.role == Role::Curator && held.grant.place == Place::School(id);
        if own && held.grant.holds(today) {
            let account = state.store.account(held.account).await?;
            curators.push((account.name, span(held.grant.from, held.grant.until)));
        }
    }
    let of = |mine: bool| {
        let open = support.mentorings.iter().filter(move |own| own.holds(today));
        open.filter(move |own| if mine { own.school == id } else { own.mentor == id }).collect::<Vec<_>>()
    };
    let (mentors, helped) = (of(true), of(false));
    let name = |school| place_name(Place::School(school), &actor.registry);
    // The contracts of a school are read by those who may read its plans.
    let reads = actor.may(Right::SeePlans, Place::School(id));
    Ok(html! {
        @if !(curators.is_empty() && mentors.is_empty() && helped.is_empty()) {
            section aria-labelledby="support" {
                h2 #support { "Кто помогает школе" }
                ul.roles {
                    @for (person, days) in &curators { li { "Куратор: " strong { (person) } ", " (days) } }
                    @for own in &mentors {
                        li {
                            "Школа-наставник: " strong { (name(own.mentor)) } ", " (span(own.from, own.until))
                            @if reads { @for contract in &own.contracts { (line(id, contract)) } }
                        }
                    }
                    @for own in &helped { li { "Наставник для школы: " strong { (name(own.school)) } ", " (span(own.from, own.until)) } }
                }
                @if actor.may(Right::Assign, Place::School(id)) { p.actions { a href="/assignments" { "Кураторы и школы-наставники" } } }
            }
        }
    })
}
