//! How do schools hand in their social passports?

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use opora_cells::{Aggregate, IndicatorCode};
use opora_registry::Scheme;

use crate::{Country, Region};

/// `social-passport-<year>.csv`: one school a row, one declared number a column.
pub(super) struct Passports {
    tables: BTreeMap<u16, csv::Writer<BufWriter<File>>>,
    columns: Vec<IndicatorCode>,
}

impl Passports {
    pub(super) fn new(folder: &Path, country: &Country) -> io::Result<Self> {
        let indicators = &country.dictionary().indicators;
        let columns: Vec<IndicatorCode> = indicators.keys().copied().collect();
        let mut tables = BTreeMap::new();
        for year in country.options().years() {
            let mut table = super::specialist_table(&folder.join(format!("social-passport-{year}.csv")))?;
            let names = indicators.values().map(|indicator| indicator.entry.name.as_str());
            table.write_record(["Логин ВПР", "Год"].into_iter().chain(names))?;
            tables.insert(year, table);
        }
        Ok(Self { tables, columns })
    }

    pub(super) fn write(&mut self, region: &Region) -> io::Result<()> {
        let mut schools = region.organisations.iter().peekable();
        for declared in
            region.aggregates.chunk_by(|a, b| (a.organisation, a.year) == (b.organisation, b.year))
        {
            let Some(first) = declared.first() else { continue };
            while schools.next_if(|school| school.id < first.organisation).is_some() {}
            let login = schools.peek().and_then(|school| {
                school.identifiers.iter().find(|identifier| identifier.scheme == Scheme::Login)
            });
            let (Some(login), Some(table)) = (login, self.tables.get_mut(&first.year)) else { continue };
            table.write_field(&login.value)?;
            table.write_field(first.year.to_string())?;
            for column in &self.columns {
                let number = declared.iter().find(|aggregate: &&Aggregate| aggregate.indicator == *column);
                table.write_field(number.map(|aggregate| aggregate.part.to_string()).unwrap_or_default())?;
            }
            table.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<()> {
        self.tables.into_values().try_for_each(|mut table| table.flush())
    }
}
