//! How does an edit join what others wrote meanwhile, and where do both disagree? Values in, values out.

use opora_cycle::vocabulary::{ActivityKey, Order};
use opora_roadmap::{Conflict, Field as PlanField, Path, SectionField, merge};

use super::edit::{Edit, Refusal, Text, apply, take_unplaced};

/// What came of an edit and of what others wrote.
#[derive(Clone, Debug, PartialEq)]
pub enum Joined {
    /// Both stand in one order.
    Order(Box<Order>),
    /// They disagree; nothing is decided yet.
    Collision(Box<Collision>),
}

/// Where an edit and what others wrote disagree.
#[derive(Clone, Debug, PartialEq)]
pub struct Collision {
    /// The edit, pointing to where its thing stands now.
    pub edit: Edit,
    /// All texts of the edit; none for one that only moves or deletes.
    pub fields: Vec<Field>,
    /// Sentences about what collides apart from the texts.
    pub told: Vec<String>,
}

/// A text of an edit as three see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name of the field in a form.
    pub name: String,
    /// What it is, in Russian, lower case.
    pub label: String,
    /// The text both began with.
    pub base: String,
    /// What others wrote.
    pub theirs: String,
    /// The text typed.
    pub mine: String,
    /// Both changed it, to different texts.
    pub collides: bool,
}

impl Field {
    /// The text that stands where nothing collides: whoever changed it.
    pub fn joined(&self) -> &str {
        if same(&self.mine, &self.base) { &self.theirs } else { &self.mine }
    }

    /// Only others changed it.
    pub fn is_theirs(&self) -> bool {
        !self.collides && !same(self.joined(), &self.mine)
    }
}

/// Joins an edit of `base` with `current`, the version that others wrote meanwhile. `highest` is the highest key that any
/// version has given.
pub fn join(base: &Order, current: &Order, edit: &Edit, highest: ActivityKey) -> Result<Joined, Refusal> {
    match edit {
        Edit::Act(_) | Edit::Programme(_) | Edit::Participants(_) | Edit::Lists(..) => {
            document(base, current, edit, highest)
        }
        _ => plan(base, current, edit, highest),
    }
}

/// What stands around the plan is joined text by text.
fn document(base: &Order, current: &Order, edit: &Edit, highest: ActivityKey) -> Result<Joined, Refusal> {
    // The edit has to do by itself before it is joined with anything.
    apply(base, edit, highest)?;
    let mut fields = fields(&texts(base, edit), &texts(current, edit), &edit.texts(), collides);
    // Lists have no names: where both changed their number, a place says nothing of what stands in it.
    if let Edit::Lists(..) = edit
        && fields.iter().any(|field| !same(&field.theirs, &field.base))
        && fields.iter().any(|field| !same(&field.mine, &field.base))
    {
        for field in &mut fields {
            field.collides = !same(&field.mine, &field.theirs);
        }
    }
    if fields.iter().any(|field| field.collides) {
        return Ok(Joined::Collision(Box::new(Collision { edit: edit.clone(), fields, told: Vec::new() })));
    }
    let text =
        |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.joined().to_owned());
    apply(current, &edit.with_texts(text), highest).map(|order| Joined::Order(Box::new(order)))
}

/// The plan itself is joined by the three-way merge of the room of roadmaps.
fn plan(base: &Order, current: &Order, edit: &Edit, highest: ActivityKey) -> Result<Joined, Refusal> {
    let mine = apply(base, edit, highest)?;
    let is_about_activity = matches!(edit, Edit::Activity { .. } | Edit::Delete(_) | Edit::Move(..));
    if is_about_activity && edit.standing(current).is_none() {
        return Err(Refusal::Gone);
    }
    let of = |order: &Order| order.plans.first().cloned().unwrap_or_default();
    let (before, mine, theirs) = (of(base), of(&mine), of(current));
    let merged = merge(&before, &mine, &theirs);
    let came_back = merged.plan.sections.len() > theirs.sections.len().max(1);
    match edit {
        // The section was taken out meanwhile, and with it the place of this edit.
        Edit::Section { .. } | Edit::Add { .. } if came_back => return Err(Refusal::Gone),
        Edit::DeleteSection(section) if merged.plan == theirs => {
            let title = before.sections.get(*section).map(|section| &section.title);
            let filled = theirs.sections.iter().find(|section| Some(&section.title) == title);
            return Err(filled.map_or(Refusal::Gone, |section| Refusal::NotEmpty(section.activities.len())));
        }
        _ => {}
    }
    if merged.conflicts.is_empty() {
        let mut order = current.clone();
        if let Edit::Add { unplaced: Some(text), .. } = edit {
            take_unplaced(&mut order, text);
        }
        order.plans = vec![merged.plan];
        return Ok(Joined::Order(Box::new(order)));
    }
    Ok(Joined::Collision(Box::new(collision(base, current, edit, &merged.conflicts))))
}

fn collision(base: &Order, current: &Order, edit: &Edit, conflicts: &[Conflict]) -> Collision {
    let names: Vec<&str> = conflicts.iter().flat_map(|conflict| names_of(&conflict.path)).copied().collect();
    let before = texts(base, edit);
    let edit = match (edit, conflicts.iter().find_map(|conflict| section_of(&conflict.path))) {
        // An edit of texts moves no section: where it stands in the joined version, it stands in theirs.
        (Edit::Section { fields, .. }, Some(section)) => Edit::Section { section, fields: fields.clone() },
        _ => edit.clone(),
    };
    let collides = |field: &Field| names.contains(&field.name.as_str()) && !same(&field.mine, &field.theirs);
    let fields = fields(&before, &texts(current, &edit), &edit.texts(), collides);
    let told = conflicts.iter().filter(|conflict| names_of(&conflict.path).is_empty());
    let told = told.map(|conflict| conflict.sentence.clone()).collect();
    Collision { edit, fields, told }
}

/// The fields of a form that a text of the plan is typed in.
fn names_of(path: &Path) -> &'static [&'static str] {
    match path {
        Path::PlanTitle | Path::SectionField(_, SectionField::Title) => &["title"],
        Path::PlanPeriod => &["start", "end"],
        Path::SectionField(_, SectionField::Number) => &["number"],
        Path::SectionField(_, SectionField::Year) => &["year"],
        Path::ActivityField(_, field) => match field {
            PlanField::Number => &["number"],
            PlanField::Title => &["title"],
            PlanField::Responsible => &["responsible"],
            PlanField::Schedule => &["schedule"],
            PlanField::Outcome => &["outcome"],
            PlanField::TargetGroup => &["target_group"],
            PlanField::Other(..) => &[],
        },
        Path::Section(_) | Path::Activity(_) => &[],
    }
}

fn section_of(path: &Path) -> Option<usize> {
    match path {
        Path::SectionField(number, _) => number.checked_sub(1),
        _ => None,
    }
}

/// The texts that an order has where an edit writes.
fn texts(order: &Order, edit: &Edit) -> Vec<Text> {
    edit.standing(order).map(|edit| edit.texts()).unwrap_or_default()
}

/// The texts of an edit as all three have them.
fn fields(before: &[Text], theirs: &[Text], mine: &[Text], collides: impl Fn(&Field) -> bool) -> Vec<Field> {
    let value = |texts: &[Text], name: &str| {
        texts.iter().find(|text| text.name == name).map(|text| text.value.clone()).unwrap_or_default()
    };
    // A list may have become longer on any side.
    let longest = [theirs, mine, before].into_iter().max_by_key(|texts| texts.len()).unwrap_or_default();
    let field = |text: &Text| {
        let name = text.name.as_str();
        let mut field = Field {
            name: name.to_owned(),
            label: text.label.to_owned(),
            base: value(before, name),
            theirs: value(theirs, name),
            mine: value(mine, name),
            collides: false,
        };
        field.collides = collides(&field);
        field
    };
    longest.iter().map(field).collect()
}

fn collides(field: &Field) -> bool {
    !same(&field.mine, &field.base) && !same(&field.theirs, &field.base) && !same(&field.mine, &field.theirs)
}

/// Two texts say the same; a browser sends line ends of its own.
fn same(a: &str, b: &str) -> bool {
    a.trim().lines().map(str::trim_end).eq(b.trim().lines().map(str::trim_end))
}

#[cfg(test)]
mod tests;
