//! How do many findings stay one list a person can read?

use std::collections::{BTreeMap, HashSet};

use opora_neutral::{Code, Finding, Level, Place};

use crate::codes;

/// Findings of one kind that are listed; the rest is counted.
const LISTED_MAX: usize = 500;

/// Findings of a file in the order they were met.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    listed: Vec<Finding>,
    counts: BTreeMap<&'static str, (usize, Level)>,
    told: HashSet<(&'static str, String)>,
}

impl Findings {
    /// Adds a finding. The text is made only when it is going to be listed.
    pub(crate) fn add(&mut self, code: &Code, place: impl FnOnce() -> Place, text: impl FnOnce() -> Text) {
        let (count, _) = self.counts.entry(code.code).or_insert((0, code.level));
        *count += 1;
        if *count <= LISTED_MAX {
            let Text(what, why, mend) = text();
            self.listed.push(code.at(place(), what, why, mend));
        }
    }

    /// Adds a finding about a thing once, whatever the number of rows that show it.
    pub(crate) fn once(
        &mut self,
        code: &Code,
        thing: impl Into<String>,
        place: impl FnOnce() -> Place,
        text: impl FnOnce() -> Text,
    ) {
        // Things come from the file: a hostile one must not fill the memory with them.
        if self.counts.get(code.code).is_some_and(|(count, _)| *count > 100 * LISTED_MAX) {
            return;
        }
        if self.told.insert((code.code, thing.into())) {
            self.add(code, place, text);
        }
    }

    pub(crate) fn take_in(&mut self, finding: Finding) {
        self.counts.entry(finding.code).or_insert((0, finding.level)).0 += 1;
        self.listed.push(finding);
    }

    /// How many findings of the level there are, the unlisted counted.
    pub(crate) fn of_level(&self, level: Level) -> usize {
        self.counts.values().filter(|(_, its)| *its == level).map(|(count, _)| count).sum()
    }

    pub(crate) fn any(&self, code: &Code) -> bool {
        self.counts.contains_key(code.code)
    }

    /// The list, with a word about what was left out.
    pub(crate) fn finish(mut self) -> Vec<Finding> {
        for (code, (count, _)) in &self.counts {
            if *count > LISTED_MAX && codes::ALL.iter().any(|known| known.code == *code) {
                self.listed.push(codes::MORE_OF_THE_SAME.at(
                    Place::WHOLE,
                    format!("Замечаний {code} всего {count}, показаны первые {LISTED_MAX}."),
                    "У остальных та же причина.",
                    "Исправьте показанные и загрузите файл снова.",
                ));
            }
        }
        self.listed
    }
}

/// What, why, what next.
pub(crate) struct Text(pub(crate) String, pub(crate) &'static str, pub(crate) String);

/// Shortcut for the three sentences of a finding.
pub(crate) fn text(what: impl Into<String>, why: &'static str, mend: impl Into<String>) -> Text {
    Text(what.into(), why, mend.into())
}

/// A value as shown in a finding: one line, not too long.
pub(crate) fn shown(value: &str) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(60).collect();
    if short.len() < line.len() { format!("{short}…") } else { short }
}
