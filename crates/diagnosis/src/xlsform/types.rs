//! Which type of ours is a type of XLSForm?

use std::collections::BTreeMap;

use opora_neutral::Level;

use super::sheet::cell;
use super::survey::Reader;
use crate::{Kind, TEXT_LENGTH_MAX};

/// Types that ask nothing of a person, or ask what our questionnaires don't.
const META: [&str; 12] = [
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "phonenumber",
    "email",
    "calculate",
    "hidden",
    "audit",
    "subscriberid",
    "simserial",
];

impl Reader<'_, '_> {
    pub(super) fn kind(&mut self, row: u32, cells: &[String], kind: &str, words: &[&str]) -> Option<Kind> {
        let first = words.first().map(|word| word.to_lowercase()).unwrap_or_default();
        let one_word = words.len() == 1;
        let number = |whole| Kind::Number { min: None, max: None, whole, unit: None };
        match first.as_str() {
            "select_one" | "select_multiple" => self.select(row, &first, words.get(1..).unwrap_or_default()),
            "select" if words.len() > 2 => {
                let joined = format!("select_{}", words.get(1).copied().unwrap_or_default().to_lowercase());
                self.select(row, &joined, words.get(2..).unwrap_or_default())
            }
            "integer" | "int" if one_word => Some(number(true)),
            "decimal" if one_word => Some(number(false)),
            "text" | "string" if one_word => Some(Kind::Text { min_length: 0, max_length: TEXT_LENGTH_MAX }),
            "date" if one_word => Some(Kind::Date { from: None, to: None, not_future: false }),
            "note" if one_word => Some(Kind::Note),
            "range" => self.range(row, cells),
            word => {
                let meta = META.contains(&word);
                let level = if meta { Level::Note } else { Level::Warning };
                let why = if meta {
                    "Служебные поля анкете не нужны."
                } else {
                    "Такого вопроса в наших анкетах нет."
                };
                let mend = if meta {
                    "Делать ничего не нужно."
                } else {
                    "Замените его вопросом с текстом, числом или вариантами."
                };
                let what = format!("Строка типа «{kind}» не перенесена.");
                self.tell("XLSFORM_TYPE_SKIPPED", level, row, self.columns.kind, what, [why, mend]);
                None
            }
        }
    }

    fn select(&mut self, row: u32, word: &str, rest: &[&str]) -> Option<Kind> {
        let list = rest.first().copied().unwrap_or_default();
        let Some(choices) = self.lists.get(list).cloned() else {
            let what = format!("Списка вариантов «{list}» нет на листе choices.");
            let words = ["Вопрос остался без вариантов.", "Добавьте список или исправьте его имя."];
            self.tell("XLSFORM_LIST_MISSING", Level::Error, row, self.columns.kind, what, words);
            return None;
        };
        self.unused.remove(list);
        if rest.len() > 1 {
            let what =
                format!("Дополнение «{}» к типу не перенесено.", rest.get(1..).unwrap_or_default().join(" "));
            let words =
                ["Своего варианта у вопроса не будет.", "Добавьте вариант «другое» и вопрос с текстом."];
            self.tell("XLSFORM_TYPE_SKIPPED", Level::Warning, row, self.columns.kind, what, words);
        }
        match word {
            "select_one" => Some(Kind::Single(choices)),
            "select_multiple" => Some(Kind::Multiple { choices, at_least: 1, at_most: None }),
            other => {
                let what = format!("Строка типа «{other}» не перенесена.");
                let words = ["Такого вопроса в наших анкетах нет.", "Замените его вопросом с вариантами."];
                self.tell("XLSFORM_TYPE_SKIPPED", Level::Warning, row, self.columns.kind, what, words);
                None
            }
        }
    }

    fn range(&mut self, row: u32, cells: &[String]) -> Option<Kind> {
        let text = cell(cells, self.columns.parameters).to_owned();
        let pairs = text.split([' ', ';', ',']).filter_map(|pair| pair.split_once('='));
        let values: BTreeMap<&str, i32> =
            pairs.filter_map(|(name, value)| Some((name.trim(), value.trim().parse().ok()?))).collect();
        let from = values.get("start").copied().unwrap_or(0);
        let to = values.get("end").copied().unwrap_or(10);
        if values.get("step").is_none_or(|step| *step == 1) && !text.contains('.') {
            return Some(Kind::Scale { from, to, low: None, high: None });
        }
        let what = format!("Шаг шкалы «{text}» не перенесён.");
        let words = ["У наших шкал шаг – единица.", "Проверьте границы; сейчас это шкала с шагом 1."];
        self.tell("XLSFORM_RANGE_CHANGED", Level::Warning, row, self.columns.parameters, what, words);
        Some(Kind::Scale { from, to, low: None, high: None })
    }
}
