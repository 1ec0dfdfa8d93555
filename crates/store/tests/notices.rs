//! Is everything told once and every letter sent by one, on both databases?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail where it stands"
)]

mod place;

use std::collections::BTreeSet;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use opora_store::{
    AccountId, Attempt, DatabaseUrl, NewAccount, NewLetter, NewNotice, NoticeMarks, Queue, Store,
};
use place::{by, on_both_databases};

on_both_databases!(
    the_same_is_told_once,
    of_two_nodes_one_tells,
    what_was_read_is_counted_no_more,
    of_many_senders_one_has_a_letter,
    a_letter_outlives_its_sender,
    a_letter_waits_for_its_next_try,
    what_is_long_over_is_forgotten,
);

const LEASE: SignedDuration = SignedDuration::from_mins(5);

fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

async fn account(store: &Store, login: &str) -> AccountId {
    let new = NewAccount { login, mail: "", name: "Ким Вера" };
    store.create_account(&new, &by("Оператор", "", 3)).await.unwrap()
}

fn notice(account: AccountId, key: &str) -> NewNotice {
    NewNotice {
        account,
        key: key.to_owned(),
        topic: "deadlines".to_owned(),
        news: "happened".to_owned(),
        body: "Срок \0 прошёл".to_owned(),
        path: "plans/1/work".to_owned(),
    }
}

fn letter(account: AccountId, message_id: &str, keys: &[&str]) -> NewLetter {
    NewLetter {
        account,
        message_id: message_id.to_owned(),
        kind: "digest".to_owned(),
        day: date(2026, 11, 22),
        subject: "Сводка".to_owned(),
        body: "Здравствуйте.".to_owned(),
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
    }
}

async fn told(store: &Store, notices: &[NewNotice], letters: &[NewLetter]) {
    let seen = store.notice_marks().await.unwrap();
    assert!(store.tell(seen, seen.unwrap_or_default(), notices, letters, at(0)).await.unwrap());
}

async fn the_same_is_told_once(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let (one, other) = (account(&store, "one").await, account(&store, "other").await);
    let all = [notice(one, "a"), notice(one, "b"), notice(one, "a"), notice(other, "a")];
    let letters = [letter(one, "digest-1", &["a"]), letter(one, "digest-1", &["b"])];
    told(&store, &all, &letters).await;
    told(&store, &all, &letters).await;
    let keys = ["a", "b", "c"].map(str::to_owned);
    let found = store.told(&keys).await.unwrap();
    assert_eq!(found.len(), 3);
    let lettered: BTreeSet<&str> =
        found.iter().filter(|notice| notice.in_letter).map(|notice| notice.key.as_str()).collect();
    assert_eq!(lettered, BTreeSet::from(["a"]), "a letter under a known name is not written");
    assert_eq!(
        found.iter().filter(|notice| notice.in_letter).count(),
        1,
        "letters carry the own notices only"
    );
    let unsent = store.unsent_notices("happened", at(-1)).await.unwrap();
    assert_eq!(
        unsent.iter().map(|notice| (notice.account, notice.key.as_str())).collect::<Vec<_>>(),
        [(one, "b"), (other, "a")]
    );
    assert_eq!(store.letter_queue().await.unwrap(), Queue { waiting: 1, failing: 0, given_up: 0 });
    let last = store.last_letters("digest", date(2026, 11, 21)).await.unwrap();
    assert_eq!(last.into_iter().collect::<Vec<_>>(), [(one, date(2026, 11, 22))]);
}

async fn of_two_nodes_one_tells(url: DatabaseUrl) {
    let (one, other) = (Store::open(&url).await.unwrap(), Store::open(&url).await.unwrap());
    let id = account(&one, "one").await;
    let seen = one.notice_marks().await.unwrap();
    assert_eq!((seen, other.notice_marks().await.unwrap()), (None, None));
    let after = NoticeMarks { fact: 7, event: 9, grant: 2, generation: 0 };
    let news = [notice(id, "a")];
    let (first, second) = ([letter(id, "first", &["a"])], [letter(id, "second", &["a"])]);
    let both = tokio::join!(
        one.tell(seen, after, &news, &first, at(0)),
        other.tell(seen, after, &news, &second, at(0)),
    );
    let told = [both.0.unwrap(), both.1.unwrap()];
    assert_eq!(told.iter().filter(|told| **told).count(), 1);
    assert_eq!(one.letter_queue().await.unwrap().waiting, 1);
    assert_eq!(one.notice_marks().await.unwrap(), Some(NoticeMarks { generation: 1, ..after }));
}

async fn what_was_read_is_counted_no_more(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let (one, other) = (account(&store, "one").await, account(&store, "other").await);
    let mut all: Vec<NewNotice> = (0..120).map(|number| notice(one, &format!("k{number}"))).collect();
    all.push(notice(other, "k0"));
    told(&store, &all, &[]).await;
    assert_eq!(store.unread_notices(one).await.unwrap(), 100, "counted no further");
    let (newest, total) = store.notices(one, false, 1, 50).await.unwrap();
    assert_eq!((newest.len(), total, newest[0].key.as_str()), (50, 120, "k119"));
    assert_eq!(newest[0].body, "Срок \u{fffd} прошёл");
    assert_eq!(store.notice(other, newest[0].id).await.unwrap(), None, "of another person");
    store.read_notices(other, Some(newest[0].id), at(1)).await.unwrap();
    assert!(!store.notice(one, newest[0].id).await.unwrap().unwrap().read);
    store.read_notices(one, Some(newest[0].id), at(1)).await.unwrap();
    let (unread, total) = store.notices(one, true, 3, 50).await.unwrap();
    assert_eq!((unread.len(), total), (19, 119));
    store.read_notices(one, None, at(1)).await.unwrap();
    assert_eq!(store.unread_notices(one).await.unwrap(), 0);
    assert_eq!(store.unread_notices(other).await.unwrap(), 1);
    assert_eq!(store.notices(one, false, 99, 50).await.unwrap().0, []);
}

async fn of_many_senders_one_has_a_letter(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "one").await;
    let letters: Vec<NewLetter> = (0..6).map(|number| letter(id, &format!("m{number}"), &[])).collect();
    told(&store, &[], &letters).await;
    let mut senders = Vec::new();
    for _ in 0..4 {
        let url = url.clone();
        senders.push(tokio::spawn(async move {
            let own = Store::open(&url).await.unwrap();
            let mut taken = Vec::new();
            while let Some(letter) = own.claim_letter(at(1), LEASE).await.unwrap() {
                assert!(own.settle_letter(&letter, &Attempt::Sent, at(1)).await.unwrap());
                taken.push(letter.message_id);
            }
            taken
        }));
    }
    let mut all = Vec::new();
    for sender in senders {
        all.extend(sender.await.unwrap());
    }
    all.sort();
    assert_eq!(all, ["m0", "m1", "m2", "m3", "m4", "m5"], "each once");
}

async fn a_letter_outlives_its_sender(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "one").await;
    told(&store, &[], &[letter(id, "m", &[])]).await;
    let killed = store.claim_letter(at(0), LEASE).await.unwrap().unwrap();
    assert_eq!(store.claim_letter(at(4), LEASE).await.unwrap(), None, "in hand");
    assert_eq!(store.claim_letter(at(-60), LEASE).await.unwrap(), None, "a clock put back takes nothing");
    let again = store.claim_letter(at(5), LEASE).await.unwrap().unwrap();
    assert_eq!((again.message_id.as_str(), again.attempts), ("m", 2));
    // The first one was only slow: what it says comes too late.
    assert!(!store.settle_letter(&killed, &Attempt::Sent, at(6)).await.unwrap());
    assert!(store.settle_letter(&again, &Attempt::Sent, at(6)).await.unwrap());
    assert_eq!(store.claim_letter(at(600), LEASE).await.unwrap(), None);
}

async fn a_letter_waits_for_its_next_try(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "one").await;
    told(&store, &[], &[letter(id, "m", &[])]).await;
    let taken = store.claim_letter(at(0), LEASE).await.unwrap().unwrap();
    let later = Attempt::Later(at(10), "сервер молчит".to_owned());
    assert!(store.settle_letter(&taken, &later, at(1)).await.unwrap());
    assert_eq!(store.claim_letter(at(9), LEASE).await.unwrap(), None);
    assert_eq!(store.letter_queue().await.unwrap(), Queue { waiting: 1, failing: 1, given_up: 0 });
    let taken = store.claim_letter(at(10), LEASE).await.unwrap().unwrap();
    assert_eq!(taken.error, "сервер молчит");
    assert!(store.settle_letter(&taken, &Attempt::GivenUp("нет адреса".to_owned()), at(11)).await.unwrap());
    assert_eq!(store.claim_letter(at(600), LEASE).await.unwrap(), None);
    assert_eq!(store.letter_queue().await.unwrap(), Queue { waiting: 0, failing: 0, given_up: 1 });
    let failed = store.failed_letters(10).await.unwrap();
    assert_eq!((failed[0].0.error.as_str(), failed[0].1), ("нет адреса", true));
    assert_eq!(store.send_letters_again(at(20)).await.unwrap(), 1);
    let taken = store.claim_letter(at(20), LEASE).await.unwrap().unwrap();
    assert_eq!(taken.attempts, 1);
    assert_eq!(store.send_letters_again(at(21)).await.unwrap(), 0, "a letter in hand is left alone");
    let dropped = Attempt::Dropped("письма выключены".to_owned());
    assert!(store.settle_letter(&taken, &dropped, at(21)).await.unwrap());
    assert_eq!(store.letter_queue().await.unwrap(), Queue::default());
    assert_eq!(store.send_letters_again(at(22)).await.unwrap(), 0, "nobody waits for it");
}

async fn what_is_long_over_is_forgotten(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "one").await;
    told(&store, &[notice(id, "a"), notice(id, "b")], &[letter(id, "m", &["a"])]).await;
    let taken = store.claim_letter(at(0), LEASE).await.unwrap().unwrap();
    store.settle_letter(&taken, &Attempt::Sent, at(0)).await.unwrap();
    let days = |days: i64| at(days * 24 * 60);
    for now in [days(1), days(61), days(61)] {
        store.forget_letters(now).await.unwrap();
        store.forget_notices(now).await.unwrap();
    }
    let (left, _) = store.notices(id, false, 1, 10).await.unwrap();
    assert_eq!(
        left.iter().map(|notice| (notice.key.as_str(), notice.read)).collect::<Vec<_>>(),
        [("b", false), ("a", true)]
    );
    store.forget_notices(days(61 + 367)).await.unwrap();
    let (left, _) = store.notices(id, false, 1, 10).await.unwrap();
    assert_eq!(left.len(), 1, "what was never read stays");
}
