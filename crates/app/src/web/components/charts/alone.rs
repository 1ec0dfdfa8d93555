//! How does a picture look that has left its page?
//!
//! As a drawing of its own with its title, its legend and its source: whoever finds it in a report must be able to tell
//! what it shows. Colours are those of the light theme; the style travels inside.

use maud::{Markup, PreEscaped, html};

use super::{Chart, at};

const MARGIN: f64 = 16.0;
const LINE: f64 = 17.0;
/// Width of a letter of small text, a little too wide.
const LETTER: f64 = 6.9;
/// A picture is at least so wide, or its words would stand letter by letter.
const WIDTH_MIN: f64 = 460.0;

const STYLE: &str = "text{font:12px 'PT Sans',Arial,sans-serif;fill:#4d5866}.caption{font-size:14px;font-weight:700;\
fill:#15191e}.bar-name,.axis-name{fill:#15191e}.paper{fill:#fff}.grid{stroke:#d5dbe1}.threshold{stroke:#b3261e;\
stroke-width:2;stroke-dasharray:4 3}.mark-2{fill:#b3392f}.mark-3{fill:#e5a83b}.mark-4{fill:#8fc1df}.mark-5{fill:#1f6f9c}\
.on-mark-2,.on-mark-5{fill:#fff}.on-mark-3,.on-mark-4{fill:#15191e}polyline{fill:none;stroke-width:1.5}.line.main{\
stroke:#1b5e8c;fill:none;stroke-width:2.5}circle.line.main{fill:#1b5e8c}.other-0,.other-1,.other-2{stroke:#7a8794;\
fill:none}.other-1{stroke-dasharray:6 3}.other-2{stroke-dasharray:2 3}circle.other-0,circle.other-1,circle.other-2{\
fill:#fff;stroke-dasharray:none}.expected{stroke:#15191e;stroke-dasharray:5 4;fill:none}.column{fill:#1b5e8c}.point{\
fill:#dcebf5;stroke:#1b5e8c;stroke-width:1.5}.point.above{fill:#2e7d4f;stroke:#2e7d4f}.point.below{fill:#a65b00;\
stroke:#a65b00}.heat-missing{fill:#f7d9d6}.heat-none{fill:#fff;stroke:#d5dbe1}.heat-hidden{fill:#e6e9ec}\
.month-bar-0{fill:#a5c9e1}.month-bar-1{fill:#1b5e8c}\
.heat-1{fill:#e8f0f6}.heat-2{fill:#cfe2ef}.heat-3{fill:#a5c9e1}.heat-4{fill:#8fcaa6}";

/// The drawing as a text of XML.
pub fn alone(chart: &Chart, source: &str) -> String {
    let width = chart.size.0.max(WIDTH_MIN) + 2.0 * MARGIN;
    let letters = ((width - 2.0 * MARGIN) / LETTER) as usize;
    let caption = wrapped(&chart.caption, letters * 6 / 7);
    let notes: Vec<String> = chart
        .notes
        .iter()
        .map(String::as_str)
        .chain([source])
        .flat_map(|note| wrapped(note, letters))
        .collect();
    let top = MARGIN + LINE * caption.len() as f64 + 4.0;
    let below = top + chart.size.1 + LINE;
    let (samples, legend) = legend(chart, below, width);
    let first_note = below + legend;
    let height = first_note + LINE * notes.len() as f64 + MARGIN / 2.0;
    let picture = chart.unlinked.as_ref().unwrap_or(&chart.picture);
    let drawing = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (at(width)) " " (at(height)) } width=(at(width)) height=(at(height)) role="img" {
            title { (chart.caption) }
            desc { (source) }
            style { (PreEscaped(STYLE)) }
            rect.paper width=(at(width)) height=(at(height)) {}
            @for (line, number) in caption.iter().zip(1_u32..) {
                text.caption x=(at(MARGIN)) y=(at(MARGIN + LINE * f64::from(number) - 4.0)) { (line) }
            }
            g transform={ "translate(" (at(MARGIN)) " " (at(top)) ")" } { (picture) }
            (samples)
            @for (line, number) in notes.iter().zip(0_u32..) {
                text x=(at(MARGIN)) y=(at(first_note + LINE * f64::from(number))) { (line) }
            }
        }
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", drawing.into_string())
}

/// Samples one beside the other, and the height they take.
fn legend(chart: &Chart, top: f64, width: f64) -> (Markup, f64) {
    let (mut left, mut row) = (MARGIN, 0_u32);
    let mut placed = Vec::new();
    for (class, words) in &chart.legend {
        let own = 34.0 + words.chars().count() as f64 * LETTER;
        if left > MARGIN && left + own > width - MARGIN {
            (left, row) = (MARGIN, row + 1);
        }
        placed.push((class, words, left, top + LINE * f64::from(row)));
        left += own + 12.0;
    }
    let height = if placed.is_empty() { 0.0 } else { LINE * f64::from(row + 1) };
    let markup = html! {
        @for (class, words, x, y) in placed {
            @if class.starts_with("line") {
                polyline class=(class) points={ (at(x)) "," (at(y - 4.0)) " " (at(x + 24.0)) "," (at(y - 4.0)) } {}
            } @else {
                rect class=(class) x=(at(x)) y=(at(y - 11.0)) width="14" height="12" {}
            }
            text x=(at(x + 30.0)) y=(at(y)) { (words) }
        }
    };
    (markup, height)
}

/// Lines of at most so many letters, broken between words.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::{Series, trend};
    use super::*;

    #[test]
    fn a_picture_alone_tells_what_it_shows_and_where_it_comes_from() {
        let line = |name: &str, main| Series {
            name: name.to_owned(),
            values: vec![Some(12.5), Some(20.0)],
            main,
            withheld: Vec::new(),
        };
        let series = [line("Школа", true), line("Регион", false)];
        let chart = trend("t", "Доля <«2»> & рядом", &[2024, 2025], &series, Some(30.0), &[2025]);
        let text = chart.alone("Источник: данные района");
        for words in [
            "<title>Доля &lt;«2»&gt; &amp; рядом</title>",
            "Источник: данные района</text>",
            "Работы перенесены на осень",
            ">Регион</text>",
            "xmlns=\"http://www.w3.org/2000/svg\"",
        ] {
            assert!(text.contains(words), "«{words}» in {text}");
        }
        assert_eq!(text.matches("<svg").count(), text.matches("</svg>").count());
    }

    #[test]
    fn long_words_stand_in_lines() {
        assert_eq!(wrapped("один два три", 8), ["один два", "три"]);
        assert_eq!(wrapped("неразрывноеслово", 4), ["неразрывноеслово"]);
        assert_eq!(wrapped("", 4), Vec::<String>::new());
    }
}
