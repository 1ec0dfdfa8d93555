//! `opora results`: which results are loaded?

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand, ValueEnum};
use opora_forms::{FormKind, Mapping};
use opora_neutral::Finding;
use opora_store::{Authorship, ResultFileId};
use serde_json::{Value, json};

use super::Verdict;
use super::output::{Failure, complain, level_word, stdout, system_words};
use super::storage::{self, Storage};
use super::usage::year;
use crate::clock;
use crate::usecases::results::dataset::{Workbench, sweep};
use crate::usecases::results::identify::scope;
use crate::usecases::results::intake::{Added, Known, add, amount};

/// Arguments of `opora results`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Загрузить файлы: ВПР, ОГЭ, ЕГЭ, социальные паспорта, таблицы CSV, XLSX, Parquet
    Add(AddArguments),
    /// Перечислить загруженные файлы
    List(ListArguments),
    /// Исключить файл из расчётов
    Remove(RemoveArguments),
    /// Удалить из хранилища результаты исключённых файлов
    Sweep(SweepArguments),
}

#[derive(Debug, Args)]
struct AddArguments {
    /// Файлы с результатами
    #[arg(value_name = "ФАЙЛ", required = true)]
    files: Vec<PathBuf>,
    /// Вид формы, если он не узнан сам
    #[arg(long, value_name = "ВИД", value_parser = kind)]
    kind: Option<FormKind>,
    /// Описание столбцов (TOML) для незнакомой таблицы
    #[arg(long, value_name = "ФАЙЛ")]
    mapping: Option<PathBuf>,
    /// Год, если его нет в файле
    #[arg(long, value_name = "ГОД", value_parser = year)]
    year: Option<u16>,
    /// Регион, чьи коды организаций в файле: название или код
    #[arg(long, value_name = "РЕГИОН")]
    region: Option<String>,
    /// Пропустить школы, которых нет в реестре
    #[arg(long)]
    skip_unknown: bool,
    /// Заменить файлы, в которых те же результаты
    #[arg(long)]
    replace: bool,
    /// Вид ответа
    #[arg(long, value_enum, value_name = "ВИД", default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct ListArguments {
    /// Вид ответа
    #[arg(long, value_enum, value_name = "ВИД", default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct RemoveArguments {
    /// Номер файла из списка
    #[arg(value_name = "НОМЕР")]
    number: i64,
    /// Почему файл исключается
    #[arg(long, value_name = "ПРИЧИНА")]
    reason: String,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Debug, Args)]
struct SweepArguments {
    /// Не трогать записанное за последние часы: его могут как раз загружать
    #[arg(long, value_name = "ЧАСЫ", default_value_t = 24)]
    older_than_hours: u32,
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

fn kind(text: &str) -> Result<FormKind, String> {
    FormKind::from_name(text).ok_or_else(|| {
        let known: Vec<&str> = FormKind::ALL.iter().map(|(name, _)| *name).collect();
        format!("вида «{text}» нет. Есть: {}", known.join(", "))
    })
}

/// Loads, lists or takes out.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    match &arguments.action {
        Action::Add(arguments) => load(arguments),
        Action::List(arguments) => list(arguments),
        Action::Remove(arguments) => remove(arguments),
        Action::Sweep(arguments) => sweep_store(arguments),
    }
}

fn load(arguments: &AddArguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let bench = arguments.storage.workbench().await?;
        let known = known(arguments, &bench).await?;
        let mut verdict = Verdict::Fine;
        let mut out = stdout();
        let mut answers = Vec::new();
        for path in &arguments.files {
            let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
            let added = add(&bench, path, &name, known.clone(), storage::WHO, clock::now()).await;
            let added = match added {
                Ok(added) => added,
                Err(error) => {
                    complain(&error);
                    verdict = Verdict::BadInput;
                    continue;
                }
            };
            if added.summary.is_refused() {
                verdict = verdict.max(Verdict::BadInput);
            }
            match arguments.format {
                Format::Text => text(&added, &mut out)?,
                Format::Json => answers.push(answer(&added)),
            }
        }
        if arguments.format == Format::Json {
            serde_json::to_writer_pretty(&mut out, &answers)?;
            writeln!(out)?;
        }
        out.flush()?;
        Ok(verdict)
    })
}

async fn known(arguments: &AddArguments, bench: &Workbench) -> Result<Known, Failure> {
    let mapping = match &arguments.mapping {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::refused(format!(
                    "{}: описание столбцов не читается ({}).",
                    path.display(),
                    system_words(&error)
                ))
            })?;
            let read = Mapping::read(&text, &bench.catalog.dictionary).map_err(|errors| {
                let lines: Vec<String> = errors
                    .iter()
                    .map(|error| format!("{}: {}: {}", path.display(), error.place, error.message))
                    .collect();
                Failure::refused(lines.join("\n"))
            })?;
            Some(read)
        }
        None => None,
    };
    let region = match &arguments.region {
        Some(name) => {
            let registry = bench.store.registry().await?.registry;
            match scope(&registry, &format!("region:{name}")).map_err(Failure::refused)? {
                opora_methodology::Scope::Node(node) => Some(node),
                _ => None,
            }
        }
        None => None,
    };
    Ok(Known {
        kind: arguments.kind,
        mapping,
        year: arguments.year,
        region,
        skip_unknown: arguments.skip_unknown,
        replace: arguments.replace,
    })
}

fn text(added: &Added, out: &mut impl Write) -> Result<(), Failure> {
    let summary = &added.summary;
    let name = &added.name;
    match (added.id, added.known) {
        (_, Some(id)) => writeln!(out, "{name}: уже загружен (№ {}), ничего не изменено.", id.0)?,
        (Some(id), _) => {
            let kind = summary.kind.map_or("таблица", FormKind::title);
            let years: Vec<String> = summary.years.iter().map(u16::to_string).collect();
            writeln!(
                out,
                "{name}: загружен, № {}. {kind}; школ: {}, строк: {}, годы: {}.",
                id.0,
                summary.schools,
                summary.rows_seen,
                years.join(", ")
            )?;
        }
        (None, None) => {
            writeln!(out, "{name}: не загружен, ошибок: {}. Ничего не изменено.", summary.errors)?;
        }
    }
    for old in &added.replaced {
        writeln!(out, "  Исключён прежний файл: {old}.")?;
    }
    if !summary.dropped.is_empty() {
        writeln!(out, "  Личные данные отброшены, столбцы: {}.", summary.dropped.join(", "))?;
    }
    summary.findings.iter().try_for_each(|finding| line(finding, out))
}

/// One problem, in a line.
pub(super) fn line(finding: &Finding, out: &mut impl Write) -> Result<(), Failure> {
    let place = finding.place.to_string();
    let place = if place.is_empty() { String::new() } else { format!(" {place}:") };
    Ok(writeln!(out, "  {} {}:{place} {}", finding.code, level_word(finding.level), finding.message())?)
}

/// A problem as JSON.
pub(super) fn finding_json(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "level": level_word(finding.level),
        "place": opora_exchange::PlaceJson::from(&finding.place),
        "what": finding.what,
        "why": finding.why,
        "mend": finding.mend,
    })
}

fn answer(added: &Added) -> Value {
    let summary = &added.summary;
    json!({
        "name": added.name,
        "id": added.id.or(added.known).map(|id| id.0),
        "loaded": added.id.is_some(),
        "known_before": added.known.is_some(),
        "replaced": added.replaced,
        "kind": summary.kind.map(FormKind::name),
        "rows": summary.rows,
        "schools": summary.schools,
        "years": summary.years,
        "dropped_columns": summary.dropped,
        "errors": summary.errors,
        "findings": summary.findings.iter().map(finding_json).collect::<Vec<_>>(),
    })
}

fn list(arguments: &ListArguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let files = arguments.storage.open().await?.result_files().await?;
        let mut out = stdout();
        match arguments.format {
            Format::Json => {
                let file = |file: &opora_store::ResultFile| {
                    json!({
                        "id": file.id.0, "name": file.name, "kind": file.kind, "sha256": file.sha256,
                        "summary": file.summary, "added_at": file.added_at.to_string(), "added_by": file.added_by,
                    })
                };
                serde_json::to_writer_pretty(&mut out, &files.iter().map(file).collect::<Vec<_>>())?;
                writeln!(out)?;
            }
            Format::Text if files.is_empty() => {
                writeln!(out, "Результатов пока нет. Загрузите файлы: opora results add ФАЙЛ...")?;
            }
            Format::Text => {
                for file in &files {
                    let title = FormKind::from_name(&file.kind).map_or("таблица", FormKind::title);
                    let schools = file.summary.get("schools").and_then(Value::as_u64).unwrap_or(0);
                    let (what, number) = amount(&file.summary);
                    writeln!(
                        out,
                        "{:>5}  {}  {title}; школ: {schools}, {what}: {number}",
                        file.id.0, file.name
                    )?;
                }
            }
        }
        out.flush()?;
        Ok(Verdict::Fine)
    })
}

fn remove(arguments: &RemoveArguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let store = arguments.storage.open().await?;
        let by = Authorship { who: storage::WHO, reason: &arguments.reason, at: clock::now() };
        store.remove_results(ResultFileId(arguments.number), &by).await?;
        let mut out = stdout();
        writeln!(out, "Файл № {} исключён. Расчёты по прежним данным сохранены.", arguments.number)?;
        out.flush()?;
        Ok(Verdict::Fine)
    })
}

fn sweep_store(arguments: &SweepArguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let bench = arguments.storage.workbench().await?;
        let age = Duration::from_secs(u64::from(arguments.older_than_hours) * 3600);
        let removed = match SystemTime::from(clock::now()).checked_sub(age) {
            Some(before) => sweep(&bench, before).await?,
            None => 0,
        };
        let mut out = stdout();
        if removed == 0 {
            writeln!(out, "Лишнего в хранилище результатов нет.")?;
        } else {
            writeln!(out, "Удалено из хранилища: {removed}. Это результаты исключённых файлов; расчёты, закреплённые по ним, сохранены.")?;
        }
        out.flush()?;
        Ok(Verdict::Fine)
    })
}
