//! How does a school get a roadmap that answers its risks?

mod tier;

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::{Place, Right, contains};
use opora_cells::OrganisationId;
use opora_diagnosis::{FactorDictionary, Profile, Significance as Found};
use opora_roadmap::{DraftInput, Most, Municipal, Risk, Significance};
use opora_schedule::Period;
use opora_store::{Authorship, PlanId, PlanSummary};

use tier::Tier;

use crate::clock;
use crate::usecases::in_force;
use crate::usecases::roadmap::{Basis, create as draft, school, significance};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::profile;
use crate::web::pages::people::place_name;
use crate::web::pages::upstream;
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// Most signs of a title.
const TITLE_CHARS_MAX: usize = 300;
/// Most years of a roadmap: with the years of a slip of the pen thousands of deadlines would be late at once.
const YEARS_MAX: i16 = 5;
/// From this month on a roadmap is meant for the school year that comes.
const NEXT_YEAR_FROM_MONTH: i8 = 6;

/// What the form is made of.
pub struct Offer {
    id: u32,
    /// Name of the school.
    pub name: String,
    own: Vec<PlanSummary>,
    /// Plans of the places around it.
    pub municipal: Vec<PlanSummary>,
    profile: Profile,
    tier: Tier,
    /// Changes of the municipal plan that wait for a decision, by roadmap.
    waiting: BTreeMap<PlanId, usize>,
}

impl Offer {
    /// Reads it.
    pub async fn of(state: &AppState, actor: &Actor, id: u32) -> Result<Self, WebError> {
        let place = Place::School(OrganisationId(id));
        if actor.registry.get(OrganisationId(id)).is_none() {
            return Err(WebError::not_found("Такой школы нет в реестре"));
        }
        let plans = actor.plans(state).await?;
        let (own, above): (Vec<_>, Vec<_>) =
            plans.into_iter().filter(|plan| !plan.archived).partition(|plan| plan.owner == place);
        let around = |plan: &PlanSummary| contains(plan.owner, place, &actor.registry);
        let profile = profile(state, actor, id, actor.today.year()).await?;
        let tier = tier::of_school(state, actor, id).await?;
        let mut waiting = BTreeMap::new();
        for plan in &own {
            waiting.extend(upstream::waiting(state, plan).await?.map(|(count, _)| (plan.id, count)));
        }
        Ok(Self {
            id,
            name: place_name(place, &actor.registry),
            tier,
            waiting,
            own,
            municipal: above.into_iter().filter(around).collect(),
            profile,
        })
    }

    /// The significance that the profile suggests for a factor.
    fn suggested(&self, factor: &str) -> Option<Significance> {
        let state = self.profile.factors.iter().find(|state| state.factor == factor)?;
        match state.significance() {
            Found::High => Some(Significance::High),
            Found::Medium => Some(Significance::Medium),
            Found::Low => Some(Significance::Low),
            Found::None | Found::Unknown => None,
        }
    }
}

/// `GET /schools/{id}/roadmap`.
pub async fn form(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
) -> Result<Markup, WebError> {
    let offer = Offer::of(&state, &actor, id).await?;
    let dictionary = &state.results.catalog().papers.dictionary;
    Ok(form_page(&ui, &offer, dictionary, &BTreeMap::new(), None))
}

fn form_page(
    ui: &Ui,
    offer: &Offer,
    dictionary: &FactorDictionary,
    typed: &BTreeMap<String, String>,
    wrong: Option<&str>,
) -> Markup {
    let typed = |name: &str, otherwise: String| typed.get(name).cloned().unwrap_or(otherwise);
    // A roadmap ends with a school year.
    let year = ui.today.year() + i16::from(ui.today.month() >= NEXT_YEAR_FROM_MONTH);
    let content = html! { div.stack {
        nav.breadcrumbs aria-label="Путь" { a href={ "/schools/" (offer.id) } { (offer.name) } }
        div.page-head { div { h1 { "Дорожная карта школы" } p { (offer.name) } } }
        @if !offer.own.is_empty() {
            section.card aria-labelledby="own" {
                div.card-head { h2 #own { "Уже есть" } }
                ul.work-items { @for plan in &offer.own { li {
                    a href={ "/plans/" (plan.id.0) } { (plan.title) }
                    span.small.muted { "версия " (plan.version.0) " · " a href={ "/plans/" (plan.id.0) "/approval" } { "согласование" } }
                    @if let Some(count) = offer.waiting.get(&plan.id) { (upstream::told(plan.id.0, *count)) }
                } } }
            }
        }
        section.card aria-labelledby="new" {
            div.card-head { h2 #new { "Составить черновик" } }
            div.card-body {
                p { "На каждый риск Опора предложит меры из библиотеки и перенесёт из муниципального плана то, что обращено к школе. Лишнее уберёте, недостающее впишете: это только черновик." }
                @if let Some(wrong) = wrong { p.why.error role="alert" { (wrong) } }
                form.stack action={ "/schools/" (offer.id) "/roadmap" } method="post" {
                    div.field { label for="title" { "Название" } input #title name="title" required value=(typed("title", format!("Дорожная карта повышения качества образования: {}", offer.name))); }
                    div.field-row {
                        div.field { label for="from" { "С" } input #from type="date" name="from" required value=(typed("from", ui.today.to_string())); }
                        div.field { label for="until" { "По" } input #until type="date" name="until" required value=(typed("until", format!("{year}-08-31"))); }
                    }
                    div.field {
                        label for="municipal" { "Муниципальный план" }
                        select #municipal name="municipal" {
                            option value="" { "не переносить" }
                            @for plan in &offer.municipal {
                                option value=(plan.id.0) selected[typed("municipal", String::new()) == plan.id.0.to_string()] { (plan.title) }
                            }
                        }
                    }
                    p.notice { strong { "Уровень поддержки. " } (offer.tier.reason) @if offer.tier.id.is_some() { " Меры подобраны с учётом этого уровня." } }
                    fieldset {
                        legend { "Риски школы" }
                        p.hint { "Подставлено из " a href={ "/schools/" (offer.id) "/risks" } { "профиля рисков" } ". На высокий риск предлагается до четырёх мер, на средний — до двух." }
                        @for factor in &dictionary.factors { (factor_field(offer, &factor.id, &factor.name, &typed)) }
                    }
                    div.actions { button.primary type="submit" { "Составить черновик" } }
                }
            }
        }
    } };
    page(ui, "Дорожная карта школы", Section::Schools, &content)
}

/// The significance that the profile suggests for a factor, as a word of the form.
pub fn suggested_word(offer: &Offer, factor: &str) -> &'static str {
    match offer.suggested(factor) {
        Some(Significance::High) => "high",
        Some(Significance::Medium) => "medium",
        Some(Significance::Low) => "low",
        None => "",
    }
}

fn factor_field(offer: &Offer, id: &str, name: &str, typed: &impl Fn(&str, String) -> String) -> Markup {
    let words = [("", "нет или не выявлен"), ("low", "низкий"), ("medium", "средний"), ("high", "высокий")];
    let suggested = suggested_word(offer, id);
    let field = format!("risk-{id}");
    let chosen = typed(&field, suggested.to_owned());
    html! {
        div.field {
            label for=(field) { (name) }
            select id=(field) name=(field) { @for (word, name) in words { option value=(word) selected[word == chosen] { (name) } } }
        }
    }
}

/// `POST /schools/{id}/roadmap`.
pub async fn create(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    let offer = Offer::of(&state, &actor, id).await?;
    let catalog = state.results.catalog();
    let dictionary = &catalog.papers.dictionary;
    let text = |name: &str| form.get(name).map(|text| text.trim()).unwrap_or_default();
    let again = |wrong: &str| {
        let page = form_page(&ui, &offer, dictionary, &form, Some(wrong));
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    if text("title").is_empty() {
        return again("Напишите название дорожной карты.");
    }
    let day = |name| text(name).parse::<Date>().ok();
    let period = match (day("from"), day("until")) {
        (Some(start), Some(end)) if start <= end => Period { start, end },
        (Some(_), Some(_)) => return again("Последний день раньше первого. Проверьте даты."),
        _ => return again("Даты не поняты. Они нужны в виде ГГГГ-ММ-ДД."),
    };
    let wish = Wish {
        title: text("title").to_owned(),
        period,
        municipal: text("municipal").parse().ok(),
        risks: dictionary
            .factors
            .iter()
            .map(|factor| text(&format!("risk-{}", factor.id)).to_owned())
            .collect(),
    };
    match draft_for(&state, &actor, &offer, &wish).await? {
        Ok(PlanId(plan)) => Ok(Redirect::to(&format!("/plans/{plan}")).into_response()),
        Err(wrong) => again(wrong),
    }
}

/// What a draft is wanted of.
pub struct Wish {
    /// Its title.
    pub title: String,
    /// From when until when.
    pub period: Period,
    /// The municipal plan to inherit from.
    pub municipal: Option<i64>,
    /// How significant each factor of the dictionary is, in its order: `high`, `medium`, `low`, empty for not at all.
    pub risks: Vec<String>,
}

/// Makes a draft of a roadmap, or tells what is missing.
pub async fn draft_for(
    state: &AppState,
    actor: &Actor,
    offer: &Offer,
    wish: &Wish,
) -> Result<Result<PlanId, &'static str>, WebError> {
    if wish.title.chars().count() > TITLE_CHARS_MAX {
        return Ok(Err("Название длиннее 300 знаков. Сократите его."));
    }
    if wish.period.end > wish.period.start.saturating_add(YEARS_MAX.years()) {
        return Ok(Err("Дорожная карта рассчитана больше чем на пять лет. Проверьте годы в датах."));
    }
    let catalog = state.results.catalog();
    let factors = &catalog.papers.dictionary.factors;
    let risks: Vec<Risk> = factors
        .iter()
        .zip(&wish.risks)
        .filter_map(|(factor, word)| {
            let significance = significance(word)?;
            Some(Risk { code: factor.id.clone(), name: factor.name.clone(), significance })
        })
        .collect();
    let upstream = offer.municipal.iter().find(|plan| Some(plan.id.0) == wish.municipal);
    if risks.is_empty() && upstream.is_none() {
        return Ok(Err(
            "Отметьте хотя бы один риск или выберите муниципальный план: иначе составлять не из чего.",
        ));
    }
    // What is inherited is what the municipality works by, not what it is still writing.
    let above = match upstream {
        Some(plan) => Some(in_force::record(&state.store, plan.id).await?),
        None => None,
    };
    let municipal = above
        .as_ref()
        .and_then(|record| Some(Municipal { id: record.summary.id.0, plan: record.order.plans.first()? }));
    let school = school(&offer.name);
    let input = DraftInput {
        title: &wish.title,
        period: wish.period,
        school: &school,
        tier: offer.tier.id.as_deref(),
        risks: &risks,
        library: &catalog.measures,
        municipal,
        most: Most::default(),
    };
    let by = Authorship {
        who: actor.name(), reason: "черновик по рискам школы", at: clock::now()
    };
    let owner = Place::School(OrganisationId(offer.id));
    actor.require(Right::WriteRoadmap, owner)?;
    let basis = Basis {
        municipal_version: above.as_ref().map(|record| record.version.number.0),
        tier_reason: Some(offer.tier.reason.clone()),
    };
    Ok(Ok(draft(&state.store, &input, &basis, owner, actor.account(), &by).await?))
}
