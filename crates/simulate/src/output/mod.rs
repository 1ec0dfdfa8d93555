//! How does a country become files?
//!
//! Regions are made by several threads and written in order by one, so that memory holds a few regions at a time and
//! the bytes do not depend on the number of threads.

mod forms;
mod passports;
mod registry;
mod results;
mod scales;
mod truth;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::{Country, Options, Region};
use passports::Passports;
use registry::RegistryFile;
use results::{RowFiles, SpreadFiles};
use truth::TruthFiles;

/// How far the writing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Regions that are written.
    pub regions_done: usize,
    /// Regions there will be.
    pub regions: usize,
    /// Rows that are written.
    pub rows: u64,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of regions.
    pub regions: usize,
    /// Number of municipalities.
    pub municipalities: usize,
    /// Number of schools.
    pub schools: usize,
    /// Number of individual results.
    pub rows: u64,
    /// The files, relative to the folder, in alphabetical order.
    pub files: Vec<PathBuf>,
}

/// Writes a country into an empty folder: `registry.csv`, `social-passport-<year>.csv`, `scales.toml`, `truth.csv`, the
/// rows of the wanted layout; with details also `truth-cells.csv`, `score-counts.csv` and `task-sums.csv`; with forms the
/// folder `forms`.
///
/// Refuses a folder that is not empty and options no country can have; `ErrorKind::AlreadyExists` and `InvalidInput`,
/// with a message for the user.
pub fn write(folder: &Path, options: &Options, progress: &mut dyn FnMut(Progress)) -> io::Result<Summary> {
    check(options)?;
    std::fs::create_dir_all(folder)?;
    if std::fs::read_dir(folder)?.next().is_some() {
        let message = format!(
            "Папка «{}» не пуста. Старые и новые файлы перемешались бы. Укажите новую папку.",
            folder.display()
        );
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }
    let country = Country::new(options);
    let mut files = Files::new(folder, &country)?;
    let mut summary = Summary { regions: country.regions(), ..Summary::default() };
    let threads = options.threads.clamp(1, country.regions().max(1));
    std::thread::scope(|scope| -> io::Result<()> {
        let mut makers: Vec<Receiver<Region>> = Vec::new();
        for first in 0..threads {
            // One region waits while the next is made: memory stays bounded.
            let (sender, receiver) = sync_channel(0);
            makers.push(receiver);
            let country = &country;
            scope.spawn(move || make(country, first, threads, &sender));
        }
        for number in 0..country.regions() {
            let Some(region) = makers.get(number % threads).and_then(|maker| maker.recv().ok()) else {
                return Err(io::Error::other("Область не создана: поток завершился раньше времени."));
            };
            summary.municipalities += region.nodes.len().saturating_sub(1);
            summary.schools += region.organisations.len();
            summary.rows += region.rows.len() as u64;
            files.write(region, &country)?;
            progress(Progress { regions_done: number + 1, regions: country.regions(), rows: summary.rows });
        }
        Ok(())
    })?;
    files.finish()?;
    scales::write(&folder.join("scales.toml"), &country)?;
    summary.files = listed(folder)?;
    Ok(summary)
}

/// Every `threads`-th region, until nobody wants them any more.
fn make(country: &Country, first: usize, threads: usize, sender: &SyncSender<Region>) {
    for number in (first..country.regions()).step_by(threads) {
        let Some(region) = country.region(number) else { return };
        if sender.send(region).is_err() {
            return;
        }
    }
}

fn check(options: &Options) -> io::Result<()> {
    let refuse = |message: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    if !(1..=200_000).contains(&options.schools) {
        return refuse("Число школ должно быть от 1 до 200 000. Укажите другое число.");
    }
    if options.first_year < 2010 || options.last_year > 2100 || options.first_year > options.last_year {
        return refuse(
            "Годы должны идти по порядку и лежать между 2010 и 2100. Проверьте первый и последний год.",
        );
    }
    if options.last_year - options.first_year >= 20 {
        return refuse("Больше 20 лет сразу не создаётся. Укажите меньше лет.");
    }
    Ok(())
}

/// All files of a country while they are written.
struct Files {
    registry: RegistryFile,
    passports: Passports,
    truth: TruthFiles,
    spread: Option<SpreadFiles>,
    rows: RowFiles,
    /// Folder of the workbooks.
    forms: PathBuf,
}

impl Files {
    fn new(folder: &Path, country: &Country) -> io::Result<Self> {
        let options = country.options();
        Ok(Self {
            registry: RegistryFile::new(folder)?,
            passports: Passports::new(folder, country)?,
            truth: TruthFiles::new(folder, options.details)?,
            spread: options.details.then(|| SpreadFiles::new(folder)).transpose()?,
            rows: RowFiles::new(folder, options)?,
            forms: folder.join("forms"),
        })
    }

    fn write(&mut self, region: Region, country: &Country) -> io::Result<()> {
        self.registry.write(&region)?;
        self.passports.write(&region)?;
        self.truth.write(&region, country)?;
        if let Some(spread) = &mut self.spread {
            spread.write(&region, country)?;
        }
        if country.options().schools_with_forms > 0 {
            forms::write(&self.forms, &region, country)?;
        }
        self.rows.write(region.number, region.rows)
    }

    fn finish(self) -> io::Result<()> {
        self.registry.finish()?;
        self.passports.finish()?;
        self.truth.finish()?;
        if let Some(spread) = self.spread {
            spread.finish()?;
        }
        self.rows.finish()
    }
}

/// A table as a specialist would keep it: semicolons, and a mark by which spreadsheets know the encoding.
fn specialist_table(path: &Path) -> io::Result<csv::Writer<BufWriter<File>>> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all("\u{feff}".as_bytes())?;
    Ok(csv::WriterBuilder::new().delimiter(b';').from_writer(file))
}

/// A table for programs: commas, plain UTF-8.
fn program_table(path: &Path, head: &[&str]) -> io::Result<csv::Writer<BufWriter<File>>> {
    let mut table = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
    table.write_record(head)?;
    Ok(table)
}

/// Every file in the folder and below it, relative to it, in order.
fn listed(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        for entry in std::fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
