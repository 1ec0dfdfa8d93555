//! Which activities of a municipal plan are addressed to a school, and why?

use std::collections::BTreeSet;

use opora_cycle::intake::parties;
use opora_cycle::text::{begins_with, fold, has_word, one_line, stems, words};
use opora_cycle::vocabulary::{Activity, ActivityKey, Party, PartyKind, Plan, SchoolKind, SchoolRef};

/// A school as the caller knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// Number, where it has one.
    pub number: Option<u32>,
    /// Kind, as far as it is known.
    pub kind: SchoolKind,
    /// Name: «МБОУ «Лесная СОШ»».
    pub name: String,
    /// It receives support by this plan.
    pub is_supported: bool,
    /// Its employees are curators or mentors.
    pub is_curator: bool,
}

/// An activity that is addressed to a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    /// Which.
    pub key: ActivityKey,
    /// By which words, at least one. The most certain stand first.
    pub reasons: Vec<AddressReason>,
}

/// By which words an activity is addressed to a school.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressReason {
    /// How the words mean the school.
    pub by: AddressedBy,
    /// The words, verbatim.
    pub text: String,
    /// A Russian sentence that tells it.
    pub sentence: String,
}

/// How words mean a school, the most certain first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressedBy {
    /// They name it.
    Name,
    /// They mean the schools that receive support.
    Supported,
    /// They mean the schools that send curators.
    Curators,
    /// They mean all schools.
    AllSchools,
    /// They name a post that every school has.
    Post,
}

/// The activities of a municipal plan that are addressed to a school, in the order of the plan: its number or name
/// stands among the responsible or in the target group, or words that mean all schools, the supported ones or a post
/// that every school has. Words behind «кроме» take a school out.
pub fn addressed(plan: &Plan, school: &School) -> Vec<Addressed> {
    let of = |activity: &Activity| {
        let reasons = reasons(activity, school);
        (!reasons.is_empty()).then_some(Addressed { key: activity.key, reasons })
    };
    plan.activities().filter_map(of).collect()
}

/// Why an activity is addressed to a school; empty where it is not.
pub fn reasons(activity: &Activity, school: &School) -> Vec<AddressReason> {
    let group = activity.target_group.as_deref().unwrap_or_default();
    let responsible = activity.responsible_text();
    if is_excepted(&responsible, school) || is_excepted(group, school) {
        return Vec::new();
    }
    let mut reasons = BTreeSet::new();
    let aimed = parties(before_exception(group));
    let sides = [("В ответственных", &activity.responsible), ("В целевой группе", &aimed)];
    for (place, parties) in sides {
        for party in parties {
            if let Some(by) = meant(party, school, place == "В целевой группе") {
                let text = one_line(&party.text);
                let sentence = format!("{place} – «{text}»: {}.", by.russian());
                reasons.insert(AddressReason { by, text, sentence });
            }
        }
    }
    // A target group of other schools limits who is meant by «руководители ОО» among the responsible.
    let named_others = aimed.iter().any(|party| !party.schools.is_empty())
        && !reasons.iter().any(|reason| reason.by == AddressedBy::Name);
    if named_others {
        return Vec::new();
    }
    reasons.into_iter().collect()
}

impl AddressedBy {
    /// In Russian, as the end of a sentence.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Name => "школа названа",
            Self::Supported => "это школы, получающие поддержку",
            Self::Curators => "это школы-кураторы",
            Self::AllSchools => "это все школы",
            Self::Post => "такая должность есть в каждой школе",
        }
    }
}

/// Stems by which schools are called when no number or name follows.
const SCHOOLS: [&str; 4] = ["школ", "лице", "гимнази", "общеобразоват"];
/// Abbreviations of schools.
const ABBREVIATIONS: [&str; 11] =
    ["оо", "оу", "сош", "оош", "нош", "моу", "мбоу", "маоу", "мкоу", "шнор", "шнсу"];
/// Stems of posts that a school has and an authority has not.
const POSTS: [&str; 7] = ["учител", "педагог", "завуч", "директор", "классн", "психолог", "логопед"];
/// Stems of words for curators and mentors.
const CURATORS: [&str; 4] = ["куратор", "наставник", "тьютор", "лидер"];
/// Stems of words for those who work in schools together.
const GROUPS: [&str; 6] = ["команд", "администрац", "коллектив", "совет", "объединен", "служб"];
/// Stems of bodies that are no school, unless the words speak of schools first.
const BODIES: [&str; 8] =
    ["управлен", "отдел", "комитет", "департамент", "министерств", "институт", "центр", "кабинет"];

/// How a party means a school, if it does.
fn meant(party: &Party, school: &School, is_target: bool) -> Option<AddressedBy> {
    let text = before_exception(&party.text);
    if !party.schools.is_empty() {
        return party.schools.iter().any(|named| is_named(named, school)).then_some(AddressedBy::Name);
    }
    // A person without a school belongs to the authority, for all that is known.
    if party.kind == PartyKind::Person {
        return None;
    }
    let folded = fold(text);
    let has = |list: &[&str]| words(&folded).any(|word| list.iter().any(|stem| begins_with(word, stem)));
    let schools = has(&SCHOOLS)
        || words(&folded).any(|word| ABBREVIATIONS.contains(&word))
        || has_word(&folded, "образовательн") && has(&["организац", "учрежден"]);
    // «руководители школ, комитет» without its comma: what is said first counts.
    let first =
        |list: &[&str]| words(&folded).position(|word| list.iter().any(|stem| begins_with(word, stem)));
    let before = |a: Option<usize>, b: Option<usize>| a.is_some_and(|a| b.is_none_or(|b| a < b));
    let is_school =
        |word: &str| SCHOOLS.iter().any(|stem| begins_with(word, stem)) || ABBREVIATIONS.contains(&word);
    let school_at = words(&folded).position(is_school);
    if before(first(&BODIES), school_at) && !(party.kind == PartyKind::Schools && schools) {
        return None;
    }
    if has(&CURATORS) && !before(first(&["участни", "шнор"]), first(&CURATORS)) {
        let curators = schools && is_called_curator(&folded);
        return (curators && school.is_curator).then_some(AddressedBy::Curators);
    }
    if is_about_supported(&folded, schools) {
        return school.is_supported.then_some(AddressedBy::Supported);
    }
    // «заместители руководителей по воспитательной работе» are those of schools: a body has one head.
    let people = has(&POSTS) || has(&["заместител"]) && has(&["руководителей"]);
    match party.kind {
        PartyKind::Schools => schools.then_some(AddressedBy::AllSchools),
        PartyKind::Body => (schools && has(&GROUPS)).then_some(AddressedBy::AllSchools),
        PartyKind::Role if schools => Some(AddressedBy::AllSchools),
        PartyKind::Role if people => Some(AddressedBy::Post),
        PartyKind::Role => None,
        // A target group may be «обучающиеся 9 классов».
        PartyKind::Person => None,
    }
    .or_else(|| {
        let pupils = has(&["обучающ", "ученик", "учащ", "родител", "выпускник"]);
        (is_target && pupils && party.kind != PartyKind::Person).then_some(AddressedBy::Post)
    })
}

/// «школы-кураторы», «школы – наставники»: the schools themselves, not the curators of schools.
fn is_called_curator(folded: &str) -> bool {
    let list: Vec<&str> = words(folded).collect();
    list.iter().zip(list.iter().skip(1)).any(|(first, second)| {
        SCHOOLS.iter().any(|stem| begins_with(first, stem))
            && CURATORS.iter().any(|stem| begins_with(second, stem))
    })
}

/// «школы-участницы», «ШНОР», «школы с низкими результатами», «участники проекта».
fn is_about_supported(folded: &str, schools: bool) -> bool {
    let named = words(folded).any(|word| matches!(word, "шнор" | "шнсу"));
    let low =
        has_word(folded, "низк") && (has_word(folded, "результат") || has_word(folded, "образовательн"));
    let takes_part = has_word(folded, "участни")
        && (schools || has_word(folded, "проект") || has_word(folded, "программ"));
    let adverse = has_word(folded, "неблагоприятн") || has_word(folded, "рисков");
    named || (schools && (low || adverse)) || takes_part
}

/// The school is named behind «кроме» or «за исключением».
fn is_excepted(text: &str, school: &School) -> bool {
    let rest = text.get(before_exception(text).len()..).unwrap_or_default();
    // The words of the exception are no part of a name.
    let rest = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
    let rest = rest.strip_prefix("исключением").unwrap_or(rest);
    parties(rest).iter().flat_map(|party| &party.schools).any(|named| is_named(named, school))
}

/// The text as far as it says who is meant.
fn before_exception(text: &str) -> &str {
    let lower = text.to_lowercase();
    // Lower case may change the length of foreign letters; then the cut is not made.
    let at = ["кроме ", "за исключением "].iter().filter_map(|word| lower.find(word)).min();
    at.filter(|_| lower.len() == text.len()).and_then(|at| text.get(..at)).unwrap_or(text)
}

/// A school that a text names is this one.
fn is_named(named: &SchoolRef, school: &School) -> bool {
    let apart = |kind: SchoolKind| match kind {
        SchoolKind::Gymnasium => 1,
        SchoolKind::Lyceum => 2,
        SchoolKind::Primary | SchoolKind::Basic | SchoolKind::Secondary => 3,
        SchoolKind::Unspecified => 0,
    };
    let (a, b) = (apart(named.kind), apart(school.kind));
    if a != b && a != 0 && b != 0 {
        return false;
    }
    match (named.number, school.number) {
        (Some(a), Some(b)) => return a == b,
        (Some(_), None) if named.name.is_none() => return false,
        _ => {}
    }
    let Some(name) = &named.name else { return false };
    let (theirs, ours) = (own_words(name), own_words(&school.name));
    !theirs.is_empty() && theirs.is_subset(&ours)
}

/// Words of a name that tell a school from others.
fn own_words(name: &str) -> BTreeSet<String> {
    const COMMON: [&str; 16] = [
        "школ",
        "средн",
        "основн",
        "начальн",
        "муниципальн",
        "бюджетн",
        "автономн",
        "казен",
        "общеобразовательн",
        "образовательн",
        "учрежден",
        "организац",
        "гимназ",
        "лице",
        "имен",
        "сел",
    ];
    let is_common = |word: &String| {
        word.chars().count() < 3
            || ABBREVIATIONS.contains(&word.as_str())
            || COMMON.iter().any(|stem| word.starts_with(stem))
    };
    stems(name).into_iter().filter(|word| !is_common(word)).collect()
}
