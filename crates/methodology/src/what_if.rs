//! What would a methodology say with another number?

use crate::reading::value_fits;
use crate::{Pack, read_exact};

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
    let change = Change { number: found.id.clone(), from: found.text.clone(), to: value.trim().to_owned() };
    found.value = exact;
    found.text.clone_from(&change.to);
    moved.changes.retain(|earlier| earlier.number != change.number);
    if pack.number(number).is_some_and(|before| before.value != exact) {
        moved.changes.push(change);
    }
    Ok(moved)
}
