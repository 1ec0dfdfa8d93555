//! `opora explain`: what does a rule check, or why did a school get its verdict?

use std::io::Write;

use clap::{Args, ValueEnum};
use opora_methodology::{Explanation, Scope, explain};
use serde_json::json;

use super::Verdict;
use super::output::{Failure, stdout};
use super::storage::{self, Storage};
use super::usage::year;
use crate::usecases::results::certainty::{Certainty, Together, certainty, together};
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::identify;

/// Arguments of `opora explain`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Код правила, например D101, или школа: логин, код, название
    #[arg(value_name = "КОД|ШКОЛА")]
    subject: String,
    /// Методика: объяснить вывод о школе
    #[arg(long, value_name = "МЕТОДИКА", requires = "year")]
    pack: Option<String>,
    /// Год вывода о школе
    #[arg(long, value_name = "ГОД", requires = "pack", value_parser = year)]
    year: Option<u16>,
    /// Вид ответа о школе
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

/// Explains a rule of the checker, or a verdict when a methodology and a year are given.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    match (&arguments.pack, arguments.year) {
        (Some(pack), Some(year)) => school(arguments, pack, year),
        _ => rule(&arguments.subject),
    }
}

fn rule(code: &str) -> Result<Verdict, Failure> {
    let Some(rule) = opora_checks::rule(code) else {
        return Err(Failure::refused(format!(
            "Правила «{code}» нет. Проверьте код: он состоит из буквы и числа. Список правил: opora rules. \
             Чтобы объяснить вывод о школе, добавьте --pack и --year."
        )));
    };
    let mut out = stdout();
    writeln!(out, "{}", rule.manual.trim_end())?;
    out.flush()?;
    Ok(Verdict::Fine)
}

fn school(arguments: &Arguments, pack: &str, year: u16) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let bench = arguments.storage.workbench().await?;
        let known = identify::pack(&bench.catalog, pack).map_err(Failure::refused)?;
        let dataset = Dataset::load(&bench).await?;
        let registry = &dataset.registry.registry;
        let id = identify::school(registry, &arguments.subject).map_err(Failure::refused)?;
        let identified = identify::judge(&bench.catalog, &dataset, known, year, Scope::Organisation(id));
        let verdict = identified
            .run
            .of(id)
            .ok_or_else(|| Failure::refused(identify::why_not_judged(registry, id, year)))?;
        let source = |origin| dataset.source(id, origin);
        let told = explain(&known.pack, &bench.catalog.dictionary, registry, verdict, &source);
        let sure = certainty(&bench.catalog, &dataset, &known.pack, id, year);
        let criteria = together(&bench.catalog, &dataset, &known.pack, id, year);
        let name = |procedure| bench.catalog.dictionary.procedure_name(procedure);
        let mut out = stdout();
        match arguments.format {
            Format::Text => {
                write!(out, "{}", text(&told))?;
                sure.iter()
                    .enumerate()
                    .try_for_each(|(at, one)| sure_line(at, &name(one.procedure), one, &mut out))?;
                if !sure.is_empty() {
                    criteria.iter().try_for_each(|one| {
                        writeln!(out, "  • {}. {} – {}", one.criterion, one.name, one.words())
                    })?;
                }
            }
            Format::Json => {
                let mut answer = json(&told);
                answer["certainty"] = sure.iter().map(|one| sure_json(&name(one.procedure), one)).collect();
                answer["certainty_of_criteria"] = criteria.iter().map(together_json).collect();
                serde_json::to_writer_pretty(&mut out, &answer)?;
                writeln!(out)?;
            }
        }
        out.flush()?;
        Ok(Verdict::Fine)
    })
}

fn text(told: &Explanation) -> String {
    let mut lines = vec![told.headline.clone()];
    lines.extend(told.summary.iter().map(|line| format!("  {line}")));
    for part in &told.parts {
        lines.push(format!("\n{}. {} — {}", part.id, part.name, part.answer));
        lines.push(format!("  {} ({})", part.asks, part.clause));
        lines.extend(part.seen.iter().map(|line| format!("  • {line}")));
    }
    if !told.combinations.is_empty() {
        lines.push(String::new());
        lines.extend(told.combinations.iter().cloned());
    }
    if !told.notes.is_empty() {
        lines.push("\nЧто ещё важно".to_owned());
        lines.extend(told.notes.iter().map(|line| format!("  {line}")));
    }
    lines.join("\n") + "\n"
}

fn sure_line(at: usize, name: &str, sure: &Certainty, out: &mut impl Write) -> Result<(), Failure> {
    if at == 0 {
        writeln!(out, "\nНасколько это надёжно: вероятность, что настоящая доля не ниже порога")?;
    }
    let small = if sure.small { "; мало участников" } else { "" };
    let percent = format!("{:.1}", sure.probability * 100.0).replace('.', ",");
    Ok(writeln!(out, "  • {name}: {} из {} – {percent} %, {}{small}", sure.failed, sure.judged, sure.word)?)
}

fn sure_json(name: &str, sure: &Certainty) -> serde_json::Value {
    json!({
        "procedure": name, "failed": sure.failed, "judged": sure.judged,
        "probability_at_or_above_line": sure.probability, "words": sure.word, "small": sure.small,
    })
}

fn together_json(told: &Together) -> serde_json::Value {
    let chance = told.chance.as_ref().ok();
    json!({
        "criterion": told.criterion, "name": told.name, "words": told.words(),
        "procedures_needed": chance.map(|chance| chance.count),
        "probability_bounds": chance.map(|chance| [chance.bounds.0, chance.bounds.1]),
        "probability_if_independent": chance.map(|chance| chance.alone),
    })
}

fn json(told: &Explanation) -> serde_json::Value {
    let part = |part: &opora_methodology::Part| {
        json!({
            "id": part.id, "name": part.name, "clause": part.clause, "asks": part.asks,
            "truth": part.truth.map(opora_methodology::Truth::id), "answer": part.answer, "seen": part.seen,
        })
    };
    json!({
        "headline": told.headline, "summary": told.summary, "combinations": told.combinations,
        "notes": told.notes, "criteria": told.parts.iter().map(part).collect::<Vec<_>>(),
    })
}
