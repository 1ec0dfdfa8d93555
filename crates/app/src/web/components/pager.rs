//! How does one go on in a list that is longer than a page?

use maud::{Markup, html};

use crate::web::assets::icon;

/// The way through the `pages` pages of a list, of which `number` is shown, the first being 1; nothing if there is only
/// one. `label` tells what the pages are of, `back` and `on` are the words for the ways to the page before and after.
pub fn pager(
    label: &str,
    [back, on]: [&str; 2],
    number: usize,
    pages: usize,
    link: impl Fn(usize) -> String,
) -> Markup {
    html! {
        @if pages > 1 {
            nav.pager aria-label=(label) {
                @if number > 1 { a.button.small rel="prev" href=(link(number - 1)) { (icon("arrow-left")) (back) } }
                span.muted { "Страница " (number) " из " (pages) }
                @if number < pages { a.button.small rel="next" href=(link(number + 1)) { (on) (icon("arrow-right")) } }
            }
        }
    }
}
