//! How long does it take to check a plan?

#[path = "../tests/example/mod.rs"]
mod example;

use divan::Bencher;
use divan::counter::ItemsCount;
use opora_checks::check;

fn main() {
    divan::main();
}

const ACTIONS: [&str; 8] = [
    "Разработка школьных дорожных карт",
    "Проверка кураторами школьных дорожных карт",
    "Проведение семинара для учителей математики",
    "Посещение школ, встречи с директорами",
    "Проведение мониторинга учебных достижений обучающихся",
    "Анализ результатов контрольных работ по русскому языку",
    "Подготовка адресных рекомендаций школам округа",
    "Консультирование педагогов, работающих с трудными подростками",
];
const DEADLINES: [&str; 8] = [
    "до 01.04.2021",
    "март – май 2021 года",
    "ежемесячно",
    "1 раз в две недели",
    "Февраль 2021 года; июнь 2021 года; ноябрь 2021 года",
    "по мере необходимости",
    "в течение года",
    "не реже 1 раза в неделю на стадии разработки",
];

/// A plan of a thousand activities over ten sections, every title a little different.
fn thousand(deadline: impl Fn(usize) -> String) -> String {
    let mut text = "приказ: № 15 от 29.03.2021\nпериод: 2021–2030\n".to_owned();
    text.push_str("участники: 2, 7, 14, 27\n| № | Мероприятие | Срок | Ответственные | Результат |\n");
    for index in 0..1000 {
        if index % 100 == 0 {
            text.push_str(&format!("раздел: {} год\n", 2021 + index / 100));
        }
        let action = ACTIONS[(index * 7 + index / 13) % ACTIONS.len()];
        text.push_str(&format!(
            "| {} | {action} в рамках направления «линия{} участок{}» школы № {} | {} | Кураторы проекта; Лугова А.П., методист | Справка по направлению линия{} |\n",
            index % 100 + 1,
            index % 37,
            index % 11,
            index % 29,
            deadline(index),
            index % 37,
        ));
    }
    text
}

fn run(bencher: Bencher<'_, '_>, text: &str) {
    let order = example::read(text).order;
    let count = order.plans[0].activities().count();
    bencher.counter(ItemsCount::new(count)).bench(|| check(divan::black_box(&order), &[]));
}

#[divan::bench]
fn a_thousand_activities(bencher: Bencher<'_, '_>) {
    run(bencher, &thousand(|index| DEADLINES[(index * 3 + index / 17) % DEADLINES.len()].to_owned()));
}

/// Every date is of a foreign year, so that every row looks for its twin.
#[divan::bench]
fn a_thousand_stale_activities(bencher: Bencher<'_, '_>) {
    run(bencher, &thousand(|index| format!("март {}", 2030 - index / 100)));
}

/// Every row recurs: all are compared for conflicting frequencies.
#[divan::bench]
fn a_thousand_recurring_activities(bencher: Bencher<'_, '_>) {
    run(bencher, &thousand(|index| DEADLINES[2 + index % 2].to_owned()));
}
