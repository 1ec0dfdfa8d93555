//! What is kept when people fill in one questionnaire at the same time?
//!
//! Every question is a field of its own with the revision of its last change. An edit names the revision its author
//! saw; an edit of a question that changed since is not taken and comes back with both texts. So people who fill in
//! different questions never meet, and nobody's text is written over unseen.

use std::collections::BTreeMap;

use crate::{Answer, Answers};

/// Answers as they are kept, with the revision of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saved {
    /// Grows by one with every save that changed something; zero for an empty form.
    pub revision: u64,
    /// Fields that were ever filled in.
    pub fields: BTreeMap<String, Field>,
}

/// One kept answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The answer; nothing when it was cleared.
    pub answer: Option<Answer>,
    /// The revision it was last changed at.
    pub revision: u64,
    /// Account number of the last writer.
    pub by: i64,
}

/// One field as its author wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The question.
    pub question: String,
    /// The answer; nothing clears it.
    pub answer: Option<Answer>,
    /// The revision of the form the author saw when writing.
    pub base: u64,
}

/// A question that two people changed: both texts, for a person to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The question.
    pub question: String,
    /// What the author of the edit wrote; it was not kept.
    pub mine: Option<Answer>,
    /// What is kept.
    pub kept: Option<Answer>,
    /// Who wrote what is kept: an account number.
    pub kept_by: i64,
    /// The revision to name when the choice is made.
    pub revision: u64,
}

/// What came of a save.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// What is kept from now on.
    pub saved: Saved,
    /// Questions whose edit was taken.
    pub accepted: Vec<String>,
    /// Questions whose edit was not taken.
    pub conflicts: Vec<Conflict>,
}

impl Saved {
    /// The answers alone.
    pub fn answers(&self) -> Answers {
        let given = self.fields.iter().filter_map(|(id, field)| Some((id.clone(), field.answer.clone()?)));
        given.collect()
    }
}

/// Takes the edits of one person into what is kept. The same edit sent twice changes nothing the second time.
///
/// All edits of one call are one revision; of two edits of one question the later one counts.
pub fn merge(saved: &Saved, edits: &[Edit], by: i64) -> Merge {
    let mut found = Merge { saved: saved.clone(), accepted: Vec::new(), conflicts: Vec::new() };
    let next = saved.revision.saturating_add(1);
    let last: BTreeMap<&str, &Edit> = edits.iter().map(|edit| (edit.question.as_str(), edit)).collect();
    for (question, edit) in last {
        let kept = saved.fields.get(question);
        if kept.and_then(|field| field.answer.as_ref()) == edit.answer.as_ref() {
            found.accepted.push(question.to_owned());
            continue;
        }
        match kept.filter(|field| field.revision > edit.base) {
            Some(field) => found.conflicts.push(Conflict {
                question: question.to_owned(),
                mine: edit.answer.clone(),
                kept: field.answer.clone(),
                kept_by: field.by,
                revision: field.revision,
            }),
            None => {
                let field = Field { answer: edit.answer.clone(), revision: next, by };
                found.saved.fields.insert(question.to_owned(), field);
                found.saved.revision = next;
                found.accepted.push(question.to_owned());
            }
        }
    }
    found
}
