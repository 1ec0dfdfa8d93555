//! Which questionnaire is asked where, since when? Those that were uploaded beside those of the packs.
//!
//! Facts of the subject `questionnaires`: an upload, an adoption in a place from a day, and the end of one. The text
//! itself is kept under its hash, as every questionnaire is that was ever asked by. Of several in force at a school
//! the one that came into force last is asked.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use opora_access::{Place, contains};
use opora_cells::OrganisationId;
use opora_diagnosis::{Audience, Questionnaire, read_questionnaire};
use opora_registry::Registry;
use opora_store::{Fact, FactId, NewFact, Store, StoreError};
use serde::{Deserialize, Serialize};

use super::work::{Person, keep_text};
use super::{Paper, Papers, wire};

const SUBJECT: &str = "questionnaires";
const ADDED: &str = "questionnaire.add";
const ADOPTED: &str = "questionnaire.adopt";
const ENDED: &str = "questionnaire.end";
/// How often a write is tried again when somebody else was first.
const TRIES: usize = 6;

/// A questionnaire that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Its number.
    pub id: FactId,
    /// Hash of its text.
    pub sha256: String,
    /// Name of the file.
    pub file: String,
    /// Who is asked.
    pub audience: Audience,
    /// Title.
    pub title: String,
    /// Version, one higher than any before it.
    pub version: u32,
    /// What was not carried over from the file, in words.
    pub notes: Vec<String>,
    /// Who uploaded it.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// Where it is in force and from when, ended ones included.
    pub adoptions: Vec<Adoption>,
}

/// A questionnaire is in force in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// Its number.
    pub id: FactId,
    /// Where.
    pub place: Place,
    /// First day.
    pub from: Date,
    /// Last day; none for an open end.
    pub until: Option<Date>,
}

impl Adoption {
    fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

#[derive(Serialize, Deserialize)]
struct AddedFact {
    sha256: String,
    file: String,
    audience: String,
    title: String,
    version: u32,
    notes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct AdoptedFact {
    questionnaire: i64,
    place: String,
    from: String,
}

#[derive(Serialize, Deserialize)]
struct EndedFact {
    adoption: i64,
    last_day: String,
}

/// All that were uploaded, the newest first, and the last fact about them.
pub async fn uploaded(store: &Store) -> Result<(Vec<Uploaded>, Option<FactId>), StoreError> {
    let facts = store.facts(SUBJECT).await?;
    let mut found: Vec<Uploaded> = Vec::new();
    for fact in &facts {
        match fact.kind.as_str() {
            ADDED => found.extend(added(fact)),
            ADOPTED => adopted(fact, &mut found),
            ENDED => ended(fact, &mut found),
            _ => {}
        }
    }
    found.reverse();
    Ok((found, facts.last().map(|fact| fact.id)))
}

fn added(fact: &Fact) -> Option<Uploaded> {
    let AddedFact { sha256, file, audience, title, version, notes } = wire::read(fact)?;
    let audience = Audience::WORDS.iter().find(|(word, _)| *word == audience)?.1;
    let (who, at) = (fact.who.clone(), fact.at);
    Some(Uploaded {
        id: fact.id,
        sha256,
        file,
        audience,
        title,
        version,
        notes,
        who,
        at,
        adoptions: Vec::new(),
    })
}

fn adopted(fact: &Fact, found: &mut [Uploaded]) {
    let Some(said) = wire::read::<AdoptedFact>(fact) else { return };
    let (Some(place), Ok(from)) = (Place::of_code(&said.place), said.from.parse()) else { return };
    if let Some(own) = found.iter_mut().find(|own| own.id.0 == said.questionnaire) {
        own.adoptions.push(Adoption { id: fact.id, place, from, until: None });
    }
}

fn ended(fact: &Fact, found: &mut [Uploaded]) {
    let Some(said) = wire::read::<EndedFact>(fact) else { return };
    let Ok(last_day) = said.last_day.parse() else { return };
    let mut all = found.iter_mut().flat_map(|own| &mut own.adoptions);
    if let Some(own) = all.find(|own| own.id.0 == said.adoption) {
        own.until = Some(last_day);
    }
}

/// Keeps an uploaded questionnaire as the next version of the one its audience is asked by. In force it is nowhere yet.
pub async fn add_questionnaire(
    store: &Store,
    papers: &Papers,
    read: &Questionnaire,
    (file, notes): (&str, Vec<String>),
    person: &Person<'_>,
) -> Result<FactId, StoreError> {
    for _ in 0..TRIES {
        let (known, last) = uploaded(store).await?;
        let base = papers.paper(read.audience).map(|paper| &paper.questionnaire);
        let of_audience = known.iter().filter(|own| own.audience == read.audience).map(|own| own.version);
        let version = of_audience.chain(base.map(|base| base.version)).max().unwrap_or(0) + 1;
        // The name is that of the series: answers go over from one version to the next.
        let id = base.map_or_else(|| read.audience.word().to_owned(), |base| base.id.clone());
        let paper = Paper::of(Questionnaire { id, version, ..read.clone() });
        keep_text(store, &paper, person).await?;
        let content = wire::written(&AddedFact {
            sha256: paper.sha256.to_string(),
            file: file.to_owned(),
            audience: read.audience.word().to_owned(),
            title: read.title.clone(),
            version,
            notes: notes.clone(),
        });
        let fact = NewFact { subject: SUBJECT, kind: ADDED, content: &content };
        match store.append_facts(&[(SUBJECT, last)], &[fact], person.account, &person.by(file)).await {
            Ok(ids) => return ids.first().copied().ok_or(StoreError::FactFirst),
            Err(StoreError::FactFirst) => {}
            Err(error) => return Err(error),
        }
    }
    Err(StoreError::FactFirst)
}

/// Takes a questionnaire in force in a place from a day on.
pub async fn adopt(
    store: &Store,
    questionnaire: &Uploaded,
    (place, from): (Place, Date),
    reason: &str,
    person: &Person<'_>,
) -> Result<(), StoreError> {
    let content = wire::written(&AdoptedFact {
        questionnaire: questionnaire.id.0,
        place: place.code(),
        from: from.to_string(),
    });
    let fact = NewFact { subject: SUBJECT, kind: ADOPTED, content: &content };
    store.append_facts(&[], &[fact], person.account, &person.by(reason)).await.map(|_| ())
}

/// Ends an adoption: schools that have answered keep what they were asked by.
pub async fn end_adoption(
    store: &Store,
    adoption: &Adoption,
    last_day: Date,
    reason: &str,
    person: &Person<'_>,
) -> Result<(), StoreError> {
    if reason.trim().is_empty() {
        return Err(StoreError::ReasonMissing);
    }
    let content = wire::written(&EndedFact { adoption: adoption.id.0, last_day: last_day.to_string() });
    let fact = NewFact { subject: SUBJECT, kind: ENDED, content: &content };
    store.append_facts(&[], &[fact], person.account, &person.by(reason)).await.map(|_| ())
}

/// The questionnaire itself.
pub async fn questionnaire_of(store: &Store, uploaded: &Uploaded) -> Result<Option<Paper>, StoreError> {
    let facts = store.facts(&format!("questionnaire/{}", uploaded.sha256)).await?;
    let text = facts.iter().find_map(wire::read_questionnaire).unwrap_or_default();
    let read = read_questionnaire(&uploaded.sha256, text).ok();
    Ok(read.map(|questionnaire| Paper::of_hash(questionnaire, text, &uploaded.sha256)))
}

/// What a school is asked by on a day: the packs, and over them what was taken in force for it.
pub async fn papers_of(
    store: &Store,
    papers: &Papers,
    registry: &Registry,
    school: OrganisationId,
    day: Date,
) -> Result<Papers, StoreError> {
    let (known, _) = uploaded(store).await?;
    let here = |adoption: &&Adoption| {
        adoption.holds(day) && contains(adoption.place, Place::School(school), registry)
    };
    let mut newest: BTreeMap<Audience, ((Date, FactId), &Uploaded)> = BTreeMap::new();
    for own in &known {
        let last = own.adoptions.iter().filter(here).map(|adoption| (adoption.from, adoption.id)).max();
        let Some(last) = last else { continue };
        if newest.get(&own.audience).is_none_or(|(other, _)| *other < last) {
            newest.insert(own.audience, (last, own));
        }
    }
    let mut asked = papers.clone();
    for (_, own) in newest.into_values() {
        if let Some(paper) = questionnaire_of(store, own).await? {
            asked.put(paper);
        }
    }
    Ok(asked)
}
