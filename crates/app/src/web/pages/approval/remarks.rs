//! Which remarks were made, to which text, and what is answered to each?

use std::collections::BTreeMap;

use maud::{Markup, html};
use opora_approval::{Action, Answer, NewRemark, Party, Remark};

use super::{Case, hidden};
use crate::usecases::remarks::{Placed, path_of_form};
use crate::web::components::segments::{new_side, old_side};
use crate::web::views::words::shortened;
use crate::web::words;

/// Remarks that one form offers to write.
pub const OFFERED: usize = 3;

/// The texts of an activity or a section that a remark can be about.
const FIELDS: [(&str, &str); 8] = [
    ("", "целиком"),
    ("title", "название"),
    ("schedule", "срок"),
    ("responsible", "ответственные"),
    ("outcome", "результат"),
    ("target_group", "целевая группа"),
    ("number", "номер"),
    ("year", "год раздела"),
];

/// All remarks, each with its thread and what the person may do about it.
pub fn list(case: &Case, permitted: &[(Action, Party)]) -> Markup {
    let open = case.remarks.iter().filter(|placed| placed.remark.is_open).count();
    let answered =
        case.remarks.iter().filter(|placed| !placed.remark.is_open && !placed.remark.is_accepted).count();
    html! {
        @if !case.remarks.is_empty() {
            section.card aria-labelledby="remarks" {
                div.card-head { h3 #remarks { "Замечания: " (open) " открыто, " (answered) " с ответом, всего " (case.remarks.len()) } }
                ol.remarks { @for placed in &case.remarks { (item(case, placed, permitted)) } }
            }
        }
    }
}

fn item(case: &Case, placed: &Placed, permitted: &[(Action, Party)]) -> Markup {
    let remark = &placed.remark;
    let may = |action: Action, author: bool| {
        let fits = |known: &&(Action, Party)| known.0 == action && (known.1 == Party::Author) == author;
        permitted.iter().find(fits).map(|(_, party)| *party)
    };
    let answers = may(Action::ResolveRemark, true).filter(|_| remark.is_open);
    let accepts = may(Action::ResolveRemark, false).filter(|_| !remark.is_accepted);
    let reopens = may(Action::ReopenRemark, false).filter(|_| !remark.is_open);
    let label = if remark.is_open {
        "Почему снято без ответа"
    } else {
        "Что сказать (можно ничего)"
    };
    html! {
        li.remark id={ "remark-" (remark.number) } {
            p { strong { (placed.name) } ": " (remark.text) " " (state(remark)) }
            p.small.muted { (case.name(remark.by)) ", " (words::moment(remark.at)) ", к версии " (remark.version) }
            (about(placed))
            @for answer in &remark.answers { (answer_line(case, answer)) }
            @if let Some(party) = answers { (reply(case, remark, Action::ResolveRemark, party, "Что исправлено или почему оставлено так", "Ответить на замечание", true)) }
            @if let Some(party) = accepts { (reply(case, remark, Action::ResolveRemark, party, label, "Снять замечание", remark.is_open)) }
            @if let Some(party) = reopens { (reply(case, remark, Action::ReopenRemark, party, "Что осталось нерешённым", "Открыть снова", true)) }
        }
    }
}

/// Where a remark stands, as a badge.
pub fn state(remark: &Remark) -> Markup {
    html! {
        @if remark.is_open { span.badge.warning { "открыто" } }
        @else if remark.is_accepted { span.badge.good { "снято" } }
        @else { span.badge.info { "есть ответ" } }
    }
}

/// The text a remark speaks of, as it was and as it is.
fn about(placed: &Placed) -> Markup {
    let (then, now) = (placed.then.as_deref().unwrap_or_default(), placed.now.as_deref().unwrap_or_default());
    html! {
        @if placed.is_mended() {
            p.remark-text.small {
                "Было: " @if then.is_empty() { span.absent { "пусто" } } @else { (old_side(then, now)) }
                br; "Сейчас: " @if now.is_empty() { span.absent { "пусто" } } @else { (new_side(then, now)) }
            }
        } @else if placed.path.is_some() {
            p.remark-text.small { "Текст: " @if now.is_empty() { span.absent { "пусто" } } @else { "«" (now) "»" } }
        }
    }
}

fn answer_line(case: &Case, answer: &Answer) -> Markup {
    let word = match (answer.settles, answer.party) {
        (true, Party::Author) => "Ответ школы: ",
        (true, _) => "Снято: ",
        (false, _) => "Открыто снова: ",
    };
    html! {
        p.answer { (word) (answer.text) span.small.muted { " — " (case.name(answer.by)) ", " (words::moment(answer.at)) } }
    }
}

fn reply(
    case: &Case,
    remark: &Remark,
    action: Action,
    party: Party,
    label: &str,
    button: &str,
    required: bool,
) -> Markup {
    let field = format!("{}-{}-{}", action.word(), party.word(), remark.number);
    html! {
        form.inline-form action={ "/plans/" (case.plan.id) "/approval#remark-" (remark.number) } method="post" {
            (hidden(case, action, party))
            input type="hidden" name="remark" value=(remark.number);
            label for=(field) { (label) }
            input id=(field) name="text" required[required] autocomplete="off";
            button type="submit" { (button) }
        }
    }
}

/// A remark to be written: to which text, and what is to be mended.
pub fn fields(
    case: &Case,
    id: &str,
    number: usize,
    required: bool,
    typed: &BTreeMap<String, String>,
) -> Markup {
    let value = |name: &str| typed.get(&format!("{name}-{number}")).map(String::as_str).unwrap_or_default();
    let (path, field) = (value("path"), value("field"));
    let option = |own: &str, words: &str| html! { option value=(own) selected[own == path] { (words) } };
    let sections = case.plan.plan().map(|plan| plan.sections.as_slice()).unwrap_or_default();
    html! {
        div.field-row {
            div.field {
                label for={ (id) "-path-" (number) } { "К чему" }
                select id={ (id) "-path-" (number) } name={ "path-" (number) } {
                    (option("", "Дорожная карта в целом"))
                    (option("plan/title", "Название карты"))
                    (option("plan/period", "Период карты"))
                    @for (at, section) in sections.iter().enumerate() {
                        optgroup label={ "Раздел " (at + 1) @if !section.title.is_empty() { ". " (shortened(&section.title, 50)) } } {
                            (option(&format!("section/{}", at + 1), &format!("Раздел {} целиком", at + 1)))
                            @for activity in &section.activities {
                                @let own = activity.number.as_ref().map(|number| format!("{number}. ")).unwrap_or_default();
                                (option(&format!("activity/{}", activity.key.0), &format!("{own}{}", shortened(&activity.title, 60))))
                            }
                        }
                    }
                }
            }
            div.field {
                label for={ (id) "-field-" (number) } { "Что в нём" }
                select id={ (id) "-field-" (number) } name={ "field-" (number) } {
                    @for (word, name) in FIELDS { option value=(word) selected[word == field] { (name) } }
                }
            }
            div.field.grow {
                label for={ (id) "-remark-" (number) } { "Замечание" @if !required { " (если есть ещё)" } }
                input id={ (id) "-remark-" (number) } name={ "remark-" (number) } value=(value("remark")) required[required] autocomplete="off";
            }
        }
    }
}

/// The remarks of a form; a message where one is about a text that there is not.
pub fn of_form(case: &Case, form: &BTreeMap<String, String>) -> Result<Vec<NewRemark>, String> {
    let text = |name: String| form.get(&name).map(|text| text.trim()).unwrap_or_default();
    let Some(plan) = case.plan.plan() else { return Ok(Vec::new()) };
    let mut remarks = Vec::new();
    for number in 1..=OFFERED {
        let words = text(format!("remark-{number}"));
        if words.is_empty() {
            continue;
        }
        let path = path_of_form(text(format!("path-{number}")), text(format!("field-{number}")), plan);
        let Some(path) = path else {
            return Err(format!(
                "Замечание «{}» относится к тому, чего здесь нет: у раздела нет срока, у карты в целом нет отдельных полей. Выберите другое место; написанное осталось в форме.",
                shortened(words, 60)
            ));
        };
        remarks.push(NewRemark { path, text: words.to_owned() });
    }
    Ok(remarks)
}
