//! What do all requests share? The store, and the plans and documents that were read lately.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::HeaderMap;
use jiff::SignedDuration;
use jiff::civil::Date;
use opora_access::{Person, Place, Seal};
use opora_cells::OrganisationId;
use opora_checks::{Finding, Report, Subject};
use opora_cycle::vocabulary::{Activity, ActivityKey, Order, Plan};
use opora_documents::Options;
use opora_execution::work::WorkItem;
use opora_neutral::Document;
use opora_registry::Registry;
use opora_store::{
    AccountId, PlanId, PlanRecord, PlanSummary, Session, SessionLife, Store, StoreError, Suppression,
    VersionNumber,
};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::actor::{Actor, LOCAL_USER};
use super::chain::Chain;
use super::components::badge::LevelCounts;
use super::digest::Digest;
use super::errors::WebError;
use super::pages::boards::Backdrops;
use super::pages::outside::Outside;
use super::pages::survey::Pace;
use super::pages::upstream::Followed;
use super::results::Results;
use super::{ui, words};
use crate::clock;
use crate::mail::Mailer;
use crate::usecases::diagnosis::Shelf;
use crate::usecases::notices::{Remembered, Teller};
use crate::usecases::registry::KnownRegistry;
use crate::usecases::results::dataset::Workbench;
use crate::usecases::scanner::Scanner;
use crate::usecases::standings::{Look, PlanStanding, Standings};
use crate::usecases::tokens::{self, Known};
use crate::usecases::work::SchoolWork;
use crate::usecases::{support, suppress};

/// Activities of the plans kept in memory: a thousand take a few megabytes.
const ACTIVITIES_KEPT: u64 = 32_000;
/// Plans expected among them.
const PLANS_KEPT: usize = 500;
/// Digests kept in memory: some twenty kilobytes each.
const DIGESTS_KEPT: usize = 5_000;
/// Documents kept in memory: reading a scan again takes a minute.
const DOCUMENTS_KEPT: usize = 16;

/// Files read at the same time: recognition of a scan takes a core and some hundred megabytes.
const READERS: usize = 2;
/// Passwords checked at the same time: each takes some 19 MB and some ten milliseconds.
const HASHERS: usize = 4;

/// Name of the cookie of a session.
pub const SESSION_COOKIE: &str = "opora-session";
/// A session ends after a working day without use, and after a fortnight in any case.
pub const SESSION_LIFE: SessionLife =
    SessionLife { idle: SignedDuration::from_hours(12), whole: SignedDuration::from_hours(14 * 24) };

/// Shared by all requests; a clone shares everything.
#[derive(Clone)]
pub struct AppState {
    /// What has been recorded.
    pub store: Store,
    /// Results, methodologies and verdicts.
    pub results: Results,
    plans: Arc<Cache<(i64, i32), Arc<LoadedPlan>, ByActivities>>,
    digests: Arc<Cache<i64, Arc<Digest>>>,
    headlines: Arc<Cache<i64, Arc<Headline>>>,
    /// What waits above roadmaps.
    pub upstream: Arc<Cache<i64, Arc<Followed>>>,
    documents: Arc<Cache<String, Arc<Document>>>,
    readers: Arc<Semaphore>,
    /// Whether the journal is whole.
    pub chain: Chain,
    public_url: Option<Arc<str>>,
    mailer: Arc<Mailer>,
    scanner: Option<Scanner>,
    /// Reached from this machine only, so that the one who sits at it needs no account until there is one.
    alone: bool,
    accounts_seen: Arc<AtomicBool>,
    hashers: Arc<Semaphore>,
    seal: Option<Arc<Seal>>,
    outside: Option<Outside>,
    registry: KnownRegistry,
    /// The self-diagnoses of all schools, for the board.
    pub diagnoses: Shelf,
    /// Visits, meetings and obligations.
    pub support: support::Shelf,
    supports: support::Supports,
    standings: Standings,
    school_work: SchoolWork,
    /// What stands behind the plans on boards.
    pub boards: Backdrops,
    /// How fast surveys are answered.
    pub survey_pace: Pace,
}

/// Who is behind a request of a program.
pub enum Caller {
    /// Somebody.
    Actor(Box<Actor>),
    /// Nobody that is known.
    Nobody,
    /// Too many wrong tokens: seconds to wait.
    Wait(u64),
}

/// A version of a plan with what the checker says about it.
#[derive(Clone, Debug)]
pub struct LoadedPlan {
    /// Number of the plan.
    pub id: i64,
    /// Number of the version.
    pub version: i32,
    /// The plan is in the archive.
    pub archived: bool,
    /// The place it belongs to.
    pub owner: Place,
    /// The order with exactly one plan.
    pub order: Order,
    /// Suppressions in force, as they were recorded.
    pub suppressions: Vec<Suppression>,
    /// What the checker says, these suppressions considered.
    pub report: Report,
}

/// Plans weigh by their activities, so that large ones do not fill the memory.
#[derive(Clone, Copy, Debug)]
struct ByActivities;

impl Weighter<(i64, i32), Arc<LoadedPlan>> for ByActivities {
    fn weight(&self, _: &(i64, i32), plan: &Arc<LoadedPlan>) -> u64 {
        1 + u64::try_from(plan.activity_count()).unwrap_or(u64::MAX / 2)
    }
}

/// What a list of plans tells of one beside its standing.
#[derive(Clone, Debug)]
pub struct Headline {
    version: i32,
    suppressions: Vec<Suppression>,
    /// Its title.
    pub title: String,
    /// Its act in short.
    pub act_line: Option<String>,
    /// How many findings there are.
    pub counts: LevelCounts,
}

impl AppState {
    /// The state over an open database and store of results.
    pub fn new(bench: Workbench) -> Self {
        Self {
            store: bench.store.clone(),
            results: Results::new(bench),
            plans: Arc::new(Cache::with_weighter(PLANS_KEPT, ACTIVITIES_KEPT, ByActivities)),
            digests: Arc::new(Cache::new(DIGESTS_KEPT)),
            headlines: Arc::new(Cache::new(DIGESTS_KEPT)),
            upstream: Arc::new(Cache::new(DIGESTS_KEPT)),
            documents: Arc::new(Cache::new(DOCUMENTS_KEPT)),
            readers: Arc::new(Semaphore::new(READERS)),
            chain: Chain::default(),
            public_url: None,
            mailer: Arc::new(Mailer::None),
            scanner: None,
            alone: true,
            accounts_seen: Arc::default(),
            hashers: Arc::new(Semaphore::new(HASHERS)),
            seal: None,
            outside: None,
            registry: KnownRegistry::default(),
            diagnoses: Shelf::default(),
            support: support::Shelf::default(),
            supports: support::Supports::default(),
            standings: Standings::default(),
            school_work: SchoolWork::default(),
            boards: Backdrops::default(),
            survey_pace: Pace::default(),
        }
    }

    /// The same state with the address under which people reach the server: `https://opora.example.ru`.
    pub fn with_public_url(mut self, url: Option<&str>) -> Self {
        self.public_url = url.map(Arc::from);
        self
    }

    /// The same state that sends mail so.
    pub fn with_mailer(mut self, mailer: Mailer) -> Self {
        self.mailer = Arc::new(mailer);
        self
    }

    /// The same state that keeps secrets under this seal.
    pub fn with_seal(mut self, seal: Seal) -> Self {
        self.seal = Some(Arc::new(seal));
        self
    }

    /// The same state with an outside login.
    pub fn with_outside(mut self, outside: Outside) -> Self {
        self.outside = Some(outside);
        self
    }

    /// The seal of secrets, where there is a key.
    pub fn seal(&self) -> Option<&Seal> {
        self.seal.as_deref()
    }

    /// The outside login, where one was set up.
    pub fn outside(&self) -> Option<&Outside> {
        self.outside.as_ref()
    }

    /// The same state that has files looked at by this program.
    pub fn with_scanner(mut self, scanner: Option<Scanner>) -> Self {
        self.scanner = scanner;
        self
    }

    /// The program that looks for viruses in files, where one was named.
    pub fn scanner(&self) -> Option<&Scanner> {
        self.scanner.as_ref()
    }

    /// The same state for a server that others reach: nobody gets in without an account.
    pub fn for_others(mut self) -> Self {
        self.alone = false;
        self
    }

    /// How mail is sent.
    pub fn mailer(&self) -> &Arc<Mailer> {
        &self.mailer
    }

    /// Whether anybody has an account. Once there is one, there is one for ever. A database that does not answer is an
    /// error: it must not open the door, nor close it to the one who works alone.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        if self.accounts_seen.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let seen = self.store.has_accounts().await?;
        self.accounts_seen.store(seen, Ordering::Relaxed);
        Ok(seen)
    }

    /// Waits for the turn to check a password; the turn ends when the value is dropped.
    pub async fn hashing_turn(&self) -> Option<SemaphorePermit<'_>> {
        self.hashers.acquire().await.ok()
    }

    /// The registry of organisations, read again when it has changed.
    pub async fn registry(&self) -> Result<Arc<Registry>, StoreError> {
        self.registry.newest(&self.store).await
    }

    /// Who acts: the person of the session, or the one who works alone on this machine (`local`: the request was made
    /// on it). Nobody otherwise.
    pub async fn actor(&self, headers: &HeaderMap, local: bool) -> Result<Option<Actor>, WebError> {
        if !self.has_accounts().await? {
            let alone = self.alone && local && self.public_url.is_none();
            return Ok(if alone {
                Some(self.actor_of(Person::alone(LOCAL_USER), None).await?)
            } else {
                None
            });
        }
        let Some(session) = self.session(headers).await?.filter(|session| session.verified) else {
            return Ok(None);
        };
        let person = self.person(session.account).await?;
        match person {
            Some(person) => Ok(Some(self.actor_of(person, Some(Arc::new(session))).await?)),
            None => Ok(None),
        }
    }

    /// For whom a program acts that shows this token, or the one who works alone on this machine. Cookies count for
    /// nothing here.
    pub async fn program(&self, bearer: Option<&str>, from: &str, local: bool) -> Result<Caller, WebError> {
        if !self.has_accounts().await? {
            let alone = self.alone && local && self.public_url.is_none();
            return Ok(if alone {
                Caller::Actor(Box::new(self.actor_of(Person::alone(LOCAL_USER), None).await?))
            } else {
                Caller::Nobody
            });
        }
        let Some(secret) = bearer else { return Ok(Caller::Nobody) };
        let token = match tokens::know(&self.store, secret, from, clock::today(), clock::now()).await? {
            Known::Token(token) => token,
            Known::Unknown => return Ok(Caller::Nobody),
            Known::Wait(seconds) => return Ok(Caller::Wait(seconds)),
        };
        let Some(person) = self.person(token.account).await? else { return Ok(Caller::Nobody) };
        // Whatever is recorded says that a program did it, and which.
        let name = format!("{}, токен «{}»", person.name, token.name);
        let actor = self.actor_of(Person { name, ..person }, None).await?;
        Ok(Caller::Actor(Box::new(Actor { token: Some(Arc::new(token)), ..actor })))
    }

    /// The session of a request, one that still waits for its second proof included.
    pub async fn session(&self, headers: &HeaderMap) -> Result<Option<Session>, WebError> {
        let Some(token) = ui::cookie(headers, SESSION_COOKIE) else { return Ok(None) };
        Ok(self.store.session(token, SESSION_LIFE, clock::now()).await?)
    }

    /// The person of an account that is open, with all grants.
    pub async fn person(&self, id: AccountId) -> Result<Option<Person>, WebError> {
        let account = self.store.account(id).await?;
        if !account.open {
            return Ok(None);
        }
        let grants = self.store.grants(Some(id)).await?.into_iter().map(|held| held.grant).collect();
        Ok(Some(Person { account: Some(id.0), name: account.name, grants }))
    }

    /// A person as an actor of today.
    pub async fn actor_of(&self, person: Person, session: Option<Arc<Session>>) -> Result<Actor, WebError> {
        let registry = self.registry().await?;
        let unread = match person.account {
            Some(account) => self.store.unread_notices(AccountId(account)).await?,
            None => 0,
        };
        Ok(Actor { person: Arc::new(person), session, token: None, registry, today: clock::today(), unread })
    }

    /// The address under which people reach the server, if it was set.
    pub fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    /// What waits in the self-diagnoses and surveys of schools.
    pub async fn school_work(&self, today: Date) -> Result<Arc<[(OrganisationId, WorkItem)]>, StoreError> {
        let registry = self.registry().await?;
        let papers = &self.results.catalog().papers;
        self.school_work.look(&self.store, &self.diagnoses, papers, &registry, today).await
    }

    /// How every school is looked after today.
    pub async fn supported(&self, today: Date) -> Result<Arc<support::SupportLook>, StoreError> {
        let (plans, registry) = (self.look(today).await?, self.registry().await?);
        let rules = &self.results.catalog().rulebook;
        let of = support::Sources { store: &self.store, shelf: &self.support, rules, registry: &registry };
        self.supports.look(&of, &plans).await
    }

    /// Who tells people what is news, with everything that is in memory here.
    pub fn teller(&self) -> Teller {
        Teller {
            store: self.store.clone(),
            standings: self.standings.clone(),
            shelf: self.diagnoses.clone(),
            school_work: self.school_work.clone(),
            catalog: Arc::clone(self.results.shared_catalog()),
            registry: self.registry.clone(),
            has_mail: self.mailer.is_set_up(),
            public_url: self.public_url.clone(),
            support: self.support.clone(),
            supports: self.supports.clone(),
            memory: Remembered::default(),
        }
    }

    /// How every plan stands today.
    pub async fn look(&self, today: Date) -> Result<Arc<Look>, StoreError> {
        self.standings.look(&self.store, today).await
    }

    /// The newest version of a plan. A plan in memory costs two small queries; contents are read and checked once.
    pub async fn plan(&self, id: i64) -> Result<Arc<LoadedPlan>, WebError> {
        let summary = self.store.summary(PlanId(id)).await?;
        Ok(self.plan_of(&summary).await?)
    }

    /// The newest version of a plan whose summary is at hand.
    pub async fn plan_of(&self, summary: &PlanSummary) -> Result<Arc<LoadedPlan>, StoreError> {
        self.plan_at(summary, summary.version).await
    }

    /// A version of a plan whose summary is at hand.
    pub async fn plan_at(
        &self,
        summary: &PlanSummary,
        version: VersionNumber,
    ) -> Result<Arc<LoadedPlan>, StoreError> {
        let suppressions = self.store.suppressions(summary.id).await?;
        if let Some(kept) = self.plans.get(&(summary.id.0, version.0))
            && kept.suppressions == suppressions
            && kept.archived == summary.archived
            && kept.owner == summary.owner
        {
            return Ok(kept);
        }
        let record = self.store.plan_version(summary.id, version).await?;
        Ok(self.keep_plan(record, suppressions))
    }

    fn keep_plan(&self, record: PlanRecord, suppressions: Vec<Suppression>) -> Arc<LoadedPlan> {
        let report = suppress::report(&record.order, &suppressions);
        let loaded = Arc::new(LoadedPlan {
            id: record.summary.id.0,
            version: record.version.number.0,
            archived: record.summary.archived,
            owner: record.summary.owner,
            order: record.order,
            suppressions,
            report,
        });
        self.plans.insert((loaded.id, loaded.version), Arc::clone(&loaded));
        loaded
    }

    /// What a list of plans tells of one, kept until the plan changes.
    pub async fn headline(&self, plan: &PlanStanding) -> Result<Arc<Headline>, StoreError> {
        let (id, version) = (plan.summary.id.0, plan.summary.version.0);
        let suppressions = self.store.suppressions(plan.summary.id).await?;
        let kept = self.headlines.get(&id);
        if let Some(kept) = kept.filter(|kept| kept.version == version && kept.suppressions == suppressions) {
            return Ok(kept);
        }
        let loaded = self.plan_of(&plan.summary).await?;
        let headline = Arc::new(Headline {
            version,
            suppressions,
            title: loaded.title().to_owned(),
            act_line: loaded.act_line(),
            counts: loaded.level_counts(),
        });
        self.headlines.insert(id, Arc::clone(&headline));
        Ok(headline)
    }

    /// Reads what many pages ask for, so that nobody has to wait for it after a start.
    pub async fn warm_up(self) {
        let today = clock::today();
        // What can't be read is told to whoever asks for it.
        let Ok(look) = self.look(today).await else { return };
        let _ = self.school_work(today).await;
        let _ = self.supported(today).await;
        let _ = self.boards.warm_up(&self, &look).await;
        for plan in look.plans.iter().filter(|plan| !plan.summary.archived) {
            let _ = self.digest(plan, today).await;
        }
    }

    /// What is due in the version of a plan that is carried out, kept until that version changes.
    pub async fn digest(&self, plan: &PlanStanding, today: Date) -> Result<Arc<Digest>, StoreError> {
        let (id, version) = (plan.summary.id, plan.followed.version);
        if let Some(kept) = self.digests.get(&id.0).filter(|kept| kept.holds(version.0, today)) {
            return Ok(kept);
        }
        let record = self.store.plan_version(id, version).await?;
        let digest = Arc::new(Digest::of(&record.order, version.0, today));
        self.digests.insert(id.0, Arc::clone(&digest));
        Ok(digest)
    }

    /// Waits for the turn to read a file; the turn ends when the value is dropped.
    pub async fn reading_turn(&self) -> Option<SemaphorePermit<'_>> {
        self.readers.acquire().await.ok()
    }

    /// The source document if it is in memory.
    pub fn document_at_hand(&self, sha256: &str) -> Option<Arc<Document>> {
        self.documents.get(sha256)
    }

    /// Keeps a document that was just read.
    pub fn keep_document(&self, document: Document) -> Arc<Document> {
        let document = Arc::new(document);
        self.documents.insert(document.source.sha256.clone(), Arc::clone(&document));
        document
    }

    /// The source document, read from the stored bytes where it is not in memory.
    pub async fn document(&self, sha256: &str) -> Result<Arc<Document>, WebError> {
        if let Some(document) = self.document_at_hand(sha256) {
            return Ok(document);
        }
        let file = self.store.source_file(sha256).await?;
        let file = file.ok_or_else(|| WebError::not_found("Исходного файла этого плана нет в хранилище"))?;
        let _turn = self.reading_turn().await;
        let read = move || opora_documents::read(&file.name, &file.bytes, &Options::default());
        let document = tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| WebError::internal("Чтение исходного файла прервалось."))?;
        Ok(self.keep_document(document))
    }
}

impl LoadedPlan {
    /// The plan itself.
    pub fn plan(&self) -> Option<&Plan> {
        self.order.plans.first()
    }

    /// Title of the plan, or what stands for it.
    pub fn title(&self) -> &str {
        let title = self.plan().map(|plan| plan.title.as_str()).filter(|title| !title.trim().is_empty());
        title.or(self.order.act.title.as_deref()).unwrap_or("План без названия")
    }

    /// «приказ от 21.07.2021 № 89».
    pub fn act_line(&self) -> Option<String> {
        let act = &self.order.act;
        let kind = act.kind.map_or("акт", opora_cycle::vocabulary::ActKind::russian);
        let date = act.date.map(|date| format!(" от {}", words::date_short(date))).unwrap_or_default();
        let number = act.number.as_ref().map(|number| format!(" №\u{a0}{number}")).unwrap_or_default();
        (!date.is_empty() || !number.is_empty()).then(|| format!("{kind}{date}{number}"))
    }

    /// Number of activities.
    pub fn activity_count(&self) -> usize {
        self.plan().map_or(0, |plan| plan.activities().count())
    }

    /// Findings by level.
    pub fn level_counts(&self) -> LevelCounts {
        LevelCounts::of(self.report.findings.iter().map(|finding| finding.level))
    }

    /// An activity by its key.
    pub fn activity(&self, key: ActivityKey) -> Option<&Activity> {
        self.plan().and_then(|plan| plan.activities().find(|activity| activity.key == key))
    }

    /// Findings about an activity, whatever the field.
    pub fn findings_of(&self, key: ActivityKey) -> impl Iterator<Item = &Finding> {
        let about =
            move |finding: &&Finding| matches!(finding.subject, Subject::Activity(own, _) if own == key);
        self.report.findings.iter().filter(about)
    }
}
