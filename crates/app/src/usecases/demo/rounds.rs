//! Which schools did the invented curators visit, and what did the coordination group decide?

use jiff::Timestamp;
use jiff::civil::Date;
use opora_execution::Assignee;
use opora_execution::meetings::{Decision, MinuteItem};
use opora_execution::visits::{Answer, AnswerKind, FollowUp, Protocol, VisitDeed, VisitFinding};
use opora_registry::NodeId;
use opora_store::StoreError;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::cast::{Supported, Who};
use crate::usecases::results::dataset::Workbench;
use crate::usecases::support::{self, Doer, MeetingNotes, NotDone, Notes, Shelf};

/// Days that somebody has for a task.
const TASK_DAYS: i32 = 21;

/// When and over what something is done.
pub(super) struct Round<'a> {
    pub(super) bench: &'a Workbench,
    pub(super) shelf: Shelf,
    pub(super) day: Date,
    pub(super) at: Timestamp,
    /// Tasks are given: near the end of the story, so that some wait for somebody.
    pub(super) with_tasks: bool,
}

impl Round<'_> {
    fn doer<'d>(&'d self, who: &'d Who) -> Doer<'d> {
        Doer {
            store: &self.bench.store,
            shelf: &self.shelf,
            name: &who.name,
            account: Some(who.account),
            number: who.account.0,
            now: self.at,
            today: self.day,
        }
    }

    fn due(&self) -> Date {
        self.day.saturating_add(jiff::ToSpan::days(TASK_DAYS))
    }

    /// The curator comes to a school and writes the protocol the same day.
    pub(super) async fn visit(&self, school: &Supported, chance: &mut ChaCha8Rng) -> Result<(), StoreError> {
        let doer = self.doer(&school.curator);
        let aim = "Посмотреть, как идёт работа по дорожной карте";
        let Some(visit) = happened(support::plan(&doer, school.id, &VisitDeed::Held(self.day), aim).await)?
        else {
            return Ok(());
        };
        let protocol = &self.bench.catalog.rulebook.protocol;
        let mut notes = notes(protocol, chance);
        if self.with_tasks {
            notes.follow_ups.push(FollowUp {
                text: "Обновить график консультаций и вывесить его для родителей".to_owned(),
                due: self.due(),
                who: Assignee::Account(school.head.account.0),
            });
        }
        happened(support::close(&doer, school.id, visit, 0, protocol, &notes).await)?;
        Ok(())
    }

    /// The group meets and writes its minutes the same day.
    pub(super) async fn meeting(&self, coordinator: &Who, node: NodeId) -> Result<(), StoreError> {
        let doer = self.doer(coordinator);
        let item = |title: &str, heard: &str, text: &str, task| MinuteItem {
            title: title.to_owned(),
            school: None,
            heard: heard.to_owned(),
            decided: vec![Decision { text: text.to_owned(), task }],
        };
        let task = self.with_tasks.then(|| (Assignee::Account(coordinator.account.0), self.due()));
        let items = vec![
            item(
                "О выполнении дорожных карт",
                "Кураторы рассказали, что сделано за месяц.",
                "Принять к сведению",
                None,
            ),
            item(
                "О помощи школам",
                "Школам нужны методисты по математике.",
                "Договориться с институтом о консультациях",
                task,
            ),
        ];
        let Some(meeting) = happened(support::call(&doer, node, self.day, &items).await)? else {
            return Ok(());
        };
        let notes = MeetingNotes {
            saved: 0,
            at: self.at,
            by: coordinator.name.clone(),
            held: self.day,
            present: "координатор, шесть кураторов, методист".to_owned(),
            items,
        };
        happened(support::publish(&doer, node, meeting, 1, &notes).await)?;
        Ok(())
    }
}

/// What was done, or nothing where the life cycle refuses; the store may fail.
fn happened<T>(done: Result<T, NotDone>) -> Result<Option<T>, StoreError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(NotDone::Store(error)) => Err(error),
        Err(NotDone::Refused(_) | NotDone::Problems(_) | NotDone::Unknown) => Ok(None),
    }
}

/// Answers to everything that the protocol asks for.
fn notes(protocol: &Protocol, chance: &mut ChaCha8Rng) -> Notes {
    let questions = protocol.sections.iter().flat_map(|section| &section.questions);
    let answers = questions.map(|question| {
        let answer = match question.kind {
            AnswerKind::YesNo => Answer::YesNo(chance.random_bool(0.7)),
            AnswerKind::Number => Answer::Text(chance.random_range(1..6).to_string()),
            AnswerKind::Text => Answer::Text("Обсудили с руководителем и завучем.".to_owned()),
        };
        (question.id.clone(), answer)
    });
    let finding = VisitFinding {
        text: "Консультации идут по графику, журнал ведётся.".to_owned(),
        question: None,
    };
    Notes { answers: answers.collect(), findings: vec![finding], ..Notes::default() }
}
