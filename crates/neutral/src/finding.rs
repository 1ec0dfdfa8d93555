//! What is wrong, where, and what can be done about it?

use crate::Place;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something to know; nothing has to be done.
    Note,
    /// Probably wrong: a person should look.
    Warning,
    /// Wrong: the plan can't be carried out or checked as it stands.
    Error,
}

/// One finding: a stable code, a place, and three short Russian sentences: what, why, what next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Stable code in upper case, such as `FILE_EMPTY`; never reused for another meaning.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// Where in the source.
    pub place: Place,
    /// What is wrong. «В файле нет ни одной таблицы.»
    pub what: String,
    /// Why it matters. «Мероприятия дорожной карты читаются из таблицы.»
    pub why: String,
    /// What to do next. «Проверьте, что приложен файл с приложением к приказу.»
    pub mend: String,
}

impl Finding {
    /// The three sentences in one line.
    pub fn message(&self) -> String {
        [&self.what, &self.why, &self.mend]
            .into_iter()
            .filter(|sentence| !sentence.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }
}
