//! Which words of a text answer a search?

use opora_cycle::text::{begins_with, fold, stems};

/// Letters shown around the first answer in a long text.
const EXCERPT: usize = 260;

/// Pieces of a text in order, those marked that answer the query. Together they are the text, or the part of it around
/// the first answer with «…» where something was left out.
pub fn marked(text: &str, query: &str) -> Vec<(bool, String)> {
    let asked = stems(query);
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for (is_word, piece) in pieces_of(text) {
        let hit = is_word && {
            let folded = fold(piece);
            asked.iter().any(|stem| begins_with(&folded, stem))
        };
        match pieces.last_mut() {
            Some((last, joined)) if *last == hit => joined.push_str(piece),
            _ => pieces.push((hit, piece.to_owned())),
        }
    }
    excerpt(pieces)
}

/// Words and what stands between them. A number with inner full stops, slashes and hyphens is one word.
fn pieces_of(text: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let starts_word = |c: char| c.is_alphanumeric();
        let is_word = rest.starts_with(starts_word);
        let number = rest.starts_with(|c: char| c.is_ascii_digit());
        let inner = |c: char| starts_word(c) || (number && matches!(c, '.' | '/' | '-'));
        let end = rest.find(|c| if is_word { !inner(c) } else { starts_word(c) }).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        let whole = if is_word { piece.trim_end_matches(['.', '/', '-']) } else { piece };
        let (piece, tail) =
            if whole.len() < piece.len() { rest.split_at(whole.len()) } else { (piece, tail) };
        pieces.push((is_word, piece));
        rest = tail;
    }
    pieces
}

fn excerpt(mut pieces: Vec<(bool, String)>) -> Vec<(bool, String)> {
    let length =
        |pieces: &[(bool, String)]| pieces.iter().map(|(_, text)| text.chars().count()).sum::<usize>();
    if length(&pieces) <= EXCERPT {
        return pieces;
    }
    if let Some((false, head)) = pieces.first_mut() {
        let letters = head.chars().count();
        if letters > EXCERPT / 3 {
            let tail: String = head.chars().skip(letters - EXCERPT / 4).collect();
            *head = format!("…{}", tail.split_once(' ').map_or(tail.as_str(), |(_, whole)| whole));
        }
    }
    let mut room = EXCERPT;
    let mut kept = Vec::new();
    for (hit, text) in pieces {
        let letters = text.chars().count();
        if letters > room {
            let head: String = text.chars().take(room).collect();
            let whole = head.rsplit_once(' ').map_or(head.as_str(), |(whole, _)| whole);
            kept.push((hit, format!("{whole}…")));
            break;
        }
        room -= letters;
        kept.push((hit, text));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, query: &str) -> String {
        let pieces = marked(text, query);
        pieces.iter().map(|(hit, text)| if *hit { format!("[{text}]") } else { text.clone() }).collect()
    }

    fn check(text: &str, query: &str, expected: &str) {
        assert_eq!(shown(text, query), expected);
    }

    #[test]
    fn words_are_marked_in_any_form() {
        check("Мониторинга результата школы", "мониторинг результатов", "[Мониторинга] [результата] школы");
        check("Отчёт, отчеты; план-отчет.", "отчёты", "[Отчёт], [отчеты]; план-[отчет].");
        check("Пункт 1.14. Далее 1.1", "1.14", "Пункт [1.14]. Далее 1.1");
        check("<b>план</b>", "план", "<b>[план]</b>");
        check("Ничего", "", "Ничего");
        check("", "план", "");
    }

    #[test]
    fn a_long_text_is_shown_around_the_first_answer() {
        let long = format!("{} мониторинг {}", "слово ".repeat(80), "ещё ".repeat(200));
        let shown = shown(&long, "мониторинг");
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("[мониторинг]"), "{shown}");
        assert!(shown.chars().count() < EXCERPT + 80);
    }
}
