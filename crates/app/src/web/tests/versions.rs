//! Does a roadmap live to its end: two who write at once, remarks, corrections, the plan above, the work meanwhile?

use axum::http::StatusCode;
use opora_access::{Place, Role};
use opora_cells::OrganisationId;
use opora_store::PlanId;

use super::access::{enter, region};
use super::programme::{SCHOOL, TOWN, act, page, send, tell};
use super::*;

/// Sends an edit of a plan made looking at a version.
async fn edit(
    site: &Site,
    cookie: &str,
    plan: i64,
    seen: &str,
    target: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let form = [&[("version", seen), ("target", target)], fields].concat();
    send(site, cookie, &format!("/plans/{plan}/review"), &form).await
}

/// The texts of an activity as a form sends them.
async fn texts(site: &Site, plan: i64, key: u32) -> Vec<(&'static str, String)> {
    let order = site.store.plan(PlanId(plan)).await.expect("a plan").order;
    let key = opora_cycle::vocabulary::ActivityKey(key);
    let activity = crate::usecases::edit::activity(&order, key).expect("an activity");
    let fields = crate::usecases::edit::ActivityFields::of(activity);
    vec![
        ("number", fields.number),
        ("title", fields.title),
        ("responsible", fields.responsible),
        ("schedule", fields.schedule),
        ("outcome", fields.outcome),
        ("target_group", fields.target_group),
    ]
}

/// The same with other texts.
fn with<'a>(texts: &'a [(&'static str, String)], new: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let text = |(name, old): &'a (&'static str, String)| {
        let value = new.iter().find(|(own, _)| own == name).map_or(old.as_str(), |(_, value)| *value);
        (*name, value)
    };
    texts.iter().map(text).collect()
}

async fn newest(site: &Site, plan: i64) -> i32 {
    site.store.summary(PlanId(plan)).await.expect("a plan").version.0
}

#[tokio::test]
async fn edits_of_different_fields_are_joined_and_told() {
    let site = region().await;
    let (head, team) =
        (enter(&site, Role::SchoolHead, SCHOOL).await, enter(&site, Role::SchoolTeam, SCHOOL).await);
    let seen = texts(&site, 3, 1).await;
    let first = with(&seen, &[("outcome", "Справка первого")]);
    assert_eq!(edit(&site, &head, 3, "1", "activity-1", &first).await.status, StatusCode::SEE_OTHER);
    let second = with(&seen, &[("schedule", "до 15.12.2026")]);
    let joined = edit(&site, &team, 3, "1", "activity-1", &second).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text.len());
    assert!(joined.location.contains("seen=1&joined=2"), "{}", joined.location);
    let told = page(&site, &team, joined.location.split('#').next().unwrap_or_default()).await;
    assert!(told.contains("сохранены обе правки") && told.contains("/plans/3/compare?from=1&amp;to=2"));
    let now = texts(&site, 3, 1).await;
    assert!(now.contains(&("outcome", "Справка первого".to_owned())));
    assert!(now.contains(&("schedule", "до 15.12.2026".to_owned())));
}

#[tokio::test]
async fn what_collides_is_chosen_field_by_field() {
    let site = region().await;
    let (head, team) =
        (enter(&site, Role::SchoolHead, SCHOOL).await, enter(&site, Role::SchoolTeam, SCHOOL).await);
    let seen = texts(&site, 3, 1).await;
    let first = with(&seen, &[("outcome", "Справка первого"), ("responsible", "Первый П.П.")]);
    edit(&site, &head, 3, "1", "activity-1", &first).await;
    let second = with(&seen, &[("outcome", "Справка второго"), ("schedule", "до 15.12.2026")]);
    let conflict = edit(&site, &team, 3, "1", "activity-1", &second).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert_eq!(conflict.text.matches("conflict-row differs").count(), 1, "one field collides");
    assert!(conflict.text.contains(r#"name="choice-outcome""#) && !conflict.text.contains("choice-schedule"));
    assert!(conflict.text.contains("Первый П.П."), "what only the other changed is told");
    let base = with(&seen, &[("responsible", "Первый П.П."), ("schedule", "до 15.12.2026")]);
    let sides = [
        ("asked", "outcome"),
        ("base-outcome", ""),
        ("theirs-outcome", "Справка первого"),
        ("mine-outcome", "Справка второго"),
    ];
    let undecided = edit(&site, &team, 3, "2", "activity-1", &[base.as_slice(), &sides].concat()).await;
    assert_eq!(undecided.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(undecided.text.contains("Справка второго") && undecided.text.contains("до 15.12.2026"));
    let decided = [base.as_slice(), &sides, &[("choice-outcome", "theirs")]].concat();
    assert_eq!(edit(&site, &team, 3, "2", "activity-1", &decided).await.status, StatusCode::SEE_OTHER);
    let now = texts(&site, 3, 1).await;
    for text in
        [("outcome", "Справка первого"), ("responsible", "Первый П.П."), ("schedule", "до 15.12.2026")]
    {
        assert!(now.contains(&(text.0, text.1.to_owned())), "{now:?}");
    }
}

#[tokio::test]
async fn any_two_versions_are_compared_in_words_and_side_by_side() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let seen = texts(&site, 3, 1).await;
    edit(&site, &head, 3, "1", "activity-1", &with(&seen, &[("schedule", "до 15.12.2026")])).await;
    edit(&site, &head, 3, "2", "delete-2", &[]).await;
    let history = page(&site, &head, "/plans/3/history").await;
    assert!(history.contains("/plans/3/compare") && history.contains("Стало, версия"));
    let compared = page(&site, &head, "/plans/3/compare?from=3&to=1").await;
    assert!(compared.contains("срок: было «") && compared.contains("стало «до 15.12.2026»"), "in words");
    assert!(compared.contains("<ins>") && compared.contains("удалено: 1"), "side by side");
    let same = page(&site, &head, "/plans/3/compare?from=2&to=2").await;
    assert!(same.contains("одна и та же версия"));
    let csv = page(&site, &head, "/plans/3/compare/files/changes.csv?from=1&to=3").await;
    assert_eq!(csv.lines().filter(|line| !line.trim().is_empty()).count(), 3, "{csv}");
    let request = Request::get("/plans/3/compare?from=1&to=99").header("cookie", &head);
    let unknown = site.send(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let other = enter(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    assert!(page(&site, &other, "/plans/3/compare/files/changes.csv").await.contains("нет доступа"));
}

#[tokio::test]
async fn a_remark_to_a_field_is_answered_there_and_settled_one_by_one() {
    let site = region().await;
    let (head, curator) =
        (enter(&site, Role::SchoolHead, SCHOOL).await, enter(&site, Role::Curator, SCHOOL).await);
    act(&site, &head, "submit", &[]).await;
    let wrong = [("path-1", "section/1"), ("field-1", "schedule"), ("remark-1", "Когда это?")];
    let refused = act(&site, &curator, "return", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Когда это?"), "what was typed stays");
    let remarks = [
        ("path-1", "activity/1"),
        ("field-1", "schedule"),
        ("remark-1", "Срок без дня"),
        ("path-2", "section/1"),
        ("field-2", "title"),
        ("remark-2", "Назовите раздел яснее"),
        ("path-3", "plan/period"),
        ("remark-3", "Период короче года"),
    ];
    assert_eq!(act(&site, &curator, "return", &remarks).await.status, StatusCode::SEE_OTHER);
    let editor = page(&site, &head, "/plans/3/review").await;
    for words in ["Срок без дня", "Назовите раздел яснее", "Период короче года", "/plans/3/approval#remark-1"]
    {
        assert!(editor.contains(words), "{words}");
    }
    let form = page(&site, &head, "/plans/3/review?edit=activity-1&at=1").await;
    let field = form.split("schedule-field").nth(1).unwrap_or_default();
    assert!(
        field.split("Срок без дня").next().is_some_and(|before| !before.contains("edit-responsible")),
        "beside the field"
    );
    let seen = texts(&site, 3, 1).await;
    edit(&site, &head, 3, "1", "activity-1", &with(&seen, &[("schedule", "до 15.12.2026")])).await;
    for number in ["1", "2", "3"] {
        let answer = [("remark", number), ("text", "Исправлено")];
        assert_eq!(act(&site, &head, "resolve-remark", &answer).await.status, StatusCode::SEE_OTHER);
    }
    let answered = page(&site, &curator, "/plans/3/approval").await;
    assert!(answered.contains("3 с ответом") && answered.contains("Сейчас: "), "the text then and now");
    let accept = [("remark", "1"), ("text", "")];
    assert_eq!(act(&site, &curator, "resolve-remark", &accept).await.status, StatusCode::SEE_OTHER);
    let reopen = [("remark", "2"), ("text", "Раздел прежний")];
    assert_eq!(act(&site, &curator, "reopen-remark", &reopen).await.status, StatusCode::SEE_OTHER);
    let now = page(&site, &head, "/plans/3/approval").await;
    assert!(now.contains("1 открыто, 1 с ответом, всего 3"));
    let editor = page(&site, &head, "/plans/3/review").await;
    assert!(!editor.contains("Срок без дня"), "a settled remark leaves the editor");
}

/// The whole life: approved, in force, corrected with a reason while work goes on, agreed again, closed.
#[tokio::test]
async fn a_roadmap_lives_to_its_end() {
    let site = region().await;
    let (head, curator) =
        (enter(&site, Role::SchoolHead, SCHOOL).await, enter(&site, Role::Curator, SCHOOL).await);
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let go = async |cookie: &str, action: &str, more: &[(&str, &str)]| {
        let answer = act(&site, cookie, action, more).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", answer.text.len());
    };
    go(&head, "submit", &[]).await;
    go(&curator, "approve", &[]).await;
    go(&head, "put-in-force", &[]).await;
    // A newer draft changes nothing for the work.
    let before = page(&site, &head, "/plans/3/work").await;
    let lines = before.matches("class=\"work-line").count();
    let seen = texts(&site, 3, 1).await;
    edit(
        &site,
        &head,
        3,
        "1",
        "activity-1",
        &with(&seen, &[("schedule", "до 15.12.2026"), ("title", "Новое дело")]),
    )
    .await;
    edit(&site, &head, 3, "2", "delete-2", &[]).await;
    let meanwhile = page(&site, &head, "/plans/3/work").await;
    assert!(meanwhile.contains("Работа идёт по согласованной версии 1"));
    assert_eq!(meanwhile.matches("class=\"work-line").count(), lines);
    assert!(!meanwhile.contains("Новое дело") && !page(&site, &head, "/work").await.contains("Новое дело"));
    let key = meanwhile.split("name=\"occurrence\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let key = key.expect("something to do").to_owned();
    let fields = [
        ("occurrence", key.as_str()),
        ("known", "0"),
        ("deed", "comment/performer"),
        ("text", "Идёт работа"),
    ];
    assert_eq!(tell(&site, &head, &fields, None).await.status, StatusCode::SEE_OTHER);
    assert!(page(&site, &head, "/plans/3/history").await.contains("пишется"));
    let approval = page(&site, &curator, "/plans/3/approval").await;
    assert!(
        approval.contains("Что изменилось с прошлого согласования") && approval.contains("from=1&amp;to=3")
    );
    let bare = send(&site, &head, "/plans/3/approval", &[("action", "submit"), ("party", "author")]).await;
    assert_eq!(bare.status, StatusCode::BAD_REQUEST);
    go(&head, "begin-correction", &[("text", "Сменился куратор")]).await;
    assert!(page(&site, &curator, "/plans/3/compare?from=1&to=3").await.contains("Сменился куратор"));
    go(&head, "submit", &[]).await;
    go(&curator, "approve", &[]).await;
    assert!(
        page(&site, &head, "/plans/3/work").await.contains("согласованной версии 1"),
        "approved is not in force yet"
    );
    go(&head, "put-in-force", &[]).await;
    let after = page(&site, &head, "/plans/3/work").await;
    assert!(after.contains("Новое дело") && !after.contains("Работа идёт по согласованной"));
    go(&coordinator, "close", &[("text", "Школа вышла из программы")]).await;
    let closed = page(&site, &head, "/plans/3/work").await;
    assert!(closed.contains("Работа завершена. Показана версия 3"));
    assert!(page(&site, &head, "/plans/3/approval").await.contains("Завершено"));
}

#[tokio::test]
async fn a_key_is_never_given_twice() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let order = site.store.plan(PlanId(3)).await.expect("a plan").order;
    let last = order.plans[0].activities().map(|activity| activity.key.0).max().expect("activities");
    let mut given = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let seen = newest(&site, 3).await.to_string();
        let added = edit(&site, &head, 3, &seen, "add-0", &[("title", "Дело на время")]).await;
        let key = added.location.split("at=").nth(1).and_then(|rest| rest.split('#').next()).expect("a key");
        assert!(
            key.parse::<u32>().expect("a number") > last && given.insert(key.to_owned()),
            "{key} of {given:?}"
        );
        let seen = newest(&site, 3).await.to_string();
        edit(&site, &head, 3, &seen, &format!("delete-{key}"), &[]).await;
    }
}

#[tokio::test]
async fn the_head_is_told_of_the_plan_above_and_decides() {
    let site = region().await;
    let (head, coordinator) =
        (enter(&site, Role::SchoolHead, SCHOOL).await, enter(&site, Role::Coordinator, TOWN).await);
    let fields = [
        ("title", "Дорожная карта школы № 5"),
        ("from", "2026-09-01"),
        ("until", "2027-08-31"),
        ("municipal", "1"),
        ("risk-staff_shortage", "high"),
    ];
    assert_eq!(send(&site, &head, "/schools/5/roadmap", &fields).await.location, "/plans/4");
    let add =
        [("title", "Провести опрос родителей"), ("responsible", "Школа № 5"), ("schedule", "до 01.04.2027")];
    assert_eq!(edit(&site, &coordinator, 1, "1", "add-0", &add).await.status, StatusCode::SEE_OTHER);
    let mine = page(&site, &head, "/work").await;
    assert!(mine.contains("/plans/4/upstream") && mine.contains("решить об изменениях муниципального плана"));
    for path in ["/plans/4", "/plans/4/approval", "/schools/5/roadmap"] {
        assert!(page(&site, &head, path).await.contains("/plans/4/upstream\">Посмотреть и решить"), "{path}");
    }
    assert!(!page(&site, &coordinator, "/work").await.contains("/plans/4/upstream"), "the school decides");
    let above = page(&site, &head, "/plans/4/upstream").await;
    assert!(above.contains("Провести опрос родителей") && above.contains("Принять"));
    let key =
        above.split("name=\"key\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a key");
    let form = |action, reason| [("action", action), ("key", key), ("version", "2"), ("reason", reason)];
    let silent = send(&site, &head, "/plans/4/upstream", &form("decline", "")).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let foreign = send(&site, &coordinator, "/plans/4/upstream", &form("adopt", "")).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "the coordinator does not write for the school");
    let adopted = send(&site, &head, "/plans/4/upstream", &form("adopt", "")).await;
    assert_eq!(adopted.location, "/plans/4/upstream?done=adopted");
    assert_eq!(newest(&site, 4).await, 2);
    assert!(page(&site, &head, "/plans/4").await.contains("Провести опрос родителей"));
    let twice = send(&site, &head, "/plans/4/upstream", &form("adopt", "")).await;
    assert_eq!((twice.status, newest(&site, 4).await), (StatusCode::CONFLICT, 2));
    assert!(!page(&site, &head, "/work").await.contains("/plans/4/upstream"));
}

/// A roadmap with version 1 in force and a newer one being written: a date moved, an activity added, one deleted.
async fn in_force_and_newer() -> (Site, String, String, u32) {
    let site = region().await;
    let (head, curator) =
        (enter(&site, Role::SchoolHead, SCHOOL).await, enter(&site, Role::Curator, SCHOOL).await);
    act(&site, &head, "submit", &[]).await;
    act(&site, &curator, "approve", &[]).await;
    assert_eq!(act(&site, &head, "put-in-force", &[]).await.status, StatusCode::SEE_OTHER);
    let seen = texts(&site, 3, 1).await;
    let moved = with(&seen, &[("schedule", "до 15.12.2026"), ("title", "Новое дело")]);
    edit(&site, &head, 3, "1", "activity-1", &moved).await;
    let added =
        edit(&site, &head, 3, "2", "add-0", &[("title", "Ещё дело"), ("schedule", "до 20.12.2026")]).await;
    let key = added.location.split("at=").nth(1).and_then(|rest| rest.split('#').next()).expect("a key");
    let key = key.parse().expect("a number");
    edit(&site, &head, 3, "3", "delete-2", &[]).await;
    (site, head, curator, key)
}

#[tokio::test]
async fn what_is_carried_out_is_shown_until_the_newer_version_holds() {
    let (site, head, curator, _) = in_force_and_newer().await;
    let told = "Сейчас действует версия 1, она и показана. Версия 4 пишется: ";
    let days = [
        "/plans/3/timeline",
        "/plans/3/calendar?month=2026-12",
        "/calendar?month=2026-12",
        "/plans/3/calendar.ics",
        "/calendar.ics",
    ];
    for cookie in [&head, &curator] {
        for path in days {
            let shown = page(&site, cookie, path).await;
            assert!(!shown.contains("Новое дело") && !shown.contains("Ещё дело"), "{path}");
            assert_eq!(shown.contains(told), path.contains("/plans/") && !path.contains(".ics"), "{path}");
        }
    }
    for path in
        ["/plans/3/timeline?zoom=month&version=newest", "/plans/3/calendar?month=2026-12&version=newest"]
    {
        let newest = page(&site, &curator, path).await;
        assert!(newest.contains("Показана версия 4: она пишется. Сейчас действует версия 1: "), "{path}");
        assert!(newest.contains("Новое дело") && newest.contains("version=in-force"), "{path}");
        assert!(newest.contains("/activities/1?version=newest"), "links stay in the version: {path}");
    }
    let asked = page(&site, &curator, "/plans/3/calendar.ics?version=newest").await;
    assert!(asked.contains("Новое дело"));
    let feed = page(&site, &curator, "/plans/3/calendar.ics").await;
    assert!(feed.contains("SEQUENCE:0") && asked.contains("SEQUENCE:3"));
}

#[tokio::test]
async fn those_who_write_open_the_newest_version_and_all_others_the_one_in_force() {
    let (site, head, curator, added) = in_force_and_newer().await;
    let written = page(&site, &head, "/plans/3").await;
    assert!(written.contains("Показана версия 4: она пишется. Сейчас действует версия 1: "));
    assert!(written.contains("Новое дело") && written.contains("/plans/3/export.docx?version=newest"));
    let carried = page(&site, &curator, "/plans/3").await;
    assert!(carried.contains("Сейчас действует версия 1, она и показана. Версия 4 пишется: "));
    assert!(!carried.contains("Новое дело") && carried.contains("/plans/3?version=newest"));
    assert!(carried.contains("/plans/3/compare?from=1&amp;to=4"));
    assert!(page(&site, &curator, "/plans/3?version=newest&q=новое").await.contains("Новое дело"));
    assert!(page(&site, &head, "/plans/3?version=in-force").await.contains("она и показана"));
    for (path, holds) in [
        ("/plans/3/print", false),
        ("/plans/3/print?version=newest", true),
        ("/plans/3/export.json", false),
        ("/plans/3/export.json?version=newest", true),
    ] {
        assert_eq!(page(&site, &curator, path).await.contains("Новое дело"), holds, "{path}");
    }
    let changed = page(&site, &head, "/plans/3/activities/1").await;
    assert!(!changed.contains("Новое дело") && changed.contains("/plans/3/activities/1?version=newest"));
    assert!(
        changed.contains("Изменить")
            && !page(&site, &curator, "/plans/3/activities/1").await.contains("Изменить")
    );
    let only_new = page(&site, &curator, &format!("/plans/3/activities/{added}")).await;
    assert!(only_new.contains("Ещё дело") && only_new.contains("есть только в версии 4"));
    let deleted = page(&site, &head, "/plans/3/activities/2?version=newest").await;
    assert!(deleted.contains("этого мероприятия в ней нет"));
    let request = Request::get("/plans/3?version=17").header("cookie", &head).body(Body::empty());
    assert_eq!(site.send(request.expect("a request")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_newer_version_shows_everywhere_once_it_is_in_force() {
    let (site, head, curator, _) = in_force_and_newer().await;
    act(&site, &head, "begin-correction", &[("text", "Сменился куратор")]).await;
    act(&site, &head, "submit", &[]).await;
    let waits = page(&site, &curator, "/plans/3").await;
    assert!(waits.contains("Версия 4 ждёт согласования: "));
    act(&site, &curator, "approve", &[]).await;
    assert!(page(&site, &head, "/plans/3").await.contains("она одобрена, но ещё не введена в действие"));
    act(&site, &head, "put-in-force", &[]).await;
    for path in [
        "/plans/3",
        "/plans/3/timeline",
        "/plans/3/calendar?month=2026-12",
        "/calendar?month=2026-12",
        "/calendar.ics",
    ] {
        let shown = page(&site, &curator, path).await;
        assert!(shown.contains("Новое дело") && !shown.contains("which-version"), "{path}");
    }
}
