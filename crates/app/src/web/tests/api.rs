//! Do programs get what people get, and no more?

use opora_access::Scope;
use opora_cells::OrganisationId;
use opora_registry::NodeId;
use serde_json::{Value, json};

use super::access::{ask_api, enter, region, token};
use super::*;
use crate::clock;
use crate::web::access::{Door, TABLE};
use crate::web::api::document;

const TOWN: Place = Place::Node(NodeId(11));
const SCHOOL: Place = Place::School(OrganisationId(5));

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

/// A town with a coordinator and the token of a program with these scopes.
async fn town(scopes: &[Scope]) -> (Site, String) {
    let site = region().await;
    enter(&site, Role::Coordinator, TOWN).await;
    let token = token(&site, Role::Coordinator, TOWN, scopes).await;
    (site, token)
}

#[test]
fn every_operation_tells_its_scope_and_its_answers() {
    let document = document();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let mut told = 0;
    for (method, path, door) in TABLE {
        let Door::Token(scope, ..) = door else { continue };
        let operation = &document["paths"][*path][method.to_lowercase()];
        let security = &operation["security"][0]["token"];
        match scope {
            Some(scope) => assert_eq!(security, &json!([scope.code()]), "{method} {path}"),
            None => assert_eq!(security, &json!([]), "{method} {path}"),
        }
        for field in ["summary", "operationId"] {
            assert!(
                operation[field].as_str().is_some_and(|text| !text.is_empty()),
                "{method} {path}: {field}"
            );
        }
        assert!(operation["responses"]["401"].is_object() && operation["responses"]["403"].is_object());
        told += 1;
    }
    assert!(told > 40, "{told} operations");
    // Every reference leads somewhere.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

#[test]
fn no_two_shapes_of_the_description_share_a_name() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/api");
    let order = opora_exchange::order_schema();
    let mut names: Vec<String> = order["$defs"].as_object().expect("parts").keys().cloned().collect();
    for file in std::fs::read_dir(folder).expect("the folder") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("its text");
        for shape in text.split("ToSchema)]").skip(1) {
            let line = shape.lines().find(|line| line.contains("struct ") || line.contains("enum "));
            let words = line.and_then(|line| line.split(['{', '<', ';']).next()).unwrap_or_default();
            names.extend(words.split_whitespace().last().map(str::to_owned));
        }
    }
    assert!(names.len() > 150, "{} shapes", names.len());
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    assert!(twice.is_empty(), "{twice:?}: the later one would stand in place of the earlier");
}

#[tokio::test]
async fn a_token_without_the_scope_is_refused() {
    let site = region().await;
    enter(&site, Role::RegionalOperator, Place::Installation).await;
    let mut asked = 0;
    let mut tokens = std::collections::BTreeMap::new();
    for scope in Scope::ALL {
        let others: Vec<Scope> = Scope::ALL.into_iter().filter(|other| *other != scope).collect();
        tokens.insert(scope, token(&site, Role::RegionalOperator, Place::Installation, &others).await);
    }
    for (method, path, door) in TABLE {
        let Door::Token(Some(scope), ..) = door else { continue };
        let narrow = &tokens[scope];
        let address = path.replace("{id}", "1").replace("{version}", "1").replace("{grant}", "1");
        let answer = ask_api(&site, method, &address, narrow, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}: {}", answer.text);
        let problem = read(&answer);
        assert!(problem["detail"].as_str().is_some_and(|text| text.contains(scope.code())), "{problem}");
        asked += 1;
    }
    assert!(asked > 35, "{asked}");
}

#[tokio::test]
async fn cookies_open_nothing_and_wrong_tokens_wait() {
    let (site, token) = town(&[Scope::ReadPlans, Scope::WritePlans]).await;
    let cookie = enter(&site, Role::SchoolHead, SCHOOL).await;
    for method in ["GET", "PUT"] {
        let request = Request::builder().method(method).uri("/api/v1/plans/1").header("cookie", &cookie);
        let answer = site.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert!(answer.headers.contains_key("www-authenticate"));
    }
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        last = ask_api(&site, "GET", "/api/v1/me", "Bearer 0000", "").await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let right = ask_api(&site, "GET", "/api/v1/me", &token, "").await;
    assert_eq!(right.status, StatusCode::OK, "a right token is never kept waiting");
    assert_eq!(read(&right)["scopes"], json!(["plans:read", "plans:write"]));
    // A browser of another site sends no token of itself; a program may say whatever origin it likes.
    let request = Request::builder().method("PUT").uri("/api/v1/plans/1/archive");
    let request = request.header("origin", "https://evil.test").header("host", "opora.test");
    let bare = site.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(bare.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn lists_come_in_pages_and_hold_the_own_only() {
    let (site, token) = town(&[Scope::ReadPlans]).await;
    let mut ids = Vec::new();
    let mut address = "/api/v1/plans?limit=1".to_owned();
    for _ in 0..5 {
        let page = read(&ask_api(&site, "GET", &address, &token, "").await);
        ids.extend(page["items"].as_array().expect("items").iter().map(|plan| plan["id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        address = format!("/api/v1/plans?limit=1&cursor={next}");
    }
    assert_eq!(ids, [json!(3), json!(1)], "plan 2 is of another town");
    for bad in ["limit=0", "limit=x", "cursor=x", "colour=red", "limit=501"] {
        let answer = ask_api(&site, "GET", &format!("/api/v1/plans?{bad}"), &token, "").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    let due = read(&ask_api(&site, "GET", "/api/v1/plans/1/occurrences?limit=2", &token, "").await);
    assert_eq!(due["items"].as_array().map(Vec::len), Some(2));
    let next = due["next"].as_str().expect("more").replace('/', "%2F");
    let rest = ask_api(&site, "GET", &format!("/api/v1/plans/1/occurrences?cursor={next}"), &token, "").await;
    assert!(!rest.text.contains(&due["items"][0]["key"].to_string()));
}

#[tokio::test]
async fn a_version_is_written_on_what_was_read() {
    let (site, token) = town(&[Scope::ReadPlans, Scope::WritePlans]).await;
    let got = ask_api(&site, "GET", "/api/v1/plans/1", &token, "").await;
    let tag = got.headers["etag"].to_str().expect("a tag").to_owned();
    let mut order = read(&got);
    let put = async |tag: Option<&str>, order: &Value| {
        let request = Request::builder().method("PUT").uri("/api/v1/plans/1?reason=%D0%A1%D1%80%D0%BE%D0%BA");
        let request = request.header("authorization", &token).header("content-type", "application/json");
        let request = match tag {
            Some(tag) => request.header("if-match", tag),
            None => request,
        };
        site.send(request.body(Body::from(order.to_string())).expect("a request")).await
    };
    assert_eq!(put(None, &order).await.status, StatusCode::PRECONDITION_REQUIRED);
    let same = put(Some(&tag), &order).await;
    assert_eq!((same.status, read(&same)["version"].clone()), (StatusCode::OK, json!(1)), "nothing is new");
    order["plans"][0]["title"] = json!("План с новым названием");
    let saved = put(Some(&tag), &order).await;
    assert_eq!((saved.status, read(&saved)["version"].clone()), (StatusCode::OK, json!(2)), "{}", saved.text);
    let stale = put(Some(&tag), &order).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let tag = saved.headers["etag"].to_str().expect("a tag").to_owned();
    let mut foreign = order.clone();
    foreign["source"]["sha256"] = json!("ab".repeat(32));
    assert_eq!(put(Some(&tag), &foreign).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut doubled = order.clone();
    let first = doubled["plans"][0]["sections"][0]["activities"][0].clone();
    doubled["plans"][0]["sections"][0]["activities"].as_array_mut().expect("activities").push(first);
    assert_eq!(put(Some(&tag), &doubled).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(put(Some(&tag), &json!({ "schema": "opora.order/9" })).await.status, StatusCode::BAD_REQUEST);
    let history = read(&ask_api(&site, "GET", "/api/v1/plans/1/history", &token, "").await);
    assert_eq!((history[0]["number"].clone(), history[0]["reason"].clone()), (json!(2), json!("Срок")));
}

#[tokio::test]
async fn a_deed_is_recorded_once_and_on_what_was_seen() {
    let (site, token) = town(&[Scope::ReadPlans, Scope::Execute]).await;
    let due = read(&ask_api(&site, "GET", "/api/v1/plans/1/occurrences", &token, "").await);
    let one = due["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|own| own["possible"].as_array().is_some_and(|deeds| deeds.contains(&json!("comment"))));
    let key = one.expect("something to do")["key"].clone();
    let deed = |deed: &str, known: usize| json!({ "occurrence": key, "known": known, "deed": deed, "text": "Готово" });
    let told = ask_api(&site, "POST", "/api/v1/plans/1/deeds", &token, &deed("comment", 0).to_string()).await;
    assert_eq!(told.status, StatusCode::CREATED, "{}", told.text);
    assert_eq!(read(&told)["known"], json!(1));
    let twice =
        ask_api(&site, "POST", "/api/v1/plans/1/deeds", &token, &deed("comment", 0).to_string()).await;
    assert_eq!((twice.status, read(&twice)["known"].clone()), (StatusCode::OK, json!(1)), "said twice");
    let other = json!({ "occurrence": key, "known": 0, "deed": "cancel", "text": "Другое" }).to_string();
    let stale = ask_api(&site, "POST", "/api/v1/plans/1/deeds", &token, &other).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
    let unknown = json!({ "occurrence": "9999/undated", "known": 0, "deed": "done" }).to_string();
    let unknown = ask_api(&site, "POST", "/api/v1/plans/1/deeds", &token, &unknown).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let deeds = read(&ask_api(&site, "GET", "/api/v1/plans/1/deeds", &token, "").await);
    assert_eq!(deeds.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_roadmap_is_agreed_by_both_sides() {
    let site = region().await;
    enter(&site, Role::SchoolHead, SCHOOL).await;
    enter(&site, Role::Coordinator, TOWN).await;
    let scopes = [Scope::ReadPlans, Scope::Agree];
    let head = token(&site, Role::SchoolHead, SCHOOL, &scopes).await;
    let coordinator = token(&site, Role::Coordinator, TOWN, &scopes).await;
    let stand = read(&ask_api(&site, "GET", "/api/v1/plans/3/agreement", &head, "").await);
    assert_eq!((stand["state"].clone(), stand["possible"][0].clone()), (json!("draft"), json!("submit")));
    let act =
        |action: &str| json!({ "action": action, "content_sha256": stand["content_sha256"] }).to_string();
    let agree = async |token: &str, action: &str| {
        ask_api(&site, "POST", "/api/v1/plans/3/agreement", token, &act(action)).await
    };
    assert_eq!(agree(&head, "submit").await.status, StatusCode::CREATED);
    assert_eq!(agree(&head, "submit").await.status, StatusCode::OK, "said twice");
    assert_eq!(agree(&head, "approve").await.status, StatusCode::FORBIDDEN);
    let approved = agree(&coordinator, "approve").await;
    assert_eq!((approved.status, read(&approved)["state"].clone()), (StatusCode::CREATED, json!("approved")));
    let other = json!({ "action": "put-in-force", "content_sha256": "ab" }).to_string();
    let other = ask_api(&site, "POST", "/api/v1/plans/3/agreement", &head, &other).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_person_makes_and_ends_tokens() {
    let site = region().await;
    let cookie = enter(&site, Role::Coordinator, TOWN).await;
    let post = async |path: &str, form: &[(&str, &str)]| {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path).header("cookie", &cookie);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        site.send(request.body(Body::from(body)).expect("a request")).await
    };
    let today = clock::today().to_string();
    for (name, scope, day) in
        [("", "plans:read", today.as_str()), ("Отчёт", "all", &today), ("Отчёт", "plans:read", "2199-01-01")]
    {
        let wrong = post("/account/tokens", &[("name", name), ("scope", scope), ("last_day", day)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {scope} {day}");
    }
    let form = [("name", "Отчёт"), ("scope", "plans:read"), ("scope", "journal:read"), ("last_day", &today)];
    let made = post("/account/tokens", &form).await;
    assert_eq!(made.headers["cache-control"], "no-store");
    let secret =
        made.text.split("code class=\"secret\">").nth(1).and_then(|rest| rest.get(..64)).expect("a token");
    let bearer = format!("Bearer {secret}");
    assert_eq!(ask_api(&site, "GET", "/api/v1/plans", &bearer, "").await.status, StatusCode::OK);
    let page =
        site.send(Request::get("/account").header("cookie", &cookie).body(Body::empty()).expect("a request"));
    let page = page.await.text;
    assert!(page.contains("Отчёт") && !page.contains(secret), "a token is shown once");
    assert_eq!(post("/account/tokens/end", &[("token", "1")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ask_api(&site, "GET", "/api/v1/plans", &bearer, "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_guide_shows_every_operation() {
    let site = Site::new().await;
    let page = site.get("/api").await;
    assert_eq!(page.status, StatusCode::OK);
    for (_, path, door) in TABLE {
        assert!(!matches!(door, Door::Token(..)) || page.text.contains(path), "{path}");
    }
    assert_eq!(site.get("/api/v1/nothing").await.headers["content-type"], "application/problem+json");
    // Alone at this machine no token is needed.
    assert_eq!(site.get("/api/v1/plans").await.status, StatusCode::OK);
}
