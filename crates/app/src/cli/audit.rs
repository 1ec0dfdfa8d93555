//! `opora audit verify`: has anybody changed the journal?

use std::io::Write;

use clap::{Args, Subcommand};
use opora_store::AuditVerdict;

use super::Verdict;
use super::output::{Failure, stdout};
use super::storage::{self, Storage};

/// Arguments of `opora audit`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Проверить, что журнал изменений цел
    Verify {
        #[command(flatten)]
        storage: Storage,
    },
}

/// Walks the chain of the journal.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let Verb::Verify { storage } = &arguments.verb;
    let verdict = storage::runtime()?.block_on(async {
        let store = storage.open().await?;
        store.verify_audit().await.map_err(Failure::from)
    })?;
    let mut out = stdout();
    let outcome = match verdict {
        AuditVerdict::Whole { events, last_hash } => {
            writeln!(out, "Журнал цел: записей — {events}, последний хеш {last_hash}.")?;
            Verdict::Fine
        }
        AuditVerdict::Broken { .. } => {
            writeln!(
                out,
                "Журнал нарушен: {verdict:?}. Восстановите базу из копии, сделанной раньше этой записи."
            )?;
            Verdict::Findings
        }
    };
    out.flush()?;
    Ok(outcome)
}
