//! Do the examples of each manual page hold?

#![allow(clippy::unwrap_used, clippy::panic, reason = "a page that is not of its form must fail its test")]

mod example;

use opora_checks::{Rule, Subject, check, rule, rules};

const HEADINGS: [&str; 6] = [
    "Что проверяет",
    "Почему это важно",
    "Как исправить",
    "Пример с ошибкой",
    "Пример без ошибки",
    "Когда можно отключить",
];

/// Text under a heading of the second level.
fn chapter<'m>(rule: &Rule, heading: &str) -> &'m str
where
    'static: 'm,
{
    let start = rule.manual.find(&format!("\n## {heading}\n"));
    let start = start.unwrap_or_else(|| panic!("{}: no chapter «{heading}»", rule.code));
    let text = &rule.manual[start + 1..];
    let text = text.split_once('\n').unwrap().1;
    text.split("\n## ").next().unwrap().trim()
}

/// Every example under a heading.
fn examples(rule: &Rule, heading: &str) -> Vec<&'static str> {
    let fences = chapter(rule, heading).split("```план\n").skip(1);
    let examples: Vec<&str> = fences.map(|fence| fence.split("```").next().unwrap()).collect();
    assert!(!examples.is_empty(), "{}: no example under «{heading}»", rule.code);
    examples
}

fn found(rule: &Rule, example: &example::Example) -> Vec<Subject> {
    let report = check(&example.order, &example.suppressions);
    let mut subjects: Vec<Subject> = report
        .findings
        .iter()
        .filter(|finding| finding.code == rule.code)
        .map(|finding| finding.subject)
        .collect();
    subjects.sort();
    subjects
}

#[test]
fn bad_examples_are_found_exactly_where_the_page_says() {
    for rule in rules() {
        for text in examples(rule, "Пример с ошибкой") {
            let example = example::read(text);
            assert!(!example.expected.is_empty(), "{}: the bad example expects nothing", rule.code);
            let parts: Vec<_> = example.order.plans[0].activities().map(|a| &a.schedule.parts).collect();
            assert_eq!(found(rule, &example), example.expected, "{} {text}\n{parts:#?}", rule.code);
        }
    }
}

#[test]
fn good_examples_are_free_of_the_finding() {
    for rule in rules() {
        for text in examples(rule, "Пример без ошибки") {
            let example = example::read(text);
            assert!(example.expected.is_empty(), "{}: the good example expects a finding", rule.code);
            assert_eq!(found(rule, &example), [], "{} {text}", rule.code);
        }
    }
}

#[test]
fn every_page_has_the_same_chapters_and_its_title() {
    for rule in rules() {
        assert!(rule.manual.starts_with(&format!("# {}. {}\n", rule.code, rule.title)), "{}", rule.code);
        for heading in HEADINGS {
            assert!(!chapter(rule, heading).is_empty(), "{}: «{heading}» is empty", rule.code);
        }
    }
}

#[test]
fn codes_and_names_are_unique_and_of_their_form() {
    let mut codes = Vec::new();
    let mut names = Vec::new();
    for rule in rules() {
        assert!(rule.code.starts_with(rule.family.letter()), "{}", rule.code);
        assert_eq!(rule.code.len(), 4, "{}", rule.code);
        assert!(rule.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", rule.name);
        assert!(rule.silences.iter().all(|code| self::rule(code).is_some()), "{}", rule.code);
        codes.push(rule.code);
        names.push(rule.name);
    }
    for list in [&mut codes, &mut names] {
        let all = list.len();
        list.sort_unstable();
        list.dedup();
        assert_eq!(list.len(), all);
    }
}

#[test]
fn a_rule_is_found_by_its_code_in_any_case() {
    assert_eq!(rule(" d101 ").map(|rule| rule.name), Some("reversed-interval"));
    assert!(rule("X999").is_none());
}
