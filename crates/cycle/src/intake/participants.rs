//! Which schools take part, and in which role?

use std::collections::{BTreeMap, BTreeSet};

use opora_neutral::{Block, Document, Paragraph, Place, Role, Table};

use super::Taken;
use super::numbering::without_bullet;
use super::schools::{self, SchoolGroup};
use super::tables::{self, TableKind};
use crate::text::{begins_with, fold, words};
use crate::vocabulary::{Mention, MentionRole, Participants, SchoolRef};

/// Groups of schools closer than this many bytes, with only commas and conjunctions between, are one list.
const LIST_GAP: usize = 24;
/// How much text before a list may tell its role, in characters.
const ROLE_REACH: usize = 90;

/// Reads every list of schools, and from the lists the participants; lists with one school a line are taken.
pub(super) fn read(document: &Document, taken: &mut Taken) -> Participants {
    let mut mentions = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => mentions_in(&paragraph.text, &paragraph.place, &mut mentions),
            Block::Table(table) => {
                if tables::kind(table) == Some(TableKind::Participants) {
                    mentions.extend(lists_by_column(table));
                }
                for cell in table.rows.iter().flat_map(|row| &row.cells) {
                    mentions_in(&cell.text, &cell.place, &mut mentions);
                }
            }
        }
    }
    mentions.extend(lists_by_line(document, taken));
    let schools = usual(&mentions, MentionRole::Supported);
    let curator_schools = usual(&mentions, MentionRole::Curator);
    Participants { schools, curator_schools, mentions }
}

fn mentions_in(text: &str, place: &Place, mentions: &mut Vec<Mention>) {
    let groups = schools::groups(text);
    let mut at = 0;
    let mut previous_end = 0;
    while at < groups.len() {
        let mut end = at + 1;
        while end < groups.len() && is_one_list(text, &groups[end - 1], &groups[end]) {
            end += 1;
        }
        let (Some(first), Some(last)) = (groups.get(at), groups.get(end - 1)) else { break };
        let list: Vec<SchoolRef> = groups[at..end].iter().flat_map(|group| group.schools.clone()).collect();
        if list.len() >= 2 {
            let start = reach_back(text, first.range.start, previous_end);
            // «школами-кураторами МОУ № 1»: the noun phrase of the list itself may tell the role.
            let before = &text[start..first.range.end];
            mentions.push(Mention {
                role: role(before),
                schools: list,
                text: text[start..last.range.end].trim().to_owned(),
                place: place.clone(),
            });
        }
        previous_end = last.range.end;
        at = end;
    }
}

fn is_one_list(text: &str, left: &SchoolGroup, right: &SchoolGroup) -> bool {
    let Some(between) = text.get(left.range.end..right.range.start) else { return false };
    between.len() <= LIST_GAP && words(&fold(between)).all(|word| matches!(word, "и" | "а" | "также"))
}

fn reach_back(text: &str, from: usize, limit: usize) -> usize {
    text[limit..from].char_indices().rev().take(ROLE_REACH).last().map_or(from, |(at, _)| limit + at)
}

/// The nearest word before a list that tells a role.
fn role(before: &str) -> MentionRole {
    const CURATORS: [&str; 4] = ["куратор", "наставник", "стажиров", "опорн"];
    const SUPPORTED: [&str; 8] =
        ["руководител", "директор", "участни", "поддержк", "низк", "вошли", "команд", "учрежден"];
    // «выезды кураторов в школы», «закрепить кураторов за школами»: they come from elsewhere.
    const TOWARDS: [&str; 7] = ["в", "во", "за", "к", "ко", "для", "над"];
    let folded = fold(before);
    let mut nearest = MentionRole::Unclear;
    let mut people = false;
    for word in words(&folded) {
        if CURATORS.iter().any(|stem| begins_with(word, stem)) {
            nearest = MentionRole::Curator;
            people = CURATORS[..2].iter().any(|stem| begins_with(word, stem));
        } else if SUPPORTED.iter().any(|stem| begins_with(word, stem)) {
            nearest = MentionRole::Supported;
        } else if people && TOWARDS.contains(&word) && nearest == MentionRole::Curator {
            nearest = MentionRole::Unclear;
        }
    }
    nearest
}

/// A table of participants lists a school a row; the head of a column tells the role.
fn lists_by_column(table: &Table) -> Vec<Mention> {
    let Some(head) = table.rows.iter().position(|row| !row.is_blank()) else { return Vec::new() };
    let column = |column: u32| {
        let folded = fold(table.text_at(head, column));
        let says = |stem: &str| words(&folded).any(|word| begins_with(word, stem));
        let role = match () {
            () if says("куратор") || says("наставник") || says("опорн") => {
                MentionRole::Curator
            }
            () if says("директор") || says("руководител") => return None,
            () => MentionRole::Supported,
        };
        let cells = (head + 1..table.rows.len()).map(|row| table.text_at(row, column));
        let mut listed: Vec<SchoolRef> = cells.clone().flat_map(schools::all).collect();
        listed.dedup_by(|a, b| schools::same(a, b));
        let text = cells.collect::<Vec<_>>().join("\n");
        (listed.len() >= 2).then(|| Mention { role, schools: listed, text, place: table.place.clone() })
    };
    (0..table.width).filter_map(column).collect()
}

/// Lists with one school a line, under a line that tells of participants.
fn lists_by_line(document: &Document, taken: &mut Taken) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let mut open: Option<Mention> = None;
    let mut heading = MentionRole::Unclear;
    for (at, block) in document.blocks.iter().enumerate() {
        let item = match block {
            Block::Paragraph(paragraph) => list_item(paragraph),
            Block::Table(_) => None,
        };
        if let (Some((schools, text)), Block::Paragraph(paragraph)) = (item, block) {
            let mention = open.get_or_insert_with(|| Mention {
                role: heading,
                schools: Vec::new(),
                text: String::new(),
                place: paragraph.place.clone(),
            });
            mention.schools.extend(schools);
            taken.take(at);
            mention.text =
                if mention.text.is_empty() { text.to_owned() } else { format!("{}\n{text}", mention.text) };
            continue;
        }
        mentions.extend(open.take());
        if let Block::Paragraph(paragraph) = block {
            heading = role(&paragraph.text);
        }
    }
    mentions.extend(open);
    mentions.retain(|mention| mention.schools.len() >= 2);
    mentions
}

/// A list item that names exactly one school, near its beginning.
fn list_item(paragraph: &Paragraph) -> Option<(Vec<SchoolRef>, &str)> {
    let listed = paragraph.role == Role::ListItem || without_bullet(&paragraph.text).is_some();
    if !listed || paragraph.text.chars().nth(300).is_some() {
        return None;
    }
    let schools = schools::all(&paragraph.text);
    (schools.len() == 1).then_some((schools, paragraph.text.as_str()))
}

/// The schools listed most often in a role; of equally frequent lists the longest.
fn usual(mentions: &[Mention], role: MentionRole) -> Vec<SchoolRef> {
    let of_role: Vec<(&Mention, BTreeSet<Key>)> = mentions
        .iter()
        .filter(|mention| mention.role == role)
        .map(|mention| (mention, mention.schools.iter().map(Key::of).collect()))
        .collect();
    let mut frequency: BTreeMap<&BTreeSet<Key>, usize> = BTreeMap::new();
    for (_, set) in &of_role {
        *frequency.entry(set).or_default() += 1;
    }
    let weight = |(mention, set): &&(&Mention, BTreeSet<Key>)| {
        (frequency.get(set).copied().unwrap_or_default(), mention.schools.len())
    };
    let Some((_, usual)) = of_role.iter().max_by_key(weight) else { return Vec::new() };
    // Of the same schools the list that tells their kinds and names says most.
    let telling = |(mention, _): &&(&Mention, BTreeSet<Key>)| {
        mention
            .schools
            .iter()
            .filter(|school| {
                school.kind != crate::vocabulary::SchoolKind::Unspecified || school.name.is_some()
            })
            .count()
    };
    let fullest = of_role.iter().filter(|(_, set)| set == usual).max_by_key(telling);
    let mut schools = fullest.map_or_else(Vec::new, |(mention, _)| mention.schools.clone());
    schools.sort_by_key(|school| (school.number, school.name.clone()));
    schools.dedup_by(|a, b| schools::same(a, b));
    schools
}

/// What makes two references mean the same school, as [`schools::same`] tells.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(u32),
    Name(Option<String>),
}

impl Key {
    fn of(school: &SchoolRef) -> Self {
        school.number.map_or_else(|| Self::Name(school.name.as_deref().map(fold)), Self::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_tells_the_role() {
        let check = |before: &str, expected: MentionRole| assert_eq!(role(before), expected, "«{before}»");
        check("кураторы из МОУ", MentionRole::Curator);
        check("школами-кураторами МОУ", MentionRole::Curator);
        check("стажировка в школах", MentionRole::Curator);
        check("Выезды кураторов в МБОУ СОШ", MentionRole::Unclear);
        check("Закрепить кураторов за школами", MentionRole::Unclear);
        check("Назначить кураторов для поддержки школ", MentionRole::Supported);
    }
}
