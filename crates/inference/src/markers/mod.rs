//! Does anything suggest that results are not objective, and what exactly?
//!
//! A marker compares a school with the schools of its region in one respect and says by how many standard deviations
//! it stands out ([`Evidence::strength`]), with the numbers that show it ([`Picture`]). A marker is never a violation:
//! good teaching, a selective lyceum, a strong class stand out too. All markers together give a probability
//! ([`Assessment::probability`]) by weights that were fitted on simulated schools; `docs/evidence/markers.md` shows
//! how often it is right there, and what it does not see.
//!
//! How every marker is counted: a value and the variance of its chance for each school, procedure (and class); the
//! median of the region and what schools differ by beyond chance, both robust; the standardised difference. Over all
//! procedures of a school the differences are averaged and standardised once more ([`Strength`]).

mod combine;
mod copied;
mod effects;
mod four;
mod histogram;
mod journal;
mod judge;
mod pack;
mod participation;
mod peaks;
mod plain;
mod select;
mod tasks;

use opora_cells::{Cells, OrganisationId, Procedure, Row, Scales, ScoreCount, TaskSum};
use opora_registry::{NodeId, Registry};

pub use combine::probability;
pub use four::{FourMarkers, YearMarkers, four_markers};
pub use judge::assess;
pub use pack::{Combination, Limits, MarkerPack, MarkerWord};
pub use plain::above_interval;

/// In what respect a school stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Marker {
    /// Better than its other results, first of all those of examinations, lead to expect.
    Disagreement,
    /// Easy tasks are solved worse and hard ones better than in the region.
    Tasks,
    /// Scores pile up at the lowest score of a mark.
    Peaks,
    /// Marks of the procedure lie above the journal more than in the region.
    Journal,
    /// The same pupils have a lower result a year before or later.
    Jump,
    /// Too many pupils of a class have the same score.
    Copied,
    /// Fewer take part than in other papers of the same pupils.
    Participation,
    /// Low scores are missing.
    LowTail,
}

impl Marker {
    /// All markers in the order they are shown and weighed in.
    pub const ALL: [Self; 8] = [
        Self::Disagreement,
        Self::Tasks,
        Self::Peaks,
        Self::Journal,
        Self::Jump,
        Self::Copied,
        Self::Participation,
        Self::LowTail,
    ];

    /// Name in the pack.
    pub fn id(self) -> &'static str {
        match self {
            Self::Disagreement => "disagreement",
            Self::Tasks => "tasks",
            Self::Peaks => "peaks",
            Self::Journal => "journal",
            Self::Jump => "jump",
            Self::Copied => "copied",
            Self::Participation => "participation",
            Self::LowTail => "low_tail",
        }
    }
}

/// What the markers are looked for in. Everything beyond the region and the years around is passed over.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Counts of marks.
    pub cells: &'a Cells,
    /// The schools.
    pub registry: &'a Registry,
    /// Distribution of primary scores.
    pub scores: &'a [ScoreCount],
    /// Points of tasks.
    pub tasks: &'a [TaskSum],
    /// Scores by class, where individual results are at hand: see [`class_scores`].
    pub classes: &'a [ClassScore],
    /// Official scales: peaks are looked for only where there is one.
    pub scales: &'a Scales,
    /// The region, or nothing for all schools together.
    pub region: Option<NodeId>,
    /// The calendar year.
    pub year: u16,
}

/// How many pupils of a class got one score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClassScore {
    /// Whose result.
    pub organisation: OrganisationId,
    /// In what.
    pub procedure: Procedure,
    /// Calendar year.
    pub year: u16,
    /// Number of the class, from one.
    pub class: u8,
    /// The score.
    pub score: u16,
    /// How many got it.
    pub pupils: u32,
}

/// Counts scores by class. Rows without a class or a score are left out.
pub fn class_scores<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<ClassScore> {
    let one = |row: &Row| {
        let (organisation, procedure, year, class) = (row.organisation, row.procedure, row.year, row.class);
        (class > 0).then_some(ClassScore {
            organisation,
            procedure,
            year,
            class,
            score: row.score?,
            pupils: 1,
        })
    };
    let mut counts: Vec<ClassScore> = rows.into_iter().filter_map(one).collect();
    counts.sort_unstable();
    counts.dedup_by(|later, kept| {
        let same = ClassScore { pupils: later.pupils, ..*kept } == *later;
        if same {
            kept.pupils = kept.pupils.saturating_add(later.pupils);
        }
        same
    });
    counts
}

/// One look at a school in one respect.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// In what respect.
    pub marker: Marker,
    /// In which procedure.
    pub procedure: Procedure,
    /// In which class, where classes are looked at; 0 for all.
    pub class: u8,
    /// How many pupils it rests on.
    pub pupils: u32,
    /// Standard deviations above the middle of the region; positive is the suspicious side.
    pub strength: f64,
    /// The strength reaches the threshold of the pack.
    pub raised: bool,
    /// The numbers that show why.
    pub picture: Picture,
}

/// The numbers behind a look, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// Observed and expected counts of scores; expected is the region's distribution moved to the school's mean.
    Histogram {
        /// Score, observed pupils, expected pupils.
        bars: Vec<(u16, u32, f64)>,
        /// Scores of interest: lowest scores of marks, or the highest score of the low tail.
        bounds: Vec<u16>,
        /// Pupils observed where the marker looks.
        observed: f64,
        /// Pupils expected there.
        expected: f64,
    },
    /// Share of points by task, from easy to hard in the region.
    Tasks {
        /// Place of the task, share in the region, share in the school.
        bars: Vec<(u8, f64, f64)>,
        /// Steepness: log-odds of advantage by log-odds of difficulty.
        slope: f64,
    },
    /// Own result and the one it is compared with, both in standard deviations of pupils from the region's mean.
    Compared {
        /// This result.
        own: f64,
        /// The other result: the middle of other procedures, or of the same pupils a year off.
        other: f64,
        /// The procedures and years of the other result.
        with: Vec<(Procedure, u16)>,
    },
    /// Marks below, equal to and above the journal: counts here, shares in the region.
    Journal {
        /// Pupils of the school.
        observed: [u32; 3],
        /// Shares of the region.
        region: [f64; 3],
    },
    /// Participants here and in the paper of the same pupils with most participants.
    Participation {
        /// Participants.
        participants: u32,
        /// Participants of the other paper.
        most: u32,
        /// The other paper.
        with: (Procedure, u16),
    },
}

/// Why a marker could not be looked for in a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Untested {
    /// No data of the kind it needs.
    NoData,
    /// No official scale of the year.
    NoScale,
    /// Too few pupils.
    FewPupils {
        /// Most pupils in one procedure.
        pupils: u32,
        /// How many are needed.
        needed: u32,
    },
    /// Too few schools in the region to compare with.
    FewSchools,
}

/// A marker over all procedures of a school.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strength {
    /// Which.
    pub marker: Marker,
    /// Standard deviations above the middle of the region, or why there are none.
    pub value: Result<f64, Untested>,
}

/// Everything that was found about a school in a year. It is no verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Whose.
    pub organisation: OrganisationId,
    /// Calendar year.
    pub year: u16,
    /// Four yes-or-no markers of the year and of the two years before.
    pub four: FourMarkers,
    /// Marker by marker.
    pub strengths: [Strength; 8],
    /// Every look, raised or not, by marker, procedure and class.
    pub evidence: Vec<Evidence>,
    /// Probability that results were made to look better, by the weights of the pack; nothing when too few markers
    /// could be looked for.
    pub probability: Option<f64>,
    /// Words for it.
    pub word: String,
}

/// The markers as the pack names them, for a legend: name, what it means, what else can explain it.
pub fn legend(pack: &MarkerPack) -> Vec<(Marker, &str, &str, &str)> {
    let of = |marker: Marker| {
        let limits = pack.limits(marker);
        (marker, limits.name.as_str(), limits.meaning.as_str(), limits.also_explained_by.as_str())
    };
    Marker::ALL.into_iter().map(of).collect()
}
