//! `opora check`: what is wrong with a plan?

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use opora_checks::{Finding, Report, Suppression, check};
use opora_cycle::vocabulary::Order;
use opora_exchange::PlaceJson;
use opora_store::PlanId;
use serde_json::{Value, json};

use super::output::{Failure, complain, level_word, read_file, stdout};
use super::storage::{self, Storage};
use super::{Verdict, sarif};
use crate::usecases::import::read_order;
use crate::usecases::suppress;

/// Arguments of `opora check`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Файлы приказов, файлы JSON команды import или номера сохранённых планов
    #[arg(value_name = "ФАЙЛ|ПЛАН", required = true)]
    targets: Vec<String>,
    /// Вид ответа
    #[arg(long, value_enum, value_name = "ВИД", default_value_t = Format::Text)]
    format: Format,
    /// Не показывать замечания правила: КОД=причина
    #[arg(long, value_name = "КОД=ПРИЧИНА", value_parser = suppression)]
    suppress: Vec<Suppression>,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Для чтения
    Text,
    /// JSON
    Json,
    /// SARIF 2.1.0 для систем проверки
    Sarif,
}

fn suppression(text: &str) -> Result<Suppression, String> {
    let (code, reason) = text.split_once('=').unwrap_or((text, ""));
    if opora_checks::rule(code).is_none() {
        return Err(format!("правила «{code}» нет. Список правил: opora rules"));
    }
    if reason.trim().is_empty() {
        return Err(format!(
            "для {code} не указана причина. Пишите КОД=причина, например {code}=\"согласовано с отделом\""
        ));
    }
    Ok(Suppression { code: code.to_owned(), subject: None, reason: reason.trim().to_owned() })
}

/// An order with what the checker says of it.
pub(super) struct Checked {
    pub name: String,
    pub order: Order,
    pub report: Report,
}

/// Checks each target; a bad one does not stop the rest.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::Fine;
    let mut checked = Vec::new();
    for target in &arguments.targets {
        match load(target, &arguments.storage) {
            Ok((order, mut suppressions)) => {
                suppressions.extend(arguments.suppress.iter().cloned());
                let report = check(&order, &suppressions);
                verdict = verdict.max(verdict_of(&order, &report));
                checked.push(Checked { name: target.clone(), order, report });
            }
            Err(message) => {
                complain(&message);
                verdict = Verdict::BadInput;
            }
        }
    }
    let mut out = stdout();
    match arguments.format {
        Format::Text => checked.iter().try_for_each(|checked| write_text(checked, &mut out))?,
        Format::Json => write_json(&checked, &mut out)?,
        Format::Sarif => {
            serde_json::to_writer_pretty(&mut out, &sarif::log(&checked))?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(verdict)
}

fn verdict_of(order: &Order, report: &Report) -> Verdict {
    if order.plans.is_empty() {
        return Verdict::BadInput;
    }
    if report.findings.is_empty() { Verdict::Fine } else { Verdict::Findings }
}

/// A saved plan by its number, an order as JSON, or any file that import reads.
fn load(target: &str, storage: &Storage) -> Result<(Order, Vec<Suppression>), String> {
    let path = PathBuf::from(target);
    if let (Ok(number), false) = (target.parse::<i64>(), path.exists()) {
        return load_plan(number, storage);
    }
    let bytes = read_file(&path)?;
    if is_json(&path, &bytes) {
        let text = String::from_utf8(bytes).map_err(|_| format!("{target}: JSON должен быть в UTF-8."))?;
        let order = opora_exchange::read_order(&text).map_err(|error| format!("{target}: {error}"))?;
        return Ok((order, Vec::new()));
    }
    let order = read_order(target, &bytes);
    for finding in order.findings.iter().filter(|_| order.plans.is_empty()) {
        complain(&format!("{target}: {}: {}", finding.code, finding.message()));
    }
    Ok((order, Vec::new()))
}

fn is_json(path: &Path, bytes: &[u8]) -> bool {
    let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    named || (bytes.trim_ascii_start().starts_with(b"{") && !bytes.starts_with(b"{\\rtf"))
}

fn load_plan(number: i64, storage: &Storage) -> Result<(Order, Vec<Suppression>), String> {
    let message = |failure| match failure {
        Failure::Refused(message) => message,
        Failure::PipeClosed => String::new(),
    };
    let runtime = storage::runtime().map_err(message)?;
    runtime.block_on(async {
        let store = storage.open().await.map_err(message)?;
        let record = store.plan(PlanId(number)).await.map_err(|error| error.to_string())?;
        let kept = store.suppressions(PlanId(number)).await.map_err(|error| error.to_string())?;
        let suppressions = suppress::to_checks(&record.order, &kept);
        Ok((record.order, suppressions))
    })
}

fn write_text(checked: &Checked, out: &mut impl Write) -> Result<(), Failure> {
    let report = &checked.report;
    for finding in &report.findings {
        writeln!(out, "{}: {}: {} {}", checked.name, finding.place, finding.code, level_word(finding.level))?;
        writeln!(out, "    {}", finding.message())?;
    }
    writeln!(out, "{}: {}", checked.name, summary(report))?;
    let missing: Vec<&str> =
        report.coverage.iter().filter(|row| row.is_missing()).map(|row| row.component.russian()).collect();
    if !missing.is_empty() {
        writeln!(out, "    Компоненты управленческого цикла без мероприятий: {}.", missing.join("; "))?;
    }
    Ok(())
}

fn summary(report: &Report) -> String {
    let suppressed = match report.suppressed.len() {
        0 => String::new(),
        count => format!("; отключено с указанием причины: {count}"),
    };
    match report.findings.len() {
        0 => format!("замечаний нет{suppressed}."),
        count => format!("замечаний: {count}{suppressed}. Подробно о правиле: opora explain КОД."),
    }
}

fn write_json(checked: &[Checked], out: &mut impl Write) -> Result<(), Failure> {
    let reports: Vec<Value> = checked.iter().map(report_json).collect();
    match &reports[..] {
        [only] => serde_json::to_writer_pretty(&mut *out, only)?,
        _ => serde_json::to_writer_pretty(&mut *out, &reports)?,
    }
    writeln!(out)?;
    Ok(())
}

fn report_json(checked: &Checked) -> Value {
    let report = &checked.report;
    let coverage = report.coverage.iter().map(|row| {
        let activities: Vec<u32> = row.activities.iter().map(|key| key.0).collect();
        json!({ "component": row.component.number(), "name": row.component.russian(), "activities": activities, "missing": row.is_missing() })
    });
    let suppressed = report.suppressed.iter().map(|(finding, reason)| {
        let mut value = finding_json(finding, &checked.order);
        value["reason"] = json!(reason);
        value
    });
    json!({
        "name": checked.name,
        "sha256": checked.order.source.sha256,
        "findings": report.findings.iter().map(|finding| finding_json(finding, &checked.order)).collect::<Vec<_>>(),
        "suppressed": suppressed.collect::<Vec<_>>(),
        "coverage": coverage.collect::<Vec<_>>(),
    })
}

fn finding_json(finding: &Finding, order: &Order) -> Value {
    let (activity, field) = sarif::activity_and_field(finding.subject);
    let number = activity.and_then(|key| {
        order
            .plans
            .iter()
            .flat_map(|plan| plan.activities())
            .find(|activity| activity.key == key)?
            .number
            .clone()
    });
    json!({
        "code": finding.code,
        "level": sarif::level(finding.level),
        "place": PlaceJson::from(&finding.place),
        "place_text": finding.place.to_string(),
        "activity": activity.map(|key| key.0),
        "number": number,
        "field": field,
        "what": finding.what,
        "why": finding.why,
        "mend": finding.mend,
    })
}
