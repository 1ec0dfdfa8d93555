//! In which order can questions be decided on, when some are asked because of others?

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::{Question, Questionnaire, Section};

/// Questions such that what a condition looks at stands before what is asked because of it; otherwise in the order of
/// the questionnaire. Questions of a circle are left out: nothing decides on them.
pub(crate) fn asking_order(questionnaire: &Questionnaire) -> Vec<(&Section, &Question)> {
    let all: Vec<(&Section, &Question)> = questionnaire.questions().collect();
    let at: BTreeMap<&str, usize> =
        all.iter().enumerate().map(|(at, (_, question))| (question.id.as_str(), at)).collect();
    let mut waits_for = vec![0_usize; all.len()];
    let mut opens: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    for (later, (section, question)) in all.iter().enumerate() {
        for earlier in looked_at(section, question).into_iter().filter_map(|id| at.get(id)) {
            if let (Some(list), Some(count)) = (opens.get_mut(*earlier), waits_for.get_mut(later)) {
                list.push(later);
                *count += 1;
            }
        }
    }
    let mut ready: VecDeque<usize> =
        waits_for.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).collect();
    let mut order = Vec::with_capacity(all.len());
    while let Some(next) = ready.pop_front() {
        order.extend(all.get(next));
        for later in opens.get(next).into_iter().flatten() {
            let Some(count) = waits_for.get_mut(*later) else { continue };
            *count -= 1;
            if *count == 0 {
                ready.push_back(*later);
            }
        }
    }
    order
}

/// Questions on which it depends directly whether this one is asked.
pub(crate) fn looked_at<'q>(section: &'q Section, question: &'q Question) -> BTreeSet<&'q str> {
    let conditions = section.when.iter().chain(&question.when);
    conditions.flat_map(crate::Condition::questions).collect()
}

/// Questions that wait for one another, in the order of the questionnaire.
pub(crate) fn circle(questionnaire: &Questionnaire) -> Vec<&str> {
    let decided: BTreeSet<&str> =
        asking_order(questionnaire).iter().map(|(_, question)| question.id.as_str()).collect();
    let all = questionnaire.questions().map(|(_, question)| question.id.as_str());
    all.filter(|id| !decided.contains(id)).collect()
}
