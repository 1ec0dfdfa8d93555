//! How does a school fill in its questionnaire, section by section?

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use opora_approval::Action;
use opora_diagnosis::{
    Answer, Answers, Conflict, Kind, Migration, Problem, Progress, Question, Section as Part, answer_words,
    check, visible, whole_of, write_answer, wrong,
};

use super::fields::{Fields, Whole, control};
use super::remarks::{course, threads};
use super::view::View;
use crate::web::assets::icon;
use crate::web::words;

/// The name of the last step.
pub const FINISH: &str = "finish";

/// What a save left to be told.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Somebody else changed these meanwhile.
    pub conflicts: Vec<Conflict>,
    /// These are no answers.
    pub unread: Vec<Problem>,
    /// What was typed.
    pub typed: Fields,
    /// Above the form: something was done, or nothing could be.
    pub notice: Option<(bool, String)>,
    /// What would go over to the newer version of the questionnaire.
    pub newer: Option<Migration>,
}

/// The page body: sections at the side, one of them open.
pub fn body(view: &View, section: Option<&str>, outcome: &Outcome) -> Markup {
    let progress = view.book.progress();
    let sections = &view.book.questionnaire.sections;
    let seen: BTreeSet<&str> = progress.sections.iter().map(|part| part.section.as_str()).collect();
    let wanted = section.and_then(|id| sections.iter().find(|part| part.id == id));
    let first = sections.iter().find(|part| seen.contains(part.id.as_str()));
    let finish = section == Some(FINISH);
    let open = if finish { None } else { wanted.or(first) };
    html! {
        (view.standing_line())
        @if let Some((good, text)) = &outcome.notice {
            div class={ "notice " @if *good { "good" } @else { "error" } } role=(if *good { "status" } else { "alert" }) { p { (text) } }
        }
        @if let Some(migration) = &outcome.newer { (newer_version(view, migration)) }
        div.filling {
            (contents(view, &progress, open.map(|part| part.id.as_str())))
            div.filling-main {
                @match open {
                    Some(part) => { (section_form(view, part, &progress, outcome)) }
                    None => { (finish_step(view)) }
                }
            }
        }
    }
}

/// There is a newer version: what goes over, what does not.
fn newer_version(view: &View, migration: &Migration) -> Markup {
    html! {
        div.notice.note { (icon("refresh-cw")) div {
            p.notice-title { "Анкета обновилась" }
            p {
                "Перейдут в новую версию: " (words::count(migration.kept.len(), ["ответ", "ответа", "ответов"])) ". "
                @if !migration.reworded.is_empty() { "Проверьте после переноса вопросы, которые изменились: " (migration.reworded.len()) ". " }
                "Обязательных ответов не будет хватать: " (migration.unanswered.len()) "."
            }
            @if !migration.dropped.is_empty() {
                details { summary { "Не перейдут: " (migration.dropped.len()) }
                    ul { @for dropped in &migration.dropped { li { (dropped.text) ": " strong { (dropped.answer) } ". " (dropped.why) } } }
                }
            }
            form.actions action=(view.address("diagnosis/carry-over", &[])) method="post" { button type="submit" { "Перенести ответы" } }
            p.hint { "Можно и не переносить: прежняя версия остаётся действительной." }
        } }
    }
}

fn contents(view: &View, progress: &Progress, open: Option<&str>) -> Markup {
    let sections = &view.book.questionnaire.sections;
    html! {
        nav.filling-sections #sections aria-label="Разделы анкеты" {
            p.filling-progress data-progress {
                strong { (progress.required_answered) " из " (progress.required) } " обязательных ответов"
            }
            progress max=(progress.required.max(1)) value=(progress.required_answered) aria-label="Заполнено обязательных ответов" {}
            ol {
                @for part in sections {
                    @if let Some(own) = progress.sections.iter().find(|own| own.section == part.id) {
                        li {
                            a href=(view.section_address(&part.id)) aria-current=[(open == Some(part.id.as_str())).then_some("step")] {
                                span { (part.title) }
                                span.count data-count=(part.id) {
                                    @if own.required_answered == own.required { (icon("check")) span.visually-hidden { "заполнен" } }
                                    @else { (own.required_answered) "/" (own.required) }
                                }
                            }
                        }
                    }
                }
                li { a href=(view.section_address(FINISH)) aria-current=[open.is_none().then_some("step")] { span { "Проверка и отправка" } } }
            }
        }
    }
}

fn section_form(view: &View, part: &Part, progress: &Progress, outcome: &Outcome) -> Markup {
    let answers = view.book.answers();
    let seen = visible(&view.book.questionnaire, &answers);
    let shown: Vec<&str> = progress.sections.iter().map(|own| own.section.as_str()).collect();
    let here = shown.iter().position(|id| *id == part.id);
    let next = here.and_then(|at| shown.get(at + 1)).copied().unwrap_or(FINISH);
    html! {
        form.questions #questions action=(view.address("diagnosis", &[])) method="post" data-autosave {
            h2 { (part.title) }
            @if let Some(about) = &part.about { p.muted { (about) } }
            input type="hidden" name="section" value=(part.id);
            input type="hidden" name="next" value=(next);
            @for question in &part.questions {
                (block(view, part, question, &answers, seen.contains(question.id.as_str()), outcome))
            }
            p.save-state role="status" data-save-state { "Ответы сохраняются кнопкой внизу." }
            div.actions {
                button.primary type="submit" name="go" value="next" { "Сохранить и дальше" (icon("arrow-right")) }
                button type="submit" name="go" value="stay" { (icon("save")) "Сохранить" }
            }
        }
    }
}

fn block(
    view: &View,
    part: &Part,
    question: &Question,
    answers: &Answers,
    seen: bool,
    outcome: &Outcome,
) -> Markup {
    let id = &question.id;
    let answer = answers.get(id);
    if question.kind == Kind::Note {
        return html! { p.question-words data-question=(id) hidden[!seen] { (question.text) } };
    }
    let conflict = outcome.conflicts.iter().find(|conflict| conflict.question == *id);
    let unread = outcome.unread.iter().find(|problem| problem.question == *id);
    let kept = answer.map(write_answer).unwrap_or_default();
    // What was typed and not kept stays in the field: nobody types twice.
    let shown =
        if conflict.is_some() || unread.is_some() { outcome.typed.text_of(question) } else { kept.clone() };
    let base = conflict.map_or_else(|| revision(view, id), |conflict| conflict.revision);
    let whole = whole(view, part, question, answers);
    let number_of_whole = whole_of(question, answers);
    let problem = answer.and_then(|answer| wrong(question, &answer.of(number_of_whole), view.today));
    let problem = problem.filter(|_| unread.is_none());
    let number = view.book.questionnaire.number(id).unwrap_or_default();
    html! {
        fieldset.question #{ "q-" (id) } data-question=(id) hidden[!seen] aria-describedby={ "n-" (id) } {
            legend { span.number { (number) } " " (question.text) @if question.required { span.required { " обязательно" } } }
            @if let Some(help) = &question.help { p.hint { (help) } }
            (control(question, &shown, &format!("n-{id}"), whole.as_ref()))
            div.question-note id={ "n-" (id) } data-note {
                @if let Some(problem) = unread.or(problem.as_ref()) { (problem_words(problem)) }
                @if let Some(conflict) = conflict { (conflict_words(view, question, conflict, number_of_whole)) }
                @for remark in view.remarks_to(id).filter(|remark| remark.is_open) {
                    p.why { (icon("triangle-alert")) span { "Замечание: " (remark.text) " " a href={ (view.section_address(FINISH)) "#remark-" (remark.number) } { "Ответить" } } }
                }
            }
            input type="hidden" name="asked" value=(id);
            input type="hidden" name={ "was:" (id) } value=(kept) data-was;
            input type="hidden" name={ "base:" (id) } value=(base) data-base;
        }
    }
}

/// Where the whole of a share comes from, when it is another question.
fn whole<'q>(view: &'q View, part: &Part, question: &Question, answers: &Answers) -> Option<Whole<'q>> {
    let questionnaire = &view.book.questionnaire;
    let (section, own) =
        questionnaire.questions().find(|(_, own)| question.kind.whole_from() == Some(&own.id))?;
    let page = if section.id == part.id { String::new() } else { view.section_address(&section.id) };
    Some(Whole {
        question: own,
        name: format!("вопрос {}", questionnaire.number(&own.id).unwrap_or_default()),
        address: format!("{page}#q-{}", own.id),
        number: whole_of(question, answers),
    })
}

fn revision(view: &View, id: &str) -> u64 {
    // An edit of a question that nobody has touched is always new.
    view.book.saved.fields.get(id).map_or(0, |field| field.revision)
}

fn problem_words(problem: &Problem) -> Markup {
    html! { p.why.error { (icon("circle-alert")) span { (problem.what) " " (problem.mend) } } }
}

fn conflict_words(view: &View, question: &Question, conflict: &Conflict, whole: Option<u64>) -> Markup {
    let words = |answer: &Option<Answer>| match answer {
        Some(answer) => answer_words(question, &answer.of(whole)),
        None => "нет ответа".to_owned(),
    };
    html! {
        div.conflict data-conflict role="alert" {
            p.why.error { (icon("circle-alert")) span { "Пока вы писали, на этот вопрос ответили иначе. Ваш ответ пока не сохранён, оба текста здесь." } }
            dl {
                dt { "Записано (" (view.book.name(conflict.kept_by)) ")" } dd.typed { (words(&conflict.kept)) }
                dt { "Ваш ответ" } dd.typed { (words(&conflict.mine)) }
            }
            p {
                button.small type="submit" name="go" value="stay" data-keep-mine { "Записать мой ответ" } " "
                @if let Some(section) = view.section_of(&question.id) {
                    a.button.small href={ (view.section_address(&section.id)) "#q-" (question.id) } data-keep-theirs { "Оставить записанный" }
                }
            }
        }
    }
}

/// The last step: what is missing, remarks, and the way to the curator.
fn finish_step(view: &View) -> Markup {
    let problems = check(&view.book.questionnaire, &view.book.answers(), view.today);
    let permitted = view.permitted();
    let sends = [Action::Submit, Action::Resubmit].into_iter().find(|action| permitted.contains(action));
    let open = view.standing.open_remarks().count();
    html! {
        h2 { "Проверка и отправка" }
        @if problems.is_empty() {
            div.notice.good { (icon("circle-check")) div { p { "На все обязательные вопросы есть ответы." } } }
        } @else {
            div.notice.warning { (icon("triangle-alert")) div {
                p.notice-title { "Осталось исправить: " (words::count(problems.len(), ["ответ", "ответа", "ответов"])) }
                ul { @for problem in &problems { li { (problem_link(view, problem)) } } }
            } }
        }
        (threads(view))
        @if let Some(action) = sends {
            form.stack action=(view.address("diagnosis/submit", &[])) method="post" {
                input type="hidden" name="action" value=(action.word());
                input type="hidden" name="sha256" value=(view.book.sha256());
                div.field { label for="word" { "Сообщение куратору (необязательно)" } textarea #word name="text" rows="2" {} }
                @if open > 0 { p.hint { "Сначала ответьте на каждое замечание: без ответа осталось " (open) "." } }
                div.actions { button.primary type="submit" { (icon("clipboard-check")) (action.russian()) } }
            }
        }
        (course(view))
    }
}

fn problem_link(view: &View, problem: &Problem) -> Markup {
    html! {
        @if let Some(section) = view.section_of(&problem.question) {
            a href={ (view.section_address(&section.id)) "#q-" (problem.question) } { (problem.what) }
        } @else { (problem.what) }
        " " (problem.mend)
    }
}

/// Problems by question: what a refused submission is about.
pub fn unfinished(problems: &[Problem]) -> String {
    let by_question: BTreeMap<&str, &Problem> =
        problems.iter().map(|problem| (problem.question.as_str(), problem)).collect();
    format!(
        "Пока не отправлено: {} без правильного ответа. Они перечислены ниже; исправьте и отправьте снова.",
        words::count(by_question.len(), ["вопрос", "вопроса", "вопросов"])
    )
}
