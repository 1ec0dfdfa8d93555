//! What does the programme want to reach? From its passport, or from the chapters of the text.

use opora_neutral::{Block, Document, Paragraph, Place, Role, Table};

use super::lists::items;
use super::numbering::{leading_number, row_number, without_bullet};
use super::tables::{self, TableKind};
use super::{Taken, indicators, plans};
use crate::text::{begins_with, fold, one_line, words};
use crate::vocabulary::{Criterion, IndicatorGroup, Item, Programme, ProgrammeRow};

/// What the text around the plans says.
#[derive(Default)]
pub(super) struct Reading {
    pub programme: Option<Programme>,
    pub indicators: Vec<IndicatorGroup>,
    pub criteria: Vec<Criterion>,
}

impl Reading {
    /// Reads the passport, the criteria and the tables of indicators; what they take is marked as taken.
    pub fn tables(document: &Document, taken: &mut Taken) -> Self {
        let mut reading = Self::default();
        for (at, block) in document.blocks.iter().enumerate() {
            let Block::Table(table) = block else { continue };
            match tables::kind(table) {
                Some(TableKind::Passport) => read_passport(table, reading.programme.get_or_insert_default()),
                Some(TableKind::Criteria) => reading.criteria.extend(read_criteria(table)),
                // The rows stay in sight: they name people, and the schools are read with all other lists.
                Some(TableKind::Participants) => continue,
                Some(TableKind::Indicators) => {
                    let (groups, whole) = indicators::read(table);
                    reading.indicators.extend(groups);
                    if whole {
                        taken.take(at);
                    }
                    continue;
                }
                None => continue,
            }
            // What found no field of its own stays in sight.
            if table.width <= 2 || reading_is_whole(table) {
                taken.take(at);
            }
        }
        reading
    }

    /// Reads the chapters of what text is left; what they take is marked as taken.
    pub fn chapters(mut self, document: &Document, taken: &mut Taken) -> Self {
        read_chapters(document, &mut self, taken);
        self
    }
}

/// Every row has at most two texts besides its number.
fn reading_is_whole(table: &Table) -> bool {
    table.rows.iter().skip(1).all(|row| {
        row.cells
            .iter()
            .filter(|cell| !cell.text.trim().is_empty() && row_number(&cell.text).is_none())
            .count()
            <= 1
    })
}

fn read_passport(table: &Table, programme: &mut Programme) {
    programme.place = table.place.clone();
    let mut last = Chapter::Other;
    let heads = tables::passport_heads(table).unwrap_or(0);
    for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| !row.is_blank()) {
        let head = one_line(table.text_at(at, heads));
        let text = table.text_at(at, heads + 1).trim();
        let place = row.place.clone();
        // A row without a head goes on with the row above it.
        let chapter = if head.is_empty() { last } else { Chapter::of_passport_head(&head) };
        last = chapter;
        let list = items(text).into_iter().map(|text| Item { text, place: place.clone() });
        match chapter {
            Chapter::Name if programme.name.is_none() => programme.name = Some(one_line(text)),
            Chapter::Goals => programme.goals.extend(list),
            Chapter::Tasks => programme.tasks.extend(list),
            Chapter::Results => programme.expected_results.extend(list),
            Chapter::Period => {
                programme.period_text = Some(one_line(text));
                programme.period = plans::period_in(text, None);
            }
            Chapter::Name | Chapter::Indicators | Chapter::Other => {
                programme.other.push(ProgrammeRow { head, text: text.to_owned(), place });
            }
        }
    }
}

/// What a chapter of the text or a row of the passport is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chapter {
    Name,
    Goals,
    Tasks,
    Results,
    Period,
    Indicators,
    Other,
}

impl Chapter {
    fn of_passport_head(head: &str) -> Self {
        let folded = fold(head);
        let says = |stem: &str| words(&folded).any(|word| begins_with(word, stem));
        match words(&folded).next() {
            Some(first) if begins_with(first, "наименован") || begins_with(first, "названи") => {
                Self::Name
            }
            _ if says("результат") => Self::Results,
            _ if says("срок") || says("период") => Self::Period,
            _ if says("задач") => Self::Tasks,
            Some(first) if first.starts_with("цел") && !says("показател") && !says("индикатор") => {
                Self::Goals
            }
            _ => Self::Other,
        }
    }

    /// The chapter a line of running text opens, if it opens one.
    fn opened_by(paragraph: &Paragraph) -> Option<Self> {
        let text = paragraph.text.trim();
        let bare = leading_number(text).map_or(text, |(_, rest)| rest);
        let folded = fold(bare);
        let mut first_words = words(&folded);
        let first = first_words.next()?;
        let second = first_words.next().unwrap_or_default();
        let introduces = text.ends_with(':');
        let says = |stem: &str| words(&folded).any(|word| begins_with(word, stem));
        let expected = ["планируем", "ожидаем", "предполагаем", "конечн", "прогнозируем"]
            .iter()
            .any(|stem| begins_with(first, stem));
        if (introduces || is_heading(paragraph))
            && expected
            && begins_with_any(&[second, first_words.next().unwrap_or_default()], "результат")
        {
            return Some(Self::Results);
        }
        if introduces && says("результат") && (says("достижен") || says("ожида") || says("планиру"))
        {
            return Some(Self::Results);
        }
        if introduces && (says("индикатор") || (says("показател") && !says("критери")))
        {
            return Some(Self::Indicators);
        }
        let head = introduces || is_heading(paragraph) || bare.contains(':');
        match first {
            "цель" | "цели" | "целью" | "целями" if head => {
                Some(if begins_with(second, "задач") { Self::Tasks } else { Self::Goals })
            }
            "задачи" | "задача" | "задачами" if head => Some(Self::Tasks),
            "основные" | "ключевые" if head && begins_with(second, "задач") => {
                Some(Self::Tasks)
            }
            "основная" | "основные" | "главная" if head && second.starts_with("цел") => {
                Some(Self::Goals)
            }
            _ => None,
        }
    }
}

/// Whether the chapter that is open has an item yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fresh {
    Empty,
    Begun,
}

fn begins_with_any(found: &[&str], stem: &str) -> bool {
    found.iter().any(|word| begins_with(word, stem))
}

/// A line that stands over a chapter: a heading by its role, bold, or short with a number and no closing stop.
fn is_heading(paragraph: &Paragraph) -> bool {
    let text = paragraph.text.trim();
    let short = text.chars().count() <= 150 && !text.ends_with([';', ',']);
    let numbered =
        leading_number(text).is_some_and(|(number, _)| !number.contains('.') || text.chars().count() <= 100);
    short
        && (matches!(paragraph.role, Role::Heading(_))
            || paragraph.bold
            || (numbered && !text.ends_with('.')))
}

fn read_chapters(document: &Document, around: &mut Reading, taken: &mut Taken) {
    let mut chapter: Option<(Chapter, Fresh)> = None;
    for (at, block) in document.blocks.iter().enumerate() {
        let Block::Paragraph(paragraph) = block else {
            chapter = None;
            continue;
        };
        if taken.is_taken(at) || taken.is_title_taken(at) {
            chapter = None;
            continue;
        }
        if let Some(opened) = Chapter::opened_by(paragraph) {
            taken.take(at);
            open_chapter(opened, paragraph, around);
            chapter = Some((opened, Fresh::Empty));
        } else if let Some((open, fresh)) = chapter {
            // A line that only introduces the list below it says nothing by itself: it stays in sight.
            let introduces =
                paragraph.text.trim_end().ends_with(':') && without_bullet(&paragraph.text).is_none();
            if introduces && fresh == Fresh::Empty && open != Chapter::Indicators {
                continue;
            }
            let goes_on = go_on_with_chapter(open, fresh, paragraph, around);
            if goes_on {
                taken.take(at);
            }
            chapter = goes_on.then_some((open, Fresh::Begun));
        }
    }
}

/// A chapter may begin on the line of its head: «Цель: обеспечение …».
fn open_chapter(chapter: Chapter, paragraph: &Paragraph, around: &mut Reading) {
    if chapter == Chapter::Indicators {
        let sentences = one_line(paragraph.text.trim_end_matches(':'));
        let group = sentences.rsplit(". ").next().unwrap_or_default().to_owned();
        around.indicators.push(IndicatorGroup {
            group,
            place: paragraph.place.clone(),
            ..Default::default()
        });
        return;
    }
    let programme = around
        .programme
        .get_or_insert_with(|| Programme { place: paragraph.place.clone(), ..Programme::default() });
    let text = one_line(&paragraph.text);
    if let Some((_, rest)) = text.split_once(':')
        && !rest.trim().is_empty()
    {
        for text in items(rest) {
            push_item(list_of(chapter, programme), text, &paragraph.place);
        }
    }
}

/// Takes a paragraph into the open chapter; `false` where the chapter ends before it.
fn go_on_with_chapter(chapter: Chapter, fresh: Fresh, paragraph: &Paragraph, around: &mut Reading) -> bool {
    let text = paragraph.text.trim();
    let listed = without_bullet(text).is_some() || paragraph.role == Role::ListItem;
    if chapter == Chapter::Indicators {
        return take_indicator(paragraph, listed, &mut around.indicators);
    }
    if is_heading(paragraph) && !(listed && matches!(paragraph.role, Role::ListItem)) {
        return false;
    }
    // Running text after a list is no longer the list.
    if !listed && fresh != Fresh::Empty {
        return false;
    }
    let Some(programme) = &mut around.programme else { return false };
    let list = list_of(chapter, programme);
    for text in items(text) {
        push_item(list, text, &paragraph.place);
    }
    true
}

fn list_of(chapter: Chapter, programme: &mut Programme) -> &mut Vec<Item> {
    match chapter {
        Chapter::Tasks => &mut programme.tasks,
        Chapter::Results => &mut programme.expected_results,
        _ => &mut programme.goals,
    }
}

/// A passport and a chapter often say the same: an item is kept once.
fn push_item(list: &mut Vec<Item>, text: String, place: &Place) {
    let folded = fold(&text);
    let bare = folded.trim_end_matches(['.', ';']);
    if !list.iter().any(|known| fold(&known.text).trim_end_matches(['.', ';']) == bare) {
        list.push(Item { text, place: place.clone() });
    }
}

fn take_indicator(paragraph: &Paragraph, listed: bool, groups: &mut Vec<IndicatorGroup>) -> bool {
    let text = paragraph.text.trim();
    if listed {
        let Some(group) = groups.last_mut() else { return false };
        let place = paragraph.place.clone();
        group.indicators.extend(items(text).into_iter().map(|text| Item { text, place: place.clone() }));
        return true;
    }
    let Some(name) = group_name(paragraph) else { return false };
    // The sentence before the first group is no group of its own.
    groups.retain(|group| !group.indicators.is_empty());
    groups.push(IndicatorGroup { group: name, place: paragraph.place.clone(), ..Default::default() });
    true
}

/// The name of a group of indicators: a short line in quotation marks, in bold, or before a colon.
fn group_name(paragraph: &Paragraph) -> Option<String> {
    let text = one_line(paragraph.text.trim().trim_matches(['*', '_', ' ']));
    let quoted =
        text.starts_with(['«', '"', '“']) && text.trim_end_matches([':', '.']).ends_with(['»', '"', '”']);
    let named = quoted || paragraph.bold || text.ends_with(':');
    let name = text.trim_end_matches([':', '.']).trim_matches(['«', '»', '"', '“', '”', '*', ' ']).to_owned();
    (named && text.chars().count() <= 120 && !name.is_empty()).then_some(name)
}

fn read_criteria(table: &Table) -> Vec<Criterion> {
    let mut criteria: Vec<Criterion> = Vec::new();
    for (at, row) in table.rows.iter().enumerate().skip(1).filter(|(_, row)| !row.is_blank()) {
        let cells: Vec<String> =
            (0..table.width).map(|column| table.text_at(at, column).trim().to_owned()).collect();
        let (Some(indicators), Some(title)) = (cells.last(), cells.iter().rev().nth(1)) else { continue };
        let list =
            criterion_items(indicators).into_iter().map(|text| Item { text, place: row.place.clone() });
        let title = one_line(title);
        match criteria.last_mut() {
            Some(last) if title.is_empty() || last.title == title => last.indicators.extend(list),
            _ => criteria.push(Criterion { title, indicators: list.collect(), place: row.place.clone() }),
        }
    }
    criteria
}

/// Indicators in one cell, each beginning with its number «4.2».
fn criterion_items(text: &str) -> Vec<String> {
    let mut starts: Vec<usize> = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        let before = text[..at].chars().next_back();
        let fresh = before.is_none_or(|c| c.is_whitespace() || matches!(c, ';' | ')'));
        let dotted = leading_number(&text[at..])
            .is_some_and(|(number, rest)| number.contains('.') && rest.starts_with(char::is_uppercase));
        if fresh && dotted {
            starts.push(at);
        }
    }
    if starts.len() < 2 {
        return if starts.is_empty() { items(text) } else { vec![one_line(text)] };
    }
    starts.push(text.len());
    starts.windows(2).filter_map(|cut| text.get(cut[0]..cut[1])).map(one_line).collect()
}
