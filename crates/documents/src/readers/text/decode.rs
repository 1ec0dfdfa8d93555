//! In what encoding is a text written?
//!
//! Marks and valid UTF-8 are believed. Anything else is guessed by `chardetng` (what a browser does) and then
//! doubted by our own look at the letters: a wrong guess must not be silent.

use crate::codes;
use crate::detect::utf16_without_mark;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, IBM866, ISO_8859_5, KOI8_R, UTF_8, WINDOWS_1251, X_MAC_CYRILLIC};
use opora_neutral::Finding;

/// The text of bytes, and what is to be said about its encoding.
pub(crate) fn decode(bytes: &[u8], declared: Option<&'static Encoding>) -> (String, Option<Finding>) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return (text.into_owned(), broken.then(|| doubt(encoding)));
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        return (text.into_owned(), broken.then(|| doubt(encoding)));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), None);
    }
    // A few broken bytes in a text that is otherwise plainly UTF-8.
    let (text, _) = UTF_8.decode_without_bom_handling(bytes);
    let broken = text.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER).count();
    let good = text.chars().filter(|&c| is_cyrillic(c)).count();
    if broken * 20 < good {
        return (text.into_owned(), Some(doubt(UTF_8)));
    }
    let encoding = declared.filter(|&encoding| encoding != UTF_8).unwrap_or_else(|| guess(bytes));
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let finding = if broken || !reads_as_russian(&text) { doubt(encoding) } else { note(encoding) };
    (text.into_owned(), Some(finding))
}

/// The encoding in which the text looks most like Russian: what the browsers' detector says, unless another
/// of the Cyrillic encodings gives clearly better letters.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let detected = detector.guess(Some(b"ru"), Utf8Detection::Deny);
    let score = |encoding: &'static Encoding| {
        let head = bytes.get(..65_536).unwrap_or(bytes);
        russian_score(&encoding.decode_without_bom_handling(head).0)
    };
    [WINDOWS_1251, IBM866, KOI8_R, ISO_8859_5, X_MAC_CYRILLIC]
        .into_iter()
        .fold(detected, |best, other| if score(other) > score(best) + 50 { other } else { best })
}

/// How much a text looks like Russian, in thousandths of its letters beyond ASCII: common letters count for,
/// capitals in the middle of words and signs that texts do not have count against.
fn russian_score(text: &str) -> i64 {
    let (mut total, mut score) = (0_i64, 0_i64);
    let mut before = ' ';
    for c in text.chars() {
        if !c.is_ascii() {
            total += 1;
            score += match c {
                'о' | 'е' | 'а' | 'и' | 'н' | 'т' | 'с' | 'р' | 'в' | 'л' | 'к' | 'п' | 'д' | 'м' => {
                    2
                }
                'А'..='Я' | 'Ё' if before.is_lowercase() => -3,
                'а'..='я' | 'ё' | 'А'..='Я' | 'Ё' => 1,
                '«' | '»' | '–' | '—' | '№' | '\u{A0}' | '“' | '”' | '…' | '•' | '\u{2500}'..='\u{257F}' => {
                    0
                }
                _ => -3,
            };
        }
        before = c;
    }
    if total == 0 { 0 } else { score * 1000 / total }
}

/// Real Russian prose scores about 1700, its best wrong decoding about 500.
fn reads_as_russian(text: &str) -> bool {
    russian_score(text) > 900
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{4FF}')
}

fn called(encoding: &'static Encoding) -> &'static str {
    match encoding {
        e if e == WINDOWS_1251 => "Windows-1251",
        e if e == IBM866 => "CP866 (DOS)",
        e if e == KOI8_R => "KOI8-R",
        e => e.name(),
    }
}

fn note(encoding: &'static Encoding) -> Finding {
    codes::FILE_ENCODING.finding(
        format!("Текст записан в старой кодировке {}.", called(encoding)),
        "Она определена по буквам, текст читается как русский.",
        "Ничего делать не нужно; при желании сохраните файл в UTF-8.",
    )
}

fn doubt(encoding: &'static Encoding) -> Finding {
    codes::FILE_ENCODING_DOUBT.finding(
        format!("Кодировка текста определена неуверенно: {}.", called(encoding)),
        "Часть букв может быть прочитана неверно.",
        "Сохраните файл в кодировке UTF-8 (Блокнот: Сохранить как → Кодировка) и приложите ещё раз.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "ПРИКАЗ\nот 12.03.2022 № 45\n1. Утвердить план поддержки школ города Заречного.\n";

    fn check(encoding: &'static Encoding, expected_code: &str) {
        let (bytes, _, lossy) = encoding.encode(ORDER);
        assert!(!lossy || encoding != WINDOWS_1251);
        let (text, finding) = decode(&bytes, None);
        // Old encodings have no «№»: the rest must be exact.
        let (text, expected) = (text.replace('№', ""), ORDER.replace('№', ""));
        assert_eq!(text.replace("&#8470;", ""), expected, "{}", encoding.name());
        assert_eq!(finding.map(|f| f.code).unwrap_or_default(), expected_code, "{}", encoding.name());
    }

    #[test]
    fn russian_encodings_are_told_apart() {
        check(UTF_8, "");
        check(WINDOWS_1251, "FILE_ENCODING");
        check(KOI8_R, "FILE_ENCODING");
        check(IBM866, "FILE_ENCODING");
    }

    #[test]
    fn utf16_is_read_with_and_without_a_mark() {
        for (mark, wide) in [(vec![0xFF, 0xFE], true), (Vec::new(), true), (vec![0xFE, 0xFF], false)] {
            let to_bytes = |unit: u16| if wide { unit.to_le_bytes() } else { unit.to_be_bytes() };
            let bytes: Vec<u8> = mark.into_iter().chain(ORDER.encode_utf16().flat_map(to_bytes)).collect();
            assert_eq!(decode(&bytes, None), (ORDER.to_owned(), None));
        }
    }

    #[test]
    fn a_doubtful_guess_is_said() {
        let bytes = [0xC3, 0x28, 0xB1, 0xB2, 0x41, 0xFE, 0x90, 0x91];
        assert_eq!(decode(&bytes, None).1.map(|f| f.code), Some("FILE_ENCODING_DOUBT"));
    }

    #[test]
    fn one_broken_byte_does_not_spoil_the_rest() {
        let mut bytes = ORDER.as_bytes().to_vec();
        bytes.push(0xFF);
        let (text, finding) = decode(&bytes, None);
        assert!(text.starts_with(ORDER));
        assert_eq!(finding.map(|f| f.code), Some("FILE_ENCODING_DOUBT"));
    }
}
