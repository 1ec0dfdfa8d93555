//! How is a field of a form shown: its label, its text, why it is doubtful?

use maud::{Markup, html};

/// A text field with what is said about it.
pub struct Field<'a> {
    /// Name in the form and, with the prefix, the `id`.
    pub name: &'a str,
    /// `id` of the control; unique on the page.
    pub id: &'a str,
    /// Label.
    pub label: &'a str,
    /// Text.
    pub value: &'a str,
    /// Class of its width in the grid: `w3`, `w6`…
    pub width: &'a str,
    /// Several lines.
    pub long: bool,
    /// Anchor of the place in the source that it was read from.
    pub source: Option<&'a str>,
    /// What is wrong with the text typed; the form was refused because of it.
    pub wrong: Option<&'a str>,
}

/// A text field; `below` stands under the control.
pub fn field(field: &Field<'_>, below: &Markup) -> Markup {
    let note = format!("{}-note", field.id);
    html! {
        div class={ "field " (field.width) @if field.wrong.is_some() { " wrong" } } data-source=[field.source] {
            div.label { label for=(field.id) { (field.label) } (source_link(field.label, field.source)) }
            @if field.long {
                textarea #(field.id) name=(field.name) rows="2" aria-describedby=(note)
                    aria-invalid=[field.wrong.map(|_| "true")] { (field.value) }
            } @else {
                input #(field.id) name=(field.name) type="text" value=(field.value) aria-describedby=(note)
                    aria-invalid=[field.wrong.map(|_| "true")] autocomplete="off";
            }
            div #(note) {
                @if let Some(wrong) = field.wrong { p.why.error { (wrong) } }
                (below)
            }
        }
    }
}

/// Link from a field to its place in the source.
pub fn source_link(label: &str, anchor: Option<&str>) -> Markup {
    html! {
        @if let Some(anchor) = anchor {
            a.to-source.source-link href={ "#" (anchor) } { span.visually-hidden { (label) " " } "в источнике" }
        }
    }
}
