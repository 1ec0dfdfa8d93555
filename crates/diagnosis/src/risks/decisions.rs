//! What did a person decide about a factor, beside what was computed?

use jiff::civil::Date;

use super::{FactorState, Profile, Significance};
use crate::{Problem, factor_path};

/// A decision of a person about one factor. Decisions are appended; the last one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The factor.
    pub factor: String,
    /// What was set; nothing takes an earlier decision back.
    pub significance: Option<Significance>,
    /// Why.
    pub reason: String,
    /// Account number of the person.
    pub by: i64,
    /// The day.
    pub on: Date,
    /// What was computed when it was decided.
    pub computed: Significance,
}

/// Fewest characters of a reason: a word is no reason.
const REASON_LENGTH_MIN: usize = 10;

/// A decision that may be appended, or why it may not. The field of the problem is the path of the factor.
pub fn decide(
    profile: &Profile,
    factor: &str,
    significance: Option<Significance>,
    reason: &str,
    by: i64,
    on: Date,
) -> Result<Decision, Problem> {
    let refuse = |what: &str, why: &str, mend: &str| Err(Problem::new(&factor_path(factor), what, why, mend));
    let Some(state) = profile.factor(factor) else {
        let why = "Возможно, словарь факторов изменился.";
        return refuse("Такого фактора в профиле нет.", why, "Обновите страницу.");
    };
    if significance == Some(Significance::Unknown) {
        let why = "Решение человека должно быть решением.";
        return refuse("«Нет данных» решить нельзя.", why, "Выберите значимость или отмените своё решение.");
    }
    if significance.is_none() && state.decided.is_none() {
        return refuse("Отменять нечего.", "Действует рассчитанная значимость.", "Ничего делать не нужно.");
    }
    let reason = reason.trim();
    if reason.chars().count() < REASON_LENGTH_MIN {
        let why = "Куратор и муниципалитет увидят её рядом с расчётом.";
        return refuse("Нет причины решения.", why, "Напишите одним предложением, почему решено так.");
    }
    Ok(Decision {
        factor: factor.to_owned(),
        significance,
        reason: reason.to_owned(),
        by,
        on,
        computed: state.computed,
    })
}

impl FactorState {
    /// What to tell beside a decision: how it differs from what is computed, and whether the data moved since.
    pub fn decision_note(&self) -> Option<String> {
        let decision = self.decided.as_ref()?;
        let set = decision.significance?;
        let computed = format!("По данным: {}. Решено: {}.", self.computed.name(), set.name());
        if decision.computed == self.computed {
            return Some(format!("{computed} Причина: {}", decision.reason));
        }
        Some(format!(
            "{computed} Причина: {} Когда решали, расчёт давал «{}»: проверьте, верно ли решение теперь.",
            decision.reason,
            decision.computed.name()
        ))
    }
}
