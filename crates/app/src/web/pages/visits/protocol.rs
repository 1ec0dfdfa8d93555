//! How is the protocol of a visit written: answers, findings, tasks?

use maud::{Markup, html};
use opora_execution::visits::{Answer, AnswerKind, FollowUp, Protocol, Question, VisitFinding};
use opora_execution::{Assignee, TEXT_CHARS_MAX};

use super::people::{Asked, draft_state, read_assignee, who_fields, written_by_others};
use super::visit::Case;
use super::{day, incomplete};
use crate::usecases::support::{Known, NotDone, Notes};
use crate::web::pages::diagnosis::Fields;
use crate::web::state::AppState;

/// Rows of findings and of tasks at most.
const ROWS_MAX: usize = 40;
/// Empty rows offered below the filled ones.
const ROWS_EMPTY: usize = 2;

/// A task as it stands in the form, perhaps half filled.
struct Row {
    text: String,
    who: Option<Assignee>,
    due: String,
}

/// The form; what was typed and refused stands in it again. `stale`: somebody else has saved meanwhile. `writer` is who
/// writes: the browser keeps what is not saved yet under this number.
pub fn form(state: &AppState, case: &Case, typed: Option<&Fields>, stale: bool, writer: i64) -> Markup {
    let protocol = &state.results.catalog().rulebook.protocol;
    let empty = Notes::default();
    let kept = case.visit.notes.as_ref().unwrap_or(&empty);
    let notes = match typed {
        Some(fields) => Notes { saved: kept.saved, ..read_loosely(fields, protocol) },
        None => kept.clone(),
    };
    // Whoever was told of somebody else's save may save again; until then an old page stays old.
    let typed_seen = typed.filter(|_| !stale).and_then(|fields| fields.one("seen").parse().ok());
    let seen: i64 = typed_seen.unwrap_or(kept.saved);
    let rows = match typed {
        Some(fields) => rows(fields, &case.people),
        None => notes.follow_ups.iter().map(of_follow_up).collect(),
    };
    let suggested: Vec<VisitFinding> = protocol
        .suggested_findings(&notes.answers)
        .into_iter()
        .filter(|new| notes.findings.iter().all(|known| known.question != new.question))
        .collect();
    html! {
        section.card aria-labelledby="protocol" {
            div.card-head { h2 #protocol { (protocol.title) } }
            form.card-body.stack action={ (case.address()) "/protocol" } method="post"
                data-draft=(writer) data-draft-seen=(kept.saved) data-draft-refused[typed.is_some()] {
                (draft_state())
                @if stale { (written_by_others(&kept.by, &others(kept, &notes, &rows, protocol))) }
                @if kept.saved != 0 { p.small.muted { "Сохранено: " (kept.by) ". Школа увидит протокол, когда вы его закончите." } }
                @else { p.small.muted { "Сохраняйте по ходу: школа увидит протокол, когда вы его закончите." } }
                input type="hidden" name="seen" value=(seen);
                @for section in &protocol.sections {
                    fieldset.stack {
                        legend { (section.title) }
                        @for question in &section.questions { (control(question, notes.answers.get(&question.id))) }
                    }
                }
                (findings(&notes.findings, &suggested))
                (tasks(&rows, &case.people))
                div.actions {
                    button type="submit" name="go" value="save" { "Сохранить" }
                    button.primary type="submit" name="go" value="close" { "Закончить протокол" }
                }
                p.small.muted { "После «Закончить» протокол не меняется, поручения приходят исполнителям." }
            }
        }
    }
}

/// The texts somebody else has saved that do not stand in the form: whoever saves now would take them out.
fn others(kept: &Notes, typed: &Notes, rows: &[Row], protocol: &Protocol) -> Vec<(String, String)> {
    let words = |answer: &Answer| match answer {
        Answer::YesNo(true) => "да".to_owned(),
        Answer::YesNo(false) => "нет".to_owned(),
        Answer::Text(text) => text.clone(),
    };
    let questions = protocol.questions().filter_map(|question| {
        let own =
            kept.answers.get(&question.id).filter(|own| typed.answers.get(&question.id) != Some(own))?;
        Some((question.text.clone(), words(own)))
    });
    let known = |text: &str| typed.findings.iter().any(|finding| finding.text == text);
    let found = kept.findings.iter().filter(|finding| !known(&finding.text));
    let found = found.map(|finding| ("Вывод".to_owned(), finding.text.clone()));
    let given = kept.follow_ups.iter().filter(|task| rows.iter().all(|own| own.text != task.text));
    let given = given.map(|task| ("Поручение".to_owned(), task.text.clone()));
    questions.chain(found).chain(given).collect()
}

fn of_follow_up(follow_up: &FollowUp) -> Row {
    Row { text: follow_up.text.clone(), who: Some(follow_up.who.clone()), due: follow_up.due.to_string() }
}

fn control(question: &Question, answer: Option<&Answer>) -> Markup {
    let name = format!("q-{}", question.id);
    let text = match answer {
        Some(Answer::Text(text)) => text.as_str(),
        _ => "",
    };
    let label = html! { (question.text) @if question.required { " " span.small.muted { "(нужно)" } } };
    let hint = html! { @if let Some(hint) = &question.hint { p.help { (hint) } } };
    match question.kind {
        AnswerKind::YesNo => html! {
            fieldset.field {
                legend { (label) }
                @for (word, value, said) in [("yes", true, "Да"), ("no", false, "Нет")] {
                    label.choice-line { input type="radio" name=(name) value=(word) checked[answer == Some(&Answer::YesNo(value))]; " " (said) " " }
                }
                (hint)
            }
        },
        AnswerKind::Number => html! {
            div.field { label for=(name) { (label) } input.short id=(name) name=(name) value=(text) inputmode="decimal" autocomplete="off"; (hint) }
        },
        AnswerKind::Text => html! {
            div.field { label for=(name) { (label) } textarea id=(name) name=(name) rows="2" maxlength=(TEXT_CHARS_MAX) { (text) } (hint) }
        },
    }
}

fn findings(findings: &[VisitFinding], suggested: &[VisitFinding]) -> Markup {
    let rows = findings.len() + ROWS_EMPTY;
    html! {
        fieldset.stack {
            legend { "Выводы" }
            @for (finding, number) in suggested.iter().zip(0..) {
                label.choice-line {
                    input type="checkbox" name="suggested" value={ (finding.question.as_deref().unwrap_or_default()) }; " "
                    "добавить вывод по ответу: «" (finding.text) "»"
                    span.visually-hidden { " (" (number + 1) ")" }
                }
            }
            @for number in 1..=rows.min(ROWS_MAX) {
                @let finding = findings.get(number - 1);
                div.field {
                    label for={ "finding-" (number) } { "Вывод " (number) }
                    input id={ "finding-" (number) } name={ "finding-" (number) } value=(finding.map_or("", |finding| finding.text.as_str())) autocomplete="off";
                    input type="hidden" name={ "finding-" (number) "-question" } value=(finding.and_then(|finding| finding.question.as_deref()).unwrap_or_default());
                }
            }
        }
    }
}

fn tasks(rows: &[Row], people: &[Known]) -> Markup {
    let count = (rows.len() + ROWS_EMPTY).min(ROWS_MAX);
    html! {
        fieldset.stack {
            legend { "Поручения" }
            p.small.muted { "Что сделать, кто и к какому дню. Пустые строки не сохраняются; чтобы добавить ещё, сохраните." }
            @for number in 1..=count {
                @let row = rows.get(number - 1);
                div.field-row.task-row {
                    div.field.grow {
                        label for={ "task-" (number) "-text" } { "Поручение " (number) }
                        input id={ "task-" (number) "-text" } name={ "task-" (number) "-text" } value=(row.map_or("", |row| row.text.as_str())) autocomplete="off";
                    }
                    (who_fields(&Asked {
                        name: &format!("task-{number}"),
                        label: &format!("поручение {number}"),
                        who: row.and_then(|row| row.who.as_ref()),
                        due: row.map(|row| row.due.clone()).unwrap_or_default(),
                        people,
                    }))
                }
            }
        }
    }
}

fn rows(fields: &Fields, people: &[Known]) -> Vec<Row> {
    let row = |number: usize| Row {
        text: fields.one(&format!("task-{number}-text")),
        who: read_assignee(fields, &format!("task-{number}"), people),
        due: fields.one(&format!("task-{number}-due")),
    };
    (1..=ROWS_MAX)
        .map(row)
        .filter(|row| !row.text.is_empty() || row.who.is_some() || !row.due.is_empty())
        .collect()
}

/// Answers and findings as typed.
fn read_loosely(fields: &Fields, protocol: &Protocol) -> Notes {
    let mut notes = Notes::default();
    for question in protocol.questions() {
        let typed = fields.one(&format!("q-{}", question.id));
        let answer = match (question.kind, typed.as_str()) {
            (_, "") => continue,
            (AnswerKind::YesNo, word) => Answer::YesNo(word == "yes"),
            _ => Answer::Text(typed),
        };
        notes.answers.insert(question.id.clone(), answer);
    }
    for number in 1..=ROWS_MAX {
        let text = fields.one(&format!("finding-{number}"));
        let question = Some(fields.one(&format!("finding-{number}-question"))).filter(|id| !id.is_empty());
        if !text.is_empty() {
            notes.findings.push(VisitFinding { text, question });
        }
    }
    let marked: Vec<&str> = fields.all("suggested").collect();
    for finding in protocol.suggested_findings(&notes.answers) {
        let known = notes.findings.iter().any(|own| own.question == finding.question);
        if !known && finding.question.as_deref().is_some_and(|id| marked.contains(&id)) {
            notes.findings.push(finding);
        }
    }
    notes
}

/// What the form says. A task without a person or a day is told at once: it could not be kept.
pub fn read(fields: &Fields, protocol: &Protocol, people: &[Known]) -> Result<Notes, NotDone> {
    let mut notes = read_loosely(fields, protocol);
    for (row, number) in rows(fields, people).into_iter().zip(1..) {
        let due = day(&row.due, &format!("У поручения {number} нет срока. Без срока его не проверить."))?;
        // Who is missing is told when the protocol is finished.
        let who = row.who.unwrap_or_else(|| Assignee::Named(String::new()));
        notes.follow_ups.push(FollowUp { text: row.text, due, who });
    }
    fits(&notes)?;
    Ok(notes)
}

/// Refuses texts that nobody would read to the end.
pub fn fits(notes: &Notes) -> Result<(), NotDone> {
    let long = |text: &str| text.chars().count() > TEXT_CHARS_MAX;
    if notes.findings.iter().any(|finding| long(&finding.text)) {
        return Err(incomplete("Вывод длиннее 4000 знаков. Сократите его или разделите на несколько."));
    }
    if notes.follow_ups.iter().any(|task| long(&task.text)) {
        return Err(incomplete("Поручение длиннее 4000 знаков. Сократите его."));
    }
    Ok(())
}
