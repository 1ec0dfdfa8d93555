//! How are the invented scales written down? (In the form of `packs/scales`.)

use std::io;
use std::path::Path;

use opora_cells::{Judgement, LevelCode, Scale};
use toml::{Table, Value};

use crate::Country;

pub(super) fn write(path: &Path, country: &Country) -> io::Result<()> {
    let entries = country.scales().iter().map(|scale| Value::Table(entry(scale, country))).collect();
    let mut table = Table::new();
    table.insert("scale".to_owned(), Value::Array(entries));
    let text = toml::to_string(&table).map_err(io::Error::other)?;
    std::fs::write(
        path,
        format!("# Шкалы выдуманной страны. К настоящим работам их применять нельзя.\n\n{text}"),
    )
}

fn entry(scale: &Scale, country: &Country) -> Table {
    let dictionary = country.dictionary();
    let procedure = scale.procedure;
    let word = |entry: Option<&opora_cells::Entry>| {
        Value::String(entry.map(|entry| entry.id.clone()).unwrap_or_default())
    };
    let mut fields = Table::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("kind", word(dictionary.kinds.get(&procedure.kind)));
    put("subject", word(dictionary.subjects.get(&procedure.subject)));
    put("grade", Value::Integer(i64::from(procedure.grade)));
    if procedure.level != LevelCode::default() {
        put("level", word(dictionary.levels.get(&procedure.level)));
    }
    put("years", numbers(&[scale.years.0, scale.years.1]));
    put("score_max", Value::Integer(i64::from(scale.score_max)));
    match &scale.judgement {
        Judgement::Marks(marks) => put("marks", numbers(marks)),
        Judgement::Minimum(minimum) => put("minimum", Value::Integer(i64::from(*minimum))),
    };
    put("source", Value::String(scale.source.clone()));
    fields
}

fn numbers(values: &[u16]) -> Value {
    Value::Array(values.iter().map(|value| Value::Integer(i64::from(*value))).collect())
}
