//! Whom does a point tell to act? «Руководителям школ № 2, 7:», «Методисту Лесной И.С. провести …».

use super::{names, parties};
use crate::letters::is_letter;
use crate::text::{fold, one_line, words};

/// Who is addressed is named in so many characters at most.
const ADDRESS_LENGTH: usize = 200;

/// Infinitives by which somebody is named and not told to act: «Лесную И.С. назначить …».
const NAMING: [&str; 10] =
    ["назнач", "направ", "включ", "утверд", "счита", "закреп", "поощр", "определ", "призна", "возлож"];

/// Who a sentence is told to: what stands before its infinitive, in the dative, a deadline between left out.
pub(super) fn of_sentence(text: &str) -> Option<String> {
    let (at, verb) = infinitive(text)?;
    let before = text.get(..at)?;
    let verb = fold(verb);
    if NAMING.iter().any(|stem| verb.starts_with(stem)) {
        return None;
    }
    let end = super::prose::deadline_start(before).unwrap_or(before.len());
    of_list(before.get(..end)?)
}

/// Who a line before a list is told to: «Руководителям школ:».
pub(super) fn of_list(text: &str) -> Option<String> {
    let line = one_line(text);
    let bare = line.trim_end_matches([':', ',', ' ', '–', '—', '-']);
    let told = bare.strip_suffix(['.']).filter(|rest| !rest.ends_with(char::is_uppercase)).unwrap_or(bare);
    if told.is_empty() || told.chars().count() > ADDRESS_LENGTH || told.contains(". ") && !has_name(told) {
        return None;
    }
    let begins_with_name = names::find(told, 0).is_some_and(|name| name.start == 0);
    (begins_with_name || is_dative_party(told)).then(|| told.to_owned())
}

fn has_name(text: &str) -> bool {
    names::find(text, 0).is_some()
}

/// The first words name a party, and its noun stands in the dative or is an abbreviation.
fn is_dative_party(text: &str) -> bool {
    let folded = fold(text);
    let Some((at, word)) = words(&folded).take(3).enumerate().find(|(_, word)| parties::is_party_word(word))
    else {
        return false;
    };
    let abbreviation = text
        .split(|c| !is_letter(c))
        .filter(|piece| !piece.is_empty())
        .nth(at)
        .is_some_and(|piece| piece.chars().count() >= 2 && piece.chars().all(char::is_uppercase));
    // An adjective before the noun stands in the dative too: «муниципальному координатору», «школьным командам».
    let agrees = words(&folded)
        .take(at)
        .all(|word| ["ому", "ему", "ым", "им", "ой", "ей"].iter().any(|ending| word.ends_with(ending)));
    let dative = ["у", "ю", "ам", "ям", "ии", "е"].iter().any(|ending| word.ends_with(ending));
    abbreviation && at == 0 || (agrees && dative)
}

/// The first infinitive of a text and where it stands.
fn infinitive(text: &str) -> Option<(usize, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find(is_letter)?;
        let tail = &text[start..];
        let end = start + tail.find(|c| !is_letter(c)).unwrap_or(tail.len());
        let word = &text[start..end];
        let ends = ["ть", "ти", "ться", "тись", "чь"].iter().any(|ending| word.ends_with(ending));
        let noun = ["сть", "сети", "пути", "дети", "части", "области", "ости", "етверть", "речь"];
        if ends && word.chars().nth(4).is_some() && !noun.iter().any(|ending| word.ends_with(ending)) {
            return Some((start, word));
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(of_sentence(text).as_deref(), expected, "in «{text}»");
    }

    #[test]
    fn a_sentence_in_the_dative_tells_who() {
        check("Методисту Лесной И.С. провести семинар", Some("Методисту Лесной И.С."));
        check("Ким В.Г., методисту центра, подготовить отчёт", Some("Ким В.Г., методисту центра"));
        check("Руководителям школ до 1 октября 2024 года создать команды", Some("Руководителям школ"));
        check("Муниципальному координатору обеспечить участие", Some("Муниципальному координатору"));
        check("МБОУ СОШ № 2 представить план", Some("МБОУ СОШ № 2"));
        check("Школам № 4 и № 6 представить планы", Some("Школам № 4 и № 6"));
        check("Координационной группе рассмотреть итоги", Some("Координационной группе"));
    }

    #[test]
    fn what_is_acted_upon_is_no_one() {
        check("Учителей школ обучить работе с заданиями", None);
        check("Лесную И.С. назначить координатором", None);
        check("Провести семинар", None);
        check("Кураторов школ пригласить на совещание", None);
        check("Семинар для школьных команд", None);
        check("Обеспечить методическую помощь директорам", None);
    }

    #[test]
    fn a_line_before_a_list_tells_who() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(of_list(text).as_deref(), expected, "{text}");
        check(
            "Руководителям общеобразовательных организаций:",
            Some("Руководителям общеобразовательных организаций"),
        );
        check("Координатору Лесной И.С.:", Some("Координатору Лесной И.С."));
        check("Организационная работа", None);
        check("Работа с кадрами:", None);
    }
}
