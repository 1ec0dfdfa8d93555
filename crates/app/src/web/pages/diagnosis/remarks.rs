//! Which remarks were made, what was answered to them, and who did what?

use maud::{Markup, html};
use opora_approval::{Action, Remark};

use super::view::{View, signature};

/// All remarks with their threads. The school answers open ones; whoever checks opens settled ones again.
pub fn threads(view: &View) -> Markup {
    let remarks = &view.standing.remarks;
    let permitted = view.permitted();
    html! {
        @if !remarks.is_empty() {
            section aria-labelledby="remarks" {
                h2 #remarks { "Замечания" }
                ol.remarks { @for remark in remarks { (thread(view, remark, &permitted)) } }
            }
        }
    }
}

fn thread(view: &View, remark: &Remark, permitted: &[Action]) -> Markup {
    let id = format!("remark-{}", remark.number);
    let answers = view.writes && remark.is_open && permitted.contains(&Action::ResolveRemark);
    let reopens = view.checks.is_some() && !remark.is_open && permitted.contains(&Action::ReopenRemark);
    html! {
        li.card.remark #(id) {
            div.card-body {
                p.remark-place {
                    strong { (place(view, &remark.path)) } " "
                    @if remark.is_open { span.badge.warning { "ждёт ответа" } } @else { span.badge.good { "закрыто" } }
                }
                p.typed { (remark.text) }
                p.small.muted { (signature(remark.at, view.book.name(remark.by))) }
                @for answer in &remark.answers {
                    blockquote.answer {
                        p.typed { (answer.text) }
                        p.small.muted {
                            (signature(answer.at, view.book.name(answer.by)))
                            @if !answer.settles { " · открыто снова" }
                        }
                    }
                }
                @if answers { (reply(view, remark, Action::ResolveRemark, "submit", "Что исправлено или почему оставлено так")) }
                @if reopens { (reply(view, remark, Action::ReopenRemark, "review", "Что осталось нерешённым")) }
            }
        }
    }
}

fn reply(view: &View, remark: &Remark, action: Action, way: &str, label: &str) -> Markup {
    let field = format!("reply-{}", remark.number);
    html! {
        form.stack.reply action=(view.address(&format!("diagnosis/{way}"), &[])) method="post" {
            input type="hidden" name="action" value=(action.word());
            input type="hidden" name="sha256" value=(view.book.sha256());
            input type="hidden" name="remark" value=(remark.number);
            div.field { label for=(field) { (label) } textarea #(field) name="text" rows="2" required {} }
            div.actions { button type="submit" { (action.russian()) } }
        }
    }
}

/// The place of a remark: a link to the question for those who fill in, words for others.
fn place(view: &View, path: &str) -> Markup {
    let words = view.place_words(path);
    let question = path.strip_prefix("question/");
    let section = question.and_then(|id| view.section_of(id));
    html! {
        @match (question, section) {
            (Some(question), Some(section)) => {
                a href={ (view.section_address(&section.id)) "#q-" (question) } { (words) }
            }
            _ => { (words) }
        }
    }
}

/// Everything that was recorded of the approval.
pub fn course(view: &View) -> Markup {
    html! {
        @if !view.book.acts.is_empty() {
            details.course {
                summary { "Ход согласования" }
                ol {
                    @for act in &view.book.acts {
                        li {
                            (done_words(act.action)) " – " (signature(act.at, view.book.name(act.by)))
                            @if !act.text.is_empty() { ": " span.typed { (act.text) } }
                        }
                    }
                }
            }
        }
    }
}

/// What was done, as a record says it.
pub fn done_words(action: Action) -> &'static str {
    match action {
        Action::Submit => "Отправлено на проверку",
        Action::Resubmit => "Отправлено повторно",
        Action::Withdraw => "Отозвано",
        Action::Approve => "Одобрено",
        Action::Return => "Возвращено с замечаниями",
        Action::PutInForce => "Введено в действие",
        Action::BeginCorrection => "Начато исправление",
        Action::Close => "Завершено",
        Action::AddRemark => "Добавлено замечание",
        Action::ResolveRemark => "Дан ответ на замечание",
        Action::ReopenRemark => "Замечание открыто снова",
    }
}
