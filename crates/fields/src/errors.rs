//! What is wrong with a data file?

use std::fmt;
use std::ops::Range;

use crate::Fields;

/// More errors of a file than this are not told: nobody mends by such a list.
const ERRORS_MAX: usize = 200;

/// One thing that is wrong with a data file: where, and how to mend it. All texts are Russian.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileError {
    /// The file as its reader called it: `pack.toml`.
    pub file: String,
    /// Line in it, counted from one, where there is one to point at.
    pub line: Option<usize>,
    /// What of the file: «вопрос staff_total», «criterion A, threshold».
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = self.line.map(|line| format!(", строка {line}")).unwrap_or_default();
        write!(f, "{}{line}, {}: {} {}", self.file, self.place, self.what, self.mend)
    }
}

impl std::error::Error for FileError {}

/// Everything that is wrong with one file, gathered while it is read.
#[derive(Debug)]
pub struct Errors {
    file: String,
    /// Where lines end, to find the line of a place without reading the file anew.
    line_ends: Vec<usize>,
    list: Vec<FileError>,
    told: usize,
}

impl Errors {
    /// Nothing wrong yet. `file` is how messages call the file.
    #[must_use]
    pub fn new(file: &str, text: &str) -> Self {
        // A line end that closes the file begins no line.
        let lines = text.strip_suffix('\n').unwrap_or(text);
        let line_ends = lines.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at);
        Self { file: file.to_owned(), line_ends: line_ends.collect(), list: Vec::new(), told: 0 }
    }

    /// How messages call the file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line of a place, counted from one.
    #[must_use]
    pub fn line(&self, span: &Range<usize>) -> usize {
        self.line_ends.partition_point(|end| *end < span.start) + 1
    }

    /// Tells what is wrong at a place of the text.
    pub fn at(&mut self, span: Range<usize>, place: &str, what: &str, mend: &str) {
        self.told += 1;
        if self.list.len() < ERRORS_MAX {
            self.list.push(FileError {
                file: self.file.clone(),
                line: Some(self.line(&span)),
                place: place.to_owned(),
                what: what.to_owned(),
                mend: mend.to_owned(),
            });
        }
    }

    /// Tells of a field that has to be there and is not.
    pub fn missing(&mut self, fields: &Fields<'_>, field: &str, mend: &str) {
        self.at(fields.span.clone(), &fields.place, &format!("Нет поля «{field}»."), mend);
    }

    /// Nothing was told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.told == 0
    }

    /// How many times something was told: a number that has grown says that what was read meanwhile is wrong.
    #[must_use]
    pub fn told(&self) -> usize {
        self.told
    }

    /// All that was told, in the order of the file, each thing once. Of very many the first ones, and that there are more.
    #[must_use]
    pub fn into_list(mut self) -> Vec<FileError> {
        self.list.sort();
        self.list.dedup();
        if self.told > ERRORS_MAX {
            self.list.truncate(ERRORS_MAX - 1);
            self.list.push(FileError {
                file: self.file,
                line: None,
                place: "файл".to_owned(),
                what: format!("Замечаний к файлу больше {ERRORS_MAX}, показаны не все."),
                mend: "Исправьте показанные и прочитайте файл снова.".to_owned(),
            });
        }
        self.list
    }

    /// The value, or all that is wrong in the order of the file.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Vec<FileError>> {
        match value.filter(|_| self.is_empty()) {
            Some(value) => Ok(value),
            None => Err(self.into_list()),
        }
    }
}
