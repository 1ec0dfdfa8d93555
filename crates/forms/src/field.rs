//! What can a column tell?

use opora_cells::{Dictionary, IndicatorCode};

/// What a column of a file tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Login of the ВПР system, `edu…`.
    Login,
    /// Code of the school in the region's examination system.
    Code,
    /// Taxpayer number.
    Inn,
    /// Number of the organisation in this installation.
    Number,
    /// Name of the school; a login in brackets counts.
    School,
    /// Name or code of the region.
    Region,
    /// Name of the municipality.
    Municipality,
    /// Code of the municipality.
    MunicipalityCode,
    /// Year: «2024», «2023/2024».
    Year,
    /// Date of the examination.
    Date,
    /// Kind of procedure: ВПР, ОГЭ, ЕГЭ.
    Kind,
    /// Subject, with or without a level.
    Subject,
    /// Grade, a number.
    Grade,
    /// Class with or without the grade: «5А», «Б».
    Class,
    /// Level of the subject.
    Level,
    /// Primary score.
    Score,
    /// Score on the scale of 100; counts before the primary one.
    TestScore,
    /// Mark 2–5.
    Mark,
    /// Mark in the journal.
    Journal,
    /// Lowest score that passes, or a word that tells whether it was reached.
    Minimum,
    /// Code of the participant: tells the same pupil twice, and is dropped.
    Participant,
    /// How many took part.
    Participants,
    /// How many, or what per cent, got a mark 2–5.
    Marks(u8),
    /// How many, or what per cent, stayed below the minimum.
    BelowMinimum,
    /// How many, or what per cent, reached the minimum.
    AtMinimum,
    /// Mean score.
    MeanScore,
    /// How many schools a row of sums is about.
    SchoolsCount,
    /// How many, or what per cent, have a mark below the journal.
    Lower,
    /// How many, or what per cent, have the mark of the journal.
    Equal,
    /// How many, or what per cent, have a mark above the journal.
    Higher,
    /// How many, or what per cent, got this score.
    Bucket(u16),
    /// Points of a task, with the most a pupil can get.
    Task(u8),
    /// Points of a part of the work that a scale has a condition on: «гк».
    Part(String),
    /// A declared number.
    Indicator(IndicatorCode),
    /// Name of a declared number, one a row.
    IndicatorName,
    /// The declared number of that row.
    IndicatorValue,
    /// Tells who a person is: dropped at the door.
    Personal,
    /// Known and not needed.
    Ignore,
}

const WORDS: [(&str, Field); 35] = [
    ("login", Field::Login),
    ("code", Field::Code),
    ("inn", Field::Inn),
    ("number", Field::Number),
    ("school", Field::School),
    ("region", Field::Region),
    ("municipality", Field::Municipality),
    ("municipality_code", Field::MunicipalityCode),
    ("year", Field::Year),
    ("date", Field::Date),
    ("kind", Field::Kind),
    ("subject", Field::Subject),
    ("grade", Field::Grade),
    ("class", Field::Class),
    ("level", Field::Level),
    ("score", Field::Score),
    ("test_score", Field::TestScore),
    ("mark", Field::Mark),
    ("journal", Field::Journal),
    ("minimum", Field::Minimum),
    ("participant", Field::Participant),
    ("participants", Field::Participants),
    ("twos", Field::Marks(2)),
    ("threes", Field::Marks(3)),
    ("fours", Field::Marks(4)),
    ("fives", Field::Marks(5)),
    ("below_minimum", Field::BelowMinimum),
    ("at_minimum", Field::AtMinimum),
    ("mean_score", Field::MeanScore),
    ("schools_count", Field::SchoolsCount),
    ("lower", Field::Lower),
    ("equal", Field::Equal),
    ("higher", Field::Higher),
    ("indicator", Field::IndicatorName),
    ("value", Field::IndicatorValue),
];

impl Field {
    /// The field a word of a mapping or of the list of heads names: `score`, `twos`, `task 3`, `part гк`,
    /// `indicator pupils`, `personal`, `ignore`.
    pub fn from_word(word: &str, dictionary: Option<&Dictionary>) -> Option<Self> {
        if let Some((_, field)) = WORDS.iter().find(|(known, _)| *known == word) {
            return Some(field.clone());
        }
        let (name, rest) = word.split_once(' ').unwrap_or((word, ""));
        match (name, rest.trim()) {
            ("personal", "") => Some(Self::Personal),
            ("ignore", "") => Some(Self::Ignore),
            ("task", points) => points.parse().ok().map(Self::Task),
            ("bucket", score) => score.parse().ok().map(Self::Bucket),
            ("part", part) if !part.is_empty() => Some(Self::Part(part.to_lowercase())),
            ("indicator", id) => dictionary?.indicator(id).map(Self::Indicator),
            _ => None,
        }
    }

    /// The word a mapping names the field by.
    pub fn word(&self, dictionary: &Dictionary) -> String {
        match self {
            Self::Personal => "personal".to_owned(),
            Self::Ignore => "ignore".to_owned(),
            Self::Task(points) => format!("task {points}"),
            Self::Bucket(score) => format!("bucket {score}"),
            Self::Part(part) => format!("part {part}"),
            Self::Indicator(code) => {
                let id = dictionary.indicators.get(code).map_or("", |indicator| indicator.entry.id.as_str());
                format!("indicator {id}")
            }
            known => WORDS.iter().find(|(_, field)| field == known).map_or("", |(word, _)| word).to_owned(),
        }
    }

    /// All words that need nothing beside them.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(word, _)| *word).chain(["personal", "ignore"])
    }

    /// A row of data has a value in one of such columns.
    pub(crate) fn is_value(&self) -> bool {
        matches!(
            self,
            Self::Score
                | Self::TestScore
                | Self::Mark
                | Self::Journal
                | Self::Marks(_)
                | Self::BelowMinimum
                | Self::AtMinimum
                | Self::Participants
                | Self::Lower
                | Self::Equal
                | Self::Higher
                | Self::Bucket(_)
                | Self::Indicator(_)
                | Self::IndicatorValue
        )
    }

    /// Tells which school is meant.
    pub fn names_school(&self) -> bool {
        matches!(self, Self::Login | Self::Code | Self::Inn | Self::Number | Self::School)
    }
}
