//! Which curator would suit each school that has none, and why?

use std::collections::BTreeMap;

use axum::extract::State;
use maud::{Markup, html};
use opora_access::{CuratorOffer, Proposal};
use opora_cells::OrganisationId;
use opora_store::AccountId;

use super::desk::Desk;
use super::terms;
use crate::usecases::assignments::{Needs, curator_offers, propose_for};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// A proposal with what it was made of.
pub struct Proposed {
    /// Schools of the programme without a curator, by the alphabet.
    pub schools: Vec<OrganisationId>,
    /// In what they are weak.
    pub needs: Needs,
    /// Those who may take schools.
    pub offers: Vec<CuratorOffer>,
    found: BTreeMap<OrganisationId, Proposal>,
}

impl Proposed {
    /// Makes it; nothing is recorded.
    pub async fn of(state: &AppState, actor: &Actor, desk: &Desk) -> Result<Self, WebError> {
        let schools = desk.without_curator(actor);
        let needs = desk.needs(state, actor, &schools).await?;
        let offers = curator_offers(&desk.support, &desk.people, &desk.grants, actor.today);
        let found = propose_for(&needs, &offers, &desk.support).into_iter();
        let found = found.map(|proposal| (proposal.school, proposal)).collect();
        Ok(Self { schools, needs, offers, found })
    }

    /// In what a school is weak.
    pub fn weak(&self, school: OrganisationId) -> &[String] {
        self.needs.get(&school).map_or(&[], Vec::as_slice)
    }

    /// The curator who is proposed for a school.
    pub fn of_school(&self, school: OrganisationId) -> Option<(AccountId, &Proposal)> {
        let found = self.found.get(&school)?;
        Some((AccountId(found.curator?), found))
    }

    /// Why this curator, or why none, sentence by sentence.
    pub fn reasons(&self, desk: &Desk, actor: &Actor, school: OrganisationId) -> Vec<String> {
        let Some((curator, found)) = self.of_school(school) else {
            let none = "Свободных кураторов, которые не работают в этой школе, не осталось. Увеличьте нагрузку или отметьте новых.";
            return vec![none.to_owned()];
        };
        let home = match desk.home(curator, actor.today) {
            Some(home) => format!("Работает в другой школе: {}.", desk.school(home)),
            None => "Где работает, не указано: проверьте, что не в этой школе.".to_owned(),
        };
        vec![home, matched_words(desk, &found.matched, self.weak(school)), way_words(found.kilometres)]
    }
}

/// `GET /assignments/proposal`: nothing is recorded until a person confirms it.
pub async fn show(ui: Ui, State(state): State<AppState>, actor: Actor) -> Result<Markup, WebError> {
    let desk = Desk::read(&state, &actor).await?;
    let proposed = Proposed::of(&state, &actor, &desk).await?;
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/assignments" { "Кураторы школ" } }
        div.page-head { div { h1 { "Предложение кураторов" } p { "Опора подобрала так, чтобы куратор был у возможно большего числа школ, сильные стороны отвечали слабым местам, а дорога была короче. Решаете вы: отметьте, с чем согласны, или выберите другого." } } }
        @if proposed.schools.is_empty() {
            p.notice { "У всех школ программы есть куратор." }
        } @else if proposed.offers.is_empty() {
            p.notice { "Пока никто не отмечен как возможный куратор. Вернитесь на страницу «Кураторы школ» и укажите, кто сколько школ может взять." }
        } @else {
            form.stack action="/assignments" method="post" {
                div.table-scroll tabindex="0" role="region" aria-label="Предложение" {
                    table.folds {
                        thead { tr { th scope="col" { "Согласны" } th scope="col" { "Школа" } th scope="col" { "Куратор" } th scope="col" { "Почему" } } }
                        tbody { @for school in &proposed.schools { (row(&desk, &actor, *school, &proposed)) } }
                    }
                }
                (terms(actor.today))
                div.actions { button.primary type="submit" { "Назначить отмеченных" } a.button.quiet href="/assignments" { "Не сейчас" } }
            }
        }
    };
    Ok(page(&ui, "Предложение кураторов", Section::People, &content))
}

fn row(desk: &Desk, actor: &Actor, school: OrganisationId, proposed: &Proposed) -> Markup {
    let name = desk.school(school);
    let chosen = proposed.of_school(school).map(|(curator, _)| curator.0);
    let id = format!("curator-{}", school.0);
    let may = |offer: &&CuratorOffer| offer.works_at != Some(school);
    html! {
        tr {
            td data-label="Согласны" { input type="checkbox" name="take" value=(school.0) checked[chosen.is_some()] aria-label={ "Назначить куратора: " (name) }; }
            th scope="row" data-label="Школа" { (name) }
            td data-label="Куратор" {
                select id=(id) name=(id) aria-label={ "Куратор: " (name) } {
                    option value="" selected[chosen.is_none()] { "не выбран" }
                    @for offer in proposed.offers.iter().filter(may) {
                        option value=(offer.account) selected[chosen == Some(offer.account)] {
                            (desk.person(AccountId(offer.account))) @if offer.capacity == 0 { " – мест нет" }
                        }
                    }
                }
            }
            td data-label="Почему" { (proposed.reasons(desk, actor, school).join(" ")) }
        }
    }
}

/// What of the weak places is met by strengths.
pub(super) fn matched_words(desk: &Desk, matched: &[String], weak: &[String]) -> String {
    if weak.is_empty() {
        "Слабые места школы пока не известны.".to_owned()
    } else if matched.is_empty() {
        format!("Слабые места школы ({}) с сильными сторонами не совпали.", desk.fields(weak.iter()))
    } else {
        format!("Сильная сторона там, где школе трудно: {}.", desk.fields(matched.iter()))
    }
}

/// The way in words.
pub(super) fn way_words(kilometres: Option<u32>) -> String {
    kilometres.map_or_else(|| "Расстояние не указано.".to_owned(), |way| format!("До школы {way} км."))
}
