//! Does everybody hear of what concerns them, once, in time, and nobody of what does not?

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use opora_access::Grant;
use opora_cells::OrganisationId;
use opora_execution::notices::Settings;
use opora_execution::{Deed, Fact, Party};
use opora_store::{AccountId, Authorship, NewAccount, Queue};

use super::access::region;
use super::programme::{act, page, send};
use super::*;
use crate::clock;
use crate::mail::Mailer;
use crate::usecases::diagnosis::{self, Case};
use crate::usecases::execution::Execution;
use crate::usecases::notices::{Round, Teller, Told, Wishes, save_wishes, send_due};
use crate::web::state::SESSION_LIFE;

const SCHOOL: Place = Place::School(OrganisationId(5));
const TOWN: Place = Place::Node(opora_registry::NodeId(11));
const OTHER_TOWN: Place = Place::Node(opora_registry::NodeId(12));

fn by(reason: &str) -> Authorship<'_> {
    Authorship { who: "Оператор", reason, at: clock::now() }
}

/// A moment of today by the clock on the wall.
pub(super) fn today_at(hour: i8, minute: i8) -> Timestamp {
    on(clock::today(), hour, minute)
}

pub(super) fn on(day: Date, hour: i8, minute: i8) -> Timestamp {
    day.at(hour, minute, 0, 0).to_zoned(TimeZone::system()).expect("a moment").timestamp()
}

pub(super) fn tomorrow() -> Date {
    clock::today().saturating_add(1.day())
}

/// An account with a role, an address and a session: its number and the header of its cookie.
pub(super) async fn person(site: &Site, login: &str, role: Role, place: Place) -> (AccountId, String) {
    let mail = format!("{login}@example.ru");
    let new = NewAccount { login, mail: &mail, name: role.russian() };
    let id = site.store.create_account(&new, &by("")).await.expect("an account");
    let grant = Grant { role, place, from: date(2020, 1, 1), until: None };
    site.store.give_role(id, &grant, |_| Ok(()), &by("")).await.expect("a role");
    let token = opora_access::token_sha256(&format!("токен {login}"));
    site.store.open_session(id, &token, "", true, SESSION_LIFE, clock::now()).await.expect("a session");
    (id, format!("opora-session={token}"))
}

/// A node of the installation with letters that go into a folder.
pub(super) struct Office {
    teller: Teller,
    mailer: Arc<Mailer>,
    letters: PathBuf,
    store: Store,
}

impl Office {
    /// Another program on the same database.
    pub(super) async fn new(site: &Site) -> Self {
        let letters = site._folder.path().join("письма");
        let mailer =
            Mailer::parse(&format!("folder:{}", letters.display()), "opora@example.ru").expect("a mailer");
        Self::with(site, mailer).await
    }

    async fn with(site: &Site, mailer: Mailer) -> Self {
        let url = DatabaseUrl::Sqlite(site._folder.path().join("opora.sqlite"));
        let store = Store::open(&url).await.expect("a store");
        let bench = Workbench::in_folder(store.clone(), site._folder.path()).expect("a workbench");
        let state = AppState::new(bench).with_mailer(mailer).with_public_url(Some("https://opora.test"));
        let letters = site._folder.path().join("письма");
        Self { teller: state.teller(), mailer: Arc::clone(state.mailer()), letters, store }
    }

    pub(super) async fn tell(&self, now: Timestamp) -> Told {
        let today = now.to_zoned(TimeZone::system()).date();
        self.teller.tell(now, today).await.expect("a telling")
    }

    pub(super) async fn send(&self, now: Timestamp) -> Round {
        send_due(&self.store, &self.mailer, || now, || false).await.expect("a round")
    }

    /// The texts of all letters, the subject line before each.
    pub(super) fn read(&self) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(&self.letters) else { return Vec::new() };
        let mut letters: Vec<String> = files
            .map(|file| std::fs::read(file.expect("a file").path()).expect("a letter"))
            .map(|bytes| decoded(&String::from_utf8_lossy(&bytes)))
            .collect();
        letters.sort();
        letters
    }
}

/// A letter with its body out of base64 or quoted-printable, so that a test can read it.
fn decoded(letter: &str) -> String {
    let (head, body) = letter.split_once("\r\n\r\n").expect("a head");
    let body = if head.contains("base64") {
        String::from_utf8(base64(&body.replace("\r\n", ""))).expect("a text")
    } else if head.contains("quoted-printable") {
        quoted(body)
    } else {
        body.to_owned()
    };
    let to = head.lines().find(|line| line.starts_with("To: ")).unwrap_or_default();
    format!("{to}\n{body}").replace("\r\n", "\n")
}

fn base64(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let bits: Vec<u32> =
        text.bytes().filter(|byte| *byte != b'=').map(|byte| u32::from(value(byte))).collect();
    let mut bytes = Vec::new();
    for four in bits.chunks(4) {
        let all = four.iter().enumerate().fold(0, |all, (at, bits)| all | bits << (18 - 6 * at));
        bytes.extend(all.to_be_bytes()[1..four.len()].iter());
    }
    bytes
}

fn quoted(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let digits: Vec<u8> = rest.by_ref().take(2).collect();
            let digits = String::from_utf8(digits).expect("digits");
            bytes.push(u8::from_str_radix(&digits, 16).expect("a byte"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("a text")
}

/// What was told so far stands; what happens from here on is news.
pub(super) async fn begun(site: &Site) -> Office {
    let office = Office::new(site).await;
    office.tell(today_at(12, 0)).await;
    site.store.read_notices(AccountId(1), None, clock::now()).await.expect("read");
    office
}

/// Plan 3 is submitted by its head.
async fn submitted(site: &Site, head: &str) {
    assert_eq!(act(site, head, "submit", &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_is_to_check_sees_it_on_the_bell_and_is_led_there() {
    let site = region().await;
    let (_, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (curator_id, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let (other_id, other) = person(&site, "other", Role::Curator, Place::School(OrganisationId(6))).await;
    let office = begun(&site).await;
    for id in [curator_id, other_id] {
        site.store.read_notices(id, None, clock::now()).await.expect("read");
    }
    assert!(page(&site, &curator, "/notices").await.contains("Всё прочитано"));
    submitted(&site, &head).await;
    office.tell(today_at(12, 0)).await;
    let shown = page(&site, &curator, "/notices").await;
    assert!(shown.contains("нужно проверить и согласовать") && shown.contains("непрочитанных: "), "{shown}");
    assert!(page(&site, &curator, "/work").await.contains("<span class=\"count error\">1</span>"));
    assert!(
        !page(&site, &other, "/notices?all=1").await.contains("нужно проверить и согласовать"),
        "of another school"
    );
    let id = site.store.notices(curator_id, true, 1, 5).await.expect("notices").0[0].id.0;
    let foreign = site.send(get(&other, &format!("/notices/{id}"))).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let led = site.send(get(&curator, &format!("/notices/{id}"))).await;
    assert_eq!((led.status, led.location.as_str()), (StatusCode::SEE_OTHER, "/plans/3/approval"));
    assert_eq!(site.store.unread_notices(curator_id).await.expect("a count"), 0);
    assert!(page(&site, &curator, "/notices?all=1").await.contains("нужно проверить и согласовать"));
}

/// The head answers the one remark and asks again.
async fn resubmitted(site: &Site, head: &str) {
    let answer = [("remark", "1"), ("text", "Назначена Соколова")];
    assert_eq!(act(site, head, "resolve-remark", &answer).await.status, StatusCode::SEE_OTHER);
    assert_eq!(act(site, head, "resubmit", &[]).await.status, StatusCode::SEE_OTHER);
}

fn get(cookie: &str, path: &str) -> Request<Body> {
    Request::get(path).header("cookie", cookie).body(Body::empty()).expect("a request")
}

#[tokio::test]
async fn the_way_of_a_roadmap_is_told_to_both_sides() {
    let site = region().await;
    let (head_id, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (curator_id, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let office = begun(&site).await;
    submitted(&site, &head).await;
    let remark = [("path-1", "activity/1"), ("remark-1", "Назовите ответственного")];
    assert_eq!(act(&site, &curator, "return", &remark).await.status, StatusCode::SEE_OTHER);
    office.tell(today_at(12, 5)).await;
    let told = async |id| {
        let (notices, _) = site.store.notices(id, false, 1, 50).await.expect("notices");
        notices.into_iter().map(|notice| format!("{} {}", notice.news, notice.body)).collect::<Vec<_>>()
    };
    assert!(
        told(head_id)
            .await
            .iter()
            .any(|line| line.starts_with("returned") && line.ends_with("нужно исправить по замечаниям"))
    );
    resubmitted(&site, &head).await;
    assert_eq!(act(&site, &curator, "approve", &[]).await.status, StatusCode::SEE_OTHER);
    office.tell(today_at(12, 10)).await;
    assert!(
        told(head_id).await.iter().any(|line| line.starts_with("happened Одобрено: ")),
        "{:?}",
        told(head_id).await
    );
    assert!(!told(curator_id).await.iter().any(|line| line.contains("Одобрено")), "the curator did it");
    // Deeds: a mention, a delegation, a confirmation.
    let order = site.store.plan(opora_store::PlanId(3)).await.expect("a plan").order;
    let deeds = [
        (
            Party::Curator,
            curator_id,
            Deed::Comment { text: "Как дела".to_owned(), mentions: vec![head_id.0] },
        ),
        (Party::Performer, head_id, Deed::Delegated { to: curator_id.0 }),
    ];
    for (party, who, deed) in deeds {
        let execution = Execution::read(&site.store, 3, &order, clock::today()).await.expect("an execution");
        let occurrence = execution.occurrences[0].key;
        let known = execution.facts.len();
        let at = clock::now().to_zoned(TimeZone::system()).datetime();
        let fact = Fact { occurrence, by: who.0, party, at, deed };
        execution.act(&site.store, known, &[], &fact, Some(who), &by("")).await.expect("recorded");
        office.tell(today_at(12, 15)).await;
    }
    let called = |line: &&String| line.ends_with("нужно ответить на комментарий");
    assert_eq!(told(head_id).await.iter().filter(called).count(), 1, "{:?}", told(head_id).await);
    assert!(
        told(curator_id).await.iter().any(|line| line.starts_with("happened Вам передали мероприятие: "))
    );
    let again = office.tell(today_at(13, 15)).await;
    assert_eq!(again.notices, 0, "nothing twice");
}

#[tokio::test]
async fn a_role_and_a_changed_plan_are_told() {
    let site = region().await;
    let (head_id, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let form = [
        ("title", "Дорожная карта школы № 5"),
        ("from", "2026-12-01"),
        ("until", "2027-08-31"),
        ("municipal", "1"),
        ("risk-staff_shortage", "high"),
    ];
    assert_eq!(send(&site, &head, "/schools/5/roadmap", &form).await.status, StatusCode::SEE_OTHER);
    let office = begun(&site).await;
    let grant = Grant { role: Role::Observer, place: TOWN, from: date(2020, 1, 1), until: None };
    site.store.give_role(head_id, &grant, |_| Ok(()), &by("")).await.expect("a role");
    let mut order = site.store.plan(opora_store::PlanId(1)).await.expect("a plan").order;
    order.plans[0].title = "План города".to_owned();
    let first = opora_store::VersionNumber::FIRST;
    site.store.append_version(opora_store::PlanId(1), first, &order, &by("")).await.expect("a version");
    office.tell(today_at(12, 5)).await;
    let (told, _) = site.store.notices(head_id, false, 1, 50).await.expect("notices");
    let lines: Vec<(&str, &str)> = told
        .iter()
        .filter(|notice| notice.news == "happened")
        .map(|n| (n.body.as_str(), n.path.as_str()))
        .collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.contains(&("Вам дали роль: наблюдатель, Верхнеозёрск", "account")), "{lines:?}");
    let changed = "Изменился план «План города», на котором построена дорожная карта школы";
    assert!(lines.contains(&(changed, "plans/4")), "{lines:?}");
}

#[tokio::test]
async fn a_digest_comes_once_and_what_is_urgent_at_once() {
    let site = region().await;
    let (_, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (_, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let office = begun(&site).await;
    office.send(today_at(12, 0)).await;
    let before = office.read().len();
    submitted(&site, &head).await;
    let remark = [("path-1", ""), ("remark-1", "Назовите ответственного")];
    assert_eq!(act(&site, &curator, "return", &remark).await.status, StatusCode::SEE_OTHER);
    office.tell(today_at(12, 10)).await;
    office.send(today_at(12, 10)).await;
    let letters = office.read();
    assert_eq!(letters.len(), before + 1, "{letters:#?}");
    let urgent =
        letters.iter().find(|text| text.contains("Вернулось на доработку")).expect("an urgent letter");
    assert!(urgent.starts_with("To: head@example.ru\n"), "{urgent}");
    assert!(
        urgent.contains("https://opora.test/plans/3/approval")
            && urgent.contains("выключить письма: https://opora.test/notices/settings")
    );
    assert!(!urgent.contains("Назовите ответственного"), "remarks stay in Opora");
    // The head answers; the curator hears of it in the digest of the next morning, once.
    resubmitted(&site, &head).await;
    let digests = |letters: &[String]| {
        letters
            .iter()
            .filter(|text| text.contains("To: curator@") && text.contains("нужно проверить и согласовать"))
            .count()
    };
    office.tell(on(tomorrow(), 8, 30)).await;
    office.send(on(tomorrow(), 8, 30)).await;
    assert_eq!(digests(&office.read()), 0, "before the hour of the digest");
    office.tell(on(tomorrow(), 9, 1)).await;
    office.send(on(tomorrow(), 9, 1)).await;
    assert_eq!(digests(&office.read()), 1, "{:#?}", office.read());
    let all = office.read().len();
    // A restart, an hour back, the next day: nothing comes twice.
    let restarted = Office::new(&site).await;
    for now in [on(tomorrow(), 9, 5), on(tomorrow(), 8, 5), on(tomorrow(), 12, 0)] {
        restarted.tell(now).await;
        restarted.send(now).await;
    }
    assert_eq!(restarted.read().len(), all);
    assert_eq!(digests(&restarted.read()), 1);
}

#[tokio::test]
async fn quiet_hours_hold_and_what_was_read_is_not_mailed() {
    let site = region().await;
    let (head_id, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (curator_id, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let office = begun(&site).await;
    office.send(today_at(12, 0)).await;
    let before = office.read().len();
    submitted(&site, &head).await;
    let remark = [("path-1", ""), ("remark-1", "Назовите ответственного")];
    assert_eq!(act(&site, &curator, "return", &remark).await.status, StatusCode::SEE_OTHER);
    let told = office.tell(today_at(22, 10)).await;
    assert!(told.notices > 0 && told.letters == 0, "{told:?}");
    assert!(
        site.store.unread_notices(head_id).await.expect("a count") > 0,
        "the page shows it at night, too"
    );
    office.tell(on(tomorrow(), 7, 59)).await;
    assert_eq!(office.send(on(tomorrow(), 7, 59)).await.sent, 0);
    // The curator has read the page: no letter about the same.
    site.store.read_notices(curator_id, None, clock::now()).await.expect("read");
    office.tell(on(tomorrow(), 8, 0)).await;
    office.send(on(tomorrow(), 8, 0)).await;
    let letters = office.read();
    assert_eq!(letters.len(), before + 1, "{letters:#?}");
    assert!(letters.iter().any(|text| text.contains("To: head@") && text.contains("Вернулось на доработку")));
}

#[tokio::test]
async fn two_programs_on_one_database_send_once() {
    let site = region().await;
    let (_, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (_, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let (one, other) = (begun(&site).await, Office::new(&site).await);
    one.send(today_at(12, 0)).await;
    let before = one.read().len();
    submitted(&site, &head).await;
    let remark = [("path-1", ""), ("remark-1", "Назовите ответственного")];
    assert_eq!(act(&site, &curator, "return", &remark).await.status, StatusCode::SEE_OTHER);
    let now = today_at(12, 10);
    let (a, b) = tokio::join!(one.tell(now), other.tell(now));
    assert_eq!(a.letters + b.letters, 1, "{a:?} {b:?}");
    let (a, b) = tokio::join!(one.send(now), other.send(now));
    assert_eq!(a.sent + b.sent, 1, "{a:?} {b:?}");
    assert_eq!(one.read().len(), before + 1);
}

#[tokio::test]
async fn letters_outlive_a_mail_server_that_is_down() {
    let site = region().await;
    let (_, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (_, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let (_, operator) = person(&site, "operator", Role::RegionalOperator, Place::Installation).await;
    begun(&site).await.send(today_at(12, 0)).await;
    submitted(&site, &head).await;
    let remark = [("path-1", ""), ("remark-1", "Назовите ответственного")];
    assert_eq!(act(&site, &curator, "return", &remark).await.status, StatusCode::SEE_OTHER);
    // Nobody listens on this port.
    let closed =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port").port();
    let mailer = Mailer::parse(&format!("smtp://127.0.0.1:{closed}"), "opora@example.ru").expect("a mailer");
    let down = Office::with(&site, mailer).await;
    down.tell(today_at(12, 10)).await;
    let (first, second) = (today_at(12, 10), today_at(12, 12));
    assert_eq!(down.send(first).await, Round { later: 1, ..Round::default() });
    assert_eq!(down.send(first).await, Round::default(), "not before the pause is over");
    assert_eq!(down.send(second).await.later, 1);
    assert_eq!(
        site.store.letter_queue().await.expect("a queue"),
        Queue { waiting: 1, failing: 1, given_up: 0 }
    );
    let events = site.store.audit(1, 200).await.expect("a journal").events;
    assert_eq!(
        events.iter().filter(|event| event.action == "mail.failed").count(),
        1,
        "the journal is told once"
    );
    let shown = page(&site, &operator, "/notices/settings").await;
    assert!(
        shown.contains("не ушли с прошлого раза: 1") && shown.contains("Отправить все ещё раз"),
        "{shown}"
    );
    assert!(!page(&site, &head, "/notices/settings").await.contains("Почта этого сервера"));
    // The server is there again, under another program.
    let up = Office::new(&site).await;
    let before = up.read().len();
    assert_eq!(up.send(today_at(12, 13)).await, Round::default(), "the pause grows");
    assert_eq!(up.send(today_at(12, 15)).await.sent, 1);
    assert_eq!(up.read().len(), before + 1);
    // What stays in the queue for days tells nothing any more.
    assert_eq!(site.store.letter_queue().await.expect("a queue"), Queue::default());
}

#[tokio::test]
async fn what_is_in_hand_of_a_killed_program_is_sent_under_the_same_name() {
    let site = region().await;
    let (_, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (_, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let office = begun(&site).await;
    office.send(today_at(12, 0)).await;
    submitted(&site, &head).await;
    let remark = [("path-1", ""), ("remark-1", "Назовите ответственного")];
    assert_eq!(act(&site, &curator, "return", &remark).await.status, StatusCode::SEE_OTHER);
    office.tell(today_at(12, 10)).await;
    let before = office.read().len();
    // Killed after the letter went out and before that was written down.
    let lease = SignedDuration::from_mins(5);
    let taken = site.store.claim_letter(today_at(12, 10), lease).await.expect("a claim").expect("a letter");
    let id = format!("<{}.{}@example.ru>", taken.message_id, taken.created_at.as_microsecond());
    let letter = crate::mail::Letter {
        to: "head@example.ru".to_owned(),
        subject: taken.subject.clone(),
        text: taken.body.clone(),
    };
    office.mailer.send_as(&letter, Some(&id)).await.expect("sent");
    assert_eq!(office.send(today_at(12, 14)).await, Round::default(), "in hand");
    assert_eq!(office.send(today_at(12, 15)).await.sent, 1);
    assert_eq!(office.read().len(), before + 1, "the same letter by its Message-ID");
}

#[tokio::test]
async fn people_choose_what_they_hear() {
    let site = region().await;
    let (head_id, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (_, curator) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let form = page(&site, &head, "/notices/settings").await;
    assert!(
        form.contains("присылать письма") && form.contains("Почта на этом сервере пока не настроена"),
        "{form}"
    );
    let half = [("topic", "deadlines"), ("digest", "9"), ("quiet-from", "20"), ("quiet-to", "")];
    let refused = send(&site, &head, "/notices/settings", &half).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("наполовину"));
    let wrong = send(&site, &head, "/notices/settings", &[("digest", "25")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = [
        ("topic", "deadlines"),
        ("topic", "outcomes"),
        ("mail", "1"),
        ("digest", ""),
        ("quiet-from", ""),
        ("quiet-to", ""),
    ];
    assert_eq!(send(&site, &head, "/notices/settings", &chosen).await.status, StatusCode::SEE_OTHER);
    let office = begun(&site).await;
    submitted(&site, &head).await;
    let remark = [("path-1", ""), ("remark-1", "Назовите ответственного")];
    assert_eq!(act(&site, &curator, "return", &remark).await.status, StatusCode::SEE_OTHER);
    office.tell(today_at(12, 10)).await;
    let (told, _) = site.store.notices(head_id, false, 1, 50).await.expect("notices");
    assert!(told.iter().all(|notice| notice.topic != "returns"), "{told:?}");
    // Who switches letters off gets none, not even those that wait.
    let all = Settings { off: Default::default(), ..Settings::default() };
    save_wishes(&site.store, head_id, &Wishes { settings: all.clone(), mail: true }, &by(""))
        .await
        .expect("kept");
    office.tell(today_at(12, 20)).await;
    save_wishes(&site.store, head_id, &Wishes { settings: all, mail: false }, &by("")).await.expect("kept");
    let round = office.send(today_at(12, 20)).await;
    assert!(round.dropped >= 1 && round.given_up == 0, "{round:?}");
    assert!(!office.read().iter().any(|text| text.contains("To: head@")), "{:?}", office.read());
}

#[tokio::test]
async fn a_diagnosis_and_a_survey_are_remembered() {
    let site = region().await;
    let (head_id, head) = person(&site, "head", Role::SchoolHead, SCHOOL).await;
    let (curator_id, _) = person(&site, "curator", Role::Curator, SCHOOL).await;
    let (_, coordinator) = person(&site, "coordinator", Role::Coordinator, TOWN).await;
    let today = clock::today();
    let year = today.year().to_string();
    let soon = today.saturating_add(5.days()).to_string();
    let set = [("year", year.as_str()), ("place", "node/11"), ("until", soon.as_str())];
    assert_eq!(send(&site, &head, "/diagnosis/term", &set).await.status, StatusCode::FORBIDDEN);
    let abroad = [("year", year.as_str()), ("place", "node/12"), ("until", soon.as_str())];
    assert_eq!(send(&site, &coordinator, "/diagnosis/term", &abroad).await.status, StatusCode::FORBIDDEN);
    let bad = [("year", year.as_str()), ("place", "node/11"), ("until", "вчера")];
    assert_eq!(send(&site, &coordinator, "/diagnosis/term", &bad).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(send(&site, &coordinator, "/diagnosis/term", &set).await.status, StatusCode::SEE_OTHER);
    let office = begun(&site).await;
    let told = async |id| {
        let (notices, _) = site.store.notices(id, false, 1, 50).await.expect("notices");
        notices.into_iter().map(|notice| notice.body).collect::<Vec<_>>()
    };
    let lines = told(head_id).await;
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("Самодиагностика школы") && line.contains("до срока 5 дней")),
        "{lines:?}"
    );
    assert!(!told(curator_id).await.iter().any(|line| line.contains("Самодиагностика")));
    assert!(page(&site, &head, "/work").await.contains("заполнить и отправить на проверку"));
    // A survey that nobody answers.
    let case = Case { school: OrganisationId(5), year: today.year() };
    let papers = site.papers();
    let at = clock::now() - SignedDuration::from_hours(24 * 8);
    let opener = diagnosis::Person { name: "Глава", account: Some(head_id), at };
    diagnosis::open_survey(&site.store, &papers, case, opora_diagnosis::Audience::Parents, &opener)
        .await
        .expect("a survey")
        .expect("a token");
    office.tell(today_at(13, 0)).await;
    let lines = told(head_id).await;
    assert!(lines.iter().any(|line| line.starts_with("Опрос родителей: ответов пока 0")), "{lines:?}");
}

#[tokio::test]
async fn a_coordinator_hears_of_the_own_town_only() {
    let site = region().await;
    let (own, _) = person(&site, "own", Role::Coordinator, TOWN).await;
    let (other, _) = person(&site, "other", Role::Coordinator, OTHER_TOWN).await;
    begun(&site).await;
    let plans = async |id| {
        let (notices, _) = site.store.notices(id, false, 1, 500).await.expect("notices");
        let mut plans: Vec<String> =
            notices.iter().filter_map(|notice| notice.path.split('/').nth(1)).map(str::to_owned).collect();
        plans.sort();
        plans.dedup();
        plans
    };
    assert!(!plans(own).await.contains(&"2".to_owned()), "plan 2 is of the other town");
    assert!(!plans(other).await.contains(&"1".to_owned()), "plan 1 is of this town");
    let (told, _) = site.store.notices(own, false, 1, 5).await.expect("notices");
    assert!(!told.is_empty(), "the plan of the town has deadlines that are over");
}
