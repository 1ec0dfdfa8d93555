//! How are orders written down in tests? A small notation for neutral documents, and a short way to print what was read.

use std::fmt::Write;

use opora_cycle::vocabulary::{Order, Party, PartyKind, SchoolRef};
use opora_neutral::{Block, Cell, Document, Format, Paragraph, Place, Role, Row, Source, Table};

/// A document of lines: a line with `|` is a row of a table, any other line a paragraph.
///
/// In a row `=` joins a cell to the one on its left, `^` to the one above; `**…**` is bold. A paragraph that
/// begins with `#` is a heading; `@` names the sheet that the tables below stand on. Rows follow each other without blank lines; a blank line ends the table.
pub fn document(text: &str) -> Document {
    let source = Source { name: "проба.txt".into(), sha256: "0".repeat(64), format: Format::Text };
    let mut document = Document::new(source);
    let mut tables = 0;
    let mut in_table = false;
    let mut sheet = None;
    for (line, number) in text.trim().lines().map(str::trim).zip(1..) {
        let goes_on = std::mem::replace(&mut in_table, line.contains('|'));
        if in_table {
            if !goes_on {
                tables += 1;
                let place = Place { sheet: sheet.clone(), ..Place::line(number) };
                let table = Table { place, width: 0, rows: Vec::new() };
                document.blocks.push(Block::Table(table));
            }
            if let Some(Block::Table(table)) = document.blocks.last_mut() {
                push_row(table, line, number, tables);
            }
        } else if let Some(name) = line.strip_prefix("@ ") {
            sheet = Some(name.to_owned());
        } else if !line.is_empty() {
            let (text, bold) = bold(line);
            let (text, role) = match text.strip_prefix("# ") {
                Some(text) => (text, Role::Heading(1)),
                None => (text, Role::Body),
            };
            let paragraph = Paragraph { role, bold, ..Paragraph::new(text, Place::line(number)) };
            document.blocks.push(Block::Paragraph(paragraph));
        }
    }
    document
}

fn bold(text: &str) -> (&str, bool) {
    match text.strip_prefix("**").and_then(|rest| rest.strip_suffix("**")) {
        Some(inner) => (inner, true),
        None => (text, false),
    }
}

fn push_row(table: &mut Table, line: &str, number: u32, table_number: u32) {
    let row_number = table.rows.len() as u32 + 1;
    let sheet = table.place.sheet.clone();
    let place = |column: u32| Place {
        table: Some(table_number),
        row: Some(row_number),
        column: Some(column + 1),
        sheet: sheet.clone(),
        ..Place::line(number)
    };
    let mut cells: Vec<Cell> = Vec::new();
    for (text, column) in line.trim_matches('|').split('|').map(str::trim).zip(0..) {
        match text {
            "=" => cells.iter_mut().last().into_iter().for_each(|cell| cell.column_span += 1),
            "^" => extend_above(table, column),
            _ => {
                let (text, bold) = bold(text);
                cells.push(Cell { bold, ..Cell::new(text.replace(" / ", "\n"), column, place(column)) });
            }
        }
        table.width = table.width.max(column + 1);
    }
    table.rows.push(Row { place: Place { column: None, ..place(0) }, cells });
}

fn extend_above(table: &mut Table, column: u32) {
    let cell =
        table.rows.iter_mut().rev().find_map(|row| row.cells.iter_mut().find(|cell| cell.column == column));
    if let Some(cell) = cell {
        cell.row_span += 1;
    }
}

/// What was read, a line a thing.
pub fn show(order: &Order) -> String {
    let mut out = String::new();
    let act = &order.act;
    let _ = writeln!(
        out,
        "act: {} | {} | {} № {} | {} | {}",
        act.kind.map_or("?", |kind| kind.russian()),
        act.authority.as_deref().unwrap_or("?"),
        act.date.map_or("?".into(), |date| date.to_string()),
        act.number.as_deref().unwrap_or("?"),
        act.locality.as_deref().unwrap_or("?"),
        act.title.as_deref().unwrap_or("?"),
    );
    for cited in &act.cited {
        let _ = writeln!(
            out,
            "  cites: {} | {} | {} № {} | {}",
            cited.kind.russian(),
            cited.authority.as_deref().unwrap_or("-"),
            cited.date.map_or("?".into(), |date| date.to_string()),
            cited.number.as_deref().unwrap_or("?"),
            cited.title.as_deref().unwrap_or("-"),
        );
    }
    for point in &act.points {
        let _ = writeln!(out, "  point {}: {}", point.number, point.text);
    }
    if let Some(control) = &act.control {
        let person =
            control.person.as_ref().map(|p| format!("{} ({})", p.name, p.post.as_deref().unwrap_or("-")));
        let _ = writeln!(
            out,
            "  control: {}",
            person.unwrap_or_else(|| if control.own { "own".into() } else { "?".into() })
        );
    }
    if let Some(person) = &act.signatory {
        let _ = writeln!(out, "  signed: {} ({})", person.name, person.post.as_deref().unwrap_or("-"));
    }
    show_around(order, &mut out);
    show_plans(order, &mut out);
    for unplaced in &order.unplaced {
        let _ = writeln!(out, "unplaced [{}]: {}", unplaced.place, unplaced.text);
    }
    for finding in &order.findings {
        let _ = writeln!(out, "finding {} [{}]: {}", finding.code, finding.place, finding.message());
    }
    out
}

fn push_line(out: &mut String, text: &str) {
    out.push_str("  ");
    out.push_str(text);
    out.push('\n');
}

fn show_around(order: &Order, out: &mut String) {
    if let Some(programme) = &order.programme {
        let period = programme.period.map(|period| format!("{}..{}", period.start, period.end));
        let _ = writeln!(
            out,
            "programme: {} | {}",
            programme.name.as_deref().unwrap_or("?"),
            period.unwrap_or_default()
        );
        let lists =
            [("goal", &programme.goals), ("task", &programme.tasks), ("result", &programme.expected_results)];
        for (name, item) in
            lists.into_iter().flat_map(|(name, list)| list.iter().map(move |item| (name, item)))
        {
            let _ = writeln!(out, "  {name}: {}", item.text);
        }
        for row in &programme.other {
            let _ = writeln!(out, "  {}: {}", row.head, row.text);
        }
    }
    for group in &order.indicators {
        let _ = writeln!(out, "indicators «{}»", group.group);
        for (at, item) in group.indicators.iter().enumerate() {
            push_line(out, &item.text);
            for measure in group.measures.iter().filter(|measure| measure.indicator == at) {
                let values = measure
                    .values
                    .iter()
                    .map(|value| format!("{}: {}", value.label, value.text))
                    .collect::<Vec<_>>();
                let unit = measure.unit.as_deref().unwrap_or("-");
                push_line(out, &format!("  [{unit}] {}", values.join("; ")));
            }
        }
    }
    for criterion in &order.criteria {
        let _ = writeln!(out, "criterion {}", criterion.title);
        criterion.indicators.iter().for_each(|item| push_line(out, &item.text));
    }
    let participants = &order.participants;
    if !participants.mentions.is_empty() {
        let _ = writeln!(
            out,
            "schools: {} | curators: {} | mentions: {}",
            schools(&participants.schools),
            schools(&participants.curator_schools),
            participants.mentions.len()
        );
    }
}

fn show_plans(order: &Order, out: &mut String) {
    for plan in &order.plans {
        let period = plan.period.map(|period| format!("{}..{}", period.start, period.end));
        let _ = writeln!(out, "PLAN {} | {} | {:?}", plan.title, period.unwrap_or_default(), plan.columns);
        for section in &plan.sections {
            let year = section.year.map(|year| format!(" [{year}]")).unwrap_or_default();
            let _ = writeln!(out, " § {} {}{year}", section.number.as_deref().unwrap_or("-"), section.title);
            for activity in &section.activities {
                let who = activity.responsible.iter().map(party).collect::<Vec<_>>().join("; ");
                let _ = writeln!(
                    out,
                    "  {} {} | {} | {who} | {} | {}",
                    activity.number.as_deref().unwrap_or("-"),
                    activity.title,
                    activity.schedule,
                    activity.outcome.as_deref().unwrap_or("-"),
                    activity.target_group.as_deref().unwrap_or("-"),
                );
                for other in &activity.other {
                    let _ = writeln!(out, "      {}: {}", other.head, other.text);
                }
            }
        }
    }
}

fn party(party: &Party) -> String {
    let kind = match party.kind {
        PartyKind::Person => "person",
        PartyKind::Body => "body",
        PartyKind::Role => "role",
        PartyKind::Schools => "schools",
    };
    if party.schools.is_empty() {
        return format!("{kind} {}", party.text);
    }
    format!("{kind} {} [{}]", party.text, schools(&party.schools))
}

fn schools(list: &[SchoolRef]) -> String {
    let name = |school: &SchoolRef| {
        school.number.map_or_else(|| school.name.clone().unwrap_or_default(), |number| number.to_string())
    };
    list.iter().map(name).collect::<Vec<_>>().join(" ")
}
