//! Which column of a table tells what?

use std::collections::BTreeSet;

use opora_cells::{Dictionary, IndicatorCode, Scales};

use crate::field::Field;
use crate::heads::{Heads, without_unit};
use crate::mapping::Mapping;
use crate::schools::By;
use crate::words::{holds, plain};

/// What the rows of a table are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A pupil a row.
    Individual,
    /// A school a row, with counts or per cents of marks.
    Counts,
    /// A school a row, with counts or per cents of scores.
    Distribution,
    /// A school a row, or three rows, compared with the journal.
    Journal,
    /// A school a row, with declared numbers.
    Indicators,
    /// A declared number a row.
    IndicatorList,
}

/// How a number of a column is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Percent,
    Count,
    Untold,
}

/// A column and what it tells.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) at: usize,
    pub(crate) field: Field,
    pub(crate) unit: Unit,
    /// Its head as shown.
    pub(crate) head: String,
}

/// The columns of a table, ready to be asked.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) shape: Shape,
    pub(crate) columns: Vec<Column>,
    pub(crate) schools: Vec<(By, usize)>,
    pub(crate) marks: [Option<usize>; 4],
    pub(crate) against: [Option<usize>; 3],
    pub(crate) tasks: Vec<(usize, u8)>,
    pub(crate) parts: Vec<(usize, String)>,
    pub(crate) buckets: Vec<(usize, u16)>,
    pub(crate) indicators: Vec<(usize, IndicatorCode, Unit)>,
    /// A row of data has a value in one of these.
    pub(crate) values: Vec<usize>,
    pub(crate) unit: Unit,
    /// The head of the score says that it is the primary one.
    pub(crate) score_is_primary: bool,
    pub(crate) region: Option<usize>,
    pub(crate) score: Option<usize>,
    pub(crate) test_score: Option<usize>,
    pub(crate) mark: Option<usize>,
    pub(crate) journal: Option<usize>,
    pub(crate) minimum: Option<usize>,
    pub(crate) class: Option<usize>,
    pub(crate) participant: Option<usize>,
    pub(crate) participants: Option<usize>,
    pub(crate) below: Option<usize>,
    pub(crate) at_minimum: Option<usize>,
    pub(crate) mean_score: Option<usize>,
    /// How many schools a row sums up.
    pub(crate) schools_count: Option<usize>,
    pub(crate) indicator: Option<usize>,
    pub(crate) value: Option<usize>,
    /// Year, date, kind, subject, level, grade: what tells the procedure.
    pub(crate) procedure: [Option<usize>; 6],
    /// Texts of the head row, by column: a row with the same texts is the head again.
    pub(crate) texts: Vec<String>,
}

/// What heads are compared with.
pub(crate) struct Names<'a> {
    heads: &'a Heads,
    mapping: Option<&'a Mapping>,
    indicators: Vec<(String, IndicatorCode)>,
    parts: BTreeSet<String>,
}

impl<'a> Names<'a> {
    pub(crate) fn new(
        heads: &'a Heads,
        dictionary: &Dictionary,
        scales: &Scales,
        mapping: Option<&'a Mapping>,
    ) -> Self {
        let mut indicators = Vec::new();
        for (code, indicator) in &dictionary.indicators {
            let entry = &indicator.entry;
            indicators.push((plain(&entry.name), *code));
            indicators.push((entry.id.clone(), *code));
            indicators.extend(entry.also.iter().map(|also| (plain(also), *code)));
        }
        // The longest spelling that fits is meant.
        indicators.sort_by_key(|(name, code)| (std::cmp::Reverse(name.len()), *code));
        let conditions = scales.all().iter().flat_map(|scale| &scale.conditions);
        let parts = conditions.map(|condition| plain(&condition.part)).collect();
        Self { heads, mapping, indicators, parts }
    }

    /// What one head names, without regard to its neighbours.
    pub(crate) fn field(&self, head: &str) -> Option<Field> {
        if let Some(mapping) = self.mapping {
            let personal = self.heads.field(head).filter(|field| *field == Field::Personal);
            return mapping.column(head).cloned().or(personal);
        }
        if head.len() > 600 {
            return None;
        }
        if let Some(points) = task_points(head) {
            return Some(Field::Task(points));
        }
        let known = self.heads.field(head);
        known.or_else(|| self.part(head)).or_else(|| self.indicator(head).map(Field::Indicator))
    }

    /// A part of the work by name: «ГК», «ГК1», «Баллы по геометрии» is not one.
    pub(crate) fn part(&self, head: &str) -> Option<Field> {
        let head = plain(head);
        let head = head.split(' ').next().unwrap_or_default();
        let bare = head.trim_end_matches(|c: char| c.is_ascii_digit());
        self.parts.get(bare).map(|part| Field::Part(part.clone()))
    }

    /// The declared number a head or the name of a row means.
    pub(crate) fn indicator(&self, head: &str) -> Option<IndicatorCode> {
        const SHORTEST_INSIDE_CHARS: usize = 8;
        let head = plain(head);
        let bare = without_unit(&head).unwrap_or(&head);
        let bare = ["количество ", "число ", "доля "]
            .iter()
            .find_map(|word| bare.strip_prefix(word))
            .unwrap_or(bare);
        let exact = self.indicators.iter().find(|(name, _)| name == bare || *name == head);
        let inside = || {
            self.indicators
                .iter()
                .find(|(name, _)| name.chars().count() >= SHORTEST_INSIDE_CHARS && holds(&head, name))
        };
        exact.or_else(inside).map(|(_, code)| *code)
    }
}

/// Most points of a task head: «9.1 (1б)», «1К1 (3б)», «7 (2 балла)».
fn task_points(head: &str) -> Option<u8> {
    let (label, rest) = head.trim().split_once('(')?;
    let label = label.trim();
    let rest = rest.trim();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (points, unit) = rest.split_at(digits);
    let is_label = !label.is_empty()
        && label.chars().count() <= 12
        && label.chars().any(|c| c.is_ascii_digit())
        && !label.contains('%');
    let unit = unit.trim_start().to_lowercase();
    (is_label && (unit.starts_with('б') || unit.starts_with("max"))).then(|| points.parse().ok())?
}

/// The head of one column, from the upper row to the lower.
pub(crate) type Levels = Vec<String>;

/// What the heads of a table tell.
pub(crate) struct Recognised {
    pub(crate) layout: Option<Layout>,
    /// Columns with a head that nobody knows.
    pub(crate) unknown: Vec<(usize, String)>,
    /// Columns that tell of a person.
    pub(crate) personal: Vec<(usize, String)>,
    /// Second columns of the same.
    pub(crate) repeated: Vec<Column>,
}

/// Recognises the columns of a table. `distribution` forces numbers at the head to be scores.
pub(crate) fn recognise(heads: &[Levels], names: &Names<'_>, distribution: bool) -> Recognised {
    let mut columns: Vec<Column> = Vec::new();
    let mut result =
        Recognised { layout: None, unknown: Vec::new(), personal: Vec::new(), repeated: Vec::new() };
    let numbered = numbered_columns(heads, names, distribution);
    for (at, levels) in heads.iter().enumerate() {
        let head = levels.iter().filter(|level| !level.is_empty()).cloned().collect::<Vec<_>>().join(" / ");
        if head.is_empty() {
            continue;
        }
        let field = match numbered.iter().find(|(column, _)| *column == at) {
            Some((_, field)) => Some(field.clone()),
            None => field_of(levels, names),
        };
        match field {
            None if is_unit(&head) => {}
            None => result.unknown.push((at, head)),
            Some(field) => {
                if matches!(field, Field::Personal | Field::Participant) {
                    result.personal.push((at, head.clone()));
                }
                columns.push(Column { at, field, unit: unit_of(levels), head });
            }
        }
    }
    let columns = without_repeated(columns, &mut result.repeated);
    let texts = heads.iter().map(|levels| levels.first().cloned().unwrap_or_default()).collect();
    result.layout = shape_of(&columns).map(|shape| Layout::new(shape, columns, texts));
    result
}

fn field_of(levels: &Levels, names: &Names<'_>) -> Option<Field> {
    let told = |level: &&String| !level.is_empty() && !is_unit(level);
    let mut parents = levels.iter().rev().filter(told);
    let lowest = parents.next().or(levels.last())?;
    let parent = parents.next().and_then(|parent| names.field(parent));
    match names.field(lowest) {
        Some(Field::Marks(_)) if parent == Some(Field::Journal) => Some(Field::Ignore),
        Some(field) => Some(field),
        None => {
            let joined = levels.iter().filter(told).cloned().collect::<Vec<_>>().join(" ");
            names.field(&joined).or(parent)
        }
    }
}

/// Heads that are bare numbers outside 2–5: tasks beside a score, scores otherwise.
fn numbered_columns(heads: &[Levels], names: &Names<'_>, distribution: bool) -> Vec<(usize, Field)> {
    if names.mapping.is_some() {
        return Vec::new();
    }
    let number = |levels: &Levels| {
        let lowest = levels.iter().rev().find(|level| !level.is_empty() && !is_unit(level))?;
        lowest.trim().parse::<u16>().ok().filter(|score| *score <= 400)
    };
    let numbers: Vec<(usize, u16)> =
        heads.iter().enumerate().filter_map(|(at, levels)| Some((at, number(levels)?))).collect();
    let beyond = numbers.iter().filter(|(_, number)| !(2..=5).contains(number)).count();
    let individual = heads.iter().filter_map(|levels| field_of(levels, names)).any(|field| {
        matches!(field, Field::Score | Field::TestScore | Field::Mark | Field::Journal | Field::Participant)
    });
    // Tasks count from one; marks alone are 2–5.
    let tasks = individual && numbers.iter().any(|(_, number)| *number == 1);
    if beyond < 2 && !tasks && !(distribution && numbers.len() >= 2) {
        return Vec::new();
    }
    let field = |number| if individual && !distribution { Field::Task(0) } else { Field::Bucket(number) };
    numbers.into_iter().map(|(at, number)| (at, field(number))).collect()
}

/// A head that is nothing but a unit: «%», «чел.».
pub(crate) fn is_unit(head: &str) -> bool {
    matches!(plain(head).as_str(), "%" | "чел" | "человек" | "доля" | "доля %" | "количество" | "в %" | "абс")
}

fn unit_of(levels: &Levels) -> Unit {
    let text = plain(&levels.join(" "));
    let any = |words: &[&str]| words.iter().any(|word| holds(&text, word));
    if any(&["%", "доля", "процент", "проценты"]) {
        Unit::Percent
    } else if any(&["чел", "человек", "количество", "число", "абс"]) {
        Unit::Count
    } else {
        Unit::Untold
    }
}

/// Keeps one column of each field: counts before per cents, then the first.
fn without_repeated(columns: Vec<Column>, repeated: &mut Vec<Column>) -> Vec<Column> {
    let mut kept: Vec<Column> = Vec::new();
    for column in columns {
        let many = matches!(
            column.field,
            Field::Task(_) | Field::Part(_) | Field::Personal | Field::Ignore | Field::Participant
        );
        // A short and a full name of a school stand side by side often; both may be asked.
        let same = kept
            .iter_mut()
            .find(|other| !many && column.field != Field::School && other.field == column.field);
        match same {
            None => kept.push(column),
            Some(other) => match (other.unit, column.unit) {
                (Unit::Percent, Unit::Count | Unit::Untold) => *other = column,
                (Unit::Count | Unit::Untold, Unit::Percent) => {}
                _ => repeated.push(column),
            },
        }
    }
    kept
}

fn shape_of(columns: &[Column]) -> Option<Shape> {
    let count = |is: &dyn Fn(&Field) -> bool| columns.iter().filter(|column| is(&column.field)).count();
    let has = |field: Field| columns.iter().any(|column| column.field == field);
    let marks = count(&|field| matches!(field, Field::Marks(_)));
    let minimum = has(Field::BelowMinimum) || has(Field::AtMinimum);
    if count(&|field| matches!(field, Field::Bucket(_))) >= 2 {
        Some(Shape::Distribution)
    } else if marks >= 2 || (minimum && !has(Field::Mark)) {
        Some(Shape::Counts)
    } else if count(&|field| matches!(field, Field::Lower | Field::Equal | Field::Higher)) >= 2 {
        Some(Shape::Journal)
    } else if has(Field::Score) || has(Field::TestScore) || has(Field::Mark) {
        (columns.len() >= 2).then_some(Shape::Individual)
    } else if has(Field::IndicatorName) && (has(Field::IndicatorValue) || has(Field::Participants)) {
        Some(Shape::IndicatorList)
    } else if count(&|field| matches!(field, Field::Indicator(_))) >= 1
        && columns.iter().any(|column| column.field.names_school())
    {
        Some(Shape::Indicators)
    } else if has(Field::Participants) && columns.iter().any(|column| column.field == Field::School) {
        // Participants and per cents under «группы участников»: three rows a school.
        (columns.len() <= 4).then_some(Shape::Journal)
    } else {
        None
    }
}

impl Layout {
    fn new(shape: Shape, columns: Vec<Column>, texts: Vec<String>) -> Self {
        let at = |field: Field| columns.iter().find(|column| column.field == field).map(|column| column.at);
        let schools = [
            (Field::Number, By::Number),
            (Field::Login, By::Login),
            (Field::Code, By::Code),
            (Field::Inn, By::Inn),
            (Field::School, By::Name),
        ];
        let schools = schools
            .into_iter()
            .flat_map(|(field, by)| {
                let same = columns.iter().filter(move |column| column.field == field);
                same.map(move |column| (by, column.at))
            })
            .collect();
        let (mut tasks, mut parts, mut buckets, mut indicators) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for column in &columns {
            match &column.field {
                Field::Task(points) => tasks.push((column.at, *points)),
                Field::Part(part) => parts.push((column.at, part.clone())),
                Field::Bucket(score) => buckets.push((column.at, *score)),
                Field::Indicator(code) => indicators.push((column.at, *code, column.unit)),
                _ => {}
            }
        }
        let told = |column: &&Column| {
            matches!(column.field, Field::Marks(_) | Field::BelowMinimum | Field::Bucket(_) | Field::Lower)
        };
        Self {
            shape,
            schools,
            marks: [2, 3, 4, 5].map(|mark| at(Field::Marks(mark))),
            against: [Field::Lower, Field::Equal, Field::Higher].map(at),
            tasks,
            parts,
            buckets,
            indicators,
            values: columns.iter().filter(|column| column.field.is_value()).map(|c| c.at).collect(),
            unit: columns.iter().find(told).map_or(Unit::Untold, |column| column.unit),
            score_is_primary: columns.iter().any(|column| {
                let head = plain(&column.head);
                column.field == Field::Score && (head.contains("первич") || head == "пб")
            }),
            region: at(Field::Region),
            score: at(Field::Score),
            test_score: at(Field::TestScore),
            mark: at(Field::Mark),
            journal: at(Field::Journal),
            minimum: at(Field::Minimum),
            class: at(Field::Class),
            participant: at(Field::Participant),
            participants: at(Field::Participants),
            below: at(Field::BelowMinimum),
            at_minimum: at(Field::AtMinimum),
            mean_score: at(Field::MeanScore),
            schools_count: at(Field::SchoolsCount),
            indicator: at(Field::IndicatorName),
            value: at(Field::IndicatorValue),
            procedure: [Field::Year, Field::Date, Field::Kind, Field::Subject, Field::Level, Field::Grade]
                .map(at),
            columns,
            texts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::task_points;

    #[test]
    fn tasks_are_told_by_their_points() {
        for (head, expected) in [
            ("9.1 (1б)", Some(1)),
            ("1К1 (3б)", Some(3)),
            ("7 (2 балла)", Some(2)),
            ("Балл (20 баллов)", None),
            ("9.1", None),
            ("1 (999999б)", None),
        ] {
            assert_eq!(task_points(head), expected, "{head}");
        }
    }
}
