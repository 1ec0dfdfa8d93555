//! Which lines of ink on a picture are rulings of a table?

use super::bitmap::Ink;
use crate::layout::{Direction, Rule};
use image::{GrayImage, Luma};

/// A ruling on a picture, in dots.
#[derive(Clone, Debug)]
pub struct Ruling {
    direction: Direction,
    /// Stretches of ink: row, first and last dot of it, in the direction of the ruling.
    stretches: Vec<(usize, usize, usize)>,
}

/// What counts as a ruling on a picture of so many dots an inch.
#[derive(Clone, Copy, Debug)]
struct Measure {
    /// Shorter stretches belong to letters.
    least_stretch: usize,
    /// A ruling by its length alone.
    least_length: usize,
    /// A shorter one must end at other rulings.
    least_tied: usize,
    /// Holes in the ink of a stretch: grain.
    grain: usize,
    /// Holes between the stretches of a worn ruling.
    hole: usize,
    /// Thicker lines are bars or letters.
    most_thickness: usize,
}

impl Measure {
    fn new(dots_per_inch: f64) -> Self {
        let dots = |inches: f64| (inches * dots_per_inch).round().max(2.0) as usize;
        Self {
            least_stretch: dots(0.11),
            least_length: dots(0.38),
            least_tied: dots(0.15),
            grain: dots(0.008),
            hole: dots(0.05),
            most_thickness: dots(0.045),
        }
    }
}

/// The rulings of a page that is not tilted.
pub fn rulings(ink: &Ink, dots_per_inch: f64) -> Vec<Ruling> {
    let measure = Measure::new(dots_per_inch);
    let across = lines(ink, Direction::Horizontal, measure);
    let down = lines(&ink.transposed(), Direction::Vertical, measure);
    let is_tied = |ruling: &Ruling, others: &[Ruling]| {
        let reach = measure.most_thickness as f64;
        let (own, others): (Rule, Vec<Rule>) =
            (ruling.rule(1.0), others.iter().map(|o| o.rule(1.0)).collect());
        let ends_at = |end: f64| {
            others.iter().any(|other| {
                (other.at - end).abs() <= reach && own.at >= other.from - reach && own.at <= other.to + reach
            })
        };
        own.length() >= measure.least_length as f64 || (ends_at(own.from) && ends_at(own.to))
    };
    let kept_across = across.iter().filter(|ruling| is_tied(ruling, &down)).cloned();
    let kept_down = down.iter().filter(|ruling| is_tied(ruling, &across)).cloned();
    kept_across.chain(kept_down).collect()
}

impl Ruling {
    /// The ruling in points, at so many points a dot.
    pub fn rule(&self, scale: f64) -> Rule {
        let dots: usize = self.stretches.iter().map(|(_, from, to)| to - from).sum();
        let sum: f64 = self.stretches.iter().map(|&(row, from, to)| row as f64 * (to - from) as f64).sum();
        let from = self.stretches.iter().map(|s| s.1).min().unwrap_or_default() as f64;
        let to = self.stretches.iter().map(|s| s.2).max().unwrap_or_default() as f64;
        let at = sum / dots.max(1) as f64;
        match self.direction {
            Direction::Horizontal => Rule::horizontal(at * scale, from * scale, to * scale),
            Direction::Vertical => Rule::vertical(at * scale, from * scale, to * scale),
        }
    }

    fn is_ruling(&self, measure: Measure) -> bool {
        let mut spans: Vec<(usize, usize)> = self.stretches.iter().map(|&(_, from, to)| (from, to)).collect();
        spans.sort_unstable();
        let (mut covered, mut reached) = (0, 0);
        for (from, to) in &spans {
            let from = (*from).max(reached);
            covered += to.saturating_sub(from);
            reached = reached.max(*to);
        }
        let start = spans.first().map_or(0, |span| span.0);
        let length = reached.saturating_sub(start);
        let dots: usize = spans.iter().map(|(from, to)| to - from).sum();
        let rows = || self.stretches.iter().map(|s| s.0);
        let drift = rows().max().unwrap_or_default() - rows().min().unwrap_or_default();
        length >= measure.least_tied
            && covered * 100 >= length * 85
            && dots <= covered * measure.most_thickness
            && drift <= measure.most_thickness + length / 50
    }
}

/// Lines of ink along the rows of a picture.
fn lines(ink: &Ink, direction: Direction, measure: Measure) -> Vec<Ruling> {
    let mut open: Vec<Ruling> = Vec::new();
    let mut done = Vec::new();
    for row in 0..ink.height {
        let (growing, ended): (Vec<Ruling>, Vec<Ruling>) =
            open.into_iter().partition(|line| line.stretches.last().is_some_and(|s| s.0 + 4 > row));
        done.extend(ended.into_iter().filter(|line| line.is_ruling(measure)));
        open = growing;
        for (from, to) in stretches(ink, row, measure) {
            let home = open.iter_mut().find(|line| {
                line.stretches.iter().rev().take(24).any(|&(other, start, end)| {
                    row - other < 4 && from <= end + measure.hole && start <= to + measure.hole
                })
            });
            match home {
                Some(line) => line.stretches.push((row, from, to)),
                None => open.push(Ruling { direction, stretches: vec![(row, from, to)] }),
            }
        }
    }
    done.extend(open.into_iter().filter(|line| line.is_ruling(measure)));
    done
}

/// Long stretches of ink in a row.
fn stretches(ink: &Ink, row: usize, measure: Measure) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for x in (0..ink.width).filter(|&x| ink.is_dark(x, row)) {
        match &mut open {
            Some((_, end)) if x - *end <= measure.grain + 1 => *end = x,
            _ => found.extend(open.replace((x, x))),
        }
    }
    found.extend(open);
    found.retain(|(from, to)| to - from >= measure.least_stretch);
    found
}

/// Paints rulings over with white, so that they are not read as letters. Letters that cross one stay.
pub fn blank(picture: &mut GrayImage, ink: &Ink, rulings: &[Ruling], dots_per_inch: f64) {
    let most = Measure::new(dots_per_inch).most_thickness;
    for ruling in rulings {
        let is_level = ruling.direction == Direction::Horizontal;
        let dark = |along: usize, row: usize| {
            if is_level { ink.is_dark(along, row) } else { ink.is_dark(row, along) }
        };
        for &(row, from, to) in &ruling.stretches {
            for along in from..=to {
                let above =
                    (1..=most).take_while(|d| row.checked_sub(*d).is_some_and(|r| dark(along, r))).count();
                let below = (1..=most).take_while(|d| dark(along, row + d)).count();
                if above + below > most {
                    continue;
                }
                for at in row.saturating_sub(above + 2)..=row + below + 2 {
                    let (x, y) = if is_level { (along, at) } else { (at, along) };
                    whiten(picture, x, y);
                }
            }
        }
    }
}

fn whiten(picture: &mut GrayImage, x: usize, y: usize) {
    if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y))
        && let Some(dot) = picture.get_pixel_mut_checked(x, y)
    {
        *dot = Luma([255]);
    }
}
