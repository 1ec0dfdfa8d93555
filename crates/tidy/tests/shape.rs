//! Does the house keep its shape: sizes, arrows, pure rooms, append-only facts, no leftovers?

#![allow(clippy::expect_used, clippy::panic, reason = "the helpers of a test may fail as the test may")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const MAX_LINES: usize = 600;

/// Which of our rooms a room may use. Nothing else is allowed.
const ARROWS: [(&str, &[&str]); 23] = [
    ("schedule", &[]),
    ("neutral", &[]),
    ("cells", &[]),
    ("fields", &[]),
    ("registry", &["cells"]),
    ("forms", &["cells", "neutral", "registry"]),
    ("methodology", &["cells", "fields", "registry"]),
    ("inference", &["cells", "fields", "registry"]),
    ("results", &["cells"]),
    ("simulate", &["cells", "registry", "results"]),
    ("documents", &["neutral"]),
    ("cycle", &["neutral", "schedule"]),
    ("checks", &["cycle", "neutral", "schedule"]),
    ("access", &["cells", "registry"]),
    ("approval", &[]),
    ("oidc", &[]),
    ("diagnosis", &["fields", "neutral"]),
    ("roadmap", &["cycle", "fields", "neutral", "schedule"]),
    ("execution", &["cycle", "fields", "schedule"]),
    ("exchange", &["cycle", "neutral", "schedule"]),
    ("store", &["access", "cells", "cycle", "exchange", "neutral", "registry", "schedule"]),
    (
        "app",
        &[
            "access",
            "approval",
            "cells",
            "checks",
            "cycle",
            "diagnosis",
            "documents",
            "execution",
            "exchange",
            "fields",
            "forms",
            "inference",
            "methodology",
            "neutral",
            "oidc",
            "registry",
            "results",
            "roadmap",
            "schedule",
            "simulate",
            "store",
        ],
    ),
    ("tidy", &[]),
];

/// Rooms that do no I/O and never ask for the time.
const PURE: [&str; 15] = [
    "fields",
    "approval",
    "diagnosis",
    "roadmap",
    "execution",
    "schedule",
    "neutral",
    "cells",
    "registry",
    "forms",
    "methodology",
    "inference",
    "cycle",
    "checks",
    "exchange",
];

/// Rooms whose types have no wire form of their own.
const WITHOUT_WIRE_FORM: [&str; 10] = [
    "schedule",
    "neutral",
    "fields",
    "cells",
    "registry",
    "forms",
    "methodology",
    "inference",
    "cycle",
    "checks",
];

fn root() -> PathBuf {
    // Tests run in the folder of their package. The place where they were built may be another one.
    Path::new("../..").canonicalize().expect("the project's root")
}

/// Files below a folder with one of the endings, without build output and installed packages.
fn files(folder: &Path, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "target" | "node_modules" | "dist" | ".git") {
                    open.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let text = std::fs::read_to_string(&path).expect("a text file");
                let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
                found.push((shown, text));
            }
        }
    }
    found.sort();
    found
}

fn sources(room: &str) -> Vec<(String, String)> {
    files(&root().join("crates").join(room).join("src"), &[".rs"])
}

#[track_caller]
fn none(wrong: &[String], what: &str) {
    assert!(wrong.is_empty(), "{what}:\n  {}", wrong.join("\n  "));
}

#[test]
fn no_file_is_too_long() {
    let all = files(&root(), &[".rs", ".ts", ".js", ".mjs", ".css", ".html"]);
    assert!(all.len() > 100, "the files of the project are found");
    let long: Vec<String> = all
        .iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    none(&long, "a room with too much in it");
}

#[test]
fn every_module_says_what_it_answers() {
    let wrong: Vec<String> = files(&root().join("crates"), &[".rs"])
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(name, _)| name)
        .collect();
    none(&wrong, "files whose first line does not say what they answer");
}

#[test]
fn arrows_point_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    for entry in std::fs::read_dir(root().join("crates")).expect("the rooms") {
        let path = entry.expect("a room").path();
        let room = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let manifest = std::fs::read_to_string(path.join("Cargo.toml")).expect("a manifest");
        let manifest: toml::Table = manifest.parse().expect("a manifest in TOML");
        let uses = manifest
            .get("dependencies")
            .and_then(toml::Value::as_table)
            .into_iter()
            .flat_map(toml::Table::keys);
        let ours: Vec<&str> = uses.filter_map(|name| name.strip_prefix("opora-")).collect();
        let may = allowed
            .get(room.as_str())
            .unwrap_or_else(|| panic!("{room} is no room we know: add it to ARROWS"));
        let wrong: Vec<String> =
            ours.iter().filter(|used| !may.contains(used)).map(|used| format!("{room} → {used}")).collect();
        none(&wrong, "arrows that must not be");
    }
}

#[test]
fn pure_rooms_do_no_io_and_ask_for_no_time() {
    const IMPURE: [&str; 8] = [
        "std::fs",
        "std::net",
        "std::process",
        "std::env",
        "tokio",
        "Zoned::now",
        "SystemTime",
        "Instant::now",
    ];
    let mut wrong = Vec::new();
    for room in PURE {
        for (name, text) in sources(room) {
            let hits = IMPURE.iter().filter(|word| text.contains(*word));
            wrong.extend(hits.map(|word| format!("{name}: {word}")));
        }
    }
    none(&wrong, "I/O or time in a pure room");
}

#[test]
fn core_types_have_no_wire_form() {
    let mut wrong = Vec::new();
    for room in WITHOUT_WIRE_FORM {
        let derived = sources(room).into_iter().filter(|(_, text)| text.contains("Serialize"));
        wrong.extend(derived.map(|(name, _)| name));
    }
    none(&wrong, "core types that derive Serialize");
}

#[test]
fn facts_are_appended_and_never_changed() {
    const CHANGES: [&str; 6] =
        ["update_many", "update_one", "::update(", "delete_many", "delete_by_id", ".delete("];
    let mut wrong = Vec::new();
    // The search index is a projection that is written anew; sessions and failed logins pass. Neither is a fact.
    // A secret recorded in clear is put under a seal: it says the same. Notices and letters say what facts say: they are
    // read, sent, and pass.
    const OTHER: [&str; 5] =
        ["search_projection.rs", "sessions.rs", "sealing.rs", "src/notices.rs", "src/letters.rs"];
    let facts = |name: &str| !OTHER.iter().any(|other| name.ends_with(other));
    for (name, text) in sources("store").into_iter().filter(|(name, _)| facts(name)) {
        let hits = CHANGES.iter().filter(|change| text.contains(*change));
        wrong.extend(hits.map(|change| format!("{name}: {change}")));
    }
    none(&wrong, "facts changed or deleted");
}

#[test]
fn a_copy_holds_every_table_of_facts() {
    let copied = sources("store").into_iter().find(|(name, _)| name.ends_with("copying.rs"));
    let (_, copied) = copied.expect("the room of copies");
    let tables = files(&root().join("crates/store/src/entity"), &[".rs"]);
    let names = tables.iter().filter_map(|(name, _)| name.rsplit('/').next()?.strip_suffix(".rs"));
    let facts =
        names.filter(|name| !matches!(*name, "mod" | "session" | "login_failure" | "outside_attempt"));
    // The list of what is copied: a table a line, with how many of its rows are written at a time.
    let is_copied = |name: &str| copied.lines().any(|line| line.trim().starts_with(&format!("{name}: ")));
    let missing: Vec<String> = facts.filter(|name| !is_copied(name)).map(str::to_owned).collect();
    none(&missing, "tables that a backup leaves out");
}

#[test]
fn only_one_place_asks_for_the_time() {
    let asks = |text: &str| {
        text.contains("Zoned::now") || text.contains("SystemTime::now") || text.contains("Timestamp::now")
    };
    let wrong: Vec<String> = sources("app")
        .into_iter()
        .filter(|(name, text)| asks(text) && !name.ends_with("clock.rs"))
        .map(|(name, _)| name)
        .collect();
    none(&wrong, "places that ask for the time");
}

#[test]
fn nothing_is_left_over() {
    let leftovers = ["TO", "FIX"].map(|word| format!("{word}{}", if word == "TO" { "DO" } else { "ME" }));
    let ignored = format!("#[{}", "ignore");
    let mut wrong = Vec::new();
    for (name, text) in files(&root(), &[".rs", ".js", ".mjs", ".css", ".sh", ".toml"]) {
        let says = |line: &str, word: &str| {
            line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphabetic()))
        };
        let hits = text
            .lines()
            .zip(1..)
            .filter(|(line, _)| leftovers.iter().any(|word| says(line, word)) || line.contains(&ignored));
        wrong.extend(hits.map(|(line, number)| format!("{name}:{number}: {}", line.trim())));
    }
    none(&wrong, "leftovers");
}

#[test]
fn links_between_documents_hold() {
    let mut wrong = Vec::new();
    for (name, text) in files(&root(), &[".md"]) {
        let folder = root().join(&name).parent().map(Path::to_path_buf).unwrap_or_default();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split(['#', ' ']).next().unwrap_or_default();
            if target.is_empty()
                || target.contains("://")
                || target.starts_with("mailto:")
                || target.starts_with('/')
            {
                continue;
            }
            if !folder.join(target).exists() {
                wrong.push(format!("{name} → {target}"));
            }
        }
    }
    none(&wrong, "links to nowhere");
}

#[test]
fn the_documents_are_there() {
    let names = [
        "README.md",
        "README.ru.md",
        "ARCHITECTURE.md",
        "GLOSSARY.md",
        "STYLE.md",
        ".ci/run",
        "scripts/test.sh",
    ];
    let missing: Vec<String> =
        names.into_iter().filter(|name| !root().join(name).exists()).map(str::to_owned).collect();
    none(&missing, "documents that are missing");
}
