//! What is assumed about the invented country?
//!
//! Abilities are measured in standard units of pupils: the country's mean is about 0. The figures are plausible, not
//! measured; they are chosen so that the shares of failing pupils, the differences between schools and the sizes of
//! schools look like those of a real country.

/// Share of a region's schools in its capital, at least; of other municipalities that are towns; of schools in the
/// countryside of a capital or town, and of a district. Together seven schools of ten are rural.
pub(crate) const CAPITAL_SHARE: f32 = 0.15;
pub(crate) const TOWNS: f32 = 0.12;
pub(crate) const RURAL_IN_TOWN: f32 = 0.12;
pub(crate) const RURAL_IN_DISTRICT: f32 = 0.89;
/// Pupils of a grade: logarithm of the median, its deviation, lowest and highest; in the country and in towns.
pub(crate) const GRADE_RURAL: (f32, f32, f32, f32) = (1.80, 0.55, 1.0, 20.0);
pub(crate) const GRADE_TOWN: (f32, f32, f32, f32) = (3.67, 0.42, 14.0, 140.0);
/// Pupils of a class at most.
pub(crate) const CLASS_MAX: u32 = 27;

/// Deviations of what schools differ by.
pub(crate) const REGION: f32 = 0.08;
pub(crate) const MUNICIPALITY: f32 = 0.12;
pub(crate) const OWN: f32 = 0.20;
/// What one unit of the social index adds to the mean ability of a school.
pub(crate) const SOCIAL: f32 = 0.24;
/// What the kind of a school adds.
pub(crate) const LYCEUM: f32 = 0.6;
pub(crate) const EVENING: f32 = -1.1;
pub(crate) const RURAL: f32 = -0.08;

/// Deviations within a school: subjects, a subject of a grade in a year, cohorts, the slope of years.
pub(crate) const SUBJECT: f32 = 0.13;
pub(crate) const SITTING: f32 = 0.10;
pub(crate) const COHORT: f32 = 0.12;
pub(crate) const SLOPE: f32 = 0.03;
/// Deviations between classes of a parallel, between pupils of a class, of a pupil between papers.
pub(crate) const CLASS: f32 = 0.12;
pub(crate) const PUPIL: f32 = 0.85;
pub(crate) const DAY: f32 = 0.35;
/// Deviation of abilities in the whole country, all of the above together.
pub(crate) const COUNTRY: f32 = 1.03;
/// What a summer takes away when the paper is written in autumn.
pub(crate) const AUTUMN_LOSS: f32 = 0.15;

/// Share of pupils who are away on the day of a ВПР and of an examination.
pub(crate) const AWAY: f32 = 0.07;
pub(crate) const AWAY_EXAMINATION: f32 = 0.015;
/// Share of files that are missing: of one paper, of a whole year.
pub(crate) const FILE_MISSING: f32 = 0.03;
pub(crate) const YEAR_MISSING: f32 = 0.01;
/// Share of schools that give no marks of the journal, of missing social passports and of missing numbers in them.
pub(crate) const WITHOUT_JOURNAL: f32 = 0.10;
pub(crate) const PASSPORT_MISSING: f32 = 0.05;
pub(crate) const NUMBER_MISSING: f32 = 0.03;

/// Shares of planted schools: low in all years, low after the first year, low until an improvement, inflating.
pub(crate) const LOW_ALWAYS: f32 = 0.020;
pub(crate) const LOW_LATER: f32 = 0.007;
pub(crate) const LOW_THEN_BETTER: f32 = 0.008;
pub(crate) const INFLATING: f32 = 0.04;
/// Mean ability of a planted low school, its deviation, and the mean after an improvement.
pub(crate) const LOW_ABILITY: f32 = -1.45;
pub(crate) const LOW_DEVIATION: f32 = 0.12;
pub(crate) const IMPROVED_ABILITY: f32 = -0.05;

/// Planted inflation: how often a procedure of an inflating school is inflated, how many points lack at most, the share
/// of a class that copies, how sure hard tasks are with help, the share of pupils that are kept away.
pub(crate) const INFLATED_PAPER: f32 = 0.85;
pub(crate) const RAISED_POINTS: u16 = 2;
pub(crate) const RAISED_SURE: f32 = 0.85;
pub(crate) const COPYING: f32 = 0.85;
pub(crate) const COPIED_ABILITY: f32 = 1.3;
pub(crate) const HELPED: f32 = 0.75;
pub(crate) const KEPT_AWAY: f32 = 0.30;

/// Shares of schools with an event within the years of results.
pub(crate) const RENAMED: f32 = 0.04;
pub(crate) const CLOSED: f32 = 0.012;
pub(crate) const MERGED: f32 = 0.010;
pub(crate) const OPENED: f32 = 0.005;
/// Share of schools with a second login.
pub(crate) const SECOND_LOGIN: f32 = 0.02;
