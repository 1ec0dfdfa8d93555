//! Are the schools that get support listed differently in two places?

use opora_cycle::vocabulary::MentionRole;
use opora_neutral::Level;

use super::differing;
use crate::finding::Subject;
use crate::rule::{Draft, Family, Rule, Run};
use crate::view::View;
use crate::wording::count;

/// The rule.
pub(crate) const RULE: Rule = Rule {
    code: "P101",
    name: "participants-differ",
    title: "Школы-участницы перечислены по-разному",
    level: Level::Warning,
    family: Family::Participants,
    manual: include_str!("participants_differ.md"),
    silences: &[],
    run: Run::Order(find),
};

fn find(view: &View<'_>) -> Vec<Draft> {
    let draft = |differing: super::Differing| {
        let mut what = format!(
            "Здесь {}, а в {} — {}.",
            count(differing.here.len(), "школа-участница", "школы-участницы", "школ-участниц"),
            count(
                differing.places,
                "другом месте документа",
                "других местах документа",
                "других местах документа"
            ),
            differing.usual.len()
        );
        differing.tell_schools(&mut what);
        let why = "Непонятно, какие школы обязаны выполнять план и кого ждать в отчёте.";
        let mend = "Сверьте списки и оставьте один состав участников.";
        Draft::new(Subject::Mention(differing.mention), what, why, mend)
    };
    differing(view, MentionRole::Supported).into_iter().map(draft).collect()
}
