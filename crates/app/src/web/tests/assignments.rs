//! Are curators and mentor schools proposed with reasons, confirmed by a person, and bounded by rules?

use opora_cells::OrganisationId;
use opora_store::{AuditVerdict, NewFact};
use serde_json::json;

use super::access::{enter, region};
use super::*;
use crate::clock;

const TOWN: Place = Place::Node(opora_registry::NodeId(11));
const OTHER_TOWN: Place = Place::Node(opora_registry::NodeId(12));

fn school(id: u32) -> Place {
    Place::School(OrganisationId(id))
}

async fn get(site: &Site, path: &str, cookie: &str) -> Answer {
    site.send(Request::get(path).header("cookie", cookie).body(Body::empty()).expect("a request")).await
}

async fn post(site: &Site, path: &str, cookie: &str, form: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::post(path).header("cookie", cookie);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    site.send(request.body(Body::from(body)).expect("a request")).await
}

/// A region where school 5 has begun its diagnosis, a coordinator of its town, and a teacher of school 6: account 2.
async fn town() -> (Site, String) {
    let site = region().await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    enter(&site, Role::SchoolTeam, school(6)).await;
    begin(&site, 5).await;
    (site, coordinator)
}

async fn begin(site: &Site, school: u32) {
    let subject = format!("diagnosis/{school}/{}", clock::today().year());
    let content = json!({});
    let fact = NewFact { subject: &subject, kind: "diagnosis.save", content: &content };
    let by = opora_store::Authorship { who: "Школа", reason: "", at: clock::now() };
    site.store.append_facts(&[], &[fact], None, &by).await.expect("a fact");
}

async fn curators(site: &Site, of: u32) -> Vec<i64> {
    let grants = site.store.grants(None).await.expect("grants");
    let own = grants.iter().filter(|held| held.grant.role == Role::Curator && held.grant.place == school(of));
    own.map(|held| held.account.0).collect()
}

#[tokio::test]
async fn a_curator_is_proposed_with_reasons_and_confirmed() {
    let (site, coordinator) = town().await;
    let page = get(&site, "/assignments", &coordinator).await;
    assert!(page.text.contains("Школы без куратора") && page.text.contains("Школа № 5"), "{}", page.text);
    assert!(get(&site, "/assignments/proposal", &coordinator).await.text.contains("никто не отмечен"));
    let form = [("home", "школа № 6"), ("capacity", "1"), ("strength", "subject/math"), ("km-5", "7")];
    let noted = post(&site, "/assignments/curators/2", &coordinator, &form).await;
    assert_eq!(noted.location, "/assignments?done=1", "{}", noted.text);
    let proposal = get(&site, "/assignments/proposal", &coordinator).await.text;
    for words in ["Работает в другой школе: Школа № 6", "До школы 7 км", r#"value="2" selected"#]
    {
        assert!(proposal.contains(words), "{words}: {proposal}");
    }
    assert_eq!(curators(&site, 5).await, [] as [i64; 0], "nothing is recorded before somebody confirms");
    let confirm = [("take", "5"), ("curator-5", "2"), ("from", "2026-09-01"), ("reason", "приказ № 3")];
    let done = post(&site, "/assignments", &coordinator, &confirm).await;
    assert_eq!(done.location, "/assignments?done=1", "{}", done.text);
    assert_eq!(curators(&site, 5).await, [2]);
    let twice = post(&site, "/assignments", &coordinator, &confirm).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(curators(&site, 5).await, [2], "a double click gives one role");
    let list = get(&site, "/assignments/files/curators.csv", &coordinator).await.text;
    assert!(list.contains("Школа № 5;член школьной команды;Школа № 6;7;2026-09-01;;приказ № 3"), "{list}");
    let grant =
        site.store.grants(None).await.expect("grants").into_iter().find(|g| g.grant.role == Role::Curator);
    let number = grant.expect("a grant").id.0.to_string();
    let end = [("number", number.as_str()), ("last_day", "2026-09-30"), ("reason", "ушла")];
    assert_eq!(post(&site, "/assignments/end", &coordinator, &end).await.status, StatusCode::SEE_OTHER);
    assert!(get(&site, "/assignments", &coordinator).await.text.contains("Прежние назначения: 1"));
    assert!(matches!(site.store.verify_audit().await.expect("a walk"), AuditVerdict::Whole { .. }));
}

#[tokio::test]
async fn nobody_becomes_the_curator_of_the_own_school() {
    let (site, coordinator) = town().await;
    let form = [("home", "Школа № 5"), ("capacity", "3")];
    post(&site, "/assignments/curators/2", &coordinator, &form).await;
    let proposal = get(&site, "/assignments/proposal", &coordinator).await.text;
    assert!(proposal.contains("не осталось") && !proposal.contains(r#"<option value="2""#), "{proposal}");
    let refused = post(&site, "/assignments", &coordinator, &[("take", "5"), ("curator-5", "2")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("в которой сам работает"));
    // The page of people keeps to the same rule, though she holds no role at that school.
    let form = [("role", "curator"), ("school", "Школа № 5"), ("place", "")];
    let refused = post(&site, "/people/2/roles", &coordinator, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("в которой сам работает"));
    assert_eq!(curators(&site, 5).await, [] as [i64; 0]);
}

#[tokio::test]
async fn a_full_curator_gets_no_more_and_a_foreign_school_is_refused() {
    let (site, coordinator) = town().await;
    begin(&site, 6).await;
    begin(&site, 7).await;
    enter(&site, Role::Observer, TOWN).await;
    post(&site, "/assignments/curators/3", &coordinator, &[("home", ""), ("capacity", "1")]).await;
    let both = [("take", "5"), ("curator-5", "3"), ("take", "6"), ("curator-6", "3")];
    let half = post(&site, "/assignments", &coordinator, &both).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        half.text.contains("Школа № 5: куратор") && half.text.contains("больше нет места"),
        "{}",
        half.text
    );
    assert_eq!((curators(&site, 5).await.len(), curators(&site, 6).await.len()), (1, 0));
    let foreign = post(&site, "/assignments", &coordinator, &[("take", "7"), ("curator-7", "3")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let page = get(&site, "/assignments", &coordinator).await.text;
    assert!(!page.contains("Школа № 7"), "a school of another town is not shown");
    let head = enter(&site, Role::SchoolHead, school(7)).await;
    assert_eq!(get(&site, "/assignments", &head).await.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&site, "/assignments/curators/4", &coordinator).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn wrong_input_is_told_kindly() {
    let (site, coordinator) = town().await;
    let check = async |path: &str, form: &[(&str, &str)], words: &str| {
        let answer = post(&site, path, &coordinator, form).await;
        assert!(answer.status.is_client_error(), "{path} {form:?}: {}", answer.status);
        assert!(answer.text.contains(words), "{path} {form:?}: {}", answer.text);
    };
    check("/assignments", &[], "Не отмечено").await;
    check("/assignments", &[("take", "x")], "Школа не понята").await;
    check("/assignments", &[("take", "5"), ("curator-5", "")], "Выберите куратора").await;
    check("/assignments", &[("take", "5"), ("curator-5", "2"), ("from", "вчера")], "Дата не понята").await;
    check("/assignments", &[("take", "5"), ("curator-5", "2")], "не отмечен").await;
    check("/assignments", &[("school", "Нет такой"), ("curator", "2")], "Такой школы нет").await;
    check("/assignments/curators/2", &[("capacity", "много")], "не понято").await;
    check("/assignments/curators/2", &[("capacity", "1"), ("home", "Нет такой")], "нет в реестре").await;
    let far = [("capacity", "1"), ("home", "Школа № 6"), ("km-5", "99999")];
    check("/assignments/curators/2", &far, "расстояние не понято").await;
    check("/assignments/curators/99", &[("capacity", "1")], "Такой учётной записи нет").await;
    check(
        "/assignments/end",
        &[("number", "99"), ("last_day", "2026-09-01"), ("reason", "x")],
        "Такой роли нет",
    )
    .await;
    check("/assignments/mentors", &[("take", "5"), ("mentor-5", "6")], "не отмечена").await;
    check("/assignments/mentors/end", &[("number", "9"), ("last_day", "2026-09-01")], "нет").await;
    check("/assignments/mentors/schools/99", &[("capacity", "1")], "нет в реестре").await;
}

#[tokio::test]
async fn schools_of_one_name_are_told_apart_by_their_town() {
    let site = region().await;
    let operator = enter(&site, Role::RegionalOperator, Place::Installation).await;
    let record = site.store.registry().await.expect("a registry");
    let nodes = record.registry.nodes().cloned().collect();
    let mut schools = record.registry.organisations().to_vec();
    schools.iter_mut().for_each(|school| school.name = "Школа № 1".to_owned());
    let registry = opora_registry::Registry::new(nodes, schools, vec![]).0;
    let by = opora_store::Authorship { who: "Оператор", reason: "", at: clock::now() };
    site.store.save_registry(&registry, record.version, &by).await.expect("a registry");
    let check = async |home: &str, status: StatusCode| {
        let answer =
            post(&site, "/assignments/curators/1", &operator, &[("home", home), ("capacity", "1")]).await;
        assert_eq!(answer.status, status, "{home}: {}", answer.text);
    };
    check("Школа № 1", StatusCode::UNPROCESSABLE_ENTITY).await;
    check("Школа № 1, Верхнеозёрск", StatusCode::UNPROCESSABLE_ENTITY).await;
    check("школа № 1, нижнеозёрск", StatusCode::SEE_OTHER).await;
    let form = get(&site, "/assignments/curators/1", &operator).await.text;
    assert!(form.contains(r#"value="Школа № 1, Нижнеозёрск""#), "{form}");
}

async fn contract(site: &Site, path: &str, cookie: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let request = Request::post(path).header("cookie", cookie);
    site.send(Parts::of(fields).file("file", "договор.txt", file).on(request)).await
}

#[tokio::test]
async fn a_mentor_school_is_proposed_and_has_a_contract() {
    let (site, coordinator) = town().await;
    let form = [("capacity", "1"), ("strength", "subject/ru"), ("km-5", "12")];
    let noted = post(&site, "/assignments/mentors/schools/6", &coordinator, &form).await;
    assert_eq!(noted.location, "/assignments/mentors?done=1", "{}", noted.text);
    let proposal = get(&site, "/assignments/mentors?propose=1", &coordinator).await.text;
    assert!(proposal.contains("До школы 12 км") && proposal.contains(r#"value="6" selected"#), "{proposal}");
    let confirm = [("take", "5"), ("mentor-5", "6"), ("from", "2026-09-01"), ("reason", "приказ № 4")];
    let done = post(&site, "/assignments/mentors", &coordinator, &confirm).await;
    assert_eq!(done.location, "/assignments/mentors?done=1", "{}", done.text);
    let twice = post(&site, "/assignments/mentors", &coordinator, &confirm).await;
    assert!(twice.text.contains("уже наставник"), "{}", twice.text);
    post(&site, "/assignments/mentors/schools/5", &coordinator, &[("capacity", "2")]).await;
    let back = post(&site, "/assignments/mentors", &coordinator, &[("take", "6"), ("mentor-6", "5")]).await;
    assert!(back.text.contains("связаны наоборот"), "{}", back.text);
    let own = post(&site, "/assignments/mentors", &coordinator, &[("take", "5"), ("mentor-5", "5")]).await;
    assert!(own.text.contains("самой себе"), "{}", own.text);

    let facts = site.store.facts("mentorings").await.expect("facts");
    let path = format!("/assignments/mentors/{}", facts[0].id.0);
    assert_eq!(get(&site, &path, &coordinator).await.status, StatusCode::OK);
    let nothing = contract(&site, &path, &coordinator, &[("number", ""), ("signed", "")], b"").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("number", "17"), ("signed", "2026-09-02"), ("text", "Открытые уроки")];
    let added = contract(&site, &path, &coordinator, &fields, "Договор".as_bytes()).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let list = get(&site, "/assignments/files/mentors.csv", &coordinator).await.text;
    assert!(list.contains("Школа № 5;Школа № 6;12;2026-09-01;;17;2026-09-02;Открытые уроки"), "{list}");

    let head = enter(&site, Role::SchoolHead, school(5)).await;
    let page = get(&site, "/schools/5", &head).await.text;
    assert!(page.contains("Школа-наставник") && page.contains("№ 17 от"), "{page}");
    let file =
        page.split("/schools/5/mentors/").nth(1).and_then(|rest| rest.get(..64)).expect("a file").to_owned();
    assert_eq!(get(&site, &format!("/schools/5/mentors/{file}"), &head).await.text, "Договор");
    let stranger = enter(&site, Role::SchoolHead, school(7)).await;
    assert_eq!(
        get(&site, &format!("/schools/5/mentors/{file}"), &stranger).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        get(&site, &format!("/schools/7/mentors/{file}"), &stranger).await.status,
        StatusCode::NOT_FOUND
    );
    let abroad = enter(&site, Role::Coordinator, OTHER_TOWN).await;
    assert_eq!(get(&site, &path, &abroad).await.status, StatusCode::FORBIDDEN);
    let number = facts[0].id.0.to_string();
    let end = [("number", number.as_str()), ("last_day", "2026-10-01"), ("reason", "год окончен")];
    assert_eq!(post(&site, "/assignments/mentors/end", &abroad, &end).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        post(&site, "/assignments/mentors/end", &coordinator, &end).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(!get(&site, "/schools/5", &head).await.text.contains("Школа-наставник"), "it is over");
}

#[tokio::test]
async fn a_coordinator_reads_the_journal_of_the_own_place() {
    let (site, coordinator) = town().await;
    begin(&site, 7).await;
    let abroad = enter(&site, Role::Coordinator, OTHER_TOWN).await;
    let own = get(&site, "/journal", &coordinator).await;
    assert_eq!(own.status, StatusCode::OK);
    assert!(own.text.contains("/schools/5/diagnosis?") && own.text.contains("/plans/1"), "{}", own.text);
    assert!(!own.text.contains("/schools/7/diagnosis?") && !own.text.contains("/plans/2"), "{}", own.text);
    assert!(!own.text.contains("/people/3\""), "people of the other town");
    let other = get(&site, "/journal", &abroad).await.text;
    assert!(other.contains("/schools/7/diagnosis?") && !other.contains("/schools/5/diagnosis?"), "{other}");
    assert_eq!(get(&site, "/journal?before=1", &coordinator).await.status, StatusCode::OK);
    let head = enter(&site, Role::SchoolHead, school(5)).await;
    assert_eq!(get(&site, "/journal", &head).await.status, StatusCode::FORBIDDEN);
    let operator = enter(&site, Role::RegionalOperator, Place::Installation).await;
    let whole = get(&site, "/journal", &operator).await.text;
    assert!(whole.contains("/schools/7/diagnosis?") && whole.contains("Цепочка цела"));
}

#[tokio::test]
async fn ways_are_pasted_as_a_table_and_shorten_the_route() {
    let (site, coordinator) = town().await;
    let ways = async |text: &str| post(&site, "/assignments/ways", &coordinator, &[("ways", text)]).await;
    let wrong = ways("Школа № 5; Школа № 6; 12\nШкола № 5; Школа № 99; 4\nпросто слова\n").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Записано путей: 1.", "Строка 2: «Школа № 99»", "Строка 3: нужны три столбца"]
    {
        assert!(wrong.text.contains(words), "{words}: {}", wrong.text);
    }
    assert!(wrong.text.contains("просто слова</textarea>"), "what was not understood stays in the form");
    for bad in ["", "Школа № 5; Школа № 5; 1", "Школа № 5; Школа № 6; далеко", "Школа № 5; Школа № 6; -1"]
    {
        assert_eq!(ways(bad).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    assert_eq!(ways("Школа № 6\tШкола № 5\t7,6").await.location, "/assignments?done=1");
    let form = [("home", "школа № 6"), ("capacity", "1"), ("km-5", "8")];
    post(&site, "/assignments/curators/2", &coordinator, &form).await;
    let give = [("take", "5"), ("curator-5", "2"), ("from", "2026-09-01"), ("reason", "приказ № 3")];
    assert_eq!(post(&site, "/assignments", &coordinator, &give).await.status, StatusCode::SEE_OTHER);
    let next = "/visits?month=2027-01&curator=2";
    let month = get(&site, next, &coordinator).await.text;
    assert!(month.contains("чтобы сократить путь") && month.contains("в километрах"), "{month}");
    assert_eq!(ways("Школа № 5; Школа № 6;").await.status, StatusCode::SEE_OTHER);
    let month = get(&site, next, &coordinator).await.text;
    assert!(month.contains("Расстояний в расчёте нет"), "{month}");
    // A coordinator of another place notes nothing here.
    let abroad = enter(&site, Role::Coordinator, OTHER_TOWN).await;
    let foreign = [("ways", "Школа № 5; Школа № 6; 3")];
    let refused = post(&site, "/assignments/ways", &abroad, &foreign).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("нет среди ваших"), "{}", refused.text);
}
