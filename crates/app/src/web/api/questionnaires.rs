//! By which questionnaires are schools asked, and where is each in force?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use opora_diagnosis::{Question, Section};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::people::Ending;
use super::questions::AnswerForm;
use super::wire::{At, Body, Parcel, Sent, reason, told};
use crate::usecases::diagnosis::{Adoption, Uploaded, uploaded};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::questionnaires::{
    FILE_BYTES_MAX, end_force, missing, one, put_in_force, read, take_in,
};
use crate::web::state::AppState;

/// Problems of a file told in one answer at most.
const PROBLEMS_MAX: usize = 20;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(questionnaires))
        .routes(routes!(questionnaire))
        .routes(routes!(adopt_questionnaire))
        .routes(routes!(end_questionnaire))
}

pub(super) fn uploads() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(add_questionnaire))
}

/// A questionnaire that was uploaded.
#[derive(Serialize, ToSchema)]
pub(super) struct QuestionnaireShown {
    id: i64,
    title: String,
    /// `head`, `parents`, `pupils`, `staff`.
    audience: &'static str,
    version: u32,
    /// Name of the file.
    file: String,
    /// What was carried over from the file otherwise than written.
    notes: Vec<String>,
    by: String,
    at: Timestamp,
    adoptions: Vec<AdoptionShown>,
}

/// Where a questionnaire is in force.
#[derive(Serialize, ToSchema)]
pub(super) struct AdoptionShown {
    id: i64,
    /// `all`, `node/11`.
    place: String,
    from: Date,
    /// Last day; without one it holds on.
    until: Option<Date>,
}

impl From<&Uploaded> for QuestionnaireShown {
    fn from(own: &Uploaded) -> Self {
        let adoption = |own: &Adoption| AdoptionShown {
            id: own.id.0,
            place: own.place.code(),
            from: own.from,
            until: own.until,
        };
        Self {
            id: own.id.0,
            title: own.title.clone(),
            audience: own.audience.word(),
            version: own.version,
            file: own.file.clone(),
            notes: own.notes.clone(),
            by: own.who.clone(),
            at: own.at,
            adoptions: own.adoptions.iter().map(adoption).collect(),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/questionnaires", tag = "Анкеты", summary = "Загруженные анкеты и где они действуют, новые первыми",
    responses((status = 200, description = "Анкеты", body = Vec<QuestionnaireShown>)))]
pub(super) async fn questionnaires(
    State(state): State<AppState>,
) -> Result<Json<Vec<QuestionnaireShown>>, WebError> {
    let (known, _) = uploaded(&state.store).await?;
    Ok(Json(known.iter().map(QuestionnaireShown::from).collect()))
}

/// What a questionnaire asks.
#[derive(Serialize, ToSchema)]
pub(super) struct QuestionnaireRead {
    #[serde(flatten)]
    line: QuestionnaireShown,
    /// Questions that risk factors refer to and that it does not ask, in words.
    missing: Vec<String>,
    sections: Vec<SectionShown>,
}

/// A section of a questionnaire.
#[derive(Serialize, ToSchema)]
pub(super) struct SectionShown {
    title: String,
    about: Option<String>,
    /// It is asked only where other answers ask for it.
    conditional: bool,
    questions: Vec<QuestionShown>,
}

/// A question of a questionnaire.
#[derive(Serialize, ToSchema)]
pub(super) struct QuestionShown {
    id: String,
    text: String,
    required: bool,
    /// It is asked only where other answers ask for it.
    conditional: bool,
    #[serde(flatten)]
    form: AnswerForm,
}

impl From<&Section> for SectionShown {
    fn from(section: &Section) -> Self {
        let question = |own: &Question| QuestionShown {
            id: own.id.clone(),
            text: own.text.clone(),
            required: own.required,
            conditional: own.when.is_some(),
            form: AnswerForm::of(own),
        };
        Self {
            title: section.title.clone(),
            about: section.about.clone(),
            conditional: section.when.is_some(),
            questions: section.questions.iter().map(question).collect(),
        }
    }
}

#[utoipa::path(get, path = "/api/v1/questionnaires/{id}", tag = "Анкеты", summary = "Загруженная анкета: разделы, вопросы, варианты ответов; чего не хватает для профиля рисков",
    params(("id" = i64, Path, description = "Номер анкеты")), responses((status = 200, description = "Анкета", body = QuestionnaireRead)))]
pub(super) async fn questionnaire(
    State(state): State<AppState>,
    At(id): At<i64>,
) -> Result<Json<QuestionnaireRead>, WebError> {
    let (own, asked) = read(&state, id).await?;
    Ok(Json(QuestionnaireRead {
        line: QuestionnaireShown::from(&own),
        missing: missing(&state.results.catalog().papers, &asked.questionnaire),
        sections: asked.questionnaire.sections.iter().map(SectionShown::from).collect(),
    }))
}

/// A questionnaire as a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description of a request is made of it")]
pub(super) struct QuestionnaireForm {
    /// `head`, `parents`, `pupils`, `staff`.
    audience: String,
    /// A workbook in the form of XLSForm, at most 5 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[utoipa::path(post, path = "/api/v1/questionnaires", tag = "Анкеты", summary = "Загрузить анкету в виде XLSForm; в действие она этим не вводится",
    request_body(content = QuestionnaireForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Принята", body = QuestionnaireShown, headers(("Location" = String, description = "Адрес, по которому её вводят в действие")))))]
pub(super) async fn add_questionnaire(
    State(state): State<AppState>,
    actor: Actor,
    Parcel(parts): Parcel,
) -> Result<Response, WebError> {
    let sent = Sent::read(parts, FILE_BYTES_MAX).await?;
    let audience = sent.field("audience").unwrap_or_default().to_owned();
    match take_in(&state, &actor, &audience, sent.name, sent.bytes).await? {
        Ok(id) => {
            let own = one(&state, id.0).await?;
            let place = format!("/api/v1/questionnaires/{}/adoptions", id.0);
            Ok((StatusCode::CREATED, [(LOCATION, place)], Json(QuestionnaireShown::from(&own)))
                .into_response())
        }
        Err(findings) => {
            let line = |finding: &opora_neutral::Finding| format!("{}: {}", finding.place, finding.message());
            let lines: Vec<String> = findings.iter().take(PROBLEMS_MAX).map(line).collect();
            let words = format!("Анкета из файла не получилась. {}", lines.join(" "));
            Err(told(StatusCode::UNPROCESSABLE_ENTITY, &words))
        }
    }
}

/// Where and since when a questionnaire comes into force.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAdoption {
    /// `all`, `node/11`.
    #[schema(pattern = "^(all|node/[0-9]+)$")]
    place: String,
    from: Date,
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: String,
}

#[utoipa::path(post, path = "/api/v1/questionnaires/{id}/adoptions", tag = "Анкеты", summary = "Ввести анкету в действие в регионе или муниципалитете",
    params(("id" = i64, Path, description = "Номер анкеты")), request_body = NewAdoption,
    responses((status = 201, description = "Введена", body = QuestionnaireShown)))]
pub(super) async fn adopt_questionnaire(
    State(state): State<AppState>,
    actor: Actor,
    At(id): At<i64>,
    Body(new): Body<NewAdoption>,
) -> Result<Response, WebError> {
    put_in_force(&state, &actor, id, (&new.place, new.from), new.reason.trim()).await?;
    let own = one(&state, id).await?;
    Ok((StatusCode::CREATED, Json(QuestionnaireShown::from(&own))).into_response())
}

#[utoipa::path(post, path = "/api/v1/questionnaires/{id}/adoptions/{adoption}/end", tag = "Анкеты", summary = "Прекратить действие анкеты",
    params(("id" = i64, Path, description = "Номер анкеты"), ("adoption" = i64, Path, description = "Номер решения")), request_body = Ending,
    responses((status = 204, description = "Прекращено")))]
pub(super) async fn end_questionnaire(
    State(state): State<AppState>,
    actor: Actor,
    At(at): At<(i64, i64)>,
    Body(ending): Body<Ending>,
) -> Result<StatusCode, WebError> {
    end_force(&state, &actor, at, ending.last_day, reason(&ending.reason)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
