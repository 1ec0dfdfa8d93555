//! What does a methodology consist of?

use std::ops::Index;

use jiff::civil::Date;
use opora_cells::{IndicatorCode, Procedure};
use opora_fields::Status;

use crate::{Change, Criterion, Exact, Example, Truth};

/// A methodology that was read and checked. Built by [`Pack::read`] only, so every index below points at something.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Name of its folder: `omsk-2025`.
    pub id: String,
    /// Version of the pack, as its author counts.
    pub version: String,
    /// Title as shown.
    pub title: String,
    /// What it is about, in a few sentences.
    pub about: String,
    /// The act it follows.
    pub act: Act,
    /// When it is in force.
    pub force: Force,
    pub(crate) numbers: Vec<Number>,
    pub(crate) sets: Vec<ProcedureSet>,
    pub(crate) indices: Vec<SocialIndex>,
    pub(crate) criteria: Vec<Criterion>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) categories: Vec<Category>,
    pub(crate) tiers: Vec<Tier>,
    pub(crate) exit: Option<Exit>,
    pub(crate) examples: Vec<Example>,
    pub(crate) changes: Vec<Change>,
    pub(crate) source: String,
}

/// The act a methodology follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// «приказ», «методика», «закон».
    pub kind: String,
    /// Who issued it.
    pub authority: String,
    /// Number, where known.
    pub number: Option<String>,
    /// Date, where known.
    pub date: Option<Date>,
    /// Address or file the facts were read at.
    pub address: String,
    /// How far the pack was checked against it.
    pub status: Status,
    /// When it was checked.
    pub checked: Option<Date>,
    /// What a reader must know about its verification.
    pub note: Option<String>,
}

/// When a methodology is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Force {
    /// First day.
    pub from: Date,
    /// Last day, where it ended.
    pub to: Option<Date>,
}

impl Force {
    /// Some day of this calendar year is within.
    pub fn touches(&self, year: u16) -> bool {
        let year = i32::from(year);
        i32::from(self.from.year()) <= year && self.to.is_none_or(|to| year <= i32::from(to.year()))
    }
}

/// What a number is used as; tells what values it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberUse {
    /// A share or a difference of shares: 0 to 1.
    Share,
    /// A whole number, at least one.
    Count,
    /// A whole number of years, 1 to 10.
    Years,
    /// A value in points, marks or units: not negative.
    Value,
    /// A weight: above zero.
    Weight,
}

/// A number of a methodology, with its clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Name within the pack: `low_share`.
    pub id: String,
    /// What it is, in words: «доля не справившихся».
    pub name: String,
    /// Its exact value.
    pub value: Exact,
    /// How the pack writes it: «30 %».
    pub text: String,
    /// Clause of the act.
    pub clause: String,
    /// How far it was checked, when that differs from the act.
    pub status: Option<Status>,
    /// What a reader must know about it.
    pub note: Option<String>,
    /// What it is used as.
    pub uses: Vec<NumberUse>,
}

impl Number {
    /// The value as a count; zero for what is no whole number.
    pub fn count(&self) -> u64 {
        if self.value.is_integer() { u64::try_from(*self.value.numer()).unwrap_or_default() } else { 0 }
    }
}

/// Which procedures are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcedureSet {
    /// Name within the pack.
    pub id: String,
    /// In words.
    pub name: String,
    /// Any of these.
    pub any_of: Vec<Selector>,
    /// Years for which scales must be known, first and last.
    pub scale_years: Option<(u16, u16)>,
    /// Clause of the act.
    pub clause: String,
}

impl ProcedureSet {
    /// The procedure is looked at.
    pub fn contains(&self, procedure: Procedure) -> bool {
        self.any_of.iter().any(|selector| selector.contains(procedure))
    }

    /// The procedures, when all of them are named one by one.
    pub fn exact(&self) -> Option<Vec<Procedure>> {
        let exact = self.any_of.iter().map(|selector| match selector {
            Selector::Exact(procedure) => Some(*procedure),
            Selector::Codes { .. } => None,
        });
        exact.collect()
    }
}

/// Procedures of some kinds, subjects, grades and levels; an empty list means any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// This procedure.
    Exact(Procedure),
    /// All with these codes.
    Codes {
        /// Codes of kinds.
        kinds: Vec<u8>,
        /// Codes of subjects.
        subjects: Vec<u8>,
        /// Grades.
        grades: Vec<u8>,
        /// Codes of levels.
        levels: Vec<u8>,
    },
}

impl Selector {
    fn contains(&self, procedure: Procedure) -> bool {
        let fits = |codes: &[u8], code: u8| codes.is_empty() || codes.contains(&code);
        match self {
            Self::Exact(exact) => *exact == procedure,
            Self::Codes { kinds, subjects, grades, levels } => {
                fits(kinds, procedure.kind.0)
                    && fits(subjects, procedure.subject.0)
                    && fits(grades, procedure.grade)
                    && fits(levels, procedure.level.0)
            }
        }
    }
}

/// A share of a social index with its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighted {
    /// The declared share.
    pub indicator: IndicatorCode,
    /// Its weight.
    pub weight: NumberIndex,
    /// A higher share makes the index higher; otherwise its complement counts.
    pub raises: bool,
}

/// A weighted mean of shares, from 0 to 1: monotone in each; without one of them there is no index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocialIndex {
    /// Name within the pack.
    pub id: String,
    /// In words.
    pub name: String,
    /// Clause of the act.
    pub clause: String,
    /// The shares.
    pub shares: Vec<Weighted>,
}

/// Something that is answered: a criterion or a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atom {
    /// A criterion.
    Criterion(CriterionIndex),
    /// A condition, by its place in the pack.
    Condition(usize),
}

/// How answers combine.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// The answer of a criterion or an earlier condition.
    Is(Atom),
    /// All of these.
    All(Vec<Rule>),
    /// Any of these.
    Any(Vec<Rule>),
    /// At least so many of these.
    AtLeast(NumberIndex, Vec<Rule>),
    /// Not this.
    Not(Box<Rule>),
}

impl Rule {
    /// The answer, given those of criteria and conditions.
    pub(crate) fn truth(&self, pack: &Pack, atoms: &impl Fn(Atom) -> Truth) -> Truth {
        let each = |rules: &[Self], needed: u64| {
            Truth::at_least_of(needed, rules.iter().map(|rule| rule.truth(pack, atoms)))
        };
        match self {
            Self::Is(atom) => atoms(*atom),
            Self::All(rules) => each(rules, rules.len() as u64),
            Self::Any(rules) => each(rules, 1),
            Self::AtLeast(number, rules) => each(rules, pack[*number].count()),
            Self::Not(rule) => rule.truth(pack, atoms).opposite(),
        }
    }

    /// Everything it asks for.
    pub fn atoms(&self) -> Vec<Atom> {
        match self {
            Self::Is(atom) => vec![*atom],
            Self::Not(rule) => rule.atoms(),
            Self::All(rules) | Self::Any(rules) | Self::AtLeast(_, rules) => {
                rules.iter().flat_map(Self::atoms).collect()
            }
        }
    }
}

/// A combination that is reported by its own name.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Name within the pack.
    pub id: String,
    /// In words.
    pub name: String,
    /// Clause of the act.
    pub clause: String,
    /// How it is put together.
    pub rule: Rule,
}

/// When a category is given.
#[derive(Clone, Debug, PartialEq)]
pub enum CategoryRole {
    /// When the rule answers yes and no earlier category was given.
    When(Rule),
    /// When every rule answers no.
    Otherwise,
    /// When a rule before the first yes can't be answered.
    Insufficient,
    /// By the exit rule only: the school is on the list because it did not leave it yet.
    Kept,
}

/// A category of schools.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    /// Name within the pack: `shnor`.
    pub id: String,
    /// As shown: «ШНОР».
    pub name: String,
    /// Clause of the act.
    pub clause: Option<String>,
    /// A sentence for the school, where the pack has one.
    pub wording: Option<String>,
    /// A school in it is identified: it stands on the list the methodology is for.
    pub identified: bool,
    /// When it is given.
    pub role: CategoryRole,
}

/// A tier of support, for identified schools only.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// Name within the pack.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Clause of the act.
    pub clause: String,
    /// When; the first that answers yes is given. Without a rule: when all before answer no.
    pub when: Option<Rule>,
}

/// How an identified school leaves the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Exit {
    /// It leaves when this answers yes.
    pub when: Rule,
    /// The category of a school that is on the list only because it did not leave it yet.
    pub keeps: CategoryIndex,
    /// How many years before are looked at for being on the list.
    pub years: NumberIndex,
    /// Clause of the act.
    pub clause: String,
}

/// Place of a number in its pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumberIndex(pub(crate) u16);

/// Place of a set of procedures in its pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetIndex(pub(crate) u16);

/// Place of a criterion in its pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CriterionIndex(pub(crate) u8);

/// Place of a category in its pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryIndex(pub(crate) u8);

impl Index<NumberIndex> for Pack {
    type Output = Number;
    fn index(&self, index: NumberIndex) -> &Number {
        &self.numbers[usize::from(index.0)]
    }
}

impl Index<SetIndex> for Pack {
    type Output = ProcedureSet;
    fn index(&self, index: SetIndex) -> &ProcedureSet {
        &self.sets[usize::from(index.0)]
    }
}

impl Index<CriterionIndex> for Pack {
    type Output = Criterion;
    fn index(&self, index: CriterionIndex) -> &Criterion {
        &self.criteria[usize::from(index.0)]
    }
}

impl Index<CategoryIndex> for Pack {
    type Output = Category;
    fn index(&self, index: CategoryIndex) -> &Category {
        &self.categories[usize::from(index.0)]
    }
}

impl Pack {
    /// Its numbers.
    pub fn numbers(&self) -> &[Number] {
        &self.numbers
    }

    /// The number with a name.
    pub fn number(&self, id: &str) -> Option<&Number> {
        self.numbers.iter().find(|number| number.id == id)
    }

    /// Its sets of procedures.
    pub fn sets(&self) -> &[ProcedureSet] {
        &self.sets
    }

    /// Its social indices.
    pub fn indices(&self) -> &[SocialIndex] {
        &self.indices
    }

    /// Its criteria; verdicts answer them in this order.
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// The criterion with a name.
    pub fn criterion(&self, id: &str) -> Option<CriterionIndex> {
        let at = self.criteria.iter().position(|criterion| criterion.id == id)?;
        u8::try_from(at).ok().map(CriterionIndex)
    }

    /// The category with a name.
    pub fn category(&self, id: &str) -> Option<CategoryIndex> {
        let at = self.categories.iter().position(|category| category.id == id)?;
        u8::try_from(at).ok().map(CategoryIndex)
    }

    /// Its named combinations; verdicts answer them in this order.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Its categories; the first that fits is given.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// Its tiers; the first that fits is given.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// Its exit rule.
    pub fn exit(&self) -> Option<&Exit> {
        self.exit.as_ref()
    }

    /// Its worked examples.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The numbers that were moved by [`what_if`](crate::what_if).
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The text of `pack.toml` followed by the numbers that were moved: what a hash of the pack is taken of.
    pub fn canonical_text(&self) -> String {
        let mut text = self.source.clone();
        for change in &self.changes {
            text.push_str(&format!("\n# {} = {}", change.number, change.to));
        }
        text
    }
}
