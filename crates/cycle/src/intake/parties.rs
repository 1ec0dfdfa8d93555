//! Who is meant by a responsible text?

use std::ops::Range;

use super::{names, schools};
use crate::letters::{is_letter, is_letter_or_digit};
use crate::text::{begins_with, fold, one_line, words};
use crate::vocabulary::{Party, PartyKind, Person, SchoolRef};

/// Stems of posts and roles.
const ROLES: [&str; 35] = [
    "руководит",
    "директор",
    "заместит",
    "зам",
    "рук",
    "куратор",
    "координатор",
    "методист",
    "специалист",
    "учител",
    "педагог",
    "психолог",
    "классн",
    "председател",
    "начальник",
    "наставник",
    "тьютор",
    "участник",
    "член",
    "родител",
    "заведующ",
    "завуч",
    "логопед",
    "дефектолог",
    "эксперт",
    "консультант",
    "инспектор",
    "секретар",
    "библиотекар",
    "ответствен",
    "представител",
    "администратор",
    "глав",
    "работник",
    "сотрудник",
];
/// Stems of organisations and their units.
const BODIES: [&str; 30] = [
    "управлени",
    "отдел",
    "комитет",
    "департамент",
    "министерств",
    "администраци",
    "центр",
    "институт",
    "групп",
    "комисси",
    "совет",
    "кабинет",
    "объединени",
    "служб",
    "учреждени",
    "сектор",
    "команд",
    "консилиум",
    "штаб",
    "ассоциаци",
    "академи",
    "университет",
    "организаци",
    "методобъединени",
    "коллектив",
    "библиотек",
    "сообществ",
    "площадк",
    "цод",
    "рмо",
];
/// Abbreviations of bodies that begin a party.
const BODY_ABBREVIATIONS: [&str; 22] = [
    "уо",
    "цдо",
    "иро",
    "имц",
    "ммс",
    "гмо",
    "рмо",
    "шмо",
    "мо",
    "цоко",
    "рцои",
    "цпмсс",
    "пмпк",
    "тпмпк",
    "кдн",
    "кднизп",
    "ддт",
    "имо",
    "ммц",
    "роо",
    "гуо",
    "моуо",
];

/// The parties of a responsible text, in order. Every character of the text but separators stays in some party.
pub fn parties(text: &str) -> Vec<Party> {
    let mut parties: Vec<Party> = Vec::new();
    for chunk in chunks(text) {
        match parties.last_mut() {
            Some(last) if is_post_of(last, &chunk) => append(last, &chunk),
            Some(last) if lists_more_schools(last, &chunk) => {
                last.text = format!("{}, {chunk}", last.text);
                last.schools = schools::all(&last.text);
            }
            _ => parties.push(party(&chunk)),
        }
    }
    parties
}

/// Pieces between separators. A comma between the numbers of schools, a full stop after an initial or an
/// abbreviation, and anything in brackets do not separate.
fn chunks(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.trim().chars().collect();
    let mut chunks = Vec::new();
    let mut chunk = String::new();
    let mut depth = 0_usize;
    for (at, &c) in chars.iter().enumerate() {
        match c {
            '(' | '«' => depth += 1,
            ')' | '»' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let rest = chars.get(at + 1..).unwrap_or(&[]);
        let ends = match c {
            ';' | '\u{2022}' => true,
            '\n' => depth == 0 && starts_party(rest),
            ',' => depth == 0 && !continues_number_list(&chunk, rest),
            '.' => depth == 0 && ends_sentence(&chunk, rest),
            ' ' => depth == 0 && lost_line_break(&chunk, rest),
            '/' => depth == 0 && divides_people(&chunk, rest),
            _ => false,
        };
        if ends {
            push_chunk(&mut chunks, &chunk);
            chunk.clear();
        } else {
            chunk.push(c);
        }
    }
    push_chunk(&mut chunks, &chunk);
    chunks.into_iter().flat_map(|chunk| split_conjunction(&chunk)).collect()
}

fn push_chunk(chunks: &mut Vec<String>, chunk: &str) {
    let chunk = one_line(chunk);
    let chunk = chunk.trim_matches(|c: char| matches!(c, '-' | '–' | '—' | ',' | ' '));
    let bare = chunk.trim_end_matches('.');
    // An initial keeps its full stop: «Иванова О.В.»; anything else loses a closing one.
    let chunk = if bare.chars().rev().take(1).all(char::is_uppercase) { chunk } else { bare };
    if !chunk.is_empty() {
        chunks.push(chunk.to_owned());
    }
}

/// A line begins a new party: with a capital, a number of a list or a dash.
fn starts_party(rest: &[char]) -> bool {
    let Some(first) = rest.iter().copied().find(|c| !c.is_whitespace()) else { return true };
    first.is_uppercase() || matches!(first, '-' | '–' | '•') && !rest.is_empty()
}

/// The comma stands between the numbers of a list: «№№ 2, 7».
fn continues_number_list(before: &str, rest: &[char]) -> bool {
    let after: String = rest.iter().skip_while(|c| c.is_whitespace() || **c == '№').take(1).collect();
    let digit_before = before.trim_end().chars().next_back().is_some_and(|c| c.is_ascii_digit());
    digit_before
        && before.contains(['№', 'N'])
        && after.chars().all(|c| c.is_ascii_digit())
        && !after.is_empty()
}

/// The full stop ends a sentence: a capital follows, and neither an initial nor a short abbreviation stands before.
fn ends_sentence(before: &str, rest: &[char]) -> bool {
    let word: String = before.chars().rev().take_while(|&c| is_letter_or_digit(c)).collect();
    let abbreviation = word.chars().count() <= 1
        || matches!(
            fold(before).rsplit(' ').next(),
            Some("им" | "пос" | "гор" | "зам" | "гл" | "ст" | "вед" | "рук" | "отв")
        );
    let next: String =
        rest.iter().skip_while(|c| c.is_whitespace()).take_while(|&&c| is_letter_or_digit(c)).collect();
    // «… Управления образования. руководители школ»: a new party begins although in lower case.
    let capital = next.chars().next().is_none_or(char::is_uppercase) || is_role_word(&fold(&next));
    let spaced = rest.first().is_none_or(|c| c.is_whitespace());
    !abbreviation && capital && spaced
}

/// «Орлова А.Б./методист Ким В.Г.»: a person is named on either side of the stroke.
fn divides_people(before: &str, rest: &[char]) -> bool {
    let after: String = rest.iter().take_while(|c| !matches!(c, ';' | ',' | '\n' | '/')).collect();
    name_in(before).is_some() && name_in(&after).is_some()
}

/// «… специалист отдела Руководители школ»: a line break was lost before a group of people.
fn lost_line_break(before: &str, rest: &[char]) -> bool {
    let next: String = rest.iter().take_while(|&&c| is_letter(c)).collect();
    let folded = fold(&next);
    let group = folded.ends_with(['ы', 'и']) || folded == "директора";
    let capital = next.chars().next().is_some_and(char::is_uppercase);
    capital && group && is_role_word(&folded) && before.chars().next_back().is_some_and(char::is_lowercase)
}

/// Divides «Управление образования и школы» where both sides name a party by themselves.
fn split_conjunction(chunk: &str) -> Vec<String> {
    for (at, _) in chunk.match_indices(" и ") {
        let (left, right) = (chunk[..at].trim(), chunk[at + " и ".len()..].trim());
        let left_whole = left.contains(' ') || is_abbreviation(left) || ends_plural_role(left);
        let shared_tail = right.contains('№') && !left.contains('№') && !left.contains(' ');
        let balanced = left.matches('«').count() == left.matches('»').count()
            && left.matches('(').count() == left.matches(')').count();
        if left_whole && balanced && !shared_tail && begins_party(right) && begins_party(left) {
            let mut pieces = vec![left.to_owned()];
            pieces.extend(split_conjunction(right));
            return pieces;
        }
    }
    vec![chunk.to_owned()]
}

fn is_abbreviation(text: &str) -> bool {
    text.chars().count() >= 2 && text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

fn ends_plural_role(text: &str) -> bool {
    let folded = fold(text);
    folded.ends_with(['ы', 'и']) && ROLES.iter().any(|stem| begins_with(&folded, stem))
}

/// The first words of a text name a post, a body, a school or a person.
fn begins_party(text: &str) -> bool {
    let folded = fold(text);
    let named = names::find(text, 0).is_some_and(|found| found.start == 0);
    named || words(&folded).take(2).any(is_party_word)
}

/// The text begins with a group of people in the nominative, as a party of its own does: «методисты», «кураторы школ».
pub(super) fn begins_group(text: &str) -> bool {
    let folded = fold(text);
    let first = words(&folded).next().unwrap_or_default();
    is_role_word(first) && first.ends_with(['ы', 'и']) && !first.ends_with("ии")
}

/// The folded word names a post, a role, a body or a school.
pub(super) fn is_party_word(word: &str) -> bool {
    is_role_word(word) || is_body_word(word) || schools::is_school_word(word)
}

fn is_role_word(word: &str) -> bool {
    // «методический» is near enough to «методист» to be taken for a slip of it.
    !word.starts_with("методич")
        && ROLES.iter().any(|stem| if stem.len() <= 6 { word == *stem } else { begins_with(word, stem) })
}

fn is_body_word(word: &str) -> bool {
    BODY_ABBREVIATIONS.contains(&word) || BODIES.iter().any(|stem| begins_with(word, stem))
}

/// The piece after a name without a post is its post: «Иванова О.В.», «начальник отдела».
fn is_post_of(last: &Party, chunk: &str) -> bool {
    let Some(person) = &last.person else { return false };
    let folded = fold(chunk);
    let post = words(&folded).take(3).any(is_role_word);
    person.post.is_none() && post && name_in(chunk).is_none() && !begins_plural(&folded)
}

/// «Руководители СОШ № 2», «СОШ № 4»: the role is that of the schools before, in the schools after the comma too.
fn lists_more_schools(last: &Party, chunk: &str) -> bool {
    let numbered = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
    last.kind == PartyKind::Role
        && numbered(&last.text)
        && numbered(chunk)
        && schools::groups(chunk).first().is_some_and(|group| group.range.start == 0)
}

/// «кураторы», «руководители»: a group of people is nobody's post.
fn begins_plural(folded: &str) -> bool {
    words(folded)
        .find(|word| is_role_word(word))
        .is_some_and(|word| word.ends_with(['ы', 'и']) && !word.ends_with("ии"))
}

fn append(party: &mut Party, chunk: &str) {
    party.text = format!("{}, {chunk}", party.text);
    if let Some(person) = &mut party.person {
        person.post = Some(chunk.to_owned());
    }
    party.schools = schools::all(&party.text);
}

fn party(chunk: &str) -> Party {
    let schools = schools::all(chunk);
    if let Some(person) = person(chunk) {
        return Party { text: chunk.to_owned(), kind: PartyKind::Person, person: Some(person), schools };
    }
    let folded = fold(chunk);
    let mut kind = None;
    for word in words(&folded) {
        kind = if is_role_word(word) {
            Some(PartyKind::Role)
        } else if schools::is_school_word(word) && !is_body_word(word) {
            if is_called_a_body(chunk, &schools) { Some(PartyKind::Body) } else { Some(PartyKind::Schools) }
        } else if is_body_word(word) && !begins_with(word, "организаци") && !begins_with(word, "учреждени")
        {
            Some(PartyKind::Body)
        } else {
            kind
        };
        if kind.is_some() {
            break;
        }
    }
    let kind = kind.unwrap_or_else(|| fallback_kind(&folded));
    Party { text: chunk.to_owned(), kind, person: None, schools }
}

/// «МАОУ ДПО «Методический центр»»: the name of an institution that is no school.
fn is_called_a_body(chunk: &str, schools: &[SchoolRef]) -> bool {
    let Some((_, name)) = chunk.split_once('«').filter(|_| schools.is_empty()) else { return false };
    let folded = fold(name);
    words(&folded).any(is_body_word) && !words(&folded).any(schools::is_school_word)
}

/// «образовательные организации» are schools; other organisations and unknown words are bodies.
fn fallback_kind(folded: &str) -> PartyKind {
    let educational =
        words(folded).any(|word| begins_with(word, "образовательн") || begins_with(word, "общеобразоват"));
    if educational { PartyKind::Schools } else { PartyKind::Body }
}

/// The first name in a text. «Начальник Д.Д. Рябов» is no person called Начальник: initials before a surname win
/// over a post before initials.
fn name_in(text: &str) -> Option<Range<usize>> {
    let found = names::find(text, 0)?;
    let said = &text[found.clone()];
    let surname = said.split(|c: char| c.is_whitespace() || c == '.').next().unwrap_or_default();
    let folded = fold(surname);
    // «Министр» is too near to «министерство» to be found among the stems.
    if is_role_word(&folded) || matches!(folded.as_str(), "министр" | "врио" | "вице") {
        return names::find(text, found.start + surname.len()).or(Some(found));
    }
    Some(found)
}

/// The first person a text names, with what stands beside the name as the post.
pub(super) fn person(text: &str) -> Option<Person> {
    let found = name_in(text)?;
    let around = |side: &str| {
        let side = side
            .trim()
            .trim_start_matches(['-', '–', '—', ',', '(', ':'])
            .trim_end_matches(['-', '–', '—', ',', '(', ':']);
        let side = side.trim();
        let side = if side.contains('(') { side } else { side.trim_end_matches(')') };
        let side = side.trim_matches(['/', '_', ' ']);
        side.chars().any(is_letter).then(|| side.to_owned())
    };
    let post = around(&text[found.end..]).or_else(|| around(&text[..found.start]));
    Some(Person { name: one_line(&text[found]), post })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(party: &Party) -> String {
        let kind = match party.kind {
            PartyKind::Person => "person",
            PartyKind::Body => "body",
            PartyKind::Role => "role",
            PartyKind::Schools => "schools",
        };
        let person =
            party.person.as_ref().map(|p| format!(" <{}; {}>", p.name, p.post.as_deref().unwrap_or("-")));
        let schools: Vec<String> =
            party.schools.iter().filter_map(|s| s.number).map(|n| n.to_string()).collect();
        let schools = if schools.is_empty() { String::new() } else { format!(" [{}]", schools.join(" ")) };
        format!("{kind}: {}{}{schools}", party.text, person.unwrap_or_default())
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = parties(text).iter().map(show).collect();
        assert_eq!(found, expected, "in «{text}»");
    }

    #[test]
    fn persons_keep_their_posts() {
        check(
            "Орлова А.Б., начальник Управления образования, Ким В.Г., ведущий специалист",
            &[
                "person: Орлова А.Б., начальник Управления образования <Орлова А.Б.; начальник Управления образования>",
                "person: Ким В.Г., ведущий специалист <Ким В.Г.; ведущий специалист>",
            ],
        );
        check(
            "Орлова А.Б., директор ЦДО. Ким В.Г., методист ЦДО",
            &[
                "person: Орлова А.Б., директор ЦДО <Орлова А.Б.; директор ЦДО>",
                "person: Ким В.Г., методист ЦДО <Ким В.Г.; методист ЦДО>",
            ],
        );
        check(
            "директор школы № 5 Орлова А.Б.",
            &["person: директор школы № 5 Орлова А.Б. <Орлова А.Б.; директор школы № 5> [5]"],
        );
        check("А.Б. Орлова (методист)", &["person: А.Б. Орлова (методист) <А.Б. Орлова; методист>"]);
        check("Орлова Анна Борисовна", &["person: Орлова Анна Борисовна <Орлова Анна Борисовна; ->"]);
    }

    #[test]
    fn a_group_after_a_name_is_a_party_of_its_own() {
        check("Орлова А.Б., кураторы", &["person: Орлова А.Б. <Орлова А.Б.; ->", "role: кураторы"]);
    }

    #[test]
    fn roles_in_schools_keep_the_numbers() {
        check(
            "Руководители МОУ №№ 2, 7, 14, кураторы из МОУ №№ 1, 3",
            &["role: Руководители МОУ №№ 2, 7, 14 [2 7 14]", "role: кураторы из МОУ №№ 1, 3 [1 3]"],
        );
        check(
            "Руководители МБОУ СОШ № 2, МБОУ СОШ № 4, методисты",
            &["role: Руководители МБОУ СОШ № 2, МБОУ СОШ № 4 [2 4]", "role: методисты"],
        );
        check(
            "Руководители и заместители руководителей по УВР МОУ №№ 2, 7",
            &["role: Руководители и заместители руководителей по УВР МОУ №№ 2, 7 [2 7]"],
        );
    }

    #[test]
    fn bodies_and_schools() {
        check("Управление образования, ОО", &["body: Управление образования", "schools: ОО"]);
        check("Отдел образования и школы", &["body: Отдел образования", "schools: школы"]);
        check("МОУ №№ 2, 7", &["schools: МОУ №№ 2, 7 [2 7]"]);
        check(
            "образовательные организации (далее – ОО)",
            &["schools: образовательные организации (далее – ОО)"],
        );
        check(
            "методисты ЦДО по русскому языку и математике",
            &["role: методисты ЦДО по русскому языку и математике"],
        );
        check("Муниципальная координационная группа", &["body: Муниципальная координационная группа"]);
    }

    #[test]
    fn an_institution_is_what_its_name_says() {
        check("МКУ «Информационно-методический центр»", &["body: МКУ «Информационно-методический центр»"]);
        check("МАОУ ДПО «Институт развития», ОО", &["body: МАОУ ДПО «Институт развития»", "schools: ОО"]);
        check("МАОУ лицей 7", &["schools: МАОУ лицей 7 [7]"]);
    }

    #[test]
    fn a_stroke_divides_people() {
        check(
            "Орлова А.Б./методист Ким В.Г.",
            &["person: Орлова А.Б. <Орлова А.Б.; ->", "person: методист Ким В.Г. <Ким В.Г.; методист>"],
        );
        check("Директора/заместители директоров", &["role: Директора/заместители директоров"]);
    }

    #[test]
    fn parties_are_divided_where_punctuation_was_lost() {
        check(
            "Орлова А.Б., специалист отдела. руководители школ",
            &[
                "person: Орлова А.Б., специалист отдела <Орлова А.Б.; специалист отдела>",
                "role: руководители школ",
            ],
        );
        check(
            "Орлова А.Б., специалист отдела Руководители школ",
            &[
                "person: Орлова А.Б., специалист отдела <Орлова А.Б.; специалист отдела>",
                "role: Руководители школ",
            ],
        );
    }

    #[test]
    fn lines_separate_parties_and_wrapped_lines_do_not() {
        check("Отдел образования\nДиректора школ", &["body: Отдел образования", "role: Директора школ"]);
        check("Отдел образования\nадминистрации района", &["body: Отдел образования администрации района"]);
        check("", &[]);
        check(" – ", &[]);
    }
}
