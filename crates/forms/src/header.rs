//! Which rows are the head of a table, and what does the head tell?

use std::rc::Rc;

use opora_neutral::Place;

use crate::codes;
use crate::field::Field;
use crate::findings::{shown, text};
use crate::intake::{Intake, State};
use crate::layout::{Column, Levels, Names, Recognised, Shape, is_unit, recognise};
use crate::line::{Fields, filled};
use crate::{FormKind, Mapping};

/// Rows of a head met so far.
pub(crate) struct Heading {
    row: u32,
    heads: Vec<Levels>,
    rows: usize,
}

/// A head has at most this many rows.
const ROWS_MAX: usize = 4;

/// A head is looked for in this many cells of a line.
const CELLS_MAX: usize = 400;

/// One of the first cells of a head is known.
const FIRST_CELLS: usize = 8;

/// Fields that stand in every row of data and are blank in the lower rows of a head.
fn is_key(field: &Field) -> bool {
    field.names_school()
        || matches!(
            field,
            Field::Participant
                | Field::Personal
                | Field::Region
                | Field::Municipality
                | Field::Year
                | Field::Subject
                | Field::Class
                | Field::Grade
                | Field::IndicatorName
        )
}

impl Heading {
    pub(crate) fn new<L: Fields + ?Sized>(line: &L, row: u32) -> Self {
        let heads = (0..line.width().min(CELLS_MAX)).map(|at| vec![tidy(line.text(at))]).collect();
        Self { row, heads, rows: 1 }
    }

    /// The line looks like a head: at least two known words, one of them a key, and a third of all.
    pub(crate) fn is_head<L: Fields + ?Sized>(line: &L, names: &Names<'_>) -> bool {
        // Rows of data are many and heads are few: most lines are told apart by their first cells.
        if !filled(line).take(FIRST_CELLS).any(|(_, head)| names.field(head).is_some()) {
            return false;
        }
        let (mut known, mut numbers, mut all, mut keys) = (0, 0, 0, 0);
        for (_, head) in filled(line).take(CELLS_MAX) {
            all += 1;
            if head.bytes().all(|byte| byte.is_ascii_digit()) {
                numbers += 1;
            } else if let Some(field) = names.field(head) {
                known += 1;
                keys += usize::from(is_key(&field));
            }
        }
        let enough = known >= 2 || (known == 1 && keys == 1 && numbers >= 2);
        if !enough || (known + numbers) * 3 < all {
            return false;
        }
        keys > 0 && known > numbers.min(1) || {
            let heads: Vec<Levels> =
                (0..line.width().min(CELLS_MAX)).map(|at| vec![tidy(line.text(at))]).collect();
            recognise(&heads, names, false).layout.is_some()
        }
    }

    /// The heads as far as they are known.
    pub(crate) fn into_levels(self) -> Vec<Levels> {
        self.heads
    }

    /// The texts of the first row.
    pub(crate) fn words(&self) -> String {
        let first = self.heads.iter().filter_map(|levels| levels.first());
        first.filter(|text| !text.is_empty()).take(20).cloned().collect::<Vec<_>>().join(" ")
    }

    /// «1 2 3 4 …» under the heads.
    pub(crate) fn is_numbering<L: Fields + ?Sized>(&self, line: &L) -> bool {
        let mut count = 0_usize;
        let in_order = filled(line).all(|(_, text)| {
            count += 1;
            text.parse() == Ok(count)
        });
        in_order
            && count >= 3
            && count + 1 >= self.heads.iter().filter(|levels| !levels.concat().is_empty()).count()
    }

    /// Takes a lower row of the head; false when the line is none.
    pub(crate) fn extend<L: Fields + ?Sized>(&mut self, line: &L, names: &Names<'_>) -> bool {
        if self.rows >= ROWS_MAX {
            return false;
        }
        let mut lower: Vec<(usize, String)> = Vec::new();
        for (at, cell) in filled(line).take(CELLS_MAX) {
            let upper = self.heads.get(at).map_or(&[][..], Vec::as_slice);
            let cell = tidy(cell);
            if upper.last() == Some(&cell) {
                continue;
            }
            let key = upper.iter().any(|head| names.field(head).is_some_and(|field| is_key(&field)));
            let number = cell.parse::<u16>().is_ok_and(|number| number <= 400);
            if key || !(number || is_unit(&cell) || names.field(&cell).is_some()) {
                return false;
            }
            lower.push((at, cell));
        }
        if lower.is_empty() {
            return false;
        }
        // Numbers in no order are data, not heads.
        let numbers: Vec<u16> = lower.iter().filter_map(|(_, cell)| cell.parse().ok()).collect();
        if numbers.len() == lower.len() && !numbers.is_sorted_by(|a, b| a < b) {
            return false;
        }
        // Numbers each under a head of its own are the first row of data: «4 | 5» under «Балл | Отметка».
        let under = |(at, _): &(usize, String)| {
            let upper = self.heads.get(*at).and_then(|levels| levels.last()).map_or("", String::as_str);
            names.field(upper).is_some_and(|field| field.is_value())
        };
        if numbers.len() == lower.len() && lower.iter().all(under) {
            return false;
        }
        for (at, cell) in lower {
            let parent = self.parent(at);
            if self.heads.len() <= at {
                self.heads.resize(at + 1, Vec::new());
            }
            if let Some(levels) = self.heads.get_mut(at) {
                if let Some(parent) = parent {
                    *levels = parent;
                }
                levels.push(cell);
            }
        }
        self.rows += 1;
        true
    }

    /// Levels of the merged cell to the left that a blank head is covered by.
    fn parent(&self, at: usize) -> Option<Levels> {
        let blank = |levels: &Levels| levels.iter().all(String::is_empty);
        if self.heads.get(at).is_some_and(|levels| !blank(levels)) {
            return None;
        }
        let left = self.heads.iter().take(at).rev().find(|levels| !blank(levels))?;
        let depth = left.len().min(self.rows).max(1);
        left.get(..depth).map(<[String]>::to_vec)
    }
}

fn tidy(head: &str) -> String {
    head.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

impl Intake<'_> {
    /// Ends the head. True when it heads something that can be read.
    pub(crate) fn settle(&mut self) -> bool {
        let State::Heading(heading) = std::mem::replace(&mut self.state, State::Seeking) else {
            return false;
        };
        let distribution = self.context.kind == Some(FormKind::ScoreDistribution);
        let Recognised { layout, unknown, personal, repeated } =
            recognise(&heading.heads, &self.names, distribution);
        let Some(layout) = layout else {
            let lowest = |levels: &Levels| levels.iter().rev().find(|text| !text.is_empty()).cloned();
            let texts: Vec<String> = heading.heads.iter().filter_map(lowest).collect();
            self.near_heads(heading.row, texts.iter().map(String::as_str));
            self.near_head(heading.row, heading.heads);
            return false;
        };
        self.tally.tables += 1;
        let row = heading.row;
        self.tell_columns(row, &unknown, &personal, &repeated);
        if let Some(mapping) = self.context.mapping {
            self.tell_missing(row, mapping, &heading.heads);
        }
        let has_kind = layout.procedure[2].is_some()
            || self.context.mapping.is_some_and(|mapping| mapping.constants.kind.is_some());
        if !has_kind {
            self.suppose_kind(&layout);
        }
        self.suppose_from_file_name(row, layout.procedure[0].is_some() || layout.procedure[1].is_some());
        let kind = self.kind_of(layout.shape);
        if let Some(forced) = self.context.kind
            && !fits(forced, layout.shape)
        {
            self.findings.once(
                &codes::FORM_DIFFERS,
                "",
                || self.place.at(row, None),
                || {
                    text(
                        format!("Указано «{}», а столбцы похожи на «{}».", forced.title(), kind.title()),
                        "Числа разных форм читаются по-разному.",
                        "Загрузите файл без указания вида или укажите другой вид.",
                    )
                },
            );
        }
        let kind = self.context.kind.unwrap_or(kind);
        self.tally.kind = self.tally.kind.or(Some(kind));
        self.state = State::Reading(Rc::new(layout));
        true
    }

    fn tell_columns(
        &mut self,
        row: u32,
        unknown: &[(usize, String)],
        personal: &[(usize, String)],
        repeated: &[Column],
    ) {
        for (at, head) in personal {
            if !self.tally.dropped.contains(head) && self.tally.dropped.len() < 100 {
                self.tally.dropped.push(shown(head));
            }
            self.findings.once(
                &codes::PERSONAL_COLUMN_DROPPED,
                head,
                || self.place.at(row, Some(*at)),
                || {
                    text(
                        format!("Столбец «{}» отброшен.", shown(head)),
                        "Сведения о людях здесь не хранятся.",
                        "Ничего делать не нужно. В следующий раз такой столбец можно удалить из файла.",
                    )
                },
            );
        }
        // Marks twice over are two subjects or two classes side by side: half of them would be lost.
        let marks = |column: &&Column| matches!(column.field, Field::Marks(_));
        if repeated.iter().filter(marks).count() >= 2 {
            let at = repeated.first().map(|column| column.at);
            return self.findings.add(
                &codes::TABLE_OF_SEVERAL,
                || self.place.at(row, at),
                || {
                    text(
                        "Отметки стоят в таблице дважды, отсюда начинаются вторые.",
                        "Видимо, рядом несколько предметов или классов, а прочитать можно один.",
                        "Разнесите их по листам или по строкам со столбцами «Предмет» и «Класс».",
                    )
                },
            );
        }
        for Column { at, head, .. } in repeated {
            self.findings.add(
                &codes::COLUMN_REPEATED,
                || self.place.at(row, Some(*at)),
                || {
                    text(
                        format!("Столбец «{}» повторяет другой.", shown(head)),
                        "Учтён первый из них.",
                        "Если верен второй, удалите первый.",
                    )
                },
            );
        }
        if let Some((at, _)) = unknown.first() {
            let heads: Vec<String> =
                unknown.iter().take(12).map(|(_, head)| format!("«{}»", shown(head))).collect();
            self.findings.once(
                &codes::COLUMN_IGNORED,
                heads.join(", "),
                || self.place.at(row, Some(*at)),
                || {
                    text(
                        format!("Не прочитаны столбцы: {}.", heads.join(", ")),
                        "Их названия не известны.",
                        "Если они нужны, опишите столбцы файла.",
                    )
                },
            );
        }
    }

    /// Keeps the row that has the most heads of results, for when no row has enough of them.
    pub(crate) fn near_heads<'t>(&mut self, row: u32, texts: impl Iterator<Item = &'t str>) {
        /// Heads stand at the top, whatever stands above them.
        const ROWS: u32 = 100;
        if row > ROWS {
            return;
        }
        let heads: Vec<&str> = texts.take(CELLS_MAX).collect();
        if heads.len() < 2 {
            return;
        }
        let (known, unknown): (Vec<&str>, Vec<&str>) = heads
            .into_iter()
            .filter(|head| !head.bytes().all(|byte| byte.is_ascii_digit()))
            .partition(|head| self.names.field(head).is_some());
        // A row of which nothing is known may be one of data, and names pupils: nothing of it is told.
        if known.len() > self.nearest.as_ref().map_or(0, |(_, known, _)| known.len()) {
            let place = self.place.at(row, None);
            let shown = |heads: Vec<&str>| heads.into_iter().map(shown).collect();
            self.nearest = Some((place, shown(known), shown(unknown)));
        }
    }

    /// No row heads columns of results: which one comes nearest, and what is known of it?
    pub(crate) fn tell_unknown_form(&mut self) {
        const NAMED: usize = 10;
        let list = |heads: &[String]| {
            let named: Vec<String> = heads.iter().take(NAMED).map(|head| format!("«{head}»")).collect();
            let more = if heads.len() > NAMED { " и другие" } else { "" };
            format!("{}{more}", named.join(", "))
        };
        let what = "Не найдена строка с названиями столбцов результатов.";
        let (place, what) = match self.nearest.take() {
            None => (Place::WHOLE, what.to_owned()),
            Some((place, known, unknown)) if unknown.is_empty() => {
                (place, format!("{what} Здесь узнаны {}, этого мало.", list(&known)))
            }
            Some((place, known, unknown)) => {
                (place, format!("{what} Здесь узнаны {}, не узнаны {}.", list(&known), list(&unknown)))
            }
        };
        self.findings.add(
            &codes::FORM_UNKNOWN,
            || place,
            || {
                text(
                    what,
                    "По названиям столбцов узнают, где школа, предмет, балл и отметка.",
                    "Проверьте, тот ли это файл, или опишите его столбцы: кнопкой рядом с ответом или файлом \
                     --mapping.",
                )
            },
        );
    }

    /// Keeps the row that has the most columns of the mapping, for when no row has enough of them.
    pub(crate) fn near_head(&mut self, row: u32, heads: Vec<Levels>) {
        let Some(mapping) = self.context.mapping else { return };
        let known = |heads: &[Levels]| {
            heads.iter().filter(|levels| levels.iter().any(|text| mapping.column(text).is_some())).count()
        };
        if known(&heads) > self.nearest_head.as_ref().map_or(0, |(_, _, best)| known(best)) {
            self.nearest_head = Some((self.place.clone(), row, heads));
        }
    }

    /// Names the columns of the mapping the file does not have, where no table could be read. True when there are any.
    pub(crate) fn tell_absent_columns(&mut self) -> bool {
        let Some(mapping) = self.context.mapping else { return false };
        let (place, row, heads) =
            self.nearest_head.take().unwrap_or_else(|| (self.place.clone(), 1, Vec::new()));
        self.place = place;
        self.tell_missing(row, mapping, &heads);
        self.findings.any(&codes::MAPPING_COLUMN_MISSING)
    }

    fn tell_missing(&mut self, row: u32, mapping: &Mapping, heads: &[Levels]) {
        for (head, field) in &mapping.columns {
            let named = |levels: &Levels| {
                levels.iter().any(|text| mapping.column(text) == Some(field) && !text.is_empty())
            };
            if *field != Field::Ignore && *field != Field::Personal && !heads.iter().any(named) {
                self.findings.add(
                    &codes::MAPPING_COLUMN_MISSING,
                    || self.place.at(row, None),
                    || {
                        text(
                            format!("В файле нет столбца «{}» из описания.", shown(head)),
                            "Без него таблицу нельзя прочитать так, как описано.",
                            "Исправьте название столбца в описании или в файле.",
                        )
                    },
                );
            }
        }
    }

    /// Logins and forms of the ВПР system say that it is ВПР, where nothing says it is something else.
    fn suppose_kind(&mut self, layout: &crate::layout::Layout) {
        use crate::schools::By;
        let logins = layout.schools.iter().any(|(by, _)| *by == By::Login) || self.hints.login.is_some();
        let form = matches!(layout.shape, Shape::Journal | Shape::Distribution)
            || matches!(
                self.context.kind,
                Some(
                    FormKind::VprIndividual
                        | FormKind::MarkStatistics
                        | FormKind::JournalComparison
                        | FormKind::ScoreDistribution
                )
            );
        if self.hints.kind.is_none() {
            let vpr = || self.context.dictionary.kind("vpr").filter(|_| logins || form);
            self.hints.kind = self.file.kind.or_else(vpr);
        }
    }

    fn suppose_from_file_name(&mut self, row: u32, has_year: bool) {
        let (hints, file) = (&mut self.hints, &self.file);
        hints.subject = hints.subject.or(file.subject);
        hints.level = hints.level.or(file.level);
        hints.grade = hints.grade.or(file.grade);
        let told = self.context.year.is_some()
            || self.context.mapping.is_some_and(|mapping| mapping.constants.year.is_some());
        if hints.year.is_none()
            && hints.odd_year.is_none()
            && !has_year
            && !told
            && let Some(year) = file.year
        {
            hints.year = Some(year);
            self.findings.once(
                &codes::YEAR_BY_FILE_NAME,
                "",
                || self.place.at(row, None),
                || {
                    text(
                        format!("Год {year} взят из имени файла."),
                        "В самом файле года нет.",
                        "Если год другой, укажите его при загрузке.",
                    )
                },
            );
        }
    }

    fn kind_of(&self, shape: Shape) -> FormKind {
        let vpr = self.hints.kind.is_some() && self.hints.kind == self.context.dictionary.kind("vpr");
        match shape {
            _ if self.context.mapping.is_some() => FormKind::Tidy,
            Shape::Individual if vpr => FormKind::VprIndividual,
            Shape::Individual => FormKind::Protocol,
            Shape::Counts if vpr => FormKind::MarkStatistics,
            Shape::Counts => FormKind::ExamTable,
            Shape::Distribution => FormKind::ScoreDistribution,
            Shape::Journal => FormKind::JournalComparison,
            Shape::Indicators | Shape::IndicatorList => FormKind::Indicators,
        }
    }
}

fn fits(kind: FormKind, shape: Shape) -> bool {
    match kind {
        FormKind::VprIndividual | FormKind::Protocol => shape == Shape::Individual,
        FormKind::MarkStatistics | FormKind::ExamTable => shape == Shape::Counts,
        FormKind::JournalComparison => shape == Shape::Journal,
        FormKind::ScoreDistribution => shape == Shape::Distribution,
        FormKind::Indicators => matches!(shape, Shape::Indicators | Shape::IndicatorList),
        FormKind::Tidy => true,
        FormKind::Registry => false,
    }
}
