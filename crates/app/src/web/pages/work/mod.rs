//! What is due, what was done, and whose move is it?

mod deeds;
mod mine;

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_cycle::vocabulary::ActivityKey;
use opora_execution::{
    Account, Deed, DeedKind, Evidence, Nature, Occurrence, Party, Progress, Proof, StateKind, due, permitted,
    state_of,
};
use opora_store::PlanId;
use serde::Deserialize;

pub use deeds::act;
pub use mine::mine;

use crate::usecases::execution::Execution;
use crate::web::actor::{Actor, LOCAL_USER};
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::errors::WebError;
use crate::web::pages::files;
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::words;

/// Lines of one page.
pub const PAGE: usize = 100;

/// On which sides a person stands towards the work of a place.
pub fn sides(actor: &Actor, owner: Place) -> Vec<Party> {
    let roles = actor.roles_at(owner);
    let gives = |right: Right| roles.iter().any(|role| role.gives(right));
    let mut sides = Vec::new();
    if gives(Right::Perform) {
        sides.push(Party::Performer);
    }
    if roles.contains(&Role::Curator) {
        sides.push(Party::Curator);
    }
    if roles.contains(&Role::Coordinator) {
        sides.push(Party::Coordinator);
    }
    sides
}

/// Everything the page is made of.
struct Case {
    plan: std::sync::Arc<LoadedPlan>,
    owner: Place,
    execution: Execution,
    names: BTreeMap<i64, String>,
}

impl Case {
    async fn read(state: &AppState, actor: &Actor, id: i64) -> Result<Self, WebError> {
        let plan = state.plan(id).await?;
        let owner = state.store.summary(PlanId(id)).await?.owner;
        let execution = Execution::read(&state.store, id, &plan.order, actor.today).await?;
        let accounts = state.store.accounts().await?;
        let names = accounts.into_iter().map(|account| (account.id.0, account.name)).collect();
        Ok(Self { plan, owner, execution, names })
    }

    fn name(&self, by: i64) -> &str {
        self.names.get(&by).map_or(LOCAL_USER, String::as_str)
    }

    fn title(&self, key: ActivityKey) -> String {
        self.plan.activity(key).map_or_else(
            || "мероприятие, которого больше нет в плане".to_owned(),
            |activity| match &activity.number {
                Some(number) => format!("{number}. {}", activity.title),
                None => activity.title.clone(),
            },
        )
    }
}

/// What to show.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: Option<usize>,
}

/// `GET /plans/{id}/work`.
pub async fn of_plan(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let case = Case::read(&state, &actor, id).await?;
    Ok(work_page(&ui, &actor, &case, &wanted, None))
}

/// `GET /plans/{id}/proofs/{sha256}`: a file that proves something of this plan.
pub async fn proof(
    State(state): State<AppState>,
    actor: Actor,
    Path((id, sha256)): Path<(i64, String)>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id).await?;
    let is_proof = |deed: &Deed| matches!(deed, Deed::EvidenceAdded(Evidence::File { sha256: own, .. }) if *own == sha256);
    if !case.execution.facts.iter().any(|fact| is_proof(&fact.deed)) {
        return Err(WebError::not_found("Такого подтверждения у плана нет"));
    }
    files::send(&state, &sha256).await
}

fn work_page(ui: &Ui, actor: &Actor, case: &Case, wanted: &Wanted, wrong: Option<&str>) -> Markup {
    let today = actor.today;
    let ledger = case.execution.ledger();
    let mut progress = Progress::default();
    let mut lines: Vec<(&Occurrence, Account<'_>)> = Vec::new();
    for (occurrence, account) in ledger.accounts() {
        let state = state_of(occurrence, &account, today);
        progress.add(occurrence, &account, 1, today);
        if wanted.state.is_empty() || state.kind().slug() == wanted.state {
            lines.push((occurrence, account));
        }
    }
    // By the day it is due; what has no day comes last.
    lines.sort_by_key(|(occurrence, account)| {
        let day = due(occurrence, account);
        (day.is_none(), day, occurrence.key)
    });
    let page = wanted.page.unwrap_or(1).max(1);
    let shown = lines.iter().skip((page - 1).saturating_mul(PAGE)).take(PAGE);
    let sides = sides(actor, case.owner);
    let content = html! {
        h2 { "Выполнение" }
        @if let Some(wrong) = wrong { div.notice.warning role="alert" { p { (wrong) } } }
        (summary(case, &progress, wanted))
        @if lines.is_empty() { p.muted { "Таких сроков в плане нет." } }
        ol.work-list { @for (occurrence, account) in shown { (line(case, occurrence, account, &sides, actor)) } }
        (pages(case, wanted, page, lines.len()))
        @if !ledger.orphans.is_empty() {
            section.card aria-labelledby="orphans" {
                div.card-head { h3 #orphans { "Записи без срока" } }
                div.card-body {
                    p { "Срок, к которому они относились, из плана исчез. Ничего не потеряно: проверьте, не нужно ли вернуть срок." }
                    ul { @for orphan in &ledger.orphans { li { (orphan.russian()) } } }
                }
            }
        }
    };
    plan_page(ui, &case.plan, PlanTab::Work, &content)
}

/// Counts by state as links that narrow the list, and how much is confirmed.
fn summary(case: &Case, progress: &Progress, wanted: &Wanted) -> Markup {
    let base = format!("/plans/{}/work", case.plan.id);
    html! {
        nav.work-states aria-label="Отбор по состоянию" {
            a href=(base) aria-current=[wanted.state.is_empty().then_some("true")] { "все" }
            @for kind in StateKind::ALL {
                @let count = progress.count(kind);
                @if count > 0 {
                    a class={ "state " (kind.slug()) } href={ (base) "?state=" (kind.slug()) } aria-current=[(wanted.state == kind.slug()).then_some("true")] {
                        (kind.russian()) " " strong { (count) }
                    }
                }
            }
        }
        p.muted { (progress.forecast()) }
    }
}

fn pages(case: &Case, wanted: &Wanted, page: usize, all: usize) -> Markup {
    let address = |page: usize| format!("/plans/{}/work?state={}&page={page}", case.plan.id, wanted.state);
    html! {
        @if all > PAGE {
            nav.pager aria-label="Страницы" {
                @if page > 1 { a.button href=(address(page - 1)) { "Раньше" } }
                span { "Страница " (page) " из " (all.div_ceil(PAGE)) }
                @if page * PAGE < all { a.button href=(address(page + 1)) { "Позже" } }
            }
        }
    }
}

fn line(
    case: &Case,
    occurrence: &Occurrence,
    account: &Account<'_>,
    sides: &[Party],
    actor: &Actor,
) -> Markup {
    let state = state_of(occurrence, account, actor.today);
    let key = occurrence.key.to_string();
    let anchor = key.replace(['/', '.'], "-");
    html! {
        li class={ "work-line " (state.kind().slug()) } id={ "o-" (anchor) } {
            div.work-head {
                a.work-title href={ "/plans/" (case.plan.id) "/activities/" (occurrence.key.activity.0) } { (case.title(occurrence.key.activity)) }
                span class={ "badge " (state.kind().slug()) } { (state.russian()) }
            }
            p.small.muted {
                @match (&occurrence.nature, due(occurrence, account)) {
                    (Nature::Undated(why), _) => (why.russian()),
                    (_, Some(due)) => {
                        "срок " (words::date(due))
                        @if let Some(window) = occurrence.window.filter(|_| account.postponed.is_some()) { ", был " (words::date_short(window.due)) }
                    },
                    (_, None) => "без срока",
                }
                @if let Some((at, by)) = account.done { " · отметил выполнение " (case.name(by)) ", " (words::date_short(at.date())) }
            }
            @if let Some(reason) = account.reason { p.why { (reason) } }
            @if let Some((to, why)) = account.asked { p.why { "Просят перенести на " (words::date(to)) ": " (why) } }
            (proofs(case, account))
            (forms(case, &key, account, sides))
        }
    }
}

fn proofs(case: &Case, account: &Account<'_>) -> Markup {
    html! {
        @if !account.evidence.is_empty() {
            ul.proofs { @for proof in &account.evidence { li class=[proof.withdrawn.map(|_| "withdrawn")] { (proof_line(case, proof)) } } }
        }
    }
}

fn proof_line(case: &Case, proof: &Proof<'_>) -> Markup {
    html! {
        @match proof.evidence {
            Evidence::File { sha256, name, .. } => a href={ "/plans/" (case.plan.id) "/proofs/" (sha256) } { (name) },
            Evidence::Link(link) => a href=(link) rel="noreferrer noopener" { (link) },
            Evidence::Number { value, unit } => { (value) " " (unit) },
            Evidence::Minutes(text) => { "Протокол: " (text) },
        }
        span.small.muted { " — " (case.name(proof.by)) ", " (words::date_short(proof.at.date())) }
        @if let Some(why) = proof.withdrawn { span.small { " (отозвано: " (why) ")" } }
    }
}

/// One form for everything the person may do here; the choice tells what.
fn forms(case: &Case, key: &str, account: &Account<'_>, sides: &[Party]) -> Markup {
    let mut possible: Vec<(DeedKind, Party)> = Vec::new();
    for side in sides {
        for deed in permitted(account.phase, *side) {
            if !possible.iter().any(|(known, _)| *known == deed) && deeds::is_offered(deed) {
                possible.push((deed, *side));
            }
        }
    }
    let id = key.replace(['/', '.'], "-");
    html! {
        @if !possible.is_empty() {
            details.deeds {
                summary { "Записать" }
                form.stack action={ "/plans/" (case.plan.id) "/work" } method="post" enctype="multipart/form-data" {
                    input type="hidden" name="occurrence" value=(key);
                    input type="hidden" name="known" value=(account.facts);
                    div.field-row {
                        div.field {
                            label for={ "deed-" (id) } { "Что" }
                            select id={ "deed-" (id) } name="deed" {
                                @for (deed, side) in &possible { option value={ (deeds::word(*deed)) "/" (side.slug()) } { (deed.russian()) } }
                            }
                        }
                        div.field.grow { label for={ "text-" (id) } { "Текст, причина или ссылка" } input id={ "text-" (id) } name="text" autocomplete="off"; }
                    }
                    @if possible.iter().any(|(deed, _)| matches!(deed, DeedKind::AddEvidence)) {
                        div.field { label for={ "file-" (id) } { "Файл-подтверждение" } input id={ "file-" (id) } type="file" name="file"; }
                    }
                    @if possible.iter().any(|(deed, _)| matches!(deed, DeedKind::AskPostponement)) {
                        div.field { label for={ "to-" (id) } { "Новый срок, если просите перенести" } input id={ "to-" (id) } type="date" name="to"; }
                    }
                    div.actions { button.primary type="submit" { "Записать" } }
                }
            }
        }
    }
}
