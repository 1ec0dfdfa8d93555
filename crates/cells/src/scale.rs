//! Which mark is a score worth, in that year?
//!
//! Scales are dated data (`packs/scales/*.toml`). A mark may need more than the sum: conditions on parts of the work
//! stand beside the bounds. Without a scale there is no mark.

use toml::{Table, Value};

use crate::{Dictionary, DictionaryError, LevelCode, Outcome, Procedure, toml_words};

/// How scores of one procedure are judged in some years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The procedure.
    pub procedure: Procedure,
    /// First and last calendar year it is in force.
    pub years: (u16, u16),
    /// The highest possible score.
    pub score_max: u16,
    /// How a score becomes an outcome.
    pub judgement: Judgement,
    /// What a mark needs besides the score.
    pub conditions: Vec<Condition>,
    /// Act or page the scale is taken from.
    pub source: String,
}

/// How a score becomes an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The lowest scores of «3», «4» and «5».
    Marks([u16; 3]),
    /// The lowest score that passes.
    Minimum(u16),
}

/// A mark is given only when a part of the work has enough points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Name of the part as the forms head its column, lower case: «гк», «геометрия».
    pub part: String,
    /// Marks it is about.
    pub marks: Vec<u8>,
    /// Lowest points of the part.
    pub at_least: u16,
    /// The mark when there are fewer.
    pub otherwise: u8,
}

impl Scale {
    /// The outcome of a score; `points` gives the points of a part of the work where the file has them. An unknown
    /// part leaves the result unjudged: a mark is never guessed.
    pub fn judge(&self, score: u16, points: impl Fn(&str) -> Option<u16>) -> Outcome {
        if score > self.score_max {
            return Outcome::None;
        }
        let lowest = match &self.judgement {
            Judgement::Minimum(minimum) if score >= *minimum => return Outcome::AtMinimum,
            Judgement::Minimum(_) => return Outcome::BelowMinimum,
            Judgement::Marks(lowest) => lowest,
        };
        let mut mark = 2 + lowest.iter().map(|bound| u8::from(score >= *bound)).sum::<u8>();
        // A condition on «5» lowers to «4», which a later condition may lower again.
        for condition in &self.conditions {
            if condition.marks.contains(&mark) {
                match points(&condition.part) {
                    Some(points) if points >= condition.at_least => {}
                    Some(_) => mark = mark.min(condition.otherwise),
                    None => return Outcome::None,
                }
            }
        }
        Outcome::of_mark(mark).unwrap_or_default()
    }
}

/// All scales that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scales(Vec<Scale>);

impl Scales {
    /// Puts scales together.
    pub fn new(scales: Vec<Scale>) -> Self {
        Self(scales)
    }

    /// All scales.
    pub fn all(&self) -> &[Scale] {
        &self.0
    }

    /// The scale of a procedure in a year.
    pub fn of(&self, procedure: Procedure, year: u16) -> Option<&Scale> {
        self.0
            .iter()
            .find(|scale| scale.procedure == procedure && (scale.years.0..=scale.years.1).contains(&year))
    }

    /// Reads a file of `[[scale]]` entries. All errors are returned together, with the number of the entry.
    pub fn read(text: &str, dictionary: &Dictionary) -> Result<Self, Vec<DictionaryError>> {
        let file = "файл".to_owned();
        let table: Table = text.parse().map_err(|error: toml::de::Error| {
            vec![DictionaryError { place: file, message: toml_words(text, &error) }]
        })?;
        let entries = table.get("scale").and_then(Value::as_array).cloned().unwrap_or_default();
        let (mut scales, mut errors): (Vec<Scale>, Vec<DictionaryError>) = Default::default();
        for key in table.keys().filter(|key| *key != "scale") {
            let message = "Такого раздела нет. Шкалы пишут разделами [[scale]].".to_owned();
            errors.push(DictionaryError { place: key.clone(), message });
        }
        for (entry, number) in entries.iter().zip(1..) {
            match entry
                .as_table()
                .ok_or_else(|| "Опишите шкалу таблицей.".to_owned())
                .and_then(|fields| scale(fields, dictionary))
            {
                Ok(scale) => scales.push(scale),
                Err(message) => errors.push(DictionaryError { place: format!("scale {number}"), message }),
            }
        }
        if errors.is_empty() { Ok(Self(scales)) } else { Err(errors) }
    }
}

const FIELDS: [&str; 10] =
    ["kind", "subject", "grade", "level", "years", "score_max", "marks", "minimum", "conditions", "source"];

fn scale(fields: &Table, dictionary: &Dictionary) -> Result<Scale, String> {
    if let Some(field) = fields.keys().find(|field| !FIELDS.contains(&field.as_str())) {
        return Err(format!("Поле «{field}» неизвестно. Допустимы: {}.", FIELDS.join(", ")));
    }
    let word = |name: &str| fields.get(name).and_then(Value::as_str);
    let number =
        |name: &str| fields.get(name).and_then(Value::as_integer).and_then(|n| u16::try_from(n).ok());
    let missing = |name: &str| format!("Нет поля «{name}» или его значение не подходит.");
    let procedure = Procedure {
        kind: word("kind").and_then(|w| dictionary.kind(w)).ok_or_else(|| missing("kind"))?,
        subject: word("subject").and_then(|w| dictionary.subject(w)).ok_or_else(|| missing("subject"))?,
        grade: number("grade").and_then(|n| u8::try_from(n).ok()).ok_or_else(|| missing("grade"))?,
        level: match word("level") {
            Some(level) => dictionary.level(level).ok_or_else(|| missing("level"))?,
            None => LevelCode::default(),
        },
    };
    let years = numbers(fields.get("years"));
    let [first, last] = years[..] else {
        return Err(missing("years") + " Пишите первый и последний год: [2026, 2026].");
    };
    let score_max = number("score_max").ok_or_else(|| missing("score_max"))?;
    let judgement = match (numbers(fields.get("marks")).as_slice(), number("minimum")) {
        (&[three, four, five], None) if three < four && four < five && five <= score_max => {
            Judgement::Marks([three, four, five])
        }
        (&[], Some(minimum)) if minimum <= score_max => Judgement::Minimum(minimum),
        _ => {
            return Err(
                "Нужно одно из двух: marks – наименьшие баллы для «3», «4», «5» по возрастанию, не больше \
                        score_max; или minimum – наименьший балл."
                    .to_owned(),
            );
        }
    };
    let conditions = fields.get("conditions").and_then(Value::as_array).into_iter().flatten();
    let conditions = conditions
        .map(|value| condition(value).ok_or_else(|| missing("conditions")))
        .collect::<Result<_, _>>()?;
    let source = word("source").ok_or_else(|| missing("source"))?.to_owned();
    Ok(Scale { procedure, years: (first, last), score_max, judgement, conditions, source })
}

fn condition(value: &Value) -> Option<Condition> {
    let small = |name: &str| u16::try_from(value.get(name)?.as_integer()?).ok();
    Some(Condition {
        part: value.get("part")?.as_str()?.to_lowercase(),
        marks: numbers(value.get("marks")).into_iter().filter_map(|mark| u8::try_from(mark).ok()).collect(),
        at_least: small("at_least")?,
        otherwise: u8::try_from(small("otherwise")?).ok().filter(|mark| (2..=5).contains(mark))?,
    })
}

fn numbers(value: Option<&Value>) -> Vec<u16> {
    let values = value.and_then(Value::as_array).into_iter().flatten();
    values.filter_map(|number| u16::try_from(number.as_integer()?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Scale, Scales};
    use crate::{Dictionary, Outcome};

    const DICTIONARY: &str = include_str!("../../../packs/dictionary/dictionary.toml");
    const COMMITTED: &str = include_str!("../../../packs/scales/gia-2026.toml");

    fn scale(id: &str) -> Scale {
        let dictionary = Dictionary::read(DICTIONARY).expect("the dictionary reads");
        let scales = Scales::read(COMMITTED, &dictionary).expect("the scales read");
        let found = scales.all().iter().find(|scale| dictionary.procedure_id(scale.procedure) == id);
        found.cloned().expect("the scale is there")
    }

    #[track_caller]
    fn check(id: &str, score: u16, part: Option<u16>, expected: Outcome) {
        assert_eq!(scale(id).judge(score, |_| part), expected, "{id}: {score}, part {part:?}");
    }

    #[test]
    fn a_mark_needs_more_than_the_sum() {
        check("oge-ru-9", 14, Some(0), Outcome::Two);
        check("oge-ru-9", 26, Some(6), Outcome::Four);
        check("oge-ru-9", 26, Some(5), Outcome::Three);
        check("oge-ru-9", 33, Some(8), Outcome::Four);
        check("oge-ru-9", 33, Some(9), Outcome::Five);
        check("oge-ru-9", 33, Some(5), Outcome::Three);
        check("oge-math-9", 22, Some(1), Outcome::Two);
        check("oge-math-9", 8, Some(2), Outcome::Three);
    }

    #[test]
    fn what_can_not_be_judged_is_not_guessed() {
        check("oge-ru-9", 30, None, Outcome::None);
        check("oge-ru-9", 38, Some(9), Outcome::None);
    }

    #[test]
    fn the_unified_examination_has_a_minimum() {
        check("ege-ru-11", 23, None, Outcome::BelowMinimum);
        check("ege-ru-11", 24, None, Outcome::AtMinimum);
        check("ege-math-profile-11", 27, None, Outcome::AtMinimum);
    }

    #[test]
    fn wrong_scales_are_told_with_their_number() {
        let dictionary = Dictionary::read(DICTIONARY).expect("the dictionary reads");
        let text = "[[scale]]\nkind = 'oge'\nsubject = 'ru'\ngrade = 9\nyears = [2026, 2026]\nscore_max = 37\n\
                    marks = [26, 15, 33]\nsource = ''\n[[scale]]\nkind = 'экзамен'";
        let errors = Scales::read(text, &dictionary).expect_err("wrong");
        let places: Vec<&str> = errors.iter().map(|error| error.place.as_str()).collect();
        assert_eq!(places, ["scale 1", "scale 2"]);
    }
}
