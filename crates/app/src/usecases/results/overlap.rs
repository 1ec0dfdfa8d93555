//! Which files that count tell the same as a new one?

use std::collections::{BTreeMap, BTreeSet};

use opora_cells::{Cell, Cells, OrganisationId};
use opora_forms::Summary;
use opora_store::{RegistryRecord, ResultFile, ResultFileId};
use serde_json::Value;

use super::dataset::{DataError, Workbench, school_name, sources, threads};
use super::intake::{NAMED, refuse};

/// What is known of the schools that a new file tells of: of a country that is little.
pub(super) struct Around<'a> {
    registry: &'a RegistryRecord,
    files: Vec<ResultFile>,
    cells: Cells,
    aside: Vec<Cell>,
    /// Cells of these schools by file, those included that only complete others.
    told: BTreeMap<u32, usize>,
}

impl<'a> Around<'a> {
    /// Reads the cells of the schools that these are of.
    pub(super) async fn new(
        bench: &Workbench,
        registry: &'a RegistryRecord,
        files: Vec<ResultFile>,
        new: &[Cell],
    ) -> Result<Self, DataError> {
        let schools: BTreeSet<OrganisationId> = new.iter().map(|cell| cell.organisation).collect();
        let sources = if schools.is_empty() { Vec::new() } else { sources(&files, "cells", None) };
        let cells = bench.results.cells_of(&sources, &schools, threads()).await?;
        let mut told: BTreeMap<u32, usize> = BTreeMap::new();
        cells.iter().for_each(|cell| *told.entry(cell.source.0).or_default() += 1);
        let (cells, aside) = Cells::new(cells);
        Ok(Self { registry, files, cells, aside, told })
    }

    /// Files that tell the same as the new one. Without leave to replace them, or when they tell more than the new one,
    /// the new one is refused: nothing is counted twice and nothing is lost by chance.
    pub(super) fn overlap(
        &self,
        new: &[Cell],
        replace: bool,
        summary: &mut Summary,
    ) -> Vec<(ResultFileId, String)> {
        let mut replaced = Vec::new();
        for (source, cells) in self.shared(new) {
            let Some(file) = usize::try_from(source).ok().and_then(|at| self.files.get(at)) else { continue };
            if replace && self.whole(source, file) == Some(cells.len()) {
                replaced.push((file.id, file.name.clone()));
                continue;
            }
            let schools: BTreeSet<OrganisationId> = cells.iter().map(|cell| cell.organisation).collect();
            let names: Vec<String> =
                schools.iter().take(NAMED).map(|id| school_name(self.registry, *id)).collect();
            let mend = if replace {
                format!(
                    "Прежний файл рассказывает и о другом. Исключите его сами: opora results remove {}.",
                    file.id.0
                )
            } else if schools.iter().any(|id| self.has_several_logins(*id)) {
                "Если новый файл исправляет прежний, загрузите его с заменой (--replace). У школы несколько логинов: если \
                 это другой её корпус, сложите листы обоих файлов в одну книгу и загрузите её с заменой."
                    .to_owned()
            } else {
                "Если новый файл исправляет прежний, загрузите его с заменой (--replace).".to_owned()
            };
            refuse(
                summary,
                "RESULTS_KNOWN",
                format!(
                    "Те же результаты уже есть в файле «{}»: {} ({}).",
                    file.name,
                    names.join(", "),
                    cells.len()
                ),
                "Посчитать их дважды нельзя.",
                &mend,
            );
        }
        replaced
    }

    /// A school of two buildings may have a file for each login; only within one file do they add up.
    fn has_several_logins(&self, school: OrganisationId) -> bool {
        let known = self.registry.registry.get(school);
        let logins = |code: &&opora_registry::Identifier| code.scheme == opora_registry::Scheme::Login;
        known.is_some_and(|school| school.identifiers.iter().filter(logins).count() > 1)
    }

    /// Cells of the same thing and the same precision, by file.
    fn shared(&self, new: &[Cell]) -> BTreeMap<u32, Vec<Cell>> {
        let mut shared: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
        if self.told.is_empty() {
            return shared;
        }
        let key = |cell: &Cell| (cell.organisation, cell.procedure, cell.year, cell.autumn, cell.precision);
        let mut told: Vec<_> = new.iter().map(key).collect();
        told.sort_unstable();
        for cell in self.counting().filter(|cell| told.binary_search(&key(cell)).is_ok()) {
            shared.entry(cell.source.0).or_default().push(cell);
        }
        shared
    }

    /// How many cells a file has; nothing when some of them are of other schools.
    fn whole(&self, source: u32, file: &ResultFile) -> Option<usize> {
        let all =
            file.summary.get("inventory").and_then(|counts| counts.get("cells")).and_then(Value::as_u64);
        let here = self.told.get(&source).copied().unwrap_or_default();
        let only_here = all == u64::try_from(here).ok();
        only_here.then(|| self.counting().filter(|cell| cell.source.0 == source).count())
    }

    fn counting(&self) -> impl Iterator<Item = Cell> {
        self.cells.all().iter().chain(self.aside.iter().copied())
    }
}
