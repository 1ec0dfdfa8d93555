//! How do the changes of a municipal plan look to its school?

use std::collections::BTreeMap;

use maud::{Markup, html};
use opora_cycle::vocabulary::ActivityKey;
use opora_roadmap::{Conflict, FieldChange, UpstreamChange, UpstreamKind};

use super::{CHANGES, Case};
use crate::usecases::upstream::Decided;
use crate::web::assets::icon;
use crate::web::components::segments::{new_side, old_side};
use crate::web::words;

/// What the page has to say beside the changes.
#[derive(Default)]
pub struct Asked<'a> {
    /// What was just decided.
    pub done: Option<&'a str>,
    /// What is wrong with what was sent.
    pub wrong: Option<&'a str>,
    /// The change whose texts have to be chosen.
    pub conflicts: Option<(ActivityKey, &'a [Conflict])>,
    /// What was typed.
    pub form: Option<&'a BTreeMap<String, String>>,
}

impl Asked<'_> {
    fn typed(&self, name: &str) -> &str {
        self.form.and_then(|form| form.get(name)).map(String::as_str).unwrap_or_default()
    }
}

/// The page.
pub fn content(case: &Case, decides: bool, asked: &Asked<'_>) -> Markup {
    let upstream = &case.upstream;
    html! { div.stack {
        div.page-head { div {
            h2 { "Изменения муниципального плана" }
            p {
                a href={ "/plans/" (upstream.plan) } { (upstream.title) }
                ". Карта составлена по версии " (upstream.drafted_from) ", сейчас действует версия " (upstream.version) "."
                @if upstream.version > upstream.drafted_from {
                    " " a href={ "/plans/" (upstream.plan) "/compare?from=" (upstream.drafted_from) "&to=" (upstream.version) } { "Всё, что в ней изменилось" }
                }
            }
        } }
        (said(case, asked))
        @if upstream.changes.is_empty() {
            p { (icon("circle-check")) " Новых изменений для школы нет." }
        } @else {
            p { "Ждут решения: " (words::count(upstream.changes.len(), CHANGES)) ". Принятое станет новой версией карты, и её согласуют снова; отказ останется с причиной." }
            ol.upstream-changes { @for change in &upstream.changes { (item(case, change, decides, asked)) } }
        }
        (decided(&upstream.decided))
    } }
}

fn said(case: &Case, asked: &Asked<'_>) -> Markup {
    let done = match asked.done {
        Some("adopted") => {
            Some("Принято. Новую версию карты отправьте на согласование, когда решите обо всём.")
        }
        Some(_) => Some("Отказ записан вместе с причиной."),
        None => None,
    };
    html! {
        @if let Some(done) = done {
            div.notice.good role="status" { (icon("circle-check")) p { (done) " " a href={ "/plans/" (case.plan.id) "/approval" } { "Согласование" } } }
        }
        @if let Some(wrong) = asked.wrong { div.notice.error role="alert" { (icon("circle-alert")) p { (wrong) } } }
    }
}

fn item(case: &Case, change: &UpstreamChange, decides: bool, asked: &Asked<'_>) -> Markup {
    let key = change.upstream;
    let (word, class) = match &change.kind {
        UpstreamKind::Added(_) => ("новое", "good"),
        UpstreamKind::Removed => ("удалено", "error"),
        UpstreamKind::NoLongerAddressed => ("больше не для школы", "warning"),
        UpstreamKind::Changed(_) => ("изменено", "info"),
    };
    let conflicts = asked.conflicts.filter(|(own, _)| *own == key).map(|(_, conflicts)| conflicts);
    html! {
        li.card.upstream-change id={ "change-" (key.0) } {
            div.card-body.stack {
                p { span class={ "badge " (class) } { (word) } " " (change.sentence) }
                @match &change.kind {
                    UpstreamKind::Added(reasons) => ul.small { @for reason in reasons { li { (reason.sentence) } } },
                    UpstreamKind::Changed(fields) => (texts(fields)),
                    UpstreamKind::Removed | UpstreamKind::NoLongerAddressed => {},
                }
                p.small {
                    @if let Some(own) = change.activity { a href={ "/plans/" (case.plan.id) "/activities/" (own.0) } { "Мероприятие школы" } }
                    @if !matches!(change.kind, UpstreamKind::Removed) {
                        @if change.activity.is_some() { " · " }
                        a href={ "/plans/" (case.upstream.plan) "/activities/" (key.0) } { "В муниципальном плане" }
                    }
                }
                @if decides {
                    @match conflicts {
                        Some(conflicts) => (choice(case, key, conflicts, asked)),
                        None => (forms(case, key, asked)),
                    }
                }
            }
        }
    }
}

/// Which texts changed, side by side.
fn texts(fields: &[FieldChange]) -> Markup {
    html! {
        div.table-scroll tabindex="0" role="region" aria-label="Что изменилось" {
            table.side-by-side {
                thead { tr { th scope="col" { "Поле" } th scope="col" { "Было" } th scope="col" { "Стало" } } }
                tbody {
                    @for change in fields {
                        tr {
                            th scope="row" { (change.field.russian()) }
                            td { @if change.before.is_empty() { span.absent { "пусто" } } @else { (old_side(&change.before, &change.after)) } }
                            td { @if change.after.is_empty() { span.absent { "пусто" } } @else { (new_side(&change.before, &change.after)) } }
                        }
                    }
                }
            }
        }
    }
}

fn hidden(case: &Case, key: ActivityKey, action: &str) -> Markup {
    html! {
        input type="hidden" name="key" value=(key.0);
        input type="hidden" name="version" value=(case.upstream.version);
        input type="hidden" name="action" value=(action);
    }
}

fn forms(case: &Case, key: ActivityKey, asked: &Asked<'_>) -> Markup {
    let action = format!("/plans/{}/upstream#change-{}", case.plan.id, key.0);
    let typed = if asked.typed("key") == key.0.to_string() { asked.typed("reason") } else { "" };
    html! {
        div.decisions.no-print {
            form action=(action) method="post" { (hidden(case, key, "adopt")) button.primary type="submit" { (icon("check")) "Принять" } }
            form.inline-form action=(action) method="post" {
                (hidden(case, key, "decline"))
                label for={ "reason-" (key.0) } { "Причина отказа" }
                input id={ "reason-" (key.0) } name="reason" value=(typed) required autocomplete="off";
                button type="submit" { "Отклонить" }
            }
        }
    }
}

/// The texts that the school and the municipality both changed, one of each to be chosen.
fn choice(case: &Case, key: ActivityKey, conflicts: &[Conflict], asked: &Asked<'_>) -> Markup {
    html! {
        form.stack action={ "/plans/" (case.plan.id) "/upstream#change-" (key.0) } method="post" {
            (hidden(case, key, "adopt"))
            p.why.warning role="alert" { "Школа изменила эти тексты сама. Выберите, какой останется: остальное будет принято." }
            @for (index, conflict) in conflicts.iter().enumerate() { (one_choice(case, index, conflict, asked)) }
            div.actions {
                button.primary type="submit" { (icon("check")) "Принять с выбранными текстами" }
                a.button href={ "/plans/" (case.plan.id) "/upstream" } { "Не сейчас" }
            }
        }
    }
}

fn one_choice(case: &Case, index: usize, conflict: &Conflict, asked: &Asked<'_>) -> Markup {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (base, mine, theirs) = (text(&conflict.base), text(&conflict.mine), text(&conflict.theirs));
    let name = case.plan.plan().map(|plan| conflict.path.human(plan)).unwrap_or_default();
    let chosen = asked.typed(&format!("choice-{index}"));
    let option = |value: &str, words: &str, text: &Markup| {
        html! {
            div.conflict-option {
                label { input type="radio" name={ "choice-" (index) } value=(value) checked[chosen == value] required; " " (words) }
                (text)
            }
        }
    };
    let shown = |text: &str| html! { p.conflict-text { @if text.is_empty() { span.absent { "пусто" } } @else { (new_side(&base, text)) } } };
    html! {
        fieldset.conflict-row.differs {
            legend { (name) }
            input type="hidden" name={ "path-" (index) } value=(conflict.path);
            input type="hidden" name={ "mine-" (index) } value=(mine);
            input type="hidden" name={ "theirs-" (index) } value=(theirs);
            (option("theirs", "Текст муниципального плана", &shown(&theirs)))
            (option("mine", "Текст школы", &shown(&mine)))
            (option("typed", "Другой текст", &html! { textarea name={ "typed-" (index) } rows="2" aria-label={ (name) ": другой текст" } { (mine) } }))
        }
    }
}

/// What was decided so far, the newest first.
fn decided(decided: &[Decided]) -> Markup {
    html! {
        @if !decided.is_empty() {
            section aria-labelledby="decided" {
                h3 #decided { "Уже решено" }
                ol.course {
                    @for one in decided.iter().rev() {
                        li {
                            strong { @if one.adopted { "Принято" } @else { "Отклонено" } } ": " (one.sentence)
                            @if !one.reason.is_empty() { " Причина: " (one.reason) "." }
                            span.small.muted { " — " (one.who) ", " (words::moment(one.at)) ", версия муниципального плана " (one.version) }
                        }
                    }
                }
            }
        }
    }
}
