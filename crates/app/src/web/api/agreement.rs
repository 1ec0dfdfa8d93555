//! Is a roadmap agreed, whose move is it, and what is to be recorded?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use opora_access::Place;
use opora_approval::{
    Action, Content, Fact, Kind, NewRemark, Party, Remark, Standing, Why, permitted, standing,
};
use opora_store::{Authorship, PlanId, VersionSummary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{At, Body, told, unfit};
use crate::clock;
use crate::usecases::agreement::{Agreement, NotAgreed, of_roadmap};
use crate::web::actor::{Actor, refused};
use crate::web::errors::WebError;
use crate::web::pages::approval::{side_number, sides};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(agreement, agree))
}

/// Where an agreement stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Stand {
    /// `draft`, `submitted`, `returned`, `approved`, `in-force`, `correction`, `closed`.
    state: &'static str,
    /// The same in words.
    words: &'static str,
    /// The content was edited after it had been submitted or approved.
    edited: bool,
    /// Who is to move: `author`, `reviewer`, `coordinator`; nobody where all is agreed.
    whose_move: Option<&'static str>,
    since: Timestamp,
    remarks: Vec<Noted>,
}

/// A remark.
#[derive(Serialize, ToSchema)]
pub(super) struct Noted {
    number: u32,
    /// Path of the field; empty for the whole.
    path: String,
    text: String,
    at: Timestamp,
    /// Version it was written to.
    version: i32,
    open: bool,
    answers: Vec<String>,
}

impl From<&Remark> for Noted {
    fn from(remark: &Remark) -> Self {
        Self {
            number: remark.number,
            path: remark.path.clone(),
            text: remark.text.clone(),
            at: remark.at,
            version: remark.version,
            open: remark.is_open,
            answers: remark.answers.iter().map(|answer| answer.text.clone()).collect(),
        }
    }
}

impl From<&Standing> for Stand {
    fn from(standing: &Standing) -> Self {
        Self {
            state: state_word(standing.state),
            words: standing.state.russian(),
            edited: standing.edited,
            whose_move: standing.whose_move.map(Party::word),
            since: standing.since,
            remarks: standing.remarks.iter().map(Noted::from).collect(),
        }
    }
}

/// Stable word of a state.
pub(super) fn state_word(state: opora_approval::State) -> &'static str {
    use opora_approval::State as S;
    match state {
        S::Draft => "draft",
        S::Submitted => "submitted",
        S::Approved => "approved",
        S::Returned => "returned",
        S::InForce => "in-force",
        S::Correction => "correction",
        S::Closed => "closed",
    }
}

/// The agreement on a roadmap.
#[derive(Serialize, ToSchema)]
pub(super) struct RoadmapAgreement {
    #[serde(flatten)]
    stand: Stand,
    /// Hash of the newest content: what an act is about.
    content_sha256: String,
    /// Number of the newest version.
    version: i32,
    /// Version that is in force, whatever is being written meanwhile.
    in_force: Option<i32>,
    /// What the caller may do now.
    possible: Vec<&'static str>,
    /// What was done so far, in order.
    acts: Vec<Act>,
}

/// An act.
#[derive(Serialize, ToSchema)]
pub(super) struct Act {
    action: &'static str,
    side: &'static str,
    at: Timestamp,
    version: i32,
    content_sha256: String,
    text: String,
}

struct Case {
    owner: Place,
    version: VersionSummary,
    agreement: Agreement,
}

impl Case {
    async fn read(state: &AppState, id: i64) -> Result<Self, WebError> {
        let owner = state.store.summary(PlanId(id)).await?.owner;
        let newest = state.store.history(PlanId(id)).await?.into_iter().next();
        let version = newest.ok_or_else(|| WebError::not_found("У плана нет версий"))?;
        let agreement = Agreement::read(&state.store, Kind::Roadmap, &of_roadmap(id)).await?;
        Ok(Self { owner, version, agreement })
    }

    fn content(&self) -> Content<'_> {
        Content {
            version: self.version.number.0,
            sha256: &self.version.content_sha256,
            written_at: self.version.created_at,
        }
    }

    fn permitted(&self, party: Party) -> Vec<Action> {
        permitted(Kind::Roadmap, &self.agreement.facts, &self.content(), party)
    }

    fn shown(&self, actor: &Actor) -> RoadmapAgreement {
        let standing = standing(Kind::Roadmap, &self.agreement.facts, &self.content());
        let mut possible: Vec<&'static str> = Vec::new();
        for party in sides(actor, self.owner) {
            let words = self.permitted(party).into_iter().map(Action::word);
            possible.extend(words.filter(|word| !possible.contains(word)).collect::<Vec<_>>());
        }
        let act = |fact: &Fact| Act {
            action: fact.action.word(),
            side: fact.party.word(),
            at: fact.at,
            version: fact.version,
            content_sha256: fact.content_sha256.clone(),
            text: fact.text.clone(),
        };
        RoadmapAgreement {
            stand: Stand::from(&standing),
            content_sha256: self.version.content_sha256.clone(),
            version: self.version.number.0,
            in_force: standing.in_force.map(|bound| bound.version),
            possible,
            acts: self.agreement.facts.iter().map(act).collect(),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/agreement", tag = "Согласование", summary = "Согласование плана: состояние, замечания, ход",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Согласование", body = RoadmapAgreement)))]
pub(super) async fn agreement(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
) -> Result<Json<RoadmapAgreement>, WebError> {
    Ok(Json(Case::read(&state, id).await?.shown(&actor)))
}

/// An act to record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAct {
    pub(super) action: ActionWord,
    /// Hash of the content that was looked at: when it is another one by now, the answer is 409.
    pub(super) content_sha256: String,
    /// Reason or answer.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub(super) text: String,
    /// New remarks, for `return` and `add-remark`.
    #[serde(default)]
    pub(super) remarks: Vec<WrittenRemark>,
    /// Number of the remark that is answered or opened again.
    #[serde(default)]
    pub(super) remark: Option<u32>,
}

/// A remark to record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRemark {
    /// Path of the field: `activity/12/schedule`, `question/…`; empty for the whole.
    #[serde(default)]
    path: String,
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
}

impl NewAct {
    /// The remarks that say something.
    pub(super) fn remarks(&self) -> Vec<NewRemark> {
        let written = self.remarks.iter().filter(|remark| !remark.text.trim().is_empty());
        written
            .map(|remark| NewRemark { path: remark.path.clone(), text: remark.text.trim().to_owned() })
            .collect()
    }
}

/// What can be done.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ActionWord {
    Submit,
    Withdraw,
    Approve,
    Return,
    PutInForce,
    BeginCorrection,
    Resubmit,
    Close,
    AddRemark,
    ResolveRemark,
    ReopenRemark,
}

impl From<ActionWord> for Action {
    fn from(word: ActionWord) -> Self {
        match word {
            ActionWord::Submit => Self::Submit,
            ActionWord::Withdraw => Self::Withdraw,
            ActionWord::Approve => Self::Approve,
            ActionWord::Return => Self::Return,
            ActionWord::PutInForce => Self::PutInForce,
            ActionWord::BeginCorrection => Self::BeginCorrection,
            ActionWord::Resubmit => Self::Resubmit,
            ActionWord::Close => Self::Close,
            ActionWord::AddRemark => Self::AddRemark,
            ActionWord::ResolveRemark => Self::ResolveRemark,
            ActionWord::ReopenRemark => Self::ReopenRemark,
        }
    }
}

/// The status of a refused act; none where it was done already.
pub(super) fn status_of(why: Why) -> Option<StatusCode> {
    match why {
        Why::Done => None,
        Why::NotYours | Why::SamePerson => Some(StatusCode::FORBIDDEN),
        Why::Edited | Why::NotNow => Some(StatusCode::CONFLICT),
        _ => Some(StatusCode::UNPROCESSABLE_ENTITY),
    }
}

#[utoipa::path(post, path = "/api/v1/plans/{id}/agreement", tag = "Согласование", summary = "Отправить, вернуть, одобрить, ввести в действие",
    params(("id" = i64, Path, description = "Номер плана")), request_body = NewAct,
    responses((status = 201, description = "Записано", body = RoadmapAgreement), (status = 200, description = "Это уже сделано", body = RoadmapAgreement)))]
pub(super) async fn agree(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<NewAct>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, id).await?;
    let action = Action::from(new.action);
    let sides = sides(&actor, case.owner);
    let may = sides.iter().find(|side| case.permitted(**side).contains(&action));
    let party = may.or(sides.first()).copied().ok_or_else(refused)?;
    if new.content_sha256 != case.version.content_sha256 {
        let what = "План с тех пор изменён. Прочитайте его и решите ещё раз.";
        return Err(told(StatusCode::CONFLICT, what));
    }
    let remarks = new.remarks();
    if remarks.len() != new.remarks.len() {
        return Err(unfit("Замечание пусто", "Напишите, что исправить."));
    }
    let now = clock::now();
    let text = new.text.trim();
    let fact = Fact {
        action,
        by: actor.number(side_number(party)),
        party,
        at: now,
        version: case.version.number.0,
        content_sha256: new.content_sha256.clone(),
        text: text.to_owned(),
        remarks,
        remark: new.remark,
    };
    let by = Authorship { who: actor.name(), reason: text, at: now };
    let acted = case.agreement.act(&state.store, &case.content(), &fact, actor.account(), &by).await;
    let status = match acted {
        Ok(()) => StatusCode::CREATED,
        Err(NotAgreed::Refused(refusal)) => match status_of(refusal.why) {
            None => StatusCode::OK,
            Some(status) => return Err(told(status, &refusal.message)),
        },
        Err(NotAgreed::Store(error)) => return Err(error.into()),
    };
    Ok((status, Json(Case::read(&state, id).await?.shown(&actor))).into_response())
}
