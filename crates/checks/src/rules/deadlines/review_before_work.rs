//! Is a thing to be reviewed before it is made?

use jiff::civil::Date;
use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::lexicon::Id;
use crate::rule::{Draft, Family, Rule, Run};
use crate::span::span_of;
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

/// A row that reviews or makes a thing by a day.
struct Step<'v, 'a> {
    row: &'v Row<'a>,
    /// Stems of the thing, in order.
    object: Vec<Id>,
    /// Stems that say whose thing it is.
    levels: Vec<Id>,
    /// First and last day.
    start: Date,
    end: Date,
}

fn find(view: &View<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for section in view.sections() {
        let (mut reviews, mut makings) = (Vec::new(), Vec::new());
        for row in section {
            match step(view, row) {
                Some((true, step)) => reviews.push(step),
                Some((false, step)) => makings.push(step),
                None => {}
            }
        }
        for review in &reviews {
            if let Some(making) = makings.iter().find(|making| is_early(review, making)) {
                drafts.push(draft(review, making));
            }
        }
    }
    drafts
}

fn draft(review: &Step<'_, '_>, making: &Step<'_, '_>) -> Draft {
    let what = format!(
        "Мероприятие {} должно быть выполнено до {}, а {}, от которого оно зависит, — только до {}.",
        name(review.row.activity),
        day(review.end),
        name(making.row.activity),
        day(making.end)
    );
    let why = "Проверить или согласовать можно только то, что уже готово.";
    let mend = "Поменяйте сроки местами или перенесите проверку на более поздний день.";
    Draft::new(review.row.field(Column::Schedule), what, why, mend)
}

/// Reads a row as a review (true) or a making (false) of a thing with exactly one dated deadline.
fn step<'v, 'a>(view: &View<'a>, row: &'v Row<'a>) -> Option<(bool, Step<'v, 'a>)> {
    let [part] = row.activity.schedule.parts.as_slice() else { return None };
    let span = span_of(part)?;
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
    let step = Step { row, object, levels, start: span.start, end: span.end };
    (!step.object.is_empty()).then_some((is_review, step))
}

/// The review is due before the making of the same thing ends, or, for a making that lasts, before it begins.
fn is_early(review: &Step<'_, '_>, making: &Step<'_, '_>) -> bool {
    let before = if making.start < making.end { review.end < making.start } else { review.end < making.end };
    // A yearly review of last year's papers is no review of this year's.
    before && review.end.year() == making.end.year() && is_same_thing(review, making)
}

/// The first two words of the object reviewed are among the first words of the object made, and nothing says that
/// the two belong to different owners.
fn is_same_thing(review: &Step<'_, '_>, making: &Step<'_, '_>) -> bool {
    let owners_agree = making.levels == review.levels;
    let found = match review.object.as_slice() {
        [] => false,
        [only] => making.object.first() == Some(only),
        [first, second, ..] => making.object.contains(first) && making.object.contains(second),
    };
    owners_agree && found
}
