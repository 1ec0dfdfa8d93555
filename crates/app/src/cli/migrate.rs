//! `opora migrate`: are the tables of the database those of this program?

use std::io::Write;

use clap::Args;

use super::Verdict;
use super::output::{Failure, stdout};
use super::storage::{self, Storage};

/// Arguments of `opora migrate`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Только посмотреть: код завершения 1, если база отстаёт; ничего не меняется
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    storage: Storage,
}

/// Tells what the database lacks, or adds it.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let url = arguments.storage.database()?;
        let pending = opora_store::Store::pending_migrations(&url).await?;
        let mut out = stdout();
        if pending.is_empty() {
            writeln!(out, "База в порядке: таблицы такие, какие нужны этой версии программы.")?;
            return Ok(Verdict::Fine);
        }
        let names = pending.join(", ");
        if arguments.check {
            writeln!(out, "База отстаёт, не хватает изменений: {} ({names}).", pending.len())?;
            writeln!(out, "Сделайте копию командой opora backup и выполните opora migrate.")?;
            return Ok(Verdict::Findings);
        }
        arguments.storage.open().await?.close().await?;
        writeln!(out, "Готово. Внесено изменений: {} ({names}).", pending.len())?;
        Ok(Verdict::Fine)
    })
}
