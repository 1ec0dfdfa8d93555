//! By which questionnaires are schools asked, and how does a new one come into force?

mod preview;

pub use preview::{adopt, end, end_force, missing, one, put_in_force, read, show};

use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use opora_access::Right;
use opora_diagnosis::{Audience, XlsformImport, import_xlsform, sheets_of};
use opora_documents::Options;
use opora_neutral::{Finding, Level};
use opora_store::FactId;

use crate::clock;
use crate::usecases::diagnosis::{Adoption, Papers, Person, Uploaded, add_questionnaire, uploaded};
use crate::web::actor::Actor;
use crate::web::components::layout::{Section, page};
use crate::web::errors::WebError;
use crate::web::pages::people::place_name;
use crate::web::state::AppState;
use crate::web::ui::Ui;
use crate::web::words;

const TITLE: &str = "Анкеты";
/// Most bytes of a form: a sheet of some hundred rows takes some tens of kilobytes.
pub const FILE_BYTES_MAX: usize = 5 << 20;

fn person(actor: &Actor) -> Person<'_> {
    Person { name: actor.name(), account: actor.account(), at: clock::now() }
}

/// `GET /questionnaires`.
pub async fn list(ui: Ui, State(state): State<AppState>, actor: Actor) -> Result<Markup, WebError> {
    let (known, _) = uploaded(&state.store).await?;
    Ok(whole(&ui, &actor, &state.results.catalog().papers, &known, None))
}

fn whole(ui: &Ui, actor: &Actor, papers: &Papers, known: &[Uploaded], refused: Option<&Markup>) -> Markup {
    let of_packs = Audience::WORDS.iter().filter_map(|(_, audience)| papers.paper(*audience));
    let content = html! { div.stack {
        div.page-head { div { h1 { (TITLE) } p { "Чем пользуется самодиагностика и анонимные опросы." } } }
        @if let Some(refused) = refused { (refused) }
        section aria-labelledby="packs" {
            h2 #packs { "Анкеты, которые есть всегда" }
            ul { @for paper in of_packs {
                @let own = &paper.questionnaire;
                li { (own.title) ", для " (own.audience.name()) ", версия " (own.version) ", " (words::count(own.questions().count(), ["вопрос", "вопроса", "вопросов"])) }
            } }
        }
        section aria-labelledby="uploaded" {
            h2 #uploaded { "Загруженные анкеты" }
            @if known.is_empty() { p.muted { "Пока нет." } } @else {
                div.table-scroll tabindex="0" role="region" aria-label="Загруженные анкеты" { table.folds {
                    thead { tr { th scope="col" { "Анкета" } th scope="col" { "Для кого" } th scope="col" { "Версия" } th scope="col" { "Где действует" } th scope="col" { "Загрузил" } } }
                    tbody { @for own in known { tr {
                        th scope="row" data-label="Анкета" { a href={ "/questionnaires/" (own.id.0) } { (own.title) } }
                        td data-label="Для кого" { "для " (own.audience.name()) }
                        td data-label="Версия" { (own.version) }
                        td data-label="Где действует" {
                            @let open: Vec<&Adoption> = own.adoptions.iter().filter(|adoption| is_open(adoption, actor.today)).collect();
                            @if open.is_empty() { "нигде" }
                            @for adoption in open { p { (place_name(adoption.place, &actor.registry)) " с " (words::date_short(adoption.from)) } }
                        }
                        td data-label="Загрузил" { (own.who) ", " (words::moment(own.at)) }
                    } } }
                } }
            }
        }
        (upload())
    } };
    page(ui, TITLE, Section::Diagnosis, &content)
}

fn is_open(adoption: &Adoption, today: Date) -> bool {
    adoption.until.is_none_or(|until| until >= today)
}

fn upload() -> Markup {
    html! {
        section.card aria-labelledby="upload" {
            div.card-head { h2 #upload { "Загрузить анкету" } }
            div.card-body {
                p { "Файл XLSX в общепринятом виде XLSForm: листы survey, choices и settings. Такие делают KoboToolbox, ODK и другие конструкторы анкет. После загрузки Опора покажет, что прочла, и ничего не изменит, пока вы не введёте анкету в действие." }
                form.stack action="/questionnaires" method="post" enctype="multipart/form-data" {
                    div.field {
                        label for="audience" { "Для кого" }
                        select #audience name="audience" { @for (word, audience) in Audience::WORDS { option value=(word) { "для " (audience.name()) } } }
                    }
                    div.field { label for="file" { "Файл" } input #file name="file" type="file" accept=".xlsx,.xls,.ods" required; }
                    div.actions { button.primary type="submit" { "Прочитать и проверить" } }
                }
            }
        }
    }
}

async fn sent(mut parts: Multipart) -> Result<(String, String, Vec<u8>), WebError> {
    let (mut audience, mut name, mut bytes) = (String::new(), String::new(), Vec::new());
    while let Some(part) = parts.next_field().await? {
        match part.name().unwrap_or_default() {
            "audience" => audience = part.text().await?,
            "file" => {
                part.file_name().unwrap_or_default().clone_into(&mut name);
                bytes = part.bytes().await?.to_vec();
            }
            _ => {}
        }
    }
    Ok((audience, name, bytes))
}

/// `POST /questionnaires`: reads the form; with an error nothing is kept and all problems are shown.
pub async fn add(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    parts: Multipart,
) -> Result<Response, WebError> {
    let (audience, name, bytes) = sent(parts).await?;
    let shown = name.clone();
    match take_in(&state, &actor, &audience, name, bytes).await? {
        Ok(id) => Ok(Redirect::to(&format!("/questionnaires/{}", id.0)).into_response()),
        Err(findings) => {
            let (known, _) = uploaded(&state.store).await?;
            let refused = problems(&shown, &findings);
            let again = whole(&ui, &actor, &state.results.catalog().papers, &known, Some(&refused));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
    }
}

/// Reads a form of an audience and keeps it; with an error nothing is kept and all problems are told.
pub async fn take_in(
    state: &AppState,
    actor: &Actor,
    audience: &str,
    name: String,
    bytes: Vec<u8>,
) -> Result<Result<FactId, Vec<Finding>>, WebError> {
    let audience = Audience::WORDS.iter().find(|(word, _)| *word == audience).map(|(_, audience)| *audience);
    let audience = audience.ok_or_else(|| {
        WebError::bad_request("Не указано, для кого анкета", "Выберите это в форме и отправьте ещё раз.")
    })?;
    if name.is_empty() || bytes.is_empty() {
        return Err(WebError::bad_request(
            "Файл не приложен или пуст",
            "Выберите файл XLSX и отправьте ещё раз.",
        ));
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(WebError::bad_request("Файл больше 5 МБ", "Уберите из него картинки и лишние листы."));
    }
    let shown = name.clone();
    let _turn = state.reading_turn().await;
    let read = move || {
        let document = opora_documents::read(&name, &bytes, &Options::default());
        let mut import = import_xlsform(&sheets_of(&document), audience);
        import.findings.splice(0..0, document.findings.iter().filter(|f| f.level == Level::Error).cloned());
        import
    };
    let read = tokio::task::spawn_blocking(read).await;
    let XlsformImport { questionnaire, findings } =
        read.map_err(|_| WebError::internal("Чтение файла прервалось."))?;
    let papers = &state.results.catalog().papers;
    let Some(questionnaire) = questionnaire else { return Ok(Err(findings)) };
    let notes = findings.iter().map(|finding| format!("{}: {}", finding.place, finding.message())).collect();
    let id = add_questionnaire(&state.store, papers, &questionnaire, (&shown, notes), &person(actor)).await?;
    Ok(Ok(id))
}

fn problems(file: &str, findings: &[Finding]) -> Markup {
    html! {
        div.notice.error role="alert" { div {
            p.notice-title { "Анкета из файла «" (file) "» не получилась" }
            p { "Исправьте ошибки в файле и загрузите его ещё раз. Пока ничего не записано." }
        } }
        div.table-scroll tabindex="0" role="region" aria-label="Что не так в файле" { table.folds {
            thead { tr { th scope="col" { "Где" } th scope="col" { "Что" } th scope="col" { "Почему это важно" } th scope="col" { "Что сделать" } } }
            tbody { @for finding in findings { tr {
                th scope="row" data-label="Где" { (finding.place) }
                td data-label="Что" { @if finding.level == Level::Error { strong { "Ошибка. " } } (finding.what) }
                td data-label="Почему это важно" { (finding.why) }
                td data-label="Что сделать" { (finding.mend) }
            } } }
        } }
    }
}

/// Whoever may keep questionnaires anywhere sees all of them; in force they are taken in the own place only.
const KEEPS: Right = Right::KeepQuestionnaires;
