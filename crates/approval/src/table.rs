//! Which act leads from which state to which, and who may do it?

use crate::{Action, Kind, Party, State};

/// Where an act leads, and who may do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The state after it.
    pub to: State,
    /// Who may do it.
    pub by: &'static [Party],
}

const SCHOOL: &[Party] = &[Party::Author];
const CHECKERS: &[Party] = &[Party::Reviewer, Party::Coordinator];
const COORDINATOR: &[Party] = &[Party::Coordinator];
const SCHOOL_OR_COORDINATOR: &[Party] = &[Party::Author, Party::Coordinator];
const ANYBODY: &[Party] = &[Party::Author, Party::Reviewer, Party::Coordinator];

const CLOSED: &str = "Работа завершена, её история сохранена. Начните новую, если она снова нужна.";
const STILL_A_DRAFT: &str =
    "Школа ещё пишет черновик. Замечания можно сделать, когда она отправит его на проверку.";
const WAITS_FOR_A_DECISION: &str =
    "Текст ждёт решения куратора. Одобрите или верните его, а потом завершайте работу.";
const NOTHING_TO_WITHDRAW: &str = "Отзывать нечего: текст сейчас у школы, его можно править.";
const NOT_SUBMITTED: &str =
    "На проверку ещё не отправлено, или после отправки текст изменили. Дождитесь, когда школа отправит его.";
const NOTHING_TO_CORRECT: &str =
    "Исправление начинают у действующей версии. Сейчас правьте текст и отправьте его на проверку.";
const SUBMITTED_ALREADY: &str = "Уже отправлено на проверку. Дождитесь решения куратора.";
const BEING_CHECKED: &str = "Текст на проверке. Отзовите его или дождитесь решения, а потом правьте.";
const NOT_APPROVED: &str =
    "В действие вводится только одобренное. Сначала этот текст должен одобрить куратор.";
const NOT_FOR_A_DIAGNOSIS: &str = "Самодиагностику не вводят в действие: довольно того, что она одобрена.";
const RESUBMIT_INSTEAD: &str = "Текст возвращён с замечаниями. Ответьте на них и отправьте его повторно.";
const WITH_THE_SCHOOL: &str = "Текст возвращён школе. Дождитесь, когда она отправит его повторно.";
const NOTHING_TO_SUBMIT: &str = "Этот текст уже одобрен, отправлять его снова не нужно.";
const TOO_LATE_TO_WITHDRAW: &str = "Этот текст уже одобрен, отозвать его нельзя. Чтобы изменить его, исправьте текст: одобрение спросят снова.";
const APPROVED_ALREADY: &str = "Этот текст уже одобрен. Второй раз одобрять его не нужно.";
const TOO_LATE_TO_RETURN: &str =
    "Этот текст уже одобрен. Напишите замечание: школа исправит его новой версией.";
const IN_FORCE_ALREADY: &str = "Эта версия уже действует.";
const NOT_IN_FORCE: &str = "Одобренный текст ещё не введён в действие. Введите его в действие или просто правьте: одобрение спросят снова.";
const SUBMIT_INSTEAD: &str = "Повторно отправляют то, что вернули. Этот текст отправьте на проверку.";
const BEING_CORRECTED: &str =
    "Новую версию ещё исправляют, действует прежняя. Дождитесь, когда школа отправит её на проверку.";

/// The one table of this life cycle: where an act leads and who may do it, or a Russian reason why it can't be done.
/// `in_force` tells that an agreed version is in force, be it the one at hand or an earlier one.
pub fn step(kind: Kind, state: State, action: Action, in_force: bool) -> Result<Step, &'static str> {
    use Action as A;
    use State as S;
    let to = |to, by| Ok(Step { to, by });
    match (state, action) {
        (S::Closed, _) => Err(CLOSED),
        (_, A::ResolveRemark) => to(state, ANYBODY),
        (_, A::ReopenRemark) => to(state, CHECKERS),

        (S::Draft | S::Correction, A::Submit) | (S::Returned, A::Resubmit) => to(S::Submitted, SCHOOL),
        (S::Submitted, A::Withdraw) if in_force => to(S::Correction, SCHOOL),
        (S::Submitted, A::Withdraw) => to(S::Draft, SCHOOL),
        (S::Correction, A::Withdraw) => to(agreed(kind), SCHOOL),
        (S::Returned, A::Withdraw) if in_force => to(agreed(kind), SCHOOL),
        (S::Submitted, A::Approve) => to(S::Approved, CHECKERS),
        (S::Submitted, A::Return) => to(S::Returned, CHECKERS),
        (S::Approved, A::PutInForce) if kind == Kind::Roadmap => to(S::InForce, SCHOOL_OR_COORDINATOR),
        (S::Approved | S::InForce | S::Correction, A::BeginCorrection) if in_force => {
            to(S::Correction, SCHOOL_OR_COORDINATOR)
        }
        (S::Draft, A::AddRemark) => Err(STILL_A_DRAFT),
        (_, A::AddRemark) => to(state, CHECKERS),
        (S::Submitted, A::Close) => Err(WAITS_FOR_A_DECISION),
        (_, A::Close) => to(S::Closed, COORDINATOR),

        (S::Draft | S::Returned, A::Withdraw) => Err(NOTHING_TO_WITHDRAW),
        (S::Draft, A::Approve | A::Return) => Err(NOT_SUBMITTED),
        (S::Draft | S::Returned, A::BeginCorrection) => Err(NOTHING_TO_CORRECT),
        (S::Submitted, A::Submit | A::Resubmit) => Err(SUBMITTED_ALREADY),
        (S::Submitted, A::BeginCorrection) => Err(BEING_CHECKED),
        (S::Draft | S::Submitted | S::Returned | S::Correction, A::PutInForce) => Err(NOT_APPROVED),
        (S::Approved, A::PutInForce) => Err(NOT_FOR_A_DIAGNOSIS),
        (S::Returned, A::Submit) => Err(RESUBMIT_INSTEAD),
        (S::Returned, A::Approve | A::Return) => Err(WITH_THE_SCHOOL),
        (S::Approved | S::InForce, A::Submit | A::Resubmit) => Err(NOTHING_TO_SUBMIT),
        (S::Approved | S::InForce, A::Withdraw) => Err(TOO_LATE_TO_WITHDRAW),
        (S::Approved | S::InForce, A::Approve) => Err(APPROVED_ALREADY),
        (S::Approved | S::InForce, A::Return) => Err(TOO_LATE_TO_RETURN),
        (S::InForce, A::PutInForce) => Err(IN_FORCE_ALREADY),
        (S::Approved | S::InForce | S::Correction, A::BeginCorrection) => Err(NOT_IN_FORCE),
        (S::Draft | S::Correction, A::Resubmit) => Err(SUBMIT_INSTEAD),
        (S::Correction, A::Approve | A::Return) => Err(BEING_CORRECTED),
    }
}

/// The state of agreed content that holds.
pub(crate) fn agreed(kind: Kind) -> State {
    match kind {
        Kind::Diagnosis => State::Approved,
        Kind::Roadmap => State::InForce,
    }
}
