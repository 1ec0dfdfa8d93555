//! Does the library of measures read, and is it told what is wrong with one?

#![allow(clippy::expect_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::path::Path;

use opora_cycle::vocabulary::{ActivityKey, Plan};
use opora_roadmap::{
    Evidence, EvidenceKind, Lack, Level, Library, evidence_in, evidence_text, from_measure, lacks,
};
use opora_schedule::{Context, Kind, Period, parse};

fn packs() -> BTreeMap<String, String> {
    let folder = std::fs::read_dir(Path::new("../../packs/measures")).expect("the packs");
    let files = folder.map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        (name, std::fs::read_to_string(&path).expect("a text"))
    });
    files.collect()
}

/// Codes of the dictionary of risk factors.
fn factors() -> Vec<String> {
    let text = std::fs::read_to_string("../../packs/risks/factors.toml").expect("the dictionary");
    let dictionary: toml::Table = text.parse().expect("a dictionary in TOML");
    let factors = dictionary.get("factor").and_then(toml::Value::as_array).expect("factors");
    let code = |factor: &toml::Value| factor.get("id").and_then(toml::Value::as_str).map(str::to_owned);
    factors.iter().filter_map(code).collect()
}

fn library() -> Library {
    let (files, factors) = (packs(), factors());
    let factors: Vec<&str> = factors.iter().map(String::as_str).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (library, errors) = Library::read(&files, Some(&factors));
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    library
}

#[test]
fn the_packs_answer_eleven_factors_and_help_a_municipality() {
    let library = library();
    assert!(library.measures.len() >= 60, "{}", library.measures.len());
    let mut of_factor: BTreeMap<&str, usize> = BTreeMap::new();
    for factor in library.measures.iter().flat_map(|measure| &measure.factors) {
        *of_factor.entry(factor).or_default() += 1;
    }
    assert_eq!(of_factor.len(), factors().len(), "{of_factor:?}");
    assert!(of_factor.values().all(|count| *count >= 4), "{of_factor:?}");
    assert!(library.municipal().count() >= 8);
    assert!(
        library.measures.iter().all(|measure| !measure.source.is_verified),
        "invented measures are marked"
    );
}

#[test]
fn every_deadline_of_the_packs_is_understood_and_falls_into_a_school_year() {
    let day = |text: &str| text.parse().expect("a day");
    let period = Period { start: day("2026-09-01"), end: day("2027-08-31") };
    let context = Context { period: Some(period), ..Context::default() };
    for measure in library().measures {
        let schedule = parse(&measure.schedule, &context);
        let is_relative = schedule.parts.iter().any(|part| matches!(part.kind, Kind::Relative { .. }));
        let days = schedule.occurrences(period, &context);
        assert!(
            is_relative || !days.is_empty(),
            "{}: {} → {:?}",
            measure.id,
            measure.schedule,
            schedule.parts
        );
    }
}

#[test]
fn a_measure_of_the_packs_lacks_only_a_name() {
    let day = |text: &str| text.parse().expect("a day");
    let period = Period { start: day("2026-09-01"), end: day("2027-08-31") };
    let plan = Plan { period: Some(period), ..Plan::default() };
    for measure in library().measures {
        let activity = from_measure(&measure, ActivityKey(1), period);
        let mut lacks = lacks(&activity, &plan);
        // «в течение 10 рабочих дней после зачисления» has no day of its own.
        lacks.retain(|lack| *lack != Lack::Deadline || !measure.schedule.contains("после"));
        assert_eq!(lacks, [Lack::Person], "{}", measure.id);
        assert_eq!(evidence_in(&activity.other[0].text), measure.evidence);
    }
}

#[test]
fn tiers_choose_among_the_measures() {
    let library = library();
    let all = library.for_factor("low_equipment", Some("deep")).count();
    let first = library.for_factor("low_equipment", Some("first")).count();
    assert_eq!((all - first, library.for_factor("low_equipment", None).count()), (1, first));
    assert_eq!(library.for_factor("no such factor", None).count(), 0);
    assert!(library.municipal().all(|measure| measure.level == Level::Municipality));
}

const GOOD: &str = r#"
[source]
title = "Общая практика"
status = "unverified"

[[measure]]
id = "clubs"
title = "Открыть кружки"
factors = ["motivation"]
audience = "ученики"
schedule = "еженедельно"
responsible = "директор"
indicator = { name = "Доля посещающих", unit = "%", polarity = "up" }
evidence = [{ kind = "file", what = "расписание" }]
"#;

/// Puts a text in place of another and compares what is told.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    let (library, errors) = Library::read(&[("a.toml", &text)], Some(&["motivation"]));
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told, expected);
    assert_eq!(library.measures.is_empty(), !expected.is_empty());
}

#[test]
fn what_is_wrong_is_told_with_the_place_and_how_to_mend_it() {
    check("clubs", "clubs", &[]);
    check(
        "title = \"Открыть кружки\"\n",
        "",
        &["a.toml, строка 6, мера clubs: Нет поля «title». Напишите его текстом в кавычках."],
    );
    check(
        "schedule",
        "shedule",
        &[
            "a.toml, строка 6, мера clubs: Нет поля «schedule». Напишите его текстом в кавычках.",
            "a.toml, строка 11, мера clubs: Поле «shedule» неизвестно. Допустимы: id, title, level, factors, audience, schedule, responsible, indicator, evidence, tiers. Проверьте написание.",
        ],
    );
    check(
        "\"motivation\"",
        "\"motivaton\"",
        &["a.toml, строка 9, мера clubs: Фактора риска «motivaton» нет в словаре. Известны: motivation."],
    );
    check(
        "[\"motivation\"]",
        "[]",
        &[
            "a.toml, строка 9, мера clubs: Не сказано, на какой риск отвечает мера. Перечислите коды факторов: factors = [\"motivation\"].",
        ],
    );
    check(
        "\"up\"",
        "\"рост\"",
        &["a.toml, строка 13, мера clubs: Значение поля «polarity» не подходит. Допустимы: up, down."],
    );
    check(
        "\"file\"",
        "\"photo\"",
        &[
            "a.toml, строка 14, мера clubs: Значение поля «kind» не подходит. Допустимы: file, link, number, minutes.",
        ],
    );
}

#[test]
fn broken_files_are_told_and_the_others_stay() {
    let (library, errors) =
        Library::read(&[("a.toml", "= ["), ("b.toml", GOOD), ("c.toml", GOOD), ("d.toml", "")], None);
    assert_eq!(library.measures.len(), 1);
    let places: Vec<(&str, &str)> =
        errors.iter().map(|error| (error.file.as_str(), error.place.as_str())).collect();
    assert!(
        places.contains(&("a.toml", "файл"))
            && places.contains(&("c.toml", "мера clubs"))
            && places.contains(&("d.toml", "файл")),
        "{errors:?}"
    );
}

#[test]
fn evidence_is_written_and_read_back() {
    let evidence = [
        Evidence { kind: EvidenceKind::Minutes, what: "протокол педсовета".to_owned() },
        Evidence { kind: EvidenceKind::Number, what: "доля".to_owned() },
    ];
    assert_eq!(evidence_text(&evidence), "протокол: протокол педсовета; число: доля");
    assert_eq!(evidence_in(&evidence_text(&evidence)), evidence);
    let one = |text: &str| evidence_in(text).into_iter().map(|one| (one.kind, one.what)).collect::<Vec<_>>();
    assert_eq!(one("Справка"), [(EvidenceKind::File, "Справка".to_owned())]);
    assert_eq!(
        one("Ссылка : сайт\nакт: подписанный"),
        [(EvidenceKind::Link, "сайт".to_owned()), (EvidenceKind::File, "акт: подписанный".to_owned())]
    );
    assert_eq!(one(" – ; "), []);
}
