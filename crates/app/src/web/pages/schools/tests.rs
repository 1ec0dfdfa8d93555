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
