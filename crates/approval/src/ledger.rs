//! May one more act be recorded, and what do all of them amount to?

use jiff::Timestamp;

use crate::table::agreed;
use crate::{
    Action, Answer, Bound, Content, Fact, Kind, NewRemark, Party, Reason, Refusal, Remark, Standing, State,
    Step, TEXT_CHARS, Why, step,
};

/// May this fact be recorded after the others, with the content as it is now? Gives the state it leads to, or why
/// not. To be asked in the same transaction that records it.
pub fn admit(kind: Kind, facts: &[Fact], content: &Content<'_>, fact: &Fact) -> Result<State, Refusal> {
    let ledger = Ledger::read(kind, facts);
    if fact.action.speaks_of_content() && fact.content_sha256 != content.sha256 {
        return Err(Refusal::new(
            Why::Edited,
            "Пока вы смотрели, текст изменили. Решение относилось бы не к нему. Обновите страницу, посмотрите, что изменилось, и решите снова.",
        ));
    }
    ledger.check(fact)
}

/// What a party may do now, by the table alone: a reason, an answer or remarks may still be asked for.
pub fn permitted(kind: Kind, facts: &[Fact], content: &Content<'_>, party: Party) -> Vec<Action> {
    let ledger = Ledger::read(kind, facts);
    let state = ledger.state_of(content.sha256);
    let sensible = |action: &Action| match action {
        Action::ResolveRemark => ledger.remarks.iter().any(|remark| remark.is_resolvable_by(party)),
        Action::ReopenRemark => ledger.remarks.iter().any(|remark| !remark.is_open),
        Action::Withdraw if state != State::Submitted => ledger.holds(content.sha256),
        Action::Submit | Action::Resubmit => {
            let explained = ledger.in_force.is_none() || !ledger.reasons.is_empty();
            explained && !ledger.holds(content.sha256)
        }
        _ => true,
    };
    let allowed = |action: &Action| {
        step(kind, state, *action, ledger.in_force.is_some()).is_ok_and(|step| step.by.contains(&party))
    };
    Action::ALL.into_iter().filter(allowed).filter(sensible).collect()
}

/// What the facts amount to, whatever the content is now.
pub(crate) struct Ledger {
    kind: Kind,
    /// State of the content that the last moving fact spoke of.
    state: State,
    moved_at: Option<Timestamp>,
    submitted: Option<Bound>,
    approved: Option<Bound>,
    in_force: Option<Bound>,
    remarks: Vec<Remark>,
    reasons: Vec<Reason>,
    closed: Option<Reason>,
}

impl Ledger {
    pub(crate) fn read(kind: Kind, facts: &[Fact]) -> Self {
        let mut ledger = Self {
            kind,
            state: State::Draft,
            moved_at: None,
            submitted: None,
            approved: None,
            in_force: None,
            remarks: Vec::new(),
            reasons: Vec::new(),
            closed: None,
        };
        for fact in facts {
            if let Ok(state) = ledger.check(fact) {
                ledger.record(fact, state);
            }
        }
        ledger
    }

    /// Where a content stands: what was submitted or agreed is known by its hash, anything else has to be agreed anew.
    fn state_of(&self, sha256: &str) -> State {
        let is = |bound: &Option<Bound>| bound.as_ref().is_some_and(|bound| bound.sha256 == sha256);
        let still = match self.state {
            State::Submitted => is(&self.submitted),
            State::Approved => is(&self.approved),
            State::InForce => is(&self.in_force),
            _ => true,
        };
        match (still, self.in_force.is_some()) {
            (true, _) => self.state,
            (false, true) => State::Correction,
            (false, false) => State::Draft,
        }
    }

    /// The content is the one in force.
    fn holds(&self, sha256: &str) -> bool {
        self.in_force.as_ref().is_some_and(|bound| bound.sha256 == sha256)
    }

    /// The state a fact leads to, or why it is refused.
    fn check(&self, fact: &Fact) -> Result<State, Refusal> {
        let state = self.state_of(&fact.content_sha256);
        let Step { to, by } = step(self.kind, state, fact.action, self.in_force.is_some())
            .map_err(|reason| not_now(state, fact.action, reason))?;
        if !by.contains(&fact.party) {
            let who: Vec<&str> = by.iter().map(|party| party.russian()).collect();
            let message = format!("Это может сделать только {}.", who.join(" или "));
            return Err(Refusal::new(Why::NotYours, message));
        }
        self.check_texts(fact)?;
        self.check_remark(fact)?;
        self.check_repeated(fact)?;
        self.check_content(state, fact)?;
        Ok(to)
    }

    fn check_texts(&self, fact: &Fact) -> Result<(), Refusal> {
        let is_blank = |text: &str| text.trim().is_empty();
        let missing = |message: &str| Err(Refusal::new(Why::TextMissing, message));
        let texts = fact.remarks.iter().map(|remark| &remark.text).chain([&fact.text]);
        if texts.into_iter().any(|text| text.chars().nth(TEXT_CHARS).is_some()) {
            let message = format!("Текст длиннее {TEXT_CHARS} знаков. Сократите его или разделите.");
            return Err(Refusal::new(Why::TextTooLong, message));
        }
        if fact.content_sha256.is_empty() {
            return missing("Неизвестно, к какому тексту это относится. Обновите страницу и повторите.");
        }
        if fact.remarks.iter().any(|remark| is_blank(&remark.text)) {
            return missing("В замечании нет ни слова. Напишите, что исправить, или уберите его.");
        }
        match fact.action {
            Action::Return if fact.remarks.is_empty() && !self.has_open() => missing(
                "Нельзя вернуть без замечаний: школа не узнает, что исправить. Напишите хотя бы одно.",
            ),
            Action::AddRemark if fact.remarks.is_empty() => missing("Напишите, что исправить."),
            Action::BeginCorrection if is_blank(&fact.text) => {
                missing("Назовите причину исправления: по ней куратор поймёт, зачем новая версия.")
            }
            Action::Close if is_blank(&fact.text) => {
                missing("Назовите причину завершения: она останется в истории.")
            }
            Action::ResolveRemark if is_blank(&fact.text) && !self.accepts(fact) => {
                missing("Ответьте на замечание словами: что исправлено или почему так и оставлено.")
            }
            Action::ReopenRemark if is_blank(&fact.text) => {
                missing("Напишите, что в замечании осталось нерешённым.")
            }
            _ => Ok(()),
        }
    }

    fn check_remark(&self, fact: &Fact) -> Result<(), Refusal> {
        let resolves = match fact.action {
            Action::ResolveRemark => true,
            Action::ReopenRemark => false,
            _ => return Ok(()),
        };
        let found = self.remarks.iter().find(|remark| Some(remark.number) == fact.remark);
        match found {
            Some(remark) if resolves && remark.is_resolvable_by(fact.party) => Ok(()),
            Some(remark) if !resolves && !remark.is_open => Ok(()),
            Some(_) if resolves && fact.party == Party::Author => {
                Err(Refusal::done("На замечание уже ответили"))
            }
            Some(_) if resolves => Err(Refusal::done("Замечание уже снято")),
            Some(_) => Err(Refusal::done("Замечание уже открыто")),
            None => Err(Refusal::new(
                Why::RemarkUnknown,
                "Такого замечания нет. Обновите страницу и выберите его снова.",
            )),
        }
    }

    /// Whoever checks accepts an answer that is there: it needs no more words.
    fn accepts(&self, fact: &Fact) -> bool {
        let answered = |remark: &Remark| Some(remark.number) == fact.remark && !remark.is_open;
        fact.party != Party::Author && self.remarks.iter().any(answered)
    }

    /// A second click on what leaves the state as it was.
    fn check_repeated(&self, fact: &Fact) -> Result<(), Refusal> {
        let given = self.reasons.iter().any(|reason| reason.by == fact.by && reason.text == fact.text);
        if fact.action == Action::BeginCorrection && given {
            return Err(Refusal::done("Эта причина исправления уже записана"));
        }
        if fact.action == Action::AddRemark && fact.remarks.iter().all(|new| self.is_written(new)) {
            return Err(Refusal::done("Такое замечание уже записано"));
        }
        Ok(())
    }

    /// The same remark is open already.
    fn is_written(&self, new: &NewRemark) -> bool {
        self.remarks.iter().any(|old| old.is_open && old.path == new.path && old.text == new.text)
    }

    fn check_content(&self, state: State, fact: &Fact) -> Result<(), Refusal> {
        let asks = matches!(fact.action, Action::Submit | Action::Resubmit);
        if (asks || fact.action == Action::Approve) && self.has_open() {
            let open = self.remarks.iter().filter(|remark| remark.is_open).count();
            let message = if asks {
                format!("Остались замечания без ответа: {open}. Ответьте на каждое, потом отправляйте.")
            } else {
                format!("Остались открытые замечания: {open}. Закройте их или верните текст школе.")
            };
            return Err(Refusal::new(Why::RemarksOpen, message));
        }
        if fact.action == Action::Approve && self.submitted.as_ref().is_some_and(|asked| asked.by == fact.by)
        {
            return Err(Refusal::new(
                Why::SamePerson,
                "Вы сами отправили этот текст на проверку. Одобрить его должен другой человек.",
            ));
        }
        let holds = self.holds(&fact.content_sha256);
        if asks && holds {
            return Err(Refusal::new(
                Why::NothingChanged,
                "Текст совпадает с действующим, согласовывать нечего. Исправьте его или отзовите исправление.",
            ));
        }
        if asks && self.in_force.is_some() && self.reasons.is_empty() {
            return Err(Refusal::new(
                Why::TextMissing,
                "Назовите причину исправления: действующую версию меняют только с причиной. Нажмите «Начать исправление».",
            ));
        }
        if state != State::Submitted && fact.action == Action::Withdraw && !holds {
            return Err(Refusal::new(
                Why::Edited,
                "Текст уже отличается от действующего. Верните в него действующую версию, потом отзывайте исправление.",
            ));
        }
        Ok(())
    }

    fn has_open(&self) -> bool {
        self.remarks.iter().any(|remark| remark.is_open)
    }

    /// Takes over a fact that was checked.
    fn record(&mut self, fact: &Fact, to: State) {
        let speaks = matches!(fact.action, Action::Return | Action::AddRemark);
        for new in fact.remarks.iter().filter(|_| speaks) {
            if self.is_written(new) {
                continue;
            }
            let number = u32::try_from(self.remarks.len()).unwrap_or(u32::MAX).saturating_add(1);
            self.remarks.push(Remark {
                number,
                path: new.path.clone(),
                text: new.text.clone(),
                by: fact.by,
                at: fact.at,
                version: fact.version,
                answers: Vec::new(),
                is_open: true,
                is_accepted: false,
            });
        }
        let reason = || Reason { text: fact.text.clone(), by: fact.by, at: fact.at };
        let bound = || {
            Some(Bound {
                version: fact.version,
                sha256: fact.content_sha256.clone(),
                by: fact.by,
                at: fact.at,
            })
        };
        match fact.action {
            Action::Submit | Action::Resubmit => self.submitted = bound(),
            Action::Approve => {
                // Agreeing to the words agrees to the answers.
                for remark in &mut self.remarks {
                    remark.is_accepted = true;
                }
                self.approved = bound();
                if agreed(self.kind) == to {
                    self.in_force = bound();
                    self.reasons.clear();
                }
            }
            Action::PutInForce => {
                self.in_force = bound();
                self.reasons.clear();
            }
            // A correction that was given up leaves what holds as the newest agreed content.
            Action::Withdraw if to == agreed(self.kind) => {
                self.approved = self.in_force.clone();
                self.reasons.clear();
            }
            Action::BeginCorrection => self.reasons.push(reason()),
            Action::Close => {
                self.in_force = None;
                self.closed = Some(reason());
            }
            Action::ResolveRemark => self.answer(fact, true),
            Action::ReopenRemark => self.answer(fact, false),
            Action::Withdraw | Action::Return | Action::AddRemark => {}
        }
        if !fact.action.is_about_a_remark() {
            self.state = to;
            self.moved_at = Some(fact.at);
        }
    }

    fn answer(&mut self, fact: &Fact, settles: bool) {
        let found = self.remarks.iter_mut().find(|remark| Some(remark.number) == fact.remark);
        if let Some(remark) = found {
            remark.is_open = !settles;
            remark.is_accepted = settles && fact.party != Party::Author;
            let text = fact.text.clone();
            remark.answers.push(Answer { text, by: fact.by, party: fact.party, at: fact.at, settles });
        }
    }

    pub(crate) fn standing(self, content: &Content<'_>) -> Standing {
        let state = self.state_of(content.sha256);
        let edited = state != self.state;
        let whose_move = match state {
            State::Submitted => Some(Party::Reviewer),
            State::Draft | State::Returned | State::Correction => Some(Party::Author),
            State::Approved if agreed(self.kind) != State::Approved => Some(Party::Author),
            State::Approved | State::InForce => self.has_open().then_some(Party::Author),
            State::Closed => None,
        };
        let opened = self
            .remarks
            .iter()
            .filter(|remark| remark.is_open)
            .map(|remark| remark.answers.last().map_or(remark.at, |answer| answer.at));
        let since = match (edited, state) {
            (false, State::Approved | State::InForce) => opened.min().or(self.moved_at),
            (false, _) => self.moved_at,
            (true, _) => None,
        };
        Standing {
            state,
            edited,
            whose_move,
            since: since.unwrap_or(content.written_at),
            in_force: self.in_force,
            approved: self.approved,
            submitted: self.submitted,
            remarks: self.remarks,
            reasons: self.reasons,
            closed: self.closed,
        }
    }
}

impl Remark {
    /// The school answers what is open; whoever checks settles what is not accepted yet.
    fn is_resolvable_by(&self, party: Party) -> bool {
        if party == Party::Author { self.is_open } else { !self.is_accepted }
    }
}

/// A refusal by the table; a second click is told as such.
fn not_now(state: State, action: Action, reason: &str) -> Refusal {
    let done = match (state, action) {
        (State::Submitted, Action::Submit | Action::Resubmit) => "Уже отправлено на проверку",
        (State::Returned, Action::Return) => "Уже возвращено с замечаниями",
        (State::Approved | State::InForce, Action::Approve) => "Уже одобрено",
        (State::InForce, Action::PutInForce) => "Уже введено в действие",
        (State::Closed, Action::Close) => "Уже завершено",
        _ => return Refusal::new(Why::NotNow, reason),
    };
    Refusal::done(done)
}
