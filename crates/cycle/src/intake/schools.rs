//! Which schools does a text name?

use std::ops::Range;

use super::school_signs::{self, BareNumber, NumberList};
use crate::letters::is_letter_or_digit;
use crate::text::{fold, words};
use crate::vocabulary::{SchoolKind, SchoolRef};

/// Schools named together, such as «Средние школы №№ 2, 7» or «МБОУ «Лесная СОШ»».
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SchoolGroup {
    /// Bytes of the text from the noun before the numbers to the last number or quotation mark.
    pub range: Range<usize>,
    /// The schools, in the order of the text.
    pub schools: Vec<SchoolRef>,
}

/// Stems of nouns by which schools are called.
const SCHOOL_NOUNS: [&str; 4] = ["школ", "лице", "гимнази", "общеобразоват"];
/// Abbreviations of kinds of institutions.
const SCHOOL_ABBREVIATIONS: [&str; 15] = [
    "моу", "мбоу", "маоу", "мкоу", "мобу", "мауо", "сош", "оош", "нош", "оо", "шнор", "шнсу", "оу", "гбоу",
    "маоо",
];
/// The longest range of numbers that is written out: «№№ 1–5». A longer one is taken for two numbers.
const LONGEST_RANGE: u32 = 20;

/// All groups of schools that a text names, in order.
pub(super) fn groups(text: &str) -> Vec<SchoolGroup> {
    // A school is told by a number, by quotation marks, or by the abbreviation of its settlement.
    let told = |c: char| c.is_ascii_digit() || matches!(c, '«' | '"' | '“' | '„' | '.');
    if !text.contains(told) {
        return Vec::new();
    }
    let mut found = numbered(text);
    found.extend(bare(text));
    let taken: Vec<Range<usize>> = found.iter().map(|group| group.range.clone()).collect();
    found.extend(
        named(text).into_iter().filter(|group| !taken.iter().any(|range| overlaps(range, &group.range))),
    );
    found.sort_by_key(|group| group.range.start);
    found
}

/// The schools of all groups, each once, in order.
pub(super) fn all(text: &str) -> Vec<SchoolRef> {
    let mut schools: Vec<SchoolRef> = Vec::new();
    for school in groups(text).into_iter().flat_map(|group| group.schools) {
        if !schools.iter().any(|known| same(known, &school)) {
            schools.push(school);
        }
    }
    schools
}

/// Two references may mean the same school: a number decides, or else the name.
pub(crate) fn same(a: &SchoolRef, b: &SchoolRef) -> bool {
    match (a.number, b.number) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.name.as_deref().map(fold) == b.name.as_deref().map(fold),
        _ => false,
    }
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn numbered(text: &str) -> Vec<SchoolGroup> {
    let mut groups = Vec::new();
    let mut previous_end = 0;
    for NumberList { whole, list } in school_signs::number_lists(text) {
        let before = &text[previous_end..whole.start];
        let Some((noun_start, kind)) = noun_before(before) else { continue };
        let schools = numbers(&text[list])
            .into_iter()
            .map(|number| SchoolRef { number: Some(number), kind, name: None })
            .collect();
        groups.push(SchoolGroup { range: previous_end + noun_start..whole.end, schools });
        previous_end = whole.end;
    }
    groups
}

/// How many words before «№» may hold the school noun: «общеобразовательная школа-интернат города № 5».
const WORDS_BEFORE_NUMBER: usize = 6;

/// Start of the noun phrase that ends a text, and the kind it tells; `None` where it speaks of no school.
fn noun_before(before: &str) -> Option<(usize, SchoolKind)> {
    let clause_start = before.rfind([',', ';', '.', ':', '(', '\n']).map_or(0, |at| at + 1);
    let clause = &before[clause_start..];
    let starts: Vec<usize> = word_starts(clause);
    let first = starts.len().saturating_sub(WORDS_BEFORE_NUMBER);
    let noun = starts[first..].iter().copied().find(|&start| {
        let rest = &clause[start..];
        let end = rest.find(|c| !is_letter_or_digit(c)).unwrap_or(rest.len());
        let word = fold(&rest[..end]);
        is_school_word(&word) || kind_of_word(&word).is_some()
    })?;
    let phrase = fold(&clause[noun..]);
    words(&phrase)
        .any(is_school_word)
        .then(|| (clause_start + noun, words(&phrase).filter_map(kind_of_word).last().unwrap_or_default()))
}

fn word_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut inside = false;
    for (at, c) in text.char_indices() {
        let letter = is_letter_or_digit(c);
        if letter && !inside {
            starts.push(at);
        }
        inside = letter || (inside && c == '-');
    }
    starts
}

/// The folded word calls a school.
pub(super) fn is_school_word(word: &str) -> bool {
    SCHOOL_ABBREVIATIONS.contains(&word) || SCHOOL_NOUNS.iter().any(|stem| word.starts_with(stem))
}

fn kind_of_word(word: &str) -> Option<SchoolKind> {
    match word {
        "сош" => Some(SchoolKind::Secondary),
        "оош" => Some(SchoolKind::Basic),
        "нош" => Some(SchoolKind::Primary),
        _ if word.starts_with("средн") => Some(SchoolKind::Secondary),
        _ if word.starts_with("основн") => Some(SchoolKind::Basic),
        _ if word.starts_with("начальн") && !word.starts_with("начальник") => {
            Some(SchoolKind::Primary)
        }
        _ if word.starts_with("гимнази") => Some(SchoolKind::Gymnasium),
        _ if word.starts_with("лице") => Some(SchoolKind::Lyceum),
        _ => None,
    }
}

/// Numbers of a list such as «2, 7 и 14», «1–5»: short rising ranges are written out.
fn numbers(list: &str) -> Vec<u32> {
    let mut numbers: Vec<u32> = Vec::new();
    let mut range_open = false;
    let mut digits = String::new();
    let flush = |digits: &mut String, range_open: &mut bool, numbers: &mut Vec<u32>| {
        let Ok(number) = digits.parse::<u32>() else { return };
        digits.clear();
        let last = numbers.last().copied().unwrap_or(number);
        if *range_open && number > last && number - last <= LONGEST_RANGE {
            numbers.extend(last + 1..=number);
        } else {
            numbers.push(number);
        }
        *range_open = false;
    };
    for c in list.chars() {
        match c {
            '0'..='9' => digits.push(c),
            _ => {
                flush(&mut digits, &mut range_open, &mut numbers);
                range_open |= matches!(c, '-' | '–' | '—');
            }
        }
    }
    flush(&mut digits, &mut range_open, &mut numbers);
    numbers
}

fn bare(text: &str) -> Vec<SchoolGroup> {
    let group = |found: BareNumber| {
        let kind = kind_of_word(&fold(&text[found.noun])).unwrap_or_default();
        let number = text[found.number].parse().ok()?;
        let schools = vec![SchoolRef { number: Some(number), kind, name: None }];
        Some(SchoolGroup { range: found.school, schools })
    };
    school_signs::bare_numbers(text).into_iter().filter_map(group).collect()
}

fn named(text: &str) -> Vec<SchoolGroup> {
    school_signs::named(text)
        .into_iter()
        .filter_map(|found| {
            let whole = &text[found.whole.clone()];
            let name = text[found.name].trim();
            let unclosed = name.matches('«').count() > name.matches('»').count();
            let name = if unclosed { format!("{name}»") } else { name.to_owned() };
            let folded = fold(whole);
            // A quoted text calls a school only by a noun in the singular; «поддержка школ» is a programme.
            let calls = words(&folded).any(|word| {
                matches!(
                    word,
                    "школа"
                        | "школы"
                        | "школе"
                        | "школу"
                        | "лицей"
                        | "гимназия"
                        | "сош"
                        | "оош"
                        | "нош"
                )
            });
            let short = name.split_whitespace().count() <= 8;
            let kind = words(&folded).filter_map(kind_of_word).last().unwrap_or_default();
            let school = SchoolRef { number: None, kind, name: Some(name.clone()) };
            let calls = (calls || found.has_prefix) && name.chars().count() >= 3;
            (calls && short && (found.is_settlement || looks_like_a_name(&name)))
                .then(|| SchoolGroup { range: found.whole, schools: vec![school] })
        })
        .collect()
}

/// A name of a school starts with a capital and says nothing about programmes, results or quality.
fn looks_like_a_name(name: &str) -> bool {
    const NOT_NAMES: [&str; 10] = [
        "методическ",
        "программ",
        "проект",
        "результат",
        "качеств",
        "поддержк",
        "возможност",
        "мероприят",
        "перспектив",
        "портал",
    ];
    let folded = fold(name);
    name.chars().next().is_some_and(char::is_uppercase)
        && !words(&folded).any(|word| NOT_NAMES.iter().any(|stem| word.starts_with(stem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found: Vec<String> = groups(text)
            .iter()
            .map(|group| {
                let schools: Vec<String> = group
                    .schools
                    .iter()
                    .map(|s| s.number.map_or_else(|| s.name.clone().unwrap_or_default(), |n| n.to_string()))
                    .collect();
                format!("{} → {}", &text[group.range.clone()], schools.join(" "))
            })
            .collect();
        assert_eq!(found.join(" | "), expected);
    }

    #[test]
    fn numbers_after_a_school_noun_are_schools() {
        check("Руководители МОУ №№ 2, 7, 14 и 39", "МОУ №№ 2, 7, 14 и 39 → 2 7 14 39");
        check("директор Средней школы № 21, кураторы", "Средней школы № 21 → 21");
        check("МБОУ СОШ №3, ООШ № 5", "МБОУ СОШ №3 → 3 | ООШ № 5 → 5");
        check("школы № 1, № 2", "школы № 1, № 2 → 1 2");
        check("школы №№ 1–4", "школы №№ 1–4 → 1 2 3 4");
    }

    #[test]
    fn kinds_are_told_apart() {
        let kinds: Vec<_> = all("Средние школы №№ 2, 7, Основные школы №№ 14, 27, лицей № 1")
            .into_iter()
            .map(|school| (school.number.unwrap_or(0), school.kind))
            .collect();
        use SchoolKind::{Basic, Lyceum, Secondary};
        assert_eq!(kinds, [(2, Secondary), (7, Secondary), (14, Basic), (27, Basic), (1, Lyceum)]);
    }

    #[test]
    fn numbers_of_acts_and_annexes_are_no_schools() {
        check("приказом Управления образования от 29.03.2021 № 104", "");
        check("Приложение № 2 к приказу № 15", "");
    }

    #[test]
    fn a_number_without_its_sign_ends_a_phrase() {
        check("МАОУ лицей 7", "МАОУ лицей 7 → 7");
        check("директор СОШ 12, кураторы", "СОШ 12 → 12");
        check("школа 2 ступени, школе 15.03.2023, школа 1 раз в месяц, лицей 2023", "");
    }

    #[test]
    fn schools_may_have_names() {
        check(
            "МБОУ «Лесная СОШ» и МКОУ СОШ с. Речное",
            "МБОУ «Лесная СОШ» → Лесная СОШ | МКОУ СОШ с. Речное → с. Речное",
        );
        check(
            "МБОУ «Лицей «Росток»», МБОУ «СОШ им. Героя Полянова», гимназия «Интеллект»",
            "МБОУ «Лицей «Росток»» → Лицей «Росток» | МБОУ «СОШ им. Героя Полянова» → СОШ им. Героя Полянова | гимназия «Интеллект» → Интеллект",
        );
        check(
            "МАОУ «Лицей «Росток», МБОУ СОШ № 4",
            "МАОУ «Лицей «Росток» → Лицей «Росток» | МБОУ СОШ № 4 → 4",
        );
        check(
            "МБОУ «Полянская школа имени Л. Лесного»",
            "МБОУ «Полянская школа имени Л. Лесного» → Полянская школа имени Л. Лесного",
        );
        check("газета «Росток», ЦДО «Вершина»", "");
        check("проект «Поддержка школ с низкими результатами»", "");
    }
}
