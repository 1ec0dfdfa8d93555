//! What is news to whom, and which letters go out with it?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use opora_access::{Person, Place, Right};
use opora_exchange::sha256_hex;
use opora_execution::notices::{Notice, NoticeKind, NoticeLine, Sent, Tiding, Topic, lines, notices};
use opora_execution::work::WorkItem;
use opora_registry::Registry;
use opora_store::{
    Account, AccountId, FactId, NewLetter, NewNotice, Notice as Kept, NoticeMarks, Store, StoreError,
};

use super::tidings::{Addressed, of_fact, of_grant, of_version, plans};
use super::wishes::{Wishes, all_wishes};
use super::{DIGEST, HAPPENED, URGENT};
use crate::usecases::diagnosis::Shelf;
use crate::usecases::registry::KnownRegistry;
use crate::usecases::results::catalog::Catalog;
use crate::usecases::standings::{Look, Standings};
use crate::usecases::work::{Movers, SchoolWork, address};

/// Facts read at a time.
const FACTS: u64 = 1_000;
/// How often it is tried again when another node was first.
const TRIES: usize = 3;
/// For how long something that happened waits for a letter; who reads letters once a week reads the page.
const TIDINGS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Tells people what is news. A clone shares what was read lately.
#[derive(Clone, Debug)]
pub struct Teller {
    /// What is recorded.
    pub store: Store,
    /// How plans stand.
    pub standings: Standings,
    /// How self-diagnoses stand.
    pub shelf: Shelf,
    /// What waits in them.
    pub school_work: SchoolWork,
    /// Questionnaires and other data.
    pub catalog: Arc<Catalog>,
    /// The organisations.
    pub registry: KnownRegistry,
    /// Letters can be sent.
    pub has_mail: bool,
    /// The address under which people reach the server.
    pub public_url: Option<Arc<str>>,
    /// The event, the day and the hour after which there was nothing more to tell.
    pub seen: Arc<Mutex<Option<(i64, Date, i8)>>>,
}

/// What was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// New lines on pages.
    pub notices: usize,
    /// New letters in the queue.
    pub letters: usize,
}

/// Everything that is looked at for one telling.
struct Seen {
    marks: Option<NoticeMarks>,
    after: NoticeMarks,
    look: Arc<Look>,
    registry: Arc<Registry>,
    people: BTreeMap<i64, (Account, Person)>,
    movers: Movers,
    wishes: BTreeMap<AccountId, Wishes>,
    schools: Arc<[(opora_cells::OrganisationId, WorkItem)]>,
    today: Date,
}

/// What there is to tell one person.
#[derive(Default)]
struct Pile<'a> {
    items: Vec<&'a WorkItem>,
    tidings: Vec<Tiding>,
}

impl Teller {
    /// Tells what is news. `today` is the day of the installation, which a test may set; the hour is that of `now`.
    pub async fn tell(&self, now: Timestamp, today: Date) -> Result<Told, StoreError> {
        let clock = now.to_zoned(TimeZone::system()).datetime();
        let event = self.store.last_event().await?;
        let state = (event, today, clock.hour());
        if *self.seen.lock().unwrap_or_else(PoisonError::into_inner) == Some(state) {
            return Ok(Told::default());
        }
        for _ in 0..TRIES {
            if let Some(told) = self.try_to_tell(DateTime::from_parts(today, clock.time()), now).await? {
                *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
                return Ok(told);
            }
        }
        // Other nodes are at it; the next round looks again.
        Ok(Told::default())
    }

    /// Nothing where another node was first.
    async fn try_to_tell(&self, clock: DateTime, now: Timestamp) -> Result<Option<Told>, StoreError> {
        let (seen, addressed) = self.look(clock.date(), now).await?;
        let piles = piles(&seen, addressed);
        let mut shown: Vec<(AccountId, Vec<NoticeLine>)> = Vec::new();
        for (account, pile) in &piles {
            let settings = &seen.wishes_of(AccountId(*account)).settings;
            let items = pile.items.iter().copied();
            shown.push((AccountId(*account), lines(items, &pile.tidings, settings, seen.today)));
        }
        let keys: BTreeSet<&str> =
            shown.iter().flat_map(|(_, lines)| lines).map(|line| line.key.as_str()).collect();
        let keys: Vec<String> = keys.into_iter().map(str::to_owned).collect();
        let mut known: BTreeMap<AccountId, Vec<Kept>> = BTreeMap::new();
        for kept in self.store.told(&keys).await? {
            known.entry(kept.account).or_default().push(kept);
        }
        let new = new_notices(&shown, &known);
        let letters = if self.has_mail {
            self.letters(&seen, &piles, &known, &new, clock, now).await?
        } else {
            Vec::new()
        };
        if new.is_empty() && letters.is_empty() && seen.marks.is_some_and(|marks| marks.is_at(seen.after)) {
            return Ok(Some(Told::default()));
        }
        let told = Told { notices: new.len(), letters: letters.len() };
        let first = self.store.tell(seen.marks, seen.after, &new, &letters, now).await?;
        Ok(first.then_some(told))
    }

    /// Reads everything there is to look at, and what happened since the last telling.
    async fn look(&self, today: Date, now: Timestamp) -> Result<(Seen, Vec<Addressed>), StoreError> {
        let store = &self.store;
        let marks = store.notice_marks().await?;
        let registry = self.registry.newest(store).await?;
        let papers = &self.catalog.papers;
        let schools = self.school_work.look(store, &self.shelf, papers, &registry, today).await?;
        let look = self.standings.look(store, today).await?;
        let held = store.grants(None).await?;
        let mut people: BTreeMap<i64, (Account, Person)> = BTreeMap::new();
        for account in store.accounts().await?.into_iter().filter(|account| account.open) {
            let person =
                Person { account: Some(account.id.0), name: account.name.clone(), grants: Vec::new() };
            people.insert(account.id.0, (account, person));
        }
        for grant in &held {
            if let Some((_, person)) = people.get_mut(&grant.account.0) {
                person.grants.push(grant.grant.clone());
            }
        }
        let after = NoticeMarks {
            generation: marks.map_or(0, |marks| marks.generation),
            fact: store.last_fact().await?,
            event: look.event,
            grant: held.last().map_or(0, |held| held.id.0),
        };
        let mut addressed = Vec::new();
        if let Some(marks) = marks {
            self.happened(marks, after, &look, now, &mut addressed).await?;
            for grant in held.iter().filter(|held| held.id.0 > marks.grant) {
                let first = !held.iter().any(|own| own.account == grant.account && own.id < grant.id);
                addressed.extend(of_grant(grant, first, &registry, now));
            }
        }
        let own = people.iter().map(|(number, (_, person))| (*number, person));
        let movers = Movers::of(own, &registry, today);
        let wishes = all_wishes(store).await?;
        let seen = Seen { marks, after, look, registry, people, movers, wishes, schools, today };
        Ok((seen, addressed))
    }

    /// What facts and events between two marks have to tell.
    async fn happened(
        &self,
        from: NoticeMarks,
        to: NoticeMarks,
        look: &Look,
        now: Timestamp,
        addressed: &mut Vec<Addressed>,
    ) -> Result<(), StoreError> {
        let plans = plans(look);
        let mut last = from.fact;
        while last < to.fact {
            let facts = self.store.some_facts_after(FactId(last), FACTS).await?;
            let Some(newest) = facts.last() else { break };
            last = newest.id.0;
            let told = facts.iter().filter(|fact| fact.id.0 <= to.fact);
            addressed.extend(told.filter_map(|fact| of_fact(fact, &plans)));
        }
        for object in self.store.touched(from.event, to.event).await? {
            addressed.extend(of_version(&self.store, &object, &plans, now).await?);
        }
        Ok(())
    }

    async fn letters(
        &self,
        seen: &Seen,
        piles: &BTreeMap<i64, Pile<'_>>,
        known: &BTreeMap<AccountId, Vec<Kept>>,
        new: &[NewNotice],
        clock: DateTime,
        now: Timestamp,
    ) -> Result<Vec<NewLetter>, StoreError> {
        let mut tidings: BTreeMap<AccountId, Vec<Tiding>> = BTreeMap::new();
        for kept in self.store.unsent_notices(HAPPENED, now - TIDINGS_KEPT).await? {
            tidings.entry(kept.account).or_default().extend(tiding_of(&kept));
        }
        for fresh in new.iter().filter(|fresh| fresh.news == HAPPENED) {
            let pile = piles.get(&fresh.account.0);
            let own = pile.into_iter().flat_map(|pile| &pile.tidings).find(|tiding| tiding.key == fresh.key);
            tidings.entry(fresh.account).or_default().extend(own.cloned());
        }
        let yesterday = seen.today.saturating_sub(1.day());
        let last = self.store.last_letters(DIGEST, yesterday).await?;
        let mut letters = Vec::new();
        let accounts: BTreeSet<AccountId> =
            piles.keys().map(|account| AccountId(*account)).chain(tidings.keys().copied()).collect();
        for id in accounts {
            let wishes = seen.wishes_of(id);
            let Some((account, _)) = seen.people.get(&id.0).filter(|_| wishes.mail) else { continue };
            if account.mail.is_empty() {
                continue;
            }
            let told = known.get(&id).into_iter().flatten().filter(|kept| kept.read || kept.in_letter);
            let sent = Sent {
                keys: told.map(|kept| kept.key.clone()).collect(),
                last_digest: last.get(&id).copied(),
            };
            let items = piles.get(&id.0).map_or(&[][..], |pile| &pile.items).iter().copied();
            let own = tidings.get(&id).map_or(&[][..], Vec::as_slice);
            let out = notices(items, own, &wishes.settings, &sent, clock);
            letters.extend(out.iter().map(|notice| self.letter(id, notice, seen.today)));
        }
        Ok(letters)
    }

    fn letter(&self, account: AccountId, notice: &Notice, day: Date) -> NewLetter {
        let keys: Vec<String> = notice.keys().map(str::to_owned).collect();
        let (kind, message_id) = match notice.kind {
            NoticeKind::Digest => (DIGEST, format!("{DIGEST}.{}.{day}", account.0)),
            NoticeKind::Urgent => {
                let of_keys = sha256_hex(keys.join("\n").as_bytes());
                (URGENT, format!("{URGENT}.{}.{}", account.0, of_keys.get(..24).unwrap_or_default()))
            }
        };
        NewLetter {
            account,
            message_id,
            kind: kind.to_owned(),
            day,
            subject: format!("Опора. {}", notice.subject),
            body: self.body(notice),
            keys,
        }
    }

    /// The text with the way to switch letters off. Without a public address there are no links, only where to look.
    fn body(&self, notice: &Notice) -> String {
        let url = self.public_url.as_deref();
        let link = |path: &str| match url {
            Some(url) => format!("{url}/{}", address(path)),
            None => "Подробнее: в Опоре, страница «Уведомления».".to_owned(),
        };
        let settings = match url {
            Some(url) => format!("{url}/notices/settings"),
            None => "в Опоре, страница «Уведомления», «Настройки»".to_owned(),
        };
        let text = notice.text(link);
        format!(
            "{text}\n-- \nЭто письмо собрала программа, отвечать на него не нужно.\nНастроить или выключить письма: {settings}\n"
        )
    }
}

impl Seen {
    fn wishes_of(&self, account: AccountId) -> Wishes {
        self.wishes.get(&account).cloned().unwrap_or_default()
    }

    /// The accounts behind a mover that may do this there.
    fn who(
        &self,
        mover: opora_execution::work::Mover,
        right: Right,
        place: Place,
    ) -> impl Iterator<Item = i64> {
        let may = move |number: &&i64| {
            let person = self.people.get(*number).map(|(_, person)| person);
            // A role of one's own is told whatever it lets one do.
            right == Right::Enter
                || person.is_some_and(|person| person.may(right, place, &self.registry, self.today))
        };
        self.movers.accounts(mover).iter().filter(may).copied()
    }
}

/// What there is to tell, by account.
fn piles(seen: &Seen, addressed: Vec<Addressed>) -> BTreeMap<i64, Pile<'_>> {
    let mut piles: BTreeMap<i64, Pile<'_>> = BTreeMap::new();
    for plan in seen.look.plans.iter() {
        for item in &plan.items {
            for account in seen.who(item.mover, Right::SeePlans, plan.summary.owner) {
                piles.entry(account).or_default().items.push(item);
            }
        }
    }
    for (school, item) in seen.schools.iter() {
        for account in seen.who(item.mover, Right::SeeDiagnosis, Place::School(*school)) {
            piles.entry(account).or_default().items.push(item);
        }
    }
    for told in addressed {
        let mut accounts = BTreeSet::new();
        for mover in &told.movers {
            accounts.extend(seen.who(*mover, told.right, told.place));
        }
        for account in accounts.into_iter().filter(|account| Some(*account) != told.doer) {
            piles.entry(account).or_default().tidings.push(told.tiding.clone());
        }
    }
    piles
}

fn new_notices(
    shown: &[(AccountId, Vec<NoticeLine>)],
    known: &BTreeMap<AccountId, Vec<Kept>>,
) -> Vec<NewNotice> {
    let mut new = Vec::new();
    for (account, lines) in shown {
        let told: BTreeSet<&str> =
            known.get(account).into_iter().flatten().map(|kept| kept.key.as_str()).collect();
        new.extend(lines.iter().filter(|line| !told.contains(line.key.as_str())).map(|line| NewNotice {
            account: *account,
            key: line.key.clone(),
            topic: line.topic.slug().to_owned(),
            news: line.news.slug().to_owned(),
            body: line.text.clone(),
            path: line.path.clone(),
        }));
    }
    new
}

/// What happened, as it was told on the page.
fn tiding_of(kept: &Kept) -> Option<Tiding> {
    Some(Tiding {
        key: kept.key.clone(),
        topic: Topic::of_slug(&kept.topic)?,
        text: kept.body.clone(),
        path: kept.path.clone(),
        at: kept.at.to_zoned(TimeZone::system()).datetime(),
    })
}
