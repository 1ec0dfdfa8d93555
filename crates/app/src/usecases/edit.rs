//! What does an edit change in an order? Values in, values out; saving is in `edit_save`.

use opora_cycle::intake::parties;
use opora_cycle::vocabulary::{
    ActKind, Activity, ActivityKey, Column, Order, Party, Plan, Section, SourceCell,
};
use opora_neutral::Place;
use opora_schedule::{Context, Kind, Part, Schedule, When, parse};

/// Most characters of one field.
pub const MAX_FIELD_CHARS: usize = 8_000;

/// One edit of the only plan of an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// New texts of the act.
    Act(ActFields),
    /// New title of a section, by its index.
    Section {
        /// Index into `sections`.
        section: usize,
        /// New number; empty for none.
        number: String,
        /// New title.
        title: String,
    },
    /// New texts of an activity.
    Activity {
        /// Which.
        key: ActivityKey,
        /// Its texts.
        fields: ActivityFields,
    },
    /// A new activity at the end of a section.
    Add {
        /// Index into `sections`.
        section: usize,
        /// Its texts.
        fields: ActivityFields,
        /// The unplaced text it is made of, verbatim; it leaves the list of unplaced texts.
        unplaced: Option<String>,
    },
    /// An activity is taken out of the plan; earlier versions keep it.
    Delete(ActivityKey),
    /// An activity changes places with its neighbour, over the border of the section where it stands there.
    Move(ActivityKey, Direction),
}

/// Where an activity is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Before the one above.
    Up,
    /// After the one below.
    Down,
}

/// Texts of the act as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActFields {
    /// Kind as a Russian noun; empty for unknown.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Date in any of the usual forms; empty for unknown.
    pub date: String,
    /// Authority.
    pub authority: String,
    /// Title.
    pub title: String,
}

/// Texts of an activity as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityFields {
    /// Number.
    pub number: String,
    /// What is done.
    pub title: String,
    /// Who does it.
    pub responsible: String,
    /// When.
    pub schedule: String,
    /// Expected result.
    pub outcome: String,
    /// For whom.
    pub target_group: String,
}

impl ActFields {
    /// The texts an order has now.
    pub fn of(order: &Order) -> Self {
        let act = &order.act;
        Self {
            kind: act.kind.map(ActKind::russian).unwrap_or_default().to_owned(),
            number: act.number.clone().unwrap_or_default(),
            date: act.date.map(|date| date.strftime("%d.%m.%Y").to_string()).unwrap_or_default(),
            authority: act.authority.clone().unwrap_or_default(),
            title: act.title.clone().unwrap_or_default(),
        }
    }
}

impl ActivityFields {
    /// The texts an activity has now.
    pub fn of(activity: &Activity) -> Self {
        Self {
            number: activity.number.clone().unwrap_or_default(),
            title: activity.title.clone(),
            responsible: activity.responsible_text(),
            schedule: activity.schedule.text.clone(),
            outcome: activity.outcome.clone().unwrap_or_default(),
            target_group: activity.target_group.clone().unwrap_or_default(),
        }
    }
}

/// Why an edit can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A text does not do; the name of the field and a sentence about it.
    Fields(Vec<(&'static str, String)>),
    /// The thing is no longer there.
    Gone,
}

/// The order after an edit.
pub fn apply(order: &Order, edit: &Edit) -> Result<Order, Refusal> {
    check(edit)?;
    let mut order = order.clone();
    match edit {
        Edit::Act(fields) => set_act(&mut order, fields)?,
        Edit::Section { section, number, title } => set_section(&mut order, *section, number, title)?,
        Edit::Activity { key, fields } => set_activity(&mut order, *key, fields)?,
        Edit::Add { section, fields, unplaced } => add(&mut order, *section, fields, unplaced.as_deref())?,
        Edit::Delete(key) => {
            let (section, at) = locate(&order, *key).ok_or(Refusal::Gone)?;
            section_mut(&mut order, section)?.activities.remove(at);
        }
        Edit::Move(key, direction) => shift(&mut order, *key, *direction)?,
    }
    Ok(order)
}

/// The years around a section that supply what a deadline text leaves out.
pub fn context(order: &Order, section: Option<&Section>) -> Context {
    Context {
        year: section.and_then(|section| section.year),
        period: order.plans.first().and_then(|plan| plan.period),
        act_date: order.act.date,
    }
}

fn check(edit: &Edit) -> Result<(), Refusal> {
    let mut wrong = Vec::new();
    let texts: Vec<(&'static str, &str)> = match edit {
        Edit::Act(f) => {
            if !f.kind.is_empty() && act_kind(&f.kind).is_none() {
                wrong.push(("kind", "Такого вида акта нет в списке. Выберите вид из списка.".to_owned()));
            }
            if !f.date.trim().is_empty() && day(&f.date).is_none() {
                wrong.push(("date", "Дата не понята. Напишите её так: 21.07.2021.".to_owned()));
            }
            vec![("number", &f.number), ("authority", &f.authority), ("title", &f.title)]
        }
        Edit::Section { number, title, .. } => vec![("number", number), ("title", title)],
        Edit::Activity { fields: f, .. } | Edit::Add { fields: f, .. } => {
            if f.title.trim().is_empty() {
                let message =
                    "Напишите, что нужно сделать: мероприятие без названия нельзя ни поручить, ни проверить.";
                wrong.push(("title", message.to_owned()));
            }
            vec![
                ("number", &f.number),
                ("title", &f.title),
                ("responsible", &f.responsible),
                ("schedule", &f.schedule),
                ("outcome", &f.outcome),
                ("target_group", &f.target_group),
            ]
        }
        Edit::Delete(_) | Edit::Move(..) => vec![],
    };
    for (name, text) in texts {
        let length = text.chars().count();
        if length > MAX_FIELD_CHARS {
            let message =
                format!("Слишком длинный текст: {length} знаков. Оставьте не больше {MAX_FIELD_CHARS}.");
            wrong.push((name, message));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::Fields(wrong)) }
}

fn set_act(order: &mut Order, fields: &ActFields) -> Result<(), Refusal> {
    let before = order.clone();
    let act = &mut order.act;
    act.kind = act_kind(&fields.kind);
    act.number = text(&fields.number);
    act.date = day(&fields.date);
    act.authority = text(&fields.authority);
    act.title = text(&fields.title);
    // The date of the act may have supplied years.
    for index in 0..before.plans.first().map_or(0, |plan| plan.sections.len()) {
        read_deadlines_again(&before, order, index)?;
    }
    Ok(())
}

fn set_section(order: &mut Order, index: usize, number: &str, title: &str) -> Result<(), Refusal> {
    let before = order.clone();
    let section = section_mut(order, index)?;
    section.number = text(number);
    let title = clean(title);
    if title != section.title {
        section.year = opora_schedule::year_of_section(&title);
        section.title = title;
    }
    read_deadlines_again(&before, order, index)
}

/// Reads the deadlines of a section again where the years around them have changed. A deadline that was not
/// what its text says in the old surroundings is left as it is.
fn read_deadlines_again(before: &Order, order: &mut Order, index: usize) -> Result<(), Refusal> {
    let old = before.plans.first().and_then(|plan| plan.sections.get(index));
    let old_context = context(before, old);
    let new_context = context(order, order.plans.first().and_then(|plan| plan.sections.get(index)));
    if old_context == new_context {
        return Ok(());
    }
    for activity in &mut section_mut(order, index)?.activities {
        if activity.schedule == parse(&activity.schedule.text, &old_context) {
            activity.schedule = parse(&activity.schedule.text, &new_context);
        }
    }
    Ok(())
}

fn set_activity(order: &mut Order, key: ActivityKey, fields: &ActivityFields) -> Result<(), Refusal> {
    let (section, at) = locate(order, key).ok_or(Refusal::Gone)?;
    let context = context(order, order.plans.first().and_then(|plan| plan.sections.get(section)));
    let activity = section_mut(order, section)?.activities.get_mut(at).ok_or(Refusal::Gone)?;
    activity.number = text(&fields.number);
    activity.title = clean(&fields.title);
    // A text that was not touched keeps what was understood of it, marks of recognition included.
    if clean(&fields.responsible) != clean(&activity.responsible_text()) {
        activity.responsible = responsible(&fields.responsible);
    }
    if clean(&fields.schedule) != clean(&activity.schedule.text) {
        activity.schedule = schedule(&fields.schedule, &context);
    }
    activity.outcome = text(&fields.outcome);
    activity.target_group = text(&fields.target_group);
    Ok(())
}

fn add(
    order: &mut Order,
    section: usize,
    fields: &ActivityFields,
    unplaced: Option<&str>,
) -> Result<(), Refusal> {
    let context = context(order, order.plans.first().and_then(|plan| plan.sections.get(section)));
    let key = next_key(order);
    let mut source = Vec::new();
    if let Some(wanted) = unplaced
        && let Some(at) = order.unplaced.iter().position(|item| item.text == wanted)
    {
        let item = order.unplaced.remove(at);
        source.push(SourceCell {
            column: Column::Title,
            place: item.place,
            text: item.text,
            confidence: None,
        });
    }
    section_mut(order, section)?.activities.push(Activity {
        key,
        number: text(&fields.number),
        title: clean(&fields.title),
        responsible: responsible(&fields.responsible),
        schedule: schedule(&fields.schedule, &context),
        outcome: text(&fields.outcome),
        target_group: text(&fields.target_group),
        other: Vec::new(),
        source,
    });
    Ok(())
}

fn shift(order: &mut Order, key: ActivityKey, direction: Direction) -> Result<(), Refusal> {
    let (section, at) = locate(order, key).ok_or(Refusal::Gone)?;
    let sections = &mut order.plans.first_mut().ok_or(Refusal::Gone)?.sections;
    let length = sections.get(section).map_or(0, |section| section.activities.len());
    let (target, index) = match direction {
        Direction::Up if at > 0 => (section, at - 1),
        Direction::Down if at + 1 < length => (section, at + 1),
        // Over the border: the last of the section above, the first of the one below.
        Direction::Up if section > 0 => (section - 1, usize::MAX),
        Direction::Down if section + 1 < sections.len() => (section + 1, 0),
        _ => return Ok(()),
    };
    let Some(from) = sections.get_mut(section) else { return Err(Refusal::Gone) };
    let activity = from.activities.remove(at);
    let Some(to) = sections.get_mut(target) else { return Err(Refusal::Gone) };
    to.activities.insert(index.min(to.activities.len()), activity);
    Ok(())
}

/// Section and index of an activity.
pub fn locate(order: &Order, key: ActivityKey) -> Option<(usize, usize)> {
    let sections = &order.plans.first()?.sections;
    sections.iter().enumerate().find_map(|(index, section)| {
        Some((index, section.activities.iter().position(|activity| activity.key == key)?))
    })
}

/// An activity by its key.
pub fn activity(order: &Order, key: ActivityKey) -> Option<&Activity> {
    order.plans.iter().flat_map(Plan::activities).find(|activity| activity.key == key)
}

fn next_key(order: &Order) -> ActivityKey {
    let highest = order.plans.iter().flat_map(Plan::activities).map(|activity| activity.key.0).max();
    ActivityKey(highest.map_or(1, |key| key.saturating_add(1)))
}

fn section_mut(order: &mut Order, index: usize) -> Result<&mut Section, Refusal> {
    let plan = order.plans.first_mut().ok_or(Refusal::Gone)?;
    if plan.sections.is_empty() && index == 0 {
        plan.sections.push(Section { place: Place::WHOLE, ..Section::default() });
    }
    plan.sections.get_mut(index).ok_or(Refusal::Gone)
}

fn responsible(typed: &str) -> Vec<Party> {
    text(typed).map(|text| parties(&text)).unwrap_or_default()
}

fn schedule(typed: &str, context: &Context) -> Schedule {
    parse(&clean(typed), context)
}

fn act_kind(noun: &str) -> Option<ActKind> {
    ActKind::ALL.into_iter().find(|kind| kind.russian() == noun.trim())
}

fn day(typed: &str) -> Option<jiff::civil::Date> {
    match parse(typed.trim(), &Context::default()).parts.as_slice() {
        [Part { kind: Kind::Day(When::Date(date)), .. }] => Some(*date),
        _ => None,
    }
}

/// A typed text without the line ends of the browser and without spaces around; `None` where nothing is left.
fn text(typed: &str) -> Option<String> {
    Some(clean(typed)).filter(|text| !text.is_empty())
}

fn clean(typed: &str) -> String {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests;
