//! Is a thing to be reviewed before it is made?

use std::collections::BTreeSet;

use jiff::civil::Date;
use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::lexicon::Id;
use crate::rule::{Draft, Family, Rule, Run};
use crate::span::{Span, span_of};
use crate::view::{Row, View};
use crate::wording::{day, name};
use crate::words::words;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D113",
    name: "review-before-work",
    title: "Проверка назначена раньше самой работы",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("review_before_work.md"),
    silences: &[],
    run: Run::Order(find),
};

/// In how many first words of a title its action must stand: «Организация обеспечения разработки планов».
const ACTION_WITHIN: usize = 5;

/// How many words of the object are compared.
const OBJECT_LENGTH: usize = 4;

/// A row that reviews or makes a thing by certain days.
struct Step<'v, 'a> {
    row: &'v Row<'a>,
    /// Stems of the thing, in order.
    object: Vec<Id>,
    /// Stems that say whose thing it is.
    levels: Vec<Id>,
    /// When, part by part.
    spans: Vec<Span>,
}

/// A review that comes before the work it depends on, in a year.
struct Early {
    year: i16,
    /// Last day of the review.
    review: Date,
    /// Last day of the work.
    making: Date,
}

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for plan in 0..view.order.plans.len() {
        let (mut reviews, mut makings) = (Vec::new(), Vec::new());
        for row in view.rows_of(plan) {
            match step(view, row) {
                Some((true, step)) => reviews.push(step),
                Some((false, step)) => makings.push(step),
                None => {}
            }
        }
        for review in &reviews {
            let early = makings.iter().find_map(|making| {
                let years =
                    if is_same_thing(review, making) { early_years(review, making) } else { Vec::new() };
                (!years.is_empty()).then_some((making, years))
            });
            drafts.extend(early.and_then(|(making, years)| draft(review, making, &years)));
        }
    }
    drafts
}

fn draft(review: &Step<'_, '_>, making: &Step<'_, '_>, years: &[Early]) -> Option<Draft> {
    let (first, others) = years.split_first()?;
    let others: Vec<String> = others.iter().map(|early| early.year.to_string()).collect();
    let too = if others.is_empty() { String::new() } else { format!(" (так же {})", others.join(", ")) };
    let what = format!(
        "Мероприятие {} должно быть выполнено до {}, а {}, от которого оно зависит, — только до {}{too}.",
        name(review.row.activity),
        day(first.review),
        name(making.row.activity),
        day(first.making)
    );
    let why = "Проверить или согласовать можно только то, что уже готово.";
    let mend = "Поменяйте сроки местами или перенесите проверку на более поздний день.";
    Some(Draft::new(review.row.field(Column::Schedule), what, why, mend))
}

/// Reads a row as a review (true) or a making (false) of a thing with nothing but dated deadlines.
fn step<'v, 'a>(view: &View<'a>, row: &'v Row<'a>) -> Option<(bool, Step<'v, 'a>)> {
    let spans: Vec<Span> = row.activity.schedule.parts.iter().map(span_of).collect::<Option<_>>()?;
    let lists = words();
    let action = |word: &str| match (lists.review_actions.begins(word), lists.making_actions.begins(word)) {
        (false, false) => None,
        (is_review, _) => Some(is_review),
    };
    let spelled: Vec<&str> = view.lexicon.spell(&row.title).collect();
    let (position, is_review) = spelled
        .iter()
        .take(ACTION_WITHIN)
        .enumerate()
        .find_map(|(position, word)| action(word).map(|is_review| (position, is_review)))?;
    // «Подготовка к конференции» makes no conference.
    if !is_review && spelled.get(position + 1).is_some_and(|word| matches!(*word, "к" | "ко")) {
        return None;
    }
    let (mut object, mut levels) = (Vec::new(), Vec::new());
    for (&id, word) in row.title.words.iter().zip(&spelled).skip(position + 1) {
        let Some(stem) = view.lexicon.content_stem(id) else { continue };
        if lists.level_words.begins(word) {
            if !levels.contains(&stem) {
                levels.push(stem);
            }
        } else if action(word).is_none() && !lists.generic_words.begins(word) {
            object.push(stem);
        }
        if object.len() == OBJECT_LENGTH {
            break;
        }
    }
    let step = Step { row, object, levels, spans };
    (!step.object.is_empty()).then_some((is_review, step))
}

/// The years in which even the last review is due before the first making of the thing ends, or, for a making that
/// lasts, before it begins. A yearly review of last year's papers is no review of this year's.
fn early_years(review: &Step<'_, '_>, making: &Step<'_, '_>) -> Vec<Early> {
    let years: BTreeSet<i16> = review.spans.iter().map(|span| span.end.year()).collect();
    let of_year = |year: i16| {
        let reviewed = review.spans.iter().map(|span| span.end).filter(|end| end.year() == year).max()?;
        let made = making.spans.iter().filter(|span| span.end.year() == year).min_by_key(|span| span.end)?;
        let needed = if made.start < made.end { made.start } else { made.end };
        (reviewed < needed).then_some(Early { year, review: reviewed, making: made.end })
    };
    years.into_iter().filter_map(of_year).collect()
}

/// The first two words of the object reviewed are among the first words of the object made, and nothing says that
/// the two belong to different owners.
fn is_same_thing(review: &Step<'_, '_>, making: &Step<'_, '_>) -> bool {
    let owners_agree = making.levels == review.levels;
    // One word in common says enough side by side only.
    let beside = making.row.section == review.row.section;
    let found = match review.object.as_slice() {
        [] => false,
        [only] => beside && making.object.first() == Some(only),
        [first, second, ..] => making.object.contains(first) && making.object.contains(second),
    };
    owners_agree && found
}
