//! Where does what is known to be true stand? (Beside the data, for tests and for measuring.)

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use crate::{Country, Region};

const SCHOOLS: [&str; 9] = [
    "organisation",
    "ability",
    "social",
    "low_from",
    "low_to",
    "improved_from",
    "inflation",
    "inflation_from",
    "inflation_to",
];
const CELLS: [&str; 7] =
    ["organisation", "procedure", "year", "failing", "enrolled", "participants", "inflation"];

/// `truth.csv`, and `truth-cells.csv` with details.
pub(super) struct TruthFiles {
    schools: csv::Writer<BufWriter<File>>,
    cells: Option<csv::Writer<BufWriter<File>>>,
}

impl TruthFiles {
    pub(super) fn new(folder: &Path, details: bool) -> io::Result<Self> {
        let cells = || super::program_table(&folder.join("truth-cells.csv"), &CELLS);
        Ok(Self {
            schools: super::program_table(&folder.join("truth.csv"), &SCHOOLS)?,
            cells: details.then(cells).transpose()?,
        })
    }

    pub(super) fn write(&mut self, region: &Region, country: &Country) -> io::Result<()> {
        let year = |year: Option<u16>| year.map(|year| year.to_string()).unwrap_or_default();
        for truth in &region.truth.schools {
            self.schools.write_record([
                truth.organisation.0.to_string(),
                format!("{:.4}", truth.ability),
                format!("{:.4}", truth.social),
                year(truth.low_years.map(|years| years.0)),
                year(truth.low_years.map(|years| years.1)),
                year(truth.improved_from),
                truth.inflation.map(|inflation| inflation.kind.name()).unwrap_or_default().to_owned(),
                year(truth.inflation.map(|inflation| inflation.years.0)),
                year(truth.inflation.map(|inflation| inflation.years.1)),
            ])?;
        }
        for truth in &region.truth.cells {
            let Some(cells) = &mut self.cells else { break };
            cells.write_record([
                truth.organisation.0.to_string(),
                country.dictionary().procedure_id(truth.procedure),
                truth.year.to_string(),
                format!("{:.5}", truth.failing),
                truth.enrolled.to_string(),
                truth.participants.to_string(),
                truth.inflation.map(crate::InflationKind::name).unwrap_or_default().to_owned(),
            ])?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.schools.flush()?;
        self.cells.iter_mut().try_for_each(csv::Writer::flush)
    }
}
