//! Does an uploaded questionnaire come into force where and when it should, and do answers go over?

use opora_documents::writers::list_xlsx;

use super::access::{enter, region};
use super::*;
use opora_cells::OrganisationId;
use opora_registry::NodeId;

const TOWN: Place = Place::Node(NodeId(11));

/// An XLSForm as text tables: one sheet a block, told apart by `[name]`.
pub(super) fn xlsform(survey: &[[&str; 6]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let mut sheet = |name: &str, rows: &[Vec<&str>]| {
        let sheet = book.add_worksheet();
        sheet.set_name(name).expect("a name");
        for (row, cells) in (0_u32..).zip(rows) {
            for (column, text) in (0_u16..).zip(cells) {
                sheet.write_string(row, column, *text).expect("a cell");
            }
        }
    };
    let mut rows = vec![vec!["type", "name", "label::Russian (ru)", "required", "relevant", "hint"]];
    rows.extend(survey.iter().map(|row| row.to_vec()));
    sheet("survey", &rows);
    sheet("choices", &[vec!["list_name", "name", "label"], vec!["yn", "yes", "Да"], vec!["yn", "no", "Нет"]]);
    sheet("settings", &[vec!["form_title", "form_id"], vec!["Анкета Верхнеозёрска", "town"]]);
    book.save_to_buffer().expect("a workbook")
}

pub(super) const GOOD: [[&str; 6]; 3] = [
    ["integer", "pupils_total", "Сколько учеников в школе сегодня?", "yes", "", ""],
    ["select_one yn", "club", "Есть ли кружки?", "yes", "", ""],
    ["text", "club_why", "Какие?", "", "${club} = 'yes'", ""],
];

async fn upload(site: &Site, cookie: &str, audience: &str, file: &[u8]) -> Answer {
    let parts = Parts::default().field("audience", audience).file("file", "анкета.xlsx", file);
    site.send(parts.on(Request::post("/questionnaires").header("cookie", cookie))).await
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

#[tokio::test]
async fn a_questionnaire_comes_into_force_in_its_town() {
    let site = region().await;
    let methodologist = enter(&site, Role::Methodologist, TOWN).await;
    let head = enter(&site, Role::SchoolHead, Place::School(OrganisationId(5))).await;
    let abroad = enter(&site, Role::SchoolHead, Place::School(OrganisationId(7))).await;
    // School 5 has begun to answer by the old one.
    let started =
        post(&site, "/schools/5/diagnosis", &head, &[("asked", "pupils_total"), ("q:pupils_total", "240")])
            .await;
    assert!(started.status.is_success() || started.status.is_redirection(), "{}", started.text);
    let added = upload(&site, &methodologist, "head", &xlsform(&GOOD)).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let path = added.location.clone();
    let preview = get(&site, &path, &methodologist).await.text;
    for words in
        ["Анкета Верхнеозёрска", "версия 3", "Есть ли кружки?", "Да; Нет", "Каких вопросов не хватает"]
    {
        assert!(preview.contains(words), "{words}: {preview}");
    }
    assert!(!get(&site, "/schools/7/diagnosis", &abroad).await.text.contains("Верхнеозёрска"));

    let foreign = post(&site, &path, &methodologist, &[("place", "node/12"), ("from", "2026-01-01")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let wrong = post(&site, &path, &methodologist, &[("place", "node/11"), ("from", "завтра")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let later = post(&site, &path, &methodologist, &[("place", "node/11"), ("from", "2999-01-01")]).await;
    assert_eq!(later.location, path);
    assert!(!get(&site, "/schools/5/diagnosis", &head).await.text.contains("carry-over"), "not yet");
    for _ in 0..2 {
        let form = [("place", "node/11"), ("from", "2026-01-01"), ("reason", "приказ № 8")];
        assert_eq!(post(&site, &path, &methodologist, &form).await.location, path, "twice is once");
    }
    let facts = site.store.facts("questionnaires").await.expect("facts");
    assert_eq!(facts.iter().filter(|fact| fact.kind == "questionnaire.adopt").count(), 2);

    // Who has begun is asked to carry the answers over; who has not is asked by the new one at once.
    let begun = get(&site, "/schools/5/diagnosis", &head).await.text;
    assert!(begun.contains("carry-over"), "{begun}");
    let carried = post(&site, "/schools/5/diagnosis/carry-over", &head, &[]).await;
    assert!(carried.location.contains("done=carried"), "{}", carried.text);
    let new = get(&site, "/schools/5/diagnosis", &head).await.text;
    assert!(new.contains("Сколько учеников в школе сегодня?") && new.contains("240"), "{new}");
    let neighbour = enter(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    assert!(get(&site, "/schools/6/diagnosis", &neighbour).await.text.contains("Есть ли кружки?"));
    assert!(!get(&site, "/schools/7/diagnosis", &abroad).await.text.contains("Есть ли кружки?"));

    let adoption =
        facts.iter().rfind(|fact| fact.kind == "questionnaire.adopt").expect("an adoption").id.0.to_string();
    let end = [("adoption", adoption.as_str()), ("last_day", "2026-01-02"), ("reason", "ошибка")];
    assert_eq!(post(&site, &format!("{path}/end"), &methodologist, &end).await.location, path);
    assert!(!get(&site, "/schools/6/diagnosis", &neighbour).await.text.contains("Есть ли кружки?"));
    let kept = get(&site, "/schools/5/diagnosis", &head).await.text;
    assert!(kept.contains("240") && kept.contains("Есть ли кружки?"), "what was answered stays: {kept}");
}

#[tokio::test]
async fn a_bad_file_is_told_with_places_and_changes_nothing() {
    let site = region().await;
    let methodologist = enter(&site, Role::Methodologist, TOWN).await;
    let bad = [["select_one nothing", "a", "Вопрос", "", "", ""], ["integer", "a", "Ещё раз", "", "", ""]];
    let check = async |audience: &str, file: &[u8], status: StatusCode, words: &str| {
        let answer = upload(&site, &methodologist, audience, file).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    };
    check("head", &xlsform(&bad), StatusCode::UNPROCESSABLE_ENTITY, "лист «survey»").await;
    check("head", b"PK\x03\x04 nothing", StatusCode::UNPROCESSABLE_ENTITY, "не получилась").await;
    check("head", "просто текст".as_bytes(), StatusCode::UNPROCESSABLE_ENTITY, "не получилась").await;
    check("head", b"", StatusCode::BAD_REQUEST, "пуст").await;
    check("everybody", &xlsform(&GOOD), StatusCode::BAD_REQUEST, "для кого").await;
    let other = list_xlsx("Список", &["Школа".to_owned()], &[vec!["№ 5".to_owned()]]).expect("a workbook");
    check("head", &other, StatusCode::UNPROCESSABLE_ENTITY, "не получилась").await;
    assert!(site.store.facts("questionnaires").await.expect("facts").is_empty());
    let observer = enter(&site, Role::Observer, TOWN).await;
    assert_eq!(upload(&site, &observer, "head", &xlsform(&GOOD)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&site, "/questionnaires/99", &methodologist).await.status, StatusCode::NOT_FOUND);
}
