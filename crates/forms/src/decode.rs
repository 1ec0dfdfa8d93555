//! Which text is it, whatever its encoding, and where does a record that never ends stop?

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, WINDOWS_1251};

/// Bytes read at a time.
const CHUNK_BYTES: usize = 1 << 16;

/// A record longer than this has a quotation mark that is not closed.
const RECORD_BYTES_MAX: usize = 4 << 20;

/// What a reader of a text tells beside the text.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    /// Bytes left for the record being read.
    left: Rc<Cell<usize>>,
    overrun: Rc<Cell<bool>>,
    broken: Rc<Cell<bool>>,
    /// The last byte of the text so far.
    last: Rc<Cell<u8>>,
}

impl Watch {
    /// A record was read: the next may be as long.
    pub(crate) fn record(&self) {
        self.left.set(RECORD_BYTES_MAX);
    }

    /// A record was longer than any is.
    pub(crate) fn overrun(&self) -> bool {
        self.overrun.get()
    }

    /// The text so far ends with the end of a line.
    pub(crate) fn line_ended(&self) -> bool {
        matches!(self.last.get(), b'\n' | b'\r')
    }

    /// Some bytes were no text.
    pub(crate) fn broken(&self) -> bool {
        self.broken.get()
    }
}

/// Text in UTF-8 of bytes in UTF-8, UTF-16 or Windows-1251. Plain ASCII is passed on until something tells more.
pub(crate) struct Decoded<R> {
    inner: R,
    decoder: Option<Decoder>,
    text: Vec<u8>,
    given: usize,
    ended: bool,
    started: bool,
    watch: Watch,
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(inner: R) -> (Self, Watch) {
        let watch = Watch::default();
        watch.record();
        let decoded = Self {
            inner,
            decoder: None,
            text: Vec::new(),
            given: 0,
            ended: false,
            started: false,
            watch: watch.clone(),
        };
        (decoded, watch)
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut raw = vec![0; CHUNK_BYTES];
        let mut length = 0;
        while length < raw.len() {
            let Some(room) = raw.get_mut(length..) else { break };
            match self.inner.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        raw.truncate(length);
        (self.given, self.text) = (0, Vec::new());
        if self.decoder.is_none() {
            self.decoder = encoding_of(&raw, !self.started).map(Encoding::new_decoder_with_bom_removal);
        }
        self.started = true;
        let Some(decoder) = &mut self.decoder else {
            self.text = raw;
            return Ok(());
        };
        let room = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 3);
        self.text = vec![0; room];
        let (result, _, written, broken) = decoder.decode_to_utf8(&raw, &mut self.text, self.ended);
        debug_assert_eq!(result, CoderResult::InputEmpty, "the buffer has room for the longest text");
        self.text.truncate(written);
        if broken {
            self.watch.broken.set(true);
        }
        Ok(())
    }
}

/// The encoding of bytes; nothing while all of them are ASCII.
fn encoding_of(bytes: &[u8], first: bool) -> Option<&'static Encoding> {
    if first && let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    if bytes.is_ascii() {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Some(UTF_8),
        // A letter cut by the end of the chunk is no error.
        Err(error) if error.error_len().is_none() => Some(UTF_8),
        // A single bad byte in a long Russian text does not make it another encoding.
        Err(error)
            if error.valid_up_to() > 200
                && bytes.get(..error.valid_up_to()).is_some_and(|b| !b.is_ascii()) =>
        {
            Some(UTF_8)
        }
        Err(_) => Some(WINDOWS_1251),
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let rest = self.text.get(self.given..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        let left = self.watch.left.get();
        if left == 0 {
            self.watch.overrun.set(true);
            return Err(io::Error::other("a record without an end"));
        }
        self.watch.left.set(left.saturating_sub(count));
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        if let Some(last) = rest.get(..count).and_then(<[u8]>::last) {
            self.watch.last.set(*last);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::Decoded;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str, broken: bool) {
        let (mut decoded, watch) = Decoded::new(bytes);
        let mut text = String::new();
        decoded.read_to_string(&mut text).expect("it is text");
        assert_eq!((text.as_str(), watch.broken()), (expected, broken));
    }

    #[test]
    fn the_encoding_is_told_by_the_bytes() {
        check("Школа;5".as_bytes(), "Школа;5", false);
        check("\u{FEFF}Школа;5".as_bytes(), "Школа;5", false);
        check(&encoding_rs::WINDOWS_1251.encode("Школа;5").0, "Школа;5", false);
        check(b"a;b", "a;b", false);
        let utf16: Vec<u8> = "\u{FEFF}Школа".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&utf16, "Школа", false);
        check(b"", "", false);
    }

    #[test]
    fn ascii_at_the_beginning_does_not_decide() {
        let head = "a;b\n".repeat(40_000);
        let text = format!("{head}Школа");
        check(text.as_bytes(), &text, false);
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&encoding_rs::WINDOWS_1251.encode("Школа").0);
        check(&bytes, &text, false);
    }
}
