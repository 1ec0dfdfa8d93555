//! Which tables of the document are plans, and what do they plan?

use jiff::civil::Date;
use opora_neutral::{Block, Document, Finding, Level, Paragraph, Place, Role, Row, Table};
use opora_schedule::{Context, Period};

use super::annexes::{self, Annex};
use super::columns::{self, Layout, layout};
use super::numbering::{leading_number, without_bullet};
use super::parties::{self, parties};
use super::prose::{self, Prose};
use super::rows::{Draft, DraftSection, RowReader, is_ditto};
use super::{Taken, is_stamp, lists, tables, years};
use crate::letters::is_letter;
use crate::text::{fold, one_line, words};
use crate::vocabulary::{Act, Activity, ActivityKey, Column, Person, Plan, Programme, Section, Unplaced};

/// A plan as read from its tables, before its deadlines are understood.
struct DraftPlan {
    title: Option<String>,
    layout: Layout,
    rows: RowReader,
    place: Place,
    /// The sheet its last table stands on.
    sheet: Option<String>,
}

/// What the tables of a document gave.
pub(super) struct Plans {
    pub plans: Vec<Plan>,
    pub unplaced: Vec<Unplaced>,
    pub findings: Vec<Finding>,
    /// Who signed below a table.
    pub signatory: Option<Person>,
}

/// Finds the plans of a document; the blocks they take are marked as taken.
pub(super) fn find(
    document: &Document,
    act: &Act,
    programme: Option<&Programme>,
    taken: &mut Taken,
) -> Plans {
    let mut drafts: Vec<DraftPlan> = Vec::new();
    // The first block after the last table of a plan.
    let mut since = 0;
    for (at, block) in document.blocks.iter().enumerate() {
        let Block::Table(table) = block else { continue };
        if taken.is_taken(at) {
            since = at + 1;
            continue;
        }
        let annex = Annex::above(document, since..at);
        let mut heading = Heading::find(document, since..at, taken);
        let sheet = SheetName::of(table, drafts.last());
        heading.title = heading.title.or_else(|| sheet.plan_title(table));
        let last = drafts.last().filter(|_| heading.title.is_none() && !annex.begins);
        let Some(layout) = plan_layout(table, last, annex, heading.title.is_some()) else {
            // What stands above a table of its own is not about the next one.
            since = if annex.begins || annex.is_list { at + 1 } else { since };
            continue;
        };
        let goes_on = last.is_some_and(|last| !layout.by_head || layout.columns == last.layout.columns);
        if heading.section.is_none() {
            heading.section = sheet.section(table);
        }
        if heading.section.is_none() && goes_on && !layout.by_head {
            heading.take_plain_section(document, since..at, taken);
        }
        if !goes_on {
            drafts.push(DraftPlan {
                title: heading.title.clone(),
                layout: layout.clone(),
                rows: RowReader::default(),
                place: table.place.clone(),
                sheet: None,
            });
        }
        taken.take_all(&heading.blocks);
        taken.take(at);
        since = at + 1;
        let Some(draft) = drafts.last_mut() else { continue };
        draft.sheet.clone_from(&table.place.sheet);
        if let Some((text, place)) = heading.section {
            draft.rows.begin_section(&text, place);
        }
        rows_above_head(table, &layout, draft);
        draft.rows.read(table, &layout);
    }
    let mut by_prose = None;
    if drafts.is_empty()
        && let Some(prose) = prose::read(document, taken).or_else(|| prose::of_points(act))
    {
        by_prose = Some(read_from_text(&prose));
        taken.take_all(&prose.blocks);
        drafts.push(DraftPlan::of_prose(prose));
    }
    let mut found = finish(drafts, act, programme);
    found.findings.extend(by_prose);
    found
}

impl DraftPlan {
    fn of_prose(prose: Prose) -> Self {
        let count = prose.columns.len();
        let layout = Layout {
            columns: prose.columns,
            heads: vec![String::new(); count],
            times: vec![None; count],
            head_start: 0,
            body_start: 0,
            by_head: false,
        };
        let mut rows = RowReader::default();
        rows.sections = prose.sections;
        Self { title: prose.title, layout, rows, place: prose.place, sheet: None }
    }
}

fn read_from_text(prose: &Prose) -> Finding {
    let what = match prose.title {
        Some(_) => "Таблицы в документе нет: план прочитан из нумерованных абзацев.",
        None => "Плана-приложения в документе нет: план составлен из пунктов самого акта.",
    };
    Finding {
        code: "PLAN_FROM_TEXT",
        level: Level::Note,
        place: prose.place.clone(),
        what: what.into(),
        why: "Сроки и ответственные взяты по словам «Срок», «Ответственный» или из самого предложения."
            .into(),
        mend: "Сверьте их с исходным документом.".into(),
    }
}

/// The layout of a table that is a plan, or that goes on with the plan before it.
fn plan_layout(table: &Table, last: Option<&DraftPlan>, annex: Annex, titled: bool) -> Option<Layout> {
    if tables::kind(table).is_some() {
        return None;
    }
    let own_head =
        annexes::has_own_head(table) && !last.is_some_and(|last| begins_with_time(table, &last.layout));
    let own = layout(table);
    if let Some(own) = &own
        && own.by_head
        && own.is_plan()
    {
        let same = last.is_some_and(|last| last.layout.columns == own.columns);
        return (same || !annex.excludes(own)).then(|| own.clone());
    }
    if let Some(last) = last
        && !own_head
        && !annex.is_list
        && last.layout.columns.len() == table.width as usize
        && columns::fits(table, &last.layout)
    {
        return Some(Layout { head_start: 0, body_start: 0, by_head: false, ..last.layout.clone() });
    }
    // Without a head the content must speak plainly: a time for at least two rows. Under a head of another kind, or
    // under the title of a list, only the title of a plan makes it one.
    let own = own.filter(Layout::is_plan)?;
    let plain = own.columns.contains(&Column::Schedule) && table.rows.len() >= 2;
    if !plain || (!titled && (own_head || annex.is_list)) {
        return None;
    }
    let head_row = table.rows.iter().position(|row| !row.is_blank()).filter(|_| own_head && !own.by_head);
    let body_start = head_row.map_or(own.body_start, |row| row + 1);
    Some(Layout { body_start, ..own })
}

/// The first row says when, where the table before has its deadlines: it is no head.
fn begins_with_time(table: &Table, layout: &Layout) -> bool {
    let Some(row) = table.rows.iter().find(|row| !row.is_blank()) else { return false };
    layout.times.iter().all(Option::is_none)
        && layout.all(Column::Schedule).any(|column| {
            let cell = u32::try_from(column).ok().and_then(|column| row.cell(column));
            cell.is_some_and(|cell| opora_schedule::looks_like_deadline(&cell.text) > 0.5)
        })
}

/// What the name of a sheet says of the table on it, for the first table of a sheet.
struct SheetName<'a> {
    name: Option<&'a str>,
    /// A table of another sheet stands before.
    follows: bool,
}

impl<'a> SheetName<'a> {
    fn of(table: &'a Table, last: Option<&DraftPlan>) -> Self {
        let before = last.and_then(|last| last.sheet.as_deref());
        let name = table.place.sheet.as_deref().filter(|name| before != Some(name));
        Self { name, follows: before.is_some() }
    }

    /// The title of a plan of its own: on another sheet than the plan before, where its rows above the head or the
    /// name of the sheet say so; on the first sheet, where the name tells the time too.
    fn plan_title(&self, table: &Table) -> Option<String> {
        let name = self.name?;
        let own = layout(table).filter(|layout| layout.by_head)?;
        let above = table.rows.iter().take(own.head_start).map(row_line).find(|text| names_a_plan(text));
        if above.is_some() {
            return above.filter(|_| self.follows);
        }
        let told = names_a_plan(name) && (self.follows || bare_years(name).is_some());
        told.then(|| one_line(name))
    }

    /// The section that the sheet is: «2024», «Раздел 2».
    fn section(&self, table: &Table) -> Option<(String, Place)> {
        let name = self.name.filter(|name| names_time(name) || begins_as_section(name))?;
        Some((one_line(name), table.place.clone()))
    }
}

/// «План 2024», «План 2023-2025»: the name of a sheet has no words for what its years are.
fn bare_years(name: &str) -> Option<Period> {
    let numbers = name.split(|c: char| !c.is_ascii_digit());
    let years: Vec<i16> = numbers
        .filter(|digits| digits.len() == 4 && digits.starts_with("20"))
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let (start, end) = (Date::new(*years.first()?, 1, 1).ok()?, Date::new(*years.last()?, 12, 31).ok()?);
    (start <= end).then_some(Period { start, end })
}

fn names_time(text: &str) -> bool {
    opora_schedule::year_of_section(text).is_some()
}

fn row_line(row: &Row) -> String {
    let cells = row.cells.iter().map(|cell| one_line(&cell.text)).filter(|text| !text.is_empty());
    cells.collect::<Vec<_>>().join(" ")
}

/// Rows between the top of the table and its head: the plan's title, as spreadsheets have it.
fn rows_above_head(table: &Table, layout: &Layout, draft: &mut DraftPlan) {
    for row in table.rows.iter().take(layout.head_start).filter(|row| !row.is_blank()) {
        let text = row_line(row);
        if draft.title.is_none() && names_a_plan(&text) {
            draft.title = Some(text);
        } else if draft.title.as_deref() != Some(text.as_str()) {
            draft.rows.unplaced.push(Unplaced { text, place: row.place.clone() });
        }
    }
}

/// What the paragraphs above a table say of it.
#[derive(Default)]
struct Heading {
    title: Option<String>,
    section: Option<(String, Place)>,
    blocks: Vec<usize>,
}

/// A section's name directly above its table is not longer than this, in characters.
const SECTION_LENGTH: usize = 200;

impl Heading {
    fn find(document: &Document, between: std::ops::Range<usize>, taken: &Taken) -> Self {
        let mut heading = Self::default();
        let paragraphs: Vec<(usize, &Paragraph)> = between
            .filter_map(|at| match document.blocks.get(at) {
                Some(Block::Paragraph(paragraph)) => Some((at, paragraph)),
                _ => None,
            })
            .collect();
        // The nearest line is often generic («3. План основных мероприятий»); the annex opens with the full title.
        let title = paragraphs
            .iter()
            .enumerate()
            .filter(|(_, (at, paragraph))| !taken.is_taken(*at) && is_plan_title(paragraph))
            .max_by_key(|(_, (_, paragraph))| title_weight(&paragraph.text));
        if let Some((position, (_, first))) = title {
            heading.title = Some(join_title(&paragraphs[position..], first, &mut heading.blocks));
        }
        // A short line right above the table, below the title, names the section the table holds.
        if let Some((at, last)) = paragraphs.last()
            && !heading.blocks.contains(at)
            && !taken.is_taken(*at)
            && is_section_line(last)
        {
            // «3. План основных мероприятий» below the full title is a heading of the plan, not of a section.
            if !names_a_plan(&last.text) {
                heading.section = Some((last.text.clone(), last.place.clone()));
            }
            heading.blocks.push(*at);
        }
        heading
    }
}

/// An unmarked line that names a section between the tables of one plan is not longer, in characters.
const PLAIN_SECTION_LENGTH: usize = 120;

impl Heading {
    /// A short line right between two tables of a plan names a section, marked as one or not: text files divide a
    /// table where a line has no tabs. Pages have running lines of their own there.
    fn take_plain_section(&mut self, document: &Document, between: std::ops::Range<usize>, taken: &Taken) {
        let Some(at) = between.last().filter(|at| !taken.is_taken(*at)) else { return };
        let Some(Block::Paragraph(line)) = document.blocks.get(at) else { return };
        let text = line.text.trim();
        let short = text.chars().count() <= PLAIN_SECTION_LENGTH && !text.contains('\n');
        let names = text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && !text.ends_with(['.', ':', ';', ',', '?'])
            && text.chars().filter(|&c| is_letter(c)).count() >= 3;
        let running = line.place.page.is_some() || is_stamp(text) || fold(text).starts_with("продолжение");
        if short && names && !running && parties::person(text).is_none() && line.role != Role::ListItem {
            self.section = Some((text.to_owned(), line.place.clone()));
            self.blocks.push(at);
        }
    }
}

/// The title with the lines it runs on to: those that go on in lower case or look the same.
pub(super) fn join_title(
    paragraphs: &[(usize, &Paragraph)],
    first: &Paragraph,
    blocks: &mut Vec<usize>,
) -> String {
    let mut title = String::new();
    for (at, paragraph) in paragraphs {
        let goes_on = title.is_empty()
            || paragraph.text.trim_start().starts_with(|c: char| c.is_lowercase() || c == '(')
            || (paragraph.bold
                && first.bold
                && paragraph.centred
                && leading_number(&paragraph.text).is_none());
        if !goes_on || title.chars().count() > 600 {
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        let line = one_line(&paragraph.text);
        // «4. План мероприятий»: the number is that of the chapter.
        let line = without_annex(&line);
        let line = leading_number(line).map_or(line, |(_, rest)| rest);
        title.push_str(line);
        blocks.push(*at);
    }
    title
}

pub(super) fn is_plan_title(paragraph: &Paragraph) -> bool {
    let text = paragraph.text.trim();
    let year = ["г.", "гг."].iter().any(|ending| text.ends_with(ending));
    let sentence = text.ends_with(['.', ';', ':']) && !year && text.split_whitespace().count() > 8;
    names_a_plan(text) && text.chars().count() <= 500 && !sentence
}

/// How much a line says as the title of a plan.
fn title_weight(text: &str) -> usize {
    let folded = fold(text);
    let telling =
        ["дорожн", "мероприят", "поддержк", "реализац"].iter().filter(|stem| folded.contains(*stem)).count();
    let period = usize::from(period_in(text, None).is_some());
    let unnumbered = usize::from(leading_number(text).is_none());
    telling + period * 2 + unnumbered
}

/// Nouns a plan's title begins with.
const PLAN_NOUNS: [&str; 8] =
    ["план", "дорожн", "комплекс", "перечень", "график", "циклограмм", "сетевой", "программа"];

/// «Приложение 1. План …» without the annex that it stands in; any other text as it is.
fn without_annex(text: &str) -> &str {
    let begins = fold(text).starts_with("приложение");
    let Some((_, rest)) = text.trim_start().split_once(char::is_whitespace).filter(|_| begins) else {
        return text;
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '№' | ' ' | '\u{a0}'));
    let title = rest.trim_start_matches(['.', ':', '-', '–', '—', ' ', '\n']);
    // «Приложение 1 к приказу …» says whose annex it is; «Приложение: план на 3 л.» is a remark below a letter.
    let numbered = text.contains(|c: char| c.is_ascii_digit()) && !title.ends_with("экз.");
    if numbered && title.starts_with(char::is_uppercase) { title } else { text }
}

/// The text begins as the title of a plan does: «План мероприятий …», «Муниципальная «дорожная карта» …».
pub(super) fn names_a_plan(text: &str) -> bool {
    let text = without_annex(text);
    let text = leading_number(text).map_or(text, |(_, rest)| rest);
    let folded = fold(text);
    let first: Vec<&str> = words(&folded).take(3).collect();
    let noun = |word: &str| {
        PLAN_NOUNS.iter().any(|stem| word.starts_with(stem))
            && !word.starts_with("планир")
            && !word.starts_with("планов")
    };
    let starts = first.first().is_some_and(|word| noun(word));
    let adjective = first
        .first()
        .is_some_and(|word| word.ends_with("ый") || word.ends_with("ая") || word.ends_with("ой"));
    let a_plan = words(&folded).take(12).any(|word| {
        word.starts_with("план")
            || word.starts_with("дорожн")
            || word.starts_with("мероприят")
            || word.starts_with("мер")
    });
    (starts || (adjective && first.iter().skip(1).any(|word| noun(word)))) && a_plan
}

pub(super) fn is_section_line(paragraph: &Paragraph) -> bool {
    let text = paragraph.text.trim();
    if paragraph.role == Role::ListItem || (leading_number(text).is_none() && without_bullet(text).is_some())
    {
        return false;
    }
    let marked = leading_number(text).is_some()
        || begins_as_section(text)
        || paragraph.bold
        || paragraph.centred
        || matches!(paragraph.role, Role::Heading(_))
        || opora_schedule::year_of_section(text).is_some();
    marked && text.chars().count() <= SECTION_LENGTH && !text.ends_with([':', ';', ','])
}

/// «Раздел 1. Анализ», «Этап II»: a section with a number; «Направление, мероприятие» only heads a column.
pub(super) fn names_a_section(text: &str) -> bool {
    let second = text.split_whitespace().nth(1).unwrap_or_default();
    begins_as_section(text)
        && second.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V' | 'X' | '№'))
}

/// «Раздел I.», «Направление 2», «Блок «Кадры»», «Этап 1».
fn begins_as_section(text: &str) -> bool {
    const NOUNS: [&str; 8] =
        ["раздел", "направление", "блок", "этап", "модуль", "задача", "подпрограмма", "трек"];
    let folded = fold(text);
    words(&folded).next().is_some_and(|word| NOUNS.contains(&word)) && !text.ends_with(['.', ';'])
}

fn finish(drafts: Vec<DraftPlan>, act: &Act, programme: Option<&Programme>) -> Plans {
    let mut found = Plans { plans: Vec::new(), unplaced: Vec::new(), findings: Vec::new(), signatory: None };
    let mut next_key = 1;
    for draft in drafts {
        let named = programme.and_then(|programme| programme.name.clone());
        let title = draft.title.or_else(|| act.title.clone()).or(named).unwrap_or_default();
        let of_sheet = || bare_years(draft.sheet.as_deref().filter(|sheet| one_line(sheet) == title)?);
        let period = period_in(&title, act.date)
            .or_else(of_sheet)
            .or_else(|| period_in(act.title.as_deref()?, act.date))
            .or(programme.and_then(|programme| programme.period))
            .or_else(|| years::period(&draft.layout.times));
        let context = Context { year: None, period, act_date: act.date };
        let mut plan = Plan {
            title,
            period,
            columns: draft.layout.columns.clone(),
            sections: Vec::new(),
            place: draft.place,
        };
        for section in draft.rows.sections {
            if section.activities.is_empty() {
                found.findings.push(empty_section(&section));
            }
            plan.sections.push(finish_section(section, context, &draft.layout, &mut next_key));
        }
        found.unplaced.extend(draft.rows.unplaced);
        found.signatory = found.signatory.or(draft.rows.signatory);
        found.plans.push(plan);
    }
    found
}

/// The period a text names; an end alone («до 2024 года») is a period that begins with the act.
pub(super) fn period_in(text: &str, begins: Option<Date>) -> Option<Period> {
    let named = opora_schedule::period_in_title(text)?;
    let (start, end) = (named.start.or(begins)?, named.end?);
    (start <= end).then_some(Period { start, end })
}

fn finish_section(section: DraftSection, context: Context, layout: &Layout, next_key: &mut u32) -> Section {
    let year = opora_schedule::year_of_section(&section.title);
    let context = Context { year, ..context };
    let mut activity = |draft: Draft| {
        let key = ActivityKey(*next_key);
        *next_key += 1;
        finish_activity(draft, key, &context, layout)
    };
    Section {
        number: section.number,
        title: section.title,
        year,
        activities: section.activities.into_iter().map(&mut activity).collect(),
        place: section.place,
    }
}

fn finish_activity(draft: Draft, key: ActivityKey, context: &Context, layout: &Layout) -> Activity {
    let optional = |column| Some(one_line(&draft.text(column))).filter(|text| !is_dash(text));
    let title = one_line(&draft.text(Column::Title));
    let title = match (&draft.number, layout.first(Column::Number)) {
        (Some(_), None) => leading_number(&title).map_or(title.clone(), |(_, rest)| rest.to_owned()),
        _ => title,
    };
    Activity {
        key,
        title,
        responsible: parties(&draft.text(Column::Responsible)),
        schedule: opora_schedule::parse(&schedule_text(&draft, layout), context),
        outcome: optional(Column::Outcome),
        target_group: optional(Column::TargetGroup),
        number: draft.number,
        other: draft.other,
        source: draft.cells,
    }
}

fn is_dash(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | ' ' | '.'))
}

/// The deadline; from a column of beginnings and one of ends it is «с … по …».
fn schedule_text(draft: &Draft, layout: &Layout) -> String {
    if !draft.times.is_empty() {
        return years::deadline(&draft.times);
    }
    let cells: Vec<&str> = draft
        .cells
        .iter()
        .filter(|cell| cell.column == Column::Schedule && !is_ditto(&cell.text))
        .map(|cell| cell.text.trim())
        .collect();
    match (layout.all(Column::Schedule).count(), &cells[..]) {
        (2, [begin, end]) => format!("с {begin} по {end}"),
        _ => without_list_numbers(&draft.text(Column::Schedule)),
    }
}

/// «1. май 2. октябрь» beside a numbered list of works: the numbers are no part of the deadline.
fn without_list_numbers(text: &str) -> String {
    match lists::numbered_items(text) {
        Some(items) => items.join("; "),
        None => one_line(text),
    }
}

fn empty_section(section: &DraftSection) -> Finding {
    Finding {
        code: "SECTION_EMPTY",
        level: Level::Note,
        place: section.place.clone(),
        what: format!("В разделе «{}» нет ни одного мероприятия.", section.title),
        why: "Возможно, это не раздел, а строка с пояснением.".into(),
        mend: "Сверьте с исходным документом.".into(),
    }
}
