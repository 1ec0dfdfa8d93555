//! What do the codes of kinds, subjects, levels and indicators mean?
//!
//! The lists are data (`packs/dictionary/*.toml`): codes never change their meaning, new ones are added.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::{IndicatorCode, KindCode, LevelCode, Procedure, SubjectCode};

/// What the codes mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dictionary {
    /// Kinds of procedures by code.
    pub kinds: BTreeMap<KindCode, Entry>,
    /// Subjects by code.
    pub subjects: BTreeMap<SubjectCode, Entry>,
    /// Levels by code; the code 0, "the only level", needs no entry.
    pub levels: BTreeMap<LevelCode, Entry>,
    /// Declared indicators by code.
    pub indicators: BTreeMap<IndicatorCode, Indicator>,
    /// Kinds and calendar years in which a spring procedure was moved to autumn: the row of years is broken there.
    pub autumn: Vec<(KindCode, u16)>,
}

/// A word of the dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Stable name in packs and in JSON: `vpr`, `ru`, `profile`.
    pub id: String,
    /// Name as shown: «русский язык».
    pub name: String,
    /// Other ways files write it, lower case.
    pub also: Vec<String>,
}

/// A declared indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// How it is called.
    pub entry: Entry,
    /// The whole it is a part of, for a share: id of another indicator, such as `pupils`.
    pub whole: Option<String>,
    /// A higher value is better, worse, or neither.
    pub better: Option<bool>,
}

/// Why a dictionary can't be used: which file, which entry, what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryError {
    /// Section and id, such as `subject ru`.
    pub place: String,
    /// What is wrong and how to mend it, in Russian.
    pub message: String,
}

/// Why a text is no TOML: line and what to look at in Russian, what the reader of the format says in brackets.
pub fn toml_words(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| text.get(..span.start).unwrap_or(text).matches('\n').count() + 1);
    let place = line.map_or_else(String::new, |line| format!("Строка {line}: "));
    format!(
        "{place}запись TOML не читается. Проверьте кавычки, скобки и знак «=» (подробность: {}).",
        error.message()
    )
}

impl Dictionary {
    /// Reads a dictionary of the form `[kind.vpr] code = 1, name = "ВПР", also = ["…"]` with the sections `kind`,
    /// `subject`, `level`, `indicator`. All errors are returned together.
    pub fn read(text: &str) -> Result<Self, Vec<DictionaryError>> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            vec![DictionaryError { place: "файл".to_owned(), message: toml_words(text, &error) }]
        })?;
        let mut reading = Reading::default();
        for (section, entries) in table.iter().filter(|(section, _)| *section != AUTUMN) {
            reading.section(section, entries);
        }
        if let Some(years) = table.get(AUTUMN) {
            reading.autumn(years);
        }
        if reading.errors.is_empty() { Ok(reading.dictionary) } else { Err(reading.errors) }
    }

    /// The procedure as words: «ВПР, русский язык, 5 класс». A code without an entry is shown as a number.
    pub fn procedure_name(&self, procedure: Procedure) -> String {
        let named = |entry: Option<&Entry>, code: u8| entry.map_or(format!("№ {code}"), |e| e.name.clone());
        let mut words = vec![
            named(self.kinds.get(&procedure.kind), procedure.kind.0),
            named(self.subjects.get(&procedure.subject), procedure.subject.0),
        ];
        if procedure.level != LevelCode::default() {
            words.push(named(self.levels.get(&procedure.level), procedure.level.0));
        }
        words.push(format!("{} класс", procedure.grade));
        words.join(", ")
    }

    /// The procedure as a stable name: `vpr-ru-5`, `ege-math-profile-11`.
    pub fn procedure_id(&self, procedure: Procedure) -> String {
        let id = |entry: Option<&Entry>, code: u8| entry.map_or(code.to_string(), |e| e.id.clone());
        let mut parts = vec![
            id(self.kinds.get(&procedure.kind), procedure.kind.0),
            id(self.subjects.get(&procedure.subject), procedure.subject.0),
        ];
        if procedure.level != LevelCode::default() {
            parts.push(id(self.levels.get(&procedure.level), procedure.level.0));
        }
        parts.push(procedure.grade.to_string());
        parts.join("-")
    }

    /// A procedure of this kind was moved to autumn in that year.
    pub fn held_in_autumn(&self, kind: KindCode, year: u16) -> bool {
        self.autumn.contains(&(kind, year))
    }

    /// The kind with a stable name or one of its other spellings, whatever the case.
    pub fn kind(&self, word: &str) -> Option<KindCode> {
        find(&self.kinds, word)
    }

    /// The subject with a stable name or one of its other spellings, whatever the case.
    pub fn subject(&self, word: &str) -> Option<SubjectCode> {
        find(&self.subjects, word)
    }

    /// The level with a stable name or one of its other spellings, whatever the case.
    pub fn level(&self, word: &str) -> Option<LevelCode> {
        find(&self.levels, word)
    }

    /// The indicator with a stable name or one of its other spellings, whatever the case.
    pub fn indicator(&self, word: &str) -> Option<IndicatorCode> {
        let folded = fold(word);
        self.indicators.iter().find(|(_, indicator)| indicator.entry.answers(&folded)).map(|(code, _)| *code)
    }
}

impl Entry {
    fn answers(&self, folded: &str) -> bool {
        self.id == folded || fold(&self.name) == folded || self.also.iter().any(|also| fold(also) == folded)
    }
}

fn find<Code: Copy>(entries: &BTreeMap<Code, Entry>, word: &str) -> Option<Code> {
    let folded = fold(word);
    entries.iter().find(|(_, entry)| entry.answers(&folded)).map(|(code, _)| *code)
}

/// Lower case, «е» for «ё», single spaces: what spellings are compared by.
fn fold(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('ё', "е")
}

#[derive(Default)]
struct Reading {
    dictionary: Dictionary,
    errors: Vec<DictionaryError>,
}

impl Reading {
    fn section(&mut self, section: &str, entries: &Value) {
        let Some(entries) = entries.as_table().filter(|_| SECTIONS.contains(&section)) else {
            let message = format!("Такого раздела нет. Допустимы: {}.", SECTIONS.join(", "));
            return self.error(section, message);
        };
        for (id, value) in entries {
            let place = format!("{section} {id}");
            match value.as_table() {
                Some(fields) => self.entry(section, id, fields, &place),
                None => self.error(&place, "Опишите слово таблицей с полями code и name.".to_owned()),
            }
        }
    }

    fn entry(&mut self, section: &str, id: &str, fields: &Table, place: &str) {
        let known: &[&str] = if section == "indicator" { &INDICATOR_FIELDS } else { &FIELDS };
        for field in fields.keys().filter(|field| !known.contains(&field.as_str())) {
            self.error(place, format!("Поле «{field}» неизвестно. Допустимы: {}.", known.join(", ")));
        }
        let name = fields.get("name").and_then(Value::as_str);
        let code = fields.get("code").and_then(Value::as_integer).and_then(|code| u16::try_from(code).ok());
        let (Some(name), Some(code)) = (name, code) else {
            return self.error(place, "Нужны поля code (целое число) и name (название).".to_owned());
        };
        let also = fields.get("also").and_then(Value::as_array);
        let also = also.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        let entry = Entry { id: id.to_owned(), name: name.to_owned(), also };
        let taken = if section == "indicator" {
            let indicator = Indicator {
                entry,
                whole: fields.get("whole").and_then(Value::as_str).map(str::to_owned),
                better: fields.get("higher_is_better").and_then(Value::as_bool),
            };
            self.dictionary.indicators.insert(IndicatorCode(code), indicator).is_some()
        } else {
            let Ok(code) = u8::try_from(code) else {
                return self.error(place, "Код должен быть от 0 до 255.".to_owned());
            };
            match section {
                "kind" => self.dictionary.kinds.insert(KindCode(code), entry).is_some(),
                "subject" => self.dictionary.subjects.insert(SubjectCode(code), entry).is_some(),
                _ => self.dictionary.levels.insert(LevelCode(code), entry).is_some(),
            }
        };
        if taken {
            self.error(place, format!("Код {code} уже занят другим словом. Возьмите свободный код."));
        }
    }

    fn autumn(&mut self, kinds: &Value) {
        for (id, years) in kinds.as_table().into_iter().flatten() {
            let years: Option<Vec<u16>> = years
                .as_array()
                .and_then(|years| years.iter().map(|year| u16::try_from(year.as_integer()?).ok()).collect());
            match (self.dictionary.kind(id), years) {
                (Some(kind), Some(years)) => {
                    self.dictionary.autumn.extend(years.into_iter().map(|year| (kind, year)));
                }
                _ => {
                    let message = "Укажите известный вид процедуры и список годов: vpr = [2020].".to_owned();
                    self.error(&format!("{AUTUMN} {id}"), message);
                }
            }
        }
    }

    fn error(&mut self, place: &str, message: String) {
        self.errors.push(DictionaryError { place: place.to_owned(), message });
    }
}

const AUTUMN: &str = "autumn";
const SECTIONS: [&str; 4] = ["kind", "subject", "level", "indicator"];
const FIELDS: [&str; 3] = ["code", "name", "also"];
const INDICATOR_FIELDS: [&str; 5] = ["code", "name", "also", "whole", "higher_is_better"];

#[cfg(test)]
mod tests {
    use super::Dictionary;
    use crate::{KindCode, LevelCode, Procedure, SubjectCode};

    const COMMITTED: &str = include_str!("../../../packs/dictionary/dictionary.toml");

    #[test]
    fn the_committed_dictionary_reads() {
        let dictionary = Dictionary::read(COMMITTED).expect("the dictionary is well formed");
        assert_eq!(dictionary.kind("ВПР"), Some(KindCode(1)));
        assert_eq!(dictionary.subject("Русский  язык"), dictionary.subject("ru"));
        assert_eq!(dictionary.subject("физра"), None);
        assert!(
            dictionary.held_in_autumn(KindCode(1), 2020) && !dictionary.held_in_autumn(KindCode(1), 2021)
        );
        let whole = |id: &str| dictionary.indicator(id).is_some();
        let wholes = dictionary.indicators.values().filter_map(|indicator| indicator.whole.as_deref());
        assert!(wholes.into_iter().all(whole), "the whole of a share is an indicator too");
    }

    #[test]
    fn a_procedure_is_told_in_words_and_as_a_stable_name() {
        let dictionary = Dictionary::read(COMMITTED).expect("the dictionary is well formed");
        let level = dictionary.level("profile").expect("a level");
        let math = dictionary.subject("math").expect("a subject");
        let procedure = Procedure { kind: KindCode(3), subject: math, grade: 11, level };
        assert_eq!(dictionary.procedure_name(procedure), "ЕГЭ, математика, профильный уровень, 11 класс");
        assert_eq!(dictionary.procedure_id(procedure), "ege-math-profile-11");
        let unknown =
            Procedure { kind: KindCode(200), subject: SubjectCode(200), grade: 5, level: LevelCode(0) };
        assert_eq!(dictionary.procedure_id(unknown), "200-200-5");
    }

    #[test]
    fn all_errors_are_told_together() {
        let text =
            "[kind.a]\ncode = 1\nname = 'А'\n[kind.b]\ncode = 1\nname = 'Б'\ncolour = 1\n[odd.x]\ncode = 1";
        let places: Vec<String> =
            Dictionary::read(text).expect_err("wrong").into_iter().map(|error| error.place).collect();
        assert_eq!(places, ["kind b", "kind b", "odd"]);
    }
}
