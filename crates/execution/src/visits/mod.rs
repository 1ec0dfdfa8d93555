//! How is a visit to a school planned, held and followed up?

mod protocol;
mod route;

use jiff::civil::{Date, DateTime};

pub use protocol::{Answer, AnswerKind, Answers, Protocol, ProtocolSection, Question};
pub use route::{Call, Distances, PER_DAY_MAX, Route, RouteDay, RouteLimits, Stop, Unplaced, route};

use crate::task::{Assignee, Problem, Task, check_task};
use crate::words;

/// One dated record about a visit, appended and never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitFact {
    /// Account number.
    pub by: i64,
    /// When, by the clock of the installation.
    pub at: DateTime,
    /// What.
    pub deed: VisitDeed,
}

/// What is recorded about a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitDeed {
    /// It is to take place on a day.
    Planned(Date),
    /// It is to take place on another day.
    Moved {
        /// The new day.
        to: Date,
        /// Why.
        reason: String,
    },
    /// It took place on a day.
    Held(Date),
    /// Its protocol is complete and closed.
    Closed,
    /// It will not take place.
    Cancelled {
        /// Why.
        reason: String,
    },
}

/// How a visit stands on a day. Computed, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitState {
    /// Nothing is recorded yet.
    New,
    /// It is to take place.
    Planned(Date),
    /// Its day is over and nobody recorded that it took place.
    Overdue {
        /// The planned day.
        on: Date,
        /// Days since.
        days: i32,
    },
    /// It took place, the protocol is not closed.
    Held(Date),
    /// It took place and the protocol is closed.
    Closed(Date),
    /// It will not take place.
    Cancelled,
}

impl VisitState {
    /// In Russian.
    #[must_use]
    pub fn russian(self) -> String {
        match self {
            Self::New => "не запланировано".to_owned(),
            Self::Planned(on) => format!("запланировано на {}", words::day(on)),
            Self::Overdue { on, days } => {
                format!(
                    "день прошёл {} назад ({}), отметки о посещении нет",
                    words::days(days),
                    words::day(on)
                )
            }
            Self::Held(on) => format!("состоялось {}, протокол не закрыт", words::day(on)),
            Self::Closed(on) => format!("состоялось {}, протокол закрыт", words::day(on)),
            Self::Cancelled => "отменено".to_owned(),
        }
    }
}

/// Where a visit stands after a record, or why the record is refused, in Russian. The one table of its life; `today`
/// does not matter to it.
fn step(state: VisitState, deed: &VisitDeed) -> Result<VisitState, &'static str> {
    use VisitDeed as D;
    use VisitState as S;
    match (state, deed) {
        (S::New, D::Planned(on)) => Ok(S::Planned(*on)),
        (S::Planned(_), D::Planned(_)) => {
            Err("Посещение уже запланировано. Чтобы изменить день, перенесите его и назовите причину.")
        }
        (S::Planned(_), D::Moved { to, .. }) => Ok(S::Planned(*to)),
        (S::New | S::Planned(_), D::Held(on)) => Ok(S::Held(*on)),
        (S::Held(on), D::Closed) => Ok(S::Closed(on)),
        (S::New | S::Planned(_), D::Cancelled { .. }) => Ok(S::Cancelled),
        (S::New, D::Moved { .. }) => Err("Переносить нечего: посещение ещё не запланировано. Назовите день."),
        (S::New | S::Planned(_), D::Closed) => {
            Err("Протокол закрывают после посещения. Сначала отметьте, что оно состоялось.")
        }
        (S::Held(_) | S::Closed(_), D::Held(_)) => {
            Err("Уже отмечено, что посещение состоялось. Второй раз отмечать не нужно.")
        }
        (S::Closed(_), D::Closed) => Err("Протокол уже закрыт. Второй раз закрывать не нужно."),
        (S::Held(_) | S::Closed(_), _) => {
            Err("Посещение уже состоялось, его нельзя перенести или отменить. Запланируйте новое.")
        }
        (S::Cancelled, _) => Err("Посещение отменено. Запланируйте новое."),
        (S::Overdue { .. }, _) => Err("Состояние посещения устарело. Обновите страницу."),
    }
}

/// Where a visit stands without the calendar; a record that was not permitted when it came is passed over.
fn standing(facts: &[VisitFact]) -> VisitState {
    facts.iter().fold(VisitState::New, |state, fact| step(state, &fact.deed).unwrap_or(state))
}

/// How a visit stands on a day by its facts in the order of recording.
#[must_use]
pub fn visit_state(facts: &[VisitFact], today: Date) -> VisitState {
    match standing(facts) {
        VisitState::Planned(on) if on < today => {
            VisitState::Overdue { on, days: words::days_between(on, today) }
        }
        state => state,
    }
}

/// Whether a record may be appended to `facts`, of which the person saw `known`; otherwise why not, in Russian.
pub fn record_visit(facts: &[VisitFact], known: usize, new: &VisitFact) -> Result<VisitState, String> {
    let since = facts.get(known.min(facts.len())..).unwrap_or_default();
    if since.iter().any(|fact| fact.by == new.by && fact.deed == new.deed) {
        return Err(
            "Это уже записано: похоже, кнопку нажали дважды. Второй раз ничего делать не нужно.".to_owned()
        );
    }
    if known != facts.len() {
        return Err(
            "Пока страница была открыта, о посещении появилась новая запись. Обновите страницу и повторите."
                .to_owned(),
        );
    }
    match &new.deed {
        VisitDeed::Moved { reason, .. } | VisitDeed::Cancelled { reason } if reason.trim().is_empty() => {
            return Err("Напишите причину: она останется в записи о посещении.".to_owned());
        }
        VisitDeed::Held(on) if *on > new.at.date() => {
            return Err("День посещения ещё не наступил. Отметьте его, когда оно состоится.".to_owned());
        }
        VisitDeed::Moved { to, .. } if *to < new.at.date() => {
            return Err("Новый день уже прошёл. Назовите сегодняшний или более поздний.".to_owned());
        }
        _ => {}
    }
    step(standing(facts), &new.deed).map_err(str::to_owned)
}

/// What a visit brought to light.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitFinding {
    /// In words.
    pub text: String,
    /// The question of the protocol it comes from.
    pub question: Option<String>,
}

/// What somebody has to do after a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// What.
    pub text: String,
    /// By when.
    pub due: Date,
    /// Who.
    pub who: Assignee,
}

/// What was written down at a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitRecord {
    /// Number of the visit.
    pub visit: i64,
    /// The school.
    pub school: i64,
    /// The day it took place.
    pub held: Date,
    /// Answers to the protocol.
    pub answers: Answers,
    /// Findings in order.
    pub findings: Vec<VisitFinding>,
    /// Follow-ups in order.
    pub follow_ups: Vec<FollowUp>,
}

/// What has to be mended before a protocol can be closed.
#[must_use]
pub fn check_record(protocol: &Protocol, record: &VisitRecord) -> Vec<Problem> {
    let base = format!("visit/{}", record.visit);
    let mut problems = protocol.check(&record.answers, &base);
    for (finding, number) in record.findings.iter().zip(1..) {
        if finding.text.trim().is_empty() {
            let message = "Вывод пустой. Напишите его или удалите строку.".to_owned();
            problems.push(Problem { path: format!("{base}/finding/{number}"), message });
        }
    }
    for (follow_up, number) in record.follow_ups.iter().zip(1..) {
        let path = format!("{base}/follow-up/{number}");
        problems.extend(check_task(&path, &follow_up.text, &follow_up.who, follow_up.due, record.held));
    }
    problems
}

/// The follow-ups of a visit as tasks.
#[must_use]
pub fn visit_tasks(record: &VisitRecord) -> Vec<Task> {
    let task = |(follow_up, number): (&FollowUp, usize)| Task {
        path: format!("visit/{}/follow-up/{number}", record.visit),
        text: follow_up.text.trim().to_owned(),
        who: follow_up.who.clone(),
        given: record.held,
        due: follow_up.due,
        school: Some(record.school),
    };
    record.follow_ups.iter().zip(1..).map(task).collect()
}
