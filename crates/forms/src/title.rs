//! What do the lines above a table tell about everything in it?

use opora_cells::{KindCode, LevelCode, SubjectCode};

use crate::lexicon::Lexicon;
use crate::words::{cyrillic, login, plain};

/// What a title, the name of a sheet or the name of a file tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    pub(crate) kind: Option<KindCode>,
    pub(crate) year: Option<u16>,
    /// A number in the place of a year that is none: «20225».
    pub(crate) odd_year: Option<String>,
    pub(crate) subject: Option<SubjectCode>,
    pub(crate) level: Option<LevelCode>,
    pub(crate) grade: Option<u8>,
    /// Grade of the programme, where it is told beside the grade: «по программе 4 класса».
    pub(crate) programme: Option<u8>,
    pub(crate) score_max: Option<u16>,
    pub(crate) login: Option<String>,
    pub(crate) participants: Option<u32>,
}

/// Years results can be of.
pub(crate) const YEARS: std::ops::RangeInclusive<u16> = 1990..=2100;

impl Hints {
    /// Takes over what another line tells.
    pub(crate) fn update(&mut self, newer: Self) {
        // A new grade ends what was said about the programme of the grade before.
        if newer.grade.is_some() {
            self.programme = None;
        }
        // A new subject ends the maximum and the level of the one before.
        if newer.subject.is_some() && newer.subject != self.subject {
            (self.score_max, self.level) = (None, None);
        }
        let Self { kind, year, odd_year, subject, level, grade, programme, score_max, login, participants } =
            newer;
        self.kind = kind.or(self.kind);
        self.year = year.or(self.year);
        self.odd_year = odd_year.or(self.odd_year.take());
        self.subject = subject.or(self.subject);
        self.level = level.or(self.level);
        self.grade = grade.or(self.grade);
        self.programme = programme.or(self.programme);
        self.score_max = score_max.or(self.score_max);
        self.login = login.or(self.login.take());
        self.participants = participants.or(self.participants);
    }

    /// Reads a line.
    pub(crate) fn of(text: &str, lexicon: &Lexicon) -> Self {
        let mut hints = Self { login: login(text), ..Self::default() };
        let plain = plain(text);
        let tokens: Vec<&str> = plain.split(' ').collect();
        hints.participants = number_after(&tokens, &["количество", "участников"]);
        hints.score_max = number_after(&tokens, &["максимальный", "первичный", "балл"])
            .or_else(|| number_after(&tokens, &["максимальный", "балл"]))
            .and_then(|score| u16::try_from(score).ok());
        // The name of a school may hold a grade or a subject: «лицей № 5», «школа русского языка».
        if hints.login.is_some() {
            // A year that is called one is no part of a name: «Социальный паспорт школы (edu000001) на 2024 год».
            if tokens.iter().any(|word| matches!(*word, "год" | "года" | "году")) {
                hints.year = year_in(text, &tokens).0;
            }
            return hints;
        }
        hints.kind = lexicon.kind_in(&plain);
        (hints.year, hints.odd_year) = year_in(text, &tokens);
        if let Some((subject, level)) = lexicon.subject_in(&plain) {
            (hints.subject, hints.level) = (Some(subject), level);
        }
        (hints.grade, hints.programme) = grades_in(&tokens);
        hints
    }
}

fn number_after(tokens: &[&str], words: &[&str]) -> Option<u32> {
    let at = tokens.windows(words.len()).position(|window| window == words)?;
    tokens.get(at + words.len())?.parse().ok()
}

/// The grade, and the grade of the programme: «6 класс (по программе 5 класса)».
fn grades_in(tokens: &[&str]) -> (Option<u8>, Option<u8>) {
    let (mut grade, mut programme) = (None, None);
    for (at, window) in tokens.windows(2).enumerate() {
        let [first, second] = window else { continue };
        let is_class = |word: &str| word.starts_with("класс") || word == "кл";
        let number = |word: &str| grade_of_class(word).0.filter(|grade| *grade <= 99);
        let before = at.checked_sub(1).and_then(|at| tokens.get(at)).copied().unwrap_or_default();
        if is_class(second) && number(first).is_some() {
            let told = if before.starts_with("программ") { &mut programme } else { &mut grade };
            *told = told.or(number(first));
        } else if is_class(first) && grade_of_class(before).0.is_none() && grade.is_none() {
            grade = number(second);
        }
    }
    (grade, programme)
}

/// The year of a title: of a school year the second one, the year of the examination.
fn year_in(text: &str, tokens: &[&str]) -> (Option<u16>, Option<String>) {
    let years: Vec<u16> = tokens
        .iter()
        .filter(|token| token.len() == 4)
        .filter_map(|token| token.parse().ok())
        .filter(|year| YEARS.contains(year))
        .collect();
    if let [first, second, ..] = years[..]
        && second == first + 1
        && text.contains(['/', '-', '–', '—'])
    {
        return (Some(second), None);
    }
    let of_word = |(at, token): (usize, &&str)| {
        let beside = [at.checked_sub(1), Some(at + 1)];
        let near = beside.into_iter().flatten().filter_map(|at| tokens.get(at));
        let digits = token.bytes().all(|byte| byte.is_ascii_digit()) && (3..=6).contains(&token.len());
        let told = near.into_iter().any(|word| matches!(*word, "год" | "года" | "впр" | "огэ" | "егэ"));
        (digits && told).then(|| (*token).to_owned())
    };
    match years.first() {
        Some(year) => (Some(*year), None),
        None => (None, tokens.iter().enumerate().find_map(of_word)),
    }
}

/// The year a cell of a year or a date tells: «2024», «2024 г.», «2023/2024», «2023/24», «12.04.2024», «2024-04-12».
pub(crate) fn year_of_cell(text: &str, school_year_ends: bool) -> Option<u16> {
    let text = text.trim();
    if text.len() > 60 {
        return None;
    }
    if let Ok(year) = text.parse::<u16>() {
        return YEARS.contains(&year).then_some(year);
    }
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|g| !g.is_empty()).collect();
    let full = |group: &str| group.parse().ok().filter(|year| group.len() == 4 && YEARS.contains(year));
    match groups[..] {
        [year] | [year, "0"] => full(year),
        [first, second] => {
            let first = full(first)?;
            let next = first + 1;
            let follows = second == next.to_string() || second == format!("{:02}", next % 100);
            follows.then_some(if school_year_ends { next } else { first })
        }
        [day, month, year, ..] => {
            let (year, day) = if day.len() == 4 { (day, year) } else { (year, day) };
            let small = |text: &str, most: u8| text.parse::<u8>().is_ok_and(|n| (1..=most).contains(&n));
            full(year).filter(|_| small(month, 12) && small(day, 31))
        }
        _ => None,
    }
}

/// Letters classes are called by, in the order of the parallel.
const LETTERS: &str = "абвгдежзиклмнопрстуфхцчшэюя";

/// Grade and number of the class within the parallel: «5А», «5 «Б»», «Б», «5-1», «5».
pub(crate) fn grade_of_class(text: &str) -> (Option<u8>, u8) {
    let mut grade: Option<u16> = None;
    let mut letter = 0;
    let mut groups = 0;
    let mut inside = false;
    for c in text.chars().take(30).flat_map(char::to_lowercase) {
        if let Some(digit) = c.to_digit(10).and_then(|digit| u16::try_from(digit).ok()) {
            groups += u8::from(!inside);
            inside = true;
            if groups == 1 {
                grade = Some(grade.unwrap_or(0).saturating_mul(10).saturating_add(digit));
            } else if groups == 2 && letter < 25 {
                letter = letter * 10 + u8::try_from(digit).unwrap_or(0);
            }
            continue;
        }
        inside = false;
        if !c.is_alphabetic() {
            continue;
        }
        let at = LETTERS.chars().position(|known| known == cyrillic(c));
        match at.and_then(|at| u8::try_from(at + 1).ok()) {
            Some(at) if letter == 0 => letter = at,
            // More letters make a word, such as «класс»: the class is not named by it.
            _ => letter = 0,
        }
        if text.chars().filter(|c| c.is_alphabetic()).count() > 1 {
            letter = 0;
        }
    }
    (grade.and_then(|grade| u8::try_from(grade).ok()), letter)
}

#[cfg(test)]
mod tests {
    use opora_cells::Dictionary;

    use super::{Hints, grade_of_class, year_of_cell};
    use crate::lexicon::Lexicon;

    const DICTIONARY: &str = include_str!("../../../packs/dictionary/dictionary.toml");

    #[track_caller]
    fn check(title: &str, expected: &str) {
        let dictionary = Dictionary::read(DICTIONARY).expect("the dictionary reads");
        let hints = Hints::of(title, &Lexicon::new(&dictionary));
        let word = |entry: Option<&opora_cells::Entry>| entry.map(|entry| entry.id.clone());
        let told = [
            word(hints.kind.and_then(|code| dictionary.kinds.get(&code))),
            hints.year.map(|year| year.to_string()),
            hints.odd_year.map(|year| format!("?{year}")),
            word(hints.subject.and_then(|code| dictionary.subjects.get(&code))),
            word(hints.level.and_then(|code| dictionary.levels.get(&code))),
            hints.grade.map(|grade| format!("g{grade}")),
            hints.programme.map(|grade| format!("p{grade}")),
            hints.score_max.map(|score| format!("max{score}")),
            hints.login,
            hints.participants.map(|count| format!("n{count}")),
        ];
        assert_eq!(told.into_iter().flatten().collect::<Vec<_>>().join(" "), expected, "{title}");
    }

    #[test]
    fn titles_tell_what_the_table_is_about() {
        check("ВПР 2024 Русский язык 5 класс", "vpr 2024 ru g5");
        check("ВПР. 2020 год. Математика, 6 класс (по программе 5 класса)", "vpr 2020 math g6 p5");
        check("Максимальный первичный балл: 38", "max38");
        check("МБОУ «Лицей № 5 русского языка» (edu551234) Кол-во участников: 25", "edu551234 n25");
        check("ЕГЭ 2023/2024 учебный год, Математика (профильный уровень)", "ege 2024 math profile");
        check("ГВЭ-9, 2024", "gve9 2024");
        check("Класс: 8", "g8");
        check("ВПР 20225 История 7 класс", "vpr ?20225 history g7");
        check("Физико-математический лицей", "");
        check("ВПР_2024_русский_5 класс", "vpr 2024 ru g5");
    }

    #[test]
    fn years_are_read_from_many_forms() {
        for (text, expected) in [
            ("2024", Some(2024)),
            ("2024 г.", Some(2024)),
            ("2023/2024", Some(2024)),
            ("2023-24 уч. год", Some(2024)),
            ("12.04.2024", Some(2024)),
            ("2024-04-12", Some(2024)),
            ("20225", None),
            ("24", None),
            ("2020/2024", None),
            ("весна", None),
        ] {
            assert_eq!(year_of_cell(text, true), expected, "{text}");
        }
        assert_eq!(year_of_cell("2023/2024", false), Some(2023));
    }

    #[test]
    fn classes_are_numbered_within_the_parallel() {
        for (text, expected) in [
            ("5А", (Some(5), 1)),
            ("5 «Б»", (Some(5), 2)),
            ("10-В", (Some(10), 3)),
            ("B", (None, 3)),
            ("5", (Some(5), 0)),
            ("5-2", (Some(5), 2)),
            ("5 класс", (Some(5), 0)),
            ("", (None, 0)),
            ("99999999999", (None, 0)),
        ] {
            assert_eq!(grade_of_class(text), expected, "{text}");
        }
    }
}
