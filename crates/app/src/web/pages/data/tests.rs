//! Cases of loading files and of describing their columns, as a browser without JavaScript sees them.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use opora_store::{DatabaseUrl, Store};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::usecases::results::dataset::{Dataset, Workbench};
use crate::web::tests::parts::Parts;
use crate::web::{AppState, router};

const REGISTRY: &str = "Регион;Муниципалитет;Логин ВПР;Наименование;Вид\n\
    Заречная область;Тихоборск;edu100001;Школа № 1;СОШ\n\
    Заречная область;Тихоборск;edu100002;Школа № 2;СОШ\n";

/// Nobody knows these heads, and one of the subjects.
const TABLE: &str =
    "Уч;Дисц;Оц;Год уч\nedu100001;РУССК-1;3;2026\nedu100001;РУССК-1;2;2026\nedu100002;математика;4;2026\n";

/// A place with two schools.
struct Site {
    app: Router,
    store: Store,
    _folder: TempDir,
}

/// An answer: status, address it leads to, text.
struct Answer(StatusCode, String, String);

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
        let store = Store::open(&url).await.expect("a store");
        let bench = Workbench::in_folder(store.clone(), folder.path()).expect("a workbench");
        let site = Self { app: router(AppState::new(bench)), store, _folder: folder };
        let answer = site.upload("/data/registry", &[("files", Some("реестр.csv"), REGISTRY)]).await;
        assert_eq!(answer.0, StatusCode::OK, "{}", answer.2);
        site
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let answer = self.app.clone().oneshot(request).await.expect("an answer");
        let status = answer.status();
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
        let location = location.unwrap_or_default().to_owned();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        Answer(status, location, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    async fn upload(&self, path: &str, parts: &[(&str, Option<&str>, &str)]) -> Answer {
        let part = |form: Parts, (name, file, text): &(&str, Option<&str>, &str)| match file {
            Some(file) => form.file(name, file, text.as_bytes()),
            None => form.field(name, text),
        };
        self.ask(parts.iter().fold(Parts::default(), part).on(Request::post(path))).await
    }

    async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(pairs);
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body.finish())).expect("a request")).await
    }

    /// Gives the unknown table in, and tells where it can be described.
    async fn unknown(&self) -> String {
        let Answer(status, _, page) =
            self.upload("/data/results", &[("files", Some("сводка.csv"), TABLE)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let at = page.split("/data/describe/").nth(1).and_then(|rest| rest.split('"').next());
        format!("/data/describe/{}", at.unwrap_or_else(|| panic!("no way to describe: {page}")))
    }

    async fn loaded(&self) -> usize {
        self.store.result_files().await.expect("files").len()
    }
}

/// The form as a specialist fills it in.
const FILLED: [(&str, &str); 10] = [
    ("column.0", "login"),
    ("column.1", "subject"),
    ("column.2", "mark"),
    ("column.3", "year"),
    ("kind", "vpr"),
    ("grade", "5"),
    ("year", ""),
    ("word.subject.РУССК-1", "ru"),
    ("name", "Сводка района"),
    ("action", "save"),
];

#[tokio::test]
async fn a_table_nobody_knows_is_described_tried_kept_and_loaded() {
    let site = Site::new().await;
    let path = site.unknown().await;
    let page = site.get(&path).await.2;
    for words in
        ["Оц", "edu100001 · edu100002", "РУССК-1", "угадано по значениям", "личные данные – отбросить"]
    {
        assert!(page.contains(words), "«{words}» in {page}");
    }
    // Tried: nothing is loaded, and what is wrong is told beside what was read.
    let mut tried = FILLED.to_vec();
    tried.retain(|(name, _)| !["action", "word.subject.РУССК-1"].contains(name));
    tried.push(("action", "preview"));
    let page = site.post(&path, &tried).await.2;
    assert!(page.contains("Школа № 2") && page.contains("отметка 4"), "{page}");
    assert!(page.contains("word.subject.РУССК-1"), "the word asks for a meaning: {page}");
    assert_eq!(site.loaded().await, 0);

    let Answer(status, _, page) = site.post(&path, &FILLED).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("Загружен: таблица по описанию столбцов. Школ: 2, строк: 3."), "{page}");
    assert_eq!(site.loaded().await, 1);
    let kept = site.store.mappings().await.expect("mappings");
    assert_eq!(kept.len(), 1);
    let toml = site.get(&format!("/data/mappings/{}.toml", kept[0].id.0)).await.2;
    assert!(toml.contains("[columns]") && toml.contains("Дисц"), "{toml}");
    assert_eq!(site.get(&path).await.0, StatusCode::NOT_FOUND, "the file does not wait any more");

    // The next file of the shape is read with it, chosen or proposed.
    let next = TABLE.replace("2026", "2025");
    let id = kept[0].id.0.to_string();
    let parts = [("mapping", None, id.as_str()), ("files", Some("прошлый год.csv"), next.as_str())];
    assert_eq!(site.upload("/data/results", &parts).await.0, StatusCode::OK);
    assert_eq!(site.loaded().await, 2);
    let past = TABLE.replace("2026", "2024");
    let page = site.upload("/data/results", &[("files", Some("ещё.csv"), &past)]).await.2;
    let at = page.split("/data/describe/").nth(1).and_then(|rest| rest.split('"').next()).expect("a way");
    let page = site.get(&format!("/data/describe/{at}")).await.2;
    assert!(page.contains("Подошло сохранённое описание «Сводка района»"), "{page}");
    assert!(page.contains("value=\"Сводка района\""), "{page}");
}

#[tokio::test]
async fn a_description_with_mistakes_is_not_kept_and_stays_filled_in() {
    let site = Site::new().await;
    let path = site.unknown().await;
    for (name, value, words) in [
        ("column.1", "login", "то же самое"),
        ("grade", "сто", "«сто» – не число"),
        ("year", "1200", "Значение не подходит"),
        ("name", " ", "Назовите описание"),
    ] {
        let form: Vec<(&str, &str)> =
            FILLED.iter().map(|(own, old)| (*own, if *own == name { value } else { old })).collect();
        let Answer(status, _, page) = site.post(&path, &form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.contains(words) && page.contains("value=\"mark\" selected"), "«{words}» in {page}");
    }
    assert_eq!((site.loaded().await, site.store.mappings().await.expect("mappings").len()), (0, 0));
    assert_eq!(site.post(&path, &[("action", "cancel")]).await.1, "/data");
    assert_eq!(site.get(&path).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_description_comes_as_a_file_and_is_withdrawn_for_a_reason() {
    let site = Site::new().await;
    let toml = "[columns]\n\"Уч\" = \"login\"\n\"Оц\" = \"mark\"\n";
    let Answer(status, location, _) =
        site.upload("/data/mappings", &[("file", Some("Сводка.toml"), toml)]).await;
    assert_eq!((status, location.as_str()), (StatusCode::SEE_OTHER, "/data#mappings"));
    let wrong = "[columns]\n\"Уч\" = \"логин\"\n";
    let Answer(status, _, page) = site.upload("/data/mappings", &[("file", Some("б.toml"), wrong)]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("columns «Уч»"), "{page}");
    let page = site.upload("/data/mappings", &[("file", Some("в.toml"), "= [")]).await.2;
    assert!(page.contains("Строка 1: запись TOML не читается"), "{page}");
    let kept = site.store.mappings().await.expect("mappings");
    assert_eq!(kept.iter().map(|kept| kept.name.as_str()).collect::<Vec<_>>(), ["Сводка"]);
    let withdraw = format!("/data/mappings/{}/withdraw", kept[0].id.0);
    assert_ne!(site.post(&withdraw, &[("reason", " ")]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.post(&withdraw, &[("reason", "форма изменилась")]).await.0, StatusCode::SEE_OTHER);
    assert!(site.store.mappings().await.expect("mappings").is_empty());
}

#[tokio::test]
async fn the_outcome_of_a_load_can_be_seen_later() {
    let site = Site::new().await;
    let table = "Логин ВПР;Вид процедуры;Предмет;Класс;Год;Отметка\nedu100001;ВПР;Математика;5;2026;6\n";
    let Answer(_, _, address) =
        site.upload("/data/results?part=1", &[("files", Some("протокол.csv"), table)]).await;
    assert_eq!(address, "/data?loading=1");
    let mut part = Answer(StatusCode::OK, String::new(), String::new());
    for _ in 0..200 {
        part = site.get("/data/loading/1").await;
        if part.2.contains("Итоги загрузки") {
            break;
        }
        assert!(part.2.contains("hx-trigger=\"every 1s\""), "{}", part.2);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(part.2.contains("Итоги загрузки") && !part.2.contains("hx-get"), "{}", part.2);
    let page = site.get(&address).await.2;
    assert!(page.contains("протокол.csv") && page.contains("Не загружен, ошибок: 1"), "{page}");
    let page = site.get("/data").await.2;
    assert!(page.contains("Последние загрузки") && page.contains("ничего не загружено"), "{page}");
    assert!(site.get("/data?loading=77").await.2.contains("запускалась заново"));
    assert_eq!(site.get("/data/loading/77").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn lists_leave_as_files() {
    let site = Site::new().await;
    let table = "Логин ВПР;Вид процедуры;Предмет;Класс;Год;Отметка\n".to_owned()
        + &"edu100001;ВПР;Математика;5;2026;4\n".repeat(7)
        + &"edu100002;ВПР;Математика;5;2026;4\n".repeat(3);
    assert_eq!(site.upload("/data/results", &[("files", Some("п.csv"), &table)]).await.0, StatusCode::OK);
    let csv = site.get("/data/files/results.csv").await.2;
    assert!(csv.contains("п.csv;"), "{csv}");
    let map = site.get("/data/files/coverage-map.csv").await.2;
    assert!(map.contains("Школа № 1;скрыто") && map.contains("Школа № 2;скрыто"), "{map}");
    let drawing = site.get("/data/files/coverage-map.svg").await.2;
    assert!(drawing.starts_with("<?xml") && drawing.contains("heat-hidden"), "{drawing}");
    assert_eq!(site.get("/data/files/other.csv").await.0, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/data/files/results.exe").await.0, StatusCode::NOT_FOUND);
}

/// Rows of one school in one subject.
fn rows(school: &str, subject: &str, marks: &str) -> String {
    let lines = marks.chars().map(|mark| format!("{school};{subject};5;2026;{mark}\n"));
    format!("Логин;Предмет;Класс;Год;Отметка\n{}", lines.collect::<String>())
}

/// Two nodes over one database and one folder of results.
async fn whatever_one_node_does_the_other_sees(first: Store, second: Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let state =
        |store: Store| AppState::new(Workbench::in_folder(store, folder.path()).expect("a workbench"));
    let (one, two) = (state(first.clone()), state(second));
    let kept = tempfile::tempdir().expect("a folder");
    let [one_site, two_site] = [&one, &two].map(|state| {
        let folder = tempfile::tempdir_in(kept.path()).expect("a folder");
        Site { app: router(state.clone()), store: first.clone(), _folder: folder }
    });
    // Both have looked already: both keep in memory that there is nothing.
    for state in [&one, &two] {
        assert!(state.results.dataset().await.expect("data").is_empty());
    }
    let answer = one_site.upload("/data/registry", &[("files", Some("реестр.csv"), REGISTRY)]).await;
    assert_eq!(answer.0, StatusCode::OK, "{}", answer.2);
    let schools = |data: &Dataset| data.registry.registry.organisations().len();
    assert_eq!(schools(&two.results.dataset().await.expect("data")), 2, "the registry of the other node");

    let first_file = rows("edu100001", "Математика", "2345");
    let answer = one_site.upload("/data/results", &[("files", Some("один.csv"), &first_file)]).await;
    assert_eq!(answer.0, StatusCode::OK, "{}", answer.2);
    let second_file = rows("edu100002", "Математика", "225");
    let answer = two_site.upload("/data/results", &[("files", Some("два.csv"), &second_file)]).await;
    assert_eq!(answer.0, StatusCode::OK, "{}", answer.2);
    let (ours, theirs) =
        (one.results.dataset().await.expect("data"), two.results.dataset().await.expect("data"));
    assert_eq!(ours.cells.all().len(), 2);
    assert_eq!((&ours.sha256, &ours.cells), (&theirs.sha256, &theirs.cells));
    let page = one_site.get("/data").await.2;
    assert!(page.contains("один.csv") && page.contains("два.csv"), "{page}");

    // The same file again, to the other node: known, and nothing changes.
    let again = two_site.upload("/data/results", &[("files", Some("один.csv"), &first_file)]).await;
    assert!(again.2.contains("Уже загружен"), "{}", again.2);
    // The same results in another file: the node that did not load them knows them.
    let other = format!("{first_file}edu100001;Математика;5;2026;3\n");
    let refused = two_site.upload("/data/results", &[("files", Some("другой.csv"), &other)]).await;
    assert_eq!(refused.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.2.contains("Те же результаты уже есть в файле «один.csv»"), "{}", refused.2);

    let id = ours.files.iter().find(|file| file.name == "один.csv").expect("the file").id.0;
    let gone = two_site.post(&format!("/data/results/{id}/remove"), &[("reason", "ошибка")]).await;
    assert_eq!(gone.0, StatusCode::SEE_OTHER, "{}", gone.2);
    let left = one.results.dataset().await.expect("data");
    assert_eq!(left.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["два.csv"]);
    assert_eq!(left.cells.all().len(), 1);
}

#[tokio::test]
async fn two_nodes_over_one_file_of_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
    let first = Store::open(&url).await.expect("a store");
    let second = Store::open(&url).await.expect("a store");
    whatever_one_node_does_the_other_sees(first, second).await;
}

#[tokio::test]
async fn lists_of_methodologies_and_descriptions_can_be_taken_along() {
    let site = Site::new().await;
    let path = site.unknown().await;
    assert_eq!(site.post(&path, &FILLED).await.0, StatusCode::OK);
    for (page, address, words) in [
        ("/methods", "/methods/files/methods", "omsk-2025"),
        ("/data", "/data/files/mappings", "Сводка района"),
    ] {
        assert!(site.get(page).await.2.contains(&format!("{address}.csv")), "{page} leads there");
        for form in ["csv", "json"] {
            let Answer(status, _, text) = site.get(&format!("{address}.{form}")).await;
            assert_eq!(status, StatusCode::OK);
            assert!(text.contains(words), "{text}");
        }
        assert_eq!(site.get(&format!("{address}.xlsx")).await.0, StatusCode::OK);
        assert_eq!(site.get(&format!("{address}.svg")).await.0, StatusCode::NOT_FOUND);
    }
    assert_eq!(site.get("/methods/files/others.csv").await.0, StatusCode::NOT_FOUND);
}
