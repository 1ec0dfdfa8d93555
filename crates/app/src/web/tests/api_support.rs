//! Do programs look after schools as people do: visits, obligations, meetings, curators, mentors, lists?

use jiff::ToSpan;
use opora_access::Scope;
use opora_cells::OrganisationId;
use opora_registry::NodeId;
use serde_json::{Value, json};

use super::access::{ask_api, enter, region, token};
use super::*;
use crate::clock;

const TOWN: Place = Place::Node(NodeId(11));
const OTHER_TOWN: Place = Place::Node(NodeId(12));
const SCHOOL: Place = Place::School(OrganisationId(5));

pub(super) fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

/// An account with a role, and the token of a program of hers that may do everything.
pub(super) async fn program(site: &Site, role: Role, place: Place) -> String {
    enter(site, role, place).await;
    token(site, role, place, &Scope::ALL).await
}

pub(super) async fn get(site: &Site, path: &str, token: &str) -> Value {
    let answer = ask_api(site, "GET", path, token, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    read(&answer)
}

pub(super) async fn send(site: &Site, method: &str, path: &str, token: &str, body: &Value) -> Answer {
    ask_api(site, method, path, token, &body.to_string()).await
}

pub(super) fn day(from_today: i64) -> String {
    clock::today().checked_add(from_today.days()).expect("a day").to_string()
}

#[tokio::test]
async fn a_visit_is_planned_held_written_up_and_followed_up() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let curator = program(&site, Role::Curator, SCHOOL).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let visits = "/api/v1/schools/5/visits";
    let new = json!({ "on": day(2), "aim": "Посмотреть уроки" });
    for stranger in [&head, &foreign] {
        let refused = send(&site, "POST", visits, stranger, &new).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    }
    let late = send(&site, "POST", visits, &curator, &json!({ "on": day(-2), "aim": "Цель" })).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text);
    let made = send(&site, "POST", visits, &curator, &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let twice = send(&site, "POST", visits, &curator, &new).await;
    assert_eq!((twice.status, read(&twice)), (StatusCode::OK, read(&made)), "said twice");
    let visit = made.location.clone();
    let held = json!({ "deed": "held", "known": 1, "on": day(0) });
    assert_eq!(send(&site, "POST", &visit, &curator, &held).await.status, StatusCode::CREATED);
    let stale = json!({ "deed": "cancelled", "known": 1, "reason": "Болезнь" });
    assert_eq!(send(&site, "POST", &visit, &curator, &stale).await.status, StatusCode::CONFLICT);
    assert_eq!(get(&site, &visit, &head).await["protocol"], Value::Null, "not before it is closed");
    let shown = get(&site, &visit, &curator).await;
    let head_number = shown["people"].as_array().expect("people");
    let head_number = head_number.iter().find(|own| own["role"] == "school-head").expect("the head");
    let mut protocol = json!({
        "seen": 0, "close": true, "answers": {}, "findings": [{ "text": "Команда готова" }],
        "follow_ups": [{ "text": "Обновить график", "who": { "account": head_number["account"] }, "due": day(10) }],
    });
    let path = format!("{visit}/protocol");
    let bare = send(&site, "PUT", &path, &curator, &protocol).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "questions are open: {}", bare.text);
    for question in shown["protocol"]["questions"].as_array().expect("questions") {
        let answer = match question["kind"].as_str() {
            Some("yes-no") => json!(true),
            Some("number") => json!("3"),
            _ => json!("Руководитель"),
        };
        protocol["answers"][question["id"].as_str().expect("an id")] = answer;
    }
    let closed = send(&site, "PUT", &path, &curator, &protocol).await;
    assert_eq!(
        (closed.status, read(&closed)["state"].clone()),
        (StatusCode::OK, json!("closed")),
        "{}",
        closed.text
    );
    let task = get(&site, &visit, &head).await["tasks"][0].clone();
    assert!(task["possible"].as_array().expect("deeds").contains(&json!("done")), "{task}");
    let done =
        json!({ "occurrence": task["key"], "known": task["known"], "deed": "done", "text": "Обновлён" });
    let tasks = format!("{visit}/tasks");
    assert_eq!(send(&site, "POST", &tasks, &foreign, &done).await.status, StatusCode::FORBIDDEN);
    let told = send(&site, "POST", &tasks, &head, &done).await;
    assert_eq!((told.status, read(&told)["tasks"][0]["state"].clone()), (StatusCode::CREATED, json!("done")));
    assert_eq!(send(&site, "POST", &tasks, &head, &done).await.status, StatusCode::OK, "said twice");
    let known = read(&told)["tasks"][0]["known"].clone();
    let confirm = json!({ "occurrence": task["key"], "known": known, "deed": "confirm" });
    assert_eq!(send(&site, "POST", &tasks, &head, &confirm).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "POST", &tasks, &curator, &confirm).await.status, StatusCode::CREATED);
    let own = get(&site, "/api/v1/visits?own=true", &curator).await;
    assert_eq!(own["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(get(&site, "/api/v1/visits", &foreign).await["items"], json!([]), "a foreigner sees none");
}

#[tokio::test]
async fn windows_of_obligations_are_kept_and_excused() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    program(&site, Role::Curator, SCHOOL).await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let places = get(&site, "/api/v1/obligations", &coordinator).await;
    assert!(places.as_array().expect("places").iter().any(|own| own["place"] == "school/5"), "{places}");
    let address = "/api/v1/obligations/windows";
    let windows = get(&site, &format!("{address}?place=school/5"), &coordinator).await;
    let gone = ask_api(&site, "GET", &format!("{address}?place=school/5"), &foreign, "").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "{}", gone.text);
    let windows = windows.as_array().expect("windows");
    let may = |window: &&Value, word: &str| {
        window["possible"].as_array().is_some_and(|all| all.contains(&json!(word)))
    };
    let one = windows.iter().find(|window| may(window, "excused")).expect("a window to excuse");
    let act = |kind: &str| {
        let act = json!({ "kind": kind, "rule": one["rule"], "due": one["due"], "reason": "Карантин" });
        json!({ "place": "school/5", "act": act })
    };
    assert_eq!(send(&site, "POST", address, &foreign, &act("excused")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "POST", address, &head, &act("excused")).await.status, StatusCode::FORBIDDEN);
    let excused = send(&site, "POST", address, &coordinator, &act("excused")).await;
    assert_eq!(excused.status, StatusCode::CREATED, "{}", excused.text);
    let stands = |answer: &Answer| {
        let all = read(answer);
        let same = |own: &&Value| own["rule"] == one["rule"] && own["due"] == one["due"];
        all.as_array().expect("windows").iter().find(same).expect("the window")["state"].clone()
    };
    assert_eq!(stands(&excused), json!("excused"));
    assert_eq!(send(&site, "POST", address, &coordinator, &act("excused")).await.status, StatusCode::OK);
    assert_eq!(
        send(&site, "POST", address, &coordinator, &act("due-again")).await.status,
        StatusCode::CREATED
    );
    let mine = get(&site, &format!("{address}?place=school/5"), &head).await;
    let own = mine.as_array().expect("windows").iter().find(|window| may(window, "kept"));
    if let Some(own) = own {
        let kept =
            json!({ "kind": "kept", "rule": own["rule"], "due": own["due"], "on": day(0), "text": "№ 7" });
        let kept = send(&site, "POST", address, &head, &json!({ "place": "school/5", "act": kept })).await;
        assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text);
    }
}

#[tokio::test]
async fn nobody_takes_back_the_record_of_another_by_naming_an_own_rule() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let address = "/api/v1/obligations/windows";
    let may = |window: &Value| window["possible"].as_array().is_some_and(|all| all.contains(&json!("kept")));
    let of_town = get(&site, &format!("{address}?place=node/11"), &coordinator).await;
    let of_school = get(&site, &format!("{address}?place=school/5"), &head).await;
    let theirs = of_town.as_array().expect("windows").iter().find(|own| may(own));
    let mine = of_school.as_array().expect("windows").iter().find(|own| may(own));
    let (Some(theirs), Some(mine)) = (theirs, mine) else { return };
    let kept = json!({ "kind": "kept", "rule": theirs["rule"], "due": theirs["due"], "on": day(0) });
    let kept = send(&site, "POST", address, &coordinator, &json!({ "place": "node/11", "act": kept })).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text);
    let record =
        read(&kept).as_array().expect("windows").iter().find_map(|own| own["records"][0]["record"].as_i64());
    let back = json!({ "kind": "not-kept", "rule": mine["rule"], "record": record, "reason": "Ошибка" });
    for place in ["node/11", "school/5"] {
        let back = send(&site, "POST", address, &head, &json!({ "place": place, "act": back })).await;
        assert_ne!(back.status, StatusCode::CREATED, "{}", back.text);
    }
}

#[tokio::test]
async fn a_meeting_is_called_written_up_published_and_its_tasks_done() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let new = json!({ "node": 11, "on": day(0) });
    for stranger in [&head, &foreign] {
        assert_eq!(
            send(&site, "POST", "/api/v1/meetings", stranger, &new).await.status,
            StatusCode::FORBIDDEN
        );
    }
    let made = send(&site, "POST", "/api/v1/meetings", &coordinator, &new).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let meeting = made.location.clone();
    assert_eq!(send(&site, "POST", "/api/v1/meetings", &coordinator, &new).await.status, StatusCode::OK);
    assert_eq!(ask_api(&site, "GET", &meeting, &head, "").await.status, StatusCode::FORBIDDEN, "a draft");
    let people = read(&made)["people"].as_array().expect("people").clone();
    let head_number =
        people.iter().find(|own| own["role"] == "school-head").expect("the head")["account"].clone();
    let decided = json!([{ "text": "Провести педсовет", "who": { "account": head_number }, "due": day(9) }]);
    let minutes = |known: usize, publish: bool| {
        json!({ "known": known, "held": day(0), "present": "Все", "publish": publish,
            "items": [{ "title": "О сроках", "school": 5, "heard": "Доклад", "decided": decided }] })
    };
    let path = format!("{meeting}/minutes");
    let half = json!({ "known": 1, "held": day(0), "items": [{ "title": "О сроках",
        "decided": [{ "text": "Решение", "due": day(9) }] }] });
    let refused = send(&site, "PUT", &path, &coordinator, &half).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(send(&site, "PUT", &path, &head, &minutes(1, false)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "PUT", &path, &coordinator, &minutes(1, false)).await.status, StatusCode::OK);
    assert_eq!(send(&site, "PUT", &path, &coordinator, &minutes(1, true)).await.status, StatusCode::CONFLICT);
    let published = send(&site, "PUT", &path, &coordinator, &minutes(2, true)).await;
    assert_eq!(read(&published)["state"], json!("published"), "{}", published.text);
    let task = get(&site, &meeting, &head).await["tasks"][0].clone();
    let done = json!({ "occurrence": task["key"], "known": 0, "deed": "done", "text": "Проведён" });
    let told = send(&site, "POST", &format!("{meeting}/tasks"), &head, &done).await;
    assert_eq!(told.status, StatusCode::CREATED, "{}", told.text);
    let listed = get(&site, "/api/v1/meetings?node=11", &head).await;
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    let hidden = ask_api(&site, "GET", "/api/v1/meetings?node=11", &foreign, "").await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let other =
        send(&site, "POST", "/api/v1/meetings", &coordinator, &json!({ "node": 11, "on": day(5) })).await;
    let cancel = json!({ "known": 1, "reason": "Карантин" });
    let cancelled = send(&site, "POST", &format!("{}/cancel", other.location), &coordinator, &cancel).await;
    assert_eq!(read(&cancelled)["state"], json!("cancelled"), "{}", cancelled.text);
}

#[tokio::test]
async fn curators_and_mentors_are_assigned_and_ended() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    program(&site, Role::SchoolTeam, Place::School(OrganisationId(6))).await;
    let teacher =
        site.store.account_of("school-team-school-6").await.expect("an answer").expect("an account").id.0;
    let own = format!("/api/v1/assignments/curators/{teacher}");
    let profile = json!({ "works_at": 6, "strengths": ["subject/math"], "capacity": 1 });
    assert_eq!(send(&site, "PUT", &own, &foreign, &profile).await.status, StatusCode::FORBIDDEN);
    let odd = json!({ "strengths": ["subject/alchemy"], "capacity": 1 });
    assert_eq!(send(&site, "PUT", &own, &coordinator, &odd).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(&site, "PUT", &own, &coordinator, &profile).await.status, StatusCode::NO_CONTENT);
    let give = |school: u32| json!({ "school": school, "account": teacher, "reason": "приказ № 3" });
    let assign = async |token: &str, school: u32| {
        send(&site, "POST", "/api/v1/assignments", token, &give(school)).await
    };
    assert_eq!(assign(&coordinator, 7).await.status, StatusCode::FORBIDDEN, "a school of others");
    assert_eq!(assign(&foreign, 5).await.status, StatusCode::FORBIDDEN);
    assert_eq!(assign(&coordinator, 6).await.status, StatusCode::UNPROCESSABLE_ENTITY, "the own school");
    let given = assign(&coordinator, 5).await;
    assert_eq!(given.status, StatusCode::CREATED, "{}", given.text);
    let listed = get(&site, "/api/v1/assignments", &coordinator).await;
    assert_eq!(listed["assignments"][0]["school"], json!(5), "{listed}");
    assert_eq!(get(&site, "/api/v1/assignments", &foreign).await["assignments"], json!([]));
    let end = json!({ "last_day": day(0), "reason": "ушла" });
    let path = format!("/api/v1/assignments/{}/end", read(&given)["grant"]);
    assert_eq!(send(&site, "POST", &path, &foreign, &end).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "POST", &path, &coordinator, &end).await.status, StatusCode::NO_CONTENT);

    let noted = "/api/v1/assignments/mentors/schools/6";
    let profile = json!({ "capacity": 2 });
    assert_eq!(send(&site, "PUT", noted, &foreign, &profile).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "PUT", noted, &coordinator, &profile).await.status, StatusCode::NO_CONTENT);
    let pair = json!({ "school": 5, "mentor": 6, "reason": "соглашение" });
    let mentors = "/api/v1/assignments/mentors";
    assert_eq!(send(&site, "POST", mentors, &foreign, &pair).await.status, StatusCode::FORBIDDEN);
    let made = send(&site, "POST", mentors, &coordinator, &pair).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(
        send(&site, "POST", mentors, &coordinator, &pair).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let mentoring = format!("{mentors}/{}", read(&made)["id"]);
    let contract = async |token: &str| {
        let request = Request::post(format!("{mentoring}/contracts")).header("authorization", token);
        site.send(Parts::of(&[("number", "7"), ("signed", "2026-09-01")]).on(request)).await
    };
    assert_eq!(contract(&foreign).await.status, StatusCode::FORBIDDEN);
    let added = contract(&coordinator).await;
    assert_eq!(read(&added)["contracts"][0]["number"], json!("7"), "{}", added.text);
    let path = format!("{mentoring}/end");
    assert_eq!(send(&site, "POST", &path, &foreign, &end).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "POST", &path, &coordinator, &end).await.status, StatusCode::NO_CONTENT);
    let listed = get(&site, mentors, &coordinator).await;
    assert_eq!(listed["assignments"][0]["until"], json!(day(0)), "{listed}");
}
