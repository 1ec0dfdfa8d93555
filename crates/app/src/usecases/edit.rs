//! What does an edit change in an order? Values in, values out; saving is in `edit_save`.

use opora_cycle::intake::parties;
use opora_cycle::vocabulary::{
    Activity, ActivityKey, Column, Order, Party, Plan, Section, SourceCell, Unplaced,
};
use opora_neutral::Place;
use opora_schedule::{Context, Schedule, parse};

mod check;
mod document;
mod fields;
mod sections;

pub use fields::{
    ActFields, ActivityFields, ListFields, Lists, ParticipantsFields, PlanFields, ProgrammeFields,
    SectionFields, Text, school_line,
};

/// Most characters of one field.
pub const MAX_FIELD_CHARS: usize = 8_000;
/// Most lines of a list, and most lists of a kind.
pub const MAX_LINES: usize = 500;

/// One edit of the only plan of an order. Sections are counted from zero.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// New texts of the act.
    Act(ActFields),
    /// New title and period of the plan.
    Plan(PlanFields),
    /// New texts of the programme; all empty for none.
    Programme(ProgrammeFields),
    /// New indicators or criteria.
    Lists(Lists, Vec<ListFields>),
    /// New lists of schools.
    Participants(ParticipantsFields),
    /// New texts of a section.
    Section {
        /// Index into `sections`.
        section: usize,
        /// Its texts.
        fields: SectionFields,
    },
    /// A new section.
    AddSection {
        /// The index it gets; the sections from there on move down.
        at: usize,
        /// Its texts.
        fields: SectionFields,
    },
    /// A section without activities is taken out.
    DeleteSection(usize),
    /// A section changes places with its neighbour.
    MoveSection(usize, Direction),
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

/// Where a thing is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Before the one above.
    Up,
    /// After the one below.
    Down,
}

/// Why an edit can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A text does not do; the name of the field and a sentence about it.
    Fields(Vec<(String, String)>),
    /// The thing is no longer there.
    Gone,
    /// The section holds activities: so many.
    NotEmpty(usize),
}

impl Edit {
    /// The same edit with the texts as the order has them; `None` where the thing is not there.
    pub fn standing(&self, order: &Order) -> Option<Self> {
        let section_at = |index: usize| order.plans.first().and_then(|plan| plan.sections.get(index));
        Some(match self {
            Self::Act(_) => Self::Act(ActFields::of(order)),
            Self::Plan(_) => Self::Plan(PlanFields::of(order.plans.first()?)),
            Self::Programme(_) => Self::Programme(ProgrammeFields::of(order)),
            Self::Lists(lists, _) => Self::Lists(*lists, lists.of(order)),
            Self::Participants(_) => Self::Participants(ParticipantsFields::of(order)),
            Self::Section { section, .. } => {
                Self::Section { section: *section, fields: SectionFields::of(section_at(*section)?) }
            }
            Self::Activity { key, .. } => {
                Self::Activity { key: *key, fields: ActivityFields::of(activity(order, *key)?) }
            }
            Self::Delete(key) | Self::Move(key, _) => {
                locate(order, *key)?;
                self.clone()
            }
            Self::DeleteSection(section) | Self::MoveSection(section, _) => {
                section_at(*section)?;
                self.clone()
            }
            Self::AddSection { at, .. } => Self::AddSection { at: *at, fields: SectionFields::default() },
            Self::Add { section, .. } => {
                Self::Add { section: *section, fields: ActivityFields::default(), unplaced: None }
            }
        })
    }

    /// The same edit with other texts, by the names of the fields.
    pub fn with_texts(&self, value: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| value(name).unwrap_or_default();
        match self {
            Self::Act(_) => Self::Act(ActFields::read(text)),
            Self::Plan(_) => Self::Plan(PlanFields::read(text)),
            Self::Programme(_) => Self::Programme(ProgrammeFields::read(text)),
            Self::Lists(lists, _) => Self::Lists(*lists, ListFields::read(value)),
            Self::Participants(_) => Self::Participants(ParticipantsFields::read(text)),
            Self::Section { section, .. } => {
                Self::Section { section: *section, fields: SectionFields::read(text) }
            }
            Self::AddSection { at, .. } => Self::AddSection { at: *at, fields: SectionFields::read(text) },
            Self::Activity { key, .. } => Self::Activity { key: *key, fields: ActivityFields::read(text) },
            Self::Add { section, unplaced, .. } => Self::Add {
                section: *section,
                fields: ActivityFields::read(text),
                unplaced: unplaced.clone(),
            },
            Self::DeleteSection(_) | Self::MoveSection(..) | Self::Delete(_) | Self::Move(..) => self.clone(),
        }
    }

    /// The texts of the edit with their names; none for one that only moves or deletes.
    pub fn texts(&self) -> Vec<Text> {
        match self {
            Self::Act(fields) => fields.texts(),
            Self::Plan(fields) => fields.texts(),
            Self::Programme(fields) => fields.texts(),
            Self::Lists(_, lists) => ListFields::texts(lists),
            Self::Participants(fields) => fields.texts(),
            Self::Section { fields, .. } | Self::AddSection { fields, .. } => fields.texts(),
            Self::Activity { fields, .. } | Self::Add { fields, .. } => fields.texts(),
            Self::DeleteSection(_) | Self::MoveSection(..) | Self::Delete(_) | Self::Move(..) => Vec::new(),
        }
    }
}

/// The order after an edit. `highest` is the highest key that any version of the plan has given: a new activity gets one
/// that none has had.
pub fn apply(order: &Order, edit: &Edit, highest: ActivityKey) -> Result<Order, Refusal> {
    check::check(order, edit)?;
    let mut order = order.clone();
    match edit {
        Edit::Act(fields) => document::set_act(&mut order, fields)?,
        Edit::Plan(fields) => document::set_plan(&mut order, fields)?,
        Edit::Programme(fields) => document::set_programme(&mut order, fields),
        Edit::Lists(lists, typed) => document::set_lists(&mut order, *lists, typed),
        Edit::Participants(fields) => document::set_participants(&mut order, fields),
        Edit::Section { section, fields } => sections::set(&mut order, *section, fields)?,
        Edit::AddSection { at, fields } => sections::add(&mut order, *at, fields)?,
        Edit::DeleteSection(section) => sections::delete(&mut order, *section)?,
        Edit::MoveSection(section, direction) => sections::shift(&mut order, *section, *direction)?,
        Edit::Activity { key, fields } => set_activity(&mut order, *key, fields)?,
        Edit::Add { section, fields, unplaced } => {
            let key = next_key(&order, highest);
            add(&mut order, key, *section, fields, unplaced.as_deref())?;
        }
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

/// Reads all deadlines again whose surroundings have changed.
fn read_all_again(before: &Order, order: &mut Order) -> Result<(), Refusal> {
    let sections = before.plans.first().map_or(0, |plan| plan.sections.len());
    (0..sections).try_for_each(|index| read_deadlines_again(before, order, index))
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
    key: ActivityKey,
    section: usize,
    fields: &ActivityFields,
    unplaced: Option<&str>,
) -> Result<(), Refusal> {
    let context = context(order, order.plans.first().and_then(|plan| plan.sections.get(section)));
    let mut source = Vec::new();
    if let Some(item) = unplaced.and_then(|wanted| take_unplaced(order, wanted)) {
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

/// Takes a text out of those that found no place.
pub(super) fn take_unplaced(order: &mut Order, text: &str) -> Option<Unplaced> {
    let at = order.unplaced.iter().position(|item| item.text == text)?;
    Some(order.unplaced.remove(at))
}

/// The key of a new activity: facts may still speak of one that was removed, so its key is not given again.
fn next_key(order: &Order, highest: ActivityKey) -> ActivityKey {
    let standing = order.plans.iter().flat_map(Plan::activities).map(|activity| activity.key).max();
    ActivityKey(standing.map_or(highest, |key| key.max(highest)).0.saturating_add(1))
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
