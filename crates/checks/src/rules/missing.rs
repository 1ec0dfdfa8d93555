//! What is said where a field has no value: row by row, or once for the plan?

use opora_cycle::vocabulary::{Activity, Column};

use crate::finding::Subject;
use crate::rule::Draft;
use crate::view::{Row, View};
use crate::wording::{count, label, list, name};

/// From how many empty rows on a plan that lacks the field in most rows gets one finding instead of many.
const MANY_ROWS: usize = 5;

/// A field that a row may lack, and the words for it.
pub(crate) struct Field {
    /// The column.
    pub column: Column,
    /// The activity lacks it.
    pub is_missing: fn(&Activity) -> bool,
    /// «не указан срок».
    pub lacking: &'static str,
    /// «столбца со сроками».
    pub of_column: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do for one row.
    pub mend: &'static str,
    /// What to do for the plan.
    pub mend_plan: &'static str,
}

/// Findings about a field: a note for a plan without such a column, one finding for a plan that lacks it in most
/// rows, else one for each row that lacks it.
pub(crate) fn find(view: &View<'_>, field: &Field) -> Vec<Draft> {
    (0..view.order.plans.len()).flat_map(|plan| find_in_plan(view, plan, field)).collect()
}

fn find_in_plan(view: &View<'_>, plan: usize, field: &Field) -> Vec<Draft> {
    let rows = view.rows_of(plan);
    let lacking: Vec<&Row<'_>> = rows.iter().filter(|row| (field.is_missing)(row.activity)).collect();
    if lacking.is_empty() {
        return Vec::new();
    }
    let Field { lacking: words, why, mend, mend_plan, .. } = *field;
    let columns = view.order.plans.get(plan).map(|plan| plan.columns.as_slice()).unwrap_or_default();
    let has_column = columns.is_empty() || columns.contains(&field.column) || lacking.len() < rows.len();
    if !has_column {
        let what = format!("В таблице плана нет {}.", field.of_column);
        return vec![Draft::new(Subject::Plan(plan), what, why, mend_plan).into_note()];
    }
    if lacking.len() >= MANY_ROWS && lacking.len() * 2 > rows.len() {
        let labels: Vec<String> = lacking.iter().map(|row| label(row.activity)).collect();
        let what = format!(
            "У {} из {} {words}: {}.",
            lacking.len(),
            count(rows.len(), "мероприятия", "мероприятий", "мероприятий"),
            list(&labels, 8)
        );
        return vec![Draft::new(Subject::Plan(plan), what, why, mend_plan)];
    }
    let draft = |row: &Row<'_>| {
        let what = format!("У мероприятия {} {words}.", name(row.activity));
        Draft::new(row.field(field.column), what, why, mend)
    };
    lacking.into_iter().map(draft).collect()
}
