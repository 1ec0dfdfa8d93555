//! How does a protocol look on paper, and as a document?

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use opora_execution::visits::Answer;
use opora_neutral::{Block, Document, Format, Paragraph, Place, Role, Source};

use super::people::who_words;
use super::visit::Case;
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::files::disposition;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// `GET /schools/{id}/visits/{visit}/print`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path((id, number)): Path<(u32, i64)>,
) -> Result<Markup, WebError> {
    let case = closed(&state, &actor, id, number).await?;
    let content = html! {
        article.print-paper {
            p.notice.no-print { "Протокол для печати: нажмите Ctrl + P. " a href=(case.address()) { "Вернуться к посещению" } }
            h1 { "Протокол посещения школы" }
            p { (case.school) }
            p { @if let Some(day) = case.visit.held() { (words::date(day)) " · " } "посетил(а): " (case.visit.curator_name) }
            p { "Цель: " (case.visit.aim) }
            (body(&case, false))
            p.signatures { "Подписи: ______________________ / ______________________" }
        }
    };
    Ok(page(&ui, "Протокол посещения", Section::Visits, &content))
}

async fn closed(state: &AppState, actor: &Actor, id: u32, number: i64) -> Result<Case, WebError> {
    let case = Case::read(state, actor, id, number).await?;
    if !case.visit.is_closed() {
        return Err(WebError::not_found("Протокол этого посещения ещё не закончен"));
    }
    Ok(case)
}

fn said(answer: Option<&Answer>) -> String {
    match answer {
        Some(Answer::YesNo(true)) => "да".to_owned(),
        Some(Answer::YesNo(false)) => "нет".to_owned(),
        Some(Answer::Text(text)) => text.clone(),
        None => "–".to_owned(),
    }
}

/// A heading below that of the page or, where it lies deeper, below a heading of the page.
pub fn heading(deep: bool, text: &str) -> Markup {
    html! { @if deep { h3 { (text) } } @else { h2 { (text) } } }
}

/// What a closed protocol says.
pub fn body(case: &Case, deep: bool) -> Markup {
    let Some(notes) = &case.visit.notes else { return html! {} };
    let mut sections: Vec<&str> = notes.asked.iter().map(|(section, ..)| section.as_str()).collect();
    sections.dedup();
    html! {
        @for section in sections {
            (heading(deep, section))
            dl.answers {
                @for (_, question, answer) in notes.asked.iter().filter(|(own, ..)| own == section) {
                    dt { (question) } dd { (said(answer.as_ref())) }
                }
            }
        }
        @if !notes.findings.is_empty() {
            (heading(deep, "Выводы"))
            ol { @for finding in &notes.findings { li { (finding.text) } } }
        }
        @if !notes.follow_ups.is_empty() {
            (heading(deep, "Поручения"))
            ol { @for task in &notes.follow_ups { li { (task.text) " — " (who_words(&task.who, &case.names)) ", до " (words::date(task.due)) } } }
        }
    }
}

/// A line of a paper.
pub enum Line {
    /// Title in the middle.
    Title(String),
    /// Heading.
    Heading(String),
    /// Running text.
    Text(String),
}

/// Lines as a document to edit.
pub fn paper(name: &str, lines: Vec<Line>) -> Result<Response, WebError> {
    let source = Source { name: name.to_owned(), sha256: String::new(), format: Format::Docx };
    let mut document = Document::new(source);
    for line in lines {
        let plain = |text| Paragraph::new(text, Place::WHOLE);
        let paragraph = match line {
            Line::Title(text) => {
                Paragraph { role: Role::Heading(1), bold: true, centred: true, ..plain(text) }
            }
            Line::Heading(text) => Paragraph { role: Role::Heading(2), bold: true, ..plain(text) },
            Line::Text(text) => plain(text),
        };
        document.blocks.push(Block::Paragraph(paragraph));
    }
    let bytes =
        opora_documents::writers::docx(&document).map_err(|error| WebError::internal(&error.to_string()))?;
    let headers = [(CONTENT_TYPE, DOCX.to_owned()), (CONTENT_DISPOSITION, disposition(name))];
    Ok((headers, bytes).into_response())
}

/// `GET /schools/{id}/visits/{visit}/protocol.docx`.
pub async fn docx(
    State(state): State<AppState>,
    actor: Actor,
    Path((id, number)): Path<(u32, i64)>,
) -> Result<Response, WebError> {
    let case = closed(&state, &actor, id, number).await?;
    let Some(notes) = &case.visit.notes else { return Err(WebError::not_found("Протокола нет")) };
    let day = case.visit.held().map(words::date).unwrap_or_default();
    let mut lines = vec![
        Line::Title("Протокол посещения школы".to_owned()),
        Line::Text(case.school.clone()),
        Line::Text(format!("{day}, посетил(а): {}", case.visit.curator_name)),
        Line::Text(format!("Цель: {}", case.visit.aim)),
    ];
    let mut last = "";
    for (section, question, answer) in &notes.asked {
        if section != last {
            lines.push(Line::Heading(section.clone()));
            last = section;
        }
        lines.push(Line::Text(format!("{question} {}", said(answer.as_ref()))));
    }
    if !notes.findings.is_empty() {
        lines.push(Line::Heading("Выводы".to_owned()));
        let numbered = notes.findings.iter().zip(1..);
        lines.extend(numbered.map(|(finding, number)| Line::Text(format!("{number}. {}", finding.text))));
    }
    if !notes.follow_ups.is_empty() {
        lines.push(Line::Heading("Поручения".to_owned()));
        lines.extend(notes.follow_ups.iter().zip(1..).map(|(task, number)| {
            let who = who_words(&task.who, &case.names);
            Line::Text(format!("{number}. {} — {who}, до {}", task.text, words::date(task.due)))
        }));
    }
    lines.push(Line::Text("Подписи: ______________________ / ______________________".to_owned()));
    paper(&format!("Протокол посещения {day}.docx"), lines)
}
