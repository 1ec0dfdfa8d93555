//! Does everybody see what is theirs to do next, and only that? Does nothing get lost when people and sessions change?

use axum::http::StatusCode;
use jiff::civil::date;
use opora_access::{Grant, Place, Role};
use opora_cells::OrganisationId;
use opora_execution::Party;
use opora_execution::work::{Mover, WorkKind};
use opora_registry::NodeId;
use opora_store::{Authorship, PlanId};

use super::access::{enter, region};
use super::diagnosis::School;
use super::notices::{begun, person, today_at};
use super::programme::{act, page, send};
use super::*;
use crate::clock;
use crate::usecases::next_steps::step_of;
use crate::usecases::standings::Standings;

const SCHOOL: Place = Place::School(OrganisationId(5));
const OTHER_SCHOOL: Place = Place::School(OrganisationId(6));
const TOWN: Place = Place::Node(NodeId(11));

const SEND: &str = "закончить и отправить на проверку";
const ENFORCE: &str = "ввести в действие";
const MEND: &str = "исправить по замечаниям";

/// The roadmap of plan 3 on the page of work says this to a person, and none of the other steps.
async fn check(site: &Site, cookie: &str, expected: Option<&str>) {
    let text = page(site, cookie, "/work").await;
    for words in [SEND, ENFORCE, MEND] {
        assert_eq!(text.contains(words), expected == Some(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn each_step_of_a_roadmap_is_on_the_page_of_work() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let methodologist = enter(&site, Role::Methodologist, TOWN).await;
    let others = async || {
        check(&site, &methodologist, None).await;
        check(&site, &curator, None).await;
    };
    let done = async |cookie: &str, action: &str, more: &[(&str, &str)]| {
        assert_eq!(act(&site, cookie, action, more).await.status, StatusCode::SEE_OTHER, "{action}");
    };
    check(&site, &head, Some(SEND)).await;
    others().await;
    done(&head, "submit", &[]).await;
    check(&site, &head, None).await;
    done(&curator, "return", &[("path-1", "activity/1"), ("remark-1", "Назовите ответственного")]).await;
    check(&site, &head, Some(MEND)).await;
    others().await;
    done(&head, "resolve-remark", &[("remark", "1"), ("text", "Назначена Соколова")]).await;
    done(&head, "resubmit", &[]).await;
    done(&curator, "approve", &[]).await;
    check(&site, &head, Some(ENFORCE)).await;
    others().await;
    done(&head, "put-in-force", &[]).await;
    check(&site, &head, None).await;
    done(&head, "begin-correction", &[("text", "Изменился состав учителей")]).await;
    check(&site, &head, Some(SEND)).await;
    others().await;
}

#[tokio::test]
async fn what_a_school_has_to_do_waits_for_no_methodologist_of_its_town() {
    let site = region().await;
    let methodologist = enter(&site, Role::Methodologist, TOWN).await;
    let own = enter(&site, Role::Methodologist, SCHOOL).await;
    let of_school = "/plans/3/work#o-";
    assert!(page(&site, &own, "/work").await.contains(of_school));
    let text = page(&site, &methodologist, "/work").await;
    assert!(text.contains("/plans/1/work#o-") && !text.contains(of_school), "{text}");
}

#[tokio::test]
async fn the_plan_of_a_municipality_that_is_to_be_checked_waits_for_the_region() {
    let site = region().await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let operator = enter(&site, Role::RegionalOperator, Place::Installation).await;
    let path = "/plans/1/approval";
    let shown = page(&site, &coordinator, path).await;
    let field = |name: &str| {
        let form = shown.split("<form").find(|form| form.contains("value=\"submit\"")).expect("a form");
        let rest = form.split(&format!("name=\"{name}\" value=\"")).nth(1).expect(name);
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let fields = ["party", "content", "version", "known"].map(|name| (name, field(name)));
    let mut form = vec![("action", "submit")];
    form.extend(fields.iter().map(|(name, value)| (*name, value.as_str())));
    assert_eq!(send(&site, &coordinator, path, &form).await.status, StatusCode::SEE_OTHER);
    let waits = "проверить и согласовать";
    assert!(page(&site, &operator, "/work").await.contains(waits));
    let own = page(&site, &coordinator, "/work").await;
    assert!(own.split("Вы ждёте других").nth(1).is_some_and(|rest| rest.contains(waits)), "{own}");
}

#[tokio::test]
async fn a_roadmap_whose_time_is_over_waits_for_who_closes_it() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    for (cookie, action) in [(&head, "submit"), (&curator, "approve"), (&head, "put-in-force")] {
        assert_eq!(act(&site, cookie, action, &[]).await.status, StatusCode::SEE_OTHER);
    }
    let last = site.store.summary(PlanId(3)).await.expect("a plan").period.expect("a period").end;
    let standings = Standings::default();
    let step = async |day| {
        let look = standings.look(&site.store, day).await.expect("a look");
        step_of(look.plan(PlanId(3)).expect("a plan"), day)
    };
    assert_eq!(step(last).await, None);
    let over = step(last.tomorrow().expect("a day")).await.expect("a step");
    assert_eq!((over.kind, over.mover), (WorkKind::Closing, Mover::Role(Party::Coordinator, Some(5))));
    assert_eq!(over.since.date(), last.tomorrow().expect("a day"));
}

#[tokio::test]
async fn after_the_self_diagnosis_the_roadmap_is_next() {
    let school = School::approved().await;
    let today = date(clock::today().year(), 1, 1);
    assert_eq!(today.year(), 2026, "the case of these tests is of this year");
    let work = school.see(&school.head, "/work").await.text;
    assert!(
        work.contains("составить дорожную карту") && work.contains("href=\"/schools/5/roadmap\""),
        "{work}"
    );
    let start = school.see(&school.head, "/").await.text;
    assert!(
        start.contains("href=\"/schools/5/roadmap\"") && !start.contains("Начните с самодиагностики"),
        "{start}"
    );
    assert!(!school.see(&school.curator, "/work").await.text.contains("составить дорожную карту"));
}

#[tokio::test]
async fn a_notice_of_what_is_no_longer_ones_own_says_so() {
    let site = region().await;
    let (_, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (id, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let office = begun(&site).await;
    site.store.read_notices(id, None, clock::now()).await.expect("read");
    assert_eq!(act(&site, &head, "submit", &[]).await.status, StatusCode::SEE_OTHER);
    office.tell(today_at(12, 0)).await;
    let notice = site.store.notices(id, true, 1, 5).await.expect("notices").0[0].id.0;
    let grant = site.store.grants(Some(id)).await.expect("grants")[0].id;
    let by = Authorship {
        who: "Координатор", reason: "перешла в другую школу", at: clock::now()
    };
    site.store.end_role(grant, date(2021, 1, 1), &by).await.expect("an end");
    let next = Grant { role: Role::Curator, place: OTHER_SCHOOL, from: date(2021, 1, 2), until: None };
    site.store.give_role(id, &next, |_| Ok(()), &by).await.expect("a role");
    let request = Request::get(format!("/notices/{notice}")).header("cookie", &curator);
    let answer = site.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains("Это дело больше не у вас"), "{}", answer.text);
}

#[tokio::test]
async fn who_leaves_hands_over_to_the_coordinator() {
    let site = region().await;
    let (_, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (id, _) = person(&site, "team", Role::SchoolTeam, SCHOOL).await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let list = page(&site, &head, "/plans/3/work").await;
    let key = list.split("name=\"occurrence\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let key = key.expect("a time").to_owned();
    let fields = [
        ("occurrence", key.as_str()),
        ("known", "0"),
        ("deed", "delegate/performer"),
        ("person", "член школьной команды"),
    ];
    let told = programme::tell(&site, &head, &fields, None).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text);
    let gone = "Исполнитель больше не работает в программе";
    assert!(!page(&site, &coordinator, "/work").await.contains(gone));
    let by = Authorship { who: "Координатор", reason: "уволена", at: clock::now() };
    site.store.set_account_open(id, false, &by).await.expect("closed");
    let text = page(&site, &coordinator, "/work").await;
    assert!(text.contains(gone), "{text}");
}

#[tokio::test]
async fn a_form_of_an_ended_session_comes_back_as_it_was() {
    let site = region().await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let form = [("action", "return"), ("remark-1", "Назовите <b>ответственного</b>"), ("known", "1")];
    let answer = send(&site, "opora-session=ended", "/plans/3/approval", &form).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    for words in [
        "action=\"/plans/3/approval\"",
        "name=\"remark-1\" value=\"Назовите &lt;b&gt;ответственного&lt;/b&gt;\"",
        "name=\"known\" value=\"1\"",
        "Отправить ещё раз",
        "href=\"/login?back=%2F\"",
    ] {
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
    let secret = [("current", "старый пароль"), ("password", "новый пароль"), ("again", "новый пароль")];
    let refused = send(&site, "opora-session=ended", "/account/password", &secret).await;
    assert!(!refused.text.contains("новый пароль") && refused.text.contains("href=\"/login\""));
    // Whoever may not do it is refused as ever.
    let foreign = send(&site, &curator, "/plans/1/owner", &form).await;
    assert!(foreign.status == StatusCode::FORBIDDEN && !foreign.text.contains("Отправить ещё раз"));
}

#[tokio::test]
async fn a_curator_does_not_come_to_work_in_a_school_she_looks_after() {
    let site = region().await;
    let (id, _) = person(&site, "curator", Role::Curator, SCHOOL).await;
    person(&site, "other", Role::Curator, OTHER_SCHOOL).await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let path = format!("/assignments/curators/{}", id.0);
    let registry = site.store.registry().await.expect("a registry").registry;
    let name = |place| match place {
        Place::School(school) => registry.get(school).expect("a school").name.clone(),
        _ => String::new(),
    };
    let own = send(&site, &coordinator, &path, &[("home", &name(SCHOOL)), ("capacity", "2")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", own.text);
    assert!(own.text.contains("куратор школы, которую вы назвали местом работы"), "{}", own.text);
    let other = send(&site, &coordinator, &path, &[("home", &name(OTHER_SCHOOL)), ("capacity", "2")]).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "{}", other.text);
}
