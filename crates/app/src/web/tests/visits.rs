//! Are schools visited, obligations kept, meetings written up, and tasks carried out, each by who may do it?

use axum::http::StatusCode;
use opora_access::{Place, Role};
use opora_cells::OrganisationId;

use super::access::{enter, region};
use super::*;

const SCHOOL: Place = Place::School(OrganisationId(5));
const TOWN: Place = Place::Node(opora_registry::NodeId(11));

pub(super) async fn page(site: &Site, cookie: &str, path: &str) -> Answer {
    let request = Request::get(path).header("cookie", cookie).body(Body::empty()).expect("a request");
    site.send(request).await
}

pub(super) async fn send(site: &Site, cookie: &str, path: &str, form: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = Request::post(path).header("cookie", cookie);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    site.send(request.body(Body::from(body)).expect("a request")).await
}

pub(super) async fn tell(
    site: &Site,
    cookie: &str,
    path: &str,
    fields: &[(&str, &str)],
    file: Option<&[u8]>,
) -> Answer {
    let parts = Parts::of(fields);
    let parts = match file {
        Some(bytes) => parts.file("file", "a.txt", bytes),
        None => parts,
    };
    site.send(parts.on(Request::post(path).header("cookie", cookie))).await
}

/// Today, and some days from it.
pub(super) fn days(from_today: i64) -> String {
    use jiff::ToSpan;
    crate::clock::today().checked_add(from_today.days()).expect("a day").to_string()
}

/// The number of the account of the head.
async fn head_number(site: &Site) -> String {
    let accounts = site.store.accounts().await.expect("accounts");
    let head = accounts.iter().find(|account| account.name == Role::SchoolHead.russian());
    head.expect("the head").id.0.to_string()
}

/// What stands on a page after a mark, up to the next quotation mark.
fn after(text: &str, mark: &str) -> String {
    let rest = text.split(mark).nth(1).unwrap_or_else(|| panic!("no {mark}: {text}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Answers to everything that the protocol asks for.
pub(super) const ANSWERS: [(&str, &str); 8] = [
    ("q-with-whom", "Руководитель"),
    ("q-team", "yes"),
    ("q-on-schedule", "no"),
    ("q-evidence-seen", "yes"),
    ("q-correction-needed", "no"),
    ("q-lessons-visited", "3"),
    ("q-struggling-pupils", "yes"),
    ("q-help-needed", "Методист по математике"),
];

/// A visit that took place today; its address.
pub(super) async fn held(site: &Site, curator: &str) -> String {
    let form = [("what", "held"), ("on", days(0).as_str()), ("aim", "Поговорить о плане")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let made = send(site, curator, "/schools/5/visits", &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    made.location
}

#[tokio::test]
async fn a_visit_is_planned_moved_held_and_written_up() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let (tomorrow, later) = (days(1), days(3));
    let plan =
        |on: &str, aim: &str| vec![("on".to_owned(), on.to_owned()), ("aim".to_owned(), aim.to_owned())];
    let ask = async |cookie: &str, on: &str, aim: &str| {
        let form = plan(on, aim);
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        send(&site, cookie, "/schools/5/visits", &form).await
    };
    assert_eq!(ask(&head, &tomorrow, "Цель").await.status, StatusCode::FORBIDDEN, "a school plans no visits");
    assert_eq!(ask(&curator, &tomorrow, " ").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ask(&curator, &days(-1), "Цель").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ask(&curator, "вчера", "Цель").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = ask(&curator, &tomorrow, "Выполнение плана").await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let twice = ask(&curator, &tomorrow, "Выполнение плана").await;
    assert_eq!(twice.status, StatusCode::OK, "a double click is told kindly");
    assert!(twice.text.contains("уже записано"));
    assert_eq!(site.store.facts("visits/school/5").await.expect("facts").len(), 1);
    assert!(page(&site, &head, "/schools/5/visits").await.text.contains("Выполнение плана"));
    let waits = page(&site, &curator, "/work").await.text;
    assert!(waits.contains(&format!("href=\"{}\"", made.location)), "{waits}");
    let step = async |fields: &[(&str, &str)]| send(&site, &curator, &made.location, fields).await.status;
    let bare = step(&[("known", "1"), ("deed", "moved"), ("on", &later), ("reason", "")]).await;
    assert_eq!(bare, StatusCode::UNPROCESSABLE_ENTITY, "a move needs a reason");
    let moved = [("known", "1"), ("deed", "moved"), ("on", &*later), ("reason", "Болезнь")];
    assert_eq!(step(&moved).await, StatusCode::SEE_OTHER);
    assert_eq!(step(&moved).await, StatusCode::OK, "twice");
    let stale = step(&[("known", "1"), ("deed", "cancelled"), ("reason", "Отмена")]).await;
    assert_eq!(stale, StatusCode::CONFLICT, "a page of before");
    let early = step(&[("known", "2"), ("deed", "held"), ("on", &later)]).await;
    assert!(early.is_client_error(), "a day that has not come");
    assert_eq!(step(&[("known", "2"), ("deed", "held"), ("on", &days(0))]).await, StatusCode::SEE_OTHER);
    let shown = page(&site, &curator, &made.location).await.text;
    assert!(shown.contains("Закончить протокол") && shown.contains("С кем встречались"));
    assert!(!page(&site, &head, &made.location).await.text.contains("Закончить протокол"));
}

#[tokio::test]
async fn a_protocol_gives_tasks_that_are_done_and_confirmed() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let visit = held(&site, &curator).await;
    let protocol = format!("{visit}/protocol");
    let (due, name) = (days(10), "Руководитель");
    let head_number = head_number(&site).await;
    let mut form: Vec<(&str, &str)> = ANSWERS.to_vec();
    form.extend([("seen", "0"), ("suggested", "on-schedule"), ("finding-1", "Команда готова")]);
    form.extend([
        ("task-1-text", "Обновить график"),
        ("task-1-who", head_number.as_str()),
        ("task-1-due", due.as_str()),
    ]);
    let half: Vec<(&str, &str)> =
        form.iter().filter(|(field, _)| *field != "q-with-whom").copied().chain([("go", "close")]).collect();
    let refused = send(&site, &curator, &protocol, &half).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("С кем встречались") && refused.text.contains("Обновить график"),
        "typed text stays"
    );
    assert_eq!(send(&site, &head, &protocol, &form).await.status, StatusCode::FORBIDDEN);
    let saved: Vec<(&str, &str)> = form.iter().copied().chain([("go", "save")]).collect();
    assert_eq!(send(&site, &curator, &protocol, &saved).await.status, StatusCode::SEE_OTHER);
    let other = send(&site, &curator, &protocol, &saved).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "somebody saved since");
    assert!(other.text.contains("Команда готова"));
    let seen = after(&other.text, "name=\"seen\" value=\"");
    let mut last: Vec<(&str, &str)> = form.iter().filter(|(field, _)| *field != "seen").copied().collect();
    last.extend([("seen", seen.as_str()), ("go", "close")]);
    assert!(
        page(&site, &head, &visit).await.text.contains("Протокол пишется"),
        "the school waits for its end"
    );
    let closed = send(&site, &curator, &protocol, &last).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
    assert_eq!(send(&site, &curator, &protocol, &last).await.status, StatusCode::OK, "a double click");
    let shown = page(&site, &head, &visit).await.text;
    assert!(shown.contains("отстают от срока") && shown.contains("Обновить график") && shown.contains(name));
    let print = page(&site, &head, &format!("{visit}/print")).await.text;
    assert!(print.contains("Протокол посещения школы") && print.contains("Методист по математике"));
    let docx = page(&site, &head, &format!("{visit}/protocol.docx")).await;
    assert_eq!((docx.status, docx.text.starts_with("PK")), (StatusCode::OK, true));
    carried_out(&site, (&head, &curator), &visit, &due).await;
}

/// The first task of a visit is done by the head and confirmed by the curator; another school reads nothing.
async fn carried_out(site: &Site, (head, curator): (&str, &str), visit: &str, due: &str) {
    let mine = page(site, head, "/work").await.text;
    assert!(mine.contains("выполнить поручение") && mine.contains(&format!("{visit}#task-1")), "{mine}");
    let key = format!("1/{due}");
    let tasks = format!("{visit}/tasks");
    let told = async |cookie: &str, deed: &str, known: &str, text: &str| {
        let fields = [("occurrence", key.as_str()), ("known", known), ("deed", deed), ("text", text)];
        tell(site, cookie, &tasks, &fields, None).await
    };
    assert_eq!(
        told(curator, "done/performer", "0", "").await.status,
        StatusCode::FORBIDDEN,
        "not hers to do"
    );
    assert_eq!(told(head, "done/performer", "0", "Обновлён").await.status, StatusCode::SEE_OTHER);
    assert_eq!(told(head, "done/performer", "0", "Обновлён").await.status, StatusCode::OK, "twice");
    assert_eq!(told(head, "confirm/curator", "1", "").await.status, StatusCode::FORBIDDEN);
    assert!(page(site, curator, "/work").await.text.contains("проверить выполнение"));
    assert_eq!(told(curator, "confirm/curator", "1", "").await.status, StatusCode::SEE_OTHER);
    assert!(page(site, head, visit).await.text.contains("подтверждено"));
    let other = enter(site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    assert_eq!(page(site, &other, visit).await.status, StatusCode::FORBIDDEN);
    let foreign = visit.replace("/schools/5/", "/schools/6/");
    assert_eq!(page(site, &other, &foreign).await.status, StatusCode::NOT_FOUND, "a visit is of its school");
}

#[tokio::test]
async fn windows_are_kept_excused_and_rules_settled() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let rules = page(&site, &head, "/obligations").await.text;
    assert!(rules.contains("п. 1.23") && rules.contains("Правила говорят разное"), "{rules}");
    let own = page(&site, &curator, "/obligations?school=5").await;
    assert_eq!(own.status, StatusCode::OK);
    assert_eq!(page(&site, &curator, "/obligations?school=6").await.status, StatusCode::NOT_FOUND);
    // The report of the head, in the window of December.
    let due = after(&own.text, "id=\"w-head-reports-");
    let today = days(0);
    let kept = [
        ("place", "school/5"),
        ("rule", "head-reports"),
        ("due", &*due),
        ("act", "kept"),
        ("on", &*today),
        ("text", "исх. № 12"),
    ];
    assert_eq!(send(&site, &curator, "/obligations", &kept).await.status, StatusCode::FORBIDDEN, "not hers");
    assert_eq!(send(&site, &head, "/obligations", &kept).await.location, "/obligations?school=5");
    let twice = send(&site, &head, "/obligations", &kept).await;
    assert_eq!(twice.status, StatusCode::OK);
    assert!(twice.text.contains("Второй раз") && twice.text.contains("исх. № 12"));
    // A window of visits: the curator does not free herself.
    let visits = after(&own.text, "id=\"w-visits-monitoring-");
    let excused = |reason: &'static str| {
        [
            ("place", "school/5"),
            ("rule", "visits-monitoring"),
            ("due", &*visits),
            ("act", "excused"),
            ("reason", reason),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
    };
    let send_owned = async |cookie: &str, form: [(String, String); 5]| {
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        send(&site, cookie, "/obligations", &form).await.status
    };
    assert_eq!(send_owned(&curator, excused("Карантин")).await, StatusCode::FORBIDDEN);
    assert_eq!(send_owned(&coordinator, excused("")).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send_owned(&coordinator, excused("Карантин")).await, StatusCode::SEE_OTHER);
    assert_eq!(send_owned(&coordinator, excused("Карантин")).await, StatusCode::OK);
    assert!(page(&site, &curator, "/obligations?school=5").await.text.contains("не требуется: Карантин"));
}

#[tokio::test]
async fn of_rules_that_contradict_a_person_chooses() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let settle = [
        ("place", "node/11"),
        ("act", "settled"),
        ("pair", "visits-carrying-out visits-monitoring"),
        ("reason", "Решение группы"),
    ];
    assert_eq!(send(&site, &head, "/obligations", &settle).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, &coordinator, "/obligations", &settle).await.status, StatusCode::SEE_OTHER);
    assert!(page(&site, &curator, "/obligations?school=5").await.text.contains("решили держаться правила"));
    for form in [&[("place", "school/5")][..], &[("place", "луна")], &[]] {
        assert!(send(&site, &coordinator, "/obligations", form).await.status.is_client_error());
    }
}

#[tokio::test]
async fn a_curator_sees_her_month_and_a_coordinator_all() {
    let site = region().await;
    let curator = enter(&site, Role::Curator, SCHOOL).await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let month = page(&site, &curator, "/visits").await.text;
    assert!(
        month.contains("Маршрут на месяц") && month.contains("Школа № 5") && !month.contains("Школа № 6"),
        "{month}"
    );
    assert!(page(&site, &coordinator, "/visits").await.text.contains("Школа № 5"));
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    assert_eq!(page(&site, &head, "/visits").await.location, "/schools/5/visits");
    let next = page(&site, &curator, "/visits?month=2027-01&per_day=1").await.text;
    let stop = next
        .split("name=\"visit\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a stop")
        .to_owned();
    let form = [("visit", stop.as_str()), ("aim", "По маршруту")];
    assert_eq!(send(&site, &curator, "/visits", &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        send(&site, &curator, "/visits", &form).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "told"
    );
    let foreign = [("visit", "6/2027-01-12"), ("aim", "По маршруту")];
    assert_eq!(send(&site, &curator, "/visits", &foreign).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&site, &curator, "/visits", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for path in ["/visits?month=июль", "/visits?month=9999-99&curator=77", "/obligations?node=99"] {
        let path: String = path.chars().map(|c| if c.is_ascii() { c } else { '0' }).collect();
        assert!(!page(&site, &curator, &path).await.status.is_server_error(), "{path}");
    }
}

#[tokio::test]
async fn minutes_are_written_published_and_their_decisions_are_tasks() {
    let site = region().await;
    let coordinator = enter(&site, Role::Coordinator, TOWN).await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let other = enter(&site, Role::SchoolHead, Place::School(OrganisationId(6))).await;
    enter(&site, Role::Curator, SCHOOL).await;
    let (today, due) = (days(0), days(7));
    let called = [("node", "11"), ("on", today.as_str())];
    assert_eq!(send(&site, &head, "/meetings", &called).await.status, StatusCode::FORBIDDEN);
    let abroad = [("node", "12"), ("on", today.as_str())];
    assert_eq!(send(&site, &coordinator, "/meetings", &abroad).await.status, StatusCode::FORBIDDEN);
    let made = send(&site, &coordinator, "/meetings", &called).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    assert_eq!(
        send(&site, &coordinator, "/meetings", &called).await.status,
        StatusCode::OK,
        "a double click"
    );
    let agenda = page(&site, &coordinator, &made.location).await.text;
    assert!(agenda.contains("Противоречия. Об одном и том же"), "{agenda}");
    assert_eq!(page(&site, &head, &made.location).await.status, StatusCode::FORBIDDEN, "a draft");
    let head_number = head_number(&site).await;
    let minutes = |known: &str, go: &str, who: &str| {
        let fields = [
            ("known", known),
            ("go", go),
            ("held", today.as_str()),
            ("present", "Миронова"),
            ("item-1-title", "О сроках"),
            ("item-1-school", "5"),
            ("item-1-heard", "Куратора"),
            ("item-1-1-text", "Сдать отчёт"),
            ("item-1-1-who", who),
            ("item-1-1-due", due.as_str()),
            ("item-2-title", "О школе № 6"),
            ("item-2-school", "6"),
            ("item-2-heard", "Тайное"),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let address = format!("{}/minutes", made.location);
    let save = async |form: [(String, String); 13]| {
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        send(&site, &coordinator, &address, &form).await
    };
    let nobody = save(minutes("1", "publish", "")).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nobody.text.contains("нет исполнителя") && nobody.text.contains("Сдать отчёт"));
    assert_eq!(save(minutes("1", "save", &head_number)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(save(minutes("1", "save", &head_number)).await.status, StatusCode::CONFLICT, "an old page");
    assert_eq!(save(minutes("2", "publish", &head_number)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(save(minutes("2", "publish", &head_number)).await.status, StatusCode::OK, "a double click");
    read_and_carried_out(&site, (&coordinator, &head, &other), &made.location, &due).await;
}

/// Each school reads its extract, and the head carries out what the meeting decided.
async fn read_and_carried_out(
    site: &Site,
    (coordinator, head, other): (&str, &str, &str),
    meeting: &str,
    due: &str,
) {
    let extract = page(site, head, meeting).await.text;
    assert!(
        extract.contains("Сдать отчёт") && extract.contains("Выписка") && !extract.contains("Тайное"),
        "{extract}"
    );
    assert!(page(site, other, meeting).await.text.contains("Тайное"), "each its own");
    assert!(!page(site, other, meeting).await.text.contains("Сдать отчёт"));
    assert!(page(site, head, &format!("{meeting}/print")).await.text.contains("Слушали"));
    assert!(page(site, head, &format!("{meeting}/protocol.docx")).await.text.starts_with("PK"));
    let mine = page(site, head, "/work").await.text;
    assert!(mine.contains(&format!("{meeting}#task-1-1")), "{mine}");
    let key = format!("1/{due}");
    let done = [("occurrence", &*key), ("known", "0"), ("deed", "done/performer"), ("text", "Сдан")];
    let tasks = format!("{meeting}/tasks");
    assert_eq!(tell(site, other, &tasks, &done, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(tell(site, head, &tasks, &done, None).await.status, StatusCode::SEE_OTHER);
    let confirmed = [("occurrence", &*key), ("known", "1"), ("deed", "confirm/coordinator"), ("text", "")];
    assert_eq!(tell(site, coordinator, &tasks, &confirmed, None).await.status, StatusCode::SEE_OTHER);
    // The meeting keeps the window of its month.
    let windows = page(site, coordinator, "/obligations?node=11").await.text;
    assert!(windows.contains(&format!("href=\"{meeting}\"")), "{windows}");
}
