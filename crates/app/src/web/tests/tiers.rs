//! From which list does the draft of a roadmap know the tier of a school?

use opora_cells::OrganisationId;
use opora_store::{Authorship, NewRun, NewStep, RunId};
use serde_json::{Value, json};

use super::access::{enter, region};
use super::programme::{SCHOOL, page};
use super::*;
use crate::clock;

const DRAFT: &str = "/schools/5/roadmap";

/// A list of the town of school 5, frozen with these lines.
async fn frozen(site: &Site, year: u16, lines: &str, summary: &Value) -> RunId {
    let run = NewRun {
        pack: "two-tier",
        year,
        scope: "node:11",
        pack_sha256: "",
        data_sha256: "",
        program: "",
        content: lines.as_bytes(),
        summary,
    };
    let by = Authorship { who: "Оператор", reason: "", at: clock::now() };
    site.store.record_run(&run, &by).await.expect("a run")
}

async fn finalise(site: &Site, run: RunId) {
    let step =
        NewStep { organisation: OrganisationId(0), step: "finalise", text: "Приказ", file: None };
    let by = Authorship { who: "Оператор", reason: "", at: clock::now() };
    site.store.record_step(run, 0, &step, &by).await.expect("a final list");
}

/// What the form of a draft says about the tier.
async fn said(site: &Site, head: &str) -> String {
    let form = page(site, head, DRAFT).await;
    let at = form.find("Уровень поддержки. ").unwrap_or_else(|| panic!("nothing about the tier: {form}"));
    form[at..].split("</p>").next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn without_a_list_and_results_no_tier_is_given() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let said = said(&site, &head).await;
    assert!(said.contains("уровень поддержки не назначен"), "{said}");
    assert!(!said.contains("Меры подобраны"), "{said}");
}

#[tokio::test]
async fn the_newest_list_that_names_the_school_gives_the_tier_and_a_final_one_first() {
    let site = region().await;
    let head = enter(&site, Role::SchoolHead, SCHOOL).await;
    let old = frozen(&site, 2024, "school\t5\tlow\tfirst\t-\tIn\n", &json!({})).await;
    let told = said(&site, &head).await;
    assert!(told.contains(&format!("По предварительному списку № {} за 2024 год", old.0)), "{told}");
    assert!(told.contains("first") && told.contains("Меры подобраны с учётом этого уровня"), "{told}");
    let draft = frozen(&site, 2025, "school\t5\tlow\tsecond\t-\tIn\n", &json!({})).await;
    let told = said(&site, &head).await;
    assert!(told.contains(&format!("По предварительному списку № {} за 2025 год", draft.0)), "{told}");
    // A final list of the same year stands before a later draft of it; a what-if counts for nothing.
    finalise(&site, draft).await;
    frozen(&site, 2025, "school\t5\tlow\tthird\t-\tIn\n", &json!({})).await;
    frozen(&site, 2026, "school\t5\tlow\tthird\t-\tIn\n", &json!({ "changes": ["A"] })).await;
    let told = said(&site, &head).await;
    assert!(told.contains(&format!("По итоговому списку № {} за 2025 год", draft.0)), "{told}");
    assert!(told.contains("second") && !told.contains("third"), "{told}");
    // A newer list without this school says nothing of it; one that names no tier says so.
    frozen(&site, 2026, "school\t6\tlow\tfirst\t-\tIn\n", &json!({})).await;
    assert!(said(&site, &head).await.contains("за 2025 год"));
    frozen(&site, 2027, "school\t5\tlow\t-\t-\tOut\n", &json!({})).await;
    let told = said(&site, &head).await;
    assert!(told.contains("за 2027 год") && told.contains("уровень в нём не назначен"), "{told}");
    assert!(!told.contains("Меры подобраны"), "{told}");
}

/// With results and no list the verdict of today counts: the same tier that the page of the lists would freeze.
#[tokio::test]
async fn without_a_list_the_verdict_of_today_gives_the_tier() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = DatabaseUrl::Sqlite(folder.path().join("opora.sqlite"));
    let store = Store::open(&url).await.expect("a store");
    let bench = Workbench::in_folder(store.clone(), folder.path()).expect("a workbench");
    let demo = opora_simulate::Options::preset(opora_simulate::Preset::Demo);
    let options = opora_simulate::Options { schools: 30, details: false, ..demo }.with_years(3);
    let at = "2026-11-22T09:00:00Z".parse().expect("a moment");
    crate::usecases::demo::fill_simulated(&bench, &folder.path().join("packs"), options, &|_| true, at)
        .await
        .expect("a region");
    let site = Site { app: router(AppState::new(bench)), store, _folder: folder.into() };
    let mut given = 0;
    for school in 1..=30 {
        let form = site.get(&format!("/schools/{school}/roadmap")).await.text;
        if form.contains("По расчёту на сегодня за ") {
            assert!(form.contains("Список ещё не закреплён") && form.contains("Меры подобраны"), "{school}");
            given += 1;
        } else {
            assert!(form.contains("уровень поддержки не назначен"), "{school}");
        }
    }
    assert!(given > 0 && given < 30, "{given} of 30 schools have a tier");
}
