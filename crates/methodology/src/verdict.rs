//! What was decided about a school, and what was that decision made of?

use std::sync::Arc;

use jiff::civil::Date;
use opora_cells::{IndicatorCode, OrganisationId, Procedure, SourceIndex};

use crate::{Atom, CategoryIndex, CategoryRole, CriterionIndex, Exact, Pack, Truth};

/// What became of a thing that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Found {
    /// It is on the side the criterion asks for.
    Yes,
    /// It is not.
    No,
    /// Fewer pupils than the methodology looks at: passed over.
    Few,
    /// Nobody has a mark or a score, though the scale is known.
    NoOutcome,
    /// Nobody has a mark, and no scale is known: `SCALE_MISSING`.
    NoScale,
    /// Held in autumn: the row of years is broken here, passed over.
    Autumn,
    /// Only shown or added up, not judged by itself.
    Shown,
}

impl Found {
    /// Stable word for files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Few => "few",
            Self::NoOutcome => "no-outcome",
            Self::NoScale => "no-scale",
            Self::Autumn => "autumn",
            Self::Shown => "shown",
        }
    }
}

/// A cell as it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellSeen {
    /// In what.
    pub procedure: Procedure,
    /// Part of a share, sum of a mean; for the usual measure how many did not pass.
    pub part: u32,
    /// Whole of a share, number of pupils of a mean; for the usual measure how many have an outcome.
    pub whole: u32,
    /// How many took part but have no outcome.
    pub unmarked: u32,
    /// The file.
    pub source: SourceIndex,
    /// First and last row in it.
    pub rows: (u32, u32),
    /// It was held in autumn.
    pub autumn: bool,
    /// What became of it.
    pub found: Found,
}

/// A thing that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A result of the school.
    Cell(CellSeen),
    /// A procedure of the row of years that has no result in this year.
    Absent(Procedure),
    /// What the schools around got.
    Reference {
        /// In what.
        procedure: Procedure,
        /// Part of a share, sum of a mean.
        part: u64,
        /// Whole of a share, number of pupils of a mean.
        whole: u64,
        /// How many schools were added up; zero for a published number.
        schools: u32,
    },
    /// There is nobody to compare with.
    NoReference(Procedure),
    /// The school's difference to the schools around, in the worse direction.
    Difference {
        /// Numerator; negative when the school is better.
        numerator: i64,
        /// Denominator.
        denominator: i64,
    },
    /// A declared number.
    Indicator {
        /// Which.
        indicator: IndicatorCode,
        /// The number or the part.
        part: u32,
        /// The whole of a share.
        whole: Option<u32>,
        /// The file.
        source: SourceIndex,
        /// Row in it.
        row: u32,
    },
    /// A number that nobody declared, or a share without its whole.
    NoIndicator(IndicatorCode),
    /// Parts and wholes taken together.
    Together {
        /// Parts.
        part: u64,
        /// Wholes.
        whole: u64,
    },
    /// Value of a social index.
    IndexValue(Exact),
    /// Border of the weakest part of a pool: the share or mean of the last school in it.
    Pool {
        /// Part of the border.
        part: u64,
        /// Whole of the border.
        whole: u64,
        /// How many schools the pool has.
        schools: u32,
    },
    /// Possible markers.
    Markers {
        /// Found.
        found: u32,
        /// Could be looked for.
        looked_for: u32,
    },
    /// Nobody looked for markers.
    NoMarkers,
    /// The answer of one year within several.
    Year {
        /// The answer.
        truth: Truth,
        /// It is that of a final list, not computed.
        listed: bool,
    },
    /// The numbers are too large to be compared exactly.
    TooLarge,
}

/// A thing that was looked at, for which criterion and in which year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// For which criterion.
    pub criterion: CriterionIndex,
    /// Calendar year.
    pub year: u16,
    /// What it is.
    pub fact: Fact,
}

/// Answer of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer; nothing for a portrait, which is not asked.
    pub truth: Option<Truth>,
    /// How many procedures of the year of the verdict are on the side the criterion asks for.
    pub yes: u32,
    /// How many are not.
    pub no: u32,
    /// How many can't be judged.
    pub unknown: u32,
}

/// What became of a school that a reader of its verdict must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// It was opened within the years that are looked at: there are no results before.
    Opened(Date),
    /// It was closed.
    Closed(Date),
    /// It became part of another.
    MergedInto(Date, OrganisationId),
    /// Another school became part of it; the other's results are not added.
    Absorbed(Date, OrganisationId),
    /// The registry does not know it.
    NotInRegistry,
    /// It is on the list only because the exit rule is not fulfilled.
    Kept,
    /// Its tier can't be told for want of data.
    TierUnknown,
}

/// Whether a school is on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    In,
    /// It is not.
    Out,
    /// Not known.
    Unknown,
}

/// What changed since the year before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// It came onto the list.
    Entered,
    /// It was on the list and still is.
    Remains,
    /// It left the list.
    Left,
    /// It was not on the list and is not.
    Outside,
    /// It is on the list; whether it was before is not known.
    InAtFirstSight,
    /// It can't be told.
    Unknown,
}

/// Everything a verdict was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub(crate) answers: Box<[Answer]>,
    pub(crate) conditions: Box<[Truth]>,
    pub(crate) evidence: Box<[Evidence]>,
    pub(crate) notes: Vec<Note>,
}

impl Trace {
    /// Answers of the criteria, in the order of the pack.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Answers of the named combinations, in the order of the pack.
    pub fn conditions(&self) -> &[Truth] {
        &self.conditions
    }

    /// All that was looked at, criterion by criterion.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// What was looked at for a criterion.
    pub fn of(&self, criterion: CriterionIndex) -> impl Iterator<Item = &Evidence> {
        self.evidence.iter().filter(move |evidence| evidence.criterion == criterion)
    }

    /// What a reader must know besides.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The answer of a criterion or condition. A portrait is never asked.
    pub(crate) fn atom(&self, atom: Atom) -> Truth {
        match atom {
            Atom::Criterion(index) => self
                .answers
                .get(usize::from(index.0))
                .and_then(|answer| answer.truth)
                .unwrap_or(Truth::Unknown),
            Atom::Condition(index) => self.conditions.get(index).copied().unwrap_or(Truth::Unknown),
        }
    }
}

/// What was decided about a school in a year. The category follows from the trace and can't be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    organisation: OrganisationId,
    year: u16,
    category: CategoryIndex,
    tier: Option<u8>,
    previous: Standing,
    standing: Standing,
    trace: Trace,
}

impl Verdict {
    /// Decides by a trace. `previous` is the standing of the year before, from a list or computed.
    pub(crate) fn new(
        pack: &Pack,
        organisation: OrganisationId,
        year: u16,
        previous: Standing,
        mut trace: Trace,
    ) -> Self {
        let atoms = |atom| trace.atom(atom);
        let (category, kept) = decide(pack, previous, &atoms);
        let tier = if pack[category].identified { tier(pack, &atoms) } else { Ok(None) };
        if kept {
            trace.notes.push(Note::Kept);
        }
        if tier.is_err() {
            trace.notes.push(Note::TierUnknown);
        }
        let standing = standing(pack, category);
        Self { organisation, year, category, tier: tier.unwrap_or_default(), previous, standing, trace }
    }

    /// Whose.
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// Of which year.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// The category it was given.
    pub fn category(&self) -> CategoryIndex {
        self.category
    }

    /// The tier of support, by its place in the pack; nothing for schools that are not identified.
    pub fn tier(&self) -> Option<usize> {
        self.tier.map(usize::from)
    }

    /// Whether it is on the list now.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether it was on the list the year before.
    pub fn previous(&self) -> Standing {
        self.previous
    }

    /// What changed since the year before.
    pub fn movement(&self) -> Movement {
        match (self.previous, self.standing) {
            (Standing::Out, Standing::In) => Movement::Entered,
            (Standing::In, Standing::In) => Movement::Remains,
            (Standing::In, Standing::Out) => Movement::Left,
            (Standing::Out, Standing::Out) => Movement::Outside,
            (Standing::Unknown, Standing::In) => Movement::InAtFirstSight,
            (_, Standing::Unknown) | (Standing::Unknown, _) => Movement::Unknown,
        }
    }

    /// What it was made of.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The answer of a criterion or condition.
    pub fn answer(&self, atom: Atom) -> Truth {
        self.trace.atom(atom)
    }
}

/// Whether a category puts a school on the list.
pub(crate) fn standing(pack: &Pack, category: CategoryIndex) -> Standing {
    let category = &pack[category];
    if category.identified {
        Standing::In
    } else if category.role == CategoryRole::Insufficient {
        Standing::Unknown
    } else {
        Standing::Out
    }
}

/// The category by the rules, and whether it was kept by the exit rule.
pub(crate) fn decide(
    pack: &Pack,
    previous: Standing,
    atoms: &impl Fn(Atom) -> Truth,
) -> (CategoryIndex, bool) {
    let category = first_category(pack, atoms);
    if let Some(exit) = &pack.exit {
        let stays = previous == Standing::In
            && !pack[category].identified
            && exit.when.truth(pack, atoms) != Truth::Yes;
        if stays {
            return (exit.keeps, true);
        }
    }
    (category, false)
}

fn first_category(pack: &Pack, atoms: &impl Fn(Atom) -> Truth) -> CategoryIndex {
    let place = |wanted: fn(&CategoryRole) -> bool| {
        let found = pack.categories.iter().position(|category| wanted(&category.role));
        CategoryIndex(found.and_then(|at| u8::try_from(at).ok()).unwrap_or_default())
    };
    for (category, at) in pack.categories.iter().zip(0..) {
        let CategoryRole::When(rule) = &category.role else { continue };
        match rule.truth(pack, atoms) {
            Truth::Yes => return CategoryIndex(at),
            Truth::No => {}
            Truth::Unknown => return place(|role| *role == CategoryRole::Insufficient),
        }
    }
    place(|role| *role == CategoryRole::Otherwise)
}

/// The tier by the rules; an error when it can't be told.
fn tier(pack: &Pack, atoms: &impl Fn(Atom) -> Truth) -> Result<Option<u8>, ()> {
    for (tier, at) in pack.tiers.iter().zip(0..) {
        match tier.when.as_ref().map_or(Truth::Yes, |rule| rule.truth(pack, atoms)) {
            Truth::Yes => return Ok(Some(at)),
            Truth::No => {}
            Truth::Unknown => return Err(()),
        }
    }
    Ok(None)
}

/// All verdicts of a year by one pack, in the order of organisation numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub(crate) pack: Arc<Pack>,
    pub(crate) year: u16,
    pub(crate) verdicts: Vec<Verdict>,
}

impl Run {
    /// The pack it was made by.
    pub fn pack(&self) -> &Arc<Pack> {
        &self.pack
    }

    /// The year it is about.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// The verdicts by organisation number.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// The verdict of a school.
    pub fn of(&self, organisation: OrganisationId) -> Option<&Verdict> {
        let at = self.verdicts.binary_search_by_key(&organisation, Verdict::organisation).ok()?;
        self.verdicts.get(at)
    }

    /// How many schools got each category, in the order of the pack.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.pack.categories.len()];
        for verdict in &self.verdicts {
            if let Some(count) = counts.get_mut(usize::from(verdict.category.0)) {
                *count += 1;
            }
        }
        counts
    }

    /// The methodology is in force in that year.
    pub fn in_force(&self) -> bool {
        self.pack.force.touches(self.year)
    }
}
