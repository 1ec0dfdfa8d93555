//! May this fact be recorded, and if not, why?

use crate::account::Account;
use crate::fact::{Deed, DeedKind, Evidence, EvidenceKind, Fact};
use crate::occurrence::Occurrence;
use crate::permit::{Denial, Phase, step};
use crate::state::due;
use crate::words;

/// Letters of a reason, a comment or a report at most.
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Letters of minutes at most.
pub const MINUTES_CHARS_MAX: usize = 100_000;
/// People one comment can call on.
pub const MENTIONS_MAX: usize = 50;
/// Proofs of one occurrence at most.
pub const PROOFS_MAX: usize = 200;

/// Why a fact is not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For the caller.
    pub kind: RefusalKind,
    /// For the person: what, why, what next, in Russian.
    pub message: String,
}

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// The same is recorded already: a double click. Nothing is lost, nothing has to be done.
    Already,
    /// Something was recorded since the page was opened.
    Stale,
    /// Somebody else may do it.
    NotPermitted,
    /// Nobody may do it now.
    NotNow,
    /// A proof that the plan asks for is missing.
    EvidenceMissing,
    /// The fact itself is not complete.
    Incomplete,
}

fn refuse<T>(kind: RefusalKind, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { kind, message: message.into() })
}

/// Whether a fact may be appended to the facts of its occurrence, and the phase after it.
///
/// `facts` are all facts of the occurrence in order, `known` is how many the person saw when deciding, `required` are
/// the kinds of proof the plan asks for. A comment changes nothing and may be added whatever came between; every other
/// fact is refused on a stale base. The caller appends in one transaction with the count it passed here.
pub fn record(
    occurrence: &Occurrence,
    required: &[EvidenceKind],
    facts: &[&Fact],
    known: usize,
    new: &Fact,
) -> Result<Phase, Refusal> {
    let account = Account::of(facts.iter().copied());
    already(facts, known, new)?;
    complete(&new.deed)?;
    if known != facts.len() && (new.deed.kind() != DeedKind::Comment || known > facts.len()) {
        return refuse(RefusalKind::Stale, stale(facts, known));
    }
    let phase = permitted(&account, new)?;
    match &new.deed {
        Deed::Done { .. } => with_evidence(&account, required)?,
        Deed::Confirmed => by_somebody_else(&account, new)?,
        Deed::EvidenceAdded(evidence) => new_proof(&account, evidence)?,
        Deed::EvidenceWithdrawn { number, .. } => standing_proof(&account, *number)?,
        Deed::PostponementAsked { to, .. } => {
            if *to < new.at.date() {
                return refuse(
                    RefusalKind::Incomplete,
                    "Новый срок уже прошёл. Укажите сегодняшний день или более поздний.",
                );
            }
            if due(occurrence, &account) == Some(*to) {
                return refuse(
                    RefusalKind::Incomplete,
                    "Новый срок совпадает с нынешним. Укажите другой день.",
                );
            }
        }
        Deed::Delegated { to } if account.performer == Some(*to) => {
            return refuse(
                RefusalKind::Already,
                "Это уже передано этому исполнителю. Второй раз передавать не нужно.",
            );
        }
        _ => {}
    }
    Ok(phase)
}

/// The same deed of the same person, recorded after the base it was decided on.
fn already(facts: &[&Fact], known: usize, new: &Fact) -> Result<(), Refusal> {
    let since = facts.get(known.min(facts.len())..).unwrap_or_default();
    if since.iter().any(|fact| fact.by == new.by && fact.deed == new.deed) {
        let message = "Это уже записано: похоже, кнопку нажали дважды. Второй раз ничего делать не нужно.";
        return refuse(RefusalKind::Already, message);
    }
    Ok(())
}

fn stale(facts: &[&Fact], known: usize) -> String {
    let fresh = facts.len().saturating_sub(known);
    if fresh == 0 {
        return "Страница не совпадает с записями. Обновите её и повторите.".to_owned();
    }
    let records = words::count(fresh, ["новая запись", "новые записи", "новых записей"]);
    format!(
        "Пока страница была открыта, здесь появилось: {records}. Обновите страницу, посмотрите их и повторите. Введённый текст сохраните."
    )
}

fn permitted(account: &Account<'_>, new: &Fact) -> Result<Phase, Refusal> {
    let deed = new.deed.kind();
    step(account.phase, deed, new.party).map_err(|denial| Refusal {
        kind: match denial {
            Denial::Already => RefusalKind::Already,
            Denial::Others(_) => RefusalKind::NotPermitted,
            Denial::NotNow(_) => RefusalKind::NotNow,
        },
        message: denial.russian(account.phase, deed, new.party),
    })
}

fn with_evidence(account: &Account<'_>, required: &[EvidenceKind]) -> Result<(), Refusal> {
    let missing = account.missing_evidence(required);
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.into_iter().map(EvidenceKind::russian).collect();
    let message = format!(
        "Выполнение пока нельзя отметить: план требует приложить {}. Приложите и отметьте снова.",
        words::list(&names)
    );
    refuse(RefusalKind::EvidenceMissing, message)
}

fn by_somebody_else(account: &Account<'_>, new: &Fact) -> Result<(), Refusal> {
    if account.done.is_some_and(|(_, by)| by == new.by) {
        let message = "Вы сами отметили выполнение, поэтому подтвердить его должен другой человек. Попросите куратора или координатора.";
        return refuse(RefusalKind::NotPermitted, message);
    }
    Ok(())
}

fn new_proof(account: &Account<'_>, evidence: &Evidence) -> Result<(), Refusal> {
    let same = |other: &Evidence| match (other, evidence) {
        (Evidence::File { sha256: a, .. }, Evidence::File { sha256: b, .. }) => a == b,
        (a, b) => a == b,
    };
    if account.valid_evidence().any(|proof| same(proof.evidence)) {
        return refuse(
            RefusalKind::Already,
            "Такое подтверждение уже приложено. Второй раз прикладывать не нужно.",
        );
    }
    if account.evidence.len() >= PROOFS_MAX {
        let message = format!(
            "Здесь уже {PROOFS_MAX} подтверждений, больше не помещается. Соберите остальное в один файл."
        );
        return refuse(RefusalKind::Incomplete, message);
    }
    Ok(())
}

fn standing_proof(account: &Account<'_>, number: u32) -> Result<(), Refusal> {
    match account.evidence.iter().find(|proof| proof.number == number) {
        None => {
            let message = format!("Подтверждения № {number} нет. Обновите страницу и выберите другое.");
            refuse(RefusalKind::Incomplete, message)
        }
        Some(proof) if proof.withdrawn.is_some() => {
            refuse(RefusalKind::Already, format!("Подтверждение № {number} уже отозвано."))
        }
        Some(_) => Ok(()),
    }
}

/// The fact has everything in it that it needs.
fn complete(deed: &Deed) -> Result<(), Refusal> {
    match deed {
        Deed::Done { text } => fits(text, TEXT_CHARS_MAX),
        Deed::EvidenceAdded(evidence) => proof_is_complete(evidence),
        Deed::EvidenceWithdrawn { reason, .. } => {
            needed(reason, "Напишите, почему подтверждение отзывается.")
        }
        Deed::ReturnedForRework { reason } => {
            needed(reason, "Напишите, чего не хватает: исполнителю нужно знать, что доработать.")
        }
        Deed::Cancelled { reason } => {
            needed(reason, "Напишите, почему это отменяется: причина останется в плане.")
        }
        Deed::PostponementAsked { reason, .. } => needed(reason, "Напишите, почему нужен другой срок."),
        Deed::PostponementRefused { reason } => needed(reason, "Напишите, почему срок остаётся прежним."),
        Deed::Comment { text, mentions } => {
            needed(text, "Напишите текст комментария.")?;
            if mentions.len() > MENTIONS_MAX {
                let message = format!(
                    "В комментарии упомянуто больше {MENTIONS_MAX} человек. Оставьте тех, от кого нужен ответ."
                );
                return refuse(RefusalKind::Incomplete, message);
            }
            Ok(())
        }
        Deed::Confirmed | Deed::PostponementGranted | Deed::Delegated { .. } => Ok(()),
    }
}

fn needed(text: &str, mend: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return refuse(RefusalKind::Incomplete, mend);
    }
    fits(text, TEXT_CHARS_MAX)
}

fn fits(text: &str, chars_max: usize) -> Result<(), Refusal> {
    if text.chars().count() > chars_max {
        let message = format!("Текст длиннее {chars_max} знаков. Сократите его или приложите файлом.");
        return refuse(RefusalKind::Incomplete, message);
    }
    Ok(())
}

fn proof_is_complete(evidence: &Evidence) -> Result<(), Refusal> {
    let wrong = |message: &str| refuse(RefusalKind::Incomplete, message);
    match evidence {
        Evidence::File { bytes: 0, .. } => wrong("Файл пустой. Приложите файл с содержанием."),
        Evidence::File { sha256, name, .. } => {
            let is_hash =
                sha256.len() == 64 && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            let is_name = !name.trim().is_empty()
                && name.chars().count() <= 255
                && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'));
            match (is_hash, is_name) {
                (false, _) => wrong("Отпечаток файла записан неверно. Загрузите файл ещё раз."),
                (_, false) => wrong("Имя файла не подходит. Назовите его короче 255 знаков, без косых черт."),
                _ => Ok(()),
            }
        }
        Evidence::Link(address) => {
            let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
            let is_host = rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
            if !is_host
                || address.len() > 2_000
                || address.chars().any(|c| c.is_whitespace() || c.is_control())
            {
                return wrong(
                    "Это не похоже на адрес страницы. Вставьте его целиком, с https:// в начале и без пробелов.",
                );
            }
            Ok(())
        }
        Evidence::Number { value, unit } => {
            if crate::decimal::thousandths(value).is_none() {
                return wrong(
                    "Значение должно быть числом, например 12 или 12,5 (не больше трёх знаков после запятой).",
                );
            }
            if unit.trim().is_empty() || unit.chars().count() > 50 {
                return wrong("Укажите единицу измерения, например «%» или «чел.».");
            }
            Ok(())
        }
        Evidence::Minutes(text) if text.trim().is_empty() => wrong("Протокол пустой. Вставьте его текст."),
        Evidence::Minutes(text) => fits(text, MINUTES_CHARS_MAX),
    }
}
