//! What are invented places called?
//!
//! Names are put together from syllables that no real place has, with the endings of Russian place names.

use std::collections::BTreeSet;

use crate::chance::Chance;

const BEGINNINGS: [&str; 28] = [
    "Бельм",
    "Вурт",
    "Гарз",
    "Дольм",
    "Жунг",
    "Зельт",
    "Ирмад",
    "Клемб",
    "Лунж",
    "Мерг",
    "Нурв",
    "Олдым",
    "Пурз",
    "Рамт",
    "Сунг",
    "Тарпл",
    "Ургаз",
    "Фельм",
    "Хорз",
    "Цынд",
    "Чарм",
    "Шумб",
    "Эрдв",
    "Юльм",
    "Яртум",
    "Брумз",
    "Гульт",
    "Вежд",
];
const MIDDLES: [&str; 18] = [
    "аг", "ев", "оз", "ур", "аб", "онд", "ел", "ус", "ил", "от", "ув", "ам", "ег", "орул", "ив", "ул", "еш",
    "агам",
];

/// Gives each name once.
#[derive(Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A stem nobody has yet: «Тарплонд».
    fn stem(&mut self, chance: &mut Chance) -> String {
        loop {
            let beginning = chance.one_of(&BEGINNINGS).copied().unwrap_or_default();
            let middle = chance.one_of(&MIDDLES).copied().unwrap_or_default();
            let mut stem = format!("{beginning}{middle}");
            // A crowded list takes a third syllable: there is always another name.
            if self.taken.len() > BEGINNINGS.len() * MIDDLES.len() / 2 {
                stem.push_str(chance.one_of(&MIDDLES).copied().unwrap_or_default());
            }
            if self.taken.len() > BEGINNINGS.len() * MIDDLES.len() * MIDDLES.len() / 2 {
                stem.push_str(chance.one_of(&MIDDLES).copied().unwrap_or_default());
            }
            if self.taken.insert(stem.clone()) {
                return stem;
            }
        }
    }

    /// «Тарплондская область».
    pub(crate) fn region(&mut self, chance: &mut Chance) -> String {
        let stem = self.stem(chance);
        match chance.below(10) {
            0..=5 => format!("{stem}ская область"),
            6..=7 => format!("{stem}ский край"),
            _ => format!("Республика {stem}ия"),
        }
    }

    /// Name of a town: «Мергозск».
    pub(crate) fn town(&mut self, chance: &mut Chance) -> String {
        let stem = self.stem(chance);
        let ending = chance.one_of(&["ск", "оград", "ополь"]).copied().unwrap_or("ск");
        format!("{stem}{ending}")
    }

    /// Adjective of a district: «Чармусский».
    pub(crate) fn district(&mut self, chance: &mut Chance) -> String {
        format!("{}ский", self.stem(chance))
    }

    /// A village with its kind in the genitive: «села Нурвивово».
    pub(crate) fn village(&mut self, chance: &mut Chance) -> String {
        let kinds = ["села", "посёлка", "деревни", "станицы", "хутора"];
        let kind = kinds.get(chance.weighted(&[5.0, 3.0, 3.0, 1.0, 1.0])).copied().unwrap_or("села");
        let stem = self.stem(chance);
        let ending = chance.one_of(&["ово", "ино", "ка", "ское"]).copied().unwrap_or("ово");
        let before = match chance.below(8) {
            0 => "Верхнее ",
            1 => "Новое ",
            2 => "Малое ",
            _ => "",
        };
        let before = if ending == "ка" {
            before.replace("ее", "яя").replace("ое", "ая")
        } else {
            before.to_owned()
        };
        format!("{kind} {before}{stem}{ending}")
    }
}

/// Name of a school: «Лицей № 3 города Мергозимск».
pub(crate) fn school(kind: &str, number: u32, place: &str) -> String {
    let what = match kind {
        "лицей" => "Лицей",
        "гимназия" => "Гимназия",
        "вечерняя школа" => "Вечерняя (сменная) школа",
        "ООШ" => "Основная школа",
        _ => "Школа",
    };
    format!("{what} № {number} {place}")
}

/// The name a school had before it was renamed.
pub(crate) fn former_school(kind: &str, number: u32, place: &str) -> String {
    let what = if kind == "ООШ" {
        "Начальная школа – детский сад"
    } else {
        "Средняя общеобразовательная школа"
    };
    format!("{what} № {number} {place}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Names;
    use crate::chance::{Chance, Purpose};

    #[test]
    fn no_name_is_given_twice() {
        let (mut names, mut chance) = (Names::default(), Chance::of(1, Purpose::Sizes, 0, 0));
        let villages: BTreeSet<String> = (0..3000).map(|_| names.village(&mut chance)).collect();
        assert_eq!(villages.len(), 3000);
    }
}
