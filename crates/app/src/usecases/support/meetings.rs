//! How is a meeting of the coordination group called, written up and published?

use jiff::Timestamp;
use jiff::civil::Date;
use opora_execution::meetings::{
    Matter, MeetingDeed, MeetingFact, MeetingState, MinuteItem, Minutes, check_minutes, meeting_state,
    record_meeting,
};
use opora_execution::{Problem, RefusalKind};
use opora_registry::NodeId;
use opora_store::Fact;
use serde_json::{Value, json};

use super::acts::{Doer, NotDone};
use super::shelf::Records;
use super::wire;

/// A meeting of the coordination group of a municipality.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Its number: that of its first fact.
    pub number: i64,
    /// The municipality.
    pub node: NodeId,
    /// The day it was called for.
    pub on: Date,
    /// What was to be spoken of.
    pub agenda: Vec<MinuteItem>,
    /// What was recorded, in order.
    pub facts: Vec<MeetingFact>,
    /// The minutes as saved last.
    pub notes: Option<Notes>,
    /// Who called it.
    pub by: String,
    /// Why it did not take place.
    pub cancelled: Option<String>,
}

/// Minutes as they were saved.
#[derive(Clone, Debug)]
pub struct Notes {
    /// Number of the fact; zero for one that is not saved.
    pub saved: i64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The day the meeting took place.
    pub held: Date,
    /// Who was there.
    pub present: String,
    /// Item by item.
    pub items: Vec<MinuteItem>,
}

impl Notes {
    /// Minutes that are not saved yet.
    pub fn new(held: Date, present: String, items: Vec<MinuteItem>) -> Self {
        Self { saved: 0, at: Timestamp::UNIX_EPOCH, by: String::new(), held, present, items }
    }
}

/// The subject of the meetings of a municipality.
fn subject(node: NodeId) -> String {
    format!("meetings/node/{}", node.0)
}

impl Meeting {
    /// How it stands.
    pub fn state(&self) -> MeetingState {
        meeting_state(&self.facts)
    }

    /// Its minutes are published.
    pub fn is_published(&self) -> bool {
        matches!(self.state(), MeetingState::Published(_))
    }

    /// The day it took place or is to.
    pub fn day(&self) -> Date {
        self.notes.as_ref().map_or(self.on, |notes| notes.held)
    }

    /// Items of the minutes, or of the agenda before there are any.
    pub fn items(&self) -> &[MinuteItem] {
        self.notes.as_ref().map_or(&self.agenda, |notes| &notes.items)
    }

    /// The minutes as the room knows them.
    pub fn minutes(&self) -> Option<Minutes> {
        let notes = self.notes.as_ref()?;
        Some(Minutes { meeting: self.number, held: notes.held, items: notes.items.clone() })
    }
}

/// An agenda as items of minutes that nobody has spoken to yet.
pub fn matters(agenda: &[Matter]) -> Vec<MinuteItem> {
    let item = |matter: &Matter| MinuteItem {
        title: format!("{}. {}", matter.kind.russian(), matter.title),
        school: matter.school,
        heard: String::new(),
        decided: Vec::new(),
    };
    agenda.iter().map(item).collect()
}

/// Adds a recorded fact to the meetings of a municipality. One that this program does not know says nothing to it.
pub(super) fn add(meetings: &mut Vec<Meeting>, node: NodeId, fact: &Fact) {
    let content = &fact.content;
    let by = wire::number(content, "by").unwrap_or_default();
    let at = wire::recorded_at(fact);
    if fact.kind == "meeting-called" {
        let Some(on) = wire::day(content, "on") else { return };
        meetings.push(Meeting {
            number: fact.id.0,
            node,
            on,
            agenda: wire::list(content, "agenda").map(wire::read_item).collect(),
            facts: vec![MeetingFact { by, at, deed: MeetingDeed::Called(on) }],
            notes: None,
            by: fact.who.clone(),
            cancelled: None,
        });
        return;
    }
    let number = wire::number(content, "meeting");
    let Some(meeting) = meetings.iter_mut().find(|meeting| Some(meeting.number) == number) else { return };
    let deed = match fact.kind.as_str() {
        "meeting-notes" => {
            meeting.notes = Some(Notes {
                saved: fact.id.0,
                at: fact.at,
                by: fact.who.clone(),
                held: wire::day(content, "held").unwrap_or(meeting.on),
                present: wire::text(content, "present"),
                items: wire::list(content, "items").map(wire::read_item).collect(),
            });
            MeetingDeed::Noted
        }
        "meeting-published" => MeetingDeed::Published,
        "meeting-cancelled" => {
            let reason = wire::text(content, "reason");
            meeting.cancelled = Some(reason.clone());
            MeetingDeed::Cancelled { reason }
        }
        _ => return,
    };
    meeting.facts.push(MeetingFact { by, at, deed });
}

/// Calls a meeting with an agenda. Gives its number.
pub async fn call(doer: &Doer<'_>, node: NodeId, on: Date, agenda: &[MinuteItem]) -> Result<i64, NotDone> {
    let agenda: Vec<Value> = agenda.iter().map(wire::write_item).collect();
    let content = json!({ "on": on.to_string(), "agenda": agenda, "by": doer.number });
    doer.record(&subject(node), "", |records| {
        let same = |meeting: &&Meeting| meeting.on == on && meeting.state() != MeetingState::Cancelled;
        if records.meetings_of(node).iter().any(|meeting| same(&meeting)) {
            let what = "Заседание на этот день уже назначено: оно в списке. Второй раз назначать не нужно.";
            return Err(NotDone::refused(RefusalKind::Already, what));
        }
        Ok(vec![("meeting-called", content.clone())])
    })
    .await
}

fn written(number: i64, notes: &Notes, by: i64) -> Value {
    let items: Vec<Value> = notes.items.iter().map(wire::write_item).collect();
    json!({
        "meeting": number, "held": notes.held.to_string(), "present": notes.present, "items": items, "by": by,
    })
}

fn permitted(meeting: &Meeting, known: usize, doer: &Doer<'_>, deed: MeetingDeed) -> Result<(), NotDone> {
    let new = MeetingFact { by: doer.number, at: doer.at(), deed };
    record_meeting(&meeting.facts, known, &new).map_err(NotDone::Refused)?;
    Ok(())
}

/// Saves minutes that are being written; `known` is how many facts of the meeting their author saw.
pub async fn note(
    doer: &Doer<'_>,
    node: NodeId,
    number: i64,
    known: usize,
    notes: &Notes,
) -> Result<(), NotDone> {
    write(doer, node, number, |meeting| {
        permitted(meeting, known, doer, MeetingDeed::Noted)?;
        Ok(vec![("meeting-notes", written(number, notes, doer.number))])
    })
    .await
}

/// Saves minutes and publishes them: from now on their decisions are tasks.
pub async fn publish(
    doer: &Doer<'_>,
    node: NodeId,
    number: i64,
    known: usize,
    notes: &Notes,
) -> Result<(), NotDone> {
    write(doer, node, number, |meeting| {
        if meeting.is_published() {
            permitted(meeting, known, doer, MeetingDeed::Published)?;
        }
        permitted(meeting, known, doer, MeetingDeed::Noted)?;
        let minutes = Minutes { meeting: number, held: notes.held, items: notes.items.clone() };
        let mut problems = check_minutes(&minutes);
        if notes.held > doer.today {
            let message =
                "День заседания ещё не наступил. Опубликуйте протокол, когда оно состоится.".to_owned();
            problems.insert(0, Problem { path: format!("meeting/{number}"), message });
        }
        if !problems.is_empty() {
            return Err(NotDone::Problems(problems));
        }
        let published = json!({ "meeting": number, "by": doer.number });
        Ok(vec![("meeting-notes", written(number, notes, doer.number)), ("meeting-published", published)])
    })
    .await
}

/// Records that a meeting did not take place.
pub async fn cancel_meeting(
    doer: &Doer<'_>,
    node: NodeId,
    number: i64,
    known: usize,
    reason: &str,
) -> Result<(), NotDone> {
    write(doer, node, number, |meeting| {
        permitted(meeting, known, doer, MeetingDeed::Cancelled { reason: reason.to_owned() })?;
        let content = json!({ "meeting": number, "reason": reason.trim(), "by": doer.number });
        Ok(vec![("meeting-cancelled", content)])
    })
    .await
}

async fn write(
    doer: &Doer<'_>,
    node: NodeId,
    number: i64,
    decide: impl Fn(&Meeting) -> Result<Vec<(&'static str, Value)>, NotDone> + Send + Sync,
) -> Result<(), NotDone> {
    let found = |records: &Records| {
        let found = records.meetings_of(node).iter().find(|meeting| meeting.number == number);
        decide(found.ok_or(NotDone::Unknown)?)
    };
    doer.record(&subject(node), "", found).await.map(|_| ())
}
