//! How is a visit planned, held and written up, so that nothing is doubled and nobody's text is lost?

use jiff::Timestamp;
use jiff::civil::Date;
use opora_cells::OrganisationId;
use opora_execution::visits::{
    Answer, Answers, FollowUp, Protocol, VisitDeed, VisitFact, VisitFinding, VisitRecord, VisitState,
    check_record, record_visit, visit_state,
};
use opora_execution::{RefusalKind, TEXT_CHARS_MAX};
use opora_store::Fact;
use serde_json::{Value, json};

use super::acts::{Doer, NotDone};
use super::shelf::Records;
use super::wire;

/// A visit to a school.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// Its number: that of its first fact.
    pub number: i64,
    /// The school.
    pub school: OrganisationId,
    /// What for.
    pub aim: String,
    /// Who planned it.
    pub curator: i64,
    /// Name of that person at that time.
    pub curator_name: String,
    /// What was recorded, in order.
    pub facts: Vec<VisitFact>,
    /// The protocol as saved last.
    pub notes: Option<Notes>,
}

/// A protocol as it was saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// Number of the fact; zero for one that is not saved.
    pub saved: i64,
    /// When and by whom.
    pub at: Timestamp,
    /// Name of that person.
    pub by: String,
    /// Sections, questions and answers as they stood then, for print.
    pub asked: Vec<(String, String, Option<Answer>)>,
    /// Answers by question.
    pub answers: Answers,
    /// Findings.
    pub findings: Vec<VisitFinding>,
    /// Follow-ups.
    pub follow_ups: Vec<FollowUp>,
}

/// The subject of the visits to a school.
fn subject(school: OrganisationId) -> String {
    format!("visits/school/{}", school.0)
}

impl Visit {
    /// How it stands on a day.
    pub fn state(&self, today: Date) -> VisitState {
        visit_state(&self.facts, today)
    }

    /// The day it took place.
    pub fn held(&self) -> Option<Date> {
        match visit_state(&self.facts, Date::MIN) {
            VisitState::Held(on) | VisitState::Closed(on) => Some(on),
            _ => None,
        }
    }

    /// The day it is about: planned or held.
    pub fn day(&self) -> Option<Date> {
        match visit_state(&self.facts, Date::MIN) {
            VisitState::Planned(on) | VisitState::Held(on) | VisitState::Closed(on) => Some(on),
            VisitState::New | VisitState::Cancelled | VisitState::Overdue { .. } => None,
        }
    }

    /// Its protocol is closed.
    pub fn is_closed(&self) -> bool {
        matches!(visit_state(&self.facts, Date::MIN), VisitState::Closed(_))
    }

    /// What was written down, once it took place.
    pub fn record(&self) -> Option<VisitRecord> {
        let notes = self.notes.as_ref()?;
        Some(VisitRecord {
            visit: self.number,
            school: i64::from(self.school.0),
            held: self.held()?,
            answers: notes.answers.clone(),
            findings: notes.findings.clone(),
            follow_ups: notes.follow_ups.clone(),
        })
    }
}

/// Adds a recorded fact to the visits of a school. One that this program does not know says nothing to it.
pub(super) fn add(visits: &mut Vec<Visit>, school: OrganisationId, fact: &Fact) {
    let content = &fact.content;
    let by = wire::number(content, "by").unwrap_or_default();
    let number = wire::number(content, "visit");
    if fact.kind == "visit-notes" {
        let visit = visits.iter_mut().find(|visit| Some(visit.number) == number);
        if let Some(visit) = visit {
            visit.notes = Some(read_notes(fact));
        }
        return;
    }
    let Some(deed) = read_deed(&fact.kind, content) else { return };
    let new = VisitFact { by, at: wire::recorded_at(fact), deed };
    match number {
        Some(number) => {
            if let Some(visit) = visits.iter_mut().find(|visit| visit.number == number) {
                visit.facts.push(new);
            }
        }
        None => visits.push(Visit {
            number: fact.id.0,
            school,
            aim: wire::text(content, "aim"),
            curator: by,
            curator_name: fact.who.clone(),
            facts: vec![new],
            notes: None,
        }),
    }
}

fn read_deed(kind: &str, content: &Value) -> Option<VisitDeed> {
    Some(match kind {
        "visit-planned" => VisitDeed::Planned(wire::day(content, "on")?),
        "visit-moved" => {
            VisitDeed::Moved { to: wire::day(content, "on")?, reason: wire::text(content, "reason") }
        }
        "visit-held" => VisitDeed::Held(wire::day(content, "on")?),
        "visit-closed" => VisitDeed::Closed,
        "visit-cancelled" => VisitDeed::Cancelled { reason: wire::text(content, "reason") },
        _ => return None,
    })
}

fn write_deed(deed: &VisitDeed, visit: Option<i64>, by: i64) -> (&'static str, Value) {
    match deed {
        VisitDeed::Planned(on) => {
            ("visit-planned", json!({ "visit": visit, "on": on.to_string(), "by": by }))
        }
        VisitDeed::Moved { to, reason } => {
            ("visit-moved", json!({ "visit": visit, "on": to.to_string(), "reason": reason, "by": by }))
        }
        VisitDeed::Held(on) => ("visit-held", json!({ "visit": visit, "on": on.to_string(), "by": by })),
        VisitDeed::Closed => ("visit-closed", json!({ "visit": visit, "by": by })),
        VisitDeed::Cancelled { reason } => {
            ("visit-cancelled", json!({ "visit": visit, "reason": reason, "by": by }))
        }
    }
}

fn read_notes(fact: &Fact) -> Notes {
    let content = &fact.content;
    let mut notes = Notes { saved: fact.id.0, at: fact.at, by: fact.who.clone(), ..Notes::default() };
    for asked in wire::list(content, "answers") {
        let answer = asked.get("answer").and_then(wire::read_answer);
        if let Some(answer) = &answer {
            notes.answers.insert(wire::text(asked, "id"), answer.clone());
        }
        notes.asked.push((wire::text(asked, "section"), wire::text(asked, "question"), answer));
    }
    notes.findings = wire::list(content, "findings").map(wire::read_finding).collect();
    notes.follow_ups = wire::list(content, "follow_ups").filter_map(wire::read_follow_up).collect();
    notes
}

fn write_notes(visit: i64, notes: &Notes, protocol: &Protocol, by: i64) -> Value {
    let asked =
        protocol.sections.iter().flat_map(|section| section.questions.iter().map(move |q| (section, q)));
    let answers: Vec<Value> = asked
        .map(|(section, question)| {
            let answer = notes.answers.get(&question.id).map(wire::write_answer);
            json!({ "section": section.title, "id": question.id, "question": question.text, "answer": answer })
        })
        .collect();
    let findings: Vec<Value> = notes.findings.iter().map(wire::write_finding).collect();
    let follow_ups: Vec<Value> = notes.follow_ups.iter().map(wire::write_follow_up).collect();
    json!({
        "visit": visit, "by": by, "protocol": protocol.id, "version": protocol.version,
        "answers": answers, "findings": findings, "follow_ups": follow_ups,
    })
}

/// Plans a visit or, where it has taken place already without a plan, records that. Gives its number.
pub async fn plan(
    doer: &Doer<'_>,
    school: OrganisationId,
    opening: &VisitDeed,
    aim: &str,
) -> Result<i64, NotDone> {
    if aim.trim().is_empty() {
        let what = "Напишите цель посещения: что посмотреть или обсудить. Так и школа, и вы будете готовы.";
        return Err(NotDone::refused(RefusalKind::Incomplete, what));
    }
    fits(aim)?;
    let on = match opening {
        VisitDeed::Planned(on) => {
            if *on < doer.today {
                let what = "Этот день уже прошёл. Назовите сегодняшний или более поздний; если посещение состоялось, отметьте его как состоявшееся.";
                return Err(NotDone::refused(RefusalKind::Incomplete, what));
            }
            *on
        }
        VisitDeed::Held(on) => *on,
        _ => return Err(NotDone::Unknown),
    };
    let new = VisitFact { by: doer.number, at: doer.at(), deed: opening.clone() };
    record_visit(&[], 0, &new).map_err(|what| NotDone::refused(RefusalKind::Incomplete, what))?;
    doer.record(&subject(school), aim, |records| {
        if records.visits_of(school).iter().any(|visit| visit.day() == Some(on)) {
            let what = "Посещение этой школы в этот день уже записано. Второй раз ничего делать не нужно.";
            return Err(NotDone::refused(RefusalKind::Already, what));
        }
        let (kind, mut content) = write_deed(opening, None, doer.number);
        if let Some(fields) = content.as_object_mut() {
            fields.remove("visit");
            fields.insert("aim".to_owned(), json!(aim.trim()));
        }
        Ok(vec![(kind, content)])
    })
    .await
}

fn fits(text: &str) -> Result<(), NotDone> {
    if text.chars().count() > TEXT_CHARS_MAX {
        let what = format!("Текст длиннее {TEXT_CHARS_MAX} знаков. Сократите его.");
        return Err(NotDone::refused(RefusalKind::Incomplete, what));
    }
    Ok(())
}

/// Records a deed about a visit, of whose records the person saw `known`.
pub async fn deed(
    doer: &Doer<'_>,
    school: OrganisationId,
    number: i64,
    known: usize,
    deed: &VisitDeed,
) -> Result<(), NotDone> {
    if let VisitDeed::Moved { reason, .. } | VisitDeed::Cancelled { reason } = deed {
        fits(reason)?;
    }
    write(doer, school, number, |visit| {
        permitted(visit, known, doer, deed)?;
        Ok(vec![write_deed(deed, Some(number), doer.number)])
    })
    .await
}

/// Whether a deed may be recorded now.
fn permitted(visit: &Visit, known: usize, doer: &Doer<'_>, deed: &VisitDeed) -> Result<(), NotDone> {
    let new = VisitFact { by: doer.number, at: doer.at(), deed: deed.clone() };
    let since = visit.facts.get(known.min(visit.facts.len())..).unwrap_or_default();
    let again = since.iter().any(|fact| fact.by == new.by && fact.deed == new.deed);
    let bare = match deed {
        VisitDeed::Moved { reason, .. } | VisitDeed::Cancelled { reason } => reason.trim().is_empty(),
        _ => false,
    };
    let kind = match (again, bare, known == visit.facts.len()) {
        (true, ..) => RefusalKind::Already,
        (_, true, _) => RefusalKind::Incomplete,
        (.., false) => RefusalKind::Stale,
        _ => RefusalKind::NotNow,
    };
    record_visit(&visit.facts, known, &new).map_err(|what| NotDone::refused(kind, what))?;
    Ok(())
}

/// Saves the protocol as a draft; `seen` is the save it continues. Somebody else's save since refuses this one.
pub async fn keep_notes(
    doer: &Doer<'_>,
    school: OrganisationId,
    number: i64,
    seen: i64,
    protocol: &Protocol,
    notes: &Notes,
) -> Result<(), NotDone> {
    write(doer, school, number, |visit| {
        continues(visit, seen)?;
        Ok(vec![("visit-notes", write_notes(number, notes, protocol, doer.number))])
    })
    .await
}

fn continues(visit: &Visit, seen: i64) -> Result<(), NotDone> {
    if !matches!(visit_state(&visit.facts, Date::MIN), VisitState::Held(_)) {
        let what = if visit.is_closed() {
            "Протокол уже закрыт, изменить его нельзя. Новое запишите в следующее посещение."
        } else {
            "Протокол пишут после посещения. Сначала отметьте, что оно состоялось."
        };
        return Err(NotDone::refused(RefusalKind::NotNow, what));
    }
    if visit.notes.as_ref().map_or(0, |notes| notes.saved) != seen {
        let what = "Пока страница была открыта, протокол сохранил кто-то ещё. Ваш текст остался в форме: откройте протокол в новой вкладке, сверьте и сохраните ещё раз.";
        return Err(NotDone::refused(RefusalKind::Stale, what));
    }
    Ok(())
}

/// Saves the protocol and closes it; from now on its follow-ups are tasks.
pub async fn close(
    doer: &Doer<'_>,
    school: OrganisationId,
    number: i64,
    seen: i64,
    protocol: &Protocol,
    notes: &Notes,
) -> Result<(), NotDone> {
    write(doer, school, number, |visit| {
        if visit.is_closed() && visit.facts.last().is_some_and(|fact| fact.by == doer.number) {
            let what = "Протокол уже закрыт. Второй раз закрывать не нужно.";
            return Err(NotDone::refused(RefusalKind::Already, what));
        }
        continues(visit, seen)?;
        permitted(visit, visit.facts.len(), doer, &VisitDeed::Closed)?;
        let finished = Visit { notes: Some(notes.clone()), ..visit.clone() };
        let record = finished.record().ok_or(NotDone::Unknown)?;
        let problems = check_record(protocol, &record);
        if !problems.is_empty() {
            return Err(NotDone::Problems(problems));
        }
        let closed = write_deed(&VisitDeed::Closed, Some(number), doer.number);
        Ok(vec![("visit-notes", write_notes(number, notes, protocol, doer.number)), closed])
    })
    .await
}

/// Writes what `decide` says after everything recorded about a visit; again when somebody wrote at the same moment.
async fn write(
    doer: &Doer<'_>,
    school: OrganisationId,
    number: i64,
    decide: impl Fn(&Visit) -> Result<Vec<(&'static str, Value)>, NotDone> + Send + Sync,
) -> Result<(), NotDone> {
    let found = |records: &Records| {
        let found = records.visits_of(school).iter().find(|visit| visit.number == number);
        decide(found.ok_or(NotDone::Unknown)?)
    };
    doer.record(&subject(school), "", found).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_deed_is_read_back() {
        let reason = || "болезнь".to_owned();
        let deeds = [
            VisitDeed::Planned(date(2026, 12, 1)),
            VisitDeed::Moved { to: date(2026, 12, 2), reason: reason() },
            VisitDeed::Held(date(2026, 12, 2)),
            VisitDeed::Closed,
            VisitDeed::Cancelled { reason: reason() },
        ];
        for deed in deeds {
            let (kind, content) = write_deed(&deed, Some(7), 3);
            assert_eq!(read_deed(kind, &content), Some(deed));
        }
        assert_eq!(read_deed("dance", &json!({})), None);
    }
}
