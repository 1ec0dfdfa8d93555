//! How do sections of a plan change: renamed, added, moved, taken out?

use opora_cycle::vocabulary::{Order, Section};
use opora_neutral::Place;
use opora_schedule::year_of_section;

use super::check::section_year;
use super::{Direction, Refusal, SectionFields, clean, read_deadlines_again, section_mut, text};

/// New texts of a section. A new title brings its own year, unless a year was typed.
pub(super) fn set(order: &mut Order, index: usize, fields: &SectionFields) -> Result<(), Refusal> {
    let before = order.clone();
    let section = section_mut(order, index)?;
    section.number = text(&fields.number);
    let (old_year, typed_year) = (section.year, section_year(&fields.year));
    let title = clean(&fields.title);
    let said_before = year_of_section(&section.title);
    section.year = match year_of_section(&title) {
        _ if typed_year != old_year => typed_year,
        Some(year) => Some(year),
        // The year stood in the old title and is no longer said.
        None if title != section.title && said_before.is_some() && said_before == old_year => None,
        None => old_year,
    };
    section.title = title;
    read_deadlines_again(&before, order, index)
}

/// A new section before the one that stands at `at`.
pub(super) fn add(order: &mut Order, at: usize, fields: &SectionFields) -> Result<(), Refusal> {
    let plan = order.plans.first_mut().ok_or(Refusal::Gone)?;
    let title = clean(&fields.title);
    let year = section_year(&fields.year).or_else(|| year_of_section(&title));
    let section =
        Section { number: text(&fields.number), title, year, activities: Vec::new(), place: Place::WHOLE };
    plan.sections.insert(at.min(plan.sections.len()), section);
    Ok(())
}

/// Takes out a section; that it is empty has been checked.
pub(super) fn delete(order: &mut Order, index: usize) -> Result<(), Refusal> {
    let plan = order.plans.first_mut().ok_or(Refusal::Gone)?;
    if index >= plan.sections.len() {
        return Err(Refusal::Gone);
    }
    plan.sections.remove(index);
    Ok(())
}

/// Changes places with the section above or below; at the ends nothing changes.
pub(super) fn shift(order: &mut Order, index: usize, direction: Direction) -> Result<(), Refusal> {
    let plan = order.plans.first_mut().ok_or(Refusal::Gone)?;
    if index >= plan.sections.len() {
        return Err(Refusal::Gone);
    }
    let other = match direction {
        Direction::Up => index.checked_sub(1),
        Direction::Down => Some(index + 1).filter(|next| *next < plan.sections.len()),
    };
    if let Some(other) = other {
        plan.sections.swap(index, other);
    }
    Ok(())
}
