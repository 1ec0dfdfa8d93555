//! Which quotation mark of a text table is open, and since which line?
//!
//! The reader of the table takes a mark that is never closed for one long cell and says nothing. So the bytes are
//! followed on their way to it, by the same rules: a mark opens at the beginning of a cell, two of them inside are one.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Inside,
    /// A mark inside: the end, or the first of two.
    Mark,
}

/// What is known of the quotation marks so far.
#[derive(Clone, Default)]
pub(crate) struct Quotes {
    /// Line of the open mark, counted from one; zero where none is open.
    open: Rc<Cell<u64>>,
    ended: Rc<Cell<bool>>,
}

impl Quotes {
    /// Line of the mark that is open, if one is.
    pub(crate) fn open(&self) -> Option<u64> {
        Some(self.open.get()).filter(|line| *line > 0)
    }

    /// The same when the text has ended: nothing closes it any more.
    pub(crate) fn open_at_end(&self) -> Option<u64> {
        self.open().filter(|_| self.ended.get())
    }
}

/// A reader that follows the quotation marks of what it hands over.
pub(crate) struct Quoted<R> {
    inner: R,
    delimiter: u8,
    at: At,
    line: u64,
    since: u64,
    quotes: Quotes,
}

impl<R: Read> Quoted<R> {
    pub(crate) fn new(inner: R, delimiter: u8, quotes: &Quotes) -> Self {
        Self { inner, delimiter, at: At::CellStart, line: 1, since: 0, quotes: quotes.clone() }
    }

    fn follow_all(&mut self, bytes: &[u8]) {
        // Most files have no quotation marks: then the last byte alone tells where a stretch ends.
        if let Some((last, before)) = bytes.split_last()
            && !bytes.contains(&b'"')
        {
            self.line += before.iter().filter(|byte| **byte == b'\n').count() as u64;
            return self.follow(*last);
        }
        bytes.iter().for_each(|byte| self.follow(*byte));
    }

    fn follow(&mut self, byte: u8) {
        let between = byte == self.delimiter || byte == b'\n' || byte == b'\r';
        self.at = match (self.at, byte) {
            (At::CellStart, b'"') => {
                self.since = self.line;
                At::Inside
            }
            (At::Inside, b'"') => At::Mark,
            (At::Mark, b'"') | (At::Inside, _) => At::Inside,
            _ if between => At::CellStart,
            _ => At::Plain,
        };
        self.line += u64::from(byte == b'\n');
    }
}

impl<R: Read> Read for Quoted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.quotes.ended.set(count == 0);
        self.follow_all(buffer.get(..count).unwrap_or_default());
        self.quotes.open.set(if self.at == At::Inside { self.since } else { 0 });
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Quoted, Quotes};

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        let quotes = Quotes::default();
        let mut reader = Quoted::new(text.as_bytes(), b';', &quotes);
        reader.read_to_end(&mut Vec::new()).expect("it is read");
        assert_eq!(quotes.open_at_end(), expected, "{text}");
    }

    #[test]
    fn a_mark_that_is_not_closed_is_known_by_its_line() {
        check("a;b\n\"c;d\ne;f\n", Some(2));
        check("a;b\nc;\"d\n\ne;f", Some(2));
        check("a;\"b\"\"c\"\nd;\"\"\n", None);
        check("a;\"b\"\"", Some(1));
        check("a;\"b\nc\";d\ne;\"f", Some(3));
    }

    #[test]
    fn stretches_without_marks_are_passed_over_rightly() {
        for (parts, expected) in [
            (["a;b\nc;", "\"d;e", "\nf;g\n"], Some(2)),
            (["a;b\nc", "\"d;e", "\nf;g\n"], None),
            (["a;\"b\nc", "\nd;", "e\n\"f"], None),
            (["a;\"b\"", ";c\n", "\"d"], Some(2)),
        ] {
            let [first, second, third] = parts.map(str::as_bytes);
            let quotes = Quotes::default();
            let mut reader = Quoted::new(first.chain(second).chain(third), b';', &quotes);
            reader.read_to_end(&mut Vec::new()).expect("it is read");
            assert_eq!(quotes.open_at_end(), expected, "{parts:?}");
        }
    }

    #[test]
    fn a_mark_inside_a_cell_opens_nothing() {
        check("МБОУ \"Школа;5\nb;c\n", None);
        check("a;5\" b\n", None);
    }
}
