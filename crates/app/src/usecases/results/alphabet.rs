//! In which order do names of schools stand? By the alphabet, and in no other order: schools are never ranked.

/// The key names are sorted by: case and «ё» make no difference, and «№ 2» stands before «№ 10».
pub fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 8);
    let mut digits = String::new();
    let flush = |digits: &mut String, key: &mut String| {
        if !digits.is_empty() {
            key.push_str(&format!("{digits:0>9}"));
            digits.clear();
        }
    };
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        flush(&mut digits, &mut key);
        match letter {
            'ё' => key.push('е'),
            '«' | '»' | '"' => {}
            other => key.push(other),
        }
    }
    flush(&mut digits, &mut key);
    key
}

#[cfg(test)]
mod tests {
    use super::key;

    #[track_caller]
    fn check(mut names: Vec<&str>, expected: &[&str]) {
        names.sort_by_key(|name| key(name));
        assert_eq!(names, expected);
    }

    #[test]
    fn names_stand_as_in_a_telephone_book() {
        check(
            vec!["Школа № 10", "школа № 2", "Ёлкинская школа"],
            &["Ёлкинская школа", "школа № 2", "Школа № 10"],
        );
        check(vec!["Лицей «Юг»", "Лицей «Альфа»"], &["Лицей «Альфа»", "Лицей «Юг»"]);
    }
}
