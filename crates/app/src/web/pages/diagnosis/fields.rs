//! How is a question shown as a control, and what did a form say about it?
//!
//! Every control speaks the storing form of an answer, so that what was typed and can't be read is shown again as it
//! was typed.

use std::collections::BTreeSet;

use maud::{Markup, html};
use opora_diagnosis::{Choice, Kind, Question};

use crate::web::words::capital;

/// The fields of a form in their order.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The last value of a field; the line ends of a browser become ours.
    pub fn one(&self, name: &str) -> String {
        let found = self.0.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.replace("\r\n", "\n").trim().to_owned()).unwrap_or_default()
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What was typed for a question, in the storing form.
    pub fn text_of(&self, question: &Question) -> String {
        let id = &question.id;
        match &question.kind {
            Kind::Multiple { .. } => self.all(&format!("q:{id}")).collect::<Vec<_>>().join(" "),
            Kind::Share { whole_from, .. } => {
                let plain = |name: String| self.one(&name).replace(|c: char| c.is_whitespace(), "");
                let (part, whole) = (plain(format!("q:{id}:part")), plain(format!("q:{id}:whole")));
                // A whole that was typed where none is asked for, on a page of the version before, is not lost unseen.
                let lone = whole.is_empty() && (part.is_empty() || whole_from.is_some());
                if lone { part } else { format!("{part}/{whole}") }
            }
            Kind::Matrix { rows, .. } => {
                let given = rows.iter().map(|row| (row, self.one(&format!("q:{id}:row:{}", row.id))));
                let given = given.filter(|(_, column)| !column.is_empty());
                given.map(|(row, column)| format!("{}={column}", row.id)).collect::<Vec<_>>().join(" ")
            }
            _ => self.one(&format!("q:{id}")),
        }
    }
}

/// The question that tells a share its whole, as the page of the share speaks of it.
pub struct Whole<'q> {
    /// That question.
    pub question: &'q Question,
    /// What it is called: «вопрос 1.1».
    pub name: String,
    /// Where it stands.
    pub address: String,
    /// The whole; nothing while it is not answered.
    pub number: Option<u64>,
}

/// The control of a question; `text` is in the storing form, `described` names the elements that explain it, `whole` is
/// there for a share that asks for its part only.
pub fn control(question: &Question, text: &str, described: &str, whole: Option<&Whole<'_>>) -> Markup {
    let name = format!("q:{}", question.id);
    match &question.kind {
        Kind::Single(choices) => {
            let offered = choices.iter().map(|choice| (choice.id.clone(), choice.text.clone()));
            radios(&name, &offered.collect::<Vec<_>>(), text, !question.required)
        }
        Kind::YesNo { .. } => {
            let offered = [("yes".to_owned(), "Да".to_owned()), ("no".to_owned(), "Нет".to_owned())];
            radios(&name, &offered, text, !question.required)
        }
        Kind::Scale { from, to, low, high } => scale(&name, (*from, *to), (low, high), text),
        Kind::Multiple { choices, at_most, .. } => multiple(&name, choices, *at_most, text),
        Kind::Number { unit, .. } => html! {
            div.answer-line {
                input.short type="text" inputmode="decimal" name=(name) value=(text.replace('.', ",")) autocomplete="off"
                    aria-label=(question.text) aria-describedby=(described);
                @if let Some(unit) = unit { span { (unit) } }
            }
        },
        Kind::Share { part, whole: words, .. } => match whole {
            Some(whole) => part_of(question, (part, words), text, described, whole),
            None => share(&name, (part, words), text),
        },
        Kind::Text { max_length, .. } => html! {
            textarea name=(name) rows="3" maxlength=(max_length) aria-label=(question.text) aria-describedby=(described) { (text) }
        },
        Kind::Date { .. } => html! {
            input.short type="date" name=(name) value=(text) aria-label=(question.text) aria-describedby=(described);
        },
        Kind::Matrix { rows, columns } => matrix(&name, rows, columns, text),
        Kind::Note => html! {},
    }
}

fn radios(name: &str, offered: &[(String, String)], text: &str, clearable: bool) -> Markup {
    html! {
        div.options {
            @for (value, words) in offered {
                label.option { input type="radio" name=(name) value=(value) checked[value == text]; span { (words) } }
            }
            @if clearable {
                label.option.none { input type="radio" name=(name) value="" checked[text.is_empty()]; span { "Без ответа" } }
            }
        }
    }
}

fn scale(
    name: &str,
    (from, to): (i32, i32),
    (low, high): (&Option<String>, &Option<String>),
    text: &str,
) -> Markup {
    html! {
        div.options.scale {
            @for step in from..=to {
                label.option { input type="radio" name=(name) value=(step) checked[step.to_string() == text]; span { (step) } }
            }
        }
        @if let (Some(low), Some(high)) = (low, high) { p.hint { (from) " – " (low) ", " (to) " – " (high) } }
    }
}

fn multiple(name: &str, choices: &[Choice], at_most: Option<u32>, text: &str) -> Markup {
    let chosen: BTreeSet<&str> = text.split_whitespace().collect();
    html! {
        @if let Some(most) = at_most { p.hint { "Не больше " (most) "." } }
        div.options {
            @for choice in choices {
                label.option {
                    input type="checkbox" name=(name) value=(choice.id) checked[chosen.contains(choice.id.as_str())];
                    span { (choice.text) }
                }
            }
        }
    }
}

fn share(name: &str, (part, whole): (&str, &str), text: &str) -> Markup {
    let (first, second) = text.split_once('/').unwrap_or((text, ""));
    html! {
        div.share {
            label { span { (part) } input.short type="text" inputmode="numeric" name={ (name) ":part" } value=(first) autocomplete="off"; }
            label { span { (whole) } input.short type="text" inputmode="numeric" name={ (name) ":whole" } value=(second) autocomplete="off"; }
        }
    }
}

/// The part alone, with «из 312» beside it. The script of the page keeps up with what is typed elsewhere on it.
fn part_of(
    question: &Question,
    (part, words): (&str, &str),
    text: &str,
    described: &str,
    whole: &Whole<'_>,
) -> Markup {
    let (id, known) = (&question.id, whole.number.is_some());
    let number = whole.number.map(|number| number.to_string()).unwrap_or_default();
    html! {
        div.share data-whole=(whole.question.id) data-whole-now=(number) {
            label {
                // What a form was imported with is asked in the words of the question itself.
                span.visually-hidden[part == question.text] { (part) }
                span.part-of {
                    input.short type="text" inputmode="numeric" name={ "q:" (id) ":part" } value=(text) autocomplete="off"
                        aria-describedby={ "w-" (id) " " (described) };
                    span data-whole-known hidden[!known] { "из " strong data-whole-number { (number) } }
                }
            }
            p.hint #{ "w-" (id) } {
                span data-whole-known hidden[!known] { (capital(words)) " – из ответа на " a href=(whole.address) { (whole.name) } "." }
                span data-whole-unknown hidden[known] {
                    // What stands on this page may be typed already: without JavaScript nobody can tell.
                    @if whole.address.starts_with('#') { "Сколько всего, берётся из ответа на " } @else { "Сколько всего, ещё не сказано: ответьте на " }
                    a href=(whole.address) { (whole.name) " «" (whole.question.text) "»" } "."
                    @if !whole.address.starts_with('#') { " Это число можно вписать и раньше." }
                }
            }
        }
    }
}

/// A table as one group of buttons a row: it fits a telephone and is read out row by row.
fn matrix(name: &str, rows: &[Choice], columns: &[Choice], text: &str) -> Markup {
    let given: Vec<(&str, &str)> = text.split_whitespace().filter_map(|pair| pair.split_once('=')).collect();
    html! {
        @for row in rows {
            @let chosen = given.iter().find(|(id, _)| *id == row.id).map_or("", |(_, column)| column);
            fieldset.row {
                legend { (row.text) }
                div.options {
                    @for column in columns {
                        label.option {
                            input type="radio" name={ (name) ":row:" (row.id) } value=(column.id) checked[column.id == chosen];
                            span { (column.text) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use opora_diagnosis::{Answer, read_answer, read_questionnaire, write_answer};

    use super::*;

    const EVERY_KIND: &str = r#"
id = "k"
version = 1
title = "Все виды"
audience = "head"
[[section]]
id = "s"
title = "Раздел"
[[section.question]]
id = "one"
type = "single"
text = "Один?"
choices = [{ id = "a", text = "А" }, { id = "b", text = "Б" }]
[[section.question]]
id = "some"
type = "multiple"
text = "Какие?"
choices = [{ id = "a", text = "А" }, { id = "b", text = "Б" }]
[[section.question]]
id = "share"
type = "share"
text = "Доля?"
part = "часть"
whole = "всего"
[[section.question]]
id = "table"
type = "matrix"
text = "Таблица?"
rows = [{ id = "x", text = "Икс" }, { id = "y", text = "Игрек" }]
columns = [{ id = "a", text = "А" }, { id = "b", text = "Б" }]
[[section.question]]
id = "number"
type = "number"
text = "Сколько?"
[[section.question]]
id = "words"
type = "text"
text = "Что?"
"#;

    /// What a browser would send of a page on which an answer is shown.
    fn sent(markup: &str) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for tag in markup.split('<').filter(|tag| tag.starts_with("input") || tag.starts_with("textarea")) {
            let of = |name: &str| {
                let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
                rest.split_once('"').map(|(value, _)| value.to_owned())
            };
            let pressed = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
            if pressed && !tag.contains(" checked") {
                continue;
            }
            let inside = tag.split_once('>').map(|(_, text)| text.to_owned()).unwrap_or_default();
            let value = if tag.starts_with("textarea") { inside } else { of("value").unwrap_or_default() };
            fields.push((of("name").expect("a name"), value));
        }
        fields
    }

    #[test]
    fn what_is_shown_and_sent_unchanged_is_the_same_answer() {
        let questionnaire = read_questionnaire("k.toml", EVERY_KIND).expect("a questionnaire");
        let check = |id: &str, text: &str| {
            let question = questionnaire.question(id).expect(id);
            let answer: Option<Answer> = read_answer(question, text).expect("an answer");
            let shown = answer.as_ref().map(write_answer).unwrap_or_default();
            let fields = Fields(sent(&control(question, &shown, "", None).into_string()));
            let back = read_answer(question, &fields.text_of(question)).expect("an answer");
            assert_eq!(back, answer, "{id}: {text}");
        };
        check("one", "b");
        check("one", "");
        check("some", "a b");
        check("some", "");
        check("share", "3/40");
        check("share", "");
        check("table", "x=a y=b");
        check("table", "y=b");
        check("number", "12.5");
        check("words", "не хватает двух учителей");
    }

    #[test]
    fn half_a_share_is_not_lost() {
        let questionnaire = read_questionnaire("k.toml", EVERY_KIND).expect("a questionnaire");
        let question = questionnaire.question("share").expect("a share");
        let fields = Fields(vec![("q:share:part".to_owned(), "3".to_owned())]);
        assert_eq!(fields.text_of(question), "3/");
        assert!(control(question, "3/", "", None).into_string().contains("value=\"3\""));
    }
}
