//! Do programs plan the month of a curator, prove tasks by files, propose helpers and tell how far it is?

use opora_cells::OrganisationId;
use opora_registry::NodeId;
use serde_json::{Value, json};

use super::access::{ask_api, region};
use super::api_support::{day, get, program, read, send};
use super::*;

const TOWN: Place = Place::Node(NodeId(11));
const OTHER_TOWN: Place = Place::Node(NodeId(12));
const SCHOOL: Place = Place::School(OrganisationId(5));

/// The same months in every test: the one after that of today.
fn next_month() -> String {
    use jiff::ToSpan;
    let next = crate::clock::today().first_of_month().checked_add(1.month()).expect("a month");
    next.strftime("%Y-%m").to_string()
}

#[tokio::test]
async fn the_month_of_a_curator_is_a_route_that_is_planned_at_once() {
    let site = region().await;
    let curator = program(&site, Role::Curator, SCHOOL).await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let address = format!("/api/v1/visits/route?month={}&per_day=1", next_month());
    let route = get(&site, &address, &curator).await;
    assert_eq!(
        (route["schools"][0]["school"].clone(), route["days"].is_array()),
        (json!(5), true),
        "{route}"
    );
    let account = route["curator"].clone();
    assert!(account.is_i64() && route["curators"][0]["account"] == account, "{route}");
    let of_all = get(&site, &address, &coordinator).await;
    assert_eq!(of_all["curator"], Value::Null, "whoever coordinates sees everybody's schools");
    let chosen = get(&site, &format!("{address}&curator={account}"), &coordinator).await;
    assert_eq!(chosen["curator"], account);
    assert_eq!(get(&site, &address, &foreign).await["schools"], json!([]));
    let gone = ask_api(&site, "GET", &format!("{address}&curator={account}"), &foreign, "").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "{}", gone.text);
    for bad in ["month=2026-13", "month=зима", "per_day=0", "per_day=9", "curator=x", "monat=2026-12"] {
        let bad = format!("/api/v1/visits/route?{bad}").replace("зима", "%D0%B7");
        assert_eq!(ask_api(&site, "GET", &bad, &curator, "").await.status, StatusCode::BAD_REQUEST, "{bad}");
    }

    let plan = |school: u32| json!({ "aim": "Поручения", "visits": [{ "school": 5, "on": day(2) }, { "school": school, "on": day(3) }] });
    let visits = "/api/v1/visits";
    assert_eq!(send(&site, "POST", visits, &foreign, &plan(5)).await.status, StatusCode::FORBIDDEN);
    let mixed = send(&site, "POST", visits, &curator, &plan(6)).await;
    assert_eq!(mixed.status, StatusCode::FORBIDDEN, "a school of others: {}", mixed.text);
    let none = get(&site, "/api/v1/schools/5/visits", &curator).await;
    assert_eq!(none, json!([]), "nothing of it is recorded");
    let done = send(&site, "POST", visits, &curator, &plan(5)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let done = read(&done);
    assert!(done[0]["planned"] == json!(true) && done[1]["id"].is_i64(), "{done}");
    let twice = read(&send(&site, "POST", visits, &curator, &plan(5)).await);
    assert!(twice[0]["planned"] == json!(true) && twice[0]["why"].is_string(), "said twice: {twice}");
    let past = json!({ "aim": "Цель", "visits": [{ "school": 5, "on": day(-9) }] });
    let past = read(&send(&site, "POST", visits, &curator, &past).await);
    assert!(past[0]["planned"] == json!(false) && past[0]["why"].is_string(), "{past}");
    let empty = json!({ "aim": "Цель", "visits": [] });
    assert_eq!(send(&site, "POST", visits, &curator, &empty).await.status, StatusCode::BAD_REQUEST);
}

/// Sends a file as a proof: key and `known` of the task, name and bytes.
async fn prove(site: &Site, path: &str, token: &str, task: (&Value, &Value), file: (&str, &[u8])) -> Answer {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let parts = Parts::default().field("occurrence", &text(task.0)).field("known", &text(task.1));
    let request = Request::post(path).header("authorization", token);
    site.send(parts.file("file", file.0, file.1).on(request)).await
}

/// A visit whose closed protocol asks the head for something. Gives its address.
async fn followed_up(site: &Site, curator: &str) -> String {
    let new = json!({ "on": day(0), "aim": "Посмотреть уроки", "held": true });
    let made = send(site, "POST", "/api/v1/schools/5/visits", curator, &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let visit = made.location.clone();
    let shown = get(site, &visit, curator).await;
    let people = shown["people"].as_array().expect("people");
    let head = people.iter().find(|own| own["role"] == "school-head").expect("the head");
    let mut protocol = json!({ "seen": 0, "close": true, "answers": {},
        "follow_ups": [{ "text": "Обновить график", "who": { "account": head["account"] }, "due": day(10) }] });
    for question in shown["protocol"]["questions"].as_array().expect("questions") {
        let answer = match question["kind"].as_str() {
            Some("yes-no") => json!(true),
            Some("number") => json!("3"),
            _ => json!("Руководитель"),
        };
        protocol["answers"][question["id"].as_str().expect("an id")] = answer;
    }
    let closed = send(site, "PUT", &format!("{visit}/protocol"), curator, &protocol).await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.text);
    visit
}

#[tokio::test]
async fn a_task_of_a_visit_is_proved_by_a_file() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let curator = program(&site, Role::Curator, SCHOOL).await;
    let observer = program(&site, Role::Observer, TOWN).await;
    let foreign = program(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    let visit = followed_up(&site, &curator).await;
    let task = get(&site, &visit, &head).await["tasks"][0].clone();
    let path = format!("{visit}/proofs");
    let good: (&str, &[u8]) = ("график.txt", "График обновлён".as_bytes());
    let (key, known) = (&task["key"], &task["known"]);
    for stranger in [&foreign, &observer] {
        let refused = prove(&site, &path, stranger, (key, known), good).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    }
    for bad in [("программа.exe", b"x".as_slice()), ("пусто.txt", b""), ("письмо.txt", b"MZ\x90")]
    {
        let refused = prove(&site, &path, &head, (key, known), bad).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}: {}", bad.0, refused.text);
    }
    let nowhere = prove(&site, &path, &head, (&json!("77/1"), known), good).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let unsaid = prove(&site, &path, &head, (key, &json!("много")), good).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    let added = prove(&site, &path, &head, (key, known), good).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let proof = read(&added)["tasks"][0]["evidence"][0].clone();
    assert_eq!((proof["kind"].clone(), proof["text"].clone()), (json!("file"), json!("график.txt")));
    let stale = prove(&site, &path, &head, (key, known), ("другой.txt", b"2")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
    let sha256 = proof["sha256"].as_str().expect("a hash");
    let file = ask_api(&site, "GET", &format!("{path}/{sha256}"), &curator, "").await;
    assert_eq!((file.status, file.text.as_str()), (StatusCode::OK, "График обновлён"));
    let hidden = ask_api(&site, "GET", &format!("{path}/{sha256}"), &foreign, "").await;
    assert_eq!(hidden.status, StatusCode::FORBIDDEN);
    let paper = ask_api(&site, "GET", &format!("{visit}/protocol/docx"), &head, "").await;
    assert_eq!(paper.status, StatusCode::OK);
    let hidden = ask_api(&site, "GET", &format!("{visit}/protocol/docx"), &foreign, "").await;
    assert_eq!(hidden.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_task_of_a_meeting_is_proved_by_a_file() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let made =
        send(&site, "POST", "/api/v1/meetings", &coordinator, &json!({ "node": 11, "on": day(0) })).await;
    let people = read(&made)["people"].as_array().expect("people").clone();
    let account =
        people.iter().find(|own| own["role"] == "school-head").expect("the head")["account"].clone();
    let minutes = json!({ "known": 1, "held": day(0), "present": "Все", "publish": true,
        "items": [{ "title": "О сроках", "school": 5, "heard": "Доклад",
            "decided": [{ "text": "Провести педсовет", "who": { "account": account }, "due": day(9) }] }] });
    let meeting = made.location.clone();
    let early = ask_api(&site, "GET", &format!("{meeting}/minutes/docx"), &coordinator, "").await;
    assert_eq!(early.status, StatusCode::NOT_FOUND, "not before it is published");
    let published = send(&site, "PUT", &format!("{meeting}/minutes"), &coordinator, &minutes).await;
    assert_eq!(published.status, StatusCode::OK, "{}", published.text);
    let task = get(&site, &meeting, &head).await["tasks"][0].clone();
    let path = format!("{meeting}/proofs");
    let file: (&str, &[u8]) = ("протокол.txt", "Педсовет проведён".as_bytes());
    let refused = prove(&site, &path, &foreign, (&task["key"], &task["known"]), file).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    let added = prove(&site, &path, &head, (&task["key"], &task["known"]), file).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    let sha256 = read(&added)["tasks"][0]["evidence"][0]["sha256"].as_str().expect("a hash").to_owned();
    let sent = ask_api(&site, "GET", &format!("{path}/{sha256}"), &coordinator, "").await;
    assert_eq!((sent.status, sent.text.as_str()), (StatusCode::OK, "Педсовет проведён"));
    let hidden = ask_api(&site, "GET", &format!("{path}/{sha256}"), &foreign, "").await;
    assert_eq!(hidden.status, StatusCode::FORBIDDEN);
    let unknown = ask_api(&site, "GET", &format!("{path}/{}", "0".repeat(64)), &coordinator, "").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let paper = ask_api(&site, "GET", &format!("{meeting}/minutes/docx"), &coordinator, "").await;
    assert_eq!(paper.status, StatusCode::OK);
}

#[tokio::test]
async fn helpers_are_proposed_with_reasons_and_ways_are_recorded() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    program(&site, Role::SchoolTeam, Place::School(OrganisationId(6))).await;
    let teacher =
        site.store.account_of("school-team-school-6").await.expect("an answer").expect("an account");
    let started = json!({ "answers": [{ "question": "pupils_total", "text": "240", "base": 0 }] });
    let started = send(&site, "PATCH", "/api/v1/schools/5/diagnosis", &head, &started).await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text);
    let (curators, mentors) = ("/api/v1/assignments/proposal", "/api/v1/assignments/mentors/proposal");
    let nobody = get(&site, curators, &coordinator).await;
    assert_eq!((nobody[0]["school"].clone(), nobody[0]["proposed"].clone()), (json!(5), Value::Null));
    let profile = json!({ "works_at": 6, "capacity": 1 });
    let path = format!("/api/v1/assignments/curators/{}", teacher.id.0);
    assert_eq!(send(&site, "PUT", &path, &coordinator, &profile).await.status, StatusCode::NO_CONTENT);
    let noted = json!({ "capacity": 1 });
    let path = "/api/v1/assignments/mentors/schools/6";
    assert_eq!(send(&site, "PUT", path, &coordinator, &noted).await.status, StatusCode::NO_CONTENT);

    let ways = "/api/v1/assignments/ways";
    let way = |from: u32, to: u32, kilometres: Value| json!({ "ways": [{ "from": from, "to": to, "kilometres": kilometres }] });
    let note = async |token: &str, way: &Value| send(&site, "PATCH", ways, token, way).await;
    assert_eq!(note(&foreign, &way(5, 6, json!(8))).await.status, StatusCode::FORBIDDEN);
    assert_eq!(note(&head, &way(5, 6, json!(8))).await.status, StatusCode::FORBIDDEN);
    for bad in [
        way(5, 6, json!(-1)),
        way(5, 6, json!(9000)),
        json!({ "ways": [] }),
        json!({}),
        json!({ "ways": [{ "from": 5, "to": 6 }] }),
    ] {
        assert_eq!(note(&coordinator, &bad).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    for odd in [way(5, 5, json!(3)), way(5, 99, json!(3))] {
        assert_eq!(note(&coordinator, &odd).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{odd}");
    }
    let kept = note(&coordinator, &way(6, 5, json!(8))).await;
    assert_eq!((kept.status, read(&kept)), (StatusCode::OK, json!({ "kept": 1 })));
    assert_eq!(note(&coordinator, &way(6, 7, json!(40))).await.status, StatusCode::OK, "to another town");
    let listed = get(&site, &format!("{ways}?limit=1"), &coordinator).await;
    assert_eq!(listed["items"], json!([{ "from": 5, "to": 6, "kilometres": 8 }]));
    let next = listed["next"].as_str().expect("a page more");
    let rest = get(&site, &format!("{ways}?cursor={next}"), &coordinator).await;
    assert_eq!((rest["items"][0]["to"].clone(), rest["next"].clone()), (json!(7), Value::Null));
    assert_eq!(get(&site, &format!("{ways}?school=5"), &foreign).await["items"], json!([]));
    assert_eq!(
        ask_api(&site, "GET", &format!("{ways}?cursor=x"), &coordinator, "").await.status,
        StatusCode::BAD_REQUEST
    );

    let proposed = get(&site, curators, &coordinator).await;
    let one = &proposed[0];
    assert_eq!(
        (one["proposed"].clone(), one["kilometres"].clone()),
        (json!(teacher.id.0), json!(8)),
        "{proposed}"
    );
    assert!(one["reasons"].as_array().expect("reasons").contains(&json!("До школы 8 км.")), "{proposed}");
    let helped = get(&site, mentors, &coordinator).await;
    assert_eq!(
        (helped[0]["school"].clone(), helped[0]["proposed"].clone()),
        (json!(5), json!(6)),
        "{helped}"
    );
    assert!(helped[0]["name"].is_string() && helped[0]["reasons"][1].is_string(), "{helped}");
    for path in [curators, mentors] {
        assert_eq!(get(&site, path, &foreign).await, json!([]), "a foreigner sees none");
        assert_eq!(ask_api(&site, "GET", path, &head, "").await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(note(&coordinator, &way(5, 6, Value::Null)).await.status, StatusCode::OK, "taken back");
    assert_eq!(get(&site, &format!("{ways}?school=5"), &coordinator).await["items"], json!([]));
}
