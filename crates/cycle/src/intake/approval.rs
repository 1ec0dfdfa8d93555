//! Which act does a plan without its order name in its stamp: «УТВЕРЖДАЮ», «УТВЕРЖДЕНА приказом …»?

use super::act::{Line, begins_with_post, date_in, kind_of_header, number_in};
use super::{cited, parties};
use crate::text::fold;
use crate::vocabulary::Act;

/// How many lines a stamp has at most.
const STAMP_LINES: usize = 7;
/// A stamp stands at the top of the document.
const TOP_LINES: usize = 12;
/// A line of a stamp is not longer, in characters.
const LINE_LENGTH: usize = 160;

/// Reads the act off the stamp of approval at the top of a document without an act of its own; the lines it reads
/// are marked as used. `false` where there is no such stamp.
pub(super) fn read(lines: &[Line], act: &mut Act) -> bool {
    let begins = |line: &Line| fold(&line.text).starts_with("утвержд");
    let Some(start) = lines.iter().take(TOP_LINES).position(begins) else { return false };
    // Below the header of an act the stamp is that of its annex.
    if lines[..start].iter().any(|line| kind_of_header(&line.text).is_some()) {
        return false;
    }
    let stamp: Vec<&Line> = lines[start..]
        .iter()
        .take(STAMP_LINES)
        .take_while(|line| line.text.chars().count() <= LINE_LENGTH)
        .collect();
    let text = |lines: &[&Line]| lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    // The stamp ends with the number of the act; what follows is the title of the plan.
    let end = (1..=stamp.len()).find(|&end| {
        let read = text(&stamp[..end]);
        number_in(&read).is_some() && date_in(&read).is_some() && cited::kind_named(&read).is_some()
    });
    let Some(end) = end else { return false };
    let stamp = &stamp[..end];
    let Some(kind_at) = stamp.iter().position(|line| cited::kind_named(&line.text).is_some()) else {
        return false;
    };
    // «Директор школы № 5» above the line of the act has a number too.
    let of_act = text(&stamp[kind_at..]);
    act.kind = cited::kind_named(&of_act);
    act.number = number_in(&of_act);
    act.date = date_in(&of_act);
    act.authority = cited::authority_named(&of_act);
    let above = text(&stamp[..kind_at]);
    let post = above.split_once(' ').map(|(_, rest)| rest).unwrap_or_default();
    if begins_with_post(post) {
        act.signatory = parties::person(post);
    }
    act.place = stamp.first().map(|line| line.place.clone()).unwrap_or_default();
    stamp.iter().for_each(|line| line.used.set(true));
    true
}
