//! Which leftovers of markup stand in a plain text, and what is the text without them?
//!
//! Texts are often saved from editors that leave `**bold**`, `<ul><li>` or `&nbsp;` behind.

/// A text without leftovers of markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plain {
    pub(crate) text: String,
    /// All of it was marked as bold.
    pub(crate) bold: bool,
}

/// Takes the leftovers out; the words stay. List items and line breaks become lines.
pub(crate) fn strip(text: &str) -> Plain {
    let text = if text.contains('<') { strip_tags(text) } else { text.to_owned() };
    let text = if text.contains('&') { decode_entities(&text) } else { text };
    let trimmed = text.trim();
    let bold = whole_is_bold(trimmed);
    Plain { text: strip_emphasis(trimmed), bold }
}

fn whole_is_bold(text: &str) -> bool {
    let inner = text.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains("**"))
}

/// Tags that end a line of text.
const BREAKS: [&str; 12] = ["br", "p", "li", "ul", "ol", "div", "tr", "h1", "h2", "h3", "h4", "h5"];
/// Tags that mean nothing to a text.
const IDLE: [&str; 20] = [
    "b", "i", "u", "s", "em", "strong", "span", "font", "sup", "sub", "a", "td", "th", "table", "tbody",
    "thead", "small", "big", "center", "h6",
];

fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tagged) = rest.split_at(at);
        out.push_str(before);
        // «менее < 1 %» is no tag: only known names count.
        match tag(tagged) {
            Some((breaks, length)) => {
                if breaks && !out.ends_with('\n') && !out.trim().is_empty() {
                    out.push('\n');
                }
                rest = tagged.get(length..).unwrap_or_default();
            }
            None => {
                out.push('<');
                rest = tagged.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// A known tag at the start: whether it ends a line, and its length in bytes.
fn tag(text: &str) -> Option<(bool, usize)> {
    // Attributes of a real leftover are short; a far «>» belongs to something else.
    let window_end = text.char_indices().map(|(at, _)| at).nth(300).unwrap_or(text.len());
    let end = text.get(..window_end)?.find('>')?;
    let inner = text.get(1..end)?.trim_start_matches('/');
    let name: String = inner.chars().take_while(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    let after = inner.get(name.len()..)?;
    if !(after.is_empty() || after.starts_with([' ', '/'])) {
        return None;
    }
    let breaks = BREAKS.contains(&name.as_str());
    (breaks || IDLE.contains(&name.as_str())).then_some((breaks, end + 1))
}

fn decode_entities(text: &str) -> String {
    const ENTITIES: [(&str, &str); 10] = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&laquo;", "«"),
        ("&raquo;", "»"),
        ("&ndash;", "–"),
        ("&mdash;", "—"),
        ("&amp;", "&"),
    ];
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

/// Takes out `**` everywhere, and single `*` or `__` that hug a word from outside.
fn strip_emphasis(text: &str) -> String {
    let text = text.replace("**", "").replace("__", if is_blank_to_fill(text) { "__" } else { "" });
    if !text.contains('*') {
        return text.trim().to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or(' ');
    let mut open = false;
    let mut out = String::with_capacity(text.len());
    for (index, &c) in chars.iter().enumerate() {
        let before = if index == 0 { ' ' } else { at(index - 1) };
        let after = at(index + 1);
        let opens =
            !open && !before.is_alphanumeric() && !after.is_whitespace() && closes_later(&chars, index);
        let closes = open && !before.is_whitespace() && !after.is_alphanumeric();
        if c == '*' && (opens || closes) {
            open = opens;
        } else {
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// «____ 2021 г.» is a line to fill in by hand, not emphasis.
fn is_blank_to_fill(text: &str) -> bool {
    text.contains("___") || text.split("__").count().is_multiple_of(2)
}

fn closes_later(chars: &[char], open: usize) -> bool {
    // Emphasis is short: looking further would make a line of stars quadratic.
    let window = chars.iter().skip(open + 1).take(200);
    window.clone().zip(window.skip(1)).any(|(&c, &next)| !c.is_whitespace() && next == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        assert_eq!(strip(source).text, expected, "{source}");
    }

    #[test]
    fn emphasis_goes_and_words_stay() {
        check("**План мероприятий**", "План мероприятий");
        check("«*Качество обучения*»", "«Качество обучения»");
        check("**Цель:** рост", "Цель: рост");
        check("сноска* и ещё одна*", "сноска* и ещё одна*");
        check("2 * 2 * 2", "2 * 2 * 2");
        check("«____» ________ 2021 г.", "«____» ________ 2021 г.");
    }

    #[test]
    fn only_the_whole_counts_as_bold() {
        assert!(strip("**План**").bold);
        assert!(!strip("**Цель:** рост").bold);
        assert!(!strip("**Цель** и **средства**").bold);
    }

    #[test]
    fn leftovers_of_html_go() {
        check(
            "<ul style=\"list-style: none;\"><li>✓ обучение</li><li>✓ контроль</li></ul>",
            "✓ обучение\n✓ контроль\n".trim(),
        );
        check("до 1 мая<br>2022&nbsp;года", "до 1 мая\n2022 года");
        check("менее <1 % и более >5 %", "менее <1 % и более >5 %");
        check("адрес <почта>", "адрес <почта>");
    }
}
