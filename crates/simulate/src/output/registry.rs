//! How does a specialist keep the list of schools?

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use jiff::civil::Date;
use opora_cells::OrganisationId;
use opora_registry::{Event, EventKind, Organisation, Scheme};

use crate::Region;

const HEADS: [&str; 13] = [
    "Регион",
    "Муниципалитет",
    "ОКТМО",
    "Логин ВПР",
    "Код ОО",
    "Наименование",
    "Вид",
    "Местность",
    "Дата открытия",
    "Дата закрытия",
    "Присоединена к",
    "Прежнее наименование",
    "Дата переименования",
];

/// `registry.csv`: one school a row, in the order of their numbers.
pub(super) struct RegistryFile(csv::Writer<BufWriter<File>>);

impl RegistryFile {
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        let mut table = super::specialist_table(&folder.join("registry.csv"))?;
        table.write_record(HEADS)?;
        Ok(Self(table))
    }

    pub(super) fn write(&mut self, region: &Region) -> io::Result<()> {
        let mut events: BTreeMap<OrganisationId, Vec<&Event>> = BTreeMap::new();
        for event in &region.events {
            events.entry(event.organisation).or_default().push(event);
        }
        let nodes: BTreeMap<_, _> = region.nodes.iter().map(|node| (node.id, node)).collect();
        let region_name = region.nodes.first().map_or("", |node| node.name.as_str());
        for school in &region.organisations {
            let municipality = nodes.get(&school.municipality);
            let of = |scheme: Scheme| {
                let values = school.identifiers.iter().filter(|identifier| identifier.scheme == scheme);
                values.map(|identifier| identifier.value.as_str()).collect::<Vec<_>>().join(", ")
            };
            let became = Became::of(events.get(&school.id).map(Vec::as_slice).unwrap_or_default(), region);
            let rural = if school.rural == Some(true) { "сельская" } else { "городская" };
            self.0.write_record([
                region_name,
                municipality.map_or("", |node| node.name.as_str()),
                municipality.and_then(|node| node.code.as_deref()).unwrap_or_default(),
                &of(Scheme::Login),
                &of(Scheme::RegionalCode),
                &school.name,
                &school.kind,
                rural,
                &became.opened,
                &became.closed,
                &became.merged_into,
                &became.former,
                &became.renamed,
            ])?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The events of a school as columns.
#[derive(Default)]
struct Became {
    opened: String,
    closed: String,
    merged_into: String,
    former: String,
    renamed: String,
}

impl Became {
    fn of(events: &[&Event], region: &Region) -> Self {
        let mut became = Self::default();
        for event in events {
            let date = written(event.date);
            match &event.kind {
                EventKind::Opened => became.opened = date,
                EventKind::Closed => became.closed = date,
                EventKind::Renamed { former } => {
                    became.former.clone_from(former);
                    became.renamed = date;
                }
                EventKind::MergedInto(host) => {
                    became.closed = date;
                    became.merged_into = login(&region.organisations, *host);
                }
            }
        }
        became
    }
}

fn login(schools: &[Organisation], id: OrganisationId) -> String {
    let at = schools.binary_search_by_key(&id, |school| school.id).ok();
    let school = at.and_then(|at| schools.get(at));
    let login = school.and_then(|school| school.identifiers.iter().find(|code| code.scheme == Scheme::Login));
    login.map(|login| login.value.clone()).unwrap_or_default()
}

/// A day as Russian papers write it.
fn written(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}
