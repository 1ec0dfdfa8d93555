//! What does a pack say of a school, worked out slowly and plainly from its text?
//!
//! A second implementation for tests: maps instead of sorted slices, school by school, year by year, fractions
//! instead of products. It shares the types of a pack with the fast one and nothing else.

use std::collections::{BTreeSet, HashMap};

use num_rational::Ratio;
use opora_cells::{Cell, Procedure};
use opora_methodology::{
    Against, AtLeast, Atom, CategoryRole, Compare, Measure, NumberIndex, Pack, Question, Rule, SetIndex,
    Span, Truth,
};

type Fraction = Ratio<i128>;

/// Everything that is known, under the names a person would look it up by.
#[derive(Debug, Default)]
pub struct World {
    pub schools: BTreeSet<u32>,
    /// Municipality and region.
    pub place: HashMap<u32, (u32, u32)>,
    /// By school, procedure, year and autumn.
    pub results: HashMap<(u32, Procedure, u16, bool), Cell>,
    /// Procedures by school and year.
    pub met: HashMap<(u32, u16), BTreeSet<Procedure>>,
    pub declared: HashMap<(u32, u16, u16), (u32, Option<u32>)>,
    pub markers: HashMap<(u32, u16), (u32, u32)>,
    pub past: HashMap<(u32, u16), bool>,
    pub published: HashMap<(u32, Procedure, u16, u8), (u64, u64)>,
}

/// What is said of a school.
#[derive(Debug, PartialEq)]
pub struct Said {
    pub category: String,
    pub tier: Option<String>,
    pub answers: Vec<(String, Option<Truth>)>,
    pub was_on_the_list: Option<bool>,
}

pub struct Naive<'a> {
    pub pack: &'a Pack,
    pub world: &'a World,
}

impl Naive<'_> {
    pub fn say(&self, school: u32, year: u16) -> Said {
        let was = self.was_on_the_list(school, year);
        let category = self.category(school, year, was);
        let found = self.pack.categories().iter().find(|known| known.id == category).expect("a category");
        let mut tier = None;
        if found.identified {
            for candidate in self.pack.tiers() {
                match candidate.when.as_ref().map_or(Truth::Yes, |rule| self.rule(rule, school, year)) {
                    Truth::Yes => {
                        tier = Some(candidate.id.clone());
                        break;
                    }
                    Truth::No => {}
                    Truth::Unknown => break,
                }
            }
        }
        let criteria = self.pack.criteria().iter().map(|criterion| {
            let portrait = matches!(criterion.question, Question::Portrait { .. });
            let truth = (!portrait).then(|| self.question(&criterion.id, &criterion.question, school, year));
            (criterion.id.clone(), truth)
        });
        let conditions = self
            .pack
            .conditions()
            .iter()
            .map(|condition| (condition.id.clone(), Some(self.rule(&condition.rule, school, year))));
        Said { category, tier, answers: criteria.chain(conditions).collect(), was_on_the_list: was }
    }

    fn listed(&self, school: u32, year: u16) -> Option<bool> {
        self.world.past.get(&(school, year)).copied()
    }

    /// Whether the school was on the list the year before; nothing where that is not known.
    fn was_on_the_list(&self, school: u32, year: u16) -> Option<bool> {
        let memory = self.pack.exit().map_or(1, |exit| self.count(exit.years));
        self.on_the_list(school, year - 1, memory)
    }

    fn on_the_list(&self, school: u32, year: u16, memory: u64) -> Option<bool> {
        if memory == 0 {
            return Some(false);
        }
        if let Some(listed) = self.listed(school, year) {
            return Some(listed);
        }
        let before = self.on_the_list(school, year - 1, memory - 1);
        let category = self.category(school, year, before);
        let known = self.pack.categories().iter().find(|known| known.id == category).expect("a category");
        if known.role == CategoryRole::Insufficient { None } else { Some(known.identified) }
    }

    fn category(&self, school: u32, year: u16, before: Option<bool>) -> String {
        let categories = self.pack.categories();
        let with =
            |role: &CategoryRole| categories.iter().find(|known| known.role == *role).expect("the role");
        let mut given = with(&CategoryRole::Otherwise);
        for category in categories {
            if let CategoryRole::When(rule) = &category.role {
                let truth = self.rule(rule, school, year);
                if truth == Truth::Yes {
                    given = category;
                    break;
                }
                if truth == Truth::Unknown {
                    given = with(&CategoryRole::Insufficient);
                    break;
                }
            }
        }
        if let Some(exit) = self.pack.exit()
            && before == Some(true)
            && !given.identified
            && self.rule(&exit.when, school, year) != Truth::Yes
        {
            given = &self.pack[exit.keeps];
        }
        given.id.clone()
    }

    fn rule(&self, rule: &Rule, school: u32, year: u16) -> Truth {
        let each =
            |rules: &[Rule]| rules.iter().map(|rule| self.rule(rule, school, year)).collect::<Vec<_>>();
        match rule {
            Rule::Is(atom) => self.atom(*atom, school, year),
            Rule::Not(rule) => match self.rule(rule, school, year) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                Truth::Unknown => Truth::Unknown,
            },
            Rule::All(rules) => {
                let truths = each(rules);
                if truths.contains(&Truth::No) {
                    Truth::No
                } else if truths.contains(&Truth::Unknown) {
                    Truth::Unknown
                } else {
                    Truth::Yes
                }
            }
            Rule::Any(rules) => some(&each(rules), 1),
            Rule::AtLeast(number, rules) => some(&each(rules), self.count(*number)),
        }
    }

    fn atom(&self, atom: Atom, school: u32, year: u16) -> Truth {
        match atom {
            Atom::Criterion(index) => {
                let criterion = &self.pack[index];
                self.question(&criterion.id, &criterion.question, school, year)
            }
            Atom::Condition(at) => self.rule(&self.pack.conditions()[at].rule, school, year),
        }
    }

    fn count(&self, number: NumberIndex) -> u64 {
        u64::try_from(self.pack[number].value.to_integer()).expect("a count")
    }

    fn value(&self, number: NumberIndex) -> Fraction {
        let value = self.pack[number].value;
        Ratio::new(i128::from(*value.numer()), i128::from(*value.denom()))
    }

    fn least(&self, number: Option<NumberIndex>) -> u64 {
        number.map_or(0, |number| self.count(number))
    }

    fn spread(&self, span: Span) -> (u64, u64) {
        let years = span.years.map_or(1, |number| self.count(number));
        (years, span.in_years.map_or(years, |number| self.count(number)))
    }

    fn question(&self, id: &str, question: &Question, school: u32, year: u16) -> Truth {
        match question {
            Question::Procedures { .. } => self.procedures(question, school, year),
            Question::SameProcedure { .. } => self.same(question, school, year),
            Question::BelowReference { .. } => self.below(question, school, year),
            Question::Indicator { indicator, compare, threshold, years, share } => {
                let mut sum = (0_u64, 0_u64);
                for of_year in back(year, years.map_or(1, |number| self.count(number))) {
                    match self.world.declared.get(&(school, indicator.0, of_year)) {
                        Some((part, Some(whole))) if *share && *whole > 0 && part <= whole => {
                            sum = (sum.0 + u64::from(*part), sum.1 + u64::from(*whole));
                        }
                        Some((part, _)) if !*share => sum = (sum.0 + u64::from(*part), sum.1 + 1),
                        _ => return Truth::Unknown,
                    }
                }
                truth(stands(*compare, fraction(sum), self.value(*threshold)))
            }
            Question::Index { index, compare, threshold } => {
                self.index(*index, *compare, *threshold, school, year)
            }
            Question::LowestOfPool { .. } => self.lowest(question, school, year),
            Question::Markers { at_least, of, span } => {
                let (years, in_years) = self.spread(*span);
                let truths = back(year, years).map(|of_year| {
                    let Some((found, looked_for)) = self.world.markers.get(&(school, of_year)) else {
                        return Truth::Unknown;
                    };
                    let missing = self.count(*of).saturating_sub(u64::from(*looked_for));
                    let mut said = vec![Truth::Yes; *found as usize];
                    said.extend(vec![Truth::Unknown; usize::try_from(missing).expect("few")]);
                    some(&said, self.count(*at_least))
                });
                some(&truths.collect::<Vec<_>>(), in_years)
            }
            Question::History { of, years, at_least } => {
                let truths = back(year, self.count(*years)).map(|of_year| {
                    let listed = self.listed(school, of_year).filter(|_| of_year != year);
                    listed.map_or_else(|| self.atom(*of, school, of_year), truth)
                });
                some(&truths.collect::<Vec<_>>(), self.count(*at_least))
            }
            Question::Portrait { .. } => panic!("{id} is not asked"),
        }
    }

    fn procedures(&self, question: &Question, school: u32, year: u16) -> Truth {
        let Question::Procedures {
            set,
            measure,
            compare,
            threshold,
            at_least,
            participants_min,
            enough,
            span,
        } = question
        else {
            panic!("another question")
        };

        let (years, in_years) = self.spread(*span);
        let truths = back(year, years).map(|of_year| {
            let mut said = Vec::new();
            for procedure in self.procedures_of(*set, school, of_year) {
                let Some(cell) = self.result(school, procedure, of_year, years > 1) else { continue };
                let Some((value, pupils)) = measured(*measure, cell) else {
                    said.push(Truth::Unknown);
                    continue;
                };
                if pupils >= self.least(*participants_min) {
                    said.push(truth(stands(*compare, value, self.value(*threshold))));
                }
            }
            let enough = enough.map(|number| self.count(number));
            match at_least {
                AtLeast::Number(k) => enough_of(&said, self.count(*k), enough.unwrap_or(self.count(*k))),
                AtLeast::All => {
                    let judged = said.iter().filter(|truth| **truth != Truth::Unknown).count() as u64;
                    if judged < enough.unwrap_or(1) {
                        Truth::Unknown
                    } else if said.contains(&Truth::No) {
                        Truth::No
                    } else if said.contains(&Truth::Unknown) {
                        Truth::Unknown
                    } else {
                        Truth::Yes
                    }
                }
            }
        });
        some(&truths.collect::<Vec<_>>(), in_years)
    }

    fn index(&self, index: usize, compare: Compare, threshold: NumberIndex, school: u32, year: u16) -> Truth {
        let (mut sum, mut weights) = (Fraction::from_integer(0), Fraction::from_integer(0));
        for share in &self.pack.indices()[index].shares {
            let Some((part, Some(whole))) = self.world.declared.get(&(school, share.indicator.0, year))
            else {
                return Truth::Unknown;
            };
            if *whole == 0 || part > whole {
                return Truth::Unknown;
            }
            let value = fraction((u64::from(*part), u64::from(*whole)));
            let counted = if share.raises { value } else { Fraction::from_integer(1) - value };
            sum += self.value(share.weight) * counted;
            weights += self.value(share.weight);
        }
        truth(stands(compare, sum / weights, self.value(threshold)))
    }

    fn same(&self, question: &Question, school: u32, year: u16) -> Truth {
        let Question::SameProcedure {
            set,
            measure,
            compare,
            threshold,
            years,
            at_least,
            participants_min,
            enough,
        } = question
        else {
            panic!("another question")
        };
        let years: Vec<u16> = back(year, self.count(*years)).collect();
        let mut said = Vec::new();
        let met: BTreeSet<Procedure> =
            years.iter().flat_map(|of_year| self.procedures_of(*set, school, *of_year)).collect();
        for procedure in met {
            // A year without a usable result is told apart from one whose result has no marks.
            let row: Vec<Option<Truth>> = years
                .iter()
                .map(|of_year| {
                    let cell = self.result(school, procedure, *of_year, true)?;
                    let Some((value, pupils)) = measured(*measure, cell) else { return Some(Truth::Unknown) };
                    let counts = pupils >= self.least(*participants_min);
                    counts.then(|| truth(stands(*compare, value, self.value(*threshold))))
                })
                .collect();
            let now = years.iter().zip(&row).find(|(of_year, _)| **of_year == year);
            let judged_now = now.is_some_and(|(_, truth)| matches!(truth, Some(Truth::Yes | Truth::No)));
            if row.contains(&Some(Truth::No)) {
                if judged_now {
                    said.push(Truth::No);
                }
            } else if row.iter().all(|truth| *truth == Some(Truth::Yes)) {
                said.push(Truth::Yes);
            } else if !row.contains(&None) {
                said.push(Truth::Unknown);
            }
        }
        let one = |number: &Option<NumberIndex>| number.map_or(1, |number| self.count(number));
        enough_of(&said, one(at_least), one(enough))
    }

    fn below(&self, question: &Question, school: u32, year: u16) -> Truth {
        let Question::BelowReference {
            set,
            measure,
            against,
            by,
            strictly,
            sum,
            at_least,
            participants_min,
            span,
        } = question
        else {
            panic!("another question")
        };
        let (years, in_years) = self.spread(*span);
        let joined = years > 1;
        let far = |worse: Fraction| {
            let by = self.value(*by);
            truth(if *strictly { worse > by } else { worse >= by })
        };
        // By how much worse; nothing where it can't be told, an inner nothing where the result is passed over.
        let worse = |procedure: Procedure, of_year: u16| -> Option<Option<Fraction>> {
            let Some(cell) = self.result(school, procedure, of_year, joined) else { return Some(None) };
            let (own, pupils) = measured(*measure, cell)?;
            if pupils < self.least(*participants_min) {
                return Some(None);
            }
            let around = self.around(*against, *measure, school, cell)?;
            Some(Some(if *measure == Measure::FailedShare { own - around } else { around - own }))
        };
        let truths = back(year, years).map(|of_year| {
            if *sum {
                let procedures = self.pack[*set].exact().expect("named procedures");
                let each: Option<Vec<Fraction>> =
                    procedures.into_iter().map(|procedure| worse(procedure, of_year).flatten()).collect();
                return each.map_or(Truth::Unknown, |each| far(each.into_iter().sum()));
            }
            let mut said = Vec::new();
            for procedure in self.procedures_of(*set, school, of_year) {
                match worse(procedure, of_year) {
                    None => said.push(Truth::Unknown),
                    Some(None) => {}
                    Some(Some(worse)) => said.push(far(worse)),
                }
            }
            let needed = at_least.map_or(1, |number| self.count(number));
            match at_least {
                Some(_) => enough_of(&said, needed, needed),
                None => enough_of(&said, 1, 1),
            }
        });
        some(&truths.collect::<Vec<_>>(), in_years)
    }

    fn around(&self, against: Against, measure: Measure, school: u32, cell: &Cell) -> Option<Fraction> {
        let place = self.world.place.get(&school);
        if place.is_none() && against != Against::Everyone {
            return None;
        }
        let (municipality, region) = place.copied().unwrap_or_default();
        let node = match against {
            Against::Municipality => Some(municipality),
            Against::Region => Some(region),
            Against::Everyone => None,
        };
        let published =
            node.and_then(|node| self.world.published.get(&(node, cell.procedure, cell.year, measure as u8)));
        if let Some(published) = published {
            return Some(fraction(*published));
        }
        let mut sum = (0, 0);
        let mut schools = 0;
        for other in &self.world.schools {
            let place = self.world.place.get(other).copied().unwrap_or_default();
            let near = match against {
                Against::Municipality => place.0 == municipality,
                Against::Region => place.1 == region,
                Against::Everyone => true,
            };
            let theirs = self.world.results.get(&(*other, cell.procedure, cell.year, cell.autumn));
            if let Some((part, whole)) = theirs.filter(|_| near).and_then(|theirs| parts(measure, theirs)) {
                sum = (sum.0 + part, sum.1 + whole);
                schools += 1;
            }
        }
        (schools > 1).then(|| fraction(sum))
    }

    fn lowest(&self, question: &Question, school: u32, year: u16) -> Truth {
        let Question::LowestOfPool { set, measure, years, share, participants_min, pool } = question else {
            panic!("another question")
        };
        let years: Vec<u16> = back(year, self.count(*years)).collect();
        let together = |school: u32| {
            let mut sum = (0, 0);
            for of_year in &years {
                for procedure in self.procedures_of(*set, school, *of_year) {
                    let cell = self.result(school, procedure, *of_year, years.len() > 1);
                    if let Some((part, whole)) = cell.and_then(|cell| parts(*measure, cell)) {
                        sum = (sum.0 + part, sum.1 + whole);
                    }
                }
            }
            (sum.1 > 0 && sum.1 >= self.count(*participants_min)).then(|| fraction(sum))
        };
        let Some(own) = together(school) else { return Truth::Unknown };
        if *pool != Against::Everyone && !self.world.place.contains_key(&school) {
            return Truth::Unknown;
        }
        let place = self.world.place.get(&school).copied().unwrap_or_default();
        let members: Vec<Fraction> = self
            .world
            .schools
            .iter()
            .filter(|other| {
                let theirs = self.world.place.get(other).copied().unwrap_or_default();
                match pool {
                    Against::Municipality => theirs.0 == place.0,
                    Against::Region => theirs.1 == place.1,
                    Against::Everyone => true,
                }
            })
            .filter_map(|other| together(*other))
            .collect();
        let did_worse = |other: &&Fraction| match measure {
            Measure::FailedShare => **other > own,
            _ => **other < own,
        };
        let worse = Fraction::from_integer(members.iter().filter(did_worse).count() as i128);
        truth(worse < self.value(*share) * Fraction::from_integer(members.len() as i128))
    }

    fn procedures_of(&self, set: SetIndex, school: u32, year: u16) -> BTreeSet<Procedure> {
        let met = self.world.met.get(&(school, year)).into_iter().flatten();
        met.filter(|procedure| self.pack[set].contains(**procedure)).copied().collect()
    }

    /// The spring result; without one the autumn result, unless years are joined into a row.
    fn result(&self, school: u32, procedure: Procedure, year: u16, joined: bool) -> Option<&Cell> {
        let spring = self.world.results.get(&(school, procedure, year, false));
        spring.or_else(|| self.world.results.get(&(school, procedure, year, true)).filter(|_| !joined))
    }
}

fn back(year: u16, years: u64) -> impl Iterator<Item = u16> {
    (0..u16::try_from(years).expect("few")).map(move |back| year - back)
}

fn truth(yes: bool) -> Truth {
    if yes { Truth::Yes } else { Truth::No }
}

fn some(truths: &[Truth], needed: u64) -> Truth {
    let count = |wanted: Truth| truths.iter().filter(|truth| **truth == wanted).count() as u64;
    match count(Truth::Yes) {
        yes if yes >= needed => Truth::Yes,
        yes if yes + count(Truth::Unknown) >= needed => Truth::Unknown,
        _ => Truth::No,
    }
}

/// A no needs enough that could be judged.
fn enough_of(truths: &[Truth], needed: u64, enough: u64) -> Truth {
    let judged = truths.iter().filter(|truth| **truth != Truth::Unknown).count() as u64;
    match some(truths, needed) {
        Truth::No if judged < enough => Truth::Unknown,
        truth => truth,
    }
}

fn stands(compare: Compare, value: Fraction, number: Fraction) -> bool {
    match compare {
        Compare::AtLeast => value >= number,
        Compare::More => value > number,
        Compare::AtMost => value <= number,
        Compare::Less => value < number,
    }
}

fn fraction((part, whole): (u64, u64)) -> Fraction {
    Ratio::new(i128::from(part), i128::from(whole))
}

fn parts(measure: Measure, cell: &Cell) -> Option<(u64, u64)> {
    let [two, three, four, five] = cell.marks.map(u64::from);
    let marked = two + three + four + five;
    let (below, reached) = (u64::from(cell.below_minimum), u64::from(cell.at_minimum));
    let (part, whole) = match measure {
        Measure::FailedShare => (two + below, marked + below + reached),
        Measure::GoodShare => (four + five, marked),
        Measure::MeanMark => (2 * two + 3 * three + 4 * four + 5 * five, marked),
        Measure::MeanScore => (u64::from(cell.score_sum), u64::from(cell.scored)),
    };
    (whole > 0).then_some((part, whole))
}

fn measured(measure: Measure, cell: &Cell) -> Option<(Fraction, u64)> {
    let (part, whole) = parts(measure, cell)?;
    Some((fraction((part, whole)), whole))
}
