//! What stands in one column of a group of rows, as values or as runs?

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};
use parquet::column::reader::{ColumnReaderImpl, get_column_reader, get_typed_column_reader};
use parquet::data_type::Int32Type;
use parquet::file::metadata::ColumnChunkMetaData;

use super::hybrid::{Hybrid, Run, push_run};
use crate::ResultsError;

/// A column of a group, read on from page to page.
pub(super) struct Chunk {
    /// Group counted from one, for messages.
    group: usize,
    source: Source,
    /// Values of the piece at hand, where it is one of values.
    values: Vec<i32>,
}

enum Source {
    /// Indices and plain numbers, which we take from the pages ourselves.
    Pages { pages: Box<dyn PageReader>, dictionary: Vec<i32>, open: Open, left: usize },
    /// Anything else the library can read.
    Library(Box<ColumnReaderImpl<Int32Type>>),
}

/// What is not yet taken of the page that is open.
enum Open {
    Plain(Bytes),
    Indices(Hybrid),
}

/// Some rows of a column of few different values.
#[derive(Default)]
pub(super) struct Coded {
    /// Places of the values in the dictionary of the column, of all rows or of none.
    pub(super) indices: Vec<u8>,
    /// The values themselves, where there are no places.
    pub(super) values: Vec<i32>,
}

impl Coded {
    pub(super) fn len(&self) -> usize {
        self.indices.len().max(self.values.len())
    }

    /// Makes values of places.
    pub(super) fn write_out(&mut self, dictionary: &[i32]) {
        let value = |index: &u8| dictionary.get(usize::from(*index)).copied().unwrap_or_default();
        self.values.extend(self.indices.iter().map(value));
        self.indices.clear();
    }
}

/// The next rows of a column.
enum Piece<'a> {
    Values(&'a [i32]),
    Indices(&'a mut Hybrid, &'a [i32], usize),
}

impl Chunk {
    pub(super) fn new(group: usize, column: &ColumnChunkMetaData, pages: Box<dyn PageReader>) -> Self {
        // RLE is the encoding of levels, which a column without empty values does not have.
        let ours = [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];
        let source = if column.encodings().all(|encoding| ours.contains(&encoding)) {
            Source::Pages { pages, dictionary: Vec::new(), open: Open::Plain(Bytes::new()), left: 0 }
        } else {
            let reader = get_column_reader(column.column_descr_ptr(), pages);
            Source::Library(Box::new(get_typed_column_reader(reader)))
        };
        Self { group, source, values: Vec::new() }
    }

    /// Puts the values of the next rows, at most so many, into an emptied list.
    pub(super) fn values(&mut self, rows: usize, out: &mut Vec<i32>) -> Result<(), ResultsError> {
        let group = self.group;
        out.clear();
        while out.len() < rows {
            match self.piece(rows - out.len())? {
                None => break,
                Some(Piece::Values(values)) => out.extend_from_slice(values),
                Some(Piece::Indices(indices, dictionary, length)) => indices
                    .values(length, dictionary, out)
                    .map_err(|wrong| ResultsError::damaged(Some(group), &wrong))?,
            }
        }
        Ok(())
    }

    /// The values that indices point at.
    pub(super) fn dictionary(&self) -> &[i32] {
        match &self.source {
            Source::Pages { dictionary, .. } => dictionary,
            Source::Library(_) => &[],
        }
    }

    /// Puts the next rows, at most so many, into an emptied list: as places in a dictionary of no more than so many
    /// values, or else as values.
    pub(super) fn coded(&mut self, rows: usize, most: usize, out: &mut Coded) -> Result<(), ResultsError> {
        let group = self.group;
        out.indices.clear();
        out.values.clear();
        while out.len() < rows {
            let (found, mut written_out) = (out.len(), false);
            match self.piece(rows - found)? {
                None => break,
                Some(Piece::Indices(indices, dictionary, length)) => {
                    let read = if out.values.is_empty() && dictionary.len() <= most {
                        indices.indices(length, dictionary.len(), &mut out.indices)
                    } else {
                        indices.values(length, dictionary, &mut out.values)
                    };
                    read.map_err(|wrong| ResultsError::damaged(Some(group), &wrong))?;
                }
                Some(Piece::Values(values)) => {
                    written_out = found > 0 && !out.indices.is_empty();
                    out.values.extend_from_slice(values);
                }
            }
            if written_out {
                // The column went on without its dictionary: what came before stands before.
                let later = std::mem::take(&mut out.values);
                out.write_out(self.dictionary());
                out.values.extend(later);
            }
        }
        Ok(())
    }

    /// Puts the next rows, at most so many, into an emptied list of runs.
    pub(super) fn runs(&mut self, rows: usize, out: &mut Vec<Run>) -> Result<(), ResultsError> {
        let group = self.group;
        out.clear();
        let mut done = 0;
        while done < rows {
            match self.piece(rows - done)? {
                None => break,
                Some(Piece::Values(values)) => {
                    values.iter().for_each(|value| push_run(out, *value, 1));
                }
                Some(Piece::Indices(indices, dictionary, length)) => indices
                    .runs(length, dictionary, out)
                    .map_err(|wrong| ResultsError::damaged(Some(group), &wrong))?,
            }
            done = out.last().map_or(0, |run| run.end);
        }
        Ok(())
    }

    /// The next rows, at most so many and never none; nothing at the end of the column.
    fn piece(&mut self, rows: usize) -> Result<Option<Piece<'_>>, ResultsError> {
        let group = Some(self.group);
        self.values.clear();
        match &mut self.source {
            Source::Library(reader) => {
                let read = reader.read_records(rows, None, None, &mut self.values);
                read.map_err(|error| ResultsError::damaged(group, &error))?;
                Ok((!self.values.is_empty()).then_some(Piece::Values(&self.values)))
            }
            Source::Pages { pages, dictionary, open, left } => {
                while *left == 0 {
                    let page = pages.get_next_page().map_err(|error| ResultsError::damaged(group, &error))?;
                    let Some(page) = page else { return Ok(None) };
                    *left = open_page(page, dictionary, open)
                        .map_err(|error| ResultsError::damaged(group, &error))?;
                }
                let length = rows.min(*left);
                *left -= length;
                match open {
                    Open::Indices(indices) => Ok(Some(Piece::Indices(indices, dictionary, length))),
                    Open::Plain(numbers) => {
                        let taken = numbers.split_to(length * 4);
                        self.values.extend(plain(&taken));
                        Ok(Some(Piece::Values(&self.values)))
                    }
                }
            }
        }
    }
}

/// Opens a page; says how many values it has, none for a dictionary.
fn open_page(page: Page, dictionary: &mut Vec<i32>, open: &mut Open) -> Result<usize, &'static str> {
    const CUT: &str = "страница обрывается";
    let (data, values, encoding) = match page {
        Page::DictionaryPage { buf, num_values, .. } => {
            let bytes =
                (num_values as usize).checked_mul(4).filter(|bytes| *bytes <= buf.len()).ok_or(CUT)?;
            *dictionary = plain(buf.get(..bytes).unwrap_or_default()).collect();
            return Ok(0);
        }
        Page::DataPage { buf, num_values, encoding, .. } => (buf, num_values, encoding),
        Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
            let levels = def_levels_byte_len as usize + rep_levels_byte_len as usize;
            if levels > buf.len() {
                return Err(CUT);
            }
            (buf.slice(levels..), num_values, encoding)
        }
    };
    let values = values as usize;
    *open = match encoding {
        Encoding::PLAIN if values.saturating_mul(4) <= data.len() => Open::Plain(data),
        Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY if values > 0 => {
            Open::Indices(Hybrid::new(data).map_err(|_| CUT)?)
        }
        Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => return Ok(0),
        Encoding::PLAIN => return Err(CUT),
        _ => return Err("страница записана не так, как сказано в описании столбца"),
    };
    Ok(values)
}

fn plain(bytes: &[u8]) -> impl Iterator<Item = i32> {
    bytes.as_chunks::<4>().0.iter().map(|number| i32::from_le_bytes(*number))
}
