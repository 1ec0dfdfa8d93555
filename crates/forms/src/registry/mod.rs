//! Which organisations does a registry file list, and what became of them?
//!
//! A school a row, columns in any order. Numbers are given in the order of the rows; a school that the present registry
//! knows by one of its codes keeps its number.

mod dates;
mod merge;
mod rows;

use std::io::Read;

use opora_neutral::{Block, Document, Finding, Level};
use opora_registry::{Event, Node, Organisation, Registry};

use crate::codes;
use crate::csv_file::each_record;
use crate::document::{each_line, incomplete, is_broken};
use crate::findings::{Findings, shown, text};
use crate::heads::Heads;
use crate::line::{Fields, Where, filled};

use rows::{Listed, Roll};

/// What a column of a registry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Column {
    Region,
    RegionCode,
    Municipality,
    Oktmo,
    Login,
    Code,
    Inn,
    Name,
    Kind,
    Locality,
    Opened,
    Closed,
    Merged,
    MergedDate,
    Former,
    Renamed,
    /// Tells of a person.
    Personal,
}

const WORDS: [(&str, Column); 16] = [
    ("region", Column::Region),
    ("region_code", Column::RegionCode),
    ("municipality", Column::Municipality),
    ("oktmo", Column::Oktmo),
    ("login", Column::Login),
    ("code", Column::Code),
    ("inn", Column::Inn),
    ("name", Column::Name),
    ("kind", Column::Kind),
    ("locality", Column::Locality),
    ("opened", Column::Opened),
    ("closed", Column::Closed),
    ("merged", Column::Merged),
    ("merged_date", Column::MergedDate),
    ("former", Column::Former),
    ("renamed", Column::Renamed),
];

impl Column {
    /// The column a word of the list of heads names.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        WORDS.iter().find(|(known, _)| *known == word).map(|(_, column)| *column)
    }
}

/// A registry as read, joined with the present one. With an error among the findings it is empty.
#[derive(Clone, Debug, Default)]
pub struct RegistryReading {
    /// Regions and municipalities.
    pub nodes: Vec<Node>,
    /// Schools, those of the present registry that the file does not name included.
    pub organisations: Vec<Organisation>,
    /// Events, those of the present registry included.
    pub events: Vec<Event>,
    /// Schools that got a new number.
    pub added: usize,
    /// Schools that were known and stand in the file.
    pub known: usize,
    /// Heads of columns dropped because they tell of a person.
    pub dropped: Vec<String>,
    /// All problems in the order of the file.
    pub findings: Vec<Finding>,
}

impl RegistryReading {
    /// The file is not to be loaded.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }
}

/// Reads a registry from a workbook. Schools of the present registry keep their numbers.
pub fn read_registry(document: &Document, present: Option<&Registry>, heads: &Heads) -> RegistryReading {
    let mut draft = Draft::new(heads);
    document.findings.iter().cloned().for_each(|finding| draft.findings.take_in(finding));
    incomplete(document, &mut draft.findings);
    for block in &document.blocks {
        if let Block::Table(table) = block {
            draft.place =
                Where { sheet: table.place.sheet.clone(), table: table.place.table, ..Where::default() };
            draft.columns.clear();
            each_line(table, |row, line| draft.line(row, line));
        }
    }
    let broken = is_broken(document);
    draft.finish(present, broken)
}

/// Reads a registry from a table in a text file: «;», «,» or tabs, UTF-8, UTF-16 or Windows-1251.
pub fn read_registry_csv(input: impl Read, present: Option<&Registry>, heads: &Heads) -> RegistryReading {
    let mut draft = Draft::new(heads);
    draft.place.lines = true;
    let mut findings = Findings::default();
    each_record(input, &mut findings, |row, record| {
        draft.line(row, record);
        true
    });
    let found = findings.finish();
    let broken = found.iter().any(|finding| finding.level == Level::Error);
    found.into_iter().for_each(|finding| draft.findings.take_in(finding));
    draft.finish(present, broken)
}

/// A registry being read.
struct Draft<'a> {
    heads: &'a Heads,
    findings: Findings,
    place: Where,
    columns: Vec<(Column, usize)>,
    found: bool,
    roll: Roll,
    dropped: Vec<String>,
}

/// The line looks like the head of a registry.
pub(crate) fn is_head<L: Fields + ?Sized>(line: &L, heads: &Heads) -> bool {
    let columns: Vec<Column> = filled(line).take(100).filter_map(|(_, text)| heads.column(text)).collect();
    let has = |column| columns.contains(&column);
    has(Column::Name) && columns.len() >= 3 && (has(Column::Login) || has(Column::Code) || has(Column::Inn))
}

impl<'a> Draft<'a> {
    fn new(heads: &'a Heads) -> Self {
        Self {
            heads,
            findings: Findings::default(),
            place: Where::default(),
            columns: Vec::new(),
            found: false,
            roll: Roll::default(),
            dropped: Vec::new(),
        }
    }

    fn line<L: Fields + ?Sized>(&mut self, row: u32, line: &L) {
        if self.columns.is_empty() {
            if is_head(line, self.heads) {
                self.head(row, line);
            }
            return;
        }
        let told = filled(line).count();
        // The heads again, or a title between the rows.
        if told < 2 || (told >= 3 && is_head(line, self.heads)) {
            return;
        }
        let cell = |column| {
            let mut same = self.columns.iter().filter(|(its, _)| *its == column);
            same.find_map(|(_, at)| Some(line.text(*at).trim()).filter(|text| !text.is_empty()))
        };
        let at = |column| self.columns.iter().find(|(its, _)| *its == column).map(|(_, at)| *at);
        let listed = Listed::read(row, &self.place, cell, at, self.heads, &mut self.findings);
        self.roll.listed.extend(listed);
    }

    fn head<L: Fields + ?Sized>(&mut self, row: u32, line: &L) {
        self.found = true;
        let mut unknown = Vec::new();
        for (at, head) in filled(line) {
            let place = &self.place;
            match self.heads.column(head) {
                Some(Column::Personal) => {
                    self.dropped.push(shown(head));
                    self.findings.once(&codes::PERSONAL_COLUMN_DROPPED, head, || place.at(row, Some(at)), || {
                        text(
                            format!("Столбец «{}» отброшен.", shown(head)),
                            "Сведения о людях здесь не хранятся.",
                            "Ничего делать не нужно. В следующий раз такой столбец можно удалить из файла.",
                        )
                    });
                }
                Some(column) => self.columns.push((column, at)),
                None => unknown.push((at, format!("«{}»", shown(head)))),
            }
        }
        let heads: Vec<String> = unknown.iter().take(12).map(|(_, head)| head.clone()).collect();
        if let Some((at, _)) = unknown.first() {
            self.findings.once(
                &codes::COLUMN_IGNORED,
                heads.join(", "),
                || self.place.at(row, Some(*at)),
                || {
                    text(
                        format!("Не прочитаны столбцы: {}.", heads.join(", ")),
                        "Их названия не известны.",
                        "Если они нужны, назовите их так, как в образце реестра.",
                    )
                },
            );
        }
        if !self.columns.iter().any(|(column, _)| matches!(column, Column::Municipality | Column::Oktmo)) {
            self.findings.add(
                &codes::REGISTRY_COLUMN_MISSING,
                || self.place.at(row, None),
                || {
                    text(
                        "Нет столбца «Муниципалитет».",
                        "По нему школы собираются в район и регион.",
                        "Добавьте столбец «Муниципалитет».",
                    )
                },
            );
        }
    }

    fn finish(mut self, present: Option<&Registry>, broken: bool) -> RegistryReading {
        if !self.found && !broken {
            self.findings.add(&codes::REGISTRY_UNKNOWN, || opora_neutral::Place::WHOLE, || {
                text(
                    "Не найдена строка с названиями столбцов реестра.",
                    "Нужны хотя бы «Наименование», «Муниципалитет» и код: «Логин ВПР», «Код ОО» или «ИНН».",
                    "Проверьте, тот ли это файл, и названия столбцов.",
                )
            });
        }
        let mut reading = merge::merge(self.roll, present, &self.place, &mut self.findings);
        reading.findings = self.findings.finish();
        reading.dropped = self.dropped;
        if reading.is_refused() {
            let RegistryReading { findings, dropped, .. } = reading;
            return RegistryReading { findings, dropped, ..RegistryReading::default() };
        }
        reading
    }
}
