//! What does a row of a registry say of a school?

use jiff::civil::Date;
use opora_neutral::Code;
use opora_registry::{Identifier, Scheme};

use super::Column;
use super::dates::day;
use crate::codes;
use crate::findings::{Findings, shown, text};
use crate::heads::Heads;
use crate::line::Where;
use crate::schools::folded;
use crate::words::{login, plain};

/// A school as its row lists it.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) row: u32,
    pub(super) region: Option<String>,
    pub(super) region_code: Option<String>,
    pub(super) municipality: Option<String>,
    pub(super) oktmo: Option<String>,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) rural: Option<bool>,
    pub(super) identifiers: Vec<Identifier>,
    pub(super) opened: Option<Date>,
    pub(super) closed: Option<Date>,
    /// Code or name of the school it was merged into, and the day.
    pub(super) merged: Option<(String, Date)>,
    /// Former name, and the day it was given up.
    pub(super) former: Option<(String, Date)>,
}

/// All rows of a file.
#[derive(Default)]
pub(super) struct Roll {
    pub(super) listed: Vec<Listed>,
}

/// Where the cells of a row are, and who is told of what is wrong with them.
struct Cells<'c, 'f, C, A> {
    row: u32,
    place: &'c Where,
    cell: C,
    at: A,
    findings: &'f mut Findings,
}

impl Listed {
    /// Reads a row. A row without a name, a municipality or a code is told and left out.
    pub(super) fn read<'c>(
        row: u32,
        place: &'c Where,
        cell: impl Fn(Column) -> Option<&'c str>,
        at: impl Fn(Column) -> Option<usize>,
        heads: &Heads,
        findings: &mut Findings,
    ) -> Option<Self> {
        let mut cells = Cells { row, place, cell, at, findings };
        let identifiers = cells.identifiers();
        let name = cells.text(Column::Name);
        let (municipality, oktmo) = (cells.text(Column::Municipality), cells.text(Column::Oktmo));
        let rural = cells.rural(heads);
        let (opened, closed) = (cells.day(Column::Opened), cells.day(Column::Closed));
        let merged_day = cells.day(Column::MergedDate).or(closed);
        let renamed = cells.day(Column::Renamed);
        let merged = cells.dated(Column::Merged, merged_day, "присоединения");
        let former = cells.dated(Column::Former, renamed, "переименования");
        if let (Some(opened), Some(closed)) = (opened, closed)
            && closed < opened
        {
            cells.tell(
                &codes::DATES_REVERSED,
                Column::Closed,
                "Школа закрыта раньше, чем открыта.".to_owned(),
                "Так не бывает: одна из дат неверна.",
                "Исправьте дату открытия или закрытия.",
            );
        }
        let missing = [
            (name.is_none(), Column::Name, "названия"),
            (municipality.is_none() && oktmo.is_none(), Column::Municipality, "муниципалитета"),
            (identifiers.is_empty(), Column::Login, "ни одного кода (логина ВПР, кода ОО, ИНН)"),
        ];
        for (_, column, what) in missing.iter().filter(|(missing, _, _)| *missing) {
            cells.tell(
                &codes::REGISTRY_VALUE_MISSING,
                *column,
                format!("У школы нет {what}."),
                "Без этого её результаты не найти.",
                "Заполните ячейку.",
            );
        }
        let name = name?;
        if missing.iter().any(|(missing, _, _)| *missing) {
            return None;
        }
        Some(Self {
            row,
            region: cells.text(Column::Region),
            region_code: cells.text(Column::RegionCode),
            municipality,
            oktmo,
            name,
            kind: cells.text(Column::Kind).unwrap_or_default(),
            rural,
            identifiers,
            opened,
            closed,
            merged,
            former,
        })
    }
}

impl<'c, C: Fn(Column) -> Option<&'c str>, A: Fn(Column) -> Option<usize>> Cells<'c, '_, C, A> {
    fn text(&self, column: Column) -> Option<String> {
        let words: Vec<&str> = (self.cell)(column)?.split_whitespace().collect();
        let line: String = words.join(" ").chars().take(500).collect();
        (!line.is_empty() && line != "-" && line != "–" && line != "—").then_some(line)
    }

    fn tell(&mut self, code: &Code, column: Column, what: String, why: &'static str, mend: &str) {
        let (place, at) = (self.place, (self.at)(column));
        self.findings.add(code, || place.at(self.row, at), || text(what, why, mend));
    }

    fn day(&mut self, column: Column) -> Option<Date> {
        let cell = self.text(column)?;
        let found = day(&cell);
        if found.is_none() {
            let what = format!("«{}» – не дата.", shown(&cell));
            let why = "По датам узнают, в какие годы школа работала.";
            self.tell(&codes::DATE_IMPOSSIBLE, column, what, why, "Напишите дату как 01.09.2024.");
        }
        found
    }

    /// A text that needs a day beside it.
    fn dated(&mut self, column: Column, day: Option<Date>, of: &str) -> Option<(String, Date)> {
        let told = self.text(column)?;
        if day.is_none() {
            let what = format!("Не указана дата {of}.");
            let why = "Без даты событие некуда поставить в истории школы, а угадывать её нельзя.";
            self.tell(&codes::DATE_MISSING, column, what, why, "Добавьте дату.");
        }
        Some((told, day?))
    }

    fn rural(&mut self, heads: &Heads) -> Option<bool> {
        let cell = self.text(Column::Locality)?;
        let word = plain(&cell);
        if heads.rural.contains(&word) {
            return Some(true);
        }
        if heads.urban.contains(&word) {
            return Some(false);
        }
        let what = format!("Местность «{}» не понята.", shown(&cell));
        let why = "Нужно знать, город это или село.";
        self.tell(&codes::LOCALITY_UNKNOWN, Column::Locality, what, why, "Напишите «город» или «село».");
        None
    }

    fn identifiers(&mut self) -> Vec<Identifier> {
        let mut identifiers = Vec::new();
        for (column, scheme) in [
            (Column::Login, Scheme::Login),
            (Column::Code, Scheme::RegionalCode),
            (Column::Inn, Scheme::TaxNumber),
        ] {
            let cell = (self.cell)(column).unwrap_or_default();
            let codes = cell.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/'));
            for code in codes.filter(|code| !matches!(*code, "" | "-" | "–" | "—")).take(50) {
                let value = match scheme {
                    Scheme::Login => login(code).filter(|login| login.len() == code.len()),
                    Scheme::RegionalCode => {
                        let fits = code.len() <= 40
                            && code.chars().all(|c| c.is_alphanumeric() || "-._".contains(c));
                        fits.then(|| folded(scheme, code))
                    }
                    Scheme::TaxNumber => {
                        let digits = code.bytes().all(|byte| byte.is_ascii_digit());
                        // A spreadsheet takes the zero off codes of the first nine regions.
                        let padded = if code.len() == 9 { format!("0{code}") } else { code.to_owned() };
                        (digits && matches!(padded.len(), 10 | 12)).then_some(padded)
                    }
                };
                match value {
                    Some(value) => {
                        let identifier = Identifier { scheme, value };
                        if !identifiers.contains(&identifier) {
                            identifiers.push(identifier);
                        }
                    }
                    None => {
                        let what = format!("Кода «{}» не бывает.", shown(code));
                        let why = "Логин ВПР – «edu» и цифры, ИНН – 10 цифр, код ОО – цифры и буквы.";
                        self.tell(&codes::CODE_IMPOSSIBLE, column, what, why, "Исправьте код.");
                    }
                }
            }
        }
        identifiers
    }
}
