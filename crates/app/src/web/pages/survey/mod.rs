//! How does somebody answer an anonymous survey, without an account and on a telephone?
//!
//! Nothing of the request but the answers is recorded.

mod pace;

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::header::{REFERRER_POLICY, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use opora_access::Token;
use opora_diagnosis::{Answers, Kind, Problem, Question, Questionnaire, read_answer, visible, whole_of};

pub use pace::Pace;

use crate::clock;
use crate::usecases::diagnosis::{NotTaken, Survey, answer_survey, survey_of_token};
use crate::web::assets::icon;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::{Fields, Whole, control};
use crate::web::pages::login::Address;
use crate::web::security::unkept;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

/// `GET /survey/{token}`.
pub async fn form(
    ui: Ui,
    State(state): State<AppState>,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let survey = of_token(&state, &token).await?;
    if survey.closed_at.is_some() {
        return Ok(private(closed(&ui, &survey).into_response()));
    }
    let fresh = Token::new().ok_or_else(|| WebError::internal("Система не даёт случайных чисел."))?;
    Ok(private(asked(&ui, &survey, &token, fresh.as_str(), &Fields::default(), &[], None).into_response()))
}

async fn of_token(state: &AppState, token: &str) -> Result<Survey, WebError> {
    let survey = survey_of_token(&state.store, &state.results.catalog().papers, token).await?;
    survey.ok_or_else(|| WebError::not_found("Такого опроса нет"))
}

/// The address is a secret of the school: it is neither kept nor told to others.
fn private(page: Response) -> Response {
    let mut response = unkept(page);
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn wait_words(seconds: u64) -> String {
    format!(
        "С этого адреса в интернете пришло много ответов подряд. Ваши ответы остались в форме. Подождите {} и нажмите \
         «Отправить ответы» ещё раз.",
        words::count(
            usize::try_from(seconds.div_ceil(60)).unwrap_or(usize::MAX),
            ["минуту", "минуты", "минут"]
        )
    )
}

fn asked(
    ui: &Ui,
    survey: &Survey,
    token: &str,
    once: &str,
    typed: &Fields,
    problems: &[Problem],
    wait: Option<&str>,
) -> Markup {
    let questionnaire = &survey.questionnaire;
    let (answers, _) = read(survey, typed);
    let seen = visible(questionnaire, &answers);
    let all = questionnaire.sections.iter();
    // Without JavaScript nothing appears while one answers: what depends on an answer is offered to all.
    let offered = |question: &Question| {
        question.when.is_some() || seen.contains(question.id.as_str()) || question.kind == Kind::Note
    };
    let content = html! {
        div.survey-page {
            h1 { (questionnaire.title) }
            @if let Some(about) = &questionnaire.about { p.lead { (about) } }
            @if let Some(wait) = wait {
                div.notice.warning role="alert" { (icon("clock")) div { p.notice-title { "Ответы ещё не отправлены" } p { (wait) } } }
            }
            @if !problems.is_empty() {
                div.notice.error role="alert" { (icon("circle-alert")) div {
                    p.notice-title { "Ответы ещё не отправлены" }
                    ul { @for problem in problems { li { a href={ "#q-" (problem.question) } { (problem.what) } " " (problem.mend) } } }
                } }
            }
            form.questions action={ "/survey/" (token) } method="post" {
                input type="hidden" name="once" value=(once);
                @for section in all {
                    h2 { (section.title) }
                    @if let Some(about) = &section.about { p.muted { (about) } }
                    @for question in section.questions.iter().filter(|question| offered(question)) {
                        (block(question, &typed.text_of(question), whole(questionnaire, question, &answers).as_ref(), problems))
                    }
                }
                div.actions { button.primary type="submit" { (icon("check")) "Отправить ответы" } }
                p.hint { "После отправки изменить ответы нельзя: никто не знает, какие из них ваши." }
            }
        }
    };
    page(ui, &questionnaire.title, Section::None, &content)
}

/// Where the whole of a share comes from, when it is another question: it stands above on the same page.
fn whole<'q>(questionnaire: &'q Questionnaire, question: &Question, answers: &Answers) -> Option<Whole<'q>> {
    let own = questionnaire.question(question.kind.whole_from()?)?;
    Some(Whole {
        question: own,
        name: "вопрос выше".to_owned(),
        address: format!("#q-{}", own.id),
        number: whole_of(question, answers),
    })
}

fn block(question: &Question, text: &str, whole: Option<&Whole<'_>>, problems: &[Problem]) -> Markup {
    let id = &question.id;
    if question.kind == Kind::Note {
        return html! { p.question-words { (question.text) } };
    }
    let problem = problems.iter().find(|problem| problem.question == *id);
    html! {
        fieldset.question #{ "q-" (id) } aria-describedby={ "n-" (id) } {
            legend { (question.text) @if question.required { span.required { " обязательно" } } }
            @if let Some(help) = &question.help { p.hint { (help) } }
            (control(question, text, &format!("n-{id}"), whole))
            div.question-note id={ "n-" (id) } {
                @if let Some(problem) = problem { p.why.error { (icon("circle-alert")) span { (problem.what) " " (problem.mend) } } }
            }
        }
    }
}

/// The answers of a form, and what is none.
fn read(survey: &Survey, fields: &Fields) -> (Answers, Vec<Problem>) {
    let (mut answers, mut problems) = (BTreeMap::new(), Vec::new());
    for (_, question) in survey.questionnaire.questions().filter(|(_, question)| question.kind != Kind::Note)
    {
        match read_answer(question, &fields.text_of(question)) {
            Ok(Some(answer)) => {
                answers.insert(question.id.clone(), answer);
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    (answers, problems)
}

fn closed(ui: &Ui, survey: &Survey) -> Markup {
    let content = html! {
        div.survey-page {
            h1 { (survey.questionnaire.title) }
            p { "Опрос закончен, ответы больше не принимаются. Спасибо, что хотели помочь школе." }
        }
    };
    page(ui, &survey.questionnaire.title, Section::None, &content)
}

/// `POST /survey/{token}`.
pub async fn take(
    ui: Ui,
    State(state): State<AppState>,
    Address(address): Address,
    Path(token): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let survey = of_token(&state, &token).await?;
    let fields = Fields(sent);
    let once = fields.one("once");
    let (answers, unread) = read(&survey, &fields);
    let refused = |problems: &[Problem]| {
        let again = asked(&ui, &survey, &token, &once, &fields, problems, None);
        private((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
    };
    if once.is_empty() {
        return Err(WebError::bad_request(
            "Форма пришла не целиком",
            "Откройте ссылку опроса снова и ответьте ещё раз.",
        ));
    }
    if !unread.is_empty() {
        return Ok(refused(&unread));
    }
    if survey.closed_at.is_none()
        && let Err(seconds) = state.survey_pace.admit(&survey.sha256, &address, clock::now())
    {
        let again = asked(&ui, &survey, &token, &once, &fields, &[], Some(&wait_words(seconds)));
        let headers = [(RETRY_AFTER, seconds.to_string())];
        return Ok(private((StatusCode::TOO_MANY_REQUESTS, headers, again).into_response()));
    }
    match answer_survey(&state.store, &survey, &answers, &once, clock::today()).await {
        Ok(()) => {
            let content = html! {
                div.survey-page {
                    h1 { "Спасибо" }
                    div.notice.good role="status" { (icon("circle-check")) div { p { "Ответы приняты. Они записаны без имени, страницу можно закрыть." } } }
                }
            };
            Ok(private(page(&ui, "Спасибо", Section::None, &content).into_response()))
        }
        Err(NotTaken::Wrong(problems)) => Ok(refused(&problems)),
        Err(NotTaken::Closed) => Ok(private(closed(&ui, &survey).into_response())),
        Err(NotTaken::Full) => Err(WebError::new(
            StatusCode::CONFLICT,
            "Ответов уже слишком много",
            "Опрос принял столько ответов, сколько может: больше, чем бывает родителей и учеников в школе.",
            "Скажите об этом школе: ей стоит закрыть опрос и открыть новый.",
        )),
        Err(NotTaken::Store(error)) => Err(error.into()),
    }
}
