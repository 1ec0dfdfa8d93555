//! What did a person tell about something to be carried out: an activity or a task?

use axum::extract::Multipart;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use opora_execution::{Deed, DeedKind, Evidence, Fact, OccurrenceKey, Party, Refusal, RefusalKind};
use opora_store::{Authorship, NewSource, StoreError};

use super::actor::Actor;
use super::components::deed::person_label;
use super::errors::WebError;
use super::state::AppState;
use crate::usecases::scanner::NotClean;
use crate::usecases::support::Known;

/// Most bytes of a file that proves something.
pub const FILE_BYTES_MAX: usize = 20 << 20;
/// Programs are no proof, and somebody would run them.
const ENDINGS_REFUSED: [&str; 14] =
    ["exe", "msi", "bat", "cmd", "com", "scr", "ps1", "vbs", "js", "jar", "lnk", "hta", "html", "svg"];

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

/// The number of the side by which facts know who works alone.
pub fn side_number(party: Party) -> i64 {
    match party {
        Party::Performer => 0,
        Party::Curator => 1,
        Party::Coordinator => 2,
    }
}

/// What came with the form.
#[derive(Default)]
pub struct Told {
    /// The occurrence, as written in the form.
    pub occurrence: String,
    /// How many facts of it the person saw.
    pub known: usize,
    deed: String,
    text: String,
    to: String,
    person: String,
    number: String,
    file: Option<(String, Vec<u8>)>,
}

impl Told {
    /// Reads a form.
    pub async fn read(mut parts: Multipart) -> Result<Self, WebError> {
        let mut told = Self::default();
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            if name == "file" {
                let file = part.file_name().unwrap_or_default().to_owned();
                let bytes = part.bytes().await?;
                if !file.is_empty() {
                    told.file = Some((file, bytes.to_vec()));
                }
                continue;
            }
            let text = part.text().await?;
            match name.as_str() {
                "occurrence" => told.occurrence = text,
                "known" => told.known = text.parse().unwrap_or_default(),
                "deed" => told.deed = text,
                "text" => text.trim().clone_into(&mut told.text),
                "to" => told.to = text,
                "person" => text.trim().clone_into(&mut told.person),
                "number" => text.trim().clone_into(&mut told.number),
                _ => {}
            }
        }
        Ok(told)
    }

    /// The occurrence that is meant.
    pub fn key(&self) -> Option<OccurrenceKey> {
        OccurrenceKey::parse(&self.occurrence)
    }

    /// The deeds with the side on which they are done: one, or a file and that it is done by it. `people` can be called
    /// on, `performers` can carry on.
    pub fn deeds(&self, people: &[Known], performers: &[Known]) -> Result<(Vec<Deed>, Party), WebError> {
        let (deed, party) = self.deed(people, performers)?;
        let deeds = match (&self.file, &deed) {
            (Some(_), Deed::Done { .. }) => vec![Deed::EvidenceAdded(self.evidence()), deed],
            (Some(_), Deed::EvidenceAdded(_)) | (None, _) => vec![deed],
            // A file that nobody would find must not be taken in silently.
            (Some(_), _) => {
                return Err(WebError::bad_request(
                    "Файл к этому действию не прикладывают",
                    "Выберите «приложить подтверждение» или «отметить выполнение» либо уберите файл.",
                ));
            }
        };
        Ok((deeds, party))
    }

    fn deed(&self, people: &[Known], performers: &[Known]) -> Result<(Deed, Party), WebError> {
        let unclear = || WebError::bad_request("Непонятно, что записать", "Выберите действие из списка.");
        let (deed, party) = self.deed.split_once('/').ok_or_else(unclear)?;
        let party = Party::ALL.into_iter().find(|own| own.slug() == party).ok_or_else(unclear)?;
        let (text, reason) = (self.text.clone(), self.text.clone());
        let deed = match deed {
            "done" => Deed::Done { text },
            "evidence" if self.file.is_none() && self.text.is_empty() => {
                return Err(WebError::bad_request(
                    "Подтверждение не приложено",
                    "Выберите файл или впишите ссылку, число с единицей («85 %») или текст протокола.",
                ));
            }
            "evidence" => Deed::EvidenceAdded(self.evidence()),
            "withdraw" => {
                let number = self.number.trim_start_matches('№').trim().parse();
                let what = || {
                    WebError::bad_request("Не указано, какое подтверждение отозвать", "Выберите его номер.")
                };
                Deed::EvidenceWithdrawn { number: number.map_err(|_| what())?, reason }
            }
            "confirm" => Deed::Confirmed,
            "return" => Deed::ReturnedForRework { reason },
            "cancel" => Deed::Cancelled { reason },
            "ask" => {
                let to = self.to.parse().map_err(|_| {
                    WebError::bad_request(
                        "Новый срок не указан",
                        "Укажите день, на который нужно перенести срок.",
                    )
                })?;
                Deed::PostponementAsked { to, reason }
            }
            "grant" => Deed::PostponementGranted,
            "refuse" => Deed::PostponementRefused { reason },
            "delegate" => Deed::Delegated { to: chosen(&self.person, performers)? },
            "comment" => Deed::Comment { mentions: self.mentions(people)?, text },
            _ => return Err(unclear()),
        };
        Ok((deed, party))
    }

    fn evidence(&self) -> Evidence {
        let text = self.text.clone();
        if let Some((name, bytes)) = &self.file {
            return Evidence::File {
                sha256: opora_exchange::sha256_hex(bytes),
                name: name.clone(),
                bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            };
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            return Evidence::Link(text);
        }
        match number(&text) {
            Some((value, unit)) => Evidence::Number { value: value.to_owned(), unit: unit.to_owned() },
            None => Evidence::Minutes(text),
        }
    }

    /// Whether this was told about the occurrence with this key.
    pub fn is_about(&self, key: &str) -> bool {
        self.occurrence == key
    }

    /// What was chosen and typed, to be shown again: deed with its side, text, day, person.
    pub fn typed(&self) -> (&str, &str, &str, &str) {
        (&self.deed, &self.text, &self.to, &self.person)
    }

    /// The people a comment calls on: the one chosen, and those whose names stand in the text behind an «@».
    fn mentions(&self, people: &[Known]) -> Result<Vec<i64>, WebError> {
        let mut mentions = Vec::new();
        if !self.person.is_empty() {
            mentions.push(chosen(&self.person, people)?);
        }
        Ok(called_on(&self.text, mentions, people))
    }

    /// Looks at the file before anything is recorded: its kind, its size, and what the scanner says.
    pub async fn check_file(&self, state: &AppState) -> Result<(), WebError> {
        let Some((name, bytes)) = &self.file else { return Ok(()) };
        checked_file(name, bytes)?;
        scanned(state, bytes).await
    }

    /// Keeps the file that goes with the deeds.
    pub async fn keep_file(&self, state: &AppState, by: &Authorship<'_>) -> Result<(), StoreError> {
        if let Some((name, bytes)) = &self.file {
            let format = opora_documents::detect(bytes, name);
            state.store.add_file(&NewSource { name, format, bytes }, by).await?;
        }
        Ok(())
    }
}

/// A number with its unit, with or without a space between: «85 %», «85%», «12,5 балла».
fn number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !",.".contains(c))?;
    let (value, unit) = (text.get(..end)?, text.get(end..)?.trim());
    // «12.11.2026 протокол» begins with a day, «3-го» with the third.
    let is_number = value.starts_with(|c: char| c.is_ascii_digit()) && value.matches([',', '.']).count() <= 1;
    (is_number && !unit.starts_with('-') && !value.ends_with([',', '.'])).then_some((value, unit))
}

/// Lets the scanner look at a file, where there is one.
pub async fn scanned(state: &AppState, bytes: &[u8]) -> Result<(), WebError> {
    let Some(scanner) = state.scanner() else { return Ok(()) };
    scanner.check(bytes).await.map_err(|why| match why {
        NotClean::Refused => WebError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Файл не принят: проверка на вирусы его не пропустила",
            "Похоже, файл заражён: он опасен для всех, кто его откроет.",
            "Проверьте свой компьютер антивирусом, пересохраните документ и приложите его ещё раз. Ничего не записано.",
        ),
        NotClean::Unknown => WebError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Файл пока не принят: проверить его на вирусы не удалось",
            "Программа проверки не ответила. С вашим файлом, скорее всего, всё в порядке.",
            "Повторите через несколько минут или приложите ссылку. Если не помогает, сообщите тому, кто обслуживает программу. Ничего не записано.",
        ),
    })
}

/// Those who are called on already, and those whose names stand in a text behind an «@».
pub fn called_on(text: &str, mut mentions: Vec<i64>, people: &[Known]) -> Vec<i64> {
    let text = text.to_lowercase();
    for person in people {
        let named = format!("@{}", person.name.to_lowercase());
        if text.contains(&named) && !mentions.contains(&person.account) {
            mentions.push(person.account);
        }
    }
    mentions
}

/// The person whose name was chosen from the list or typed.
pub fn chosen(typed: &str, people: &[Known]) -> Result<i64, WebError> {
    let wanted = typed.trim().trim_start_matches('@').to_lowercase();
    let same = |person: &&Known| {
        wanted == person_label(person, people).to_lowercase()
            || wanted == person.name.to_lowercase()
            || wanted == person.account.to_string()
    };
    let found: Vec<i64> = people.iter().filter(same).map(|person| person.account).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] if wanted.is_empty() => {
            Err(WebError::bad_request("Не выбран человек", "Выберите человека из списка и повторите."))
        }
        _ => Err(WebError::bad_request(
            "Такого человека в списке нет",
            "Выберите человека из списка: в нём те, у кого есть роль в этом месте.",
        )),
    }
}

/// Whether bytes are a program or a web page, whatever the file is called: «MZ» begins every Windows program.
fn is_program_or_page(bytes: &[u8]) -> bool {
    let begins =
        |bytes: &[u8], mark: &[u8]| bytes.get(..mark.len()).is_some_and(|own| own.eq_ignore_ascii_case(mark));
    if [&b"MZ"[..], b"\x7fELF", b"#!"].iter().any(|mark| bytes.starts_with(mark)) {
        return true;
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    [&b"<!doctype html"[..], b"<html", b"<script"].iter().any(|mark| begins(text, mark))
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
    if ENDINGS_REFUSED.contains(&ending.as_str()) || is_program_or_page(bytes) {
        let mend = "Приложите документ, таблицу, снимок или архив.";
        return Err(WebError::bad_request("Программы и веб-страницы подтверждением не служат", mend));
    }
    Ok(())
}

/// The fact of a deed.
pub fn fact(occurrence: OccurrenceKey, deed: Deed, party: Party, actor: &Actor, now: Timestamp) -> Fact {
    let at = now.to_zoned(TimeZone::system()).datetime();
    Fact { occurrence, by: actor.number(side_number(party)), party, at, deed }
}

/// The status that goes with a refusal.
pub fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal.kind {
        // A double click: what was meant is recorded.
        RefusalKind::Already => StatusCode::OK,
        RefusalKind::Stale | RefusalKind::NotNow => StatusCode::CONFLICT,
        RefusalKind::NotPermitted => StatusCode::FORBIDDEN,
        RefusalKind::EvidenceMissing | RefusalKind::Incomplete => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

#[cfg(test)]
mod tests {
    use super::checked_file;

    #[test]
    fn a_program_and_a_web_page_are_known_by_what_is_in_them() {
        let check =
            |bytes: &[u8], fits| assert_eq!(checked_file("акт.pdf", bytes).is_ok(), fits, "{bytes:?}");
        check(b"%PDF-1.4", true);
        check("Протокол <html> педсовета".as_bytes(), true);
        check(b"MZ\x90\x00", false);
        check(b"\x7fELF\x02", false);
        check(b"#!/bin/sh", false);
        check(b"\xef\xbb\xbf\n <!DOCTYPE html><title>x</title>", false);
        check(b"<HTML><script>x</script>", false);
        assert!(checked_file("акт.html", b"x").is_err());
        assert!(checked_file("акт.pdf", b"").is_err());
    }
}
