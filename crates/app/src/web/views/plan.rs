//! What does the page of a plan show of it?

use jiff::civil::Date;
use opora_cycle::vocabulary::{Activity, ActivityKey, Column, Order, Section};
use opora_schedule::Occurrence;

use super::agenda::{Item, State, agenda};
use super::facets::{Facet, Labels, Narrowed, narrow};
use super::filter::{FacetName, Filter};

/// Rows of one page: enough that most plans have one page, few enough that a page stays light.
pub const ROWS_PER_PAGE: usize = 150;

/// A plan as its page shows it.
#[derive(Clone, Debug)]
pub struct PlanView<'a> {
    /// All sections of the plan, those that the filter empties included.
    pub sections: Vec<SectionSummary<'a>>,
    /// The sections that have rows on this page, with these rows.
    pub shown: Vec<ShownSection<'a>>,
    /// Activities of the plan.
    pub total: usize,
    /// Activities that pass the filter.
    pub matched: usize,
    /// The facets to narrow by.
    pub facets: Vec<Facet>,
    /// What is asked for, one for each removable mark.
    pub marks: Vec<Mark>,
    /// Number of this page, from one.
    pub page: usize,
    /// Number of pages, at least one.
    pub pages: usize,
    /// Rows before this page.
    pub skipped: usize,
    /// The columns that any activity of the plan fills.
    pub columns: Columns,
}

impl PlanView<'_> {
    /// Rows on this page.
    pub fn rows(&self) -> usize {
        self.shown.iter().map(|section| section.rows.len()).sum()
    }
}

/// A section in the list of sections.
#[derive(Clone, Debug)]
pub struct SectionSummary<'a> {
    /// Number in the plan, from zero.
    pub index: usize,
    /// The section.
    pub section: &'a Section,
    /// Its activities that pass the filter.
    pub matched: usize,
    /// The page on which its first one stands.
    pub page: usize,
}

/// A section with those of its rows that stand on a page.
#[derive(Clone, Debug)]
pub struct ShownSection<'a> {
    /// Number in the plan, from zero.
    pub index: usize,
    /// The section.
    pub section: &'a Section,
    /// It began on an earlier page.
    pub continued: bool,
    /// Its activities that pass the filter, on every page.
    pub matched: usize,
    /// The rows.
    pub rows: Vec<RowView<'a>>,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct RowView<'a> {
    /// The activity.
    pub activity: &'a Activity,
    /// How it stands today.
    pub state: State,
    /// Its occurrence that matters today.
    pub nearest: Option<Occurrence>,
}

/// A removable mark of something asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// In words: «Месяц: апрель 2021».
    pub label: String,
    /// The filter without it.
    pub without: Filter,
}

/// Which columns the table needs: those any activity fills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// №.
    pub number: bool,
    /// Ответственные.
    pub responsible: bool,
    /// Результат.
    pub outcome: bool,
    /// Целевая группа.
    pub target_group: bool,
}

impl Columns {
    fn of(order: &Order) -> Self {
        let Some(plan) = order.plans.first() else { return Self::default() };
        let any =
            |column, filled: fn(&Activity) -> bool| plan.has_column(column) || plan.activities().any(filled);
        Self {
            number: any(Column::Number, |a| a.number.is_some()),
            responsible: any(Column::Responsible, |a| !a.responsible.is_empty()),
            outcome: any(Column::Outcome, |a| a.outcome.is_some()),
            target_group: any(Column::TargetGroup, |a| a.target_group.is_some()),
        }
    }
}

/// The order's first plan narrowed by a filter: one page of its rows, counted from one, or with `None` all of them.
/// A page past the end is the last one.
pub fn plan_view<'a>(order: &'a Order, filter: &Filter, page: Option<usize>, today: Date) -> PlanView<'a> {
    let agenda = agenda(order, today);
    let Narrowed { kept, facets } = narrow(&agenda, filter);
    let rows_per_page = if page.is_some() { ROWS_PER_PAGE } else { kept.len().max(1) };
    let pages = kept.len().div_ceil(rows_per_page).max(1);
    let page = page.unwrap_or(1).clamp(1, pages);
    let skipped = (page - 1) * rows_per_page;
    let on_page = skipped..(skipped + rows_per_page).min(kept.len());
    let bodies = order.plans.first().map_or(&[][..], |plan| &plan.sections);
    let mut sections = Vec::with_capacity(bodies.len());
    let mut shown = Vec::new();
    let mut start = 0;
    for (index, section) in bodies.iter().enumerate() {
        let item = |at: &usize| agenda.items.get(*at);
        let matched =
            kept.iter().skip(start).map_while(item).take_while(|item| item.section == index).count();
        sections.push(SectionSummary { index, section, matched, page: start / rows_per_page + 1 });
        let visible = start.max(on_page.start)..(start + matched).min(on_page.end);
        if !visible.is_empty() {
            let continued = visible.start > start;
            let rows = kept.get(visible).unwrap_or_default().iter().filter_map(item);
            let rows = rows.map(|item| row(item, today)).collect();
            shown.push(ShownSection { index, section, continued, matched, rows });
        }
        start += matched;
    }
    let marks = marks(filter, &Labels::of(&agenda));
    let (total, matched, columns) = (agenda.items.len(), kept.len(), Columns::of(order));
    PlanView { sections, shown, total, matched, facets, marks, page, pages, skipped, columns }
}

fn row<'a>(item: &Item<'a>, today: Date) -> RowView<'a> {
    RowView { activity: item.activity, state: item.state, nearest: item.nearest(today) }
}

/// A mark for each value asked for.
pub(crate) fn marks(filter: &Filter, labels: &Labels) -> Vec<Mark> {
    let mut marks = Vec::new();
    if !filter.text.is_empty() {
        marks.push(Mark { label: format!("Слова: {}", filter.text), without: filter.without_text() });
    }
    for name in FacetName::ALL {
        for value in filter.chosen(name) {
            let label = format!("{}: {}", name.russian(), labels.of_value(name, &value));
            marks.push(Mark { label, without: filter.without(name, &value) });
        }
    }
    marks
}

/// An activity with its neighbours in the order of the plan.
#[derive(Clone, Debug)]
pub struct Neighbourhood<'a> {
    /// Number of its section in the plan, from zero.
    pub section_index: usize,
    /// Its section.
    pub section: &'a Section,
    /// The activity.
    pub activity: &'a Activity,
    /// The one before it in the plan.
    pub previous: Option<&'a Activity>,
    /// The one after it in the plan.
    pub next: Option<&'a Activity>,
    /// Its place in the plan, from one.
    pub position: usize,
}

/// Finds an activity of the order's first plan.
pub fn neighbourhood(order: &Order, key: ActivityKey) -> Option<Neighbourhood<'_>> {
    let plan = order.plans.first()?;
    let all: Vec<(usize, &Section, &Activity)> = plan
        .sections
        .iter()
        .enumerate()
        .flat_map(|(index, section)| {
            section.activities.iter().map(move |activity| (index, section, activity))
        })
        .collect();
    let at = all.iter().position(|(.., activity)| activity.key == key)?;
    let (section_index, section, activity) = *all.get(at)?;
    let beside = |at: Option<usize>| at.and_then(|at| all.get(at)).map(|(.., activity)| *activity);
    Some(Neighbourhood {
        section_index,
        section,
        activity,
        previous: beside(at.checked_sub(1)),
        next: beside(Some(at + 1)),
        position: at + 1,
    })
}
