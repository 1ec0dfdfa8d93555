//! Which procedures, indices and criteria does a pack describe?

use opora_cells::{Dictionary, LevelCode, Procedure};
use opora_fields::{DeValue, Errors, Fields, Spanned, whole_of};

use super::{Builder, words};
use crate::{
    AtLeast, Atom, Criterion, CriterionIndex, Measure, NumberUse, ProcedureSet, Question, Selector, SetIndex,
    SocialIndex, Span, Weighted,
};

/// Criteria beyond this number are refused: nobody reads such a pack, and a school is asked each of them.
const CRITERIA_MAX: usize = 60;
/// As many sets of procedures as a word has bits.
const SETS_MAX: usize = 64;

/// The procedure of a stable name: `vpr-ru-5`, `ege-math-profile-11`.
pub(super) fn procedure(id: &str, dictionary: &Dictionary) -> Option<Procedure> {
    let parts: Vec<&str> = id.split('-').collect();
    let (kind, subject, level, grade) = match parts[..] {
        [kind, subject, grade] => (kind, subject, None, grade),
        [kind, subject, level, grade] => (kind, subject, Some(level), grade),
        _ => return None,
    };
    let procedure = Procedure {
        kind: dictionary.kind(kind)?,
        subject: dictionary.subject(subject)?,
        grade: grade.parse().ok().filter(|grade| (1..=12).contains(grade))?,
        level: level.map_or(Some(LevelCode::default()), |level| dictionary.level(level))?,
    };
    (dictionary.procedure_id(procedure) == id).then_some(procedure)
}

impl Builder<'_> {
    pub(super) fn sets(&mut self, root: &Fields<'_>) {
        let sets = root.named_tables("procedures", &mut self.errors);
        if sets.len() > SETS_MAX {
            let what = format!("Наборов процедур больше {SETS_MAX}.");
            self.errors.at(root.span_of("procedures"), "procedures", &what, "Объедините похожие наборы.");
        }
        for (id, fields) in sets.into_iter().take(SETS_MAX) {
            let errors = &mut self.errors;
            fields.known(
                &["name", "clause", "of", "kinds", "subjects", "grades", "levels", "scale_years"],
                errors,
            );
            let mut any_of: Vec<Selector> = Vec::new();
            for value in fields.list("of", errors) {
                match value.get_ref().as_str().and_then(|id| procedure(id, self.dictionary)) {
                    Some(procedure) => any_of.push(Selector::Exact(procedure)),
                    None => unknown_procedure(value, &fields, errors),
                }
            }
            if let Some(codes) = codes(&fields, self.dictionary, errors) {
                any_of.push(codes);
            }
            if any_of.is_empty() {
                errors.missing(
                    &fields,
                    "of",
                    "Перечислите процедуры: [\"vpr-ru-5\"] – или виды, предметы, классы.",
                );
            }
            let scale_years = scale_years(&fields, errors);
            let name = fields.text("name", errors).unwrap_or_default();
            let clause = fields.text("clause", errors).unwrap_or_default();
            self.pack.sets.push(ProcedureSet { id, name, any_of, scale_years, clause });
        }
    }

    pub(super) fn indices(&mut self, root: &Fields<'_>) {
        for fields in root.tables("index", "index", &mut self.errors) {
            fields.known(&["id", "name", "clause", "shares"], &mut self.errors);
            let id = fields.text("id", &mut self.errors).unwrap_or_default();
            let name = fields.text("name", &mut self.errors).unwrap_or_default();
            let clause = fields.text("clause", &mut self.errors).unwrap_or_default();
            let mut shares: Vec<Weighted> = Vec::new();
            for value in fields.list("shares", &mut self.errors) {
                let Some(share) = Fields::of(value, &fields.place, &mut self.errors) else { continue };
                share.known(&["indicator", "weight", "raises"], &mut self.errors);
                let indicator = self.indicator(&share);
                let weight = self.number(&share, "weight", NumberUse::Weight);
                let raises = share.flag("raises", &mut self.errors);
                if let (Some((indicator, is_share)), Some(weight)) = (indicator, weight) {
                    if !is_share {
                        let mend = "В индекс входят доли: показатели, у которых в словаре указано целое.";
                        self.errors.at(value.span(), &fields.place, "Показатель – не доля.", mend);
                    }
                    shares.push(Weighted { indicator, weight, raises });
                }
            }
            if shares.is_empty() {
                self.errors.missing(&fields, "shares", "Перечислите доли с весами.");
            }
            self.pack.indices.push(SocialIndex { id, name, clause, shares });
        }
    }

    pub(super) fn criteria(&mut self, root: &Fields<'_>) {
        let tables = root.tables("criterion", "criterion", &mut self.errors);
        if tables.is_empty() || tables.len() > CRITERIA_MAX {
            let what = format!("Критериев должно быть от 1 до {CRITERIA_MAX}, а их {}.", tables.len());
            self.errors.at(
                root.span_of("criterion"),
                "criterion",
                &what,
                "Опишите их разделами [[criterion]].",
            );
        }
        for fields in tables.iter().take(CRITERIA_MAX) {
            let id = fields.text("id", &mut self.errors).unwrap_or_default();
            if self.pack.criteria.iter().any(|other| other.id == id) {
                let what = format!("Критерий «{id}» описан дважды.");
                self.errors.at(fields.span.clone(), &fields.place, &what, "Дайте ему другое имя.");
            }
            let name = fields.text("name", &mut self.errors).unwrap_or_default();
            let clause = fields.text("clause", &mut self.errors).unwrap_or_default();
            let note = fields.maybe_text("note", &mut self.errors);
            if let Some(question) = self.question(fields, root) {
                self.pack.criteria.push(Criterion { id, name, clause, note, question });
            }
        }
    }

    fn question(&mut self, fields: &Fields<'_>, root: &Fields<'_>) -> Option<Question> {
        let kind = fields.text("kind", &mut self.errors)?;
        let read = match kind.as_str() {
            "low_procedures" => Self::low_procedures,
            "same_procedure" => Self::same_procedure,
            "below_reference" => Self::below_reference,
            "indicator" => Self::declared,
            "index" => Self::index_question,
            "lowest_of_pool" => Self::lowest_of_pool,
            "markers" => Self::markers,
            "portrait" => Self::portrait,
            "history" => {
                self.fields(fields, &["of", "years", "at_least"]);
                let of = self.named_atom(fields, root);
                let years = self.number(fields, "years", NumberUse::Years);
                let at_least = self.number(fields, "at_least", NumberUse::Count);
                return Some(Question::History { of: of?, years: years?, at_least: at_least? });
            }
            _ => {
                let what = format!("Вид критерия «{kind}» неизвестен.");
                let mend = "Допустимы: low_procedures, same_procedure, below_reference, indicator, index, \
                            lowest_of_pool, markers, history, portrait.";
                fields.tell("kind", &what, mend, &mut self.errors);
                return None;
            }
        };
        read(self, fields)
    }

    fn fields(&mut self, fields: &Fields<'_>, own: &[&str]) {
        let mut known = vec!["id", "name", "clause", "note", "kind"];
        known.extend(own);
        fields.known(&known, &mut self.errors);
    }

    fn low_procedures(&mut self, fields: &Fields<'_>) -> Option<Question> {
        self.fields(
            fields,
            &[
                "procedures",
                "measure",
                "compare",
                "threshold",
                "at_least",
                "participants_min",
                "enough",
                "years",
                "in_years",
            ],
        );
        let set = self.set(fields);
        let measure = self.measure(fields);
        let threshold = self.number(fields, "threshold", usage(measure));
        let at_least = if fields.value("at_least").and_then(|value| value.get_ref().as_str()) == Some("all") {
            Some(AtLeast::All)
        } else {
            self.number(fields, "at_least", NumberUse::Count).map(AtLeast::Number)
        };
        Some(Question::Procedures {
            participants_min: self.maybe_number(fields, "participants_min", NumberUse::Count),
            enough: self.maybe_number(fields, "enough", NumberUse::Count),
            span: self.span(fields),
            set: set?,
            measure,
            compare: self.compare(fields, measure),
            threshold: threshold?,
            at_least: at_least?,
        })
    }

    fn same_procedure(&mut self, fields: &Fields<'_>) -> Option<Question> {
        self.fields(
            fields,
            &[
                "procedures",
                "measure",
                "compare",
                "threshold",
                "years",
                "at_least",
                "participants_min",
                "enough",
            ],
        );
        let set = self.set(fields);
        let measure = self.measure(fields);
        let threshold = self.number(fields, "threshold", usage(measure));
        let years = self.number(fields, "years", NumberUse::Years);
        Some(Question::SameProcedure {
            at_least: self.maybe_number(fields, "at_least", NumberUse::Count),
            participants_min: self.maybe_number(fields, "participants_min", NumberUse::Count),
            enough: self.maybe_number(fields, "enough", NumberUse::Count),
            set: set?,
            measure,
            compare: self.compare(fields, measure),
            threshold: threshold?,
            years: years?,
        })
    }

    fn below_reference(&mut self, fields: &Fields<'_>) -> Option<Question> {
        self.fields(
            fields,
            &[
                "procedures",
                "measure",
                "against",
                "by",
                "strictly",
                "sum",
                "at_least",
                "participants_min",
                "years",
                "in_years",
            ],
        );
        let set = self.set(fields);
        let measure = self.measure(fields);
        let by = self.number(fields, "by", usage(measure));
        let sum = fields.flag("sum", &mut self.errors);
        let against = self.against(fields);
        if let Some(set) = set.filter(|_| sum) {
            let few = self.pack[set].exact().is_some_and(|procedures| procedures.len() <= 4);
            if !few {
                let mend = "Перечислите в поле of не больше четырёх процедур.";
                fields.tell("sum", "Складывать можно только названные процедуры.", mend, &mut self.errors);
            }
        }
        Some(Question::BelowReference {
            strictly: fields.flag("strictly", &mut self.errors),
            at_least: self.maybe_number(fields, "at_least", NumberUse::Count),
            participants_min: self.maybe_number(fields, "participants_min", NumberUse::Count),
            span: self.span(fields),
            set: set?,
            measure,
            against: against?,
            by: by?,
            sum,
        })
    }

    fn declared(&mut self, fields: &Fields<'_>) -> Option<Question> {
        self.fields(fields, &["indicator", "compare", "threshold", "years"]);
        let indicator = self.indicator(fields);
        let share = indicator.is_none_or(|(_, share)| share);
        let usage = if share { NumberUse::Share } else { NumberUse::Value };
        let threshold = self.number(fields, "threshold", usage);
        let years = self.maybe_number(fields, "years", NumberUse::Years);
        let compare = self.required_compare(fields);
        Some(Question::Indicator {
            indicator: indicator?.0,
            compare: compare?,
            threshold: threshold?,
            years,
            share,
        })
    }

    fn index_question(&mut self, fields: &Fields<'_>) -> Option<Question> {
        self.fields(fields, &["index", "compare", "threshold"]);
        let id = fields.text("index", &mut self.errors);
        let index = self.pack.indices.iter().position(|index| Some(&index.id) == id.as_ref());
        if let (Some(id), None) = (&id, index) {
            let what = format!("Индекса «{id}» нет.");
            fields.tell("index", &what, "Опишите его разделом [[index]].", &mut self.errors);
        }
        let threshold = self.number(fields, "threshold", NumberUse::Share);
        let compare = self.required_compare(fields);
        Some(Question::Index { index: index?, compare: compare?, threshold: threshold? })
    }

    fn lowest_of_pool(&mut self, fields: &Fields<'_>) -> Option<Question> {
        self.fields(fields, &["procedures", "measure", "years", "share", "participants_min", "pool"]);
        let set = self.set(fields);
        let measure = self.measure(fields);
        let years = self.number(fields, "years", NumberUse::Years);
        let share = self.number(fields, "share", NumberUse::Share);
        let participants_min = self.number(fields, "participants_min", NumberUse::Count);
        if fields.value("pool").is_none() {
            self.errors.missing(fields, "pool", "Напишите municipality, region или everyone.");
        }
        let pool = fields.word("pool", &words::AGAINST, &mut self.errors);
        Some(Question::LowestOfPool {
            set: set?,
            measure,
            years: years?,
            share: share?,
            participants_min: participants_min?,
            pool: pool?,
        })
    }

    fn markers(&mut self, fields: &Fields<'_>) -> Option<Question> {
        self.fields(fields, &["at_least", "of", "years", "in_years"]);
        let at_least = self.number(fields, "at_least", NumberUse::Count);
        let of = self.number(fields, "of", NumberUse::Count);
        if let (Some(at_least), Some(of)) = (at_least, of)
            && self.pack[at_least].value > self.pack[of].value
        {
            let what = "Маркеров требуется больше, чем их бывает.";
            fields.tell("at_least", what, "Уменьшите at_least.", &mut self.errors);
        }
        let span = self.span(fields);
        Some(Question::Markers { at_least: at_least?, of: of?, span })
    }

    fn portrait(&mut self, fields: &Fields<'_>) -> Option<Question> {
        self.fields(fields, &["procedures", "measure", "against", "years"]);
        let set = self.set(fields);
        let measure = self.measure(fields);
        let years = self.number(fields, "years", NumberUse::Years);
        let against = fields.word("against", &words::AGAINST, &mut self.errors);
        Some(Question::Portrait { set: set?, measure, against, years: years? })
    }

    fn set(&mut self, fields: &Fields<'_>) -> Option<SetIndex> {
        let id = fields.text("procedures", &mut self.errors)?;
        let Some(at) = self.pack.sets.iter().position(|set| set.id == id) else {
            let known: Vec<&str> = self.pack.sets.iter().map(|set| set.id.as_str()).collect();
            let what = format!("Набора процедур «{id}» нет.");
            let mend = format!("Есть: {}. Новый опишите разделом [procedures.{id}].", known.join(", "));
            fields.tell("procedures", &what, &mend, &mut self.errors);
            return None;
        };
        u16::try_from(at).ok().map(SetIndex)
    }

    fn measure(&mut self, fields: &Fields<'_>) -> Measure {
        fields.word("measure", &words::MEASURES, &mut self.errors).unwrap_or(Measure::FailedShare)
    }

    /// Without a word: a value is asked to be on the bad side, the border included.
    fn compare(&mut self, fields: &Fields<'_>, measure: Measure) -> crate::Compare {
        let usual = if measure.high_is_bad() { crate::Compare::AtLeast } else { crate::Compare::AtMost };
        fields.word("compare", &words::COMPARES, &mut self.errors).unwrap_or(usual)
    }

    fn required_compare(&mut self, fields: &Fields<'_>) -> Option<crate::Compare> {
        if fields.value("compare").is_none() {
            self.errors.missing(fields, "compare", "Напишите at_least, more, at_most или less.");
        }
        fields.word("compare", &words::COMPARES, &mut self.errors)
    }

    fn against(&mut self, fields: &Fields<'_>) -> Option<crate::Against> {
        if fields.value("against").is_none() {
            self.errors.missing(fields, "against", "Напишите municipality, region или everyone.");
        }
        fields.word("against", &words::AGAINST, &mut self.errors)
    }

    fn span(&mut self, fields: &Fields<'_>) -> Span {
        let years = self.maybe_number(fields, "years", NumberUse::Years);
        let in_years = self.maybe_number(fields, "in_years", NumberUse::Count);
        let more = match (years, in_years) {
            (Some(years), Some(in_years)) => self.pack[in_years].value > self.pack[years].value,
            (None, Some(_)) => true,
            _ => false,
        };
        if more {
            let what = "Лет требуется больше, чем рассматривается.";
            fields.tell("in_years", what, "Увеличьте years или уменьшите in_years.", &mut self.errors);
        }
        Span { years, in_years }
    }

    /// The indicator a field names, and whether it is a share.
    fn indicator(&mut self, fields: &Fields<'_>) -> Option<(opora_cells::IndicatorCode, bool)> {
        let id = fields.text("indicator", &mut self.errors)?;
        let code = self.dictionary.indicator(&id);
        let entry = code.and_then(|code| Some((code, self.dictionary.indicators.get(&code)?)));
        let Some((code, indicator)) = entry.filter(|(_, indicator)| indicator.entry.id == id) else {
            let what = format!("Показателя «{id}» нет в словаре.");
            let mend = "Возьмите имя из раздела [indicator] словаря или добавьте его туда.";
            fields.tell("indicator", &what, mend, &mut self.errors);
            return None;
        };
        Some((code, indicator.whole.is_some()))
    }

    /// What a history asks about: a criterion or a condition that may stand further below.
    fn named_atom(&mut self, fields: &Fields<'_>, root: &Fields<'_>) -> Option<Atom> {
        let id = fields.text("of", &mut self.errors)?;
        let place = |section: &str| {
            let tables = root.tables(section, section, &mut Errors::new("", ""));
            tables.iter().position(|table| table.place == format!("{section} {id}"))
        };
        let criterion = place("criterion").and_then(|at| u8::try_from(at).ok());
        let atom = match criterion {
            Some(at) => Some(Atom::Criterion(CriterionIndex(at))),
            None => place("condition").map(Atom::Condition),
        };
        if atom.is_none() {
            let what = format!("Критерия или условия «{id}» нет.");
            fields.tell("of", &what, "Проверьте имя.", &mut self.errors);
        }
        atom
    }
}

fn usage(measure: Measure) -> NumberUse {
    if measure.is_share() { NumberUse::Share } else { NumberUse::Value }
}

fn unknown_procedure(value: &Spanned<DeValue<'_>>, fields: &Fields<'_>, errors: &mut Errors) {
    let what = format!("Процедура «{}» неизвестна.", value.get_ref().as_str().unwrap_or("не текст"));
    let mend = "Пишите вид-предмет-класс словами словаря: \"vpr-ru-5\", \"ege-math-profile-11\".";
    errors.at(value.span(), &fields.place, &what, mend);
}

fn codes(fields: &Fields<'_>, dictionary: &Dictionary, errors: &mut Errors) -> Option<Selector> {
    const NAMES: [&str; 4] = ["kinds", "subjects", "grades", "levels"];
    if NAMES.iter().all(|name| fields.value(name).is_none()) {
        return None;
    }
    let mut each = |name: &str, code: &dyn Fn(&DeValue<'_>) -> Option<u8>| {
        let mut codes = Vec::new();
        for value in fields.list(name, errors) {
            match code(value.get_ref()) {
                Some(code) => codes.push(code),
                None => {
                    let mend = "Пишите имена из словаря в кавычках, классы – числами от 1 до 12.";
                    errors.at(value.span(), &fields.place, &format!("Значение в «{name}» неизвестно."), mend);
                }
            }
        }
        codes
    };
    Some(Selector::Codes {
        kinds: each("kinds", &|value| dictionary.kind(value.as_str()?).map(|code| code.0)),
        subjects: each("subjects", &|value| dictionary.subject(value.as_str()?).map(|code| code.0)),
        grades: each("grades", &|value| whole_of(value).filter(|grade| (1..=12).contains(grade))),
        levels: each("levels", &|value| dictionary.level(value.as_str()?).map(|code| code.0)),
    })
}

fn scale_years(fields: &Fields<'_>, errors: &mut Errors) -> Option<(u16, u16)> {
    fields.value("scale_years")?;
    let years: Vec<Option<u16>> =
        fields.list("scale_years", errors).iter().map(|value| whole_of(value.get_ref())).collect();
    match years[..] {
        [Some(first), Some(last)] if first <= last && last - first < 50 => Some((first, last)),
        _ => {
            let mend = "Пишите первый и последний год по порядку: [2026, 2026].";
            fields.tell("scale_years", "Годы шкал не подходят.", mend, errors);
            None
        }
    }
}
