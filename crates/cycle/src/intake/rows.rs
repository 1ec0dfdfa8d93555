//! Which row of a plan's table is a section, which an activity, and which goes on with the row above?

use opora_neutral::{Cell, Place, Row, Table};

use super::columns::Layout;
use super::numbering::{leading_number, number_of, row_number, with_lost_zero};
use super::{act, lists, parties, plans, years};
use crate::letters::{is_letter, is_letter_or_digit};
use crate::text::{fold, one_line, push_line};
use crate::vocabulary::{Column, OtherCell, Person, SourceCell, Unplaced};

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
    /// What stands in the columns of years: the time of the column, empty for a cell over several, and the text.
    pub times: Vec<(String, String)>,
}

impl Draft {
    /// The text of a field, the pieces of a row that a page break divided joined again.
    pub fn text(&self, column: Column) -> String {
        let mut text = String::new();
        let all = || self.cells.iter().filter(|cell| cell.column == column);
        // «-//-» says what the row above says, which stands beside it.
        let resolved = all().any(|cell| !is_ditto(&cell.text));
        for cell in all().filter(|cell| !(resolved && is_ditto(&cell.text))) {
            let piece = cell.text.trim();
            let party = column == Column::Responsible && parties::begins_group(piece);
            if party && !text.is_empty() && !text.ends_with([',', ';', '-']) {
                text.push(',');
            }
            join(&mut text, piece);
        }
        text
    }

    fn has(&self, column: Column) -> bool {
        self.cells.iter().any(|cell| cell.column == column && !cell.text.trim().is_empty())
    }
}

/// Adds what a further row holds of the same field.
fn join(text: &mut String, piece: &str) {
    let wrapped = piece.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || c == '(');
    if text.is_empty() {
        text.push_str(piece);
    } else if wrapped || text.ends_with(',') {
        let (first, rest) = piece.split_once('\n').unwrap_or((piece, ""));
        push_line(text, first);
        if !rest.is_empty() {
            text.push('\n');
            text.push_str(rest);
        }
    } else {
        text.push('\n');
        text.push_str(piece);
    }
}

/// «-//-», «„», «то же»: the cell holds what the one above it holds.
pub(super) fn is_ditto(text: &str) -> bool {
    let text = text.trim();
    if text.chars().nth(16).is_some() {
        return false;
    }
    let folded = fold(text);
    let signs: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    let drawn = (1..=8).contains(&signs.chars().count())
        && signs.chars().all(|c| matches!(c, '-' | '/' | '"' | '|' | '\'' | '〃' | '_'))
        && (signs.contains(['"', '〃'])
            || signs.contains("//")
            || signs.contains("||")
            || signs.contains("''"));
    drawn || matches!(folded.trim_end_matches('.'), "то же" | "тот же" | "те же" | "та же" | "там же")
}

/// Reads the rows of one plan, from one table or from several that follow each other.
#[derive(Debug, Default)]
pub(super) struct RowReader {
    pub sections: Vec<DraftSection>,
    pub unplaced: Vec<Unplaced>,
    /// Who signed below the table.
    pub signatory: Option<Person>,
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
        let (end, signatory) = end_of_body(table, layout);
        let head = layout.first(Column::Title).and_then(|title| layout.heads.get(title));
        if let Some(head) = head.filter(|head| plans::names_a_section(head)) {
            self.begin_section(head, table.place.clone());
        }
        self.signatory = signatory.or(self.signatory.take());
        for row in table.rows.iter().skip(end).filter(|row| !row.is_blank()) {
            self.unplaced.push(Unplaced { text: row_text(row), place: row.place.clone() });
        }
        for at in layout.body_start..end {
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

    /// The number of the activity above, in whichever section.
    fn last_number(&self) -> Option<&str> {
        self.sections.iter().rev().find_map(|section| section.activities.last())?.number.as_deref()
    }

    fn current(&mut self) -> Option<&mut Draft> {
        self.sections.last_mut()?.activities.last_mut()
    }

    fn role(&self, table: &Table, layout: &Layout, at: usize, row: &Row, seen: Circumstances) -> Role {
        if let Some((number, title)) = head_with_section(row, layout) {
            return Role::Section { number, title };
        }
        if row.is_blank() || is_ruler(row) || is_column_count(row, table.width) || repeats_head(row, layout) {
            return Role::Nothing;
        }
        let says = |cell: &&Cell| cell.text.chars().any(is_letter_or_digit);
        let filled: Vec<&Cell> = row.cells.iter().filter(says).collect();
        let open = self.sections.last().and_then(|section| section.activities.last());
        if let [only] = filled[..] {
            return single(only, layout, open, seen);
        }
        let number_text = layout.first(Column::Number).map(|column| table.text_at(at, to_u32(column)).trim());
        let own_number = layout.first(Column::Number).and_then(|column| row.cell(to_u32(column))).is_some();
        let number = number_text.filter(|_| own_number).and_then(|text| number_of(text, &row.place));
        let title_cell = layout.first(Column::Title).and_then(|column| row.cell(to_u32(column)));
        // The title of a section may begin left of the column of activities and run over it.
        let over_title = layout.first(Column::Title).and_then(|column| covering(row, to_u32(column)));
        if let (Some(number), Some(title)) = (&number, over_title)
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
            own.for_each(|cell| add(&mut draft, cell, *kind, layout));
            // A cell that spans rows above counts for this row too, but for its number and its title.
            let above = table.cell_at(at, to_u32(column)).filter(|cell| cell.column as usize == column);
            if let Some(cell) = above
                && row.cell(to_u32(column)).is_none()
                && !matches!(kind, Column::Number | Column::Title)
            {
                add(&mut draft, cell, *kind, layout);
            }
        }
        let beyond = row.cells.iter().filter(|cell| cell.column as usize >= layout.columns.len());
        beyond.for_each(|cell| add(&mut draft, cell, Column::Other, layout));
        if let Some(above) = self.current() {
            repeat_dittos(&mut draft, above);
            repeat_grouping_time(&mut draft, above, layout);
        }
        draft.number = draft
            .cells
            .iter()
            .find(|cell| cell.column == Column::Number)
            .and_then(|cell| number_of(&cell.text, &cell.place));
        if let (Some(number), Some(before), true) =
            (&draft.number, self.last_number(), row.place.sheet.is_some())
        {
            draft.number = Some(with_lost_zero(before, number));
        }
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
            add(draft, cell, kind, layout);
        }
    }
}

/// The cell of the row that covers a grid column.
fn covering(row: &Row, column: u32) -> Option<&Cell> {
    row.cells.iter().find(|cell| {
        (cell.column..cell.column.saturating_add(cell.column_span)).contains(&column)
            && cell.text.chars().any(is_letter_or_digit)
    })
}

/// How many rows a signature below a table may take: «Начальник управления», «образования … И.И. Лесная».
const SIGNATURE_ROWS: usize = 3;

/// The row behind the last of the body: a signature in the last rows, as text files have it, is none of it.
fn end_of_body(table: &Table, layout: &Layout) -> (usize, Option<Person>) {
    let last = table.rows.iter().rposition(|row| !row.is_blank()).map_or(0, |at| at + 1);
    for start in (last.saturating_sub(SIGNATURE_ROWS)..last).rev().filter(|at| *at > layout.body_start) {
        if let Some(person) = table.rows.get(start..last).and_then(|rows| signature(rows, layout)) {
            return (start, Some(person));
        }
    }
    (table.rows.len(), None)
}

/// Rows that hold a post and the name of its holder and nothing else.
fn signature(rows: &[Row], layout: &Layout) -> Option<Person> {
    let filled: Vec<&Cell> =
        rows.iter().flat_map(|row| &row.cells).filter(|cell| !cell.text.trim().is_empty()).collect();
    let text = one_line(&filled.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" "));
    let short = text.chars().count() <= 160 && filled.len() <= 4;
    if !short || text.chars().any(|c| c.is_ascii_digit()) || !act::begins_with_post(&text) {
        return None;
    }
    let person = parties::person(&text)?;
    person.post.as_ref()?;
    // «Директор центра | май | Лугов П.П.» is an activity: it has a time.
    let timed = filled.iter().any(|cell| {
        layout.columns.get(cell.column as usize) == Some(&Column::Schedule)
            && opora_schedule::looks_like_deadline(&cell.text) > 0.0
    });
    let ends = one_line(&text).trim_end_matches('.').ends_with(person.name.trim_end_matches('.'));
    (!timed && ends).then_some(person)
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

fn add(draft: &mut Draft, cell: &Cell, column: Column, layout: &Layout) {
    if cell.text.trim().is_empty() {
        return;
    }
    if column == Column::Schedule {
        add_time(draft, cell, layout);
    }
    if column == Column::Other {
        let head = layout.heads.get(cell.column as usize).cloned().unwrap_or_default();
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

/// Where the row only says «-//-», it says what the row above does: the cells of that row stand beside its own.
fn repeat_dittos(draft: &mut Draft, above: &Draft) {
    for column in [Column::Responsible, Column::Schedule, Column::Outcome, Column::TargetGroup] {
        let own: Vec<&SourceCell> = draft.cells.iter().filter(|cell| cell.column == column).collect();
        if own.is_empty() || !own.iter().all(|cell| is_ditto(&cell.text)) {
            continue;
        }
        let told = above.cells.iter().filter(|cell| cell.column == column && !is_ditto(&cell.text));
        let told: Vec<SourceCell> = told.cloned().collect();
        draft.cells.extend(told);
    }
    for (time, text) in &mut draft.times {
        if is_ditto(text)
            && let Some((_, told)) = above.times.iter().find(|(known, _)| known == time)
        {
            text.clone_from(told);
        }
    }
}

/// «Сентябрь» in the first column stands over the rows below it that leave that column blank.
fn repeat_grouping_time(draft: &mut Draft, above: &Draft, layout: &Layout) {
    let groups = layout.first(Column::Schedule) == Some(0)
        && layout.first(Column::Number).is_none()
        && layout.times.iter().all(Option::is_none);
    if groups && !draft.has(Column::Schedule) {
        let time = above.cells.iter().filter(|cell| cell.column == Column::Schedule);
        draft.cells.extend(time.cloned().collect::<Vec<_>>());
    }
}

/// A cell in a column of a year says when in that year; a mark over several years means all of them.
fn add_time(draft: &mut Draft, cell: &Cell, layout: &Layout) {
    let columns = cell.column as usize..(cell.column.saturating_add(cell.column_span)) as usize;
    let columns = columns.start..columns.end.min(layout.times.len());
    if layout.times.iter().all(Option::is_none) {
        return;
    }
    let time = years::joined(&layout.times, columns.clone()).unwrap_or_default();
    let several = layout.times.get(columns).is_some_and(|times| times.iter().flatten().count() > 1);
    let text = cell.text.trim();
    let time = if several && !years::is_mark(text) { String::new() } else { time };
    match draft.times.iter_mut().find(|(known, _)| *known == time) {
        Some((_, known)) => join(known, text),
        None => draft.times.push((time, text.to_owned())),
    }
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
    text.chars().find(|&c| is_letter_or_digit(c)).is_some_and(char::is_lowercase)
        && text.chars().next().is_none_or(|c| is_letter_or_digit(c) || matches!(c, '(' | '«' | '"'))
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

/// «№ | Раздел 2. Поддержка | Сроки | Ответственные»: the head again, with the next section for the activities.
fn head_with_section(row: &Row, layout: &Layout) -> Option<(Option<String>, String)> {
    let title = layout.first(Column::Title)?;
    let head = |column: u32| layout.heads.get(column as usize).map(String::as_str).unwrap_or_default();
    let (at_title, others): (Vec<&Cell>, Vec<&Cell>) = row
        .cells
        .iter()
        .filter(|cell| !cell.text.trim().is_empty())
        .partition(|cell| cell.column as usize == title);
    let [section] = at_title[..] else { return None };
    let repeats = || others.iter().all(|cell| reads_alike(&cell.text, head(cell.column)));
    let names = others.len() >= 2 && plans::names_a_section(&section.text);
    (names && repeats()).then(|| numbered_title(&section.text))
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
    let roman = number.chars().all(is_letter);
    roman || (plain && (dotted || title.bold || title.column_span > 1))
}

/// Most numbered rows of the table have numbers such as «1.1».
fn numbers_are_dotted(table: &Table, layout: &Layout) -> bool {
    let Some(column) = layout.first(Column::Number) else { return false };
    let numbers: Vec<String> = table
        .rows
        .iter()
        .filter_map(|row| row.cell(to_u32(column)))
        .filter_map(|cell| number_of(&cell.text, &cell.place))
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
    // «1. Курсы. 2. Вебинары.» is a list of works, no number of the activity.
    if lists::numbered_items(&title).is_some() {
        return;
    }
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
