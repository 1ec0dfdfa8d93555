//! What does a plan without a table say? Numbered paragraphs under the title of a plan, with words such as «Срок:».

use std::sync::LazyLock;

use opora_neutral::{Block, Document, Paragraph, Place};
use regex::Regex;

use super::numbering::leading_number;
use super::rows::{Draft, DraftSection};
use super::{Taken, act, is_stamp, parties, plans};
use crate::text::{one_line, push_line};
use crate::vocabulary::{Column, SourceCell};

/// A plan as its paragraphs give it.
pub(super) struct Prose {
    pub title: String,
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
        r"(?i)\b(?:(?:в\s+срок\s+)?(?:до|не\s+позднее|к)\s+{day}|с\s+(?:{day}|\d{{1,2}})\s+(?:по|до)\s+{day}|в\s+(?:{locative})(?:\s*(?:[-–,]|и)\s*(?:{locative}))*{year}|ежемесячно|ежеквартально|еженедельно|ежегодно(?:\s+до\s+{day})?|в\s+течение\s+(?:\d{{4}}\s+|учебного\s+)?года)"
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
    let drafts: Vec<&Draft> = reader.sections.iter().flat_map(|section| &section.activities).collect();
    let has = |draft: &Draft, column| draft.cells.iter().any(|cell| cell.column == column);
    let telling =
        drafts.iter().filter(|draft| has(draft, Column::Schedule) || has(draft, Column::Responsible)).count();
    if drafts.len() < 2 || telling * 2 < drafts.len() {
        return None;
    }
    let told = [Column::Schedule, Column::Responsible, Column::Outcome, Column::TargetGroup];
    let told = told.into_iter().filter(|&column| drafts.iter().any(|draft| has(draft, column)));
    let columns = [Column::Number, Column::Title].into_iter().chain(told).collect();
    Some(Prose { title, columns, sections: reader.sections, place: first.place.clone(), blocks })
}

/// Reads paragraph after paragraph.
#[derive(Default)]
struct Reader {
    sections: Vec<DraftSection>,
    blocks: Vec<usize>,
    item: Option<Draft>,
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
            self.begin_item(number, rest, paragraph);
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

    fn begin_item(&mut self, number: String, rest: &str, paragraph: &Paragraph) {
        let nested = |open: &Draft| {
            open.number.as_ref().is_some_and(|outer| number.starts_with(&format!("{outer}.")))
                && open.cells.iter().all(|cell| cell.column == Column::Title)
        };
        // «1. Работа с кадрами» before «1.1. …» is a section.
        if let Some(open) = self.item.take_if(|open| nested(open)) {
            self.sections.push(section_of(open));
        }
        self.item_ends();
        let mut item = Draft { number: Some(number), ..Draft::default() };
        for (column, text) in fields(rest) {
            item.cells.push(cell(column, text, &paragraph.place));
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

    fn item_ends(&mut self) {
        let Some(mut item) = self.item.take() else { return };
        let roman = item.number.as_ref().is_some_and(|number| number.chars().all(char::is_alphabetic));
        if roman && item.cells.iter().all(|cell| cell.column == Column::Title) {
            self.sections.push(section_of(item));
            return;
        }
        let title = item.cells.first().filter(|_| !item.cells.iter().any(|c| c.column == Column::Schedule));
        // Without «Срок:» the sentence itself may say when; it stays whole.
        let said = title.and_then(|title| Some((deadline_in(&title.text)?, title.place.clone())));
        item.cells.extend(said.map(|(text, place)| cell(Column::Schedule, text, &place)));
        if self.sections.is_empty() {
            let place = item.cells.first().map(|cell| cell.place.clone()).unwrap_or_default();
            self.sections.push(DraftSection { place, ..DraftSection::default() });
        }
        if let Some(section) = self.sections.last_mut() {
            section.activities.push(item);
        }
    }
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
        let shorter = if initials { shorter } else { bare };
        if shorter.len() == kept.len() {
            break;
        }
        kept = shorter;
    }
    if kept.chars().any(char::is_alphanumeric) {
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
        check("Срок исполнения – ноябрь 2024 г.", &[(Schedule, "ноябрь 2024 г")]);
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
