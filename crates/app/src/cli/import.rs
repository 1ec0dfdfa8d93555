//! `opora import`: what does an order say?

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use opora_access::Place;
use opora_cycle::vocabulary::{ActKind, Activity, Order};
use opora_exchange::to_json;
use opora_neutral::Level;

use super::Verdict;
use super::output::{Failure, complain, level_word, read_file, shorten, stdout};
use super::storage::{self, Storage};
use crate::clock;
use crate::usecases::import::{read_order, save};

/// Arguments of `opora import`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Файлы приказов: DOCX, PDF, скан, XLSX, ODT, текст
    #[arg(value_name = "ФАЙЛ", required = true)]
    files: Vec<PathBuf>,
    /// Вид ответа
    #[arg(long, value_enum, value_name = "ВИД", default_value_t = Format::Table)]
    format: Format,
    /// Сохранить планы в базе, чтобы работать с ними в браузере
    #[arg(long)]
    save: bool,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Таблица для чтения
    Table,
    /// JSON; для нескольких файлов — по одному объекту в строке
    Json,
}

/// Reads the files one after the other; a bad one does not stop the rest.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let mut out = stdout();
    let mut verdict = Verdict::Fine;
    let saver = if arguments.save { Some(Saver::open(&arguments.storage)?) } else { None };
    for path in &arguments.files {
        let bytes = match read_file(path) {
            Ok(bytes) => bytes,
            Err(message) => {
                complain(&message);
                verdict = Verdict::BadInput;
                continue;
            }
        };
        let order = read_order(&path.to_string_lossy(), &bytes);
        match arguments.format {
            Format::Table => write_table(&order, &mut out)?,
            Format::Json if arguments.files.len() == 1 => {
                serde_json::to_writer_pretty(&mut out, &to_json(&order))?;
                writeln!(out)?;
            }
            Format::Json => {
                serde_json::to_writer(&mut out, &to_json(&order))?;
                writeln!(out)?;
            }
        }
        verdict = verdict.max(verdict_of(&order));
        if let Some(saver) = &saver {
            out.flush()?;
            saver.save(&order, &bytes)?;
        }
    }
    out.flush()?;
    Ok(verdict)
}

/// A file without text is bad input; an error among the findings of a readable one is a finding.
fn verdict_of(order: &Order) -> Verdict {
    let error = order.findings.iter().any(|finding| finding.level == Level::Error);
    let nothing_read = order.plans.is_empty() && order.act.kind.is_none() && order.unplaced.is_empty();
    match (error, nothing_read) {
        (true, true) => Verdict::BadInput,
        (true, false) => Verdict::Findings,
        (false, _) => Verdict::Fine,
    }
}

/// Saves orders; what it says goes to standard error, so that it does not mix with JSON.
struct Saver {
    runtime: tokio::runtime::Runtime,
    store: opora_store::Store,
}

impl Saver {
    fn open(storage: &Storage) -> Result<Self, Failure> {
        let runtime = storage::runtime()?;
        let store = runtime.block_on(storage.open())?;
        Ok(Self { runtime, store })
    }

    fn save(&self, order: &Order, bytes: &[u8]) -> Result<(), Failure> {
        let name = &order.source.name;
        let message = self.runtime.block_on(async {
            let known = self.store.plans_of_source(&order.source.sha256).await?;
            let saved =
                save(&self.store, order, bytes, Place::Installation, storage::WHO, clock::now()).await?;
            let numbers = saved.iter().map(|plan| format!("№ {}", plan.0)).collect::<Vec<_>>().join(", ");
            Ok::<_, Failure>(match (known.is_empty(), saved.is_empty()) {
                (false, _) => {
                    format!("{name}: файл уже сохранён раньше (план {numbers}); второй раз не добавляем.")
                }
                (true, true) => format!("{name}: плана нет, сохранять нечего."),
                (true, false) => format!("{name}: сохранено, план {numbers}."),
            })
        })?;
        complain(&message);
        Ok(())
    }
}

fn write_table(order: &Order, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "{}", order.source.name)?;
    writeln!(out, "  {}", act_line(order))?;
    if let Some(title) = &order.act.title {
        writeln!(out, "  {title}")?;
    }
    for plan in &order.plans {
        let period =
            plan.period.map(|period| format!(" · {} — {}", period.start, period.end)).unwrap_or_default();
        writeln!(out, "\n  {}{period}", plan.title)?;
        for section in &plan.sections {
            let number = section.number.as_ref().map(|number| format!("{number}. ")).unwrap_or_default();
            if !section.title.is_empty() {
                writeln!(out, "\n  {number}{}", section.title)?;
            }
            for activity in &section.activities {
                write_activity(activity, out)?;
            }
        }
        writeln!(out, "\n  Мероприятий: {}", plan.activities().count())?;
    }
    for finding in &order.findings {
        writeln!(
            out,
            "  {} {}: {}: {}",
            finding.code,
            level_word(finding.level),
            finding.place,
            finding.message()
        )?;
    }
    if !order.unplaced.is_empty() {
        writeln!(
            out,
            "  Без места в плане осталось фрагментов текста: {} (все они видны в JSON и в браузере).",
            order.unplaced.len()
        )?;
    }
    writeln!(out)?;
    Ok(())
}

fn act_line(order: &Order) -> String {
    let act = &order.act;
    let kind = act.kind.map_or("Вид акта не найден", ActKind::russian);
    let date =
        act.date.map_or("без даты".to_owned(), |date| format!("от {}", date.strftime("%d.%m.%Y")));
    let number = act.number.as_ref().map_or("без номера".to_owned(), |number| format!("№ {number}"));
    let authority = act.authority.as_deref().unwrap_or("орган не найден");
    format!("{kind} {date} {number} · {authority}")
}

fn write_activity(activity: &Activity, out: &mut impl Write) -> Result<(), Failure> {
    let number = activity.number.as_deref().unwrap_or("—");
    writeln!(out, "  {number:>6}  {}", shorten(&activity.title, 100))?;
    writeln!(
        out,
        "          срок: {} → {}",
        shorten(&activity.schedule.text, 60),
        shorten(&activity.schedule.to_string(), 80)
    )?;
    if !activity.responsible.is_empty() {
        writeln!(out, "          кто: {}", shorten(&activity.responsible_text(), 100))?;
    }
    Ok(())
}
