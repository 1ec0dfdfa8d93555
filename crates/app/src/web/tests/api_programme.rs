//! Do programs go through the stages of the programme as people do: lists, roadmaps, execution, diagnosis, journal?

use opora_access::Scope;
use opora_cells::OrganisationId;
use opora_registry::NodeId;
use opora_store::{Authorship, NewRun};
use serde_json::{Value, json};

use super::access::{ask_api, enter, region, token};
use super::api_support::{get, program, read, send};
use super::questionnaires::{GOOD, xlsform};
use super::visits::send as post;
use super::*;
use crate::clock;

const TOWN: Place = Place::Node(NodeId(11));
const OTHER_TOWN: Place = Place::Node(NodeId(12));
const SCHOOL: Place = Place::School(OrganisationId(5));

/// The cookie with which [`enter`] let somebody in.
pub(super) fn cookie_of(role: Role, place: Place) -> String {
    let login = format!("{}-{}", role.code(), place.code().replace('/', "-"));
    format!("opora-session={}", opora_access::token_sha256(&format!("токен {login}")))
}

#[tokio::test]
async fn a_school_replies_it_is_decided_and_the_list_becomes_final() {
    let site = region().await;
    let new = NewRun {
        pack: "omsk-2025",
        year: 2025,
        scope: "node:11",
        pack_sha256: "",
        data_sha256: "",
        program: "",
        content: b"school\t5\tlow\t-\t-\tIn\nschool\t6\tlow\t-\t-\tOut\n",
        summary: &json!({}),
    };
    let by = Authorship { who: "Оператор", reason: "", at: clock::now() };
    let run = site.store.record_run(&new, &by).await.expect("a run").0;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let path = format!("/api/v1/runs/{run}/schools/5");
    let step = |step: &str, known: usize| json!({ "step": step, "text": "Основание", "known": known });
    let take = async |token: &str, word: &str, known: usize| {
        send(&site, "POST", &path, token, &step(word, known)).await
    };
    assert_eq!(take(&foreign, "confirm", 0).await.status, StatusCode::FORBIDDEN);
    assert_eq!(take(&head, "confirm", 0).await.status, StatusCode::FORBIDDEN, "a school decides nothing");
    let replied = take(&head, "reply", 0).await;
    assert_eq!(replied.status, StatusCode::CREATED, "{}", replied.text);
    assert_eq!(read(&replied)["schools"][0]["standing"], json!("replied"));
    let stale = take(&coordinator, "confirm", 0).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
    let finalise = format!("/api/v1/runs/{run}/finalise");
    let words = json!({ "text": "Приказ № 7" });
    assert_eq!(send(&site, "POST", &finalise, &coordinator, &words).await.status, StatusCode::BAD_REQUEST);
    let shown = get(&site, &format!("/api/v1/runs/{run}"), &coordinator).await;
    assert!(
        shown["schools"][0]["possible"].as_array().expect("steps").contains(&json!("confirm")),
        "{shown}"
    );
    assert_eq!(take(&coordinator, "confirm", 1).await.status, StatusCode::CREATED);
    assert_eq!(take(&head, "appeal", 2).await.status, StatusCode::CREATED);
    let fields = [("step", "exclude"), ("text", "Апелляция принята"), ("known", "3")];
    let request = Request::post(format!("{path}/document")).header("authorization", &coordinator);
    let document = Parts::of(&fields).file("file", "a.txt", "решение".as_bytes());
    let excluded = site.send(document.on(request)).await;
    assert_eq!(excluded.status, StatusCode::CREATED, "{}", excluded.text);
    assert!(read(&excluded)["schools"][0]["steps"][3]["document_sha256"].is_string());
    assert_eq!(send(&site, "POST", &finalise, &head, &words).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "POST", &finalise, &foreign, &words).await.status, StatusCode::FORBIDDEN);
    let finished = send(&site, "POST", &finalise, &coordinator, &words).await;
    assert!(read(&finished)["finalised_at"].is_string(), "{}", finished.text);
    let twice = send(&site, "POST", &finalise, &coordinator, &words).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "a list becomes final once");
}

#[tokio::test]
async fn a_roadmap_is_drafted_and_follows_the_municipal_plan() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    let path = "/api/v1/schools/5/roadmap";
    let mut wish = json!({ "from": "2026-09-01", "until": "2027-08-31", "municipal": 1,
        "risks": { "staff_shortage": "high" } });
    assert_eq!(send(&site, "POST", path, &foreign, &wish).await.status, StatusCode::FORBIDDEN);
    let other = json!({ "from": "2026-09-01", "until": "2027-08-31", "municipal": 2 });
    assert_eq!(send(&site, "POST", path, &head, &other).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let empty = json!({ "from": "2026-09-01", "until": "2027-08-31" });
    assert_eq!(send(&site, "POST", path, &head, &empty).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = send(&site, "POST", path, &head, &wish).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(read(&made)["plan"], json!(4));
    wish["risks"] = json!({ "alchemy": "high" });
    assert_eq!(send(&site, "POST", path, &head, &wish).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let upstream = "/api/v1/plans/4/upstream";
    assert_eq!(get(&site, upstream, &head).await["changes"], json!([]));
    let cookie = cookie_of(Role::Coordinator, TOWN);
    let add = [("version", "1"), ("target", "add-0"), ("title", "Провести опрос родителей")];
    let add = [&add[..], &[("responsible", "Школа № 5"), ("schedule", "до 01.04.2027")]].concat();
    let saved = post(&site, &cookie, "/plans/1/review", &add).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let shown = get(&site, upstream, &head).await;
    let change = shown["changes"][0].clone();
    assert!(change["text"].as_str().is_some_and(|text| text.contains("опрос родителей")), "{shown}");
    let decide = |decision: &str, reason: &str| json!({ "key": change["key"], "version": shown["version"], "decision": decision, "reason": reason });
    let refused = send(&site, "POST", upstream, &coordinator, &decide("adopt", "")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "the school decides: {}", refused.text);
    let silent = send(&site, "POST", upstream, &head, &decide("decline", "")).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let adopted = send(&site, "POST", upstream, &head, &decide("adopt", "")).await;
    assert_eq!((adopted.status, read(&adopted)["changes"].clone()), (StatusCode::CREATED, json!([])));
    let twice = send(&site, "POST", upstream, &head, &decide("adopt", "")).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let alone = ask_api(&site, "GET", "/api/v1/plans/1/upstream", &coordinator, "").await;
    assert_eq!(alone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_finding_is_set_aside_with_a_reason_and_shown_again() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let found = get(&site, "/api/v1/plans/1/findings", &coordinator).await;
    let one = found[0].clone();
    let path = "/api/v1/plans/1/findings/aside";
    let aside = |reason: &str| json!({ "code": one["code"], "activity": one["activity"], "subject": one["subject"], "reason": reason });
    assert_eq!(send(&site, "POST", path, &foreign, &aside("Так решено")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        send(&site, "POST", path, &coordinator, &aside(" ")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let set = send(&site, "POST", path, &coordinator, &aside("Так решено")).await;
    assert_eq!(set.status, StatusCode::CREATED, "{}", set.text);
    let left = get(&site, "/api/v1/plans/1/findings", &coordinator).await;
    let is_aside = |own: &&Value| own["code"] == one["code"] && own["set_aside"] == "Так решено";
    assert!(left.as_array().expect("findings").iter().any(|own| is_aside(&own)), "{left}");
    let back = format!("{path}/{}/withdraw", read(&set)[0]["id"]);
    assert_eq!(send(&site, "POST", &back, &foreign, &json!({})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "POST", &back, &coordinator, &json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(get(&site, path, &coordinator).await, json!([]));
}

#[tokio::test]
async fn work_is_passed_on_talked_about_and_recorded_many_at_once() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let team = program(&site, Role::SchoolTeam, SCHOOL).await;
    let curator = program(&site, Role::Curator, SCHOOL).await;
    let foreign = program(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    let people = get(&site, "/api/v1/plans/3/people", &head).await;
    let account = |role: &str| {
        let all = people.as_array().expect("people");
        all.iter().find(|own| own["role"] == role).expect("the person")["account"].clone()
    };
    let due = get(&site, "/api/v1/plans/3/occurrences?limit=2", &head).await;
    let (one, other) = (due["items"][0]["key"].clone(), due["items"][1]["key"].clone());
    let deeds = "/api/v1/plans/3/deeds";
    let pass = json!({ "occurrence": one, "known": 0, "deed": "delegate", "person": account("school-team") });
    assert_eq!(send(&site, "POST", deeds, &foreign, &pass).await.status, StatusCode::FORBIDDEN);
    let passed = send(&site, "POST", deeds, &head, &pass).await;
    assert_eq!(
        (passed.status, read(&passed)["passed_to"].clone()),
        (StatusCode::CREATED, account("school-team"))
    );
    let nobody = json!({ "occurrence": other, "known": 0, "deed": "delegate", "person": 999 });
    assert_eq!(send(&site, "POST", deeds, &head, &nobody).await.status, StatusCode::BAD_REQUEST);
    let comment = json!({ "occurrence": one, "known": 1, "deed": "comment", "text": "Посмотрите", "mentions": [account("curator")] });
    let said = send(&site, "POST", deeds, &team, &comment).await;
    assert_eq!(said.status, StatusCode::CREATED, "{}", said.text);
    let all = get(&site, deeds, &head).await;
    assert_eq!(all[1]["people"], json!([account("curator")]), "{all}");
    for (key, known) in [(&one, 2), (&other, 0)] {
        let done = json!({ "occurrence": key, "known": known, "deed": "done", "text": "Сделано" });
        let done = send(&site, "POST", deeds, &head, &done).await;
        assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    }
    let many = json!({ "deed": "confirm", "occurrences": [
        { "occurrence": one, "known": 3 }, { "occurrence": other, "known": 0 }] });
    let path = "/api/v1/plans/3/deeds/many";
    assert_eq!(send(&site, "POST", path, &foreign, &many).await.status, StatusCode::FORBIDDEN);
    let told = send(&site, "POST", path, &curator, &many).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    let told = read(&told);
    assert_eq!(
        (told[0]["recorded"].clone(), told[1]["recorded"].clone()),
        (json!(true), json!(false)),
        "{told}"
    );
    let none = json!({ "deed": "confirm", "occurrences": [] });
    assert_eq!(send(&site, "POST", path, &curator, &none).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn risks_are_decided_and_surveys_opened_and_closed() {
    let site = region().await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    let risks = "/api/v1/schools/5/risks";
    let profile = get(&site, risks, &coordinator).await;
    let decision = |reason: &str| json!({ "factor": profile["factors"][0]["id"], "significance": "high", "reason": reason, "seen": profile["seen"] });
    for stranger in [&head, &foreign] {
        let refused = send(&site, "POST", risks, stranger, &decision("Видно на уроках")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    }
    assert_eq!(
        send(&site, "POST", risks, &coordinator, &decision(" ")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let decided = send(&site, "POST", risks, &coordinator, &decision("Видно на уроках")).await;
    assert_eq!(
        (decided.status, read(&decided)["factors"][0]["decided"].clone()),
        (StatusCode::CREATED, json!("high"))
    );
    let stale = send(&site, "POST", risks, &coordinator, &decision("Решено иначе после посещения")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);

    let surveys = "/api/v1/schools/5/surveys";
    let parents = json!({ "audience": "parents" });
    for stranger in [&coordinator, &foreign] {
        assert_eq!(send(&site, "POST", surveys, stranger, &parents).await.status, StatusCode::FORBIDDEN);
    }
    let opened = send(&site, "POST", surveys, &head, &parents).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.text);
    assert_eq!(opened.headers["cache-control"], "no-store");
    let link = read(&opened)["link"].as_str().expect("a link").to_owned();
    let page = link.find("/survey/").map(|at| link[at..].to_owned()).expect("a survey");
    assert_eq!(site.get(&page).await.status, StatusCode::OK);
    let listed = get(&site, surveys, &coordinator).await;
    assert_eq!(
        (listed[0]["audience"].clone(), listed[0]["questions"].clone()),
        (json!("parents"), json!([]))
    );
    assert!(!listed.to_string().contains(page.trim_start_matches("/survey/")), "the link is told once");
    let close = format!("{surveys}/{}/close", listed[0]["id"].as_str().expect("an id"));
    assert_eq!(send(&site, "POST", &close, &foreign, &json!({})).await.status, StatusCode::FORBIDDEN);
    let closed = send(&site, "POST", &close, &head, &json!({})).await;
    assert!(read(&closed)["closed_at"].is_string(), "{}", closed.text);
    assert_eq!(read(&closed)["respondents_min"], Value::Null, "fewer than five are not counted aloud");
    let gone = send(&site, "POST", &format!("{surveys}/abc/close"), &head, &json!({})).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_questionnaire_is_uploaded_put_in_force_and_ended() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let foreign = program(&site, Role::Coordinator, OTHER_TOWN).await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let upload = async |token: &str, file: &[u8]| {
        let request = Request::post("/api/v1/questionnaires").header("authorization", token);
        let parts = Parts::default().field("audience", "head").file("file", "анкета.xlsx", file);
        site.send(parts.on(request)).await
    };
    assert_eq!(upload(&head, &xlsform(&GOOD)).await.status, StatusCode::FORBIDDEN);
    let bad = upload(&coordinator, b"not a workbook").await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.text);
    let made = upload(&coordinator, &xlsform(&GOOD)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let adoptions = made.location.clone();
    let adopt = json!({ "place": "node/11", "from": clock::today().to_string(), "reason": "приказ" });
    assert_eq!(send(&site, "POST", &adoptions, &foreign, &adopt).await.status, StatusCode::FORBIDDEN);
    let adopted = send(&site, "POST", &adoptions, &coordinator, &adopt).await;
    assert_eq!(adopted.status, StatusCode::CREATED, "{}", adopted.text);
    let asked = get(&site, "/api/v1/schools/5/diagnosis", &head).await;
    assert!(
        asked["questions"].as_array().expect("questions").iter().any(|own| own["id"] == "club"),
        "{asked}"
    );
    let end = format!("{adoptions}/{}/end", read(&adopted)["adoptions"][0]["id"]);
    let ending = json!({ "last_day": clock::today().to_string(), "reason": "ошибка" });
    assert_eq!(send(&site, "POST", &end, &foreign, &ending).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, "POST", &end, &coordinator, &ending).await.status, StatusCode::NO_CONTENT);
    let listed = get(&site, "/api/v1/questionnaires", &coordinator).await;
    assert!(listed[0]["adoptions"][0]["until"].is_string(), "{listed}");
}

#[tokio::test]
async fn the_own_journal_boards_and_notices_are_read() {
    let site = region().await;
    let coordinator = program(&site, Role::Coordinator, TOWN).await;
    let head = program(&site, Role::SchoolHead, SCHOOL).await;
    let mut objects = Vec::new();
    let mut address = "/api/v1/journal?limit=2".to_owned();
    for _ in 0..40 {
        let page = get(&site, &address, &coordinator).await;
        let items = page["items"].as_array().expect("items");
        objects.extend(items.iter().map(|own| own["object"].as_str().unwrap_or_default().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        address = format!("/api/v1/journal?limit=2&cursor={next}");
    }
    assert!(objects.iter().any(|object| object.starts_with("plan/1")), "{objects:?}");
    assert!(!objects.iter().any(|object| object.starts_with("plan/2")), "another town: {objects:?}");
    let board = get(&site, "/api/v1/boards?place=node/11", &coordinator).await;
    let sum = |own: &Value| own["times"].as_u64().unwrap_or_default();
    let parts: u64 = board["parts"].as_array().expect("parts").iter().map(|own| sum(&own["sum"])).sum();
    assert!(sum(&board["total"]) > 0, "{board}");
    assert_eq!(sum(&board["total"]), parts + sum(&board["own"]));
    assert_eq!(board["months"].as_array().map(Vec::len), Some(12));
    let foreign = ask_api(&site, "GET", "/api/v1/boards?place=node/12", &coordinator, "").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let own = get(&site, "/api/v1/boards", &head).await;
    assert_eq!(own["title"], json!("Школа № 5"));
    let notices = get(&site, "/api/v1/notices?all=true", &head).await;
    assert!(notices["items"].is_array() && notices["total"].is_u64());
    let read_all = send(&site, "POST", "/api/v1/notices/read", &head, &json!({})).await;
    assert_eq!(read_all.status, StatusCode::NO_CONTENT);
    enter(&site, Role::Observer, TOWN).await;
    let narrow = token(&site, Role::Observer, TOWN, &[Scope::ReadPlans]).await;
    let refused = send(&site, "POST", "/api/v1/notices/read", &narrow, &json!({})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
