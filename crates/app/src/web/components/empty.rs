//! What stands where there is nothing yet?

use maud::{Markup, html};

use crate::web::assets::icon;

/// A calm empty state: a picture, what is missing and what to do; `actions` are links or forms.
pub fn empty(picture: &str, title: &str, text: &str, actions: &Markup) -> Markup {
    html! {
        div.empty {
            (icon(picture))
            p.empty-title { (title) }
            p { (text) }
            div.actions { (actions) }
        }
    }
}
