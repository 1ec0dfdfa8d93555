//! `opora packs`: which methodologies are known, and is one well formed?

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use opora_methodology::{Description, describe};

use super::Verdict;
use super::output::{Failure, stdout};
use crate::usecases::results::catalog::Catalog;
use crate::usecases::results::identify;

/// Arguments of `opora packs`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Рассказать об одной методике: числа, пункты, примеры
    #[arg(value_name = "МЕТОДИКА")]
    pack: Option<String>,
    /// Папка со своими методиками
    #[arg(long, value_name = "ПАПКА")]
    folder: Option<PathBuf>,
}

/// Lists the methodologies, or tells one. A methodology that can't be used is a finding.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    if let Some(folder) = arguments.folder.as_deref() {
        is_folder(folder)?;
    }
    let catalog = Catalog::read(arguments.folder.as_deref()).map_err(|error| Failure::refused(error.0))?;
    let mut out = stdout();
    if let Some(id) = &arguments.pack {
        let known = identify::pack(&catalog, id).map_err(Failure::refused)?;
        write!(out, "{}", told(&describe(&known.pack, &catalog.dictionary)))?;
        out.flush()?;
        return Ok(Verdict::Fine);
    }
    for known in catalog.packs.values() {
        writeln!(out, "{:<20} {}", known.pack.id, known.pack.title)?;
    }
    for refused in &catalog.refused {
        writeln!(out, "\n{}: не подключена", refused.id)?;
        for error in &refused.errors {
            writeln!(out, "  {error}")?;
        }
    }
    out.flush()?;
    Ok(if catalog.refused.is_empty() { Verdict::Fine } else { Verdict::Findings })
}

/// A folder that is named has to be there: without it the methodologies in it would be missing silently.
pub(super) fn is_folder(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    Err(Failure::refused(format!("Папки методик «{}» нет. Проверьте её имя.", folder.display())))
}

fn told(description: &Description) -> String {
    let mut lines = vec![description.title.clone(), description.about.clone()];
    lines.extend(description.act.iter().cloned());
    lines.push("\nЧисла".to_owned());
    for number in &description.numbers {
        lines.push(format!("  {} ({}): {} — {}", number.name, number.id, number.value, number.clause));
    }
    lines.push("\nПризнаки".to_owned());
    for criterion in &description.criteria {
        lines.push(format!(
            "  {}. {}: {} ({})",
            criterion.id, criterion.name, criterion.asks, criterion.clause
        ));
    }
    for (title, list) in [
        ("Сочетания", &description.conditions),
        ("Категории", &description.categories),
        ("Уровни", &description.tiers),
    ] {
        if !list.is_empty() {
            lines.push(format!("\n{title}"));
            lines.extend(list.iter().map(|line| format!("  {line}")));
        }
    }
    lines.extend(description.exit.iter().map(|exit| format!("\nВыход: {exit}")));
    for example in &description.examples {
        lines.push(format!("\nПример: {}", example.name));
        lines.extend(example.known.iter().map(|line| format!("  {line}")));
        lines.extend(example.outcome.iter().map(|line| format!("  ⇒ {line}")));
    }
    lines.join("\n") + "\n"
}
