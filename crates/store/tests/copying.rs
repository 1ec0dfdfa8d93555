//! Is a copy the same, in whichever direction between the two databases?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail where it stands"
)]

mod place;

use jiff::civil::date;
use opora_access::{PasswordHash, Place, Scope};
use opora_registry::NodeId;
use opora_store::{
    AccountId, CredentialKind, DatabaseUrl, NewAccount, NewApiToken, NewFact, NewLetter, NewNotice,
    NewSuppression, NoticeMarks, PlanId, Store, StoreError,
};
use place::{at, by, import, on_both_databases, order, titled};
use serde_json::json;

on_both_databases!(a_copy_says_the_same, a_copy_goes_on_counting, a_copy_overwrites_nothing);

/// Something of everything.
async fn filled(store: &Store) {
    let plan = import(store, b"bytes \0 of a file", &order()).await;
    let other = titled("Другой план");
    let edit = by("Ким", "правка", 1);
    store.append_version(plan, opora_store::VersionNumber::FIRST, &other, &edit).await.unwrap();
    let finding = NewSuppression { code: "D101", activity: None, place: None };
    store.suppress(plan, &finding, &by("Ким", "проверено", 2)).await.unwrap();
    let new = NewAccount { login: "kim", mail: "", name: "Ким Вера" };
    let id = store.create_account(&new, &by("Оператор", "", 3)).await.unwrap();
    let hash = [PasswordHash::recorded("$argon2id$…").as_str().to_owned()];
    store.set_credentials(id, CredentialKind::Password, &hash, &by("Ким", "", 4)).await.unwrap();
    store.set_plan_owner(plan, Place::Node(NodeId(3)), &by("Оператор", "", 5)).await.unwrap();
    let content = json!({ "text": "готово «да»" });
    let fact = NewFact { subject: "work/1", kind: "done", content: &content };
    store.append_facts(&[], &[fact], Some(id), &by("Ким", "", 6)).await.unwrap();
    let notice = NewNotice {
        account: id,
        key: "a".to_owned(),
        topic: "access".to_owned(),
        news: "happened".to_owned(),
        body: "Вам дали роль".to_owned(),
        path: "account".to_owned(),
    };
    let letter = NewLetter {
        account: id,
        message_id: "letter".to_owned(),
        kind: "digest".to_owned(),
        day: date(2026, 3, 2),
        subject: "Сводка".to_owned(),
        body: "Здравствуйте".to_owned(),
        keys: vec!["a".to_owned()],
    };
    assert!(store.tell(None, NoticeMarks::default(), &[notice], &[letter], at(7)).await.unwrap());
    let day = date(2026, 12, 31);
    let token =
        NewApiToken {
            name: "Выгрузка", token_sha256: "ab", scopes: &[Scope::ReadPlans], last_day: day
        };
    store.create_api_token(id, &token, &by("Ким", "", 7)).await.unwrap();
    let token = store.api_tokens(id).await.unwrap().remove(0);
    store.note_api_token_use(&token, day).await.unwrap();
}

async fn same(one: &Store, other: &Store) {
    assert_eq!(one.plans().await.unwrap(), other.plans().await.unwrap());
    assert_eq!(one.plan(PlanId(1)).await.unwrap(), other.plan(PlanId(1)).await.unwrap());
    assert_eq!(one.history(PlanId(1)).await.unwrap(), other.history(PlanId(1)).await.unwrap());
    assert_eq!(one.suppressions(PlanId(1)).await.unwrap(), other.suppressions(PlanId(1)).await.unwrap());
    assert_eq!(one.accounts().await.unwrap(), other.accounts().await.unwrap());
    assert_eq!(one.facts("work/1").await.unwrap(), other.facts("work/1").await.unwrap());
    let told = |store: &Store| {
        let store = store.clone();
        async move { store.told(&["a".to_owned()]).await.unwrap() }
    };
    assert_eq!(told(one).await, told(other).await);
    assert_eq!(one.notice_marks().await.unwrap(), other.notice_marks().await.unwrap());
    assert_eq!(one.letter_queue().await.unwrap(), other.letter_queue().await.unwrap());
    let id = AccountId(1);
    assert_eq!(one.api_tokens(id).await.unwrap(), other.api_tokens(id).await.unwrap());
    assert_eq!(one.verify_audit().await.unwrap(), other.verify_audit().await.unwrap());
    let plans: Vec<_> = one.plans().await.unwrap().into_iter().map(|plan| plan.id).collect();
    let found = async |store: &Store| store.search("план", &plans, 10).await.unwrap();
    assert_eq!(found(one).await, found(other).await);
    let sha256 = one.plans().await.unwrap()[0].source_sha256.clone();
    let (mine, copied) = (one.source_file(&sha256).await.unwrap(), other.source_file(&sha256).await.unwrap());
    assert_eq!(mine.unwrap().bytes, copied.unwrap().bytes);
}

async fn backup(store: &Store) -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let copy = Store::open(&DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"))).await.unwrap();
    assert!(store.copy_into(&copy).await.unwrap() > 10);
    (copy, folder)
}

async fn a_copy_says_the_same(url: DatabaseUrl) {
    // From a file into this database, which moves SQLite to PostgreSQL, and from it back into a file.
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(&DatabaseUrl::Sqlite(folder.path().join("first.sqlite"))).await.unwrap();
    filled(&first).await;
    let store = Store::open(&url).await.unwrap();
    first.copy_into(&store).await.unwrap();
    same(&first, &store).await;
    let (copy, _folder) = backup(&store).await;
    same(&store, &copy).await;
}

async fn a_copy_goes_on_counting(url: DatabaseUrl) {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(&DatabaseUrl::Sqlite(folder.path().join("first.sqlite"))).await.unwrap();
    filled(&first).await;
    let store = Store::open(&url).await.unwrap();
    first.copy_into(&store).await.unwrap();
    let plan = import(&store, b"another file", &order()).await;
    assert_eq!(plan, PlanId(2));
    let new = NewAccount { login: "another", mail: "", name: "Другая" };
    store.create_account(&new, &by("Оператор", "", 7)).await.unwrap();
    let content = json!({});
    let fact = NewFact { subject: "work/2", kind: "done", content: &content };
    store.append_facts(&[], &[fact], None, &by("Ким", "", 8)).await.unwrap();
    store.set_plan_owner(plan, Place::Installation, &by("Оператор", "", 9)).await.unwrap();
}

async fn a_copy_overwrites_nothing(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    filled(&store).await;
    let (copy, _folder) = backup(&store).await;
    assert!(matches!(store.copy_into(&copy).await, Err(StoreError::NotEmpty)));
    same(&store, &copy).await;
}
