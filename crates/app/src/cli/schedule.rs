//! `opora schedule`: how is a deadline text understood?

use std::io::{BufRead, Write};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use opora_exchange::schedule_to_json;
use opora_schedule::{Context, Period, parse};

use super::Verdict;
use super::output::{Failure, stdout, system_words};

/// Arguments of `opora schedule`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Текст срока, например «до 30 мая 2021, ежемесячно»
    #[arg(value_name = "ТЕКСТ", required_unless_present = "stdin", conflicts_with = "stdin")]
    text: Option<String>,
    /// Читать тексты из стандартного ввода, по одному в строке
    #[arg(long)]
    stdin: bool,
    /// Год раздела, в котором стоит мероприятие
    #[arg(long, value_name = "ГОД", value_parser = clap::value_parser!(i16).range(1990..=2100))]
    year: Option<i16>,
    /// Период плана: 2020-01-01/2024-12-31
    #[arg(long, value_name = "НАЧАЛО/КОНЕЦ", value_parser = period)]
    period: Option<Period>,
    /// Дата приказа: 2020-09-17
    #[arg(long, value_name = "ДАТА", value_parser = date)]
    act_date: Option<Date>,
    /// Вид ответа
    #[arg(long, value_enum, value_name = "ВИД", default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Словами
    Text,
    /// JSON
    Json,
    /// JSON, по одному объекту в строке
    Jsonl,
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("«{text}» — не дата. Пишите год-месяц-день: 2020-09-17"))
}

fn period(text: &str) -> Result<Period, String> {
    let (start, end) = text.split_once('/').ok_or_else(|| {
        format!("«{text}» — не период. Пишите две даты через косую черту: 2020-01-01/2024-12-31")
    })?;
    let (start, end) = (date(start)?, date(end)?);
    if end < start {
        return Err(format!("период «{text}» заканчивается раньше, чем начинается. Поменяйте даты местами"));
    }
    Ok(Period { start, end })
}

/// Understands one text, or each line of standard input.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let context = Context { year: arguments.year, period: arguments.period, act_date: arguments.act_date };
    let mut out = stdout();
    if let Some(text) = &arguments.text {
        show(text, &context, arguments.format, &mut out)?;
    } else {
        let unreadable = |error| {
            Failure::refused(format!(
                "Стандартный ввод не удалось прочитать: {}. Нужен текст в UTF-8.",
                system_words(&error)
            ))
        };
        for line in std::io::stdin().lock().lines() {
            show(&line.map_err(unreadable)?, &context, arguments.format, &mut out)?;
        }
    }
    out.flush()?;
    Ok(Verdict::Fine)
}

fn show(text: &str, context: &Context, format: Format, out: &mut impl Write) -> Result<(), Failure> {
    let schedule = parse(text, context);
    match format {
        Format::Text => writeln!(out, "{schedule}")?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &schedule_to_json(&schedule))?;
            writeln!(out)?;
        }
        Format::Jsonl => {
            serde_json::to_writer(&mut *out, &schedule_to_json(&schedule))?;
            writeln!(out)?;
        }
    }
    Ok(())
}
