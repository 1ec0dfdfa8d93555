//! Is everything found that was written, and nothing else, on both databases alike?

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test may fail where it stands, and its cases read best as literals"
)]

mod place;

use opora_store::{DatabaseUrl, Hit, SearchField, Store, VersionNumber};
use place::{by, import, on_both_databases, order, titled};

on_both_databases!(
    words_are_found_in_every_form,
    signs_of_the_query_language_mean_nothing,
    only_the_newest_version_is_searched,
    archived_plans_are_not_found,
    hits_come_in_one_order_and_no_more_than_asked,
);

/// What is found in all plans.
async fn all(store: &Store, query: &str, limit: u64) -> Vec<Hit> {
    let plans: Vec<_> = store.plans().await.unwrap().into_iter().map(|plan| plan.id).collect();
    store.search(query, &plans, limit).await.unwrap()
}

/// Keys of the activities found, 0 for the head of a plan.
async fn check(store: &Store, query: &str, expected: &[u32]) {
    let hits = all(store, query, 50).await;
    let found: Vec<_> = hits.iter().map(|hit| hit.activity.map_or(0, |key| key.0)).collect();
    assert_eq!(found, expected, "«{query}»");
}

async fn words_are_found_in_every_form(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    import(&store, b"a", &order()).await;
    check(&store, "мониторинг результатов", &[1]).await;
    check(&store, "МОНИТОРИНГ", &[0, 1]).await;
    check(&store, "мониторинг вебинар", &[]).await;
    check(&store, "1.14", &[2]).await;
    check(&store, "1.1", &[1]).await;
    check(&store, "212/1", &[3]).await;
    check(&store, "212", &[3]).await;
    check(&store, "17-д", &[0]).await;
    check(&store, "Ковалевой", &[1]).await;
    check(&store, "ковалёва справка", &[1]).await;
    check(&store, "Рябинина", &[0]).await;
    check(&store, "директор, школа!", &[2]).await;
    check(&store, "МОУ 7", &[2]).await;
    check(&store, "ежемесячно", &[2]).await;
    check(&store, "качество образования", &[0]).await;
    check(&store, "аэродром", &[]).await;
    check(&store, "", &[]).await;
    check(&store, " … — ", &[]).await;

    let hit = all(&store, "справка мониторинга", 5).await.remove(0);
    assert_eq!(hit.plan_title, "Дорожная карта на 2026 год");
    assert_eq!(hit.heading, "1.1 Мониторинга результата диагностики");
    assert_eq!(
        hit.matches,
        [
            (SearchField::Title, "Мониторинга результата диагностики".to_owned()),
            (SearchField::Outcome, "Аналитическая справка".to_owned()),
        ]
    );
}

async fn signs_of_the_query_language_mean_nothing(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    import(&store, b"a", &order()).await;
    for query in [
        "%",
        "_",
        "\\",
        "%%%",
        "'",
        "\"",
        "\0",
        "* OR 1=1",
        "1%4",
        "вебина%",
        "вебина_",
        "' OR '1'='1",
        "NEAR(a b)",
    ] {
        check(&store, query, &[]).await;
    }
    check(&store, "'; DROP TABLE plan; --", &[]).await;
    check(&store, "100%", &[3]).await;
    check(&store, "«снежинка»", &[3]).await;
    check(&store, &"слово ".repeat(10_000), &[]).await;
    check(&store, &"ы".repeat(100_000), &[]).await;
    assert_eq!(store.plans().await.unwrap().len(), 1);
}

async fn only_the_newest_version_is_searched(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &titled("Карта маяк")).await;
    import(&store, b"b", &titled("Карта парус")).await;
    check(&store, "маяк", &[0]).await;
    let edited = titled("Карта компас");
    store.append_version(plan, VersionNumber(1), &edited, &by("А", "", 1)).await.unwrap();
    check(&store, "маяк", &[]).await;
    check(&store, "компас", &[0]).await;
    check(&store, "парус", &[0]).await;
    assert_eq!(all(&store, "компас", 5).await[0].version, VersionNumber(2));
}

async fn archived_plans_are_not_found(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let plan = import(&store, b"a", &order()).await;
    import(&store, b"b", &order()).await;
    check(&store, "вебинар", &[3, 3]).await;
    store.archive(plan, &by("А", "лишний", 1)).await.unwrap();
    check(&store, "вебинар", &[3]).await;
    store.restore(plan, &by("А", "нужен", 2)).await.unwrap();
    check(&store, "вебинар", &[3, 3]).await;
}

async fn hits_come_in_one_order_and_no_more_than_asked(url: DatabaseUrl) {
    let store = Store::open(&url).await.unwrap();
    let first = import(&store, b"a", &order()).await;
    let second = import(&store, b"b", &order()).await;
    let hits = all(&store, "школ", 50).await;
    let found: Vec<_> = hits.iter().map(|hit| (hit.plan, hit.activity.map(|key| key.0))).collect();
    assert_eq!(found, [(second, None), (second, Some(2)), (first, None), (first, Some(2))]);
    assert_eq!(all(&store, "школ", 3).await, hits[..3]);
    assert!(all(&store, "школ", 0).await.is_empty());
    // However many others there are, those asked for are found.
    assert_eq!(store.search("школ", &[first], 2).await.unwrap(), hits[2..]);
    assert!(store.search("школ", &[], 2).await.unwrap().is_empty());
}
