//! Which school helps which, since when, and under which contract?

use jiff::Timestamp;
use jiff::civil::Date;
use opora_cells::OrganisationId;
use opora_store::{AccountId, Authorship, Fact, FactId, NewFact, Store, StoreError};

use super::{Support, wire};

/// How often a write is tried again when somebody else was first.
const TRIES: usize = 6;

/// A mentor school of a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentoring {
    /// Its number: that of the fact that began it.
    pub id: FactId,
    /// The school that is helped.
    pub school: OrganisationId,
    /// The school that helps.
    pub mentor: OrganisationId,
    /// First day.
    pub from: Date,
    /// Last day; none for an open end.
    pub until: Option<Date>,
    /// Why it was agreed, and why it ended.
    pub reasons: Vec<String>,
    /// Who agreed.
    pub who: String,
    /// Contracts, the newest last.
    pub contracts: Vec<Contract>,
}

/// A partner contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Number, as written.
    pub number: String,
    /// When it was signed.
    pub signed: Date,
    /// What it is about.
    pub text: String,
    /// The contract itself.
    pub file: Option<ContractFile>,
    /// When it was added.
    pub at: Timestamp,
}

/// The file of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractFile {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Name.
    pub name: String,
}

/// Why a mentor school is not assigned.
#[derive(Debug)]
pub enum NotMentored {
    /// Refused: what is wrong and what to do, in Russian.
    Refused(&'static str),
    /// Failed.
    Store(StoreError),
}

impl From<StoreError> for NotMentored {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Mentoring {
    /// It holds on this day.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// It holds on this day or later.
    pub fn is_open(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until)
    }
}

impl Support {
    pub(super) fn read_mentorings(&mut self, facts: &[Fact]) {
        for fact in facts {
            self.last_mentoring = Some(fact.id);
            match fact.kind.as_str() {
                wire::ASSIGNED => self.mentorings.extend(begun(fact)),
                wire::ENDED => self.end(fact),
                wire::CONTRACT => self.contract(fact),
                _ => {}
            }
        }
    }

    fn end(&mut self, fact: &Fact) {
        let Some(ended) = wire::read::<wire::Ended>(fact) else { return };
        let Ok(last_day) = ended.last_day.parse::<Date>() else { return };
        if let Some(own) = self.mentorings.iter_mut().find(|own| own.id.0 == ended.mentoring) {
            own.until = Some(own.until.map_or(last_day, |until| until.min(last_day)));
            own.reasons.push(ended.reason);
        }
    }

    fn contract(&mut self, fact: &Fact) {
        let Some(added) = wire::read::<wire::Contracted>(fact) else { return };
        let Ok(signed) = added.signed.parse::<Date>() else { return };
        if let Some(own) = self.mentorings.iter_mut().find(|own| own.id.0 == added.mentoring) {
            let file = added.file.map(|(sha256, name)| ContractFile { sha256, name });
            own.contracts.push(Contract {
                number: added.number,
                signed,
                text: added.text,
                file,
                at: fact.at,
            });
        }
    }

    /// How many schools a mentor helps on a day.
    pub fn load(&self, mentor: OrganisationId, day: Date) -> usize {
        self.mentorings.iter().filter(|own| own.mentor == mentor && own.holds(day)).count()
    }

    /// A mentoring by its number.
    pub fn mentoring(&self, id: i64) -> Option<&Mentoring> {
        self.mentorings.iter().find(|own| own.id.0 == id)
    }
}

fn begun(fact: &Fact) -> Option<Mentoring> {
    let assigned: wire::Assigned = wire::read(fact)?;
    Some(Mentoring {
        id: fact.id,
        school: OrganisationId(assigned.school),
        mentor: OrganisationId(assigned.mentor),
        from: assigned.from.parse().ok()?,
        until: assigned.until.and_then(|day| day.parse().ok()),
        reasons: vec![assigned.reason],
        who: fact.who.clone(),
        contracts: Vec::new(),
    })
}

/// A mentor school to be assigned.
pub type Wanted = (OrganisationId, OrganisationId, Date, Option<Date>);

/// Assigns a mentor school. Who comes second is judged by what the first one recorded.
pub async fn assign_mentor(
    store: &Store,
    (school, mentor, from, until): Wanted,
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<(), NotMentored> {
    for _ in 0..TRIES {
        let support = Support::read(store).await?;
        refuse(&support, (school, mentor, from, until)).map_err(NotMentored::Refused)?;
        let content = wire::written(&wire::Assigned {
            school: school.0,
            mentor: mentor.0,
            from: from.to_string(),
            until: until.map(|day| day.to_string()),
            reason: by.reason.to_owned(),
        });
        let fact = NewFact { subject: wire::MENTORINGS, kind: wire::ASSIGNED, content: &content };
        match store.append_facts(&[(wire::MENTORINGS, support.last_mentoring)], &[fact], account, by).await {
            Err(StoreError::FactFirst) => {}
            other => return Ok(other.map(|_| ())?),
        }
    }
    Err(StoreError::FactFirst.into())
}

fn refuse(support: &Support, (school, mentor, from, until): Wanted) -> Result<(), &'static str> {
    if school == mentor {
        return Err("Школа не может быть наставником самой себе. Выберите другую школу.");
    }
    if until.is_some_and(|until| until < from) {
        return Err("Последний день раньше первого. Проверьте даты.");
    }
    let overlaps = |own: &&Mentoring| {
        own.until.is_none_or(|last| from <= last) && until.is_none_or(|last| own.from <= last)
    };
    let mut open = support.mentorings.iter().filter(overlaps);
    if open.any(|own| own.school == school && own.mentor == mentor) {
        return Err(
            "Эта школа уже наставник этой школы. Дождитесь окончания или завершите прежнее назначение.",
        );
    }
    let circle = support.mentorings.iter().filter(overlaps);
    if circle.clone().any(|own| own.school == mentor && own.mentor == school) {
        return Err(
            "Эти школы уже связаны наоборот: вторая учится у первой. Сначала завершите то назначение.",
        );
    }
    let load = circle.filter(|own| own.mentor == mentor).count();
    let most = support.mentor_schools.get(&mentor).map(|profile| profile.capacity);
    if most.is_some_and(|most| load >= most as usize) {
        return Err(
            "У школы-наставника больше нет места. Увеличьте число школ в её карточке или выберите другую.",
        );
    }
    Ok(())
}

/// Ends a mentoring; `last_day` is the last one it holds.
pub async fn end_mentor(
    store: &Store,
    mentoring: &Mentoring,
    last_day: Date,
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    if by.reason.trim().is_empty() {
        return Err(StoreError::ReasonMissing);
    }
    let content = wire::written(&wire::Ended {
        mentoring: mentoring.id.0,
        last_day: last_day.to_string(),
        reason: by.reason.to_owned(),
    });
    let fact = NewFact { subject: wire::MENTORINGS, kind: wire::ENDED, content: &content };
    store.append_facts(&[], &[fact], account, by).await.map(|_| ())
}

/// Adds a contract to a mentoring. An earlier one stays on record.
pub async fn add_contract(
    store: &Store,
    mentoring: &Mentoring,
    contract: &Contract,
    account: Option<AccountId>,
    by: &Authorship<'_>,
) -> Result<(), StoreError> {
    let content = wire::written(&wire::Contracted {
        mentoring: mentoring.id.0,
        number: contract.number.clone(),
        signed: contract.signed.to_string(),
        text: contract.text.clone(),
        file: contract.file.as_ref().map(|file| (file.sha256.clone(), file.name.clone())),
    });
    let fact = NewFact { subject: wire::MENTORINGS, kind: wire::CONTRACT, content: &content };
    store.append_facts(&[], &[fact], account, by).await.map(|_| ())
}
