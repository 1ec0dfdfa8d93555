//! Do boards tell of visits and obligations in numbers that lead to their rows, at once, and to who may see them?

use axum::http::StatusCode;
use opora_access::{Place, Role};
use opora_cells::OrganisationId;

use super::access::{enter, region};
use super::boards::{ask, number, rows, total};
use super::visits::{days, held, send};

const SCHOOL: Place = Place::School(OrganisationId(5));
const TOWN: Place = Place::Node(opora_registry::NodeId(11));

const HEADS: [(&str, &str, &str); 7] = [
    ("Окон обязательств соблюдено", "duties", "kept"),
    ("Окон обязательств пропущено", "duties", "missed"),
    ("Окон обязательств освобождено", "duties", "excused"),
    ("Окон обязательств идёт", "duties", "open"),
    ("Посещений состоялось", "visits", "held"),
    ("Посещений запланировано", "visits", "planned"),
    ("Посещений без отметки", "visits", "unmarked"),
];

#[tokio::test]
async fn behind_each_number_of_support_there_are_as_many_rows() {
    let site = region().await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let operator = enter(&site, Role::RegionalOperator, Place::Installation).await;
    let before = total(&site, &operator, "school/5").await;
    assert_eq!(number(&before, "Посещений состоялось"), 0);
    held(&site, &curator).await;
    let on = days(9);
    let planned = [("on", on.as_str()), ("aim", "Посмотреть занятия")];
    assert_eq!(send(&site, &curator, "/schools/5/visits", &planned).await.status, StatusCode::SEE_OTHER);
    // A board follows an event at once.
    let after = total(&site, &operator, "school/5").await;
    assert_eq!(number(&after, "Посещений состоялось"), 1);
    assert_eq!(number(&after, "Посещений запланировано"), 1);
    let kept = "Окон обязательств соблюдено";
    assert!(number(&after, kept) > number(&before, kept), "the visit keeps a window: {before:?} {after:?}");
    for place in ["school/5", "node/11", "node/1"] {
        let sum = total(&site, &operator, place).await;
        for (head, what, state) in HEADS {
            let query = format!("place={place}&what={what}&state={state}");
            let found = rows(&site, &operator, &format!("/boards/files/rows.json?{query}")).await;
            assert_eq!(found.len(), number(&sum, head), "{place} {head}: {found:?}");
            let page = ask(&site, &operator, &format!("/boards/rows?{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        }
    }
    // Parts and what is of none of them add up to the whole.
    let town = rows(&site, &operator, "/boards/files/board.json?place=node/11").await;
    for (head, ..) in HEADS {
        let (last, parts) = town.split_last().expect("a total");
        assert_eq!(parts.iter().map(|part| number(part, head)).sum::<usize>(), number(last, head), "{head}");
    }
    let names: Vec<&String> = town[..town.len() - 1].iter().map(|row| &row["Чьи планы"]).collect();
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| (**name != "Общие планы", crate::usecases::results::alphabet::key(name)));
    assert_eq!(names, sorted, "by the alphabet");
    let shown = ask(&site, &operator, "/boards?place=node/11").await.text;
    assert!(shown.contains("Обязательства соблюдены") && shown.contains("Посещений состоялось"), "{shown}");
    let list = ask(&site, &operator, "/boards/rows?place=node/11&what=visits&state=held").await.text;
    assert!(list.contains("Поговорить о плане") && list.contains("/schools/5/visits/"), "{list}");
    let list = ask(&site, &operator, "/boards/rows?place=school/5&what=duties&state=kept").await.text;
    assert!(list.contains("/obligations?school=5#w-") && list.contains("соблюдены"), "{list}");
}

#[tokio::test]
async fn a_week_tells_of_visits_and_of_windows_that_end() {
    let site = region().await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    held(&site, &curator).await;
    let sheet = ask(&site, &coordinator, "/boards/week").await.text;
    assert!(sheet.contains("Посещения на этой неделе: 1") && sheet.contains("Поговорить о плане"), "{sheet}");
    assert!(sheet.contains("Окна обязательств, последний день на этой неделе"), "{sheet}");
    assert!(sheet.contains("С начала учебного года: посещений состоялось 1"), "{sheet}");
    let word = ask(&site, &coordinator, "/boards/week.docx").await;
    assert_eq!((word.status, word.text.starts_with("PK")), (StatusCode::OK, true));
}

#[tokio::test]
async fn who_may_not_read_about_a_school_sees_no_visits_of_it() {
    let site = region().await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    held(&site, &curator).await;
    let other = enter(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    for what in ["visits", "duties"] {
        let foreign = ask(&site, &other, &format!("/boards/rows?place=school/5&what={what}")).await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN);
        let own = rows(&site, &other, &format!("/boards/files/rows.json?what={what}")).await;
        assert!(own.iter().all(|row| !row.values().any(|cell| cell.contains("Поговорить о плане"))));
    }
    let observer = enter(&site, Role::Observer, TOWN).await;
    let seen = rows(&site, &observer, "/boards/files/rows.json?what=visits").await;
    assert!(seen.is_empty(), "an observer reads plans, not what is written about schools: {seen:?}");
    let operator = enter(&site, Role::RegionalOperator, Place::Installation).await;
    for (query, status) in [
        ("what=visits&state=late", StatusCode::BAD_REQUEST),
        ("what=duties&state=held", StatusCode::BAD_REQUEST),
        ("what=duties&page=99999", StatusCode::OK),
    ] {
        assert_eq!(ask(&site, &operator, &format!("/boards/rows?{query}")).await.status, status, "{query}");
    }
}
