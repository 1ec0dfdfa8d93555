//! Take a file of results in: all of it or nothing, and only once.
//!
//! The file itself is not kept, as it names pupils: what is kept are codes and counts under its hash. Columns that
//! tell who a person is are dropped while reading.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use opora_cells::{Cell, ScoreCount, SourceIndex};
use opora_documents::Options;
use opora_exchange::sha256_hex;
use opora_forms::{Batch, Context, FormKind, Intake, Mapping, Summary, UnknownSchools, score_counts};
use opora_neutral::{Document, Finding, Level, Place};
use opora_registry::NodeId;
use opora_results::{CountOptions, Facts, Inventory, Key, ResultsError, RowWriter, RowsFile, count, tidy};
use opora_store::{Authorship, NewResultFile, RegistryRecord, ResultFileId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::catalog::Catalog;
use super::coded::own_rows;
use super::dataset::{DataError, Workbench, files, threads};
use super::overlap::Around;
use super::progress::{Progress, Stage};
use super::sheets;
use super::system::system_words;

/// Largest file that is read whole into memory: a workbook or another document.
const DOCUMENT_BYTES_MAX: u64 = 200 << 20;
/// Scores of more rows than this are not counted while loading: memory would grow with the file. Whoever asks for them
/// counts the rows.
const SPREAD_ROWS_MAX: u64 = 4 << 20;
/// Columns of our own form of individual results, by the alphabet.
const OWN_COLUMNS: [&str; 8] =
    ["class", "file_row", "journal", "organisation", "outcome", "procedure", "score", "year"];
/// Schools named in a finding.
pub(super) const NAMED: usize = 5;

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
pub(super) struct FileFacts {
    pub(super) rows: Option<PathBuf>,
    pub(super) facts: Batch,
    pub(super) summary: Summary,
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
    add_watched(bench, (path, name), known, (who, at), &Arc::default()).await
}

/// Loads a file, given as its path and its name, and tells how far it is.
pub async fn add_watched(
    bench: &Workbench,
    (path, name): (&Path, &str),
    known: Known,
    (who, at): (&str, Timestamp),
    progress: &Arc<Progress>,
) -> Result<Added, DataError> {
    progress.enter(Stage::Reading);
    let added = load(bench, (path, name), known, (who, at), progress).await;
    progress.enter(Stage::Done);
    added
}

async fn load(
    bench: &Workbench,
    (path, name): (&Path, &str),
    known: Known,
    (who, at): (&str, Timestamp),
    progress: &Arc<Progress>,
) -> Result<Added, DataError> {
    let sha256 = {
        let path = path.to_owned();
        off_the_async_threads(move || hash(&path)).await?
    };
    let files = files(&bench.store).await?;
    if let Some(file) = files.iter().find(|file| file.sha256 == sha256) {
        let summary = Summary::default();
        let name = name.to_owned();
        return Ok(Added { name, id: None, known: Some(file.id), replaced: Vec::new(), summary });
    }
    let folder = tempfile::tempdir().map_err(|error| unreadable(path, &error))?;
    let registry = bench.registry().await?;
    let file = (path.to_owned(), name.to_owned(), folder.path().to_owned());
    let (known, read) = reading(bench, &registry, known, file, at, progress).await?;
    progress.enter(Stage::Storing);
    let FileFacts { rows, facts, mut summary } = read;
    let replaced = if summary.is_refused() {
        Vec::new()
    } else {
        Around::new(bench, registry.as_ref(), files, &facts.cells).await?.overlap(
            &facts.cells,
            known.replace,
            &mut summary,
        )
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
    let read_with =
        format!("{sha256} {} {kind:?} {mapping:?} {year:?} {region:?} {skip_unknown}", registry.sha256);
    let key_text = sha256_hex(read_with.as_bytes());
    let key: Key = key_text.parse().map_err(|_| DataError::File("Сумма файла не вычислена.".to_owned()))?;
    let inventory = bench.results.put(&key, &stored).await?;
    let told = told(&summary, &key_text, inventory);
    let file = NewResultFile {
        sha256: &sha256,
        name,
        kind: summary.kind.map_or("", FormKind::name),
        summary: &told,
        registry: registry.version,
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

/// What a file is read against.
pub(super) fn context<'a>(
    registry: &'a RegistryRecord,
    catalog: &'a Catalog,
    known: &'a Known,
    at: Timestamp,
) -> Context<'a> {
    // Results of a year that has not begun are a slip of the pen; those of the school year that goes on are not.
    let year_max = u16::try_from(at.to_zoned(TimeZone::UTC).year()).ok().map(|year| year + 1);
    Context {
        kind: known.kind,
        mapping: known.mapping.as_ref(),
        year: known.year,
        year_max,
        region: known.region,
        unknown_schools: if known.skip_unknown { UnknownSchools::Skip } else { UnknownSchools::Refuse },
        ..Context::new(&registry.registry, &catalog.dictionary, &catalog.scales)
    }
}

/// A large file takes minutes.
async fn reading(
    bench: &Workbench,
    registry: &Arc<RegistryRecord>,
    known: Known,
    (path, name, folder): (PathBuf, String, PathBuf),
    at: Timestamp,
    progress: &Arc<Progress>,
) -> Result<(Known, FileFacts), DataError> {
    let (catalog, progress) = (bench.catalog.clone(), Arc::clone(progress));
    let registry = Arc::clone(registry);
    let work = move || {
        let read = read_file(&path, &name, &context(&registry, &catalog, &known, at), &folder, &progress);
        read.map(|read| (known, read))
    };
    off_the_async_threads(work).await
}

async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DataError> + Send + 'static,
) -> Result<T, DataError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| DataError::File("Чтение файла прервалось. Попробуйте ещё раз.".to_owned()))?
}

/// How a file is read, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Columns of a Parquet table.
    Columns,
    /// Lines of a text table.
    Lines,
    /// A workbook or another document, whole.
    Whole,
}

/// The way of a file, and the file itself at its beginning.
pub(super) fn open(path: &Path, name: &str) -> Result<(Way, File, u64), DataError> {
    let mut head = Vec::new();
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    file.by_ref().take(4096).read_to_end(&mut head).map_err(|error| unreadable(path, &error))?;
    file.rewind().map_err(|error| unreadable(path, &error))?;
    let size = file.metadata().map_err(|error| unreadable(path, &error))?.len();
    let way = if head.starts_with(b"PAR1") {
        Way::Columns
    } else if looks_like_text(&head) {
        Way::Lines
    } else {
        Way::Whole
    };
    if way == Way::Whole && size > DOCUMENT_BYTES_MAX {
        return Err(DataError::File(format!(
            "{name}: книга больше {} МБ. Такая не поместится в память. Сохраните её как CSV: её читают построчно.",
            DOCUMENT_BYTES_MAX >> 20
        )));
    }
    Ok((way, file, size))
}

/// A workbook or another document.
pub(super) fn document(path: &Path, name: &str) -> Result<Document, DataError> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    Ok(opora_documents::read(name, &bytes, &Options::default()))
}

fn read_file(
    path: &Path,
    name: &str,
    context: &Context<'_>,
    folder: &Path,
    progress: &Arc<Progress>,
) -> Result<FileFacts, DataError> {
    let (way, file, size) = open(path, name)?;
    match way {
        Way::Columns => return parquet(path, name, context, folder).or_else(refused_table),
        Way::Lines => {
            let watched = progress.watching(file, size);
            return streamed(context, folder, |sink| Ok(opora_forms::read_csv(watched, name, context, sink)));
        }
        Way::Whole => {}
    }
    let reading = opora_forms::read(&document(path, name)?, context);
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

/// Reads a file that comes in batches: rows go to a temporary file, the rest is kept. Rows are written on a thread of
/// their own while the next ones are read.
fn streamed(
    context: &Context<'_>,
    folder: &Path,
    read: impl FnOnce(&mut dyn FnMut(Batch)) -> Result<Summary, DataError>,
) -> Result<FileFacts, DataError> {
    let mut streamed =
        Streamed { rows: Rows::new(folder)?, facts: Batch::default(), spread: Some(Vec::new()) };
    let source = context.source;
    let (summary, written) = std::thread::scope(|scope| {
        // A few batches wait at most: the reader is not let run ahead of the disk.
        let (give, take) = std::sync::mpsc::sync_channel::<Batch>(2);
        let writing = scope.spawn(move || {
            let written = take.into_iter().try_for_each(|batch| streamed.take(batch, source));
            written.map(|()| streamed)
        });
        let summary = read(&mut |batch| {
            // Nobody takes it any more when writing has failed, which is told below.
            let _ = give.send(batch);
        });
        drop(give);
        (summary, writing.join())
    });
    let Streamed { rows, mut facts, spread } =
        written.map_err(|_| DataError::File("Запись строк прервалась. Попробуйте ещё раз.".to_owned()))??;
    let summary = summary?;
    if summary.is_refused() {
        return Ok(FileFacts { rows: None, facts: Batch::default(), summary });
    }
    facts.scores.extend(spread.unwrap_or_default());
    facts.scores = merged_scores(facts.scores);
    let path = rows.finish(context, &mut facts)?;
    Ok(FileFacts { rows: path, facts, summary })
}

/// What has come of a file so far.
struct Streamed {
    rows: Rows,
    facts: Batch,
    /// Scores of individual results, while there are not too many of them.
    spread: Option<Vec<ScoreCount>>,
}

impl Streamed {
    fn take(&mut self, batch: Batch, source: SourceIndex) -> Result<(), DataError> {
        self.rows.write(&batch.rows)?;
        if self.rows.count > SPREAD_ROWS_MAX {
            self.spread = None;
        }
        if let Some(spread) = &mut self.spread {
            spread.extend(score_counts(&batch.rows, source));
        }
        self.facts.cells.extend(batch.cells);
        self.facts.scores.extend(batch.scores);
        self.facts.tasks.extend(batch.tasks);
        self.facts.aggregates.extend(batch.aggregates);
        Ok(())
    }
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

pub(super) fn counted(rows: &RowsFile, context: &Context<'_>) -> Result<Vec<Cell>, ResultsError> {
    let options =
        CountOptions { threads: threads(), source: context.source, autumn: &context.dictionary.autumn };
    Ok(count(rows, &options)?.iter().collect())
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
        records(&file, &columns, &mut |row, line| {
            intake.line(row, line);
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

/// A Parquet file that can't be read is refused like any other file: with what is wrong, where, and what to do.
fn refused_table(error: DataError) -> Result<FileFacts, DataError> {
    let DataError::Results(error) = error else { return Err(error) };
    let (what, mend) = match &error {
        ResultsError::Damaged { detail, .. } => (
            "Файл Parquet не читается: он обрезан, повреждён или записан в другом формате.".to_owned(),
            format!("Скачайте или выгрузите файл ещё раз (подробность: {detail})."),
        ),
        ResultsError::ColumnType { column, found, needed } => (
            format!("Столбец «{column}» содержит {found}, а нужно: {needed}."),
            "Выгрузите файл с подходящими значениями или укажите другой столбец.".to_owned(),
        ),
        ResultsError::Value { column, value, allowed, .. } => (
            format!("Столбец «{column}»: значение «{value}» не подходит. Допустимо: {allowed}."),
            "Исправьте его в исходном файле.".to_owned(),
        ),
        // The rest is about the store, not about this file.
        _ => return Err(DataError::Results(error)),
    };
    let mut summary = Summary::default();
    refuse(&mut summary, "FILE_UNREADABLE", what, "Из такого файла результаты не загружаются.", &mend);
    if let (ResultsError::Value { row, .. }, Some(finding)) = (&error, summary.findings.last_mut()) {
        finding.place.line = u32::try_from(*row).ok();
    }
    Ok(FileFacts { rows: None, facts: Batch::default(), summary })
}

/// Hands over the records of a Parquet table as texts, until the end or until `take` has enough.
pub(super) fn records(
    file: &RowsFile,
    columns: &[String],
    take: &mut dyn FnMut(u32, &[String]) -> bool,
) -> Result<(), DataError> {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    let mut line: Vec<String> = vec![String::new(); columns.len()];
    tidy::read(file, &names, &mut |row, fields| {
        for (text, field) in line.iter_mut().zip(fields) {
            text.clear();
            push_field(text, field);
        }
        take(u32::try_from(row).unwrap_or(u32::MAX), &line)
    })?;
    Ok(())
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

pub(super) fn refuse(summary: &mut Summary, code: &'static str, what: String, why: &str, mend: &str) {
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

/// How much a file tells, by what is recorded of it: a word in the genitive, and the number.
pub fn amount(summary: &Value) -> (&'static str, u64) {
    let of = |value: Option<&Value>| value.and_then(Value::as_u64).unwrap_or_default();
    let counts = summary.get("inventory");
    let stored = |kind: &str| of(counts.and_then(|counts| counts.get(kind)));
    let told = [
        ("результатов", of(summary.get("rows"))),
        ("сводных результатов", stored("cells")),
        ("показателей", stored("aggregates")),
        ("распределений баллов", stored("scores")),
    ];
    told.into_iter().find(|(_, number)| *number > 0).unwrap_or(("результатов", 0))
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
        "sheets": sheets::to_json(&summary.sheets),
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
        _ => format!("{shown}: файл не читается: {}. Проверьте права и место на диске.", system_words(error)),
    })
}
