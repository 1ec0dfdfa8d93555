//! Does an activity have nobody who answers for it?

use opora_cycle::vocabulary::{Activity, Column};
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::rules::missing::{self, Field};
use crate::view::View;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "R101",
    name: "missing-responsible",
    title: "Ответственный не указан",
    level: Level::Warning,
    family: Family::Responsible,
    manual: include_str!("missing_responsible.md"),
    silences: &["R102"],
    run: Run::Order(find),
};

const FIELD: Field = Field {
    column: Column::Responsible,
    is_missing,
    lacking: "не указан ответственный",
    of_column: "столбца с ответственными",
    why: "Мероприятие, за которое никто не отвечает, обычно не выполняется.",
    mend: "Впишите должность и фамилию того, кто отчитается за мероприятие.",
    mend_plan: "Добавьте столбец «Ответственный» или проверьте, что он верно распознан.",
};

fn is_missing(activity: &Activity) -> bool {
    activity.responsible.iter().all(|party| !party.text.chars().any(char::is_alphanumeric))
}

fn find(view: &View<'_>) -> Vec<Draft> {
    missing::find(view, &FIELD)
}
