//! How often must a thing be done, by which clause?

mod conflicts;
mod keeping;
mod windows;

use std::collections::BTreeSet;

use jiff::civil::Date;
use opora_fields::{Errors, Fields, FileError, Status, parse};
use opora_schedule::{Context, Kind, Part, Schedule, Unit};

pub use conflicts::{Conflict, ConflictNature, Settlement, conflicts, set_aside};
pub use keeping::{Event, Excuse, Keeping, Kept, keeping};
pub use windows::{DutyWindow, Stretch, windows};

use crate::fact::Party;

/// Obligations of one act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligations {
    /// Stable word.
    pub id: String,
    /// What they are about.
    pub title: String,
    /// The act or whatever else says so.
    pub source: String,
    /// When it was last compared with the source.
    pub checked: Option<Date>,
    /// Phases its rules speak of.
    pub phases: Vec<PhaseName>,
    /// The rules in the order of the file.
    pub rules: Vec<Rule>,
}

/// A phase of the work with a school, such as the drafting of its roadmap. Its days are facts of each school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseName {
    /// Stable word.
    pub id: String,
    /// In Russian.
    pub name: String,
}

/// One rule: who does what, how often or by which days, in which phase, by which clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable word, unique in its file.
    pub id: String,
    /// What the rule is about. Rules about the same thing are compared.
    pub subject: String,
    /// Stable word of the events that keep it: `visit`.
    pub event: String,
    /// What is done, in Russian.
    pub what: String,
    /// Who does it, in Russian.
    pub who: String,
    /// As whom they act.
    pub party: Party,
    /// It holds for each school separately, not once for the municipality.
    pub for_each_school: bool,
    /// How often or by which days, verbatim and as understood.
    pub when: Schedule,
    /// Only in this phase.
    pub phase: Option<String>,
    /// Where it is said.
    pub clause: String,
    /// Whether it was compared with the source.
    pub status: Status,
    /// What a reader should know.
    pub note: Option<String>,
}

const FILE: [&str; 6] = ["id", "title", "source", "checked", "phase", "obligation"];
const RULE: [&str; 12] = [
    "id", "subject", "event", "what", "who", "party", "for_each", "when", "phase", "clause", "status", "note",
];
const PARTIES: [(&str, Party); 3] =
    [("performer", Party::Performer), ("curator", Party::Curator), ("coordinator", Party::Coordinator)];

impl Obligations {
    /// Reads a file of `packs/obligations/`. `file` names it in messages. All that is wrong is told together.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<FileError>> {
        let mut errors = Errors::new(file, text);
        let Some(document) = parse(text, &mut errors) else { return errors.or(None) };
        let root = Fields::root(&document, "файл");
        root.known(&FILE, &mut errors);
        let mut seen = BTreeSet::new();
        let mut phases = Vec::new();
        for fields in root.tables("phase", "этап", &mut errors) {
            fields.known(&["id", "name"], &mut errors);
            let id = unique(&mut seen, &fields, &mut errors);
            phases.push(PhaseName { id, name: fields.text("name", &mut errors).unwrap_or_default() });
        }
        let mut seen = BTreeSet::new();
        let mut rules = Vec::new();
        let tables = root.tables("obligation", "обязательство", &mut errors);
        if tables.is_empty() {
            root.tell("obligation", "Нет ни одного обязательства.", "Добавьте [[obligation]].", &mut errors);
        }
        for fields in tables {
            let id = unique(&mut seen, &fields, &mut errors);
            rules.push(rule(id, &fields, &phases, &mut errors));
        }
        let read = Self {
            id: root.id("id", &mut errors).unwrap_or_default(),
            title: root.text("title", &mut errors).unwrap_or_default(),
            source: root.text("source", &mut errors).unwrap_or_default(),
            checked: root.date("checked", &mut errors),
            phases,
            rules,
        };
        errors.or(Some(read))
    }
}

/// The stable word of a table, told when another one above has it.
pub(crate) fn unique(seen: &mut BTreeSet<String>, fields: &Fields<'_>, errors: &mut Errors) -> String {
    let id = fields.id("id", errors).unwrap_or_default();
    if !id.is_empty() && !seen.insert(id.clone()) {
        fields.tell("id", &format!("Имя «{id}» уже занято выше."), "Назовите иначе.", errors);
    }
    id
}

fn rule(id: String, fields: &Fields<'_>, phases: &[PhaseName], errors: &mut Errors) -> Rule {
    fields.known(&RULE, errors);
    let phase = fields.maybe_text("phase", errors);
    if let Some(phase) = phase.as_ref().filter(|phase| phases.iter().all(|known| known.id != **phase)) {
        let what = format!("Этап «{phase}» не описан.");
        fields.tell("phase", &what, "Добавьте [[phase]] с таким id.", errors);
    }
    let when = fields.text("when", errors).unwrap_or_default();
    let when = opora_schedule::parse(&when, &Context::default());
    if fields.has("when") && !when.parts.iter().all(makes_windows) {
        let mend = "Напишите частоту («не реже 1 раза в 3-4 недели», «ежемесячно») или дни («до 30 мая, до 15 декабря», «март, октябрь»).";
        fields.tell("when", "Из этих слов не получаются окна.", mend, errors);
    }
    Rule {
        id,
        subject: fields.id("subject", errors).unwrap_or_default(),
        event: fields.id("event", errors).unwrap_or_default(),
        what: fields.text("what", errors).unwrap_or_default(),
        who: fields.text("who", errors).unwrap_or_default(),
        party: fields.need_word("party", &PARTIES, errors).unwrap_or(Party::Coordinator),
        for_each_school: fields
            .need_word("for_each", &[("school", true), ("municipality", false)], errors)
            .unwrap_or(false),
        when,
        phase,
        clause: fields.text("clause", errors).unwrap_or_default(),
        status: fields.status(errors),
        note: fields.maybe_text("note", errors),
    }
}

/// Only days and recurrences of a week or longer become windows; nobody is asked to prove a thing every day.
fn makes_windows(part: &Part) -> bool {
    match &part.kind {
        Kind::Day(_) | Kind::Deadline { .. } | Kind::Interval { .. } => true,
        Kind::Recurrence { every, .. } => {
            !matches!(every.unit, Unit::Day | Unit::WorkingDay) || every.count >= 5
        }
        _ => false,
    }
}
