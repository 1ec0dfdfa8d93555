//! Does the gate keep to the access table? Every route, as every role, at home and abroad.

use std::collections::BTreeSet;

use jiff::civil::date;
use opora_access::{Grant, PasswordHash, Right, Scope};
use opora_cells::OrganisationId;
use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};
use opora_store::{Authorship, CredentialKind, LinkKind, NewAccount, NewRun, RegistryVersion};
use serde_json::json;

use super::*;
use crate::clock;
use crate::usecases::people::new_link;
use crate::web::access::{Door, TABLE, Whose, line};
use crate::web::state::SESSION_LIFE;

const REGION: Place = Place::Node(NodeId(1));
const TOWN: Place = Place::Node(NodeId(11));
const OTHER_TOWN: Place = Place::Node(NodeId(12));
const SCHOOL: Place = Place::School(OrganisationId(5));
const PASSWORD: &str = "зелёный чайник в поезде";

fn by(reason: &str) -> Authorship<'_> {
    Authorship { who: "Оператор", reason, at: clock::now() }
}

pub(super) fn registry() -> Registry {
    let node = |id, level, parent: Option<u32>, name: &str| Node {
        id: NodeId(id),
        level,
        parent: parent.map(NodeId),
        name: name.to_owned(),
        code: None,
    };
    let school = |id, town| Organisation {
        id: OrganisationId(id),
        name: format!("Школа № {id}"),
        kind: "СОШ".to_owned(),
        municipality: NodeId(town),
        rural: None,
        identifiers: vec![],
    };
    let nodes = vec![
        node(1, NodeLevel::Region, None, "Озёрный край"),
        node(11, NodeLevel::Municipality, Some(1), "Верхнеозёрск"),
        node(12, NodeLevel::Municipality, Some(1), "Нижнеозёрск"),
    ];
    Registry::new(nodes, vec![school(5, 11), school(6, 11), school(7, 12)], vec![]).0
}

/// A region of two towns. Plan 1 and run 1 are of the first town, plan 2 and run 2 of the other, plan 3 of school 5.
pub(super) async fn region() -> Site {
    let site = Site::new().await;
    settle(&site).await;
    site
}

/// The same region on a site that is there.
pub(super) async fn settle(site: &Site) {
    site.store.save_registry(&registry(), RegistryVersion::default(), &by("")).await.expect("a registry");
    for (name, place) in [("а.txt", TOWN), ("б.txt", OTHER_TOWN), ("в.txt", SCHOOL)] {
        let text = format!("{ORDER}\n{name}");
        let order = crate::usecases::import::read_order(name, text.as_bytes());
        crate::usecases::import::save(&site.store, &order, text.as_bytes(), place, "Оператор", clock::now())
            .await
            .expect("a plan");
    }
    for (scope, content) in [("node:11", "а"), ("node:12", "б")] {
        let run = NewRun {
            pack: "omsk-2025",
            year: 2025,
            scope,
            pack_sha256: "",
            data_sha256: "",
            program: "",
            content: content.as_bytes(),
            summary: &json!({}),
        };
        site.store.record_run(&run, &by("")).await.expect("a run");
    }
}

/// An account with a role, logged in; the header of its cookie.
pub(super) async fn enter(site: &Site, role: Role, place: Place) -> String {
    let login = format!("{}-{}", role.code(), place.code().replace('/', "-"));
    let new = NewAccount { login: &login, mail: "", name: role.russian() };
    let id = site.store.create_account(&new, &by("")).await.expect("an account");
    let grant = Grant { role, place, from: date(2020, 1, 1), until: None };
    site.store.give_role(id, &grant, |_| Ok(()), &by("")).await.expect("a role");
    let token = format!("токен {login}");
    let token = opora_access::token_sha256(&token);
    site.store.open_session(id, &token, "", true, SESSION_LIFE, clock::now()).await.expect("a session");
    format!("opora-session={token}")
}

/// A token of the person behind a cookie, with these scopes; the header that shows it.
pub(super) async fn token(site: &Site, role: Role, place: Place, scopes: &[Scope]) -> String {
    let login = format!("{}-{}", role.code(), place.code().replace('/', "-"));
    let account = site.store.account_of(&login).await.expect("an answer").expect("an account");
    let secret = opora_access::token_sha256(&format!("{login} {scopes:?}"));
    let sha256 = opora_access::token_sha256(&secret);
    let last_day = clock::today();
    let new = opora_store::NewApiToken { name: "Проверка", token_sha256: &sha256, scopes, last_day };
    site.store.create_api_token(account.id, &new, &by("")).await.expect("a token");
    format!("Bearer {secret}")
}

/// Asks as a program: with a token and nothing else.
pub(super) async fn ask_api(site: &Site, method: &str, path: &str, token: &str, body: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header("authorization", token);
    let request = request.header("content-type", "application/json");
    site.send(request.body(Body::from(body.to_owned())).expect("a request")).await
}

async fn ask(site: &Site, method: &str, path: &str, cookie: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    site.send(request.body(Body::empty()).expect("a request")).await
}

/// The routes as `routes.rs` writes them: method and path.
fn routes() -> BTreeSet<(String, String)> {
    let source: String = include_str!("../routes.rs").split_whitespace().collect();
    let mut routes = BTreeSet::new();
    for piece in source.split(".route(\"").skip(1) {
        let (path, rest) = piece.split_once("\",").expect("a path");
        let handlers = rest.split(".route(").next().unwrap_or_default();
        for (word, method) in [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("delete(", "DELETE")] {
            if handlers.starts_with(word) || handlers.contains(&format!(").{word}")) {
                routes.insert((method.to_owned(), path.to_owned()));
            }
        }
    }
    routes
}

#[test]
fn the_table_holds_every_route_and_no_other() {
    let table: BTreeSet<(String, String)> =
        TABLE.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(table.len(), TABLE.len(), "no line twice");
    // The interface for programs is described by the handlers that its router is made of.
    let described = crate::web::api::document()["paths"].as_object().expect("paths").clone();
    let operations = described.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").clone();
        methods.into_iter().map(move |(method, _)| (method.to_uppercase(), path.clone()))
    });
    let mut all = routes();
    all.extend(operations);
    assert_eq!(table, all);
    assert!(routes().len() > 60, "the routes are read");
}

/// An address of the route that is about this town's things.
fn address(path: &str, home: bool, sha256: &str) -> Option<String> {
    let (plan, run, school, node) = if home { (1, 1, 5, 11) } else { (2, 2, 7, 12) };
    let path = path
        .replace("/plans/{id}", &format!("/plans/{plan}"))
        .replace("/runs/{id}", &format!("/runs/{run}"))
        .replace("/schools/{id}", &format!("/schools/{school}"))
        .replace("{organisation}", &school.to_string())
        .replace("{key}", "1")
        .replace("{sha256}", sha256)
        .replace("/methods/{id}", "/methods/omsk-2025")
        .replace("/people/{id}", "/people/1")
        .replace("/questionnaires/{id}", "/questionnaires/1")
        .replace("/assignments/curators/{id}", "/assignments/curators/1")
        .replace("/assignments/mentors/schools/{id}", &format!("/assignments/mentors/schools/{school}"))
        .replace("/assignments/mentors/{id}", "/assignments/mentors/1")
        .replace("/assignments/files/{file}", "/assignments/files/curators.csv")
        .replace("/notices/{id}", "/notices/1")
        .replace("/data/results/{id}", "/data/results/1")
        .replace("{visit}", "1")
        .replace("{meeting}", "1")
        .replace("{decision}", "1")
        .replace("{survey}", "1")
        .replace("{adoption}", "1")
        .replace("/boards/files/{file}", "/boards/files/board.csv")
        .replace("{code}", "D101")
        .replace("/methodologies/{id}", "/methodologies/omsk-2025")
        .replace("{version}", "1")
        .replace("{form}", "docx")
        .replace("{grant}", "1")
        .replace("/results/files/{id}", "/results/files/1")
        .replace("/results/jobs/{id}", "/results/jobs/1");
    let page = path.strip_prefix("/api/v1").unwrap_or(&path);
    let path = if page.starts_with("/schools") && !page.starts_with("/schools/") {
        format!("{path}?node={node}")
    } else if page.starts_with("/boards") {
        format!("{path}?place=node/{node}")
    } else {
        path
    };
    (!path.contains('{')).then_some(path)
}

/// What the table says: the right in the place the address is about.
fn expected(role: Role, held: Place, door: Door, home: bool, registry: &Registry) -> bool {
    let (Door::Open(right, whose) | Door::Token(_, right, whose)) = door else { return true };
    let person = opora_access::Person {
        account: Some(1),
        name: String::new(),
        grants: vec![Grant { role, place: held, from: date(2020, 1, 1), until: None }],
    };
    let today = clock::today();
    let place = match whose {
        Whose::Nobody | Whose::Each => return person.may_somewhere(right, today),
        Whose::Installation => Place::Installation,
        Whose::School if home => SCHOOL,
        Whose::School => Place::School(OrganisationId(7)),
        Whose::File => {
            return person.may(Right::SeePlans, if home { TOWN } else { OTHER_TOWN }, registry, today);
        }
        Whose::Place => {
            let place = if home { TOWN } else { OTHER_TOWN };
            let held = person.places(right, today);
            return held.into_iter().any(|own| opora_access::contains(own, place, registry));
        }
        Whose::Plan | Whose::Territory | Whose::Run => {
            if home {
                TOWN
            } else {
                OTHER_TOWN
            }
        }
    };
    person.may(right, place, registry, today)
}

#[tokio::test]
async fn every_route_as_every_role_at_home_and_abroad() {
    let site = region().await;
    let registry = registry();
    let files: Vec<String> = {
        let mut plans = site.store.plans().await.expect("plans");
        plans.sort_by_key(|plan| plan.id);
        plans.into_iter().map(|plan| plan.source_sha256).collect()
    };
    let mut asked = 0;
    for role in Role::ALL {
        let held = if role.is_of_school() { SCHOOL } else { TOWN };
        let cookie = enter(&site, role, held).await;
        let bearer = token(&site, role, held, &Scope::ALL).await;
        for (method, path, door) in TABLE {
            // Leaving would end the session that asks.
            if *path == "/logout" {
                continue;
            }
            for home in [true, false] {
                let sha256 = if home { &files[0] } else { &files[1] };
                let Some(address) = address(path, home, sha256) else { continue };
                let answer = match door {
                    Door::Token(..) => ask_api(&site, method, &address, &bearer, "").await,
                    _ => ask(&site, method, &address, &cookie).await,
                };
                let refused = answer.status == StatusCode::FORBIDDEN;
                let allowed = expected(role, held, *door, home, &registry);
                // Where the handler looks for itself, it may refuse more than the gate, never less.
                let looks_itself =
                    matches!(door, Door::Open(_, Whose::Each) | Door::Token(_, _, Whose::Each));
                assert!(
                    refused != allowed || looks_itself && refused,
                    "{role:?} of {held:?}: {method} {address} gave {}, allowed: {allowed}",
                    answer.status
                );
                assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {address}");
                assert!(answer.status.as_u16() < 500, "{role:?}: {method} {address} gave {}", answer.status);
                asked += 1;
            }
        }
    }
    assert!(asked > 800, "{asked} questions asked");
}

#[tokio::test]
async fn nobody_gets_in_without_a_session() {
    let site = region().await;
    // One account is enough: from now on the one at this machine must log in too.
    enter(&site, Role::Observer, TOWN).await;
    for (method, path, door) in TABLE {
        let Some(address) = address(path, true, "x") else { continue };
        for cookie in ["", "opora-session=", "opora-session=чужой", "opora-session=0000"] {
            let request = Request::builder().method(*method).uri(&address);
            let request = if cookie.is_ascii() { request.header("cookie", cookie) } else { request };
            let answer = site.send(request.body(Body::empty()).expect("a request")).await;
            match door {
                Door::Public => assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {address}"),
                Door::Open(..) if *method == "GET" => {
                    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{method} {address}");
                    assert!(answer.location.starts_with("/login?back="), "{}", answer.location);
                }
                Door::Open(..) | Door::Token(..) => {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {address}");
                }
            }
        }
    }
}

#[test]
fn a_head_request_is_a_reading_one_and_nothing_else_is_allowed() {
    let get = line(&axum::http::Method::GET, "/plans/{id}");
    assert!(get.is_some());
    assert_eq!(line(&axum::http::Method::HEAD, "/plans/{id}"), get);
    assert_eq!(line(&axum::http::Method::DELETE, "/plans/{id}"), None);
    assert_eq!(line(&axum::http::Method::GET, "/secret"), None);
}

#[tokio::test]
async fn lists_show_what_the_reader_may_see() {
    let site = region().await;
    let check = async |cookie: &str, own: &[i64], foreign: &[i64]| {
        for path in ["/plans", "/calendar.ics?all=1", "/", "/search?q=мониторинг"] {
            let path = path.replace("мониторинг", "%D1%80%D0%B5%D0%B7%D1%83%D0%BB%D1%8C%D1%82%D0%B0%D1%82");
            let text = ask(&site, "GET", &path, cookie).await.text;
            for id in foreign {
                assert!(!text.contains(&format!("/plans/{id}")), "{path} tells of plan {id}");
            }
        }
        let text = ask(&site, "GET", "/plans", cookie).await.text;
        for id in own {
            assert!(text.contains(&format!("/plans/{id}")), "{id} is missing");
        }
    };
    check(&enter(&site, Role::Coordinator, TOWN).await, &[1, 3], &[2]).await;
    check(&enter(&site, Role::SchoolHead, SCHOOL).await, &[1, 3], &[2]).await;
    check(&enter(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await, &[1], &[2, 3]).await;
    check(&enter(&site, Role::RegionalOperator, REGION).await, &[1, 2, 3], &[]).await;
    check(&enter(&site, Role::Observer, OTHER_TOWN).await, &[2], &[1, 3]).await;
}

#[tokio::test]
async fn a_head_is_led_to_the_own_school() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let answer = ask(&site, "GET", "/schools", &head).await;
    assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/schools/5"));
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    assert_eq!(ask(&site, "GET", "/schools", &coordinator).await.location, "/schools?node=11");
    assert_eq!(ask(&site, "GET", "/schools?node=12", &coordinator).await.status, StatusCode::FORBIDDEN);
    assert_eq!(ask(&site, "GET", "/schools.csv?node=12", &coordinator).await.status, StatusCode::FORBIDDEN);
}

/// The path of a person: a link, a password, the door, and out again.
#[tokio::test]
async fn a_person_gets_in_by_a_link_and_a_password() {
    let site = region().await;
    let new = NewAccount { login: "sokolova", mail: "", name: "Соколова Анна" };
    let id = site.store.create_account(&new, &by("")).await.expect("an account");
    let grant = Grant { role: Role::Coordinator, place: TOWN, from: date(2020, 1, 1), until: None };
    site.store.give_role(id, &grant, |_| Ok(()), &by("")).await.expect("a role");
    let token =
        new_link(&site.store, id, LinkKind::Invitation, &by("")).await.expect("a link").expect("randomness");
    let link = format!("/link/{}", token.as_str());
    assert!(site.get(&link).await.text.contains("Соколова Анна"));
    let weak = site.post(&link, &[("password", "12345"), ("again", "12345")]).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = site.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!(chosen.location, "/login?chosen=1");
    assert_eq!(site.get(&link).await.status, StatusCode::NOT_FOUND, "a link works once");

    let wrong = site.post("/login", &[("login", "sokolova"), ("password", "не тот пароль")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = site.post("/login", &[("login", "nobody"), ("password", "не тот пароль")]).await;
    assert_eq!(
        unknown.text.replace("nobody", "sokolova"),
        wrong.text,
        "nothing tells whether there is such an account"
    );

    let entered =
        site.post("/login", &[("login", "Sokolova"), ("password", PASSWORD), ("back", "/plans/1")]).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/plans/1"));
    let cookie = entered.headers.get("set-cookie").and_then(|v| v.to_str().ok()).expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    assert_eq!(ask(&site, "GET", "/plans/1", &cookie).await.status, StatusCode::OK);
    assert!(ask(&site, "GET", "/account", &cookie).await.text.contains("муниципальный координатор"));
    assert_eq!(ask(&site, "POST", "/logout", &cookie).await.location, "/login");
    assert_eq!(ask(&site, "GET", "/plans/1", &cookie).await.status, StatusCode::SEE_OTHER);
    let evil =
        site.post("/login", &[("login", "sokolova"), ("password", PASSWORD), ("back", "//evil.test")]).await;
    assert_eq!(evil.location, "/");
}

#[tokio::test]
async fn who_keeps_failing_waits() {
    let site = region().await;
    let new = NewAccount { login: "sokolova", mail: "", name: "Соколова Анна" };
    let id = site.store.create_account(&new, &by("")).await.expect("an account");
    let hash = PasswordHash::of(PASSWORD).expect("randomness");
    let hash = [hash.as_str().to_owned()];
    site.store.set_credentials(id, CredentialKind::Password, &hash, &by("")).await.expect("a password");
    let mut last = StatusCode::OK;
    for _ in 0..8 {
        last = site.post("/login", &[("login", "sokolova"), ("password", "мимо")]).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let right = site.post("/login", &[("login", "sokolova"), ("password", PASSWORD)]).await;
    assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "the right password waits too");
}

#[tokio::test]
async fn a_coordinator_looks_after_the_own_people_only() {
    let site = region().await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let head = enter(&site, Role::SchoolHead, Place::School(OrganisationId(7))).await;
    let list = ask(&site, "GET", "/people", &coordinator).await.text;
    assert!(list.contains("coordinator-node-11") && !list.contains("school-head-school-7"));
    for path in ["/people/2", "/people/2/link", "/people/2/open", "/people/2/roles"] {
        let method = if path == "/people/2" { "GET" } else { "POST" };
        let request = Request::builder().method(method).uri(path).header("cookie", &coordinator);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = site.send(request.body(Body::from("open=no&reason=x")).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    drop(head);
    let form =
        [("name", "Ким Вера"), ("login", "kim"), ("role", "curator"), ("school", "Школа № 7"), ("place", "")];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::post("/people").header("cookie", &coordinator);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = site.send(request.body(Body::from(body)).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "a school of another town");
    assert!(answer.text.contains("Такой школы нет среди ваших"));
    assert_eq!(site.store.account_of("kim").await.expect("an answer"), None);
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form.map(|(name, value)| (name, if name == "school" { "Школа № 5" } else { value })))
        .finish();
    let request = Request::post("/people").header("cookie", &coordinator);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = site.send(request.body(Body::from(body)).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.text.contains("/link/"));
    let kim = site.store.account_of("kim").await.expect("an answer").expect("an account");
    assert_eq!(site.store.grants(Some(kim.id)).await.expect("grants")[0].grant.role, Role::Curator);
}

#[tokio::test]
async fn from_elsewhere_nobody_works_alone() {
    let site = Site::new().await;
    assert_eq!(
        site.get("/plans").await.status,
        StatusCode::OK,
        "at this machine, before there is an account"
    );
    for (name, value) in [("host", "opora.test"), ("x-forwarded-for", "10.0.0.7")] {
        let request = Request::get("/plans").header(name, value).body(Body::empty()).expect("a request");
        let answer = site.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        assert!(answer.text.contains("opora user add"), "{name}");
    }
}

#[tokio::test]
async fn a_private_calendar_needs_no_login_and_shows_the_own_plans() {
    let site = region().await;
    let cookie = enter(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    let text = ask(&site, "POST", "/account/feed", &cookie).await.text;
    let token = text.split("/feed/").nth(1).and_then(|rest| rest.get(..64)).expect("an address").to_owned();
    let feed = site.get(&format!("/feed/{token}?all=1")).await;
    assert_eq!(feed.status, StatusCode::OK);
    assert!(feed.text.contains("BEGIN:VCALENDAR") && !feed.text.contains("/plans/2"));
    assert_eq!(site.get("/feed/0000").await.status, StatusCode::NOT_FOUND);
    ask(&site, "POST", "/account/feed", &cookie).await;
    assert_eq!(
        site.get(&format!("/feed/{token}")).await.status,
        StatusCode::NOT_FOUND,
        "the address before is over"
    );
    let account =
        site.store.account_of("school-head-school-6").await.expect("an answer").expect("an account");
    site.store.set_account_open(account.id, false, &by("уволен")).await.expect("closed");
    assert_eq!(
        ask(&site, "GET", "/plans", &cookie).await.status,
        StatusCode::SEE_OTHER,
        "a closed account is out"
    );
}

#[tokio::test]
async fn a_plan_is_given_inside_the_own_place_only() {
    let site = region().await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let give = async |place: &str, school: &str, reason: &str| {
        let form = [("place", place), ("school", school), ("reason", reason)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post("/plans/1/owner").header("cookie", &coordinator);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        site.send(request.body(Body::from(body)).expect("a request")).await.status
    };
    assert_eq!(give("node/12", "", "перенос").await, StatusCode::FORBIDDEN, "to another town");
    assert_eq!(give("all", "", "перенос").await, StatusCode::FORBIDDEN);
    assert_eq!(give("node/x", "", "перенос").await, StatusCode::BAD_REQUEST);
    assert_eq!(give("", "Школа № 7", "перенос").await, StatusCode::BAD_REQUEST, "a school of another town");
    assert_eq!(give("", "Школа № 6", " ").await, StatusCode::BAD_REQUEST, "without a reason");
    assert_eq!(give("", "Школа № 6", "план школы").await, StatusCode::SEE_OTHER);
    let summary = site.store.summary(opora_store::PlanId(1)).await.expect("a plan");
    assert_eq!(summary.owner, Place::School(OrganisationId(6)));
}

#[tokio::test]
async fn a_session_used_from_two_places_is_one_session_and_ends_in_both() {
    let site = region().await;
    let cookie = enter(&site, Role::Coordinator, TOWN).await;
    let from = async |agent: &str, path: &str| {
        let request = Request::get(path).header("cookie", &cookie).header("user-agent", agent);
        site.send(request.body(Body::empty()).expect("a request")).await
    };
    let (here, there) = tokio::join!(from("Настольный", "/plans/1"), from("Телефон", "/plans/1"));
    assert_eq!((here.status, there.status), (StatusCode::OK, StatusCode::OK));
    let account = from("Настольный", "/account").await.text;
    assert_eq!(account.matches("name=\"session\"").count(), 1, "one session is one line: {account}");
    let request = Request::post("/logout").header("cookie", &cookie).body(Body::empty());
    site.send(request.expect("a request")).await;
    for agent in ["Настольный", "Телефон"] {
        assert_eq!(from(agent, "/plans/1").await.status, StatusCode::SEE_OTHER, "{agent} is out");
    }
}
