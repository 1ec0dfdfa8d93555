//! How is a registry of organisations written as text?
//!
//! Rows are arrays, as forty thousand schools are: the names of fields would be most of the text.

use jiff::civil::Date;
use opora_cells::OrganisationId;
use opora_registry::{Event, EventKind, Identifier, Node, NodeId, NodeLevel, Organisation, Registry, Scheme};
use serde::{Deserialize, Serialize};

type WireOrganisation = (u32, String, String, u32, Option<bool>, Vec<(WireScheme, String)>);

#[derive(Default, Deserialize, Serialize)]
struct Wire {
    /// Number, region of a municipality, name, code.
    nodes: Vec<(u32, Option<u32>, String, Option<String>)>,
    /// Number, name, kind, municipality, rural, codes by scheme.
    organisations: Vec<WireOrganisation>,
    /// Whose, when, what.
    events: Vec<(u32, String, WireEvent)>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireScheme {
    Login,
    RegionalCode,
    TaxNumber,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum WireEvent {
    Opened,
    Renamed(String),
    MergedInto(u32),
    Closed,
}

/// The text of a registry: the same registry gives the same text.
pub(crate) fn write(registry: &Registry) -> Result<String, serde_json::Error> {
    let node = |node: &Node| (node.id.0, node.parent.map(|id| id.0), node.name.clone(), node.code.clone());
    let organisation = |school: &Organisation| {
        let codes = school.identifiers.iter().map(|code| (wire_scheme(code.scheme), code.value.clone()));
        let (name, kind) = (school.name.clone(), school.kind.clone());
        (school.id.0, name, kind, school.municipality.0, school.rural, codes.collect())
    };
    let event = |event: &Event| (event.organisation.0, event.date.to_string(), wire_event(&event.kind));
    serde_json::to_string(&Wire {
        nodes: registry.nodes().map(node).collect(),
        organisations: registry.organisations().iter().map(organisation).collect(),
        events: registry.events().iter().map(event).collect(),
    })
}

/// The registry of a text.
pub(crate) fn read(text: &str) -> Result<Registry, serde_json::Error> {
    let wire: Wire = serde_json::from_str(text)?;
    let nodes = wire.nodes.into_iter().map(|(id, parent, name, code)| Node {
        id: NodeId(id),
        level: if parent.is_some() { NodeLevel::Municipality } else { NodeLevel::Region },
        parent: parent.map(NodeId),
        name,
        code,
    });
    let organisations = wire.organisations.into_iter().map(|(id, name, kind, municipality, rural, codes)| {
        let code = |(scheme, value)| Identifier { scheme: scheme_of(scheme), value };
        let (id, municipality) = (OrganisationId(id), NodeId(municipality));
        let identifiers = codes.into_iter().map(code).collect();
        Organisation { id, name, kind, municipality, rural, identifiers }
    });
    let events = wire
        .events
        .into_iter()
        .map(|(organisation, date, kind)| {
            let date: Date = date.parse().map_err(serde::de::Error::custom)?;
            Ok(Event { organisation: OrganisationId(organisation), date, kind: event_of(kind) })
        })
        .collect::<Result<Vec<Event>, serde_json::Error>>()?;
    // A stored registry was free of contradictions when it was saved.
    Ok(Registry::known(nodes.collect(), organisations.collect(), events))
}

fn wire_scheme(scheme: Scheme) -> WireScheme {
    match scheme {
        Scheme::Login => WireScheme::Login,
        Scheme::RegionalCode => WireScheme::RegionalCode,
        Scheme::TaxNumber => WireScheme::TaxNumber,
    }
}

fn scheme_of(scheme: WireScheme) -> Scheme {
    match scheme {
        WireScheme::Login => Scheme::Login,
        WireScheme::RegionalCode => Scheme::RegionalCode,
        WireScheme::TaxNumber => Scheme::TaxNumber,
    }
}

fn wire_event(kind: &EventKind) -> WireEvent {
    match kind {
        EventKind::Opened => WireEvent::Opened,
        EventKind::Renamed { former } => WireEvent::Renamed(former.clone()),
        EventKind::MergedInto(into) => WireEvent::MergedInto(into.0),
        EventKind::Closed => WireEvent::Closed,
    }
}

fn event_of(kind: WireEvent) -> EventKind {
    match kind {
        WireEvent::Opened => EventKind::Opened,
        WireEvent::Renamed(former) => EventKind::Renamed { former },
        WireEvent::MergedInto(into) => EventKind::MergedInto(OrganisationId(into)),
        WireEvent::Closed => EventKind::Closed,
    }
}
