//! What did the person tell about a time of an activity?

use axum::extract::{Multipart, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use opora_execution::{Deed, DeedKind, Evidence, Fact, OccurrenceKey, Party, RefusalKind};
use opora_store::{Authorship, NewSource};

use super::{Case, Wanted, sides, work_page};
use crate::clock;
use crate::usecases::execution::{NotRecorded, required};
use crate::web::actor::{Actor, refused};
use crate::web::errors::WebError;
use crate::web::state::AppState;
use crate::web::ui::Ui;

/// Most bytes of a file that proves something.
const FILE_BYTES_MAX: usize = 20 << 20;
/// Programs are no proof, and somebody would run them.
const ENDINGS_REFUSED: [&str; 14] =
    ["exe", "msi", "bat", "cmd", "com", "scr", "ps1", "vbs", "js", "jar", "lnk", "hta", "html", "svg"];

/// The deeds that the page offers; delegation and comments need people to choose from.
pub fn is_offered(deed: DeedKind) -> bool {
    !matches!(deed, DeedKind::Delegate | DeedKind::WithdrawEvidence)
}

/// Stable word of a deed in a form.
pub fn word(deed: DeedKind) -> &'static str {
    match deed {
        DeedKind::Done => "done",
        DeedKind::AddEvidence => "evidence",
        DeedKind::WithdrawEvidence => "withdraw",
        DeedKind::Confirm => "confirm",
        DeedKind::Return => "return",
        DeedKind::Cancel => "cancel",
        DeedKind::AskPostponement => "ask",
        DeedKind::GrantPostponement => "grant",
        DeedKind::RefusePostponement => "refuse",
        DeedKind::Delegate => "delegate",
        DeedKind::Comment => "comment",
    }
}

/// What came with the form.
#[derive(Default)]
struct Told {
    occurrence: String,
    known: usize,
    deed: String,
    text: String,
    to: String,
    file: Option<(String, Vec<u8>)>,
}

async fn told(mut parts: Multipart) -> Result<Told, WebError> {
    let broken = |_| WebError::bad_request("Форма не дошла целиком", "Отправьте её ещё раз.");
    let mut told = Told::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file = part.file_name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(broken)?;
            if !file.is_empty() {
                told.file = Some((file, bytes.to_vec()));
            }
            continue;
        }
        let text = part.text().await.map_err(broken)?;
        match name.as_str() {
            "occurrence" => told.occurrence = text,
            "known" => told.known = text.parse().unwrap_or_default(),
            "deed" => told.deed = text,
            "text" => text.trim().clone_into(&mut told.text),
            "to" => told.to = text,
            _ => {}
        }
    }
    Ok(told)
}

/// Refuses a file that is too large, empty or a program.
pub fn checked_file(name: &str, bytes: &[u8]) -> Result<(), WebError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(WebError::bad_request(
            "Файл больше 20 МБ",
            "Приложите файл поменьше или ссылку на него.",
        ));
    }
    if bytes.is_empty() {
        return Err(WebError::bad_request("Файл пуст", "Проверьте файл и приложите его ещё раз."));
    }
    let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
    // «MZ» begins every Windows program, whatever its name.
    if ENDINGS_REFUSED.contains(&ending.as_str()) || bytes.starts_with(b"MZ") {
        let mend = "Приложите документ, таблицу, снимок или архив.";
        return Err(WebError::bad_request("Программы и веб-страницы подтверждением не служат", mend));
    }
    Ok(())
}

fn deed_of(told: &Told, sha256: Option<String>) -> Result<(Deed, Party), WebError> {
    let unclear = || WebError::bad_request("Непонятно, что записать", "Выберите действие из списка.");
    let (deed, party) = told.deed.split_once('/').ok_or_else(unclear)?;
    let party = Party::ALL.into_iter().find(|own| own.slug() == party).ok_or_else(unclear)?;
    let (text, reason) = (told.text.clone(), told.text.clone());
    let deed = match deed {
        "done" => Deed::Done { text },
        "evidence" => Deed::EvidenceAdded(match (&told.file, sha256) {
            (Some((name, bytes)), Some(sha256)) => {
                let bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                Evidence::File { sha256, name: name.clone(), bytes }
            }
            _ if text.starts_with("http://") || text.starts_with("https://") => Evidence::Link(text),
            _ => match text
                .split_once(' ')
                .filter(|(value, _)| value.starts_with(|c: char| c.is_ascii_digit()))
            {
                Some((value, unit)) => {
                    Evidence::Number { value: value.to_owned(), unit: unit.trim().to_owned() }
                }
                None => Evidence::Minutes(text),
            },
        }),
        "confirm" => Deed::Confirmed,
        "return" => Deed::ReturnedForRework { reason },
        "cancel" => Deed::Cancelled { reason },
        "ask" => {
            let to = told.to.parse().map_err(|_| {
                WebError::bad_request(
                    "Новый срок не указан",
                    "Укажите день, на который нужно перенести срок.",
                )
            })?;
            Deed::PostponementAsked { to, reason }
        }
        "grant" => Deed::PostponementGranted,
        "refuse" => Deed::PostponementRefused { reason },
        "comment" => Deed::Comment { text, mentions: Vec::new() },
        _ => return Err(unclear()),
    };
    Ok((deed, party))
}

/// `POST /plans/{id}/work`.
pub async fn act(
    ui: Ui,
    State(state): State<AppState>,
    actor: Actor,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
    parts: Multipart,
) -> Result<Response, WebError> {
    let told = told(parts).await?;
    let case = Case::read(&state, &actor, id).await?;
    let gone = || WebError::not_found("Такого срока в плане нет");
    let occurrence = OccurrenceKey::parse(&told.occurrence).ok_or_else(gone)?;
    if let Some((name, bytes)) = &told.file {
        checked_file(name, bytes)?;
    }
    let sha256 = told.file.as_ref().map(|(_, bytes)| opora_exchange::sha256_hex(bytes));
    let (deed, party) = deed_of(&told, sha256)?;
    if !sides(&actor, case.owner).contains(&party) {
        return Err(refused());
    }
    let now = clock::now();
    let by = Authorship { who: actor.name(), reason: "", at: now };
    if let (Some((name, bytes)), Deed::EvidenceAdded(_)) = (&told.file, &deed) {
        let format = opora_documents::detect(bytes, name);
        state.store.add_file(&NewSource { name, format, bytes }, &by).await?;
    }
    let side = match party {
        Party::Performer => 0,
        Party::Curator => 1,
        Party::Coordinator => 2,
    };
    let at = now.to_zoned(TimeZone::system()).datetime();
    let fact = Fact { occurrence, by: actor.number(side), party, at, deed };
    let required = required(case.order(), occurrence);
    match case.execution.act(&state.store, told.known, &required, &fact, actor.account(), &by).await {
        Ok(()) => {
            let anchor = told.occurrence.replace(['/', '.'], "-");
            Ok(Redirect::to(&format!("/plans/{id}/work#o-{anchor}")).into_response())
        }
        Err(NotRecorded::Refused(refusal)) => {
            let status = match refusal.kind {
                // A double click: what was meant is recorded.
                RefusalKind::Already => StatusCode::OK,
                RefusalKind::Stale | RefusalKind::NotNow => StatusCode::CONFLICT,
                RefusalKind::NotPermitted => StatusCode::FORBIDDEN,
                RefusalKind::EvidenceMissing | RefusalKind::Incomplete => StatusCode::UNPROCESSABLE_ENTITY,
            };
            Ok((status, work_page(&ui, &actor, &case, &wanted, Some(&refusal.message))).into_response())
        }
        Err(NotRecorded::Unknown) => Err(gone()),
        Err(NotRecorded::Store(error)) => Err(error.into()),
    }
}
