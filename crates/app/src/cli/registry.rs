//! `opora registry`: which organisations are known?

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use opora_registry::NodeLevel;

use super::Verdict;
use super::output::{Failure, read_file, stdout};
use super::results::line;
use super::storage::{self, Storage};
use crate::clock;
use crate::usecases::results::alphabet;
use crate::usecases::results::registry::{read, save};

/// Arguments of `opora registry`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Загрузить реестр: регионы, муниципалитеты, школы, переименования, слияния, закрытия
    Add(AddArguments),
    /// Показать регионы, муниципалитеты и школы
    List(ListArguments),
}

#[derive(Debug, Args)]
struct AddArguments {
    /// Файлы реестра: CSV или XLSX
    #[arg(value_name = "ФАЙЛ", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct ListArguments {
    #[command(flatten)]
    storage: Storage,
}

/// Loads or lists.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    match &arguments.action {
        Action::Add(arguments) => add(arguments),
        Action::List(arguments) => list(arguments),
    }
}

fn add(arguments: &AddArguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let store = arguments.storage.open().await?;
        let mut out = stdout();
        let mut verdict = Verdict::Fine;
        for path in &arguments.files {
            let bytes = read_file(path).map_err(Failure::refused)?;
            let name = path.to_string_lossy();
            let known = store.registry().await?;
            let reading = read(&known, &name, &bytes);
            let refused = reading.is_refused();
            let (added, met, findings) = (reading.added, reading.known, reading.findings.clone());
            if refused {
                verdict = Verdict::BadInput;
                writeln!(out, "{name}: не загружен. Ничего не изменено.")?;
            } else {
                save(&store, reading, known.version, &name, storage::WHO, clock::now()).await?;
                writeln!(out, "{name}: новых школ: {added}, известных: {met}.")?;
            }
            findings.iter().try_for_each(|finding| line(finding, &mut out))?;
        }
        out.flush()?;
        Ok(verdict)
    })
}

fn list(arguments: &ListArguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let registry = arguments.storage.open().await?.registry().await?.registry;
        let mut out = stdout();
        for region in registry.nodes().filter(|node| node.level == NodeLevel::Region) {
            writeln!(out, "{} (№ {})", region.name, region.id.0)?;
            for municipality in registry.nodes().filter(|node| node.parent == Some(region.id)) {
                writeln!(out, "  {} (№ {})", municipality.name, municipality.id.0)?;
                let mut schools: Vec<_> = registry
                    .organisations()
                    .iter()
                    .filter(|school| school.municipality == municipality.id)
                    .collect();
                schools.sort_by_cached_key(|school| alphabet::key(&school.name));
                for school in schools {
                    let codes: Vec<&str> =
                        school.identifiers.iter().map(|code| code.value.as_str()).collect();
                    writeln!(out, "    {:>6}  {}  {}", school.id.0, school.name, codes.join(", "))?;
                }
            }
        }
        out.flush()?;
        Ok(Verdict::Fine)
    })
}
