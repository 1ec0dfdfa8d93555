//! `opora org`: which organisations are known, and what became of each?

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use opora_access::{Place, contains};
use opora_registry::{EventKind, Node, NodeId, NodeLevel, Organisation, Registry, Scheme};

use super::Verdict;
use super::output::{Failure, read_file, stdout};
use super::results::line;
use super::storage::{self, Storage};
use crate::clock;
use crate::usecases::results::alphabet;
use crate::usecases::results::registry::{read, save};

/// Arguments of `opora org`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Загрузить реестр: регионы, муниципалитеты, школы, переименования, слияния, закрытия
    Import(ImportArguments),
    /// Перечислить регионы, муниципалитеты и школы
    List(ListArguments),
    /// Показать школу, муниципалитет или регион: номера, коды, что с ними было
    Show(ShowArguments),
}

#[derive(Debug, Args)]
struct ImportArguments {
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

#[derive(Debug, Args)]
struct ShowArguments {
    /// Название, логин, код или номер
    #[arg(value_name = "ОРГАНИЗАЦИЯ")]
    named: String,
    #[command(flatten)]
    storage: Storage,
}

/// Loads, lists or shows.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    match &arguments.action {
        Action::Import(arguments) => import(arguments),
        Action::List(arguments) => list(arguments),
        Action::Show(arguments) => show(arguments),
    }
}

fn import(arguments: &ImportArguments) -> Result<Verdict, Failure> {
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
        if registry.organisations().is_empty() {
            writeln!(out, "Школ пока нет. Загрузите реестр: opora org import ФАЙЛ...")?;
        }
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

fn show(arguments: &ShowArguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let registry = arguments.storage.open().await?.registry().await?.registry;
        let wanted = alphabet::key(arguments.named.trim());
        let is = |text: &str| alphabet::key(text) == wanted;
        let mut out = stdout();
        let mut found = 0;
        for node in registry.nodes() {
            if is(&node.name) || node.code.as_deref().is_some_and(is) {
                found += 1;
                node_lines(&registry, node, &mut out)?;
            }
        }
        for school in registry.organisations() {
            let coded = school.identifiers.iter().any(|code| is(&code.value));
            if is(&school.name) || coded || is(&school.id.0.to_string()) {
                found += 1;
                school_lines(&registry, school, &mut out)?;
            }
        }
        out.flush()?;
        if found > 0 {
            return Ok(Verdict::Fine);
        }
        Err(Failure::refused(format!(
            "Организации «{}» в реестре нет. Проверьте название по списку: opora org list.",
            arguments.named
        )))
    })
}

fn node_lines(registry: &Registry, node: &Node, out: &mut impl Write) -> Result<(), Failure> {
    let level = if node.level == NodeLevel::Region { "регион" } else { "муниципалитет" };
    writeln!(out, "{} — {level}, № {}", node.name, node.id.0)?;
    if let Some(code) = &node.code {
        writeln!(out, "  код: {code}")?;
    }
    let below = registry.nodes().filter(|own| own.parent == Some(node.id)).count();
    let place = Place::Node(node.id);
    let inside = |school: &&Organisation| contains(place, Place::School(school.id), registry);
    let schools = registry.organisations().iter().filter(inside).count();
    if below > 0 {
        writeln!(out, "  муниципалитетов: {below}")?;
    }
    writeln!(out, "  школ: {schools}")?;
    Ok(())
}

fn school_lines(registry: &Registry, school: &Organisation, out: &mut impl Write) -> Result<(), Failure> {
    let name = |id: Option<NodeId>| id.and_then(|id| registry.node(id)).map(|node| node.name.as_str());
    let kind = if school.kind.is_empty() { "школа" } else { school.kind.as_str() };
    writeln!(out, "{} — {kind}, № {}", school.name, school.id.0)?;
    let places = [name(registry.region_of(school.id)), name(Some(school.municipality))];
    writeln!(out, "  {}", places.into_iter().flatten().collect::<Vec<_>>().join(", "))?;
    for code in &school.identifiers {
        let scheme = match code.scheme {
            Scheme::Login => "логин",
            Scheme::RegionalCode => "код в регионе",
            Scheme::TaxNumber => "ИНН",
        };
        writeln!(out, "  {scheme}: {}", code.value)?;
    }
    for event in registry.events_of(school.id) {
        writeln!(out, "  {}: {}", event.date, event_words(registry, &event.kind))?;
    }
    Ok(())
}

fn event_words(registry: &Registry, kind: &EventKind) -> String {
    match kind {
        EventKind::Opened => "открыта".to_owned(),
        EventKind::Renamed { former } => format!("переименована, прежнее название: {former}"),
        EventKind::MergedInto(into) => {
            let name =
                registry.get(*into).map_or_else(|| format!("№ {}", into.0), |school| school.name.clone());
            format!("присоединена к школе {name}")
        }
        EventKind::Closed => "закрыта".to_owned(),
    }
}
