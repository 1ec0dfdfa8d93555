//! `opora rules`: which rules are there?

use std::io::Write;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::output::{Failure, level_word, stdout};
use super::{Verdict, sarif};

/// Arguments of `opora rules`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Вид ответа
    #[arg(long, value_enum, value_name = "ВИД", default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Таблица для чтения
    Table,
    /// JSON
    Json,
}

/// Lists the rules in the order of their codes.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let mut out = stdout();
    match arguments.format {
        Format::Table => {
            for rule in opora_checks::rules() {
                writeln!(out, "{:<6} {:<15} {}", rule.code, level_word(rule.level), rule.title)?;
            }
        }
        Format::Json => {
            let rules: Vec<Value> = opora_checks::rules()
                .iter()
                .map(|rule| json!({ "code": rule.code, "name": rule.name, "level": sarif::level(rule.level), "family": rule.family.russian(), "title": rule.title }))
                .collect();
            serde_json::to_writer_pretty(&mut out, &rules)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(Verdict::Fine)
}
