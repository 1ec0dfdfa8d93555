//! How many pupils of a school got each mark, or stayed below the minimum?

use opora_cells::{Cell, OrganisationId, Precision};
use opora_neutral::Code;

use crate::codes;
use crate::findings::{shown, text};
use crate::intake::Intake;
use crate::layout::{Layout, Unit};
use crate::line::Fields;
use crate::mapping::Numbers;
use crate::number::{Decimal, ONE, Value, value};
use crate::percent::{Counted, PUPILS_MAX, Wrong, counted};
use crate::procedures::Examined;
use crate::school_rows::Whose;
use crate::sites::Site;
use crate::{FormKind, UnknownSchools};

impl<'a> Intake<'a> {
    /// Reads a row of counts or per cents of marks.
    pub(crate) fn counts<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        let by_marks = layout.marks.iter().flatten().any(|at| self.number(line, *at).is_some());
        let columns = if by_marks { layout.marks.as_slice() } else { &[] };
        let Some((organisation, examined, participants)) = self.aggregated(row, line, layout, columns) else {
            return;
        };
        let mut cell = self.cell_of(organisation, &examined, row);
        let told = if by_marks {
            self.marks(row, line, layout, participants, &mut cell)
        } else {
            self.minimum(row, line, layout, participants, &mut cell)
        };
        if told.is_none() || cell.participants == 0 {
            return;
        }
        if layout.against.iter().flatten().count() >= 2
            && let Some(against) = self.group(row, line, layout, &layout.against, Some(cell.participants))
        {
            cell.against_journal = against.counts.try_into().unwrap_or_default();
        }
        self.mean_score(line, layout, &mut cell);
        self.add_cell(row, cell, 0);
    }

    /// School, procedure and participants of an aggregated row with these columns of counts. Nothing for sums, and
    /// where nobody took part.
    pub(crate) fn aggregated<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        columns: &[Option<usize>],
    ) -> Option<(OrganisationId, Examined<'a>, Option<u32>)> {
        let whose = self.school_of(row, line, layout);
        if whose == Whose::Group {
            self.tally.totals += 1;
            return None;
        }
        let examined = self.examined(row, line, layout);
        let participants = self.whole(row, line, layout.participants);
        match (whose, examined, participants) {
            (_, _, Err(()) | Ok(Some(0))) => None,
            (Whose::School(organisation), Some(examined), Ok(participants)) => {
                Some((organisation, examined, participants))
            }
            // All that is wrong is told at once; a row that is left out as asked for may say what it likes.
            (_, _, Ok(participants)) => {
                if self.context.unknown_schools == UnknownSchools::Refuse {
                    self.group(row, line, layout, columns, participants);
                }
                None
            }
        }
    }

    pub(crate) fn cell_of(&self, organisation: OrganisationId, examined: &Examined<'_>, row: u32) -> Cell {
        Cell {
            autumn: examined.autumn,
            precision: Precision::FromCounts,
            source: self.context.source,
            rows: (row, row),
            ..Cell::empty(organisation, examined.procedure, examined.year)
        }
    }

    pub(crate) fn number<L: Fields + ?Sized>(&self, line: &L, at: usize) -> Option<Decimal> {
        match value(line.text(at), self.context.heads) {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A whole number of pupils; nothing where the cell is empty, an error where it holds something else.
    pub(crate) fn whole<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        at: Option<usize>,
    ) -> Result<Option<u32>, ()> {
        let Some(at) = at else { return Ok(None) };
        let number = match value(line.text(at), self.context.heads) {
            Value::Blank | Value::Absent => return Ok(None),
            Value::Number(number) => number.whole().filter(|number| (0..=PUPILS_MAX).contains(number)),
            Value::Text => None,
        };
        let whole = number.and_then(|number| u32::try_from(number).ok());
        if whole.is_none() {
            self.wrong_count(row, line, at);
        }
        whole.map(Some).ok_or(())
    }

    pub(crate) fn wrong_count<L: Fields + ?Sized>(&mut self, row: u32, line: &L, at: usize) {
        self.findings.add(
            &codes::COUNT_IMPOSSIBLE,
            || self.place.at(row, Some(at)),
            || {
                text(
                    format!("«{}» – не число обучающихся и не доля.", shown(line.text(at))),
                    "Число не может быть отрицательным, дробным или словом.",
                    "Исправьте значение по исходной форме.",
                )
            },
        );
    }

    fn marks<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        participants: Option<u32>,
        cell: &mut Cell,
    ) -> Option<()> {
        let counted = self.group(row, line, layout, &layout.marks, participants)?;
        let sum: u32 = counted.counts.iter().sum();
        cell.participants = participants.unwrap_or(sum);
        cell.unmarked = cell.participants.saturating_sub(sum);
        cell.marks = counted.counts.try_into().unwrap_or_default();
        if counted.from_percents {
            cell.precision = Precision::FromPercents;
        }
        if cell.unmarked > 0 {
            let what = format!("Отметки есть у {sum} из {} участников.", cell.participants);
            let why = "Доли считаются от тех, у кого есть отметка.";
            self.told(
                &codes::COUNT_DIFFERS,
                row,
                layout.participants,
                what,
                why,
                "Проверьте, все ли отметки указаны.",
            );
        }
        Some(())
    }

    /// Counts of a group of columns that make up all participants.
    pub(crate) fn group<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        columns: &[Option<usize>],
        participants: Option<u32>,
    ) -> Option<Counted> {
        let heads = self.context.heads;
        let mut values = Vec::with_capacity(columns.len());
        for at in columns {
            let read = at.map_or(Value::Blank, |at| value(line.text(at), heads));
            match (read, at) {
                (Value::Number(number), _) => values.push(Some(number)),
                (Value::Text, Some(at)) => {
                    self.wrong_count(row, line, *at);
                    return None;
                }
                _ => values.push(None),
            }
        }
        let numbers = self.context.mapping.map(|mapping| mapping.numbers).unwrap_or_default();
        let signed = columns.iter().flatten().any(|at| line.text(*at).trim_end().ends_with('%'));
        let unit = match numbers {
            Numbers::Percents => Unit::Percent,
            Numbers::Counts => Unit::Count,
            Numbers::Either if signed => Unit::Percent,
            Numbers::Either => layout.unit,
        };
        // Forms of the ВПР system give per cents.
        let percents = matches!(
            self.tally.kind,
            Some(FormKind::MarkStatistics | FormKind::JournalComparison | FormKind::ScoreDistribution)
        );
        if unit == Unit::Percent && !signed {
            as_percents(&mut values);
        }
        match counted(&values, participants, unit, percents) {
            Ok(counted) => {
                if !counted.exact {
                    let what = format!(
                        "Таких долей при {} участниках не бывает.",
                        participants.map_or(String::new(), |n| n.to_string())
                    );
                    let why = "Доли пересчитаны в ближайшие целые числа.";
                    let at = layout.participants;
                    self.told(&codes::PERCENT_NOT_WHOLE, row, at, what, why, "Проверьте число участников.");
                }
                Some(counted)
            }
            Err(wrong) => {
                self.wrong_group(row, line, layout, columns, participants, wrong);
                None
            }
        }
    }

    fn wrong_group<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        columns: &[Option<usize>],
        participants: Option<u32>,
        wrong: Wrong,
    ) {
        let first = columns.iter().flatten().next().copied();
        let what = match wrong {
            Wrong::Value(at) => {
                if let Some(at) = columns.get(at).copied().flatten() {
                    self.wrong_count(row, line, at);
                }
                return;
            }
            Wrong::Percents(sum) => format!("Сумма долей {} %, а не 100 %.", decimal_text(sum)),
            Wrong::Counts(sum) => {
                let whole = participants.unwrap_or_default();
                format!("Сумма {sum} – не число участников {whole} и не 100 %.")
            }
            Wrong::NoParticipants => "Даны доли, а числа участников нет.".to_owned(),
        };
        let why = "Из таких чисел не узнать, сколько человек получили каждую отметку.";
        let mend = "Исправьте строку по исходной форме.";
        let at = if wrong == Wrong::NoParticipants { layout.participants } else { first };
        self.told(&codes::MARKS_DO_NOT_ADD_UP, row, at, what, why, mend);
    }

    fn minimum<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        participants: Option<u32>,
        cell: &mut Cell,
    ) -> Option<()> {
        let below = self.part(row, line, layout, layout.below, participants).ok()?;
        let reached = self.part(row, line, layout, layout.at_minimum, participants).ok()?;
        let (below, reached) = match (below, reached, participants) {
            (Some(below), Some(reached), _) => (below, reached),
            (Some(below), None, Some(all)) => (below, all.saturating_sub(below)),
            (None, Some(reached), Some(all)) => (all.saturating_sub(reached), reached),
            (None, None, _) => return None,
            _ => {
                let what = "Число участников не указано.".to_owned();
                let why = "Без него не узнать долю не преодолевших минимум.";
                self.told(
                    &codes::COUNT_IMPOSSIBLE,
                    row,
                    layout.participants,
                    what,
                    why,
                    "Добавьте число участников.",
                );
                return None;
            }
        };
        let all = participants.unwrap_or(below.saturating_add(reached));
        if below.saturating_add(reached) > all {
            let what = format!("Не преодолели {below}, преодолели {reached}, а участников {all}.");
            let why = "Вместе их не может быть больше участников.";
            self.told(
                &codes::MARKS_DO_NOT_ADD_UP,
                row,
                layout.below,
                what,
                why,
                "Исправьте строку по исходной форме.",
            );
            return None;
        }
        (cell.participants, cell.below_minimum, cell.at_minimum) = (all, below, reached);
        cell.unmarked = all - below - reached;
        Some(())
    }

    /// A count, or a per cent turned into one, of a single column.
    fn part<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        layout: &Layout,
        at: Option<usize>,
        participants: Option<u32>,
    ) -> Result<Option<u32>, ()> {
        let Some(at) = at else { return Ok(None) };
        let Some(number) = self.number(line, at) else { return self.whole(row, line, Some(at)) };
        let mapped = self.context.mapping.map(|mapping| mapping.numbers).unwrap_or_default();
        let unit = layout.columns.iter().find(|column| column.at == at).map_or(Unit::Untold, |c| c.unit);
        let percent = match mapped {
            Numbers::Percents => true,
            Numbers::Counts => false,
            Numbers::Either => {
                unit == Unit::Percent || number.units % ONE != 0 || line.text(at).trim_end().ends_with('%')
            }
        };
        if !percent {
            let whole = self.whole(row, line, Some(at))?;
            if let (Some(part), Some(all)) = (whole, participants)
                && part > all
            {
                let what = format!("{part} больше числа участников {all}.");
                let why = "Часть не может быть больше целого.";
                self.told(
                    &codes::MARKS_DO_NOT_ADD_UP,
                    row,
                    Some(at),
                    what,
                    why,
                    "Исправьте строку по исходной форме.",
                );
                return Err(());
            }
            return Ok(whole);
        }
        let Some(all) = participants.filter(|_| (0..=100 * ONE).contains(&number.units)) else {
            self.wrong_count(row, line, at);
            return Err(());
        };
        let part = (number.units * i64::from(all) + 50 * ONE) / (100 * ONE);
        Ok(u32::try_from(part).ok())
    }

    fn mean_score<L: Fields + ?Sized>(&self, line: &L, layout: &Layout, cell: &mut Cell) {
        let mean = layout.mean_score.and_then(|at| self.number(line, at));
        if let Some(mean) = mean.filter(|mean| (0..=1_000 * ONE).contains(&mean.units)) {
            let sum = (mean.units * i64::from(cell.participants) + ONE / 2) / ONE;
            (cell.scored, cell.score_sum) = (cell.participants, u32::try_from(sum).unwrap_or(u32::MAX));
        }
    }

    /// Adds a cell unless the file has told the same before. Cells of different sorts complete each other.
    pub(crate) fn add_cell(&mut self, row: u32, cell: Cell, sort: u8) {
        let year = cell.year;
        let key = (cell.organisation, cell.procedure.packed(), year);
        if let Some(before) = self.duplicates.told_before(key, sort, self.site, row) {
            let name = self.context.dictionary.procedure_name(cell.procedure);
            let what = format!("{name}, {year} год: эта школа уже есть в строке {before}.");
            let why = "Непонятно, какая из строк верна.";
            return self.told(&codes::DUPLICATE_RESULT, row, None, what, why, "Оставьте одну строку.");
        }
        self.note(cell.organisation, year, row);
        self.push_cell(cell, sort);
    }

    /// Takes a cell over; what stands under several logins of a school is added up first.
    pub(crate) fn push_cell(&mut self, cell: Cell, sort: u8) {
        match self.site {
            Site::Untold => self.batch.cells.push(cell),
            Site::Login(_) => {
                self.sheets.beside(cell.organisation, cell.procedure, cell.year);
                self.sites.add_cell((cell.organisation, cell.procedure.packed(), cell.year), sort, cell);
            }
        }
    }

    pub(crate) fn told(
        &mut self,
        code: &Code,
        row: u32,
        at: Option<usize>,
        what: String,
        why: &'static str,
        mend: &str,
    ) {
        self.findings.add(code, || self.place.at(row, at), || text(what, why, mend));
    }
}

/// Shares of one under a head that says «доля» become per cents: no per cents add up to one.
fn as_percents(values: &mut [Option<Decimal>]) {
    const SLACK: i64 = ONE / 100;
    let sum: i64 = values.iter().flatten().map(|value| value.units).fold(0, i64::saturating_add);
    if (sum - ONE).abs() > SLACK {
        return;
    }
    for value in values.iter_mut().flatten() {
        (value.units, value.places) = (value.units.saturating_mul(100), value.places.saturating_sub(2));
    }
}

/// Ten-thousandths as a decimal number with a comma.
pub(crate) fn decimal_text(units: i64) -> String {
    let text = format!("{},{:04}", units / ONE, units % ONE);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}
