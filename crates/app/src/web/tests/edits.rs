//! Cases of editing on the review page: everything around the activities.

use super::*;
use opora_cycle::vocabulary::Order;
use opora_store::PlanId;

impl Site {
    async fn order(&self) -> Order {
        self.store.plan(PlanId(1)).await.expect("plan 1").order
    }

    /// Sends an edit made looking at a version; the status and the text of the answer.
    async fn edit(&self, seen: &str, target: &str, fields: &[(&str, &str)]) -> Answer {
        let form = [&[("version", seen), ("target", target)], fields].concat();
        self.post("/plans/1/review", &form).await
    }

    /// The same, saved; the place that the browser is sent to.
    async fn saved(&self, seen: &str, target: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.edit(seen, target, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{target}: {}", answer.text);
        answer.location
    }
}

#[tokio::test]
async fn title_and_period_of_the_plan_are_edited() {
    let site = Site::with_sample().await;
    let fields = [("title", "Новое имя плана"), ("start", "01.09.2026"), ("end", "31 мая 2027 г.")];
    assert_eq!(site.saved("1", "plan", &fields).await, "/plans/1/review?saved=2#plan");
    let period = site.order().await.plans[0].period.expect("a period");
    assert_eq!(
        (period.start.to_string(), period.end.to_string()),
        ("2026-09-01".into(), "2027-05-31".into())
    );
    assert!(site.get("/plans").await.text.contains("Новое имя плана"));
    let history = site.get("/plans/1/history").await.text;
    assert!(
        history.contains("Название дорожной карты") && history.contains("Период дорожной карты"),
        "{history}"
    );
}

#[tokio::test]
async fn what_was_typed_survives_a_refusal_in_every_form() {
    async fn check(site: &Site, target: &str, fields: &[(&str, &str)], words: &[&str]) {
        let answer = site.edit("1", target, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{target}");
        for word in words {
            assert!(answer.text.contains(word), "{target}: {word}: {}", answer.text);
        }
    }
    let site = Site::with_sample().await;
    check(
        &site,
        "plan",
        &[("title", "Моё имя"), ("start", "когда-то")],
        &["Моё имя", "когда-то", "Дата не понята"],
    )
    .await;
    check(
        &site,
        "act",
        &[("number", "77-н"), ("signatory_post", "Начальник управы")],
        &["77-н", "Начальник управы", "имени нет"],
    )
    .await;
    check(&site, "section-0", &[("title", "Мой раздел"), ("year", "26")], &["Мой раздел", "Год не понят"])
        .await;
    check(&site, "addsection-1", &[("number", "IX"), ("title", " ")], &["IX", "Напишите название раздела"])
        .await;
    let criteria = [("title-0", ""), ("lines-0", "Моя доля")];
    check(&site, "criteria", &criteria, &["Моя доля", "Напишите критерий"]).await;
    let many = "Школа\n".repeat(600);
    check(&site, "participants", &[("schools", &many)], &["Слишком много строк"]).await;
    assert_eq!(site.store.history(PlanId(1)).await.expect("history").len(), 1);
}

#[tokio::test]
async fn every_field_of_the_act_is_edited() {
    let site = Site::with_sample().await;
    let fields = [
        ("kind", "постановление"),
        ("number", "12-п"),
        ("date", "05.06.2026"),
        ("locality", "г. Тихоборск"),
        ("authority", "Администрация Тихоборска"),
        ("title", "О плане"),
        ("control", "Контроль оставляю за собой"),
        ("controller", "Ветрова А. П."),
        ("controller_post", "начальник управления"),
        ("signatory", "Громов И. С."),
        ("signatory_post", "глава"),
    ];
    site.saved("1", "act", &fields).await;
    let act = site.order().await.act;
    let control = act.control.expect("the control");
    assert!(control.own);
    assert_eq!(control.person.map(|person| person.name).as_deref(), Some("Ветрова А. П."));
    assert_eq!(act.signatory.and_then(|person| person.post).as_deref(), Some("глава"));
    assert_eq!((act.locality.as_deref(), act.number.as_deref()), (Some("г. Тихоборск"), Some("12-п")));
    let review = site.get("/plans/1/review").await.text;
    assert!(review.contains("глава Громов И. С.") && review.contains("г. Тихоборск"), "{review}");
}

#[tokio::test]
async fn a_section_is_added_renamed_moved_and_deleted_when_it_is_empty() {
    let site = Site::with_sample().await;
    let count = site.order().await.plans[0].sections.len();
    let fields = [("number", "9"), ("title", "Итоги"), ("year", "2027")];
    assert_eq!(site.saved("1", "addsection-1", &fields).await, "/plans/1/review?saved=2&section=1#section-2");
    let review = site.get("/plans/1/review").await.text;
    assert!(review.contains("9. Итоги") && review.contains("пустой") && review.contains("сроки 2027 года"));
    let renamed = [("number", "9"), ("title", "Подведение итогов"), ("year", "")];
    site.saved("2", "section-1", &renamed).await;
    assert_eq!(site.saved("3", "upsection-1", &[]).await, "/plans/1/review?saved=4&section=0#section-1");
    assert_eq!(site.order().await.plans[0].sections[0].title, "Подведение итогов");
    let full = site.edit("4", "deletesection-1", &[]).await;
    assert_eq!(full.status, StatusCode::CONFLICT);
    assert!(full.text.contains("Раздел не пуст"), "{}", full.text);
    let asked = site.get("/plans/1/review?edit=deletesection-0").await.text;
    assert!(asked.contains("Удалить раздел?") && asked.contains("Подведение итогов"));
    site.saved("4", "deletesection-0", &[]).await;
    assert_eq!(site.order().await.plans[0].sections.len(), count);
    let history = site.get("/plans/1/history").await.text;
    for words in
        ["Раздел 2 «Итоги» добавлен", "переставлен: раньше он был 2-м", "Раздел 1 «Подведение итогов» удалён"]
    {
        assert!(history.contains(words), "{words}: {history}");
    }
    assert!(!history.contains("перенесено"), "the activities stayed where they were");
}

#[tokio::test]
async fn an_edit_of_a_section_follows_it_when_others_move_it() {
    let site = Site::with_sample().await;
    let old = site.order().await.plans[0].sections[0].clone();
    site.saved("1", "addsection-0", &[("title", "Сначала")]).await;
    let number = old.number.clone().unwrap_or_default();
    site.saved("1", "section-0", &[("number", &number), ("title", "Своё имя")]).await;
    let sections = site.order().await.plans.remove(0).sections;
    assert_eq!((sections[0].title.as_str(), sections[1].title.as_str()), ("Сначала", "Своё имя"));
    site.saved("1", "add-1", &[("title", "Новое дело")]).await;
    let holds = |section: &opora_cycle::vocabulary::Section| {
        section.activities.iter().any(|activity| activity.title == "Новое дело")
    };
    assert_eq!(site.order().await.plans[0].sections.iter().position(holds), Some(2));
}

#[tokio::test]
async fn two_edits_of_one_place_conflict_and_lose_nothing() {
    async fn check(target: &str, field: &str) {
        let site = Site::with_sample().await;
        site.saved("1", target, &[(field, "Текст первого")]).await;
        let answer = site.edit("1", target, &[(field, "Текст второго")]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{target}");
        assert!(answer.text.contains("Текст первого") && answer.text.contains("Текст второго"), "{target}");
        assert!(answer.text.contains(r#"name="version" value="2""#), "{target}");
        let again = site.edit("2", target, &[(field, "Текст второго")]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{target}");
    }
    check("plan", "title").await;
    check("act", "authority").await;
    check("section-0", "title").await;
    check("programme", "goals").await;
    check("participants", "curator_schools").await;
    check("indicators", "lines-0").await;
}

#[tokio::test]
async fn texts_for_a_deleted_section_can_be_added_as_a_new_one() {
    let site = Site::with_sample().await;
    let last = site.order().await.plans[0].sections.len();
    site.saved("1", &format!("addsection-{last}"), &[("title", "Лишний")]).await;
    site.saved("2", &format!("deletesection-{last}"), &[]).await;
    let answer = site.edit("2", &format!("section-{last}"), &[("title", "Мой раздел")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
    assert!(answer.text.contains("этот раздел удалили") && answer.text.contains("Мой раздел"));
    let add = format!("addsection-{last}");
    assert!(answer.text.contains(&format!(r#"name="target" value="{add}""#)));
    site.saved("3", &add, &[("title", "Мой раздел")]).await;
}

#[tokio::test]
async fn lists_and_schools_are_edited_as_lines() {
    let site = Site::with_sample().await;
    let indicators = [
        ("title-0", "Качество"),
        ("lines-0", "Доля первая\r\nДоля вторая"),
        ("title-1", ""),
        ("lines-1", " "),
    ];
    assert_eq!(site.saved("1", "indicators", &indicators).await, "/plans/1/review?saved=2#indicators");
    let order = site.order().await;
    assert_eq!(order.indicators.len(), 1);
    assert_eq!(order.indicators[0].indicators[1].text, "Доля вторая");
    site.saved("2", "programme", &[("name", "Опоры роста"), ("goals", "Цель")]).await;
    site.saved("3", "participants", &[("schools", "МОУ № 3"), ("curator_schools", "Лицей № 1")]).await;
    let review = site.get("/plans/1/review").await.text;
    for words in ["Доля вторая", "Опоры роста", "лицей № 1"] {
        assert!(review.contains(words), "{words}: {review}");
    }
    let more = site.edit("4", "indicators", &[("title-0", "Одна"), ("lines-0", "а"), ("more", "1")]).await;
    assert_eq!(more.status, StatusCode::OK);
    assert!(more.text.contains("Одна") && more.text.contains(r#"name="title-1""#), "{}", more.text);
}
