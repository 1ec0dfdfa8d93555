//! Which row of a plan's table is a section, which an activity, and which goes on with the row above?

use opora_neutral::{Cell, Place, Row, Table};

use super::columns::Layout;
use super::numbering::{leading_number, row_number};
use crate::text::{fold, one_line};
use crate::vocabulary::{Column, OtherCell, SourceCell, Unplaced};

/// A section as read, before deadlines and parties are understood.
#[derive(Clone, Debug, Default)]
pub(super) struct DraftSection {
    pub number: Option<String>,
    pub title: String,
    pub place: Place,
    pub activities: Vec<Draft>,
}

/// An activity as read: its cells, field by field.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub number: Option<String>,
    pub cells: Vec<SourceCell>,
    pub other: Vec<OtherCell>,
}

impl Draft {
    /// The text of a field, the pieces of a row that a page break divided joined again.
    pub fn text(&self, column: Column) -> String {
        let mut text = String::new();
        for cell in self.cells.iter().filter(|cell| cell.column == column) {
            let piece = cell.text.trim();
            let divided = text.ends_with('-') && piece.starts_with(char::is_lowercase);
            if text.is_empty() || divided {
                text.push_str(piece);
            } else {
                let wrapped = piece.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == '(');
                text.push(if wrapped || text.ends_with(',') { ' ' } else { '\n' });
                text.push_str(piece);
            }
        }
        text
    }

    fn has(&self, column: Column) -> bool {
        self.cells.iter().any(|cell| cell.column == column && !cell.text.trim().is_empty())
    }
}

/// Reads the rows of one plan, from one table or from several that follow each other.
#[derive(Debug, Default)]
pub(super) struct RowReader {
    pub sections: Vec<DraftSection>,
    pub unplaced: Vec<Unplaced>,
    page: Option<u32>,
}

/// What a row is.
#[derive(Debug, PartialEq)]
enum Role {
    Nothing,
    Section { number: Option<String>, title: String },
    Activity,
    Continuation,
    Note,
}

impl RowReader {
    /// Begins a section that a paragraph above the table names.
    pub fn begin_section(&mut self, text: &str, place: Place) {
        let (number, title) = numbered_title(text);
        self.sections.push(DraftSection { number, title, place, activities: Vec::new() });
    }

    /// Reads the rows of a table below its head.
    pub fn read(&mut self, table: &Table, layout: &Layout) {
        let dotted = numbers_are_dotted(table, layout);
        for at in layout.body_start..table.rows.len() {
            let Some(row) = table.rows.get(at) else { continue };
            let new_page = self.page.is_some() && row.place.page != self.page;
            let role = self.role(table, layout, at, row, Circumstances { dotted, new_page });
            match role {
                Role::Nothing => {}
                Role::Section { number, title } => {
                    self.sections.push(DraftSection {
                        number,
                        title,
                        place: row.place.clone(),
                        activities: Vec::new(),
                    });
                }
                Role::Activity => self.begin_activity(table, layout, at),
                Role::Continuation => self.go_on(row, layout),
                Role::Note => self.unplaced.push(Unplaced { text: row_text(row), place: row.place.clone() }),
            }
            self.page = row.place.page;
        }
    }

    fn current(&mut self) -> Option<&mut Draft> {
        self.sections.last_mut()?.activities.last_mut()
    }

    fn role(&self, table: &Table, layout: &Layout, at: usize, row: &Row, seen: Circumstances) -> Role {
        if row.is_blank() || is_ruler(row) || is_column_count(row, table.width) || repeats_head(row, layout) {
            return Role::Nothing;
        }
        let says = |cell: &&Cell| cell.text.chars().any(char::is_alphanumeric);
        let filled: Vec<&Cell> = row.cells.iter().filter(says).collect();
        let open = self.sections.last().and_then(|section| section.activities.last());
        if let [only] = filled[..] {
            return single(only, layout, open, seen);
        }
        let number_text = layout.first(Column::Number).map(|column| table.text_at(at, to_u32(column)).trim());
        let own_number = layout.first(Column::Number).and_then(|column| row.cell(to_u32(column))).is_some();
        let number = number_text.filter(|_| own_number).and_then(row_number);
        let title_cell = layout.first(Column::Title).and_then(|column| row.cell(to_u32(column)));
        if let (Some(number), Some(title)) = (&number, title_cell)
            && filled.len() == 2
            && is_section_number(number, title, seen.dotted)
        {
            return Role::Section { number: Some(number.clone()), title: one_line(&title.text) };
        }
        if number.is_some() {
            return Role::Activity;
        }
        let title = title_cell.map(|cell| cell.text.trim()).filter(|text| !text.is_empty());
        let numbered_table = layout.first(Column::Number).is_some();
        match (open, title) {
            (Some(_), None) => Role::Continuation,
            (None, None) => Role::Note,
            (Some(open), Some(title)) if goes_on(open, title, row, layout, numbered_table, seen) => {
                Role::Continuation
            }
            _ => Role::Activity,
        }
    }

    fn begin_activity(&mut self, table: &Table, layout: &Layout, at: usize) {
        let Some(row) = table.rows.get(at) else { return };
        let mut draft = Draft::default();
        for (column, kind) in layout.columns.iter().enumerate() {
            let own = row.cells.iter().filter(|cell| cell.column as usize == column);
            own.for_each(|cell| add(&mut draft, cell, *kind, layout.heads.get(column)));
            // A cell that spans rows above counts for this row too, but for its number and its title.
            let above = table.cell_at(at, to_u32(column)).filter(|cell| cell.column as usize == column);
            if let Some(cell) = above
                && row.cell(to_u32(column)).is_none()
                && !matches!(kind, Column::Number | Column::Title)
            {
                add(&mut draft, cell, *kind, layout.heads.get(column));
            }
        }
        let beyond = row.cells.iter().filter(|cell| cell.column as usize >= layout.columns.len());
        beyond.for_each(|cell| add(&mut draft, cell, Column::Other, None));
        draft.number = draft
            .cells
            .iter()
            .find(|cell| cell.column == Column::Number)
            .and_then(|cell| row_number(&cell.text));
        if layout.first(Column::Number).is_none() {
            take_number_from_title(&mut draft);
        }
        if self.sections.is_empty() {
            self.sections.push(DraftSection { place: row.place.clone(), ..DraftSection::default() });
        }
        if let Some(section) = self.sections.last_mut() {
            section.activities.push(draft);
        }
    }

    fn go_on(&mut self, row: &Row, layout: &Layout) {
        let Some(draft) = self.current() else { return };
        for cell in &row.cells {
            let kind = layout.columns.get(cell.column as usize).copied().unwrap_or(Column::Other);
            // What stands in the column of numbers and is no number is the overhang of the title.
            let kind = if kind == Column::Number { Column::Title } else { kind };
            add(draft, cell, kind, layout.heads.get(cell.column as usize));
        }
    }
}

/// What is known around a row.
#[derive(Clone, Copy, Debug)]
struct Circumstances {
    /// The activities of the table have numbers with full stops inside, so that plain numbers are sections.
    dotted: bool,
    /// The row is the first on its page.
    new_page: bool,
}

fn to_u32(column: usize) -> u32 {
    u32::try_from(column).unwrap_or(u32::MAX)
}

fn add(draft: &mut Draft, cell: &Cell, column: Column, head: Option<&String>) {
    if cell.text.trim().is_empty() {
        return;
    }
    if column == Column::Other {
        let head = head.cloned().unwrap_or_default();
        match draft.other.iter_mut().find(|other| other.head == head) {
            Some(other) => other.text = format!("{} {}", other.text, cell.text.trim()),
            None => draft.other.push(OtherCell { head, text: cell.text.trim().to_owned() }),
        }
    }
    draft.cells.push(SourceCell {
        column,
        place: cell.place.clone(),
        text: cell.text.clone(),
        confidence: cell.confidence,
    });
}

/// The role of a row with one filled cell.
fn single(cell: &Cell, layout: &Layout, open: Option<&Draft>, seen: Circumstances) -> Role {
    let text = one_line(&cell.text);
    let column = layout.columns.get(cell.column as usize).copied().unwrap_or(Column::Other);
    if is_page_number(&text) && (cell.column_span > 1 || column == Column::Number) {
        return Role::Nothing;
    }
    let folded = fold(&text);
    if text.starts_with('*') || ["примечани", "итого", "всего"].iter().any(|word| folded.starts_with(word))
    {
        return Role::Note;
    }
    let lower = starts_low(&text);
    let wide = cell.column_span > 1;
    let heads_rows =
        column == Column::Number || (column == Column::Title && layout.first(Column::Number).is_none());
    if wide || (heads_rows && !lower) || (column == Column::Title && cell.bold) {
        let (number, title) = numbered_title(&text);
        return Role::Section { number, title };
    }
    match open {
        // A heading typed into the column of activities: it follows a whole activity and has a year or a number.
        Some(_) if column == Column::Title && !lower && !seen.new_page && is_heading(&text) => {
            let (number, title) = numbered_title(&text);
            Role::Section { number, title }
        }
        Some(_) => Role::Continuation,
        None if column == Column::Title => {
            let (number, title) = numbered_title(&text);
            Role::Section { number, title }
        }
        None => Role::Note,
    }
}

/// A year or a numbered short phrase: «2022 год», «3. Работа с кадрами».
fn is_heading(text: &str) -> bool {
    let year_only = opora_schedule::year_of_section(text).is_some() && text.chars().count() <= 40;
    year_only || (leading_number(text).is_some() && text.chars().count() <= 120)
}

/// The row goes on with the activity above it.
fn goes_on(
    open: &Draft,
    title: &str,
    row: &Row,
    layout: &Layout,
    numbered_table: bool,
    seen: Circumstances,
) -> bool {
    if starts_low(title) {
        return true;
    }
    let filled = |column| {
        layout.all(column).any(|at| row.cell(to_u32(at)).is_some_and(|cell| !cell.text.trim().is_empty()))
    };
    let own_time = filled(Column::Schedule) && open.has(Column::Schedule);
    let own_party = filled(Column::Responsible) && open.has(Column::Responsible);
    if own_time || (own_party && !seen.new_page) {
        return false;
    }
    numbered_table && (seen.new_page || !ends_sentence(&open.text(Column::Title)))
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', ';', '!', '?', '»', ')'])
}

/// The text begins in the middle of a sentence.
fn starts_low(text: &str) -> bool {
    text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)
        && text.chars().next().is_none_or(|c| c.is_alphanumeric() || matches!(c, '(' | '«' | '"'))
}

/// A row of the table repeats its head, as it does on a new page.
fn repeats_head(row: &Row, layout: &Layout) -> bool {
    let mut same = 0;
    let mut different = 0;
    for cell in row.cells.iter().filter(|cell| !cell.text.trim().is_empty()) {
        let head = layout.heads.get(cell.column as usize).map(String::as_str).unwrap_or_default();
        let numbers = layout.columns.get(cell.column as usize) == Some(&Column::Number);
        if reads_alike(&cell.text, head) {
            same += 1;
        } else if !numbers || row_number(&cell.text).is_some() {
            different += 1;
        }
    }
    same >= 2 && different == 0
}

/// A head on a later page, which recognition may have read with other slips: «Отьенавенные» for «Ответственные».
fn reads_alike(text: &str, head: &str) -> bool {
    let near = text.len() <= head.len() * 2 && head.len() <= text.len() * 2;
    near && strsim::normalized_levenshtein(&fold(text), &fold(head)) >= 0.6
}

/// «1 | 2 | 3 | 4»: the row that numbers the columns.
fn is_column_count(row: &Row, width: u32) -> bool {
    let numbers: Vec<u32> = row.cells.iter().filter_map(|cell| cell.text.trim().parse().ok()).collect();
    let consecutive = numbers.iter().zip(1..).all(|(&number, expected)| number == expected);
    numbers.len() == row.cells.len()
        && numbers.len() >= 3
        && numbers.len() + 1 >= width as usize
        && consecutive
}

/// A row of dashes under a head or above a page break.
fn is_ruler(row: &Row) -> bool {
    let text: String =
        row.cells.iter().flat_map(|cell| cell.text.chars()).filter(|c| !c.is_whitespace()).collect();
    text.chars().count() >= 3 && text.chars().all(|c| matches!(c, '-' | '–' | '—' | '_' | '=' | '|' | ':'))
}

fn is_page_number(text: &str) -> bool {
    let text = text.trim_matches(['-', '–', ' ']);
    (1..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())
}

/// A plain or Roman number with nothing but a title beside it opens a section.
fn is_section_number(number: &str, title: &Cell, dotted: bool) -> bool {
    let plain = !number.contains('.');
    let roman = number.chars().all(char::is_alphabetic);
    roman || (plain && (dotted || title.bold || title.column_span > 1))
}

/// Most numbered rows of the table have numbers such as «1.1».
fn numbers_are_dotted(table: &Table, layout: &Layout) -> bool {
    let Some(column) = layout.first(Column::Number) else { return false };
    let numbers: Vec<String> = table
        .rows
        .iter()
        .filter_map(|row| row.cell(to_u32(column)))
        .filter_map(|cell| row_number(&cell.text))
        .collect();
    let dotted = numbers.iter().filter(|number| number.contains('.')).count();
    dotted * 2 > numbers.len()
}

fn numbered_title(text: &str) -> (Option<String>, String) {
    let text = one_line(text);
    let bare = text.strip_prefix("Раздел ").or_else(|| text.strip_prefix("РАЗДЕЛ ")).unwrap_or(&text);
    match leading_number(bare) {
        Some((number, title)) => (Some(number), title.to_owned()),
        None => (None, text),
    }
}

/// Without a column of numbers the number may stand before the title: «1.1. Проведение …».
fn take_number_from_title(draft: &mut Draft) {
    let title = draft.text(Column::Title);
    draft.number = leading_number(&title).map(|(number, _)| number);
}

fn row_text(row: &Row) -> String {
    row.cells
        .iter()
        .map(|cell| one_line(&cell.text))
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" | ")
}
