//! What holds for every order, however odd?

mod example;

use std::collections::HashSet;

use opora_checks::{Component, Suppression, check, rule};
use proptest::prelude::*;

/// Texts of the genre, joined at random: they reach the rules more often than noise does.
fn text(phrases: &'static [&'static str]) -> impl Strategy<Value = String> {
    let of_the_genre =
        prop::collection::vec(prop::sample::select(phrases), 0..4).prop_map(|words| words.join(" "));
    let noise = "[^|\n\r:]{0,24}".prop_map(|text: String| text);
    prop_oneof![6 => of_the_genre, 1 => noise]
}

const TITLES: &[&str] = &[
    "Разработка",
    "Проверка",
    "Экспертиза",
    "школьных дорожных карт",
    "Посещение школ",
    "Визиты в школы",
    "мониторинга учебных достижений",
    "Анализ",
    "Семинар",
    "рекомендаций",
    "2021",
    "программ",
    "учителей",
];
const DEADLINES: &[&str] = &[
    "до 01.04.2021",
    "март 2021",
    "ежемесячно",
    "1 раз в две недели",
    "январь 2023 – декабрь 2021",
    "постоянно",
    "по мере необходимости",
    "—",
    "май",
    ",",
    "до 15 марта",
    "на стадии разработки",
    "2024 год",
    "(ежегодно)",
];
const PARTIES: &[&str] =
    &["Кураторы проекта", ";", "Лугова А.П., методист", "руководители МОУ №№ 2, 7", "99999999999"];
const OUTCOMES: &[&str] = &[
    "Повышение",
    "Оказание помощи",
    "Приказ",
    "экспертных заключений по программам школ",
    "не менее 80 %",
    "-",
];
const NUMBERS: &[&str] = &["1", "1.1", "1.2", "2.4", "4294967295", "1.4294967295", "а", "", "1.1.1", "0"];
const HEADS: &[&str] = &[
    "период: 2021",
    "период: 2020–2024",
    "приказ: № 1 от 17.09.2020",
    "приказ: без номера",
    "контроль: нет",
    "ссылка: закон от 01.01.2030",
    "участники: 2, 7, 14",
    "участники: 2, 7",
    "участники: 2, 7, 14, 15",
    "кураторы: 1, 3",
    "критерий: балл составил 3,2 за два года",
    "критерий: ниже за последние 3 года",
    "план: План на 2020 год",
    "название приказа: О плане на 2021 год",
    "раздел: 2021 год",
    "раздел: 1. Анализ",
];

fn row() -> impl Strategy<Value = String> {
    let number = prop::sample::select(NUMBERS);
    (number, text(TITLES), text(DEADLINES), text(PARTIES), text(OUTCOMES), prop::option::of(2020..2025))
        .prop_map(|(number, title, deadline, parties, outcome, year)| {
            let section = year.map(|year| format!("раздел: {year} год\n")).unwrap_or_default();
            format!("{section}| {number} | {title} | {deadline} | {parties} | {outcome} |\n")
        })
}

fn order() -> impl Strategy<Value = String> {
    let heads = prop::collection::vec(prop::sample::select(HEADS), 0..8).prop_map(|heads| heads.join("\n"));
    (heads, prop::collection::vec(row(), 0..24)).prop_map(|(heads, rows)| {
        format!("{heads}\n| № | Мероприятие | Срок | Ответственные | Результат |\n{}", rows.concat())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_finding_is_whole_and_told_once(text in order()) {
        let order = example::read(&text).order;
        let report = check(&order, &[]);
        prop_assert_eq!(&report, &check(&order, &[]), "the same order gives the same report");
        prop_assert_eq!(report.coverage.len(), Component::ALL.len());
        let mut seen = HashSet::new();
        for finding in &report.findings {
            prop_assert!(rule(finding.code).is_some_and(|rule| finding.level <= rule.level), "{}", finding.code);
            for sentence in [&finding.what, &finding.why, &finding.mend] {
                prop_assert!(sentence.ends_with(['.', '»', '!', '?']), "{}", sentence);
            }
            prop_assert!(finding.what.chars().count() < 1_200, "{}", finding.what);
            prop_assert!(seen.insert((finding.code, finding.subject)), "told twice: {:?}", finding);
        }
    }

    #[test]
    fn what_is_suppressed_is_gone_and_nothing_else_changes(text in order()) {
        let order = example::read(&text).order;
        let before = check(&order, &[]).findings;
        let codes: HashSet<&str> = before.iter().map(|finding| finding.code).collect();
        for code in codes {
            let suppression = Suppression { code: code.to_lowercase(), subject: None, reason: "так решено".to_owned() };
            let report = check(&order, &[suppression]);
            let (gone, left): (Vec<_>, Vec<_>) = before.iter().cloned().partition(|finding| finding.code == code);
            prop_assert_eq!(report.findings, left);
            prop_assert_eq!(report.suppressed.into_iter().map(|(finding, _)| finding).collect::<Vec<_>>(), gone);
        }
    }
}
