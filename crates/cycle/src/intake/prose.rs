//! What does a plan without a table say? Numbered paragraphs under the title of a plan, with words such as «Срок:».

use std::sync::LazyLock;

use opora_neutral::{Block, Document, Paragraph, Place};
use regex::Regex;

use super::numbering::leading_number;
use super::rows::{Draft, DraftSection};
use super::{Taken, act, address, is_stamp, parties, plans};
use crate::letters::{is_letter, is_letter_or_digit};
use crate::text::{fold, one_line, push_line, words};
use crate::vocabulary::{Act, Column, SourceCell};

/// A plan as its paragraphs give it.
pub(super) struct Prose {
    /// None where the points of the act are the plan.
    pub title: Option<String>,
    pub columns: Vec<Column>,
    pub sections: Vec<DraftSection>,
    pub place: Place,
    /// Blocks that are part of it.
    pub blocks: Vec<usize>,
}

/// Words before a colon or a dash that name a field; or at the start of a sentence, without one.
static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?:^|[\s(;.,–—-])
        (?:
          (?i:(?P<when>сроки?(?:\s+(?:исполнения|выполнения|реализации|проведения|завершения))?
                |дата(?:\s+проведения)?|период(?:\s+(?:реализации|проведения))?)
            |(?P<who>ответственн\p{L}*(?:\s+(?:исполнител|лиц)\p{L}*)?(?:\s+за\s+[\p{L}\s]{3,40}?)?|отв\.?
                |исполнител\p{L}*)
            |(?P<what>(?:(?:ожидаем|планируем)\p{L}+\s+)?результат\p{L}*)
            |(?P<whom>целев\p{L}+\s+групп\p{L}*))
          \s*[:–—]\s*
        )
        |[.;(,]\s*(?:(?P<when_bare>Сроки?)|(?P<who_bare>Ответственн\p{L}+|Исполнител\p{L}+|[Оо]тв\.))\s+",
    )
    .ok()
});

/// A deadline in running text: «до 15 октября 2024 года», «в срок до 01.10.2024», «ежемесячно», «в мае 2024 года».
static DEADLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let months = "январ[яь]|феврал[яь]|марта?|апрел[яь]|ма[яй]|июн[яь]|июл[яь]|августа?|сентябр[яь]|октябр[яь]|ноябр[яь]|декабр[яь]";
    let locative = "январе|феврале|марте|апреле|мае|июне|июле|августе|сентябре|октябре|ноябре|декабре";
    let year = r"(?:\s+\d{4}(?:\s*(?:года|году|г\.))?)?";
    let day =
        format!(r"(?:\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}(?:\s*(?:года|г\.))?|\d{{1,2}}\s+(?:{months}){year})");
    Regex::new(&format!(
        r"(?i)\b(?:(?:в\s+срок\s+)?(?:до|не\s+позднее|к)\s+{day}|с\s+(?:{day}|\d{{1,2}})\s+(?:по|до)\s+{day}|в\s+(?:{locative})(?:\s*(?:[-–,]|и)\s*(?:{locative}))*{year}|ежемесячно(?:,?\s+(?:до|не\s+позднее)\s+\d{{1,2}}(?:-?го)?\s+числа)?|ежеквартально|еженедельно|ежегодно(?:\s+до\s+{day})?|в\s+течение\s+(?:\d{{4}}\s+|учебного\s+)?года)"
    ))
    .ok()
});

/// Reads the plan that stands in numbered paragraphs, where its title says that it is one.
pub(super) fn read(document: &Document, taken: &Taken) -> Option<Prose> {
    let titles = document.blocks.iter().enumerate().filter_map(|(at, block)| match block {
        Block::Paragraph(paragraph) if !taken.is_taken(at) && plans::is_plan_title(paragraph) => Some(at),
        _ => None,
    });
    titles.take(TITLES).find_map(|at| read_below(document, taken, at))
}

/// More titles than this are not tried: each is read to the end of its annex.
const TITLES: usize = 20;

fn read_below(document: &Document, taken: &Taken, title_at: usize) -> Option<Prose> {
    let below: Vec<(usize, &Paragraph)> = document
        .blocks
        .iter()
        .enumerate()
        .skip(title_at)
        .map_while(|(at, block)| match block {
            Block::Paragraph(paragraph) => Some((at, paragraph)),
            Block::Table(_) => None,
        })
        .take_while(|(at, paragraph)| *at == title_at || !(taken.is_taken(*at) || is_stamp(&paragraph.text)))
        .collect();
    let (_, first) = below.first()?;
    let mut blocks = Vec::new();
    let title = plans::join_title(&below, first, &mut blocks);
    let mut reader = Reader::default();
    for (at, paragraph) in below.iter().filter(|(at, _)| !blocks.contains(at)).collect::<Vec<_>>() {
        if reader.read(paragraph) {
            reader.blocks.push(*at);
        }
    }
    reader.item_ends();
    blocks.extend(reader.blocks);
    let told = Told::by(&reader.sections);
    if told.items < 2 || told.telling * 2 < told.items {
        return None;
    }
    let columns = told.columns;
    Some(Prose { title: Some(title), columns, sections: reader.sections, place: first.place.clone(), blocks })
}

/// Fewer points of an act with a deadline or somebody to do them are no plan.
const LEAST_POINTS: usize = 3;

/// Reads the points of the act itself as a plan, where enough of them tell a deadline or who has to act.
pub(super) fn of_points(act: &Act) -> Option<Prose> {
    let mut reader = Reader::default();
    for point in act.points.iter().filter(|point| !is_formal(&point.text)) {
        if point.number.is_empty() {
            continue;
        }
        reader.begin_item(point.number.clone(), &one_line(&point.text), &point.place);
    }
    reader.item_ends();
    reader.sections.retain(|section| !section.activities.is_empty());
    let told = Told::by(&reader.sections);
    let enough = told.telling >= LEAST_POINTS && told.telling * 2 >= told.items && told.dated >= 2;
    let place = reader.sections.first()?.place.clone();
    let (columns, sections) = (told.columns, reader.sections);
    enough.then(|| Prose { title: None, columns, sections, place, blocks: Vec::new() })
}

/// «Утвердить план», «Контроль исполнения оставляю за собой», «Приказ вступает в силу»: no work of a plan.
fn is_formal(text: &str) -> bool {
    let folded = fold(text);
    let first = words(&folded).next().unwrap_or_default();
    let formal = ["утверд", "признать", "настоящ", "приказ", "считать", "контрол", "внести", "отменить"];
    formal.iter().any(|start| first.starts_with(start)) && deadline_in(text).is_none()
        || (folded.contains("контрол") && (folded.contains("возлож") || folded.contains("оставля")))
}

/// How much the items of a plan tell.
struct Told {
    items: usize,
    /// Items with a deadline or a responsible.
    telling: usize,
    dated: usize,
    /// What the items hold, as columns of a table.
    columns: Vec<Column>,
}

impl Told {
    fn by(sections: &[DraftSection]) -> Self {
        let drafts: Vec<&Draft> = sections.iter().flat_map(|section| &section.activities).collect();
        let has = |draft: &Draft, column| draft.cells.iter().any(|cell| cell.column == column);
        let telling = |draft: &&&Draft| has(draft, Column::Schedule) || has(draft, Column::Responsible);
        let told = [Column::Schedule, Column::Responsible, Column::Outcome, Column::TargetGroup];
        let told = told.into_iter().filter(|&column| drafts.iter().any(|draft| has(draft, column)));
        Self {
            items: drafts.len(),
            telling: drafts.iter().filter(telling).count(),
            dated: drafts.iter().filter(|draft| has(draft, Column::Schedule)).count(),
            columns: [Column::Number, Column::Title].into_iter().chain(told).collect(),
        }
    }
}

/// Reads paragraph after paragraph.
#[derive(Default)]
struct Reader {
    sections: Vec<DraftSection>,
    blocks: Vec<usize>,
    item: Option<Draft>,
    /// Who the items below a line such as «Руководителям школ:» are told to.
    addressee: Option<(String, Place)>,
    ended: bool,
}

impl Reader {
    /// Takes a paragraph into the plan; `false` where it is none of it.
    fn read(&mut self, paragraph: &Paragraph) -> bool {
        let text = one_line(&paragraph.text);
        if self.ended || text.is_empty() {
            return false;
        }
        if let Some((number, rest)) = leading_number(&text) {
            self.begin_item(number, rest, &paragraph.place);
            return true;
        }
        if plans::is_section_line(paragraph) && fields(&text).iter().all(|field| field.0 == Column::Title) {
            self.item_ends();
            let (place, activities) = (paragraph.place.clone(), Vec::new());
            self.sections.push(DraftSection { number: None, title: text, place, activities });
            return true;
        }
        if act::begins_with_post(&text)
            && parties::person(&text).is_some_and(|person| person.post.is_some())
            && fields(&text).len() == 1
        {
            self.ended = true;
            return false;
        }
        self.go_on(&text, paragraph)
    }

    fn begin_item(&mut self, number: String, rest: &str, place: &Place) {
        let nested = |open: &Draft| {
            open.number.as_ref().is_some_and(|outer| number.starts_with(&format!("{outer}.")))
                && open.cells.iter().all(|cell| cell.column == Column::Title)
        };
        // «1. Работа с кадрами» before «1.1. …» is a section.
        if let Some(open) = self.item.take_if(|open| nested(open)) {
            self.begin_section(open);
        }
        self.item_ends();
        // «3. …» stands no longer below «2. Руководителям школ:».
        if self
            .sections
            .last()
            .and_then(|section| section.number.as_ref())
            .is_none_or(|outer| !number.starts_with(&format!("{outer}.")))
        {
            self.addressee = None;
        }
        let mut item = Draft { number: Some(number), ..Draft::default() };
        for (column, text) in fields(rest) {
            item.cells.push(cell(column, text, place));
        }
        self.item = Some(item);
    }

    /// A line without a number goes on with the item above: with its labels, or with what is said last.
    fn go_on(&mut self, text: &str, paragraph: &Paragraph) -> bool {
        let Some(item) = &mut self.item else { return false };
        let labelled = fields(text);
        let begins_with_label = labelled.first().is_none_or(|(column, _)| *column != Column::Title);
        let last_is_title = item.cells.last().is_some_and(|cell| cell.column == Column::Title);
        let low = text.chars().next().is_some_and(|c| c.is_lowercase() || matches!(c, '-' | '–' | '—' | '('));
        if !(begins_with_label || last_is_title || low) {
            return false;
        }
        for (column, text) in labelled {
            match item.cells.last_mut().filter(|_| column == Column::Title) {
                Some(last) => push_line(&mut last.text, &text),
                None => item.cells.push(cell(column, text, &paragraph.place)),
            }
        }
        true
    }

    /// An item that others stand below is a section; «Руководителям школ:» says who does what stands below.
    fn begin_section(&mut self, item: Draft) {
        let text = item.text(Column::Title);
        let place = item.cells.first().map(|cell| cell.place.clone()).unwrap_or_default();
        self.addressee = address::of_list(&text).map(|address| (address, place));
        self.sections.push(section_of(item));
    }

    fn item_ends(&mut self) {
        let Some(mut item) = self.item.take() else { return };
        let roman = item.number.as_ref().is_some_and(|number| number.chars().all(is_letter));
        if roman && item.cells.iter().all(|cell| cell.column == Column::Title) {
            self.begin_section(item);
            return;
        }
        let has = |item: &Draft, column| item.cells.iter().any(|cell| cell.column == column);
        if !has(&item, Column::Responsible) {
            let said = item.cells.first().filter(|cell| cell.column == Column::Title);
            let own = said.and_then(|title| Some((address::of_sentence(&title.text)?, title.place.clone())));
            let (address, place) = own.or_else(|| self.addressee.clone()).unzip();
            item.cells
                .extend(address.zip(place).map(|(text, place)| cell(Column::Responsible, text, &place)));
        }
        if !has(&item, Column::Schedule) {
            take_bracketed_deadline(&mut item);
        }
        let title = item.cells.first().filter(|_| !has(&item, Column::Schedule));
        // Without «Срок:» the sentence itself may say when; it stays whole.
        let said = title.and_then(|title| Some((deadline_in(&title.text)?, title.place.clone())));
        item.cells.extend(said.map(|(text, place)| cell(Column::Schedule, text, &place)));
        // «4. …» below the items of «3. Руководителям школ:» stands beside the section, not in it.
        let leaves = |outer: &String| {
            outer.chars().all(|c| c.is_ascii_digit())
                && !item.number.as_ref().is_some_and(|number| number.starts_with(&format!("{outer}.")))
        };
        if self.sections.last().is_none_or(|section| section.number.as_ref().is_some_and(leaves)) {
            let place = item.cells.first().map(|cell| cell.place.clone()).unwrap_or_default();
            self.sections.push(DraftSection { place, ..DraftSection::default() });
        }
        if let Some(section) = self.sections.last_mut() {
            section.activities.push(item);
        }
    }
}

/// «Встреча с родителями (март, ноябрь; …)»: a title ends with its deadline in brackets.
fn take_bracketed_deadline(item: &mut Draft) {
    let Some(title) = item.cells.first_mut().filter(|cell| cell.column == Column::Title) else { return };
    let Some((before, inner)) = title.text.rsplit_once('(') else { return };
    let inner = inner.trim_end_matches(['.', ' ', ')', ';', ',']);
    if before.trim().is_empty() || inner.contains(')') || opora_schedule::looks_like_deadline(inner) <= 0.5 {
        return;
    }
    let (before, inner, place) = (before.trim_end().to_owned(), inner.to_owned(), title.place.clone());
    title.text = before;
    item.cells.push(cell(Column::Schedule, inner, &place));
}

fn section_of(item: Draft) -> DraftSection {
    let place = item.cells.first().map(|cell| cell.place.clone()).unwrap_or_default();
    let title = one_line(&item.text(Column::Title));
    // «Координатору Лесной И.С.:» keeps the full stop of the initial.
    let bare = title.trim_end_matches([':', ' ']);
    let shorter = bare.trim_end_matches('.');
    let title = if shorter.ends_with(char::is_uppercase) { bare } else { shorter }.to_owned();
    DraftSection { number: item.number, title, place, activities: Vec::new() }
}

fn cell(column: Column, text: String, place: &Place) -> SourceCell {
    SourceCell { column, place: place.clone(), text, confidence: None }
}

/// Where the first deadline of running text begins.
pub(super) fn deadline_start(text: &str) -> Option<usize> {
    DEADLINE.as_ref()?.find(text).map(|found| found.start())
}

fn deadline_in(text: &str) -> Option<String> {
    DEADLINE.as_ref()?.find(text).map(|found| found.as_str().to_owned())
}

/// The fields of a line in order: what stands before the first label is the title, or goes on with the field above.
fn fields(text: &str) -> Vec<(Column, String)> {
    let Some(pattern) = LABEL.as_ref() else { return vec![(Column::Title, text.to_owned())] };
    let mut fields = Vec::new();
    let mut column = Column::Title;
    let mut from = 0;
    for found in pattern.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        push_field(&mut fields, column, &text[from..whole.start()]);
        let named = |names: [&str; 2]| names.iter().any(|name| found.name(name).is_some());
        column = match () {
            () if named(["when", "when_bare"]) => Column::Schedule,
            () if named(["who", "who_bare"]) => Column::Responsible,
            () if found.name("what").is_some() => Column::Outcome,
            () => Column::TargetGroup,
        };
        from = whole.end();
    }
    push_field(&mut fields, column, &text[from..]);
    fields
}

fn push_field(fields: &mut Vec<(Column, String)>, column: Column, text: &str) {
    let mut kept = text.trim_matches([' ', ';', ',', '(', '–', '—']);
    loop {
        let open = kept.contains('(');
        let shorter = kept.trim_end_matches(|c: char| matches!(c, ' ' | ';' | ',') || (c == ')' && !open));
        let bare = shorter.strip_suffix('.').unwrap_or(shorter);
        // Initials keep their full stop.
        let initials = bare.chars().next_back().is_some_and(char::is_uppercase);
        let year = bare.ends_with(" г") || bare.ends_with(" гг");
        let shorter = if initials || year { shorter } else { bare };
        if shorter.len() == kept.len() {
            break;
        }
        kept = shorter;
    }
    if kept.chars().any(is_letter_or_digit) {
        fields.push((column, kept.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(Column, &str)]) {
        let found = fields(text);
        let found: Vec<(Column, &str)> =
            found.iter().map(|(column, text)| (*column, text.as_str())).collect();
        assert_eq!(found, expected, "in «{text}»");
    }

    #[test]
    fn labels_divide_a_line_into_fields() {
        use Column::{Outcome, Responsible, Schedule, Title};
        check(
            "Провести совещание. Срок: до 01.10.2024. Ответственный: Орлова А.Б.",
            &[(Title, "Провести совещание"), (Schedule, "до 01.10.2024"), (Responsible, "Орлова А.Б.")],
        );
        check("Срок исполнения – ноябрь 2024 г.", &[(Schedule, "ноябрь 2024 г.")]);
        check(
            "Обучить кураторов (срок – март, отв. Ким В.Г.; результат: приказ)",
            &[
                (Title, "Обучить кураторов"),
                (Schedule, "март"),
                (Responsible, "Ким В.Г."),
                (Outcome, "приказ"),
            ],
        );
        check("Сдать отчёт в срок до 1 мая", &[(Title, "Сдать отчёт в срок до 1 мая")]);
    }

    #[test]
    fn a_deadline_in_a_sentence_is_found() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(deadline_in(text).as_deref(), expected);
        check("Представить отчёт до 15 октября 2024 года в отдел", Some("до 15 октября 2024 года"));
        check("В срок до 01.10.2024 назначить кураторов", Some("В срок до 01.10.2024"));
        check("Проводить совещания ежемесячно", Some("ежемесячно"));
        check("Посетить школы в марте 2025 года", Some("в марте 2025 года"));
        check("Довести до сведения приказ от 12.01.2024", None);
    }
}
