//! Which questions does the sheet `survey` ask?

use std::collections::{BTreeMap, BTreeSet};

use opora_neutral::{Level, Place};

use super::shares::{PartOf, part_of};
use super::sheet::{Sheet, cell};
use super::translate::constrain;
use super::{Findings, SheetRows};
use crate::reading::{decimal_text, is_id};
use crate::{Audience, Choice, Kind, Question, Questionnaire};

/// A name for our questionnaires: signs that don't fit become «_».
pub(super) fn clean(name: &str) -> String {
    let name = name.trim();
    if is_id(name) {
        return name.to_owned();
    }
    let fits = |c: char| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' };
    name.chars().take(64).map(fits).collect()
}

/// A row of the survey that became a question, before its condition is understood.
pub(super) struct Draft {
    pub(super) question: Question,
    pub(super) row: u32,
    pub(super) relevant: String,
    pub(super) groups: Vec<usize>,
    pub(super) part_of: Option<PartOf>,
}

/// A group with its condition as text.
pub(super) struct Group {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) hint: String,
    pub(super) row: u32,
    pub(super) relevant: String,
}

pub(super) struct Columns {
    pub(super) kind: Option<usize>,
    pub(super) name: Option<usize>,
    pub(super) label: Option<usize>,
    pub(super) hint: Option<usize>,
    pub(super) required: Option<usize>,
    pub(super) relevant: Option<usize>,
    pub(super) constraint: Option<usize>,
    pub(super) parameters: Option<usize>,
}

pub(super) struct Reader<'s, 'f> {
    pub(super) sheet: Sheet<'s>,
    pub(super) columns: Columns,
    pub(super) lists: BTreeMap<String, Vec<Choice>>,
    /// Lists that no question has taken.
    pub(super) unused: BTreeSet<String>,
    pub(super) findings: &'f mut Findings,
    pub(super) groups: Vec<Group>,
    pub(super) open: Vec<usize>,
    /// How many repeats are open: what is inside is not read.
    pub(super) repeats: usize,
    pub(super) drafts: Vec<Draft>,
}

pub(super) fn read(
    sheets: &[SheetRows],
    audience: Audience,
    findings: &mut Findings,
) -> Option<Questionnaire> {
    let Some(sheet) = Sheet::find(sheets, "survey") else {
        let what = "В файле нет листа survey.".to_owned();
        let mend = "Проверьте, что это XLSForm: листы survey, choices, settings.";
        findings.tell(
            "XLSFORM_SHEET_MISSING",
            Level::Error,
            Place::WHOLE,
            what,
            "На нём стоят вопросы.",
            mend,
        );
        return None;
    };
    let columns = Columns {
        kind: sheet.column(&["type"]),
        name: sheet.column(&["name"]),
        label: sheet.spoken("label"),
        hint: sheet.spoken("hint"),
        required: sheet.column(&["required"]),
        relevant: sheet.column(&["relevant"]),
        constraint: sheet.column(&["constraint"]),
        parameters: sheet.column(&["parameters"]),
    };
    for (column, name) in [(columns.kind, "type"), (columns.name, "name"), (columns.label, "label")] {
        if column.is_none() {
            let what = format!("На листе survey нет столбца {name}.");
            let why = "Без него вопросов не прочесть.";
            let mend = "Добавьте столбец; для русских текстов – label::Russian (ru).";
            findings.tell("XLSFORM_COLUMN_MISSING", Level::Error, sheet.place(1, None), what, why, mend);
        }
    }
    let taken = [
        columns.kind,
        columns.name,
        columns.label,
        columns.hint,
        columns.required,
        columns.relevant,
        columns.constraint,
        columns.parameters,
    ];
    sheet.skipped(&taken, findings);
    let lists = lists(sheets, findings);
    let unused = lists.keys().cloned().collect();
    let mut reader = Reader {
        sheet,
        columns,
        lists,
        unused,
        findings,
        groups: Vec::new(),
        open: Vec::new(),
        repeats: 0,
        drafts: Vec::new(),
    };
    reader.rows();
    reader.rest(sheets);
    Some(reader.finish(sheets, audience))
}

fn lists(sheets: &[SheetRows], findings: &mut Findings) -> BTreeMap<String, Vec<Choice>> {
    let mut lists: BTreeMap<String, Vec<Choice>> = BTreeMap::new();
    let Some(sheet) = Sheet::find(sheets, "choices") else { return lists };
    let list = sheet.column(&["list_name", "list name", "list"]);
    let (name, label) = (sheet.column(&["name", "value"]), sheet.spoken("label"));
    let score = sheet.column(&["score"]);
    sheet.skipped(&[list, name, label, score], findings);
    for (row, cells) in sheet.rows() {
        let (id, text, worth) = (cell(cells, name), cell(cells, label), cell(cells, score));
        if cell(cells, list).is_empty() && id.is_empty() {
            continue;
        }
        let found = decimal_text(&worth.replace(',', "."));
        if found.is_none() && !worth.is_empty() {
            let what = format!("Балл «{worth}» не читается.");
            let (why, mend) = ("Он не перенесён.", "Напишите число.");
            let place = sheet.place(row, score);
            findings.tell("XLSFORM_SCORE_UNREAD", Level::Warning, place, what, why, mend);
        }
        let text = if text.is_empty() { id } else { text };
        let choice = Choice { id: clean(id), text: text.to_owned(), score: found };
        lists.entry(cell(cells, list).to_owned()).or_default().push(choice);
    }
    lists
}

impl Reader<'_, '_> {
    pub(super) fn tell(
        &mut self,
        code: &'static str,
        level: Level,
        row: u32,
        column: Option<usize>,
        what: String,
        [why, mend]: [&str; 2],
    ) {
        let place = self.sheet.place(row, column);
        self.findings.tell(code, level, place, what, why, mend);
    }

    fn rows(&mut self) {
        let rows: Vec<(u32, &[String])> = self.sheet.rows().collect();
        for (row, cells) in rows {
            let kind = cell(cells, self.columns.kind).to_owned();
            let words: Vec<&str> = kind.split_whitespace().collect();
            let word = words.first().map(|word| word.to_lowercase()).unwrap_or_default();
            let pair = format!("{word} {}", words.get(1).map(|word| word.to_lowercase()).unwrap_or_default());
            match (word.as_str(), pair.as_str()) {
                ("", _) => self.empty_row(row, cells),
                ("begin_repeat", _) | (_, "begin repeat") => self.repeat(row),
                ("end_repeat", _) | (_, "end repeat") => self.repeats = self.repeats.saturating_sub(1),
                _ if self.repeats > 0 => {}
                ("begin_group", _) | (_, "begin group") => self.group(row, cells),
                ("end_group", _) | (_, "end group") => {
                    if self.open.pop().is_none() {
                        let what = "Группа закрыта, хотя не открыта.".to_owned();
                        let words = ["Строка пропущена.", "Проверьте пары begin group и end group."];
                        self.tell(
                            "XLSFORM_GROUP_UNPAIRED",
                            Level::Warning,
                            row,
                            self.columns.kind,
                            what,
                            words,
                        );
                    }
                }
                _ => self.question(row, cells, &kind, &words),
            }
        }
        if !self.open.is_empty() || self.repeats > 0 {
            let row = self.open.last().and_then(|at| self.groups.get(*at)).map_or(1, |group| group.row);
            let words = ["Её концом считается конец листа.", "Добавьте end group."];
            let what = "Группа не закрыта.".to_owned();
            self.tell("XLSFORM_GROUP_UNPAIRED", Level::Warning, row, self.columns.kind, what, words);
        }
    }

    fn empty_row(&mut self, row: u32, cells: &[String]) {
        if let Some(column) = cells.iter().position(|text| !text.trim().is_empty()) {
            let what = "В строке нет типа вопроса.".to_owned();
            let words = ["Она пропущена.", "Напишите тип в столбце type или удалите строку."];
            self.tell("XLSFORM_TYPE_MISSING", Level::Warning, row, Some(column), what, words);
        }
    }

    fn repeat(&mut self, row: u32) {
        self.repeats += 1;
        let what = "Повторяющаяся группа (begin repeat) не переносится.".to_owned();
        let mend = "Замените её таблицей или несколькими вопросами: «первый…», «второй…».";
        let words = ["В анкете каждый вопрос задаётся один раз.", mend];
        self.tell("XLSFORM_REPEAT", Level::Error, row, self.columns.kind, what, words);
    }

    fn group(&mut self, row: u32, cells: &[String]) {
        let name = clean(cell(cells, self.columns.name));
        let label = cell(cells, self.columns.label);
        let title = if label.is_empty() { name.clone() } else { label.to_owned() };
        let relevant = cell(cells, self.columns.relevant).to_owned();
        let hint = cell(cells, self.columns.hint).to_owned();
        self.open.push(self.groups.len());
        self.groups.push(Group { name, title, hint, row, relevant });
        if !cell(cells, self.columns.constraint).is_empty() {
            let words = ["У раздела ограничений не бывает.", "Поставьте ограничение вопросу."];
            let what = "Ограничение группы не перенесено.".to_owned();
            self.tell(
                "XLSFORM_CONSTRAINT_UNTRANSLATED",
                Level::Warning,
                row,
                self.columns.constraint,
                what,
                words,
            );
        }
    }

    fn question(&mut self, row: u32, cells: &[String], kind: &str, words: &[&str]) {
        let Some(mut found) = self.kind(row, cells, kind, words) else { return };
        let name = cell(cells, self.columns.name).to_owned();
        if name.is_empty() {
            let words = ["Без имени ответ некуда записать.", "Впишите имя в столбец name."];
            self.tell(
                "XLSFORM_NAME_MISSING",
                Level::Error,
                row,
                self.columns.name,
                "У вопроса нет имени.".to_owned(),
                words,
            );
            return;
        }
        let id = clean(&name);
        if id != name {
            let what = format!("Имя «{name}» записано как «{id}».");
            let words = ["В именах бывают буквы, цифры и «_», «-», «.».", "Делать ничего не нужно."];
            self.tell("XLSFORM_NAME_CHANGED", Level::Note, row, self.columns.name, what, words);
        }
        let constraint = cell(cells, self.columns.constraint);
        let part_of = part_of(constraint, &found);
        if !constraint.is_empty()
            && part_of.is_none()
            && let Err(why) = constrain(constraint, &mut found)
        {
            self.unconstrained(row, constraint, &why);
        }
        let parameters = cell(cells, self.columns.parameters);
        if !parameters.is_empty() && !matches!(found, Kind::Scale { .. }) {
            let what = format!("Параметры «{parameters}» не перенесены.");
            let words = ["У наших вопросов таких нет.", "Делать ничего не нужно."];
            self.tell("XLSFORM_PARAMETERS_SKIPPED", Level::Note, row, self.columns.parameters, what, words);
        }
        let label = cell(cells, self.columns.label);
        let hint = cell(cells, self.columns.hint);
        let required = found != Kind::Note && self.required(row, cells);
        let question = Question {
            text: if label.is_empty() { name } else { label.to_owned() },
            id,
            was: Vec::new(),
            help: (!hint.is_empty()).then(|| hint.to_owned()),
            required,
            when: None,
            kind: found,
        };
        let relevant = cell(cells, self.columns.relevant).to_owned();
        self.drafts.push(Draft { question, row, relevant, groups: self.open.clone(), part_of });
    }

    pub(super) fn unconstrained(&mut self, row: u32, constraint: &str, why: &str) {
        let what = format!("Ограничение «{constraint}» перенесено не целиком: {why}.");
        let words = ["Ответ не будет проверен так, как было.", "Проверьте границы ответа у вопроса."];
        let column = self.columns.constraint;
        self.tell("XLSFORM_CONSTRAINT_UNTRANSLATED", Level::Warning, row, column, what, words);
    }

    fn required(&mut self, row: u32, cells: &[String]) -> bool {
        match cell(cells, self.columns.required).to_lowercase().as_str() {
            "yes" | "true" | "true()" | "да" | "1" => true,
            "" | "no" | "false" | "false()" | "нет" | "0" => false,
            other => {
                let what = format!("Обязательность «{other}» не перенесена.");
                let words = ["Вопрос обязателен или нет, по условию так не бывает.", "Напишите yes или no."];
                self.tell("XLSFORM_REQUIRED_UNREAD", Level::Warning, row, self.columns.required, what, words);
                false
            }
        }
    }

    /// Tells of lists and sheets that nobody asks by.
    fn rest(&mut self, sheets: &[SheetRows]) {
        for list in std::mem::take(&mut self.unused) {
            let what = format!("Список вариантов «{list}» не перенесён.");
            let (why, mend) =
                ("Ни один вопрос его не называет.", "Если он нужен, назовите его в типе вопроса.");
            let place = Place { sheet: Some("choices".to_owned()), ..Place::WHOLE };
            self.findings.tell("XLSFORM_LIST_UNUSED", Level::Note, place, what, why, mend);
        }
        let known = ["survey", "choices", "settings"];
        for (name, rows) in sheets {
            let filled = rows.iter().flatten().any(|text| !text.trim().is_empty());
            if filled && !known.iter().any(|known| name.trim().eq_ignore_ascii_case(known)) {
                let what = format!("Лист «{name}» не перенесён.");
                let (why, mend) =
                    ("Анкета стоит на листах survey, choices и settings.", "Делать ничего не нужно.");
                let place = Place { sheet: Some(name.clone()), ..Place::WHOLE };
                self.findings.tell("XLSFORM_SHEET_SKIPPED", Level::Note, place, what, why, mend);
            }
        }
    }
}
