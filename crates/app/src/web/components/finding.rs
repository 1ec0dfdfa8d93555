//! How is a finding shown? Level, code, three sentences, the place.

use maud::{Markup, html};
use opora_checks::Finding;

use super::badge;
use crate::web::assets::icon;

/// A finding of the checker beside the field it is about.
pub fn inline(finding: &Finding) -> Markup {
    html! {
        p class={ "why " (badge::level_class(finding.level)) } {
            (icon(badge::level_icon(finding.level)))
            span {
                span.visually-hidden { (badge::level_word(finding.level)) ": " }
                (finding.what) " "
                a href={ "/rules/" (finding.code) } title=(finding.why) { (finding.code) }
            }
        }
    }
}

/// Level and code with a link to the manual.
pub fn tag(finding: &Finding) -> Markup {
    html! {
        (badge::level(finding.level))
        " "
        a.finding-code href={ "/rules/" (finding.code) } { (finding.code) }
    }
}

/// A finding as a card: `where_to` stands beside its code, `actions` under its words.
pub fn card(finding: &Finding, where_to: &Markup, actions: &Markup) -> Markup {
    html! {
        article class={ "finding " (badge::level_class(finding.level)) } {
            div.finding-head { (tag(finding)) (where_to) }
            p.finding-what { (finding.what) }
            p.finding-more { (finding.why) " " (finding.mend) }
            (actions)
        }
    }
}

/// A finding of a reader or of the import: its code has no manual page.
pub fn reading(finding: &opora_neutral::Finding) -> Markup {
    html! {
        article class={ "finding " (badge::level_class(finding.level)) } {
            div.finding-head {
                (badge::level(finding.level))
                span.muted.small { (finding.place) }
            }
            p.finding-what { (finding.what) }
            p.finding-more { (finding.why) " " (finding.mend) }
        }
    }
}
