//! Can many deeds be recorded at once, passed on, spoken about, looked through and looked at?

use axum::http::StatusCode;
use opora_access::{Place, Role};
use opora_cells::OrganisationId;

use super::access::{enter, region};
use super::visits::{page, send, tell};
use super::*;
use crate::usecases::scanner::Scanner;

const SCHOOL: Place = Place::School(OrganisationId(5));
const TOWN: Place = Place::Node(opora_registry::NodeId(11));
const WORK: &str = "/plans/3/work";

/// The keys of the times on a page of the work of plan 3.
fn keys(text: &str) -> Vec<String> {
    let pieces = text.split("name=\"occurrence\" value=\"").skip(1);
    pieces.filter_map(|piece| piece.split('"').next()).map(str::to_owned).collect()
}

async fn told(site: &Site, cookie: &str, key: &str, deed: (&str, &str), more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("occurrence", key), ("known", deed.1), ("deed", deed.0)];
    fields.extend_from_slice(more);
    tell(site, cookie, WORK, &fields, None).await
}

#[tokio::test]
async fn many_are_confirmed_at_once_and_each_is_told() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let all = keys(&page(&site, &head, WORK).await.text);
    let (first, second, third) = (&all[0], &all[1], &all[2]);
    for key in [first, second] {
        let done = told(&site, &head, key, ("done/performer", "0"), &[("text", "Сделано")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let list = page(&site, &curator, &format!("{WORK}?state=done")).await.text;
    assert!(list.contains("Сразу с несколькими") && list.contains("name=\"pick\""), "{list}");
    let picks: Vec<String> = [(1, first), (1, second), (0, third), (1, first)]
        .into_iter()
        .map(|(known, key)| format!("{known}|{key}"))
        .collect();
    let form = |deed: &'static str, text: &'static str| {
        let mut form = vec![("deed", deed), ("text", text)];
        form.extend(picks.iter().map(|pick| ("pick", pick.as_str())));
        form
    };
    let bulk = WORK.replace("/work", "/bulk");
    let told = send(&site, &curator, &bulk, &form("confirm", "")).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    assert!(told.text.contains("2\u{a0}строки") && told.text.contains("Не записано: 1"), "{}", told.text);
    assert!(told.text.contains("Сначала его отмечает исполнитель"), "why the third is not");
    assert_eq!(site.store.facts("work/3").await.expect("facts").len(), 4);
    let again = send(&site, &curator, &bulk, &form("confirm", "")).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "a double click records nothing");
    assert!(again.text.contains("Второй раз ничего делать не нужно"));
    assert_eq!(site.store.facts("work/3").await.expect("facts").len(), 4);
    assert_eq!(send(&site, &curator, &bulk, &form("return", "")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        send(&site, &curator, &bulk, &[("deed", "confirm")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(send(&site, &curator, &bulk, &form("dance", "")).await.status, StatusCode::BAD_REQUEST);
    let observer = enter(&site, Role::Observer, TOWN).await;
    let foreign = send(&site, &observer, &bulk, &form("confirm", "")).await;
    assert_eq!(foreign.status, StatusCode::CONFLICT);
    assert!(foreign.text.contains("делает другая сторона"));
}

#[tokio::test]
async fn work_is_passed_on_and_people_are_called_on() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let member = enter(&site, Role::SchoolTeam, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let list = page(&site, &head, WORK).await.text;
    assert!(list.contains("<datalist id=\"people\">") && list.contains("член школьной команды"));
    let key = keys(&list)[0].clone();
    let nobody = told(&site, &head, &key, ("delegate/performer", "0"), &[("person", "Снегурочка")]).await;
    assert_eq!(nobody.status, StatusCode::BAD_REQUEST);
    let person = [("person", "член школьной команды")];
    let passed = told(&site, &head, &key, ("delegate/performer", "0"), &person).await;
    assert_eq!(passed.status, StatusCode::SEE_OTHER, "{}", passed.text);
    assert!(page(&site, &member, WORK).await.text.contains("Передано: член школьной команды"));
    let curators = [("person", "куратор")];
    let wrong = told(&site, &head, &key, ("delegate/performer", "1"), &curators).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "a curator does not carry out");
    let said = [("text", "Посмотрите, @Куратор, пожалуйста"), ("person", "")];
    let comment = told(&site, &head, &key, ("comment/performer", "1"), &said).await;
    assert_eq!(comment.status, StatusCode::SEE_OTHER, "{}", comment.text);
    let shown = page(&site, &curator, WORK).await.text;
    assert!(shown.contains("Посмотрите, @Куратор") && shown.contains("@куратор"), "{shown}");
    let waits = page(&site, &curator, "/work").await.text;
    assert!(waits.contains("ответить на комментарий"), "{waits}");
    let anchor = key.replace(['/', '.'], "-");
    assert!(waits.contains(&format!("/plans/3/work#o-{anchor}")));
    let answer = [("text", "Посмотрела")];
    assert_eq!(
        told(&site, &curator, &key, ("comment/curator", "2"), &answer).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(!page(&site, &curator, "/work").await.text.contains("ответить на комментарий"));
}

#[tokio::test]
async fn a_postponement_is_asked_granted_and_shown_against_the_plan() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let key = keys(&page(&site, &head, WORK).await.text)[0].clone();
    let to = [("to", "2031-03-01"), ("text", "Ждём методиста")];
    assert_eq!(told(&site, &head, &key, ("ask/performer", "0"), &to).await.status, StatusCode::SEE_OTHER);
    assert!(page(&site, &curator, "/work").await.text.contains("решить о переносе срока"));
    assert_eq!(told(&site, &curator, &key, ("grant/curator", "1"), &[]).await.status, StatusCode::SEE_OTHER);
    let chart = page(&site, &head, &format!("{WORK}?view=chart")).await.text;
    assert!(
        chart.contains("01.03.2031") && chart.contains("Лента выполнения") && chart.contains("is-was"),
        "{chart}"
    );
    assert!(!chart.contains(" style="));
    let board = page(&site, &head, &format!("{WORK}?view=board")).await.text;
    assert!(board.contains("Ждёт подтверждения") && board.contains("board-card"));
    for view in ["%00", "board&state=late", "chart&state=confirmed", "chart&page=99"] {
        assert_eq!(page(&site, &head, &format!("{WORK}?view={view}")).await.status, StatusCode::OK, "{view}");
    }
}

#[tokio::test]
async fn a_proof_is_withdrawn_and_stays_readable() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let key = keys(&page(&site, &head, WORK).await.text)[0].clone();
    let link = [("text", "https://school.test/otchet")];
    assert_eq!(
        told(&site, &head, &key, ("evidence/performer", "0"), &link).await.status,
        StatusCode::SEE_OTHER
    );
    let bare = [("text", "Не тот отчёт")];
    let unclear = told(&site, &head, &key, ("withdraw/performer", "1"), &bare).await;
    assert_eq!(unclear.status, StatusCode::BAD_REQUEST);
    let which = [("text", "Не тот отчёт"), ("number", "1")];
    assert_eq!(
        told(&site, &head, &key, ("withdraw/performer", "1"), &which).await.status,
        StatusCode::SEE_OTHER
    );
    let shown = page(&site, &head, WORK).await.text;
    assert!(shown.contains("отозвано: Не тот отчёт") && shown.contains("school.test/otchet"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_the_scanner_refuses_is_not_kept() {
    let mut site = region().await;
    let scanner = Scanner::parse(r#"sh -c "! grep -q EICAR $0""#).expect("a scanner");
    let bench = Workbench::in_folder(site.store.clone(), site._folder.path()).expect("a workbench");
    site.app = router(AppState::new(bench).with_scanner(Some(scanner)));
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let key = keys(&page(&site, &head, WORK).await.text)[0].clone();
    let fields = [("occurrence", key.as_str()), ("known", "0"), ("deed", "evidence/performer"), ("text", "")];
    let refused = tell(&site, &head, WORK, &fields, Some(b"X5O!P EICAR-TEST")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("проверка на вирусы его не пропустила"), "{}", refused.text);
    assert!(site.store.facts("work/3").await.expect("facts").is_empty(), "nothing is recorded");
    assert_eq!(tell(&site, &head, WORK, &fields, Some(b"minutes")).await.status, StatusCode::SEE_OTHER);
}
