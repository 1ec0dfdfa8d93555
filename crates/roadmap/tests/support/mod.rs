//! How is a roadmap written down in a test, and how are random ones made?

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use opora_cycle::intake::parties;
use opora_cycle::vocabulary::{Activity, ActivityKey, OtherCell, Plan, Section};
use opora_schedule::{Context, Period, parse};
use proptest::prelude::*;

/// Reads a roadmap: `# title`, `period first last`, `## number title`, then a line an activity:
/// `key | number | title | responsible | schedule | outcome | target group | head: text | …`.
pub fn plan(text: &str) -> Plan {
    let mut plan = Plan::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(section) = line.strip_prefix("## ") {
            let (number, title) = section.split_once(' ').unwrap_or((section, ""));
            let number = Some(number.to_owned()).filter(|number| number != "-");
            plan.sections.push(Section { number, title: title.to_owned(), ..Section::default() });
        } else if let Some(title) = line.strip_prefix("# ") {
            title.clone_into(&mut plan.title);
        } else if let Some(period) = line.strip_prefix("period ") {
            let (start, end) = period.split_once(' ').expect("two days");
            let day = |text: &str| text.parse().expect("a day");
            plan.period = Some(Period { start: day(start), end: day(end) });
        } else {
            let activity = activity(line, plan.period);
            if plan.sections.is_empty() {
                plan.sections.push(Section::default());
            }
            plan.sections.last_mut().expect("a section").activities.push(activity);
        }
    }
    plan
}

fn activity(line: &str, period: Option<Period>) -> Activity {
    let mut cells = line.split('|').map(str::trim);
    let mut next = || cells.next().unwrap_or_default().to_owned();
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let key = ActivityKey(next().parse().expect("a key"));
    let (number, title, responsible, schedule) = (some(next()), next(), next(), next());
    let (outcome, target_group) = (some(next()), some(next()));
    let other = cells.filter_map(|cell| cell.split_once(':'));
    Activity {
        key,
        number,
        title,
        responsible: parties(&responsible),
        schedule: parse(&schedule, &Context { period, ..Context::default() }),
        outcome,
        target_group,
        other: other
            .map(|(head, text)| OtherCell { head: head.trim().into(), text: text.trim().into() })
            .collect(),
        source: Vec::new(),
    }
}

/// The roadmap as it is written down, without cells that are empty at the end of a line.
pub fn show(plan: &Plan) -> String {
    let mut lines = Vec::new();
    if !plan.title.is_empty() {
        lines.push(format!("# {}", plan.title));
    }
    for section in &plan.sections {
        let number = section.number.as_deref().unwrap_or("-");
        lines.push(format!("## {number} {}", section.title).trim_end().to_owned());
        lines.extend(section.activities.iter().map(show_activity));
    }
    lines.join("\n")
}

pub fn show_activity(activity: &Activity) -> String {
    let mut cells = vec![
        activity.key.0.to_string(),
        activity.number.clone().unwrap_or_default(),
        activity.title.clone(),
        activity.responsible_text(),
        activity.schedule.text.clone(),
        activity.outcome.clone().unwrap_or_default(),
        activity.target_group.clone().unwrap_or_default(),
    ];
    // An empty cell says as much as none.
    let other = activity.other.iter().filter(|cell| !cell.text.is_empty());
    cells.extend(other.map(|cell| format!("{}: {}", cell.head, cell.text)));
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells.join(" | ")
}

/// Lines without the spaces in front of them.
pub fn flat(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn words() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        "опрос",
        "педсовет по итогам",
        "до 01.10.2026",
        "ежемесячно",
        "Зотова Н.П.",
        "1.1",
    ])
    .prop_map(str::to_owned)
}

/// A change that a person makes.
#[derive(Clone, Debug)]
pub enum Act {
    Text(usize, usize, String),
    Add(usize, String),
    Remove(usize),
    Move(usize, usize, usize),
    SectionTitle(usize, String),
    AddSection(usize, String),
    RemoveSection(usize),
    MoveSection(usize, usize),
    Title(String),
    Period(bool),
}

pub fn act() -> impl Strategy<Value = Act> {
    let at = || 0..8_usize;
    prop_oneof![
        4 => (at(), 0..7_usize, words()).prop_map(|(at, field, text)| Act::Text(at, field, text)),
        2 => (at(), words()).prop_map(|(at, text)| Act::Add(at, text)),
        2 => at().prop_map(Act::Remove),
        2 => (at(), at(), at()).prop_map(|(at, section, to)| Act::Move(at, section, to)),
        1 => (at(), words()).prop_map(|(at, text)| Act::SectionTitle(at, text)),
        1 => (at(), words()).prop_map(|(at, text)| Act::AddSection(at, text)),
        1 => at().prop_map(Act::RemoveSection),
        1 => (at(), at()).prop_map(|(from, to)| Act::MoveSection(from, to)),
        1 => words().prop_map(Act::Title),
        1 => any::<bool>().prop_map(Act::Period),
    ]
}

/// A small roadmap.
pub fn any_plan() -> impl Strategy<Value = Plan> {
    prop::collection::vec(act(), 0..25).prop_map(|acts| edited(&Plan::default(), &acts))
}

pub fn edited(plan: &Plan, acts: &[Act]) -> Plan {
    let mut plan = plan.clone();
    for act in acts {
        apply(&mut plan, act);
    }
    plan
}

fn nth(plan: &Plan, at: usize) -> Option<(usize, usize)> {
    let places: Vec<(usize, usize)> = plan
        .sections
        .iter()
        .enumerate()
        .flat_map(|(section, of)| (0..of.activities.len()).map(move |at| (section, at)))
        .collect();
    places.get(at % places.len().max(1)).copied()
}

fn set(activity: &mut Activity, field: usize, text: &str, period: Option<Period>) {
    let some = Some(text.to_owned()).filter(|text| !text.is_empty());
    match field {
        0 => activity.number = some,
        1 => text.clone_into(&mut activity.title),
        2 => activity.responsible = parties(text),
        3 => activity.schedule = parse(text, &Context { period, ..Context::default() }),
        4 => activity.outcome = some,
        5 => activity.target_group = some,
        _ => match activity.other.first_mut() {
            Some(cell) => text.clone_into(&mut cell.text),
            None => activity
                .other
                .push(OtherCell { head: "Подтверждение".to_owned(), text: text.to_owned() }),
        },
    }
}

fn apply(plan: &mut Plan, act: &Act) {
    let sections = plan.sections.len();
    match act {
        Act::Text(at, field, text) => {
            let Some((section, at)) = nth(plan, *at) else { return };
            let period = plan.period;
            set(&mut plan.sections[section].activities[at], *field, text, period);
        }
        Act::Add(at, text) => {
            if sections == 0 {
                plan.sections.push(Section::default());
            }
            let key = plan.activities().map(|activity| activity.key.0).max().unwrap_or(0) + 1;
            let added = activity(&format!("{key} | | {text}"), None);
            let at = at % plan.sections.len();
            plan.sections[at].activities.push(added);
        }
        Act::Remove(at) => {
            if let Some((section, at)) = nth(plan, *at) {
                plan.sections[section].activities.remove(at);
            }
        }
        Act::Move(at, section, to) => {
            let Some((from, at)) = nth(plan, *at) else { return };
            let moved = plan.sections[from].activities.remove(at);
            let to_section = &mut plan.sections[section % sections].activities;
            to_section.insert(to % (to_section.len() + 1), moved);
        }
        Act::SectionTitle(at, text) if sections > 0 => {
            plan.sections[at % sections].title.clone_from(text);
        }
        Act::AddSection(at, text) => {
            let section = Section { title: text.clone(), ..Section::default() };
            plan.sections.insert(at % (sections + 1), section);
        }
        Act::RemoveSection(at) if sections > 0 => {
            plan.sections.remove(at % sections);
        }
        Act::MoveSection(from, to) if sections > 0 => {
            let moved = plan.sections.remove(from % sections);
            plan.sections.insert(to % sections, moved);
        }
        Act::Title(text) => plan.title.clone_from(text),
        Act::Period(long) => {
            let end = if *long { "2027-12-31" } else { "2027-05-31" };
            let day = |text: &str| text.parse().expect("a day");
            let period = Period { start: day("2026-09-01"), end: day(end) };
            plan.period = Some(period);
        }
        _ => {}
    }
}
