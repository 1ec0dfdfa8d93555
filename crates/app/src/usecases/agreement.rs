//! Agree on a content: submit, return with remarks, approve, put in force, correct. The same for all that is agreed.

use jiff::Timestamp;
use opora_approval::{Action, Content, Fact, Kind, NewRemark, Party, Refusal, admit};
use opora_store::{AccountId, Authorship, FactId, NewFact, PlanSummary, Store, StoreError, VersionSummary};
use serde_json::{Value, json};

/// What stands before the number of a plan in the subject of its agreement.
pub const ROADMAP: &str = "roadmap";

/// The subject under which the agreement on a plan is recorded.
pub fn of_roadmap(plan: i64) -> String {
    format!("{ROADMAP}/{plan}")
}

/// A version of a plan as the content that is agreed.
pub fn content_of(version: &VersionSummary) -> Content<'_> {
    Content { version: version.number.0, sha256: &version.content_sha256, written_at: version.created_at }
}

/// The newest version of a plan as the content that is agreed.
pub fn content_of_summary(plan: &PlanSummary) -> Content<'_> {
    Content { version: plan.version.0, sha256: &plan.content_sha256, written_at: plan.changed_at }
}

/// What was said about one content so far.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// What is agreed.
    pub kind: Kind,
    /// Its facts in order.
    pub facts: Vec<Fact>,
    subject: String,
    last: Option<FactId>,
}

/// Why nothing was recorded.
#[derive(Debug)]
pub enum NotAgreed {
    /// The life cycle refuses, with what, why and what next.
    Refused(Refusal),
    /// The store refuses or failed: somebody else was first, for one.
    Store(StoreError),
}

impl From<StoreError> for NotAgreed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Agreement {
    /// Reads what was said about a subject: `roadmap/12`.
    pub async fn read(store: &Store, kind: Kind, subject: &str) -> Result<Self, StoreError> {
        let recorded = store.facts(subject).await?;
        let last = recorded.last().map(|fact| fact.id);
        let facts =
            recorded.iter().filter_map(|fact| read_fact(&fact.kind, &fact.content, fact.at)).collect();
        Ok(Self { kind, facts, subject: subject.to_owned(), last })
    }

    /// The subject its facts are recorded under.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The last fact that was read.
    pub fn last(&self) -> Option<FactId> {
        self.last
    }

    /// Records a fact, if the life cycle allows it after the facts read here. Whoever was first wins: a fact recorded
    /// since the reading refuses this one.
    pub async fn act(
        &self,
        store: &Store,
        content: &Content<'_>,
        fact: &Fact,
        account: Option<AccountId>,
        by: &Authorship<'_>,
    ) -> Result<(), NotAgreed> {
        admit(self.kind, &self.facts, content, fact).map_err(NotAgreed::Refused)?;
        let written = write_fact(fact);
        let new = NewFact { subject: &self.subject, kind: fact.action.word(), content: &written };
        store.append_facts(&[(&self.subject, self.last)], &[new], account, by).await?;
        Ok(())
    }
}

/// A fact of agreement as it is recorded; what was done is told beside, by its word.
pub fn write_fact(fact: &Fact) -> Value {
    let remarks: Vec<Value> =
        fact.remarks.iter().map(|remark| json!({ "path": remark.path, "text": remark.text })).collect();
    json!({
        "by": fact.by, "party": fact.party.word(), "version": fact.version, "content": fact.content_sha256,
        "text": fact.text, "remarks": remarks, "remark": fact.remark,
    })
}

/// A fact of agreement as it was recorded. One that this program does not know says nothing to it.
pub fn read_fact(kind: &str, content: &Value, at: Timestamp) -> Option<Fact> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let remark = |value: &Value| NewRemark {
        path: text(value.get("path").unwrap_or(&Value::Null)),
        text: text(value.get("text").unwrap_or(&Value::Null)),
    };
    Some(Fact {
        action: Action::of_word(kind)?,
        by: content.get("by")?.as_i64()?,
        party: Party::of_word(content.get("party")?.as_str()?)?,
        at,
        version: i32::try_from(content.get("version")?.as_i64()?).ok()?,
        content_sha256: text(content.get("content")?),
        text: content.get("text").map(text).unwrap_or_default(),
        remarks: content.get("remarks").and_then(Value::as_array).into_iter().flatten().map(remark).collect(),
        remark: content.get("remark").and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_read_back() {
        let fact = Fact {
            action: Action::Return,
            by: 7,
            party: Party::Reviewer,
            at: "2026-11-22T10:00:00Z".parse().expect("a moment"),
            version: 3,
            content_sha256: "ab".to_owned(),
            text: "Доработайте".to_owned(),
            remarks: vec![NewRemark {
                path: "activity/12/schedule".to_owned(), text: "Нет года".to_owned()
            }],
            remark: Some(2),
        };
        assert_eq!(read_fact(fact.action.word(), &write_fact(&fact), fact.at), Some(fact.clone()));
        assert_eq!(read_fact("dance", &write_fact(&fact), fact.at), None);
        assert_eq!(read_fact("submit", &json!({}), fact.at), None);
    }
}
