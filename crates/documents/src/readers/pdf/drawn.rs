//! What does a PDF page draw: which letters, which rulings, how much of it is a picture?

use crate::layout::Rule;
use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, SoftMask, TransformExt, interpret_page,
};

/// Glyphs and rulings kept of one page; a page with more is a drawing.
const MOST_MARKS: usize = 400_000;
/// A filled rectangle thinner than this is a ruling, points.
const THIN: f64 = 3.5;
/// A stroke that leaves its axis by more than this is no ruling, points.
const SLANT: f64 = 1.0;
/// Font programs count in thousandths of the font size.
const UNITS: f64 = 1000.0;

/// One letter as drawn; coordinates as seen on the upright page, points, `y` down.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Its text: usually one character, sometimes the letters of a ligature.
    pub text: String,
    /// Where it starts, on its base line.
    pub from: (f64, f64),
    /// Where the next one starts.
    pub to: (f64, f64),
    /// Font size, points.
    pub size: f64,
    /// The font is bold, or the letter is drawn with an outline.
    pub bold: bool,
}

/// What a page draws.
#[derive(Debug, Default)]
pub struct Drawing {
    /// Width as seen, points.
    pub width: f64,
    /// Height as seen, points.
    pub height: f64,
    /// Letters in the order of drawing.
    pub letters: Vec<Letter>,
    /// Rulings.
    pub rules: Vec<Rule>,
    /// Letters whose text the file does not tell.
    pub unmapped: usize,
    /// Share of the page that pictures cover, 0 to 1.
    pub picture_share: f64,
    /// Paths drawn, rulings included: letters may be drawn as outlines.
    pub paths: usize,
    /// Letters that are not painted: the text layer a scanner laid under its picture.
    pub hidden: usize,
}

/// Interprets the content of one page.
pub fn draw<'a>(pdf: &'a Pdf, page: &Page<'a>, cache: &InterpreterCache<'a>) -> Drawing {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let mut drawing = Drawing { width, height, ..Drawing::default() };
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, width, height),
        cache,
        pdf.xref(),
        InterpreterSettings::default(),
    );
    interpret_page(page, &mut context, &mut drawing);
    drawing
}

impl Drawing {
    fn is_full(&self) -> bool {
        self.letters.len() + self.rules.len() > MOST_MARKS
    }

    fn add_stroke(&mut self, from: Point, to: Point) {
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        if dy <= SLANT && dx > dy {
            self.rules.push(Rule::horizontal(f64::midpoint(from.y, to.y), from.x, to.x));
        } else if dx <= SLANT && dy > dx {
            self.rules.push(Rule::vertical(f64::midpoint(from.x, to.x), from.y, to.y));
        }
    }

    fn add_strokes(&mut self, path: &BezPath) {
        let (mut start, mut last) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(point) => (start, last) = (point, point),
                PathEl::LineTo(point) => {
                    self.add_stroke(last, point);
                    last = point;
                }
                PathEl::ClosePath => {
                    self.add_stroke(last, start);
                    last = start;
                }
                PathEl::QuadTo(_, point) | PathEl::CurveTo(_, _, point) => last = point,
            }
        }
    }

    fn add_fills(&mut self, path: &BezPath) {
        let mut piece = BezPath::new();
        for element in path.elements() {
            if matches!(element, PathEl::MoveTo(_)) {
                self.add_fill(&piece);
                piece = BezPath::new();
            }
            piece.push(*element);
        }
        self.add_fill(&piece);
    }

    fn add_fill(&mut self, piece: &BezPath) {
        if piece.elements().len() < 3 {
            return;
        }
        let area = piece.bounding_box();
        if area.height() <= THIN && area.width() > area.height() {
            self.rules.push(Rule::horizontal(area.center().y, area.x0, area.x1));
        } else if area.width() <= THIN {
            self.rules.push(Rule::vertical(area.center().x, area.y0, area.y1));
        }
    }
}

impl<'a> Device<'a> for Drawing {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.paths += 1;
        if self.is_full() || is_white(&props.paint) {
            return;
        }
        let path = props.transform * path.clone();
        match mode {
            DrawMode::Fill(_) => self.add_fills(&path),
            DrawMode::Stroke(_) => self.add_strokes(&path),
            DrawMode::FillAndStroke(..) => {
                self.add_fills(&path);
                self.add_strokes(&path);
            }
            DrawMode::Invisible => {}
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let stroked = matches!(mode, DrawMode::Stroke(_) | DrawMode::FillAndStroke(..));
        let bold = stroked || run.glyphs().first().is_some_and(|glyph| is_bold(glyph));
        for glyph in run.glyphs() {
            if self.is_full() {
                return;
            }
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => c.to_string(),
                Some(BfString::String(text)) => text,
                None => {
                    self.unmapped += 1;
                    char::REPLACEMENT_CHARACTER.to_string()
                }
            };
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(drawn) => drawn.advance_width(),
            };
            let place = props.transform * glyph.transform();
            self.hidden += usize::from(matches!(mode, DrawMode::Invisible));
            self.letters.extend(letter(text, place, f64::from(advance.unwrap_or(500.0)), bold));
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        // The transform takes dots of the picture to points. Scanners cut a page into strips: shares add up.
        let area = props.transform.determinant().abs() * f64::from(image.width()) * f64::from(image.height());
        let share = area / (self.width * self.height).max(1.0);
        self.picture_share = (self.picture_share + share).clamp(0.0, 1.0);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn letter(text: String, place: Affine, advance: f64, bold: bool) -> Option<Letter> {
    let from = place * Point::ZERO;
    let to = place * Point::new(advance, 0.0);
    let up = place * Point::new(0.0, UNITS);
    let size = (up - from).hypot();
    let is_sane = [from.x, from.y, to.x, to.y, size].iter().all(|v| v.is_finite() && v.abs() < 1e5);
    (is_sane && size > 0.1).then_some(Letter { text, from: (from.x, from.y), to: (to.x, to.y), size, bold })
}

fn is_bold(glyph: &Glyph<'_>) -> bool {
    let Glyph::Outline(outline) = glyph else { return false };
    outline.font_data().is_some_and(|font| {
        let name = font.postscript_name.unwrap_or_default().to_lowercase();
        font.weight.is_some_and(|weight| weight >= 600) || name.contains("bold") || name.contains("black")
    })
}

/// White on white hides: producers cover and reserve places with it.
fn is_white(paint: &Paint<'_>) -> bool {
    match paint {
        Paint::Color(color) => {
            let [red, green, blue, alpha] = color.to_rgba().to_rgba8();
            alpha == 0 || (red > 250 && green > 250 && blue > 250)
        }
        Paint::Pattern(_) => false,
    }
}
