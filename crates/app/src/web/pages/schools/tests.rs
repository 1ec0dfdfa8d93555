//! Cases of context and possible markers over a small simulated region.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use opora_cells::OrganisationId;
use opora_methodology::{Scope, canonical};
use opora_simulate::{Options, Preset};
use opora_store::{DatabaseUrl, Store};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::usecases::demo::fill_simulated;
use crate::usecases::results::alphabet;
use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::dataset::{Dataset, Workbench};
use crate::usecases::results::identify::judge;
use crate::web::{AppState, router};

/// A region in a temporary folder.
struct Place {
    app: Router,
    bench: Workbench,
    _folder: TempDir,
}

impl Place {
    /// So many schools with results of two years; of the files those that are wanted.
    async fn new(schools: u32, wanted: &(dyn Fn(&str) -> bool + Sync)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
        let store = Store::open(&url).await.expect("a store");
        let mut bench = Workbench::in_folder(store, folder.path()).expect("a workbench");
        let options = Options { schools, details: false, ..Options::preset(Preset::Demo) }.with_years(2);
        let (packs, at) = (folder.path().join("packs"), "2026-11-22T09:00:00Z".parse().expect("a moment"));
        fill_simulated(&bench, &packs, options, wanted, at).await.expect("a region");
        bench.catalog = Catalog::read(Some(&packs)).expect("a catalog").into();
        Self { app: router(AppState::new(bench.clone())), bench, _folder: folder }
    }

    async fn get(&self, path: &str) -> String {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let answer = self.app.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// The texts between two marks, in order.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[tokio::test]
async fn a_region_and_its_schools_are_set_against_their_circumstances() {
    let place = Place::new(48, &|_| true).await;
    let region = place.get("/schools?node=1").await;
    assert!(
        region.contains("Результаты и условия") && region.contains("polyline class=\"expected\""),
        "{region}"
    );
    assert!(region.contains("Индекс социального благополучия") && region.contains("как ожидалось"));
    assert!(
        !place.get("/schools").await.contains("Результаты и условия"),
        "a country has no line of its own"
    );
    let part = region
        .split("id=\"expected-picture-caption\"")
        .nth(1)
        .and_then(|rest| rest.split("</figure>").next());
    let names = between(part.expect("a picture"), "<th scope=\"row\">", "</th>");
    assert!(names.len() >= 30, "{names:?}");
    let mut sorted = names.clone();
    sorted.sort_by_cached_key(|name| alphabet::key(name));
    assert_eq!(names, sorted, "by the alphabet, never by results");
    let own = place.get("/schools/1").await;
    assert!(
        own.contains("Ожидалось при таких условиях") || own.contains("об условиях школы известно не всё"),
        "{own}"
    );
}

#[tokio::test]
async fn possible_markers_are_shown_when_asked_for_and_reach_methodologies() {
    let place = Place::new(48, &|path| path.starts_with("rows")).await;
    let closed = place.get("/schools/1").await;
    assert!(closed.contains("Это не нарушение и не обвинение"));
    assert!(!closed.contains("Что было просмотрено"), "nothing is shown before somebody asks");
    let open = place.get("/schools/1?markers=1").await;
    assert!(open.contains("Четыре маркера за три года") && open.contains("Что было просмотрено"), "{open}");
    assert!(!open.contains("нет официальной шкалы"), "the scales of the example are known");
    assert!(!open.contains("NaN") && !open.contains(" style="));
    let dataset = Dataset::load(&place.bench).await.expect("data");
    let shown: Vec<String> = {
        let mut pages = Vec::new();
        for school in dataset.registry.registry.organisations() {
            pages.push(place.get(&format!("/schools/{}?markers=1", school.id.0)).await);
        }
        pages
    };
    assert!(
        shown.iter().any(|page| page.contains("svg class=\"histogram\"") && page.contains("Граница отметки"))
    );
    for id in ["tiers-three-years", "neftekumsk-2020"] {
        let known = place.bench.catalog.packs.get(id).expect("a pack");
        let run = |scope| canonical(&judge(&place.bench.catalog, &dataset, known, 2026, scope).run);
        assert!(run(Scope::All).contains("markers\t"), "{id}");
        assert!(run(Scope::Organisation(OrganisationId(1))).contains("arkers"), "{id}");
    }
}

#[tokio::test]
async fn what_is_missing_is_told() {
    let without = Place::new(48, &|path| path.starts_with("rows")).await;
    assert!(without.get("/schools?node=1").await.contains("Загрузите социальные паспорта"));
    assert!(without.get("/schools/1").await.contains("Сравнить результат с ожидаемым нельзя"));
    let few = Place::new(8, &|_| true).await;
    assert!(few.get("/schools?node=1").await.contains("Слишком мало школ"));
    assert!(few.get("/schools/1?markers=1").await.contains("едостаточно данных, чтобы искать маркеры"));
    let empty = Place::new(8, &|path| path.starts_with("social")).await;
    assert!(empty.get("/schools?node=1&year=2026").await.contains("Результатов этого года по региону нет"));
    let open = empty.get("/schools/1?year=2026&markers=1").await;
    assert!(open.contains("смотреть не на что"), "{open}");
}

/// The files a page offers of its pictures.
fn chart_files(page: &str) -> Vec<String> {
    let links =
        between(page, "<a href=\"/schools/", "\"").into_iter().filter(|link| link.contains("charts/"));
    links.map(|link| format!("/schools/{}", link.replace("&amp;", "&"))).collect()
}

#[tokio::test]
async fn every_picture_has_a_table_and_files() {
    let place = Place::new(48, &|_| true).await;
    let mut kinds = std::collections::BTreeSet::new();
    let mut paths = ["/schools", "/schools?node=1", "/schools/1"].map(str::to_owned).to_vec();
    for school in 1..=48 {
        let path = format!("/schools/{school}?markers=1");
        if place.get(&path).await.contains("svg class=\"histogram\"") {
            paths.push(path);
            break;
        }
    }
    for path in paths {
        let page = place.get(&path).await;
        let figures = between(&page, "<figure class=\"chart\"", "</figure>");
        assert!(!figures.is_empty(), "{path}");
        for figure in figures {
            let id = between(figure, "id=\"", "\"")[0];
            kinds.extend(between(figure, "<svg class=\"", "\"").into_iter().map(str::to_owned));
            assert!(figure.contains("<table>") && figure.contains("<figcaption"), "{path} {id}");
            let files = chart_files(figure);
            assert_eq!(files.len(), 4, "{path} {id}: {files:?}");
            for file in files {
                let text = place.get(&file).await;
                if file.contains(".svg") {
                    let mut reader = quick_xml::Reader::from_str(&text);
                    while reader.read_event().expect(&file) != quick_xml::events::Event::Eof {}
                    assert!(text.contains("<title>") && text.contains("Источник: результаты"), "{file}");
                }
            }
        }
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["bars", "histogram", "scatter", "trend"]);
}

#[tokio::test]
async fn small_groups_are_shown_nowhere_but_in_the_trace() {
    let place = Place::new(48, &|path| path.starts_with("rows")).await;
    let dataset = Dataset::load(&place.bench).await.expect("data");
    let small: Vec<_> = dataset
        .cells
        .all()
        .iter()
        .filter(|cell| cell.year == 2026 && (1..5).contains(&cell.judged()))
        .map(|cell| (cell.organisation, cell.procedure))
        .collect();
    assert!(!small.is_empty(), "the region has small schools");
    for (school, procedure) in small {
        let page = place.get(&format!("/schools/{}?year=2026", school.0)).await;
        let name = place.bench.catalog.dictionary.procedure_name(procedure);
        let bars = page.split("id=\"marks-bars\"").nth(1).and_then(|rest| rest.split("</figure>").next());
        assert!(
            !bars.unwrap_or_default().contains(&format!("<th scope=\"row\">{name}</th>")),
            "{school:?} {name}"
        );
        let hidden = between(&page, "Скрыто: ", "Вывод сделан").concat();
        assert!(hidden.contains(&name), "{school:?} {name}: {hidden}");
        let sure = between(&page, "id=\"certainty\"", "</section>").concat();
        let row = sure.split(&format!("{name}</th>")).nth(1).and_then(|rest| rest.split("</tr>").next());
        assert!(row.is_none_or(|row| row.contains("скрыто")), "{row:?}");
    }
}
