//! What is wrong with a plan, and which components of the cycle does it cover?

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Redirect;
use maud::{Markup, html};
use opora_access::Right;
use opora_checks::{Finding, Subject, rule};
use opora_cycle::vocabulary::ActivityKey;
use opora_neutral::Level;
use opora_store::{Authorship, NewSuppression, PlanId, SuppressionId};
use serde::Deserialize;

use crate::clock;
use crate::usecases::suppress;
use crate::web::actor::Actor;
use crate::web::assets::icon;
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::components::{badge, empty::empty, finding as cards};
use crate::web::errors::WebError;
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::address::address;
use crate::web::words;

mod coverage;
mod subject;

/// Findings of one rule shown at once; the rest is one click away.
const OPEN: usize = 6;

/// What to show and in which order.
#[derive(Deserialize, Default)]
pub struct Wanted {
    /// `error`, `warning`, `note` or empty for all.
    #[serde(default)]
    level: String,
    /// `rule` or `place`.
    #[serde(default)]
    by: String,
}

impl Wanted {
    fn level(&self) -> Option<Level> {
        [Level::Error, Level::Warning, Level::Note]
            .into_iter()
            .find(|level| badge::level_class(*level) == self.level)
    }

    fn by_place(&self) -> bool {
        self.by == "place"
    }
}

/// `GET /plans/{id}/findings`.
pub async fn list(
    ui: Ui,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let plan = state.plan(id).await?;
    let level = wanted.level();
    let edits = ui.may(Right::EditPlans, plan.owner);
    let shown: Vec<&Finding> = plan
        .report
        .findings
        .iter()
        .filter(|finding| level.is_none_or(|level| finding.level == level))
        .collect();
    let content = html! {
        (filters(&plan, &wanted))
        @if shown.is_empty() {
            (nothing(&plan, level))
        } @else if wanted.by_place() {
            (grouped_by_place(&plan, &shown, edits))
        } @else {
            (grouped_by_rule(&plan, &shown, edits))
        }
        (suppressed(&plan, edits))
        (coverage::table(&plan))
    };
    Ok(plan_page(&ui, &plan, PlanTab::Findings, &content))
}

fn filters(plan: &LoadedPlan, wanted: &Wanted) -> Markup {
    let counts = plan.level_counts();
    let path = format!("/plans/{}/findings", plan.id);
    let link = |level: &str, by: &str| {
        let pairs = [("level", level.to_owned()), ("by", by.to_owned())];
        let set: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        address(&path, &set)
    };
    let choices = [
        ("", "Все", counts.total()),
        ("error", "Ошибки", counts.errors),
        ("warning", "Предупреждения", counts.warnings),
        ("note", "Заметки", counts.notes),
    ];
    html! {
        h2 { "Замечания" }
        div.finding-filters {
            nav.choices aria-label="Важность" {
                @for (level, name, count) in choices {
                    a.choice href=(link(level, &wanted.by)) aria-current=[(wanted.level == level).then_some("true")] {
                        (name) span.numeric { (count) }
                    }
                }
            }
            nav.choices aria-label="Порядок" {
                @for (by, name) in [("", "По правилам"), ("place", "По местам плана")] {
                    a.choice href=(link(&wanted.level, by)) aria-current=[(wanted.by == by).then_some("true")] { (name) }
                }
            }
        }
    }
}

fn nothing(plan: &LoadedPlan, level: Option<Level>) -> Markup {
    if level.is_some() && !plan.report.findings.is_empty() {
        let all = html! { a.button href={ "/plans/" (plan.id) "/findings" } { "Показать все" } };
        return empty("list-filter", "Таких замечаний нет", "В плане есть замечания другой важности.", &all);
    }
    empty(
        "circle-check",
        "Замечаний нет",
        "План проверен по всем правилам, и ни одно не сработало.",
        &html! {
            a.button.quiet href="/rules" { (icon("book-open")) "Что проверяется" }
        },
    )
}

fn grouped_by_rule(plan: &LoadedPlan, shown: &[&Finding], edits: bool) -> Markup {
    let mut groups: BTreeMap<(std::cmp::Reverse<Level>, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in shown {
        groups.entry((std::cmp::Reverse(finding.level), finding.code)).or_default().push(finding);
    }
    html! {
        div.stack {
            @for ((level, code), findings) in &groups {
                @let title = rule(code).map_or("", |rule| rule.title);
                section.card.finding-group aria-label=(title) {
                    div.card-head {
                        h3 { a href={ "/rules/" (code) } { span.rule-code { (code) } " " (title) } }
                        span { (badge::level(level.0)) " " span.count { (findings.len()) } }
                    }
                    (listed(plan, findings, false, edits))
                }
            }
        }
    }
}

fn grouped_by_place(plan: &LoadedPlan, shown: &[&Finding], edits: bool) -> Markup {
    let mut groups: Vec<(String, Vec<&Finding>)> = Vec::new();
    for finding in shown {
        let name = subject::group(plan, finding.subject);
        match groups.last_mut() {
            Some((last, findings)) if *last == name => findings.push(finding),
            _ => groups.push((name, vec![finding])),
        }
    }
    html! {
        div.stack {
            @for (name, findings) in &groups {
                section.card.finding-group aria-label=(name) {
                    div.card-head { h3 { (name) } span.count { (findings.len()) } }
                    (listed(plan, findings, true, edits))
                }
            }
        }
    }
}

fn listed(plan: &LoadedPlan, findings: &[&Finding], with_rule: bool, edits: bool) -> Markup {
    let (open, folded) = findings.split_at(findings.len().min(OPEN));
    html! {
        ul.findings { @for finding in open { li { (item(plan, finding, with_rule, edits)) } } }
        @if !folded.is_empty() {
            details.disclosure.more-lines {
                summary { "Показать ещё " (folded.len()) }
                ul.findings { @for finding in folded { li { (item(plan, finding, with_rule, edits)) } } }
            }
        }
    }
}

fn item(plan: &LoadedPlan, finding: &Finding, with_rule: bool, edits: bool) -> Markup {
    html! {
        div.finding-item {
            @if with_rule { div.finding-head { (cards::tag(finding)) } }
            p.finding-where { (subject::link(plan, finding, edits)) }
            p.finding-what { (finding.what) }
            p.finding-more { (finding.why) " " (finding.mend) }
            @if edits { (suppress_form(plan, finding)) }
        }
    }
}

/// «Не замечание»: asks for the reason in place.
fn suppress_form(plan: &LoadedPlan, finding: &Finding) -> Markup {
    let key = match finding.subject {
        Subject::Activity(key, _) => Some(key.0),
        _ => None,
    };
    if matches!(finding.subject, Subject::Suppression(_)) {
        return html! {};
    }
    let place = suppress::place(&plan.order, finding.subject);
    let number = plan.report.findings.iter().position(|other| std::ptr::eq(other, finding)).unwrap_or(0);
    let id = format!("why-{number}");
    html! {
        details.suppress {
            summary { "Снять замечание" }
            @if let Some(advice) = rule(finding.code).and_then(|rule| advice(rule.manual)) {
                p.suppress-advice {
                    a href={ "/rules/" (finding.code) } { "Справочник" } " о том, когда это уместно: «" (advice) "»"
                }
            }
            form action={ "/plans/" (plan.id) "/findings/suppress" } method="post" {
                input type="hidden" name="code" value=(finding.code);
                @if let Some(key) = key { input type="hidden" name="activity" value=(key); }
                @if let Some(place) = &place { input type="hidden" name="place" value=(place); }
                div.field {
                    label for=(id) { "Почему это здесь не замечание" }
                    input #(id) type="text" name="reason" required maxlength="500";
                }
                button.small type="submit" { "Снять" }
            }
        }
    }
}

/// What the manual of a rule says about switching it off: the first paragraph of that part.
fn advice(manual: &str) -> Option<&str> {
    let (_, part) = manual.split_once("## Когда можно отключить")?;
    part.trim_start().split("\n\n").next().map(str::trim).filter(|text| !text.is_empty())
}

fn suppressed(plan: &LoadedPlan, edits: bool) -> Markup {
    html! {
        @if !plan.suppressions.is_empty() {
            section.card.suppressed aria-labelledby="suppressed" {
                div.card-head {
                    h2 #suppressed { "Снятые замечания" }
                    span.count { (plan.suppressions.len()) }
                }
                ul.findings {
                    @for decision in &plan.suppressions {
                        li.finding-item {
                            p {
                                a.rule-code href={ "/rules/" (decision.code) } { (decision.code) } " "
                                (rule(&decision.code).map_or("", |rule| rule.title))
                                @if let Some(activity) = decision.activity.and_then(|key| plan.activity(key)) {
                                    ": " (activity.number.as_deref().unwrap_or_default()) " " (activity.title)
                                }
                                @if decision.activity.is_none() { ": " (subject::place_words(plan, decision)) }
                            }
                            p.muted.small {
                                "«" (decision.reason) "» — " (decision.created_by) ", " (words::moment(decision.created_at))
                            }
                            @if edits { form action={ "/plans/" (plan.id) "/findings/withdraw" } method="post" {
                                input type="hidden" name="id" value=(decision.id.0);
                                button.small type="submit" { (icon("rotate-ccw")) "Вернуть замечание" }
                            } }
                        }
                    }
                }
            }
        }
    }
}

/// A finding to be left as it is.
#[derive(Deserialize)]
pub struct Leave {
    /// Code of the rule.
    pub code: String,
    /// Key of the activity it is about.
    #[serde(default)]
    pub activity: Option<u32>,
    /// Where the finding belongs, if it is about no activity; for the whole plan without both.
    #[serde(default)]
    pub place: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// `POST /plans/{id}/findings/suppress`.
pub async fn set_aside(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(form): Form<Leave>,
) -> Result<Redirect, WebError> {
    leave(&state, &actor, id, &form).await?;
    Ok(Redirect::to(&format!("/plans/{id}/findings")))
}

/// Sets a finding aside, with a reason. One that is aside already stays so.
pub async fn leave(
    state: &AppState,
    actor: &Actor,
    id: i64,
    form: &Leave,
) -> Result<SuppressionId, WebError> {
    let rule = rule(&form.code)
        .ok_or_else(|| WebError::bad_request("Такого правила нет", "Обновите страницу замечаний."))?;
    if form.reason.trim().is_empty() {
        let mend = "Вернитесь назад и напишите в одном предложении, почему замечание снято: без причины его не снять.";
        return Err(WebError::bad_request("Не указана причина", mend));
    }
    let place = form.place.as_deref().filter(|place| !place.is_empty());
    let finding = NewSuppression { code: rule.code, activity: form.activity.map(ActivityKey), place };
    let by = Authorship { who: actor.name(), reason: form.reason.trim(), at: clock::now() };
    Ok(state.store.suppress(PlanId(id), &finding, &by).await?)
}

/// A decision to be taken back.
#[derive(Deserialize)]
pub struct TakeBack {
    id: i64,
}

/// `POST /plans/{id}/findings/withdraw`.
pub async fn withdraw(
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(form): Form<TakeBack>,
) -> Result<Redirect, WebError> {
    take_back(&state, &actor, id, form.id).await?;
    Ok(Redirect::to(&format!("/plans/{id}/findings")))
}

/// Shows a finding again that was set aside.
pub async fn take_back(state: &AppState, actor: &Actor, id: i64, decision: i64) -> Result<(), WebError> {
    let by = Authorship {
        who: actor.name(), reason: "Замечание снова показывается", at: clock::now()
    };
    Ok(state.store.withdraw_suppression(PlanId(id), SuppressionId(decision), &by).await?)
}
