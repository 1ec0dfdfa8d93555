//! Which column of a table holds what?

use opora_neutral::Table;

use super::contents::{CONTENT_SHARE, Content, is_deadline};
use super::numbering::row_number;
use super::{schools, years};
use crate::text::{begins_with, fold, mend_signs, words};
use crate::vocabulary::Column;

/// What the columns of a plan's table hold, and which rows at its top are its head.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// For each grid column what it holds.
    pub columns: Vec<Column>,
    /// For each grid column its head text; empty where the table has no head.
    pub heads: Vec<String>,
    /// For each grid column the time its head names, where the table has columns of years, quarters or months.
    pub times: Vec<Option<String>>,
    /// Number of the first row of the head.
    pub head_start: usize,
    /// Number of the first row below the head.
    pub body_start: usize,
    /// The head was recognised by its words.
    pub by_head: bool,
}

impl Layout {
    /// The grid columns that hold something, from left to right.
    pub fn all(&self, column: Column) -> impl Iterator<Item = usize> {
        self.columns.iter().enumerate().filter(move |(_, found)| **found == column).map(|(at, _)| at)
    }

    /// The first grid column that holds something.
    pub fn first(&self, column: Column) -> Option<usize> {
        self.all(column).next()
    }

    /// A plan needs activities and, for each of them, a time or somebody who does it.
    pub fn is_plan(&self) -> bool {
        let has = |column| self.columns.contains(&column);
        has(Column::Title) && (has(Column::Schedule) || has(Column::Responsible))
    }
}

/// Words in a head that tell what its column holds, with their weight. A weight above one outvotes other words
/// of the same head: «Период реализации мероприятия» is about the time.
const HEAD_WORDS: [(Column, &[(&str, f32)]); 6] = [
    (Column::Number, &[("№", 2.0), ("n", 1.0), ("п/п", 2.0), ("номер", 1.5), ("пп", 1.5)]),
    (
        Column::Schedule,
        &[
            ("срок", 2.5),
            ("период", 2.0),
            ("дата", 2.0),
            ("даты", 2.0),
            ("время", 1.8),
            ("график", 1.2),
            ("начал", 1.0),
            ("окончан", 1.0),
            ("когда", 1.5),
            ("месяц", 1.8),
            ("периодичност", 2.2),
            ("дедлайн", 2.0),
        ],
    ),
    (
        Column::Responsible,
        &[
            ("ответствен", 2.6),
            ("исполнител", 2.2),
            ("соисполнител", 1.8),
            ("кто", 1.0),
            ("отвеча", 2.0),
            ("организатор", 1.6),
            ("координатор", 1.2),
            ("куратор", 1.1),
        ],
    ),
    (
        Column::Outcome,
        &[
            ("результат", 2.3),
            ("продукт", 2.0),
            ("эффект", 1.8),
            ("итог", 1.5),
            ("документ", 1.4),
            ("подтвержд", 1.6),
            ("показател", 1.5),
            ("индикатор", 1.4),
            ("отчетн", 1.4),
            ("выход", 1.0),
        ],
    ),
    (
        Column::TargetGroup,
        &[
            ("целев", 1.9),
            ("участник", 2.0),
            ("категори", 1.8),
            ("контингент", 1.8),
            ("адресат", 1.9),
            ("для", 0.6),
            ("аудитори", 1.8),
            ("охват", 1.2),
        ],
    ),
    (
        Column::Title,
        &[
            ("мероприят", 2.0),
            ("содержан", 1.4),
            ("наименован", 1.3),
            ("действи", 1.5),
            ("деятельност", 1.0),
            ("название", 1.3),
            ("работ", 0.8),
            ("мер", 1.0),
            ("меры", 1.4),
            ("задач", 1.0),
            ("вид", 0.6),
            ("направлен", 0.7),
            ("шаг", 1.0),
            ("событи", 1.5),
            ("тема", 1.1),
            ("форма", 0.6),
            ("делаем", 1.5),
            ("делать", 1.5),
        ],
    ),
];

/// Columns that hold a plan's data under other heads and must not be taken for its activities.
const OTHER_HEADS: [&str; 10] = [
    "примечан",
    "отметк",
    "финансирован",
    "источник",
    "комментари",
    "бюджет",
    "сумма",
    "ссылк",
    "место",
    "тираж",
];

/// How many rows at the top are looked at for a head.
const HEAD_ROWS: usize = 8;
/// What a head says counts more than what the cells below another column look like.
const HEAD_SAYS: f32 = 3.0;
/// A weaker claim by content is none.
const CONTENT_CLAIM: f32 = 0.5;

/// Recognises the layout of a table, by its head where it has one, or else by what its columns hold.
pub(super) fn layout(table: &Table) -> Option<Layout> {
    let width = table.width as usize;
    if !(2..=24).contains(&width) || table.rows.is_empty() {
        return None;
    }
    let head = (0..table.rows.len().min(HEAD_ROWS)).find(|&row| heads_known(table, row) >= 2);
    let (head_start, body_start) = match head {
        Some(row) => (row, row + head_height(table, row)),
        None => (0, 0),
    };
    let heads: Vec<String> =
        (0..width).map(|column| head_text(table, head_start, body_start, column)).collect();
    let times = years::times(table, head_start..body_start);
    let columns = assign(table, &heads, &times, body_start);
    Some(Layout { columns, heads, times, head_start, body_start, by_head: head.is_some() })
}

/// The table has the head of a plan.
pub(super) fn heads_a_plan(table: &Table) -> bool {
    layout(table).is_some_and(|own| own.by_head && own.is_plan())
}

/// The table holds in its columns what the layout of the table before it says: it goes on without a head.
pub(super) fn fits(table: &Table, layout: &Layout) -> bool {
    let told = |column: Column| layout.first(column).map(|at| Content::of(table, at, 0));
    let by_years = layout.times.iter().any(Option::is_some);
    let timed = by_years
        || told(Column::Schedule).is_none_or(|content| content.empty || content.deadlines >= CONTENT_SHARE);
    let numbered =
        told(Column::Number).is_none_or(|content| content.empty || content.numbers >= CONTENT_SHARE);
    timed && numbered
}

/// How many columns of a row have a head we know, each cell counted once.
fn heads_known(table: &Table, row: usize) -> usize {
    let Some(row) = table.rows.get(row) else { return 0 };
    let cells = &row.cells;
    let filled = cells.iter().filter(|cell| !cell.text.trim().is_empty()).count();
    let known = cells
        .iter()
        .filter(|cell| cell.text.chars().count() <= 120)
        .filter(|cell| head_column(&cell.text).is_some_and(|(_, weight)| weight >= 1.0))
        .map(|cell| head_column(&cell.text).map(|(column, _)| column))
        .collect::<std::collections::BTreeSet<_>>();
    // Two years or more say when, as «Срок» does.
    let by_years = !known.contains(&Some(Column::Schedule)) && years::years_in(row) >= 2;
    let known = known.len() + usize::from(by_years);
    // A row of a plan can hold head words too; a head says little else.
    let short = cells.iter().all(|cell| cell.text.chars().count() <= 160);
    let data = cells.iter().any(|cell| row_number(&cell.text).is_some_and(|number| number.contains('.')));
    if filled >= 2 && short && !data { known } else { 0 }
}

/// Rows the head takes: as many as its cells span, but none that has a number of its own; a row of years below
/// them belongs to the head too.
pub(super) fn head_height(table: &Table, row: usize) -> usize {
    let spans =
        table.rows.get(row).map(|row| row.cells.iter().map(|cell| cell.row_span as usize).max().unwrap_or(1));
    let height = spans.unwrap_or(1).clamp(1, 4);
    let is_data = |row: &usize| {
        table.rows.get(*row).is_none_or(|row| {
            row.cells.iter().any(|cell| row_number(&cell.text).is_some() || cell.text.chars().count() > 80)
        })
    };
    let is_time_row = |row: &usize| table.rows.get(*row).is_some_and(years::is_time_row);
    let spanned = 1 + (row + 1..row + height).take_while(|row| is_time_row(row) || !is_data(row)).count();
    let below = row + spanned;
    spanned + usize::from(is_time_row(&below) || (spanned == 1 && is_lower_head(table, row, below)))
}

/// «начало | окончание» under «Сроки | »: the lower row of a head whose merged cells were lost, as text files lose
/// them. It stands under blank cells of the head and under those left of them, and nowhere else.
fn is_lower_head(table: &Table, head: usize, below: usize) -> bool {
    let blank = |row: usize, column: u32| table.text_at(row, column).trim().is_empty();
    let filled: Vec<u32> = (0..table.width).filter(|&column| !blank(below, column)).collect();
    let lost = |column: u32| blank(head, column) || (column + 1 < table.width && blank(head, column + 1));
    let short = |column: u32| {
        let text = table.text_at(below, column).trim();
        text.chars().count() <= 40
            && row_number(text).is_none()
            && !is_deadline(text)
            && super::names::find(text, 0).is_none()
            && text.split_whitespace().count() <= 4
    };
    filled.len() >= 2
        && filled.first() != Some(&0)
        && filled.iter().any(|&column| blank(head, column))
        && filled.iter().all(|&column| lost(column) && short(column))
        && (1..table.width).filter(|&column| blank(head, column)).all(|column| !blank(below, column))
        && below + 1 < table.rows.len()
}

/// The texts of a head over a column, from above, each once.
pub(super) fn head_text(table: &Table, start: usize, end: usize, column: usize) -> String {
    let mut text = String::new();
    let column = u32::try_from(column).unwrap_or(u32::MAX);
    let blank = |row: usize, column: u32| table.text_at(row, column).trim().is_empty();
    // A blank cell beside a lost merged one has its text.
    let lost = end == start + 2 && blank(start, column) && !blank(start + 1, column);
    let above = (0..column).rev().find(|&left| !blank(start, left)).filter(|_| lost);
    for row in start..end {
        let column = if row == start { above.unwrap_or(column) } else { column };
        let part = table.text_at(row, column).trim();
        if !part.is_empty() && !text.ends_with(part) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(part);
        }
    }
    crate::text::one_line(&text)
}

/// The column a head speaks of most, and with which weight.
fn head_column(head: &str) -> Option<(Column, f32)> {
    let scores = head_scores(head);
    scores.into_iter().filter(|(_, weight)| *weight > 0.0).max_by(|a, b| a.1.total_cmp(&b.1))
}

/// A short head that names one of a plan's columns.
pub(super) fn is_known_head(head: &str) -> bool {
    head.chars().count() <= 40 && head_column(head).is_some_and(|(_, weight)| weight >= 1.0)
}

/// The head speaks of time more than of anything else.
pub(super) fn is_schedule_head(head: &str) -> bool {
    head_column(head).is_some_and(|(column, _)| column == Column::Schedule)
}

fn head_scores(head: &str) -> [(Column, f32); 6] {
    let folded = mend_signs(&fold(head));
    if folded.contains("№") || folded == "n" || folded.starts_with("п/п") {
        // «№ п/п» numbers rows; «№ школы» does too as far as a plan goes.
        return HEAD_WORDS.map(|(column, _)| (column, if column == Column::Number { 3.0 } else { 0.0 }));
    }
    let other =
        words(&folded).next().is_some_and(|word| OTHER_HEADS.iter().any(|stem| begins_with(word, stem)));
    HEAD_WORDS.map(|(column, stems)| {
        let weight = stems
            .iter()
            .filter(|(stem, _)| words(&folded).any(|word| head_word_matches(word, stem)))
            .map(|(_, weight)| *weight)
            .fold(0.0, f32::max);
        let of_others = (column == Column::Title && names_schools_or_people(&folded))
            || (column == Column::TargetGroup && names_measure(&folded));
        (column, if other || of_others { 0.0 } else { weight })
    })
}

/// «Целевой показатель», «Целевое значение»: what is to be reached, not for whom.
fn names_measure(folded: &str) -> bool {
    words(folded).any(|word| ["показател", "значен", "индикатор"].iter().any(|stem| begins_with(word, stem)))
}

/// «Наименование ОО», «ФИО педагога»: the rows are schools or people, no activities.
fn names_schools_or_people(folded: &str) -> bool {
    let named = words(folded).any(|word| {
        schools::is_school_word(word)
            || ["организаци", "учрежден", "фамили"].iter().any(|stem| begins_with(word, stem))
            || word == "фио"
    });
    let first = words(folded).next().unwrap_or_default();
    let naming = ["наименован", "названи", "фамили"].iter().any(|stem| begins_with(first, stem))
        || first == "фио"
        || schools::is_school_word(first);
    named && naming && !words(folded).any(|word| begins_with(word, "мероприят"))
}

fn head_word_matches(word: &str, stem: &str) -> bool {
    if stem.chars().count() <= 3 { word == stem } else { begins_with(word, stem) }
}

/// Gives each column what it holds: the strongest claims first, each kind once (the schedule twice, for a table
/// that gives beginnings and ends in columns of their own).
fn assign(table: &Table, heads: &[String], times: &[Option<String>], body_start: usize) -> Vec<Column> {
    let mut claims: Vec<(f32, Column, usize)> = Vec::new();
    let is_time = |at: usize| times.get(at).is_some_and(Option::is_some);
    for (at, head) in heads.iter().enumerate().filter(|(at, _)| !is_time(*at)) {
        let by_head = head_scores(head).map(|(column, weight)| (weight, column, at));
        if by_head.iter().any(|(weight, ..)| *weight > 0.0) {
            claims.extend(
                by_head
                    .into_iter()
                    .filter(|claim| claim.0 > 0.0)
                    .map(|claim| (claim.0 + HEAD_SAYS, claim.1, at)),
            );
        } else if !is_other_head(head) {
            // What a column holds is only asked where its head says nothing: it is dear.
            let content = Content::of(table, at, body_start);
            let by_content =
                by_head.map(|(_, column, at)| (content.claim(column, head.is_empty()), column, at));
            claims.extend(by_content.into_iter().filter(|claim| claim.0 >= CONTENT_CLAIM));
        }
    }
    claims.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
    let mut columns = vec![None; heads.len()];
    let mut taken: Vec<Column> = Vec::new();
    for (weight, column, at) in claims {
        let begins_and_ends = column == Column::Schedule && is_begin_or_end(&heads[at]);
        // «муниципальный уровень» and «школьный уровень» under «Исполнители» both say who.
        let beside = |other: usize| columns.get(other) == Some(&Some(Column::Responsible));
        let further_party = column == Column::Responsible
            && weight >= HEAD_SAYS + 1.8
            && (beside(at + 1) || at.checked_sub(1).is_some_and(beside));
        if columns[at].is_none() && (!taken.contains(&column) || begins_and_ends || further_party) {
            columns[at] = Some(column);
            taken.push(column);
        }
    }
    give_title(table, heads, times, body_start, &mut columns);
    let of = |(at, column): (usize, Option<Column>)| match column {
        _ if is_time(at) => Column::Schedule,
        column => column.unwrap_or(Column::Other),
    };
    columns.into_iter().enumerate().map(of).collect()
}

/// Under «№ | Раздел 1. Анализ | Срок | Ответственный» the column that no head explains holds the activities: the one
/// with the longest texts, where times and responsibles have heads of their own.
fn give_title(
    table: &Table,
    heads: &[String],
    times: &[Option<String>],
    body_start: usize,
    columns: &mut [Option<Column>],
) {
    let told =
        |column| columns.iter().zip(heads).any(|(found, head)| *found == Some(column) && !head.is_empty());
    if columns.contains(&Some(Column::Title)) || !told(Column::Schedule) || !told(Column::Responsible) {
        return;
    }
    let unexplained = |at: &usize| {
        columns.get(*at) == Some(&None) && times.get(*at).is_none_or(Option::is_none) && {
            let head = heads.get(*at).map(String::as_str).unwrap_or_default();
            let folded = fold(head);
            !head.is_empty() && !is_other_head(head) && !names_schools_or_people(&folded)
        }
    };
    let length = |at: usize| Content::of(table, at, body_start).mean_length;
    let longest = (0..columns.len())
        .filter(unexplained)
        .map(|at| (length(at), at))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(length, _)| *length >= 8.0);
    if let Some(slot) = longest.and_then(|(_, at)| columns.get_mut(at)) {
        *slot = Some(Column::Title);
    }
}

fn is_other_head(head: &str) -> bool {
    let folded = fold(head);
    words(&folded).next().is_some_and(|word| OTHER_HEADS.iter().any(|stem| begins_with(word, stem)))
}

fn is_begin_or_end(head: &str) -> bool {
    let folded = fold(head);
    words(&folded)
        .any(|word| begins_with(word, "начал") || begins_with(word, "окончан") || begins_with(word, "заверш"))
}

#[cfg(test)]
mod tests {
    use opora_neutral::{Cell, Place, Row};

    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let rows: Vec<Row> = rows
            .iter()
            .map(|cells| Row {
                place: Place::WHOLE,
                cells: (0..).zip(cells.iter()).map(|(at, text)| Cell::new(*text, at, Place::WHOLE)).collect(),
            })
            .collect();
        let width =
            rows.iter().map(|row| row.cells.len()).max().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        Table { place: Place::WHOLE, width, rows }
    }

    #[track_caller]
    fn check(rows: &[&[&str]], expected: &[Column], body_start: usize) {
        let layout = layout(&table(rows)).expect("a layout");
        assert_eq!(layout.columns, expected);
        assert_eq!(layout.body_start, body_start);
    }

    use Column::{Number, Other, Outcome, Responsible, Schedule, TargetGroup, Title};

    #[test]
    fn columns_are_told_by_their_heads_in_any_order() {
        check(
            &[&[
                "№ п/п",
                "Мероприятие (содержание деятельности)",
                "Ответственные исполнители",
                "Сроки исполнения",
                "Планируемый результат",
            ]],
            &[Number, Title, Responsible, Schedule, Outcome],
            1,
        );
        check(
            &[&["№ п/п", "Период реализации отдельного действия", "Наименование мероприятия"]],
            &[Number, Schedule, Title],
            1,
        );
        check(
            &[&[
                "Срок",
                "Целевая группа",
                "Мероприятия",
                "Ожидаемые результаты",
                "Исполнители",
                "Примечание",
            ]],
            &[Schedule, TargetGroup, Title, Outcome, Responsible, Other],
            1,
        );
        check(
            &[&["N", "Содержание работы", "Дата проведения", "Кто отвечает", "Участники"]],
            &[Number, Title, Schedule, Responsible, TargetGroup],
            1,
        );
    }

    #[test]
    fn slips_of_recognition_in_heads_are_forgiven() {
        check(
            &[&["№ п/п", "Меропрнятия", "Срокн", "Ответсвенные"]],
            &[Number, Title, Schedule, Responsible],
            1,
        );
    }

    #[test]
    fn columns_without_a_head_are_told_by_what_they_hold() {
        check(
            &[
                &[
                    "1.1",
                    "Создание рабочей группы по поддержке школ округа",
                    "до 01.04.2021",
                    "Управление образования",
                ],
                &[
                    "1.2",
                    "Проведение совещания с руководителями школ округа",
                    "апрель 2021",
                    "Орлова А.Б., методист",
                ],
                &["1.3", "Мониторинг хода реализации дорожных карт школ", "ежемесячно", "Кураторы"],
            ],
            &[Number, Title, Schedule, Responsible],
            0,
        );
    }

    #[test]
    fn rows_above_the_head_are_not_the_head() {
        check(&[&["План на 2021 год", "", ""], &["№", "Мероприятие", "Срок"]], &[Number, Title, Schedule], 2);
    }
}
