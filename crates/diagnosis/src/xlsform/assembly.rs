//! How do the rows of an XLSForm become sections with conditions?

use std::collections::BTreeSet;

use opora_neutral::{Level, Place};

use super::SheetRows;
use super::sheet::{Sheet, cell};
use super::survey::{Group, Reader, clean};
use super::translate::{Kinds, relevant};
use crate::reading::whole::{At, faults};
use crate::{Audience, Condition, Question, Questionnaire, Section};

impl Reader<'_, '_> {
    /// A condition, or a finding when it can't be said.
    fn when(&mut self, row: u32, text: &str, kinds: &Kinds) -> Option<Condition> {
        if text.is_empty() {
            return None;
        }
        match relevant(text, kinds) {
            Ok(condition) => Some(condition),
            Err(why) => {
                let what = format!("Условие «{text}» не перенесено: {why}.");
                let words = ["Вопрос будет задан всем.", "Задайте условие заново или упростите его в файле."];
                self.tell(
                    "XLSFORM_RELEVANT_UNTRANSLATED",
                    Level::Warning,
                    row,
                    self.columns.relevant,
                    what,
                    words,
                );
                None
            }
        }
    }

    pub(super) fn finish(mut self, sheets: &[SheetRows], audience: Audience) -> Questionnaire {
        let mut drafts = std::mem::take(&mut self.drafts);
        let groups = std::mem::take(&mut self.groups);
        self.shares(&mut drafts, &groups);
        let kinds: Kinds =
            drafts.iter().map(|draft| (draft.question.id.clone(), draft.question.kind.clone())).collect();
        let conditions: Vec<Option<Condition>> =
            groups.iter().map(|group| self.when(group.row, &group.relevant, &kinds)).collect();
        let mut questionnaire = self.settings(sheets, audience);
        let mut rows = Vec::new();
        let mut ids = BTreeSet::new();
        let mut last: Option<Vec<usize>> = None;
        for draft in drafts {
            if last.as_ref() != Some(&draft.groups) {
                let section = section(&groups, &conditions, &draft.groups, &questionnaire.title, &mut ids);
                questionnaire.sections.push(section);
                last = Some(draft.groups.clone());
            }
            let when = self.when(draft.row, &draft.relevant, &kinds);
            rows.push(draft.row);
            if let Some(section) = questionnaire.sections.last_mut() {
                section.questions.push(Question { when, ..draft.question });
            }
        }
        for fault in faults(&questionnaire) {
            let row = match fault.at {
                At::Question(at) => rows.get(at).copied().unwrap_or(1),
                At::Section(_) | At::Whole => 1,
            };
            let words = ["Такую анкету нельзя задать.", fault.mend.as_str()];
            self.tell("XLSFORM_WRONG", Level::Error, row, None, fault.what.clone(), words);
        }
        questionnaire
    }

    fn settings(&mut self, sheets: &[SheetRows], audience: Audience) -> Questionnaire {
        let sheet = Sheet::find(sheets, "settings");
        let first = sheet.as_ref().and_then(|sheet| sheet.rows().next());
        let take = |name: &str| {
            let cells = first.map(|(_, cells)| cells).unwrap_or_default();
            cell(cells, sheet.as_ref().and_then(|sheet| sheet.column(&[name]))).to_owned()
        };
        let (id, title, version) = (clean(&take("form_id")), take("form_title"), take("version"));
        if let Some(sheet) = &sheet {
            let taken =
                ["form_id", "form_title", "version", "default_language"].map(|name| sheet.column(&[name]));
            sheet.skipped(&taken, self.findings);
        }
        let number = version.parse::<u32>().ok().filter(|version| *version > 0);
        if number.is_none() && !version.is_empty() {
            let place =
                sheet.as_ref().map_or(Place::WHOLE, |sheet| sheet.place(2, sheet.column(&["version"])));
            let what = format!("Версия «{version}» записана как 1.");
            let (why, mend) = ("Версии наших анкет – числа по порядку.", "Делать ничего не нужно.");
            self.findings.tell("XLSFORM_VERSION_CHANGED", Level::Note, place, what, why, mend);
        }
        Questionnaire {
            id: if id.is_empty() { "imported".to_owned() } else { id },
            version: number.unwrap_or(1),
            title: if title.is_empty() { "Анкета".to_owned() } else { title },
            audience,
            about: None,
            sections: Vec::new(),
        }
    }
}

/// Groups inside one another become one section with all their titles and conditions.
fn section(
    groups: &[Group],
    conditions: &[Option<Condition>],
    open: &[usize],
    title: &str,
    ids: &mut BTreeSet<String>,
) -> Section {
    let inside: Vec<&Group> = open.iter().filter_map(|at| groups.get(*at)).collect();
    let name =
        inside.last().map(|group| group.name.as_str()).filter(|name| !name.is_empty()).unwrap_or("main");
    let mut id = name.to_owned();
    let mut number = 2;
    while !ids.insert(id.clone()) {
        id = format!("{name}-{number}");
        number += 1;
    }
    let titles: Vec<&str> =
        inside.iter().map(|group| group.title.as_str()).filter(|t| !t.is_empty()).collect();
    let mut whens: Vec<Condition> =
        open.iter().filter_map(|at| conditions.get(*at).cloned().flatten()).collect();
    let when = if whens.len() > 1 { Some(Condition::All(whens)) } else { whens.pop() };
    let title = if titles.is_empty() { title.to_owned() } else { titles.join(" – ") };
    let about = inside.last().map(|group| group.hint.clone()).filter(|hint| !hint.is_empty());
    Section { id, title, about, when, questions: Vec::new() }
}
