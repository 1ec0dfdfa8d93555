//! Do programs find, compare and give plans, read the files behind them, and close accounts?

use opora_access::Scope;
use opora_cells::OrganisationId;
use opora_registry::NodeId;
use serde_json::{Value, json};

use super::access::{ask_api, region, token};
use super::api_programme::cookie_of;
use super::api_support::{get, program, read, send};
use super::visits::send as post;
use super::*;

const TOWN: Place = Place::Node(NodeId(11));
const OTHER_TOWN: Place = Place::Node(NodeId(12));
const SCHOOL: Place = Place::School(OrganisationId(5));

#[tokio::test]
async fn words_are_found_and_versions_compared() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let words = "/api/v1/search?q=%D1%80%D0%B5%D0%B7%D1%83%D0%BB%D1%8C%D1%82%D0%B0%D1%82";
    let found = get(&site, words, &coordinator).await;
    let plans = |found: &Value| -> Vec<i64> {
        found.as_array().expect("answers").iter().filter_map(|own| own["plan"].as_i64()).collect()
    };
    assert!(plans(&found).contains(&1) && !plans(&found).contains(&2), "{found}");
    assert!(found[0]["matches"][0]["text"].is_string(), "{found}");
    assert!(!plans(&get(&site, words, &foreign).await).contains(&1));
    for bad in ["/api/v1/search", "/api/v1/search?q=", "/api/v1/search?q=a&w=b"] {
        assert_eq!(
            ask_api(&site, "GET", bad, &coordinator, "").await.status,
            StatusCode::BAD_REQUEST,
            "{bad}"
        );
    }
    let changes = "/api/v1/plans/1/changes";
    let none = get(&site, changes, &coordinator).await;
    assert_eq!((none["to"].clone(), none["changes"].clone()), (json!(1), json!([])));
    let add = [("version", "1"), ("target", "add-0"), ("title", "Провести опрос родителей")];
    let add = [&add[..], &[("responsible", "Школа № 5"), ("schedule", "до 01.04.2027")]].concat();
    let saved = post(&site, &cookie_of(Role::Coordinator, TOWN), "/plans/1/review", &add).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let told = get(&site, &format!("{changes}?from=1&to=2"), &coordinator).await;
    assert_eq!(
        (told["from"].clone(), told["changes"][0]["kind"].clone()),
        (json!(1), json!("added")),
        "{told}"
    );
    assert_eq!(
        get(&site, &format!("{changes}?from=2&to=1"), &coordinator).await,
        told,
        "the earlier one first"
    );
    for (bad, status) in [
        ("from=0", StatusCode::BAD_REQUEST),
        ("from=x", StatusCode::BAD_REQUEST),
        ("to=77", StatusCode::NOT_FOUND),
    ] {
        let refused = ask_api(&site, "GET", &format!("{changes}?{bad}"), &coordinator, "").await;
        assert_eq!(refused.status, status, "{bad}: {}", refused.text);
    }
    assert_eq!(ask_api(&site, "GET", changes, &foreign, "").await.status, StatusCode::FORBIDDEN);
    let source = ask_api(&site, "GET", "/api/v1/plans/1/source", &coordinator, "").await;
    assert!(source.status == StatusCode::OK && source.text.ends_with("а.txt"), "{}", source.text);
    let hidden = ask_api(&site, "GET", "/api/v1/plans/1/source", &foreign, "").await;
    assert_eq!(hidden.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_plan_is_given_inside_the_own_place() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let path = "/api/v1/plans/1/owner";
    let to = |place: &str| json!({ "place": place, "reason": "план школы" });
    assert_eq!(send(&site, "PUT", path, &foreign, &to("node/12")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "PUT", path, &coordinator, &to("node/12")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "PUT", path, &coordinator, &to("all")).await.status, StatusCode::FORBIDDEN);
    for bad in [json!({ "place": "school/6" }), json!({ "place": "town", "reason": "перенос" })] {
        assert_eq!(
            send(&site, "PUT", path, &coordinator, &bad).await.status,
            StatusCode::BAD_REQUEST,
            "{bad}"
        );
    }
    assert_eq!(send(&site, "PUT", path, &coordinator, &to("school/6")).await.status, StatusCode::NO_CONTENT);
    let summary = site.store.summary(opora_store::PlanId(1)).await.expect("a plan");
    assert_eq!(summary.owner, Place::School(OrganisationId(6)));
}

#[tokio::test]
async fn an_account_is_closed_with_its_tokens_and_opened_again() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let person = site.store.account_of("school-head-school-5").await.expect("an answer").expect("an account");
    let path = format!("/api/v1/people/{}/open", person.id.0);
    let open = |open: bool| json!({ "open": open, "reason": "ушла" });
    for stranger in [&foreign, &head] {
        assert_eq!(send(&site, "PUT", &path, stranger, &open(false)).await.status, StatusCode::FORBIDDEN);
    }
    for bad in [
        json!({ "open": false }),
        json!({ "open": "нет", "reason": "ушла" }),
        json!({ "open": false, "reason": "" }),
    ] {
        assert_eq!(
            send(&site, "PUT", &path, &coordinator, &bad).await.status,
            StatusCode::BAD_REQUEST,
            "{bad}"
        );
    }
    let closed = send(&site, "PUT", &path, &coordinator, &open(false)).await;
    assert_eq!(
        (closed.status, read(&closed)["open"].clone()),
        (StatusCode::OK, json!(false)),
        "{}",
        closed.text
    );
    assert_eq!(ask_api(&site, "GET", "/api/v1/me", &head, "").await.status, StatusCode::UNAUTHORIZED);
    let opened = send(&site, "PUT", &path, &coordinator, &open(true)).await;
    assert_eq!(read(&opened)["open"], json!(true), "{}", opened.text);
    let me = site.store.account_of("coordinator-node-11").await.expect("an answer").expect("an account");
    let own = format!("/api/v1/people/{}/open", me.id.0);
    assert_eq!(send(&site, "PUT", &own, &coordinator, &open(false)).await.status, StatusCode::BAD_REQUEST);
}

/// Sends fields and a file as a program does.
async fn parcel(site: &Site, path: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post(path).header("authorization", token);
    site.send(Parts::of(fields).file("file", "a.txt", "документ".as_bytes()).on(request)).await
}

#[tokio::test]
async fn documents_of_lists_and_contracts_are_read_where_they_belong() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let new = opora_store::NewRun {
        pack: "omsk-2025",
        year: 2025,
        scope: "node:11",
        pack_sha256: "",
        data_sha256: "",
        program: "",
        content: b"school\t5\tlow\t-\t-\tIn\n",
        summary: &json!({}),
    };
    let by = opora_store::Authorship { who: "Оператор", reason: "", at: crate::clock::now() };
    let run = site.store.record_run(&new, &by).await.expect("a run").0;
    let path = format!("/api/v1/runs/{run}/schools/5");
    let fields = [("step", "reply"), ("text", "Основание"), ("known", "0")];
    let replied = parcel(&site, &format!("{path}/document"), &head, &fields).await;
    assert_eq!(replied.status, StatusCode::CREATED, "{}", replied.text);
    let sha256 =
        read(&replied)["schools"][0]["steps"][0]["document_sha256"].as_str().expect("a hash").to_owned();
    let document = format!("{path}/documents/{sha256}");
    let sent = ask_api(&site, "GET", &document, &coordinator, "").await;
    assert_eq!((sent.status, sent.text.as_str()), (StatusCode::OK, "документ"));
    assert_eq!(ask_api(&site, "GET", &document, &foreign, "").await.status, StatusCode::FORBIDDEN);
    let elsewhere = format!("/api/v1/runs/{run}/schools/6/documents/{sha256}");
    assert_eq!(ask_api(&site, "GET", &elsewhere, &coordinator, "").await.status, StatusCode::NOT_FOUND);

    let noted = json!({ "capacity": 2 });
    let mentors = "/api/v1/assignments/mentors";
    let marked = send(&site, "PUT", &format!("{mentors}/schools/6"), &coordinator, &noted).await;
    assert_eq!(marked.status, StatusCode::NO_CONTENT, "{}", marked.text);
    let made = send(&site, "POST", mentors, &coordinator, &json!({ "school": 5, "mentor": 6 })).await;
    let contracts = format!("{mentors}/{}/contracts", read(&made)["id"]);
    let added = parcel(&site, &contracts, &coordinator, &[("number", "7"), ("signed", "2026-09-01")]).await;
    let sha256 = read(&added)["contracts"][0]["file_sha256"].as_str().expect("a hash").to_owned();
    for school in [5, 6] {
        let path = format!("/api/v1/schools/{school}/mentors/{sha256}");
        let sent = ask_api(&site, "GET", &path, &coordinator, "").await;
        assert_eq!((sent.status, sent.text.as_str()), (StatusCode::OK, "документ"));
        assert_eq!(ask_api(&site, "GET", &path, &foreign, "").await.status, StatusCode::FORBIDDEN);
    }
    let narrow = token(&site, Role::SchoolHead, SCHOOL, &[Scope::ReadPlans]).await;
    let path = format!("/api/v1/schools/5/mentors/{sha256}");
    assert_eq!(ask_api(&site, "GET", &path, &narrow, "").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn two_frozen_lists_are_compared() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let freeze = async |content: &[u8]| {
        let new = opora_store::NewRun {
            pack: "omsk-2025",
            year: 2025,
            scope: "node:11",
            pack_sha256: "",
            data_sha256: "",
            program: "",
            content,
            summary: &json!({}),
        };
        let by = opora_store::Authorship { who: "Оператор", reason: "", at: crate::clock::now() };
        site.store.record_run(&new, &by).await.expect("a run").0
    };
    let before = freeze(b"school\t5\tlow\t-\t-\tIn\nschool\t6\tlow\t-\t-\tIn\n").await;
    let after = freeze(b"school\t5\tlow\t-\t-\tIn\n").await;
    let path = format!("/api/v1/runs/compare?before={before}&after={after}");
    let told = get(&site, &path, &coordinator).await;
    assert_eq!((told["same"].clone(), told["changes"][0]["id"].clone()), (json!(1), json!(6)), "{told}");
    assert_eq!(told["changes"][0]["after"], Value::Null);
    assert_eq!(ask_api(&site, "GET", &path, &foreign, "").await.status, StatusCode::FORBIDDEN);
    for (bad, status) in [
        ("", StatusCode::BAD_REQUEST),
        ("?before=1&after=x", StatusCode::BAD_REQUEST),
        ("?before=1&after=777", StatusCode::NOT_FOUND),
    ] {
        let refused = ask_api(&site, "GET", &format!("/api/v1/runs/compare{bad}"), &coordinator, "").await;
        assert_eq!(refused.status, status, "{bad}: {}", refused.text);
    }
    let numbers = get(&site, "/api/v1/methodologies/omsk-2025", &coordinator).await["numbers"].clone();
    assert!(numbers[0]["id"].is_string() && numbers[0]["value"].is_string(), "{numbers}");
    let wish = json!({ "pack": "omsk-2025", "year": 2025, "node": 11, "what_if": { "number": "луна", "value": "5" } });
    let refused = send(&site, "POST", "/api/v1/runs", &coordinator, &wish).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
    assert!(refused.text.contains("нет числа"), "{}", refused.text);
}
