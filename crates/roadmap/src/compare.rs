//! What changed between two versions of a roadmap, in words?

use std::collections::{HashMap, HashSet};

use opora_cycle::vocabulary::{Activity, Plan, Section};

use crate::fields::{activity_name, fields_of_all, period_text, section_name, shortened};
use crate::sections::{Id, Row, matched, moved, rows};
use crate::{Path, SectionField, Segment, segments};

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where: in the newer version, or in the older one for what was removed.
    pub path: Path,
    /// How.
    pub kind: ChangeKind,
    /// The text before; none for what was added or had no text. The title for a whole activity or section.
    pub before: Option<String>,
    /// The text after; none for what was removed or has no text any more.
    pub after: Option<String>,
    /// A Russian sentence that tells it.
    pub sentence: String,
}

/// How a thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere; for an activity that went to another section, the texts are the names of the sections.
    Moved,
    /// A text is another one.
    Edited,
}

impl Change {
    /// The words of both texts side by side.
    pub fn segments(&self) -> Vec<Segment> {
        segments(self.before.as_deref().unwrap_or_default(), self.after.as_deref().unwrap_or_default())
    }
}

/// Changes of the plan, of its sections and of its activities, in the order of the newer version; what is gone stands
/// last. Empty exactly if both versions read the same: places in a file and what was understood of a text don't count.
pub fn compare(old: &Plan, new: &Plan) -> Vec<Change> {
    let mut changes = Vec::new();
    let name = |path: &Path| path.human(new);
    edited(&mut changes, Path::PlanTitle, &name(&Path::PlanTitle), &old.title, &new.title);
    let path = Path::PlanPeriod;
    edited(&mut changes, path.clone(), &name(&path), &period_text(old), &period_text(new));
    let went = matched(old, new);
    let mut last = Vec::new();
    compare_sections(old, new, &went, &mut changes, &mut last);
    compare_activities(old, new, &went, &mut changes, &mut last);
    changes.append(&mut last);
    changes
}

fn edited(changes: &mut Vec<Change>, path: Path, name: &str, before: &str, after: &str) {
    if before != after {
        let sentence = told_edit(name, before, after);
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let (before, after) = (text(before), text(after));
        changes.push(Change { path, kind: ChangeKind::Edited, before, after, sentence });
    }
}

/// A text that was edited, in a Russian sentence; `name` tells which.
pub fn told_edit(name: &str, before: &str, after: &str) -> String {
    let (old, new) = (shortened(before), shortened(after));
    match (before.is_empty(), after.is_empty()) {
        (true, _) => format!("{name}: не было, стало «{new}»."),
        (_, true) => format!("{name}: было «{old}», теперь пусто."),
        // The difference may lie behind what is shown, or in white space.
        _ if old == new => format!("{name}: текст изменён, начинается по-прежнему «{new}»."),
        _ => format!("{name}: было «{old}», стало «{new}»."),
    }
}

fn compare_sections(
    old: &Plan,
    new: &Plan,
    went: &[Option<usize>],
    changes: &mut Vec<Change>,
    last: &mut Vec<Change>,
) {
    let came: HashMap<usize, usize> =
        went.iter().enumerate().filter_map(|(from, to)| Some(((*to)?, from))).collect();
    let from: Vec<usize> = (0..new.sections.len()).filter_map(|at| came.get(&at).copied()).collect();
    let out_of_order: HashSet<usize> =
        from.iter().zip(moved(&from)).filter(|(_, moved)| *moved).map(|(from, _)| *from).collect();
    for (at, section) in new.sections.iter().enumerate() {
        let (path, name) = (Path::Section(at + 1), section_name(at + 1, Some(section)));
        let title = || Some(section.title.clone());
        let Some((from, before)) = came.get(&at).and_then(|from| Some((from, old.sections.get(*from)?)))
        else {
            let sentence = format!("{name} добавлен.");
            changes.push(Change { path, kind: ChangeKind::Added, before: None, after: title(), sentence });
            continue;
        };
        if out_of_order.contains(from) {
            let sentence = format!("{name} переставлен: раньше он был {}-м.", from + 1);
            changes.push(Change { path, kind: ChangeKind::Moved, before: title(), after: title(), sentence });
        }
        for field in SectionField::ALL {
            let path = Path::SectionField(at + 1, field);
            let name = format!("{name}, {}", field.russian());
            edited(changes, path, &name, &field.text(before), &field.text(section));
        }
    }
    for (at, section) in old.sections.iter().enumerate().filter(|(at, _)| went.get(*at) == Some(&None)) {
        last.push(Change {
            path: Path::Section(at + 1),
            kind: ChangeKind::Removed,
            before: Some(section.title.clone()),
            after: None,
            sentence: format!("{} удалён.", section_name(at + 1, Some(section))),
        });
    }
}

fn compare_activities(
    old: &Plan,
    new: &Plan,
    went: &[Option<usize>],
    changes: &mut Vec<Change>,
    last: &mut Vec<Change>,
) {
    let (old_rows, new_rows) = (rows(old), rows(new));
    let before: HashMap<Id, (usize, &Row<'_>)> =
        old_rows.iter().enumerate().map(|(at, row)| (row.id, (at, row))).collect();
    let now: HashSet<Id> = new_rows.iter().map(|row| row.id).collect();
    let reordered = reordered(&before, &new_rows, went);
    let section_of = |plan: &Plan, at: usize| section_name(at + 1, plan.sections.get(at));
    for row in &new_rows {
        let activity = row.activity;
        let (path, name) = (Path::Activity(activity.key), activity_name(activity));
        let Some((_, from)) = before.get(&row.id) else {
            let sentence = format!("{name} добавлено в {}.", lower(&section_of(new, row.section)));
            let after = Some(activity.title.clone());
            changes.push(Change { path, kind: ChangeKind::Added, before: None, after, sentence });
            continue;
        };
        if went.get(from.section) != Some(&Some(row.section)) {
            let (was, is) = (section_of(old, from.section), section_of(new, row.section));
            let sentence = format!("{name} перенесено: {} → {}.", lower(&was), lower(&is));
            changes.push(Change {
                path,
                kind: ChangeKind::Moved,
                before: Some(was),
                after: Some(is),
                sentence,
            });
        } else if reordered.contains(&row.id) {
            let sentence = format!("{name} переставлено внутри раздела.");
            let title = || Some(activity.title.clone());
            changes.push(Change { path, kind: ChangeKind::Moved, before: title(), after: title(), sentence });
        }
        compare_fields(from.activity, activity, changes);
    }
    for row in old_rows.iter().filter(|row| !now.contains(&row.id)) {
        last.push(Change {
            path: Path::Activity(row.activity.key),
            kind: ChangeKind::Removed,
            before: Some(row.activity.title.clone()),
            after: None,
            sentence: format!("{} удалено.", activity_name(row.activity)),
        });
    }
}

/// Activities that stand in their old section, but not in their old order.
fn reordered(
    before: &HashMap<Id, (usize, &Row<'_>)>,
    new: &[Row<'_>],
    went: &[Option<usize>],
) -> HashSet<Id> {
    let mut of_section: HashMap<usize, Vec<(Id, usize)>> = HashMap::new();
    for row in new {
        if let Some((at, from)) = before.get(&row.id)
            && went.get(from.section) == Some(&Some(row.section))
        {
            of_section.entry(row.section).or_default().push((row.id, *at));
        }
    }
    let mut out_of_order = HashSet::new();
    for rows in of_section.values() {
        let places: Vec<usize> = rows.iter().map(|(_, at)| *at).collect();
        let moved = rows.iter().zip(moved(&places)).filter(|(_, moved)| *moved);
        out_of_order.extend(moved.map(|((id, _), _)| *id));
    }
    out_of_order
}

fn compare_fields(before: &Activity, after: &Activity, changes: &mut Vec<Change>) {
    let name = activity_name(after);
    for field in fields_of_all(&[after, before]) {
        let name = format!("{name}, {}", field.russian());
        let (old, new) = (field.text(before), field.text(after));
        edited(changes, Path::ActivityField(after.key, field), &name, &old, &new);
    }
}

/// «Раздел 2» inside a sentence.
fn lower(name: &str) -> String {
    name.replacen('Р', "р", 1)
}

/// Both versions read the same, word for word and in the same order.
pub fn same_content(a: &Plan, b: &Plan) -> bool {
    let head = |plan: &Plan| (plan.title.clone(), period_text(plan));
    let section = |section: &Section| {
        let activities: Vec<_> = section.activities.iter().map(content_of).collect();
        (SectionField::ALL.map(|field| field.text(section)), activities)
    };
    head(a) == head(b)
        && a.sections.len() == b.sections.len()
        && a.sections.iter().zip(&b.sections).all(|(a, b)| section(a) == section(b))
}

/// What an activity says: its key and its texts that are not empty, other cells by their heads.
fn content_of(activity: &Activity) -> (u32, Vec<(crate::Field, String)>) {
    let mut texts: Vec<(crate::Field, String)> = fields_of_all(&[activity])
        .into_iter()
        .map(|field| (field.clone(), field.text(activity)))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    texts.sort();
    (activity.key.0, texts)
}
