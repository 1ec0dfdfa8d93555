//! Is what was recorded there, whole, and in the order in which it happened?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail where it stands, and its cases read best as literals"
)]

mod place;

use opora_access::Place;
use opora_cycle::vocabulary::ActivityKey;
use opora_exchange::content_hash;
use opora_neutral::Format;
use opora_schedule::Period;
use opora_store::{
    AuditVerdict, Authorship, DatabaseUrl, NewFact, NewFacts, NewSource, NewSuppression, PlanId, Store,
    StoreError, VersionNumber,
};
use place::{at, by, import, on_both_databases, order, source, titled};

on_both_databases!(
    an_import_is_read_back,
    the_same_file_is_stored_once,
    an_order_with_two_plans_gives_two_plans,
    versions_are_appended,
    a_version_and_its_facts_are_recorded_together,
    the_highest_key_is_that_of_all_versions,
    an_old_version_can_not_be_continued,
    a_version_holds_one_plan,
    what_is_not_there_is_said_so,
    a_suppression_is_added_and_withdrawn,
    a_suppression_belongs_to_its_place,
    a_plan_goes_into_the_archive_and_back,
    every_write_leaves_an_event,
    a_database_is_opened_again,
    texts_of_any_kind_are_kept,
);

async fn an_import_is_read_back(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"bytes", &order()).await;
    let record = store.plan(plan).await.unwrap();
    assert_eq!(record.order, order());
    assert_eq!(record.version.number, VersionNumber::FIRST);
    assert_eq!(record.version.content_sha256, content_hash(&order()));
    let summary = record.summary;
    assert_eq!(summary.title, "Дорожная карта на 2026 год");
    assert_eq!((summary.act_kind.as_deref(), summary.act_number.as_deref()), (Some("приказ"), Some("17-Д")));
    assert_eq!(summary.act_date, Some(jiff::civil::date(2026, 2, 9)));
    let year = Period { start: jiff::civil::date(2026, 1, 1), end: jiff::civil::date(2026, 12, 31) };
    assert_eq!(summary.period, Some(year));
    assert_eq!((summary.section_count, summary.activity_count), (2, 3));
    assert_eq!((summary.created_by.as_str(), summary.created_at), ("Соколова", at(0)));
    assert_eq!(summary.source_name, "приказ 17-Д.docx");
    assert!(!summary.archived);
    assert_eq!(store.plans().await.unwrap(), std::slice::from_ref(&summary));
    let file = store.source_file(&summary.source_sha256).await.unwrap().unwrap();
    assert_eq!((file.bytes.as_slice(), file.format), (b"bytes".as_slice(), Format::Docx));
    assert_eq!(store.source_file("nothing").await.unwrap(), None);
}

async fn the_same_file_is_stored_once(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let first =
        store.record_import(&source(b"a"), &order(), Place::Installation, &by("А", "", 0)).await.unwrap();
    let other_name = NewSource { name: "копия.docx", ..source(b"a") };
    let again =
        store.record_import(&other_name, &order(), Place::Installation, &by("Б", "", 1)).await.unwrap();
    assert_eq!((first.file_is_new, again.file_is_new), (true, false));
    assert_eq!(first.sha256, again.sha256);
    let file = store.source_file(&first.sha256).await.unwrap().unwrap();
    assert_eq!((file.name.as_str(), file.added_by.as_str()), ("приказ 17-Д.docx", "А"));
    let known: Vec<_> = store.plans_of_source(&first.sha256).await.unwrap().iter().map(|p| p.id).collect();
    assert_eq!(known, [again.plans[0], first.plans[0]]);
    assert!(store.plans_of_source("nothing").await.unwrap().is_empty());
}

async fn an_order_with_two_plans_gives_two_plans(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let mut two = order();
    two.plans.push(titled("Второй план").plans.remove(0));
    let imported =
        store.record_import(&source(b"two"), &two, Place::Installation, &by("А", "", 0)).await.unwrap();
    let titles: Vec<_> = store.plans().await.unwrap().into_iter().map(|plan| plan.title).collect();
    assert_eq!(titles, ["Второй план", "Дорожная карта на 2026 год"], "the newest first");
    let second = store.plan(imported.plans[1]).await.unwrap().order;
    assert_eq!(second, titled("Второй план"), "one plan only");
}

async fn versions_are_appended(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &order()).await;
    let edited = titled("Исправленная карта");
    let number =
        store.append_version(plan, VersionNumber(1), &edited, &by("Ветрова", "опечатка", 5)).await.unwrap();
    assert_eq!(number, VersionNumber(2));
    let record = store.plan(plan).await.unwrap();
    assert_eq!((record.order, record.summary.version), (edited, VersionNumber(2)));
    assert_eq!((record.summary.changed_by.as_str(), record.summary.changed_at), ("Ветрова", at(5)));
    assert_eq!(record.summary.created_by, "Соколова");
    let first = store.plan_version(plan, VersionNumber(1)).await.unwrap();
    assert_eq!(first.order, order(), "the version before is as it was");
    assert_eq!(first.summary.version, VersionNumber(2), "and it is known to be an old one");
    let history = store.history(plan).await.unwrap();
    let lines: Vec<_> = history.iter().map(|v| (v.number.0, v.author.as_str(), v.reason.as_str())).collect();
    assert_eq!(lines, [(2, "Ветрова", "опечатка"), (1, "Соколова", "")]);
    assert_eq!(store.plans().await.unwrap()[0].title, "Исправленная карта");
}

async fn a_version_and_its_facts_are_recorded_together(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"bytes", &order()).await;
    let content = serde_json::json!({ "key": 3 });
    let new = [NewFact { subject: "links/1", kind: "adopted", content: &content }];
    let facts = NewFacts { known: &[("links/1", None)], new: &new, account: None };
    let append = async |version: i32, title: &str| {
        let number = VersionNumber(version);
        store.append_version_with_facts(plan, number, &titled(title), &facts, &by("А", "", 1)).await
    };
    assert_eq!(append(1, "Вторая").await.unwrap(), VersionNumber(2));
    assert_eq!(store.facts("links/1").await.unwrap().len(), 1);
    // Somebody else was first with the facts: the version is not written either.
    assert!(matches!(append(2, "Третья").await, Err(StoreError::FactFirst)));
    assert!(matches!(append(1, "Третья").await, Err(StoreError::Conflict { .. })));
    assert_eq!(store.history(plan).await.unwrap().len(), 2);
    assert_eq!(store.facts("links/1").await.unwrap().len(), 1);
}

async fn the_highest_key_is_that_of_all_versions(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"bytes", &order()).await;
    let first = store.highest_key(plan).await.unwrap();
    assert_eq!(first, order().plans[0].activities().map(|activity| activity.key).max().unwrap());
    // More versions than are held in memory at once; the highest key stands only in an early one.
    let mut high = titled("Вторая");
    high.plans[0].sections[0].activities[0].key = ActivityKey(77);
    store.append_version(plan, VersionNumber(1), &high, &by("А", "", 1)).await.unwrap();
    for number in 2..40 {
        let title = format!("Версия {number}");
        store.append_version(plan, VersionNumber(number), &titled(&title), &by("А", "", 1)).await.unwrap();
    }
    assert_eq!(store.highest_key(plan).await.unwrap(), ActivityKey(77));
    assert_eq!(store.highest_key(PlanId(99)).await.unwrap(), ActivityKey(0));
}

async fn an_old_version_can_not_be_continued(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &order()).await;
    store.append_version(plan, VersionNumber(1), &titled("Вторая"), &by("А", "", 1)).await.unwrap();
    let late = store.append_version(plan, VersionNumber(1), &titled("Поздняя"), &by("Б", "", 2)).await;
    let error = late.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { current: VersionNumber(2) }), "{error:?}");
    assert!(error.to_string().contains("действует версия 2"), "{error}");
    assert_eq!(store.plan(plan).await.unwrap().summary.title, "Вторая");
    assert_eq!(store.audit(1, 10).await.unwrap().total, 3, "a refusal leaves no event");
}

async fn a_version_holds_one_plan(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &order()).await;
    let mut none = order();
    none.plans.clear();
    let error = store.append_version(plan, VersionNumber(1), &none, &by("А", "", 1)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotOnePlan { found: 0 }), "{error:?}");
    assert_eq!(store.history(plan).await.unwrap().len(), 1);
}

async fn what_is_not_there_is_said_so(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &order()).await;
    let nobody = PlanId(404);
    let unknown = |error: StoreError| assert!(matches!(error, StoreError::PlanUnknown(id) if id == nobody));
    unknown(store.plan(nobody).await.unwrap_err());
    unknown(store.history(nobody).await.unwrap_err());
    unknown(store.append_version(nobody, VersionNumber(1), &order(), &by("А", "", 0)).await.unwrap_err());
    unknown(store.archive(nobody, &by("А", "лишний", 0)).await.unwrap_err());
    let finding = NewSuppression { code: "D101", activity: None, place: None };
    unknown(store.suppress(nobody, &finding, &by("А", "так надо", 0)).await.unwrap_err());
    let error = store.plan_version(plan, VersionNumber(9)).await.unwrap_err();
    assert!(matches!(error, StoreError::VersionUnknown(_, VersionNumber(9))));
}

async fn a_suppression_is_added_and_withdrawn(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &order()).await;
    let other = import(&store, b"b", &order()).await;
    let here = NewSuppression { code: "D101", activity: Some(ActivityKey(2)), place: None };
    let everywhere = NewSuppression { code: "R201", activity: None, place: None };
    let first = store.suppress(plan, &here, &by("Ветрова", "срок согласован", 1)).await.unwrap();
    store.suppress(plan, &everywhere, &by("Ветрова", "штат не утверждён", 2)).await.unwrap();
    assert_eq!(
        store.suppress(plan, &here, &by("Б", "ещё раз", 3)).await.unwrap(),
        first,
        "it is off already"
    );
    let found = store.suppressions(plan).await.unwrap();
    let codes: Vec<_> = found.iter().map(|s| (s.code.as_str(), s.activity, s.reason.as_str())).collect();
    let expected = [("D101", Some(ActivityKey(2)), "срок согласован"), ("R201", None, "штат не утверждён")];
    assert_eq!(codes, expected);
    assert!(store.suppressions(other).await.unwrap().is_empty());

    let wrong_plan = store.withdraw_suppression(other, first, &by("Б", "ошибка", 4)).await.unwrap_err();
    assert!(matches!(wrong_plan, StoreError::SuppressionUnknown));
    store.withdraw_suppression(plan, first, &by("Б", "срок снова в силе", 4)).await.unwrap();
    let twice = store.withdraw_suppression(plan, first, &by("Б", "ещё раз", 5)).await.unwrap_err();
    assert!(matches!(twice, StoreError::SuppressionUnknown));
    assert_eq!(store.suppressions(plan).await.unwrap().len(), 1);
    let again = store.suppress(plan, &here, &by("Б", "согласован новый срок", 6)).await.unwrap();
    assert_ne!(again, first, "a new decision");
    let error = store.suppress(plan, &here, &by("Б", "  ", 6)).await.unwrap_err();
    assert!(matches!(error, StoreError::ReasonMissing));
}

async fn a_suppression_belongs_to_its_place(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &order()).await;
    let at_place = |place| NewSuppression { code: "N201", activity: None, place };
    let off = async |place| store.suppress(plan, &at_place(place), &by("А", "так надо", 1)).await.unwrap();
    let first = off(Some("section:1 Диагностика")).await;
    let second = off(Some("section:2 Помощь")).await;
    let everywhere = off(None).await;
    assert_eq!(off(Some("section:1 Диагностика")).await, first);
    assert_ne!(first, second);
    assert_ne!(first, everywhere);
    store.withdraw_suppression(plan, first, &by("Б", "ошибка", 2)).await.unwrap();
    let places: Vec<_> = store.suppressions(plan).await.unwrap().into_iter().map(|s| s.place).collect();
    assert_eq!(places, [Some("section:2 Помощь".to_owned()), None]);
}

async fn a_plan_goes_into_the_archive_and_back(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &order()).await;
    let other = import(&store, b"b", &order()).await;
    let archived = async || {
        let plans = store.plans().await.unwrap();
        plans.into_iter().filter(|plan| plan.archived).map(|plan| plan.id).collect::<Vec<_>>()
    };
    assert!(matches!(store.archive(plan, &by("А", "", 1)).await, Err(StoreError::ReasonMissing)));
    store.archive(plan, &by("А", "загружен дважды", 1)).await.unwrap();
    store.archive(plan, &by("А", "загружен дважды", 2)).await.unwrap();
    assert_eq!(archived().await, [plan]);
    assert_eq!(store.plan(plan).await.unwrap().order, order(), "nothing is lost");
    store.restore(plan, &by("Б", "нужен", 3)).await.unwrap();
    store.restore(other, &by("Б", "нужен", 3)).await.unwrap();
    assert!(archived().await.is_empty());
    store.archive(plan, &by("А", "всё-таки лишний", 4)).await.unwrap();
    assert_eq!(archived().await, [plan]);
    let moves = store.audit(1, 3).await.unwrap().events;
    let actions: Vec<_> = moves.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(
        actions,
        ["plan.archive", "plan.restore", "plan.archive"],
        "moves that move nothing leave no event"
    );
}

async fn every_write_leaves_an_event(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { events: 0, .. }));
    let plan = import(&store, b"a", &order()).await;
    store.append_version(plan, VersionNumber(1), &titled("Б"), &by("Ветрова", "правка", 1)).await.unwrap();
    let finding = NewSuppression { code: "D101", activity: None, place: None };
    let suppression = store.suppress(plan, &finding, &by("Ветрова", "так надо", 2)).await.unwrap();
    store.withdraw_suppression(plan, suppression, &by("Ветрова", "уже не надо", 3)).await.unwrap();
    store.archive(plan, &by("Ветрова", "лишний", 4)).await.unwrap();
    let page = store.audit(1, 100).await.unwrap();
    let lines: Vec<_> = page.events.iter().map(|e| (e.seq, e.action.as_str(), e.who.as_str())).collect();
    assert_eq!(
        lines,
        [
            (6, "plan.archive", "Ветрова"),
            (5, "suppression.withdraw", "Ветрова"),
            (4, "suppression.add", "Ветрова"),
            (3, "version.append", "Ветрова"),
            (2, "plan.create", "Соколова"),
            (1, "source.add", "Соколова"),
        ]
    );
    assert_eq!(page.events[3].object, format!("plan/{}/version/2", plan.0));
    assert_eq!(page.events[3].details["reason"], "правка");
    assert_eq!(page.events[3].details["content"], content_hash(&titled("Б")).as_str());
    let second = store.audit(2, 4).await.unwrap();
    assert_eq!((second.total, second.events.len(), second.events[0].seq), (6, 2, 2));
    let last_hash = page.events[0].hash.clone();
    assert_eq!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { events: 6, last_hash });
}

async fn a_database_is_opened_again(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &order()).await;
    store.close().await.unwrap();
    let store = Store::open(&url).await.unwrap();
    assert_eq!(store.plan(plan).await.unwrap().order, order());
    assert_eq!(store.append_version(plan, VersionNumber(1), &order(), &by("А", "", 1)).await.unwrap().0, 2);
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { events: 3, .. }));
}

async fn texts_of_any_kind_are_kept(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let odd = titled("ноль \0, кавычка ' и \" и \u{1f9ed}\u{feff}");
    let file = NewSource { name: "имя\0.txt", format: Format::Text, bytes: b"\0\xff" };
    let by = Authorship { who: "кто\0", reason: "'); --", at: at(0) };
    let imported = store.record_import(&file, &odd, Place::Installation, &by).await.unwrap();
    let record = store.plan(imported.plans[0]).await.unwrap();
    assert_eq!(record.order, odd, "the content is verbatim");
    assert_eq!(record.summary.title, "ноль \u{fffd}, кавычка ' и \" и \u{1f9ed}\u{feff}");
    assert_eq!(store.source_file(&imported.sha256).await.unwrap().unwrap().bytes, b"\0\xff");
    assert!(matches!(store.verify_audit().await.unwrap(), AuditVerdict::Whole { events: 2, .. }));
    assert_eq!(store.source_file("\0").await.unwrap(), None);
}
