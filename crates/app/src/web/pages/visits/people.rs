//! Who is asked to do something, in a form and in words?

use std::collections::BTreeMap;

use maud::{Markup, html};
use opora_execution::Assignee;
use opora_store::Names;

use crate::usecases::support::Known;
use crate::web::actor::LOCAL_USER;
use crate::web::components::deed::person_label;
use crate::web::errors::WebError;
use crate::web::pages::diagnosis::Fields;
use crate::web::state::AppState;

/// Names of accounts.
pub type NameOf = BTreeMap<i64, String>;

/// The names of all accounts.
pub async fn names(state: &AppState) -> Result<Names, WebError> {
    Ok(state.store.account_names().await?)
}

/// Who is asked, in words.
pub fn who_words(who: &Assignee, names: &NameOf) -> String {
    match who {
        Assignee::Account(account) => names.get(account).cloned().unwrap_or_else(|| LOCAL_USER.to_owned()),
        Assignee::Named(name) => name.clone(),
    }
}

/// A row of a form that asks somebody to do something.
pub struct Asked<'a> {
    /// What stands before the names of its fields.
    pub name: &'a str,
    /// Who it is about, for those who hear the page.
    pub label: &'a str,
    /// Who is chosen.
    pub who: Option<&'a Assignee>,
    /// The day.
    pub due: String,
    /// Who can be chosen.
    pub people: &'a [Known],
}

/// The fields for a person and a day: one of the list, or somebody without an account by name.
pub fn who_fields(asked: &Asked<'_>) -> Markup {
    let Asked { name, label, who, due, people } = asked;
    let account = match who {
        Some(Assignee::Account(account)) => Some(*account),
        _ => None,
    };
    let typed = match who {
        Some(Assignee::Named(typed)) => typed.as_str(),
        _ => "",
    };
    html! {
        @if !people.is_empty() {
            div.field {
                label for={ (name) "-who" } { "Кто" span.visually-hidden { ", " (label) } }
                select id={ (name) "-who" } name={ (name) "-who" } {
                    option value="" { "не из списка" }
                    @for person in *people { option value=(person.account) selected[account == Some(person.account)] { (person_label(person, people)) ", " (person.role.russian()) } }
                }
            }
        }
        div.field {
            label for={ (name) "-name" } { @if people.is_empty() { "Кто" } @else { "Другой человек" } span.visually-hidden { ", " (label) } }
            input id={ (name) "-name" } name={ (name) "-name" } value=(typed) autocomplete="off";
        }
        div.field {
            label for={ (name) "-due" } { "Срок" span.visually-hidden { ", " (label) } }
            input id={ (name) "-due" } type="date" name={ (name) "-due" } value=(due);
        }
    }
}

/// Who was chosen or typed, nobody where both are empty. Somebody who is not on the list is passed over.
pub fn read_assignee(fields: &Fields, name: &str, people: &[Known]) -> Option<Assignee> {
    let chosen = fields.one(&format!("{name}-who")).parse().ok();
    let known = chosen.filter(|account| people.iter().any(|person| person.account == *account));
    let typed = fields.one(&format!("{name}-name"));
    known.map(Assignee::Account).or((!typed.is_empty()).then_some(Assignee::Named(typed)))
}

/// Where a form tells that the browser keeps what is typed; without JavaScript it stays empty.
pub fn draft_state() -> Markup {
    html! { p.save-state.no-print role="status" data-draft-state hidden {} }
}

/// What somebody else has saved and this form does not hold: nothing of it is lost unseen.
pub fn written_by_others(by: &str, texts: &[(String, String)]) -> Markup {
    html! {
        @if !texts.is_empty() {
            div.notice.warning { div {
                p.notice-title { "Записано другими, а в вашей форме этого нет" }
                p { "Последним сохранил: " (by) ". Перенесите нужное в форму: при сохранении останется то, что в ней." }
                dl { @for (what, text) in texts { dt { (what) } dd.typed { (text) } } }
            } }
        }
    }
}
