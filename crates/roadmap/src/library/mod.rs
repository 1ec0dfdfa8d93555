//! Which measures are known, and what is each of them for?

mod reading;

use jiff::civil::Date;

/// A library of measures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Library {
    /// The measures, in the order of the files.
    pub measures: Vec<Measure>,
}

/// A measure that others have taken before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Its stable name.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Who carries it out.
    pub level: Level,
    /// Codes of the risk factors it answers; none for one of a municipality.
    pub factors: Vec<String>,
    /// For whom.
    pub audience: String,
    /// When, as one writes it in a plan: «до 1 октября ежегодно». It is read in the period of a plan.
    pub schedule: String,
    /// Which role answers for it.
    pub responsible: String,
    /// By which value its success is seen.
    pub indicator: Indicator,
    /// By what it is proved that it was done.
    pub evidence: Vec<Evidence>,
    /// Tiers of support it is for; none for all.
    pub tiers: Vec<String>,
    /// Where it comes from.
    pub source: Source,
}

/// Who carries a measure out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A school.
    #[default]
    School,
    /// A municipality for its schools.
    Municipality,
}

/// A value by which success is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// Name: «Доля педагогов, прошедших курсы».
    pub name: String,
    /// Unit: «%».
    pub unit: String,
    /// Which way is better.
    pub polarity: Polarity,
}

/// Which way a value is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// The more the better.
    Up,
    /// The less the better.
    Down,
}

/// Something that proves that a thing was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What kind of thing it is.
    pub kind: EvidenceKind,
    /// What it shows: «акт ревизии».
    pub what: String,
}

/// Kinds of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EvidenceKind {
    /// A file.
    File,
    /// An address of a page.
    Link,
    /// A value.
    Number,
    /// Minutes of a meeting.
    Minutes,
}

/// Where the measures of a file come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Title of the source.
    pub title: String,
    /// It was read in that source; otherwise it is common practice and should be checked.
    pub is_verified: bool,
    /// When it was looked at last.
    pub checked: Option<Date>,
}

impl Library {
    /// Measures of a school that answer a risk factor and are for a tier, in the order of the library. Without a tier
    /// only those for all tiers.
    pub fn for_factor<'a>(
        &'a self,
        factor: &'a str,
        tier: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Measure> {
        self.measures.iter().filter(move |measure| {
            let suits = measure.tiers.is_empty()
                || tier.is_some_and(|tier| measure.tiers.iter().any(|known| known == tier));
            measure.level == Level::School && suits && measure.factors.iter().any(|known| known == factor)
        })
    }

    /// Measures of a municipality.
    pub fn municipal(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| measure.level == Level::Municipality)
    }

    /// A measure by its id.
    pub fn measure(&self, id: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }
}

impl EvidenceKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::File, Self::Link, Self::Number, Self::Minutes];

    /// The stable word it is written with in a file.
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Link => "link",
            Self::Number => "number",
            Self::Minutes => "minutes",
        }
    }

    /// Russian noun in the nominative, lower case.
    pub fn russian(self) -> &'static str {
        match self {
            Self::File => "файл",
            Self::Link => "ссылка",
            Self::Number => "число",
            Self::Minutes => "протокол",
        }
    }
}

impl Indicator {
    /// As an expected result: «Вырастет: доля педагогов, прошедших курсы, %».
    pub fn outcome(&self) -> String {
        let way = match self.polarity {
            Polarity::Up => "Вырастет",
            Polarity::Down => "Снизится",
        };
        let mut letters = self.name.chars();
        let name: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
        format!("{way}: {name}, {}", self.unit)
    }
}

/// Evidence as the cell of a plan has it: «файл: акт ревизии; число: доля кабинетов».
pub fn evidence_text(evidence: &[Evidence]) -> String {
    let said = |one: &Evidence| format!("{}: {}", one.kind.russian(), one.what);
    evidence.iter().map(said).collect::<Vec<_>>().join("; ")
}

/// The evidence that a cell of a plan asks for. A piece that names no kind asks for a file; a dash asks for nothing.
pub fn evidence_in(text: &str) -> Vec<Evidence> {
    let piece = |piece: &str| {
        let named = piece.split_once(':').and_then(|(kind, what)| {
            let kind = kind.trim().to_lowercase();
            let found = EvidenceKind::ALL.into_iter().find(|known| known.russian() == kind)?;
            Some(Evidence { kind: found, what: what.trim().to_owned() })
        });
        named.unwrap_or_else(|| Evidence { kind: EvidenceKind::File, what: piece.to_owned() })
    };
    let pieces = text.split([';', '\n']).map(str::trim);
    pieces.filter(|text| text.chars().any(char::is_alphanumeric)).map(piece).collect()
}
