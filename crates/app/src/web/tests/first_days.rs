//! Does somebody who comes to Opora for the first time get on: the first account, the first page, the first work?

use axum::http::StatusCode;
use opora_access::{Place, Role};
use opora_cells::OrganisationId;
use opora_registry::NodeId;

use super::access::{enter, region, registry};
use super::programme::act;
use super::visits::{days, page, send, tell};
use super::*;
use crate::clock;

const SCHOOL: Place = Place::School(OrganisationId(5));
const TOWN: Place = Place::Node(NodeId(11));

/// A form of the first account with other values than the right ones.
fn first<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let right =
        [("name", "Соколова Анна"), ("login", "sokolova"), ("role", "regional-operator"), ("place", "all")];
    let mut form: Vec<(&str, &str)> =
        right.into_iter().filter(|(name, _)| other.iter().all(|(own, _)| own != name)).collect();
    form.extend_from_slice(other);
    form
}

#[tokio::test]
async fn the_first_account_can_let_in_all_others() {
    let site = Site::new().await;
    let (tomorrow, yesterday) = (days(1), days(-1));
    let check = async |other: &[(&str, &str)], words: &str| {
        let answer = site.post("/people", &first(other)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{other:?}");
        assert!(answer.text.contains(words), "{other:?}: {}", answer.text);
    };
    check(&[("role", "observer")], "Первой заведите свою учётную запись").await;
    check(&[("role", "school-head")], "Для этой роли нужна школа").await;
    check(&[("from", &tomorrow)], "нужна с сегодняшнего дня").await;
    check(&[("until", &tomorrow)], "не должно быть последнего дня").await;
    check(&[("until", &yesterday)], "id=\"until-wrong\"").await;
    check(&[("name", &"Я".repeat(201))], "Длиннее 200 знаков").await;
    check(&[("login", &"x".repeat(201))], "Длиннее 200 знаков").await;
    let form = site.get("/people").await.text;
    assert!(form.contains("Школ пока нет") && form.contains("href=\"/data\""), "{form}");

    let made = site.post("/people", &first(&[])).await;
    assert!(made.text.contains("Выбрать пароль") && made.text.contains("opora user link sokolova"));
    let link = made.text.split("href=\"/link/").nth(1).and_then(|rest| rest.split('"').next());
    let link = format!("/link/{}", link.expect("a link"));
    assert!(site.get("/people").await.location.starts_with("/login"), "from now on with a password");
    let words = [("password", "зелёный чайник в поезде"), ("again", "зелёный чайник в поезде")];
    assert_eq!(site.post(&link, &words).await.status, StatusCode::SEE_OTHER);
    let used = site.get(&link).await;
    assert_eq!(used.status, StatusCode::NOT_FOUND);
    assert!(used.text.contains("Если пароль вы уже выбрали, войдите с ним"), "{}", used.text);
    assert!(used.text.contains("href=\"/login\"") && !used.text.contains("К списку планов"));
}

#[tokio::test]
async fn before_there_is_a_plan_each_is_told_what_to_begin_with() {
    let site = Site::new().await;
    let by = opora_store::Authorship { who: "Оператор", reason: "", at: clock::now() };
    site.store.save_registry(&registry(), opora_store::RegistryVersion::default(), &by).await.expect("saved");
    let check = async |role: Role, place: Place, words: &str, uploads: bool| {
        let cookie = enter(&site, role, place).await;
        for path in ["/", "/plans"] {
            let text = page(&site, &cookie, path).await.text;
            let offers = text.contains("id=\"home-files\"")
                || text.contains("class=\"button primary\" href=\"/upload\"");
            assert_eq!(offers, uploads, "{role:?} {path}: {text}");
            assert!(!text.contains("/upload/sample"), "{role:?} {path}: an invented order among real ones");
        }
        let text = page(&site, &cookie, "/").await.text;
        assert!(text.contains(words), "{role:?}: {text}");
    };
    check(Role::Observer, TOWN, "загрузят дорожную карту", false).await;
    check(Role::Methodologist, TOWN, "загрузят дорожную карту", false).await;
    check(Role::SchoolHead, SCHOOL, "К самодиагностике", true).await;
    check(Role::Coordinator, TOWN, "href=\"/people\"", true).await;
    check(Role::RegionalOperator, Place::Installation, "Реестр организаций", true).await;
    // Without results the page of a school is about this year.
    let head = enter(&site, Role::SchoolTeam, SCHOOL).await;
    let school = page(&site, &head, "/schools/5").await.text;
    assert!(school.contains(&format!("СОШ · {} год", clock::today().year())), "{school}");
    assert!(page(&site, &head, "/work").await.text.contains("href=\"/diagnosis\""));
}

/// Addresses of this site that a page links to.
fn links(text: &str) -> Vec<String> {
    let found = text.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = found.filter(|link| link.starts_with('/') && !link.starts_with("/assets"));
    own.map(|link| link.split('#').next().unwrap_or_default().replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn no_link_leads_to_a_closed_door() {
    let site = region().await;
    let pages = [
        "/",
        "/plans",
        "/plans/1",
        "/plans/1/findings",
        "/plans/1/work",
        "/plans/1/history",
        "/plans/3",
        "/plans/3/findings",
        "/plans/3/approval",
        "/plans/3/work",
        "/schools",
        "/schools/5",
        "/diagnosis",
        "/schools/5/diagnosis",
        "/schools/5/risks",
        "/schools/5/visits",
        "/boards",
        "/work",
        "/visits",
        "/meetings",
        "/obligations",
        "/calendar",
        "/notices",
        "/account",
    ];
    for (role, place) in [
        (Role::Observer, TOWN),
        (Role::Methodologist, TOWN),
        (Role::Curator, SCHOOL),
        (Role::SchoolTeam, SCHOOL),
        (Role::SchoolHead, SCHOOL),
        (Role::Coordinator, TOWN),
    ] {
        let cookie = enter(&site, role, place).await;
        let mut seen = std::collections::BTreeSet::new();
        for from in pages {
            let shown = page(&site, &cookie, from).await;
            for link in links(&shown.text) {
                if seen.insert(link.clone()) {
                    let status = page(&site, &cookie, &link).await.status;
                    assert!(!status.is_client_error(), "{role:?} on {from} is led to {link}: {status}");
                }
            }
        }
        assert!(seen.len() > 10, "{role:?} saw links");
    }
}

#[tokio::test]
async fn a_decision_does_not_drown_in_what_is_late() {
    let site = region().await;
    for name in ["г.txt", "д.txt", "е.txt", "ж.txt"] {
        let text = ORDER.replace("2026", "2021").replace("2027", "2022").replace("ежемесячно", "еженедельно");
        let text = format!("{text}\n{name}");
        let order = crate::usecases::import::read_order(name, text.as_bytes());
        crate::usecases::import::save(&site.store, &order, text.as_bytes(), TOWN, "Оператор", clock::now())
            .await
            .expect("a plan");
    }
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    assert_eq!(act(&site, &head, "submit", &[]).await.status, StatusCode::SEE_OTHER);
    let waits = "проверить и согласовать, ждёт с";
    let all = page(&site, &coordinator, "/work").await.text;
    assert!(!all.contains(waits), "older things stand before it");
    assert!(all.contains("href=\"/work?kind=approval\"") && all.contains("Страница 1 из "), "{all}");
    let other = enter(&site, Role::Coordinator, Place::Node(NodeId(12))).await;
    assert!(!page(&site, &other, "/work").await.text.contains("kind=approval"), "another town's");
    let decisions = page(&site, &coordinator, "/work?kind=approval").await.text;
    assert!(decisions.contains(waits) && !decisions.contains("выполнить мероприятие, "), "{decisions}");
    let mut number = 1;
    let found = loop {
        let text = page(&site, &coordinator, &format!("/work?page={number}")).await.text;
        if text.contains(waits) || !text.contains(&format!("/work?page={}", number + 1)) {
            break text.contains(waits);
        }
        number += 1;
    };
    assert!(found && number > 1, "the pages lead there");
    enter(&site, Role::Curator, SCHOOL).await;
    let all = page(&site, &coordinator, "/work").await.text;
    assert!(!all.contains("kind=approval"), "now there is a curator whose move it is");
    for odd in ["/work?page=0", "/work?page=999999999", "/work?kind=%D1%8F"] {
        assert_eq!(page(&site, &coordinator, odd).await.status, StatusCode::OK, "{odd}");
    }
}

#[tokio::test]
async fn a_slip_of_the_pen_in_the_years_makes_no_roadmap() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let long = "К".repeat(301);
    let check = async |title: &str, from: &str, until: &str, words: &str| {
        let form = [("title", title), ("from", from), ("until", until), ("risk-low_equipment", "high")];
        let answer = send(&site, &head, "/schools/5/roadmap", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{from} – {until}");
        assert!(answer.text.contains(words) && answer.text.contains(title), "{}", answer.text);
    };
    check("Карта", "1926-11-23", "2027-08-31", "больше чем на пять лет").await;
    check("Карта", "2026-11-23", "2927-08-31", "больше чем на пять лет").await;
    check(&long, "2026-11-23", "2027-08-31", "длиннее 300 знаков").await;
}

#[tokio::test]
async fn what_was_refused_stands_in_the_form_again_and_no_file_is_lost() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let work = "/plans/3/work";
    let list = page(&site, &head, work).await.text;
    let key = list.split("name=\"occurrence\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let key = key.expect("a time").to_owned();
    let told = async |known: &str, deed: &str, more: &[(&str, &str)], file: Option<&[u8]>| {
        let mut fields = vec![("occurrence", key.as_str()), ("known", known), ("deed", deed)];
        fields.extend_from_slice(more);
        tell(&site, &head, work, &fields, file).await
    };
    let check = async |deed: &str, more: &[(&str, &str)], file: Option<&[u8]>, words: &str| {
        let answer = told("0", deed, more, file).await;
        assert!(answer.status.is_client_error(), "{deed}: {}", answer.text);
        assert!(
            answer.text.contains(words) && answer.text.contains("<details class=\"deeds\" open"),
            "{deed}: {}",
            answer.text
        );
        for (_, typed) in more {
            assert!(answer.text.contains(&format!("value=\"{typed}\"")), "{typed} stands there again");
        }
    };
    check("evidence/performer", &[], None, "Подтверждение не приложено").await;
    check("evidence/performer", &[("text", "Справка")], Some(b""), "Файл пуст").await;
    check("ask/performer", &[("text", "Нет учителя")], None, "Новый срок не указан").await;
    check("delegate/performer", &[("person", "Неизвестный")], None, "Такого человека в списке нет").await;
    check(
        "comment/performer",
        &[("text", "Вот справка")],
        Some(b"x"),
        "Файл к этому действию не прикладывают",
    )
    .await;
    assert_eq!(site.store.facts("work/3").await.expect("facts").len(), 0);

    // A number with its unit is a number whether or not there is a space between.
    assert_eq!(told("0", "evidence/performer", &[("text", "85%")], None).await.status, StatusCode::SEE_OTHER);
    // The file of somebody who says «done» is kept as a proof.
    let done = told("1", "done/performer", &[("text", "Провели")], Some(b"minutes")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let kinds: Vec<String> =
        site.store.facts("work/3").await.expect("facts").into_iter().map(|fact| fact.kind).collect();
    assert_eq!(kinds, ["evidence", "evidence", "done"]);
    let again = told("1", "done/performer", &[("text", "Провели")], Some(b"minutes")).await;
    assert!(again.status.is_success(), "a double click: {}", again.text);
    assert_eq!(site.store.facts("work/3").await.expect("facts").len(), 3);
    let list = page(&site, &head, work).await.text;
    assert!(list.contains("85 %") && list.contains("a.txt") && !list.contains("Протокол: 85"), "{list}");
}

#[tokio::test]
async fn an_error_leads_back_to_the_form_it_came_from() {
    let site = region().await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let work = page(&site, &enter(&site, Role::SchoolHead, SCHOOL).await, "/plans/3/work").await.text;
    let key = work.split("name=\"occurrence\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let key = key.expect("a time").replace('/', "%2F");
    let check = async |referer: &str, back: bool| {
        let request = Request::post("/plans/3/bulk")
            .header("cookie", &curator)
            .header("host", "opora.test")
            .header("referer", referer)
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = site
            .send(request.body(Body::from(format!("pick=0%7C{key}&deed=return"))).expect("a request"))
            .await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
        assert_eq!(
            answer.text.contains("href=\"/plans/3/work?state=done\""),
            back,
            "{referer}: {}",
            answer.text
        );
    };
    check("http://opora.test/plans/3/work?state=done", true).await;
    check("http://evil.test/plans/3/work?state=done", false).await;
}

#[tokio::test]
async fn the_journal_is_in_words_and_leaves_as_a_file() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let operator = enter(&site, Role::RegionalOperator, Place::Installation).await;
    assert_eq!(act(&site, &head, "submit", &[]).await.status, StatusCode::SEE_OTHER);
    let list = page(&site, &head, "/plans/3/work").await.text;
    let key = list.split("name=\"occurrence\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let fields = [
        ("occurrence", key.expect("a time")),
        ("known", "0"),
        ("deed", "evidence/performer"),
        ("text", "5 уроков"),
    ];
    tell(&site, &head, "/plans/3/work", &fields, None).await;
    for cookie in [&coordinator, &operator] {
        let journal = page(&site, cookie, "/journal").await.text;
        for words in ["отправлено на проверку", "приложено подтверждение", "заведена учётная запись"]
        {
            assert!(journal.contains(words), "{words}: {journal}");
        }
        assert!(!journal.contains("fact.") && !journal.contains("account/"), "{journal}");
        let csv = page(&site, cookie, "/journal/files/journal.csv").await;
        assert_eq!(csv.status, StatusCode::OK);
        assert!(csv.text.contains("fact.evidence") && csv.text.contains("приложено подтверждение"));
    }
    let lines =
        async |cookie: &str| page(&site, cookie, "/journal/files/journal.csv").await.text.lines().count();
    let (all, own) = (lines(&operator).await, lines(&coordinator).await);
    let events = site.store.audit(1, 1).await.expect("events").total;
    assert_eq!(u64::try_from(all - 1), Ok(events), "a line an event, and the heads");
    assert!(own < all, "the coordinator's is a part");
    assert_eq!(page(&site, &head, "/journal/files/journal.csv").await.status, StatusCode::FORBIDDEN);
    assert_eq!(page(&site, &operator, "/journal/files/other.csv").await.status, StatusCode::NOT_FOUND);
}
