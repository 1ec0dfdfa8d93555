//! Which of what was recorded about visits, meetings and their tasks should somebody hear of?

use jiff::civil::Date;
use opora_access::{Place, Right};
use opora_cells::OrganisationId;
use opora_execution::notices::{Tiding, Topic};
use opora_execution::work::Mover;
use opora_execution::{Assignee, Deed, Party};
use opora_registry::Registry;
use opora_store::Fact;

use super::tidings::{Addressed, local};
use crate::usecases::boards::place_name;
use crate::usecases::execution;
use crate::usecases::support::{
    Given, Meeting, SupportLook, Visit, page_of, tasks_of_meeting, tasks_of_visit,
};

/// Letters of an aim that are told.
const WORDS_MAX: usize = 160;

/// What a fact has to tell.
pub(super) fn of_support(fact: &Fact, look: &SupportLook, registry: &Registry) -> Option<Addressed> {
    let (room, rest) = fact.subject.split_once('/')?;
    match (room, rest.split_once('/')) {
        ("visits", _) => of_visit(fact, Place::of_code(rest)?, look, registry),
        ("meetings", _) => of_meeting(fact, look, registry),
        ("tasks", Some(("visit", number))) => {
            let visit = look.records.visit(number.parse().ok()?)?;
            let given = tasks_of_visit(&look.records, visit)?;
            of_task(fact, &given, (Right::SeeDiagnosis, Place::School(visit.school)))
        }
        ("tasks", Some(("meeting", number))) => {
            let meeting = look.records.meeting(number.parse().ok()?)?;
            let given = tasks_of_meeting(&look.records, meeting)?;
            of_task(fact, &given, (Right::SeePlans, Place::Node(meeting.node)))
        }
        _ => None,
    }
}

fn told(fact: &Fact, topic: Topic, text: String, path: String) -> Tiding {
    Tiding { key: format!("fact/{}", fact.id.0), topic, text, path, at: local(fact.at) }
}

fn text<'a>(fact: &'a Fact, name: &str) -> &'a str {
    fact.content.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().trim()
}

fn number(fact: &Fact, name: &str) -> Option<i64> {
    fact.content.get(name)?.as_i64()
}

/// «25.11.2026».
fn day(fact: &Fact, name: &str) -> Option<String> {
    text(fact, name).parse().ok().map(date_short)
}

fn date_short(day: Date) -> String {
    day.strftime("%d.%m.%Y").to_string()
}

/// What a visit is for, shortened. Reasons are not told: they may be about health, and letters pass many hands.
fn aim(words: &str) -> String {
    let short: String = words.chars().take(WORDS_MAX).collect();
    let more = if short.len() < words.len() { "…" } else { "" };
    if short.is_empty() { String::new() } else { format!(". Цель: {short}{more}") }
}

fn of_visit(fact: &Fact, place: Place, look: &SupportLook, registry: &Registry) -> Option<Addressed> {
    let Place::School(school) = place else { return None };
    let visit = look.records.visit(number(fact, "visit").unwrap_or(fact.id.0))?;
    let name = place_name(place, registry);
    let (what, both) = match fact.kind.as_str() {
        "visit-planned" => {
            let on = day(fact, "on")?;
            (format!("Посещение школы назначено на {on}: {name}{}", aim(text(fact, "aim"))), true)
        }
        "visit-moved" => (format!("Посещение школы перенесено на {}: {name}", day(fact, "on")?), true),
        "visit-cancelled" => {
            let on = before_it_was_cancelled(visit).map(|on| format!(" {}", date_short(on)));
            (format!("Посещение школы{} отменено: {name}", on.unwrap_or_default()), true)
        }
        "visit-closed" => {
            let on = visit.held().map(|on| format!(" {}", date_short(on))).unwrap_or_default();
            (format!("Готов протокол посещения{on}: {name}"), false)
        }
        _ => return None,
    };
    Some(Addressed {
        tiding: told(fact, Topic::Visits, what, format!("schools/{}/visits/{}", school.0, visit.number)),
        movers: visitors(school, visit, both),
        right: Right::SeeDiagnosis,
        place,
        doer: fact.account.map(|account| account.0),
    })
}

/// The last day a visit was planned for.
fn before_it_was_cancelled(visit: &Visit) -> Option<Date> {
    use opora_execution::visits::VisitDeed;
    visit.facts.iter().rev().find_map(|fact| match &fact.deed {
        VisitDeed::Planned(on) | VisitDeed::Moved { to: on, .. } => Some(*on),
        _ => None,
    })
}

/// Whom a visit concerns: the school and, with `both`, whoever visits it.
fn visitors(school: OrganisationId, visit: &Visit, both: bool) -> Vec<Mover> {
    let number = Some(i64::from(school.0));
    let curators = [Mover::Account(visit.curator), Mover::Role(Party::Curator, number)];
    let school = Mover::Role(Party::Performer, number);
    std::iter::once(school).chain(curators.into_iter().filter(|_| both)).collect()
}

fn of_meeting(fact: &Fact, look: &SupportLook, registry: &Registry) -> Option<Addressed> {
    let meeting = look.records.meeting(number(fact, "meeting").unwrap_or(fact.id.0))?;
    let place = Place::Node(meeting.node);
    let (name, on) = (place_name(place, registry), date_short(meeting.day()));
    // Before the minutes are published only those who lead open the meeting; that it is called stands on the list.
    let list = format!("meetings?node={}", meeting.node.0);
    let (what, path) = match fact.kind.as_str() {
        "meeting-called" => (format!("Заседание координационной группы назначено на {on}: {name}"), list),
        "meeting-cancelled" => (format!("Заседание координационной группы {on} отменено: {name}"), list),
        "meeting-published" => {
            let what = format!("Опубликован протокол заседания координационной группы {on}: {name}");
            (what, format!("meetings/{}", meeting.number))
        }
        _ => return None,
    };
    Some(Addressed {
        tiding: told(fact, Topic::Visits, what, path),
        movers: members(meeting, look),
        right: Right::SeePlans,
        place,
        doer: fact.account.map(|account| account.0),
    })
}

/// Whom a meeting concerns: the coordinators, the curators of the schools of the municipality, and once the minutes are
/// published the schools that were spoken of.
fn members(meeting: &Meeting, look: &SupportLook) -> Vec<Mover> {
    let own = look.grounds.iter().filter(|ground| ground.node == meeting.node);
    let curators = own.map(|ground| Mover::Role(Party::Curator, Some(i64::from(ground.school.0))));
    let published = meeting.items().iter().filter(|_| meeting.is_published());
    let spoken_of = published.filter_map(|item| item.school);
    let schools = spoken_of.map(|school| Mover::Role(Party::Performer, Some(school)));
    std::iter::once(Mover::Role(Party::Coordinator, None)).chain(curators).chain(schools).collect()
}

/// What became of a task. That it was given, is due or late is told as work.
fn of_task(fact: &Fact, given: &Given, (right, place): (Right, Place)) -> Option<Addressed> {
    let deed = execution::read_fact(&fact.kind, &fact.content, local(fact.at))?;
    let ledger = given.execution.ledger();
    let (occurrence, account) = ledger.accounts().find(|(own, _)| own.key == deed.occurrence)?;
    let task = given.task(occurrence)?;
    let performer = match (account.performer, &task.who) {
        (Some(delegate), _) => Some(delegate),
        (None, Assignee::Account(asked)) => Some(*asked),
        (None, Assignee::Named(_)) => None,
    };
    let (topic, what, who) = match &deed.deed {
        Deed::Confirmed => (Topic::Outcomes, "Выполнение поручения подтверждено", performer?),
        Deed::Cancelled { .. } => (Topic::Outcomes, "Поручение отменено", performer?),
        Deed::PostponementGranted => (Topic::Outcomes, "Срок поручения перенесён", performer?),
        Deed::PostponementRefused { .. } => {
            (Topic::Outcomes, "В переносе срока поручения отказано", performer?)
        }
        Deed::Delegated { to } => (Topic::Calls, "Вам передали поручение", *to),
        _ => return None,
    };
    let page = page_of(&task.path, task.school)?.trim_start_matches('/').to_owned();
    Some(Addressed {
        tiding: told(fact, topic, format!("{what}: {}", task.text), page),
        movers: vec![Mover::Account(who)],
        right,
        place,
        doer: fact.account.map(|account| account.0),
    })
}
