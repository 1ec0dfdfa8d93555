//! How do the marks of a school compare with its journals?

use crate::codes;
use crate::intake::Intake;
use crate::layout::{Layout, Unit};
use crate::line::Fields;
use crate::school_rows::Whose;
use crate::words::plain;

/// Sort of the facts of this form, among others of the same school and procedure.
const SORT: u8 = 1;

/// Counts of a school that come row by row.
#[derive(Default)]
pub(crate) struct Compared {
    counts: [Option<u32>; 3],
}

impl Intake<'_> {
    /// Reads a row of the comparison with the journal: three columns, or one of three rows.
    pub(crate) fn journal<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        if layout.against.iter().flatten().count() >= 2 {
            return self.journal_columns(row, line, layout);
        }
        let label = layout.schools.iter().map(|(_, at)| plain(line.text(*at))).find(|text| !text.is_empty());
        let label = label.unwrap_or_default();
        let starts = ["понизили", "подтвердили", "повысили"];
        match starts.iter().position(|start| label.starts_with(start)) {
            Some(at) => self.journal_row(at, row, line, layout),
            // «Всего» under the three: known already.
            None if self.context.heads.totals.contains(&label) => {}
            None => match self.school_of(row, line, layout) {
                Whose::School(_) => {
                    let name =
                        layout.schools.iter().map(|(_, at)| line.text(*at)).find(|t| !t.trim().is_empty());
                    self.begin_school(name.unwrap_or_default(), row, None);
                    self.compared = Compared::default();
                }
                Whose::Group => {
                    self.tally.totals += 1;
                    self.school = None;
                }
                Whose::Nobody => {}
            },
        }
    }

    fn journal_columns<L: Fields + ?Sized>(&mut self, row: u32, line: &L, layout: &Layout) {
        let Some((organisation, examined, participants)) =
            self.aggregated(row, line, layout, &layout.against)
        else {
            return;
        };
        let Some(against) = self.group(row, line, layout, &layout.against, participants) else { return };
        let mut cell = self.cell_of(organisation, &examined, row);
        if against.from_percents {
            cell.precision = opora_cells::Precision::FromPercents;
        }
        cell.participants = participants.unwrap_or(against.counts.iter().sum());
        cell.unmarked = cell.participants;
        cell.against_journal = against.counts.try_into().unwrap_or_default();
        if cell.participants > 0 {
            self.add_cell(row, cell, SORT);
        }
    }

    /// «Понизили», «Подтвердили», «Повысили» under the name of a school.
    fn journal_row<L: Fields + ?Sized>(&mut self, at: usize, row: u32, line: &L, layout: &Layout) {
        // Rows of a region or a municipality come without a school above.
        let Some(organisation) = self.school.as_ref().and_then(|school| school.id) else {
            self.tally.totals += 1;
            return;
        };
        let unit = layout.columns.iter().find(|column| Some(column.at) == layout.participants);
        if unit.is_some_and(|column| column.unit == Unit::Percent) {
            let what = "Даны доли, а числа участников нет.".to_owned();
            let why = "Из долей без числа участников не узнать, сколько человек.";
            return self.told(
                &codes::MARKS_DO_NOT_ADD_UP,
                row,
                layout.participants,
                what,
                why,
                "Выгрузите форму с числом участников.",
            );
        }
        let Ok(count) = self.whole(row, line, layout.participants) else { return };
        if let Some(slot) = self.compared.counts.get_mut(at) {
            *slot = Some(count.unwrap_or(0));
        }
        let [Some(lower), Some(equal), Some(higher)] = self.compared.counts else { return };
        self.compared = Compared::default();
        let Some(examined) = self.examined(row, line, layout) else { return };
        let mut cell = self.cell_of(organisation, &examined, row);
        cell.against_journal = [lower, equal, higher];
        cell.participants = lower.saturating_add(equal).saturating_add(higher);
        cell.unmarked = cell.participants;
        cell.rows = (row.saturating_sub(2), row);
        if cell.participants > 0 {
            self.add_cell(row, cell, SORT);
        }
    }
}
