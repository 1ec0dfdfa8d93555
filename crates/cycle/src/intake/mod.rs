//! What does an order document say? From the neutral document to the act, the programme and the plans.
//!
//! Reading never fails as a whole: what found no place is listed in [`Order::unplaced`], what had to be guessed
//! in [`Order::findings`]. Nothing here knows a particular authority or a particular order.

mod act;
mod address;
mod annexes;
mod approval;
mod cited;
mod columns;
mod contents;
mod indicators;
mod letter;
mod lists;
mod names;
mod numbering;
mod participants;
mod parties;
mod plans;
mod programme;
mod prose;
mod rows;
mod school_signs;
mod schools;
mod tables;
mod years;

pub use parties::parties;

use opora_neutral::{Block, Document, Finding, Level, Place};

use crate::text::{fold, one_line};
use crate::vocabulary::{Order, Unplaced};

/// Reads an order document into its parts.
pub fn read(document: &Document) -> Order {
    let divided = annexes::divided(document);
    let document = divided.as_ref().unwrap_or(document);
    let mut taken = Taken::new(document.blocks.len());
    let around = programme::Reading::tables(document, &mut taken);
    let mut act = act::read(document, &mut taken);
    let found = plans::find(document, &act, around.programme.as_ref(), &mut taken);
    let around = around.chapters(document, &mut taken);
    act.signatory = act.signatory.or(found.signatory);
    let participants = participants::read(document, &mut taken);
    for paragraph in document.paragraphs() {
        cited::collect(&paragraph.text, &paragraph.place, &mut act);
    }
    take_stamps(document, &mut taken);
    let mut findings = document.findings.clone();
    findings.extend(found.findings);
    if found.plans.is_empty() && !document.is_unreadable() {
        findings.push(no_plan(document));
    }
    let mut unplaced = found.unplaced;
    unplaced.extend(leftovers(document, &taken));
    unplaced.sort_by(|a, b| a.place.cmp(&b.place));
    Order {
        source: document.source.clone(),
        act,
        programme: around.programme,
        plans: found.plans,
        indicators: around.indicators,
        criteria: around.criteria,
        participants,
        unplaced,
        findings,
    }
}

/// Which blocks of a document have found their place.
struct Taken {
    blocks: Vec<bool>,
    titles: Vec<bool>,
}

impl Taken {
    fn new(blocks: usize) -> Self {
        Self { blocks: vec![false; blocks], titles: vec![false; blocks] }
    }

    fn take(&mut self, block: usize) {
        if let Some(taken) = self.blocks.get_mut(block) {
            *taken = true;
        }
    }

    /// Takes blocks as a title: they title one plan only.
    fn take_all(&mut self, blocks: &[usize]) {
        for &block in blocks {
            self.take(block);
            if let Some(taken) = self.titles.get_mut(block) {
                *taken = true;
            }
        }
    }

    fn is_taken(&self, block: usize) -> bool {
        self.blocks.get(block).copied().unwrap_or(true)
    }

    fn is_title_taken(&self, block: usize) -> bool {
        self.titles.get(block).copied().unwrap_or(true)
    }
}

/// «Приложение 2», «УТВЕРЖДЕН приказом …»: lines that only say which annex of which act follows.
fn is_stamp(text: &str) -> bool {
    let folded = fold(text);
    let annex = folded.starts_with("приложени") && text.chars().count() <= 120;
    annex || (folded.starts_with("утвержд") && text.chars().count() <= 250)
}

/// «приказом начальника», «Управления образования», «от … № …»: a line of a stamp below its first.
fn goes_on_with_stamp(text: &str) -> bool {
    const STARTS: [&str; 12] = [
        "приказ",
        "постановлен",
        "распоряжен",
        "решен",
        "к ",
        "от ",
        "управлен",
        "отдел",
        "комитет",
        "администрац",
        "начальник",
        "глав",
    ];
    let folded = fold(text);
    let dated = act::date_in(text).is_some() || act::number_in(text).is_some();
    // Who signed a letter above the act is not said elsewhere.
    parties::person(text).is_none() && STARTS.iter().any(|start| folded.starts_with(start))
        || (dated && folded.split(' ').count() <= 6)
}

/// How many short lines a stamp may take: «УТВЕРЖДЕН», «приказом начальника», «Управления образования», «от … № …».
const STAMP_LINES: usize = 5;

/// Marks the stamps of annexes as taken, with the lines below that go on with it.
fn take_stamps(document: &Document, taken: &mut Taken) {
    let line = |at: usize| match document.blocks.get(at) {
        Some(Block::Paragraph(paragraph)) if paragraph.text.chars().count() <= 120 => {
            Some(paragraph.text.as_str())
        }
        _ => None,
    };
    for at in 0..document.blocks.len() {
        if !line(at).is_some_and(is_stamp) {
            continue;
        }
        taken.take(at);
        for next in at + 1..=at + STAMP_LINES {
            if taken.is_taken(next) || !line(next).is_some_and(goes_on_with_stamp) {
                break;
            }
            taken.take(next);
        }
    }
}

fn leftovers(document: &Document, taken: &Taken) -> Vec<Unplaced> {
    let mut leftovers = Vec::new();
    let left = document.blocks.iter().enumerate().filter(|(at, _)| !taken.is_taken(*at));
    for (_, block) in left {
        match block {
            Block::Paragraph(paragraph) => {
                leftovers.push(Unplaced { text: paragraph.text.clone(), place: paragraph.place.clone() });
            }
            Block::Table(table) => {
                leftovers.extend(table.rows.iter().filter(|row| !row.is_blank()).map(|row| {
                    let cells = row.cells.iter().map(|cell| one_line(&cell.text)).collect::<Vec<_>>();
                    Unplaced { text: cells.join(" | "), place: row.place.clone() }
                }));
            }
        }
    }
    leftovers
}

fn no_plan(document: &Document) -> Finding {
    let tables = document.tables().count();
    let (what, mend) = if tables == 0 {
        (
            "В документе нет ни одной таблицы.".to_owned(),
            "Приложите файл с приложением к приказу — таблицей мероприятий.",
        )
    } else {
        (
            format!("Среди таблиц документа ({tables}) не нашлось плана мероприятий."),
            "Проверьте, что в таблице есть столбцы «Мероприятие» и «Срок» или «Ответственные».",
        )
    };
    Finding {
        code: "PLAN_NOT_FOUND",
        level: Level::Error,
        place: Place::WHOLE,
        what,
        why: "Мероприятия дорожной карты читаются из таблицы.".into(),
        mend: mend.into(),
    }
}
