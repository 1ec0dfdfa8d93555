//! Are two versions compared and two edits joined as people expect?

#![allow(clippy::expect_used, reason = "a test may fail")]

mod support;

use opora_cycle::vocabulary::ActivityKey;
use opora_roadmap::{Change, ChangeKind, Link, LinkTo, Path, Side, compare, merge, segments};
use support::{flat, plan, show};

const BASE: &str = "
    # Дорожная карта школы
    period 2026-09-01 2027-05-31
    ## 1 Мотивация
    1 | 1.1 | Провести опрос учеников | классные руководители | до 01.10.2026 | охвачено 90 %
    2 | 1.2 | Открыть клуб чтения | библиотекарь | ежемесячно
    ## 2 Кадры
    3 | 2.1 | Назначить наставников | директор | сентябрь 2026
";

fn edit(pairs: &[(&str, &str)]) -> String {
    pairs.iter().fold(BASE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

#[track_caller]
fn check_changes(pairs: &[(&str, &str)], expected: &str) {
    let told = compare(&plan(BASE), &plan(&edit(pairs)));
    let told: Vec<String> =
        told.iter().map(|change| format!("{}: {}", change.path, change.sentence)).collect();
    assert_eq!(told.join("\n"), flat(expected));
}

#[test]
fn a_changed_text_is_told_with_both() {
    check_changes(&[], "");
    check_changes(
        &[("01.10.2026", "15.10.2026")],
        "activity/1/schedule: Мероприятие 1.1 «Провести опрос учеников», срок: было «до 01.10.2026», стало «до 15.10.2026».",
    );
    check_changes(
        &[("| охвачено 90 %", ""), ("ежемесячно", "ежемесячно | | 7 класс | Подтверждение: протокол")],
        "activity/1/outcome: Мероприятие 1.1 «Провести опрос учеников», результат: было «охвачено 90 %», теперь пусто.
         activity/2/target_group: Мероприятие 1.2 «Открыть клуб чтения», целевая группа: не было, стало «7 класс».
         activity/2/other/1/Подтверждение: Мероприятие 1.2 «Открыть клуб чтения», Подтверждение: не было, стало «протокол».",
    );
    check_changes(
        &[
            ("Дорожная карта школы", "Карта школы"),
            ("2027-05-31", "2027-06-30"),
            ("## 2 Кадры", "## 2 Учителя"),
        ],
        "plan/title: Название дорожной карты: было «Дорожная карта школы», стало «Карта школы».
         plan/period: Период дорожной карты: было «01.09.2026 – 31.05.2027», стало «01.09.2026 – 30.06.2027».
         section/2/title: Раздел 2 «Учителя», название: было «Кадры», стало «Учителя».",
    );
}

#[test]
fn what_came_went_and_moved_is_told() {
    check_changes(
        &[("2 | 1.2 | Открыть клуб чтения | библиотекарь | ежемесячно", "")],
        "activity/2: Мероприятие 1.2 «Открыть клуб чтения» удалено.",
    );
    check_changes(
        &[("## 2 Кадры", "## 2 Кадры\n 4 | 2.0 | Составить график")],
        "activity/4: Мероприятие 2.0 «Составить график» добавлено в раздел 2 «Кадры».",
    );
    check_changes(
        &[(
            "2 | 1.2 | Открыть клуб чтения | библиотекарь | ежемесячно\n    ## 2 Кадры",
            "## 2 Кадры\n    2 | 1.2 | Открыть клуб чтения | библиотекарь | ежемесячно",
        )],
        "activity/2: Мероприятие 1.2 «Открыть клуб чтения» перенесено: раздел 1 «Мотивация» → раздел 2 «Кадры».",
    );
    check_changes(
        &[
            (
                "## 1 Мотивация\n",
                "## 1 Мотивация\n    2 | 1.2 | Открыть клуб чтения | библиотекарь | ежемесячно\n",
            ),
            ("охвачено 90 %\n    2 | 1.2 | Открыть клуб чтения | библиотекарь | ежемесячно", "охвачено 90 %"),
        ],
        "activity/2: Мероприятие 1.2 «Открыть клуб чтения» переставлено внутри раздела.",
    );
    check_changes(
        &[("## 1 Мотивация", "## 0 Управление\n    9 | 0.1 | Создать команду\n    ## 1 Мотивация")],
        "section/1: Раздел 1 «Управление» добавлен.
         activity/9: Мероприятие 0.1 «Создать команду» добавлено в раздел 1 «Управление».",
    );
}

#[test]
fn sections_that_change_places_are_one_change() {
    let turned = plan(
        "
        # Дорожная карта школы
        period 2026-09-01 2027-05-31
        ## 2 Кадры
        3 | 2.1 | Назначить наставников | директор | сентябрь 2026
        ## 1 Мотивация
        1 | 1.1 | Провести опрос учеников | классные руководители | до 01.10.2026 | охвачено 90 %
        2 | 1.2 | Открыть клуб чтения | библиотекарь | ежемесячно
    ",
    );
    let changes = compare(&plan(BASE), &turned);
    let [Change { kind: ChangeKind::Moved, path: Path::Section(_), .. }] = &changes[..] else {
        unreachable!("one section moved: {changes:?}")
    };
}

#[test]
fn words_stand_side_by_side() {
    let shown: Vec<String> = segments("до 01.10.2026, отчёт директора", "до 15.10.2026, справка директора")
        .into_iter()
        .map(|segment| match segment.side {
            Side::Both => segment.text,
            Side::Old => format!("[-{}]", segment.text),
            Side::New => format!("[+{}]", segment.text),
        })
        .collect();
    assert_eq!(shown.concat(), "до [-01][+15].10.2026, [-отчёт][+справка] директора");
}

/// Joins two edits of the roadmap and compares the joined one and the sentences about conflicts.
#[track_caller]
fn check_merge(mine: &[(&str, &str)], theirs: &[(&str, &str)], expected: &[(&str, &str)], conflicts: &str) {
    let merged = merge(&plan(BASE), &plan(&edit(mine)), &plan(&edit(theirs)));
    assert_eq!(show(&merged.plan), show(&plan(&edit(expected))));
    let told: Vec<String> = merged
        .conflicts
        .iter()
        .map(|conflict| {
            let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
            format!("{}: {} / {}", conflict.path, said(&conflict.mine), said(&conflict.theirs))
        })
        .collect();
    assert_eq!(told.join("\n"), flat(conflicts));
}

#[test]
fn edits_of_different_texts_both_stay() {
    let (date, who) = (("01.10.2026", "15.10.2026"), ("классные руководители", "Зотова Н.П."));
    check_merge(&[date], &[who], &[date, who], "");
    check_merge(&[date], &[date], &[date], "");
    let (title, gone) = (
        ("# Дорожная карта школы", "# Карта"),
        ("3 | 2.1 | Назначить наставников | директор | сентябрь 2026", ""),
    );
    check_merge(&[title], &[gone], &[title, gone], "");
    let (renamed, added) =
        (("Кадры", "Учителя"), ("сентябрь 2026", "сентябрь 2026\n  7 | 2.2 | Наставничество"));
    check_merge(&[renamed], &[added], &[renamed, added], "");
}

#[test]
fn the_same_text_changed_by_both_is_a_conflict_with_both_texts() {
    let mine = ("01.10.2026", "15.10.2026");
    check_merge(
        &[mine],
        &[("01.10.2026", "20.10.2026")],
        &[mine],
        "activity/1/schedule: до 15.10.2026 / до 20.10.2026",
    );
    let merged =
        merge(&plan(BASE), &plan(&edit(&[("Кадры", "Учителя")])), &plan(&edit(&[("Кадры", "Педагоги")])));
    let sentences: Vec<&str> = merged.conflicts.iter().map(|conflict| conflict.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "Раздел 2, название: вы и другой участник изменили одно и то же. У вас «Учителя», у другого участника «Педагоги». Оставлен ваш текст, выберите нужный."
        ]
    );
}

#[test]
fn what_one_removed_and_the_other_edited_stays() {
    let gone = ("2 | 1.2 | Открыть клуб чтения | библиотекарь | ежемесячно", "");
    let edited = ("ежемесячно", "еженедельно");
    check_merge(&[gone], &[edited], &[edited], "activity/2: – / Открыть клуб чтения");
    check_merge(&[edited], &[gone], &[edited], "activity/2: Открыть клуб чтения / –");
    check_merge(&[gone], &[], &[gone], "");
    let section = ("    ## 2 Кадры\n    3 | 2.1 | Назначить наставников | директор | сентябрь 2026", "");
    check_merge(&[section], &[], &[section], "");
    let added = ("сентябрь 2026", "сентябрь 2026\n    8 | 2.2 | Курсы");
    check_merge(
        &[section],
        &[added],
        &[("3 | 2.1 | Назначить наставников | директор | сентябрь 2026", "8 | 2.2 | Курсы")],
        "",
    );
}

#[test]
fn what_both_added_stays_with_keys_of_its_own() {
    let mine = ("сентябрь 2026", "сентябрь 2026\n    4 | 2.2 | Курсы");
    let theirs = ("сентябрь 2026", "сентябрь 2026\n    4 | 2.2 | Стажировка");
    check_merge(
        &[mine],
        &[theirs],
        &[("сентябрь 2026", "сентябрь 2026\n    4 | 2.2 | Курсы\n    5 | 2.2 | Стажировка")],
        "",
    );
    check_merge(&[mine], &[mine], &[mine], "");
    let merged = merge(&plan(BASE), &plan(&edit(&[mine])), &plan(&edit(&[theirs])));
    assert_eq!(merged.renumbered.iter().map(|(old, new)| (old.0, new.0)).collect::<Vec<_>>(), [(4, 5)]);
}

#[test]
fn a_longer_period_gives_old_texts_their_new_meaning() {
    let base = plan(
        "
        period 2026-09-01 2026-12-31
        1 | | Собрание | директор | до 20 октября
    ",
    );
    let mine = plan(
        "
        period 2027-09-01 2027-12-31
        1 | | Собрание | директор | до 20 октября
    ",
    );
    let theirs = plan(
        "
        period 2026-09-01 2026-12-31
        1 | | Собрание | Зотова Н.П. | до 20 октября
    ",
    );
    let merged = merge(&base, &mine, &theirs).plan;
    let (first, my) = (merged.activities().next(), mine.activities().next());
    assert_eq!(first.map(|activity| &activity.schedule), my.map(|activity| &activity.schedule));
    assert_eq!(
        merge(&base, &theirs, &mine).plan.activities().next().map(|activity| activity.schedule.clone()),
        my.map(|activity| activity.schedule.clone())
    );
}

#[test]
fn a_deadline_written_anew_is_read_in_the_new_period() {
    let at = |year: &str, deadline: &str| {
        plan(&format!("period {year}-09-01 {year}-12-31\n1 | | Собрание | директор | {deadline}"))
    };
    let merged =
        merge(&at("2026", "до 20 октября"), &at("2027", "до 20 октября"), &at("2026", "до 25 октября"));
    assert_eq!(merged.plan, at("2027", "до 25 октября"));
}

#[test]
fn links_follow_the_joined_activities() {
    let link = |key: u32, risk: &str| Link { activity: ActivityKey(key), to: LinkTo::Risk(risk.to_owned()) };
    let added =
        |title: &str| plan(&edit(&[("сентябрь 2026", &format!("сентябрь 2026\n    4 | 2.2 | {title}"))]));
    let gone = plan(&edit(&[("2 | 1.2 | Открыть клуб чтения | библиотекарь | ежемесячно", "")]));
    let base = [link(1, "a"), link(2, "b"), link(3, "c")];
    let merged = merge(&plan(BASE), &added("Курсы"), &added("Стажировка"));
    let mine = [link(1, "a"), link(2, "b"), link(4, "m")];
    let theirs = [link(1, "a"), link(2, "b"), link(3, "c"), link(4, "t")];
    assert_eq!(merged.links(&base, &mine, &theirs), [link(1, "a"), link(2, "b"), link(4, "m"), link(5, "t")]);
    let merged = merge(&plan(BASE), &gone, &plan(BASE));
    assert_eq!(merged.links(&base, &base, &base), [link(1, "a"), link(3, "c")]);
}

#[test]
fn paths_are_named_for_people_and_read_back() {
    let plan = plan(BASE);
    let check = |path: &str, human: &str| {
        let read: Path = path.parse().expect("a path");
        assert_eq!((read.to_string().as_str(), read.human(&plan).as_str()), (path, human));
    };
    check("activity/1/schedule", "Мероприятие 1.1 «Провести опрос учеников», срок");
    check("activity/1", "Мероприятие 1.1 «Провести опрос учеников»");
    check("activity/9/title", "Мероприятие, которого больше нет (ключ 9), название");
    check("activity/1/other/1/Чем/как", "Мероприятие 1.1 «Провести опрос учеников», Чем/как");
    check("section/2/title", "Раздел 2 «Кадры», название");
    check("section/5", "Раздел 5, которого больше нет");
    check("plan/title", "Название дорожной карты");
    for wrong in [
        "",
        "plan",
        "plan/x",
        "activity/01",
        "activity/1/",
        "activity/-1/title",
        "section/1/x",
        "section/1/title/x",
        "activity/1/other/x/y",
    ] {
        assert!(wrong.parse::<Path>().is_err(), "{wrong}");
    }
    assert_eq!(Path::Activity(ActivityKey(3)).text(&plan).as_deref(), Some("Назначить наставников"));
}
