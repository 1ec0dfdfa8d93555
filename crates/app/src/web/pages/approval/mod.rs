//! Is this roadmap agreed, by whom, and whose move is it?

mod remarks;

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use opora_access::{Place, Right, Role};
use opora_approval::{
    Action, Content, Fact, Kind, Party, Standing, State as Stand, Why, permitted, standing,
};
use opora_store::{Authorship, Names, PlanId, VersionSummary};
use serde::Deserialize;

use crate::clock;
use crate::usecases::agreement::{Agreement, NotAgreed, content_of, of_roadmap};
use crate::usecases::remarks::{Placed, placed};
use crate::usecases::roadmap::Grounds;
use crate::web::actor::{Actor, LOCAL_USER};
use crate::web::components::plan_head::{PlanTab, plan_page};
use crate::web::errors::WebError;
use crate::web::pages::upstream;
use crate::web::state::{AppState, LoadedPlan};
use crate::web::ui::Ui;
use crate::web::words;

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
    names: Names,
    grounds: Grounds,
    remarks: Vec<Placed>,
    /// That changes of the municipal plan wait for the school.
    above: Markup,
}

impl Case {
    async fn read(state: &AppState, id: i64) -> Result<Self, WebError> {
        let plan = state.plan(id).await?;
        let owner = state.store.summary(PlanId(id)).await?.owner;
        let newest = state.store.history(PlanId(id)).await?.into_iter().next();
        let version = newest.ok_or_else(|| WebError::not_found("У плана нет версий"))?;
        let agreement = Agreement::read(&state.store, Kind::Roadmap, &of_roadmap(id)).await?;
        let names = state.store.account_names().await?;
        let grounds = Grounds::read(&state.store, id).await?;
        let standing = standing(Kind::Roadmap, &agreement.facts, &content_of(&version));
        let remarks = match plan.plan() {
            Some(own) => placed(&state.store, PlanId(id), own, version.number, &standing.remarks).await?,
            None => Vec::new(),
        };
        let above = upstream::notice(state, &plan).await?;
        Ok(Self { plan, owner, version, agreement, names, grounds, remarks, above })
    }

    fn has_open(&self) -> bool {
        self.remarks.iter().any(|placed| placed.remark.is_open)
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

    /// Every side's part of what may be done about remarks.
    fn about_remarks(&self, actor: &Actor) -> Vec<(Action, Party)> {
        let of = |party| permitted(Kind::Roadmap, &self.agreement.facts, &self.content(), party);
        let all = sides(actor, self.owner).into_iter();
        let all = all.flat_map(|party| of(party).into_iter().map(move |action| (action, party)));
        all.filter(|(action, _)| matches!(action, Action::ResolveRemark | Action::ReopenRemark)).collect()
    }
}

/// What a link brings along: the place a remark is to be about.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    field: Option<String>,
}

/// `GET /plans/{id}/approval`.
pub async fn show(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Markup, WebError> {
    let case = Case::read(&state, id).await?;
    let chosen = [("path-1", wanted.path), ("field-1", wanted.field)];
    let typed = chosen.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    Ok(approval_page(&ui, &actor, &case, &typed, None))
}

/// The page; `typed` stands in the forms.
fn approval_page(
    ui: &Ui,
    actor: &Actor,
    case: &Case,
    typed: &BTreeMap<String, String>,
    wrong: Option<&str>,
) -> Markup {
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
            (whose_move(&standing, ui.today, matches!(case.owner, Place::School(_))))
        }
        @if let Some(wrong) = wrong { div.notice.warning role="alert" { p { (wrong) } } }
        (case.above)
        (since_then(case, &standing))
        (remarks::list(case, &case.about_remarks(actor)))
        @if moves.is_empty() {
            p.muted { "Сейчас от вас ничего не требуется." }
        } @else {
            section.card aria-labelledby="moves" {
                div.card-head { h3 #moves { "Что можно сделать" } }
                div.card-body.stack { @for (action, party) in moves { (action_form(case, *action, *party, typed)) } }
            }
        }
        (coverage(case))
        (course(case))
    } };
    plan_page(ui, &case.plan, PlanTab::Approval, &content)
}

/// Whose move it is and since when. The plan of a municipality is the coordinator's, and agreed by those above.
fn whose_move(standing: &Standing, today: Date, of_school: bool) -> String {
    let sentence = standing.sentence(today, &TimeZone::system());
    let Some((_, turn)) = sentence.split_once(": ") else { return String::new() };
    let turn = match (of_school, standing.whose_move) {
        (false, Some(Party::Author)) => turn.replacen("школой", "координатором", 1),
        (false, Some(_)) => turn.replacen("куратором", "региональным оператором", 1).replacen(
            "координатором",
            "региональным оператором",
            1,
        ),
        _ => turn.to_owned(),
    };
    words::capital(&turn)
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

fn needs_reason(action: Action) -> bool {
    matches!(action, Action::BeginCorrection | Action::Close)
}

fn action_form(case: &Case, action: Action, party: Party, typed: &BTreeMap<String, String>) -> Markup {
    let (id, label) = (action.word(), action.button(case.standing().state));
    let offered = match action {
        Action::Return => remarks::OFFERED,
        Action::AddRemark => 1,
        _ => 0,
    };
    html! {
        form.stack.move action={ "/plans/" (case.plan.id) "/approval" } method="post" aria-label=(label) {
            (hidden(case, action, party))
            @for number in 1..=offered { (remarks::fields(case, id, number, number == 1 && !case.has_open(), typed)) }
            @if needs_reason(action) {
                div.field { label for={ (id) "-text" } { "Причина" } input id={ (id) "-text" } name="text" value=(typed.get("text").filter(|_| typed.get("action").is_some_and(|own| own == id)).map(String::as_str).unwrap_or_default()) required autocomplete="off"; }
            }
            div.actions {
                button.primary[matches!(action, Action::Submit | Action::Resubmit | Action::Approve | Action::PutInForce)] type="submit" { (label) }
            }
        }
    }
}

/// What has changed since somebody last looked at the roadmap: since it was agreed, and since it was sent back.
fn since_then(case: &Case, standing: &Standing) -> Markup {
    let now = case.version.number.0;
    let differs = |version: &i32| *version < now;
    let agreed = standing.in_force.as_ref().or(standing.approved.as_ref());
    let agreed =
        agreed.filter(|bound| bound.sha256 != case.version.content_sha256).map(|bound| bound.version);
    let returned = case.agreement.facts.iter().rev().find(|fact| fact.action == Action::Return);
    let returned =
        returned.map(|fact| fact.version).filter(|version| agreed.is_none_or(|agreed| *version > agreed));
    let link = |version: i32, words: &str| {
        html! { a.button.small href={ "/plans/" (case.plan.id) "/compare?from=" (version) "&to=" (now) } { (words) } }
    };
    html! {
        @if agreed.filter(differs).is_some() || returned.filter(differs).is_some() {
            p.actions.no-print {
                @if let Some(version) = agreed.filter(differs) { (link(version, "Что изменилось с прошлого согласования")) " " }
                @if let Some(version) = returned.filter(differs) { (link(version, "Что изменилось после возврата")) }
            }
        }
        @if let Some(version) = agreed.filter(differs) {
            p.muted { "Работа идёт по согласованной версии " (version) ", пока не согласуют новую." }
        }
        @if !standing.reasons.is_empty() {
            section aria-labelledby="reasons" {
                h3 #reasons { "Причины исправления" }
                ul { @for reason in &standing.reasons { li { (reason.text) span.small.muted { " — " (case.name(reason.by)) ", " (words::moment(reason.at)) } } } }
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
                    @if let Some(reason) = &case.grounds.tier_reason { p.small { strong { "Уровень поддержки при составлении. " } (reason) } }
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
    let again = |status, message: &str| {
        Ok((status, approval_page(&ui, &actor, &case, &form, Some(message))).into_response())
    };
    let remarks = match remarks::of_form(&case, &form) {
        Ok(remarks) => remarks,
        Err(message) => return again(StatusCode::UNPROCESSABLE_ENTITY, &message),
    };
    let now = clock::now();
    let fact = Fact {
        action,
        by: actor.number(side_number(party)),
        party,
        at: now,
        version: text("version").parse().map_err(|_| unclear())?,
        content_sha256: text("content").to_owned(),
        text: text("text").to_owned(),
        remarks,
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
            again(status, &refusal.message)
        }
        Err(NotAgreed::Store(error)) => Err(error.into()),
    }
}

/// By which number of a side the one who works alone acts.
pub fn side_number(party: Party) -> i64 {
    match party {
        Party::Author => 0,
        Party::Reviewer => 1,
        Party::Coordinator => 2,
    }
}
