//! `opora compare`: what is different between two frozen runs?

use std::io::Write;

use clap::{Args, ValueEnum};
use opora_store::RunId;
use serde_json::json;

use super::Verdict;
use super::output::{Failure, stdout};
use super::storage::{self, Storage};
use crate::usecases::results::frozen::{Frozen, changes};

/// Arguments of `opora compare`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Номер первого расчёта
    #[arg(value_name = "РАНЬШЕ", index = 1)]
    before: i64,
    /// Номер второго расчёта
    #[arg(value_name = "ПОЗЖЕ", index = 2)]
    after: i64,
    /// Вид ответа
    #[arg(long, value_enum, value_name = "ВИД", default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Для чтения
    Text,
    /// JSON
    Json,
}

/// Compares two runs as they were frozen, whatever was loaded since.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let bench = arguments.storage.workbench().await?;
        let registry = bench.store.registry().await?.registry;
        let load = async |id| Ok::<_, Failure>(Frozen::read(&bench.store.run(RunId(id)).await?));
        let (before, after) = (load(arguments.before).await?, load(arguments.after).await?);
        let changes = changes(&before, &after, &registry, &bench.catalog);
        let mut out = stdout();
        match arguments.format {
            Format::Json => {
                let change = |change: &crate::usecases::results::frozen::Change| {
                    json!({
                        "organisation": change.organisation.0, "name": change.name,
                        "before": change.before, "after": change.after, "reasons": change.reasons,
                    })
                };
                let list: Vec<_> = changes.iter().map(change).collect();
                let answer = json!({
                    "before": before.head(), "after": after.head(), "same": before.same(&after), "changes": list,
                });
                serde_json::to_writer_pretty(&mut out, &answer)?;
                writeln!(out)?;
            }
            Format::Text => {
                writeln!(out, "Отличий: {}, без изменений: {}.", changes.len(), before.same(&after))?;
                for change in &changes {
                    let from = change.before.as_deref().unwrap_or("не рассматривалась");
                    let to = change.after.as_deref().unwrap_or("не рассматривалась");
                    writeln!(out, "  {}: {from} → {to}", change.name)?;
                    for reason in &change.reasons {
                        writeln!(out, "      {reason}")?;
                    }
                }
            }
        }
        out.flush()?;
        Ok(Verdict::Fine)
    })
}
