//! What changed between two profiles, and how does a profile look as a picture?

use super::{FactorState, Profile, Significance};

/// What changed in one factor, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The factor.
    pub factor: String,
    /// What it was; nothing when the factor was not there.
    pub before: Option<Significance>,
    /// What it is; nothing when the factor is not there any more.
    pub after: Option<Significance>,
    /// In Russian.
    pub text: String,
}

/// What changed from one profile to a later one, in the order of the later one; factors that are gone stand last.
pub fn compare_profiles(old: &Profile, new: &Profile) -> Vec<Change> {
    let mut changes: Vec<Change> =
        new.factors.iter().filter_map(|state| changed(old.factor(&state.factor), state)).collect();
    let gone = old.factors.iter().filter(|state| new.factor(&state.factor).is_none());
    changes.extend(gone.map(|state| Change {
        factor: state.factor.clone(),
        before: Some(state.significance()),
        after: None,
        text: format!("{}: фактора больше нет в словаре, был – {}.", state.name, state.significance().name()),
    }));
    changes
}

fn changed(old: Option<&FactorState>, new: &FactorState) -> Option<Change> {
    let after = new.significance();
    let change = |before, text| Some(Change { factor: new.factor.clone(), before, after: Some(after), text });
    let Some(old) = old else {
        return change(None, format!("{}: новый фактор, значимость – {}.", new.name, after.name()));
    };
    let before = old.significance();
    let told: Vec<&str> = old.reasons.iter().map(|reason| reason.text.as_str()).collect();
    let mut fresh: Vec<String> = new
        .reasons
        .iter()
        .filter(|reason| !told.contains(&reason.text.as_str()))
        .map(|reason| reason.text.clone())
        .collect();
    if new.decided != old.decided {
        fresh.insert(0, decided(new));
    }
    let left = |reason: &&super::Reason| !new.reasons.iter().any(|found| found.rule == reason.rule);
    fresh.extend(old.reasons.iter().filter(left).map(|reason| format!("Больше нет данных: {}", reason.text)));
    if before == after && fresh.is_empty() {
        return None;
    }
    let moved = if before == after {
        format!("{}: значимость прежняя – {}.", new.name, after.name())
    } else {
        format!("{}: было – {}, стало – {}.", new.name, before.name(), after.name())
    };
    change(Some(before), [vec![moved], fresh].concat().join(" "))
}

fn decided(state: &FactorState) -> String {
    match &state.decided {
        Some(decision) => format!("Решение человека: {}", decision.reason),
        None => "Решение человека отменено, действует расчёт.".to_owned(),
    }
}

/// One bar of the picture of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The factor.
    pub factor: String,
    /// Name for the picture.
    pub short: String,
    /// 0 not found, 1 low, 2 medium, 3 high; nothing when not known.
    pub level: Option<u8>,
    /// The same as computed, where a person decided otherwise.
    pub computed: Option<u8>,
    /// The level in words, so that the picture has a text beside it.
    pub words: String,
}

/// The values of a picture of a profile: one bar a factor, in the order of the dictionary.
pub fn chart(profile: &Profile) -> Vec<Bar> {
    let bar = |state: &FactorState| Bar {
        factor: state.factor.clone(),
        short: state.short.clone(),
        level: level(state.significance()),
        computed: level(state.computed),
        words: match &state.decided {
            Some(_) => format!("{}, решение человека", state.significance().name()),
            None => state.significance().name().to_owned(),
        },
    };
    profile.factors.iter().map(bar).collect()
}

fn level(significance: Significance) -> Option<u8> {
    match significance {
        Significance::Unknown => None,
        Significance::None => Some(0),
        Significance::Low => Some(1),
        Significance::Medium => Some(2),
        Significance::High => Some(3),
    }
}
