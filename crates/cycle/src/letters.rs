//! Is a character a letter, and which is its small one? Answered at once for the letters Russian texts consist of.
//!
//! The tables of the standard library cover all of Unicode by a search; reading an order asks so often that the
//! search took a quarter of the time.

/// As [`char::is_alphabetic`].
pub fn is_letter(c: char) -> bool {
    match c {
        'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' | 'a'..='z' | 'A'..='Z' => true,
        '\0'..='\u{7f}' | '«' | '»' | '\u{2010}'..='\u{206f}' | '№' | '\u{a0}' => false,
        _ => c.is_alphabetic(),
    }
}

/// As [`char::is_alphanumeric`].
pub fn is_letter_or_digit(c: char) -> bool {
    match c {
        'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' | 'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        '\0'..='\u{7f}' | '«' | '»' | '\u{2010}'..='\u{206f}' | '№' | '\u{a0}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// The small letter of a letter that has exactly one and is Russian or Latin; any other sign as it is, or `None`
/// where the tables have to tell.
pub(crate) fn small(c: char) -> Option<char> {
    match c {
        'а'..='я' | 'ё' | '\0'..='@' | '['..='\u{7f}' => Some(c),
        'А'..='Я' => char::from_u32(c as u32 + 0x20),
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        'Ё' => Some('ё'),
        _ => None,
    }
}

/// The character can't be composed with its neighbours and has no other form: text of such is in NFC already.
pub(crate) fn is_composed(c: char) -> bool {
    matches!(c, '\0'..='\u{2ff}' | '\u{400}'..='\u{45f}' | '\u{2010}'..='\u{2046}' | '№')
}

/// The character before a byte of a text is a letter, a digit or «_»: no word begins there.
pub(crate) fn in_word_before(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(is_of_word)
}

/// The character at a byte of a text is a letter, a digit or «_»: no word ends there.
pub(crate) fn in_word_at(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(is_of_word)
}

fn is_of_word(c: char) -> bool {
    c == '_' || is_letter_or_digit(c)
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn the_short_ways_agree_with_the_tables() {
        for c in (0..=0x1_ffff).filter_map(char::from_u32) {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(is_letter_or_digit(c), c.is_alphanumeric(), "{c:?}");
            if let Some(small) = small(c) {
                assert!(c.to_lowercase().eq([small]), "{c:?}");
            }
            if is_composed(c) {
                let text: String = [c, c].iter().collect();
                assert_eq!(text.nfc().collect::<String>(), text, "{c:?}");
            }
        }
    }
}
