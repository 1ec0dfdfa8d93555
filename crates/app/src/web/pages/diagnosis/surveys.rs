//! Which anonymous surveys does a school hold, and what came of them?

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use maud::{Markup, html};
use opora_diagnosis::{Asked as AskedOf, Audience, Respondents, Told};
use serde::Deserialize;

use super::view::{Asked, View, person};
use crate::usecases::diagnosis::{Surveyed, close_survey, open_survey, surveys};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::origin::Origin;
use crate::web::security::unkept;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

const TITLE: &str = "Анонимные опросы";

/// `GET /schools/{id}/surveys`.
pub async fn list(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let view = View::of(&state, &actor, id, asked.year(actor.today)).await?;
    let papers = &view.papers;
    let held = surveys(&state.store, papers, view.case).await?;
    let content = html! {
        (view.head(TITLE, "surveys"))
        p { "Родители, ученики и работники отвечают по ссылке, без входа и без имён. Видны только сводные числа, и только после закрытия опроса: меньше пяти ответов не показываются." }
        @if view.writes {
            div.open-surveys {
                @for paper in papers.anonymous() {
                    @let audience = paper.questionnaire.audience;
                    @if !held.iter().any(|Surveyed { survey, .. }| survey.audience() == audience && survey.closed_at.is_none()) {
                        form.card action=(view.address("surveys", &[])) method="post" {
                            div.card-body {
                                p { strong { "Опрос " (audience.name()) } }
                                p.small.muted { (words::count(paper.questionnaire.questions().count(), ["вопрос", "вопроса", "вопросов"])) }
                                button type="submit" name="audience" value=(audience.word()) { "Открыть опрос " (audience.name()) }
                            }
                        }
                    }
                }
            }
        }
        @if held.is_empty() { p.muted { "Опросов за этот год ещё не было." } }
        @for survey in &held { (shown(&view, survey)) }
    };
    Ok(page(&ui, TITLE, Section::Diagnosis, &content))
}

fn shown(view: &View, Surveyed { survey, told: sums }: &Surveyed) -> Markup {
    let id = format!("survey-{}", survey.sha256.chars().take(8).collect::<String>());
    html! {
        section.card.survey aria-labelledby=(id) {
            div.card-head { h2 id=(id) { "Опрос " (survey.audience().name()) } span.badge { @if survey.closed_at.is_some() { "закрыт" } @else { "открыт" } } }
            div.card-body {
                p { (respondents(sums.respondents)) " Открыт " (words::moment(survey.opened_at))
                    @if let Some(at) = survey.closed_at { ", закрыт " (words::moment(at)) } "." }
                @if survey.closed_at.is_none() {
                    p.muted { "Ответы появятся, когда опрос будет закрыт." }
                    @if view.writes {
                        form.actions action=(view.address("surveys/close", &[])) method="post" {
                            input type="hidden" name="survey" value=(survey.sha256);
                            button type="submit" { "Закрыть опрос и показать сводку" }
                        }
                        p.hint { "После закрытия новых ответов не принимают, открыть этот опрос снова нельзя." }
                    }
                } @else {
                    details.aggregate { summary { "Сводка ответов" }
                        @for asked in &sums.questions { (told(asked)) }
                    }
                }
            }
        }
    }
}

fn respondents(count: Respondents) -> String {
    match count {
        Respondents::Few => "Ответов меньше пяти.".to_owned(),
        Respondents::AtLeast(count) => format!("Ответов не меньше {count}."),
        Respondents::Exactly(count) => format!("Ответов: {count}."),
    }
}

fn told(asked: &AskedOf) -> Markup {
    let names = |options: &[opora_diagnosis::Named]| {
        options.iter().map(|option| option.text.as_str()).collect::<Vec<_>>().join(", ")
    };
    html! {
        div.told {
            h3 { (asked.text) }
            @match &asked.told {
                Told::Hidden(why) => { p.muted { (why.words()) } }
                Told::Count(count) => { p { "Ответили: " (count) "." } }
                Told::Groups { answered, groups, mean } => {
                    table { tbody { @for group in groups { (row(&names(&group.options), Some(group.count), *answered)) } } }
                    @if let Some(mean) = mean {
                        p.small { "Среднее: " @if !mean.exact { "около " } (mean.value.to_string().replace('.', ",")) "." }
                    }
                }
                Told::Each { answered, options } => {
                    table { tbody { @for (option, count) in options { (row(&option.text, *count, *answered)) } } }
                    p.small.muted { "Можно было выбрать несколько." }
                }
            }
        }
    }
}

fn row(name: &str, count: Option<u64>, answered: u64) -> Markup {
    html! {
        tr {
            th scope="row" { (name) }
            @match count {
                Some(count) => {
                    td.numeric { (count) }
                    td { progress max=(answered.max(1)) value=(count) aria-hidden="true" {} }
                }
                None => { td colspan="2" { span.muted { "скрыто" } } }
            }
        }
    }
}

/// Which survey is opened.
#[derive(Debug, Deserialize)]
pub struct Opening {
    #[serde(default)]
    audience: String,
}

/// `POST /schools/{id}/surveys`: opens a survey and shows its link, once.
pub async fn open(
    ui: Ui,
    State(state): State<AppState>,
    Origin(origin): Origin,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
    Form(opening): Form<Opening>,
) -> Result<Response, WebError> {
    let view = View::of(&state, &actor, id, asked.year(actor.today)).await?;
    let audience =
        Audience::WORDS.iter().find(|(word, _)| *word == opening.audience).map(|(_, audience)| *audience);
    let audience = audience.filter(|audience| audience.is_anonymous());
    let audience = audience.ok_or_else(|| {
        WebError::bad_request("Не указано, кого опросить", "Вернитесь и нажмите кнопку опроса.")
    })?;
    let token = open_survey(&state.store, &view.papers, view.case, audience, &person(&actor)).await?;
    let token = token.ok_or_else(|| WebError::internal("Ссылку опроса сделать не удалось."))?;
    let address = format!("{}/survey/{}", origin.unwrap_or_default(), token.as_str());
    let content = html! {
        (view.head(TITLE, "surveys"))
        div.notice.good role="status" { div {
            p.notice-title { "Опрос " (audience.name()) " открыт" }
            p { "Передайте эту ссылку всем, кого опрашиваете: в чате, письме, на собрании. Она одна для всех и показана один раз." }
        } }
        p { a.secret #survey-link href=(address) { (address) } " " button.small type="button" hidden data-copy="survey-link" { "Скопировать" } }
        p.muted { "Если ссылка потеряется, закройте опрос и откройте новый." }
        p.actions { a.button href=(view.address("surveys", &[])) { "К опросам" } }
    };
    Ok(unkept(page(&ui, TITLE, Section::Diagnosis, &content)))
}

/// Which survey is closed.
#[derive(Debug, Deserialize)]
pub struct Closing {
    #[serde(default)]
    survey: String,
}

/// `POST /schools/{id}/surveys/close`.
pub async fn close(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
    Form(closing): Form<Closing>,
) -> Result<Redirect, WebError> {
    let view = View::of(&state, &actor, id, asked.year(actor.today)).await?;
    let held = surveys(&state.store, &view.papers, view.case).await?;
    let survey = held.iter().map(|held| &held.survey).find(|survey| survey.sha256 == closing.survey);
    let survey = survey.ok_or_else(|| WebError::not_found("Такого опроса у школы нет"))?;
    close_survey(&state.store, survey, &person(&actor)).await?;
    Ok(Redirect::to(&view.address("surveys", &[])))
}
