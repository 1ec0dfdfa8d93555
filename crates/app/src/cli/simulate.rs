//! `opora simulate`: what would a country look like whose truth is known?

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use opora_simulate::{Layout, Options, Preset, Progress, write};

use super::Verdict;
use super::output::{Failure, complain, stdout, system_words};

/// Arguments of `opora simulate`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Папка, в которую записать придуманную страну
    #[arg(value_name = "ПАПКА")]
    out: PathBuf,
    /// Размер: demo (50 школ), region (500), country (40 000)
    #[arg(long, value_name = "РАЗМЕР", value_parser = preset)]
    preset: Option<Preset>,
    /// Число школ
    #[arg(long, value_name = "ЧИСЛО")]
    schools: Option<u32>,
    /// Число лет
    #[arg(long, value_name = "ЧИСЛО", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=20))]
    years: u16,
    /// Последний год
    #[arg(long, value_name = "ГОД", default_value_t = 2026, value_parser = clap::value_parser!(u16).range(2010..=2099))]
    last_year: u16,
    /// Начальное число: те же параметры дают те же файлы
    #[arg(long, value_name = "ЧИСЛО", default_value_t = 1)]
    seed: u64,
    /// Скольким школам каждого региона написать ещё и книги ВПР по настоящим формам
    #[arg(long, value_name = "ЧИСЛО", default_value_t = 0)]
    forms: u32,
    /// Как разложить результаты
    #[arg(long, value_enum, value_name = "ВИД", default_value_t = Files::Regions)]
    files: Files,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Files {
    /// Файл на регион и год
    Regions,
    /// Один файл
    One,
}

fn preset(text: &str) -> Result<Preset, String> {
    Preset::named(text).ok_or_else(|| "возможны demo, region, country".to_owned())
}

/// Writes the country and tells what is in it.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    let mut options = match (arguments.schools, arguments.preset) {
        (Some(schools), _) => Options::of_schools(schools),
        (None, preset) => Options::preset(preset.unwrap_or_default()),
    };
    options.last_year = arguments.last_year;
    options.seed = arguments.seed;
    options.schools_with_forms = arguments.forms;
    options = options.with_years(arguments.years);
    options.layout = if arguments.files == Files::One { Layout::OneFile } else { Layout::RegionYear };
    let mut shown = 0;
    let mut tell = |progress: Progress| {
        let percent = progress.regions_done * 100 / progress.regions.max(1);
        if percent >= shown + 10 {
            shown = percent;
            complain(&format!("{percent} %"));
        }
    };
    let summary = write(&arguments.out, &options, &mut tell).map_err(|error| {
        Failure::refused(format!("{}: не записано ({}).", arguments.out.display(), system_words(&error)))
    })?;
    let mut out = stdout();
    writeln!(
        out,
        "{}: школ {}, результатов {}. Правда о них — в truth.csv.",
        arguments.out.display(),
        summary.schools,
        summary.rows
    )?;
    out.flush()?;
    Ok(Verdict::Fine)
}
