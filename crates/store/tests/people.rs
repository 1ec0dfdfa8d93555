//! Are people, roles, proofs and sessions kept as they were given, on both databases?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail where it stands"
)]

mod place;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use opora_access::{Grant, Place, Role, Scope, Seal, Token};
use opora_registry::NodeId;
use opora_store::{
    AccountId, AuditVerdict, CredentialKind, DatabaseUrl, LinkKind, NewAccount, NewApiToken, NewFact,
    OutsideAttempt, Sealed, SessionLife, Store, StoreError,
};
use place::{at, by, import, on_both_databases, order};
use serde_json::json;

on_both_databases!(
    an_account_is_found_by_login_and_mail,
    roles_are_given_and_ended,
    a_refused_role_leaves_nothing,
    a_closed_account_is_opened_again,
    proofs_replace_those_before,
    a_code_is_used_once,
    a_link_is_used_once_and_in_time,
    sessions_end,
    failures_are_counted_and_forgotten,
    a_plan_is_given_to_a_place,
    facts_are_appended_on_what_was_seen,
    two_decisions_at_once_leave_one,
    a_token_holds_until_its_day_or_its_end,
    an_outside_login_belongs_to_one_account,
    an_outside_attempt_is_taken_once_and_in_time,
    old_secrets_get_under_the_seal,
);

const LIFE: SessionLife =
    SessionLife { idle: SignedDuration::from_mins(20), whole: SignedDuration::from_mins(40) };

async fn account(store: &Store, login: &str) -> AccountId {
    let mail = format!("{login}@example.ru");
    let new = NewAccount { login, mail: &mail, name: "Соколова Анна" };
    store.create_account(&new, &by("Оператор", "приглашение", 0)).await.unwrap()
}

fn coordinator() -> Grant {
    Grant {
        role: Role::Coordinator,
        place: Place::Node(NodeId(3)),
        from: date(2026, 9, 1),
        until: Some(date(2027, 8, 31)),
    }
}

async fn an_account_is_found_by_login_and_mail(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    assert!(!store.has_accounts().await.unwrap());
    let id = account(&store, "Sokolova").await;
    assert!(store.has_accounts().await.unwrap());
    for typed in ["sokolova", " SOKOLOVA ", "sokolova@example.ru"] {
        assert_eq!(store.account_of(typed).await.unwrap().map(|found| found.id), Some(id), "{typed}");
    }
    for typed in ["", "sokol", "'; drop table account; --", "a\0b"] {
        assert_eq!(store.account_of(typed).await.unwrap(), None, "{typed}");
    }
    let found = store.account(id).await.unwrap();
    assert_eq!((found.login.as_str(), found.name.as_str(), found.open), ("sokolova", "Соколова Анна", true));
    for (login, mail) in [("sokolova", ""), ("other", "Sokolova@example.ru"), ("sokolova@example.ru", "")] {
        let again = NewAccount { login, mail, name: "Другая" };
        let refused = store.create_account(&again, &by("Оператор", "", 1)).await;
        assert!(matches!(refused, Err(StoreError::AccountKnown)), "{login} {mail}");
    }
    assert!(matches!(store.account(AccountId(99)).await, Err(StoreError::AccountUnknown)));
}

async fn roles_are_given_and_ended(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "sokolova").await;
    let given =
        store.give_role(id, &coordinator(), |_| Ok(()), &by("Оператор", "приказ 5", 1)).await.unwrap();
    let held = store.grants(Some(id)).await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].id, &held[0].grant, held[0].reason.as_str()), (given, &coordinator(), "приказ 5"));
    let refused = store.end_role(given, date(2026, 12, 31), &by("Оператор", " ", 2)).await;
    assert!(matches!(refused, Err(StoreError::ReasonMissing)));
    store.end_role(given, date(2026, 12, 31), &by("Оператор", "перевод", 2)).await.unwrap();
    assert_eq!(store.grants(None).await.unwrap()[0].grant.until, Some(date(2026, 12, 31)));
    let again = store.end_role(given, date(2026, 12, 31), &by("Оператор", "перевод", 3)).await;
    assert!(matches!(again, Err(StoreError::GrantUnknown)));
    let verdict = store.verify_audit().await.unwrap();
    assert!(matches!(verdict, AuditVerdict::Whole { events: 3, .. }), "{verdict:?}");
}

async fn a_refused_role_leaves_nothing(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "sokolova").await;
    let refuse = |_: &[Grant]| Err(StoreError::GrantRefused(opora_access::GrantRefused::OwnSchool));
    let refused = store.give_role(id, &coordinator(), refuse, &by("Оператор", "", 1)).await;
    assert!(matches!(refused, Err(StoreError::GrantRefused(_))));
    assert_eq!(store.grants(None).await.unwrap(), []);
}

async fn a_closed_account_is_opened_again(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "sokolova").await;
    for (open, minute) in [(false, 1), (false, 2), (true, 3)] {
        store.set_account_open(id, open, &by("Оператор", "перевод", minute)).await.unwrap();
        assert_eq!(store.account(id).await.unwrap().open, open);
    }
    let events = store.audit(1, 10).await.unwrap().events;
    let actions: Vec<&str> = events.iter().rev().map(|event| event.action.as_str()).collect();
    assert_eq!(actions, ["account.create", "account.close", "account.open"]);
}

async fn proofs_replace_those_before(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "sokolova").await;
    for (minute, value) in [(1, "первый"), (2, "второй")] {
        let values = [value.to_owned()];
        store
            .set_credentials(id, CredentialKind::Password, &values, &by("Соколова", "", minute))
            .await
            .unwrap();
    }
    let held = store.credentials(id, CredentialKind::Password).await.unwrap();
    assert_eq!(held.iter().map(|held| held.value.as_str()).collect::<Vec<_>>(), ["второй"]);
    assert_eq!(store.credentials(id, CredentialKind::Recovery).await.unwrap(), []);
    // The journal says that a password was chosen, never which hash it has.
    let events = store.audit(1, 10).await.unwrap().events;
    assert!(events.iter().all(|event| !event.details.to_string().contains("второй")));
    let codes: Vec<String> = ["а", "б"].map(str::to_owned).to_vec();
    store.set_credentials(id, CredentialKind::Recovery, &codes, &by("Соколова", "", 3)).await.unwrap();
    let first = store.credentials(id, CredentialKind::Recovery).await.unwrap().remove(0);
    assert!(store.spend_credential(&first, &by("Соколова", "", 4)).await.unwrap());
    assert!(!store.spend_credential(&first, &by("Соколова", "", 5)).await.unwrap());
    assert_eq!(store.credentials(id, CredentialKind::Recovery).await.unwrap().len(), 1);
    let feed = ["токен".to_owned()];
    store.set_credentials(id, CredentialKind::Feed, &feed, &by("Соколова", "", 6)).await.unwrap();
    assert_eq!(store.account_of_credential(CredentialKind::Feed, "токен").await.unwrap(), Some(id));
    assert_eq!(store.account_of_credential(CredentialKind::Password, "токен").await.unwrap(), None);
}

async fn a_code_is_used_once(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "sokolova").await;
    let secret = ["секрет".to_owned()];
    store.set_credentials(id, CredentialKind::SecondFactor, &secret, &by("Соколова", "", 1)).await.unwrap();
    let factor = store.credentials(id, CredentialKind::SecondFactor).await.unwrap().remove(0);
    let (one, other) = tokio::join!(store.use_code(&factor, 7), store.use_code(&factor, 7));
    assert!(one.unwrap() != other.unwrap(), "of two at once one wins");
    assert!(store.use_code(&factor, 8).await.unwrap());
}

async fn a_link_is_used_once_and_in_time(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "sokolova").await;
    let token = Token::new().unwrap();
    store
        .create_link(id, LinkKind::Invitation, &token.sha256(), at(30), &by("Оператор", "", 0))
        .await
        .unwrap();
    assert_eq!(store.link(token.as_str(), at(29)).await.unwrap(), id);
    assert!(matches!(store.link(token.as_str(), at(30)).await, Err(StoreError::LinkUnknown)));
    assert!(matches!(store.link("чужой", at(1)).await, Err(StoreError::LinkUnknown)));
    store.open_session(id, "прежний вход", "", true, LIFE, at(1)).await.unwrap();
    let used = store.redeem_link(token.as_str(), "$hash", &by("Соколова", "", 2)).await.unwrap();
    assert_eq!(used, id);
    assert_eq!(store.credentials(id, CredentialKind::Password).await.unwrap()[0].value, "$hash");
    assert_eq!(store.session("прежний вход", LIFE, at(2)).await.unwrap(), None, "all sessions end");
    let again = store.redeem_link(token.as_str(), "$other", &by("Чужой", "", 3)).await;
    assert!(matches!(again, Err(StoreError::LinkUnknown)));
    assert_eq!(store.credentials(id, CredentialKind::Password).await.unwrap()[0].value, "$hash");
}

async fn sessions_end(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "sokolova").await;
    let open = async |token: &'static str, now: Timestamp| {
        store.open_session(id, token, "Firefox", true, LIFE, now).await.unwrap();
    };
    let lives =
        async |token: &'static str, now: Timestamp| store.session(token, LIFE, now).await.unwrap().is_some();
    open("а", at(0)).await;
    assert!(lives("а", at(19)).await, "used: the time without use starts anew");
    assert!(lives("а", at(38)).await);
    assert!(!lives("а", at(40)).await, "over after its whole life, however often used");
    open("б", at(0)).await;
    assert!(!lives("б", at(21)).await, "over without use");
    open("в", at(10)).await;
    assert!(lives("в", at(2)).await, "a clock put back ends nothing");
    open("г", at(10)).await;
    assert_eq!(store.sessions(id, at(11)).await.unwrap().len(), 4);
    let one = store.session("в", LIFE, at(11)).await.unwrap().unwrap();
    store.end_session(AccountId(99), &one.id).await.unwrap();
    assert!(lives("в", at(11)).await, "nobody ends a session of others");
    store.end_session(id, &one.id).await.unwrap();
    assert!(!lives("в", at(11)).await);
    store.end_sessions(id).await.unwrap();
    assert!(!lives("г", at(11)).await);
}

async fn failures_are_counted_and_forgotten(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    for minute in 0..3 {
        store.record_failure("Sokolova", "10.0.0.7", at(minute)).await.unwrap();
    }
    store.record_failure("другая", "10.0.0.7", at(4)).await.unwrap();
    let own = store.failures_of_account(" sokolova ", at(5)).await.unwrap();
    assert_eq!((own.count, own.last), (3, Some(at(2))));
    assert_eq!(store.failures_of_address("10.0.0.7", at(5)).await.unwrap().count, 4);
    store.forget_failures("sokolova").await.unwrap();
    assert_eq!(store.failures_of_account("sokolova", at(5)).await.unwrap().count, 0);
    let later = at(5) + SignedDuration::from_hours(1);
    assert_eq!(store.failures_of_address("10.0.0.7", later).await.unwrap().count, 0);
}

async fn a_plan_is_given_to_a_place(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"bytes", &order()).await;
    assert_eq!(store.summary(plan).await.unwrap().owner, Place::Installation);
    let town = Place::Node(NodeId(11));
    store.set_plan_owner(plan, town, &by("Оператор", "план города", 1)).await.unwrap();
    assert_eq!(store.summary(plan).await.unwrap().owner, town);
    assert_eq!(store.plans().await.unwrap()[0].owner, town);
}

async fn facts_are_appended_on_what_was_seen(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let id = account(&store, "sokolova").await;
    let content = json!({ "text": "готово" });
    let submit = NewFact { subject: "roadmap/1", kind: "submit", content: &content };
    let first = store.append_facts(&[("roadmap/1", None)], &[submit], Some(id), &by("Соколова", "", 1)).await;
    let first = first.unwrap()[0];
    let approve = NewFact { kind: "approve", ..submit };
    let blind = store.append_facts(&[("roadmap/1", None)], &[approve], None, &by("Ким", "", 2)).await;
    assert!(matches!(blind, Err(StoreError::FactFirst)));
    let other = NewFact { subject: "roadmap/2", ..submit };
    let known = [("roadmap/1", Some(first)), ("roadmap/2", None)];
    store.append_facts(&known, &[approve, other], None, &by("Ким", "", 3)).await.unwrap();
    let facts = store.facts("roadmap/1").await.unwrap();
    let shown: Vec<_> =
        facts.iter().map(|fact| (fact.kind.as_str(), fact.who.as_str(), fact.account)).collect();
    assert_eq!(shown, [("submit", "Соколова", Some(id)), ("approve", "Ким", None)]);
    assert_eq!(facts[0].content, content);
    let none = opora_store::FactId(0);
    let newest = store.newest_fact().await.unwrap();
    let all = store.news(&["roadmap/"], (none, newest)).await.unwrap();
    assert_eq!((all.len(), all[2].id), (3, newest));
    assert_eq!(store.news(&["roadmap/"], (first, newest)).await.unwrap(), all[1..]);
    assert_eq!(store.news(&["roadmap/"], (none, first)).await.unwrap(), all[..1]);
    assert!(store.news(&["roadmap/"], (newest, newest)).await.unwrap().is_empty());
    assert_eq!(store.news(&["visits/", "roadmap/1"], (none, newest)).await.unwrap(), facts);
    assert!(store.news(&["visits/", "road/"], (none, newest)).await.unwrap().is_empty());
    assert!(store.news(&[], (none, newest)).await.unwrap().is_empty());
    let mut counts = store.count_news(&["roadmap/"], (none, newest)).await.unwrap();
    counts.sort();
    assert_eq!(counts, [("roadmap/1".to_owned(), 2), ("roadmap/2".to_owned(), 1)]);
    assert_eq!(store.count_news(&["roadmap/"], (first, newest)).await.unwrap().len(), 2);
    let since: Vec<_> = store.facts_since("roadmap/1", first).await.unwrap();
    assert_eq!(since, facts[1..]);
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { events: 4, .. }));
}

async fn two_decisions_at_once_leave_one(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let content = json!({});
    let approve = [NewFact { subject: "roadmap/1", kind: "approve", content: &content }];
    let known = [("roadmap/1", None)];
    let (first, second) = (by("Ким", "", 1), by("Ким", "", 1));
    let (one, other) = tokio::join!(
        store.append_facts(&known, &approve, None, &first),
        store.append_facts(&known, &approve, None, &second),
    );
    assert!(one.is_ok() != other.is_ok());
    assert_eq!(store.facts("roadmap/1").await.unwrap().len(), 1);
}

async fn a_token_holds_until_its_day_or_its_end(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let (id, other) = (account(&store, "sokolova").await, account(&store, "kim").await);
    let secret = Token::new().unwrap();
    let sha256 = secret.sha256();
    let scopes = [Scope::ReadPlans, Scope::Execute];
    let new = NewApiToken {
        name: " Выгрузка ",
        token_sha256: &sha256,
        scopes: &scopes,
        last_day: date(2026, 12, 31),
    };
    let token = store.create_api_token(id, &new, &by("Соколова", "", 1)).await.unwrap();
    let (day, last, late) = (date(2026, 11, 22), date(2026, 12, 31), date(2027, 1, 1));
    let found = store.api_token(secret.as_str(), day).await.unwrap().unwrap();
    assert_eq!((found.id, found.account, found.name.as_str()), (token, id, "Выгрузка"));
    assert_eq!((found.scopes.as_slice(), found.used), (&scopes[..], None));
    assert!(store.api_token(secret.as_str(), last).await.unwrap().is_some());
    assert_eq!(store.api_token(secret.as_str(), late).await.unwrap(), None);
    assert_eq!(store.api_token("0000", day).await.unwrap(), None);
    for used in [day, day, last, day] {
        store.note_api_token_use(&found, used).await.unwrap();
    }
    assert_eq!(store.api_tokens(id).await.unwrap()[0].used, Some(last));
    assert!(!store.end_api_token(other, token, &by("Ким", "", 2)).await.unwrap(), "a token of somebody else");
    assert!(store.end_api_token(id, token, &by("Соколова", "", 3)).await.unwrap());
    assert!(!store.end_api_token(id, token, &by("Соколова", "", 4)).await.unwrap());
    assert_eq!(store.api_token(secret.as_str(), day).await.unwrap(), None);
    assert_eq!(store.api_tokens(id).await.unwrap(), []);
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { .. }));
}

async fn an_outside_login_belongs_to_one_account(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let one = |login: &'static str| NewAccount { login, mail: "", name: login };
    let kim = store.create_account(&one("kim"), &by("Оператор", "", 1)).await.unwrap();
    let orlova = store.create_account(&one("orlova"), &by("Оператор", "", 1)).await.unwrap();
    store.link_outside(kim, "https://id.test 7", true, &by("Ким", "", 2)).await.unwrap();
    let found = store.account_of_credential(CredentialKind::Outside, "https://id.test 7").await.unwrap();
    assert_eq!(found, Some(kim));
    let taken = store.link_outside(orlova, "https://id.test 7", false, &by("Орлова", "", 3)).await;
    assert!(matches!(taken, Err(StoreError::OutsideKnown)));
    let again = store.link_outside(kim, "https://id.test 8", true, &by("Ким", "", 4)).await;
    assert!(matches!(again, Err(StoreError::OutsideKnown)), "by mail only once");
    store.set_credentials(kim, CredentialKind::Outside, &[], &by("Ким", "", 5)).await.unwrap();
    let again = store.link_outside(kim, "https://id.test 7", true, &by("Ким", "", 6)).await;
    assert!(matches!(again, Err(StoreError::OutsideKnown)), "not even after the link was ended");
    store.link_outside(orlova, "https://id.test 7", false, &by("Орлова", "", 7)).await.unwrap();
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { .. }));
}

async fn an_outside_attempt_is_taken_once_and_in_time(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let attempt = |nonce: &str| OutsideAttempt {
        nonce: nonce.to_owned(),
        verifier: "v".to_owned(),
        back: "/plans".to_owned(),
        account: None,
    };
    let life = SignedDuration::from_mins(10);
    store.begin_outside("one", &attempt("1"), life, at(0)).await.unwrap();
    store.begin_outside("two", &attempt("2"), life, at(0)).await.unwrap();
    assert_eq!(store.take_outside("one", at(1)).await.unwrap(), Some(attempt("1")));
    assert_eq!(store.take_outside("one", at(1)).await.unwrap(), None, "a second answer finds nothing");
    assert_eq!(store.take_outside("two", at(11)).await.unwrap(), None, "too late");
    assert_eq!(store.take_outside("never", at(1)).await.unwrap(), None);
    store.begin_outside("three", &attempt("3"), life, at(2)).await.unwrap();
    let (one, other) = tokio::join!(store.take_outside("three", at(3)), store.take_outside("three", at(3)));
    assert_eq!(usize::from(one.unwrap().is_some()) + usize::from(other.unwrap().is_some()), 1);
}

async fn old_secrets_get_under_the_seal(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let new = NewAccount { login: "kim", mail: "", name: "Ким" };
    let id = store.create_account(&new, &by("Оператор", "", 1)).await.unwrap();
    let kind = CredentialKind::SecondFactor;
    for secret in ["GEZDGNBV", "MFRGGZDF"] {
        store.set_credentials(id, kind, &[secret.to_owned()], &by("Ким", "", 2)).await.unwrap();
    }
    let seal = |byte: &str| Seal::of_key(&byte.repeat(32)).unwrap();
    let own = seal("ab");
    let told = store.seal_second_factors(&own, &by("Опора", "", 3)).await.unwrap();
    assert_eq!(told, Sealed { now: 2, foreign: 0 }, "the one that ended too");
    let held = store.credentials(id, kind).await.unwrap();
    assert_eq!(own.open(&held[0].value, "account/1").as_deref(), Ok("MFRGGZDF"));
    let again = store.seal_second_factors(&own, &by("Опора", "", 4)).await.unwrap();
    assert_eq!(again, Sealed::default());
    let other = store.seal_second_factors(&seal("cd"), &by("Опора", "", 5)).await.unwrap();
    assert_eq!(other, Sealed { now: 0, foreign: 1 });
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { .. }));
}
