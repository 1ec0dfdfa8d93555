//! Which country is wanted?

use std::ops::RangeInclusive;

/// A size with a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// One region, two municipalities of 30 and 20 schools: for pages and tests.
    #[default]
    Demo,
    /// One region, 500 schools.
    Region,
    /// 85 regions, 40,000 schools, about 50 million rows in four years.
    Country,
}

impl Preset {
    /// The preset with a name of the command line: `demo`, `region`, `country`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "demo" => Some(Self::Demo),
            "region" => Some(Self::Region),
            "country" => Some(Self::Country),
            _ => None,
        }
    }
}

/// How rows are put into files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// `rows/<region>-<year>.parquet`.
    #[default]
    RegionYear,
    /// One `rows.parquet`.
    OneFile,
}

/// What is simulated. Equal options give equal bytes, whatever the number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many schools.
    pub schools: u32,
    /// How many regions the schools belong to.
    pub regions: u32,
    /// How many schools a municipality has on average.
    pub schools_per_municipality: u32,
    /// First calendar year of results.
    pub first_year: u16,
    /// Last calendar year of results.
    pub last_year: u16,
    /// Seed of every random number.
    pub seed: u64,
    /// Write score counts, sums of tasks and the truth of every procedure too. Three times the volume of the rest.
    pub details: bool,
    /// How many schools of each region also get their ВПР as workbooks of the real forms.
    pub schools_with_forms: u32,
    /// How rows are put into files.
    pub layout: Layout,
    /// How many threads write. Does not change what is written.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self::preset(Preset::default())
    }
}

impl Options {
    /// The options of a preset: the years 2023–2026, seed 1.
    pub fn preset(preset: Preset) -> Self {
        let (schools, regions, schools_per_municipality) = match preset {
            Preset::Demo => (50, 1, 25),
            Preset::Region => (500, 1, 18),
            Preset::Country => (40_000, 85, 18),
        };
        Self {
            schools,
            regions,
            schools_per_municipality,
            first_year: 2023,
            last_year: 2026,
            seed: 1,
            details: preset != Preset::Country,
            schools_with_forms: 0,
            layout: if preset == Preset::Country { Layout::OneFile } else { Layout::RegionYear },
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }

    /// A country of any size: as many regions as such a country would have.
    pub fn of_schools(schools: u32) -> Self {
        let preset = if schools <= 100 { Preset::Demo } else { Preset::Country };
        let regions = (schools / 470).clamp(1, 85);
        Self { schools, regions, details: schools <= 2_000, ..Self::preset(preset) }
    }

    /// The same country with results of `years` years that end with the last year.
    #[must_use]
    pub fn with_years(mut self, years: u16) -> Self {
        self.first_year = self.last_year.saturating_sub(years.saturating_sub(1));
        self
    }

    /// The years of results.
    pub fn years(&self) -> RangeInclusive<u16> {
        self.first_year..=self.last_year
    }
}
