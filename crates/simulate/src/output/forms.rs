//! How do ВПР come out of the system that schools know?
//!
//! Form 1 (individual results) for each paper of a few schools, and the statistics of marks in per cent for the region.
//! Layout and habits are those of real files: the school in a row of its own, «X» in two alphabets, rounded per cents.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use opora_cells::{KindCode, Outcome, Procedure, Row};
use opora_registry::{Node, NodeId, Organisation, Scheme};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::{Country, Region};

/// Writes `forms/<login>/ВПР <year> <subject> <grade> класс.xlsx` and `forms/<region>-<year> статистика отметок.xlsx`.
pub(super) fn write(folder: &Path, region: &Region, country: &Country) -> io::Result<()> {
    let vpr = country.dictionary().kind("vpr");
    let nodes: BTreeMap<NodeId, &Node> = region.nodes.iter().map(|node| (node.id, node)).collect();
    let mut schools = region.organisations.iter().peekable();
    let pupils: Vec<(&Row, &Vec<u8>)> = region.rows.iter().zip(&region.sheets).collect();
    for paper in pupils.chunk_by(|(a, _), (b, _)| key(a) == key(b)) {
        let Some((row, _)) = paper.first().filter(|(row, _)| Some(row.procedure.kind) == vpr) else {
            continue;
        };
        while schools.next_if(|school| school.id < row.organisation).is_some() {}
        let Some(school) = schools.peek() else { continue };
        let municipality = nodes.get(&school.municipality).map_or("", |node| node.name.as_str());
        let sitting = Sitting { school, municipality, procedure: row.procedure, year: row.year };
        let folder = folder.join(login(school));
        std::fs::create_dir_all(&folder)?;
        let mut workbook = workbook().map_err(io::Error::other)?;
        sitting.form_1(workbook.add_worksheet(), paper, country).map_err(io::Error::other)?;
        let name = format!("{}.xlsx", title(row.procedure, row.year, country));
        workbook.save(folder.join(name)).map_err(io::Error::other)?;
    }
    for year in country.options().years() {
        let mut workbook = workbook().map_err(io::Error::other)?;
        statistics(workbook.add_worksheet(), region, &nodes, year, country).map_err(io::Error::other)?;
        let name = format!("{:02}-{year} статистика отметок.xlsx", region.number + 1);
        workbook.save(folder.join(name)).map_err(io::Error::other)?;
    }
    Ok(())
}

/// A workbook that does not say when it was made: the same options give the same bytes.
fn workbook() -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(workbook)
}

fn key(row: &Row) -> (u32, Procedure, u16) {
    (row.organisation.0, row.procedure, row.year)
}

fn login(school: &Organisation) -> &str {
    let login = school.identifiers.iter().find(|identifier| identifier.scheme == Scheme::Login);
    login.map_or("", |login| &login.value)
}

/// «Русский язык».
fn subject(procedure: Procedure, country: &Country) -> String {
    let name = country.dictionary().subjects.get(&procedure.subject).map_or("", |entry| entry.name.as_str());
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The grade the pupils are in on that day: in autumn one more than that of the programme.
fn grade(procedure: Procedure, year: u16, country: &Country) -> u8 {
    procedure.grade + u8::from(country.dictionary().held_in_autumn(procedure.kind, year))
}

/// «ВПР 2024 Русский язык 5 класс», in autumn «… 6 класс (по программе 5 класса)».
fn title(procedure: Procedure, year: u16, country: &Country) -> String {
    let written = grade(procedure, year, country);
    let programme = if written == procedure.grade {
        String::new()
    } else {
        format!(" (по программе {} класса)", procedure.grade)
    };
    format!("ВПР {year} {} {written} класс{programme}", subject(procedure, country))
}

/// One paper of a school in a year.
struct Sitting<'a> {
    school: &'a Organisation,
    municipality: &'a str,
    procedure: Procedure,
    year: u16,
}

impl Sitting<'_> {
    fn form_1(
        &self,
        sheet: &mut Worksheet,
        pupils: &[(&Row, &Vec<u8>)],
        country: &Country,
    ) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        let most = country.points(self.procedure);
        sheet.write_with_format(0, 0, title(self.procedure, self.year, country), &bold)?;
        sheet.write(1, 0, "Предмет")?.write(1, 1, subject(self.procedure, country))?;
        let score_max: u32 = most.iter().map(|points| u32::from(*points)).sum();
        sheet.write(2, 0, "Максимальный первичный балл")?.write(2, 1, score_max)?;
        let mut heads: Vec<String> =
            ["ОО", "Муниципалитет", "Код участника", "Класс", "Вариант"].map(str::to_owned).into();
        heads.extend(most.iter().zip(1..).map(|(points, task)| format!("{task} ({points}б)")));
        heads.extend(["Первичный балл", "Отметка", "Отметка по журналу"].map(str::to_owned));
        for (head, column) in heads.iter().zip(0..) {
            sheet.write_with_format(3, column, head, &bold)?;
        }
        let school =
            format!("{} ({}) Кол-во участников: {}", self.school.name, login(self.school), pupils.len());
        sheet.write(4, 0, school)?;
        let grade = grade(self.procedure, self.year, country);
        for ((pupil, points), row) in pupils.iter().zip(5_u32..) {
            sheet.write(row, 0, login(self.school))?.write(row, 1, self.municipality)?;
            sheet.write(row, 2, 49_996 + row)?.write(row, 3, format!("{grade}{}", letter(pupil.class)))?;
            sheet.write(row, 4, 1 + row % 2)?;
            let mut column = 5;
            for won in points.iter() {
                match cross(row, column, *won) {
                    Some(cross) => sheet.write(row, column, cross)?,
                    None => sheet.write(row, column, *won)?,
                };
                column += 1;
            }
            let score = pupil.score.map_or_else(|| "X".to_owned(), |score| score.to_string());
            let journal = pupil.journal.map_or_else(|| "-".to_owned(), |mark| mark.to_string());
            for (value, column) in [score, pupil.outcome.code().to_string(), journal].iter().zip(column..) {
                match value.parse::<u16>() {
                    Ok(number) => sheet.write(row, column, number)?,
                    Err(_) => sheet.write(row, column, value)?,
                };
            }
        }
        Ok(())
    }
}

/// Some of those without a point did not try: a cross, Latin or Cyrillic as it happens.
fn cross(row: u32, column: u16, won: u8) -> Option<&'static str> {
    match (row * 7 + u32::from(column) * 5) % 11 {
        0 if won == 0 => Some("X"),
        1 if won == 0 => Some("Х"),
        _ => None,
    }
}

/// Letter of a class: «А», «Б», … Letters that no class has are left out.
fn letter(class: u8) -> char {
    const LETTERS: [char; 20] =
        ['А', 'Б', 'В', 'Г', 'Д', 'Е', 'Ж', 'З', 'И', 'К', 'Л', 'М', 'Н', 'О', 'П', 'Р', 'С', 'Т', 'У', 'Ф'];
    LETTERS.get(usize::from(class.saturating_sub(1))).copied().unwrap_or('Э')
}

/// Marks of all schools in per cent, rounded to hundredths as the system does.
fn statistics(
    sheet: &mut Worksheet,
    region: &Region,
    nodes: &BTreeMap<NodeId, &Node>,
    year: u16,
    country: &Country,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.write_with_format(0, 0, format!("ВПР {year}. Статистика по отметкам"), &bold)?;
    let heads =
        ["Год", "Класс", "Предмет", "Муниципалитет", "Логин", "ОО", "Кол-во участников", "2", "3", "4", "5"];
    for (head, column) in heads.iter().zip(0..) {
        sheet.write_with_format(1, column, *head, &bold)?;
    }
    let vpr: Option<KindCode> = country.dictionary().kind("vpr");
    let mut schools = region.organisations.iter().peekable();
    let mut line = 2;
    for rows in region.rows.chunk_by(|a, b| key(a) == key(b)) {
        let wanted = |row: &&Row| row.year == year && Some(row.procedure.kind) == vpr;
        let Some(row) = rows.first().filter(wanted) else { continue };
        while schools.next_if(|school| school.id < row.organisation).is_some() {}
        let Some(school) = schools.peek() else { continue };
        let grade = grade(row.procedure, year, country);
        sheet.write(line, 0, year)?.write(line, 1, grade)?.write(line, 2, subject(row.procedure, country))?;
        let municipality = nodes.get(&school.municipality).map_or("", |node| node.name.as_str());
        sheet.write(line, 3, municipality)?.write(line, 4, login(school))?.write(line, 5, &school.name)?;
        sheet.write(line, 6, rows.len() as u32)?;
        let marks = [Outcome::Two, Outcome::Three, Outcome::Four, Outcome::Five];
        for (mark, column) in marks.into_iter().zip(7..) {
            let count = rows.iter().filter(|row| row.outcome == mark).count();
            let percent = (count as f64 * 10_000.0 / rows.len() as f64).round() / 100.0;
            sheet.write(line, column, percent)?;
        }
        line += 1;
    }
    Ok(())
}
