//! What is due in a plan, what was done about it, and what is to be recorded?

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use opora_execution::{
    Account, Deed, DeedKind, Evidence, Fact, Nature, Occurrence, OccurrenceKey, Party, RefusalKind,
    StateKind, due, permitted, state_of,
};
use opora_store::{Authorship, NewSource};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{Asked, At, Body, Page, Parcel, Sent, bad_cursor, limit, told, unfit};
use crate::clock;
use crate::usecases::edit::activity;
use crate::usecases::execution::{NotRecorded, required};
use crate::web::actor::{Actor, refused};
use crate::web::carried::CarriedOut;
use crate::web::deeds::{FILE_BYTES_MAX, checked_file, scanned, side_number, word};
use crate::web::errors::WebError;
use crate::web::pages::work::{proof, sides};
use crate::web::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(occurrences))
        .routes(routes!(deeds, record_deed))
        .routes(routes!(plan_proof))
}

pub(super) fn uploads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(add_proof))
}

/// A time of an activity, and how it stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Due {
    /// Its stable name: `12/2026-05-30`.
    key: String,
    /// Key of the activity.
    activity: u32,
    number: Option<String>,
    title: String,
    /// First day on which it may be done.
    from: Option<Date>,
    /// Last day by the schedule.
    scheduled: Option<Date>,
    /// Last day, a granted postponement considered.
    due: Option<Date>,
    /// Why there is no day, in words.
    undated: Option<String>,
    /// `late`, `returned`, `due`, `done`, `ahead`, `undated`, `confirmed`, `cancelled`.
    state: &'static str,
    /// Whose move it is: `performer`, `curator`, `coordinator`; nobody's where all is done.
    whose_move: Option<&'static str>,
    /// How many facts there are: the value of `known` for the next one.
    known: usize,
    #[schema(value_type = Option<String>)]
    done_at: Option<DateTime>,
    done_by: Option<String>,
    #[schema(value_type = Option<String>)]
    confirmed_at: Option<DateTime>,
    /// Why it was returned, cancelled or not postponed.
    reason: Option<String>,
    /// Another last day that is asked for.
    asked: Option<Date>,
    evidence: Vec<Shown>,
    /// What the caller may record now.
    possible: Vec<&'static str>,
}

/// A proof.
#[derive(Serialize, ToSchema)]
pub(super) struct Shown {
    number: u32,
    /// `file`, `link`, `number` or `minutes`.
    kind: &'static str,
    /// The link, the number with its unit, the minutes, or the name of the file.
    text: String,
    /// SHA-256 of a file: it is at `/api/v1/plans/{id}/proofs/{sha256}`.
    sha256: Option<String>,
    by: String,
    #[schema(value_type = String)]
    at: DateTime,
    /// Why it does not count any more.
    withdrawn: Option<String>,
}

/// A plan with its execution.
struct Case {
    of: CarriedOut,
    sides: Vec<Party>,
    today: Date,
}

impl Case {
    async fn read(state: &AppState, actor: &Actor, id: i64) -> Result<Self, WebError> {
        let of = CarriedOut::read(state, id, actor.today).await?;
        Ok(Self { sides: sides(actor, of.owner), of, today: actor.today })
    }

    fn name(&self, by: i64) -> String {
        self.of.name(by).to_owned()
    }

    fn shown(&self, occurrence: &Occurrence, account: &Account<'_>) -> Due {
        let key = occurrence.key;
        let activity = activity(self.of.order(), key.activity);
        let state = state_of(occurrence, account, self.today);
        let mut possible: Vec<&'static str> = Vec::new();
        for side in &self.sides {
            let deeds = permitted(account.phase, *side).into_iter().filter(|deed| is_taken(*deed)).map(word);
            possible.extend(deeds.filter(|deed| !possible.contains(deed)).collect::<Vec<_>>());
        }
        let evidence = account.evidence.iter().map(|proof| {
            let (text, sha256) = evidence_words(proof.evidence);
            Shown {
                number: proof.number,
                kind: proof.evidence.kind().slug(),
                text,
                sha256,
                by: self.name(proof.by),
                at: proof.at,
                withdrawn: proof.withdrawn.map(str::to_owned),
            }
        });
        Due {
            key: key.to_string(),
            activity: key.activity.0,
            number: activity.and_then(|activity| activity.number.clone()),
            title: activity.map(|activity| activity.title.clone()).unwrap_or_default(),
            from: occurrence.window.map(|window| window.from),
            scheduled: occurrence.window.map(|window| window.due),
            due: due(occurrence, account),
            undated: match &occurrence.nature {
                Nature::Undated(why) => Some(why.russian()),
                _ => None,
            },
            state: state.kind().slug(),
            whose_move: state.whose_move().map(Party::slug),
            known: account.facts,
            done_at: account.done.map(|(at, _)| at),
            done_by: account.done.map(|(_, by)| self.name(by)),
            confirmed_at: account.confirmed,
            reason: account.reason.map(str::to_owned),
            asked: account.asked.map(|(to, _)| to),
            evidence: evidence.collect(),
            possible,
        }
    }

    fn one(&self, key: OccurrenceKey) -> Option<Due> {
        let ledger = self.of.execution.ledger();
        let found = ledger.accounts().find(|(occurrence, _)| occurrence.key == key);
        found.map(|(occurrence, account)| self.shown(occurrence, &account))
    }
}

fn evidence_words(evidence: &Evidence) -> (String, Option<String>) {
    match evidence {
        Evidence::File { sha256, name, .. } => (name.clone(), Some(sha256.clone())),
        Evidence::Link(link) => (link.clone(), None),
        Evidence::Number { value, unit } => (format!("{value} {unit}").trim().to_owned(), None),
        Evidence::Minutes(text) => (text.clone(), None),
    }
}

/// Which times of a plan.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DueAsked {
    /// Only those in this state.
    #[serde(default)]
    #[param(inline)]
    state: Option<StateWord>,
    /// Only those of this activity.
    #[serde(default)]
    activity: Option<u32>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Most entries of a page.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// A state of a time.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum StateWord {
    Late,
    Returned,
    Due,
    Done,
    Ahead,
    Undated,
    Confirmed,
    Cancelled,
}

impl From<StateWord> for StateKind {
    fn from(word: StateWord) -> Self {
        match word {
            StateWord::Late => Self::Late,
            StateWord::Returned => Self::Returned,
            StateWord::Due => Self::Due,
            StateWord::Done => Self::Done,
            StateWord::Ahead => Self::Ahead,
            StateWord::Undated => Self::Undated,
            StateWord::Confirmed => Self::Confirmed,
            StateWord::Cancelled => Self::Cancelled,
        }
    }
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/occurrences", tag = "Выполнение", summary = "Сроки плана с состояниями, по мероприятиям",
    params(("id" = i64, Path, description = "Номер плана"), DueAsked),
    responses((status = 200, description = "Страница списка", body = Page<Due>)))]
pub(super) async fn occurrences(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Asked(asked): Asked<DueAsked>,
) -> Result<Json<Page<Due>>, WebError> {
    let limit = limit(asked.limit)?;
    let after = asked.cursor.as_deref().map(|text| OccurrenceKey::parse(text).ok_or_else(bad_cursor));
    let after = after.transpose()?;
    let wanted = asked.state.map(StateKind::from);
    let case = Case::read(&state, &actor, id).await?;
    let ledger = case.of.execution.ledger();
    let mut found: Vec<(&Occurrence, Account<'_>)> = ledger
        .accounts()
        .filter(|(occurrence, account)| {
            let kind = || state_of(occurrence, account, actor.today).kind();
            after.is_none_or(|after| occurrence.key > after)
                && asked.activity.is_none_or(|activity| occurrence.key.activity.0 == activity)
                && wanted.is_none_or(|wanted| kind() == wanted)
        })
        .collect();
    found.sort_by_key(|(occurrence, _)| occurrence.key);
    found.truncate(limit + 1);
    let page = Page::of(found, limit, |(occurrence, _)| occurrence.key.to_string());
    Ok(Json(page.map(|(occurrence, account)| case.shown(occurrence, &account))))
}

/// Something that was recorded about a time.
#[derive(Serialize, ToSchema)]
pub(super) struct Told {
    /// Key of the time as it was then.
    occurrence: String,
    /// `done`, `evidence`, `confirm`, `return`, `cancel`, `ask`, `grant`, `refuse`, `comment`, `delegate`, `withdraw`.
    deed: &'static str,
    by: String,
    /// On which side: `performer`, `curator`, `coordinator`.
    side: &'static str,
    #[schema(value_type = String)]
    at: DateTime,
    /// What was told, the reason, or the proof in words.
    text: String,
    /// The day that is asked for.
    to: Option<Date>,
}

fn deed_words(deed: &Deed) -> (String, Option<Date>) {
    match deed {
        Deed::Done { text } | Deed::Comment { text, .. } => (text.clone(), None),
        Deed::EvidenceAdded(evidence) => (evidence_words(evidence).0, None),
        Deed::EvidenceWithdrawn { reason, .. }
        | Deed::ReturnedForRework { reason }
        | Deed::Cancelled { reason }
        | Deed::PostponementRefused { reason } => (reason.clone(), None),
        Deed::PostponementAsked { to, reason } => (reason.clone(), Some(*to)),
        Deed::Confirmed | Deed::PostponementGranted | Deed::Delegated { .. } => (String::new(), None),
    }
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/deeds", tag = "Выполнение", summary = "Все записи о выполнении плана, по порядку",
    params(("id" = i64, Path, description = "Номер плана")),
    responses((status = 200, description = "Записи", body = Vec<Told>)))]
pub(super) async fn deeds(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
) -> Result<Json<Vec<Told>>, WebError> {
    let case = Case::read(&state, &actor, id).await?;
    let told = case.of.execution.facts.iter().map(|fact| {
        let (text, to) = deed_words(&fact.deed);
        Told {
            occurrence: fact.occurrence.to_string(),
            deed: word(fact.deed.kind()),
            by: case.name(fact.by),
            side: fact.party.slug(),
            at: fact.at,
            text,
            to,
        }
    });
    Ok(Json(told.collect()))
}

/// A deed to record.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDeed {
    /// Key of the time.
    occurrence: String,
    /// `known` of the time as it was read: when more was recorded since, the answer is 409.
    known: usize,
    deed: DeedWord,
    /// On which side; without it, on the one that may.
    #[serde(default)]
    side: Option<SideWord>,
    /// What was done, or the reason.
    #[serde(default)]
    #[schema(max_length = 4000)]
    text: String,
    /// The day to postpone to, for `ask`.
    #[serde(default)]
    to: Option<Date>,
    /// The proof, for `evidence`.
    #[serde(default)]
    evidence: Option<NewEvidence>,
}

/// What can be recorded.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum DeedWord {
    Done,
    Evidence,
    Confirm,
    Return,
    Cancel,
    Ask,
    Grant,
    Refuse,
    Comment,
}

/// On which side somebody acts.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum SideWord {
    Performer,
    Curator,
    Coordinator,
}

/// A proof that is no file; a file is sent to `/proofs`.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum NewEvidence {
    Link { link: String },
    Number { value: String, unit: String },
    Minutes { text: String },
}

impl NewDeed {
    fn deed(self) -> Result<Deed, WebError> {
        let (text, reason) = (self.text.clone(), self.text);
        Ok(match self.deed {
            DeedWord::Done => Deed::Done { text },
            DeedWord::Evidence => Deed::EvidenceAdded(match self.evidence {
                Some(NewEvidence::Link { link }) => Evidence::Link(link),
                Some(NewEvidence::Number { value, unit }) => Evidence::Number { value, unit },
                Some(NewEvidence::Minutes { text }) => Evidence::Minutes(text),
                None => return Err(unfit("Подтверждение не приложено", "Передайте поле evidence.")),
            }),
            DeedWord::Confirm => Deed::Confirmed,
            DeedWord::Return => Deed::ReturnedForRework { reason },
            DeedWord::Cancel => Deed::Cancelled { reason },
            DeedWord::Ask => {
                let missing =
                    || unfit("Новый срок не указан", "Передайте поле to: день, на который перенести.");
                Deed::PostponementAsked { to: self.to.ok_or_else(missing)?, reason }
            }
            DeedWord::Grant => Deed::PostponementGranted,
            DeedWord::Refuse => Deed::PostponementRefused { reason },
            DeedWord::Comment => Deed::Comment { text, mentions: Vec::new() },
        })
    }
}

/// The side on which a deed is done: the one asked for, or the first that may now.
fn side_of(
    case: &Case,
    key: OccurrenceKey,
    deed: DeedKind,
    asked: Option<SideWord>,
) -> Result<Party, WebError> {
    let asked = asked.map(|word| match word {
        SideWord::Performer => Party::Performer,
        SideWord::Curator => Party::Curator,
        SideWord::Coordinator => Party::Coordinator,
    });
    if let Some(asked) = asked {
        return if case.sides.contains(&asked) { Ok(asked) } else { Err(refused()) };
    }
    let ledger = case.of.execution.ledger();
    let account = ledger.accounts().find(|(occurrence, _)| occurrence.key == key).map(|(_, account)| account);
    let phase = account.map(|account| account.phase).unwrap_or_default();
    let may = case.sides.iter().find(|side| permitted(phase, **side).contains(&deed));
    may.or(case.sides.first()).copied().ok_or_else(refused)
}

async fn recorded(
    state: &AppState,
    actor: &Actor,
    case: &Case,
    wanted: (OccurrenceKey, usize, Option<SideWord>),
    deed: Deed,
    id: i64,
) -> Result<Response, WebError> {
    let (occurrence, known, side) = wanted;
    let party = side_of(case, occurrence, deed.kind(), side)?;
    let now = clock::now();
    let by = Authorship { who: actor.name(), reason: "", at: now };
    let at = now.to_zoned(TimeZone::system()).datetime();
    let fact = Fact { occurrence, by: actor.number(side_number(party)), party, at, deed };
    let required = required(case.of.order(), occurrence);
    let gone = || WebError::not_found("Такого срока в плане нет");
    let status =
        match case.of.execution.act(&state.store, known, &required, &fact, actor.account(), &by).await {
            Ok(()) => StatusCode::CREATED,
            Err(NotRecorded::Refused(refusal)) => match refusal.kind {
                // Said twice: what was meant is recorded.
                RefusalKind::Already => StatusCode::OK,
                RefusalKind::Stale | RefusalKind::NotNow => {
                    return Err(told(StatusCode::CONFLICT, &refusal.message));
                }
                RefusalKind::NotPermitted => return Err(told(StatusCode::FORBIDDEN, &refusal.message)),
                RefusalKind::EvidenceMissing | RefusalKind::Incomplete => {
                    return Err(told(StatusCode::UNPROCESSABLE_ENTITY, &refusal.message));
                }
            },
            Err(NotRecorded::Unknown) => return Err(gone()),
            Err(NotRecorded::Store(error)) => return Err(error.into()),
        };
    let now = Case::read(state, actor, id).await?.one(occurrence).ok_or_else(gone)?;
    Ok((status, Json(now)).into_response())
}

#[utoipa::path(post, path = "/api/v1/plans/{id}/deeds", tag = "Выполнение", summary = "Записать о сроке: сделано, подтверждено, возвращено, перенос",
    params(("id" = i64, Path, description = "Номер плана")), request_body = NewDeed,
    responses((status = 201, description = "Записано; срок, как он стоит теперь", body = Due), (status = 200, description = "Это уже записано", body = Due)))]
pub(super) async fn record_deed(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<NewDeed>,
) -> Result<Response, WebError> {
    let case = Case::read(&state, &actor, id).await?;
    let key = OccurrenceKey::parse(&new.occurrence);
    let key = key.ok_or_else(|| WebError::not_found("Такого срока в плане нет"))?;
    let wanted = (key, new.known, new.side);
    recorded(&state, &actor, &case, wanted, new.deed()?, id).await
}

/// A file that proves something.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description of a request is made of it")]
pub(super) struct ProofForm {
    /// Key of the time.
    occurrence: String,
    /// `known` of the time as it was read.
    known: usize,
    /// The file, at most 20 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[utoipa::path(post, path = "/api/v1/plans/{id}/proofs", tag = "Выполнение", summary = "Приложить файл-подтверждение к сроку",
    params(("id" = i64, Path, description = "Номер плана")),
    request_body(content = ProofForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Приложен; срок, как он стоит теперь", body = Due), (status = 200, description = "Это уже записано", body = Due)))]
pub(super) async fn add_proof(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Parcel(parts): Parcel,
) -> Result<Response, WebError> {
    let sent = Sent::read(parts, FILE_BYTES_MAX).await?;
    checked_file(&sent.name, &sent.bytes)?;
    scanned(&state, &sent.bytes).await?;
    let key = OccurrenceKey::parse(sent.field("occurrence").unwrap_or_default());
    let key = key.ok_or_else(|| WebError::not_found("Такого срока в плане нет"))?;
    let known = sent.field("known").and_then(|known| known.trim().parse().ok());
    let known = known.ok_or_else(|| unfit("Поле known не указано", "Возьмите его из списка сроков."))?;
    let case = Case::read(&state, &actor, id).await?;
    if case.one(key).is_none() {
        return Err(WebError::not_found("Такого срока в плане нет"));
    }
    if case.sides.is_empty() {
        return Err(refused());
    }
    let by = Authorship { who: actor.name(), reason: "", at: clock::now() };
    let format = opora_documents::detect(&sent.bytes, &sent.name);
    state.store.add_file(&NewSource { name: &sent.name, format, bytes: &sent.bytes }, &by).await?;
    let bytes = u64::try_from(sent.bytes.len()).unwrap_or(u64::MAX);
    let sha256 = opora_exchange::sha256_hex(&sent.bytes);
    let deed = Deed::EvidenceAdded(Evidence::File { sha256, name: sent.name, bytes });
    recorded(&state, &actor, &case, (key, known, None), deed, id).await
}

#[utoipa::path(get, path = "/api/v1/plans/{id}/proofs/{sha256}", tag = "Выполнение", summary = "Файл-подтверждение",
    params(("id" = i64, Path, description = "Номер плана"), ("sha256" = String, Path, description = "SHA-256 файла")),
    responses((status = 200, description = "Файл", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn plan_proof(
    State(state): State<AppState>,
    actor: Actor,
    At(path): At<(i64, String)>,
) -> Result<Response, WebError> {
    proof(State(state), actor, Path(path)).await
}

/// The deeds that programs can record; delegation and withdrawals are for the page.
fn is_taken(deed: DeedKind) -> bool {
    !matches!(deed, DeedKind::Delegate | DeedKind::WithdrawEvidence)
}
