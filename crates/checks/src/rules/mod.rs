//! Which rules are there?
//!
//! Adding a rule: a file and its manual page in the folder of the family, a `mod` line there, and a line in [`RULES`].

mod act;
mod cycle;
mod deadlines;
mod indicators;
mod missing;
mod numbering;
mod outcomes;
mod participants;
mod responsible;
mod suppressions;
mod titles;

use crate::rule::Rule;

/// All rules, by code within a family. Codes are never reused: a rule that goes leaves a gap.
static RULES: &[Rule] = &[
    act::no_number_or_date::RULE,
    act::cited_act_later::RULE,
    act::control_not_assigned::RULE,
    act::title_period_mismatch::RULE,
    deadlines::reversed_interval::RULE,
    deadlines::outside_section_year::RULE,
    deadlines::outside_plan_period::RULE,
    deadlines::stale_year::RULE,
    deadlines::before_act::RULE,
    deadlines::plan_year_mismatch::RULE,
    deadlines::missing_deadline::RULE,
    deadlines::unverifiable_deadline::RULE,
    deadlines::unrecognised_deadline::RULE,
    deadlines::deadline_without_year::RULE,
    deadlines::contradictory_deadlines::RULE,
    deadlines::day_off::RULE,
    deadlines::review_before_work::RULE,
    deadlines::conflicting_frequencies::RULE,
    responsible::missing_responsible::RULE,
    responsible::nobody_by_name::RULE,
    numbering::duplicate_number::RULE,
    numbering::number_gap::RULE,
    numbering::foreign_number::RULE,
    numbering::number_absent::RULE,
    titles::duplicate_activity::RULE,
    titles::empty_title::RULE,
    outcomes::missing_outcome::RULE,
    outcomes::copied_outcome::RULE,
    outcomes::unverifiable_outcome::RULE,
    participants::participants_differ::RULE,
    participants::curators_differ::RULE,
    participants::outside_participants::RULE,
    indicators::observed_as_threshold::RULE,
    indicators::windows_differ::RULE,
    cycle::component_missing::RULE,
    suppressions::unused_suppression::RULE,
    suppressions::suppression_without_reason::RULE,
];

/// All rules, in the order of the manual.
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of a code, in any case.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code.trim()))
}
