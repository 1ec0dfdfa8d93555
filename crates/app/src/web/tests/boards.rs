//! Do the numbers of boards add up, lead to their rows, stand by the alphabet, and show only what one may see?

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::civil::date;
use opora_access::{Place, Role};
use opora_cells::OrganisationId;
use opora_registry::{Node, NodeId, NodeLevel, Organisation, Registry};
use opora_store::{Authorship, RegistryVersion};
use serde_json::Value;

use super::access::{enter, region};
use super::*;
use crate::clock;

const REGION: Place = Place::Node(NodeId(1));
const TOWN: Place = Place::Node(NodeId(11));
const SCHOOL: Place = Place::School(OrganisationId(5));

pub(super) async fn ask(site: &Site, cookie: &str, path: &str) -> Answer {
    site.send(Request::get(path).header("cookie", cookie).body(Body::empty()).expect("a request")).await
}

/// A file of a board as JSON: heads, and rows as maps.
pub(super) async fn rows(site: &Site, cookie: &str, path: &str) -> Vec<BTreeMap<String, String>> {
    let answer = ask(site, cookie, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    let value: Value = serde_json::from_str(&answer.text).expect("JSON");
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().expect("a list").iter().map(|cell| cell.as_str().expect("text").to_owned()).collect()
    };
    let heads = texts(&value["columns"]);
    let rows = value["rows"].as_array().expect("rows");
    rows.iter().map(|row| heads.iter().cloned().zip(texts(row)).collect()).collect()
}

pub(super) fn number(row: &BTreeMap<String, String>, head: &str) -> usize {
    row[head].parse().unwrap_or_else(|_| panic!("{head}: {row:?}"))
}

pub(super) async fn total(site: &Site, cookie: &str, place: &str) -> BTreeMap<String, String> {
    let board = rows(site, cookie, &format!("/boards/files/board.json?place={place}")).await;
    board.last().expect("a total").clone()
}

async fn deed(site: &Site, cookie: &str, plan: i64, deed: &str, known: &str, at: usize) -> Answer {
    let page = ask(site, cookie, &format!("/plans/{plan}/work")).await.text;
    let key = page.split("name=\"occurrence\" value=\"").nth(at).and_then(|rest| rest.split('"').next());
    let fields = [
        ("occurrence", key.expect("something to do")),
        ("known", known),
        ("deed", deed),
        ("text", "Сделано"),
    ];
    let request = Request::post(format!("/plans/{plan}/work")).header("cookie", cookie);
    site.send(Parts::of(&fields).on(request)).await
}

/// A region in which something is done, and a roadmap of a school waits for its curator.
async fn working() -> (Site, String) {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    assert_eq!(deed(&site, &head, 3, "done/performer", "0", 1).await.status, StatusCode::SEE_OTHER);
    assert_eq!(deed(&site, &head, 3, "done/performer", "0", 2).await.status, StatusCode::SEE_OTHER);
    let fields = [
        ("title", "Дорожная карта школы № 5"),
        ("from", "2026-12-01"),
        ("until", "2027-08-31"),
        ("municipal", "1"),
        ("risk-staff_shortage", "high"),
    ];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post("/schools/5/roadmap").header("cookie", &head);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let made = site.send(request.body(Body::from(body)).expect("a request")).await;
    assert_eq!(made.location, "/plans/4", "{}", made.text);
    let page = ask(&site, &head, "/plans/4/approval").await.text;
    let field = |name: &str| {
        let form = page.split("<form").find(|form| form.contains("value=\"submit\"")).unwrap_or_default();
        let rest = form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let kept = ["party", "content", "version", "known"].map(|name| (name, field(name)));
    let pairs = kept.iter().map(|(name, value)| (*name, value.as_str())).chain([("action", "submit")]);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let request = Request::post("/plans/4/approval").header("cookie", &head);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let sent = site.send(request.body(Body::from(body)).expect("a request")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let operator = enter(&site, Role::RegionalOperator, REGION).await;
    (site, operator)
}

#[tokio::test]
async fn the_numbers_of_a_region_are_the_sums_of_its_municipalities() {
    let (site, operator) = working().await;
    let whole = total(&site, &operator, "node/1").await;
    let towns = [total(&site, &operator, "node/11").await, total(&site, &operator, "node/12").await];
    for (head, value) in &whole {
        let parts = towns.iter().map(|town| number(town, head));
        match head.as_str() {
            "Чьи планы" => {}
            longest if longest.contains("Дольше всего") => {
                assert_eq!(Some(number(&whole, head)), parts.max(), "{head}");
            }
            _ => assert_eq!(number(&whole, head), parts.sum::<usize>(), "{head}: {value}"),
        }
    }
    assert_eq!(number(&whole, "Планов"), 4);
    assert_eq!(number(&whole, "Ждёт подтверждения"), 2);
    assert_eq!(number(&whole, "Ждёт решения куратора"), 1);
    assert_eq!(number(&whole, "Рисков высокой значимости"), 1);
    assert!(number(&whole, "Сроков всего") > 10);
    // The town's own plans and its school make up the town.
    let town = rows(&site, &operator, "/boards/files/board.json?place=node/11").await;
    let names: Vec<&str> = town.iter().map(|row| row["Чьи планы"].as_str()).collect();
    assert_eq!(names, ["Общие планы", "Школа № 5", "Всего"]);
    assert_eq!(
        number(&town[0], "Сроков всего") + number(&town[1], "Сроков всего"),
        number(&town[2], "Сроков всего")
    );
}

#[tokio::test]
async fn behind_each_number_there_are_as_many_rows() {
    let (site, operator) = working().await;
    for place in ["node/1", "node/11", "node/12", "school/5"] {
        let sum = total(&site, &operator, place).await;
        let numbers = [
            ("Сроков всего", "state=all"),
            ("Учитывается", "state=measured"),
            ("Выполнено", "state=carried-out"),
            ("Подтверждено", "state=confirmed"),
            ("Просрочено", "state=late"),
            ("Возвращено на доработку", "state=returned"),
            ("Скоро срок", "state=due"),
            ("Ждёт подтверждения", "state=done"),
            ("Рисков высокой значимости", "what=risks"),
        ];
        for (head, query) in numbers {
            let found =
                rows(&site, &operator, &format!("/boards/files/rows.json?place={place}&{query}")).await;
            assert_eq!(found.len(), number(&sum, head), "{place}: {head}");
        }
        let waiting: usize = ["школы", "куратора", "координатора"]
            .map(|who| number(&sum, &format!("Ждёт решения {who}")))
            .iter()
            .sum();
        let found =
            rows(&site, &operator, &format!("/boards/files/rows.json?place={place}&what=decisions")).await;
        assert_eq!(found.len(), waiting, "{place}");
        let year = crate::usecases::boards::school_year(clock::today());
        let months =
            rows(&site, &operator, &format!("/boards/files/trend.json?place={place}&year={year}")).await;
        assert_eq!(months.len(), 12);
        for (at, month) in months.iter().enumerate() {
            let (year, month_number) = if at < 4 { (year, at + 9) } else { (year + 1, at - 3) };
            for (head, name) in [("запланировано", "planned"), ("выполнено", "done")] {
                let query = format!("place={place}&{name}={year}-{month_number:02}");
                let found = rows(&site, &operator, &format!("/boards/files/rows.json?{query}")).await;
                assert_eq!(found.len(), number(month, head), "{query}");
            }
        }
    }
    // The page leads there, and a row leads to its line on the page of the work of its plan.
    let board = ask(&site, &operator, "/boards?place=school/5").await.text;
    assert!(board.contains("/boards/rows?place=school%2F5&amp;state=done\">2</a>"), "{board}");
    let list = ask(&site, &operator, "/boards/rows?place=school/5&state=done").await.text;
    let link = list.split("href=\"/plans/3/work?").nth(1).and_then(|rest| rest.split('"').next());
    let (query, anchor) = link.and_then(|link| link.split_once('#')).expect("a link with an anchor");
    let work = ask(&site, &operator, &format!("/plans/3/work?{}", query.replace("&amp;", "&"))).await.text;
    assert!(work.contains(&format!("id=\"{anchor}\"")), "{anchor}");
}

#[tokio::test]
async fn confirming_and_approving_show_at_once() {
    let (site, operator) = working().await;
    let before = total(&site, &operator, "node/1").await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    assert!(ask(&site, &operator, "/boards?place=school/5").await.text.contains("куратор (куратор)"));
    let waiting = ask(&site, &curator, "/plans/3/work?state=done").await.text;
    let key = waiting.split("name=\"occurrence\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let fields =
        [("occurrence", key.expect("a key")), ("known", "1"), ("deed", "confirm/curator"), ("text", "")];
    let request = Request::post("/plans/3/work").header("cookie", &curator);
    let answer = site.send(Parts::of(&fields).on(request)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let after = total(&site, &operator, "node/1").await;
    assert_eq!(number(&after, "Подтверждено"), number(&before, "Подтверждено") + 1);
    assert_eq!(number(&after, "Выполнено"), number(&before, "Выполнено"));
    assert_eq!(number(&after, "Ждёт подтверждения"), 1);
}

/// A town whose schools have numbers and plans in another order than their names, some late and some not.
async fn town_of_many() -> Site {
    let site = Site::new().await;
    let node = |id, level, parent: Option<u32>, name: &str| Node {
        id: NodeId(id),
        level,
        parent: parent.map(NodeId),
        name: name.to_owned(),
        code: None,
    };
    let names = ["Школа № 10", "Ясная школа", "школа № 2", "Ёлкинская школа", "Лицей «Альфа»"];
    let schools = names.iter().zip(1..).map(|(name, id)| Organisation {
        id: OrganisationId(id),
        name: (*name).to_owned(),
        kind: "СОШ".to_owned(),
        municipality: NodeId(11),
        rural: None,
        identifiers: vec![],
    });
    let nodes = vec![
        node(1, NodeLevel::Region, None, "Озёрный край"),
        node(11, NodeLevel::Municipality, Some(1), "Верхнеозёрск"),
    ];
    let (registry, _) = Registry::new(nodes, schools.collect(), vec![]);
    let by = Authorship { who: "Оператор", reason: "", at: clock::now() };
    site.store.save_registry(&registry, RegistryVersion::default(), &by).await.expect("a registry");
    for (id, year) in [(4, 2025), (1, 2030), (3, 2024), (5, 2030), (2, 2023)] {
        let text = format!("{}\n{id}", ORDER.replace("2026", &year.to_string()));
        let name = format!("{id}.txt");
        let order = crate::usecases::import::read_order(&name, text.as_bytes());
        let place = Place::School(OrganisationId(id));
        crate::usecases::import::save(&site.store, &order, text.as_bytes(), place, "Оператор", clock::now())
            .await
            .expect("a plan");
    }
    site
}

const ALPHABET: [&str; 5] = ["Ёлкинская школа", "Лицей «Альфа»", "школа № 2", "Школа № 10", "Ясная школа"];

/// The order in which names come first in a text.
fn order_in(text: &str) -> Vec<&'static str> {
    let plain = text.replace("&quot;", "\"");
    let mut found: Vec<(usize, &str)> = ALPHABET
        .iter()
        .filter_map(|name| Some((plain.find(&format!(">{name}<")).or_else(|| plain.find(name))?, *name)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

#[tokio::test]
async fn schools_stand_by_the_alphabet_whatever_their_numbers_are() {
    let site = town_of_many().await;
    let board = rows(&site, "", "/boards/files/board.json?place=node/11").await;
    let late: Vec<usize> = board[..5].iter().map(|row| number(row, "Просрочено")).collect();
    assert!(!late.is_sorted() && !late.iter().rev().is_sorted(), "the numbers are in no order: {late:?}");
    for path in [
        "/boards?place=node/11",
        "/boards?place=node/11&sort=late&order=desc",
        "/boards/files/board.csv?place=node/11",
        "/boards/files/board.json?place=node/11&sort=late",
        "/boards/rows?place=node/11&state=late&sort=days",
        "/boards/files/rows.csv?place=node/11",
        "/boards/files/rows.json?place=node/11",
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let shown = order_in(&answer.text);
        // A list of what is late holds only the schools where something is.
        let expected: Vec<&str> = ALPHABET.into_iter().filter(|name| shown.contains(name)).collect();
        assert_eq!(shown, expected, "{path}");
        assert!(path.contains("state=late") || shown.len() == ALPHABET.len(), "{path}: {shown:?}");
    }
    let heads = site.get("/boards?place=node/11").await.text;
    assert!(!heads.contains("aria-sort") && !heads.contains("sort="), "nothing to sort by");
}

#[tokio::test]
async fn everybody_sees_the_own_places_only() {
    let (site, _) = working().await;
    let status = async |cookie: &str, path: &str| ask(&site, cookie, path).await.status;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let own = ask(&site, &curator, "/boards").await.text;
    assert!(own.contains("Школа № 5") && own.contains("Планы школы") && !own.contains("Школа № 7"));
    for foreign in ["node/1", "node/11", "all", "school/7"] {
        for path in
            ["/boards", "/boards/rows", "/boards/week", "/boards/week.docx", "/boards/files/board.csv"]
        {
            assert_eq!(
                status(&curator, &format!("{path}?place={foreign}")).await,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    }
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let board = ask(&site, &coordinator, "/boards").await.text;
    assert!(board.contains("Школа № 5") && board.contains("Общие планы") && !board.contains("Нижнеозёрск"));
    assert!(board.contains("Высокие риски с мерами"), "{board}");
    let observer = enter(&site, Role::Observer, TOWN).await;
    let board = ask(&site, &observer, "/boards").await.text;
    assert!(!board.contains("Высокие риски"), "risks are not for observers");
    assert_eq!(rows(&site, &observer, "/boards/files/rows.json?what=risks").await.len(), 0);
    let home = ask(&site, &coordinator, "/").await.text;
    assert!(home.contains("Как идёт работа") && home.contains("href=\"/boards\""));
}

#[tokio::test]
async fn a_person_alone_has_a_board_and_so_has_nobodys_plan() {
    let site = Site::with_sample().await;
    let board = site.get("/boards").await;
    assert_eq!(board.status, StatusCode::OK);
    assert!(board.text.contains("Все планы") && board.text.contains("Общие планы"), "{}", board.text);
    assert_eq!(Site::new().await.get("/boards").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_told_kindly() {
    let site = town_of_many().await;
    let check = async |path: &str, expected: StatusCode| {
        let answer = site.get(path).await;
        assert_eq!(answer.status, expected, "{path}: {}", answer.text);
    };
    check("/boards?place=town/1", StatusCode::NOT_FOUND).await;
    check("/boards?place=node/99", StatusCode::NOT_FOUND).await;
    check("/boards?place=school/99", StatusCode::NOT_FOUND).await;
    check("/boards?year=30000", StatusCode::OK).await;
    check("/boards?year=x", StatusCode::BAD_REQUEST).await;
    check("/boards?page=99", StatusCode::OK).await;
    check("/boards/rows?state=soon", StatusCode::BAD_REQUEST).await;
    check("/boards/rows?planned=2026-13", StatusCode::BAD_REQUEST).await;
    check("/boards/rows?what=teachers", StatusCode::NOT_FOUND).await;
    check("/boards/rows?section=999999&page=18446744073709551615", StatusCode::OK).await;
    check("/boards/week?from=33.12.2026", StatusCode::BAD_REQUEST).await;
    check("/boards/week?from=9999-12-31", StatusCode::BAD_REQUEST).await;
    check("/boards/files/board.exe", StatusCode::NOT_FOUND).await;
    check("/boards/files/ranking.csv", StatusCode::NOT_FOUND).await;
    check("/boards/files/board.svg", StatusCode::NOT_FOUND).await;
}

#[tokio::test]
async fn a_week_is_a_sheet_and_a_word_file() {
    let (site, operator) = working().await;
    let sheet = ask(&site, &operator, "/boards/week?place=node/11&from=2026-11-26").await;
    assert_eq!(sheet.status, StatusCode::OK);
    for words in [
        "Лист недели: 23–29 ноября 2026",
        "Выполнено за неделю",
        "Ждёт решения: 1",
        "Дорожная карта школы № 5",
    ] {
        assert!(sheet.text.contains(words), "{words}: {}", sheet.text);
    }
    let today = clock::today();
    let this = ask(&site, &operator, &format!("/boards/week?place=node/11&from={today}")).await.text;
    assert!(this.contains("Выполнено за неделю: 2"), "{this}");
    let request = Request::get("/boards/week.docx?place=node/11").header("cookie", &operator);
    let response =
        site.app.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let read = opora_documents::read("лист.docx", &bytes, &opora_documents::Options::default());
    let told = format!("{:?}", read.blocks);
    for words in
        ["Лист недели: ", "Ждёт решения: 1", "Дорожная карта школы № 5", "Общие планы", "Составил(а):"]
    {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert_eq!(date(2026, 11, 23), crate::usecases::boards::monday(date(2026, 11, 29)));
}
