//! Which act does the document open with?

use std::cell::Cell;
use std::sync::LazyLock;

use jiff::civil::Date;
use opora_neutral::{Block, Document, Place};
use regex::Regex;

use super::numbering::leading_number;
use super::{Taken, approval, cited, columns, letter, parties, plans, schools};
use crate::letters::{is_letter, is_letter_or_digit};
use crate::text::{begins_with, fold, mend_signs, one_line, words};
use crate::vocabulary::{Act, ActKind, Control, Person, Point};

/// A line of the document with the block it belongs to.
pub(super) struct Line {
    pub text: String,
    pub place: Place,
    block: usize,
    /// The act has a field for it.
    pub used: Cell<bool>,
}

/// The act's header is not looked for further than this many lines.
const HEADER_LINES: usize = 60;
/// The operative part is not longer than this many lines.
const OPERATIVE_LINES: usize = 400;

/// A number of an act: «212/1», «ОД-201», «12-п/1 од», «345/01-08». A short list of letters may stand behind a space.
pub(super) const NUMBER_PATTERN: &str = r"(?:[А-ЯЁа-яёA-Z]{1,5}[-/–])?[0-9]{1,6}(?:\s?[-/–.]\s?[0-9А-ЯЁа-яёA-Za-z]{1,6})*[а-яё]?\b(?:\s(?i:од|о/д|осн|лс|пр|па|рп|кд|ахд)\b)?";

static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?:№|\bN)\s*({NUMBER_PATTERN})")).ok());
/// «11 09 2024», what is left of «11» 09 2024 without its quotation marks.
static SPACED_DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(\d{1,2})[\s.]+(\d{1,2})[\s.]+(20\d{2})\b").ok());
/// A place on a line with the date: «15.09.2024 г. Тихоборск № 12».
static INNER_LOCALITY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s\d])((?:г|гор|пос|пгт|с|п|ст|рп|р\.\s?п)\.\s?[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁа-яё]+){0,3})(?:\s|$|,)").ok()
});
/// What begins an address or other ways to reach an authority.
static CONTACT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:\b\d{6}\b|\bул(?:\.|ица\b)|\bпросп\.|\bпр-т\b|\bпер(?:\.|еулок\b)|\bтел(?:\.|ефон|/факс|\b)|\bфакс|\be-?mail|\S+@\S+|\bинн\b|\bкпп\b|\bогрн|\bокпо\b|\bбик\b|\bр/с|www\.|https?:)",
    )
    .ok()
});
static LOCALITY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:г|гор|город|пос|п|пгт|с|село|ст|станица|р\.\s?п|рп|д|аул|х)\.?\s?[А-ЯЁ][А-Яа-яё]+(?:[-\s][А-ЯЁа-яё]+){0,3}$").ok()
});

/// Reads the act; the blocks of its header, preamble and points are marked as taken.
pub(super) fn read(document: &Document, taken: &mut Taken) -> Act {
    let lines = lines(document, taken);
    let mut act = Act::default();
    let operative = lines.iter().take(HEADER_LINES * 2).position(|line| is_operative(&line.text));
    let no_header = || lines.iter().take(HEADER_LINES).all(|line| kind_of_header(&line.text).is_none());
    if operative.is_none()
        && (approval::read(&lines, &mut act) || (no_header() && letter::read(&lines, &mut act)))
    {
        take_used(&lines, taken);
        return act;
    }
    let (header, rest) = lines.split_at(operative.unwrap_or_else(|| header_end(&lines)));
    let header = &header[letter_before(header)..];
    let preamble_start = read_header(header, &mut act);
    if act.kind.is_none() && operative.is_none() {
        return act;
    }
    // «В целях … ПРИКАЗЫВАЮ:» may stand on one line.
    let (operative_line, points) = rest.split_at(usize::from(operative.is_some()).min(rest.len()));
    let preamble: Vec<&Line> = header[preamble_start..].iter().chain(operative_line).collect();
    let preamble: Vec<&Line> = preamble.into_iter().filter(|line| !line.used.get()).collect();
    let text = preamble.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    if let Some(first) = preamble.first() {
        cited::collect(&text, &first.place, &mut act);
        act.preamble = Some(text);
    }
    preamble.iter().for_each(|line| line.used.set(true));
    read_points(points, &mut act);
    take_used(&lines, taken);
    act
}

/// A block is taken when all its lines are used: a table may hold the date of the act and other things too.
fn take_used(lines: &[Line], taken: &mut Taken) {
    for block in lines.chunk_by(|a, b| a.block == b.block) {
        if let Some(first) = block.first()
            && block.iter().all(|line| line.used.get())
        {
            taken.take(first.block);
        }
    }
}

fn lines(document: &Document, taken: &Taken) -> Vec<Line> {
    let mut lines = Vec::new();
    for (block, content) in document.blocks.iter().enumerate() {
        if lines.len() > HEADER_LINES + OPERATIVE_LINES {
            break;
        }
        let mut push = |text: &str, place: &Place| {
            lines.extend(text.lines().map(one_line).filter(|line| !line.is_empty()).map(|text| Line {
                text,
                place: place.clone(),
                block,
                used: Cell::new(false),
            }));
        };
        match content {
            Block::Paragraph(paragraph) => push(&paragraph.text, &paragraph.place),
            // A header is often laid out with a small table: date on the left, number on the right.
            Block::Table(table)
                if table.rows.len() <= 4
                    && !taken.is_taken(block)
                    && table.width <= 4
                    && !columns::heads_a_plan(table) =>
            {
                for row in &table.rows {
                    for cell in &row.cells {
                        push(&cell.text, &cell.place);
                    }
                }
            }
            Block::Table(_) => break,
        }
    }
    lines
}

/// Where the header of the act begins below a covering letter; 0 where there is none.
///
/// Above the line that names the kind of the act stand the lines of its authority; prose, an addressee's list of
/// annexes or a signature above them belong to the letter.
fn letter_before(header: &[Line]) -> usize {
    let named = |line: &Line| kind_of_header(&line.text).filter(|kind| *kind != ActKind::Letter).is_some();
    let Some(kind_at) = header.iter().position(named) else { return 0 };
    let is_prose = |text: &str| {
        let folded = fold(text);
        let opens = ["направля", "уважаем", "приложени", "исп.", "исполнител", "в соответствии", "просим"];
        opens.iter().any(|start| folded.starts_with(start))
            || (text.ends_with(['.', ';', ':']) && text.split_whitespace().count() > 8)
    };
    if !header[..kind_at].iter().any(|line| is_prose(&line.text)) {
        return 0;
    }
    let ends = |text: &str| is_prose(text) || parties::person(text).is_some() || text.chars().count() > 160;
    header[..kind_at].iter().rposition(|line| ends(&line.text)).map_or(0, |at| at + 1)
}

/// Letters of a text without spaces: «П Р И К А З» and «ПРИКАЗ» are one word.
fn letters(text: &str) -> String {
    let compact: String =
        fold(text).chars().take_while(|c| *c != '№').filter(|&c| is_letter_or_digit(c)).collect();
    // «ПРИКA3»: recognition takes a letter for a digit.
    // Spaced letters are one word only now: «П P И K А З» with Latin twins.
    mend_signs(&fold(&compact)).chars().filter(|&c| is_letter(c)).collect()
}

/// The line ends the preamble: «ПРИКАЗЫВАЮ:», «П О С Т А Н О В Л Я Е Т:».
fn is_operative(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "приказываю",
        "приказываем",
        "постановляю",
        "постановляет",
        "распоряжаюсь",
        "решил",
        "решили",
        "постановили",
        "решила",
        "обязываю",
    ];
    let letters = letters(text);
    let trimmed = text.trim_end_matches([':', ' ', '.']);
    WORDS.iter().any(|word| {
        let spaced = trimmed.chars().filter(|&c| is_letter(c)).rev().take(word.chars().count());
        let last_upper = spaced.clone().all(char::is_uppercase);
        letters == *word || (letters.ends_with(word) && (text.trim_end().ends_with(':') || last_upper))
    })
}

/// Without an operative word the header ends before the first point.
fn header_end(lines: &[Line]) -> usize {
    let known = lines.iter().take(HEADER_LINES).any(|line| kind_of_header(&line.text).is_some());
    if !known {
        return 0;
    }
    lines
        .iter()
        .position(|line| leading_number(&line.text).is_some() || is_whole_signature(&line.text))
        .unwrap_or(lines.len())
        .min(HEADER_LINES)
}

/// The kind a line of the header names: «П Р И К А З», «ПОСТАНОВЛЕНИЕ № 15».
pub(super) fn kind_of_header(text: &str) -> Option<ActKind> {
    let upper = text.chars().filter(|&c| is_letter(c)).take(6).all(char::is_uppercase);
    let bare = letters(text);
    let exact = ActKind::ALL.into_iter().find(|kind| kind.russian() == bare);
    if exact.is_some() {
        return exact;
    }
    if !upper || text.chars().count() > 80 {
        return None;
    }
    ActKind::ALL.into_iter().find(|kind| {
        let noun = kind.russian();
        let head: String = bare.chars().take(noun.chars().count()).collect();
        strsim::levenshtein(&head, noun) <= usize::from(noun.chars().count() > 6)
    })
}

/// Reads authority, kind, date, number, place and title, and marks what it read as used; tells the line the preamble
/// begins with.
fn read_header(header: &[Line], act: &mut Act) -> usize {
    let kinds = |letters: bool| {
        header.iter().position(|line| {
            kind_of_header(&line.text).is_some_and(|kind| letters || kind != ActKind::Letter)
        })
    };
    let kind_at = kinds(false).or_else(|| kinds(true));
    act.kind = kind_at.and_then(|at| kind_of_header(&header[at].text));
    let below = kind_at.unwrap_or(0);
    let title_at = header.iter().skip(below).position(|line| is_title_start(&line.text)).map(|at| at + below);
    let preamble_at = header
        .iter()
        .enumerate()
        .skip(title_at.map_or(below, |at| at + 1))
        .find(|(_, line)| is_preamble_start(&line.text))
        .map_or(header.len(), |(at, _)| at);
    act.place =
        header.get(kind_at.or(title_at).unwrap_or(0)).map(|line| line.place.clone()).unwrap_or_default();
    let formal_end = title_at.unwrap_or(preamble_at);
    let mut authority: Vec<String> = Vec::new();
    for (at, line) in header[..formal_end].iter().enumerate() {
        let requisite = read_requisites(&line.text, act);
        let names_authority = kind_at.is_some_and(|kind| at < kind || (at > kind && authority.is_empty()));
        if requisite || kind_at == Some(at) {
            line.used.set(true);
        } else if names_authority && !is_stamp(&line.text) {
            // Address and telephone are no part of the name: a line that holds them stays in sight.
            let name = without_contacts(&line.text);
            line.used.set(name.len() == line.text.len());
            authority.extend((!name.is_empty()).then(|| name.to_owned()));
        }
    }
    act.authority = (!authority.is_empty()).then(|| authority.join(" "));
    if let Some(start) = title_at {
        let (title, length) = join_title(&header[start..preamble_at]);
        act.title = Some(title);
        header[start..start + length].iter().for_each(|line| line.used.set(true));
        // Some acts carry date and number under the title.
        for line in header[start + length..preamble_at].iter().filter(|line| line.text.chars().count() <= 60)
        {
            if read_requisites(&line.text, act) {
                line.used.set(true);
            }
        }
    }
    preamble_at
}

/// The title from its first line on, and how many lines it takes.
fn join_title(lines: &[Line]) -> (String, usize) {
    let mut title = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 && (ends_title(&title, &line.text) || title.chars().count() > 1_000) {
            return (title, at);
        }
        // Cells beside or below that of the title are not the title, unless a sentence goes on in them.
        let other_cell = at > 0 && line.place.row.is_some() && line.place != lines[at - 1].place;
        if other_cell && !line.text.starts_with(|c: char| c.is_lowercase() || c == '(') {
            return (title, at);
        }
        if at > 0 {
            title.push(' ');
        }
        title.push_str(&line.text);
    }
    (title, lines.len())
}

/// The line is no title any more: a requisite, a stamp, a signature, a point, the title of the plan or a head of it.
fn ends_title(title: &str, text: &str) -> bool {
    let small = |text: &str| text.chars().any(char::is_lowercase);
    // In a title of capitals every line begins with one: only a line with small letters is another.
    let begins = text.starts_with(|c: char| c.is_uppercase() || c == '№') && (small(title) || small(text));
    only_requisites(text)
        || is_stamp(text)
        || is_whole_signature(text)
        || leading_number(text).is_some()
        || (begins && (is_nominative_plan(text) || is_short_head(text)))
}

/// «План мероприятий …» in the nominative; «Плана мероприятий …» goes on with «Об утверждении».
fn is_nominative_plan(text: &str) -> bool {
    let folded = fold(text);
    let first = words(&folded).next().unwrap_or_default();
    let noun = ["план", "комплекс", "перечень", "график", "циклограмма", "программа"].contains(&first);
    let adjective = ["ый", "ий", "ая"].iter().any(|ending| first.ends_with(ending));
    (noun || adjective) && plans::names_a_plan(text)
}

/// «№ п/п», «Мероприятие», «Срок исполнения».
fn is_short_head(text: &str) -> bool {
    text.split_whitespace().count() <= 2 && columns::is_known_head(text)
}

/// A post with the name of its holder at the end.
pub(super) fn is_whole_signature(text: &str) -> bool {
    let names = |person: &Person| {
        person.post.is_some() && text.trim_end_matches('.').ends_with(person.name.trim_end_matches('.'))
    };
    begins_with_post(text) && parties::person(text).is_some_and(|person| names(&person))
}

/// A title begins with «О», «Об» or «Обо».
pub(super) fn is_title_start(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default().trim_start_matches(['«', '"']);
    matches!(first, "О" | "Об" | "Обо" | "ОБ" | "O") && words.next().is_some()
}

fn is_preamble_start(text: &str) -> bool {
    const STARTS: [&str; 16] = [
        "в целях",
        "в соответствии",
        "на основании",
        "во исполнение",
        "с целью",
        "в рамках",
        "руководствуясь",
        "в связи",
        "для ",
        "по итогам",
        "по результатам",
        "в исполнение",
        "исходя из",
        "учитывая",
        "согласно",
        "в целом",
    ];
    let folded = fold(text);
    STARTS.iter().any(|start| folded.starts_with(start))
}

fn is_stamp(text: &str) -> bool {
    let folded = fold(text);
    folded.starts_with("приложени") || folded.starts_with("утвержд")
}

/// Reads date, number and place off a short line of the header; `true` where the line holds nothing else.
pub(super) fn read_requisites(text: &str, act: &mut Act) -> bool {
    if text.chars().count() > 120 {
        return false;
    }
    if act.date.is_none() {
        act.date = date_in(text);
    }
    // «Школа № 9» in the name of the authority is no number of the act.
    if act.number.is_none() && schools::groups(text).is_empty() {
        act.number = number_in(text);
    }
    if act.locality.is_none()
        && only_requisites(text)
        && let Some(place) = INNER_LOCALITY.as_ref().and_then(|pattern| pattern.captures(text)?.get(1))
    {
        act.locality = Some(one_line(place.as_str()));
    }
    if is_locality(text) {
        act.locality.get_or_insert_with(|| text.to_owned());
        return true;
    }
    only_requisites(text)
}

/// The part of a line before an address, a telephone number or the like; empty where nothing is left.
pub(super) fn without_contacts(text: &str) -> &str {
    let cut =
        CONTACT.as_ref().and_then(|contact| contact.find(text)).map_or(text.len(), |found| found.start());
    let name = text[..cut].trim_end_matches([' ', ',', ';', '(', '|']);
    // «г. Тихоборск, ул. Лесная, 5» is an address whole.
    let told =
        name.split([' ', ',']).filter(|word| word.chars().filter(|&c| is_letter(c)).count() > 3).count();
    if cut < text.len() && told < 2 { "" } else { name }
}

fn is_locality(text: &str) -> bool {
    LOCALITY.as_ref().is_some_and(|pattern| pattern.is_match(text)) && text.chars().count() <= 50
}

/// The line consists of a date, a number, «от», «г.» and blanks to fill in.
fn only_requisites(text: &str) -> bool {
    let has = date_in(text).is_some() || number_in(text).is_some();
    let letters = fold(text);
    let letters =
        words(&letters).filter(|word| word.chars().all(is_letter) && word.chars().count() > 2).count();
    (has && letters <= 3) || is_locality(text)
}

/// The first date of a text, blanks to fill in and quotation marks around the day seen through: ««11» 09 2024».
pub(super) fn date_in(text: &str) -> Option<Date> {
    let read = |text: &str| opora_schedule::dates_in(text).next().map(|(_, date)| date);
    read(text).or_else(|| {
        let bare: String = text
            .chars()
            .map(|c| if matches!(c, '«' | '»' | '"' | '“' | '”' | '„' | '_') { ' ' } else { c })
            .collect();
        let bare = one_line(&bare);
        read(&bare).or_else(|| {
            let found = SPACED_DATE.as_ref()?.captures(&bare)?;
            let number = |at: usize| found.get(at)?.as_str().parse::<i16>().ok();
            Date::new(number(3)?, i8::try_from(number(2)?).ok()?, i8::try_from(number(1)?).ok()?).ok()
        })
    })
}

pub(super) fn number_in(text: &str) -> Option<String> {
    let captures = NUMBER.as_ref()?.captures(text)?;
    Some(number_as_written(captures.get(1)?.as_str()))
}

/// A number without spaces around its signs: «12 – п / 1 од» is «12-п/1 од».
pub(super) fn number_as_written(text: &str) -> String {
    let mut number = String::new();
    for word in one_line(text).replace('–', "-").split(' ') {
        let signs = ['-', '/', '.'];
        if !number.is_empty() && !number.ends_with(signs) && !word.starts_with(signs) {
            number.push(' ');
        }
        number.push_str(word);
    }
    number.trim_end_matches(['.', '-']).to_owned()
}

/// Reads the points up to the signature, the control among them, and the signatory.
fn read_points(lines: &[Line], act: &mut Act) {
    let mut signature = Vec::new();
    for line in lines {
        if ends_act(line, act, &signature) {
            break;
        }
        let numbered = leading_number(&line.text).filter(|(number, _)| !number.chars().any(is_letter));
        if let (Some((number, text)), true) = (&numbered, signature.is_empty()) {
            let place = line.place.clone();
            act.points.push(Point { number: number.clone(), text: (*text).to_owned(), place });
        } else if !signature.is_empty() || is_signature_start(&line.text, act) {
            signature.push(line.text.clone());
        } else if let Some(point) = act.points.last_mut() {
            point.text = format!("{} {}", point.text, line.text);
        } else {
            act.points.push(Point {
                number: String::new(),
                text: line.text.clone(),
                place: line.place.clone(),
            });
        }
        line.used.set(true);
        if act.signatory.is_none() && !signature.is_empty() {
            act.signatory = signatory(&signature);
        }
    }
    if act.signatory.is_none() && !signature.is_empty() {
        // No name was found: the lines stay as the end of the operative part.
        let place = act.place.clone();
        act.points.push(Point { number: String::new(), text: signature.join(" "), place });
    }
    for at in 0..act.points.len() {
        let (text, place) = (act.points[at].text.clone(), act.points[at].place.clone());
        cited::collect(&text, &place, act);
    }
    act.control = act.points.iter().rev().find_map(control);
}

/// The act ends at an annex, at the stamp of approval, or after its signature.
fn ends_act(line: &Line, act: &Act, signature: &[String]) -> bool {
    let folded = fold(&line.text);
    let annex = folded.starts_with("приложени") && line.text.chars().count() <= 80;
    let stamp = folded.starts_with("утвержд")
        && line.text.chars().next().is_some_and(char::is_uppercase)
        && line.text.chars().count() <= 80;
    // Without a signature and a stamp between, the title of the plan stands right below the last point.
    let whole = act.points.last().is_some_and(|point| point.text.ends_with(['.', ';']));
    let title = whole
        && signature.is_empty()
        && leading_number(&line.text).is_none()
        && plans::names_a_plan(&line.text)
        && line.text.chars().next().is_some_and(char::is_uppercase)
        && !line.text.ends_with(['.', ';', ':', ',']);
    annex || stamp || title || act.signatory.is_some() || signature.len() > 8
}

/// The posts that a signature begins with.
const POSTS: [&str; 13] = [
    "начальник",
    "руководител",
    "глава",
    "директор",
    "заместител",
    "и.о",
    "исполняющ",
    "министр",
    "председател",
    "заведующ",
    "врио",
    "первый",
    "и.",
];

/// The text begins with a post, as a signature does.
pub(super) fn begins_with_post(text: &str) -> bool {
    let folded = fold(text);
    POSTS.iter().any(|post| folded.starts_with(post)) && text.chars().next().is_some_and(char::is_uppercase)
}

/// A short line that names a post, or the person who signs, after at least one point.
fn is_signature_start(text: &str, act: &Act) -> bool {
    let post = begins_with_post(text);
    let name = parties::person(text).is_some_and(|person| person.post.is_none());
    // A closing full stop is that of initials, or else the line is a sentence.
    let initials = text.trim_end_matches('.').chars().next_back().is_some_and(char::is_uppercase);
    let sentence = text.ends_with([';', ':']) || (text.ends_with('.') && !initials);
    // An act of a title alone is signed right below it.
    let below_title = act.points.is_empty() && act.preamble.is_none() && is_whole_signature(text);
    (below_title || !act.points.is_empty()) && (name || post) && text.chars().count() <= 160 && !sentence
}

fn signatory(lines: &[String]) -> Option<Person> {
    let text = lines.join(" ");
    let mut person = parties::person(&text)?;
    person.post = person.post.map(|post| one_line(post.trim_matches(['_', ' ', ','])));
    Some(person)
}

fn control(point: &Point) -> Option<Control> {
    let folded = fold(&point.text);
    let says = |stem: &str| words(&folded).any(|word| begins_with(word, stem));
    if !says("контрол")
        || !(says("исполнен") || says("выполнен") || says("реализац") || says("возлож") || says("оставля"))
    {
        return None;
    }
    let own = folded.contains("за собой");
    let person = parties::person(&point.text)
        .map(|person| Person { post: person.post.as_deref().and_then(post_after_preposition), ..person });
    Some(Control { text: point.text.clone(), own, person, place: point.place.clone() })
}

/// «Контроль … возложить на заместителя начальника» → «заместителя начальника».
/// «Контроль … возложить на» before a bare name tells no post.
fn post_after_preposition(text: &str) -> Option<String> {
    let after = text.rfind(" на ").map_or(text, |at| &text[at + " на ".len()..]);
    let post = one_line(after.trim_matches(['.', ',', ' ', '(', ')']));
    let told = post.chars().any(is_letter) && !post.ends_with(" на") && !fold(&post).starts_with("контрол");
    told.then_some(post)
}
