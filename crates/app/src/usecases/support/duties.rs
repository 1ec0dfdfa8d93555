//! Which windows of obligations are there for a school or a municipality, and what keeps or excuses them?

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opora_access::{Place, Role};
use opora_cells::OrganisationId;
use opora_execution::RefusalKind;
use opora_execution::obligations::{
    DutyWindow, Event, Excuse, Keeping, Kept, Rule, Settlement, Stretch, keeping, set_aside, windows,
};
use opora_registry::{NodeId, Registry};
use opora_schedule::Period;
use opora_store::{Fact, PlanSummary, Store, StoreError};
use serde_json::{Value, json};

use super::acts::{Doer, NotDone};
use super::rulebook::Rulebook;
use super::shelf::{Records, Stamp};
use super::wire;

/// The phase in which a roadmap is written.
const DRAFTING: &str = "drafting";
/// The phase in which it is carried out.
const CARRYING_OUT: &str = "carrying-out";

/// What was recorded about the windows of a place.
#[derive(Clone, Debug, Default)]
pub struct DutyBook {
    /// What was done, with the number of the fact.
    pub events: Vec<(i64, Event, Said)>,
    /// Excuses in force, with who gave them.
    pub excuses: Vec<(Excuse, Said)>,
    /// Decisions between rules.
    pub settlements: Vec<Settlement>,
}

/// What was said with a record, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// In words: where the report lies, why it is excused.
    pub text: String,
    /// Name of the person.
    pub by: String,
    /// The day.
    pub on: Date,
}

impl DutyBook {
    /// Adds a recorded fact. One that this program does not know says nothing to it.
    pub(super) fn add(&mut self, place: Place, fact: &Fact) {
        let content = &fact.content;
        let text = |name: &str| wire::text(content, name);
        let school = school_of(place);
        let said =
            |words: String| Said { text: words, by: fact.who.clone(), on: wire::recorded_at(fact).date() };
        let due = wire::day(content, "due");
        match (fact.kind.as_str(), due) {
            ("duty-kept", Some(due)) => {
                let Some(on) = wire::day(content, "on") else { return };
                let path = format!("duty/{}", fact.id.0);
                let event = Event { kind: text("event"), school, on, meant_for: Some(due), path };
                self.events.push((fact.id.0, event, said(text("text"))));
            }
            ("duty-excused", Some(due)) => {
                let excuse = Excuse { rule: text("rule"), school, due, reason: text("reason") };
                self.excuses.push((excuse, said(String::new())));
            }
            ("duty-due-again", Some(due)) => {
                let rule = text("rule");
                self.excuses.retain(|(excuse, _)| (&excuse.rule, excuse.due) != (&rule, due));
            }
            ("duty-not-kept", _) => {
                let wrong = wire::number(content, "record");
                self.events.retain(|(number, ..)| Some(*number) != wrong);
            }
            ("duty-settled", _) => self.settlements.push(Settlement {
                follow: text("follow"),
                set_aside: text("set_aside"),
                reason: text("reason"),
            }),
            _ => {}
        }
    }
}

fn school_of(place: Place) -> Option<i64> {
    match place {
        Place::School(school) => Some(i64::from(school.0)),
        Place::Node(_) | Place::Installation => None,
    }
}

/// A school that is looked after: it has a curator or a roadmap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The school.
    pub school: OrganisationId,
    /// Its municipality.
    pub node: NodeId,
    /// The first day.
    pub start: Date,
    /// Its curators: account numbers.
    pub curators: Vec<i64>,
    /// When its roadmap was written and carried out.
    pub stretches: Vec<Stretch>,
}

/// The schools that are looked after, by number: with a curator of today, or with a roadmap of their own. Looking after
/// begins with the first curator or roadmap; a roadmap is written until it is agreed for the first time.
pub async fn grounds(
    store: &Store,
    plans: &[&PlanSummary],
    records: &Records,
    registry: &Registry,
    today: Date,
) -> Result<Vec<Ground>, StoreError> {
    let mut found: BTreeMap<OrganisationId, Ground> = BTreeMap::new();
    let own = plans.iter().filter(|plan| !plan.archived).filter_map(|plan| match plan.owner {
        Place::School(school) => Some((school, plan)),
        _ => None,
    });
    let mut newest: BTreeMap<OrganisationId, &PlanSummary> = BTreeMap::new();
    for (school, plan) in own {
        begin(&mut found, registry, school, plan.created_at.to_zoned(TimeZone::system()).date());
        let known = newest.entry(school).or_insert(plan);
        if known.id < plan.id {
            *known = plan;
        }
    }
    let grants = store.grants(None).await?;
    for held in grants.iter().filter(|held| held.grant.role == Role::Curator && held.grant.holds(today)) {
        let Place::School(school) = held.grant.place else { continue };
        if let Some(ground) = begin(&mut found, registry, school, held.grant.from) {
            ground.curators.push(held.account.0);
        }
    }
    for ground in found.values_mut() {
        let plan = newest.get(&ground.school);
        let agreed = plan.and_then(|plan| records.agreed_on(plan.id.0));
        let end = plan.and_then(|plan| plan.period).map(|period| period.end);
        ground.stretches = stretches(ground.start, agreed, end);
    }
    Ok(found.into_values().collect())
}

/// Looking after a school begins on a day, unless it began before; nothing for one that the registry does not know.
fn begin<'a>(
    found: &'a mut BTreeMap<OrganisationId, Ground>,
    registry: &Registry,
    school: OrganisationId,
    from: Date,
) -> Option<&'a mut Ground> {
    let node = registry.get(school)?.municipality;
    let new = || Ground { school, node, start: from, curators: Vec::new(), stretches: Vec::new() };
    let ground = found.entry(school).or_insert_with(new);
    ground.start = ground.start.min(from);
    Some(ground)
}

fn stretches(start: Date, agreed: Option<Date>, end: Option<Date>) -> Vec<Stretch> {
    let stretch = |phase: &str, start, end| Stretch { phase: phase.to_owned(), days: Period { start, end } };
    match agreed {
        None => vec![stretch(DRAFTING, start, Date::MAX)],
        Some(agreed) => {
            let until = agreed.checked_sub(1.day()).unwrap_or(agreed);
            let last = end.unwrap_or(Date::MAX).max(agreed);
            let drafting = (start <= until).then(|| stretch(DRAFTING, start, until));
            drafting.into_iter().chain([stretch(CARRYING_OUT, agreed, last)]).collect()
        }
    }
}

/// The school year of a day, from a first day on.
fn school_year(start: Date, today: Date) -> Option<Period> {
    let year = if today.month() >= 9 { today.year() } else { today.year().checked_sub(1)? };
    let first = Date::new(year, 9, 1).ok()?;
    let end = Date::new(year.checked_add(1)?, 8, 31).ok()?;
    let start = start.max(first);
    (start <= end).then_some(Period { start, end })
}

/// A window of a rule with how it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// The rule.
    pub rule: String,
    /// Whose it is: a school or a municipality.
    pub place: Place,
    /// The window.
    pub duty: DutyWindow,
    /// How it stands.
    pub keeping: Keeping,
    /// A person decided to follow another rule: the words.
    pub set_aside: Option<String>,
}

impl Window {
    /// As the room knows it.
    pub fn kept<'a>(&'a self, rules: &'a Rulebook) -> Option<Kept<'a>> {
        let rule = rules.rule(&self.rule)?;
        Some(Kept { rule, school: school_of(self.place), duty: &self.duty, keeping: self.keeping.clone() })
    }
}

/// All windows of this school year of a school that is looked after, rule by rule.
pub fn school_windows(rules: &Rulebook, records: &Records, ground: &Ground, today: Date) -> Arc<Vec<Window>> {
    let places = [
        format!("visits/school/{}", ground.school.0),
        format!("duties/school/{}", ground.school.0),
        format!("duties/node/{}", ground.node.0),
    ];
    let last = places.map(|subject| records.last_of(&subject));
    let stamp = Stamp { ground: ground.clone(), today, last };
    records.windows(stamp, || computed(rules, records, ground, today))
}

fn computed(rules: &Rulebook, records: &Records, ground: &Ground, today: Date) -> Vec<Window> {
    let place = Place::School(ground.school);
    let mut events: Vec<Event> = Vec::new();
    for visit in records.visits_of(ground.school) {
        if let Some(on) = visit.held() {
            events.push(Event {
                kind: "visit".to_owned(),
                school: school_of(place),
                on,
                meant_for: None,
                path: format!("visit/{}", visit.number),
            });
        }
    }
    let settled = settlements(records, ground.node);
    standing(rules, records, place, (ground.start, &ground.stretches), events, settled, today)
}

/// All windows of this school year of a municipality, which begin with its first school.
pub fn municipal_windows(
    rules: &Rulebook,
    records: &Records,
    node: NodeId,
    start: Date,
    today: Date,
) -> Vec<Window> {
    let held = records.meetings_of(node).iter().filter(|meeting| meeting.is_published());
    let event = |meeting: &super::Meeting| Event {
        kind: "meeting".to_owned(),
        school: None,
        on: meeting.day(),
        meant_for: None,
        path: format!("meeting/{}", meeting.number),
    };
    let events = held.map(event).collect();
    let settled = settlements(records, node);
    standing(rules, records, Place::Node(node), (start, &[]), events, settled, today)
}

fn settlements(records: &Records, node: NodeId) -> &[Settlement] {
    records.duties_of(Place::Node(node)).map_or(&[], |book| &book.settlements)
}

fn standing(
    rules: &Rulebook,
    records: &Records,
    place: Place,
    (start, stretches): (Date, &[Stretch]),
    mut events: Vec<Event>,
    settled: &[Settlement],
    today: Date,
) -> Vec<Window> {
    let Some(period) = school_year(start, today) else { return Vec::new() };
    let book = records.duties_of(place);
    events.extend(book.iter().flat_map(|book| &book.events).map(|(_, event, _)| event.clone()));
    let excuses: Vec<Excuse> =
        book.iter().flat_map(|book| &book.excuses).map(|(excuse, _)| excuse.clone()).collect();
    let school = school_of(place);
    let mut all = Vec::new();
    for rule in rules.rules().filter(|rule| rule.for_each_school == school.is_some()) {
        let duties = windows(rule, period, stretches);
        let aside = set_aside(rule, settled);
        for kept in keeping(rule, &duties, school, &events, &excuses, today) {
            let done = matches!(kept.keeping, Keeping::Kept(_));
            let keeping = match &aside {
                Some(words) if !done => Keeping::Excused(words.clone()),
                _ => kept.keeping,
            };
            all.push(Window {
                rule: rule.id.clone(),
                place,
                duty: kept.duty.clone(),
                keeping,
                set_aside: aside.clone(),
            });
        }
    }
    all
}

/// What a person tells about windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DutyAct {
    /// It was done on a day.
    Kept {
        /// The rule.
        rule: String,
        /// Last day of the window it was done for.
        due: Date,
        /// The day it was done.
        on: Date,
        /// Where to see it: a link, a number of a document.
        text: String,
    },
    /// A window need not be kept.
    Excused {
        /// The rule.
        rule: String,
        /// Last day of the window.
        due: Date,
        /// Why.
        reason: String,
    },
    /// An excused window has to be kept after all.
    DueAgain {
        /// The rule.
        rule: String,
        /// Last day of the window.
        due: Date,
        /// Why.
        reason: String,
    },
    /// A record was wrong.
    NotKept {
        /// The rule it was recorded for.
        rule: String,
        /// Number of the record.
        record: i64,
        /// Why.
        reason: String,
    },
    /// Of two rules that say different things one is followed.
    Settled {
        /// The rule that is followed.
        follow: String,
        /// The one set aside.
        set_aside: String,
        /// Why.
        reason: String,
    },
}

/// Letters of a reason at most.
const REASON_CHARS_MAX: usize = 1_000;

/// Records something about the windows of a place. `windows` are those of the place as they stand.
pub async fn act_on_duty(
    doer: &Doer<'_>,
    rules: &Rulebook,
    place: Place,
    windows: &[Window],
    act: &DutyAct,
) -> Result<(), NotDone> {
    let subject = format!("duties/{}", place.code());
    doer.record(&subject, words_of(act), |records| {
        let none = DutyBook::default();
        let book = records.duties_of(place).unwrap_or(&none);
        Ok(vec![decided(doer, rules, book, windows, act)?])
    })
    .await
    .map(|_| ())
}

fn words_of(act: &DutyAct) -> &str {
    match act {
        DutyAct::Kept { text, .. } => text,
        DutyAct::Excused { reason, .. }
        | DutyAct::DueAgain { reason, .. }
        | DutyAct::NotKept { reason, .. }
        | DutyAct::Settled { reason, .. } => reason,
    }
}

fn already() -> NotDone {
    NotDone::refused(RefusalKind::Already, "Это уже записано. Второй раз ничего делать не нужно.")
}

fn decided(
    doer: &Doer<'_>,
    rules: &Rulebook,
    book: &DutyBook,
    windows: &[Window],
    act: &DutyAct,
) -> Result<(&'static str, Value), NotDone> {
    let incomplete = |message: &str| Err(NotDone::refused(RefusalKind::Incomplete, message));
    let words = words_of(act);
    if words.trim().is_empty() && !matches!(act, DutyAct::Kept { .. }) {
        return incomplete("Напишите причину: её увидят все, кто смотрит на эти сроки.");
    }
    if words.chars().count() > REASON_CHARS_MAX {
        return incomplete("Текст длиннее 1000 знаков. Сократите его.");
    }
    let window = |rule: &str, due: Date| {
        let found = windows.iter().find(|window| window.rule == rule && window.duty.window.due == due);
        found.ok_or(NotDone::Unknown)
    };
    let is_excused = |rule: &str, due: Date| {
        book.excuses.iter().any(|(excuse, _)| excuse.rule == rule && excuse.due == due)
    };
    let by = doer.number;
    match act {
        DutyAct::Kept { rule, due, on, text } => {
            window(rule, *due)?;
            kept(doer, rules.rule(rule).ok_or(NotDone::Unknown)?, book, (*due, *on), text)
        }
        DutyAct::Excused { rule, due, reason } => {
            let found = window(rule, *due)?;
            if is_excused(rule, *due) {
                return Err(already());
            }
            if matches!(found.keeping, Keeping::Kept(_)) {
                return incomplete("Это окно уже соблюдено, освобождать от него не нужно.");
            }
            Ok((
                "duty-excused",
                json!({ "rule": rule, "due": due.to_string(), "reason": reason.trim(), "by": by }),
            ))
        }
        DutyAct::DueAgain { rule, due, reason } => {
            if !is_excused(rule, *due) {
                return Err(already());
            }
            Ok((
                "duty-due-again",
                json!({ "rule": rule, "due": due.to_string(), "reason": reason.trim(), "by": by }),
            ))
        }
        DutyAct::NotKept { rule, record, reason } => {
            let Some((_, event, _)) = book.events.iter().find(|(number, ..)| number == record) else {
                return Err(already());
            };
            // Whoever may take back records of one rule may not take back those of another by naming that one.
            if rules.rule(rule).is_none_or(|rule| rule.event != event.kind) {
                return Err(NotDone::Unknown);
            }
            Ok(("duty-not-kept", json!({ "record": record, "reason": reason.trim(), "by": by })))
        }
        DutyAct::Settled { follow, set_aside, reason } => {
            if rules.rule(follow).is_none() || rules.rule(set_aside).is_none() || follow == set_aside {
                return Err(NotDone::Unknown);
            }
            let last = book.settlements.last();
            if last.is_some_and(|last| (&last.follow, &last.set_aside) == (follow, set_aside)) {
                return Err(already());
            }
            Ok((
                "duty-settled",
                json!({ "follow": follow, "set_aside": set_aside, "reason": reason.trim(), "by": by }),
            ))
        }
    }
}

/// It was done on a day for the window that ends on another.
fn kept(
    doer: &Doer<'_>,
    rule: &Rule,
    book: &DutyBook,
    (due, on): (Date, Date),
    text: &str,
) -> Result<(&'static str, Value), NotDone> {
    let incomplete = |message: &str| Err(NotDone::refused(RefusalKind::Incomplete, message));
    if is_told_by_pages(&rule.event) {
        return incomplete(
            "Это окно закроется само, когда отметят посещение или опубликуют протокол заседания.",
        );
    }
    if on > doer.today {
        return incomplete("Этот день ещё не наступил. Отметьте, когда будет сделано.");
    }
    let same = |event: &Event| event.kind == rule.event && event.meant_for == Some(due) && event.on == on;
    if book.events.iter().any(|(_, event, _)| same(event)) {
        return Err(already());
    }
    let (due, on) = (due.to_string(), on.to_string());
    let content = json!({
        "event": rule.event, "rule": rule.id, "due": due, "on": on, "text": text.trim(), "by": doer.number,
    });
    Ok(("duty-kept", content))
}

/// What keeps these windows is recorded on pages of its own.
pub fn is_told_by_pages(event: &str) -> bool {
    matches!(event, "visit" | "meeting")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_roadmap_is_written_until_it_is_agreed() {
        let start = date(2026, 9, 10);
        let days = |stretches: Vec<Stretch>| -> Vec<(String, Date, Date)> {
            stretches.into_iter().map(|s| (s.phase, s.days.start, s.days.end)).collect()
        };
        let drafting = |end| (DRAFTING.to_owned(), start, end);
        assert_eq!(days(stretches(start, None, None)), [drafting(Date::MAX)]);
        let agreed = date(2026, 10, 5);
        let expected = [drafting(date(2026, 10, 4)), (CARRYING_OUT.to_owned(), agreed, date(2027, 8, 31))];
        assert_eq!(days(stretches(start, Some(agreed), Some(date(2027, 8, 31)))), expected);
        assert_eq!(days(stretches(start, Some(start), None)), [(CARRYING_OUT.to_owned(), start, Date::MAX)]);
    }

    #[test]
    fn windows_are_those_of_the_school_year() {
        let check = |start, today, expected: Option<(Date, Date)>| {
            let period = school_year(start, today).map(|period| (period.start, period.end));
            assert_eq!(period, expected);
        };
        let (from, until) = (date(2026, 9, 1), date(2027, 8, 31));
        check(date(2024, 5, 1), date(2026, 11, 22), Some((from, until)));
        check(date(2026, 10, 7), date(2027, 3, 1), Some((date(2026, 10, 7), until)));
        check(date(2027, 10, 7), date(2027, 3, 1), None);
    }
}
