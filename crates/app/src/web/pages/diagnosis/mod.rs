//! How does a school diagnose itself, and how is that checked?
//!
//! Here: the head's questionnaire. Beside it: anonymous surveys ([`surveys`]), the risk profile ([`risks`]) and the
//! board of all schools ([`board`]).

mod board;
mod fields;
mod filling;
mod reading;
mod remarks;
mod risks;
mod surveys;
mod term;
mod view;

pub use board::{rows as board_rows, show as board};
pub use fields::{Fields, Whole, control};
pub use risks::{
    Profiled, Typed as RiskTyped, chart_file as risk_chart, decide as decide_risk, decide_on, evidence_of,
    profile, show as risks, weak_subjects,
};
pub use surveys::{close as close_survey, list as surveys, open as open_survey};
pub use term::{of_year as terms_of, set as set_term, set_for as set_term_for, visible as visible_terms};
pub use view::{View, links, person};

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use opora_approval::{Action, NewRemark, Party, Refusal, Why};

use self::filling::Outcome;
use self::view::Asked;
use crate::usecases::diagnosis::{
    Acted, NotSaved, Saving, TextEdit, Wanted, act, carry_over, closed_for_writing, newer, save,
};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// What a form sends: fields in their order.
type Sent = Form<Vec<(String, String)>>;

/// `GET /schools/{id}/diagnosis`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
) -> Result<Markup, WebError> {
    let view = View::of(&state, &actor, id, asked.year(actor.today)).await?;
    let notice = asked.done.as_deref().and_then(done_words).map(|text| (true, text.to_owned()));
    let newer = newer(&view.papers, &view.book, actor.today).filter(|_| view.writes);
    let outcome = Outcome { notice, newer, ..Outcome::default() };
    Ok(whole(&ui, &view, asked.section.as_deref(), &outcome))
}

/// `POST /schools/{id}/diagnosis/carry-over`: the answers go over to the newer version of the questionnaire.
pub async fn carry(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
) -> Result<Redirect, WebError> {
    let view = View::of(&state, &actor, id, asked.year(actor.today)).await?;
    let to = Saving { store: &state.store, papers: &view.papers, case: view.case };
    carry_over(&to, &person(&actor), actor.today).await?;
    Ok(Redirect::to(&view.address("diagnosis", &[("done", "carried".to_owned())])))
}

fn done_words(done: &str) -> Option<&'static str> {
    Some(match done {
        "saved" => "Сохранено.",
        "carried" => "Ответы перенесены в новую версию анкеты.",
        "submit" | "resubmit" => "Отправлено на проверку. Решение куратора появится на этой странице.",
        "withdraw" => "Отозвано. Ответы снова можно править.",
        "approve" => "Одобрено. Одобрение относится ровно к этим ответам.",
        "return" => "Возвращено школе с замечаниями.",
        "begin-correction" => "Исправление начато. Одобренные ответы действуют, пока не одобрят новые.",
        "resolve-remark" => "Ответ на замечание записан.",
        "reopen-remark" => "Замечание открыто снова.",
        "add-remark" => "Замечания записаны.",
        _ => return None,
    })
}

/// The page: a form for those who may write now, the answers for all others.
fn whole(ui: &Ui, view: &View, section: Option<&str>, outcome: &Outcome) -> Markup {
    let writes = view.writes && closed_for_writing(view.standing.state).is_none();
    // The one who works alone reads as a checker, when asked for.
    let content = if writes && section != Some("read") {
        filling::body(view, section, outcome)
    } else {
        reading::body(view, &outcome.typed, outcome.notice.as_ref())
    };
    let title = "Самодиагностика школы";
    let content = maud::html! { (view.head(title, "diagnosis")) (content) };
    page(ui, title, Section::Diagnosis, &content)
}

/// `POST /schools/{id}/diagnosis`: saves what a form or the autosave of the page sends.
pub async fn save_answers(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
    Form(sent): Sent,
) -> Result<Response, WebError> {
    let before = View::of(&state, &actor, id, asked.year(actor.today)).await?;
    let fields = Fields(sent);
    let edits = edits(&before, &fields);
    let to = Saving { store: &state.store, papers: &before.papers, case: before.case };
    let section = fields.one("section");
    let auto = fields.one("auto") == "1";
    let saved = match save(&to, &edits, &person(&actor)).await {
        Ok(saved) => saved,
        Err(NotSaved::Store(error)) => return Err(error.into()),
        Err(NotSaved::Closed(why)) => {
            let notice = Some((false, why.to_owned()));
            let view = View::of(&state, &actor, id, before.case.year).await?;
            let outcome = Outcome { notice, typed: fields, ..Outcome::default() };
            return Ok((StatusCode::CONFLICT, whole(&ui, &view, Some(&section), &outcome)).into_response());
        }
    };
    let gone = fields.all("asked").any(|id| saved.book.questionnaire.question(id).is_none());
    if gone {
        let what = "Анкету за это время перенесли в новую версию, и одного из этих вопросов в ней нет. Обновите страницу; нужный текст скопируйте заранее.";
        let view = View::with(&actor, before.case, before.papers, saved.book)?;
        let outcome = Outcome { typed: fields, notice: Some((false, what.to_owned())), ..Outcome::default() };
        return Ok((StatusCode::CONFLICT, whole(&ui, &view, Some(&section), &outcome)).into_response());
    }
    let clean = saved.conflicts.is_empty() && saved.unread.is_empty();
    if clean && !auto {
        let next = if fields.one("go") == "next" { fields.one("next") } else { section };
        let pairs = [("section", next), ("done", "saved".to_owned())];
        return Ok(Redirect::to(&before.address("diagnosis", &pairs)).into_response());
    }
    let status = match (auto, saved.conflicts.is_empty()) {
        (true, _) => StatusCode::OK,
        (false, false) => StatusCode::CONFLICT,
        (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let notice = (!auto && !clean).then(|| {
        (false, "Сохранено не всё. Что осталось, отмечено у вопросов; ваш текст не потерян.".to_owned())
    });
    let view = View::with(&actor, before.case, before.papers, saved.book)?;
    let outcome =
        Outcome { conflicts: saved.conflicts, unread: saved.unread, typed: fields, notice, newer: None };
    Ok((status, whole(&ui, &view, Some(&section), &outcome)).into_response())
}

/// What was changed on the page: a field that still says what it said is no edit, whatever others did.
fn edits(view: &View, fields: &Fields) -> Vec<TextEdit> {
    let asked = fields.all("asked").filter_map(|id| view.book.questionnaire.question(id));
    asked
        .filter_map(|question| {
            let text = fields.text_of(question);
            let base = fields.one(&format!("base:{}", question.id)).parse().unwrap_or(0);
            let was = fields.one(&format!("was:{}", question.id));
            let same = |was: &str| opora_diagnosis::read_answer(question, was).ok();
            let changed = text != was && (same(&text).is_none() || same(&text) != same(&was));
            changed.then(|| TextEdit { question: question.id.clone(), text, base })
        })
        .collect()
}

/// `POST /schools/{id}/diagnosis/submit`: what the school does: sends, takes back, answers remarks, corrects.
pub async fn submit(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
    Form(sent): Sent,
) -> Result<Response, WebError> {
    let own =
        [Action::Submit, Action::Resubmit, Action::Withdraw, Action::BeginCorrection, Action::ResolveRemark];
    step(&ui, &state, &actor, id, &asked, Fields(sent), &own).await
}

/// `POST /schools/{id}/diagnosis/review`: what those do who check: approve, return, remark.
pub async fn review(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<u32>,
    Query(asked): Query<Asked>,
    Form(sent): Sent,
) -> Result<Response, WebError> {
    let own = [Action::Approve, Action::Return, Action::AddRemark, Action::ReopenRemark];
    step(&ui, &state, &actor, id, &asked, Fields(sent), &own).await
}

async fn step(
    ui: &Ui,
    state: &AppState,
    actor: &Actor,
    id: u32,
    asked: &Asked,
    fields: Fields,
    own: &[Action],
) -> Result<Response, WebError> {
    let view = View::of(state, actor, id, asked.year(actor.today)).await?;
    let action = Action::of_word(&fields.one("action")).filter(|action| own.contains(action));
    let Some(action) = action else {
        return Err(WebError::bad_request(
            "Не указано, что сделать",
            "Вернитесь назад и нажмите нужную кнопку.",
        ));
    };
    let school = own.contains(&Action::Submit);
    let party = if school { Some(Party::Author) } else { view.checks };
    let Some(party) = party else {
        return again(
            ui,
            &view,
            fields,
            "Проверяет анкету другой человек: свою школу проверить нельзя.",
            school,
        );
    };
    let remarks = remarks(&fields);
    if action == Action::Approve && !remarks.is_empty() {
        let what = "Вы написали замечания и нажали «Одобрить». Верните анкету с замечаниями или сотрите их и одобрите.";
        return again(ui, &view, fields, what, school);
    }
    let wanted = Wanted {
        action,
        party,
        sha256: fields.one("sha256"),
        text: fields.one("text"),
        remarks,
        remark: fields.one("remark").parse().ok(),
    };
    let to = Saving { store: &state.store, papers: &view.papers, case: view.case };
    let refused = match act(&to, &wanted, &person(actor), actor.today).await? {
        Acted::Done(_) => None,
        // A second click: it is done, and that is told.
        Acted::Refused(Refusal { why: Why::Done, .. }) => None,
        Acted::Refused(refusal) => Some(refusal.message),
        Acted::Unfinished(problems) => Some(filling::unfinished(&problems)),
    };
    match refused {
        None => {
            let mut pairs = vec![("done", action.word().to_owned())];
            pairs.extend(school.then(|| ("section", filling::FINISH.to_owned())));
            Ok(Redirect::to(&view.address("diagnosis", &pairs)).into_response())
        }
        Some(message) => {
            let view = View::of(state, actor, id, view.case.year).await?;
            again(ui, &view, fields, &message, school)
        }
    }
}

/// The page again, with what was refused and what was typed.
fn again(ui: &Ui, view: &View, typed: Fields, message: &str, school: bool) -> Result<Response, WebError> {
    let outcome = Outcome { typed, notice: Some((false, message.to_owned())), ..Outcome::default() };
    let section = if school { filling::FINISH } else { "read" };
    Ok((StatusCode::CONFLICT, whole(ui, view, Some(section), &outcome)).into_response())
}

/// Remarks that were written into their fields.
fn remarks(fields: &Fields) -> Vec<NewRemark> {
    let named = fields.0.iter().filter_map(|(name, text)| Some((name.strip_prefix("remark:")?, text.trim())));
    let written = named.filter(|(_, text)| !text.is_empty());
    written
        .map(|(path, text)| NewRemark { path: path.to_owned(), text: text.replace("\r\n", "\n") })
        .collect()
}
