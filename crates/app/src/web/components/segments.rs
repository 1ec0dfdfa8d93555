//! Which words of a text are other ones now?

use maud::{Markup, html};
use opora_roadmap::{Side, segments};

/// The older text with the words marked that are gone.
pub fn old_side(before: &str, after: &str) -> Markup {
    one_side(before, after, Side::Old)
}

/// The newer text with the words marked that are new.
pub fn new_side(before: &str, after: &str) -> Markup {
    one_side(before, after, Side::New)
}

fn one_side(before: &str, after: &str, side: Side) -> Markup {
    html! {
        span.words {
            @for segment in segments(before, after) {
                @if segment.side == Side::Both { (segment.text) }
                @else if segment.side == side {
                    @if side == Side::Old { del { (segment.text) } } @else { ins { (segment.text) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_keeps_its_own_words() {
        let old = old_side("до 1 мая", "до 15 мая <b>").into_string();
        let new = new_side("до 1 мая", "до 15 мая <b>").into_string();
        assert_eq!(old, "<span class=\"words\">до <del>1</del> мая</span>");
        assert!(new.contains("<ins>15</ins>") && new.contains("&lt;"), "{new}");
    }
}
