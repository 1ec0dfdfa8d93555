//! Which field does the head of a column name?
//!
//! The spellings are data (`packs/dictionary/heads.toml`).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use opora_cells::{DictionaryError, toml_words};
use toml::{Table, Value};

use crate::field::Field;
use crate::registry::Column;
use crate::words::plain;

/// Spellings of heads, and the small words files use.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    fields: Spellings<Field>,
    registry: Spellings<Column>,
    /// Words for «no value», plain.
    pub(crate) blank: BTreeSet<String>,
    /// Words for «did not take part», plain.
    pub(crate) absent: BTreeSet<String>,
    /// Names of rows that sum up others, plain.
    pub(crate) totals: BTreeSet<String>,
    pub(crate) rural: BTreeSet<String>,
    pub(crate) urban: BTreeSet<String>,
    pub(crate) passed: BTreeSet<String>,
    pub(crate) not_passed: BTreeSet<String>,
    /// Grade of an examination that is held in one grade only, by the id of its kind.
    pub(crate) grade_of_kind: BTreeMap<String, u8>,
    /// Words of rows that sum up pupils, in any column, plain.
    pub(crate) sums: BTreeSet<String>,
    /// Procedures whose «test score» is a mark 2–5: `ege-math-base-11`.
    pub(crate) marked: BTreeSet<String>,
    /// Lowest and highest of a number, by its name.
    bounds: BTreeMap<String, Range>,
    /// Lowest and highest grade a kind of examination can be held in, by the id of the kind.
    pub(crate) grades_possible: BTreeMap<String, Range>,
    /// Lowest and highest grade a kind of examination is usually held in, by the id of the kind.
    pub(crate) grades_usual: BTreeMap<String, Range>,
}

/// Lowest and highest, both included.
pub(crate) type Range = (u16, u16);

/// Names of the numbers that have bounds.
const BOUNDED: [&str; 2] = ["year_usual", "test_score"];

/// Spellings of one kind of words: exact ones, and those with an asterisk.
#[derive(Clone, Debug)]
struct Spellings<T> {
    exact: HashMap<String, T>,
    /// Beginning, end and meaning; longest first.
    open: Vec<(String, String, T)>,
}

impl<T> Default for Spellings<T> {
    fn default() -> Self {
        Self { exact: HashMap::new(), open: Vec::new() }
    }
}

impl<T: Clone> Spellings<T> {
    fn add(&mut self, spelling: &str, meaning: &T) -> Result<(), String> {
        let taken = match spelling.split_once('*') {
            None => self.exact.insert(plain(spelling), meaning.clone()).is_some(),
            Some((start, end)) => {
                // «*родителя*» needs no more than one open side to be useful; both are kept as «holds».
                let end = end.strip_suffix('*').unwrap_or(end);
                self.open.push((plain(start), plain(end), meaning.clone()));
                false
            }
        };
        if taken {
            return Err(format!("Написание «{spelling}» дано дважды. Оставьте одно."));
        }
        Ok(())
    }

    fn sort(&mut self) {
        self.open.sort_by_key(|(start, end, _)| std::cmp::Reverse(start.len() + end.len()));
    }

    fn find(&self, head: &str) -> Option<&T> {
        self.exact.get(head).or_else(|| {
            let fits = |start: &str, end: &str| {
                head.len() >= start.len() + end.len()
                    && if start.is_empty() {
                        head.contains(end)
                    } else {
                        head.starts_with(start) && head.ends_with(end)
                    }
            };
            self.open.iter().find(|(start, end, _)| fits(start, end)).map(|(_, _, meaning)| meaning)
        })
    }
}

impl Heads {
    /// The list that comes with the program.
    pub fn committed() -> &'static Self {
        static HEADS: OnceLock<Heads> = OnceLock::new();
        // A test reads the committed list; an unreadable one would leave no head known and every file refused.
        HEADS.get_or_init(|| Self::read(COMMITTED).unwrap_or_default())
    }

    /// Reads a list of heads. All errors are returned together.
    pub fn read(text: &str) -> Result<Self, Vec<DictionaryError>> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            vec![DictionaryError { place: "файл".to_owned(), message: toml_words(text, &error) }]
        })?;
        let (mut heads, mut errors) = (Self::default(), Vec::new());
        for (section, words) in &table {
            heads.section(section, words, &mut errors);
        }
        heads.fields.sort();
        heads.registry.sort();
        if errors.is_empty() { Ok(heads) } else { Err(errors) }
    }

    fn section(&mut self, section: &str, words: &Value, errors: &mut Vec<DictionaryError>) {
        let mut wrong = |place: &str, message: String| {
            errors.push(DictionaryError { place: format!("{section} {place}"), message });
        };
        for (name, value) in words.as_table().into_iter().flatten() {
            let spellings = || value.as_array().into_iter().flatten().filter_map(Value::as_str);
            match section {
                "personal" | "field" | "registry" if spellings().next().is_none() => {
                    wrong(name, "Дайте список написаний: [\"…\", \"…\"].".to_owned());
                }
                "personal" | "field" => {
                    let word = if section == "personal" { section } else { name };
                    let Some(field) = Field::from_word(word, None) else {
                        wrong(name, "Такого поля нет.".to_owned());
                        continue;
                    };
                    let added = spellings().map(|spelling| self.fields.add(spelling, &field));
                    added.filter_map(Result::err).for_each(|message| wrong(name, message));
                }
                "registry" => {
                    let Some(column) = Column::from_word(name) else {
                        wrong(name, "Такого столбца у реестра нет.".to_owned());
                        continue;
                    };
                    let added = spellings().map(|spelling| self.registry.add(spelling, &column));
                    added.filter_map(Result::err).for_each(|message| wrong(name, message));
                }
                "words" => match self.words(name) {
                    Some(set) => set.extend(spellings().map(plain)),
                    None => wrong(name, "Такого списка слов нет.".to_owned()),
                },
                "grade_of_kind" => match value.as_integer().and_then(|grade| u8::try_from(grade).ok()) {
                    Some(grade @ 1..=11) => {
                        self.grade_of_kind.insert(name.clone(), grade);
                    }
                    _ => wrong(name, "Класс – целое число от 1 до 11.".to_owned()),
                },
                "marked" if name == "procedures" => {
                    self.marked.extend(spellings().map(str::to_owned));
                }
                "bounds" | "grades_possible" | "grades_usual" => {
                    if let Err(message) = self.range(section, name, value) {
                        wrong(name, message);
                    }
                }
                _ => wrong(name, "Такого раздела нет.".to_owned()),
            }
        }
    }

    /// Takes «lowest, highest» of a number or of the grades of a kind.
    fn range(&mut self, section: &str, name: &str, value: &Value) -> Result<(), String> {
        let numbers: Option<Vec<u16>> = value.as_array().and_then(|list| {
            list.iter().map(|number| number.as_integer().and_then(|n| u16::try_from(n).ok())).collect()
        });
        let Some([lowest, highest]) = numbers.as_deref() else {
            return Err("Дайте два целых числа: [наименьшее, наибольшее].".to_owned());
        };
        if lowest > highest {
            return Err("Наименьшее больше наибольшего.".to_owned());
        }
        let ranges = match section {
            "grades_possible" => &mut self.grades_possible,
            "grades_usual" => &mut self.grades_usual,
            _ if BOUNDED.contains(&name) => &mut self.bounds,
            _ => return Err(format!("Допустимы: {}.", BOUNDED.join(", "))),
        };
        ranges.insert(name.to_owned(), (*lowest, *highest));
        Ok(())
    }

    /// Years results are usually of; all years where the list does not say.
    pub(crate) fn year_usual(&self) -> Range {
        self.bounds.get("year_usual").copied().unwrap_or((0, u16::MAX))
    }

    /// The highest test score where no scale says otherwise.
    pub(crate) fn test_score_max(&self) -> Option<u16> {
        self.bounds.get("test_score").map(|(_, highest)| *highest)
    }

    /// The word sums up pupils: «Итого», «Всего по школе».
    pub(crate) fn is_sum(&self, text: &str) -> bool {
        const LONGEST_BYTES: usize = 200;
        let text = text.trim();
        // Most cells are numbers and codes: they are told apart without being made plain.
        if text.len() > LONGEST_BYTES || text.bytes().next().is_none_or(|byte| byte.is_ascii()) {
            return false;
        }
        let text = plain(text);
        let word = text.split_once(" по ").map_or(text.as_str(), |(word, _)| word);
        self.sums.contains(&text) || self.sums.contains(word)
    }

    fn words(&mut self, name: &str) -> Option<&mut BTreeSet<String>> {
        Some(match name {
            "blank" => &mut self.blank,
            "absent" => &mut self.absent,
            "totals" => &mut self.totals,
            "rural" => &mut self.rural,
            "urban" => &mut self.urban,
            "sums" => &mut self.sums,
            "passed" => &mut self.passed,
            "not_passed" => &mut self.not_passed,
            _ => return None,
        })
    }

    /// The field a head names. Units at its end («, %», «, чел.») do not matter.
    pub(crate) fn field(&self, head: &str) -> Option<Field> {
        let head = plain(head);
        self.fields.find(&head).or_else(|| self.fields.find(without_unit(&head)?)).cloned()
    }

    /// The registry column a head names; [`Column::Personal`] for what tells of a person.
    pub(crate) fn column(&self, head: &str) -> Option<Column> {
        let head = plain(head);
        let known = self.registry.find(&head).copied();
        known.or_else(|| (self.fields.find(&head) == Some(&Field::Personal)).then_some(Column::Personal))
    }
}

/// A plain head without the unit at its end or its beginning, if there is one.
pub(crate) fn without_unit(head: &str) -> Option<&str> {
    let end = [" %", " чел", " человек", " в %", " в процентах", " ед", " шт"];
    let stripped = end.iter().find_map(|unit| head.strip_suffix(unit));
    stripped.or_else(|| head.strip_prefix("% ")).map(str::trim)
}

const COMMITTED: &str = include_str!("../../../packs/dictionary/heads.toml");

#[cfg(test)]
mod tests {
    use super::{COMMITTED, Field, Heads};

    #[track_caller]
    fn check(head: &str, expected: impl Into<Option<Field>>) {
        assert_eq!(Heads::committed().field(head), expected.into(), "{head}");
    }

    #[test]
    fn heads_are_known_in_many_spellings() {
        assert!(Heads::read(COMMITTED).is_ok());
        check("Код ОО", Field::Code);
        check("Наименование ОО", Field::School);
        check("Кол-во участников", Field::Participants);
        check("Отметка по журналу (3 четверть)", Field::Journal);
        check("Oтметка", Field::Mark);
        check("Не преодолели минимум, %", Field::BelowMinimum);
        check("2, %", Field::Marks(2));
        check("ФИО участника", Field::Personal);
        check("СНИЛС", Field::Personal);
        check("Любимый цвет", None);
    }

    #[test]
    fn wrong_lists_are_told_together() {
        let text = "[field]\nnothing = ['а']\nscore = ['балл', 'БАЛЛ']\n[odd]\nx = 1\n\
                    [bounds]\nyear_usual = [2030, 2001]\nweight = [1, 2]";
        let errors = Heads::read(text).expect_err("wrong");
        let mut places: Vec<&str> = errors.iter().map(|error| error.place.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["bounds weight", "bounds year_usual", "field nothing", "field score", "odd x"]);
    }
}
