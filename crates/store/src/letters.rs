//! Which letters wait to be sent, and who is sending them? A queue: rows change and pass.
//!
//! A letter is claimed with a lease by a conditional update, so that of two nodes one sends it. Whoever was killed with a
//! letter in hand leaves a lease behind that runs out; then it is claimed again, under the same Message-ID.

use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::letter;
use crate::time::{moment, moment_text, storable};
use crate::{AccountId, Store, StoreError};

pub(crate) const WAITING: &str = "waiting";
const SENT: &str = "sent";
const DEAD: &str = "dead";
const DROPPED: &str = "dropped";

/// Settled letters older than this are removed.
const SETTLED_KEPT: SignedDuration = SignedDuration::from_hours(24 * 60);
/// Letters looked at for one claim: as many may be taken by others meanwhile.
const CANDIDATES: u64 = 16;

/// Number of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetterId(pub i64);

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedLetter {
    /// Its number.
    pub id: LetterId,
    /// To whom.
    pub account: AccountId,
    /// By which mail programs know it.
    pub message_id: String,
    /// Kind, a stable word.
    pub kind: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often it was taken into hand.
    pub attempts: i32,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// Why it was not sent; empty before the first failure.
    pub error: String,
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The mail server has it.
    Sent,
    /// It failed and is tried again then.
    Later(Timestamp, String),
    /// It is not tried again.
    GivenUp(String),
    /// Nobody waits for it any more; that is no failure.
    Dropped(String),
}

/// How the queue stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Letters that wait.
    pub waiting: u64,
    /// Of these, letters that failed before.
    pub failing: u64,
    /// Letters given up.
    pub given_up: u64,
}

impl Store {
    /// Takes the next letter into hand until `now + lease`; nothing where none is due. A letter counts an attempt when it
    /// is taken: one that kills its sender is given up in the end, too.
    pub async fn claim_letter(
        &self,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<QueuedLetter>, StoreError> {
        let free = || {
            let over = letter::Column::LeaseUntil.lte(moment_text(now));
            Condition::all()
                .add(letter::Column::State.eq(WAITING))
                .add(letter::Column::NextAt.lte(moment_text(now)))
                .add(Condition::any().add(letter::Column::LeaseUntil.is_null()).add(over))
        };
        let find = letter::Entity::find().filter(free());
        let find = find.order_by_asc(letter::Column::NextAt).order_by_asc(letter::Column::Id);
        for row in find.limit(CANDIDATES).all(&self.connection).await? {
            let taken = letter::Entity::update_many()
                .col_expr(letter::Column::LeaseUntil, Expr::value(moment_text(now + lease)))
                .col_expr(letter::Column::Attempts, Expr::value(row.attempts + 1))
                .filter(letter::Column::Id.eq(row.id))
                .filter(letter::Column::Attempts.eq(row.attempts))
                .filter(free())
                .exec(&self.connection)
                .await?;
            if taken.rows_affected == 1 {
                return Ok(Some(shown(letter::Model { attempts: row.attempts + 1, ..row })));
            }
        }
        Ok(None)
    }

    /// Says what became of a letter in hand. Says no where the lease ran out and somebody else took it.
    pub async fn settle_letter(
        &self,
        taken: &QueuedLetter,
        attempt: &Attempt,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (state, next_at, error) = match attempt {
            Attempt::Sent => (SENT, taken.next_at, ""),
            Attempt::Later(at, error) => (WAITING, *at, error.as_str()),
            Attempt::GivenUp(error) => (DEAD, taken.next_at, error.as_str()),
            Attempt::Dropped(why) => (DROPPED, taken.next_at, why.as_str()),
        };
        let settled = (state != WAITING).then(|| moment_text(now));
        let done = letter::Entity::update_many()
            .col_expr(letter::Column::State, Expr::value(state))
            .col_expr(letter::Column::NextAt, Expr::value(moment_text(next_at)))
            .col_expr(letter::Column::Error, Expr::value(storable(error)))
            .col_expr(letter::Column::LeaseUntil, Expr::value(None::<String>))
            .col_expr(letter::Column::SettledAt, Expr::value(settled))
            .filter(letter::Column::Id.eq(taken.id.0))
            .filter(letter::Column::Attempts.eq(taken.attempts))
            .filter(letter::Column::State.eq(WAITING))
            .exec(&self.connection)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// How many letters wait, fail, were given up.
    pub async fn letter_queue(&self) -> Result<Queue, StoreError> {
        let waiting = letter::Entity::find().filter(letter::Column::State.eq(WAITING));
        Ok(Queue {
            waiting: waiting.clone().count(&self.connection).await?,
            failing: waiting.filter(letter::Column::Error.ne("")).count(&self.connection).await?,
            given_up: letter::Entity::find()
                .filter(letter::Column::State.eq(DEAD))
                .count(&self.connection)
                .await?,
        })
    }

    /// Letters that failed: those that are tried again first, then those given up; the newest first.
    pub async fn failed_letters(&self, most: u64) -> Result<Vec<(QueuedLetter, bool)>, StoreError> {
        let mut found = Vec::new();
        for (state, is_given_up) in [(WAITING, false), (DEAD, true)] {
            let find = letter::Entity::find().filter(letter::Column::State.eq(state));
            let find = find.filter(letter::Column::Error.ne("")).order_by_desc(letter::Column::Id);
            let rows = find.limit(most).all(&self.connection).await?;
            found.extend(rows.into_iter().map(|row| (shown(row), is_given_up)));
        }
        Ok(found)
    }

    /// Puts all letters that failed or were given up in line again, at once.
    pub async fn send_letters_again(&self, now: Timestamp) -> Result<u64, StoreError> {
        let dead = letter::Column::State.eq(DEAD);
        let failed =
            Condition::all().add(letter::Column::State.eq(WAITING)).add(letter::Column::Error.ne(""));
        let free = Condition::any()
            .add(letter::Column::LeaseUntil.is_null())
            .add(letter::Column::LeaseUntil.lte(moment_text(now)));
        let done = letter::Entity::update_many()
            .col_expr(letter::Column::State, Expr::value(WAITING))
            .col_expr(letter::Column::NextAt, Expr::value(moment_text(now)))
            .col_expr(letter::Column::Attempts, Expr::value(0))
            .col_expr(letter::Column::SettledAt, Expr::value(None::<String>))
            .filter(Condition::any().add(dead).add(failed))
            .filter(free)
            .exec(&self.connection)
            .await?;
        Ok(done.rows_affected)
    }

    /// Removes letters that were settled long ago, with their text. The notices they carried stay.
    pub async fn forget_letters(&self, now: Timestamp) -> Result<(), StoreError> {
        use crate::entity::notice;
        let past = letter::Column::SettledAt.lt(moment_text(now - SETTLED_KEPT));
        let find = letter::Entity::find().select_only().column(letter::Column::Id).filter(past);
        let ids: Vec<i64> = find.limit(500).into_tuple().all(&self.connection).await?;
        if ids.is_empty() {
            return Ok(());
        }
        // A read mark keeps a notice out of later letters as well as the letter did.
        notice::Entity::update_many()
            .col_expr(notice::Column::LetterId, Expr::value(None::<i64>))
            .col_expr(notice::Column::ReadAt, Expr::value(moment_text(now)))
            .filter(notice::Column::LetterId.is_in(ids.clone()))
            .exec(&self.connection)
            .await?;
        letter::Entity::delete_many().filter(letter::Column::Id.is_in(ids)).exec(&self.connection).await?;
        Ok(())
    }
}

fn shown(row: letter::Model) -> QueuedLetter {
    QueuedLetter {
        id: LetterId(row.id),
        account: AccountId(row.account_id),
        message_id: row.message_id,
        kind: row.kind,
        subject: row.subject,
        body: row.body,
        created_at: moment(&row.created_at),
        attempts: row.attempts,
        next_at: moment(&row.next_at),
        error: row.error,
    }
}
