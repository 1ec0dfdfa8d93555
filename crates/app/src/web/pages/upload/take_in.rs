//! What becomes of one file? Read, known already, or refused with what, why and what next.

use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use opora_access::Right;
use opora_cycle::vocabulary::Order;
use opora_documents::Options;
use opora_exchange::sha256_hex;
use opora_neutral::{Document, Level};
use opora_store::{PlanSummary, StoreError};

use super::outcome::{Outcome, PlanLine, TakenIn};
use crate::clock;
use crate::usecases::import;
use crate::web::actor::Actor;
use crate::web::components::badge::LevelCounts;
use crate::web::state::AppState;

/// Takes in one file. Whatever happens is told in the outcome; other files are not touched by it.
pub async fn take_in(state: &AppState, actor: &Actor, name: &str, bytes: Vec<u8>) -> TakenIn {
    let size = Some(bytes.len());
    let outcome = match try_take_in(state, actor, name, bytes).await {
        Ok(outcome) => outcome,
        Err(error) => {
            tracing::error!(%error, "a file was not saved");
            refused("Файл прочитан, но не сохранён", &error.to_string(), "")
        }
    };
    TakenIn { name: name.to_owned(), size, outcome }
}

async fn try_take_in(
    state: &AppState,
    actor: &Actor,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Outcome, StoreError> {
    let sha256 = sha256_hex(&bytes);
    let Some(owner) = actor.own_place(Right::EditPlans) else {
        return Ok(refused(
            "Файл не принят",
            "Ваша роль не даёт загружать приказы.",
            "Попросите координатора.",
        ));
    };
    let mut known = state.store.plans_of_source(&sha256).await?;
    known.retain(|plan| plan.owner == owner);
    if !known.is_empty() {
        return Ok(Outcome::Known { plans: lines(state, &known).await? });
    }
    let reading = {
        let name = name.to_owned();
        let _turn = state.reading_turn().await;
        tokio::task::spawn_blocking(move || read(&name, bytes)).await
    };
    let Ok((document, order, bytes)) = reading else {
        return Ok(refused(
            "Файл не прочитан",
            "Чтение прервалось: файл, вероятно, повреждён.",
            "Откройте его в своей программе, сохраните заново и загрузите ещё раз.",
        ));
    };
    if order.plans.is_empty() {
        return Ok(no_plan(&order));
    }
    // The review shows the source beside the plan: a scan is not read a second time for it.
    state.keep_document(document);
    let doubts = LevelCounts::of(order.findings.iter().map(|finding| finding.level));
    let ids = import::save(&state.store, &order, &bytes, owner, actor.name(), clock::now()).await?;
    let saved = state.store.plans_of_source(&sha256).await?;
    let mine: Vec<PlanSummary> = saved.into_iter().filter(|plan| ids.contains(&plan.id)).collect();
    Ok(Outcome::Read { plans: lines(state, &mine).await?, doubts })
}

/// The same as the use case reads, with the document kept.
fn read(name: &str, bytes: Vec<u8>) -> (Document, Order, Vec<u8>) {
    let document = opora_documents::read(name, &bytes, &Options::default());
    let order = opora_cycle::intake::read(&document);
    (document, order, bytes)
}

/// The gravest thing the reader said, or that there is no plan in the file.
fn no_plan(order: &Order) -> Outcome {
    let gravest = order.findings.iter().max_by_key(|finding| finding.level);
    match gravest.filter(|finding| finding.level == Level::Error) {
        Some(finding) => refused(&finding.what, &finding.why, &finding.mend),
        None => refused(
            "В файле не нашлось плана мероприятий",
            "План читается из таблицы, где есть мероприятия и сроки или ответственные.",
            "Проверьте, что приложен файл с дорожной картой, а не только сам приказ.",
        ),
    }
}

async fn lines(state: &AppState, plans: &[PlanSummary]) -> Result<Vec<PlanLine>, StoreError> {
    let mut lines = Vec::with_capacity(plans.len());
    for summary in plans.iter().rev() {
        let plan = state.plan_of(summary).await?;
        lines.push(PlanLine {
            id: plan.id,
            title: plan.title().to_owned(),
            activities: plan.activity_count(),
            findings: plan.level_counts(),
        });
    }
    Ok(lines)
}

/// A file that was too large to be read.
pub fn too_large(name: &str, most: usize) -> TakenIn {
    let why = format!("Он больше {} — такие файлы программа не читает.", crate::web::words::size(most));
    let mend = "Уменьшите качество скана или разделите файл на части.";
    not_arrived(name, refused("Слишком большой файл", &why, mend))
}

/// A file beyond the number that one request may hold.
pub fn too_many(name: &str, most: usize) -> TakenIn {
    let why = format!("За один раз принимается не больше {most}.");
    not_arrived(
        name,
        refused("Слишком много файлов", &why, "Загрузите этот файл и следующие за ним ещё раз."),
    )
}

/// A file that did not come to its end.
pub fn cut_off(name: &str, error: &MultipartError) -> TakenIn {
    let mend = "Загрузите его ещё раз, отдельно от других. Один файл — до 50 МБ.";
    not_arrived(name, refused("Файл получен не целиком", why_lost(error), mend))
}

/// The request broke off between files.
pub fn interrupted(error: &MultipartError) -> TakenIn {
    let why = format!("{} Файлы выше приняты.", why_lost(error));
    not_arrived("Остальные файлы", refused("Остальные файлы не получены", &why, "Загрузите их ещё раз."))
}

fn why_lost(error: &MultipartError) -> &'static str {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => "За один раз принимается не больше 200 МБ.",
        _ => "Передача прервалась.",
    }
}

fn not_arrived(name: &str, outcome: Outcome) -> TakenIn {
    TakenIn { name: name.to_owned(), size: None, outcome }
}

fn refused(what: &str, why: &str, mend: &str) -> Outcome {
    Outcome::Refused { what: what.to_owned(), why: why.to_owned(), mend: mend.to_owned() }
}
