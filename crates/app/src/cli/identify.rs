//! `opora identify`: which schools need support, by a methodology?

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use opora_methodology::what_if;

use super::Verdict;
use super::output::{Failure, complain, stdout, system_words};
use super::storage::{self, Storage};
use super::usage::year;
use crate::clock;
use crate::usecases::results::dataset::Dataset;
use crate::usecases::results::identify::{self, Identified, judge_by};
use crate::usecases::results::list::{Listed, list, to_json, to_table};
use crate::usecases::results::tables;

/// Arguments of `opora identify`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Методика: opora packs покажет все
    #[arg(long, value_name = "МЕТОДИКА")]
    pack: String,
    /// Год, за который делается вывод
    #[arg(long, value_name = "ГОД", value_parser = year)]
    year: u16,
    /// Кого рассмотреть: all, region:Название, municipality:Название, school:логин
    #[arg(long, value_name = "ОХВАТ", default_value = "all")]
    scope: String,
    /// Что было бы с другим числом методики: ИМЯ=ЗНАЧЕНИЕ
    #[arg(long, value_name = "ИМЯ=ЗНАЧЕНИЕ")]
    what_if: Vec<String>,
    /// Вид ответа
    #[arg(long, value_enum, value_name = "ВИД", default_value_t = Format::Table)]
    format: Format,
    /// Записать ответ в файл
    #[arg(long, short, value_name = "ФАЙЛ")]
    output: Option<PathBuf>,
    /// Закрепить расчёт: его можно сравнить, по нему отвечают школы
    #[arg(long)]
    freeze: bool,
    #[command(flatten)]
    storage: Storage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Таблица для чтения
    Table,
    /// JSON
    Json,
    /// CSV с точкой с запятой
    Csv,
    /// Книга Excel
    Xlsx,
}

/// Judges and prints. Listed schools are no findings of the program: the exit code is 0.
pub(super) fn run(arguments: &Arguments) -> Result<Verdict, Failure> {
    storage::runtime()?.block_on(async {
        let bench = arguments.storage.workbench().await?;
        let known = identify::pack(&bench.catalog, &arguments.pack).map_err(Failure::refused)?;
        let dataset = Dataset::load(&bench).await?;
        let scope =
            identify::scope(&dataset.registry.registry, &arguments.scope).map_err(Failure::refused)?;
        let mut pack = known.pack.clone();
        for change in &arguments.what_if {
            let (number, value) = change.split_once('=').ok_or_else(|| {
                Failure::refused(format!("«{change}»: пишите ИМЯ=ЗНАЧЕНИЕ, например low_share=25%."))
            })?;
            pack = what_if(&pack, number.trim(), value.trim()).map_err(Failure::refused)?.into();
        }
        let identified = judge_by(&bench.catalog, &dataset, &pack, &known.sha256, arguments.year, scope);
        warn(&dataset, &identified);
        let schools = list(&identified.run, &dataset.registry.registry);
        write(arguments, &identified, &schools)?;
        if arguments.freeze {
            let id = identified.freeze(&bench.store, storage::WHO, clock::now()).await?;
            complain(&format!("Расчёт закреплён: № {}.", id.0));
        }
        Ok(Verdict::Fine)
    })
}

/// What a reader of the list must know first.
fn warn(dataset: &Dataset, identified: &Identified) {
    let (run, year) = (&identified.run, identified.run.year());
    if !dataset.years().contains(&year) {
        complain(&format!("Результатов за {year} год не загружено: судить почти не о чем."));
    }
    if !run.in_force() {
        complain(&format!(
            "Методика «{}» в {year} году не действовала: расчёт только для сравнения.",
            run.pack().title
        ));
    }
}

fn write(arguments: &Arguments, identified: &Identified, schools: &[Listed]) -> Result<(), Failure> {
    let bytes = match arguments.format {
        Format::Table => text(identified, schools).into_bytes(),
        Format::Json => {
            let mut bytes = serde_json::to_vec_pretty(&to_json(identified, schools))?;
            bytes.push(b'\n');
            bytes
        }
        Format::Csv => tables::csv(&to_table(identified, schools)),
        Format::Xlsx => {
            let title = format!("{}, {} год", identified.run.pack().title, identified.run.year());
            tables::xlsx(&title, &to_table(identified, schools)).map_err(Failure::refused)?
        }
    };
    if let Some(path) = &arguments.output {
        return std::fs::write(path, bytes).map_err(|error| {
            Failure::refused(format!("{}: не записан ({}).", path.display(), system_words(&error)))
        });
    }
    if arguments.format == Format::Xlsx {
        return Err(Failure::refused("Книгу Excel пишут в файл: добавьте --output ФАЙЛ.xlsx."));
    }
    let mut out = stdout();
    out.write_all(&bytes)?;
    Ok(out.flush()?)
}

fn text(identified: &Identified, schools: &[Listed]) -> String {
    let mut text = format!("{}, {} год\n", identified.run.pack().title, identified.run.year());
    for change in identified.run.pack().changes() {
        text.push_str(&format!("Что если: {} = {} вместо {}\n", change.number, change.to, change.from));
    }
    for (category, count) in identified.counts() {
        text.push_str(&format!("  {category}: {count}\n"));
    }
    let mut place = (String::new(), String::new());
    for school in schools.iter().filter(|school| school.identified == Some(true)) {
        let here = (school.region.clone(), school.municipality.clone());
        if here != place {
            text.push_str(&format!("\n{}, {}\n", here.0, here.1));
            place = here;
        }
        let tier = school.tier.as_ref().map(|tier| format!("; {tier}")).unwrap_or_default();
        let movement =
            if school.movement.is_empty() { String::new() } else { format!(" ({})", school.movement) };
        text.push_str(&format!("  {}: {}{tier}{movement}\n", school.name, school.category));
    }
    text
}
