//! Can every category be reached, and is every part of a pack used?

use opora_cells::{Dictionary, Scales};

use crate::verdict::decide;
use crate::{
    AtLeast, Atom, CategoryRole, Compare, CriterionIndex, Exact, NumberIndex, Pack, Question, Rule, Standing,
    Truth,
};

/// All answers of so many criteria are tried; a pack whose rules ask more is refused.
const ASKED_MAX: usize = 16;

/// Tells, by place, what can never happen or is never used: `tell(place, what, mend)`.
pub(crate) fn check(
    pack: &Pack,
    scales: &Scales,
    dictionary: &Dictionary,
    tell: &mut dyn FnMut(&str, &str, &str),
) {
    unused(pack, tell);
    histories(pack, tell);
    missing_scales(pack, scales, dictionary, tell);
    let asked = asked(pack);
    if asked.len() > ASKED_MAX {
        let what = format!("Правила спрашивают {} критериев, а проверить можно {ASKED_MAX}.", asked.len());
        tell("category", &what, "Объедините критерии или сделайте часть из них портретом.");
        return;
    }
    unreachable(pack, &asked, tell);
}

/// Criteria that categories, tiers and the exit rule ask, directly or through conditions and histories.
fn asked(pack: &Pack) -> Vec<CriterionIndex> {
    let mut open: Vec<Atom> = pack
        .categories
        .iter()
        .filter_map(|category| match &category.role {
            CategoryRole::When(rule) => Some(rule),
            _ => None,
        })
        .chain(pack.tiers.iter().filter_map(|tier| tier.when.as_ref()))
        .chain(pack.exit.iter().map(|exit| &exit.when))
        .flat_map(Rule::atoms)
        .collect();
    let (mut criteria, mut seen) = (Vec::new(), Vec::new());
    while let Some(atom) = open.pop() {
        if seen.contains(&atom) {
            continue;
        }
        seen.push(atom);
        match atom {
            Atom::Criterion(index) => criteria.push(index),
            Atom::Condition(at) => open.extend(pack.conditions.get(at).iter().flat_map(|c| c.rule.atoms())),
        }
    }
    criteria.sort_unstable();
    criteria
}

fn unreachable(pack: &Pack, asked: &[CriterionIndex], tell: &mut dyn FnMut(&str, &str, &str)) {
    let implied: Vec<(usize, usize)> = pairs(asked.len())
        .filter(|(a, b)| match (asked.get(*a), asked.get(*b)) {
            (Some(a), Some(b)) => implies(pack, &pack[*a].question, &pack[*b].question),
            _ => false,
        })
        .collect();
    let mut categories = vec![false; pack.categories.len()];
    let mut tiers = vec![false; pack.tiers.len()];
    for answers in 0_u32..1 << asked.len() {
        let yes = |at: usize| answers >> at & 1 == 1;
        if implied.iter().any(|(a, b)| yes(*a) && !yes(*b)) {
            continue;
        }
        let criterion = |index: CriterionIndex| {
            Truth::of(asked.iter().position(|other| *other == index).is_some_and(yes))
        };
        let mut conditions: Vec<Truth> = Vec::new();
        for condition in &pack.conditions {
            let truth = condition.rule.truth(pack, &|atom| lookup(atom, &criterion, &conditions));
            conditions.push(truth);
        }
        let atoms = |atom| lookup(atom, &criterion, &conditions);
        let (category, _) = decide(pack, Standing::Out, &atoms);
        if let Some(reached) = categories.get_mut(usize::from(category.0)) {
            *reached = true;
        }
        if pack[category].identified || pack.exit.is_some() {
            let first = pack.tiers.iter().position(|tier| {
                tier.when.as_ref().is_none_or(|rule| rule.truth(pack, &atoms) == Truth::Yes)
            });
            if let Some(reached) = first.and_then(|at| tiers.get_mut(at)) {
                *reached = true;
            }
        }
    }
    for (category, _) in pack.categories.iter().zip(&categories).filter(|(category, reached)| {
        let kept = pack.exit.as_ref().is_some_and(|exit| pack[exit.keeps].id == category.id);
        !**reached && !kept && category.role != CategoryRole::Insufficient
    }) {
        let what = format!("Категория «{}» недостижима: раньше неё всегда подходит другая.", category.name);
        tell(&format!("category {}", category.id), &what, "Поставьте её выше или измените её правило.");
    }
    for (tier, _) in pack.tiers.iter().zip(&tiers).filter(|(_, reached)| !**reached) {
        let what = format!("Уровень «{}» недостижим: раньше него всегда подходит другой.", tier.name);
        tell(&format!("tier {}", tier.id), &what, "Поставьте его выше или измените его правило.");
    }
}

fn pairs(length: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..length).flat_map(move |a| (0..length).map(move |b| (a, b))).filter(|(a, b)| a != b)
}

fn lookup(atom: Atom, criterion: &impl Fn(CriterionIndex) -> Truth, conditions: &[Truth]) -> Truth {
    match atom {
        Atom::Criterion(index) => criterion(index),
        Atom::Condition(at) => conditions.get(at).copied().unwrap_or(Truth::Unknown),
    }
}

/// A yes to the first question is always a yes to the second: the same question with a harder number.
fn implies(pack: &Pack, first: &Question, second: &Question) -> bool {
    let value = |number: NumberIndex| pack[number].value;
    let harder = |compare: Compare, a: Exact, b: Exact| match compare {
        Compare::AtLeast | Compare::More => a >= b,
        Compare::AtMost | Compare::Less => a <= b,
    };
    match (first, second) {
        (
            Question::Procedures {
                set, measure, compare, threshold, at_least, participants_min, span, ..
            },
            Question::Procedures {
                set: set2,
                measure: measure2,
                compare: compare2,
                threshold: threshold2,
                at_least: at_least2,
                participants_min: participants_min2,
                span: span2,
                ..
            },
        ) => {
            let as_many = match (at_least, at_least2) {
                (AtLeast::Number(a), AtLeast::Number(b)) => value(*a) >= value(*b),
                (a, b) => a == b,
            };
            (set, measure, compare, participants_min, span)
                == (set2, measure2, compare2, participants_min2, span2)
                && as_many
                && harder(*compare, value(*threshold), value(*threshold2))
        }
        (
            Question::Indicator { indicator, compare, threshold, years, .. },
            Question::Indicator {
                indicator: indicator2,
                compare: compare2,
                threshold: threshold2,
                years: years2,
                ..
            },
        ) => {
            (indicator, compare, years) == (indicator2, compare2, years2)
                && harder(*compare, value(*threshold), value(*threshold2))
        }
        (
            Question::Index { index, compare, threshold },
            Question::Index { index: index2, compare: compare2, threshold: threshold2 },
        ) => {
            (index, compare) == (index2, compare2) && harder(*compare, value(*threshold), value(*threshold2))
        }
        (
            Question::Markers { at_least, of, span },
            Question::Markers { at_least: at_least2, of: of2, span: span2 },
        ) => (of, span) == (of2, span2) && value(*at_least) >= value(*at_least2),
        (
            Question::History { of, years, at_least },
            Question::History { of: of2, years: years2, at_least: at_least2 },
        ) => of == of2 && value(*years) <= value(*years2) && value(*at_least) >= value(*at_least2),
        _ => false,
    }
}

fn unused(pack: &Pack, tell: &mut dyn FnMut(&str, &str, &str)) {
    for number in pack.numbers.iter().filter(|number| number.uses.is_empty()) {
        let what = format!("Число «{}» нигде не используется.", number.id);
        tell(&format!("numbers {}", number.id), &what, "Уберите его или назовите в критерии.");
    }
    for (set, at) in pack.sets.iter().zip(0_u16..) {
        let used = pack.criteria.iter().any(|criterion| match criterion.question {
            Question::Procedures { set, .. }
            | Question::SameProcedure { set, .. }
            | Question::BelowReference { set, .. }
            | Question::LowestOfPool { set, .. }
            | Question::Portrait { set, .. } => set.0 == at,
            _ => false,
        });
        if !used {
            let what = format!("Набор процедур «{}» нигде не используется.", set.id);
            tell(&format!("procedures {}", set.id), &what, "Уберите его или назовите в критерии.");
        }
    }
    for (index, at) in pack.indices.iter().zip(0..) {
        let used = |question: &Question| matches!(question, Question::Index { index, .. } if *index == at);
        if !pack.criteria.iter().any(|criterion| used(&criterion.question)) {
            let what = format!("Индекс «{}» нигде не используется.", index.id);
            tell(&format!("index {}", index.id), &what, "Уберите его или спросите о нём в критерии.");
        }
    }
}

/// A history asks about something that asks for no history itself.
fn histories(pack: &Pack, tell: &mut dyn FnMut(&str, &str, &str)) {
    for criterion in &pack.criteria {
        let Question::History { of, years, at_least } = criterion.question else { continue };
        let place = format!("criterion {}", criterion.id);
        if asks_history(pack, of, 0) {
            let what = "История спрашивает о другой истории или о портрете.";
            tell(&place, what, "Назовите в поле of критерий или условие без истории.");
        }
        if pack[at_least].count() > pack[years].count() {
            let what = "Лет требуется больше, чем рассматривается.";
            tell(&place, what, "Увеличьте years или уменьшите at_least.");
        }
    }
}

fn asks_history(pack: &Pack, atom: Atom, depth: usize) -> bool {
    match atom {
        Atom::Criterion(index) => {
            matches!(pack[index].question, Question::History { .. } | Question::Portrait { .. })
        }
        // Conditions ask earlier ones only, so this ends; the depth guards a pack that is wrong otherwise.
        Atom::Condition(at) => {
            depth > pack.conditions.len()
                || pack.conditions.get(at).is_some_and(|condition| {
                    condition.rule.atoms().into_iter().any(|atom| asks_history(pack, atom, depth + 1))
                })
        }
    }
}

fn missing_scales(
    pack: &Pack,
    scales: &Scales,
    dictionary: &Dictionary,
    tell: &mut dyn FnMut(&str, &str, &str),
) {
    for set in &pack.sets {
        let Some((first, last)) = set.scale_years else { continue };
        let place = format!("procedures {}", set.id);
        let Some(procedures) = set.exact() else {
            let what = "Шкалы проверяются только для названных процедур.";
            tell(&place, what, "Перечислите процедуры в поле of или уберите scale_years.");
            continue;
        };
        for procedure in procedures {
            for year in (first..=last).filter(|year| scales.of(procedure, *year).is_none()) {
                let what =
                    format!("SCALE_MISSING: нет шкалы {} за {year} год.", dictionary.procedure_id(procedure));
                tell(&place, &what, "Добавьте шкалу в packs/scales или уберите год из scale_years.");
            }
        }
    }
}
