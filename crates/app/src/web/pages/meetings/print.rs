//! How do minutes look on paper, and as a document?

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::meeting::{Case, minutes};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::visits::{Line, paper, who_words};
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

async fn published(state: &AppState, actor: &Actor, number: i64) -> Result<Case, WebError> {
    let case = Case::read(state, actor, number).await?;
    if !case.meeting.is_published() {
        return Err(WebError::not_found("Протокол этого заседания ещё не опубликован"));
    }
    Ok(case)
}

/// `GET /meetings/{meeting}/print`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(number): Path<i64>,
) -> Result<Markup, WebError> {
    let case = published(&state, &actor, number).await?;
    let content = html! {
        article.print-paper {
            p.notice.no-print { "Протокол для печати: нажмите Ctrl + P. " a href=(case.address()) { "Вернуться к заседанию" } }
            h1 { "Протокол заседания координационной группы" }
            p { (case.town) ", " (words::date(case.meeting.day())) }
            (minutes(&case, &actor, false))
            p.signatures { "Председатель ______________________   Секретарь ______________________" }
        }
    };
    Ok(page(&ui, "Протокол заседания", Section::Visits, &content))
}

/// `GET /meetings/{meeting}/protocol.docx`.
pub async fn docx(
    State(state): State<AppState>,
    actor: Actor,
    Path(number): Path<i64>,
) -> Result<Response, WebError> {
    let case = published(&state, &actor, number).await?;
    let day = words::date(case.meeting.day());
    let mut lines = vec![
        Line::Title("Протокол заседания координационной группы".to_owned()),
        Line::Text(format!("{}, {day}", case.town)),
    ];
    let present = case.meeting.notes.as_ref().map_or("", |notes| notes.present.as_str());
    if !present.is_empty() {
        lines.push(Line::Text(format!("Присутствовали: {present}")));
    }
    for (number, item) in case.visible(&actor) {
        lines.push(Line::Heading(format!("{number}. {}", item.title)));
        lines.extend(case.school(item).map(|school| Line::Text(school.to_owned())));
        if !item.heard.is_empty() {
            lines.push(Line::Text(format!("Слушали: {}", item.heard)));
        }
        for (decision, at) in item.decided.iter().zip(1..) {
            let task = decision.task.as_ref();
            let task = task
                .map(|(who, due)| format!(" — {}, до {}", who_words(who, &case.names), words::date(*due)));
            lines.push(Line::Text(format!(
                "Решили {number}.{at}: {}{}",
                decision.text,
                task.unwrap_or_default()
            )));
        }
    }
    lines.push(Line::Text(
        "Председатель ______________________   Секретарь ______________________".to_owned(),
    ));
    paper(&format!("Протокол заседания {day}.docx"), lines)
}
