//! Do programs read the rows behind each number, the week, the terms of diagnoses and the own settings?

use opora_access::Scope;
use opora_cells::OrganisationId;
use opora_registry::NodeId;
use serde_json::{Value, json};

use super::access::{ask_api, enter, region, token};
use super::api_support::{day, get, program, read, send};
use super::questionnaires::{GOOD, xlsform};
use super::*;
use crate::clock;

const TOWN: Place = Place::Node(NodeId(11));
const OTHER_TOWN: Place = Place::Node(NodeId(12));
const SCHOOL: Place = Place::School(OrganisationId(5));

/// All rows of a list, page by page.
async fn rows(site: &Site, path: &str, token: &str) -> Vec<Value> {
    let (mut all, mut address) = (Vec::new(), path.to_owned());
    loop {
        let page = get(site, &address, token).await;
        all.extend(page["items"].as_array().expect("rows").clone());
        let Some(next) = page["next"].as_str() else { return all };
        address = format!("{path}&cursor={next}");
    }
}

#[tokio::test]
async fn behind_each_number_of_a_board_there_are_as_many_rows() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let curator = program(&site, Role::Curator, SCHOOL).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let visit = json!({ "on": day(1), "aim": "Посмотреть уроки" });
    assert_eq!(
        send(&site, "POST", "/api/v1/schools/5/visits", &curator, &visit).await.status,
        StatusCode::CREATED
    );
    let total = get(&site, "/api/v1/boards?place=node/11", &coordinator).await["total"].clone();
    let at = "place=node/11&limit=2";
    for (list, number) in [
        ("times?state=all", total["times"].clone()),
        ("times?state=late", total["late"].clone()),
        ("times?state=ahead", total["ahead"].clone()),
        ("times?state=undated", total["undated"].clone()),
        ("risks?", total["high_risks"].clone()),
        ("duties?state=kept", total["duties_kept"].clone()),
        ("duties?state=missed", total["duties_missed"].clone()),
        ("duties?state=open", total["duties_open"].clone()),
        ("visits?state=planned", total["visits_planned"].clone()),
    ] {
        let found = rows(&site, &format!("/api/v1/boards/{list}&{at}"), &coordinator).await;
        assert_eq!(json!(found.len()), number, "{list}: {found:?}");
    }
    let waits = ["school", "curator", "coordinator"]
        .iter()
        .filter_map(|who| total[format!("decisions_of_{who}")]["count"].as_u64())
        .sum::<u64>();
    let decisions = rows(&site, &format!("/api/v1/boards/decisions?{at}"), &coordinator).await;
    assert_eq!(decisions.len() as u64, waits);
    assert_eq!(total["visits_planned"], json!(1), "{total}");
    let visits = rows(&site, "/api/v1/boards/visits?state=planned", &coordinator).await;
    assert_eq!(visits[0]["school_name"], json!("Школа № 5"));
    let of_plan = rows(&site, "/api/v1/boards/times?plan=3", &coordinator).await;
    assert!(of_plan.iter().all(|row| row["plan"] == json!(3) && row["place"] == json!("school/5")));
    for list in ["times", "decisions", "risks", "duties", "visits", "week", "week/docx"] {
        let path = format!("/api/v1/boards/{list}?place=node/11");
        let refused = ask_api(&site, "GET", &path, &foreign, "").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{list}: {}", refused.text);
    }
    for bad in [
        "times?state=vergangen",
        "times?planned=2026-13",
        "times?plan=x",
        "times?cursor=x",
        "times?place=",
        "duties?state=held",
        "visits?state=kept",
        "week?day=2026-02-31",
        "week?limit=0",
    ] {
        let refused = ask_api(&site, "GET", &format!("/api/v1/boards/{bad}"), &coordinator, "").await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{bad}: {}", refused.text);
    }
    let nowhere = ask_api(&site, "GET", "/api/v1/boards/times?place=school/99", &coordinator, "").await;
    assert!(nowhere.status.is_client_error());
}

#[tokio::test]
async fn a_week_is_told_with_its_parts_and_as_a_paper() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let curator = program(&site, Role::Curator, SCHOOL).await;
    let visit = json!({ "on": day(0), "aim": "Посмотреть уроки" });
    assert_eq!(
        send(&site, "POST", "/api/v1/schools/5/visits", &curator, &visit).await.status,
        StatusCode::CREATED
    );
    let week =
        get(&site, &format!("/api/v1/boards/week?place=node/11&day={}&limit=1", day(0)), &coordinator).await;
    assert_eq!(week["visits"]["total"], json!(1), "{week}");
    assert!(week["late"]["items"].as_array().is_some_and(|items| items.len() <= 1), "{week}");
    assert!(week["summary"].is_string() && week["from"].is_string(), "{week}");
    let paper = ask_api(&site, "GET", "/api/v1/boards/week/docx?place=node/11", &coordinator, "").await;
    assert_eq!(paper.status, StatusCode::OK);
    // A token that may not read about support is told nothing of it.
    let narrow = token(&site, Role::Coordinator, TOWN, &[Scope::ReadPlans]).await;
    let week = get(&site, "/api/v1/boards/week", &narrow).await;
    assert_eq!((week["visits"].clone(), week["duties"].clone()), (Value::Null, Value::Null));
    assert!(week["due"]["total"].is_u64());
    let far = ask_api(&site, "GET", "/api/v1/boards/week?day=9999-12-31", &coordinator, "").await;
    assert_eq!(far.status, StatusCode::BAD_REQUEST, "{}", far.text);
}

#[tokio::test]
async fn a_person_reads_and_writes_the_own_settings_of_notices() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let path = "/api/v1/notices/settings";
    let before = get(&site, path, &head).await;
    assert_eq!((before["digest_hour"].clone(), before["mail"].clone()), (json!(9), json!(true)), "{before}");
    assert!(before["topics"].as_array().expect("topics").iter().all(|topic| topic["told"] == json!(true)));
    let wish = json!({ "mail": true, "digest_hour": 7, "urgent_at_once": false,
        "quiet": { "from_hour": 22, "to_hour": 6 }, "topics": ["deadlines", "returns"] });
    let saved = send(&site, "PUT", path, &head, &wish).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text);
    assert_eq!(get(&site, path, &head).await, read(&saved));
    let saved = read(&saved);
    assert_eq!((saved["quiet"]["to_hour"].clone(), saved["digest_hour"].clone()), (json!(6), json!(7)));
    let told =
        saved["topics"].as_array().expect("topics").iter().filter(|topic| topic["told"] == json!(true));
    assert_eq!(told.count(), 2);
    let change = |name: &str, value: Value| {
        let mut changed = wish.clone();
        changed[name] = value;
        changed
    };
    let without = |name: &str| {
        let mut left = wish.clone();
        left.as_object_mut().expect("fields").remove(name);
        left
    };
    for bad in [
        change("digest_hour", json!(24)),
        change("quiet", json!({ "from_hour": 22 })),
        change("quiet", json!({ "from_hour": -1, "to_hour": 3 })),
        change("topics", json!(["weather"])),
        change("sound", json!(true)),
        without("digest_hour"),
        without("topics"),
    ] {
        let refused = send(&site, "PUT", path, &head, &bad).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{bad}: {}", refused.text);
    }
    let none = send(&site, "PUT", path, &head, &change("digest_hour", Value::Null)).await;
    assert_eq!(read(&none)["digest_hour"], Value::Null, "{}", none.text);
    enter(&site, Role::Observer, TOWN).await;
    let narrow = token(&site, Role::Observer, TOWN, &[Scope::ReadPlans]).await;
    assert_eq!(send(&site, "PUT", path, &narrow, &wish).await.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&site, path, &narrow).await["digest_hour"], json!(9), "another person's are other ones");
    let me = get(&site, "/api/v1/me", &head).await;
    assert_eq!((me["login"].clone(), me["mail"].clone()), (json!("school-head-school-5"), Value::Null));
}

#[tokio::test]
async fn the_last_day_of_diagnoses_is_set_and_taken_back() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let path = "/api/v1/diagnoses/terms";
    let term = |until: Value| json!({ "place": "node/11", "until": until });
    for stranger in [&foreign, &head] {
        let refused = send(&site, "PUT", path, stranger, &term(json!(day(30)))).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    }
    let set = send(&site, "PUT", path, &coordinator, &term(json!(day(30)))).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text);
    let expected = json!([{ "place": "node/11", "name": "Верхнеозёрск", "until": day(30) }]);
    assert_eq!(read(&set), expected);
    assert_eq!(get(&site, path, &head).await, expected, "a school sees the day of its town");
    assert_eq!(get(&site, path, &foreign).await, json!([]));
    assert_eq!(get(&site, &format!("{path}?year=2020"), &coordinator).await, json!([]));
    for bad in [
        json!({ "place": "node/11" }),
        json!({ "place": "town", "until": null }),
        json!({ "place": "node/11", "until": "весной" }),
    ] {
        assert_eq!(
            send(&site, "PUT", path, &coordinator, &bad).await.status,
            StatusCode::BAD_REQUEST,
            "{bad}"
        );
    }
    let back = send(&site, "PUT", path, &coordinator, &term(Value::Null)).await;
    assert_eq!((back.status, read(&back)), (StatusCode::OK, json!([])));
}

#[tokio::test]
async fn answers_go_over_to_a_newer_questionnaire() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let foreign = program(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    let diagnosis = "/api/v1/schools/5/diagnosis";
    let answer = json!({ "answers": [{ "question": "pupils_total", "text": "240", "base": 0 }] });
    assert_eq!(send(&site, "PATCH", diagnosis, &head, &answer).await.status, StatusCode::OK);
    assert_eq!(get(&site, diagnosis, &head).await["newer"], Value::Null);
    let request = Request::post("/api/v1/questionnaires").header("authorization", &coordinator);
    let sent = Parts::default().field("audience", "head").file("file", "a.xlsx", &xlsform(&GOOD));
    let made = site.send(sent.on(request)).await;
    let preview = made.location.trim_end_matches("/adoptions");
    let asks = get(&site, preview, &coordinator).await;
    let club = &asks["sections"][0]["questions"][1];
    assert_eq!(
        (club["id"].clone(), club["choices"][0]["id"].clone()),
        (json!("club"), json!("yes")),
        "{asks}"
    );
    assert!(asks["missing"].as_array().is_some_and(|lines| !lines.is_empty()), "{asks}");
    assert_eq!(ask_api(&site, "GET", preview, &head, "").await.status, StatusCode::FORBIDDEN);
    let adopt = json!({ "place": "node/11", "from": clock::today().to_string(), "reason": "приказ" });
    assert_eq!(send(&site, "POST", &made.location, &coordinator, &adopt).await.status, StatusCode::CREATED);
    let newer = get(&site, diagnosis, &head).await["newer"].clone();
    assert_eq!(
        (newer["version"].clone(), newer["kept"].clone()),
        (json!(3), json!(["pupils_total"])),
        "{newer}"
    );
    assert_eq!(get(&site, diagnosis, &coordinator).await["newer"], Value::Null, "the school decides");
    let path = format!("{diagnosis}/carry-over");
    let to = |version: i64| json!({ "version": version });
    for stranger in [&foreign, &coordinator] {
        assert_eq!(send(&site, "POST", &path, stranger, &to(3)).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(send(&site, "POST", &path, &head, &to(7)).await.status, StatusCode::CONFLICT);
    assert_eq!(send(&site, "POST", &path, &head, &json!({})).await.status, StatusCode::BAD_REQUEST);
    let moved = send(&site, "POST", &path, &head, &to(3)).await;
    assert_eq!(moved.status, StatusCode::CREATED, "{}", moved.text);
    let moved = read(&moved);
    let kept =
        moved["questions"].as_array().expect("questions").iter().find(|own| own["id"] == "pupils_total");
    assert_eq!((moved["questionnaire_version"].clone(), moved["newer"].clone()), (json!(3), Value::Null));
    assert_eq!(kept.expect("the question")["answer"], json!("240"));
    assert_eq!(send(&site, "POST", &path, &head, &to(3)).await.status, StatusCode::OK, "said twice");
}
