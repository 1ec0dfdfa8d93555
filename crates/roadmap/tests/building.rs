//! Is a roadmap drafted, watched and kept up with the municipal plan as people expect?

#![allow(clippy::expect_used, reason = "a test may fail")]

mod support;

use opora_cycle::vocabulary::{ActivityKey, Plan, SchoolKind};
use opora_roadmap::{
    Adopted, ChangeReason, DraftInput, INHERITED, Lack, Library, Link, LinkTo, Most, Municipal, Risk,
    Roadmap, School, Significance, UpstreamKind, activity_sha256, adopt, coverage, draft, explained,
    upstream_changes,
};
use opora_schedule::Period;
use proptest::prelude::*;
use support::{act, any_plan, edited, flat, plan, show};

const LIBRARY: &str = r#"
[source]
title = "Общая практика"
status = "unverified"

[[measure]]
id = "clubs"
title = "Открыть кружки"
factors = ["motivation", "climate"]
audience = "ученики"
schedule = "еженедельно"
responsible = "Зотова Н.П."
indicator = { name = "Доля посещающих", unit = "%", polarity = "up" }
evidence = [{ kind = "file", what = "расписание" }]

[[measure]]
id = "survey"
title = "Провести опрос"
factors = ["motivation"]
audience = "ученики"
schedule = "к началу чего-нибудь"
responsible = "педагог-психолог"
indicator = { name = "Доля довольных", unit = "%", polarity = "up" }
evidence = [{ kind = "number", what = "доля" }]

[[measure]]
id = "deep"
title = "Пригласить тьютора"
factors = ["motivation"]
audience = "ученики"
schedule = "октябрь"
responsible = "директор"
indicator = { name = "Пропуски", unit = "ч", polarity = "down" }
evidence = [{ kind = "minutes", what = "протокол" }]
tiers = ["deep"]
"#;

const MUNICIPAL: &str = "
    # Муниципальная дорожная карта
    period 2026-01-01 2026-12-31
    ## 1 Методическая работа
    11 | 1.1 | Провести семинар для учителей | школы-участницы | октябрь | программа
    12 | 1.2 | Издать приказ | Управление образования | март
    13 | 1.3 | Представить отчёт | руководители МОУ №№ 2, 7 | до 15 декабря | отчёт
    14 | 1.4 | Провести собрание | все школы | март
";

fn school() -> School {
    School {
        number: Some(7),
        kind: SchoolKind::Secondary,
        name: "МБОУ «Школа № 7»".to_owned(),
        is_supported: true,
        is_curator: false,
    }
}

fn period(start: &str, end: &str) -> Period {
    Period { start: start.parse().expect("a day"), end: end.parse().expect("a day") }
}

fn risk(code: &str, name: &str, significance: Significance) -> Risk {
    Risk { code: code.to_owned(), name: name.to_owned(), significance }
}

fn risks() -> Vec<Risk> {
    vec![
        risk("parents", "Родители", Significance::Low),
        risk("climate", "Климат", Significance::Medium),
        risk("motivation", "Мотивация", Significance::High),
        risk("staff", "Кадры", Significance::High),
    ]
}

fn library() -> Library {
    let (library, errors) = Library::read(&[("library.toml", LIBRARY)], None);
    assert_eq!(errors, []);
    library
}

fn drafted(tier: Option<&str>, most: Most) -> opora_roadmap::Draft {
    let (municipal, school, library, risks) = (plan(MUNICIPAL), school(), library(), risks());
    draft(&DraftInput {
        title: "Дорожная карта школы № 7",
        period: period("2026-09-01", "2027-05-31"),
        school: &school,
        tier,
        risks: &risks,
        library: &library,
        municipal: Some(Municipal { id: 5, plan: &municipal }),
        most,
    })
}

fn told_links(links: &[Link]) -> String {
    let told = links.iter().map(|link| {
        let to = match &link.to {
            LinkTo::Risk(code) => format!("risk {code}"),
            LinkTo::Measure(id) => format!("measure {id}"),
            LinkTo::Upstream { plan, key, .. } => format!("plan {plan} activity {}", key.0),
        };
        format!("{} → {to}", link.activity.0)
    });
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_draft_has_a_section_for_each_risk_and_one_for_what_is_inherited() {
    let draft = drafted(None, Most::default());
    assert_eq!(
        show(&draft.plan),
        flat("
            # Дорожная карта школы № 7
            ## 1 Мотивация
            1 | 1.1 | Открыть кружки | Зотова Н.П. | еженедельно | Вырастет: доля посещающих, % | ученики | Подтверждение: файл: расписание
            2 | 1.2 | Провести опрос | педагог-психолог | к началу чего-нибудь | Вырастет: доля довольных, % | ученики | Подтверждение: число: доля
            ## 2 Кадры
            ## 3 Из муниципальной дорожной карты
            3 | 3.1 | Провести семинар для учителей | школы-участницы | октябрь | программа
            4 | 3.2 | Представить отчёт | руководители МОУ №№ 2, 7 | до 15 декабря | отчёт
        ")
    );
    assert_eq!(
        told_links(&draft.links),
        flat(
            "
            1 → risk motivation
            1 → measure clubs
            2 → risk motivation
            2 → measure survey
            1 → risk climate
            3 → plan 5 activity 11
            4 → plan 5 activity 13
        "
        )
    );
    assert_eq!(draft.without_measures, ["staff", "parents"]);
    // «март» of the municipal year is over when the roadmap begins.
    assert_eq!(draft.outside.iter().map(|outside| outside.key.0).collect::<Vec<_>>(), [14]);
    assert_eq!(draft.inherited.iter().map(|found| found.key.0).collect::<Vec<_>>(), [11, 13]);
}

#[test]
fn tier_and_number_of_measures_are_chosen() {
    let draft = drafted(Some("deep"), Most { high: 9, medium: 9, low: 9 });
    assert!(show(&draft.plan).contains("Снизится: пропуски, ч"));
    let none = drafted(None, Most { high: 0, medium: 0, low: 0 });
    assert!(
        show(&none.plan).starts_with("# Дорожная карта школы № 7\n## 1 Кадры\n## 2 Из муниципальной"),
        "{}",
        show(&none.plan)
    );
}

#[test]
fn what_can_still_be_done_within_the_period_comes_first() {
    let measure = |id: &str, schedule: &str| {
        let end = "indicator = { name = \"Доля\", unit = \"%\", polarity = \"up\" }\nevidence = [{ kind = \"file\", what = \"акт\" }]";
        format!(
            "[[measure]]\nid = \"{id}\"\ntitle = \"{id}\"\nfactors = [\"motivation\"]\naudience = \"ученики\"\nschedule = \"{schedule}\"\nresponsible = \"директор\"\n{end}\n"
        )
    };
    let text: String = [
        measure("autumn", "сентябрь – октябрь"),
        measure("yearly", "до 1 октября ежегодно"),
        measure("twice", "октябрь, апрель"),
        measure("always", "еженедельно"),
        measure("winter", "январь"),
    ]
    .concat();
    let source = "[source]\ntitle = \"Общая практика\"\nstatus = \"unverified\"\n\n";
    let (library, errors) = Library::read(&[("library.toml", &format!("{source}{text}"))], None);
    assert_eq!(errors, []);
    let check = |start: &str, end: &str, expected: &[&str]| {
        let school = school();
        let risks = [risk("motivation", "Мотивация", Significance::High)];
        let drafted = draft(&DraftInput {
            title: "Карта",
            period: period(start, end),
            school: &school,
            tier: None,
            risks: &risks,
            library: &library,
            municipal: None,
            most: Most { high: 3, medium: 0, low: 0 },
        });
        let titles: Vec<&str> = drafted.plan.activities().map(|activity| activity.title.as_str()).collect();
        assert_eq!(titles, expected, "{start}");
    };
    check("2026-09-01", "2027-08-31", &["autumn", "yearly", "twice"]);
    check("2026-11-23", "2027-08-31", &["twice", "always", "winter"]);
}

#[test]
fn an_inherited_deadline_means_the_same_days() {
    let municipal = plan(
        "
        period 2025-09-01 2026-12-31
        1 | | Семинар | все школы | октябрь 2025, ноябрь 2026
        2 | | Сбор | все школы | с 1 по 15 декабря 2026
        3 | | Совещание | все школы | по мере необходимости
    ",
    );
    let mut turned = municipal;
    // As a section of the year 2027 understands it.
    let context = opora_schedule::Context { year: Some(2027), ..Default::default() };
    turned.sections[0].activities[1].schedule = opora_schedule::parse("март", &context);
    let (school, library) = (school(), Library::default());
    let input = DraftInput {
        title: "",
        period: period("2026-09-01", "2028-05-31"),
        school: &school,
        tier: None,
        risks: &[],
        library: &library,
        municipal: Some(Municipal { id: 1, plan: &turned }),
        most: Most::default(),
    };
    let draft = draft(&input);
    let kinds = |plan: &Plan| {
        plan.activities().flat_map(|a| a.schedule.parts.clone()).map(|part| part.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&draft.plan), kinds(&turned));
    let texts: Vec<&str> = draft.plan.activities().map(|activity| activity.schedule.text.as_str()).collect();
    assert_eq!(texts, ["октябрь 2025, ноябрь 2026", "март 2027 г.", "по мере необходимости"]);
}

/// What a high risk lacks, with the row that answers it.
#[track_caller]
fn check_gaps(row: &str, expected: &[&str]) {
    let plan = plan(&format!("period 2026-09-01 2027-05-31\n{row}"));
    let links: Vec<Link> = plan
        .activities()
        .map(|activity| Link { activity: activity.key, to: LinkTo::Risk("m".into()) })
        .collect();
    let gaps = coverage(
        &[risk("m", "Мотивация", Significance::High), risk("x", "Иное", Significance::Medium)],
        &plan,
        &links,
    );
    let told: Vec<String> = gaps
        .iter()
        .map(|gap| {
            format!("{}: {}", gap.path.as_ref().map(ToString::to_string).unwrap_or_default(), gap.sentence)
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn a_gap_says_what_is_missing_in_which_field() {
    check_gaps(
        "",
        &[
            ": На высокий риск «Мотивация» не отвечает ни одно мероприятие. Добавьте меру или отметьте мероприятие, которое на него отвечает.",
        ],
    );
    check_gaps("1 | | Опрос | Зотова Н.П. | до 1 октября | доля 90 % | | Подтверждение: файл: справка", &[]);
    check_gaps(
        "1 | | Опрос | Зотова Н.П. | ежемесячно | | | Показатель: доля, % | Подтверждающие документы: справка",
        &[],
    );
    check_gaps(
        "1 | | Опрос | педагог-психолог | | | | Подтверждение: –",
        &[
            "activity/1/schedule: Высокий риск «Мотивация». Мероприятие «Опрос»: нет срока. Без срока не видно, выполнено ли оно вовремя. Поставьте дату или период.",
            "activity/1/responsible: Высокий риск «Мотивация». Мероприятие «Опрос»: ответственный «педагог-психолог» не назван по имени. Допишите фамилию и инициалы.",
            "activity/1/outcome: Высокий риск «Мотивация». Мероприятие «Опрос»: не сказано, по какому показателю будет виден результат. Заполните ожидаемый результат.",
            "activity/1/other/1/Подтверждение: Высокий риск «Мотивация». Мероприятие «Опрос»: не сказано, чем подтвердить выполнение. Укажите файл, ссылку, число или протокол.",
        ],
    );
    let deadline = |text: &str, said: &str| {
        let row = format!("1 | | Опрос | Зотова Н.П. | {text} | доля | | Подтверждение: справка");
        check_gaps(
            &row,
            &[&format!("activity/1/schedule: Высокий риск «Мотивация». Мероприятие «Опрос»: {said}")],
        );
    };
    deadline(
        "по мере необходимости",
        "срок «по мере необходимости» не называет дней, его нельзя проверить. Добавьте дату, до которой это случится.",
    );
    deadline(
        "до 1 октября 2024",
        "срок «до 1 октября 2024» не попадает в период дорожной карты. Проверьте год.",
    );
    deadline("ъъъ", "срок «ъъъ» не понят. Запишите его датой или месяцем, например «до 1 октября».");
    // Of two measures the one that lacks less is told.
    check_gaps(
        "1 | | Опрос\n2 | | Клуб | Зотова Н.П. | ежемесячно | доля",
        &[
            "activity/2/other/1/Подтверждение: Высокий риск «Мотивация». Мероприятие «Клуб»: не сказано, чем подтвердить выполнение. Укажите файл, ссылку, число или протокол.",
        ],
    );
}

#[test]
fn a_draft_shows_the_gaps_that_are_left() {
    let draft = drafted(None, Most::default());
    let gaps = coverage(&risks(), &draft.plan, &draft.links);
    let told: Vec<(&str, Lack)> = gaps.iter().map(|gap| (gap.risk.as_str(), gap.lack)).collect();
    assert_eq!(told, [("staff", Lack::Measure)]);
}

/// The changes of the municipal plan after some words were replaced, and the roadmap after they were taken over.
fn follow(pairs: &[(&str, &str)], own: &[(&str, &str)]) -> (Vec<String>, Adopted) {
    let old = plan(MUNICIPAL);
    let replaced = |text: &str, pairs: &[(&str, &str)]| {
        pairs.iter().fold(text.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        })
    };
    let new = plan(&replaced(MUNICIPAL, pairs));
    let draft = drafted(None, Most::default());
    let mine = plan(&format!("period 2026-09-01 2027-05-31\n{}", replaced(&show(&draft.plan), own)));
    let (before, after) = (Municipal { id: 5, plan: &old }, Municipal { id: 5, plan: &new });
    let changes = upstream_changes(&draft.links, &before, &after, &school());
    let mut adopted = Adopted { plan: mine, links: draft.links, conflicts: Vec::new() };
    for change in &changes {
        let roadmap = Roadmap { plan: &adopted.plan, links: &adopted.links, highest_key: ActivityKey(4) };
        let next = adopt(&roadmap, change, &before, &after);
        adopted = Adopted { conflicts: [adopted.conflicts, next.conflicts].concat(), ..next };
    }
    let left = upstream_changes(&adopted.links, &before, &after, &school());
    let kept = left.iter().filter(|change| !matches!(change.kind, UpstreamKind::Added(_)));
    assert_eq!(kept.count(), 0, "taken over once, it is not told again: {left:?}");
    (changes.into_iter().map(|change| change.sentence).collect(), adopted)
}

fn inherited(plan: &Plan) -> String {
    let section = plan.sections.iter().find(|section| section.title == INHERITED);
    let rows =
        section.map(|section| section.activities.iter().map(support::show_activity).collect::<Vec<_>>());
    rows.unwrap_or_default().join("\n")
}

#[test]
fn what_changed_above_is_told_and_taken_over() {
    let (told, adopted) = follow(&[("до 15 декабря", "до 10 декабря")], &[]);
    assert_eq!(told, ["В муниципальном плане изменено мероприятие 1.3 «Представить отчёт»: срок."]);
    assert_eq!(
        inherited(&adopted.plan),
        flat(
            "
        3 | 3.1 | Провести семинар для учителей | школы-участницы | октябрь | программа
        4 | 3.2 | Представить отчёт | руководители МОУ №№ 2, 7 | до 10 декабря | отчёт
    "
        )
    );
    let (told, _) = follow(&[("1.3", "1.4")], &[]);
    assert_eq!(told, Vec::<String>::new(), "numbers alone are no change");
}

#[test]
fn what_the_school_took_out_is_followed_no_longer() {
    let (_, adopted) = follow(
        &[("до 15 декабря", "до 10 декабря")],
        &[("4 | 3.2 | Представить отчёт | руководители МОУ №№ 2, 7 | до 15 декабря | отчёт", "")],
    );
    assert!(!inherited(&adopted.plan).contains("отчёт"), "{}", inherited(&adopted.plan));
    assert!(!told_links(&adopted.links).contains("activity 13"));
}

#[test]
fn what_came_and_went_above_is_told_and_taken_over() {
    let (told, adopted) = follow(
        &[
            (
                "11 | 1.1 | Провести семинар для учителей | школы-участницы | октябрь | программа",
                "15 | 1.5 | Провести практикум | школы-участницы | ноябрь",
            ),
            ("руководители МОУ №№ 2, 7", "руководители МОУ № 2"),
        ],
        &[],
    );
    assert_eq!(
        told,
        [
            "Из муниципального плана удалено мероприятие 1.1 «Провести семинар для учителей». Решите, нужно ли оно школе.",
            "В муниципальном плане мероприятие 1.3 «Представить отчёт» больше не обращено к школе. Решите, нужно ли оно ей.",
            "В муниципальном плане новое: мероприятие 1.5 «Провести практикум». В ответственных – «школы-участницы»: это школы, получающие поддержку.",
        ]
    );
    // Keys of what was removed are not given again: facts may still speak of them.
    assert_eq!(inherited(&adopted.plan), "5 |  | Провести практикум | школы-участницы | ноябрь");
}

#[test]
fn the_hash_keeps_fields_apart() {
    let hash = |row: &str| plan(row).activities().next().map(activity_sha256);
    assert_ne!(hash("1 | | y | | | x"), hash("1 | | | | | xTitley"));
    assert_eq!(hash("1 | 1 | Опрос"), hash("2 | 7 | Опрос"), "neither key nor number");
}

#[test]
fn what_the_school_changed_for_itself_stays() {
    let (_, adopted) = follow(
        &[("до 15 декабря", "до 10 декабря"), ("| отчёт", "| справка")],
        &[("до 15 декабря", "до 1 декабря")],
    );
    assert!(inherited(&adopted.plan).contains("до 1 декабря | справка"), "{}", inherited(&adopted.plan));
    let told: Vec<&str> = adopted.conflicts.iter().map(|conflict| conflict.sentence.as_str()).collect();
    assert_eq!(
        told,
        [
            "Мероприятие 3.2 «Представить отчёт», срок: школа изменила этот текст сама, и муниципальный план тоже. У школы «до 1 декабря», в муниципальном плане «до 10 декабря». Оставлен текст школы, выберите нужный."
        ]
    );
}

#[test]
fn changes_of_a_correction_stand_with_their_reasons() {
    let base = plan("1 | 1 | Опрос | | март | итог\n2 | 2 | Клуб");
    let corrected = plan("1 | 1 | Опрос | | май | справка\n3 | 3 | Курсы");
    let reason =
        |path: &str, text: &str| ChangeReason { path: path.parse().expect("a path"), text: text.to_owned() };
    let reasons = [
        reason("activity/1", "уточнено с куратором."),
        reason("activity/1/schedule", "перенесены каникулы"),
        reason("activity/1/schedule", "  "),
        reason("activity/3", "новый риск"),
    ];
    let told: Vec<String> = explained(&base, &corrected, &reasons).iter().map(|one| one.sentence()).collect();
    assert_eq!(
        told,
        [
            "Мероприятие 1 «Опрос», срок: было «март», стало «май». Причина: перенесены каникулы.",
            "Мероприятие 1 «Опрос», результат: было «итог», стало «справка». Причина: уточнено с куратором.",
            "Мероприятие 3 «Курсы» добавлено в раздел 1. Причина: новый риск.",
            "Мероприятие 2 «Клуб» удалено. Причина не названа.",
        ]
    );
}

proptest! {
    #[test]
    fn nothing_is_told_of_a_plan_that_did_not_change(plan in any_plan(), acts in prop::collection::vec(act(), 0..5)) {
        let (school, library) = (school(), Library::default());
        let municipal = Municipal { id: 5, plan: &plan };
        let input = DraftInput {
            title: "", period: period("2026-09-01", "2027-05-31"), school: &school, tier: None, risks: &[],
            library: &library, municipal: Some(municipal), most: Most::default(),
        };
        let draft = draft(&input);
        prop_assert_eq!(upstream_changes(&draft.links, &municipal, &municipal, &school), []);
        let keys: std::collections::BTreeSet<ActivityKey> = draft.plan.activities().map(|activity| activity.key).collect();
        prop_assert_eq!(keys.len(), draft.plan.activities().count());
        // Whatever changes, following it leaves nothing that was inherited to be told again.
        let new = edited(&plan, &acts);
        let now = Municipal { id: 5, plan: &new };
        let (mut mine, mut links) = (draft.plan, draft.links);
        for change in upstream_changes(&links, &municipal, &now, &school) {
            let roadmap = Roadmap { plan: &mine, links: &links, highest_key: ActivityKey(0) };
            let adopted = adopt(&roadmap, &change, &municipal, &now);
            prop_assert!(adopted.conflicts.is_empty(), "{:?}", adopted.conflicts);
            (mine, links) = (adopted.plan, adopted.links);
        }
        prop_assert_eq!(upstream_changes(&links, &municipal, &now, &school), []);
    }

    #[test]
    fn the_hash_of_an_activity_tells_texts_apart(a in any_plan(), b in any_plan()) {
        for (a, b) in a.activities().zip(b.activities()) {
            let texts = |x: &opora_cycle::vocabulary::Activity| {
                let mut line = x.clone();
                line.number = None;
                line.key = ActivityKey(0);
                line.other.retain(|cell| !cell.text.is_empty());
                (line.title, line.responsible.iter().map(|p| p.text.clone()).collect::<Vec<_>>().join(", "), line.schedule.text, line.outcome, line.target_group, line.other)
            };
            prop_assert_eq!(activity_sha256(a) == activity_sha256(b), texts(a) == texts(b));
        }
    }
}
