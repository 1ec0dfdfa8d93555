//! What is news to whom, and which letters go out with it?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use opora_exchange::sha256_hex;
use opora_execution::notices::{Notice, NoticeKind, NoticeLine, Sent, Tiding, Topic, lines, notices};
use opora_registry::Registry;
use opora_store::{AccountId, FactId, NewLetter, NewNotice, Notice as Kept, NoticeMarks, Store, StoreError};
use tokio::sync::Mutex;

use super::seen::{Crowd, Memory, Pile, Seen};
use super::support_tidings::of_support;
use super::tidings::{Addressed, of_fact, of_grant, of_version, plans};
use super::{DIGEST, HAPPENED, URGENT};
use crate::usecases::diagnosis::Shelf;
use crate::usecases::registry::KnownRegistry;
use crate::usecases::results::catalog::Catalog;
use crate::usecases::standings::{Look, Standings};
use crate::usecases::support::{self, Sources, SupportLook, Supports};
use crate::usecases::work::{SchoolWork, address};

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
    /// The records of visits, meetings and obligations.
    pub support: support::Shelf,
    /// How every school is looked after.
    pub supports: Supports,
    /// What was looked at when everything was told.
    pub memory: Remembered,
}

/// What a node looked at for its last telling; nothing before the first. A clone shares it.
#[derive(Clone, Debug, Default)]
pub struct Remembered(Arc<Mutex<Option<Memory>>>);

/// What was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// New lines on pages.
    pub notices: usize,
    /// New letters in the queue.
    pub letters: usize,
    /// Things that wait for somebody and were compared with what was told.
    pub compared: usize,
}

impl Teller {
    /// Tells what is news. `today` is the day of the installation, which a test may set; the hour is that of `now`.
    pub async fn tell(&self, now: Timestamp, today: Date) -> Result<Told, StoreError> {
        let clock = DateTime::from_parts(today, now.to_zoned(TimeZone::system()).time());
        let mut memory = self.memory.0.lock().await;
        let event = self.store.last_event().await?;
        let is_known =
            |known: &Memory| (known.look.event, known.today, known.hour) == (event, today, clock.hour());
        if memory.as_ref().is_some_and(is_known) {
            return Ok(Told::default());
        }
        for _ in 0..TRIES {
            let (seen, addressed) = self.look(memory.as_ref(), clock, now).await?;
            if let Some(told) = self.try_to_tell(&seen, addressed, clock, now).await? {
                *memory = Some(seen.now);
                return Ok(told);
            }
        }
        // Other nodes are at it; the next round looks again.
        Ok(Told::default())
    }

    /// Nothing where another node was first.
    async fn try_to_tell(
        &self,
        seen: &Seen,
        addressed: Vec<Addressed>,
        clock: DateTime,
        now: Timestamp,
    ) -> Result<Option<Told>, StoreError> {
        let piles = seen.piles(addressed);
        let mut shown: Vec<(AccountId, Vec<NoticeLine>)> = Vec::new();
        for (account, pile) in &piles {
            let settings = &seen.now.crowd.wishes_of(AccountId(*account)).settings;
            let items = pile.items.iter().copied();
            shown.push((AccountId(*account), lines(items, &pile.tidings, settings, seen.now.today)));
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
            self.letters(seen, &piles, &known, &new, clock, now).await?
        } else {
            Vec::new()
        };
        if new.is_empty() && letters.is_empty() && seen.marks.is_some_and(|marks| marks.is_at(seen.after)) {
            return Ok(Some(Told { compared: seen.items().count(), ..Told::default() }));
        }
        let told = Told { notices: new.len(), letters: letters.len(), compared: seen.items().count() };
        let first = self.store.tell(seen.marks, seen.after, &new, &letters, now).await?;
        Ok(first.then_some(told))
    }

    /// Reads everything there is to look at, and what happened since the last telling.
    async fn look(
        &self,
        before: Option<&Memory>,
        clock: DateTime,
        now: Timestamp,
    ) -> Result<(Seen, Vec<Addressed>), StoreError> {
        let (store, today) = (&self.store, clock.date());
        let marks = store.notice_marks().await?;
        let registry = self.registry.newest(store).await?;
        let look = self.standings.look(store, today).await?;
        let papers = &self.catalog.papers;
        let schools = self.school_work.look(store, &self.shelf, papers, &registry, today).await?;
        let rules = &self.catalog.rulebook;
        let of = Sources { store, shelf: &self.support, rules, registry: &registry };
        let support = self.supports.look(&of, &look).await?;
        let crowd = self.crowd(before, &look, registry).await?;
        let after = NoticeMarks {
            generation: marks.map_or(0, |marks| marks.generation),
            fact: store.newest_fact().await?.0,
            event: look.event,
            grant: crowd.held.last().map_or(0, |held| held.id.0),
        };
        let mut addressed = Vec::new();
        if let Some(marks) = marks {
            self.happened(marks, after, (&look, &support, &crowd.registry), now, &mut addressed).await?;
            for grant in crowd.held.iter().filter(|held| held.id.0 > marks.grant) {
                let first = !crowd.held.iter().any(|own| own.account == grant.account && own.id < grant.id);
                addressed.extend(of_grant(grant, first, &crowd.registry, now));
            }
        }
        let now = Memory { today, hour: clock.hour(), look, crowd, schools, support };
        Ok((Seen::new((marks, after), before, now), addressed))
    }

    /// Everybody; those of before while nobody came, went or chose otherwise.
    async fn crowd(
        &self,
        before: Option<&Memory>,
        look: &Look,
        registry: Arc<Registry>,
    ) -> Result<Arc<Crowd>, StoreError> {
        if let Some(before) = before.filter(|before| before.today == look.today) {
            let touched = self.store.touched(before.look.event, look.event).await?;
            if !touched.iter().any(|object| Crowd::changes_with(object)) {
                return Ok(Arc::clone(&before.crowd));
            }
        }
        Ok(Arc::new(Crowd::read(&self.store, registry, look.today).await?))
    }

    /// What facts and events between two marks have to tell.
    async fn happened(
        &self,
        from: NoticeMarks,
        to: NoticeMarks,
        (look, support, registry): (&Look, &SupportLook, &Registry),
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
            for fact in told {
                addressed.extend(of_fact(fact, &plans).or_else(|| of_support(fact, support, registry)));
            }
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
        let mut last = BTreeMap::new();
        // Digests are made when everything is looked at, which is every hour at least. In between only what is urgent goes
        // out.
        if seen.whole {
            for kept in self.store.unsent_notices(HAPPENED, now - TIDINGS_KEPT).await? {
                tidings.entry(kept.account).or_default().extend(tiding_of(&kept));
            }
            last = self.store.last_letters(DIGEST, seen.now.today.saturating_sub(1.day())).await?;
        }
        for fresh in new.iter().filter(|fresh| fresh.news == HAPPENED) {
            let pile = piles.get(&fresh.account.0);
            let own = pile.into_iter().flat_map(|pile| &pile.tidings).find(|tiding| tiding.key == fresh.key);
            tidings.entry(fresh.account).or_default().extend(own.cloned());
        }
        let mut letters = Vec::new();
        let accounts: BTreeSet<AccountId> =
            piles.keys().map(|account| AccountId(*account)).chain(tidings.keys().copied()).collect();
        for id in accounts {
            let wishes = seen.now.crowd.wishes_of(id);
            let Some((account, _)) = seen.now.crowd.people.get(&id.0).filter(|_| wishes.mail) else {
                continue;
            };
            if account.mail.is_empty() {
                continue;
            }
            let told = known.get(&id).into_iter().flatten().filter(|kept| kept.read || kept.in_letter);
            let sent = Sent {
                keys: told.map(|kept| kept.key.clone()).collect(),
                last_digest: if seen.whole { last.get(&id).copied() } else { Some(seen.now.today) },
            };
            let items = piles.get(&id.0).map_or(&[][..], |pile| &pile.items).iter().copied();
            let own = tidings.get(&id).map_or(&[][..], Vec::as_slice);
            let out = notices(items, own, &wishes.settings, &sent, clock);
            letters.extend(out.iter().map(|notice| self.letter(id, notice, seen.now.today)));
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
