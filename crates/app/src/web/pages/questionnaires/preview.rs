//! What does an uploaded questionnaire ask, and where is it in force?

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::Place;
use opora_diagnosis::{Kind, Question, Questionnaire};
use serde::Deserialize;

use super::{KEEPS, is_open, person};
use crate::usecases::diagnosis::{
    Paper, Papers, Uploaded, adopt as take, end_adoption, questionnaire_of, uploaded,
};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::people::{nodes_of, place_name};
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// An uploaded questionnaire.
pub async fn one(state: &AppState, id: i64) -> Result<Uploaded, WebError> {
    let (known, _) = uploaded(&state.store).await?;
    let found = known.into_iter().find(|own| own.id.0 == id);
    found.ok_or_else(|| WebError::not_found("Такой загруженной анкеты нет"))
}

/// An uploaded questionnaire with what it asks.
pub async fn read(state: &AppState, id: i64) -> Result<(Uploaded, Paper), WebError> {
    let own = one(state, id).await?;
    let paper = questionnaire_of(&state.store, &own).await?;
    let paper = paper.ok_or_else(|| WebError::not_found("Текст этой анкеты в хранилище не читается"))?;
    Ok((own, paper))
}

/// `GET /questionnaires/{id}`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
) -> Result<Markup, WebError> {
    let (own, paper) = read(&state, id).await?;
    let missing = missing(&state.results.catalog().papers, &paper.questionnaire);
    let content = html! { div.stack {
        nav.breadcrumbs aria-label="Путь" { a href="/questionnaires" { "Анкеты" } }
        div.page-head { div {
            h1 { (own.title) }
            p { "Для " (own.audience.name()) " · версия " (own.version) " · " (words::count(paper.questionnaire.questions().count(), ["вопрос", "вопроса", "вопросов"])) " · файл «" (own.file) "», загрузил " (own.who) ", " (words::moment(own.at)) }
        } }
        @if !own.notes.is_empty() {
            details { summary { "Что из файла перенесено не так, как записано: " (own.notes.len()) } ul { @for note in &own.notes { li { (note) } } } }
        }
        @if !missing.is_empty() {
            div.notice.warning { div {
                p.notice-title { "Часть профиля рисков останется без ответов" }
                p { "Факторы риска ссылаются на вопросы, которых в этой анкете нет. Такие правила будут «неизвестны», пока вопросы не назовут так же или не поправят словарь факторов." }
                details { summary { "Каких вопросов не хватает: " (missing.len()) } ul { @for line in &missing { li { (line) } } } }
            } }
        }
        (force(&actor, &own))
        (preview(&paper.questionnaire))
    } };
    Ok(page(&ui, &own.title, Section::Diagnosis, &content))
}

/// References of the risk factors that this questionnaire would break.
pub fn missing(papers: &Papers, own: &Questionnaire) -> Vec<String> {
    let mut asked: Vec<&Questionnaire> = vec![own];
    let others = opora_diagnosis::Audience::WORDS.iter().filter(|(_, audience)| *audience != own.audience);
    asked.extend(
        others.filter_map(|(_, audience)| papers.paper(*audience).map(|paper| paper.questionnaire.as_ref())),
    );
    papers.dictionary.wrong_references(&asked)
}

fn force(actor: &Actor, own: &Uploaded) -> Markup {
    let places = actor.places(KEEPS);
    let nodes = nodes_of(&places, actor);
    html! {
        section.card aria-labelledby="force" {
            div.card-head { h2 #force { "Где действует" } }
            div.card-body.stack {
                @if own.adoptions.is_empty() { p { "Пока нигде: школы отвечают на прежнюю анкету." } }
                ul.roles { @for adoption in &own.adoptions { li {
                    (place_name(adoption.place, &actor.registry)) ", с " (words::date_short(adoption.from))
                    @if let Some(until) = adoption.until { " по " (words::date_short(until)) }
                    @if is_open(adoption, actor.today) && adoption.until.is_none() && actor.may(KEEPS, adoption.place) {
                        details { summary { "Прекратить" }
                            form.stack action={ "/questionnaires/" (own.id.0) "/end" } method="post" {
                                input type="hidden" name="adoption" value=(adoption.id.0);
                                div.field { label for={ "last-" (adoption.id.0) } { "Последний день" } input id={ "last-" (adoption.id.0) } type="date" name="last_day" value=(actor.today) required; }
                                div.field { label for={ "why-" (adoption.id.0) } { "Причина" } input id={ "why-" (adoption.id.0) } name="reason" required autocomplete="off"; }
                                div.actions { button type="submit" { "Прекратить" } }
                            }
                        }
                    }
                } } }
                @if nodes.is_empty() { p.muted { "Ввести анкету в действие может тот, кто отвечает за муниципалитет или регион." } }
                @else {
                    form.stack action={ "/questionnaires/" (own.id.0) } method="post" {
                        div.field-row {
                            div.field { label for="place" { "Где" } select #place name="place" { @for (place, name) in &nodes { option value=(place.code()) { (name) } } } }
                            div.field { label for="from" { "С какого дня" } input #from type="date" name="from" value=(actor.today) required; }
                        }
                        div.field { label for="reason" { "Основание" } input #reason name="reason" autocomplete="off"; }
                        p.hint { "Школы, которые уже начали отвечать, сами перенесут ответы в новую версию: Опора предложит и покажет, что не перенесётся. Открытые опросы идут по прежней анкете." }
                        div.actions { button.primary type="submit" { "Ввести в действие" } }
                    }
                }
            }
        }
    }
}

fn preview(questionnaire: &Questionnaire) -> Markup {
    html! {
        section aria-labelledby="preview" {
            h2 #preview { "Что спрашивает анкета" }
            @for section in &questionnaire.sections {
                section.card {
                    div.card-head { h3 { (section.title) } }
                    div.card-body {
                        @if let Some(about) = &section.about { p { (about) } }
                        @if section.when.is_some() { p.hint { "Раздел показывается не всем: по другим ответам." } }
                        ol { @for question in &section.questions { (asked(questionnaire, question)) } }
                    }
                }
            }
        }
    }
}

fn asked(questionnaire: &Questionnaire, question: &Question) -> Markup {
    let options = match &question.kind {
        Kind::Share { whole_from: Some(from), .. } => {
            format!("сколько всего, сказано в вопросе {}", questionnaire.number(from).unwrap_or_default())
        }
        Kind::Single(choices) | Kind::Multiple { choices, .. } => {
            choices.iter().map(|choice| choice.text.as_str()).collect::<Vec<_>>().join("; ")
        }
        _ => String::new(),
    };
    html! {
        li {
            p { strong { (question.text) } @if question.required { " – обязательный" } }
            p.hint {
                (question.kind.name()) @if !options.is_empty() { ": " (options) }
                @if question.when.is_some() { ". Задаётся по другим ответам" }
                @if let Some(help) = &question.help { ". " (help) }
            }
        }
    }
}

/// Where a questionnaire comes into force.
#[derive(Deserialize)]
pub struct Adopting {
    #[serde(default)]
    place: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    reason: String,
}

fn day(text: &str) -> Result<Date, WebError> {
    let wrong = |_| WebError::bad_request("День не понят", "Он нужен в виде ГГГГ-ММ-ДД.");
    text.trim().parse().map_err(wrong)
}

/// `POST /questionnaires/{id}`.
pub async fn adopt(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(adopting): Form<Adopting>,
) -> Result<Redirect, WebError> {
    let from = day(&adopting.from)?;
    put_in_force(&state, &actor, id, (&adopting.place, from), adopting.reason.trim()).await?;
    Ok(Redirect::to(&format!("/questionnaires/{id}")))
}

/// Takes a questionnaire in force in a place from a day on. A second time changes nothing.
pub async fn put_in_force(
    state: &AppState,
    actor: &Actor,
    id: i64,
    (place, from): (&str, Date),
    reason: &str,
) -> Result<(), WebError> {
    let own = one(state, id).await?;
    let place = Place::of_code(place).filter(|place| !matches!(place, Place::School(_)));
    let place = place
        .ok_or_else(|| WebError::bad_request("Непонятно, где ввести анкету", "Выберите место из списка."))?;
    actor.require(KEEPS, place)?;
    // A second click: what was meant is recorded.
    if !own.adoptions.iter().any(|known| known.place == place && known.from == from && known.until.is_none())
    {
        take(&state.store, &own, (place, from), reason, &person(actor)).await?;
    }
    Ok(())
}

/// What is ended, and when.
#[derive(Deserialize)]
pub struct Ending {
    adoption: i64,
    #[serde(default)]
    last_day: String,
    #[serde(default)]
    reason: String,
}

/// `POST /questionnaires/{id}/end`.
pub async fn end(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(ending): Form<Ending>,
) -> Result<Redirect, WebError> {
    end_force(&state, &actor, (id, ending.adoption), day(&ending.last_day)?, ending.reason.trim()).await?;
    Ok(Redirect::to(&format!("/questionnaires/{id}")))
}

/// Ends the time of a questionnaire in a place.
pub async fn end_force(
    state: &AppState,
    actor: &Actor,
    (id, adoption): (i64, i64),
    last_day: Date,
    reason: &str,
) -> Result<(), WebError> {
    let own = one(state, id).await?;
    let adoption = own.adoptions.iter().find(|known| known.id.0 == adoption);
    let adoption = adoption.ok_or_else(|| WebError::not_found("Такого решения об этой анкете нет"))?;
    actor.require(KEEPS, adoption.place)?;
    Ok(end_adoption(&state.store, adoption, last_day, reason, &person(actor)).await?)
}
