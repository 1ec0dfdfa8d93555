//! Is a school made responsible that the document does not list?

use std::collections::BTreeSet;

use opora_cycle::vocabulary::Column;
use opora_neutral::Level;

use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::{list, name};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "P103",
    name: "outside-participants",
    title: "Отвечает школа не из списка участников",
    level: Level::Warning,
    family: Family::Participants,
    manual: include_str!("outside_participants.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let participants = &view.order.participants;
    let known: BTreeSet<u32> = participants
        .schools
        .iter()
        .chain(&participants.curator_schools)
        .filter_map(|school| school.number)
        .collect();
    // Without a list of participants by number there is nothing to compare with.
    if !participants.schools.iter().any(|school| school.number.is_some()) {
        return Vec::new();
    }
    let mut drafts = Vec::new();
    for row in &view.rows {
        let named = row.activity.responsible.iter().flat_map(|party| &party.schools);
        let strangers: BTreeSet<u32> =
            named.filter_map(|school| school.number).filter(|number| !known.contains(number)).collect();
        if strangers.is_empty() {
            continue;
        }
        let strangers: Vec<String> = strangers.iter().map(|number| format!("№ {number}")).collect();
        let what = format!(
            "За мероприятие {} отвечает школа, которой нет среди участников и кураторов: {}.",
            name(row.activity),
            list(&strangers, 8)
        );
        let why = "Школа вне списка не получит приказа и не узнает о поручении.";
        let mend = "Исправьте номер школы или добавьте её в список участников.";
        drafts.push(Draft::new(row.field(Column::Responsible), what, why, mend));
    }
    drafts
}
