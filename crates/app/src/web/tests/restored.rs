//! Does everybody get in again after a copy was restored without its key of secrets?

use jiff::civil::date;
use opora_access::{Grant, PasswordHash, Seal};
use opora_store::{AccountId, Authorship, CredentialKind, NewAccount};

use super::access::enter;
use super::programme::send;
use super::*;
use crate::clock;
use crate::usecases::people::turn_second_factor_on;

const PASSWORD: &str = "зелёный чайник в поезде";

fn by(reason: &str) -> Authorship<'_> {
    Authorship { who: "Оператор", reason, at: clock::now() }
}

/// An installation restored without its key: a person with a second factor, the recovery codes.
struct Restored {
    site: Site,
    id: AccountId,
    codes: Vec<String>,
    operator: String,
}

impl Restored {
    async fn new() -> Self {
        let old = Site::new().await;
        let new = NewAccount { login: "sokolova", mail: "", name: "Соколова Анна" };
        let id = old.store.create_account(&new, &by("")).await.expect("an account");
        let grant = Grant {
            role: Role::Coordinator,
            place: Place::Installation,
            from: date(2020, 1, 1),
            until: None,
        };
        old.store.give_role(id, &grant, |_| Ok(()), &by("")).await.expect("a role");
        let hash = PasswordHash::of(PASSWORD).expect("randomness").as_str().to_owned();
        old.store.set_credentials(id, CredentialKind::Password, &[hash], &by("")).await.expect("a password");
        let account = old.store.account(id).await.expect("an account");
        let own = Seal::of_key(&"ab".repeat(32)).expect("a key");
        // The code of the first half minute of 1970: the moment is an argument here.
        let (secret, at) =
            ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "1970-01-01T00:00:59Z".parse().expect("a moment"));
        let codes =
            turn_second_factor_on(&old.store, Some(&own), &account, secret, "287082", at).await.expect("on");
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
        let store = Store::open(&url).await.expect("a store");
        old.store.copy_into(&store).await.expect("a copy");
        // Without the file of the key the start makes a new one, and tells how many can't be opened.
        let other = Seal::of_key(&"cd".repeat(32)).expect("a key");
        let told = store.seal_second_factors(&other, &by("")).await.expect("sealed");
        assert_eq!(told.foreign, 1);
        let bench = Workbench::in_folder(store.clone(), folder.path()).expect("a workbench");
        let site = Site { app: router(AppState::new(bench).with_seal(other)), store, _folder: folder.into() };
        let operator = enter(&site, Role::RegionalOperator, Place::Installation).await;
        Self { site, id, codes, operator }
    }

    async fn send(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Answer {
        send(&self.site, cookie, path, form).await
    }

    /// Where the right password leads, with the cookie of the session.
    async fn password(&self) -> (String, String) {
        let answer = self.send("/login", "", &[("login", "sokolova"), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let cookie = answer.headers["set-cookie"].to_str().expect("a cookie").to_owned();
        (answer.location, cookie.split(';').next().unwrap_or_default().to_owned())
    }
}

#[tokio::test]
async fn a_code_that_can_not_be_checked_is_told_and_a_recovery_code_lets_in() {
    let place = Restored::new().await;
    let (next, cookie) = place.password().await;
    assert!(next.starts_with("/login/code"), "{next}");
    let refused = place.send("/login/code", &cookie, &[("code", "287082")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "зашифрован другим ключом",
        "без файла ключа",
        "код восстановления",
        "координатора сбросить второй шаг",
    ] {
        assert!(refused.text.contains(words), "{words}");
    }
    let page = place
        .site
        .send(Request::get("/plans").header("cookie", &cookie).body(Body::empty()).expect("a request"));
    assert_eq!(page.await.status, StatusCode::SEE_OTHER, "not in yet");
    let entered = place.send("/login/code", &cookie, &[("code", &place.codes[0])]).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    let (_, cookie) = place.password().await;
    let twice = place.send("/login/code", &cookie, &[("code", &place.codes[0])]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "a recovery code is good once");
}

#[tokio::test]
async fn an_operator_resets_the_second_step_and_the_password_is_enough() {
    let place = Restored::new().await;
    let path = format!("/people/{}/second-factor", place.id.0);
    let bare = place.send(&path, &place.operator, &[("reason", "")]).await;
    assert_ne!(bare.status, StatusCode::SEE_OTHER, "a reason is needed");
    let reset = place.send(&path, &place.operator, &[("reason", "Копия восстановлена без ключа")]).await;
    assert_eq!(reset.status, StatusCode::SEE_OTHER, "{}", reset.text);
    let (next, cookie) = place.password().await;
    assert_eq!(next, "/");
    let home = Request::get("/").header("cookie", &cookie).body(Body::empty()).expect("a request");
    assert_eq!(place.site.send(home).await.status, StatusCode::OK);
}
