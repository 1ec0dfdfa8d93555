//! Which school of the registry does a code or a name of a file mean?

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use opora_cells::OrganisationId;
use opora_registry::{NodeId, NodeLevel, Registry, Scheme};

use crate::words::{login, plain};

/// By what a cell calls a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Login,
    Code,
    Inn,
    Number,
    Name,
}

/// What a code or a name was found to mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// One school.
    School(OrganisationId),
    /// One school, by its name only.
    ByName(OrganisationId),
    /// One school, after adding leading zeros.
    Padded(OrganisationId),
    /// A region, a municipality or a sum: no school.
    Group,
    /// Several schools.
    Ambiguous,
    /// No school.
    Unknown,
}

impl Found {
    pub(crate) fn school(self) -> Option<OrganisationId> {
        match self {
            Self::School(id) | Self::ByName(id) | Self::Padded(id) => Some(id),
            Self::Group | Self::Ambiguous | Self::Unknown => None,
        }
    }
}

/// Codes and names of a registry, ready to be asked.
pub(crate) struct Schools<'a> {
    registry: &'a Registry,
    /// Made when the first code or name is asked for: a country has forty thousand of each.
    by_code: OnceCell<Index>,
    by_name: OnceCell<Index>,
    regions: HashMap<String, NodeId>,
    groups: BTreeSet<String>,
    asked: HashMap<(By, Option<NodeId>), HashMap<String, Found>>,
    /// The last answer of each kind of question.
    last: [Option<(Option<NodeId>, String, Found)>; 5],
}

impl<'a> Schools<'a> {
    pub(crate) fn new(registry: &'a Registry, totals: &BTreeSet<String>) -> Self {
        let mut regions = HashMap::new();
        let mut groups = totals.clone();
        for node in registry.nodes() {
            groups.insert(plain(&node.name));
            if node.level == NodeLevel::Region {
                let names = [Some(plain(&node.name)), node.code.as_deref().map(plain)];
                regions.extend(names.into_iter().flatten().map(|name| (name, node.id)));
            }
        }
        Self {
            registry,
            by_code: OnceCell::new(),
            by_name: OnceCell::new(),
            regions,
            groups,
            asked: HashMap::new(),
            last: Default::default(),
        }
    }

    /// The region of a name or a code.
    pub(crate) fn region(&self, text: &str) -> Option<NodeId> {
        self.regions.get(&plain(text)).copied()
    }

    /// The school of a cell. Answers are kept: files say the same school thousands of times.
    pub(crate) fn find(&mut self, by: By, text: &str, region: Option<NodeId>) -> Found {
        let slot = by as usize;
        if let Some(Some((last_region, last, found))) = self.last.get(slot)
            && *last_region == region
            && last == text
        {
            return *found;
        }
        let known = self.asked.get(&(by, region)).and_then(|asked| asked.get(text)).copied();
        let found = known.unwrap_or_else(|| {
            let found = match self.search(by, text, region) {
                Found::Unknown if self.groups.contains(&plain(text)) => Found::Group,
                found => found,
            };
            // Only what was found is kept: a hostile file has endless codes that are not.
            if found.school().is_some() {
                self.asked.entry((by, region)).or_default().insert(text.to_owned(), found);
            }
            found
        });
        if let Some(last) = self.last.get_mut(slot) {
            let mut buffer = last.take().map(|(_, buffer, _)| buffer).unwrap_or_default();
            buffer.clear();
            buffer.push_str(text);
            *last = Some((region, buffer, found));
        }
        found
    }

    fn search(&self, by: By, text: &str, region: Option<NodeId>) -> Found {
        let text = text.trim();
        if text.len() > 1_000 {
            return Found::Unknown;
        }
        if let Some(login) = login(text).filter(|_| by != By::Number) {
            return self.code(Scheme::Login, &login, None);
        }
        match by {
            By::Login => self.code(Scheme::Login, text, None),
            By::Inn => self.code(Scheme::TaxNumber, text, None),
            By::Code => match self.code(Scheme::RegionalCode, text, region) {
                Found::Unknown => self.other_code(text, region),
                found => found,
            },
            By::Number => {
                let id = text.parse().ok().map(OrganisationId);
                let known = id.filter(|id| self.registry.get(*id).is_some());
                known.map_or(Found::Unknown, Found::School)
            }
            By::Name => self.name(text, region),
        }
    }

    fn other_code(&self, text: &str, region: Option<NodeId>) -> Found {
        let tax = self.code(Scheme::TaxNumber, text, None);
        if tax != Found::Unknown {
            return tax;
        }
        // Spreadsheets turn «010305» into 10305.
        let digits = !text.is_empty() && text.len() < 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits {
            let padded = (1..=4).map(|zeros| format!("{}{text}", "0".repeat(zeros)));
            let mut found = padded
                .map(|code| self.code(Scheme::RegionalCode, &code, region))
                .filter(|found| *found != Found::Unknown);
            return match (found.next(), found.next()) {
                (Some(Found::School(id)), None) => Found::Padded(id),
                (None, _) => Found::Unknown,
                _ => Found::Ambiguous,
            };
        }
        Found::Unknown
    }

    fn code(&self, scheme: Scheme, value: &str, region: Option<NodeId>) -> Found {
        let value = folded(scheme, value);
        let by_code = self.by_code.get_or_init(|| {
            let codes = self.registry.organisations().iter().flat_map(|school| {
                school.identifiers.iter().map(|code| {
                    (school.id, hashed(&(code.scheme, folded(code.scheme, &code.value).as_str())))
                })
            });
            Index::of(codes)
        });
        let ids = by_code.get(hashed(&(scheme, value.as_str()))).filter(|id| {
            let codes = self.registry.get(*id).map(|school| school.identifiers.as_slice());
            let mut codes = codes.unwrap_or_default().iter();
            codes.any(|code| code.scheme == scheme && folded(scheme, &code.value) == value)
        });
        self.one_of(ids, region).map_or(Found::Ambiguous, |id| id.map_or(Found::Unknown, Found::School))
    }

    fn name(&self, text: &str, region: Option<NodeId>) -> Found {
        let name = plain(text);
        let by_name = self.by_name.get_or_init(|| {
            let schools = self.registry.organisations().iter();
            Index::of(schools.map(|school| (school.id, hashed(&plain(&school.name)))))
        });
        let mut ids = by_name
            .get(hashed(&name))
            .filter(|id| self.registry.get(*id).is_some_and(|school| plain(&school.name) == name))
            .peekable();
        if ids.peek().is_some() {
            return self
                .one_of(ids, region)
                .map_or(Found::Ambiguous, |id| id.map_or(Found::Unknown, Found::ByName));
        }
        // A column «Школа» may hold codes.
        let is_code = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_code {
            return Found::Unknown;
        }
        match self.code(Scheme::RegionalCode, text, region) {
            Found::Unknown => self.other_code(text, region),
            found => found,
        }
    }

    /// The only one in the region; an error when there are several.
    fn one_of(
        &self,
        ids: impl Iterator<Item = OrganisationId>,
        region: Option<NodeId>,
    ) -> Result<Option<OrganisationId>, ()> {
        let mut here = ids.filter(|id| region.is_none() || self.registry.region_of(*id) == region);
        match (here.next(), here.next()) {
            (Some(_), Some(_)) => Err(()),
            (first, _) => Ok(first),
        }
    }

    /// Up to three schools whose code or name is nearest to a text, as words to show.
    pub(crate) fn nearest(&self, by: By, text: &str) -> Vec<String> {
        const FARTHEST: f64 = 0.7;
        let wanted = login(text).unwrap_or_else(|| plain(text));
        if wanted.is_empty() || wanted.chars().count() > 200 {
            return Vec::new();
        }
        let mut best: Vec<(u32, OrganisationId, String)> = Vec::new();
        let mut offer = |likeness: f64, id: OrganisationId, shown: String| {
            if likeness >= FARTHEST {
                // Ten-thousandths, so that the order is exact.
                best.push(((likeness * 10_000.0) as u32, id, shown));
            }
        };
        for organisation in self.registry.organisations() {
            let name = &organisation.name;
            if by == By::Name && login(text).is_none() {
                let likeness = strsim::normalized_levenshtein(&wanted, &plain(name));
                offer(likeness, organisation.id, format!("«{name}»"));
                continue;
            }
            for identifier in &organisation.identifiers {
                let value = &identifier.value;
                let likeness = strsim::normalized_levenshtein(&wanted, &value.to_lowercase());
                offer(likeness, organisation.id, format!("{value} («{name}»)"));
            }
        }
        best.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        best.into_iter().take(3).map(|(_, _, shown)| shown).collect()
    }
}

/// Schools by the hash of a text of theirs. A school that is found still has to be asked for the text itself.
struct Index(Vec<(u64, OrganisationId)>);

impl Index {
    fn of(texts: impl Iterator<Item = (OrganisationId, u64)>) -> Self {
        let mut known: Vec<_> = texts.map(|(id, hash)| (hash, id)).collect();
        known.sort_unstable();
        known.dedup();
        Self(known)
    }

    fn get(&self, hash: u64) -> impl Iterator<Item = OrganisationId> {
        let start = self.0.partition_point(|(known, _)| *known < hash);
        let found = self.0.iter().skip(start).take_while(move |(known, _)| *known == hash);
        found.map(|(_, id)| *id)
    }
}

fn hashed(text: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// A code as compared: logins in lower case, no blanks anywhere.
pub(crate) fn folded(scheme: Scheme, value: &str) -> String {
    let mut value = value.to_owned();
    value.retain(|letter| !letter.is_whitespace());
    match scheme {
        Scheme::Login if value.is_ascii() => value.make_ascii_lowercase(),
        Scheme::Login => value = value.to_lowercase(),
        Scheme::RegionalCode | Scheme::TaxNumber => {}
    }
    value
}
