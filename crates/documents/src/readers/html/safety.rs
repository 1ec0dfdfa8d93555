//! Is a web page nested so deep that reading it would take for ever?
//!
//! The HTML algorithm searches its stack of open elements at almost every tag, so a million open elements
//! would take hours. A page is looked at before it is parsed.

/// No real page has as many elements open at once.
const OPEN_MAX: i64 = 2_000;

/// Elements that have no end tag, or often go without one.
const UNCLOSED: [&str; 24] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "colgroup",
];

/// Are more elements open at once than any real page has?
pub(super) fn is_bottomless(page: &str) -> bool {
    let mut open: i64 = 0;
    for piece in page.split('<').skip(1) {
        let (closing, rest) = match piece.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, piece),
        };
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default().to_ascii_lowercase();
        if UNCLOSED.contains(&name.as_str()) {
            continue;
        }
        open = if closing { (open - 1).max(0) } else { open + 1 };
        if open > OPEN_MAX {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_bottomless;

    #[test]
    fn only_hostile_pages_are_bottomless() {
        assert!(is_bottomless(&"<div>".repeat(100_000)));
        assert!(is_bottomless(&"<b><x-y a=1>".repeat(100_000)));
        assert!(!is_bottomless(&"<div><b>план</b></div><p>срок<br>".repeat(100_000)));
        assert!(!is_bottomless("5 < 6, а 7 > 6"));
    }
}
