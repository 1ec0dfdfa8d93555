//! Do two programs on one database see what the other wrote, at once?

use jiff::ToSpan;
use opora_access::Scope;
use opora_cells::OrganisationId;
use opora_diagnosis::Audience;
use opora_registry::Registry;
use opora_store::{Authorship, RegistryVersion};
use sea_orm::{ConnectionTrait, Database};

use super::access::{ask_api, enter, registry, settle, token};
use super::diagnosis::sample;
use super::programme::{SCHOOL, TOWN, act, page, send, tell};
use super::*;
use crate::clock;

#[tokio::test]
async fn two_programs_on_one_sqlite_file_see_each_others_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    see_each_other(&DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"))).await;
}

/// Runs where a server is named, as the tests of the store do.
#[tokio::test]
async fn two_programs_on_one_postgresql_see_each_others_writes() {
    let admin_url = std::env::var("OPORA_TEST_POSTGRES_URL").expect(
        "OPORA_TEST_POSTGRES_URL: run scripts/test.sh, or scripts/postgres.sh start DIR and set the variable",
    );
    let name = format!("opora_nodes_{}", std::process::id());
    let admin = Database::connect(&admin_url).await.expect("a server");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database");
    let (address, parameters) = admin_url.split_once('?').unwrap_or((&admin_url, ""));
    let server = address.rsplit_once('/').expect("an address").0;
    let url = DatabaseUrl::Postgres(format!("{server}/{name}?{parameters}"));
    let outcome = tokio::spawn(async move { see_each_other(&url).await }).await;
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("no database");
    outcome.expect("both see everything");
}

/// Two programs and three people who use both.
struct Nodes {
    one: Site,
    two: Site,
    head: String,
    curator: String,
    coordinator: String,
}

impl Nodes {
    async fn on(url: &DatabaseUrl) -> Self {
        let objects = Arc::new(tempfile::tempdir().expect("a folder"));
        let one = Site::on(url, Arc::clone(&objects)).await;
        settle(&one).await;
        let head = enter(&one, Role::SchoolHead, SCHOOL).await;
        let curator = enter(&one, Role::Curator, SCHOOL).await;
        let coordinator = enter(&one, Role::Coordinator, TOWN).await;
        let nodes = Self { two: Site::on(url, objects).await, one, head, curator, coordinator };
        // Both have looked at everything: what is in memory is old from the first write on.
        for path in PAGES {
            nodes.same(path).await;
        }
        nodes
    }

    /// A page for each of the three, the same in both programs.
    async fn same(&self, path: &str) -> String {
        let mut shown = String::new();
        for cookie in [&self.head, &self.curator, &self.coordinator] {
            let (here, there) = (page(&self.one, cookie, path).await, page(&self.two, cookie, path).await);
            assert!(here == there, "{path} differs:\n{}", difference(&here, &there));
            shown.push_str(&here);
        }
        shown
    }

    /// All pages are the same in both programs, and these are not what they were.
    async fn after<F: Future<Output = Answer>>(&self, what: &str, changed: &[&str], write: F) {
        let mut before = Vec::new();
        for path in changed {
            before.push(self.same(path).await);
        }
        let answer = write.await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}: {}", answer.text);
        for (path, before) in changed.iter().zip(before) {
            assert!(page(&self.two, &self.head, path).await.len() > 100, "{what}: {path}");
            assert!(self.same(path).await != before, "{what}: {path} is as it was");
        }
        for path in PAGES {
            self.same(path).await;
        }
    }
}

const PAGES: [&str; 12] = [
    "/work",
    "/boards",
    "/boards/files/board.json",
    "/calendar?month=2026-12",
    "/plans/3",
    "/plans/3/timeline",
    "/plans/3/work",
    "/schools/5/visits",
    "/visits",
    "/obligations",
    "/diagnosis?year=2026",
    "/meetings",
];

fn difference(here: &str, there: &str) -> String {
    let at = here.bytes().zip(there.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        text.chars().skip(text[..text.floor_char_boundary(at)].chars().count()).take(300).collect::<String>()
    };
    format!("{}\n---\n{}", around(here), around(there))
}

async fn see_each_other(url: &DatabaseUrl) {
    let nodes = Nodes::on(url).await;
    plans(&nodes).await;
    support(&nodes).await;
    diagnoses(&nodes).await;
    results(&nodes).await;
    the_registry(&nodes).await;
}

/// Agreement, a newer version, and what was done.
async fn plans(nodes: &Nodes) {
    let Nodes { one, two, head, curator, .. } = nodes;
    nodes.after("submit", &["/work", "/boards"], act(one, head, "submit", &[])).await;
    nodes.after("approve", &["/work"], act(two, curator, "approve", &[])).await;
    nodes.after("put in force", &["/plans/3/work"], act(one, head, "put-in-force", &[])).await;
    let add = [("version", "1"), ("target", "add-0"), ("title", "Новое дело"), ("schedule", "до 15.12.2026")];
    let added = send(one, head, "/plans/3/review", &add);
    nodes.after("a newer version", &["/plans/3", "/plans/3/timeline"], added).await;
    assert!(page(two, curator, "/plans/3").await.contains("Сейчас действует версия 1"));
    let work = page(two, head, "/plans/3/work").await;
    let key = work.split("name=\"occurrence\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let key = key.expect("something to do").to_owned();
    let done =
        [("occurrence", key.as_str()), ("known", "0"), ("deed", "done/performer"), ("text", "Сделано")];
    let changed = ["/plans/3/work", "/work", "/boards/files/board.json"];
    nodes.after("done", &changed, tell(two, head, &done, None)).await;
    // Of two who write at once on two programs the second one is told.
    let late = tell(one, head, &done, None).await;
    assert_ne!(late.status, StatusCode::SEE_OTHER, "the same again");
}

/// A visit with its protocol.
async fn support(nodes: &Nodes) {
    let Nodes { one, two, curator, .. } = nodes;
    let today = clock::today();
    let tomorrow = today.checked_add(1.day()).expect("a day").to_string();
    let plan = [("on", tomorrow.as_str()), ("aim", "Поговорить о плане")];
    let planned = send(one, curator, "/schools/5/visits", &plan);
    nodes.after("a visit", &["/schools/5/visits", "/work"], planned).await;
    let today = today.to_string();
    let held = [("what", "held"), ("on", today.as_str()), ("aim", "Посмотреть уроки")];
    let held = send(two, curator, "/schools/5/visits", &held).await;
    let visit = held.location;
    let protocol = format!("{visit}/protocol");
    let note = [("seen", "0"), ("q-with-whom", "Руководитель"), ("go", "save")];
    nodes.after("a protocol", &[&visit], send(one, curator, &protocol, &note)).await;
    let stale =
        send(two, curator, &protocol, &[("seen", "0"), ("q-with-whom", "Завуч"), ("go", "save")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "the other program has saved meanwhile");
    assert!(
        stale.text.contains("Завуч")
            && stale.text.contains("Записано другими")
            && stale.text.contains("Руководитель")
    );
}

/// Answers to a self-diagnosis.
async fn diagnoses(nodes: &Nodes) {
    let Nodes { one, two, head, .. } = nodes;
    let papers = one.papers();
    let paper = papers.paper(Audience::Head).expect("a questionnaire");
    let asked = paper.questionnaire.questions().filter(|(_, question)| question.required);
    let asked: Vec<String> = asked.map(|(_, question)| question.id.clone()).collect();
    for (site, id) in [one, two].into_iter().zip(&asked) {
        let fields = [vec![("asked".to_owned(), id.clone())], sample(&paper.questionnaire, id)].concat();
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let path = "/schools/5/diagnosis?year=2026";
        nodes.after("an answer", &[path], send(site, head, path, &fields)).await;
    }
}

/// A file of results that one program takes in, and then one that the other does: both judge by both.
async fn results(nodes: &Nodes) {
    enter(&nodes.one, Role::RegionalOperator, Place::Installation).await;
    let scopes = [Scope::ReadResults, Scope::WriteResults];
    let token = token(&nodes.one, Role::RegionalOperator, Place::Installation, &scopes).await;
    for (site, subject) in [(&nodes.one, "математика"), (&nodes.two, "русский язык")] {
        let before = nodes.same("/schools/5").await;
        let table = format!(
            "Год;Класс;Предмет;Муниципалитет;ОО;Кол-во участников;2;3;4;5\n\
             2026;5;{subject};Верхнеозёрск;Школа № 5;20;40;30;20;10\n"
        );
        let request = Request::post("/api/v1/results/files").header("authorization", &token);
        let taken = site.send(Parts::default().file("file", "впр.csv", table.as_bytes()).on(request)).await;
        assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.text);
        let job = loop {
            let job = ask_api(site, "GET", &taken.location, &token, "").await;
            if !job.text.contains("going") {
                break job;
            }
            tokio::task::yield_now().await;
        };
        assert!(job.text.contains("\"loaded\""), "{}", job.text);
        let after = nodes.same("/schools/5").await;
        assert!(before != after && after.contains(subject), "{subject}");
    }
    let files = async |site| ask_api(site, "GET", "/api/v1/results/files", &token, "").await.text;
    assert_eq!(files(&nodes.one).await, files(&nodes.two).await);
}

/// A school that is called otherwise.
async fn the_registry(nodes: &Nodes) {
    let old = registry();
    let schools = old.organisations().iter().cloned().map(|mut school| {
        if school.id == OrganisationId(5) {
            school.name = "Гимназия № 5".to_owned();
        }
        school
    });
    let renamed = Registry::new(old.nodes().cloned().collect(), schools.collect(), vec![]).0;
    let by = Authorship { who: "Оператор", reason: "", at: clock::now() };
    nodes.one.store.save_registry(&renamed, RegistryVersion(1), &by).await.expect("a registry");
    for path in ["/schools/5/visits", "/schools/5/diagnosis?year=2026", "/diagnosis?year=2026", "/boards"] {
        assert!(nodes.same(path).await.contains("Гимназия № 5"), "{path}");
    }
}
