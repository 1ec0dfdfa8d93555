//! How do the parts around the activities take new texts: act, plan, programme, indicators, participants?

use opora_cycle::intake::parties;
use opora_cycle::vocabulary::{Control, Criterion, Item, Order, Person, Programme, SchoolKind, SchoolRef};
use opora_neutral::Place;
use opora_schedule::{Period, period_in_title};

use super::check::{act_kind, day};
use super::fields::{one_line, school_line};
use super::{
    ActFields, ListFields, Lists, ParticipantsFields, PlanFields, ProgrammeFields, Refusal, clean,
    read_all_again, text,
};

pub(super) fn set_act(order: &mut Order, fields: &ActFields) -> Result<(), Refusal> {
    let before = order.clone();
    let act = &mut order.act;
    act.kind = act_kind(&fields.kind);
    act.number = text(&fields.number);
    act.date = day(&fields.date);
    act.locality = text(&fields.locality);
    act.authority = text(&fields.authority);
    act.title = text(&fields.title);
    act.signatory = person(&fields.signatory, &fields.signatory_post);
    let old = ActFields::of(&before);
    let controls = |fields: &ActFields| {
        [clean(&fields.control), clean(&fields.controller), clean(&fields.controller_post)]
    };
    if controls(&old) != controls(fields) {
        act.control = control(fields, before.act.control.as_ref());
    }
    // The date of the act may have supplied years.
    read_all_again(&before, order)
}

fn control(fields: &ActFields, before: Option<&Control>) -> Option<Control> {
    let person = person(&fields.controller, &fields.controller_post);
    let named = || {
        let person = person.as_ref()?;
        Some([person.name.as_str(), person.post.as_deref().unwrap_or_default()].join(", "))
    };
    let text = text(&fields.control).or_else(named)?;
    let own = text.to_lowercase().contains("за собой");
    let place = before.map_or(Place::WHOLE, |control| control.place.clone());
    Some(Control { text, own, person, place })
}

fn person(name: &str, post: &str) -> Option<Person> {
    text(name).map(|name| Person { name, post: text(post) })
}

pub(super) fn set_plan(order: &mut Order, fields: &PlanFields) -> Result<(), Refusal> {
    let before = order.clone();
    let plan = order.plans.first_mut().ok_or(Refusal::Gone)?;
    plan.title = clean(&fields.title);
    plan.period = day(&fields.start).zip(day(&fields.end)).map(|(start, end)| Period { start, end });
    // The period may have supplied years.
    read_all_again(&before, order)
}

pub(super) fn set_programme(order: &mut Order, fields: &ProgrammeFields) {
    let old = ProgrammeFields::of(order);
    if *fields == ProgrammeFields::default()
        && order.programme.as_ref().is_none_or(|old| old.other.is_empty())
    {
        order.programme = None;
        return;
    }
    let programme = order.programme.get_or_insert_with(Programme::default);
    programme.name = text(&fields.name);
    if clean(&old.period) != clean(&fields.period) {
        programme.period_text = text(&fields.period);
        programme.period = period(&fields.period);
    }
    set_items(&mut programme.goals, &fields.goals);
    set_items(&mut programme.tasks, &fields.tasks);
    set_items(&mut programme.expected_results, &fields.expected_results);
}

/// «2026–2028 годы», «с 01.09.2026 по 31.05.2027».
fn period(typed: &str) -> Option<Period> {
    let found = period_in_title(typed)?;
    found.start.zip(found.end).filter(|(start, end)| start <= end).map(|(start, end)| Period { start, end })
}

/// Puts the lines of a form into a list of items and tells for each which item it was before.
///
/// A line that an item had keeps its place in the source. Where as many lines are new as items are missing, the items
/// were reworded in place.
fn set_items(items: &mut Vec<Item>, typed: &str) -> Vec<Option<usize>> {
    let old = std::mem::take(items);
    let typed = clean(typed);
    let lines: Vec<String> = typed.lines().map(one_line).filter(|line| !line.is_empty()).collect();
    let mut free: Vec<usize> = (0..old.len()).collect();
    let mut origins: Vec<Option<usize>> = lines
        .iter()
        .map(|line| {
            let same = |at: &usize| old.get(*at).is_some_and(|item| one_line(&item.text) == *line);
            free.iter().position(same).map(|at| free.remove(at))
        })
        .collect();
    if origins.iter().filter(|origin| origin.is_none()).count() == free.len() {
        let mut reworded = free.into_iter();
        origins.iter_mut().filter(|origin| origin.is_none()).for_each(|origin| *origin = reworded.next());
    }
    for (line, origin) in lines.into_iter().zip(&origins) {
        let known = origin.and_then(|at| old.get(at));
        let same = known.filter(|item| one_line(&item.text) == line);
        let place = known.map_or(Place::WHOLE, |item| item.place.clone());
        items.push(same.cloned().unwrap_or(Item { text: line, place }));
    }
    origins
}

pub(super) fn set_lists(order: &mut Order, lists: Lists, typed: &[ListFields]) {
    match lists {
        Lists::Indicators => {
            let old = std::mem::take(&mut order.indicators);
            let titles: Vec<&str> = old.iter().map(|group| group.group.as_str()).collect();
            for (list, origin) in typed.iter().zip(origins(&titles, typed)) {
                let mut group = origin.and_then(|at| old.get(at)).cloned().unwrap_or_default();
                group.group = clean(&list.title);
                let origins = set_items(&mut group.indicators, &list.lines);
                group.measures.retain_mut(|measure| {
                    let at = origins.iter().position(|origin| *origin == Some(measure.indicator));
                    measure.indicator = at.unwrap_or(measure.indicator);
                    at.is_some()
                });
                group.measures.sort_by_key(|measure| measure.indicator);
                order.indicators.push(group);
            }
        }
        Lists::Criteria => {
            let old = std::mem::take(&mut order.criteria);
            let titles: Vec<&str> = old.iter().map(|criterion| criterion.title.as_str()).collect();
            for (list, origin) in typed.iter().zip(origins(&titles, typed)) {
                let empty =
                    || Criterion { title: String::new(), indicators: Vec::new(), place: Place::WHOLE };
                let mut criterion = origin.and_then(|at| old.get(at)).cloned().unwrap_or_else(empty);
                criterion.title = clean(&list.title);
                set_items(&mut criterion.indicators, &list.lines);
                order.criteria.push(criterion);
            }
        }
    }
}

/// Which of the old lists each typed one was: the one with its title, or else the one that stood at its place and whose
/// title is gone.
fn origins(old: &[&str], typed: &[ListFields]) -> Vec<Option<usize>> {
    let mut free: Vec<usize> = (0..old.len()).collect();
    let mut origins: Vec<Option<usize>> = typed
        .iter()
        .map(|list| {
            let same = |at: &usize| old.get(*at).is_some_and(|title| clean(title) == clean(&list.title));
            free.iter().position(same).map(|at| free.remove(at))
        })
        .collect();
    for (at, origin) in origins.iter_mut().enumerate().filter(|(_, origin)| origin.is_none()) {
        if let Some(stood) = free.iter().position(|old| *old == at) {
            *origin = Some(free.remove(stood));
        }
    }
    origins
}

pub(super) fn set_participants(order: &mut Order, fields: &ParticipantsFields) {
    set_schools(&mut order.participants.schools, &fields.schools);
    set_schools(&mut order.participants.curator_schools, &fields.curator_schools);
}

/// The lines of a form as schools; a line that was there before stays the school it was.
fn set_schools(schools: &mut Vec<SchoolRef>, typed: &str) {
    let mut old = std::mem::take(schools);
    let lines = clean(typed);
    for line in lines.lines().map(one_line).filter(|line| !line.is_empty()) {
        let read = match old.iter().position(|school| school_line(school) == line) {
            Some(at) => vec![old.remove(at)],
            None => read_schools(&line),
        };
        schools.extend(read);
    }
    let mut seen = std::collections::HashSet::new();
    schools.retain(|school| seen.insert(school.clone()));
}

/// The schools of a line: «МОУ №№ 2, 7» are two. A line that names none in the usual way is a name.
fn read_schools(line: &str) -> Vec<SchoolRef> {
    let found: Vec<SchoolRef> = parties(line).into_iter().flat_map(|party| party.schools).collect();
    if found.is_empty() {
        return vec![SchoolRef { number: None, kind: SchoolKind::default(), name: Some(line.to_owned()) }];
    }
    found
}
