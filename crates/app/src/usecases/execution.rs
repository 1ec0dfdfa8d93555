//! Carry a plan out: tell what was done with evidence, confirm, return, postpone.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use opora_cycle::vocabulary::Order;
use opora_execution::{
    Deed, Evidence, EvidenceKind, Fact, Frame, Ledger, Occurrence, OccurrenceKey, Party, Refusal,
    occurrences, record,
};
use opora_roadmap::{EVIDENCE, evidence_in};
use opora_schedule::Period;
use opora_store::{AccountId, Authorship, FactId, NewFact, Store, StoreError};
use serde_json::{Value, json};

/// What stands before the number of a plan in the subject of its execution.
pub const SUBJECT: &str = "work";

/// The subject under which the execution of a plan is recorded.
pub fn subject(plan: i64) -> String {
    format!("{SUBJECT}/{plan}")
}

/// A plan laid on the calendar with everything recorded about it.
#[derive(Clone, Debug)]
pub struct Execution {
    /// All times of all activities.
    pub occurrences: Vec<Occurrence>,
    /// All facts in order.
    pub facts: Vec<Fact>,
    subject: String,
    last: Option<FactId>,
}

/// Why nothing was recorded.
#[derive(Debug)]
pub enum NotRecorded {
    /// The life cycle refuses, with what, why and what next.
    Refused(Refusal),
    /// There is no such time in the plan.
    Unknown,
    /// The store refuses or failed.
    Store(StoreError),
}

impl From<StoreError> for NotRecorded {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Execution {
    /// Reads what was recorded about a plan.
    pub async fn read(store: &Store, plan: i64, order: &Order, today: Date) -> Result<Self, StoreError> {
        let mut execution = Self::over(subject(plan), laid_out(order, today), &[]);
        execution.read_again(store).await?;
        Ok(execution)
    }

    /// What was recorded under a subject about these occurrences.
    pub fn over(subject: String, occurrences: Vec<Occurrence>, recorded: &[opora_store::Fact]) -> Self {
        let mut execution = Self { occurrences, facts: Vec::new(), subject, last: None };
        execution.take(recorded);
        execution
    }

    /// Reads what was recorded since; the plan is the same.
    pub async fn read_again(&mut self, store: &Store) -> Result<(), StoreError> {
        let last = self.last.unwrap_or(FactId(0));
        self.take(&store.facts_since(&self.subject, last).await?);
        Ok(())
    }

    fn take(&mut self, recorded: &[opora_store::Fact]) {
        self.last = recorded.last().map(|fact| fact.id).or(self.last);
        let facts = recorded.iter().filter_map(|fact| {
            let at = fact.at.to_zoned(TimeZone::system()).datetime();
            read_fact(&fact.kind, &fact.content, at)
        });
        self.facts.extend(facts);
    }

    /// The facts attached to the occurrences.
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger::of(&self.occurrences, &self.facts, &[])
    }

    /// Records a deed about the occurrence with this key. `known` is how many of its facts the person saw.
    pub async fn act(
        &self,
        store: &Store,
        known: usize,
        required: &[EvidenceKind],
        fact: &Fact,
        account: Option<AccountId>,
        by: &Authorship<'_>,
    ) -> Result<(), NotRecorded> {
        self.act_in_a_row(store, known, required, std::slice::from_ref(fact), account, by).await
    }

    /// The same for deeds about one occurrence, one after the other: all are recorded, or none.
    pub async fn act_in_a_row(
        &self,
        store: &Store,
        known: usize,
        required: &[EvidenceKind],
        facts: &[Fact],
        account: Option<AccountId>,
        by: &Authorship<'_>,
    ) -> Result<(), NotRecorded> {
        let mut all = self.facts.clone();
        for (before, fact) in facts.iter().enumerate() {
            let ledger = Ledger::of(&self.occurrences, &all, &[]);
            self.checked(&ledger, known + before, required, fact)?;
            all.push(fact.clone());
        }
        let written: Vec<(&str, Value)> =
            facts.iter().map(|fact| (word(&fact.deed), write_fact(fact))).collect();
        let new: Vec<NewFact<'_>> =
            written.iter().map(|(kind, content)| NewFact { subject: &self.subject, kind, content }).collect();
        store.append_facts(&[(&self.subject, self.last)], &new, account, by).await?;
        Ok(())
    }

    /// Records many deeds in one transaction, each about an occurrence of its own and checked for itself. Tells of each
    /// whether it is recorded or why not; those that may be are recorded whatever becomes of the others.
    pub async fn act_on_many(
        &mut self,
        store: &Store,
        deeds: &[Wish],
        account: Option<AccountId>,
        by: &Authorship<'_>,
    ) -> Result<Vec<Result<(), NotRecorded>>, StoreError> {
        let ledger = self.ledger();
        let told: Vec<Result<(), NotRecorded>> =
            deeds.iter().map(|wish| self.checked(&ledger, wish.known, &wish.required, &wish.fact)).collect();
        let fit = deeds.iter().zip(&told).filter(|(_, told)| told.is_ok()).map(|(wish, _)| &wish.fact);
        let new: Vec<(&str, Value)> = fit.clone().map(|fact| (word(&fact.deed), write_fact(fact))).collect();
        let new: Vec<NewFact<'_>> =
            new.iter().map(|(kind, content)| NewFact { subject: &self.subject, kind, content }).collect();
        if !new.is_empty() {
            let ids = store.append_facts(&[(&self.subject, self.last)], &new, account, by).await?;
            let fit: Vec<Fact> = fit.cloned().collect();
            self.last = ids.last().copied();
            self.facts.extend(fit);
        }
        Ok(told)
    }

    fn checked(
        &self,
        ledger: &Ledger<'_>,
        known: usize,
        required: &[EvidenceKind],
        fact: &Fact,
    ) -> Result<(), NotRecorded> {
        let at = self.occurrences.iter().position(|occurrence| occurrence.key == fact.occurrence);
        let at = at.ok_or(NotRecorded::Unknown)?;
        let occurrence = self.occurrences.get(at).ok_or(NotRecorded::Unknown)?;
        record(occurrence, required, ledger.facts(at), known, fact).map_err(NotRecorded::Refused)?;
        Ok(())
    }
}

/// A deed that somebody wants recorded among others.
#[derive(Clone, Debug)]
pub struct Wish {
    /// How many facts of the occurrence the person saw.
    pub known: usize,
    /// Kinds of proof asked for.
    pub required: Vec<EvidenceKind>,
    /// The deed.
    pub fact: Fact,
}

/// The times of the one plan of an order. A plan that names no period is laid on the rest of the year of its act; one
/// without a dated act, on this year.
fn laid_out(order: &Order, today: Date) -> Vec<Occurrence> {
    let Some(plan) = order.plans.first() else { return Vec::new() };
    let start = order.act.date.unwrap_or_else(|| today.first_of_year());
    let period = plan.period.unwrap_or(Period { start, end: start.last_of_year() });
    let frame = Frame { period, act_date: order.act.date };
    occurrences(plan, &frame)
}

/// The kinds of proof that an activity asks for in its cell «Подтверждение».
pub fn required(order: &Order, key: OccurrenceKey) -> Vec<EvidenceKind> {
    let activity = order.plans.first().and_then(|plan| plan.activities().find(|own| own.key == key.activity));
    let cells =
        activity.into_iter().flat_map(|activity| &activity.other).filter(|cell| cell.head == EVIDENCE);
    let mut kinds: Vec<EvidenceKind> = cells
        .flat_map(|cell| evidence_in(&cell.text))
        .filter_map(|evidence| EvidenceKind::of_slug(evidence.kind.word()))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn word(deed: &Deed) -> &'static str {
    match deed {
        Deed::Done { .. } => "done",
        Deed::EvidenceAdded(_) => "evidence",
        Deed::EvidenceWithdrawn { .. } => "evidence-withdrawn",
        Deed::Confirmed => "confirmed",
        Deed::ReturnedForRework { .. } => "returned",
        Deed::Cancelled { .. } => "cancelled",
        Deed::PostponementAsked { .. } => "postponement-asked",
        Deed::PostponementGranted => "postponement-granted",
        Deed::PostponementRefused { .. } => "postponement-refused",
        Deed::Delegated { .. } => "delegated",
        Deed::Comment { .. } => "comment",
    }
}

fn write_fact(fact: &Fact) -> Value {
    let deed = match &fact.deed {
        Deed::Done { text } => json!({ "text": text }),
        Deed::EvidenceAdded(evidence) => write_evidence(evidence),
        Deed::EvidenceWithdrawn { number, reason } => json!({ "number": number, "reason": reason }),
        Deed::ReturnedForRework { reason }
        | Deed::Cancelled { reason }
        | Deed::PostponementRefused { reason } => json!({ "reason": reason }),
        Deed::PostponementAsked { to, reason } => json!({ "to": to.to_string(), "reason": reason }),
        Deed::Delegated { to } => json!({ "to": to }),
        Deed::Comment { text, mentions } => json!({ "text": text, "mentions": mentions }),
        Deed::Confirmed | Deed::PostponementGranted => json!({}),
    };
    json!({
        "occurrence": fact.occurrence.to_string(), "by": fact.by, "party": fact.party.slug(), "deed": deed,
    })
}

fn write_evidence(evidence: &Evidence) -> Value {
    match evidence {
        Evidence::File { sha256, name, bytes } => {
            json!({ "kind": "file", "sha256": sha256, "name": name, "bytes": bytes })
        }
        Evidence::Link(link) => json!({ "kind": "link", "link": link }),
        Evidence::Number { value, unit } => json!({ "kind": "number", "value": value, "unit": unit }),
        Evidence::Minutes(text) => json!({ "kind": "minutes", "text": text }),
    }
}

/// A fact that this program does not know says nothing to it.
pub fn read_fact(kind: &str, content: &Value, at: DateTime) -> Option<Fact> {
    let party = content.get("party")?.as_str()?;
    Some(Fact {
        occurrence: OccurrenceKey::parse(content.get("occurrence")?.as_str()?)?,
        by: content.get("by")?.as_i64()?,
        party: Party::ALL.into_iter().find(|own| own.slug() == party)?,
        at,
        deed: read_deed(kind, content.get("deed")?)?,
    })
}

fn read_deed(kind: &str, deed: &Value) -> Option<Deed> {
    let text = |name: &str| deed.get(name).and_then(Value::as_str).map(str::to_owned);
    let reason = || text("reason").unwrap_or_default();
    Some(match kind {
        "done" => Deed::Done { text: text("text")? },
        "evidence" => Deed::EvidenceAdded(match deed.get("kind")?.as_str()? {
            "file" => Evidence::File {
                sha256: text("sha256")?,
                name: text("name")?,
                bytes: deed.get("bytes")?.as_u64()?,
            },
            "link" => Evidence::Link(text("link")?),
            "number" => Evidence::Number { value: text("value")?, unit: text("unit")? },
            "minutes" => Evidence::Minutes(text("text")?),
            _ => return None,
        }),
        "evidence-withdrawn" => Deed::EvidenceWithdrawn {
            number: u32::try_from(deed.get("number")?.as_u64()?).ok()?,
            reason: reason(),
        },
        "confirmed" => Deed::Confirmed,
        "returned" => Deed::ReturnedForRework { reason: reason() },
        "cancelled" => Deed::Cancelled { reason: reason() },
        "postponement-asked" => Deed::PostponementAsked { to: text("to")?.parse().ok()?, reason: reason() },
        "postponement-granted" => Deed::PostponementGranted,
        "postponement-refused" => Deed::PostponementRefused { reason: reason() },
        "delegated" => Deed::Delegated { to: deed.get("to")?.as_i64()? },
        "comment" => Deed::Comment {
            text: text("text")?,
            mentions: deed.get("mentions")?.as_array()?.iter().filter_map(Value::as_i64).collect(),
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_deed_is_read_back() {
        let text = || "текст".to_owned();
        let deeds = [
            Deed::Done { text: text() },
            Deed::EvidenceAdded(Evidence::File { sha256: "ab".repeat(32), name: text(), bytes: 7 }),
            Deed::EvidenceAdded(Evidence::Link("https://example.ru".to_owned())),
            Deed::EvidenceAdded(Evidence::Number { value: "12,5".to_owned(), unit: "%".to_owned() }),
            Deed::EvidenceAdded(Evidence::Minutes(text())),
            Deed::EvidenceWithdrawn { number: 2, reason: text() },
            Deed::Confirmed,
            Deed::ReturnedForRework { reason: text() },
            Deed::Cancelled { reason: text() },
            Deed::PostponementAsked { to: date(2026, 12, 1), reason: text() },
            Deed::PostponementGranted,
            Deed::PostponementRefused { reason: text() },
            Deed::Delegated { to: 9 },
            Deed::Comment { text: text(), mentions: vec![3, 4] },
        ];
        for deed in deeds {
            let fact = Fact {
                occurrence: OccurrenceKey::parse("12/2026-05-01..2026-05-30").expect("a key"),
                by: 5,
                party: Party::Curator,
                at: date(2026, 11, 22).at(10, 0, 0, 0),
                deed,
            };
            assert_eq!(
                read_fact(word(&fact.deed), &write_fact(&fact), fact.at),
                Some(fact.clone()),
                "{fact:?}"
            );
        }
        assert_eq!(read_deed("dance", &json!({})), None);
    }
}
