//! How do the rows of a registry file join the registry that is there?

use std::collections::{BTreeMap, BTreeSet, HashMap};

use opora_cells::OrganisationId;
use opora_registry::{Event, EventKind, Identifier, Node, NodeId, NodeLevel, Organisation, Registry, Scheme};

use super::RegistryReading;
use super::rows::{Listed, Roll};
use crate::codes;
use crate::findings::{Findings, shown, text};
use crate::line::Where;
use crate::words::plain;

/// Joins rows with the present registry: nodes by code or name, schools by their codes.
pub(super) fn merge(
    roll: Roll,
    present: Option<&Registry>,
    place: &Where,
    findings: &mut Findings,
) -> RegistryReading {
    let mut joining = Joining::new(present, place, findings);
    let mut listed: Vec<(Listed, NodeId)> = Vec::new();
    for row in roll.listed {
        let municipality = joining.municipality(&row);
        listed.push((row, municipality));
    }
    joining.shared_codes(&mut listed);
    let ids: Vec<OrganisationId> = listed.iter().map(|(row, at)| joining.organisation(row, *at)).collect();
    for ((row, municipality), id) in listed.iter().zip(&ids) {
        joining.events_of(row, *municipality, *id);
    }
    joining.finish()
}

struct Joining<'a> {
    place: &'a Where,
    findings: &'a mut Findings,
    nodes: BTreeMap<NodeId, Node>,
    organisations: BTreeMap<OrganisationId, Organisation>,
    events: BTreeMap<OrganisationId, Vec<Event>>,
    /// Owners of codes: the region matters for regional codes only.
    owners: HashMap<(Option<NodeId>, Identifier), OrganisationId>,
    /// Nodes by level, parent and plain name or code.
    named: HashMap<(NodeLevel, Option<NodeId>, String), NodeId>,
    names: HashMap<(NodeId, String), Vec<OrganisationId>>,
    seen: BTreeMap<OrganisationId, u32>,
    node_next: u32,
    organisation_next: u32,
    added: usize,
    known: usize,
}

impl<'a> Joining<'a> {
    fn new(present: Option<&Registry>, place: &'a Where, findings: &'a mut Findings) -> Self {
        let nodes: BTreeMap<NodeId, Node> =
            present.into_iter().flat_map(Registry::nodes).map(|node| (node.id, node.clone())).collect();
        let organisations: BTreeMap<OrganisationId, Organisation> = present
            .into_iter()
            .flat_map(Registry::organisations)
            .map(|organisation| (organisation.id, organisation.clone()))
            .collect();
        let mut joining = Self {
            place,
            findings,
            node_next: nodes.keys().last().map_or(1, |id| id.0.saturating_add(1)),
            organisation_next: organisations.keys().last().map_or(1, |id| id.0.saturating_add(1)),
            nodes: BTreeMap::new(),
            organisations: BTreeMap::new(),
            events: BTreeMap::new(),
            owners: HashMap::new(),
            named: HashMap::new(),
            names: HashMap::new(),
            seen: BTreeMap::new(),
            added: 0,
            known: 0,
        };
        nodes.into_values().for_each(|node| joining.insert_node(node));
        organisations.into_values().for_each(|organisation| joining.insert(organisation));
        for event in present.into_iter().flat_map(Registry::events) {
            joining.events.entry(event.organisation).or_default().push(event.clone());
        }
        joining
    }

    fn insert_node(&mut self, node: Node) {
        let words = [Some(plain(&node.name)), node.code.clone()];
        for word in words.into_iter().flatten() {
            self.named.entry((node.level, node.parent, word)).or_insert(node.id);
        }
        self.nodes.insert(node.id, node);
    }

    fn insert(&mut self, organisation: Organisation) {
        let region = self.nodes.get(&organisation.municipality).and_then(|node| node.parent);
        for identifier in &organisation.identifiers {
            self.owners.entry(owned(identifier, region)).or_insert(organisation.id);
        }
        if let Some(region) = region {
            self.names.entry((region, plain(&organisation.name))).or_default().push(organisation.id);
        }
        self.organisations.insert(organisation.id, organisation);
    }

    fn node(&mut self, level: NodeLevel, parent: Option<NodeId>, name: &str, code: Option<&str>) -> NodeId {
        let by_code = code.and_then(|code| self.named.get(&(level, parent, code.to_owned())));
        let by_name = || self.named.get(&(level, parent, plain(name)));
        if let Some(id) = by_code.or_else(by_name).copied() {
            if let Some(node) = self.nodes.get_mut(&id)
                && node.code.is_none()
                && let Some(code) = code
            {
                node.code = Some(code.to_owned());
                self.named.insert((level, parent, code.to_owned()), id);
            }
            return id;
        }
        let id = NodeId(self.node_next);
        self.node_next = self.node_next.saturating_add(1);
        self.insert_node(Node { id, level, parent, name: name.to_owned(), code: code.map(str::to_owned) });
        id
    }

    fn region(&mut self, row: &Listed) -> NodeId {
        let told = row.region.as_deref().or(row.region_code.as_deref());
        if let Some(name) = told {
            return self.node(NodeLevel::Region, None, name, row.region_code.as_deref());
        }
        let mut regions = self.nodes.values().filter(|node| node.level == NodeLevel::Region);
        if let (Some(only), None) = (regions.next(), regions.next()) {
            return only.id;
        }
        let place = self.place;
        self.findings.once(
            &codes::REGION_ASSUMED,
            "",
            || place.at(row.row, None),
            || {
                text(
                    "Регион не указан.",
                    "Школы собраны в один регион без названия.",
                    "Добавьте столбец «Регион».",
                )
            },
        );
        self.node(NodeLevel::Region, None, "Регион", None)
    }

    fn municipality(&mut self, row: &Listed) -> NodeId {
        let region = self.region(row);
        let name = row.municipality.as_deref().or(row.oktmo.as_deref()).unwrap_or_default();
        self.node(NodeLevel::Municipality, Some(region), name, row.oktmo.as_deref())
    }

    fn region_of(&self, municipality: NodeId) -> Option<NodeId> {
        self.nodes.get(&municipality)?.parent
    }

    /// Codes two rows claim. A taxpayer number may be shared by a school and its branch: then it names neither.
    fn shared_codes(&mut self, listed: &mut [(Listed, NodeId)]) {
        let mut first: HashMap<(Option<NodeId>, Identifier), usize> = HashMap::new();
        let mut shared_tax: BTreeSet<Identifier> = BTreeSet::new();
        let place = self.place;
        for (at, (row, municipality)) in listed.iter().enumerate() {
            let region = self.region_of(*municipality);
            for identifier in &row.identifiers {
                let before = *first.entry(owned(identifier, region)).or_insert(at);
                let Some((other, _)) = listed.get(before).filter(|_| before != at) else { continue };
                let code = &identifier.value;
                if identifier.scheme == Scheme::TaxNumber && plain(&other.name) != plain(&row.name) {
                    shared_tax.insert(identifier.clone());
                    self.findings.add(
                        &codes::TAX_NUMBER_SHARED,
                        || place.at(row.row, None),
                        || {
                            text(
                                format!(
                                    "ИНН {code} указан и у школы «{}» (строка {}).",
                                    shown(&other.name),
                                    other.row
                                ),
                                "Так бывает у филиалов: по такому ИНН школу не узнать, он не учитывается.",
                                "Если это ошибка, исправьте ИНН.",
                            )
                        },
                    );
                } else if plain(&other.name) == plain(&row.name) {
                    self.findings.once(
                        &codes::SCHOOL_REPEATED,
                        row.row.to_string(),
                        || place.at(row.row, None),
                        || {
                            text(
                                format!("Школа «{}» уже есть в строке {}.", shown(&row.name), other.row),
                                "Одна школа – одна строка; несколько логинов пишут в одной ячейке.",
                                "Удалите повторную строку.",
                            )
                        },
                    );
                } else {
                    self.findings.add(
                        &codes::CODE_SHARED,
                        || place.at(row.row, None),
                        || {
                            text(
                                format!(
                                    "Код {code} указан и у школы «{}» (строка {}).",
                                    shown(&other.name),
                                    other.row
                                ),
                                "По одному коду нельзя найти две школы.",
                                "Исправьте код одной из них.",
                            )
                        },
                    );
                }
            }
        }
        for (row, _) in listed {
            row.identifiers.retain(|identifier| !shared_tax.contains(identifier));
        }
    }

    fn organisation(&mut self, row: &Listed, municipality: NodeId) -> OrganisationId {
        let region = self.region_of(municipality);
        let owners: BTreeSet<OrganisationId> = row
            .identifiers
            .iter()
            .filter_map(|identifier| self.owners.get(&owned(identifier, region)))
            .copied()
            .collect();
        let place = self.place;
        if owners.len() > 1 {
            self.findings.add(
                &codes::CODES_OF_TWO_SCHOOLS,
                || place.at(row.row, None),
                || {
                    text(
                        format!(
                            "Коды школы «{}» в загруженном реестре принадлежат разным школам.",
                            shown(&row.name)
                        ),
                        "Непонятно, чью историю продолжать.",
                        "Исправьте коды в файле.",
                    )
                },
            );
        }
        let known = owners.first().copied();
        let id = known.unwrap_or(OrganisationId(self.organisation_next));
        let mut identifiers = row.identifiers.clone();
        if let Some(before) = self.organisations.get(&id) {
            let first = self.seen.insert(id, row.row).is_none();
            self.known += usize::from(first);
            // Files of former years call the school by its former codes.
            identifiers.extend(before.identifiers.iter().filter(|i| !row.identifiers.contains(i)).cloned());
            if first && plain(&before.name) != plain(&row.name) && row.former.is_none() {
                self.findings.add(
                    &codes::SCHOOL_RENAMED_UNDATED,
                    || place.at(row.row, None),
                    || {
                        text(
                            format!(
                                "Школа «{}» теперь называется «{}».",
                                shown(&before.name),
                                shown(&row.name)
                            ),
                            "Дата переименования не указана, поэтому в истории школы её нет.",
                            "Добавьте прежнее наименование и дату переименования.",
                        )
                    },
                );
            }
        } else {
            self.added += 1;
            self.organisation_next = self.organisation_next.saturating_add(1);
            self.seen.insert(id, row.row);
        }
        self.insert(Organisation {
            id,
            name: row.name.clone(),
            kind: row.kind.clone(),
            municipality,
            rural: row.rural,
            identifiers,
        });
        id
    }

    fn events_of(&mut self, row: &Listed, municipality: NodeId, organisation: OrganisationId) {
        let mut events = Vec::new();
        let mut add = |date, kind| events.push(Event { organisation, date, kind });
        if let Some(date) = row.opened {
            add(date, EventKind::Opened);
        }
        if let Some((former, date)) = &row.former {
            add(*date, EventKind::Renamed { former: former.clone() });
        }
        match &row.merged {
            Some((into, date)) => match self.successor(into, municipality, organisation) {
                Some(successor) if self.is_merged_into(successor, organisation) => {
                    let place = self.place;
                    self.findings.add(
                        &codes::MERGER_CIRCULAR,
                        || place.at(row.row, None),
                        || {
                            text(
                                format!(
                                    "Школа «{}» присоединена к школе «{}», а та – к ней самой.",
                                    shown(&row.name),
                                    shown(into)
                                ),
                                "Одна из них работает дальше, и по ней видно, куда перешли ученики.",
                                "Оставьте присоединение только у той школы, которой больше нет.",
                            )
                        },
                    );
                }
                Some(successor) => add(*date, EventKind::MergedInto(successor)),
                None => {
                    let place = self.place;
                    self.findings.add(
                        &codes::SUCCESSOR_UNKNOWN,
                        || place.at(row.row, None),
                        || {
                            text(
                                format!("Школа «{}», к которой присоединена эта, не найдена.", shown(into)),
                                "По ней видно, куда перешли ученики.",
                                "Укажите логин, код или точное название школы, которая есть в реестре.",
                            )
                        },
                    );
                }
            },
            None => {
                if let Some(date) = row.closed {
                    add(date, EventKind::Closed);
                }
            }
        }
        let its = self.events.entry(organisation).or_default();
        for event in events {
            if !its.contains(&event) {
                its.push(event);
            }
        }
    }

    /// A school was merged into another one, at once or over others.
    fn is_merged_into(&self, school: OrganisationId, target: OrganisationId) -> bool {
        let mut open = vec![school];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if id == target {
                return true;
            }
            let events = self.events.get(&id).filter(|_| seen.insert(id));
            open.extend(events.into_iter().flatten().filter_map(|event| match event.kind {
                EventKind::MergedInto(into) => Some(into),
                _ => None,
            }));
        }
        false
    }

    /// The school a code or a name means; never the school itself.
    fn successor(&self, told: &str, municipality: NodeId, itself: OrganisationId) -> Option<OrganisationId> {
        let region = self.region_of(municipality);
        let login = crate::words::login(told);
        let codes = [
            (Scheme::Login, login.unwrap_or_default()),
            (Scheme::RegionalCode, told.to_owned()),
            (Scheme::TaxNumber, told.to_owned()),
        ];
        let by_code = codes
            .into_iter()
            .find_map(|(scheme, value)| self.owners.get(&owned(&Identifier { scheme, value }, region)));
        let by_name = || match self.names.get(&(region?, plain(told))).map(Vec::as_slice) {
            Some([only]) => Some(only),
            _ => None,
        };
        by_code.or_else(by_name).copied().filter(|id| *id != itself)
    }

    fn finish(self) -> RegistryReading {
        let mut events: Vec<Event> = self.events.into_values().flatten().collect();
        events.sort_by_key(|event| (event.organisation, event.date));
        RegistryReading {
            nodes: self.nodes.into_values().collect(),
            organisations: self.organisations.into_values().collect(),
            events,
            added: self.added,
            known: self.known,
            ..RegistryReading::default()
        }
    }
}

/// A code with the region it is unique in.
fn owned(identifier: &Identifier, region: Option<NodeId>) -> (Option<NodeId>, Identifier) {
    let region = region.filter(|_| identifier.scheme == Scheme::RegionalCode);
    (region, identifier.clone())
}
