//! Are visits, meetings, obligations and tasks told to those they concern, once, and with little work?

use axum::http::StatusCode;
use jiff::ToSpan;
use opora_cells::OrganisationId;
use opora_execution::notices::{Settings, Topic};
use opora_store::{AccountId, Authorship};

use super::access::region;
use super::notices::{Office, begun, on, person, today_at, tomorrow};
use super::programme::{page, send};
use super::visits::{ANSWERS, days, held};
use super::*;
use crate::clock;
use crate::usecases::notices::{Wishes, save_wishes};

const SCHOOL: Place = Place::School(OrganisationId(5));
const TOWN: Place = Place::Node(opora_registry::NodeId(11));
const OTHER_TOWN: Place = Place::Node(opora_registry::NodeId(12));

/// What a person was told, and where it leads.
async fn told(site: &Site, id: AccountId) -> Vec<(String, String)> {
    let (notices, _) = site.store.notices(id, false, 1, 500).await.expect("notices");
    notices.into_iter().map(|notice| (format!("{} {}", notice.news, notice.body), notice.path)).collect()
}

async fn says(site: &Site, id: AccountId, words: &str) -> usize {
    told(site, id).await.iter().filter(|(line, _)| line.contains(words)).count()
}

#[tokio::test]
async fn a_visit_is_told_to_the_school_and_its_curators_but_not_to_who_plans_it() {
    let site = region().await;
    let (head_id, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (curator_id, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let (second_id, _) = person(&site, "second", Role::Curator, SCHOOL).await;
    let (other_id, _) = person(&site, "other", Role::Curator, Place::School(OrganisationId(6))).await;
    let office = begun(&site).await;
    let (soon, later) = (days(20), days(25));
    let form = [("on", soon.as_str()), ("aim", "Посмотреть занятия")];
    let made = send(&site, &curator, "/schools/5/visits", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    office.tell(today_at(12, 1)).await;
    let lines = told(&site, head_id).await;
    let planned = lines.iter().find(|(line, _)| line.starts_with("happened Посещение школы назначено на "));
    let (line, path) = planned.expect("the school hears of it");
    assert!(line.ends_with(". Цель: Посмотреть занятия"), "{line}");
    assert_eq!(format!("/{path}"), made.location);
    assert_eq!(says(&site, second_id, "Посещение школы назначено").await, 1);
    assert_eq!(says(&site, curator_id, "Посещение школы назначено").await, 0, "it is her doing");
    assert_eq!(says(&site, other_id, "Посещение школы").await, 0, "of another school");
    let shown = page(&site, &head, "/notices").await;
    assert!(shown.contains("посещения и заседания: назначены, перенесены, отменены"), "{shown}");
    let moved = [("known", "1"), ("deed", "moved"), ("on", &*later), ("reason", "Болезнь")];
    assert_eq!(send(&site, &curator, &made.location, &moved).await.status, StatusCode::SEE_OTHER);
    let off = [("known", "2"), ("deed", "cancelled"), ("reason", "Карантин")];
    assert_eq!(send(&site, &curator, &made.location, &off).await.status, StatusCode::SEE_OTHER);
    office.tell(today_at(12, 2)).await;
    assert_eq!(says(&site, head_id, "Посещение школы перенесено на ").await, 1);
    assert_eq!(says(&site, head_id, " отменено: ").await, 1);
    assert_eq!(
        says(&site, head_id, "Карантин").await + says(&site, head_id, "Болезнь").await,
        0,
        "no reasons"
    );
    assert_eq!(office.tell(today_at(13, 2)).await.notices, 0, "nothing twice");
}

#[tokio::test]
async fn the_tasks_of_a_visit_are_told_when_they_are_given_due_and_late() {
    let site = region().await;
    let (head_id, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (curator_id, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let office = begun(&site).await;
    let visit = held(&site, &curator).await;
    office.tell(today_at(12, 1)).await;
    let shown = told(&site, curator_id).await;
    let protocol = shown.iter().find(|(line, _)| line.contains("Закрыть протокол посещения ("));
    assert_eq!(protocol.map(|(_, path)| format!("/{path}")), Some(visit.clone()), "{shown:?}");
    // Far away, so that neither the week nor the month before it says so.
    let (head_number, due) = (head_id.0.to_string(), days(60));
    let mut form: Vec<(&str, &str)> = ANSWERS.to_vec();
    form.extend([("seen", "0"), ("go", "close"), ("task-1-text", "Обновить график")]);
    form.extend([("task-1-who", head_number.as_str()), ("task-1-due", due.as_str())]);
    let closed = send(&site, &curator, &format!("{visit}/protocol"), &form).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
    office.tell(today_at(12, 2)).await;
    assert_eq!(says(&site, head_id, "Готов протокол посещения").await, 1);
    let lines = told(&site, head_id).await;
    let given = lines.iter().find(|(line, _)| line.starts_with("new Обновить график ("));
    let (line, path) = given.expect("the task is told");
    assert!(line.ends_with("нужно выполнить поручение"), "{line}");
    assert_eq!(format!("/{path}"), format!("{visit}#task-1"));
    assert!(page(&site, &head, "/work").await.contains("Дальше чем через месяц"), "and is counted as work");
    let near = clock::today().saturating_add(57.days());
    office.tell(on(near, 12, 0)).await;
    assert_eq!(says(&site, head_id, "Обновить график (").await, 2, "soon");
    office.tell(on(clock::today().saturating_add(62.days()), 12, 0)).await;
    let late = told(&site, head_id).await;
    assert!(late.iter().any(|(line, _)| line.starts_with("late Обновить график (")), "{late:?}");
    assert_eq!(says(&site, curator_id, "Обновить график").await, 0, "it is the head's");
}

#[tokio::test]
async fn windows_of_obligations_are_told_to_whom_they_bind() {
    let site = region().await;
    let (curator_id, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let (coordinator_id, _) = person(&site, "coordinator", Role::Coordinator, TOWN).await;
    let (abroad_id, _) = person(&site, "abroad", Role::Coordinator, OTHER_TOWN).await;
    let office = begun(&site).await;
    let week = |days: i64| clock::today().saturating_add(days.days());
    for day in 1..8 {
        office.tell(on(week(day), 12, 0)).await;
    }
    let lines = told(&site, curator_id).await;
    let window = lines.iter().find(|(_, path)| path.starts_with("obligations?school=5#w-"));
    let (line, path) = window.expect("a window that ends").clone();
    assert!(line.contains('(') && line.contains("срок"), "{line}");
    let address = format!("/{}", path.split('#').next().unwrap_or_default());
    assert!(page(&site, &curator, &address).await.contains("Обязательства: "));
    let of_town = told(&site, coordinator_id).await;
    assert!(of_town.iter().all(|(_, path)| !path.contains("node=12")), "{of_town:?}");
    let of_other = told(&site, abroad_id).await;
    assert!(of_other.iter().all(|(_, path)| !path.contains("node=11") && !path.contains("school=5")));
    assert_eq!(office.tell(on(week(7), 13, 0)).await.notices, 0, "nothing twice");
}

#[tokio::test]
async fn a_meeting_is_told_to_the_group_and_what_it_decided_to_who_carries_it_out() {
    let site = region().await;
    let (head_id, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (curator_id, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let (own_id, own) = person(&site, "own", Role::Coordinator, TOWN).await;
    let (other_id, _) = person(&site, "other", Role::Coordinator, OTHER_TOWN).await;
    let office = begun(&site).await;
    let today = days(0);
    let made = send(&site, &own, "/meetings", &[("node", "11"), ("on", today.as_str())]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    office.tell(today_at(12, 1)).await;
    let called = told(&site, curator_id).await;
    let called = called.iter().find(|(line, _)| line.contains("Заседание координационной группы назначено"));
    let (_, path) = called.expect("the curator is called");
    let list = page(&site, &curator, &format!("/{path}")).await;
    assert!(list.contains("назначено") && !list.contains(&format!("href=\"{}\"", made.location)), "{list}");
    for (id, whose) in [(own_id, "who called"), (other_id, "another town"), (head_id, "not yet spoken of")] {
        assert_eq!(says(&site, id, "Заседание координационной группы назначено").await, 0, "{whose}");
    }
    let (head_number, due) = (head_id.0.to_string(), days(40));
    let minutes = [
        ("known", "1"),
        ("go", "publish"),
        ("held", today.as_str()),
        ("present", "Миронова"),
        ("item-1-title", "О сроках"),
        ("item-1-school", "5"),
        ("item-1-heard", "Куратора"),
        ("item-1-1-text", "Сдать отчёт"),
        ("item-1-1-who", head_number.as_str()),
        ("item-1-1-due", due.as_str()),
    ];
    let published = send(&site, &own, &format!("{}/minutes", made.location), &minutes).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.text);
    office.tell(today_at(12, 2)).await;
    for id in [head_id, curator_id] {
        assert_eq!(says(&site, id, "Опубликован протокол заседания").await, 1);
    }
    let lines = told(&site, head_id).await;
    let task = lines.iter().find(|(line, _)| line.starts_with("new Сдать отчёт (")).expect("a task");
    assert_eq!(format!("/{}", task.1), format!("{}#task-1-1", made.location));
    assert!(page(&site, &head, &made.location).await.contains("Сдать отчёт"));
}

#[tokio::test]
async fn only_what_changed_is_compared_until_the_hour_is_over() {
    let site = region().await;
    let (head_id, _) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (_, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let office = begun(&site).await;
    let by = Authorship { who: "Оператор", reason: "", at: clock::now() };
    // A login is an event that nobody is told of, and that makes nothing be looked at.
    let none = serde_json::json!({});
    site.store.note("session.open", &format!("account/{}", head_id.0), &none, &by).await.expect("noted");
    assert_eq!(office.tell(today_at(12, 1)).await.compared, 0);
    held(&site, &curator).await;
    let one = office.tell(today_at(12, 2)).await;
    assert!(one.notices > 0 && one.compared > 0, "{one:?}");
    // Somebody new hears of everything that waits for the role at once.
    let (new_id, _) = person(&site, "new", Role::SchoolTeam, SCHOOL).await;
    let all = office.tell(today_at(12, 3)).await;
    assert!(all.compared > one.compared, "{all:?} after {one:?}: the things of one school, not of all");
    assert!(!told(&site, new_id).await.is_empty());
    assert_eq!(office.tell(today_at(12, 4)).await.compared, 0);
    let hourly = office.tell(today_at(13, 0)).await;
    assert_eq!(hourly.compared, all.compared, "another hour: digests and quiet hours");
}

#[tokio::test]
async fn letters_of_support_follow_the_settings_of_each() {
    let site = region().await;
    let (head_id, _) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (_, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let (second_id, _) = person(&site, "second", Role::SchoolTeam, SCHOOL).await;
    let by = Authorship { who: "Оператор", reason: "", at: clock::now() };
    let off = Settings { off: [Topic::Visits].into_iter().collect(), ..Settings::default() };
    save_wishes(&site.store, second_id, &Wishes { settings: off, mail: true }, &by).await.expect("kept");
    let office = begun(&site).await;
    office.send(today_at(12, 0)).await;
    let on_day = days(20);
    let form = [("on", on_day.as_str()), ("aim", "Посмотреть занятия")];
    send(&site, &curator, "/schools/5/visits", &form).await;
    office.tell(today_at(12, 1)).await;
    office.send(today_at(12, 1)).await;
    assert!(!office.read().iter().any(|letter| letter.contains("назначено на")), "it waits for the digest");
    assert_eq!(says(&site, second_id, "назначено на").await, 0, "switched off");
    let restarted = Office::new(&site).await;
    for now in [on(tomorrow(), 9, 1), on(tomorrow(), 9, 5), on(tomorrow(), 10, 0)] {
        restarted.tell(now).await;
        restarted.send(now).await;
    }
    let letters = restarted.read();
    let digests: Vec<&String> =
        letters.iter().filter(|letter| letter.contains("Посещение школы назначено на")).collect();
    assert_eq!(digests.len(), 1, "{letters:#?}");
    assert!(
        digests[0].starts_with("To: head@") && digests[0].contains("https://opora.test/schools/5/visits/")
    );
    assert_eq!(says(&site, head_id, "назначено на").await, 1);
}
