//! Do the pages of a plan answer as they should, from a store to the markup?

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use opora_cycle::vocabulary::Order;
use opora_neutral::Format;
use opora_store::{Authorship, DatabaseUrl, NewSource, PlanId, Store};
use tower::ServiceExt;

use crate::usecases::results::dataset::Workbench;
use crate::web::views::sample::{large, small};
use crate::web::{AppState, router};

struct Site {
    router: Router,
    plan: PlanId,
    store: Store,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("UTF-8")
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Site {
    async fn with(order: &Order) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&DatabaseUrl::Sqlite(folder.path().join("opora.db"))).await.expect("a store");
        let source = NewSource { name: "приказ.txt", format: Format::Text, bytes: b"order" };
        let by = Authorship {
            who: "тест", reason: "прочитан из файла", at: Timestamp::UNIX_EPOCH
        };
        let imported = store
            .record_import(&source, order, opora_access::Place::Installation, &by)
            .await
            .expect("an import");
        let bench = Workbench::in_folder(store.clone(), folder.path()).expect("a workbench");
        Self { router: router(AppState::new(bench)), plan: imported.plans[0], store, _folder: folder }
    }

    async fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let path = path.replace("{plan}", &self.plan.0.to_string());
        let request =
            headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        let request = request.body(Body::empty()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec();
        Answer { status, headers, bytes }
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.ask(path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.text()
    }
}

#[tokio::test]
async fn every_page_of_a_plan_opens() {
    let site = Site::with(&small()).await;
    for path in [
        "/plans/{plan}",
        "/plans/{plan}/timeline",
        "/plans/{plan}/timeline?zoom=months",
        "/plans/{plan}/calendar",
        "/plans/{plan}/calendar?month=2021-04",
        "/plans/{plan}/print",
        "/calendar",
        "/search",
    ] {
        let page = site.page(path).await;
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("</html>"), "{path}");
        assert!(!page.contains("style="), "{path}: the content policy allows no inline style");
        assert!(!page.contains("не выполнено"), "{path}: what was done is not known");
    }
}

#[tokio::test]
async fn a_filter_narrows_the_page_and_counts_stay() {
    let site = Site::with(&small()).await;
    let page = site.page("/plans/{plan}?school=14").await;
    assert!(page.contains("Обучение школьных команд") && !page.contains("Итоговое совещание"));
    assert!(page.contains("2 из 6 мероприятий"));
    assert!(page.contains("Школа: № 14"));
    let nothing = site.page("/plans/{plan}?q=%D0%BD%D0%B5%D1%82%D1%83").await;
    assert!(nothing.contains("Ничего не найдено"));
    let hostile =
        site.page("/plans/{plan}?q=%3Cscript%3Ealert(1)%3C/script%3E&state=done&month=x&page=-5").await;
    assert!(!hostile.contains("<script>alert"));
}

#[tokio::test]
async fn htmx_gets_only_what_it_replaces() {
    let site = Site::with(&large(400)).await;
    let path = "/plans/{plan}?page=2";
    let view = site.ask(path, &[("hx-request", "true"), ("hx-target", "div#view")]).await.text();
    assert!(view.starts_with("<div id=\"view\">"), "{}", &view[..80]);
    let rows = site.ask(path, &[("hx-request", "true"), ("hx-target", "tbody#more")]).await.text();
    assert!(rows.starts_with("<tbody>") && rows.contains("Показано 300 из 400"), "{}", &rows[..80]);
    assert!(
        !site.page("/plans/{plan}?page=3").await.contains("id=\"more\""),
        "the last page has no next one"
    );
    assert_eq!(
        site.page("/plans/{plan}/print").await.matches("<tr>").count(),
        401,
        "the head and every activity"
    );
}

#[tokio::test]
async fn an_activity_says_all_that_is_known_of_it() {
    let site = Site::with(&small()).await;
    let page = site.page("/plans/{plan}/activities/3").await;
    assert!(page.contains("Обучение школьных команд") && page.contains("Ёжикова М.Д."));
    assert!(page.contains("/activities/2") && page.contains("/activities/4"));
    assert!(page.contains("№ 14"));
    for missing in
        ["/plans/{plan}/activities/99", "/plans/999", "/plans/999/timeline", "/plans/999/export.docx"]
    {
        assert_eq!(site.ask(missing, &[]).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
    for wrong in ["/plans/x", "/plans/{plan}/activities/-1"] {
        assert_eq!(site.ask(wrong, &[]).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn a_calendar_has_deadlines_on_their_days_and_hides_nothing() {
    let site = Site::with(&small()).await;
    let page = site.page("/plans/{plan}/calendar?month=2021-04").await;
    assert!(page.contains("апрель 2021") && page.contains("id=\"day-2021-04-20\""));
    assert!(page.contains("Утверждение планов школ"));
    assert!(page.contains("Консультации"), "an activity without a date stands under the grid");
    assert!(page.contains("month=2021-03") && page.contains("month=2021-05"));
    assert!(site.page("/calendar?month=2021-04").await.contains("Дорожная карта на 2021 год"));
}

#[tokio::test]
async fn a_feed_is_a_calendar_with_lasting_identities() {
    let site = Site::with(&small()).await;
    let answer = site.ask("/plans/{plan}/calendar.ics", &[("host", "localhost:8080")]).await;
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    let uids = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("UID")).map(str::to_owned).collect()
    };
    let first = answer.text();
    assert_eq!(uids(&first).len(), 4, "days, deadlines and intervals: {first}");
    assert!(first.contains("http://localhost:8080/plans/"));
    assert_eq!(uids(&first), uids(&site.ask("/plans/{plan}/calendar.ics", &[]).await.text()));
    let all = site.ask("/plans/{plan}/calendar.ics?all=1", &[]).await.text();
    assert_eq!(uids(&all).len(), 4 + 12, "and twelve months of «ежемесячно»");
    assert_eq!(uids(&site.ask("/calendar.ics", &[]).await.text()), uids(&first));
}

#[tokio::test]
async fn exports_are_files_with_russian_names_that_read_back() {
    let site = Site::with(&small()).await;
    for (extension, format) in [("docx", Format::Docx), ("xlsx", Format::Spreadsheet)] {
        let answer = site.ask(&format!("/plans/{{plan}}/export.{extension}"), &[]).await;
        let name = answer.header("content-disposition");
        assert!(name.contains("filename*=UTF-8''%D0%94%D0%BE%D1%80%D0%BE%D0%B6"), "{name}");
        let read = opora_documents::read("файл", &answer.bytes, &opora_documents::Options::default());
        assert_eq!(read.source.format, format);
        let texts: Vec<String> =
            read.tables().flat_map(|t| &t.rows).flat_map(|r| &r.cells).map(|c| c.text.clone()).collect();
        assert!(texts.iter().any(|text| text == "Утверждение планов школ"), "{texts:?}");
    }
    let answer = site.ask("/plans/{plan}/export.json", &[]).await;
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
    let order = opora_exchange::read_order(&answer.text()).expect("an order");
    assert_eq!(order, site.store.plan(site.plan).await.expect("the plan").order);
}

#[tokio::test]
async fn a_search_finds_words_in_any_form_and_marks_them() {
    let site = Site::with(&small()).await;
    let page =
        site.page("/search?q=%D1%80%D0%B5%D0%B7%D1%83%D0%BB%D1%8C%D1%82%D0%B0%D1%82%D0%B0%D0%BC%D0%B8").await;
    assert!(page.contains("<mark>результатов</mark>"), "{page}");
    assert!(page.contains("/activities/1") && page.contains("/activities/5"));
    assert!(site.page("/search?q=zzz").await.contains("Ничего не найдено"));
    assert!(site.page("/search?q=").await.contains("Что искать?"));
}

#[tokio::test]
async fn a_big_plan_is_light_on_the_wire() {
    let site = Site::with(&large(1_000)).await;
    for path in ["/plans/{plan}", "/plans/{plan}/timeline", "/plans/{plan}/calendar?month=2021-09"] {
        let answer = site.ask(path, &[("accept-encoding", "br")]).await;
        assert_eq!(answer.header("content-encoding"), "br", "{path}");
        assert!(answer.bytes.len() <= 200_000, "{path}: {} bytes", answer.bytes.len());
    }
}
