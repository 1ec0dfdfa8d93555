//! Which decision of an authority put the plan in force?

use jiff::civil::Date;
use opora_neutral::Place;

use super::Person;

/// The act an order document opens with. What could not be found is `None` or empty, never guessed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Act {
    /// Kind of the act.
    pub kind: Option<ActKind>,
    /// Authority that issued it, verbatim.
    pub authority: Option<String>,
    /// Number without the sign «№»: «212/1», «104-Д».
    pub number: Option<String>,
    /// Date of signing.
    pub date: Option<Date>,
    /// Settlement: «г. Заречный».
    pub locality: Option<String>,
    /// Title: «Об утверждении …».
    pub title: Option<String>,
    /// Preamble with the operative word: «В целях … ПРИКАЗЫВАЮ:».
    pub preamble: Option<String>,
    /// Acts it refers to, in the order of the text.
    pub cited: Vec<CitedAct>,
    /// Numbered points of the operative part.
    pub points: Vec<Point>,
    /// Who controls its execution.
    pub control: Option<Control>,
    /// Who signed it.
    pub signatory: Option<Person>,
    /// Where its header stands.
    pub place: Place,
}

/// Kind of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActKind {
    /// Приказ.
    Order,
    /// Постановление.
    Resolution,
    /// Распоряжение.
    Directive,
    /// Решение.
    Decision,
    /// Указ.
    Decree,
    /// Закон.
    Law,
    /// Письмо.
    Letter,
    /// Протокол.
    Minutes,
    /// Положение, порядок, регламент.
    Regulation,
}

impl ActKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Order,
        Self::Resolution,
        Self::Directive,
        Self::Decision,
        Self::Decree,
        Self::Law,
        Self::Letter,
        Self::Minutes,
        Self::Regulation,
    ];

    /// Russian noun in the nominative, lower case.
    pub fn russian(self) -> &'static str {
        match self {
            Self::Order => "приказ",
            Self::Resolution => "постановление",
            Self::Directive => "распоряжение",
            Self::Decision => "решение",
            Self::Decree => "указ",
            Self::Law => "закон",
            Self::Letter => "письмо",
            Self::Minutes => "протокол",
            Self::Regulation => "положение",
        }
    }
}

/// An act that the document refers to.
#[derive(Clone, Debug, PartialEq)]
pub struct CitedAct {
    /// Kind of the act.
    pub kind: ActKind,
    /// Authority, verbatim, as far as the text names it.
    pub authority: Option<String>,
    /// Date of signing.
    pub date: Option<Date>,
    /// Number without the sign «№».
    pub number: Option<String>,
    /// Title in quotation marks, without them.
    pub title: Option<String>,
    /// The reference, verbatim.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A numbered point of the operative part.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// «1», «1.2».
    pub number: String,
    /// Verbatim text without the number.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// Who controls the execution of the act.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// The point, verbatim.
    pub text: String,
    /// The signatory keeps the control: «оставляю за собой».
    pub own: bool,
    /// The person named, with the post as the text has it.
    pub person: Option<Person>,
    /// Where it stands.
    pub place: Place,
}
