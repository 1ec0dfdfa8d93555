//! When are two pieces of Russian text the same, although they were typed or recognised differently?

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use crate::letters::{is_composed, is_letter, is_letter_or_digit, small};

/// Text as it is compared: lower case, «ё» as «е», one kind of dash, quotation mark and space, no accents and no
/// soft hyphens, and Latin letters that look Cyrillic inside Cyrillic words as the Cyrillic ones.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.chars().all(is_composed) {
        fold_into(&mut folded, text.chars());
    } else {
        fold_into(&mut folded, text.nfc());
    }
    if has_mixed_word(&folded) { unmix_words(&folded) } else { folded }
}

fn fold_into(folded: &mut String, text: impl Iterator<Item = char>) {
    let mut pending_space = false;
    for raw in text {
        let Some(c) = fold_char(raw) else { continue };
        if c == ' ' {
            pending_space = !folded.is_empty();
            continue;
        }
        if pending_space {
            folded.push(' ');
            pending_space = false;
        }
        let without_dots = |c| if c == 'ё' { 'е' } else { c };
        match small(c) {
            Some(c) => folded.push(without_dots(c)),
            None => folded.extend(c.to_lowercase().map(without_dots)),
        }
    }
}

fn fold_char(c: char) -> Option<char> {
    match c {
        'а'..='я' | 'А'..='Я' | '!'..='~' => Some(c),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{300}'..='\u{36f}' => None,
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => Some('-'),
        '«' | '»' | '“' | '”' | '„' | '‟' | '″' => Some('"'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

fn has_mixed_word(folded: &str) -> bool {
    // The first bytes of Latin letters and of Greek ones.
    let foreign = folded.bytes().any(|byte| byte.is_ascii_alphabetic() || (0xcd..=0xcf).contains(&byte));
    foreign
        && folded
            .split(|c: char| !is_letter(c))
            .any(|word| word.chars().any(is_cyrillic) && word.chars().any(is_foreign_letter))
}

fn unmix_words(folded: &str) -> String {
    let mut unmixed = String::with_capacity(folded.len());
    let mut rest = folded;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        if word.chars().any(is_cyrillic) {
            unmixed.extend(word.chars().map(cyrillic_twin));
        } else {
            unmixed.push_str(word);
        }
        let after = tail.find(is_letter).unwrap_or(tail.len());
        unmixed.push_str(&tail[..after]);
        rest = &tail[after..];
    }
    unmixed
}

fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..='\u{4ff}').contains(&c)
}

/// Latin or Greek: letters that recognition puts into Cyrillic words.
fn is_foreign_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || ('\u{370}'..='\u{3ff}').contains(&c)
}

fn cyrillic_twin(c: char) -> char {
    match c {
        'α' => 'а',
        'β' => 'в',
        'γ' => 'г',
        'ε' => 'е',
        'η' => 'н',
        'κ' => 'к',
        'μ' => 'м',
        'ο' => 'о',
        'π' => 'п',
        'ρ' => 'р',
        'τ' => 'т',
        'υ' => 'у',
        'φ' => 'ф',
        'χ' => 'х',
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'u' => 'и',
        'x' => 'х',
        'y' => 'у',
        'n' => 'п',
        'r' => 'г',
        'i' => 'і',
        c => c,
    }
}

/// A folded head with the slips of recognition mended that put other signs for letters: «прика3» and a wholly Latin
/// «cpok» are words again. Only for short texts whose words are known, such as heads: numbers in prose stay numbers.
pub(crate) fn mend_signs(folded: &str) -> String {
    let mut mended = String::with_capacity(folded.len());
    for word in folded.split_inclusive(|c: char| !is_letter_or_digit(c)) {
        let letters = word.trim_end_matches(|c: char| !is_letter_or_digit(c));
        let cyrillic = letters.chars().filter(|&c| is_cyrillic(c)).count();
        let broken = letters.chars().next().is_some_and(is_cyrillic) && cyrillic >= 3;
        let latin = letters.chars().count() >= 4 && letters.chars().all(|c| "abcehkmoptxy".contains(c));
        if broken || latin {
            mended.extend(word.chars().map(|c| if latin { cyrillic_twin(c) } else { letter_of_sign(c) }));
        } else {
            mended.push_str(word);
        }
    }
    mended
}

fn letter_of_sign(c: char) -> char {
    match c {
        '3' => 'з',
        '0' => 'о',
        '4' => 'ч',
        '6' => 'б',
        c => c,
    }
}

/// Words of a text reduced to their stems, in order: «Мониторинг результатов 1.14» → `мониторинг`, `результат`, `1.14`.
///
/// Numbers keep their inner full stops, slashes and hyphens, so that «212/1» and «1.14» are one word each.
pub fn stems(text: &str) -> Vec<String> {
    let folded = fold(text);
    let stemmer = Stemmer::create(Algorithm::Russian);
    words(&folded).map(|word| stemmer.stem(word).into_owned()).collect()
}

/// Words of an already folded text: runs of letters, or numbers with their inner separators.
pub fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !(is_letter_or_digit(c) || matches!(c, '.' | '/' | '-'))).flat_map(|chunk| {
        let chunk = chunk.trim_matches(['.', '/', '-']);
        let whole = chunk.chars().next().is_some_and(|c| c.is_ascii_digit());
        let separator = move |c: char| !whole && !is_letter_or_digit(c);
        chunk.split(separator).filter(|word| !word.is_empty())
    })
}

/// One of the folded text's words begins with the stem, a slip of recognition forgiven.
///
/// Stems of five letters or more may differ by one letter, those of eight or more by two.
pub fn has_word(folded: &str, stem: &str) -> bool {
    words(folded).any(|word| begins_with(word, stem))
}

/// The folded word begins with the stem, a slip of recognition forgiven as in [`has_word`].
pub fn begins_with(word: &str, stem: &str) -> bool {
    if word.starts_with(stem) {
        return true;
    }
    // A slip in the first letter is rare, and asking for it keeps different words apart.
    if word.chars().next() != stem.chars().next() {
        return false;
    }
    let length = stem.chars().count();
    let allowed = match length {
        0..5 => return false,
        5..8 => 1,
        _ => 2,
    };
    let end_of = |count: usize| word.char_indices().nth(count).map_or(word.len(), |(at, _)| at);
    let word_length = word.chars().take(length + 1).count();
    (length - 1..=length + 1)
        .filter(|&count| count <= word_length)
        .any(|count| strsim::levenshtein(&word[..end_of(count)], stem) <= allowed)
}

/// Text on one line: line breaks and runs of white space become single spaces; a word divided at the end of a
/// line is whole again.
pub fn one_line(text: &str) -> String {
    let text = text.replace("\u{ad}\n", "").replace('\u{ad}', "");
    let mut line = String::with_capacity(text.len());
    for piece in text.split('\n') {
        push_line(&mut line, piece);
    }
    line
}

/// Adds the next line of a text, the space between included, a divided word made whole.
pub fn push_line(text: &mut String, line: &str) {
    let mut words = line.split_whitespace();
    let Some(first) = words.next() else { return };
    match hyphen_at_break(text, first) {
        Some(Hyphen::OfDivision) => {
            text.pop();
        }
        Some(Hyphen::OfWord) => {}
        None if text.is_empty() => {}
        None => text.push(' '),
    }
    text.push_str(first);
    for word in words {
        text.push(' ');
        text.push_str(word);
    }
}

/// What a hyphen at the end of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hyphen {
    /// It only divides the word: «руково-» «дители».
    OfDivision,
    /// It belongs to the word: «учебно-» «методический».
    OfWord,
}

/// First halves of words with a hyphen.
const FIRST_HALVES: [&str; 34] = [
    "учебно",
    "научно",
    "организационно",
    "информационно",
    "социально",
    "психолого",
    "материально",
    "контрольно",
    "нормативно",
    "финансово",
    "культурно",
    "духовно",
    "военно",
    "физкультурно",
    "спортивно",
    "художественно",
    "программно",
    "медико",
    "консультативно",
    "мотивационно",
    "административно",
    "общественно",
    "экспертно",
    "план",
    "мастер",
    "школа",
    "школы",
    "онлайн",
    "офлайн",
    "интернет",
    "бизнес",
    "тест",
    "пресс",
    "кейс",
];
/// Beginnings of second halves of words with a hyphen.
const SECOND_HALVES: [&str; 24] = [
    "методич",
    "педагогич",
    "аналитич",
    "техническ",
    "психологич",
    "воспитательн",
    "экономич",
    "правов",
    "хозяйств",
    "график",
    "практик",
    "класс",
    "наставник",
    "куратор",
    "участни",
    "практическ",
    "просветительск",
    "оздоровит",
    "нравствен",
    "диагностич",
    "либо",
    "нибудь",
    "таки",
    "интернат",
];

/// Whether a text ends in a hyphen with which the next word belongs together, and what that hyphen is.
///
/// A hyphen stays where a capital, a sign or a number stands beside it, or where one of the halves is known to be
/// half of a word with a hyphen; any other hyphen after a letter and before a small letter divides a word.
fn hyphen_at_break(text: &str, next: &str) -> Option<Hyphen> {
    let before = text.strip_suffix(['-', '‐'])?;
    let head = before.rsplit(|c: char| !is_letter_or_digit(c)).next().unwrap_or_default();
    if head.is_empty() || !next.chars().next().is_some_and(char::is_lowercase) {
        // «школы -» before the next line is a dash.
        let tight = !head.is_empty() && next.chars().next().is_some_and(is_letter_or_digit);
        return tight.then_some(Hyphen::OfWord);
    }
    let (first, second) = (fold(head), fold(next));
    let short = first.chars().count() < 2 || second.chars().filter(|&c| is_letter(c)).count() < 2;
    let upper = head.chars().count() >= 2 && head.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
    let compound = FIRST_HALVES.contains(&first.as_str())
        || SECOND_HALVES.iter().any(|half| second.starts_with(half))
        || matches!(first.as_str(), "по" | "во" | "из" | "кое" | "что" | "кто");
    Some(if short || upper || compound { Hyphen::OfWord } else { Hyphen::OfDivision })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_fold(input: &str, expected: &str) {
        assert_eq!(fold(input), expected);
    }

    #[test]
    fn different_typing_folds_to_the_same() {
        check_fold("  Све́тлый\u{a0}посёлок ", "светлый поселок");
        check_fold("«План–график» — “цели”", "\"план-график\" - \"цели\"");
        check_fold("сро\u{ad}ки", "сроки");
    }

    #[test]
    fn latin_twins_count_as_cyrillic_inside_cyrillic_words_only() {
        check_fold("Cpoки", "сроки");
        check_fold("COVID и XLSX", "covid и xlsx");
    }

    #[test]
    fn stems_make_cases_equal_and_keep_numbers_whole() {
        assert_eq!(stems("Мониторинг результатов"), stems("мониторинга результата"));
        assert_eq!(stems("п. 1.14 приказа № 212/1").iter().filter(|s| s.contains(['.', '/'])).count(), 2);
        assert_eq!(stems("план-график"), ["план", "график"]);
    }

    #[test]
    fn a_slip_of_recognition_is_forgiven_in_long_words_only() {
        assert!(has_word("меропрнятие", "мероприят"));
        assert!(has_word("ответствснные исполнители", "ответствен"));
        assert!(!has_word("сдача", "дат"));
        assert!(!has_word("место проведения", "меропри"));
    }

    #[test]
    fn one_line_mends_divided_words() {
        let check = |text: &str, expected: &str| assert_eq!(one_line(text), expected, "{text}");
        check("разра\u{ad}\nботка  плана\nшколы", "разработка плана школы");
        check("руково-\nдители школ", "руководители школ");
        check("меро-\n  приятия", "мероприятия");
        check("учебно-\nметодический", "учебно-методический");
        check("план-\nграфик", "план-график");
        check("психолого-\nпедагогическая", "психолого-педагогическая");
        check("г. Усть-\nЛесной", "г. Усть-Лесной");
        check("2023-\n2024 учебный год", "2023-2024 учебный год");
        check("ИТ-\nцентр", "ИТ-центр");
        check("школы -\nучастницы", "школы - участницы");
        check("кто-\nлибо", "кто-либо");
    }

    #[test]
    fn signs_that_stand_for_letters_are_mended_in_heads() {
        let check = |text: &str, expected: &str| assert_eq!(mend_signs(&fold(text)), expected, "{text}");
        check("ПРИКA3", "приказ");
        check("ΠРИКАЗ", "приказ");
        check("CPOK", "срок");
        check("Ср0ки 2024", "сроки 2024");
        check("№ 3 от 04.06", "№ 3 от 04.06");
    }
}
