//! Where does a thing stand, what is in force, and who is to move?

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::ledger::Ledger;
use crate::{Content, Fact, Kind, Party, State};

/// Where a thing stands. Computed, never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where the content as it is now stands.
    pub state: State,
    /// The content was edited after it had been submitted or approved: it has to be agreed anew.
    pub edited: bool,
    /// What is in force, whatever is being written meanwhile. For a self-diagnosis, what was approved last.
    pub in_force: Option<Bound>,
    /// What was approved last; not necessarily the content as it is now.
    pub approved: Option<Bound>,
    /// What was submitted last.
    pub submitted: Option<Bound>,
    /// All remarks in order, settled ones included.
    pub remarks: Vec<Remark>,
    /// Why the version in force is being corrected, since it is in force.
    pub reasons: Vec<Reason>,
    /// Why the work was closed.
    pub closed: Option<Reason>,
    /// Who is to move; nobody where all is agreed or closed.
    pub whose_move: Option<Party>,
    /// Since when it is so.
    pub since: Timestamp,
}

/// A version, known by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Number of the version.
    pub version: i32,
    /// Hash of its content.
    pub sha256: String,
    /// Account number of who submitted it, approved it or put it in force.
    pub by: i64,
    /// When.
    pub at: Timestamp,
}

/// A reason with who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The reason.
    pub text: String,
    /// Account number.
    pub by: i64,
    /// When.
    pub at: Timestamp,
}

/// A remark to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Its number, from one.
    pub number: u32,
    /// Path of the field; empty for the whole.
    pub path: String,
    /// What is to be mended.
    pub text: String,
    /// Account number of its author.
    pub by: i64,
    /// When it was written.
    pub at: Timestamp,
    /// The version it was written to.
    pub version: i32,
    /// Answers in order.
    pub answers: Vec<Answer>,
    /// It waits for an answer.
    pub is_open: bool,
    /// Whoever checks holds it for settled. One that is neither open nor accepted waits for that.
    pub is_accepted: bool,
}

/// What was said to a remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The words.
    pub text: String,
    /// Account number.
    pub by: i64,
    /// On which side.
    pub party: Party,
    /// When.
    pub at: Timestamp,
    /// The remark was settled by it; otherwise it was opened again.
    pub settles: bool,
}

impl Standing {
    /// Remarks that wait for an answer.
    pub fn open_remarks(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|remark| remark.is_open)
    }

    /// Remarks that the school has answered and that nobody who checks has looked at yet.
    pub fn answered_remarks(&self) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(|remark| !remark.is_open && !remark.is_accepted)
    }

    /// Number of the version in force.
    pub fn in_force_version(&self) -> Option<i32> {
        self.in_force.as_ref().map(|bound| bound.version)
    }

    /// Hash of what was approved last.
    pub fn approved_hash(&self) -> Option<&str> {
        self.approved.as_ref().map(|bound| bound.sha256.as_str())
    }

    /// For how many days somebody's move has been waited for, in days of the calendar of a time zone; nothing where
    /// nobody is to move. A clock that was set back gives zero.
    pub fn days_waiting(&self, today: Date, zone: &TimeZone) -> Option<u32> {
        self.whose_move?;
        let since = zone.to_datetime(self.since).date();
        let days = since.until(today).map_or(0, |span| span.get_days());
        Some(u32::try_from(days).unwrap_or(0))
    }
}

impl Standing {
    /// Where it stands and whose move it is, in a Russian sentence or two.
    pub fn sentence(&self, today: Date, zone: &TimeZone) -> String {
        let state = self.state.russian();
        let Some(party) = self.whose_move else { return format!("{state}.") };
        let since = zone.to_datetime(self.since).date().strftime("%d.%m.%Y");
        let waiting = match self.days_waiting(today, zone) {
            None | Some(0) => String::new(),
            Some(days) => format!(", {days} {}", days_word(days)),
        };
        let edited = if self.edited {
            " Текст изменён, его надо согласовать снова."
        } else {
            ""
        };
        let whose = match party {
            Party::Author => "школой",
            Party::Reviewer => "куратором",
            Party::Coordinator => "координатором",
        };
        format!("{state}: ход за {whose} с {since}{waiting}.{edited}")
    }
}

fn days_word(days: u32) -> &'static str {
    match (days % 100, days % 10) {
        (11..=14, _) => "дней",
        (_, 1) => "день",
        (_, 2..=4) => "дня",
        _ => "дней",
    }
}

/// Where a thing stands after its facts, with the content as it is now. A fact that could not be recorded is passed
/// over: the store refuses to record one.
pub fn standing(kind: Kind, facts: &[Fact], content: &Content<'_>) -> Standing {
    Ledger::read(kind, facts).standing(content)
}
