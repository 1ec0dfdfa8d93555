//! How is a questionnaire read and checked by those who don't fill it in now?

use maud::{Markup, html};
use opora_approval::{Action, State};
use opora_diagnosis::{Answer, Kind, Question, answer_words, joined, question_path, section_path, visible};

use super::fields::Fields;
use super::remarks::{course, threads};
use super::view::View;
use crate::web::assets::icon;

/// The page body: all answers, remarks, and what may be done. `typed` is what a refused form held.
pub fn body(view: &View, typed: &Fields, notice: Option<&(bool, String)>) -> Markup {
    let permitted = view.permitted();
    let decides = view.checks.is_some() && permitted.contains(&Action::Return);
    let remarks = view.checks.is_some() && permitted.contains(&Action::AddRemark);
    html! {
        (view.standing_line())
        @if let Some((good, text)) = notice {
            div class={ "notice " @if *good { "good" } @else { "error" } } role=(if *good { "status" } else { "alert" }) { p { (text) } }
        }
        (own_actions(view, &permitted))
        (threads(view))
        @if remarks {
            form.checking #checking action=(view.address("diagnosis/review", &[])) method="post" {
                input type="hidden" name="sha256" value=(view.book.sha256());
                (sections(view, Some(typed)))
                (decision(view, typed, decides))
            }
        } @else { (sections(view, None)) }
        (course(view))
    }
}

/// What the school can do while the text is not being written: take it back, or begin a correction.
fn own_actions(view: &View, permitted: &[Action]) -> Markup {
    let own = |action: Action| view.writes && permitted.contains(&action);
    let hidden = |action: Action| {
        html! {
            input type="hidden" name="action" value=(action.word());
            input type="hidden" name="sha256" value=(view.book.sha256());
        }
    };
    let submit = view.address("diagnosis/submit", &[]);
    html! {
        @if own(Action::Withdraw) && view.standing.state == State::Submitted {
            form.actions action=(submit) method="post" {
                (hidden(Action::Withdraw))
                button type="submit" { (icon("rotate-ccw")) "Отозвать, чтобы исправить" }
            }
        }
        @if own(Action::BeginCorrection) {
            details.card { summary { "Исправить одобренную анкету" }
                form.stack.card-body action=(submit) method="post" {
                    (hidden(Action::BeginCorrection))
                    p { "Одобренные ответы действуют, пока не одобрят исправленные." }
                    div.field { label for="why" { "Причина исправления" } textarea #why name="text" rows="2" required {} }
                    div.actions { button type="submit" { (Action::BeginCorrection.russian()) } }
                }
            }
        }
    }
}

fn sections(view: &View, typed: Option<&Fields>) -> Markup {
    let answers = view.book.answers();
    let seen = visible(&view.book.questionnaire, &answers);
    html! {
        @for part in &view.book.questionnaire.sections {
            @let asked: Vec<&Question> = part.questions.iter()
                .filter(|question| question.kind != Kind::Note && seen.contains(question.id.as_str())).collect();
            @if !asked.is_empty() {
                section.read-section aria-labelledby={ "s-" (part.id) } {
                    h2 id={ "s-" (part.id) } { (part.title) }
                    @for question in asked { (answered(view, question, joined(question, &answers).as_deref(), typed)) }
                    @if let Some(typed) = typed { (remark_field(typed, &section_path(&part.id), &format!("Замечание к разделу «{}»", part.title))) }
                }
            }
        }
        @if view.book.is_blank() { p.muted { "Ответов ещё нет." } }
    }
}

fn answered(view: &View, question: &Question, answer: Option<&Answer>, typed: Option<&Fields>) -> Markup {
    let number = view.book.questionnaire.number(&question.id).unwrap_or_default();
    html! {
        div.read-question id={ "q-" (question.id) } {
            p.asked { span.number { (number) } " " (question.text) }
            @match answer {
                Some(answer) => { p.answered.typed { (answer_words(question, answer)) } }
                None => { p.answered.muted { "нет ответа" } }
            }
            @for remark in view.remarks_to(&question.id).filter(|remark| remark.is_open) {
                p.small.why { (icon("triangle-alert")) a href={ "#remark-" (remark.number) } { "Замечание: " (remark.text) } }
            }
            @if let Some(typed) = typed {
                (remark_field(typed, &question_path(&question.id), &format!("Замечание к вопросу {number}")))
            }
        }
    }
}

fn remark_field(typed: &Fields, path: &str, label: &str) -> Markup {
    let name = format!("remark:{path}");
    let text = typed.one(&name);
    html! {
        details.remark-field open[!text.is_empty()] {
            summary { (label) }
            textarea name=(name) rows="2" aria-label=(label) { (text) }
        }
    }
}

fn decision(view: &View, typed: &Fields, decides: bool) -> Markup {
    html! {
        section.card.decision aria-labelledby="decision" {
            div.card-head { h2 #decision { "Решение" } }
            div.card-body {
                div.field {
                    label for="remark-whole" { "Замечание ко всей анкете" }
                    textarea #remark-whole name="remark:questionnaire" rows="2" { (typed.one("remark:questionnaire")) }
                }
                div.actions {
                    @if decides {
                        button.primary type="submit" name="action" value=(Action::Approve.word()) { (icon("circle-check")) (Action::Approve.russian()) }
                        button type="submit" name="action" value=(Action::Return.word()) { (icon("rotate-ccw")) (Action::Return.russian()) }
                    } @else {
                        button type="submit" name="action" value=(Action::AddRemark.word()) { (icon("plus")) "Добавить замечания" }
                    }
                }
                p.hint {
                    @if decides { "Одобрение относится ровно к этим ответам: если школа изменит их, одобрять надо снова." }
                    @else { "Решение принимают, когда школа отправит анкету на проверку." }
                }
                @if view.standing.open_remarks().next().is_some() && decides {
                    p.hint { "Пока есть замечания без ответа, одобрить нельзя." }
                }
            }
        }
    }
}
