//! What was each person told, and what of it was read?
//!
//! A notice says what facts say and is no fact itself: it is marked as read, and passes. What is told and the letter that
//! carries it are written in one transaction, by whoever read the marks last: of two nodes that found the same news one
//! tells it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set, TryInsertResult,
};

use crate::entity::{fact, letter, notice, notice_mark};
use crate::letters::WAITING;
use crate::time::{moment, moment_text, storable};
use crate::writing::Writing;
use crate::{AccountId, FactId, Store, StoreError};

/// Keys asked for with one query.
const KEYS: usize = 400;
/// Rows of one insertion: SQLite takes some thirty thousand values in one statement.
const ROWS: usize = 400;
/// Unread notices are counted no further: a badge shows «99+».
pub const UNREAD_MAX: u64 = 100;
/// Read notices older than this are removed.
const READ_KEPT: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Number of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeId(pub i64);

/// Up to where people were told. `generation` grows with each telling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoticeMarks {
    /// How often something was told.
    pub generation: i64,
    /// The last fact that was looked at.
    pub fact: i64,
    /// The last event of the journal that was looked at.
    pub event: i64,
    /// The last grant of a role that was looked at.
    pub grant: i64,
}

impl NoticeMarks {
    /// Whether nothing was recorded between the two.
    #[must_use]
    pub fn is_at(self, other: Self) -> bool {
        (self.fact, self.event, self.grant) == (other.fact, other.event, other.grant)
    }
}

/// A notice to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// To whom.
    pub account: AccountId,
    /// Under which it is told once.
    pub key: String,
    /// What it is about, a stable word.
    pub topic: String,
    /// What kind of news it is, a stable word.
    pub news: String,
    /// One sentence.
    pub body: String,
    /// Where to look.
    pub path: String,
}

/// A letter to be sent, with the keys of the notices that it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// To whom.
    pub account: AccountId,
    /// By which mail programs know it: a second letter under the same name is not written.
    pub message_id: String,
    /// Kind, a stable word.
    pub kind: String,
    /// The day it belongs to.
    pub day: Date,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Keys of its notices.
    pub keys: Vec<String>,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: NoticeId,
    /// To whom.
    pub account: AccountId,
    /// Under which it was told.
    pub key: String,
    /// What it is about.
    pub topic: String,
    /// What kind of news it is.
    pub news: String,
    /// One sentence.
    pub body: String,
    /// Where to look.
    pub path: String,
    /// When it was told.
    pub at: Timestamp,
    /// It was read.
    pub read: bool,
    /// A letter carries it.
    pub in_letter: bool,
}

impl Store {
    /// Up to where people were told; nothing before the first telling.
    pub async fn notice_marks(&self) -> Result<Option<NoticeMarks>, StoreError> {
        marks(&self.connection).await
    }

    /// The first facts after a number, in order: a large history is read in pieces.
    pub async fn some_facts_after(&self, id: FactId, most: u64) -> Result<Vec<crate::Fact>, StoreError> {
        let find = fact::Entity::find().filter(fact::Column::Id.gt(id.0));
        let rows = find.order_by_asc(fact::Column::Id).limit(most).all(&self.connection).await?;
        Ok(rows.into_iter().map(crate::facts::shown).collect())
    }

    /// Tells notices and writes the letters that carry them, if nobody has told anything since `seen` was read; else
    /// writes nothing and says no. A notice that was told under the same key stays as it is.
    pub async fn tell(
        &self,
        seen: Option<NoticeMarks>,
        marks_after: NoticeMarks,
        notices: &[NewNotice],
        letters: &[NewLetter],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let writing = Writing::begin(&self.connection).await?;
        let transaction = writing.transaction();
        if marks(transaction).await? != seen {
            return Ok(false);
        }
        for some in notices.chunks(ROWS) {
            let rows = some.iter().map(|new| notice_row(new, now));
            let known = OnConflict::columns([notice::Column::Key, notice::Column::AccountId]);
            notice::Entity::insert_many(rows)
                .on_conflict(known.clone().do_nothing().to_owned())
                .try_insert()
                .exec_without_returning(transaction)
                .await?;
        }
        for new in letters {
            write_letter(transaction, new, now).await?;
        }
        let after = [
            ("generation", seen.map_or(0, |seen| seen.generation) + 1),
            ("fact", marks_after.fact),
            ("event", marks_after.event),
            ("grant", marks_after.grant),
        ];
        for (name, value) in after {
            let row = notice_mark::ActiveModel { name: Set(name.to_owned()), value: Set(value) };
            let known = OnConflict::column(notice_mark::Column::Name)
                .update_column(notice_mark::Column::Value)
                .to_owned();
            notice_mark::Entity::insert(row).on_conflict(known).exec_without_returning(transaction).await?;
        }
        writing.commit().await?;
        Ok(true)
    }

    /// What was told under these keys, to whomever.
    pub async fn told(&self, keys: &[String]) -> Result<Vec<Notice>, StoreError> {
        let mut found = Vec::new();
        for some in keys.chunks(KEYS) {
            let find =
                notice::Entity::find().filter(notice::Column::Key.is_in(some.iter().map(String::as_str)));
            found.extend(find.all(&self.connection).await?.into_iter().map(shown));
        }
        Ok(found)
    }

    /// Notices of a kind of news since a moment that were neither read nor put into a letter.
    pub async fn unsent_notices(&self, news: &str, since: Timestamp) -> Result<Vec<Notice>, StoreError> {
        let find = notice::Entity::find()
            .filter(notice::Column::CreatedAt.gte(moment_text(since)))
            .filter(notice::Column::News.eq(news))
            .filter(notice::Column::LetterId.is_null())
            .filter(notice::Column::ReadAt.is_null());
        let rows = find.order_by_asc(notice::Column::Id).all(&self.connection).await?;
        Ok(rows.into_iter().map(shown).collect())
    }

    /// The day of the last letter of a kind to each person, from a day on.
    pub async fn last_letters(
        &self,
        kind: &str,
        from: Date,
    ) -> Result<BTreeMap<AccountId, Date>, StoreError> {
        let rows: Vec<(i64, String)> = letter::Entity::find()
            .select_only()
            .column(letter::Column::AccountId)
            .column(letter::Column::Day)
            .filter(letter::Column::Day.gte(from.to_string()))
            .filter(letter::Column::Kind.eq(kind))
            .into_tuple()
            .all(&self.connection)
            .await?;
        let mut last = BTreeMap::new();
        for (account, day) in rows {
            let Ok(day) = day.parse::<Date>() else { continue };
            let kept = last.entry(AccountId(account)).or_insert(day);
            *kept = (*kept).max(day);
        }
        Ok(last)
    }

    /// How many notices of a person are unread, counted up to [`UNREAD_MAX`].
    pub async fn unread_notices(&self, account: AccountId) -> Result<u64, StoreError> {
        let find = notice::Entity::find().select_only().column(notice::Column::Id);
        let find = find.filter(notice::Column::AccountId.eq(account.0));
        let find = find.filter(notice::Column::ReadAt.is_null()).limit(UNREAD_MAX);
        let ids: Vec<i64> = find.into_tuple().all(&self.connection).await?;
        Ok(u64::try_from(ids.len()).unwrap_or(UNREAD_MAX))
    }

    /// A page of the notices of a person, the newest first, and how many there are. Pages count from one.
    pub async fn notices(
        &self,
        account: AccountId,
        unread_only: bool,
        page: u64,
        size: u64,
    ) -> Result<(Vec<Notice>, u64), StoreError> {
        let mut find = notice::Entity::find().filter(notice::Column::AccountId.eq(account.0));
        if unread_only {
            find = find.filter(notice::Column::ReadAt.is_null());
        }
        let total = find.clone().count(&self.connection).await?;
        let skipped = page.saturating_sub(1).saturating_mul(size);
        let find = find.order_by_desc(notice::Column::Id).offset(skipped.min(total)).limit(size);
        let rows = find.all(&self.connection).await?;
        Ok((rows.into_iter().map(shown).collect(), total))
    }

    /// A notice of a person.
    pub async fn notice(&self, account: AccountId, id: NoticeId) -> Result<Option<Notice>, StoreError> {
        let find = notice::Entity::find_by_id(id.0).filter(notice::Column::AccountId.eq(account.0));
        Ok(find.one(&self.connection).await?.map(shown))
    }

    /// Marks notices of a person as read: one, or all without a number.
    pub async fn read_notices(
        &self,
        account: AccountId,
        id: Option<NoticeId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut update = notice::Entity::update_many()
            .col_expr(notice::Column::ReadAt, Expr::value(moment_text(now)))
            .filter(notice::Column::AccountId.eq(account.0))
            .filter(notice::Column::ReadAt.is_null());
        if let Some(id) = id {
            update = update.filter(notice::Column::Id.eq(id.0));
        }
        update.exec(&self.connection).await?;
        Ok(())
    }

    /// Removes read notices of the past.
    pub async fn forget_notices(&self, now: Timestamp) -> Result<(), StoreError> {
        let past = moment_text(now - READ_KEPT);
        notice::Entity::delete_many().filter(notice::Column::ReadAt.lt(past)).exec(&self.connection).await?;
        Ok(())
    }
}

async fn marks<C: ConnectionTrait>(connection: &C) -> Result<Option<NoticeMarks>, StoreError> {
    let rows = notice_mark::Entity::find().all(connection).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let value = |name: &str| rows.iter().find(|row| row.name == name).map_or(0, |row| row.value);
    Ok(Some(NoticeMarks {
        generation: value("generation"),
        fact: value("fact"),
        event: value("event"),
        grant: value("grant"),
    }))
}

fn notice_row(new: &NewNotice, now: Timestamp) -> notice::ActiveModel {
    notice::ActiveModel {
        account_id: Set(new.account.0),
        key: Set(storable(&new.key)),
        topic: Set(new.topic.clone()),
        news: Set(new.news.clone()),
        body: Set(storable(&new.body)),
        path: Set(storable(&new.path)),
        created_at: Set(moment_text(now)),
        ..Default::default()
    }
}

async fn write_letter(
    transaction: &DatabaseTransaction,
    new: &NewLetter,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = letter::ActiveModel {
        account_id: Set(new.account.0),
        message_id: Set(storable(&new.message_id)),
        kind: Set(new.kind.clone()),
        day: Set(new.day.to_string()),
        subject: Set(storable(&new.subject)),
        body: Set(storable(&new.body)),
        created_at: Set(moment_text(now)),
        state: Set(WAITING.to_owned()),
        attempts: Set(0),
        next_at: Set(moment_text(now)),
        error: Set(String::new()),
        ..Default::default()
    };
    let known = OnConflict::column(letter::Column::MessageId).do_nothing().to_owned();
    let written = letter::Entity::insert(row)
        .on_conflict(known)
        .try_insert()
        .exec_without_returning(transaction)
        .await?;
    if !matches!(written, TryInsertResult::Inserted(1..)) {
        return Ok(());
    }
    let id: Option<i64> = letter::Entity::find()
        .select_only()
        .column(letter::Column::Id)
        .filter(letter::Column::MessageId.eq(storable(&new.message_id)))
        .into_tuple()
        .one(transaction)
        .await?;
    for some in new.keys.chunks(KEYS) {
        notice::Entity::update_many()
            .col_expr(notice::Column::LetterId, Expr::value(id))
            .filter(notice::Column::AccountId.eq(new.account.0))
            .filter(notice::Column::Key.is_in(some.iter().map(String::as_str)))
            .filter(notice::Column::LetterId.is_null())
            .exec(transaction)
            .await?;
    }
    Ok(())
}

fn shown(row: notice::Model) -> Notice {
    Notice {
        id: NoticeId(row.id),
        account: AccountId(row.account_id),
        key: row.key,
        topic: row.topic,
        news: row.news,
        body: row.body,
        path: row.path,
        at: moment(&row.created_at),
        read: row.read_at.is_some(),
        in_letter: row.letter_id.is_some(),
    }
}
