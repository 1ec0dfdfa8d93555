//! What does a school declare of itself in numbers?

use opora_cells::{Aggregate, IndicatorCode, OrganisationId};

use crate::codes;
use crate::counts::decimal_text;
use crate::findings::{shown, text};
use crate::intake::Intake;
use crate::layout::{Layout, Unit};
use crate::line::Fields;
use crate::number::{Decimal, ONE, Value, value};
use crate::percent::PUPILS_MAX;
use crate::procedures::Asked;
use crate::school_rows::Whose;
use crate::sites::Site;

/// Sort of declared numbers among the facts of a school.
const SORT: u8 = 3;

/// A declared number as it stands in a cell.
#[derive(Clone, Copy)]
pub(crate) struct Declared {
    organisation: OrganisationId,
    year: u16,
    indicator: IndicatorCode,
    number: Decimal,
    percent: bool,
    row: u32,
    column: usize,
}

impl Intake<'_> {
    /// Reads a school a row, with a declared number a column.
    pub(crate) fn indicators<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        let organisation = match self.school_of(row, line, layout) {
            Whose::School(organisation) => organisation,
            Whose::Group => return self.check_sums(row, line, layout),
            Whose::Nobody => return,
        };
        let Some(year) = self.year_of(row, line, layout) else { return };
        let mut declared = Vec::new();
        for (at, indicator, unit) in &layout.indicators {
            if let Some((number, percent)) = self.declared_number(row, line, *at, *unit) {
                if !percent {
                    *self.sums.entry(*at).or_insert(0) += number.units;
                }
                let (indicator, column) = (*indicator, *at);
                declared.push(Declared { organisation, year, indicator, number, percent, row, column });
            }
        }
        self.declare(&declared);
    }

    /// Reads a declared number a row; the school is named above or by a column.
    pub(crate) fn indicator_row<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        let (Some(name_at), Some(at)) = (layout.indicator, layout.value.or(layout.participants)) else {
            return;
        };
        let name = line.text(name_at).trim();
        if name.is_empty() {
            return;
        }
        let Some(indicator) = self.names.indicator(name) else {
            self.findings.once(
                &codes::COLUMN_IGNORED,
                name,
                || self.place.at(row, Some(name_at)),
                || {
                    text(
                        format!("Показатель «{}» не прочитан.", shown(name)),
                        "Его название не известно.",
                        "Если он нужен, добавьте его в справочник показателей.",
                    )
                },
            );
            return;
        };
        let Whose::School(organisation) = self.school_of(row, line, layout) else { return };
        let Some(year) = self.year_of(row, line, layout) else { return };
        let unit = if name.contains('%') || name.to_lowercase().contains("доля") {
            Unit::Percent
        } else {
            Unit::Untold
        };
        if let Some((number, percent)) = self.declared_number(row, line, at, unit) {
            self.listed.push(Declared { organisation, year, indicator, number, percent, row, column: at });
        }
    }

    /// Ends a list of declared numbers: parts and wholes may stand in any order, so they are joined only now.
    pub(crate) fn end_list(&mut self) {
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_by_key(|declared| (declared.organisation, declared.year, declared.row));
        for school in listed.chunk_by(|a, b| (a.organisation, a.year) == (b.organisation, b.year)) {
            self.declare(school);
        }
    }

    fn year_of<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) -> Option<u16> {
        let mut asked = Asked {
            context: &self.context,
            lexicon: &self.lexicon,
            findings: &mut self.findings,
            place: &self.place,
        };
        asked.year(line, row, layout, &self.hints)
    }

    fn declared_number<L: Fields + ?Sized>(
        &mut self,
        row: u32,
        line: &L,
        at: usize,
        unit: Unit,
    ) -> Option<(Decimal, bool)> {
        let cell = line.text(at);
        match value(cell, self.context.heads) {
            Value::Blank | Value::Absent => None,
            Value::Number(number) if (0..=PUPILS_MAX * ONE).contains(&number.units) => {
                Some((number, unit == Unit::Percent || cell.trim_end().ends_with('%')))
            }
            _ => {
                self.wrong_count(row, line, at);
                None
            }
        }
    }

    /// Turns the declared numbers of one school and year into facts: each part against its whole.
    fn declare(&mut self, numbers: &[Declared]) {
        for declared in numbers {
            let Declared { organisation, year, indicator, row, column, .. } = *declared;
            let dictionary = self.context.dictionary;
            let Some(meaning) = dictionary.indicators.get(&indicator) else { continue };
            let whole_code = meaning.whole.as_deref().and_then(|id| dictionary.indicator(id));
            let whole = whole_code.and_then(|code| {
                let of_whole = numbers.iter().find(|other| other.indicator == code && !other.percent)?;
                u32::try_from(of_whole.number.whole()?).ok()
            });
            let name = meaning.entry.name.as_str();
            if whole_code.is_some() && whole.is_none() {
                self.findings.once(
                    &codes::INDICATOR_WITHOUT_WHOLE,
                    name,
                    || self.place.at(row, Some(column)),
                    || {
                        text(
                            format!("У показателя «{name}» не указано целое."),
                            "Доля считается от целого, например от числа обучающихся или семей.",
                            "Добавьте в файл столбец с целым.",
                        )
                    },
                );
            }
            let Some(part) = self.part_of(declared, whole, whole_code.is_some()) else { continue };
            if whole.is_some_and(|whole| part > whole) {
                let what = format!("«{name}»: {part} больше целого, {}.", whole.unwrap_or_default());
                let why = "Часть не может быть больше целого.";
                self.told(
                    &codes::INDICATOR_OVER_WHOLE,
                    row,
                    Some(column),
                    what,
                    why,
                    "Исправьте одно из двух чисел.",
                );
                continue;
            }
            let key = (organisation, u32::from(indicator.0), year);
            if let Some(before) = self.duplicates.told_before(key, SORT, Site::Untold, row) {
                let what = format!("«{name}», {year} год: эта школа уже есть в строке {before}.");
                let why = "Непонятно, какое из чисел верно.";
                self.told(&codes::DUPLICATE_RESULT, row, Some(column), what, why, "Оставьте одну строку.");
                continue;
            }
            self.note(organisation, year, row);
            let source = self.context.source;
            self.batch.aggregates.push(Aggregate { organisation, year, indicator, part, whole, source, row });
        }
    }

    fn part_of(&mut self, declared: &Declared, whole: Option<u32>, is_share: bool) -> Option<u32> {
        let Declared { number, row, column, .. } = *declared;
        if declared.percent {
            // Without a whole a per cent is no number of anything.
            let whole = whole?;
            if number.units > 100 * ONE {
                let what = format!("{} % больше 100 %.", decimal_text(number.units));
                let why = "Часть не может быть больше целого.";
                self.told(&codes::INDICATOR_OVER_WHOLE, row, Some(column), what, why, "Исправьте долю.");
                return None;
            }
            let part = (number.units * i64::from(whole) + 50 * ONE) / (100 * ONE);
            return u32::try_from(part).ok();
        }
        match number.whole() {
            Some(part) => u32::try_from(part).ok(),
            None if is_share => {
                let what = format!("{} – не целое число.", decimal_text(number.units));
                let why = "Считают людей и семьи; доли пишут со знаком %.";
                self.told(
                    &codes::COUNT_IMPOSSIBLE,
                    row,
                    Some(column),
                    what,
                    why,
                    "Исправьте число или добавьте «%» в название столбца.",
                );
                None
            }
            // Kilometres and the like: half a unit does not matter.
            None => u32::try_from((number.units + ONE / 2) / ONE).ok(),
        }
    }

    /// A row of sums is compared with what was added up.
    fn check_sums<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        self.tally.totals += 1;
        for (at, _, unit) in &layout.indicators {
            let Some(total) = self.number(line, *at).filter(|_| *unit != Unit::Percent) else { continue };
            let sum = self.sums.get(at).copied().unwrap_or_default();
            if sum != total.units && !line.text(*at).contains('%') {
                let what =
                    format!("В итоге {}, а сумма строк {}.", decimal_text(total.units), decimal_text(sum));
                let why = "Возможно, пропущена школа или ошибка в числе.";
                self.told(&codes::TOTAL_DIFFERS, row, Some(*at), what, why, "Сверьте строки с итогом.");
            }
        }
    }
}
