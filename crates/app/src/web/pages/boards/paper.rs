//! How is the sheet of a week written as a Word file?

use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use opora_neutral::{Block, Cell, Document, Format, Paragraph, Place, Role, Row, Source, Table};
use opora_registry::Registry;

use super::ground::Ground;
use super::week::{PART_HEADS, day, part_cells, parts_and_lines, sheet_parts, summary, week_words};
use super::{Wanted, scope, title};
use crate::usecases::boards::{Decision, DutyRow, Found, VisitRow, Week, place_name};
use crate::web::actor::Actor;
use crate::web::errors::WebError;
use crate::web::pages::files::disposition;
use crate::web::state::AppState;
use crate::web::words;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// `GET /boards/week.docx`.
pub async fn week_docx(
    State(state): State<AppState>,
    actor: Actor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let day = day(&wanted, actor.today)?;
    let scope = scope(&actor, &wanted)?;
    let ground = Ground::of(&state, &actor, &scope).await?;
    let week = Week::of(&ground.leaves, &state.results.catalog().rulebook, day, actor.today);
    let place = title(&scope, &actor);
    let mut blocks = vec![
        paragraph(&format!("Лист недели: {}", week_words(&week)), Role::Heading(1)),
        paragraph(&format!("{place}. Состояние на {}.", words::date(actor.today)), Role::Body),
        paragraph(&summary(&ground.leaves, actor.today), Role::Body),
    ];
    let (parts, lines) = parts_and_lines(&week, &scope, &actor.registry);
    if !parts.is_empty() {
        let rows = parts.iter().map(part_cells).collect();
        add(&mut blocks, "В числах, по алфавиту", "", PART_HEADS, rows, 0);
    }
    for part in sheet_parts(&week) {
        let rows = part.lines.iter().take(lines).map(|found| line(found, &actor.registry)).collect();
        let heads = ["Мероприятие", "Чей план", "Срок", "Состояние"];
        add(&mut blocks, part.title, part.nothing, heads, rows, part.lines.len());
    }
    let rows = week.decisions.iter().take(lines).map(|own| decision(own, &actor.registry)).collect();
    let heads = ["Что", "Чьё", "Чьё решение", "Ждёт с"];
    add(&mut blocks, "Ждёт решения", "Решений никто не ждёт.", heads, rows, week.decisions.len());
    let rows = week.visits.iter().take(lines).map(|own| visit(own, &actor.registry)).collect();
    let heads = ["Школа", "Цель", "Куратор", "Состояние"];
    let nothing = "На этой неделе посещений нет.";
    add(&mut blocks, "Посещения на этой неделе", nothing, heads, rows, week.visits.len());
    let rows = week.duties.iter().take(lines).map(|own| duty(own, &actor.registry)).collect();
    let heads = ["Обязательство", "Чьё", "Последний день", "Состояние"];
    let (title, nothing) =
        ("Окна обязательств, последний день на этой неделе", "На этой неделе окна не закрываются.");
    add(&mut blocks, title, nothing, heads, rows, week.duties.len());
    for sign in ["Обсудили, решили:", "Составил(а):", "Дата:"] {
        blocks.push(paragraph(&format!("{sign} ______________________________"), Role::Body));
    }
    let name = format!("Лист недели {} {place}.docx", week.from);
    let source = Source { name: name.clone(), sha256: String::new(), format: Format::Docx };
    let document = Document { blocks, ..Document::new(source) };
    let bytes = opora_documents::writers::docx(&document);
    let bytes = bytes.map_err(|error| WebError::internal(&error.to_string()))?;
    let headers = [(CONTENT_TYPE, DOCX.to_owned()), (CONTENT_DISPOSITION, disposition(&name))];
    Ok((headers, bytes).into_response())
}

fn line(found: &Found<'_>, registry: &Registry) -> [String; 4] {
    let due = found.line.due().map_or_else(|| "без срока".to_owned(), words::date_short);
    [found.title(), place_name(found.leaf.place, registry), due, found.line.state.russian()]
}

fn decision(decision: &Decision, registry: &Registry) -> [String; 4] {
    [
        format!("{}, {}", decision.title, decision.about.russian()),
        place_name(decision.place, registry),
        decision.waits_for_words().to_owned(),
        words::date_short(decision.since),
    ]
}

fn visit(row: &VisitRow<'_>, registry: &Registry) -> [String; 4] {
    let name = place_name(row.leaf.place, registry);
    let state = format!("{} {}", words::date_short(row.on), row.short());
    [name, row.visit.aim.clone(), row.visit.curator_name.clone(), state]
}

fn duty(row: &DutyRow<'_>, registry: &Registry) -> [String; 4] {
    let name = place_name(row.leaf.place, registry);
    [row.title(), name, words::date_short(row.days().end), row.short().to_owned()]
}

/// A part of the sheet: a heading and a table, or that there is nothing.
fn add<const COLUMNS: usize>(
    blocks: &mut Vec<Block>,
    title: &str,
    nothing: &str,
    heads: [&str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
    all: usize,
) {
    let count = if all > 0 { format!(": {all}") } else { String::new() };
    blocks.push(paragraph(&format!("{title}{count}"), Role::Heading(2)));
    if rows.is_empty() {
        blocks.push(paragraph(nothing, Role::Body));
        return;
    }
    let left = all.saturating_sub(rows.len());
    let rows = std::iter::once(row(heads.map(str::to_owned), true))
        .chain(rows.into_iter().map(|own| row(own, false)));
    blocks.push(Block::Table(Table {
        place: Place::WHOLE,
        width: u32::try_from(COLUMNS).unwrap_or(1),
        rows: rows.collect(),
    }));
    if left > 0 {
        blocks.push(paragraph(&format!("И ещё {left}."), Role::Body));
    }
}

fn paragraph(text: &str, role: Role) -> Block {
    let bold = matches!(role, Role::Heading(_));
    Block::Paragraph(Paragraph { role, bold, ..Paragraph::new(text, Place::WHOLE) })
}

fn row<const COLUMNS: usize>(texts: [String; COLUMNS], bold: bool) -> Row {
    let cell = |(text, column): (String, u32)| Cell {
        text,
        column,
        column_span: 1,
        row_span: 1,
        place: Place::WHOLE,
        bold,
        confidence: None,
    };
    Row { place: Place::WHOLE, cells: texts.into_iter().zip(0..).map(cell).collect() }
}
