//! Are the schools of the curators listed differently in two places?

use opora_cycle::vocabulary::MentionRole;
use opora_neutral::Level;

use super::differing;
use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::count;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "P102",
    name: "curators-differ",
    title: "Школы-кураторы перечислены по-разному",
    level: Level::Warning,
    family: Family::Participants,
    manual: include_str!("curators_differ.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let draft = |differing: super::Differing| {
        let mut what = format!(
            "Список школ-кураторов здесь не такой, как в {}.",
            count(
                differing.places,
                "другом месте документа",
                "других местах документа",
                "других местах документа"
            )
        );
        differing.tell_schools(&mut what);
        let why = "Куратор, названный один раз, не знает, что он куратор, а школа — что куратор у неё есть.";
        let mend = "Сверьте список кураторов с приказом о закреплении и исправьте то место, где ошибка.";
        Draft::new(Subject::Mention(differing.mention), what, why, mend)
    };
    differing(view, MentionRole::Curator).into_iter().map(draft).collect()
}
