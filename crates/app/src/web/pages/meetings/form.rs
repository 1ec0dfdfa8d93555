//! How are minutes written: who was there, what was heard, what was decided?

use jiff::civil::Date;
use maud::{Markup, html};
use opora_execution::TEXT_CHARS_MAX;
use opora_execution::meetings::{Decision, MinuteItem};

use super::meeting::Case;
use crate::usecases::support::{Known, MeetingNotes, NotDone};
use crate::web::pages::diagnosis::Fields;
use crate::web::pages::visits::{
    Asked, day, draft_state, incomplete, read_assignee, who_fields, written_by_others,
};

/// Items of minutes at most.
pub const ITEMS_MAX: usize = 60;
/// Decisions of one item at most.
pub const DECISIONS_MAX: usize = 12;

/// A decision as it stands in the form, perhaps half filled.
#[derive(Default)]
struct Row {
    text: String,
    who: Option<opora_execution::Assignee>,
    due: String,
}

/// An item as it stands in the form.
#[derive(Default)]
struct Item {
    title: String,
    school: Option<i64>,
    heard: String,
    decided: Vec<Row>,
}

fn of_item(item: &MinuteItem) -> Item {
    let row = |decision: &Decision| Row {
        text: decision.text.clone(),
        who: decision.task.as_ref().map(|(who, _)| who.clone()),
        due: decision.task.as_ref().map(|(_, due)| due.to_string()).unwrap_or_default(),
    };
    Item {
        title: item.title.clone(),
        school: item.school,
        heard: item.heard.clone(),
        decided: item.decided.iter().map(row).collect(),
    }
}

fn typed_items(fields: &Fields, people: &[Known]) -> Vec<Item> {
    let item = |number: usize| {
        let name = format!("item-{number}");
        let row = |at: usize| {
            let name = format!("{name}-{at}");
            Row {
                text: fields.one(&format!("{name}-text")),
                who: read_assignee(fields, &name, people),
                due: fields.one(&format!("{name}-due")),
            }
        };
        let filled = |row: &Row| !row.text.is_empty() || row.who.is_some() || !row.due.is_empty();
        Item {
            title: fields.one(&format!("{name}-title")),
            school: fields.one(&format!("{name}-school")).parse().ok(),
            heard: fields.one(&format!("{name}-heard")),
            decided: (1..=DECISIONS_MAX).map(row).filter(filled).collect(),
        }
    };
    let filled = |item: &Item| !item.title.is_empty() || !item.heard.is_empty() || !item.decided.is_empty();
    (1..=ITEMS_MAX).map(item).filter(filled).collect()
}

/// The form; what was typed and refused stands in it again. `stale`: somebody else has saved meanwhile. `writer` is who
/// writes: the browser keeps what is not saved yet under this number.
pub fn draw(case: &Case, typed: Option<&Fields>, stale: bool, writer: i64) -> Markup {
    let notes = case.meeting.notes.as_ref();
    let items: Vec<Item> = match typed {
        Some(fields) => typed_items(fields, &case.people),
        None => case.meeting.items().iter().map(of_item).collect(),
    };
    // Whoever was told of somebody else's save may save again; until then an old page stays old.
    let known = typed.filter(|_| !stale).and_then(|fields| fields.one("known").parse().ok());
    let held = typed.map_or_else(|| case.meeting.day().to_string(), |fields| fields.one("held"));
    let present = typed.map_or_else(
        || notes.map(|notes| notes.present.clone()).unwrap_or_default(),
        |fields| fields.one("present"),
    );
    html! {
        form.stack action={ "/meetings/" (case.meeting.number) "/minutes" } method="post"
            data-draft=(writer) data-draft-seen=(case.meeting.facts.len()) data-draft-refused[typed.is_some()] {
            (draft_state())
            @if stale && let Some(notes) = notes { (written_by_others(&notes.by, &others(notes, &present, &items))) }
            input type="hidden" name="known" value=(known.unwrap_or(case.meeting.facts.len()));
            div.field-row {
                div.field { label for="held" { "День заседания" } input #held type="date" name="held" value=(held) required; }
                div.field.grow { label for="present" { "Присутствовали" } input #present name="present" value=(present) autocomplete="off"; }
            }
            @for number in 1..=(items.len() + 1).min(ITEMS_MAX) {
                @let empty = Item::default();
                (item_fields(case, number, items.get(number - 1).unwrap_or(&empty)))
            }
            p.small.muted { "Пустые строки не сохраняются. Чтобы убрать вопрос из повестки, сотрите его название и текст. Чтобы добавить ещё строку, сохраните." }
            div.actions {
                button type="submit" name="go" value="save" { "Сохранить" }
                button.primary type="submit" name="go" value="publish" { "Опубликовать протокол" }
            }
            p.small.muted { "После публикации протокол не меняется, решения с исполнителем и сроком становятся поручениями." }
        }
    }
}

/// The texts somebody else has saved that do not stand in the form: whoever saves now would take them out.
fn others(kept: &MeetingNotes, present: &str, items: &[Item]) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    if kept.present != present {
        texts.push(("Присутствовали".to_owned(), kept.present.clone()));
    }
    for (item, number) in kept.items.iter().zip(1..) {
        let titles = items.iter().any(|own| own.title == item.title);
        let heard = items.iter().any(|own| own.heard == item.heard);
        let decided = |text: &str| items.iter().flat_map(|own| &own.decided).any(|own| own.text == text);
        let mut told =
            |what: &str, text: &str| texts.push((format!("Вопрос {number}, {what}"), text.to_owned()));
        if !titles {
            told("о чём", &item.title);
        }
        if !heard {
            told("слушали", &item.heard);
        }
        for decision in item.decided.iter().filter(|own| !decided(&own.text)) {
            told("решили", &decision.text);
        }
    }
    texts.retain(|(_, text)| !text.trim().is_empty());
    texts
}

fn item_fields(case: &Case, number: usize, item: &Item) -> Markup {
    let name = format!("item-{number}");
    html! {
        fieldset.card.card-body.stack {
            legend { "Вопрос " (number) }
            div.field-row {
                div.field.grow { label for={ (name) "-title" } { "О чём" } input id={ (name) "-title" } name={ (name) "-title" } value=(item.title) maxlength=(TEXT_CHARS_MAX) autocomplete="off"; }
                div.field {
                    label for={ (name) "-school" } { "Школа" }
                    select id={ (name) "-school" } name={ (name) "-school" } {
                        option value="" { "весь муниципалитет" }
                        @for (id, school) in &case.schools { option value=(id) selected[item.school == Some(*id)] { (school) } }
                    }
                }
            }
            div.field { label for={ (name) "-heard" } { "Слушали" } textarea id={ (name) "-heard" } name={ (name) "-heard" } rows="2" maxlength=(TEXT_CHARS_MAX) { (item.heard) } }
            @for at in 1..=(item.decided.len() + 1).min(DECISIONS_MAX) {
                @let row = item.decided.get(at - 1);
                @let row_name = format!("{name}-{at}");
                div.field-row.task-row {
                    div.field.grow { label for={ (row_name) "-text" } { "Решили" span.visually-hidden { ", вопрос " (number) ", решение " (at) } } input id={ (row_name) "-text" } name={ (row_name) "-text" } value=(row.map_or("", |row| row.text.as_str())) maxlength=(TEXT_CHARS_MAX) autocomplete="off"; }
                    (who_fields(&Asked {
                        name: &row_name,
                        label: &format!("вопрос {number}, решение {at}"),
                        who: row.and_then(|row| row.who.as_ref()),
                        due: row.map(|row| row.due.clone()).unwrap_or_default(),
                        people: &case.people,
                    }))
                }
            }
        }
    }
}

/// What the form says. A person without a day, or a day without a person, is told at once.
pub fn read(fields: &Fields, case: &Case) -> Result<MeetingNotes, NotDone> {
    let held: Date = day(&fields.one("held"), "День заседания не понят.")?;
    let mut items = Vec::new();
    for (item, number) in typed_items(fields, &case.people).into_iter().zip(1..) {
        let mut decided = Vec::new();
        for row in item.decided {
            let task = match (row.who, row.due.as_str()) {
                (None, "") => None,
                (Some(who), due) => {
                    let what = format!(
                        "В вопросе {number} у решения есть исполнитель, но нет срока. Без срока его не проверить."
                    );
                    Some((who, day(due, &what)?))
                }
                (None, _) => {
                    let what = format!(
                        "В вопросе {number} у решения есть срок, но нет исполнителя. Выберите человека или сотрите срок."
                    );
                    return Err(incomplete(&what));
                }
            };
            decided.push(Decision { text: row.text, task });
        }
        let school = item.school.filter(|id| case.schools.iter().any(|(known, _)| known == id));
        items.push(MinuteItem { title: item.title, school, heard: item.heard, decided });
    }
    let notes = MeetingNotes::new(held, fields.one("present"), items);
    fits(&notes)?;
    Ok(notes)
}

/// Refuses texts that nobody would read to the end.
pub fn fits(notes: &MeetingNotes) -> Result<(), NotDone> {
    let long = |text: &str| text.chars().count() > TEXT_CHARS_MAX;
    let is_long = |item: &MinuteItem| {
        long(&item.title) || long(&item.heard) || item.decided.iter().any(|decision| long(&decision.text))
    };
    if notes.items.iter().any(is_long) || long(&notes.present) {
        return Err(incomplete(
            "Один из текстов длиннее 4000 знаков. Сократите его или разделите на вопросы.",
        ));
    }
    Ok(())
}
