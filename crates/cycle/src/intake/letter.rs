//! Which letter does a plan come with, where no act is named above it?

use super::act::{Line, is_title_start, is_whole_signature, read_requisites, without_contacts};
use crate::text::{begins_with, fold, words};
use crate::vocabulary::{Act, ActKind};

/// A letter turns to its reader within so many lines.
const HEAD_LINES: usize = 25;
/// It is signed within so many lines below.
const BODY_LINES: usize = 40;

/// Nouns by which an authority is called.
const AUTHORITIES: [&str; 9] = [
    "управлени",
    "отдел",
    "комитет",
    "администраци",
    "министерств",
    "департамент",
    "центр",
    "институт",
    "учреждени",
];

/// Reads authority, date, number, title and signature of a letter; the lines it reads are marked as used. `false`
/// where nothing turns to a reader or the letter has neither a date nor a number.
pub(super) fn read(lines: &[Line], act: &mut Act) -> bool {
    let opens = |line: &Line| {
        let folded = fold(&line.text);
        ["уважаем", "направля", "сообща"].iter().any(|start| folded.starts_with(start))
    };
    let Some(body) = lines.iter().take(HEAD_LINES).position(opens) else { return false };
    let (head, below) = lines.split_at(body);
    let mut letter = Act { kind: Some(ActKind::Letter), ..Act::default() };
    let mut used = Vec::new();
    let mut authority: Vec<String> = Vec::new();
    for line in head {
        if is_title_start(&line.text) && letter.title.is_none() {
            letter.title = Some(line.text.clone());
        } else if read_requisites(&line.text, &mut letter) {
            // The requisites are kept by the reading itself.
        } else if names_authority(&line.text) && letter.title.is_none() {
            authority.push(without_contacts(&line.text).to_owned());
        } else {
            continue;
        }
        used.push(line);
    }
    if letter.date.is_none() && letter.number.is_none() {
        return false;
    }
    letter.authority = (!authority.is_empty()).then(|| authority.join(" "));
    letter.place = head.first().map(|line| line.place.clone()).unwrap_or_default();
    if let Some(line) = below.iter().take(BODY_LINES).find(|line| is_whole_signature(&line.text)) {
        letter.signatory = super::parties::person(&line.text);
        used.push(line);
    }
    used.iter().for_each(|line| line.used.set(true));
    *act = letter;
    true
}

/// «УПРАВЛЕНИЕ ОБРАЗОВАНИЯ», and not «Руководителям управлений образования».
fn names_authority(text: &str) -> bool {
    let folded = fold(without_contacts(text));
    let first = words(&folded).next().unwrap_or_default();
    let called = |word: &str| AUTHORITIES.iter().any(|stem| begins_with(word, stem));
    let nominative = !["ам", "ям", "у", "ю", "ому", "ему"].iter().any(|ending| first.ends_with(ending));
    nominative && words(&folded).take(4).any(called)
}
