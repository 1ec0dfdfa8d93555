//! By when are the schools of a place asked to submit their diagnosis?

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Place, Right};
use serde::Deserialize;

use super::view::person;
use crate::usecases::diagnosis::{set_term, terms};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::state::AppState;
use crate::web::views::address::address;
use crate::web::words;

/// The days that were set for a year, by place.
pub type Terms = BTreeMap<Place, Option<Date>>;

/// The days of a year.
pub async fn of_year(state: &AppState, year: i16) -> Result<Terms, WebError> {
    Ok(terms(&state.store, year).await?)
}

/// The days that concern the reader: set for places around or inside those where self-diagnoses may be read.
pub fn visible(actor: &Actor, terms: &Terms) -> Vec<(Place, Date)> {
    let seen = |place: Place| {
        actor.places(Right::SeeDiagnosis).iter().any(|held| {
            opora_access::contains(*held, place, &actor.registry)
                || opora_access::contains(place, *held, &actor.registry)
        })
    };
    let set = terms.iter().filter_map(|(place, until)| Some((*place, (*until)?)));
    set.filter(|(place, _)| seen(*place)).collect()
}

/// The days that concern the reader, and a form for who may set them.
pub fn card(actor: &Actor, terms: &Terms, year: i16) -> Markup {
    let (own, set) = (actor.places(Right::Assign), visible(actor, terms));
    html! {
        @if !set.is_empty() {
            p.term {
                "Отправить на проверку: "
                @for (index, (place, until)) in set.iter().enumerate() {
                    @if index > 0 { "; " }
                    (place_name(*place, &actor.registry)) " — до " (words::date(*until)) ", " (words::from_today(*until, actor.today))
                }
                ". Школам напомнят за неделю и после срока."
            }
        }
        @if !own.is_empty() {
            details.term {
                summary { "Назначить срок" }
                form.field-row action="/diagnosis/term" method="post" {
                    input type="hidden" name="year" value=(year);
                    div.field {
                        label for="term-place" { "Для кого" }
                        select #term-place name="place" { @for place in &own { option value=(place.code()) { (place_name(*place, &actor.registry)) } } }
                    }
                    div.field { label for="term-until" { "До какого дня" } input #term-until type="date" name="until"; }
                    div.actions { button type="submit" { "Назначить" } }
                    p.hint { "Пустой день убирает срок." }
                }
            }
        }
    }
}

/// The day that a form sets.
#[derive(Deserialize)]
pub struct Set {
    year: i16,
    place: String,
    #[serde(default)]
    until: String,
}

/// `POST /diagnosis/term`.
pub async fn set(
    State(state): State<AppState>,
    actor: Actor,
    Form(set): Form<Set>,
) -> Result<Redirect, WebError> {
    let until = match set.until.trim() {
        "" => None,
        text => Some(text.parse::<Date>().map_err(|_| {
            WebError::bad_request(
                "День не понят",
                "Укажите день так, как его предлагает поле: год, месяц, число.",
            )
        })?),
    };
    set_for(&state, &actor, set.year, &set.place, until).await?;
    Ok(Redirect::to(&address("/diagnosis", &[("year", set.year.to_string())])))
}

/// Sets the day of a place for who may assign there; none takes it back.
pub async fn set_for(
    state: &AppState,
    actor: &Actor,
    year: i16,
    place: &str,
    until: Option<Date>,
) -> Result<(), WebError> {
    let unknown = || WebError::bad_request("Место не понято", "Выберите муниципалитет или школу из реестра.");
    let place = Place::of_code(place).ok_or_else(unknown)?;
    actor.require(Right::Assign, place)?;
    if !actor.knows(place) {
        return Err(unknown());
    }
    Ok(set_term(&state.store, year, place, until, &person(actor)).await?)
}
