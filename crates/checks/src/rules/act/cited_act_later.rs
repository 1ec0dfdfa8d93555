//! Does the act refer to an act signed after it?

use opora_neutral::Level;

use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::{day, quote};

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "A102",
    name: "cited-act-later",
    title: "Приказ ссылается на документ из будущего",
    level: Level::Error,
    family: Family::Act,
    manual: include_str!("cited_act_later.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let act = &view.order.act;
    let Some(signed) = act.date else { return Vec::new() };
    let later = act.cited.iter().enumerate().filter_map(|(index, cited)| {
        let date = cited.date.filter(|date| *date > signed)?;
        let what = format!(
            "Приказ подписан {}, а ссылается на документ от {}: {}.",
            day(signed),
            day(date),
            quote(&cited.text)
        );
        let why = "Документа с такой датой в день подписания ещё не было: ссылку нельзя проверить.";
        let mend = "Сверьте дату документа, на который ссылается приказ, и дату самого приказа.";
        Some(Draft::new(Subject::CitedAct(index), what, why, mend))
    });
    later.collect()
}
