//! What does a full report on an order with many defects look like?

mod example;

use opora_checks::{ComponentCoverage, Finding, Report, Subject, Suppression, check};
use opora_cycle::vocabulary::{ActivityKey, Column};
use opora_neutral::Level;

/// An invented order of an invented district, as full of slips as orders are.
const DEFECTS: &str = "приказ: № 58 от 12.03.2021
название приказа: О поддержке школ Заозёрного округа на 2021–2022 годы
ссылка: приказ министерства образования от 05.02.2021 № 61
ссылка: приказ министерства образования от 14.09.2021 № 700
контроль: нет
план: План мероприятий на 2021–2023 годы
период: 2021–2022
участники: 4, 6, 9, 12, 15, 18, 20
участники: 4, 6, 9, 12, 15, 18, 20
участники: 4, 6, 9, 12, 15, 18, 20, 22, 25
кураторы: 1, 3, 5, 7
кураторы: 1, 3, 5, 7, 11
кураторы: 1, 3, 5, 7
критерий: 1.1. Средний балл по физике в прошлом учебном году составил 3,21
критерий: 1.2. Доля двоек выше 30 % за последние два года
критерий: 1.3. Доля двоек выше 30 % в течение трёх лет
критерий: 1.4. Результаты экзамена ниже областных за три года
раздел: 2021 год
| № | Срок | Мероприятие | Ответственные | Результат |
| 1.1 | до 20.02.2021 | Назначение кураторов школ | Власова Н.К., начальник отдела | Приказ |
| 1.2 | до 14.05.2021 | Разработка антирисковых программ школ | Руководители МОУ №№ 4, 6, 9 | Программы |
| 1.3 | до 16.04.2021 | Экспертиза антирисковых программ | Кураторы проекта | Экспертные заключения по антирисковым программам школ округа |
| 1.4 | июнь 2021 | Проведение мониторинга учебных достижений | Власова Н.К., начальник отдела | Справка |
| 1.6 | еженедельно | Посещение школ, беседы с директорами | Кураторы проекта | Карточки посещений |
| 1.6 | по мере необходимости | Консультирование директоров | | Оказание методической помощи |
| 1.7 | — | Семинар | Методисты центра | Экспертные заключения по антирисковым программам школ округа |
| 1.8 | 32.13.2021 | Обмен опытом между школами | Методисты центра | |
раздел: 2022 год
| 2.1 | июнь 2021 | Проведение мониторинга учебных достижений | Власова Н.К., начальник отдела | Справка |
| 2.2 | ноябрь 2022 – март 2021 | Курсы для учителей | Руководители МОУ № 41 | Повышение компетентности |
| 3.3 | до 10.02.2023 | Отчёт школ о выполнении плана | Власова Н.К., начальник отдела | Отчёты |
| 2.4 | до 06.11.2022 | Сбор данных об успеваемости | Власова Н.К., начальник отдела | Таблица |
| 2.5 | раз в месяц | Визиты в школы | Кураторы проекта | Карточки посещений |
| 2.6 | постоянно, до 15.03.2022 | Поддержка молодых учителей | Власова Н.К., начальник отдела | План наставничества |
| 2.7 | май 2022 | Обновление сайта отдела | Власова Н.К., начальник отдела | Сайт |
| 2.8 | май 2022 | Обновление сайта отдела | Власова Н.К., начальник отдела | Сайт |
";

fn print(report: &Report) -> String {
    let finding = |finding: &Finding| {
        let level = match finding.level {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let (code, subject, place) = (finding.code, finding.subject, &finding.place);
        format!("{code} {level} {subject:?} [{place}]\n  {}\n", finding.message())
    };
    let coverage = |coverage: &ComponentCoverage| {
        let keys: Vec<u32> = coverage.activities.iter().map(|key| key.0).collect();
        format!("{}. {}: {keys:?}\n", coverage.component.number(), coverage.component.russian())
    };
    report.findings.iter().map(finding).chain(report.coverage.iter().map(coverage)).collect()
}

#[test]
fn a_full_report() {
    let example = example::read(DEFECTS);
    insta::assert_snapshot!(print(&check(&example.order, &example.suppressions)));
}

fn suppress(code: &str, subject: Option<Subject>, reason: &str) -> Suppression {
    Suppression { code: code.to_owned(), subject, reason: reason.to_owned() }
}

/// Number of findings of the code left, suppressed, and notes about the suppressions.
#[track_caller]
fn check_suppressed(suppression: Suppression, expected: (usize, usize, usize)) {
    let example = example::read(DEFECTS);
    let report = check(&example.order, &[suppression]);
    let of_code = |code: &str| code == "D114" || code == "N101";
    let left = report.findings.iter().filter(|finding| of_code(finding.code)).count();
    let suppressed = report.suppressed.iter().filter(|(finding, _)| of_code(finding.code)).count();
    let notes = report.findings.iter().filter(|finding| finding.code.starts_with('S')).count();
    assert_eq!((left, suppressed, notes), expected);
}

#[test]
fn a_suppression_takes_out_what_it_covers_and_nothing_else() {
    let visits = Subject::Activity(ActivityKey(13), Column::Schedule);
    check_suppressed(suppress("d114", None, "согласовано"), (1, 1, 0));
    check_suppressed(suppress("D114", Some(visits), "согласовано"), (1, 1, 0));
    check_suppressed(suppress("D114", Some(Subject::Plan(0)), "согласовано"), (1, 1, 0));
    check_suppressed(suppress("D114", Some(Subject::Section(0, 1)), "согласовано"), (1, 1, 0));
    check_suppressed(suppress("D114", Some(Subject::Section(0, 0)), "согласовано"), (2, 0, 1));
    check_suppressed(suppress("D114", None, "  "), (2, 0, 1));
    check_suppressed(suppress("X999", None, "согласовано"), (2, 0, 1));
}

#[test]
fn a_suppressed_finding_keeps_its_reason() {
    let example = example::read(DEFECTS);
    let report = check(&example.order, &[suppress("A103", None, " контроль в приказе № 12 ")]);
    let reasons: Vec<(&str, &str)> =
        report.suppressed.iter().map(|(finding, reason)| (finding.code, reason.as_str())).collect();
    assert_eq!(reasons, [("A103", "контроль в приказе № 12")]);
}
