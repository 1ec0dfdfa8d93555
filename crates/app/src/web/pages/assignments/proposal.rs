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

/// `GET /assignments/proposal`: nothing is recorded until a person confirms it.
pub async fn show(ui: Ui, State(state): State<AppState>, actor: Actor) -> Result<Markup, WebError> {
    let desk = Desk::read(&state, &actor).await?;
    let schools = desk.without_curator(&actor);
    let needs = desk.needs(&state, &actor, &schools).await?;
    let offers = curator_offers(&desk.support, &desk.people, &desk.grants, actor.today);
    let found: BTreeMap<OrganisationId, Proposal> = propose_for(&needs, &offers, &desk.support)
        .into_iter()
        .map(|proposal| (proposal.school, proposal))
        .collect();
    let content = html! {
        nav.breadcrumbs aria-label="Путь" { a href="/assignments" { "Кураторы школ" } }
        div.page-head { div { h1 { "Предложение кураторов" } p { "Опора подобрала так, чтобы куратор был у возможно большего числа школ, сильные стороны отвечали слабым местам, а дорога была короче. Решаете вы: отметьте, с чем согласны, или выберите другого." } } }
        @if schools.is_empty() {
            p.notice { "У всех школ программы есть куратор." }
        } @else if offers.is_empty() {
            p.notice { "Пока никто не отмечен как возможный куратор. Вернитесь на страницу «Кураторы школ» и укажите, кто сколько школ может взять." }
        } @else {
            form.stack action="/assignments" method="post" {
                div.table-scroll tabindex="0" role="region" aria-label="Предложение" {
                    table.folds {
                        thead { tr { th scope="col" { "Согласны" } th scope="col" { "Школа" } th scope="col" { "Куратор" } th scope="col" { "Почему" } } }
                        tbody { @for school in &schools {
                            (row(&desk, &actor, (*school, found.get(school)), &needs, &offers))
                        } }
                    }
                }
                (terms(actor.today))
                div.actions { button.primary type="submit" { "Назначить отмеченных" } a.button.quiet href="/assignments" { "Не сейчас" } }
            }
        }
    };
    Ok(page(&ui, "Предложение кураторов", Section::People, &content))
}

fn row(
    desk: &Desk,
    actor: &Actor,
    (school, proposal): (OrganisationId, Option<&Proposal>),
    needs: &Needs,
    offers: &[CuratorOffer],
) -> Markup {
    let name = desk.school(school);
    let chosen = proposal.and_then(|proposal| proposal.curator);
    let id = format!("curator-{}", school.0);
    let may = |offer: &&CuratorOffer| offer.works_at != Some(school);
    html! {
        tr {
            td data-label="Согласны" { input type="checkbox" name="take" value=(school.0) checked[chosen.is_some()] aria-label={ "Назначить куратора: " (name) }; }
            th scope="row" data-label="Школа" { (name) }
            td data-label="Куратор" {
                select id=(id) name=(id) aria-label={ "Куратор: " (name) } {
                    option value="" selected[chosen.is_none()] { "не выбран" }
                    @for offer in offers.iter().filter(may) {
                        option value=(offer.account) selected[chosen == Some(offer.account)] {
                            (desk.person(AccountId(offer.account))) @if offer.capacity == 0 { " – мест нет" }
                        }
                    }
                }
            }
            td data-label="Почему" { (why(desk, actor, proposal, needs.get(&school).map_or(&[][..], Vec::as_slice))) }
        }
    }
}

/// The reasons of a proposal in words.
fn why(desk: &Desk, actor: &Actor, proposal: Option<&Proposal>, weak: &[String]) -> Markup {
    let Some((proposal, curator)) = proposal.and_then(|found| Some((found, AccountId(found.curator?))))
    else {
        return html! { "Свободных кураторов, которые не работают в этой школе, не осталось. Увеличьте нагрузку или отметьте новых." };
    };
    let home = desk.home(curator, actor.today);
    html! {
        @match home {
            Some(home) => { "Работает в другой школе: " (desk.school(home)) ". " }
            None => { "Где работает, не указано: проверьте, что не в этой школе. " }
        }
        (matched_words(desk, &proposal.matched, weak))
        (way_words(proposal.kilometres))
    }
}

/// What of the weak places is met by strengths.
pub(super) fn matched_words(desk: &Desk, matched: &[String], weak: &[String]) -> Markup {
    html! {
        @if weak.is_empty() { "Слабые места школы пока не известны. " }
        @else if matched.is_empty() { "Слабые места школы (" (desk.fields(weak.iter())) ") с сильными сторонами не совпали. " }
        @else { "Сильная сторона там, где школе трудно: " (desk.fields(matched.iter())) ". " }
    }
}

/// The way in words.
pub(super) fn way_words(kilometres: Option<u32>) -> Markup {
    html! {
        @match kilometres {
            Some(way) => { "До школы " (way) " км." }
            None => { "Расстояние не указано." }
        }
    }
}
