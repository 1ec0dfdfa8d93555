//! What does a file of measures say, and what is wrong with it?

use std::collections::HashMap;
use std::ops::Range;

use opora_fields::{Errors, Fields, FileError, Status, parse};

use super::{Evidence, EvidenceKind, Indicator, Level, Library, Measure, Polarity, Source};

impl Library {
    /// Reads files of measures: names and texts. A measure that can't be read is left out and told; the others stay.
    /// With `factors` given, a code that is not among them is an error.
    pub fn read(files: &[(&str, &str)], factors: Option<&[&str]>) -> (Self, Vec<FileError>) {
        let mut library = Self::default();
        let mut list = Vec::new();
        let mut homes: HashMap<String, String> = HashMap::new();
        for (name, text) in files {
            let mut errors = Errors::new(name, text);
            for (measure, span) in measures(text, factors, &mut errors) {
                match homes.get(&measure.id) {
                    Some(home) => {
                        let what = format!("Мера «{}» уже описана в файле {home}.", measure.id);
                        let place = format!("{MEASURE} {}", measure.id);
                        errors.at(span, &place, &what, "Дайте одной из них другой id.");
                    }
                    None => {
                        homes.insert(measure.id.clone(), (*name).to_owned());
                        library.measures.push(measure);
                    }
                }
            }
            list.append(&mut errors.into_list());
        }
        (library, list)
    }
}

/// How messages call a measure.
const MEASURE: &str = "мера";

const FIELDS: [&str; 10] = [
    "id",
    "title",
    "level",
    "factors",
    "audience",
    "schedule",
    "responsible",
    "indicator",
    "evidence",
    "tiers",
];

fn measures(text: &str, factors: Option<&[&str]>, errors: &mut Errors) -> Vec<(Measure, Range<usize>)> {
    let Some(document) = parse(text, errors) else { return Vec::new() };
    let root = Fields::root(&document, "файл");
    root.known(&["source", "measure"], errors);
    let source = source(&root, errors);
    let tables = root.tables("measure", MEASURE, errors);
    if tables.is_empty() {
        root.tell("measure", "В файле нет ни одной меры.", "Опишите меры таблицами [[measure]].", errors);
    }
    let read = tables.into_iter();
    read.filter_map(|fields| Some((measure(&fields, source.as_ref(), factors, errors)?, fields.span)))
        .collect()
}

fn source(root: &Fields<'_>, errors: &mut Errors) -> Option<Source> {
    let Some(value) = root.value("source") else {
        let mend = "Добавьте таблицу [source] с полями title и status.";
        root.tell("source", "Не сказано, откуда взяты меры.", mend, errors);
        return None;
    };
    let source = Fields::of(value, "source", errors)?;
    source.known(&["title", "status", "checked"], errors);
    let is_verified = source.status(errors) == Status::Verified;
    let checked = source.maybe_date("checked", errors);
    Some(Source { title: source.text("title", errors)?, is_verified, checked })
}

fn measure(
    fields: &Fields<'_>,
    source: Option<&Source>,
    factors: Option<&[&str]>,
    errors: &mut Errors,
) -> Option<Measure> {
    let before = errors.told();
    fields.known(&FIELDS, errors);
    let levels = [("school", Level::School), ("municipality", Level::Municipality)];
    let level = fields.word("level", &levels, errors).unwrap_or_default();
    let indicator = indicator(fields, errors);
    let measure = Measure {
        id: fields.id("id", errors).unwrap_or_default(),
        title: fields.text("title", errors).unwrap_or_default(),
        level,
        factors: factors_of(fields, level, factors, errors),
        audience: fields.text("audience", errors).unwrap_or_default(),
        schedule: fields.text("schedule", errors).unwrap_or_default(),
        responsible: fields.text("responsible", errors).unwrap_or_default(),
        evidence: evidence(fields, errors),
        tiers: fields.texts("tiers", errors),
        indicator: indicator?,
        source: source?.clone(),
    };
    (errors.told() == before).then_some(measure)
}

fn factors_of(fields: &Fields<'_>, level: Level, known: Option<&[&str]>, errors: &mut Errors) -> Vec<String> {
    let factors = fields.texts("factors", errors);
    if level == Level::School && factors.is_empty() {
        let mend = "Перечислите коды факторов: factors = [\"motivation\"].";
        fields.tell("factors", "Не сказано, на какой риск отвечает мера.", mend, errors);
    }
    let Some(known) = known else { return factors };
    for factor in factors.iter().filter(|factor| !known.contains(&factor.as_str())) {
        let what = format!("Фактора риска «{factor}» нет в словаре.");
        fields.tell("factors", &what, &format!("Известны: {}.", known.join(", ")), errors);
    }
    factors
}

fn indicator(fields: &Fields<'_>, errors: &mut Errors) -> Option<Indicator> {
    let Some(value) = fields.value("indicator") else {
        let mend = "Напишите indicator = { name = \"…\", unit = \"%\", polarity = \"up\" }.";
        errors.missing(fields, "indicator", mend);
        return None;
    };
    let inner = Fields::of(value, &fields.place, errors)?;
    inner.known(&["name", "unit", "polarity"], errors);
    let (name, unit) = (inner.text("name", errors), inner.text("unit", errors));
    let words = [("up", Polarity::Up), ("down", Polarity::Down)];
    let polarity = inner.need_word("polarity", &words, errors);
    Some(Indicator { name: name?, unit: unit?, polarity: polarity? })
}

fn evidence(fields: &Fields<'_>, errors: &mut Errors) -> Vec<Evidence> {
    let list = fields.list("evidence", errors);
    if list.is_empty() {
        let mend = "Опишите его списком: evidence = [{ kind = \"file\", what = \"акт\" }].";
        fields.tell("evidence", "Подтверждение не описано.", mend, errors);
    }
    let mut evidence = Vec::new();
    for value in list {
        let Some(inner) = Fields::of(value, &fields.place, errors) else { continue };
        inner.known(&["kind", "what"], errors);
        let words = EvidenceKind::ALL.map(|kind| (kind.word(), kind));
        let kind = inner.need_word("kind", &words, errors);
        if let (Some(kind), Some(what)) = (kind, inner.text("what", errors)) {
            evidence.push(Evidence { kind, what });
        }
    }
    evidence
}
