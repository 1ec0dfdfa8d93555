//! What do invented people tell of what they did, and by what do they prove it?

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use opora_cycle::vocabulary::Order;
use opora_execution::{Account, Deed, Evidence, EvidenceKind, Fact, Occurrence, Party, due};
use opora_neutral::Format;
use opora_store::{Authorship, NewSource, Store, StoreError};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::cast::Who;
use super::story::moment;
use crate::usecases::execution::{Execution, Wish, required};

/// By what deeds are proved.
pub(super) struct Proving {
    /// A site that does not exist.
    pub(super) site: String,
    /// Whose deeds they are.
    pub(super) name: String,
    /// So that numbers differ.
    pub(super) number: usize,
}

/// Who tells, where it is recorded, and when.
pub(super) struct Teller<'a> {
    pub(super) store: &'a Store,
    pub(super) who: &'a Who,
    pub(super) local: DateTime,
    pub(super) proving: Proving,
}

impl Teller<'_> {
    /// Tells what was done of a plan, with what proves it. What is not `remembered` is never told of.
    pub(super) async fn report(
        &self,
        order: &Order,
        execution: &mut Execution,
        remembered: &(dyn Fn(&Occurrence) -> bool + Sync),
        chance: &mut ChaCha8Rng,
    ) -> Result<(), StoreError> {
        let (store, day) = (self.store, self.local.date());
        let by = Authorship { who: &self.who.name, reason: "", at: moment(self.local) };
        let (mut proofs, mut done): (Vec<Wish>, Vec<Wish>) = (Vec::new(), Vec::new());
        for (occurrence, account) in execution.ledger().accounts() {
            if !remembered(occurrence) {
                continue;
            }
            let Some(told) = told_of(occurrence, &account, day, chance) else { continue };
            let said = |deed, required: &[EvidenceKind]| {
                wish(occurrence, &account, (self.who, Party::Performer), self.local, deed, required)
            };
            if matches!(told, Deed::PostponementAsked { .. }) {
                done.push(said(told, &[]));
                continue;
            }
            let required = required(order, occurrence.key);
            let mut missing = account.missing_evidence(&required);
            if required.is_empty() && account.evidence.is_empty() {
                missing.push(EvidenceKind::Link);
            }
            for (added, kind) in missing.iter().enumerate() {
                let proof = proof(store, *kind, (&self.proving, day), &by).await?;
                let mut wish = said(Deed::EvidenceAdded(proof), &[]);
                wish.known += added;
                proofs.push(wish);
            }
            let mut wish = said(told, &required);
            wish.known += missing.len();
            done.push(wish);
        }
        // A deed is checked against what is recorded: proofs of one occurrence go one by one.
        while !proofs.is_empty() {
            let mut seen = BTreeSet::new();
            let (now, later): (Vec<Wish>, Vec<Wish>) =
                proofs.into_iter().partition(|wish| seen.insert(wish.fact.occurrence));
            execution.act_on_many(store, &now, Some(self.who.account), &by).await?;
            proofs = later;
        }
        execution.act_on_many(store, &done, Some(self.who.account), &by).await?;
        Ok(())
    }
}

/// What there is to tell of an occurrence on a day, if anything. What is late is told sooner or later, or asked to be
/// postponed.
fn told_of(
    occurrence: &Occurrence,
    account: &Account<'_>,
    today: Date,
    chance: &mut ChaCha8Rng,
) -> Option<Deed> {
    let last_day = due(occurrence, account).filter(|_| account.phase.is_to_do())?;
    let opened = occurrence.window.is_none_or(|window| window.from <= today);
    let days_left = (last_day - today).get_days();
    let likely = match days_left {
        21.. => 0.0,
        0..=20 => 0.75,
        _ => 0.5,
    };
    if !opened || !chance.random_bool(likely) {
        return None;
    }
    if days_left < 0 && account.asked.is_none() && chance.random_bool(0.15) {
        let to = today.saturating_add(jiff::ToSpan::days(21));
        return Some(Deed::PostponementAsked {
            to, reason: "Занятие перенесли из-за карантина.".to_owned()
        });
    }
    Some(Deed::Done { text: "Выполнено по плану.".to_owned() })
}

pub(super) fn wish(
    occurrence: &Occurrence,
    account: &Account<'_>,
    (who, party): (&Who, Party),
    at: DateTime,
    deed: Deed,
    required: &[EvidenceKind],
) -> Wish {
    let fact = Fact { occurrence: occurrence.key, by: who.account.0, party, at, deed };
    Wish { known: account.facts, required: required.to_vec(), fact }
}

/// A proof of a kind.
async fn proof(
    store: &Store,
    kind: EvidenceKind,
    (proving, day): (&Proving, Date),
    by: &Authorship<'_>,
) -> Result<Evidence, StoreError> {
    Ok(match kind {
        EvidenceKind::Link => Evidence::Link(format!("https://{}/news/{day}", proving.site)),
        EvidenceKind::Number => Evidence::Number {
            value: (8 + proving.number % 9).to_string(),
            unit: "человек".to_owned(),
        },
        EvidenceKind::Minutes => {
            Evidence::Minutes("Слушали: итоги занятия. Решили: продолжить в том же составе.".to_owned())
        }
        EvidenceKind::File => {
            let text =
                format!("Справка\n{}\nМероприятие проведено, участники отмечены в журнале.\n", proving.name);
            let name = "справка.txt";
            let source = NewSource { name, format: Format::Text, bytes: text.as_bytes() };
            let sha256 = store.add_file(&source, by).await?;
            Evidence::File { sha256, name: name.to_owned(), bytes: text.len() as u64 }
        }
    })
}
