//! Take a file of results in: all of it or nothing, and only once.
//!
//! The file itself is not kept, as it names pupils: what is kept are codes and counts under its hash. Columns that
//! tell who a person is are dropped while reading.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use opora_cells::{Cell, Cells, OrganisationId, ScoreCount};
use opora_documents::Options;
use opora_exchange::sha256_hex;
use opora_forms::{Batch, Context, FormKind, Intake, Mapping, Summary, UnknownSchools, score_counts};
use opora_neutral::{Finding, Level, Place};
use opora_registry::NodeId;
use opora_results::{CountOptions, Facts, Inventory, Key, ResultsError, RowWriter, RowsFile, count, tidy};
use opora_store::{Authorship, NewResultFile, ResultFileId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::dataset::{DataError, Dataset, Workbench, threads};

/// Largest file that is read whole into memory: a workbook or another document.
const DOCUMENT_BYTES_MAX: u64 = 200 << 20;
/// Columns of our own form of individual results, by the alphabet.
const OWN_COLUMNS: [&str; 8] =
    ["class", "file_row", "journal", "organisation", "outcome", "procedure", "score", "year"];
/// Schools named in a finding.
const NAMED: usize = 5;

/// What the one who loads a file knows of it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Kind of form.
    pub kind: Option<FormKind>,
    /// Meaning of columns.
    pub mapping: Option<Mapping>,
    /// The year, where the file does not tell it.
    pub year: Option<u16>,
    /// The region whose codes the file uses.
    pub region: Option<NodeId>,
    /// Schools that are not in the registry are left out instead of refusing the file.
    pub skip_unknown: bool,
    /// Files that tell the same are taken out, this one counts instead.
    pub replace: bool,
}

/// What came of a file.
#[derive(Clone, Debug)]
pub struct Added {
    /// Name of the file.
    pub name: String,
    /// Its number when it was loaded now.
    pub id: Option<ResultFileId>,
    /// Its number when it was loaded before: nothing was changed.
    pub known: Option<ResultFileId>,
    /// Files that were taken out in favour of this one.
    pub replaced: Vec<String>,
    /// What was read, and all problems.
    pub summary: Summary,
}

/// What a file says, ready to be stored.
struct FileFacts {
    rows: Option<PathBuf>,
    facts: Batch,
    summary: Summary,
}

/// Loads a file. A refused one changes nothing: its problems are in the summary.
pub async fn add(
    bench: &Workbench,
    path: &Path,
    name: &str,
    known: Known,
    who: &str,
    at: Timestamp,
) -> Result<Added, DataError> {
    let sha256 = hash(path)?;
    let dataset = Dataset::load(bench).await?;
    if let Some(file) = dataset.files.iter().find(|file| file.sha256 == sha256) {
        let summary = Summary::default();
        let name = name.to_owned();
        return Ok(Added { name, id: None, known: Some(file.id), replaced: Vec::new(), summary });
    }
    let folder = tempfile::tempdir().map_err(|error| unreadable(path, &error))?;
    let registry_version = dataset.registry.version;
    let (dataset, known, read) = reading(bench, dataset, known, path, name, folder.path(), at).await?;
    let FileFacts { rows, facts, mut summary } = read;
    let replaced = if summary.is_refused() {
        Vec::new()
    } else {
        overlap(&dataset, &facts.cells, known.replace, &mut summary)
    };
    if summary.is_refused() {
        return Ok(Added { name: name.to_owned(), id: None, known: None, replaced: Vec::new(), summary });
    }
    let rows = rows.map(RowsFile::Path);
    let stored = Facts {
        rows: rows.as_ref(),
        cells: &facts.cells,
        scores: &facts.scores,
        tasks: &facts.tasks,
        aggregates: &facts.aggregates,
    };
    // The same bytes read in another way are other facts: what they were read with belongs to the key.
    let Known { kind, mapping, year, region, skip_unknown, replace: _ } = &known;
    let read_with = format!(
        "{sha256} {} {kind:?} {mapping:?} {year:?} {region:?} {skip_unknown}",
        dataset.registry.sha256
    );
    let key_text = sha256_hex(read_with.as_bytes());
    let key: Key = key_text.parse().map_err(|_| DataError::File("Сумма файла не вычислена.".to_owned()))?;
    let inventory = bench.results.put(&key, &stored).await?;
    let told = told(&summary, &key_text, inventory);
    let file = NewResultFile {
        sha256: &sha256,
        name,
        kind: summary.kind.map_or("", FormKind::name),
        summary: &told,
        registry: registry_version,
    };
    // First the new one: between the two facts the same thing is told twice, which counts once, and never not at all.
    let id = bench.store.record_results(&file, &Authorship { who, reason: "", at }).await?;
    let mut names = Vec::new();
    for (id, old) in &replaced {
        let reason = format!("заменён файлом {name}");
        bench.store.remove_results(*id, &Authorship { who, reason: &reason, at }).await?;
        names.push(old.clone());
    }
    Ok(Added { name: name.to_owned(), id: Some(id), known: None, replaced: names, summary })
}

/// Reads off the async threads: a large file takes minutes.
async fn reading(
    bench: &Workbench,
    dataset: Dataset,
    known: Known,
    path: &Path,
    name: &str,
    folder: &Path,
    at: Timestamp,
) -> Result<(Dataset, Known, FileFacts), DataError> {
    // Results of a year that has not begun are a slip of the pen; those of the school year that goes on are not.
    let year_max = u16::try_from(at.to_zoned(TimeZone::UTC).year()).ok().map(|year| year + 1);
    let (catalog, path, name, folder) =
        (bench.catalog.clone(), path.to_owned(), name.to_owned(), folder.to_owned());
    let work = move || {
        let context = Context {
            registry: &dataset.registry.registry,
            kind: known.kind,
            mapping: known.mapping.as_ref(),
            year: known.year,
            year_max,
            region: known.region,
            unknown_schools: if known.skip_unknown { UnknownSchools::Skip } else { UnknownSchools::Refuse },
            ..Context::new(&dataset.registry.registry, &catalog.dictionary, &catalog.scales)
        };
        let read = read_file(&path, &name, &context, &folder);
        read.map(|read| (dataset, known, read))
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| DataError::File("Чтение файла прервалось. Попробуйте ещё раз.".to_owned()))?
}

fn read_file(path: &Path, name: &str, context: &Context<'_>, folder: &Path) -> Result<FileFacts, DataError> {
    let mut head = Vec::new();
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    file.by_ref().take(4096).read_to_end(&mut head).map_err(|error| unreadable(path, &error))?;
    if head.starts_with(b"PAR1") {
        return parquet(path, name, context, folder);
    }
    if looks_like_text(&head) {
        file.rewind().map_err(|error| unreadable(path, &error))?;
        return streamed(context, folder, |sink| Ok(opora_forms::read_csv(file, name, context, sink)));
    }
    let size = file.metadata().map_err(|error| unreadable(path, &error))?.len();
    if size > DOCUMENT_BYTES_MAX {
        return Err(DataError::File(format!(
            "{name}: книга больше {} МБ. Такая не поместится в память. Сохраните её как CSV: её читают построчно.",
            DOCUMENT_BYTES_MAX >> 20
        )));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let document = opora_documents::read(name, &bytes, &Options::default());
    let reading = opora_forms::read(&document, context);
    let mut rows = Rows::new(folder)?;
    rows.write(&reading.facts.rows)?;
    let mut facts = Batch { rows: Vec::new(), ..reading.facts };
    let path = rows.finish(context, &mut facts)?;
    Ok(FileFacts { rows: path, facts, summary: reading.summary })
}

/// A text table is known by what it does not hold: no zero bytes but those of UTF-16, no beginning of another format.
pub fn looks_like_text(head: &[u8]) -> bool {
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let other =
        [b"PK\x03\x04".as_slice(), b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf"];
    let markup = head.trim_ascii_start().first() == Some(&b'<');
    utf16 || !(markup || head.contains(&0) || other.iter().any(|start| head.starts_with(start)))
}

/// Reads a file that comes in batches: rows go to a temporary file, the rest is kept.
fn streamed(
    context: &Context<'_>,
    folder: &Path,
    read: impl FnOnce(&mut dyn FnMut(Batch)) -> Result<Summary, DataError>,
) -> Result<FileFacts, DataError> {
    let mut rows = Rows::new(folder)?;
    let mut facts = Batch::default();
    let mut failed = None;
    let summary = read(&mut |batch: Batch| {
        if failed.is_none() {
            failed = rows.write(&batch.rows).err();
        }
        facts.scores.extend(score_counts(&batch.rows, context.source));
        facts.cells.extend(batch.cells);
        facts.scores.extend(batch.scores);
        facts.tasks.extend(batch.tasks);
        facts.aggregates.extend(batch.aggregates);
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    if summary.is_refused() {
        return Ok(FileFacts { rows: None, facts: Batch::default(), summary });
    }
    facts.scores = merged_scores(facts.scores);
    let path = rows.finish(context, &mut facts)?;
    Ok(FileFacts { rows: path, facts, summary })
}

/// Parts of one distribution that came in several batches, added up.
fn merged_scores(scores: Vec<ScoreCount>) -> Vec<ScoreCount> {
    let mut merged: BTreeMap<_, ScoreCount> = BTreeMap::new();
    for score in scores {
        let key = (score.organisation, score.procedure, score.year, score.score);
        merged
            .entry(key)
            .and_modify(|known| known.pupils = known.pupils.saturating_add(score.pupils))
            .or_insert(score);
    }
    merged.into_values().collect()
}

/// Individual results on their way into a temporary file.
struct Rows {
    path: PathBuf,
    writer: RowWriter<File>,
    count: u64,
}

impl Rows {
    fn new(folder: &Path) -> Result<Self, DataError> {
        let path = folder.join("rows.parquet");
        let file = File::create(&path).map_err(|error| unreadable(&path, &error))?;
        Ok(Self { path, writer: RowWriter::new(file)?, count: 0 })
    }

    fn write(&mut self, rows: &[opora_cells::Row]) -> Result<(), DataError> {
        self.count += rows.len() as u64;
        Ok(self.writer.write(rows)?)
    }

    /// Closes the file and adds what it counts up to.
    fn finish(self, context: &Context<'_>, facts: &mut Batch) -> Result<Option<PathBuf>, DataError> {
        self.writer.finish()?;
        if self.count == 0 {
            return Ok(None);
        }
        facts.cells.extend(counted(&RowsFile::Path(self.path.clone()), context)?);
        Ok(Some(self.path))
    }
}

fn counted(rows: &RowsFile, context: &Context<'_>) -> Result<Vec<Cell>, ResultsError> {
    let options =
        CountOptions { threads: threads(), source: context.source, autumn: &context.dictionary.autumn };
    count(rows, &options)
}

/// A Parquet file: rows of our own form are taken as they are, any other table is read by its heads or a mapping.
fn parquet(path: &Path, name: &str, context: &Context<'_>, folder: &Path) -> Result<FileFacts, DataError> {
    let file = RowsFile::Path(path.to_owned());
    let columns: Vec<String> = tidy::columns(&file)?.into_iter().map(|(name, _)| name).collect();
    // Exactly our columns: with one more, which may tell who a pupil is, the table is read like any other.
    let mut sorted = columns.clone();
    sorted.sort();
    if context.mapping.is_none() && sorted == OWN_COLUMNS {
        return own_rows(path, name, context);
    }
    streamed(context, folder, |sink| {
        let mut intake = Intake::new(context, name, true);
        intake.heads(columns.as_slice());
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut line: Vec<String> = vec![String::new(); columns.len()];
        tidy::read(&file, &names, &mut |row, fields| {
            for (text, field) in line.iter_mut().zip(fields) {
                text.clear();
                push_field(text, field);
            }
            intake.line(u32::try_from(row).unwrap_or(u32::MAX), line.as_slice());
            if intake.waiting() >= 65_536 {
                sink(intake.take());
            }
            true
        })?;
        let (batch, summary) = intake.finish();
        sink(batch);
        Ok(summary)
    })
}

fn push_field(text: &mut String, field: &tidy::Field<'_>) {
    use std::fmt::Write as _;
    // Writing to a string never fails.
    let _ = match field {
        tidy::Field::Missing => Ok(()),
        tidy::Field::Whole(number) => write!(text, "{number}"),
        tidy::Field::Decimal(number) => write!(text, "{number}"),
        tidy::Field::Text(words) => text.write_str(words),
    };
}

/// Rows of our own form: every school must be known, everything else the count has looked at.
fn own_rows(path: &Path, name: &str, context: &Context<'_>) -> Result<FileFacts, DataError> {
    let rows = RowsFile::Path(path.to_owned());
    let cells = counted(&rows, context)?;
    let mut summary = Summary {
        kind: Some(FormKind::Tidy),
        rows: cells.iter().map(|cell| u64::from(cell.participants)).sum(),
        cells: cells.len() as u64,
        ..Summary::default()
    };
    summary.rows_seen = summary.rows;
    let schools: BTreeSet<OrganisationId> = cells.iter().map(|cell| cell.organisation).collect();
    let years: BTreeSet<u16> = cells.iter().map(|cell| cell.year).collect();
    (summary.schools, summary.years) = (schools.len() as u64, years.into_iter().collect());
    let unknown: Vec<String> =
        schools.iter().filter(|id| context.registry.get(**id).is_none()).map(|id| id.0.to_string()).collect();
    if !unknown.is_empty() {
        let shown = unknown.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        refuse(
            &mut summary,
            "SCHOOL_UNKNOWN",
            format!("{name}: в реестре нет школ с номерами {shown} (всего {}).", unknown.len()),
            "Непонятно, чьи это результаты.",
            "Сначала загрузите реестр организаций: opora registry add ФАЙЛ.",
        );
    }
    Ok(FileFacts { rows: Some(path.to_owned()), facts: Batch { cells, ..Batch::default() }, summary })
}

/// Files that tell the same as the new one. Without leave to replace them, or when they tell more than the new one,
/// the new one is refused: nothing is counted twice and nothing is lost by chance.
fn overlap(
    dataset: &Dataset,
    new: &[Cell],
    replace: bool,
    summary: &mut Summary,
) -> Vec<(ResultFileId, String)> {
    let key = |cell: &Cell| (cell.organisation, cell.procedure, cell.year, cell.autumn, cell.precision);
    let told: BTreeSet<_> = new.iter().map(key).collect();
    let mut shared: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    for cell in all_cells(&dataset.cells, &dataset.aside).filter(|cell| told.contains(&key(cell))) {
        shared.entry(cell.source.0).or_default().push(*cell);
    }
    let mut replaced = Vec::new();
    for (source, cells) in shared {
        let Some(file) = usize::try_from(source).ok().and_then(|at| dataset.files.get(at)) else { continue };
        let whole = all_cells(&dataset.cells, &dataset.aside).filter(|cell| cell.source.0 == source).count();
        if replace && whole == cells.len() {
            replaced.push((file.id, file.name.clone()));
            continue;
        }
        let schools: BTreeSet<OrganisationId> = cells.iter().map(|cell| cell.organisation).collect();
        let names: Vec<String> = schools.iter().take(NAMED).map(|id| dataset.school_name(*id)).collect();
        let mend = if replace {
            format!(
                "Прежний файл рассказывает и о другом. Исключите его сами: opora results remove {}.",
                file.id.0
            )
        } else {
            "Если новый файл исправляет прежний, загрузите его с заменой (--replace).".to_owned()
        };
        refuse(
            summary,
            "RESULTS_KNOWN",
            format!(
                "Те же результаты уже есть в файле «{}»: {} ({}).",
                file.name,
                names.join(", "),
                cells.len()
            ),
            "Посчитать их дважды нельзя.",
            &mend,
        );
    }
    replaced
}

fn all_cells<'a>(cells: &'a Cells, aside: &'a [Cell]) -> impl Iterator<Item = &'a Cell> {
    cells.all().iter().chain(aside)
}

fn refuse(summary: &mut Summary, code: &'static str, what: String, why: &str, mend: &str) {
    summary.errors += 1;
    summary.findings.push(Finding {
        code,
        level: Level::Error,
        place: Place::default(),
        what,
        why: why.to_owned(),
        mend: mend.to_owned(),
    });
}

/// What is recorded of a file beside its facts.
fn told(summary: &Summary, key: &str, inventory: Inventory) -> Value {
    json!({
        "key": key,
        "rows": summary.rows,
        "schools": summary.schools,
        "years": summary.years,
        "absent": summary.absent,
        "dropped_columns": summary.dropped,
        "notes": summary.findings.len(),
        "inventory": {
            "rows": u8::from(inventory.rows),
            "cells": inventory.cells,
            "scores": inventory.scores,
            "tasks": inventory.tasks,
            "aggregates": inventory.aggregates,
        },
    })
}

/// SHA-256 of a file of any length.
fn hash(path: &Path) -> Result<String, DataError> {
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut digest = Sha256::new();
    let mut part = vec![0; 1 << 20];
    loop {
        match file.read(&mut part) {
            Ok(0) => break,
            Ok(length) => digest.update(part.get(..length).unwrap_or_default()),
            Err(error) => return Err(unreadable(path, &error)),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn unreadable(path: &Path, error: &std::io::Error) -> DataError {
    let shown = path.display();
    DataError::File(match error.kind() {
        std::io::ErrorKind::NotFound => format!("{shown}: файл не найден. Проверьте имя и папку."),
        _ => format!("{shown}: файл не читается ({error}). Проверьте права и место на диске."),
    })
}
