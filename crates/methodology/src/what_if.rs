//! What would a methodology say with another number?

use crate::reading::value_fits;
use crate::{CategoryRole, Exact, Number, Pack, Rule, read_exact};

/// A number that was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Name of the number in the pack.
    pub number: String,
    /// How the pack wrote it.
    pub from: String,
    /// How it is written now.
    pub to: String,
}

/// The pack with one number moved: `what_if(&pack, "low_share", "25 %")`. Refuses, in Russian, a name the pack does
/// not have and a value its criteria can't use.
pub fn what_if(pack: &Pack, number: &str, value: &str) -> Result<Pack, String> {
    let known = || pack.numbers.iter().map(|number| number.id.as_str()).collect::<Vec<_>>().join(", ");
    let mut moved = pack.clone();
    let Some(found) = moved.numbers.iter_mut().find(|found| found.id == number) else {
        return Err(format!("В методике нет числа «{number}». Есть: {}.", known()));
    };
    let Some(exact) = read_exact(value) else {
        return Err(format!("«{value}» не читается как число. Пишите так: «25 %», «1/4», «0,25», «5»."));
    };
    if let Some(wrong) = found.uses.iter().find_map(|usage| value_fits(exact, *usage).err()) {
        return Err(format!("Значение «{value}» не подходит для числа «{}»: {wrong}", found.name));
    }
    let (index, needed) = (number_index(pack, number), found.value_count(exact));
    if let Some(parts) = rules(pack).into_iter().filter_map(|rule| shortest(rule, index)).min()
        && needed > parts as u64
    {
        return Err(format!(
            "Значение «{value}» не подходит для числа «{}»: признаков, из которых выбирают, всего {parts}.",
            found.name
        ));
    }
    // A number may be moved again: what it is moved from is what the pack says.
    let before = pack.changes.iter().find(|earlier| earlier.number == number);
    let from = before.map_or_else(|| found.text.clone(), |earlier| earlier.from.clone());
    let change = Change { number: found.id.clone(), from, to: value.trim().to_owned() };
    found.value = exact;
    found.text.clone_from(&change.to);
    moved.changes.retain(|earlier| earlier.number != change.number);
    if read_exact(&change.from) != Some(exact) {
        moved.changes.push(change);
    }
    Ok(moved)
}

impl Number {
    /// How many a new value would ask for; zero for what is no whole number.
    fn value_count(&self, value: Exact) -> u64 {
        Self { value, ..self.clone() }.count()
    }
}

fn number_index(pack: &Pack, id: &str) -> usize {
    pack.numbers.iter().position(|number| number.id == id).unwrap_or(usize::MAX)
}

/// All rules of a pack.
fn rules(pack: &Pack) -> Vec<&Rule> {
    let categories = pack.categories.iter().filter_map(|category| match &category.role {
        CategoryRole::When(rule) => Some(rule),
        _ => None,
    });
    let tiers = pack.tiers.iter().filter_map(|tier| tier.when.as_ref());
    let exit = pack.exit.iter().map(|exit| &exit.when);
    pack.conditions
        .iter()
        .map(|condition| &condition.rule)
        .chain(categories)
        .chain(tiers)
        .chain(exit)
        .collect()
}

/// The shortest list of which this number of parts is asked.
fn shortest(rule: &Rule, number: usize) -> Option<usize> {
    match rule {
        Rule::Is(_) => None,
        Rule::Not(rule) => shortest(rule, number),
        Rule::All(rules) | Rule::Any(rules) => rules.iter().filter_map(|rule| shortest(rule, number)).min(),
        Rule::AtLeast(asked, rules) => {
            let own = (usize::from(asked.0) == number).then_some(rules.len());
            own.into_iter().chain(rules.iter().filter_map(|rule| shortest(rule, number))).min()
        }
    }
}
