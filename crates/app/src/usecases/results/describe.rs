//! How does a specialist describe the columns of a table nobody knows, and what would be read with the description?

use std::path::Path;

use jiff::Timestamp;
use opora_cells::{Cell, Dictionary, Outcome, Row};
use opora_forms::{
    Constants, Field, Glance, Heads, Intake, LINES, Mapping, Numbers, Reading, Suggestion, glance,
    glance_csv, suggest_mapping, try_csv, try_document,
};
use opora_results::{RowsFile, tidy};

use super::catalog::Catalog;
use super::dataset::{DataError, Dataset};
use super::intake::{Known, Way, context, document, open, records};

/// Facts shown of a trial.
const SHOWN: usize = 8;

/// The top of the table in a file; nothing where there is none.
pub fn look(path: &Path, name: &str) -> Result<Option<Glance>, DataError> {
    let (way, file, _) = open(path, name)?;
    match way {
        Way::Lines => Ok(glance_csv(file)),
        Way::Whole => Ok(glance(&document(path, name)?)),
        Way::Columns => {
            let file = RowsFile::Path(path.to_owned());
            let columns = columns(&file)?;
            let mut rows = Vec::new();
            records(&file, &columns, &mut |row, line| {
                rows.push(line.to_vec());
                row < LINES
            })?;
            Ok(Some(Glance::of_columns(columns, &rows)))
        }
    }
}

fn columns(file: &RowsFile) -> Result<Vec<String>, DataError> {
    Ok(tidy::columns(file)?.into_iter().map(|(name, _)| name).collect())
}

/// A description to begin with: a kept one whose columns are all there, otherwise what heads and values suggest.
pub fn suggest(
    catalog: &Catalog,
    glance: &Glance,
    kept: &[(String, Mapping)],
) -> (Option<String>, Suggestion) {
    let has = |head: &String| glance.heads.contains(head);
    let fits = |mapping: &Mapping| {
        let mut needed =
            mapping.columns.iter().filter(|(_, field)| !matches!(field, Field::Ignore | Field::Personal));
        mapping.columns.len() >= 2 && needed.all(|(head, _)| has(head))
    };
    match kept.iter().filter(|(_, mapping)| fits(mapping)).max_by_key(|(_, mapping)| mapping.columns.len()) {
        Some((name, mapping)) => {
            let unknown =
                glance.heads.iter().filter(|head| mapping.column(head).is_none()).cloned().collect();
            let suggestion = Suggestion { mapping: mapping.clone(), unknown, by_values: Vec::new() };
            (Some(name.clone()), suggestion)
        }
        None => {
            let heads = Heads::committed();
            (None, suggest_mapping(&glance.heads, &glance.samples, heads, &catalog.dictionary))
        }
    }
}

/// A description as it was filled in: words as a form has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Word of each column, in the order of the heads; empty where the column is not needed.
    pub fields: Vec<String>,
    /// Words of the constants.
    pub kind: String,
    /// Subject.
    pub subject: String,
    /// Level.
    pub level: String,
    /// Grade.
    pub grade: String,
    /// Year.
    pub year: String,
    /// `percents`, `counts` or empty.
    pub numbers: String,
    /// Section, word of the file, word of the dictionary.
    pub words: Vec<(String, String, String)>,
}

impl Filled {
    /// A description as a form shows it.
    pub fn of(mapping: &Mapping, glance: &Glance, dictionary: &Dictionary) -> Self {
        let same = &mapping.constants;
        let id = |entry: Option<&opora_cells::Entry>| entry.map(|entry| entry.id.clone()).unwrap_or_default();
        let fields = glance.heads.iter();
        let fields =
            fields.map(|head| mapping.column(head).map(|field| field.word(dictionary)).unwrap_or_default());
        Self {
            fields: fields.collect(),
            kind: id(same.kind.and_then(|code| dictionary.kinds.get(&code))),
            subject: id(same.subject.and_then(|code| dictionary.subjects.get(&code))),
            level: id(same.level.and_then(|code| dictionary.levels.get(&code))),
            grade: same.grade.map(|grade| grade.to_string()).unwrap_or_default(),
            year: same.year.map(|year| year.to_string()).unwrap_or_default(),
            numbers: match mapping.numbers {
                Numbers::Either => "",
                Numbers::Percents => "percents",
                Numbers::Counts => "counts",
            }
            .to_owned(),
            words: words_of(mapping, dictionary),
        }
    }

    /// The description, read as if it came as a text; otherwise all that is wrong, in Russian.
    pub fn mapping(&self, glance: &Glance, dictionary: &Dictionary) -> Result<Mapping, Vec<String>> {
        let mut wrong = Vec::new();
        let mut columns = std::collections::BTreeMap::new();
        for (head, word) in
            glance.heads.iter().zip(&self.fields).filter(|(head, word)| !head.is_empty() && !word.is_empty())
        {
            match Field::from_word(word, Some(dictionary)) {
                Some(field) => {
                    columns.insert(head.clone(), field);
                }
                None => {
                    wrong.push(format!("Столбец «{head}»: выбранное значение неизвестно. Выберите другое."));
                }
            }
        }
        let number = |text: &str, what: &str, wrong: &mut Vec<String>| {
            let text = text.trim();
            let read = text.parse::<u16>().ok();
            if read.is_none() && !text.is_empty() {
                wrong.push(format!("{what}: «{text}» – не число. Напишите число или оставьте пустым."));
            }
            read
        };
        let grade = number(&self.grade, "Класс", &mut wrong);
        let constants = Constants {
            kind: dictionary.kind(&self.kind),
            subject: dictionary.subject(&self.subject),
            level: dictionary.level(&self.level),
            grade: grade.map(|grade| u8::try_from(grade).unwrap_or(u8::MAX)),
            year: number(&self.year, "Год", &mut wrong),
        };
        let mut mapping = Mapping::new(columns, constants);
        mapping.numbers = match self.numbers.as_str() {
            "percents" => Numbers::Percents,
            "counts" => Numbers::Counts,
            _ => Numbers::Either,
        };
        for (section, word, target) in self.words.iter().filter(|(.., target)| !target.is_empty()) {
            let (subject, level) = target.split_once(' ').unwrap_or((target, ""));
            let (kind, subject) = (dictionary.kind(target), dictionary.subject(subject));
            let known = match (section.as_str(), kind, dictionary.level(target), subject) {
                ("kind", Some(code), ..) => {
                    mapping.kinds.insert(word.clone(), code);
                    true
                }
                ("level", _, Some(code), _) => {
                    mapping.levels.insert(word.clone(), code);
                    true
                }
                ("subject", .., Some(code)) => {
                    mapping.subjects.insert(word.clone(), (code, dictionary.level(level)));
                    true
                }
                _ => false,
            };
            if !known {
                wrong.push(format!("Слово «{word}»: выбранное значение неизвестно. Выберите другое."));
            }
        }
        // One way in: what is told twice, years out of bounds and the like are found by the reader of descriptions.
        match Mapping::read(&mapping.to_toml(dictionary), dictionary) {
            Ok(mapping) if wrong.is_empty() => Ok(mapping),
            Ok(_) => Err(wrong),
            Err(errors) => {
                wrong.extend(
                    errors.iter().map(|error| format!("{}: {}", place_words(&error.place), error.message)),
                );
                Err(wrong)
            }
        }
    }
}

/// A place in a description in the words of the page.
fn place_words(place: &str) -> String {
    let words = [
        ("columns", "Столбцы"),
        ("constants", "Одинаково во всех строках"),
        ("words", "Слова файла"),
        ("options", "Числа"),
    ];
    let known = words.iter().find_map(|(word, shown)| Some(format!("{shown}{}", place.strip_prefix(word)?)));
    known.unwrap_or_else(|| place.to_owned())
}

fn words_of(mapping: &Mapping, dictionary: &Dictionary) -> Vec<(String, String, String)> {
    let id = |entry: Option<&opora_cells::Entry>| entry.map(|entry| entry.id.clone()).unwrap_or_default();
    let kinds = mapping.kinds.iter().map(|(word, code)| ("kind", word, id(dictionary.kinds.get(code))));
    let levels = mapping.levels.iter().map(|(word, code)| ("level", word, id(dictionary.levels.get(code))));
    let subjects = mapping.subjects.iter().map(|(word, (code, level))| {
        let level = level.map(|level| id(dictionary.levels.get(&level))).unwrap_or_default();
        ("subject", word, format!("{} {level}", id(dictionary.subjects.get(code))).trim().to_owned())
    });
    let words = kinds.chain(subjects).chain(levels);
    words.map(|(section, word, target)| (section.to_owned(), word.clone(), target)).collect()
}

/// A fact of a trial in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLine {
    /// Row of the file.
    pub row: u32,
    /// Name of the school.
    pub school: String,
    /// Procedure or declared number.
    pub about: String,
    /// Calendar year.
    pub year: u16,
    /// Mark, score, counts.
    pub told: String,
}

/// What a trial has shown.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The first facts, in the order of the file.
    pub lines: Vec<ReadLine>,
    /// Facts and problems.
    pub reading: Reading,
}

/// Reads a file, or the first lines of a long one, and loads nothing.
pub fn try_out(
    path: &Path,
    name: &str,
    (dataset, catalog): (&Dataset, &Catalog),
    known: &Known,
    at: Timestamp,
) -> Result<Trial, DataError> {
    let context = context(&dataset.registry, catalog, known, at);
    let (way, file, _) = open(path, name)?;
    let reading = match way {
        Way::Lines => try_csv(file, name, &context),
        Way::Whole => try_document(&document(path, name)?, &context),
        Way::Columns => {
            let file = RowsFile::Path(path.to_owned());
            let columns = columns(&file)?;
            let mut intake = Intake::new(&context, name, true);
            intake.heads(columns.as_slice());
            records(&file, &columns, &mut |row, line| {
                intake.line(row, line);
                row < LINES
            })?;
            let (facts, summary) = intake.finish();
            Reading { facts, summary }
        }
    };
    Ok(Trial { lines: lines(&reading, dataset, &catalog.dictionary), reading })
}

fn lines(reading: &Reading, dataset: &Dataset, dictionary: &Dictionary) -> Vec<ReadLine> {
    let facts = &reading.facts;
    let rows = facts.rows.iter().take(SHOWN).map(|row| ReadLine {
        row: row.file_row,
        school: dataset.school_name(row.organisation),
        about: dictionary.procedure_name(row.procedure),
        year: row.year,
        told: row_words(row),
    });
    let cells = facts.cells.iter().take(SHOWN).map(|cell| ReadLine {
        row: cell.rows.0,
        school: dataset.school_name(cell.organisation),
        about: dictionary.procedure_name(cell.procedure),
        year: cell.year,
        told: cell_words(cell),
    });
    let numbers = facts.aggregates.iter().take(SHOWN).map(|number| ReadLine {
        row: number.row,
        school: dataset.school_name(number.organisation),
        about: dictionary
            .indicators
            .get(&number.indicator)
            .map_or_else(String::new, |known| known.entry.name.clone()),
        year: number.year,
        told: number
            .whole
            .map_or_else(|| number.part.to_string(), |whole| format!("{} из {whole}", number.part)),
    });
    let mut lines: Vec<ReadLine> = rows.chain(cells).chain(numbers).collect();
    lines.sort_by_key(|line| line.row);
    lines.truncate(SHOWN);
    lines
}

fn row_words(row: &Row) -> String {
    let outcome = match row.outcome {
        Outcome::None => "отметки нет".to_owned(),
        Outcome::BelowMinimum => "ниже минимума".to_owned(),
        Outcome::AtMinimum => "минимум набран".to_owned(),
        marked => format!("отметка {}", marked.code()),
    };
    row.score.map_or(outcome.clone(), |score| format!("{outcome}, баллов {score}"))
}

fn cell_words(cell: &Cell) -> String {
    let marks = (2..=5).zip(cell.marks).map(|(mark, count)| format!("«{mark}» – {count}"));
    let marks: Vec<String> = marks.collect();
    let minimum = format!("ниже минимума – {}", cell.below_minimum);
    let told = if cell.marks == [0; 4] { minimum } else { marks.join(", ") };
    format!("участников {}: {told}", cell.participants)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Glance {
        glance_csv("Уч;Дисц;Очки;Примечание\nedu100001;РУС;12;\n".as_bytes()).expect("a table")
    }

    fn filled(fields: [&str; 4]) -> Filled {
        Filled {
            fields: fields.map(str::to_owned).to_vec(),
            kind: "ege".to_owned(),
            grade: "11".to_owned(),
            year: "2026".to_owned(),
            ..Filled::default()
        }
    }

    #[test]
    fn what_was_filled_in_is_a_description_and_comes_back() {
        let catalog = Catalog::read(None).expect("a catalog");
        let (glance, dictionary) = (table(), &catalog.dictionary);
        let mut form = filled(["login", "subject", "score", ""]);
        form.words = vec![("subject".to_owned(), "рус".to_owned(), "ru".to_owned())];
        let mapping = form.mapping(&glance, dictionary).expect("a mapping");
        assert_eq!(mapping.columns.len(), 3);
        assert_eq!(Filled::of(&mapping, &glance, dictionary), form);
        let kept = [("Экзамен района".to_owned(), mapping.clone())];
        let (name, suggestion) = suggest(&catalog, &glance, &kept);
        assert_eq!((name.as_deref(), suggestion.mapping), (Some("Экзамен района"), mapping));
        assert_eq!(suggestion.unknown, ["Примечание"]);
    }

    #[test]
    fn what_is_wrong_is_told_all_at_once() {
        let catalog = Catalog::read(None).expect("a catalog");
        let mut form = filled(["login", "login", "nonsense", ""]);
        form.year = "двадцать шестой".to_owned();
        let wrong = form.mapping(&table(), &catalog.dictionary).expect_err("errors");
        assert!(wrong.iter().any(|line| line.contains("«Очки»")), "{wrong:?}");
        assert!(wrong.iter().any(|line| line.contains("двадцать шестой")), "{wrong:?}");
        let twice = filled(["login", "login", "", ""]).mapping(&table(), &catalog.dictionary);
        assert!(twice.expect_err("errors").iter().any(|line| line.contains("то же самое")));
    }
}
