//! Do packed cells behave like cells written out?

use proptest::prelude::*;

use super::{CellList, pack};
use crate::{Cell, Cells, OrganisationId, Precision, Procedure, SourceIndex};

/// Mostly small numbers, sometimes at the border of what has room, sometimes any.
fn number() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0_u32..40, 1 => 250_u32..260, 1 => 65_530_u32..65_540, 1 => any::<u32>()]
}

fn cell() -> impl Strategy<Value = Cell> {
    let key = (0_u32..4, 0_u32..3, prop_oneof![8 => 2020_u16..2024, 1 => any::<u16>()], any::<bool>());
    let precision =
        prop_oneof![Just(Precision::FromPercents), Just(Precision::FromCounts), Just(Precision::FromRows)];
    (key, precision, prop::array::uniform16(number())).prop_map(|(key, precision, numbers)| {
        let (organisation, procedure, year, autumn) = key;
        let [participants, two, three, four, five, below_minimum, at_minimum, unmarked, scored, ..] = numbers;
        let [.., score_sum, below, same, above, source, first, last] = numbers;
        Cell {
            organisation: OrganisationId(organisation),
            procedure: Procedure::from_packed(procedure << 24),
            year,
            autumn,
            precision,
            participants,
            marks: [two, three, four, five],
            below_minimum,
            at_minimum,
            unmarked,
            scored,
            score_sum,
            against_journal: [below, same, above],
            source: SourceIndex(source),
            rows: (first, last),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn cells_come_out_as_they_were_put_in(cells in prop::collection::vec(cell(), 0..60), cut in 0_usize..60) {
        let list: CellList = cells.iter().copied().collect();
        prop_assert_eq!(list.iter().collect::<Vec<_>>(), &*cells);
        // Put together of two lists, taken apart from behind, through their parts.
        let (front, back) = cells.split_at(cut.min(cells.len()));
        let mut joined: CellList = front.iter().copied().collect();
        joined.append(back.iter().copied().collect::<CellList>().view());
        prop_assert_eq!(&joined, &list);
        let (words, whole) = joined.parts();
        let again = CellList::of_parts(words.to_vec(), whole.to_vec());
        prop_assert_eq!(again.as_ref(), Some(&list));
        for cell in cells.iter().rev() {
            prop_assert_eq!(joined.pop(), Some(*cell));
        }
        prop_assert!(joined.is_empty() && joined.whole.is_empty());
    }

    #[test]
    fn the_list_is_sorted_as_cells_written_out(cells in prop::collection::vec(cell(), 0..60)) {
        let mut list: CellList = cells.iter().copied().collect();
        list.sort();
        let mut sorted = cells;
        sorted.sort_by(|a, b| a.key().cmp(&b.key()).then_with(|| b.weight().cmp(&a.weight())));
        prop_assert_eq!(list.iter().collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn merged_lists_are_sorted_as_one(one in prop::collection::vec(cell(), 0..40), two in prop::collection::vec(cell(), 0..40)) {
        let (mut list, mut more): (CellList, CellList) = (one.clone().into(), two.clone().into());
        list.sort();
        more.sort();
        list.merge(more.view());
        let mut all: CellList = one.into_iter().chain(two).collect();
        all.sort();
        prop_assert_eq!(list, all);
    }

    #[test]
    fn sources_change_and_cells_go_with_theirs(
        cells in prop::collection::vec(cell(), 0..40),
        whole: bool,
        sources in prop::collection::vec(prop::option::of(prop_oneof![0_u32..9, 65_530_u32..65_540]), 0..50),
    ) {
        let cells = cells.into_iter().filter(|cell| whole || pack(cell).is_some());
        let mut list: CellList = cells.map(|cell| Cell { source: SourceIndex(cell.source.0 % 60), ..cell }).collect();
        let sources: Vec<Option<SourceIndex>> = sources.into_iter().map(|source| source.map(SourceIndex)).collect();
        let expected = list.iter().filter_map(|cell| {
            let source = sources.get(cell.source.0 as usize).copied().flatten()?;
            Some(Cell { source, ..cell })
        });
        let expected: Vec<Cell> = expected.collect();
        list.change_sources(&sources);
        prop_assert_eq!(list.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn of_cells_of_one_thing_the_weightiest_is_kept(cells in prop::collection::vec(cell(), 0..60), sorted: bool) {
        let mut list: CellList = cells.iter().copied().collect();
        if sorted {
            list.sort();
        }
        let (kept, mut aside) = Cells::new(list);
        // The plain way: sort them all, walk over them once.
        let mut all = cells;
        all.sort_by(|a, b| a.key().cmp(&b.key()).then_with(|| b.weight().cmp(&a.weight())));
        let (mut expected, mut beside): (Vec<Cell>, Vec<Cell>) = Default::default();
        for cell in all {
            let completes = cell.judged() == 0 && cell.against_journal != [0; 3];
            match expected.last_mut().filter(|last| last.key() == cell.key()) {
                None => expected.push(cell),
                Some(last) if completes && last.against_journal == [0; 3] => {
                    last.against_journal = cell.against_journal;
                }
                Some(_) => beside.push(cell),
            }
        }
        prop_assert_eq!(kept.all().to_vec(), expected);
        aside.sort_by(|a, b| a.key().cmp(&b.key()).then_with(|| b.weight().cmp(&a.weight())));
        prop_assert_eq!(aside, beside);
    }

    #[test]
    fn one_of_a_key_is_kept(cells in prop::collection::vec(cell(), 0..60)) {
        let all = cells.len();
        let (kept, aside) = Cells::new(cells);
        prop_assert!(kept.all().starts().is_some());
        prop_assert!(kept.all().len() + aside.len() <= all);
        let mut years: Vec<u16> = kept.all().iter().map(|cell| cell.year).collect();
        years.sort_unstable();
        years.dedup();
        prop_assert_eq!(kept.years(), years);
        let by_organisation: Vec<Cell> = kept.by_organisation().flatten().collect();
        prop_assert_eq!(by_organisation, kept.all().to_vec());
    }
}

#[test]
fn a_cell_of_a_school_needs_no_room_beside() {
    let cell = Cell::empty(OrganisationId(1), Procedure::from_packed(1), 2024);
    assert!(pack(&Cell { participants: 255, score_sum: 65_535, rows: (9, 9 + 65_535), ..cell }).is_some());
    assert!(pack(&Cell { participants: 256, ..cell }).is_none());
    assert!(pack(&Cell { score_sum: 65_536, ..cell }).is_none());
    assert!(pack(&Cell { rows: (9, 9 + 65_536), ..cell }).is_none());
    assert!(pack(&Cell { rows: (9, 8), ..cell }).is_none());
    assert!(pack(&Cell { year: 1899, ..cell }).is_none());
}

#[test]
fn damaged_parts_are_refused() {
    let list: CellList =
        [Cell::empty(OrganisationId(1), Procedure::from_packed(1), 2024)].into_iter().collect();
    let (words, _) = list.parts();
    let mut lost = words.to_vec();
    lost[0][2] |= super::WHOLE;
    assert_eq!(CellList::of_parts(lost, Vec::new()), None);
    let mut odd = words.to_vec();
    odd[0][2] |= 3 << super::PRECISION;
    assert_eq!(CellList::of_parts(odd, Vec::new()), None);
}
