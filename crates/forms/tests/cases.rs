//! What is read of invented files, case by case? The cases stand in `cases/*.md`.
//!
//! A case is a heading, blocks of input and a block `told` of what is expected. With `OPORA_BLESS=1` the expected
//! blocks are written anew, to be read as a diff.

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

mod common;

use std::fmt::Write;

use common::{World, told, workbook};
use opora_forms::{FormKind, Mapping, UnknownSchools};
use opora_registry::NodeId;

/// Blocks of a case: what they are, and their text.
type Blocks = Vec<(String, String)>;

/// What a case comes to.
fn run(blocks: &Blocks) -> String {
    let world = World::new();
    let mut context = world.context();
    let block = |kind: &str| blocks.iter().find(|(name, _)| name == kind).map(|(_, text)| text.as_str());
    let mapping = block("mapping").map(|text| Mapping::read(text, &world.dictionary));
    let mapping = match mapping.transpose() {
        Ok(mapping) => mapping,
        Err(errors) => {
            return errors
                .iter()
                .map(|e| format!("{}: {}", e.place, e.message))
                .collect::<Vec<_>>()
                .join("\n");
        }
    };
    context.mapping = mapping.as_ref();
    let mut name = "файл.xlsx";
    for option in block("options").unwrap_or_default().lines() {
        let (key, value) = option.split_once(' ').expect("an option with a value");
        match key {
            "kind" => context.kind = Some(FormKind::from_name(value).expect("a kind")),
            "year" => context.year = value.parse().ok(),
            "year_max" => context.year_max = value.parse().ok(),
            "region" => context.region = value.parse().ok().map(NodeId),
            "file" => name = value,
            "unknown" => context.unknown_schools = UnknownSchools::Skip,
            _ => panic!("unknown option {key}"),
        }
    }
    if let Some(text) = block("csv") {
        let mut facts = opora_forms::Batch::default();
        let summary = opora_forms::read_csv(text.as_bytes(), name, &context, &mut |batch| {
            facts.rows.extend(batch.rows);
            facts.cells.extend(batch.cells);
            facts.scores.extend(batch.scores);
            facts.tasks.extend(batch.tasks);
            facts.aggregates.extend(batch.aggregates);
        });
        return told(&world, &facts, &summary);
    }
    let sheets: Vec<(String, String)> = blocks
        .iter()
        .filter_map(|(kind, text)| Some((kind.strip_prefix("sheet")?.trim().to_owned(), text.clone())))
        .map(|(name, text)| if name.is_empty() { ("Лист1".to_owned(), text) } else { (name, text) })
        .collect();
    let reading = opora_forms::read(&workbook(name, &sheets), &context);
    told(&world, &reading.facts, &reading.summary)
}

#[test]
fn files_are_read_as_the_cases_say() {
    let bless = std::env::var_os("OPORA_BLESS").is_some();
    let mut wrong = String::new();
    let mut count = 0;
    let mut paths: Vec<_> = std::fs::read_dir("tests/cases")
        .expect("the cases")
        .map(|entry| entry.expect("a case").path())
        .collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a text");
        let mut blessed = String::new();
        for case in text
            .split_inclusive('\n')
            .collect::<String>()
            .split("\n# ")
            .enumerate()
            .map(|(at, case)| if at == 0 { case.to_owned() } else { format!("# {case}") })
        {
            count += 1;
            let (head, blocks) = blocks_of(&case);
            let expected = blocks.iter().find(|(kind, _)| kind == "told").map_or("", |(_, text)| text);
            let found = run(&blocks);
            if found.trim() != expected.trim() {
                let _ =
                    writeln!(wrong, "{}: {head}\nexpected:\n{expected}\nfound:\n{found}\n", path.display());
            }
            let before = case.split("```told").next().unwrap_or_default().trim_end();
            let _ = write!(blessed, "{before}\n\n```told\n{}\n```\n\n", found.trim());
        }
        if bless {
            std::fs::write(&path, format!("{}\n", blessed.trim_end())).expect("the cases are written");
        }
    }
    assert!(count > 10, "the cases are found");
    assert!(bless || wrong.is_empty(), "{wrong}");
}

fn blocks_of(case: &str) -> (String, Blocks) {
    let head = case.lines().next().unwrap_or_default().to_owned();
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in case.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => open = Some((kind.trim().to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    (head, blocks)
}
