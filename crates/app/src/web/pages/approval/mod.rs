//! Is this roadmap agreed, by whom, and whose move is it?

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_approval::{
    Action, Answer, Content, Fact, Kind, NewRemark, Party, Remark, Standing, State as Stand, Why, permitted,
    standing,
};
use opora_roadmap::Path as FieldPath;
use opora_store::{Authorship, PlanId, VersionSummary};

use crate::clock;
use crate::usecases::agreement::{Agreement, NotAgreed, content_of, of_roadmap};
use crate::usecases::roadmap::Grounds;
use crate::web::actor::{Actor, LOCAL_USER};
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::errors::WebError;
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::views::words::shortened;
use crate::web::words;

/// Remarks that one form offers to write.
const REMARKS_OFFERED: usize = 3;

/// On which sides a person stands towards a plan of that place.
pub fn sides(actor: &Actor, owner: Place) -> Vec<Party> {
    let roles = actor.roles_at(owner);
    let of_school = matches!(owner, Place::School(_));
    let writes = if of_school { Right::WriteRoadmap } else { Right::EditPlans };
    let author = roles.iter().any(|role| role.gives(writes) && (of_school || *role == Role::Coordinator));
    let mut sides = Vec::new();
    if author {
        sides.push(Party::Author);
    }
    if roles.contains(&Role::Curator) {
        sides.push(Party::Reviewer);
    }
    // The plan of a municipality is agreed by those above it; a coordinator does not agree to the own one.
    let above = if of_school { Role::Coordinator } else { Role::RegionalOperator };
    if roles.contains(&above) {
        sides.push(Party::Coordinator);
    }
    sides
}

/// Everything the page is made of.
struct Case {
    plan: std::sync::Arc<LoadedPlan>,
    owner: Place,
    version: VersionSummary,
    agreement: Agreement,
    names: BTreeMap<i64, String>,
    grounds: Grounds,
}

impl Case {
    async fn read(state: &AppState, id: i64) -> Result<Self, WebError> {
        let plan = state.plan(id).await?;
        let owner = state.store.summary(PlanId(id)).await?.owner;
        let newest = state.store.history(PlanId(id)).await?.into_iter().next();
        let version = newest.ok_or_else(|| WebError::not_found("У плана нет версий"))?;
        let agreement = Agreement::read(&state.store, Kind::Roadmap, &of_roadmap(id)).await?;
        let accounts = state.store.accounts().await?;
        let names = accounts.into_iter().map(|account| (account.id.0, account.name)).collect();
        let grounds = Grounds::read(&state.store, id).await?;
        Ok(Self { plan, owner, version, agreement, names, grounds })
    }

    fn content(&self) -> Content<'_> {
        content_of(&self.version)
    }

    fn standing(&self) -> Standing {
        standing(Kind::Roadmap, &self.agreement.facts, &self.content())
    }

    fn name(&self, by: i64) -> &str {
        self.names.get(&by).map_or(LOCAL_USER, String::as_str)
    }

    /// What the person may do now, each with the side on which it is done.
    fn actions(&self, actor: &Actor) -> Vec<(Action, Party)> {
        let mut actions: Vec<(Action, Party)> = Vec::new();
        for party in sides(actor, self.owner) {
            for action in permitted(Kind::Roadmap, &self.agreement.facts, &self.content(), party) {
                if !actions.iter().any(|(known, _)| *known == action) {
                    actions.push((action, party));
                }
            }
        }
        actions
    }

    fn field(&self, path: &str) -> String {
        let plan = self.plan.plan();
        match (path.parse::<FieldPath>(), plan) {
            (Ok(path), Some(plan)) => path.human(plan),
            _ if path.is_empty() => "Дорожная карта в целом".to_owned(),
            _ => path.to_owned(),
        }
    }
}

/// `GET /plans/{id}/approval`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
) -> Result<Markup, WebError> {
    let case = Case::read(&state, id).await?;
    Ok(approval_page(&ui, &actor, &case, None))
}

fn approval_page(ui: &Ui, actor: &Actor, case: &Case, wrong: Option<&str>) -> Markup {
    let standing = case.standing();
    let actions = case.actions(actor);
    let moves: Vec<&(Action, Party)> = actions
        .iter()
        .filter(|(action, _)| !action.is_about_a_remark() || *action == Action::AddRemark)
        .collect();
    let content = html! { div.stack {
        h2 { "Согласование" }
        p.standing {
            span class={ "badge " (badge(standing.state)) } { (standing.state.russian()) } " "
            (standing.sentence(ui.today, &TimeZone::system()))
        }
        @if let Some(wrong) = wrong { div.notice.warning role="alert" { p { (wrong) } } }
        @if !standing.remarks.is_empty() {
            section.card aria-labelledby="remarks" {
                div.card-head { h3 #remarks { "Замечания: " (standing.open_remarks().count()) " открыто из " (standing.remarks.len()) } }
                ol.remarks { @for remark in &standing.remarks { (remark_item(case, remark, &actions)) } }
            }
        }
        @if moves.is_empty() {
            p.muted { "Сейчас от вас ничего не требуется." }
        } @else {
            section.card aria-labelledby="moves" {
                div.card-head { h3 #moves { "Что можно сделать" } }
                div.card-body.stack { @for (action, party) in moves { (action_form(case, *action, *party)) } }
            }
        }
        (coverage(case))
        (course(case))
    } };
    plan_page(ui, &case.plan, PlanTab::Approval, &content)
}

fn badge(state: Stand) -> &'static str {
    match state {
        Stand::Approved | Stand::InForce => "good",
        Stand::Returned => "warning",
        Stand::Submitted | Stand::Correction => "info",
        Stand::Draft | Stand::Closed => "note",
    }
}

fn hidden(case: &Case, action: Action, party: Party) -> Markup {
    html! {
        input type="hidden" name="action" value=(action.word());
        input type="hidden" name="party" value=(party.word());
        input type="hidden" name="content" value=(case.version.content_sha256);
        input type="hidden" name="version" value=(case.version.number.0);
        input type="hidden" name="known" value=(case.agreement.facts.len());
    }
}

fn remark_item(case: &Case, remark: &Remark, actions: &[(Action, Party)]) -> Markup {
    let possible = actions.iter().find(|(action, _)| {
        *action == if remark.is_open { Action::ResolveRemark } else { Action::ReopenRemark }
    });
    html! {
        li.remark id={ "remark-" (remark.number) } {
            p { strong { (case.field(&remark.path)) } ": " (remark.text)
                @if remark.is_open { " " span.badge.warning { "открыто" } } @else { " " span.badge.good { "снято" } } }
            p.small.muted { (case.name(remark.by)) ", " (words::moment(remark.at)) ", к версии " (remark.version) }
            @for answer in &remark.answers { (answer_line(case, answer)) }
            @if let Some((action, party)) = possible {
                form.inline-form action={ "/plans/" (case.plan.id) "/approval" } method="post" {
                    (hidden(case, *action, *party))
                    input type="hidden" name="remark" value=(remark.number);
                    label for={ "answer-" (remark.number) } { @if remark.is_open { "Что исправлено" } @else { "Почему открыть снова" } }
                    input id={ "answer-" (remark.number) } name="text" required autocomplete="off";
                    button type="submit" { (action.russian()) }
                }
            }
        }
    }
}

fn answer_line(case: &Case, answer: &Answer) -> Markup {
    html! {
        p.answer { @if answer.settles { "Снято: " } @else { "Открыто снова: " } (answer.text)
            span.small.muted { " — " (case.name(answer.by)) ", " (words::moment(answer.at)) } }
    }
}

fn needs_reason(action: Action) -> bool {
    matches!(action, Action::BeginCorrection | Action::Close)
}

fn action_form(case: &Case, action: Action, party: Party) -> Markup {
    let id = action.word();
    let remarks = match action {
        Action::Return => REMARKS_OFFERED,
        Action::AddRemark => 1,
        _ => 0,
    };
    html! {
        form.stack.move action={ "/plans/" (case.plan.id) "/approval" } method="post" aria-label=(action.russian()) {
            (hidden(case, action, party))
            @for number in 1..=remarks { (remark_fields(case, id, number, number == 1)) }
            @if needs_reason(action) {
                div.field { label for={ (id) "-text" } { "Причина" } input id={ (id) "-text" } name="text" required autocomplete="off"; }
            }
            div.actions {
                button.primary[matches!(action, Action::Submit | Action::Resubmit | Action::Approve | Action::PutInForce)] type="submit" { (action.russian()) }
            }
        }
    }
}

/// A remark to be written: to which field, and what is to be mended.
fn remark_fields(case: &Case, id: &str, number: usize, required: bool) -> Markup {
    let places = case.plan.plan().into_iter().flat_map(|plan| plan.activities());
    html! {
        div.field-row {
            div.field {
                label for={ (id) "-path-" (number) } { "К чему" }
                select id={ (id) "-path-" (number) } name={ "path-" (number) } {
                    option value="" { "Дорожная карта в целом" }
                    @for activity in places {
                        option value={ "activity/" (activity.key.0) } {
                            @if let Some(own) = &activity.number { (own) ". " } (shortened(&activity.title, 60))
                        }
                    }
                }
            }
            div.field.grow {
                label for={ (id) "-remark-" (number) } { "Замечание" @if !required { " (если есть ещё)" } }
                input id={ (id) "-remark-" (number) } name={ "remark-" (number) } required[required] autocomplete="off";
            }
        }
    }
}

/// What the roadmap still lacks so that every high risk is answered. Nothing for a plan that was not drafted from risks.
fn coverage(case: &Case) -> Markup {
    let gaps = case.plan.plan().map(|plan| case.grounds.gaps(plan)).unwrap_or_default();
    html! {
        @if !case.grounds.risks.is_empty() {
            section.card aria-labelledby="coverage" {
                div.card-head { h3 #coverage { "Ответ на риски" } }
                div.card-body {
                    @if gaps.is_empty() { p { "На каждый риск высокой значимости есть меры со сроком, ответственным, показателем и подтверждением." } }
                    @else { ul { @for gap in &gaps { li { (gap.sentence) } } } }
                }
            }
        }
    }
}

/// What was done so far, the newest first.
fn course(case: &Case) -> Markup {
    html! {
        section aria-labelledby="course" {
            h3 #course { "Ход согласования" }
            @if case.agreement.facts.is_empty() { p.muted { "Пока ничего не отправляли." } }
            ol.course {
                @for fact in case.agreement.facts.iter().rev() {
                    li {
                        strong { (fact.action.russian()) } " — " (case.name(fact.by)) " (" (fact.party.russian()) "), " (words::moment(fact.at))
                        ", версия " (fact.version)
                        @if !fact.text.is_empty() { p { (fact.text) } }
                        @if !fact.remarks.is_empty() { p.small { "Замечаний: " (fact.remarks.len()) } }
                    }
                }
            }
        }
    }
}

/// `POST /plans/{id}/approval`.
pub async fn act(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, id).await?;
    let text = |name: &str| form.get(name).map(|text| text.trim()).unwrap_or_default();
    let unclear =
        || WebError::bad_request("Непонятно, что сделать", "Откройте страницу согласования ещё раз.");
    let action = Action::of_word(text("action")).ok_or_else(unclear)?;
    let party = Party::of_word(text("party")).ok_or_else(unclear)?;
    if !sides(&actor, case.owner).contains(&party) {
        return Err(crate::web::actor::refused());
    }
    let remarks = (1..=REMARKS_OFFERED).filter_map(|number| {
        let words = text(&format!("remark-{number}"));
        let path = text(&format!("path-{number}")).to_owned();
        (!words.is_empty()).then(|| NewRemark { path, text: words.to_owned() })
    });
    let now = clock::now();
    let fact = Fact {
        action,
        by: actor.number(side_number(party)),
        party,
        at: now,
        version: text("version").parse().map_err(|_| unclear())?,
        content_sha256: text("content").to_owned(),
        text: text("text").to_owned(),
        remarks: remarks.collect(),
        remark: text("remark").parse().ok(),
    };
    let by = Authorship { who: actor.name(), reason: text("text"), at: now };
    match case.agreement.act(&state.store, &case.content(), &fact, actor.account(), &by).await {
        Ok(()) => Ok(Redirect::to(&format!("/plans/{id}/approval")).into_response()),
        Err(NotAgreed::Refused(refusal)) => {
            let status = match refusal.why {
                // A second click: what was meant is done.
                Why::Done => StatusCode::OK,
                Why::NotYours => StatusCode::FORBIDDEN,
                Why::Edited | Why::NotNow => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            Ok((status, approval_page(&ui, &actor, &case, Some(&refusal.message))).into_response())
        }
        Err(NotAgreed::Store(error)) => Err(error.into()),
    }
}

fn side_number(party: Party) -> i64 {
    match party {
        Party::Author => 0,
        Party::Reviewer => 1,
        Party::Coordinator => 2,
    }
}
