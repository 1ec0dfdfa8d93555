//! Which words does Tesseract see on pictures?
//!
//! One run reads a list of pictures: starting the program and loading the model costs as much as a small page.

use crate::external::{Failure, Program};
use image::{GrayImage, ImageFormat};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// How Tesseract is to cut a picture: its `--psm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// One block of text: a cell of a table.
    Block,
    /// One line: a cell with a few words.
    Line,
    /// One line that holds an item number, if anything.
    Digits,
    /// A column of text of different sizes: a page without its tables.
    Column,
    /// A page of any make.
    Page,
}

impl Cut {
    fn mode(self) -> &'static str {
        match self {
            Self::Block => "6",
            Self::Line | Self::Digits => "7",
            Self::Column => "4",
            Self::Page => "3",
        }
    }

    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Digits => &["-c", "tessedit_char_whitelist=0123456789."],
            _ => &[],
        }
    }
}

/// A word as recognised; its box in dots. Top and bottom are those of its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Text.
    pub text: String,
    /// Left edge.
    pub left: f64,
    /// Top edge of the line.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge of the line.
    pub bottom: f64,
    /// Confidence, 0–100 per cent.
    pub confidence: u8,
}

/// Recognises pictures; the result has as many lists as there are pictures.
pub fn recognise(
    pictures: &[GrayImage],
    cut: Cut,
    dots_per_inch: f64,
    timeout: Duration,
) -> Result<Vec<Vec<Seen>>, Failure> {
    if pictures.is_empty() {
        return Ok(Vec::new());
    }
    let folder = tempfile::tempdir().map_err(|error| Failure::System(error.to_string()))?;
    let list = save(pictures, folder.path()).map_err(Failure::System)?;
    let output = Program::new("tesseract", timeout)
        .arg(&list)
        .args(["stdout", "-l", "rus", "--psm", cut.mode(), "--dpi", &format!("{dots_per_inch:.0}")])
        .args(["-c", "tessedit_create_tsv=1"])
        .args(cut.settings())
        // Two pages at once use two cores; more threads of one page only wait for each other.
        .env("OMP_THREAD_LIMIT", "1")
        .run()?;
    let mut seen = parse(&String::from_utf8_lossy(&output), pictures.len());
    seen.resize(pictures.len(), Vec::new());
    Ok(seen)
}

/// The quarter turns clockwise that would put a page upright, 0 to 3; `None` when Tesseract can't tell.
pub fn quarter_turns(picture: &GrayImage, timeout: Duration) -> Option<u32> {
    let folder = tempfile::tempdir().ok()?;
    let list = save(std::slice::from_ref(picture), folder.path()).ok()?;
    let output = Program::new("tesseract", timeout).arg(&list).args(["stdout", "--psm", "0"]).run().ok()?;
    let text = String::from_utf8_lossy(&output);
    let degrees = text.lines().find_map(|line| line.strip_prefix("Rotate:"))?;
    Some(degrees.trim().parse::<u32>().ok()? / 90 % 4)
}

fn save(pictures: &[GrayImage], folder: &Path) -> Result<std::path::PathBuf, String> {
    let list = folder.join("list.txt");
    let mut names = std::fs::File::create(&list).map_err(|error| error.to_string())?;
    for (index, picture) in pictures.iter().enumerate() {
        let path = folder.join(format!("{index}.pgm"));
        picture.save_with_format(&path, ImageFormat::Pnm).map_err(|error| error.to_string())?;
        writeln!(names, "{}", path.display()).map_err(|error| error.to_string())?;
    }
    Ok(list)
}

/// Reads Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, conf, text.
fn parse(table: &str, pages: usize) -> Vec<Vec<Seen>> {
    let mut seen: Vec<Vec<Seen>> = vec![Vec::new(); pages];
    let mut line = (0.0, 0.0);
    for row in table.lines() {
        let fields: Vec<&str> = row.splitn(12, '\t').collect();
        let number = |index: usize| fields.get(index).and_then(|field| field.trim().parse::<f64>().ok());
        let (Some(level), Some(page), Some(left), Some(top), Some(width), Some(height)) =
            (number(0), number(1), number(6), number(7), number(8), number(9))
        else {
            continue;
        };
        if level as u8 == 4 {
            line = (top, top + height);
        }
        let text = fields.get(11).map_or("", |text| text.trim());
        let Some(words) = seen.get_mut((page as usize).saturating_sub(1)) else { continue };
        if level as u8 == 5 && !text.is_empty() {
            let confidence = number(10).unwrap_or(0.0).clamp(0.0, 100.0) as u8;
            let right = left + width;
            words.push(Seen { text: text.to_owned(), left, top: line.0, right, bottom: line.1, confidence });
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_take_the_height_of_their_line() {
        let table = "level\tpage_num\tblock_num\n\
                     4\t2\t1\t1\t1\t0\t10\t20\t300\t40\t-1\t\n\
                     5\t2\t1\t1\t1\t1\t10\t28\t60\t20\t91.7\tдо\n\
                     5\t2\t1\t1\t1\t2\t80\t25\t60\t30\t-1\t \n\
                     rubbish\n";
        let word =
            Seen { text: "до".into(), left: 10.0, top: 20.0, right: 70.0, bottom: 60.0, confidence: 91 };
        assert_eq!(parse(table, 2), vec![vec![], vec![word]]);
    }
}
