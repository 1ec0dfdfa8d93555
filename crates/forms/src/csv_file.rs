//! What does a table in a text file say, however long it is?

use std::io::Read;

use csv::{ReaderBuilder, StringRecord};
use opora_neutral::Code;

use crate::codes;
use crate::decode::{Decoded, Watch};
use crate::findings::{Findings, Text, text};
use crate::intake::{Intake, State};
use crate::line::Where;
use crate::quotes::{Quoted, Quotes};
use crate::{Batch, Context, Summary};

/// Facts handed over at a time.
const BATCH_FACTS: usize = 65_536;

/// The beginning of a file, by which its delimiter is told.
const SAMPLE_BYTES: usize = 1 << 16;

/// Lines within which heads of columns must come.
const TITLE_LINES_MAX: u32 = 1_000;

/// Reads a table with «;», «,» or tabs between columns, in UTF-8, UTF-16 or Windows-1251, as a stream in bounded memory.
///
/// Batches go to `sink` as they are read. They count only when the summary has no error: whoever takes them must be
/// able to drop them.
pub fn read_csv(
    input: impl Read,
    file_name: &str,
    context: &Context<'_>,
    sink: &mut dyn FnMut(Batch),
) -> Summary {
    let mut intake = Intake::new(context, file_name, true);
    let mut findings = Findings::default();
    each_record(input, &mut findings, |row, record| {
        intake.line(row, record);
        if intake.waiting() >= BATCH_FACTS {
            sink(intake.take());
        }
        row < TITLE_LINES_MAX || !matches!(intake.state, State::Seeking)
    });
    findings.finish().into_iter().for_each(|finding| intake.findings.take_in(finding));
    let (batch, summary) = intake.finish();
    if !batch.is_empty() {
        sink(batch);
    }
    summary
}

/// Hands over record by record with its line, until the end or until `take` has enough.
pub(crate) fn each_record(
    input: impl Read,
    findings: &mut Findings,
    mut take: impl FnMut(u32, &StringRecord) -> bool,
) {
    let (mut decoded, watch) = Decoded::new(input);
    let mut sample = Vec::new();
    if let Err(error) = decoded.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut sample) {
        unreadable(findings, 1, &error.to_string());
        return;
    }
    if sample.iter().all(u8::is_ascii_whitespace) && sample.len() < SAMPLE_BYTES {
        empty(findings);
        return;
    }
    let (delimiter, skip) = delimiter_of(&String::from_utf8_lossy(&sample));
    let start = sample.get(skip..).unwrap_or_default().to_vec();
    let first_line = u64::from(skip > 0);
    let quotes = Quotes::default();
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_reader(Quoted::new(std::io::Cursor::new(start).chain(decoded), delimiter, &quotes));
    let mut record = StringRecord::new();
    let mut tail = Tail::default();
    loop {
        watch.record();
        let before = reader.position().line() + first_line;
        match reader.read_record(&mut record) {
            Ok(true) => {
                // Blank lines before a record are passed over silently: count back from its end.
                let inside = record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
                let end = reader.position().line() + first_line;
                let line = before.max(end.saturating_sub(inside + 1));
                if let Some(open) = quotes.open_at_end() {
                    tell_open(findings, u32::try_from(open + first_line).unwrap_or(u32::MAX));
                    break;
                }
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                tail.next(line, &record);
                if !take(line, &record) {
                    break;
                }
            }
            Ok(false) => {
                if !watch.line_ended() {
                    tail.tell(findings);
                }
                break;
            }
            Err(error) => {
                let line = quotes.open().map_or(before, |open| open + first_line);
                stopped(findings, &watch, u32::try_from(line).unwrap_or(u32::MAX), &error);
                break;
            }
        }
    }
    if watch.broken() {
        findings.add(
            &codes::ENCODING_BROKEN,
            || opora_neutral::Place::WHOLE,
            || {
                text(
                    "В файле есть байты, которые не читаются как текст.",
                    "Вместо них стоят знаки вопроса; названия могли испортиться.",
                    "Сохраните файл заново в кодировке UTF-8.",
                )
            },
        );
    }
}

/// The last record and the one before: a file that was cut ends in the middle of a record.
#[derive(Default)]
struct Tail {
    line: u32,
    width: usize,
    width_before: usize,
    /// The only value of the record is of several words: a note or a signature.
    note: bool,
    /// Its last value ends with what is no letter: the text was cut inside one.
    garbled: bool,
}

impl Tail {
    fn next(&mut self, line: u32, record: &StringRecord) {
        (self.width_before, self.width, self.line) = (self.width, record.len(), line);
        let words =
            |value: &str| value.trim_end().ends_with(':') || value.split_whitespace().nth(1).is_some();
        let last = record.len().checked_sub(1).and_then(|at| record.get(at));
        self.garbled = last.is_some_and(|value| value.ends_with(char::REPLACEMENT_CHARACTER));
        self.note = record.len() == 1 && record.get(0).is_some_and(words);
    }

    fn tell(&self, findings: &mut Findings) {
        let what = if self.width < self.width_before && !self.note {
            let (width, before) = (self.width, self.width_before);
            format!("Последняя строка обрывается: значений в ней {width}, а в строке выше {before}.")
        } else if self.garbled {
            "Последняя строка обрывается посреди буквы.".to_owned()
        } else {
            return;
        };
        tell(findings, &codes::RECORD_CUT, self.line, || {
            text(
                what,
                "Похоже, файл скачан или скопирован не до конца.",
                "Возьмите файл заново; если он целый, дополните или удалите последнюю строку.",
            )
        });
    }
}

fn stopped(findings: &mut Findings, watch: &Watch, line: u32, error: &csv::Error) {
    if !watch.overrun() {
        return unreadable(findings, line, &error.to_string());
    }
    tell_open(findings, line);
}

fn tell_open(findings: &mut Findings, line: u32) {
    tell(findings, &codes::RECORD_TOO_LONG, line, || {
        text(
            "Запись, которая начинается здесь, не кончается.",
            "Скорее всего, открыта кавычка и не закрыта: всё дальше сливается в одну ячейку.",
            "Закройте или удалите кавычку.",
        )
    });
}

fn empty(findings: &mut Findings) {
    findings.add(
        &codes::FILE_EMPTY,
        || opora_neutral::Place::WHOLE,
        || {
            text(
                "Файл пуст.",
                "В нём нет ни одного знака, читать нечего.",
                "Проверьте, что файл сохранился целиком, и загрузите его ещё раз.",
            )
        },
    );
}

fn unreadable(findings: &mut Findings, line: u32, _cause: &str) {
    tell(findings, &codes::FILE_UNREADABLE, line, || {
        text(
            "Файл не читается до конца.",
            "Из обрезанного файла результаты не загружаются.",
            "Скопируйте файл заново и повторите загрузку.",
        )
    });
}

fn tell(findings: &mut Findings, code: &Code, line: u32, words: impl FnOnce() -> Text) {
    let place = Where { lines: true, ..Where::default() };
    findings.add(code, || place.at(line, None), words);
}

/// The delimiter of a text, and how many bytes of a line that names it are to be skipped.
fn delimiter_of(sample: &str) -> (u8, usize) {
    const CANDIDATES: [char; 3] = [';', '\t', ','];
    if let Some(rest) = sample.strip_prefix("sep=")
        && let Some(named) = rest.chars().next().filter(|c| CANDIDATES.contains(c))
    {
        let skip = sample.find('\n').map_or(sample.len(), |at| at + 1);
        return (u8::try_from(named).unwrap_or(b';'), skip);
    }
    // The one that most lines have; a comma loses a draw, because it stands inside numbers.
    let lines: Vec<&str> = sample.lines().filter(|line| !line.trim().is_empty()).take(50).collect();
    let count = |delimiter: char| lines.iter().filter(|line| outside_quotes(line, delimiter)).count();
    let best = CANDIDATES.iter().copied().rev().max_by_key(|delimiter| count(*delimiter));
    (best.and_then(|best| u8::try_from(best).ok()).unwrap_or(b';'), 0)
}

fn outside_quotes(line: &str, delimiter: char) -> bool {
    let mut quoted = false;
    line.chars().any(|c| {
        quoted ^= c == '"';
        !quoted && c == delimiter
    })
}

#[cfg(test)]
mod tests {
    use super::delimiter_of;

    #[test]
    fn the_delimiter_is_what_most_lines_have() {
        assert_eq!(delimiter_of("Школа;Балл\na;3,5\nb;4,5"), (b';', 0));
        assert_eq!(delimiter_of("Школа,Балл\na,3\n"), (b',', 0));
        assert_eq!(delimiter_of("Школа\tБалл, средний\na\t3,5"), (b'\t', 0));
        assert_eq!(delimiter_of("\"Школа, полностью\";Балл\n\"а, б\";3"), (b';', 0));
        assert_eq!(delimiter_of("sep=,\nШкола;класс,Балл"), (b',', 6));
    }
}
