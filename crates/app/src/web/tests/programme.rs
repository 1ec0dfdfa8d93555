//! Does a roadmap go its whole way: written, returned, mended, approved, carried out with evidence, confirmed?

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::ToSpan;
use opora_access::{Place, Role};
use opora_cells::OrganisationId;
use opora_execution::state_of;
use opora_store::Authorship;

use super::access::{enter, region};
use super::*;
use crate::clock;
use crate::usecases::demo;
use crate::usecases::execution::Execution;
use crate::usecases::results::dataset::Workbench;
use crate::usecases::standings::{Look, PlanStanding, Standings};

pub(super) const SCHOOL: Place = Place::School(OrganisationId(5));
pub(super) const TOWN: Place = Place::Node(opora_registry::NodeId(11));

/// The value of a hidden field of the form of an action.
fn field(page: &str, action: &str, name: &str) -> String {
    let form =
        page.split("<form").find(|form| form.contains(&format!("value=\"{action}\""))).unwrap_or_default();
    let at = form
        .find(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no {name} for {action}: {page}"));
    let rest = &form[at..];
    let value = rest.split("value=\"").nth(1).unwrap_or_default();
    value.split('"').next().unwrap_or_default().to_owned()
}

pub(super) async fn act(site: &Site, cookie: &str, action: &str, more: &[(&str, &str)]) -> Answer {
    let page = page(site, cookie, "/plans/3/approval").await;
    let fields: Vec<(String, String)> = ["party", "content", "version", "known"]
        .into_iter()
        .map(|name| (name.to_owned(), field(&page, action, name)))
        .collect();
    let mut form: Vec<(&str, &str)> = vec![("action", action)];
    form.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    form.extend_from_slice(more);
    send(site, cookie, "/plans/3/approval", &form).await
}

pub(super) async fn send(site: &Site, cookie: &str, path: &str, form: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::post(path).header("cookie", cookie);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    site.send(request.body(Body::from(body)).expect("a request")).await
}

pub(super) async fn page(site: &Site, cookie: &str, path: &str) -> String {
    let request = Request::get(path).header("cookie", cookie).body(Body::empty()).expect("a request");
    site.send(request).await.text
}

pub(super) async fn tell(
    site: &Site,
    cookie: &str,
    fields: &[(&str, &str)],
    file: Option<(&str, &[u8])>,
) -> Answer {
    let parts = Parts::of(fields);
    let parts = match file {
        Some((name, bytes)) => parts.file("file", name, bytes),
        None => parts,
    };
    site.send(parts.on(Request::post("/plans/3/work").header("cookie", cookie))).await
}

#[tokio::test]
async fn a_roadmap_is_returned_mended_and_approved() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let see = async |cookie: &str| page(&site, cookie, "/plans/3/approval").await;
    assert!(see(&head).await.contains("Отправить на проверку"));
    assert!(!see(&curator).await.contains("Отправить на проверку"), "the curator does not write");
    assert_eq!(act(&site, &head, "submit", &[]).await.status, StatusCode::SEE_OTHER);
    let stale = see(&curator).await;
    assert!(stale.contains("Одобрить"));
    let bare = act(&site, &curator, "return", &[]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "a return needs a remark");
    let remark = [("path-1", "activity/1"), ("remark-1", "Назовите ответственного")];
    assert_eq!(act(&site, &curator, "return", &remark).await.status, StatusCode::SEE_OTHER);
    let returned = see(&head).await;
    assert!(returned.contains("Назовите ответственного") && returned.contains("открыто"));
    let answer = [("remark", "1"), ("text", "Назначена Соколова")];
    assert_eq!(act(&site, &head, "resolve-remark", &answer).await.status, StatusCode::SEE_OTHER);
    assert_eq!(act(&site, &head, "resubmit", &[]).await.status, StatusCode::SEE_OTHER);
    // The curator's old page is about what was said before.
    let old = [
        ("action", "approve"),
        ("party", "reviewer"),
        ("content", &field(&stale, "approve", "content")),
        ("version", "1"),
        ("known", "1"),
    ];
    let approved = send(&site, &curator, "/plans/3/approval", &old).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "the content is the same, so it may be approved");
    let twice = send(&site, &curator, "/plans/3/approval", &old).await;
    assert_eq!(twice.status, StatusCode::OK, "a double click is told kindly");
    assert!(twice.text.contains("Второй раз"));
    assert_eq!(site.store.facts("roadmap/3").await.expect("facts").len(), 5);
    assert!(see(&head).await.contains("ОДОБРЕНО"));
}

#[tokio::test]
async fn others_decide_nothing() {
    let site = region().await;
    let other_head = enter(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    let observer = enter(&site, Role::Observer, TOWN).await;
    for cookie in [&other_head, &observer] {
        let form = [("action", "submit"), ("party", "author"), ("content", "x"), ("version", "1")];
        let answer = send(&site, cookie, "/plans/3/approval", &form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert!(site.store.facts("roadmap/3").await.expect("facts").is_empty());
}

#[tokio::test]
async fn what_was_done_is_proved_and_confirmed() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let work = page(&site, &head, "/plans/3/work").await;
    let key = work.split("name=\"occurrence\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let key = key.expect("something to do").to_owned();
    let told = async |cookie: &str, deed: &str, known: &str, text: &str, file| {
        let fields = [("occurrence", key.as_str()), ("known", known), ("deed", deed), ("text", text)];
        tell(&site, cookie, &fields, file).await
    };
    let refused = told(&head, "evidence/performer", "0", "", Some(("вирус.exe", b"MZ..".as_slice()))).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "a program is no proof");
    let proof: Option<(&str, &[u8])> = Some(("справка.txt", "Педсовет прошёл".as_bytes()));
    assert_eq!(told(&head, "evidence/performer", "0", "", proof).await.status, StatusCode::SEE_OTHER);
    assert_eq!(told(&head, "done/performer", "1", "Проведено", None).await.status, StatusCode::SEE_OTHER);
    let twice = told(&head, "done/performer", "1", "Проведено", None).await;
    assert_eq!(
        twice.status,
        StatusCode::OK,
        "a double click records nothing and loses nothing: {}",
        twice.text
    );
    let foreign = told(&head, "confirm/curator", "2", "", None).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "nobody confirms as somebody else");
    let waiting = page(&site, &curator, "/work").await;
    assert!(waiting.contains("проверить выполнение"), "{waiting}");
    assert_eq!(told(&curator, "confirm/curator", "2", "", None).await.status, StatusCode::SEE_OTHER);
    let done = page(&site, &head, "/plans/3/work?state=confirmed").await;
    assert!(done.contains("справка.txt") && done.contains("подтверждено"));
    let link =
        done.split("/plans/3/proofs/").nth(1).and_then(|rest| rest.get(..64)).expect("a proof").to_owned();
    assert_eq!(page(&site, &curator, &format!("/plans/3/proofs/{link}")).await, "Педсовет прошёл");
    let other = enter(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    assert!(page(&site, &other, &format!("/plans/3/proofs/{link}")).await.contains("нет доступа"));
    assert!(
        page(&site, &other, &format!("/plans/1/proofs/{link}")).await.contains("подтверждения у плана нет")
    );
}

#[tokio::test]
async fn a_roadmap_is_drafted_from_risks_and_the_municipal_plan() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let form = page(&site, &head, "/schools/5/roadmap").await;
    assert!(
        form.contains("value=\"1\"") && !form.contains("option value=\"2\""),
        "plans of the own town only"
    );
    let fields = [
        ("title", "Дорожная карта школы № 5"),
        ("from", "2026-12-01"),
        ("until", "2027-08-31"),
        ("municipal", "1"),
        ("risk-staff_shortage", "high"),
    ];
    let backwards = fields.map(|(name, value)| (name, if name == "until" { "2026-01-01" } else { value }));
    let refused = send(&site, &head, "/schools/5/roadmap", &backwards).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("раньше первого") && refused.text.contains("Дорожная карта школы № 5"));
    let made = send(&site, &head, "/schools/5/roadmap", &fields).await;
    assert_eq!((made.status, made.location.as_str()), (StatusCode::SEE_OTHER, "/plans/4"));
    let summary = site.store.summary(opora_store::PlanId(4)).await.expect("a plan");
    assert_eq!(summary.owner, SCHOOL);
    assert!(summary.activity_count >= 1, "{summary:?}");
    let agreement = page(&site, &head, "/plans/4/approval").await;
    assert!(agreement.contains("Ответ на риски") && agreement.contains("Отправить на проверку"));
    let other = enter(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    let foreign = send(&site, &other, "/schools/5/roadmap", &fields).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_kept_of_the_plans_is_what_is_recorded() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let kept = Standings::default();
    let today = clock::today();
    let same = async |after: &str| {
        let kept = kept.look(&site.store, today).await.expect("a look");
        let anew = Standings::default().look(&site.store, today).await.expect("a look");
        let shown = |look: &Look| {
            // When each was read differs, what was read does not.
            let plans = look.plans.iter().map(|plan| PlanStanding { event: 0, ..(**plan).clone() });
            format!("{:#?}", plans.collect::<Vec<_>>())
        };
        assert_eq!(shown(&kept), shown(&anew), "after {after}");
        kept
    };
    let before = same("the start").await;
    let again = same("nothing").await;
    assert!(Arc::ptr_eq(&before, &again), "nothing happened, nothing is made anew");
    let plan = |look: &Look, id: i64| {
        Arc::clone(look.plans.iter().find(|plan| plan.summary.id.0 == id).expect("the plan"))
    };
    act(&site, &head, "submit", &[]).await;
    let submitted = same("a submission").await;
    assert!(plan(&submitted, 3).agreement.is_some());
    assert!(Arc::ptr_eq(&plan(&before, 1), &plan(&submitted, 1)), "other plans are left alone");
    let work = page(&site, &head, "/plans/3/work").await;
    let key = work.split("name=\"occurrence\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let fields = [
        ("occurrence", key.expect("something to do")),
        ("known", "0"),
        ("deed", "done/performer"),
        ("text", "Да"),
    ];
    assert_eq!(tell(&site, &head, &fields, None).await.status, StatusCode::SEE_OTHER);
    let done = same("a deed").await;
    let states = |look: &Look| plan(look, 3).lines.iter().map(|line| line.state.kind()).collect::<Vec<_>>();
    assert_ne!(states(&before), states(&done));
    let by = Authorship { who: "Проверка", reason: "Год закончился", at: clock::now() };
    site.store.archive(opora_store::PlanId(1), &by).await.expect("archived");
    assert!(plan(&*same("an archive").await, 1).lines.is_empty());
    let order = site.store.plan(opora_store::PlanId(3)).await.expect("a plan").order;
    let mut changed = order.clone();
    changed.plans[0].sections[0].activities.truncate(1);
    site.store
        .append_version(opora_store::PlanId(3), opora_store::VersionNumber::FIRST, &changed, &by)
        .await
        .expect("a version");
    let edited = same("a new version").await;
    assert_eq!(plan(&edited, 3).activities.len(), changed.plans[0].activities().count());
    site.store.set_plan_owner(opora_store::PlanId(2), TOWN, &by).await.expect("given");
    let given = same("a gift").await;
    assert_eq!(plan(&given, 2).summary.owner, TOWN);

    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let closed = act(&site, &coordinator, "close", &[("text", "Год закончился")]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
    let over = plan(&*same("its end").await, 3);
    assert!(over.is_closed() && over.execution.is_none() && over.items.is_empty());
    // What is told without all that was recorded is what it would tell, on any day.
    for days in [0, 40, 400] {
        let day = today.saturating_add(days.days());
        let over = plan(&kept.look(&site.store, day).await.expect("a look"), 3);
        let execution = Execution::read(&site.store, 3, &changed, today).await.expect("what was recorded");
        let ledger = execution.ledger();
        let states: Vec<_> = ledger.accounts().map(|(at, account)| state_of(at, &account, day)).collect();
        assert_eq!(over.lines.iter().map(|line| line.state).collect::<Vec<_>>(), states, "{day}");
        assert!(over.progress.total() > 0);
    }
    let work = page(&site, &head, "/plans/3/work").await;
    assert!(work.contains("Выполнение"), "what was recorded is read when it is asked for");
}

#[tokio::test]
async fn the_invented_year_is_told_by_acts_that_people_could_have_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"))).await.expect("a store");
    let bench = Workbench::in_folder(store.clone(), folder.path()).expect("a workbench");
    let demo = opora_simulate::Options::preset(opora_simulate::Preset::Demo);
    let options = opora_simulate::Options { schools: 14, details: false, ..demo }.with_years(1);
    let at = "2025-09-01T05:00:00Z".parse().expect("a moment");
    demo::fill_simulated(&bench, &folder.path().join("packs"), options, &|_| true, at)
        .await
        .expect("a region");
    let size = demo::Size { schools: None, years: 1 };
    let today = jiff::civil::date(2026, 11, 22);
    let logins = demo::fill_programme(&bench, size, today).await.expect("people");
    assert_eq!(logins.len(), 18, "every role gets in: {logins:?}");
    let look = Standings::default().look(&store, today).await.expect("a look");
    let mut states: Vec<(i16, &str)> = Vec::new();
    for plan in &look.plans {
        let agreement = plan.agreement.as_ref().expect("each roadmap was submitted");
        states.push((plan.summary.period.expect("a period").start.year(), agreement.state.russian()));
    }
    states.sort_unstable();
    let count = |wanted: (i16, &str)| states.iter().filter(|state| **state == wanted).count();
    assert_eq!(count((2025, "Завершено")), 7, "{states:?}");
    assert_eq!(count((2026, "Действует")), 5, "{states:?}");
    assert_eq!(count((2026, "На проверке")) + count((2026, "Возвращено")), 2, "{states:?}");
    let confirmed = |plan: &PlanStanding| plan.progress.count(opora_execution::StateKind::Confirmed);
    let last_year =
        look.plans.iter().filter(|plan| plan.summary.period.is_some_and(|own| own.start.year() == 2025));
    for plan in last_year {
        assert!(confirmed(plan) * 2 > plan.lines.len(), "most of a year is confirmed: {:?}", plan.progress);
        assert!(plan.items.is_empty(), "what is closed waits for nobody");
    }
    // Of whom may support the schools is known what a proposal asks for.
    let support = crate::usecases::assignments::Support::read(&store).await.expect("support");
    assert_eq!(support.curators.len(), 6);
    for profile in support.curators.values() {
        assert!(profile.capacity > 1 && profile.strengths.len() > 3, "{profile:?}");
        assert!(profile.works_at.is_some_and(|home| support.mentor_schools.contains_key(&home)));
    }
    assert!(support.ways() > 6 * 7, "from each home to each school of the programme");
    // A second start tells nothing twice.
    let before = store.last_event().await.expect("events");
    let again = demo::fill_programme(&bench, size, today).await.expect("people");
    assert_eq!(again.len(), 18);
    assert!(store.last_event().await.expect("events") - before <= 18, "only passwords are new");
}

#[tokio::test]
async fn the_invented_office_carries_out_its_own_plans() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"))).await.expect("a store");
    let bench = Workbench::in_folder(store.clone(), folder.path()).expect("a workbench");
    let demo = opora_simulate::Options::preset(opora_simulate::Preset::Demo);
    let options = opora_simulate::Options { schools: 14, details: false, ..demo }.with_years(1);
    let at = "2026-09-01T05:00:00Z".parse().expect("a moment");
    demo::fill(&store, at).await.expect("orders");
    demo::fill_simulated(&bench, &folder.path().join("packs"), options, &|_| true, at)
        .await
        .expect("a region");
    let today = jiff::civil::date(2026, 11, 22);
    demo::fill_programme(&bench, demo::Size { schools: None, years: 0 }, today).await.expect("people");
    let look = Standings::default().look(&store, today).await.expect("a look");
    let own = look.plans.iter().filter(|plan| matches!(plan.summary.owner, Place::Node(_)));
    let (mut late, mut done, mut by_two) = (0, 0, 0);
    for plan in own {
        use opora_execution::StateKind;
        late += plan.progress.count(StateKind::Late);
        done += plan.progress.count(StateKind::Done) + plan.progress.count(StateKind::Confirmed);
        by_two += plan.progress.count(StateKind::Confirmed);
    }
    assert!(late > 0 && late * 4 < done, "a few things stay late, most is done: {late} late, {done} done");
    assert!(by_two * 2 > done, "the coordinator looks at what the methodologist did: {by_two} of {done}");
}
