//! How is it told what became of a file?

use maud::{Markup, html};

use crate::web::assets::icon;
use crate::web::components::badge::{self, LevelCounts};
use crate::web::words;

/// A file that was handed in.
pub struct TakenIn {
    /// Its name.
    pub name: String,
    /// Its size in bytes; none where it did not arrive whole.
    pub size: Option<usize>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a file.
pub enum Outcome {
    /// Read and saved.
    Read {
        /// The plans found in it.
        plans: Vec<PlanLine>,
        /// What the reader found doubtful.
        doubts: LevelCounts,
    },
    /// The same bytes were taken in before.
    Known {
        /// The plans made of it then.
        plans: Vec<PlanLine>,
    },
    /// Nothing could be made of it.
    Refused {
        /// What happened.
        what: String,
        /// Why.
        why: String,
        /// What to do next.
        mend: String,
    },
}

/// A plan as a line of an outcome.
pub struct PlanLine {
    /// Number of the plan.
    pub id: i64,
    /// Title.
    pub title: String,
    /// Number of activities.
    pub activities: usize,
    /// What the checker found.
    pub findings: LevelCounts,
}

/// The outcome of a file as an item of a list.
pub fn line(taken: &TakenIn) -> Markup {
    let (class, picture, word) = match &taken.outcome {
        Outcome::Read { .. } => ("good", "circle-check", "Прочитан"),
        Outcome::Known { .. } => ("note", "info", "Уже загружен раньше"),
        Outcome::Refused { .. } => ("error", "circle-alert", "Не принят"),
    };
    html! {
        li class={ "outcome " (class) } {
            div.outcome-head {
                span class={ "badge " (class) } { (icon(picture)) (word) }
                span.outcome-name { (taken.name) }
                @if let Some(size) = taken.size { span.muted.small { (words::size(size)) } }
            }
            @match &taken.outcome {
                Outcome::Read { plans, doubts } => {
                    @for plan in plans { (plan_line(plan, true)) }
                    @if doubts.total() > 0 {
                        p.muted.small { "При чтении отмечено: " (badge::counts(*doubts)) }
                    }
                }
                Outcome::Known { plans } => { @for plan in plans { (plan_line(plan, false)) } }
                Outcome::Refused { what, why, mend } => {
                    p { strong { (what) } }
                    p { (why) " " (mend) }
                }
            }
        }
    }
}

fn plan_line(plan: &PlanLine, fresh: bool) -> Markup {
    html! {
        div.outcome-plan {
            div {
                a href={ "/plans/" (plan.id) } { (plan.title) }
                p.muted.small {
                    (words::count(plan.activities, words::ACTIVITIES)) " " (badge::counts(plan.findings))
                }
            }
            @if fresh {
                a.button.small href={ "/plans/" (plan.id) "/review" } { (icon("clipboard-check")) "Проверить прочитанное" }
            } @else {
                a.button.small href={ "/plans/" (plan.id) } { (icon("arrow-right")) "Открыть план" }
            }
        }
    }
}
