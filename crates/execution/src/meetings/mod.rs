//! What does the coordination group talk about, and what does it decide?

mod life;

use std::collections::BTreeMap;

pub use life::{MeetingDeed, MeetingFact, MeetingState, meeting_state, record_meeting};

use jiff::civil::Date;

use crate::task::{Assignee, Problem, Task, check_task};
use crate::words;
use crate::work::{News, WorkItem, WorkKind, news};

/// Why a matter comes before the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatterKind {
    /// Something is late.
    Late,
    /// A risk that is not covered or grows; given by the caller.
    Risk,
    /// Something waits for approval or confirmation.
    Waiting,
    /// Rules or plans contradict each other; given by the caller.
    Conflict,
    /// A decision of an earlier meeting or a follow-up of a visit is not carried out.
    OpenTask,
}

impl MatterKind {
    /// Every kind in the order of the agenda.
    pub const ALL: [Self; 5] = [Self::Late, Self::Risk, Self::Waiting, Self::Conflict, Self::OpenTask];

    /// The heading of its matters.
    #[must_use]
    pub fn russian(self) -> &'static str {
        match self {
            Self::Late => "Просроченное",
            Self::Risk => "Риски",
            Self::Waiting => "Ждёт решения",
            Self::Conflict => "Противоречия",
            Self::OpenTask => "Невыполненные поручения",
        }
    }
}

/// Something the caller wants on the agenda: a risk, a conflict between rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// Why.
    pub kind: MatterKind,
    /// The school.
    pub school: Option<i64>,
    /// What, in Russian.
    pub text: String,
    /// Where to look.
    pub path: String,
}

/// One matter of an agenda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Its number, from one.
    pub number: usize,
    /// Why it is there.
    pub kind: MatterKind,
    /// The school.
    pub school: Option<i64>,
    /// What, in Russian.
    pub title: String,
    /// Where to look, the most pressing first.
    pub paths: Vec<String>,
}

/// Days something waits for approval before the group hears of it.
pub const WAITING_DAYS: i32 = 7;

/// The agenda: late matters by school with the longest delay first, then risks, what waits longer than
/// [`WAITING_DAYS`], conflicts, open tasks. `names` are the names of schools as they are to be shown; a school without
/// one is shown by its number. Schools that are equally late stand in the order of their names.
#[must_use]
pub fn agenda(
    items: &[WorkItem],
    concerns: &[Concern],
    names: &BTreeMap<i64, String>,
    today: Date,
) -> Vec<Matter> {
    let mut groups: BTreeMap<(MatterKind, Option<i64>), Vec<Delayed<'_>>> = BTreeMap::new();
    for item in items {
        let late = item.due.map_or(0, |due| words::days_between(due, today)).max(0);
        let waits = words::days_between(item.since.date(), today);
        let kind = match item.kind {
            WorkKind::Task if late > 0 => Some((MatterKind::OpenTask, late)),
            kind if kind.is_decision() && waits > WAITING_DAYS => Some((MatterKind::Waiting, waits)),
            kind if !kind.is_decision() && news(item, today) == Some(News::Late) => {
                Some((MatterKind::Late, late))
            }
            _ => None,
        };
        if let Some((kind, days)) = kind {
            groups.entry((kind, item.school)).or_default().push((days, item));
        }
    }
    let name = |school: Option<i64>| {
        school.map_or_else(
            || "Муниципалитет".to_owned(),
            |id| names.get(&id).cloned().unwrap_or_else(|| format!("Школа {id}")),
        )
    };
    let mut drafts: Vec<(MatterKind, i32, String, Matter)> = Vec::new();
    for ((kind, school), mut own) in groups {
        own.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.path.cmp(&b.1.path)));
        let days = own.first().map_or(0, |(days, _)| *days);
        let title = format!("{}: {}", name(school), said(kind, &own));
        let paths = own.iter().map(|(_, item)| item.path.clone()).collect();
        drafts.push((kind, -days, name(school), Matter { number: 0, kind, school, title, paths }));
    }
    for concern in concerns {
        let title = match concern.school {
            Some(_) => format!("{}: {}", name(concern.school), concern.text),
            None => words::sentence(&concern.text),
        };
        let matter = Matter {
            number: 0,
            kind: concern.kind,
            school: concern.school,
            title,
            paths: vec![concern.path.clone()],
        };
        drafts.push((concern.kind, 0, name(concern.school), matter));
    }
    drafts.sort_by(|a, b| (a.0, a.1, &a.2, &a.3.paths).cmp(&(b.0, b.1, &b.2, &b.3.paths)));
    drafts.into_iter().zip(1..).map(|((.., matter), number)| Matter { number, ..matter }).collect()
}

/// An item with the days it is late or waits.
type Delayed<'a> = (i32, &'a WorkItem);

fn said(kind: MatterKind, own: &[Delayed<'_>]) -> String {
    let days = words::days(own.first().map_or(0, |(days, _)| *days));
    let what = own.first().map_or("", |(_, item)| item.what.as_str());
    let number = |forms| words::count(own.len(), forms);
    match (kind, own.len()) {
        (MatterKind::Late, 1) => format!("просрочено на {days} – {what}"),
        (MatterKind::Late, _) => {
            format!("просрочено {}, дольше всего ({days}) – {what}", number(["дело", "дела", "дел"]))
        }
        (MatterKind::OpenTask, 1) => format!("поручение не выполнено, прошло {days} после срока – {what}"),
        (MatterKind::OpenTask, _) => format!(
            "не выполнено {}, дольше всего ({days} после срока) – {what}",
            number(["поручение", "поручения", "поручений"])
        ),
        (_, 1) => format!("ждёт решения {days} – {what}"),
        _ => format!(
            "решения ждут {}, дольше всего ({days}) – {what}",
            number(["вопрос", "вопроса", "вопросов"])
        ),
    }
}

/// Minutes of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// Number of the meeting.
    pub meeting: i64,
    /// The day.
    pub held: Date,
    /// Its items in order.
    pub items: Vec<MinuteItem>,
}

/// One item of minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinuteItem {
    /// The matter as on the agenda, or one that came up.
    pub title: String,
    /// The school.
    pub school: Option<i64>,
    /// Слушали.
    pub heard: String,
    /// Решили.
    pub decided: Vec<Decision>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub text: String,
    /// Who carries it out and by when; a decision to take note of something has neither.
    pub task: Option<(Assignee, Date)>,
}

/// What has to be mended before minutes are kept.
#[must_use]
pub fn check_minutes(minutes: &Minutes) -> Vec<Problem> {
    let mut problems = Vec::new();
    if minutes.items.is_empty() {
        let message = "В протоколе нет ни одного вопроса. Добавьте то, что обсуждали.".to_owned();
        problems.push(Problem { path: format!("meeting/{}", minutes.meeting), message });
    }
    for (item, number) in minutes.items.iter().zip(1..) {
        let path = format!("meeting/{}/item/{number}", minutes.meeting);
        if item.title.trim().is_empty() {
            let message = "У вопроса нет названия. Напишите, что обсуждали.".to_owned();
            problems.push(Problem { path: path.clone(), message });
        }
        if item.heard.trim().is_empty() && item.decided.is_empty() {
            let message =
                "По вопросу не записано ни что слушали, ни что решили. Запишите или уберите вопрос."
                    .to_owned();
            problems.push(Problem { path: path.clone(), message });
        }
        for (decision, at) in item.decided.iter().zip(1..) {
            let path = format!("{path}/decision/{at}");
            match &decision.task {
                Some((who, due)) => {
                    problems.extend(check_task(&path, &decision.text, who, *due, minutes.held));
                }
                None if decision.text.trim().is_empty() => {
                    problems.push(Problem {
                        path,
                        message: "Решение пустое. Напишите его или удалите строку.".to_owned(),
                    });
                }
                None => {}
            }
        }
    }
    problems
}

/// The decisions of a meeting that somebody carries out, as tasks.
#[must_use]
pub fn meeting_tasks(minutes: &Minutes) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (item, number) in minutes.items.iter().zip(1..) {
        for (decision, at) in item.decided.iter().zip(1..) {
            if let Some((who, due)) = &decision.task {
                tasks.push(Task {
                    path: format!("meeting/{}/item/{number}/decision/{at}", minutes.meeting),
                    text: decision.text.trim().to_owned(),
                    who: who.clone(),
                    given: minutes.held,
                    due: *due,
                    school: item.school,
                });
            }
        }
    }
    tasks
}
