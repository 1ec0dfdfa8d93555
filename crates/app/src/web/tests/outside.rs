//! Does the outside login let in whom it should, and nobody else? Against a small provider of our own.

use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::civil::date;
use openidconnect::core::{
    CoreIdToken, CoreIdTokenClaims, CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey,
};
use openidconnect::{AccessToken, PkceCodeChallenge, PkceCodeVerifier, PrivateSigningKey};
use opora_access::{Grant, PasswordHash, Seal, SecondFactor};
use opora_oidc::Provider;
use opora_store::{AccountId, Authorship, CredentialKind, NewAccount};
use serde_json::{Value, json};

use super::*;
use crate::clock;
use crate::usecases::people::{give_role, turn_second_factor_on};
use crate::web::pages::outside::Outside;

/// A key that signs nothing but the tokens of these tests.
const KEY: &str = include_str!("outside_key.pem");
const PASSWORD: &str = "зелёный чайник в поезде";

/// What the provider says of whoever comes, and how it lies.
#[derive(Clone)]
struct Says {
    subject: &'static str,
    mail: Option<&'static str>,
    vouched: bool,
    audience: &'static str,
    issuer: Option<&'static str>,
    nonce: Option<&'static str>,
    seconds: i64,
    spoiled: bool,
}

const HONEST: Says = Says {
    subject: "7",
    mail: Some("Sokolova@example.ru"),
    vouched: true,
    audience: "opora",
    issuer: None,
    nonce: None,
    seconds: 300,
    spoiled: false,
};

/// The provider: who came with which nonce and challenge, and what it says.
#[derive(Clone)]
struct Fake {
    origin: String,
    asked: Arc<Mutex<Option<(String, String)>>>,
    says: Arc<Mutex<Says>>,
}

fn key() -> CoreRsaPrivateSigningKey {
    CoreRsaPrivateSigningKey::from_pem(KEY, Some(openidconnect::JsonWebKeyId::new("one".to_owned())))
        .expect("a key")
}

impl Fake {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let fake = Self { origin, asked: Arc::default(), says: Arc::new(Mutex::new(HONEST)) };
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(Self::metadata))
            .route("/keys", get(|| async { Json(CoreJsonWebKeySet::new(vec![key().as_verification_key()])) }))
            .route("/token", post(Self::token))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        fake
    }

    async fn metadata(State(fake): State<Self>) -> Json<Value> {
        let at = |path: &str| format!("{}/{path}", fake.origin);
        Json(json!({
            "issuer": fake.origin, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
            "jwks_uri": at("keys"), "response_types_supported": ["code"],
            "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
        }))
    }

    async fn token(
        State(fake): State<Self>,
        Form(form): Form<std::collections::HashMap<String, String>>,
    ) -> (StatusCode, Json<Value>) {
        let refused = || (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
        let asked = fake.asked.lock().expect("what was asked").take();
        let Some((nonce, challenge)) = asked else { return refused() };
        let verifier = PkceCodeVerifier::new(form.get("code_verifier").cloned().unwrap_or_default());
        let own = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        if own.as_str() != challenge || form.get("code").map(String::as_str) != Some("code-1") {
            return refused();
        }
        let says = fake.says.lock().expect("what it says").clone();
        let now = clock::now().as_second();
        let claims: CoreIdTokenClaims = serde_json::from_value(json!({
            "iss": says.issuer.unwrap_or(&fake.origin), "aud": says.audience, "sub": says.subject,
            "exp": now + says.seconds, "iat": now, "nonce": says.nonce.unwrap_or(&nonce),
            "email": says.mail, "email_verified": says.vouched,
        }))
        .expect("claims");
        let access = AccessToken::new("доступ".to_owned());
        let algorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
        let token = CoreIdToken::new(claims, &key(), algorithm, Some(&access), None).expect("a token");
        let mut token = token.to_string();
        if says.spoiled {
            let at = token.rfind('.').expect("a signature") + 10;
            let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            token.replace_range(at..=at, other);
        }
        let answer = json!({ "access_token": access.secret(), "token_type": "Bearer", "id_token": token });
        (StatusCode::OK, Json(answer))
    }
}

struct Door {
    site: Site,
    fake: Fake,
    seal: Seal,
}

fn by(reason: &str) -> Authorship<'_> {
    Authorship { who: "Оператор", reason, at: clock::now() }
}

impl Door {
    async fn new() -> Self {
        let fake = Fake::start().await;
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
        let store = Store::open(&url).await.expect("a store");
        let bench = Workbench::in_folder(store.clone(), folder.path()).expect("a workbench");
        let provider = Provider::new(&fake.origin, "opora", Some("тайна")).expect("a provider");
        let seal = Seal::of_key(&"ab".repeat(32)).expect("a key");
        let state = AppState::new(bench)
            .with_public_url(Some("https://opora.test"))
            .with_seal(seal.clone())
            .with_outside(Outside { provider: Arc::new(provider), name: "Единый вход".into() });
        Self { site: Site { app: router(state), store, _folder: folder.into() }, fake, seal }
    }

    async fn invited(&self, login: &str, mail: &str) -> AccountId {
        let new = NewAccount { login, mail, name: "Соколова Анна" };
        let id = self.site.store.create_account(&new, &by("")).await.expect("an account");
        let grant =
            Grant { role: Role::Observer, place: Place::Installation, from: date(2020, 1, 1), until: None };
        give_role(&self.site.store, id, &grant, &by("")).await.expect("a role");
        id
    }

    async fn ask(&self, method: &str, path: &str, cookie: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::builder().method(method).uri(path).header("cookie", cookie);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.site.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// Goes to the provider as a browser does; gives the state and the cookie.
    fn at_the_provider(&self, url: &str, answer: &Answer) -> (String, String) {
        let query = url.split_once('?').expect("a query").1;
        let pairs: std::collections::HashMap<String, String> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(pairs["response_type"], "code");
        assert_eq!(pairs["client_id"], "opora");
        assert_eq!(pairs["code_challenge_method"], "S256");
        assert_eq!(pairs["redirect_uri"], "https://opora.test/login/outside/back");
        *self.fake.asked.lock().expect("free") =
            Some((pairs["nonce"].clone(), pairs["code_challenge"].clone()));
        (pairs["state"].clone(), cookie_of(answer, "opora-outside"))
    }

    async fn begin(&self) -> (String, String) {
        let answer = self.site.get("/login/outside?back=%2Fplans").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert!(
            answer.location.starts_with(&format!("{}/authorize?", self.fake.origin)),
            "{}",
            answer.location
        );
        let url = answer.location.clone();
        self.at_the_provider(&url, &answer)
    }

    async fn back(&self, state: &str, cookie: &str) -> Answer {
        self.ask("GET", &format!("/login/outside/back?state={state}&code=code-1"), cookie, &[]).await
    }

    async fn whole(&self) -> Answer {
        let (state, cookie) = self.begin().await;
        self.back(&state, &cookie).await
    }

    fn says(&self, says: Says) {
        *self.fake.says.lock().expect("free") = says;
    }
}

fn cookie_of(answer: &Answer, name: &str) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let own = cookies.filter_map(|line| line.split(';').next()).find(|pair| pair.starts_with(name));
    own.expect("a cookie").to_owned()
}

#[tokio::test]
async fn an_invited_person_gets_in_and_keeps_the_own_roles() {
    let place = Door::new().await;
    let id = place.invited("sokolova", "sokolova@example.ru").await;
    assert!(place.site.get("/login").await.text.contains("Войти через «Единый вход»"));
    let entered = place.whole().await;
    assert_eq!(
        (entered.status, entered.location.as_str()),
        (StatusCode::SEE_OTHER, "/plans"),
        "{}",
        entered.text
    );
    let session = cookie_of(&entered, "opora-session");
    assert!(
        entered.headers.get_all("set-cookie").iter().any(|c| c.to_str().is_ok_and(|c| c.contains("Secure")))
    );
    let account = place.ask("GET", "/account", &session, &[]).await.text;
    assert!(account.contains("наблюдатель") && account.contains("Внешний вход"), "{account}");
    // The next time the subject is known, whatever the address is by then.
    place.says(Says { mail: None, ..HONEST });
    assert_eq!(place.whole().await.location, "/plans");
    assert_eq!(place.site.store.grants(Some(id)).await.expect("grants").len(), 1);
    let journal = place.site.store.audit(1, 50).await.expect("a journal");
    let opened = journal.events.iter().filter(|event| event.action == "session.open");
    assert_eq!(opened.filter(|event| event.details["by"] == "outside").count(), 2);
}

#[tokio::test]
async fn a_token_that_is_not_for_us_lets_nobody_in() {
    let place = Door::new().await;
    place.invited("sokolova", "sokolova@example.ru").await;
    let check = async |says: Says, what: &str| {
        place.says(says);
        let answer = place.whole().await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(answer.text.contains("не прошёл проверку"), "{what}: {}", answer.text);
        assert!(
            !answer
                .headers
                .get_all("set-cookie")
                .iter()
                .any(|c| c.to_str().is_ok_and(|c| c.starts_with("opora-session")))
        );
    };
    check(Says { nonce: Some("чужой"), ..HONEST }, "a wrong nonce").await;
    check(Says { audience: "другая программа", ..HONEST }, "a wrong audience").await;
    check(Says { issuer: Some("https://evil.test"), ..HONEST }, "a wrong issuer").await;
    check(Says { seconds: -1, ..HONEST }, "an expired token").await;
    check(Says { spoiled: true, ..HONEST }, "a spoiled signature").await;
    place.says(HONEST);
    assert_eq!(place.whole().await.location, "/plans", "and the honest one still gets in");
}

#[tokio::test]
async fn an_answer_counts_once_and_in_the_browser_that_asked() {
    let place = Door::new().await;
    place.invited("sokolova", "sokolova@example.ru").await;
    let (state, cookie) = place.begin().await;
    let other = place.back(&state, "opora-outside=чужой".split('=').next().unwrap_or("")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "another browser");
    assert_eq!(place.back("0000", "opora-outside=0000").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(place.back("", "opora-outside=").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(place.back(&state, &cookie).await.location, "/plans");
    let again = place.back(&state, &cookie).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a replayed answer");
    assert!(again.text.contains("уже завершён"));
    // The provider says no; its words are for the log, not for the page.
    let (state, cookie) = place.begin().await;
    let path = format!("/login/outside/back?state={state}&error=access_denied&error_description=%3Cb%3E");
    let refused = place.ask("GET", &path, &cookie, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("не состоялся") && !refused.text.contains("<b>"));
}

#[tokio::test]
async fn who_was_not_invited_stays_outside() {
    let place = Door::new().await;
    let id = place.invited("sokolova", "sokolova@example.ru").await;
    let check = async |says: Says, words: &str| {
        place.says(says);
        let answer = place.whole().await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{words}");
        assert!(answer.text.contains(words), "{}", answer.text);
    };
    check(Says { mail: Some("kim@example.ru"), ..HONEST }, "kim@example.ru").await;
    check(Says { vouched: false, ..HONEST }, "не подтвердил").await;
    check(Says { mail: Some("sokolova"), ..HONEST }, "sokolova").await;
    assert_eq!(place.site.store.accounts().await.expect("accounts").len(), 1, "no account is made");
    place.says(HONEST);
    assert_eq!(place.whole().await.location, "/plans");
    check(Says { subject: "8", ..HONEST }, "привязать заново").await;
    place.site.store.set_account_open(id, false, &by("уволена")).await.expect("closed");
    check(HONEST, "закрыта").await;
    let journal = place.site.store.audit(1, 50).await.expect("a journal");
    assert_eq!(journal.events.iter().filter(|event| event.action == "session.refuse").count(), 5);
}

#[tokio::test]
async fn the_second_step_is_asked_for_all_the_same() {
    let place = Door::new().await;
    let id = place.invited("sokolova", "sokolova@example.ru").await;
    let account = place.site.store.account(id).await.expect("an account");
    // The code of the first half minute of 1970: the moment is an argument here.
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let at = "1970-01-01T00:00:59Z".parse().expect("a moment");
    turn_second_factor_on(&place.site.store, Some(&place.seal), &account, secret, "287082", at)
        .await
        .expect("on");
    let held = place.site.store.credentials(id, CredentialKind::SecondFactor).await.expect("a secret");
    assert!(!held[0].value.contains(secret) && SecondFactor::recorded(&held[0].value, "").is_none());
    let entered = place.whole().await;
    assert_eq!(entered.location, "/login/code?back=%2Fplans");
    let session = cookie_of(&entered, "opora-session");
    assert_eq!(place.ask("GET", "/plans", &session, &[]).await.status, StatusCode::SEE_OTHER, "not in yet");
}

#[tokio::test]
async fn a_login_is_linked_and_unlinked_by_its_owner() {
    let place = Door::new().await;
    let id = place.invited("sokolova", "").await;
    let hash = PasswordHash::of(PASSWORD).expect("randomness").as_str().to_owned();
    place
        .site
        .store
        .set_credentials(id, CredentialKind::Password, &[hash], &by(""))
        .await
        .expect("a password");
    let entered = place.site.post("/login", &[("login", "sokolova"), ("password", PASSWORD)]).await;
    let session = cookie_of(&entered, "opora-session");
    let wrong = place.ask("POST", "/account/outside", &session, &[("password", "мимо")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let begun = place.ask("POST", "/account/outside", &session, &[("password", PASSWORD)]).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text);
    let url = begun.text.split("href=\"").find(|rest| rest.contains("/authorize?")).expect("a link");
    let url = url.split('"').next().expect("an address").replace("&amp;", "&");
    let (state, cookie) = place.at_the_provider(&url, &begun);
    // Somebody else is logged in in the meantime.
    place.invited("kim", "kim@example.ru").await;
    let linked = place.back(&state, &format!("{cookie}; {session}")).await;
    assert_eq!(linked.location, "/account?done=linked", "{}", linked.text);
    assert_eq!(place.whole().await.location, "/plans");
    let off = place.ask("POST", "/account/outside/off", &session, &[("password", "мимо")]).await;
    assert_eq!(off.status, StatusCode::UNPROCESSABLE_ENTITY);
    let off = place.ask("POST", "/account/outside/off", &session, &[("password", PASSWORD)]).await;
    assert_eq!(off.location, "/account?done=unlinked");
    assert_eq!(place.whole().await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_link_is_for_the_account_that_asked() {
    let place = Door::new().await;
    let id = place.invited("sokolova", "").await;
    let hash = PasswordHash::of(PASSWORD).expect("randomness").as_str().to_owned();
    place
        .site
        .store
        .set_credentials(id, CredentialKind::Password, &[hash], &by(""))
        .await
        .expect("a password");
    let entered = place.site.post("/login", &[("login", "sokolova"), ("password", PASSWORD)]).await;
    let session = cookie_of(&entered, "opora-session");
    let begun = place.ask("POST", "/account/outside", &session, &[("password", PASSWORD)]).await;
    let url = begun.text.split("href=\"").find(|rest| rest.contains("/authorize?")).expect("a link");
    let url = url.split('"').next().expect("an address").replace("&amp;", "&");
    let (state, cookie) = place.at_the_provider(&url, &begun);
    assert_eq!(place.back(&state, &cookie).await.status, StatusCode::BAD_REQUEST, "without a session");
    let held = place.site.store.credentials(id, CredentialKind::Outside).await.expect("an answer");
    assert!(held.is_empty());
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_kindly() {
    let place = Door::new().await;
    place.invited("sokolova", "").await;
    let bench =
        Workbench::in_folder(place.site.store.clone(), place.site._folder.path()).expect("a workbench");
    let provider = Provider::new("http://127.0.0.1:1", "opora", None).expect("a provider");
    let outside = Outside { provider: Arc::new(provider), name: "Единый вход".into() };
    let folder = tempfile::tempdir().expect("a folder");
    let site = Site {
        app: router(AppState::new(bench).with_outside(outside)),
        store: place.site.store.clone(),
        _folder: folder.into(),
    };
    let answer = site.get("/login/outside").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("сейчас не отвечает"));
    assert_eq!(Site::new().await.get("/login/outside").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_keeps_failing_outside_waits() {
    let place = Door::new().await;
    for _ in 0..32 {
        place.back("0000", "opora-outside=1111").await;
    }
    assert_eq!(place.back("0000", "opora-outside=1111").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(place.site.get("/login/outside").await.status, StatusCode::TOO_MANY_REQUESTS);
}
