//! Where do individual results, score counts and sums of tasks go?

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use opora_cells::Row;
use opora_results::RowWriter;

use crate::{Country, Layout, Options, Region};

/// Files of rows.
pub(super) enum RowFiles {
    /// One file; its rows are numbered through.
    One { writer: Box<RowWriter<BufWriter<File>>>, rows: u32 },
    /// A file for each region and year in this folder.
    Many(PathBuf),
}

impl RowFiles {
    pub(super) fn new(folder: &Path, options: &Options) -> io::Result<Self> {
        Ok(match options.layout {
            Layout::OneFile => {
                let writer = Box::new(writer(&folder.join("rows.parquet"))?);
                Self::One { writer, rows: 0 }
            }
            Layout::RegionYear => {
                let folder = folder.join("rows");
                std::fs::create_dir_all(&folder)?;
                Self::Many(folder)
            }
        })
    }

    pub(super) fn write(&mut self, region: u32, mut region_rows: Vec<Row>) -> io::Result<()> {
        match self {
            Self::One { writer, rows } => {
                for row in &mut region_rows {
                    *rows += 1;
                    row.file_row = *rows;
                }
                writer.write(&region_rows).map_err(io::Error::other)
            }
            Self::Many(folder) => {
                // By year; within it the order and the numbers stay.
                region_rows.sort_by_key(|row| row.year);
                for rows in region_rows.chunk_by(|a, b| a.year == b.year) {
                    let Some(year) = rows.first().map(|row| row.year) else { continue };
                    let mut writer = writer(&folder.join(format!("{:02}-{year}.parquet", region + 1)))?;
                    writer.write(rows).map_err(io::Error::other)?;
                    finish(writer)?;
                }
                Ok(())
            }
        }
    }

    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::One { writer, .. } => finish(*writer),
            Self::Many(_) => Ok(()),
        }
    }
}

fn writer(path: &Path) -> io::Result<RowWriter<BufWriter<File>>> {
    RowWriter::new(BufWriter::new(File::create(path)?)).map_err(io::Error::other)
}

fn finish(writer: RowWriter<BufWriter<File>>) -> io::Result<()> {
    let (file, _) = writer.finish().map_err(io::Error::other)?;
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// `score-counts.csv` and `task-sums.csv`.
pub(super) struct SpreadFiles {
    scores: csv::Writer<BufWriter<File>>,
    tasks: csv::Writer<BufWriter<File>>,
}

impl SpreadFiles {
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        let scores = ["organisation", "procedure", "year", "score", "pupils"];
        let tasks = ["organisation", "procedure", "year", "task", "pupils", "points", "points_max"];
        Ok(Self {
            scores: super::program_table(&folder.join("score-counts.csv"), &scores)?,
            tasks: super::program_table(&folder.join("task-sums.csv"), &tasks)?,
        })
    }

    pub(super) fn write(&mut self, region: &Region, country: &Country) -> io::Result<()> {
        for count in &region.score_counts {
            let procedure = country.dictionary().procedure_id(count.procedure);
            let numbers = [u32::from(count.year), u32::from(count.score), count.pupils];
            self.scores.write_field(count.organisation.0.to_string())?;
            self.scores.write_field(procedure)?;
            self.scores.write_record(numbers.map(|number| number.to_string()))?;
        }
        for sum in &region.task_sums {
            let procedure = country.dictionary().procedure_id(sum.procedure);
            let (task, points_max) = (u32::from(sum.task), u32::from(sum.points_max));
            let numbers = [u32::from(sum.year), task, sum.pupils, sum.points, points_max];
            self.tasks.write_field(sum.organisation.0.to_string())?;
            self.tasks.write_field(procedure)?;
            self.tasks.write_record(numbers.map(|number| number.to_string()))?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.scores.flush()?;
        self.tasks.flush()
    }
}
