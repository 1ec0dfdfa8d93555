//! Cases of the pages over a real store in a temporary folder.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use opora_access::{Place, Role};
use opora_store::{DatabaseUrl, Store};
use tempfile::TempDir;
use tower::ServiceExt;

use self::parts::Parts;
use super::{AppState, router};
use crate::usecases::results::dataset::Workbench;

mod access;
mod api;
mod api_boards;
mod api_plans;
mod api_programme;
mod api_route;
mod api_support;
mod assignments;
mod boards;
mod boards_of_support;
mod diagnosis;
mod edits;
mod first_days;
mod nodes;
mod notices;
mod notices_of_support;
mod outside;
pub mod parts;
mod programme;
mod questionnaires;
mod restored;
mod surveys;
mod tiers;
mod versions;
mod visits;
mod wholes;
mod whose_move;
mod work;

const ORDER: &str = include_str!("pages/upload/sample.txt");

/// The application over an empty store; the folder lives as long as the value.
struct Site {
    app: Router,
    store: Store,
    _folder: Arc<TempDir>,
}

/// An answer, read to its end.
struct Answer {
    status: StatusCode,
    location: String,
    headers: axum::http::HeaderMap,
    text: String,
}

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
        Self::on(&url, folder).await
    }

    /// The application over a database and a folder for results.
    async fn on(url: &DatabaseUrl, folder: impl Into<Arc<TempDir>>) -> Self {
        let folder = folder.into();
        let store = Store::open(url).await.expect("a store");
        let bench = Workbench::in_folder(store.clone(), folder.path()).expect("a workbench");
        Self { app: router(AppState::new(bench)), store, _folder: folder }
    }

    fn papers(&self) -> crate::usecases::diagnosis::Papers {
        Workbench::in_folder(self.store.clone(), self._folder.path())
            .expect("a workbench")
            .catalog
            .papers
            .clone()
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let location =
            parts.headers.get("location").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, location, headers: parts.headers, text }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    async fn upload(&self, files: &[(&str, &[u8])]) -> Answer {
        let file = |parts: Parts, (name, bytes): &(&str, &[u8])| parts.file("files", name, bytes);
        self.send(files.iter().fold(Parts::default(), file).on(Request::post("/upload"))).await
    }

    /// The sample order taken in; its plan is number 1.
    async fn with_sample() -> Self {
        let site = Self::new().await;
        let answer = site.upload(&[("приказ.txt", ORDER.as_bytes())]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.text.contains("Прочитан"), "{}", answer.text);
        site
    }

    async fn key_of(&self, number: &str) -> u32 {
        let plan = self.store.plan(opora_store::PlanId(1)).await.expect("plan 1");
        let found = plan
            .order
            .plans
            .iter()
            .flat_map(|plan| plan.activities())
            .find(|a| a.number.as_deref() == Some(number));
        found.expect("an activity with this number").key.0
    }
}

#[tokio::test]
async fn the_start_page_invites_to_upload() {
    let answer = Site::new().await.get("/").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("Попробовать на примере"));
    assert!(answer.text.contains(r#"<html lang="ru""#));
    let policy = answer.headers.get("content-security-policy").and_then(|v| v.to_str().ok());
    assert!(policy.is_some_and(|policy| policy.contains("default-src 'self'") && !policy.contains("unsafe")));
}

#[tokio::test]
async fn no_page_has_inline_style_or_script() {
    let site = Site::with_sample().await;
    for path in PAGES {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.text.contains(" style="), "{path}");
        assert!(!answer.text.contains("<script>"), "{path}");
        assert!(!answer.text.contains("onclick="), "{path}");
    }
}

/// Every page of the shell for a plan.
const PAGES: [&str; 21] = [
    "/",
    "/upload",
    "/plans",
    "/plans?archive=1",
    "/plans/1/review",
    "/plans/1/review?edit=act",
    "/plans/1/review?edit=plan",
    "/plans/1/review?edit=programme",
    "/plans/1/review?edit=indicators",
    "/plans/1/review?edit=criteria",
    "/plans/1/review?edit=participants",
    "/plans/1/review?edit=section-0",
    "/plans/1/review?edit=addsection-1",
    "/plans/1/review?edit=deletesection-0",
    "/plans/1/review?only=doubtful",
    "/plans/1/findings",
    "/plans/1/findings?by=place",
    "/plans/1/history",
    "/plans/1/archive",
    "/rules",
    "/journal",
];

#[tokio::test]
async fn the_same_file_is_known_and_a_bad_one_spoils_nothing() {
    let site = Site::with_sample().await;
    let answer = site
        .upload(&[
            ("ещё раз.txt", ORDER.as_bytes()),
            ("пусто.docx", b""),
            ("шум.pdf", b"%PDF-1.4 \x00\x01 nothing"),
        ])
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.text.matches("Уже загружен раньше").count(), 1, "{}", answer.text);
    assert_eq!(answer.text.matches("Не принят").count(), 2, "{}", answer.text);
    assert_eq!(site.store.plans().await.expect("plans").len(), 1);
}

#[tokio::test]
async fn an_upload_without_a_file_is_told_kindly() {
    let answer = Site::new().await.upload(&[("", b"")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Файл не выбран"));
}

#[tokio::test]
async fn an_edit_makes_a_new_version_and_is_told_in_the_history() {
    let site = Site::with_sample().await;
    let key = site.key_of("1.2").await;
    let target = format!("activity-{key}");
    let answer = site
        .post(
            "/plans/1/review",
            &[
                ("version", "1"),
                ("target", &target),
                ("number", "1.2"),
                ("title", "Подписание договоров"),
                ("schedule", "до 15.09.2026"),
                ("responsible", "Руководители МОУ №№ 3, 8, 11"),
                ("outcome", "Три договора"),
                ("target_group", ""),
            ],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.location, format!("/plans/1/review?saved=2&at={key}#activity-{key}"));
    let review = site.get(&format!("/plans/1/review?saved=2&at={key}")).await.text;
    assert!(review.contains("Подписание договоров") && review.contains("до 15 сентября 2026"), "{review}");
    let history = site.get("/plans/1/history").await.text;
    assert!(
        history.contains("Версия 2") && history.contains("Мероприятие 1.2 «Подписание договоров», срок"),
        "{history}"
    );
}

#[tokio::test]
async fn a_typed_form_survives_a_refusal() {
    let site = Site::with_sample().await;
    let target = format!("activity-{}", site.key_of("1.1").await);
    let form =
        [("version", "1"), ("target", target.as_str()), ("title", "  "), ("outcome", "Мой набранный текст")];
    let answer = site.post("/plans/1/review", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Мой набранный текст"));
    assert!(answer.text.contains("мероприятие без названия"));
    assert_eq!(site.store.history(opora_store::PlanId(1)).await.expect("history").len(), 1);
}

#[tokio::test]
async fn two_edits_of_one_activity_conflict_and_lose_nothing() {
    let site = Site::with_sample().await;
    let target = format!("activity-{}", site.key_of("1.1").await);
    let edit = |title: &'static str| {
        let target = target.clone();
        let site = &site;
        async move {
            site.post("/plans/1/review", &[("version", "1"), ("target", &target), ("title", title)]).await
        }
    };
    assert_eq!(edit("Текст первого").await.status, StatusCode::SEE_OTHER);
    let answer = edit("Текст второго").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("Текст первого") && answer.text.contains("Текст второго"));
    assert!(answer.text.contains(r#"name="version" value="2""#));
}

#[tokio::test]
async fn a_text_for_a_deleted_activity_can_be_added_as_a_new_one() {
    let site = Site::with_sample().await;
    let key = site.key_of("1.1").await;
    let (delete, edit) = (format!("delete-{key}"), format!("activity-{key}"));
    site.post("/plans/1/review", &[("version", "1"), ("target", &delete)]).await;
    for seen in ["1", "2"] {
        let typed = [("version", seen), ("target", edit.as_str()), ("title", "Текст к удалённому")];
        let answer = site.post("/plans/1/review", &typed).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{seen}");
        assert!(answer.text.contains("это мероприятие удалили"), "{seen}");
        assert!(answer.text.contains("Текст к удалённому"), "{seen}");
    }
    let again = site.post("/plans/1/review", &[("version", "1"), ("target", &delete)]).await;
    assert_eq!(again.status, StatusCode::GONE);
    let add = [("version", "2"), ("target", "add-0"), ("title", "Текст к удалённому")];
    assert_eq!(site.post("/plans/1/review", &add).await.status, StatusCode::SEE_OTHER);
    assert!(site.get("/plans/1").await.text.contains("Текст к удалённому"));
}

#[tokio::test]
async fn edits_of_different_activities_do_not_conflict() {
    let site = Site::with_sample().await;
    for (number, title) in [("1.1", "Один"), ("1.2", "Другой")] {
        let target = format!("activity-{}", site.key_of(number).await);
        let form = [("version", "1"), ("target", target.as_str()), ("number", number), ("title", title)];
        assert_eq!(site.post("/plans/1/review", &form).await.status, StatusCode::SEE_OTHER, "{number}");
    }
    let plan = site.store.plan(opora_store::PlanId(1)).await.expect("plan 1");
    let titles: Vec<_> = plan.order.plans[0].activities().take(2).map(|a| a.title.clone()).collect();
    assert_eq!(titles, ["Один", "Другой"]);
}

#[tokio::test]
async fn a_deletion_is_asked_for_and_a_move_is_made() {
    let site = Site::with_sample().await;
    let (first, second) = (site.key_of("1.1").await, site.key_of("1.2").await);
    let asked = site.get(&format!("/plans/1/review?edit=delete-{first}")).await.text;
    assert!(asked.contains("Удалить мероприятие?"));
    let up = format!("up-{second}");
    assert_eq!(
        site.post("/plans/1/review", &[("version", "1"), ("target", &up)]).await.status,
        StatusCode::SEE_OTHER
    );
    let delete = format!("delete-{first}");
    let answer = site.post("/plans/1/review", &[("version", "2"), ("target", &delete)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let plan = site.store.plan(opora_store::PlanId(1)).await.expect("plan 1");
    assert_eq!(plan.order.plans[0].sections[0].activities[0].key.0, second);
    assert_eq!(plan.order.plans[0].activities().count(), 12);
}

#[tokio::test]
async fn a_deadline_is_explained_while_it_is_typed() {
    let site = Site::with_sample().await;
    let text = site.get("/schedule/preview?text=%D0%BC%D0%B0%D1%80%D1%82&year=2021").await.text;
    assert!(text.contains("март 2021") && text.contains("год по контексту"), "{text}");
    let text = site.get("/schedule/preview?schedule=abracadabra&plan=1&section=0").await.text;
    assert!(text.contains("не понято"), "{text}");
}

#[tokio::test]
async fn a_finding_is_left_with_a_reason_and_taken_back() {
    let site = Site::with_sample().await;
    let code = {
        let page = site.get("/plans/1/findings").await.text;
        let at = page.find(r#"name="code" value=""#).expect("a finding") + r#"name="code" value=""#.len();
        page[at..].split('"').next().expect("a code").to_owned()
    };
    let refused = site.post("/plans/1/findings/suppress", &[("code", &code), ("reason", " ")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let left =
        site.post("/plans/1/findings/suppress", &[("code", &code), ("reason", "Так решила комиссия")]).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.text);
    assert!(site.get("/plans/1/findings").await.text.contains("Так решила комиссия"));
    let back = site.post("/plans/1/findings/withdraw", &[("id", "1")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert!(!site.get("/plans/1/findings").await.text.contains("Так решила комиссия"));
}

#[tokio::test]
async fn a_finding_is_left_at_its_own_place_only() {
    const LATER: &str = "A102";
    let later = "от 30.06.2031 № 412, приказа Министерства просвещения Приозёрского края от 05.07.2032 № 7";
    let order = ORDER.replacen("от 30.06.2026 № 412", later, 1);
    let site = Site::new().await;
    site.upload(&[("приказ.txt", order.as_bytes())]).await;
    let plan = site.store.plan(opora_store::PlanId(1)).await.expect("plan 1");
    let findings = opora_checks::check(&plan.order, &[]).findings;
    let about: Vec<_> = findings.iter().filter(|finding| finding.code == LATER).collect();
    assert_eq!(about.len(), 2, "two acts of a later day are cited: {:?}", plan.order.act.cited);
    let place = crate::usecases::suppress::place(&plan.order, about[0].subject).expect("a place");
    let page = site.get("/plans/1/findings").await.text;
    assert!(page.contains(&format!(r#"name="place" value="{place}""#)), "{page}");
    let form = [("code", LATER), ("place", place.as_str()), ("reason", "Этим занят другой план")];
    assert_eq!(site.post("/plans/1/findings/suppress", &form).await.status, StatusCode::SEE_OTHER);
    let recorded = site.store.suppressions(opora_store::PlanId(1)).await.expect("suppressions");
    let report = crate::usecases::suppress::report(&plan.order, &recorded);
    assert_eq!(report.suppressed.len(), 1);
    assert_eq!(report.findings.iter().filter(|finding| finding.code == LATER).count(), 1);
}

#[tokio::test]
async fn a_deadline_that_moves_stays_the_same_event() {
    let lines = |text: &str, name: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with(name)).map(str::to_owned).collect()
    };
    let site = Site::with_sample().await;
    let before = site.get("/plans/1/calendar.ics").await.text;
    assert!(lines(&before, "SEQUENCE").iter().all(|line| line == "SEQUENCE:0"), "{before}");
    let plan = site.store.plan(opora_store::PlanId(1)).await.expect("plan 1");
    let key = site.key_of("1.2").await;
    let fields = plan.order.plans[0].activities().find(|activity| activity.key.0 == key);
    let fields = crate::usecases::edit::ActivityFields::of(fields.expect("the activity"));
    let target = format!("activity-{key}");
    let mut form = vec![("version", "1"), ("target", target.as_str())];
    let texts = fields.texts();
    form.extend(texts.iter().map(|text| match text.name.as_str() {
        "schedule" => ("schedule", "до 20.11.2026"),
        name => (name, text.value.as_str()),
    }));
    assert_eq!(site.post("/plans/1/review", &form).await.status, StatusCode::SEE_OTHER);
    let after = site.get("/plans/1/calendar.ics").await.text;
    assert_eq!(lines(&before, "UID"), lines(&after, "UID"));
    assert_ne!(lines(&before, "DTSTART"), lines(&after, "DTSTART"));
    assert!(lines(&after, "SEQUENCE").iter().all(|line| line == "SEQUENCE:1"), "{after}");
    let uids: std::collections::HashSet<String> = lines(&after, "UID").into_iter().collect();
    assert_eq!(uids.len(), lines(&after, "UID").len(), "each event has its own name");
}

#[tokio::test]
async fn the_feed_leads_where_the_reader_came_from() {
    let site = Site::with_sample().await;
    // From elsewhere nobody comes without an account.
    let cookie = access::enter(&site, Role::Observer, Place::Installation).await;
    let request =
        Request::get("/plans/1/calendar.ics").header("host", "10.0.0.2:8080").header("cookie", &cookie);
    let proxied = request.header("x-forwarded-proto", "https").header("x-forwarded-host", "opora.test");
    let text = site.send(proxied.body(Body::empty()).expect("a request")).await.text;
    assert!(text.contains("URL:https://opora.test/plans/1/activities/"), "{text}");
    let bench = Workbench::in_folder(site.store.clone(), site._folder.path()).expect("a workbench");
    let state = AppState::new(bench).with_public_url(Some("https://plans.test"));
    let set = router(state).oneshot(
        Request::get("/calendar.ics").header("cookie", &cookie).body(Body::empty()).expect("a request"),
    );
    let body = to_bytes(set.await.expect("an answer").into_body(), usize::MAX).await.expect("a body");
    assert!(String::from_utf8_lossy(&body).contains("URL:https://plans.test/plans/1/activities/"));
}

#[tokio::test]
async fn the_calendar_of_many_plans_is_bounded_and_hides_nothing() {
    let site = Site::new().await;
    let row = |number: usize| {
        format!("{number}\tДело {number}\tдо 15.10.2026\tИванова О.В., методист\tСправка {number}\n")
    };
    let head =
        "ПРИКАЗ\n01.09.2026\t№ 1\n\nОб утверждении плана\n\n№\tМероприятие\tСрок\tОтветственные\tРезультат\n";
    for plan in 0..3 {
        let rows: String = (plan * 40..(plan + 1) * 40).map(|index| row(index + 1)).collect();
        site.upload(&[(&format!("приказ {plan}.txt"), format!("{head}{rows}").as_bytes())]).await;
    }
    let month = site.get("/calendar?month=2026-10").await.text;
    assert!(month.contains("Показать все: 120") && month.contains("list=2026-10-15"), "{month}");
    let first = site.get("/calendar?month=2026-10&list=2026-10-15").await.text;
    let second = site.get("/calendar?month=2026-10&list=2026-10-15&page=2").await.text;
    let count = |text: &str| text.matches("/activities/").count();
    assert_eq!((count(&first), count(&second)), (100, 20));
    assert!(site.get("/calendar?month=2026-10&list=nonsense").await.status == StatusCode::OK);
}

#[tokio::test]
async fn the_journal_says_that_it_is_whole() {
    let site = Site::with_sample().await;
    for path in ["/journal", "/journal?check=full"] {
        let mut text = site.get(path).await.text;
        // The chain is walked aside.
        while text.contains("Цепочка проверяется") {
            text = site.get("/journal").await.text;
        }
        assert!(text.contains("Цепочка цела") && text.contains("Вся цепочка проверена"), "{path}: {text}");
    }
}

#[tokio::test]
async fn an_archived_plan_leaves_the_list_and_comes_back() {
    let site = Site::with_sample().await;
    let refused = site.post("/plans/1/archive", &[("action", "archive"), ("reason", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.post("/plans/1/archive", &[("action", "archive"), ("reason", "Год закончился")]).await;
    assert!(!site.get("/plans").await.text.contains("/plans/1/findings"));
    assert!(site.get("/plans?archive=1").await.text.contains("/plans/1/findings"));
    site.post("/plans/1/archive", &[("action", "restore")]).await;
    assert!(site.get("/plans").await.text.contains("/plans/1/findings"));
}

#[tokio::test]
async fn errors_are_pages_in_plain_russian() {
    async fn check(site: &Site, path: &str, status: StatusCode, words: &str) {
        let answer = site.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.text.contains(words) && answer.text.contains("На главную"), "{path}: {}", answer.text);
    }
    let site = Site::new().await;
    check(&site, "/nothing", StatusCode::NOT_FOUND, "Такой страницы нет").await;
    check(&site, "/plans/77", StatusCode::NOT_FOUND, "Плана № 77 нет").await;
    check(&site, "/plans/abc/review", StatusCode::BAD_REQUEST, "Запрос не понят").await;
    check(&site, "/rules/ZZZ", StatusCode::NOT_FOUND, "Правила с кодом").await;
    check(&site, "/files/00", StatusCode::NOT_FOUND, "Такого файла").await;
    check(&site, "/plans/1/findings/suppress", StatusCode::METHOD_NOT_ALLOWED, "Так обратиться").await;
    let slash = site.get("/plans/?q=a").await;
    assert_eq!((slash.status, slash.location.as_str()), (StatusCode::PERMANENT_REDIRECT, "/plans?q=a"));
    assert_eq!(site.get("//evil.test/").await.status, StatusCode::NOT_FOUND);
    let site = Site::with_sample().await;
    let huge = "x".repeat(3 * 1024 * 1024);
    let answer = site.post("/plans/1/review", &[("title", &huge)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("Слишком большой запрос"));
}

#[tokio::test]
async fn another_site_can_change_nothing() {
    let site = Site::with_sample().await;
    let request = Request::post("/plans/1/archive")
        .header("origin", "https://evil.test")
        .header("host", "opora.test")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = site.send(request.body(Body::from("action=archive&reason=x")).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!site.store.plans().await.expect("plans")[0].archived);
}

#[tokio::test]
async fn the_source_comes_back_byte_for_byte_and_can_not_run() {
    let site = Site::with_sample().await;
    let sha256 = site.store.plans().await.expect("plans")[0].source_sha256.clone();
    let answer = site.get(&format!("/files/{sha256}")).await;
    assert_eq!(answer.text, ORDER);
    let header =
        |name: &str| answer.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    assert!(header("content-disposition").starts_with("attachment"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-type"), "application/octet-stream");
}

#[tokio::test]
async fn each_rule_has_its_page() {
    let site = Site::new().await;
    for rule in opora_checks::rules() {
        let answer = site.get(&format!("/rules/{}", rule.code)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", rule.code);
        assert!(!answer.text.contains(" style="), "{}", rule.code);
    }
}
