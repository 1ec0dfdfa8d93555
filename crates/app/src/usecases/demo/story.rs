//! What did the invented municipality do since the autumn before last?
//!
//! Every act goes through the use cases that pages use: nothing is in the example that a person could not have done.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use opora_access::Place;
use opora_approval::{Action, Content, Fact as Act, Kind, NewRemark, Party as Side};
use opora_cycle::vocabulary::Order;
use opora_execution::{Deed, Party};
use opora_roadmap::{DraftInput, Library, Most, Municipal, Risk, Significance};
use opora_schedule::Period;
use opora_schedule::calendar::is_working_day;
use opora_store::{Authorship, PlanId, Store, StoreError, VersionSummary};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::cast::{Cast, Supported, Who};
use super::deeds::{Proving, Teller, wish};
use super::office::Office;
use super::questionnaire;
use super::rounds::Round;
use crate::usecases::agreement::{Agreement, NotAgreed, of_roadmap};
use crate::usecases::execution::Execution;
use crate::usecases::results::dataset::Workbench;
use crate::usecases::roadmap;
use crate::usecases::support::Shelf;

/// Working days of a school year on which something begins. Each school is a day or so later than the one before.
mod day {
    pub(super) const DIAGNOSED: usize = 4;
    pub(super) const DIAGNOSIS_CHECKED: usize = 8;
    pub(super) const DIAGNOSIS_MENDED: usize = 11;
    pub(super) const DIAGNOSIS_APPROVED: usize = 13;
    pub(super) const DRAFTED: usize = 16;
    pub(super) const CHECKED: usize = 20;
    pub(super) const MENDED: usize = 23;
    pub(super) const APPROVED: usize = 25;
    pub(super) const IN_FORCE: usize = 26;
}
/// Working days between two visits to a school, and the day of the first.
const VISIT_EVERY: usize = 10;
const FIRST_VISIT: usize = 6;
/// Working days between two meetings of the coordination group, and the day of the first.
const MEETING_EVERY: usize = 21;
const FIRST_MEETING: usize = 12;
/// Days before the end of the story within which tasks are given that still wait.
const TASKS_WAIT_DAYS: i32 = 18;

/// Days over which the schools are spread.
const SPREAD: usize = 5;

/// How much happens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Working days between two reports of a head; the curator looks at them three days later.
    pub report_every: usize,
    /// How many measures a roadmap takes from the library.
    pub most: Most,
    /// How many of the risk factors are high at a school.
    pub high_risks: usize,
}

impl Pace {
    /// A roadmap of some thirty activities, told of every fortnight.
    pub(super) const USUAL: Self =
        Self { report_every: 10, most: Most { high: 4, medium: 2, low: 0 }, high_risks: 3 };
    /// A roadmap of some sixty, told of every month.
    pub(super) const WIDE: Self =
        Self { report_every: 21, most: Most { high: 7, medium: 4, low: 0 }, high_risks: 6 };
}

/// The story while it is told.
pub(super) struct Story<'a> {
    bench: &'a Workbench,
    cast: &'a Cast,
    pace: Pace,
    municipal: Option<(i64, Order)>,
    chance: ChaCha8Rng,
    running: Vec<Option<Running>>,
    office: Office,
    shelf: Shelf,
}

/// A roadmap that is being carried out.
struct Running {
    plan: PlanId,
    order: Order,
    execution: Execution,
}

/// One school on one day.
struct Moment<'s> {
    school: &'s Supported,
    index: usize,
    year: i16,
    at: Timestamp,
    local: DateTime,
    last: bool,
}

/// Who answers at a school, by post; schools take turns.
const NAMES: [(&str, [&str; 3]); 3] = [
    ("заместитель директора по УВР", ["Ветрова А.И.", "Седых П.Н.", "Камышова Л.Г."]),
    ("педагог-психолог", ["Дымова К.С.", "Ярцева О.В.", "Беляк Т.М."]),
    ("советник директора по воспитанию", ["Громова Е.А.", "Тихих И.Д.", "Лугина В.П."]),
];
/// Every so many measures nobody is named yet: that is what the board of risks is for.
const UNNAMED_EVERY: usize = 6;

/// The measures with the persons of a school where the library knows posts only.
fn named(library: &Library, school: usize) -> Library {
    let mut library = library.clone();
    for (at, measure) in library.measures.iter_mut().enumerate() {
        let names = NAMES.iter().find(|(post, _)| *post == measure.responsible);
        if let Some((post, names)) = names.filter(|_| at % UNNAMED_EVERY > 0) {
            measure.responsible = format!("{}, {post}", names[school % names.len()]);
        }
    }
    library
}

impl<'a> Story<'a> {
    pub(super) fn new(
        bench: &'a Workbench,
        cast: &'a Cast,
        pace: Pace,
        municipal: Option<(i64, Order)>,
    ) -> Self {
        let running = cast.schools.iter().map(|_| None).collect();
        Self {
            bench,
            cast,
            pace,
            municipal,
            chance: ChaCha8Rng::seed_from_u64(1),
            running,
            office: Office::default(),
            shelf: Shelf::default(),
        }
    }

    /// Tells the school years from `first` (that of its September) until `today`.
    pub(super) async fn tell(mut self, first: i16, today: Date) -> Result<(), StoreError> {
        let current = school_year(today);
        self.office = Office::open(self.bench, self.cast, today).await?;
        for year in first..=current {
            let Ok(start) = Date::new(year, 9, 1) else { continue };
            let end = Date::new(year + 1, 8, 31).unwrap_or(start);
            let mut working = 0;
            for day in start.series(jiff::ToSpan::days(1)).take_while(|day| *day <= end && *day < today) {
                if !is_working_day(day) {
                    continue;
                }
                working += 1;
                if working % MEETING_EVERY == FIRST_MEETING {
                    let at = moment(day.at(15, 0, 0, 0));
                    self.round(day, at, today).meeting(&self.cast.coordinator, self.cast.town).await?;
                }
                self.office.live((self.bench, self.cast), working, day, &mut self.chance).await?;
                for index in 0..self.cast.schools.len() {
                    self.live(index, working, year, day, year == current).await?;
                    self.visit(index, working, day, today).await?;
                }
            }
            if year < current {
                self.close(end, current - year > 1).await?;
            }
        }
        self.leave(today).await
    }

    /// One of the schools loses its curator on the last day, so that there is somebody to be proposed.
    async fn leave(&self, today: Date) -> Result<(), StoreError> {
        let store = &self.bench.store;
        let Some(school) = self.cast.schools.last().filter(|_| self.municipal.is_some()) else {
            return Ok(());
        };
        let last = today.saturating_sub(jiff::ToSpan::days(1));
        let reason = "Куратору дали другую работу, школе нужен новый";
        let by = Authorship { who: &self.cast.coordinator.name, reason, at: moment(last.at(15, 30, 0, 0)) };
        for held in store.grants(Some(school.curator.account)).await? {
            if held.grant.place == Place::School(school.id) {
                store.end_role(held.id, last, &by).await?;
            }
        }
        Ok(())
    }

    fn round(&self, day: Date, at: Timestamp, end: Date) -> Round<'a> {
        let with_tasks = (end - day).get_days() <= TASKS_WAIT_DAYS;
        Round { bench: self.bench, shelf: self.shelf.clone(), day, at, with_tasks }
    }

    async fn visit(&mut self, index: usize, working: usize, day: Date, end: Date) -> Result<(), StoreError> {
        let Some(school) = self.cast.schools.get(index) else { return Ok(()) };
        if (working + index) % VISIT_EVERY != FIRST_VISIT {
            return Ok(());
        }
        let minute = i8::try_from(index * 11 % 60).unwrap_or_default();
        let round = self.round(day, moment(day.at(14, minute, 0, 0)), end);
        round.visit(school, &mut self.chance).await
    }

    async fn live(
        &mut self,
        index: usize,
        working: usize,
        year: i16,
        today: Date,
        last: bool,
    ) -> Result<(), StoreError> {
        let Some(school) = self.cast.schools.get(index) else { return Ok(()) };
        let Some(now) = working.checked_sub(index % SPREAD) else { return Ok(()) };
        let minute = i8::try_from(index * 7 % 60).unwrap_or_default();
        let local = today.at(10 + i8::try_from(index % 6).unwrap_or_default(), minute, 0, 0);
        let at = moment(local);
        let moment = Moment { school, index, year, at, local, last };
        // The way of a school this year: some are returned; in the current year one still waits and one still mends.
        let returned = index % 3 == 1 || moment.stays_returned();
        match now {
            day::DIAGNOSED => questionnaire::fill(self.bench, school, year, at, &mut self.chance).await?,
            day::DIAGNOSIS_CHECKED if index % 4 == 2 => self.diagnosis(&moment, Action::Return).await?,
            day::DIAGNOSIS_CHECKED => self.diagnosis(&moment, Action::Approve).await?,
            day::DIAGNOSIS_MENDED if index % 4 == 2 => self.diagnosis(&moment, Action::Resubmit).await?,
            day::DIAGNOSIS_APPROVED if index % 4 == 2 => self.diagnosis(&moment, Action::Approve).await?,
            day::DRAFTED => self.draft(&moment).await?,
            day::CHECKED if moment.stays_waiting() => {}
            day::CHECKED if returned => self.say(&moment, Action::Return).await?,
            day::MENDED if moment.stays_returned() || moment.stays_waiting() => {}
            day::MENDED if returned => {
                self.say(&moment, Action::ResolveRemark).await?;
                self.say(&moment, Action::Resubmit).await?;
            }
            day::APPROVED if moment.stays_returned() || moment.stays_waiting() => {}
            day::APPROVED => self.say(&moment, Action::Approve).await?,
            day::IN_FORCE if moment.stays_returned() || moment.stays_waiting() => {}
            day::IN_FORCE => self.say(&moment, Action::PutInForce).await?,
            later if later > day::IN_FORCE && !moment.stays_returned() && !moment.stays_waiting() => {
                match (later - day::IN_FORCE) % self.pace.report_every {
                    0 => self.report(&moment).await?,
                    3 => self.look(&moment).await?,
                    _ => {}
                }
            }
            _ => {}
        }
        Ok(())
    }

    async fn diagnosis(&mut self, moment: &Moment<'_>, action: Action) -> Result<(), StoreError> {
        questionnaire::act(self.bench, moment.school, moment.year, moment.at, action).await
    }

    /// Drafts the roadmap by the risks of the school and sends it to the curator.
    async fn draft(&mut self, moment: &Moment<'_>) -> Result<(), StoreError> {
        let risks = self.risks();
        let school = roadmap::school(&moment.school.name);
        let start = moment.local.date();
        let end = Date::new(moment.year + 1, 8, 31).unwrap_or(start);
        let municipal = self.municipal.as_ref();
        let municipal =
            municipal.and_then(|(id, order)| Some(Municipal { id: *id, plan: order.plans.first()? }));
        let years = format!("{}/{} учебный год", moment.year, moment.year + 1);
        let library = named(&self.bench.catalog.measures, moment.index);
        let input = DraftInput {
            title: &format!("Дорожная карта на {years}: {}", moment.school.name),
            period: Period { start, end },
            school: &school,
            tier: None,
            risks: &risks,
            library: &library,
            municipal,
            most: self.pace.most,
        };
        // The municipal plan stands as it was taken in.
        let municipal_version = input.municipal.map(|_| opora_store::VersionNumber::FIRST.0);
        let basis = roadmap::Basis { municipal_version, tier_reason: None };
        let head = &moment.school.head;
        let by = Authorship {
            who: &head.name, reason: "черновик по рискам школы", at: moment.at
        };
        let store = &self.bench.store;
        let owner = Place::School(moment.school.id);
        let plan = roadmap::create(store, &input, &basis, owner, Some(head.account), &by).await?;
        let order = store.plan(plan).await?.order;
        let execution = Execution::read(store, plan.0, &order, start).await?;
        if let Some(running) = self.running.get_mut(moment.index) {
            *running = Some(Running { plan, order, execution });
        }
        self.say(moment, Action::Submit).await
    }

    /// High risks first, then as many medium ones; which ones differs from school to school.
    fn risks(&mut self) -> Vec<Risk> {
        let factors = &self.bench.catalog.papers.dictionary.factors;
        let from = self.chance.random_range(0..factors.len().max(1));
        let turned = factors.iter().cycle().skip(from).take(factors.len());
        let risk = |(at, factor): (usize, &opora_diagnosis::Factor)| Risk {
            code: factor.id.clone(),
            name: factor.name.clone(),
            significance: if at < self.pace.high_risks { Significance::High } else { Significance::Medium },
        };
        turned.enumerate().map(risk).take(self.pace.high_risks * 2).collect()
    }

    /// An act about the roadmap of a school.
    async fn say(&mut self, moment: &Moment<'_>, action: Action) -> Result<(), StoreError> {
        let Some(Some(running)) = self.running.get(moment.index) else { return Ok(()) };
        let school = moment.school;
        let (who, side) = match action {
            Action::Approve | Action::Return => (&school.curator, Side::Reviewer),
            _ => (&school.head, Side::Author),
        };
        let first = running.order.plans.first().and_then(|plan| plan.activities().next());
        let path = first.map(|activity| format!("activity/{}", activity.key.0)).unwrap_or_default();
        let remark = || NewRemark {
            path,
            text: "Назовите, кто отвечает и чем подтвердите результат.".to_owned(),
        };
        let text = match action {
            Action::ResolveRemark => "Ответственного и подтверждение указали.",
            Action::Return => "Карта подробная, осталось уточнить одно мероприятие.",
            _ => "",
        };
        let wanted = Act {
            action,
            by: who.account.0,
            party: side,
            at: moment.at,
            version: 1,
            content_sha256: String::new(),
            text: text.to_owned(),
            remarks: if action == Action::Return { vec![remark()] } else { Vec::new() },
            remark: (action == Action::ResolveRemark).then_some(1),
        };
        agree(&self.bench.store, running.plan, wanted, who).await
    }

    /// The head tells what was done, with what proves it.
    async fn report(&mut self, moment: &Moment<'_>) -> Result<(), StoreError> {
        let Some(Some(running)) = self.running.get_mut(moment.index) else { return Ok(()) };
        let proving = Proving {
            site: format!("school-{}.example", moment.school.id.0),
            name: moment.school.name.clone(),
            number: moment.index,
        };
        let teller =
            Teller { store: &self.bench.store, who: &moment.school.head, local: moment.local, proving };
        teller.report(&running.order, &mut running.execution, &|_| true, &mut self.chance).await
    }

    /// The curator looks at what was done since.
    async fn look(&mut self, moment: &Moment<'_>) -> Result<(), StoreError> {
        let Some(Some(running)) = self.running.get_mut(moment.index) else { return Ok(()) };
        let curator = &moment.school.curator;
        let by = Authorship { who: &curator.name, reason: "", at: moment.at };
        let mut wishes = Vec::new();
        for (occurrence, account) in running.execution.ledger().accounts() {
            // One in eight waits until the next time.
            if self.chance.random_bool(0.125) {
                continue;
            }
            let deed = match account.phase {
                opora_execution::Phase::Done if self.chance.random_bool(0.9) => Deed::Confirmed,
                opora_execution::Phase::Done => Deed::ReturnedForRework {
                    reason: "Приложите, пожалуйста, список участников: по ссылке его не видно.".to_owned(),
                },
                phase if phase.is_asked() => Deed::PostponementGranted,
                _ => continue,
            };
            wishes.push(wish(occurrence, &account, (curator, Party::Curator), moment.local, deed, &[]));
        }
        running.execution.act_on_many(&self.bench.store, &wishes, Some(curator.account), &by).await?;
        Ok(())
    }

    /// The coordinator ends the year; roadmaps of long ago go into the archive.
    async fn close(&mut self, day: Date, archive: bool) -> Result<(), StoreError> {
        let at = moment(day.at(16, 0, 0, 0));
        let who = &self.cast.coordinator;
        for running in self.running.iter_mut().filter_map(Option::take) {
            let fact = Act {
                action: Action::Close,
                by: who.account.0,
                party: Side::Coordinator,
                at,
                version: 1,
                content_sha256: String::new(),
                text: "Учебный год закончен, итоги подведены.".to_owned(),
                remarks: Vec::new(),
                remark: None,
            };
            agree(&self.bench.store, running.plan, fact, who).await?;
            if archive {
                let by = Authorship { who: &who.name, reason: "Прошлый учебный год", at };
                self.bench.store.archive(running.plan, &by).await?;
            }
        }
        Ok(())
    }
}

impl Moment<'_> {
    fn stays_waiting(&self) -> bool {
        self.last && self.index % 7 == 5
    }

    fn stays_returned(&self) -> bool {
        self.last && self.index % 7 == 6
    }
}

/// The year of the September that a school year begins with.
pub(super) fn school_year(day: Date) -> i16 {
    if day.month() >= 9 { day.year() } else { day.year() - 1 }
}

pub(super) fn moment(local: DateTime) -> Timestamp {
    local.to_zoned(TimeZone::system()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// Records an act about a roadmap as it is now.
async fn agree(store: &Store, plan: PlanId, mut fact: Act, who: &Who) -> Result<(), StoreError> {
    let Some(version) = newest(store, plan).await? else { return Ok(()) };
    fact.version = version.number.0;
    fact.content_sha256.clone_from(&version.content_sha256);
    let agreement = Agreement::read(store, Kind::Roadmap, &of_roadmap(plan.0)).await?;
    let content = Content {
        version: version.number.0,
        sha256: &version.content_sha256,
        written_at: version.created_at,
    };
    let by = Authorship { who: &who.name, reason: &fact.text, at: fact.at };
    match agreement.act(store, &content, &fact, Some(who.account), &by).await {
        Err(NotAgreed::Store(error)) => Err(error),
        // What the life cycle refuses simply does not happen in the story.
        Ok(()) | Err(NotAgreed::Refused(_)) => Ok(()),
    }
}

async fn newest(store: &Store, plan: PlanId) -> Result<Option<VersionSummary>, StoreError> {
    Ok(store.history(plan).await?.into_iter().next())
}
