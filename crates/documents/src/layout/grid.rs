//! Which tables do crossing rulings draw?
//!
//! Rulings are snapped and joined, those that touch make one grid, and neighbouring boxes of the grid without
//! a ruling between them are one merged cell. Outer borders may be missing.

use super::geometry::{Area, Direction, Rule, clusters};

/// Rulings nearer than this are one: double borders, cell by cell drawing, rounding.
const SNAP: f64 = 3.0;
/// A gap in a ruling up to this is no gap.
const GAP: f64 = 5.0;
/// Anything shorter is a stroke of a letter, an underline of a blank, a tick.
const SHORTEST: f64 = 7.0;
/// More rulings on a page make a drawing, not a table.
const MOST_RULES: usize = 4_000;
/// More columns make a drawing, too.
const MOST_COLUMNS: usize = 64;
/// More rows do not fit a page.
const MOST_ROWS: usize = 1_000;

/// A grid of cells found on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Column edges from the left, one more than columns.
    pub xs: Vec<f64>,
    /// Row edges from the top, one more than rows.
    pub ys: Vec<f64>,
    /// Cells by rows, from left to right; together they cover the grid without overlap.
    pub cells: Vec<GridCell>,
}

/// A cell of a grid: where it starts and how much it covers, counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridCell {
    /// First row.
    pub row: usize,
    /// First column.
    pub column: usize,
    /// Number of rows.
    pub row_span: usize,
    /// Number of columns.
    pub column_span: usize,
}

impl Grid {
    /// The rectangle around all.
    pub fn area(&self) -> Area {
        Area {
            left: self.xs.first().copied().unwrap_or_default(),
            right: self.xs.last().copied().unwrap_or_default(),
            top: self.ys.first().copied().unwrap_or_default(),
            bottom: self.ys.last().copied().unwrap_or_default(),
        }
    }

    /// The rectangle of a cell.
    pub fn area_of(&self, cell: &GridCell) -> Area {
        let edge = |edges: &[f64], index: usize| edges.get(index).copied().unwrap_or_default();
        Area {
            left: edge(&self.xs, cell.column),
            right: edge(&self.xs, cell.column + cell.column_span),
            top: edge(&self.ys, cell.row),
            bottom: edge(&self.ys, cell.row + cell.row_span),
        }
    }

    /// The cell that holds a point, as an index into `cells`.
    pub fn cell_at(&self, x: f64, y: f64) -> Option<usize> {
        self.cells.iter().position(|cell| {
            let area = self.area_of(cell);
            (area.left..area.right).contains(&x) && (area.top..area.bottom).contains(&y)
        })
    }
}

/// The grids that rulings draw, from the top. A lone frame around text is no grid.
pub fn grids(rules: &[Rule]) -> Vec<Grid> {
    let rules = tidy(rules);
    if rules.len() > MOST_RULES {
        return Vec::new();
    }
    let mut found: Vec<Grid> = touching(&rules).iter().filter_map(|group| grid_of(group)).collect();
    found.sort_by(|a, b| a.area().top.total_cmp(&b.area().top));
    without_nested(found)
}

/// A grid inside a cell of another one would claim words twice: the outer one keeps them.
fn without_nested(found: Vec<Grid>) -> Vec<Grid> {
    let areas: Vec<Area> = found.iter().map(Grid::area).collect();
    let inside = |a: &Area, b: &Area| {
        a != b
            && a.left >= b.left - SNAP
            && a.right <= b.right + SNAP
            && a.top >= b.top - SNAP
            && a.bottom <= b.bottom + SNAP
    };
    found.into_iter().filter(|grid| !areas.iter().any(|other| inside(&grid.area(), other))).collect()
}

/// Snaps rulings to common positions and joins their pieces.
fn tidy(rules: &[Rule]) -> Vec<Rule> {
    let mut tidied = Vec::new();
    for direction in [Direction::Horizontal, Direction::Vertical] {
        let sane = |rule: &&Rule| {
            rule.direction == direction && [rule.at, rule.from, rule.to].iter().all(|v| v.abs() < 1e6)
        };
        let mut pieces: Vec<Rule> = rules.iter().filter(sane).copied().collect();
        pieces.sort_by(|a, b| a.at.total_cmp(&b.at));
        let mut start = 0;
        while start < pieces.len() {
            let at = pieces.get(start).map_or(0.0, |piece| piece.at);
            let near =
                pieces.iter().skip(start).take_while(|piece| piece.at - at <= SNAP / 2.0).count().max(1);
            let line = pieces.get(start..start + near).unwrap_or_default();
            join_pieces(line.to_vec(), &mut tidied);
            start += near;
        }
    }
    tidied.retain(|rule| rule.length() >= SHORTEST);
    tidied
}

fn join_pieces(mut pieces: Vec<Rule>, joined: &mut Vec<Rule>) {
    pieces.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut open: Option<Rule> = None;
    for piece in pieces {
        match &mut open {
            Some(rule) if piece.from - rule.to <= GAP => rule.to = rule.to.max(piece.to),
            _ => joined.extend(open.replace(piece)),
        }
    }
    joined.extend(open);
}

/// Rulings in groups that touch each other.
fn touching(rules: &[Rule]) -> Vec<Vec<Rule>> {
    let mut group: Vec<usize> = (0..rules.len()).collect();
    let (across, down): (Vec<usize>, Vec<usize>) = (0..rules.len())
        .partition(|&i| rules.get(i).is_some_and(|rule| rule.direction == Direction::Horizontal));
    for &h in &across {
        for &v in &down {
            if let (Some(a), Some(b)) = (rules.get(h), rules.get(v))
                && meets(a, b)
            {
                let (a, b) = (root(&mut group, h), root(&mut group, v));
                if let Some(slot) = group.get_mut(a) {
                    *slot = b;
                }
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, Vec<Rule>> = std::collections::BTreeMap::new();
    for (index, rule) in rules.iter().enumerate() {
        groups.entry(root(&mut group, index)).or_default().push(*rule);
    }
    groups.into_values().collect()
}

fn meets(across: &Rule, down: &Rule) -> bool {
    let holds = |rule: &Rule, at: f64| at >= rule.from - SNAP && at <= rule.to + SNAP;
    holds(across, down.at) && holds(down, across.at)
}

fn root(group: &mut [usize], mut index: usize) -> usize {
    while let Some(&parent) = group.get(index) {
        if parent == index {
            break;
        }
        let grandparent = group.get(parent).copied().unwrap_or(parent);
        if let Some(slot) = group.get_mut(index) {
            *slot = grandparent;
        }
        index = grandparent;
    }
    index
}

fn grid_of(rules: &[Rule]) -> Option<Grid> {
    let xs = edges(rules, Direction::Vertical);
    let ys = edges(rules, Direction::Horizontal);
    let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    if columns * rows < 2 || columns > MOST_COLUMNS || rows > MOST_ROWS {
        return None;
    }
    let walls = Walls::new(rules, &xs, &ys);
    let cells = walls.cells(columns, rows);
    // One cell is a frame, however many strokes draw it.
    (cells.len() > 1).then(|| without_idle_edges(xs, ys, cells))
}

/// Edges of the grid across one direction: the rulings of it, and the ends of the others where a border is
/// missing and at least two of them agree.
fn edges(rules: &[Rule], direction: Direction) -> Vec<f64> {
    let own = rules.iter().filter(|rule| rule.direction == direction).map(|rule| rule.at).collect();
    let mut edges = clusters(own, SNAP);
    let ends: Vec<(f64, f64)> =
        rules.iter().filter(|r| r.direction != direction).map(|r| (r.from, r.to)).collect();
    let (Some(&first), Some(&last)) = (edges.first(), edges.last()) else { return edges };
    let start = ends.iter().map(|end| end.0).fold(f64::INFINITY, f64::min);
    let stop = ends.iter().map(|end| end.1).fold(f64::NEG_INFINITY, f64::max);
    let agree = |at: f64, which: fn(&(f64, f64)) -> f64| {
        ends.iter().filter(|end| (which(end) - at).abs() <= SNAP).count() >= 2
    };
    if first - start >= SHORTEST && agree(start, |end| end.0) {
        edges.insert(0, start);
    }
    if stop - last >= SHORTEST && agree(stop, |end| end.1) {
        edges.push(stop);
    }
    edges
}

/// Which sides of the boxes of a grid are drawn.
struct Walls {
    /// `left[column][row]`: the left side of the box is drawn.
    left: Vec<Vec<bool>>,
    /// `top[row][column]`: the top side of the box is drawn.
    top: Vec<Vec<bool>>,
}

impl Walls {
    fn new(rules: &[Rule], xs: &[f64], ys: &[f64]) -> Self {
        let of = |direction| rules.iter().filter(move |rule| rule.direction == direction);
        let left = xs.iter().map(|&x| sides(of(Direction::Vertical), x, ys)).collect();
        let top = ys.iter().map(|&y| sides(of(Direction::Horizontal), y, xs)).collect();
        Self { left, top }
    }

    fn is_left_drawn(&self, row: usize, column: usize) -> bool {
        self.left.get(column).and_then(|sides| sides.get(row)).copied().unwrap_or(true)
    }

    fn is_top_drawn(&self, row: usize, column: usize) -> bool {
        self.top.get(row).and_then(|sides| sides.get(column)).copied().unwrap_or(true)
    }

    /// Merged cells: every box not yet taken grows to the right and then down while nothing is drawn between.
    fn cells(&self, columns: usize, rows: usize) -> Vec<GridCell> {
        let mut taken = vec![false; columns * rows];
        let mut cells = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                if taken.get(row * columns + column).copied().unwrap_or(true) {
                    continue;
                }
                let is_free =
                    |taken: &[bool], r: usize, c: usize| !taken.get(r * columns + c).unwrap_or(&true);
                let mut right = column + 1;
                while right < columns && is_free(&taken, row, right) && !self.is_left_drawn(row, right) {
                    right += 1;
                }
                let mut below = row + 1;
                while below < rows
                    && (column..right).all(|c| is_free(&taken, below, c) && !self.is_top_drawn(below, c))
                    && (column + 1..right).all(|c| !self.is_left_drawn(below, c))
                {
                    below += 1;
                }
                for r in row..below {
                    for c in column..right {
                        if let Some(slot) = taken.get_mut(r * columns + c) {
                            *slot = true;
                        }
                    }
                }
                cells.push(GridCell { row, column, row_span: below - row, column_span: right - column });
            }
        }
        cells
    }
}

/// For each stretch between two `edges`: most of it is covered by a ruling at `at`.
fn sides<'a>(rules: impl Iterator<Item = &'a Rule>, at: f64, edges: &[f64]) -> Vec<bool> {
    let near: Vec<&Rule> = rules.filter(|rule| (rule.at - at).abs() <= SNAP).collect();
    let covered = |from: f64, to: f64| {
        let shared = near.iter().map(|rule| (rule.to.min(to) - rule.from.max(from)).max(0.0));
        shared.fold(0.0, f64::max) >= (to - from) * 0.6
    };
    edges.windows(2).map(|pair| matches!(pair, [from, to] if covered(*from, *to))).collect()
}

/// Leaves out edges at which no cell starts: they come from stray strokes.
fn without_idle_edges(xs: Vec<f64>, ys: Vec<f64>, cells: Vec<GridCell>) -> Grid {
    let (xs, column) = used(xs, &cells.iter().map(|cell| cell.column).collect::<Vec<_>>());
    let (ys, row) = used(ys, &cells.iter().map(|cell| cell.row).collect::<Vec<_>>());
    let at = |map: &[usize], index: usize| map.get(index).copied().unwrap_or_default();
    let cells = cells
        .into_iter()
        .map(|cell| {
            let (r, c) = (at(&row, cell.row), at(&column, cell.column));
            GridCell {
                row: r,
                column: c,
                row_span: at(&row, cell.row + cell.row_span).saturating_sub(r).max(1),
                column_span: at(&column, cell.column + cell.column_span).saturating_sub(c).max(1),
            }
        })
        .collect();
    Grid { xs, ys, cells }
}

/// Edges where a cell starts, with the last one, and for every old edge the index of the first kept one not
/// before it.
fn used(edges: Vec<f64>, starts: &[usize]) -> (Vec<f64>, Vec<usize>) {
    let last = edges.len().saturating_sub(1);
    let mut kept = Vec::new();
    let mut map = Vec::new();
    for (index, edge) in edges.into_iter().enumerate() {
        map.push(kept.len());
        if index == last || starts.contains(&index) {
            kept.push(edge);
        }
    }
    (kept, map)
}
