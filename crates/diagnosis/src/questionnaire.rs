//! What does a questionnaire ask, of whom, and when is a question asked at all?

use jiff::civil::Date;
use rust_decimal::Decimal;

/// A questionnaire: sections of questions for one audience. Data; read from TOML or imported from XLSForm.
#[derive(Clone, Debug, PartialEq)]
pub struct Questionnaire {
    /// Stable name, such as `school-head`; one for all versions.
    pub id: String,
    /// Counts from one and grows with every change that people are asked by.
    pub version: u32,
    /// Title that people read.
    pub title: String,
    /// Who answers.
    pub audience: Audience,
    /// Words above the first question.
    pub about: Option<String>,
    /// Sections in the order they are shown in.
    pub sections: Vec<Section>,
}

/// Who answers a questionnaire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// The head of the school and the team: one set of answers for a school, with names.
    Head,
    /// Parents, anonymously.
    Parents,
    /// Pupils, anonymously.
    Pupils,
    /// Teachers and other employees, anonymously and of their own will.
    Staff,
}

impl Audience {
    /// All audiences with their words in data files.
    pub const WORDS: [(&'static str, Self); 4] =
        [("head", Self::Head), ("parents", Self::Parents), ("pupils", Self::Pupils), ("staff", Self::Staff)];

    /// The word of data files: `head`.
    pub fn word(self) -> &'static str {
        Self::WORDS.into_iter().find(|(_, audience)| *audience == self).map_or("", |(word, _)| word)
    }

    /// Russian name, genitive: «Анкета для …».
    pub fn name(self) -> &'static str {
        match self {
            Self::Head => "руководителя школы",
            Self::Parents => "родителей",
            Self::Pupils => "учеников",
            Self::Staff => "работников школы",
        }
    }

    /// Nobody's answers may be shown alone: only aggregates leave the room.
    pub fn is_anonymous(self) -> bool {
        self != Self::Head
    }
}

/// A part of a questionnaire.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Unique among sections.
    pub id: String,
    /// Title that people read.
    pub title: String,
    /// Words under the title.
    pub about: Option<String>,
    /// The section is asked only when this holds.
    pub when: Option<Condition>,
    /// Questions in the order they are asked in.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Unique in the questionnaire; kept through versions.
    pub id: String,
    /// Identifiers the question had in earlier versions.
    pub was: Vec<String>,
    /// What is asked.
    pub text: String,
    /// How to answer, where to look.
    pub help: Option<String>,
    /// An answer is needed when the question is asked.
    pub required: bool,
    /// The question is asked only when this holds.
    pub when: Option<Condition>,
    /// What an answer may be.
    pub kind: Kind,
}

/// What an answer may be, with its limits.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// One of the options.
    Single(Vec<Choice>),
    /// Some of the options.
    Multiple {
        /// The options.
        choices: Vec<Choice>,
        /// Fewest that may be chosen by one who answers, at least 1.
        at_least: u32,
        /// Most that may be chosen.
        at_most: Option<u32>,
    },
    /// A whole number of a short scale; the number is the score.
    Scale {
        /// Lowest step.
        from: i32,
        /// Highest step, at most twenty above the lowest.
        to: i32,
        /// Words at the lowest step.
        low: Option<String>,
        /// Words at the highest step.
        high: Option<String>,
    },
    /// A number.
    Number {
        /// Least.
        min: Option<Decimal>,
        /// Greatest.
        max: Option<Decimal>,
        /// Without a fraction.
        whole: bool,
        /// Unit in words: «человек», «часов».
        unit: Option<String>,
    },
    /// A part of a whole, two whole numbers; the per cent is computed.
    Share {
        /// What the part is: «учителей без первой и высшей категории».
        part: String,
        /// What the whole is: «всего учителей».
        whole: String,
        /// The earlier question that tells the whole, by its number or by the part of its share; without it this one
        /// asks for both numbers.
        whole_from: Option<String>,
    },
    /// Words.
    Text {
        /// Fewest characters.
        min_length: u32,
        /// Most characters.
        max_length: u32,
    },
    /// A day.
    Date {
        /// Earliest.
        from: Option<Date>,
        /// Latest.
        to: Option<Date>,
        /// The day may not be after the day the form is filled in.
        not_future: bool,
    },
    /// Yes or no, with scores.
    YesNo {
        /// What «yes» is worth.
        yes: Option<Decimal>,
        /// What «no» is worth.
        no: Option<Decimal>,
    },
    /// One of the columns for each row.
    Matrix {
        /// What is answered about.
        rows: Vec<Choice>,
        /// The options, with scores.
        columns: Vec<Choice>,
    },
    /// Words to read; nothing is asked.
    Note,
}

impl Kind {
    /// The word of data files: `single`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Single(_) => "single",
            Self::Multiple { .. } => "multiple",
            Self::Scale { .. } => "scale",
            Self::Number { .. } => "number",
            Self::Share { .. } => "share",
            Self::Text { .. } => "text",
            Self::Date { .. } => "date",
            Self::YesNo { .. } => "yes_no",
            Self::Matrix { .. } => "matrix",
            Self::Note => "note",
        }
    }

    /// Russian name of the type.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Single(_) => "выбор одного варианта",
            Self::Multiple { .. } => "выбор нескольких вариантов",
            Self::Scale { .. } => "шкала",
            Self::Number { .. } => "число",
            Self::Share { .. } => "доля",
            Self::Text { .. } => "текст",
            Self::Date { .. } => "дата",
            Self::YesNo { .. } => "да или нет",
            Self::Matrix { .. } => "таблица",
            Self::Note => "пояснение",
        }
    }
}

/// Characters a text holds when the questionnaire sets no limit.
pub const TEXT_LENGTH_MAX: u32 = 4000;

/// An option, or a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Unique among the options of the question.
    pub id: String,
    /// What people read.
    pub text: String,
    /// What it is worth; the row of a table is worth nothing.
    pub score: Option<Decimal>,
}

/// When something is asked. A closed set: there is no language of expressions.
///
/// A question that is not asked itself counts as not answered; whatever is said of an absent answer is false, so
/// `Not` of it is true.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// There is an answer.
    Answered(String),
    /// The answer of a question compared with what the questionnaire names.
    Is {
        /// Whose answer.
        question: String,
        /// How it is compared, and with what.
        test: Test,
    },
    /// All hold; an empty list holds.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// Does not hold.
    Not(Box<Condition>),
}

/// How an answer is compared. A share is compared by its per cent, exactly.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Is this.
    Equals(Literal),
    /// Is one of these.
    OneOf(Vec<Literal>),
    /// This option is among the chosen ones.
    Includes(String),
    /// Is more.
    Greater(Literal),
    /// Is this or more.
    AtLeast(Literal),
    /// Is less.
    Less(Literal),
    /// Is this or less.
    AtMost(Literal),
}

/// A value that a condition names.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// An option or a text.
    Word(String),
    /// A number.
    Number(Decimal),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(Date),
}

impl Condition {
    /// The questions the condition looks at, each once, in order of appearance.
    pub fn questions(&self) -> Vec<&str> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(condition) = open.pop() {
            match condition {
                Self::Answered(question) | Self::Is { question, .. } => {
                    if !found.contains(&question.as_str()) {
                        found.push(question.as_str());
                    }
                }
                Self::All(parts) | Self::Any(parts) => open.extend(parts.iter().rev()),
                Self::Not(part) => open.push(part),
            }
        }
        found
    }
}

impl Questionnaire {
    /// All questions with their sections, in order.
    pub fn questions(&self) -> impl Iterator<Item = (&Section, &Question)> {
        self.sections
            .iter()
            .flat_map(|section| section.questions.iter().map(move |question| (section, question)))
    }

    /// A question by its identifier.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().map(|(_, question)| question).find(|question| question.id == id)
    }

    /// The number people see: «2.3», the third question of the second section. Notes carry no number.
    pub fn number(&self, id: &str) -> Option<String> {
        self.sections.iter().zip(1..).find_map(|(section, first)| {
            let asked = section.questions.iter().filter(|question| question.kind != Kind::Note);
            asked
                .zip(1..)
                .find(|(question, _)| question.id == id)
                .map(|(_, second)| format!("{first}.{second}"))
        })
    }
}
