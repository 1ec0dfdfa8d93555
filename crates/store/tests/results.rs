//! Do the registry, the files of results, the runs and the steps after them stay as they were recorded?

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail where it stands")]

mod place;

use jiff::civil::date;
use opora_cells::OrganisationId;
use opora_registry::{Event, EventKind, Identifier, Node, NodeId, NodeLevel, Organisation, Registry, Scheme};
use opora_store::{
    AuditVerdict, DatabaseUrl, NewResultFile, NewRun, NewStep, RegistryVersion, RunId, Store, StoreError,
};
use place::{by, on_both_databases, source};
use serde_json::json;

on_both_databases!(
    a_registry_is_read_back,
    a_registry_is_changed_by_one_at_a_time,
    a_file_of_results_counts_once_and_can_be_taken_out,
    a_description_of_columns_is_kept_changed_and_withdrawn,
    the_same_run_is_recorded_once,
    a_step_needs_to_know_the_steps_before_it,
);

fn registry(name: &str) -> Registry {
    let node = |id, level, parent: Option<u32>, name: &str| Node {
        id: NodeId(id),
        level,
        parent: parent.map(NodeId),
        name: name.to_owned(),
        code: Some("00 000".to_owned()),
    };
    let nodes = vec![
        node(1, NodeLevel::Region, None, "Заречная область"),
        node(2, NodeLevel::Municipality, Some(1), "Тихоборск"),
    ];
    let login = Identifier { scheme: Scheme::Login, value: "edu000017".to_owned() };
    let school = Organisation {
        id: OrganisationId(7),
        name: name.to_owned(),
        kind: "СОШ".to_owned(),
        municipality: NodeId(2),
        rural: Some(true),
        identifiers: vec![login],
    };
    let renamed = EventKind::Renamed { former: "Школа № 7".to_owned() };
    let event = Event { organisation: OrganisationId(7), date: date(2024, 9, 1), kind: renamed };
    let (registry, errors) = Registry::new(nodes, vec![school], vec![event]);
    assert_eq!(errors, []);
    registry
}

async fn a_registry_is_read_back(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    assert_eq!(store.registry().await.unwrap().version, RegistryVersion(0));
    let saved = registry("Школа «Ключ»");
    let version = store.save_registry(&saved, RegistryVersion(0), &by("А", "из файла", 0)).await.unwrap();
    let read = store.registry().await.unwrap();
    assert_eq!((read.version, version), (RegistryVersion(1), RegistryVersion(1)));
    assert_eq!(read.registry.organisations(), saved.organisations());
    assert_eq!(read.registry.events(), saved.events());
    assert!(read.registry.nodes().eq(saved.nodes()));
    let again = store.save_registry(&saved, version, &by("А", "тот же файл", 1)).await.unwrap();
    assert_eq!(again, version, "the same registry adds no version");
}

async fn a_registry_is_changed_by_one_at_a_time(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    store.save_registry(&registry("А"), RegistryVersion(0), &by("А", "", 0)).await.unwrap();
    let late = store.save_registry(&registry("Б"), RegistryVersion(0), &by("Б", "", 1)).await;
    assert!(matches!(late, Err(StoreError::RegistryChanged)), "{late:?}");
    store.save_registry(&registry("Б"), RegistryVersion(1), &by("Б", "", 2)).await.unwrap();
    assert_eq!(store.registry_version().await.unwrap(), RegistryVersion(2));
}

async fn a_file_of_results_counts_once_and_can_be_taken_out(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let summary = json!({ "rows": 25, "years": [2024] });
    let file = NewResultFile {
        sha256: "ab",
        name: "ВПР 5 класс.xlsx",
        kind: "vpr_individual",
        summary: &summary,
        registry: RegistryVersion(1),
    };
    let id = store.record_results(&file, &by("А", "", 0)).await.unwrap();
    let again = store.record_results(&file, &by("А", "", 1)).await;
    assert!(matches!(again, Err(StoreError::ResultFileKnown)), "{again:?}");
    let known = store.result_files().await.unwrap();
    assert_eq!((known.len(), &known[0].summary, known[0].added_by.as_str()), (1, &summary, "А"));

    let silent = store.remove_results(id, &by("А", " ", 2)).await;
    assert!(matches!(silent, Err(StoreError::ReasonMissing)), "{silent:?}");
    store.remove_results(id, &by("А", "не тот год", 3)).await.unwrap();
    assert!(store.result_files().await.unwrap().is_empty());
    let twice = store.remove_results(id, &by("А", "ещё раз", 4)).await;
    assert!(matches!(twice, Err(StoreError::ResultFileUnknown)), "{twice:?}");

    let next = store.record_results(&file, &by("А", "", 5)).await.unwrap();
    assert!(next > id, "loaded again, it is another fact");
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { .. }));
}

async fn a_description_of_columns_is_kept_changed_and_withdrawn(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let first = store.keep_mapping(" Сводка района ", "a = 1", &by("А", "", 0)).await.unwrap();
    let again = store.keep_mapping("Сводка района", "a = 1", &by("Б", "", 1)).await.unwrap();
    assert_eq!(first, again, "the same content is the same description");
    let next = store.keep_mapping("Сводка района", "a = 2", &by("Б", "", 2)).await.unwrap();
    store.keep_mapping("Второй пробный", "b = 1", &by("А", "", 3)).await.unwrap();
    let known = store.mappings().await.unwrap();
    let told: Vec<_> = known.iter().map(|m| (m.name.as_str(), m.content.as_str(), m.by.as_str())).collect();
    assert_eq!(told, [("Второй пробный", "b = 1", "А"), ("Сводка района", "a = 2", "Б")]);

    let unnamed = store.keep_mapping(" ", "a = 1", &by("А", "", 4)).await;
    assert!(matches!(unnamed, Err(StoreError::MappingUnnamed)), "{unnamed:?}");
    let silent = store.withdraw_mapping(next, &by("А", " ", 5)).await;
    assert!(matches!(silent, Err(StoreError::ReasonMissing)), "{silent:?}");
    let old = store.withdraw_mapping(first, &by("А", "устарело", 6)).await;
    assert!(matches!(old, Err(StoreError::MappingUnknown)), "only what counts is withdrawn: {old:?}");
    store.withdraw_mapping(next, &by("А", "форма изменилась", 7)).await.unwrap();
    assert_eq!(store.mappings().await.unwrap().len(), 1);
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { events: 4, .. }));
}

fn new_run<'a>(content: &'a [u8], summary: &'a serde_json::Value) -> NewRun<'a> {
    NewRun {
        pack: "omsk-2025",
        year: 2025,
        scope: "region:1",
        pack_sha256: "p",
        data_sha256: "d",
        program: "0.1.0",
        content,
        summary,
    }
}

async fn the_same_run_is_recorded_once(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let summary = json!({ "low": 3 });
    let first = store.record_run(&new_run(b"verdicts", &summary), &by("А", "", 0)).await.unwrap();
    let again = store.record_run(&new_run(b"verdicts", &summary), &by("Б", "", 1)).await.unwrap();
    let other = store.record_run(&new_run(b"others", &summary), &by("Б", "", 2)).await.unwrap();
    assert_eq!(first, again);
    assert_ne!(first, other);
    let run = store.run(first).await.unwrap();
    assert_eq!((run.content.as_slice(), run.summary.created_by.as_str()), (b"verdicts".as_slice(), "А"));
    let ids: Vec<RunId> = store.runs().await.unwrap().into_iter().map(|run| run.id).collect();
    assert_eq!(ids, [other, first], "the newest first");
    let unknown = store.run(RunId(99)).await;
    assert!(matches!(unknown, Err(StoreError::RunUnknown)), "{unknown:?}");
}

async fn a_step_needs_to_know_the_steps_before_it(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let run = store.record_run(&new_run(b"verdicts", &json!({})), &by("А", "", 0)).await.unwrap();
    let step = |step, file| NewStep { organisation: OrganisationId(7), step, text: "Текст", file };
    let reply = step("reply", Some(source(b"scan")));
    store.record_step(run, 0, &reply, &by("Школа", "", 1)).await.unwrap();
    let blind = store.record_step(run, 0, &step("exclude", None), &by("А", "", 2)).await;
    assert!(matches!(blind, Err(StoreError::StepFirst)), "{blind:?}");
    store.record_step(run, 1, &step("confirm", None), &by("А", "", 3)).await.unwrap();
    let steps = store.steps(run).await.unwrap();
    let words: Vec<&str> = steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(words, ["reply", "confirm"]);
    let file = store.source_file(steps[0].file_sha256.as_deref().unwrap()).await.unwrap();
    assert_eq!(file.unwrap().bytes, b"scan");
}
