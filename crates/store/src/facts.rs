//! What was said and done about a thing of the programme: approvals, answers, evidence, visits?
//!
//! The store knows neither kinds nor contents: each room's edge in the application owns its wire form. It keeps order,
//! authorship and the rule that nobody writes on the base of something older than what is recorded.

use futures_util::TryStreamExt;
use jiff::Timestamp;
use opora_exchange::sha256_hex;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Set,
};
use serde_json::{Value, json};

use crate::entity::fact;
use crate::time::{moment, moment_text, storable};
use crate::writing::{ROWS_MAX, Writing};
use crate::{AccountId, Authorship, Store, StoreError};

/// Number of a fact, growing through the whole database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub i64);

/// A fact to record.
#[derive(Clone, Copy, Debug)]
pub struct NewFact<'a> {
    /// About what: `roadmap/12`, `diagnosis/7/2026`.
    pub subject: &'a str,
    /// What kind, a stable word: `submit`.
    pub kind: &'a str,
    /// The rest, in the wire form of the room.
    pub content: &'a Value,
}

/// A recorded fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Its number.
    pub id: FactId,
    /// About what.
    pub subject: String,
    /// What kind.
    pub kind: String,
    /// The rest.
    pub content: Value,
    /// When.
    pub at: Timestamp,
    /// Who, as shown.
    pub who: String,
    /// Whose account.
    pub account: Option<AccountId>,
}

impl Store {
    /// Records facts together, each with its event in the journal. `known` holds, for each subject, the last fact that
    /// the decision was made on: when a newer one is there, somebody else was first and nothing is written.
    pub async fn append_facts(
        &self,
        known: &[(&str, Option<FactId>)],
        new: &[NewFact<'_>],
        account: Option<AccountId>,
        by: &Authorship<'_>,
    ) -> Result<Vec<FactId>, StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        let ids = write_facts(&writing, known, new, account, by).await?;
        writing.commit().await?;
        Ok(ids)
    }

    /// The facts about a subject, in order.
    pub async fn facts(&self, subject: &str) -> Result<Vec<Fact>, StoreError> {
        self.facts_since(subject, FactId(0)).await
    }

    /// The facts about a subject after one of them, in order.
    pub async fn facts_since(&self, subject: &str, last: FactId) -> Result<Vec<Fact>, StoreError> {
        Ok(about(subject, last).all(&self.connection).await?.into_iter().map(shown).collect())
    }

    /// At most so many facts about a subject after a number, in order: for what is added up without holding all of it.
    pub async fn facts_of_after(
        &self,
        subject: &str,
        after: FactId,
        most: u64,
    ) -> Result<Vec<Fact>, StoreError> {
        let some = about(subject, after).limit(most);
        Ok(some.all(&self.connection).await?.into_iter().map(shown).collect())
    }

    /// How many facts there are about a subject.
    pub async fn count_facts(&self, subject: &str) -> Result<u64, StoreError> {
        let find = fact::Entity::find().filter(fact::Column::Subject.eq(storable(subject)));
        Ok(find.count(&self.connection).await?)
    }

    /// The newest of all facts; number zero before the first. Facts become visible in the order of their numbers, as
    /// writers take turns: whoever has looked at all up to this one goes on from there, misses none and looks at none
    /// twice.
    pub async fn newest_fact(&self) -> Result<FactId, StoreError> {
        let newest: Option<i64> = fact::Entity::find()
            .select_only()
            .column(fact::Column::Id)
            .order_by_desc(fact::Column::Id)
            .limit(1)
            .into_tuple()
            .one(&self.connection)
            .await?;
        Ok(FactId(newest.unwrap_or_default()))
    }

    /// The facts after one and up to another whose subject begins with one of these words, in order.
    pub async fn news(
        &self,
        beginnings: &[&str],
        between: (FactId, FactId),
    ) -> Result<Vec<Fact>, StoreError> {
        let mut news = Vec::new();
        self.each_new(beginnings, between, |fact| news.push(fact)).await?;
        Ok(news)
    }

    /// Tells the same one by one: a history of years fits into memory as what is made of it, not as it is written.
    pub async fn each_new(
        &self,
        beginnings: &[&str],
        (after, upto): (FactId, FactId),
        mut tell: impl FnMut(Fact),
    ) -> Result<(), StoreError> {
        if after >= upto || beginnings.is_empty() {
            return Ok(());
        }
        let find = self.between(beginnings, after, upto).order_by_asc(fact::Column::Id);
        let mut rows = find.stream(&self.connection).await?;
        while let Some(row) = rows.try_next().await? {
            tell(shown(row));
        }
        Ok(())
    }

    /// How many facts of each subject there are among them.
    pub async fn count_news(
        &self,
        beginnings: &[&str],
        (after, upto): (FactId, FactId),
    ) -> Result<Vec<(String, i64)>, StoreError> {
        if after >= upto || beginnings.is_empty() {
            return Ok(Vec::new());
        }
        let counted = self.between(beginnings, after, upto).select_only().column(fact::Column::Subject);
        let counted = counted.column_as(fact::Column::Id.count(), "facts").group_by(fact::Column::Subject);
        Ok(counted.into_tuple().all(&self.connection).await?)
    }

    fn between(&self, beginnings: &[&str], after: FactId, upto: FactId) -> Select<fact::Entity> {
        // A history of millions is found by subject when it is read for the first time, and by number afterwards. SQLite
        // compares texts byte by byte and can look a beginning up as a range; it has no other way to use its index.
        let by_range = after.0 == 0 && self.connection.get_database_backend() == DbBackend::Sqlite;
        let any = beginnings.iter().fold(Condition::any(), |any, beginning| {
            let (subject, beginning) = (fact::Column::Subject, storable(beginning));
            any.add(if by_range {
                let next = format!("{beginning}\u{10ffff}");
                Condition::all().add(subject.gte(beginning)).add(subject.lt(next))
            } else {
                Condition::all().add(subject.starts_with(beginning))
            })
        });
        let find = fact::Entity::find().filter(fact::Column::Id.lte(upto.0)).filter(any);
        if by_range { find } else { find.filter(fact::Column::Id.gt(after.0)) }
    }
}

/// The facts about a subject after one of them, in order.
fn about(subject: &str, after: FactId) -> Select<fact::Entity> {
    let find = fact::Entity::find().filter(fact::Column::Subject.eq(storable(subject)));
    find.filter(fact::Column::Id.gt(after.0)).order_by_asc(fact::Column::Id)
}

/// Records facts within a write that has begun; see [`Store::append_facts`].
pub(crate) async fn write_facts(
    writing: &Writing,
    known: &[(&str, Option<FactId>)],
    new: &[NewFact<'_>],
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<Vec<FactId>, StoreError> {
    for (subject, seen) in known {
        if last(writing.transaction(), subject).await? != *seen {
            return Err(StoreError::FactFirst);
        }
    }
    let texts: Vec<String> = new.iter().map(|fact| fact.content.to_string()).collect();
    let rows: Vec<fact::ActiveModel> =
        new.iter().zip(&texts).map(|(fact, text)| row(fact, text, account, by)).collect();
    let mut ids = Vec::with_capacity(new.len());
    for chunk in rows.chunks(ROWS_MAX) {
        let insert = fact::Entity::insert_many(chunk.iter().cloned());
        ids.extend(insert.exec_with_returning_keys(writing.transaction()).await?);
    }
    // Rows are numbered in the order in which they are told, and may be returned in another.
    ids.sort_unstable();
    let events = new.iter().zip(&texts).zip(&ids).map(|((fact, text), id)| {
        // Only a hash: what an anonymous form says is for sums, and the journal is read by people.
        let content = sha256_hex(text.as_bytes());
        let details = json!({ "fact": id, "content": content, "reason": by.reason });
        (format!("fact.{}", fact.kind), fact.subject.to_owned(), details.to_string())
    });
    writing.audit_all(events.collect(), by).await?;
    Ok(ids.into_iter().map(FactId).collect())
}

fn row(
    fact: &NewFact<'_>,
    content: &str,
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> fact::ActiveModel {
    fact::ActiveModel {
        subject: Set(storable(fact.subject)),
        kind: Set(storable(fact.kind)),
        content: Set(storable(content)),
        created_at: Set(moment_text(by.at)),
        created_by: Set(storable(by.who)),
        account_id: Set(account.map(|account| account.0)),
        ..Default::default()
    }
}

async fn last<C: ConnectionTrait>(connection: &C, subject: &str) -> Result<Option<FactId>, StoreError> {
    let id: Option<i64> = fact::Entity::find()
        .select_only()
        .column(fact::Column::Id)
        .filter(fact::Column::Subject.eq(storable(subject)))
        .order_by_desc(fact::Column::Id)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(id.map(FactId))
}

pub(crate) fn shown(row: fact::Model) -> Fact {
    Fact {
        id: FactId(row.id),
        subject: row.subject,
        kind: row.kind,
        // A spoiled cell hides nothing of the rest; the journal reports it.
        content: serde_json::from_str(&row.content).unwrap_or(Value::Null),
        at: moment(&row.created_at),
        who: row.created_by,
        account: row.account_id.map(AccountId),
    }
}
