//! When are two spellings of a word the same?

/// Letters of the Latin alphabet that look like Cyrillic ones, as typed by mistake inside Russian words.
const LOOKALIKES: [(char, char); 13] = [
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('e', 'е'),
    ('h', 'н'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('t', 'т'),
    ('x', 'х'),
    ('y', 'у'),
    ('u', 'и'),
];

/// A letter as Cyrillic, if it is one or looks like one.
pub(crate) fn cyrillic(letter: char) -> char {
    LOOKALIKES.iter().find(|(latin, _)| *latin == letter).map_or(letter, |(_, cyrillic)| *cyrillic)
}

fn is_cyrillic(letter: char) -> bool {
    ('а'..='я').contains(&letter)
}

/// Lower case, «е» for «ё», single blanks for whatever is neither letter nor digit; «кол-во» spelled out; Latin
/// letters inside a Russian word turned to what they look like. «%» stays, as a word of its own.
pub(crate) fn plain(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let lower: String = text.chars().take(LONGEST_CHARS).flat_map(char::to_lowercase).collect();
    let spaced = lower.replace('ё', "е").replace('%', " % ").replace('№', " номер ");
    let words = spaced.split(|c: char| !c.is_alphanumeric() && c != '%').filter(|word| !word.is_empty());
    for word in words {
        if !result.is_empty() {
            result.push(' ');
        }
        if word.chars().any(is_cyrillic) && word.chars().any(|c| c.is_ascii_alphabetic()) {
            result.extend(word.chars().map(cyrillic));
        } else {
            result.push_str(word);
        }
    }
    for (short, full) in [("кол во", "количество"), ("к во", "количество"), ("наим ", "наименование ")]
    {
        if result.contains(short) {
            result = replace_words(&result, short, full);
        }
    }
    result
}

/// A head or a title longer than this is no head or title.
const LONGEST_CHARS: usize = 1_000;

fn replace_words(text: &str, short: &str, full: &str) -> String {
    let padded = format!(" {text} ");
    let (short, full) = (format!(" {} ", short.trim()), format!(" {} ", full.trim()));
    padded.replace(&short, &full).trim().to_owned()
}

/// The words of a phrase stand in a text one after another. Both are plain.
pub(crate) fn holds(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text.get(..at).is_none_or(|head| head.is_empty() || head.ends_with(' '));
        let after = text.get(at + phrase.len()..).is_none_or(|tail| tail.is_empty() || tail.starts_with(' '));
        before && after
    })
}

/// The login of the ВПР system in a text, lower case: `edu` and at least four digits.
pub(crate) fn login(text: &str) -> Option<String> {
    let folded: String = text
        .chars()
        .take(LONGEST_CHARS)
        .map(|c| match c {
            'е' | 'Е' | 'E' => 'e',
            'D' => 'd',
            'U' => 'u',
            c => c,
        })
        .collect();
    folded.match_indices("edu").find_map(|(at, _)| {
        let digits: String = folded.get(at + 3..)?.chars().take_while(char::is_ascii_digit).collect();
        (digits.len() >= 4).then(|| format!("edu{digits}"))
    })
}

#[cfg(test)]
mod tests {
    use super::{holds, login, plain};

    #[test]
    fn spellings_are_made_plain() {
        assert_eq!(plain("  Кол-во\nучастников,  %"), "количество участников %");
        assert_eq!(plain("Oтмeтка по «Журналу»"), "отметка по журналу", "Latin O and e");
        assert_eq!(plain("№ п/п"), "номер п п");
        assert_eq!(plain("login"), "login");
    }

    #[test]
    fn a_phrase_is_found_as_whole_words() {
        assert!(holds("впр 2024 русский язык 5 класс", "русский язык"));
        assert!(!holds("физико математический лицей", "математический ли"));
    }

    #[test]
    fn a_login_is_found_whatever_the_keyboard() {
        assert_eq!(login("МБОУ «Школа № 3» (edu551234)").as_deref(), Some("edu551234"));
        assert_eq!(login("ЕDU551234").as_deref(), Some("edu551234"));
        assert_eq!(login("education 12"), None);
    }
}
