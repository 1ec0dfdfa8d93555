//! Does an activity have no deadline at all?

use opora_cycle::vocabulary::{Activity, Column};
use opora_neutral::Level;
use opora_schedule::Kind;

use crate::rule::{Draft, Family, Rule, Run};
use crate::rules::missing::{self, Field};
use crate::view::View;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "D107",
    name: "missing-deadline",
    title: "Срок не указан",
    level: Level::Warning,
    family: Family::Deadlines,
    manual: include_str!("missing_deadline.md"),
    silences: &[],
    run: Run::Order(find),
};

const FIELD: Field = Field {
    column: Column::Schedule,
    is_missing,
    lacking: "не указан срок",
    of_column: "столбца со сроками",
    why: "Без срока нельзя ни напомнить исполнителю, ни понять, выполнено ли мероприятие вовремя.",
    mend: "Впишите день, месяц или частоту.",
    mend_plan: "Добавьте столбец «Срок» или проверьте, что он верно распознан.",
};

fn is_missing(activity: &Activity) -> bool {
    activity.schedule.parts.iter().all(|part| part.kind == Kind::Missing)
}

fn find(view: &View<'_>) -> Vec<Draft> {
    missing::find(view, &FIELD)
}
