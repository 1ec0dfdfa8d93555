//! How fast is an order read once it is a neutral document? `cargo bench -p opora-cycle`.

#[path = "../tests/support/mod.rs"]
#[allow(dead_code, reason = "the benchmark writes orders down, it does not print them")]
mod support;

use std::fmt::Write;

use divan::Bencher;
use opora_cycle::intake;
use opora_neutral::Document;

fn main() {
    divan::main();
}

/// An order with a header, some chapters and a plan of `activities` rows.
fn order(activities: usize) -> Document {
    let mut text = String::from(
        "УПРАВЛЕНИЕ ОБРАЗОВАНИЯ ГОРОДА ЗАРЕЧЕНСКА\nПРИКАЗ\n12.02.2024 № 45\nОб утверждении дорожной карты на 2024 год\n\
         В соответствии с приказом Министерства образования Лесного края от 15.01.2024 № 17\nПРИКАЗЫВАЮ:\n\
         1. Утвердить дорожную карту.\n2. Контроль исполнения оставляю за собой.\nНачальник управления И.И. Лесная\n\
         Цели:\n- повысить качество образования в школах с низкими результатами\nДорожная карта на 2024 год\n\n\
         | № | Мероприятие | Сроки | Ответственные | Результат |\n",
    );
    let deadlines =
        ["до 01.04.2024", "март – май", "ежеквартально", "не реже 1 раза в месяц", "по мере необходимости"];
    let parties =
        ["Управление образования, ОО", "Ким В.Г., методист ЦДО", "Руководители МОУ №№ 2, 7, 14, кураторы"];
    for number in 1..=activities {
        let _ = writeln!(
            text,
            "| {}.{} | Проведение обучающего семинара № {number} для школьных команд по работе с результатами | {} | {} | Справка |",
            number / 20 + 1,
            number % 20 + 1,
            deadlines[number % deadlines.len()],
            parties[number % parties.len()],
        );
    }
    support::document(&text)
}

#[divan::bench(args = [15, 80, 1_000])]
fn read(bencher: Bencher, activities: usize) {
    let document = order(activities);
    bencher.bench_local(|| intake::read(&document));
}
