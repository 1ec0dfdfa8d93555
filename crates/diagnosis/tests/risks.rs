//! Which significance follows from which answers and data, and how is it told?

#![allow(clippy::expect_used, reason = "the helpers of a test may fail as the test may")]

mod shared;

use jiff::civil::date;
use opora_diagnosis::{
    Aggregate, Answers, Collection, Evidence, EvidenceValue, FactorDictionary, Inputs, Profile, Significance,
    aggregate, assess, chart, compare_profiles, decide, read_factors,
};
use proptest::prelude::*;
use shared::{TODAY, answers, factors, pack};

const SMALL: &str = r#"
id = "small"
version = 1
title = "Два фактора"
source = "придумано для проверки"
status = "verified"
known_percent_min = 50

[[evidence]]
id = "staff_vacancies"
name = "доля незанятых ставок"
value = "share"

[[evidence]]
id = "years"
name = "лет в перечне"
value = "number"

[[factor]]
id = "staff"
name = "Дефицит кадров"
about = "Ставки не заняты."
source = "п. 1"
status = "verified"

[[factor.rule]]
id = "vacancies"
name = "Доля незанятых ставок"
question = "vacancies"
evidence = "staff_vacancies"
worse = "more"
high = "15 %"
medium = "5 %"
clause = "п. 2.1"
status = "verified"

[[factor.rule]]
id = "specialists"
name = "Психолог и логопед"
question = "specialists"
levels = { all = "none", part = "low", none = "medium" }
clause = "п. 2.2"
status = "unverified"

[[factor]]
id = "learning"
name = "Обучение учителей"
about = "Учителя не учатся друг у друга."
source = "п. 3"
status = "verified"
high_needs = 2

[[factor.rule]]
id = "visits"
name = "Взаимные посещения уроков"
question = "mutual_visits"
worse = "less"
high = 0
medium = 4
clause = "п. 3.1"
status = "verified"

[[factor.rule]]
id = "years"
name = "Лет в перечне"
evidence = "years"
worse = "more"
high = 3
medium = 2
clause = "п. 3.2"
status = "second-hand"

[[factor.rule]]
id = "library"
name = "Библиотека"
question = "rooms/library"
levels = { full = "none", partly = "low", none = "high" }
clause = "п. 3.3"
status = "verified"

[[factor.rule]]
id = "parents"
name = "Доля родителей, которых не слышат"
survey = "parents"
question = "p_heard"
options = ["rather_no", "no"]
worse = "more"
high = "50 %"
medium = "30 %"
clause = "п. 3.4"
status = "verified"
"#;

fn small() -> FactorDictionary {
    read_factors("factors.toml", SMALL).expect("a dictionary")
}

fn share(kind: &str, label: &str, part: u64, whole: u64) -> Evidence {
    Evidence {
        kind: kind.into(),
        label: label.into(),
        value: EvidenceValue::Share { part, whole },
        source: "отчёт школы".into(),
    }
}

fn years(years: u32) -> Evidence {
    let value = EvidenceValue::Number(years.into());
    Evidence {
        kind: "years".into(), label: "Перечни 2024–2026".into(), value, source: "расчёт".into()
    }
}

fn profile(typed: &[(&str, &str)], evidence: &[Evidence], surveys: &[Aggregate]) -> Profile {
    let head = pack("school-head");
    let given = answers(&head, typed);
    assess(&small(), &Inputs { head: Some((&head, &given)), surveys, evidence }, &[], TODAY)
}

#[track_caller]
fn check(factor: &str, typed: &[(&str, &str)], evidence: &[Evidence], expected: Significance, told: &[&str]) {
    let found = profile(typed, evidence, &[]);
    let state = found.factor(factor).expect("a factor");
    let reasons: Vec<&str> = state.reasons.iter().map(|reason| reason.text.as_str()).collect();
    assert_eq!((state.computed, reasons.as_slice()), (expected, told));
}

#[test]
fn significance_follows_from_thresholds_exactly() {
    use Significance::{High, Low, Medium, None};
    check(
        "staff",
        &[("vacancies", "12 из 32"), ("specialists", "none")],
        &[],
        High,
        &[
            "Доля незанятых ставок: 12 из 32 (37,5 %), выше порога 15 % (п. 2.1) – высокая значимость.",
            "Психолог и логопед: «Нет никого» (п. 2.2; не подтверждено актом) – средняя значимость.",
        ],
    );
    check(
        "staff",
        &[("vacancies", "3 из 20")],
        &[],
        High,
        &["Доля незанятых ставок: 3 из 20 (15 %), ровно на пороге 15 % (п. 2.1) – высокая значимость."],
    );
    check(
        "staff",
        &[("vacancies", "149 из 1000")],
        &[],
        Medium,
        &["Доля незанятых ставок: 149 из 1000 (14,9 %), выше порога 5 % (п. 2.1) – средняя значимость."],
    );
    check(
        "staff",
        &[("vacancies", "1 из 40")],
        &[],
        None,
        &["Доля незанятых ставок: 1 из 40 (2,5 %), ниже порога 5 % (п. 2.1) – риск не выявлен."],
    );
    check(
        "staff",
        &[("vacancies", "0 из 40"), ("specialists", "part")],
        &[],
        Low,
        &[
            "Психолог и логопед: «Есть часть, или работают по договору» (п. 2.2; не подтверждено актом) – низкая значимость.",
            "Доля незанятых ставок: 0 из 40 (0 %), ниже порога 5 % (п. 2.1) – риск не выявлен.",
        ],
    );
}

#[test]
fn data_goes_before_the_answer_and_the_worst_of_data_counts() {
    check(
        "staff",
        &[("vacancies", "0 из 40")],
        &[share("staff_vacancies", "ОО-1, 2025", 1, 40), share("staff_vacancies", "ОО-1, 2026", 7, 40)],
        Significance::High,
        &[
            "Доля незанятых ставок (ОО-1, 2026): 17,5 % (7 из 40), выше порога 15 % (п. 2.1) – высокая значимость.",
        ],
    );
    let found = profile(&[], &[share("staff_vacancies", "ОО-1, 2026", 7, 40)], &[]);
    let line = &found.factor("staff").expect("a factor").evidence[0];
    assert_eq!(
        (line.label.as_str(), line.value.as_str(), line.source.as_str()),
        ("ОО-1, 2026", "17,5 % (7 из 40)", "отчёт школы")
    );
    // What is no share is no data.
    check("staff", &[], &[share("staff_vacancies", "сбой", 7, 0)], Significance::Unknown, &[]);
    check("staff", &[], &[share("staff_vacancies", "сбой", 9, 7)], Significance::Unknown, &[]);
}

#[test]
fn one_sign_is_not_enough_where_two_are_needed() {
    use Significance::{High, Medium, Unknown};
    let visits = "Взаимные посещения уроков: 0 посещений, ровно на пороге 0 (п. 3.1) – высокая значимость.";
    let list = "Лет в перечне (Перечни 2024–2026): 3, ровно на пороге 3 (п. 3.2; по пересказу) – высокая значимость.";
    check("learning", &[("mutual_visits", "0")], &[], Medium, &[visits]);
    check("learning", &[("mutual_visits", "0")], &[years(3)], High, &[visits, list]);
    let library = "Библиотека: «Оснащено полностью» (п. 3.3) – риск не выявлен.";
    check("learning", &[("rooms", "library=full")], &[], Unknown, &[library]);
}

#[test]
fn too_little_known_is_not_a_low_risk() {
    let known = |typed: &[(&str, &str)]| {
        let found = profile(typed, &[], &[]);
        let state = found.factor("learning").expect("a factor");
        let missing: Vec<String> = state.missing.iter().map(|missing| missing.text.clone()).collect();
        (state.computed, missing)
    };
    let years = "Лет в перечне: нет данных – загрузите данные «лет в перечне».".to_owned();
    let parents = "Доля родителей, которых не слышат: опроса ещё не было. Опросите родителей.".to_owned();
    assert_eq!(
        known(&[("mutual_visits", "12")]),
        (
            Significance::Unknown,
            vec![
                years.clone(),
                "Библиотека: нет данных – ответьте на вопрос 2.4 «Какие кабинеты и помещения есть и как они оснащены?».".to_owned(),
                parents.clone()
            ]
        )
    );
    assert_eq!(
        known(&[("mutual_visits", "12"), ("rooms", "library=full")]),
        (Significance::None, vec![years, parents])
    );
    let nothing = assess(&small(), &Inputs { head: None, surveys: &[], evidence: &[] }, &[], TODAY);
    let staff = nothing.factor("staff").expect("a factor");
    assert_eq!(staff.missing[1].text, "Психолог и логопед: нет данных. Заполните самодиагностику.");
    assert_eq!(staff.missing[1].question, None);
}

#[test]
fn a_hidden_answer_is_not_looked_at() {
    let head = pack("school-head");
    let given =
        answers(&head, &[("pupils_total", "100"), ("disability_share", "0"), ("without_programme", "5")]);
    let inputs = Inputs { head: Some((&head, &given)), surveys: &[], evidence: &[] };
    let found = assess(&factors(), &inputs, &[], TODAY);
    let rules: Vec<&str> =
        found.factor("disabilities").expect("a factor").reasons.iter().map(|r| r.rule.as_str()).collect();
    assert_eq!(rules, ["disability_share"]);
}

fn parents(kinds: &[(usize, &str)]) -> Aggregate {
    let poll = pack("parents");
    let people: Vec<Answers> =
        kinds.iter().flat_map(|(count, heard)| vec![answers(&poll, &[("p_heard", heard)]); *count]).collect();
    aggregate(&poll, &people, Collection::Closed)
}

#[test]
fn a_survey_counts_only_by_what_may_be_shown() {
    let heard = |kinds: &[(usize, &str)]| {
        let found = profile(&[], &[], &[parents(kinds)]);
        let state = found.factor("learning").expect("a factor").clone();
        state
            .reasons
            .first()
            .map(|reason| reason.text.clone())
            .or(state.missing.last().map(|m| m.text.clone()))
    };
    assert_eq!(
        heard(&[(6, "no"), (5, "rather_no"), (9, "yes")]).as_deref(),
        Some(
            "Доля родителей, которых не слышат: 55 % (11 из 20), выше порога 50 % (п. 3.4) – высокая значимость."
        )
    );
    let unknown = "Доля родителей, которых не слышат: по опросу этого сказать нельзя: он не закрыт или ответов слишком мало. Опросите родителей.";
    assert_eq!(heard(&[(2, "no"), (9, "yes"), (9, "hard")]).as_deref(), Some(unknown));
    assert_eq!(heard(&[(4, "no")]).as_deref(), Some(unknown));
}

#[test]
fn a_decision_stands_beside_what_was_computed() {
    let head = pack("school-head");
    let given = answers(&head, &[("vacancies", "3 из 20"), ("specialists", "all")]);
    let inputs = Inputs { head: Some((&head, &given)), surveys: &[], evidence: &[] };
    let at = |decisions: &[_], day| assess(&small(), &inputs, decisions, day);
    let first = at(&[], TODAY);
    let low = Some(Significance::Low);
    let refused =
        |level, reason: &str| decide(&first, "staff", level, reason, 7, TODAY).expect_err("refused").what;
    assert_eq!(refused(low, "так"), "Нет причины решения.");
    assert_eq!(
        refused(Some(Significance::Unknown), "Ставки заняты с октября."),
        "«Нет данных» решить нельзя."
    );
    assert_eq!(refused(None, "Ставки заняты с октября."), "Отменять нечего.");
    assert!(decide(&first, "gone", low, "Ставки заняты с октября.", 7, TODAY).is_err());

    let decision = decide(&first, "staff", low, " Ставки заняты с октября. ", 7, TODAY).expect("a decision");
    let decided = at(std::slice::from_ref(&decision), TODAY);
    let state = decided.factor("staff").expect("a factor");
    assert_eq!((state.computed, state.significance()), (Significance::High, Significance::Low));
    assert_eq!(
        state.decision_note().as_deref(),
        Some("По данным: высокая. Решено: низкая. Причина: Ставки заняты с октября.")
    );
    assert_eq!(decided.high().count(), 0);
    assert_eq!(first.high().map(|state| state.factor.as_str()).collect::<Vec<_>>(), ["staff"]);
    assert_eq!(
        at(std::slice::from_ref(&decision), date(2026, 10, 4)).factor("staff"),
        first.factor("staff"),
        "not decided yet"
    );

    let back = decide(&decided, "staff", None, "Двое учителей снова ушли.", 8, TODAY).expect("a decision");
    assert_eq!(at(&[decision.clone(), back], TODAY), first, "taken back, and both are kept");

    let better = answers(&head, &[("vacancies", "0 из 20"), ("specialists", "all")]);
    let inputs = Inputs { head: Some((&head, &better)), surveys: &[], evidence: &[] };
    let later = assess(&small(), &inputs, &[decision], TODAY);
    assert_eq!(
        later.factor("staff").and_then(|state| state.decision_note()).as_deref(),
        Some(
            "По данным: не выявлен. Решено: низкая. Причина: Ставки заняты с октября. Когда решали, расчёт давал «высокая»: проверьте, верно ли решение теперь."
        )
    );
}

#[test]
fn two_profiles_are_compared_in_words() {
    let before = profile(&[("vacancies", "1 из 20"), ("specialists", "all")], &[], &[]);
    let after = profile(&[("vacancies", "4 из 20")], &[years(2)], &[]);
    let told = |old: &Profile, new: &Profile| -> Vec<String> {
        compare_profiles(old, new).into_iter().map(|change| change.text).collect()
    };
    assert_eq!(
        told(&before, &after),
        [
            "Дефицит кадров: было – средняя, стало – высокая. Доля незанятых ставок: 4 из 20 (20 %), выше порога 15 % (п. 2.1) – высокая значимость. Больше нет данных: Психолог и логопед: «Есть все, кто нужен» (п. 2.2; не подтверждено актом) – риск не выявлен.",
            "Обучение учителей: было – нет данных, стало – средняя. Лет в перечне (Перечни 2024–2026): 2, ровно на пороге 2 (п. 3.2; по пересказу) – средняя значимость.",
        ]
    );
    assert_eq!(told(&before, &before), Vec::<String>::new());
    let mut fewer = after.clone();
    fewer.factors.remove(0);
    assert_eq!(told(&after, &fewer), ["Дефицит кадров: фактора больше нет в словаре, был – высокая."]);
    assert_eq!(told(&fewer, &after), ["Дефицит кадров: новый фактор, значимость – высокая."]);
}

#[test]
fn a_picture_has_a_bar_for_each_factor() {
    let found = profile(&[("vacancies", "4 из 20")], &[], &[]);
    let bars: Vec<(String, Option<u8>, String)> =
        chart(&found).into_iter().map(|bar| (bar.short, bar.level, bar.words)).collect();
    assert_eq!(
        bars,
        [
            ("Дефицит кадров".into(), Some(3), "высокая".into()),
            ("Обучение учителей".into(), None, "нет данных".into())
        ]
    );
}

#[test]
fn a_full_self_diagnosis_gives_a_full_profile() {
    let head = pack("school-head");
    // The worst answer to every question that is asked.
    let typed: Vec<(&str, String)> = head
        .questions()
        .filter_map(|(_, question)| {
            use opora_diagnosis::Kind;
            let text = match &question.kind {
                Kind::Single(choices) => choices.last()?.id.clone(),
                Kind::Multiple { choices, .. } => choices.first()?.id.clone(),
                Kind::Scale { from, .. } => from.to_string(),
                Kind::Number { .. } if question.id == "bullying_cases" => "30".into(),
                Kind::Number { .. } if question.id.ends_with("_total") => "100".into(),
                Kind::Number { .. } => "0".into(),
                Kind::Share { whole_from, .. } => {
                    let less = ["teachers_trained_disability", "extracurricular", "parents_meetings"];
                    let part = if less.contains(&question.id.as_str()) { "1" } else { "99" };
                    if whole_from.is_some() { part.into() } else { format!("{part}/100") }
                }
                Kind::Text { .. } => "Дружный коллектив и сильный театр.".into(),
                Kind::Date { .. } => "01.10.2026".into(),
                Kind::YesNo { .. } => "нет".into(),
                Kind::Matrix { rows, columns } => {
                    let column = &columns.last()?.id;
                    rows.iter().map(|row| format!("{}={column}", row.id)).collect::<Vec<_>>().join(" ")
                }
                Kind::Note => return None,
            };
            Some((question.id.as_str(), text))
        })
        .collect();
    let typed: Vec<(&str, &str)> = typed.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let given = answers(&head, &typed);
    assert_eq!(opora_diagnosis::check(&head, &given, TODAY), []);
    assert!(opora_diagnosis::progress(&head, &given).is_complete());
    let found =
        assess(&factors(), &Inputs { head: Some((&head, &given)), surveys: &[], evidence: &[] }, &[], TODAY);
    for state in &found.factors {
        assert_eq!(state.computed, Significance::High, "{}: {:#?}", state.factor, state.reasons);
    }
}

proptest! {
    /// More of what is bad never makes a factor less significant.
    #[test]
    fn worse_data_is_never_less_significant(whole in 1..500_u64, one in 0..500_u64, other in 0..500_u64) {
        let (less, more) = (one.min(other).min(whole), one.max(other).min(whole));
        let level = |part| {
            let evidence = [share("staff_vacancies", "ОО-1", part, whole)];
            profile(&[], &evidence, &[]).factor("staff").map(opora_diagnosis::FactorState::significance)
        };
        prop_assert!(level(less) <= level(more));
    }

    /// The threshold is compared exactly: fifteen per cent is high, anything less is not.
    #[test]
    fn thresholds_are_exact(part in 0..1_000_000_000_u64, whole in 1..1_000_000_000_u64) {
        let part = part.min(whole);
        let found = profile(&[], &[share("staff_vacancies", "ОО-1", part, whole)], &[]);
        let high = found.factor("staff").map(|state| state.computed) == Some(Significance::High);
        prop_assert_eq!(high, part * 100 >= whole * 15);
    }
}
